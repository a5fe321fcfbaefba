"""The card of a figure: both values, why they differ, what can be done, and the requests behind it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gxeditor.ui.ledger.count_card import CountCard, Shown
from gxeditor.ui.rollup.plain_table import Line

DIFFERENT = Shown(
    "三（一）予以公开 · 自然人", "13", "12", "1", ("很可能是这 1 件", "25-080　12月25日收到。", "跨年答复。"),
    adopt="这 6 格采用台账", keep="保留年报的 13…",
)  # fmt: skip


def lines(number: int) -> list[Line]:
    return [Line(f"r{i}", (f"25-{i:03d}", "1月6日", "1月27日", "某地块规划条件")) for i in range(number)]


@pytest.fixture
def card(qtbot: QtBot) -> CountCard:
    card = CountCard()
    qtbot.addWidget(card)
    card.resize(372, 578)
    card.show()
    return card


def words(card: CountCard) -> list[str]:
    labels: Iterable[QLabel] = card.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.text()]


def test_both_figures_the_difference_and_the_reason_are_said(card: CountCard) -> None:
    card.show_figure(DIFFERENT, lines(2))
    said = words(card)
    assert {"13", "12", "1", "◆", "很可能是这 1 件", "跨年答复。", "台账里的 2 件"} <= set(said)
    assert card.adopt.text() == "这 6 格采用台账"


def test_equal_figures_offer_nothing(card: CountCard) -> None:
    card.show_figure(Shown("一、本年新收 · 自然人", "67", "67"), lines(1))
    assert not card.adopt.isVisible()
    assert not card.keep.isVisible()
    assert "◆" not in words(card)


def test_why_nothing_can_be_adopted_is_said_where_the_button_is(card: CountCard) -> None:
    card.show_figure(DIFFERENT._replace(off="这份年报已定稿。"), lines(1))
    assert not card.adopt.isEnabled()
    assert "这份年报已定稿。" in words(card)


def test_a_kept_figure_says_its_reason_and_can_be_marked_again(card: CountCard, qtbot: QtBot) -> None:
    card.show_figure(Shown("格", "13", "12", "1", kept="收件室另登一件"), lines(1))
    assert "保留年报的数：收件室另登一件" in words(card)
    with qtbot.waitSignal(card.unkeep_asked):
        card.unkeep.click()


def test_the_rest_of_many_requests_unfolds(card: CountCard) -> None:
    card.show_figure(DIFFERENT, lines(40))
    shown = len(card.view.lines)
    assert 3 <= shown < 40
    assert card._rest.text() == f"其余 {40 - shown} 件"
    card._rest.click()
    assert len(card.view.lines) == 40


def test_enter_asks_for_the_request_and_escape_goes_back(card: CountCard, qtbot: QtBot) -> None:
    card.show_figure(DIFFERENT, lines(3))
    card.focus_requests()
    with qtbot.waitSignal(card.request_asked) as asked:
        QTest.keyClick(card.view, Qt.Key.Key_Return)
    assert asked.args == ["r0"]
    with qtbot.waitSignal(card.left):
        QTest.keyClick(card.view, Qt.Key.Key_Escape)


def test_every_button_has_a_tip(card: CountCard) -> None:
    card.show_figure(DIFFERENT, lines(40))
    for button in (card.adopt, card.keep, card.unkeep, card._show, card._rest):
        assert button.toolTip()
