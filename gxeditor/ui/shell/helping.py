"""F1: the manual beside what it is about, above a dialog, or as a PDF; and what is in hand when it is asked for.

Knows where the manual stands (beside the page where there is room, else in its place), which part of the window the
focus is in, and what the links of the manual do. What the manual says is `ui.help`'s.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStackedWidget,
    QWidget,
)

from gxeditor.core.checks.findings import Finding
from gxeditor.core.errors import GxError
from gxeditor.ui.desk import Desk
from gxeditor.ui.editor.page import Page
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.findings.panel import FindingsPanel
from gxeditor.ui.help.above import ask_save, classes, show_above
from gxeditor.ui.help.manual import load_manual
from gxeditor.ui.help.view import WIDTH, ManualView
from gxeditor.ui.look import dialog
from gxeditor.ui.shell.actions import Actions
from gxeditor.ui.shell.undoing import UndoBar

BESIDE = 1440
"""Logical pixels of the window from which a table, or a page over the editor, keeps its place beside the manual."""
BESIDE_TEXT = 1100
"""The same of a text: what is left must still hold a line that can be read, and the bar for finding."""
COMMANDS = {
    "checks": "checks",
    "export": "export",
    "import": "import_",
    "keys": "keys",
    "merge": "merge",
    "preview": "preview",
}
"""What a link `do:` may ask for: the command's name among `Actions`."""


class HelpDesk(Desk, Protocol):
    """The window with its rows of widgets, in which the manual finds its place."""

    acts: Actions
    stack: QStackedWidget
    editor: QWidget
    book: QStackedWidget
    panel: FindingsPanel
    beside_all: QHBoxLayout
    """The row of `stack`, and of what stands beside all of it."""
    beside_page: QHBoxLayout
    """The row of `book` alone, above the bars and the findings."""

    @property
    def has_report(self) -> bool:
        """Whether a report is open."""

    @property
    def shown_page(self) -> Page | None:
        """The page in view, or that is in view again when the editor is."""

    @property
    def shows_history(self) -> bool:
        """Whether the undo history stands beside the page."""

    @property
    def asks_to_undo(self) -> bool:
        """Whether it is asked if something out of view is to be undone."""

    def looked_at(self) -> list[Finding]:
        """The finding that is looked at, then those at the present cell or the caret."""

    def rearrange(self) -> None:
        """Gives side card and findings of the page in view what room there is."""


class Helping(QObject):
    """The manual of a window; made when it is first asked for."""

    def __init__(self, window: HelpDesk) -> None:
        super().__init__(window.frame)
        self._window = window
        self.view: ManualView | None = None
        self._back: QWidget | None = None
        window.turned.connect(self._page_turned)
        window.stack.currentChanged.connect(self.close)
        window.session.in_view.goto.connect(self.make_way)
        window.acts.preview.toggled.connect(self.close)
        window.frame.installEventFilter(self)

    # --- what is in hand

    def topic(self) -> str:
        """The title of the chapter about what is in hand: the finding that is looked at, else the part of the window
        with the focus."""
        manual, window = load_manual(), self._window
        if window.asks_to_undo:
            return manual.about("places", UndoBar.__name__)
        editing = window.stack.currentWidget() is window.editor
        finding = self._finding() if editing else None
        if finding is not None and (found := manual.about("rules", *_names_of(finding))):
            return found
        shown: QWidget | None = QApplication.focusWidget()
        if shown is None or not window.frame.isAncestorOf(shown):
            shown = None
        standing = window.shown_page if editing and not window.is_covered else window.stack.currentWidget()
        for start in (shown, standing):
            found = manual.about("places", *classes(start))
            if found:
                return found
        return manual.chapters[0].title

    def _finding(self) -> Finding | None:
        """The finding that is looked at: the chosen one of the list, the pinned one, that of the cell or the number."""
        window = self._window
        focus = QApplication.focusWidget()
        if focus is not None and window.panel.isAncestorOf(focus):
            return window.panel.chosen
        page, places = window.shown_page, load_manual().topics["places"]
        within = next((name for name in classes(focus) if name in places), "")
        if within and within != type(page).__name__:  # a place of its own: the card, the bar for finding, …
            return None
        # That cells are blank is told of the whole table: whoever stands on one asks about filling in.
        found = (one for one in window.looked_at() if one is window.session.in_view.pinned or one.marks)
        return next(found, None)

    # --- where it stands

    @property
    def is_open(self) -> bool:
        return self.view is not None and not self.view.isHidden()

    @property
    def is_in_place(self) -> bool:
        """Whether it stands where the page would."""
        return self.is_open and self._sibling().isHidden()

    @property
    def taken(self) -> int:
        """Of the window's width, what the manual takes beside the page."""
        return WIDTH if self.is_open and not self.is_in_place else 0

    def open(self, title: str = "") -> None:
        """Shows the manual at a chapter, or at the one about what is in hand, and gives it the keys."""
        view = self.view
        focus = QApplication.focusWidget()
        inside = view is not None and focus is not None and (view is focus or view.isAncestorOf(focus))
        if inside and not title:
            return
        try:
            title = title or self.topic()
            if view is None:
                view = self.view = self._made(self._window.frame)
        except GxError as error:
            dialog.show_error(self._window.frame, error)
            return
        self._window.finish_editing()
        if not inside:
            self._back = focus
        view.show_chapter(title)
        self._place()
        view.show()
        self.arrange()
        view.setFocus()
        self._window.rearrange()
        self._window.tell("F6 回到原来的地方，Esc 关闭使用说明")

    def _made(self, parent: QWidget) -> ManualView:
        view = ManualView(load_manual(), parent)
        view.hide()
        view.closed.connect(self.close)
        view.left.connect(self._leave)
        view.pdf_asked.connect(self.save_pdf)
        view.link_asked.connect(self._follow)
        return view

    def _in_editor(self) -> bool:
        window = self._window
        return window.stack.currentWidget() is window.editor and not window.is_covered

    def _host(self) -> QHBoxLayout:
        return self._window.beside_page if self._in_editor() else self._window.beside_all

    def _sibling(self) -> QWidget:
        return self._window.book if self._in_editor() else self._window.stack

    def _place(self) -> None:
        assert self.view is not None
        for row in (self._window.beside_page, self._window.beside_all):
            if row is not self._host():
                row.removeWidget(self.view)
        if self._host().indexOf(self.view) < 0:
            self._host().addWidget(self.view)

    def _wants_place(self) -> bool:
        """Whether there is no room for both: a table, a page that stands over the editor, or a text with the undo
        history beside it, in a narrow window; any text in a very narrow one."""
        window = self._window
        if window.frame.width() >= BESIDE:
            return False
        if not self._in_editor():
            return window.has_report
        narrow = window.frame.width() < BESIDE_TEXT
        return narrow or window.shows_history or isinstance(window.shown_page, TablePage)

    def arrange(self) -> None:
        """Takes what room there is: the page's own, or some beside it."""
        if not self.is_open:
            return
        assert self.view is not None
        in_place = self._wants_place()
        if in_place:
            self.view.setMinimumWidth(0)
            self.view.setMaximumWidth(16_777_215)  # Qt's own limit, which is none
        else:
            self.view.setFixedWidth(WIDTH)
        self._sibling().setHidden(in_place)

    def close(self) -> None:
        """Back to what stood there, and to the very place in it."""
        if not self.is_open:
            return
        assert self.view is not None
        window = self._window
        focus = QApplication.focusWidget()
        had_keys = focus is None or focus is self.view or self.view.isAncestorOf(focus) or self.is_in_place
        self.view.hide()
        for hidden in (window.book, window.stack):
            hidden.show()
        window.rearrange()
        if had_keys:
            self._leave()

    def _leave(self) -> None:
        """Gives the keys back to where they came from."""
        if self.is_in_place:
            self.close()
            return
        back, self._back = self._back, None
        if back is not None and _is_there(back) and self._window.frame.isAncestorOf(back):
            back.setFocus()
        elif self._in_editor():
            self._window.focus_page()
        else:
            self._window.stack.currentWidget().setFocus()

    def _page_turned(self) -> None:
        self._back = None
        if self.is_open and self._in_editor():
            if self._wants_place():
                self.close()
            else:
                self.arrange()

    def make_way(self, _anchor: object = None) -> None:
        """A place of the report is to be seen."""
        if self.is_in_place:
            self._back = None
            self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.arrange()
        return False

    # --- above a dialog

    def open_above(self, asked: QWidget) -> None:
        """Shows the manual in a window of its own above a dialog, at the chapter about that."""
        try:
            manual = load_manual()
        except GxError as error:
            dialog.show_error(asked, error)
            return
        show_above(
            asked, manual, manual.about("dialogs", asked.windowTitle(), *classes(asked), ""), self.save_pdf
        )

    # --- links and the PDF

    def _follow(self, link: str) -> None:
        kind, _, name = link.partition(":")
        window = self._window
        action = getattr(window.acts, COMMANDS[name]) if kind == "do" else None
        if (kind == "go" and not window.has_report) or (action is not None and not action.isEnabled()):
            window.tell("还没有打开年报，打开以后再点。")
            self._say_in_view("先打开年报")
        elif kind == "go":
            self._back = None
            if self.is_in_place or not self._in_editor():
                self.close()
            if window.stack.currentWidget() is not window.editor:
                window.leave_over()
            window.close_preview()
            window.turn_to(name)
            window.focus_page()
        elif action is not None:
            action.trigger()

    def _say_in_view(self, words: str) -> None:
        """Where the status bar is not shown."""
        if self.view is not None:
            self.view.count.setText(words)

    def save_pdf(self) -> None:
        """「存为 PDF」: the whole manual, set by us, where the clerk says."""
        window = self._window
        if name := ask_save(QApplication.activeModalWidget() or window.frame, window.folder()):
            window.tell(f"已存为：{name}")


def _names_of(finding: Finding) -> tuple[str, ...]:
    """How topics may know a finding: by its code, its kind and the group of its rule."""
    rule = finding.rule
    return rule.code, rule.kind, rule.group.value


def _is_there(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return isValid(widget) and widget.isVisible()
