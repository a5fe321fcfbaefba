"""An odd file is moved aside under its name, never over another one, and said in a sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from gxeditor.files.aside import OddFile, clear_way, sentences, set_aside, shown_name

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="file names are no bytes there")


def test_a_file_lies_aside_and_the_person_is_told_where(tmp_path: Path) -> None:
    file = tmp_path / "a.journal"
    file.write_bytes(b"odd")
    told: list[OddFile] = []
    odd = set_aside(file, "恢复记录", "年报没有受到影响。", told.append)
    assert told == [odd]
    assert odd.now == tmp_path / "aside" / "a.journal"
    assert odd.now.read_bytes() == b"odd"
    assert not file.exists()
    assert (
        str(odd) == f"恢复记录“a.journal”读不出来，已移到 {tmp_path / 'aside'}，没有删除。年报没有受到影响。"
    )


def test_what_lies_aside_already_stays_there(tmp_path: Path) -> None:
    for content in (b"1", b"2", b"3"):
        (tmp_path / "a").write_bytes(content)
        set_aside(tmp_path / "a", "文件", "")
    kept = {path.name: path.read_bytes() for path in (tmp_path / "aside").iterdir()}
    assert kept == {"a": b"1", "a.1": b"2", "a.2": b"3"}


def test_folders_and_links_are_moved_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "in it").touch()
    set_aside(tmp_path / "folder", "文件", "")
    assert (tmp_path / "aside" / "folder" / "in it").exists()
    if sys.platform != "win32":
        (tmp_path / "link").symlink_to(tmp_path / "aside")
        set_aside(tmp_path / "link", "文件", "")
        assert (tmp_path / "aside" / "link").is_symlink()


def test_a_file_of_the_folders_name_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "aside").write_bytes(b"mine")
    (tmp_path / "a").touch()
    odd = set_aside(tmp_path / "a", "文件", "")
    assert odd.now is not None
    assert odd.now.exists()
    assert (tmp_path / "aside").read_bytes() == b"mine"


def test_what_cannot_be_moved_is_said_to_be_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "read-only folder")

    monkeypatch.setattr(os, "rename", refused)
    (tmp_path / "a").write_bytes(b"odd")
    odd, again = set_aside(tmp_path / "a", "文件", "没事。"), set_aside(tmp_path / "a", "文件", "没事。")
    assert odd.now is None
    assert (tmp_path / "a").read_bytes() == b"odd"
    assert str(odd) == f"文件“a”读不出来，也没能移开，程序没有用它；它还在 {tmp_path}。没事。"
    assert odd.mark == again.mark
    (tmp_path / "a").write_bytes(b"odd in another way")
    assert set_aside(tmp_path / "a", "文件", "没事。").mark != odd.mark


@POSIX
def test_names_of_any_bytes_and_any_length_are_moved(tmp_path: Path) -> None:
    for name in (b"\xc4\xea\xb1\xa8", b"a\n\x1b[31m", b"x" * 255):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        path.touch()
        odd = set_aside(path, "文件", "")
        assert odd.now is not None
        assert odd.now.exists()
        str(odd).encode()
        assert str(odd).isprintable()


def test_files_of_one_kind_are_told_in_one_sentence_each_by_name(tmp_path: Path) -> None:
    odd = []
    for name, what in (("a", "恢复记录"), ("b", "程序设置"), ("c", "恢复记录")):
        (tmp_path / name).touch()
        odd.append(set_aside(tmp_path / name, what, ""))
    assert [said.split("读不出来")[0] for said in sentences(odd)] == ["恢复记录“a”、“c”", "程序设置“b”"]


def test_only_what_is_no_folder_makes_way_for_one(tmp_path: Path) -> None:
    told: list[OddFile] = []
    clear_way(tmp_path / "none", "文件", "", told.append)
    (tmp_path / "journals").mkdir()
    clear_way(tmp_path / "journals", "文件", "", told.append)
    assert told == []
    (tmp_path / "templates").touch()
    clear_way(tmp_path / "templates", "文件", "", told.append)
    assert len(told) == 1
    assert not (tmp_path / "templates").exists()


def test_a_long_name_is_shortened_in_the_middle() -> None:
    assert shown_name("年报.gxr") == "年报.gxr"
    assert shown_name("a" * 100 + "b" * 100) == "a" * 30 + "…" + "b" * 30
