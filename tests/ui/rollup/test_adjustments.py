"""调整: making, changing and removing what is added to the sums beside the reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.errors import EntryError
from gxeditor.core.rollup.project import Adjustment, Rollup
from gxeditor.core.rollup.sums import decisions, sums
from gxeditor.ui.rollup import adjustments
from gxeditor.ui.rollup.adjustments import AdjustmentDialog, AdjustmentsPage, parse_delta
from tests.rollup_desk import KeepingDesk
from tests.rollup_sample import songtang, unit_id

FORM = songtang().form
NEW, NEW_TOTAL, CARRIED = (
    "requests.received.natural_person", "requests.received.total", "requests.carried_forward.natural_person",
)  # fmt: skip
HELD = "requests.handled.unable_to_provide.not_held.natural_person"
FEES = "proactive.fees.amount"


@pytest.mark.parametrize(
    ("text", "cell", "delta"),
    [
        ("-2", NEW, -2), ("－２", NEW, -2), ("＋3", NEW, 3), ("3", NEW, 3), ("- 1,200", NEW, -1200),
        ("-0.5", FEES, Decimal("-0.5")),
    ],
)  # fmt: skip
def test_a_delta_has_its_sign(text: str, cell: str, delta: object) -> None:
    assert parse_delta(text, FORM.cells[cell]) == delta


@pytest.mark.parametrize("text", ["", "-", "0", "-0", "/", "两件", "1.5", "--2x"])
def test_what_is_no_delta_is_refused(text: str) -> None:
    with pytest.raises(EntryError):
        parse_delta(text, FORM.cells[NEW])


def dialog_of(qtbot: QtBot, rollup: Rollup, cell: str = "", **more: object) -> AdjustmentDialog:
    dialog = AdjustmentDialog(None, rollup, cell, **more)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    return dialog


def test_an_adjustment_needs_a_cell_a_number_and_a_reason(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, songtang())
    keep = dialog.buttons["keep"]
    dialog._delta.setText("-2")
    dialog._reason.setText("两家各计了一次")
    assert not keep.isEnabled()  # no cell is chosen for the clerk
    dialog._cells.setCurrentIndex(dialog._cells.findData(HELD))
    assert keep.isEnabled()
    dialog._reason.setText("重复")
    assert not keep.isEnabled()
    dialog._reason.setText("两家各计了一次")
    dialog._delta.setText("很多")
    assert not keep.isEnabled()
    assert dialog._said.text() == "“很多”不是数字，没有填入。"


def test_the_totals_of_the_cell_are_moved_along_unless_they_are_unticked(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, songtang(), HELD)
    dialog._delta.setText("-2")
    dialog._reason.setText("两家各计了一次")
    dialog._unit.setCurrentIndex(dialog._unit.findData(unit_id("公安局")))
    assert len(dialog.boxes) == 3
    dialog.boxes["requests.handled.total.total"].setChecked(False)
    dialog.accept()
    assert [(one.cell, one.delta, one.unit) for one in dialog.adjustments] == [
        (cell, -2, unit_id("公安局"))
        for cell in (HELD, HELD.replace("natural_person", "total"), "requests.handled.total.natural_person")
    ]
    assert len({one.id for one in dialog.adjustments}) == 3


def test_the_dialog_says_what_the_sum_becomes_and_of_how_many_units(qtbot: QtBot) -> None:
    whole = songtang()
    dialog = dialog_of(qtbot, whole, NEW)
    dialog._delta.setText("-2")
    value = sums(whole)[NEW].value
    assert isinstance(value, int)
    assert dialog._said.text() == f"合计由 {value} 变为 {value - 2}，49 家中 45 家。"
    dialog._delta.setText("-99999")
    assert dialog._said.text().endswith("调整以后小于 0，请核对。")


ROWS = tuple(
    Adjustment(str(i), cell, -2, "两家各计了一次", "台账", day="2026-01-21")
    for i, cell in enumerate((NEW, NEW_TOTAL, HELD), start=1)
)


def test_changing_one_keeps_the_other_cells_of_the_same_decision(qtbot: QtBot) -> None:
    whole = replace(songtang(), adjustments=ROWS)
    dialog = dialog_of(qtbot, whole, made=decisions(whole.adjustments)[0])
    assert dialog.boxes[NEW_TOTAL].isChecked()
    dialog._delta.setText("-3")
    dialog._reason.setText("三家各计了一次")
    dialog.accept()
    assert [(one.cell, one.delta, one.reason) for one in dialog.adjustments] == [
        (NEW, -3, "三家各计了一次"), (NEW_TOTAL, -3, "三家各计了一次"), (HELD, -2, "三家各计了一次"),
    ]  # fmt: skip


Make = Callable[[Rollup], tuple[AdjustmentsPage, KeepingDesk]]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Make:
    def page_of(rollup: Rollup) -> tuple[AdjustmentsPage, KeepingDesk]:
        frame = QWidget()
        qtbot.addWidget(frame)
        desk = KeepingDesk(rollup, tmp_path, frame)
        return AdjustmentsPage(desk, frame), desk

    return page_of


def test_every_line_says_what_the_sum_becomes_with_its_completeness(make: Make) -> None:
    page, _ = make(replace(songtang(), adjustments=ROWS))
    assert [line.texts[0] for line in page.table.lines] == ["1", "", ""]
    assert all(line.texts[3].endswith("（49 家中 45 家）") for line in page.table.lines)
    assert page._said.text().startswith("1 条，共 3 格")


def test_sums_that_no_longer_add_up_are_named(make: Make) -> None:
    page, desk = make(replace(songtang(), adjustments=ROWS[:1]))
    assert "“表三 · 一、本年新收 · 总计”差 ＋2" in page._off.text()
    desk.session.edit(replace(desk.session.rollup, adjustments=()), "清空")
    assert page._off.text() == ""
    assert page.table.lines == ()


def test_an_adjustment_of_a_cell_that_the_form_has_not_is_said_not_to_count(make: Make) -> None:
    page, _ = make(replace(songtang(), adjustments=(Adjustment("1", "old.cell", 3, "旧表的格"),)))
    assert page.table.lines[0].texts[1] == "old.cell（表里没有这一格，没有计入）"


def test_removing_one_is_asked_and_is_one_step(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    page, desk = make(replace(songtang(), adjustments=(*ROWS, Adjustment("9", CARRIED, 1, "漏计一件"))))
    answers = iter(["cancel", "remove"])
    monkeypatch.setattr(adjustments, "ask", lambda *_, **__: next(answers))
    page.remove("1")
    assert len(desk.session.rollup.adjustments) == 4
    page.remove("1")
    assert [one.id for one in desk.session.rollup.adjustments] == ["9"]
    desk.session.undo()
    assert desk.session.rollup.adjustments[:3] == ROWS


def test_a_held_rollup_takes_no_adjustment(make: Make) -> None:
    page, desk = make(replace(songtang(), adjustments=ROWS))
    desk.session.held = "只能看"
    desk.session.changed.emit()
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    assert not page.add_button.isEnabled()
    assert not page._remove.isEnabled()


def test_a_part_of_a_name_typed_over_a_chosen_cell_is_no_cell(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, songtang(), HELD)
    dialog._delta.setText("-2")
    dialog._reason.setText("两家各计了一次")
    keep = dialog.buttons["keep"]
    assert keep.isEnabled()
    dialog._cells.setEditText("总计")
    assert dialog.cell == ""
    assert not keep.isEnabled()
    dialog.accept()
    assert dialog.adjustments == ()
    dialog._cells.setCurrentIndex(dialog._cells.findData(CARRIED))
    assert dialog.cell == CARRIED
    assert keep.isEnabled()


def test_of_very_many_units_nothing_is_reckoned_before_somebody_looks(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adjustments, "BESIDE", 3)
    frame = QWidget()
    qtbot.addWidget(frame)
    desk = KeepingDesk(songtang(), tmp_path, frame)
    page = AdjustmentsPage(desk, frame)
    made = Adjustment("1", NEW, -2, "两家各计了一次")
    desk.session.edit(replace(desk.session.rollup, adjustments=(made,)), "新调整")
    assert page.table.lines == ()
    frame.show()
    qtbot.waitUntil(lambda: len(page.table.lines) == 1)
    desk.session.undo()
    qtbot.waitUntil(lambda: page.table.lines == ())
    desk.session.flush()
