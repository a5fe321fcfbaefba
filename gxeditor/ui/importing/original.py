"""The original beside the form: what every way of showing it has in common.

Knows that places in it are told by their `Origin` alone, and how a note's are found. Knows nothing of the form, nor how
an original is drawn: `paper_view` and `pdf_view` do that.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.imports.source import ImportNote, Origin, RawCell
from gxeditor.ui.look import theme

PAPER = theme.theme_of(theme.LIGHT, dark=False)
"""Paper is light in the dark, too."""
DESK = 8
"""Logical pixels around the paper."""


def severity_of(note: ImportNote) -> Severity:
    return Severity.QUERY if note.severity == "doubt" else Severity.HINT


def origins_of(note: ImportNote) -> tuple[Origin, ...]:
    """The places in the original that a note is about, each once, those of its cells first."""
    return tuple(dict.fromkeys(one for one in (*(raw.origin for raw in note.raw), note.origin) if one))


class Original(QAbstractScrollArea):
    """What both ways of showing the original have in common.

    `pointed` carries the place that was clicked: its `Origin`, the column of its table (-1 where that is not known) and
    its text. `moved` says that other words tell where one is (`here`).
    """

    pointed = Signal(object, int, str)
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setViewport(QWidget())
        self.setAccessibleName("原文")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(24)
        self.horizontalScrollBar().setSingleStep(24)
        theme.appearance.changed.connect(self.viewport().update)

    def show_origins(self, origins: Sequence[Origin], columns: Sequence[int] = ()) -> bool:
        """Frames these places and brings the first into view; False if none of them is here.

        `columns` tell which cells are meant where a format knows no more than their line.
        """
        raise NotImplementedError

    def columns_at(self, origin: Origin) -> tuple[int, ...]:
        """The columns of the cells at a place that hold a figure, in their order; empty where that is not known."""
        return ()

    @property
    def here(self) -> str:
        """Where one is, in words; empty where that says nothing."""
        return ""

    def show_raws(self, raws: Sequence[RawCell], origin: Origin) -> bool:
        """The same for what a note is about: cells of the original, or the one place it names."""
        return self.show_origins(list(dict.fromkeys(raw.origin for raw in raws)) or [origin])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def turn(self, by: int) -> None:
        """Goes on by so many pages, where there are pages."""

    @property
    def pages(self) -> int:
        """How many pages can be turned; 0 if there are none."""
        return 0
