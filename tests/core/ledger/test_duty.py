"""What is owed, by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.ledger.duty import board, duty
from gxeditor.core.ledger.request import Ledger, Request, Value
from gxeditor.resources import load_calendar

CALENDAR = load_calendar()
TODAY = date(2026, 1, 12)


def request(key: str, received: str = "", **more: str) -> Request:
    values: dict[str, Value] = {field: date.fromisoformat(value) for field, value in more.items()}
    if received:
        values["received_on"] = date.fromisoformat(received)
    return Request(key, values)


@pytest.mark.parametrize(
    ("one", "state", "words", "sign"),
    [
        (request("25-074", "2025-12-09"), "late", "超期 3 天", "▲"),
        (request("25-076", "2025-12-12"), "today", "今天到期", "◆"),
        (
            request(
                "25-072", "2025-12-04", third_party_sent_on="2025-12-12", third_party_back_on="2025-12-24"
            ),
            "soon",
            "还有 2 天",
            "◆",
        ),
        (request("25-077", "2025-12-17"), "soon", "还有 3 天", "◆"),
        (request("25-078", "2025-12-19"), "due", "还有 5 天", ""),
        (request("26-001", "2026-01-05"), "due", "还有 15 天", ""),
        (request("25-075", "2025-12-11", correction_sent_on="2025-12-15"), "waiting", "等补正，未起算", ""),
        (request("1", "2025-12-11", co_agency_sent_on="2025-12-15"), "consulting", "征求意见中", ""),
        (request("2", "2025-12-11", delay_until="2026-01-13"), "soon", "还有 1 天", "◆"),
        (request("3", "2025-12-11", answered_on="2025-12-15"), "answered", "已答复", ""),
        (request("4"), "unknown", "没有收到日期", ""),
    ],
)
def test_how_a_request_stands(one: Request, state: str, words: str, sign: str) -> None:
    found = duty(one, CALENDAR, TODAY)
    assert (found.state, found.words, found.sign) == (state, words, sign)


def test_beyond_the_notices_nothing_is_late() -> None:
    found = duty(request("1", "2026-12-21"), CALENDAR, date(2026, 12, 30))
    assert (found.state, found.day, found.words) == ("unknown", None, "放假安排未收录")


def test_on_a_day_whose_notice_is_not_known_late_is_told_without_days() -> None:
    found = duty(request("1", "2026-11-02"), CALENDAR, date(2027, 1, 5))
    assert (found.state, found.left, found.words) == ("late", None, "超期")


def test_a_saturday_behind_the_last_day_is_late_without_a_working_day() -> None:
    # 20 working days behind 2025-12-31 are up on Thursday, 2026-01-29.
    friday = request("1", "2026-01-04")  # up on Friday, 2026-01-30
    found = duty(friday, CALENDAR, date(2026, 1, 31))
    assert (found.day, found.state, found.words) == (date(2026, 1, 30), "late", "已到期")


def test_the_board_has_what_is_owed_by_day_the_longest_overdue_first() -> None:
    ledger = Ledger(
        requests=(
            request("answered", "2025-11-03", answered_on="2025-11-20"),
            request("soon", "2025-12-17"),
            request("waiting", "2025-12-11", correction_sent_on="2025-12-15"),
            request("late", "2025-12-09"),
            request("later", "2025-10-09"),
            request("soon too", "2025-12-17"),
            request("unknown"),
            Request("void", {"outcome": "VOID"}),
        )
    )
    found = board(ledger, CALENDAR, TODAY)
    assert [[one.request for one in day.duties] for day in found.days] == [
        ["later"],
        ["late"],
        ["soon", "soon too"],
        ["waiting"],
    ]
    assert found.by_id["late"].left == -3
    assert {key: n for key, _, n in found.chips} == {
        "all": 6,
        "open": 5,
        "late": 2,
        "near": 2,
        "waiting": 1,
        "consulting": 0,
        "unknown": 0,
        "answered": 1,
    }


@given(
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["", "answered_on", "correction_sent_on"]))),
    st.integers(0, 300),
)
def test_every_request_is_on_the_board_once_or_answered(drawn: list[tuple[int, str]], ahead: int) -> None:
    requests = []
    for i, (after, field) in enumerate(drawn):
        received = date(2025, 1, 1) + timedelta(after)
        values: dict[str, Value] = {"received_on": received}
        if field:
            values[field] = received + timedelta(5)
        requests.append(Request(str(i), values))
    found = board(Ledger(requests=tuple(requests)), CALENDAR, date(2025, 6, 1) + timedelta(ahead))
    shown = [one.request for day in found.days for one in day.duties]
    assert sorted(shown) == sorted(one.request for one in found.duties if one.state != "answered")
    assert sum(found.counts[state] for state in ("late", "near", "due", "waiting", "answered")) == len(drawn)
    for one in found.duties:
        if one.day is not None and one.state != "answered":
            assert (one.state == "late") == (found.today > one.day)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("answered_on", "答复日期没有定"),
        ("received_on", "收到日期没有定"),
        ("extended_on", "延期告知日期没有定"),
    ],
)
def test_what_nobody_has_settled_makes_no_request_late(field: str, words: str) -> None:
    values: dict[str, Value] = {"received_on": date(2025, 3, 3)}
    values.pop(field, None)
    found = duty(Request("1", values, {field: "2025.2.30"}), CALENDAR, TODAY)
    assert (found.state, found.words, found.left) == ("unknown", words, None)
    assert board(Ledger(requests=(Request("1", values, {field: "是"}),)), CALENDAR, TODAY).counts["late"] == 0
