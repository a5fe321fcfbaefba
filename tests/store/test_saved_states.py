"""What was saved in the last days can be looked at again, within a bound, and by nobody else."""

from __future__ import annotations

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.resources import load_form
from gxeditor.store import saved_states
from gxeditor.store.report_file import dump, read_report
from gxeditor.store.saved_states import ALWAYS, DAYS, LATEST, ROOM, SavedState, keep, kept_of, states_of

COUNT = "requests.received.natural_person"
NOW = datetime(2026, 1, 12, 16, 0).timestamp()
HOUR, DAY = 3600, 24 * 3600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "states"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "年报.gxr"


@pytest.fixture
def report(form: Form) -> Report:
    return blank_report(form, 2025)


def figures(folder: Path, path: Path) -> list[object]:
    return [read_report(state.file, load_form).report.value(COUNT) for state in states_of(folder, path)]


def test_each_saving_is_kept_with_its_time_the_latest_first(folder: Path, path: Path, report: Report) -> None:
    for count in (1, 2, 3):
        keep(folder, report.with_entry(COUNT, count), path, NOW + count)
    assert figures(folder, path) == [3, 2, 1]
    assert [state.when for state in states_of(folder, path)] == [NOW + 3, NOW + 2, NOW + 1]
    latest = states_of(folder, path)[0].file
    assert latest.read_bytes() == dump(report.with_entry(COUNT, 3), path.parent)


def test_what_is_the_latest_already_is_not_kept_twice(folder: Path, path: Path, report: Report) -> None:
    for later in range(3):
        keep(folder, report, path, NOW + later)
    keep(folder, report.with_entry(COUNT, 1), path, NOW + 5)
    keep(folder, report, path, NOW + 6)
    assert figures(folder, path) == [None, 1, None]


def test_each_report_has_its_own(folder: Path, path: Path, report: Report) -> None:
    other = path.with_name("另一份.gxr")
    keep(folder, report.with_entry(COUNT, 1), path, NOW)
    keep(folder, report.with_entry(COUNT, 2), other, NOW)
    assert (figures(folder, path), figures(folder, other)) == ([1], [2])


@pytest.mark.skipif(os.name == "nt", reason="the user's folders are private there")
def test_nobody_else_can_read_them(folder: Path, path: Path, report: Report) -> None:
    keep(folder, report, path, NOW)
    (state,) = states_of(folder, path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(state.file.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path, path: Path, report: Report) -> None:
    (tmp_path / "states").write_text("something else", encoding="utf-8")
    keep(tmp_path / "states", report, path, NOW)
    assert states_of(tmp_path / "states", path) == ()


def test_what_else_lies_in_the_folder_is_left_alone(folder: Path, path: Path, report: Report) -> None:
    folder.mkdir(parents=True)
    (folder / "笔记.txt").write_text("mine", encoding="utf-8")
    (folder / f"{'0' * 16}-20260112T160000.000000-{'0' * 12}.gxr").mkdir()
    keep(folder, report, path, NOW)
    assert len(states_of(folder, path)) == 1
    assert (folder / "笔记.txt").exists()


def saved(ages: list[float], size: int = 1000) -> list[SavedState]:
    return [
        SavedState(Path(f"{place}.gxr"), NOW - age, size, f"{place:012}") for place, age in enumerate(ages)
    ]


def test_of_the_days_before_the_last_saving_of_each_is_kept() -> None:
    ages = [minute * 60.0 for minute in range(LATEST)]  # this afternoon
    ages += [day * DAY + hour * HOUR for day in range(1, 20) for hour in range(3)]
    kept = kept_of(saved(ages), NOW)
    assert [NOW - state.when for state in kept] == ages[:LATEST] + [day * DAY * 1.0 for day in range(1, DAYS)]


def test_a_report_of_long_ago_keeps_its_latest_states() -> None:
    ages = [(60 + day) * DAY * 1.0 for day in range(30)]
    assert len(kept_of(saved([0.0, *ages]), NOW)) == ALWAYS


def test_states_of_a_clock_that_ran_ahead_are_kept_like_the_latest() -> None:
    assert len(kept_of(saved([-400.0 * DAY, 0.0, 60.0]), NOW)) == 3


def test_very_large_states_give_way_first_and_the_latest_stays() -> None:
    assert len(kept_of(saved([float(age) for age in range(30)], ROOM // 4), NOW)) == 4
    assert len(kept_of(saved([0.0, 1.0], ROOM * 2), NOW)) == 1


@given(st.lists(st.tuples(st.floats(0, 40 * DAY), st.integers(1, ROOM)), max_size=120))
def test_what_is_kept_is_within_the_bounds_whatever_was_saved(given_states: list[tuple[float, int]]) -> None:
    states = [
        SavedState(Path("a.gxr"), NOW - age, size, str(place))
        for place, (age, size) in enumerate(sorted(given_states))
    ]
    kept = kept_of(states, NOW)
    assert len(kept) <= LATEST + DAYS + 1
    assert len(kept) == 1 or sum(state.size for state in kept) <= ROOM
    assert bool(kept) == bool(states)
    assert list(kept) == [state for state in states if state in kept]
    assert kept_of(kept, NOW) == kept


def test_all_reports_together_have_a_bound_too(
    folder: Path, path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(dump(report.with_entry(COUNT, 1), path.parent))
    monkeypatch.setattr(saved_states, "ROOM_OF_ALL", 3 * size + size // 2)
    for number in range(5):
        file = path.with_name(f"{number}.gxr")
        keep(folder, report.with_entry(COUNT, number), file, NOW + timedelta(minutes=number).seconds)
    left = [number for number in range(5) if states_of(folder, path.with_name(f"{number}.gxr"))]
    assert left == [2, 3, 4]
