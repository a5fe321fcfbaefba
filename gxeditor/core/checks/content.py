"""What must stand in a report and what must not: parts left out, years, dates and names that do not fit, slips.

Each check takes a report, a rule that names it in `test`, and what else a report is checked with. The words that are
looked for stand in the rule file. Knows no figure of a table but the fees and the requests that end without payment,
and compares no number of the prose with a cell. Says nothing of a report that nobody has begun to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gxeditor.core.checks.anchors import Anchor, Field, Span, Whole, named
from gxeditor.core.checks.findings import Finding, NotChecked
from gxeditor.core.checks.passages import (
    Hit,
    has,
    hits_in,
    looks_of,
    paragraphs,
    sentence_at,
    sentences,
    spotted,
    texts,
    words,
)
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule
from gxeditor.core.difference import PREAMBLE
from gxeditor.core.fields import AgencyKind
from gxeditor.core.report import Report, show_entry

Results = Iterator[Finding | NotChecked]

OVERVIEW, PROBLEMS, OTHER = "overview", "problems", "other_matters"
FEES = "proactive.fees.amount"
NEW, NOT_PAID = "requests.received.total", "requests.handled.other.fee_not_paid.total"
EDITION = 2021
"""The first year that is reported in the form of 国办公开办函〔2021〕30号."""
_ENOUGH = 200  # characters of 一 from which on a part that is missing is rather forgotten than still to be written
_NOTHING = re.compile(r"\s*(?:(?:[一二三四五六]|[（(]?\d[)）]?)[、.．])?\s*(?:无|没有|暂无|略|/|-+|—+|无其他(?:需要)?(?:报告)?的?事项)[。.．\s]*")


def _finding(report: Report, rule: Rule, where: Anchor, values: Iterable[str] = (), **said: Any) -> Finding:
    message = rule.message.format(place=named(where, report.form), **said)
    return Finding(rule, where, message, values=tuple(values))


def _bare(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


def _is_older(report: Report, rule: Rule) -> Results:
    """Why a rule of the present form cannot be asked of a report of an earlier year."""
    if report.year is not None and report.year < EDITION:
        yield NotChecked(rule, f"{EDITION} 年以前的年报用的是旧格式", ())


def _others_written(report: Report, key: str) -> bool:
    """Whether another part that consists of prose is written, so that an empty one has been left out."""
    return any(report.text(one).strip() for one in (OVERVIEW, PROBLEMS, OTHER) if one != key)


def _is_whole(report: Report) -> bool:
    """Whether all parts that consist of prose are written."""
    return all(report.text(one).strip() for one in (OVERVIEW, PROBLEMS, OTHER))


# --- required content


def _unwritten(report: Report, rule: Rule, given: Given) -> Results:
    """The part named in `section` is blank while others are written."""
    key = rule.data["section"]
    if not report.text(key).strip() and _others_written(report, key):
        yield _finding(report, rule, Whole(key))


def _overview_parts(report: Report, rule: Rule, given: Given) -> Results:
    """一 speaks of each of its five parts: as a heading or in running text, whatever the order."""
    if older := list(_is_older(report, rule)):
        yield from older
        return
    text = report.text(OVERVIEW)
    if not text.strip() or not (_is_whole(report) or len(text) >= _ENOUGH):
        return
    looked_at = f"{report.preamble}\n{text}" if _names_no_parts(report.preamble) else text
    missing = tuple(name for name, told in rule.data["parts"].items() if not words(tuple(told)).search(looked_at))
    if missing:
        yield _finding(report, rule, Whole(OVERVIEW), missing, text="、".join(missing))


def _names_no_parts(preamble: str) -> bool:
    """A preamble that lists the six parts of the report names 主动公开 without speaking of it."""
    return "其他需要报告" not in preamble


def _asked_of_governments(report: Report, rule: Rule, given: Given) -> Results:
    """条例 art. 50 (4) asks more of 各级人民政府; of an office of theirs nothing is known."""
    is_government = report.kind is AgencyKind.GOVERNMENT or (
        report.kind is not AgencyKind.DEPARTMENT and report.agency.strip().endswith("人民政府")
    )
    if not is_government:
        yield NotChecked(rule, "只用于人民政府", ())
        return
    if older := list(_is_older(report, rule)):
        yield from older
        return
    if not (_is_whole(report) or len(report.text(OVERVIEW)) >= _ENOUGH):
        return
    whole = "\n".join(text for key, text in texts(report) if key != PREAMBLE)
    missing = tuple(name for name, told in rule.data["parts"].items() if not words(tuple(told)).search(whole))
    if missing:
        yield _finding(report, rule, Whole(OVERVIEW), missing, text="、".join(missing))


def _overview_length(report: Report, rule: Rule, given: Given) -> Results:
    limit = given.profile.get("overview.max_chars")
    if not isinstance(limit, int):
        yield NotChecked(rule, "没有选定的地方要求", ())
        return
    length = len(_bare(report.text(OVERVIEW)))
    if length > limit:
        yield _finding(report, rule, Whole(OVERVIEW), (str(limit),), found=length, wanted=limit, name=given.profile.name)


def _must_state(report: Report, rule: Rule, given: Given) -> Results:
    """What the profile lists in `overview.must_state` and the rule has words for."""
    asked = given.profile.get("overview.must_state", ())
    listed = re.split("[、，；;\\s]+", asked) if isinstance(asked, str) else [str(one) for one in asked]
    wanted = [(name, told) for name, told in rule.data["items"].items() if any(name in one or one in name for one in listed if one)]
    if not wanted:
        yield NotChecked(rule, "没有选定的地方要求", ())
        return
    text = report.text(OVERVIEW)
    if not text.strip() or not (_is_whole(report) or len(text) >= _ENOUGH):
        return
    missing = tuple(name for name, told in wanted if not words(tuple(told)).search(text))
    if missing:
        yield _finding(report, rule, Whole(OVERVIEW), missing, text="、".join(missing), name=given.profile.name)


def _problems_empty(report: Report, rule: Rule, given: Given) -> Results:
    text = report.text(PROBLEMS)
    if not text.strip():
        if _others_written(report, PROBLEMS):
            yield _finding(report, rule, Whole(PROBLEMS), text="没有写")
    elif _NOTHING.fullmatch(text):
        yield _finding(report, rule, Whole(PROBLEMS), (text.strip(),), text=f"只写了“{text.strip()}”")


def _problems_short(report: Report, rule: Rule, given: Given) -> Results:
    text = _bare(report.text(PROBLEMS))
    if text and len(text) < rule.data["least"] and not _NOTHING.fullmatch(text):
        yield _finding(report, rule, Whole(PROBLEMS), (text,), found=len(text), wanted=rule.data["least"])


def _problems_and_measures(report: Report, rule: Rule, given: Given) -> Results:
    text = report.text(PROBLEMS)
    if len(_bare(text)) < rule.data["least"] or _NOTHING.fullmatch(text):
        return  # asked about by the rules before it
    missing = [name for name, told in rule.data["parts"].items() if not words(tuple(told)).search(text)]
    if missing:
        yield _finding(report, rule, Whole(PROBLEMS), missing, text="、".join(missing))


# --- fees


def _processing_fee(report: Report, rule: Rule, given: Given) -> Results:
    """六 says whether 信息处理费 was charged, in whatever words."""
    if older := list(_is_older(report, rule)):
        yield from older
        return
    text = report.text(OTHER)
    if not text.strip():
        if _others_written(report, OTHER):
            yield _finding(report, rule, Whole(OTHER), text="没有写")
    elif not has(rule, "words", text) and not (_NOTHING.fullmatch(text) and _fees(report)):
        said = f"只写了“{text.strip()}”" if _NOTHING.fullmatch(text) else "没有提到信息处理费"
        yield _finding(report, rule, Whole(OTHER), text=said)


def _fees(report: Report) -> Decimal:
    entry = report.value(FEES)
    return Decimal(entry) if isinstance(entry, int | Decimal) and Decimal(entry).is_finite() else Decimal(0)


def _fees_beside_nothing(report: Report, rule: Rule, given: Given) -> Results:
    text = report.text(OTHER)
    if text.strip() and _NOTHING.fullmatch(text) and _fees(report) > 0:
        yield _finding(
            report, rule, Whole(OTHER), (text.strip(), show_entry(report.value(FEES))),
            text=text.strip(), found=show_entry(report.value(FEES)),
        )  # fmt: skip


def _fees_denied(report: Report, rule: Rule, given: Given) -> Results:
    """六 says that nothing was charged at all, the table has an amount."""
    if _fees(report) <= 0:
        return
    for where, hit in spotted(report, rule):
        said = where.text(report)[hit.start : hit.end]
        yield _finding(report, rule, where, (said, show_entry(report.value(FEES))), text=said, found=show_entry(report.value(FEES)))


_AMOUNT = re.compile(
    r"(?:信息处理费|信息处理相关费用|公开费用)[^。；，,\d]{0,16}?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,9}(?:\.\d{1,6})?)\s?(?P<unit>万?元)"
)


def _fee_stated(text: str) -> tuple[Span, Decimal, str] | None:
    """The first amount of 信息处理费 that a text names, in 元, with where it stands and its words."""
    found = _AMOUNT.search(text)
    if found is None:
        return None
    amount = Decimal(found["number"].replace(",", "")) * (10_000 if found["unit"] == "万元" else 1)
    where = Span(OTHER, found.start("number"), found.end("unit"))
    return where, amount, text[where.start : where.end]


def _fee_amount(report: Report, rule: Rule, given: Given) -> Results:
    """Where 信息处理费 is counted among the fees of 表二, it cannot exceed them."""
    if not given.profile.get("fee.includes_processing_fee"):
        yield NotChecked(rule, "没有选定的地方要求", ())
        return
    stated, fees = _fee_stated(report.text(OTHER)), report.value(FEES)
    if stated is None or fees is None or isinstance(fees, str):
        return
    where, amount, said = stated
    if amount / 10_000 > Decimal(fees) + Decimal("0.00005"):  # half of the last of four decimals
        yield _finding(report, rule, where, (said, show_entry(fees)), text=said, found=show_entry(fees))


def _fee_by_piece(report: Report, rule: Rule, given: Given) -> Results:
    """A fee by piece begins with the eleventh application of a month (国办函〔2020〕109号)."""
    stated, new = _fee_stated(report.text(OTHER)), report.value(NEW)
    if stated is None or not isinstance(new, int) or stated[1] == 0:
        return
    where, _, said = stated
    if new <= rule.data["free"] and "按量" not in sentence_at(report.text(OTHER), where.start).text:
        yield _finding(report, rule, where, (said, str(new)), text=said, found=new)


def _fee_not_paid(report: Report, rule: Rule, given: Given) -> Results:
    """Who did not pay had got a notice of a fee: 六 says something of it."""
    count, text = report.value(NOT_PAID), report.text(OTHER)
    if isinstance(count, int) and count > 0 and text.strip() and not has(rule, "words", text):
        yield _finding(report, rule, Whole(OTHER), (str(count),), count=count)


# --- words that are looked for


def _patterned(report: Report, rule: Rule, given: Given) -> Results:
    """What the rule lists in `patterns`; `since` is the first year of which it is asked, `once` one finding a text."""
    if rule.data.get("since") and (older := list(_is_older(report, rule))):
        yield from older
        return
    seen: dict[str, int] = {}
    found = list(spotted(report, rule))
    for where, _ in found:
        seen[where.section] = seen.get(where.section, 0) + 1
    told: set[str] = set()
    for where, hit in found:
        if rule.data.get("once") and where.section in told:
            continue
        told.add(where.section)
        said = where.text(report)[hit.start : hit.end]
        yield _finding(report, rule, where, text=said, said=hit.said, count=seen[where.section])
    for name in rule.data.get("fields", ()):
        text = str(getattr(report, name) or "")
        for hit in hits_in(text, looks_of(rule))[:1]:
            yield _finding(report, rule, Field(name), (text,), text=text[hit.start : hit.end], said=hit.said, count=1)


TESTS = {
    "unwritten": _unwritten,
    "overview_parts": _overview_parts,
    "asked_of_governments": _asked_of_governments,
    "overview_length": _overview_length,
    "must_state": _must_state,
    "problems_empty": _problems_empty,
    "problems_short": _problems_short,
    "problems_and_measures": _problems_and_measures,
    "processing_fee": _processing_fee,
    "fees_beside_nothing": _fees_beside_nothing,
    "fees_denied": _fees_denied,
    "fee_amount": _fee_amount,
    "fee_by_piece": _fee_by_piece,
    "fee_not_paid": _fee_not_paid,
    "pattern": _patterned,
}
"""The checks that a rule can name in `test`."""
