"""When a request has to be answered, and how that day is reached (《条例》第三十、三十二至三十五条).

Knows the 20 working days, what begins them anew, what adds to them and what does not count, and tells each stretch with
its days, in lines and in one sentence. Knows no holiday itself, counts nothing for a report, and finds no fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal, NamedTuple

from gxeditor.core.ledger.request import Request
from gxeditor.core.ledger.workdays import DAY, Calendar, Counted, NoCalendar

ANSWER = 20
"""Working days for an answer, and the most that an extension adds (第三十三条第二款)."""
CORRECTION = 7
"""Working days after receipt within which a correction is asked for (第三十条)."""
CONSULTED = 15
"""Working days within which a third party or another agency has to answer (第三十二、三十四条)."""

CORRECTED = "收到补正"
"""How `Deadline.start_why` calls a day of receipt that is that of a correction."""

Standing = Literal["due", "answered", "waiting", "consulting", "delayed", "unknown"]
"""Whether a day is known (due, answered, delayed) and if not, for what the request waits: for a correction, for the
opinion of others, or for a day that the ledger does not say."""


class Stretch(NamedTuple):
    """Days that count, or do not: `days` are working days where they count, days of the calendar where they do not.

    `counted` says what was passed over where they count; `why` why they do not.
    """

    first: date
    last: date
    days: int
    why: str = ""
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a request is due: `day`, None while that is not known, and `why` it is not, in words.

    `start` is the day from which is counted, which does not count itself, and `start_why` what it is; `stretches` are
    the days after it, in order; `basis` are the articles.
    """

    standing: Standing
    day: date | None = None
    start: date | None = None
    start_why: str = ""
    stretches: tuple[Stretch, ...] = ()
    basis: tuple[str, ...] = ()
    why: str = ""
    no_calendar: int | None = None

    def left(self, today: date, calendar: Calendar) -> int | None:
        """Working days that are left, 0 on the day itself, negative once it has passed; None if no day is known."""
        if self.day is None or self.standing == "answered":
            return None
        try:
            return calendar.between(today, self.day)
        except NoCalendar:
            return None


_DECIDING = {
    "received_on": "收到日期",
    "correction_sent_on": "补正告知日期",
    "correction_back_on": "收到补正日期",
    "third_party_sent_on": "征求第三方意见日期",
    "third_party_back_on": "第三方意见收到日期",
    "co_agency_sent_on": "征求其他机关意见日期",
    "co_agency_back_on": "其他机关意见收到日期",
    "extended_on": "延期告知日期",
    "delay_until": "延迟答复至",
}
"""The days by which a deadline is reckoned, as their columns are headed."""


def _undecided(request: Request) -> str:
    """The heading of a day that decides when a request is due and that is not settled; "" if there is none."""
    if not request.unsettled or request.day("delay_until") is not None:
        return ""
    return next((heading for field, heading in _DECIDING.items() if field in request.unsettled), "")


_RECEIVED = {
    "submitted": "当面提交",
    "signed": "邮寄签收",
    "confirmed": "平信，双方确认",
    "agreed": "网络或传真，双方确认",
    "system": "系统收到",
}
"""How a day of receipt is fixed, by the code of `received_basis` (第三十一条)."""


def deadline(request: Request, calendar: Calendar, closed_by: str = "answered_on") -> Deadline:
    """When a request is due, whatever has become of it. A year without a notice gives no day, and says so.

    Nor does a day that decides it, as long as something stands for it that nobody has settled.
    """
    if unsettled := _undecided(request):
        return Deadline("unknown", why=f"{unsettled}没有定，不能计算。")
    received = request.day("received_on")
    if received is None:
        return Deadline("unknown", why="没有收到日期，不能计算。")
    answered = request.day(closed_by)
    standing: Standing = "answered" if answered is not None else "due"
    start, why = received, _RECEIVED.get(request.text("received_basis"), "收到申请")
    basis = ["《条例》第三十三条"]
    asked, back = request.day("correction_sent_on"), request.day("correction_back_on")
    if back is not None:
        start, why = back, CORRECTED
        basis.append("第三十条")
    elif asked is not None:
        said = f"{_said(asked)}告知补正，还没有收到补正；收到以后起算。"
        return Deadline(
            "answered" if answered else "waiting",
            start=received,
            start_why=why,
            basis=("《条例》第三十条",),
            why=said,
        )
    until = request.day("delay_until")
    if until is not None:
        delayed: Standing = "answered" if answered else "delayed"
        return Deadline(
            delayed, until, received, why, basis=("《条例》第三十五条",), why="按告知的延迟答复日期。"
        )
    try:
        skipped, open_since, names = _consultations(request, start, calendar if answered else None)
    except NoCalendar as missing:
        return _beyond(missing, standing, start, why, basis)
    if names:
        basis.append("第三十三条第三款")
    days = ANSWER
    if request.day("extended_on") is not None:
        days += ANSWER
        basis.append("第三十三条第二款")
    if open_since is not None:
        try:
            passed = _stretches(start, days, skipped, calendar)[-1].last < open_since
        except NoCalendar:
            passed = False
        if not passed:  # who is asked only behind the last day is asked too late: that day stays
            return Deadline(
                "consulting",
                start=start,
                start_why=why,
                basis=tuple(basis),
                why=f"{_said(open_since)}{names}，还没有收到；收到以后接着算。",
            )
    try:
        stretches = _stretches(start, days, skipped, calendar)
    except NoCalendar as missing:
        return _beyond(missing, standing, start, why, basis)
    return Deadline(standing, stretches[-1].last, start, why, stretches, tuple(basis))


def _beyond(missing: NoCalendar, standing: Standing, start: date, why: str, basis: list[str]) -> Deadline:
    return Deadline(
        standing,
        start=start,
        start_why=why,
        basis=tuple(basis),
        why=missing.what,
        no_calendar=missing.year,
    )


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


_ASKED = (("third_party", "征求第三方意见"), ("co_agency", "征求其他机关意见"))


def _consultations(
    request: Request, start: date, answered: Calendar | None
) -> tuple[tuple[tuple[date, date, str], ...], date | None, str]:
    """The days on which opinions were waited for, those that lie behind the start; since when one is still waited for;
    and whose. The day of asking counts, that of the opinion does not.

    Of a request that is answered (`answered` is the calendar then) none is waited for any more: one that never came was
    for 15 working days, within which it had to (第三十二、三十四条). Raises `NoCalendar`.
    """
    found: list[tuple[date, date, str]] = []
    since: date | None = None
    names = ""
    for field, name in _ASKED:
        sent, back = request.day(f"{field}_sent_on"), request.day(f"{field}_back_on")
        if sent is None:
            continue
        names = names or name
        if back is None and answered is not None:
            back, name = answered.after(sent, CONSULTED).day, f"{name}（没有收到，按 {CONSULTED} 个工作日）"
        if back is None:
            since = min(since, sent) if since else sent
        elif back > max(sent, start):
            found.append((max(sent, start) + DAY, back, name))
    return tuple(sorted(found)), since, names


def _stretches(
    start: date, days: int, skipped: tuple[tuple[date, date, str], ...], calendar: Calendar
) -> tuple[Stretch, ...]:
    """The stretches after `start` up to the last of `days` working days, those that do not count between them."""
    stretches: list[Stretch] = []
    left, at = days, start
    for first, last, why in skipped:
        if last <= at:
            continue
        first = max(first, at + DAY)
        if calendar.after(at, left).day < first:
            break
        before = calendar.between(at, first - DAY)
        if first - DAY > at:
            counted = calendar.within(at + DAY, first - DAY)
            stretches.append(Stretch(at + DAY, first - DAY, before, counted=counted))
        left -= before
        stretches.append(Stretch(first, last, (last - first).days + 1, why))
        at = last
    counted = calendar.after(at, left)
    stretches.append(Stretch(at + DAY, counted.day, left, counted=counted))
    return tuple(stretches)


# --- in words


class Line(NamedTuple):
    """One line of the calculation: its head (计入), what it says, the figure at its end, and small print below it."""

    head: str
    text: str
    figure: str = ""
    small: str = ""


def explained(deadline: Deadline, calendar: Calendar, today: date | None = None) -> tuple[Line, ...]:
    """The calculation of a deadline line by line, as an office writes it down (收到、计入、不计入、依据).

    All days that were passed over stand below the last stretch that counts. Without `today` nothing is said of the days
    that are left. The last line names the articles and the years whose days off were used.
    """
    if deadline.start is None:
        return (Line("答复期限", deadline.why),)
    again = deadline.start_why == CORRECTED
    how = "重新起算，当天不计" if again else f"{deadline.start_why}，当天不计"
    lines = [Line("收到补正" if again else "收到", f"{_said(deadline.start)}，{how}")]
    if deadline.no_calendar is not None:
        lines.append(Line("答复期限", f"{deadline.why}导入 {deadline.no_calendar} 年放假安排后再算。"))
    elif deadline.day is None:
        lines.append(Line("答复期限", deadline.why))
    elif not deadline.stretches:
        lines.append(Line("延迟答复至", f"{_dated(deadline.day, deadline.start)}，{deadline.why}"))
    else:
        counting = [one for one in deadline.stretches if not one.why]
        for one in deadline.stretches:
            span = _span(one.first, one.last)
            if one.why:
                lines.append(Line("不计入", f"{span}，{one.why}", f"{one.days} 天"))
            elif one.days:
                small = passed_over(counting) if one is counting[-1] else ""
                lines.append(Line("计入", span, f"{one.days} 个工作日", small))
        lines.append(Line(f"第 {worked(deadline)} 个", _last_line(deadline, calendar, today)))
    articles = [one for i, one in enumerate(deadline.basis) if not _is_part(one, deadline.basis[:i])]
    lines.append(Line("依据", "；".join(("、".join(articles), *_notices(deadline)))))
    return tuple(lines)


def sentence(deadline: Deadline) -> str:
    """The calculation in one clause, or why there is no day: 「1月20日收到，春节休 8 天，第 20 个工作日为 2月21日」."""
    if deadline.day is None or deadline.start is None:
        return deadline.why.removesuffix("。")
    if not deadline.stretches:
        return f"告知延迟答复至 {_dated(deadline.day, deadline.start)}"
    counting = [one.counted for one in deadline.stretches if not one.why and one.counted is not None]
    days = [pair for counted in counting for pair in counted.holidays]
    off = [f"{name}休 {len(of)} 天" for name, of in _by_name(days).items()]
    skipped = [f"{one.why} {one.days} 天不计" for one in deadline.stretches if one.why]
    begun = f"{_said(deadline.start)}{'收到补正' if deadline.start_why == CORRECTED else '收到'}"
    last = f"第 {worked(deadline)} 个工作日为 {_dated(deadline.day, deadline.start)}"
    return "，".join((begun, *off, *skipped, last))


def worked(deadline: Deadline) -> int:
    """How many working days the deadline counts: 20, or 40 with an extension."""
    return sum(one.days for one in deadline.stretches if not one.why)


def passed_over(stretches: Iterable[Stretch]) -> str:
    """All days that were passed over in stretches, and those worked instead, as `passed_words` tells them."""
    counted = [one.counted for one in stretches if one.counted is not None]
    return passed_words(
        [day for one in counted for day in one.weekends],
        [pair for one in counted for pair in one.holidays],
        [pair for one in counted for pair in one.worked],
    )


def passed_words(
    weekends: Sequence[date], holidays: Sequence[tuple[date, str]], worked: Sequence[tuple[date, str]]
) -> str:
    """The days of a `Counted`: 「跳过：周六周日 …；元旦 1月1日至3日。1月4日是周日，调休上班，计入」; "" for none."""
    told = [f"周六周日 {_days(weekends)}"] if weekends else []
    told += [f"{name} {'、'.join(_runs(of))}" for name, of in _by_name(holidays).items()]
    made_up = "；".join(f"{_said(day)}是周{_WEEKDAYS[day.weekday()]}，调休上班，计入" for day, _ in worked)
    skipped = f"跳过：{'；'.join(told)}" if told else ""
    return "。".join(part for part in (skipped, made_up) if part)


_WEEKDAYS = "一二三四五六日"


def _last_line(deadline: Deadline, calendar: Calendar, today: date | None) -> str:
    assert deadline.day is not None
    assert deadline.start is not None
    told = _dated(deadline.day, deadline.start)
    left = None if today is None else deadline.left(today, calendar)
    if today is None or left is None:
        return told
    ahead = "今天到期" if today == deadline.day else f"还有 {left} 个工作日"
    if today > deadline.day:
        ahead = f"超期 {-left} 个工作日" if left else "已到期"
    return f"{told}，今天{_dated(today, deadline.day)}，{ahead}"


def _is_part(article: str, before: Iterable[str]) -> bool:
    """Whether a paragraph is one of an article that was named already."""
    return any(article.startswith(one.removeprefix("《条例》")) for one in before)


def _notices(deadline: Deadline) -> tuple[str, ...]:
    if not deadline.stretches:
        return ()
    years = range(deadline.stretches[0].first.year, deadline.stretches[-1].last.year + 1)
    return (f"放假安排 {'、'.join(map(str, years))} 年已收录",)


def _dated(day: date, beside: date) -> str:
    """A day with its year only where that is not clear from a day before it: half a year is read without one."""
    return _said(day) if abs((day - beside).days) < 183 else f"{day.year}年{_said(day)}"


def _span(first: date, last: date) -> str:
    if first == last:
        return _said(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_said(first)}至{last.day}日"
    return f"{_said(first)}至{_dated(last, first)}"


def _by_name(days: Iterable[tuple[date, str]]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for day, name in days:
        found.setdefault(name, []).append(day)
    return found


def _days(days: Sequence[date]) -> str:
    """Days one after the other, the month with the first of each: 「12月6日、7日，1月10日、11日」."""
    return "，".join(
        f"{month}月{'、'.join(f'{day.day}日' for day in of)}"
        for (_, month), of in groupby(days, lambda day: (day.year, day.month))
    )


def _runs(days: Sequence[date]) -> Iterable[str]:
    """Days of which those that follow each other are one span."""
    for _, run in groupby(enumerate(days), lambda pair: pair[1].toordinal() - pair[0]):
        of = [day for _, day in run]
        yield _span(of[0], of[-1])
