"""What is told about the program itself: a bug, its keys, its version and what it is made of.

Nothing told here is about the report; a report of a bug holds nothing of it.
"""

from __future__ import annotations

import re

from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget

import gxeditor
from gxeditor.resources import load_form
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import Choice, Dialog, Document, table_html


class _Crash(Dialog):
    def __init__(self, parent: QWidget | None, text: str) -> None:
        super().__init__(
            parent,
            "程序出错",
            "程序出错了。您的年报没有丢失：刚才的修改已自动保留，重新打开时可以恢复。",
            choices=(Choice("cancel", "继续编辑", primary=True),),
            width=44,
        )
        self.say("可以把下面的内容复制给维护人员。里面没有年报的内容，也没有您的姓名。")
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("出错详情")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumHeight(8 * QFontMetrics(theme.font()).lineSpacing())
        self.body.addWidget(self.text, 1)
        copy = QPushButton("复制详情")
        copy.setToolTip("把出错的经过放进剪贴板，发给维护人员。")
        copy.setProperty("link", True)
        copy.setAutoDefault(False)
        copy.clicked.connect(self._copy_all)
        self._foot.insertWidget(0, copy)

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def show_crash(parent: QWidget | None, text: str) -> None:
    """A crash report that can be copied. While one is open, the next is added to it: faults come in swarms."""
    shown = QApplication.activeModalWidget()
    if isinstance(shown, _Crash):
        shown.text.appendPlainText(f"\n{text}")
        return
    _Crash(parent, text).run()


def show_shortcuts(parent: QWidget | None) -> None:
    """All keys: those of the actions of `parent` as they are set, and those of tables, text and lists."""
    own = []
    for action in parent.actions() if parent is not None else ():
        keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
        if keys:
            own.append(("，".join(keys), re.sub(r"\(&.\)|…", "", action.text())))
    dialog = Dialog(parent, "快捷键", "快捷键")
    groups = [*([("全部窗口", own)] if own else []), *_KEYS]
    dialog.body.addWidget(Document(table_html(("", ""), groups, (38, 62)), "快捷键", most=28))
    dialog.run()


_KEYS = [
    (
        "表格",
        [
            ("方向键", "移到旁边的格"),
            ("Ctrl+方向键，Home，End", "移到有内容的边上，行首，行尾"),
            ("Ctrl+Home，Ctrl+End", "移到第一格，最后一格"),
            ("Shift+以上各键", "扩大选择"),
            ("Enter，Shift+Enter", "填好，下移，上移"),
            ("Tab，Shift+Tab", "填好，右移，左移；再按 Enter 回到起始列的下一行"),
            ("F2", "修改这一格"),
            ("Esc", "不改，恢复原来的值"),
            ("Delete", "清除内容"),
            ("Ctrl+Enter", "把内容填进所选的各格"),
            ("Ctrl+D，Ctrl+R", "向下填充，向右填充"),
            ("Ctrl+C，Ctrl+X，Ctrl+V", "复制，剪切，粘贴；可以与 Excel、WPS 互相粘贴"),
            ("Ctrl+A", "全选；点行名、栏名选一行、一列"),
            ("Alt+1，2，3，4", "看本年、上年、差额、增减率；后三种只看不改"),
            ("Alt+Enter，Esc", "到这一格的改法中选，回到格子；↑，↓ 上一个，下一个"),
            ("Ctrl+滚轮", "放大，缩小"),
        ],
    ),
    (
        "文字里的数",
        [
            ("Alt+Enter，Esc", "看怎么核对的，回到文字"),
            ("Tab", "出现“跟随表三 ↹”时：跟随"),
            ("Backspace", "在跟随的数里：不再跟随"),
        ],
    ),
    (
        "查找栏",
        [
            ("Enter，F3", "下一处"),
            ("Shift+Enter，Shift+F3", "上一处"),
            ("Alt+W，Alt+J", "到“查找”，到“替换为”"),
            ("Esc", "关闭，光标留在找到的地方"),
        ],
    ),
    (
        "撤销历史",
        [
            ("↑，↓", "上一步，下一步：只是转过去看"),
            ("Enter", "转到改动的地方"),
            ("Tab", "到“退到选中的一步”“打开副本”"),
            ("Esc", "收起，回到原来的地方"),
        ],
    ),
    (
        "使用说明",
        [
            ("Ctrl+F", "在说明里找字"),
            ("Enter，F3", "找到的下一处；加 Shift 是上一处"),
            ("F6", "回到原来的地方，说明不关"),
            ("Esc", "关闭说明"),
        ],
    ),
    (
        "表下注释，对话框",
        [
            ("Esc", "从注释回到表格；关闭对话框，什么也不改"),
            ("括号里的字母", "对话框里的那个按钮"),
        ],
    ),
    (
        "预览",
        [
            ("单击", "转到这一格或这一段"),
            ("Enter，Esc", "回到正在填的地方，关闭预览"),
            ("Ctrl+PgDn，Ctrl+PgUp", "下一页，上一页"),
            ("Home，End，空格", "开头，末尾，往下看"),
            ("Ctrl+滚轮", "放大，缩小"),
        ],
    ),
    (
        "填 Excel 模板",
        [
            ("Enter", "到模板中找格子；填在这一格，指定内容"),
            ("Delete", "不填"),
            ("Ctrl+Z，Ctrl+Y", "撤销，重做改正"),
            ("F6", "在模板和对应关系之间移动"),
            ("Ctrl+PgDn，Ctrl+PgUp", "下一张，上一张工作表"),
        ],
    ),
    (
        "台账",
        [
            ("F4，Alt+↓", "打开下拉表；键入首字母或代码，如 bcz、U1"),
            ("Alt+Enter", "看期限怎样算，登记延期告知、答复"),
            ("Ctrl+;", "填今天"),
            ("Ctrl+D", "向下填充"),
            ("Ctrl+Enter", "出表三里采用这一格；导入时采用全部建议"),
        ],
    ),
    (
        "问题列表，最近的年报",
        [
            ("↑，↓", "上一条，下一条"),
            ("Enter", "转到这一格，打开这份年报"),
            ("F2，空格", "写核实说明，存疑的看过了"),
            ("Delete", "从最近的年报中移除"),
        ],
    ),
]


_LICENCES = (
    ("gxeditor", "MIT"),
    ("Python", "PSF"),
    ("Qt，PySide6，Shiboken", "LGPL 3"),
    ("reportlab", "BSD"),
    ("openpyxl，appdirs，python-docx", "MIT"),
    ("PDFium，pypdfium2", "BSD，Apache 2.0"),
    ("pikepdf，qpdf", "MPL 2.0，Apache 2.0"),
    ("思源宋体，思源黑体（Noto SC）", "SIL OFL 1.1"),
    ("霞鹜文楷（改名 GXKai）", "SIL OFL 1.1"),
    ("FandolFang 仿宋", "GPL 3，附字体例外"),
    ("Tinos 字母和数字", "SIL OFL 1.1"),
)


def show_about(parent: QWidget | None) -> None:
    """Version, that nothing leaves the computer, and what the program is made of."""
    dialog = Dialog(parent, "关于", "政府信息公开年报编辑器")
    dialog.say(
        f"版本 {gxeditor.__version__}",
        "单机使用，不联网：不上传年报，不检查更新，不统计使用情况。数据只保存在您选择的文件夹里。",
        f"表格和核对规则依据{load_form().basis}，核对结果供填报时参考。",
    )
    dialog.body.addSpacing(8)
    parts = table_html(("组成部分", "许可"), [("", _LICENCES)], (64, 36))
    dialog.body.addWidget(Document(parts, "组成部分和许可", rest=300))
    dialog.run()
