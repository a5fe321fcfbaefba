"""A choice with its count: what it says, and that keys press it as a click does."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.ui.rollup.chips import CountChip


def test_it_is_spoken_with_its_count_and_has_room_for_it(qtbot: QtBot) -> None:
    chip = CountChip("有错误", "只列有错误的。", counted="家")
    qtbot.addWidget(chip)
    narrow = chip.sizeHint().width()
    chip.show_count(12_000)
    assert chip.accessibleName() == "有错误 12000 家"
    assert chip.sizeHint().width() > narrow


def test_enter_and_space_press_it_and_its_mark_is_drawn(qtbot: QtBot) -> None:
    marks: list[QRectF] = []

    def mark(_: QPainter, place: QRectF) -> None:
        marks.append(place)

    chip = CountChip("疑问", "只列疑问。", mark, counted="处")
    qtbot.addWidget(chip)
    plain = CountChip("疑问", "只列疑问。", counted="处")
    qtbot.addWidget(plain)
    assert chip.sizeHint().width() > plain.sizeHint().width()
    pressed: list[bool] = []
    chip.clicked.connect(lambda: pressed.append(chip.isChecked()))
    QTest.keyClick(chip, Qt.Key.Key_Return)
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert pressed == [True, False]
    chip.grab()
    assert marks
