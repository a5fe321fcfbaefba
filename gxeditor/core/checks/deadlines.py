"""The checks of time: how long a report has until it must be public, and that the day is past.

Each takes a report, a rule that names it in `test` with its day (`by_law` for these kinds of agency), and what else a
report is checked with, the day of checking among it. A local day of the profile goes before that of the law. Nobody is
reminded of a report that says it was published in time, nor of one whose deadline is long past. Knows no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from gxeditor.core.checks.anchors import Field
from gxeditor.core.checks.findings import Finding, NotChecked
from gxeditor.core.checks.profiles import Given, day_of
from gxeditor.core.checks.rules import Rule
from gxeditor.core.expressions import expression
from gxeditor.core.report import Report

_DATE = expression(r"\s*([0-9]{4})\s*[年./-]\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})\s*日?\s*")
_CHINESE_DATE = expression(
    "([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = "〇一二三四五六七八九"
_HALF = str.maketrans("０１２３４５６７８９．－／○零", "0123456789.-/〇〇")


@lru_cache(maxsize=64)
def read_date(text: str) -> date | None:
    """The day that a date in figures or Chinese numerals names; None if it names none, or none that there is."""
    plain = "".join(text.translate(_HALF).split())
    found = _DATE.fullmatch(plain)
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
        chinese = _CHINESE_DATE.fullmatch(plain)
        if chinese is None:
            return None
        year = int("".join(str(_DIGITS.index(char)) for char in chinese[1]))
        return date(year, _below_hundred(chinese[2]), _below_hundred(chinese[3]))
    except ValueError:
        return None


def _below_hundred(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS.index(ones)
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


class Deadline(NamedTuple):
    """The day by which a report must be public, and where that is stated, in words."""

    day: date
    source: str


def deadline(report: Report, rule: Rule, given: Given) -> Deadline | NotChecked | None:
    """By when a report must be public, after the rule and the profile.

    None if the rule is about other kinds of agency, or nobody names a day for this kind; a reason if the report
    does not say its year.
    """
    if report.kind.value not in rule.data.get("kinds", ()):
        return None
    kind, profile = report.kind, given.profile
    stated = profile.rule("deadlines.publish", kind)
    if stated is None and kind.value not in rule.data["by_law"]:
        return None
    if not report.year:
        return NotChecked(rule, "没有写年份", ())
    year = report.year + 1
    source = str(rule.data["source"])
    if stated is not None:
        submit = profile.rule("deadlines.submit", kind)
        before = day_of(submit.value, year) if submit is not None else None
        source = f"{profile.name}的要求" + (f"，{_words(before)}前报送" if before is not None else "")
    day = day_of(str(stated.value if stated is not None else rule.data["day"]), year)
    return Deadline(day, source) if day is not None else None


def _published(report: Report) -> date | None:
    """The day on which a report says it was published: the date under it, or when it was made final."""
    days = [read_date(report.date)]
    if report.is_final:
        days.append(read_date(report.finals[-1].date))
    known = [day for day in days if day is not None]
    return min(known) if known else None


def _near(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """The last weeks before the day, while nothing says that it is done."""
    until = deadline(report, rule, given)
    if until is None or isinstance(until, NotChecked):
        yield from [until] if until is not None else []
    elif given.today is None:
        yield NotChecked(rule, "没有日期", ())
    else:
        left = (until.day - given.today).days
        published = _published(report)
        if 0 <= left <= rule.data["days"] and (published is None or published > given.today):
            yield _told(report, rule, until, f"还有 {left} 天" if left else "就是今天")


def _past(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """After the day, for some months, unless the report says that it was in time."""
    until = deadline(report, rule, given)
    if until is None or isinstance(until, NotChecked):
        yield from [until] if until is not None else []
    elif given.today is None:
        yield NotChecked(rule, "没有日期", ())
    else:
        late = (given.today - until.day).days
        published = _published(report)
        if 0 < late <= rule.data["days"] and (published is None or published > until.day):
            said = f"落款日期是 {_words(published)}" if published is not None else f"已过 {late} 天"
            yield _told(report, rule, until, said)


def _told(report: Report, rule: Rule, until: Deadline, said: str) -> Finding:
    message = rule.message.format(wanted=_words(until.day), said=said, name=until.source)
    # What it rests on: an explanation given once holds on all later days.
    return Finding(rule, Field("date"), message, values=(until.day.isoformat(), report.date))


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


TESTS = {"deadline_near": _near, "deadline_past": _past}
"""The checks that a rule can name in `test`."""
