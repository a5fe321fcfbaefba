"""The 校验报告 as a workbook: what the summary says, figures as numbers, all rules in a list that can be filtered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Rule
from gxeditor.core.checks.summary import COUNTED, COUNTED_NOTE, TITLE, Summary, summary
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.exports.check_workbook import ALL, SHEET, check_workbook_bytes

CODE = "8KQ2-H7MD-ZRWT-4VXC"


@pytest.fixture
def said(form: Form, rules: tuple[Rule, ...]) -> Summary:
    report = blank_report(form, 2025).with_fields(agency="=青溪县&教育局")
    report = report.with_entries({cell: 0 for cell in form.cells})
    report = report.with_entry("requests.received.natural_person", 3).with_closed("Y-01", "机构改革后不可比")
    when = datetime(2026, 1, 12, 14, 36)
    return summary(report, rules, check(report, rules), code=CODE, when=when)


def opened(said: Summary) -> Workbook:
    return load_workbook(BytesIO(check_workbook_bytes(said)))


def values(said: Summary) -> list[list[object]]:
    """What stands in each row of the first sheet."""
    rows = opened(said)[SHEET].iter_rows(values_only=True)
    return [[value for value in row if value is not None] for row in rows]


def test_the_first_sheet_says_what_the_summary_says(said: Summary) -> None:
    rows = values(said)
    assert rows[0] == [TITLE]
    everything = [value for row in rows for value in row]
    for text in (
        *(text for pair in said.head for text in pair),
        *(one.what for one in said.open),
        *(one.which for one in said.reasons),
        f"二、{said.title_open}",
        f"四、{said.title_reasons}",
        COUNTED_NOTE,
        said.scope,
    ):
        assert text in everything
    assert ["类别", *COUNTED] in rows
    assert ["合计", *said.total] in rows
    assert ["已关闭：机构改革后不可比", 1, said.reasons[-1].which] in rows


def test_every_rule_has_a_row_with_its_figures_as_numbers_that_can_be_filtered(said: Summary) -> None:
    sheet = opened(said)[ALL]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    lines = [(word, line) for word, of_group in said.lines.items() for line in of_group]
    assert len(rows) == len(lines)
    for row, (word, line) in zip(rows, lines, strict=True):
        assert row[:3] == (line.code, word, line.what)
        assert tuple(value if value != "" else None for value in row[3:6]) == (
            line.left,
            line.right,
            line.difference,
        )
        assert (row[6], row[7] or "") == (line.word, line.said)
    assert sheet.auto_filter.ref == f"A2:H{len(lines) + 2}"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2")


def test_a_name_that_begins_like_a_formula_stays_a_name(said: Summary) -> None:
    book = opened(said)
    cell = next(cell for row in book[SHEET].iter_rows() for cell in row if cell.value == "=青溪县&教育局")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    foot = book[SHEET].oddFooter
    assert foot is not None
    assert "=青溪县&&教育局2025 年　校验码" in str(foot.left.text)


def test_equal_summaries_give_equal_bytes(said: Summary) -> None:
    assert check_workbook_bytes(said) == check_workbook_bytes(replace(said))
