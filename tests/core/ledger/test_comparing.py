"""A ledger's counts beside a report: the request that explains a difference, and the report that adopts the counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.ledger.comparing import Cause, adopt, causes, compare, compare_kept, digest_of
from gxeditor.core.ledger.counting import Counts, count
from gxeditor.core.ledger.request import Ledger, Request, Value
from gxeditor.core.report import Report, blank_report
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store.report_file import dump, parse

FORM = load_form()
WORDS = load_vocabulary(FORM)
BLANK = blank_report(FORM, 2025)
NAME = "何小满"


def request(
    key: str, received: str, closed: str = "", outcome: str = "G1", kind: str = "C1", **more: Value
) -> Request:
    values: dict[str, Value] = {
        "reg_no": key,
        "applicant": NAME,
        "received_on": date.fromisoformat(received),
        "applicant_type": kind,
        **more,
    }
    if closed:
        values |= {"answered_on": date.fromisoformat(closed), "outcome": outcome}
    return Request(key, values)


LEDGER = Ledger(
    requests=(
        request("25-001", "2025-03-03", "2025-03-20"),
        request("25-002", "2025-03-04", "2025-03-20", "D6"),
        request("25-003", "2025-03-05", "2025-03-20", "D6"),
        request("25-004", "2025-04-01", "2025-04-20", "U1", "C2"),
        request("25-005", "2024-12-20", "2025-01-10", "N1", "C5"),
        request("25-006", "2025-06-03", "2025-06-20", review_on=date(2025, 7, 1), review_result="upheld"),
        request("25-080", "2025-12-25", "2026-01-07"),
        request("25-081", "2025-12-26"),
    )
)


def counted(ledger: Ledger = LEDGER) -> Counts:
    return count(ledger, 2025, FORM, WORDS)


def report_of(*requests: Request) -> Report:
    """The report of somebody who counted these requests."""
    return adopt(BLANK, counted(Ledger(requests=requests)))


def explained(*changed: Request, without: str = "") -> tuple[Cause, ...]:
    """The causes where the report counted these requests otherwise than the ledger has them."""
    instead = {one.id: one for one in changed}
    told = [instead.pop(one.id, one) for one in LEDGER.requests if one.id != without]
    return causes(report_of(*told, *instead.values()), LEDGER, counted(), WORDS)


def of(key: str) -> Request:
    return LEDGER.by_id[key]


def test_a_report_like_the_ledger_has_no_difference_and_no_cause() -> None:
    report = report_of(*LEDGER.requests)
    assert not compare(report, counted()).differing
    assert not causes(report, LEDGER, counted(), WORDS)


def test_one_answered_in_january_and_counted_in_the_old_year_is_found() -> None:
    (cause,) = explained(of("25-080").with_value("answered_on", date(2025, 12, 30)))
    assert cause.requests == ("25-080",)
    assert cause.title == "很可能是这 1 件"
    assert cause.cells == (
        "requests.handled.granted.natural_person",
        "requests.handled.granted.total",
        "requests.handled.total.natural_person",
        "requests.handled.total.total",
        "requests.carried_forward.natural_person",
        "requests.carried_forward.total",
    )
    assert cause.sentence.startswith(
        "25-080：12月25日收到，2026年1月7日答复。跨年答复的，本年计入“四、结转下年度”"
    )


def test_one_answered_under_another_row_is_one_of_those_that_it_may_be() -> None:
    (cause,) = explained(of("25-003").with_value("outcome", "D7"))
    assert set(cause.requests) == {"25-002", "25-003"}
    assert cause.title == "可能是这 2 件中的 1 件"
    assert len(cause.cells) == 4


def test_another_kind_of_applicant_moves_a_request_from_column_to_column() -> None:
    (cause,) = explained(of("25-004").with_value("applicant_type", "C6"))
    assert cause.requests == ("25-004",)
    assert "商业企业" in cause.sentence
    assert "其他" in cause.sentence
    assert all(cell.endswith((".company", ".other_organization")) for cell in cause.cells)


def test_one_left_out_is_found() -> None:
    (cause,) = explained(without="25-004")
    assert cause.requests == ("25-004",)
    assert cause.sentence.startswith("年报像是少计了25-004")


def test_one_received_in_december_and_counted_as_new_is_found() -> None:
    (cause,) = explained(of("25-005").with_value("received_on", date(2025, 1, 2)))
    assert cause.requests == ("25-005",)
    assert "上年结转" in cause.sentence


def test_a_review_under_another_result_is_found() -> None:
    (cause,) = explained(of("25-006").with_value("review_result", "corrected"))
    assert cause.requests == ("25-006",)
    assert cause.cells == ("disputes.reconsideration.upheld", "disputes.reconsideration.corrected")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (request("25-090", "2025-05-06", "2025-05-20", "VOID"), "登记为误登"),
        (request("25-091", "2024-05-06", "2024-05-20"), "不属于 2025 年"),
        (request("25-092", "2025-05-06").with_value("applicant_type", None), "申请人类别"),
    ],
)
def test_one_that_the_ledger_does_not_count_may_have_been_counted(more: Request, told: str) -> None:
    ledger = replace(LEDGER, requests=(*LEDGER.requests, more))
    taken = request(
        more.id, "2024-12-02" if "2024" in told or more.id == "25-091" else "2025-05-06", "2025-05-20"
    )
    report = report_of(*LEDGER.requests, taken)
    (cause,) = causes(report, ledger, counted(ledger), WORDS)
    assert cause.requests == (more.id,)
    assert told in cause.sentence


def test_two_mistakes_are_two_causes() -> None:
    told = explained(
        of("25-080").with_value("answered_on", date(2025, 12, 30)), of("25-004").with_value("outcome", "U3")
    )
    assert [cause.requests for cause in told] == [("25-080",), ("25-004",)]


def test_a_report_that_is_quite_another_one_is_explained_by_no_request() -> None:
    many = report_of(*LEDGER.requests).with_entries(
        {cell.id: 50 for cell in FORM.cells.values() if cell.section == "requests" and not cell.is_total}
    )
    assert not causes(many, LEDGER, counted(), WORDS)


def test_no_name_is_in_what_is_told() -> None:
    told = (*explained(without="25-004"), *explained(of("25-003").with_value("outcome", "D7")))
    assert told
    for cause in told:
        assert NAME not in repr(cause)


# --- adopting


def test_all_counts_fill_an_empty_report_and_totals_stay_automatic() -> None:
    report = adopt(BLANK, counted(), digest="ab")
    assert compare(BLANK, counted()).is_empty
    assert not compare(report, counted()).differing
    assert not compare(report, counted()).blank
    assert not any(FORM.cells[cell].is_total for cell in report.entries)
    assert report.value("requests.received.total") == 7
    assert report.value("proactive.normative_documents.issued") is None


def test_the_report_keeps_counts_and_a_digest_and_no_name() -> None:
    report = adopt(BLANK, counted(), digest=digest_of(LEDGER))
    back = parse(dump(report), load_form)
    assert back == report
    assert back.ledger is not None
    assert back.ledger.digest == digest_of(LEDGER)
    assert dict(back.ledger.cells) == dict(counted().cells)
    assert NAME not in dump(report).decode()
    assert "25-080" not in dump(report).decode()


def test_a_cell_changed_later_against_the_kept_counts_is_told_without_the_ledger() -> None:
    assert compare_kept(BLANK) is None
    report = parse(dump(adopt(BLANK, counted())), load_form)
    untouched, changed = compare_kept(report), compare_kept(report.with_entry("requests.received.company", 4))
    assert untouched is not None
    assert changed is not None
    assert not untouched.differing
    assert [(one.cell, one.report, one.ledger) for one in changed.differing] == [
        ("requests.received.company", 4, 1),
        ("requests.received.total", 10, 7),
    ]


def test_some_cells_take_their_counts_and_others_keep_what_they_have() -> None:
    report = report_of(*LEDGER.requests).with_entries(
        {"requests.handled.granted.natural_person": 9, "requests.received.company": 8}
    )
    taken = adopt(report, counted(), ["requests.received.company"])
    assert taken.value("requests.received.company") == 1
    assert taken.value("requests.handled.granted.natural_person") == 9


def test_the_cells_of_a_cause_make_the_report_like_the_ledger_even_with_typed_totals() -> None:
    early = of("25-080").with_value("answered_on", date(2025, 12, 30))
    report = report_of(*LEDGER.requests[:6], early, of("25-081"))
    totals = {cell.id: report.value(cell.id) for cell in FORM.totals if cell.section == "requests"}
    report = report.with_entries(totals)
    (cause,) = causes(report, LEDGER, counted(), WORDS)
    assert not compare(adopt(report, counted(), cause.cells), counted()).differing


def test_a_total_alone_brings_its_parts_along() -> None:
    taken = adopt(report_of(of("25-001")), counted(), ["requests.received.total"])
    assert taken.value("requests.received.total") == 7
    assert taken.value("requests.received.company") == 1


def test_the_digest_follows_what_is_counted_and_nothing_else() -> None:
    first, *rest = LEDGER.requests
    named = replace(LEDGER, requests=(first.with_value("applicant", "别人").with_value("note", "x"), *rest))
    moved = replace(LEDGER, requests=(first.with_value("outcome", "G2"), *rest))
    assert digest_of(named) == digest_of(LEDGER)
    assert digest_of(moved) != digest_of(LEDGER)
    assert digest_of(replace(LEDGER, closed_by="served_on")) != digest_of(LEDGER)


REQUESTS = st.lists(
    st.tuples(
        st.dates(date(2024, 11, 1), date(2025, 12, 31)),
        st.none() | st.integers(1, 60),
        st.sampled_from(["C1", "C2", "C5"]),
        st.sampled_from(["G1", "D6", "U1", "N1"]),
    ),
    min_size=1,
    max_size=20,
)


@given(REQUESTS, st.data())
def test_any_one_request_counted_otherwise_is_among_those_that_are_told(
    drawn: list[tuple[date, int | None, str, str]], data: st.DataObject
) -> None:
    requests = []
    for i, (received, length, kind, outcome) in enumerate(drawn):
        closed = (received + timedelta(length)).isoformat() if length is not None else ""
        requests.append(request(str(i), received.isoformat(), closed, outcome, kind))
    ledger = Ledger(requests=tuple(requests))
    counts = counted(ledger)
    one = data.draw(st.sampled_from(requests))
    change = data.draw(st.sampled_from([("applicant_type", "C6"), ("outcome", "N5"), ("outcome", "VOID")]))
    others = [changed if changed is not one else one.with_value(*change) for changed in requests]
    if change[0] == "outcome" and one.day("answered_on") is None and change[1] != "VOID":
        return
    report = report_of(*others)
    told = causes(report, ledger, counts, WORDS)
    differing = {d.cell for d in compare(report, counts).differing}
    assert (not differing) == (not told)
    if told:
        assert one.id in told[0].requests
        assert set().union(*(cause.cells for cause in told)) <= differing
    assert not compare(adopt(report, counts), counts).differing
