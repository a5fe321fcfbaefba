"""Of several different files of a unit a person says which one stands for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.rollup.project import Rollup, State
from gxeditor.ui.rollup import which_file
from gxeditor.ui.rollup.which_file import WhichFileDialog, ask_which, different, files_of
from tests.rollup_desk import KeepingDesk
from tests.rollup_sample import OWNER, received_of, report_of, songtang, unit_id

UNIT = unit_id("教育局")


def with_another(
    figure: int = 25, path: str = "县直/教育局改后.docx", came: str = "2026-01-21T08:00"
) -> Rollup:
    rollup = songtang()
    report = report_of(rollup.form, f"{OWNER}教育局", (figure, 23, 2))
    return rollup.with_received([received_of(report, path, UNIT, received=came)])


def test_the_latest_file_is_first_and_none_is_chosen(qtbot: QtBot) -> None:
    rollup = with_another()
    dialog = WhichFileDialog(None, rollup.units.by_id[UNIT], rollup, different(rollup, UNIT))
    qtbot.addWidget(dialog)
    assert [line.texts[0] for line in dialog.table.lines] == ["县直\\教育局改后.docx", "县直\\教育局2025.gxr"]
    assert [line.texts[2] for line in dialog.table.lines] == ["25", "24"]
    assert dialog.chosen is None
    assert not dialog.buttons["take"].isEnabled()
    dialog.accept()
    assert dialog.answer == "cancel"
    dialog.table.selectRow(1)
    assert dialog.buttons["take"].isEnabled()
    dialog.accept()
    assert dialog.answer == "take"


@pytest.mark.parametrize("row", [0, 1])
def test_the_chosen_file_counts_and_what_comes_later_is_asked_about_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: int
) -> None:
    class Answered(WhichFileDialog):
        def run(self) -> str:
            self.table.selectRow(row)
            self.accept()
            self.deleteLater()
            return self.answer

    monkeypatch.setattr(which_file, "WhichFileDialog", Answered)
    frame = QWidget()
    qtbot.addWidget(frame)
    desk = KeepingDesk(with_another(), tmp_path, frame)
    session = desk.session
    unit = session.rollup.units.by_id[UNIT]
    assert session.rollup.state(unit) is State.UNCLAIMED
    ask_which(desk, unit)
    used = session.rollup.used[UNIT]
    assert used.path == ("县直/教育局改后.docx", "县直/教育局2025.gxr")[row]
    assert not different(session.rollup, UNIT)
    third = replace(used, path="县直/教育局再改.docx", sha256="9", values=(7, *used.values[1:]))
    later = session.rollup.with_received([third])
    assert later.state(unit) is State.UNCLAIMED
    assert {one.path for one in different(later, UNIT)} == {used.path, third.path}
    session.undo()
    assert UNIT not in session.rollup.used
    session.flush()


def test_what_is_read_while_it_is_asked_stays(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = QWidget()
    qtbot.addWidget(frame)
    desk = KeepingDesk(with_another(), tmp_path, frame)
    other = replace(desk.session.rollup.used[unit_id("司法局")], date="2026-01-20")

    class Answered(WhichFileDialog):
        def run(self) -> str:
            desk.session.take_in(lambda rollup: rollup.with_received([other]))
            self.table.selectRow(0)
            self.accept()
            self.deleteLater()
            return self.answer

    monkeypatch.setattr(which_file, "WhichFileDialog", Answered)
    ask_which(desk, desk.session.rollup.units.by_id[UNIT])
    assert desk.session.rollup.used[unit_id("司法局")].date == "2026-01-20"
    assert UNIT in desk.session.rollup.used
    desk.session.flush()


def test_a_file_that_was_left_out_can_be_chosen_again(qtbot: QtBot) -> None:
    rollup = with_another()
    one, other = different(rollup, UNIT)
    rollup = rollup.with_received([replace(one, decided="hold", decided_why="您选用了 另一份")])
    assert different(rollup, UNIT) == ()
    files = files_of(rollup, UNIT)
    assert {file.path for file in files} == {one.path, other.path}
    dialog = WhichFileDialog(None, rollup.units.by_id[UNIT], rollup, files)
    qtbot.addWidget(dialog)
    assert {line.texts[0].partition("（")[2] for line in dialog.table.lines} == {
        "现在计入）", "搁置：您选用了 另一份）",
    }  # fmt: skip
