"""A sheet of an imported ledger, with our names above its columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.ui.ledger.import_sheet import NOT_COUNTED, LedgerSheet
from gxeditor.ui.ledger.import_state import ImportState, read_file_of
from tests.ledger_layout import NAMES, write_register


@pytest.fixture
def sheet(qtbot: QtBot, tmp_path: Path) -> LedgerSheet:
    path = write_register(tmp_path / "登记表(2025).xlsx")
    file = read_file_of(path, None, None, tmp_path / "kept")
    form = load_form()
    state = ImportState(path, file, form, load_vocabulary(form))
    sheet = LedgerSheet(state, state.sheets[0])
    qtbot.addWidget(sheet)
    sheet.resize(790, 380)
    sheet.show()
    return sheet


def test_rows_that_are_not_counted_say_so_and_why(sheet: LedgerSheet) -> None:
    look = sheet.look(7, 8)
    assert look is not None
    assert (look.text, look.ground) == (NOT_COUNTED, "card")
    assert "小计" in look.told
    assert sheet.look(4, 8) is None


def test_a_doubtful_cell_asks_and_says_why(sheet: LedgerSheet) -> None:
    look = sheet.look(8, 1)
    assert look is not None
    assert look.severity is Severity.QUERY
    assert "2月30日" in look.told


def test_a_press_on_a_name_or_enter_on_a_heading_asks_for_another(sheet: LedgerSheet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sheet.name_pressed) as pressed:
        QTest.mousePress(
            sheet.viewport(), Qt.MouseButton.LeftButton, pos=sheet.name_rect(2).center().toPoint()
        )
    assert pressed.args == [2]
    sheet.go_to(2, 3)
    with qtbot.waitSignal(sheet.name_pressed) as pressed:
        QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert pressed.args == [3]


def test_it_begins_with_the_headings_of_the_file(sheet: LedgerSheet) -> None:
    assert sheet.verticalScrollBar().value() > 0
    assert sheet.current == (2, 0)


def test_nobody_is_told_a_name_not_even_a_screen_reader(sheet: LedgerSheet) -> None:
    for row in range(sheet.rows):
        for column in range(sheet.columns):
            sheet.go_to(row, column)
            said = sheet.told(row, column) + sheet.accessibleDescription()
            assert not [name for name in NAMES if name in said]
