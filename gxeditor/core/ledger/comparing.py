"""What a ledger counts beside what a report says: which cells differ, which request explains it, taking figures over.

Knows the tables of requests and disputes. Knows no file and no window; a report that takes figures over keeps counts,
never who asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gxeditor.core.ledger.counting import Counts
from gxeditor.core.ledger.request import Ledger
from gxeditor.core.report import Report


class Cause(NamedTuple):
    """Why cells differ: one request, `cells` that it explains, `why` in words."""

    request: str
    cells: tuple[str, ...]
    why: str


def differing(counts: Counts, report: Report) -> tuple[str, ...]:
    """The cells that say another figure than the ledger, in the order of the form."""
    return tuple(cell for cell, number in counts.cells.items() if report.value(cell) != number)


def causes(counts: Counts, report: Report, ledger: Ledger) -> tuple[Cause, ...]:
    """The requests that explain differences."""
    return ()


def adopt(report: Report, counts: Counts, cells: Iterable[str]) -> Report:
    """The report with the ledger's figures in these cells; totals that follow by themselves stay so."""
    wanted = {
        cell: counts.cells[cell]
        for cell in cells
        if not (report.form.cells[cell].parts and cell not in report.entries)
    }
    return report.with_entries(dict(wanted))
