"""When a request has to be answered, stretch by stretch."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.ledger.deadlines import Deadline, deadline, explained, sentence, worked
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


def test_an_opinion_that_never_came_is_not_counted_for_the_fifteen_days_that_it_had() -> None:
    # Asked on 03-05, which is the second day; 15 working days are up on 03-26, and 18 more on 04-22.
    found = due(
        received_on=date(2025, 3, 3), third_party_sent_on=date(2025, 3, 5), answered_on=date(2025, 4, 22)
    )
    assert (found.standing, found.day) == ("answered", date(2025, 4, 22))
    assert "征求第三方意见（没有收到，按 15 个工作日）" in sentence(found)
    beyond = due(
        received_on=date(2026, 12, 10), third_party_sent_on=date(2026, 12, 15), answered_on=date(2026, 12, 31)
    )
    assert (beyond.day, beyond.no_calendar) == (None, 2027)


def test_who_is_asked_behind_the_last_day_is_asked_too_late() -> None:
    # 20 working days behind 2025-03-03 are up on 2025-03-31.
    in_time = due(received_on=date(2025, 3, 3), third_party_sent_on=date(2025, 3, 31))
    late = due(received_on=date(2025, 3, 3), third_party_sent_on=date(2025, 4, 1))
    assert in_time.standing == "consulting"
    assert (late.standing, late.day) == ("due", date(2025, 3, 31))


def test_stretches_over_the_turn_of_the_year_by_hand() -> None:
    # Corrected on 12-30: 12-31, then 2026-01-04 (worked), 05–09, 12–16, 19–23, 26–28 make twenty.
    corrected = due(
        received_on=date(2025, 12, 1),
        correction_sent_on=date(2025, 12, 8),
        correction_back_on=date(2025, 12, 30),
    )
    assert corrected.day == date(2026, 1, 28)
    # Received on a Saturday that is off: the days begin on Monday, 12-22.
    assert (
        due(received_on=date(2025, 12, 20)).day
        == due(received_on=date(2025, 12, 21)).day
        == date(2026, 1, 19)
    )
    # Received on a Sunday that is worked, 2026-01-04: it does not count itself.
    assert due(received_on=date(2026, 1, 4)).day == date(2026, 1, 30)
    # Received within the days off of 国庆: 10-09 is the first.
    assert due(received_on=date(2025, 10, 3)).day == date(2025, 11, 4)
    # Two opinions one after the other, with a make-up day (2025-04-27) in what does not count.
    both = due(
        received_on=date(2025, 4, 14),
        third_party_sent_on=date(2025, 4, 16),
        third_party_back_on=date(2025, 4, 25),
        co_agency_sent_on=date(2025, 4, 25),
        co_agency_back_on=date(2025, 4, 28),
    )
    assert [s.days for s in both.stretches] == [2, 9, 3, 18]


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


# --- in words


def told(today: date | None = date(2026, 1, 12), **values: Value) -> list[tuple[str, ...]]:
    return [tuple(line) for line in explained(due(**values), CALENDAR, today)]


def test_the_calculation_is_told_stretch_by_stretch_with_all_days_passed_over() -> None:
    lines = told(
        received_on=date(2025, 12, 4),
        received_basis="submitted",
        third_party_sent_on=date(2025, 12, 12),
        third_party_back_on=date(2025, 12, 24),
    )
    assert lines == [
        ("收到", "12月4日，当面提交，当天不计", "", ""),
        ("计入", "12月5日至12日", "6 个工作日", ""),
        ("不计入", "12月13日至24日，征求第三方意见", "12 天", ""),
        (
            "计入",
            "12月25日至1月14日",
            "14 个工作日",
            "跳过：周六周日 12月6日、7日、27日、28日，1月10日、11日；元旦 1月1日至3日。1月4日是周日，调休上班，计入",
        ),
        ("第 20 个", "1月14日，今天1月12日，还有 2 个工作日", "", ""),
        ("依据", "《条例》第三十三条；放假安排 2025、2026 年已收录", "", ""),
    ]


def test_a_late_day_todays_day_and_an_unknown_today_are_told() -> None:
    day = date(2025, 12, 9)
    assert told(received_on=day)[-2][1] == "1月7日，今天1月12日，超期 3 个工作日"
    assert told(today=date(2026, 1, 7), received_on=day)[-2][1] == "1月7日，今天1月7日，今天到期"
    assert told(today=None, received_on=day)[-2][1] == "1月7日"
    assert told(received_on=day, answered_on=date(2026, 1, 5))[-2][1] == "1月7日"


def test_what_there_is_no_day_for_is_told_with_the_reason() -> None:
    assert told() == [("答复期限", "没有收到日期，不能计算。", "", "")]
    beyond = told(received_on=date(2026, 12, 21))
    assert beyond[1][1] == "2027 年放假安排未收录，不能计算。导入 2027 年放假安排后再算。"
    waiting = told(received_on=date(2025, 3, 3), correction_sent_on=date(2025, 3, 10))
    assert "收到以后起算" in waiting[1][1]
    back = told(
        received_on=date(2025, 3, 3),
        correction_sent_on=date(2025, 3, 10),
        correction_back_on=date(2025, 3, 31),
    )
    assert back[0] == ("收到补正", "3月31日，重新起算，当天不计", "", "")
    delayed = told(received_on=date(2025, 3, 3), delay_until=date(2025, 9, 1))
    assert delayed[1][:2] == ("延迟答复至", "9月1日，按告知的延迟答复日期。")


def test_an_extension_counts_to_the_fortieth() -> None:
    lines = told(received_on=date(2025, 1, 2), extended_on=date(2025, 1, 20))
    assert lines[-2][0] == "第 40 个"
    assert lines[-1][1] == "《条例》第三十三条；放假安排 2025 年已收录"


def test_one_sentence_has_the_holidays_and_what_does_not_count() -> None:
    assert (
        sentence(due(received_on=date(2025, 1, 20))) == "1月20日收到，春节休 8 天，第 20 个工作日为 2月21日"
    )
    asked = due(
        received_on=date(2025, 3, 3),
        third_party_sent_on=date(2025, 3, 5),
        third_party_back_on=date(2025, 3, 14),
    )
    assert sentence(asked) == "3月3日收到，清明节休 3 天，征求第三方意见 9 天不计，第 20 个工作日为 4月10日"
    assert sentence(due(received_on=date(2026, 12, 21))) == "2027 年放假安排未收录，不能计算"


@given(DAYS, SPANS, st.booleans(), st.booleans())
def test_each_day_behind_the_first_is_counted_passed_over_or_does_not_count(
    received: date, one: tuple[int, int], consulted: bool, extended: bool
) -> None:
    values: dict[str, Value] = {"received_on": received}
    if consulted:
        values["third_party_sent_on"] = received + timedelta(one[0])
        values["third_party_back_on"] = received + timedelta(sum(one))
    if extended:
        values["extended_on"] = received
    found = due(**values)
    assert found.day is not None
    counting = [s for s in found.stretches if not s.why]
    passed = sum(len(s.counted.weekends) + len(s.counted.holidays) for s in counting if s.counted)
    waited = sum(s.days for s in found.stretches if s.why)
    assert passed + waited + worked(found) == (found.day - received).days
    lines = explained(found, CALENDAR, received)
    assert lines[-2].head == f"第 {40 if extended else 20} 个"
    assert all(line.text for line in lines)


def test_a_day_that_is_not_settled_gives_no_deadline_unless_it_decides_nothing() -> None:
    values: dict[str, Value] = {"received_on": date(2025, 3, 3)}
    found = deadline(Request("1", values, {"extended_on": "是"}), CALENDAR)
    assert found.day is None
    assert found.why == "延期告知日期没有定，不能计算。"
    assert deadline(Request("1", values, {"outcome": "给了"}), CALENDAR).day == date(2025, 3, 31)
    delayed = values | {"delay_until": date(2025, 6, 3)}
    assert deadline(Request("1", delayed, {"extended_on": "是"}), CALENDAR).day == date(2025, 6, 3)
