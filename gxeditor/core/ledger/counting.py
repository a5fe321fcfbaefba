"""What table three and four count of a ledger in a year, cell by cell, with the requests behind each figure.

A request counts once: as received in the year or before, and as answered in it or still open at its end. So
一 ＋ 二 ＝ 三 ＋ 四 holds in every column by the way of counting (国办公开办函〔2021〕30号, 表三). What a request does
not say is never guessed: one that lacks what a year needs is counted nowhere, and named with the reason. Knows no
deadline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from gxeditor.core.form import Form
from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.core.ledger.vocabulary import OPEN, VOID, Vocabulary

REQUESTS, DISPUTES = "requests", "disputes"
_RECEIVED, _BEFORE, _OPEN = "received", "brought_forward", "carried_forward"


class Undecided(NamedTuple):
    """A request that cannot be counted: `field` is the column that it lacks or that contradicts, `reason` says how.

    `table` is the section of the table that it is missing from.
    """

    request: str
    field: str
    reason: str
    table: str = REQUESTS


@dataclass(frozen=True)
class Counts:
    """The figures of a year: `cells` holds every cell of the two tables that is a count, by id, zeros included.

    `rows` are the ids of the requests behind each figure that is not 0, in the order of the ledger; those of a total
    are its parts'. `undecided` are the requests that the year needs and that are counted nowhere; `counted` are the ids
    of those that are; `void` and `other_years` those that do not belong to it.
    """

    year: int
    cells: Mapping[str, int]
    rows: Mapping[str, tuple[str, ...]]
    counted: tuple[str, ...]
    undecided: tuple[Undecided, ...]
    void: tuple[str, ...]
    other_years: tuple[str, ...]


def count(ledger: Ledger, year: int, form: Form, vocabulary: Vocabulary) -> Counts:
    """Counts the requests of a ledger for the report of a year, on one form."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows: dict[str, list[str]] = {}
    counted: list[str] = []
    undecided: list[Undecided] = []
    void: list[str] = []
    others: list[str] = []
    for request in ledger.requests:
        if request.is_void:
            void.append(request.id)
            continue
        received = request.day("received_on")
        closed = request.day(ledger.closed_by)
        lacking = _lacking(request, ledger.closed_by, last, vocabulary)
        outside = received is not None and (
            received > last or (closed is not None and received <= closed < first)
        )
        if outside:
            others.append(request.id)
        elif lacking is not None:
            undecided.append(Undecided(request.id, *lacking))
        else:
            counted.append(request.id)
            for key in _places(request, vocabulary, first, last, closed):
                rows.setdefault(key, []).append(request.id)
        for found in _disputes(request, vocabulary, year):
            if isinstance(found, Undecided):
                undecided.append(found)
            else:
                rows.setdefault(found, []).append(request.id)
    order = {request.id: place for place, request in enumerate(ledger.requests)}
    _add_totals(form, rows, order)
    cells = {
        cell.id: len(rows.get(cell.id, ()))
        for cell in form.cells.values()
        if cell.section in (REQUESTS, DISPUTES)
    }
    return Counts(
        year,
        MappingProxyType(cells),
        MappingProxyType({key: tuple(ids) for key, ids in rows.items() if ids}),
        tuple(counted),
        tuple(undecided),
        tuple(void),
        tuple(others),
    )


def carried(ledger: Ledger, year: int) -> Ledger:
    """The ledger of a new year: the requests that it still has to count, as they are, and the words that were settled.

    Left behind are those that were closed before it or entered by mistake, unless a review or suit of theirs was taken
    up in it or later, or on a day that nobody knows. So the new year counts the same of both ledgers.
    """
    first = date(year, 1, 1)
    kept = tuple(
        one for one in ledger.requests if not one.is_void and _is_wanted(one, ledger.closed_by, first)
    )
    ids = {one.id for one in kept}
    extra = dict(ledger.extra)
    if isinstance(of_requests := extra.get("requests"), Mapping):
        extra["requests"] = {key: left for key, left in of_requests.items() if key in ids}
    return replace(
        ledger,
        requests=kept,
        none_in=tuple(one for one in ledger.none_in if one >= year),
        extra=MappingProxyType(extra),
    )


def _is_wanted(request: Request, closed_by: str, first: date) -> bool:
    """Whether the years from this day on have something of a request to count."""
    received, closed = request.day("received_on"), request.day(closed_by)
    if received is None or closed is None or closed >= first or closed < received:
        return True
    for day_field, result_field, _ in (_REVIEWS, _SUITS):
        day = request.day(day_field)
        told = any(
            field in kept
            for field in (day_field, result_field)
            for kept in (request.values, request.unsettled)
        )
        if (day is not None and day >= first) or (told and day is None):
            return True
    return False


def _lacking(request: Request, closed_by: str, last: date, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Which column a year that ends on `last` needs of a request and has not, with the reason; None if nothing."""
    received, closed = request.day("received_on"), request.day(closed_by)
    if received is None:
        return "received_on", _unsaid(request, "received_on", "没有收到日期")
    if received > last:
        return None
    if not request.text("applicant_type"):
        return "applicant_type", _unsaid(request, "applicant_type", "没有申请人类别")
    for field in ("applicant_type", "outcome"):
        if strange := _strange(request, field, vocabulary):
            return field, strange
    if closed_by in request.unsettled:
        return closed_by, _unsaid(request, closed_by, "没有答复日期")
    if closed is not None and closed < received:
        return closed_by, f"答复日期 {closed} 早于收到日期 {received}"
    outcome = request.outcome
    word = request.unsettled.get("outcome")
    meant = vocabulary.meant("outcome", word) if word else None
    if meant is not None and meant.code == VOID:  # whatever the day, it may be no request at all
        return "outcome", _unsaid(request, "outcome", "")
    if (
        closed is None and outcome != OPEN and closed_by == "answered_on"
    ):  # one not served yet may well be answered
        if not outcome:
            return "outcome", _unsaid(request, "outcome", "")
        return closed_by, "有答复类型，没有答复日期"
    if closed is not None and closed <= last:
        if not outcome or "outcome" not in request.values:
            return "outcome", _unsaid(request, "outcome", "有答复日期，没有答复类型")
        if outcome == OPEN:
            return "outcome", "有答复日期，答复类型却是“办理中”"
    return None


def _strange(request: Request, field: str, vocabulary: Vocabulary) -> str:
    """Why a code cannot be counted that this program does not know (a newer one may); "" if it knows it, or none is."""
    code = request.text(field)
    return (
        f"“{code}”不是本程序认识的{vocabulary.by_field[field].heading}"
        if code and code not in vocabulary.lists[field]
        else ""
    )


def _unsaid(request: Request, field: str, otherwise: str) -> str:
    found = request.unsettled.get(field)
    return otherwise if found is None else request.why.get(field) or f"“{found}”没有定"


def _places(
    request: Request, vocabulary: Vocabulary, first: date, last: date, closed: date | None
) -> Iterator[str]:
    """The cells that a request counts in, totals left out."""
    column = vocabulary.lists["applicant_type"][request.text("applicant_type")].target
    received = request.day("received_on")
    assert received is not None
    yield f"{REQUESTS}.{_RECEIVED if received >= first else _BEFORE}.{column}"
    if closed is None or closed > last:
        yield f"{REQUESTS}.{_OPEN}.{column}"
    else:
        yield f"{REQUESTS}.{vocabulary.lists['outcome'][request.outcome].target}.{column}"


_REVIEWS = ("review_on", "review_result", "行政复议")
_SUITS = ("suit_on", "suit_result", "行政诉讼")


def _disputes(request: Request, vocabulary: Vocabulary, year: int) -> Iterator[str | Undecided]:
    """The cells of table four that a request counts in, by the year in which review or suit was taken up."""
    for day_field, result_field, name in (_REVIEWS, _SUITS):
        fields = (day_field, result_field, *(("suit_kind",) if name == _SUITS[2] else ()))
        said = [field for field in fields if field in request.values or field in request.unsettled]
        if not said or said == ["suit_kind"]:
            continue
        day = request.day(day_field)
        if day is None:
            reason = _unsaid(request, day_field, f"有{name}，没有受理或立案日期")
            yield Undecided(request.id, day_field, reason, DISPUTES)
            continue
        if day.year != year:
            continue
        result = request.text(result_field) or ("" if result_field in request.unsettled else "pending")
        strange = _strange(request, result_field, vocabulary)
        target = vocabulary.lists[result_field][result].target if result and not strange else ""
        if not target:
            reason = strange or _unsaid(request, result_field, f"{name}的结果算维持还是其他没有定")
            yield Undecided(request.id, result_field, reason, DISPUTES)
            continue
        if name == _REVIEWS[2]:
            yield f"{DISPUTES}.reconsideration.{target}"
            continue
        kind, strange = request.text("suit_kind"), _strange(request, "suit_kind", vocabulary)
        if not kind or strange:
            reason = strange or _unsaid(request, "suit_kind", "没有写是否经过复议")
            yield Undecided(request.id, "suit_kind", reason, DISPUTES)
            continue
        yield f"{DISPUTES}.{vocabulary.lists['suit_kind'][kind].target}.{target}"


def _add_totals(form: Form, rows: dict[str, list[str]], order: Mapping[str, int]) -> None:
    """Gives each total the requests of its parts, in the order of the ledger; totals come behind their parts."""
    for cell in form.totals:
        if cell.section in (REQUESTS, DISPUTES):
            of_parts = [one for part in cell.parts for one in rows.get(part, ())]
            rows[cell.id] = sorted(of_parts, key=order.__getitem__)
