"""A font file tells its names and whether it may be embedded, without being loaded."""

from __future__ import annotations

import os
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from gxeditor.files.aside import OddFile
from gxeditor.paper import font_files
from gxeditor.paper.font_files import (
    DAMAGED,
    FontFile,
    FoundFont,
    fonts_folder,
    machine_fonts,
    may_have,
    own_fonts,
    set_aside_damaged,
    system_fonts,
)
from gxeditor.resources import resource

SHIPPED = resource("fonts/NotoSansSC-Medium.ttf")


def font(names: dict[tuple[int, int, int, int], str | bytes]) -> bytes:
    """A real font with other names: by kind, platform, encoding and language."""
    made: Any = TTFont(SHIPPED)
    made["name"].names = []
    for (kind, platform, encoding, language), name in names.items():
        made["name"].setName(name, kind, platform, encoding, language)
    data = BytesIO()
    made.save(data)
    made.close()
    return data.getvalue()


def found(name: str, data: bytes) -> FoundFont:
    """What is read of a font in the user's folder."""
    folder = fonts_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return next(item for item in own_fonts() if item.file.path.name == name)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the fonts of the system."""
    folder = tmp_path / "system"
    folder.mkdir()
    monkeypatch.setattr(font_files, "_system_folders", lambda: (folder, tmp_path / "there is no such folder"))
    system_fonts.cache_clear()
    machine_fonts.cache_clear()
    return folder


def test_the_chinese_name_of_a_font_comes_first() -> None:
    names: dict[tuple[int, int, int, int], str | bytes] = {
        (1, 1, 0, 0): "SimFang",
        (1, 3, 1, 0x409): "FangSong",
        (1, 3, 1, 0x804): "仿宋",
        (4, 3, 1, 0x409): "FangSong Regular",
        (2, 3, 1, 0x409): "Regular",
    }
    assert found("a.ttf", font(names)).names == ("仿宋", "FangSong", "SimFang", "FangSong Regular")


def test_a_bold_cut_has_its_full_name_only() -> None:
    names: dict[tuple[int, int, int, int], str | bytes] = {
        (1, 3, 1, 0x409): "KaiTi",
        (2, 3, 1, 0x409): "Bold",
        (4, 3, 1, 0x409): "KaiTi Bold",
    }
    assert found("a.ttf", font(names)).names == ("KaiTi Bold",)


def test_names_of_old_chinese_fonts_are_read_in_their_character_sets() -> None:
    names: dict[tuple[int, int, int, int], str | bytes] = {
        (1, 3, 3, 0x804): "方正小标宋简体".encode("gbk"),
        (4, 1, 25, 33): "方正小标宋".encode("gb2312"),
    }
    assert found("a.ttf", font(names)).names == ("方正小标宋简体", "方正小标宋")


def test_each_font_of_a_collection_is_judged_by_itself() -> None:
    """A collection whose second member has PostScript outlines."""
    whole = SHIPPED.read_bytes()
    second = bytearray(whole[: 12 + 16 * int.from_bytes(whole[4:6], "big")])
    second[:4] = b"OTTO"
    place = second.index(b"glyf")
    second[place : place + 4] = b"CFF "
    first_start = 20
    shift = first_start + len(second)

    def moved(head: bytes | bytearray) -> bytes:
        head = bytearray(head)
        for n in range(12, 12 + 16 * int.from_bytes(head[4:6], "big"), 16):
            at = int.from_bytes(head[n + 8 : n + 12], "big") + shift
            head[n + 8 : n + 12] = at.to_bytes(4, "big")
        return bytes(head)

    head = whole[: len(second)]
    starts = b"".join(start.to_bytes(4, "big") for start in (shift, first_start))
    data = b"ttcf\0\1\0\0\0\0\0\2" + starts + moved(second) + moved(head) + whole[len(head) :]
    folder = fonts_folder()
    folder.mkdir(parents=True)
    (folder / "a.ttc").write_bytes(data)
    one, two = own_fonts()
    assert (one.file.number, one.defect, one.names) == (0, "", ("Noto Sans SC Medium",))
    assert (two.file.number, two.names) == (1, ("Noto Sans SC Medium",))
    assert "CFF" in two.defect


def test_fonts_below_the_folders_of_the_system_are_found_and_small_ones_left_alone(system: Path) -> None:
    (system / "truetype" / "deep").mkdir(parents=True)
    (system / "truetype" / "deep" / "Hei.TTF").write_bytes(SHIPPED.read_bytes())
    (system / "truetype" / "small.ttf").write_bytes(SHIPPED.read_bytes()[:5000])
    (system / "truetype" / "broken.ttf").write_bytes(SHIPPED.read_bytes()[:1_500_000])
    (system / "readme.txt").write_bytes(bytes(2_000_000))
    assert [item.file.path.name for item in system_fonts() if not item.defect] == ["Hei.TTF"]
    assert {item.file.path.name: item.defect for item in system_fonts()} == {
        "Hei.TTF": "",
        "broken.ttf": DAMAGED,
    }


@pytest.mark.skipif(sys.platform == "win32", reason="needs a right to make links there")
def test_a_folder_that_leads_back_to_itself_ends(system: Path) -> None:
    (system / "loop").symlink_to(system)
    (system / "a.ttf").write_bytes(SHIPPED.read_bytes())
    assert {item.file.path.name for item in system_fonts()} == {"a.ttf"}


def test_a_system_is_looked_through_once(system: Path) -> None:
    assert system_fonts() == ()
    (system / "a.ttf").write_bytes(SHIPPED.read_bytes())
    assert system_fonts() == ()


def test_a_font_put_into_the_users_folder_is_seen_at_once() -> None:
    assert own_fonts() == ()
    assert found("a.ttf", SHIPPED.read_bytes()).names == ("Noto Sans SC Medium",)


@pytest.mark.parametrize("windows", [True, False])
def test_fonts_are_looked_for_where_the_system_installs_them(
    windows: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32" if windows else "linux")
    for name in ("WINDIR", "LOCALAPPDATA", "XDG_DATA_HOME", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folders = [str(folder) for folder in font_files._system_folders()]
    if windows:
        assert folders == [
            str(tmp_path / "LOCALAPPDATA" / "Microsoft" / "Windows" / "Fonts"),
            str(tmp_path / "WINDIR" / "Fonts"),
        ]
    else:
        assert str(tmp_path / "XDG_DATA_HOME" / "fonts") in folders
        assert str(Path("/usr/share/fonts")) in folders


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_damaged_fonts_and_what_is_no_file_are_moved_aside_and_the_others_stay() -> None:
    folder = fonts_folder()
    folder.mkdir(parents=True)
    (folder / "好.ttf").write_bytes(SHIPPED.read_bytes())
    (folder / "半.ttf").write_bytes(SHIPPED.read_bytes()[:5000])
    (folder / "空.ttf").touch()
    os.mkfifo(folder / "管道.ttf")
    (folder / "文件夹.otf").mkdir()
    (folder / "无穷.ttc").symlink_to("/dev/zero")
    told: list[OddFile] = []
    set_aside_damaged(told.append)
    odd = ["半.ttf", "文件夹.otf", "无穷.ttc", "空.ttf", "管道.ttf"]
    assert sorted(each.name for each in told) == odd
    assert sorted(path.name for path in (folder / "aside").iterdir()) == odd
    assert [font.file.path.name for font in own_fonts()] == ["好.ttf"]


def test_fonts_of_other_kinds_in_the_users_folder_are_named_though_none_can_be_read() -> None:
    for name in ("宋体.woff2", "旧.FON", "ps.pfb", "说明.txt"):
        path = fonts_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(3000))
    assert {item.file.path.name for item in own_fonts()} == {"宋体.woff2", "旧.FON", "ps.pfb"}
    assert {item.defect for item in own_fonts()} == {"不是 TrueType 字体文件。"}


def test_every_small_font_of_the_system_is_looked_at_only_where_a_character_is_nowhere_else(
    system: Path,
) -> None:
    """Of the installed fonts those of the size of a Chinese face are known at once, and Times New Roman."""
    letters = resource("fonts/Tinos-Regular.ttf").read_bytes()
    for name in ("Times.TTF", "letters.ttf"):
        (system / name).write_bytes(letters)
    (system / "hei.ttf").write_bytes(SHIPPED.read_bytes())
    (system / "lastresort.ttf").write_bytes(font({(1, 3, 1, 0x409): "LastResort"}))
    assert [item.file.path.name for item in system_fonts()] == ["Times.TTF", "hei.ttf", "lastresort.ttf"]
    assert [item.file.path.name for item in machine_fonts()] == ["Times.TTF", "hei.ttf", "letters.ttf"]


@pytest.mark.parametrize("form", [4, 12])
def test_what_a_font_may_have_is_what_its_character_map_says(form: int, tmp_path: Path) -> None:
    whole: Any = TTFont(SHIPPED)
    cmap = {point: name for point, name in whole.getBestCmap().items() if point < 0x10000 or form == 12}
    table = CmapSubtable.newSubtable(form)
    table.platformID, table.platEncID, table.language = 3, 10 if form == 12 else 1, 0
    table.cmap = cmap
    whole["cmap"].tables = [table]
    whole.save(tmp_path / "a.ttf")
    file = FontFile(tmp_path / "a.ttf", 0, form)
    for point in [*cmap, 0x2E80, 0x2FDF, 0xE000, 0x10FFFF]:
        assert may_have(file, chr(point)) == (point in cmap), hex(point)


def test_a_font_that_is_gone_has_no_character(tmp_path: Path) -> None:
    assert not may_have(FontFile(tmp_path / "gone.ttf"), "国")
