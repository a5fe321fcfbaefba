"""The main window: menus, toolbar, start page, editor and import review, and the conversation about files.

Knows which action does what and what is asked before anything is lost. Every change of the report goes through the
session; every file through `gxeditor.filing` and the session. Keeps nothing but settings.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib.util import LazyLoader, find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QFileInfo, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gxeditor import crash
from gxeditor.core import edits
from gxeditor.core.coverage import coverage
from gxeditor.core.errors import ChangedElsewhere, DamagedFile, GxError, NotWritten
from gxeditor.core.report import Prior, Report, blank_report
from gxeditor.core.rules import Finding, Severity
from gxeditor.files.aside import OddFile, sentences
from gxeditor.settings import PASSED_OVER, RecentFile, Settings, save_settings
from gxeditor.ui.editor.pages import Page, SectionTabs, TablePage, make_page
from gxeditor.ui.editor.table.cells import DENSITIES
from gxeditor.ui.findings.panel import FindingsPanel
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session
from gxeditor.ui.shell.menus import Menus


def _load_when_used(name: str) -> ModuleType:
    """A module that is loaded when something of it is first used; a loaded one as it is."""
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    from gxeditor.filing import Filed
    from gxeditor.imports.recognize.report import Imported
    from gxeditor.store.journal import Journal
    from gxeditor.ui.output.output import Output
    from gxeditor.ui.shell import dialogs
    from gxeditor.ui.shell.start import StartPage
    from gxeditor.ui.shell.undoing import Undoing
    from gxeditor.ui.template.filling import Templates
else:
    dialogs = _load_when_used("gxeditor.ui.shell.dialogs")  # no question is asked at the start

PROGRAM = "政府信息公开年报编辑器"
_ZOOMS = (50, 60, 70, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300)
_WAIT = 300  # milliseconds until what was handed over is tried again
_DRESS = 100  # milliseconds after the first picture, when nobody has reached for a menu yet
_ON_TEXT = ("cut", "copy", "paste")
# Logical pixels from which the side card of a table and the findings stand open by themselves (LOOK.md §3).
_WIDE, _TALL = 1440, 900
_WHOLE_BAR = 1800  # from which the toolbar has room for all its tools
_FULL = 1100  # of a screen up to this height the first start takes all


class MainWindow(QMainWindow):
    """One window, one report at a time. `place_changed` says that another place of the report is being filled."""

    place_changed = Signal()
    _looked_for = Signal(object)

    def __init__(self, session: Session, settings: Settings, config_folder: Path) -> None:
        super().__init__()
        self.session = session
        self.settings = settings
        self._config_folder = config_folder
        self._pages: dict[str, Page] = {}
        self._has_report = False
        self._over: QWidget | None = None  # stands in the editor's place: a review, a template
        self._output: Output | None = None
        self._templates: Templates | None = None
        self._undoing: Undoing | None = None
        self._handed: list[Path | None] = []
        self._odd: list[OddFile] = []
        self._missing: set[str] = set()
        self._looking = False
        self.setAcceptDrops(True)
        self.setMinimumSize(760, 480)
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self._start: StartPage | None = None
        self._nothing = QWidget()
        self.stack.addWidget(self._nothing)
        self.editor = QWidget()
        self.stack.addWidget(self.editor)
        self.tabs = SectionTabs(session.form)
        self.book = QStackedWidget()
        self.panel = FindingsPanel(session)
        layout = QVBoxLayout(self.editor)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(self.book, 1)
        layout.addWidget(self.panel)
        self._status()
        self._actions()
        self._connect()
        self._restore()

    # --- building

    def _status(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(12, 0, 12, 0)
        self._place = _Sentence()
        self._told = _Sentence()
        self._told.setAccessibleName("刚才做了什么")
        self._told.setContentsMargins(12, 0, 12, 0)
        self._figures = theme.Label()
        self._zoom_label = theme.Label()
        self._kept = theme.Label()
        bar.addWidget(self._place)
        bar.addWidget(self._told, 1)
        for label in (self._figures, self._zoom_label, self._kept):
            label.setContentsMargins(12, 0, 0, 0)
            bar.addPermanentWidget(label)
        self._told_timer = QTimer(self, singleShot=True, interval=12000)
        self._told_timer.timeout.connect(self._told.clear)

    def _action(
        self, text: str, slot: Callable[..., Any], keys: str | list[str] = "", icon: str = "", short: str = ""
    ) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcuts([QKeySequence(k) for k in ([keys] if isinstance(keys, str) else keys)])
        if icon and short:
            theme.set_icon(action, icon)
        elif icon:
            self._menu_icons.append((action, icon))
        if short:
            action.setIconText(f" {short}")  # Qt leaves 2 px between icon and word
            action.setToolTip(
                theme.plain_tip(f"{short}（{action.shortcut().toString()}）" if keys else short)
            )
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def _actions(self) -> None:
        self._menu_icons: list[tuple[QAction, str]] = []
        do = self._action
        self.act_new = do("新建空白年报(&N)…", self.new_blank, "Ctrl+N", "new")
        self.act_from_prior = do("从去年新建(&L)…", self.new_from_prior, "Ctrl+Shift+N", "years")
        self.act_open = do("打开(&O)…", self.ask_open, "Ctrl+O", "open", "打开")
        self.act_save = do("保存(&S)", self.save, "Ctrl+S", "save", "保存")
        self.act_save_as = do("另存为(&A)…", self.save_as, ["F12", "Ctrl+Shift+S"])
        self.act_import = do("导入(&I)…", self.ask_import, "Ctrl+I", "import", "导入")
        self.act_export = do("导出(&E)…", self._put_out, "Ctrl+E", "export", "导出")
        self.act_preview = do("预览(&V)", self._put_out, ["Ctrl+Shift+P", "Ctrl+F2"], "preview", "预览")
        self.act_preview.setCheckable(True)
        self.act_locate = do("在预览中看(&W)", self._put_out)
        self.act_layout = do("版式(&B)…", self._put_out)
        self.act_print = do("打印(&P)…", self._put_out, "Ctrl+P")
        self.act_copy_table = do("复制整表（带表头）(&B)", self._put_out, "Ctrl+Shift+C")
        self.act_copy_part = do("复制本部分（标题、表格和文字）(&S)", self._put_out)
        for action, does in (
            (self.act_export, "export"), (self.act_preview, "toggle_preview"), (self.act_locate, "open_preview"),
            (self.act_layout, "ask_layout"), (self.act_print, "print_report"),
            (self.act_copy_table, "copy_table"), (self.act_copy_part, "copy_section"),
        ):  # fmt: skip
            action.setData(does)
        self.act_close = do("关闭年报(&C)", self.close_report, "Ctrl+W")
        self.act_quit = do("退出(&X)", self.close, "Ctrl+Q")
        self.act_undo = do("撤销(&U)", self.undo, "Ctrl+Z", "undo", "撤销")
        self.act_redo = do("重做(&R)", self.redo, ["Ctrl+Y", "Ctrl+Shift+Z"], "redo", "重做")
        for action in (self.act_undo, self.act_redo):
            action.setAutoRepeat(False)  # a key held down would go on past what is shown
        self.act_prev = do("上一处(&P)", self.previous_finding, "Shift+F8", "prev", "上一处")
        self.act_next = do("下一处(&N)", self.next_finding, "F8", "next", "下一处")
        self.act_other = do("同一格的另一条", self.other_finding, "Ctrl+F8")
        self.act_fill = do("其余空格填 0(&Z)…", self.fill_blanks, "Ctrl+Shift+B", "fill-zero", "空格填 0")
        self.act_recompute = do("按明细重算全部合计(&T)", self.recompute_all, "", "recompute")
        self.act_recompute.setIconText(" 按明细重算")
        self.act_template = do("填 Excel 模板(&M)…", self._fill_template, "Ctrl+M", "mapping")
        self.act_template.setIconText(" 填 Excel 模板")
        self.act_blank_template = do("新建空白模板(&B)…", self._blank_template)
        self.act_prior = do("选择上年年报(&Y)…", self.choose_prior, "", "years")
        self.act_card = do("填报说明(&H)", self.toggle_card, "F4", "notes", "填报说明")
        self.act_panel = do("问题列表(&F)", self.toggle_panel, "F7")
        self.act_zoom_in = do("放大(&I)", self.zoom_in, ["Ctrl++", "Ctrl+="])
        self.act_zoom_out = do("缩小(&O)", self.zoom_out, "Ctrl+-")
        self.act_zoom_100 = do("按 100% 显示(&1)", self.zoom_reset, "Ctrl+0")
        self.act_next_tab = do("下一部分", self.next_tab, ["Ctrl+PgDown", "Ctrl+Tab"])
        self.act_prev_tab = do("上一部分", self.previous_tab, ["Ctrl+PgUp", "Ctrl+Shift+Tab"])
        self.act_pane = do("在表格、说明和问题之间移动", self.next_pane, "F6")
        self.act_keys = do("快捷键(&K)", self.show_keys, "F1")
        self.act_about = do("关于(&A)", self.show_about)
        self._for_report = [
            self.act_save, self.act_save_as, self.act_export, self.act_close, self.act_prev, self.act_next,
            self.act_other, self.act_fill, self.act_recompute, self.act_prior, self.act_card, self.act_panel,
            self.act_next_tab, self.act_prev_tab, self.act_pane, self.act_preview, self.act_layout,
            self.act_print, self.act_copy_part, self.act_copy_table, self.act_locate, self.act_template,
        ]  # fmt: skip
        self._for_table: list[QAction] = [self.act_other, self.act_copy_table]
        self.menus = Menus(self, self._edit_command, self._density_chosen, self._scheme_chosen)
        self._for_report += self.menus.editing
        self._for_table += self.menus.on_cells

    def _connect(self) -> None:
        session = self.session
        session.changed.connect(self._report_changed)
        session.file_changed.connect(self._file_changed)
        session.told.connect(self.tell)
        session.goto.connect(self.go_to)
        session.kept.connect(self._edits_kept)
        session.trouble.connect(self._trouble)
        session.prior_found.connect(self._prior_found)
        session.odd.connect(self.name_odd)
        # Always queued: it comes from another thread.
        self._looked_for.connect(self._mark_missing, Qt.ConnectionType.QueuedConnection)
        self.tabs.currentChanged.connect(self._show_page)
        self.panel.opened.connect(self._panel_opened)

    def _restore(self) -> None:
        settings = self.settings
        for group, key in (
            (self.menus.densities, settings.density),
            (self.menus.schemes, settings.colour_scheme),
        ):
            for action in group.actions():
                action.setChecked(action.data() == key)
        self.menus.density_button.setText(DENSITIES.get(settings.density, "自动"))
        area = QGuiApplication.primaryScreen().availableGeometry()
        if not (
            settings.geometry and self.restoreGeometry(QByteArray.fromHex(settings.geometry.encode("ascii")))
        ):
            self.resize(min(1600, area.width()), min(1000, area.height()))
            if area.height() <= _FULL:
                self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
        self._apply_zoom()

    # --- settings

    def _keep_settings(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
        try:
            save_settings(self._config_folder, self.settings)
        except NotWritten as error:
            self.tell(error.what)

    def _density_chosen(self, action: QAction) -> None:
        self.menus.density_button.setText(action.text())
        self._keep_settings(density=action.data())
        self._apply_zoom()

    def _scheme_chosen(self, action: QAction) -> None:
        self._keep_settings(colour_scheme=action.data())
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
            self._keep_settings(zoom=steps[0])
            self._apply_zoom()

    def zoom_in(self) -> None:
        self._zoom(1)

    def zoom_out(self) -> None:
        self._zoom(-1)

    def zoom_reset(self) -> None:
        if self._output is not None and self._output.zoom(0):
            return
        self._keep_settings(zoom=100)
        self._apply_zoom()

    # --- what is shown

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
            start.new_blank.connect(self.new_blank)
            start.new_from_prior.connect(self.new_from_prior)
            start.open_file.connect(self.ask_open)
            start.import_file.connect(self.ask_import)
            start.open_recent.connect(self._open_recent)
            start.forget_recent.connect(self._forget_recent)
            start.try_sample.connect(self.try_sample)
            start.recover.connect(self.recover)
            start.recover_copy.connect(self.recover_copy)
            start.show_recovery.connect(self._show_recovery)
            start.odd_read.connect(self._odd_read)
        return self._start

    @property
    def output(self) -> Output:
        """Preview, printing and export; loaded when one of them is first used."""
        if self._output is None:
            from gxeditor.ui.output.output import Output

            self._output = output = Output(self, self._folder, self._keep_settings)
            output.arranged.connect(self._rearrange)
        return self._output

    @property
    def is_covered(self) -> bool:
        """Whether the preview stands where the page is filled in."""
        return self._output is not None and self._output.covers

    def _put_out(self) -> None:
        """What the action is named after, of preview, printing and export."""
        action = self.sender()
        if isinstance(action, QAction):
            getattr(self.output, action.data())()

    @property
    def templates(self) -> Templates:
        """The filling of foreign workbooks; loaded when first used."""
        if self._templates is None:
            from gxeditor.ui.template.filling import Templates

            self._templates = Templates(self, self._folder, self._keep_settings)
        return self._templates

    @property
    def undoing(self) -> Undoing:
        """The conversation about undo and redo; loaded when first used."""
        if self._undoing is None:
            from gxeditor.ui.shell.undoing import Undoing

            self._undoing = Undoing(self)
        return self._undoing

    def _entry_dropped(self) -> None:
        self.undoing.entry_dropped()

    def _fill_template(self) -> None:
        self.templates.choose()

    def _blank_template(self) -> None:
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
        self._file_changed()

    def _renew_start(self) -> None:
        from gxeditor.ui.shell.start import RecoveryLine, said_when

        now = datetime.now()
        self.start.set_recent(self.settings.recent, self._missing, now)
        self._look_for_recent()
        self.start.set_recoveries(
            [
                RecoveryLine(
                    left, left.agency, left.year, said_when(left.when.replace(tzinfo=None), now),
                    str(left.path) if left.path else "还没有保存过", left.edits, left.whole,
                )
                for left in self._recoveries()
            ]
        )  # fmt: skip
        self.start.set_odd(sentences(self._odd))

    def _recoveries(self) -> tuple[Journal, ...]:
        try:
            return self.session.recoveries()
        except (
            Exception
        ) as error:  # an exception that leaves showEvent ends the program, at this start and every other
            crash.log.critical("%s", crash.report_text(error).rstrip())
            self.tell("有的恢复记录读不出来，它们留在原处。")
            return ()

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
            self._keep_settings(passed_over=marks)
        self._odd.append(odd)
        if self._has_report or self._over is not None:
            self.tell(str(odd))
        elif self._start is not None:
            self._start.set_odd(sentences(self._odd))

    def _odd_read(self) -> None:
        self._odd.clear()
        self.start.set_odd([])

    def _show_editor(self) -> None:
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
            page.prior_asked.connect(self.choose_prior)
            page.prior_dropped.connect(self._drop_prior)
            page.prior_read_asked.connect(self._read_prior_again)
            if page.card is not None:
                page.card.opened.connect(self._card_opened)
            if isinstance(page, TablePage):
                page.grid.offered = (self.act_copy_table, self.act_locate)
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
        self.act_card.setEnabled(page.card is not None)
        for action in self._for_table:
            action.setEnabled(kind == "table")
        self.act_copy_part.setEnabled(bool(key))
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
            room = self.width() - taken >= _WIDE or (page.kind != "table" and not taken)
            page.card.set_open(self.settings.side_card.get(page.kind, room))
            self.act_card.setChecked(page.card.is_open)
        self.panel.set_open(self.settings.findings_panel.get(page.kind, self.height() >= _TALL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.menus.set_wide(self.width() >= _WHOLE_BAR)
        self._rearrange()

    def _rearrange(self) -> None:
        if self.shown_page is not None:
            self._fit_panes(self.shown_page)

    @property
    def shown_page(self) -> Page | None:
        """The page in view, or the one that is in view again when the editor is."""
        page = self.book.currentWidget()
        return page if isinstance(page, Page) else None

    def _page_kind(self) -> str:
        return self.shown_page.kind if self.shown_page is not None else ""

    def _renew_place(self) -> None:
        self._place.setText(self.shown_page.place() if self.shown_page is not None else "")
        self.place_changed.emit()

    def _card_opened(self, is_open: bool) -> None:
        self.act_card.setChecked(is_open)
        self._keep_settings(side_card={**self.settings.side_card, self._page_kind(): is_open})

    def toggle_card(self) -> None:
        card = self.shown_page.card if self.shown_page is not None else None
        if card is not None:
            card.set_open(not card.is_open)
            self._card_opened(card.is_open)

    def toggle_panel(self) -> None:
        self.panel.set_open(not self.panel.is_open)
        self._panel_opened(self.panel.is_open)

    def _panel_opened(self, is_open: bool) -> None:
        self._keep_settings(findings_panel={**self.settings.findings_panel, self._page_kind(): is_open})

    def next_tab(self) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % self.tabs.count())

    def previous_tab(self) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() - 1) % self.tabs.count())

    def next_pane(self) -> None:
        """F6: table or text, what pasting left out, side card, findings, tabs, and around."""
        page = self.shown_page
        card = page.card if page is not None else None
        aside = page.aside if page is not None else None
        panes: list[QWidget] = [w for w in (page, aside, card, self.panel, self.tabs) if w is not None]
        focus = self.focusWidget()
        inside = [focus is not None and (pane is focus or pane.isAncestorOf(focus)) for pane in panes]
        here = max((i for i, has_focus in enumerate(inside) if has_focus), default=-1)
        target = panes[(here + 1) % len(panes)]
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, text: str) -> None:
        """A sentence in the status bar for some seconds."""
        self._told.setText(text)
        self._told.setToolTip(theme.plain_tip(text))
        self._told_timer.start()

    def finish_editing(self) -> None:
        """Whatever is being typed reaches the report before anything is done with it."""
        QGuiApplication.inputMethod().commit()
        if self.shown_page is not None:
            self.shown_page.finish()

    def _report_changed(self, _change: Change) -> None:
        self.tabs.show_counts(self.session.findings)

    def _file_changed(self) -> None:
        session, editing = self.session, self.stack.currentWidget() is self.editor
        history = session.history
        self.act_undo.setEnabled(editing and history.can_undo)
        self.act_redo.setEnabled(editing and history.can_redo)
        self.act_undo.setText(f"撤销(&U) {theme.plain_action(history.undo_label)}".rstrip())
        self.act_redo.setText(f"重做(&R) {theme.plain_action(history.redo_label)}".rstrip())
        self.act_undo.setIconText(" 撤销")
        self.act_redo.setIconText(" 重做")
        if self._has_report:
            name = session.path.name if session.path else f"{_report_name(session.report)}（未保存）"
            self.setWindowTitle(f"[*]{name.replace('[*]', '[*][*]')} - {PROGRAM}")  # twice is itself, for Qt
        else:
            self.setWindowTitle(PROGRAM)
        self.setWindowModified(self._has_report and session.modified)

    def _edits_kept(self, when: datetime) -> None:
        self._kept.setText(f"已自动保留 {when:%H:%M}")

    def _trouble(self, error: GxError) -> None:
        dialogs.show_error(self, error)

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
                "cut": grid.cut, "copy": grid.copy, "paste": grid.paste, "clear": grid.clear_cells,
                "down": grid.fill_down, "right": grid.fill_right,
            }[command]()  # fmt: skip
        elif isinstance(focus, QLineEdit | QTextEdit):
            {"cut": focus.cut, "copy": focus.copy, "paste": focus.paste}[command]()

    def next_finding(self) -> None:
        self.finish_editing()
        self.session.step(1)

    def previous_finding(self) -> None:
        self.finish_editing()
        self.session.step(-1)

    def other_finding(self) -> None:
        page = self.book.currentWidget()
        if isinstance(page, TablePage):
            page.next_finding_of_cell()

    def go_to(self, finding: Finding, cell_id: str) -> None:
        """Shows the page and cell of a finding."""
        if finding.section in self.tabs.keys:
            self.tabs.setCurrentIndex(self.tabs.keys.index(finding.section))
            page = self.page(finding.section)
            if isinstance(page, TablePage):
                page.go_to(finding, cell_id)

    def fill_blanks(self) -> None:
        """「其余空格填 0」: of the table in view, or of all tables on another page."""
        self.finish_editing()
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
        elif dialogs.ask_fill_blanks(self, blanks):
            self.session.edit(edits.fill_blanks(report, blanks), f"把 {len(blanks)} 个未填的格填为 0")
            self.tell(f"已把 {len(blanks)} 个未填的格填为 0，可以撤销。")

    def recompute_all(self) -> None:
        self.finish_editing()
        report = self.session.report
        wrong = edits.disagreeing_totals(report)
        if not wrong:
            typed = [cell for cell in report.form.totals if not report.is_automatic(cell.id)]
            unknown = sum(report.details_sum(cell) is None for cell in typed)
            rest = f"有 {unknown} 个手填的合计明细没有填全，没有核对。" if unknown else ""
            self.tell(f"没有与明细不一致的合计。{rest}")
        elif self.session.edit(edits.recompute_totals(report, wrong), "按明细重算"):
            self.tell(f"已按明细重算 {len(wrong)} 个合计，可以撤销。")

    # --- files

    def _leave(self) -> bool:
        """Ends with the open report, asking what to do with unsaved work; False to stay with it."""
        if not self._has_report:
            return True
        self.finish_editing()
        discard = False
        if self.session.modified:
            answer = dialogs.ask_save(self, _report_name(self.session.report))
            if answer == "cancel" or (answer == "save" and not self.save()):
                return False
            discard = answer == "discard"
        self._remember()
        self._told.clear()  # what was said of this report is not true of the next
        self.session.close(discard=discard)
        self._has_report = False
        if self._output is not None:
            self._output.leave_report()
        return True

    def _remember(self) -> None:
        """The open file, with what is known of it, is first in the list of recent ones."""
        path, report = self.session.path, self.session.report
        if path is None:
            return
        findings = self.session.findings
        file = RecentFile(
            str(path), report.agency, report.year, findings.count(Severity.ERROR), findings.count(Severity.QUERY),
            datetime.now().isoformat(timespec="seconds"), coverage(report, findings).wordings[2:],
        )  # fmt: skip
        self.settings = self.settings.with_recent(file)
        self._keep_settings(last_folder=str(path.parent))
        self._renew_recent_menu()

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
            self._open_recent(self.settings.recent[action.data()].path)

    def new_blank(self) -> None:
        asked = dialogs.ask_new_report(self, prior=None, year=datetime.now().year - 1)
        if asked is None or not self._leave():
            return
        report = blank_report(self.session.form, asked.year).with_fields(agency=asked.agency, kind=asked.kind)
        self.session.begin(report)
        self._open_at("")

    def new_from_prior(self) -> None:
        path = self._ask_file("选择去年的年报")
        if path is None:
            return
        kept = self._read_prior(path)
        if kept is None:
            return
        prior, last = kept[0].report, kept[1]
        asked = dialogs.ask_new_report(self, prior=prior, year=(prior.year or datetime.now().year - 2) + 1)
        if asked is None or not self._leave():
            return
        blank = blank_report(self.session.form, asked.year).with_fields(agency=asked.agency, kind=asked.kind)
        blank = blank.with_prior(last)
        pairs = [(r.left[0], r.right[0]) for r in self.session.rules if r.kind == "carry_over"]
        self.session.begin(blank)
        brought = edits.bring_forward(blank, prior, pairs)
        self.session.edit(brought.report, "从去年新建")
        self._open_at("")
        told = (*brought.told, *last.doubts(brought.report), *_doubtful(kept[0]))
        dialogs.show_told(self, "从去年带过来的内容", told)

    def _open_at(self, key: str) -> None:
        """Shows the report that the session has taken up, on the page of a section."""
        self._has_report = True
        self._kept.clear()
        self.tabs.show_counts(self.session.findings)
        place = self.tabs.keys.index(key)
        if place == self.tabs.currentIndex():
            self._show_editor()
        else:
            self._switch(self.editor)
            self.tabs.setCurrentIndex(place)

    def _folder(self) -> Path:
        """Where a dialog about files begins: beside the open report, else where the last one was."""
        if self._has_report and self.session.path is not None:
            return self.session.path.parent
        from PySide6.QtCore import QStandardPaths

        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        known = (self.settings.last_folder, documents)
        return next((Path(folder) for folder in known if folder and QFileInfo.exists(folder)), Path.home())

    def _ask_file(self, title: str, filters: str = "年报文件 (*.gxr)") -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(self, title, str(self._folder()), f"{filters};;所有文件 (*)")
        return Path(name) if name else None

    def ask_open(self) -> None:
        from gxeditor import filing

        path = self._ask_file("打开年报", filing.open_filter())
        if path is not None:
            self.open_path(path)

    def _open_recent(self, path: str) -> None:
        self.open_path(Path(path))

    def _forget_recent(self, path: str) -> None:
        self.settings = self.settings.without_recent(path)
        self._keep_settings()
        self._renew_recent_menu()
        self._renew_start()

    def open_path(self, path: Path) -> None:
        """Opens an own file, or shows the review of a foreign one. What cannot be read leaves everything as it is."""
        if path.suffix.lower() != ".gxr":
            self.import_path(path)
            return
        if self._has_report and self.session.path is not None and _same_file(path, self.session.path):
            self._show_editor()
            self.tell("这份年报已经打开。")
            return
        try:
            if self._has_report:
                self.session.read(path)
            if not self._leave():
                return
            self.session.load(path)
        except DamagedFile as error:
            self._damaged(path, error)
        except GxError as error:
            self._refused(error)
        else:
            self._remember()
            self._open_at(self._first_tab())

    def _first_tab(self) -> str:
        return "requests" if self.session.report.agency else ""

    def _refused(self, error: GxError) -> None:
        """A file could not be opened: said over what is open, else over the start page."""
        if not self._has_report:
            self.show_start()
        dialogs.show_error(self, error)

    def _damaged(self, path: Path, error: DamagedFile) -> None:
        kept, journal = self.session.rescue(path)
        if not self._has_report:
            self.show_start()
        answer = dialogs.ask_damaged(self, error, kept is not None, journal is not None)
        if answer == "kept" and kept is not None and self._leave():
            self.session.begin(kept, path=path.absolute())
            self._open_at(self._first_tab())
            self.tell("已用上一版本打开；保存后会替换损坏的文件。")
        elif answer == "journal" and journal is not None:
            self.recover(journal)

    def try_sample(self) -> None:
        from gxeditor.resources import resource

        self.import_path(resource("samples/lushan-2022.txt"))

    def ask_import(self) -> None:
        from gxeditor import filing

        path = self._ask_file("导入旧年报", filing.import_filter())
        if path is not None:
            self.import_path(path)

    def import_path(self, path: Path) -> None:
        """Reads a foreign file and shows what was read, before anything is replaced."""
        from gxeditor.imports import doors
        from gxeditor.resources import load_form
        from gxeditor.ui.importing.review import ImportReview

        self.finish_editing()
        try:
            imported = doors.import_report(path, load_form())
        except GxError as error:
            self._refused(error)
            return
        current = self.session.report if self._has_report else None
        told = edits.take_over(current, imported.report).told if current is not None else ()
        review = ImportReview(imported, path.name, self._has_report, losses=told)
        review.cancelled.connect(self.leave_over)
        review.accepted_new.connect(self._import_as_new)
        review.accepted_into_current.connect(self._import_into_current)
        self.show_over(review)
        self._imported = imported

    def show_over(self, page: QWidget) -> None:
        """Shows a page in place of the editor, until that or another page is shown again."""
        self.stack.addWidget(page)
        self._switch(page)
        self._over = page

    def leave_over(self) -> None:
        """Back from such a page."""
        if self._has_report:
            self._show_editor()
        else:
            self.show_start()

    def _import_as_new(self) -> None:
        imported = self._imported
        if self._leave():
            self.session.begin(blank_report(self.session.form, imported.report.year))
            self.session.edit(imported.report, "导入")
            self._open_at("requests")
            self._tell_imported(imported)

    def _import_into_current(self) -> None:
        imported = self._imported
        self._show_editor()
        self.session.edit(edits.take_over(self.session.report, imported.report).report, "导入")
        self._tell_imported(imported)

    def _tell_imported(self, imported: Imported) -> None:
        self.tell(f"已导入 {len(imported.report.entries)} 格，可以整体撤销。")

    def save(self) -> bool:
        """Saves; False if it was not saved, the reason having been shown."""
        self.finish_editing()
        if self.session.path is None:
            return self.save_as()
        return self._save_to(self.session.path)

    def save_as(self) -> bool:
        from PySide6.QtWidgets import QFileDialog

        from gxeditor.filing import default_name

        self.finish_editing()
        suggestion = str(self._folder() / f"{default_name(self.session.report)}.gxr")
        name, _ = QFileDialog.getSaveFileName(self, "另存为", suggestion, "年报文件 (*.gxr)")
        if not name:
            return False
        path = Path(name)
        if path.suffix.lower() != ".gxr":
            path = path.with_name(f"{path.name}.gxr")
            # The dialog asked about another name.
            if QFileInfo.exists(str(path)) and not dialogs.ask_replace(self, path.name):
                return False
        return self._save_to(path, fresh=True)

    def _save_to(self, path: Path, *, fresh: bool = False) -> bool:
        """Writes the report to a file; `fresh` if it was just chosen, and with it the loss of what stands there."""
        own = self.session.path is not None and _same_file(path, self.session.path)
        if fresh and not own:
            return self._overwrite(path)
        try:
            self.session.save(path)
        except ChangedElsewhere as error:
            answer = dialogs.ask_changed_elsewhere(self, error)
            if answer == "overwrite":
                return self._overwrite(path)
            if answer == "save_as":
                return self.save_as()
            if answer == "reload":
                self._reload(path)
            return False
        except NotWritten as error:
            return self._not_written(error, lambda: self._save_to(path))
        self._remember()
        self.tell(f"已保存到 {path}")
        return True

    def _overwrite(self, path: Path) -> bool:
        replaced = QFileInfo.exists(str(path))
        try:
            self.session.save(path, overwrite=True)
        except NotWritten as error:
            return self._not_written(error, lambda: self._overwrite(path))
        self._remember()
        self.tell(f"已保存到 {path}" + (f"，原来的内容留在 {path.name}~" if replaced else ""))
        return True

    def _not_written(self, error: NotWritten, again: Callable[[], bool]) -> bool:
        """A folder that takes no file, a file that is held: another place, or the same once more."""
        answer = dialogs.ask_not_written(self, error)
        if answer == "save_as":
            return self.save_as()
        return again() if answer == "again" else False

    def _reload(self, path: Path) -> None:
        """Reads the file again as one undoable step, so that nothing typed is lost."""
        try:
            self.session.reload(path)
        except GxError as error:
            dialogs.show_error(self, error)
            return
        self.tell("已重新读取文件；撤销可以回到您的修改。")

    def close_report(self) -> None:
        if self._leave():
            self.show_start()

    def choose_prior(self) -> None:
        path = self._ask_file("选择上年年报")
        if path is not None:
            self._take_prior(path)

    def _take_prior(self, path: Path) -> None:
        """Keeps the report in a file as last year's; what speaks against it is said, and it is taken all the same."""
        kept = self._read_prior(path)
        if kept is None:
            return
        self.finish_editing()
        filed, prior = kept
        self.session.set_prior(prior)
        self.tell(f"已对照 {path.name}，核对上年结转；可以撤销。")
        doubts = [*prior.doubts(self.session.report), *_doubtful(filed)]
        if doubts:
            doubts += [f"{clause}。" for clause in self.session.findings.across_years]
            remedy = "已经选用。如果选错了，请撤销，或在“基本信息”里重新选择。"
            dialogs.show_told(self, "请核对选的上年年报", (*doubts, remedy))

    def _read_prior(self, path: Path) -> tuple[Filed, Prior] | None:
        """What is in a file, and what this year's report keeps of it as last year's; None if that failed (told)."""
        from gxeditor import filing

        try:
            filed = filing.read(path)
            return filed, filing.as_prior(filed, path)
        except GxError as error:
            dialogs.show_error(self, error)
        except OSError:
            dialogs.show_error(
                self, GxError(f"“{path.name}”打不开。", "年报没有改动。", "请核对后再选一次。")
            )
        return None

    def _drop_prior(self) -> None:
        self.session.set_prior(None)

    def _read_prior_again(self) -> None:
        """Takes what the file of last year's report holds now; asked for, it may lie on another computer."""
        file = self.session.prior_file
        if file is not None and file.path is not None:
            self._take_prior(file.path)

    def _prior_found(self) -> None:
        """Says what has become of the file of last year's report, behind what is being said."""
        file = self.session.prior_file
        if file is not None and file.state in ("changed", "missing", "closed"):
            before = self._told.text()
            self.tell(f"{before}　上年年报：{file.words}" if before else f"上年年报：{file.words}")

    # --- recovery

    def recover(self, recovery: Journal) -> None:
        """Takes up the work of a program that did not end properly; it stays unsaved until it is saved."""
        if not self._leave():
            return
        self.session.recover(recovery)
        self._open_at(self._first_tab())
        self.tell(
            "已恢复上次的修改，还没有保存。" if self.session.modified else "上次的修改已经保存在文件里了。"
        )

    def recover_copy(self, recovery: Journal) -> None:
        """Takes the work up as a report that belongs to no file, and asks for one."""
        if not self._leave():
            return
        self.session.recover(recovery, as_copy=True)
        self._open_at(self._first_tab())
        self.save_as()

    def _show_recovery(self, recovery: Journal) -> None:
        saved = recovery.history.saved or recovery.history.first
        dialogs.show_diff(self, saved, recovery.report)

    # --- window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            self._handed.append(paths[0])
            QTimer.singleShot(0, self._take_handed)  # the program that drags waits until this returns

    def hand_over(self, path: Path | None) -> None:
        """A second start hands its file over and ends; this window comes to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        self._handed.append(path)
        self._take_handed()

    def _take_handed(self) -> None:
        """Opens what was dropped or handed over, once no question is waiting for its answer."""
        if QApplication.activeModalWidget() is not None:
            QTimer.singleShot(_WAIT, self._take_handed)
            return
        paths, self._handed = [path for path in self._handed if path is not None], []
        if paths:
            self.open_path(paths[-1])

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
        for action, icon in self._menu_icons:
            theme.set_icon(action, icon)
        self._menu_icons.clear()

    def closeEvent(self, event: QCloseEvent) -> None:
        # A question is waiting already; a second one would end what the first is about.
        if QApplication.activeModalWidget() is not None or not self._leave():
            event.ignore()
            return
        if self._output is not None:
            self._output.stop()
        self._keep_settings(geometry=bytes(self.saveGeometry().toHex().data()).decode("ascii"))
        event.accept()

    def show_crash(self, text: str) -> None:
        """A bug: said so, and the report is kept as it is."""
        self.session.flush()
        dialogs.show_crash(self, text)

    def show_keys(self) -> None:
        dialogs.show_shortcuts(self)

    def show_about(self) -> None:
        dialogs.show_about(self)


def _report_name(report: Report) -> str:
    """What a report is called in a question: agency and year."""
    name = f"{report.agency}{report.year or ''}年年报" if report.agency or report.year else "新年报"
    return " ".join(name.split())[:80]


def _doubtful(filed: Filed) -> list[str]:
    """What is to be said of a foreign file that was read without a review."""
    return [f"读入“{note.where}”时：{note.what}{note.done}" for note in filed.notes]


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.absolute() == other.absolute()


class _Sentence(theme.Label):
    """A sentence that ends in 「…」 where there is no room, instead of making the window wider."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()
