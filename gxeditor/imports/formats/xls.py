"""A workbook of Excel 97—2003 or of WPS (.xls, .et) → its sheets and what its properties say.

Knows the records that are counted before anything is unpacked, and the property set of a compound file; reading the
cells is xlrd's. Formulas are not read, only their results; nor are text boxes. Older files, without a compound file
around them, are read as well. What the cells mean is found by `imports.sheets`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import StringIO
from typing import Any

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.files.limits import XLS_CELLS, XLS_FILE, XLS_PROPERTIES
from gxeditor.files.package import damaged, encrypted, not_a_workbook, too_large
from gxeditor.imports.sheets import Contents, read_sheets
from gxeditor.imports.source import Source
from gxeditor.workbook.cells import Range, Value
from gxeditor.workbook.read import DefinedName, PlainCell, Sheet, Workbook, sheet_of

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# -------------------- records of the workbook stream
_FILEPASS = 0x2F
_ONE_CELL = frozenset(
    (0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x7E, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x206, 0x406)
)
_MULTIPLE_NUMBERS, _MULTIPLE_BLANKS = 0xBD, 0xBE


def read_xls(data: bytes, name: str, form: Form, *, year: int | None = None, unit: str = "") -> Source:
    """What stands in a filled workbook. Raises `UnreadableSource` if it is none, and as `read_sheets`."""
    return read_sheets(xls_contents(data, name), name, form, year=year, unit=unit)


def xls_contents(data: bytes, name: str) -> Contents:
    """The sheets of a workbook and its properties. Raises `UnreadableSource` if it is none."""
    import xlrd

    called = f"“{name}”"
    if len(data) > XLS_FILE:
        raise too_large(called)
    try:
        stream, properties = _streams(data)
        _count(stream, called)
        workbook = _workbook(_opened(data))
    except UnreadableSource:
        raise
    except MemoryError as error:
        raise too_large(called) from error
    except Exception as error:  # xlrd raises whatever damage happens to lead to: IndexError, struct.error, …
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error):
            raise encrypted(called) from error
        raise damaged(called) from error
    if not workbook.sheets:
        raise not_a_workbook(called, "里没有工作表")
    return Contents(workbook, "旧格式的工作簿（.xls、.et）", properties)


def _streams(data: bytes) -> tuple[bytes, dict[str, str]]:
    """The stream with the records, and the properties of the document."""
    if not data.startswith(_OLE):
        return data, {}
    from xlrd.compdoc import CompDoc

    compound = CompDoc(data, logfile=StringIO())
    stream = compound.get_named_stream("Workbook") or compound.get_named_stream("Book") or b""
    try:
        summary = compound.get_named_stream("\x05DocumentSummaryInformation")
        properties = dict(_properties(bytes(summary or b"")))
    except Exception:  # damage beside the cells does not keep them from being read
        properties = {}
    return bytes(stream), properties


def _count(stream: bytes, called: str) -> None:
    """Refuses what has too many cells, before any is read. Raises `UnreadableSource`."""
    at, cells, end = 0, 0, len(stream) - 4
    while at <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4 + length
        if kind in _ONE_CELL:
            cells += 1
        elif kind == _MULTIPLE_NUMBERS:
            cells += length // 6
        elif kind == _MULTIPLE_BLANKS:
            cells += length // 2
        elif kind == _FILEPASS:
            raise encrypted(called)
        if cells > XLS_CELLS:
            raise too_large(called)


def _opened(data: bytes) -> Any:
    """The workbook as xlrd has it; without formats and merges if those are what cannot be read."""
    import xlrd

    try:
        return xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=StringIO()
        )
    except (AssertionError, IndexError, KeyError, NotImplementedError, struct.error):
        return xlrd.open_workbook(file_contents=data, ragged_rows=True, logfile=StringIO())


def _workbook(book: Any) -> Workbook:
    since_1904 = book.datemode == 1
    formats = [(_format_of(book, style), _is_struck(book, style)) for style in book.xf_list]
    sheets = tuple(_sheet(sheet, formats, since_1904) for sheet in book.sheets())
    names = []
    for one in book.name_obj_list:
        result = getattr(one, "result", None)
        refers_to = getattr(result, "text", None)
        if isinstance(refers_to, str):
            scope = one.scope if isinstance(one.scope, int) else -1
            where = sheets[scope].name if 0 <= scope < len(sheets) else ""
            names.append(DefinedName(one.name, where, refers_to))
    return Workbook(sheets, tuple(names), since_1904)


def _format_of(book: Any, style: Any) -> str:
    found = book.format_map.get(style.format_key)
    return found.format_str if found is not None and found.format_str else "General"


def _is_struck(book: Any, style: Any) -> bool:
    return style.font_index < len(book.font_list) and bool(book.font_list[style.font_index].struck_out)


def _sheet(sheet: Any, formats: list[tuple[str, bool]], since_1904: bool) -> Sheet:
    return sheet_of(
        sheet.name,
        _cells(sheet, formats),
        hidden=sheet.visibility != 0,
        merges=(
            Range(top, left, bottom - 1, right - 1)
            for top, bottom, left, right in sheet.merged_cells
            if top < bottom and left < right
        ),
        hidden_rows=(row for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=(column for column, info in sheet.colinfo_map.items() if info.hidden),
        since_1904=since_1904,
    )


def _cells(sheet: Any, formats: list[tuple[str, bool]]) -> Iterator[PlainCell]:
    import xlrd

    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if kind == xlrd.XL_CELL_EMPTY:
                continue
            style = sheet.cell_xf_index(row, column) if formats and sheet.formatting_info else None
            code, struck = (
                formats[style] if style is not None and style < len(formats) else ("General", False)
            )
            if code == "General" and kind == xlrd.XL_CELL_DATE:
                code = "yyyy/m/d"
            formula = (
                "" if kind == xlrd.XL_CELL_ERROR else None
            )  # nobody types an error; which formula is not known
            yield PlainCell(row, column, _value(kind, value), code, formula, struck)


def _value(kind: int, value: Any) -> Value:
    import xlrd

    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#N/A"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return float(value)
    return None if kind == xlrd.XL_CELL_BLANK else str(value)


# -------------------- the properties of the document
_NAMED = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")  # the section of properties that have names
_UTF16 = 1200  # code page
_DICTIONARY, _CODE_PAGE = 0, 1
_SHORT, _LONG, _BYTES, _WIDE = 2, 3, 0x1E, 0x1F  # kinds of values


def _properties(data: bytes) -> Iterator[tuple[str, str]]:
    """The named properties and their texts. Raises `struct.error` or `LookupError` for damage."""
    (sections,) = struct.unpack_from("<I", data, 24)
    for number in range(min(sections, 2)):
        kind, start = struct.unpack_from("<16sI", data, 28 + 20 * number)
        if kind == _NAMED:
            yield from _section(data[start:])


def _section(data: bytes) -> Iterator[tuple[str, str]]:
    (count,) = struct.unpack_from("<I", data, 4)
    offsets = dict(struct.unpack_from("<II", data, 8 + 8 * i) for i in range(min(count, XLS_PROPERTIES)))
    page = struct.unpack_from("<H", data, offsets[_CODE_PAGE] + 4)[0] if _CODE_PAGE in offsets else 1252
    codec = {_UTF16: "utf-16-le", 65001: "utf-8"}.get(page, f"cp{page}")
    names = _names(data, offsets[_DICTIONARY], codec) if _DICTIONARY in offsets else {}
    for one, name in names.items():
        if one not in offsets:
            continue
        at = offsets[one]
        kind, value = struct.unpack_from("<Ii", data, at)
        if kind in (_SHORT, _LONG):
            yield name, str(value)
        elif kind in (_BYTES, _WIDE):
            width = 2 if kind == _WIDE else 1
            text = data[at + 8 : at + 8 + max(0, value) * width]
            yield name, text.decode("utf-16-le" if kind == _WIDE else codec, "replace").rstrip("\0")


def _names(data: bytes, at: int, codec: str) -> dict[int, str]:
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    names = {}
    for _ in range(min(count, XLS_PROPERTIES)):
        one, length = struct.unpack_from("<II", data, at)
        size = length * 2 if codec == "utf-16-le" else length
        names[one] = data[at + 8 : at + 8 + size].decode(codec, "replace").rstrip("\0")
        at += 8 + size + (-size % 4 if codec == "utf-16-le" else 0)
    return names
