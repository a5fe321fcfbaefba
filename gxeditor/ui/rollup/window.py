"""The window of a roll-up: menus, tools and tabs, which page is shown, and what a command does.

Is the `RollupDesk` of its pages, which are loaded when they are first turned to. Every change of the roll-up goes
through its session, which keeps it in its file. What is the program's (other windows, settings, recent files) is asked
of it; which units the board lists and how files are read is theirs to know.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import ChangedElsewhere, GxError, NotWritten
from gxeditor.core.report import Report, blank_report
from gxeditor.core.rollup.findings import RollupFindings
from gxeditor.core.rollup.project import Received, Rollup, shown_path
from gxeditor.imports.doors import Which
from gxeditor.settings import RecentFile
from gxeditor.store.rollup_file import SUFFIX, reached
from gxeditor.ui.look import dialog, opening, theme
from gxeditor.ui.look.tasks import Task
from gxeditor.ui.own_window import Command, OwnProgram, OwnWindow
from gxeditor.ui.rollup.board import Board
from gxeditor.ui.rollup.reading import FolderReading
from gxeditor.ui.rollup.session import RollupSession

if TYPE_CHECKING:
    from gxeditor.ui.rollup.return_page import Ticks

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

_COMMANDS: tuple[Command, ...] = (
    # name, text, keys, icon, word in the toolbar, tip
    ("export", "导出(&E)…", "Ctrl+E", "export", "导出", "把合计和各单位的数写成 Excel、CSV、Word 或 PDF"),
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
    ("pane", "在名单、表格和文件之间移动", "F6", "", "", "不用鼠标，光标依次到名单、表格和未认领的文件"),
)
_AHEAD = 500  # milliseconds between two pages that are loaded before anybody turns to them
_NEEDS_LEAVE = ("undo", "redo", "read", "claim", "settings")
"""What is off while nothing may be changed."""


class RollupProgram(OwnProgram, Protocol):
    """The program, as the window of a roll-up sees it."""

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
        half: str = "",
    ) -> None:
        """Shows a report that is only to be read, in a window of its own, at a finding or a cell; `half` of the screen
        ("left", "right") is its place, "" for the usual one."""

    def begin_report(self, report: Report) -> None:
        """Opens a new report, which belongs to no file yet, in a window of its own."""


class RollupWindow(OwnWindow):
    """One window, one roll-up; a `RollupDesk` for its pages."""

    WHAT, SUFFIX, NOTE = "汇总", SUFFIX, "原件只读，不改动"
    COMMANDS = _COMMANDS
    MENUS = (
        ("文件(&F)", ("open", "save", "save_as"), ("export", "report"), ("folder",), ("close", "quit")),
        ("编辑(&E)", ("undo", "redo"), ("copy", "find")),
        (
            "查看(&V)",
            tuple(f"tab_{tab}" for tab in TABS),
            ("zoom_in", "zoom_out", "zoom_100"),
            ("pane", "back"),
        ),
        ("检查(&C)", ("next", "prev"), ("letters", "missing")),
        ("工具(&T)", ("read",), ("units", "claim"), ("settings",)),
        ("帮助(&H)", ("help",), ("keys", "about")),
    )
    TOOLS = (("open", "save"), ("undo", "redo"), ("read", "folder"), ("missing", "letters", "export"))
    TAIL = ("units",)
    TABS = tuple(zip(TABS, _NAMES, strict=True))

    def __init__(self, session: RollupSession, program: RollupProgram) -> None:
        super().__init__()
        self.session: RollupSession = session
        self.program: RollupProgram = program
        session.setParent(self)
        self._pages: dict[str, QWidget] = {}
        self._ticks: Ticks | None = None
        self._is_remembered = True
        self._ahead = QTimer(self, interval=_AHEAD)
        self._ahead.timeout.connect(self._load_ahead)
        self._act()
        self.fill_menus()
        self.make_toolbar()
        self.make_status()
        self.reading = FolderReading(session)
        self.board = Board(self)
        self.build(self.board)
        self._connect()
        self.restore()
        self._changed()

    # --- building

    def _act(self) -> None:
        self.make_actions(
            {
                "export": self.export, "copy": self.copy, "find": self.seek, "read": self.read_again,
                "folder": self.show_folder, "missing": self.list_missing, "letters": self.write_letters,
                "claim": self.claim_files, "units": self.edit_units, "settings": self.ask_settings,
                "report": self.draft_report, "next": self.next_unit, "prev": self.previous_unit,
            }
        )  # fmt: skip

    def _connect(self) -> None:
        session, board, reading = self.session, self.board, self.reading
        session.changed.connect(self._changed)
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
        board.listed.connect(self._listed)
        board.refresh()  # what it says of what is chosen

    def start(self) -> None:
        """Begins to read the folder; once the window is shown."""
        self.setWindowIcon(theme.app_icon())
        self.remember()
        self.session.make_ready()
        self.reading.watch()
        self._ahead.start()

    def _load_ahead(self) -> None:
        """Loads the pages one by one, that the first turn to each has only to be drawn."""
        for module, _ in _PAGES.values():
            if (name := f"gxeditor.ui.rollup.{module}") not in sys.modules:
                import_module(name)
                return
        self._ahead.stop()

    # --- what the pages ask

    def open_report(self, unit_id: str, page: str = "", cell: str = "", address: str = "") -> None:
        """Opens the report that stands for a unit, only to be read, at a finding, a cell or a page."""
        rollup = self.session.rollup
        one = rollup.used.get(unit_id) or next(iter(rollup.of_unit.get(unit_id, ())), None)
        unit = rollup.units.by_id.get(unit_id)
        if one is None or unit is None:
            self.tell(f"还没有收到{unit.name if unit else '它'}的年报。")
            return
        self._open(one, unit.name, page, cell, address)

    def open_beside(self, units: Sequence[str], cell: str = "") -> None:
        """Opens the reports of two units beside each other, both at this cell."""
        rollup = self.session.rollup
        for unit_id, half in zip(units, ("left", "right"), strict=False):
            if unit_id in rollup.used:
                self._open(rollup.used[unit_id], rollup.units.by_id[unit_id].name, "", cell, "", half)

    def open_file(self, path: str, row: str = "", page: str = "", cell: str = "", address: str = "") -> None:
        """The same for a received file that nobody may have claimed."""
        one = next((one for one in self.session.rollup.received if one.key == (path, row)), None)
        if one is not None:
            self._open(one, one.agency, page, cell, address)

    def _open(self, one: Received, called: str, page: str, cell: str, address: str, half: str = "") -> None:
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
            results[0],
            name,
            path,
            where,
            address=address,
            cell=cell,
            first=first and bool(one.found),
            half=half,
        )

    # --- what is shown

    def page(self, tab: str) -> QWidget:
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
        self.page("sums").go_to(cell)  # type: ignore[attr-defined]

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
        self.show_steps()
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

    # --- reading the folder

    def _reading_began(self) -> None:
        self.board.show_reading(self.session.rollup.changed)
        self.board.line.show_progress(0, 0, "")

    def _reading_ended(self) -> None:
        self._is_remembered = False
        self.board.show_reading(None)

    def _listed(self) -> None:
        """What the board has counted is said on its tab, and to the list of recent files behind a reading."""
        self._show_badges()
        if not self._is_remembered:
            self._is_remembered = True
            self.remember()

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
            self.bar.hide_words("hide")
        elif key == "save_as":
            self.ask_save_as()
        elif key == "again":
            self.save()
        elif key == "anyway" and self.session.lock(anyway=True):
            self.bar.hide_words("anyway")
            self._changed()
            self.reading.watch()

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, "年报现在放在哪个文件夹", str(self.session.folder.parent)
        )
        if not name:
            return
        try:
            if not self._move_to(Path(name)):
                return
        except (GxError, OSError) as error:
            told = error if isinstance(error, GxError) else NotWritten(
                f"“{Path(name).name}”打不开。", "汇总没有变。", "请核对您有没有读写它的权限。"
            )  # fmt: skip
            dialog.show_error(self, told)
            return
        self.bar.hide_words("place")
        self.remember()
        self.reading.begin()

    def _move_to(self, folder: Path) -> bool:
        """Goes on in a folder, unless another roll-up lies there that is not to be replaced."""
        try:
            self.session.move_to(folder)
        except ChangedElsewhere as error:
            choices = (dialog.CANCEL, dialog.Choice("replace", "用这里的替换"))
            answer = dialog.ask(self, "指定文件夹", error.what, error.meaning, error.remedy, choices)
            if answer != "replace":
                return False
            self.session.move_to(folder, anyway=True)
        return True

    # --- commands

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
        self.reading.begin(anew=True)

    def show_folder(self) -> None:
        if trouble := opening.show_in_folder(self.session.path):
            self.tell(trouble)

    def claim_files(self, first: object = None) -> None:
        """Shows the page on which files are given to units, beginning with one of them."""
        if self.session.is_held:
            self.tell(self.session.held)
            return
        one = first if isinstance(first, Received) else next(iter(self.session.rollup.waiting), None)
        if one is None:
            self.tell("没有要认领的文件。")
            return
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
        self.write_letters_to("")

    def write_letters_to(self, unit_id: str, finding: str = "") -> None:
        """The same, with the page of one unit in view; a finding of this key is on it."""
        from gxeditor.ui.rollup.return_page import ReturnPage, Ticks

        self._ticks = self._ticks or Ticks()
        page = ReturnPage(self, self._ticks)
        self.show_over(page)
        if unit_id:
            page.show_unit(unit_id, finding)

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

        asked = ask_settings(self, self.session.rollup, self.session.folder)
        if asked is None:
            return
        changed = replace(  # what was read while the question stood stays
            self.session.rollup, owner=asked.owner, year=asked.year, scope=asked.scope, profile=asked.profile,
            dues=asked.dues, prior=asked.prior,
        )  # fmt: skip
        if self.session.edit(changed, "汇总设置"):
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

    def _take_settings(self, names: frozenset[str]) -> None:
        """Some settings are others now, whichever window has changed them."""
        if "zoom" in names:
            for page in self._pages.values():
                if callable(zoom := getattr(page, "set_zoom", None)):
                    zoom(self.settings.zoom / 100)

    # --- a window of the program

    def save(self) -> bool:
        """「保存」: with what is being typed in a field."""
        self._take_typed()
        return super().save()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is being typed in a field is taken first."""
        self._take_typed()
        super().closeEvent(event)

    def _take_typed(self) -> None:
        """A field takes what was typed when the keys leave it."""
        field = self.focusWidget()
        if field is not None and self._over is not None and self._over.isAncestorOf(field):
            field.clearFocus()
            field.setFocus()

    def stop(self) -> None:
        """Reading, listing and looking are given up."""
        self._ahead.stop()
        self.reading.give_up()
        self.board.stop()
        self.session.stop_looking()

    def remember(self) -> None:
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


def as_read(rollup: Rollup, one: Received) -> Report:
    """A report of the figures that were read of a file, for when the file cannot be read any more."""
    entries = dict(zip(rollup.form.cells, one.values, strict=False))
    report = blank_report(rollup.form, one.year).with_fields(agency=one.agency, date=one.date)
    return report.with_entries({cell: entry for cell, entry in entries.items() if entry is not None})
