"""Settings survive everything that can happen to their file; a report never depends on them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.errors import NotWritten
from gxeditor.settings import (
    COLOUR_SCHEMES,
    DENSITIES,
    FILE_NAME,
    RECENT_LIMIT,
    RecentFile,
    Settings,
    load_settings,
    save_settings,
    user_folders,
)

LUSHAN = RecentFile(
    "/报告/鲁山.gxr",
    "鲁山县人民政府办公室",
    2022,
    3,
    1,
    "2023-01-20T16:05:00",
    ("表格 42 条相等；正文未检查",),
)


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    path.write_text(text, encoding="utf-8")
    return path


def test_a_first_start_has_the_defaults_and_writes_nothing(home: Path) -> None:
    assert load_settings(home) == Settings()
    assert not home.exists()


def test_settings_come_back_as_they_were_saved(home: Path) -> None:
    settings = Settings(
        recent=(LUSHAN, RecentFile("/报告/新建.gxr")),
        density="wide",
        zoom=125,
        side_card={"table": True, "prose": False},
        findings_panel={"table": False},
        colour_scheme="dark",
        geometry="01d9d0cb",
        last_folder="/报告",
        layout="compact",
        layouts={"compact": {"top": 20.0, "faces": {"fang": "FangSong"}}},
        export_folder="/导出",
        export_formats=(".docx", "proof"),
        export_shows_folder=True,
    )
    save_settings(home, settings)
    assert load_settings(home) == settings
    assert "鲁山" in (home / FILE_NAME).read_text(encoding="utf-8")
    assert [path.name for path in home.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"zoom": 100', "[" * 100_000])
def test_a_damaged_file_gives_the_defaults_and_is_kept_aside(home: Path, text: str) -> None:
    path = written(home, text)
    assert load_settings(home) == Settings()
    assert not path.exists()
    assert (home / "aside" / FILE_NAME).read_text(encoding="utf-8") == text


def test_bytes_that_are_no_utf8_give_the_defaults_too(home: Path) -> None:
    written(home, "").write_bytes('{"last_folder": "报告"}'.encode("gb18030"))
    assert load_settings(home) == Settings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("density", "huge"),
        ("density", ["wide"]),
        ("zoom", "120"),
        ("zoom", True),
        ("zoom", 5),
        ("zoom", 12.5),
        ("side_card", ["table"]),
        ("colour_scheme", None),
        ("geometry", "no hex"),
        ("geometry", 7),
        ("last_folder", 7),
        ("layout", 3),
        ("layouts", ["compact"]),
        ("export_folder", {}),
        ("export_formats", ".pdf"),
        ("export_shows_folder", "yes"),
        ("recent", {"path": "a"}),
        ("from_a_later_version", 1),
    ],
)
def test_one_value_that_makes_no_sense_costs_only_itself(home: Path, key: str, value: object) -> None:
    written(home, json.dumps({"zoom": 150, "last_folder": "/报告"} | {key: value}))
    expected = Settings(zoom=150, last_folder="/报告")
    kept = load_settings(home)
    assert kept == (
        replace(expected, **{key: getattr(Settings(), key)}) if hasattr(expected, key) else expected
    )


@pytest.mark.parametrize(("zoom", "kept"), [(50, 50), (49, 100), (300, 300), (301, 100)])
def test_the_lowest_and_the_highest_value_are_values(home: Path, zoom: int, kept: int) -> None:
    written(home, json.dumps({"zoom": zoom}))
    assert load_settings(home).zoom == kept


@pytest.mark.parametrize("found", [0, 100_000])
def test_a_recent_file_without_findings_has_none_and_not_what_is_not_known(home: Path, found: int) -> None:
    written(
        home, json.dumps({"recent": [{"path": "/a.gxr", "year": 1900, "errors": found, "queries": found}]})
    )
    assert load_settings(home).recent == (RecentFile("/a.gxr", year=1900, errors=found, queries=found),)


def test_damaged_recent_files_leave_the_sound_ones(home: Path) -> None:
    written(
        home,
        json.dumps(
            {
                "recent": [
                    {"path": "/甲.gxr", "year": "去年", "errors": -1, "checked": "全对"},
                    {"agency": "无路径"},
                    "/乙.gxr",
                    {"path": ""},
                    {"path": "/丙.gxr", "year": 2023, "errors": 2, "queries": 4, "opened": "x", "more": 1},
                ],
                "findings_panel": {"table": True, "prose": "yes"},
                "layouts": {"official": {"top": 30}, "compact": "narrow"},
                "export_formats": [".pdf", 7],
            }
        ),
    )
    settings = load_settings(home)
    assert settings.recent == (RecentFile("/甲.gxr"), RecentFile("/丙.gxr", "", 2023, 2, 4, "x"))
    assert settings.findings_panel == {"table": True}
    assert settings.layouts == {"official": {"top": 30}}
    assert settings.export_formats == (".pdf",)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "recent",
                "density",
                "zoom",
                "side_card",
                "findings_panel",
                "geometry",
                "layouts",
                "export_formats",
            ]
        ),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["path", "year", "errors", "table"]), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_whatever_a_settings_file_holds_it_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    written(folder, json.dumps(data))
    settings = load_settings(folder)
    assert settings.density in DENSITIES
    assert settings.colour_scheme in COLOUR_SCHEMES
    save_settings(folder, settings)
    assert load_settings(folder) == settings


def test_the_file_opened_last_is_first_and_stands_once() -> None:
    settings = Settings()
    for number in range(RECENT_LIMIT + 3):
        settings = settings.with_recent(RecentFile(f"/{number}.gxr"))
    settings = settings.with_recent(RecentFile("/5.gxr", errors=2))
    assert settings.recent[0] == RecentFile("/5.gxr", errors=2)
    assert len(settings.recent) == RECENT_LIMIT
    assert len({file.path for file in settings.recent}) == RECENT_LIMIT
    assert "/5.gxr" not in {file.path for file in settings.without_recent("/5.gxr").recent}


def test_a_folder_that_cannot_be_made_is_said_and_leaves_the_old_settings(home: Path) -> None:
    home.write_text("no folder", encoding="utf-8")
    with pytest.raises(NotWritten, match="程序设置没有保存到"):
        save_settings(home, Settings())
    assert load_settings(home) == Settings()


def test_a_save_that_fails_halfway_leaves_the_old_settings_alone(home: Path) -> None:
    (home / FILE_NAME).mkdir(parents=True)
    with pytest.raises(NotWritten):
        save_settings(home, Settings(zoom=150))
    assert [path.name for path in home.iterdir()] == [FILE_NAME]


def test_a_portable_home_holds_all_folders(home: Path) -> None:
    folders = user_folders()
    assert (folders.config, folders.data, folders.log) == (home / "config", home / "data", home / "log")


@pytest.mark.skipif(sys.platform != "win32", reason="the folders of this system")
def test_on_windows_everything_is_kept_for_this_user_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the roaming profile, which an office copies over its network at every start."""
    monkeypatch.delenv("GXEDITOR_HOME")
    local = Path(os.environ["LOCALAPPDATA"]) / "gxeditor"
    assert user_folders() == (local, local, local / "Logs")


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of this system")
def test_without_a_portable_home_the_folders_are_those_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GXEDITOR_HOME")
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", os.fspath(tmp_path / name))
    folders = user_folders()
    assert folders.config == tmp_path / "CONFIG" / "gxeditor"
    assert folders.data == tmp_path / "DATA" / "gxeditor"
    assert folders.log == tmp_path / "CACHE" / "gxeditor" / "log"


def test_rules_that_are_off_are_kept_with_their_reasons_and_nonsense_is_none(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(rules_off={"E-01": "本省不要求填 0"}))
    assert load_settings(tmp_path).rules_off == {"E-01": "本省不要求填 0"}
    for nonsense, read in (
        ([], {}),
        ({"E-01": 3, "E-02": ""}, {}),
        ({"": "无", "E-03": "不查"}, {"E-03": "不查"}),
    ):
        (tmp_path / FILE_NAME).write_text(json.dumps({"rules_off": nonsense}), encoding="utf-8")
        assert load_settings(tmp_path).rules_off == read
