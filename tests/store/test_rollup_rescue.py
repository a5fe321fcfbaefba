"""What could not be written to a roll-up's own file is kept in the user's data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gxeditor.core.errors import GxError
from gxeditor.resources import load_form
from gxeditor.store.rollup_file import dump
from gxeditor.store.rollup_rescue import drop, keep, rescue_of, rescued, rescues
from tests.rollup_sample import songtang


def test_a_copy_is_the_roll_up_and_says_whose_it_is(tmp_path: Path) -> None:
    folder, path = tmp_path / "data" / "rollups", tmp_path / "优盘" / "松塘县.gxh"
    rollup = replace(songtang(), owner="松塘县")
    keep(folder, rollup, path, "ab")
    (one,) = rescues(folder)
    assert (one.path, one.owner, one.year, one.sha256) == (path, "松塘县", 2025, "ab")
    assert rescue_of(folder, path) == one
    assert rescue_of(folder, tmp_path / "别的.gxh") is None
    assert dump(rescued(one, load_form)) == dump(rollup)


def test_there_is_one_copy_of_each_file_the_latest(tmp_path: Path) -> None:
    first, second = tmp_path / "甲.gxh", tmp_path / "乙.gxh"
    for path, owner in ((first, "甲县"), (second, "乙县"), (first, "甲市")):
        keep(tmp_path, replace(songtang(), owner=owner), path, None)
    assert {one.owner for one in rescues(tmp_path)} == {"甲市", "乙县"}
    drop(tmp_path, first)
    assert [one.path for one in rescues(tmp_path)] == [second]
    drop(tmp_path, first)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"{}\n", b"[1]\n{}", b"\xff\xfe", b'{"path": 1}\n', b"[" * 15_000]
)
def test_a_file_that_is_no_copy_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "0.rescue").write_bytes(content)
    assert rescues(tmp_path) == ()
    assert (tmp_path / "0.rescue").read_bytes() == content


def test_a_damaged_copy_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "甲.gxh"
    keep(tmp_path, songtang(), path, None)
    (one,) = rescues(tmp_path)
    one.file.write_bytes(one.file.read_bytes().partition(b"\n")[0])
    with pytest.raises(GxError):
        rescued(one, load_form)


def test_where_nothing_can_be_kept_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder", encoding="utf-8")
    keep(tmp_path / "data", songtang(), tmp_path / "甲.gxh", None)
    assert rescues(tmp_path / "data") == ()
