"""The report that a ledger is compared with: remembered, taken as it stands, changed in its window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.report import Final, Report, blank_report
from gxeditor.resources import load_form
from gxeditor.store.report_file import read_report, save_report
from gxeditor.ui.ledger.report_beside import FINAL, ReportBeside
from tests.ledger_desk import KeepingDesk
from tests.ledger_sample import sample_ledger
from tests.window import settled

NEW = "requests.received.natural_person"


def report(value: int = 67) -> Report:
    return blank_report(load_form(), 2025).with_entry(NEW, value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "自然资源局2025.gxr"
    save_report(report(), path, None)
    return path


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> KeepingDesk:
    frame = QWidget()
    qtbot.addWidget(frame)
    return KeepingDesk(sample_ledger(), tmp_path, frame)


def chosen(desk: KeepingDesk, file: Path) -> ReportBeside:
    beside = ReportBeside(desk, desk.frame)
    beside.choose(file)
    settled(lambda: beside.report is not None or bool(beside.problem))
    return beside


def test_it_is_asked_for_once_and_remembered_for_this_ledger(desk: KeepingDesk, file: Path) -> None:
    assert ReportBeside(desk, desk.frame).path is None
    chosen(desk, file)
    assert ReportBeside(desk, desk.frame).path == file


def test_one_that_is_not_open_is_read_from_its_file(desk: KeepingDesk, file: Path) -> None:
    beside = chosen(desk, file)
    assert beside.report == report()
    assert not beside.is_open


def test_one_that_is_open_is_taken_as_it_stands_in_its_window(desk: KeepingDesk, file: Path) -> None:
    desk.open_report(file)
    beside = chosen(desk, file)
    desk.sessions[0].edit(report(70), "改数")
    assert beside.report is not None
    assert beside.report.value(NEW) == 70
    assert read_report(file, load_form).report.value(NEW) == 67


def test_an_edit_opens_it_first_and_is_one_step_that_is_undone_there(desk: KeepingDesk, file: Path) -> None:
    beside = chosen(desk, file)
    assert beside.edit(report(68), "采用台账的 1 格")
    (session,) = desk.sessions
    assert session.report.value(NEW) == 68
    session.undo()
    assert session.report.value(NEW) == 67
    assert beside.report is not None
    assert beside.report.value(NEW) == 67


def test_nothing_is_put_into_one_that_changed_on_the_disk_meanwhile(desk: KeepingDesk, file: Path) -> None:
    beside = chosen(desk, file)
    save_report(report(99), file, None)
    assert not beside.edit(report(68), "采用台账的 1 格")
    assert desk.sessions[0].report.value(NEW) == 99


def test_a_final_report_takes_nothing_and_says_why(desk: KeepingDesk, file: Path) -> None:
    final = Final("2026-01-20", "张核", "0" * 64)
    save_report(replace(report(), finals=(final,)), file, None)
    beside = chosen(desk, file)
    assert beside.held == FINAL
    assert not beside.edit(report(68), "采用台账的 1 格")
    assert not desk.sessions


def test_a_file_that_is_gone_is_said_and_compared_with_nothing(desk: KeepingDesk, tmp_path: Path) -> None:
    beside = chosen(desk, tmp_path / "没有.gxr")
    assert beside.report is None
    assert beside.problem
