"""The window: start page and editor, what comes from outside, exports, findings across tabs, keys and settings.

The questions of the window are answered by a `Clerk`; files, journals and settings are real ones.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gxeditor.core import edits
from gxeditor.core.checks.anchors import Span, Whole
from gxeditor.core.checks.findings import Findings
from gxeditor.core.checks.rules import Severity
from gxeditor.core.form import Form
from gxeditor.core.report import Prior, Report, blank_report
from gxeditor.files.aside import OddFile, set_aside
from gxeditor.store.journal import Journal
from gxeditor.store.report_file import save_report
from gxeditor.ui.checks.page import ChecksPage
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.card_notes import Notes
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.look import theme
from gxeditor.ui.look.written import Written
from gxeditor.ui.output.export_dialog import ExportChoice
from gxeditor.ui.session import Session
from gxeditor.ui.shell import window as shell
from gxeditor.ui.shell.window import PROGRAM, MainWindow
from tests.dialogs import within
from tests.window import (
    ALT,
    COMPANY,
    CTRL,
    NAME,
    PERSON,
    SHIFT,
    Clerk,
    Start,
    buttons,
    children,
    drop,
    focus,
    is_editing,
    press,
    put,
    settled,
    shown,
    table,
    told,
    turn_to,
    type_text,
)

# --- beginning


def test_the_program_begins_with_the_start_page(window: MainWindow) -> None:
    assert window.start.isVisible()
    assert window.windowTitle() == PROGRAM
    assert not window.menus.toolbar.isVisible()
    for action in (
        window.acts.save,
        window.acts.undo,
        window.acts.export,
        window.acts.next,
        window.acts.fill,
    ):
        assert not action.isEnabled()


def test_no_command_of_a_menu_reaches_a_report_that_is_closed(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.files.close_report()
    for text in ("剪切", "粘贴", "清除内容", "向下填充"):
        assert not command(window, text).isEnabled()


def test_the_name_of_an_edited_report_is_marked_until_it_is_undone(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    assert window.isWindowModified()
    window.acts.undo.trigger()
    assert not window.isWindowModified()
    window.acts.redo.trigger()
    assert window.isWindowModified()


def test_which_recent_files_are_gone_is_found_out_beside_the_window(
    start: Start, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    window.files.open_path(file)
    window.close()
    file.unlink()
    answer, asked_on = threading.Event(), []
    real = os.path.exists

    def slow(path: str) -> bool:
        if path != str(file):
            return real(path)
        asked_on.append(threading.current_thread())
        answer.wait(60)
        return False

    monkeypatch.setattr(os.path, "exists", slow)
    again = start()  # comes up although the drive does not answer
    assert again.start.isVisible()
    assert again._missing == set()
    answer.set()
    qtbot.waitUntil(lambda: again._missing == {str(file)})
    assert threading.main_thread() not in asked_on


def test_an_odd_file_is_told_in_the_status_bar_and_stays_on_the_start_page(start: Start, file: Path) -> None:
    window = start()
    window.files.open_path(file)
    odd = file.with_name("奇怪.json")
    odd.touch()
    window.name_odd(set_aside(odd, "模板的对应关系", "要重新核对。"))
    assert "“奇怪.json”读不出来" in told(window)
    window.files.close_report()
    assert any("“奇怪.json”" in label.text() for label in children(window.start, QLabel))
    buttons(window.start)["知道了"].click()
    assert not any("“奇怪.json”" in label.text() for label in children(window.start, QLabel))


def test_what_could_not_be_moved_is_named_once_and_not_at_the_next_start(start: Start, file: Path) -> None:
    odd = OddFile("恢复记录", "a.journal", "", None, file.with_name("a.journal"), "0123")
    window = start()
    window.name_odd(odd)
    assert any("“a.journal”" in label.text() for label in children(window.start, QLabel))
    window.close()
    again = start()
    again.name_odd(odd)
    assert not any("“a.journal”" in label.text() for label in children(again.start, QLabel))


def test_recoveries_that_uncover_a_bug_do_not_keep_the_window_away(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def bug(_session: Session) -> tuple[Journal, ...]:
        raise RuntimeError("bug")

    monkeypatch.setattr(Session, "recoveries", bug)
    window = start()
    assert window.start.isVisible()
    assert "RuntimeError" in caplog.text


# --- what comes from outside


def test_the_window_is_not_closed_under_a_waiting_question(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    question = QDialog(window)

    def close() -> None:
        assert not window.close()
        question.reject()

    QTimer.singleShot(0, close)
    question.exec()
    assert is_editing(window)


def test_a_file_dropped_on_the_window_is_opened(window: MainWindow, file: Path) -> None:
    drop(window, file)
    assert window.session.path == file
    assert is_editing(window)


def test_a_file_handed_over_waits_until_a_question_is_answered(window: MainWindow, file: Path) -> None:
    question = QDialog(window)

    def hand_over() -> None:
        window.hand_over(file)
        assert not window.has_report
        question.reject()

    QTimer.singleShot(0, hand_over)
    question.exec()
    settled(lambda: window.session.path == file)


# --- exporting


def test_an_export_writes_what_was_chosen(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.files.open_path(file)
    paths = (tmp_path / "出.pdf", tmp_path / "出.xlsx")
    clerk.will(ask_export=ExportChoice(paths, show_folder=False))
    window.acts.export.trigger()
    report, findings, missing, suggestion = clerk.said[-1]
    assert (report, findings, missing) == (window.session.report, window.session.findings, ())
    assert suggestion == file.parent / f"{NAME}2022年政府信息公开工作年度报告"
    assert paths[0].read_bytes().startswith(b"%PDF")
    assert paths[1].read_bytes().startswith(b"PK")
    assert told(window) == "已导出：出.pdf、出.xlsx"


def test_one_file_that_cannot_be_written_does_not_keep_the_other_back(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.files.open_path(file)
    (tmp_path / "出.pdf").mkdir()
    choice = ExportChoice((tmp_path / "出.pdf", tmp_path / "出.xlsx"), show_folder=False)
    clerk.will(ask_export=choice, ask_elsewhere=False)
    window.acts.export.trigger()
    assert clerk.asked[-1] == "ask_elsewhere"
    assert "出.pdf" in clerk.words
    assert (tmp_path / "出.xlsx").is_file()
    assert told(window) == "已导出：出.xlsx"
    clerk.will(ask_elsewhere=True, save_as=tmp_path / "别处")
    window.acts.export.trigger()
    assert (tmp_path / "别处.pdf").read_bytes().startswith(b"%PDF")


def test_open_errors_are_listed_and_forbid_no_export(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    clerk.will(ask_export=lambda *asked, **named: clerk.real["ask_export"](window, *asked, **named))

    def answer(dialog: QDialog) -> None:
        assert "还有 2 个错误，可以先导出，定稿前须处理。" in [one.text() for one in children(dialog, QLabel)]
        (name,) = [one for one in children(dialog, QLineEdit) if one.accessibleName() == "文件名"]
        name.setText("照出")
        buttons(dialog)["仍然导出"].click()

    within(answer, window.acts.export.trigger)
    assert (file.parent / "照出.pdf").is_file()
    assert (file.parent / "照出.xlsx").is_file()


def test_who_wants_to_see_the_errors_first_is_led_to_the_first(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    put(window)
    window.tabs.setCurrentIndex(0)

    def look(*_: object, show_errors: Callable[[], None], **__: object) -> None:
        show_errors()

    clerk.will(ask_export=look)
    window.acts.export.trigger()
    assert window.panel.is_open
    assert shown(window) == "requests"
    assert window.session.in_view.shown is not None
    assert window.session.in_view.shown.severity is Severity.ERROR


# --- filling


def test_filling_blanks_lists_the_cells_first_and_is_one_step(
    window: MainWindow, clerk: Clerk, file: Path, form: Form
) -> None:
    window.files.open_path(file)
    turn_to(window, "disputes")
    before = window.session.report
    blank = [cell for cell in form.section("disputes").table.cells if not cell.is_total]  # type: ignore[union-attr]
    clerk.will(ask_fill_blanks=False)
    window.acts.fill.trigger()
    assert list(clerk.said[-1][0]) == blank
    assert window.session.report is before
    clerk.will(ask_fill_blanks=True)
    window.acts.fill.trigger()
    assert all(window.session.report.value(cell.id) == 0 for cell in blank)
    assert window.session.report.value("disputes.reconsideration.total") == 0
    assert told(window) == f"已把 {len(blank)} 个未填的格填为 0，可以撤销。"
    window.acts.undo.trigger()
    assert window.session.report == before


def test_on_a_page_without_table_the_blanks_of_all_tables_are_listed(
    window: MainWindow, clerk: Clerk, file: Path, form: Form
) -> None:
    window.files.open_path(file)
    turn_to(window, "overview")
    clerk.will(ask_fill_blanks=False)
    window.acts.fill.trigger()
    assert {cell.section for cell in clerk.said[-1][0]} == {"proactive", "disputes"}


def test_where_nothing_is_blank_nothing_is_asked(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.acts.fill.trigger()
    assert told(window) == "没有未填的格。"


def test_what_the_equations_force_is_shown_first_and_filled_in_as_one_step(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    blank = "requests.handled.granted.company"
    report = window.session.report
    whole = report.with_entries({cell.id: report.value(cell.id) for cell in report.form.totals})
    window.session.edit(whole.with_entry(blank, None), "清除")
    before = window.session.report
    clerk.will(ask_fill_forced=False)
    window.acts.forced.trigger()
    assert clerk.said[-1] == ({blank: report.value(blank)},)
    assert window.session.report is before
    clerk.will(ask_fill_forced=True)
    window.acts.forced.trigger()
    assert window.session.report.value(blank) == report.value(blank)
    assert told(window) == "已按等式填入 1 格，可以撤销。"
    window.acts.undo.trigger()
    assert window.session.report == before
    window.session.edit(whole, "填")
    window.acts.forced.trigger()
    assert told(window) == "没有能由勾稽关系推出的未填格。"


def test_a_doubt_is_ticked_off_at_its_cell_and_the_step_is_undone(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.session.edit(window.session.report.with_doubts({PERSON: "看不清。照原样读入。"}), "导入")
    turn_to(window, "requests")
    window.acts.seen.trigger()
    assert window.session.report.doubts == {}
    assert told(window) == "已销去这处存疑，可以撤销。"
    window.acts.undo.trigger()
    assert set(window.session.report.doubts) == {PERSON}
    window.session.edit(window.session.report.without_doubts([PERSON]), "看过了")
    window.acts.seen.trigger()
    assert told(window) == "这里没有存疑的数，也没有去年的年份和数。"


def test_all_totals_are_recomputed_in_one_step_once_agreed_to(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    clerk.will(ask_recompute=True)
    put(window, 99, "requests.received.total")
    put(window, 98, "requests.handled.granted.total")
    window.acts.recompute.trigger()
    assert window.session.report.value("requests.received.total") == 30
    assert told(window) == "已按明细重算 2 个合计，可以撤销。"
    window.acts.undo.trigger()
    assert window.session.report.value("requests.handled.granted.total") == 98
    window.acts.redo.trigger()
    window.acts.recompute.trigger()
    assert told(window) == "没有要改的：没有与明细不一致的合计。"
    assert clerk.asked.count("ask_recompute") == 1


def test_totals_stay_as_they_are_where_recomputing_is_not_agreed_to(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    put(window, 99, "requests.received.total")
    before = window.session.report
    clerk.will(ask_recompute=False)
    window.acts.recompute.trigger()
    assert window.session.report is before
    (would,) = clerk.said[-1]
    assert [(cell.id, old, new) for cell, old, new in would.changes] == [("requests.received.total", 99, 30)]
    assert [cell.id for cell in would.automatic] == ["requests.received.total"]


def test_a_total_whose_details_are_blank_is_not_said_to_agree_with_them(
    window: MainWindow, file: Path
) -> None:
    window.files.open_path(file)
    put(window, 99, "requests.received.total")
    window.session.edit(window.session.report.with_entry(PERSON, None), "清除")
    window.acts.recompute.trigger()
    assert window.session.report.value("requests.received.total") == 99
    assert told(window) == "没有要改的：没有与明细不一致的合计。有 1 个手填的合计明细没有填全，没有核对。"


STARS = pytest.mark.skipif(sys.platform == "win32", reason="no file there has a star in its name")


@pytest.mark.parametrize(
    "name",
    [pytest.param("甲[*].gxr", marks=STARS), pytest.param("甲[[*]*].gxr", marks=STARS), "甲&乙.gxr"],
)
def test_the_title_holds_the_name_of_the_file_as_it_is(
    window: MainWindow, balanced: Report, tmp_path: Path, name: str
) -> None:
    save_report(balanced, tmp_path / name, None)
    window.files.open_path(tmp_path / name)
    handle = window.windowHandle()
    assert handle is not None
    assert handle.title().startswith(f"{name} - ")


# --- findings


def test_each_tab_tells_its_errors_and_queries(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    place = window.tabs.keys.index("requests")
    assert window.tabs.accessibleTabName(place) == "三 收到和处理申请"
    put(window)
    assert window.tabs.accessibleTabName(place) == "三 收到和处理申请，2 个错误"
    put(window, "/", COMPANY)  # type: ignore[arg-type]
    assert "处核实" in window.tabs.accessibleTabName(place)


def test_f8_goes_through_all_findings_across_the_tabs_and_back(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    put(window, 5, "disputes.reconsideration.total")
    put(window, 1, "disputes.reconsideration.upheld")
    for cell in ("corrected", "other", "pending"):
        put(window, 0, f"disputes.reconsideration.{cell}")
    turn_to(window, "")
    visited = []
    for _ in range(window.session.findings.count(Severity.ERROR)):
        press(Qt.Key.Key_F8)
        finding = window.session.in_view.shown
        assert finding is not None
        assert finding.page == shown(window)
        assert table(window, finding.page).grid.current_cell().id in finding.cells  # type: ignore[union-attr]
        visited.append(finding.page)
    assert visited == sorted(visited, key=window.tabs.keys.index)
    assert set(visited) == {"requests", "disputes"}
    press(Qt.Key.Key_F8, SHIFT)
    assert shown(window) == "requests"


def test_alt_left_leads_back_to_where_jumping_began(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    put(window, 9, "disputes.reconsideration.total")
    turn_to(window, "proactive")
    grid = table(window, "proactive").grid
    grid.go_to("proactive.penalties.decisions")
    grid.setFocus()
    began = window.target()
    press(Qt.Key.Key_F8)
    press(Qt.Key.Key_F8)
    press(Qt.Key.Key_F8)
    assert shown(window) != "proactive"
    press(Qt.Key.Key_Left, ALT)
    assert shown(window) == "proactive"
    assert window.target() == began
    assert focus() is grid
    assert not window.acts.back.isEnabled()


def test_alt_left_after_moving_on_leads_to_the_latest_place_first(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    put(window, 9, "disputes.reconsideration.total")
    turn_to(window, "proactive")
    press(Qt.Key.Key_F8)
    table(window).grid.go_to(COMPANY)
    press(Qt.Key.Key_F8)
    press(Qt.Key.Key_Left, ALT)
    assert window.target() == (COMPANY, None)
    press(Qt.Key.Key_Left, ALT)
    assert shown(window) == "proactive"


def test_f8_leads_to_a_field_and_to_words_of_a_text_as_to_a_cell(
    window: MainWindow, file: Path, beside_the_tables: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.files.open_path(file)
    monkeypatch.setattr("gxeditor.ui.session.check", lambda *_, **__: beside_the_tables)
    session = window.session
    session.edit(session.report.with_section("overview", "一段。\n收到30件。"), "修改文字")
    turn_to(window, "requests")
    press(Qt.Key.Key_F8)
    basic = window.shown_page
    assert isinstance(basic, BasicPage)
    assert focus() is basic.year
    assert [window.tabs.accessibleTabName(n) for n in (0, 1)] == [
        "基本信息，1 个错误，1 处核实",
        "一 总体情况，1 个错误",
    ]
    press(Qt.Key.Key_F8)
    assert session.in_view.shown is beside_the_tables.findings[2]
    assert shown(window) == ""
    press(Qt.Key.Key_F8)
    prose = window.shown_page
    assert isinstance(prose, ProsePage)
    assert focus() is prose.editor
    assert prose.editor.textCursor().selectedText() == "30"


def test_a_place_in_the_prose_of_a_table_or_in_the_preamble_is_selected(
    window: MainWindow, file: Path
) -> None:
    window.files.open_path(file)
    report = window.session.report.with_section("requests", "说明：收到30件。").with_fields(
        preamble="根据《条例》"
    )
    window.session.edit(report, "修改文字")
    window.go_to(Span("requests", 5, 7))
    box = table(window).card.box
    assert box is not None
    assert focus() is box.editor
    assert box.editor.textCursor().selectedText() == "30"
    window.go_to(Span("preamble", 3, 5))
    basic = window.shown_page
    assert isinstance(basic, BasicPage)
    assert basic.preamble.textCursor().selectedText() == "条例"
    window.go_to(Whole("requests"))
    assert focus() is table(window).grid


def test_ctrl_f8_shows_the_other_finding_of_a_cell(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    put(window, 99, "requests.received.total")
    grid = table(window).grid
    grid.go_to("requests.received.total")
    press(Qt.Key.Key_F8, CTRL)
    first = window.session.in_view.shown
    press(Qt.Key.Key_F8, CTRL)
    assert first is not None
    assert window.session.in_view.shown is not None
    assert window.session.in_view.shown is not first
    assert grid.current_cell().id == "requests.received.total"  # type: ignore[union-attr]


# --- what is remembered


def test_zoom_density_and_colours_are_remembered(start: Start, file: Path) -> None:
    window = start()
    window.files.open_path(file)
    press(Qt.Key.Key_Plus, CTRL)
    next(a for a in window.menus.densities.actions() if a.data() == "compact").trigger()
    next(a for a in window.menus.schemes.actions() if a.data() == "dark").trigger()
    assert table(window).grid.measures.row == 21  # 19 at 110 %
    assert theme.current().dark
    window.close()
    again = start()
    again.files.open_path(file)
    assert (again.settings.zoom, again.settings.density, again.settings.colour_scheme) == (
        110,
        "compact",
        "dark",
    )
    assert table(again).grid.measures.row == 21
    assert theme.current().dark
    assert next(a for a in again.menus.schemes.actions() if a.isChecked()).data() == "dark"
    press(Qt.Key.Key_0, CTRL)
    assert again.settings.zoom == 100


def test_zoom_ends_at_its_limits(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    for _ in range(20):
        window.acts.zoom_in.trigger()
    assert window.settings.zoom == 300
    for _ in range(20):
        window.acts.zoom_out.trigger()
    assert window.settings.zoom == 50
    turn_to(window, "overview")
    page = window.shown_page
    assert isinstance(page, ProsePage)
    page.zoom_asked.emit(1)
    assert window.settings.zoom == 60


def test_card_and_list_are_open_or_closed_per_kind_of_page(start: Start, file: Path) -> None:
    window = start()
    window.files.open_path(file)
    assert not table(window).card.is_open  # a rail below 1440
    window.acts.card.trigger()
    window.acts.panel.trigger()
    turn_to(window, "proactive")
    assert table(window, "proactive").card.is_open
    assert window.panel.is_open
    turn_to(window, "overview")
    page = window.shown_page
    assert isinstance(page, ProsePage)
    assert page.card.is_open  # by itself
    assert not window.panel.is_open
    window.acts.card.trigger()
    turn_to(window, "")
    assert not window.acts.card.isEnabled()
    window.close()
    again = start()
    again.files.open_path(file)
    assert table(again).card.is_open
    assert again.panel.is_open
    turn_to(again, "problems")
    other = again.shown_page
    assert isinstance(other, ProsePage)
    assert not other.card.is_open


@pytest.mark.parametrize(
    ("key", "cell", "then", "first", "second"),
    [
        (
            "requests",
            "requests.handled.denied.state_secret.company",
            "requests.handled.denied.prohibited_by_law.company",
            ("1.属于国家秘密", "填因依法确定为国家秘密而不予公开的申请。", "填以企业名义提出的申请。"),
            ("2.其他法律行政法规禁止公开", "填以企业名义提出的申请。"),
        ),
        (
            "proactive",
            "proactive.government_rules.in_force",
            "proactive.normative_documents.in_force",
            ("规章", "填本机关制定的规章。", "填到本年12月31日仍然有效的件数。"),
            ("行政规范性文件", "填本机关制定的行政规范性文件。"),
        ),
    ],
)
def test_f4_explains_the_cell_in_hand_and_follows_it(
    window: MainWindow,
    file: Path,
    qtbot: QtBot,
    key: str,
    cell: str,
    then: str,
    first: tuple[str, ...],
    second: tuple[str, ...],
) -> None:
    window.files.open_path(file)
    turn_to(window, key)
    page = table(window, key)
    page.grid.setFocus()
    page.grid.go_to(cell)
    press(Qt.Key.Key_F4)
    assert page.card.is_open
    assert window.acts.card.isChecked()
    assert page.grid.hasFocus()
    qtbot.waitUntil(lambda: all(words in page.card.notes.toPlainText() for words in first))
    press(Qt.Key.Key_Down)
    assert window.target()[0] == then
    qtbot.waitUntil(lambda: page.card.notes.toPlainText().startswith(second[0]))
    assert all(words in page.card.notes.toPlainText() for words in second)
    press(Qt.Key.Key_F4)
    assert not page.card.is_open
    assert not window.acts.card.isChecked()
    assert page.grid.hasFocus()


def test_f4_on_table_four_tells_what_is_reviewed_first_from_2024_on(
    window: MainWindow, balanced: Report, tmp_path: Path, qtbot: QtBot
) -> None:
    for year, is_told in ((2023, False), (2024, True)):
        path = tmp_path / f"{year}.gxr"
        save_report(balanced.with_fields(year=year), path, None)
        window.files.open_path(path)
        turn_to(window, "disputes")
        page = table(window, "disputes")
        page.grid.go_to("disputes.direct_suit.upheld")
        page.card.set_open(False)
        page.grid.setFocus()
        press(Qt.Key.Key_F4)

        def tells(notes: Notes = page.card.notes, told: bool = is_told) -> bool:
            shown = notes.toPlainText()
            return (
                shown.startswith("结果维持") and ("《行政复议法》（2023年修订）第二十三条" in shown) is told
            )

        qtbot.waitUntil(tells)  # it is written when the keys rest


def test_the_card_leads_to_the_rules_of_its_cell(window: MainWindow, file: Path, qtbot: QtBot) -> None:
    window.files.open_path(file)
    page = table(window)
    page.grid.go_to(PERSON)
    press(Qt.Key.Key_F4)
    notes = page.card.notes
    qtbot.waitUntil(lambda: "这一格的检查项目" in notes.toPlainText())
    cursor = notes.document().find("这一格的检查项目")
    cursor.setPosition(cursor.selectionStart() + 2)
    notes.setTextCursor(cursor)
    notes.ensureCursorVisible()
    QTest.mouseClick(notes.viewport(), Qt.MouseButton.LeftButton, pos=notes.cursorRect(cursor).center())
    (shown_list,) = children(window, ChecksPage)
    assert shown_list.wanted.cell == PERSON


def test_f4_turns_from_the_text_of_a_table_to_the_explanation_before_it_closes(
    window: MainWindow, file: Path
) -> None:
    window.files.open_path(file)
    card = table(window).card
    card.rail_prose.click()
    assert card.box is not None
    assert card.box.isVisible()
    press(Qt.Key.Key_F4)
    assert card.is_open
    assert card.notes.isVisible()
    press(Qt.Key.Key_F4)
    assert not card.is_open


def test_who_reads_in_the_card_is_back_in_the_table_when_f4_closes_it(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    page = table(window)
    press(Qt.Key.Key_F4)
    page.card.notes.setFocus()
    page.card.notes.selectAll()
    page.card.notes.copy()
    press(Qt.Key.Key_F4)
    assert page.grid.hasFocus()


def test_card_and_list_open_by_themselves_where_there_is_room(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    assert (table(window).card.is_open, window.panel.is_open) == (False, False)
    window.resize(1920, 1010)
    assert (table(window).card.is_open, window.panel.is_open) == (True, True)
    window.acts.card.trigger()  # from now on it is as the clerk wants it
    window.resize(1366, 700)
    window.resize(1920, 1010)
    assert (table(window).card.is_open, window.panel.is_open) == (False, True)


def test_settings_that_cannot_be_written_are_said_and_cost_nothing(
    window: MainWindow, file: Path, tmp_path: Path
) -> None:
    window.files.open_path(file)
    for old in (tmp_path / "config").iterdir():
        old.unlink()
    (tmp_path / "config").rmdir()
    (tmp_path / "config").write_bytes(b"")
    window.acts.zoom_in.trigger()
    assert "程序设置没有保存" in told(window)
    assert is_editing(window)


# --- keys and names


def test_f6_goes_around_table_card_findings_and_tabs(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.acts.card.trigger()
    window.acts.panel.trigger()
    page = table(window)
    page.setFocus()
    for pane in (page.card, window.panel, window.tabs, page.grid):
        press(Qt.Key.Key_F6)
        assert pane is focus() or pane.isAncestorOf(focus())


@pytest.mark.parametrize("key", ["", "overview", "requests"])
def test_ctrl_page_down_goes_to_the_next_section_from_anywhere(
    window: MainWindow, file: Path, key: str
) -> None:
    window.files.open_path(file)
    turn_to(window, key)
    here = window.tabs.currentIndex()
    press(Qt.Key.Key_PageDown, CTRL)
    assert window.tabs.currentIndex() == here + 1
    press(Qt.Key.Key_PageUp, CTRL)
    press(Qt.Key.Key_PageUp, CTRL)
    assert window.tabs.currentIndex() == (here - 1) % 7


def test_a_text_that_is_refused_is_given_up_on_another_tab_and_said(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    table(window).grid.go_to(PERSON)
    type_text("12abc")
    press(Qt.Key.Key_PageDown, CTRL)
    assert shown(window) == "disputes"
    assert "“12abc”没有填入" in told(window)
    assert window.session.report.value(PERSON) == 30


def test_the_commands_of_the_edit_menu_act_on_the_table(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    grid = table(window).grid
    grid.go_to(PERSON)
    command(window, "复制").trigger()
    assert QGuiApplication.clipboard().text().strip() == "30"
    command(window, "清除内容").trigger()
    assert window.session.report.value(PERSON) is None
    command(window, "粘贴").trigger()
    assert window.session.report.value(PERSON) == 30


def test_the_commands_of_the_edit_menu_act_on_the_text_that_has_the_focus(
    window: MainWindow, file: Path
) -> None:
    window.files.open_path(file)
    turn_to(window, "overview")
    page = window.shown_page
    assert isinstance(page, ProsePage)
    assert not command(window, "清除内容").isEnabled()
    QGuiApplication.clipboard().setText("政府信息公开")
    command(window, "粘贴").trigger()
    assert window.session.report.sections["overview"] == "政府信息公开"
    page.editor.selectAll()
    command(window, "剪切").trigger()
    assert "overview" not in window.session.report.sections
    window.acts.undo.trigger()
    assert page.editor.text() == "政府信息公开"


def test_the_edit_menu_selects_the_whole_table_or_the_whole_text(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    grid = table(window).grid
    command(window, "全选").trigger()
    assert len(grid.selected_cells()) == len(grid.model_.where)
    window.session.edit(window.session.report.with_section("overview", "一段。\n二段。"), "文字")
    turn_to(window, "overview")
    command(window, "全选").trigger()
    page = window.shown_page
    assert isinstance(page, ProsePage)
    assert page.editor.textCursor().selectedText().startswith("一段")


@pytest.mark.parametrize("closes", ["F7", "opener", "F4", "close"])
def test_closing_a_panel_leads_back_to_the_same_cell(window: MainWindow, file: Path, closes: str) -> None:
    window.files.open_path(file)
    page = table(window)
    page.grid.go_to(COMPANY)
    window.panel.set_open(True)
    page.card.set_open(True)
    QApplication.processEvents()
    if closes in ("F7", "opener"):
        window.panel.list.setFocus()
        press(Qt.Key.Key_F7) if closes == "F7" else window.panel.opener.click()
    else:
        page.card.notes.setFocus()
        press(Qt.Key.Key_F4) if closes == "F4" else page.card.close_button.click()
    assert focus() is page.grid
    cell = page.grid.current_cell()
    assert cell is not None
    assert cell.id == COMPANY


def test_closing_a_panel_leads_back_to_the_same_place_in_the_text(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.session.edit(window.session.report.with_section("overview", "一段。\n二段。"), "文字")
    turn_to(window, "overview")
    page = window.shown_page
    assert isinstance(page, ProsePage)
    put_caret(page, 5)
    window.panel.set_open(True)
    window.panel.list.setFocus()
    press(Qt.Key.Key_F7)
    assert focus() is page.editor
    assert page.editor.textCursor().position() == 5


def test_a_sentence_keeps_its_end_where_there_is_no_room(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    drawn: list[str] = []
    told_label = window._told
    told_label.resize(120, 20)
    metrics = told_label.fontMetrics()
    drawn.append(
        metrics.elidedText("没有粘贴：" + "很" * 90 + "请先点要填的第一格。", told_label.ELIDED, 300)
    )
    assert drawn[0].endswith("第一格。")


def test_a_place_of_table_three_names_its_number_once(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    for cell in table(window).grid.model_.where:
        table(window).grid.go_to(cell)
        place = window.shown_page.place() if window.shown_page is not None else ""
        assert not place.startswith("三 · 三"), place
        assert place.endswith(window.session.form.cells[cell].place)


def test_a_sentence_ends_soon_after_what_it_speaks_of_is_past(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.tell("已粘贴 6 格，可以撤销。")
    stands = window._told.stays
    put(window, 5, COMPANY)
    assert window._told.stays < stands


def test_enter_presses_the_button_that_has_the_focus(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.panel.set_open(True)
    QApplication.processEvents()
    window.panel.here.setFocus()
    press(Qt.Key.Key_Return)
    settled(window.panel.here.isChecked)


def command(window: MainWindow, text: str) -> QAction:
    return next(one for one in window.menus.editing if re.split(r"[(\t]", one.text())[0] == text)


def test_undo_goes_back_over_tables_and_texts_alike(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    before = window.session.report
    put(window)
    turn_to(window, "overview")
    type_text("甲乙")
    assert window.session.report.sections["overview"] == "甲乙"
    press(Qt.Key.Key_Z, CTRL)
    press(Qt.Key.Key_Z, CTRL)  # goes to the table
    assert window.session.report != before
    press(Qt.Key.Key_Z, CTRL)
    assert window.session.report == before
    press(Qt.Key.Key_Y, CTRL)
    press(Qt.Key.Key_Y, CTRL)
    assert "overview" not in window.session.report.sections
    press(Qt.Key.Key_Y, CTRL)
    assert window.session.report.sections["overview"] == "甲乙"


def test_a_long_sentence_makes_the_window_no_wider(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.resize(QSize(760, 480))
    window.tell("这是一句很长的话。" * 40)
    QApplication.processEvents()
    assert window.width() == 760
    assert window.minimumSizeHint().width() <= 760


def test_whatever_can_have_the_focus_has_a_name(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.acts.panel.trigger()
    for key in window.tabs.keys:
        turn_to(window, key)
        if window.acts.card.isEnabled() and not window.acts.card.isChecked():
            window.acts.card.trigger()
        QApplication.processEvents()
        assert nameless(window) == []


def nameless(window: MainWindow) -> list[str]:
    """What the Tab key or a click can reach and a screen reader has no name for."""
    found = []
    for widget in children(window, QWidget):
        reachable = (
            widget.isVisible() and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        )
        if reachable and widget.focusProxy() is None:
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is None or not interface.text(QAccessible.Text.Name).strip():
                found.append(
                    f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
                )
    return found


def test_no_two_commands_answer_to_the_same_keys(window: MainWindow) -> None:
    keys: dict[str, str] = {}
    for action in window.actions():
        for sequence in action.shortcuts():
            word = sequence.toString()
            assert word not in keys, f"{word}: {keys.get(word)}, {action.text()}"
            keys[word] = action.text()
    assert "Ctrl+Shift+0" not in keys  # Windows switches the keyboard with it
    assert "Ctrl+Shift+F" not in keys  # Microsoft Pinyin switches between simplified and traditional


def test_menu_keys_are_not_given_twice(window: MainWindow) -> None:
    def check(where: str, texts: Iterable[str]) -> None:
        letters = [text.partition("(&")[2][:1] for text in texts]
        given = [letter for letter in letters if letter]
        assert len(given) == len(set(given)), f"{where}: {given}"

    bar = window.menuBar().actions()
    check("menu bar", (action.text() for action in bar))
    for entry in bar:
        menu = entry.menu()
        assert isinstance(menu, QMenu)
        check(entry.text(), (action.text() for action in menu.actions()))


# --- trouble


def test_trouble_in_the_background_is_shown(window: MainWindow, clerk: Clerk, file: Path) -> None:
    from gxeditor.core.errors import NotWritten

    window.files.open_path(file)
    window.session.trouble.emit(NotWritten("刚才的修改没有写进恢复记录。"))
    assert "恢复记录" in clerk.words


def test_a_bug_is_shown_and_the_edits_are_on_the_disk(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    window.show_crash("程序出错")
    assert clerk.asked[-1] == "show_crash"
    writer = window.session._writer
    assert writer is not None
    assert writer.acknowledged == window.session._recorded


def test_help_lists_the_keys_and_says_what_the_program_is(window: MainWindow, clerk: Clerk) -> None:
    window.acts.keys.trigger()
    window.acts.about.trigger()
    assert clerk.asked == ["show_shortcuts", "show_about"]


# --- beside last year's


def with_last_year(window: MainWindow, balanced: Report) -> None:
    last = balanced.with_fields(year=2021).with_entries({PERSON: 20}).with_section("overview", "去年的情况。")
    report = balanced.with_section("overview", "今年的情况。").with_prior(Prior.of(last))
    window.session.begin(report)
    window.open_at("requests")


def test_keys_turn_the_table_between_the_years(window: MainWindow, balanced: Report) -> None:
    with_last_year(window, balanced)
    page = table(window)
    page.grid.go_to(PERSON)
    figures = {Qt.Key.Key_2: "20", Qt.Key.Key_3: "＋10", Qt.Key.Key_4: "＋50%", Qt.Key.Key_1: "30"}
    for key, shown_text in figures.items():
        press(key, ALT)
        assert page.grid.model_.looks[PERSON].text == shown_text
        assert window.acts.beside.isChecked() is (shown_text != "30")
    press(Qt.Key.Key_F9)
    assert page.grid.model_.looks[PERSON].text == "＋10"
    press(Qt.Key.Key_5)
    assert told(window) == "已回到本年"
    assert not window.acts.beside.isChecked()


def test_the_text_is_compared_with_the_same_key(window: MainWindow, balanced: Report) -> None:
    with_last_year(window, balanced)
    turn_to(window, "overview")
    assert not window.acts.see_rate.isEnabled()
    press(Qt.Key.Key_F9)
    page = window.shown_page
    assert isinstance(page, ProsePage)
    assert page.is_beside
    assert window.acts.beside.isChecked()
    assert page.card.is_open is False  # two texts leave no room for it
    turn_to(window, "problems")
    assert not window.acts.beside.isChecked()
    turn_to(window, "overview")
    assert window.acts.beside.isChecked()
    press(Qt.Key.Key_F9)
    assert not page.is_beside


def test_without_last_years_report_comparing_asks_for_it(window: MainWindow, balanced: Report) -> None:
    window.session.begin(balanced)
    window.open_at("requests")
    press(Qt.Key.Key_F9)
    assert "还没有选上年的年报" in told(window)
    assert not window.acts.beside.isChecked()


# --- numbers of the prose that follow the tables


def test_the_commands_make_numbers_of_the_prose_follow_the_tables(
    window: MainWindow, file: Path, form: Form
) -> None:
    window.files.open_path(file)
    session = window.session
    session.begin(blank_report(form, 2025))
    requests = form.section("requests").table
    assert requests is not None
    report = edits.fill_blanks(session.report, requests.cells)
    text = "2025年新收到政府信息公开申请62件，上年结转4件。"
    report = report.with_entries({PERSON: 62, "requests.brought_forward.natural_person": 4})
    session.edit(report.with_section("overview", text), "填")
    window.turn_to("overview")
    page = window.page("overview")
    assert isinstance(page, ProsePage)
    put_caret(page, 1)
    window.acts.follow.trigger()
    assert not session.report.bound
    assert "光标不在" in told(window)
    put_caret(page, text.index("62") + 1)
    window.acts.follow.trigger()
    assert [one.text for one in session.report.bound["overview"]] == ["62"]
    window.acts.follow_all.trigger()
    assert [one.text for one in session.report.bound["overview"]] == ["62", "4"]
    window.acts.follow_all.trigger()
    assert "已经在跟随" in told(window)
    session.edit(session.report.with_entry(PERSON, 1062), "填")
    assert session.report.text("overview") == page.editor.text() == text.replace("62", "1062")


def put_caret(page: ProsePage, place: int) -> None:
    cursor = page.editor.textCursor()
    cursor.setPosition(place)
    page.editor.setTextCursor(cursor)


def test_what_the_first_f8_needs_is_loaded_a_part_at_a_time_while_nobody_types(
    start: Start, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(shell, "import_module", loaded.append)
    monkeypatch.setattr(shell, "_IDLE", 30)
    window = start()
    qtbot.wait(60)
    assert not loaded  # there is no report yet
    window.files.open_path(file)
    qtbot.waitUntil(lambda: window.has_report)
    qtbot.waitUntil(lambda: len(loaded) == len(shell._AHEAD))
    assert loaded == list(shell._AHEAD)
    for name in loaded:
        assert importlib.util.find_spec(name) is not None


def test_an_edit_puts_off_what_is_loaded_ahead(
    start: Start, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    window.files.open_path(file)
    qtbot.waitUntil(lambda: window.has_report)
    left = window._ahead_timer.remainingTime()
    monkeypatch.setattr(window._ahead_timer, "start", lambda: put_off.append(True))
    put_off: list[bool] = []
    assert left >= 0
    window.session.edit(window.session.report.with_section("overview", "新"), "改")
    assert put_off


def test_with_the_report_goes_what_was_written_of_it(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.tell_written("已导出：鲁山2022.gxr", [file])
    (written,) = children(window, Written)
    assert written.isVisible()
    assert told(window) == "已导出：鲁山2022.gxr"
    window.acts.close.trigger()
    assert not written.isVisible()
