"""The manual as it is shipped: its chapters, its pictures, and which chapter speaks of what is in hand.

Knows the Markdown file (read by Qt), how it is divided at its headings, the table of what is in hand
(resources/manual/topics.toml), and how words are looked for. Shows nothing and knows no page of the program: pages,
dialogs and rules are names here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from PySide6.QtGui import (
    QFont,
    QImage,
    QTextBlock,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextFrame,
    QTextTable,
)

from gxeditor.core.errors import GxError
from gxeditor.paper.blocks import Block, Picture, Piece, Words
from gxeditor.resources import read_shipped, resource

_FILE = "manual/使用说明.md"
_TOPICS = "manual/topics.toml"
GROUPS = ("places", "dialogs", "rules")
"""What can be in hand: a part of the window by its class, a dialog by its class or title, a rule by code, kind or
group."""
_NEAREST = 3  # chapters that are offered where nothing is found


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the second or third level with what stands below it; `within` is the chapter that it is part of."""

    title: str
    level: int
    within: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """All its words, by which it is told whether it is near to what was looked for."""
        cells = (words for block in self.blocks for row in block.rows for words in row)
        parts = [block.text for block in self.blocks] + ["".join(p.text for p in words) for words in cells]
        return "\n".join([self.title, *parts])


@dataclass(frozen=True, slots=True)
class Manual:
    """The chapters in order, and of what is in hand which chapter speaks of it."""

    title: str
    chapters: tuple[Chapter, ...]
    blocks: tuple[Block, ...]
    topics: Mapping[str, Mapping[str, str]]

    def chapter(self, title: str) -> Chapter:
        """The chapter of this title. Raises `KeyError`."""
        for one in self.chapters:
            if one.title == title:
                return one
        raise KeyError(title)

    def about(self, group: str, *names: str) -> str:
        """The title of the chapter about the first of `names` that is known in a group; "" if none is."""
        known = self.topics[group]
        return next((known[name] for name in names if name in known), "")

    def nearest(self, words: str) -> tuple[Chapter, ...]:
        """The three chapters that have most in common with words that stand in none."""
        wanted = {char for char in words.casefold() if not char.isspace()}
        pairs = {a + b for a, b in pairwise(words)}

        def likeness(chapter: Chapter) -> int:
            text = chapter.text.casefold()
            in_title = sum(char in chapter.title.casefold() for char in wanted)
            return (
                3 * in_title + sum(char in text for char in wanted) + 4 * sum(pair in text for pair in pairs)
            )

        return tuple(sorted(self.chapters, key=likeness, reverse=True)[:_NEAREST])


@cache
def load_manual() -> Manual:
    """The shipped manual. Raises `GxError` if it is missing or damaged."""
    path = resource(_FILE)
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GxError("程序自带的使用说明读不出来。", "年报文件没有受到影响。", "请重新安装程序。") from error
    blocks = tuple(blocks_of(source))
    topics = {group: dict(read_shipped(resource(_TOPICS)).get(group, {})) for group in GROUPS}
    return Manual(blocks[0].text if blocks else "", tuple(_chapters(blocks)), blocks, topics)


def _chapters(blocks: Sequence[Block]) -> Iterator[Chapter]:
    starts = [i for i, block in enumerate(blocks) if block.kind == "heading" and block.level in (2, 3)]
    within = ""
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        head = blocks[start]
        within = "" if head.level == 2 else within
        yield Chapter(head.text, head.level, within, tuple(blocks[start + 1 : end]))
        within = within or head.text


def blocks_of(source: str) -> Iterator[Block]:
    """The blocks of a Markdown text."""
    document = QTextDocument()
    document.setMarkdown(source, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    place = document.rootFrame().begin()
    while not place.atEnd():
        frame: QTextFrame | None = place.currentFrame()
        if isinstance(frame, QTextTable):
            rows = range(frame.rows())
            columns = range(frame.columns())
            yield Block("table", rows=tuple(tuple(_cell(frame, r, c) for c in columns) for r in rows))
        elif frame is None:
            yield from _block(place.currentBlock())
        place += 1


def _cell(table: QTextTable, row: int, column: int) -> Words:
    return _words(table.cellAt(row, column).firstCursorPosition().block())


def _block(block: QTextBlock) -> Iterator[Block]:
    words, level, of_list = _words(block), block.blockFormat().headingLevel(), block.textList()
    picture = next(_pictures(block), None)
    if picture is not None:
        name, caption = picture
        yield Block("picture", (Piece(caption),), picture=name)
    elif not words:
        return
    elif level:
        yield Block("heading", tuple(Piece(piece.text) for piece in words), level=level)
    elif of_list is not None:
        numbered = of_list.format().style().name == "ListDecimal"
        yield Block("item", words, mark=f"{of_list.itemNumber(block) + 1}." if numbered else "·")
    else:
        yield Block("text", words)


def _pictures(block: QTextBlock) -> Iterator[tuple[str, str]]:
    for fragment in _fragments(block):
        form = fragment.charFormat()
        if form.isImageFormat():
            yield form.toImageFormat().name(), str(form.property(QTextFormat.Property.ImageAltText) or "")


def _words(block: QTextBlock) -> Words:
    pieces = []
    for fragment in _fragments(block):
        form = fragment.charFormat()
        if not form.isImageFormat():
            strong = form.fontWeight() >= QFont.Weight.DemiBold
            pieces.append(Piece(_unbroken(fragment.text()), strong, form.anchorHref()))
    return tuple(pieces)


def _fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    place = block.begin()
    while not place.atEnd():
        yield place.fragment()
        place += 1


def _unbroken(text: str) -> str:
    """Without the space that stands for a line end between two Chinese characters."""
    return re.sub(r"(?<=[⺀-鿿　-〿！-～]) (?=[⺀-鿿　-〿！-～])", "", text)


def picture_image(name: str) -> QImage:
    """A picture of the manual; a null one if it is not there."""
    with suppress(GxError):
        return QImage(str(resource(f"manual/{name}")))
    return QImage()


def pictures(blocks: Iterable[Block]) -> dict[str, Picture]:
    """The pictures that blocks name, as the child process takes them; one that is missing is left out."""
    found = {}
    for name in {block.picture for block in blocks if block.picture}:
        image = picture_image(name)
        if not image.isNull():
            image = image.convertToFormat(QImage.Format.Format_Indexed8)
            wide, lines = image.width(), bytes(image.constBits())
            pixels = b"".join(lines[row * image.bytesPerLine() :][:wide] for row in range(image.height()))
            palette = b"".join(bytes(((c >> 16) & 255, (c >> 8) & 255, c & 255)) for c in image.colorTable())
            found[name] = Picture(wide, image.height(), pixels, palette)
    return found
