"""The bundled faces are what fonts.toml says, cover what a report needs, and carry their licences."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from gxeditor.paper.faces import BUNDLED, Face
from gxeditor.resources import resource

FOLDER = resource("fonts")
FACES: list[dict[str, Any]] = tomllib.loads((FOLDER / "fonts.toml").read_text(encoding="utf-8"))["face"]
BY_KEY = {face["key"]: face for face in FACES}
KEYS = list(BY_KEY)
HAN_KEYS = [key for key in KEYS if not key.startswith("latin")]


def load(key: str) -> Any:
    return TTFont(FOLDER / BY_KEY[key]["file"])


def characters(key: str) -> set[int]:
    return set(load(key).getBestCmap())


def encoded(encoding: str) -> set[int]:
    """Every Han character of a two-byte character set."""
    return {point for point in range(0x3400, 0xA000) if len(chr(point).encode(encoding, "ignore")) == 2}


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    """packaging/fonts.py, which no package imports."""
    path = Path(__file__).parent.parent / "packaging" / "fonts.py"
    spec = importlib.util.spec_from_file_location("make_fonts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_program_uses_exactly_the_faces_that_are_listed() -> None:
    assert set(KEYS) == {face.value for face in Face}
    assert {path.name for path in FOLDER.glob("*.ttf")} == {face["file"] for face in FACES}
    assert {face.value: Path(BUNDLED.font(face).name.split("#")[0]) for face in Face} == {
        key: FOLDER / face["file"] for key, face in BY_KEY.items()
    }


@pytest.mark.parametrize("key", KEYS)
def test_each_face_is_the_listed_file(key: str) -> None:
    face = BY_KEY[key]
    data = (FOLDER / face["file"]).read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (face["sha256"], face["bytes"])


@pytest.mark.parametrize("key", KEYS)
def test_each_face_comes_with_its_licence(key: str) -> None:
    text = (FOLDER / BY_KEY[key]["licence_file"]).read_text(encoding="utf-8")
    title = "GNU GENERAL PUBLIC LICENSE" if key == "fang" else "SIL OPEN FONT LICENSE"
    assert title in text
    assert "Copyright" in text
    assert BY_KEY[key]["file"] in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_licence_of_fangsong_has_the_exception_for_documents() -> None:
    assert "As a special exception" in (FOLDER / "GPL-FandolFang.txt").read_text(encoding="utf-8")


def test_kaiti_is_renamed_because_its_licence_reserves_the_name() -> None:
    names = load("kai")["name"]
    shown = [str(record) for record in names.names if record.nameID in (1, 3, 4, 6, 16, 17)]
    assert names.getDebugName(1) == "GX Kai"
    assert not [name for name in shown if "LXGW" in name or "霞鹜" in name or "WenKai" in name]


def test_the_faces_together_stay_under_21_megabytes() -> None:
    assert sum(face["bytes"] for face in FACES) < 21e6


@pytest.mark.parametrize("key", HAN_KEYS)
def test_each_chinese_face_has_the_characters_of_gb_2312(key: str) -> None:
    assert encoded("gb2312") <= characters(key)


@pytest.mark.parametrize("key", ["latin", "latin_bold"])
def test_letters_figures_and_signs_are_there_and_take_little_room(key: str) -> None:
    found = characters(key)
    assert set(map(ord, "AZaz09.,%‰/±×÷≤≥≈≠°′″µ€ǎǐüéñÅØαω Яя")) <= found
    assert BY_KEY[key]["bytes"] < 60_000


@pytest.mark.parametrize("key", ["song", "title", "hei", "kai"])
def test_rare_names_of_the_standard_table_are_there_beyond_the_basic_plane_too(key: str) -> None:
    """The 通用规范汉字表 has 8105 characters, 196 of them outside the BMP."""
    found = characters(key)
    assert set(map(ord, "𬭩𫖯𬀩𬶋𬱖𬟽䶮㑇㧑䴖")) <= found
    assert sum(point >= 0x20000 for point in found if point < 0xF0000) >= 196
    assert sum(0x3400 <= point < 0xA000 or 0x20000 <= point < 0x40000 for point in found) >= 8105


@pytest.mark.parametrize("key", KEYS)
def test_no_face_maps_the_radicals_that_spoil_searching(key: str) -> None:
    assert not characters(key) & set(range(0x2E80, 0x2FE0))


@pytest.mark.parametrize("key", HAN_KEYS)
def test_half_marks_are_half_an_em_wide_and_their_ink_stays_inside(key: str) -> None:
    font = load(key)
    mapping = font.getBestCmap()
    halves = [point for point in mapping if point >= 0xF0000]
    assert set(map(ord, "（）《》〔〕，、；：。！？")) <= {point - 0xF0000 for point in halves}
    for point in halves:
        glyph = font["glyf"][mapping[point]]
        assert font["hmtx"][mapping[point]][0] == 500
        assert glyph.xMin >= -10
        assert glyph.xMax <= 510


@pytest.mark.parametrize("face", list(map(Face, HAN_KEYS)))
def test_the_middle_of_a_character_is_where_typesetting_takes_it_to_be(face: Face) -> None:
    font = load(face.value)
    glyph = font["glyf"][font.getBestCmap()[ord("国")]]
    assert (glyph.yMin + glyph.yMax) / 2000 == pytest.approx(BUNDLED.font(face).centre, abs=0.001)


@pytest.mark.parametrize("key", KEYS)
def test_each_face_may_be_embedded(key: str) -> None:
    """fsType 2 forbids embedding, 0x100 subsetting, 0x200 outlines."""
    assert load(key)["OS/2"].fsType & 0x302 == 0


def test_a_source_that_is_not_the_known_one_is_refused(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / script.SERIF.file).write_bytes(b"something else")
    with pytest.raises(script.FontsError, match="SHA-256"):
        script.fetch(script.SERIF, tmp_path)


def test_a_character_table_that_is_not_the_known_one_is_refused(script: ModuleType) -> None:
    with pytest.raises(script.FontsError, match="8105"):
        script.standard_han(b"U+4E00\tkTGH\t2013:1\n")


def test_each_listed_source_is_the_one_the_script_fetches(script: ModuleType) -> None:
    listed = {face["key"]: (face["version"], face["source_sha256"]) for face in FACES}
    assert listed == {face.key: (face.archive.version, face.archive.sha256) for face in script.FACES}
