"""The commands of the window: their names, keys and icons, and which of them need a report or a table.

What a command does is connected by the window, where it stands is decided by `menus`.
"""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from gxeditor.core.year_beside import View
from gxeditor.ui.look import theme


class Actions:
    """Adds the commands to a window. `for_report` are those that need an open report, `for_table` a table in view."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._undressed: list[tuple[QAction, str]] = []
        do = self._action
        self.new = do("新建空白年报(&N)…", "Ctrl+N", "new")
        self.from_prior = do("从去年新建(&L)…", "Ctrl+Shift+N", "years")
        self.open = do("打开(&O)…", "Ctrl+O", "open", "打开")
        self.save = do("保存(&S)", "Ctrl+S", "save", "保存")
        self.save_as = do("另存为(&A)…", ["F12", "Ctrl+Shift+S"])
        self.import_ = do("导入(&I)…", "Ctrl+I", "import", "导入")
        self.export = do("导出(&E)…", "Ctrl+E", "export", "导出")
        self.preview = do("预览(&V)", ["Ctrl+Shift+P", "Ctrl+F2"], "preview", "预览")
        self.preview.setCheckable(True)
        self.locate = do("在预览中看(&W)")
        self.layout = do("版式(&B)…")
        self.print = do("打印(&P)…", "Ctrl+P")
        self.copy_table = do("复制整表（带表头）(&B)", "Ctrl+Shift+C")
        self.copy_part = do("复制本部分（标题、表格和文字）(&S)")
        self.close = do("关闭年报(&C)", "Ctrl+W")
        self.quit = do("退出(&X)", "Ctrl+Q")
        self.undo = do("撤销(&U)", "Ctrl+Z", "undo", "撤销")
        self.redo = do("重做(&R)", ["Ctrl+Y", "Ctrl+Shift+Z"], "redo", "重做")
        for action in (self.undo, self.redo):
            action.setAutoRepeat(False)  # a key held down would go on past what is shown
        self.prev = do("上一处(&P)", "Shift+F8", "prev", "上一处")
        self.next = do("下一处(&N)", "F8", "next", "下一处")
        self.other = do("同一格的另一条", "Ctrl+F8")
        self.beside = do("对照上年(&Y)", "F9", "years", "对照上年")
        self.beside.setCheckable(True)
        self.see_now = do("看本年", "Alt+1")
        self.see_then = do("看上年", "Alt+2")
        self.see_difference = do("看差额", "Alt+3")
        self.see_rate = do("看增减率", "Alt+4")
        self.views = [self.see_now, self.see_then, self.see_difference, self.see_rate]
        for action, view in zip(self.views, View, strict=True):
            action.setData(view)
        self.walk_years = do("逐处改年份(&E)")
        self.fill = do("其余空格填 0(&Z)…", "Ctrl+Shift+B", "fill-zero", "空格填 0")
        self.forced = do("按提示填入(&H)…")
        self.seen = do("存疑的看过了(&K)", "Ctrl+Shift+K")
        self.follow = do("光标处的数跟随表格(&L)", "Ctrl+L")
        self.follow_all = do("与表相同的数都跟随表格(&Q)")
        self.recompute = do("按明细重算全部合计(&T)", "", "recompute")
        self.recompute.setIconText(" 按明细重算")
        self.template = do("填 Excel 模板(&M)…", "Ctrl+M", "mapping")
        self.template.setIconText(" 填 Excel 模板")
        self.fill_word = do("填入去年的 Word 文件(&W)…")
        self.blank_template = do("新建空白模板(&B)…")
        self.prior = do("选择上年年报(&Y)…", "", "years")
        self.carried = do("填上年结转(&J)…")
        self.draft = do("用去年的文字起草(&G)…")
        self.card = do("填报说明(&H)", "F4", "notes", "填报说明")
        self.panel = do("问题列表(&F)", "F7")
        self.checks = do("检查项目(&L)", "Ctrl+F7")
        self.of_cell = do("这一格的检查项目(&R)")
        self.explain = do("写核实说明(&E)…", "Ctrl+Shift+E")
        self.finalize = do("定稿(&Z)…")
        self.check_report = do("导出校验报告(&V)…")
        self.back = do("回到跳转前的地方(&B)", "Alt+Left")
        self.zoom_in = do("放大(&I)", ["Ctrl++", "Ctrl+="])
        self.zoom_out = do("缩小(&O)", "Ctrl+-")
        self.zoom_100 = do("按 100% 显示(&1)", "Ctrl+0")
        self.next_tab = do("下一部分", ["Ctrl+PgDown", "Ctrl+Tab"])
        self.prev_tab = do("上一部分", ["Ctrl+PgUp", "Ctrl+Shift+Tab"])
        self.pane = do("在表格、说明和问题之间移动", "F6")
        self.help = do("使用说明(&H)", "F1")
        self.help_pdf = do("使用说明存为 PDF(&P)…")
        self.tour = do("再看一遍导览(&T)")
        self.keys = do("快捷键(&K)")
        self.about = do("关于(&A)")
        self.for_report = [
            self.save, self.save_as, self.export, self.close, self.prev, self.next, self.other, self.back,
            self.fill,
            self.recompute, self.prior, self.card, self.panel, self.next_tab, self.prev_tab, self.pane,
            self.preview, self.layout, self.print, self.copy_part, self.copy_table, self.locate, self.template,
            self.follow, self.follow_all, self.fill_word, self.forced, self.seen, self.carried, self.draft,
            self.checks, self.of_cell, self.explain, self.finalize, self.check_report,
            self.beside, self.walk_years, *self.views,
        ]  # fmt: skip
        self.for_table = [self.other, self.copy_table, self.of_cell, *self.views]

    def _action(self, text: str, keys: str | list[str] = "", icon: str = "", short: str = "") -> QAction:
        action = QAction(text, self._window)
        if keys:
            action.setShortcuts([QKeySequence(k) for k in ([keys] if isinstance(keys, str) else keys)])
        if icon and short:
            theme.set_icon(action, icon)
        elif icon:
            self._undressed.append((action, icon))
        if short:
            action.setIconText(f" {short}")  # Qt leaves 2 px between icon and word
            action.setToolTip(
                theme.plain_tip(f"{short}（{action.shortcut().toString()}）" if keys else short)
            )
        self._window.addAction(action)
        return action

    def dress(self) -> None:
        """Gives the commands that stand in menus only their icons, which the first picture can do without."""
        for action, icon in self._undressed:
            theme.set_icon(action, icon)
        self._undressed.clear()
