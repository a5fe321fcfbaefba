"""What a sum is made of, as the card lists it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.core.rollup.project import Adjustment, Rollup
from gxeditor.core.rollup.sums import by_branch, contributions
from gxeditor.ui.rollup.sum_card import SumCard, parts, share_shown
from tests.rollup_sample import songtang, unit_id

NEW, RULES = "requests.received.natural_person", "proactive.government_rules.issued"


def rollup() -> Rollup:
    return replace(
        songtang(), adjustments=(Adjustment("1", NEW, -2, "两家各计了一次", "台账", day="2026-01-21"),)
    )


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Decimal("0.163"), "16%"), (Decimal("0.165"), "17%"), (Decimal("0.004"), "0.4%"), (Decimal(1), "100%"),
        (Decimal("0.0001"), "不到 0.1%"), (None, ""),
    ],
)  # fmt: skip
def test_a_share_is_shown_in_per_cent(share: Decimal | None, words: str) -> None:
    assert share_shown(share) == words


def test_units_come_largest_first_then_folds_the_missing_and_what_it_comes_to() -> None:
    whole = rollup()
    lines = parts(whole, contributions(whole, NEW), room=3)
    assert [line.words for line in lines] == [
        "政府办公室", "自然资源局", "住房和城乡建设局", "其余 36 家", "填 0 的 6 家", "商务局、小箬乡",
        "城市管理局、综合行政执法局", "45 家小计", "调整 1", "合计（49 家中 45 家）",
    ]  # fmt: skip
    assert lines[5].now == "未交，不在内"
    numbers = [int(line.now) for line in lines[:5]]
    assert sum(numbers) == int(lines[-3].now) == int(lines[-1].now) + 2


def test_a_fold_unfolds_into_its_units() -> None:
    whole = rollup()
    found = contributions(whole, NEW)
    folded, unfolded = parts(whole, found, room=3), parts(whole, found, room=3, unfolded=frozenset({"rest"}))
    assert len(unfolded) == len(folded) + 36
    assert sum(line.key.startswith("unit:") for line in unfolded) == 39


def test_a_blank_and_a_text_are_named_with_what_stands_there() -> None:
    whole = rollup()
    odd = {unit_id("民政局"): None, unit_id("教育局"): "/"}
    received = tuple(
        replace(one, values=(odd[one.unit], *one.values[1:])) if one.unit in odd else one
        for one in whole.received
    )
    lines = parts(whole, contributions(replace(whole, received=received), RULES))
    outside = {line.words: line.now for line in lines if line.tone == "qrytext"}
    assert outside["民政局"] == "没有填数，不在内"
    assert outside["教育局"] == "填的是“/”，不在内"
    assert lines[-1].words == "合计（49 家中 43 家）"


def test_as_many_units_are_shown_as_there_is_room_and_nothing_is_scrolled(qtbot: QtBot) -> None:
    card = SumCard()
    qtbot.addWidget(card)
    card.resize(380, 560)
    card.show()
    card.show_cell(rollup(), NEW)
    assert card.view.verticalScrollBar().maximum() == 0
    shown = sum(line.key.startswith("unit:") for line in card._lines.lines)
    assert shown >= 3
    card.resize(380, 460)
    qtbot.waitUntil(lambda: sum(line.key.startswith("unit:") for line in card._lines.lines) < shown)
    qtbot.waitUntil(lambda: card.view.verticalScrollBar().maximum() == 0)


def test_the_card_says_what_the_same_units_had_last_year(qtbot: QtBot) -> None:
    card = SumCard()
    qtbot.addWidget(card)
    whole = rollup()
    card.show_cell(whole, NEW)
    found = contributions(whole, NEW)
    assert found.year is not None
    assert card._year.text().startswith(f"上年同 45 家 {found.year.then_same}，差 ＋")
    assert card._of.text() == "49 家中 45 家"


def test_what_is_copied_names_every_unit_and_says_of_how_many_it_is(qtbot: QtBot) -> None:
    card = SumCard()
    qtbot.addWidget(card)
    card.show_cell(rollup(), NEW)
    card.copy()
    text = QGuiApplication.clipboard().text()
    assert "自来水公司\t0" in text
    assert "小箬乡" in text
    assert "合计（49 家中 45 家）" in text
    assert "其余" not in text


def test_a_double_click_on_a_fold_leaves_it_unfolded(qtbot: QtBot) -> None:
    card = SumCard()
    qtbot.addWidget(card)
    card.resize(380, 560)
    card.show()
    card.show_cell(rollup(), NEW)
    row = next(at for at, line in enumerate(card._lines.lines) if line.key == "fold:zeros")
    before = len(card._lines.lines)
    place = card.view.visualRect(card._lines.index(row, 0)).center()
    here = card.view.viewport()
    QTest.mouseClick(here, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(here, Qt.MouseButton.LeftButton, pos=place)
    assert len(card._lines.lines) > before


def test_a_double_click_on_a_branch_leads_no_further_than_that(qtbot: QtBot) -> None:
    card = SumCard()
    qtbot.addWidget(card)
    card.resize(380, 560)
    card.show()
    whole = rollup()
    asked: list[str] = []
    card.branch_asked.connect(asked.append)
    card.branch_asked.connect(lambda unit: card.show_cell(whole, NEW, under=unit, branches=by_branch(whole)))
    card.show_cell(whole, NEW, branches=by_branch(whole))
    place = card.view.visualRect(card._lines.index(0, 0)).center()
    here = card.view.viewport()
    QTest.mouseClick(here, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(here, Qt.MouseButton.LeftButton, pos=place)
    assert len(asked) == 1
