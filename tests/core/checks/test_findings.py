"""Findings: what tells them apart, what they point to, which cells they tint, and on which page they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gxeditor.core.checks.anchors import Cell, Field, Span, Whole
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.rules import Rule, Severity

RULE = Rule("X-1", "entry", Severity.QUERY, "", "题", "", "依据")
ONE, OTHER = "requests.received.natural_person", "requests.received.company"


def test_a_finding_points_to_its_address_if_it_rests_on_nothing_else() -> None:
    assert Finding(RULE, Field("year"), "").anchors == (Field("year"),)
    assert Finding(RULE, Cell(OTHER), "", (Cell(ONE), Cell(OTHER))).anchors == (Cell(ONE), Cell(OTHER))


def test_its_cells_are_those_among_its_anchors() -> None:
    span = Span("overview", 0, 2)
    assert Finding(RULE, span, "", (span, Cell(OTHER), Cell(ONE))).cells == (OTHER, ONE)
    assert Finding(RULE, span, "").cells == ()


def test_a_finding_that_speaks_of_a_whole_tints_none_of_its_cells() -> None:
    blanks = Finding(RULE, Whole("requests"), "", (Cell(ONE),))
    wrong = Finding(RULE, Cell(ONE), "")
    assert blanks.cells == wrong.cells == (ONE,)
    assert dict(Findings((blanks, wrong)).by_cell) == {ONE: (wrong,)}


def test_the_same_rule_at_the_same_place_is_the_same_finding_whatever_it_says() -> None:
    first = Finding(RULE, Whole("requests"), "还有 2 格", (Cell(ONE), Cell(OTHER)))
    later = Finding(RULE, Whole("requests"), "还有 1 格", (Cell(ONE),))
    assert first.key == later.key
    assert first.key != replace(first, where=Whole("disputes")).key
    assert first.key != replace(first, rule=replace(RULE, id="X-2")).key


@pytest.mark.parametrize(
    ("finding", "address"),
    [
        (Finding(RULE, Cell(ONE), ""), f"X-1@{ONE}"),
        (Finding(RULE, Field("year"), ""), "X-1@year"),
        (Finding(RULE, Whole("requests"), ""), "X-1@requests"),
        (Finding(RULE, Span("overview", 4, 6), "", quoted="62"), "X-1@overview:62"),
    ],
)
def test_a_file_knows_a_finding_by_rule_and_place_and_in_prose_by_the_words(
    finding: Finding, address: str
) -> None:
    assert finding.address == address


def test_only_figures_that_do_not_add_up_may_be_wrong_in_any_of_their_cells() -> None:
    sums = replace(RULE, kind="sum", severity=Severity.ERROR)
    off = Finding(sums, Cell(ONE), "", difference=3)
    assert off.is_equation
    assert not replace(off, difference=None).is_equation
    assert not replace(off, rule=replace(sums, severity=Severity.QUERY)).is_equation
    assert not replace(off, rule=replace(sums, kind="entry")).is_equation


def test_findings_are_counted_by_page_and_those_of_basic_data_apart_from_all(
    beside_the_tables: Findings,
) -> None:
    found = beside_the_tables
    assert [one.rule.id for one in found.of_page("overview")] == ["X-1"]
    assert [one.rule.id for one in found.of_page("")] == ["X-2", "X-3"]
    assert found.count(Severity.ERROR) == 2
    assert found.count(Severity.ERROR, "") == found.count(Severity.ERROR, "overview") == 1
    assert found.count(Severity.ERROR, "requests") == 0
    assert dict(found.by_cell) == {}
