"""What does not fit in a ledger, listed with what can be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.request import Ledger
from gxeditor.ui.ledger import check_list
from gxeditor.ui.ledger.check_list import CheckList
from tests.ledger_desk import KeepingDesk
from tests.ledger_sample import sample_ledger
from tests.window import settled


def faulty() -> Ledger:
    """The sample with a request that lacks its kind of applicant and one answered before it came."""
    ledger = sample_ledger()
    first, second = ledger.requests[10], ledger.requests[11]
    ledger = ledger.with_request(first.with_value("applicant_type", None))
    return ledger.with_request(second.with_value("answered_on", date(2025, 1, 1)))


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> CheckList:
    frame = QWidget()
    qtbot.addWidget(frame)
    page = CheckList(KeepingDesk(faulty(), tmp_path, frame))
    qtbot.addWidget(page)
    page.resize(1366, 578)
    page.show()
    settled(lambda: bool(page.findings.findings))
    return page


def desk_of(page: CheckList) -> KeepingDesk:
    assert isinstance(page.desk, KeepingDesk)
    return page.desk


def test_errors_come_first_and_are_told_with_their_request(page: CheckList) -> None:
    first = page.list.lines[0]
    assert first.texts[0] == "▲ 错误"
    assert first.texts[2].startswith("25-")
    assert {line.texts[4] for line in page.list.lines} >= {"L-01"}


def test_how_many_there_are_is_told(page: CheckList) -> None:
    told: list[int] = []
    session = desk_of(page).session
    session.found.connect(lambda found: told.append(found.count(Severity.ERROR)))
    session.want_findings(0)
    settled(lambda: bool(told))
    errors = sum(line.texts[0] == "▲ 错误" for line in page.list.lines)
    assert told[-1] == errors > 0


def test_a_chip_lists_only_what_weighs_as_much(page: CheckList) -> None:
    page._chips["错误"].click()
    assert {line.texts[0] for line in page.list.lines} == {"▲ 错误"}


def test_what_is_in_hand_is_said_with_its_basis(page: CheckList) -> None:
    one = page.current
    assert one is not None
    assert page._sentence.text().startswith(one.message)
    assert one.check.mark in page._basis.text()


def test_enter_leads_to_the_request_and_back(page: CheckList) -> None:
    one = page.current
    assert one is not None
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    ((ids, why, field),) = desk_of(page).shown
    assert (ids[0], field) == (one.request, one.field)
    assert one.rule in why
    desk_of(page).go_back()
    assert desk_of(page).tabs == ["checks"]


def test_a_doubt_may_stand_for_a_reason_and_an_error_may_not(
    page: CheckList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_list, "ask_reason", lambda *_: "与当事人核对过")
    one = page.current
    assert one is not None
    assert not one.can_be_explained
    assert not page.explain.isVisible()
    row = next(i for i, f in enumerate(page._listed) if f.can_be_explained)
    page.list.setCurrentIndex(page.list.model().index(row, 0))
    address = page.list.key()
    page.explain.click()
    settled(lambda: address in {f.address for f in page.findings.explained})
    page._chips["已说明"].click()
    assert "与当事人核对过" in page._sentence.text()
    assert desk_of(page).session.undo()
    settled(lambda: address in {f.address for f in page.findings.open})


def test_f8_goes_through_the_list(page: CheckList) -> None:
    page.step(1)
    assert page.list.currentIndex().row() == 1 % len(page.list.lines)
    page.step(-1)
    assert page.list.currentIndex().row() == 0


def test_a_mended_request_leaves_the_list(page: CheckList) -> None:
    session = desk_of(page).session
    before = len(page.findings.findings)
    session.edit(replace(session.ledger, requests=sample_ledger().requests), "改正")
    settled(lambda: len(page.findings.findings) < before)


def test_no_name_is_in_the_list(page: CheckList) -> None:
    names = {request.text("applicant") for request in sample_ledger().requests}
    said = "".join("".join(line.texts) for line in page.list.lines)
    assert not [name for name in names if name in said]
