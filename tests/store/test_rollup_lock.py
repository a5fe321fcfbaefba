"""Who has a roll-up open: two computers are kept apart, and what a crash left locks nobody out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gxeditor.store import rollup_lock
from gxeditor.store.rollup_lock import STALE, OpenElsewhere, hold, lock_path
from tests.waiting import mortal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "松塘县.gxh"
    path.write_text("{}", encoding="utf-8")
    return path


def other_computer(path: Path, age: float = 0.0) -> Path:
    file = lock_path(path)
    file.write_text(json.dumps({"computer": "HEXIAN-07", "user": "李", "token": "x"}), encoding="utf-8")
    os.utime(file, (time.time() - age,) * 2)
    return file


def test_it_is_free_again_once_released(path: Path) -> None:
    lock = hold(path)
    assert lock_path(path).exists()
    lock.release()
    lock.release()
    assert not lock_path(path).exists()
    hold(path).release()


def test_a_second_window_of_this_computer_is_told_so(path: Path) -> None:
    lock = hold(path)
    with pytest.raises(OpenElsewhere, match="已经在这台电脑上打开"):
        hold(path)
    lock.release()


def test_another_computer_is_named(path: Path) -> None:
    other_computer(path)
    with pytest.raises(OpenElsewhere) as told:
        hold(path)
    assert told.value.what == "这个汇总正在另一台电脑上打开。"
    assert "HEXIAN-07，李" in told.value.remedy
    assert lock_path(path).exists()  # which is the other one's


def test_what_nobody_renewed_for_long_is_what_a_crash_left(path: Path) -> None:
    other_computer(path, STALE + 5)
    lock = hold(path)
    assert "HEXIAN" not in lock_path(path).read_text(encoding="utf-8")
    lock.release()


def test_an_owner_that_renews_keeps_it(path: Path) -> None:
    lock = hold(path)
    os.utime(lock_path(path), (time.time() - STALE - 5,) * 2)
    lock.renew()
    assert time.time() - lock_path(path).stat().st_mtime < STALE
    lock.release()


def test_a_person_may_take_it_anyway(path: Path) -> None:
    other_computer(path)
    hold(path, anyway=True).release()


def test_a_program_that_was_killed_leaves_it_free(path: Path) -> None:
    script = (
        "import sys, os; from pathlib import Path; from gxeditor.store.rollup_lock import hold;"
        "lock = hold(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with (
        subprocess.Popen(
            [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child,
        mortal(child),
    ):
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"held"
        with pytest.raises(OpenElsewhere):
            hold(path)
    assert lock_path(path).exists()
    hold(path).release()


@pytest.mark.parametrize("noise", [b"", b"{", b"[]", b"\xff" * 10, b"[" * 2000, b" " * 10_000])
def test_a_lock_that_says_nothing_locks_nobody_out(path: Path, noise: bytes) -> None:
    lock_path(path).write_bytes(noise)
    hold(path).release()


def test_where_nothing_can_be_written_it_opens_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup_lock, "lock_path", lambda path: path / "no" / "such")
    hold(path).release()


def test_a_name_of_any_length_has_room_for_its_lock(tmp_path: Path) -> None:
    path = tmp_path / f"{'县' * 80}.gxh"
    lock = hold(path)
    assert len(list(tmp_path.iterdir())) == 1
    lock.release()
