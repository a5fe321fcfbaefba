"""The main window: its frame, which of start page, editor and what stands over it is shown, and what a command does.

Puts the rooms together and is their `Desk`; the conversations about files, output, templates and undoing are theirs.
Every change of the report goes through the session. Keeps nothing but settings.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gxeditor import crash
from gxeditor.core import edits
from gxeditor.core.checks.anchors import Anchor
from gxeditor.core.checks.anchors import Cell as CellAnchor
from gxeditor.core.difference import Difference
from gxeditor.core.errors import GxError, NotWritten
from gxeditor.files.aside import OddFile, sentences
from gxeditor.settings import PASSED_OVER, Settings
from gxeditor.ui.editor.page import Page
from gxeditor.ui.editor.pages import SectionTabs, TablePage, make_page
from gxeditor.ui.editor.table.cells import DENSITIES
from gxeditor.ui.findings.panel import FindingsPanel
from gxeditor.ui.look import theme
from gxeditor.ui.look.tasks import Task
from gxeditor.ui.look.told import Sentence, Told
from gxeditor.ui.session import Change, Session
from gxeditor.ui.shell.actions import Actions
from gxeditor.ui.shell.files import Files, report_name
from gxeditor.ui.shell.menus import Menus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gxeditor.core.checks.findings import Finding
    from gxeditor.core.checks.standing import State
    from gxeditor.core.report import Report
    from gxeditor.store.journal import Journal
    from gxeditor.store.rollup_rescue import Rescue
    from gxeditor.ui.checks.checks import Checks
    from gxeditor.ui.finalizing.bar import FinalBar
    from gxeditor.ui.finalizing.finalizing import Finalizing
    from gxeditor.ui.look.written import Written
    from gxeditor.ui.merge.merging import Merging
    from gxeditor.ui.output.output import Output
    from gxeditor.ui.shell.helping import Helping
    from gxeditor.ui.shell.ledgers import Ledgers
    from gxeditor.ui.shell.not_kept import NotKept
    from gxeditor.ui.shell.program import Program
    from gxeditor.ui.shell.rollups import Rollups
    from gxeditor.ui.shell.searching import Searching
    from gxeditor.ui.shell.start import StartPage
    from gxeditor.ui.shell.tour import Tour
    from gxeditor.ui.shell.undo_panel import UndoHistory
    from gxeditor.ui.shell.undoing import Undoing
    from gxeditor.ui.template.filling import Templates

PROGRAM = "政府信息公开年报编辑器"
_ZOOMS = (50, 60, 70, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300)
_WAIT = 300  # milliseconds until what was handed over is tried again
_DRESS = 100  # milliseconds after the first picture, when nobody has reached for a menu yet
_IDLE = 500  # milliseconds without an edit after which something is made ready
_AHEAD = (
    "gxeditor.ui.editor.prose_editor",
    "gxeditor.ui.editor.numbers",
    "gxeditor.ui.editor.prose",
    "gxeditor.ui.editor.card_notes",
)
"""What the first F8 into prose needs, in parts of which none holds up a turn of the event loop.

It is a third of that turn, and is needed by whoever looks at a page of prose. The list of all rules is not among them:
loading it is a sixth of what opening it takes, and 2 MB for the many who never do.
"""
_ON_TEXT = ("cut", "copy", "paste", "all")
# Logical pixels from which the side card of a table and the findings stand open by themselves.
_WIDE, _TALL = 1440, 900
_WHOLE_BAR = 1800  # from which the toolbar has room for all its tools
_THREE = 900  # of a page and its side card, below which the card makes way for what stands beside both
_JUMPS = 20  # so many places to go back to: more than anybody remembers
_APART = (
    40  # logical pixels between a window and one opened beside it: a title bar, so that both titles are read
)
_FULL = 1100  # of a screen up to this height the first start takes all


class MainWindow(QMainWindow):
    """One window, one report at a time. `place_changed` says that another place of the report is being filled."""

    place_changed = Signal()
    _looked_for = Signal(object)

    def __init__(self, session: Session, program: Program) -> None:
        super().__init__()
        self.session = session
        self.program = program
        self._pages: dict[str, Page] = {}
        self._has_report = False
        self._over: QWidget | None = None  # stands in the editor's place: a review, a template
        self._output: Output | None = None
        self._templates: Templates | None = None
        self._undoing: Undoing | None = None
        self._searching: Searching | None = None
        self._undo_history: UndoHistory | None = None
        self._checks: Checks | None = None
        self._helping: Helping | None = None
        self._tour: Tour | None = None
        self.is_practice = False
        """Whether the open report is the one to practise with, of which nothing is kept."""
        self.tour_wanted = False
        """Whether a first start, to which no work was left, begins with the tour."""
        self._finalizing: Finalizing | None = None
        self._merging: Merging | None = None
        self._final_bar: FinalBar | None = None
        self._dropped: list[Path] = []
        self._handed: list[Path] = []
        self._odd: list[OddFile] = []
        self._missing: set[str] = set()
        self._jumps: list[tuple[Callable[[], None], str]] = []
        self._landed: tuple[str, str, int | None] | None = None
        self._looking = False
        self._collecting: Task | None = None
        self.recoveries_later = False
        """Whether the start page waits for `collect_recoveries`: at the start, until its first picture is there."""
        self.setAcceptDrops(True)
        self.setMinimumSize(760, 480)
        self.stack = QStackedWidget()
        whole = QWidget()
        self.beside_all = QHBoxLayout(whole)
        self.beside_all.addWidget(self.stack, 1)
        self.setCentralWidget(whole)
        self._start: StartPage | None = None
        self._nothing = QWidget()
        self.stack.addWidget(self._nothing)
        self.editor = QWidget()
        self.stack.addWidget(self.editor)
        self.tabs = SectionTabs(session.form)
        self.book = QStackedWidget()
        self.panel = FindingsPanel(session)
        self._column = QWidget()
        inside = QVBoxLayout(self._column)
        layout = QVBoxLayout(self.editor)
        self.beside_page = QHBoxLayout()
        self._at_side = QHBoxLayout()
        for box in (inside, layout, self.beside_page, self._at_side, self.beside_all):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
        self._middle = QVBoxLayout()
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.setSpacing(0)
        self.beside_page.addWidget(self.book, 1)
        self._middle.addLayout(self.beside_page, 1)
        self._at_side.addLayout(self._middle, 1)
        inside.addLayout(self._at_side, 1)
        inside.addWidget(self.panel)
        layout.addWidget(self.tabs)
        layout.addWidget(self._column, 1)
        self.files = Files(self)
        self._status()
        self._actions()
        self._connect()
        self._restore()

    # --- building

    def _status(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(12, 0, 12, 0)
        self._place = Sentence()
        self._told = Told()
        self._figures = theme.Label()
        self._zoom_label = theme.Label()
        self._kept = theme.Label()
        bar.addWidget(self._place)
        bar.addWidget(self._told, 1)
        for label in (self._figures, self._zoom_label, self._kept):
            label.setContentsMargins(12, 0, 0, 0)
            bar.addPermanentWidget(label)
        self._not_kept: NotKept | None = None
        self._written: Written | None = None
        self._ahead = iter(_AHEAD)
        self._ahead_timer = QTimer(self, singleShot=True, interval=_IDLE)
        self._ahead_timer.timeout.connect(self._load_ahead)

    def _actions(self) -> None:
        self.acts = acts = Actions(self)
        files = self.files
        for action, does in (
            (acts.new, files.new_blank), (acts.from_prior, files.new_from_prior), (acts.open, files.ask_open),
            (acts.rollup, self.new_rollup),
            (acts.ledger, self.ask_ledger),
            (acts.save, files.begin_save), (acts.save_as, files.begin_save_as), (acts.import_, files.ask_import),
            (acts.close, files.close_report), (acts.quit, self.program.quit), (acts.open_new, files.ask_open_new),
            (acts.show_prior, files.show_prior), (acts.prior, files.choose_prior),
            (acts.carried, files.fill_carried), (acts.draft, files.draft_prose),
            (acts.merge, self.merge_reports),
            (acts.export, self.export), (acts.preview, self.toggle_preview), (acts.locate, self.open_preview),
            (acts.layout, self.ask_layout), (acts.print, self.print_report),
            (acts.copy_table, self.copy_table), (acts.copy_part, self.copy_section),
            (acts.template, self.fill_template), (acts.fill_word, self.fill_last_word),
            (acts.blank_template, self.make_blank_template),
            (acts.undo, self.undo), (acts.redo, self.redo),
            (acts.find, self.seek), (acts.replace, self.replace),
            (acts.find_next, self.find_next), (acts.find_prev, self.find_previous),
            (acts.history, self.toggle_undo_history), (acts.restore, files.ask_restore),
            (acts.prev, self.previous_finding), (acts.next, self.next_finding), (acts.other, self.other_finding),
            (acts.back, self.go_back),
            (acts.fill, self.fill_blanks), (acts.recompute, self.recompute_all),
            (acts.forced, self.fill_forced), (acts.seen, self.tick_off),
            (acts.beside, self.toggle_beside), (acts.walk_years, self.walk_years),
            *((action, self._turn_years) for action in acts.views),
            (acts.follow, self.follow_number), (acts.follow_all, self.follow_numbers),
            (acts.checks, self.open_checks), (acts.of_cell, self.open_checks_of_cell),
            (acts.explain, self.explain_here),
            (acts.finalize, self.finalize), (acts.check_report, self.export_check_report),
            (acts.note, self.write_note), (acts.card, self.toggle_card), (acts.panel, self.toggle_panel),
            (acts.zoom_in, self.zoom_in), (acts.zoom_out, self.zoom_out), (acts.zoom_100, self.zoom_reset),
            (acts.next_tab, self.next_tab), (acts.prev_tab, self.previous_tab), (acts.pane, self.next_pane),
            (acts.help, self.open_help), (acts.help_pdf, self.save_help), (acts.tour, self.begin_tour),
            (acts.keys, self.show_keys), (acts.about, self.show_about),
        ):  # fmt: skip
            action.triggered.connect(does)
        self.menus = Menus(self, acts, self._edit_command, self._density_chosen, self._scheme_chosen)
        self._for_report = [*acts.for_report, *self.menus.editing]
        self._for_table = [*acts.for_table, *self.menus.on_cells]

    def _connect(self) -> None:
        session = self.session
        session.changed.connect(self._report_changed)
        session.file_changed.connect(self._file_changed)
        session.told.connect(self.tell)
        session.in_view.goto.connect(self.go_to)
        session.kept.connect(self._edits_kept)
        session.trouble.connect(self._trouble)
        session.keeping.connect(self._show_keeping)
        session.prior_found.connect(self._prior_found)
        session.odd.connect(self.name_odd)
        # Always queued: it comes from another thread.
        self._looked_for.connect(self._mark_missing, Qt.ConnectionType.QueuedConnection)
        self.tabs.currentChanged.connect(self._show_page)
        self.panel.opened.connect(self._panel_opened)
        self.panel.checks_asked.connect(self.open_checks)
        self.panel.explain_asked.connect(self.explain)
        self.program.settings_changed.connect(self._take_settings)

    def _restore(self) -> None:
        settings = self.settings
        self._check_choices()
        area = QGuiApplication.primaryScreen().availableGeometry()
        if not (
            settings.geometry and self.restoreGeometry(QByteArray.fromHex(settings.geometry.encode("ascii")))
        ):
            self.resize(min(1600, area.width()), min(1000, area.height()))
            if area.height() <= _FULL:
                self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
        self._apply_zoom()

    # --- settings

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

    def _take_settings(self, names: frozenset[str]) -> None:
        """Some settings are others now, whichever window has changed them."""
        if names & {"density", "colour_scheme"}:
            self._check_choices()
        if names & {"density", "zoom"}:
            self._apply_zoom()
        if "recent" in names:
            self._renew_recent_menu()
        if "rules_off" in names:
            self.session.recheck(replace(self.session.given, off=self.settings.rules_off))

    def _check_choices(self) -> None:
        for group, key in (
            (self.menus.densities, self.settings.density),
            (self.menus.schemes, self.settings.colour_scheme),
        ):
            for action in group.actions():
                action.setChecked(action.data() == key)
        self.menus.density_button.setText(DENSITIES.get(self.settings.density, "自动"))

    def _density_chosen(self, action: QAction) -> None:
        self.keep_settings(density=action.data())

    def _scheme_chosen(self, action: QAction) -> None:
        self.keep_settings(colour_scheme=action.data())
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply_theme(app, action.data())

    def _apply_zoom(self) -> None:
        for page in self._pages.values():
            page.set_scale(self.settings.density, self.settings.zoom / 100)
        self._zoom_label.setText(f"缩放 {self.settings.zoom}%")

    def _zoom(self, direction: int) -> None:
        if self._output is not None and self._output.zoom(direction):
            return
        now = self.settings.zoom
        steps = [z for z in _ZOOMS if z > now][:1] if direction > 0 else [z for z in _ZOOMS if z < now][-1:]
        if steps:
            self.keep_settings(zoom=steps[0])

    def zoom_in(self) -> None:
        self._zoom(1)

    def zoom_out(self) -> None:
        self._zoom(-1)

    def zoom_reset(self) -> None:
        if self._output is not None and self._output.zoom(0):
            return
        self.keep_settings(zoom=100)

    # --- what is shown

    @property
    def frame(self) -> QWidget:
        """The window, for a room that knows only the desk."""
        return self

    @property
    def turned(self) -> SignalInstance:
        """Another page has come into view."""
        return self.tabs.currentChanged

    @property
    def here(self) -> str:
        """The key of the page in view, or that is in view again when the editor is."""
        return self.tabs.keys[self.tabs.currentIndex()]

    @property
    def has_report(self) -> bool:
        """Whether a report is open, be it behind the review of an import."""
        return self._has_report

    @property
    def start(self) -> StartPage:
        """The start page; made when it is first needed, not when the program starts on a file."""
        if self._start is None:
            from gxeditor.ui.shell.start import StartPage

            self._start = start = StartPage()
            self.stack.addWidget(start)
            start.new_blank.connect(self.files.new_blank)
            start.new_from_prior.connect(self.files.new_from_prior)
            start.open_file.connect(self.files.ask_open)
            start.import_file.connect(self.files.ask_import)
            start.open_recent.connect(self.files.open_recent)
            start.forget_recent.connect(self._forget_recent)
            start.try_sample.connect(self.files.try_sample)
            start.new_rollup.connect(self.new_rollup)
            start.ask_ledger.connect(self.ask_ledger)
            start.merge_two.connect(self.merge_reports)
            start.recover.connect(self._recover)
            start.drop_recovery.connect(self._drop_rescue)
            start.recover_copy.connect(self.files.recover_copy)
            start.show_recovery.connect(self.files.show_recovery)
            start.odd_read.connect(self._odd_read)
        return self._start

    @property
    def output(self) -> Output:
        """Preview, printing and export; loaded when one of them is first used."""
        if self._output is None:
            from gxeditor.ui.output.output import Output

            self._output = output = Output(self, self.acts.preview)
            output.arranged.connect(self.rearrange)
        return self._output

    @property
    def is_covered(self) -> bool:
        """Whether the preview stands where the page is filled in."""
        return self._output is not None and self._output.covers

    def open_preview(self) -> None:
        """Shows the preview, at the place that is being filled."""
        self.output.open_preview()

    def close_preview(self) -> None:
        """Back to the editor alone."""
        self.output.close_preview()

    def toggle_preview(self) -> None:
        self.output.toggle_preview()

    def ask_layout(self) -> None:
        self.output.ask_layout()

    def print_report(self) -> None:
        self.output.print_report()

    def export(self) -> None:
        self.output.export()

    def copy_table(self) -> None:
        self.output.copy_table()

    def copy_section(self) -> None:
        self.output.copy_section()

    @property
    def templates(self) -> Templates:
        """The filling of foreign workbooks; loaded when first used."""
        if self._templates is None:
            from gxeditor.ui.template.filling import Templates

            self._templates = Templates(self)
        return self._templates

    @property
    def undoing(self) -> Undoing:
        """The conversation about undo and redo; loaded when first used."""
        if self._undoing is None:
            from gxeditor.ui.shell.undoing import Undoing

            self._undoing = Undoing(self, self.acts.undo, self.acts.redo)
        return self._undoing

    @property
    def asks_to_undo(self) -> bool:
        """Whether the bar is in view that asks before something out of view is undone."""
        return self._undoing is not None and self._undoing.bar.isVisible()

    @property
    def searching(self) -> Searching:
        """The bar for finding and replacing; loaded when first used."""
        if self._searching is None:
            from gxeditor.ui.shell.searching import Searching

            self._searching = Searching(self)
        return self._searching

    def seek(self) -> None:
        self.searching.open()

    def replace(self) -> None:
        self.searching.open(replacing=True)

    def find_next(self) -> None:
        self.searching.step(1)

    def find_previous(self) -> None:
        self.searching.step(-1)

    def at(self) -> Anchor:
        """Where the clerk is in the report."""
        return self.page(self.here).at()

    def show_found(self, where: Anchor, start: int, end: int, *, focus: bool = False) -> None:
        """Turns to the page of what was found and marks it there; the focus goes there only if wanted."""
        holder = QApplication.focusWidget()
        self.turn_to(where.page)
        if not focus and holder is not None and holder is not QApplication.focusWidget():
            holder.setFocus()  # turning a page takes it
        self.page(where.page).show_found(where, start, end, focus=focus)

    def leave_found(self) -> None:
        """What was found is framed no longer, on any page."""
        for page in self._pages.values():
            page.leave_found()

    @property
    def undo_history(self) -> UndoHistory:
        """「撤销历史」; loaded when first used."""
        if self._undo_history is None:
            from gxeditor.ui.shell.undo_panel import UndoHistory

            self._undo_history = UndoHistory(self, self.files.open_copy)
        return self._undo_history

    @property
    def shows_history(self) -> bool:
        """Whether 「撤销历史」 is open."""
        return self._undo_history is not None and self._undo_history.is_open

    def toggle_undo_history(self) -> None:
        self.undo_history.toggle()

    @property
    def checks(self) -> Checks:
        """The list of all rules; loaded when first used."""
        if self._checks is None:
            from gxeditor.ui.checks.checks import Checks

            self._checks = Checks(self)
        return self._checks

    @property
    def helping(self) -> Helping:
        """The manual; loaded when it is first asked for."""
        if self._helping is None:
            from gxeditor.ui.shell.helping import Helping

            self._helping = Helping(self)
        return self._helping

    def open_help(self) -> None:
        """F1: the manual, at what is in hand."""
        self.helping.open()

    def help_above(self, asked: QWidget) -> None:
        """F1 in a dialog: the manual above it."""
        self.helping.open_above(asked)

    def save_help(self) -> None:
        self.helping.save_pdf()

    @property
    def is_helped(self) -> bool:
        """Whether the manual is open in this window."""
        return self._helping is not None and self._helping.is_open

    def begin_tour(self) -> None:
        """The tour, from its first step; the open report is closed for it, as ever."""
        from gxeditor.ui.shell.tour import Tour

        if self._tour is not None and self._tour.is_on:
            return
        tour = Tour(self)
        if tour.begin():
            self._tour = tour
            self.keep_settings(toured=True)

    def practise(self, report: Report) -> None:
        """Opens a report of which nothing is kept."""
        self.session.begin(report, kept=False)
        self.is_practice = True
        self.open_at("requests")
        self._kept.setText("练习，不保存")

    def end_practice(self) -> None:
        """Back to the start page, if the report to practise with is still the open one."""
        if self.is_practice:
            self.files.close_report()

    def list_checks(self, state: State) -> None:
        """Shows how the rules of a state stand."""
        self.checks.open(state=state)

    @property
    def merging(self) -> Merging:
        """Merging two copies of the report, which is loaded when it is first asked for."""
        if self._merging is None:
            from gxeditor.ui.merge.merging import Merging

            self._merging = Merging(self)
        return self._merging

    @property
    def finalizing(self) -> Finalizing:
        """The conversation about 定稿; loaded when first used."""
        if self._finalizing is None:
            from gxeditor.ui.finalizing.finalizing import Finalizing

            self._finalizing = Finalizing(self)
        return self._finalizing

    def finalize(self) -> None:
        self.finalizing.open()

    def export_check_report(self) -> None:
        self.finalizing.export()

    def reopen_final(self) -> None:
        self.finalizing.reopen()

    def _renew_final_bar(self) -> None:
        """The bar over the pages of a final report; made when there is the first."""
        report = self.session.report
        if report.is_final and self._final_bar is None:
            from gxeditor.ui.finalizing.bar import FinalBar

            self._final_bar = bar = FinalBar()
            bar.reopen_asked.connect(self.reopen_final)
            bar.report_asked.connect(self.export_check_report)
            outer = self.editor.layout()
            assert isinstance(outer, QVBoxLayout)
            outer.insertWidget(1, bar)  # below the tabs
        if self._final_bar is not None:
            if report.is_final:
                self._final_bar.show_final(report.finals[-1])
            self._final_bar.setVisible(report.is_final)

    def open_checks(self) -> None:
        """Shows how every rule stands."""
        self.checks.open()

    def open_checks_of_cell(self) -> None:
        """Shows how the rules stand that the present cell is in."""
        target, _ = self.target()
        self.checks.open(cell=target if target in self.session.form.cells else "")

    def explain(self, finding: Finding) -> None:
        """「核实无误…」: asks why a finding stands, and keeps the answer."""
        if finding.can_be_explained:
            self.checks.explain(finding)
        else:
            self.tell("这一条要改正或看过后销去，不能用说明代替。")

    def explain_here(self) -> None:
        """Explains the finding that is looked at, or the one at the present cell or the caret."""
        self.finish_editing()
        finding = next((one for one in self.looked_at() if one.can_be_explained), None)
        if finding is None:
            self.tell("这里没有要核实的问题。")
        else:
            self.checks.explain(finding)

    def came_from(self, back: Callable[[], None], name: str) -> None:
        """Alt+← leads back by `back` to what is called `name`, which has just led to a place in the report."""
        self._remember(back, name)
        self.tell(f"Alt+← 回到{name}")

    def _entry_dropped(self) -> None:
        self.undoing.entry_dropped()

    def merge_reports(self) -> None:
        """「合并两份年报」: the open report with another copy of it; without one both files are asked for."""
        if not self._has_report:
            self.files.ask_open_as("选本机的那一份")
        if (
            self._has_report and self._over is None
        ):  # what was chosen may be a foreign file, which is reviewed first
            self.merging.choose()

    def fill_template(self) -> None:
        self.templates.choose()

    def fill_last_word(self) -> None:
        self.templates.fill_word()

    def make_blank_template(self) -> None:
        self.templates.make_blank()

    def show_start(self) -> None:
        """The start page, which stands where no report is open."""
        self._has_report = False
        self._renew_start()
        self._switch(self.start)
        self.start.setFocus()

    def _switch(self, widget: QWidget) -> None:
        self.stack.setCurrentWidget(widget)
        if self._over is not None and widget is not self._over:
            self.stack.removeWidget(self._over)
            self._over.deleteLater()
            self._over = None
        editing = widget is self.editor
        self.menus.toolbar.setVisible(editing)
        self.statusBar().setVisible(editing)
        for action in self._for_report:
            action.setEnabled(editing)
        self.acts.back.setEnabled(editing and bool(self._jumps))
        self.acts.merge.setEnabled(editing or widget is self._start)
        self._file_changed()

    def _renew_start(self) -> None:
        self.start.set_recent(self.settings.recent, self._missing, datetime.now())
        self._look_for_recent()
        self.start.set_recoveries([])
        if not self.recoveries_later:
            self.collect_recoveries()
        self.start.set_odd(sentences(self._odd))

    def collect_recoveries(self) -> None:
        """Has the work that was left unsaved read beside the window; the start page offers it when it is known."""
        self.recoveries_later = False
        if self._collecting is not None:
            self._collecting.cancel()
        if self._start is None or self._has_report:
            return
        session, folder = self.session, self.program.rescues

        def collect(_: object) -> tuple[Journal | Rescue, ...] | None:
            try:
                left: tuple[Journal | Rescue, ...] = session.recoveries()
                if folder is not None and next(folder.glob("*rescue"), None) is not None:
                    from gxeditor.store.rollup_rescue import (
                        rescues,
                    )  # with the room of roll-ups: only if needed

                    left = (*left, *rescues(folder))
                return left
            except (
                Exception
            ) as error:  # one that was odd would keep the others from being offered, at every start
                crash.log.critical("%s", crash.report_text(error).rstrip())
                return None

        self._collecting = task = Task(collect, may_hang=True)
        task.done.connect(self._offer)
        task.done.connect(self._first_steps)
        task.ended.connect(lambda: self._collected(task))
        task.start()

    def _recover(self, left: Journal | Rescue) -> None:
        from gxeditor.store.journal import Journal

        if isinstance(left, Journal):
            self.files.recover(left)
        elif self._room_of(left).recover(left, self) is not None:
            self.collect_recoveries()

    def _room_of(self, left: Rescue) -> Ledgers | Rollups:
        return self.program.ledgers if left.is_ledger else self.program.rollups

    def _drop_rescue(self, left: Rescue) -> None:
        from gxeditor.store.rollup_rescue import drop

        drop(left.file.parent, left.path)
        self.collect_recoveries()

    def _offer(self, found: tuple[Journal | Rescue, ...] | None) -> None:
        from gxeditor.store.journal import Journal
        from gxeditor.ui.shell.start import RecoveryLine, said_when

        if found is None:
            self.tell("有的恢复记录读不出来，它们留在原处。")
        elif not self._has_report:  # else one of them may have been taken up meanwhile
            now = datetime.now()
            self.start.set_recoveries(
                [
                    RecoveryLine(
                        left, left.owner, left.year, said_when(datetime.fromtimestamp(left.when), now),
                        str(left.path), 0, kind="台账" if left.is_ledger else "汇总",
                    )
                    if not isinstance(left, Journal)
                    else RecoveryLine(
                        left, left.agency, left.year, said_when(left.when.replace(tzinfo=None), now),
                        str(left.path) if left.path else "还没有保存过", left.edits, left.whole,
                    )
                    for left in found
                    if isinstance(left, Journal) or not self._room_of(left).is_open(left.path)
                ]
            )  # fmt: skip

    def _first_steps(self, found: tuple[Journal | Rescue, ...] | None) -> None:
        """The tour, once: at the very first start, where nobody has any work yet."""
        settings = self.settings
        wanted, self.tour_wanted = self.tour_wanted, False
        # Where something odd lies, the program has been here before, and that is to be read first.
        before = settings.toured or settings.recent or settings.geometry or self._odd
        if wanted and found == () and not before and not self._has_report and self._over is None:
            self.begin_tour()

    def _collected(self, task: Task) -> None:
        if self._collecting is task:
            self._collecting = None

    @property
    def is_collecting(self) -> bool:
        """Whether it is not known yet what work was left unsaved."""
        return self._collecting is not None

    def _look_for_recent(self) -> None:
        """Finds out, beside the window, which recent files are gone: a drive that does not answer holds nobody up."""
        paths = [file.path for file in self.settings.recent]
        if self._looking or not paths:
            return
        self._looking = True

        def look() -> None:
            missing = {path for path in paths if not os.path.exists(path)}
            with suppress(RuntimeError):  # the window has gone meanwhile
                self._looked_for.emit(missing)

        # A daemon, so that the program ends even if the drive never answers.
        threading.Thread(target=look, name="recent", daemon=True).start()

    def _mark_missing(self, missing: set[str]) -> None:
        self._looking = False
        if missing != self._missing:
            self._missing = missing
            self.start.set_recent(self.settings.recent, missing, datetime.now())

    def name_odd(self, odd: OddFile) -> None:
        """Tells, once, of a file in the user's folders that could not be read; it stays on the start page till read."""
        if odd.now is None:
            if odd.mark in self.settings.passed_over:
                return
            marks = (*self.settings.passed_over, odd.mark)[-PASSED_OVER:]
            self.keep_settings(passed_over=marks)
        self._odd.append(odd)
        if self._has_report or self._over is not None:
            self.tell(str(odd))
        elif self._start is not None:
            self._start.set_odd(sentences(self._odd))

    def _odd_read(self) -> None:
        self._odd.clear()
        self.start.set_odd([])

    def show_editor(self) -> None:
        """Shows the open report again, on the page that was in view."""
        self._switch(self.editor)
        self._show_page(self.tabs.currentIndex())

    def page(self, key: str) -> Page:
        """The page of a section ("" for 基本信息), made if need be."""
        if key not in self._pages:
            page = make_page(self.session, key, self.book)
            self._pages[key] = page
            self.book.addWidget(page)
            page.place_changed.connect(self._renew_place)
            page.figures.connect(self._figures.setText)
            page.told.connect(self.tell)
            page.zoom_asked.connect(self._zoom)
            page.dropped.connect(self._entry_dropped)
            page.beside_changed.connect(self._beside_changed)
            page.prior_asked.connect(self.files.choose_prior)
            page.prior_show_asked.connect(self.files.show_prior)
            page.prior_dropped.connect(self.files.drop_prior)
            page.prior_read_asked.connect(self.files.read_prior_again)
            page.prior_prose_asked.connect(self.files.draft_prose)
            if page.card is not None:
                page.card.opened.connect(self._card_opened)
                page.card.checks_asked.connect(self.open_checks_of_cell)
            if isinstance(page, TablePage):
                page.grid.offered = (self.acts.copy_table, self.acts.locate, self.acts.of_cell)
            page.set_scale(self.settings.density, self.settings.zoom / 100)
        return self._pages[key]

    def _show_page(self, place: int) -> None:
        if self.stack.currentWidget() is not self.editor:
            return
        self.finish_editing()
        key = self.tabs.keys[place]
        page = self.page(key)
        self.book.setCurrentWidget(page)
        kind = page.kind
        self.acts.card.setEnabled(page.card is not None)
        for action in self._for_table:
            action.setEnabled(kind == "table")
        self.acts.copy_part.setEnabled(bool(key))
        self.acts.beside.setChecked(page.is_beside)
        self.menus.density_button.setEnabled(kind == "table")
        self._fit_panes(page)
        self.panel.set_section(key)
        self._figures.clear()
        self._renew_place()
        page.setFocus()

    def _fit_panes(self, page: Page) -> None:
        """Opens side card and findings where the user left them open or, undecided, where there is room."""
        if page.card is not None:
            taken = self._output.taken if self._output is not None else 0
            taken += self._undo_history.taken if self._undo_history is not None else 0
            taken += self._helping.taken if self._helping is not None else 0
            room = self.width() - taken >= _WIDE or (page.kind != "table" and not taken)
            # Two years' texts side by side leave no room for the card below this width; F4 opens it all the same.
            crowded = page.kind == "prose" and page.is_beside and self.width() - taken < _WHOLE_BAR
            crowded |= taken > 0 and self.width() - taken < _THREE
            page.card.set_open(not crowded and self.settings.side_card.get(page.kind, room))
            self.acts.card.setChecked(page.card.is_open)
        self.panel.set_open(self.settings.findings_panel.get(page.kind, self.height() >= _TALL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.menus.set_wide(self.width() >= _WHOLE_BAR)
        if self._undo_history is not None:
            self._undo_history.panel.fit(self.width())
        self.rearrange()

    def rearrange(self) -> None:
        """Shares the room out anew, after something beside the page came or went."""
        if self._helping is not None:
            self._helping.arrange()
        if self.shown_page is not None:
            self._fit_panes(self.shown_page)

    @property
    def shown_page(self) -> Page | None:
        """The page in view, or the one that is in view again when the editor is."""
        page = self.book.currentWidget()
        return page if isinstance(page, Page) else None

    def turn_to(self, key: str) -> None:
        """Brings a page into view, also one that is turned to already and whose place the manual has taken."""
        if self._helping is not None:
            self._helping.make_way()
        self.tabs.setCurrentIndex(self.tabs.keys.index(key))

    def target(self) -> tuple[str, int | None]:
        """What is being filled, as the page in view says it."""
        return self.shown_page.target() if self.shown_page is not None else ("", None)

    def drop_entry(self) -> bool:
        """Gives up an entry that the page in view refused; False if there is none."""
        return self.shown_page is not None and self.shown_page.drop_entry()

    def focus_page(self) -> None:
        """Puts the focus back on the page in view."""
        if self.shown_page is not None:
            self.shown_page.setFocus()

    def show_target(self, key: str, target: str, paragraph: int | None) -> None:
        """Turns to a page and puts the focus where `target` is filled."""
        self.turn_to(key)
        self.page(key).show_target(target, paragraph)

    def show_difference(self, key: str, change: Difference) -> None:
        """Brings into view, on a page that was turned to, what differs; the report is `change.after`."""
        for widget in (self.editor, self._column):
            layout = widget.layout()
            if layout is not None:
                layout.activate()  # what is scrolled to must have its place
        page = self.page(key)
        page.show_difference(change)
        if page.card is not None:
            self.acts.card.setChecked(page.card.is_open)

    def put_beside(self, widget: QWidget, name: str) -> QSplitter:
        """Puts a widget beside page and findings; the splitter `name` then holds both, theirs first."""
        splitter = QSplitter()
        splitter.setAccessibleName(name)
        splitter.setHandleWidth(5)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._column)
        splitter.addWidget(widget)
        splitter.setStretchFactor(0, 1)
        outer = self.editor.layout()
        assert isinstance(outer, QVBoxLayout)
        outer.addWidget(splitter, 1)
        return splitter

    def put_above_findings(self, widget: QWidget) -> None:
        """Puts a widget between page and findings, also below what stands beside the page."""
        self._middle.addWidget(widget)

    def put_at_side(self, widget: QWidget) -> None:
        """Puts a widget at the right of the page and what stands below it, above the findings."""
        self._at_side.addWidget(widget)

    def _page_kind(self) -> str:
        return self.shown_page.kind if self.shown_page is not None else ""

    def _renew_place(self) -> None:
        self._place.setText(self.shown_page.place() if self.shown_page is not None else "")
        self.place_changed.emit()

    def _card_opened(self, is_open: bool) -> None:
        card = self.shown_page.card if self.shown_page is not None else None
        if not is_open and card is not None and _has_focus(card):
            self.focus_page()  # not the rail: who reads and closes goes on filling in
        self.acts.card.setChecked(is_open)
        self.keep_settings(side_card={**self.settings.side_card, self._page_kind(): is_open})

    def toggle_card(self) -> None:
        card = self.shown_page.card if self.shown_page is not None else None
        if card is not None:
            card.toggle_notes()

    def toggle_panel(self) -> None:
        had_focus = _has_focus(self.panel)
        self.panel.set_open(not self.panel.is_open)
        self._panel_opened(self.panel.is_open)
        if had_focus:
            self.focus_page()

    def open_findings(self) -> None:
        """Opens the list of findings, if it is closed."""
        if not self.panel.is_open:
            self.toggle_panel()

    def _panel_opened(self, is_open: bool) -> None:
        if not is_open and _has_focus(self.panel):
            self.focus_page()
        self.keep_settings(findings_panel={**self.settings.findings_panel, self._page_kind(): is_open})

    def toggle_beside(self) -> None:
        """「对照上年」 of the page in view."""
        page = self.shown_page
        if page is not None:
            self.finish_editing()
            page.set_beside(not page.is_beside)
            self._beside_changed()

    def _beside_changed(self) -> None:
        page = self.shown_page
        self.acts.beside.setChecked(page is not None and page.is_beside)
        if page is not None and page.kind == "prose":
            self._fit_panes(page)

    def _turn_years(self) -> None:
        action, page = self.sender(), self.shown_page
        if isinstance(action, QAction) and isinstance(page, TablePage):
            page.set_view(action.data())

    def walk_years(self) -> None:
        """「逐处改年份」"""
        self.finish_editing()
        if self.shown_page is not None:
            self.shown_page.walk_years()

    def next_tab(self) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % self.tabs.count())

    def previous_tab(self) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() - 1) % self.tabs.count())

    def write_note(self) -> None:
        """「表下注释」: into the note below the table in view."""
        if isinstance(self.shown_page, TablePage):
            self.shown_page.note.write()

    def next_pane(self) -> None:
        """F6: table or text, what pasting left out, the search, the panels beside, findings, tabs, and around; first
        what undo asks."""
        if self._undoing is not None and self._undoing.bar.isVisible() and not self._undoing.bar.has_keys:
            self._undoing.bar.take_keys()
            return
        page = self.shown_page
        card = page.card if page is not None else None
        aside = page.aside if page is not None else None
        steps = self._undo_history
        history = steps.panel if steps is not None and steps.is_open else None
        manual = self._helping.view if self._helping is not None and self._helping.is_open else None
        tour = self._tour.callout if self._tour is not None and self._tour.is_on else None
        search = (
            self._searching.bar if self._searching is not None and self._searching.bar.isVisible() else None
        )
        stops = (page, tour, aside, search, card, history, manual, self.panel, self.tabs)
        panes: list[QWidget] = [w for w in stops if w is not None]
        focus = self.focusWidget()
        inside = [focus is not None and (pane is focus or pane.isAncestorOf(focus)) for pane in panes]
        here = max((i for i, has_focus in enumerate(inside) if has_focus), default=-1)
        target = panes[(here + 1) % len(panes)]
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, text: str) -> None:
        """A sentence in the status bar for some seconds; one that stands there is not said again."""
        self._told.say(text)

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        """Says which files were written, and offers to open them and their folder."""
        if self._written is None:
            from gxeditor.ui.look.written import Written

            self._written = Written()
            self._written.told.connect(self.tell)
            self.statusBar().insertWidget(2, self._written)
        self.tell(text)
        self._written.offer(paths)

    def finish_editing(self) -> None:
        """Whatever is being typed reaches the report before anything is done with it."""
        QGuiApplication.inputMethod().commit()
        if self.shown_page is not None:
            self.shown_page.finish()

    def _report_changed(self, _change: Change) -> None:
        if self._ahead_timer.isActive():
            self._ahead_timer.start()
        self._told.grow_old()
        self.tabs.show_counts(self.session.findings)

    def _file_changed(self) -> None:
        session, editing = self.session, self.stack.currentWidget() is self.editor
        history = session.history
        self.acts.undo.setEnabled(editing and history.can_undo)
        self.acts.redo.setEnabled(editing and history.can_redo)
        self.acts.undo.setText(f"撤销(&U) {theme.plain_action(history.undo_label)}".rstrip())
        self.acts.redo.setText(f"重做(&R) {theme.plain_action(history.redo_label)}".rstrip())
        self.acts.undo.setIconText(" 撤销")
        self.acts.redo.setIconText(" 重做")
        if self._has_report:
            name = session.path.name if session.path else f"{report_name(session.report)}（未保存）"
            name = session.read_only or name
            if self.is_practice:
                name = f"练习：{report_name(session.report)}"
            states = "　已定稿" if session.report.is_final else ""
            states += "　只读" if session.read_only else ""
            if session.savings:
                states += "　正在保存"
            name = name.replace("[*]", "[*][*]")  # twice is itself, for Qt
            self.setWindowTitle(f"[*]{name}{states} - {PROGRAM}")
        else:
            self.setWindowTitle(PROGRAM)
        self.setWindowModified(self._has_report and session.modified and not self.is_practice)
        self.acts.save.setEnabled(editing and not session.read_only and not self.is_practice)
        self.acts.save_as.setEnabled(editing and not self.is_practice)
        self._renew_final_bar()

    def _edits_kept(self, when: datetime) -> None:
        self._kept.setText(f"已自动保留 {when:%H:%M}")

    def _show_keeping(self, error: NotWritten | None) -> None:
        """Says, for as long as it lasts, that edits do not reach the journal."""
        if error is not None and self._not_kept is None:
            from gxeditor.ui.shell.not_kept import NotKept

            self._not_kept = NotKept(self.acts.save, self.acts.save_as)
            self.statusBar().addPermanentWidget(self._not_kept)
        if self._not_kept is not None:
            self._not_kept.show_state(error)
        self._kept.setVisible(error is None)

    def _trouble(self, error: GxError) -> None:
        from gxeditor.ui.look import dialog

        dialog.show_error(self, error)

    # --- edits and findings

    def undo(self) -> None:
        self.undoing.go(-1)

    def redo(self) -> None:
        self.undoing.go(1)

    def _edit_command(self) -> None:
        from PySide6.QtWidgets import QTextEdit

        action = self.sender()
        command = action.data() if isinstance(action, QAction) else ""
        page, focus = self.shown_page, self.focusWidget()
        if isinstance(page, TablePage) and not (
            isinstance(focus, QLineEdit | QTextEdit) and command in _ON_TEXT
        ):
            grid = page.grid
            {
                "cut": grid.cut, "copy": grid.copy, "paste": grid.paste, "all": grid.selectAll,
                "clear": grid.clear_cells,
                "down": grid.fill_down, "right": grid.fill_right,
            }[command]()  # fmt: skip
        elif isinstance(focus, QLineEdit | QTextEdit):
            {"cut": focus.cut, "copy": focus.copy, "paste": focus.paste, "all": focus.selectAll}[command]()

    def next_finding(self) -> None:
        self.finish_editing()
        self.session.in_view.step(1, self.tabs.keys[self.tabs.currentIndex()])

    def previous_finding(self) -> None:
        self.finish_editing()
        self.session.in_view.step(-1, self.tabs.keys[self.tabs.currentIndex()])

    def other_finding(self) -> None:
        page = self.book.currentWidget()
        if isinstance(page, TablePage):
            page.next_finding_of_cell()

    def go_to(self, anchor: Anchor) -> None:
        """Shows the page of a place in the report, and there the place; `go_back` leads back to where one was."""
        if (here := self._here()) != self._landed:  # jumps one after the other begin where the first began
            self._remember(lambda: self._return_to(*here), "跳转前的地方")
        self.tabs.setCurrentIndex(self.tabs.keys.index(anchor.page))
        self.page(anchor.page).go_to(anchor)
        self._landed = self._here()

    def _remember(self, back: Callable[[], None], name: str) -> None:
        """Alt+← leads back by `back` from now on; what was remembered before follows after it."""
        self._jumps = [*self._jumps, (back, name)][-_JUMPS:]
        self._name_way_back()

    def _name_way_back(self) -> None:
        self.acts.back.setText(f"回到{self._jumps[-1][1] if self._jumps else '跳转前的地方'}(&B)")
        self.acts.back.setEnabled(bool(self._jumps))

    def go_back(self) -> None:
        """Back to where the last jump began, and then to where the one before it did."""
        if self._jumps:
            self.finish_editing()
            *self._jumps, (back, _) = self._jumps
            self._name_way_back()
            self._landed = None
            back()

    def _return_to(self, key: str, target: str, paragraph: int | None) -> None:
        self.session.in_view.pin(None)
        self.show_target(key, target, paragraph)

    def _here(self) -> tuple[str, str, int | None]:
        """What is being filled: the page, and there the place."""
        key = self.tabs.keys[self.tabs.currentIndex()]
        return key, *self.page(key).target()

    def fill_blanks(self) -> None:
        """「其余空格填 0」: of the table in view, or of all tables on another page."""
        from gxeditor.ui.shell import questions

        self.finish_editing()
        if self.session.held():
            return
        page = self.book.currentWidget()
        report = self.session.report
        cells = (
            page.section.table.cells
            if isinstance(page, TablePage) and page.section.table
            else tuple(report.form.cells.values())
        )
        blanks = edits.blank_cells(report, cells)
        if not blanks:
            self.tell("没有未填的格。")
        elif questions.ask_fill_blanks(self, blanks):
            self.session.edit(edits.fill_blanks(report, blanks), f"把 {len(blanks)} 个未填的格填为 0")
            self.tell(f"已把 {len(blanks)} 个未填的格填为 0，可以撤销。")

    def fill_forced(self) -> None:
        """「按提示填入」: what the equations leave no choice for, after it has been shown."""
        from gxeditor.ui.shell import questions

        self.finish_editing()
        if self.session.held():
            return
        values = self.session.forced()
        if not values:
            self.tell("没有能由勾稽关系推出的未填格。")
        elif questions.ask_fill_forced(self, values):
            self.session.fill_forced(values)

    def follow_number(self) -> None:
        """「光标处的数跟随表格」: the number at the caret, in the text of the page in view."""
        self.finish_editing()
        numbers = self.shown_page.numbers if self.shown_page is not None else None
        if numbers is None or not numbers.follow_here():
            self.tell("光标不在能跟随表格的数上：要用数字写、与表中的数相同，并看得出指哪一格。")

    def follow_numbers(self) -> None:
        """「与表相同的数都跟随表格」, in all texts of the report."""
        from gxeditor.ui.editor.numbers import follow_everywhere

        self.finish_editing()
        if not follow_everywhere(self.session):
            self.tell("没有可以跟随表格的数，或都已经在跟随了。")

    def tick_off(self) -> None:
        """「看过了」 of the doubt that is looked at, or of the one at the present cell or the caret."""
        self.finish_editing()
        doubt = next((finding for finding in self.looked_at() if finding.is_doubt), None)
        if doubt is None:
            self.tell("这里没有存疑的数，也没有去年的年份和数。")
        else:
            self.session.tick_off(doubt)

    def looked_at(self) -> list[Finding]:
        """The finding that is looked at, then those at the present cell or the caret."""
        page = self.book.currentWidget()
        looked = [one for one in (self.session.in_view.pinned,) if one is not None]
        if isinstance(page, TablePage) and (cell := page.grid.current_cell()) is not None:
            looked += self.session.findings.by_cell.get(cell.id, ())
        elif isinstance(page, Page) and (at := page.span()) is not None:
            looked += [
                finding
                for finding in self.session.findings.of_page(at.page)
                for one in finding.spans
                if one.section == at.section and one.start <= at.end and at.start <= one.end
            ]
        return looked

    def recompute_all(self) -> None:
        from gxeditor.ui import recomputing

        self.finish_editing()
        report = self.session.report
        if not recomputing.recompute(self, self.session, edits.totals_to_mend(report)):
            typed = [cell for cell in report.form.totals if not report.is_automatic(cell.id)]
            unknown = sum(report.details_sum(cell) is None for cell in typed)
            rest = f"有 {unknown} 个手填的合计明细没有填全，没有核对。" if unknown else ""
            self.tell(f"没有要改的：没有与明细不一致的合计。{rest}")

    # --- reports that come and go

    def _renew_recent_menu(self) -> None:
        self.menus.recent.clear()
        for place, file in enumerate(self.settings.recent[:9]):
            name = f"{file.agency or Path(file.path).stem} {file.year or ''}　{file.path}"
            action = self.menus.recent.addAction(theme.plain_action(name))
            action.setToolTip(theme.plain_tip(file.path))  # Qt would make one of the text
            action.setData(place)  # a path that is no text on this system would not survive Qt
            action.triggered.connect(self._recent_chosen)
        self.menus.recent.setEnabled(bool(self.settings.recent))

    def _recent_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.files.open_recent(self.settings.recent[action.data()].path)

    def _forget_recent(self, path: str) -> None:
        self.files.forget_recent(path)
        self._renew_start()

    def open_at(self, key: str) -> None:
        """Shows the report that the session has taken up, on the page of a section."""
        self._has_report = True
        self._ahead_timer.start()
        self._kept.clear()
        self.tabs.show_counts(self.session.findings)
        place = self.tabs.keys.index(key)
        if place == self.tabs.currentIndex():
            self.show_editor()
        else:
            self._switch(self.editor)
            self.tabs.setCurrentIndex(place)

    def forget_report(self) -> None:
        """The session has closed its report: nothing that was said or shown of it stays."""
        self._told.clear()
        if self._written is not None:
            self._written.hide()
        if self._searching is not None:
            self._searching.bar.hide()
        if self.shows_history:
            self.undo_history.close()
        self._jumps, self._landed = [], None
        self._name_way_back()
        self._has_report = self.is_practice = False
        if self._tour is not None and self._tour.is_on:
            self._tour.stop()
        if self._finalizing is not None:
            self._finalizing.forget()
        if self._output is not None:
            self._output.leave_report()

    def save_report(self) -> bool:
        """Saves the report, asking where if it belongs to no file; False if it was not saved."""
        return self.files.save()

    def show_read_only(
        self, report: Report, name: str, original: Path | None = None, page: str = "requests"
    ) -> None:
        """Shows a report that is only to be read, called `name`, in a window of its own, on a page of it."""
        self.program.show_read_only(report, name, original, page)

    def folder(self) -> Path:
        """Where a dialog about files begins."""
        return self.files.folder()

    def show_over(self, page: QWidget) -> None:
        """Shows a page in place of the editor, until that or another page is shown again."""
        self.stack.addWidget(page)
        self._switch(page)
        self._over = page

    def leave_over(self) -> None:
        """Back from such a page."""
        if self._has_report:
            self.show_editor()
        else:
            self.show_start()

    def _prior_found(self) -> None:
        """Says what has become of the file of last year's report, behind what is being said."""
        file = self.session.prior_file
        if file is not None and file.state in ("changed", "missing", "closed"):
            before = self._told.text()
            self.tell(f"{before}　上年年报：{file.words}" if before else f"上年年报：{file.words}")

    # --- window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            self._dropped = paths[:1]
            QTimer.singleShot(0, self._take_handed)  # the program that drags waits until this returns

    def open_rollup(self, path: Path) -> None:
        """Opens a roll-up in a window of its own."""
        self.program.rollups.open(path, self)

    def open_ledger(self, path: Path) -> None:
        """Opens a ledger in a window of its own."""
        self.program.ledgers.open(path, self)

    def ask_ledger(self) -> None:
        """「台账」: the one that was open last, another one, or a new one."""
        self.program.ledgers.ask(self)

    def begin_rollup(self, folder: Path) -> None:
        """Asks whether a roll-up of this folder is to be begun."""
        self.program.rollups.begin(self, folder)

    def new_rollup(self) -> None:
        """「汇总」: asks for the folder of the reports."""
        self.program.rollups.ask_folder(self)

    def open_elsewhere(self) -> tuple[Path, ...]:
        """The files that are edited in other windows."""
        return self.program.open_paths(self)

    def come_forward_with(self, path: Path) -> None:
        """Brings the window to the front in which one of these is edited."""
        self.program.come_forward_with(path)

    def open_in_new(self, path: Path) -> None:
        """Opens a file in a window of its own."""
        self.program.open_in_new(path)

    @property
    def is_in_use(self) -> bool:
        """Whether a report is open here, or something stands in its place that wants an answer."""
        return self._has_report or self._over is not None or self.files.is_waiting

    @property
    def is_unsaved(self) -> bool:
        """Whether closing it asks what to do with what is not saved."""
        return self._has_report and self.session.modified

    def flush(self) -> None:
        """Has every edit on the disk."""
        self.session.flush()

    def look_at(self, address: str, cell: str, first: bool) -> None:
        """Brings into view the finding of an address, else a cell, else the first finding if wanted."""
        found = next((one for one in self.session.findings.findings if one.address == address), None)
        if found is not None and address:
            self.session.in_view.lead_to(found)
        elif cell in self.session.form.cells:
            self.go_to(CellAnchor(cell))
        elif first:
            self.next_finding()

    def come_forward(self) -> None:
        """Comes to the front, out of the task bar if need be."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()  # one that stands behind a roll-up since the start has not been
        self.raise_()
        self.activateWindow()

    def stand_beside(self, whole: bool, place: QPoint, size: QSize) -> None:
        """Takes a place beside a window that has this one, of this size, or the whole screen; its title stays seen."""
        if whole:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
            return
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMaximized)
        area = (QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()).availableGeometry()
        self.resize(size)
        place += QPoint(_APART, _APART)
        if not area.contains(place + QPoint(_APART, _APART)):
            place = area.topLeft()
        self.move(place)

    def take_half(self, half: str) -> None:
        """Takes the "left" or the "right" half of its screen; on a narrow one the two overlap a little."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMaximized)
        area, frame = self.screen().availableGeometry(), self.frameGeometry().size() - self.size()
        self.resize(area.width() // 2 - frame.width(), area.height() - frame.height())
        wide = self.width() + frame.width()
        self.move(area.left() if half == "left" else area.right() + 1 - wide, area.top())

    def hand_over(self, path: Path | None) -> None:
        """A second start hands its file over and ends; this window comes to the front, or another with the file."""
        self.come_forward()
        if path is not None:
            self._handed.append(path)
        self._take_handed()

    def _take_handed(self) -> None:
        """Opens what was dropped or handed over, once no question is waiting for its answer."""
        if not (self._dropped or self._handed):
            return
        if QApplication.activeModalWidget() is not None or self.files.is_waiting:
            QTimer.singleShot(_WAIT, self._take_handed)
            return
        dropped, self._dropped = self._dropped, []
        handed, self._handed = self._handed, []
        for path in dropped:
            self.files.open_path(path)
        for path in handed:
            self.files.open_handed(path)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.stack.currentWidget() is self._nothing:
            self.show_start()
        elif self._odd:
            self.tell("".join(sentences(self._odd)))
        QTimer.singleShot(_DRESS, self._dress)

    def _dress(self) -> None:
        """What the first picture can do without."""
        if self.windowIcon().isNull():
            self.setWindowIcon(theme.app_icon())
        self.acts.dress()

    def _load_ahead(self) -> None:
        """Loads what will be asked for, a part at a time, put off while someone types."""
        if (name := next(self._ahead, None)) is not None:
            import_module(name)
            self._ahead_timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as everywhere in Windows; Qt does so in dialogs only."""
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QAbstractButton):
            focus.animateClick()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        # A question or a disk is waiting already; a second question would end what the first is about.
        busy = QApplication.activeModalWidget() is not None or self.files.is_waiting
        if busy or not self.files.leave():
            event.ignore()
            return
        if self._output is not None and self.program.is_last(self):
            self._output.stop()  # what another window is doing goes on
        self.keep_settings(geometry=bytes(self.saveGeometry().toHex().data()).decode("ascii"))
        event.accept()
        self.program.forget(self)

    def show_crash(self, text: str) -> None:
        """A bug: said so, and the report is kept as it is."""
        self.session.flush()
        from gxeditor.ui.shell import about

        about.show_crash(self, text)

    def show_keys(self) -> None:
        from gxeditor.ui.shell import about

        about.show_shortcuts(self)

    def show_about(self) -> None:
        from gxeditor.ui.shell import about

        about.show_about(self)


def _has_focus(part: QWidget) -> bool:
    """Whether the keys go to this part of the window, or to something in it."""
    focus = QApplication.focusWidget()
    return focus is not None and (focus is part or part.isAncestorOf(focus))
