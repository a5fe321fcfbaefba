"""A table of texts: its lines, what they lead to, what is copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.ui.rollup.plain_table import Column, Line, PlainTable

COLUMNS = (Column("单位"), Column("数", 60, True))


def table(qtbot: QtBot) -> PlainTable:
    made = PlainTable("表")
    qtbot.addWidget(made)
    made.show_lines(COLUMNS, [Line("a", ("教育局", "3")), Line("", ("小计", "3"), strong=True)])
    return made


def test_enter_and_delete_tell_what_line_they_were_pressed_on(qtbot: QtBot) -> None:
    made = table(qtbot)
    opened: list[str] = []
    removed: list[str] = []
    made.opened.connect(opened.append)
    made.removed.connect(removed.append)
    for row in (0, 1):
        made.setCurrentIndex(made.model().index(row, 0))
        QTest.keyClick(made, Qt.Key.Key_Return)
        QTest.keyClick(made, Qt.Key.Key_Delete)
    assert (opened, removed) == (["a"], ["a"])


def test_what_is_copied_begins_with_what_it_is_of(qtbot: QtBot) -> None:
    made = table(qtbot)
    made.of = "合计（2 家中 1 家）"
    made.copy(everything=True)
    assert QGuiApplication.clipboard().text() == "合计（2 家中 1 家）\r\n单位\t数\r\n教育局\t3\r\n小计\t3\r\n"


def test_the_chosen_line_stays_chosen_when_lines_come(qtbot: QtBot) -> None:
    made = table(qtbot)
    made.setCurrentIndex(made.model().index(0, 0))
    made.show_lines(COLUMNS, [Line("b", ("公安局", "1")), Line("a", ("教育局", "4"))])
    assert (made.key(), made.currentIndex().row()) == ("a", 1)


def test_a_line_is_read_aloud_with_its_headings(qtbot: QtBot) -> None:
    made = table(qtbot)
    index = made.model().index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "单位 教育局，数 3"
