"""In a list of units each one has its line, found by name or code; totals and footers close the list."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import GxError
from gxeditor.files.package import Package
from gxeditor.mapping.placement import UnitLines
from gxeditor.templates.unit_lines import UnitSheet
from gxeditor.workbook.read import read_workbook


def listed(*rows: tuple[object, ...], draw: Callable[[Worksheet], None] = lambda sheet: None) -> UnitSheet:
    """A list with name and code in its first columns, figures in the third."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    for row in (("单位", "编码", "数"), *rows):
        sheet.append(list(row))
    draw(sheet)
    data = BytesIO()
    book.save(data)
    units = UnitLines("表", "row", head_first=0, head_last=0, first=1, last=len(rows), name=0, code=1)
    found = UnitSheet(read_workbook(Package.from_bytes(data.getvalue())).sheets[0], units)
    found.spots = [(units.first, 2)]
    return found


def a_prepared_line(sheet: Worksheet) -> None:
    """A third row that looks like the others and is blank."""
    for cell in sheet["A3:C3"][0]:
        cell.font = Font(bold=True)


def test_a_unit_is_found_by_name_or_code_however_they_are_written() -> None:
    units = listed(("第1局", "001", 5), ("第2局", "002", 6))
    assert [units.find(name) for name in ("第1局", " 第２局", "0 02", "第9局")] == [1, 2, 2, None]
    units.add(7, "第9局")
    assert units.find("第9局") == 7


def test_two_lines_of_one_name_are_named() -> None:
    with pytest.raises(GxError, match="“表”里有 2 处“同名”（第 2 行、第 3 行）"):
        listed(("同名", "1", 5), ("同名", "2", 6)).find("同名")


def test_free_lines_are_the_prepared_ones_and_then_those_below_the_list() -> None:
    units = listed(
        ("第1局", "001", 5), (None, None, None), (None, "有编码", None), (None, None, 3), (None, None, "=1")
    )
    assert [units.free() for _ in range(4)] == [2, 5, 6, 7]


def test_a_line_that_is_taken_is_not_free() -> None:
    units = listed(("第1局", "001", 5), draw=a_prepared_line)
    assert listed(("第1局", "001", 5), draw=a_prepared_line).free() == 2
    units.taken.add(2)
    assert units.free() == 3


@pytest.mark.parametrize(
    "closing", [("合　计", None, 11), (None, "填表人：张三", None), ("全县合计", None, 1)]
)
def test_no_line_is_free_behind_a_total_or_a_footer(closing: tuple[object, ...]) -> None:
    with pytest.raises(GxError, match="“表”里没有空行了：第 3 行是"):
        listed(("第1局", "001", 5), closing).free()


def test_a_merged_line_is_not_free() -> None:
    def merged(sheet: Worksheet) -> None:
        a_prepared_line(sheet)
        sheet.merge_cells("A3:C3")

    assert listed(("第1局", "001", 5), draw=merged).free() == 3


def test_names_that_resemble_one_another_are_looked_for_among_few_reports_only() -> None:
    units = listed(("鲁山县教育体育局", "001", 5), ("民政局", "002", 6))
    assert units.similar("鲁山县教体局", 1) == ("鲁山县教育体育局",)
    assert units.similar("鲁山县教育体育局", 1) == ()
    assert units.similar("鲁山县教体局", 2_000) == ()


def test_a_new_line_takes_after_the_last_one_with_cells() -> None:
    units = listed(("第1局", "001", 5), ("第2局", "002", "=C2"))
    assert (units.before(9), units.before(2), units.before(1)) == (2, 1, None)
    assert [(spot, formula.text) for spot, formula in units.formulas(2)] == [((2, 2), "C2")]
    assert units.formulas(1) == []
