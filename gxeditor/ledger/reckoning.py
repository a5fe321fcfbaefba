"""A ledger's file → what it comes to in a year: read, counted, checked, compared with a report.

The command line goes through here. A foreign file is read in the child process, like every other; our own is read here.
Writes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from gxeditor.core.ledger.comparing import compare
from gxeditor.core.ledger.counting import count
from gxeditor.core.report import Report
from gxeditor.ledger.account import Found, Missed, Reckoned
from gxeditor.ledger.maps import LedgerMap
from gxeditor.ledger.reading import LedgerRead, read_ledger
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store import ledger_file


def reckon(
    path: Path,
    year: int,
    given: LedgerMap | None = None,
    report: Report | None = None,
    today: date | None = None,
) -> Reckoned:
    """What the ledger in a file comes to in a year, beside `report` if there is one.

    `given` is what a person said of columns and words. Raises what the reading raises.
    """
    from gxeditor.core.ledger.checks import check
    from gxeditor.resources import load_ledger_checks
    from gxeditor.store.calendar_file import known_calendar

    form = load_form() if report is None else report.form
    vocabulary = load_vocabulary(form)
    read = read_apart(path, year, given)
    counts = count(read.ledger, year, form, vocabulary)
    found = check(
        read.ledger,
        load_ledger_checks(form),
        known_calendar(),
        vocabulary,
        today or date.today(),
        counts=counts,
        report=report,
        prior=report.prior.report if report is not None and report.prior is not None else None,
        columns=fields_of(read),
    )
    reckoned = Reckoned(
        read,
        counts,
        comparison=None if report is None else compare(report, counts),
        missed=tuple(
            Missed(one.check.code, one.reason, one.requests)
            for one in (*found.not_checked, *found.undetermined)
        ),
        is_own=not read.sheets,
    )
    findings = []
    for one in found.open:
        sheet, row = reckoned.places.get(one.request, ("", 0))
        due = one.due.isoformat() if one.due is not None else ""
        findings.append(Found(one.rule, one.severity.value, row, one.message, due, sheet, one.related))
    return replace(reckoned, findings=tuple(findings))


def read_apart(path: Path, year: int | None = None, given: LedgerMap | None = None) -> LedgerRead:
    """The ledger in a file, our own or foreign; a foreign one is read in the child process.

    Raises `GxError` if it cannot be read.
    """
    if ledger_file.is_own(path):
        return LedgerRead(ledger_file.read_ledger(path, load_vocabulary(load_form())).ledger)
    from gxeditor import worker

    return worker.run(
        read_ledger,
        path,
        year,
        given,
        doing=f"读“{path.name}”",
        remedy="请在 Excel 或 WPS 里打开它，另存一份再导入。",
        meaning="没有读入任何内容。",
    )


def fields_of(read: LedgerRead) -> frozenset[str] | None:
    """The fields that an imported ledger has a column for; None of one of ours, which has all."""
    if not read.sheets:
        return None
    return frozenset(field for sheet in read.sheets for column in sheet.columns for field in column.fields)
