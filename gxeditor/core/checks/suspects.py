"""Where to look first: which cells alone explain the most equations that are not met.

Knows how a wrong figure spreads over the equations it is in. Knows no cause and no mend: those are `hints`.
"""

from __future__ import annotations

from typing import NamedTuple

from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.report import Report


class Suspect(NamedTuple):
    """A cell that is likely wrong: how many of the failing equations it alone explains, and which those are."""

    cell: str
    weight: float
    findings: tuple[Finding, ...]


def suspects(report: Report, findings: Findings) -> tuple[Suspect, ...]:
    """The cells to look at, the strongest first; none where no cell stands out."""
    return ()
