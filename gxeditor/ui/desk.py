"""What a room of the window may ask of the window: a Protocol, so that the rooms need not know it.

Whoever holds a conversation for the window (output, filling templates, undoing) takes a `Desk`. Knows no page, no
widget of the editor and no other room: places are named by the key of a section ("" is 基本信息) and by what
`core` calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QSplitter, QWidget

from gxeditor.core.checks.anchors import Anchor
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.standing import State
from gxeditor.core.difference import Difference
from gxeditor.core.report import Report
from gxeditor.files.aside import OddFile
from gxeditor.settings import Settings
from gxeditor.ui.session import Session


class Desk(Protocol):
    """The window, as its rooms see it."""

    session: Session

    @property
    def frame(self) -> QWidget:
        """The window itself: dialogs stand above it, and its size is what there is room for."""

    # --- said and kept

    def tell(self, text: str) -> None:
        """Says what was done, for some seconds."""

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        """Says which files were written, and offers to open them and their folder."""

    def name_odd(self, odd: OddFile) -> None:
        """Tells, once, of a file in the user's folders that could not be read."""

    @property
    def settings(self) -> Settings:
        """The settings as they are; changed by `keep_settings` only."""

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings, named as the fields of `Settings`."""

    def show_read_only(
        self, report: Report, name: str, original: Path | None = None, page: str = "requests"
    ) -> None:
        """Shows a report that is only to be read, called `name`, in a window of its own, on a page of it.

        A copy of it must not replace the file `original`.
        """

    def folder(self) -> Path:
        """Where a dialog about files begins."""

    def save_report(self) -> bool:
        """Saves the report, asking where if it belongs to no file; False if it was not saved."""

    # --- what is being filled

    @property
    def place_changed(self) -> SignalInstance:
        """Another place of the report is being filled."""

    @property
    def turned(self) -> SignalInstance:
        """Another page has come into view."""

    @property
    def here(self) -> str:
        """The key of the page in view."""

    def target(self) -> tuple[str, int | None]:
        """What is being filled: a cell, or a section or field and its paragraph; "" where nothing is."""

    def finish_editing(self) -> None:
        """Whatever is being typed reaches the report before anything is done with it."""

    def drop_entry(self) -> bool:
        """Gives up an entry that was refused; False if there is none."""

    # --- where to look

    def turn_to(self, key: str) -> None:
        """Brings a page into view."""

    def focus_page(self) -> None:
        """Puts the focus back on the page in view."""

    def show_target(self, key: str, target: str, paragraph: int | None) -> None:
        """Turns to a page and puts the focus where `target` is filled."""

    def show_difference(self, key: str, change: Difference) -> None:
        """Brings into view on the page, which was turned to, what differs; the report is `change.after`."""

    def go_to(self, anchor: Anchor) -> None:
        """Shows the page of a place in the report, and there the place."""

    def at(self) -> Anchor:
        """Where the clerk is in the report."""

    def show_found(self, where: Anchor, start: int, end: int, *, focus: bool = False) -> None:
        """Turns to the page of what was found and marks it there; the focus goes there only if wanted."""

    def leave_found(self) -> None:
        """What was found is framed no longer, on any page."""

    def open_findings(self) -> None:
        """Opens the list of findings, if it is closed."""

    def came_from(self, back: Callable[[], None], name: str) -> None:
        """Alt+← leads back by `back` to what is called `name`, which has just led to a place in the report."""

    def list_checks(self, state: State) -> None:
        """Shows the list of all rules, those of a state."""

    def explain(self, finding: Finding) -> None:
        """「核实无误…」: asks why a finding stands, and keeps the answer."""

    # --- room

    def put_beside(self, widget: QWidget, name: str) -> QSplitter:
        """Puts a widget beside page and findings; the splitter `name` then holds both, theirs first."""

    def put_above_findings(self, widget: QWidget) -> None:
        """Puts a widget between page and findings."""

    def put_at_side(self, widget: QWidget) -> None:
        """Puts a widget at the right of the page and what stands below it, above the findings."""

    def rearrange(self) -> None:
        """Shares the room out anew, after something beside the page came or went."""

    def show_over(self, page: QWidget) -> None:
        """Shows a page in place of the editor, until that or another page is shown again."""

    def leave_over(self) -> None:
        """Back from such a page."""

    @property
    def is_covered(self) -> bool:
        """Whether the preview stands where the page is filled in."""

    def open_preview(self) -> None:
        """Shows the preview, at the place that is being filled."""

    def close_preview(self) -> None:
        """Back to the editor alone."""
