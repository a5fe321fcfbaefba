"""Evaluating rules on a report: equations, what ties it to last year's, and every named check (勾稽关系).

Knows when a rule cannot be evaluated: one that meets a blank or a text is “not checked”, never “met”; and that every
rule ends in a finding, as met, as not checked or as closed. Knows no wording: that is the rule's. Does not know how a
finding is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from gxeditor.core.checks import entries, figures, years
from gxeditor.core.checks.anchors import Anchor, Cell, Field, Span
from gxeditor.core.checks.findings import Finding, Findings, Met, NotChecked, Number
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import CLAIM, Rule
from gxeditor.core.fields import BY_NAME, FIELDS
from gxeditor.core.report import Entry, Explanation, Report, show_entry

if TYPE_CHECKING:
    from gxeditor.core.checks.claims.comparing import Compared

Test = Callable[[Report, Rule, Given], Iterable[Finding | NotChecked]]
"""A named check: what it finds wrong, or why it could not look; nothing at all means that the rule is met."""


class _Tests(dict[str, Test]):
    """Those of figures at once, those of texts when one is asked for: a window shows its tables before its texts are
    looked at, and what reads prose is half of all that checks."""

    def __missing__(self, name: str) -> Test:
        if self._load():
            return self[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (self._load() and super().__contains__(name))

    _loaded = False

    def _load(self) -> bool:
        """Takes in the checks of texts; False if they are in."""
        if self._loaded:
            return False
        from gxeditor.core.checks import content, deadlines, disclosure

        for module in (content, disclosure, deadlines):
            self.update(module.TESTS)
        self._loaded = True
        return True


TESTS: Mapping[str, Test] = _Tests({**entries.TESTS, **figures.TESTS, **years.TESTS})
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
    rules = tuple(rules)
    prose = _compared(report, rules, prior)
    of_figures = _of_figures(_Figures(report, prior, rules, given))
    given = replace(given, prior=prior)
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    met: list[Met] = []
    closed: list[NotChecked] = []
    checked = checked_yearly = 0
    for rule in rules:
        why = report.closed.get(rule.code) or given.off.get(rule.code)
        if why and rule.can_be_closed:  # whatever a file says, no sum is left out
            closed.append(NotChecked(rule, why, ()))
            continue
        ends = of_figures.get(rule.id)
        if ends is None:
            if prose is not None and rule.kind == CLAIM:
                ends = tuple(prose.of(rule, report))
            else:
                ends = tuple(TESTS[rule.test](report, rule, given))
            ends = ends or (Met(rule),)
        for end in ends:
            if isinstance(end, Finding):
                findings.append(end)
            elif isinstance(end, Met):
                met.append(end)
            else:
                not_checked.append(end)
        if not rule.test and not isinstance(ends[0], NotChecked):
            checked += 1
            checked_yearly += rule.kind == "carry_over"
    findings = [_explained(report, finding) for finding in findings]
    findings.sort(key=lambda finding: finding.severity.rank)
    claimed = prose.claims if prose is not None else ()
    return Findings(
        tuple(findings),
        tuple(not_checked),
        checked,
        checked_yearly,
        tuple(met),
        tuple(closed),
        claimed,
    )


def _compared(report: Report, rules: tuple[Rule, ...], prior: Report | None) -> Compared | None:
    """The numbers of the prose, if a rule speaks of them: what reads them is loaded only then."""
    if not any(rule.kind == CLAIM for rule in rules):
        return None
    from gxeditor.core.checks.claims.comparing import compared

    return compared(report, rules, prior)


OF_FIGURES = frozenset(
    {
        *("blank", "kept_text", "not_number", "negative", "decimals", "long_fraction"),
        *("details_too_many", "handled_too_many", "fee_in_yuan", "stock_too_small", "rules_by_whom"),
        *("decimals_asked", "much_other", "disputes_without_requests", "more_disputes_than_requests"),
        *("suit_after_no_review", "review_first", "changes", "same_table", "pending"),
    }
)
"""The named checks that look at no prose: at the entries and what follows from them, the plain fields, last year's
figures and what is asked."""

_PLAIN = tuple(one.name for one in FIELDS if not one.prose)


@dataclass(frozen=True, eq=False)
class _Figures:
    """What equations and checks of figures see; equal where plain fields are equal, all else the very same objects.

    Compared by identity, as comparing hundreds of entries would take as long as checking them.
    """

    report: Report
    prior: Report | None
    rules: tuple[Rule, ...]
    given: Given

    @cached_property
    def parts(self) -> tuple[object, ...]:
        seen = (self.report.entries, self.report.form, self.prior, self.rules, self.given)
        return (*(id(one) for one in seen), *(getattr(self.report, name) for name in _PLAIN))

    def __hash__(self) -> int:
        return hash(self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Figures) and self.parts == other.parts


@lru_cache(maxsize=2)
def _of_figures(seen: _Figures) -> Mapping[str, tuple[Finding | NotChecked | Met, ...]]:
    """How the rules end that look at figures alone, by id: typing prose does not evaluate them again."""
    ends: dict[str, tuple[Finding | NotChecked | Met, ...]] = {}
    given = replace(seen.given, prior=seen.prior)
    for rule in seen.rules:
        if not rule.test:
            ends[rule.id] = (_equation(rule, seen.report, seen.prior),)
        elif rule.test in OF_FIGURES:
            ends[rule.id] = tuple(TESTS[rule.test](seen.report, rule, given)) or (Met(rule),)
    return ends


def _equation(rule: Rule, report: Report, prior: Report | None) -> Finding | NotChecked | Met:
    source = values = report.values
    if rule.kind == "carry_over":
        if prior is None:
            return NotChecked(rule, "没有选上年年报", ())
        source = prior.values
        if report.year and prior.year and prior.year != report.year - 1:
            return NotChecked(rule, f"上年年报是 {prior.year} 年的，不是 {report.year - 1} 年", ())
    left = [source.get(cell) for cell in rule.left]
    right = [values.get(cell) for cell in rule.right]
    if any(value is None or isinstance(value, str) for value in (*left, *right)):
        return _not_checked(rule, left, right)
    left_sum, right_sum = _total(left), _total(right)
    if left_sum == right_sum:
        return Met(rule, left_sum, right_sum)
    difference = max(left_sum, right_sum) - min(left_sum, right_sum)
    message = rule.message.format(
        left=show_entry(left_sum), right=show_entry(right_sum), difference=show_entry(difference)
    )
    return Finding(
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
    if quoted is not finding.quoted or values is not finding.values:
        finding = _with(finding, values, quoted, None)
    explanation = report.explanations.get(finding.address) if report.explanations else None
    return finding if explanation is None else _with(finding, values, quoted, explanation)


def _with(finding: Finding, values: tuple[str, ...], quoted: str, explanation: Explanation | None) -> Finding:
    # Not `replace`, which takes five times as long: there may be a hundred findings with every keystroke.
    return Finding(
        finding.rule,
        finding.where,
        finding.message,
        finding.parts,
        finding.left,
        finding.right,
        finding.difference,
        finding.left_values,
        finding.right_values,
        values,
        quoted,
        explanation,
    )


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
