"""The conversation about files: new, opened, imported, saved and closed reports, last year's, and work left by a crash.

The questions are answered by a `Clerk`; files, journals and settings are real ones.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Final, Prior, Report, blank_report
from gxeditor.exports.blanks import rollup_bytes
from gxeditor.exports.excel import workbook_bytes
from gxeditor.files.atomic import not_written
from gxeditor.files.reading import sha256_of
from gxeditor.resources import load_form, resource
from gxeditor.settings import load_settings
from gxeditor.store.report_file import kept_path, read_report, save_report
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.session import HELD
from gxeditor.ui.shell.questions import NewReport
from gxeditor.ui.shell.window import PROGRAM, MainWindow
from tests.imports.test_sheets import copied, filled_in
from tests.test_worker import hang
from tests.window import (
    CARRIED,
    FORWARD,
    NAME,
    PERSON,
    SAMPLE,
    Clerk,
    Start,
    buttons,
    drop,
    held,
    is_editing,
    last_year,
    press,
    put,
    save,
    save_as,
    settled,
    shown,
    table,
    told,
    turn_to,
    type_text,
    wait_for_savings,
)

# --- beginning


def test_a_new_blank_report_opens_at_its_basic_data(window: MainWindow, clerk: Clerk) -> None:
    clerk.will(ask_new_report=NewReport(NAME, AgencyKind.DEPARTMENT, 2023))
    window.acts.new.trigger()
    assert is_editing(window)
    assert isinstance(window.shown_page, BasicPage)
    assert window.session.report == blank_report(window.session.form, 2023).with_fields(
        agency=NAME, kind=AgencyKind.DEPARTMENT
    )
    assert window.windowTitle() == f"[*]{NAME}2023年年报（未保存） - {PROGRAM}"
    assert not window.isWindowModified()


def test_giving_up_a_new_report_costs_the_open_one_nothing(
    window: MainWindow, clerk: Clerk, file: Path, start: Start
) -> None:
    window.files.open_path(file)
    clerk.will(ask_new_report=None)
    window.acts.new.trigger()
    assert is_editing(window)
    put(window)
    assert window.session.flush()  # and what is typed from now on still goes to the disk
    assert "ask_save" not in clerk.asked


def test_a_report_from_last_year_is_one_step_that_says_what_it_filled(
    window: MainWindow, clerk: Clerk, balanced: Report, tmp_path: Path
) -> None:
    last = balanced.with_entry(CARRIED, 5).with_section("overview", "去年的总体情况。")
    save_report(last, tmp_path / "2022.gxr", None)
    clerk.will(open=tmp_path / "2022.gxr", ask_new_report=NewReport(NAME, AgencyKind.DEPARTMENT, 2023))
    window.acts.from_prior.trigger()
    report = window.session.report
    assert (report.year, report.agency, report.value(FORWARD)) == (2023, NAME, 5)
    assert report.sections["overview"] == "去年的总体情况。"
    assert report.value(PERSON) is None
    kept = window.session.report.prior
    assert kept == Prior.of(last, str(tmp_path / "2022.gxr"), sha256_of(tmp_path / "2022.gxr"))
    assert clerk.asked[-1] == "show_told"
    assert "上年结转" in clerk.words
    assert "文字：一" in clerk.words
    assert window.acts.undo.text() == "撤销(&U) 从去年新建"
    window.acts.undo.trigger()
    assert window.undoing.bar.text().startswith("还没有撤销。上一步“从去年新建”，共改了 2 个部分")
    window.acts.undo.trigger()
    blank = blank_report(window.session.form, 2023).with_fields(agency=NAME, kind=AgencyKind.DEPARTMENT)
    assert window.session.report == blank.with_prior(kept)
    assert not window.acts.undo.isEnabled()


def test_giving_up_the_question_about_last_year_changes_nothing(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    clerk.will(open=None)
    window.acts.from_prior.trigger()
    clerk.will(open=file, ask_new_report=None)
    window.acts.from_prior.trigger()
    assert window.start.isVisible()


def test_opening_a_file_shows_its_table_and_its_name(window: MainWindow, clerk: Clerk, file: Path) -> None:
    clerk.will(open=file)
    window.acts.open.trigger()
    assert shown(window) == "requests"
    assert window.menus.toolbar.isVisible()
    assert window.session.report.value(PERSON) == 30
    assert window.windowTitle() == f"[*]鲁山2022.gxr - {PROGRAM}"
    assert window.focusWidget() is table(window).grid


def test_a_report_without_agency_opens_at_its_basic_data(
    window: MainWindow, form: Form, tmp_path: Path
) -> None:
    save_report(blank_report(form), tmp_path / "空.gxr", None)
    window.files.open_path(tmp_path / "空.gxr")
    assert shown(window) == ""


# --- recent files


def test_recent_files_stand_on_the_start_page_and_in_the_menu(start: Start, file: Path, clerk: Clerk) -> None:
    window = start()
    window.files.open_path(file)
    put(window)
    clerk.will(ask_save="save")
    window.close()
    again = start()
    (recent,) = again.settings.recent
    assert (Path(recent.path), recent.agency, recent.year) == (file, NAME, 2022)
    assert recent.errors > 0
    again.start.open_recent.emit(recent.path)
    assert again.session.report.value(PERSON) == 31
    again.files.close_report()
    again._renew_recent_menu()
    (entry,) = again.menus.recent.actions()
    entry.trigger()
    assert is_editing(again)


def test_an_ampersand_in_a_recent_path_is_no_menu_key(window: MainWindow, file: Path) -> None:
    other = file.with_name("甲&乙.gxr")
    file.rename(other)
    window.files.open_path(other)
    (entry,) = window.menus.recent.actions()
    assert "甲&&乙.gxr" in entry.text()


def test_a_recent_file_that_is_gone_is_told_and_can_be_forgotten(
    start: Start, clerk: Clerk, file: Path
) -> None:
    window = start()
    window.files.open_path(file)
    window.close()
    file.unlink()
    again = start()
    again.start.open_recent.emit(str(file))
    assert clerk.asked[-1] == "show_error"
    assert again.start.isVisible()
    again.start.forget_recent.emit(str(file))
    assert again.settings.recent == ()
    assert load_settings(again.program._config_folder).recent == ()


@pytest.mark.skipif(sys.platform == "win32", reason="file names are no bytes there")
def test_a_file_whose_name_is_no_text_is_opened_saved_and_found_again(start: Start, file: Path) -> None:
    other = Path(os.fsdecode(os.fsencode(file.parent) + b"/" + "年报.gxr".encode("gbk")))
    file.rename(other)
    window = start()
    window.files.open_path(other)
    assert is_editing(window)
    put(window)
    save(window)
    window.close()
    assert held(other).value(PERSON) == 31
    again = start()
    (recent,) = again.settings.recent
    assert Path(recent.path) == other
    again.start._list.chosen.emit(again.start._list.item(0).data(int(Qt.ItemDataRole.UserRole)).path)
    assert (is_editing(again), again.session.path) == (True, other)
    again.files.close_report()
    again._renew_recent_menu()
    (entry,) = again.menus.recent.actions()
    entry.trigger()
    assert is_editing(again)


# --- work offered back


def crash(window: MainWindow) -> None:
    """As kill -9 would: what is on the disk stays, nothing is ended."""
    session = window.session
    assert session.flush()
    writer = session._writer
    assert writer is not None
    with writer._change:
        writer._ending = True
        writer._change.notify_all()
    writer._thread.join()
    writer._release()
    session._writer = None
    window.forget_report()


def test_work_that_a_crash_left_is_offered_and_taken_up(start: Start, file: Path) -> None:
    window = start()
    window.files.open_path(file)
    put(window)
    crash(window)
    again = start()
    recover = buttons(again.start)["恢复"]
    assert NAME in recover.accessibleName()
    recover.click()
    assert is_editing(again)
    assert again.session.report.value(PERSON) == 31
    assert again.isWindowModified()
    assert again.session.path == file
    assert "还没有保存" in told(again)
    save(again)
    assert held(file).value(PERSON) == 31


def test_what_was_changed_before_a_crash_can_be_looked_at_first(
    start: Start, clerk: Clerk, file: Path
) -> None:
    window = start()
    window.files.open_path(file)
    put(window)
    crash(window)
    again = start()
    buttons(again.start)["先看改了什么"].click()
    before, after = clerk.said[-1]
    assert (before.value(PERSON), after.value(PERSON)) == (30, 31)
    assert again.start.isVisible()


def test_work_left_by_a_crash_can_become_another_file(
    start: Start, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window = start()
    window.files.open_path(file)
    put(window)
    crash(window)
    again = start()
    clerk.will(save_as=tmp_path / "副本.gxr")
    buttons(again.start)["另存为副本"].click()
    wait_for_savings(again)
    assert held(tmp_path / "副本.gxr").value(PERSON) == 31
    assert held(file).value(PERSON) == 30


# --- leaving


def test_a_report_without_changes_is_closed_without_a_question(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.acts.close.trigger()
    assert window.start.isVisible()
    assert window.windowTitle() == PROGRAM


def test_closing_and_saving_writes_the_file(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    clerk.will(ask_save="save")
    assert window.close()
    assert held(file).value(PERSON) == 31


def test_closing_without_saving_leaves_the_file_and_offers_nothing_back(
    start: Start, clerk: Clerk, file: Path
) -> None:
    window = start()
    window.files.open_path(file)
    put(window)
    clerk.will(ask_save="discard")
    assert window.close()
    assert held(file).value(PERSON) == 30
    assert start().session.recoveries() == ()


def test_who_cancels_stays(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    clerk.will(ask_save="cancel")
    assert not window.close()
    window.acts.close.trigger()
    assert window.isVisible()
    assert is_editing(window)
    put(window, 32)
    assert window.session.flush()


def test_a_save_that_was_given_up_or_failed_keeps_the_report_open(
    window: MainWindow, clerk: Clerk, tmp_path: Path
) -> None:
    clerk.will(ask_new_report=NewReport(NAME, AgencyKind.OTHER, 2023), ask_save="save", save_as=None)
    window.acts.new.trigger()
    put(window)
    assert not window.close()
    clerk.will(save_as=tmp_path / "没有的文件夹" / "年报.gxr", ask_not_written="cancel")
    assert not window.close()
    assert clerk.asked[-1] == "ask_not_written"
    assert is_editing(window)


def test_a_closed_window_asks_nothing_when_it_is_closed_again(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    put(window)
    clerk.will(ask_save="discard")
    window.close()
    window.close()
    QApplication.closeAllWindows()
    assert clerk.asked.count("ask_save") == 1


def test_closing_takes_in_what_is_being_typed(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.files.open_path(file)
    table(window).grid.go_to(PERSON)
    type_text("77")
    clerk.will(ask_save="save")
    window.close()
    assert held(file).value(PERSON) == 77


def test_closing_gives_up_a_refused_text_and_nothing_else(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    grid = table(window).grid
    grid.go_to(PERSON)
    type_text("12abc")
    press(Qt.Key.Key_Return)
    assert grid.editor.isVisible()
    assert window.close()
    assert held(file).value(PERSON) == 30


# --- saving


def test_saving_says_where_and_the_mark_goes(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    save(window)
    assert told(window) == f"已保存到 {file}"
    assert not window.isWindowModified()
    assert held(file).value(PERSON) == 31
    assert held(kept_path(file)).value(PERSON) == 30


def test_a_report_without_a_file_is_saved_under_a_name_made_of_its_title(
    window: MainWindow, clerk: Clerk, tmp_path: Path
) -> None:
    clerk.will(ask_new_report=NewReport("甲/乙局", AgencyKind.OTHER, 2023), save_as=tmp_path / "新.gxr")
    window.acts.new.trigger()
    save(window)
    (_, suggestion, _) = clerk.said[-1]
    assert Path(suggestion).name == "甲／乙局2023年政府信息公开工作年度报告.gxr"
    assert held(tmp_path / "新.gxr").agency == "甲/乙局"
    assert window.windowTitle() == f"[*]新.gxr - {PROGRAM}"


def test_saving_as_goes_on_with_the_new_file(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.files.open_path(file)
    put(window)
    clerk.will(save_as=tmp_path / "另一份.gxr")
    save_as(window)
    assert window.session.path == tmp_path / "另一份.gxr"
    assert held(file).value(PERSON) == 30
    put(window, 33)
    save(window)
    assert held(tmp_path / "另一份.gxr").value(PERSON) == 33


def test_a_name_without_suffix_gets_it_and_replaces_nothing_unasked(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    put(window)
    other = file.with_name("别人的.gxr")
    save_report(held(file).with_entry(PERSON, 1), other, None)
    clerk.will(save_as=other.with_suffix(""), ask_replace=False)
    save_as(window)
    assert held(other).value(PERSON) == 1
    clerk.will(ask_replace=True)
    save_as(window)
    assert held(other).value(PERSON) == 31
    assert held(kept_path(other)).value(PERSON) == 1


@pytest.fixture
def changed_elsewhere(window: MainWindow, file: Path) -> Path:
    """The open file holds 50 now, the report 31."""
    window.files.open_path(file)
    put(window)
    save_report(held(file).with_entry(PERSON, 50), file, None)
    return file


def test_a_file_changed_elsewhere_is_left_alone_on_cancelling(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path
) -> None:
    clerk.will(ask_changed_elsewhere="cancel")
    save(window)
    assert held(changed_elsewhere).value(PERSON) == 50
    assert window.isWindowModified()


def test_a_file_changed_elsewhere_can_be_overwritten_and_is_kept_beside(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path
) -> None:
    clerk.will(ask_changed_elsewhere="overwrite")
    save(window)
    assert held(changed_elsewhere).value(PERSON) == 31
    assert held(kept_path(changed_elsewhere)).value(PERSON) == 50
    assert told(window).endswith("原来的内容留在 鲁山2022.gxr~")


def test_beside_a_file_changed_elsewhere_another_can_be_saved(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path, tmp_path: Path
) -> None:
    clerk.will(ask_changed_elsewhere="save_as", save_as=tmp_path / "我的.gxr")
    save(window)
    assert held(changed_elsewhere).value(PERSON) == 50
    assert held(tmp_path / "我的.gxr").value(PERSON) == 31


def test_choosing_the_file_changed_elsewhere_again_still_asks(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path
) -> None:
    clerk.will(ask_changed_elsewhere="cancel", save_as=changed_elsewhere)
    save_as(window)
    assert held(changed_elsewhere).value(PERSON) == 50


def test_a_file_changed_elsewhere_can_be_read_again_and_undo_leads_back(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path
) -> None:
    clerk.will(ask_changed_elsewhere="reload")
    save(window)
    assert window.session.report.value(PERSON) == 50
    assert not window.isWindowModified()
    window.acts.undo.trigger()
    assert window.session.report.value(PERSON) == 31


def test_a_file_that_another_program_holds_is_told_and_the_edits_stay(
    window: MainWindow, clerk: Clerk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.files.open_path(file)
    put(window)

    def locked(*_: object) -> None:
        raise PermissionError(13, "locked")

    clerk.will(ask_not_written="cancel")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", locked)
        assert not window.files.save()
    assert "关闭正在使用它的程序" in clerk.words
    assert window.isWindowModified()
    assert held(file).value(PERSON) == 30


def test_a_file_that_was_held_is_saved_when_it_is_tried_again(
    window: MainWindow, clerk: Clerk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.files.open_path(file)
    put(window)
    with monkeypatch.context() as patch:
        patch.setattr("gxeditor.ui.session.save_report", refusing(file))

        def closed(_: object) -> str:
            patch.undo()
            return "again"

        clerk.will(ask_not_written=closed)
        assert window.files.save()
    assert not window.isWindowModified()
    assert held(file).value(PERSON) == 31
    assert told(window) == f"已保存到 {file}"


def refusing(path: Path) -> Callable[..., str]:
    def save(*_: object) -> str:
        raise not_written(path, PermissionError(13, "locked"), held=True)

    return save


def test_from_a_folder_that_takes_no_file_the_report_goes_to_another(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report on a CD or in a folder of the office that may only be read; the first other place will not do either."""
    window.files.open_path(file)
    put(window)
    (tmp_path / "文件").write_bytes(b"")
    places = [tmp_path / "文件" / "年报.gxr", tmp_path / "我的年报.gxr"]
    clerk.will(ask_not_written="save_as", save_as=lambda *_: places.pop(0))

    def read_only(path: str, mode: int) -> bool:
        return Path(path) != file

    with monkeypatch.context() as patch:
        patch.setattr(os, "access", read_only)
        assert window.files.save()
    assert clerk.asked[-4:] == ["ask_not_written", "save_as", "ask_not_written", "save_as"]
    assert held(tmp_path / "我的年报.gxr").value(PERSON) == 31
    assert held(file).value(PERSON) == 30
    assert window.session.path == tmp_path / "我的年报.gxr"


def test_a_folder_that_takes_no_file_is_told_and_the_edits_stay(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.files.open_path(file)
    put(window)
    (tmp_path / "文件").write_bytes(b"")
    clerk.will(save_as=tmp_path / "文件" / "年报.gxr", ask_not_written="cancel")
    save_as(window)
    assert clerk.asked[-1] == "ask_not_written"
    assert window.isWindowModified()
    assert window.session.path == file


# --- files that cannot be read


@pytest.fixture
def damaged(file: Path) -> Path:
    """A file cut short, with the version before its last save beside it."""
    path = file.with_name("坏的.gxr")
    save_report(held(file), path, None)
    save_report(held(file).with_entry(PERSON, 40), path, None)
    path.write_bytes(path.read_bytes()[:300])
    return path


def test_a_damaged_file_opens_as_it_was_before_the_last_save(
    window: MainWindow, clerk: Clerk, damaged: Path
) -> None:
    clerk.will(ask_damaged="kept")
    window.files.open_path(damaged)
    assert clerk.said[-1][1:] == (True, False)
    assert window.session.report.value(PERSON) == 30
    assert window.isWindowModified()
    save(window)
    assert held(damaged).value(PERSON) == 30


@pytest.mark.parametrize("way", ["dropped", "named on the command line", "chosen"])
def test_the_version_before_the_last_save_is_opened_after_a_look_at_what_differs(
    window: MainWindow, clerk: Clerk, file: Path, way: str
) -> None:
    def open_kept() -> None:
        if way == "dropped":
            drop(window, kept_path(file))
        elif way == "chosen":
            clerk.will(open=kept_path(file))
            window.acts.open.trigger()
        else:
            window.hand_over(kept_path(file))
        settled(lambda: not window.files.is_waiting)

    save_report(held(file).with_entry(PERSON, 31), file, None)
    clerk.will(ask_previous=False)
    open_kept()
    name, kept, saved = clerk.said[-1]
    assert (name, kept.value(PERSON), saved.value(PERSON)) == (file.name, 30, 31)
    assert not window.has_report
    clerk.will(ask_previous=True)
    open_kept()
    assert window.session.report.value(PERSON) == 30
    assert (window.session.path, window.isWindowModified()) == (file, True)
    assert held(file).value(PERSON) == 31
    window.session.undo()
    assert (window.session.report.value(PERSON), window.isWindowModified()) == (31, False)
    window.session.redo()
    save(window)
    assert held(file).value(PERSON) == 30


def test_the_previous_version_of_the_open_report_is_chosen_beside_what_it_is_now(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    put(window)
    save(window)
    put(window, 32)
    clerk.will(ask_version=None)
    window.files.open_path(kept_path(file))
    present, found = clerk.said[-1]
    assert present.value(PERSON) == 32
    assert [version.load().value(PERSON) for version in found] == [30, 31]
    assert window.session.report.value(PERSON) == 32


def test_a_saved_state_is_taken_back_as_one_step_and_only_saving_writes_it(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    for figure in (31, 32, 33):
        put(window, figure)
        save(window)
    put(window, 34)
    steps = len(window.session.history.steps)
    clerk.will(ask_version=lambda _, found: ("restore", found[-1], found[-1].load()))
    window.acts.restore.trigger()
    assert [version.load().value(PERSON) for version in clerk.said[-1][1]] == [33, 32, 31]
    assert window.session.report.value(PERSON) == 31
    assert len(window.session.history.steps) == steps + 1
    assert told(window).endswith("保存的版本，还没有保存；Ctrl+Z 撤销。")
    assert held(file).value(PERSON) == 33
    window.session.undo()
    assert window.session.report.value(PERSON) == 34


def test_a_saved_state_is_opened_as_a_copy(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.files.open_path(file)
    for figure in (31, 32):
        put(window, figure)
        save(window)
    clerk.will(ask_version=lambda _, found: ("copy", found[-1], found[-1].load()))
    window.acts.restore.trigger()
    copy = window.program.reports[-1]
    assert copy is not window
    assert copy.session.report.value(PERSON) == 31
    assert (copy.session.read_only[-9:], copy.session.original) == ("保存的版本（副本）", file)
    assert window.session.report.value(PERSON) == 32
    assert held(file).value(PERSON) == 32


def test_saved_states_outlive_the_program(start: Start, clerk: Clerk, file: Path) -> None:
    first = start()
    first.files.open_path(file)
    put(first)
    save(first)
    first.files.close_report()
    again = start()
    again.files.open_path(file)
    clerk.will(ask_version=None)
    again.acts.restore.trigger()
    assert [version.load().value(PERSON) for version in clerk.said[-1][1]] == [30, 31]


def test_a_report_that_was_never_saved_has_no_former_version(window: MainWindow, clerk: Clerk) -> None:
    clerk.will(ask_new_report=NewReport(NAME, AgencyKind.DEPARTMENT, 2025))
    window.acts.new.trigger()
    window.acts.restore.trigger()
    assert told(window) == "还没有保存过的版本：每次保存都会留一份。"


def test_of_a_version_whose_file_is_damaged_nothing_is_compared(
    window: MainWindow, clerk: Clerk, damaged: Path
) -> None:
    clerk.will(ask_previous=True)
    window.files.open_path(kept_path(damaged))
    assert clerk.said[-1][2] is None
    assert window.session.report.value(PERSON) == 30


def test_a_file_is_opened_as_what_it_is_whatever_it_is_called(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    own = tmp_path / "改了名.docx"
    own.write_bytes(file.read_bytes())
    window.files.open_path(own)
    assert is_editing(window)
    assert window.session.path == own
    foreign = tmp_path / "其实是文档.gxr"
    documents.export(window.session.report, tmp_path / "年报.docx")
    (tmp_path / "年报.docx").rename(foreign)
    window.files.open_path(foreign)
    assert review_button(window, "填入当前年报").isVisible()


@pytest.mark.parametrize("action", ["open", "import_", "from_prior", "prior"])
def test_every_dialog_lists_all_files_that_can_be_read(
    window: MainWindow, clerk: Clerk, file: Path, action: str
) -> None:
    window.files.open_path(file)
    clerk.will(open=None)
    getattr(window.acts, action).trigger()
    others = [("汇总", (".gxh", ".gxh~")), ("台账", (".gxl", ".gxl~"))]  # which are nobody's report
    assert (
        clerk.said[-1][-1] == f"{documents.open_filter(*(others if action == 'open' else []))};;所有文件 (*)"
    )


def test_a_damaged_file_is_mended_from_the_journal(start: Start, clerk: Clerk, file: Path) -> None:
    window = start()
    window.files.open_path(file)
    put(window)
    crash(window)
    file.write_bytes(b"{")
    again = start()
    clerk.will(ask_damaged="journal")
    again.files.open_path(file)
    assert again.session.report.value(PERSON) == 31


def test_who_leaves_a_damaged_file_alone_keeps_what_is_open(
    window: MainWindow, clerk: Clerk, file: Path, damaged: Path
) -> None:
    clerk.will(ask_damaged="cancel")
    window.files.open_path(damaged)
    assert window.start.isVisible()
    window.files.open_path(file)
    put(window)
    window.files.open_path(damaged)
    assert is_editing(window)
    assert window.session.report.value(PERSON) == 31
    assert "ask_save" not in clerk.asked
    put(window, 32)
    assert window.session.flush()


@pytest.mark.parametrize(
    ("name", "told"), [("没有.gxr", "show_error"), ("没有.txt", "ask_failed"), ("年报.xyz", "ask_failed")]
)
def test_what_cannot_be_read_is_told_and_keeps_what_is_open(
    window: MainWindow, clerk: Clerk, file: Path, name: str, told: str
) -> None:
    clerk.will(ask_failed=False)
    window.files.open_path(file.with_name(name))
    assert clerk.asked == [told]
    assert window.start.isVisible()
    window.files.open_path(file)
    put(window)
    window.files.open_path(file.with_name(name))
    assert clerk.asked == [told, told]
    assert is_editing(window)
    assert window.session.report.value(PERSON) == 31


def test_instead_of_a_foreign_file_that_cannot_be_read_another_is_chosen(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.files.open_path(file)
    clerk.will(ask_failed=True, open=resource(SAMPLE))
    window.files.open_path(tmp_path / "没有.txt")
    assert clerk.asked == ["ask_failed", "open"]
    assert review_button(window, "填入当前年报").isVisible()
    review_button(window, "取消").click()
    clerk.asked.clear()
    answers = iter([tmp_path / "没有.txt", None])
    clerk.will(open=lambda *_: next(answers))
    window.acts.prior.trigger()
    assert clerk.asked == ["open", "ask_failed", "open"]
    assert window.session.prior is None


def test_what_hangs_while_it_is_read_leaves_the_open_report_as_it_is(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.files.open_path(file)
    put(window)
    before = window.session.report
    clerk.will(ask_failed=False)
    (tmp_path / "坏.txt").write_text("坏", encoding="utf-8")
    # A call that the child can import and that never ends.
    monkeypatch.setattr(documents, "reading", lambda path: {"doing": f"读“{path.name}”", "seconds": 0.2})
    monkeypatch.setattr("gxeditor.imports.doors.import_report", hang)
    monkeypatch.setattr(documents, "read", hang)
    window.files.open_path(tmp_path / "坏.txt")
    (error,) = clerk.said[-1]
    assert str(error) == "读“坏.txt”用了 0.2 秒还没有完成，已经停止。当前年报没有变。"
    clerk.will(open=tmp_path / "坏.txt")
    window.acts.prior.trigger()
    assert clerk.asked[-2:] == ["open", "ask_failed"]
    assert window.session.report is before
    assert is_editing(window)


def test_a_file_that_is_open_is_not_opened_again(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    window.files.open_path(file.parent / "." / file.name)
    assert window.session.report.value(PERSON) == 31
    assert told(window) == "这份年报已经打开。"


# --- importing


def review_button(window: MainWindow, text: str) -> QPushButton:
    assert window._over is not None
    return buttons(window._over)[text]


def review_choice(window: MainWindow, text: str) -> QToolButton:
    assert window._over is not None
    every = cast(list[QToolButton], window._over.findChildren(QToolButton))
    return next(one for one in every if one.text().strip() == text)


def without_doubts(report: Report) -> Report:
    return report.without_doubts(report.doubts)


def test_a_foreign_file_is_reviewed_and_becomes_a_new_report_in_one_step(
    window: MainWindow, clerk: Clerk, sample: Report
) -> None:
    clerk.will(open=resource(SAMPLE))
    window.acts.import_.trigger()
    assert not window.has_report
    assert not window.menus.toolbar.isVisible()
    review_button(window, "导入为新年报").click()
    assert is_editing(window)
    assert without_doubts(window.session.report) == sample
    assert [finding.rule.id for finding in window.session.findings.findings].count("E-07") == 2
    assert window.isWindowModified()
    assert told(window) == "已导入 182 格，可以整体撤销。"
    window.acts.undo.trigger()  # only shows what it would change
    assert without_doubts(window.session.report) == sample
    window.acts.undo.trigger()
    assert window.session.report.entries == {}
    assert not window.acts.undo.isEnabled()


def test_an_import_into_the_open_report_is_one_step_and_takes_away_only_what_it_brings(
    window: MainWindow, clerk: Clerk, file: Path, sample: Report, tmp_path: Path
) -> None:
    clerk.will(ask_less_imported=frozenset())
    window.files.open_path(file)
    session = window.session
    session.edit(session.report.with_fields(signature="办公室", date="2023年1月18日"), "落款")
    before = session.report
    text = tmp_path / "旧.txt"
    text.write_text(resource(SAMPLE).read_text(encoding="utf-8"), encoding="utf-8")
    window.files.open_path(text)
    review_choice(window, "不同的也替换").click()
    review_button(window, "填入当前年报").click()
    assert session.report.entries == sample.entries
    assert len(session.report.doubts) == 17
    assert session.report.sections == sample.sections
    assert (session.report.signature, session.report.date) == ("办公室", "2023年1月18日")
    assert session.path == file
    window.acts.undo.trigger()
    assert session.report != before
    window.acts.undo.trigger()
    assert session.report == before


@pytest.mark.parametrize("answer", ["none", "kept", "replaced"])
def test_what_an_import_would_replace_by_less_is_asked_about_by_name_before(
    window: MainWindow, clerk: Clerk, file: Path, sample: Report, tmp_path: Path, answer: str
) -> None:
    window.files.open_path(file)
    session = window.session
    long = "本机关的总体情况。" * 400
    session.edit(session.report.with_section("overview", long).with_section("problems", "问题。"), "文字")
    before = session.report
    text = tmp_path / "旧.txt"
    text.write_text(resource(SAMPLE).read_text(encoding="utf-8"), encoding="utf-8")
    window.files.open_path(text)
    review_choice(window, "不同的也替换").click()
    given = {"none": None, "kept": frozenset({"overview"}), "replaced": frozenset()}[answer]
    clerk.will(ask_less_imported=given)
    review_button(window, "填入当前年报").click()
    (less,) = clerk.said[clerk.asked.index("ask_less_imported")]
    assert any(one.key == "overview" and "“一、总体情况”会由 3600 字变为" in one.told for one in less)
    if answer == "none":
        assert session.report is before
        assert window._over is not None, "the review is still there to decide otherwise"
        review_button(window, "取消").click()
    else:
        kept = long if answer == "kept" else sample.sections["overview"]
        assert session.report.sections["overview"] == kept


def test_filling_only_what_is_blank_asks_nothing(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.files.open_path(file)
    window.session.edit(window.session.report.with_section("overview", "长。" * 3000), "文字")
    window.files.try_sample()
    review_button(window, "填入当前年报").click()
    assert "ask_less_imported" not in clerk.asked


def test_another_report_of_last_year_that_says_less_is_not_taken_without_being_asked(
    window: MainWindow, clerk: Clerk, balanced: Report, file: Path, tmp_path: Path
) -> None:
    window.files.open_path(file)
    clerk.will(open=last_year(balanced, tmp_path / "全.gxr"), ask_fill_carried=False)
    window.acts.prior.trigger()
    whole = window.session.prior
    assert whole is not None
    few = blank_report(balanced.form, (balanced.year or 0) - 1).with_fields(agency=balanced.agency)
    save_report(few.with_entry(PERSON, 3), tmp_path / "少.gxr", None)
    clerk.will(open=tmp_path / "少.gxr", ask_lesser_prior=False)
    window.acts.prior.trigger()
    assert window.session.prior == whole
    clerk.will(ask_lesser_prior=True)
    window.acts.prior.trigger()
    assert window.session.prior != whole


def test_an_import_that_is_given_up_leads_back_to_where_one_was(window: MainWindow, file: Path) -> None:
    window.files.try_sample()
    review_button(window, "取消").click()
    assert window.start.isVisible()
    window.files.open_path(file)
    window.files.try_sample()
    review_button(window, "取消").click()
    assert is_editing(window)
    assert shown(window) == "requests"
    assert window._over is None


def test_a_new_report_from_an_import_asks_for_the_open_one(
    window: MainWindow, clerk: Clerk, file: Path, sample: Report
) -> None:
    window.files.open_path(file)
    put(window)
    window.files.try_sample()
    clerk.will(ask_save="cancel")
    review_button(window, "导入为新年报").click()
    assert window.stack.currentWidget() is window._over
    clerk.will(ask_save="save")
    review_button(window, "导入为新年报").click()
    assert held(file).value(PERSON) == 31
    assert without_doubts(window.session.report) == sample
    assert window.session.path is None


def test_another_file_may_be_opened_in_the_middle_of_a_review(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    put(window)
    window.files.try_sample()
    drop(window, resource(SAMPLE))
    review_button(window, "取消").click()
    assert is_editing(window)
    assert window.session.report.value(PERSON) == 31
    window.files.try_sample()
    window.files.open_path(file)  # it is open already
    assert is_editing(window)


def test_closing_in_the_middle_of_a_review_asks_only_for_what_is_open(
    window: MainWindow, clerk: Clerk
) -> None:
    window.files.try_sample()
    assert window.close()
    assert clerk.asked == []


def test_closing_in_the_middle_of_a_review_asks_for_the_report_behind_it(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.files.open_path(file)
    put(window)
    window.files.try_sample()
    clerk.will(ask_save="save")
    assert window.close()
    assert held(file).value(PERSON) == 31


# --- last year's report


def test_with_last_year_at_hand_49_rules_are_checked(
    window: MainWindow, clerk: Clerk, balanced: Report, form: Form, tmp_path: Path
) -> None:
    zeros = {c.id: 0 for c in form.cells.values() if not c.is_total and not c.decimals}
    whole = balanced.with_entries({**zeros, **balanced.entries, "proactive.fees.amount": 0})
    save_report(whole, tmp_path / "今年.gxr", None)
    save_report(whole.with_fields(year=2021).with_entry(CARRIED, 5), tmp_path / "去年.gxr", None)
    window.files.open_path(tmp_path / "今年.gxr")
    assert (window.session.findings.checked, len(window.session.findings.findings)) == (42, 0)
    clerk.will(open=tmp_path / "去年.gxr")
    window.acts.prior.trigger()
    assert window.session.findings.checked == 49
    assert {f.page for f in window.session.findings.findings} == {"requests"}
    page = window.page("")
    assert isinstance(page, BasicPage)
    page.prior_dropped.emit()
    assert window.session.findings.checked == 42


def test_choosing_a_report_of_another_year_or_agency_is_said_and_can_be_undone(
    window: MainWindow, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path
) -> None:
    window.files.open_path(file)
    clerk.will(open=last_year(balanced, tmp_path / "2010.gxr", year=2010, agency="汝州市"))
    window.acts.prior.trigger()
    assert clerk.asked[-1] == "show_told"
    assert "选的年报是 2010 年的" in clerk.words
    assert "选的年报单位是“汝州市”" in clerk.words
    assert "7 条跨年关系没有检查：上年年报是 2010 年的" in clerk.words
    assert window.session.prior is not None
    assert window.acts.undo.text() == "撤销(&U) 选择上年年报"
    window.acts.undo.trigger()
    assert isinstance(window.shown_page, BasicPage)
    assert window.undoing.bar.text().startswith("还没有撤销。上一步在这一页：“选择上年年报”")
    window.acts.undo.trigger()
    assert window.session.prior is None


def test_a_fitting_report_of_last_year_is_taken_without_a_question(
    window: MainWindow, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path
) -> None:
    window.files.open_path(file)
    clerk.will(open=last_year(balanced, tmp_path / "去年.gxr"))
    window.acts.prior.trigger()
    assert "show_told" not in clerk.asked
    assert window._told.text() == "已对照 去年.gxr，核对上年结转；可以撤销。"


def test_a_last_year_s_file_that_changed_is_said_at_opening_and_read_again_on_demand(
    start: Start, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path, qtbot: QtBot
) -> None:
    window = start()
    window.files.open_path(file)
    path = last_year(balanced, tmp_path / "去年.gxr")
    clerk.will(open=path)
    window.acts.prior.trigger()
    assert window.files.save()
    window.files.close_report()
    save_report(documents.read(path).report.with_entry(CARRIED, 6), path, None)
    window.files.open_path(file)
    qtbot.waitUntil(lambda: "上年年报：原文件已改动" in window._told.text())
    assert window.session.prior is not None
    assert window.session.prior.value(CARRIED) == 5
    page = window.page("")
    assert isinstance(page, BasicPage)
    page.prior_read_asked.emit()
    assert window.session.prior.value(CARRIED) == 6
    assert window.session.modified
    assert page.prior_state.text() == ""


def test_a_last_year_s_file_that_is_gone_is_said_behind_what_was_recovered(
    window: MainWindow, file: Path, balanced: Report, tmp_path: Path, qtbot: QtBot
) -> None:
    kept = documents.as_prior(documents.read(path := last_year(balanced, tmp_path / "去年.gxr")), path)
    save_report(read_report(file, load_form).report.with_prior(kept), file, None)
    path.unlink()
    window.files.open_path(file)
    window.tell("已恢复上次没有保存的 2 处修改。")
    both = "已恢复上次没有保存的 2 处修改。　上年年报：找不到原文件，用的是存在本年报里的数。"
    qtbot.waitUntil(lambda: window._told.text() == both)


def test_importing_into_a_report_keeps_its_last_year_s(
    window: MainWindow, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path
) -> None:
    window.files.open_path(file)
    clerk.will(open=last_year(balanced, tmp_path / "去年.gxr"))
    window.acts.prior.trigger()
    kept = window.session.report.prior
    window.files.import_path(resource(SAMPLE))
    window.files._import_into_current()
    assert kept is not None
    assert window.session.report.prior is kept


def test_a_final_report_takes_no_import_no_other_last_year_and_no_figures_of_it(
    window: MainWindow, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path
) -> None:
    final = Final("2026-01-12", "张三", "0" * 64)
    save_report(read_report(file, load_form).report.with_finals([final]), file, None)
    window.files.open_path(file)
    before, asked = window.session.report, list(clerk.asked)
    clerk.will(open=last_year(balanced, tmp_path / "去年.gxr"))
    window.acts.prior.trigger()
    assert window._told.text() == HELD
    for act in (
        window.files.fill_carried,
        window.files.draft_prose,
        window.fill_forced,
        window.recompute_all,
    ):
        window.tell("")
        act()
        assert window._told.text() == HELD
    window.files.import_path(resource(SAMPLE))
    window.tell("")
    window.files._import_into_current()
    assert window._told.text() == HELD
    assert window.session.report is before
    assert [one for one in clerk.asked if one.startswith("ask_")] == [
        one for one in asked if one.startswith("ask_")
    ]


def test_a_prior_report_that_cannot_be_read_is_told(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.files.open_path(file)
    clerk.will(open=file.with_name("没有.gxr"))
    window.acts.prior.trigger()
    assert clerk.asked[-1] == "show_error"
    clerk.will(open=None)
    window.acts.prior.trigger()
    assert window.session.prior is None


# --- last year's report in any format


OVERVIEW = "（一）主动公开。\n2022年公开信息120条，依据《条例》第二十条。"


@pytest.fixture
def last(balanced: Report) -> Report:
    return (
        balanced.with_fields(year=2022, agency=NAME).with_entry(CARRIED, 5).with_section("overview", OVERVIEW)
    )


def several_years(report: Report, path: Path) -> Path:
    """A workbook with the tables of the report's year and those of the year before, all of whose figures are 1."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    ones = {c.id: 1 for c in report.form.cells.values() if not c.is_total and not c.decimals}
    for year, one in ((2021, report.with_entries(ones)), (2022, report)):
        whole = openpyxl.load_workbook(BytesIO(workbook_bytes(one)), data_only=True)
        for sheet in whole.worksheets:
            if sheet.title.startswith("表"):
                copied(sheet, book.create_sheet(f"{year}年{sheet.title}"))
    book.save(path)
    return path


def several_units(report: Report, path: Path, names: Iterable[str]) -> Path:
    units = [report.with_fields(agency=name).with_entry(CARRIED, n) for n, name in enumerate(names, 1)]
    path.write_bytes(filled_in(rollup_bytes(report.form, units=3), *units))
    return path


@pytest.mark.parametrize("suffix", [".gxr", ".docx", ".xlsx", ".html", ".pdf", ".txt"])
def test_last_years_report_of_any_format_is_kept_with_path_and_hash_and_found_again(
    start: Start, clerk: Clerk, last: Report, tmp_path: Path, qtbot: QtBot, suffix: str
) -> None:
    window, path = start(), tmp_path / f"去年{suffix}"
    documents.export(last, path)
    clerk.will(open=path, ask_new_report=NewReport(NAME, AgencyKind.DEPARTMENT, 2023))
    window.acts.from_prior.trigger()
    report = window.session.report
    assert report.prior is not None
    assert (report.prior.path, report.prior.sha256) == (str(path), sha256_of(path))
    assert (report.prior.report.year, report.prior.report.agency) == (2022, NAME)
    assert (report.value(FORWARD), report.is_automatic("requests.brought_forward.total")) == (5, True)
    assert report.sections["overview"].split("\n") == OVERVIEW.split("\n")
    assert [doubt.text for doubt in report.prose_doubts["overview"]] == ["2022", "120"]
    clerk.will(save_as=tmp_path / "今年.gxr")
    assert window.files.save()
    assert held(tmp_path / "今年.gxr") == report
    window.files.close_report()
    path.unlink()
    window.files.open_path(tmp_path / "今年.gxr")
    assert window.session.report == report
    qtbot.waitUntil(lambda: "上年年报：找不到原文件" in window._told.text())


def test_without_prose_no_number_is_in_doubt(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    documents.export(last, tmp_path / "去年.docx")
    new = NewReport(NAME, AgencyKind.DEPARTMENT, 2023, prose=False)
    clerk.will(open=tmp_path / "去年.docx", ask_new_report=new)
    window.acts.from_prior.trigger()
    assert (dict(window.session.report.sections), dict(window.session.report.prose_doubts)) == ({}, {})
    assert window.session.report.value(FORWARD) == 5


def test_f8_leads_from_number_to_number_and_typing_over_one_ends_it(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    documents.export(last, tmp_path / "去年.docx")
    clerk.will(open=tmp_path / "去年.docx", ask_new_report=NewReport(NAME, AgencyKind.DEPARTMENT, 2023))
    window.acts.from_prior.trigger()

    def left() -> list[str]:
        return [doubt.text for doubt in window.session.report.prose_doubts.get("overview", ())]

    window.next_finding()
    page = window.shown_page
    assert isinstance(page, ProsePage)
    assert page.editor.textCursor().selectedText() == "2022"
    assert len(page.editor.extraSelections()) == 2
    type_text("2023")
    assert page.editor.text().splitlines()[1].startswith("2023年公开")
    assert left() == ["120"]
    window.next_finding()
    assert page.editor.textCursor().selectedText() == "120"
    window.acts.seen.trigger()
    assert left() == []
    assert page.editor.extraSelections() == []
    assert not [one for one in window.session.findings.findings if one.is_doubt]
    window.acts.undo.trigger()
    if not left():  # the first press shows what it would change
        assert "重新标出“120”" in window.undoing.bar.text()
        window.acts.undo.trigger()
    assert left() == ["120"]
    assert len(page.editor.extraSelections()) == 1


def test_the_number_at_the_caret_can_be_ticked_off(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    documents.export(last, tmp_path / "去年.docx")
    clerk.will(open=tmp_path / "去年.docx", ask_new_report=NewReport(NAME, AgencyKind.DEPARTMENT, 2023))
    window.acts.from_prior.trigger()
    turn_to(window, "overview")
    page = window.shown_page
    assert isinstance(page, ProsePage)
    at = OVERVIEW.index("120")
    page.editor.focus_span(at, at)
    window.acts.seen.trigger()
    assert [d.text for d in window.session.report.prose_doubts["overview"]] == ["2022"]
    page.editor.focus_span(0, 0)
    window.acts.seen.trigger()
    assert told(window) == "这里没有存疑的数，也没有去年的年份和数。"


def test_what_last_year_left_is_offered_for_blank_cells_and_never_put_over_typed_ones(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    path = last_year(last, tmp_path / "去年.gxr", year=2022, agency=NAME)
    mine = blank_report(last.form, 2023).with_fields(agency=NAME)
    save_report(mine.with_entry("requests.brought_forward.company", 9), tmp_path / "今年.gxr", None)
    window.files.open_path(tmp_path / "今年.gxr")
    clerk.will(open=path, ask_fill_carried=False)
    window.acts.prior.trigger()
    assert clerk.asked[-1] == "ask_fill_carried"
    offered = clerk.said[-1][0]
    assert offered[FORWARD] == 5
    assert not {"requests.brought_forward.company", "requests.brought_forward.total"} & set(offered)
    assert window.session.report.value(FORWARD) is None
    clerk.will(ask_fill_carried=True)
    window.acts.carried.trigger()
    report = window.session.report
    assert (report.value(FORWARD), report.value("requests.brought_forward.company")) == (5, 9)
    assert report.value("requests.brought_forward.total") == 14
    assert window.acts.undo.text() == "撤销(&U) 填上年结转"
    window.acts.carried.trigger()
    assert told(window).startswith("没有能填的格")


def test_what_another_year_left_is_not_offered(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    save_report(blank_report(last.form, 2023).with_fields(agency=NAME), tmp_path / "今年.gxr", None)
    window.files.open_path(tmp_path / "今年.gxr")
    clerk.will(open=last_year(last, tmp_path / "前年.gxr", year=2020, agency=NAME))
    window.acts.prior.trigger()
    assert clerk.asked[-1] == "show_told"
    window.acts.carried.trigger()
    assert told(window) == "没有填：上年年报不是 2022 年的。"


def test_a_report_under_way_takes_last_years_prose_for_its_empty_parts(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    path = tmp_path / "去年.docx"
    documents.export(last.with_section("problems", "2022年有3个问题。"), path)
    mine = blank_report(last.form, 2023).with_fields(agency=NAME).with_section("problems", "今年2023年。")
    save_report(mine, tmp_path / "今年.gxr", None)
    window.files.open_path(tmp_path / "今年.gxr")
    window.acts.draft.trigger()
    assert told(window) == "还没有选择上年年报，请先选择。"
    clerk.will(open=path, ask_fill_carried=False, ask_draft=False)
    window.acts.prior.trigger()
    before = window.session.report
    window.acts.draft.trigger()
    assert clerk.said[-1][0] == ["一"]
    assert window.session.report is before
    clerk.will(ask_draft=True)
    window.acts.draft.trigger()
    report = window.session.report
    assert report.sections["problems"] == "今年2023年。"
    assert [doubt.text for doubt in report.prose_doubts["overview"]] == ["2022", "120"]
    assert "problems" not in report.prose_doubts
    window.acts.undo.trigger()
    window.acts.undo.trigger()
    assert window.session.report == before


def test_last_years_prose_is_looked_for_in_another_file_if_its_own_is_gone(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    path, other = tmp_path / "去年.docx", tmp_path / "别处.docx"
    documents.export(last, path)
    save_report(blank_report(last.form, 2023).with_fields(agency=NAME), tmp_path / "今年.gxr", None)
    window.files.open_path(tmp_path / "今年.gxr")
    clerk.will(open=path, ask_fill_carried=False, ask_draft=True, ask_failed=True)
    window.acts.prior.trigger()
    path.rename(other)
    clerk.will(open=other)
    window.acts.draft.trigger()
    assert "ask_failed" in clerk.asked
    assert "overview" in window.session.report.prose_doubts


def test_of_several_years_the_one_before_is_taken_else_the_clerk_is_asked(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    path = several_years(last, tmp_path / "几年.xlsx")
    for year, asked in ((2022, False), (2023, False), (2030, True)):
        save_report(blank_report(last.form, year).with_fields(agency=NAME), tmp_path / f"{year}.gxr", None)
        window.files.open_path(tmp_path / f"{year}.gxr")
        clerk.asked.clear()
        clerk.will(open=path, ask_fill_carried=False, ask_year=2021)
        window.acts.prior.trigger()
        assert ("ask_year" in clerk.asked) is asked
        assert window.session.prior is not None
        assert window.session.prior.year == (2021 if asked else year - 1)
        assert window.session.prior.value(CARRIED) == (5 if year == 2023 else 1)
        clerk.will(ask_save="discard")
    clerk.will(ask_year=None)
    before = window.session.report
    window.acts.prior.trigger()
    assert window.session.report is before


def test_of_a_list_of_units_the_own_one_is_taken_else_the_clerk_is_asked(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    path = several_units(last, tmp_path / "汇总.xlsx", ("鲁山县财政局", "鲁山县民政局", "鲁山县水利局"))
    for agency, asked, carried in (("鲁山县民政局", False, 2), ("鲁山县文旅局", True, 3)):
        mine = blank_report(last.form, 2023).with_fields(agency=agency)
        save_report(mine, tmp_path / f"{agency}.gxr", None)
        window.files.open_path(tmp_path / f"{agency}.gxr")
        clerk.asked.clear()
        clerk.will(open=path, ask_fill_carried=False, ask_unit="鲁山县水利局", ask_save="discard")
        window.acts.prior.trigger()
        assert ("ask_unit" in clerk.asked) is asked
        assert window.session.prior is not None
        assert window.session.prior.value(CARRIED) == carried


def test_an_import_asks_which_unit_and_lets_another_year_be_chosen(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    units = several_units(last, tmp_path / "汇总.xlsx", ("鲁山县财政局", "鲁山县民政局"))
    clerk.will(open=units, ask_unit=None)
    window.acts.import_.trigger()
    assert window.start.isVisible()
    clerk.will(ask_unit="鲁山县民政局")
    window.acts.open.trigger()
    assert window.files._review.report.agency == "鲁山县民政局"
    review_button(window, "取消").click()
    window.files.open_path(several_years(last, tmp_path / "几年.xlsx"))
    assert window.files._review.report.value(CARRIED) == 5
    review_choice(window, "2021 年").click()
    assert window.files._review.report.value(CARRIED) == 1
    assert "ask_year" not in clerk.asked


def test_an_import_begins_with_the_year_and_unit_of_the_open_report(
    window: MainWindow, clerk: Clerk, last: Report, tmp_path: Path
) -> None:
    mine = blank_report(last.form, 2021).with_fields(agency="鲁山县民政局")
    save_report(mine, tmp_path / "今年.gxr", None)
    window.files.open_path(tmp_path / "今年.gxr")
    window.files.open_path(several_years(last, tmp_path / "几年.xlsx"))
    assert window.files._review.report.year == 2021
    review_button(window, "取消").click()
    clerk.will(ask_unit="鲁山县财政局")
    window.files.open_path(several_units(last, tmp_path / "汇总.xlsx", ("鲁山县财政局", "鲁山县民政局")))
    assert clerk.said[-1][-1] == "鲁山县民政局"
    assert window.files._review.report.agency == "鲁山县财政局"
