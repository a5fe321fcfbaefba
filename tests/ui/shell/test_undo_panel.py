"""「撤销历史」 shows every step, changes nothing by being looked at, and loses nothing by going back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from gxeditor.core.report import Final, Report
from gxeditor.resources import load_form
from gxeditor.store.report_file import read_report
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.shell.undo_panel import EMPTY, NARROWEST, WIDTH, UndoHistory
from gxeditor.ui.shell.undo_rows import Row
from gxeditor.ui.shell.window import MainWindow
from tests.window import (
    CTRL,
    PERSON,
    SHIFT,
    Clerk,
    Start,
    focus,
    press,
    put,
    save,
    settled,
    shown,
    told,
    turn_to,
)

UPHELD = "disputes.reconsideration.upheld"
H, ESC = Qt.Key.Key_H, Qt.Key.Key_Escape
UP, DOWN, ENTER = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return


@pytest.fixture
def opened(window: MainWindow, file: Path) -> MainWindow:
    """A report that was filled in a little: a figure of 表三 twice, the text of 一, a figure of 表四."""
    window.files.open_path(file)
    window.activateWindow()
    put(window, 31)
    put(window, 32)
    session = window.session
    text = "\n".join(f"第{number}段。" * 30 for number in range(1, 20))
    session.edit(session.report.with_section("overview", text), "修改文字")
    put(window, 2, UPHELD)
    turn_to(window, "requests")
    window.focus_page()
    return window


def history_of(window: MainWindow) -> UndoHistory:
    """The panel, opened by its keys."""
    press(H, CTRL | SHIFT)
    history = window.undo_history
    assert history.is_open
    return history


def chosen(window: MainWindow) -> Row:
    row = window.undo_history.panel.list.row
    assert row is not None
    return row


def choose(window: MainWindow, count: object, state: str) -> None:
    """Chooses the step that led to so many requests by persons and stands so."""
    rows = window.undo_history.panel.list.rows
    place = next(
        at
        for at, row in enumerate(rows.rows)
        if not row.head
        and row.state == state
        and row.report is not None
        and row.report.value(PERSON) == count
    )
    window.undo_history.panel.list.setCurrentIndex(rows.index(place))


def states(window: MainWindow) -> list[Report]:
    history = window.session.history
    steps = [*history.steps, *(step for branch in history.branches for step in branch.steps)]
    return [history.first, *(step.report for step in steps)]


def test_its_keys_open_it_at_the_present_and_close_it_to_where_one_was(opened: MainWindow) -> None:
    grid = focus()
    panel = history_of(opened).panel
    assert focus() is panel.list
    assert chosen(opened).state == "present"
    assert not panel.back.isEnabled()
    press(ESC)
    assert not opened.undo_history.is_open
    assert focus() is grid
    history_of(opened)
    press(H, CTRL | SHIFT)
    assert (opened.undo_history.is_open, focus()) == (False, grid)
    history_of(opened)
    QTest.mouseClick(panel.close_button, Qt.MouseButton.LeftButton)
    assert (opened.undo_history.is_open, focus()) == (False, grid)


def test_walking_down_shows_each_step_where_it_was_made_and_changes_nothing(opened: MainWindow) -> None:
    history, before = history_of(opened), opened.session.history
    seen = []
    for _ in range(3):
        press(DOWN)
        press(ENTER)
        seen.append(shown(opened))
        assert focus() is history.panel.list
    assert seen == ["overview", "requests", "requests"]
    page = opened.page("requests")
    assert isinstance(page, TablePage)
    cell = page.grid.current_cell()
    assert cell is not None
    assert cell.id == PERSON
    assert opened.session.history is before
    assert "没有改动" in told(opened)
    press(ESC)
    assert shown(opened) == "requests"


def test_a_step_of_prose_is_scrolled_to_where_it_is_now(opened: MainWindow) -> None:
    session = opened.session
    text = session.report.sections["overview"]
    session.edit(session.report.with_section("overview", text + "\n最后补充的一段。"), "修改文字")
    session.edit(
        session.report.with_section("overview", "最前面的一段。\n" + session.report.sections["overview"]),
        "修改文字",
    )
    history_of(opened)
    press(DOWN)
    settled(lambda: shown(opened) == "overview")
    page = opened.page("overview")
    assert isinstance(page, ProsePage)
    settled(lambda: page.editor.textCursor().blockNumber() == 20)
    assert page.editor.verticalScrollBar().value() > 0


def test_the_heads_are_walked_over_and_cannot_be_chosen(opened: MainWindow) -> None:
    opened.session.undo()
    history = history_of(opened)
    rows = history.panel.list.rows
    assert [row.head for row in rows.rows if row.head] == ["可以重做 1 步", "现在"]
    press(UP)
    assert chosen(opened).state == "undone"
    press(UP)
    assert chosen(opened).state == "undone"
    heads = [at for at, row in enumerate(rows.rows) if row.head]
    assert all(rows.flags(rows.index(at)) == Qt.ItemFlag.NoItemFlags for at in heads)


def test_going_back_is_one_step_and_undo_leads_forward_again(opened: MainWindow) -> None:
    session, had = opened.session, states(opened)
    before = session.report
    history_of(opened)
    choose(opened, 31, "done")
    opened.undo_history.panel.back.click()
    assert session.report.value(PERSON) == 31
    assert UPHELD not in session.report.entries
    assert len(session.history.steps) == 5
    assert told(opened).startswith("已退到 ")
    assert chosen(opened).state == "present"
    assert all(report in states(opened) for report in had)
    opened.session.undo()
    assert session.report == before


def test_going_to_what_was_undone_keeps_the_others_as_a_branch(opened: MainWindow) -> None:
    session, had = opened.session, states(opened)
    for _ in range(3):
        session.undo()
    history = history_of(opened)
    choose(opened, 32, "undone")
    history.panel.back.click()
    assert session.report.value(PERSON) == 32
    assert [len(branch.steps) for branch in session.history.branches] == [3]
    assert all(report in states(opened) for report in had)
    heads = [row.head for row in history.panel.list.rows.rows if row.head]
    assert heads[-1].startswith("另一条：")
    assert heads[-1].endswith("以后被新修改取代的 3 步")


def test_a_replaced_state_is_reached_after_the_program_was_killed(
    start: Start, clerk: Clerk, opened: MainWindow, file: Path
) -> None:
    opened.session.undo()
    opened.session.undo()
    put(opened, 40)
    assert opened.session.flush()
    opened.session.close()  # as a crash leaves it: with edits that were never saved
    again = start()
    again.files.open_path(file)
    again.activateWindow()
    history_of(again)
    rows = again.undo_history.panel.list.rows.rows
    replaced = [row for row in rows if row.state == "replaced"]
    assert len(replaced) == 2
    again.undo_history.panel.list.setCurrentIndex(
        again.undo_history.panel.list.rows.index(rows.index(replaced[0]))
    )
    again.undo_history.panel.back.click()
    assert again.session.report.value(UPHELD) == 2


def test_a_final_report_is_not_gone_back_from_and_a_reopened_one_keeps_its_record(opened: MainWindow) -> None:
    session = opened.session
    final = Final("2026-01-12", "张三", "0" * 64)
    session._step(session.report.with_finals([final]), "定稿")
    history_of(opened)
    choose(opened, 31, "done")
    opened.undo_history.panel.back.click()
    assert session.report.is_final
    assert "先重新打开" in told(opened)
    reopened = Final("2026-01-12", "张三", "0" * 64, reopened="2026-01-13 补充")
    session._step(session.report.with_finals([reopened]), "重新打开")
    settled(lambda: opened.undo_history.panel.list.rows.rows[1].state == "present")
    choose(opened, 31, "done")
    opened.undo_history.panel.back.click()
    assert session.report.value(PERSON) == 31
    assert session.report.finals == (reopened,)


def copy_of(window: MainWindow, count: object = 31) -> MainWindow:
    """The window that 「打开副本」 opens for the step that led to so many requests by persons."""
    before = set(window.program.windows)
    history_of(window)
    choose(window, count, "done")
    window.undo_history.panel.copy.click()
    (copy,) = set(window.program.windows) - before
    assert isinstance(copy, MainWindow)
    return copy


def test_a_copy_is_looked_at_in_a_window_of_its_own_and_the_open_report_stays_as_it_is(
    opened: MainWindow, clerk: Clerk
) -> None:
    report, history = opened.session.report, opened.session.history
    turn_to(opened, "overview")
    copy = copy_of(opened)
    assert copy.isVisible()
    assert copy.session.report.value(PERSON) == 31
    assert "那一步（副本）" in copy.windowTitle()
    assert "鲁山2022.gxr" in copy.windowTitle()
    assert "只读" in copy.windowTitle()
    assert shown(copy) == "overview"
    assert not copy.acts.save.isEnabled()
    put(copy, 50)
    assert copy.session.report.value(PERSON) == 31
    assert (opened.session.report, opened.session.history) == (report, history)
    assert opened.session.modified
    assert clerk.asked == []


def test_the_same_state_is_opened_as_a_copy_once(opened: MainWindow) -> None:
    copy = copy_of(opened)
    opened.undo_history.panel.copy.click()
    assert list(opened.program.windows) == [opened, copy]
    choose(opened, 32, "done")
    opened.undo_history.panel.copy.click()
    assert len(opened.program.windows) == 3


@pytest.mark.parametrize("still_open", [True, False])
def test_a_copy_becomes_a_file_but_never_in_place_of_the_original(
    opened: MainWindow, clerk: Clerk, file: Path, still_open: bool
) -> None:
    save(opened)
    stood = file.read_bytes()
    copy = copy_of(opened)
    if not still_open:
        opened.files.close_report()
    session = copy.session
    clerk.will(save_as=file)
    copy.files.begin_save_as()
    assert clerk.asked[-1] == "show_error"
    assert "副本不能替换" in clerk.words
    assert file.read_bytes() == stood
    other = file.with_name("副本.gxr")
    clerk.will(save_as=other)
    copy.files.begin_save_as()
    assert "（副本）" in str(clerk.said[-1])
    settled(lambda: not session.savings)
    settled(lambda: not session._held_timer.isActive())
    assert (session.path, session.read_only) == (other, "")
    put(copy, 50)
    save(copy)
    assert file.read_bytes() == stood
    assert read_report(other, load_form).report.value(PERSON) == 50


def test_a_copy_of_a_copy_still_cannot_replace_the_original(
    opened: MainWindow, clerk: Clerk, file: Path
) -> None:
    save(opened)
    stood = file.read_bytes()
    copy = copy_of(opened)
    copy.files.open_copy(copy.session.report, "再")
    again = copy.program.windows[-1]
    assert isinstance(again, MainWindow)
    clerk.will(save_as=file)
    again.files.begin_save_as()
    assert "副本不能替换" in clerk.words
    assert file.read_bytes() == stood


def test_a_copy_of_a_report_that_has_no_file_yet_is_called_by_its_name(window: MainWindow) -> None:
    report = window.session.report.with_fields(agency="青溪县教育局", year=2025)
    window.session.begin(report)
    window.open_at("requests")
    window.activateWindow()
    put(window, 31)
    put(window, 32)
    window.focus_page()
    assert "青溪县教育局2025年年报" in copy_of(window).windowTitle()


def test_without_edits_it_says_so_and_offers_nothing(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.activateWindow()
    window.focus_page()
    panel = history_of(window).panel
    assert panel.body.currentWidget() is panel.empty
    assert panel.empty.text() == EMPTY
    assert not (panel.back.isEnabled())
    assert not (panel.copy.isEnabled())
    press(ESC)
    assert not window.undo_history.is_open


def test_an_edit_made_while_it_is_open_becomes_its_first_row(opened: MainWindow) -> None:
    history = history_of(opened)
    opened.focus_page()
    put(opened, 77)
    settled(lambda: history.panel.list.rows.rows[1].step is opened.session.history.steps[-1])
    assert chosen(opened).state == "present"
    assert focus() is not history.panel.list


def test_closing_it_from_elsewhere_leaves_the_keys_where_they_are(opened: MainWindow) -> None:
    history = history_of(opened)
    turn_to(opened, "overview")
    opened.focus_page()
    page = focus()
    QTest.mouseClick(history.panel.close_button, Qt.MouseButton.LeftButton)
    assert (shown(opened), focus()) == ("overview", page)


def test_it_can_be_worked_by_keys_alone_and_is_named_for_a_screen_reader(opened: MainWindow) -> None:
    panel = history_of(opened).panel
    press(DOWN)
    reached = []
    for _ in range(4):
        press(Qt.Key.Key_Tab)
        widget = focus()
        if isinstance(widget, QPushButton):
            reached.append(widget.text())
    assert reached[:2] == ["退到选中的一步", "打开副本"]
    for widget in (panel, panel.list, panel.close_button):
        assert widget.accessibleName()
    index = panel.list.currentIndex()
    assert "一 总体情况" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    opened.next_pane()
    assert not panel.isAncestorOf(focus())


@pytest.mark.parametrize(("wide", "taken"), [(1366, WIDTH), (911, 911 * 2 // 5), (760, 304)])
def test_it_leaves_the_page_room_in_every_window(opened: MainWindow, wide: int, taken: int) -> None:
    history = history_of(opened)
    opened.resize(wide, 600)
    settled(lambda: history.panel.width() == taken)
    assert taken >= NARROWEST
    page = opened.shown_page
    assert page is not None
    assert page.mapTo(opened, QPoint(page.width(), 0)).x() <= history.panel.mapTo(opened, QPoint(0, 0)).x()
    for button in (history.panel.back, history.panel.copy):
        assert button.width() >= button.sizeHint().width()
    assert not history.panel.grab().isNull()


def test_a_long_history_is_listed_without_making_its_reports(opened: MainWindow) -> None:
    session = opened.session
    for number in range(600):
        session.history = session.history.push(session.report.with_entry(PERSON, 1000 + number), "填写")
    history = history_of(opened)
    QApplication.processEvents()
    assert len(history.panel.list.rows.rows) > 600
    assert len(history.panel.list.rows._words) < 60
    press(Qt.Key.Key_End)
    assert chosen(opened).step is None


def test_it_opens_from_the_preview_which_gives_way(opened: MainWindow) -> None:
    opened.open_preview()
    QApplication.processEvents()
    assert opened.is_covered
    opened.acts.history.trigger()
    assert not opened.is_covered
    assert opened.undo_history.panel.isVisible()


def test_the_side_card_makes_way_where_three_have_no_room(opened: MainWindow) -> None:
    opened.resize(1366, 700)
    turn_to(opened, "overview")
    opened.toggle_card()
    card = opened.page("overview").card
    assert card is not None
    if not card.is_open:
        opened.toggle_card()
    opened.toggle_undo_history()
    assert card.is_open
    opened.resize(1024, 700)
    assert not card.is_open
    opened.undo_history.close()
    assert card.is_open  # as the clerk had left it
