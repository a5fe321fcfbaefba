"""What a cell makes of a value is said before it is written."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.files.package import Package
from gxeditor.templates.validations import accepts, allowed, format_doubt, is_cut_off
from gxeditor.workbook.cells import Address, Written
from gxeditor.workbook.formulas.calculate import calculate
from gxeditor.workbook.read import Validation, Workbook, read_workbook

CELL = Address("表", 1, 1)


def built(draw: Callable[[Worksheet], None]) -> Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    draw(sheet)
    data = BytesIO()
    book.save(data)
    return read_workbook(Package.from_bytes(data.getvalue()))


def the_words(sheet: Worksheet) -> None:
    sheet["D1"], sheet["D2"], sheet["E1"] = "是", "否", 10


def check(kind: str, operator: str = "between", first: str = "", second: str = "") -> Validation:
    return Validation(kind, operator, first, second, "")


@pytest.mark.parametrize(
    ("validation", "value", "answer"),
    [
        (check("list", first='"是, 否"'), "是", True),
        (check("list", first='"是,否"'), "有", False),
        (check("list", first="D1:D2"), "否", True),
        (check("list", first="D1:D2"), 3, False),
        (check("list", first="INDIRECT(A1)"), 3, None),
        (check("whole", "between", "0", "E1"), 10, True),
        (check("whole", "between", "0", "E1"), 11, False),
        (check("whole", "notBetween", "0", "E1"), 11, True),
        (check("whole", "greaterThan", "0"), Decimal("1.5"), False),
        (check("decimal", "greaterThan", "0"), Decimal("1.5"), True),
        (check("decimal", "equal", "1"), "文字", False),
        (check("decimal", "lessThan", "X1&Y1"), 3, None),
        (check("textLength", "lessThanOrEqual", "3"), "四个字呀", False),
        (check("custom", first="E1=10"), 3, True),
        (check("custom", first="E1=11"), 3, False),
        (check("date", "greaterThan", "1"), 3, None),
    ],
)
def test_a_validation_accepts_a_value_or_not_or_nobody_knows(
    validation: Validation, value: Written, answer: bool | None
) -> None:
    assert accepts(validation, value, CELL, CELL, calculate(built(the_words), {})) is answer


def test_a_validation_of_several_cells_is_read_as_seen_from_each() -> None:
    below = check("decimal", "lessThanOrEqual", "E1")
    calculated = calculate(built(the_words), {"表": {(1, 4): 20}})
    assert accepts(below, 15, Address("表", 1, 1), Address("表", 0, 1), calculated) is True
    assert accepts(below, 15, Address("表", 0, 1), Address("表", 0, 1), calculated) is False


@pytest.mark.parametrize(
    ("validation", "said"),
    [
        (check("list", first='"是,否"'), "（只接受 是、否）"),
        (check("list", first="D1:D2"), ""),
        (check("whole", "between", "0", "9"), "（只接受0 至 9 之间的整数）"),
        (check("textLength", "lessThan", "9"), "（只接受小于 9 的字数）"),
        (check("custom", first="A1"), ""),
    ],
)
def test_what_a_validation_accepts_is_said_in_a_few_words(validation: Validation, said: str) -> None:
    assert allowed(validation) == said


@pytest.mark.parametrize(
    ("code", "value", "doubt"),
    [
        ("General", Decimal("1.5"), ""),
        ("0.00", Decimal("1.25"), ""),
        ("0.0", Decimal("1.25"), "只显示 1 位小数"),
        ("0", Decimal("1.5"), "不显示小数"),
        ("0%", 5, "把数显示成百分比"),
        ("yyyy/m/d", 5, "把数显示成日期"),
        ("0,", 5, "把数缩小后显示"),
        (";;;", 5, "不显示数"),
        ('#,##0"%"', 5, ""),
    ],
)
def test_a_format_that_shows_a_number_as_another_is_doubted(
    code: str, value: int | Decimal, doubt: str
) -> None:
    assert format_doubt(code, value) == doubt


def test_a_text_is_cut_off_where_the_height_of_its_row_is_fixed() -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["A1"] = "题"
        sheet.row_dimensions[1].height = 20
        sheet.column_dimensions["A"].width = 20

    sheet = built(draw).sheets[0]
    assert is_cut_off(sheet, (0, 0), "字" * 100)
    assert not is_cut_off(sheet, (0, 0), "字" * 5)
    assert not is_cut_off(sheet, (1, 0), "字" * 100)  # as high as needed
