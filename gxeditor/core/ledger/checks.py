"""Checks of a ledger of requests: each a function that gives findings, or says why it could not look.

Knows what each of L-01 to L-15 compares; wording, limits and basis stand in resources/ledger/checks.toml. No sentence,
address or value has a name, so that a list of findings may leave the ledger. Knows no file and no clock; what all such
checks have in common is `core.checks.listed`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from gxeditor.core.checks import listed
from gxeditor.core.checks.listed import LOOKED, Stated, evaluated, parse_listed
from gxeditor.core.defects import Reading
from gxeditor.core.form import Form
from gxeditor.core.ledger.comparing import Cause, causes, compare, unexplained_totals
from gxeditor.core.ledger.counting import REQUESTS, Counts
from gxeditor.core.ledger.deadlines import Deadline, deadline, sentence
from gxeditor.core.ledger.privacy import is_like_a_person, may_be_a_person
from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.core.ledger.vocabulary import OPEN, Vocabulary
from gxeditor.core.ledger.workdays import Calendar, Counted, NoCalendar
from gxeditor.core.report import Report, show_entry


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Check(listed.Check):
    """One check of a ledger; `parse_checks` says what each has."""

    codes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    needs: Mapping[str, str] = attribute(default_factory=_none)
    channels: Mapping[str, tuple[str, ...]] = attribute(default_factory=_none)
    endings: Mapping[str, tuple[str, ...]] = attribute(default_factory=_none)
    since: date | None = None


@dataclass(frozen=True)
class Finding(listed.CheckFinding):
    """A check of a ledger that is not met.

    `request` is the id of the request that it is about, "" for one about cells; `field` the column to go to; `related`
    the other requests that it rests on; `due` the day by which something had to be done.
    """

    check: Check
    request: str = ""
    field: str = ""
    related: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    due: date | None = None


@dataclass(frozen=True)
class NotChecked(listed.NotChecked):
    """A check that could not be evaluated, or not for these requests."""

    requests: tuple[str, ...] = ()


class LedgerFindings(listed.CheckFindings[Finding, NotChecked]):
    """What `check` found in a ledger, in the order of checks and of the ledger."""

    @cached_property
    def of_request(self) -> Mapping[str, tuple[Finding, ...]]:
        """The open findings about each request, by its id."""
        found: dict[str, list[Finding]] = {}
        for one in self.open:
            if one.request:
                found.setdefault(one.request, []).append(one)
        return MappingProxyType({key: tuple(several) for key, several in found.items()})


Results = Iterator[Finding | NotChecked | None]


def check(
    ledger: Ledger,
    checks: Sequence[Check],
    calendar: Calendar,
    vocabulary: Vocabulary,
    today: date,
    *,
    counts: Counts | None = None,
    report: Report | None = None,
    prior: Report | None = None,
    columns: Collection[str] | None = None,
) -> LedgerFindings:
    """Everything that these checks find in a ledger on a day, worst first, explained ones among them.

    `checks` are those of `resources.load_ledger_checks`. `counts` are those of the year that `report` is of, `prior` is
    the report of the year before; checks that need one that is None say so. `columns` are the fields that the ledger
    has a column for; if None, a ledger typed here has all, an imported one those under which something stands. Time
    grows as the number of requests.
    """
    look = _Look(ledger, calendar, vocabulary, today, counts, report, prior, columns)
    findings, missed, undetermined, met = evaluated(
        checks, lambda one: _TESTS[one.code].evaluate(look, one), ledger.explanations
    )
    return LedgerFindings(findings, _joined(missed), _joined(undetermined), met)


def _joined(several: Iterable[NotChecked]) -> tuple[NotChecked, ...]:
    """Those of one check and one reason as one."""
    found: dict[tuple[str, str], NotChecked] = {}
    for one in several:
        key = one.check.code, one.reason
        before = found.get(key)
        found[key] = one if before is None else replace(before, requests=before.requests + one.requests)
    return tuple(found.values())


# --- what several checks ask


@dataclass(frozen=True, eq=False)
class _Look:
    """The ledger that is looked at, with what several checks ask of it."""

    ledger: Ledger
    calendar: Calendar
    vocabulary: Vocabulary
    today: date
    counts: Counts | None
    report: Report | None
    prior: Report | None
    columns: Collection[str] | None

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """All that is not entered by mistake, and not a blank row."""
        return tuple(one for one in self.ledger.requests if not one.is_void and (one.values or one.unsettled))

    @cached_property
    def present(self) -> frozenset[str]:
        """The fields that the ledger has a column for."""
        every = frozenset(column.field for column in self.vocabulary.columns)
        if self.columns is not None:
            return frozenset(self.columns) & every
        if not all(request.origin is not None for request in self.ledger.requests):
            return every
        return frozenset(field for one in self.ledger.requests for field in (*one.values, *one.unsettled))

    def has(self, *fields: str) -> bool:
        """Whether one of these columns is there; an empty ledger lacks nothing."""
        return not self.requests or any(field in self.present for field in fields)

    def heading(self, field: str) -> str:
        return self.vocabulary.by_field[field].heading

    def label(self, field: str, code: str) -> str:
        known = self.vocabulary.lists[field].get(code)
        return known.label if known is not None else code

    def closed(self, request: Request) -> date | None:
        return request.day(self.ledger.closed_by)

    @cached_property
    def closed_heading(self) -> str:
        return self.heading(self.ledger.closed_by)

    def first_after(self, day: date, limit: Decimal) -> Counted:
        """The working day that lies so many behind a day. Raises `NoCalendar`."""
        return self.calendar.after(day, int(limit))

    def deadline(self, request: Request) -> Deadline:
        return deadline(request, self.calendar, self.ledger.closed_by)

    @cached_property
    def order(self) -> Mapping[str, int]:
        return {request.id: place for place, request in enumerate(self.ledger.requests)}

    @cached_property
    def by_applicant(self) -> Mapping[str, Sequence[Request]]:
        """The requests of each applicant whose name is known, by the day of receipt."""
        found: dict[str, list[Request]] = {}
        for request in self.requests:
            key = self.applicant(request)
            if key and request.day("received_on") is not None:
                found.setdefault(key, []).append(request)
        for several in found.values():
            several.sort(key=lambda one: (one.day("received_on") or date.min, self.order[one.id]))
        return found

    def applicant(self, request: Request) -> str:
        """What an applicant is known again by: name, and number where one of that name has several; "" if by nothing.

        A name that was masked before it came here (张**, 张某) is that of nobody.
        """
        name = _name(request)
        number = _plain(request.text("id_no"))
        return f"{name}/{number}" if len(self._numbers.get(name, ())) > 1 else name

    def may_be_earlier(self, request: Request) -> bool:
        """Whether an earlier request may be of the same applicant, of whose name not all is known: they begin alike, or
        one of them does not say how it begins."""
        begin, at = self._begin(request), self._place(request)
        return any(
            self._place(other) < at and (not begin or self._begin(other) in ("", begin))
            for other in self.requests
        )

    def _begin(self, request: Request) -> str:
        """The first character of the applicant's name; "" if it is masked or there is no name."""
        begin = _plain(request.text("applicant"))[:1]
        return "" if _MASKED.search(begin) else begin

    def _place(self, request: Request) -> tuple[date, int]:
        return request.day("received_on") or date.min, self.order[request.id]

    @cached_property
    def _numbers(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for request in self.requests:
            number = _plain(request.text("id_no"))
            if number and not _MASKED.search(number):
                found.setdefault(_name(request), set()).add(number)
        return found

    @cached_property
    def undecided(self) -> int:
        return len({one.request for one in self.counts.undecided}) if self.counts is not None else 0


_MASKED = re.compile(r"[*＊×╳□○]|某+$|^某")
_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def _name(request: Request) -> str:
    name = _plain(request.text("applicant"))
    return "" if _MASKED.search(name) else name


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _finding(
    check: Check,
    sentence_key: str,
    request: Request | None,
    field: str = "",
    /,
    values: Iterable[object] = (),
    *,
    mild: bool = False,
    place: str = "",
    related: Iterable[str] = (),
    cells: Iterable[str] = (),
    until: date | None = None,
    tail: str = "",
    **said: Any,
) -> Finding:
    severity = check.milder if mild and check.milder is not None else check.severity
    where = place or (request.id if request is not None else "")
    return Finding(
        check,
        severity,
        sentence_key,
        where,
        check.messages[sentence_key].format(**said) + tail,
        request.id if request is not None else "",
        field,
        tuple(related),
        tuple(cells),
        until,
        values=tuple(str(value) for value in values),
    )


def _missed(check: Check, key: str, requests: Iterable[Request] = (), **said: object) -> NotChecked:
    return NotChecked(check, check.messages[key].format(**said), tuple(one.id for one in requests))


def _unknown(check: Check, missing: NoCalendar, request: Request) -> NotChecked:
    return _missed(check, "unknown", [request], reason=missing.what.removesuffix("。"))


def _told(start: date, what: str, limit: int, counted: Counted) -> str:
    """How a day was counted to, in one clause, as `deadlines.sentence` tells an answer's."""
    off = Counter(name for _, name in counted.holidays)
    days = "".join(f"，{name}休 {count} 天" for name, count in off.items())
    return f"{start.month}月{start.day}日{what}{days}，第 {limit} 个工作日为 {counted.day.month}月{counted.day.day}日"


# --- the checks


def _complete(look: _Look, check: Check) -> Results:
    for one in look.requests:
        for field in ("received_on", "applicant_type"):
            if field in one.unsettled:
                yield _at(check, "unsettled", one, field, heading=look.heading(field))
            elif field not in one.values:
                yield _at(check, "lacks", one, field, heading=look.heading(field))
        closed_by, closed = look.ledger.closed_by, look.closed(one)
        if closed_by in one.unsettled:
            yield _at(check, "unsettled", one, closed_by, heading=look.closed_heading)
        if "outcome" in one.unsettled:
            if closed is not None or closed_by in one.unsettled:
                yield _at(check, "unsettled", one, "outcome", heading=look.heading("outcome"))
        elif closed is not None and "outcome" not in one.values:
            yield _at(check, "no_outcome", one, "outcome", closed=look.closed_heading)
        elif closed is not None and one.outcome == OPEN:
            yield _at(check, "still_open", one, "outcome", closed=look.closed_heading)
        elif (
            closed is None
            and closed_by == "answered_on"
            and one.outcome != OPEN
            and closed_by not in one.unsettled
        ):
            yield _at(check, "no_day", one, closed_by, closed=look.closed_heading)


def _at(
    check: Check, key: str, request: Request, field: str, values: Iterable[object] = (), **said: Any
) -> Finding:
    """A finding of a check that may have several of one request: its place has column and sentence."""
    return _finding(check, key, request, field, values, place=f"{request.id}:{field}:{key}", **said)


_ORDERS = (
    ("received_on", "correction_sent_on"),
    ("received_on", "reason_asked_on"),
    ("received_on", "third_party_sent_on"),
    ("received_on", "co_agency_sent_on"),
    ("received_on", "extended_on"),
    ("received_on", "answered_on"),
    ("correction_sent_on", "correction_back_on"),
    ("correction_back_on", "answered_on"),
    ("third_party_sent_on", "third_party_back_on"),
    ("co_agency_sent_on", "co_agency_back_on"),
    ("answered_on", "served_on"),
    ("received_on", "review_on"),
    ("received_on", "suit_on"),
)
_GIVEN_UP = ("correction_sent_on", "answered_on")
"""What has to follow each other where no correction came between the two."""
_PAST = (
    "received_on",
    "correction_sent_on",
    "correction_back_on",
    "third_party_sent_on",
    "third_party_back_on",
    "co_agency_sent_on",
    "co_agency_back_on",
    "extended_on",
    "answered_on",
    "served_on",
    "review_on",
    "suit_on",
)


def _in_order(look: _Look, check: Check) -> Results:
    for one in look.requests:
        days = {name: value for name, value in one.values.items() if isinstance(value, date)}
        asked, back = one.day("correction_sent_on"), one.day("correction_back_on")
        for before, after in _ORDERS if back is not None else (*_ORDERS, _GIVEN_UP):
            first, then = days.get(before), days.get(after)
            if first is not None and then is not None and then < first:
                yield _finding(
                    check,
                    "order",
                    one,
                    after,
                    [first, then],
                    place=f"{one.id}:{before}:{after}",
                    earlier=look.heading(before),
                    before=_said(first),
                    later=look.heading(after),
                    day=_said(then),
                )
        for field in _PAST:
            day = days.get(field)
            if day is not None and day > look.today:
                heading = look.heading(field)
                yield _at(check, "future", one, field, [day], heading=heading, day=_said(day))
        if back is not None and asked is None and look.has("correction_sent_on"):
            yield _at(check, "back_only", one, "correction_sent_on", [back])
        ends = one.outcome in ("", OPEN, "O1", "O3")  # given up, or taken back by the applicant
        if asked is not None and back is None and look.closed(one) is not None and not ends:
            yield _at(
                check,
                "not_back",
                one,
                "correction_back_on",
                [asked, one.outcome],
                asked=_said(asked),
                outcome=look.label("outcome", one.outcome),
            )
        extended = one.day("extended_on")
        if extended is not None:
            first_due = look.deadline(one.with_value("extended_on", None))
            if first_due.no_calendar is not None:
                yield _missed(check, "unknown", [one], reason=first_due.why.removesuffix("。"))
            elif first_due.day is not None and extended > first_due.day:
                yield _at(
                    check,
                    "extended_late",
                    one,
                    "extended_on",
                    [extended, first_due.day],
                    until=first_due.day,
                    told=sentence(first_due),
                    **_days(day=extended, due=first_due.day),
                )
    yield LOOKED


def _correction_in_time(look: _Look, check: Check) -> Results:
    if not look.has("correction_sent_on"):
        yield _missed(check, "no_column")
        return
    for one in look.requests:
        received, asked = one.day("received_on"), one.day("correction_sent_on")
        if received is None or asked is None:
            continue
        try:
            counted = look.first_after(received, check.limits["days"])
        except NoCalendar as missing:
            yield _unknown(check, missing, one)
            continue
        yield LOOKED
        if asked > counted.day:
            yield _finding(
                check,
                "late",
                one,
                "correction_sent_on",
                [received, asked],
                until=counted.day,
                **_days(asked=asked, due=counted.day),
                told=_told(received, "收到", int(check.limits["days"]), counted),
            )
    yield LOOKED


def _days(**days: date) -> dict[str, Any]:
    return {name: _said(day) for name, day in days.items()}


_UNPAID = "O2"


def _answered_in_time(look: _Look, check: Check) -> Results:
    yield LOOKED
    for one in look.requests:
        found = look.deadline(one)
        if found.standing == "unknown" or found.no_calendar is not None:
            yield _missed(check, "unknown", [one], reason=found.why.removesuffix("。"))
        if found.day is None or look.ledger.closed_by in one.unsettled:
            continue  # what is not settled is told by L-01
        notice = one.day("fee_notice_on")
        if one.outcome == _UNPAID and notice is not None and notice <= found.day:
            yield _missed(check, "unpaid", [one])
            continue
        closed = look.closed(one)
        ends = closed if closed is not None else look.today
        if ends <= found.day or (closed is not None and closed < (one.day("received_on") or closed)):
            continue
        try:
            days = look.calendar.between(found.day, ends)
        except NoCalendar:
            days = 0
        late: dict[str, Any] = {"until": found.day, "told": sentence(found), "due": _said(found.day)}
        if closed is None:
            extended = one.day("extended_on") is not None or not look.has("extended_on")
            what = "答复日期" if extended else "答复日期，也没有延期告知"
            if days:
                late["days"] = days
            key = "overdue" if days else "overdue_unknown"
            yield _finding(check, key, one, look.ledger.closed_by, [found.day], what=what, **late)
        elif days:
            yield _finding(
                check,
                "late",
                one,
                look.ledger.closed_by,
                [found.day, closed],
                closed=_said(closed),
                days=days,
                **late,
            )
        else:
            yield _finding(
                check,
                "late_unknown",
                one,
                look.ledger.closed_by,
                [found.day, closed],
                closed=_said(closed),
                **late,
            )


_CONSULTED = (("third_party", "征求第三方意见"), ("co_agency", "征求其他机关意见"))


def _consulted_in_time(look: _Look, check: Check) -> Results:
    if not look.has("third_party_sent_on", "co_agency_sent_on"):
        yield _missed(check, "no_column")
        return
    yield LOOKED
    for one in look.requests:
        for key, name in _CONSULTED:
            sent, back = one.day(f"{key}_sent_on"), one.day(f"{key}_back_on")
            if sent is None or (back is None and look.closed(one) is not None):
                continue
            try:
                due = look.first_after(sent, check.limits["days"]).day
            except NoCalendar as missing:
                yield _unknown(check, missing, one)
                continue
            field = f"{key}_back_on"
            if back is not None and back > due:
                days = _days(sent=sent, back=back, due=due)
                yield _at(check, "late", one, field, [sent, back], until=due, name=name, **days)
            elif back is None and look.today > due:
                yield _at(
                    check, "waiting", one, field, [sent], until=due, name=name, **_days(sent=sent, due=due)
                )


def _receipt(look: _Look, check: Check) -> Results:
    if not look.has("received_basis"):
        yield _missed(check, "no_column")
        return
    for one in look.requests:
        basis, channel = one.text("received_basis"), one.text("channel")
        wanted = check.channels.get(channel, ())
        if basis == "system":
            yield _finding(check, "superseded", one, "received_basis", [channel, basis])
        elif basis and wanted and basis not in wanted:
            yield _finding(
                check,
                "other",
                one,
                "received_basis",
                [channel, basis],
                channel=look.label("channel", channel),
                wanted="”或“".join(look.label("received_basis", one) for one in wanted),
                found=look.label("received_basis", basis),
            )


def _step_before(look: _Look, check: Check) -> Results:
    yield LOOKED
    for code, field in check.needs.items():
        of = [one for one in look.requests if one.outcome == code]
        said: dict[str, Any] = {"outcome": look.label("outcome", code), "heading": look.heading(field)}
        if of and not look.has(field):
            yield _missed(check, "no_column", of, count=len(of), **said)
            continue
        for one in of:
            if one.day(field) is not None or field in one.unsettled:
                continue
            if field != "third_party_sent_on":
                yield _finding(check, "lacks", one, field, [code], **said)
            elif not any(word in one.text("note") for word in check.words):
                yield _finding(check, "no_reason", one, field, [code], **said)


_DUPLICATE = "N2"


def _has_earlier(look: _Look, check: Check) -> Results:
    of = [one for one in look.requests if one.outcome == _DUPLICATE]
    if of and not look.has("applicant"):
        yield _missed(check, "no_column", of)
        return
    numbers = {_plain(one.text("reg_no")) for one in look.requests} - {""}
    first = {key: several[0] for key, several in look.by_applicant.items()}
    for one in of:
        other = _plain(one.text("merged_with"))
        if other in numbers and other != _plain(one.text("reg_no")):
            continue
        known = look.applicant(one)
        if not one.text("applicant").strip() or one.day("received_on") is None:
            yield _missed(check, "no_name", [one])
        elif not (look.may_be_earlier(one) if not known else first[known] is not one):
            yield _finding(
                check, "none", one, "outcome", [_DUPLICATE], outcome=look.label("outcome", _DUPLICATE)
            )
        elif not known:
            yield _missed(check, "masked", [one])
        else:
            yield LOOKED


_TEXT = 300  # characters of a request that are compared: what comes behind is how it is to be given


def _alike(look: _Look, check: Check) -> Results:
    if not (look.has("applicant") and look.has("subject")):
        yield _missed(check, "no_column")
        return
    days, like, most = check.limits["days"], float(check.limits["like"]), int(check.limits["compared"])
    for several in look.by_applicant.values():
        if len(several) < 2:
            continue
        texts = [_Text.of(one.text("subject")) for one in several]
        latest: dict[str, int] = {}
        for i, one in enumerate(several):
            text, day = texts[i], one.day("received_on")
            if not text.plain or day is None:
                continue
            before = latest.get(text.plain)
            latest[text.plain] = i
            if one.outcome == _DUPLICATE or one.text("merged_with"):
                continue
            # The same words are found however many lie between; near ones among the last few only.
            near = range(i - 1, max(i - 1 - most, -1), -1)
            places = (before, *near) if before is not None else near
            for j in places:
                other = several[j]
                received = other.day("received_on")
                if received is None or (day - received).days > days:
                    continue
                if other.text("merged_with") and other.text("merged_with") == one.text("reg_no"):
                    continue
                if text.is_like(texts[j], like):
                    yield _finding(
                        check,
                        "alike",
                        one,
                        "subject",
                        [other.id, day, received],
                        related=[other.id],
                        other=other.called,
                        day=_said(received),
                    )
                    break
    yield LOOKED


_ASKS = re.compile(
    "^(?:本人|我们|我|现|特|依法|向?贵(?:单位|机关|局|委|厅))*(?:申请|要求|请求|请)?(?:公开|获取|获得|提供|查询|查阅)*(?:关于|有关)?"
)
"""How a request begins before it says for what it asks."""


class _Text(NamedTuple):
    """What a request asks for, as two are compared: its pairs of characters, and its numbers.

    `plain` is without how it begins, blanks and marks.
    """

    plain: str
    pairs: frozenset[str]
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Text:
        plain = re.sub(r"\W+", "", _plain(text))
        plain = (_ASKS.sub("", plain) or plain)[:_TEXT]
        pairs = frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
        return cls(plain, pairs, tuple(re.findall(r"\d+", plain)))

    def is_like(self, other: _Text, like: float) -> bool:
        """Whether the words are nearly the same and the numbers are just the same."""
        if self.plain == other.plain:
            return True
        if self.numbers != other.numbers:
            return False
        both = len(self.pairs) + len(other.pairs)
        return both > 0 and 2 * len(self.pairs & other.pairs) >= like * both


# --- fees


class _Fees:
    """What may be asked for a request, by the limits of L-10, in yuan."""

    def __init__(self, limits: Mapping[str, Decimal]) -> None:
        self.limits = {name: int(value) for name, value in limits.items()}
        at = self.limits
        self._steps = (
            (at["pages_free"], at["pages_first"], at["page_fee"]),
            (at["pages_first"], at["pages_second"], at["page_fee_second"]),
            (at["pages_second"], 0, at["page_fee_third"]),
        )

    def of_item(self, rank: int) -> int:
        """The fee of an applicant's request of this rank in a calendar month."""
        at = self.limits
        if rank <= at["items_free"]:
            return 0
        if rank <= at["items_first"]:
            return at["item_fee"]
        steps = -(-(rank - at["items_first"]) // at["items_step"])
        return at["item_fee"] * (1 + steps)

    def of_pages(self, pages: int) -> int:
        return sum(
            (min(pages, to) if to else pages) * fee - above * fee
            for above, to, fee in self._steps
            if pages > above
        )

    def pages_of(self, amount: Decimal) -> int | None:
        """How many pages make just this fee; None if no number does."""
        if amount <= 0 or amount != int(amount):
            return None
        near = self.pages_below(int(amount))
        return near if self.of_pages(near) == amount else None

    def pages_below(self, amount: int) -> int:
        """The most pages whose fee is not above an amount."""
        left = amount
        for above, to, fee in self._steps:
            if not to or left < (to - above) * fee:
                return above + left // fee
            left -= (to - above) * fee
        return 0


_PAGES = re.compile(r"(\d+)\s*[页頁张張]")


def _fee(look: _Look, check: Check) -> Results:
    if not look.has("fee_amount"):
        yield _missed(check, "no_column")
        return
    fees = _Fees(check.limits)
    months: dict[tuple[str, int, int], list[Request]] = {}
    for key, several in look.by_applicant.items():
        for one in several:
            day = one.day("received_on")
            assert day is not None
            months.setdefault((key, day.year, day.month), []).append(one)
    ranks = {one.id: (i + 1, of) for of in months.values() for i, one in enumerate(of)}
    for one in look.requests:
        value = one.values.get("fee_amount")
        if isinstance(value, str | date) or value is None or not value:
            continue
        amount = Decimal(value)
        rank, of = ranks.get(one.id, (0, [one]))
        yield _fee_of(check, fees, one, amount, rank, of)


def _fee_of(
    check: Check, fees: _Fees, request: Request, amount: Decimal, rank: int, of: Sequence[Request]
) -> Finding | None:
    """What is to be asked about a fee; None if it fits. `rank` is 0 where the applicant is not known."""
    count, shown = len(of), show_entry(amount)
    right = fees.of_item(rank)
    rates = [fees.of_item(i + 1) for i in range(count)]
    total = sum(rates)
    if not rank:
        items = check.messages["no_name"]
    elif not total:
        items = check.messages["free"].format(count=count)
    else:
        items = check.messages["by_items"].format(count=count, rank=rank, right=right, total=total)
    values = [amount, rank, count]
    said: dict[str, Any] = {"amount": shown, "items": items}
    stated = _PAGES.findall(request.text("note"))
    if len(stated) == 1 and amount != (by_pages := fees.of_pages(int(stated[0]))):
        if amount == right and rank:
            return None
        return _finding(
            check,
            "pages",
            request,
            "fee_amount",
            [*values, stated[0]],
            count=stated[0],
            right=by_pages,
            **said,
        )
    if len(stated) == 1 or (amount > 0 and _fits_items(amount, right, rates, of)):
        return None
    pages = fees.pages_of(amount)
    rest = fees.pages_of(amount - right) if right else None
    tail = check.messages["both"].format(item=right, page=show_entry(amount - right)) if rest else ""
    if pages is not None:
        return _finding(
            check, "by_pages", request, "fee_amount", values, mild=not tail, pages=pages, tail=tail, **said
        )
    low = fees.pages_below(max(int(amount), 0))
    near = [low, low + 1] if low > fees.limits["pages_free"] else [low + 1]
    told = "、".join(f"{fees.of_pages(page)} 元（{page} 页）" for page in near)
    return _finding(check, "neither", request, "fee_amount", values, near=told, tail=tail, **said)


def _fits_items(amount: Decimal, right: int, rates: Sequence[int], of: Sequence[Request]) -> bool:
    """Whether a fee is that of its place in the month, or the whole month's written on one request."""
    paid = [one for one in of if one.values.get("fee_amount")]
    return bool(amount == right or (len(paid) == 1 and amount == sum(rates)))


# --- review before suit


def _review_first(look: _Look, check: Check) -> Results:
    if not look.has("suit_on", "suit_kind", "remedy"):
        yield _missed(check, "no_suits")
        return
    yield LOOKED
    told_unknown = not look.has("remedy")
    for one in look.requests:
        outcome, day, remedy = one.outcome, one.day("answered_on"), one.text("remedy")
        kind, first = one.text("suit_kind"), outcome in check.codes
        review = one.day("review_on")
        named: dict[str, Any] = {
            "outcome": look.label("outcome", outcome),
            "remedy": look.label("remedy", remedy),
            "day": _said(day) if day is not None else "",
        }
        if kind == "direct" and first and day is None:
            yield _missed(check, "no_day", [one])
        since = check.since is not None and day is not None and day >= check.since
        if kind == "direct" and first and since:
            yield _at(check, "direct", one, "suit_kind", [outcome, day, kind], **named)
        elif kind == "direct" and review is not None:
            yield _at(check, "review", one, "suit_kind", [kind, review], mild=True, day=_said(review))
        elif kind == "after" and review is None and look.has("review_on"):
            yield _at(check, "no_review", one, "review_on", [kind], mild=True)
        if not since:
            continue
        if first and remedy == "either":
            yield _at(check, "told_either", one, "remedy", [outcome, day, remedy], **named)
        elif first and remedy == "none":
            yield _at(check, "told_none", one, "remedy", [outcome, day, remedy], **named)
        elif outcome in check.others and remedy == "review_first":
            yield _at(check, "told_first", one, "remedy", [outcome, day, remedy], **named)
        elif first and told_unknown:
            yield _missed(check, "no_column", [one])


_WAITS = (
    "correction_sent_on",
    "third_party_sent_on",
    "co_agency_sent_on",
    "delay_until",
)
_ENDS = frozenset((*_WAITS, "received_on", "answered_on", "served_on", "outcome"))
"""What may say that a request is not simply open: as long as one of them is not settled, nothing is told of it."""


def _open_long(look: _Look, check: Check) -> Results:
    yield LOOKED
    for one in look.requests:
        received = one.day("received_on")
        is_open = look.closed(one) is None and one.outcome == OPEN and not one.unsettled.keys() & _ENDS
        if received is None or not is_open or any(one.day(field) is not None for field in _WAITS):
            continue
        try:
            due = look.first_after(received, check.limits["days"]).day
        except NoCalendar as missing:
            yield _unknown(check, missing, one)
            continue
        if look.today > due:
            said: dict[str, Any] = {"until": due, "received": _said(received)}
            try:
                days = look.calendar.between(received, look.today)
            except NoCalendar:
                yield _finding(check, "long_unknown", one, look.ledger.closed_by, [received], **said)
            else:
                yield _finding(check, "long", one, look.ledger.closed_by, [received], days=days, **said)


# --- beside reports


def _carried_over(look: _Look, check: Check) -> Results:
    counts, prior = look.counts, look.prior
    if counts is None:
        yield _missed(check, "no_counts")
        return
    if prior is None:
        yield _missed(check, "no_prior")
        return
    if prior.year is not None and prior.year != counts.year - 1:
        yield _missed(check, "other_year", year=prior.year)
        return
    apart: dict[str, tuple[Any, int]] = {}
    blank = True
    for cell in prior.form.cells.values():
        if cell.section != REQUESTS or cell.row.key != "carried_forward":
            continue
        then = prior.values.get(cell.id)
        now = counts.cells.get(f"{REQUESTS}.brought_forward.{cell.column.key}")
        if isinstance(then, int) and now is not None:
            blank = False
            if then != now:
                apart[cell.id] = (then, now)
    if blank:
        yield _missed(check, "blank")
        return
    yield LOOKED
    sizes = {key: then - now for key, (then, now) in apart.items()}
    tail = _undecided(look, check.messages["undecided"])
    for key, (then, now) in apart.items():
        cell = prior.form.cells[key]
        if cell.parts and sum(sizes.get(part, 0) for part in cell.parts) == sizes[key]:
            continue
        row = f"{REQUESTS}.brought_forward.{cell.column.key}"
        yield _finding(
            check,
            "differs",
            None,
            "received_on",
            [then, now],
            place=f"{counts.year}:{cell.column.key}",
            related=counts.rows.get(row, ()),
            cells=[row],
            column=cell.column.name,
            then=then,
            now=now,
            undecided=tail,
        )


def _undecided(look: _Look, message: str) -> str:
    return message.format(count=look.undecided) if look.undecided else ""


def _report_differs(look: _Look, check: Check) -> Results:
    counts, report = look.counts, look.report
    if counts is None:
        yield _missed(check, "no_counts")
        return
    if report is None:
        yield _missed(check, "no_report")
        return
    if report.year is not None and report.year != counts.year:
        yield _missed(check, "other_year", year=report.year, wanted=counts.year)
        return
    compared = compare(report, counts)
    if compared.is_empty:
        yield _missed(check, "empty")
        return
    yield LOOKED
    form = report.form
    alone = unexplained_totals(compared, form)
    why: dict[str, Cause] = {}
    for cause in causes(report, look.ledger, counts, look.vocabulary):
        for key in cause.cells:
            why.setdefault(key, cause)
    tail = _undecided(look, check.messages["undecided"])
    followers = _followers(form, {one.cell for one in compared.differing} - alone)
    for one in compared.differing:
        cell = form.cells[one.cell]
        if cell.is_total and one.cell not in alone:
            continue
        of = why.get(one.cell) if not cell.is_total else None
        told = check.messages["cause"].format(title=of.title, sentence=of.sentence) if of is not None else ""
        yield _finding(
            check,
            "differs",
            None,
            "",
            [show_entry(one.report), one.ledger],
            place=f"{counts.year}:{one.cell}",  # a ledger is compared with the reports of several years
            related=of.requests if of is not None else counts.rows.get(one.cell, ()),
            cells=_with_followers(one.cell, of, followers),
            at=cell.place,
            report=show_entry(one.report),
            ledger=one.ledger,
            cause=told,
            undecided=tail,
        )


def _with_followers(cell: str, cause: Cause | None, totals: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The cell, and those that are mended with it: of its cause, or the totals that differ as it does."""
    if cause is not None:
        return (cell, *(key for key in cause.cells if key != cell))
    return (cell, *totals.get(cell, ()))


def _followers(form: Form, differing: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The totals among cells that differ, by each of the details below them."""
    found: dict[str, list[str]] = {}
    for total in form.totals:
        if total.id in differing:
            for part in total.parts:
                for key in (part, *(cell for cell, above in found.items() if part in above)):
                    if total.id not in found.setdefault(key, []):
                        found[key].append(total.id)
    return found


# --- who asks


def _kinds(look: _Look, check: Check) -> Results:
    if not look.has("applicant"):
        yield _missed(check, "no_column")
        return
    endings = _Endings(check)
    for one in look.requests:
        kind = one.text("applicant_type")
        name = _BRACKETS.sub("", _plain(one.text("applicant")))
        if not kind or not name:
            continue
        ending, wanted = endings.of(name)
        if ending and may_be_a_person(name, ending):
            continue
        said: dict[str, Any] = {"ending": ending, "found": look.label("applicant_type", kind)}
        values = [kind, wanted, ending]
        if ending and kind == "C1":
            yield _finding(check, "person", one, "applicant_type", values, **said)
        elif wanted and kind != wanted:
            label = look.label("applicant_type", wanted)
            yield _finding(check, "other", one, "applicant_type", values, wanted=label, **said)
        elif not ending and kind not in ("C1", "C6") and is_like_a_person(name):
            yield _finding(check, "firm", one, "applicant_type", values, found=said["found"])


class _Endings:
    """What the end of a name says: the longest ending that is known, and the kind that it is of, "" for none."""

    def __init__(self, check: Check) -> None:
        known = [(word, code) for code, words in check.endings.items() for word in words]
        known += [(word, "") for word in check.words]
        self._known = sorted(known, key=lambda pair: (-len(pair[0]), pair[1] == ""))
        self._any = tuple(word for word, _ in self._known)

    def of(self, name: str) -> tuple[str, str]:
        if not name.endswith(self._any):
            return "", ""
        return next(
            ((word, code) for word, code in self._known if name.endswith(word) and name != word), ("", "")
        )


# --- the data


class _Test(NamedTuple):
    """How a check is evaluated, and what its data has to have: sentences with their fields, and further keys."""

    evaluate: Callable[[_Look, Check], Results]
    sentences: Mapping[str, str]
    limits: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    milder: bool = False


_FEE_LIMITS = (
    "items_free",
    "items_first",
    "item_fee",
    "items_step",
    "pages_free",
    "pages_first",
    "pages_second",
    "page_fee",
    "page_fee_second",
    "page_fee_third",
)
_TESTS: Mapping[str, _Test] = MappingProxyType(
    {
        "L-01": _Test(
            _complete,
            {
                "lacks": "heading",
                "unsettled": "heading",
                "no_outcome": "closed",
                "no_day": "closed",
                "still_open": "closed",
            },
        ),
        "L-02": _Test(
            _in_order,
            {
                "order": "later day earlier before",
                "back_only": "",
                "not_back": "asked outcome",
                "extended_late": "day due told",
                "future": "heading day",
                "unknown": "reason",
            },
        ),
        "L-03": _Test(
            _correction_in_time, {"late": "asked due told", "no_column": "", "unknown": "reason"}, ("days",)
        ),
        "L-04": _Test(
            _answered_in_time,
            {
                "late": "closed due days told",
                "late_unknown": "closed due told",
                "overdue": "due what days told",
                "overdue_unknown": "due what told",
                "unpaid": "",
                "unknown": "reason",
            },
        ),
        "L-05": _Test(
            _consulted_in_time,
            {
                "late": "sent name back due",
                "waiting": "sent name due",
                "no_column": "",
                "unknown": "reason",
            },
            ("days",),
        ),
        "L-06": _Test(
            _receipt,
            {"superseded": "", "other": "channel wanted found", "no_column": ""},
            more=("channels",),
        ),
        "L-07": _Test(
            _step_before,
            {
                "lacks": "outcome heading",
                "no_reason": "outcome heading",
                "no_column": "heading outcome count",
            },
            more=("needs", "words"),
        ),
        "L-08": _Test(_has_earlier, {"none": "outcome", "no_column": "", "no_name": "", "masked": ""}),
        "L-09": _Test(_alike, {"alike": "other day", "no_column": ""}, ("days", "like", "compared")),
        "L-10": _Test(
            _fee,
            {
                "neither": "amount items near",
                "by_pages": "amount items pages",
                "pages": "amount count right items",
                "both": "item page",
                "free": "count",
                "by_items": "count rank right total",
                "no_name": "",
                "no_column": "",
            },
            _FEE_LIMITS,
            milder=True,
        ),
        "L-11": _Test(
            _review_first,
            {
                "direct": "day outcome",
                "told_either": "day outcome remedy",
                "told_none": "day outcome remedy",
                "told_first": "day outcome remedy",
                "no_review": "",
                "review": "day",
                "no_day": "",
                "no_column": "",
                "no_suits": "",
            },
            more=("since", "codes", "others"),
            milder=True,
        ),
        "L-12": _Test(
            _open_long,
            {"long": "received days", "long_unknown": "received", "unknown": "reason"},
            ("days",),
        ),
        "L-13": _Test(
            _carried_over,
            {
                "differs": "column then now undecided",
                "undecided": "count",
                "blank": "",
                "no_prior": "",
                "other_year": "year",
                "no_counts": "",
            },
        ),
        "L-14": _Test(
            _report_differs,
            {
                "differs": "at report ledger cause undecided",
                "undecided": "count",
                "cause": "title sentence",
                "no_report": "",
                "other_year": "year wanted",
                "empty": "",
                "no_counts": "",
            },
        ),
        "L-15": _Test(
            _kinds,
            {"person": "ending found", "other": "ending wanted found", "firm": "found", "no_column": ""},
            more=("words", "endings"),
        ),
    }
)
_MORE = ("channels", "needs", "codes", "others", "words", "endings", "since")


def parse_checks(data: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[Check, ...]:
    """The checks of a ledger, from their TOML data, in its order.

    Raises `Defects` as `parse_listed` does, and for columns and codes that the vocabulary does not have.
    """
    outcomes = vocabulary.lists.get("outcome", {})

    def make(one: Reading, test: _Test, stated: Stated) -> Check:
        for key in _MORE:
            if key in one.data and key not in test.more:
                one.wrong(f"不应有 {key}")
        codes, others, words = (
            one.texts(key, needed=True) if key in test.more else () for key in ("codes", "others", "words")
        )
        for found in (*codes, *others):
            if found not in outcomes:
                one.wrong(f"没有答复类型 {found}")
        since = one.data.get("since")
        if "since" in test.more and type(since) is not date:
            one.should("since", "为日期，如 2024-01-01")
        return Check(
            *stated,
            codes,
            others,
            words,
            _pairs(one, "needs", test, outcomes, vocabulary.by_field),
            _channels(one, test, vocabulary),
            _endings(one, test, vocabulary),
            since if type(since) is date else None,
        )

    return parse_listed(data, _TESTS, _MORE, make, "台账检查文件有错误")


def _pairs(
    one: Reading, key: str, test: _Test, names: Collection[str], values: Collection[str]
) -> Mapping[str, str]:
    """A table of which keys and values are known words."""
    if key not in test.more:
        return MappingProxyType({})
    inner = one.table(key)
    if inner is None:
        one.should(key, "为表")
        return MappingProxyType({})
    inner.known(tuple(names))
    found = {name: inner.text(name) for name in inner.data if name in names}
    for name, value in found.items():
        if value and value not in values:
            inner.wrong(f"{name} 写的 {value} 不认识")
    return MappingProxyType(found)


def _channels(one: Reading, test: _Test, vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """The ways of fixing the day of receipt that each way of coming may have."""
    if "channels" not in test.more:
        return MappingProxyType({})
    inner = one.table("channels")
    if inner is None:
        one.should("channels", "为表")
        return MappingProxyType({})
    ways = vocabulary.lists.get("channel", {})
    inner.known(tuple(ways))
    found = {name: inner.texts(name, needed=True) for name in inner.data if name in ways}
    for name, several in found.items():
        for value in several:
            if value not in vocabulary.lists.get("received_basis", {}):
                inner.wrong(f"{name} 写的 {value} 不认识")
    return MappingProxyType(found)


def _endings(one: Reading, test: _Test, vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    if "endings" not in test.more:
        return MappingProxyType({})
    inner = one.table("endings")
    if inner is None:
        one.should("endings", "为表")
        return MappingProxyType({})
    kinds = vocabulary.lists.get("applicant_type", {})
    inner.known(tuple(kinds))
    return MappingProxyType({code: inner.texts(code, needed=True) for code in inner.data if code in kinds})
