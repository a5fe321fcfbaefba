"""An OpenDocument spreadsheet (.ods) → its sheets, its text boxes and what its properties say.

Knows how a table repeats rows and cells, covers cells and hides sheets. A number counts as the file has it; dates,
percentages and words as they are shown. Comments and tracked changes are left out. What the cells mean is found by
`imports.sheets`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gxeditor.core.form import Form
from gxeditor.files.limits import BLANKS, MERGES, OPEN_CELLS
from gxeditor.files.package import Package, damaged, encrypted, not_a_workbook, too_large
from gxeditor.imports.sheets import Contents, TextBox, read_sheets
from gxeditor.imports.source import Source
from gxeditor.workbook.cells import MAX_COLUMNS, MAX_ROWS, Range, Value
from gxeditor.workbook.read import DefinedName, PlainCell, Sheet, Workbook, sheet_of

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT, _DRAW, _META, _STYLE = (
    _SPACE % kind for kind in ("table", "office", "text", "drawing", "meta", "style")
)
_ROW_GROUPS = {f"{_TABLE}{tag}" for tag in ("table-header-rows", "table-rows", "table-row-group")}
_COLUMN_GROUPS = {f"{_TABLE}{tag}" for tag in ("table-header-columns", "table-columns", "table-column-group")}
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_LEFT_OUT = {
    f"{_OFFICE}annotation",
    f"{_TEXT}ruby-text",
    f"{_TEXT}note",
    f"{_DRAW}frame",
    f"{_DRAW}custom-shape",
}
_BOXES = (f"{_DRAW}text-box", f"{_DRAW}custom-shape")


def read_ods(data: bytes, name: str, form: Form, *, year: int | None = None, unit: str = "") -> Source:
    """What stands in a filled spreadsheet. Raises `UnreadableSource` if it is none, and as `read_sheets`."""
    return read_sheets(ods_contents(data, name), name, form, year=year, unit=unit)


def ods_contents(data: bytes, name: str) -> Contents:
    """The sheets of a spreadsheet, its properties and text boxes. Raises `UnreadableSource` if it is none."""
    called = f"“{name}”"
    package = Package.from_bytes(data, called)
    manifest = package.find("META-INF/manifest.xml")
    if manifest is not None and b"encryption-data" in package.read(manifest):
        raise encrypted(called)
    part = package.find("content.xml")
    if part is None:
        raise damaged(called)
    content = package.xml(part)
    spreadsheet = content.find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if spreadsheet is None:
        raise not_a_workbook(called, "不是表格")
    styles = _hidden_styles(content)
    boxes: list[TextBox] = []
    left = OPEN_CELLS
    sheets: list[Sheet] = []
    for table in spreadsheet.findall(f"{_TABLE}table"):
        reading = _Reading(table, called, left)
        cells = reading.cells()
        left -= len(cells)
        sheet = sheet_of(
            table.get(f"{_TABLE}name", ""),
            cells,
            hidden=table.get(f"{_TABLE}style-name", "") in styles,
            merges=reading.merges,
            hidden_rows=reading.hidden_rows,
            hidden_columns=reading.hidden_columns,
        )
        boxes.extend(reading.boxes)
        sheets.append(sheet)
    if not sheets:
        raise not_a_workbook(called, "里没有工作表")
    names = tuple(_names(spreadsheet))
    return Contents(Workbook(tuple(sheets), names), "OpenDocument 表格", _properties(package), tuple(boxes))


class _Reading:
    """One table, row by row."""

    def __init__(self, table: Element, called: str, most: int) -> None:
        self.merges: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.boxes: list[TextBox] = []
        self._table = table
        self._name = table.get(f"{_TABLE}name", "")
        self._called = called
        self._most = most

    def cells(self) -> list[PlainCell]:
        """The cells that hold something. Raises `UnreadableSource` if they are too many."""
        cells: list[PlainCell] = []
        self._columns()
        row = 0
        for element in _inside(self._table, f"{_TABLE}table-row", _ROW_GROUPS):
            times = min(_repeated(element, "rows"), MAX_ROWS - row)
            found = list(self._row(element, row))
            if len(cells) + len(found) * times > self._most:
                raise too_large(self._called)
            for further in range(times if found else 0):
                cells.extend(cell._replace(row=row + further) for cell in found)
            if element.get(f"{_TABLE}visibility", "visible") != "visible" and found:
                self.hidden_rows.update(range(row, row + times))
            row += times
            if row >= MAX_ROWS:
                break
        for shapes in self._table.findall(f"{_TABLE}shapes"):
            self._add_boxes(shapes, 0, 0)
        return cells

    def _columns(self) -> None:
        column = 0
        for element in _inside(self._table, f"{_TABLE}table-column", _COLUMN_GROUPS):
            times = min(_repeated(element, "columns"), MAX_COLUMNS - column)
            if element.get(f"{_TABLE}visibility", "visible") != "visible":
                self.hidden_columns.update(range(column, column + times))
            column += times

    def _row(self, element: Element, row: int) -> Iterator[PlainCell]:
        column = 0
        for cell in element:
            if cell.tag not in _CELLS:
                continue
            times = min(_repeated(cell, "columns"), MAX_COLUMNS - column)
            if times <= 0:
                return
            if cell.tag == _CELLS[0]:  # what a merge covers is not shown
                high, wide = (_span(cell, kind) for kind in ("rows", "columns"))
                if high * wide > 1 and len(self.merges) < MERGES:
                    bottom, right = min(row + high, MAX_ROWS) - 1, min(column + wide, MAX_COLUMNS) - 1
                    self.merges.append(Range(row, column, bottom, right))
                value = _value(cell)
                formula = cell.get(f"{_TABLE}formula")
                if value is not None or formula is not None or high * wide > 1:
                    if times > self._most:
                        raise too_large(self._called)
                    for further in range(times):
                        yield PlainCell(row, column + further, value, "General", formula)
                self._add_boxes(cell, row, column)
            column += times

    def _add_boxes(self, element: Element, row: int, column: int) -> None:
        for shape in element:
            if shape.tag.startswith(_DRAW) or shape.tag == f"{_TABLE}shapes":
                texts = tuple(text for text in map(_shown, _paragraphs(shape)) if text.strip())
                if texts:
                    self.boxes.append(TextBox(self._name, row, column, texts))


def _inside(element: Element, wanted: str, groups: set[str]) -> Iterator[Element]:
    """The rows or columns of a table, those in groups too."""
    for child in element:
        if child.tag == wanted:
            yield child
        elif child.tag in groups:
            yield from _inside(child, wanted, groups)


def _repeated(element: Element, kind: str) -> int:
    return _number(element.get(f"{_TABLE}number-{kind}-repeated"))


def _span(element: Element, kind: str) -> int:
    return _number(element.get(f"{_TABLE}number-{kind}-spanned"))


def _number(text: str | None) -> int:
    """A count of at least 1; 1 for what is none."""
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return 1
    return max(1, int(digits) if len(digits) < 8 else MAX_ROWS)


def _value(cell: Element) -> Value:
    """What a cell holds: a number as it is kept, everything else as it is shown."""
    text = "\n".join(_shown(one) for one in cell if one.tag == f"{_TEXT}p")
    kind = cell.get(f"{_OFFICE}value-type", "")
    stored = cell.get(f"{_OFFICE}value", "")
    if kind in ("float", "currency") and stored and not text.startswith("#"):
        try:
            number = float(stored)
        except ValueError:
            return text or stored
        return int(number) if abs(number) < 1e15 and number == int(number) else number
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    return text or cell.get(f"{_OFFICE}string-value") or cell.get(f"{_OFFICE}date-value") or stored or None


def _paragraphs(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield child
        else:
            yield from _paragraphs(child)


def _shown(paragraph: Element) -> str:
    """The text of a paragraph with its blanks, tabs and line breaks; without comments and readings."""
    pieces = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            pieces.append(" " * min(_number(child.get(f"{_TEXT}c")), BLANKS))
        elif child.tag == f"{_TEXT}tab":
            pieces.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif child.tag not in _LEFT_OUT:
            pieces.append(_shown(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _hidden_styles(content: Element) -> frozenset[str]:
    """The styles of tables that are not displayed."""
    return frozenset(
        style.get(f"{_STYLE}name", "")
        for style in content.findall(f"{_OFFICE}automatic-styles/{_STYLE}style")
        if any(
            properties.get(f"{_TABLE}display") == "false"
            for properties in style.findall(f"{_STYLE}table-properties")
        )
    )


_ADDRESS = re.compile(
    r"\$?(?:'((?:[^']|'')+)'|([^.':]+))\.(\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::[^:]{0,200}\.(\$?[A-Z]{1,3}\$?[0-9]{1,7}))?"
)


def _names(spreadsheet: Element) -> Iterator[DefinedName]:
    """The names of the file, with what they refer to as Excel writes it."""
    for item in spreadsheet.iter(f"{_TABLE}named-range"):
        found = _ADDRESS.fullmatch(item.get(f"{_TABLE}cell-range-address", ""))
        if found is not None:
            sheet = (found[1] or found[2].replace("'", "''")).strip()
            last = f":{found[4]}" if found[4] else ""
            yield DefinedName(item.get(f"{_TABLE}name", ""), "", f"'{sheet}'!{found[3]}{last}")


def _properties(package: Package) -> dict[str, str]:
    part = package.find("meta.xml")
    if part is None:
        return {}
    listed = package.xml(part).iter(f"{_META}user-defined")
    return {one.get(f"{_META}name", ""): "".join(one.itertext()) for one in listed}
