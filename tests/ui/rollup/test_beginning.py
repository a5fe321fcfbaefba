"""What a new roll-up is of, and its settings later on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.profiles import NATIONAL
from gxeditor.core.rollup.units import Scope
from gxeditor.resources import load_profiles
from gxeditor.store.rollup_file import save_rollup
from gxeditor.ui.rollup import beginning
from gxeditor.ui.rollup.beginning import _owner_of, _Refused, _Settings, parse_day, proposed_dues, read_prior
from tests.rollup_sample import songtang


@pytest.fixture
def settings(qtbot: QtBot, tmp_path: Path) -> _Settings:
    asked = _Settings(None, "汇总设置", "采用", songtang(), tmp_path, is_new=True)
    qtbot.addWidget(asked)
    return asked


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1月23日", "2026-01-23"), ("1-23", "2026-01-23"), ("2026.1.23", "2026-01-23"), ("2027年2月1日", "2027-02-01"),
        ("2月30日", None), ("明天", None), ("13-1", None),
    ],
)  # fmt: skip
def test_a_day_is_understood_as_it_is_written_or_not_at_all(text: str, day: str | None) -> None:
    assert parse_day(text, 2026) == day


def test_the_days_are_those_of_the_law_unless_the_province_has_its_own() -> None:
    national = proposed_dues(NATIONAL, 2025)
    assert (national["DEPARTMENT"], national["COUNTY"]) == ("2026-01-31", "2026-03-31")
    assert "TOWNSHIP" not in national  # the 条例 names no day for them
    county = next(one for one in load_profiles() if one.id == "hunan-huaihua-county")
    assert proposed_dues(county, 2025)["COUNTY"] == "2026-02-20"
    assert "GROUP" not in national


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("松塘县2025年汇总", "松塘县"),
        ("松塘县", "松塘县"),
        ("汇总2025", ""),
        ("2025年报", ""),
        ("青渡市 报送", "青渡市"),
    ],
)
def test_a_folder_tells_whose_area_it_is_only_where_that_is_plain(name: str, owner: str) -> None:
    assert _owner_of(name) == owner


def test_what_makes_no_sense_is_refused_and_said(settings: _Settings) -> None:
    for field, text, said in (
        (settings.owner, "", "地区"),
        (settings.owner, "松塘/县", "文件名"),
        (settings.year, "25", "四位"),
        (settings.due, "很快", "不是一天"),
    ):
        before = field.text()
        field.setText(text)
        with pytest.raises(_Refused, match=said):
            settings.value()
        field.setText(before)
    settings.year.setText("2024")
    with pytest.raises(_Refused, match="不早于"):
        settings.value()


def test_what_is_typed_is_what_the_roll_up_is_of(settings: _Settings) -> None:
    settings.owner.setText("青渡市")
    settings.scope.setCurrentIndex(settings.scope.findData(Scope.LEVEL))
    settings.due.setText("1月15日")
    settings.towns.setText("")
    value = settings.value()
    assert (value.owner, value.scope, value.dues["DEPARTMENT"]) == ("青渡市", Scope.LEVEL, "2026-01-15")
    assert "TOWNSHIP" not in value.dues
    assert value.units is songtang().units or value.units == songtang().units


def test_last_years_roll_up_is_kept_with_its_figures(tmp_path: Path) -> None:
    folder = tmp_path / "2026"
    folder.mkdir()
    path = tmp_path / "松塘县2025.gxh"
    save_rollup(songtang(), path, None)
    prior = read_prior(path, folder)
    assert (prior.year, prior.owner, prior.path, len(prior.values)) == (
        2025,
        "松塘县",
        "../松塘县2025.gxh",
        45,
    )


def test_a_new_roll_up_proposes_the_list_of_the_folder_where_there_are_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    folder = tmp_path / "松塘县2025"
    folder.mkdir()
    monkeypatch.setattr(_Settings, "run", lambda self: "do")
    begun = beginning.ask_new(None, folder, 47)
    assert begun is not None
    assert (begun.rollup.owner, begun.whence) == ("松塘县", "folder")
    none = beginning.ask_new(None, folder, 0)
    assert none is not None
    assert none.whence == ""
    monkeypatch.setattr(_Settings, "run", lambda self: "cancel")
    assert beginning.ask_new(None, folder, 47) is None
    assert beginning.ask_settings(None, songtang(), folder) is None
