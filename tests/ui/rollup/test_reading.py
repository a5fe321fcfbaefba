"""The folder of a roll-up is read beside its window, as it comes, and stopped when that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from gxeditor.core.errors import GxError
from gxeditor.core.rollup.units import Units
from gxeditor.resources import load_form
from gxeditor.store.rollup_file import save_rollup
from gxeditor.ui.rollup.reading import FolderReading
from gxeditor.ui.rollup.session import RollupSession
from tests.rollup_sample import OWNER, report_of, songtang, unit_id, units, write_folder, write_reports
from tests.window import settled

pytestmark = pytest.mark.usefixtures("qapp")
FORM = load_form()


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[FolderReading]:
    path = tmp_path / "松塘县2025年汇总.gxh"
    rollup = replace(songtang(), received=(), returned=(), changed=frozenset())
    session = RollupSession(rollup, path, sha256=save_rollup(rollup, path, None))
    reading = FolderReading(session)
    yield reading
    reading.give_up()
    settled(lambda: not reading.is_reading)
    session.flush()


def read(reading: FolderReading) -> None:
    reading.begin()
    settled(lambda: not reading.is_reading)


def session_of(reading: FolderReading) -> RollupSession:
    return reading._session


def test_all_files_are_read_and_told_of(reading: FolderReading, tmp_path: Path) -> None:
    write_folder(tmp_path)
    told: list[tuple[int, int]] = []
    reading.advanced.connect(lambda done, of, _: told.append((done, of)))
    read(reading)
    assert len(session_of(reading).rollup.received) == 46
    assert told[0][1] == told[-1][0] == 46


def test_a_list_that_is_taken_while_files_are_read_claims_all_of_them(
    reading: FolderReading, tmp_path: Path
) -> None:
    write_folder(tmp_path)
    session = session_of(reading)
    session.edit(replace(session.rollup, units=Units()), "没有名单")
    reading.begin()
    settled(lambda: bool(session.rollup.received))
    assert reading.is_reading
    session.edit(replace(session.rollup, units=units()), "用名单")
    settled(lambda: not reading.is_reading)
    assert len(session.rollup.received) == 46
    assert [one.path for one in session.rollup.unclaimed] == ["县直/城管执法局年报终稿.gxr"]


def test_a_report_that_is_claimed_for_a_unit_is_compared_with_its_last_year(
    reading: FolderReading, tmp_path: Path
) -> None:
    write_reports(tmp_path, [("城管执法局.gxr", report_of(FORM, "城管执法局", (120, 110, 10)))])
    read(reading)
    session = session_of(reading)
    (one,) = session.rollup.received
    assert not one.unit
    claimed = replace(one, unit=unit_id("城市管理局"), candidates=())
    session.edit(session.rollup.with_received([claimed]), "认领")
    settled(lambda: session.rollup.received[0].basis != one.basis)
    assert session.rollup.received[0].unit == unit_id("城市管理局")


def test_a_second_reading_changes_nothing_and_a_changed_file_is_read_alone(
    reading: FolderReading, tmp_path: Path
) -> None:
    write_folder(tmp_path)
    read(reading)
    before = session_of(reading).rollup
    read(reading)
    assert session_of(reading).rollup is before
    write_reports(tmp_path, [("县直/教育局2025.gxr", report_of(FORM, f"{OWNER}教育局", (25, 24, 2)))])
    read(reading)
    changed = [
        new.path
        for new, old in zip(session_of(reading).rollup.received, before.received, strict=True)
        if new != old
    ]
    assert changed == ["县直/教育局2025.gxr"]


def test_what_a_person_claims_while_files_are_read_stays(reading: FolderReading, tmp_path: Path) -> None:
    write_folder(tmp_path)
    session = session_of(reading)
    claimed: list[bool] = []

    def claim() -> None:
        waiting = [one for one in session.rollup.unclaimed if "城管执法局" in one.path]
        if waiting and not claimed and reading.is_reading:
            claimed.append(True)
            one = replace(waiting[0], unit=unit_id("城市管理局"), matched="您选定的")
            session.edit(session.rollup.with_received([one]), "认领")

    session.changed.connect(claim)
    read(reading)
    if not claimed:  # all came in one handful, at the end
        pytest.skip("the machine was too quick for a person")
    assert unit_id("城市管理局") in session.rollup.used


def test_a_reading_that_is_stopped_keeps_what_was_read(reading: FolderReading, tmp_path: Path) -> None:
    write_folder(tmp_path)
    reading.begin()
    reading.stop()
    settled(lambda: not reading.is_reading)
    assert len(session_of(reading).rollup.received) <= 46
    read(reading)
    assert len(session_of(reading).rollup.received) == 46


def test_asked_for_while_one_is_under_way_another_follows(reading: FolderReading, tmp_path: Path) -> None:
    write_folder(tmp_path)
    ended: list[bool] = []
    reading.ended.connect(lambda: ended.append(True))
    reading.begin()
    reading.begin()
    settled(lambda: len(ended) == 2)


def test_a_folder_that_is_gone_is_told_and_again_once_it_is_back(
    reading: FolderReading, tmp_path: Path
) -> None:
    told: list[GxError | None] = []
    reading.trouble.connect(told.append)
    session = session_of(reading)
    there = session.path
    session.path = tmp_path / "没有" / "汇总.gxh"
    read(reading)
    assert isinstance(told[-1], GxError)
    assert reading.is_missing
    session.path = there
    read(reading)
    assert told[-1] is None
    assert not reading.is_missing


def test_a_roll_up_that_is_only_looked_at_is_not_read(reading: FolderReading, tmp_path: Path) -> None:
    write_folder(tmp_path)
    session_of(reading).held = "在别处打开"
    reading.begin()
    assert not reading.is_reading


def test_one_that_is_gone_while_files_are_read_hears_nothing_of_it(
    reading: FolderReading, tmp_path: Path
) -> None:
    write_folder(tmp_path)
    path = tmp_path / "另一个.gxh"
    rollup = session_of(reading).rollup
    gone = FolderReading(RollupSession(rollup, path, sha256=save_rollup(rollup, path, None)))
    gone.begin()
    task = gone._task
    assert task is not None
    ended: list[bool] = []
    task.ended.connect(lambda: ended.append(True))
    gone.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    task.cancel()
    settled(lambda: bool(ended))
