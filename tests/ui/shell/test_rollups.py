"""Roll-ups among the windows of the program: begun from a folder, opened, and loaded only then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from gxeditor.core.rollup.project import Rollup
from gxeditor.resources import load_form
from gxeditor.store.own_bytes import kept_path
from gxeditor.store.rollup_file import read_rollup, save_rollup
from gxeditor.ui.look import dialog
from gxeditor.ui.rollup.beginning import Begun
from gxeditor.ui.shell import rollups
from gxeditor.ui.shell.window import MainWindow
from tests.rollup_sample import songtang, write_folder
from tests.window import Clerk, drop, settled

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
