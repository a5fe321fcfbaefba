"""What was read from a foreign file, before it is understood.

Knows paragraphs and raw tables with spans, in the order of the file, each with the place it came from; the notes that
point back to such places; which reader takes which file; and the two shapes in which tables come over the clipboard
(HTML and tab-separated text). Does not know the form: which cell means what is the business of `recognize`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen

MAX_CELLS = 60_000
MAX_AREA = 240_000
"""Cells of one table, and places they cover. The widest templates met have some 200 columns and 500 rows."""

WORKBOOKS = (".xlsx", ".xlsm")
SUFFIXES = (".txt", *WORKBOOKS)
"""The files that can be read in, by the end of their names, lower case."""

# Each was tried: a workbook saved as .xlsx reads back whole, a whole table copied from Word or a page is recognized
# when pasted; saved as plain text a table of Word loses its cells and nothing of it is read.
_AS_WORKBOOK = "请在 Excel 或 WPS 里打开它，另存为“Excel 工作簿（.xlsx）”再导入。"
_BY_COPYING = "请在{}里打开它，选中整张表复制，到本程序里点这张表的第一格，粘贴；各部分的文字也可以复制过来。"
_ADVICE = {
    **dict.fromkeys((".xls", ".et", ".xlsb", ".xlt", ".xltx", ".ods", ".csv", ".ett"), _AS_WORKBOOK),
    **dict.fromkeys((".doc", ".docx", ".rtf", ".odt", ".docm"), _BY_COPYING.format(" Word 或 WPS ")),
    ".wps": _BY_COPYING.format(" WPS "),
    **dict.fromkeys((".htm", ".html", ".mht", ".mhtml"), _BY_COPYING.format("浏览器")),
    **dict.fromkeys(
        (".pdf", ".ofd"),
        "请找这份年报的 Word、Excel 文件或发布它的网页；从那里复制整张表，到本程序里点这张表的第一格，粘贴。",
    ),
    ".json": "请打开同一份年报的 .gxr 文件；.json 是给其他系统用的。",
}
_OTHERWISE = (
    "能直接读的有文本文件（.txt）和 Excel 工作簿（.xlsx、.xlsm）；"
    "也可以在原来的程序里复制整张表，粘贴到本程序的表格里。"
)
_MAX_COLUMN_SPAN = 250
_MAX_MARKUP = 20_000_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `place` says where it stands in the original (「第 41 行」), `line` its line if it has one.

    `indent` is how far its first line is from the margin, in halves of a Chinese character. `part` names the part of
    the file (a sheet), each with headings of its own. `role` is for files that say outright what a text is, as our own
    workbook does: title, signature, date, or `heading:` with a section's key.
    """

    text: str
    place: str = ""
    line: int | None = None
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
    place: str = ""
    line: int | None = None

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class RawTable:
    """A table as found. Its cells stand in reading order and do not overlap; places may be missing."""

    cells: tuple[RawCell, ...]
    place: str = ""
    line: int | None = None

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


@dataclass(frozen=True)
class Source:
    """A foreign file: paragraphs and tables in its order; `name` is the file's name."""

    blocks: tuple[Paragraph | RawTable, ...]
    name: str = ""


def read_source(path: Path) -> Source:
    """What stands in a foreign file. Raises `UnreadableSource` if it is of no known kind or cannot be read."""
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        from gxeditor.imports.formats.workbook import read_workbook_file  # the readers build on this module

        return read_workbook_file(path)
    if suffix in SUFFIXES:
        from gxeditor.imports.formats.text import read_text_file

        return read_text_file(path)
    raise UnreadableSource(
        f"还不能导入“{path.name}”这种文件。", "没有读入任何内容。", _ADVICE.get(suffix, _OTHERWISE)
    )


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know about what was read.

    `where` it is in the form, `what` was found, what was `done` with it, all Chinese sentences; `place` and `line` in
    the original; `cells` are the ids it is about and `raw` the cells of the original. A doubt wants a look.
    """

    severity: Literal["doubt", "info"]
    where: str
    what: str
    done: str
    place: str = ""
    cells: tuple[str, ...] = ()
    line: int | None = None
    raw: tuple[RawCell, ...] = ()


@dataclass(slots=True)
class Piece:
    """A cell on its way into a table: its text and spans, not yet its column."""

    text: str
    row_span: int = 1
    column_span: int = 1
    place: str = ""
    line: int | None = None


def lay_out(rows: Sequence[Sequence[Piece]], place: str = "", line: int | None = None) -> RawTable:
    """Puts pieces into columns as HTML and Word mean it: each takes the next column that no span from above covers.

    A row span of 0 reaches to the end, and none reaches further. Raises `UnreadableSource` for a table too large.
    """
    cells: list[RawCell] = []
    covered: dict[int, int] = {}  # column → first row that is free again
    area = 0
    for row, pieces in enumerate(rows):
        column = 0
        for piece in pieces:
            while covered.get(column, 0) > row:
                column += 1
            left = len(rows) - row
            row_span = min(piece.row_span, left) if piece.row_span > 0 else left
            wide = max(1, min(piece.column_span, _MAX_COLUMN_SPAN))
            span = next((i for i in range(1, wide) if covered.get(column + i, 0) > row), wide)
            area += row_span * span
            if len(cells) >= MAX_CELLS or area > MAX_AREA:
                raise UnreadableSource(
                    f"表格太大，超过 {MAX_CELLS} 格。", "没有读入任何内容。", "请只保留年报的三张表再导入。"
                )
            text = without_unseen(piece.text)
            cells.append(RawCell(row, column, row_span, span, text, piece.place, piece.line))
            if row_span > 1:
                covered.update(dict.fromkeys(range(column, column + span), row + row_span))
            column += span
    return RawTable(tuple(cells), place, line)


def stack(tables: Sequence[RawTable]) -> RawTable:
    """The tables below each other, a free row between them, as one."""
    cells: list[RawCell] = []
    top = 0
    for table in tables:
        cells.extend(
            RawCell(c.row + top, c.column, c.row_span, c.column_span, c.text, c.place, c.line)
            for c in table.cells
        )
        top += table.rows + 1
    return RawTable(tuple(cells), tables[0].place if tables else "", tables[0].line if tables else None)


_FIELD = re.compile(r'"((?:[^"]|""){0,4000}?)"(?=\t|\n|\Z)|([^\t\n]*)')
_LONE = 60  # a text with line breaks that alone makes a row: a quoted cell; longer, it is prose in quotation marks


@dataclass(frozen=True, slots=True)
class TabRow:
    """A row of tab-separated text: its first line from 1, its texts, and how it is written."""

    line: int
    texts: tuple[str, ...]
    written: str


def tab_rows(text: str) -> Iterator[TabRow]:
    """The rows of tab-separated text as Excel, WPS and LibreOffice write it, one for each line of any other text.

    A cell with line breaks, tabs or quotation marks stands in quotation marks there, its own doubled; other quotation
    marks are text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    at, line = 0, 1
    while True:
        texts, end = _tab_row(text, at)
        if len(texts) == 1 and len(texts[0]) > _LONE and "\n" in texts[0]:
            end = text.index("\n", at)
            texts = [text[at:end]]
        written = text[at:end]
        yield TabRow(line, tuple(texts), written)
        if end >= len(text):
            return
        at, line = end + 1, line + written.count("\n") + 1


def _tab_row(text: str, at: int) -> tuple[list[str], int]:
    """The texts of the row that begins at a place, and where it ends."""
    texts: list[str] = []
    while True:
        found = _FIELD.match(text, at)
        assert found is not None  # the second branch matches the empty string
        quoted, plain = found.groups()
        texts.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if at >= len(text) or text[at] == "\n":
            return texts, at
        at += 1


def tsv_table(text: str) -> RawTable | None:
    """The table of tab-separated text from the clipboard; None if it has no visible text or is too large."""
    text = text.replace("\0", "").rstrip("\r\n")
    if not text.strip() or len(text) > _MAX_MARKUP:
        return None
    return _or_none([[Piece(text) for text in row.texts] for row in tab_rows(text)])


def html_table(html: str) -> RawTable | None:
    """The tables of HTML from the clipboard, below each other as one; None if there is none or it is too large.

    A table inside another counts by itself. Styles, scripts and comments are no text.
    """
    if len(html) > _MAX_MARKUP:
        return None
    reading = _TableReading()
    reading.feed(_DECLARATION.sub("", html))
    reading.close()
    found = [table for rows in reading.tables() if (table := _or_none(rows)) is not None]
    if not found:
        return None
    table = stack(found)
    return table if len(table.cells) <= MAX_CELLS else None


def _or_none(rows: Sequence[Sequence[Piece]]) -> RawTable | None:
    try:
        table = lay_out(rows)
    except UnreadableSource:
        return None
    return None if all(cell.is_blank for cell in table.cells) else table


# Word writes <![if !supportEmptyParas]>, which html.parser takes for broken SGML.
_DECLARATION = re.compile(r"<!\[[^>]{0,200}>?")
_UNSEEN = frozenset({"script", "style", "head", "title", "noscript", "template"})
_LINE_ENDS = frozenset({"br", "p", "div", "li"})


@dataclass(slots=True)
class _OpenTable:
    rows: list[list[Piece]] = field(default_factory=list)
    text: list[str] | None = None  # of the open cell


class _TableReading(HTMLParser):
    """Collects every table's rows; tags that were left open are closed as browsers do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_OpenTable] = []
        self._all: list[_OpenTable] = []
        self._unseen = 0

    def tables(self) -> Iterable[list[list[Piece]]]:
        while self._open:
            self._end_table()
        return [table.rows for table in self._all]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._unseen = 0
            self._open.append(_OpenTable())
            self._all.append(self._open[-1])
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            table = self._open[-1]
            if not table.rows:
                table.rows.append([])
            spans = dict(attrs)
            table.rows[-1].append(Piece("", _span(spans.get("rowspan")), _span(spans.get("colspan"))))
            table.text = []
        elif tag in _LINE_ENDS:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif not self._open:
            return
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_table()
        elif tag in _LINE_ENDS:
            self.handle_data("\n")

    def handle_data(self, data: str) -> None:
        if self._open and not self._unseen and (text := self._open[-1].text) is not None:
            text.append(data)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.text is not None:
            lines = "".join(table.text).replace("\xa0", " ").split("\n")
            shown = (re.sub(r"\s+", " ", line).strip() for line in lines)
            table.rows[-1][-1].text = "\n".join(line for line in shown if line)
            table.text = None

    def _end_table(self) -> None:
        self._end_cell()
        self._open.pop()


def _span(value: str | None) -> int:
    digits = re.match(r"\s*([0-9]{1,9})", value or "")
    return int(digits[1]) if digits else 1
