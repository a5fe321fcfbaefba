"""The state that two copies began with is proved or not known; it is never guessed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gxeditor.core.form import Form
from gxeditor.core.history import History
from gxeditor.core.report import Report, blank_report
from gxeditor.resources import load_form
from gxeditor.store.common_state import ONE_SAVING, find_base, moment
from gxeditor.store.journal import JournalWriter
from gxeditor.store.report_file import kept_path, save_report

ONE = "requests.received.natural_person"


@pytest.fixture
def original(form: Form) -> Report:
    return blank_report(form, 2025).with_fields(agency="松塘县自然资源局").with_entry(ONE, 62)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return tmp_path / "甲" / "年报.gxr"


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return tmp_path / "乙" / "年报.gxr"


@pytest.fixture(autouse=True)
def both_folders(ours: Path, theirs: Path) -> None:
    ours.parent.mkdir()
    theirs.parent.mkdir()


def saved(path: Path, *reports: Report) -> Path:
    """A file that was saved so many times, one after the other."""
    for report in reports:
        save_report(report, path, None)
    return path


def edited(first: Report, *values: int) -> History:
    """The history of a report that was opened and edited some times, at 1,000, 1,001 … seconds."""
    history = History(first, saved=first)
    for number, value in enumerate(values):
        history = history.push(history.report.with_entry(ONE, value), "填写", when=1000.0 + number)
    return history


def test_the_previous_version_beside_their_file_that_our_history_began_with(
    ours: Path, theirs: Path, original: Report
) -> None:
    saved(theirs, original, original.with_entry(ONE, 64))
    found = find_base(ours, theirs, load_form, history=edited(original, 63))
    assert found is not None
    assert found.report == original


def test_the_newest_state_that_both_went_through(ours: Path, theirs: Path, original: Report) -> None:
    history = edited(original, 63, 65, 66)
    saved(theirs, history.report_at(2), history.report_at(2).with_entry(ONE, 70))
    found = find_base(ours, theirs, load_form, history=history)
    assert found is not None
    assert (found.report.value(ONE), found.when) == (65, 1001.0)
    assert found.words == moment(1001.0)


def test_a_copy_that_nobody_edited_is_itself_the_common_state(
    ours: Path, theirs: Path, original: Report
) -> None:
    saved(theirs, original)
    found = find_base(ours, theirs, load_form, history=edited(original, 63))
    assert found is not None
    assert found.report == original


def test_our_previous_version_serves_where_ours_is_not_open(
    ours: Path, theirs: Path, original: Report
) -> None:
    saved(ours, original, original.with_entry(ONE, 63))
    saved(theirs, original, original.with_entry(ONE, 64))
    found = find_base(ours, theirs, load_form)
    assert found is not None
    assert found.report == original


def test_the_journal_of_a_file_that_ends_with_just_it_is_proof(
    tmp_path: Path, ours: Path, theirs: Path, original: Report
) -> None:
    journals = tmp_path / "journals"
    history = edited(original, 63, 65)
    sha256 = save_report(history.report, ours, None)
    writer = JournalWriter(journals, History(original, saved=original), path=ours)
    writer.record(history)
    writer.saved(history, ours, sha256)
    writer.close()
    saved(theirs, history.report_at(1), history.report_at(1).with_entry(ONE, 99))
    found = find_base(ours, theirs, load_form, journals=journals)
    assert found is not None
    assert found.report.value(ONE) == 63
    saved(ours, original.with_entry(ONE, 1))  # saved elsewhere: the journal is another file's
    os.remove(kept_path(ours))
    assert find_base(ours, theirs, load_form, journals=journals) is None


def test_a_previous_version_of_another_file_is_no_proof(ours: Path, theirs: Path, original: Report) -> None:
    """Theirs was copied over a file of ours, whose previous version still lies there."""
    saved(theirs, original, original.with_entry(ONE, 64))
    foreign = saved(theirs.with_name("别处.gxr"), original.with_entry(ONE, 99))
    earlier = foreign.stat().st_mtime - ONE_SAVING - 1
    os.utime(foreign, (earlier, earlier))
    shutil.copy2(foreign, theirs)
    assert find_base(ours, theirs, load_form, history=edited(original, 63)) is None


def test_nothing_is_guessed_of_files_that_are_only_alike(ours: Path, theirs: Path, original: Report) -> None:
    saved(theirs, original.with_entry(ONE, 64))
    assert find_base(ours, theirs, load_form, history=edited(original, 63)) is None


def test_a_state_that_was_undone_is_not_gone_through(ours: Path, theirs: Path, original: Report) -> None:
    history = edited(original, 63).undo().push(original.with_entry(ONE, 65), "填写")
    saved(theirs, original.with_entry(ONE, 63), original.with_entry(ONE, 64))
    assert find_base(ours, theirs, load_form, history=history) is None


def test_blank_reports_are_alike_without_being_copies(ours: Path, theirs: Path, form: Form) -> None:
    blank = blank_report(form, 2025)
    saved(theirs, blank, blank.with_entry(ONE, 64))
    assert find_base(ours, theirs, load_form, history=edited(blank, 63)) is None


def test_a_file_that_cannot_be_read_proves_nothing(ours: Path, theirs: Path, original: Report) -> None:
    theirs.write_text("{", encoding="utf-8")
    assert find_base(ours, theirs, load_form, history=edited(original, 63)) is None
    assert find_base(ours, theirs.with_name("没有.gxr"), load_form) is None
