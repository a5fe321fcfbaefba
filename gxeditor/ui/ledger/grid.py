"""The grid of a ledger: rows as in a spreadsheet, the first columns frozen, one blank row always at the end.

Knows where a cell lies and how it is painted, Excel's keys, what is typed, pasted and filled, and which part opens over
a cell: the editor, a list of codes, the calculation of a day due. Whatever it changes is one step of the session. What
a cell says and what a text means is known to `model`; the clipboard gets no name that is masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QMenu, QToolTip, QWidget

from gxeditor.core.ledger.deadlines import explained
from gxeditor.core.ledger.entries import Refused
from gxeditor.core.ledger.request import Request, Value
from gxeditor.ui.editor.clipboard import copied, put_on_clipboard
from gxeditor.ui.editor.table.grid import CellEditor
from gxeditor.ui.ledger import popover
from gxeditor.ui.ledger.lists import CodeList, used_lately
from gxeditor.ui.ledger.model import (
    DUE,
    FROZEN,
    LEFT,
    STEPS,
    Column,
    RowsModel,
    changed,
    new_id,
    next_number,
    severity_of,
    unsettled,
)
from gxeditor.ui.ledger.popover import DeadlinePopover
from gxeditor.ui.ledger.session import LedgerSession
from gxeditor.ui.look import theme

if TYPE_CHECKING:
    from gxeditor.ui.ledger.pasting import Odd

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW, HEAD, ROW_HEAD = 26, 26, 38
"""Logical pixels of a row, the headings and the numbers of the rows at 100 %."""
_PAD = 7
_LEAST_OUTCOME = 150  # logical pixels of 答复类型, the last that a clerk looks at, in a narrow window
_GO_ON = "接着登记：收到日期可以写 1.12、20260112 或 1月12日"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_CONTROL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
_ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect
_CURRENT = QItemSelectionModel.SelectionFlag.NoUpdate
_MOST_PASTED = 20_000  # rows of a block: more than any office has requests
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class Box(NamedTuple):
    """Rows and columns from and to, both within."""

    top: int
    left: int
    bottom: int
    right: int


class CellPlace(NamedTuple):
    """A cell that is edited: its request, "" for the blank row, its field, and its name."""

    request_id: str
    field: str
    row: int
    column: int
    place: str


class _Editor(CellEditor[CellPlace]):
    """The editor of a cell, which stands where the cell's words do."""

    def place_over(self, rect: QRect, padding: int) -> None:
        self.setGeometry(rect.adjusted(0, 0, -1, -1))
        self.setTextMargins(max(0, padding - 4), 0, max(0, padding - 4), 0)
        if self.refused.isVisible():
            self._place_reason()


class LedgerGrid(QAbstractItemView):
    """The grid.

    `entered` says that another cell is the current one; `told` carries a sentence; `dropped` says that nothing came of
    what was typed; `heading_asked` a field whose heading was chosen and where it lies on the screen; `zoom_asked` 1 or
    -1; `calendar_asked` wants days off to be imported. `offered` are actions of the window that its menu ends with.
    """

    entered = Signal()
    told = Signal(str)
    dropped = Signal()
    heading_asked = Signal(str, QPoint)
    zoom_asked = Signal(int)
    calendar_asked = Signal()

    def __init__(self, session: LedgerSession, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.model_ = model
        self.zoom = 1.0
        self.offered: Sequence[QAction] = ()
        self._lefts: list[int] = [0] * (len(model.columns) + 1)
        self._number_width = ROW_HEAD
        self.row_height = ROW
        self._faces: tuple[QFont, ...] = ()
        self._metrics: tuple[QFontMetrics, ...] = ()
        self._tab_from: int | None = None
        self._anchor = (0, 0)
        self._drag = ""
        self._held_place = ("", 0, 0)
        self._picked: dict[str, list[str]] = {}
        self._typed_row = ""  # the request whose blank row has just been begun
        self._head = _Head(self)
        self._numbers = _Numbers(self)
        self._corner = _CornerBox(self)
        self.editor = _Editor(self, self)
        self.editor.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.list = CodeList(session.vocabulary, self)
        self.list.chosen.connect(self._code_chosen)
        self.list.left.connect(self.close_list)
        self.popover = DeadlinePopover(self)
        self.popover.asked.connect(self._register)
        self.popover.closed.connect(self._popover_closed)
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", True)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setObjectName("ledgerGrid")
        self.setAccessibleName("申请台账")
        session.changed.connect(self._take_ledger)
        session.masking_changed.connect(self._take_masking)
        session.day_changed.connect(self._take_day)
        model.dataChanged.connect(self._changed)
        model.modelAboutToBeReset.connect(self._hold_place)
        model.modelReset.connect(self._reset)
        model.rowsInserted.connect(self._grown)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        theme.appearance.changed.connect(self._repaint)
        self._lay()
        self.go(len(model.listed), 0)

    # --- geometry

    @property
    def head_height(self) -> int:
        return max(round(HEAD * self.zoom), QFontMetrics(self.face()).height() + 6)

    def face(self) -> QFont:
        return theme.font(9, 400, self.zoom)

    def _lay(self) -> None:
        """Where each column begins; the last of those in the picture takes what is left of the window."""
        self._faces = tuple(theme.font(9, weight, self.zoom) for weight in (400, 600))
        self._metrics = tuple(QFontMetrics(face) for face in self._faces)
        self.row_height = max(round(ROW * self.zoom), self._metrics[0].height() + 4)
        digits = self._metrics[0].horizontalAdvance(f"{len(self.model_.ledger.requests) + 1}")
        self._number_width = max(round(ROW_HEAD * self.zoom), digits + 20)
        self.setViewportMargins(self._number_width, self.head_height, 0, 0)
        self._lefts = [0]
        scale = max(1.0, QFontMetrics(theme.font(9)).horizontalAdvance("国国国国国国") / 72) * self.zoom
        for one in self.model_.columns:
            self._lefts.append(self._lefts[-1] + round(one.width * scale))
        last = self.model_.place_of["outcome"] + 1
        spare = self.viewport().width() - self._lefts[last]
        least = round(_LEAST_OUTCOME * scale) - (self._lefts[last] - self._lefts[last - 1])
        if more := max(spare, least):
            self._lefts[last:] = [left + more for left in self._lefts[last:]]
        self.updateGeometries()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        width, height = self.viewport().width(), self.viewport().height()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, self.model_.rowCount() * self.row_height - height))
        down.setPageStep(height)
        down.setSingleStep(self.row_height)
        across.setRange(0, max(0, self._lefts[-1] - width))
        across.setPageStep(max(1, width - self._lefts[FROZEN]))
        across.setSingleStep(40)
        head, number = self.head_height, self._number_width
        self._head.setGeometry(number, 0, width, head)
        self._numbers.setGeometry(0, head, number, height)
        self._corner.setGeometry(0, 0, number, head)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay()
        else:
            self.updateGeometries()
        self._place_parts()

    def set_zoom(self, zoom: float) -> None:
        """Draws everything this much larger; 1 is the size that fits."""
        if zoom != self.zoom:
            self.zoom = zoom
            self._lay()
            self.scrollTo(self.currentIndex())
            self._place_parts()
            self._repaint()

    def column_rect(self, column: int) -> tuple[int, int]:
        """Left edge and width of a column in the viewport."""
        left = self._lefts[column]
        if column >= FROZEN:
            left -= self.horizontalScrollBar().value()
        return left, self._lefts[column + 1] - self._lefts[column]

    def cell_rect(self, row: int, column: int) -> QRect:
        left, width = self.column_rect(column)
        return QRect(left, row * self.row_height - self.verticalScrollBar().value(), width, self.row_height)

    def visualRect(self, index: Index) -> QRect:
        return self.cell_rect(index.row(), index.column()) if index.isValid() else QRect()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for part in selection.toList():
            region += QRegion(
                self.cell_rect(part.top(), part.left()).united(self.cell_rect(part.bottom(), part.right()))
            )
        return region

    def column_at(self, x: int) -> int:
        if x < 0:
            return -1
        if x >= self._lefts[FROZEN]:
            x += self.horizontalScrollBar().value()
        return next((i for i in range(len(self._lefts) - 1) if self._lefts[i] <= x < self._lefts[i + 1]), -1)

    def row_at(self, y: int) -> int:
        row = (y + self.verticalScrollBar().value()) // self.row_height
        return row if 0 <= row < self.model_.rowCount() else -1

    def indexAt(self, point: QPoint) -> QModelIndex:
        return self.model_.index(self.row_at(point.y()), self.column_at(point.x()))

    def horizontalOffset(self) -> int:
        return self.horizontalScrollBar().value()

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        top, height = index.row() * self.row_height, self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            down.setValue(top - height // 2)
        elif top < down.value():
            down.setValue(top)
        elif top + self.row_height > down.value() + height:
            down.setValue(top + self.row_height - height)
        if index.column() >= FROZEN:
            left, right = self._lefts[index.column()], self._lefts[index.column() + 1]
            room = self.viewport().width()
            if left - across.value() < self._lefts[FROZEN]:
                across.setValue(left - self._lefts[FROZEN])
            elif right - across.value() > room:
                across.setValue(min(right - room, left - self._lefts[FROZEN]))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """What is in view already is moved down or up, not painted again; to the side the frozen columns stay."""
        if dx or abs(dy) > self.viewport().height() // 2:
            self._repaint()
        else:
            self.viewport().scroll(0, dy)
            if not self.popover.isHidden() or dy < 0:  # the hint and the ring lie over cells
                self._update_row(len(self.model_.listed))
            self._numbers.update()
        self._place_parts()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        first, last = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
        if first.isValid() and last.isValid():
            self.selectionModel().select(QItemSelection(first, last), command)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        return self.currentIndex()  # keys are told apart in keyPressEvent

    # --- painting

    def _repaint(self) -> None:
        for part in (self.viewport(), self._head, self._numbers, self._corner):
            part.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        colors = theme.current()
        painter.fillRect(event.region().boundingRect(), colors.base)  # painting is clipped to the region
        whole = event.region().boundingRect()
        first = max(0, self.row_at_or_after(whole.top()))
        last = min(
            self.model_.rowCount() - 1, (whole.bottom() + self.verticalScrollBar().value()) // self.row_height
        )
        frozen_to = self._lefts[FROZEN]
        scrolled = self._visible_columns()
        box, here = self._box(), (self.currentIndex().row(), self.currentIndex().column())
        pixels = theme.Pixels(painter)
        room = QRect(frozen_to, 0, self.viewport().width() - frozen_to, self.viewport().height())
        for columns, clip in (
            (scrolled, room),
            (range(FROZEN), QRect(0, 0, frozen_to, self.viewport().height())),
        ):
            painter.setClipRegion(event.region() & clip)
            if painter.clipRegion().isEmpty():
                continue
            touched = [
                column
                for column in columns
                if whole.left() < sum(self.column_rect(column))
                and self.column_rect(column)[0] <= whole.right()
            ]
            for row in range(first, last + 1):
                for column in touched:
                    self._paint_cell(painter, pixels, row, column, box, here)
            self._paint_lines(pixels, columns, range(first, last + 1), clip)
        painter.setClipRegion(event.region())
        self._paint_frames(painter, last, here)
        painter.end()

    def _paint_lines(self, pixels: theme.Pixels, columns: range, rows: range, room: QRect) -> None:
        """The lines below rows and behind columns; those of the columns end where the blank row begins."""
        colors, width = theme.current(), room.width()
        for row in rows:
            pixels.hline(room.x(), self.cell_rect(row, 0).bottom() + 1 - pixels.line, width, colors.line)
        end = self.cell_rect(len(self.model_.listed), 0).y()
        for column in columns:
            left, wide = self.column_rect(column)
            last = column == FROZEN - 1
            bottom = end + self.row_height if last else end
            edge = colors.line2 if last else colors.line
            pixels.vline(left + wide - pixels.line, 0, min(bottom, room.height()), edge)

    def row_at_or_after(self, y: int) -> int:
        return (y + self.verticalScrollBar().value()) // self.row_height

    def _visible_columns(self) -> range:
        offset, width = self.horizontalScrollBar().value(), self.viewport().width()
        low, high = self._lefts[FROZEN] + offset, width + offset
        shown = [
            i
            for i in range(FROZEN, len(self._lefts) - 1)
            if self._lefts[i + 1] > low and self._lefts[i] < high
        ]
        return range(shown[0], shown[-1] + 1) if shown else range(0)

    def _paint_cell(
        self, painter: QPainter, pixels: theme.Pixels, row: int, column: int, box: Box, here: tuple[int, int]
    ) -> None:
        model, colors = self.model_, theme.current()
        rect = self.cell_rect(row, column)
        one = model.columns[column]
        selected = box.top <= row <= box.bottom and box.left <= column <= box.right and (row, column) != here
        severity = model.severity(row) if one.field == LEFT else None
        ground, pen = None, colors.text
        if one.field == STEPS:
            pen = colors.text2
        if model.is_unsettled(row, column):
            ground, pen = colors.qrytint, colors.qrytext
        if severity is not None:
            ground, pen = colors.severity[severity].tint, colors.severity[severity].text
        if selected:
            ground, pen = colors.sel, colors.seltext
        if ground is not None:
            pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), ground)
        text = model.text(row, column)
        room = rect.adjusted(_PAD, 0, -_PAD, 0)
        is_list = (row, column) == here and one.type == "code" and row < len(model.listed)
        if is_list:
            theme.icon("chevron-down", "text2", 14).paint(
                painter, QRect(rect.right() - 20, rect.y() + (rect.height() - 14) // 2, 14, 14)
            )
            room.setRight(room.right() - 16)
            if not text:
                text, pen = "选一种", colors.text2
        if not text:
            return
        weight = 1 if severity is not None else 0
        painter.setFont(self._faces[weight])
        if severity is not None:
            theme.paint_mark(painter, QRectF(room.x(), rect.center().y() - 4, 9, 9), severity)
            room.setLeft(room.left() + 13)
        elif one.field == LEFT and text in ("已答复", "误登，不计"):
            pen = colors.text2
        painter.setPen(pen)
        metrics = self._metrics[weight]
        if len(text) > 3 and metrics.horizontalAdvance(text) > room.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _RIGHT if one.right else _LEFT, text)

    def _paint_frames(self, painter: QPainter, last: int, here: tuple[int, int]) -> None:
        """The hint of the blank row, the ring of what the popover speaks of, and the frame of the current cell."""
        colors, pixels, blank = theme.current(), theme.Pixels(painter), len(self.model_.listed)
        if last >= blank and not self._is_typed_in(blank):
            rect = self.cell_rect(blank, 0)
            room = QRect(_PAD, rect.y(), self.viewport().width() - 2 * _PAD, rect.height())
            if here[0] == blank and here[1] < FROZEN:
                room.setLeft(self.cell_rect(blank, here[1]).right() + _PAD)
            painter.setFont(theme.font(9, 400, self.zoom))
            painter.setPen(colors.text2)
            painter.drawText(room, _LEFT, _GO_ON)
        if self.popover.request_id and (row := self.model_.row(self.popover.request_id)) is not None:
            ring = self.cell_rect(row, self.model_.place_of[DUE])
            if ring.left() >= self._lefts[FROZEN]:
                pixels.frame(QRectF(ring.adjusted(0, 0, -1, -1)), colors.qry)
        if here[0] < 0 or self.editor.cell is not None:
            return
        rect = self.cell_rect(*here)
        if here[1] >= FROZEN and rect.left() < self._lefts[FROZEN]:
            painter.setClipRect(QRect(self._lefts[FROZEN], 0, 1 << 14, 1 << 14))
        ring_color = colors.focus if self.hasFocus() or self.list.field else colors.line2
        pixels.frame(QRectF(rect.adjusted(-1, -1, 0, 0)), ring_color, 2)

    def _take_ledger(self) -> None:
        if self.model_.calendar is not self.session.calendar:
            self._take_day()
        self.model_.show_ledger(self.session.ledger)
        if self.popover.request_id:
            self._refill_popover()

    def _take_masking(self) -> None:
        self.model_.show_names(self.session.names_shown)

    def _take_day(self) -> None:
        self.model_.show_day(self.session.today, self.session.calendar)

    def _is_typed_in(self, row: int) -> bool:
        """Whether something is being typed or chosen in a row."""
        cell = self.editor.cell
        return (cell is not None and cell.row == row) or (bool(self.list.field) and self.here()[0] == row)

    def _update_row(self, row: int) -> None:
        self.viewport().update(
            0, self.cell_rect(row, 0).y() - 2, self.viewport().width(), self.row_height + 4
        )

    def _update_cell(self, index: Index) -> None:
        if index.isValid():
            self.viewport().update(self.visualRect(index).adjusted(-2, -2, 2, 2))

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() == last.row():
            self._update_row(first.row())
        else:
            self._repaint()

    def dataChanged(self, first: QModelIndex, last: QModelIndex, roles: Sequence[int] = ()) -> None:  # type: ignore[override]
        """Told of the cells of one row one by one: told of them together, Qt would repaint every row."""
        if first.row() != last.row():
            super().dataChanged(first, last, roles)
            return
        for column in range(first.column(), last.column() + 1):
            index = first.siblingAtColumn(column)
            super().dataChanged(index, index, roles)

    def _hold_place(self) -> None:
        request = self.current()
        self._held_place = (request.id if request is not None else "", *self.here())

    def _reset(self) -> None:
        """Other rows are listed: the current request stays the current one, else the place stays."""
        request_id, row, column = self._held_place
        self.editor.dismiss()
        self.close_list()
        self._lay()
        if not self.popover.is_pinned:
            self.popover.dismiss()
        found = self.model_.row(request_id) if request_id else None
        self.go(found if found is not None else row, column)
        self._repaint()

    def _grown(self) -> None:
        self._lay()
        self._repaint()

    # --- place

    def here(self) -> tuple[int, int]:
        index = self.currentIndex()
        return max(0, index.row()), max(0, index.column())

    def column(self) -> Column:
        """The current column."""
        return self.model_.columns[self.here()[1]]

    def current(self) -> Request | None:
        """The current request; None in the blank row."""
        return self.model_.request(self.here()[0])

    def go(self, row: int, column: int, *, extend: bool = False) -> None:
        """Makes a cell the current one and brings it into view; `extend` selects from where the selection began."""
        row = max(0, min(row, self.model_.rowCount() - 1))
        column = max(0, min(column, len(self.model_.columns) - 1))
        index = self.model_.index(row, column)
        if extend:
            first = self.model_.index(*self._anchor)
            self.selectionModel().setCurrentIndex(index, _CURRENT)
            self.selectionModel().select(QItemSelection(first, index), _ALONE)
        else:
            self._anchor = (row, column)
            self.selectionModel().setCurrentIndex(index, _ALONE)
        self.scrollTo(index)

    def go_to(self, request_id: str, field: str = "") -> bool:
        """Makes a request the current one, in a column; False if it is not listed."""
        row = self.model_.row(request_id)
        if row is None:
            return False
        self.go(row, self.model_.place_of.get(field, self.here()[1]))
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def _box(self) -> Box:
        parts = self.selectionModel().selection()
        if not parts.count():
            row, column = self.here()
            return Box(row, column, row, column)
        part = parts.at(0)
        return Box(part.top(), part.left(), part.bottom(), part.right())

    def _current_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        self.close_list()  # what is chosen belongs to the cell that it was opened at
        self._update_cell(before)
        self._update_cell(now)
        if before.row() != now.row():
            for index in (before, now):
                if index.isValid():
                    top = self.cell_rect(index.row(), 0).y()
                    self._numbers.update(0, top - 1, self._number_width, self.row_height + 2)
        if before.column() != now.column():
            self._head.update()
        if self.popover.request_id and not self.popover.is_pinned:
            self.popover.dismiss()
        self.entered.emit()

    def _selection_changed(self, now: QItemSelection, before: QItemSelection) -> None:
        if now.count() + before.count() > 2 or self._box()[:2] != self._box()[2:]:
            self.viewport().update()
        else:
            for part in (*now.toList(), *before.toList()):
                area = self.cell_rect(part.top(), part.left()).united(
                    self.cell_rect(part.bottom(), part.right())
                )
                self.viewport().update(area.adjusted(-2, -2, 2, 2))

    # Qt would repaint every row, at each entry twice; the frame of the current cell is all that shows the focus.
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._update_cell(self.currentIndex())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._update_cell(self.currentIndex())

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        control, shift, alt = bool(modifiers & _CONTROL), bool(modifiers & _SHIFT), bool(modifiers & _ALT)
        row, column = self.here()
        event.accept()
        if alt and key in _ENTER:
            self.show_deadline(pin=True)
        elif (alt and key in (Qt.Key.Key_Down, Qt.Key.Key_Up)) or (key == Qt.Key.Key_F4 and not control):
            self.open_list()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif control and key == Qt.Key.Key_D:
            self.fill_down()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif control and key == Qt.Key.Key_Semicolon:
            self.put_today()
        elif key in _ARROWS and not alt:
            down, right = _ARROWS[Qt.Key(key)]
            if control:
                row, column = self._edge(row, column, down, right)
            else:
                row, column = row + down, column + right
            self._tab_from = None
            self.go(row, column, extend=shift)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            end = key == Qt.Key.Key_End
            if control:
                row = max(0, len(self.model_.listed) - 1) if end else 0
            self.go(row, len(self.model_.columns) - 1 if end else 0, extend=shift)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = max(1, self.viewport().height() // self.row_height - 1)
            self.go(row + (step if key == Qt.Key.Key_PageDown else -step), column, extend=shift)
        elif key in _TAB:
            self._tab(key == Qt.Key.Key_Backtab or shift)
        elif key in _ENTER and not control:
            back = self._tab_from if self._tab_from is not None else column
            self._tab_from = None
            self.go(row + (-1 if shift else 1), back)
        elif key == Qt.Key.Key_F2:
            self.open_editor()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not control:
            self.clear()
        elif key == Qt.Key.Key_Escape and self.popover.request_id:
            self.popover.dismiss()
        elif event.text().isprintable() and event.text().strip() and not control and not alt:
            self._type(event.text())
        else:
            event.ignore()

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab goes to the right, as in Excel; F6 leads out of the grid

    def _tab(self, back: bool) -> None:
        row, column = self.here()
        self._tab_from = column if self._tab_from is None else self._tab_from
        step = -1 if back else 1
        while 0 <= column + step < len(self.model_.columns):
            column += step
            if self.model_.columns[column].type != "told":  # nothing can be typed there
                self.go(row, column)
                return

    def _edge(self, row: int, column: int, down: int, right: int) -> tuple[int, int]:
        """Where Ctrl and an arrow lead: to the end of what is filled, or on to what is filled next."""
        model = self.model_
        if right:
            last = len(model.columns) - 1 if right > 0 else 0
            return row, _jump(lambda i: model.is_filled(row, i), column, last, right)
        last = len(model.listed) if down > 0 else 0
        return _jump(lambda i: model.is_filled(i, column), row, last, down), column

    def _type(self, text: str) -> None:
        one = self.column()
        if one.type == "told":
            self.told.emit(_WHERE_INSTEAD[one.field])
        elif one.type == "code":
            self.open_list(text)
        else:
            self.open_editor(text)

    # --- editing

    def open_editor(self, text: str | None = None, *, composing: bool = False) -> None:
        """Edits the current cell: with `text` instead of what stands there, else with that."""
        if self.editor.cell is not None:
            return
        if self.session.is_held:
            self.told.emit(self.session.held)
            return
        row, column = self.here()
        one = self.model_.columns[column]
        if one.type == "told":
            self.told.emit(_WHERE_INSTEAD[one.field])
            return
        if one.type == "code" and not composing:
            self.open_list(text or "")
            return
        self.close_list()
        self.scrollTo(self.currentIndex())
        request = self.model_.request(row)
        place = f"第 {self.model_.number(row)} 行，{one.heading}"
        cell = CellPlace(request.id if request is not None else "", one.field, row, column, place)
        replaces = text is not None
        self.popover_gives_way()
        self.editor.open(
            cell,
            text if text is not None else self.model_.to_edit(row, column),
            replaces=replaces,
            composing=composing,
        )
        if not replaces:
            self.editor.end(False)
        self._place_parts()
        self._update_row(row)

    def commit(self, *, everywhere: bool = False) -> bool:
        """Puts what is being typed into its cell, or into all selected; False, and the editor stays, if refused."""
        editor, cell = self.editor, self.editor.cell
        if self.list.field:
            self.close_list()
        if cell is None:
            return True
        QGuiApplication.inputMethod().commit()  # what is being composed belongs to the text
        text = editor.text().replace("\t", " ")  # of a row that was pasted into one cell
        if (editor.composing and not text) or (not editor.replaces and not editor.isModified()):
            editor.dismiss()
            self._update_row(cell.row)
            return True
        request = self.session.ledger.by_id.get(cell.request_id)
        if request is None and cell.request_id:  # taken out of the ledger meanwhile
            editor.dismiss()
            self.told.emit("这一件已经不在台账里，刚才键入的没有填入。")
            return True
        found = self.model_.meant(text, cell.field, request)
        if isinstance(found, Refused):
            editor.refuse(found.why)
            return False
        heading = self.model_.columns[cell.column].heading
        editor.dismiss()
        box = self._box()
        if everywhere and box[:2] != box[2:]:
            self._put_in_box(box, text)
        elif request is None:
            if found is not None:
                self._begin(cell.field, found)
        else:
            self._edit([(request, [(cell.field, found)])], f"填写{heading}")
        self._update_row(cell.row)
        return True

    def finish_editing(self) -> None:
        """Ends editing whatever is typed: a refused text is given up, and said so."""
        self.close_list()
        cell = self.editor.cell
        if cell is not None and not self.commit():
            self.editor.dismiss()
            self.told.emit(f"刚才键入的没有填入{self.model_.columns[cell.column].heading}，这一格保持原样。")
            self.dropped.emit()
            self.viewport().update()

    def drop_entry(self) -> bool:
        """Gives up an entry that was refused; False if there is none."""
        refused = self.editor.cell is not None and self.editor.refused.isVisible()
        if refused:
            self.editor.dismiss()
            self.viewport().update()
        return refused

    def _begin(self, field: str, value: Value) -> None:
        """The blank row becomes a request: its number follows the last one, its kind of receipt what it came by."""
        ledger = self.session.ledger
        request = Request(new_id(ledger)()).with_value(field, value)
        received = value if field == "received_on" and isinstance(value, date) else None
        if field != "reg_no" and (number := next_number(ledger.requests, received or self.model_.today)):
            request = request.with_value("reg_no", number)
        if self.session.edit(ledger.with_request(request), "登记一件申请"):
            self._typed_row = request.id

    def _edit(self, rows: Iterable[tuple[Request, Sequence[tuple[str, Value | None]]]], label: str) -> bool:
        """Puts values under columns of requests as one step; False if nothing is another."""
        ledger = self.session.ledger
        new = {}
        for request, entries in rows:
            after = changed(request, entries)
            if after is not request:
                if any(field == "received_on" for field, _ in entries):
                    after = self._renumbered(request, after)
                new[request.id] = after
        if not new:
            return False
        if len(new) == 1:
            return self.session.edit(ledger.with_request(next(iter(new.values()))), label)
        requests = tuple(new.get(one.id, one) for one in ledger.requests)
        return self.session.edit(replace(ledger, requests=requests), label)

    def _renumbered(self, before: Request, after: Request) -> Request:
        """A request just begun takes the number of the year in which it was received."""
        if before.id != self._typed_row or before.day("received_on") is not None:
            return after
        others = [one for one in self.session.ledger.requests if one.id != before.id]
        number = next_number(others, after.day("received_on"))
        return after.with_value("reg_no", number) if number and before.text("reg_no") else after

    def _put_in_box(self, box: Box, text: str) -> None:
        """The same text in all selected cells (Ctrl+Enter)."""
        self._put_block(
            box.top, box.left, [[text] * (box.right - box.left + 1)] * (box.bottom - box.top + 1), "填写"
        )

    def clear(self) -> None:
        """Empties the selected cells."""
        if self.editor.cell is not None:  # by the menu
            self.editor.del_()
            return
        if self.session.is_held:
            self.told.emit(self.session.held)
            return
        box = self._box()
        fields = [one.field for one in self.model_.columns[box.left : box.right + 1] if one.type != "told"]
        rows = [
            one for row in range(box.top, box.bottom + 1) if (one := self.model_.request(row)) is not None
        ]
        if not fields and rows:
            self.told.emit(_WHERE_INSTEAD[self.column().field])
            return
        cells = sum(1 for one in rows for field in fields if field in one.values or field in one.unsettled)
        self._edit(((one, [(field, None) for field in fields]) for one in rows), f"清空 {cells} 格")

    def remove_rows(self) -> None:
        """Takes the selected requests out of the ledger, as one step."""
        box = self._box()
        gone = {
            one.id for row in range(box.top, box.bottom + 1) if (one := self.model_.request(row)) is not None
        }
        if not gone:
            return
        ledger = self.session.ledger
        kept = tuple(one for one in ledger.requests if one.id not in gone)
        if self.session.edit(replace(ledger, requests=kept), f"删除 {len(gone)} 件申请"):
            self.told.emit(f"已删除 {len(gone)} 件申请；Ctrl+Z 可以恢复。")
            self.go(box.top, self.here()[1])

    def put_today(self) -> None:
        """Ctrl+; as in Excel: today under a date column."""
        if not self.commit():
            return
        if self.column().type == "date":
            self._put(self.here()[0], self.column().field, self.model_.today, f"填写{self.column().heading}")

    def _put(self, row: int, field: str, value: Value | None, label: str) -> bool:
        if self.session.is_held:
            self.told.emit(self.session.held)
            return False
        request = self.model_.request(row)
        if request is None:
            if value is not None:
                self._begin(field, value)
            return True
        return self._edit([(request, [(field, value)])], label)

    # --- blocks

    def fill_down(self) -> None:
        """Ctrl+D: the first selected row, or the one above, in all selected rows."""
        if not self.commit():
            return
        box = self._box()
        source = box.top if box.bottom > box.top else box.top - 1
        above = self.model_.request(source) if source >= 0 else None
        if above is None:
            return
        if self.session.is_held:
            self.told.emit(self.session.held)
            return
        fields = [one.field for one in self.model_.columns[box.left : box.right + 1] if one.type != "told"]
        entries = [(field, above.values.get(field)) for field in fields]
        below = [
            one for row in range(source + 1, box.bottom + 1) if (one := self.model_.request(row)) is not None
        ]
        if not below and source + 1 == len(self.model_.listed):
            for field, value in entries[:1]:
                if value is not None:
                    self._begin(field, value)
            return
        ledger = self.session.ledger
        new = {one.id: changed(one, entries) for one in below}
        for field in fields:
            if (text := above.unsettled.get(field)) is not None:
                new = {i: unsettled(one, field, text, above.why.get(field, "")) for i, one in new.items()}
        if any(new[one.id] is not one for one in below):
            requests = tuple(new.get(one.id, one) for one in ledger.requests)
            self.session.edit(replace(ledger, requests=requests), f"向下填充 {len(below) * len(fields)} 格")

    def copy(self) -> None:
        """The selected cells, headings left out; names as they are seen."""
        if self.editor.cell is not None:  # by the menu
            self.editor.copy()
            return
        box = self._box()
        columns = range(box.left, box.right + 1)
        rows = [
            [self.model_.to_copy(row, column) for column in columns]
            for row in range(box.top, min(box.bottom, len(self.model_.listed) - 1) + 1)
        ]
        if not rows:
            return
        put_on_clipboard(rows)
        private = not self.model_.names_shown and any(
            self.model_.columns[column].field in self.model_.private for column in columns
        )
        said = f"已复制 {len(rows)} 行 × {len(columns)} 列。"
        self.told.emit(f"{said}姓名是遮住的样子。" if private else said)

    def cut(self) -> None:
        """Copies the selected cells and empties them; masked names are not cut, or they would be lost."""
        if self.editor.cell is not None:  # by the menu
            self.editor.cut()
            return
        box = self._box()
        if not self.model_.names_shown and any(
            one.field in self.model_.private for one in self.model_.columns[box.left : box.right + 1]
        ):
            self.told.emit("姓名遮住的时候不能剪切，否则粘贴出来的只有星号。请先显示姓名。")
            return
        self.copy()
        self.clear()

    def paste(self) -> None:
        """A block of cells from Excel, WPS or this grid, from the current cell on."""
        if self.editor.cell is not None:  # by the menu
            self.editor.paste()
            return
        if self.session.is_held:
            self.told.emit(self.session.held)
            return
        lines = copied().text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
        rows = _cells(lines)
        if not any(text.strip() for row in rows for text in row):
            self.told.emit("剪贴板里没有可以粘贴的文字。")
            return
        if len(rows) > _MOST_PASTED:
            self.told.emit(f"一次最多粘贴 {_MOST_PASTED} 行；更多的请用“导入”。")
            return
        box = self._box()
        if len(rows) == 1 and len(rows[0]) == 1 and box[:2] != box[2:]:
            rows = [rows[0] * (box.right - box.left + 1)] * (box.bottom - box.top + 1)
        from gxeditor.ui.ledger.pasting import without_headings

        self._put_block(box.top, box.left, without_headings(rows, self.model_.columns[box.left :]), "粘贴")

    def _put_block(self, top: int, left: int, rows: list[list[str]], verb: str) -> None:
        """Texts from a cell on, rows below the last request become requests; what is not understood is asked once."""
        from gxeditor.ui.ledger import pasting

        done = pasting.understood(self.model_, top, left, rows)
        if len(rows) == len(rows[0]) == 1 and done.odd:
            self._refuse_one(top, left, done.odd[0])
            return
        codes: Mapping[tuple[str, str, str], str] = {}
        keeps = False
        if done.odd:
            answer = pasting.ask_odd(self.window(), self.model_, done, verb)
            if answer is None:
                self.told.emit(f"没有{verb}，什么也没有改。")
                self.dropped.emit()
                return
            codes, keeps = answer
        ledger = self.session.ledger
        after, open_ones = pasting.settled(done, codes, keeps=keeps, ledger=ledger)
        if after is ledger:
            self.told.emit(
                f"没有{verb}：这些格里本来就是这样。" if not done.odd else f"没有{verb}，什么也没有改。"
            )
            return
        more = len(after.requests) - len(ledger.requests)
        label = f"{verb} {len(rows)} 行，{done.cells} 格"
        if self.session.edit(after, label):
            said = [f"已{label}"]
            said += [f"多出 {more} 件申请"] if more else []
            said += [f"{open_ones} 格未定，不计入表三"] if open_ones else []
            said += ["算出来的列没有改"] if done.passed else []
            said += [f"右边放不下的 {done.beyond} 格没有{verb}"] if done.beyond else []
            self.told.emit("，".join(said) + "。")
            self._anchor = (top, left)
            widest = max(map(len, rows))
            last = min(top + len(rows), self.model_.rowCount()) - 1
            first = self.model_.index(top, left)
            end = self.model_.index(last, min(left + widest, len(self.model_.columns)) - 1)
            self.selectionModel().select(QItemSelection(first, end), _ALONE)

    def _refuse_one(self, row: int, column: int, odd: Odd) -> None:
        """A single text that is not understood is treated as if it had been typed: it stays, and it is said why."""
        self.go(row, column)
        if self.column().type == "code":
            self.open_list(odd.text.strip())  # it says that there is no such word
        elif self.column().field in self.model_.private:
            self.told.emit(f"没有粘贴：{odd.why}")
        else:
            self.open_editor(odd.text.strip())
            self.editor.refuse(odd.why)

    def selectAll(self) -> None:
        if self.model_.listed:
            first, last = (
                self.model_.index(0, 0),
                self.model_.index(len(self.model_.listed) - 1, len(self.model_.columns) - 1),
            )
            self._anchor = (0, 0)
            self.selectionModel().select(QItemSelection(first, last), _ALONE)

    # --- lists of codes

    def open_list(self, typed: str = "") -> None:
        """The codes of the current column below its cell; in another column it says where there are lists."""
        if not self.commit():  # by the menu: one thing is typed in at a time
            return
        row, column = self.here()
        one = self.model_.columns[column]
        if one.type != "code":
            self.told.emit("这一列直接键入；类别、方式、答复类型等列才有下拉表。")
            return
        if self.session.is_held:
            self.told.emit(self.session.held)
            return
        self.scrollTo(self.currentIndex())
        self.popover_gives_way()
        request = self.model_.request(row)
        current = request.text(one.field) if request is not None else ""
        recent = used_lately(self.session.ledger, one.field, self._picked.get(one.field, ()))
        self.list.open(one.field, current, recent, typed=typed)
        self._place_parts()
        self.list.take_keys()
        self._update_row(row)

    def close_list(self) -> None:
        """Closes the list, and nothing is chosen."""
        if self.list.field:
            had_keys = self.list.line.hasFocus()
            if (
                self.list.composing
            ):  # else what is composed would come to whichever cell is the current one then
                self.list.composing = False
                QGuiApplication.inputMethod().reset()
            self.list.dismiss()
            if had_keys:
                self.setFocus()
            self._update_row(self.here()[0])
            self._update_row(len(self.model_.listed))  # its hint comes back

    def _code_chosen(self, code: str, key: int) -> None:
        row, column = self.here()
        one = self.model_.columns[column]
        self._picked[one.field] = [code, *(c for c in self._picked.get(one.field, ()) if c != code)][:3]
        self.close_list()
        self.setFocus()
        self._put(row, one.field, code, f"填写{one.heading}")
        if key in _TAB:
            self._tab(key == Qt.Key.Key_Backtab)

    # --- the day due

    def show_deadline(self, row: int | None = None, *, pin: bool = False) -> None:
        """The calculation of the day due of a row, of the current one by default; `pin`: it takes the keys."""
        row = self.here()[0] if row is None else row
        request = self.model_.request(row)
        if request is None:
            self.told.emit("空行还没有答复期限；先填收到日期。")
            return
        if not self.commit():
            return
        self.popover.request_id = request.id
        self._refill_popover()
        self._place_parts()
        self.popover.pin.setChecked(pin)
        if pin:
            self.popover.take_keys()
        self.viewport().update()

    def _refill_popover(self) -> None:
        request = self.session.ledger.by_id.get(self.popover.request_id)
        if request is None:
            self.popover.dismiss()
            return
        model, due = self.model_, self.model_.due(request)
        severity = severity_of(model.standing(request))
        self.popover.fill(
            request.id,
            request.text("reg_no"),
            due,
            explained(due, model.calendar, model.today),
            severity,
            may_change=not self.session.is_held,
            is_extended=request.day("extended_on") is not None,
        )
        if self.popover.isVisible():
            self._place_parts()

    def popover_gives_way(self) -> None:
        if not self.popover.is_pinned:
            self.popover.dismiss()

    def _popover_closed(self) -> None:
        if not self.editor.hasFocus() and not self.list.line.hasFocus():
            self.setFocus()
        self.viewport().update()

    def _register(self, key: str) -> None:
        """Today under the column that a button of the popover names; an answer goes on to its kind."""
        request_id = self.popover.request_id
        row = self.model_.row(request_id)
        if key == popover.CALENDAR:
            self.calendar_asked.emit()
        elif row is not None:
            label = "登记延期告知" if key == popover.EXTEND else "登记答复"
            if self._put(row, key, self.model_.today, label):
                self.told.emit(f"已{label}：{self.model_.today.month}月{self.model_.today.day}日。")
            if key == popover.ANSWERED:
                self.popover.dismiss()
                self.go(row, self.model_.place_of["outcome"])
                self.setFocus()
                self.open_list()

    def _place_parts(self) -> None:
        """Editor, list and popover stand at their cells."""
        room = self.rect()
        if self.editor.cell is not None:
            cell = self.editor.cell
            self.editor.setFont(theme.font(9, 400, self.zoom))
            self.editor.place_over(self.cell_rect(cell.row, cell.column), _PAD)
        if self.list.field:
            rect = self.cell_rect(*self.here()).translated(self.viewport().pos())
            self.list.place_under(rect, room)
        if self.popover.request_id:
            row = self.model_.row(self.popover.request_id)
            if row is not None:
                rect = self.cell_rect(row, self.model_.place_of[DUE]).translated(self.viewport().pos())
                self.popover.open_at(rect, room)

    # --- the input method

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """The first composition opens editor or list; the focus stays here until it ends, or it would be broken off."""
        composing = bool(event.preeditString())
        going_on = self.editor.composing or self.list.composing
        if not (composing or event.commitString().strip() or going_on) or self.session.is_held:
            event.ignore()
            return
        one = self.column()
        if one.type == "told":
            self.told.emit(_WHERE_INSTEAD[one.field])
            event.ignore()
            return
        event.accept()
        if one.type == "code":
            if not self.list.field:
                if not self.commit():  # what was composed in another cell before
                    return
                self._open_list_composing()
            self.list.compose(event)
            return
        self.open_editor("", composing=True)
        editor = self.editor
        editor.composing = composing
        QApplication.sendEvent(editor, event)
        if composing:
            self.updateMicroFocus()
        elif editor.text():
            editor.setFocus()
        else:
            editor.dismiss()

    def _open_list_composing(self) -> None:
        one = self.column()
        self.scrollTo(self.currentIndex())
        self.popover_gives_way()
        self.list.open(
            one.field, "", used_lately(self.session.ledger, one.field, self._picked.get(one.field, ()))
        )
        self._place_parts()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """While the first composition is shown elsewhere the answers are those of that line."""
        line = self.editor if self.editor.composing else self.list.line if self.list.composing else None
        if line is not None:
            answer = line.inputMethodQuery(query)
            if isinstance(answer, QRect | QRectF):
                return answer.translated(line.mapTo(self, QPoint()))
            return answer
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return self.cell_rect(*self.here()).translated(self.viewport().pos())
        return super().inputMethodQuery(query)

    # --- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not self.commit():
            return
        self.setFocus()
        if not index.isValid():
            return
        self._tab_from = None
        shift = bool(event.modifiers() & _SHIFT)
        if event.button() == Qt.MouseButton.RightButton:
            box = self._box()
            if box.top <= index.row() <= box.bottom and box.left <= index.column() <= box.right:
                return
        was_here = (index.row(), index.column()) == self.here()
        self.go(index.row(), index.column(), extend=shift)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._drag = "cells"
        one = self.model_.columns[index.column()]
        if one.field in (DUE, LEFT) and not shift and self.model_.request(index.row()) is not None:
            self.show_deadline(index.row())
        rect = self.visualRect(index)
        if one.type == "code" and was_here and event.position().x() > rect.right() - 24:
            self.open_list()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag != "cells" or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        index = self.indexAt(point)
        if index.isValid() and (index.row(), index.column()) != self.here():
            self.popover_gives_way()
            self.go(index.row(), index.column(), extend=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        field = self.model_.columns[index.column()].field
        if field == STEPS:
            self.go(index.row(), self.model_.place_of["correction_sent_on"])
        elif field in (DUE, LEFT):
            self.show_deadline(index.row())
        else:
            self.open_editor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & _CONTROL:
            if turned := event.angleDelta().y():
                self.zoom_asked.emit(1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(list(self.offered))
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        cell = self.cell_rect(*self.here()).bottomLeft()
        menu.exec(event.globalPos() if by_mouse else self.viewport().mapToGlobal(cell))
        menu.deleteLater()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            tip = self.model_.tip(index.row(), index.column()) if index.isValid() else ""
            QToolTip.showText(event.globalPos(), theme.plain_tip(tip), self.viewport())
            return True
        return super().viewportEvent(event)

    def choose_rows(self, first: int, last: int) -> None:
        """Selects whole rows."""
        low, high = sorted((first, last))
        self._anchor = (low, 0)
        self.selectionModel().setCurrentIndex(self.model_.index(first, 0), _CURRENT)
        end = self.model_.index(min(high, self.model_.rowCount() - 1), len(self.model_.columns) - 1)
        self.selectionModel().select(QItemSelection(self.model_.index(low, 0), end), _ALONE)


_WHERE_INSTEAD = {
    STEPS: "这一列由后面的“补正告知日期”等列得来；双击到那里填，或按 Alt+Enter 登记。",
    DUE: "答复期限是算出来的；Alt+Enter 看怎样算。",
    LEFT: "剩余天数是算出来的；Alt+Enter 看怎样算。",
}


def _jump(filled: Callable[[int], bool], at: int, last: int, step: int) -> int:
    """Where Ctrl and an arrow lead from `at` towards `last`, as in Excel."""
    if at == last:
        return at
    within = filled(at) and filled(at + step)
    while at != last:
        if within and not filled(at + step):
            return at
        at += step
        if not within and filled(at):
            return at
    return at


def _cells(lines: Sequence[str]) -> list[list[str]]:
    """Cells of copied lines; one that Excel quoted, for a line break or a quote in it, is one cell."""
    import csv
    import io

    text = "\n".join(lines)
    if '"' not in text:
        return [line.split("\t") for line in lines]
    rows = [[" ".join(cell.split()) for cell in row] for row in csv.reader(io.StringIO(text), delimiter="\t")]
    return [row or [""] for row in rows]


# ------------------------------------------------------------------------------------------ headings and numbers


class _Head(QWidget):
    """The headings: click for order and filter; what is filtered or ordered says so."""

    def __init__(self, grid: LedgerGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setMouseTracking(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        grid = self._grid
        column = grid.column_at(event.position().toPoint().x())
        if column >= 0 and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            grid.finish_editing()
            left, _ = grid.column_rect(column)
            at = self.mapToGlobal(QPoint(max(0, left), self.height()))
            # The menu that answers takes the mouse: not while the press is still under way.
            QTimer.singleShot(0, grid, lambda: grid.heading_asked.emit(grid.model_.columns[column].field, at))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            column = self._grid.column_at(event.pos().x())
            if column >= 0:
                heading = self._grid.model_.columns[column].heading
                QToolTip.showText(event.globalPos(), theme.plain_tip(f"按“{heading}”排序、筛选。"), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        grid, painter = self._grid, QPainter(self)
        colors = theme.current()
        painter.fillRect(self.rect(), colors.head)
        frozen = grid._lefts[FROZEN]
        for columns, clip in (
            (grid._visible_columns(), QRect(frozen, 0, self.width() - frozen, self.height())),
            (range(FROZEN), QRect(0, 0, frozen, self.height())),
        ):
            painter.setClipRect(clip)
            for column in columns:
                self._paint(painter, column)
        painter.setClipping(False)
        pixels = theme.Pixels(painter)
        pixels.hline(0, self.height() - pixels.line, self.width(), colors.edge)
        painter.end()

    def _paint(self, painter: QPainter, column: int) -> None:
        grid, colors, pixels = self._grid, theme.current(), theme.Pixels(painter)
        model, one = grid.model_, grid.model_.columns[column]
        left, width = grid.column_rect(column)
        if column == grid.here()[1]:
            pixels.fill(left, 0, width, self.height(), colors.headact)
        edge = colors.line2 if column == FROZEN - 1 else colors.line
        pixels.vline(left + width - pixels.line, 0, self.height(), edge)
        painter.setFont(theme.font(9, 400, grid.zoom))
        painter.setPen(colors.headtext)
        room = QRect(left + _PAD, 0, width - 2 * _PAD, self.height())
        icons = []
        if one.field in model.private and not model.names_shown:
            icons.append("hide")
        if one.field in model.wanted.columns:
            icons.append("filter")
        if model.wanted.order is not None and model.wanted.order[0] == one.field:
            icons.append("order-down" if model.wanted.order[1] else "order-up")
        metrics = QFontMetrics(painter.font())
        said = metrics.elidedText(one.heading, Qt.TextElideMode.ElideRight, room.width() - 14 * len(icons))
        x = room.x() if not one.right else room.right() - metrics.horizontalAdvance(said) - 14 * len(icons)
        painter.drawText(QRect(x, 0, room.width(), self.height()), _LEFT, said)
        x += metrics.horizontalAdvance(said) + 3
        for name in icons:
            theme.icon(name, "text2", 12).paint(painter, QRect(x, (self.height() - 12) // 2, 12, 12))
            x += 14


class _Numbers(QWidget):
    """The numbers of the rows: click or drag selects whole rows."""

    def __init__(self, grid: LedgerGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._from = -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._grid.row_at(event.position().toPoint().y())
        if row >= 0 and self._grid.commit():
            self._grid.setFocus()
            before = self._grid.here()[0]
            self._from = before if event.modifiers() & _SHIFT else row
            self._grid.choose_rows(self._from, row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._grid.row_at(event.position().toPoint().y())
        if row >= 0 and self._from >= 0 and event.buttons() & Qt.MouseButton.LeftButton:
            self._grid.choose_rows(self._from, row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = -1

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._grid.contextMenuEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        grid, painter = self._grid, QPainter(self)
        colors, pixels = theme.current(), theme.Pixels(painter)
        painter.fillRect(self.rect(), colors.head)
        box, height = grid._box(), grid.row_height
        first = grid.row_at_or_after(0)
        painter.setFont(theme.font(9, 400, grid.zoom))
        for row in range(first, min(grid.model_.rowCount(), first + self.height() // height + 2)):
            top = grid.cell_rect(row, 0).y()
            if not event.rect().intersects(QRect(0, top, self.width(), height)):
                continue
            if box.top <= row <= box.bottom:
                pixels.fill(0, top, self.width(), height, colors.headact)
            pixels.hline(0, top + height - pixels.line, self.width(), colors.line)
            painter.setPen(colors.headtext if box.top <= row <= box.bottom else colors.text2)
            painter.drawText(QRect(0, top, self.width() - 8, height), _RIGHT, f"{grid.model_.number(row)}")
        pixels.vline(self.width() - pixels.line, 0, self.height(), colors.edge)
        painter.end()


class _CornerBox(QWidget):
    """Above the numbers and before the headings: selects everything."""

    def __init__(self, grid: LedgerGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setToolTip("选定列出的全部申请。")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._grid.commit():
            self._grid.setFocus()
            self._grid.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, pixels = theme.current(), theme.Pixels(painter)
        painter.fillRect(self.rect(), colors.head)
        pixels.hline(0, self.height() - pixels.line, self.width(), colors.edge)
        pixels.vline(self.width() - pixels.line, 0, self.height(), colors.edge)
        painter.end()
