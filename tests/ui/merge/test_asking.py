"""What a merging asks is answered by a person alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.ui.merge.asking import ask_base, ask_words
from tests.dialogs import within

STATES = ["1月9日 08:10 保存的", "1月8日 16:20 保存的"]


def test_which_state_both_began_with_is_not_chosen_beforehand(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def choose(box: QDialog) -> None:
        take = box.buttons["take"]  # type: ignore[attr-defined]
        assert not take.isEnabled()
        box.list.setCurrentRow(1)  # type: ignore[attr-defined]
        assert take.isEnabled()
        take.click()

    assert within(choose, lambda: ask_base(parent, STATES)) == 1
    assert within(lambda box: box.buttons["file"].click(), lambda: ask_base(parent, STATES)) == 2  # type: ignore[attr-defined]
    assert within(lambda box: box.reject(), lambda: ask_base(parent, STATES)) is None


def test_words_that_are_given_up_leave_the_paragraph_as_it_was(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def write(box: QDialog) -> None:
        box.edit.setPlainText("新的一段。")  # type: ignore[attr-defined]
        box.buttons["take"].click()  # type: ignore[attr-defined]

    assert within(write, lambda: ask_words(parent, "一 · 第 1 段", "旧的")) == "新的一段。"
    assert (
        within(lambda box: QTest.keyClick(box, Qt.Key.Key_Escape), lambda: ask_words(parent, "一", "旧的"))
        is None
    )
