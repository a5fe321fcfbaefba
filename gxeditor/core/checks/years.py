"""The checks of a report beside last year's: stocks that go on, changes to explain, what stands as it stood.

Each takes a report, a rule that names it in `test`, and what else a report is checked with. Knows which figures of two
years cannot be compared: years that do not follow each other, and the counts of 表二 across the change of the form in
2021. The equations between two years are no part of it; they are `carry_over` rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gxeditor.core.checks.anchors import Cell, Span, Whole, part_named
from gxeditor.core.checks.figures import (
    DOCUMENTS,
    FEE,
    PROACTIVE,
    RULES_MADE,
    TOTALS,
    figures_of,
    in_yuan,
    last_years,
    needed,
    settled,
    told,
)
from gxeditor.core.checks.findings import Finding, NotChecked, Number
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule
from gxeditor.core.expressions import expression
from gxeditor.core.form import Table
from gxeditor.core.report import Report, show_entry

_FIRST_YEAR = 2021
"""The first year on the form of 2021: what 表二 counts is not what the form of 2019 counted."""


def _no_prior(report: Report, rule: Rule, given: Given, *, table2: bool) -> NotChecked | Report:
    """Last year's report, or why it cannot be compared; `table2` says that figures of 表二 are asked for."""
    ends = last_years(report, rule, given, ())
    if isinstance(ends, NotChecked):
        return ends
    prior = given.prior
    assert prior is not None  # last_years told it otherwise
    old = prior.form.edition != report.form.edition or (prior.year is not None and prior.year < _FIRST_YEAR)
    if table2 and old:
        return NotChecked(rule, "上年年报用的是旧格式，表二的数不能比", ())
    return prior


# --- 现行有效

_EXPLAINED = expression(
    "(?:(?<!动态)(?<!及时)(?<!职能)调整(?!机制)|为准|更正|修正|核减|核增|口径|重新(?:统计|核定|核对|认定|梳理))"
)
_OF_STOCK = expression("现行有效|规范性文件|规章")


@lru_cache(maxsize=1024)
def _explains_stock(paragraph: str) -> bool:
    """Whether a sentence says why the stock is not what last year's gives: 「根据清理结果调整，以本报告为准」."""
    return any(_OF_STOCK.search(s) and _EXPLAINED.search(s) for s in re.split("[。；;]", paragraph))


@lru_cache(maxsize=32)
def _explains_it(text: str) -> bool:
    return any(_explains_stock(paragraph) for paragraph in text.split("\n"))


def _said_of_stock(report: Report) -> Iterator[str]:
    """Where a sentence may explain it: the prose, and the note below the table."""
    yield from report.sections.values()
    yield from (text for _, text in report.notes)


def _stock(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """Y-03: in force now = in force last year + issued − repealed; silent where prose or a note explains it."""
    prior = _no_prior(report, rule, given, table2=True)
    if isinstance(prior, NotChecked):
        yield prior
        return
    for row in (RULES_MADE, DOCUMENTS):
        cells = tuple(f"{row}.{column}" for column in ("in_force", "issued", "repealed"))
        figures, last = figures_of(report, cells), figures_of(prior, cells[:1])
        if figures is None:
            yield needed(rule, report, cells)
            continue
        if last is None:
            yield NotChecked(rule, "上年年报这一格未填", ())
            continue
        expected: Number = last[0] + figures[1] - figures[2]
        difference: Number = max(figures[0], expected) - min(figures[0], expected)
        if figures[0] == expected or any(_explains_it(text) for text in _said_of_stock(report)):
            continue
        finding = told(
            report, rule, Cell(cells[0]), cells,
            left=figures[0], right=expected, difference=difference,
            said=f"{show_entry(last[0])}＋{show_entry(figures[1])}－{show_entry(figures[2])}",
        )  # fmt: skip
        yield replace(finding, values=tuple(show_entry(n) for n in (*figures, *last)))


# --- changes


def _changes(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """Y-04: figures of importance that are many times, or a small part, of last year's; one finding a table."""
    profile, data = given.profile, rule.data
    more, less, least = (
        Decimal(str(profile.get(f"change.{name}", data[name], report.kind)))
        for name in ("more", "less", "least")
    )
    slip = in_yuan(report, given)
    for table in report.form.tables:
        prior = _no_prior(report, rule, given, table2=table.key == PROACTIVE)
        if isinstance(prior, NotChecked):
            yield prior
            continue
        lines = [cell for cell in data.get("lines", ()) if cell.startswith(f"{table.key}.")]
        blank = [cell for cell in lines if figures_of(report, (cell,)) is None]
        unknown = False
        changed: list[str] = []
        said: list[str] = []
        values: list[str] = []
        for cell in lines:
            now, then = figures_of(report, (cell,)), figures_of(prior, (cell,))
            unknown = unknown or then is None
            if now is None or then is None or not _is_change(now[0], then[0], more, less, least):
                continue
            if cell == FEE and (slip or _is_unit_slip(now[0], then[0])):  # T2-07 tells it, this year or last
                continue
            changed.append(cell)
            said.append(f"{report.form.cells[cell].place} {show_entry(then[0])} → {show_entry(now[0])}")
            values += [show_entry(then[0]), show_entry(now[0])]
        if changed:
            finding = told(report, rule, Whole(table.key), changed, said="，".join(said))
            yield replace(finding, values=tuple(values))
        elif blank:
            yield needed(rule, report, blank)
        elif unknown:
            yield NotChecked(rule, "上年年报有格未填", ())


def _is_change(now: Number, then: Number, more: Decimal, less: Decimal, least: Decimal) -> bool:
    """Whether it is so great that a reason is asked for; a figure below `least` counts as much as that."""
    if max(now, then) < least:
        return False
    return min(now, then) == 0 or now > more * max(then, least) or max(now, least) < less * then


_SLIP = 5000  # ten thousand times, and a change of half or double besides


def _is_unit_slip(now: Number, then: Number) -> bool:
    return min(now, then) > 0 and max(now, then) >= _SLIP * min(now, then)


_ALIKE = 3
"""So many figures that are not 0 make a table that is the same no chance; fewer are."""


def _same_table(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """Y-05: a table that is last year's, figure by figure; totals and stocks count for none."""
    for table in report.form.tables:
        prior = _no_prior(report, rule, given, table2=table.key == PROACTIVE)
        if isinstance(prior, NotChecked):
            yield prior
            continue
        mine, its = report.values, prior.values
        if any(cell.id in mine and cell.id in its and mine[cell.id] != its[cell.id] for cell in table.cells):
            continue
        cells = tuple(cell.id for cell in table.cells)
        figures, last = figures_of(report, cells), figures_of(prior, cells)
        if figures is None:
            yield needed(rule, report, cells)
        elif last is None:
            yield NotChecked(rule, "上年年报有格未填", ())
        elif figures == last:
            telling = [cell for cell in _telling(table) if mine[cell]]
            if len(telling) >= _ALIKE:
                yield told(report, rule, Whole(table.key), telling)


def _telling(table: Table) -> Iterator[str]:
    return (
        cell.id for cell in table.cells if not cell.is_total and not cell.id.endswith((".in_force", ".total"))
    )


# --- prose

_SENTENCES = expression("[。；;！!]")
_NO_WORDS = str.maketrans("", "", "0123456789０１２３４５６７８９.．,，、 \t\u3000")
_SHORT = 12
"""A sentence of fewer characters is a heading or a formula."""


@lru_cache(maxsize=1024)
def _sentences(paragraph: str) -> tuple[tuple[str, int], ...]:
    """The sentences of a paragraph without their figures, and how long each is; those that cite rules are left out."""
    found = (one.translate(_NO_WORDS) for one in _SENTENCES.split(paragraph))
    return tuple((one, len(one)) for one in found if len(one) >= _SHORT and "《" not in one)


@lru_cache(maxsize=16)
def _all_sentences(text: str) -> frozenset[str]:
    return frozenset(one for paragraph in text.split("\n") for one, _ in _sentences(paragraph))


@lru_cache(maxsize=32)
def _likeness(text: str, last: str) -> tuple[int, int]:
    """How many characters of a text stand in sentences that last year's has too, figures apart; and of how many."""
    known = _all_sentences(last)
    same = whole = 0
    for paragraph in text.split("\n"):
        for one, length in _sentences(paragraph):
            whole += length
            same += length if one in known else 0
    return same, whole


@lru_cache(maxsize=32)
def _bare(text: str) -> str:
    """The text without blanks and line breaks."""
    return "".join(text.split())


_FORMULA = expression("(?:本报告|本年报|本机关)?(?:根据|按照|依据|依照)[^，,]{0,8}《")


@lru_cache(maxsize=32)
def _own_length(text: str) -> int:
    """How many characters stand in sentences that do not begin with the rules they follow; short ones count as well."""
    return sum(len(one) for one in _SENTENCES.split(_bare(text)) if not _FORMULA.match(one))


def _prose(report: Report, rule: Rule, given: Given) -> Iterator[tuple[str, str, str] | NotChecked]:
    """The sections with prose in both years: key, text and last year's. Not where its figures still wait (E-08)."""
    prior = _no_prior(report, rule, given, table2=False)
    if isinstance(prior, NotChecked):
        yield prior
        return
    for section in report.form.sections:
        text, last = report.sections.get(section.key, ""), prior.sections.get(section.key, "")
        if text and last and not report.prose_doubts.get(section.key):
            yield section.key, text, last


def _same_prose(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """Y-06: a section that is last year's, word by word and figure by figure."""
    for one in _prose(report, rule, given):
        if isinstance(one, NotChecked):
            yield one
            continue
        key, text, last = one
        if _bare(text) == _bare(last) and _own_length(text) >= rule.data["least"]:
            yield _prose_finding(report, rule, key, text)


def _alike_prose(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """Y-06b: a section of which nearly all sentences are last year's, at most with other figures."""
    for one in _prose(report, rule, given):
        if isinstance(one, NotChecked):
            yield one
            continue
        key, text, last = one
        same, whole = _likeness(text, last)
        if whole < rule.data["least"] or same * 100 < whole * rule.data["share"]:
            continue
        if _bare(text) != _bare(last):
            yield _prose_finding(report, rule, key, text)


def _prose_finding(report: Report, rule: Rule, key: str, text: str) -> Finding:
    """At the whole text; it rests on no words of it, so that a reason given holds while the text is polished."""
    where = Span(key, 0, len(text))
    message = rule.message.format(table=part_named(where, report.form))
    return Finding(rule, where, message, values=(key,), quoted=key)


# --- cases


def _pending(report: Report, rule: Rule, given: Given) -> Iterator[Finding | NotChecked]:
    """Y-08: cases that were open last year, and this year fewer in all."""
    prior = _no_prior(report, rule, given, table2=False)
    if isinstance(prior, NotChecked):
        yield prior
        return
    for total in TOTALS:
        cell = total.removesuffix("total") + "pending"
        last, now = figures_of(prior, (cell,)), figures_of(report, (total,))
        if now is None:
            yield needed(rule, report, (total,))
        elif last is None:
            yield NotChecked(rule, "上年年报有格未填", ())
        elif now[0] < last[0]:
            yield told(report, rule, Cell(total), (total,), left=now[0], right=last[0])


TESTS: Mapping[str, Any] = {
    "stock": settled(_stock),
    "changes": settled(_changes),
    "same_table": settled(_same_table),
    "same_prose": settled(_same_prose),
    "alike_prose": settled(_alike_prose),
    "pending": settled(_pending),
}
"""The checks that a rule can name in `test`."""
