"""The list of what should be looked at: its rows, their choices by mouse and keys, and how they are spoken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.core.report import blank_report
from gxeditor.imports.recognize.report import Imported
from gxeditor.imports.source import ImportNote, Origin, RawCell, RawTable, Source
from gxeditor.resources import load_form
from gxeditor.ui.importing.decisions import Decisions
from gxeditor.ui.importing.doubts import ACCEPT, BLANK, LOOK, NoteList
from gxeditor.ui.look import theme

FORM = load_form()
PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"
RAW = RawCell(0, 0, 1, 1, "O", Origin(paragraph=4))
OFFER = ImportNote.on([RAW], "表三 · 一", "原文是字母“O”。", "留空。", [PERSON], offers=[(PERSON, "0")])
ROW = ImportNote.on(
    [],
    "表三（五）1.",
    "与行名差一个字。",
    "没有读入。",
    [PERSON, COMPANY],
    offers=[(PERSON, "12"), (COMPANY, "0")],
)
TOLD = ImportNote.on([], "表三", "表格断开。", "已接上。", severity="info")


@pytest.fixture
def rows(qtbot: QtBot, qapp: QApplication) -> NoteList:
    theme.apply_theme(qapp, "light")
    source = Source((RawTable((RAW,)),))
    read = Imported(blank_report(FORM, 2022), (OFFER, ROW, TOLD), {}, source)
    view = NoteList(read.notes, source.lines, Decisions(read))
    qtbot.addWidget(view)
    view.resize(1326, 160)
    view.show()
    QApplication.processEvents()
    return view


def choices(view: NoteList, row: int) -> list[str]:
    """The choices along a row, from left to right."""
    y = view.visualItemRect(view.item(row)).center().y()
    found = [view.choice_at(QPoint(x, y)) for x in range(0, view.viewport().width(), 4)]
    return list(dict.fromkeys(choice[1] for choice in found if choice is not None))


def spoken(view: NoteList, row: int) -> str:
    return str(view.item(row).data(Qt.ItemDataRole.AccessibleTextRole))


def test_a_row_has_the_choices_that_there_are(rows: NoteList) -> None:
    assert choices(rows, 0) == [ACCEPT, LOOK]
    assert choices(rows, 1) == [ACCEPT]
    assert choices(rows, 2) == []
    rows.decisions.accept([OFFER])
    rows.renew()
    assert choices(rows, 0) == [BLANK, LOOK]


def test_a_row_says_what_accepting_does_and_that_it_was_done(rows: NoteList) -> None:
    assert spoken(rows, 0).endswith("按 Enter 采用 0")
    assert spoken(rows, 1).endswith("按 Enter 采用 2 格")
    assert spoken(rows, 2) == "说明，表三，表格断开。，已接上。"
    rows.decisions.accept([OFFER])
    rows.renew()
    assert "已采用 0，导入后仍会标出。" in spoken(rows, 0)
    assert spoken(rows, 0).endswith("已采用 0，按 Del 留空")


@pytest.mark.parametrize(("key", "asked"), [(Qt.Key.Key_Return, ACCEPT), (Qt.Key.Key_Delete, BLANK)])
def test_keys_ask_for_the_present_row(rows: NoteList, qtbot: QtBot, key: Qt.Key, asked: str) -> None:
    rows.setCurrentRow(1)
    with qtbot.waitSignal(rows.asked) as got:
        QTest.keyClick(rows, key)
    assert got.args == [ROW, asked]


def test_a_click_asks_for_the_choice_under_the_mouse(rows: NoteList, qtbot: QtBot) -> None:
    y = rows.visualItemRect(rows.item(0)).y() + 14
    x = next(x for x in range(rows.viewport().width()) if rows.choice_at(QPoint(x, y)) == (OFFER, ACCEPT))
    with qtbot.waitSignal(rows.asked) as got:
        QTest.mouseClick(
            rows.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x + 20, y)
        )
    assert got.args == [OFFER, ACCEPT]


def test_rows_are_thirty_high_where_their_words_fit(rows: NoteList) -> None:
    assert {rows.sizeHintForRow(row) for row in range(3)} == {30}


def test_a_list_without_figures_to_accept_gives_their_room_to_the_words(qtbot: QtBot) -> None:
    long = replace(TOLD, what="表格断开。" * 12)
    read = Imported(blank_report(FORM, 2022), (long,), {}, Source(()))
    view = NoteList(read.notes, read.source.lines, Decisions(read))
    qtbot.addWidget(view)
    view.resize(900, 160)
    view.show()
    assert view.sizeHintForRow(0) > 30
    assert choices(view, 0) == []
