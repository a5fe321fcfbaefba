"""Which cell of the form each place of a grid stands for, by the headings that lead to it.

Goes over a grid of cells with spans, row by row, and keeps for every place the headings left of it and above it up to
the next figure. Both together, or one way alone (a long list, a row per unit), must name one cell of the form; see
`Headings.fit`. What lies beyond an empty row or column belongs to another table unless it fits. Knows no workbook.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from gxeditor.wording.headings import SLIP, Headings, Part, ReadHeading

Way = Literal["both", "up", "left"]

# Varied one at a time over every third layout of `make accuracy` (36 templates, 6,935 cells), same figures for
# _HEADS 5–12, _BEFORE 3–10, _BEYOND 2–5, _STRANGE_LINES 15–80, _HOLES 1–5, _DEEPEST 10–48, _ROUNDS 3–8, _SLIPS 40–300,
# _TITLE 2–5, _INDEX 2–5. _PLACES bounds time and was chosen, not measured.
_HEADS = 8  # rows at the top of what may be long
_BEFORE = 6  # rows above known headings that are looked at: titles, and what columns are about
_BEYOND = 3  # rows or columns after those with known headings that are looked at
_STRANGE_LINES = 40  # columns (or rows) without known headings: a unit each, all alike
_HOLES = 3  # blanks between headings of one path, where headings are of different depth
_DASHES = ("—", "——", "-", "/")
_DEEPEST = 24  # headings on the way to a place; the form itself has six
_PLACES = 400_000  # of a sheet that are all looked at
_ROUNDS = 5  # second thoughts about the same grid, at most
_SLIPS = 120  # unknown headings that are compared with the printed ones
_TITLE = 3  # columns that a title reaches over; a single label may be a row's
_INDEX = 3  # figures in a row that count 1, 2, 3 … below the headings
_LESS = 0.02
"""What each unknown heading, and the want of a column's, takes off a certainty.

Chosen, not measured: certainties are shown to people, never compared.
"""


@dataclass(slots=True, eq=False)
class GridItem:
    """Something that stands in the grid: a heading, or (None) a figure or an empty merged cell."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    heading: ReadHeading | None
    alone: bool = False
    """Whether it is a title: the only thing in its row, and wide, or the title of a section."""

    leads: bool = False
    """Whether it is a heading of the form within a table, not a title."""

    @property
    def is_known(self) -> bool:
        return self.heading is not None and self.heading.kind == "known"


class Found(NamedTuple):
    """A place that stands for a cell of the form.

    `way` says whether headings on both sides, above or left of it were needed; `strange` are unknown headings that
    cover it besides the known ones, `unit` those on the side that was not needed; `years` are those that headings name,
    `captions` the titles above; `heads` are the places of the headings, `text` what stands there if that is no figure.
    """

    cell: str
    row: int
    column: int
    way: Way
    certainty: float
    strange: tuple[str, ...]
    unit: tuple[str, ...]
    years: frozenset[int]
    captions: tuple[str, ...]
    heads: frozenset[tuple[int, int]]
    text: str = ""
    whole: bool = True
    """Whether it has a heading for its column; a column of its own may do without."""
    skipped: int = 0
    """Places between the headings and this one."""
    is_bare: bool = False
    """Whether nothing at all stands on the side that was not needed."""
    slip: str = ""
    """The heading, merely like a printed one, without which the cell would not be known; empty if there is none."""


@dataclass(slots=True, eq=False)
class _Run:
    """The headings met on the way to a place along one axis, outermost first, from `near` on without an empty line."""

    items: list[GridItem] = field(default_factory=list)
    near: int = 0
    fresh: int = 0  # the first after a blank
    closed: bool = False  # a place came after them
    blank: bool = True  # only blank places came after them
    found: bool = False  # one of these was found to stand for a cell
    passed: int = 0  # places that came after them and could have been meant
    places: int = 0  # all that came after them
    soft: list[GridItem] = field(default_factory=list)
    coming: list[GridItem] = field(default_factory=list)
    coming_at: int = -2
    at: int = -1
    ways: list[_Side] | None = None  # what the headings say that may count; None: to be found out

    def head(self, item: GridItem, at: int) -> None:
        self.ways = None
        between = self.blank and not self.found and self.places <= _HOLES
        if (self.closed and not between) or not self.items or (item.alone and not self.items[-1].alone):
            self.items = []
            self.near = self.fresh = 0
            self.soft = []
        elif self.closed:
            self.fresh = len(self.items)
        if self.coming_at == at - 1:
            self.soft = [*self.soft, *self.coming]
        self.coming = []
        self.closed = False
        self.blank = True
        self.found = False
        self.passed = self.places = 0
        if not self.items or self.items[-1] is not item:
            self.items.append(item)
        if len(self.items) > _DEEPEST:
            del self.items[0]
            self.near = max(0, self.near - 1)
            self.fresh = max(0, self.fresh - 1)

    def reach(self, at: int, *, far: bool) -> None:
        """Goes on to a line; what came before is far from it if they say so, or if lines were left out."""
        if at > self.at + 1:
            self.closed = far = True
        if far:
            if self.near != len(self.items):
                self.near = len(self.items)
                self.ways = None
            self.coming = []
        self.at = at

    def promise(self, item: GridItem, at: int) -> None:
        """A group's heading that may reach over the next one."""
        self.coming = [*self.coming, item] if self.coming_at == at - 1 else [item]
        self.coming_at = at


@dataclass(slots=True)
class _Side:
    """What the headings of one side say; `leads` are those of the form, and `places` where they stand."""

    parts: list[Part] = field(default_factory=list)
    sections: list[Part] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    certainty: float = 1.0
    refused: bool = False  # figures of another year, or no figures
    unknown: bool = False  # the innermost heading is unknown
    heads: bool = False  # there is a heading at all
    years: set[int] = field(default_factory=set)
    captions: list[str] = field(default_factory=list)
    slips: list[ReadHeading] = field(default_factory=list)  # merely like printed headings
    slipped: bool = False  # the innermost heading is one of them
    leads: list[GridItem] = field(default_factory=list)
    places: frozenset[tuple[int, int]] = frozenset()


def rows_about(known: Iterable[tuple[int, int]], filled: Sequence[int]) -> set[int]:
    """The rows to look at: those about known headings, and where what stands there begins.

    `known` are first and last rows of known headings, `filled` all rows with something, in order. The first rows of a
    run of filled ones, and of all, may head columns far below.
    """
    rows = {row for first, last in known for row in range(max(0, first - _BEFORE), last + _BEYOND + 1)}
    start = 0
    for i, row in enumerate(filled):
        if i and row > filled[i - 1] + 1:
            start = i
        if row in rows:
            rows.update(filled[start : start + _HEADS])
    return rows | set(filled[:_HEADS]) if rows else rows


class Scan:
    """One grid and what its places stand for."""

    def __init__(
        self,
        items: Sequence[GridItem],
        headings: Headings,
        is_real: Callable[[int, int], bool],
        rows: Iterable[int],
    ) -> None:
        """`rows` are those that are looked at (see `rows_about`); `is_real` says whether the file has a cell."""
        self._headings = headings
        self._is_real = is_real
        self.items = list(items)
        self._mend_slips()
        self.at: dict[tuple[int, int], GridItem] = {}
        for item in self.items:
            for row in range(item.row, item.row + item.row_span):
                for column in range(item.column, item.column + item.column_span):
                    self.at[row, column] = item
        self._mark_titles()
        self._rows = sorted(rows)
        self._columns = self._lines()
        self._mark_indices()
        self._bands()
        self._sides: dict[tuple[int, ...], _Side] = {}
        self._refused: set[tuple[int, int]] = set()
        self._rows_named: Counter[int] = Counter()
        self._columns_named: Counter[int] = Counter()
        """How many places found an item, by its identity, stands left of, and above."""
        for _ in range(_ROUNDS):
            self._roles = (self._rows_named, self._columns_named)
            self._rows_named, self._columns_named = Counter(), Counter()
            self._ends: dict[tuple[int, int], tuple[GridItem | None, GridItem | None]] = {}
            self._orders: set[tuple[str, bool | None]] = set()
            self._open: dict[tuple[int, int], tuple[Found, list[Part], tuple[str, ...]]] = {}
            self._mixed = False
            self.found = self._scan() if self._rows else []
            refused = self._among_headings() | set(self._off_the_headings())
            if not refused and not self._mixed:
                break
            self._refused |= refused
        self.found = [one for one in self.found if (one.row, one.column) not in self._refused]
        self.found.extend(self._told_by_order())

    # -------------------- what there is
    def _mend_slips(self) -> None:
        """Reads unknown headings as those that they resemble, in a grid that is the form's."""
        if sum(item.is_known for item in self.items) < 3:
            return
        unknown = {
            item.heading for item in self.items if item.heading is not None and item.heading.kind == "unknown"
        }
        for heading in sorted(unknown, key=lambda heading: heading.text)[:_SLIPS]:
            mended = self._headings.resembling(heading)
            if mended is not heading:
                for item in self.items:
                    if item.heading is heading:
                        item.heading = mended

    def _mark_titles(self) -> None:
        in_row: dict[int, int] = {}
        for item in self.items:
            for row in range(item.row, item.row + item.row_span):
                in_row[row] = in_row.get(row, 0) + 1
        for item in self.items:
            heading = item.heading
            if heading is not None and item.row_span == in_row[item.row] == 1:
                item.alone = bool(heading.section) or (heading.kind != "known" and item.column_span >= _TITLE)
            item.leads = item.is_known and not item.alone

    def _lines(self) -> list[int]:
        """The columns that are looked at."""
        rows = set(self._rows)
        columns: set[int] = set()
        for item in self.items:
            if item.is_known:
                columns.update(range(item.column, item.column + item.column_span + _BEYOND))
        others = {
            column
            for (row, column), item in self.at.items()
            if row in rows and column not in columns and item.column == column
        }
        columns.update(sorted(others)[:_STRANGE_LINES])
        used = {column for _, column in self.at}
        columns = {column for column in columns if column in used or column - 1 in used}
        return sorted(columns)

    def _mark_indices(self) -> None:
        """Takes figures that only number the columns or the rows (1, 2, 3 …) for what they are."""
        for across in (True, False):
            lines: dict[int, list[GridItem]] = {}
            for item in self.items:
                lines.setdefault(item.row if across else item.column, []).append(item)
            for line, listed in lines.items():
                listed.sort(key=lambda item: item.column if across else item.row)
                figures = [item for item in listed if item.heading is None and item.text]
                texts = [item.text for item in figures]
                named = across and any(item.is_known for item in listed)
                counts = (
                    not named
                    and len(figures) >= (_INDEX if across else 2 * _INDEX)
                    and all(text.isdigit() and len(text) < 4 for text in texts)
                )
                if not counts or texts[0] not in ("1", "2") or not _counts_on([int(text) for text in texts]):
                    continue
                beyond = ((line + 1, i.column) if across else (i.row, line + 1) for i in figures)
                before = ((line - 1, i.column) if across else (i.row, line - 1) for i in figures)
                headed = all((head := self.at.get(place)) is not None and head.is_known for place in before)
                if headed and all(self._is_real(*place) or place in self.at for place in beyond):
                    noise = ReadHeading("", "noise")
                    for item in figures:
                        item.heading = noise

    def _bands(self) -> None:
        """Divides the rows where one is empty or holds only a title, and each band into columns with something."""
        titles = {item.row for item in self.items if item.alone}
        filled = {row for row, _ in self.at}
        self._band_of: dict[int, int] = {}
        band = -1
        last = -2
        for row in self._rows:
            if row in filled:
                if row != last + 1 or row in titles:
                    band += 1
                last = row
            self._band_of[row] = band
        self._filled = filled
        self._spans: dict[int, list[tuple[int, int]]] = {}
        self._stretches: dict[tuple[int, int], int] = {}
        columns: dict[int, set[int]] = {}
        for (row, column), item in self.at.items():
            if row in self._band_of and not item.alone:
                columns.setdefault(self._band_of[row], set()).add(column)
        for number, used in columns.items():
            self._spans[number] = _stretches(sorted(used))
        self._extents: dict[int, tuple[int, int]] = {}
        for row, column in self.at:
            if row in self._band_of:
                first, last = self._extents.get(self._band_of[row], (column, column))
                self._extents[self._band_of[row]] = (min(first, column), max(last, column + _BEYOND))
        self._row_heads: set[tuple[int, int]] = set()
        self._column_heads: set[tuple[int, int]] = set()
        for (row, column), item in self.at.items():
            if item.leads and row in self._band_of:
                number = self._band_of[row]
                self._row_heads.add((row, self._stretch(number, column)))
                self._column_heads.add((number, column))

    def _stretch(self, band: int, column: int) -> int:
        """The first column of the stretch of filled columns that a column lies in, or that it follows."""
        known = self._stretches.get((band, column))
        if known is None:
            known = self._stretches[band, column] = self._first_of_stretch(band, column)
        return known

    def _first_of_stretch(self, band: int, column: int) -> int:
        spans = self._spans.get(band, [])
        at = bisect_right(spans, (column, 1 << 30)) - 1
        return spans[at][0] if at >= 0 else -1

    def _columns_of(self, band: int) -> list[int]:
        """The columns that are looked at in a band: all, unless the sheet is too large for that."""
        if len(self._rows) * len(self._columns) <= _PLACES:
            return self._columns
        first, last = self._extents.get(band, (0, -1))
        return self._columns[bisect_left(self._columns, first) : bisect_right(self._columns, last)]

    def _is_gap(self, band: int, column: int) -> bool:
        spans = self._spans.get(band, [])
        at = bisect_right(spans, (column, 1 << 30)) - 1
        return at < 0 or spans[at][1] < column

    # -------------------- the way over the grid
    def _scan(self) -> list[Found]:
        found: list[Found] = []
        above = {column: _Run() for column in self._columns}
        for row in self._rows:
            self._scan_row(row, above, found)
        return found

    def _scan_row(self, row: int, above: dict[int, _Run], found: list[Found]) -> None:
        band = self._band_of[row]
        left = _Run()
        far = row - 1 not in self._filled
        for column in self._columns_of(band):
            up = above[column]
            left.reach(column, far=self._is_gap(band, column))
            up.reach(row, far=far)
            item = self.at.get((row, column))
            heading = item.heading if item is not None else None
            if item is not None and heading is not None and not self._is_passed_over(item, heading, up):
                if (
                    heading.kind == "unknown"
                    and (place := self._judge(row, column, item, left, above)) is not None
                ):
                    found.append(place)
                else:
                    left.head(item, column)
                    up.head(item, row)
                    continue
            elif heading is not None:
                continue
            elif item is not None and (item.row, item.column) != (row, column):
                left.closed = up.closed = True
                up.passed += int(item.row == row)
                up.places += int(item.row == row)
                continue
            else:
                place = self._judge(row, column, item, left, above)
                if place is not None:
                    found.append(place)
                elif item is None or not item.text:
                    if left.items[left.near :] and left.blank:
                        up.promise(left.items[-1], row)
                    if up.items[up.near :] and up.blank and self._leads_on(up.items[-1]):
                        left.promise(up.items[-1], column)
            left.places += 1
            up.places += 1
            left.passed += int(place is not None or (band, column) not in self._column_heads)
            up.passed += int(place is not None or (row, self._stretch(band, column)) not in self._row_heads)
            empty = item is None or not item.text or item.text in _DASHES
            left.found = left.found or place is not None
            up.found = up.found or place is not None
            left.closed = up.closed = True
            left.blank = left.blank and empty
            up.blank = up.blank and empty

    @staticmethod
    def _is_passed_over(item: GridItem, heading: ReadHeading, up: _Run) -> bool:
        """Whether a text is no heading: a note, a code, or anything unknown in a column of remarks."""
        if heading.kind == "noise":
            return True
        above = up.items[-1].heading if up.items else None
        return (
            heading.kind == "unknown"
            and above is not None
            and (above.kind == "foreign" or (above.kind == "field" and above.field not in ("agency", "name")))
        )

    def _leads_on(self, item: GridItem) -> bool:
        """Whether a heading has another to its right, as a group of rows has."""
        other = self.at.get((item.row, item.column + item.column_span))
        return other is not None and other.is_known

    # -------------------- second thoughts
    def _among_headings(self) -> set[tuple[int, int]]:
        """Places found beside a column's heading or below a row's, or alone with both: blanks between headings.

        Where a heading serves both ways equally often, places that have headings on both sides go before others.
        """
        for surely in (True, False):
            refused = [one for one in self.found if self._is_among_headings(one, surely)]
            if refused:
                weaker = [one for one in refused if one.way != "both"]
                return {(one.row, one.column) for one in (refused if surely else weaker or refused)}
        return set()

    def _is_among_headings(self, one: Found, surely: bool) -> bool:
        left, above = self._ends[one.row, one.column]
        rows, columns = self._rows_named, self._columns_named
        if left is not None and above is not None and rows[id(left)] == columns[id(above)] == 1:
            return self._headings.has_neighbours(one.cell)
        least = 1 if surely else 0
        beside_column = left is not None and columns[id(left)] - rows[id(left)] >= least
        below_row = above is not None and rows[id(above)] - columns[id(above)] >= least
        return beside_column or below_row

    def _off_the_headings(self) -> Iterator[tuple[int, int]]:
        """Places found by headings on one side only, where lines of other figures lie between."""
        lines: dict[tuple[Way, int], list[Found]] = {}
        taken = {(one.row, self._stretch(self._band_of[one.row], one.column)) for one in self.found}
        for one in self.found:
            if one.way != "both" and one.is_bare:
                lines.setdefault((one.way, one.row if one.way == "up" else one.column), []).append(one)
        for (way, line), listed in lines.items():
            nearest = min(one.skipped for one in listed)
            stretch = self._stretch(self._band_of[listed[0].row], listed[0].column)
            clear = way == "up" and not any((line - i, stretch) in taken for i in range(1, nearest + 1))
            if nearest and not (clear and nearest < _BEYOND):
                yield from ((one.row, one.column) for one in listed)

    # -------------------- judging a place
    def _judge(
        self, row: int, column: int, item: GridItem | None, left: _Run, above: dict[int, _Run]
    ) -> Found | None:
        up = above[column]
        if (row, column) in self._refused:
            return None
        if not any(one.leads for one in left.items) and not any(one.leads for one in up.items):
            return None
        if item is not None and not self._is_one(item, left, above):
            return None
        rows, columns = self._roles
        ups = self._ways(up, rows, columns) if up.ways is None else up.ways
        lefts = self._ways(left, columns, rows) if left.ways is None else left.ways
        longest = ups[-1], lefts[-1]
        if longest[0].refused or longest[1].refused:
            return None
        for up_side in ups[:-1]:
            for left_side in lefts[:-1]:
                place = self._match(row, column, item, left_side, up_side, left, up)
                if place is not None:
                    self._note_roles(place, left_side, up_side)
                    return place
        if not rows and up.items and self._rows_named[id(up.items[-1])] == 0:
            self._mixed = self._mixed or any(self._rows_named[id(one)] for one in up.items)
        return None

    def _note_roles(self, place: Found, left: _Side, up: _Side) -> None:
        lefts = left.leads if place.way != "up" else []
        ups = up.leads if place.way != "left" else []
        for leads, named in ((lefts, self._rows_named), (ups, self._columns_named)):
            for item in leads:
                named[id(item)] += 1
        self._ends[place.row, place.column] = (lefts[-1] if lefts else None, ups[-1] if ups else None)

    def _is_one(self, item: GridItem, left: _Run, above: dict[int, _Run]) -> bool:
        """Whether a merged place stands under one heading and beside one."""
        up = above[item.column].items[-1:]
        for column in range(item.column + 1, item.column + item.column_span):
            others = above[column].items[-1:] if column in above else []
            if up and others and others[0] is not up[0] and others[0].row >= up[0].row and others[0].is_known:
                return False
        if left.items:
            beside = left.items[-1]
            for row in range(item.row + 1, item.row + item.row_span):
                other = self.at.get((row, beside.column))
                if other is not None and other is not beside and other.is_known:
                    return False
        return True

    def _ways(self, run: _Run, other: Counter[int], own: Counter[int]) -> list[_Side]:
        """What the headings of a run say that may count, in all ways to be tried, and what the most of them say."""
        ways = _after(run, other, own)
        run.ways = [self._side(items) for items in (*ways, max(ways, key=len))]
        return run.ways

    def _side(self, items: Sequence[GridItem]) -> _Side:
        """What headings say together; kept, for whole rows and columns have the same."""
        key = tuple(map(id, items))
        side = self._sides.get(key)
        if side is None:
            side = self._sides[key] = _said(items)
        return side

    def _match(
        self,
        row: int,
        column: int,
        item: GridItem | None,
        left: _Side,
        up: _Side,
        left_run: _Run,
        up_run: _Run,
    ) -> Found | None:
        """The cell of the form that a place stands for by these headings left of it and above it; None if by none.

        The innermost heading of a side that counts must be known. Labels on both sides go together, unless one that is
        a column's stands on both. Labels on one side alone do for the first place after them, or one whose other side
        has headings that say nothing of the form, and only where no heading of the form stands in the same row (if
        they are above) or column (if they are left). Words in the place itself need labels on both sides.

        All labels must then agree on one cell (`Headings.fit`); a group's heading that may reach over decides last.
        Without a label for the column, they do only left of the first place. A place that fits two cells is kept for
        `_told_by_order`.
        """
        if left.refused or up.refused:
            return None
        band = self._band_of[row]
        soft: Sequence[list[GridItem]]
        way: Way
        unit: tuple[str, ...]
        if left.parts and up.parts:
            twice = any(part in up.parts and self._headings.is_column(part) for part in left.parts)
            if left.unknown or up.unknown or twice:
                return None
            way, unit = "both", ()
            soft = (up_run.soft, left_run.soft)
        elif up.parts:
            named = left.heads and not left.strange and up_run.near < len(up_run.items)
            bare = up_run.passed > 0 and not named
            if up.unknown or bare or (row, self._stretch(band, column)) in self._row_heads:
                return None
            way, unit = "up", tuple(left.strange)
            soft = (up_run.soft,)
        elif left.parts:
            bare = left_run.passed > 0 and not up.heads
            if left.unknown or bare or (band, column) in self._column_heads:
                return None
            way, unit = "left", tuple(up.strange)
            soft = (left_run.soft,)
        else:
            return None
        if item is not None and item.heading is not None and way != "both":
            return None
        softer = [
            part
            for items in soft
            for one in reversed(items)
            if one.heading is not None
            for part in reversed(one.heading.parts)
        ]
        parts = [*left.sections, *up.sections, *left.parts, *up.parts]
        fit = self._headings.fit(parts, softer)
        if fit is None:
            return None
        if not fit.whole and (
            way == "up" or (left_run.places if up.parts or not up.heads else left_run.passed)
        ):
            return None
        strange = (left.strange if way != "up" else []) + (up.strange if way != "left" else [])
        found = Found(
            fit.cell,
            row,
            column,
            way,
            min(left.certainty, up.certainty) - _LESS * (len(strange) + (not fit.whole)),
            tuple(strange),
            unit,
            frozenset(left.years | up.years),
            (*left.captions, *up.captions),
            left.places | up.places,
            item.text if item is not None and item.heading is not None else "",
            fit.whole,
            up_run.places if way == "up" else left_run.places,
            not (left if way == "up" else up).heads,
            self._deciding_slip((left, up), parts, softer, fit.cell) if left.slips or up.slips else "",
        )
        if fit.cell:
            self._orders.add((_section(fit.cell), self._headings.rows_first(parts, fit.cell)))
            return found
        self._open.setdefault((row, column), (found, parts, fit.rivals))
        return None

    def _deciding_slip(
        self, sides: Iterable[_Side], parts: Sequence[Part], softer: Sequence[Part], cell: str
    ) -> str:
        """The heading merely like a printed one that a place owes its cell to; empty if it has it without them."""
        slips = [heading for side in sides for heading in side.slips]
        for side in sides:
            if side.slipped:
                return side.slips[-1].text
        taken = {part for heading in slips for part in heading.parts}
        fit = self._headings.fit([part for part in parts if part not in taken], softer)
        return "" if fit is not None and fit.cell == cell else slips[-1].text

    def _told_by_order(self) -> Iterator[Found]:
        """Places that two cells would fit (「其他」 beside 「总计」), by how all others are arranged."""
        for found, parts, rivals in self._open.values():
            orders = {order for section, order in self._orders if section == _section(rivals[0])} - {None}
            cell = self._headings.in_order(parts, rivals, bool(orders.pop())) if len(orders) == 1 else None
            if cell is not None:
                yield found._replace(cell=cell)


def _after(run: _Run, other: Counter[int], own: Counter[int]) -> list[list[GridItem]]:
    """The headings of a run that may count: those after the last that names lines of the other axis; near ones only."""
    start = 0
    if other:
        start = max((i + 1 for i, item in enumerate(run.items) if other[id(item)] > own[id(item)]), default=0)
    starts = (max(start, run.fresh), max(start, run.near), start)
    return [run.items[at:] for at in dict.fromkeys(starts)]


def _said(items: Sequence[GridItem]) -> _Side:
    side = _Side(leads=[item for item in items if item.leads])
    side.places = frozenset((item.row, item.column) for item in side.leads)
    last = len(items) - 1
    for i, item in enumerate(items):
        heading = item.heading
        if heading is None or heading.kind == "noise":
            continue
        innermost = all(
            one.heading is None or one.heading.kind in ("neutral", "noise", "year") for one in items[i + 1 :]
        )
        if (
            item.alone
            and heading.kind in ("unknown", "foreign", "field", "neutral")
            and (i < last or heading.kind == "neutral")
        ):
            side.captions.append(heading.text)
            continue
        side.years |= heading.years
        side.heads = True
        if heading.kind == "known":
            listed = side.sections if heading.section else side.parts
            listed.extend(heading.parts)
            side.strange.extend(heading.strange)
            side.certainty = min(side.certainty, heading.certainty)
            side.slipped = heading.certainty == SLIP
            if side.slipped:
                side.slips.append(heading)
        elif heading.kind == "unknown":
            side.strange.append(heading.text)
            side.unknown = innermost
        elif heading.kind == "foreign" or (heading.kind == "field" and innermost):
            side.refused = True
    return side


def _section(cell: str) -> str:
    return cell.partition(".")[0]


def _counts_on(numbers: Sequence[int]) -> bool:
    return all(after == before + 1 for before, after in pairwise(numbers))


def _stretches(columns: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of adjoining columns, as first and last."""
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and column == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs
