"""Any file → pages of rows of cells, each row as it is counted in the file, before anything is understood.

Knows that a merged cell stands in every place that it covers, that a table of a document is a page and one that goes on
behind it without headings another, how a text is divided into columns, and what a cell holds beside what it shows.
Does not know what a column is.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from gxeditor.core.errors import UnreadableSource
from gxeditor.imports.doors import read_cells
from gxeditor.imports.source import RawTable, Source, SourceText
from gxeditor.workbook.cells import Value
from gxeditor.workbook.formats import is_date_format
from gxeditor.workbook.read import Sheet, Workbook


class Item(NamedTuple):
    """A cell: its text, and its number where one is stored.

    `dated` if that is shown as a day, `formula` if it is a formula's result. `top` is the row (from 1) that it begins
    in, and `left` the column, for a merged one seen from another of its places.
    """

    text: str
    number: float | None = None
    dated: bool = False
    formula: bool = False
    top: int = 0
    left: int = 0
    wide: int = 1
    tall: int = 1


Row = Mapping[int, Item]
BLANK = Item("")


@dataclass
class Page:
    """A sheet, or a table of a document: rows by their number in the file from 1, columns from 0.

    `title` is what stands above a table of a document, `width` how many columns that has, 0 for a sheet. `hidden` if
    the whole of it is, `hidden_rows` those that are; `struck_rows` those most of whose cells are struck out.
    """

    name: str
    rows: dict[int, Row]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    title: str = ""
    width: int = 0


_ABOVE = 3
"""Paragraphs above a table that may be its title, its unit and its year."""
_EPOCH = date(1899, 12, 30)
_DAYS_1904 = 1462
"""Days between the first day of workbooks that count from 1904 and that of the others."""


def read_pages(path: Path) -> list[Page]:
    """The pages of a file. Raises `UnreadableSource`."""
    found = read_cells(path)
    if isinstance(found, str):
        return [_of_text(found, path.stem, f"“{path.name}”")]
    if isinstance(found, Source):
        return _of_document(found)
    return [_of_sheet(sheet, found) for sheet in found.sheets]


def _of_sheet(sheet: Sheet, workbook: Workbook) -> Page:
    merged = {
        (row, column): merge
        for merge in sheet.merges
        for row in range(merge.top, merge.bottom + 1)
        for column in range(merge.left, merge.right + 1)
    }
    rows: dict[int, Row] = {}
    in_rows: dict[int, list[int]] = {}
    for row, column in merged:
        in_rows.setdefault(row, []).append(column)
    with_formulas = {row for row, _ in sheet.formulas}
    for row in sorted({*sheet.rows, *in_rows}):
        items: dict[int, Item] = {}
        if row not in in_rows and row not in with_formulas:  # most rows, at a third of the time
            for column, value, shape in sheet.held(row):
                item = _item(sheet, row, column, value, shape, False, workbook.since_1904)
                if item is not None:
                    items[column] = item
            if items:
                rows[row + 1] = items
            continue
        extent = sheet.extent(row)
        columns: Iterable[int] = range(extent[0], extent[1] + 1) if extent else ()
        if row in in_rows:
            columns = sorted({*columns, *in_rows[row]})
        for column in columns:
            merge = merged.get((row, column)) if row in in_rows else None
            at = (merge.top, merge.left) if merge is not None else (row, column)
            value, shape = sheet.value(*at), sheet.look(*at)[0]
            item = _item(sheet, *at, value, shape, at in sheet.formulas, workbook.since_1904)
            if item is None:
                continue
            if merge is not None:
                item = item._replace(wide=merge.right - merge.left + 1, tall=merge.bottom - merge.top + 1)
            items[column] = item
        if items:
            rows[row + 1] = items
    hidden = frozenset(row + 1 for row in sheet.hidden_rows)
    struck = frozenset(row + 1 for row in sheet.struck_rows())
    return Page(sheet.name, rows, sheet.hidden, hidden, struck)


def _item(
    sheet: Sheet, row: int, column: int, value: Value, shape: str, formula: bool, since_1904: bool
) -> Item | None:
    """The cell with this value and number format."""
    if isinstance(value, str):
        text = value.strip()
        return Item(text, None, False, formula, row + 1, column) if text else None
    if value is None:
        return Item("", formula=True, top=row + 1, left=column) if formula else None
    if isinstance(value, bool):
        return Item(sheet.text(row, column), formula=formula, top=row + 1, left=column)
    if not _is_dated(shape):
        text = sheet.text(row, column) if isinstance(value, float) else str(value)
        return Item(text, value, False, formula, row + 1, column)
    number = value + _DAYS_1904 if since_1904 else value
    return Item(_shown_day(number), number, True, formula, row + 1, column)


_is_dated = lru_cache(512)(
    is_date_format
)  # of the few formats of a workbook each is asked for thousands of times


@lru_cache(4096)  # of some years' days
def _shown_day(number: float) -> str:
    """A day as it is told a person; the number itself if it is none."""
    try:
        return (_EPOCH + timedelta(days=int(number))).isoformat()
    except OverflowError:
        return f"{number:.15g}"


def _of_document(source: Source) -> list[Page]:
    pages: list[Page] = []
    above: list[str] = []
    for block in source.blocks:
        if isinstance(block, SourceText):
            above.append(block.text)
            continue
        page = _of_table(block, f"第 {len(pages) + 1} 个表")
        page.title, page.width = " ".join(above[-_ABOVE:]), block.columns
        pages.append(page)
        above = []
    return pages


def _of_table(table: RawTable, name: str) -> Page:
    rows: dict[int, dict[int, Item]] = {}
    for cell in table.cells:
        if cell.is_blank:
            continue
        item = Item(cell.text.strip(), top=cell.row + 1, left=cell.column)
        item = item._replace(wide=cell.column_span, tall=cell.row_span)
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                rows.setdefault(row + 1, {})[column] = item
    return Page(name, {row: dict(sorted(rows[row].items())) for row in sorted(rows)})


_MARKS = (",", "\t", ";", "，", "|")


def _of_text(text: str, name: str, called: str) -> Page:
    """The lines of a text: the mark that divides most of them into equally many columns divides all."""
    lines = [line for line in text.splitlines() if line.strip()][:_LINES]
    mark = max(_MARKS, key=lambda one: _evenness(one, lines))
    rows: dict[int, Row] = {}
    for number, cells in enumerate(
        _records(text.lstrip("\ufeff"), mark, called), 1
    ):  # as spreadsheets count them
        items = {
            column: Item(cell.strip(), top=number, left=column)
            for column, cell in enumerate(cells)
            if cell.strip()
        }
        if items:
            rows[number] = items
    return Page(name, rows)


_LINES = 50
"""By which a mark is told from a comma of the texts: those that have it do not have it equally often."""


def _evenness(mark: str, lines: Sequence[str]) -> tuple[int, int]:
    """How many lines have a mark equally often, and how often."""
    counts = Counter(line.count(mark) for line in lines if mark in line)
    return max(((number, often) for often, number in counts.items()), default=(0, 0))


def _records(text: str, mark: str, called: str) -> Iterator[list[str]]:
    """The records of a text.

    Raises `UnreadableSource` where a quotation mark that nobody closed would make all rows behind it one cell.
    """
    number = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            number += 1
            yield cells
    except csv.Error as error:  # a cell of 131072 characters
        raise _unclosed(called, number + 1) from error
    strict = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    number = begun = 0
    try:
        for _ in strict:
            number, begun = number + 1, strict.line_num
    except csv.Error as error:
        if begun + 1 < strict.line_num:  # within one line no row is lost
            raise _unclosed(called, number + 1) from error


def _unclosed(called: str, row: int) -> UnreadableSource:
    return UnreadableSource(
        f"{called}第 {row} 行起读不出来：这一行的引号没有成对，后面各行都连成了一格。",
        "没有读入任何内容。",
        "请改好这一行的引号，或在 Excel、WPS 里打开它，另存为 .xlsx 再导入。",
    )
