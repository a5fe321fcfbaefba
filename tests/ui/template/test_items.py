"""What is said of a map and its filling, without any window."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor import documents
from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import Report
from gxeditor.mapping.corrections import without
from gxeditor.resources import resource
from gxeditor.templates.shelf import OpenTemplate, open_template
from gxeditor.ui.template.items import is_number
from gxeditor.ui.template.state import Planned, Wish, plan_wish

FULL = Path(__file__).parents[2] / "samples" / "templates" / "full.xlsx"
PERSON = "requests.received.natural_person"
BUSINESS = "requests.received.company"


@pytest.fixture(scope="module")
def report() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report


@pytest.fixture(scope="module")
def opened(report: Report) -> OpenTemplate:
    return open_template(FULL, report)


@pytest.fixture(scope="module")
def planned(opened: OpenTemplate, report: Report) -> Planned:
    return plan_wish(opened, report, Wish(opened.map))


def test_a_cell_shows_what_will_be_written(planned: Planned) -> None:
    look = planned.look("表三", 4, 3)
    assert look is not None
    assert (look.text, look.ground, look.is_number) == ("30", "bound", True)
    assert look.told.splitlines()[:2] == ["一、本年新收 · 自然人", "将写入 30"]
    assert planned.look("表三", 4, 0) is None


def test_a_formula_that_differs_shows_both_figures(planned: Planned) -> None:
    look = planned.look("表三", 6, 9)
    assert look is not None
    assert (look.text, look.beside, look.severity) == ("0", "年报 1", Severity.QUERY)
    assert "由模板的公式计算，不改动" in look.told


def test_a_formula_of_the_templates_own_shows_its_result(opened: OpenTemplate, planned: Planned) -> None:
    sheet = opened.template.workbook.sheet("校验")
    row, column = next(iter(sheet.formulas))
    look = planned.look("校验", row, column)
    assert look is not None
    assert look.ground == "total"


def test_the_list_tells_what_is_written_by_rows_of_the_form(planned: Planned) -> None:
    assert [group.text for group, _ in planned.groups][-1] == "将写入　150 格"
    items = planned.groups[-1][1]
    row, below = next((item, below) for item, below in items if PERSON in item.ids)
    assert (row.text, row.side) == ("表三 一、本年新收", "D5:J5")
    assert (below[0].text, below[0].side) == ("一、本年新收 · 自然人", "D5　30")
    assert below[-1].side == "J5　公式"


def test_what_is_not_found_stands_by_rows_beside_the_reports_figure(
    opened: OpenTemplate, report: Report
) -> None:
    lacking = without(opened.map, report.form, [PERSON, BUSINESS])
    group, items = plan_wish(opened, report, Wish(lacking)).groups[0]
    assert (group.text, group.severity) == ("未找到　2", Severity.QUERY)
    row, below = items[0]
    assert (row.text, row.side, row.ids) == ("表三 一、本年新收", "2 项", (PERSON, BUSINESS))
    assert [item.side for item in below] == ["年报 30", "年报 0"]


@pytest.mark.parametrize(
    ("text", "is_so"), [("1,200", True), ("-3.5", True), ("", False), (None, False), ("约 3", False)]
)
def test_figures_are_told_from_words(text: str | None, is_so: bool) -> None:
    assert is_number(text) is is_so
