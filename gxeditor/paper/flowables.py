"""What a story is made of: things that know their height for a width, may be divided, and draw themselves.

As `reportlab.platypus` has them, whose import takes as long as that of all else that a PDF needs, and of which no more
than this is wanted here. Knows no text and no table.
"""

from __future__ import annotations

from enum import Enum
from typing import Any


class Manner(Enum):
    """How a flowable that can give way takes its room; the value is what it costs the look of a page."""

    USUAL = 0.0
    CLOSE = 1.5
    """Smaller than it would be on a page that has been begun, so as to stand there."""
    SNUG = 1.75
    """Its rows close together, for the sake of what follows."""
    LOOSE = 1.25
    """Its rows apart, so that the page is filled."""
    LOOSER = 2.25
    PARTED = 2.0
    """Divided, where nothing else would fill the page."""
    TIGHT = 3.0
    """As small as it may be."""


class Flowable:
    """Something that stands on a page; lengths in points. `canv` is there while it draws."""

    keepWithNext: bool = False
    """Whether it stands on the page where the next one begins."""
    width: float = 0
    height: float = 0
    foot: float = 0
    """How much higher than a line of text would its ink ends, where it ends a page."""
    closing: float = 0
    """How much of its height is no text but what closes a document: attachments, signature, date, white around."""
    canv: Any
    manners: tuple[Manner, ...] = (Manner.USUAL,)
    """The manners that it knows, the usual one first."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Its size in a room so wide, of which `height` is left; also kept as `width` and `height`."""
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Its parts, of which the first may fit into this room; nothing where it cannot be divided."""
        return []

    def in_manner(self, manner: Manner) -> Flowable:
        """The same in another of its manners."""
        return self

    def draw(self) -> None:
        """Draws on `canv`, whose origin is the lower left corner of this."""

    def drawOn(self, canvas: Any, x: float, y: float) -> None:
        """Draws with the lower left corner at this place of a canvas."""
        canvas.saveState()
        canvas.translate(x, y)
        self.canv = canvas
        self.draw()
        del self.canv
        canvas.restoreState()


class Spacer(Flowable):
    """Room with nothing in it."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
