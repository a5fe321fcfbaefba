"""What the equations force: never anything but the one value that is possible, and nothing where they contradict."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.checks.check import check
from gxeditor.core.checks.forced import forced
from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.imports.formats.text import read_text_file
from gxeditor.imports.recognize.report import recognize
from gxeditor.resources import load_form, load_rules, resource

FORM = load_form()
RULES = load_rules(FORM)
REQUESTS = FORM.section("requests").table
assert REQUESTS is not None
DETAILS = [cell.id for cell in REQUESTS.cells if not cell.is_total]
PERSON, COMPANY, TOTAL = (f"requests.received.{key}" for key in ("natural_person", "company", "total"))


@pytest.fixture(scope="module")
def sample() -> Report:
    return recognize(read_text_file(resource("samples/lushan-2022.txt")), FORM).report


def consistent(handled: list[int], brought: list[int]) -> Report:
    """A report whose equations all hold: what was handled is given, what was received follows."""
    entries: dict[str, Entry] = {cell: 0 for cell in DETAILS}
    rows = [cell for cell in DETAILS if cell.startswith("requests.handled.")]
    entries |= dict(zip(rows, handled, strict=False))
    for number, column in enumerate(dict.fromkeys(cell.rpartition(".")[2] for cell in DETAILS)):
        done = sum(v for c, v in entries.items() if c in rows and c.endswith(column) and isinstance(v, int))
        before = min(brought[number % len(brought)], done)
        entries[f"requests.brought_forward.{column}"] = before
        entries[f"requests.received.{column}"] = done - before
    return blank_report(FORM, 2022).with_entries(entries)


def shown(report: Report, without: set[str]) -> Report:
    """The report with all that it shows typed, but for some cells."""
    values: Mapping[str, Entry] = report.values
    kept = {cell: value for cell, value in values.items() if cell not in without}
    return blank_report(FORM, 2022).with_entries(kept)


def test_the_eighteen_blanks_of_the_sample_follow_from_its_equations(sample: Report) -> None:
    blank = {cell for cell in FORM.cells if sample.value(cell) is None}
    values = forced(sample, RULES)
    assert set(values) == blank
    assert len(blank) == 18
    assert values["requests.handled.granted.natural_person"] == 1
    filled = sample.with_entries(values)
    found = check(filled, RULES)
    assert found.findings == ()
    assert not [item for item in found.not_checked if item.cells]


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=126),
    st.lists(st.integers(0, 9), min_size=1, max_size=6),
    st.sets(st.sampled_from([cell.id for cell in REQUESTS.cells]), max_size=60),
)
def test_what_is_forced_is_what_was_taken_out(handled: list[int], brought: list[int], out: set[str]) -> None:
    report = consistent(handled, brought)
    # Random figures may be of a kind that is asked about; what forces the rest are the equations.
    assert not check(report, RULES).count(Severity.ERROR)
    values = forced(shown(report, out), RULES)
    assert set(values) <= out
    assert {cell: report.value(cell) for cell in values} == dict(values)


def test_one_unknown_of_an_equation_is_forced_again_and_again() -> None:
    report = consistent([3, 4, 5], [2])
    assert forced(shown(report, {PERSON}), RULES) == {PERSON: report.value(PERSON)}
    chain = {PERSON, "requests.handled.granted.natural_person"}
    values = forced(shown(report, chain), RULES)
    assert values == {cell: report.value(cell) for cell in chain}


def test_a_total_that_adds_itself_up_is_not_typed() -> None:
    report = consistent([3, 4, 5], [2])
    assert TOTAL not in forced(shown(report, {PERSON, TOTAL}), RULES)
    alone = forced(shown(report, {PERSON, COMPANY, TOTAL}), RULES)
    assert set(alone) <= {PERSON, COMPANY}


def test_two_unknowns_that_may_share_a_sum_are_left_open() -> None:
    report = blank_report(FORM, 2022).with_entries({TOTAL: 5})
    assert forced(report, RULES) == {}
    assert forced(blank_report(FORM, 2022), RULES) == {}


def test_a_total_of_0_forces_its_blank_details_to_0() -> None:
    values = forced(blank_report(FORM, 2022).with_entries({TOTAL: 0}), RULES)
    assert values[PERSON] == values[COMPANY] == 0


@pytest.mark.parametrize("wrong", [{PERSON: 999}, {TOTAL: 10_000}, {COMPANY: -1}])
def test_nothing_is_forced_by_figures_that_contradict_each_other(
    wrong: dict[str, Entry], sample: Report
) -> None:
    assert forced(sample.with_entries(wrong), RULES) == {}


def test_a_contradiction_in_one_table_leaves_the_other_its_due(sample: Report) -> None:
    dispute = "disputes.reconsideration.upheld"
    report = sample.with_entries({PERSON: 999, dispute: None})
    assert forced(report, RULES) == {dispute: sample.value(dispute)}


def test_an_equation_with_a_text_says_nothing(sample: Report) -> None:
    granted = "requests.handled.granted.natural_person"
    values = forced(sample.with_entries({"requests.received.natural_person": "/"}), RULES)
    assert granted not in values or values[granted] == 1


@pytest.mark.parametrize("odd", [Decimal("NaN"), Decimal("Infinity"), Decimal("1.5")])
def test_an_odd_number_forces_no_count(odd: Decimal, sample: Report) -> None:
    for value in forced(sample.with_entries({PERSON: odd}), RULES).values():
        assert isinstance(value, int)
