"""Ledgers among the windows of the program: opened with their password, made new, known among the recent files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from gxeditor import documents
from gxeditor.core.errors import GxError, UnreadableSource
from gxeditor.core.ledger.request import Ledger
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.settings import RecentFile
from gxeditor.store.ledger_file import dump, read_ledger, save_ledger
from gxeditor.store.own_bytes import kept_path
from gxeditor.store.protection import new_key
from gxeditor.store.rollup_rescue import keep_content, rescue_of
from gxeditor.ui.look import dialog
from gxeditor.ui.shell import ledgers
from gxeditor.ui.shell.window import MainWindow
from tests.named_ledger import named_ledger
from tests.window import children, drop, settled

PROJECT = Path(__file__).parents[3]
VOCABULARY = load_vocabulary(load_form())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "松塘县自然资源局台账.gxl"
    save_ledger(named_ledger(), path, None, VOCABULARY)
    return path


@pytest.fixture
def shown_errors(monkeypatch: pytest.MonkeyPatch) -> list[GxError]:
    errors: list[GxError] = []
    monkeypatch.setattr(dialog, "show_error", lambda _, error: errors.append(error))
    return errors


def typing(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> list[str]:
    """Answers the question for a password; the names of the files that it was asked for."""
    asked: list[str] = []

    def answer(_: object, name: str, read: Callable[[str], object]) -> object:
        asked.append(name)
        return read(passwords[0]) if passwords else None

    monkeypatch.setattr(ledgers, "open_protected", answer)
    return asked


def close_all(window: MainWindow) -> None:
    for one in window.program.ledgers.windows:
        assert one.close()


def test_a_dropped_ledger_is_opened_in_a_window_of_its_own(window: MainWindow, path: Path) -> None:
    drop(window, path)
    settled(lambda: bool(window.program.ledgers.windows))
    (one,) = window.program.ledgers.windows
    assert one.session.ledger == named_ledger()
    assert one.session.path == path
    assert not one.session.names_shown
    assert not window.has_report
    close_all(window)


def test_a_ledger_of_another_name_is_known_by_its_content(window: MainWindow, path: Path) -> None:
    other = path.rename(path.with_suffix(".bak"))
    window.files.open_path(other)
    settled(lambda: bool(window.program.ledgers.windows))
    close_all(window)


def test_a_ledger_that_is_open_comes_to_the_front(window: MainWindow, path: Path) -> None:
    first = window.program.ledgers.open(path, window)
    assert window.program.ledgers.open(path, window) is first
    assert len(window.program.ledgers.windows) == 1
    close_all(window)


def test_a_protected_ledger_is_asked_its_password_and_stays_protected(
    window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_ledger(named_ledger(), path, None, VOCABULARY, new_key("松塘"))
    asked = typing(monkeypatch, "松塘")
    one = window.program.ledgers.open(path, window)
    assert one is not None
    assert asked == [path.name]
    one.session.edit(replace(one.session.ledger, agency="松塘县水利局"), "单位")
    assert one.session.flush()
    assert read_ledger(path, VOCABULARY, "松塘").ledger.agency == "松塘县水利局"
    close_all(window)


def test_who_does_not_know_the_password_opens_nothing(
    window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch, shown_errors: list[GxError]
) -> None:
    save_ledger(named_ledger(), path, None, VOCABULARY, new_key("松塘"))
    typing(monkeypatch)
    assert window.program.ledgers.open(path, window) is None
    assert not window.program.ledgers.windows
    assert not shown_errors


def test_a_damaged_ledger_is_said_and_its_kept_version_opened_instead(
    window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch, shown_errors: list[GxError]
) -> None:
    sha256 = save_ledger(named_ledger(), path, None, VOCABULARY)
    save_ledger(replace(named_ledger(), agency="水利局"), path, sha256, VOCABULARY)
    path.write_bytes(path.read_bytes()[:80])
    assert window.program.ledgers.open(path, window) is None
    assert kept_path(path).name in shown_errors[0].remedy
    monkeypatch.setattr(dialog, "ask", lambda *_, **__: "use")
    one = window.program.ledgers.open(kept_path(path), window)
    assert one is not None
    assert one.session.path == path
    assert one.session.flush()
    assert read_ledger(path, VOCABULARY).ledger == named_ledger()
    close_all(window)


def test_a_new_ledger_is_kept_where_it_was_asked_to_be(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "新台账"), ""))
    one = window.program.ledgers.begin(window, Ledger(agency="松塘县水利局"))
    assert one is not None
    assert read_ledger(tmp_path / "新台账.gxl", VOCABULARY).ledger.agency == "松塘县水利局"
    close_all(window)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert window.program.ledgers.begin(window, Ledger()) is None


def test_a_ledger_is_no_report_to_import(path: Path) -> None:
    with pytest.raises(UnreadableSource, match="台账文件，不是一份年报"):
        documents.read(path)


def test_the_start_page_says_that_a_file_is_a_ledger_and_what_is_overdue(
    window: MainWindow, path: Path
) -> None:
    from datetime import datetime

    from gxeditor.ui.shell.start import _line

    file = RecentFile(
        str(path), "松塘县自然资源局", None, 1, 0, "2026-01-05T09:00:00", (), "ledger", "87 件，有密码"
    )
    line = _line(file, False, datetime(2026, 1, 5, 10))
    assert [words for _, words in line.said] == ["87 件，有密码，", "1 件超期"]
    window.keep_settings(recent=(file,))
    from gxeditor.settings import load_settings

    assert window.program.settings.recent[0].kind == "ledger"
    assert load_settings(window.program._config_folder).recent[0] == file


def test_a_program_without_a_ledger_loads_nothing_of_them() -> None:
    code = (
        "import sys, gxeditor.app, gxeditor.ui.shell.files\n"
        "print([name for name in sys.modules if name.startswith('cryptography') or '.ledger' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("answer", ["use", "drop", "cancel"])
def test_what_could_not_be_written_the_last_time_is_offered_when_the_ledger_is_opened(
    window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    key = new_key("松塘")
    known = save_ledger(named_ledger(), path, None, VOCABULARY, key)
    typed = replace(named_ledger(), agency="松塘县水利局")
    folder = window.program.rescues
    assert folder is not None
    keep_content(folder, dump(typed, VOCABULARY, key), path, known, typed.agency)
    asked = typing(monkeypatch, "松塘")
    monkeypatch.setattr(ledgers, "ask_rescue", lambda *_: answer)
    one = window.program.ledgers.open(path, window)
    assert asked == [path.name]
    if answer == "cancel":
        assert one is None
    else:
        assert one is not None
        assert one.session.ledger == (typed if answer == "use" else named_ledger())
        assert one.session.flush()
        assert read_ledger(path, VOCABULARY, key).ledger == one.session.ledger
    close_all(window)
    settled(lambda: (rescue_of(folder, path) is not None) == (answer == "cancel"))


def test_what_could_not_be_written_is_offered_on_the_start_page(
    window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key("松塘")
    known = save_ledger(named_ledger(), path, None, VOCABULARY, key)
    typed = replace(named_ledger(), agency="松塘县水利局")
    folder = window.program.rescues
    assert folder is not None
    keep_content(folder, dump(typed, VOCABULARY, key), path, known, typed.agency)
    window.collect_recoveries()
    settled(lambda: not window.is_collecting)
    again = next(one for one in children(window.start, QPushButton) if one.text() == "接着改")
    assert "松塘县水利局台账" in again.accessibleName()
    asked = typing(monkeypatch, "松塘")
    again.click()
    (one,) = window.program.ledgers.windows
    assert asked == [path.name]
    assert one.session.ledger == typed
    settled(lambda: one.session.is_kept and rescue_of(folder, path) is None)
    assert read_ledger(path, VOCABULARY, key).ledger == typed
    close_all(window)
