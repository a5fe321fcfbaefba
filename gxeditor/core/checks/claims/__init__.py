"""What the prose says in numbers, and whether the tables say the same (正文与表)."""

from __future__ import annotations

from collections.abc import Iterable

from gxeditor.core.checks.rules import Rule
from gxeditor.core.report import Bound, Report


def bindable(report: Report, rules: Iterable[Rule], section: str) -> tuple[tuple[Bound, str], ...]:
    """The numbers of a section's prose, or of the preamble's, that can follow the tables, in order.

    Each with what it would follow, as a clerk calls it. Those are the claims that agree with what they speak of,
    have one reading only, and state a figure in digits of the cell's own unit.
    """
    return ()
