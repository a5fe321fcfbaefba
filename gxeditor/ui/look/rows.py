"""The ground of a row in a list, the same in every list: how it looks when it is chosen or under the mouse.

Knows colours and the lines between rows, how plain words stand in a cell, and how a table becomes one of rows that are
chosen whole and only read. Knows no list and no content: what else stands in a row is drawn by its delegate.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from gxeditor.ui.look import theme

_BAR = 3  # logical pixels at the left of the chosen row
_INSET = 8  # logical pixels before the words of a cell, as before those of a heading


class Ground(NamedTuple):
    """Where a row lies, whether it is the chosen one, and the colour of its text."""

    rect: QRect
    selected: bool
    text: QColor


def paint_ground(
    painter: QPainter,
    option: QStyleOptionViewItem,
    base: QColor | None = None,
    hover: QColor | None = None,
    *,
    bar: bool = True,
) -> Ground:
    """Paints the ground of a row and the line below it.

    `base` is its colour, and `hover` that under the mouse; None is what the list itself has there. `bar` is False for a
    cell of a row that is not its first.
    """
    rect = QRect(option.rect)  # type: ignore[attr-defined]
    state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
    selected = bool(state & QStyle.StateFlag.State_Selected)
    colors, pixels = theme.current(), theme.Pixels(painter)
    over = bool(state & QStyle.StateFlag.State_MouseOver)
    ground = colors.sel if selected else hover if over and hover is not None else base
    if ground is not None:
        pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), ground)
    pixels.hline(rect.x(), rect.bottom() + 1 - pixels.line, rect.width(), colors.line)
    if selected and bar:
        pixels.fill(rect.x(), rect.y(), _BAR, rect.height(), colors.accent)
    return Ground(rect, selected, colors.seltext if selected else colors.text)


def show_as_rows(
    view: QTableView, name: str, row: int, head: int, *, several: bool = False, points: float = 9
) -> None:
    """Makes a table, which has its model, one of rows that are chosen whole (`several` at a time) and only read.

    `name` is what it is called when spoken; `row` and `head` are the heights in logical pixels that a row and the
    headings have at least: a larger face of the words, of so many `points`, makes them higher.
    """
    view.setProperty("bare", True)
    view.setAccessibleName(name)
    view.setShowGrid(False)
    view.setMouseTracking(True)
    view.setTabKeyNavigation(False)
    view.setWordWrap(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    mode = QAbstractItemView.SelectionMode
    view.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    high = QFontMetrics(theme.font(points)).height()
    rows, heads = view.verticalHeader(), view.horizontalHeader()
    rows.hide()
    rows.setDefaultSectionSize(max(row, high + 7))
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    heads.setFixedHeight(max(head, high + 8))
    heads.setHighlightSections(False)


class PlainCells(QStyledItemDelegate):
    """The cells of a table of words, which begin where those of the headings above them do.

    Font and colour are the model's (`FontRole`, `ForegroundRole`), of a chosen row the colour is that of all rows.
    """

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        ground = paint_ground(painter, option, bar=index.column() == 0)
        role = Qt.ItemDataRole
        color = index.data(role.ForegroundRole)
        painter.setPen(color if isinstance(color, QColor) and not ground.selected else ground.text)
        painter.setFont(index.data(role.FontRole) or theme.font(9))
        rect = ground.rect.adjusted(_INSET, 0, -_INSET, 0)
        words = painter.fontMetrics().elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideRight, rect.width()
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
