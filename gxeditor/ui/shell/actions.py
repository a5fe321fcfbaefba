"""The commands of the window: their names, keys and icons, and which of them need a report or a table.

What a command does is connected by the window, where it stands is decided by `menus`.
"""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from gxeditor.core.year_beside import View
from gxeditor.ui.look import theme

_TIPS = {
    "new": "从空白的六个部分、三张表写起，先问单位和年份",
    "from_prior": "选去年的年报，单位、上年结转和文字带过来再改，适合每年照着去年写的单位",
    "ledger": "登记每一件依申请公开，算答复期限，出表三、表四；台账在自己的窗口里打开",
    "rollup": "把各单位的年报收齐、加总：先选放年报的文件夹，汇总在自己的窗口里打开",
    "open": "打开存过的年报；Word、PDF、Excel 等文件会先读入，给您核对",
    "open_new": "另开一个窗口打开，两份年报并排对照着填",
    "save": "把年报写进它的文件，上一次保存的内容另留一份；填写中的内容平时也会自动保留",
    "save_as": "换一个名字或文件夹存一份，原来的文件不变",
    "import_": "把 Word、PDF、Excel、网页里已有的年报读进来，核对后才填入，不用重新录入",
    "merge": "两个人各改了一份时，把两份合成一份：各改各的都采用，改得不同的由您逐处选",
    "export": "写成可以上报、发布的 Word、PDF、Excel、网页或文本",
    "preview": "看印出来是什么样子，在页上单击可以转到那一格、那一段",
    "locate": "在预览的页面上找到正在填的这一格、这一段",
    "layout": "改字体、页边距、封面和落款的样子，只改印出来的页面，不改内容",
    "print": "在打印机上印出来，页面与预览相同",
    "copy_table": "连表头一起复制这张表，可以粘贴到 Word、Excel、WPS",
    "copy_part": "复制这一部分的标题、表格和文字，可以粘贴到网站后台或 Word",
    "close": "收起这份年报，回到开始页；没有保存的修改会先问",
    "quit": "关闭程序，没有保存的修改会先问",
    "undo": "退回上一步；那一步在别的页时，先转过去给您看",
    "redo": "把撤销的一步再做一遍",
    "find": "在各部分的文字、表格和基本信息里找一个词或一个数，数出一共几处",
    "replace": "把各部分里的一个词或一个数换成另一个，全部替换算一步，可以撤销",
    "find_next": "转到后一处找到的地方，找完一遍再从头找",
    "find_prev": "转到前一处找到的地方",
    "history": "列出每一步修改和被取代的修改，从任何一步打开副本或退回去",
    "restore": "看上一次保存的和近几天各次保存的内容，与现在有什么不同，需要时拿回来",
    "prev": "转到前一处要看的问题",
    "next": "转到后一处要看的问题，从最要紧的看起，逐处改完为止",
    "other": "一格有几条问题时，轮流说明每一条",
    "beside": "把去年的数和文字放在旁边，看哪些变化大、哪些还没改",
    "see_now": "表格里显示本年的数，可以修改",
    "see_then": "表格里显示上年的数，只看不改",
    "see_difference": "表格里显示本年比上年多多少、少多少，只看不改",
    "see_rate": "表格里显示本年比上年增减百分之几，只看不改",
    "walk_years": "逐处看文字里可能还是去年的年份，每处由您决定改不改",
    "fill": "把没有发生的各格一次填为 0，填以前先列出是哪些格",
    "forced": "由等式只能推出一个数的未填格，列出来给您看过再填",
    "seen": "导入或去年留下的存疑处，核对无误后销去标记",
    "follow": "表里的数改了，文字里这个数也跟着改",
    "follow_all": "把全部文字里与表相同的数都设成跟着表格改",
    "recompute": "列出与明细不一致的手填合计，看过以后改为由明细相加",
    "template": "把年报的数填进上级发来的 Excel 表，原表的格式和公式不动",
    "fill_word": "把今年的内容填进去年的 Word 文件，沿用它的排版",
    "blank_template": "做一份空白的 Excel 表，发给下属单位填写后再汇总",
    "prior": "选去年的年报，用来核对上年结转、对照增减；不改动那个文件",
    "show_prior": "在另一个窗口里看去年的年报，只看不改，填的时候对照着用",
    "note": "在这张表下面写一段注释，打印和导出时都带上",
    "carried": "把去年的“结转下年度”填进今年还没填的“上年结转”，填以前先列出",
    "draft": "还空着的部分用去年的文字起头，里面的年份和数会标出来",
    "card": "看这一格、这一部分填什么，依据哪一条",
    "panel": "列出全部问题，可以筛选，单击转到那一格",
    "checks": "看每一条检查怎么样：相等、有问题、没有检查，以及为什么",
    "of_cell": "只看与这一格有关的检查，弄清它为什么报错",
    "explain": "数没有填错、确有原因时，写一句说明随年报留存",
    "finalize": "填完以后逐项看过再定稿，定稿后不会误改",
    "check_report": "把检查了什么、结果怎样写成 PDF 或 Excel，可以随年报报送",
    "back": "看完问题或检查项目，回到原来在填的地方",
    "zoom_in": "字和格都大一些，只在屏幕上，不影响印出来的大小",
    "zoom_out": "字和格都小一些，一屏看到更多",
    "zoom_100": "放大缩小以后，恢复原来的大小",
    "next_tab": "转到后一个部分，最后一部分之后是基本信息",
    "prev_tab": "转到前一个部分",
    "pane": "不用鼠标，光标依次到表格、说明、问题和各部分的标签",
    "help": "打开使用说明里讲这一处的地方：这一页、这个对话框或这一条问题",
    "help_pdf": "把整本使用说明存成 PDF，可以打印",
    "tour": "用一份练习的年报走五步，认一认窗口，什么也不保存",
    "keys": "列出全部按键，不用鼠标也能填完",
    "about": "看程序的版本、所用的组件和许可",
}
"""What a command does and when one wants it, without its key, which is added."""


class Actions:
    """Adds the commands to a window. `for_report` are those that need an open report, `for_table` a table in view."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._undressed: list[tuple[QAction, str]] = []
        do = self._action
        self.new = do("新建空白年报(&N)…", "Ctrl+N", "new")
        self.from_prior = do("从去年新建(&L)…", "Ctrl+Shift+N", "years")
        self.rollup = do("汇总(&G)…", "Ctrl+Shift+R", "rollup")
        self.ledger = do("台账(&T)…", "Ctrl+Shift+L", "ledger")
        self.open = do("打开(&O)…", "Ctrl+O", "open", "打开")
        self.open_new = do("在新窗口打开(&W)…")
        self.save = do("保存(&S)", "Ctrl+S", "save", "保存")
        self.save_as = do("另存为(&A)…", ["F12", "Ctrl+Shift+S"])
        self.import_ = do("导入(&I)…", "Ctrl+I", "import", "导入")
        self.merge = do("合并两份年报(&R)…", "", "merge")
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
        self.find = do("查找(&F)…", "Ctrl+F", "search")
        self.replace = do("替换(&H)…", "Ctrl+H")
        self.find_next = do("查找下一处", "F3")
        self.find_prev = do("查找上一处", "Shift+F3")
        self.history = do("撤销历史(&I)", "Ctrl+Shift+H")
        self.restore = do("恢复上一版本(&H)…")
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
        self.show_prior = do("打开上年年报（只读）(&O)")
        self.note = do("表下注释(&G)")
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
        for name, tip in _TIPS.items():
            command: QAction = getattr(self, name)
            key = command.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            command.setToolTip(theme.plain_tip(f"{tip}（{key}）。" if key else f"{tip}。"))
        self.for_report = [
            self.save, self.save_as, self.export, self.close, self.prev, self.next, self.other, self.back,
            self.fill,
            self.recompute, self.prior, self.card, self.panel, self.next_tab, self.prev_tab, self.pane,
            self.preview, self.layout, self.print, self.copy_part, self.copy_table, self.locate, self.template,
            self.follow, self.follow_all, self.fill_word, self.forced, self.seen, self.carried, self.draft,
            self.checks, self.of_cell, self.explain, self.finalize, self.check_report,
            self.beside, self.walk_years, self.note, *self.views,
            self.find, self.replace, self.find_next, self.find_prev,
            self.show_prior,
            self.history, self.restore,
        ]  # fmt: skip
        self.for_table = [self.other, self.copy_table, self.of_cell, self.note, *self.views]

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
        self._window.addAction(action)
        return action

    def dress(self) -> None:
        """Gives the commands that stand in menus only their icons, which the first picture can do without."""
        for action, icon in self._undressed:
            theme.set_icon(action, icon)
        self._undressed.clear()
