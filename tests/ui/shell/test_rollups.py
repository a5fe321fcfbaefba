"""Roll-ups among the windows of the program: begun from a folder, opened, and loaded only then."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from gxeditor.core.rollup.project import Rollup
from gxeditor.resources import load_form
from gxeditor.store.own_bytes import kept_path
from gxeditor.store.rollup_file import read_rollup, save_rollup
from gxeditor.store.rollup_rescue import keep, rescues
from gxeditor.ui.look import dialog
from gxeditor.ui.rollup.beginning import Begun
from gxeditor.ui.shell import rollups
from gxeditor.ui.shell.window import MainWindow
from tests.rollup_sample import songtang, write_folder
from tests.window import Clerk, children, drop, settled

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "松塘县2025"
    folder.mkdir()
    write_folder(folder)
    return folder


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Answers what a new roll-up is of; the numbers of files that were found."""
    found: list[int] = []

    def answer(_above: object, _folder: Path, files: int) -> Begun:
        found.append(files)
        return Begun(Rollup(load_form(), year=2025, owner="松塘县"), "")

    monkeypatch.setattr(rollups, "ask_new", answer)
    return found


def close_all(window: MainWindow) -> None:
    for one in window.program.rollups.windows:
        assert one.close()


def test_a_dropped_folder_begins_a_roll_up_beside_its_reports(
    window: MainWindow, folder: Path, begun: list[int]
) -> None:
    drop(window, folder)
    settled(lambda: bool(window.program.rollups.windows))
    (rollup,) = window.program.rollups.windows
    assert begun == [46]
    assert rollup.session.path == folder / "松塘县2025年汇总.gxh"
    settled(lambda: not rollup.reading.is_reading)
    close_all(window)


def test_a_folder_that_has_one_opens_it(window: MainWindow, folder: Path, begun: list[int]) -> None:
    save_rollup(songtang(), folder / "松塘县.gxh", None)
    window.begin_rollup(folder)
    assert begun == []
    assert [one.session.path.name for one in window.program.rollups.windows] == ["松塘县.gxh"]
    close_all(window)


def test_the_command_asks_for_the_folder(
    window: MainWindow, folder: Path, begun: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    window.acts.rollup.trigger()
    assert window.program.rollups.windows == []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    window.acts.rollup.trigger()
    assert len(window.program.rollups.windows) == 1
    close_all(window)


def test_the_kept_version_replaces_the_file_only_when_that_is_wanted(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "松塘县.gxh"
    save_rollup(songtang(), path, None)
    save_rollup(songtang(), path, None)
    path.write_bytes(b"broken")
    monkeypatch.setattr(dialog, "ask", lambda *_, **__: "cancel")
    assert window.program.rollups.open(kept_path(path), window) is None
    assert path.read_bytes() == b"broken"
    monkeypatch.setattr(dialog, "ask", lambda *_, **__: "use")
    opened = window.program.rollups.open(kept_path(path), window)
    assert opened is not None
    assert opened.session.flush()
    assert len(read_rollup(path, load_form).rollup.received) == len(songtang().received)
    close_all(window)


def test_a_report_and_a_roll_up_are_open_beside_each_other(
    window: MainWindow, file: Path, tmp_path: Path, clerk: Clerk
) -> None:
    window.files.open_path(file)
    path = tmp_path / "松塘县.gxh"
    save_rollup(songtang(), path, None)
    window.program.hand_over(path)
    (rollup,) = window.program.rollups.windows
    assert window.has_report
    rollup.program.open_file(file)
    assert len(window.program.reports) == 1, "the report that is open comes to the front"
    close_all(window)


def left_behind(window: MainWindow, path: Path) -> Rollup:
    """What was not written to the roll-up at `path` the last time."""
    rollup = songtang()
    known = save_rollup(rollup, path, None)
    other = replace(rollup, owner="松塘县（改）")
    assert window.program.rescues is not None
    keep(window.program.rescues, other, path, known)
    return other


def test_what_was_not_written_the_last_time_is_offered_on_the_start_page(
    window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "优盘" / "松塘县.gxh"
    path.parent.mkdir()
    left = left_behind(window, path)
    folder = window.program.rescues
    assert folder is not None
    window.collect_recoveries()
    settled(lambda: not window.is_collecting)
    buttons = {button.text(): button for button in children(window.start, QPushButton)}
    again, other = buttons["接着改"], buttons["不要了"]
    assert "松塘县（改） 2025 年汇总" in again.accessibleName()
    assert other.isVisibleTo(window.start)
    again.click()
    (rollup,) = window.program.rollups.windows
    assert rollup.session.rollup.owner == left.owner
    settled(lambda: rollup.session.is_kept and not rescues(folder))
    assert read_rollup(path, load_form).rollup.owner == left.owner
    close_all(window)


@pytest.mark.parametrize(("answer", "owner"), [("use", "松塘县（改）"), ("drop", "松塘县"), ("cancel", None)])
def test_a_file_whose_last_steps_were_not_written_is_opened_as_a_person_says(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, owner: str | None
) -> None:
    path = tmp_path / "汇总" / "松塘县.gxh"
    path.parent.mkdir()
    left_behind(window, path)
    folder = window.program.rescues
    assert folder is not None
    monkeypatch.setattr(dialog, "ask", lambda *_, **__: answer)
    opened = window.program.rollups.open(path, window)
    assert (opened.session.rollup.owner if opened is not None else None) == owner
    if opened is not None:
        settled(lambda: opened.session.is_kept)
    assert len(rescues(folder)) == (answer == "cancel")
    close_all(window)


def test_a_start_loads_nothing_of_roll_ups() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; import gxeditor.app; print([m for m in sys.modules if '.rollup' in m and 'core' not in m])",
        ],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == "[]"
