"""A table of the form that is only read: drawn as the editor draws it, with its keys, headings and selection.

Knows where the clerk is in it, how large it is drawn and what Enter, Esc and F8 ask for. What a cell shows is its
model's; what is copied of it is told by whoever derives from it. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from gxeditor.core.form import Cell
from gxeditor.ui.editor.table.cells import (
    CellPainter,
    Corner,
    Laid,
    Measures,
    MergedHeader,
    TableModel,
    Where,
    make_viewport,
    measure,
)
from gxeditor.ui.look import theme

Model = TypeVar("Model", bound=TableModel)
_ARROWS: Mapping[int, Where] = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect


class ReadOnlyGrid(QTableView, Generic[Model]):
    """One table, shown by a model of its own.

    `cell_entered` carries the current cell's id, `opened` the id of one that was asked for by Enter or a double click;
    `left` says that Esc was pressed, `told` carries a sentence, `zoom_asked` 1 or -1.
    """

    cell_entered = Signal(str)
    opened = Signal(str)
    left = Signal()
    told = Signal(str)
    zoom_asked = Signal(int)

    def __init__(self, model: Model, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewport(make_viewport())
        self.table = model.table
        self.model_ = model
        model.setParent(self)
        self.zoom = 1.0
        self.laid = Laid(self.model_)
        self._painter = CellPainter(self.laid)
        self._across = MergedHeader(Qt.Orientation.Horizontal, self.laid, self)
        self._down = MergedHeader(Qt.Orientation.Vertical, self.laid, self)
        self._corner = Corner(self.laid, self)
        self._corner.setVisible(self.has_corner)
        self._corner.pressed.connect(self.selectAll)
        self.setModel(self.model_)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", True)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalHeader(self._across)
        self.setVerticalHeader(self._down)
        self._across.setVisible(self.model_.top > 0)
        self._down.setVisible(self.model_.left > 0)
        self._across.chosen.connect(lambda first, last, _: self._choose(0, first, 999, last))
        self._down.chosen.connect(lambda first, last, _: self._choose(first, 0, last, 999))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(name)
        for (row, column), place in self.model_.places.items():
            if place.row_span > 1 or place.column_span > 1:
                self.setSpan(row, column, place.row_span, place.column_span)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._stand)
        self.model_.dataChanged.connect(self._repaint)
        self.doubleClicked.connect(lambda _: self._open())
        theme.appearance.changed.connect(self._repaint)
        self._fit()
        self._go(next(iter(self.model_.where.values())))

    @property
    def has_corner(self) -> bool:
        return self.model_.top > 0 and self.model_.left > 0

    def say_in_corner(self, title: str, below: str) -> None:
        """What the corner of the headings says in place of what the form prints."""
        self._corner.say(title, below)

    # --- sizes and painting

    def _fit(self) -> None:
        sizes = self.measured()
        self.laid.resize(sizes, self.zoom)
        self._across.set_levels((sizes.head,) * self.model_.top)
        self._down.set_levels(sizes.labels)
        self._across.setDefaultSectionSize(sizes.column)
        self._down.setDefaultSectionSize(sizes.row)
        self.updateGeometries()
        self.viewport().update()

    def measured(self) -> Measures:
        """The sizes for the room there is."""
        bar = self.verticalScrollBar().sizeHint().width()
        return measure(self.table, self.width(), self.height(), "auto", self.zoom, bar)

    def set_zoom(self, zoom: float) -> None:
        """Draws everything this much larger; 1 is the size that fits."""
        if zoom != self.zoom:
            self.zoom = zoom
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if turned := event.angleDelta().y():
                self.zoom_asked.emit(1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._corner.setGeometry(0, 0, self._down.width(), self._across.height())
        self._corner.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        sizes = self.laid.measures
        x, y = self.columnViewportPosition(0), self.rowViewportPosition(0)
        painter = QPainter(self.viewport())
        self._painter.paint(
            painter,
            event.region(),
            [x + sizes.column * i for i in range(self.model_.columnCount() + 1)],
            [y + sizes.row * i for i in range(self.model_.rowCount() + 1)],
        )
        painter.end()

    def _repaint(self) -> None:
        for part in (self.viewport(), self._across.viewport(), self._down.viewport(), self._corner):
            part.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.laid.focused = True
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.laid.focused = False
        self.viewport().update()

    # --- place

    def current(self) -> str:
        """The id of the current cell."""
        cell = self.model_.cell(*self.laid.current)
        return cell.id if cell is not None else ""

    def go_to(self, cell: str) -> None:
        """Makes a cell of this table the current one and brings it into view."""
        self._go(self.model_.where[cell])

    def go_to_next_of(self, cells: Sequence[str], by: int) -> bool:
        """On to the next of these cells, or back to the one before; False if there is none."""
        if not cells:
            return False
        places = sorted(self.model_.where[cell] for cell in cells)
        here = self.laid.current
        if by > 0:
            target = next((place for place in places if place > here), places[0])
        else:
            target = next((place for place in reversed(places) if place < here), places[-1])
        self._go(target)
        return True

    def _go(self, where: Where) -> None:
        self.selectionModel().setCurrentIndex(self.model_.index(*where), _ALONE)
        self.scrollTo(self.currentIndex())

    def _current_changed(self) -> None:
        self._stand()
        if cell := self.current():
            self.cell_entered.emit(cell)

    def _stand(self) -> None:
        index = self.currentIndex()
        selected = frozenset(
            where
            for part in self.selectionModel().selection().toList()
            for where in self._in(part.top(), part.left(), part.bottom(), part.right())
        )
        self.laid.stand((index.row(), index.column()), selected)
        self.laid.handle = (-1, -1)  # nothing is filled by dragging
        self._repaint()

    def _in(self, top: int, left: int, bottom: int, right: int) -> list[Where]:
        return [
            (row, column)
            for row in range(top, min(bottom, self.model_.rowCount() - 1) + 1)
            for column in range(left, min(right, self.model_.columnCount() - 1) + 1)
            if self.model_.cell(row, column) is not None
        ]

    def _choose(self, top: int, left: int, bottom: int, right: int) -> None:
        cells = self._in(top, left, bottom, right)
        if cells:
            self.setFocus()
            self._go(cells[0])
            right = max(column + self.model_.places[row, column].column_span - 1 for row, column in cells)
            first = self.model_.index(cells[0][0], min(column for _, column in cells))
            last = self.model_.index(cells[-1][0], right)
            self.selectionModel().select(QItemSelection(first, last), _ALONE)

    def selectAll(self) -> None:
        self._choose(0, 0, 999, 999)

    def _next(self, down: int, right: int) -> Where | None:
        row, column = here = self.laid.current
        while 0 <= row < self.model_.rowCount() and 0 <= column < self.model_.columnCount():
            row, column = row + down, column + right
            found = self.model_.anchor(row, column)
            if found is not None and found != here:
                return found
        return None

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif key in _ARROWS and not modifiers & Qt.KeyboardModifier.AltModifier:
            self._arrow(*_ARROWS[key], extend=shift)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            row = self.laid.current[0]
            order = [where for where in sorted(self.model_.where.values()) if control or where[0] == row]
            self._go(order[-1 if key == Qt.Key.Key_End else 0])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not control:
            column = self.laid.current[1]
            lines = [w for r in range(self.model_.rowCount()) if (w := self.model_.anchor(r, column))]
            self._go(lines[-1 if key == Qt.Key.Key_PageDown else 0])
        elif key in _ENTER:
            self._open()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()  # Tab goes on to the card

    def _arrow(self, down: int, right: int, *, extend: bool) -> None:
        if not extend:
            self._go(self._next(down, right) or self.laid.current)
            return
        chosen = {self.laid.current, *self.laid.selected}
        top, left = min(row for row, _ in chosen), min(column for _, column in chosen)
        bottom, last = max(row for row, _ in chosen), max(column for _, column in chosen)
        row, column = self.laid.current
        far_row, far_column = (bottom if top == row else top), (last if left == column else left)
        row2 = max(0, min(self.model_.rowCount() - 1, far_row + down))
        column2 = max(0, min(self.model_.columnCount() - 1, far_column + right))
        one = self.model_.index(min(row, row2), min(column, column2))
        other = self.model_.index(max(row, row2), max(column, column2))
        self.selectionModel().select(QItemSelection(one, other), _ALONE)

    def _open(self) -> None:
        if cell := self.current():
            self.opened.emit(cell)

    # --- clipboard

    @property
    def chosen(self) -> list[Cell]:
        """The selected cells, row by row; else the current one."""
        places = sorted(self.laid.selected or {self.laid.current})
        return [cell for where in places if (cell := self.model_.cell(*where)) is not None]

    def copy(self) -> None:
        """Copies the selected cells with their headings."""
        raise NotImplementedError
