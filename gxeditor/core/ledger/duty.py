"""What an office still owes, by day: which requests are late, due today, due soon, or wait for others.

Knows how a request stands on a day and the words for it. Knows no clock: the day is given. How a day is reached is
`deadlines`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from types import MappingProxyType
from typing import Literal, NamedTuple

from gxeditor.core.ledger.deadlines import Deadline, deadline
from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.core.ledger.workdays import Calendar, NoCalendar

SOON = 3
"""Working days before its day from which a request is marked (LOOK-3, 21)."""

State = Literal["late", "today", "soon", "due", "consulting", "waiting", "unknown", "answered"]
"""How a request stands, the most urgent first: its day has passed, is today, lies within `SOON` working days, or later;
it waits for the opinion of others or for a correction; its day cannot be told; it is answered."""
STATES: tuple[State, ...] = (
    "late",
    "today",
    "soon",
    "due",
    "consulting",
    "waiting",
    "unknown",
    "answered",
)
_SIGNS = {"late": "▲", "today": "◆", "soon": "◆"}


class Duty(NamedTuple):
    """How one request stands: `left` are working days, negative where its day has passed, None if they are not known.

    `words` are those of the column 剩余, or why nothing can be told: 「超期 3 天」, 「今天到期」, 「还有 2 天」,
    「等补正，未起算」, 「征求意见中」, 「已答复」.
    """

    request: str
    state: State
    deadline: Deadline
    left: int | None
    words: str

    @property
    def day(self) -> date | None:
        return self.deadline.day

    @property
    def sign(self) -> str:
        """The shape beside the words: ▲ late, ◆ today or soon, "" else."""
        return _SIGNS.get(self.state, "")


def duty(request: Request, calendar: Calendar, today: date, closed_by: str = "answered_on") -> Duty:
    """How a request stands on a day. One whose notice is not known is unknown, never late.

    Nor is one that was answered on a day that nobody has settled.
    """
    found = deadline(request, calendar, closed_by)
    if request.day(closed_by) is not None:
        return Duty(request.id, "answered", found, None, "已答复")
    if closed_by in request.unsettled:
        return Duty(request.id, "unknown", found, None, "答复日期没有定")
    if found.standing == "waiting":
        return Duty(request.id, "waiting", found, None, "等补正，未起算")
    if found.standing == "consulting":
        return Duty(request.id, "consulting", found, None, "征求意见中")
    if found.day is None:
        words = "放假安排未收录" if found.no_calendar is not None else found.why.partition("，")[0]
        return Duty(request.id, "unknown", found, None, words)
    try:
        left = calendar.between(today, found.day)
    except NoCalendar:
        late = today > found.day
        return Duty(request.id, "late" if late else "due", found, None, "超期" if late else "未到期")
    if today == found.day:
        return Duty(request.id, "today", found, 0, "今天到期")
    if today > found.day:
        # Days off behind the last day count no working day, and it is late all the same.
        return Duty(request.id, "late", found, left, f"超期 {-left} 天" if left else "已到期")
    return Duty(request.id, "soon" if left <= SOON else "due", found, left, f"还有 {left} 天")


class Day(NamedTuple):
    """The requests of one day, or those without one (`day` is None, `state` says why)."""

    day: date | None
    state: State
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class Board:
    """How all requests of a ledger stand on a day, those entered by mistake left out; `duties` are in its order."""

    today: date
    duties: tuple[Duty, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Duty]:
        return MappingProxyType({one.request: one for one in self.duties})

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """What is owed, by day, the longest overdue first; behind the days those that wait, and those unknown."""
        owed = [one for one in self.duties if one.state != "answered"]
        owed.sort(key=lambda one: (one.day is None, one.day or date.max, STATES.index(one.state)))
        found = []
        for (day, state), of in groupby(owed, lambda one: (one.day, one.state)):
            found.append(Day(day, state, tuple(of)))
        return tuple(found)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many: `all`, `open` (未答复), each of `STATES`, and `near`: today or within 3 working days."""
        counts: dict[str, int] = dict.fromkeys(STATES, 0)
        for one in self.duties:
            counts[one.state] += 1
        counts["all"] = len(self.duties)
        counts["open"] = counts["all"] - counts["answered"]
        counts["near"] = counts["today"] + counts["soon"]
        return MappingProxyType(counts)

    @property
    def chips(self) -> tuple[tuple[str, str, int], ...]:
        """What may be filtered by: a key of `counts`, its words, how many; in the order of the page."""
        return tuple((key, words, self.counts[key]) for key, words in _CHIPS)


_CHIPS = (
    ("all", "全部"),
    ("open", "未答复"),
    ("late", "超期"),
    ("near", f"{SOON} 个工作日内到期"),
    ("waiting", "等补正"),
    ("consulting", "征求意见中"),
    ("unknown", "不能计算"),
    ("answered", "已答复"),
)


def board(ledger: Ledger, calendar: Calendar, today: date) -> Board:
    """How every request of a ledger stands on a day."""
    return Board(
        today,
        tuple(
            duty(request, calendar, today, ledger.closed_by)
            for request in ledger.requests
            if not request.is_void and (request.values or request.unsettled)
        ),
    )
