"""The popover at a day due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.deadlines import deadline, explained
from gxeditor.core.ledger.request import Request
from gxeditor.resources import load_calendar
from gxeditor.ui.ledger.popover import ANSWERED, CALENDAR, DeadlinePopover
from tests.ledger_sample import TODAY, sample_ledger

CALENDAR_DATA = load_calendar()


def filled(qtbot: QtBot, request: Request, severity: Severity | None = None) -> DeadlinePopover:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(1000, 600)
    ground.show()
    popover = DeadlinePopover(ground)
    popover.ground = ground  # type: ignore[attr-defined]  # it lives as long as the popover
    due = deadline(request, CALENDAR_DATA)
    popover.fill(
        request.id, request.text("reg_no"), due, explained(due, CALENDAR_DATA, TODAY), severity,
        may_change=True, is_extended=request.day("extended_on") is not None,
    )  # fmt: skip
    popover.open_at(QRect(600, 100, 76, 26), QRect(0, 0, 1000, 600))
    return popover


def words(popover: DeadlinePopover) -> list[str]:
    labels: Iterable[QLabel] = popover.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.text()]


def test_it_says_the_calculation_line_by_line(qtbot: QtBot) -> None:
    popover = filled(qtbot, sample_ledger().by_id["r25072"], Severity.QUERY)
    said = words(popover)
    assert "25-072　答复期限 2026年1月14日（周三）" in said
    assert (
        said.index("收到")
        < said.index("计入")
        < said.index("不计入")
        < said.index("◆ 第 20 个")
        < said.index("依据")
    )
    assert "12月13日至24日，征求第三方意见" in said
    assert "12 天" in said
    assert popover.extend.isVisible()
    assert popover.answer.isVisible()
    assert not popover.calendar.isVisible()


def test_one_that_is_answered_offers_nothing(qtbot: QtBot) -> None:
    popover = filled(qtbot, sample_ledger().by_id["r25068"])
    assert not popover.extend.isVisible()
    assert not popover.answer.isVisible()


def test_beyond_the_data_it_gives_no_day_and_offers_to_import_the_days_off(qtbot: QtBot) -> None:
    popover = filled(qtbot, Request("far").with_value("received_on", date(2026, 12, 20)))
    assert "答复期限还没有" in words(popover)
    assert any("2027 年放假安排未收录，不能计算。" in said for said in words(popover))
    with qtbot.waitSignal(popover.asked) as asked:
        popover.calendar.click()
    assert asked.args == [CALENDAR]


def test_it_asks_for_the_answer_and_goes(qtbot: QtBot) -> None:
    popover = filled(qtbot, sample_ledger().by_id["r25076"])
    with qtbot.waitSignal(popover.asked) as asked:
        popover.answer.click()
    assert asked.args == [ANSWERED]
    with qtbot.waitSignal(popover.closed):
        popover.dismiss()
    assert not popover.isVisible()
    assert popover.request_id == ""


def test_it_stands_within_the_room_even_where_its_cell_is_not(qtbot: QtBot) -> None:
    popover = filled(qtbot, sample_ledger().by_id["r25072"])
    for cell in (
        QRect(600, -400, 76, 26),
        QRect(600, 900, 76, 26),
        QRect(0, 300, 10, 26),
        QRect(990, 300, 76, 26),
    ):
        popover.open_at(cell, QRect(0, 0, 1000, 600))
        assert QRect(0, 0, 1000, 600).contains(popover.geometry())
