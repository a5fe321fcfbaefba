"""The list of units of a roll-up as a workbook that clerks fill in and that reads back the same.

Draws one sheet of units and one of all other spellings; every value is a text. Reads nothing: that is `rollup.lists`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.rollup.naming import BETWEEN
from gxeditor.core.rollup.units import Unit, Units
from gxeditor.exports.excel import InMemory, put_text, sheet_cell
from gxeditor.files.package import fixed

SHEET, _REMEMBERED = "单位名单", "记住的写法"
_HEADS = (
    ("单位名称", 34), ("类别", 14), ("上级", 24), ("职责", 8), ("汇总方式", 10), ("口径", 10), ("曾用名", 24),
    ("统一社会信用代码", 22), ("期限", 12), ("起始年度", 10), ("终止年度", 10), ("备注", 24), ("类别依据", 34),
    ("单位编号", 10), ("上级编号", 10),
)  # fmt: skip
REMEMBERED_HEADS = (
    ("写法", 30),
    ("是哪一家", 34),
    ("来自", 12),
    ("说明", 30),
    ("沿用次数", 10),
    ("归单位编号", 12),
)
WHENCE = {"list": "名单", "asked": "您选定", "prior": "去年汇总"}


def list_workbook(units: Units) -> bytes:
    """The list as an .xlsx, to be filled in and read again: a sheet of units, and one of all other spellings."""
    book = Workbook()
    book.properties.title = SHEET
    book.properties.language = "zh-CN"
    first = book.active
    assert isinstance(first, Worksheet)
    plain_font, bold = Font(name="宋体", size=11), Font(name="宋体", size=11, bold=True)

    def draw(sheet: Worksheet, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> None:
        for column, (head, width) in enumerate(heads, 1):
            cell = sheet_cell(sheet, 1, column)
            put_text(cell, head, bold)
            sheet.column_dimensions[cell.column_letter].width = width
        sheet.freeze_panes = "B2"
        for at, row in enumerate(rows, 2):
            for column, text in enumerate(row, 1):
                if text:
                    put_text(sheet_cell(sheet, at, column), text, plain_font)

    first.title = SHEET
    draw(first, _HEADS, (_row(unit, units) for unit in units.listed))
    second = book.create_sheet(_REMEMBERED)
    draw(
        second,
        REMEMBERED_HEADS,
        (
            (
                alias.name,
                unit.name,
                WHENCE.get(alias.whence, alias.whence),
                alias.note,
                str(alias.used or ""),
                unit.id,
            )
            for unit in units.listed
            for alias in unit.aliases
        ),
    )
    written = BytesIO()
    InMemory(book, ZipFile(written, "w")).save()
    return fixed(written.getvalue())


def _row(unit: Unit, units: Units) -> tuple[str, ...]:
    over = units.by_id.get(unit.parent)
    return (
        unit.name,
        unit.kind.value,
        over.name if over else "",
        unit.duty.value,
        unit.role.value,
        unit.covers.value,
        # A name that has such a mark in it stands on the second sheet alone.
        "、".join(a.name for a in unit.aliases if a.whence == "list" and not re.search(BETWEEN, a.name)),
        unit.code,
        unit.due,
        str(unit.from_year or ""),
        str(unit.to_year or ""),
        unit.note,
        unit.why_kind,
        unit.id,
        unit.parent,
    )
