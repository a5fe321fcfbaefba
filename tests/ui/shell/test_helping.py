"""F1 from everywhere: where the manual stands, at which chapter, what its links do, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import Report
from gxeditor.ui.help.view import WIDTH, ManualView
from gxeditor.ui.look import dialog
from gxeditor.ui.look.dialog import Dialog
from gxeditor.ui.shell.helping import BESIDE
from gxeditor.ui.shell.window import MainWindow
from tests.dialogs import within
from tests.window import (
    CTRL,
    PERSON,
    SHIFT,
    Clerk,
    focus,
    press,
    put,
    settled,
    shown,
    table,
    told,
    turn_to,
    type_text,
)


def view_of(window: MainWindow) -> ManualView:
    view = window.helping.view
    assert view is not None
    return view


def f1(window: MainWindow) -> str:
    """The chapter that F1 opens."""
    press(Qt.Key.Key_F1)
    assert window.helping.is_open
    return view_of(window).chapter.title


@pytest.fixture
def opened(window: MainWindow, balanced: Report) -> MainWindow:
    text = "2022年以来，本机关认真落实条例。\n全年共收到政府信息公开申请35件。"
    window.session.begin(balanced.with_section("overview", text))
    window.open_at("requests")
    QApplication.processEvents()
    return window


# --- which chapter


def test_on_the_start_page_it_says_how_to_begin(window: MainWindow) -> None:
    window.start.setFocus()
    window.acts.help.trigger()
    assert view_of(window).chapter.title == "开始一份年报"


@pytest.mark.parametrize(
    ("key", "chapter"), [("", "基本信息"), ("requests", "填一格"), ("problems", "写文字")]
)
def test_on_a_page_it_speaks_of_the_page(opened: MainWindow, key: str, chapter: str) -> None:
    turn_to(opened, key)
    opened.focus_page()
    assert f1(opened) == chapter


def test_on_a_cell_that_is_blank_it_says_how_to_fill_in(opened: MainWindow) -> None:
    turn_to(opened, "proactive")
    put(opened, 1, "proactive.licensing.decisions")
    assert f1(opened) == "填一格"


def test_on_a_cell_that_does_not_add_up_it_says_where_the_slip_may_be(opened: MainWindow) -> None:
    put(opened, 31)
    table(opened).grid.go_to(PERSON)
    assert f1(opened) == "哪里最可能错"


def test_on_a_number_that_differs_it_speaks_of_numbers_in_prose(opened: MainWindow) -> None:
    turn_to(opened, "overview")
    opened.focus_page()
    finding = next(one for one in opened.session.findings.findings if one.rule.kind == "claim")
    opened.session.in_view.lead_to(finding)
    assert isinstance(finding.where, Span)
    assert f1(opened) == "文中的数与表不同"


def test_in_the_list_it_speaks_of_the_chosen_finding(opened: MainWindow) -> None:
    put(opened, 31)
    opened.panel.set_open(True)
    opened.panel.renew()
    rows = opened.panel.rows.rows
    for number, row in enumerate(rows):
        if row.finding is None:
            continue
        opened.panel.list.setCurrentIndex(opened.panel.rows.index(number))
        opened.panel.list.setFocus()
        wanted = {"balance": "哪里最可能错", "sum": "哪里最可能错", "claim": "文中的数与表不同"}
        if row.rule is not None and row.rule.kind in wanted:
            assert opened.helping.topic() == wanted[row.rule.kind], row.sentence
        if row.rule is not None and row.rule.code == "E-01":
            assert opened.helping.topic() == "有格未填"


def test_in_the_side_card_it_speaks_of_the_card(opened: MainWindow) -> None:
    card = opened.page("requests").card
    assert card is not None
    card.set_open(True)
    card.setFocus()
    assert f1(opened) == "填报说明"


def test_the_list_of_all_checks_has_its_chapter(opened: MainWindow) -> None:
    opened.open_checks()
    assert f1(opened) == "检查项目"


def test_the_page_of_finalizing_has_its_chapter(opened: MainWindow) -> None:
    opened.finalize()
    assert f1(opened) == "定稿"


def test_the_review_of_an_import_has_its_chapter(window: MainWindow) -> None:
    window.files.try_sample()
    settled(lambda: type(window.stack.currentWidget()).__name__ == "ImportReview")
    window.acts.help.trigger()
    assert view_of(window).chapter.title == "核对导入结果"


def test_the_preview_has_its_chapter(opened: MainWindow) -> None:
    opened.open_preview()
    assert f1(opened) == "预览和版式"


# --- where it stands, and back


def test_beside_a_text_it_leaves_the_text_in_view(opened: MainWindow) -> None:
    turn_to(opened, "overview")
    opened.focus_page()
    f1(opened)
    assert opened.book.isVisible()
    assert view_of(opened).width() == WIDTH
    assert not opened.helping.is_in_place


def test_in_a_narrow_window_it_stands_in_the_tables_place_and_escape_returns_to_the_cell(
    opened: MainWindow,
) -> None:
    assert opened.width() < BESIDE
    grid = table(opened).grid
    grid.go_to("requests.received.company")
    grid.setFocus()
    f1(opened)
    assert opened.helping.is_in_place
    assert not opened.book.isVisible()
    press(Qt.Key.Key_Escape)
    assert opened.book.isVisible()
    assert not opened.helping.is_open
    assert focus() is grid
    cell = grid.current_cell()
    assert cell is not None
    assert cell.id == "requests.received.company"


def test_in_a_wide_window_it_stands_beside_the_table(opened: MainWindow) -> None:
    opened.resize(1600, 800)
    QApplication.processEvents()
    f1(opened)
    assert opened.book.isVisible()
    assert view_of(opened).isVisible()
    opened.resize(1366, 700)
    QApplication.processEvents()
    assert not opened.book.isVisible()


def test_beside_the_undo_history_it_takes_the_place_of_a_text_as_well_and_nothing_is_cut_off(
    opened: MainWindow,
) -> None:
    turn_to(opened, "overview")
    opened.focus_page()
    f1(opened)
    assert not opened.helping.is_in_place
    press(Qt.Key.Key_H, CTRL | SHIFT)
    QApplication.processEvents()
    view, panel = view_of(opened), opened.undo_history.panel
    assert opened.helping.is_in_place
    assert view.width() >= view.minimumSizeHint().width()
    assert view.mapTo(opened, view.rect().topRight()).x() < panel.mapTo(opened, panel.rect().topLeft()).x()
    assert view.mapTo(opened, view.rect().topLeft()).x() == 0
    opened.undo_history.close()
    assert not opened.helping.is_in_place
    assert opened.book.isVisible()


def test_at_150_percent_it_takes_the_place_of_a_text(opened: MainWindow) -> None:
    opened.resize(1366 * 2 // 3, 768 * 2 // 3)
    turn_to(opened, "overview")
    opened.focus_page()
    f1(opened)
    assert opened.helping.is_in_place
    press(Qt.Key.Key_Escape)
    assert opened.page("overview").isAncestorOf(focus())


def test_f6_goes_back_to_the_text_and_f1_to_the_manual_again(opened: MainWindow) -> None:
    turn_to(opened, "overview")
    opened.focus_page()
    editor = focus()
    f1(opened)
    assert view_of(opened).isAncestorOf(focus())
    press(Qt.Key.Key_F6)
    assert focus() is editor
    assert opened.helping.is_open
    f1(opened)
    assert view_of(opened).isAncestorOf(focus())


def test_f1_in_the_manual_changes_nothing(opened: MainWindow) -> None:
    f1(opened)
    view_of(opened).show_chapter("打印")
    assert f1(opened) == "打印"


def test_ctrl_f_in_the_manual_is_the_manuals(opened: MainWindow) -> None:
    f1(opened)
    press(Qt.Key.Key_F, CTRL)
    assert focus() is view_of(opened).search


@pytest.mark.parametrize("page", ["requests", "overview"])
def test_ctrl_f_is_the_manuals_in_the_manual_and_that_of_the_report_elsewhere(
    opened: MainWindow, page: str
) -> None:
    """With the manual in the page's place, and beside it."""
    turn_to(opened, page)
    opened.focus_page()
    f1(opened)
    press(Qt.Key.Key_F, CTRL)
    assert focus() is view_of(opened).search
    assert opened._searching is None
    press(Qt.Key.Key_F6)
    press(Qt.Key.Key_F, CTRL)
    bar = opened.searching.bar
    assert (bar.isVisible(), focus()) == (True, bar.sought)
    f1(opened)
    press(Qt.Key.Key_F, CTRL)
    assert focus() is view_of(opened).search
    press(Qt.Key.Key_Escape)
    assert focus() is bar.sought


def test_f3_in_the_manual_walks_through_what_was_found_there(opened: MainWindow) -> None:
    turn_to(opened, "overview")
    opened.focus_page()
    press(Qt.Key.Key_F, CTRL)
    type_text("条例")
    settled(lambda: not opened.searching._timer.isActive())
    at, counted = opened.at(), opened.searching.bar.count.text()
    f1(opened)
    view = view_of(opened)
    press(Qt.Key.Key_F3)
    assert focus() is view.search
    type_text("合计")
    first = view._at
    assert len(view.hits) > 2
    press(Qt.Key.Key_F3)
    assert view._at == (first + 1) % len(view.hits)
    view.text.setFocus()
    press(Qt.Key.Key_F3)
    press(Qt.Key.Key_F3, SHIFT)
    assert view._at == (first + 1) % len(view.hits)
    assert view.count.text() == f"{view._at + 1} / {len(view.hits)} 处"
    assert (opened.at(), opened.searching.bar.count.text()) == (at, counted)


def test_f1_in_the_bar_for_finding_speaks_of_it_and_finding_on_makes_way(opened: MainWindow) -> None:
    put(opened, 31)  # a finding at the present cell is not what is asked about
    table(opened).grid.go_to(PERSON)
    press(Qt.Key.Key_F, CTRL)
    type_text("31")
    settled(lambda: not opened.searching._timer.isActive())
    assert f1(opened) == "查找和替换"
    assert opened.helping.is_in_place
    bar, view = opened.searching.bar, view_of(opened)
    QApplication.processEvents()
    assert view.width() == opened.editor.width()
    assert bar.width() == opened.editor.width()
    assert bar.height() <= bar.sizeHint().height() + 2
    press(Qt.Key.Key_F6)
    assert focus() is opened.searching.bar.sought
    f1(opened)
    opened.searching.bar.sought.setFocus()
    press(Qt.Key.Key_Return)
    assert opened.book.isVisible()
    assert focus() is opened.searching.bar.sought


def test_replacing_is_begun_from_the_manual_as_well(opened: MainWindow) -> None:
    f1(opened)
    press(Qt.Key.Key_H, CTRL)
    assert opened.searching.bar.instead.isVisible()
    assert focus() is opened.searching.bar.sought


def test_the_undo_history_opens_beside_the_manual_and_shows_its_steps(opened: MainWindow) -> None:
    put(opened, 31)
    put(opened, 32)
    f1(opened)
    assert opened.helping.is_in_place
    press(Qt.Key.Key_H, CTRL | SHIFT)
    history = opened.undo_history
    assert (history.is_open, focus()) == (True, history.panel.list)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert opened.book.isVisible()
    assert not opened.helping.is_open
    assert focus() is history.panel.list
    assert f1(opened) == "撤销历史"
    press(Qt.Key.Key_Escape)
    assert focus() is history.panel.list
    press(Qt.Key.Key_Escape)
    assert not history.is_open
    assert opened.page("requests").isAncestorOf(focus())


def test_undo_while_the_manual_has_the_tables_place_is_seen(opened: MainWindow) -> None:
    put(opened, 31)
    f1(opened)
    assert opened.helping.is_in_place
    opened.acts.undo.trigger()
    assert opened.session.report.value(PERSON) == 30
    assert opened.book.isVisible()


def test_the_note_below_a_table_has_its_chapter(opened: MainWindow) -> None:
    opened.acts.note.trigger()
    assert f1(opened) == "表下注释"


def test_undo_that_only_says_what_it_would_do_has_its_chapter(opened: MainWindow) -> None:
    put(opened, 31)
    turn_to(opened, "overview")
    opened.focus_page()
    opened.acts.undo.trigger()
    assert opened.asks_to_undo
    assert f1(opened) == "撤销和重做"


def test_the_tour_begins_with_bar_and_undo_history_put_away(opened: MainWindow, clerk: Clerk) -> None:
    clerk.will(ask_save="discard")
    put(opened, 31)
    press(Qt.Key.Key_F, CTRL)
    press(Qt.Key.Key_H, CTRL | SHIFT)
    assert opened.undo_history.is_open
    opened.acts.tour.trigger()
    assert opened.is_practice
    assert not opened.undo_history.is_open
    assert not opened.searching.bar.isVisible()
    assert opened._tour is not None
    assert opened._tour.callout.isVisible()
    opened._tour.leave()


def test_closing_the_report_puts_the_undo_history_away(opened: MainWindow, clerk: Clerk) -> None:
    clerk.will(ask_save="discard")
    put(opened, 31)
    press(Qt.Key.Key_H, CTRL | SHIFT)
    opened.files.close_report()
    assert opened.start.isVisible()
    assert not opened.undo_history.is_open


def test_what_was_being_typed_is_in_the_report(opened: MainWindow) -> None:
    grid = table(opened).grid
    grid.go_to(PERSON)
    grid.setFocus()
    type_text("12")
    press(Qt.Key.Key_F1)
    assert opened.session.report.entries[PERSON] == 12


def test_another_page_of_a_table_takes_its_place_back(opened: MainWindow) -> None:
    f1(opened)
    turn_to(opened, "disputes")
    assert not opened.helping.is_open
    assert opened.book.isVisible()


def test_going_to_a_finding_makes_way(opened: MainWindow) -> None:
    put(opened, 31)
    f1(opened)
    opened.acts.next.trigger()
    assert opened.book.isVisible()
    assert not opened.helping.is_open


def test_another_room_of_the_window_closes_it(opened: MainWindow) -> None:
    turn_to(opened, "overview")
    opened.focus_page()
    f1(opened)
    opened.open_checks()
    assert not opened.helping.is_open
    assert opened.stack.isVisible()


def test_the_preview_closes_it(opened: MainWindow) -> None:
    turn_to(opened, "overview")
    opened.focus_page()
    f1(opened)
    opened.open_preview()
    assert not opened.helping.is_open


def test_closing_the_report_leaves_the_start_page_whole(opened: MainWindow, clerk: Clerk) -> None:
    clerk.will(ask_save="discard")
    f1(opened)
    opened.files.close_report()
    assert opened.start.isVisible()
    assert not opened.helping.is_open


# --- links


def test_a_link_to_a_table_turns_to_it(opened: MainWindow) -> None:
    turn_to(opened, "overview")
    opened.focus_page()
    f1(opened)
    view_of(opened)._follow(QUrl("go:requests"))
    assert shown(opened) == "requests"
    assert opened.book.isVisible()
    assert focus() is table(opened).grid


def test_a_link_to_the_checks_opens_them(opened: MainWindow) -> None:
    f1(opened)
    view_of(opened)._follow(QUrl("do:checks"))
    assert type(opened.stack.currentWidget()).__name__ == "ChecksPage"


def test_without_a_report_a_link_out_of_the_manual_says_so(window: MainWindow) -> None:
    window.acts.help.trigger()
    view_of(window)._follow(QUrl("go:requests"))
    assert "还没有打开年报" in told(window)
    assert view_of(window).count.text() == "先打开年报"


def test_the_keys_are_shown_without_a_report_as_well(window: MainWindow, clerk: Clerk) -> None:
    window.acts.help.trigger()
    view_of(window)._follow(QUrl("do:keys"))
    assert clerk.asked == ["show_shortcuts"]


# --- above a dialog


def above(asked: QDialog) -> ManualView:
    """The manual that stands above a dialog."""
    views: Iterable[ManualView] = asked.findChildren(ManualView)
    (view,) = views
    return view


def test_f1_in_a_dialog_opens_the_manual_above_it(opened: MainWindow, clerk: Clerk) -> None:
    def act(asked: QDialog) -> None:
        QTest.keyClick(asked, Qt.Key.Key_F1)
        view = above(asked)
        assert view.isVisible()
        assert view.chapter.title == "空格填 0"
        view._follow(QUrl("go:requests"))
        assert "先关上对话框" in view.count.text()
        QTest.keyClick(view, Qt.Key.Key_Escape)
        assert not view.isVisible()
        assert asked.isVisible()

    cells = list(opened.session.form.cells.values())[:3]
    within(act, lambda: clerk.real["ask_fill_blanks"](opened, cells))


@pytest.mark.parametrize(
    ("title", "chapter"),
    [("没有保存的修改", "意外关闭以后"), ("填上年结转", "选择上年年报"), ("什么也不是", "遇到这些情况")],
)
def test_a_question_has_the_chapter_of_its_title(opened: MainWindow, title: str, chapter: str) -> None:
    def act(asked: QDialog) -> None:
        QTest.keyClick(asked, Qt.Key.Key_F1)
        view = above(asked)
        assert view.chapter.title == chapter

    within(act, lambda: Dialog(opened, title, title).run())


def test_a_dialog_above_a_dialog_finds_the_window_as_well(opened: MainWindow) -> None:
    below = Dialog(opened, "导出", "导出")

    def act(asked: QDialog) -> None:
        QTest.keyClick(asked, Qt.Key.Key_F1)
        assert asked.findChildren(ManualView)

    within(act, lambda: dialog.ask(below, "没有写成", "写不进去。"))
    below.deleteLater()


def test_a_dialog_of_the_second_window_has_the_manual_above_itself(
    opened: MainWindow, clerk: Clerk, file: Path
) -> None:
    opened.program.open_in_new(file)
    beside = opened.program.windows[-1]
    assert isinstance(beside, MainWindow)
    assert beside is not opened

    def act(asked: QDialog) -> None:
        QTest.keyClick(asked, Qt.Key.Key_F1)
        view = above(asked)
        assert view.chapter.title == "空格填 0"
        assert view.window().parentWidget() is asked
        QTest.keyClick(view, Qt.Key.Key_F3)
        assert view.window().focusWidget() is view.search
        QTest.keyClick(view, Qt.Key.Key_Escape)
        assert not view.isVisible()
        assert asked.isVisible()

    within(act, lambda: clerk.real["ask_fill_blanks"](beside, list(beside.session.form.cells.values())[:3]))
    assert not opened.is_helped
    assert not beside.is_helped


def test_a_dialog_of_no_window_has_no_help_and_no_trouble(qapp: QApplication) -> None:
    within(lambda asked: QTest.keyClick(asked, Qt.Key.Key_F1), lambda: Dialog(None, "导出", "导出").run())


def test_the_dialog_for_a_new_report_has_its_chapter(opened: MainWindow, clerk: Clerk) -> None:
    def act(asked: QDialog) -> None:
        QTest.keyClick(asked, Qt.Key.Key_F1)
        view = above(asked)
        assert view.chapter.title == "新建空白年报"

    within(act, lambda: clerk.real["ask_new_report"](opened, prior=None, year=2025))


# --- as a PDF


def test_the_manual_is_kept_as_a_pdf(opened: MainWindow, clerk: Clerk, tmp_path: Path) -> None:
    clerk.will(save_as=tmp_path / "说明")
    opened.acts.help_pdf.trigger()
    settled(lambda: (tmp_path / "说明.pdf").exists())
    reader = pypdf.PdfReader(tmp_path / "说明.pdf")
    assert len(reader.pages) > 10
    assert reader.metadata is not None
    assert "使用说明" in str(reader.metadata.title)
    assert "说明.pdf" in told(opened)


def test_giving_the_pdf_up_writes_nothing(opened: MainWindow, clerk: Clerk, tmp_path: Path) -> None:
    clerk.will(save_as="")
    opened.save_help()
    assert list(tmp_path.glob("*.pdf")) == []


def test_it_takes_part_in_no_finding(opened: MainWindow) -> None:
    """Opening the manual is no edit and pins nothing."""
    before = opened.session.report, opened.session.in_view.pinned, Severity.ERROR
    f1(opened)
    assert before[:2] == (opened.session.report, opened.session.in_view.pinned)
