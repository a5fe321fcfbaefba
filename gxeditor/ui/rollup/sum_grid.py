"""A table of the form with the sums of a roll-up, drawn as the editor draws it and only to be read.

Knows how a sum looks: tinted where fewer units are in it than elsewhere, with their number beside its row, 「调」 where
an adjustment is in it, this year, last year or what changed; its keys and the clipboard, into which no sum goes without
how many units it is of. Takes drawing and sizes from the editor's table; reckons nothing (`core.rollup.sums`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

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

from gxeditor.core.checks.rules import Severity
from gxeditor.core.form import Cell, Table
from gxeditor.core.report import show_entry
from gxeditor.core.rollup.sums import Number, Sum, YearSum, completeness, total_name
from gxeditor.core.year_beside import NEW, View
from gxeditor.ui.editor.clipboard import put_on_clipboard
from gxeditor.ui.editor.table.cells import (
    CellPainter,
    Corner,
    Laid,
    Look,
    MergedHeader,
    TableModel,
    Where,
    make_viewport,
    measure,
)
from gxeditor.ui.look import theme

ADJUSTED = "调"
_ARROWS: Mapping[int, Where] = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect


def signed(number: Number | None) -> str:
    """A difference with its sign, ＋8 or －2; 0 has none."""
    if number is None:
        return ""
    return "0" if not number else f"＋{show_entry(number)}" if number > 0 else f"－{show_entry(-number)}"


def rate_shown(year: YearSum) -> str:
    """The rate of a cell over the same units, as the editor shows one of two years."""
    if year.rate is None:
        return NEW if year.difference else ""
    if year.difference and not year.rate:
        return "不到 0.1%"
    return f"{signed(year.rate)}%" if year.rate else "0"


class SumModel(TableModel):
    """The sums of a table, each with its look. `units` of `of` are in the sums as a whole; `differing` are the cells,
    in order, that are of fewer."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(table, parent)
        self.sums: Mapping[str, Sum] = MappingProxyType({})
        self.years: Mapping[str, YearSum] | None = None
        self.units = self.of = 0
        self.differing: tuple[str, ...] = ()
        for cell in table.cells:
            self.looks[cell.id] = Look("", "", "auto" if cell.parts else "", None)

    def show_sums(
        self, sums: Mapping[str, Sum], years: Mapping[str, YearSum] | None, view: View, units: int, of: int
    ) -> None:
        """Shows these, `units` of `of` being in; without years only this year's can be seen."""
        self.sums, self.years = sums, years
        self.view = view if years is not None else View.NOW
        self.units, self.of = units, of
        counts = {cell.id: self.count(cell.id) for cell in self.table.cells}
        most = units if self.view is View.NOW else max(counts.values(), default=0)
        if self.view is View.THEN and years is not None:
            most = max((one.then.units for one in years.values()), default=0)
        fewer = {cell for cell, count in counts.items() if count < most}
        self.differing = tuple(cell.id for cell in self.table.cells if cell.id in fewer)
        for cell in self.table.cells:
            self.looks[cell.id] = self._look(cell, cell.id in fewer)
        rows: dict[int, Counter[int]] = {}
        for cell_id in self.differing:
            rows.setdefault(self.where[cell_id][0], Counter())[counts[cell_id]] += 1
        self.notes = MappingProxyType(
            {row: f"{min(c)} 家" if len(c) == 1 else f"最少 {min(c)} 家" for row, c in rows.items()}
        )
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def count(self, cell: str) -> int:
        """How many units are in what a cell shows."""
        if self.view is View.NOW or self.years is None:
            return self.sums[cell].units
        return self.years[cell].then.units if self.view is View.THEN else self.years[cell].same

    def _look(self, cell: Cell, fewer: bool) -> Look:
        year = self.years[cell.id] if self.years is not None else None
        value: Number | None
        if self.view is View.NOW or year is None:
            value = self.sums[cell.id].value
            text = show_entry(value)
            aside = ADJUSTED if self.sums[cell.id].adjusted is not None else ""
        elif self.view is View.THEN:
            value, text, aside = year.then.value, show_entry(year.then.value), ""
        else:
            value = year.difference
            text, aside = (signed(value) if self.view is View.DIFFERENCE else rate_shown(year)), ""
        what = "" if not text else "zero" if not value else "last" if self.view is View.THEN else "number"
        severity = Severity.QUERY if fewer else None
        return Look(text, what, "auto" if cell.parts else "", severity, aside=aside)

    @property
    def title(self) -> str:
        """How what is shown is called, with how many units it is of."""
        if self.view is View.NOW or self.years is None:
            return total_name(self.units, self.of)
        if self.view is View.THEN:
            then = max((one.then for one in self.years.values()), key=lambda one: one.units)
            return total_name(then.units, then.of, "上年合计")
        same = max((one.same for one in self.years.values()), default=0)
        return f"{self.view.value}（两年都有数的 {same} 家）"

    def spoken(self, cell: Cell) -> str:
        look = self.looks[cell.id]
        words = [cell.place, look.text or "还没有数"]
        if self.view is View.NOW and cell.id in self.sums:
            words.append(self.sums[cell.id].completeness)
        else:
            words += [self.view.value, f"{self.count(cell.id)} 家"]
        return "，".join([*words, *(["含调整"] if look.aside else [])])


class SumGrid(QTableView):
    """One table.

    `cell_entered` carries the current cell's id, `opened` the id of one that was asked for by Enter or a double click;
    `left` says that Esc was pressed, `told` carries a sentence, `zoom_asked` 1 or -1.
    """

    cell_entered = Signal(str)
    opened = Signal(str)
    left = Signal()
    told = Signal(str)
    zoom_asked = Signal(int)

    def __init__(self, table: Table, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewport(make_viewport())
        self.table = table
        self.model_ = SumModel(table, self)
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
        self.setObjectName(f"sums_{table.key}")
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
        """What the corner of the headings says: of how many units these sums are, and who is missing."""
        self._corner.say(title, below)

    # --- sizes and painting

    def _fit(self) -> None:
        bar = self.verticalScrollBar().sizeHint().width()
        sizes = measure(self.table, self.width(), self.height(), "auto", self.zoom, bar)
        self.laid.resize(sizes, self.zoom)
        self._across.set_levels((sizes.head,) * self.model_.top)
        self._down.set_levels(sizes.labels)
        self._across.setDefaultSectionSize(sizes.column)
        self._down.setDefaultSectionSize(sizes.row)
        self.updateGeometries()
        self.viewport().update()

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

    def go_to_differing(self, by: int) -> bool:
        """On to the next cell, or back to the one before, that is of fewer units; False if there is none."""
        cells = self.model_.differing
        if not cells:
            return False
        places = [self.model_.where[cell] for cell in cells]
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

    def copy(self) -> None:
        """Copies the selected cells with their headings and of how many units they are."""
        places = sorted(self.laid.selected or {self.laid.current})
        cells = [cell for where in places if (cell := self.model_.cell(*where)) is not None]
        if not cells:
            return
        put_on_clipboard(self.texts(cells))
        self.told.emit(f"已复制 {len(cells)} 格：{self.model_.title}。")

    def texts(self, cells: Sequence[Cell]) -> list[list[str]]:
        """Cells as rows of texts: a row of headings, which begins with what they are and of how many units, then a row
        for each of theirs; at its end of how many units it is where some cells of it are of fewer."""
        rows: list[list[str]] = []
        heads: tuple[str, ...] = ()
        by_row: dict[int, list[Cell]] = {}
        for cell in cells:
            by_row.setdefault(self.model_.where[cell.id][0], []).append(cell)
        for here in by_row.values():
            columns = tuple("·".join(filter(None, (c.column.group, c.column.name))) for c in here)
            if len(self.table.blocks) > 1:
                columns = tuple(c.column.name for c in here)
            if columns != heads:
                heads = columns
                rows.append([self.model_.title, *heads])
            fewer = [c for c in here if c.id in self.model_.differing]
            note = "；".join(dict.fromkeys(self._said_of(c) for c in fewer))
            rows.append(
                [here[0].row.name, *(self.model_.looks[c.id].text for c in here), *([note] if note else [])]
            )
        return rows

    def _said_of(self, cell: Cell) -> str:
        count = self.model_.count(cell.id)
        if self.model_.view in (View.DIFFERENCE, View.RATE) or (
            self.model_.years is None and not self.model_.of
        ):
            return f"{count} 家"
        of = self.model_.of
        if self.model_.view is View.THEN and self.model_.years is not None:
            of = self.model_.years[cell.id].then.of
        return completeness(count, of)
