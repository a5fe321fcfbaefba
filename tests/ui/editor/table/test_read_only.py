"""A table of the form that is only read: keys lead through it, and what it is asked for is passed on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.core.form import Form
from gxeditor.ui.editor.table.cells import Look, TableModel
from gxeditor.ui.editor.table.read_only import ReadOnlyGrid

NEW = "requests.received.natural_person"


@pytest.fixture
def grid(qtbot: QtBot, form: Form) -> ReadOnlyGrid[TableModel]:
    table = form.section("requests").table
    assert table is not None
    model = TableModel(table)
    model.looks = {cell.id: Look("0", "zero", "", None) for cell in table.cells}
    grid = ReadOnlyGrid(model, "表三")
    qtbot.addWidget(grid)
    grid.resize(960, 520)
    return grid


def test_arrows_ends_and_pages_lead_through_it(grid: ReadOnlyGrid[TableModel]) -> None:
    assert grid.current() == NEW
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current() == "requests.received.company"
    QTest.keyClick(grid, Qt.Key.Key_End)
    assert grid.current() == "requests.received.total"
    QTest.keyClick(grid, Qt.Key.Key_PageDown)
    assert grid.current() == "requests.carried_forward.total"
    QTest.keyClick(grid, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert grid.current() == NEW


def test_enter_and_escape_are_passed_on_and_typing_changes_nothing(
    grid: ReadOnlyGrid[TableModel], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(grid.opened) as opened:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert opened.args == [NEW]
    with qtbot.waitSignal(grid.left):
        QTest.keyClick(grid, Qt.Key.Key_Escape)
    QTest.keyClick(grid, Qt.Key.Key_7)
    assert grid.model_.looks[NEW].text == "0"


def test_it_goes_round_through_the_cells_it_is_told(grid: ReadOnlyGrid[TableModel]) -> None:
    cells = ["requests.carried_forward.company", "requests.handled.granted.company"]
    assert not grid.go_to_next_of([], 1)
    seen = []
    for _ in range(3):
        assert grid.go_to_next_of(cells, 1)
        seen.append(grid.current())
    assert seen == [cells[1], cells[0], cells[1]]
    grid.go_to_next_of(cells, -1)
    assert grid.current() == cells[0]


def test_the_whole_table_can_be_chosen(grid: ReadOnlyGrid[TableModel]) -> None:
    grid.selectAll()
    assert [cell.id for cell in grid.chosen] == [cell.id for cell in grid.table.cells]
