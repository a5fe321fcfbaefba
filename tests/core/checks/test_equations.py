"""What hangs together: a typed figure and every equation that changes with it, through the totals nobody typed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.checks.check import check
from gxeditor.core.checks.equations import EQUATIONS, Equations, is_finite
from gxeditor.core.report import Entry, Explanation, Report
from tests import seeded

PERSON = "requests.received.natural_person"
TOTAL = "requests.received.total"


def web_of(report: Report) -> Equations:
    return Equations(report, check(report, seeded.RULES))


def off_by(report: Report, cell: str, more: int = 1) -> Report:
    value = report.entries[cell]
    assert isinstance(value, int)
    return report.with_entry(cell, value + more)


@given(st.integers(0, 10**6), st.sampled_from(seeded.MODES), st.data())
def test_what_is_reckoned_after_a_change_is_what_a_check_finds(
    seed: int, mode: str, data: st.DataObject
) -> None:
    report = seeded.good_report(random.Random(seed), mode)
    typed = [c for c in report.entries if not c.startswith("proactive")]
    report = off_by(report, data.draw(st.sampled_from(typed)))
    web = web_of(report)
    if not web.failing:
        return
    changes = {
        cell: data.draw(st.integers(0, 50)) for cell in data.draw(st.sets(st.sampled_from(typed), max_size=4))
    }
    after = check(report.with_entries(changes), [r for r in seeded.RULES if r.kind in EQUATIONS])
    found = {
        f.rule.id: f.left - f.right for f in after.findings if f.left is not None and f.right is not None
    }
    assert {**web.off, **web.after(changes)} == {**dict.fromkeys({*web.off, *web.after(changes)}, 0), **found}


def test_an_automatic_total_is_nobodys_figure_but_passes_its_details_on() -> None:
    report = off_by(seeded.good_report(random.Random(3), seeded.AUTOMATIC), PERSON)
    web = web_of(report)
    assert TOTAL not in web.numbers
    assert set(web.of(PERSON)) >= {"T3-01.natural_person", "T3-01.total"}
    assert "T3-03.received" not in web.of(PERSON)  # the equation that defines the total
    assert "T3-01.total" in web.derived
    assert PERSON in web.cells("T3-01.total")


def test_a_typed_total_is_a_figure_like_others() -> None:
    web = web_of(off_by(seeded.good_report(random.Random(3), seeded.TYPED), PERSON))
    assert web.of(TOTAL)["T3-03.received"] == -1
    assert not web.derived


def test_an_explained_equation_neither_accuses_nor_acquits() -> None:
    report = off_by(seeded.good_report(random.Random(3), seeded.TYPED), PERSON)
    finding = check(report, seeded.RULES).findings[0]
    explained = report.with_explanation(finding.address, Explanation("台账如此", finding.values))
    web = web_of(explained)
    assert finding.rule.id not in web.failing
    assert finding.rule.id not in web.of(PERSON)


@pytest.mark.parametrize("odd", ["/", "NaN"])
def test_what_is_no_number_is_no_figure(odd: str) -> None:
    report = off_by(seeded.good_report(random.Random(3), seeded.TYPED), PERSON)
    entry: Entry = odd
    assert (
        "disputes.direct_suit.upheld"
        not in web_of(report.with_entry("disputes.direct_suit.upheld", entry)).numbers
    )
    assert not is_finite(odd)
    assert not is_finite(None)
