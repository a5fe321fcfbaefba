"""A workbook of Excel 2003 in XML, which web systems hand out as .xls → its sheets.

Knows how its rows and cells count on from each other and how they are merged. Numbers count as the file has them;
styles are not looked at, but a date is told by its type. What the cells mean is found by `imports.sheets`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gxeditor.core.form import Form
from gxeditor.files.limits import OPEN_CELLS
from gxeditor.files.package import damaged, not_a_workbook, parse_xml, too_large
from gxeditor.imports.sheets import Contents, read_sheets
from gxeditor.imports.source import Source
from gxeditor.workbook.cells import MAX_COLUMNS, MAX_ROWS, Range, Value
from gxeditor.workbook.read import PlainCell, Sheet, Workbook, sheet_of
from gxeditor.workbook.sheet_xml import in_utf8

_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}\?>")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T.*")


def read_spreadsheetml(
    data: bytes, name: str, form: Form, *, year: int | None = None, unit: str = ""
) -> Source:
    """What stands in a filled workbook. Raises `UnreadableSource` if it is none, and as `read_sheets`."""
    return read_sheets(spreadsheetml_contents(data, name), name, form, year=year, unit=unit)


def spreadsheetml_contents(data: bytes, name: str) -> Contents:
    """The sheets of a workbook. Raises `UnreadableSource` if it is none."""
    called = f"“{name}”"
    try:
        text = in_utf8(data.lstrip(b"\r\n\t ")).data
    except (UnicodeError, LookupError) as error:
        raise damaged(called) from error
    root = parse_xml(
        _DECLARATION.sub(b"", text, count=1), called
    )  # its bytes are UTF-8 now, whatever it declares
    if root.tag != f"{_SHEET}Workbook":
        raise not_a_workbook(called, "是 XML 文件，不是工作簿")
    sheets = []
    left = OPEN_CELLS
    for worksheet in root.findall(f"{_SHEET}Worksheet"):
        merges: list[Range] = []
        cells = []
        for cell in _cells(worksheet, merges):
            cells.append(cell)
            left -= 1
            if left < 0:
                raise too_large(called)
        sheets.append(_sheet(worksheet, cells, merges))
    if not sheets:
        raise not_a_workbook(called, "里没有工作表")
    return Contents(Workbook(tuple(sheets)), "Excel 2003 的 XML 工作簿")


def _sheet(worksheet: Element, cells: list[PlainCell], merges: list[Range]) -> Sheet:
    visible = worksheet.findtext(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible", "SheetVisible")
    return sheet_of(
        worksheet.get(f"{_SHEET}Name", ""), cells, hidden=visible.strip() != "SheetVisible", merges=merges
    )


def _cells(worksheet: Element, merges: list[Range]) -> Iterator[PlainCell]:
    row = -1
    for line in worksheet.iterfind(f"{_SHEET}Table/{_SHEET}Row"):
        row = max(0, _number(line.get(f"{_SHEET}Index"), row + 2) - 1)
        if row >= MAX_ROWS:
            return
        column = -1
        for cell in line.findall(f"{_SHEET}Cell"):
            column = max(0, _number(cell.get(f"{_SHEET}Index"), column + 2) - 1)
            if column >= MAX_COLUMNS:
                break
            across, down = (_number(cell.get(f"{_SHEET}{kind}"), 0) for kind in ("MergeAcross", "MergeDown"))
            if across or down:
                bottom, right = min(row + down, MAX_ROWS - 1), min(column + across, MAX_COLUMNS - 1)
                merges.append(Range(row, column, bottom, right))
            yield PlainCell(
                row, column, _value(cell.find(f"{_SHEET}Data")), "General", cell.get(f"{_SHEET}Formula")
            )
            column += across
        row += _number(line.get(f"{_SHEET}Span"), 0)


def _value(data: Element | None) -> Value:
    if data is None:
        return None
    text = "".join(data.itertext())
    match data.get(f"{_SHEET}Type", "String"):
        case "Number":
            try:
                number = float(text)
            except ValueError:
                return text or None
            return int(number) if abs(number) < 1e15 and number == int(number) else number
        case "DateTime" if (day := _DATE.fullmatch(text)) is not None:
            return f"{day[1]}年{int(day[2])}月{int(day[3])}日"
        case "Boolean":
            return text.strip() == "1"
        case _:
            return text or None


def _number(text: str | None, otherwise: int) -> int:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else otherwise
