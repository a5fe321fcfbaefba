"""What the popover at a number of the prose calls things, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.findings import Claimed, Reading
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.ui.editor.number_popover import WIDTH, NumberPopover, Offer, called, named, percent, shown
from gxeditor.ui.session import Session

RECEIVED = "requests.received.total"


def claim(text: str, number: str, **more: object) -> Claimed:
    start = text.index(number)
    where, phrase = Span("overview", start, start + len(number)), Span("overview", 0, len(text))
    return Claimed(where, phrase, number, 68, "different", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("共收到申请68件", "共收到申请"),
        ("2025年，共收到申请68件", "共收到申请"),
        ("2025年度全年受理68件", "受理"),
        ("68件申请", "申请"),
        ("68", "68"),
        ("本机关在过去的一年里认真办理并依法答复的申请68件", "…认真办理并依法答复的申请"),
    ],
)
def test_a_number_is_called_by_the_words_before_it(text: str, words: str) -> None:
    assert called(claim(text, "68"), text) == words


def test_a_reading_names_its_table_once(form: Form) -> None:
    assert named(Reading("本年新收", (RECEIVED,), 62), form) == "表三 · 本年新收"
    assert named(Reading("表三 一、本年新收", (RECEIVED,), 62), form) == "表三 一、本年新收"
    assert named(Reading("两项之和", (), 62), form) == "两项之和"


def test_values_are_shown_as_a_person_writes_them() -> None:
    assert shown(None) == "未填"
    assert shown(Decimal("3.5000")) == "3.5"
    assert shown(120) == "120"
    assert percent(claim("占比68%", "68%"), Decimal("52.40")) == "52.4%"
    assert percent(claim("共68件", "68"), 62) == "62"
    assert percent(claim("占比68%", "68%"), None) == "未填"


@pytest.fixture
def popover(form: Form, rules: tuple[Rule, ...], qtbot: QtBot) -> Iterator[NumberPopover]:
    session = Session(form, rules)
    session.begin(blank_report(form, 2025).with_section("overview", "共收到申请68件"))
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(800, 500)
    ground.show()
    popover = NumberPopover(ground)
    stated = claim("共收到申请68件", "68", readings=(Reading("本年新收", (RECEIVED,), 62),))
    popover.fill(stated, None, session, [Offer("改成表中的数 62", lambda: None, "可以撤销。", primary=True)])
    yield popover
    popover.close_it()


@pytest.mark.parametrize(
    ("around", "left", "below"),
    [
        (QRect(100, 50, 1, 30), 100, True),
        (QRect(100, 420, 1, 30), 100, False),
        (QRect(700, 50, 1, 30), 800 - WIDTH - 1, True),
    ],
)
def test_it_stands_below_above_and_inside(
    popover: NumberPopover, around: QRect, left: int, below: bool
) -> None:
    popover.place(around)
    box = popover.geometry()
    assert box.left() == left
    assert box.top() > around.bottom() if below else box.bottom() < around.top()
    assert QRect(0, 0, 800, 500).contains(box)


def test_closing_is_said_once(popover: NumberPopover) -> None:
    told: list[bool] = []
    popover.closed.connect(told.append)
    popover.place(QRect(100, 50, 1, 30))
    popover.close_it()
    popover.close_it()
    assert told == [False]
    assert popover.claim is None
