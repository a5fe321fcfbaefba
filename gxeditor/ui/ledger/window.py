"""The window of a ledger: its commands and tabs, names shown and masked, the password, and days off to be imported.

Is the `LedgerDesk` of its pages; those of other tabs are loaded when they are first turned to. Every change of the
ledger goes through its session, which keeps it in its file. What is the program's (other windows, reports, settings) is
asked of it; what a cell or a filter does is the grid's. Nothing it says in title, status or dialogs has a name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Protocol

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.checks import LedgerFindings
from gxeditor.core.ledger.request import Ledger
from gxeditor.core.report import Report
from gxeditor.settings import RecentFile
from gxeditor.store.ledger_file import SUFFIX
from gxeditor.ui.ledger.due import DuePage
from gxeditor.ui.ledger.model import RowsModel
from gxeditor.ui.ledger.report_beside import ReportBeside
from gxeditor.ui.ledger.requests_page import RequestsPage
from gxeditor.ui.ledger.session import SHOWN, LedgerSession
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.own_window import Command, OwnProgram, OwnWindow
from gxeditor.ui.session import Session

PROGRAM = "政府信息公开年报编辑器"
_LATER = {
    "checks": ("check_list", "CheckList"),
    "count": ("count", "CountPage"),
}
"""The modules and pages that are loaded when they are asked for."""

_COMMANDS: tuple[Command, ...] = (
    ("cut", "剪切(&T)", "", "", "", "把选定的格放进剪贴板并清空（Ctrl+X）"),
    (
        "copy",
        "复制(&C)",
        "",
        "",
        "",
        "把选定的格放进剪贴板，可以粘贴到 Excel、WPS；姓名是看到的样子（Ctrl+C）",
    ),
    ("paste", "粘贴(&P)", "", "", "", "从 Excel、WPS 复制的一块，从光标所在的格放进来（Ctrl+V）"),
    ("clear", "清空选定的格(&L)", "", "", "", "选定的格里的内容不要了，可以撤销（Del）"),
    ("fill_down", "向下填充(&D)", "", "", "", "把最上面一格的内容填到下面选定的各格（Ctrl+D）"),
    ("today", "填今天(&;)", "", "", "", "在日期列填上今天（Ctrl+;）"),
    ("remove", "删除选定的申请(&M)", "Ctrl+-", "", "", "把选定的各行从台账里拿走，可以撤销"),
    ("add", "添一件(&N)", "Ctrl+Shift+N", "add", "添一件", "光标到最后的空行，接着登记"),
    (
        "import",
        "导入(&I)…",
        "Ctrl+I",
        "import",
        "导入",
        "读入 Excel、WPS、Word 或 CSV 里的台账，核对以后再并进来",
    ),
    ("find", "查找(&F)", "Ctrl+F", "search", "", "按内容、编号、承办单位找申请"),
    ("filter", "筛选这一列(&L)…", "Ctrl+Shift+F", "filter", "", "只列光标所在的列里符合条件的申请"),
    ("all", "清除条件(&A)", "Ctrl+Shift+A", "", "", "列出全部申请"),
    ("list", "打开下拉表(&O)", "", "", "", "在类别、方式、答复类型等列选一种（Alt+↓ 或 F4）"),
    (
        "deadline",
        "看期限怎样算(&D)",
        "",
        "calendar",
        "",
        "看光标所在申请的答复期限是怎样算出来的（Alt+Enter）",
    ),
    ("next", "下一处(&N)", "F8", "next", "", "转到下一件超期或快到期的申请"),
    ("prev", "上一处(&P)", "Shift+F8", "prev", "", "转到上一件超期或快到期的申请"),
    ("none", "确认这一年没有申请(&Z)…", "", "", "", "一年里一件也没有的，确认以后出表三各格计 0，不是空着"),
    ("calendar", "导入放假安排(&H)…", "", "calendar", "", "选下一年放假安排的文件，期限才算得到那一年"),
    ("names", "显示姓名(&N)", "", "hide", "姓名已遮住", "显示姓名 5 分钟；离开这个窗口马上再遮住"),
    ("password", "密码(&P)…", "", "lock", "密码", "给台账加密码、换密码或去掉密码"),
    ("zoom_out", "缩小(&O)", "", "", "", "表格的字和格小一些，一屏看到更多"),
)
_NEEDS_TABS = (
    "undo", "redo", "cut", "copy", "paste", "clear", "fill_down", "today", "remove", "add", "import", "find", "filter",
    "all", "list", "deadline", "next", "prev", "none", "tab_requests", "tab_due", "tab_checks", "tab_count",
)  # fmt: skip
"""What is off while a page stands over the tabs: it would act on what is not seen, or take the page away."""
_NEEDS_GRID = (
    "cut", "copy", "paste", "clear", "fill_down", "today", "remove", "filter", "all", "list", "deadline",
)  # fmt: skip
"""What is off while another tab is in view: nobody empties or removes what is not seen."""
_NEEDS_LEAVE = (
    "undo", "redo", "cut", "paste", "clear", "fill_down", "today", "remove", "add", "import", "none", "password",
)  # fmt: skip
"""What is off while nothing may be changed."""
_NOTE_COUNTING = "采用是一步，可以撤销；年报里只记件数，不记姓名"
_MIDNIGHT = 60_000  # milliseconds after which it is looked what day it is: a PC may have slept


class LedgerProgram(OwnProgram, Protocol):
    """The program, as the window of a ledger sees it."""

    def open_reports(self) -> Sequence[Session]:
        """The sessions of the reports that are open in other windows."""

    def open_report(self, path: Path, cell: str) -> None:
        """Opens a report, or brings its window to the front, with a cell in view."""

    def begin_report(self, report: Report) -> None:
        """Opens a report that belongs to no file yet in a window of its own."""

    def read_other(self, path: Path, above: QWidget) -> Ledger | None:
        """The ledger in another file, which is not opened; None if it could not be read."""

    def import_calendar(self, above: QWidget, session: LedgerSession) -> bool:
        """Has a file with days off chosen and kept; whether they are others now."""


class LedgerWindow(OwnWindow):
    """One window, one ledger; a `LedgerDesk` for its pages."""

    WHAT, SUFFIX, NOTE = "台账", SUFFIX, "姓名不进年报、导出和日志"
    COMMANDS = _COMMANDS
    MENUS = (
        ("文件(&F)", ("open", "save", "save_as"), ("import",), ("password",), ("close", "quit")),
        (
            "编辑(&E)",
            ("undo", "redo"),
            ("cut", "copy", "paste", "clear"),
            ("fill_down", "today", "list"),
            ("add", "remove"),
            ("find", "filter", "all"),
        ),
        (
            "查看(&V)",
            ("tab_requests", "tab_due", "tab_checks", "tab_count"),
            ("deadline", "names"),
            ("zoom_in", "zoom_out", "zoom_100"),
            ("pane", "back"),
        ),
        ("检查(&C)", ("next", "prev")),
        ("工具(&T)", ("calendar", "none")),
        ("帮助(&H)", ("help",), ("keys", "about")),
    )
    TOOLS = (("open", "save"), ("undo", "redo"), ("add", "import"), ("tab_due", "tab_checks", "tab_count"))
    TAIL = ("names", "password")
    TABS = (("requests", "申请"), ("due", "到期"), ("checks", "检查"), ("count", "出表三"))

    def __init__(self, session: LedgerSession, program: LedgerProgram) -> None:
        super().__init__()
        self.session: LedgerSession = session
        self.program: LedgerProgram = program
        session.setParent(self)
        self.beside = ReportBeside(self, self)
        self.model = RowsModel(session.ledger, session.vocabulary, session.calendar, session.today, self)
        self.requests = RequestsPage(self, self.model, self._ways())
        self.grid = self.requests.grid
        self.due = DuePage(self.model)
        self._pages: dict[str, QWidget] = {"requests": self.requests, "due": self.due}
        self._act()
        self.fill_menus()
        self.make_toolbar()
        self.make_status()
        self.build(self.requests)
        self.book.addWidget(self.due)
        self._day = QTimer(self, interval=_MIDNIGHT)
        self._day.timeout.connect(session.take_day)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            # A projector that is plugged in. Of a screen that is shared over the network the system tells nothing.
            application.screenAdded.connect(self._hide_names)
        self._day.start()
        self._connect()
        self.restore()
        self._changed()
        self._show_masking()
        self._take_settings(frozenset({"zoom"}))

    def _ways(self) -> list[tuple[str, str, str]]:
        ways = [
            ("import", "导入现有台账…", "读入 Excel、WPS、Word 或 CSV 里的台账，核对以后再用。"),
            ("carry", "从去年带入未办结的…", "选去年的台账，把还没有答复的带过来，编号和日期不变。"),
            ("blank", "做一份 Excel 空表…", "写一份带下拉表的 Excel 空表，填好以后不用核对就能读回来。"),
        ]
        ways.append(("none", "确认没有申请…", "一年里一件也没有的，确认以后出表三各格计 0，不是空着。"))
        return ways

    def _act(self) -> None:
        grid, page = self.grid, self.requests
        does: Mapping[str, Callable[..., object]] = {
            "cut": grid.cut, "copy": grid.copy, "paste": grid.paste, "clear": grid.clear,
            "fill_down": grid.fill_down, "today": grid.put_today, "remove": self._remove, "add": self.add,
            "import": self.ask_import, "find": self.seek, "filter": lambda: page.filter_column(),
            "all": page.clear_conditions, "list": lambda: grid.open_list(),
            "deadline": lambda: grid.show_deadline(pin=True), "next": lambda: self._step(1),
            "prev": lambda: self._step(-1), "none": self.confirm_none, "calendar": self.import_calendar,
            "names": self.toggle_names, "password": self.ask_password, "undo": self.undo, "redo": self.redo,
        }  # fmt: skip
        self.make_actions(does)
        for tab, icon, word in (
            ("due", "calendar", "到期"),
            ("checks", "check", "检查"),
            ("count", "sum", "出表三"),
        ):
            theme.set_icon(self.acts[f"tab_{tab}"], icon)
            self.acts[f"tab_{tab}"].setIconText(f" {word}")
        self.acts["names"].setCheckable(True)
        grid.offered = [
            self.acts[name]
            for name in ("cut", "copy", "paste", "clear", "fill_down", "list", "deadline", "filter", "remove")
        ]
        # Keys that the grid answers itself stand in the menu, but are no shortcuts: an open editor has its own.
        self.acts["back"].setEnabled(False)

    def _connect(self) -> None:
        session, page = self.session, self.requests
        session.changed.connect(self._changed)
        session.masking_changed.connect(self._show_masking)
        session.protection_changed.connect(self._changed)
        session.day_changed.connect(self._changed)
        session.day_changed.connect(session.want_findings)
        session.found.connect(self._found)
        self.beside.changed.connect(session.want_findings)
        session.told.connect(self.tell)
        session.kept.connect(self._is_kept)
        session.keeping.connect(self._show_keeping)
        self.program.settings_changed.connect(self._take_settings)
        self.tabs.currentChanged.connect(self._turned)
        page.said.connect(self._place.setText)
        page.begun.connect(self._begun)
        page.counted.connect(self._show_badges)
        self.grid.told.connect(self.tell)
        self.grid.zoom_asked.connect(self._zoom)
        self.grid.calendar_asked.connect(self.import_calendar)
        self.due.asked.connect(self._show_due)
        self.due.said.connect(self._place.setText)
        self.bar.asked.connect(self._bar_asked)
        page.count()

    def start(self) -> None:
        """Once the window is shown."""
        self.setWindowIcon(theme.app_icon())
        self.remember()
        self.grid.setFocus()
        self.beside.look()

    # --- what the pages ask

    def open_reports(self) -> Sequence[Session]:
        """The reports that are open in other windows."""
        return self.program.open_reports()

    def open_report(self, path: Path, cell: str = "") -> None:
        """Opens a report in a window of its own, or brings the one to the front that has it, with a cell in view."""
        self.program.open_report(path, cell)

    def begin_report(self, report: Report) -> None:
        """Opens a report that belongs to no file yet in a window of its own."""
        self.program.begin_report(report)

    def show_requests(self, ids: Sequence[str], why: str, field: str = "") -> None:
        """The tab of requests with only these in it; the cursor stands in a column of the first."""
        self.turn_to("requests")
        self.requests.show_requests(ids, why, field)

    def _show_due(self, request_id: str) -> None:
        self.came_from(lambda: self.turn_to("due"), "到期")
        self.turn_to("requests")
        self.requests.go_to(request_id, "due")

    def page(self, tab: str) -> QWidget:
        """The page of a tab, made when it is first turned to."""
        if tab not in self._pages:
            page = _load(tab, self)
            self._pages[tab] = page
            self.book.addWidget(page)
            if (said := getattr(page, "said", None)) is not None:
                said.connect(self._place.setText)
            if (counted := getattr(page, "counted", None)) is not None:
                counted.connect(self._show_counted)
                self._show_counted()
        return self._pages[tab]

    # --- what is shown

    @Slot()
    def _changed(self) -> None:
        session, ledger = self.session, self.session.ledger
        held = session.is_held
        of = ledger.agency or session.path.stem.removesuffix("台账").removesuffix("申请") or session.path.stem
        self.setWindowTitle(f"{of} 申请台账{'（只读）' if held else ''} — {PROGRAM}")
        self._show_about()
        self._offer()
        self.session.want_findings()

    def _offer(self) -> None:
        """Which commands there are now."""
        for name in _NEEDS_TABS:
            self.acts[name].setEnabled(self._over is None)
        if self.book.currentWidget() is not self.requests:
            for name in _NEEDS_GRID:
                self.acts[name].setEnabled(False)
        if self.session.is_held:
            for name in _NEEDS_LEAVE:
                self.acts[name].setEnabled(False)
        self.acts["password"].setEnabled(not self.session.is_held)
        self.show_steps()
        if self._over is not None:
            for name in ("undo", "redo"):
                self.acts[name].setEnabled(False)

    def show_over(self, page: QWidget) -> None:
        self.grid.finish_editing()
        self._place.setText("")
        super().show_over(page)
        self._offer()

    def leave_over(self) -> None:
        super().leave_over()
        self._offer()

    def _show_about(self) -> None:
        """At the end of the line of tabs: what day it is and how far days off are known, or what is counted."""
        page = self._pages.get("count")
        counting = page is not None and self.book.currentWidget() is page
        self._note.setText(_NOTE_COUNTING if counting else self.NOTE)
        if counting:
            self._about.setText(getattr(page, "summary", ""))
            return
        today, last = self.session.today, self.session.calendar.last
        self._about.setText(
            f"今天 {today.year}年{today.month}月{today.day}日　"
            + (f"放假安排收录到 {last} 年" if last is not None else "没有收录放假安排")
        )

    @Slot()
    def _show_counted(self) -> None:
        """How many cells of the report differ, on the tab 出表三, and what is counted of the ledger."""
        differing: int = getattr(self._pages.get("count"), "badge", 0)
        place = [key for key, _ in self.TABS].index("count")
        self.tabs.show_badges(place, ((Severity.QUERY, differing),))
        said = f"出表三，{differing} 格与年报不同" if differing else "出表三"
        self.tabs.setAccessibleTabName(place, said)
        self._show_about()

    def _turned(self, place: int) -> None:
        super()._turned(place)
        self._show_about()
        self._offer()

    def _show_badges(self, numbers: Mapping[str, int]) -> None:
        of = len(self.session.ledger.requests)
        self.tabs.rename(0, f"申请 {of}")
        self.tabs.show_badges(1, ((Severity.ERROR, numbers["late"]), (Severity.QUERY, numbers["soon"])))
        spoken = [f"{n} 件{w}" for n, w in ((numbers["late"], "超期"), (numbers["soon"], "快到期")) if n]
        self.tabs.setAccessibleTabName(0, f"申请，{of} 件")
        self.tabs.setAccessibleTabName(1, "，".join(["到期", *spoken]))
        tips = (
            "登记和看全部申请",
            "未答复的按到期的日子排",
            "台账里对不上、缺少的地方",
            "台账计出的表三、表四和年报对照",
        )
        for place, tip in enumerate(tips):
            self.tabs.setTabToolTip(place, theme.plain_tip(f"{tip}（Alt+{place + 1}）。"))

    def _found(self, findings: LedgerFindings) -> None:
        """How many findings of the ledger there are, on the tab 检查 and below the grid."""
        errors, queries = findings.count(Severity.ERROR), findings.count(Severity.QUERY)
        self.requests.show_found(errors, queries)
        self.tabs.show_badges(2, ((Severity.ERROR, errors), (Severity.QUERY, queries)))
        found = ((errors, Severity.ERROR), (queries, Severity.QUERY))
        spoken = [f"{number} 处{severity.word}" for number, severity in found if number]
        self.tabs.setAccessibleTabName(2, "，".join(["检查", *spoken]))

    def _take_settings(self, names: frozenset[str]) -> None:
        if "zoom" in names:
            for page in (self.grid, *self._pages.values()):
                if callable(zoom := getattr(page, "set_zoom", None)):
                    zoom(self.settings.zoom / 100)

    # --- names

    def toggle_names(self) -> None:
        """「姓名已遮住」: shows names for some minutes once that was confirmed, or masks them."""
        if self.session.names_shown:
            self.session.mask_names()
        else:
            from gxeditor.ui.ledger.password import show_names

            show_names(self, self.session)
        self._show_masking()

    def _show_masking(self) -> None:
        shown, action = self.session.names_shown, self.acts["names"]
        action.setChecked(not shown)
        action.setIconText(" 正在显示姓名" if shown else " 姓名已遮住")
        action.setText("遮住姓名(&N)" if shown else "显示姓名(&N)")
        tip = "现在就把姓名遮住" if shown else f"显示姓名 {SHOWN} 分钟；离开这个窗口马上再遮住"
        action.setToolTip(theme.plain_tip(f"{tip}。"))
        theme.set_icon(action, "show" if shown else "hide")
        if shown:
            until = datetime.now() + timedelta(minutes=SHOWN)
            self.bar.show_words(f"正在显示姓名，到 {until:%H:%M} 或离开这个窗口时遮住。", (("mask", "遮住"),))
        else:
            self.bar.hide_words("mask")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            # A dialog of this window is no other window; which one is in front is known once this has returned.
            QTimer.singleShot(0, self, self._left_alone)

    def _left_alone(self) -> None:
        """Masks names at once when another window, or another program, is in front."""
        front: QWidget | None = QApplication.activeWindow()
        while front is not None and front is not self:
            front = front.parentWidget()
        if front is not self:
            self._hide_names()

    def _hide_names(self) -> None:
        """Masks names at once, the one being typed as well."""
        cell = self.grid.editor.cell
        if cell is not None and cell.field in self.model.private:
            self.grid.finish_editing()
        if self.session.names_shown:
            self.session.mask_names()

    # --- commands

    def undo(self) -> None:
        """One step back; what is being typed is put in before, and is the step that goes: redo gives it back."""
        if self.grid.commit():
            self.session.undo()

    def redo(self) -> None:
        """One step forward again, unless something is being typed."""
        if self.grid.commit():
            self.session.redo()

    def add(self) -> None:
        """「添一件」: the blank row, whatever is listed."""
        self.turn_to("requests")
        if self.model.wanted.is_narrow:
            self.requests.clear_conditions()
        self.grid.go(len(self.model.listed), self.model.place_of["received_on"])
        self.grid.setFocus()

    def dropEvent(self, event: QDropEvent) -> None:
        """A ledger of another kind that is dropped here is wanted in this one; whatever else, in its own window."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths and self._over is None and _beginning().is_foreign(paths[0]):
            event.acceptProposedAction()
            self.import_file(paths[0])
        else:
            super().dropEvent(event)

    def seek(self) -> None:
        page = self.book.currentWidget()
        if self._over is None and page is not self.requests and callable(seek := getattr(page, "seek", None)):
            seek()
            return
        self.turn_to("requests")
        self.requests.seek()

    def _step(self, by: int) -> None:
        page = self.book.currentWidget()
        if callable(step := getattr(page, "step", None)):
            step(by)

    def _remove(self) -> None:
        if self.grid.commit():
            self.grid.remove_rows()

    def _begun(self, key: str) -> None:
        if key == "import":
            self.ask_import()
        elif key == "carry":
            self.carry_over()
        elif key == "blank":
            self.write_blank()
        else:
            self.confirm_none()

    def ask_import(self) -> None:
        """「导入」: a ledger of any layout, looked at before it is taken in."""
        _beginning().ask_import(self)

    def import_file(self, path: Path) -> None:
        """The same for a file that is known."""
        _beginning().import_file(self, path)

    def carry_over(self) -> None:
        """Takes what is not answered over from last year's ledger, as one step."""
        _beginning().carry_over(self)

    def write_blank(self) -> None:
        """Writes an empty workbook with lists, for offices that go on in Excel."""
        _beginning().write_blank(self)

    def confirm_none(self) -> None:
        """「确认没有申请」: of a year without any request its counts are 0."""
        this_year = self.session.today.year
        years = {day.year for one in self.session.ledger.requests if (day := one.day("received_on"))}
        free = [year for year in (this_year - 1, this_year) if year not in years]
        confirmed = self.session.ledger.none_in
        choices = [dialog.Choice(f"y{year}", f"{year} 年没有申请") for year in free if year not in confirmed]
        if not choices:
            self.tell("这两年都有申请，或者已经确认过了。")
            return
        answer = dialog.ask(
            self, "确认没有申请", "哪一年一件申请也没有收到？",
            "确认以后，出表三时那一年的各格计 0；没有确认的空着。", "", (dialog.CANCEL, *choices),
        )  # fmt: skip
        if answer.startswith("y"):
            year = int(answer[1:])
            none_in = tuple(sorted({*confirmed, year}))
            if self.session.edit(replace(self.session.ledger, none_in=none_in), f"确认 {year} 年没有申请"):
                self.tell(f"已确认 {year} 年没有申请。")

    def import_calendar(self) -> None:
        """「导入放假安排」"""
        if self.program.import_calendar(self, self.session):
            self._changed()
            self.tell("已导入放假安排，期限已经重算。")

    def ask_password(self) -> None:
        """「密码」"""
        from gxeditor.ui.ledger.password import set_password

        if done := set_password(self, self.session):
            self.tell(done)

    def _bar_asked(self, key: str) -> None:
        if key == "mask":
            self.session.mask_names()
        elif key == "save_as":
            self.ask_save_as()
        elif key == "again":
            self.save()
        elif key == "anyway" and self.session.lock(anyway=True):
            self.bar.hide_words("anyway")
            self._changed()

    # --- a window of the program

    def save(self) -> bool:
        self.grid.commit()  # what is refused stays where it is typed, and says why
        return super().save()

    def flush(self) -> None:
        self.grid.commit()
        super().flush()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._over is not None and not self.ask_leave_over():
            event.ignore()
            return
        if (
            not self.grid.commit()
        ):  # what is being typed belongs to the file: it is seen why it cannot be put in
            self.turn_to("requests")
            self.grid.editor.setFocus()
            self.tell("没有关闭：这一格还没有填好。改好它，或按 Esc 放弃，再关闭。")
            event.ignore()
            return
        super().closeEvent(event)

    def stop(self) -> None:
        """The editor's text is put in by `flush` before; names are masked."""
        self._day.stop()
        self.session.stop_looking()
        self.session.mask_names()

    def remember(self) -> None:
        """The file, with how many requests it holds, is first in the list of recent ones; never a name."""
        session = self.session
        numbers = self.model.numbers(())
        sealed = "，有密码" if session.is_protected else ""
        said = f"{numbers['all']} 件，未答复 {numbers['open']} 件{sealed}"
        file = RecentFile(
            str(session.path), session.ledger.agency or session.path.stem, None, numbers["late"], 0,
            datetime.now().isoformat(timespec="seconds"), (), "ledger", said,
        )  # fmt: skip
        self.keep_settings(
            recent=self.settings.with_recent(file).recent, last_folder=str(session.path.parent)
        )


def _beginning() -> ModuleType:
    """What reads other files, loaded when it is asked for."""
    return import_module("gxeditor.ui.ledger.beginning")


def _load(tab: str, *given: object) -> QWidget:
    module, name = _LATER[tab]
    page: QWidget = getattr(import_module(f"gxeditor.ui.ledger.{module}"), name)(*given)
    return page
