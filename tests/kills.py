"""kill -9 at any moment of the real window's life: `make kill`.

A window (offscreen) fills in cells, types prose, undoes, redoes, saves, exports, closes and opens again, its journal
being written anew far more often than for a clerk. It says every state that the report has, and when all of it was kept
on the disk. It is killed while it starts, while it takes up what the last one left, and while it works; then the
journal or the file has to hold the last state that was kept, or a later one, the journal's history has to lead to every
state that was a step, those replaced by new edits too, and every file in the folder is whole.

    python tests/kills.py [KILLS [SEED]]    1,000 by default; says what it did, and exits with 1 if anything was lost
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from gxeditor.core.history import History
from gxeditor.core.report import Report
from gxeditor.resources import load_form
from gxeditor.store.journal import compared, last_journal, unfinished
from gxeditor.store.report_file import dump, kept_path, read_report

KILLS = 1_000
LIVES = 20
"""Windows, one after the other, that work on the same report in the same folder."""
FILE = "年报.gxr"
COUNTS = tuple(cell.id for cell in load_form().cells.values() if not cell.decimals)
_LARGE = 20_000  # bytes after which the journal is written anew
_UP = 60.0  # seconds in which a window is up on a busy machine


def digest(report: Report) -> str:
    return hashlib.sha256(dump(report)).hexdigest()[:16]


# --- the window that gets killed ------------------------------------------------------------------------------


def live(folder: Path, seed: int) -> None:
    """Works until it is killed. Says `up`, `next DIGEST` and `at DIGEST` for each state, `kept`, and what it does.

    `over DIGEST` comes before the state that continues the step of this one, as typing on does.
    """
    from unittest.mock import patch

    from PySide6.QtWidgets import QApplication, QFileDialog

    from gxeditor import documents
    from gxeditor.app import build
    from gxeditor.core.report import blank_report
    from gxeditor.settings import Folders
    from gxeditor.store import journal as journals
    from gxeditor.ui.shell import questions

    chance = random.Random(seed)
    path = folder / FILE
    journals._LARGE = _LARGE

    def say(*words: str) -> None:
        print(*words, flush=True)

    def move(way: int) -> None:
        found = session.history.move(way)
        if found is not None:
            say("next", digest(found.after))
            (session.undo if way < 0 else session.redo)()

    def edit(report: Report, label: str, merge_key: str = "") -> None:
        history = session.history
        if merge_key and len(history.push(report, label, merge_key).steps) == history.position:
            say("over", digest(session.report))
        say("next", digest(report))
        session.edit(report, label, merge_key=merge_key)

    with (
        patch.object(QFileDialog, "getSaveFileName", lambda *_: (str(path), "")),
        patch.object(questions, "ask_changed_elsewhere", lambda *_: "overwrite"),
    ):
        _, window = build([], Folders(folder / "home", folder / "home", folder / "home"))
        session = window.session
        session.changed.connect(lambda change: say("at", digest(change.after)))
        session.kept.connect(lambda _: say("kept"))
        window.show()
        left = unfinished(folder / "home" / "journals", load_form)
        if left:
            say("doing", "recover")
            window.files.recover(compared(left[0]))
        elif path.exists():
            say("doing", "open")
            window.files.open_path(path)
        else:
            session.begin(blank_report(load_form(), 2022))
            window.open_at("requests")
        wait_for(lambda: window.has_report)
        say("at", digest(session.report))
        say("up")
        number = chance.randrange(10**6)
        while True:
            number += 1
            match chance.randrange(60):
                case 0 | 1 | 2:
                    move(-1)
                case 3:
                    move(1)
                case 4 | 5:
                    say("doing", "save")
                    window.files.save()
                case 6:
                    say("doing", "export")
                    documents.export(
                        session.report, folder / f"导出{chance.choice(('.docx', '.html', '.xlsx'))}"
                    )
                case 7:
                    wait_for(lambda: not session.savings)
                    if session.path is not None and not session.modified:
                        say("doing", "reopen")
                        session.close()
                        window.files.open_path(path)
                        wait_for(lambda: window.has_report)
                case 8 | 9 | 10 | 11 | 12 | 13 | 14:
                    text = session.report.sections.get("overview", "")[-600:] + chr(0x4E00 + number % 5000)
                    edit(session.report.with_section("overview", text), "输入文字", merge_key="overview")
                case _:
                    cell = COUNTS[number % len(COUNTS)]
                    edit(session.report.with_entry(cell, number), f"填写 {number}")
            rest = time.perf_counter() + chance.choice((0, 0, 0.01, 0.05, 0.3))
            QApplication.processEvents()
            while time.perf_counter() < rest:
                QApplication.processEvents()
                time.sleep(0.002)


def wait_for(until: Callable[[], bool]) -> None:
    """Lets the window live until something holds."""
    from PySide6.QtWidgets import QApplication

    while not until():
        QApplication.processEvents()
        time.sleep(0.002)


# --- who kills it ---------------------------------------------------------------------------------------------


class Witness:
    """What the windows of one folder said, and what has to be there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.states: dict[str, int] = {}
        self.count = 0
        self.kept = 0
        self.steps: set[str] = set()  # states that were steps, and kept
        self._coming = ""
        self._pending: set[str] = set()

    def hear(self, lines: list[str]) -> str:
        """Takes in what a window said until it was killed; what it was doing then."""
        doing = "start"
        self._coming, self._pending = "", set()
        for line in lines:
            what, _, rest = line.partition(" ")
            if what == "next":  # the journal may have it before the window says so
                self.states[rest] = self.count + 1
                self._coming = rest
            elif what == "at":
                self._pending |= {rest} & {self._coming}
                self.count += 1
                self.states[rest] = self.count
            elif what == "over":
                self.steps.discard(rest)
                self._pending.discard(rest)
            elif what == "kept":
                self.kept = self.count
                self.steps |= self._pending
            doing = {"up": "work", "next": doing, "at": doing, "kept": doing, "doing": rest}.get(what, doing)
            if what in ("at", "kept") and doing != "start":
                doing = "work"
        return doing

    def lost(self) -> str:
        """What is wrong with what is there now; "" if nothing is."""
        if not self.count:
            return ""
        for file in self.folder.iterdir():
            if trouble := broken(file):
                return trouble
        left = unfinished(self.folder / "home" / "journals", load_form)
        path = self.folder / FILE
        journal = left[0] if left else last_journal(self.folder / "home" / "journals", path, load_form)
        if journal is not None and (missing := self.steps - led_to(journal.history)):
            return f"{len(missing)} of {len(self.steps)} states are in no step any more"
        if left:
            report = compared(left[0]).report
        elif path.exists():
            report = read_report(path, load_form).report
        else:
            return f"{self.kept} states were kept and nothing is there" if self.kept else ""
        found = self.states.get(digest(report))
        if found is None:
            return "what is there is no state that the report ever had"
        return f"state {found} is there, and {self.kept} was kept" if found < self.kept else ""


def led_to(history: History) -> set[str]:
    """Every state that a history leads to."""
    steps = [*history.steps, *(step for branch in history.branches for step in branch.steps)]
    return {digest(history.first), *(digest(step.report) for step in steps)}


def broken(file: Path) -> str:
    """What is wrong with a file that the program wrote; "" if it is whole."""
    try:
        if file.name in (FILE, kept_path(Path(FILE)).name):
            read_report(file, load_form)
        elif file.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(file) as package:
                if package.testzip() is not None:
                    return f"{file.name} is damaged"
        elif file.suffix == ".html" and not file.read_text(encoding="utf-8").rstrip().endswith("</html>"):
            return f"{file.name} is cut off"
    except Exception as error:
        return f"{file.name}: {error}"
    return ""


def one_life(folder: Path, seed: int, chance: random.Random) -> list[str]:
    """What a window said until it was killed: while it started, or a while after it was up."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--live", str(folder), str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout is not None
    said = b""
    os.set_blocking(process.stdout.fileno(), False)
    at_start = chance.random() < 0.15
    end = time.monotonic() + (chance.uniform(0, 1.5) if at_start else _UP)
    is_up = False
    while time.monotonic() < end and process.poll() is None:
        said += process.stdout.read() or b""
        if not is_up and not at_start and b"up\n" in said:
            is_up = True
            end = time.monotonic() + chance.uniform(0, 3)
        time.sleep(0.005)
    ended = process.poll()
    process.kill()
    process.wait()
    os.set_blocking(process.stdout.fileno(), True)
    said += process.stdout.read()
    process.stdout.close()
    if ended is not None:
        raise SystemExit(f"the window of seed {seed} ended by itself with {ended}")
    if not at_start and not is_up:
        raise SystemExit(f"the window of seed {seed} was not up in {_UP:.0f} s")
    return said.decode().split("\n")[:-1]


def kill_all(kills: int, seed: int) -> int:
    chance = random.Random(seed)
    when: Counter[str] = Counter()
    states = lost = done = 0
    while done < kills:
        with tempfile.TemporaryDirectory() as name:
            witness = Witness(Path(name))
            for _ in range(min(LIVES, kills - done)):
                done += 1
                when[witness.hear(one_life(Path(name), seed * 100_000 + done, chance))] += 1
                if trouble := witness.lost():
                    print(f"kill {done} (seed {seed}): {trouble}", flush=True)
                    lost += 1
                    break
            states += witness.count
        print(f"{done} kills, {states:,} states, {lost} times something was lost", flush=True)
    print("killed while at: " + ", ".join(f"{what} {count}" for what, count in when.most_common()))
    return 1 if lost else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--live"]:
        live(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        numbers = [int(one) for one in sys.argv[1:]]
        sys.exit(kill_all(*(numbers + [KILLS, 1][len(numbers) :])))
