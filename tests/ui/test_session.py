"""The open report: one door for edits, files, and work that survives a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import ChangedElsewhere, DamagedFile, GxError, NotWritten
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Prior, Report, blank_report
from gxeditor.resources import load_form
from gxeditor.store.report_file import PriorFile, read_report, save_report
from gxeditor.ui.session import Change, Session

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
        started.append(Session(form, rules, journals=tmp_path / "journals"))
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
    session.reload(file)
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
