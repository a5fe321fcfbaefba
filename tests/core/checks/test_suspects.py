"""Where to look first: a cell that alone explains what fails, and nobody where several would do."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.checks.check import check
from gxeditor.core.checks.suspects import Suspect, suspects
from gxeditor.core.report import Entry, Report, blank_report
from tests import seeded

SWAPPED = ("requests.handled.granted.company", "requests.handled.granted.research")
TURNED = "requests.handled.not_handled.petition.natural_person"
ONE_MORE = "requests.received.natural_person"


@pytest.fixture(scope="module")
def good() -> Report:
    """A small office's report, as LOOK-2 shows it: all totals typed, every equation holds."""
    return seeded.small_office()


def three_slips(good: Report) -> Report:
    one, other = SWAPPED
    return good.with_entries({ONE_MORE: 47, TURNED: 21, one: good.entries[other], other: good.entries[one]})


def found(report: Report) -> tuple[Suspect, ...]:
    return suspects(report, check(report, seeded.RULES))


def test_three_slips_in_one_table_leave_four_suspects_and_not_79_cells(good: Report) -> None:
    bad = three_slips(good)
    findings = check(bad, seeded.RULES)
    assert len({cell for finding in findings.findings for cell in finding.cells}) == 79
    accused = suspects(bad, findings)
    assert {one.cell: one.meant for one in accused} == {
        cell: good.entries[cell] for cell in (ONE_MORE, TURNED, *SWAPPED)
    }
    assert {one.cell for one in accused[:2]} == {ONE_MORE, TURNED}  # each explains two equations
    assert [len(one.findings) for one in accused] == [2, 2, 1, 1]


def test_nobody_is_suspected_where_everything_agrees(good: Report) -> None:
    assert found(good) == ()
    assert found(blank_report(seeded.FORM, 2025)) == ()


@given(st.integers(0, 10**6), st.data())
def test_one_wrong_cell_of_the_requests_is_the_first_suspect_when_totals_are_typed(
    seed: int, data: st.DataObject
) -> None:
    report = seeded.good_report(random.Random(seed), seeded.TYPED)
    cell = data.draw(st.sampled_from([c for c in report.entries if c.startswith("requests.")]))
    right = report.entries[cell]
    wrong = data.draw(st.integers(0, 999).filter(lambda n: n != right))
    accused = found(report.with_entry(cell, wrong))
    assert accused[0].cell == cell
    assert accused[0].meant == right


@given(st.integers(0, 10**6), st.sampled_from(seeded.MODES), st.sampled_from(seeded.KINDS))
def test_the_figure_meant_for_a_first_suspect_could_stand_there(seed: int, mode: str, kind: object) -> None:
    chance = random.Random(seed)
    report = seeded.good_report(chance, mode)
    assert callable(kind)
    bad = report.with_entries(kind(chance, report))
    for one in found(bad):
        assert one.cell in bad.entries  # never an automatic total
        assert one.meant >= 0
        assert one.findings
        assert one.weight > 0


def test_an_equation_that_any_of_its_cells_could_mend_accuses_none(good: Report) -> None:
    assert found(good.with_entry("disputes.direct_suit.total", 7)) == ()


def test_a_cell_in_an_equation_that_holds_is_acquitted(good: Report) -> None:
    total = "requests.handled.total.company"
    accused = found(good.with_entry(total, 9))
    assert [one.cell for one in accused] == [total]
    assert len(accused[0].findings) == 3  # its column twice, its row


def test_last_years_figure_tells_which_of_a_column_is_wrong() -> None:
    seed = next(
        n for n in range(50) if seeded.good_report(random.Random(n), seeded.AUTOMATIC).prior is not None
    )
    report = seeded.good_report(random.Random(seed), seeded.AUTOMATIC)
    cell = "requests.brought_forward.company"
    value = report.entries[cell]
    assert isinstance(value, int)
    accused = found(report.with_entry(cell, value + 4))
    assert [one.cell for one in accused] == [cell]
    assert {finding.rule.code for finding in accused[0].findings} >= {"T3-01", "Y-02"}


@given(st.integers(0, 10**6), st.data())
def test_two_wrong_cells_of_one_column_are_told_apart(seed: int, data: st.DataObject) -> None:
    report = seeded.good_report(random.Random(seed), seeded.TYPED)
    column = [c for c in report.entries if c.startswith("requests.handled.") and c.endswith(".company")][:-1]
    one, other = data.draw(st.lists(st.sampled_from(column), min_size=2, max_size=2, unique=True))
    more, again = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 40))
    first, second = report.entries[one], report.entries[other]
    assert isinstance(first, int)
    assert isinstance(second, int)
    accused = found(report.with_entries({one: first + more, other: second + again}))
    assert {s.cell: s.meant for s in accused} == {one: first, other: second}


def test_two_slips_that_could_change_columns_name_the_four_cells(good: Report) -> None:
    rows, columns = ("granted", "not_handled.duplicate"), ("public_interest", "legal_service")
    cells = [f"requests.handled.{row}.{column}" for row in rows for column in columns]
    figures = {cell: good.entries[cell] for cell in cells}
    changes: dict[str, Entry] = {}
    for cell in (cells[0], cells[3]):
        value = figures[cell]
        assert isinstance(value, int)
        changes[cell] = value + 1
    accused = found(good.with_entries(changes))
    assert {one.cell for one in accused} == set(cells)
    assert len({one.weight for one in accused}) == 1
    for one in accused:
        value = good.with_entries(changes).entries[one.cell]
        assert isinstance(value, int)
        assert one.meant == value - 1


def test_a_row_copied_twice_accuses_its_figures_and_its_total(good: Report) -> None:
    above, below = (
        "requests.handled.unable_to_provide.not_held",
        "requests.handled.unable_to_provide.to_be_created",
    )
    copied = {c: good.entries[c.replace(below, above)] for c in good.entries if c.startswith(below)}
    accused = found(good.with_entries(copied))
    assert {one.cell for one in accused} == {c for c, value in copied.items() if value}
    assert all(one.meant == 0 for one in accused)


def test_a_table_that_is_wrong_everywhere_singles_nobody_out(good: Report) -> None:
    chance = random.Random(1)
    bad = good.with_entries(
        {cell: chance.randrange(90) for cell in good.entries if cell.startswith("requests.")}
    )
    assert found(bad) == ()


def test_with_automatic_totals_a_column_that_any_figure_could_mend_accuses_none(good: Report) -> None:
    """Its equation and that of the totals say the same: one equation tells of no cell."""
    automatic = good.with_entries({cell.id: None for cell in seeded.FORM.totals})
    value = automatic.entries[ONE_MORE]
    assert isinstance(value, int)
    bad = automatic.with_entry(ONE_MORE, value + 1)
    assert {f.rule.id for f in check(bad, seeded.RULES).findings} == {"T3-01.natural_person", "T3-01.total"}
    assert found(bad) == ()


def test_with_automatic_totals_turned_digits_still_stand_out(good: Report) -> None:
    automatic = good.with_entries({cell.id: None for cell in seeded.FORM.totals})
    accused = found(automatic.with_entry("requests.received.natural_person", 64))
    assert [(one.cell, one.meant) for one in accused] == [("requests.received.natural_person", 46)]
