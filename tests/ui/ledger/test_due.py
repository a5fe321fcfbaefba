"""到期: what is owed, by day."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.request import Ledger
from gxeditor.resources import load_calendar, load_form, load_vocabulary
from gxeditor.ui.ledger.due import DuePage, days_of
from gxeditor.ui.ledger.model import RowsModel
from tests.ledger_sample import TODAY, sample_ledger


def model_of(ledger: Ledger) -> RowsModel:
    return RowsModel(ledger, load_vocabulary(load_form()), load_calendar(), TODAY)


@pytest.fixture
def page(qtbot: QtBot) -> DuePage:
    model = model_of(sample_ledger())
    page = DuePage(model)
    model.setParent(page)
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.show()
    return page


def texts(page: DuePage) -> list[str]:
    return [
        page.rows.item(row).text() or page.rows.item(row).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(page.rows.count())
    ]


def test_the_overdue_come_first_and_what_waits_last(qapp: QApplication) -> None:
    days = days_of(model_of(sample_ledger()))
    assert [(one.title.partition("　")[0], one.severity) for one in days[:4]] == [
        ("2026年1月7日（周三）", Severity.ERROR),
        ("2026年1月12日（周一）", Severity.QUERY),
        ("2026年1月14日（周三）", Severity.QUERY),
        ("2026年1月15日（周四）", Severity.QUERY),
    ]
    assert days[-1].day is None
    assert days[-1].title == "等补正，未起算　1 件"
    assert sum(len(one.requests) for one in days) == 10


def test_rows_say_number_masked_name_and_subject(page: DuePage) -> None:
    assert texts(page)[:2] == [
        "2026年1月7日（周三）　超期 3 天　1 件",
        "25-074，何**，某安置小区土地使用权证，超期 3 天",
    ]
    assert not any("敏敏" in text for text in texts(page))


def test_enter_leads_to_the_request_and_f8_goes_on(page: DuePage, qtbot: QtBot) -> None:
    assert page.current() == "r25074"
    page.step(1)
    assert page.current() == "r25076"
    page.step(-1)
    with qtbot.waitSignal(page.asked) as asked:
        QApplication.sendEvent(
            page, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        )
    assert asked.args == ["r25074"]


def test_what_was_answered_goes_and_the_current_request_stays(page: DuePage) -> None:
    page.step(1)
    model = page._model
    answered = model.ledger.by_id["r25074"].with_value("answered_on", TODAY).with_value("outcome", "G1")
    model.show_ledger(model.ledger.with_request(answered))
    assert page.current() == "r25076"
    assert not any("25-074" in text for text in texts(page))


def test_nothing_owed_is_said(qtbot: QtBot) -> None:
    page = DuePage(model_of(Ledger()))
    qtbot.addWidget(page)
    page.show()
    assert page._none.isVisible()
