"""When a request has to be answered, and how that day is reached (《条例》第三十、三十二至三十五条).

Knows the 20 working days, what begins them anew, what adds to them and what does not count, and tells each stretch with
its days. Knows no holiday itself, counts nothing for a report, and finds no fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from gxeditor.core.ledger.request import Request
from gxeditor.core.ledger.workdays import DAY, Calendar, Counted, NoCalendar

ANSWER = 20
"""Working days for an answer, and the most that an extension adds (第三十三条第二款)."""
CORRECTION = 7
"""Working days after receipt within which a correction is asked for (第三十条)."""
CONSULTED = 15
"""Working days within which a third party or another agency has to answer (第三十二、三十四条)."""

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


_RECEIVED = {
    "submitted": "当面提交",
    "signed": "邮寄签收",
    "confirmed": "平信，双方确认",
    "agreed": "网络或传真，双方确认",
    "system": "系统收到",
}
"""How a day of receipt is fixed, by the code of `received_basis` (第三十一条)."""


def deadline(request: Request, calendar: Calendar, closed_by: str = "answered_on") -> Deadline:
    """When a request is due, whatever has become of it. A year without a notice gives no day, and says so."""
    received = request.day("received_on")
    if received is None:
        return Deadline("unknown", why="没有收到日期，不能计算。")
    answered = request.day(closed_by)
    standing: Standing = "answered" if answered is not None else "due"
    start, why = received, _RECEIVED.get(request.text("received_basis"), "收到申请")
    basis = ["《条例》第三十三条"]
    asked, back = request.day("correction_sent_on"), request.day("correction_back_on")
    if back is not None:
        start, why = back, "收到补正"
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
    skipped, open_since, names = _consultations(request, start)
    if names:
        basis.append("第三十三条第三款")
    if open_since is not None and answered is None:
        return Deadline(
            "consulting",
            start=start,
            start_why=why,
            basis=tuple(basis),
            why=f"{_said(open_since)}{names}，还没有收到；收到以后接着算。",
        )
    days = ANSWER
    if request.day("extended_on") is not None:
        days += ANSWER
        basis.append("第三十三条第二款")
    try:
        stretches = _stretches(start, days, skipped, calendar)
    except NoCalendar as missing:
        return Deadline(
            standing,
            start=start,
            start_why=why,
            basis=tuple(basis),
            why=missing.what,
            no_calendar=missing.year,
        )
    return Deadline(standing, stretches[-1].last, start, why, stretches, tuple(basis))


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


_ASKED = (("third_party", "征求第三方意见"), ("co_agency", "征求其他机关意见"))


def _consultations(
    request: Request, start: date
) -> tuple[tuple[tuple[date, date, str], ...], date | None, str]:
    """The days on which opinions were waited for, those that lie behind the start; since when one is still waited for;
    and whose. The day of asking counts, that of the opinion does not."""
    found: list[tuple[date, date, str]] = []
    since: date | None = None
    names = ""
    for field, name in _ASKED:
        sent, back = request.day(f"{field}_sent_on"), request.day(f"{field}_back_on")
        if sent is None:
            continue
        names = names or name
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
            stretches.append(
                Stretch(at + DAY, first - DAY, before, counted=calendar.after(at, before) if before else None)
            )
        left -= before
        stretches.append(Stretch(first, last, (last - first).days + 1, why))
        at = last
    counted = calendar.after(at, left)
    stretches.append(Stretch(at + DAY, counted.day, left, counted=counted))
    return tuple(stretches)
