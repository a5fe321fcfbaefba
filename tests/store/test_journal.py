"""The journal gives the history back as it was, offers what was not saved, and throws nothing away."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core import history as history_module
from gxeditor.core.errors import NotWritten
from gxeditor.core.form import Form
from gxeditor.core.history import LIMIT, History
from gxeditor.core.report import Bound, Explanation, Final, Prior, Report, blank_report
from gxeditor.core.revision import to_revise
from gxeditor.files.locking import try_lock
from gxeditor.resources import load_form
from gxeditor.store import journal as journal_module
from gxeditor.store import report_file as report_file_module
from gxeditor.store.journal import (
    KEPT,
    PAUSE,
    Journal,
    JournalWriter,
    compared,
    last_journal,
    open_history,
    unfinished,
)
from gxeditor.store.report_file import document, read_report, save_report
from tests.waiting import PATIENCE, until

COUNT, FEES = "requests.received.natural_person", "proactive.fees.amount"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journals"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "2022.gxr"


@pytest.fixture
def blank(form: Form) -> Report:
    return blank_report(form, 2022).with_fields(agency="鲁山县人民政府办公室")


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., JournalWriter]]:
    """Starts a writer; one that a test leaves open is closed in the end."""
    writers: list[JournalWriter] = []

    def started(history: History, **options: Any) -> JournalWriter:
        writers.append(JournalWriter(folder, history, **options))
        return writers[-1]

    yield started
    for writer in writers:
        writer.close()


def filled(history: History, count: int, cell: str = COUNT) -> History:
    return history.push(history.report.with_entry(cell, count), f"填写 {count}")


def opened(report: Report, path: Path) -> tuple[History, str]:
    """A report that has just been saved to `path`, and the file's hash."""
    return History(report, saved=report), save_report(report, path, None)


def journals(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.is_file())


def reopened(folder: Path, path: Path) -> Journal | None:
    return open_history(folder, path, read_report(path, load_form), load_form)


# --- a crash -------------------------------------------------------------------------------------------------------


def test_work_that_was_not_saved_is_offered_with_its_time_and_extent(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    for count in (1, 2, 3):
        history = filled(history, count)
        writer.record(history)
    writer.close()

    (work,) = unfinished(folder, load_form)
    assert work.history == history
    assert (work.path, work.sha256) == (path, sha256)
    assert (work.agency, work.year, work.edits, work.whole) == ("鲁山县人民政府办公室", 2022, 3, True)
    assert work.report.entries[COUNT] == 3
    assert timedelta(0) <= datetime.now().astimezone() - work.when < timedelta(minutes=1)


def test_a_report_without_file_is_offered_too(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    history = filled(History(blank, saved=blank), 7)
    writer = start(History(blank, saved=blank))
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert (work.path, work.edits) == (None, 1)
    assert work.history == history


def test_what_a_running_program_writes_is_not_offered(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    writer = start(History(blank, saved=blank), path=path)
    writer.record(filled(History(blank, saved=blank), 1))
    assert writer.flush()
    assert unfinished(folder, load_form) == ()
    writer.close()
    assert len(unfinished(folder, load_form)) == 1


def test_looking_at_a_report_writes_nothing(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    writer = start(History(blank, saved=blank))
    assert writer.flush()
    writer.close()
    assert writer.file is None
    assert not folder.exists()
    assert unfinished(folder, load_form) == ()


def test_the_latest_work_comes_first_and_that_of_one_file_can_be_asked_for(
    start: Callable[..., JournalWriter], folder: Path, tmp_path: Path, blank: Report
) -> None:
    paths = [tmp_path / "2021.gxr", tmp_path / "2022.gxr"]
    for path in paths:
        writer = start(History(blank), path=path)
        writer.record(filled(History(blank), 1))
        writer.close()
    assert [work.path for work in unfinished(folder, load_form)] == paths[::-1]
    assert [work.path for work in unfinished(folder, load_form, paths[0])] == paths[:1]


def test_work_on_a_file_that_was_changed_meanwhile_is_offered_and_stays_unsaved(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    writer.record(filled(history, 1))
    writer.close()
    save_report(blank.with_entry(COUNT, 99), path, None)
    (work,) = unfinished(folder, load_form)
    assert compared(work) == work
    path.unlink()
    (work,) = unfinished(folder, load_form)
    assert compared(work) == work


def test_after_a_crash_between_saving_and_noting_it_the_file_is_found_to_hold_the_work(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = filled(history, 1)
    writer.record(history)
    writer.close()
    saved = save_report(history.report, path, sha256)
    (work,) = unfinished(folder, load_form)  # the file is not asked before a person does
    assert (compared(work).sha256, compared(work).history.modified) == (saved, False)
    assert unfinished(folder, load_form, path, there=saved) == ()
    journal = reopened(folder, path)
    assert journal is not None
    assert journal.history == history.mark_saved()


def test_after_a_crash_while_a_file_was_being_written_the_edits_made_meanwhile_are_offered_on_that_file(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    """The file holds a state a few steps back, and nothing says so yet."""
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    being_saved = filled(history, 1)
    history = filled(filled(being_saved, 2), 3)
    writer.record(history)
    writer.close()
    saved = save_report(being_saved.report, path, sha256)
    assert reopened(folder, path) is None
    (work,) = unfinished(folder, load_form, path)  # it has been noted
    assert (work.sha256, work.edits, work.history) == (saved, 2, history.mark_saved(being_saved.report))
    assert not work.history.undo().undo().modified


def test_a_file_of_long_before_is_not_looked_for_among_the_steps(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    for count in range(1, 100):
        history = filled(history, count)
    writer.record(history)
    writer.close()
    save_report(blank.with_entry(COUNT, 1), path, None)
    (work,) = unfinished(folder, load_form)
    assert compared(work) == work


def test_recovered_work_goes_on_in_one_journal(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    writer.record(filled(history, 1))
    writer.close()

    (work,) = unfinished(folder, load_form)
    writer = start(work.history, path=work.path, sha256=work.sha256, continues=work)
    history = filled(work.history, 2)
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history
    assert work.edits == 2
    assert len(journals(folder)) == 1


def test_figures_in_doubt_are_recovered_and_so_is_that_they_were_looked_at(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    first, second = "requests.received.natural_person", "requests.received.company"
    doubted = blank.with_entries({first: 0, second: 6}).with_doubts({first: "是字母。", second: "看不清。"})
    history = History(blank, saved=blank)
    writer = start(history)
    for number, report in enumerate(
        (doubted, doubted.without_doubts([first]), doubted.without_doubts([first, second]), doubted)
    ):
        history = history.push(report, f"第 {number} 步", "", float(number))
        writer.record(history)
        assert writer.flush()
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert [step.report for step in work.history.steps] == [step.report for step in history.steps]
    assert work.history.report.doubts == doubted.doubts


def test_recovered_work_that_is_given_up_is_kept_aside(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    writer = start(History(blank))
    writer.record(filled(History(blank), 1))
    writer.close()
    (work,) = unfinished(folder, load_form)
    start(work.history, continues=work).close(discard=True)
    assert unfinished(folder, load_form) == ()
    assert journals(folder / "aside") == [work.file.name]


def test_recovered_work_that_was_only_looked_at_is_offered_again(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    writer = start(History(blank))
    writer.record(filled(History(blank), 1))
    writer.close()
    (work,) = unfinished(folder, load_form)
    start(work.history, continues=work).close()
    assert unfinished(folder, load_form) == (work,)


# --- undo after restart --------------------------------------------------------------------------------------------


def test_undo_survives_save_and_restart(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = filled(filled(filled(history, 1), 2), 3).undo()
    writer.record(history)
    sha256 = save_report(history.report, path, sha256)
    writer.saved(history, path, sha256)
    writer.close()

    assert unfinished(folder, load_form) == ()
    journal = reopened(folder, path)
    assert journal is not None
    assert journal.history == history.mark_saved()
    assert not journal.history.modified
    assert (journal.history.undo_label, journal.history.redo_label) == ("填写 2", "填写 3")

    # A second day on the same file, with one undo.
    writer = start(journal.history, path=path, sha256=sha256, continues=journal)
    history = journal.history.undo()
    writer.record(history)
    writer.saved(history, path, save_report(history.report, path, sha256))
    writer.close()
    again = reopened(folder, path)
    assert again is not None
    assert again.history == history.mark_saved()
    assert len(journals(folder)) == 1


def test_looking_at_a_file_does_not_cost_its_history(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    writer.record(filled(history, 1).undo())
    writer.close()
    journal = reopened(folder, path)
    assert journal is not None
    start(journal.history, path=path, sha256=sha256, continues=journal).close(discard=True)
    assert reopened(folder, path) == journal


def test_edits_that_are_given_up_can_be_redone_after_the_restart(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    writer.record(filled(filled(history, 1), 2))
    writer.close(discard=True)
    assert unfinished(folder, load_form) == ()
    journal = reopened(folder, path)
    assert journal is not None
    assert journal.report == blank
    assert journal.history.redo().redo().report.entries[COUNT] == 2


def test_given_up_edits_on_a_branch_without_the_saved_state_are_kept_aside(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    history = filled(history, 1)
    writer = start(history, path=path, sha256=sha256)
    writer.saved(history, path, save_report(history.report, path, sha256))
    history = filled(history.mark_saved().undo(), 2)
    writer.record(history)
    writer.close(discard=True)
    assert unfinished(folder, load_form) == ()
    assert reopened(folder, path) is None
    assert len(journals(folder / "aside")) == 1


def test_a_new_report_that_is_given_up_is_kept_aside(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    writer = start(History(blank, saved=blank))
    writer.record(filled(History(blank, saved=blank), 1))
    writer.close(discard=True)
    assert journals(folder) == []
    assert len(journals(folder / "aside")) == 1


def test_the_saved_state_is_known_even_when_no_step_leads_there(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    """Saved, undone, and edited otherwise: what the file holds is on no branch any more."""
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    saved = filled(filled(history, 1), 2)
    sha256 = save_report(saved.report, path, sha256)
    history = filled(saved.mark_saved().undo().undo(), 3)
    writer.saved(saved, path, sha256)
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history
    assert work.history.push(saved.report, "改回").modified is False


def test_a_history_of_another_version_of_the_file_is_moved_aside(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = filled(history, 1)
    writer.saved(history, path, save_report(history.report, path, sha256))
    writer.close()
    save_report(blank.with_entry(COUNT, 99), path, None)
    assert reopened(folder, path) is None
    assert journals(folder) == []
    assert len(journals(folder / "aside")) == 1


def test_the_journal_has_the_report_when_the_file_is_damaged(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    assert last_journal(folder, path, load_form) is None
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = filled(history, 1)
    writer.saved(history, path, save_report(history.report, path, sha256))
    writer.close()
    path.write_bytes(path.read_bytes()[:100])
    journal = last_journal(folder, path, load_form)
    assert journal is not None
    assert journal.report == history.report


def test_opening_the_file_leaves_unfinished_work_on_offer(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    writer.record(filled(history, 1))
    writer.close()
    assert reopened(folder, path) is None
    assert len(unfinished(folder, load_form, path)) == 1


def test_saving_as_another_file_takes_the_history_along(
    start: Callable[..., JournalWriter], folder: Path, path: Path, tmp_path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = filled(history, 1)
    writer.record(history)
    assert writer.flush()
    other = tmp_path / "副本.gxr"
    writer.saved(history, other, save_report(history.report, other, None))
    assert writer.flush()
    history = filled(history.mark_saved(), 2)
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert (work.path, work.history) == (other, history)
    assert reopened(folder, path) is None


def prose_typed(history: History, text: str) -> History:
    return history.push(history.report.with_section("overview", text), "输入文字", "overview")


MEANWHILE: dict[str, Callable[[History], History]] = {
    "nothing": lambda history: history,
    "further edits": lambda history: filled(filled(history, 8), 9),
    "undone": lambda history: history.undo(),
    "undone and redone": lambda history: history.undo().redo(),
    "undone and edited otherwise": lambda history: filled(history.undo(), 8),
    "typing that goes on in the same step": lambda history: prose_typed(prose_typed(history, "甲"), "甲乙"),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("flushed", [False, True])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_edits_made_while_a_file_was_being_written_stay_the_present_and_count_as_not_saved(
    meanwhile: str,
    flushed: bool,
    elsewhere: bool,
    start: Callable[..., JournalWriter],
    folder: Path,
    path: Path,
    blank: Report,
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    being_saved = prose_typed(filled(filled(history, 1), 2), "乙")
    writer.record(being_saved)
    history = MEANWHILE[meanwhile](being_saved)
    if history is not being_saved:
        writer.record(history)
    if flushed:
        assert writer.flush()
    target = path.with_name("副本.gxr") if elsewhere else path
    sha256 = save_report(being_saved.report, target, None if elsewhere else sha256)
    writer.saved(history, target, sha256, being_saved.report)
    history = history.mark_saved(being_saved.report)
    # An edit that no other makes, so that there is something to recover.
    history = filled(history, 999)
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert (work.history, work.path, work.sha256) == (history.seal(), target, sha256)
    assert work.history.push(being_saved.report, "改回").modified is False


def test_a_saved_state_that_typing_went_on_from_costs_no_second_copy_of_the_steps(
    start: Callable[..., JournalWriter], path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    for count in range(200):
        history = filled(history, count)
    being_saved = prose_typed(history, "甲")
    writer.record(being_saved)
    history = prose_typed(being_saved, "甲乙")
    writer.record(history)
    assert writer.flush()
    assert writer.file is not None
    before = writer.file.stat().st_size
    writer.saved(history, path, save_report(being_saved.report, path, sha256), being_saved.report)
    assert writer.flush()
    assert writer.file.stat().st_size - before < 2_000


def test_saving_what_somebody_else_had_written_identically_is_noted(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    """The report is the saved one already, only the file's hash is new."""
    history = filled(History(blank), 1).mark_saved()
    writer = start(history, path=path, sha256="0" * 64)
    writer.record(filled(history, 2).undo())
    assert writer.flush()
    history = filled(history, 2).undo()
    writer.saved(history, path, save_report(history.report, path, None))
    writer.close()
    assert reopened(folder, path) is not None


# --- exactness -----------------------------------------------------------------------------------------------------

CELLS = (COUNT, "requests.received.total", FEES)
EDITS = st.one_of(
    st.tuples(st.just("cell"), st.sampled_from(CELLS), st.none() | st.integers(0, 3)),
    st.tuples(st.just("prose"), st.sampled_from(["overview", "problems"]), st.text("甲乙\n", max_size=4)),
    st.tuples(st.just("type"), st.sampled_from(["overview", "problems"]), st.text("甲乙\ud83d", max_size=3)),
    st.tuples(
        st.just("field"), st.sampled_from(["agency", "preamble", "own_title"]), st.text("丙丁", max_size=3)
    ),
    st.tuples(st.just("extra"), st.just("later"), st.integers(0, 1)),
    st.tuples(
        st.sampled_from(["explain", "close", "final"]), st.sampled_from(["甲", "乙"]), st.integers(0, 2)
    ),
    st.tuples(st.just("bind"), st.sampled_from(["overview", "problems"]), st.integers(0, 3)),
    st.tuples(st.sampled_from(["undo", "redo", "seal", "flush", "save"]), st.just(""), st.none()),
)


def edited(history: History, kind: str, where: str, what: Any) -> History:
    report = history.report
    match kind:
        case "cell":
            entry = Decimal(what) / 10 if what is not None and where == FEES else what
            return history.push(report.with_entry(where, entry), f"填写 {where}")
        case "prose":
            return history.push(report.with_section(where, what), "修改文字")
        case "type":
            text = report.sections.get(where, "")
            typed = text[: len(text) // 2] + what + text[len(text) // 2 :]
            return history.push(report.with_section(where, typed), "输入文字", where)
        case "field":
            return history.push(report.with_fields(**{where: what}), "基本信息", where)
        case "explain":
            said = Explanation("理由", (str(what),)) if what else None
            return history.push(report.with_explanation(where, said), "核实说明")
        case "close":
            return history.push(report.with_closed(where, "理由" * what), "关闭检查")
        case "final":
            finals = [Final("2026-01-12", where, "0" * 64, reopened="理由")] * what
            return history.push(report.with_finals(finals), "定稿")
        case "bind":
            text = report.sections.get(where, "")[what : what + 1]
            return history.push(report.with_bound(where, [Bound(what, text, (COUNT,))]), "绑定")
        case "extra":
            return history.push(report.with_fields(extra=MappingProxyType({where: [what, {}]})), "导入")
    return {"undo": history.undo, "redo": history.redo, "seal": history.seal}.get(kind, lambda: history)()


@settings(max_examples=60)
@given(st.lists(EDITS, max_size=25))
def test_the_very_same_history_comes_back(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, str, Any]]
) -> None:
    tmp_path = tmp_path_factory.mktemp("exact")
    folder, path = tmp_path / "journals", tmp_path / "2022.gxr"
    blank = blank_report(load_form())
    history, sha256 = opened(blank, path)
    writer = JournalWriter(folder, history, path=path, sha256=sha256)
    for kind, where, what in edits:
        history = edited(history, kind, where, what)
        if kind == "save":
            history = history.mark_saved()
            sha256 = save_report(history.report, path, sha256)
            writer.saved(history, path, sha256)
        else:
            writer.record(history)
        if kind == "flush":
            assert writer.flush()
    # An edit that no other makes, so that there is something to recover.
    history = history.push(history.report.with_entry(COUNT, 999), "填写 999")
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history.seal()
    assert (work.sha256, work.whole) == (sha256, True)


@settings(max_examples=60)
@given(st.lists(EDITS | st.tuples(st.sampled_from(["fold", "reopen"]), st.just(""), st.none()), max_size=30))
def test_the_very_same_history_comes_back_however_often_the_journal_is_folded_and_read(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, str, Any]]
) -> None:
    tmp_path = tmp_path_factory.mktemp("folded")
    folder, path = tmp_path / "journals", tmp_path / "2022.gxr"
    history, sha256 = opened(blank_report(load_form()), path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(journal_module, "_BLOCK", 3)
        patched.setattr(journal_module, "_SOME", 3)
        patched.setattr(history_module, "WHOLE", 4)
        patched.setattr(journal_module, "WHOLE", 4)
        writer = JournalWriter(folder, history, path=path, sha256=sha256)
        for number, (kind, where, what) in enumerate((*edits, ("reopen", "", None))):
            history = edited(history, kind, where, what)
            if kind == "save":
                history = history.mark_saved()
                sha256 = save_report(history.report, path, sha256)
                writer.saved(history, path, sha256)
            elif kind == "fold":
                assert writer.flush()
                if writer.file is not None:
                    writer._fold(writer._state)
            elif kind == "reopen":
                # An edit that no other makes, so that there is something to recover.
                history = history.push(
                    history.report.with_entry(COUNT, 999 + number), f"填写 {number}"
                ).seal()
                writer.record(history)
                writer.close()
                (work,) = unfinished(folder, load_form)
                assert (work.history, work.sha256, work.whole) == (history, sha256, True)
                history = work.history
                writer = JournalWriter(folder, history, path=path, sha256=sha256, continues=work)
            else:
                writer.record(history)
            if kind == "flush":
                assert writer.flush()
        writer.close()


@settings(max_examples=60)
@given(
    st.lists(
        EDITS | st.tuples(st.sampled_from(["undo", "fold", "reopen"]), st.just(""), st.none()), max_size=40
    )
)
def test_what_was_replaced_comes_back_and_gives_way_as_in_the_history(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("branches") / "journals"
    history = History(blank_report(load_form()))
    with pytest.MonkeyPatch.context() as patched:
        for module, name, value in (
            (history_module, "LIMIT", 6), (history_module, "REPLACED", 5), (history_module, "REPLACED_ROOM", 60),
            (history_module, "WHOLE", 4), (journal_module, "WHOLE", 4), (journal_module, "_BLOCK", 3),
        ):  # fmt: skip
            patched.setattr(module, name, value)
        writer = JournalWriter(folder, history)
        for number, (kind, where, what) in enumerate((*edits, ("reopen", "", None))):
            history = edited(history, kind, where, what)
            if kind == "reopen":
                for far in range(4):
                    history = history.push(
                        history.report.with_entry(COUNT, 900 + number + far), "填写"
                    ).seal()
                history = history.undo().undo()
                writer.record(history)
                assert writer.flush()
                history = history.push(history.report.with_entry(COUNT, 800 + number), "填写").seal()
            writer.record(history)
            if kind == "flush":
                assert writer.flush()
            elif kind == "fold":
                assert writer.flush()
                if writer.file is not None:
                    writer._fold(writer._state)
            elif kind == "reopen":
                writer.close()
                (work,) = unfinished(folder, load_form)
                assert (work.history, work.whole) == (history, True)
                assert history.branches
                history = work.history
                writer = JournalWriter(folder, history, continues=work)
        writer.close()


def test_wherever_the_writing_of_a_branch_is_torn_nothing_that_was_kept_is_lost(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    history = History(blank, saved=blank)
    writer = start(history)
    for count in (1, 2, 3):
        history = filled(history, count)
    writer.record(history)
    assert writer.flush()
    assert writer.file is not None
    kept = len(writer.file.read_bytes())
    history = filled(filled(history.undo().undo(), 7).undo(), 8)
    writer.record(history)
    writer.close()
    data = writer.file.read_bytes()
    for length in range(kept, len(data) + 1):
        writer.file.write_bytes(data[:length])
        (work,) = unfinished(folder, load_form)
        found = {report.entries.get(COUNT) for report in reports(work.history)}
        assert found >= {None, 1, 2, 3}
    assert found == {None, 1, 2, 3, 7, 8}


def reports(history: History) -> list[Report]:
    """Every state that a history leads to."""
    steps = [*history.steps, *(step for branch in history.branches for step in branch.steps)]
    return [history.first, *(step.report for step in steps)]


@pytest.mark.parametrize(
    "branch",
    [
        7,
        {},
        {"number": 1, "of": 0, "after": 9, "steps": []},
        {"number": 1, "of": 5, "after": 0, "steps": []},
        {"number": True, "of": 0, "after": 0, "steps": []},
        {"number": 1, "of": 0, "after": 0, "steps": [{"label": "", "merge": "", "cells": 1}]},
        {"number": 1, "of": 0, "after": 0, "steps": [{"label": "", "merge": "", "cells": {COUNT: [1]}}]},
    ],
)
def test_a_branch_that_makes_no_sense_costs_nothing_of_the_present_line(
    branch: object, crashed: Path, folder: Path
) -> None:
    line = {"time": 1_700_000_002, "keep": 5, "steps": [], "at": 5, "branches": [branch]}
    crashed.write_bytes(crashed.read_bytes() + f"{json.dumps(line)}\n".encode())
    (work,) = unfinished(folder, load_form)
    assert (work.report.entries[COUNT], work.whole, work.history.branches) == (5, True, ())


def lines_of(file: Path) -> int:
    return file.read_bytes().count(b"\n")


def test_a_journal_is_folded_while_nobody_types(
    start: Callable[..., JournalWriter], folder: Path, blank: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_MANY", 20)
    monkeypatch.setattr(journal_module, "IDLE", 0.01)
    history = History(blank)
    writer = start(history)
    for count in range(1, 30):
        history = filled(history, count)
        writer.record(history)
        assert writer.flush()
    assert writer.file is not None
    file = writer.file
    until(lambda: lines_of(file) < 20)
    history = filled(history, 99)
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history
    assert len(journals(folder)) == 1


def test_a_journal_is_folded_when_the_report_is_closed(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    for count in range(1, 100):
        history = filled(history, count)
        writer.record(history)
        assert writer.flush()
    writer.saved(history, path, save_report(history.report, path, sha256))
    writer.close()
    assert writer.file is not None
    assert lines_of(writer.file) < 8
    journal = reopened(folder, path)
    assert journal is not None
    assert journal.history == history.mark_saved()


def test_a_journal_that_cannot_be_folded_stays_as_it_is_and_goes_on(
    start: Callable[..., JournalWriter], folder: Path, blank: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is missing from it, so nothing is told."""
    monkeypatch.setattr(journal_module, "_MANY", 5)
    monkeypatch.setattr(journal_module, "IDLE", 0.01)
    tried = threading.Event()

    def full(*_args: object, **_options: object) -> str:
        tried.set()
        raise NotWritten("磁盘已满。")

    told: list[NotWritten] = []
    history = History(blank)
    writer = start(history, on_error=told.append)
    writer.record(filled(history, 0))
    assert writer.flush()
    with monkeypatch.context() as patched:
        patched.setattr(journal_module, "write_atomic", full)
        for count in range(1, 9):
            history = filled(history, count)
            writer.record(history)
            assert writer.flush() or tried.is_set()
        assert tried.wait(PATIENCE)
        assert writer.file is not None
        assert f'"填写 {4}"' in writer.file.read_text(encoding="utf-8")
    history = filled(history, 99)
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history


def day_of(history: History, edits: int) -> History:
    """A day's work: figures, and prose in a text that is long."""
    for number in range(edits):
        if number % 3:
            history = filled(history, number)
        else:
            text = history.report.sections.get("overview", "主动公开政府信息。" * 100)
            at = number * 7 % len(text)
            text = f"{text[:at]}改{number}{text[at:][1:]}"
            history = history.push(history.report.with_section("overview", text), "修改文字")
    return history


def test_of_a_days_edits_only_the_reports_that_are_shown_are_made_when_it_is_opened(
    start: Callable[..., JournalWriter],
    folder: Path,
    path: Path,
    blank: Report,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = day_of(history, 2_000)
    writer.saved(history, path, save_report(history.report, path, sha256))
    writer.close()
    made: list[object] = []
    report_from = report_file_module.report_from

    def counted(*args: Any) -> Report:
        made.append(args)
        return report_from(*args)

    monkeypatch.setattr(journal_module, "report_from", counted)
    journal = reopened(folder, path)
    assert journal is not None
    assert len(made) <= 3
    back = journal.history
    for _ in range(300):
        back = back.undo()
    assert back.report == history.report_at(1_700)
    assert len(made) <= 3 + 300 // 64 + 2
    assert journal.history == history.mark_saved()


def test_a_days_edits_make_a_journal_of_a_bounded_size(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    history = day_of(History(blank), 1_500)
    writer = start(history)
    writer.record(history)
    writer.record(filled(history, 1))
    writer.close()
    assert writer.file is not None
    assert writer.file.stat().st_size < 1_500 * 200 + 20_000


_FIRST_FORMAT = """\
{"journal": 1, "edition": "2021", "path": null, "first": %s, "time": 1767859200.0}
{"keep": 0, "steps": [{"label": "填写 1", "merge": "", "when": 1767859200.5, "amends": false, "cells": {"%s": 1}}, \
{"label": "输入文字", "merge": "overview", "amends": false, "sections": {"overview": [0, 0, "甲"]}}], \
"at": 2, "time": 1767859201.0}
{"keep": 1, "steps": [{"label": "输入文字", "merge": "overview", "when": null, "amends": true, \
"sections": {"overview": [1, 0, "乙"]}}], "at": 2, "time": 1767859202.0}
{"saved": "%s", "path": null, "time": 1767859203.0}
{"drop": 1, "keep": 1, "steps": [{"label": "基本信息", "merge": "", "when": null, "amends": false, \
"fields": {"agency": "某局"}}], "at": 2, "time": 1767859204.0}
"""


def test_a_journal_as_the_program_wrote_it_before_folding_is_read(folder: Path, blank: Report) -> None:
    folder.mkdir()
    text = _FIRST_FORMAT % (json.dumps(document(blank)), COUNT, "a" * 64)
    (folder / "untitled-00000000.journal").write_text(text, encoding="utf-8")
    (work,) = unfinished(folder, load_form)
    one = blank.with_entry(COUNT, 1)
    two = one.with_section("overview", "甲乙")
    history = work.history
    assert (history.first, history.position, history.saved) == (one, 2, two)
    assert [(step.label, step.report, step.when) for step in history.steps] == [
        ("输入文字", two, None),
        ("基本信息", two.with_fields(agency="某局"), None),
    ]
    assert (work.whole, work.sha256, work.edits) == (True, "a" * 64, 1)


def test_the_time_of_each_step_comes_back(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    history = History(blank)
    writer = start(history)
    for count, when in ((1, 1767859200.5), (2, None), (3, 1767945600.0)):
        history = history.push(history.report.with_entry(COUNT, count), f"填写 {count}", when=when)
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert [step.when for step in work.history.steps] == [1767859200.5, None, 1767945600.0]


@pytest.mark.parametrize("written", [None, "昨天", 1e300, -1e300, []])
def test_a_step_without_a_time_or_with_a_senseless_one_is_kept_without(
    start: Callable[..., JournalWriter], folder: Path, blank: Report, written: object
) -> None:
    history = History(blank)
    writer = start(history)
    writer.record(history.push(blank.with_entry(COUNT, 1), "填写 1", when=1767859200.0))
    writer.close()
    (name,) = folder.glob("*.journal")
    lines = [json.loads(line) for line in name.read_text(encoding="utf-8").splitlines()]
    (step,) = (step for line in lines for step in line.get("steps", ()))
    if written is None:
        del step["when"]  # as the first program wrote it
    else:
        step["when"] = written
    name.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    (work,) = unfinished(folder, load_form)
    assert work.report.value(COUNT) == 1
    assert [step.when for step in work.history.steps] == [None]


def test_a_step_that_typing_continues_is_not_written_again_each_time(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    prose = "主动公开政府信息。" * 400
    history = History(blank)
    writer = start(history)
    history = history.push(blank.with_section("overview", prose), "输入文字", "overview")
    writer.record(history)
    assert writer.flush()
    assert writer.file is not None
    before = writer.file.stat().st_size
    for i in range(10):
        text = f"{prose[:1000]}{i}{prose[1000:]}"
        history = history.push(history.report.with_section("overview", text), "输入文字", "overview")
        writer.record(history)
        assert writer.flush()
    assert len(history.steps) == 1
    assert writer.file.stat().st_size - before < 10 * 300
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history.seal()


def test_only_the_steps_that_can_be_undone_are_kept(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    history = History(blank)
    writer = start(history)
    for count in range(LIMIT + 30):
        history = filled(history, count)
        writer.record(history)
        if count in (LIMIT - 2, LIMIT + 10, LIMIT + 20):
            assert writer.flush()
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history
    assert len(work.history.steps) == LIMIT


def test_a_journal_that_has_grown_large_is_written_anew(
    start: Callable[..., JournalWriter], folder: Path, blank: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_LARGE", 4_000)
    history = filled(History(blank), 7)
    writer = start(history)
    for _ in range(200):
        history = history.undo() if history.can_undo else history.redo()
        writer.record(history)
        assert writer.flush()
    assert writer.file is not None
    assert writer.file.stat().st_size < 6_000
    history = filled(history, 1)
    writer.record(history)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history


def test_a_history_that_is_no_continuation_begins_the_journal_anew(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    writer.record(filled(history, 1))
    assert writer.flush()
    for other in (
        filled(History(blank.with_entry(COUNT, 5)), 6),
        filled(replace(history, saved=None), 7),
        filled(History(blank.with_entry(COUNT, 8), saved=blank), 9),
    ):
        writer.record(other)
        assert writer.flush()
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == other
    assert len(journals(folder)) == 1


# --- time ----------------------------------------------------------------------------------------------------------


def test_an_edit_reaches_the_disk_without_being_asked_for_and_beside_the_window(
    start: Callable[..., JournalWriter], blank: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[threading.Thread] = []
    flush = os.fsync

    def fsync(descriptor: int) -> None:
        flushed.append(threading.current_thread())
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    history = History(blank)
    writer = start(history)
    for count in (1, 2, 3):
        history = filled(history, count)
        number = writer.record(history)
        until(lambda number=number: writer.acknowledged >= number)  # type: ignore[misc]
        assert writer.file is not None
        assert f'"填写 {count}"' in writer.file.read_text(encoding="utf-8")
    assert flushed
    assert threading.current_thread() not in flushed


def test_what_waits_for_more_edits_waits_well_within_the_second_that_is_promised() -> None:
    assert PAUSE <= 0.5


def test_edits_in_quick_succession_share_one_flush(
    start: Callable[..., JournalWriter], blank: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    flush = os.fsync

    def fsync(descriptor: int) -> None:
        flushed.append(threading.current_thread().name)
        flush(descriptor)

    history = History(blank)
    writer = start(history)
    writer.record(filled(history, 0))
    assert writer.flush()
    monkeypatch.setattr(os, "fsync", fsync)
    for count in range(1, 21):
        history = filled(history, count)
        number = writer.record(history)
    until(lambda: writer.acknowledged >= number)
    assert flushed == ["journal"]


def test_an_edit_made_while_another_is_being_written_is_not_acknowledged_with_it(
    start: Callable[..., JournalWriter], blank: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, allowed = threading.Event(), threading.Semaphore(0)
    flush = os.fsync

    def slow(descriptor: int) -> None:
        writing.set()
        assert allowed.acquire(timeout=PATIENCE)
        flush(descriptor)

    history = filled(History(blank), 1)
    writer = start(History(blank))
    writer.record(history)
    assert writer.flush()
    monkeypatch.setattr(os, "fsync", slow)
    first = writer.record(filled(history, 2))
    assert writing.wait(PATIENCE)
    second = writer.record(filled(history, 3))
    assert writer.acknowledged == first - 1
    writing.clear()
    allowed.release()
    assert writing.wait(PATIENCE)
    assert writer.acknowledged == first
    allowed.release(9)
    assert writer.flush()
    assert writer.acknowledged == second


# --- trouble -------------------------------------------------------------------------------------------------------


def test_a_journal_that_cannot_be_written_is_told_once_and_written_when_it_can_be(
    start: Callable[..., JournalWriter], folder: Path, blank: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "RETRY", 0.05)
    told: list[NotWritten] = []
    works: list[str] = []
    folder.write_text("a file in the place of the folder", encoding="utf-8")
    history = History(blank)
    writer = start(
        history, on_error=told.append, on_works=lambda: works.append(threading.current_thread().name)
    )
    for count in (1, 2):
        history = filled(history, count)
        number = writer.record(history)
        assert not writer.flush()
    assert writer.acknowledged == 0
    assert [str(error) for error in told] == [
        "刚才的修改没有写进恢复记录。可以继续编辑，但如果断电或程序意外关闭，这些修改会丢失。"
        "请现在保存一次；如果磁盘已满，请先清理出一些空间。"
    ]
    assert works == []
    folder.unlink()
    until(lambda: writer.acknowledged >= number)
    writer.record(filled(history, 3).undo())
    assert writer.flush()
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.report == history.report
    assert (len(told), works) == (1, ["journal"])


def test_a_line_that_a_full_disk_tore_is_mended(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    told: list[NotWritten] = []
    writer = start(history, path=path, sha256=sha256, on_error=told.append)
    history = filled(history, 1)
    writer.record(history)
    assert writer.flush()
    assert writer.file is not None
    resource = pytest.importorskip("resource", reason="Windows limits no process")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (writer.file.stat().st_size + 20, hard))
    try:
        history = history.push(history.report.with_section("overview", "主动公开" * 500), "输入文字")
        writer.record(history)
        assert not writer.flush()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(told) == 1
    assert writer.flush()
    assert writer.file.read_bytes().endswith(b"}\n")
    writer.saved(history, path, save_report(history.report, path, sha256))
    writer.close()
    journal = reopened(folder, path)
    assert journal is not None
    assert journal.history == history.mark_saved()


def test_without_anyone_to_tell_the_writer_goes_on_trying(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    folder.write_text("", encoding="utf-8")
    writer = start(History(blank))
    writer.record(filled(History(blank), 1))
    assert not writer.flush()
    folder.unlink()
    assert writer.flush()


def test_closing_does_not_wait_for_a_disk_that_hangs(blank: Report, folder: Path) -> None:
    folder.write_text("", encoding="utf-8")
    hanging, released = threading.Event(), threading.Event()

    def hang(error: NotWritten) -> None:
        hanging.set()
        released.wait(PATIENCE)
        hanging.clear()

    writer = JournalWriter(folder, History(blank), on_error=hang)
    writer.record(filled(History(blank), 1))
    assert hanging.wait(PATIENCE)
    assert not writer.flush(timeout=0.05)
    writer.close(timeout=0.05)
    assert hanging.is_set()
    released.set()


def test_after_closing_nothing_more_is_promised(folder: Path, blank: Report) -> None:
    writer = JournalWriter(folder, History(blank))
    writer.record(filled(History(blank), 1))
    writer.close()
    writer.close(discard=True)
    assert writer.flush()
    writer.record(filled(History(blank), 2))
    assert not writer.flush()
    assert len(unfinished(folder, load_form)) == 1


def test_a_program_without_locks_keeps_its_journal_all_the_same(
    start: Callable[..., JournalWriter], folder: Path, blank: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(descriptor: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(journal_module, "try_lock", none)
    writer = start(History(blank))
    writer.record(filled(History(blank), 1))
    assert writer.flush()
    writer.close()
    assert len(unfinished(folder, load_form)) == 1


# --- damage --------------------------------------------------------------------------------------------------------


@pytest.fixture
def crashed(start: Callable[..., JournalWriter], folder: Path, blank: Report) -> Path:
    """The journal of five edits, each in a line of its own, that a crash left behind."""
    history = History(blank, saved=blank)
    writer = start(history)
    for count in range(1, 6):
        history = filled(history, count)
        writer.record(history)
        assert writer.flush()
    writer.close()
    assert writer.file is not None
    return writer.file


def test_a_last_line_that_was_not_finished_is_passed_over(crashed: Path, folder: Path) -> None:
    crashed.write_bytes(crashed.read_bytes()[:-10])
    (work,) = unfinished(folder, load_form)
    assert work.report.entries[COUNT] == 4
    assert work.whole


def test_every_place_a_crash_may_tear_leaves_a_history(crashed: Path, folder: Path) -> None:
    data = crashed.read_bytes()
    found = []
    # The first edit came with the header, in one piece.
    for length in range(data.index("填写 2".encode()), len(data) + 1):
        crashed.write_bytes(data[:length])
        (work,) = unfinished(folder, load_form)
        found.append(work.report.entries[COUNT])
    assert found == sorted(found)
    assert set(found) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    "damage",
    [
        "\0\0\0\0",
        "[1]",
        "7",
        '"closed"',
        '{"at": 1}',
        '{"time": 1, "keep": 3, "steps": [], "at": 99}',
        '{"time": 1, "keep": 3, "steps": [], "at": -1}',
        '{"time": 1, "drop": 9, "keep": 0, "steps": [], "at": 0}',
        '{"time": 1, "keep": 3, "steps": [7], "at": 4}',
        '{"time": 1, "keep": 3, "steps": [{"label": "", "merge": "", "amends": true}], "at": 4}',
        '{"time": 1, "keep": 3, "at": 4, "steps": [{"label": "", "merge": "", "amends": false, "cells": 1}]}',
        '{"time": 1, "keep": 3, "at": 4, "steps": [{"label": "", "merge": "", "amends": false,'
        ' "sections": {"overview": [5, 5, "甲"]}}]}',
        '{"time": 1, "keep": 3, "at": 4, "steps": [{"label": "", "merge": "", "amends": false, "document": 1}]}',
    ],
)
def test_what_stands_before_a_damaged_line_is_replayed_and_the_journal_kept(
    damage: str, crashed: Path, folder: Path, start: Callable[..., JournalWriter]
) -> None:
    lines = crashed.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if '"填写 4"' in line)
    lines[at] = damage
    crashed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (work,) = unfinished(folder, load_form)
    assert work.report.entries[COUNT] == 3
    assert not work.whole
    writer = start(work.history, continues=work)
    writer.record(filled(work.history, 44))
    writer.close()
    assert journals(folder / "aside") == [crashed.name]
    assert [work.report.entries[COUNT] for work in unfinished(folder, load_form)] == [44]


@pytest.mark.parametrize(
    "damage", ["", "\0\0\n", "[]\n", '{"journal": 1}\n', '{"journal": "1"}\n', '{"journal": 1, ']
)
def test_a_journal_of_which_nothing_can_be_read_is_moved_aside(
    damage: str, crashed: Path, folder: Path
) -> None:
    crashed.write_text(damage, encoding="utf-8")
    assert unfinished(folder, load_form) == ()
    assert journals(folder / "aside") == [crashed.name]


def test_a_journal_with_a_value_no_report_can_have_is_moved_aside(crashed: Path, folder: Path) -> None:
    crashed.write_text(
        crashed.read_text(encoding="utf-8").replace(f'"{COUNT}": 2', f'"{COUNT}": [2]'), encoding="utf-8"
    )
    assert unfinished(folder, load_form) == ()
    assert journals(folder / "aside") == [crashed.name]


@pytest.mark.parametrize("change", [("journal", 2), ("edition", "2099")])
def test_a_journal_of_a_later_program_is_left_alone(
    change: tuple[str, Any], crashed: Path, folder: Path
) -> None:
    head, rest = crashed.read_text(encoding="utf-8").split("\n", 1)
    header = json.loads(head) | dict([change])
    crashed.write_text(json.dumps(header) + "\n" + rest, encoding="utf-8")
    assert unfinished(folder, load_form) == ()
    assert journals(folder) == [crashed.name]


def test_a_journal_that_cannot_be_opened_is_left_alone(
    crashed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_args: object, **_options: object) -> bytes:
        raise PermissionError(13, "held")

    monkeypatch.setattr(journal_module, "read_bytes", refusing)
    assert unfinished(folder, load_form) == ()
    assert journals(folder) == [crashed.name]


def test_of_what_was_moved_aside_the_newest_are_kept(
    start: Callable[..., JournalWriter], crashed: Path, folder: Path
) -> None:
    aside = folder / "aside"
    aside.mkdir()
    for i in range(KEPT + 5):
        old = aside / f"old-{i:03}.journal"
        old.write_bytes(b"")
        os.utime(old, (1_000_000 + i, 1_000_000 + i))
    (work,) = unfinished(folder, load_form)
    start(work.history, continues=work).close(discard=True)
    kept = journals(aside)
    assert len(kept) == KEPT
    assert crashed.name in kept
    assert "old-054.journal" in kept
    assert "old-005.journal" not in kept


def test_of_closed_histories_the_newest_are_kept_and_the_others_moved_aside(
    start: Callable[..., JournalWriter],
    folder: Path,
    path: Path,
    tmp_path: Path,
    blank: Report,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal_module, "KEPT", 3)
    for i in range(5):
        each = tmp_path / f"{i}.gxr"
        history, sha256 = opened(blank, each)
        writer = start(history, path=each, sha256=sha256)
        writer.saved(filled(history, 1), each, sha256)
        writer.close()
    assert len(journals(folder)) == 4
    assert len(journals(folder / "aside")) == 1


def test_a_locked_journal_of_the_same_file_is_not_taken_over(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = filled(history, 1)
    writer.saved(history, path, save_report(history.report, path, sha256))
    assert writer.flush()
    assert reopened(folder, path) is None
    assert writer.file is not None
    assert writer.file.exists()


def test_what_was_odd_is_never_deleted_however_much_is_moved_aside(
    start: Callable[..., JournalWriter], crashed: Path, folder: Path
) -> None:
    aside = folder / "aside"
    aside.mkdir()
    sound = crashed.read_bytes()
    for i in range(KEPT + 5):
        old = aside / f"old-{i:03}.journal"
        old.write_bytes(sound if i % 2 else sound.replace(b'"at": 1', b'"at": 1.0'))
        os.utime(old, (1_000_000 + i, 1_000_000 + i))
    (work,) = unfinished(folder, load_form)
    start(work.history, continues=work).close(discard=True)
    kept = journals(aside)
    assert {"old-000.journal", "old-002.journal", "old-004.journal"} <= set(kept)
    assert not {"old-001.journal", "old-003.journal", "old-005.journal"} & set(kept)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_the_file_of_a_journal_is_read_when_asked_for_and_only_if_it_is_one(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    os.mkfifo(path)
    writer = start(History(blank), path=path)
    writer.record(filled(History(blank), 1))
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert compared(work) == work
    path.unlink()
    path.symlink_to("/dev/zero")
    assert compared(work) == work


def test_work_found_to_be_saved_is_not_offered_again(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = filled(history, 1)
    writer.record(history)
    writer.close()
    save_report(history.report, path, sha256)
    (work,) = unfinished(folder, load_form)
    assert not compared(work).history.modified
    assert unfinished(folder, load_form) == ()
    journal = reopened(folder, path)
    assert journal is not None
    assert journal.history.can_undo


# --- last year's report --------------------------------------------------------------------------------------------


def with_last_year(history: History, count: int, path: str = "/2021.gxr") -> History:
    prior = Prior.of(blank_report(history.report.form, 2021).with_entry(COUNT, count), path)
    return history.push(history.report.with_prior(prior), "选择上年年报")


def test_last_years_report_is_offered_with_the_work_that_was_not_saved(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    one = with_last_year(history, 7)
    two = filled(one, 3)
    three = two.push(two.report.with_prior(None), "不再对照上年年报")
    four = with_last_year(three, 8)
    for history in (one, two, three, four, four.undo().undo()):
        writer.record(history)
        writer.flush()
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history
    assert work.report.prior == one.report.prior
    assert work.report.prior is work.history.undo().report.prior  # one value, as before the crash
    assert work.history.redo().report.prior is None
    assert work.history.redo().redo().report.prior == four.report.prior


def test_last_years_prose_is_written_when_it_is_chosen_and_with_no_edit_after_that(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    prose = "去年主动公开政府信息。" * 500
    last = blank_report(blank.form, 2021).with_section("overview", prose).with_entry(COUNT, 7)
    history = History(blank)
    writer = start(history)
    history = history.push(blank.with_prior(Prior.of(last, "/2021.gxr")), "选择上年年报")
    writer.record(history)
    assert writer.flush()
    assert writer.file is not None
    before = writer.file.read_bytes()
    assert before.count(prose.encode()) == 1
    for i in range(20):
        report = history.report.with_section("problems", "不足" * i).with_entry(COUNT, i)
        history = history.push(report, "输入文字", "problems" if i % 3 else "")
        history = history.push(
            history.report.with_explanation(f"E-01@{COUNT}", Explanation("理由", (str(i),))), "说"
        )
        writer.record(history)
        assert writer.flush()
    after = writer.file.read_bytes()
    assert after.count(prose.encode()) == 1
    assert len(after) - len(before) < 20 * 600
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert work.history == history
    priors = {id(step.report.prior) for step in work.history.steps}
    assert len(priors) == 1  # nor does each step hold it


def test_a_crash_just_after_saving_is_no_unsaved_work_with_last_years_report_beside(
    start: Callable[..., JournalWriter], folder: Path, path: Path, blank: Report
) -> None:
    """The file says where last year's lies as seen from its folder; the journal, written before, does not."""
    history, sha256 = opened(blank, path)
    writer = start(history, path=path, sha256=sha256)
    history = with_last_year(history, 7, str(path.with_name("2021.gxr")))
    writer.record(history)
    writer.flush()
    save_report(history.report, path, sha256)
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert not compared(work).history.modified
    again = reopened(folder, path)
    assert again is not None
    assert again.history.undo().report.prior is None


def test_numbers_of_last_years_prose_are_recovered_and_so_is_that_they_were_looked_at(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    text = "2022年收到62件。"
    brought = blank.with_section("overview", text).with_prose_doubts("overview", to_revise(text))
    history = History(blank, saved=blank)
    writer = start(history)
    for number, report in enumerate(
        (
            brought,
            brought.with_section("overview", "今年，" + text),
            brought.without_prose_doubts("overview", [0]),
            brought.with_section("overview", ""),
            brought,
        )
    ):
        history = history.push(report, f"第 {number} 步", "", float(number))
        writer.record(history)
        assert writer.flush()
    writer.close()
    (work,) = unfinished(folder, load_form)
    assert [step.report for step in work.history.steps] == [step.report for step in history.steps]


# --- locks and privacy ---------------------------------------------------------------------------------------------


def locks(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.glob("*.lock"))


def test_locks_of_programs_that_died_are_cleared_at_the_next_start_and_those_of_running_ones_stay(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    writer = start(History(blank))
    writer.record(filled(History(blank), 1))
    assert writer.flush()
    assert writer.file is not None
    for name in ("untitled-0000.lock", "0123456789abcdef-0000.lock"):
        (folder / name).write_bytes(b"")
    (folder / "folder.lock").mkdir()
    assert unfinished(folder, load_form) == ()
    assert locks(folder) == sorted([writer.file.with_suffix(".lock").name, "folder.lock"])
    writer.close()
    assert locks(folder) == ["folder.lock"]


def test_locks_are_cleared_as_well_when_a_journal_is_begun(
    start: Callable[..., JournalWriter], folder: Path, blank: Report
) -> None:
    folder.mkdir()
    (folder / "untitled-0000.lock").write_bytes(b"")
    writer = start(History(blank))
    writer.record(filled(History(blank), 1))
    assert writer.flush()
    assert writer.file is not None
    assert locks(folder) == [writer.file.with_suffix(".lock").name]


@pytest.mark.skipif(sys.platform == "win32", reason="no open file is deleted there")
def test_a_lock_cleared_just_when_a_program_takes_it_is_taken_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program found it unlocked, between the opening and the locking."""
    folder.mkdir()
    lock = folder / "untitled-0000.lock"
    cleared: list[Path] = []

    def late(descriptor: int) -> None:
        if not cleared:
            cleared.append(lock)
            lock.unlink()
        try_lock(descriptor)

    monkeypatch.setattr(journal_module, "try_lock", late)
    stream = journal_module._hold(lock)
    assert cleared == [lock]
    assert lock.exists()
    assert journal_module._held(lock)
    stream.close()


@pytest.mark.skipif(sys.platform == "win32", reason="locks of the system differ there")
def test_a_lock_that_another_program_only_looks_at_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    lock = folder / "untitled-0000.lock"
    looks = [1, 2, 3]

    def looked_at(descriptor: int) -> None:
        if looks:
            looks.pop()
            raise BlockingIOError(errno.EWOULDBLOCK, "held")
        try_lock(descriptor)

    monkeypatch.setattr(journal_module, "try_lock", looked_at)
    stream = journal_module._hold(lock)
    assert looks == []
    assert journal_module._held(lock)
    stream.close()


def modes(folder: Path) -> set[str]:
    """Permissions of everything in and below a folder."""
    return {f"{path.stat().st_mode & 0o777:o}" for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(sys.platform == "win32", reason="the user's folders are private there")
def test_nobody_else_can_read_a_journal(
    start: Callable[..., JournalWriter],
    folder: Path,
    path: Path,
    blank: Report,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    umask = os.umask(0o022)
    try:
        beside: list[int] = []
        replaced = os.replace

        def replace_seen(source: Path, target: Path) -> None:
            beside.append(os.stat(source).st_mode & 0o777)
            replaced(source, target)

        history, sha256 = opened(blank, path)
        monkeypatch.setattr(os, "replace", replace_seen)
        writer = start(history, path=path, sha256=sha256)
        history = filled(history, 1)
        writer.record(history)
        assert writer.flush()
        assert modes(folder) == {"600"}
        assert beside == [0o600]
        writer.close(discard=True)
        monkeypatch.undo()
        assert modes(folder) == {"600"}
        assert folder.stat().st_mode & 0o777 == 0o700
        assert path.stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(umask)


@pytest.mark.skipif(sys.platform == "win32", reason="the user's folders are private there")
def test_journals_that_an_earlier_version_left_open_to_everybody_are_made_private_at_the_next_start(
    crashed: Path, folder: Path
) -> None:
    aside = folder / "aside"
    aside.mkdir(mode=0o755)
    (aside / "old.journal").write_bytes(b"")
    for each in (aside / "old.journal", crashed):
        each.chmod(0o644)
    for each in (aside, folder):
        each.chmod(0o755)
    assert len(unfinished(folder, load_form)) == 1
    assert modes(folder) == {"600"}
    assert {each.stat().st_mode & 0o777 for each in (aside, folder)} == {0o700}


# --- work in proportion --------------------------------------------------------------------------------------------

_LIMITED = """
import resource, sys
from pathlib import Path
from gxeditor.resources import load_form
from gxeditor.store import journal
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
found = journal.unfinished(Path(sys.argv[1]), load_form)
print(len(found))
"""


def hostile(kind: str) -> str:
    """A line of a journal that some readers take very long over."""
    step = '{"label": "", "merge": "", "when": null, "amends": false, %s}'
    line = '{"keep": 1, "at": 1, "time": 1, "steps": [%s]}'
    match kind:
        case "quotes":
            return '"' + '\\"' * 500_000
        case "same keys":
            return line % (step % f'"cells": {{{", ".join([f"{chr(34)}{COUNT}{chr(34)}: 1"] * 200_000)}}}')
        case "many keys":
            return line % (
                step % f'"cells": {{{", ".join(f"{chr(34)}k{i}{chr(34)}: 1" for i in range(200_000))}}}'
            )
        case "digits":
            return line % (step % f'"cells": {{"{COUNT}": {"9" * 400_000}}}')
        case "digits in a text":
            return line % (step % f'"cells": {{"{COUNT}": "{"9" * 400_000}"}}')
        case "digits of a time":
            return '{"keep": 1, "at": 1, "time": %s, "steps": []}' % ("9" * 400_000)
        case "brackets":
            return line % (step % f'"cells": {{"{COUNT}": {"[" * 500_000}{"]" * 500_000}}}')
        case "brackets of a field":
            return line % (step % f'"fields": {{"doubts": {"[" * 500_000}{"]" * 500_000}}}')
        case "objects":
            return line % (step % f'"cells": {"{" + chr(34) + "a" + chr(34) + ":"}' * 1) + '{"a":' * 300_000
        case "steps":
            return line % ", ".join([step % '"cells": {}'] * 100_000)
        case "long prose":
            put = step % f'"sections": {{"overview": [0, 0, "{"甲" * 1_000_000}"]}}'
            return line % ", ".join([put, *[step % '"sections": {"overview": [0, 1, ""]}'] * 1_000])
    raise AssertionError(kind)


KINDS = (
    "quotes same-keys many-keys digits digits-in-a-text digits-of-a-time brackets brackets-of-a-field objects steps"
    " long-prose"
)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process")
@pytest.mark.parametrize("kind", KINDS.split())
@pytest.mark.parametrize("place", ["line", "head"])
def test_no_journal_takes_long_to_read(kind: str, place: str, crashed: Path, folder: Path) -> None:
    lines = crashed.read_text(encoding="utf-8").splitlines()
    lines[2 if place == "line" else 0] = hostile(kind.replace("-", " "))
    crashed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    program = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert program.stderr == ""
    assert (program.returncode, program.stdout) == (0, "1\n" if place == "line" else "0\n")
