"""Working days: which days offices work, by the notices of the State Council, and the n-th working day after another.

Knows Saturdays, Sundays, and for each year the days off and the days worked instead; a year without a notice is never
guessed. Knows no deadline, and not what day it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Any, NamedTuple

from gxeditor.core.defects import Reading
from gxeditor.core.errors import GxError

DAY = timedelta(days=1)


class NoCalendar(GxError):
    """The days off of a year are not known, so a day cannot be counted to; `first` is the earliest that is known."""

    def __init__(self, year: int, first: int | None = None) -> None:
        self.year = year
        early = first is not None and year < first
        super().__init__(
            f"{year} 年放假安排未收录，不能计算。",
            "没有改动任何数据；这个日期先不显示。",
            f"收录的从 {first} 年起；要算更早的，请导入 {year} 年的放假安排。"
            if early
            else f"国务院办公厅发布 {year} 年放假通知后，导入放假安排再算。",
        )


class YearOff(NamedTuple):
    """What a notice rules: `off` holds each day off with the name of its holiday, `worked` each day worked instead."""

    year: int
    source: str
    off: Mapping[date, str]
    worked: Mapping[date, str]


class Counted(NamedTuple):
    """The n-th working day after a day.

    `weekends` are the Saturdays and Sundays passed over, `holidays` the other days off with their names, `worked` the
    Saturdays and Sundays that counted, with the holiday that they are worked for; each in order.
    """

    day: date
    weekends: tuple[date, ...]
    holidays: tuple[tuple[date, str], ...]
    worked: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Calendar:
    """The years whose notice is known; of several of one year the last one counts."""

    years: Mapping[int, YearOff] = field(default_factory=dict)

    @staticmethod
    def of(years: Iterable[YearOff]) -> Calendar:
        return Calendar(MappingProxyType({one.year: one for one in years}))

    @property
    def last(self) -> int | None:
        """The last year up to which every year is known from the first on; None if none is."""
        known = sorted(self.years)
        for i, year in enumerate(known):
            if year != known[0] + i:
                return known[i - 1]
        return known[-1] if known else None

    def works(self, day: date) -> bool:
        """Whether offices work on a day. Raises `NoCalendar` if its year is not known.

        The last days of December may be ruled by the next year's notice, if that is known already.
        """
        return self._days(day.year)[day.timetuple().tm_yday - 1]

    def after(self, day: date, count: int, skipped: Iterable[tuple[date, date]] = ()) -> Counted:
        """The `count`-th working day after a day, which does not count itself.

        Days within `skipped`, pairs of a first and a last day, do not count. Raises `NoCalendar`.
        """
        without = tuple(skipped)
        if without:
            return self._counted(day, count, without)
        if (day, count) not in self._after:
            self._after[day, count] = self._counted(day, count, ())
        return self._after[day, count]

    @cached_property
    def _after(self) -> dict[tuple[date, int], Counted]:
        """What was counted before: thousands of requests are received on some hundred days."""
        return {}

    def _counted(self, day: date, count: int, without: tuple[tuple[date, date], ...]) -> Counted:
        passed: list[date] = []
        left = count
        while left > 0:
            day += DAY
            works = self.works(day)
            if any(first <= day <= last for first, last in without):
                continue
            left -= works
            if not works or day.weekday() >= 5:
                passed.append(day)
        return self._told(day, passed)

    def within(self, first: date, last: date) -> Counted:
        """The days from a first to a last one, both among them: what counts of them and what does not.

        Raises `NoCalendar`.
        """
        days = (first + i * DAY for i in range((last - first).days + 1))
        return self._told(last, [day for day in days if not self.works(day) or day.weekday() >= 5])

    def between(self, first: date, last: date) -> int:
        """How many working days lie behind `first`, up to `last`; negative the other way round. Raises `NoCalendar`."""
        if last < first:
            return -self.between(last, first)
        whole = sum(self._worked_by(date(year, 12, 31)) for year in range(first.year, last.year))
        return whole + self._worked_by(last) - self._worked_by(first)

    def _told(self, day: date, passed: Iterable[date]) -> Counted:
        """What is told of days that are off, or Saturdays and Sundays."""
        weekends: list[date] = []
        holidays: list[tuple[date, str]] = []
        worked: list[tuple[date, str]] = []
        for one in passed:
            if self.works(one):
                worked.append((one, self._name(one, "worked")))
            elif name := self._name(one, "off"):
                holidays.append((one, name))
            else:
                weekends.append(one)
        return Counted(day, tuple(weekends), tuple(holidays), tuple(worked))

    @cached_property
    def _known(self) -> dict[int, tuple[bool, ...]]:
        return {}

    @cached_property
    def _sums(self) -> dict[int, tuple[int, ...]]:
        return {}

    def _days(self, year: int) -> tuple[bool, ...]:
        """Whether offices work, for each day of a year; made once, as a ledger asks for thousands of days."""
        if year not in self._known:
            if year not in self.years:
                raise NoCalendar(year, min(self.years, default=None))
            notices = [one for one in (self.years.get(year + 1), self.years[year]) if one is not None]
            first = date(year, 1, 1)
            days = (first + i * DAY for i in range((date(year, 12, 31) - first).days + 1))
            self._known[year] = tuple(
                any(day in one.worked for one in notices)
                or (day.weekday() < 5 and not any(day in one.off for one in notices))
                for day in days
            )
        return self._known[year]

    def _worked_by(self, day: date) -> int:
        """How many working days its year has up to a day."""
        if day.year not in self._sums:
            self._sums[day.year] = tuple(accumulate(self._days(day.year)))
        return self._sums[day.year][day.timetuple().tm_yday - 1]

    def _name(self, day: date, kind: str) -> str:
        for year in (day.year + 1, day.year):
            one = self.years.get(year)
            if one is not None and day in (names := getattr(one, kind)):
                return str(names[day])
        return ""


def parse_year(data: Mapping[str, Any], what: str) -> YearOff:
    """The notice of a year from the data of its file; `what` names the file.

    Raises `Defects` with every defect: no year, no source, days that are none, days off that end before they begin,
    days of a year that the notice cannot rule, a day worked that is no Saturday or Sunday, a day both off and worked.
    """
    one = Reading(data)
    one.known(("year", "source", "off", "worked"))
    year = one.data.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 1949 < year < 3000:
        one.should("year", "为四位数的年份")
        year = 0
    source = one.text("source")
    off: dict[date, str] = {}
    for item in one.tables("off", "放假的日子", needed=True):
        item.known(("name", "first", "last"))
        name, first, last = item.text("name"), _day(item, "first", year), _day(item, "last", year)
        if first is None or last is None:
            continue
        if last < first or (last - first).days > 31:
            item.wrong("last 早于 first，或一次放假超过 31 天")
            continue
        off.update((first + i * DAY, name) for i in range((last - first).days + 1))
    worked: dict[date, str] = {}
    for item in one.tables("worked", "调休上班的日子"):
        item.known(("name", "day"))
        day = _day(item, "day", year)
        if day is None:
            continue
        if day.weekday() < 5:
            item.wrong(f"{day} 不是周六、周日")
        if day in off:
            item.wrong(f"{day} 既放假又上班")
        worked[day] = item.text("name")
    one.check(what)
    return YearOff(year, source, MappingProxyType(off), MappingProxyType(worked))


def _day(item: Reading, key: str, year: int) -> date | None:
    value = item.data.get(key)
    if type(value) is not date:
        item.should(key, "为日期，如 2027-01-01")
        return None
    if not (value.year == year or (value.year, value.month) == (year - 1, 12)):
        item.wrong(f"{value} 不在 {year} 年的放假安排里")
        return None
    return value
