"""Several windows of one program: each its own report and journal, settings and files in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from gxeditor.core.history import History
from gxeditor.core.report import Report
from gxeditor.resources import load_form
from gxeditor.settings import load_settings
from gxeditor.store.journal import JournalWriter, unfinished
from gxeditor.store.report_file import save_report
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.session import READ_ONLY
from gxeditor.ui.shell.window import MainWindow
from tests.window import (
    CTRL,
    NAME,
    PERSON,
    Clerk,
    Start,
    focus,
    held,
    last_year,
    press,
    put,
    save,
    save_as,
    settled,
    table,
    told,
    turn_to,
    type_text,
)


@pytest.fixture
def window(start: Start, clerk: Clerk) -> Iterator[MainWindow]:
    """The first window; the others of its program are closed in the end."""
    window = start()
    program = window.program
    yield window
    clerk.will(ask_save="discard")
    for other in list(program.windows):
        if other is not window:
            other.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def other(balanced: Report, tmp_path: Path) -> Path:
    path = tmp_path / "别的.gxr"
    save_report(balanced.with_fields(agency="青溪县教育局"), path, None)
    return path


def windows(window: MainWindow) -> list[MainWindow]:
    found = window.program.windows
    assert all(isinstance(one, MainWindow) for one in found)
    return [one for one in found if isinstance(one, MainWindow)]


def second(window: MainWindow) -> MainWindow:
    assert len(windows(window)) == 2
    return windows(window)[1]


def in_front(window: MainWindow) -> None:
    window.activateWindow()
    settled(window.isActiveWindow)


def two(window: MainWindow, file: Path, other: Path) -> tuple[MainWindow, MainWindow]:
    window.files.open_path(file)
    window.program.open_in_new(other)
    return window, second(window)


# --- opened beside


def test_a_report_opened_outside_comes_in_a_window_of_its_own(
    window: MainWindow, file: Path, other: Path
) -> None:
    window.program.hand_over(file)
    assert windows(window) == [window]
    put(window)
    window.program.hand_over(other)
    assert window.session.path == file
    assert window.session.modified
    assert second(window).session.path == other
    assert second(window).isVisible()
    assert second(window).session.report.agency == "青溪县教育局"


def test_a_start_without_file_opens_no_second_window(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.program.hand_over(None)
    assert windows(window) == [window]


def test_a_foreign_file_opened_outside_is_reviewed_where_it_can_be_taken_over(
    window: MainWindow, file: Path, tmp_path: Path
) -> None:
    window.files.open_path(file)
    text = tmp_path / "旧年报.txt"
    text.write_text("鲁山县2021年政府信息公开工作年度报告\n一、总体情况\n一切正常。\n", encoding="utf-8")
    window.program.hand_over(text)
    assert windows(window) == [window]
    assert window._over is not None
    assert window.session.path == file


def test_open_in_a_new_window_takes_this_one_while_it_is_free(
    window: MainWindow, clerk: Clerk, file: Path, other: Path
) -> None:
    clerk.will(open=file)
    window.acts.open_new.trigger()
    assert windows(window) == [window]
    clerk.will(open=other)
    window.acts.open_new.trigger()
    assert second(window).session.path == other


@pytest.mark.parametrize("what", ["open here", "open beside", "not there", "damaged"])
def test_what_does_not_open_in_a_new_window_leaves_no_empty_one(
    window: MainWindow, clerk: Clerk, file: Path, other: Path, tmp_path: Path, what: str
) -> None:
    two(window, file, other)
    damaged = tmp_path / "坏.gxr"
    damaged.write_bytes(b"{")
    path = {"open here": file, "open beside": other, "damaged": damaged}.get(what, tmp_path / "没有.gxr")
    clerk.will(ask_damaged="cancel", open=path)
    window.acts.open_new.trigger()
    assert [one.session.path for one in windows(window)] == [file, other]


@pytest.mark.parametrize("way", ["open", "hand_over", "recent", "through a link"])
def test_a_file_is_never_opened_for_editing_twice(
    window: MainWindow, clerk: Clerk, file: Path, other: Path, tmp_path: Path, way: str
) -> None:
    first, beside = two(window, file, other)
    if way == "open":
        clerk.will(open=file)
        beside.acts.open.trigger()
    elif way == "hand_over":
        window.program.hand_over(file)
    elif way == "recent":
        beside.files.open_recent(str(file))
    else:
        link = tmp_path / "链" / file.name
        link.parent.mkdir()
        link.symlink_to(file)
        beside.files.open_path(link)
    assert [one.session.path for one in windows(window)] == [file, other]
    assert "已经在这个窗口里打开" in told(first) or "已经打开" in told(first)


def test_nothing_is_saved_over_a_file_that_another_window_edits(
    window: MainWindow, clerk: Clerk, file: Path, other: Path
) -> None:
    _, beside = two(window, file, other)
    before = file.read_bytes()
    put(beside)
    clerk.will(save_as=file)
    beside.acts.save_as.trigger()
    assert clerk.asked[-1] == "show_error"
    assert "另一个窗口" in clerk.words
    assert file.read_bytes() == before
    assert beside.session.path == other
    assert beside.session.modified


def test_a_window_that_is_closed_frees_its_file(window: MainWindow, file: Path, other: Path) -> None:
    first, beside = two(window, file, other)
    beside.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert windows(window) == [first]
    window.program.open_in_new(other)
    assert second(window).session.path == other


# --- each its own


def test_each_window_has_its_own_history_and_journal(
    window: MainWindow, file: Path, other: Path, tmp_path: Path
) -> None:
    first, beside = two(window, file, other)
    put(first, 31)
    put(beside, 77)
    beside.session.undo()
    assert first.session.report.value(PERSON) == 31
    assert beside.session.report.value(PERSON) == 30
    assert first.session.history.can_undo
    put(beside, 78)
    first.session.flush()
    beside.session.flush()
    assert len(list((tmp_path / "data" / "journals").glob("*.journal"))) == 2
    assert (
        unfinished(tmp_path / "data" / "journals", load_form) == ()
    )  # those of living windows are not offered
    save(beside)
    assert held(other).value(PERSON) == 78
    assert held(file).value(PERSON) == 30


def test_closing_one_leaves_the_other(window: MainWindow, clerk: Clerk, file: Path, other: Path) -> None:
    first, beside = two(window, file, other)
    put(first)
    put(beside, 77)
    clerk.will(ask_save="cancel")
    assert not first.close()
    clerk.will(ask_save="save")
    assert first.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert held(file).value(PERSON) == 31
    assert beside.session.report.value(PERSON) == 77
    put(beside, 79)
    save(beside)
    assert held(other).value(PERSON) == 79


def test_what_another_window_is_saving_goes_on_when_one_is_closed(
    window: MainWindow, file: Path, other: Path
) -> None:
    first, beside = two(window, file, other)
    assert first.output is not None
    put(beside, 77)
    beside.acts.save.trigger()
    assert beside.session.savings
    assert first.close()
    settled(lambda: not beside.session.savings)
    assert not beside.session.modified
    assert held(other).value(PERSON) == 77


def test_work_left_unsaved_on_a_file_that_another_window_edits_is_not_taken_up_beside_it(
    window: MainWindow, clerk: Clerk, file: Path, other: Path, tmp_path: Path
) -> None:
    before = held(file).with_fields(agency="改名以前")
    history = History(before, saved=before)
    writer = JournalWriter(tmp_path / "data" / "journals", history, path=file, sha256="0" * 64)
    writer.record(history.push(history.report.with_entry(PERSON, 55), "填写"))
    writer.close()
    (left,) = unfinished(tmp_path / "data" / "journals", load_form)
    first, beside = two(window, other, file)
    assert beside.session.report.value(PERSON) == 30  # the file is another than the work was begun on
    clerk.will(ask_save="discard")
    first.files.recover(left)
    assert clerk.asked[-1] == "show_error"
    assert "另一个窗口" in clerk.words
    assert first.session.path == other


def test_quitting_asks_for_each_and_ends_with_the_first_that_stays(
    window: MainWindow, clerk: Clerk, file: Path, other: Path
) -> None:
    first, beside = two(window, file, other)
    put(first)
    put(beside, 77)
    asked: list[str] = []

    def answer(name: str) -> str:
        asked.append(name)
        return "save" if len(asked) == 1 else "cancel"

    clerk.will(ask_save=answer)
    window.acts.quit.trigger()
    assert len(asked) == 2
    assert len(windows(window)) == 1
    assert sorted([held(file).value(PERSON) == 31, held(other).value(PERSON) == 77]) == [False, True]


def test_settings_of_both_windows_do_not_fight(
    window: MainWindow, file: Path, other: Path, tmp_path: Path
) -> None:
    first, beside = two(window, file, other)
    first.acts.zoom_in.trigger()
    beside.menus.densities.actions()[1].trigger()
    assert first.settings is beside.settings
    kept = load_settings(tmp_path / "config")
    assert (kept.zoom, kept.density) == (110, beside.menus.densities.actions()[1].data())
    assert first.menus.densities.actions()[1].isChecked()
    assert beside._zoom_label.text() == "缩放 110%"
    assert {Path(one.path) for one in kept.recent} == {file, other}
    assert len(first.menus.recent.actions()) == 2


# --- last year's, only to be read


@pytest.fixture
def with_prior(window: MainWindow, balanced: Report, file: Path, tmp_path: Path, clerk: Clerk) -> Path:
    prior = last_year(balanced.with_section("overview", "去年的情况。"), tmp_path / "鲁山2021.gxr")
    window.files.open_path(file)
    clerk.will(open=prior, ask_fill_carried=False)
    window.acts.prior.trigger()
    return prior


def test_last_years_report_is_shown_beside_only_to_be_read(
    window: MainWindow, with_prior: Path, clerk: Clerk
) -> None:
    before = with_prior.read_bytes()
    window.acts.show_prior.trigger()
    beside = second(window)
    assert "鲁山2021.gxr　只读" in beside.windowTitle()
    assert beside.session.report.year == 2021
    assert not beside.acts.save.isEnabled()
    in_front(beside)
    page = table(beside)
    page.grid.setFocus()
    press(Qt.Key.Key_5)
    assert told(beside) == READ_ONLY
    turn_to(beside, "overview")
    prose = beside.page("overview")
    assert isinstance(prose, ProsePage)
    prose.editor.setFocus()
    type_text("改")
    assert prose.editor.text() == "去年的情况。"
    put(beside, 99)
    assert beside.session.report.value(PERSON) == 30
    assert not beside.files.save()
    assert beside.close()
    assert with_prior.read_bytes() == before
    assert clerk.asked[-1] != "ask_save"


def test_it_is_shown_once_and_comes_forward_again(window: MainWindow, with_prior: Path) -> None:
    window.acts.show_prior.trigger()
    window.acts.show_prior.trigger()
    assert len(windows(window)) == 2


def test_without_its_file_what_is_kept_of_it_is_shown(window: MainWindow, with_prior: Path) -> None:
    with_prior.unlink()
    window.session._looked = None
    window.session.look_for_prior()
    settled(lambda: window.session.prior_file is not None)
    window.acts.show_prior.trigger()
    beside = second(window)
    assert "存在本年报里" in beside.windowTitle()
    assert beside.session.report.text("overview") == "去年的情况。"


def test_without_last_years_report_it_says_so(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.acts.show_prior.trigger()
    assert windows(window) == [window]
    assert "还没有选择上年年报" in told(window)


def test_what_is_only_read_never_replaces_its_own_file(
    window: MainWindow, with_prior: Path, clerk: Clerk
) -> None:
    stood = with_prior.read_bytes()
    window.acts.show_prior.trigger()
    clerk.will(save_as=with_prior)
    save_as(second(window))
    assert "副本不能替换" in clerk.words
    assert with_prior.read_bytes() == stood


def test_saved_under_another_name_it_is_a_copy_that_may_be_changed(
    window: MainWindow, with_prior: Path, clerk: Clerk, tmp_path: Path
) -> None:
    window.acts.show_prior.trigger()
    beside = second(window)
    copy = tmp_path / "副本.gxr"
    clerk.will(save_as=copy)
    save_as(beside)
    assert "（副本）" in str(clerk.said[-1])
    settled(lambda: not beside.session._held_timer.isActive())
    assert "只读" not in beside.windowTitle()
    assert beside.acts.save.isEnabled()
    put(beside, 44)
    beside.session.flush()
    save(beside)
    assert held(copy).value(PERSON) == 44
    assert held(with_prior).value(PERSON) == 30
    assert held(copy).agency == NAME


def test_a_final_report_that_is_only_to_be_read_is_not_opened_again(
    window: MainWindow, balanced: Report
) -> None:
    from datetime import date

    from gxeditor.core.report import Final

    final = balanced.with_finals([Final("2022-01-12", "王", "0" * 64)])
    window.program.show_read_only(final, "去年")
    beside = second(window)
    assert not beside.session.reopen(date(2026, 1, 1), "要改一个数")
    assert beside.session.report.is_final


def test_the_same_keys_find_in_the_window_in_which_they_are_pressed(
    window: MainWindow, file: Path, other: Path
) -> None:
    _, beside = two(window, file, other)
    in_front(beside)
    beside.page("requests").setFocus()
    assert focus().window() is beside
    press(Qt.Key.Key_F, CTRL)
    assert beside.searching.bar.isVisible()
    assert window._searching is None
