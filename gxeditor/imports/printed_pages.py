"""Glyphs and ruling lines of printed pages → paragraphs and tables in reading order, for formats that know no more.

Knows how a page is set: cells stand between ruling lines, lines of text are broken at the right margin, a table or a
row goes on over the page, labels stand upright in narrow cells, pages are numbered. Nothing is guessed of what cannot
be seen: digits are only joined where the cell had no room for more. Knows no file format and not the form; columns of
prose beside each other are not known either.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen
from gxeditor.core.text import RADICALS
from gxeditor.files.limits import PAGES, TABLE_AREA, TABLE_CELLS
from gxeditor.imports.source import ImportNote, Origin, RawCell, RawTable, SourceText

Box = tuple[float, float, float, float]
"""Left, top, right, bottom from the upper left corner of the page as it is shown, in points."""


UNKNOWN = "□"
"""Stands for a glyph whose character the file does not tell, so that no number loses a digit unseen."""

# Points. Rules of one cell differ by some tenths, double rules by three; the lowest rows met have 9.
_SNAP = 3.5
_GAP = 4.0  # between pieces of one rule: dashes, joints
_TOUCH = 3.0
_COVERED = 0.6  # of a cell's side that a rule must cover to divide it from the next
_CROSSINGS = 200_000  # pairs of rules that are compared; pages with more are drawings
_GRIDS = 40  # of a page, the largest; a drawing may have thousands
_PADDING = 6.5  # the widest that Word, WPS and LibreOffice leave on each side of a cell unless told otherwise
_WIDE, _WIDE_FIGURES = 1.5, 0.7  # ems between texts that stand in columns, and between two figures


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character on a page: where it stands, its size in points and where its line runs to.

    `turn` counts quarter turns clockwise: 0 to the right, 1 down, 2 upside down, 3 up.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    turn: int = 0


@dataclass(slots=True)
class PrintedPage:
    """What stands on a page: `number` from 1, size in points, characters, and ruling lines as thin boxes.

    `pictures` are the square points that pictures cover. `turn` is by how many quarters the page was turned back to be
    read, because most of its text runs that way on the page as shown.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    pictures: float = 0.0
    turn: int = 0

    @property
    def visible(self) -> int:
        """How many characters can be seen."""
        return sum(not glyph.text.isspace() for glyph in self.glyphs)

    @property
    def is_picture(self) -> bool:
        """Whether pictures cover the page, as scans do."""
        return self.pictures > _COVERS * self.width * self.height


_COVERS = 0.6  # of the page: a picture of all of it
_FEW = 20  # visible characters, with which a scanned page may be stamped or numbered
_GARBAGE = 0.1  # of the characters that the file does not tell
_HAN = 0.1  # of the characters at least; a report has some 80 %

_NOTHING = "没有读入任何内容，这个文件没有改动。"
_ELSEWHERE = (
    "请向经办人要 Word 或 Excel 原件；也可以从网站上打开这份年报，复制整页，在这里粘贴；"
    "都没有的，新建年报照着填。"
)


def read_pages(
    pages: Sequence[PrintedPage], name: str
) -> tuple[tuple[SourceText | RawTable, ...], tuple[ImportNote, ...]]:
    """The paragraphs and tables of pages, and what is told of them; `name` is how messages call the file.

    Raises `UnreadableSource` for pictures without text, text that is garbage, and tables too large.
    """
    _refuse_without_text(pages, name)
    blocks, notes = _Reading(pages).read()
    return blocks, (*_scans(pages), *notes)


def unreadable(what: str, remedy: str = _ELSEWHERE) -> UnreadableSource:
    """The trouble of a file of pages from which nothing was taken."""
    return UnreadableSource(what, _NOTHING, remedy)


def _refuse_without_text(pages: Sequence[PrintedPage], name: str) -> None:
    visible = sum(page.visible for page in pages)
    if visible <= _FEW * len(pages) and any(page.is_picture for page in pages):
        raise unreadable(f"“{name}”是扫描的图片，里面没有文字，程序认不出图片里的数字。")
    if not visible:
        raise unreadable(f"“{name}”里没有文字，只有图形，程序读不出数字。")
    texts = [glyph.text for page in pages for glyph in page.glyphs if not glyph.text.isspace()]
    unknown = sum(UNKNOWN in text for text in texts)
    han = sum("\u3400" <= text[:1] <= "\u9fff" for text in texts)
    if unknown > _GARBAGE * len(texts) or (len(texts) > _FEW and han < _HAN * len(texts)):
        raise unreadable(f"“{name}”里的文字取出来是乱码：它没有说明每个字是什么。")


def _scans(pages: Sequence[PrintedPage]) -> Iterator[ImportNote]:
    """Doubts about pages that are pictures, with and without text above them."""
    for page in pages:
        if page.is_picture:
            what = f"第 {page.number} 页是图片，里面没有文字。"
            done = "没有读入，请对照原文填写。"
            if page.visible > _FEW:
                what = f"第 {page.number} 页是扫描的图片，上面的文字是别的软件识别出来的，可能有错。"
                done = "已读入，请对照原文逐个核对。"
            yield ImportNote("doubt", "页面", what, done, Origin(page=page.number))


_DASHES = {"\u2e3a": "——", "\u2e3b": "———"}
"""Dashes that a font draws in one; in a text two or three are written."""


def readable(text: str) -> str:
    """The text of a glyph as it is written: radicals and compatibility forms as the characters they look like.

    What the file does not tell (private use, `(cid:…)`, replacement characters) becomes `UNKNOWN`.
    """
    if text.isascii():
        return UNKNOWN if text.startswith("(cid:") else text
    shown = []
    for char in text:
        if char in _DASHES:
            shown.append(_DASHES[char])
        elif "\ufe10" <= char <= "\ufe19" or "\ufe30" <= char <= "\ufe44":  # for lines that run down
            shown.append(unicodedata.normalize("NFKC", char))
        elif "\u2e80" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff" or "\ufb00" <= char <= "\ufb06":
            shown.append(RADICALS.get(char) or unicodedata.normalize("NFKC", char))
        elif unicodedata.category(char) in ("Co", "Cn", "Cs") or char == "\ufffd":
            shown.append(UNKNOWN)
        else:
            shown.append(char)
    return "".join(shown)


# -------------------- lines of text
@dataclass(slots=True)
class _Line:
    """A line of text: its glyphs from left to right, in a frame in which it runs to the right."""

    glyphs: list[Glyph]

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        return max(glyph.x1 for glyph in self.glyphs[-3:])

    @property
    def top(self) -> float:
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def size(self) -> float:
        return max(glyph.size for glyph in self.glyphs)

    @property
    def box(self) -> Box:
        return self.x0, self.top, self.x1, self.bottom

    def fields(self) -> list[str]:
        """The texts of the line, divided where the gap is wide."""
        return [text for text in self._split(wide=True) if text]

    @property
    def text(self) -> str:
        return self._split(wide=False)[0]

    def _split(self, *, wide: bool) -> list[str]:
        visible = [glyph for glyph in self.glyphs if not glyph.text.isspace()]
        # of a justified line nearly every gap between Chinese characters is stretched, but by less than one of them
        gaps = sorted(
            max(0.0, b.x0 - a.x1)
            for a, b in pairwise(visible)
            if not _LATIN.match(a.text[-1:]) and not _LATIN.match(b.text)
        )
        usual = min(gaps[len(gaps) // 4], 0.8 * self.size) if len(gaps) >= _STRETCHED else 0.0
        texts, now, blanks = [], "", 0
        last: Glyph | None = None
        for glyph in self.glyphs:
            if glyph.text.isspace():
                blanks += len(glyph.text)
                continue
            if last is not None:
                gap = glyph.x0 - last.x1
                em = max(glyph.size, last.size)
                figures = last.text[-1:].isdigit() and glyph.text[:1].isdigit()
                if wide and gap >= (_WIDE_FIGURES * em if figures else max(_WIDE * em, 3 * usual + em)):
                    texts.append(now.strip())
                    now = ""
                elif blanks:
                    now += " " * blanks
                elif _LATIN.match(last.text[-1:]) and _LATIN.match(glyph.text):
                    now += " " if gap > 0.22 * em else ""
                elif gap > max(0.9 * em, 2.5 * usual + 0.3 * em):
                    now += " "
            now += glyph.text
            blanks, last = 0, glyph
        return [*texts, without_unseen(now).strip()]


_LATIN = re.compile(r"[0-9A-Za-z.,%/@:;()-]")
_STRETCHED = 8  # gaps of a line, from which on it can be told to be justified
_ONCE_MORE = 0.15  # ems by which a character is shifted that is drawn twice to look bold


def _lines(glyphs: Iterable[Glyph]) -> list[_Line]:
    """The lines from top to bottom; small raised figures stand on the line beside them."""
    rows: list[tuple[list[Glyph], float, float]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.bottom, one.x0)):
        height = glyph.bottom - glyph.top
        for i in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            row, top, bottom = rows[i]
            shared = min(bottom, glyph.bottom) - max(top, glyph.top)
            if shared > 0.5 * min(height, bottom - top):
                row.append(glyph)
                if height > bottom - top:
                    rows[i] = row, glyph.top, glyph.bottom
                break
        else:
            rows.append(([glyph], glyph.top, glyph.bottom))
    lines = []
    for row, _, _ in rows:
        kept: list[Glyph] = []
        for glyph in sorted(row, key=lambda one: one.x0):
            near = _ONCE_MORE * glyph.size
            if not any(
                one.text == glyph.text and glyph.x0 - one.x0 < near and abs(one.top - glyph.top) < near
                for one in kept[-3:]
            ):
                kept.append(glyph)
        while kept and kept[-1].text.isspace():
            kept.pop()
        while kept and kept[0].text.isspace():
            kept.pop(0)
        if kept:
            lines.append(_Line(kept))
    return sorted(lines, key=lambda line: (line.top + line.bottom, line.x0))


def _turned(glyph: Glyph) -> Glyph:
    """The glyph in the frame in which its line runs to the right."""
    x0, top, x1, bottom = glyph.x0, glyph.top, glyph.x1, glyph.bottom
    if glyph.turn == 1:
        x0, top, x1, bottom = top, -x1, bottom, -x0
    elif glyph.turn == 2:
        x0, top, x1, bottom = -x1, -bottom, -x0, -top
    elif glyph.turn == 3:
        x0, top, x1, bottom = -bottom, x0, -top, x1
    return Glyph(glyph.text, x0, top, x1, bottom, glyph.size)


def _turned_back(page: PrintedPage) -> PrintedPage:
    """The page so that most of its text runs to the right."""
    turns = Counter(glyph.turn for glyph in page.glyphs)
    turn, count = turns.most_common(1)[0] if turns else (0, 0)
    if not turn or count < 0.6 * len(page.glyphs):
        return page
    sides = (page.width, page.height) if turn == 2 else (page.height, page.width)
    right, down = ((0.0, page.width), (page.width, page.height), (page.height, 0.0))[turn - 1]

    def moved(x0: float, top: float, x1: float, bottom: float) -> Box:
        found = _turned(Glyph("", x0, top, x1, bottom, 1.0, turn))
        return found.x0 + right, found.top + down, found.x1 + right, found.bottom + down

    glyphs = [
        Glyph(g.text, *moved(g.x0, g.top, g.x1, g.bottom), g.size, (g.turn - turn) % 4) for g in page.glyphs
    ]
    rules = [moved(*rule) for rule in page.rules]
    return PrintedPage(page.number, *sides, glyphs, rules, page.pictures, turn)


# -------------------- cells
@dataclass(slots=True)
class _Cell:
    """A cell on its page, and its place in the table once it has one.

    `is_full` says that its last line had no room for more, so that what follows on the next page may belong to it.
    """

    box: Box
    page: PrintedPage
    glyphs: list[Glyph] = field(default_factory=list)
    text: str = ""
    is_full: bool = False
    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1

    @property
    def bottom_row(self) -> int:
        return self.row + self.row_span

    @property
    def columns(self) -> tuple[int, int]:
        return self.column, self.column_span

    @property
    def is_figure(self) -> bool:
        return _FIGURE.fullmatch(self.text) is not None

    @property
    def is_label(self) -> bool:
        return bool(self.text) and not self.is_figure

    def lines(self) -> list[_Line]:
        turns = Counter(glyph.turn for glyph in self.glyphs)
        turn = turns.most_common(1)[0][0] if turns else 0
        if turn:
            return _lines(_turned(glyph) for glyph in self.glyphs)
        lines = _lines(self.glyphs)
        return _upright(lines) or lines


_FIGURE = re.compile(r"[0-9０-９.,，+\-−%/—－]{1,24}")
_DIGITS = re.compile(r"[0-9.,]{1,24}")


def _upright(lines: Sequence[_Line]) -> list[_Line]:
    """The columns from right to left, if the characters stand below each other more closely than beside each other."""
    if len(lines) < 3 or max(len(line.glyphs) for line in lines) < 2:
        return []
    if any(len(line.glyphs) > 6 for line in lines):
        return []
    beside = [b.x0 - a.x0 for line in lines for a, b in pairwise(line.glyphs)]
    below = [(b.top + b.bottom - a.top - a.bottom) / 2 for a, b in pairwise(lines)]
    size = max(line.size for line in lines)
    if median(beside) < 1.25 * size or median(below) > 1.2 * size:
        return []
    columns: list[list[Glyph]] = []
    for glyph in sorted((glyph for line in lines for glyph in line.glyphs), key=lambda one: -one.x0):
        if columns and abs(columns[-1][0].x0 - glyph.x0) < 0.6 * size:
            columns[-1].append(glyph)
        else:
            columns.append([glyph])
    # in a frame turned so that each column is a line
    return [
        _Line(
            [
                Glyph(g.text, g.top, -g.x1, g.bottom, -g.x0, g.size)
                for g in sorted(column, key=lambda one: one.top)
            ]
        )
        for column in columns
    ]


@dataclass(slots=True)
class _Piece:
    """The part of a table that stands on one page; `edges` are its columns' left and right sides."""

    page: PrintedPage
    box: Box
    edges: list[float]
    cells: list[_Cell]


def _clusters(values: Iterable[float], near: float = _SNAP) -> list[float]:
    """Values that lie close together as one, ascending."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _nearest(values: Sequence[float], value: float) -> int:
    at = bisect_right(values, value)
    if at and (at == len(values) or value - values[at - 1] <= values[at] - value):
        return at - 1
    return at


@dataclass(frozen=True, slots=True)
class _Rule:
    """A straight rule: where it lies across its direction, and from where to where it runs."""

    at: float
    start: float
    end: float


def _joined(rules: Iterable[_Rule]) -> list[_Rule]:
    """Rules in one line as one, gaps of dashes and joints included."""
    rules = sorted(rules, key=lambda rule: rule.at)
    groups: list[list[_Rule]] = []
    for rule in rules:
        if groups and rule.at - groups[-1][0].at <= _SNAP / 2:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    joined = []
    for group in groups:
        at = sum(rule.at for rule in group) / len(group)
        group.sort(key=lambda rule: rule.start)
        start, end = group[0].start, group[0].end
        for rule in group[1:]:
            if rule.start > end + _GAP:
                joined.append(_Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        joined.append(_Rule(at, start, end))
    return joined


class _Union:
    """Sets that grow together."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def root(self, one: int) -> int:
        parents = self._parents
        while parents[one] != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        return one

    def join(self, one: int, other: int) -> None:
        self._parents[self.root(other)] = self.root(one)

    def groups(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for one in range(len(self._parents)):
            found.setdefault(self.root(one), []).append(one)
        return list(found.values())


def _pieces(page: PrintedPage) -> tuple[list[_Piece], list[Glyph]]:
    """The ruled tables of a page, and the glyphs that stand in none."""
    across, down = [], []
    for x0, top, x1, bottom in page.rules:
        if bottom - top <= x1 - x0:
            across.append(_Rule((top + bottom) / 2, x0, x1))
        else:
            down.append(_Rule((x0 + x1) / 2, top, bottom))
    across, down = _joined(across), _joined(down)
    if len(across) * len(down) > _CROSSINGS:
        return [], page.glyphs
    union = _Union(len(across) + len(down))
    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if (
                row.start - _TOUCH <= column.at <= row.end + _TOUCH
                and column.start - _TOUCH <= row.at <= column.end + _TOUCH
            ):
                union.join(i, len(across) + j)
    free = page.glyphs
    pieces = []
    found = []
    for group in union.groups():
        rows = [across[i] for i in group if i < len(across)]
        columns = [down[i - len(across)] for i in group if i >= len(across)]
        grid = _Grid.of(rows, columns)
        if grid is not None:
            found.append(grid)
    for grid in sorted(found, key=lambda one: one.area)[
        -_GRIDS:
    ]:  # a table inside another takes its glyphs first
        inside: list[Glyph] = []
        outside: list[Glyph] = []
        for glyph in free:
            (inside if grid.holds(glyph) else outside).append(glyph)
        cells = grid.cells(page, inside)
        if sum(any(not glyph.text.isspace() for glyph in cell.glyphs) for cell in cells) >= 2:
            free = outside
            pieces.append(_Piece(page, grid.box, grid.xs, cells))
    for piece in pieces:
        _set_texts(piece.cells)
    return pieces, list(free)


@dataclass(slots=True)
class _Grid:
    """Rules that touch each other: the sides of columns and rows, and which sides of places are drawn."""

    xs: list[float]
    ys: list[float]
    rows: list[_Rule]
    columns: list[_Rule]

    @classmethod
    def of(cls, rows: list[_Rule], columns: list[_Rule]) -> _Grid | None:
        """None for what is no table: an underline, a frame, a stack of lines."""
        if len(rows) < 2 or not columns:
            return None
        xs = _clusters([rule.at for rule in columns])
        ys = _clusters([rule.at for rule in rows])
        # a table may be open at its sides, or above and below
        xs = _with_ends(xs, rows)
        ys = _with_ends(ys, columns)
        if len(xs) < 3 or len(ys) < 2:
            return None
        if (len(xs) - 1) * (len(ys) - 1) > TABLE_AREA:
            raise too_large()
        return cls(xs, ys, rows, columns)

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def holds(self, glyph: Glyph) -> bool:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        return self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]

    def _place(self, glyph: Glyph, wide: int) -> int:
        """The number of the place in which the middle of a character is."""
        column = bisect_right(self.xs, (glyph.x0 + glyph.x1) / 2) - 1
        row = bisect_right(self.ys, (glyph.top + glyph.bottom) / 2) - 1
        return min(max(row, 0), len(self.ys) - 2) * wide + min(max(column, 0), wide - 1)

    def _is_cut(self, glyph: Glyph) -> bool:
        """Whether the side of a column goes through a character."""
        inset = 0.15 * (glyph.x1 - glyph.x0)
        return bisect_right(self.xs, glyph.x0 + inset) != bisect_right(self.xs, glyph.x1 - inset)

    def cells(self, page: PrintedPage, glyphs: Iterable[Glyph]) -> list[_Cell]:
        """The cells in reading order with their glyphs, rows and columns counted within the grid."""
        wide, high = len(self.xs) - 1, len(self.ys) - 1
        beside = _drawn(self.columns, self.xs, self.ys)
        below = _drawn(self.rows, self.ys, self.xs)
        union = _Union(wide * high)
        for row in range(high):
            for column in range(wide):
                at = row * wide + column
                if column + 1 < wide and (column + 1, row) not in beside:
                    union.join(at, at + 1)
                if row + 1 < high and (row + 1, column) not in below:
                    union.join(at, at + wide)
        owner: dict[int, _Cell] = {}
        cells = []
        for group in union.groups():
            for places in _rectangles(group, wide):
                top, left = divmod(places[0], wide)
                bottom, right = divmod(places[-1], wide)
                box = self.xs[left], self.ys[top], self.xs[right + 1], self.ys[bottom + 1]
                cell = _Cell(box, page, [], "", False, top, left, bottom - top + 1, right - left + 1)
                cells.append(cell)
                owner.update(dict.fromkeys(places, cell))
        for run in _runs(glyphs):
            cells_of = [owner[self._place(glyph, wide)] for glyph in run]
            if any(one is not cells_of[0] for one in cells_of) and any(map(self._is_cut, run)):
                # what is too wide for its cell stands in the one where its middle is
                middle = Glyph("", run[0].x0, run[0].top, run[-1].x1, run[-1].bottom, 1.0)
                cells_of = [owner[self._place(middle, wide)]] * len(run)
            for glyph, cell in zip(run, cells_of, strict=True):
                cell.glyphs.append(glyph)
        return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Characters that were set one behind the other without a gap."""
    run: list[Glyph] = []
    for glyph in glyphs:
        last = run[-1] if run else None
        if (
            last is not None
            and not last.turn
            and not glyph.turn
            and not glyph.text.isspace()
            and abs(glyph.bottom - last.bottom) < 1
            and abs(glyph.x0 - last.x1) < 0.12 * glyph.size
        ):
            run.append(glyph)
            continue
        if run:
            yield run
        run = [glyph]
    if run:
        yield run


def _with_ends(sides: list[float], rules: Iterable[_Rule]) -> list[float]:
    ends = [end for rule in rules for end in (rule.start, rule.end)]
    first, last = min(ends), max(ends)
    before = [first] if first < sides[0] - 2 * _SNAP else []
    return [*before, *sides, *([last] if last > sides[-1] + 2 * _SNAP else [])]


def _drawn(rules: Iterable[_Rule], sides: Sequence[float], others: Sequence[float]) -> set[tuple[int, int]]:
    """Which sides of places rules cover: the side, and the place along it."""
    covered: dict[tuple[int, int], float] = {}
    for rule in rules:
        side = _nearest(sides, rule.at)
        for i in range(max(0, bisect_right(others, rule.start) - 1), len(others) - 1):
            if others[i] >= rule.end:
                break
            shared = min(rule.end, others[i + 1]) - max(rule.start, others[i])
            covered[side, i] = covered.get((side, i), 0.0) + max(0.0, shared)
    return {at for at, length in covered.items() if length >= _COVERED * (others[at[1] + 1] - others[at[1]])}


def _rectangles(group: Sequence[int], wide: int) -> Iterator[list[int]]:
    """The places of a cell; one that is no rectangle, because rules are missing, falls into its rows."""
    rows = {at // wide for at in group}
    columns = {at % wide for at in group}
    if len(group) == len(rows) * len(columns):
        yield sorted(group)
        return
    run: list[int] = []
    for at in sorted(group):
        if run and (at != run[-1] + 1 or at % wide == 0):
            yield run
            run = []
        run.append(at)
    yield run


def _set_texts(cells: Sequence[_Cell]) -> None:
    """Joins the lines of each cell. Digits go on in the next line only where the line above had no room for more."""
    lines = {id(cell): cell.lines() for cell in cells}
    widest: dict[int, float] = {}  # line of digits by the width of its cell in points
    for cell in cells:
        for line in lines[id(cell)]:
            if _DIGITS.fullmatch(line.text):
                key = round((cell.box[2] - cell.box[0]) / 2)
                widest[key] = max(widest.get(key, 0.0), line.x1 - line.x0)

    def is_full(cell: _Cell, line: _Line) -> bool:
        width = cell.box[2] - cell.box[0]
        room = width - (line.x1 - line.x0)
        if not _DIGITS.fullmatch(line.text):
            return room < 1.2 * line.size + 2 * _PADDING
        digit = (line.x1 - line.x0) / len(line.text)
        near = max(widest.get(round(width / 2) + i, 0.0) for i in (-1, 0, 1))
        return room < digit + 2 * _PADDING and line.x1 - line.x0 > near - digit / 2

    for cell in cells:
        text = ""
        last: _Line | None = None
        for line in lines[id(cell)]:
            shown = line.text
            if last is not None and text[-1:].isdigit() and shown[:1].isdigit():
                text += "" if is_full(cell, last) else "\n"
            elif _WORD.match(text[-1:]) and _WORD.match(shown):
                text += " "
            text += shown
            last = line
        cell.text = text.strip()
        cell.is_full = last is not None and is_full(cell, last)
        cell.glyphs = []


_WORD = re.compile(r"[A-Za-z]")


def too_large() -> UnreadableSource:
    """The trouble of a table that no report has."""
    return UnreadableSource(
        f"表格太大，超过 {TABLE_CELLS} 格。", "没有读入任何内容。", "请只保留年报的三张表再导入。"
    )


# -------------------- a table over several pages
class _Table:
    """A table, piece by piece: each page's cells below those of the page before."""

    def __init__(self, piece: _Piece) -> None:
        self.pieces = [piece]
        self.cells = list(piece.cells)
        self._edges = piece.edges
        self.breaks: list[PrintedPage] = []

    def takes(self, piece: _Piece) -> bool:
        """Whether a piece on the next page continues this table, by the width and the columns of both."""
        last = self.pieces[-1]
        if piece.page.number != last.page.number + 1:
            return False
        if last.box[3] < 0.5 * last.page.height or piece.box[1] > 0.35 * piece.page.height:
            return False
        if abs((piece.box[2] - piece.box[0]) - (last.box[2] - last.box[0])) > 4 * _SNAP:
            return False
        shift = self._edges[0] - piece.edges[0]
        few, many = sorted(([edge + shift for edge in piece.edges[1:-1]], self._edges[1:-1]), key=len)
        return all(any(abs(one - other) <= 2 * _SNAP for other in many) for one in few)

    def add(self, piece: _Piece) -> None:
        shift = self._edges[0] - piece.edges[0]
        edges = [edge + shift for edge in piece.edges]
        # both are snapped to one set of sides, of which the table's own stay where they are
        new = [edge for edge in edges if min(abs(edge - own) for own in self._edges) > 2 * _SNAP]
        sides = sorted([*self._edges, *new])
        self._renumber(self.cells, self._edges, sides)
        self._renumber(piece.cells, edges, sides)
        self._edges = sides
        cells = self._without_repeated_head(piece.cells)
        rows = max((cell.bottom_row for cell in self.cells), default=0)
        above = {cell.columns: cell for cell in self.cells if cell.bottom_row == rows}
        top = [cell for cell in cells if cell.row == 0]
        pairs = [(above.get(cell.columns), cell) for cell in top]
        split = _is_split_row(pairs)
        gone: set[int] = set()
        for one, other in pairs:
            if one is not None and (split or _goes_on(one, other)):
                if one.text != other.text or not other.is_label:
                    one.text += other.text
                one.row_span += other.row_span - (1 if split else 0)
                gone.add(id(other))
        for cell in cells:
            if id(cell) not in gone:
                cell.row += rows - (1 if split else 0)
                self.cells.append(cell)
        self.pieces.append(piece)
        self.breaks.append(piece.page)

    @staticmethod
    def _renumber(cells: Iterable[_Cell], edges: Sequence[float], sides: Sequence[float]) -> None:
        places = [_nearest(sides, edge) for edge in edges]
        places[-1] = len(sides) - 1
        for cell in cells:
            left, right = places[cell.column], places[cell.column + cell.column_span]
            cell.column, cell.column_span = left, max(1, right - left)

    def _without_repeated_head(self, cells: list[_Cell]) -> list[_Cell]:
        """The cells of a page without the heading rows that are printed on every page."""

        def rows(of: Iterable[_Cell]) -> dict[int, list[tuple[str, int, int, int]]]:
            found: dict[int, list[tuple[str, int, int, int]]] = {}
            for cell in of:
                found.setdefault(cell.row, []).append((cell.text, *cell.columns, cell.row_span))
            return found

        first, here = rows(self.cells), rows(cells)
        count = 0
        while (
            count in here
            and here[count] == first.get(count)
            and any(text for text, *_ in here[count])
            and not any(_FIGURE.fullmatch(text) for text, *_ in here[count])
        ):
            count += 1
        # a cell of the heading that reaches further down belongs to what is compared
        while count and any(cell.row < count < cell.bottom_row for cell in cells):
            count -= 1
        kept = [cell for cell in cells if cell.row >= count]
        for cell in kept:
            cell.row -= count
        return kept

    def raw(self) -> RawTable:
        if len(self.cells) > TABLE_CELLS:
            raise too_large()
        cells = []
        for cell in sorted(self.cells, key=lambda one: (one.row, one.column)):
            origin = Origin(page=cell.page.number, box=part_of(cell.page, cell.box))
            spans = cell.row_span, cell.column_span
            cells.append(RawCell(cell.row, cell.column, *spans, without_unseen(cell.text), origin))
        first = self.pieces[0]
        return RawTable(tuple(cells), Origin(page=first.page.number, box=part_of(first.page, first.box)))


_NUMBERED = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[）)、.．]")


def _continues(one: _Cell, other: _Cell) -> bool:
    """Whether the text of a label goes on below the page break."""
    return one.is_label and other.is_label and one.is_full and not _NUMBERED.match(other.text)


def _goes_on(one: _Cell, other: _Cell) -> bool:
    """Whether the label of a group of rows goes on below the page break."""
    if one.row_span == other.row_span == 1:
        return one.is_label and not other.text
    if not one.text or not other.text:
        return not one.is_figure and not other.is_figure
    return one.is_label and other.is_label and (one.text == other.text or not _NUMBERED.match(other.text))


def _is_split_row(pairs: Sequence[tuple[_Cell | None, _Cell]]) -> bool:
    """Whether the last row of a page and the first of the next are one row that the page break cuts in two."""
    both = [(one, other) for one, other in pairs if one is not None]
    if len(both) < len(pairs) or not both:
        return False
    rows = [(one, other) for one, other in both if one.row_span == other.row_span == 1]
    for one, other in both:
        if not one.text or not other.text or _continues(one, other):
            continue
        digits = _DIGITS.fullmatch(one.text) and _DIGITS.fullmatch(other.text)
        group = max(one.row_span, other.row_span) > 1 and _goes_on(one, other)
        if not ((digits and one.is_full) or group):
            return False
    if all(not other.text for _, other in rows):
        # nothing of the row is left for the next page, or the page begins with a row without label and figures
        return bool(rows) and any(one.text for one, _ in rows)
    if all(not one.text for one, _ in rows):
        return True
    labels = [(one, other) for one, other in rows if other.is_label]
    if labels:
        return all(_continues(one, other) for one, other in labels)
    return any(one.is_label for one, _ in both)


def part_of(page: PrintedPage, box: Box) -> Box:
    """A box in parts of the page's width and height as it is shown, four decimals, within the page."""
    width, height = max(page.width, 1.0), max(page.height, 1.0)
    x0, top, x1, bottom = box[0] / width, box[1] / height, box[2] / width, box[3] / height
    if page.turn == 1:
        x0, top, x1, bottom = 1 - bottom, x0, 1 - top, x1
    elif page.turn == 2:
        x0, top, x1, bottom = 1 - x1, 1 - bottom, 1 - x0, 1 - top
    elif page.turn == 3:
        x0, top, x1, bottom = top, 1 - x1, bottom, 1 - x0
    left, upper, right, lower = (round(min(1.0, max(0.0, one)), 4) for one in (x0, top, x1, bottom))
    return left, upper, right, lower


# -------------------- paragraphs
_PAGE_NUMBER = re.compile(
    r"[-—–·.~\s]{0,8}(?:第\s?)?[0-9]{1,3}\s?(?:页)?(?:[\s/,，、共]{1,4}[0-9]{1,3}\s?页?)?[-—–·.~\s]{0,8}"
)
_BROWSER = re.compile(
    r"(?:[0-9]{1,4}[/年.-][0-9]{1,2}[/月.-][0-9]{1,4}日?[,，]?\s{0,9}(?:[上下]午)?[0-9]{1,2}:[0-9]{2}(?:\s?[AP]M)?(?:\s.{0,200})?"
    r"|(?:https?|file)://\S{1,400}(?:\s{1,200}[0-9]{1,3}/[0-9]{1,3})?)"
)
"""What browsers print above and below each page: the time and the title; the address and the number of the page."""
_BAND = 0.11  # of the page's height, above and below, in which page numbers and running heads stand
_ROOM = 1.6  # ems left in a full line: a mark may not begin the next one
_UNIT = re.compile(r"[0-9A-Za-z.,%％@:/_-]{1,60}")
_OPENING = re.compile(r"[“‘（《〈【「『(\[]{1,3}")
_SECTION = re.compile(r"[一二三四五六七八九]、.{2,40}(?:情况|事项)")
_ENDS = re.compile(r"[。！？][”’）》]{0,3}$")
_INDENTED = 1.2  # ems from the margin
_LONG = 0.85  # of the longest line
_LONE_LINES = 4  # lines in succession between rows of columns that belong to their cells


@dataclass(slots=True)
class _Margins:
    """Left and right margin of the text, of pages of one size and side; `marked` if paragraphs begin with an indent."""

    left: float
    right: float
    marked: bool = True

    @property
    def width(self) -> float:
        return self.right - self.left

    @classmethod
    def of(cls, lines: Sequence[_Line]) -> _Margins:
        usual = median(line.size for line in lines)
        starts = sorted(line.x0 for line in lines)
        least = 2 if len(lines) > 3 else 1
        left = next(
            (x for i, x in enumerate(starts) if sum(abs(y - x) < 3 for y in starts[i : i + least]) >= least),
            starts[0],
        )
        if 1.5 < (left - starts[0]) / usual < 2.5:
            left = starts[0]  # only one paragraph goes on in a second line; the others are set in
        # marks hang over by up to a character, and the lines of a short page may all end early but one
        body = [line for line in lines if abs(line.size - usual) <= 0.12 * usual]  # no title, no footnote
        last = max(line.x1 for line in body or lines)
        ends = [line.x1 for line in body or lines if line.x1 > last - 1.5 * usual]
        # where all of the body ends early, notes below a table may show how wide the lines are
        beyond = sorted(line.x1 for line in lines if line.x1 > last + 1.5 * usual)
        flush = [other for one, other in pairwise(beyond) if other - one < 1]
        return cls(left, flush[-1] if flush else median(ends))


@dataclass(slots=True)
class _Free:
    """A line outside of tables, on its page."""

    line: _Line
    page: PrintedPage
    margins: _Margins | None = None

    @property
    def indent(self) -> float:
        """From the margin, in ems."""
        return (self.line.x0 - self.margins.left) / self.line.size if self.margins else 0.0

    def goes_on_in(self, below: _Free) -> bool:
        """Whether the next line continues the paragraph that this one stands in."""
        line, other, margins = self.line, below.line, self.margins
        if margins is None or abs(line.size - other.size) > 0.12 * line.size:
            return False
        if self.page is below.page and other.top - line.bottom > 1.6 * line.size:
            return False
        text = other.text
        opening = _OPENING.match(text)
        unit = _UNIT.match(text, opening.end() if opening else 0)
        width = (opening.end() * other.size if opening else 0.0) + (
            len(unit[0]) * 0.55 * other.size if unit else 0.0
        )
        room = margins.right - line.x1
        if room > max(_ROOM * line.size, width + 1.1 * line.size):
            return False
        if below.indent < 0.7:
            return margins.marked or _ENDS.search(line.text) is None
        # a block that is set in as a whole
        return abs(other.x0 - line.x0) < 0.4 * line.size and self.indent > 2 * _INDENTED + 0.6


class _Reading:
    """The pages of one file: tables first, then page furniture, then paragraphs."""

    def __init__(self, pages: Sequence[PrintedPage]) -> None:
        self._pages = [_turned_back(page) for page in pages]
        self._notes: list[ImportNote] = []
        self._blocks: list[SourceText | RawTable] = []
        self._counts: Counter[int] = Counter()

    def read(self) -> tuple[tuple[SourceText | RawTable, ...], tuple[ImportNote, ...]]:
        items: list[_Free | _Piece] = []
        pieces: list[list[_Piece]] = []
        free: list[list[_Free]] = []
        for page in self._pages:
            found, glyphs = _pieces(page)
            pieces.append(found)
            level = [glyph for glyph in glyphs if glyph.turn == 0]
            turned = [_turned(glyph) for glyph in glyphs if glyph.turn and not glyph.text.isspace()]
            if turned:
                self._remark_left_out(page, "横着或倒着的文字", _lines(turned))
            free.append([_Free(line, page) for line in _lines(level)])
        free = self._without_furniture(free)
        self._set_margins(free)
        for found, lines in zip(pieces, free, strict=True):
            here: list[_Free | _Piece] = [*found, *lines]
            here.sort(key=_height)
            items.extend(here)
        self._join(items)
        return tuple(self._blocks), tuple(self._notes)

    # -------------------- furniture
    def _without_furniture(self, free: Sequence[list[_Free]]) -> list[list[_Free]]:
        """The lines without page numbers and without what stands at the head or foot of most pages."""
        repeated = self._repeated(free)
        kept = []
        told: dict[str, _Free] = {}
        for lines in free:
            left = list(lines)
            for last in (0, -1):
                while left and _in_band(one := left[last]):
                    text = one.line.text
                    apart = _stands_apart(left, last)
                    if _PAGE_NUMBER.fullmatch(text) and (apart or not text.isdigit()):
                        left.pop(last)
                    elif _BROWSER.fullmatch(text) or (apart and _running(one) in repeated):
                        told.setdefault(text, one)
                        left.pop(last)
                    else:
                        break
            kept.append(left)
        for text, one in list(told.items())[:3]:
            self._note("页眉页脚", f"每页都有“{text[:40]}”。", "不是正文，没有读入。", self._origin(one))
        return kept

    @staticmethod
    def _repeated(free: Sequence[list[_Free]]) -> set[tuple[str, int]]:
        """What stands at one height of the head or foot of most pages, whatever number it holds."""
        seen: Counter[tuple[str, int]] = Counter()
        for lines in free:
            seen.update({_running(one) for one in (*lines[:2], *lines[-2:]) if _in_band(one)})
        least = max(2, (len(free) + 1) // 2)
        return {key for key, count in seen.items() if count >= least and len(free) > 1}

    def _remark_left_out(self, page: PrintedPage, what: str, lines: Sequence[_Line]) -> None:
        shown = "".join(line.text for line in lines)[:40]
        self._note("页面", f"第 {page.number} 页有{what}“{shown}”。", "没有读入。", Origin(page=page.number))

    def _note(self, where: str, what: str, done: str, origin: Origin) -> None:
        if len(self._notes) < PAGES:
            self._notes.append(ImportNote("info", where, what, done, origin))

    # -------------------- margins
    @staticmethod
    def _set_margins(free: Sequence[list[_Free]]) -> None:
        """Odd and even pages may have other margins, and so have pages across; few lines take those of the others."""
        sides: dict[tuple[int, int, int], list[_Free]] = {}
        for lines in free:
            for one in lines:
                page = one.page
                sides.setdefault((round(page.width), round(page.height), page.number % 2), []).append(one)
        found = {key: _Margins.of([one.line for one in lines]) for key, lines in sides.items()}
        for (wide, high, side), lines in sides.items():
            margins = found[wide, high, side]
            other = found.get((wide, high, 1 - side))
            if other is not None and other.width > margins.width + _SNAP:
                longest = max(one.line.x1 - one.line.x0 for one in lines)
                if longest > _LONG * other.width:  # its lines are full, but all of them are set in
                    left = min(one.line.x0 for one in lines)
                    indent = left - (margins.right - other.width)
                    near = abs(indent) < 1.3 * median(one.line.size for one in lines)
                    margins = _Margins(left if near else left - indent, margins.right)
                else:
                    margins = other
            found[wide, high, side] = margins
        for key, lines in sides.items():
            for one in lines:
                one.margins = found[key]
        everything = [one for lines in free for one in lines]
        if not any(_INDENTED < one.indent < 2 * _INDENTED + 0.6 for one in everything):
            for one in everything:
                if one.margins is not None:
                    one.margins.marked = False

    # -------------------- items → blocks
    def _join(self, items: Sequence[_Free | _Piece]) -> None:
        at = 0
        while at < len(items):
            item = items[at]
            if isinstance(item, _Piece):
                table = _Table(item)
                while (
                    at + 1 < len(items) and isinstance(after := items[at + 1], _Piece) and table.takes(after)
                ):
                    table.add(after)
                    at += 1
                raw = table.raw()
                self._blocks.append(raw)
                for page in table.breaks:
                    what = f"表格在第 {page.number - 1} 页末尾断开。"
                    self._note("表格", what, "已和下一页接上。", Origin(page=page.number))
                at += 1
                continue
            end = at
            while end < len(items) and isinstance(items[end], _Free):
                end += 1
            self._add_lines([one for one in items[at:end] if isinstance(one, _Free)])
            at = end

    def _add_lines(self, lines: Sequence[_Free]) -> None:
        """Paragraphs, and rows of texts that stand in columns without rules."""
        fields = [one.line.fields() for one in lines]
        at = 0
        while at < len(lines):
            end = self._columned(lines, fields, at)
            if end > at:
                self._add_columns(lines[at:end], fields[at:end])
                at = end
                continue
            stop = at + 1
            while (
                stop < len(lines)
                and self._columned(lines, fields, stop) == stop
                and lines[stop - 1].goes_on_in(lines[stop])
            ):
                stop += 1
            self._add_paragraph(lines[at:stop])
            at = stop

    @staticmethod
    def _columned(lines: Sequence[_Free], fields: Sequence[Sequence[str]], start: int) -> int:
        """Where the rows of columns end that begin at a line; there, if none begin."""
        if len(fields[start]) < 2:
            return start
        end, rows, lone, figures = start, 0, 0, 0
        for i in range(start, len(lines)):
            margins = lines[i].margins
            if len(fields[i]) > 1:
                rows += 1
                figures += sum(_FIGURE.fullmatch(text) is not None for text in fields[i])
                end, lone = i + 1, 0
                continue
            line = lines[i].line
            width = margins.width if margins is not None else 0.0
            lone += 1
            if lone > _LONE_LINES or line.x1 - line.x0 > _LONG * width or _SECTION.fullmatch(fields[i][0]):
                break
        return end if rows >= 3 and figures >= 3 else start

    def _add_columns(self, lines: Sequence[_Free], fields: Sequence[Sequence[str]]) -> None:
        cells = [
            RawCell(row, column, 1, 1, without_unseen(text), self._origin(one))
            for row, (one, texts) in enumerate(zip(lines, fields, strict=True))
            for column, text in enumerate(texts)
        ]
        if len(cells) > TABLE_CELLS:
            raise too_large()
        self._blocks.append(RawTable(tuple(cells), self._origin(lines[0])))

    def _add_paragraph(self, lines: Sequence[_Free]) -> None:
        text = ""
        for one in lines:
            text = _with_line(text, one.line.text)
        first = lines[0]
        text = without_unseen(text).strip()
        if not text:
            return
        self._counts[first.page.number] += 1
        origin = self._origin(*(one for one in lines if one.page is first.page))
        origin = Origin(page=first.page.number, paragraph=self._counts[first.page.number], box=origin.box)
        self._blocks.append(SourceText(text, origin, max(0, round(2 * first.indent))))

    @staticmethod
    def _origin(*lines: _Free) -> Origin:
        boxes = [one.line.box for one in lines]
        box = (
            min(one[0] for one in boxes),
            min(one[1] for one in boxes),
            max(one[2] for one in boxes),
            max(one[3] for one in boxes),
        )
        return Origin(page=lines[0].page.number, box=part_of(lines[0].page, box))


def _height(item: _Free | _Piece) -> float:
    return item.box[1] if isinstance(item, _Piece) else item.line.top


def _in_band(one: _Free) -> bool:
    height = one.page.height
    return one.line.bottom < _BAND * height or one.line.top > (1 - _BAND) * height


def _stands_apart(lines: Sequence[_Free], last: int) -> bool:
    """Whether the first or last line of a page is of another size than the next, or further from it than lines are."""
    if len(lines) < 2:
        return True
    one, other = lines[last].line, lines[1 if last == 0 else -2].line
    if abs(one.size - other.size) > 0.15 * other.size:
        return True
    gap = other.top - one.bottom if last == 0 else one.top - other.bottom
    return gap > min(one.size, other.size)


def _running(one: _Free) -> tuple[str, int]:
    return re.sub(r"[0-9]+|\s+", "", one.line.text), round(one.line.top / 6)


def _with_line(text: str, line: str) -> str:
    """A paragraph with its next line: words of letters with a blank between, everything else without."""
    word = re.search(r"[A-Za-z,;]$", text) and re.match(r"[A-Za-z(]", line)
    address = re.search(r"[@/.:_-][A-Za-z0-9]{0,60}$", text[-80:])
    return f"{text} {line}" if word and not address else text + line
