"""The original as light paper: the paragraphs and ruled tables of a source, of whatever format.

Knows how its blocks lie below each other, that only what is in view is drawn, and which of them a note or a cell of the
form came from. Knows nothing of the form.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QApplication, QToolTip

from gxeditor.core.checks.rules import Severity
from gxeditor.imports.source import ImportNote, Origin, RawCell, RawTable, Source
from gxeditor.ui.importing.original import DESK, PAPER, Original, origins_of, severity_of
from gxeditor.ui.look import theme

_SIDE, _TOP = 22, 16  # from the edge of the paper to what stands on it
_NUMBERS = 52  # the margin with the numbers of lines
_GAP = 8  # between blocks
_WORD = re.compile("[A-Za-z\u3400-\u9fff]")


@dataclass(slots=True)
class _Piece:
    """A paragraph, or a row of a table: from `top`, `height` high. `row` is -1 for a paragraph."""

    block: int
    row: int
    top: int
    height: int


class PaperView(Original):
    """The blocks of a source on one long sheet: paragraphs, and tables ruled with their spans.

    Heights are estimated from the number of characters, so that a source of tens of thousands of cells is laid out at
    once; only what is in view is drawn. Where a source knows its lines their numbers stand in the margin. `current` is
    the block, and the cell of it, that was chosen last.
    """

    def __init__(self, source: Source, notes: Sequence[ImportNote]) -> None:
        super().__init__()
        self.blocks = source.blocks
        self._numbered = any(self._numbers(block) for block in self.blocks)
        self._pieces: list[_Piece] = []
        self._columns: dict[int, list[int]] = {}  # edges of the columns of a table, by its block
        self._rows: dict[int, list[int]] = {}  # edges of its rows, from the top of the paper
        self._first: dict[int, list[int]] = {}  # row of each of its cells, to find those in view
        self._tall: dict[int, list[RawCell]] = {}
        self._width = 0
        self._at: dict[Origin, list[tuple[int, RawCell | None]]] = {}
        for number, block in enumerate(self.blocks):
            if block.origin:
                self._at.setdefault(block.origin, []).append((number, None))
            for cell in block.cells if isinstance(block, RawTable) else ():
                if cell.origin:
                    self._at.setdefault(cell.origin, []).append((number, cell))
        self._marks: dict[Origin, Severity] = {}
        self._doubtful: set[tuple[Origin, int]] = set()
        for note in notes:
            for origin in origins_of(note):
                known = self._marks.get(origin)
                severity = severity_of(note)
                self._marks[origin] = severity if known is None or severity.rank < known.rank else known
            if note.severity == "doubt":
                self._doubtful |= {(raw.origin, raw.column) for raw in note.raw if raw.origin}
        self._chosen: frozenset[Origin] = frozenset()
        self._framed: frozenset[tuple[Origin, int]] = frozenset()
        self.current: tuple[int, RawCell | None] | None = None

    @staticmethod
    def _numbers(block: object) -> bool:
        cells = block.cells if isinstance(block, RawTable) else (block,)
        return any(one.origin.line is not None for one in cells if hasattr(one, "origin"))

    # --- measures

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        self._bring_into_view()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self._pieces:
            self._measure()

    @property
    def _margin(self) -> int:
        return _NUMBERS if self._numbered else _SIDE

    def _measure(self) -> None:
        metrics = QFontMetrics(theme.font())
        em, line = metrics.horizontalAdvance("国"), metrics.lineSpacing()
        least = max(200, self.viewport().width() - 2 * DESK - self._margin - _SIDE)
        self._pieces, self._columns, self._rows = [], {}, {}
        for number, block in enumerate(self.blocks):
            if isinstance(block, RawTable):
                self._columns[number] = _edges(block, least, em)
        widest = max((edges[-1] for edges in self._columns.values()), default=0)
        self._width = max(least, widest)
        top = _TOP
        part = ""
        for number, block in enumerate(self.blocks):
            named = _part(block)
            if named and named != part:
                part = named
                top += line + _GAP
            if isinstance(block, RawTable):
                edges = self._columns[number]
                heights = _heights(block, edges, em, line)
                self._rows[number] = list(accumulate(heights, initial=top))
                self._first[number] = [cell.row for cell in block.cells]
                self._tall[number] = [cell for cell in block.cells if cell.row_span > 1]
                for row, height in enumerate(heights):
                    self._pieces.append(_Piece(number, row, self._rows[number][row], height))
                top = self._rows[number][-1] + _GAP
            else:
                text = block.text
                room = max(4 * em, least - block.indent * em // 2)
                height = _lines_of(text, room, em) * (line + 2) + 4
                self._pieces.append(_Piece(number, -1, top, height))
                top += height + 2
        self._tops = [piece.top for piece in self._pieces]
        whole = top + _TOP + 2 * DESK
        view = self.viewport().size()
        for bar, size, part_in_view in (
            (self.verticalScrollBar(), whole, view.height()),
            (self.horizontalScrollBar(), self._width + self._margin + _SIDE + 2 * DESK, view.width()),
        ):
            bar.setPageStep(part_in_view)
            bar.setRange(0, max(0, size - part_in_view))

    def rect_of(self, block: int, cell: RawCell | None) -> QRect:
        """Where a block or a cell is in the view."""
        x = DESK + self._margin - self.horizontalScrollBar().value()
        y = DESK - self.verticalScrollBar().value()
        if cell is None:
            if (rows := self._rows.get(block)) is not None:
                return QRect(x, rows[0] + y, self._columns[block][-1], rows[-1] - rows[0])
            number = bisect_left(self._pieces, block, key=lambda piece: piece.block)
            piece = self._pieces[number]
            return QRect(x, piece.top + y, self._width, piece.height)
        columns, rows = self._columns[block], self._rows[block]
        left, right = columns[cell.column], columns[min(cell.column + cell.column_span, len(columns) - 1)]
        top, bottom = rows[cell.row], rows[min(cell.row + cell.row_span, len(rows) - 1)]
        return QRect(left + x, top + y, right - left, bottom - top)

    # --- what is chosen

    def show_origins(self, origins: Sequence[Origin], columns: Sequence[int] = ()) -> bool:
        found = [place for origin in origins for place in self._at.get(origin, ())]
        self._chosen = frozenset(origin for origin in origins if origin in self._at)
        meant = [(block, cell) for block, cell in found if cell is not None and cell.column in columns]
        alone = [place for place in found if place[1] is not None and len(self._at[place[1].origin]) == 1]
        self._framed = frozenset((cell.origin, cell.column) for _, cell in meant or alone if cell is not None)
        self.current = next(iter(meant or found), None)
        self._bring_into_view()
        self.viewport().update()
        self._tell_reader()
        return bool(found)

    def show_raws(self, raws: Sequence[RawCell], origin: Origin) -> bool:
        """Frames the cells that a note is about; a line of the original holds more than one."""
        found = self.show_origins([*dict.fromkeys(raw.origin for raw in raws), origin])
        if raws:
            self._framed = frozenset((raw.origin, raw.column) for raw in raws)
            self.viewport().update()
        return found

    def _tell_reader(self) -> None:
        if self.current is not None:
            block, cell = self.current
            text = cell.text if cell is not None else _text_of(self.blocks[block])
            self.setAccessibleDescription(text[:200])

    def _bring_into_view(self) -> None:
        if self.current is None or not self._pieces:
            return
        rect, view = self.rect_of(*self.current), self.viewport().rect()
        for bar, first, last, size in (
            (self.verticalScrollBar(), rect.top(), rect.bottom(), view.height()),
            (self.horizontalScrollBar(), rect.left(), rect.right(), view.width()),
        ):
            if first < 0 or last > size:
                bar.setValue(bar.value() + first - size // 3)

    def place_at(self, point: QPoint) -> tuple[int, RawCell | None] | None:
        """The block under a point of the view, and the cell of it."""
        y = point.y() + self.verticalScrollBar().value() - DESK
        number = bisect_right(self._tops, y) - 1 if self._pieces else -1
        if number < 0:
            return None
        piece = self._pieces[number]
        if not piece.top <= y <= piece.top + piece.height:
            return None
        if piece.row < 0:
            return piece.block, None
        cells = self._cells(piece.block, range(piece.row, piece.row + 1))
        return next(
            ((piece.block, cell) for cell in cells if self.rect_of(piece.block, cell).contains(point)), None
        )

    # --- painting

    def _cells(self, block: int, rows: range) -> Iterator[RawCell]:
        """The cells of a table that reach into these rows."""
        table = self.blocks[block]
        assert isinstance(table, RawTable)
        first = self._first[block]
        for cell in self._tall[block]:
            if cell.row < rows.start < cell.row + cell.row_span:
                yield cell
        yield from table.cells[bisect_left(first, rows.start) : bisect_left(first, rows.stop)]

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self.viewport())
        view = self.viewport().rect()
        painter.fillRect(view, colors.window if colors.dark else colors.head)
        pixels = theme.Pixels(painter)
        down, across = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        end = self.verticalScrollBar().maximum() + view.height() - 2 * DESK
        sheet = QRectF(DESK - across, DESK - down, self._width + self._margin + _SIDE, end)
        pixels.fill(sheet.x(), sheet.y(), sheet.width(), sheet.height(), PAPER.base)
        pixels.frame(sheet, colors.line2)
        painter.setFont(theme.font())
        if not self._pieces:
            painter.setPen(PAPER.text2)
            painter.drawText(view, Qt.AlignmentFlag.AlignCenter, "原文里没有可显示的内容。")
            painter.end()
            return
        top, bottom = down - DESK, down - DESK + view.height()
        first = max(0, bisect_right(self._tops, top) - 1)
        last = bisect_right(self._tops, bottom)
        tables: dict[int, list[int]] = {}
        for piece in self._pieces[first:last]:
            if piece.row < 0:
                self._paint_text(painter, pixels, piece)
            else:
                tables.setdefault(piece.block, []).append(piece.row)
        for block, rows in tables.items():
            self._paint_table(painter, pixels, block, range(rows[0], rows[-1] + 1))
        self._paint_parts(painter, first, last)
        painter.end()

    def _paint_parts(self, painter: QPainter, first: int, last: int) -> None:
        """The name of a sheet above what stands on it."""
        before = _part(self.blocks[self._pieces[first - 1].block]) if first else ""
        line = QFontMetrics(theme.font(9, 600)).lineSpacing()
        for piece in self._pieces[first:last]:
            part = _part(self.blocks[piece.block])
            if part and part != before:
                before = part
                rect = self.rect_of(piece.block, None)
                painter.setFont(theme.font(9, 600))
                painter.setPen(PAPER.text2)
                painter.drawText(rect.x(), rect.y() - 4 - line // 4, f"工作表“{part}”")
                painter.setFont(theme.font())

    def _paint_margin(self, painter: QPainter, origin: Origin, top: float, height: float) -> None:
        """The number of the line, and the mark of what is said about it."""
        if origin.line is not None:
            painter.setPen(PAPER.text3)
            box = QRectF(DESK + 2 - self.horizontalScrollBar().value(), top, self._margin - 10, height)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, int(flags), str(origin.line))
        if (mark := self._marks.get(origin)) is not None:
            left = DESK + 4 - self.horizontalScrollBar().value()
            theme.paint_mark(painter, QRectF(left, top + height / 2 - 4, 8, 8), mark)

    def _paint_text(self, painter: QPainter, pixels: theme.Pixels, piece: _Piece) -> None:
        block = self.blocks[piece.block]
        assert not isinstance(block, RawTable)
        rect = QRectF(self.rect_of(piece.block, None))
        chosen = block.origin in self._chosen
        if chosen:
            pixels.fill(rect.x() - 4, rect.y(), rect.width() + 8, rect.height(), PAPER.sel)
        self._paint_margin(painter, block.origin, rect.y(), rect.height())
        em = painter.fontMetrics().horizontalAdvance("国")
        painter.setPen(PAPER.seltext if chosen else PAPER.text)
        painter.drawText(rect.adjusted(block.indent * em // 2, 2, 0, 0), block.text, _wrapped(False))

    def _paint_table(self, painter: QPainter, pixels: theme.Pixels, block: int, rows: range) -> None:
        lined: set[int] = set()
        for cell in self._cells(block, rows):
            rect = QRectF(self.rect_of(block, cell))
            origin = cell.origin
            at = (origin, cell.column)
            doubtful = at in self._doubtful
            framed = at in self._framed and origin in self._chosen
            ground = PAPER.qrytint if doubtful else PAPER.sel if origin in self._chosen else None
            if ground is not None:
                pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), ground)
            pixels.frame(rect.adjusted(0, 0, pixels.line, pixels.line), PAPER.line2)
            if framed:
                pixels.frame(rect.adjusted(1, 1, 0, 0), PAPER.focus, 2)
            if cell.row not in lined and (self._numbered or origin in self._marks):
                lined.add(cell.row)
                self._paint_margin(painter, origin, rect.y(), rect.height())
            painter.setPen(PAPER.text)
            inner = rect.adjusted(4, 2, -3, -1)
            painter.save()
            painter.setClipRect(rect)
            painter.drawText(inner, cell.text.strip(), _wrapped(len(cell.text.strip()) <= 12))
            painter.restore()
            if doubtful:
                theme.paint_mark(painter, QRectF(rect.right() - 9, rect.y() + 3, 7, 7), Severity.QUERY)

    # --- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        place = self.place_at(event.position().toPoint())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self._point(place)

    def _point(self, place: tuple[int, RawCell | None]) -> None:
        block, cell = place
        origin = cell.origin if cell is not None else self.blocks[block].origin
        self.show_origins([origin] if origin else [], [cell.column] if cell is not None else [])
        self.current = place
        text = cell.text if cell is not None else _text_of(self.blocks[block])
        self.pointed.emit(origin, cell.column if cell is not None else -1, text.strip())

    def columns_at(self, origin: Origin) -> tuple[int, ...]:
        cells = [cell for _, cell in self._at.get(origin, ()) if cell is not None]
        return tuple(cell.column for cell in cells if cell.text.strip() and not _WORD.search(cell.text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.current is not None:
            block, cell = self.current
            QApplication.clipboard().setText(cell.text if cell is not None else _text_of(self.blocks[block]))
            return
        key, current = event.key(), self.current
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        if key in steps and self._pieces:
            self._step(*steps[Qt.Key(key)], current)
            return
        bar = self.verticalScrollBar()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(0 if key == Qt.Key.Key_Home else bar.maximum())
            return
        super().keyPressEvent(event)

    def _step(self, down: int, across: int, current: tuple[int, RawCell | None] | None) -> None:
        """To the next cell or paragraph in a direction."""
        if current is None:
            piece = self._pieces[
                min(
                    len(self._pieces) - 1,
                    max(0, bisect_right(self._tops, self.verticalScrollBar().value()) - 1),
                )
            ]
            cell = (
                next(self._cells(piece.block, range(piece.row, piece.row + 1)), None)
                if piece.row >= 0
                else None
            )
            self._point((piece.block, cell))
            return
        block, cell = current
        if cell is not None:
            row = cell.row + (cell.row_span if down > 0 else -1 if down < 0 else 0)
            column = cell.column + (cell.column_span if across > 0 else -1 if across < 0 else 0)
            if 0 <= row < len(self._rows[block]) - 1:
                beside = next(
                    (
                        one
                        for one in self._cells(block, range(row, row + 1))
                        if one.column <= column < one.column + one.column_span
                    ),
                    None,
                )
                if beside is not None:
                    self._point((block, beside))
                return
        if down and 0 <= block + down < len(self.blocks):
            table = self.blocks[block + down]
            if isinstance(table, RawTable):
                cells = [one for one in table.cells if down > 0 or one.row + one.row_span >= table.rows]
                if cells:
                    self._point((block + down, cells[0]))
            else:
                self._point((block + down, None))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.place_at(event.pos())
            words = ""
            if place is not None:
                block, cell = place
                origin = cell.origin if cell is not None else self.blocks[block].origin
                words = "\n".join(filter(None, (origin.words, cell.text[:400] if cell is not None else "")))
            QToolTip.showText(event.globalPos(), theme.plain_tip(words), self.viewport())
            return True
        return super().viewportEvent(event)


def _part(block: object) -> str:
    """The sheet that a block stands on, "" where there are none."""
    if isinstance(block, RawTable):
        return block.origin.sheet or next((cell.origin.sheet for cell in block.cells), "")
    return getattr(block, "part", "") or getattr(block, "origin", Origin()).sheet


def _text_of(block: object) -> str:
    if isinstance(block, RawTable):
        return "\n".join(cell.text for cell in block.cells)
    return getattr(block, "text", "")


def _wrapped(centred: bool) -> QTextOption:
    option = QTextOption(
        Qt.AlignmentFlag.AlignVCenter
        | (Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft)
    )
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _ems(text: str) -> float:
    """How wide a text is, in Chinese characters: others take half as much."""
    return len(text.encode("gb18030", "replace")) / 2 if not text.isascii() else len(text) * 0.55


def _lines_of(text: str, room: int, em: int) -> int:
    """In how many lines a text stands in so much room."""
    per_line = max(1.0, room / em)
    return sum(max(1, ceil(_ems(line) / per_line)) for line in text.split("\n")) if text else 1


def _edges(table: RawTable, room: int, em: int) -> list[int]:
    """The edges of the columns: by what stands in them, together as wide as the paper, or wider where they must."""
    count = max(1, table.columns)
    need = [2.0] * count
    for cell in table.cells[:4_000]:  # the rest of a long list is like its beginning
        if cell.column_span == 1 and cell.text:
            longest = max(_ems(line) for line in cell.text.strip().split("\n"))
            need[cell.column] = max(need[cell.column], min(longest, 22.0))
    widths = [ceil((one + 0.8) * em) for one in need]
    least = [ceil(min(one + 0.8, 2.8) * em) for one in need]
    spare = room - sum(widths)
    if spare >= 0:
        return list(accumulate((width + spare * width // sum(widths) for width in widths), initial=0))
    yielding = [width - low for width, low in zip(widths, least, strict=True)]
    given = min(sum(yielding), -spare)
    if given > 0:
        widths = [
            width - -(-given * part // sum(yielding)) for width, part in zip(widths, yielding, strict=True)
        ]
    return list(accumulate(widths, initial=0))


def _heights(table: RawTable, edges: Sequence[int], em: int, line: int) -> list[int]:
    heights = [line + 6] * table.rows
    for cell in sorted(table.cells, key=lambda cell: cell.row_span):
        if len(cell.text) < 2:
            continue
        right = min(cell.column + cell.column_span, len(edges) - 1)
        needed = _lines_of(cell.text.strip(), edges[right] - edges[cell.column] - 8, em) * line + 6
        last = min(cell.row + cell.row_span, table.rows) - 1
        heights[last] += max(0, needed - sum(heights[cell.row : last + 1]))
    return heights
