"""The ground of a row: plain, under the mouse, chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem, QTableWidget, QTableWidgetItem

from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import Ground, PlainCells, paint_ground

BASE, HOVER, LIST = QColor("#102030"), QColor("#405060"), QColor("#708090")
STATE = QStyle.StateFlag


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "light")


def painted(state: STATE, base: QColor | None = None, hover: QColor | None = None) -> tuple[QImage, Ground]:
    image = QImage(60, 28, QImage.Format.Format_RGB32)
    image.fill(LIST)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 60, 28)  # type: ignore[attr-defined]
    option.state = state  # type: ignore[attr-defined]
    painter = QPainter(image)
    ground = paint_ground(painter, option, base, hover)
    painter.end()
    return image, ground


def test_a_row_has_the_ground_of_its_list_or_its_own() -> None:
    for base, seen in ((None, LIST), (BASE, BASE)):
        image, ground = painted(STATE.State_Enabled, base)
        assert image.pixelColor(30, 10) == seen
        assert image.pixelColor(30, 27) == theme.current().line
        assert (ground.selected, ground.text) == (False, theme.current().text)


def test_a_row_under_the_mouse_is_told_where_the_list_wants_it() -> None:
    assert painted(STATE.State_MouseOver, BASE, HOVER)[0].pixelColor(30, 10) == HOVER
    assert painted(STATE.State_MouseOver, BASE)[0].pixelColor(30, 10) == BASE


def test_the_chosen_row_has_a_bar_and_its_own_colours_even_under_the_mouse() -> None:
    image, ground = painted(STATE.State_Selected | STATE.State_MouseOver, BASE, HOVER)
    colors = theme.current()
    assert image.pixelColor(30, 10) == colors.sel
    assert image.pixelColor(1, 10) == colors.accent
    assert (ground.selected, ground.text) == (True, colors.seltext)


def test_the_words_of_a_cell_begin_where_those_of_its_heading_do() -> None:
    table = QTableWidget(1, 1)
    table.setItemDelegate(PlainCells(table))
    item = QTableWidgetItem("█")
    item.setForeground(QColor("#ff0000"))
    table.setItem(0, 0, item)
    image = QImage(60, 28, QImage.Format.Format_RGB32)
    image.fill(LIST)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 60, 28)  # type: ignore[attr-defined]
    painter = QPainter(image)
    table.itemDelegate().paint(painter, option, table.model().index(0, 0))
    painter.end()
    inked = [x for x in range(60) for y in range(27) if image.pixelColor(x, y) != LIST]
    assert inked
    assert 7 <= min(inked) <= 10
