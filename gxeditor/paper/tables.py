"""The tables of the form as they are printed: ruled and merged as the statute prints them, fitted to the page.

Knows how a `Grid` is set and ruled, how it gives way when room is short, and where it may be divided. All wording is
the form's. Knows nothing of the rest of the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from gxeditor.core.form import Grid, Place, Table
from gxeditor.core.report import Report, show_entry
from gxeditor.core.text import HEADS
from gxeditor.paper.faces import Face, FaceSet
from gxeditor.paper.flowables import Flowable, Manner
from gxeditor.paper.layouts import FORM_BLOCK, LABELS
from gxeditor.paper.sheet import CLOSE, Frame, PageFlow, Press, Shrunk, lines_of, text_width
from gxeditor.paper.tags import Part, Scope, table_rows
from gxeditor.paper.typeset import Align, ChineseParagraph, Run, SetLine, Style, draw_lines

_STEP = 0.5  # points by which the type shrinks
_WIDE = 8  # columns from which a table begins at 10.5 pt (五号): in 12 pt no heading would stay whole
_WIDE_SIZE = 10.5
_ROWS = (
    2.0,
    1.7,
    1.5,
    1.33,
)  # least height of a row, in sizes; the last is the plain line spacing of an office program
_LOOSE, _LOOSER = (2.5, 2.25), (3.2, 3.0, 2.75)  # rows where a page is to be filled
_FEW_ROWS = 6  # a table with fewer, without its head, has no rows to speak of that could give way
_DIVIDED_ROW = 1.5  # once a table is divided, there is room
_PADDING, _LABEL_PADDING, _NUMBER_PADDING = 1.0, 3.0, 2.0  # points at either side of a text
_LEAST_TEXT, _LEAST_NUMBER = 0.8, 0.4  # of the size of a table: to what its cells shrink for a long entry
_OVER = 3.5  # points above and below a text, at most
_LEADING = 1.25
_AROUND = (
    6  # points above and below a table together, at least; the lines of text around bring white of their own
)
_NOTE_SIZE, _NOTE_LEADING, _NOTE_GAP = 9, 1.4, 2
_LONG_NOTE = 1 / 4  # of a page

_LEAST_ROWS = 3  # that are worth beginning a table for at the foot of a page
_TORN = 4  # rows that may go to the next page so as not to tear a heading
_GREAT_GAP = (
    1 / 3
)  # of a page: rather than leave so much white, a table of several blocks is divided between them

_ENUMERATED = re.compile("（[一二三四五六七八九十]+）|.+")
"""（三） and 不予公开, which the narrow second column of 表三 holds on lines of their own."""


def note_style(flow: PageFlow) -> Style:
    """How a note below a table is set."""
    return flow.style(_NOTE_SIZE, _NOTE_SIZE * _NOTE_LEADING, "justify")


def drawn_table(
    table: Table, report: Report, flow: PageFlow, rows: Sequence[ChineseParagraph] = ()
) -> list[Flowable]:
    """A table of the form with the paragraphs of the note below it; one that is longer than a note should be flows on
    by itself."""
    height = sum(row.wrap(flow.width, flow.height)[1] for row in rows)
    if height <= flow.height * _LONG_NOTE:
        return [TableDrawing(table, report, flow, rows)]
    return [TableDrawing(table, report, flow), *rows]


class TableDrawing(Flowable):
    """A table of the form with the note below it.

    On a page that has been begun it takes the largest type, and then the roomiest rows, with which it fits, down to
    the layout's size for such a page; on a page of its own, or in a manner that asks for it, it may shrink to the least
    size. Only then is it divided: between blocks, or between rows with the head repeated; a row is never cut. A layout
    may allow to divide it also for the sake of a page that would stay white (`Manner.PARTED`).
    """

    canv: Press

    def __init__(
        self, table: Table, report: Report, flow: PageFlow, note: Sequence[ChineseParagraph] = ()
    ) -> None:
        super().__init__()
        self._grid, self._report, self._flow = table.grid(), report, flow
        self._note = tuple(note)
        self._rows: tuple[int, ...] = tuple(range(self._grid.rows))
        self._tags = _tagged(self._grid)
        self._setting: _Setting | None = None
        self._fixed = False
        self._at_head, self._low = False, 0.0
        self._manner = Manner.USUAL
        self._texts: _Texts | None = None
        self._boxes: dict[float, _Boxes] = {}
        if self._grid.rows - self._grid.head_rows >= _FEW_ROWS:
            parted = {Manner.PARTED} if flow.layout.table_parted and self._grid.head_rows else set()
            self.manners = tuple(m for m in Manner if m is not Manner.PARTED or m in parted)

    def in_manner(self, manner: Manner) -> TableDrawing:
        """A copy; what is set in one is known to all."""
        other = copy(self)
        other._manner = manner
        return other

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self._at_head = height >= self._flow.height - CLOSE
        if not self._fixed:
            self._setting = self._fitting(height)
        self.width, self.height = width, self._flow.on_grid(self._needed)
        at_foot = height - self.height < self._flow.leading - CLOSE
        white = self.height - self._needed + self._around
        self._low = max(white / 2, self._flow.over) if at_foot else white / 2
        if self._at_head:
            self._low = min(self._low, white - self._flow.over)
        self.foot = self._low - self._flow.over
        return self.width, self.height

    @property
    def _needed(self) -> float:
        assert self._setting is not None
        return self._setting.height + self._note_height + self._around

    @property
    def _around(self) -> float:
        """The white above and below: at the head and at the foot of a page the rule stands where ink would."""
        return max(_AROUND, self._flow.over * (1 + self._at_head))

    @property
    def _note_height(self) -> float:
        height = sum(row.wrap(self._flow.width, self._flow.height)[1] for row in self._note)
        return height + _NOTE_GAP if height else 0.0

    def _fitting(self, height: float) -> _Setting:
        """The roomiest setting that fits into `height`; else the one for a page of its own."""
        room = height - self._around - self._note_height + CLOSE
        own = self._is_own(height)
        for size, row in self._ways(own):
            setting = self._set(size, row)
            if setting.height <= room:
                return setting
        if own:
            return self._set(self._flow.layout.table_least, _DIVIDED_ROW)
        return self._fitting(self._flow.height - self._flow.leading)

    def _ways(self, own: bool) -> Iterator[tuple[float, float]]:
        """Sizes of type and heights of rows in the order in which they are tried."""
        layout, manner = self._flow.layout, self._manner
        sizes = list(self._sizes())
        begun = [size for size in sizes if size >= layout.table_begun]
        match manner:
            case Manner.LOOSE | Manner.LOOSER:
                yield from ((sizes[0], row) for row in (_LOOSE if manner is Manner.LOOSE else _LOOSER))
            case Manner.SNUG if begun:
                yield begun[-1], _ROWS[-1]
            case Manner.TIGHT:
                yield sizes[-1], _ROWS[-1]
        for size in sizes if own or manner in (Manner.CLOSE, Manner.TIGHT) else begun:
            yield from ((size, row) for row in _ROWS if row <= layout.table_row)

    def _set(self, size: float, row: float) -> _Setting:
        if size not in self._boxes:
            self._texts = self._texts or _Texts(self._grid, self._report)
            self._boxes[size] = _boxes(self._texts, self._flow.faces, self._flow.width, size)
        return self._boxes[size].setting(row, self._rows)

    def _is_own(self, height: float) -> bool:
        """Whether so much room is left that the page holds nothing but the heading of the table."""
        return height >= self._flow.height - HEADS * self._flow.leading - CLOSE

    def _sizes(self) -> Iterator[float]:
        layout = self._flow.layout
        size = min(layout.table_size, _WIDE_SIZE) if self._grid.columns >= _WIDE else layout.table_size
        while size > layout.table_least:
            yield size
            size -= 1.5 if size == 12 else _STEP  # 小四 is followed by 五号
        yield layout.table_least

    def split(self, width: float, height: float) -> list[Flowable]:
        """In two where that is better than going on to the next page: see the class."""
        setting, grid = self._setting, self._grid
        assert setting is not None  # the page asks how high it is before it divides it
        head = tuple(row for row in self._rows if row < grid.head_rows)
        body = self._rows[len(head) :]
        own = self._is_own(height)
        bands = {place.row for place in grid.places if place.kind == "band"}
        stands = self._needed <= self._flow.height - self._flow.leading + CLOSE  # on a page of its own
        parted = stands and not own and self._manner is Manner.PARTED
        if stands and not own and not parted and not (bands and height > self._flow.height * _GREAT_GAP):
            return []
        least = 1 if bands or own else _LEAST_ROWS
        counts = [count for count in range(least, len(body)) if not bands or body[count] in bands]
        if parted and not bands:  # not through the rows of one heading
            counts = [count for count in counts if not self._torn(body[count])]
        parts = [(count, self._part(setting, (*head, *body[:count]))) for count in counts]
        fitting = [(count, part) for count, part in parts if part._needed <= height + CLOSE]
        if fitting:
            count, first = max(fitting, key=lambda one: one[0] - _TORN * self._torn(body[one[0]]))
            return [first, self._part(setting, (*head, *body[count:]), self._note)]
        if own and parts:  # a row higher than a page
            count, first = parts[0]
            return [
                Shrunk(first, height - self._flow.over),
                self._part(setting, (*head, *body[count:]), self._note),
            ]
        return []

    def _torn(self, row: int) -> int:
        """How many headings of rows a division above `row` tears, without the outermost."""
        return sum(
            1
            for place in self._grid.places
            if place.kind == "row" and place.column and place.row < row < place.row + place.row_span
        )

    def _part(
        self, setting: _Setting, rows: tuple[int, ...], note: tuple[ChineseParagraph, ...] = ()
    ) -> TableDrawing:
        """Some of the rows; every part of a table is set alike."""
        part = copy(self)
        part._rows, part._setting, part._fixed, part._note = rows, setting.of(rows), True, note
        return part

    def draw(self) -> None:
        setting, canvas = self._setting, self.canv
        assert setting is not None
        canvas.saveState()
        canvas.translate(0, self._low + self._needed - self._around)
        setting.draw(canvas, *self._tags)
        below = -setting.height - _NOTE_GAP
        for row in self._note:
            below -= row.height
            row.drawOn(canvas, 0, below)
        canvas.restoreState()


@dataclass(frozen=True, slots=True)
class _Box:
    """A place with its text set: lines, their style, and how far right of the box they begin."""

    place: Place
    lines: tuple[SetLine, ...]
    style: Style
    inset: float

    @property
    def height(self) -> float:
        """Of the text."""
        return (len(self.lines) - 1) * self.style.leading + self.style.size if self.lines else 0.0


class _Texts:
    """What is printed in the places of a grid, told apart from others without looking at each place."""

    def __init__(self, grid: Grid, report: Report | None = None) -> None:
        self.grid = grid
        cells = [place.cell.id for place in grid.places if place.cell is not None]
        entries = {cell: report.value(cell) for cell in cells} if report is not None else {}
        self._shown = {
            cell: (show_entry(entry), isinstance(entry, str))
            for cell, entry in entries.items()
            if entry is not None
        }
        self._key = (id(grid), tuple(self._shown.items()))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Texts) and self._key == other._key

    @property
    def blank(self) -> _Texts | None:
        """The same with nothing in the cells; None where nothing is in them."""
        return _Texts(self.grid) if self._shown else None

    def entry(self, place: Place) -> tuple[str, bool] | None:
        """What stands in the cell of a place, as printed, and whether it is a word; None for a blank."""
        return self._shown.get(place.cell.id) if place.cell is not None else None


class _Shown(NamedTuple):
    """The places that some rows of a grid show, each with the first and the end of its rows, counted from the top.

    `texts` are their heights with these rows, those of the fewest rows first.
    """

    places: list[tuple[_Box, tuple[int, int]]]
    texts: list[tuple[float, int, int]]


class _Boxes:
    """All places of a grid with their texts set at one size, and the edges of the columns in points from the left."""

    def __init__(self, texts: _Texts, faces: FaceSet, width: float, size: float) -> None:
        self._faces, self.size, self._texts = faces, size, texts
        grid = texts.grid
        labels = [label * width / FORM_BLOCK for label in LABELS[grid.label_columns]]
        value = (width - sum(labels)) / (grid.columns - len(labels))
        self.x = _edges([*labels, *[value] * (grid.columns - len(labels))])
        self._figures = self._fit(grid)
        self._aligned = self._align(grid)
        if (blank := texts.blank) is None:
            self.boxes = [self._box(place, grid) for place in grid.places]
        else:  # the headings are set once for all reports
            headed = _boxes(blank, faces, width, size).boxes
            self.boxes = [
                box if self._texts.entry(box.place) is None else self._box(box.place, grid) for box in headed
            ]
        self._settings: dict[tuple[float, tuple[int, ...]], _Setting] = {}
        self._shown: dict[tuple[int, ...], _Shown] = {}

    def setting(self, row: float, rows: tuple[int, ...]) -> _Setting:
        """Some of the rows with a least height, in sizes."""
        if (row, rows) not in self._settings:
            self._settings[row, rows] = _Setting(self, row, rows)
        return self._settings[row, rows]

    def shown(self, rows: tuple[int, ...]) -> _Shown:
        """The places that some of the rows show."""
        if rows not in self._shown:
            at = {row: number for number, row in enumerate(rows)}
            found: list[tuple[_Box, tuple[int, int]]] = []
            for box in self.boxes:
                of_box = range(box.place.row, box.place.row + box.place.row_span)
                if there := [at[row] for row in of_box if row in at]:
                    found.append((box, (there[0], there[-1] + 1)))
            texts = [(box.height, *span) for box, span in found if box.lines]
            self._shown[rows] = _Shown(found, sorted(texts, key=lambda one: one[2] - one[1]))
        return self._shown[rows]

    def _width(self, text: str, size: float) -> float:
        return text_width(text, Face.SONG, size, self._faces)

    def _fit(self, grid: Grid) -> float:
        """The size of all that stands in the cells: the longest number is not divided, the longest text may be."""
        least = 1.0
        for place in grid.places:
            if (entry := self._texts.entry(place)) is None:
                continue
            width = self._width(entry[0], self.size)
            room = self.x[place.column + place.column_span] - self.x[place.column] - 2 * _NUMBER_PADDING
            least = min(least, max(room / max(width, room), _LEAST_TEXT if entry[1] else 0.0))
        return self.size * max(least, _LEAST_NUMBER)

    def _align(self, grid: Grid) -> dict[str, float]:
        """How far right the amounts of a column begin whose decimal points stand under each other."""
        amounts: dict[tuple[int, int], list[tuple[str, float, float, float]]] = {}
        for place in grid.places:
            entry = self._texts.entry(place)
            if place.cell is None or not place.cell.decimals or entry is None or entry[1]:
                continue
            text, _ = entry
            whole = self._width(text.partition(".")[0], self._figures)
            broken = self._width(text, self._figures) - whole
            column = amounts.setdefault((place.column, place.column_span), [])
            room = self.x[place.column + place.column_span] - self.x[place.column] - 2 * _PADDING
            column.append((place.cell.id, whole, broken, room))
        insets: dict[str, float] = {}
        for column in amounts.values():
            before = max(whole for _, whole, _, _ in column)
            left = (column[0][3] - before - max(broken for _, _, broken, _ in column)) / 2
            if left >= 0:
                insets.update((cell, left + before - whole) for cell, whole, _, _ in column)
        return insets

    def _box(self, place: Place, grid: Grid) -> _Box:
        width = self.x[place.column + place.column_span] - self.x[place.column] - 2 * _PADDING
        size = self.size
        label = place.kind == "row" and grid.label_columns > 1
        leaf = place.column + place.column_span == grid.label_columns
        if label and leaf:
            width -= 2 * (_LABEL_PADDING - _PADDING)
            return self._set([place.text], place, width, size, "justify", _LABEL_PADDING - _PADDING)
        if label and place.column == 0 and grid.label_columns > 2:
            # One character a line; the 、 after its number hangs beside it, its ink within half an em.
            return self._set([place.text], place, 1.6 * size, size, "left", (width - size) / 2)
        if label:
            return self._set(_ENUMERATED.findall(place.text), place, width, size, "center")
        if place.kind == "corner" and self._width(place.text, size) > width:
            size *= 0.9  # so that the note of 表三 is divided at its comma
        if place.kind == "column" and len(place.text) == 3:  # 自然人 is not divided
            room = width - (_NUMBER_PADDING - _PADDING)
            size *= max(0.8, min(1.0, room / self._width(place.text, size)))
        if place.cell is None:
            return self._set(_halves(place.text, width / size), place, width, size, "center")
        text, _ = self._texts.entry(place) or ("", False)
        if place.cell.id in self._aligned:
            return self._set([text], place, width, self._figures, "left", self._aligned[place.cell.id])
        return self._set([text], place, width, self._figures, "center")

    def _set(
        self, texts: Sequence[str], place: Place, width: float, size: float, align: Align, inset: float = 0
    ) -> _Box:
        style = Style(size, size * _LEADING, align=align, faces=self._faces)
        lines = (line for text in texts for line in lines_of((Run(text, Face.SONG),), style, width))
        return _Box(place, tuple(lines), style, inset)


@lru_cache(
    maxsize=48
)  # three tables, and their headings, in the sizes that were tried; an edit changes one of them
def _boxes(texts: _Texts, faces: FaceSet, width: float, size: float) -> _Boxes:
    return _Boxes(texts, faces, width, size)


class _Setting:
    """Rows of a table with a least height, in sizes: their edges, in points down from the top.

    A place that reaches beyond the rows is drawn as far as they go, with its text.
    """

    def __init__(self, boxes: _Boxes, row: float, rows: tuple[int, ...]) -> None:
        self._boxes, self._row = boxes, row
        shown = boxes.shown(rows)
        self._shown = shown.places
        over = min((row - 1) * boxes.size / 2, _OVER)
        heights = [row * boxes.size] * len(rows)
        for height, first, end in shown.texts:
            short = height + 2 * over - sum(heights[first:end])  # an even share of what taller spans need
            if short > 0:
                for number in range(first, end):
                    heights[number] += short / (end - first)
        self._y = _edges(heights)

    def of(self, rows: Sequence[int]) -> _Setting:
        """Some of the rows in the same setting."""
        return self._boxes.setting(self._row, tuple(rows))

    @property
    def height(self) -> float:
        return self._y[-1]

    def draw(self, canvas: Press, table: Part, tags: Mapping[tuple[int, int], Part]) -> None:
        """Draw with the upper left corner at the origin: outer rules .75 pt, inner .5 pt.

        What has been drawn on an earlier page, as a head that is repeated, is not read aloud again.
        """
        shown, x = self._shown, self._boxes.x
        frames = [self._frame(box.place, rows) for box, rows in shown]
        cells = [
            (box.place.cell.id, frame)
            for (box, _), frame in zip(shown, frames, strict=True)
            if box.place.cell is not None
        ]
        if canvas.marks is not None:
            canvas.marks.tint(canvas, cells)
        canvas.setLineWidth(0.5)
        for (box, _), (left, low, width, height) in zip(shown, frames, strict=True):
            canvas.rect(left, low, width, height)
            if box.lines:
                over = (height - len(box.lines) * box.style.leading) / 2
                at = left + _PADDING + box.inset
                tag = tags[box.place.row, box.place.column]
                with canvas.furniture() if tag.is_drawn else canvas.part(tag, within=table):
                    draw_lines(canvas, box.lines, box.style, Face.SONG, at, low + height - over)
        canvas.setLineWidth(0.75)
        canvas.rect(0, -self._y[-1], x[-1], self._y[-1])
        for cell, (left, low, width, height) in cells:
            canvas.spot(cell, width, height, x=left, y=low)
        if canvas.marks is not None:
            inks = {
                box.place.cell.id: self._ink(box, rows) for box, rows in shown if box.place.cell is not None
            }
            canvas.marks.number(canvas, [(cell, frame, inks[cell]) for cell, frame in cells])

    def _ink(self, box: _Box, rows: tuple[int, int]) -> Frame:
        """The rectangle around the text of a box; the middle of it where there is none."""
        left, low, width, height = self._frame(box.place, rows)
        if not box.lines:
            return left + width / 2, low + height / 2, 0, 0
        start = left + _PADDING + box.inset + min(line.left for line in box.lines)
        end = left + _PADDING + box.inset + max(line.right for line in box.lines)
        tall = (len(box.lines) - 1) * box.style.leading + box.style.size
        return start, low + (height - tall) / 2, end - start, tall

    def _frame(self, place: Place, rows: tuple[int, int]) -> Frame:
        left, right = (self._boxes.x[place.column + step] for step in (0, place.column_span))
        top, bottom = self._y[rows[0]], self._y[rows[1]]
        return left, -bottom, right - left, bottom - top


def _tagged(grid: Grid) -> tuple[Part, Mapping[tuple[int, int], Part]]:
    """A table of the form as it is read aloud, and its cells by their row and column."""
    table, rows = table_rows(grid.rows)
    tags: dict[tuple[int, int], Part] = {}
    for place in grid.places:
        scope: Scope | None = None if place.cell is not None else "Row" if place.kind == "row" else "Column"
        tag = Part("TH" if scope else "TD", scope=scope, rows=place.row_span, columns=place.column_span)
        rows[place.row].kids.append(tag)
        tags[place.row, place.column] = tag
    return table, tags


def _halves(text: str, measure: float) -> list[str]:
    """A column heading divided where it does not fit: 社会, 公益, 组织. Such headings are words of two characters."""
    step = max(int(measure) // 2 * 2, 2)
    if len(text) <= measure or len(text) % 2 or len(text) > 8:
        return [text]
    return [text[start : start + step] for start in range(0, len(text), step)]


def _edges(lengths: Iterable[float]) -> list[float]:
    return list(accumulate(lengths, initial=0.0))
