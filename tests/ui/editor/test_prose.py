"""The page of a section without table."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.session import Session

TEXT = "2022年发布信息4572条。\n（一）主动公开情况。协调各单位。\n（二）依申请公开情况。收到30件。"


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    session = Session(form, rules)
    session.begin(blank_report(form, 2022).with_section("overview", TEXT))
    return session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ProsePage:
    page = ProsePage(session, "overview")
    qtbot.addWidget(page)
    page.resize(1366, 552)
    with qtbot.waitExposed(page):
        page.show()
    return page


def put_caret(page: ProsePage, position: int) -> None:
    cursor = page.editor.textCursor()
    cursor.setPosition(position)
    page.editor.setTextCursor(cursor)


def test_the_card_explains_the_heading_that_the_caret_stands_under(page: ProsePage, qtbot: QtBot) -> None:
    page.card.set_open(True)
    for words, asked in (
        ("（二）依申请公开情况", "写本年收到、上年结转、办结和结转下年度的件数"),
        ("（一）主动公开情况", "写平台发布信息数量"),
    ):
        put_caret(page, TEXT.index(words) + len(words) + 3)
        qtbot.waitUntil(lambda words=words: page.card.notes.toPlainText().startswith(words))  # type: ignore[misc]
        assert page.card.notes.toPlainText().splitlines()[2].startswith(asked)
    put_caret(page, 3)
    qtbot.waitUntil(
        lambda: page.card.notes.toPlainText().startswith("《中华人民共和国政府信息公开工作年度报告格式》")
    )


def test_the_page_has_the_title_and_the_number_of_characters(page: ProsePage) -> None:
    labels: Iterable[QLabel] = page.findChildren(QLabel)
    assert {"一、总体情况", f"{len(TEXT) - 2} 字"} <= {label.text() for label in labels}


def test_the_title_stands_above_the_column(page: ProsePage) -> None:
    labels: Iterable[QLabel] = page.findChildren(QLabel)
    title = next(label for label in labels if label.text() == "一、总体情况")
    for width in (1366, 1000):
        page.resize(width, 552)
        QApplication.processEvents()
        left = page.editor.document().rootFrame().frameFormat().leftMargin() + page.editor.viewport().x()
        assert title.mapTo(page, title.rect().topLeft()).x() == left


def test_the_place_names_section_and_heading(page: ProsePage) -> None:
    told: list[str] = []
    page.place_changed.connect(told.append)
    put_caret(page, len(TEXT))
    put_caret(page, 1)
    assert told == ["一 · （二）依申请公开情况", "一、总体情况"]


def test_a_span_is_selected_and_shown(page: ProsePage, session: Session) -> None:
    session.begin(session.report.with_section("overview", "一段。\n" * 60 + "收到30件"))
    page.go_to(Span("overview", 242, 244))
    assert page.editor.textCursor().selectedText() == "30"
    assert page.editor.viewport().rect().contains(page.editor.cursorRect())


def test_finishing_ends_composition_and_step(page: ProsePage, session: Session) -> None:
    page.editor.textCursor().insertText("一")
    QApplication.sendEvent(page.editor, QInputMethodEvent("zheng", []))
    page.finish()
    page.editor.moveCursor(QTextCursor.MoveOperation.Start)
    page.editor.textCursor().insertText("二")
    assert session.history.position == 2
    assert session.report.sections["overview"] == "二一" + TEXT


def test_the_card_of_the_page_says_what_to_write(page: ProsePage, qtbot: QtBot) -> None:
    page.card.set_open(True)
    qtbot.waitUntil(lambda: "政府信息管理" in page.card.notes.toPlainText())
    assert page.card.width() == 320


def test_a_click_on_the_paragraph_of_a_point_goes_there(page: ProsePage, qtbot: QtBot) -> None:
    page.card.set_open(True)
    notes = page.card.notes
    qtbot.waitUntil(lambda: "依申请公开\t第 3 段" in notes.toPlainText())
    found = notes.document().find("第 3 段")
    where = notes.cursorRect(found).center() - QPoint(4, 0)
    QTest.mouseMove(notes.viewport(), where)
    QTest.mouseClick(notes.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.editor.textCursor().blockNumber() == 2
    assert page.editor.hasFocus()
    QTest.mouseClick(notes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, where.y()))
    assert page.editor.textCursor().blockNumber() == 2
