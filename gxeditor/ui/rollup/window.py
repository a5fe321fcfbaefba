"""The window of a roll-up: menus, tools and tabs, which page is shown, and what a command does.

Is the `RollupDesk` of its pages, which are loaded when they are first turned to. Every change of the roll-up goes
through its session, which keeps it in its file. What is the program's (other windows, settings, recent files) is asked
of it; which units the board lists and how files are read is theirs to know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import GxError, NotWritten
from gxeditor.core.report import Report, blank_report
from gxeditor.core.rollup.findings import RollupFindings
from gxeditor.core.rollup.project import Received, Rollup, shown_path
from gxeditor.files.aside import OddFile
from gxeditor.imports.doors import Which
from gxeditor.settings import RecentFile, Settings
from gxeditor.store.rollup_file import SUFFIX, reached
from gxeditor.ui.help.above import ask_save, classes, show_above
from gxeditor.ui.help.manual import load_manual
from gxeditor.ui.look import dialog, opening, theme
from gxeditor.ui.look.tabs import BadgedTabs
from gxeditor.ui.look.tasks import Task
from gxeditor.ui.look.told import Told
from gxeditor.ui.look.written import Written
from gxeditor.ui.rollup.board import Board
from gxeditor.ui.rollup.reading import FolderReading
from gxeditor.ui.rollup.session import RollupSession

PROGRAM = "政府信息公开年报编辑器"
TABS = ("units", "sums", "checks", "years", "adjustments", "query")
_NAMES = ("单位", "合计", "检查", "与上年", "调整", "查询")
_PAGES = {
    "sums": ("sums", "SumsPage"),
    "checks": ("check_list", "CheckListPage"),
    "years": ("years", "YearsPage"),
    "adjustments": ("adjustments", "AdjustmentsPage"),
    "query": ("query", "QueryPage"),
}
"""Where the page of each tab is, which is made with the desk when it is first turned to."""
_JUMPS = 20  # so many places to go back to: more than anybody remembers
_APART = (
    40  # logical pixels between a window and one opened beside it: a title bar, so that both titles are read
)
_ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200)

_COMMANDS: tuple[tuple[str, str, str | list[str], str, str, str], ...] = (
    # name, text, keys, icon, word in the toolbar, tip
    ("open", "打开(&O)…", "Ctrl+O", "open", "打开", "打开年报、汇总或别的文件，各在自己的窗口里"),
    ("save", "保存(&S)", "Ctrl+S", "save", "保存", "现在就把汇总写进它的文件；平时每一步也会自动写"),
    ("save_as", "另存为(&A)…", ["F12", "Ctrl+Shift+S"], "", "", "换一个名字存一份，以后的改动写进新的那份"),
    ("export", "导出(&E)…", "Ctrl+E", "export", "导出", "把合计和各单位的数写成 Excel、CSV、Word 或 PDF"),
    ("close", "关闭汇总(&C)", "Ctrl+W", "", "", "收起这个窗口；改动都已经写进文件"),
    ("quit", "退出(&X)", "Ctrl+Q", "", "", "关闭程序的全部窗口，没有保存的会先问"),
    ("undo", "撤销(&U)", "Ctrl+Z", "undo", "撤销", "退回上一步"),
    ("redo", "重做(&R)", ["Ctrl+Y", "Ctrl+Shift+Z"], "redo", "重做", "把撤销的一步再做一遍"),
    ("copy", "复制列出的单位(&C)", "", "", "", "把列出的各行连表头放进剪贴板，可以粘贴到 Excel、WPS"),
    ("find", "查找单位(&F)", "Ctrl+F", "search", "", "按名称、曾用名或代码找一家单位"),
    ("read", "重新读取(&R)", "F5", "refresh", "重新读取", "再看一遍文件夹，读新到的和变了的年报"),
    ("folder", "打开文件夹(&D)", "", "folder", "文件夹", "打开放年报的文件夹，把收到的文件放进去"),
    (
        "missing",
        "未交名单(&M)",
        "Ctrl+Shift+M",
        "list",
        "未交名单",
        "列出没交的单位和期限，复制到微信、QQ 或写成 Word",
    ),
    (
        "letters",
        "退回意见(&T)",
        "Ctrl+Shift+T",
        "return",
        "退回意见",
        "给有问题的单位各写一页退回意见，可以打印、导出",
    ),
    ("claim", "逐份认领文件(&L)…", "Ctrl+L", "", "", "一份一份看认不出单位的文件，选定是哪一家的"),
    (
        "units",
        "单位名单(&U)",
        "Ctrl+U",
        "checklist",
        "单位名单",
        "看和改单位名单：名称、类别、上级、期限、曾用名",
    ),
    ("settings", "汇总设置(&S)…", "", "", "", "改年份、口径、期限和去年的汇总"),
    ("report", "用合计起草本级年报(&N)…", "", "", "", "用合计的数起草本地区的年报，文字里的数跟随表格"),
    ("next", "下一家(&N)", "F8", "next", "", "转到下一家要处理的单位"),
    ("prev", "上一家(&P)", "Shift+F8", "prev", "", "转到上一家要处理的单位"),
    ("back", "回到跳转前的地方(&B)", "Alt+Left", "", "", "回到跳转以前看的地方"),
    ("pane", "在名单、表格和文件之间移动", "F6", "", "", "不用鼠标，光标依次到名单、表格和未认领的文件"),
    ("zoom_in", "放大(&I)", ["Ctrl++", "Ctrl+="], "", "", "合计等表格的字和格大一些，只在屏幕上"),
    ("zoom_out", "缩小(&O)", "Ctrl+-", "", "", "合计等表格的字和格小一些，一屏看到更多"),
    ("zoom_100", "按 100% 显示(&1)", "Ctrl+0", "", "", "恢复原来的大小"),
    ("help", "使用说明(&H)", "F1", "", "", "打开使用说明里讲这一处的地方"),
    ("keys", "快捷键(&K)", "", "", "", "列出全部按键"),
    ("about", "关于(&A)", "", "", "", "看程序的版本、所用的组件和许可"),
)
_NEEDS_LEAVE = ("undo", "redo", "read", "claim", "settings")
"""What is off while nothing may be changed."""


class RollupProgram(Protocol):
    """The program, as the window of a roll-up sees it."""

    @property
    def settings(self) -> Settings:
        """The settings, which all windows share."""

    @property
    def settings_changed(self) -> SignalInstance:
        """Carries the names of the settings that are others now."""

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings. Raises `NotWritten`; they hold until the program ends all the same."""

    def open_file(self, path: Path) -> None:
        """Opens a file in a window of its own, or in one that is free."""

    def ask_open(self, parent: QWidget) -> None:
        """「打开」"""

    def show_read_only(
        self,
        report: Report,
        name: str,
        original: Path | None = None,
        page: str = "requests",
        *,
        address: str = "",
        cell: str = "",
        first: bool = False,
    ) -> None:
        """Shows a report that is only to be read, in a window of its own, at a finding or a cell."""

    def begin_report(self, report: Report) -> None:
        """Opens a new report, which belongs to no file yet, in a window of its own."""

    def tell_about(self, what: str, parent: QWidget) -> None:
        """Shows the keys ("keys"), the program ("about") or, with any other text, a bug."""

    def forget(self, window: Any) -> None:
        """The window has been closed."""

    def quit(self) -> None:
        """Closes every window."""


class _Place(NamedTuple):
    back: Callable[[], None]
    name: str


class RollupWindow(QMainWindow):
    """One window, one roll-up; a `RollupDesk` for its pages."""

    def __init__(self, session: RollupSession, program: RollupProgram) -> None:
        super().__init__()
        self.session = session
        self.program = program
        session.setParent(self)
        self.setAcceptDrops(True)
        self.setMinimumSize(760, 480)
        self._pages: dict[str, QWidget] = {}
        self._over: QWidget | None = None
        self._jumps: list[_Place] = []
        self._opening: Task | None = None
        self._left = False
        self.acts: dict[str, QAction] = {}
        self._make_actions()
        self._fill_menus()
        self._make_toolbar()
        self._status()
        self.reading = FolderReading(session)
        self.board = Board(self)
        self._build()
        self._connect()
        self._restore()
        self._changed()

    # --- building

    def _make_actions(self) -> None:
        for name, text, keys, icon, short, tip in _COMMANDS:
            action = self.acts[name] = QAction(text, self)
            shortcuts = [QKeySequence(key) for key in ([keys] if isinstance(keys, str) else keys) if key]
            action.setShortcuts(shortcuts)
            if icon:
                theme.set_icon(action, icon)
            if short:
                action.setIconText(f" {short}")
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(theme.plain_tip(f"{tip}（{shown}）。" if shown else f"{tip}。"))
            self.addAction(action)
        for place, (tab, name) in enumerate(zip(TABS, _NAMES, strict=True), start=1):
            action = self.acts[tab if tab != "units" else "board"] = QAction(name + f"(&{place})", self)
            action.setShortcut(QKeySequence(f"Alt+{place}"))
            action.setToolTip(theme.plain_tip(f"转到“{name}”一页（Alt+{place}）。"))
            action.setData(tab)
            action.triggered.connect(self._tab_asked)
            self.addAction(action)
        for name, does in {
            "open": self.ask_open, "save": self.save, "save_as": self.ask_save_as, "export": self.export,
            "close": self.close, "quit": self.program.quit, "undo": self.session.undo, "redo": self.session.redo,
            "copy": self.copy, "find": self.seek, "read": self.read_again, "folder": self.show_folder,
            "missing": self.list_missing, "letters": self.write_letters, "claim": self.claim_files,
            "units": self.edit_units, "settings": self.ask_settings, "report": self.draft_report,
            "next": self.next_unit, "prev": self.previous_unit, "back": self.go_back, "pane": self.next_pane,
            "zoom_in": self.zoom_in, "zoom_out": self.zoom_out, "zoom_100": self.zoom_reset,
            "help": self.open_help, "keys": self.show_keys, "about": self.show_about,
        }.items():  # fmt: skip
            self.acts[name].triggered.connect(does)

    def _fill_menus(self) -> None:
        do = self.acts
        for title, *groups in (
            ("文件(&F)", ("open", "save", "save_as"), ("export", "report"), ("folder",), ("close", "quit")),
            ("编辑(&E)", ("undo", "redo"), ("copy", "find")),
            ("查看(&V)", ("board", *TABS[1:]), ("zoom_in", "zoom_out", "zoom_100"), ("pane", "back")),
            ("检查(&C)", ("next", "prev"), ("letters", "missing")),
            ("工具(&T)", ("read",), ("units", "claim"), ("settings",)),
            ("帮助(&H)", ("help",), ("keys", "about")),
        ):
            menu = self.menuBar().addMenu(str(title))
            menu.setToolTipsVisible(True)
            for place, group in enumerate(groups):
                if place:
                    menu.addSeparator()
                menu.addActions([do[name] for name in group])

    def _make_toolbar(self) -> None:
        self.toolbar = bar = QToolBar("工具栏", self)
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(bar)
        groups = (
            ("open", "save"), ("undo", "redo"), ("read", "folder"), ("missing", "letters", "export"),
        )  # fmt: skip
        for place, group in enumerate(groups):
            if place:
                bar.addSeparator()
            bar.addActions([self.acts[name] for name in group])
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        bar.addAction(self.acts["units"])
        more = bar.findChild(QAbstractButton, "qt_toolbar_ext_button")
        if isinstance(more, QAbstractButton):
            more.setToolTip("窗口窄，放不下的工具在这里。")
            more.setAccessibleName("更多工具")

    def _status(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(12, 0, 12, 0)
        self._place = theme.Label()
        self._told = Told()
        self._originals = theme.Label("原件只读，不改动")
        self._kept = theme.Label()
        bar.addWidget(self._place)
        bar.addWidget(self._told, 1)
        self._written: Written | None = None
        for label in (self._originals, self._kept):
            label.setContentsMargins(12, 0, 0, 0)
            bar.addPermanentWidget(label)

    def _build(self) -> None:
        self.tabs = BadgedTabs(_NAMES)
        self.tabs.setObjectName("sectionTabs")
        self.tabs.setAccessibleName("汇总各页")
        self._about = theme.label("", tone="text2")
        self._about.setProperty("edge", "bottom")  # the line below the tabs goes on
        self._about.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self._about.setContentsMargins(12, 0, 12, 0)
        head = QFrame()
        head.setProperty("ground", "window")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        across = QHBoxLayout(head)
        across.setContentsMargins(8, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.tabs, 1)
        across.addWidget(self._about)
        self.bar = _Bar()
        self.book = QStackedWidget()
        self.book.addWidget(self.board)
        tabbed = self._tabbed = QWidget()
        down = QVBoxLayout(tabbed)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        for widget in (head, self.bar):
            down.addWidget(widget)
        down.addWidget(self.book, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(tabbed)
        self.setCentralWidget(self.stack)

    def _connect(self) -> None:
        session, board, reading = self.session, self.board, self.reading
        session.changed.connect(self._changed)
        self.program.settings_changed.connect(self._settings_changed)
        session.found.connect(self._found)
        session.told.connect(self.tell)
        session.kept.connect(self._is_kept)
        session.keeping.connect(self._show_keeping)
        self.program.settings_changed.connect(self._take_settings)
        self.tabs.currentChanged.connect(self._turned)
        board.said.connect(self._place.setText)
        board.claim_asked.connect(self.claim_files)
        board.list_asked.connect(self.begin_units)
        board.stop_asked.connect(reading.stop)
        reading.began.connect(self._reading_began)
        reading.advanced.connect(board.line.show_progress)
        reading.ended.connect(self._reading_ended)
        reading.trouble.connect(self._show_trouble)
        self.bar.asked.connect(self._bar_asked)
        board.refresh()  # what it says of what is chosen

    def _restore(self) -> None:
        area = QGuiApplication.primaryScreen().availableGeometry()
        geometry = self.settings.geometry
        if not (geometry and self.restoreGeometry(QByteArray.fromHex(geometry.encode("ascii")))):
            self.resize(min(1600, area.width()), min(1000, area.height()))
        if not self.session.is_held:
            self.session.lock()
        if self.session.is_held:
            self.bar.show_words(self.session.held, (("anyway", "那边已经不开着了，仍要改"),))

    def start(self) -> None:
        """Begins to read the folder; once the window is shown."""
        self.setWindowIcon(theme.app_icon())
        self._remember()
        self.session.make_ready()
        self.reading.watch()

    # --- what the pages ask

    @property
    def frame(self) -> QWidget:
        """The window itself."""
        return self

    @property
    def settings(self) -> Settings:
        """The settings of the program, which all its windows share."""
        return self.program.settings

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings; that this failed is told, and they hold until the program ends."""
        try:
            self.program.keep_settings(**changes)
        except NotWritten as error:
            self.tell(error.what)

    def tell(self, text: str) -> None:
        """Says what was done, for some seconds."""
        self._told.say(text)

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        """Says which files were written, and offers to open them and their folder."""
        if self._written is None:
            self._written = Written()
            self._written.told.connect(self.tell)
            self.statusBar().insertWidget(2, self._written)
        self.tell(text)
        self._written.offer(paths)

    def turn_to(self, tab: str) -> None:
        """Brings a tab into view."""
        self.leave_over()
        self.tabs.setCurrentIndex(TABS.index(tab))

    def came_from(self, back: Callable[[], None], name: str) -> None:
        """Alt+← leads back by `back` to what is called `name`."""
        self._jumps = [*self._jumps, _Place(back, name)][-_JUMPS:]
        self._name_way_back()

    def go_back(self) -> None:
        """Back to where the last jump began."""
        if self._jumps:
            *self._jumps, place = self._jumps
            self._name_way_back()
            place.back()

    def _name_way_back(self) -> None:
        self.acts["back"].setText(f"回到{self._jumps[-1].name if self._jumps else '跳转前的地方'}(&B)")
        self.acts["back"].setEnabled(bool(self._jumps))

    def show_over(self, page: QWidget) -> None:
        """Shows a page in place of the tabs, until it is left."""
        self._drop_over()
        self._over = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.setFocus()

    def leave_over(self) -> None:
        """Back from such a page."""
        if self._over is not None:
            self._drop_over()
            self.stack.setCurrentWidget(self._tabbed)
            self.book.currentWidget().setFocus()

    def _drop_over(self) -> None:
        if self._over is not None:
            self.stack.removeWidget(self._over)
            self._over.deleteLater()
            self._over = None

    @property
    def over(self) -> QWidget | None:
        """The page that stands in place of the tabs."""
        return self._over

    def open_report(self, unit_id: str, page: str = "", cell: str = "", address: str = "") -> None:
        """Opens the report that stands for a unit, only to be read, at a finding, a cell or a page."""
        rollup = self.session.rollup
        one = rollup.used.get(unit_id) or next(iter(rollup.of_unit.get(unit_id, ())), None)
        unit = rollup.units.by_id.get(unit_id)
        if one is None or unit is None:
            self.tell(f"还没有收到{unit.name if unit else '它'}的年报。")
            return
        self._open(one, unit.name, page, cell, address)

    def open_file(self, path: str, row: str = "", page: str = "", cell: str = "", address: str = "") -> None:
        """The same for a received file that nobody may have claimed."""
        one = next((one for one in self.session.rollup.received if one.key == (path, row)), None)
        if one is not None:
            self._open(one, one.agency, page, cell, address)

    def _open(self, one: Received, called: str, page: str, cell: str, address: str) -> None:
        """Reads the file beside the window; what cannot be read any more is shown by the figures that were read."""
        path = reached(self.session.folder, one.path)
        which = Which(None if one.row else one.year, one.row)

        def read(_: object) -> Report:
            from gxeditor import documents

            return documents.read_apart(path, which).report

        results: list[Report] = []
        troubles: list[GxError] = []
        task = Task(read, may_hang=True)
        task.done.connect(results.append)
        task.failed.connect(troubles.append)
        dialog.wait_for(self, f"正在打开 {path.name}", task)
        if not results and not troubles:
            return  # given up
        name = f"{called or path.stem}（{shown_path(one.path)}）"
        if not results:
            if not one.is_report:
                dialog.show_error(self, troubles[0])
                return
            results.append(as_read(self.session.rollup, one))
            name = f"{called}（文件打不开，这是读入时的数）"
        first = not (page or cell or address)
        where = page or (cell.partition(".")[0] if cell else "") or "requests"
        self.program.show_read_only(
            results[0], name, path, where, address=address, cell=cell, first=first and bool(one.found)
        )

    # --- what is shown

    def _page(self, tab: str) -> QWidget:
        if tab == "units":
            return self.board
        if tab not in self._pages:
            module, name = _PAGES[tab]
            page: QWidget = getattr(import_module(f"gxeditor.ui.rollup.{module}"), name)(self)
            self._pages[tab] = page
            self.book.addWidget(page)
            if (said := getattr(page, "said", None)) is not None:
                said.connect(self._place.setText)
            if (cell_asked := getattr(page, "cell_asked", None)) is not None:
                cell_asked.connect(partial(self._show_sum, tab))
            if (prior_asked := getattr(page, "prior_asked", None)) is not None:
                prior_asked.connect(self.ask_settings)
        return self._pages[tab]

    def _show_sum(self, tab: str, cell: str) -> None:
        """Turns to the sum of a cell and what it is made of; Alt+← leads back to the tab."""
        self.came_from(partial(self.turn_to, tab), _NAMES[TABS.index(tab)])
        self.turn_to("sums")
        self._page("sums").go_to(cell)  # type: ignore[attr-defined]

    def _settings_changed(self, names: object) -> None:
        for page in self._pages.values():
            if callable(zoom := getattr(page, "set_zoom", None)):
                zoom(self.settings.zoom / 100)

    def _turned(self, place: int) -> None:
        page = self._page(TABS[place])
        self._place.setText("")  # of the page before; one that has a place says so as it is shown
        self.book.setCurrentWidget(page)
        if self.tabs.hasFocus():
            return
        page.setFocus()

    def _tab_asked(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.turn_to(action.data())

    @Slot()
    def _changed(self) -> None:
        session, rollup = self.session, self.session.rollup
        held = session.is_held
        self.setWindowTitle(
            f"{rollup.owner or session.path.stem} {rollup.year} 年汇总{'（只读）' if held else ''} — {PROGRAM}"
        )
        self._about.setText(f"{rollup.owner} {rollup.year} 年　口径：{rollup.scope.value}")
        for name in _NEEDS_LEAVE:
            self.acts[name].setEnabled(not held)
        for name, label in (("undo", session.undo_label), ("redo", session.redo_label)):
            self.acts[name].setEnabled(bool(label))
            self.acts[name].setText(
                f"{'撤销' if name == 'undo' else '重做'}{f'“{theme.plain_action(label)}”' if label else ''}"
            )
        if not session.is_kept:
            self._kept.setText("正在保留…" if not held else "只读")
        self._show_badges()
        session.want_findings()

    def _found(self, findings: RollupFindings) -> None:
        self.show_found(findings.count(Severity.ERROR), findings.count(Severity.QUERY))

    def _show_badges(self) -> None:
        listing = self.board.listing
        waiting = len(listing.waiting)
        self.tabs.show_badges(0, ((None, waiting),))
        self.tabs.setAccessibleTabName(0, f"单位，{waiting} 份文件等您选定" if waiting else "单位")
        tips = (
            "看各单位交了没有、对不对", "看合计和它由哪些单位组成", "看单位之间对不上的地方",
            "看本年和上年的差额、增减率", "看和写调整：重复的减去，漏报的加上", "按单位、格、年份和条件查一张表",
        )  # fmt: skip
        for place, tip in enumerate(tips):
            self.tabs.setTabToolTip(place, theme.plain_tip(f"{tip}（Alt+{place + 1}）。"))

    def show_found(self, errors: int, queries: int) -> None:
        """How many findings across units there are, on the tab 检查."""
        place = TABS.index("checks")
        self.tabs.show_badges(place, ((Severity.ERROR, errors), (Severity.QUERY, queries)))
        spoken = [f"{n} 个{w}" for n, w in ((errors, "错误"), (queries, "疑问")) if n]
        self.tabs.setAccessibleTabName(place, "，".join(["检查", *spoken]))

    def _is_kept(self, moment: Any) -> None:
        self._kept.setText(f"已自动保留 {moment:%H:%M}")
        self._kept.setToolTip("")

    def _show_keeping(self, error: GxError | None) -> None:
        if error is None:
            self.bar.hide_words("save_as")
            return
        self._kept.setText("修改没有自动保留")
        self._kept.setToolTip(theme.plain_tip(str(error)))
        self.bar.show_words(f"{error.what}{error.meaning}", (("save_as", "另存为…"), ("again", "再试一次")))

    # --- reading the folder

    def _reading_began(self) -> None:
        self.board.show_reading(self.session.rollup.changed)
        self.board.line.show_progress(0, 0, "")

    def _reading_ended(self) -> None:
        self.board.show_reading(None)
        self._show_badges()
        self._remember()

    def _show_trouble(self, error: GxError | None) -> None:
        if error is None:
            self.bar.hide_words("place")
            return
        self.bar.show_words(
            f"找不到文件夹 {self.session.folder}。已读入的数字还在，没有变。",
            (("place", "指定文件夹…"), ("hide", "仍用已读入的")),
        )

    def _bar_asked(self, key: str) -> None:
        if key == "place":
            self._ask_folder()
        elif key == "hide":
            self.bar.hide()
        elif key == "save_as":
            self.ask_save_as()
        elif key == "again":
            self.save()
        elif key == "anyway" and self.session.lock(anyway=True):
            self.bar.hide()
            self._changed()
            self.reading.watch()

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, "年报现在放在哪个文件夹", str(self.session.folder.parent)
        )
        if name:
            try:
                self.session.move_to(Path(name))
            except GxError as error:
                dialog.show_error(self, error)
                return
            self.bar.hide()
            self._remember()
            self.reading.begin()

    # --- commands

    def ask_open(self) -> None:
        self.program.ask_open(self)

    def save(self) -> bool:
        """Writes what is not written yet; False if it could not be, which is said."""
        if self.session.flush():
            self.tell("已保存。")
            return True
        if (error := self.session.refused) is not None:
            dialog.show_error(self, error)
        return False

    def ask_save_as(self) -> bool:
        """「另存为」; False if it was not saved."""
        path = self.session.path
        name, _ = QFileDialog.getSaveFileName(self, "另存汇总", str(path), f"汇总 (*{SUFFIX})")
        if not name:
            return False
        chosen = Path(name)
        if chosen.suffix.lower() != SUFFIX:
            chosen = chosen.with_name(f"{chosen.name}{SUFFIX}")
        try:
            self.session.save_as(chosen)
        except GxError as error:
            dialog.show_error(self, error)
            return False
        self.bar.hide()
        self._remember()
        self.tell(f"已存为：{chosen.name}")
        return True

    def copy(self) -> None:
        self.turn_to("units")
        self.board.copy()

    def seek(self) -> None:
        page = self.book.currentWidget()
        if self._over is None and page is not self.board and callable(seek := getattr(page, "seek", None)):
            seek()
            return
        self.turn_to("units")
        self.board.seek()

    def read_again(self) -> None:
        self.reading.begin()

    def show_folder(self) -> None:
        if trouble := opening.show_in_folder(self.session.path):
            self.tell(trouble)

    def claim_files(self, first: object = None) -> None:
        """Shows the page on which files are given to units, beginning with one of them."""
        if self.session.is_held:
            self.tell(self.session.held)
            return
        waiting = self.board.listing.waiting
        if not waiting:
            self.tell("没有要认领的文件。")
            return
        one = first if isinstance(first, Received) else waiting[0]
        from gxeditor.ui.rollup.match import MatchPage

        self.show_over(MatchPage(self, one.key))

    def edit_units(self) -> None:
        """Shows the list of units."""
        from gxeditor.ui.rollup.unit_list import UnitListPage

        self.show_over(UnitListPage(self))

    def begin_units(self, whence: str) -> None:
        """Shows the list of units with a proposal: from a file or the clipboard, last year's, or of the folder."""
        from gxeditor.ui.rollup.unit_list import UnitListPage

        self.show_over(UnitListPage(self, whence))

    def list_missing(self) -> None:
        """Who has not reported, to be copied or written."""
        from gxeditor.ui.rollup.exporting import show_missing

        show_missing(self)

    def write_letters(self) -> None:
        """Shows the 退回意见 of each unit."""
        from gxeditor.ui.rollup.return_page import ReturnPage

        self.show_over(ReturnPage(self))

    def write_letters_to(self, unit_id: str) -> None:
        """The same, with the page of one unit in view."""
        from gxeditor.ui.rollup.return_page import ReturnPage

        page = ReturnPage(self)
        self.show_over(page)
        page.show_unit(unit_id)

    def export(self) -> None:
        """「导出」"""
        from gxeditor.ui.rollup.exporting import ask_export

        ask_export(self)

    def draft_report(self) -> None:
        """The area's own report, begun from the sums."""
        from gxeditor.core.rollup.sums import completeness
        from gxeditor.rollup.area import area_report

        rollup = self.session.rollup
        if not rollup.entered:
            self.tell("还没有可加的数。")
            return
        self.program.begin_report(area_report(rollup))
        self.tell(f"已用{completeness(len(rollup.entered), len(rollup.must))}的合计起草，在新窗口里。")

    def ask_settings(self) -> None:
        """「汇总设置」: year, scope, days and last year's roll-up."""
        from gxeditor.ui.rollup.beginning import ask_settings

        changed = ask_settings(self, self.session.rollup, self.session.folder)
        if changed is not None and self.session.edit(changed, "汇总设置"):
            self.reading.begin()

    def next_unit(self) -> None:
        self._step(1)

    def previous_unit(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        page = self.book.currentWidget()
        if self._over is None and page is not self.board and callable(step := getattr(page, "step", None)):
            step(by)
            return
        self.turn_to("units")
        if not self.board.next_unit(by):
            self.tell("列出的单位都没有要处理的。")

    def next_pane(self) -> None:
        page = self.book.currentWidget()
        if page is self.board:
            self.board.next_pane()
        elif callable(move := getattr(page, "next_pane", None)):
            move()

    def _take_settings(self, names: frozenset[str]) -> None:
        """Some settings are others now, whichever window has changed them."""
        if "zoom" in names:
            for page in self._pages.values():
                if callable(zoom := getattr(page, "set_zoom", None)):
                    zoom(self.settings.zoom / 100)

    def _zoom(self, direction: int) -> None:
        now = self.settings.zoom
        steps = [z for z in _ZOOMS if z > now][:1] if direction > 0 else [z for z in _ZOOMS if z < now][-1:]
        if steps:
            self.keep_settings(zoom=steps[0])

    def zoom_in(self) -> None:
        self._zoom(1)

    def zoom_out(self) -> None:
        self._zoom(-1)

    def zoom_reset(self) -> None:
        self.keep_settings(zoom=100)

    # --- help

    def topic(self) -> str:
        """The title of the chapter about the part of the window that has the keys."""
        manual = load_manual()
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            focus = None
        for start in (focus, self._over, self.book.currentWidget()):
            if found := manual.about("places", *classes(start)):
                return found
        return "汇总"

    def open_help(self) -> None:
        """F1: the manual above the window, at what is in hand."""
        try:
            show_above(self, load_manual(), self.topic(), self.save_help)
        except GxError as error:
            dialog.show_error(self, error)

    def help_above(self, asked: QWidget) -> None:
        """F1 in a dialog: the manual above it."""
        manual = load_manual()
        title = manual.about("dialogs", asked.windowTitle(), *classes(asked), "")
        show_above(asked, manual, title, self.save_help)

    def save_help(self) -> None:
        if name := ask_save(QApplication.activeModalWidget() or self, self.session.folder):
            self.tell(f"已存为：{name}")

    def show_keys(self) -> None:
        self.program.tell_about("keys", self)

    def show_about(self) -> None:
        self.program.tell_about("about", self)

    # --- a window of the program

    @property
    def is_in_use(self) -> bool:
        """Always: it has its roll-up."""
        return True

    def come_forward(self) -> None:
        """Comes to the front, out of the task bar if need be."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def stand_beside(self, whole: bool, place: QPoint, size: QSize) -> None:
        """Takes a place beside a window that has this one, of this size, or the whole screen."""
        if whole:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
            return
        area = (QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()).availableGeometry()
        self.resize(size)
        place += QPoint(_APART, _APART)
        self.move(place if area.contains(place + QPoint(_APART, _APART)) else area.topLeft())

    def hand_over(self, path: Path | None) -> None:
        """A second start hands its file over and ends."""
        self.come_forward()
        if path is not None:
            self.program.open_file(path)

    def name_odd(self, odd: OddFile) -> None:
        """Tells of a file in the user's folders that could not be read."""
        self.tell(str(odd))

    def flush(self) -> None:
        """Has everything written that is not written yet."""
        self.session.flush()

    @property
    def is_unsaved(self) -> bool:
        """Whether closing would have to ask: what was done cannot be written to its file."""
        return self.session.refused is not None and not self.session.is_kept

    def show_crash(self, text: str) -> None:
        """A bug: said so, and the roll-up is kept as it is."""
        self.session.flush()
        self.program.tell_about(text, self)

    def _remember(self) -> None:
        """The file, with what is known of it, is first in the list of recent ones."""
        from datetime import datetime

        from gxeditor.core.rollup.sums import counts

        rollup, path = self.session.rollup, self.session.path
        counted = counts(rollup)[""]
        said = (
            f"{counted.of} 家中已交 {counted.entered} 家"
            if counted.entered < counted.of
            else (f"{counted.of} 家全部计入" if counted.of else "还没有单位名单")
        )
        file = RecentFile(
            str(path), rollup.owner, rollup.year, 0, len(self.board.listing.waiting),
            datetime.now().isoformat(timespec="seconds"), (), "rollup", said,
        )  # fmt: skip
        self.keep_settings(recent=self.settings.with_recent(file).recent, last_folder=str(path.parent))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        for path in paths[:1]:
            self.program.open_file(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as everywhere in Windows; Esc leaves a page over the tabs."""
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QAbstractButton):
            focus.animateClick()
        elif event.key() == Qt.Key.Key_Escape and self._over is not None:
            self.leave_over()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if QApplication.activeModalWidget() is not None:
            event.ignore()
            return
        if not self.session.flush() and not self._left:
            error = self.session.refused or GxError(
                "汇总还没有写完，磁盘没有回答。",
                "最近的改动还没有写进文件。",
                "请等一会儿再关，或另存到别处。",
            )
            answer = dialog.ask(
                self, "没有保存", error.what, error.meaning, error.remedy,
                (dialog.CANCEL, dialog.Choice("discard", "不保存，关闭"),
                 dialog.Choice("save_as", "另存为…", primary=True)),
            )  # fmt: skip
            if answer == "save_as":
                if not self.ask_save_as():
                    event.ignore()
                    return
            elif answer != "discard":
                event.ignore()
                return
            else:
                self.session.drop_rescue()
        self._left = True
        self.reading.give_up()
        self.board.stop()
        self.session.stop_looking()
        self._remember()
        self.session.unlock()
        self.keep_settings(geometry=bytes(self.saveGeometry().toHex().data()).decode("ascii"))
        event.accept()
        self.program.forget(self)


class _Bar(QFrame):
    """A sentence in the query tint over the page, with what can be done about it; `asked` carries the key of that."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "qrytint")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 5, 12, 5)
        self._row.setSpacing(8)
        self.told = theme.label("", tone="qrytext")
        self.told.setWordWrap(True)
        self._row.addWidget(self.told, 1)
        self.buttons: dict[str, QPushButton] = {}
        self.hide()

    def show_words(self, words: str, choices: Sequence[tuple[str, str]]) -> None:
        """Says this, with a button for each choice (its key and word)."""
        for button in self.buttons.values():
            button.hide()
            button.deleteLater()
        self.buttons = {}
        self.told.setText(words)
        for key, word in choices:
            button = self.buttons[key] = QPushButton(word)
            button.setAccessibleName(word.rstrip("…"))
            button.setToolTip(theme.plain_tip(_BAR_TIPS[key]))
            button.clicked.connect(lambda _=False, key=key: self.asked.emit(key))
            self._row.addWidget(button)
        self.show()

    def hide_words(self, key: str) -> None:
        """Goes, if it offers this choice: another sentence stays."""
        if key in self.buttons:
            self.hide()


_BAR_TIPS = {
    "place": "指出年报现在放在哪个文件夹，从那里接着读。",
    "hide": "收起这一行；合计仍用已经读入的数。",
    "save_as": "把汇总存到另一个地方。",
    "again": "再往原来的文件里写一次。",
    "anyway": "确定另一台电脑上已经不开着它了，才在这里改。",
}


def as_read(rollup: Rollup, one: Received) -> Report:
    """A report of the figures that were read of a file, for when the file cannot be read any more."""
    entries = dict(zip(rollup.form.cells, one.values, strict=False))
    report = blank_report(rollup.form, one.year).with_fields(agency=one.agency, date=one.date)
    return report.with_entries({cell: entry for cell, entry in entries.items() if entry is not None})
