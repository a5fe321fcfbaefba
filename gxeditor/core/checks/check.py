"""Evaluating rules on a report: equations, what ties it to last year's, and the checks of single entries (勾稽关系).

Knows when a rule cannot be evaluated: one that meets a blank or a text is “not checked”, never “met”. Knows no wording:
that is the rule's. Does not know how a finding is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from gxeditor.core import form
from gxeditor.core.checks.anchors import Anchor, Cell, Span, Whole, named, part_named
from gxeditor.core.checks.findings import Finding, Findings, NotChecked, Number
from gxeditor.core.checks.rules import DOUBT, PROSE_DOUBT, Rule
from gxeditor.core.difference import PREAMBLE
from gxeditor.core.report import KEPT_TEXTS, Entry, Report, show_entry


def check(report: Report, rules: Iterable[Rule], prior: Report | None = None) -> Findings:
    """Evaluates every rule on a report; carry-over rules with the figures of last year's that it keeps.

    `prior` is taken in place of those. Equal reports give equal findings, whatever was checked before.
    """
    if prior is None and report.prior is not None:
        prior = report.prior.report
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    checked = checked_yearly = 0
    values = report.values
    for rule in rules:
        if rule.kind == "entry":
            findings.extend(ENTRY_CHECKS[rule.test](report, rule))
            continue
        source = values
        if rule.kind == "carry_over":
            if prior is None:
                not_checked.append(NotChecked(rule, "没有选上年年报", ()))
                continue
            source = prior.values
            if report.year and prior.year and prior.year != report.year - 1:
                not_checked.append(
                    NotChecked(rule, f"上年年报是 {prior.year} 年的，不是 {report.year - 1} 年", ())
                )
                continue
        left = [source.get(cell) for cell in rule.left]
        right = [values.get(cell) for cell in rule.right]
        if any(value is None or isinstance(value, str) for value in (*left, *right)):
            not_checked.append(_not_checked(rule, left, right))
            continue
        checked += 1
        checked_yearly += rule.kind == "carry_over"
        left_sum, right_sum = _total(left), _total(right)
        if left_sum != right_sum:
            difference = max(left_sum, right_sum) - min(left_sum, right_sum)
            message = rule.message.format(
                left=show_entry(left_sum), right=show_entry(right_sum), difference=show_entry(difference)
            )
            findings.append(
                Finding(
                    rule,
                    rule.decisive,
                    message,
                    rule.places,
                    left_sum,
                    right_sum,
                    difference,
                    tuple(left),
                    tuple(right),
                )
            )
    findings.sort(key=lambda finding: finding.severity.rank)
    return Findings(tuple(findings), tuple(not_checked), checked, checked_yearly)


def _total(values: Iterable[Entry | None]) -> Number:
    total: Number = 0
    for value in values:
        assert value is not None
        assert not isinstance(value, str)
        total += value
    return total


def _not_checked(rule: Rule, left: list[Entry | None], right: list[Entry | None]) -> NotChecked:
    pairs = list(zip((*rule.left, *rule.right), (*left, *right), strict=True))
    texts = [(cell, value) for cell, value in pairs if isinstance(value, str)]
    if texts:
        return NotChecked(rule, f"有“{texts[0][1]}”，不是数字", tuple(cell for cell, _ in texts))
    blanks = tuple(cell for cell, value in pairs if value is None)
    if rule.kind == "carry_over" and any(cell in rule.left for cell in blanks):
        return NotChecked(rule, "上年年报这一格未填", tuple(cell for cell in blanks if cell in rule.right))
    return NotChecked(rule, f"有 {len(blanks)} 格未填", blanks)


def _blanks(report: Report, rule: Rule) -> Iterator[Finding]:
    """One finding per table that has been begun; an untouched table is no finding."""
    for table in report.form.tables:
        if any(cell.id in report.entries for cell in table.cells):
            blank = tuple(c.id for c in table.cells if report.value(c.id) is None and not _waits(report, c))
            if blank:
                yield _entry_finding(report, rule, Whole(table.key), blank)


def _waits(report: Report, cell: form.Cell) -> bool:
    """Whether a blank total waits only for its own details: filling those fills it."""
    return cell.is_total and any(report.value(part) is None for part in cell.parts)


def _kept_texts(report: Report, rule: Rule) -> Iterator[Finding]:
    for table in report.form.tables:
        kept = tuple(cell.id for cell in table.cells if report.entries.get(cell.id) in KEPT_TEXTS)
        if kept:
            yield _entry_finding(report, rule, Cell(kept[-1]), kept)


def _not_numbers(report: Report, rule: Rule) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        kept = isinstance(entry, str) and entry in KEPT_TEXTS
        if not kept and (isinstance(entry, str) or (isinstance(entry, Decimal) and not entry.is_finite())):
            yield _entry_finding(report, rule, Cell(cell.id), (cell.id,))


def _negatives(report: Report, rule: Rule) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        if not isinstance(entry, str) and entry < 0:
            yield _entry_finding(report, rule, Cell(cell.id), (cell.id,))


def _decimals(report: Report, rule: Rule) -> Iterator[Finding]:
    """A fraction where only whole numbers are counted."""
    for cell, entry in _entries(report):
        if cell.decimals == 0 and isinstance(entry, Decimal) and _fraction(entry):
            yield _entry_finding(report, rule, Cell(cell.id), (cell.id,))


def _long_fractions(report: Report, rule: Rule) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        if cell.decimals and isinstance(entry, Decimal) and _fraction(entry) > cell.decimals:
            yield _entry_finding(report, rule, Cell(cell.id), (cell.id,))


def _fraction(entry: Decimal) -> int:
    """How many decimals a number is written with; 0 if it is not finite."""
    exponent = entry.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _entries(report: Report) -> Iterator[tuple[form.Cell, Entry]]:
    return (
        (cell, report.entries[cell.id]) for cell in report.form.cells.values() if cell.id in report.entries
    )


def _entry_finding(report: Report, rule: Rule, where: Anchor, cells: tuple[str, ...]) -> Finding:
    first = report.form.cells[cells[0]]
    entry = report.value(cells[0])
    message = rule.message.format(
        table=part_named(where, report.form),
        count=len(cells),
        place=first.place,
        entry=show_entry(entry),
        unit=first.unit,
        decimals=first.decimals,
        found=_fraction(entry) if isinstance(entry, Decimal) else 0,
    )
    return Finding(rule, where, message, tuple(Cell(cell) for cell in cells))


def _doubts(report: Report, rule: Rule) -> Iterator[Finding]:
    """Figures taken over in doubt; those of one table that are doubted for one reason are told together."""
    together: dict[tuple[str, str], list[str]] = {}
    for cell in report.form.cells.values() if report.doubts else ():
        if (doubt := report.doubts.get(cell.id)) is not None:
            together.setdefault((cell.section, doubt.what), []).append(cell.id)
    for (_, what), cells in together.items():
        place = report.form.cells[cells[0]].place
        more = f"等 {len(cells)} 格" if len(cells) > 1 else ""
        message = rule.message.format(place=f"{place}{more}", doubt=what)
        yield Finding(rule, Cell(cells[0]), message, tuple(Cell(cell) for cell in cells))


_AROUND = 6  # characters before a number that tell which one it is
_UNIT = re.compile("[余多]?(?:[万亿]?元|[人条件][次]|个工作日|[^\\W0-9_])|[%％]")
_STOPS = re.compile("[，。；：、！？,;:!?（）()“”《》\\s]")


def _prose_doubts(report: Report, rule: Rule) -> Iterator[Finding]:
    """Numbers of last year's prose, one by one, so that F8 leads from each to the next."""
    for key in (PREAMBLE, *(section.key for section in report.form.sections)) if report.prose_doubts else ():
        text = Span(key, 0, 0).text(report)
        for doubt in report.prose_doubts.get(key, ()):
            where = Span(key, doubt.start, doubt.end)
            first = max(0, doubt.start - _AROUND)
            before = _STOPS.split(text[first : doubt.start])[-1]
            if first and len(before) == _AROUND and text[first - 1].isdecimal():
                before = before.lstrip("0123456789０１２３４５６７８９")  # no part of another number
            unit = _UNIT.match(text, doubt.end)
            quoted = f"{before}{doubt.text}{unit[0] if unit is not None else ''}"
            message = rule.message.format(place=named(where, report.form), text=quoted, doubt=doubt.what)
            yield Finding(rule, where, message)


ENTRY_CHECKS = {
    "blank": _blanks,
    "kept_text": _kept_texts,
    "not_number": _not_numbers,
    "negative": _negatives,
    "decimals": _decimals,
    "long_fraction": _long_fractions,
    DOUBT: _doubts,
    PROSE_DOUBT: _prose_doubts,
}
"""The checks of entries that a rule can name in `test`."""
