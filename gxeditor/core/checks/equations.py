"""The equations of a report as a web: which figures a person typed are in which, and what a change does to all of them.

Knows that an automatic total is nobody's figure: what changes it are the details it sums, so it stands for those in
every equation, and the equation that defines it says nothing. Knows only equations that were evaluated; one that a
person has explained neither accuses nor acquits. Knows no cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TypeGuard

from gxeditor.core.checks.findings import Finding, Findings, Number
from gxeditor.core.checks.rules import Rule
from gxeditor.core.report import Report

EQUATIONS = ("sum", "balance", "carry_over")
"""The kinds of rules that are equations."""


class Equations:
    """The evaluated equations of one report, by rule id.

    `failing` are those not met and not explained, `off` by how much their left side is greater than their right.
    `numbers` are the figures that were typed, by cell id, without what is no number; empty if nothing fails.
    """

    def __init__(self, report: Report, findings: Findings) -> None:
        self.report = report
        self.failing: dict[str, Finding] = {}
        self.off: dict[str, Number] = {}
        self.numbers: dict[str, Number] = {}
        self.rules: dict[str, Rule] = {}
        for finding in findings.open:
            if (
                finding.rule.kind in EQUATIONS
                and finding.left is not None
                and finding.right is not None
                and is_finite(finding.left)
                and is_finite(finding.right)
            ):
                self.failing[finding.rule.id] = finding
                self.off[finding.rule.id] = finding.left - finding.right
        self._woven = _Woven((), {})
        self._cells: dict[str, tuple[str, ...]] = {}
        if not self.failing:
            return
        for cell, value in report.entries.items():
            if is_finite(value):
                self.numbers[cell] = value
        rules = (
            *(finding.rule for finding in self.failing.values()),
            *(met.rule for met in findings.met if met.rule.kind in EQUATIONS),
        )
        self.rules = {rule.id: rule for rule in rules}
        self._woven = _woven(
            rules, {total.id: total.parts for total in report.form.totals if total.id not in report.entries}
        )

    @cached_property
    def derived(self) -> frozenset[str]:
        """The equations of automatic totals alone: they say only what others say together."""
        return frozenset(
            rule_id
            for rule_id, rule in self.rules.items()
            if all(cell in self._woven.automatic for cell in rule.signs)
        )

    def of(self, cell: str) -> Mapping[str, int]:
        """The evaluated equations that change with a typed figure, and how often it counts on their left side."""
        return self._woven.of(cell)

    def cells(self, rule: str) -> tuple[str, ...]:
        """The typed figures that an equation changes with, in its order."""
        known = self._cells.get(rule)
        if known is None:
            found: dict[str, None] = {}
            cells = list(self.rules[rule].signs)[::-1]
            while cells:
                cell = cells.pop()
                if cell in self.numbers:
                    found[cell] = None
                elif cell in self._woven.automatic:
                    cells.extend(reversed(self._woven.automatic[cell]))
            known = self._cells[rule] = tuple(cell for cell in found if rule in self.of(cell))
        return known

    def can_be(self, cell: str, value: Number) -> bool:
        """Whether a figure could stand there at all: not below 0, a count whole."""
        return value >= 0 and (bool(self.report.form.cells[cell].decimals) or value == int(value))

    def after(self, changes: Mapping[str, Number]) -> dict[str, Number]:
        """By how much the equations that these typed figures are in would be off with others in their place."""
        left: dict[str, Number] = {}
        for cell, value in changes.items():
            if more := value - self.numbers[cell]:
                for rule, sign in self.of(cell).items():
                    left[rule] = left.get(rule, self.off.get(rule, 0)) + sign * more
        return left

    def breaks(self, after: Mapping[str, Number]) -> bool:
        """Whether an equation that holds would no longer."""
        return any(off and rule not in self.failing for rule, off in after.items())

    def mended(self, after: Mapping[str, Number]) -> tuple[str, ...]:
        """The failing equations that would hold."""
        return tuple(rule for rule, off in after.items() if not off and rule in self.failing)


class _Woven:
    """Which equations each cell is in, if these totals are automatic."""

    def __init__(self, rules: tuple[Rule, ...], automatic: Mapping[str, tuple[str, ...]]) -> None:
        self.rules = rules
        self.automatic = automatic
        self._signs: dict[str, dict[str, int]] = {}
        self._sums: dict[str, list[str]] = {}
        self._in: dict[str, Mapping[str, int]] = {}
        for rule in rules:
            for cell, sign in rule.signs.items():
                self._signs.setdefault(cell, {})[rule.id] = 1 if sign == "+" else -1
        for total, parts in automatic.items():
            for part in parts:
                self._sums.setdefault(part, []).append(total)

    def of(self, cell: str) -> Mapping[str, int]:
        known = self._in.get(cell)
        if known is None:
            counted = dict(self._signs.get(cell, ()))
            for total in self._sums.get(cell, ()):
                for rule, sign in self.of(total).items():
                    counted[rule] = counted.get(rule, 0) + sign
            known = self._in[cell] = {rule: sign for rule, sign in counted.items() if sign}
        return known


_known: dict[tuple[object, ...], _Woven] = {}
_KEPT = 8
"""From one keystroke to the next the same equations are evaluated; of a report before, others."""


def _woven(rules: Iterable[Rule], automatic: Mapping[str, tuple[str, ...]]) -> _Woven:
    """The web of these rules, woven once: rules are known by identity, which lasts as they are kept with it."""
    rules = tuple(sorted(rules, key=id))
    key = (*map(id, rules), *automatic.items())
    if key not in _known:
        while len(_known) >= _KEPT:
            del _known[next(iter(_known))]
        _known[key] = _Woven(rules, automatic)
    return _known[key]


def is_finite(value: object) -> TypeGuard[Number]:
    return isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())


def lines_of(report: Report, cells: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of the rows and of the columns in which cells lie, each with its section."""
    found = [report.form.cells[cell] for cell in cells]
    return (
        frozenset(f"{cell.section}.{cell.row.key}" for cell in found),
        frozenset(f"{cell.section}.{cell.column.key}" for cell in found),
    )
