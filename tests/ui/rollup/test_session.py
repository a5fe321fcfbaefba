"""Steps of a roll-up: undone, kept in the file by themselves, and kept from a second computer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from gxeditor.core.errors import ChangedElsewhere, NotWritten
from gxeditor.core.rollup.project import Rollup
from gxeditor.resources import load_form
from gxeditor.store.rollup_file import read_rollup, save_rollup
from gxeditor.store.rollup_rescue import rescued, rescues
from gxeditor.ui.rollup.session import RollupSession
from tests.rollup_sample import received_of, report_of, songtang, unit_id
from tests.waiting import mortal, until

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "松塘县2025年汇总.gxh"


@pytest.fixture
def session(path: Path) -> RollupSession:
    rollup = songtang()
    return RollupSession(rollup, path, sha256=save_rollup(rollup, path, None))


def held(path: Path) -> Rollup:
    return read_rollup(path, load_form).rollup


def noted(rollup: Rollup, note: str, name: str = "商务局") -> Rollup:
    return rollup.with_unit(replace(rollup.units.by_id[unit_id(name)], note=note))


def note(rollup: Rollup, name: str = "商务局") -> str:
    return rollup.units.by_id[unit_id(name)].note


def settled(is_so: Callable[[], bool]) -> None:
    def so() -> bool:
        QApplication.processEvents()
        return is_so()

    until(so)


def test_a_step_is_undone_and_done_again(session: RollupSession) -> None:
    seen: list[str] = []
    session.changed.connect(lambda: seen.append(note(session.rollup)))
    assert session.edit(noted(session.rollup, "电话催过"), "备注")
    assert session.undo_label == "备注"
    assert session.undo()
    assert not session.undo()
    assert session.redo()
    assert not session.redo()
    assert seen == ["电话催过", "", "电话催过"]
    assert session.undo_label == "备注"


def test_a_new_step_takes_the_place_of_those_undone(session: RollupSession) -> None:
    session.edit(noted(session.rollup, "一"), "一")
    session.undo()
    session.edit(noted(session.rollup, "二"), "二")
    assert not session.redo_label
    assert note(session.rollup) == "二"


def test_undo_does_not_lead_back_before_what_was_read_of_the_folder(session: RollupSession) -> None:
    form = session.rollup.form
    came = received_of(report_of(form, "松塘县商务局", (4, 4, 0)), "县直/商务局2025.gxr", unit_id("商务局"))
    session.edit(noted(session.rollup, "催"), "备注")
    session.take_in(lambda rollup: rollup.with_received([came]))
    assert session.undo()
    assert note(session.rollup) == ""
    assert unit_id("商务局") in session.rollup.used
    assert session.redo()
    assert note(session.rollup) == "催"
    assert unit_id("商务局") in session.rollup.used


def test_reading_that_found_nothing_new_is_no_change(session: RollupSession) -> None:
    seen: list[int] = []
    session.changed.connect(lambda: seen.append(1))
    session.take_in(lambda rollup: rollup)
    assert not seen
    assert session.is_kept


def test_every_step_reaches_the_file_by_itself(session: RollupSession, path: Path) -> None:
    moments: list[object] = []
    session.kept.connect(moments.append)
    for number in range(5):
        session.edit(noted(session.rollup, str(number)), "备注")
    settled(lambda: session.is_kept)
    assert note(held(path)) == "4"
    assert len(moments) == 1  # in a row they are written together
    session.undo()
    settled(lambda: session.is_kept)
    assert note(held(path)) == "3"


def test_what_a_disk_refuses_is_said_and_written_once_it_can_be(path: Path) -> None:
    full = True
    written: list[Rollup] = []

    def save(rollup: Rollup, _path: Path, _sha256: str | None) -> str:
        if full:
            raise NotWritten("磁盘满了。", "改动还在。", "请腾出地方。")
        written.append(rollup)
        return "1"

    session = RollupSession(songtang(), path, save=save)
    told: list[object] = []
    session.keeping.connect(told.append)
    session.edit(noted(session.rollup, "一"), "备注")
    settled(lambda: bool(told))
    assert isinstance(told[-1], NotWritten)
    assert not session.flush()
    assert not session.is_kept
    full = False
    assert session.flush()
    assert note(written[-1]) == "一"
    assert told[-1] is None


def test_a_file_that_another_program_wrote_is_not_overwritten(session: RollupSession, path: Path) -> None:
    other = noted(songtang(), "别人写的")
    save_rollup(other, path, None)
    told: list[object] = []
    session.keeping.connect(told.append)
    session.edit(noted(session.rollup, "我写的"), "备注")
    settled(lambda: bool(told))
    assert isinstance(told[-1], ChangedElsewhere)
    assert note(held(path)) == "别人写的"
    elsewhere = path.with_name("另一份.gxh")
    session.save_as(elsewhere)
    assert note(held(elsewhere)) == "我写的"
    assert session.path == elsewhere
    session.unlock()


def test_saved_to_another_folder_it_names_the_files_from_there(
    session: RollupSession, tmp_path: Path
) -> None:
    (tmp_path / "别处").mkdir()
    session.save_as(tmp_path / "别处" / "汇总.gxh")
    assert all(one.path.startswith("../") for one in session.rollup.received)
    session.unlock()


def test_moved_with_its_folder_it_names_the_files_as_before(session: RollupSession, tmp_path: Path) -> None:
    before = session.rollup
    (tmp_path / "搬到这里").mkdir()
    session.move_to(tmp_path / "搬到这里")
    assert held(tmp_path / "搬到这里" / session.path.name).received == before.received
    session.unlock()


def test_a_second_program_may_only_look(session: RollupSession, path: Path) -> None:
    assert session.lock()
    other = RollupSession(held(path), path)
    assert not other.lock()
    assert other.is_held
    told: list[str] = []
    other.told.connect(told.append)
    assert not other.edit(noted(other.rollup, "二"), "备注")
    other.take_in(lambda rollup: noted(rollup, "读到"))
    assert told == [other.held]
    assert note(other.rollup) == ""
    session.unlock()
    assert other.lock()
    assert not other.is_held
    other.unlock()


def test_what_was_found_across_units_is_of_the_present_value(session: RollupSession) -> None:
    before = session.findings
    assert session.findings is before
    session.edit(noted(session.rollup, "一"), "备注")
    assert session.findings is not before


PROJECT = Path(__file__).parents[3]
_STEPS = """
import sys, time
from pathlib import Path
from dataclasses import replace
from PySide6.QtCore import QCoreApplication, QEventLoop
from gxeditor.resources import load_form
from gxeditor.store.rollup_file import read_rollup
from gxeditor.ui.rollup.session import RollupSession
app = QCoreApplication([])
path = Path(sys.argv[1])
opened = read_rollup(path, load_form)
session = RollupSession(opened.rollup, path, sha256=opened.sha256)
session.lock()
for number in range(1, 100_000):
    print("made", number, flush=True)
    unit = session.rollup.units.listed[10]
    session.edit(session.rollup.with_unit(replace(unit, note=str(number))), "备注")
    app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
    while number % 20 == 0 and not session.is_kept:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
    if session.is_kept:
        print("kept", number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of other systems")
def test_a_killed_program_leaves_a_whole_file_with_all_but_the_last_steps(
    session: RollupSession, path: Path
) -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-c", _STEPS, str(path)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        ) as child,
        mortal(child),
    ):
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(60)]
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.read().split("\n")
    steps = [line.split() for line in lines]
    kept = [int(step[1]) for step in steps if step[:1] == ["kept"] and len(step) == 2]
    made = {step[1] for step in steps if step[:1] == ["made"] and len(step) == 2}
    last = held(path).units.listed[10].note
    assert last in made, "half a file, or one of another time"
    assert int(last) >= kept[-1]
    again = RollupSession(held(path), path)
    assert again.lock(), "what was killed keeps nobody out"
    again.unlock()


def test_what_cannot_be_written_is_kept_in_the_users_data_until_it_is(path: Path, tmp_path: Path) -> None:
    rollup, folder = songtang(), tmp_path / "data" / "rollups"
    gone = True

    def save(new: Rollup, to: Path, known: str | None) -> str:
        if gone:
            raise NotWritten("没有写进去。", "改动都还在。", "请接上优盘。")
        return save_rollup(new, to, known)

    sha256 = save_rollup(rollup, path, None)
    session = RollupSession(rollup, path, sha256=sha256, save=save, rescues=folder)
    session.edit(noted(rollup, "催过"), "备注")
    settled(lambda: bool(rescues(folder)))
    (left,) = rescues(folder)
    assert note(rescued(left, load_form)) == "催过"
    assert (left.path, left.sha256) == (path, sha256)
    session.edit(noted(session.rollup, "又催过"), "备注")
    settled(lambda: note(rescued(rescues(folder)[0], load_form)) == "又催过")
    gone = False
    assert session.flush()
    settled(lambda: not rescues(folder))
    assert note(held(path)) == "又催过"
