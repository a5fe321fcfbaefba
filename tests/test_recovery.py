"""kill -9 at any moment: no acknowledged edit is lost, and every file is whole.

Run as a program, this module is the editor that gets killed: `test_recovery.py type|save|both FOLDER`, or `type FOLDER
fold`, which writes its journal anew again and again.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gxeditor.core.history import History
from gxeditor.core.report import Report, blank_report
from gxeditor.resources import load_form
from gxeditor.store import journal
from gxeditor.store.journal import JournalWriter, unfinished
from gxeditor.store.report_file import kept_path, read_report, save_report
from tests.kills import kill_all
from tests.waiting import mortal

KILLS = 12
WINDOWS = 5
"""Killed here; `make kill` kills a thousand."""
FILE, OTHER = "2022.gxr", "2021.gxr"
COUNTS = tuple(cell.id for cell in load_form().cells.values() if not cell.decimals)


def started() -> History:
    report = blank_report(load_form(), 2022)
    return History(report, saved=report)


def typed(history: History, number: int) -> History:
    """The clerk's edit of this number: figures, prose typed letter by letter, undo and redo."""
    report = history.report.with_entry(COUNTS[number % len(COUNTS)], number)
    match number % 10:
        case 3 | 4 | 5 | 6:
            prose = history.report.sections.get("overview", "")[-300:] + chr(0x4E00 + number % 5000)
            return history.push(history.report.with_section("overview", prose), "输入文字", "overview")
        case 7:
            return history.undo()
        case 8:
            return history.redo()
    return history.push(report, f"填写 {number}")


def version(number: int) -> Report:
    """A report of which every part tells its number."""
    prose = {s.key: f"第 {number} 次保存。" * 2000 for s in load_form().sections}
    report = blank_report(load_form(), 2022).with_entries(dict.fromkeys(COUNTS, number))
    for key, text in prose.items():
        report = report.with_section(key, text)
    return report


def type_until_killed(folder: Path) -> None:
    """Edits as fast as it can and prints the number of edits that the journal has acknowledged."""
    folding = "fold" in sys.argv
    if folding:
        journal.IDLE, journal._MANY = 0.0, 1
    history = started()
    writer = JournalWriter(folder / "journals", history, path=folder / FILE)
    told = 0
    for number in range(1, 1_000_000):
        history = typed(history, number)
        assert writer.record(history) == number
        # Now and then the clerk waits, as before saving; mostly the writer keeps its own pace.
        if number % (9 if folding else 400) == 0:
            writer.flush()
            time.sleep(0.01 if folding else 0)
        if writer.acknowledged > told:
            told = writer.acknowledged
            print(told, flush=True)
        time.sleep(0.001)


def save_until_killed(folder: Path) -> None:
    """Saves one version after the other and, from the third on, prints the number before it does."""
    sha256 = None
    for number in range(1, 1_000_000):
        if number > 2:
            print(number, flush=True)
        sha256 = save_report(version(number), folder / FILE, sha256)


def type_and_save_until_killed(folder: Path) -> None:
    """Types while the file is being written beside, as the window does; prints a number once all is on the disk."""
    import threading

    history = started()
    path = folder / FILE
    sha256 = save_report(history.report, path, None)
    writer = JournalWriter(folder / "journals", history, path=path, sha256=sha256)
    for number in range(1, 1_000_000):
        history = history.push(history.report.with_entry(COUNTS[0], number), f"填写 {number}")
        writer.record(history)
        report, done = history.report, list[str]()
        saving = threading.Thread(
            target=lambda report=report, sha256=sha256, done=done: done.append(
                save_report(report, path, sha256)
            )
        )
        saving.start()
        history = history.push(history.report.with_entry(COUNTS[1], number), f"填写 {number}")
        writer.record(history)
        writer.flush()
        print(number, flush=True)
        saving.join()
        time.sleep(0.005)  # between replacing the file and noting it
        sha256 = done[0]
        history = history.mark_saved(report)
        writer.saved(history, path, sha256, report)


def two_windows_until_killed(folder: Path) -> None:
    """Types into two windows of one program by turns; prints a number once both have it on the disk."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    from gxeditor.app import build
    from gxeditor.settings import Folders

    files = [folder / name for name in (FILE, OTHER)]
    for file in files:
        if not file.exists():
            save_report(started().report, file, None)
    app, window = build([], Folders(folder / "config", folder, folder / "log"))
    assert isinstance(app, QApplication)
    window.show()
    window.files.open_path(files[0])
    window.program.open_in_new(files[1])
    sessions = [one.session for one in window.program.reports]
    for number in range(1, 1_000_000):
        for session in sessions:
            session.edit(session.report.with_entry(COUNTS[0], number), f"填写 {number}")
            app.processEvents()
        if number % 3 == 0:
            assert all(session.flush() for session in sessions)
            print(number, flush=True)
        if number % 50 == 0:
            sessions[0].save(files[0])


def killed(deed: str, folder: Path, after: float, *how: str) -> list[int]:
    """What the program printed until it was killed, `after` seconds after its first word."""
    program = subprocess.Popen(
        [sys.executable, __file__, deed, str(folder), *how],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert program.stdout is not None
    with mortal(program):
        first = program.stdout.readline()
        time.sleep(after)
    rest = program.stdout.read()
    program.stdout.close()
    # The kill may have cut the last number short.
    return [int(line) for line in (first + rest).split(b"\n")[:-1]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(KILLS))
@pytest.mark.parametrize("how", ["", "fold"])
def test_no_acknowledged_edit_is_lost(how: str, seed: int, tmp_path: Path) -> None:
    acknowledged = killed("type", tmp_path, random.Random(seed).uniform(0, 1.5), how)
    (work,) = unfinished(tmp_path / "journals", load_form)
    history, found = started(), 0
    for number in range(1, acknowledged[-1] + 5000):
        history = typed(history, number)
        if number >= acknowledged[-1] and history.seal() == work.history:
            found = number
            break
    assert found >= acknowledged[-1]
    assert work.whole
    assert work.path == tmp_path / FILE


@pytest.mark.slow
def test_a_file_is_the_old_one_or_the_new_one_whenever_the_program_dies(tmp_path: Path) -> None:
    moments = random.Random(2022)
    path = tmp_path / FILE
    for _ in range(KILLS):
        last = killed("save", tmp_path, moments.uniform(0, 0.15))[-1]
        saved = read_report(path, load_form).report
        assert saved in (version(last - 1), version(last))
        kept = read_report(kept_path(path), load_form).report
        assert kept in (version(last - 2), version(last - 1))
        path.unlink()
        kept_path(path).unlink()


@pytest.mark.slow
def test_work_goes_on_after_a_crash_and_a_crash_of_that(tmp_path: Path) -> None:
    killed("type", tmp_path, 0.3)
    (work,) = unfinished(tmp_path / "journals", load_form)
    writer = JournalWriter(tmp_path / "journals", work.history, path=work.path, continues=work)
    history = work.history.push(work.report.with_fields(agency="鲁山县人民政府办公室"), "基本信息")
    writer.record(history)
    writer.close()
    (again,) = unfinished(tmp_path / "journals", load_form)
    assert again.history == history


@pytest.mark.slow
def test_the_window_loses_nothing_whenever_it_is_killed(capsys: pytest.CaptureFixture[str]) -> None:
    assert kill_all(WINDOWS, 2021) == 0, capsys.readouterr().out


@pytest.mark.slow
def test_what_is_typed_while_it_is_saved_survives_whenever_the_program_dies(tmp_path: Path) -> None:
    moments = random.Random(2023)
    for kill in range(KILLS):
        folder = tmp_path / str(kill)
        folder.mkdir()
        last = killed("both", folder, moments.uniform(0, 0.3))[-1]
        path = folder / FILE
        saved = read_report(path, load_form)
        (work,) = unfinished(folder / "journals", load_form, path, there=saved.sha256)
        # opened, it goes on from just this file, whether that was noted or not
        assert work.sha256 == saved.sha256
        assert work.report.value(COUNTS[1]) >= last  # type: ignore[operator]
        assert work.history.saved == saved.report
        assert work.history.undo().report.value(COUNTS[0]) is not None


@pytest.mark.slow
def test_two_windows_that_are_killed_together_have_lost_nothing_in_either(tmp_path: Path) -> None:
    moments = random.Random(2024)
    for kill in range(KILLS // 3):
        folder = tmp_path / str(kill)
        folder.mkdir()
        last = killed("windows", folder, moments.uniform(0, 1.5))[-1]
        for name in (FILE, OTHER):
            path = folder / name
            there = read_report(path, load_form)
            found = unfinished(folder / "journals", load_form, path, there=there.sha256)
            values = [work.report.value(COUNTS[0]) for work in found] or [there.report.value(COUNTS[0])]
            assert len(values) == 1
            assert values[0] >= last  # type: ignore[operator]
            assert all(work.path == path for work in found)
            assert there.report.value(COUNTS[1]) is None


if __name__ == "__main__":
    deeds = {
        "type": type_until_killed,
        "save": save_until_killed,
        "both": type_and_save_until_killed,
        "windows": two_windows_until_killed,
    }
    deeds[sys.argv[1]](Path(sys.argv[2]))
