"""What a booklet consists of: headings, paragraphs, list items, tables and pictures, as values.

They come from the window's process into the child that sets pages: nothing heavy is loaded here. Who reads them from a
file is no business of this module, nor how they are set (`booklet`) or shown on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Piece(NamedTuple):
    """A stretch of words; `link` is where it leads, as its source writes it."""

    text: str
    strong: bool = False
    link: str = ""


Words = tuple[Piece, ...]


class Picture(NamedTuple):
    """Pixels with a palette: row after row of indexes, a byte each; `palette` holds red, green and blue by threes."""

    width: int
    height: int
    pixels: bytes
    palette: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a booklet.

    `level` is that of a heading, 1 for the title. `mark` stands before a list item: “·” or “1.”. `rows` are those of a
    table, the first its head. `picture` names a picture, whose caption is the block's words.
    """

    kind: Literal["heading", "text", "item", "table", "picture"]
    words: Words = ()
    level: int = 0
    mark: str = ""
    rows: tuple[tuple[Words, ...], ...] = ()
    picture: str = ""

    @property
    def text(self) -> str:
        """Its words without what distinguishes them."""
        return plain(self.words)


def plain(words: Words) -> str:
    return "".join(piece.text for piece in words)
