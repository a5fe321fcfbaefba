"""Working days, by the notices of the State Council."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.errors import Defects
from gxeditor.core.ledger.workdays import Calendar, NoCalendar, parse_year
from gxeditor.resources import load_calendar

CALENDAR = load_calendar()
DAYS = st.dates(date(2019, 1, 1), date(2026, 8, 31))

DEADLINES = """
2025-01-02 2025-01-13 2025-02-06 2025-03-05
2025-01-27 2025-02-12 2025-03-03 2025-03-31
2025-03-31 2025-04-10 2025-04-28 2025-05-29
2025-09-28 2025-10-14 2025-10-31 2025-11-28
2025-12-01 2025-12-10 2025-12-29 2026-01-27
2025-12-04 2025-12-15 2026-01-04 2026-01-30
2025-12-31 2026-01-12 2026-01-29 2026-03-04
2026-01-16 2026-01-27 2026-02-13 2026-03-19
2026-02-10 2026-02-26 2026-03-16 2026-04-14
2026-02-28 2026-03-10 2026-03-27 2026-04-27
2026-04-24 2026-05-08 2026-05-26 2026-06-24
2026-10-10 2026-10-20 2026-11-06 2026-12-04
2026-11-02 2026-11-11 2026-11-30 2026-12-28
"""


@pytest.mark.parametrize("line", DEADLINES.strip().splitlines())
def test_the_seventh_twentieth_and_fortieth_working_day_are_those_computed_elsewhere(line: str) -> None:
    received, *expected = (date.fromisoformat(text) for text in line.split())
    assert [CALENDAR.after(received, count).day for count in (7, 20, 40)] == expected


def test_the_days_passed_over_are_named() -> None:
    counted = CALENDAR.after(date(2025, 12, 24), 14)
    assert counted.day == date(2026, 1, 14)
    assert counted.worked == ((date(2026, 1, 4), "元旦"),)
    assert [day.isoformat() for day, _ in counted.holidays] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert [day.day for day in counted.weekends] == [27, 28, 10, 11]


def test_a_year_without_a_notice_is_not_guessed() -> None:
    with pytest.raises(NoCalendar, match="2027 年放假安排未收录"):
        CALENDAR.after(date(2026, 12, 20), 20)
    assert CALENDAR.last == 2026


def test_days_of_december_are_ruled_by_the_next_notice_once_it_is_known() -> None:
    assert not CALENDAR.works(date(2022, 12, 31))
    years = dict(CALENDAR.years)
    next_year = parse_year(
        {
            "year": 2027,
            "source": "通知",
            "off": [{"name": "元旦", "first": date(2026, 12, 31), "last": date(2027, 1, 2)}],
            "worked": [{"name": "元旦", "day": date(2026, 12, 26)}],
        },
        "2027",
    )
    before, later = Calendar.of(years.values()), Calendar.of([*years.values(), next_year])
    assert before.works(date(2026, 12, 31))
    assert not later.works(date(2026, 12, 31))
    assert later.works(date(2026, 12, 26))


@given(DAYS, st.integers(1, 60))
def test_as_many_working_days_lie_between_as_were_counted(day: date, count: int) -> None:
    reached = CALENDAR.after(day, count).day
    assert CALENDAR.between(day, reached) == count
    assert CALENDAR.between(reached, day) == -count
    assert CALENDAR.works(reached)


@given(DAYS, st.integers(1, 40))
def test_every_day_up_to_the_last_either_counts_or_is_named(day: date, count: int) -> None:
    counted = CALENDAR.after(day, count)
    passed = len(counted.weekends) + len(counted.holidays)
    assert (counted.day - day).days == count + passed


@given(DAYS, st.integers(1, 20), st.integers(0, 10), st.integers(0, 30))
def test_days_that_do_not_count_move_the_day_on(day: date, count: int, after: int, length: int) -> None:
    first = day + timedelta(after)
    without = CALENDAR.after(day, count, [(first, first + timedelta(length))])
    assert without.day >= CALENDAR.after(day, count).day


def test_all_defects_of_a_notice_are_told_at_once() -> None:
    wrong = {
        "year": 2027,
        "off": [{"name": "元旦", "first": date(2027, 1, 3), "last": date(2027, 1, 1)}, {"first": "1月1日"}],
        "worked": [{"name": "春节", "day": date(2027, 2, 3)}, {"name": "春节", "day": date(2025, 2, 8)}],
    }
    with pytest.raises(Defects) as told:
        parse_year(wrong, "2027.toml")
    for part in ("source", "last 早于 first", "name", "不是周六", "不在 2027 年"):
        assert part in str(told.value)


def test_every_day_of_the_shipped_years_is_as_an_independent_source_has_it() -> None:
    import chinese_calendar

    days = [date(2019, 1, 1) + timedelta(i) for i in range((date(2026, 12, 31) - date(2019, 1, 1)).days + 1)]
    assert len(days) == 2922
    apart = [day for day in days if load_calendar().works(day) != chinese_calendar.is_workday(day)]
    assert not apart
    named = {day for year in load_calendar().years.values() for day in year.off}
    assert {day for day in days if chinese_calendar.is_holiday(day) and day.weekday() < 5} <= named


@given(st.dates(date(2019, 1, 1), date(2026, 6, 1)), st.dates(date(2019, 1, 1), date(2026, 6, 1)))
def test_days_between_are_those_that_one_counts_one_by_one(first: date, last: date) -> None:
    calendar = load_calendar()
    early, late = sorted((first, last))
    one_by_one = sum(calendar.works(early + timedelta(i)) for i in range(1, (late - early).days + 1))
    assert calendar.between(early, late) == one_by_one
    assert calendar.between(late, early) == -one_by_one


def test_days_within_are_told_as_those_behind_a_day() -> None:
    calendar = load_calendar()
    behind = calendar.after(date(2025, 12, 25), 13)
    assert behind == calendar.within(date(2025, 12, 26), behind.day)
