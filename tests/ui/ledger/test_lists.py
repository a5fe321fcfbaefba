"""The list of codes under a cell."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.ledger.vocabulary import Vocabulary
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.ui.ledger.lists import CodeList, matching, used_lately
from tests.ledger_sample import sample_ledger


@pytest.fixture
def vocabulary() -> Vocabulary:
    return load_vocabulary(load_form())


@pytest.fixture
def ground(qtbot: QtBot) -> QWidget:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(800, 600)
    ground.show()
    return ground


@pytest.fixture
def codes(ground: QWidget, vocabulary: Vocabulary) -> CodeList:
    return CodeList(vocabulary, ground)


def first(vocabulary: Vocabulary, typed: str, field: str = "outcome") -> str:
    found = matching(vocabulary.lists[field].values(), typed)
    return found[0].code if found else ""


def words(codes: CodeList) -> list[str]:
    return [codes.rows.item(row).text() for row in range(codes.rows.count())]


def press(codes: CodeList, key: Qt.Key, text: str = "") -> None:
    event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    QApplication.sendEvent(codes.line, event)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bcz", "U1"), ("BCZ", "U1"), ("u1", "U1"), ("U2", "U2"), ("不存在", "U1"), ("gjmm", "D1"), ("国家秘密", "D1"),
        ("xzzfaj", "D7"), ("执法", "D7"), ("bfgk", "P1"), ("cfsq", "N2"), ("ch", "O3"), ("撤回", "O3"), ("d", "D1"),
    ],
)  # fmt: skip
def test_initials_codes_and_parts_of_words_find_a_code(vocabulary: Vocabulary, typed: str, code: str) -> None:
    assert first(vocabulary, typed) == code


def test_every_code_is_found_by_itself_and_by_its_whole_word(vocabulary: Vocabulary) -> None:
    for field, of in vocabulary.lists.items():
        for code in of.values():
            assert first(vocabulary, code.code, field) == code.code
            assert first(vocabulary, code.label, field) == code.code


def test_what_was_used_lately_stands_first_and_what_was_picked_before_all(vocabulary: Vocabulary) -> None:
    ledger = sample_ledger()
    assert used_lately(ledger, "outcome") == ("G1", "D4", "U1")
    assert used_lately(ledger, "outcome", ("N1",)) == ("N1", "G1", "D4")


def test_it_lists_what_was_used_lately_and_then_all_in_the_order_of_the_table(codes: CodeList) -> None:
    codes.open("outcome", "", ("U1", "G1"))
    assert words(codes)[:6] == [
        "最近用过",
        "信息不存在（经检索没有）",
        "予以公开",
        "按表三的顺序",
        "予以公开",
        "予以公开·已主动公开，告知方式途径",
    ]
    assert "不予公开　8 种" in words(codes)
    assert codes.current() == "U1"


def test_a_group_is_unfolded_by_enter_and_then_its_codes_can_be_chosen(codes: CodeList, qtbot: QtBot) -> None:
    codes.open("outcome", "", ())
    row = words(codes).index("不予公开　8 种")
    codes.rows.setCurrentRow(row)
    press(codes, Qt.Key.Key_Return)
    assert codes.current() == "D1"
    press(codes, Qt.Key.Key_Down)
    with qtbot.waitSignal(codes.chosen) as chosen:
        press(codes, Qt.Key.Key_Return)
    assert chosen.args == ["D2", int(Qt.Key.Key_Return)]


def test_typing_narrows_it_and_enter_takes_the_first(codes: CodeList, qtbot: QtBot) -> None:
    codes.open("applicant_type", "", ())
    codes.line.setText("sy")
    assert words(codes)[0] == "商业企业"
    with qtbot.waitSignal(codes.chosen) as chosen:
        press(codes, Qt.Key.Key_Tab)
    assert chosen.args == ["C2", int(Qt.Key.Key_Tab)]


def test_what_means_nothing_is_said_and_enter_chooses_nothing(codes: CodeList, qtbot: QtBot) -> None:
    codes.open("outcome", "", ())
    codes.line.setText("qqq")
    assert words(codes) == ["没有“qqq”这一种"]
    with qtbot.assertNotEmitted(codes.chosen):
        press(codes, Qt.Key.Key_Return)


def test_esc_leaves_it(codes: CodeList, qtbot: QtBot) -> None:
    codes.open("outcome", "G1", ())
    assert codes.current() == "G1"
    with qtbot.waitSignal(codes.left):
        press(codes, Qt.Key.Key_Escape)


def test_it_stands_below_its_cell_or_above_where_there_is_no_room(codes: CodeList) -> None:
    codes.open("outcome", "", ())
    room = QRect(0, 0, 800, 600)
    codes.place_under(QRect(700, 100, 90, 26), room)
    assert codes.geometry().top() >= 126
    assert codes.geometry().right() <= 800
    codes.place_under(QRect(10, 560, 90, 26), room)
    assert codes.geometry().bottom() <= 560


def test_it_is_as_high_as_what_it_lists_beside_its_cell(codes: CodeList) -> None:
    codes.open("outcome", "", ())
    for cell in (QRect(100, 100, 90, 26), QRect(100, 560, 90, 26)):
        codes.line.setText("")
        codes.place_under(cell, QRect(0, 0, 800, 600))
        whole = codes.height()
        codes.line.setText("bcz")
        assert codes.height() < whole / 3
        below = codes.geometry().top() - cell.bottom()
        assert 2 in (below, cell.top() - codes.geometry().bottom() - 1)
