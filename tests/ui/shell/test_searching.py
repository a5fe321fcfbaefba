"""Ctrl+F and Ctrl+H: a clerk finds words and figures in the whole report, and replaces them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from gxeditor.core.report import Final, Report
from gxeditor.core.searching import Hit, occurrences
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.shell.window import MainWindow
from tests.walking import without_tips
from tests.window import (
    CTRL,
    PERSON,
    SHIFT,
    Start,
    focus,
    press,
    settled,
    shown,
    table,
    told,
    turn_to,
    type_text,
)


@pytest.fixture
def window(start: Start, file: Path) -> MainWindow:
    """30 in two figures and four totals, in the preamble and twice in 一; 五 has none."""
    window = start()
    window.files.open_path(file)
    session = window.session
    report = session.report.with_fields(preamble="去年有30件。")
    report = report.with_section("overview", "新收30件，\n办结30件。").with_section("problems", "不足之处。")
    session.edit(report, "写")
    window.activateWindow()
    turn_to(window, "overview")
    QApplication.processEvents()
    return window


def seek(window: MainWindow, text: str) -> None:
    press(Qt.Key.Key_F, CTRL)
    window.searching.bar.sought.clear()
    type_text(text)
    settled(lambda: not window.searching._timer.isActive())


def counted(window: MainWindow) -> str:
    return window.searching.bar.count.text()


def selected(window: MainWindow, key: str = "overview") -> str:
    page = window.page(key)
    assert isinstance(page, ProsePage)
    return page.editor.textCursor().selectedText()


def test_what_is_typed_is_found_from_where_the_clerk_is_and_counted(window: MainWindow) -> None:
    seek(window, "30")
    assert counted(window).startswith("第 2 处，共 9 处")
    assert shown(window) == "overview"
    assert selected(window) == "30"
    assert focus() is window.searching.bar.sought


def test_enter_goes_on_over_the_pages_and_around_the_end_saying_so(window: MainWindow) -> None:
    seek(window, "30")
    places = []
    for _ in range(9):
        press(Qt.Key.Key_Return)
        places.append((shown(window), counted(window)))
    assert [page for page, _ in places] == ["overview", *["requests"] * 6, "", "overview"]
    assert "已从头查起" in places[-2][1]
    assert focus() is window.searching.bar.sought
    press(Qt.Key.Key_Return, SHIFT)
    press(Qt.Key.Key_F3, SHIFT)
    assert "已从末尾查起" in counted(window)
    assert shown(window) == "requests"


def test_a_figure_is_found_typed_in_full_width_and_its_cell_is_the_current_one(window: MainWindow) -> None:
    turn_to(window, "requests")
    seek(window, "３０")
    cell = table(window).grid.current_cell()
    assert cell is not None
    assert cell.id == PERSON
    press(Qt.Key.Key_Escape)
    assert not window.searching.bar.isVisible()
    assert focus() is table(window).grid


def test_escape_leaves_the_focus_at_the_hit_and_f3_goes_on_from_there(window: MainWindow) -> None:
    seek(window, "办结")
    press(Qt.Key.Key_Escape)
    page = window.page("overview")
    assert isinstance(page, ProsePage)
    assert page.editor.hasFocus()
    assert selected(window) == "办结"
    seek(window, "30")
    press(Qt.Key.Key_Escape)
    page.editor.focus_paragraph(0)
    press(Qt.Key.Key_F3)
    assert page.editor.hasFocus()
    assert page.editor.selected() == (2, 4)
    assert "第 2 处" in told(window)


def test_the_note_below_a_table_is_found_and_replaced_between_table_and_text(window: MainWindow) -> None:
    session = window.session
    report = session.report.with_fields(note_requests="注：含延期办理的申请。")
    session.edit(report.with_section("requests", "延期的另行说明。"), "写")
    seek(window, "延期")
    assert counted(window) == "第 1 处，共 2 处"
    assert shown(window) == "requests"
    press(Qt.Key.Key_Escape)
    page = window.page("requests")
    assert isinstance(page, TablePage)
    assert page.note.editor is not None
    assert page.note.editor.hasFocus()
    assert page.note.editor.textCursor().selectedText() == "延期"
    press(Qt.Key.Key_F3)
    assert page.card.box is not None
    assert page.card.box.editor.textCursor().selectedText() == "延期"
    press(Qt.Key.Key_F3)
    assert page.note.has_keys()
    press(Qt.Key.Key_H, CTRL)
    window.searching.bar.instead.setText("依法延期")
    window.searching.bar.all.click()
    assert session.report.text("note_requests") == "注：含依法延期办理的申请。"
    assert session.report.text("requests") == "依法延期的另行说明。"
    assert told(window).startswith("替换了 2 处")
    session.undo()
    assert session.report.text("note_requests") == "注：含延期办理的申请。"


def test_what_is_not_there_is_said_and_nothing_moves(window: MainWindow) -> None:
    seek(window, "三十件整")
    assert counted(window) == "没有找到“三十件整”"
    assert shown(window) == "overview"
    assert not window.searching.bar.next.isEnabled()
    press(Qt.Key.Key_Return)
    assert shown(window) == "overview"


def test_while_an_input_method_composes_nothing_jumps(window: MainWindow) -> None:
    press(Qt.Key.Key_F, CTRL)
    QApplication.sendEvent(focus(), QInputMethodEvent("banjie", []))
    QApplication.processEvents()
    assert not window.searching._timer.isActive()
    assert counted(window) == ""
    done = QInputMethodEvent()
    done.setCommitString("办结")
    QApplication.sendEvent(focus(), done)
    settled(lambda: not window.searching._timer.isActive())
    assert selected(window) == "办结"


def test_what_is_selected_in_the_text_is_what_is_sought(window: MainWindow) -> None:
    page = window.page("overview")
    assert isinstance(page, ProsePage)
    page.editor.focus_span(0, 2)
    press(Qt.Key.Key_F, CTRL)
    assert window.searching.bar.sought.text() == "新收"


def test_replacing_here_changes_this_one_and_goes_on(window: MainWindow) -> None:
    seek(window, "30")
    press(Qt.Key.Key_H, CTRL)
    bar = window.searching.bar
    bar.instead.setFocus()
    type_text("31")
    press(Qt.Key.Key_Return)
    assert window.session.report.text("overview") == "新收31件，\n办结30件。"
    assert selected(window) == "30"
    window.acts.undo.trigger()
    assert window.session.report.text("overview") == "新收30件，\n办结30件。"


def test_replacing_all_is_one_step_and_says_what_was_and_what_was_not(window: MainWindow) -> None:
    before = window.session.report
    press(Qt.Key.Key_H, CTRL)
    type_text("30")
    bar = window.searching.bar
    bar.instead.setFocus()
    type_text("40")
    bar.all.click()
    report = window.session.report
    assert report.text("overview") == "新收40件，\n办结40件。"
    assert report.preamble == "去年有40件。"
    assert report.value(PERSON) == 40
    assert told(window).startswith("替换了 5 处，可以撤销。")
    settled(lambda: not window.searching._timer.isActive())  # the report that changed was searched again
    assert "替换了 5 处，可以撤销。" in counted(window)
    window.session.undo()
    assert window.session.report == before


def test_what_replacing_all_came_to_stays_said_until_something_else_changes(window: MainWindow) -> None:
    press(Qt.Key.Key_H, CTRL)
    type_text("办结")
    bar = window.searching.bar
    bar.instead.setFocus()
    type_text("处理")
    bar.all.click()
    settled(lambda: not window.searching._timer.isActive())
    assert counted(window) == "替换了 1 处，可以撤销。"
    assert not bar.sought.property("refused")  # nothing is missing: all are replaced
    window.session.undo()
    settled(lambda: not window.searching._timer.isActive())
    assert counted(window) == "共 1 处"


def test_what_cannot_be_replaced_says_why(window: MainWindow) -> None:
    turn_to(window, "requests")
    seek(window, "自然人")
    press(Qt.Key.Key_H, CTRL)
    bar = window.searching.bar
    assert "这个标题里" in counted(window)
    bar.instead.setText("个人")
    bar.one.click()
    assert "不能替换" in told(window)
    bar.all.click()
    assert "没有替换" in told(window)
    assert "标题和表头是规定的" in told(window)


def test_a_final_report_is_searched_and_not_replaced_in(window: MainWindow) -> None:
    session = window.session
    session.edit(session.report.with_finals([Final("2026-01-12", "王", "0" * 64)]), "定稿")
    before = session.report
    seek(window, "30")
    press(Qt.Key.Key_H, CTRL)
    window.searching.bar.instead.setText("31")
    window.searching.bar.all.click()
    window.searching.bar.one.click()
    assert session.report == before
    assert "已定稿" in told(window)


def test_the_text_is_searched_again_only_when_typing_has_come_to_a_rest(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    seek(window, "30")
    calls: list[str] = []

    def counting(report: Report, sought: str) -> tuple[Hit, ...]:
        calls.append(sought)
        return occurrences(report, sought)

    monkeypatch.setattr("gxeditor.ui.shell.searching.occurrences", counting)
    page = window.page("overview")
    assert isinstance(page, ProsePage)
    page.editor.setFocus()
    type_text("又有30")
    assert not calls
    settled(lambda: not window.searching._timer.isActive())
    assert calls == ["30"]


def test_f6_leads_into_the_bar_and_out_of_it_again(window: MainWindow) -> None:
    press(Qt.Key.Key_F, CTRL)
    turn_to(window, "requests")
    window.focus_page()
    press(Qt.Key.Key_F6)
    assert focus() is window.searching.bar.sought
    press(Qt.Key.Key_F6)
    assert not window.searching.bar.isAncestorOf(focus())


def test_the_buttons_of_the_bar_say_what_they_do_in_sentences(window: MainWindow) -> None:
    press(Qt.Key.Key_H, CTRL)
    assert without_tips(window.searching.bar) == []
