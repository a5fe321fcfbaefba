"""A sheet of words and framed rows: heights for wrapped texts, texts that stay texts, the page it is printed on."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.exports.ruled_sheet import TALLEST, RuledSheet, set_up_page


def sheet() -> Worksheet:
    made = Workbook().active
    assert isinstance(made, Worksheet)
    return made


def test_a_long_text_makes_its_row_higher_but_never_higher_than_excel_allows() -> None:
    lines = RuledSheet(made := sheet(), (20.0, 40.0))
    lines.row(((1, "短"), (1, "短")))
    lines.row(((1, "长" * 40), (1, "短")))
    lines.row(((1, "长" * 9_000), (1, "短")))
    heights = [made.row_dimensions[row].height for row in (1, 2, 3)]
    assert heights[0] < heights[1] < heights[2] == TALLEST


def test_figures_are_numbers_and_words_texts_whatever_they_begin_with() -> None:
    lines = RuledSheet(made := sheet(), (20.0, 40.0))
    lines.row(((1, 12), (1, "=1+1")))
    assert (made["A1"].data_type, made["B1"].data_type, made["B1"].quotePrefix) == ("n", "s", True)


def test_words_go_across_and_cells_over_several_columns_are_merged() -> None:
    lines = RuledSheet(made := sheet(), (20.0, 20.0, 20.0))
    lines.words("标题")
    lines.row(((2, "两列"), (1, "一列")), head=True)
    assert {str(one) for one in made.merged_cells.ranges} == {"A1:C1", "A2:B2"}
    assert lines.at == 2


def test_the_page_is_one_wide_with_a_text_and_numbers_at_its_foot() -> None:
    set_up_page(made := sheet(), (20.0,), "landscape", "甲&乙", paper=8)
    assert (made.page_setup.paperSize, made.page_setup.fitToWidth, made.page_setup.fitToHeight) == (8, 1, 0)
    assert made.oddFooter is not None
    assert made.oddFooter.left.text == "甲&&乙"
    assert made.oddFooter.right.text == "第 &P 页，共 &N 页"
