"""A report in which something is open, explained, closed and not checked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from gxeditor.core import edits
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import Prior, Report, blank_report
from gxeditor.ui.session import Session

BROUGHT = "requests.brought_forward"


@pytest.fixture
def report(form: Form) -> Report:
    """Two numbers differ from last year's: 5 and 4 in all, 1 and 0 of companies; one cell of table 四 is blank."""
    zeros = edits.fill_blanks(blank_report(form, 2022), form.cells.values())
    automatic = {cell.id: None for cell in form.totals}
    last = zeros.with_fields(year=2021, agency="甲局").with_entries(
        {
            **automatic,
            "requests.carried_forward.natural_person": 4,
            "requests.carried_forward.company": 1,
            "requests.received.natural_person": 4,
            "requests.received.company": 1,
        }
    )
    report = zeros.with_fields(agency="甲局").with_entries(
        {
            **automatic,
            f"{BROUGHT}.natural_person": 4,
            "requests.carried_forward.natural_person": 4,
            "disputes.direct_suit.upheld": None,
        }
    )
    return report.with_prior(Prior.of(last, "/去年.gxr"))


@pytest.fixture
def session(qapp: QApplication, form: Form, rules: tuple[Rule, ...], report: Report) -> Iterator[Session]:
    session = Session(form, rules)
    session.begin(report)
    yield session
    session.close()  # it may still be looking for last year's file


def found(session: Session, rule_id: str) -> Finding:
    return next(one for one in session.findings.findings if one.rule.id == rule_id)
