"""A workbook as a grid of cells: what stands where, how it is merged, formatted, locked and named.

Reads what Excel and WPS read, oddities included (see `files.package`), and keeps 20,000 rows small: cells are stored
in flat arrays and become `SheetCell`s when asked for. Knows no form: what a cell means is the business of `mapping`.
Calculates nothing: a formula's value is the one that the program which saved the file left there.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, pairwise
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from xml.etree.ElementTree import Element

from gxeditor.files.limits import (
    DOCUMENT_XML,
    FORMULA,
    MERGED_COLUMNS,
    MERGED_PLACES,
    MERGED_ROWS,
    MERGES,
    NAMES,
    NUMBER_FORMAT,
    REWRITTEN_XML,
    ROW_BYTES,
    SHARED_FORMULAS,
    TALL_VALIDATIONS,
    VALIDATIONS,
    WORKBOOK_CELLS,
    WORKBOOK_ROWS,
    XLSX_FILE,
)
from gxeditor.files.package import (
    MAIN,
    RELATIONSHIPS,
    STRICT_MAIN,
    Package,
    damaged,
    feed,
    feed_some,
    not_a_workbook,
    parse_xml,
    safe_parser,
    too_large,
)
from gxeditor.files.reading import read_file
from gxeditor.workbook.cells import (
    MAX_COLUMNS,
    MAX_ROWS,
    Range,
    Value,
    cell_ref,
    column_number,
    letters_of,
    parse_ranges,
    shifted,
)
from gxeditor.workbook.formats import BUILT_IN, shown_value
from gxeditor.workbook.sheet_xml import (
    Elements,
    attributes,
    bare,
    in_utf8,
    is_plain,
    opening,
    plain_text,
    row_number,
    unescaped,
)


class Validation(NamedTuple):
    """What a cell accepts, as the file has it: `kind` is list, whole, decimal, date, time, textLength or custom,
    the operands are formulas without “=”; `message` is what Excel would say."""

    kind: str
    operator: str
    first: str
    second: str
    message: str


class Formula(NamedTuple):
    """A formula without its “=”, a shared one written out for its cell. `area` is what an array formula fills: its
    cells can only be changed together."""

    text: str
    area: Range | None = None


class DefinedName(NamedTuple):
    """A name: `sheet` where it counts (empty: everywhere), `refers_to` a formula such as `'表三'!$D$5`."""

    name: str
    sheet: str
    refers_to: str


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell, or the merged cells that it stands for: row and column from 0, spans of at least 1.

    `text` is the value about as it is shown. `locked` is true where the sheet is protected and the cell is, too.
    `formula` has no “=”; None if there is none.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    value: Value
    formula: str | None
    number_format: str
    locked: bool
    validation: Validation | None

    @property
    def ref(self) -> str:
        return cell_ref(self.row, self.column)


@dataclass(frozen=True, slots=True)
class _Style:
    number_format: str = "General"
    locked: bool = True
    struck: bool = False


_Accepting = tuple[int, Range, Validation]
"""A range, in its order in the file, and what it accepts."""
_FEW_ROWS = 32

_KINDS = ("n", "s", "str", "inlineStr", "b", "e", "d")
_KIND = {kind: index for index, kind in enumerate(_KINDS)}
_NUMBER, _BOOLEAN = _KIND["n"], _KIND["b"]


@dataclass
class _Store:
    """Cells of a sheet in flat arrays, row by row: column, style, kind and the text of the value (None if blank)."""

    columns: array[int] = field(default_factory=lambda: array("H"))
    styles: array[int] = field(default_factory=lambda: array("H"))
    kinds: bytearray = field(default_factory=bytearray)
    texts: list[str | None] = field(default_factory=list)
    rows: dict[int, tuple[int, int]] = field(default_factory=dict)

    def index(self, row: int, column: int) -> int:
        """Where a cell is kept; -1 if the sheet does not have it."""
        extent = self.rows.get(row)
        if extent is None:
            return -1
        start, stop = extent
        at = bisect_left(self.columns, column, start, stop)
        return at if at < stop and self.columns[at] == column else -1


class Sheet:
    """A worksheet; `part` is its part in the package. Rows and columns count from 0."""

    def __init__(
        self, name: str, part: str, *, hidden: bool, styles: tuple[_Style, ...], since_1904: bool
    ) -> None:
        self.name = name
        self.part = part
        self.hidden = hidden
        self.protected = False
        self.merges: tuple[Range, ...] = ()
        self.widths: Mapping[int, float] = {}
        self.heights: Mapping[int, float] = {}
        self.hidden_rows: frozenset[int] = frozenset()
        self.hidden_columns: frozenset[int] = frozenset()
        self.default_width = 8.43
        self.default_height = 13.5
        self.formulas: Mapping[tuple[int, int], Formula] = {}
        self.validations: tuple[tuple[tuple[Range, ...], Validation], ...] = ()
        self._styles = styles
        self._column_styles: Mapping[int, int] = {}
        self._row_styles: Mapping[int, int] = {}
        self._since_1904 = since_1904
        self._store = _Store()
        self._merge_at: dict[tuple[int, int], Range] = {}

    @cached_property
    def cells(self) -> Mapping[tuple[int, int], SheetCell]:
        """The cells that the file has, by (row, column), without those that a merge covers."""
        return _Cells(self)

    def cell(self, row: int, column: int) -> SheetCell:
        """The cell at a place: the merged one if it lies in a merge, a blank one if the file has none."""
        merge = self._merge_at.get((row, column))
        if merge is not None:
            row, column = merge.top, merge.left
        at = self._store.index(row, column)
        style = self._style(row, column, at)
        value = self._value(at)
        formula = self.formulas.get((row, column))
        return SheetCell(
            row,
            column,
            merge.bottom - merge.top + 1 if merge is not None else 1,
            merge.right - merge.left + 1 if merge is not None else 1,
            shown_value(value, style.number_format, self._since_1904),
            value,
            formula.text if formula is not None else None,
            style.number_format,
            self.protected and style.locked,
            self.validation(row, column),
        )

    def merge_at(self, row: int, column: int) -> Range | None:
        """The merge that covers a place."""
        return self._merge_at.get((row, column))

    def validation(self, row: int, column: int) -> Validation | None:
        """What the cell at a place accepts; None if anything."""
        short, tall = self._ranges_accepting
        holding = (one for one in (*short.get(row, ()), *tall) if one[1].holds(row, column))
        first = min(holding, key=lambda one: one[0], default=None)
        return first[2] if first is not None else None

    @cached_property
    def _ranges_accepting(self) -> tuple[Mapping[int, list[_Accepting]], list[_Accepting]]:
        """The ranges that have a validation: by each row of theirs if they are of few, and the others."""
        listed = ((area, validation) for ranges, validation in self.validations for area in ranges)
        short: dict[int, list[_Accepting]] = {}
        tall: list[_Accepting] = []
        for order, (area, validation) in enumerate(islice(listed, VALIDATIONS)):
            if area.bottom - area.top < _FEW_ROWS:
                for row in range(area.top, area.bottom + 1):
                    short.setdefault(row, []).append((order, area, validation))
            elif len(tall) < TALL_VALIDATIONS:
                tall.append((order, area, validation))
        return short, tall

    @property
    def size(self) -> int:
        """How many cells the file has, blank and covered ones included."""
        return len(self._store.columns)

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows that the file has, in order."""
        return tuple(self._store.rows)

    def texts(self, row: int, *, words: bool = False) -> Iterator[tuple[int, str]]:
        """Column and text of the cells of a row that show something, in order: quick, for thousands of rows.

        `words` leaves out what is stored as a number.
        """
        store = self._store
        start, stop = store.rows.get(row, (0, 0))
        if words and not any(store.kinds[start:stop]):
            return
        for at in range(start, stop):
            raw = store.texts[at]
            if raw is None or (words and store.kinds[at] == _NUMBER):
                continue
            merge = self._merge_at.get((row, store.columns[at]))
            if merge is None or (merge.top, merge.left) == (row, store.columns[at]):
                yield store.columns[at], self._text(at, raw)

    def has(self, row: int, column: int) -> bool:
        """Whether the file has a cell at a place, blank or not."""
        return self._store.index(row, column) >= 0

    def value(self, row: int, column: int) -> Value:
        """What the cell at a place holds, merges not looked at: quick, for thousands of cells."""
        return self._value(self._store.index(row, column))

    def held(self, row: int) -> Iterator[tuple[int, Value, str]]:
        """Column, value and number format of the cells of a row that hold something, in order, merges not looked at."""
        store = self._store
        start, stop = store.rows.get(row, (0, 0))
        for at in range(start, stop):
            value = self._value(at)
            if value is not None:
                yield store.columns[at], value, self._style(row, 0, at).number_format

    def struck_rows(self) -> Iterator[int]:
        """The rows most of whose cells that hold something are struck out."""
        struck = {number for number, style in enumerate(self._styles) if style.struck}
        store = self._store
        for row, (start, stop) in store.rows.items() if struck else ():
            held = [at for at in range(start, stop) if store.texts[at] is not None]
            if 2 * sum(store.styles[at] in struck for at in held) > len(held):
                yield row

    def look(self, row: int, column: int) -> tuple[str, bool]:
        """The number format of the cell at a place, and whether it is locked on a protected sheet."""
        style = self._style(row, column, self._store.index(row, column))
        return style.number_format, self.protected and style.locked

    def text(self, row: int, column: int) -> str:
        """What the cell at a place shows; empty if nothing."""
        at = self._store.index(row, column)
        raw = self._store.texts[at] if at >= 0 else None
        return self._text(at, raw) if raw is not None else ""

    def extent(self, row: int) -> tuple[int, int] | None:
        """First and last column of the cells that a row has, blank ones included; None if it has none."""
        start, stop = self._store.rows.get(row, (0, 0))
        return (self._store.columns[start], self._store.columns[stop - 1]) if stop > start else None

    def _text(self, at: int, raw: str) -> str:
        if self._store.kinds[at] not in (_NUMBER, _BOOLEAN):
            return raw
        return shown_value(self._value(at), self._style(0, 0, at).number_format, self._since_1904)

    def _style(self, row: int, column: int, at: int) -> _Style:
        store = self._store
        number = (
            store.styles[at] if at >= 0 else self._row_styles.get(row, self._column_styles.get(column, 0))
        )
        return self._styles[number] if number < len(self._styles) else _Style()

    def _value(self, at: int) -> Value:
        if at < 0:
            return None
        raw = self._store.texts[at]
        if raw is None:
            return None
        kind = self._store.kinds[at]
        if kind == _BOOLEAN:
            return raw.strip() in ("1", "true")
        if kind != _NUMBER:
            return raw
        try:
            number = float(raw)
        except ValueError:
            return raw
        if not isfinite(number) or "_" in raw:  # Python reads them, Excel does not
            return raw
        whole = abs(number) < 1e15 and number == int(number)
        return int(number) if whole else number


class PlainCell(NamedTuple):
    """A cell as another format than Office Open XML has it: row and column from 0, and what it holds."""

    row: int
    column: int
    value: Value
    number_format: str = "General"
    formula: str | None = None
    struck: bool = False


def sheet_of(
    name: str,
    cells: Iterable[PlainCell],
    *,
    hidden: bool = False,
    merges: Iterable[Range] = (),
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[int] = (),
    since_1904: bool = False,
) -> Sheet:
    """The sheet of another format. Of two cells at one place the later counts; a merge that meets another is none.

    Raises `ValueError` for a cell beyond the last row or column, or for more than WORKBOOK_CELLS.
    """
    styles = {_Style(): 0}
    kept: dict[int, dict[int, PlainCell]] = {}
    for count, cell in enumerate(cells, 1):
        if not (0 <= cell.row < MAX_ROWS and 0 <= cell.column < MAX_COLUMNS) or count > WORKBOOK_CELLS:
            raise ValueError(cell.row, cell.column)
        kept.setdefault(cell.row, {})[cell.column] = cell
        if len(styles) < _NO_COLUMN and len(cell.number_format) <= NUMBER_FORMAT:
            styles.setdefault(_Style(cell.number_format, struck=cell.struck), len(styles))
    sheet = Sheet(name, "", hidden=hidden, styles=tuple(styles), since_1904=since_1904)
    store = sheet._store
    formulas: dict[tuple[int, int], Formula] = {}
    for row in sorted(kept):
        begin = len(store.columns)
        for column in sorted(kept[row]):
            cell = kept[row][column]
            kind, text = _stored(cell.value)
            store.columns.append(column)
            store.styles.append(styles.get(_Style(cell.number_format, struck=cell.struck), 0))
            store.kinds.append(kind)
            store.texts.append(text)
            if cell.formula is not None:
                formulas[row, column] = Formula(cell.formula)
        store.rows[row] = (begin, len(store.columns))
    sheet.formulas = MappingProxyType(formulas)
    sheet.hidden_rows = frozenset(hidden_rows)
    sheet.hidden_columns = frozenset(hidden_columns)
    _merge(sheet, merges)
    return sheet


def _stored(value: Value) -> tuple[int, str | None]:
    """The kind of a value and its text, as a sheet keeps them."""
    if isinstance(value, bool):
        return _BOOLEAN, "1" if value else "0"
    if isinstance(value, str):
        return _KIND["str"], value or None
    return _NUMBER, None if value is None else repr(value)


class _Cells(Mapping[tuple[int, int], SheetCell]):
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def _is_shown(self, row: int, column: int) -> bool:
        merge = self._sheet.merge_at(row, column)
        return merge is None or (merge.top, merge.left) == (row, column)

    def __getitem__(self, place: tuple[int, int]) -> SheetCell:
        if place not in self:
            raise KeyError(place)
        return self._sheet.cell(*place)

    def __contains__(self, place: object) -> bool:
        if not isinstance(place, tuple) or len(place) != 2:
            return False
        return self._sheet._store.index(*place) >= 0 and self._is_shown(*place)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        store = self._sheet._store
        for row, (start, stop) in store.rows.items():
            for at in range(start, stop):
                if self._is_shown(row, store.columns[at]):
                    yield row, store.columns[at]

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Workbook:
    """The worksheets of a workbook in its order (charts and macro sheets left out), and its names.

    `since_1904`: days are counted from the first of January 1904, as Excel for Macintosh did.
    """

    sheets: tuple[Sheet, ...]
    names: tuple[DefinedName, ...] = ()
    since_1904: bool = False

    def sheet(self, name: str) -> Sheet:
        """The sheet of a name, whatever its case; KeyError if there is none."""
        for sheet in self.sheets:
            if sheet.name.casefold() == name.casefold():
                return sheet
        raise KeyError(name)


# -------------------- reading
def open_workbook(path: Path) -> tuple[Package, Workbook]:
    """The package and the workbook in a file. Raises `UnreadableSource`."""
    data = read_file(path, XLSX_FILE, holder="可能正在 Excel 或 WPS 中使用")
    package = Package.from_bytes(data, f"“{path.name}”")
    return package, read_workbook(package)


def read_workbook(package: Package) -> Workbook:
    """The workbook in a package. Raises `UnreadableSource` if it is another kind of document, or damaged."""
    if package.find("mimetype") is not None and package.find("content.xml") is not None:
        raise not_a_workbook(package.name, "是 OpenDocument 表格，不能直接填写")
    if package.find("word/document.xml") is not None:
        raise not_a_workbook(
            package.name, "是 Word 文档，不是 Excel 工作簿", "请另选一个 Excel 工作簿（.xlsx）。"
        )
    if package.find("xl/workbook.bin") is not None:
        raise not_a_workbook(package.name, "是二进制格式的工作簿（.xlsb），不能直接填写")
    if package.find("[Content_Types].xml") is None:
        raise not_a_workbook(package.name)
    main = package.main
    book = package.xml(main)
    if book.tag != "workbook":
        raise not_a_workbook(package.name)
    related = {relationship.id: relationship for relationship in package.relationships(main)}
    of_kind = {relationship.kind: relationship.target for relationship in related.values()}

    def part_of(kind: str) -> str | None:
        return package.find(of_kind[kind]) if kind in of_kind else None

    styles: tuple[_Style, ...] = ()
    if (part := part_of("styles")) is not None:
        styles = _styles(package.xml(part))
    strings = _strings(package, part) if (part := part_of("sharedStrings")) is not None else []
    properties = book.find("workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    sheets: list[Sheet] = []
    room = _Room(package.name)
    read: set[str] = set()
    listed: list[str] = []  # with those that are no worksheets: local names count them all
    for item in book.findall("sheets/sheet"):
        listed.append(item.get("name", ""))
        relationship = related.get(item.get(f"{{{RELATIONSHIPS}}}id", ""))
        if relationship is None or relationship.kind != "worksheet":
            continue
        found = package.find(relationship.target)
        if found is None or found in read:
            raise damaged(package.name)
        read.add(found)
        sheet = Sheet(
            item.get("name", ""),
            found,
            hidden=item.get("state", "visible") != "visible",
            styles=styles,
            since_1904=since_1904,
        )
        _SheetReading(sheet, package, strings, room).read()
        sheets.append(sheet)
    if not sheets:
        raise not_a_workbook(package.name, "里没有工作表")
    names = []
    for item in book.findall("definedNames/definedName")[:NAMES]:
        number = _index(item.get("localSheetId"), -1)
        where = listed[number] if 0 <= number < len(listed) else ""
        names.append(DefinedName(item.get("name", ""), where, (item.text or "").strip()))
    return Workbook(tuple(sheets), tuple(names), since_1904)


def _styles(root: Element) -> tuple[_Style, ...]:
    formats = dict(BUILT_IN)
    for item in root.findall("numFmts/numFmt"):
        number = _index(item.get("numFmtId"), -1)
        code = item.get("formatCode", "General")
        if number >= 0 and len(code) <= NUMBER_FORMAT:
            formats[number] = code
    lines = [font.find("strike") for font in root.findall("fonts/font")]
    struck = [line is not None and line.get("val", "1") not in ("0", "false") for line in lines]
    styles = []
    for item in root.findall("cellXfs/xf"):
        protection = item.find("protection")
        locked = protection is None or protection.get("locked", "1") not in ("0", "false")
        font = _index(item.get("fontId"), 0)
        number_format = formats.get(_index(item.get("numFmtId"), 0), "General")
        styles.append(_Style(number_format, locked, font < len(struck) and struck[font]))
    return tuple(styles)


def _index(text: str | None, otherwise: int) -> int:
    """A number that the parts of a file know something by."""
    return (
        int(text) if text is not None and len(text) < 10 and text.isascii() and text.isdigit() else otherwise
    )


def _strings(package: Package, part: str) -> list[str]:
    """The shared strings; runs joined, phonetic guides left out."""
    strings: list[str] = []
    pieces: list[str] = []
    inside = 0  # of a phonetic guide
    parser = safe_parser(package.name)
    item, text, guide = ({f"{space}}}{tag}" for space in (MAIN, STRICT_MAIN)} for tag in ("si", "t", "rPh"))

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside
        if tag in text:
            if not inside:
                parser.CharacterDataHandler = pieces.append
        elif tag in item:
            pieces.clear()
        elif tag in guide:
            inside += 1

    def end(tag: str) -> None:
        nonlocal inside
        if tag in text:
            parser.CharacterDataHandler = None
        elif tag in item:
            strings.append(unescaped("".join(pieces)))
            if len(strings) > WORKBOOK_CELLS:
                raise too_large(package.name)
        elif tag in guide:
            inside -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    feed(parser, package.chunks(part), package.name)
    return strings


# -------------------- a worksheet
# The cells of a worksheet are read by regular expressions, five times as fast as by events: after the part has proved
# to be well-formed, and without comments, sections and instructions, cells are a regular language.
_NO_COLUMN = 0xFFFF
_DESCRIBED_COLUMNS = 2_000
_KNOWN_TEXTS = 100_000
_KNOWN_INLINES, _SHARED_INLINE = 20_000, 400
"""How many texts in cells are kept to be found again, and of how many bytes; 40 characters as references are 360."""
_ARRAY_CELLS = 100_000
_COUNTED_FIRST = 24 * 2**20


class _NotPlain(Exception):
    """The part is not in UTF-8, or holds comments or sections."""


class _Numbers(dict[bytes, int]):
    """Digits → number, each converted once."""

    def __missing__(self, digits: bytes) -> int:
        number = self[digits] = min(int(digits or b"0"), 0xFFFF) if len(digits) < 10 else 0xFFFF
        return number


class _Columns(dict[bytes, int]):
    """Letters → column, each converted once; no letters are no column."""

    def __missing__(self, letters: bytes) -> int:
        number = self[letters] = column_number(letters.decode()) if letters else _NO_COLUMN
        return number


class _Texts(dict[bytes, str | None]):
    """Numbers as they are written, each kept once: thousands of rows share few."""

    def __missing__(self, value: bytes) -> str | None:
        text = plain_text(value).strip() or None
        if len(self) < _KNOWN_TEXTS:
            self[value] = text
        return text


class _Kinds(dict[bytes, int]):
    def __missing__(self, kind: bytes) -> int:
        number = self[kind] = _KIND.get(kind.decode("ascii", "replace"), _NUMBER)
        return number


_Raw = tuple[bytes, bytes, bytes, bytes, bytes, bytes]
"""Of a cell: the letters of its column, style, kind, further attributes, value, and what it holds besides a value."""


@dataclass
class _Room:
    """What all sheets of a workbook together may still take."""

    name: str
    cells: int = field(default_factory=lambda: WORKBOOK_CELLS)
    rows: int = field(default_factory=lambda: WORKBOOK_ROWS)
    shared: int = field(default_factory=lambda: SHARED_FORMULAS)
    arrays: int = field(default_factory=lambda: MERGED_PLACES)

    def check(self) -> None:
        """Raises `UnreadableSource` once they have taken more."""
        if min(self.cells, self.rows, self.shared, self.arrays) < 0:
            raise too_large(self.name)


class _SheetReading:
    """Reads one worksheet part into a sheet, as it is unpacked."""

    def __init__(self, sheet: Sheet, package: Package, strings: list[str], room: _Room) -> None:
        self._room = room
        self._sheet = sheet
        self._package = package
        self._strings = strings
        self._columns = _Columns()
        self._numbers = _Numbers()
        self._kinds = _Kinds()
        self._texts = _Texts()
        self._inlines: dict[bytes, str] = {}

    def read(self) -> None:
        if self._package.size(self._sheet.part) > _COUNTED_FIRST:
            # Unpacking takes a tenth of what reading does; as most files write them, cells too many are seen by it.
            room = replace(self._room)
            for chunk in self._package.chunks(self._sheet.part, 2**20):
                room.cells -= chunk.count(b"<c ") + chunk.count(b"<c>")
                room.check()
        try:
            self._read(self._plain_chunks())
        except _NotPlain:
            if self._package.size(self._sheet.part) > REWRITTEN_XML:
                raise too_large(self._package.name) from None
            try:
                data = bare(in_utf8(self._package.read(self._sheet.part)).data)
            except (UnicodeError, LookupError) as error:
                raise damaged(self._package.name) from error
            self._read(iter((data,)))

    def _plain_chunks(self) -> Iterator[bytes]:
        """The part, proved to be well-formed. Raises `_NotPlain` where it must be rewritten to be read."""
        name = self._package.name
        parser = safe_parser(name)
        plain, before = True, b""
        for chunk in self._package.chunks(self._sheet.part, 2**20):
            plain = plain and is_plain(chunk, before)
            before = chunk[-1:]
            feed_some(parser, chunk, name)
            if plain:
                yield chunk
        feed_some(parser, b"", name, last=True)
        if not plain:
            raise _NotPlain

    def _read(self, chunks: Iterator[bytes]) -> None:
        """Reads the cells of the part as they come, then all that stands around them."""
        sheet = self._sheet
        sheet._store = _Store()
        self._formulas: dict[tuple[int, int], Formula] = {}
        self._shared: dict[str, tuple[int, int, str]] = {}
        self._heights: dict[int, float] = {}
        self._hidden: set[int] = set()
        self._row_styles: dict[int, int] = {}
        self._row = -1
        head, buffer = b"", b""
        behind: list[bytes] = []
        patterns: Elements | None = None
        inside = False
        for chunk in chunks:
            if patterns is not None and not inside:
                behind.append(chunk)
                continue
            buffer += chunk
            if patterns is None:
                begin = opening(buffer, b"sheetData")
                if begin is None:
                    self._check_length(buffer)
                    continue
                patterns = Elements(begin.prefix)
                inside = not begin.is_closed
                head, buffer = buffer[: begin.stop], buffer[begin.stop :]
            if inside:
                stop = buffer.find(patterns.end)
                inside = stop < 0
                done = self._read_rows(buffer, len(buffer) if inside else stop, patterns)
                buffer = buffer[done:] if inside else buffer[stop:]
                if inside:
                    self._check_length(buffer)
        if sum(map(len, behind)) > DOCUMENT_XML:
            raise too_large(self._package.name)
        shell = parse_xml(b"".join((head, buffer, *behind)), self._package.name)
        if shell.tag != "worksheet":
            raise damaged(self._package.name)
        if list(sheet._store.rows) != sorted(sheet._store.rows):
            sheet._store.rows = dict(sorted(sheet._store.rows.items()))
        sheet.heights = MappingProxyType(self._heights)
        sheet.hidden_rows = frozenset(self._hidden)
        sheet._row_styles = self._row_styles
        sheet.formulas = MappingProxyType(self._formulas)
        self._read_shell(shell)

    def _check_length(self, unfinished: bytes) -> None:
        """Raises `UnreadableSource` if a row has not ended for too long; it is looked through again with each chunk."""
        if len(unfinished) > ROW_BYTES:
            raise too_large(self._package.name)

    def _read_shell(self, shell: Element) -> None:
        """Everything about a worksheet but its cells."""
        sheet = self._sheet
        protection = shell.find("sheetProtection")
        sheet.protected = protection is not None and protection.get("sheet") in ("1", "true")
        sizes = shell.find("sheetFormatPr")
        if sizes is not None:
            base = _number(sizes.get("baseColWidth"), 8)
            sheet.default_width = _number(sizes.get("defaultColWidth"), base + 0.43)
            sheet.default_height = _number(sizes.get("defaultRowHeight"), 13.5)
        widths: dict[int, float] = {}
        styles: dict[int, int] = {}
        hidden: set[int] = set()
        described = 0
        for item in shell.findall("cols/col"):
            first, last = int(_number(item.get("min"), 1)), int(_number(item.get("max"), 1))
            columns = range(max(first, 1) - 1, min(last, _DESCRIBED_COLUMNS))
            described += len(columns)
            if described > MAX_COLUMNS:
                break
            for column in columns:
                if item.get("width") is not None:
                    widths[column] = _number(item.get("width"), sheet.default_width)
                styles[column] = int(_number(item.get("style"), 0))
                if item.get("hidden") in ("1", "true"):
                    hidden.add(column)
        sheet.widths = MappingProxyType(widths)
        sheet.hidden_columns = frozenset(hidden)
        sheet._column_styles = styles
        listed = shell.iterfind("mergeCells/mergeCell")
        _merge(
            sheet, islice((merge for item in listed for merge in parse_ranges(item.get("ref", ""))), MERGES)
        )
        sheet.validations = tuple(_validations(shell))

    def _read_rows(self, data: bytes, stop: int, patterns: Elements) -> int:
        """Reads the rows that are whole, up to `stop`; where what is left begins."""
        done = 0
        while (found := patterns.row.search(data, done, stop)) is not None:
            end = found.end() if found[2] else data.find(patterns.row_end, found.end(), stop)
            if end < 0:
                break
            of_row = attributes(found[1])
            row = row_number(of_row.get("r"), self._row)
            if not 0 <= row < MAX_ROWS or row in self._sheet._store.rows:
                raise damaged(self._package.name)
            self._row = row
            if "ht" in of_row:
                self._heights[row] = _number(of_row["ht"], 13.5)
            if of_row.get("hidden") in ("1", "true"):
                self._hidden.add(row)
            if "s" in of_row and of_row.get("customFormat") in ("1", "true"):
                self._row_styles[row] = int(_number(of_row["s"], 0))
            if not found[2]:
                self._read_row(row, patterns.quick_cell.findall(data, found.end(), end), patterns)
            done = end
        return done

    def _read_row(self, row: int, cells: list[_Raw], patterns: Elements) -> None:
        store = self._sheet._store
        begin = len(store.columns)
        if not cells:
            return
        self._room.cells -= len(cells)
        self._room.rows -= 1
        self._room.check()
        letters, styles, kinds, rests, values, bodies = zip(*cells, strict=True)
        if any(rests):
            cells = [self._with_attributes(cell) for cell in cells]
            letters, styles, kinds, rests, values, bodies = zip(*cells, strict=True)
        columns = list(map(self._columns.__getitem__, letters))
        if b"" in letters:
            columns = _counted(columns)
        numbers = bytearray(map(self._kinds.__getitem__, kinds))
        texts = list(map(self._texts.__getitem__, values))
        if any(bodies) or any(numbers):
            for i, body in enumerate(bodies):
                if body:
                    values_and_text = self._read_body(row, columns[i], body, patterns)
                    value, inline = values_and_text
                    texts[i] = self._text_of(value, numbers[i]) if inline is None else inline or None
                    if inline is not None:
                        numbers[i] = _KIND["str"]
                elif numbers[i]:
                    texts[i] = self._text_of(values[i], numbers[i])
        if max(columns) >= MAX_COLUMNS:
            raise damaged(self._package.name)
        store.columns.extend(columns)
        store.styles.extend(map(self._numbers.__getitem__, styles))
        store.kinds.extend(numbers)
        store.texts.extend(texts)
        if any(after <= before for before, after in pairwise(columns)):
            self._sort(begin)
        store.rows[row] = (begin, len(store.columns))

    @staticmethod
    def _with_attributes(cell: _Raw) -> _Raw:
        """The cell with what its further attributes say, in whatever order they come."""
        letters, style, kind, rest, value, body = cell
        further = attributes(rest)
        return (
            letters or letters_of(further.get("r", "")).encode(),
            style or re.sub(r"[^0-9]", "", further.get("s", "")).encode(),
            kind or further.get("t", "").encode(),
            b"",
            value,
            body,
        )

    def _sort(self, begin: int) -> None:
        """Brings the cells of the last row into order. Two at the same place are damage."""
        store = self._sheet._store
        order = sorted(range(begin, len(store.columns)), key=lambda at: store.columns[at])
        store.columns[begin:] = array("H", [store.columns[at] for at in order])
        store.styles[begin:] = array("H", [store.styles[at] for at in order])
        store.kinds[begin:] = bytes(store.kinds[at] for at in order)
        store.texts[begin:] = [store.texts[at] for at in order]
        if len(set(store.columns[begin:])) < len(order):
            raise damaged(self._package.name)

    def _text_of(self, value: bytes, kind: int) -> str | None:
        if kind == _NUMBER:
            return self._texts[value]
        if kind == _KIND["s"]:
            try:
                return self._strings[int(value)] or None
            except (ValueError, IndexError):
                return None
        return unescaped(plain_text(value)) or None

    def _read_body(self, row: int, column: int, body: bytes, patterns: Elements) -> tuple[bytes, str | None]:
        """The raw value of a cell with more than a value, or its text if that stands in the cell."""
        known = self._inlines.get(body)
        if known is not None:
            return b"", known
        if (bare := patterns.bare_inline.fullmatch(body)) is not None:
            text = unescaped(plain_text(bare[1]))
            if len(self._inlines) < _KNOWN_INLINES and len(body) < _SHARED_INLINE:
                self._inlines[body] = text
            return b"", text
        formula = patterns.formula.search(body)
        if formula is not None:
            self._read_formula(row, column, attributes(formula[1]), plain_text(formula[2] or b""))
        inline = patterns.inline.search(body)
        if inline is not None:
            runs = patterns.text.findall(patterns.guide.sub(b"", inline[1]))
            return b"", unescaped("".join(map(plain_text, runs)))
        value = patterns.value.search(body)
        return (value[1] if value is not None else b""), None

    def _read_formula(self, row: int, column: int, attributes: Mapping[str, str], text: str) -> None:
        kind = attributes.get("t", "normal")
        area: Range | None = None
        if kind == "shared":
            number = attributes.get("si", "")
            if text:
                self._shared[number] = (row, column, text)
            elif number in self._shared:
                top, left, text = self._shared[number]
                if len(text) <= FORMULA:  # no formula else
                    self._room.shared -= len(text)
                    self._room.check()
                    text = shifted(text, row - top, column - left)
        elif kind in ("array", "dataTable"):
            ranges = parse_ranges(attributes.get("ref", ""))
            area = ranges[0] if ranges else Range(row, column, row, column)
            cells = (area.bottom - area.top + 1) * (area.right - area.left + 1)
            if cells <= _ARRAY_CELLS:
                self._room.arrays -= cells
                self._room.check()
                filled = Formula(text, area)
                for r in range(area.top, area.bottom + 1):
                    for c in range(area.left, area.right + 1):
                        self._formulas[r, c] = filled
        self._formulas[row, column] = Formula(text, area)


def _merge(sheet: Sheet, merges: Iterable[Range]) -> None:
    """Merges cells of a sheet, as far as the limits allow; of two that meet the first."""
    kept = []
    looked_at = 0
    for merge in merges:
        merge = merge._replace(
            bottom=min(merge.bottom, merge.top + MERGED_ROWS - 1),
            right=min(merge.right, merge.left + MERGED_COLUMNS - 1),
        )
        area = (merge.bottom - merge.top + 1) * (merge.right - merge.left + 1)
        if (
            area < 2
            or (merge.top, merge.left) in sheet._merge_at
            or len(sheet._merge_at) + area > MERGED_PLACES
        ):
            continue
        looked_at += area
        if looked_at > 4 * MERGED_PLACES:
            break
        places = [
            (r, c) for r in range(merge.top, merge.bottom + 1) for c in range(merge.left, merge.right + 1)
        ]
        if not any(place in sheet._merge_at for place in places):
            sheet._merge_at.update(dict.fromkeys(places, merge))
            kept.append(merge)
    sheet.merges = tuple(kept)


def _counted(columns: Sequence[int]) -> list[int]:
    """Columns in which a cell without a reference takes the one after its neighbour."""
    counted: list[int] = []
    for column in columns:
        after = counted[-1] + 1 if counted else 0
        counted.append(after if column == _NO_COLUMN else column)
    return counted


def _number(text: str | None, otherwise: float) -> float:
    try:
        number = float(text) if text is not None else otherwise
    except ValueError:
        return otherwise
    return number if isfinite(number) else otherwise


_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"


def _validations(shell: Element) -> Iterator[tuple[tuple[Range, ...], Validation]]:
    """The validations of a worksheet, those that Excel 2010 and later keep apart included."""
    left = VALIDATIONS
    for item in (*shell.findall("dataValidations/dataValidation"), *shell.iter(f"{_X14}dataValidation")):
        operands = [item.find(tag) for tag in ("formula1", "formula2")]
        refs = item.get("sqref", "")
        if item.tag.startswith(_X14):
            operands = [item.find(f"{_X14}{tag}/{_XM}f") for tag in ("formula1", "formula2")]
            refs = item.findtext(f"{_XM}sqref", "")
        first, second = ("" if one is None else (one.text or "").strip() for one in operands)
        kind = item.get("type", "none")
        if left <= 0:
            return
        if kind != "none":
            validation = Validation(
                kind,
                item.get("operator", "between"),
                first,
                second,
                unescaped(item.get("error", "")),
            )
            ranges = parse_ranges(refs, left)
            left -= len(ranges) or 1
            yield ranges, validation
