"""Whatever lies in the user's folders: the program starts, the odd file is aside and named, the next start is quiet.

The real program is started with crafted files of every kind that it reads. Run as a program, this module is that
start: it prints what the start page tells, and ends.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gxeditor.core.history import History
from gxeditor.core.report import blank_report
from gxeditor.resources import load_form
from gxeditor.settings import FILE_NAME
from gxeditor.store.journal import JournalWriter, unfinished
from gxeditor.store.report_file import document

PROJECT = Path(__file__).parents[1]
CELL = "requests.received.natural_person"
HANGS = 90  # seconds; nothing but a program that waits for ever takes as long
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no pipes and devices in folders there")


def tell() -> None:
    """The program as a clerk starts it; prints what stands on the start page once it has been shown, and closes it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QPushButton

    from gxeditor.cli import main
    from gxeditor.ui.look import tasks

    def look() -> None:
        window = next(w for w in QApplication.topLevelWidgets() if w.inherits("QMainWindow"))
        if vars(window)["recoveries_later"] or tasks._running:
            QTimer.singleShot(100, look)
            return
        labels: Iterable[QLabel] = window.findChildren(QLabel)
        pushed: Iterable[QPushButton] = window.findChildren(QPushButton)
        words = [label.text() for label in labels if label.isVisible()]
        offered = [b.accessibleName() for b in pushed if b.text() == "恢复"]
        print(json.dumps({"visible": window.isVisible(), "words": words, "offered": offered}), flush=True)
        window.close()
        QApplication.quit()

    def run_loop(_application: object = None) -> int:
        QTimer.singleShot(300, look)
        return loop()

    loop = QApplication.exec
    QApplication.exec = staticmethod(run_loop)  # type: ignore[method-assign]
    sys.exit(main([]))


class Start:
    """What a start of the program showed."""

    def __init__(self, home: Path) -> None:
        environment = {
            **os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8", "GXEDITOR_HOME": str(home)
        }  # fmt: skip
        ran = subprocess.run(
            [sys.executable, __file__], capture_output=True, encoding="utf-8", env=environment, timeout=HANGS,
            check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert "Traceback" not in ran.stderr
        shown = json.loads(ran.stdout.splitlines()[-1])
        assert shown["visible"]
        self.words = "\n".join(shown["words"])
        self.offered: list[str] = shown["offered"]
        log = home / "log" / "gxeditor.log"
        assert not log.is_file() or "Traceback" not in log.read_text(encoding="utf-8")


# --- journals


def header(**changes: Any) -> dict[str, Any]:
    first = document(blank_report(load_form(), 2022).with_fields(agency="鲁山"))
    return {"journal": 1, "edition": "2021", "path": None, "first": first, "time": 1_700_000_000, **changes}


def line(**changes: Any) -> dict[str, Any]:
    step = {"label": "填写", "merge": "", "amends": False, "cells": {CELL: 3}}
    return {"keep": 0, "steps": [step], "at": 1, "time": 1_700_000_001, **changes}


def step(**changes: Any) -> dict[str, Any]:
    return line(steps=[{"label": "填写", "merge": "", "amends": False, **changes}])


def lines(*values: Any) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def raw(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new)


SOUND = lines(header(), line())
ODD_JOURNALS: dict[str, bytes] = {
    "empty": b"",
    "nothing": b"\n\n",
    "zeros": b"\0" * 5000,
    "no json": b"{",
    "no utf-8": b"\xff\xfe" + SOUND,
    "a list": lines([1]),
    "null": lines(None),
    "no header": lines({}, line()),
    "nul in path": lines(header(path="/a/\0.gxr"), line()),
    "path no text": lines(header(path=["a"]), line()),
    "path a number": lines(header(path=7), line()),
    "path half a character": lines(header(path="/a/\ud800.gxr"), line()),
    "path much too long": lines(header(path="/a" * 50_000), line()),
    "version true": lines(header(journal=True), line()),
    "version text": lines(header(journal="1"), line()),
    "version fraction": lines(header(journal=1.5), line()),
    "edition a list": lines(header(edition=["2021"]), line()),
    "edition leads out": lines(header(edition="../forms/2021"), line()),
    "time null": lines(header(time=None), line()),
    "time text": lines(header(time="now"), line()),
    "time of no calendar": lines(header(time=10**30), line()),
    "time before all": lines(header(time=-(10**15)), line()),
    "time not a number": raw(lines(header(), line()), b"1700000000", b"NaN"),
    "first null": lines(header(first=None), line()),
    "first a list": lines(header(first=[]), line()),
    "deep": raw(lines(header(path="X"), line()), b'"X"', b"[" * 100_000 + b"]" * 100_000),
    "quotes": b'"' + b'\\"' * 100_000,
    "at a fraction": lines(header(), line(at=1.0)),
    "at true": lines(header(), line(at=True)),
    "at half": lines(header(), line(at=0.5)),
    "at huge": lines(header(), line(at=10**40)),
    "at null": lines(header(), line(at=None)),
    "keep a fraction": lines(header(), line(keep=0.0)),
    "keep below none": lines(header(), line(keep=-1)),
    "drop text": lines(header(), line(drop="1")),
    "label a list": lines(header(), step(label=[1])),
    "cells a list": lines(header(), step(cells=[1])),
    "a cell a list": lines(header(), step(cells={CELL: [1]})),
    "splice of fractions": lines(header(), step(sections={"overview": [0.0, 0, "甲"]})),
    "fields a text": lines(header(), step(fields="year")),
    "saved a list": lines(header(), {"saved": [1], "path": None, "time": 1}),
    "saved path a number": lines(header(), {"saved": "0" * 64, "path": 7, "time": 1}),
    "saved path with nul": lines(header(), {"saved": "0" * 64, "path": "/\0", "time": 1}),
}  # fmt: skip
BLOCKED: dict[str, Callable[[Path], None]] = {
    "pipe": lambda path: os.mkfifo(path),
    "folder": lambda path: path.mkdir(),
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "nowhere": lambda path: path.symlink_to("/nowhere/at/all"),
}
"""What is no regular file."""


def journals_of(home: Path) -> Path:
    folder = home / "data" / "journals"
    folder.mkdir(parents=True)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_no_journal_keeps_the_program_from_starting(home: Path) -> None:
    folder = journals_of(home)
    odd = [f"untitled-{number:04}.journal" for number in range(len(ODD_JOURNALS))]
    for name, data in zip(odd, ODD_JOURNALS.values(), strict=True):
        (folder / name).write_bytes(data)
    if sys.platform != "win32":
        for kind, make in BLOCKED.items():
            odd.append(f"{kind}.journal")
            make(folder / odd[-1])
    (folder / "untitled-sound.journal").write_bytes(SOUND)
    first = Start(home)
    assert names(folder / "aside") == sorted(odd)
    assert names(folder) == ["aside", "untitled-sound.journal"]
    assert [name for name in odd if first.words.count(f"“{name}”") != 1] == []
    assert str(folder / "aside") in first.words
    assert first.offered == ["恢复：鲁山 2022 年年度报告"]
    again = Start(home)
    assert "读不出来" not in again.words
    assert again.offered == first.offered


@POSIX
@pytest.mark.slow
def test_the_report_of_a_journal_is_not_touched_before_a_person_asks(home: Path, tmp_path: Path) -> None:
    folder = journals_of(home)
    os.mkfifo(tmp_path / "管道.gxr")
    for number, path in enumerate((str(tmp_path / "管道.gxr"), "/dev/zero", "/dev/tty", "/nowhere/a.gxr")):
        (folder / f"untitled-{number}.journal").write_bytes(lines(header(path=path), line()))
    shown = Start(home)
    assert len(shown.offered) == 4
    assert "读不出来" not in shown.words


# --- settings

ODD_SETTINGS: dict[str, bytes] = {
    "empty": b"",
    "zeros": b"\0" * 500,
    "no utf-8": '{"last_folder": "报告"}'.encode("gb18030"),
    "a list": b"[]",
    "cut": b'{"zoom": 100',
    "deep": b"[" * 200_000,
    "giant": b'{"last_folder": "' + b"a" * 5_000_000 + b'"}',
}
WRONG_VALUES: dict[str, str] = {
    "nested": '{"layouts": {"official": {"top": ' + "[" * 900 + "]" * 900 + "}}}",
    "huge": '{"zoom": ' + "9" * 6000 + ', "recent": [{"path": "/a.gxr", "year": ' + "9" * 5000 + "}]}",
    "no numbers": '{"zoom": NaN, "layouts": {"official": {"top": Infinity, "body_size": NaN}}}',
    "halves": '{"last_folder": "\\ud800", "recent": [{"path": "\\ud800.gxr"}, {"path": "/\\udcc4.gxr"}]}',
    "nul": '{"template": "/\\u0000", "recent": [{"path": "/a\\u0000.gxr", "agency": "\\u0000"}]}',
    "long": json.dumps(
        {"recent": [{"path": "/a.gxr", "agency": "县" * 100_000}], "geometry": "00" * 100_000}
    ),
    "kinds": '{"recent": 1, "density": [], "zoom": true, "side_card": 1, "colour_scheme": {}, "geometry": "zz"}',
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ODD_SETTINGS)
def test_no_settings_keep_the_program_from_starting(kind: str, home: Path) -> None:
    folder = home / "config"
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_bytes(ODD_SETTINGS[kind])
    first = Start(home)
    assert (folder / "aside" / FILE_NAME).read_bytes() == ODD_SETTINGS[kind]
    assert first.words.count(f"程序设置“{FILE_NAME}”读不出来") == 1
    assert "读不出来" not in Start(home).words


@pytest.mark.slow
@pytest.mark.parametrize("kind", WRONG_VALUES)
def test_single_settings_that_make_no_sense_are_dropped(kind: str, home: Path) -> None:
    folder = home / "config"
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_text(WRONG_VALUES[kind], encoding="utf-8")
    assert "读不出来" not in Start(home).words
    assert "geometry" in json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))  # written when it ended


# --- what should be a file or a folder and is none


@POSIX
@pytest.mark.slow
def test_nothing_that_never_answers_keeps_the_program_from_starting(home: Path) -> None:
    for folder in ("config", "data/handover", "data/journals", "log"):
        (home / folder).mkdir(parents=True)
    places = [
        home / "config" / FILE_NAME,
        home / "data" / "running.lock",
        home / "data" / "handover" / "0.json",
        home / "log" / "gxeditor.log",
        home / "log" / "faults.log",
        home / "data" / "journals" / "untitled-0.lock",
    ]
    for place in places:
        os.mkfifo(place)
    (home / "data" / "journals" / "untitled-0.journal").write_bytes(SOUND)
    first = Start(home)
    for place in places:
        assert (place.parent / "aside" / place.name).is_fifo()
        assert first.words.count(f"“{place.name}”") == 1
    assert len(first.offered) == 1
    assert "读不出来" not in Start(home).words


@pytest.mark.slow
def test_files_that_stand_where_folders_belong_make_way(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    for name in ("handover", "journals", "templates", "fonts"):
        (home / "data" / name).write_bytes(b"")
    first = Start(home)
    for name in ("handover", "journals"):
        assert (home / "data" / "aside" / name).is_file()
        assert first.words.count(f"“{name}”") == 1
    assert "读不出来" not in Start(home).words


@pytest.mark.slow
def test_files_where_the_whole_folders_belong_cost_no_more_than_what_is_kept_there(home: Path) -> None:
    home.mkdir()
    for name in ("config", "data", "log"):
        (home / name).write_bytes(b"")
    Start(home)
    Start(home)


@pytest.mark.slow
def test_notes_of_later_starts_that_make_no_sense_are_set_aside(home: Path) -> None:
    folder = home / "data" / "handover"
    folder.mkdir(parents=True)
    odd = [
        b"",
        b"[",
        b"[" * 100_000,
        b"[]",
        b'{"path": 5}',
        b'{"path": "/\\u0000"}',
        b'{"path": "\\ud800"}',
        b"7",
    ]
    for number, data in enumerate(odd):
        (folder / f"{number}.json").write_bytes(data)
    first = Start(home)
    assert names(folder) == ["aside"]
    assert all(first.words.count(f"“{number}.json”") == 1 for number in range(len(odd)))
    assert "读不出来" not in Start(home).words


# --- chance


@contextmanager
def work(folder: Path) -> Iterator[Path]:
    """A journal with some edits that a crash left behind."""
    history = History(blank_report(load_form(), 2022))
    writer = JournalWriter(folder, history)
    for count in range(1, 6):
        history = history.push(history.report.with_entry(CELL, count), f"填写 {count}")
        writer.record(history)
        assert writer.flush()
    writer.close()
    assert writer.file is not None
    yield writer.file


DAMAGE: tuple[Callable[[random.Random, bytearray], None], ...] = (
    lambda chance, data: data.__setitem__(chance.randrange(len(data)), chance.randrange(256)),
    lambda chance, data: data.__delitem__(
        slice(at := chance.randrange(len(data)), at + chance.randrange(40))
    ),
    lambda chance, data: data.__setitem__(slice(at := chance.randrange(len(data)), at), b'[{"1.0":null,'),
    lambda chance, data: data.__setitem__(slice(at := chance.randrange(len(data)), at + 1), b"1e999"),
    lambda chance, data: data.__setitem__(slice(at := chance.randrange(len(data)), at), b"\\u0000\\ud800"),
)


def test_no_chance_damage_of_a_journal_raises_or_loses_the_file(tmp_path: Path) -> None:
    with work(tmp_path / "sound") as file:
        sound = file.read_bytes()
    for seed in range(300):
        chance = random.Random(seed)
        data = bytearray(sound)
        for _ in range(chance.randint(1, 3)):
            chance.choice(DAMAGE)(chance, data)
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / "untitled-0.journal").write_bytes(data)
        told: list[str] = []
        found = unfinished(folder, load_form, told=lambda odd, told=told: told.append(odd.name))  # type: ignore[misc]
        (kept,) = folder.rglob("*.journal")
        assert kept.read_bytes() == data
        assert (told == ["untitled-0.journal"]) == (kept.parent.name == "aside"), seed
        assert found or told or data == sound or b'"journal"' in data, seed


if __name__ == "__main__":
    tell()
