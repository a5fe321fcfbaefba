"""What table three and four count of a ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.ledger.counting import carried, count
from gxeditor.core.ledger.request import Ledger, Request, Value
from gxeditor.resources import load_form, load_vocabulary

FORM = load_form()
WORDS = load_vocabulary(FORM)
KINDS = [code.code for code in WORDS.lists["applicant_type"].values()]
OUTCOMES = [code.code for code in WORDS.lists["outcome"].values() if code.code not in ("OPEN", "VOID")]


def request(received: str, closed: str = "", outcome: str = "G1", kind: str = "C1", **more: Value) -> Request:
    values: dict[str, Value] = {"received_on": date.fromisoformat(received), "applicant_type": kind, **more}
    if closed:
        values |= {"answered_on": date.fromisoformat(closed), "outcome": outcome}
    return Request("1", values)


def cells(*requests: Request, year: int = 2025) -> dict[str, int]:
    """The figures that are not 0, totals left out."""
    found = count(Ledger(requests=requests), year, FORM, WORDS).cells
    return {
        cell: n for cell, n in found.items() if n and not FORM.cells[cell].is_total and "total" not in cell
    }


def test_received_in_december_and_answered_in_january_is_carried_over_once() -> None:
    over = request("2025-12-25", "2026-01-07")
    assert cells(over) == {
        "requests.received.natural_person": 1,
        "requests.carried_forward.natural_person": 1,
    }
    assert cells(over, year=2026) == {
        "requests.brought_forward.natural_person": 1,
        "requests.handled.granted.natural_person": 1,
    }
    assert not cells(over, year=2024)
    assert not cells(over, year=2027)


def test_one_that_may_be_void_counts_nowhere_even_if_its_answer_is_of_the_next_year() -> None:
    over = replace(request("2025-12-25", "2026-01-07"), unsettled={"outcome": "作废"})
    over = replace(over, values={key: value for key, value in over.values.items() if key != "outcome"})
    assert not cells(over)
    assert (
        cells(replace(over, unsettled={"outcome": "给了一部分"}))["requests.carried_forward.natural_person"]
        == 1
    )


def test_waiting_for_a_correction_at_the_turn_of_the_year_is_carried_over() -> None:
    over = request("2025-12-20", "2026-01-20", "O1", correction_sent_on=date(2025, 12, 24))
    assert cells(over)["requests.carried_forward.natural_person"] == 1
    assert cells(over, year=2026)["requests.handled.other.not_corrected.natural_person"] == 1


def test_the_day_of_service_closes_a_request_where_the_office_says_so() -> None:
    over = request("2025-12-01", "2025-12-30", served_on=date(2026, 1, 4))
    served = count(Ledger(requests=(over,), closed_by="served_on"), 2025, FORM, WORDS)
    assert served.cells["requests.carried_forward.total"] == 1
    assert count(Ledger(requests=(over,)), 2025, FORM, WORDS).cells["requests.handled.granted.total"] == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Request("1"), "received_on"),
        (Request("1", {"received_on": date(2025, 1, 6)}), "applicant_type"),
        (request("2025-01-06", outcome="").with_value("answered_on", date(2025, 2, 1)), "outcome"),
        (request("2025-01-06").with_value("outcome", "G1"), "answered_on"),
        (request("2025-02-06", "2025-01-06"), "answered_on"),
        (request("2025-01-06", "2025-02-06", "OPEN"), "outcome"),
        (
            Request(
                "1",
                {"received_on": date(2025, 1, 6), "applicant_type": "C1", "answered_on": date(2025, 2, 1)},
                {"outcome": "答复给他了"},
            ),
            "outcome",
        ),
        (
            Request("1", {"received_on": date(2025, 1, 6), "applicant_type": "C1"}, {"answered_on": "#REF!"}),
            "answered_on",
        ),
    ],
)
def test_a_request_that_lacks_what_the_year_needs_is_counted_nowhere_and_named(
    wrong: Request, field: str
) -> None:
    found = count(Ledger(requests=(wrong,)), 2025, FORM, WORDS)
    assert not any(found.cells.values())
    assert [(one.request, one.field) for one in found.undecided] == [("1", field)]
    assert found.undecided[0].reason


def test_an_outcome_that_only_next_year_needs_keeps_nobody_from_counting() -> None:
    over = request("2025-12-25").with_value("answered_on", date(2026, 1, 7))
    assert not count(Ledger(requests=(over,)), 2025, FORM, WORDS).undecided
    assert count(Ledger(requests=(over,)), 2026, FORM, WORDS).undecided


def test_one_entered_by_mistake_counts_nowhere_and_is_listed() -> None:
    found = count(Ledger(requests=(request("2025-01-06", "2025-01-07", "VOID"),)), 2025, FORM, WORDS)
    assert not any(found.cells.values())
    assert found.void == ("1",)


def test_reviews_and_suits_count_in_the_year_in_which_they_were_taken_up() -> None:
    after = request(
        "2025-01-06",
        "2025-02-06",
        "D4",
        review_on=date(2025, 3, 3),
        review_result="corrected",
        suit_on=date(2025, 8, 1),
        suit_kind="after",
    )
    found = count(Ledger(requests=(after,)), 2025, FORM, WORDS)
    assert found.cells["disputes.reconsideration.corrected"] == 1
    assert found.cells["disputes.suit_after_reconsideration.pending"] == 1
    assert found.cells["disputes.direct_suit.total"] == 0
    assert found.rows["disputes.reconsideration.total"] == ("1",)


def test_a_result_of_which_no_column_is_known_is_asked_about() -> None:
    rejected = request("2025-01-06", "2025-02-06", review_on=date(2025, 3, 3), review_result="rejected")
    found = count(Ledger(requests=(rejected,)), 2025, FORM, WORDS)
    assert [one.field for one in found.undecided] == ["review_result"]
    assert found.cells["requests.handled.granted.total"] == 1


DAYS = st.dates(date(2024, 6, 1), date(2026, 6, 1))
REQUESTS = st.builds(
    lambda received, length, kind, outcome: (
        received,
        received + timedelta(length) if length else None,
        kind,
        outcome,
    ),
    DAYS,
    st.none() | st.integers(1, 400),
    st.sampled_from(KINDS),
    st.sampled_from(OUTCOMES),
)


@given(st.lists(REQUESTS, max_size=60))
def test_any_ledger_adds_up_in_every_column_and_agrees_with_an_independent_count(
    drawn: list[tuple[date, date | None, str, str]],
) -> None:
    requests = []
    for i, (received, closed, kind, outcome) in enumerate(drawn):
        values: dict[str, Value] = {"received_on": received, "applicant_type": kind}
        if closed is not None:
            values |= {"answered_on": closed, "outcome": outcome}
        requests.append(Request(str(i), values))
    found = count(Ledger(requests=tuple(requests)), 2025, FORM, WORDS)
    assert not found.undecided
    for kind in [*(code.target for code in WORDS.lists["applicant_type"].values()), "total"]:
        of = {row: found.cells[f"requests.{row}.{kind}"] for row in ROWS}
        assert of["received"] + of["brought_forward"] == of["handled.total"] + of["carried_forward"]
        assert of["handled.total"] == sum(n for row, n in of.items() if row in RESULTS)
    expected = Counter(
        (WORDS.lists["outcome"][outcome].target, WORDS.lists["applicant_type"][kind].target)
        for _, closed, kind, outcome in drawn
        if closed is not None and closed.year == 2025
    )
    for row in RESULTS:
        for code in WORDS.lists["applicant_type"].values():
            assert found.cells[f"requests.{row}.{code.target}"] == expected[row, code.target]
    assert found.cells["requests.received.total"] == sum(received.year == 2025 for received, *_ in drawn)
    assert all(len(found.rows.get(cell, ())) == n for cell, n in found.cells.items())


ROWS = list(dict.fromkeys(cell.row.key for cell in FORM.cells.values() if cell.section == "requests"))
RESULTS = [row for row in ROWS if row.startswith("handled.") and row != "handled.total"]


def test_every_figure_of_the_two_tables_is_there_even_if_it_is_zero() -> None:
    found = count(Ledger(), 2025, FORM, WORDS)
    assert len(found.cells) == 190
    assert set(found.cells.values()) == {0}


def numbered(requests: list[Request]) -> Ledger:
    return Ledger(
        requests=tuple(Request(str(i), one.values, one.unsettled) for i, one in enumerate(requests))
    )


def test_open_requests_are_carried_into_the_ledger_of_the_new_year() -> None:
    ledger = numbered(
        [
            request("2025-03-01", "2025-03-20"),
            request("2025-12-20"),
            request("2025-12-20", "2026-01-08"),
            request("2026-01-04"),
            Request("", {"applicant_type": "C1"}, {"received_on": "2月30日"}),
            request("2025-05-01", "2025-05-20", "VOID"),
            request("2025-06-01", "2025-06-20", review_on=date(2026, 2, 1)),
            request("2025-06-01", "2025-06-20", review_on=date(2025, 8, 1), review_result="upheld"),
            request("2025-06-01", "2025-06-20", suit_result="upheld"),
        ]
    )

    ledger = replace(
        ledger,
        agency="松塘县水利局",
        none_in=(2024, 2026),
        extra={"requests": {"0": {"a": 1}, "1": {"b": 2}}, "c": 3},
    )
    new = carried(ledger, 2026)
    assert [one.id for one in new.requests] == ["1", "2", "3", "4", "6", "8"]
    assert new.requests[0] is ledger.requests[1]
    assert (new.agency, new.none_in) == ("松塘县水利局", (2026,))
    assert new.extra == {"requests": {"1": {"b": 2}}, "c": 3}


ODD_REQUESTS = st.builds(
    lambda values, unsettled: Request(
        "", {key: value for key, value in values.items() if value is not None}, dict.fromkeys(unsettled, "?")
    ),
    st.fixed_dictionaries(
        {
            "received_on": st.none() | DAYS,
            "answered_on": st.none() | DAYS,
            "applicant_type": st.sampled_from([None, *KINDS]),
            "outcome": st.sampled_from([None, "OPEN", "VOID", *OUTCOMES]),
            "review_on": st.none() | DAYS,
            "review_result": st.sampled_from([None, *WORDS.lists["review_result"]]),
            "suit_on": st.none() | DAYS,
            "suit_kind": st.sampled_from([None, *WORDS.lists["suit_kind"]]),
        }
    ),
    st.sets(st.sampled_from(("received_on", "answered_on", "suit_result")), max_size=1),
)
"""Requests of which anything may be missing, impossible or not understood."""


@given(st.lists(ODD_REQUESTS, max_size=40), st.integers(2023, 2028))
def test_a_year_counts_the_same_of_its_own_ledger_and_of_the_whole_one(
    requests: list[Request], year: int
) -> None:
    whole = numbered(requests)
    own = carried(whole, year)
    for later in (year, year + 1):
        one, other = (count(ledger, later, FORM, WORDS) for ledger in (own, whole))
        assert one.cells == other.cells
        assert one.rows == other.rows
        assert one.undecided == other.undecided
    assert carried(own, year).requests == own.requests


@pytest.mark.parametrize(
    ("field", "table"),
    [
        ("applicant_type", "requests"),
        ("outcome", "requests"),
        ("review_result", "disputes"),
        ("suit_kind", "disputes"),
    ],
)
def test_a_code_that_only_a_newer_program_knows_is_counted_nowhere_and_named(field: str, table: str) -> None:
    whole = request(
        "2025-01-06", "2025-01-20", review_on=date(2025, 2, 3), review_result="upheld",
        suit_on=date(2025, 3, 3), suit_kind="direct", suit_result="upheld",
    )  # fmt: skip
    strange = whole.with_value(field, "Z9")
    (one,) = count(Ledger(requests=(strange,)), 2025, FORM, WORDS).undecided
    assert (one.field, one.table) == (field, table)
    assert "“Z9”不是本程序认识的" in one.reason
