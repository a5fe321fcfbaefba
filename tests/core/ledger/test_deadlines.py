"""When a request has to be answered, stretch by stretch."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.ledger.deadlines import Deadline, deadline
from gxeditor.core.ledger.request import Request, Value
from gxeditor.resources import load_calendar

CALENDAR = load_calendar()


def due(**values: Value) -> Deadline:
    return deadline(Request("1", values), CALENDAR)


def test_the_day_of_receipt_does_not_count() -> None:
    assert due(received_on=date(2025, 12, 8)).day == date(2026, 1, 6)


def test_days_on_which_a_third_party_is_asked_do_not_count() -> None:
    found = due(
        received_on=date(2025, 12, 4),
        received_basis="submitted",
        third_party_sent_on=date(2025, 12, 12),
        third_party_back_on=date(2025, 12, 24),
    )
    assert found.day == date(2026, 1, 14)
    assert found.start_why == "当面提交"
    assert [(s.first.isoformat(), s.last.isoformat(), s.days, s.why) for s in found.stretches] == [
        ("2025-12-05", "2025-12-12", 6, ""),
        ("2025-12-13", "2025-12-24", 12, "征求第三方意见"),
        ("2025-12-25", "2026-01-14", 14, ""),
    ]
    assert found.left(date(2026, 1, 12), CALENDAR) == 2


def test_days_left_are_working_days_and_negative_once_they_are_gone() -> None:
    found = due(received_on=date(2025, 12, 9))
    assert found.day == date(2026, 1, 7)
    assert found.left(date(2026, 1, 12), CALENDAR) == -3
    assert found.left(date(2026, 1, 7), CALENDAR) == 0


def test_a_correction_begins_the_days_anew() -> None:
    asked = due(received_on=date(2025, 3, 3), correction_sent_on=date(2025, 3, 10))
    assert asked.standing == "waiting"
    assert asked.day is None
    back = due(
        received_on=date(2025, 3, 3),
        correction_sent_on=date(2025, 3, 10),
        correction_back_on=date(2025, 3, 31),
    )
    assert back.day == date(2025, 4, 28)
    assert back.start_why == "收到补正"


def test_an_extension_adds_twenty_working_days() -> None:
    assert due(received_on=date(2025, 1, 2), extended_on=date(2025, 1, 20)).day == date(2025, 3, 5)


def test_while_an_opinion_is_waited_for_no_day_is_known() -> None:
    found = due(received_on=date(2025, 3, 3), co_agency_sent_on=date(2025, 3, 5))
    assert found.standing == "consulting"
    assert found.day is None
    assert "征求其他机关意见" in found.why


def test_two_opinions_asked_at_once_are_one_stretch_of_days() -> None:
    both = due(
        received_on=date(2025, 3, 3),
        third_party_sent_on=date(2025, 3, 5),
        third_party_back_on=date(2025, 3, 14),
        co_agency_sent_on=date(2025, 3, 7),
        co_agency_back_on=date(2025, 3, 12),
    )
    alone = due(
        received_on=date(2025, 3, 3),
        third_party_sent_on=date(2025, 3, 5),
        third_party_back_on=date(2025, 3, 14),
    )
    assert both.day == alone.day


def test_a_delay_told_to_the_applicant_is_the_day() -> None:
    found = due(received_on=date(2025, 3, 3), delay_until=date(2025, 9, 1))
    assert (found.standing, found.day) == ("delayed", date(2025, 9, 1))


def test_beyond_the_notices_no_day_is_told() -> None:
    found = due(received_on=date(2026, 12, 21))
    assert found.day is None
    assert found.why == "2027 年放假安排未收录，不能计算。"
    assert found.no_calendar == 2027


def test_without_a_day_of_receipt_nothing_is_counted() -> None:
    assert due().standing == "unknown"


DAYS = st.dates(date(2024, 1, 1), date(2026, 3, 31))
SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40))


@given(DAYS, SPANS, SPANS, st.booleans())
def test_the_stretches_that_count_make_twenty_or_forty(
    received: date, one: tuple[int, int], two: tuple[int, int], extended: bool
) -> None:
    values: dict[str, Value] = {"received_on": received}
    for field, (after, length) in (("third_party", one), ("co_agency", two)):
        values[f"{field}_sent_on"] = received + timedelta(after)
        values[f"{field}_back_on"] = received + timedelta(after + length)
    if extended:
        values["extended_on"] = received
    found = due(**values)
    assert found.day is not None
    assert sum(s.days for s in found.stretches if not s.why) == (40 if extended else 20)
    at = received
    for stretch in found.stretches:
        assert stretch.first == at + timedelta(1)
        at = stretch.last
    assert at == found.day
    assert found.day >= due(received_on=received).day  # type: ignore[operator]
