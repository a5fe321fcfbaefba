"""An own file is written over what was read only, and the version before stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor.core.errors import ChangedElsewhere, DamagedFile, NewerFormat, NotWritten
from gxeditor.store.own_bytes import kept_path, named, own_content, read_own, write_own


def write(path: Path, data: bytes, known: str | None, most: int = 100) -> str:
    return write_own(path, data, known, most=most, what="台账", remedy="请分成几份。")


def test_the_version_before_is_kept_and_what_others_changed_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.gxl"
    first = write(path, b"1", None)
    second = write(path, b"2", first)
    assert (path.read_bytes(), kept_path(path).read_bytes()) == (b"2", b"1")
    with pytest.raises(ChangedElsewhere):
        write(path, b"3", first)
    assert path.read_bytes() == b"2"
    path.unlink()
    write(path, b"3", second)
    assert path.read_bytes() == b"3"


def test_what_could_not_be_opened_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.gxl"
    with pytest.raises(NotWritten, match="台账有 0 MB，存下来也打不开"):
        write(path, b"12", None, most=1)
    assert not path.exists()
    path.write_bytes(b"12")
    with pytest.raises(DamagedFile, match="太大了，不会是一份台账"):
        read_own(path, 1, "一份台账")


def test_a_damaged_file_names_the_version_before_if_there_is_one(tmp_path: Path) -> None:
    path, error = tmp_path / "a.gxl", DamagedFile("坏了。", "没有改动。", "请换一份。")
    assert named(path, error).remedy == "请换一份。"
    kept_path(path).write_bytes(b"1")
    assert kept_path(path).name in named(path, error).remedy


def test_a_file_is_known_by_its_format_and_a_newer_one_is_told() -> None:
    assert own_content(b'{"format": "gx-a/2", "x": 1}', "gx-a", 2, "台账")["x"] == 1
    with pytest.raises(NewerFormat, match="台账文件是用较新版本的程序保存的"):
        own_content(b'{"format": "gx-a/3"}', "gx-a", 2, "台账")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b" \n", "文件是空的"),
        (b'{\n"a": "\xff"}', "第 2 行"),
        (b"[]", "它不是本程序的台账文件"),
        (b'{"format": "gx-b/1"}', "它不是本程序的台账文件"),
        (b'{"format": 1}', "它不是本程序的台账文件"),
    ],
)
def test_what_is_no_file_of_ours_is_told_with_its_place(data: bytes, told: str) -> None:
    with pytest.raises(DamagedFile, match=told):
        own_content(data, "gx-a", 2, "台账")
