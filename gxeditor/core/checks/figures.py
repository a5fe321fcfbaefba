"""The checks of one year's figures beyond its equations: what cannot be, what is rare, and units of money.

Each takes a report, a rule that names it in `test`, and what else a report is checked with; limits are in the rule's
data and in the profile. A check that meets a blank says so (`needed`). Where an equation already tells a slip, a check
is silent. Knows nothing of last year's figures as such: those that compare two years are in `years`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from gxeditor.core.checks.anchors import Anchor, Cell, part_named
from gxeditor.core.checks.findings import Finding, NotChecked, Number
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule
from gxeditor.core.expressions import expression
from gxeditor.core.fields import AgencyKind
from gxeditor.core.form import Table, join_id
from gxeditor.core.report import Entry, Report, show_entry

Test = Callable[[Report, Rule, Given], Iterable[Finding | NotChecked]]

PROACTIVE = "proactive"
FEE = "proactive.fees.amount"
RULES_MADE = "proactive.government_rules"
DOCUMENTS = "proactive.normative_documents"
RECEIVED = "requests.received.total"
BROUGHT = "requests.brought_forward.total"
HANDLED = "requests.handled.total.total"
REVIEW = "disputes.reconsideration.total"
DIRECT = "disputes.direct_suit.total"
AFTER = "disputes.suit_after_reconsideration.total"
TOTALS = (REVIEW, DIRECT, AFTER)
"""Those of 表四."""

_DIRECTLY = (
    "granted",
    "partially_granted",
    "denied.administrative_inquiry",
    "unable_to_provide",
    "not_handled",
    "other",
)
"""Outcomes that are sued about without review first; 三（三）1 to 7 are reviewed first (复议法第二十三条)."""


def figures_of(report: Report, cells: Iterable[str]) -> list[Number] | None:
    """The figures of cells in order; None if one is blank, a text or no finite number."""
    found: list[Number] = []
    for cell in cells:
        value = report.values.get(cell)
        if value is None or isinstance(value, str) or (isinstance(value, Decimal) and not value.is_finite()):
            return None
        found.append(value)
    return found


def needed(rule: Rule, report: Report, cells: Iterable[str]) -> NotChecked:
    """That the rule was not evaluated, because of those of the cells that are blank or texts."""
    values = {cell: report.values.get(cell) for cell in cells}
    texts = tuple(cell for cell, value in values.items() if isinstance(value, str))
    if texts:
        return NotChecked(rule, f"有“{show_entry(values[texts[0]])}”，不是数字", texts)
    blanks = tuple(cell for cell, value in values.items() if value is None)
    return NotChecked(rule, f"有 {len(blanks)} 格未填", blanks)


def told(report: Report, rule: Rule, where: Anchor, cells: Iterable[str], **words: Entry | None) -> Finding:
    """A finding at a place, worded by its rule; `cells` are those that its sentence rests on, the first `place`."""
    listed = tuple(cells)
    first = report.form.cells[listed[0]]
    shown = {name: show_entry(value) for name, value in words.items()}
    message = rule.message.format(
        **{
            "table": part_named(where, report.form),
            "place": first.place,
            "entry": show_entry(report.values.get(first.id)),
            "unit": first.unit,
            "count": str(len(listed)),
            **shown,
        }
    )
    return Finding(rule, where, message, tuple(Cell(cell) for cell in listed))


def settled(test: Test) -> Test:
    """The check with one end: what it finds, else that it could not look, once for all cells that prevent it."""

    def run(report: Report, rule: Rule, given: Given) -> Iterable[Finding | NotChecked]:
        ends = list(test(report, rule, given))
        findings = [one for one in ends if isinstance(one, Finding)]
        waiting = [one for one in ends if isinstance(one, NotChecked)]
        if findings or not waiting:
            return findings
        reasons = [one.reason for one in waiting if not one.cells]
        cells = tuple(dict.fromkeys(cell for one in waiting for cell in one.cells))
        if cells:
            reasons.append(needed(rule, report, cells).reason)
        return [NotChecked(rule, "；".join(dict.fromkeys(reasons)), cells)]

    return run


def _table(report: Report, key: str) -> Table:
    return next(table for table in report.form.tables if table.key == key)


# --- 表二


def _fee_in_yuan(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T2-07: an amount that looks as if it were in 元."""
    if figures_of(report, (FEE,)) is None:
        yield needed(rule, report, (FEE,))
    elif in_yuan(report, given):
        yield told(report, rule, Cell(FEE), (FEE,))


_WHOLE = {"township": 1_000, "county_department": 20_000, "other": 200_000}
"""From which a whole number is asked about: ten million yuan of a township, 200 million of a county's department, two
thousand million of anybody; published amounts of that size have decimals."""
_TIMES = 8_000, 12_000
"""Of last year's: ten thousand, and a year's change."""


def in_yuan(report: Report, given: Given) -> bool:
    """Whether the fee is likely in 元: above the profile's limit, or a whole number that is too large to be 万元.

    Amounts in 万元 come from sums in 元 and are seldom whole, so that even a great one with decimals is left alone.
    """
    fee = figures_of(report, (FEE,))
    if fee is None:
        return False
    most = given.profile.get("fee.most", kind=report.kind)
    if most is not None and fee[0] > Decimal(str(most)):
        return True
    if fee[0] != int(fee[0]):
        return False
    if _is_township(report):
        whose = "township"
    elif report.kind is not AgencyKind.GOVERNMENT and _is_of_county(report.agency):
        whose = "county_department"
    else:
        whose = "other"
    if fee[0] >= _WHOLE[whose]:
        return True
    last = (
        figures_of(given.prior, (FEE,))
        if given.prior is not None and is_last_year(report, given.prior)
        else None
    )
    low, high = _TIMES
    return last is not None and last[0] > 0 and low <= fee[0] / last[0] <= high


def is_last_year(report: Report, prior: Report) -> bool:
    """Whether the two may be compared: years that follow each other, or not both known."""
    return not report.year or not prior.year or prior.year == report.year - 1


def _stock_too_small(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T2-08: fewer in force than were issued and not repealed. Silent where last year's stock tells it (Y-03)."""
    for row in (RULES_MADE, DOCUMENTS):
        cells = tuple(f"{row}.{column}" for column in ("in_force", "issued", "repealed"))
        figures = figures_of(report, cells)
        if figures is None:
            yield needed(rule, report, cells)
            continue
        in_force, issued, repealed = figures
        prior = given.prior if given.prior is not None and is_last_year(report, given.prior) else None
        if prior is not None and figures_of(prior, cells[:1]) is not None:
            continue
        if in_force < issued - repealed:
            yield told(report, rule, Cell(cells[0]), cells, left=in_force, right=issued - repealed)


_TOWNSHIP = expression(
    "(?:[乡镇](?:人民政府|政府)?|苏木(?:人民政府)?|街道(?:办事处|办)?)(?:党政)?(?:综合)?(?:办公室)?$"
)
_COUNTY = expression("[县旗]|(?<!自治)(?<!新)(?<!开发)(?<!示范)(?<!实验)(?<!试验)(?<!合作)(?<!保税)(?<!地)区")


def _is_township(report: Report) -> bool:
    return report.kind is AgencyKind.TOWNSHIP or bool(_TOWNSHIP.search("".join(report.agency.split())))


@lru_cache(maxsize=64)
def _is_of_county(agency: str) -> bool:
    """Whether a name is that of a county's or district's government or of a part of it.

    A development zone, or a city whose rank its name does not tell, is none.
    """
    return bool(_COUNTY.search(re.sub("(?:自治|特别行政)区", "", "".join(agency.split()))))


def _rules_by_whom(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T2-09: 规章 of an agency that cannot make any; a city's or a province's may."""
    township = _is_township(report)
    if not township and not _is_of_county(report.agency):
        return
    cells = tuple(f"{RULES_MADE}.{column}" for column in ("issued", "repealed", "in_force"))
    stated = [
        cell for cell in cells if (figures := figures_of(report, (cell,))) is not None and figures[0] > 0
    ]
    if stated:
        whose = "乡镇、街道" if township else "县级政府和它的部门"
        yield told(report, rule, Cell(stated[0]), stated, said=whose)
    elif figures_of(report, cells) is None:
        yield needed(rule, report, cells)


def _decimals_asked(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """U-01: a fee with another number of decimals than a rule of the profile asks for. Nothing where there is none."""
    stated = given.profile.rule("fee.decimals", report.kind)
    if stated is None:
        return
    fee = figures_of(report, (FEE,))
    if fee is None:
        yield needed(rule, report, (FEE,))
        return
    exponent = fee[0].as_tuple().exponent if isinstance(fee[0], Decimal) else 0
    found = max(0, -exponent) if isinstance(exponent, int) else 0
    if fee[0] and found != stated.value and not in_yuan(report, given):  # T2-07 tells it
        yield told(report, rule, Cell(FEE), (FEE,), found=found, wanted=stated.value, name=given.profile.name)


# --- 表三


def _details_too_many(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T3-09: the details that are filled in are already more than their total. Silent where a sum is complete.

    No cell can be negative, so that whatever the blanks are, the equation cannot hold.
    """
    for table in report.form.tables:
        for total, parts in table.sums:
            whole = report.entries.get(total.id)
            if whole is None or isinstance(whole, str):
                continue
            values = [report.values.get(part) for part in parts]
            if None not in values or any(isinstance(value, str) for value in values):
                continue
            known = sum(value for value in values if value is not None and not isinstance(value, str))
            if known > whole:
                filled = [part for part, value in zip(parts, values, strict=True) if value]
                yield told(
                    report,
                    rule,
                    Cell(total.id),
                    (total.id, *filled),
                    left=known,
                    right=whole,
                    difference=known - whole,
                )


def _handled_too_many(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T3-08: more handled, or more carried forward, than there was; only while the other of the two is blank."""
    for column in _table(report, "requests").blocks[0].columns:
        received, brought, handled, forward = (
            join_id("requests", row, column.key)
            for row in ("received", "brought_forward", "handled.total", "carried_forward")
        )
        there = figures_of(report, (received, brought))
        for one, other in ((handled, forward), (forward, handled)):
            done = figures_of(report, (one,))
            if there is None or done is None or report.values.get(other) is not None:
                continue
            if done[0] > sum(there):
                yield told(
                    report, rule, Cell(one), (one, received, brought),
                    left=done[0], right=sum(there), difference=done[0] - sum(there), name=column.name,
                )  # fmt: skip


_SEPARATED = expression("区分处理[^。；，,、：\n]{0,10}?([1-9１-９][0-9０-９]*)\\s?[件宗]")


def _separated(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T3-07: the prose counts requests of which a part was given, and 部分公开 is 0."""
    partly = "requests.handled.partially_granted.total"
    figures = figures_of(report, (partly,))
    if figures is None:
        yield needed(rule, report, (partly,))
    elif figures[0] == 0:
        for text in (report.sections.get("overview", ""), report.sections.get("requests", "")):
            found = _SEPARATED.search(text)
            if found is not None:
                yield told(report, rule, Cell(partly), (partly,), said=found[0])
                return


def _much_other(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T3-18: most end as “其他处理—其他”, or most applicants are “其他”; not of few requests."""
    share, least = rule.data.get("share", {}), rule.data.get("least", 10)
    for part, whole, name in (
        ("requests.handled.other.other_reasons.total", HANDLED, "outcome"),
        ("requests.received.other_organization", RECEIVED, "applicant"),
    ):
        figures = figures_of(report, (part, whole))
        if figures is None:
            yield needed(rule, report, (part, whole))
        elif figures[1] >= least and figures[0] * 100 > figures[1] * share.get(name, 50):
            yield told(report, rule, Cell(part), (part, whole), left=figures[0], right=figures[1])


# --- 表四


def last_years(report: Report, rule: Rule, given: Given, cells: Iterable[str]) -> list[Number] | NotChecked:
    """Last year's figures, or why there are none to compare with."""
    listed = tuple(cells)
    if given.prior is None:
        return NotChecked(rule, "没有选上年年报", ())
    if not is_last_year(report, given.prior):
        return NotChecked(rule, f"上年年报是 {given.prior.year} 年的，不是 {(report.year or 0) - 1} 年", ())
    figures = figures_of(given.prior, listed)
    return NotChecked(rule, "上年年报有格未填", ()) if figures is None else figures


def _disputes_without_requests(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T4-05: reviews or suits, and no request this year or last."""
    cells = (RECEIVED, BROUGHT, *TOTALS)
    figures = figures_of(report, cells)
    if figures is None:
        yield needed(rule, report, cells)
    elif sum(figures[:2]) == 0 < sum(figures[2:]):
        last = last_years(report, rule, given, (RECEIVED,))
        if isinstance(last, NotChecked):
            yield last
        elif last[0] == 0:
            first = next(c for c, n in zip(TOTALS, figures[2:], strict=True) if n)
            yield told(report, rule, Cell(first), (first, RECEIVED), left=sum(figures[2:]))


def _more_disputes_than_requests(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T4-06: more of them than were handled in two years; a request counts once, though a suit follows its review."""
    disputes, handled = figures_of(report, TOTALS), figures_of(report, (HANDLED,))
    if disputes is None or handled is None:
        yield needed(rule, report, (*TOTALS, HANDLED))
        return
    review, direct, after = disputes
    if max(review, after) + direct <= handled[0] or (handled[0] == 0 and _no_requests(report)):
        return
    last = last_years(report, rule, given, (HANDLED,))
    if isinstance(last, NotChecked):
        yield last
    elif max(review, after) + direct > handled[0] + last[0]:
        first = next(c for c, n in zip(TOTALS, disputes, strict=True) if n)
        yield told(
            report,
            rule,
            Cell(first),
            (first, HANDLED),
            left=max(review, after) + direct,
            right=handled[0] + last[0],
        )


def _no_requests(report: Report) -> bool:
    """Whether there were none at all, which T4-05 speaks of."""
    figures = figures_of(report, (RECEIVED, BROUGHT))
    return figures is not None and sum(figures) == 0


def _suit_after_no_review(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T4-07: suits after a review, and no review this year or last."""
    disputes = figures_of(report, TOTALS)
    if disputes is None:
        yield needed(rule, report, TOTALS)
    elif disputes[2] > 0 and disputes[0] == 0:
        last = last_years(report, rule, given, (REVIEW,))
        if isinstance(last, NotChecked):
            yield last
        elif last[0] == 0:
            yield told(report, rule, Cell(AFTER), (AFTER, REVIEW), left=disputes[2])


def _review_first(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """T4-08: suits without review where every answer of two years was of a kind that is reviewed first."""
    suits = figures_of(report, (DIRECT,))
    if suits is None:
        yield needed(rule, report, (DIRECT,))
        return
    if suits[0] == 0:
        return
    rows = next(
        parts
        for total, parts in _table(report, "requests").sums
        if total.id == HANDLED and parts[0].endswith(".total")
    )
    direct = [cell for cell in rows if cell.removeprefix("requests.handled.").startswith(_DIRECTLY)]
    refused = [cell for cell in rows if cell not in direct]
    if any(report.values.get(cell) not in (0, None) for cell in direct):
        return
    mine, first = figures_of(report, direct), figures_of(report, refused)
    if mine is None or first is None:
        yield needed(rule, report, (*direct, *refused))
    elif sum(first) > 0:
        last = last_years(report, rule, given, direct)
        if isinstance(last, NotChecked):
            yield last
        elif not any(last):
            yield told(
                report,
                rule,
                Cell(DIRECT),
                (DIRECT, *(c for c in refused if report.values.get(c))),
                left=suits[0],
                right=sum(first),
            )


TESTS = {
    "fee_in_yuan": settled(_fee_in_yuan),
    "stock_too_small": settled(_stock_too_small),
    "rules_by_whom": settled(_rules_by_whom),
    "decimals_asked": settled(_decimals_asked),
    "details_too_many": settled(_details_too_many),
    "handled_too_many": settled(_handled_too_many),
    "separated": settled(_separated),
    "much_other": settled(_much_other),
    "disputes_without_requests": settled(_disputes_without_requests),
    "more_disputes_than_requests": settled(_more_disputes_than_requests),
    "suit_after_no_review": settled(_suit_after_no_review),
    "review_first": settled(_review_first),
}
"""The checks that a rule can name in `test`."""
