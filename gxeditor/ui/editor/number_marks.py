"""How the numbers of a text are marked: where each stands on the paper, its tint, and the line below it.

Knows the layout of a text document and the looks that a number can have. Knows no report, no rule, and not why a number
looks as it does; places are positions of the document.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextBlock, QTextDocument

from gxeditor.ui.look import theme

Look = Literal["different", "explained", "same", "open", "bound"]


class Mark(NamedTuple):
    """A number from position `start` to before `end`, in one paragraph, and its look.

    "different" is not what the tables say, "explained" neither, but a person said why; "same" is; "open" has nothing
    to be compared with; "bound" follows a cell.
    """

    start: int
    end: int
    look: Look


def changed_blocks(
    document: QTextDocument,
    before: Iterable[tuple[int, int, int, Look]],
    after: Iterable[tuple[int, int, int, Look]],
) -> Iterator[QTextBlock]:
    """The paragraphs in which another mark stands than before, as `placed` gives them."""
    numbers = {number for number, *_ in set(before) ^ set(after)}
    for number in sorted(numbers):
        block = document.findBlockByNumber(number)
        if block.isValid():
            yield block


def placed(text: str, marks: Sequence[Mark]) -> tuple[tuple[int, int, int, Look], ...]:
    """Each mark as (paragraph, first and last character in it, look): what typing elsewhere leaves alone.

    Places are characters of `text`; so no paragraph has to be asked for its place, which with hundreds of marks a
    keystroke would feel.
    """
    found = []
    number, begins, ends = 0, 0, text.find("\n")
    for start, end, look in marks:
        while 0 <= ends < start:
            number, begins = number + 1, ends + 1
            ends = text.find("\n", begins)
        found.append((number, start - begins, end - begins, look))
    return tuple(found)


def rects(document: QTextDocument, start: int, end: int) -> tuple[QRectF, ...]:
    """Where those positions of one paragraph stand in the document: a box for each line that they are on."""
    block = document.findBlock(start)
    return _rects(block, document.documentLayout().blockBoundingRect(block).topLeft(), start, end)


def _rects(block: QTextBlock, origin: QPointF, start: int, end: int) -> tuple[QRectF, ...]:
    layout, begins = block.layout(), block.position()
    first, last = max(0, start - begins), min(end - begins, block.length() - 1)
    found: list[QRectF] = []
    # A paragraph may be of hundreds of lines with hundreds of marks: none but those of this mark are looked at.
    line = layout.lineForTextPosition(first)
    while line.isValid() and first < last:
        ends = min(last, line.textStart() + line.textLength())
        if first < ends:
            left, right = line.cursorToX(first)[0], line.cursorToX(ends)[0]  # type: ignore[index]
            found.append(QRectF(left, line.y(), right - left, line.height()).translated(origin))
        first = max(first, ends)
        number = line.lineNumber() + 1
        if first >= last or number >= layout.lineCount():
            break
        line = layout.lineAt(number)
    return tuple(found)


class Boxes(NamedTuple):
    """A mark and where it stands in the viewport."""

    mark: Mark
    boxes: tuple[QRectF, ...]


def visible(document: QTextDocument, marks: Sequence[Mark], scrolled: float, area: QRectF) -> Iterator[Boxes]:
    """Those of the marks that can be seen in `area` of a viewport that is scrolled down so far."""
    layout, fuzzy = document.documentLayout(), Qt.HitTestAccuracy.FuzzyHit
    # A line more on either side: a place is hit by the middle of a character. Lines, as one paragraph may be long.
    ends = (QPointF(x, y + scrolled) for x, y in ((0, area.top() - 1), (1e6, area.bottom() + 1)))
    above, below = (max(0, layout.hitTest(end, fuzzy)) for end in ends)
    first, last = _line_start(document, above), _line_end(document, below)
    begin = bisect_left(marks, first, key=_start)
    if begin and marks[begin - 1].end > first:  # it began on the line before
        begin -= 1
    block, origin = QTextBlock(), QPointF()
    for mark in marks[begin : bisect_left(marks, last + 1, key=_start)]:
        if not block.isValid() or not block.contains(mark.start):
            block = document.findBlock(mark.start)
            origin = layout.blockBoundingRect(block).topLeft() - QPointF(0, scrolled)
        yield Boxes(mark, _rects(block, origin, mark.start, mark.end))


def _line_start(document: QTextDocument, place: int) -> int:
    block = document.findBlock(place)
    line = block.layout().lineForTextPosition(place - block.position())
    return block.position() + (line.textStart() if line.isValid() else 0)


def _line_end(document: QTextDocument, place: int) -> int:
    block = document.findBlock(place)
    line = block.layout().lineForTextPosition(place - block.position())
    return block.position() + (line.textStart() + line.textLength() if line.isValid() else block.length())


def _start(mark: Mark) -> int:
    return mark.start


def paint_ground(painter: QPainter, shown: Iterable[Boxes]) -> None:
    """The tints, before the text is painted over them."""
    colors, pixels = theme.current(), theme.Pixels(painter)
    grounds = {"different": colors.qrytint, "same": colors.bound, "bound": colors.bound}
    for mark, boxes in shown:
        ground = grounds.get(mark.look)
        if ground is None:
            continue
        for box in boxes:
            pixels.fill(box.x() - 1, box.y(), box.width() + 2, box.height(), ground)


def paint_lines(painter: QPainter, shown: Iterable[Boxes]) -> None:
    """The lines below: double for what differs, dotted for what is open, one for what follows a cell."""
    colors, pixels = theme.current(), theme.Pixels(painter)
    for mark, boxes in shown:
        for box in boxes:
            bottom = pixels.y(box.bottom()) - pixels.line
            if mark.look == "different":
                # Three rows: a line, a gap, a line.
                pixels.hline(box.x(), bottom, box.width(), colors.qry)
                pixels.hline(box.x(), bottom - 2 * pixels.line, box.width(), colors.qry)
            elif mark.look == "explained":
                pixels.hline(box.x(), bottom, box.width(), colors.qry)
            elif mark.look == "bound":
                pixels.hline(box.x(), bottom, box.width(), colors.link)
            elif mark.look == "open":
                _dots(painter, pixels, box, bottom, colors.text3)


def _dots(painter: QPainter, pixels: theme.Pixels, box: QRectF, y: float, color: QColor) -> None:
    step = 3 * pixels.line
    x = pixels.x(box.x())
    while x < box.right():
        painter.fillRect(QRectF(QPointF(x, y), QPointF(x + pixels.line, y + pixels.line)), color)
        x += step
