"""The system's lock on a file: one has it at a time, and it is free once its file is closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor.files.locking import try_lock


def test_a_file_is_locked_by_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    path.write_bytes(b"who")
    with path.open("r+b") as one:
        try_lock(one.fileno(), 100)
        assert path.read_bytes() == b"who"
        with path.open("r+b") as other, pytest.raises((PermissionError, BlockingIOError)):
            try_lock(other.fileno(), 100)
    with path.open("r+b") as other:
        try_lock(other.fileno(), 100)
