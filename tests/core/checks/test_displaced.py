"""Figures in each other's place: what is copied as one, what tells a displacement, and when none is told."""

from __future__ import annotations

import pytest

from gxeditor.core.checks.check import check
from gxeditor.core.checks.displaced import (
    MOST,
    Cause,
    Lines,
    copied,
    lines_swapped,
    points_of,
    shifted,
    told_apart,
)
from gxeditor.core.checks.equations import Equations
from gxeditor.core.checks.findings import Finding
from gxeditor.core.report import Entry, Report
from tests import seeded

H = "requests.handled."


@pytest.fixture(scope="module")
def good() -> Report:
    return seeded.small_office()


def looked_at(report: Report, rule: str) -> tuple[Equations, Finding, Lines]:
    findings = check(report, seeded.RULES)
    finding = next(f for f in findings.findings if f.rule.id == rule)
    return Equations(report, findings), finding, Lines(report.form, finding)


def test_a_line_is_copied_whole_or_without_its_total(good: Report) -> None:
    bad = good.with_entry(f"{H}total.company", 9)
    _, _, lines = looked_at(bad, "T3-02.company")
    column = [cell.row.key for cell in lines.column]
    stretches = [column[part] for part in lines.stretches(lines.column, "column")]
    assert column in stretches
    details = [key for key in column if key.startswith("handled.")]
    assert details in stretches
    assert details[:-1] in stretches
    row = [lines.row[part] for part in lines.stretches(lines.row, "row")]
    assert sorted(map(len, row)) == [6, 7]
    assert column.index("handled.total") == lines.column.index(lines.row[1])


def test_the_lines_are_those_of_the_block_in_which_an_equation_is_decided(good: Report) -> None:
    _, _, lines = looked_at(good.with_entry("disputes.direct_suit.total", 3), "T4-01.direct_suit")
    assert len(lines.rows) == 1
    assert len(lines.row_of("disputes.direct_suit.total")) == 15
    assert lines.row_of(f"{H}total.company") == ()


def test_what_breaks_an_equation_or_could_not_stand_there_has_no_points(good: Report) -> None:
    cell = f"{H}granted.company"
    web, finding, _ = looked_at(good.with_entry(cell, 7), "T3-02.company")
    one = points_of(web, finding, {cell: 4}, 1)
    assert one == 4 * 2 - 3
    assert points_of(web, finding, {cell: 5}, 1) is None  # the equation would still fail
    assert points_of(web, finding, {f"{H}total.company": 9}, 1) is None  # its row would fail
    assert points_of(web, finding, {f"{H}partially_granted.company": -2}, 1) is None


def test_of_causes_that_are_as_good_as_each_other_few_are_told_and_many_are_not() -> None:
    def cause(points: float) -> Cause:
        return Cause(points, "off", "", "", {})

    few = [cause(2.0) for _ in range(MOST)]
    assert told_apart(few) == few
    assert told_apart([*few, cause(2.0)]) == []
    assert told_apart([cause(2.0)] * MOST + [cause(5.0)]) == [cause(5.0)]


def test_two_equal_figures_of_a_single_row_were_not_copied(good: Report) -> None:
    equal = {"disputes.direct_suit.upheld": 4, "disputes.direct_suit.corrected": 4}
    web, finding, lines = looked_at(
        good.with_entries({**equal, "disputes.direct_suit.total": 4}), "T4-01.direct_suit"
    )
    assert list(copied(web, finding, lines)) == []


def test_a_single_figure_is_no_displacement(good: Report) -> None:
    web, finding, lines = looked_at(good.with_entry(f"{H}granted.company", 7), "T3-02.company")
    for causes in (copied, lines_swapped, shifted):
        assert list(causes(web, finding, lines)) == []


@pytest.mark.parametrize("direction", ["down", "up"])
def test_a_column_one_row_too_far_is_told_without_typed_totals_of_rows(direction: str, good: Report) -> None:
    rows = [key for key in seeded.ROWS if key.startswith("handled.")]
    column = [f"{H[:-8]}{key}.natural_person" for key in rows]
    totals = {c: None for c in good.entries if c.startswith("requests.") and c.endswith(".total")}
    loose = good.with_entries(totals)
    figures = [good.entries[c] for c in column]
    moved: list[Entry] = [0, *figures[:-1]] if direction == "down" else [*figures[1:], 0]
    bad = loose.with_entries(dict(zip(column, moved, strict=True)))
    web, finding, lines = looked_at(bad, "T3-02.natural_person")
    mends = [cause.changes for cause in shifted(web, finding, lines)]
    assert any(bad.with_entries(changes) == loose for changes in mends)
