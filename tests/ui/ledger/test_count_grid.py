"""The report's figure and the ledger's, side by side in the printed tables."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.core.form import Form, Table
from gxeditor.core.report import Entry
from gxeditor.ui.ledger.count_grid import LEDGER, REPORT, CountGrid, cell_of, paired, side_id

GRANTED = "requests.handled.granted.natural_person"


def table_of(form: Form, key: str) -> Table:
    table = form.section(key).table
    assert table is not None
    return table


def grid_of(qtbot: QtBot, form: Form, key: str = "requests") -> CountGrid:
    grid = CountGrid(table_of(form, key), "表")
    qtbot.addWidget(grid)
    grid.resize(974, 523)
    return grid


@pytest.mark.parametrize("key", ["requests", "disputes"])
def test_every_cell_of_the_form_stands_there_twice_below_the_forms_own_headings(form: Form, key: str) -> None:
    table = table_of(form, key)
    grid = paired(table).grid()
    assert {cell_of(name) for name in grid.of_cell} == {cell.id for cell in table.cells}
    assert len(grid.of_cell) == 2 * len(table.cells)
    printed = {place.text for place in table.grid().places if place.kind in ("column", "row")}
    shown = {place.text for place in grid.places if place.kind in ("column", "row")}
    assert shown == printed | {"年报", "台账"}


@pytest.mark.parametrize("key", ["requests", "disputes"])
def test_the_places_of_the_table_neither_overlap_nor_leave_a_gap(form: Form, key: str) -> None:
    grid = paired(table_of(form, key)).grid()
    covered = [
        (place.row + i, place.column + j)
        for place in grid.places
        for i in range(place.row_span)
        for j in range(place.column_span)
    ]
    assert len(covered) == len(set(covered)) == grid.rows * grid.columns


def test_the_names_of_the_sides_stand_in_one_line(form: Form) -> None:
    grid = paired(table_of(form, "requests")).grid()
    rows = {place.row for place in grid.places if place.text in ("年报", "台账")}
    assert rows == {grid.head_rows - 1}


def test_equal_figures_are_quiet_and_different_ones_ask(qtbot: QtBot, form: Form) -> None:
    grid = grid_of(qtbot, form)
    cells = [cell.id for cell in grid.model_.of_form.values()]
    counts = dict.fromkeys(cells, 3)
    report: dict[str, Entry] = dict.fromkeys(cells, 3)
    report[GRANTED] = 4
    grid.model_.show_pairs(report, counts, {GRANTED})
    looks = grid.model_.looks
    assert {cell_of(name) for name, look in looks.items() if look.severity is Severity.QUERY} == {GRANTED}
    assert (looks[side_id(GRANTED, REPORT)].text, looks[side_id(GRANTED, LEDGER)].text) == ("4", "3")
    assert looks[side_id(cells[0], LEDGER)].what == "quiet"
    assert looks[side_id(cells[0], REPORT)].what == "number"
    said = grid.model_.spoken(next(c for c in grid.table.cells if c.id == side_id(GRANTED, LEDGER)))
    assert said == "三（一）予以公开 · 自然人，年报 4，台账 3，不同"


def test_a_figure_that_stands_for_a_reason_is_marked_hollow(qtbot: QtBot, form: Form) -> None:
    model = grid_of(qtbot, form).model_
    counts = dict.fromkeys(model.cells, 0)
    model.show_pairs({GRANTED: 1}, counts, (), {GRANTED})
    look = model.looks[side_id(GRANTED, LEDGER)]
    assert look.explained
    assert look.severity is None


def test_nothing_is_shown_of_a_year_that_nobody_counted(qtbot: QtBot, form: Form) -> None:
    model = grid_of(qtbot, form).model_
    model.show_pairs({}, None, ())
    assert {look.text for look in model.looks.values()} == {""}


def test_only_different_ones_are_seen_on_demand(qtbot: QtBot, form: Form) -> None:
    model = grid_of(qtbot, form).model_
    model.show_pairs({GRANTED: 1}, dict.fromkeys(model.cells, 0), {GRANTED}, only_differing=True)
    assert {cell_of(name) for name, look in model.looks.items() if look.text} == {GRANTED}


def test_one_cell_after_the_other_that_differs_comes_into_hand(qtbot: QtBot, form: Form) -> None:
    grid = grid_of(qtbot, form)
    total = "requests.handled.total.total"
    grid.model_.show_pairs({}, dict.fromkeys(grid.model_.cells, 0), {GRANTED, total})
    assert grid.go_to_differing(1)
    assert grid.current_cell == GRANTED
    grid.go_to_differing(1)
    assert grid.current_cell == total
    grid.go_to_differing(1)
    assert grid.current_cell == GRANTED


def test_ctrl_enter_takes_the_figure_over_and_enter_looks_behind_it(qtbot: QtBot, form: Form) -> None:
    grid = grid_of(qtbot, form)
    with qtbot.waitSignal(grid.adopted), qtbot.assertNotEmitted(grid.opened):
        QTest.keyClick(grid, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(grid.opened):
        QTest.keyClick(grid, Qt.Key.Key_Return)


def test_a_copied_cell_says_both_figures(qtbot: QtBot, form: Form) -> None:
    grid = grid_of(qtbot, form)
    grid.model_.show_pairs({GRANTED: 13}, {**dict.fromkeys(grid.model_.cells, 0), GRANTED: 12}, {GRANTED})
    assert grid.texts([GRANTED]) == [["格", "年报", "台账"], ["三（一）予以公开 · 自然人", "13", "12"]]


@pytest.mark.parametrize("size", [(974, 523), (908, 520), (1500, 900)])
def test_the_whole_table_is_in_view_at_the_sizes_of_ordinary_screens(
    qtbot: QtBot, form: Form, size: tuple[int, int]
) -> None:
    grid = grid_of(qtbot, form)
    grid.resize(*size)
    grid.show()
    assert grid.horizontalScrollBar().maximum() == 0
    assert grid.verticalScrollBar().maximum() == 0
