"""The open report: one door for edits, files, and work that survives a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.check import TESTS, check
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.profiles import Profile
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.errors import ChangedElsewhere, DamagedFile, EntryError, GxError, NotWritten
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Bound, Entry, Explanation, Final, Prior, Report, blank_report
from gxeditor.resources import load_form
from gxeditor.store.report_file import PriorFile, check_code, content_sha256, read_report, save_report
from gxeditor.ui.session import HELD, Change, Session

PERSON = "requests.received.natural_person"
FORWARD = "requests.brought_forward.natural_person"
COMPANY = "requests.brought_forward.company"
CARRIED = "requests.carried_forward.natural_person"
UPHELD, UPHELD_TOTAL = "disputes.reconsideration.upheld", "disputes.reconsideration.total"

Start = Callable[[], Session]


@pytest.fixture
def start(form: Form, rules: tuple[Rule, ...], tmp_path: Path) -> Iterator[Start]:
    """A program as it starts; every one of them keeps its journals in the same folder."""
    started: list[Session] = []

    def new() -> Session:
        started.append(Session(form, rules, journals=tmp_path / "journals", states=tmp_path / "states"))
        return started[-1]

    yield new
    for session in started:
        session.close(discard=True)


@pytest.fixture
def session(start: Start) -> Session:
    return start()


@pytest.fixture
def file(form: Form, tmp_path: Path) -> Path:
    """A report on the disk: 鲁山, 30 requests."""
    path = tmp_path / "鲁山.gxr"
    save_report(blank_report(form, 2022).with_fields(agency="鲁山").with_entry(PERSON, 30), path, None)
    return path


def put(session: Session, cell: str, entry: Entry | None, merge_key: str = "") -> bool:
    return session.edit(session.report.with_entry(cell, entry), f"填写 {cell}", merge_key=merge_key)


def zeros(form: Form) -> Report:
    """Every cell to be filled by hand holds 0."""
    return blank_report(form).with_entries(
        {
            cell.id: Decimal("0.0000") if cell.decimals else 0
            for cell in form.cells.values()
            if not cell.is_total
        }
    )


def test_a_report_opened_at_the_start_has_its_tables_checked_at_once_and_its_prose_when_it_is_shown(
    qapp: QApplication, session: Session, file: Path
) -> None:
    session.load(file)
    whole = session.findings
    session.prose_later = True
    session.load(file)
    waiting = {item.rule.id for item in session.findings.not_checked if item.reason == "还没有检查"}
    assert waiting == {rule.id for rule in session.rules if rule.kind in ("text", "claim")}
    assert {rule.id for rule in session.rules} == {
        *waiting, *(one.rule.id for one in session.findings.findings), *(one.rule.id for one in session.findings.met),
        *(one.rule.id for one in session.findings.not_checked),
    }  # fmt: skip
    session.finish_checking()
    assert session.findings == whole
    told: list[Change] = []
    session.changed.connect(told.append)
    session.finish_checking()
    assert told == []


def test_the_first_edit_checks_all_of_a_report_that_was_opened_at_the_start(
    qapp: QApplication, session: Session, file: Path
) -> None:
    session.prose_later = True
    session.load(file)
    put(session, PERSON, 31)
    assert session.findings == session.checked(session.report)
    assert not any(item.reason == "还没有检查" for item in session.findings.not_checked)


def test_the_prose_of_a_report_opened_at_the_start_is_looked_through_some_rules_a_turn(
    qapp: QApplication, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr("gxeditor.ui.session._TURN", 0)
    looked: list[int] = []

    def counted(report: Report, rules: Iterable[Rule], **others: Any) -> Findings:
        rules = tuple(rules)
        looked.append(len(rules))
        return check(report, rules, **others)

    session.prose_later = True
    session.load(file)
    monkeypatch.setattr("gxeditor.ui.session.check", counted)
    told: list[Change] = []
    session.changed.connect(told.append)
    session.finish_by_turns()
    assert looked == [1]
    assert any(item.reason == "还没有检查" for item in session.findings.not_checked)
    qtbot.waitUntil(lambda: not session.prose_later)
    texts = sum(rule.kind == "text" for rule in session.rules)
    assert looked[:texts] == [1] * texts
    assert looked[-1] == len(session.rules)
    assert sum(looked[texts:-1]) % sum(rule.kind == "claim" for rule in session.rules) == 0
    assert len(told) == 1
    assert session.findings == session.checked(session.report)


def test_an_edit_between_two_turns_ends_the_looking(
    qapp: QApplication, session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gxeditor.ui.session._TURN", 0)
    session.prose_later = True
    session.load(file)
    session.finish_by_turns()
    put(session, PERSON, 31)
    told: list[Change] = []
    session.changed.connect(told.append)
    for _ in range(5):
        qapp.processEvents()
    assert told == []
    assert session.findings == session.checked(session.report)


def crash(session: Session) -> None:
    """As kill -9 would: what is on the disk stays, nothing is ended."""
    assert session.flush()
    writer = session._writer
    assert writer is not None
    with writer._change:
        writer._ending = True
        writer._change.notify_all()
    writer._thread.join()
    writer._release()
    session._writer = None
    session._kept_timer.stop()


# --- edits


def test_an_edit_is_announced_once_with_what_differs(session: Session, qtbot: QtBot) -> None:
    origin = object()
    with qtbot.waitSignal(session.changed) as got:
        assert session.edit(session.report.with_entry(PERSON, "/"), "填写", origin=origin)
    assert got.args is not None
    change: Change = got.args[0]
    assert change.before.value(PERSON) is None
    assert change.after is session.report
    assert change.origin is origin
    assert change.findings_after is session.findings
    assert PERSON in change.cells
    assert UPHELD not in change.cells


def test_the_cells_of_a_change_are_those_whose_value_or_finding_differs(session: Session, form: Form) -> None:
    session.begin(zeros(form))
    seen: list[frozenset[str]] = []
    session.changed.connect(lambda change: seen.append(change.cells))
    put(session, FORWARD, 1)
    row = {cell for cell in form.cells if cell.startswith("requests.brought_forward.")}
    column = {cell for cell in form.cells if cell.endswith((".natural_person", ".total"))}
    assert {FORWARD, "requests.brought_forward.total", PERSON, CARRIED} <= seen[0]
    assert seen[0] <= (row | column) & {c for c in form.cells if c.startswith("requests.")}
    put(session, "requests.brought_forward.total", 1)
    assert "requests.brought_forward.total" in seen[1]  # its value is the same, but now it is typed


def test_an_edit_that_changes_nothing_leaves_no_trace(session: Session) -> None:
    announced: list[object] = []
    session.changed.connect(announced.append)
    session.file_changed.connect(lambda: announced.append("file"))
    assert not put(session, PERSON, None)
    assert announced == []
    assert not session.history.can_undo


def test_undo_and_redo_go_through_the_same_door_and_leave_the_telling_to_the_window(session: Session) -> None:
    told: list[str] = []
    session.told.connect(told.append)
    put(session, PERSON, 30)
    session.undo()
    assert session.report.value(PERSON) is None
    session.redo()
    assert session.report.value(PERSON) == 30
    session.redo()
    session.undo()
    session.undo()
    assert session.report.value(PERSON) is None
    assert told == []


def test_undo_finds_the_same_as_before(session: Session, form: Form) -> None:
    session.begin(zeros(form))
    before = session.findings
    put(session, FORWARD, 1)
    assert session.findings != before
    session.undo()
    assert session.findings == before


def test_typing_merges_until_it_is_sealed(session: Session) -> None:
    for text in ("一", "一二"):
        session.edit(session.report.with_section("overview", text), "编辑", merge_key="overview")
    session.seal()
    session.edit(session.report.with_section("overview", "一二三"), "编辑", merge_key="overview")
    session.undo()
    assert session.report.sections["overview"] == "一二"
    session.undo()
    assert "overview" not in session.report.sections


def test_the_title_hears_of_what_it_shows(session: Session) -> None:
    heard: list[tuple[bool, str]] = []
    session.file_changed.connect(lambda: heard.append((session.modified, session.history.undo_label)))
    session.begin(session.report)
    put(session, PERSON, 3)
    put(session, PERSON, 4)
    session.undo()
    session.undo()
    assert heard[0] == (False, "")
    assert heard[1][0]
    assert heard[-1] == (False, "")


def test_choosing_last_year_s_report_is_one_step_that_brings_its_rules(session: Session, form: Form) -> None:
    put(session, FORWARD, 1)
    prior = Prior.of(blank_report(form).with_entry(CARRIED, 3))
    without_rules = session.findings
    session.set_prior(prior)
    with_rules = session.findings
    assert any(finding.rule.kind == "carry_over" for finding in with_rules.findings)
    assert session.history.undo_label == "选择上年年报"
    session.undo()
    assert (session.findings, session.prior) == (without_rules, None)
    session.redo()
    assert (session.findings, session.prior) == (with_rules, prior.report)
    session.set_prior(None)
    assert session.history.undo_label == "不再对照上年年报"
    assert session.findings == without_rules
    session.undo()
    assert session.prior == prior.report


def chosen(form: Form, path: Path, year: int = 2021) -> Prior:
    """Last year's report, saved to `path` and chosen from there: 3 requests carried forward."""
    report = blank_report(form, year).with_fields(agency="鲁山").with_entry(CARRIED, 3)
    return Prior.of(report, str(path), save_report(report, path, None))


def state(session: Session, qtbot: QtBot) -> str:
    """What the search beside the window says, once it has come back."""
    qtbot.waitUntil(lambda: session.prior_file is not None)
    assert session.prior_file is not None
    return session.prior_file.state


def test_last_year_s_report_comes_back_with_the_file_and_with_undo(
    start: Start, form: Form, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first = start()
    first.load(file)
    first.set_prior(prior := chosen(form, tmp_path / "2021.gxr"))
    assert first.modified
    assert first.prior_file == ("same", tmp_path / "2021.gxr")  # it has just been read
    put(first, FORWARD, 1)
    first.save(file)
    findings = first.findings
    first.close()
    session = start()
    session.load(file)
    assert session.prior == prior.report
    assert session.findings == findings
    assert not session.modified
    assert state(session, qtbot) == "same"
    session.undo()
    session.undo()
    assert session.prior is None
    assert session.prior_file is None


def test_without_its_file_last_year_s_figures_still_count(
    start: Start, form: Form, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first = start()
    first.load(file)
    first.set_prior(chosen(form, tmp_path / "2021.gxr"))
    put(first, FORWARD, 1)
    first.save(file)
    first.close()
    (tmp_path / "2021.gxr").unlink()
    session = start()
    session.load(file)
    assert any(finding.rule.kind == "carry_over" for finding in session.findings.findings)
    assert state(session, qtbot) == "missing"
    save_report(blank_report(form, 2021).with_entry(CARRIED, 9), tmp_path / "2021.gxr", None)
    session.load(file)
    assert session.prior_file is None
    assert state(session, qtbot) == "changed"
    assert session.report.prior is not None
    assert session.report.prior.report.value(CARRIED) == 3


def test_a_crash_costs_nothing_of_last_year_s_report(
    start: Start, form: Form, tmp_path: Path, qtbot: QtBot
) -> None:
    first = start()
    first.begin(blank_report(form, 2022))
    first.set_prior(prior := chosen(form, tmp_path / "2021.gxr"))
    crash(first)
    (tmp_path / "2021.gxr").write_bytes(b"{}")
    session = start()
    (journal,) = session.recoveries()
    session.recover(journal)
    assert session.report.prior == prior
    assert session.history.undo_label == "选择上年年报"
    assert state(session, qtbot) == "changed"


def test_a_drive_that_does_not_answer_holds_up_nothing(
    start: Start, form: Form, file: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures count at once; of the file nothing is known until the drive answers."""
    answers, asked = Event(), Event()

    def hangs(prior: Prior, folder: Path | None) -> PriorFile:
        asked.set()
        answers.wait()
        return PriorFile("missing", None)

    report = read_report(file, load_form).report
    save_report(report.with_prior(chosen(form, tmp_path / "2021.gxr")), file, None)
    monkeypatch.setattr("gxeditor.ui.session.find_prior", hangs)
    session = start()
    session.load(file)
    assert asked.wait(5)
    assert session.prior is not None
    assert put(session, FORWARD, 2)
    session.save(file)
    assert session.prior_file is None
    answers.set()
    assert state(session, qtbot) == "missing"


def test_what_is_found_after_another_was_chosen_is_not_said_of_it(
    start: Start, form: Form, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()

    def slow(prior: Prior, folder: Path | None) -> PriorFile:
        gate.wait()
        return PriorFile("missing", None)

    session = start()
    one, other = chosen(form, tmp_path / "2021.gxr"), chosen(form, tmp_path / "2020.gxr", 2020)
    monkeypatch.setattr("gxeditor.ui.session.find_prior", slow)
    session.begin(blank_report(form, 2022).with_prior(one))
    session.set_prior(other)
    gate.set()
    qtbot.wait(200)
    assert session.prior_file == ("same", tmp_path / "2020.gxr")


def test_a_last_year_s_report_that_cannot_be_read_is_told_at_opening(
    session: Session, file: Path, form: Form, qtbot: QtBot
) -> None:
    file.write_bytes(file.read_bytes().replace(b'"cells"', b'"prior": 7,\n "cells"'))
    with qtbot.waitSignal(session.told) as told:
        session.load(file)
    assert told.args == ["年报文件里存的上年年报读不懂，没有采用，请重新选择上年年报。"]
    assert session.report.value(PERSON) == 30


# --- files


def test_a_new_report_is_not_modified_until_it_is_edited(session: Session, form: Form) -> None:
    session.begin(blank_report(form, 2022))
    assert not session.modified
    put(session, PERSON, 1)
    assert session.modified


def test_saving_and_loading_give_the_same_report(session: Session, start: Start, tmp_path: Path) -> None:
    path = tmp_path / "年报.gxr"
    put(session, PERSON, 30)
    session.save(path)
    assert not session.modified
    assert session.path == path
    other = start()
    other.load(path)
    assert other.report == session.report
    assert other.path == path
    assert not other.modified


def test_undoing_past_a_save_is_a_modification(session: Session, tmp_path: Path) -> None:
    put(session, PERSON, 30)
    session.save(tmp_path / "年报.gxr")
    session.undo()
    assert session.modified
    session.redo()
    assert not session.modified


def test_a_file_that_cannot_be_read_changes_nothing(session: Session, tmp_path: Path) -> None:
    put(session, PERSON, 30)
    damaged = tmp_path / "坏.gxr"
    damaged.write_text("{", encoding="utf-8")
    with pytest.raises(DamagedFile):
        session.load(damaged)
    with pytest.raises(GxError):
        session.load(tmp_path / "没有.gxr")
    assert session.report.value(PERSON) == 30
    assert session.path is None


def test_a_file_changed_elsewhere_is_not_overwritten_unasked(session: Session, file: Path) -> None:
    session.load(file)
    put(session, PERSON, 31)
    save_report(session.report.with_entry(PERSON, 99), file, None)
    with pytest.raises(ChangedElsewhere):
        session.save(file)
    assert session.modified
    assert read_report(file, load_form).report.value(PERSON) == 99
    session.save(file, overwrite=True)
    assert read_report(file, load_form).report.value(PERSON) == 31


def test_saving_under_another_name_leaves_the_first_file_alone(
    session: Session, file: Path, tmp_path: Path
) -> None:
    session.load(file)
    put(session, PERSON, 31)
    other = tmp_path / "另存.gxr"
    other.write_text("a file that the clerk agreed to replace", encoding="utf-8")
    session.save(other)
    assert session.path == other
    assert read_report(file, load_form).report.value(PERSON) == 30
    put(session, PERSON, 32)
    session.save(other)
    assert read_report(other, load_form).report.value(PERSON) == 32


def test_reading_the_file_again_is_one_step_that_can_be_undone(session: Session, file: Path) -> None:
    session.load(file)
    put(session, PERSON, 31)
    save_report(session.report.with_entry(PERSON, 99), file, None)
    session.reload(read_report(file, load_form))
    assert session.report.value(PERSON) == 99
    assert not session.modified
    session.undo()
    assert session.report.value(PERSON) == 31
    session.save(file)
    assert read_report(file, load_form).report.value(PERSON) == 31


def test_what_cannot_be_written_stays_unsaved(session: Session, tmp_path: Path) -> None:
    put(session, PERSON, 30)
    with pytest.raises(NotWritten):
        session.save(tmp_path / "没有这个文件夹" / "年报.gxr")
    assert session.modified
    assert session.path is None


def test_in_place_of_a_damaged_file_there_are_the_version_before_and_the_journal(
    start: Start, file: Path
) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    first.save(file)
    first.close()
    file.write_text("{", encoding="utf-8")
    session = start()
    kept, journal = session.rescue(file)
    assert kept is not None
    assert kept.value(PERSON) == 30
    assert journal is not None
    assert journal.report.value(PERSON) == 31
    session.begin(kept, path=file)
    assert session.modified
    session.save(file)
    assert read_report(file, load_form).report.value(PERSON) == 30


def test_there_may_be_nothing_in_place_of_a_damaged_file(
    form: Form, rules: tuple[Rule, ...], tmp_path: Path
) -> None:
    damaged = tmp_path / "坏.gxr"
    damaged.write_text("{", encoding="utf-8")
    assert Session(form, rules).rescue(damaged) == (None, None)
    assert Session(form, rules, journals=tmp_path / "journals").rescue(damaged) == (None, None)


def test_another_report_can_be_read_without_opening_it(session: Session, file: Path) -> None:
    assert session.read(file).agency == "鲁山"
    assert session.report.agency == ""


# --- what survives


def test_undo_survives_saving_and_a_restart(start: Start, file: Path) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    put(first, FORWARD, 2)
    first.save(file)
    first.close()
    session = start()
    session.load(file)
    assert not session.modified
    assert [step.label for step in session.history.steps] == [f"填写 {PERSON}", f"填写 {FORWARD}"]
    session.undo()
    session.undo()
    assert session.report.value(PERSON) == 30
    session.redo()
    assert session.report.value(PERSON) == 31


def test_undo_does_not_survive_a_change_made_elsewhere(start: Start, file: Path) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    first.save(file)
    first.close()
    save_report(read_report(file, load_form).report.with_entry(PERSON, 99), file, None)
    session = start()
    session.load(file)
    assert session.report.value(PERSON) == 99
    assert not session.history.can_undo


def test_work_lost_to_a_crash_is_offered_and_taken_up(start: Start, file: Path) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    put(first, FORWARD, 2)
    crash(first)
    session = start()
    (journal,) = session.recoveries()
    assert (journal.path, journal.edits, journal.agency) == (file, 2, "鲁山")
    session.recover(journal)
    assert session.report.value(FORWARD) == 2
    assert session.modified
    assert session.path == file
    session.save(file)
    session.flush()
    assert start().recoveries() == ()
    assert read_report(file, load_form).report.value(PERSON) == 31


def test_opening_the_file_of_lost_work_takes_it_up_and_says_so(start: Start, file: Path) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    crash(first)
    session = start()
    told: list[str] = []
    session.told.connect(told.append)
    session.load(file)
    assert session.report.value(PERSON) == 31
    assert session.modified
    assert told == ["已恢复上次没有保存的 1 处修改；撤销可以退回。"]
    session.undo()
    assert session.report.value(PERSON) == 30
    assert not session.modified


def test_lost_work_on_a_file_changed_since_does_not_overwrite_it(start: Start, file: Path) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    crash(first)
    save_report(first.report.with_entry(PERSON, 99), file, None)
    session = start()
    session.load(file)
    assert session.report.value(PERSON) == 99
    (journal,) = session.recoveries()
    session.recover(journal)
    with pytest.raises(ChangedElsewhere):
        session.save(file)


def test_lost_work_can_be_taken_up_as_a_copy(start: Start, file: Path, tmp_path: Path) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    crash(first)
    session = start()
    session.recover(session.recoveries()[0], as_copy=True)
    assert session.path is None
    session.undo()
    assert session.modified
    session.redo()
    session.save(tmp_path / "副本.gxr")
    assert read_report(file, load_form).report.value(PERSON) == 30
    assert read_report(tmp_path / "副本.gxr", load_form).report.value(PERSON) == 31


def test_a_report_that_was_never_saved_survives_as_well(start: Start) -> None:
    first = start()
    first.begin(first.report)
    put(first, PERSON, 31)
    crash(first)
    session = start()
    session.recover(session.recoveries()[0])
    assert session.report.value(PERSON) == 31
    assert session.path is None


def test_what_was_given_up_is_not_offered_again(start: Start, file: Path) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    first.close(discard=True)
    session = start()
    assert session.recoveries() == ()
    session.load(file)
    assert session.report.value(PERSON) == 30
    assert not session.modified


def test_what_was_neither_saved_nor_given_up_is_offered(start: Start, file: Path) -> None:
    first = start()
    first.load(file)
    put(first, PERSON, 31)
    first.close()
    first.close()
    assert len(start().recoveries()) == 1


def test_when_all_edits_are_on_the_disk_it_is_said(session: Session, qtbot: QtBot) -> None:
    session.begin(session.report)
    with qtbot.waitSignal(session.kept) as got:
        put(session, PERSON, 1)
    assert got.args is not None
    assert isinstance(got.args[0], datetime)
    assert session.flush()


def test_trouble_with_the_journal_is_told_and_typing_goes_on(
    form: Form, rules: tuple[Rule, ...], tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "journals").write_text("a file in place of the folder", encoding="utf-8")
    session = Session(form, rules, journals=tmp_path / "journals")
    session.begin(session.report)
    with qtbot.waitSignal(session.trouble) as got:
        put(session, PERSON, 1)
    assert got.args is not None
    assert isinstance(got.args[0], NotWritten)
    assert put(session, PERSON, 2)
    assert not session.flush()
    session.close(discard=True)


def test_without_a_folder_for_journals_everything_else_works(
    form: Form, rules: tuple[Rule, ...], file: Path
) -> None:
    session = Session(form, rules)
    session.load(file)
    put(session, PERSON, 31)
    assert session.flush()
    session.save(file)
    session.close()
    assert session.recoveries() == ()
    assert read_report(file, load_form).report.value(PERSON) == 31


# --- what a person says of the report, and numbers that follow


@pytest.fixture
def ruled(start: Start) -> Session:
    """A report that is checked by equations alone, whatever else a report must have."""
    session = start()
    session.rules = tuple(rule for rule in session.rules if rule.left)
    session.begin(session.report)
    return session


# --- numbers of the prose that follow cells


@pytest.fixture
def told(ruled: Session) -> list[str]:
    heard: list[str] = []
    ruled.told.connect(heard.append)
    return heard


def stated(ruled: Session, number: int = 30) -> Bound:
    """The overview of the report states the cell PERSON, which holds `number`."""
    put(ruled, PERSON, number)
    ruled.edit(ruled.report.with_section("overview", f"收到申请{number}件。"), "写")
    return Bound(4, str(number), (PERSON,))


def test_a_bound_number_follows_its_cell_in_one_step(ruled: Session, told: list[str]) -> None:
    assert ruled.bind("overview", [stated(ruled)])
    assert ruled.history.undo_label == "数字跟随表格"
    assert told == ["1 个数会跟随表格，可以撤销。"]
    put(ruled, PERSON, 131)
    assert ruled.report.sections["overview"] == "收到申请131件。"
    ruled.undo()
    assert (ruled.report.value(PERSON), ruled.report.sections["overview"]) == (30, "收到申请30件。")
    ruled.redo()
    assert ruled.report.bound["overview"] == (Bound(4, "131", (PERSON,)),)
    assert ruled.unbind("overview", ruled.report.bound["overview"])
    put(ruled, PERSON, 5)
    assert ruled.report.sections["overview"] == "收到申请131件。"


@pytest.mark.parametrize(
    ("text", "number", "cells"),
    [
        ("收到申请31件。", "31", (PERSON,)),
        ("收到申请三十件。", "三十", (PERSON,)),
        ("收到申请30件。", "30", (UPHELD,)),
        ("收到申请30件。", "30", ("no.such.cell",)),
        ("收到申请30件。", "31", (PERSON,)),
    ],
)
def test_binding_changes_no_text(
    ruled: Session, told: list[str], text: str, number: str, cells: tuple[str, ...]
) -> None:
    stated(ruled)
    ruled.edit(ruled.report.with_section("overview", text), "写")
    assert not ruled.bind("overview", [Bound(4, number, cells)])
    assert not ruled.report.bound
    assert told == ["没有绑定：这个数与表中的数不同，或不是用数字写的。"]
    assert ruled.report.sections["overview"] == text


def test_a_number_is_bound_to_what_was_said_last(ruled: Session) -> None:
    one = stated(ruled)
    put(ruled, COMPANY, 30)
    assert ruled.bind("overview", [one])
    assert ruled.bind("overview", [replace(one, cells=(COMPANY,))])
    assert ruled.report.bound["overview"] == (replace(one, cells=(COMPANY,)),)


def test_who_writes_beside_a_number_that_has_just_followed_is_shown_the_text_again(
    ruled: Session, form: Form
) -> None:
    """A file that another program changed: its cell says 31, its prose still 30."""
    report = blank_report(form).with_entry(PERSON, 31).with_section("overview", "收到申请30件。")
    ruled.begin(report.with_bound("overview", [Bound(4, "30", (PERSON,))]))
    changes: list[Change] = []
    ruled.changed.connect(changes.append)
    writer, grid = object(), object()
    ruled.edit(ruled.report.with_section("overview", "收到申请30件。全部办结。"), "写", origin=writer)
    assert ruled.report.sections["overview"] == "收到申请31件。全部办结。"
    assert changes[-1].origin is None
    ruled.edit(ruled.report.with_entry(PERSON, 40), "填", origin=grid)
    assert changes[-1].origin is grid
    ruled.edit(ruled.report.with_section("overview", "收到申请40件。"), "写", origin=writer)
    assert changes[-1].origin is writer


# --- explanations and rules closed


def query(ruled: Session, value: int = 3) -> Finding:
    """Last year carried 3 over, this year brings one forward."""
    ruled.set_prior(Prior.of(blank_report(ruled.form).with_entry(CARRIED, value)))
    put(ruled, FORWARD, 1)
    return next(one for one in ruled.findings.findings if one.rule.kind == "carry_over")


def test_a_query_is_explained_with_its_values_and_reopens_when_one_of_them_changes(
    ruled: Session, told: list[str]
) -> None:
    found = query(ruled)
    assert ruled.explain(found, "  上年数已经\n核实更正 ")
    (explained,) = (one for one in ruled.findings.findings if one.address == found.address)
    assert explained.is_explained
    assert explained not in ruled.findings.open
    assert explained.explanation == Explanation("上年数已经 核实更正", ("3", "1"))
    assert told == ["已保存说明，可以撤销；数变了会重新打开。"]
    put(ruled, FORWARD, 2)
    (again,) = (one for one in ruled.findings.findings if one.address == found.address)
    assert again.is_reopened
    assert again in ruled.findings.open
    assert ruled.still_applies(again)
    assert ruled.report.explanations[found.address].values == ("3", "2")
    assert ruled.findings.open != ruled.findings.findings
    for state in (("3", "1"), ("3", "1"), None):
        ruled.undo()
        kept = ruled.report.explanations.get(found.address)
        assert (kept and kept.values) == state


def test_an_explanation_is_taken_away_as_one_step(ruled: Session) -> None:
    found = query(ruled)
    assert not ruled.explain(found, None)
    ruled.explain(found, "上年数已经核实")
    assert ruled.explain(found, None)
    assert not ruled.report.explanations
    assert ruled.history.undo_label == f"撤回说明 {found.rule.title}"
    ruled.undo()
    assert ruled.report.explanations


def test_only_a_reopened_explanation_can_apply_again(ruled: Session) -> None:
    found = query(ruled)
    assert not ruled.still_applies(found)
    ruled.explain(found, "上年数已经核实")
    (explained,) = (one for one in ruled.findings.findings if one.address == found.address)
    assert not ruled.still_applies(explained)


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("", "至少写 4 个字"),
        ("核 实 了", "至少写 4 个字"),
        ("\u200b核实了\n", "至少写 4 个字"),
        ("核" * 201, "最多 200 个字"),
    ],
)
def test_a_reason_too_short_or_too_long_is_refused_and_changes_nothing(
    ruled: Session, reason: str, why: str
) -> None:
    found, before = query(ruled), ruled.report
    with pytest.raises(EntryError, match=why):
        ruled.explain(found, reason)
    with pytest.raises(EntryError, match=why):
        ruled.close_rule(found.rule.code, reason)
    assert ruled.report is before


def test_an_error_is_mended_and_not_explained(ruled: Session, form: Form, told: list[str]) -> None:
    ruled.begin(zeros(form).with_entry("requests.received.total", 3))
    error = next(one for one in ruled.findings.findings if one.severity is Severity.ERROR)
    assert not ruled.explain(error, "系统合计口径不同")
    assert told == ["这是错误，要改正，不能用说明代替。"]
    assert not ruled.history.can_undo


def test_a_rule_is_closed_and_checked_again(ruled: Session, told: list[str]) -> None:
    found = query(ruled)
    code = found.rule.code
    assert ruled.close_rule(code, "机构改革后不可比")
    assert code not in {one.rule.code for one in ruled.findings.findings}
    assert {one.reason for one in ruled.findings.closed} == {"机构改革后不可比"}
    assert ruled.history.undo_label == f"关闭检查 {code}"
    assert ruled.reopen_rule(code)
    assert code in {one.rule.code for one in ruled.findings.findings}
    assert not ruled.reopen_rule(code)
    ruled.undo()
    ruled.undo()
    assert not ruled.report.closed
    assert told == [f"本年报不再检查 {code}，可以撤销。", f"已重新检查 {code}，可以撤销。"]


def test_a_sum_that_must_be_right_cannot_be_closed(ruled: Session, told: list[str]) -> None:
    codes = {rule.code for rule in ruled.rules if rule.left and rule.severity is Severity.ERROR}
    assert codes
    for code in (*codes, "Z-99"):
        assert not ruled.close_rule(code, "本单位口径不同")
    assert not ruled.report.closed
    assert set(told) == {"表内合计和平衡关系必须相等，不能关闭。", "没有代码是“Z-99”的检查项目。"}


# --- 定稿

DAY = date(2026, 1, 12)


def test_a_final_report_takes_no_edit_until_it_is_reopened(
    ruled: Session, told: list[str], qtbot: QtBot
) -> None:
    put(ruled, PERSON, 30)
    assert ruled.finalize(" 张三 ", DAY)
    (final,) = ruled.report.finals
    assert final == Final("2026-01-12", "张三", content_sha256(ruled.report))
    assert told.pop() == f"已定稿，校验码 {check_code(final.sha256)}。改动请先重新打开。"
    before = ruled.report
    with qtbot.waitSignal(ruled.changed) as shown:  # whoever typed is shown the report again
        assert not put(ruled, PERSON, 31)
    assert shown.args is not None
    assert (shown.args[0].origin, shown.args[0].cells) == (None, frozenset())
    assert not ruled.explain(finding_of(ruled), "上年数已经核实")
    assert not ruled.close_rule("Y-01", "机构改革后不可比")
    ruled.set_prior(None)
    ruled.set_prior(Prior.of(blank_report(ruled.form, 2021)))
    assert not ruled.finalize("李四", DAY)
    assert ruled.report is before
    assert set(told) == {HELD}
    assert not put(ruled, PERSON, 30)  # changes nothing
    assert ruled.reopen(date(2026, 1, 13), "补充附件内容")
    assert ruled.report.finals == (replace(final, reopened="2026-01-13 补充附件内容"),)
    assert put(ruled, PERSON, 31)
    assert ruled.finalize("李四", date(2026, 1, 14))
    finals = list(ruled.report.finals)
    assert [one.checker for one in finals] == ["张三", "李四"]
    assert finals[0].sha256 != finals[1].sha256


def finding_of(ruled: Session) -> Finding:
    """A query that a blank report does not have."""
    rule = next(rule for rule in ruled.rules if rule.kind == "carry_over")
    return Finding(rule, rule.decisive, "", values=("3", "1"))


def test_only_errors_keep_a_report_from_being_final(ruled: Session, form: Form) -> None:
    ruled.begin(zeros(form).with_entry("requests.received.total", 3))
    before = ruled.report
    errors = ruled.findings.count(Severity.ERROR)
    assert errors
    with pytest.raises(GxError, match=f"还有 {errors} 处错误，没有定稿"):
        ruled.finalize("张三", DAY)
    with pytest.raises(EntryError, match="至少写 10 个字"):
        ruled.finalize("张三", DAY, "上级要求先报")
    assert ruled.report is before
    assert ruled.finalize("张三", DAY, "上级系统要求今天先行报送")
    assert ruled.report.finals[0].forced == "上级系统要求今天先行报送"


def test_a_query_left_open_does_not_and_no_reason_is_kept_that_was_not_needed(ruled: Session) -> None:
    query(ruled)
    assert ruled.findings.open
    assert ruled.finalize("张三", DAY, "上级系统要求今天先行报送")
    assert ruled.report.finals[0].forced == ""


def test_an_error_that_a_file_calls_explained_is_an_error_all_the_same(ruled: Session, form: Form) -> None:
    report = zeros(form).with_entry("requests.received.total", 3)
    ruled.begin(report)
    for one in ruled.findings.findings:
        report = report.with_explanation(one.address, Explanation("不是错误", one.values))
    ruled.begin(report)
    assert not ruled.findings.open
    with pytest.raises(GxError, match="处错误，没有定稿"):
        ruled.finalize("张三", DAY)


def test_without_a_checker_nothing_is_final(ruled: Session) -> None:
    with pytest.raises(EntryError, match="没有写核对人"):
        ruled.finalize(" \u200b ", DAY)
    assert not ruled.report.is_final
    assert not ruled.reopen(DAY, "补充附件内容")


def test_undo_does_not_open_a_final_report_but_takes_its_reopening_back(
    ruled: Session, told: list[str]
) -> None:
    put(ruled, PERSON, 30)
    ruled.finalize("张三", DAY)
    final = ruled.report
    told.clear()
    ruled.undo()
    assert ruled.report is final
    assert told == [HELD]
    ruled.reopen(DAY, "补充附件内容")
    put(ruled, PERSON, 31)
    ruled.undo()
    ruled.undo()
    assert ruled.report is final
    ruled.undo()
    assert ruled.report is final
    ruled.redo()
    ruled.redo()
    assert ruled.report.value(PERSON) == 31
    assert not ruled.report.is_final


def test_of_a_file_that_was_made_final_elsewhere_the_own_edits_are_found_again(
    ruled: Session, file: Path
) -> None:
    ruled.load(file)
    mine = ruled.report.with_entry(PERSON, 35)
    ruled.edit(mine, "填写")
    theirs = read_report(file, load_form).report.with_finals([Final("2026-01-12", "李四", "0" * 64)])
    save_report(theirs, file, None)
    ruled.reload(read_report(file, load_form))
    assert ruled.report == theirs
    assert not ruled.modified
    ruled.undo()
    assert ruled.report is mine
    ruled.redo()
    assert ruled.report == theirs


def test_a_final_report_that_somebody_changed_on_the_disk_is_read_again(ruled: Session, file: Path) -> None:
    ruled.load(file)
    ruled.finalize("张三", DAY)
    ruled.save(file)
    mine = ruled.report
    save_report(mine.with_finals(()).with_entry(PERSON, 40), file, None)
    ruled.reload(read_report(file, load_form))
    assert ruled.report.value(PERSON) == 40
    ruled.undo()
    assert ruled.report is mine


def test_a_final_report_is_final_after_a_crash_and_its_steps_are_all_there(
    start: Start, form: Form, tmp_path: Path
) -> None:
    first = start()
    first.rules = tuple(rule for rule in first.rules if rule.left)
    first.begin(first.report)
    put(first, PERSON, 30)
    first.bind("overview", [stated(first)])
    first.explain(query(first), "上年数已经核实")
    first.close_rule("Y-02", "机构改革后不可比")
    first.finalize("张三", DAY)
    first.reopen(DAY, "补充附件内容")
    put(first, PERSON, 31)
    first.finalize("张三", DAY)
    made, labels = first.report, [step.label for step in first.history.steps]
    crash(first)
    second = start()
    (left,) = second.recoveries()
    second.recover(left)
    assert second.report == made
    assert [step.label for step in second.history.steps] == labels
    assert [step.report for step in second.history.steps] == [step.report for step in first.history.steps]
    assert second.report.is_final
    second.undo()
    assert second.report.is_final


MOVES = st.lists(st.sampled_from(["edit", "finalize", "reopen", "undo", "redo"]), max_size=25)


@given(MOVES)
def test_what_is_final_changes_only_by_being_reopened(
    form: Form, qapp: QApplication, moves: list[str]
) -> None:
    session = Session(form, ())
    opened = True
    for number, move in enumerate(moves):
        before = session.report
        match move:
            case "edit":
                assert put(session, PERSON, number) is not before.is_final
            case "finalize":
                session.finalize(f"第{number}人", DAY)
            case "reopen":
                session.reopen(DAY, f"第 {number} 次补充")
            case "undo":
                session.undo()
            case "redo":
                session.redo()
        after = session.report
        if before.is_final and after is not before:
            opened = after.finals[-1].reopened != "" and len(after.finals) == len(before.finals)
            assert opened
            assert content_sha256(after) == content_sha256(before)
        if after.is_final:
            assert after.finals[-1].sha256 == content_sha256(after)


# --- what provinces ask


def test_a_report_is_checked_by_what_its_province_asks(form: Form, rules: tuple[Rule, ...]) -> None:
    loaded: list[str] = []

    def profiles() -> tuple[Profile, ...]:
        loaded.append("once")
        return Profile(), Profile("henan", "河南")

    session = Session(form, rules, profiles=profiles)
    asked: list[str] = []
    session.rules = (replace(rules[0], kind="entry", test="asked", left=(), right=()),)
    TESTS["asked"] = lambda report, rule, given: asked.append(given.profile.name) or ()  # type: ignore[index,func-returns-value]
    try:
        session.edit(session.report.with_fields(year=2022), "改")
        assert (asked, loaded) == (["全国"], [])
        session.edit(session.report.with_fields(profile="henan"), "改")
        session.edit(session.report.with_fields(profile="nowhere"), "改")
    finally:
        del TESTS["asked"]  # type: ignore[attr-defined]
    assert (asked, loaded) == (["全国", "河南", "全国"], ["once"])
    assert [session.profile_named(one) for one in ("", "henan", "nowhere")] == ["全国", "河南", "nowhere"]


def test_another_day_is_another_deadline_and_the_findings_follow_it(
    form: Form, rules: tuple[Rule, ...], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(2023, 1, days[0], 23, 59, 59)

    def deadlines() -> list[str]:
        return [one.message for one in session.findings.findings if one.rule.code == "D-01"]

    days = [20]
    monkeypatch.setattr("gxeditor.ui.session.datetime", Clock)
    session = Session(form, rules)
    session.begin(blank_report(form, 2022).with_fields(kind=AgencyKind.DEPARTMENT))
    assert deadlines() == []
    with qtbot.waitSignal(session.changed):
        session.take_day()
    assert deadlines() == ["2023年1月31日前要公布（条例第四十九条），还有 11 天。"]
    assert session._day_timer.interval() == 2000  # a second until midnight, and one more
    days[0] = 21
    session.take_day()
    assert deadlines() == ["2023年1月31日前要公布（条例第四十九条），还有 10 天。"]
    session.close(discard=True)


# --- former states


def test_a_state_taken_back_is_one_step_that_undo_takes_back_again(session: Session, file: Path) -> None:
    session.load(file)
    first = session.report
    for figure in (31, 32):
        put(session, PERSON, figure)
    assert session.take_back(first, "退到")
    assert (session.report, len(session.history.steps), session.modified) == (first, 3, False)
    assert not session.take_back(first, "退到")
    session.undo()
    assert session.report.value(PERSON) == 32


def test_a_state_from_before_it_was_made_final_comes_back_with_the_record_of_that(
    session: Session, file: Path
) -> None:
    session.load(file)
    first = session.report
    put(session, PERSON, 31)
    session.finalize("张三", date(2026, 1, 12), "明细已经核实无误，确实如此")
    assert session.report.is_final
    assert not session.take_back(first, "退到")
    session.reopen(date(2026, 1, 13), "补充第四部分")
    assert session.take_back(first, "退到")
    assert session.report.value(PERSON) == 30
    assert len(session.report.finals) == 1


def test_each_saving_leaves_its_state_beside_the_journals(start: Start, session: Session, file: Path) -> None:
    session.load(file)
    for figure in (31, 32):
        put(session, PERSON, figure)
        session.save(file)
    kept = [read_report(state.file, load_form).report.value(PERSON) for state in session.states()]
    assert kept == [32, 31]
    session.close()
    again = start()
    again.load(file)
    assert len(again.states()) == 2


def test_a_saving_that_cannot_leave_its_state_is_a_saving_all_the_same(
    session: Session, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "states").write_text("something else", encoding="utf-8")
    session.load(file)
    put(session, PERSON, 31)
    session.save(file)
    assert not session.modified
    assert session.states() == ()


def test_a_copy_remembers_whose_it_is_until_it_has_a_file(
    session: Session, file: Path, tmp_path: Path
) -> None:
    session.load(file)
    session.show_read_only(session.report.with_entry(PERSON, 7), "那一步（副本）", file)
    assert (session.path, session.original, session.modified) == (None, file, False)
    session.save(tmp_path / "副本.gxr")
    assert (session.read_only, session.original) == ("", None)
    session.show_read_only(session.report, "那一步（副本）", file)
    session.load(file)
    assert (session.read_only, session.original) == ("", None)
