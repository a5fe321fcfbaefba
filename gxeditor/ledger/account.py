"""What a ledger comes to in a year, for a script (JSON) and for a person at the console.

Knows the shape of the data that scripts rely on, and the sentences; neither names an applicant. Reads no file: it is
handed the ledger as read, its counts and what was found in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from gxeditor.core.form import Form
from gxeditor.core.ledger.comparing import Comparison
from gxeditor.core.ledger.counting import Counts
from gxeditor.core.ledger.privacy import without_names
from gxeditor.core.ledger.request import Request
from gxeditor.core.ledger.vocabulary import Vocabulary
from gxeditor.ledger.reading import Doubt, LedgerRead

_LISTED = 20
"""Of each kind, what the console lists; all of it is in the data."""


@dataclass(frozen=True)
class Found:
    """A finding on a request, in words: `row` counted from 1, 0 if it is on none; `due` an ISO day or ""."""

    rule: str
    severity: str
    row: int
    message: str
    due: str = ""
    sheet: str = ""
    related: tuple[str, ...] = ()
    """The ids of the other requests that it rests on: of a cell (L-13, L-14) those behind its figure."""


class Missed(NamedTuple):
    """A rule that could not be checked, or not for these requests, and why; no requests are all of them."""

    rule: str
    reason: str
    requests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reckoned:
    """A ledger with all that is told of it. `comparison` is that with a report, None if none was given.

    `is_own` says that the file is a ledger of ours: a row is then the place of a request in it, counted from 1.
    """

    read: LedgerRead
    counts: Counts
    findings: tuple[Found, ...] = ()
    comparison: Comparison | None = None
    missed: tuple[Missed, ...] = ()
    is_own: bool = False

    @cached_property
    def places(self) -> Mapping[str, tuple[str, int]]:
        """Sheet and row of each request, by its id."""
        return MappingProxyType(
            {
                one.id: (one.origin.sheet, one.origin.row)
                if one.origin is not None and not self.is_own
                else ("", place if self.is_own else 0)
                for place, one in enumerate(self.read.ledger.requests, 1)
            }
        )


def doubts_of(reckoned: Reckoned) -> tuple[Doubt, ...]:
    """The doubts of the reading, and a doubt for each request that the year needs and that could not be counted."""
    read = reckoned.read
    told = {doubt.request for doubt in read.doubts}
    further = []
    for one in reckoned.counts.undecided:
        if one.request not in told:
            told.add(one.request)
            further.append(Doubt(*reckoned.places[one.request], "", "", one.reason, one.request))
    return (*read.doubts, *further)


def _nameless(reckoned: Reckoned, vocabulary: Vocabulary) -> Reckoned:
    """The same, with the names masked that somebody wrote where no name belongs (答复日期: 已电话告知何一)."""
    read = reckoned.read
    requests = read.ledger.by_id
    doubts = tuple(
        doubt._replace(
            text=without_names(doubt.text, request, vocabulary),
            reason=without_names(doubt.reason, request, vocabulary),
        )
        if (request := requests.get(doubt.request)) is not None
        else doubt
        for doubt in read.doubts
    )
    having: dict[tuple[str, str], list[Request]] = {}
    for request in read.ledger.requests:
        for field, text in request.unsettled.items():
            having.setdefault((field, text), []).append(request)
    unknown = []
    for word in read.unknown:
        texts = [word.word, word.why]
        for request in having.get((word.field, word.word), ()):
            texts = [without_names(text, request, vocabulary) for text in texts]
        unknown.append(word._replace(word=texts[0], why=texts[1]))
    undecided = tuple(
        one._replace(reason=without_names(one.reason, requests[one.request], vocabulary))
        for one in reckoned.counts.undecided
    )
    return replace(
        reckoned,
        read=replace(read, doubts=doubts, unknown=tuple(unknown)),
        counts=replace(reckoned.counts, undecided=undecided),
    )


def is_settled(reckoned: Reckoned) -> bool:
    """Whether nothing is to be settled: no doubt, no error, and no cell that a report has otherwise."""
    comparison = reckoned.comparison
    return (
        not doubts_of(reckoned)
        and not any(one.severity == "error" for one in reckoned.findings)
        and (comparison is None or not comparison.differing)
    )


def account(reckoned: Reckoned, vocabulary: Vocabulary) -> dict[str, Any]:
    """The data: `counts` by cell id; `rows`; `doubts`; `findings`; what was `not_checked`; `unknown_words`; and so on.

    With a report `differences`. Rows are counted in the file from 1; a column is its letter and heading (C 收到日期).
    """
    reckoned = _nameless(reckoned, vocabulary)
    read, counts = reckoned.read, reckoned.counts
    doubts = doubts_of(reckoned)
    said: dict[str, Any] = {
        "year": counts.year,
        "counts": dict(counts.cells),
        "rows": {
            "read": len(read.ledger.requests),
            "doubtful": len({(doubt.sheet, doubt.row) for doubt in doubts}),
            "left_out": len(read.left_out),
        },
        "doubts": [
            {
                "sheet": doubt.sheet,
                "row": doubt.row,
                "column": doubt.column,
                "text": doubt.text,
                "reason": doubt.reason,
            }
            for doubt in doubts
        ],
        "findings": [
            {
                "rule": one.rule,
                "severity": one.severity,
                "row": one.row,
                "message": one.message,
                "due": one.due or None,
                "sheet": one.sheet,
                "rows": [_row_of(reckoned, key) for key in one.related],
            }
            for one in reckoned.findings
        ],
        "not_checked": [
            {
                "rule": one.rule,
                "reason": one.reason,
                "rows": [_row_of(reckoned, key) for key in one.requests],
            }
            for one in reckoned.missed
        ],
        "unknown_words": [
            {
                "field": word.field,
                "word": word.word,
                "rows": word.rows,
                "similar": list(word.similar),
                "reason": word.why,
            }
            for word in read.unknown
        ],
        "notes": list(read.notes),
        "left_out": [{"sheet": one.sheet, "row": one.row, "reason": one.why} for one in read.left_out],
        "sheets": [
            {
                "name": sheet.name,
                "read": sheet.read,
                "reason": sheet.why,
                "year": sheet.year,
                "headings": list(sheet.headings),
                "columns": [
                    {"column": one.letter, "heading": one.heading, "fields": list(one.fields)}
                    for one in sheet.columns
                ],
            }
            for sheet in read.sheets
        ],
    }
    if reckoned.comparison is not None:
        said["differences"] = [
            {
                "cell": one.cell,
                "report": one.report if isinstance(one.report, int) else str(one.report),
                "ledger": one.ledger,
                "rows": [_row_of(reckoned, key) for key in counts.rows.get(one.cell, ())],
            }
            for one in reckoned.comparison.differing
        ]
    return said


def _row_of(reckoned: Reckoned, key: str) -> dict[str, Any]:
    sheet, row = reckoned.places[key]
    return {"sheet": sheet, "row": row}


def lines(reckoned: Reckoned, name: str, form: Form, vocabulary: Vocabulary) -> Iterator[str]:
    """What the console says."""
    reckoned = _nameless(reckoned, vocabulary)
    read, counts = reckoned.read, reckoned.counts
    doubts = doubts_of(reckoned)
    rows = len({(doubt.sheet, doubt.row) for doubt in doubts})
    yield f"“{name}”：读入 {len(read.ledger.requests)} 件，其中 {rows} 行存疑；不计 {len(read.left_out)} 行。"
    for sheet in read.sheets:
        if sheet.why:
            yield f"  “{sheet.name}”：{sheet.why}。"
        else:
            year = f"，没有写年份的日期按 {sheet.year} 年" if sheet.year else ""
            yield f"  “{sheet.name}”：{sheet.read} 件，列名在第 {_span(sheet.headings)} 行{year}。"
    yield from (f"  {note}" for note in read.notes[:_LISTED])
    reasons = Counter(one.why for one in read.left_out)
    yield from (f"  不计 {number} 行：{why}。" for why, number in reasons.most_common(_LISTED))
    if read.unknown:
        yield "没有定的词，请用 --map 给出是哪一种："
        for word in read.unknown[:_LISTED]:
            labels = "、".join(vocabulary.lists[word.field][code].label for code in word.similar)
            like = f"，相近的有：{labels}" if labels else ""
            yield f"  {vocabulary.by_field[word.field].heading}“{word.word}”　{word.rows} 行{like}"
        yield from _further(len(read.unknown), "个词")
    if doubts:
        yield "存疑的，请核对："
        for doubt in doubts[:_LISTED]:
            column = f"{doubt.column}：" if doubt.column else ""
            yield f"  “{doubt.sheet}”第 {doubt.row} 行　{column}{doubt.reason}"
        yield from _further(len(doubts), "处")
    yield from _told_counts(counts, form)
    if reckoned.comparison is not None:
        yield from _told_comparison(reckoned.comparison, form)
    if reckoned.findings:
        yield f"检查发现 {len(reckoned.findings)} 处："
        several = sum(not sheet.why for sheet in read.sheets) > 1
        for one in reckoned.findings[:_LISTED]:
            at = f"{f'“{one.sheet}”' if several else ''}第 {one.row} 行　" if one.row else ""
            yield f"  {one.rule}　{at}{one.message}"
        yield from _further(len(reckoned.findings), "处")
    if reckoned.missed:
        yield "没有检查的："
        for one in reckoned.missed[:_LISTED]:
            rows = [reckoned.places[key][1] for key in one.requests]
            at = (
                f"第 {'、'.join(map(str, rows[:_LISTED]))} 行{'等' if len(rows) > _LISTED else ''}　"
                if any(rows)
                else ""
            )
            yield f"  {one.rule}　{at}{one.reason}。"
        yield from _further(len(reckoned.missed), "处")


def _span(headings: tuple[int, int]) -> str:
    first, last = headings
    return str(first) if first == last else f"{first}—{last}"


def _further(number: int, what: str) -> Iterator[str]:
    if number > _LISTED:
        yield f"  另有 {number - _LISTED} {what}。"


_TOLD = (
    ("requests.received.total", "新收"),
    ("requests.brought_forward.total", "上年结转"),
    ("requests.handled.total.total", "办理结果总计"),
    ("requests.carried_forward.total", "结转下年"),
)


def _told_counts(counts: Counts, form: Form) -> Iterator[str]:
    said = "，".join(f"{word} {counts.cells[key]}" for key, word in _TOLD if key in counts.cells)
    yield f"{counts.year} 年：{said}。"
    if counts.undecided:
        some = len({one.request for one in counts.undecided})
        yield f"有 {some} 件没有定，没有计入上面的数。"
    for key, number in counts.cells.items():
        if number and not form.cells[key].is_total:
            yield f"  {form.cells[key].place}　{number}"


def _told_comparison(comparison: Comparison, form: Form) -> Iterator[str]:
    if comparison.is_empty:
        yield "年报的表三、表四还没有填。"
    elif not comparison.differing:
        yield "年报的表三、表四与台账相同。"
    else:
        yield f"年报与台账不同的有 {len(comparison.differing)} 格："
        for one in comparison.differing:
            yield f"  {form.cells[one.cell].place}　年报 {one.report}，台账 {one.ledger}"
