"""What pasting refused is listed with its reason, and what it can only mean is filled by a click, never without."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.ui.editor.clipboard import blank_mime_data
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.unfilled import UnfilledList
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session

PERSON = "requests.received.natural_person"
COMPANY = "requests.received.company"
RESEARCH = "requests.received.research"


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    session = Session(form, rules)
    session.begin(blank_report(form, 2024))
    return session


@pytest.fixture
def page(session: Session, qtbot: QtBot, qapp: QApplication) -> TablePage:
    theme.apply_theme(qapp, "light")
    page = TablePage(session, session.form.section("requests"))
    qtbot.addWidget(page)
    page.resize(1314, 545)
    with qtbot.waitExposed(page):
        page.show()
    return page


def paste(page: TablePage, text: str) -> None:
    data = blank_mime_data()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)
    page.grid.paste()


def listed(page: TablePage) -> list[QPushButton]:
    """The buttons in view, from the top."""
    found = page.findChild(UnfilledList)
    if found is None or not found.isVisible():
        return []
    QApplication.processEvents()
    return [button for button in found.findChildren(QPushButton) if button.isVisible()]


def click(page: TablePage, words: str) -> None:
    (button,) = [button for button in listed(page) if button.text() == words]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def words(page: TablePage) -> list[str]:
    return [button.text() for button in listed(page)]


def test_nothing_is_listed_while_everything_was_filled(page: TablePage) -> None:
    paste(page, "1\t2\t3")
    assert page.findChild(UnfilledList) is None


def test_a_click_fills_the_number_and_its_row_goes(page: TablePage, session: Session) -> None:
    paste(page, "46件\t五\t2.0")
    assert {"填 46", "填 2", "填上这 2 个数", "知道了"} <= set(words(page))
    assert not session.report.entries
    click(page, "填 46")
    assert dict(session.report.entries) == {PERSON: 46}
    assert session.history.undo_label == "填写 一、本年新收 · 自然人"
    assert "填 46" not in words(page)
    assert "填 2" in words(page)


def test_all_numbers_are_filled_as_one_step(page: TablePage, session: Session) -> None:
    paste(page, "46件\t五\t2.0")
    click(page, "填上这 2 个数")
    assert dict(session.report.entries) == {PERSON: 46, RESEARCH: 2}
    assert [item.cells for item in session.unfilled] == [(COMPANY,)]
    session.undo()
    assert not session.report.entries


def test_a_click_on_the_place_leads_to_its_cell_and_the_row_stays(page: TablePage) -> None:
    paste(page, "1\t46件")
    click(page, "一、本年新收 · 商业企业")
    cell = page.grid.current_cell()
    assert cell is not None
    assert cell.id == COMPANY
    assert not page.grid.laid.unfilled
    assert "填 46" in words(page)


def test_the_list_goes_when_it_is_read_and_with_another_report(page: TablePage, session: Session) -> None:
    paste(page, "1.5")
    click(page, "知道了")
    assert not listed(page)
    assert not page.grid.laid.unfilled
    paste(page, "1.5")
    assert listed(page)
    session.begin(blank_report(session.form, 2025))
    assert not listed(page)


def test_typing_into_the_cell_takes_its_row_away(page: TablePage, session: Session) -> None:
    paste(page, "1.5")
    session.edit(session.report.with_entry(PERSON, 5), "填写")
    assert not session.unfilled
    assert not listed(page)


def test_a_table_of_another_section_is_filled_there_by_a_click(page: TablePage, session: Session) -> None:
    paste(page, "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t3\t1\t8件\n")
    assert not session.report.entries
    click(page, "填到表二")
    assert dict(session.report.entries) == {
        "proactive.government_rules.issued": 3,
        "proactive.government_rules.repealed": 1,
    }
    assert [item.offer for item in session.unfilled] == ["填 8"]


def test_a_new_paste_keeps_what_was_not_filled_before_and_drops_what_was_said(
    page: TablePage, session: Session
) -> None:
    paste(page, "1.5")
    page.grid.go_to(COMPANY)
    paste(page, "各科室\t5")
    assert [item.cells for item in session.unfilled] == [(PERSON,), ()]
    paste(page, "2.5")
    assert [item.cells for item in session.unfilled] == [(PERSON,), (COMPANY,)]
    paste(page, "6")
    assert [item.cells for item in session.unfilled] == [(PERSON,)]


def test_a_screen_reader_hears_why_a_cell_was_not_filled(page: TablePage, session: Session) -> None:
    paste(page, "1.5")
    spoken = page.grid.model_.spoken(session.form.cells[PERSON])
    assert "没有填入：“1.5”不是整数" in spoken


def test_the_keyboard_reaches_the_list_below_the_table(page: TablePage) -> None:
    assert page.aside is None
    paste(page, "46件\t五\t2.0")
    aside = page.aside
    assert aside is not None
    page.activateWindow()
    aside.setFocus()
    QApplication.processEvents()
    focus = page.focusWidget()
    assert isinstance(focus, QPushButton)
    assert focus.text() == "一、本年新收 · 自然人"
    QTest.keyClick(focus, Qt.Key.Key_Tab)
    after = page.focusWidget()
    assert isinstance(after, QPushButton)
    QTest.keyClick(after, Qt.Key.Key_Space)
    assert page.session.report.entries


def test_looking_at_a_cell_leaves_the_list_as_it_stands(page: TablePage) -> None:
    paste(page, "1\t46件\t2.0")
    before = listed(page)
    page.grid.go_to(COMPANY)
    assert listed(page) == before
