"""Reads a written workbook again and compares it with what it was made from, part by part and cell by cell.

A second reader (openpyxl) looks at what was changed, our own where that one refuses the file; everything else is
compared byte by byte. Knows what was planned as values, and nothing of how it was written.
"""

from __future__ import annotations

import warnings
from collections.abc import Container, Iterable, Mapping
from contextlib import closing
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from io import BytesIO
from itertools import zip_longest

from gxeditor.core.errors import NotWritten
from gxeditor.files.package import Chunk, Package
from gxeditor.workbook.cells import Address, ErrorValue, Result, Spot, Written, number_text
from gxeditor.workbook.read import Sheet, Workbook, read_workbook
from gxeditor.workbook.sheet_xml import escaped_text, stored_text
from gxeditor.workbook.splice import SheetPart

Planned = Mapping[Spot, Result | Written]
"""What some cells of a sheet are to hold."""


def verify(
    before: Package, workbook: Workbook, data: bytes, planned: Mapping[str, Planned], parts: Container[str]
) -> None:
    """Raises `NotWritten` unless the file `data` holds just what was planned and is otherwise the one before.

    `workbook` is that of `before`, `planned` is by the names of the sheets that have changed, `parts` are those of the
    package that may have changed.
    """
    after = Package.from_bytes(data, before.name)
    if list(after.parts) != list(before.parts):
        raise _unlike("文件的组成部分不一致")
    for part in before.parts:
        if part not in parts and after.read(part) != before.read(part):
            raise _unlike(f"{part} 有变化")
    for sheet in workbook.sheets:
        if sheet.name in planned:
            _verify_sheet(sheet, before, after, planned[sheet.name], is_odd=workbook.is_odd)


def _unlike(what: str) -> NotWritten:
    return NotWritten(
        f"填好的文件没有通过核对：{what}，没有保存。",
        "模板和原有的文件都没有改动。",
        "请在 Excel 里把模板另存一次再试；若仍如此，请反馈这个模板。",
    )


_Rows = Iterable[tuple[object, ...]]


def _verify_sheet(sheet: Sheet, before: Package, after: Package, cells: Planned, *, is_odd: bool) -> None:
    """Raises `NotWritten` unless each cell of a sheet holds what was planned, or what it held in the template.

    Everything but the rows that were filled is compared byte by byte. They, and the whole sheet unless it has many
    thousand rows, are read with openpyxl; with our own reader if that refuses the file, or the file is odd.
    """
    rows = {row for row, _ in cells}
    part, was = SheetPart(after, sheet.part), SheetPart(before, sheet.part)
    if _digest(was.rest(rows)) != _digest(part.rest(rows)):
        raise _unlike(f"工作表“{sheet.name}”里有别的内容变了")
    if part.is_large:
        after = Package.from_bytes(after.replaced({sheet.part: part.excerpt(rows)}), after.name)
        before = Package.from_bytes(before.replaced({sheet.part: was.excerpt(rows)}), before.name)
    try:
        if is_odd:
            raise ValueError("not for openpyxl")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it would lose if it wrote the file
            read = _rows_by_openpyxl(after.data, sheet.name)
            spot = None if part.is_large else _first_difference(_rows(sheet), read, cells)
            if part.is_large or (spot is not None and spot not in cells):
                # Two readers may differ in a date or an odd text; openpyxl with itself does not.
                was_read = _rows_by_openpyxl(before.data, sheet.name)
                spot = _first_difference(was_read, _rows_by_openpyxl(after.data, sheet.name), cells)
    except Exception:  # openpyxl raises whatever its parts raise
        sheets = [read_workbook(package).sheet(sheet.name) for package in (before, after)]
        spot = _first_difference(_rows(sheets[0]), _rows(sheets[1]), cells)
    if spot is not None:
        raise _unlike(f"“{sheet.name}”{Address(sheet.name, *spot).ref} 不是要填的内容")


def _digest(pieces: Iterable[Chunk]) -> bytes:
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()


def _rows_by_openpyxl(data: bytes, name: str) -> _Rows:
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import to_excel

    with closing(load_workbook(BytesIO(data), read_only=True, data_only=True)) as book:
        sheet = book[name]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        dates = (datetime, date, time, timedelta)
        for row in sheet.iter_rows(values_only=True):
            if any(isinstance(value, dates) for value in row):
                yield tuple(
                    to_excel(value, book.epoch) if isinstance(value, dates) else value  # type: ignore[no-untyped-call]
                    for value in row
                )
            else:
                yield row


def _rows(sheet: Sheet) -> _Rows:
    for row in range(max(sheet.rows, default=-1) + 1):
        extent = sheet.extent(row)
        yield tuple(sheet.value(row, column) for column in range(extent[1] + 1)) if extent is not None else ()


def _first_difference(before: _Rows, after: _Rows, cells: Planned) -> Spot | None:
    by_row: dict[int, dict[int, Result | Written]] = {}
    for (row, column), value in cells.items():
        by_row.setdefault(row, {})[column] = value
    for row, (old, new) in enumerate(zip_longest(before, after, fillvalue=())):
        planned = by_row.pop(row, {})
        if not planned and old == new:
            continue
        for column, (was, found) in enumerate(zip_longest(old, new)):
            if column not in planned:
                if found != was:
                    return row, column
            elif not _holds(found, planned.pop(column)):
                return row, column
        for column, value in planned.items():
            if value is not None:
                return row, column
    for row, planned in by_row.items():
        for column, value in planned.items():
            if value is not None:
                return row, column
    return None


def _holds(found: object, planned: Result | Written) -> bool:
    if planned is None or found is None:
        return found in (None, "") and planned in (None, "")
    if isinstance(planned, ErrorValue):
        return found == planned.code
    if isinstance(planned, bool) or isinstance(found, bool):
        return found is planned
    if isinstance(planned, str):
        return isinstance(found, str) and found in (stored_text(planned), escaped_text(planned))
    if isinstance(planned, float):
        planned = float(number_text(planned))
    return isinstance(found, (int, float)) and float(found) == float(planned)
