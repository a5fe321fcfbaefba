"""The side card beside a page: open and closed, by hand and by key, and what it renews."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core import edits
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import GxError
from gxeditor.core.form import Cell, Form
from gxeditor.core.report import Prior, blank_report
from gxeditor.ui.editor import card_notes
from gxeditor.ui.editor.side_card import RAIL, SideCard
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session

CardOf = Callable[..., SideCard]

NATURAL = "requests.brought_forward.natural_person"


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    """Table 三 filled: one request brought forward that nobody handled."""
    session = Session(form, rules)
    report = edits.fill_blanks(blank_report(form, 2022), form.section("requests").table.cells)  # type: ignore[union-attr]
    session.begin(report.with_entry(NATURAL, 1))
    return session


@pytest.fixture
def card_of(session: Session, qtbot: QtBot) -> Iterator[CardOf]:
    """Makes the card of a section, on a page as wide as a window."""
    pages = []

    def make(key: str, width: int = 1366) -> SideCard:
        page = QWidget()
        pages.append(page)
        qtbot.addWidget(page)
        page.resize(width, 560)
        card = SideCard(session, session.form.section(key), page)
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch()
        layout.addWidget(card)
        page.show()
        return card

    yield make
    pages.clear()


# --- the card


def test_the_card_opens_and_closes_and_says_so_only_to_users_acts(
    session: Session, card_of: CardOf, qtbot: QtBot
) -> None:
    card = card_of("requests")
    told: list[bool] = []
    card.opened.connect(told.append)
    assert card.width() == RAIL
    card.set_open(True)
    assert card.is_open
    assert not told
    card.close_button.click()
    card.rail_notes.click()
    assert told == [False, True]


@pytest.mark.parametrize(
    ("key", "window", "width"),
    [
        ("requests", 1366, 300),
        ("requests", 1536, 320),
        ("requests", 1920, 440),
        ("overview", 1366, 320),
        ("overview", 1920, 440),
    ],
)
def test_the_width_follows_the_window(
    session: Session, card_of: CardOf, qtbot: QtBot, key: str, window: int, width: int
) -> None:
    card = card_of(key, 1000)
    card.set_open(True)
    card.window().resize(window, 600)
    QApplication.processEvents()
    assert card.width() == width


def test_the_wider_card_stands_whole_on_the_page_at_once(card_of: CardOf) -> None:
    """A window that is maximized while it opens may be painted before Qt comes to the layouts it was asked for."""
    card = card_of("requests", 1600)
    card.set_open(True)
    QApplication.processEvents()
    page = card.parentWidget()
    assert page is not None
    page.resize(1920, 1000)
    assert (card.x(), card.width()) == (1480, 440)


def test_the_cell_is_explained_after_the_key_not_during_it(
    session: Session, card_of: CardOf, qtbot: QtBot
) -> None:
    card = card_of("requests")
    card.set_open(True)
    card.show_cell(session.form.cells[NATURAL])
    assert "上年结转" not in card.notes.toPlainText()
    qtbot.waitUntil(lambda: card.notes.toPlainText().startswith("二、上年结转政府信息公开申请数量"))
    session.edit(session.report.with_entry("requests.carried_forward.natural_person", 1), "填写")
    qtbot.waitUntil(lambda: "第三项总计加第四项为 1，两边相等" in card.notes.toPlainText())


def test_steps_and_edits_that_follow_each_other_write_the_card_once(
    session: Session, card_of: CardOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = card_of("requests")
    card.set_open(True)
    cells = list(session.form.section("requests").table.cells)  # type: ignore[union-attr]
    card.show_cell(cells[0])
    qtbot.waitUntil(lambda: bool(card.notes.toPlainText()))
    told: list[str] = []
    lines = card_notes.cell_lines

    def counted(session: Session, cell: Cell) -> Iterator[card_notes.CardLine]:
        told.append(cell.id)
        return lines(session, cell)

    monkeypatch.setattr(card_notes, "cell_lines", counted)
    for number, cell in enumerate(cells[1:9]):
        session.edit(session.report.with_entry(NATURAL, number), "填写", origin=card)
        card.show_cell(cell)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [cells[8].id]


def test_the_card_keeps_its_place_while_its_cell_is_filled(
    session: Session, card_of: CardOf, qtbot: QtBot
) -> None:
    card = card_of("requests")
    card.set_open(True)
    card.window().resize(1366, 300)
    card.show_cell(session.form.cells[NATURAL])
    qtbot.waitUntil(lambda: card.notes.verticalScrollBar().maximum() > 30)
    card.notes.verticalScrollBar().setValue(30)
    session.edit(session.report.with_entry(NATURAL, 2), "填写")
    qtbot.waitUntil(lambda: "第二项为 2" in card.notes.toPlainText())
    assert card.notes.verticalScrollBar().value() == 30
    card.show_cell(session.form.cells["requests.handled.granted.company"])
    qtbot.waitUntil(lambda: "予以公开" in card.notes.toPlainText())
    assert card.notes.verticalScrollBar().value() == 0


def test_values_stand_at_the_right_edge_whatever_the_width(
    session: Session, form: Form, card_of: CardOf, qtbot: QtBot
) -> None:
    session.set_prior(Prior.of(blank_report(form, 2021)))
    card = card_of("requests")
    card.set_open(True)
    card.show_cell(form.cells[NATURAL])
    qtbot.waitUntil(lambda: "上年对照" in card.notes.toPlainText())
    card.window().resize(1920, 3000)  # nothing to scroll, so the edge is the widget's
    QApplication.processEvents()
    text = card.notes.toPlainText()
    assert text.count("上年对照") == 1
    block = card.notes.document().findBlockByNumber(text[: text.index("\t")].count("\n"))
    assert block.layout().lineAt(0).naturalTextWidth() == pytest.approx(440 - 1 - 44, abs=2)


def test_the_prose_of_a_table_section_is_at_hand(session: Session, card_of: CardOf, qtbot: QtBot) -> None:
    card = card_of("requests")
    assert card.box is None
    qtbot.waitUntil(lambda: card.rail_prose.accessibleName() == "本节文字，没有内容")
    card.rail_prose.click()
    assert card.box is not None
    assert card.box.isVisible()
    card.box.editor.textCursor().insertText("说明")
    assert session.report.sections["requests"] == "说明"
    qtbot.waitUntil(lambda: card.rail_prose.dotted)
    assert card.show_prose.accessibleName() == "本节文字，2 字"
    card.show_notes.click()
    assert card.notes.isVisible()


def test_a_section_without_table_has_no_second_entry(session: Session, card_of: CardOf, qtbot: QtBot) -> None:
    card = card_of("overview")
    assert not card.rail_prose.isVisible()
    assert card.rail_notes.isVisible()


def test_the_card_can_be_used_without_a_mouse(session: Session, card_of: CardOf, qtbot: QtBot) -> None:
    card = card_of("requests")
    card.window().activateWindow()
    card.setFocus()
    qtbot.waitUntil(card.rail_notes.hasFocus)
    QTest.keyClick(card.rail_notes, Qt.Key.Key_Space)
    assert card.is_open
    assert card.notes.hasFocus()


def test_zoom_and_scheme_change_the_look_of_the_same_words(
    session: Session, card_of: CardOf, qtbot: QtBot, qapp: QApplication
) -> None:
    card = card_of("overview")
    card.set_open(True)
    qtbot.waitUntil(lambda: bool(card.notes.toPlainText()))
    words, height = card.notes.toPlainText(), card.notes.document().size().height()
    card.set_zoom(1.5)
    assert card.notes.document().size().height() > height * 1.2
    light = card.notes.grab().toImage().pixelColor(2, 2)
    theme.apply_theme(qapp, "dark")
    try:
        assert card.notes.grab().toImage().pixelColor(2, 2) != light
        assert card.notes.toPlainText() == words
    finally:
        theme.apply_theme(qapp, "light")


def test_an_empty_table_page_asks_for_a_cell(session: Session, card_of: CardOf, qtbot: QtBot) -> None:
    card = card_of("requests")
    card.set_open(True)
    qtbot.waitUntil(lambda: card.notes.toPlainText() == "选中表中的一格，这里说明它填什么。")


@pytest.mark.parametrize("key", ["requests", "overview"])
def test_damaged_notes_are_told_in_the_card_and_nowhere_else(
    session: Session, card_of: CardOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    def damaged(_form: Form) -> None:
        raise GxError("程序自带的文件 2021.toml 读不出来。", "年报文件没有受到影响。", "请重新安装程序。")

    monkeypatch.setattr(card_notes, "load_cards", damaged)
    card = card_of(key)
    card.set_open(True)
    card.show_cell(session.form.cells[NATURAL])
    qtbot.waitUntil(lambda: "请重新安装程序。" in card.notes.toPlainText())
    session.edit(session.report.with_entry(NATURAL, 2), "填写")
    QApplication.processEvents()
    assert "请重新安装程序。" in card.notes.toPlainText()


def test_the_words_of_the_card_can_be_copied(session: Session, card_of: CardOf, qtbot: QtBot) -> None:
    card = card_of("requests")
    card.set_open(True)
    qtbot.waitUntil(lambda: bool(card.notes.toPlainText()))
    copy, everything = card.notes.context_menu().actions()
    assert not copy.isEnabled()
    everything.trigger()
    card.notes.context_menu().actions()[0].trigger()
    assert QApplication.clipboard().text() == "选中表中的一格，这里说明它填什么。"


def test_words_that_change_under_a_selection_can_still_be_walked_through(
    session: Session, card_of: CardOf, qtbot: QtBot
) -> None:
    """Qt would leave the end of the selection behind the end of the shorter text, and warn at the next key."""
    card = card_of("problems")
    card.set_open(True)
    qtbot.waitUntil(lambda: bool(card.notes.toPlainText()))
    words = card.notes.toPlainText()
    card.notes.selectAll()
    session.edit(session.report.with_section("problems", "一是工作不够细。"), "修改文字")
    qtbot.waitUntil(lambda: card.notes.toPlainText() != words or not card.notes.textCursor().hasSelection())
    assert card.notes.textCursor().position() <= len(card.notes.toPlainText())
    QTest.keyClick(card.notes, Qt.Key.Key_Home)
    assert card.notes.textCursor().position() == 0


def test_nothing_is_composed_into_the_words_of_the_card(
    session: Session, card_of: CardOf, qtbot: QtBot
) -> None:
    card = card_of("problems")
    card.set_open(True)
    qtbot.waitUntil(lambda: bool(card.notes.toPlainText()))
    QApplication.sendEvent(card.notes, QInputMethodEvent("zheng", []))
    assert not card.notes.document().firstBlock().layout().preeditAreaText()
