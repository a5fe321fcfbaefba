"""Pages that were set, as they are handed on: the bytes of the file, and what stands where on them.

Values only, which come from the child process into the window's without what made them: nothing heavy is loaded here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageSpot:
    """Where something of the report stands in the file, in points from the upper left corner of the page.

    `page` counts from 0. `target` is the id of a cell, the key of a section, the name of a note below a table, or
    "title", "preamble", "signature", "date", "attachment" (附件说明), "charts_title". `paragraph` is the line of that
    text as an editor counts its blocks, from 0; None for the whole: a cell, a heading, the title. `part` counts
    the lines on which one line of a signature goes on, 0 for its first.
    """

    page: int
    x: float
    y: float
    width: float
    height: float
    target: str
    paragraph: int | None = None
    part: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A character that no face has, and where it stands, as printed: 「一、总体情况」第 2 段."""

    char: str
    place: str

    @property
    def code(self) -> str:
        return f"U+{ord(self.char):04X}"


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished file: its bytes, its pages, where everything stands, and the characters that it shows as 〓."""

    data: bytes
    pages: int
    spots: tuple[PageSpot, ...]
    missing: tuple[Missing, ...]
