"""What checking a report found: findings with their addresses, and what could not be evaluated.

Knows which findings tint a cell and which stand on a page. Does not know how a finding comes about or is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from gxeditor.core.checks.anchors import Anchor, Cell, Span, Whole
from gxeditor.core.checks.rules import DOUBT, PROSE_DOUBT, Rule, Severity
from gxeditor.core.report import Entry

Number = int | Decimal


@dataclass(frozen=True)
class Finding:
    """A rule that is not met, both sides and their difference (None where nothing is added up).

    `where` is its address: the total or the last cell of an equation, the cell, field or part of a text that is wrong,
    the whole of what it speaks of. `parts` are the places that its sentence rests on, in order, if those are others.
    """

    rule: Rule
    where: Anchor
    message: str
    parts: tuple[Anchor, ...] = ()
    left: Number | None = None
    right: Number | None = None
    difference: Number | None = None
    left_values: tuple[Entry | None, ...] = ()
    right_values: tuple[Entry | None, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def page(self) -> str:
        """The key of the page on which it is shown."""
        return self.where.page

    @property
    def basis(self) -> str:
        return self.rule.basis

    @property
    def signs(self) -> Mapping[str, str]:
        return self.rule.signs

    @property
    def key(self) -> tuple[str, Anchor]:
        """What tells it from all other findings of a report, and stays while its figures or its message change."""
        return self.rule.id, self.where

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """All that it points to, first the place to go to."""
        return self.parts or (self.where,)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The ids of the cells among its anchors, in order."""
        return tuple(anchor.id for anchor in self.anchors if isinstance(anchor, Cell))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The parts of prose among its anchors, in order."""
        return tuple(anchor for anchor in self.anchors if isinstance(anchor, Span))

    @property
    def is_doubt(self) -> bool:
        """Whether it tells of what was taken over and not looked at yet, and ends when a person has."""
        return self.rule.test in (DOUBT, PROSE_DOUBT)

    @property
    def marks(self) -> bool:
        """Whether its cells are tinted; not if it speaks of a whole: a new report is no wall of colour."""
        return not isinstance(self.where, Whole)


class NotChecked(NamedTuple):
    """A rule that could not be evaluated, with the reason and the cells that prevent it."""

    rule: Rule
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """What `check` found: worst first, in the order of the form.

    `checked` counts the equations that were evaluated, `checked_yearly` those of them with last year's report.
    """

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    checked: int = 0
    checked_yearly: int = 0

    @cached_property
    def by_cell(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings that tint a cell, worst first."""
        index: dict[str, tuple[Finding, ...]] = {}
        for finding in self.findings:
            if finding.marks:
                for cell in finding.cells:
                    index[cell] = (*index.get(cell, ()), finding)
        return index

    @cached_property
    def unchecked_by_cell(self) -> Mapping[str, tuple[NotChecked, ...]]:
        """For each cell the rules it belongs to that could not be evaluated."""
        index: dict[str, tuple[NotChecked, ...]] = {}
        for item in self.not_checked:
            for cell in item.rule.signs:
                index[cell] = (*index.get(cell, ()), item)
        return index

    @cached_property
    def across_years(self) -> tuple[str, ...]:
        """Why rules that tie the report to last year's were not evaluated, where no cell of this one is the reason.

        A clause for each reason: 「7 条跨年关系没有检查：没有选上年年报」.
        """
        reasons = [item.reason for item in self.not_checked if not item.cells]
        return tuple(
            f"{reasons.count(reason)} 条跨年关系没有检查：{reason}" for reason in dict.fromkeys(reasons)
        )

    def of_page(self, key: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.page == key)

    def count(self, severity: Severity, page: str | None = None) -> int:
        """How many weigh as much, on one page or, with None, of all."""
        return sum(1 for f in self.findings if f.severity is severity and page in (None, f.page))
