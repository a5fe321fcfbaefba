"""What was read from a foreign file, before it is understood: the one value between every format and `recognize`.

A format turns a file into a `Source` and does nothing else. A source holds, in the order of the file,

- `SourceText`: a paragraph, without line breaks unless its role says what it is; never blank;
- `RawTable`: a table as it stands there, of `RawCell`s with rows and columns from 0 and spans of at least 1. Cells come
  in reading order and do not overlap; places that nothing stands at may be missing. Texts are as shown, never
  calculated, and hold no unseen characters. A table holds at most TABLE_CELLS cells and covers TABLE_AREA places.

Each of them, and each note about them, carries an `Origin`: the line, the sheet and cell, the page or the paragraph of
the original, whichever its format knows. Origins are for people and for going back to the original, which
`Source.lines` sets out as numbered lines; what a figure means never depends on them.

A format that knows more than texts says so in `Source.mapped`: a workbook's cells are matched with the form by the map
that filling uses (`mapping`), and its words divided from its tables. Then `blocks` are the original to look at, and
what is read is what `mapped` names. Everything else is for `recognize` to find out.

Knows no format and not the form: which cell means what, and what is missing, is none of its business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen
from gxeditor.files.limits import COLUMN_SPAN, TABLE_AREA, TABLE_CELLS


class ManyUnits(UnreadableSource):
    """A file with the figures of several units, and which one is meant is not said; `units` are their names.

    `each` gives what stands in the file for every one of them, by its name, in the process in which it was raised; None
    where each unit has to be asked for by itself.
    """

    def __init__(self, what: str, meaning: str, remedy: str, units: tuple[str, ...]) -> None:
        super().__init__(what, meaning, remedy)
        self.units = units
        self.each: Callable[[], Iterator[tuple[str, Source]]] | None = None

    def __reduce__(self) -> tuple[object, ...]:
        kind, arguments, said = super().__reduce__()
        assert isinstance(said, dict)
        return kind, arguments, {**said, "each": None}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands in the original, as far as that is known; nothing, if it came over the clipboard.

    `line`, `page` and `paragraph` count from 1; `cell` is called as in Excel (C5) and stands on `sheet`. `box` is the
    rectangle on the page: left, top, right, bottom in parts of the page's width and height, from its upper left corner
    as it is shown.
    """

    line: int | None = None
    sheet: str = ""
    cell: str = ""
    page: int | None = None
    paragraph: int | None = None
    box: tuple[float, float, float, float] | None = None

    def __bool__(self) -> bool:
        return self != NOWHERE

    @property
    def words(self) -> str:
        """How a person is told: 「第 41 行」, 「“表三”C5」, 「第 2 页第 3 段」; empty if nothing is known."""
        if self.sheet:
            return f"“{self.sheet}”{self.cell}"
        counted = ((self.page, "页"), (self.paragraph, "段"), (self.line, "行"))
        return "".join(f"第 {number} {what}" for number, what in counted if number is not None)


NOWHERE = Origin()


def told_together(origins: Iterable[Origin]) -> str:
    """Several places in words, each once: lines from the first to the last, others one by one."""
    known = list(dict.fromkeys(origin for origin in origins if origin))
    lines = [origin.line for origin in known if origin.line is not None and origin == Origin(origin.line)]
    if len(lines) == len(known) > 1:
        return f"第 {min(lines)}—{max(lines)} 行"
    return "、".join(dict.fromkeys(origin.words for origin in known))  # boxes on one page read the same


@dataclass(frozen=True, slots=True)
class SourceText:
    """A paragraph.

    `indent` is how far its first line is from the margin, in halves of a Chinese character. `part` names the part of
    the file (a sheet), each with headings of its own. `role` is for files that say outright what a text is, as our
    own workbook does: title, signature, date, `heading:` with a section's key or number, or `note:` with that of the
    section below whose table it stands.
    """

    text: str
    origin: Origin = NOWHERE
    indent: int = 0
    part: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as found: row and column from 0, spans of at least 1."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    origin: Origin = NOWHERE

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class RawTable:
    """A table as found. Its cells stand in reading order and do not overlap; places may be missing."""

    cells: tuple[RawCell, ...]
    origin: Origin = NOWHERE

    @cached_property
    def rows(self) -> int:
        return max((cell.row + cell.row_span for cell in self.cells), default=0)

    @cached_property
    def columns(self) -> int:
        return max((cell.column + cell.column_span for cell in self.cells), default=0)

    @cached_property
    def has_spans(self) -> bool:
        """Whether any cell is merged; text never says so."""
        return any(cell.row_span > 1 or cell.column_span > 1 for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Said:
    """What a file of our own says of its report outside of its cells; None for what it does not say.

    `kind` is the word for the kind of the agency. `shown_title` is what stands where the title belongs: another one, if
    a person has changed it since.
    """

    agency: str | None = None
    kind: str | None = None
    year: int | None = None
    own_title: str | None = None
    shown_title: str | None = None


@dataclass(frozen=True, slots=True)
class MappedCell:
    """A cell that stands for a cell or a field of the form, `id`: what is written there for it, and the whole cell.

    `says_more` if the cell holds something else beside that.
    """

    id: str
    text: str
    raw: RawCell
    says_more: bool = False


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A cell or a field of the form for which no one cell could be told.

    `where` is what it is called, `why` a sentence, `raws` the cells that it may be. `text` is what stands in the only
    one, if a person has but to say yes.
    """

    id: str
    where: str
    why: str
    raws: tuple[RawCell, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Mapped:
    """What a format knows of its cells by a map of its own.

    `cells` come in the order in which they count: of two for one id the first. `doubtful` and `missing` (ids) are what
    the map has no cell for, `texts` the words outside of the tables, `unread` the cells that are neither figures nor
    words nor headings, `uncalculated` formulas whose result the file does not carry. `agency` is whose report it is
    where the file says so as the one row of a list; `said` what a file of our own says.
    """

    cells: tuple[MappedCell, ...] = ()
    doubtful: tuple[Unmapped, ...] = ()
    missing: tuple[str, ...] = ()
    texts: tuple[SourceText, ...] = ()
    unread: tuple[RawCell, ...] = ()
    uncalculated: tuple[RawCell, ...] = ()
    agency: str = ""
    said: Said | None = None


@dataclass(frozen=True)
class Lines:
    """The original by lines, cells of a table divided by tabs, and which line (from 1) an origin stands in."""

    texts: tuple[str, ...]
    at: Mapping[Origin, int]


@dataclass(frozen=True)
class Source:
    """A foreign file: texts and tables in its order; `name` is the file's name.

    `kind` is what it is in words for a person (「Word 文档」, 「PDF 文件，5 页」), `notes` what its format has to tell
    (open revisions, hidden sheets, what could not be read). `years` names the years it holds, if a person has to choose
    one: then `blocks` are those of the year that was asked for, by default the latest. `said` is what a file of our own
    says of its report where nothing is mapped.
    """

    blocks: tuple[SourceText | RawTable, ...]
    name: str = ""
    mapped: Mapped | None = None
    kind: str = ""
    notes: tuple[ImportNote, ...] = ()
    years: tuple[int, ...] = ()
    said: Said | None = None

    @cached_property
    def lines(self) -> Lines:
        """What has a line keeps it; the rest follows below, row by row, a free line behind each table.

        What has no origin is left out: nothing can point to it.
        """
        rows: dict[int, dict[int, str]] = {}
        at: dict[Origin, int] = {}
        below = 1
        for block in self.blocks:
            top = below
            for piece in block.cells if isinstance(block, RawTable) else (block,):
                if not piece.origin:
                    continue
                down = piece.row if isinstance(piece, RawCell) else 0
                number = piece.origin.line or top + down
                row = rows.setdefault(number, {})
                row[piece.column if isinstance(piece, RawCell) else len(row)] = piece.text
                at.setdefault(piece.origin, number)
                below = max(below, number + (2 if isinstance(piece, RawCell) else 1))
            if block.origin and below > top:
                at.setdefault(block.origin, block.origin.line or top)
        texts = (rows.get(number, {}) for number in range(1, max(rows, default=0) + 1))
        return Lines(tuple(map(_tabbed, texts)), MappingProxyType(at))


def _tabbed(row: Mapping[int, str]) -> str:
    """The texts with a tab before each column but the first; far columns cost no step for each between."""
    pieces, last = [], 0
    for column in sorted(row):
        pieces.append("\t" * (column - last) + row[column])
        last = column
    return "".join(pieces)


@dataclass(frozen=True, slots=True)
class ImportNote:
    """Something a person should know about what was read.

    `where` it is in the form, `what` was found, what was `done` with it, all Chinese sentences; `origin` in the
    original; `cells` are the ids it is about and `raw` the cells of the original. A doubt wants a look. `offers` are
    figures ready to accept, as texts by cell id, for cells that were left blank because of the doubt. `edition` is that
    of the form on which the whole of it was made, where that is an earlier one.
    """

    severity: Literal["doubt", "info"]
    where: str
    what: str
    done: str
    origin: Origin = NOWHERE
    cells: tuple[str, ...] = ()
    raw: tuple[RawCell, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    edition: str = ""

    @classmethod
    def on(
        cls,
        raw: Sequence[RawCell],
        where: str,
        what: str,
        done: str,
        cells: Sequence[str] = (),
        severity: Literal["doubt", "info"] = "doubt",
        offers: Sequence[tuple[str, str]] = (),
    ) -> ImportNote:
        """A note on cells of the original; it stands where the first of them does, if there is one."""
        origin = raw[0].origin if raw else NOWHERE
        return cls(severity, where, what, done, origin, tuple(cells), tuple(raw), tuple(offers))


@dataclass(slots=True)
class LooseCell:
    """A cell on its way into a table: its text and spans, not yet its column."""

    text: str
    row_span: int = 1
    column_span: int = 1
    origin: Origin = NOWHERE


def lay_out(rows: Sequence[Sequence[LooseCell]], origin: Origin = NOWHERE) -> RawTable:
    """Puts cells into columns as HTML and Word do: each takes the next column that no span from above covers.

    A row span of 0 reaches to the end, and none reaches further. Raises `UnreadableSource` for a table too large.
    """
    cells: list[RawCell] = []
    covered: dict[int, int] = {}  # column → first row that is free again
    area = 0
    for row, loose in enumerate(rows):
        column = 0
        for cell in loose:
            while covered.get(column, 0) > row:
                column += 1
            left = len(rows) - row
            row_span = min(cell.row_span, left) if cell.row_span > 0 else left
            wide = max(1, min(cell.column_span, COLUMN_SPAN))
            span = next((i for i in range(1, wide) if covered.get(column + i, 0) > row), wide)
            area += row_span * span
            if len(cells) >= TABLE_CELLS or area > TABLE_AREA:
                raise UnreadableSource(
                    f"表格太大，超过 {TABLE_CELLS} 格。", "没有读入任何内容。", "请只保留年报的三张表再导入。"
                )
            text = without_unseen(cell.text)
            cells.append(RawCell(row, column, row_span, span, text, cell.origin))
            if row_span > 1:
                covered.update(dict.fromkeys(range(column, column + span), row + row_span))
            column += span
    return RawTable(tuple(cells), origin)


def visible_table(rows: Sequence[Sequence[LooseCell]]) -> RawTable | None:
    """The table of what came over the clipboard; None if it has no visible text or is too large."""
    try:
        table = lay_out(rows)
    except UnreadableSource:
        return None
    return None if all(cell.is_blank for cell in table.cells) else table
