"""The list of units as a workbook."""

from __future__ import annotations

from io import BytesIO

import openpyxl

from gxeditor.core.rollup.units import Alias, Unit, UnitKind, Units
from gxeditor.exports.unit_list import list_workbook

UNITS = Units(
    (
        Unit("c", "松塘县", UnitKind.COUNTY),
        Unit("e", "=教育局", parent="c", aliases=(Alias("教委"), Alias("教体局", whence="asked", used=2))),
    )
)


def test_units_stand_on_one_sheet_and_all_their_spellings_on_another() -> None:
    book = openpyxl.load_workbook(BytesIO(list_workbook(UNITS)))
    assert book.sheetnames == ["单位名单", "记住的写法"]
    rows = list(book["单位名单"].values)
    assert rows[0][:3] == ("单位名称", "类别", "上级")
    assert rows[2][:3] == ("=教育局", "部门", "松塘县")
    assert [row[:3] for row in book["记住的写法"].values][1:] == [
        ("教委", "=教育局", "名单"),
        ("教体局", "=教育局", "您选定"),
    ]


def test_what_a_clerk_typed_never_becomes_a_formula() -> None:
    book = openpyxl.load_workbook(BytesIO(list_workbook(UNITS)))
    assert all(cell.data_type in ("s", "n") for sheet in book for row in sheet.iter_rows() for cell in row)


def test_equal_lists_give_equal_files() -> None:
    assert list_workbook(UNITS) == list_workbook(UNITS)
