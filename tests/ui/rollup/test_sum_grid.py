"""The look of sums in the printed table, and what is copied of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.sums import Number, Sum, YearSum, counts, sums, years
from gxeditor.core.year_beside import View
from gxeditor.ui.rollup.sum_grid import SumGrid, rate_shown, signed
from tests.rollup_sample import songtang, unit_id

NEW = "requests.received.natural_person"


@pytest.mark.parametrize(
    ("number", "text"), [(8, "＋8"), (-2, "－2"), (0, "0"), (Decimal("-0.50"), "－0.50"), (None, "")]
)
def test_a_difference_has_its_sign(number: Number | None, text: str) -> None:
    assert signed(number) == text


@pytest.mark.parametrize(
    ("now", "then", "text"),
    [
        (12, 10, "＋20%"),
        (10, 10, "0"),
        (3, 0, "新增"),
        (0, 0, ""),
        (100001, 100000, "不到 0.1%"),
        (None, None, ""),
    ],
)
def test_a_rate_is_over_the_same_units(now: int | None, then: int | None, text: str) -> None:
    assert rate_shown(YearSum(Sum(99, 9, 9), Sum(1, 1, 9), 1, now, then)) == text


def grid_of(qtbot: QtBot, rollup: Rollup, key: str = "requests", view: View = View.NOW) -> SumGrid:
    table = next(one for one in rollup.form.tables if one.key == key)
    grid = SumGrid(table, "合计")
    qtbot.addWidget(grid)
    grid.resize(960, 520)
    of = counts(rollup)[""]
    grid.model_.show_sums(sums(rollup), years(rollup), view, of.entered, of.of)
    return grid


def test_a_sum_of_fewer_units_asks_and_others_do_not(qtbot: QtBot) -> None:
    rollup = songtang()
    fewer = {list(rollup.form.cells)[i] for i in rollup.used[unit_id("民政局")].unread}
    looks = grid_of(qtbot, rollup).model_.looks
    assert {cell for cell, look in looks.items() if look.severity is Severity.QUERY} == fewer
    disputes = grid_of(qtbot, songtang(), "disputes").model_
    assert {look.severity for look in disputes.looks.values()} == {None}


def test_every_cell_is_spoken_with_its_completeness(qtbot: QtBot) -> None:
    cell = songtang().form.cells["disputes.reconsideration.upheld"]
    model = grid_of(qtbot, songtang(), "disputes").model_
    assert model.spoken(cell) == "行政复议 · 结果维持，0，49 家中 45 家"


def test_keys_go_over_headings_inside_the_table(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, songtang(), "proactive")
    grid.go_to("proactive.normative_documents.issued")
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current() == "proactive.licensing.decisions"
    QTest.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert grid.current() == "proactive.fees.amount"


def test_last_years_copy_says_of_how_many_units_last_year_was(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, songtang(), view=View.THEN)
    rows = grid.texts([songtang().form.cells[NEW]])
    assert rows[0][0] == "上年合计（49 家全部）"


def test_the_whole_of_a_table_with_merged_cells_is_copied(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, songtang(), "proactive")
    grid.selectAll()
    assert len(grid.laid.selected) == 10


def test_a_complete_list_says_so(qtbot: QtBot) -> None:
    rollup = songtang()
    used = {one.unit for one in rollup.received if not one.unread}
    listed = tuple(unit for unit in rollup.units.listed if unit.id in used or unit.id in rollup.parents)
    complete = replace(rollup, units=type(rollup.units)(listed))
    assert grid_of(qtbot, complete).model_.title == "合计（44 家全部）"


def test_selecting_by_keys_reaches_as_far_as_was_pressed(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, songtang())
    grid.go_to(NEW)
    for _ in range(2):
        QTest.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(grid.laid.selected) == 6
    assert grid.current() == NEW
