"""The list of rules as a table: what stands in its columns, and how the keys go through it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.standing import Standing, standings
from gxeditor.ui.checks.table import CODE, HEADINGS, ROW, LinesView, shown
from gxeditor.ui.session import Session

ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def lines(session: Session) -> tuple[Standing, ...]:
    session.close_rule("E-02", "本省用斜杠")
    return standings(session.rules, session.findings)


@pytest.fixture
def view(lines: tuple[Standing, ...], qtbot: QtBot) -> LinesView:
    view = LinesView(None)  # type: ignore[arg-type]
    qtbot.addWidget(view)
    view.resize(860, 500)
    view.set_lines(lines, 0)
    view.show()
    return view


def test_values_stand_in_their_columns_and_a_reason_in_their_place(lines: tuple[Standing, ...]) -> None:
    texts = {line.rule.id: [shown(line, column) for column in range(len(HEADINGS))] for line in lines}
    assert texts["Y-01.total"] == [
        "不等",
        "总计：上年年报的结转下年度＝本年的上年结转",
        "5",
        "4",
        "1",
        "Y-01",
    ]
    assert texts["T3-01.company"][2:] == ["0", "0", "0", "T3-01"]
    assert texts["E-02"][2:] == ["本省用斜杠", "", "", "E-02"]
    assert texts["E-04"][2:] == ["", "", "", "E-04"]


def test_every_line_is_spoken_whole_and_tells_its_basis(view: LinesView, lines: tuple[Standing, ...]) -> None:
    model = view.model()
    assert model.rowCount() == len(lines)
    for row, line in enumerate(lines):
        index = model.index(row, 0)
        assert model.data(index, ACCESSIBLE).startswith(line.word)
        assert line.rule.basis.split("<")[0] in model.data(index, Qt.ItemDataRole.ToolTipRole)
    assert [model.headerData(i, Qt.Orientation.Horizontal) for i in range(6)] == list(HEADINGS)


def test_keys_go_through_the_lines_lead_away_and_ask_for_an_explanation(
    view: LinesView, lines: tuple[Standing, ...], qtbot: QtBot
) -> None:
    view.setFocus()
    with qtbot.waitSignal(view.arrived):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.line == lines[1]
    for key, signal in (
        (Qt.Key.Key_Return, view.chosen),
        (Qt.Key.Key_F2, view.explain_asked),
        (Qt.Key.Key_Escape, view.left),
    ):
        with qtbot.waitSignal(signal):
            QTest.keyClick(view, key)
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.line == lines[-1]


def test_three_hundred_lines_make_no_widget_and_keep_their_height(
    view: LinesView, lines: tuple[Standing, ...]
) -> None:
    many = (lines * 6)[:300]
    before = len(list(view.findChildren(QObject)))
    view.set_lines(many, 299)
    view.grab()
    assert len(list(view.findChildren(QObject))) == before
    assert view.rowHeight(299) >= ROW
    assert view.line is many[299]


def test_a_narrow_list_leaves_out_the_code_which_the_detail_tells(view: LinesView) -> None:
    assert not view.isColumnHidden(CODE)
    view.resize(500, 500)
    assert view.isColumnHidden(CODE)


def test_it_draws_every_state(view: LinesView) -> None:
    first = view.grab().toImage()
    view.scrollToBottom()
    assert view.grab().toImage() != first
