"""Evaluating rules on a report: equations, what ties it to last year's, and every named check (勾稽关系).

Knows when a rule cannot be evaluated: one that meets a blank or a text is “not checked”, never “met”; and that every
rule ends in a finding, as met, as not checked or as closed. Knows no wording: that is the rule's. Does not know how a
finding is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from gxeditor.core.checks import content, deadlines, disclosure, entries, figures, years
from gxeditor.core.checks.anchors import Anchor, Cell, Field, Span
from gxeditor.core.checks.claims.comparing import CLAIM, compared
from gxeditor.core.checks.findings import Finding, Findings, Met, NotChecked, Number
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule
from gxeditor.core.fields import BY_NAME
from gxeditor.core.report import Entry, Report, show_entry

Test = Callable[[Report, Rule, Given], Iterable[Finding | NotChecked]]
"""A named check: what it finds wrong, or why it could not look; nothing at all means that the rule is met."""

TESTS: Mapping[str, Test] = {
    **entries.TESTS,
    **figures.TESTS,
    **years.TESTS,
    **content.TESTS,
    **disclosure.TESTS,
    **deadlines.TESTS,
}
"""The checks that a rule can name in `test`."""

_NOTHING = Given()


def check(
    report: Report, rules: Iterable[Rule], prior: Report | None = None, given: Given = _NOTHING
) -> Findings:
    """Evaluates every rule on a report; carry-over rules with the figures of last year's that it keeps.

    `prior` is taken in place of those. Equal reports give equal findings, whatever was checked before.
    """
    if prior is None and report.prior is not None:
        prior = report.prior.report
    given = replace(given, prior=prior)
    rules = tuple(rules)
    prose = compared(report, rules, prior)
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    met: list[Met] = []
    closed: list[NotChecked] = []
    checked = checked_yearly = 0
    values = report.values
    for rule in rules:
        why = report.closed.get(rule.code) or given.off.get(rule.code)
        if why and rule.can_be_closed:  # whatever a file says, no sum is left out
            closed.append(NotChecked(rule, why, ()))
            continue
        if rule.test:
            of_it = prose.of(rule) if rule.kind == CLAIM else TESTS[rule.test](report, rule, given)
            found = list(of_it)
            findings.extend(one for one in found if isinstance(one, Finding))
            not_checked.extend(one for one in found if isinstance(one, NotChecked))
            if not found:
                met.append(Met(rule))
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
        if left_sum == right_sum:
            met.append(Met(rule, left_sum, right_sum))
            continue
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
    findings = [_explained(report, finding) for finding in findings]
    findings.sort(key=lambda finding: finding.severity.rank)
    return Findings(
        tuple(findings), tuple(not_checked), checked, checked_yearly, tuple(met), tuple(closed), prose.claims
    )


def _explained(report: Report, finding: Finding) -> Finding:
    """The finding with what it rests on, and with why it stands if a person has said so."""
    quoted = finding.quoted
    if not quoted and isinstance(finding.where, Span):
        quoted = finding.where.text(report)[finding.where.start : finding.where.end]
    values = finding.values
    if not values and (finding.left_values or finding.right_values):
        values = tuple(show_entry(value) for value in (*finding.left_values, *finding.right_values))
    elif not values:
        values = tuple(_shown(report, anchor) for anchor in finding.anchors)
    finding = replace(finding, quoted=quoted, values=values)
    explanation = report.explanations.get(finding.address)
    return finding if explanation is None else replace(finding, explanation=explanation)


def _shown(report: Report, anchor: Anchor) -> str:
    """What stands at a place, "" for a whole."""
    match anchor:
        case Cell(id=cell):
            return show_entry(report.value(cell))
        case Span(start=start, end=end):
            return anchor.text(report)[start:end]
        case Field(key=key) if key in BY_NAME:
            return report.shown(BY_NAME[key])
        case _:
            return ""


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
