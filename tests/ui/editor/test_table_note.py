"""The note below a table: a quiet line while empty, written as one step, found again by undo, finding and preview."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.rules import Rule
from gxeditor.core.difference import difference
from gxeditor.core.form import Form
from gxeditor.core.report import Final, Report, blank_report
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.session import Session

NOTE = "注：上年结转的数含依法延期办理的申请。"


@pytest.fixture
def report(form: Form) -> Report:
    return blank_report(form, 2022)


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...], report: Report, qapp: QApplication) -> Session:
    session = Session(form, rules)
    session.begin(report)
    return session


@pytest.fixture
def page(session: Session, form: Form, qtbot: QtBot) -> Iterator[TablePage]:
    """Table three at the size it has in a window of 1366×768."""
    page = TablePage(session, form.section("requests"))
    qtbot.addWidget(page)
    page.resize(1366, 600)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.grid.hasFocus)
    yield page
    page.hide()


def compose(page: TablePage, text: str) -> None:
    """As an input method hands over what was chosen."""
    assert page.note.editor is not None
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(page.note.editor, event)


def test_while_there_is_none_a_button_stands_below_the_table_and_table_three_stands_whole(
    page: TablePage,
) -> None:
    assert page.note.editor is None
    assert page.note.open_button.isVisible()
    assert page.note.open_button.accessibleName() == "写表三的表下注释"
    assert page.grid.verticalScrollBar().maximum() == 0


def test_a_note_of_one_line_leaves_table_three_whole(
    page: TablePage, session: Session, report: Report
) -> None:
    session.edit(report.with_fields(note_requests=NOTE), "修改表三注释")
    QApplication.processEvents()
    assert page.note.editor is not None
    assert page.note.editor.isVisible()
    assert not page.note.open_button.isVisible()
    assert page.grid.verticalScrollBar().maximum() == 0
    one = page.note.height()
    session.edit(report.with_fields(note_requests="\n".join([NOTE] * 30)), "修改表三注释")
    QApplication.processEvents()
    assert one < page.note.height() < 5 * one


def test_what_is_typed_is_the_report_s_and_one_step(page: TablePage, session: Session) -> None:
    page.note.open_button.click()
    assert page.note.has_keys()
    compose(page, "注：")
    compose(page, "含三件。")
    assert session.report.note_requests == "注：含三件。"
    assert len(session.history.steps) == 1
    assert session.history.steps[0].label == "修改表三注释"
    session.undo()
    assert session.report.note_requests == ""
    assert page.note.editor is not None
    assert page.note.editor.text() == ""


def test_an_empty_note_is_folded_when_it_is_left_and_escape_leads_back_to_the_table(
    page: TablePage, qtbot: QtBot
) -> None:
    page.note.write()
    assert page.note.editor is not None
    QTest.keyClick(page.note.editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.grid.hasFocus)
    assert page.note.open_button.isVisible()
    assert not page.note.editor.isVisible()


def test_undo_a_finding_and_the_preview_lead_into_the_note(
    page: TablePage, session: Session, report: Report, qtbot: QtBot
) -> None:
    noted = report.with_fields(note_requests=f"{NOTE}\n联系人张某某，手机13800138000。")
    session.edit(noted, "修改表三注释")
    change = difference(report, noted)
    assert change.pages == ("requests",)
    page.show_difference(change)
    editor = page.note.editor
    assert editor is not None
    at = noted.note_requests.index("138")
    page.go_to(Span("note_requests", at, at + 11))
    qtbot.waitUntil(editor.hasFocus)
    assert editor.textCursor().selectedText() == "13800138000"
    page.show_target("note_requests", 1)
    assert page.target() == ("note_requests", 1)
    page.grid.setFocus()
    assert page.target()[0] != "note_requests"


def test_personal_data_in_a_note_is_found_there(session: Session, report: Report) -> None:
    session.edit(report.with_fields(note_requests="注：联系人手机13800138000。"), "修改表三注释")
    (where,) = [f.where for f in session.findings.findings if isinstance(f.where, Span)]
    assert (where.section, where.page) == ("note_requests", "requests")


def test_a_final_report_takes_no_note(page: TablePage, session: Session, report: Report) -> None:
    final = report.with_fields(note_requests=NOTE).with_finals([Final("2023-01-12", "张三", "0" * 64)])
    session.begin(final)
    QApplication.processEvents()
    assert page.note.editor is not None
    assert page.note.editor.isReadOnly()
    compose(page, "又")
    assert session.report.note_requests == NOTE
    assert page.note.editor.text() == NOTE
