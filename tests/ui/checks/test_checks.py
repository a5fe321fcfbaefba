"""The conversation about the list of rules: the way there, the way back, and what is decided in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from gxeditor.app import build
from gxeditor.core.checks.standing import State
from gxeditor.core.report import Report
from gxeditor.settings import Folders, load_settings
from gxeditor.ui.checks.listing import Filter
from gxeditor.ui.checks.page import ChecksPage
from gxeditor.ui.shell.window import MainWindow
from tests.dialogs import all_of, within
from tests.ui.checks.conftest import BROUGHT, found

CELL = f"{BROUGHT}.company"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log")


@pytest.fixture
def window(qapp: QApplication, folders: Folders, report: Report) -> Iterator[MainWindow]:
    _, window = build([], folders)
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1366, 700)
    window.show()
    window.session.begin(report)
    window.open_at("requests")
    QApplication.processEvents()
    yield window
    window.session.close(discard=True)
    window.session.begin(window.session.report)
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown(window: MainWindow) -> ChecksPage:
    page = window.stack.currentWidget()
    assert isinstance(page, ChecksPage)
    return page


def choose(page: ChecksPage, rule_id: str) -> None:
    place = next(i for i, line in enumerate(page.list.model().lines) if line.rule.id == rule_id)
    page.list.setCurrentIndex(page.list.model().index(place, 1))


def saying(reason: str) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        (edit,) = all_of(dialog, QPlainTextEdit)
        edit.setPlainText(reason)
        next(b for b in all_of(dialog, QPushButton) if b.property("primary")).click()

    return act


def test_the_sentence_at_the_foot_and_the_menu_open_the_list(window: MainWindow) -> None:
    window.panel.status.click()
    assert shown(window).wanted == Filter()
    shown(window).back.click()
    assert window.stack.currentWidget() is window.editor
    window.acts.checks.trigger()
    assert shown(window).list.model().rowCount() >= len(window.session.rules)


def test_the_menu_of_a_cell_opens_what_concerns_it(window: MainWindow) -> None:
    window.show_target("requests", CELL, None)
    assert window.acts.of_cell in window.page("requests").grid.offered  # type: ignore[attr-defined]
    window.acts.of_cell.trigger()
    assert shown(window).wanted == Filter(cell=CELL)


def test_a_jump_shows_the_place_and_alt_left_comes_back_to_the_same_line(window: MainWindow) -> None:
    window.acts.checks.trigger()
    page = shown(window)
    page.chips[State.OPEN].click()
    choose(page, "Y-02.company")
    assert not window.acts.back.isEnabled()
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert window.stack.currentWidget() is window.editor
    assert window.target() == (CELL, None)
    assert window.session.in_view.pinned is found(window.session, "Y-02.company")
    assert window.acts.back.text() == "回到检查项目(&B)"
    window.acts.back.trigger()
    page = shown(window)
    assert page.wanted == Filter(state=State.OPEN)
    assert page.list.line is not None
    assert page.list.line.rule.id == "Y-02.company"
    assert not window.acts.back.isEnabled()


def test_what_is_not_checked_leads_to_the_blank_cell_on_its_page(window: MainWindow) -> None:
    window.acts.checks.trigger()
    page = shown(window)
    choose(page, "T4-01.direct_suit")
    page.detail.buttons["jump"].click()
    assert (window.here, window.target()[0]) == ("disputes", "disputes.direct_suit.upheld")


def test_a_line_that_leads_nowhere_says_so(window: MainWindow) -> None:
    window.acts.checks.trigger()
    page = shown(window)
    choose(page, "E-04")
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert shown(window) is page
    assert page.told.text() == "这一条没有可以转到的地方。"


def test_an_explanation_is_kept_still_applies_is_withdrawn_and_undone(window: MainWindow) -> None:
    session = window.session
    window.acts.checks.trigger()
    page = shown(window)
    choose(page, "Y-01.total")
    assert page.detail.write()
    assert page.detail.box is not None
    page.detail.box.edit.setPlainText("上年数有误，已更正")
    QTest.keyClick(page.detail.box.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert found(session, "Y-01.total").is_explained
    session.edit(session.report.with_entry(f"{BROUGHT}.natural_person", 2), "填")
    page.detail.buttons["still"].click()
    assert found(session, "Y-01.total").is_explained
    page.detail.buttons["withdraw"].click()
    assert found(session, "Y-01.total").explanation is None
    QTest.keyClick(page.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert found(session, "Y-01.total").is_explained


def test_ctrl_z_takes_back_only_what_was_done_on_this_page(window: MainWindow) -> None:
    before = window.session.report
    window.session.edit(before.with_entry(CELL, 1), "填")
    changed = window.session.report
    window.acts.checks.trigger()
    QTest.keyClick(shown(window).list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.report is changed
    assert shown(window).told.text() == "在这一页没有可以撤销的。"


def test_a_rule_is_closed_in_this_report_with_a_reason_and_opened_again(window: MainWindow) -> None:
    window.acts.checks.trigger()
    page = shown(window)
    choose(page, "E-01")
    within(saying("报送前再填"), page.detail.buttons["close"].click)
    assert window.session.report.closed == {"E-01": "报送前再填"}
    assert page.list.line is not None
    assert (page.list.line.rule.id, page.list.line.state) == ("E-01", State.CLOSED)
    assert window.settings.rules_off == {}
    page.detail.buttons["reopen"].click()
    assert window.session.report.closed == {}


def test_a_rule_is_off_in_all_reports_from_now_on_and_after_the_next_start(
    window: MainWindow, folders: Folders, report: Report
) -> None:
    window.acts.checks.trigger()
    page = shown(window)
    choose(page, "E-01")
    within(saying("本省不要求填 0"), page.detail.buttons["off"].click)
    assert window.session.report is report
    assert load_settings(folders.config).rules_off == {"E-01": "本省不要求填 0"}
    assert [item.reason for item in window.session.findings.closed] == ["本省不要求填 0"]
    _, again = build([], folders)
    assert again.session.given.off == {"E-01": "本省不要求填 0"}
    again.deleteLater()
    page.detail.buttons["on"].click()
    assert load_settings(folders.config).rules_off == {}
    assert found(window.session, "E-01")


def test_a_doubt_is_ticked_off_from_the_list(window: MainWindow) -> None:
    session = window.session
    session.edit(session.report.with_doubts({CELL: "原文不清。"}), "导入")
    window.acts.checks.trigger()
    page = shown(window)
    choose(page, "E-07")
    page.detail.buttons["seen"].click()
    assert not session.report.doubts


def test_a_query_is_explained_by_key_at_its_cell_and_from_the_panel(window: MainWindow) -> None:
    session = window.session
    window.show_target("requests", CELL, None)
    within(saying("去年误填，已更正"), window.acts.explain.trigger)
    assert found(session, "Y-02.company").is_explained
    within(
        saying("上年数有误，已更正"), lambda: window.panel.explain_asked.emit(found(session, "Y-01.total"))
    )
    assert found(session, "Y-01.total").is_explained
    window.acts.explain.trigger()  # there is nothing left to explain here
    assert window.stack.currentWidget() is window.editor


def test_an_error_is_not_explained(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    session.edit(session.report.with_entry("requests.received.company", 9), "填")
    window.explain(found(session, "T3-01.company"))
    assert not session.report.explanations


def test_the_list_opens_at_a_finding_with_the_caret_in_its_box(window: MainWindow) -> None:
    page = window.checks.open_at(found(window.session, "Y-02.company"))
    assert page.list.line is not None
    assert page.list.line.rule.id == "Y-02.company"
    assert page.detail.box is not None


def test_the_keys_of_the_list_are_free(window: MainWindow) -> None:
    keys = [key.toString() for action in window.actions() for key in action.shortcuts()]
    assert {"Ctrl+F7", "Ctrl+Shift+E", "Alt+Left"} <= set(keys)
    assert len(keys) == len(set(keys))
