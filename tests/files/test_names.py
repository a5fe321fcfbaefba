"""A name that is made of a text can be written everywhere, and one file is known by all its paths."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.files.names import file_name, kept_name, same_file


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("鲁山县2022年年报", "鲁山县2022年年报"),
        ('甲/乙\\丙:"丁"?', "甲／乙＼丙：”丁”？"),
        (" 甲局\n办公室\t. ", "甲局 办公室"),
        ("甲\x00乙\u202e丙", "甲乙丙"),
        ("con", "_con"),
        ("LPT1.xlsx", "_LPT1.xlsx"),
        ("contract", "contract"),
        ("...", "新年报"),
        ("", "新年报"),
    ],
)
def test_a_text_becomes_a_name_that_reads_like_it(text: str, name: str) -> None:
    assert file_name(text, "新年报") == name


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_gives_a_name_that_fits_and_is_its_own_name(text: str) -> None:
    name = file_name(text, "年报")
    assert name
    assert len(f"{name}（校对稿）.html~".encode()) < 255
    assert not set(name) & set('\\/:*?"<>|\r\n\t\0')
    assert name == name.strip(" .")


def test_a_file_is_the_same_by_every_way_to_it(tmp_path: Path) -> None:
    file, other = tmp_path / "甲.gxr", tmp_path / "乙.gxr"
    file.touch()
    other.touch()
    (tmp_path / "内").mkdir()
    os.link(file, tmp_path / "丙.gxr")
    assert same_file(file, tmp_path / "内" / ".." / "甲.gxr")
    assert same_file(file, tmp_path / "丙.gxr")
    assert not same_file(file, other)


def test_files_that_are_not_there_are_the_same_if_written_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert same_file(Path("甲.gxr"), tmp_path / "甲.gxr")
    assert not same_file(Path("甲.gxr"), tmp_path / "乙.gxr")


LONG_NAMES = ["n" * 251 + ".gxr", "年" * 84 + ".gxr", "年" * 251 + ".gxr", "𠀀" * 125 + ".gxr", "年" * 255]


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize("name", LONG_NAMES)
def test_the_previous_version_of_a_file_with_the_longest_name_has_one_that_fits(
    name: str, windows: bool
) -> None:
    kept = kept_name(Path("folder") / name, 255, windows=windows)
    assert (len(kept.encode("utf-16-le")) // 2 if windows else len(kept.encode())) <= 255
    assert kept.endswith(f"{Path(name).suffix}~")
    assert kept[:20] == name[:20]
    assert kept != kept_name(Path("folder") / f"{name[:-5]}x{name[-4:]}", 255, windows=windows)


def test_the_previous_version_of_any_other_file_has_its_name_and_a_mark() -> None:
    assert kept_name(Path("年报.gxr")) == "年报.gxr~"
    assert kept_name(Path("n" * 250 + ".gxr"), 255) == "n" * 250 + ".gxr~"
    assert len(kept_name(Path("n" * 139 + ".gxr"), 143).encode()) <= 143  # as on an encrypted folder of Linux
