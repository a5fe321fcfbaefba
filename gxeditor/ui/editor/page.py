"""What every page of the editor is: what it tells the window and what the window may ask of it.

Knows no section and no report; the pages themselves do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gxeditor.core.checks.anchors import Anchor, Span, Whole
from gxeditor.core.difference import Difference
from gxeditor.ui.editor.side_card import SideCard

if TYPE_CHECKING:
    from gxeditor.ui.editor.numbers import Numbers


class Page(QWidget):
    """What the window expects of a page: figures and sentences for the status bar, and wishes it grants.

    `zoom_asked` carries +1 or -1; `dropped` says that an entry was given up without becoming an edit, `beside_changed`
    that last year's report is shown beside or no longer; `prior_asked`, `prior_show_asked`, `prior_dropped`,
    `prior_read_asked` and `prior_prose_asked` are about last year's report.
    """

    kind = ""
    place_changed = Signal(str)
    figures = Signal(str)
    told = Signal(str)
    zoom_asked = Signal(int)
    dropped = Signal()
    beside_changed = Signal()
    prior_asked = Signal()
    prior_show_asked = Signal()
    prior_dropped = Signal()
    prior_read_asked = Signal()
    prior_prose_asked = Signal()
    card: SideCard | None = None

    @property
    def numbers(self) -> Numbers | None:
        """The numbers of the text that is written here, once it is."""
        return None

    @property
    def aside(self) -> QWidget | None:
        """What stands below the page's table for now and wants an answer, if anything does."""
        return None

    @property
    def is_beside(self) -> bool:
        """Whether last year's report is shown here."""
        return False

    def set_beside(self, on: bool) -> None:
        """Shows last year's report beside this year's, or no longer."""

    def walk_years(self) -> None:
        """「逐处改年份」: to the first year of the text that may be last year's."""
        self.told.emit("这一页没有可能是去年留下的年份。")

    def place(self) -> str:
        """Where in the report the page is, for the status bar."""
        return ""

    def target(self) -> tuple[str, int | None]:
        """What is being filled, as `paper.pdf.PageSpot` names it: a cell, or a section or field and its paragraph."""
        return "", None

    def span(self) -> Span | None:
        """What is selected of a text, or where the caret stands in it, if one is written here."""
        return None

    def show_target(self, target: str, paragraph: int | None) -> None:
        """Puts the focus where that is filled."""
        self.setFocus()

    def go_to(self, anchor: Anchor) -> None:
        """Puts the focus where a finding points to on this page."""
        self.setFocus()

    def at(self) -> Anchor:
        """Where the clerk is on this page, for what goes on from there."""
        return Whole()

    def show_found(self, where: Anchor, start: int, end: int, *, focus: bool = False) -> None:
        """Brings into view, selects and frames what was found: `where`, and there the characters of its text.

        The focus stays where it is, unless it is wanted here.
        """

    def leave_found(self) -> None:
        """Nothing is looked for any more: what was framed is so no longer."""

    def show_difference(self, change: Difference) -> None:
        """Brings into view, selects and frames what differs on this page, the report being `change.after`."""

    def drop_entry(self) -> bool:
        """Gives up an entry that was refused; False if there is none."""
        return False

    def finish(self) -> None:
        """Ends what is being typed, before anything is done with the report."""

    def set_scale(self, density: str, zoom: float) -> None:
        """Shows everything larger or smaller; `zoom` 1.0 is 100 %."""
