"""A statistics table as a spreadsheet that looks like the paper form.

Knows Excel's keys, the clipboard, how every state of a cell is painted (LOOK.md §4) and how large rows and columns are
(LOOK.md §2). Takes headings and spans from the form's `Grid`; holds no finding and no figure of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gxeditor.core import edits
from gxeditor.core.errors import EntryError
from gxeditor.core.form import Cell, Place, Table
from gxeditor.core.report import parse_entry, show_entry
from gxeditor.core.rules import Finding, Severity
from gxeditor.ui import theme
from gxeditor.ui.clipboard import put_on_clipboard, read_clipboard
from gxeditor.ui.session import Change, Session

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_EDITABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
_HEADING = Qt.ItemFlag.NoItemFlags


class Look(NamedTuple):
    """What a cell shows: its text, what it is (“”, zero, number, text), its total state and its worst finding.

    `total` is “” for an ordinary cell, `auto` for an automatic total or a typed one that equals its details, `typed`
    for a typed one that does not (LOOK.md §4).
    """

    text: str
    what: str
    total: str
    severity: Severity | None


class GridModel(QAbstractTableModel):
    """The cells of a table by row and column of its body, i.e. below the head rows and right of the labels."""

    def __init__(self, session: Session, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.table = table
        self.grid = table.grid()
        self.top, self.left = self.grid.head_rows, self.grid.label_columns
        self.places: dict[tuple[int, int], Place] = {
            (place.row - self.top, place.column - self.left): place
            for place in self.grid.places
            if place.row >= self.top and place.column >= self.left
        }
        self.where: dict[str, tuple[int, int]] = {
            place.cell.id: where for where, place in self.places.items() if place.cell is not None
        }
        self.looks: dict[str, Look] = {}
        self._look_again()
        session.changed.connect(self._changed)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self.grid.rows - self.top

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self.grid.columns - self.left

    def cell(self, row: int, column: int) -> Cell | None:
        place = self.places.get((row, column))
        return place.cell if place is not None else None

    def anchor(self, row: int, column: int) -> tuple[int, int] | None:
        """Where the cell that covers this position begins; None on a heading or outside."""
        place = self.grid.at.get((row + self.top, column + self.left))
        if place is None or place.cell is None:
            return None
        return place.row - self.top, place.column - self.left

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _EDITABLE if self.cell(index.row(), index.column()) is not None else _HEADING

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        place = self.places.get((index.row(), index.column()))
        if place is None:
            return None
        if place.cell is None:
            return place.text if role == Qt.ItemDataRole.DisplayRole else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.looks[place.cell.id].text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(place.cell)
        return None

    def spoken(self, cell: Cell) -> str:
        """Row and column heading, value and findings, as a screen reader says them."""
        look = self.looks[cell.id]
        words = [cell.place, look.text or "空"]
        if look.total:
            words.append("自动合计" if self.session.report.is_automatic(cell.id) else "手填的合计")
        words.extend(
            f"{finding.severity.word}：{finding.message}"
            for finding in self.session.findings.by_cell.get(cell.id, ())
        )
        return "，".join(words)

    def _changed(self, change: Change) -> None:
        if not any(cell in self.where for cell in change.cells):
            return
        for cell in self._look_again():
            index = self.index(*self.where[cell])
            self.dataChanged.emit(index, index)

    def _look_again(self) -> list[str]:
        """Renews the looks; the cells whose look differs."""
        report, by_cell = self.session.report, self.session.findings.by_cell
        values, entries = report.values, report.entries
        differing = []
        for cell in self.table.cells:
            value = values.get(cell.id)
            found = by_cell.get(cell.id)
            what = (
                "" if value is None else "text" if isinstance(value, str) else "number" if value else "zero"
            )
            total = ""
            if cell.parts:
                typed = cell.id in entries and report.details_sum(cell) != entries[cell.id]
                total = "typed" if typed else "auto"
            look = Look(show_entry(value), what, total, found[0].severity if found else None)
            if self.looks.get(cell.id) != look:
                self.looks[cell.id] = look
                differing.append(cell.id)
        return differing


class Measures(NamedTuple):
    """Sizes in logical pixels: a body row, a head row, the label columns, a value column; the text in points."""

    row: int
    head: int
    labels: tuple[int, ...]
    column: int
    points: float


# LOOK.md §2: row height → point size, label widths 1 / 2 / 3 and number column of 表三
_DENSITIES = (
    (17, 8.25, (26, 100, 426), 92),
    (19, 9.0, (28, 108, 456), 98),
    (24, 9.75, (32, 110, 508), 98),
    (28, 10.5, (34, 120, 548), 104),
)
DENSITIES = {"auto": "自动", "fit": "适应窗口", "compact": "紧凑", "standard": "标准", "wide": "宽松"}
_ROWS = {"fit": 17, "compact": 19, "standard": 24, "wide": 28}
_NARROWEST = {"label": 300, "column": 60}


def measure(table: Table, width: int, height: int, density: str, zoom: float) -> Measures:
    """The sizes for a table in an area, at a density and zoom.

    「自动」 takes the tallest row that shows the whole table; label and number columns shrink before the view scrolls.
    """
    grid = table.grid()
    area_width, area_height = width / zoom, height / zoom
    fitting = int(
        (area_height - 2 - grid.head_rows) // max(grid.rows, 1)
    )  # a head row is 1 higher than a row
    row = _ROWS.get(density) or max(17, min(28, fitting))
    if density == "fit":
        row = max(17, min(row, fitting))
    labels: tuple[int, ...]
    _, points, labels, column = max((d for d in _DENSITIES if d[0] <= row), key=lambda d: d[0])
    values = grid.columns - grid.label_columns
    if grid.label_columns == 1:
        labels, column = (200,), 168
    elif grid.label_columns == 0:
        labels = ()
        column = max(58, min(110, int(area_width / values)))
    spare = area_width - sum(labels) - column * values
    if spare < 0 and labels:
        column = max(_NARROWEST["column"], 76 if len(labels) == 3 else 60, column + int(spare // values))
        spare = area_width - sum(labels) - column * values
        if spare < 0 and len(labels) == 3:
            labels = (*labels[:2], max(_NARROWEST["label"], int(labels[2] + spare)))
    scaled = tuple(round(label * zoom) for label in labels)
    size = points * zoom
    while size > 6 and QFontMetricsF(theme.font(size)).height() > (row - 1) * zoom + 4:
        size -= 0.75
    return Measures(round(row * zoom), round((row + 1) * zoom), scaled, round(column * zoom), size)


class MergedHeader(QHeaderView):
    """Nested, merged headings of one axis, painted from the form's places; they stay in view while scrolling."""

    def __init__(self, orientation: Qt.Orientation, model: GridModel, view: GridView) -> None:
        super().__init__(orientation, view)
        self._view = view
        self._across = orientation == Qt.Orientation.Horizontal
        grid = model.grid
        self._places = [
            place
            for place in grid.places
            if place.kind != "cell"
            and (
                (place.row < grid.head_rows and place.column >= grid.label_columns)
                if self._across
                else (place.row >= grid.head_rows and place.column < grid.label_columns)
            )
        ]
        self._origin = grid.label_columns if self._across else grid.head_rows
        self._levels: list[int] = []
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(8)

    def set_levels(self, sizes: Sequence[int]) -> None:
        """The thickness of each level of headings, from the outermost."""
        self._levels = list(sizes)
        self.updateGeometry()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        thick = sum(self._levels)
        return QSize(size.width(), thick) if self._across else QSize(thick, size.height())

    def rect_of(self, place: Place) -> QRect:
        first, count = (place.column, place.column_span) if self._across else (place.row, place.row_span)
        level, deep = (place.row, place.row_span) if self._across else (place.column, place.column_span)
        start = self.sectionViewportPosition(first - self._origin)
        last = min(first - self._origin + count, self.count()) - 1
        end = self.sectionViewportPosition(last) + self.sectionSize(last)
        low, high = sum(self._levels[:level]), sum(self._levels[: level + deep])
        return (
            QRect(start, low, end - start, high - low)
            if self._across
            else QRect(low, start, high - low, end - start)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        pixels = theme.Pixels(painter)
        colors = theme.current()
        active = self._view.active_rows() if not self._across else self._view.active_columns()
        painter.fillRect(event.rect(), colors.base)
        for place in self._places:
            rect = self.rect_of(place)
            if not rect.intersects(event.rect()):
                continue
            first, count = (place.column, place.column_span) if self._across else (place.row, place.row_span)
            leaf = count == 1 and place.kind in ("row", "column")
            current = leaf and (first - self._origin) in active
            pixels.fill(
                rect.x(), rect.y(), rect.width(), rect.height(), colors.headact if current else colors.head
            )
            heavy = self._across or self._view.group_ends(place.row - self._origin + place.row_span - 1)
            line = colors.line2 if heavy else colors.line
            if place.kind != "band":
                pixels.vline(rect.right() + 1 - pixels.line, rect.y(), rect.height(), colors.line2)
            pixels.hline(rect.x(), rect.bottom() + 1 - pixels.line, rect.width(), line)
            if place.row == 0:
                pixels.hline(rect.x(), 0, rect.width(), colors.line2)
            if not self._across and place.column == 0:
                pixels.vline(0, rect.y(), rect.height(), colors.line2)
            self._write(painter, place, rect)
        painter.end()

    def _write(self, painter: QPainter, place: Place, rect: QRect) -> None:
        painter.setPen(theme.current().headtext)
        bold = place.is_sum or place.kind == "band"
        painter.setFont(self._view.face(600 if bold else 400))
        visible = rect.intersected(self.viewport().rect())
        room = (visible if visible.height() >= min(rect.height(), 40) else rect).adjusted(8, 0, -6, 0)
        if self._across:
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(rect.adjusted(3, 0, -3, 0), int(flags), place.text)
        elif place.row_span > 6 and rect.width() < 48:
            room = visible.adjusted(0, 4, 0, -4)
            stacked = "\n".join(place.text)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), stacked)
        elif place.kind == "corner" or place.row_span > 1:
            painter.drawText(room.adjusted(-4, 0, 2, 0), int(Qt.AlignmentFlag.AlignCenter), place.text)
        else:
            text = painter.fontMetrics().elidedText(place.text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a heading selects all cells under it, however many lines it spans."""
        point = event.position().toPoint()
        for place in self._places:
            if self.rect_of(place).contains(point) and event.button() == Qt.MouseButton.LeftButton:
                first, count = (
                    (place.column, place.column_span) if self._across else (place.row, place.row_span)
                )
                start = first - self._origin
                if place.kind != "band" and place.kind != "corner":
                    self._view.select_lines(start, start + count - 1, rows=not self._across)
                return


class CellEditor(QLineEdit):
    """The line that opens over a cell. Typing opened it: arrows commit; F2 or a double click did: arrows move."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view.viewport())
        self._view = view
        self.typing = False
        self.cell: Cell | None = None
        self.setFrame(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setObjectName("cellEditor")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.refused = QLabel(view)
        self.refused.setObjectName("refusedReason")
        self.refused.hide()
        self.textEdited.connect(self._forget_refusal)
        self.hide()

    def open(self, cell: Cell, rect: QRect, text: str | None) -> None:
        """Opens over `rect`; `text` is what was typed to open it, None to edit what stands there."""
        self.cell = cell
        self.typing = text is not None
        self._dress("")
        self.setFont(self._view.face(500))
        self.setGeometry(rect.adjusted(1, 1, -1, -1))
        self.setAccessibleName(cell.place)
        self.setText(
            text if text is not None else show_entry(self._view.model_.session.report.value(cell.id))
        )
        self.show()
        self.raise_()
        self.setFocus()
        if text is None:
            self.selectAll()

    def refuse(self, reason: str) -> None:
        """Stays open and says why; Esc gives the old value back."""
        self._dress(reason)
        self.refused.setText(reason)
        self.refused.adjustSize()
        place = self._view.viewport().mapTo(self._view, self.geometry().bottomLeft())
        left = max(4, min(place.x(), self._view.width() - self.refused.width() - 4))
        top = place.y() + 4
        if top + self.refused.height() > self._view.height():
            top = place.y() - self.height() - self.refused.height() - 4
        self.refused.move(left, top)
        self.refused.show()
        self.refused.raise_()
        self.setFocus()

    def _forget_refusal(self) -> None:
        if self.refused.isVisible():
            self._dress("")
            self.refused.hide()

    def _dress(self, reason: str) -> None:
        colors = theme.current().hex
        ring = colors.err if reason else colors.focus
        self.setStyleSheet(
            f"QLineEdit#cellEditor {{ background: {colors.base}; color: {colors.text}; border: 2px solid {ring};"
            " border-radius: 0; padding: 0 4px; min-height: 0; }}"
        )
        self.refused.setStyleSheet(
            f"QLabel#refusedReason {{ background: {colors.errtint}; color: {colors.errtext};"
            f" border: 1px solid {colors.err}; padding: 3px 8px; }}"
        )

    def dismiss(self) -> None:
        self.cell = None
        self.refused.hide()
        if self.isVisible():
            had = self.hasFocus()
            self.hide()
            if had:
                self._view.setFocus()

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab belongs to the table

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(event.key())
        arrow = event.key() in _ARROWS
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() == Qt.Key.Key_F2:
            self.typing = not self.typing
        elif (
            move is not None
            and (not arrow or self.typing)
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            if self._view.commit():
                self._view.keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Undo) and not self.isModified():
            self.dismiss()
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
            Qt.FocusReason.MenuBarFocusReason,
        ):
            self._view.commit()


_ARROWS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right}
_MOVES: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
}


class CellPainter(QStyledItemDelegate):
    """Paints a cell in the order of LOOK.md §1: frame over finding outline and signs over tint over selection."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, colors = self._view, theme.current()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        pixels = theme.Pixels(painter)
        row, column = index.row(), index.column()
        place = view.model_.places.get((row, column))
        x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        if place is None or place.cell is None:
            self._heading(painter, pixels, place, rect)
            return
        cell = place.cell
        look = view.model_.looks[cell.id]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if look.severity is not None:
            ground = colors.severity[look.severity].tint
        elif selected:
            ground = colors.sel
        elif look.total == "auto":
            ground = colors.total
        else:
            ground = colors.base
        pixels.fill(x, y, width, height, ground)
        heavy_right = view.column_ends(column + place.column_span - 1)
        pixels.vline(x + width - pixels.line, y, height, colors.line2 if heavy_right else colors.line)
        ends = view.group_ends(row)
        pixels.hline(x, y + height - pixels.line, width, colors.line2 if ends else colors.line)
        shown = view.model_.session.shown
        outlined = shown is not None and cell.id in view.shown_cells
        if look.text:
            if look.severity is not None:
                pen = colors.severity[look.severity].text
            elif look.what == "zero":
                pen = colors.text2 if selected else colors.zero
            elif look.what == "text":
                pen = colors.text2
            else:
                pen = colors.totaltext if look.total else colors.text
            painter.setPen(pen)
            weight = 400 if look.what == "zero" and look.severity is None else 600 if look.total else 500
            painter.setFont(view.face(weight))
            pad = max(12, width * 3 // 10) if width < 140 else 40
            painter.drawText(
                QRect(x + 4, y, width - 4 - pad, height - 1),
                int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                look.text,
            )
        if look.total == "typed" and look.text and not (outlined and shown and cell.id in shown.signs):
            painter.setPen(colors.text2)
            painter.setFont(view.small_face())
            painter.drawText(
                QRect(x + 5, y, width - 10, height - 1),
                int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
                "手填",
            )
        if look.severity is not None:
            side = 8 if height >= 22 else 7
            theme.paint_mark(painter, QRectF(x + width - side - 4, y + 3, side, side), look.severity)
        if outlined and shown is not None:
            pixels.frame(
                QRectF(x, y, width - pixels.line, height - pixels.line), colors.severity[shown.severity].mark
            )
            sign = shown.signs.get(cell.id)
            if sign and width > 40:
                theme.paint_sign(painter, QRectF(x + 3, y, 15, height - 1), sign, shown.severity)
        if view.current_place == (row, column):
            frame = QRectF(x, y, width - pixels.line, height - pixels.line)
            if view.hasFocus() or view.editor.isVisible() or view.flashing:
                pixels.frame(frame, colors.focus, 3 if view.flashing else 2)
                pixels.fill(x + width - 6, y + height - 6, 5, 5, colors.focus)
            else:
                pixels.frame(frame, colors.focus)
        elif selected and look.severity is not None:
            pixels.frame(QRectF(x, y, width - pixels.line, height - pixels.line), colors.focus)

    def _heading(self, painter: QPainter, pixels: theme.Pixels, place: Place | None, rect: QRect) -> None:
        colors = theme.current()
        pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), colors.head)
        pixels.hline(rect.x(), rect.bottom() + 1 - pixels.line, rect.width(), colors.line2)
        if self._view.model_.top == 0 and rect.y() <= self._view.rowViewportPosition(0):
            pixels.hline(rect.x(), rect.y(), rect.width(), colors.line2)
        if place is not None or rect.right() + 1 >= self._view.columns_end():
            pixels.vline(rect.right() + 1 - pixels.line, rect.y(), rect.height(), colors.line2)
        if place is not None:
            painter.setPen(colors.headtext)
            painter.setFont(self._view.face(400))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), place.text)


class GridView(QTableView):
    """The table of one section. Signals: the current cell, the selection's figures, a sentence, a wish to zoom."""

    cell_entered = Signal(object)
    figures = Signal(str)
    told = Signal(str)
    zoom_asked = Signal(int)
    hovered = Signal(object, QRect)

    def __init__(self, session: Session, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = GridModel(session, table, self)
        self.session = session
        self.table = table
        self.density = "auto"
        self.zoom = 1.0
        self.measures = measure(table, 1280, 560, "auto", 1.0)
        self.current_place = (-1, -1)
        self.flashing = False
        self.shown_cells: frozenset[str] = frozenset()
        self._tab_column: int | None = None
        self._head = (-1, -1)
        self._hovered_cell: Cell | None = None
        self.setModel(self.model_)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setHorizontalHeader(MergedHeader(Qt.Orientation.Horizontal, self.model_, self))
        self.setVerticalHeader(MergedHeader(Qt.Orientation.Vertical, self.model_, self))
        self.horizontalHeader().setVisible(self.model_.top > 0)
        self.verticalHeader().setVisible(self.model_.left > 0)
        self.setItemDelegate(CellPainter(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(False)
        self.setStyleSheet("QTableView { border: none; }")
        section = session.form.section(table.key)
        self.setAccessibleName(section.heading)
        self.setObjectName(f"grid_{table.key}")
        for (row, column), place in self.model_.places.items():
            if place.row_span > 1 or place.column_span > 1:
                self.setSpan(row, column, place.row_span, place.column_span)
        self.editor = CellEditor(self)
        self._corner = self.findChild(QAbstractButton)
        if self._corner is not None:
            self._corner.installEventFilter(self)
            self._corner.setAccessibleName("选择整张表")
        self._flash_timer = QTimer(self, singleShot=True, interval=600)
        self._flash_timer.timeout.connect(self._end_flash)
        self._hover_timer = QTimer(self, singleShot=True, interval=350)
        self._hover_timer.timeout.connect(self._show_hover)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        session.focused.connect(self._show_finding)
        session.changed.connect(self._session_changed)
        theme.appearance.changed.connect(self._restyled)
        self._fit()
        first = next(iter(self.model_.where.values()))
        self.setCurrentIndex(self.model_.index(*first))

    # --- measures

    def face(self, weight: int) -> QFont:
        return theme.font(self.measures.points, weight)

    def small_face(self) -> QFont:
        return theme.font(7.5, 400, max(1.0, self.zoom))

    def set_density(self, density: str, zoom: float) -> None:
        self.density, self.zoom = density, zoom
        self._fit()

    def _fit(self) -> None:
        size = self.size()
        self.measures = measure(self.table, size.width() - 2, size.height() - 2, self.density, self.zoom)
        sizes = self.measures
        head, side = self.horizontalHeader(), self.verticalHeader()
        assert isinstance(head, MergedHeader) and isinstance(side, MergedHeader)
        head.set_levels([sizes.head] * self.model_.top)
        side.set_levels(sizes.labels)
        for row in range(self.model_.rowCount()):
            if self.rowHeight(row) != sizes.row:
                self.setRowHeight(row, sizes.row)
        for column in range(self.model_.columnCount()):
            if self.columnWidth(column) != sizes.column:
                self.setColumnWidth(column, sizes.column)
        self.updateGeometries()
        self.viewport().update()

    def columns_end(self) -> int:
        """The right edge of the last column in the viewport."""
        last = self.model_.columnCount() - 1
        return self.columnViewportPosition(last) + self.columnWidth(last)

    def content_height(self) -> int:
        """The height at which nothing scrolls."""
        return self.measures.head * self.model_.top + self.measures.row * self.model_.rowCount() + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self._fit()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _restyled(self) -> None:
        self.viewport().update()
        self.horizontalHeader().viewport().update()
        self.verticalHeader().viewport().update()

    @cached_property
    def _row_groups(self) -> list[tuple[str, ...]]:
        rows = [row for block in self.table.blocks for row in block.rows]
        return [row.labels for row in rows]

    def group_ends(self, row: int) -> bool:
        """Whether a group of rows ends below this row: a heavier line is drawn there."""
        if self.model_.left != 3:
            return True
        groups = self._row_groups
        if row + 1 >= len(groups):
            return True
        here, below = groups[row], groups[row + 1]
        if here[:2] == below[:2]:
            return False
        return len(here) > 2 or len(below) > 2 or (here[0] != below[0] and max(len(here), len(below)) > 1)

    @cached_property
    def _heavy_columns(self) -> frozenset[int]:
        columns = self.table.blocks[0].columns
        return frozenset(
            i
            for i, column in enumerate(columns)
            if i + 1 == len(columns) or column.is_sum or (columns[i + 1].is_sum and self.model_.left)
        )

    def column_ends(self, column: int) -> bool:
        return column in self._heavy_columns or column + 1 == self.model_.columnCount()

    # --- place and selection

    def current_cell(self) -> Cell | None:
        return self.model_.cell(*self.current_place)

    def active_rows(self) -> set[int]:
        return {self.current_place[0]}

    def active_columns(self) -> set[int]:
        return {self.current_place[1]}

    def selected_cells(self) -> list[Cell]:
        """The selected cells in reading order; the current one if nothing is selected."""
        found = {
            (index.row(), index.column()): cell
            for index in self.selectionModel().selectedIndexes()
            if (cell := self.model_.cell(index.row(), index.column())) is not None
        }
        if not found and (cell := self.current_cell()) is not None:
            return [cell]
        return [found[where] for where in sorted(found)]

    def go_to(self, cell_id: str, *, flash: bool = False) -> None:
        """Makes a cell the current one and brings it into view."""
        index = self.model_.index(*self.model_.where[cell_id])
        self.setCurrentIndex(index)
        self.scrollTo(index)
        if flash:
            self.flashing = True
            self._flash_timer.start()
        self.viewport().update()

    def _end_flash(self) -> None:
        self.flashing = False
        self.viewport().update()

    def select_lines(self, first: int, last: int, *, rows: bool) -> None:
        """Selects whole rows or columns."""
        bottom, right = self.model_.rowCount() - 1, self.model_.columnCount() - 1
        box = (first, 0, last, right) if rows else (0, first, bottom, last)
        start = next(
            (
                a
                for r in range(box[0], box[2] + 1)
                for c in range(box[1], box[3] + 1)
                if (a := self.model_.anchor(r, c))
            ),
            None,
        )
        if start is not None and self.commit():
            self.setCurrentIndex(self.model_.index(*start))
            self._select(box)

    def _select(self, box: tuple[int, int, int, int]) -> None:
        selection = QItemSelection(self.model_.index(box[0], box[1]), self.model_.index(box[2], box[3]))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        old = self.current_place
        self.current_place = (current.row(), current.column())
        self._head = self.current_place
        for row, column in (old, self.current_place):
            if row >= 0:
                self.update(self.model_.index(row, column))
        self.horizontalHeader().viewport().update()
        self.verticalHeader().viewport().update()
        self.cell_entered.emit(self.current_cell())

    def _selection_changed(self) -> None:
        self.figures.emit(self._figures())

    def _figures(self) -> str:
        cells = self.selected_cells()
        values = [
            v for c in cells if (v := self.session.report.value(c.id)) is not None and not isinstance(v, str)
        ]
        if not values:
            return ""
        total = sum((Decimal(value) for value in values), Decimal(0))
        mean = (total / len(values)).quantize(Decimal("0.01")).normalize()
        return f"求和 {total:f}　计数 {len(values)}　平均 {mean:f}"

    def _session_changed(self, change: Change) -> None:
        if self.isVisible() and any(cell in self.model_.where for cell in change.cells):
            self.figures.emit(self._figures())
            self.shown_cells = self._cells_of(self.session.shown)

    # --- findings

    @staticmethod
    def _cells_of(finding: Finding | None) -> frozenset[str]:
        return frozenset(finding.cells) if finding is not None else frozenset()

    def _show_finding(self, finding: Finding | None) -> None:
        new = self._cells_of(finding)
        touched = (new | self.shown_cells) & self.model_.where.keys()
        self.shown_cells = new
        for cell in touched:
            self.update(self.model_.index(*self.model_.where[cell]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        cell = self.model_.cell(index.row(), index.column()) if index.isValid() else None
        if cell is not self._hovered_cell:
            self._hovered_cell = cell
            self._hover_timer.start(350 if cell is not None else 150)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered_cell = None
        self._hover_timer.start(150)

    def _show_hover(self) -> None:
        cell = self._hovered_cell
        rect = QRect()
        if cell is not None:
            index = self.model_.index(*self.model_.where[cell.id])
            rect = QRect(
                self.viewport().mapToGlobal(self.visualRect(index).topLeft()), self.visualRect(index).size()
            )
        self.hovered.emit(cell, rect)

    def rect_on_screen(self, cell_id: str) -> QRect:
        """Where a cell of this table is on the screen."""
        rect = self.visualRect(self.model_.index(*self.model_.where[cell_id]))
        return QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size())

    # --- editing

    def open_editor(self, text: str | None = None) -> None:
        cell = self.current_cell()
        if cell is None:
            return
        index = self.currentIndex()
        self.scrollTo(index)
        self.editor.open(cell, self.visualRect(index), text)

    def commit(self) -> bool:
        """Puts what is being typed into its cell; False, and the editor stays, if it is refused."""
        editor = self.editor
        cell = editor.cell
        if cell is None or not editor.isVisible():
            return True
        try:
            entry = parse_entry(editor.text(), cell)
        except EntryError as error:
            editor.refuse(str(error))
            return False
        report = self.session.report
        if editor.typing or editor.text() != show_entry(report.value(cell.id)):
            self.session.edit(report.with_entry(cell.id, entry), f"填写 {cell.place}", origin=self)
        editor.dismiss()
        return True

    def finish_editing(self) -> None:
        """Ends editing whatever is typed: a refused text is given up, and said so."""
        if not self.commit():
            text = self.editor.text()
            cell = self.editor.cell
            self.editor.dismiss()
            if cell is not None:
                self.told.emit(f"“{text}”没有填入 {cell.place}，这一格保持原样。")

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.preeditString() or event.commitString():
            self.open_editor("")
            QApplication.sendEvent(self.editor, event)
            event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return self.visualRect(self.currentIndex())
        return super().inputMethodQuery(query)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._tab_column = None
        if not self.commit():
            return
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        cell = self.model_.cell(index.row(), index.column()) if index.isValid() else None
        found = self.session.findings.by_cell.get(cell.id, ()) if cell is not None else ()
        if found and event.button() == Qt.MouseButton.LeftButton and self.session.shown in found:
            self.session.pin(self.session.shown)
        elif self.session.pinned is not None and not found:
            self.session.pin(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.indexAt(event.position().toPoint()).isValid():
            self.open_editor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("剪切", QKeySequence(QKeySequence.StandardKey.Cut), self.cut)
        menu.addAction("复制", QKeySequence(QKeySequence.StandardKey.Copy), self.copy)
        menu.addAction("粘贴", QKeySequence(QKeySequence.StandardKey.Paste), self.paste)
        menu.addAction("清除内容", QKeySequence(Qt.Key.Key_Delete), self.clear_cells)
        menu.addSeparator()
        totals = [cell for cell in self.selected_cells() if cell.is_total]
        action = menu.addAction("按明细重算", self.recompute_selected)
        action.setEnabled(any(cell.id in self.session.report.entries for cell in totals))
        menu.exec(event.globalPos())
        menu.deleteLater()

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if key not in (
            Qt.Key.Key_Tab,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Shift,
            Qt.Key.Key_Control,
        ):
            if not (event.text() and event.text().isprintable()):
                self._tab_column = None
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._select((0, 0, self.model_.rowCount() - 1, self.model_.columnCount() - 1))
        elif control and key == Qt.Key.Key_D:
            self.fill(down=True)
        elif control and key == Qt.Key.Key_R:
            self.fill(down=False)
        elif control and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(backwards=shift)
        elif key == Qt.Key.Key_Tab and not control:
            if self._tab_column is None:
                self._tab_column = self.current_place[1]
            self._move(0, 1, wrap=True)
        elif key == Qt.Key.Key_Backtab and not control:
            self._move(0, -1, wrap=True)
        elif key in _ARROWS and not modifiers & Qt.KeyboardModifier.AltModifier:
            self._arrow(*_MOVES[key], far=control, extend=shift)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._jump(end=key == Qt.Key.Key_End, whole=control, extend=shift)
        elif key == Qt.Key.Key_F2:
            self.open_editor()
        elif key == Qt.Key.Key_Delete:
            self.clear_cells()
        elif key == Qt.Key.Key_Backspace:
            self.open_editor("")
        elif key == Qt.Key.Key_Escape:
            self.session.pin(None)
            event.ignore()
        elif (
            event.text()
            and event.text().isprintable()
            and not control
            and not modifiers & Qt.KeyboardModifier.AltModifier
        ):
            self.open_editor("")
            QApplication.sendEvent(self.editor, event)
        else:
            event.ignore()

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab moves between cells; F6 and the menu leave the table

    def _positions(self) -> list[tuple[int, int]]:
        return sorted(self.model_.where.values())

    def _next(self, row: int, column: int, down: int, right: int) -> tuple[int, int] | None:
        """The next cell in a direction, over headings; None at the edge."""
        here = self.model_.anchor(row, column)
        while 0 <= row < self.model_.rowCount() and 0 <= column < self.model_.columnCount():
            row, column = row + down, column + right
            found = self.model_.anchor(row, column)
            if found is not None and found != here:
                return found
        return None

    def _go(self, where: tuple[int, int], *, extend: bool = False) -> None:
        index = self.model_.index(*where)
        if extend:
            anchor = self.current_place
            box = [min(a, b) for a, b in zip(anchor, where, strict=True)]
            box += [max(a, b) for a, b in zip(anchor, where, strict=True)]
            self._select((box[0], box[1], box[2], box[3]))
            self._head = where
        else:
            self.setCurrentIndex(index)
        self.scrollTo(index)

    def _move(self, down: int, right: int, *, wrap: bool = False) -> None:
        row, column = self.current_place
        target = self._next(row, column, down, right)
        if target is None and wrap:
            order = self._positions()
            place = order.index((row, column)) + (1 if right > 0 else -1)
            target = order[place % len(order)]
        if target is not None:
            self._go(target)

    def _enter(self, *, backwards: bool) -> None:
        """Enter goes down, after Tab back to the column where tabbing began, as in Excel."""
        if self._tab_column is not None and not backwards:
            row = self.current_place[0]
            start = self._next(row, self._tab_column, 1, 0)
            self._tab_column = None
            if start is not None:
                self._go(start)
            return
        self._move(-1 if backwards else 1, 0)

    def _arrow(self, down: int, right: int, *, far: bool, extend: bool) -> None:
        where = self._head if extend else self.current_place
        target = self._next(*where, down, right)
        while far and target is not None and (beyond := self._next(*target, down, right)) is not None:
            target = beyond
        if target is not None:
            self._go(target, extend=extend)

    def _jump(self, *, end: bool, whole: bool, extend: bool) -> None:
        row = (self._head if extend else self.current_place)[0]
        order = [where for where in self._positions() if whole or where[0] == row]
        self._go(order[-1 if end else 0], extend=extend)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_asked.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    # --- whole ranges

    def _box(self) -> tuple[int, int, int, int]:
        """The rectangle around the selection: top, left, bottom, right."""
        indexes = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        rows, columns = [i.row() for i in indexes], [i.column() for i in indexes]
        return min(rows), min(columns), max(rows), max(columns)

    def _block(self) -> list[list[Cell | None]]:
        """The cells of the selection's rectangle by row; rows of headings only are left out."""
        top, left, bottom, right = self._box()
        rows = [
            [self.model_.cell(row, column) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]
        return [row for row in rows if any(cell is not None for cell in row)]

    def copy(self) -> None:
        rows = [[self.model_.looks[cell.id].text if cell else "" for cell in row] for row in self._block()]
        if not rows:
            return
        put_on_clipboard(rows)
        self.told.emit(f"已复制 {sum(len(row) for row in rows)} 格。")

    def cut(self) -> None:
        self.copy()
        self.clear_cells("剪切")

    def clear_cells(self, label: str = "清除内容") -> None:
        cells = self.selected_cells()
        self.session.edit(edits.clear(self.session.report, [cell.id for cell in cells]), label, origin=self)

    def recompute_selected(self) -> None:
        report = edits.recompute_totals(self.session.report, self.selected_cells())
        if not self.session.edit(report, "按明细重算", origin=self):
            self.told.emit("没有可重算的合计：明细有空格，或没有手填的合计。")

    def fill_down(self) -> None:
        self.fill(down=True)

    def fill_right(self) -> None:
        self.fill(down=False)

    def fill(self, *, down: bool) -> None:
        """Ctrl+D and Ctrl+R: the first row or column of the selection into the rest; alone, from its neighbour."""
        top, left, bottom, right = self._box()
        if down and top == bottom:
            above = self._next(top, left, -1, 0)
            top = above[0] if above else top
        if not down and left == right:
            before = self._next(top, left, 0, -1)
            left = before[1] if before else left
        values = self.session.report.values
        changes = {}
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = self.model_.cell(row, column)
                source = self.model_.cell(top, column) if down else self.model_.cell(row, left)
                if (
                    cell is not None
                    and source is not None
                    and cell is not source
                    and cell.decimals == source.decimals
                ):
                    changes[cell.id] = values.get(source.id)
        self.session.edit(
            self.session.report.with_entries(changes), "向下填充" if down else "向右填充", origin=self
        )

    def paste(self) -> None:
        """Puts the clipboard's table in: by its labels if it has any that the form knows, else by position."""
        block = read_clipboard(self.session.form)
        if block is None:
            self.told.emit("剪贴板里没有可以粘贴的数字。")
            return
        if block.values:
            targets: Iterable[tuple[str, str]] = block.values.items()
            outside = 0
        else:
            targets, outside = self._positions_for(block.rows)
        pasted = edits.paste(self.session.report, targets)
        changed = self.session.edit(pasted.report, "粘贴", origin=self)
        told = [f"已粘贴 {len(pasted.cells)} 格" if changed or pasted.cells else "没有粘贴"]
        if block.skipped:
            told.append(f"跳过 {block.skipped} 个表头")
        if outside:
            told.append(f"超出表格的 {outside} 格没有粘贴")
        if pasted.refused:
            told.append(f"{len(pasted.refused)} 格不是数字，保持原样：{pasted.refused[0][1]}")
        self.told.emit("，".join(told).rstrip("。") + "。")
        here = [self.model_.where[cell] for cell in pasted.cells if cell in self.model_.where]
        if here:
            rows, columns = [where[0] for where in here], [where[1] for where in here]
            self._select((min(rows), min(columns), max(rows), max(columns)))

    def _positions_for(self, rows: Sequence[Sequence[str]]) -> tuple[list[tuple[str, str]], int]:
        """Cells for a block of texts from the selection's corner on, rows of headings skipped; and how many fell out."""
        if len(rows) == 1 and len(rows[0]) == 1:
            return [(cell.id, rows[0][0]) for cell in self.selected_cells()], 0
        top, left, _, _ = self._box()
        lines = [row for row in range(top, self.model_.rowCount()) if self._cells_in(row)]
        targets: list[tuple[str, str]] = []
        outside = 0
        for i, texts in enumerate(rows):
            for j, text in enumerate(texts):
                cell = self.model_.cell(lines[i], left + j) if i < len(lines) else None
                if cell is not None:
                    targets.append((cell.id, text))
                elif text.strip():
                    outside += 1
        return targets, outside

    def _cells_in(self, row: int) -> list[Cell]:
        return [
            cell for c in range(self.model_.columnCount()) if (cell := self.model_.cell(row, c)) is not None
        ]

    # --- the corner

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._corner and event.type() == QEvent.Type.Paint and self._corner is not None:
            painter = QPainter(self._corner)
            pixels, colors = theme.Pixels(painter), theme.current()
            rect = self._corner.rect()
            pixels.fill(0, 0, rect.width(), rect.height(), colors.head)
            pixels.frame(QRectF(rect), colors.line2)
            painter.setPen(colors.text2)
            painter.setFont(theme.font(self.measures.points))
            corner = self.table.blocks[0].corner if self.model_.top else ""
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(rect.adjusted(8, 2, -8, -2), int(flags), corner)
            painter.end()
            return True
        return super().eventFilter(watched, event)

    def viewport_point(self, cell_id: str) -> QPoint:
        """The middle of a cell in the viewport."""
        return self.visualRect(self.model_.index(*self.model_.where[cell_id])).center()
