"""The conversation about merging: what is asked, what is refused, and that it ends in one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor.core.merge import OURS, SAME, THEIRS
from gxeditor.core.report import Final, Report
from gxeditor.store.report_file import save_report
from gxeditor.ui.merge import merging
from gxeditor.ui.merge.page import MergePage
from gxeditor.ui.shell.window import MainWindow
from tests.window import COMPANY, PERSON, Clerk, held, put, save, settled, told

TEXT = "全年收到申请三十件。"


def page_of(window: MainWindow) -> MergePage:
    page = window.merging.page
    assert page is not None
    return page


def their_copy(file: Path, *reports: Report) -> Path:
    """Their file in a folder of its own, saved so many times after it was copied."""
    folder = file.parent / "对方"
    folder.mkdir()
    for report in reports:
        save_report(report, folder / file.name, None)
    return folder / file.name


def test_two_copies_become_one_in_one_step_that_can_be_undone(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk
) -> None:
    window.files.open_path(file)
    put(window, 31)
    theirs = their_copy(file, balanced, balanced.with_section("overview", TEXT).with_entry(PERSON, 32))
    clerk.will(open=theirs)
    window.acts.merge.trigger()
    page = page_of(window)
    assert page.merged.base is not None
    assert [one.key for one in page.merged.conflicts] == [PERSON]
    page.choose(THEIRS)
    before = window.session.report
    page.merge.click()
    report = window.session.report
    assert (report.value(PERSON), report.sections["overview"]) == (32, TEXT)
    assert window.session.history.undo_label == "合并两份年报"
    assert told(window) == "已合并对方的 2 处不同，还没有保存；撤销可以退回。"
    assert held(file) == balanced
    window.session.undo()
    assert window.session.report == before


def test_what_both_began_with_can_be_named_by_a_person(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk
) -> None:
    window.files.open_path(file)
    put(window, 31)
    theirs = their_copy(file, balanced.with_entry(COMPANY, 2).with_section("overview", TEXT))
    clerk.will(open=theirs)
    window.acts.merge.trigger()
    assert page_of(window).merged.base is None
    assert len(page_of(window).merged.conflicts) == 3
    clerk.will(open=file)
    page_of(window).base_asked.emit()
    page = page_of(window)
    assert page.merged.conflicts == ()
    assert page.merged.base == balanced
    page.merge.click()
    report = window.session.report
    assert (report.value(PERSON), report.value(COMPANY), report.sections["overview"]) == (31, 2, TEXT)


def test_a_state_that_was_saved_lately_can_be_named_too(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.files.open_path(file)
    for value in (33, 34):
        put(window, value)
        save(window)
    settled(lambda: len(window.session.states()) == 2)
    window.merging.open(their_copy(file, balanced.with_entry(PERSON, 33).with_entry(COMPANY, 2)))
    asked: list[list[str]] = []

    def answer(_: object, states: list[str]) -> int:
        asked.append(states)
        return 1

    monkeypatch.setattr(merging, "ask_base", answer)
    page_of(window).base_asked.emit()
    assert len(asked[0]) == 2
    merged = page_of(window).merged
    assert (merged.base.value(PERSON), merged.conflicts) == (33, ())  # type: ignore[union-attr]
    assert (merged.report.value(PERSON), merged.report.value(COMPANY)) == (34, 2)


def test_leaving_the_page_changes_nothing(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk
) -> None:
    window.files.open_path(file)
    clerk.will(open=their_copy(file, balanced, balanced.with_entry(PERSON, 32)))
    window.acts.merge.trigger()
    page_of(window).cancel.click()
    assert window.merging.page is None
    assert window.session.report == balanced
    assert not window.session.modified


def test_the_same_and_what_brings_nothing_new_are_said_and_nothing_is_shown(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk
) -> None:
    window.files.open_path(file)
    copy = their_copy(file, balanced)
    window.merging.open(copy)
    assert SAME in clerk.words
    put(window, 31)
    window.merging.open(copy)
    assert "不用合并" in clerk.words
    window.merging.open(file)
    assert "就是打开着的这一份" in clerk.words
    assert window.merging.page is None


def test_another_unit_or_year_is_refused(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk
) -> None:
    window.files.open_path(file)
    window.merging.open(their_copy(file, balanced.with_fields(year=2021)))
    assert clerk.asked[-1] == "show_error"
    assert "不能合并" in clerk.words
    assert window.merging.page is None


def test_a_final_report_is_opened_again_first(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk
) -> None:
    save_report(balanced.with_finals([Final("2023-01-12", "李工", "a" * 64)]), file, None)
    window.files.open_path(file)
    window.acts.merge.trigger()
    assert "open" not in clerk.asked
    assert "已定稿" in told(window)


def test_from_the_start_page_both_files_are_asked_for(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk
) -> None:
    theirs = their_copy(file, balanced, balanced.with_entry(PERSON, 32))
    titles: list[str] = []

    def answer(title: str, *_: object) -> Path:
        titles.append(title)
        return file if len(titles) == 1 else theirs

    clerk.will(open=answer)
    window.acts.merge.trigger()
    assert titles == ["选本机的那一份", "选对方的那一份"]
    page = page_of(window)
    assert [one.place.key for one in page.merged.taken] == [PERSON]
    page.merge.click()
    save(window)
    assert held(file).value(PERSON) == 32


def test_a_choice_of_ours_leaves_the_report_as_it_is(
    window: MainWindow, file: Path, balanced: Report, clerk: Clerk
) -> None:
    window.files.open_path(file)
    put(window, 31)
    window.merging.open(their_copy(file, balanced, balanced.with_entry(PERSON, 32)))
    page_of(window).choose(OURS)
    page_of(window).merge.click()
    assert window.session.report.value(PERSON) == 31
    assert told(window) == "合并以后与本机这一份相同，没有改动。"
