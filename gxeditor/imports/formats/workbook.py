"""An Excel workbook (.xlsx, .xlsm) → its sheets, its text boxes and what its properties say.

Knows where a package keeps texts beside its cells. What the cells mean is found by `imports.sheets`; how a worksheet is
read, by `workbook.read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.files.package import Package
from gxeditor.imports.sheets import Contents, TextBox, read_sheets
from gxeditor.imports.source import Source
from gxeditor.workbook import read
from gxeditor.workbook.cells import MAX_COLUMNS, MAX_ROWS
from gxeditor.workbook.own import ROLLUP

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_workbook(data: bytes, name: str, form: Form, *, year: int | None = None, unit: str = "") -> Source:
    """What stands in a filled workbook. Raises `UnreadableSource` if it is none or that of a roll-up, and as
    `read_sheets`."""
    package = Package.from_bytes(data, f"“{name}”")
    said = properties(package)
    if ROLLUP in said:
        raise UnreadableSource(
            f"“{name}”是汇总工作簿，不是一份年报，没有读。",
            "没有读入任何内容。",
            "要看某一家的年报，请打开它交来的文件；要看汇总，请打开汇总文件（.gxh）。",
        )
    workbook = read.read_workbook(package)
    boxes = tuple(box for sheet in workbook.sheets for box in _boxes(package, sheet))
    contents = Contents(workbook, "Excel 工作簿", said, boxes)
    return read_sheets(contents, name, form, year=year, unit=unit)


def properties(package: Package) -> dict[str, str]:
    """What a package says of itself beside its content, by name (`workbook.own`). Raises `UnreadableSource`."""
    part = package.find("docProps/custom.xml")
    return {one.get("name", ""): "".join(one.itertext()) for one in package.xml(part)} if part else {}


def _boxes(package: Package, sheet: read.Sheet) -> Iterator[TextBox]:
    """The text boxes of a sheet. What two programs draw in two ways is read once."""
    for relationship in package.relationships(sheet.part):
        part = package.find(relationship.target) if relationship.kind == "drawing" else None
        if part is None:
            continue
        for anchor in package.xml(part):
            begin = anchor.find(f"{_DRAWING}from")
            row, column = (
                _count(None if begin is None else begin.findtext(f"{_DRAWING}{tag}"), most)
                for tag, most in (("row", MAX_ROWS), ("col", MAX_COLUMNS))
            )
            paragraphs = tuple(_paragraphs(anchor))
            if paragraphs:
                yield TextBox(sheet.name, row, column, paragraphs)


def _paragraphs(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_TEXT}p":
            yield "".join(
                "\n" if piece.tag == f"{_TEXT}br" else piece.text or ""
                for piece in child.iter()
                if piece.tag in (f"{_TEXT}t", f"{_TEXT}br")
            )
        elif child.tag != _FALLBACK:
            yield from _paragraphs(child)


def _count(text: str | None, most: int) -> int:
    """A row or column from 0; the first for what is none."""
    digits = (text or "").strip()
    return min(int(digits), most - 1) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 0
