"""A statistics table as a spreadsheet: Excel's keys and mouse, selection, editing, the clipboard.

Knows what a clerk may do with cells and how it becomes an edit of the session's report. How cells look is the business
of `cells`; it holds no finding and no figure of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QLineEdit,
    QMenu,
    QTableView,
    QWidget,
)

from gxeditor.core import edits
from gxeditor.core.checks.findings import Finding
from gxeditor.core.errors import EntryError, GxError
from gxeditor.core.form import Cell, Table
from gxeditor.core.report import Entry, parse_entry, same_entry, show_entry
from gxeditor.core.year_beside import View, beside
from gxeditor.ui.editor.clipboard import (
    Copied,
    copied,
    put_on_clipboard,
    understood,
    understood_apart,
    without_blanking,
)
from gxeditor.ui.editor.table.cells import (
    NO_PREVIEW,
    CellPainter,
    Corner,
    GridModel,
    Laid,
    Measures,
    MergedHeader,
    Preview,
    Where,
    make_viewport,
    measure,
)
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session, Unfilled, refused_texts

if TYPE_CHECKING:
    from gxeditor.imports.pasted import Block
    from gxeditor.ui.look.tasks import Task

Box = tuple[int, int, int, int]
"""A rectangle of places: top, left, bottom, right, all inside."""

_DIGITS = (
    200  # of a sum: a cell may hold thirty before and thirty behind the point, and is never rounded in it
)
_HOVER, _LEAVE, _FLASH = 350, 150, 600  # milliseconds, as in the whole program
_ARROWS: dict[int, Where] = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_PASSING = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
"""Why the focus may leave an editor that stays open."""
_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect
_ALSO = QItemSelectionModel.SelectionFlag.Select
BACK = "已回到本年"
NOTHING_TO_UNDO = "没有填入，无需撤销。"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_CONTROL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Placed(Protocol):
    """What can be edited: something with a name."""

    @property
    def place(self) -> str: ...


class EditedGrid(Protocol):
    """The grid whose cells are edited, as the editor sees it."""

    @property
    def dropped(self) -> SignalInstance: ...

    @property
    def told(self) -> SignalInstance: ...

    def viewport(self) -> QWidget: ...

    def commit(self, *, everywhere: bool = False) -> bool: ...

    def drop_entry(self) -> bool: ...

    def keyPressEvent(self, event: QKeyEvent) -> None: ...


C = TypeVar("C", bound=Placed)


class CellEditor(QLineEdit, Generic[C]):
    """The line that opens over a cell. Typing opened it: arrows commit; F2 or a double click did: arrows move.

    `cell` is the cell being edited, None while closed; `leaves` says that arrows commit, `replaces` that even an
    untouched text is put in, `composing` that the first composition goes on and the table still has the focus.
    """

    def __init__(self, view: EditedGrid, parent: QWidget) -> None:
        super().__init__(view.viewport())
        self._view = view
        self._parent = parent
        self.cell: C | None = None
        self.leaves = self.replaces = self.composing = False
        self.setObjectName("cellEditor")
        self.setFrame(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.refused = _Reason(parent)
        self.textEdited.connect(self.refused.hide)
        self.textEdited.connect(self.update)
        self.hide()

    def open(self, cell: C, text: str, *, replaces: bool, composing: bool = False) -> None:
        """Starts editing a cell with a text; `replaces`: instead of what stands there."""
        self.composing = composing
        self.cell = cell
        self.leaves = self.replaces = replaces
        self.refused.hide()
        self.setAccessibleName(cell.place)
        self.setText(text)
        self.show()
        self.raise_()
        if not self.composing:
            self.setFocus()

    def place_over(self, rect: QRect, padding: int) -> None:
        """Covers a cell up to its lines; the figure stays where the cell shows it."""
        line = 1
        self.setGeometry(rect.adjusted(0, 0, -line, -line))
        self.setTextMargins(3, 0, max(0, padding - 3), 0)
        if self.refused.isVisible():
            self._place_reason()

    def refuse(self, reason: str) -> None:
        """Stays open and says why; Esc gives the old value back."""
        self.composing = False
        self.refused.setText(reason)
        self._place_reason()
        self.refused.show()
        self.refused.raise_()
        self.setFocus()
        self.update()

    def _place_reason(self) -> None:
        label, view = self.refused, self._parent
        label.adjustSize()
        place = self._view.viewport().mapTo(view, self.geometry().bottomLeft())
        left = max(4, min(place.x(), view.width() - label.width() - 4))
        top = place.y() + 4
        if top + label.height() > view.height():
            top = place.y() - self.height() - label.height() - 4
        label.move(left, top)

    def dismiss(self) -> None:
        """Closes without putting anything in."""
        self.cell = None
        self.composing = False
        self.refused.hide()
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._parent.setFocus()

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab belongs to the table

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            if self.refused.isVisible():
                event.accept()  # only the refused entry is given up, see keyPressEvent
                return True
            if self.isUndoAvailable():
                return super().event(event)
            self.dismiss()  # nothing typed is left to take back: the report's own undo is meant
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        if key == Qt.Key.Key_Escape:
            self.dismiss()
            self._view.dropped.emit()
        elif self.refused.isVisible() and event.matches(QKeySequence.StandardKey.Undo):
            self._view.drop_entry()
            self._view.told.emit(NOTHING_TO_UNDO)
        elif key == Qt.Key.Key_F2:
            self.leaves = not self.leaves
        elif key in _ENTER and modifiers & _CONTROL:
            self._view.commit(everywhere=True)
        elif key in _ENTER or key in _TAB or (key in _ARROWS and self.leaves):
            if self._view.commit():
                self._view.keyPressEvent(event)
        else:
            super().keyPressEvent(event)
        event.accept()  # or the table, above which this stands, would take the key

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            self._view.commit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        colors = theme.current()
        ring = colors.err if self.refused.isVisible() else colors.focus
        theme.Pixels(painter).frame(QRectF(self.rect()), ring, 2)
        painter.end()


class _Reason(theme.Label):
    """Why an entry was refused, below its editor."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.setProperty("ground", "errtint")
        self.setProperty("tone", "errtext")
        self.setContentsMargins(8, 3, 8, 3)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme.Pixels(painter).frame(QRectF(self.rect()), theme.current().err)
        painter.end()


class GridView(QTableView):
    """The table of one section.

    `cell_entered` carries the current cell, `figures` sum, count and mean of the selection, `told` a sentence,
    `zoom_asked` 1 or -1, `hovered` a cell (or None) that the mouse rests on and where it is on the screen; `dropped`
    says that what was typed or pasted did not become an edit; `explanation_asked` wants the keys to go to what explains
    the current cell; `turned` carries the `View` that the table shows from now on. `offered` are actions of the window
    that its context menu ends with.
    """

    cell_entered = Signal(object)
    figures = Signal(str)
    told = Signal(str)
    zoom_asked = Signal(int)
    hovered = Signal(object, QRect)
    dropped = Signal()
    explanation_asked = Signal()
    turned = Signal(object)

    def __init__(self, session: Session, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewport(make_viewport())
        self.session = session
        self.table = table
        self.model_ = GridModel(session, table, self)
        self.laid = Laid(self.model_)
        self.offered: Sequence[QAction] = ()
        self.density = "auto"
        self.zoom = 1.0
        self._painter = CellPainter(self.laid)
        self._across = MergedHeader(Qt.Orientation.Horizontal, self.laid, self)
        self._down = MergedHeader(Qt.Orientation.Vertical, self.laid, self)
        self._corner = Corner(self.laid, self)
        self._corner.setVisible(self.model_.top > 0 and self.model_.left > 0)
        self._corner.pressed.connect(self.selectAll)
        self._head: Where = (-1, -1)  # the end of the selection that Shift and an arrow move
        self._tab_from: int | None = None  # the column to which Enter returns after Tab
        self._tabbing = False
        self._drag: str = ""
        self._fill_from: Box = (0, 0, 0, 0)
        self._hovered_cell: Cell | None = None
        self._pasting: Task | None = None
        self._pasted_into: Box = (0, 0, 0, 0)
        self.setModel(self.model_)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", True)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)  # ours stands above it
        self.setHorizontalHeader(self._across)
        self.setVerticalHeader(self._down)
        self._across.setVisible(self.model_.top > 0)
        self._down.setVisible(self.model_.left > 0)
        self._across.chosen.connect(self._columns_chosen)
        self._down.chosen.connect(self._rows_chosen)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(False)
        self.setObjectName(f"grid_{table.key}")
        self.setAccessibleName(session.form.section(table.key).heading)
        for (row, column), place in self.model_.places.items():
            if place.row_span > 1 or place.column_span > 1:
                self.setSpan(row, column, place.row_span, place.column_span)
        self.editor: CellEditor[Cell] = CellEditor(self, self)
        self._held = session.is_held
        self._flash_timer = QTimer(self, singleShot=True, interval=_FLASH)
        self._flash_timer.timeout.connect(self._end_flash)
        self._hover_timer = QTimer(self, singleShot=True)
        self._hover_timer.timeout.connect(self._show_hover)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        session.in_view.focused.connect(self._show_finding)
        self.model_.off_changed.connect(self._headings_changed)
        session.unfilled_changed.connect(self._show_unfilled)
        session.changed.connect(self._session_changed)
        theme.appearance.changed.connect(self._repaint)
        self._fit()
        self._go(next(iter(self.model_.where.values())))
        self._show_unfilled()
        self._show_swaps()

    # --- the years

    @property
    def view(self) -> View:
        """What of the two years is shown."""
        return self.model_.view

    def set_view(self, view: View) -> bool:
        """Turns to this year's figures, last year's, or what changed; False if there is no last year's report.

        The current cell and the selection stay; what is being typed is put in before, or keeps the table as it is.
        """
        if view is self.view:
            return True
        if (view is not View.NOW and self.session.prior is None) or not self.commit():
            return False
        self.model_.set_view(view)
        self._repaint()
        self.figures.emit(self._figures())
        self.turned.emit(view)
        return True

    def _leaves_view(self) -> bool:
        """Back to this year's figures, which alone can be changed; False if they are shown."""
        if self.view is View.NOW:
            return False
        self.set_view(View.NOW)
        self.told.emit(BACK)
        return True

    def hold_in_corner(self, bar: QWidget | None) -> None:
        """Gives a widget the lower part of the corner heading."""
        self._corner.hold(bar)

    @property
    def has_corner(self) -> bool:
        return self.model_.top > 0 and self.model_.left > 0

    # --- sizes and painting

    @property
    def measures(self) -> Measures:
        return self.laid.measures

    def set_density(self, density: str, zoom: float) -> None:
        self.density, self.zoom = density, zoom
        self._fit()

    def _fit(self) -> None:
        bar = self.verticalScrollBar().sizeHint().width()
        sizes = measure(self.table, self.width(), self.height(), self.density, self.zoom, bar)
        self.laid.resize(sizes, self.zoom)
        self._across.set_levels([sizes.head] * self.model_.top)
        self._down.set_levels(sizes.labels)
        self._across.setDefaultSectionSize(sizes.column)
        self._down.setDefaultSectionSize(sizes.row)
        self.updateGeometries()
        self._place_editor()
        self.viewport().update()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._corner.setGeometry(0, 0, self._down.width(), self._across.height())
        self._corner.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        seen = self._sees_current(event.oldSize())
        super().resizeEvent(event)
        if self.isVisible():
            self._fit()
            if seen:  # a panel that opens beside or below does not take away what is in hand
                self.scrollTo(self.currentIndex())

    def _sees_current(self, room: QSize) -> bool:
        """Whether the present cell is within a viewport of this size, as far as it is scrolled."""
        return QRect(QPoint(), room).contains(self.visualRect(self.currentIndex()).center())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # a minimized window is not left
            self.finish_editing()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._place_editor()

    def paintEvent(self, event: QPaintEvent) -> None:
        rows, columns = self.model_.rowCount(), self.model_.columnCount()
        sizes = self.measures
        x, y = self.columnViewportPosition(0), self.rowViewportPosition(0)
        painter = QPainter(self.viewport())
        self._painter.paint(
            painter,
            event.region(),
            [x + sizes.column * i for i in range(columns + 1)],
            [y + sizes.row * i for i in range(rows + 1)],
        )
        painter.end()

    def _repaint(self) -> None:
        for part in (self.viewport(), self._across.viewport(), self._down.viewport(), self._corner):
            part.update()

    def _update_cells(self, places: Iterable[Where]) -> None:
        for where in places:
            self.update(self.model_.index(*where))

    def _follow_focus(self) -> None:
        self.laid.focused = self.hasFocus() or self.editor.cell is not None
        self._update_cells({self.laid.current, self.laid.handle})

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Repaints the current cell. Qt's own way repaints all, and with each digit an editor takes the focus."""
        self._follow_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._follow_focus()
        if self.editor.composing and event.reason() not in _PASSING:
            self.commit()

    # --- place and selection

    def current_cell(self) -> Cell | None:
        return self.model_.cell(*self.laid.current)

    def selected_cells(self) -> list[Cell]:
        """The selected cells in reading order; the current one if nothing is selected."""
        places = sorted(self.laid.selected or {self.laid.current})
        return [cell for where in places if (cell := self.model_.cell(*where)) is not None]

    def go_to(self, cell_id: str, *, flash: bool = False) -> None:
        """Makes a cell the current one and brings it into view, unless an entry is refused."""
        if not self.commit():
            return
        self._go(self.model_.where[cell_id])
        if flash:
            self.laid.flashing = True
            self._flash_timer.start()
            self._update_cells([self.laid.current])

    def show_cells(self, cells: Sequence[str]) -> None:
        """Selects these cells and brings them into view, the first of them current and framed."""
        places = [self.model_.where[cell] for cell in cells]
        self.scrollTo(self.model_.index(*places[-1]))  # what fits of the range is seen
        self.go_to(cells[0], flash=True)
        selection = QItemSelection()
        for where in places[1:]:
            selection.select(self.model_.index(*where), self.model_.index(*where))
        self.selectionModel().select(selection, _ALSO)

    def _end_flash(self) -> None:
        self.laid.flashing = False
        self._update_cells([self.laid.current])

    def rect_on_screen(self, cell_id: str) -> QRect:
        """Where a cell of this table is on the screen."""
        rect = self._rect(self.model_.where[cell_id])
        return QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def rects_of(self, findings: Iterable[Finding]) -> list[QRect]:
        """Where on the screen the cells of findings are, the headings of their lines, of a balance those of its rows as
        well, and all suspects of the table, as far as they are in view."""
        findings = list(findings)
        model, view = self.model_, self.viewport()
        wanted = {cell: None for finding in findings for cell in finding.cells if cell in model.where}
        wanted |= {one.cell: None for one in self.session.suspects() if one.cell in model.where}
        seen = QRect(view.mapToGlobal(QPoint()), view.size())
        rects = [self.rect_on_screen(cell).intersected(seen) for cell in wanted]
        headings = {model.heading_of(finding.rule) for finding in findings}
        headings |= {
            model.label_of(cell)
            for finding in findings
            if finding.rule.kind == "balance"
            for cell in finding.cells
            if cell in model.where
        }
        for heading in headings:
            if heading is None:
                continue
            place = model.grid.at[heading]
            in_body = place.row >= model.top and place.column >= model.left
            if in_body:
                rect = self._rect((place.row - model.top, place.column - model.left))
                rects.append(QRect(view.mapToGlobal(rect.topLeft()), rect.size()).intersected(seen))
            else:
                header = self._across if place.row < model.top else self._down
                port = header.viewport()
                rect = header.rect_of(place).intersected(port.rect())
                rects.append(QRect(port.mapToGlobal(rect.topLeft()), rect.size()))
        return [rect for rect in rects if rect.isValid()]

    def _rect(self, where: Where) -> QRect:
        return self.visualRect(self.model_.index(*where))

    def _go(self, where: Where, how: QItemSelectionModel.SelectionFlag = _ALONE) -> None:
        """Makes a cell the current one; Qt's own way would look whether Shift or Ctrl happens to be down."""
        self.selectionModel().setCurrentIndex(self.model_.index(*where), how)
        self.scrollTo(self.currentIndex())

    def _extend(self, where: Where) -> None:
        """Selects from the current cell to `where`."""
        self._select(self._whole([self.laid.current, where]))
        self._head = where
        self.scrollTo(self.model_.index(*where))

    def _whole(self, places: Sequence[Where]) -> Box:
        """The rectangle around places, widened until it cuts through no merged cell."""
        rows, columns = [where[0] for where in places], [where[1] for where in places]
        box = (min(rows), min(columns), max(rows), max(columns))
        for (row, column), place in self.model_.places.items():
            last = column + place.column_span - 1
            if place.cell and box[0] <= row <= box[2] and column <= box[3] and last >= box[1]:
                box = (box[0], min(box[1], column), box[2], max(box[3], last))
        return box

    def _select(self, box: Box) -> None:
        selection = QItemSelection(self.model_.index(box[0], box[1]), self.model_.index(box[2], box[3]))
        self.selectionModel().select(selection, _ALONE)

    def _in(self, box: Box) -> list[Where]:
        """The cells that begin inside a rectangle, in reading order."""
        return [
            (row, column)
            for row in range(box[0], box[2] + 1)
            for column in range(box[1], box[3] + 1)
            if self.model_.cell(row, column) is not None
        ]

    def selectAll(self) -> None:
        if self.commit():
            self._select((0, 0, self.model_.rowCount() - 1, self.model_.columnCount() - 1))

    def _rows_chosen(self, first: int, last: int, extend: bool) -> None:
        self._choose((first, 0, last, self.model_.columnCount() - 1), extend)

    def _columns_chosen(self, first: int, last: int, extend: bool) -> None:
        self._choose((0, first, self.model_.rowCount() - 1, last), extend)

    def _choose(self, box: Box, extend: bool) -> None:
        """Selects the cells under a heading, or those between it and the current cell."""
        cells = self._in(box)
        if not cells or not self.commit():
            return
        self.setFocus()
        if extend:
            here = self.laid.current
            box = (min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[0]), max(box[3], here[1]))
        else:
            self._go(cells[0])
        self._select(box)

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._tabbing:
            self._tab_from = None
        self._head = (current.row(), current.column())
        self._stand()
        if (shown := self.session.in_view.shown) is not None and shown.is_equation:
            self._show_finding(shown)  # at a suspect all that it explains is at hand
        if (cell := self.current_cell()) is not None and cell.id in self.laid.unfilled:
            self.session.look_at(cell.id)
        self.cell_entered.emit(cell)

    def _selection_changed(self) -> None:
        self._stand()
        self.figures.emit(self._figures())

    def _stand(self) -> None:
        """Takes up where the clerk is, and repaints what looks different there."""
        index = self.currentIndex()
        selected = frozenset(
            where
            for part in self.selectionModel().selection().toList()
            for where in self._in((part.top(), part.left(), part.bottom(), part.right()))
        )
        places, rows, columns = self.laid.stand((index.row(), index.column()), selected)
        self._update_cells(places)
        self._down.update_lines(rows)
        self._across.update_lines(columns)

    def _figures(self) -> str:
        """Sum, count and mean as Excel's status bar has them; texts are counted only.

        Of one cell both years, difference and rate, once there is a report of last year.
        """
        prior, cell = self.session.prior, self.current_cell()
        alone = self.view is not View.NOW or len(self.laid.selected) <= 1
        if prior is not None and cell is not None and alone:
            return beside(self.session.report, prior, cell.id).words
        values = [v for c in self.selected_cells() if (v := self.session.report.value(c.id)) is not None]
        numbers = [Decimal(value) for value in values if not isinstance(value, str)]
        if not numbers:
            return f"计数 {len(values)}" if values else ""
        with localcontext() as exact:
            exact.prec = _DIGITS
            total = sum(numbers, Decimal(0))
            mean = (total / len(numbers)).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
        return f"求和 {total:f}　计数 {len(values)}　平均 {mean:f}"

    def _session_changed(self, change: Change) -> None:
        if len(change.cells) == len(self.session.form.cells):  # another report
            self._give_up_pasting()
        if self.laid.preview is not NO_PREVIEW:
            self.preview({})
        if self.view is not View.NOW and self.session.prior is None:
            self.set_view(View.NOW)
        self._show_swaps()
        if self._held != self.session.is_held:
            self._held = self.session.is_held
            self.viewport().update()  # paper that nothing is written on
        if self.isVisible() and not change.cells.isdisjoint(self.model_.where):
            self.figures.emit(self._figures())

    # --- findings

    def _show_finding(self, finding: Finding | None) -> None:
        """Outlines the finding in view, and with one at a suspect all that the suspect explains."""
        new = frozenset(finding.cells) if finding is not None else frozenset()
        edges = self.model_.edges_of(self._at_hand(finding)) if finding is not None else {}
        touched = new | self.laid.shown_cells | edges.keys() | self.laid.edges.keys()
        self.laid.shown_cells, self.laid.edges = new, edges
        self._update_cells(self.model_.where[cell] for cell in touched & self.model_.where.keys())

    def _at_hand(self, finding: Finding) -> tuple[Finding, ...]:
        if not finding.is_equation:
            return ()
        here = self.current_cell()
        for stop in self.session.suspected():
            if here is not None and here.id in stop.cells and finding in stop.findings:
                return stop.findings
        return (finding,)

    def _headings_changed(self, places: Iterable[Where]) -> None:
        self._across.update_places(places)
        self._down.update_places(places)
        top, left = self.model_.top, self.model_.left
        self._update_cells((r - top, c - left) for r, c in places if r >= top and c >= left)

    def _show_swaps(self) -> None:
        """Marks pairs of figures that stand in each other's place."""
        swaps = tuple(
            pair for pair in self.session.swaps() if all(cell in self.model_.where for cell in pair)
        )
        if swaps != self.laid.swaps:
            touched = {cell for pair in (*swaps, *self.laid.swaps) for cell in pair}
            self.laid.swaps = swaps
            ordered = (sorted(pair, key=self.model_.where.__getitem__) for pair in swaps)
            where = self.model_.where
            self.laid.beneath = frozenset(
                one for one, other in ordered if self.model_.is_left_of(where[one], where[other])
            )
            self._update_cells(self.model_.where[cell] for cell in touched)

    def preview(self, changes: Mapping[str, Entry | None]) -> None:
        """Shows what the table would look like with these entries; nothing changes. Without entries it ends."""
        before, self.laid.preview = self.laid.preview, self._previewed(changes) if changes else NO_PREVIEW
        touched = before.texts.keys() | before.fitting | self.laid.preview.texts.keys()
        touched |= self.laid.preview.fitting
        self._update_cells(self.model_.where[cell] for cell in touched & self.model_.where.keys())

    def _previewed(self, changes: Mapping[str, Entry | None]) -> Preview:
        session = self.session
        after = session.report.with_entries(changes)
        before, values = session.report.values, after.values
        texts = {
            cell: show_entry(values.get(cell))
            for cell in self.model_.where
            if not same_entry(before.get(cell), values.get(cell)) or cell in changes
        }
        left = {finding.key for finding in session.checked(after).findings}
        fitting = frozenset(
            finding.rule.decisive.id
            for finding in session.findings.findings
            if finding.is_equation and finding.key not in left
        )
        return Preview(texts, frozenset(changes) & texts.keys(), fitting)

    def _show_unfilled(self) -> None:
        """Outlines what pasting left out until it is looked at."""
        cells = frozenset(cell for item in self.session.unfilled if not item.seen for cell in item.cells)
        touched = (cells ^ self.laid.unfilled) & self.model_.where.keys()
        self.laid.unfilled = cells
        self._update_cells(self.model_.where[cell] for cell in touched)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, cell: Cell | None) -> None:
        if cell is not self._hovered_cell:
            self._hovered_cell = cell
            self._hover_timer.start(_HOVER if cell is not None else _LEAVE)

    def _show_hover(self) -> None:
        cell = self._hovered_cell
        self.hovered.emit(cell, self.rect_on_screen(cell.id) if cell is not None else QRect())

    # --- editing

    def open_editor(self, text: str | None = None, *, composing: bool = False) -> None:
        """Edits the current cell: with `text` instead of what stands there, else with that."""
        cell = self.current_cell()
        if cell is None or self.editor.cell is not None or self.session.held():
            return
        self._leaves_view()
        self.scrollTo(self.currentIndex())
        shown = self.model_.looks[cell.id].text
        replaces = text is not None
        self.editor.open(cell, text if text is not None else shown, replaces=replaces, composing=composing)
        self._place_editor()

    def _place_editor(self) -> None:
        if self.editor.cell is not None:
            where = self.model_.where[self.editor.cell.id]
            rect = self._rect(where)
            self.editor.setFont(self.laid.figure)
            self.editor.place_over(rect, self.laid.right_padding(rect.width(), self.model_.places[where]))

    def commit(self, *, everywhere: bool = False) -> bool:
        """Puts what is being typed into its cell, or into all selected; False, and the editor stays, if refused."""
        editor, cell = self.editor, self.editor.cell
        if cell is None:
            return True
        QGuiApplication.inputMethod().commit()  # what is being composed belongs to the text
        text = editor.text()
        if (editor.composing and not text) or text.isspace():  # nothing came of it, so nothing is replaced
            editor.dismiss()
            return True
        try:
            entry = parse_entry(text, cell)
        except EntryError as error:
            editor.refuse(str(error))
            return False
        differs = editor.replaces or editor.isModified()
        editor.dismiss()
        if everywhere and len(self.selected_cells()) > 1:
            self._put([(c.id, text) for c in self.selected_cells()], f"填写 {len(self.selected_cells())} 格")
        elif differs:
            report = self.session.report.with_entry(cell.id, entry)
            self.session.edit(report, f"填写 {cell.place}", origin=self)
        return True

    def finish_editing(self) -> None:
        """Ends editing whatever is typed: a refused text is given up, and said so."""
        cell, text = self.editor.cell, self.editor.text()
        if not self.commit() and cell is not None:
            self.editor.dismiss()
            self.told.emit(f"“{text}”没有填入 {cell.place}，这一格保持原样。")
            self.dropped.emit()

    def drop_entry(self) -> bool:
        """Gives up an entry that was refused; False if there is none."""
        refused = self.editor.cell is not None and self.editor.refused.isVisible()
        if refused:
            self.editor.dismiss()
        return refused

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """The first composition opens the editor; the focus stays here until it ends, or it would be broken off."""
        editor, composing = self.editor, bool(event.preeditString())
        if not (composing or event.commitString().strip() or editor.composing):
            event.ignore()
            return
        self.open_editor("", composing=True)
        if editor.cell is None:  # the report is final
            event.ignore()
            return
        editor.composing = composing
        QApplication.sendEvent(editor, event)
        if composing:
            self.updateMicroFocus()
        elif editor.text():
            editor.setFocus()
        else:
            editor.dismiss()
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """While the first composition is shown in the editor the answers are the editor's."""
        if self.editor.composing:
            answer = self.editor.inputMethodQuery(query)
            if isinstance(answer, QRect | QRectF):
                return answer.translated(self.editor.mapTo(self, QPoint()))
            return answer
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return self._rect(self.laid.current).translated(self.viewport().pos())
        return super().inputMethodQuery(query)

    # --- the mouse

    def _at(self, point: QPoint) -> Where | None:
        """The cell at a point of the viewport."""
        return self.model_.anchor(self.rowAt(point.y()), self.columnAt(point.x()))

    def _handle(self) -> QRect:
        """Where filling can be dragged from."""
        rect = self._rect(self.laid.handle)
        return QRect(rect.right() - 8, rect.bottom() - 8, 12, 12)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point, modifiers = event.position().toPoint(), event.modifiers()
        where = self._at(point)
        self._drag = ""
        if not self.commit():
            return
        self._tab_from = None
        if event.button() != Qt.MouseButton.LeftButton:
            if where is not None and where not in self.laid.selected:
                self._go(where)
        elif modifiers & _CONTROL:
            self._drag = "qt"
            super().mousePressEvent(event)
        elif self.view is View.NOW and self._handle().contains(point):
            self._drag, self._fill_from = "fill", self._box()
        elif where is not None:
            self._drag = "select"
            if modifiers & _SHIFT:
                self._extend(where)
            else:
                self._go(where)
                self._pin(where)

    def _pin(self, where: Where) -> None:
        """A click on a marked cell keeps its finding in view, one on any other lets go of it."""
        cell = self.model_.cell(*where) if self.view is View.NOW else None
        found = self.session.findings.by_cell.get(cell.id, ()) if cell is not None else ()
        if found:
            shown = self.session.in_view.shown
            self.session.in_view.pin(shown if shown in found else found[0])
        elif self.session.in_view.pinned is not None:
            self.session.in_view.pin(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        where = self._at(point)
        if not event.buttons():
            over = self.view is View.NOW and self._handle().contains(point)
            self.viewport().setCursor(Qt.CursorShape.CrossCursor if over else Qt.CursorShape.ArrowCursor)
            self._hover(self.model_.cell(*where) if where is not None else None)
        elif self._drag == "qt":
            super().mouseMoveEvent(event)
        elif self._drag and where is not None and where != self._head:
            if self._drag == "select":
                self._extend(where)
            else:
                self._select(self._dragged(where))
                self._head = where

    def _dragged(self, where: Where) -> Box:
        """The cells that dragging the handle to `where` fills: down or to the right, whichever is farther."""
        top, left, bottom, right = self._fill_from
        down, across = max(0, where[0] - bottom), max(0, where[1] - right)
        return (top, left, bottom + down, right) if down >= across else (top, left, bottom, right + across)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag == "qt":
            super().mouseReleaseEvent(event)
        elif self._drag == "fill" and self._box() != self._fill_from:
            self._fill(self._fill_from, self._box(), "填充")
        self._drag = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._at(event.position().toPoint()) is not None and self.commit():
            self.open_editor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & _CONTROL:
            if turned := event.angleDelta().y():
                self.zoom_asked.emit(1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.commit():
            return
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self._rect(self.laid.current).center())
        menu = self.context_menu()
        menu.exec(place)
        menu.deleteLater()

    def context_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for words, keys, does, tip in (
            ("剪切", QKeySequence.StandardKey.Cut, self.cut, "拿走选中各格的数，可以粘贴到别处。"),
            ("复制", QKeySequence.StandardKey.Copy, self.copy, "复制选中各格的数，可以粘贴到 Excel、WPS。"),
            (
                "粘贴",
                QKeySequence.StandardKey.Paste,
                self.paste,
                "带表头的按表头对号入座，只有数的从这一格起填。",
            ),
            ("清除内容", Qt.Key.Key_Delete, self.clear_cells, "选中的格改为未填；手填的合计改为自动。"),
        ):
            menu.addAction(words, QKeySequence(keys), does).setToolTip(theme.plain_tip(tip))
        menu.addSeparator()
        action = menu.addAction("按明细重算", self.recompute_selected)
        action.setToolTip("先列出选中的手填合计会怎么变，看过以后改为由明细相加。")
        entries = self.session.report.entries
        action.setEnabled(any(cell.is_total and cell.id in entries for cell in self.selected_cells()))
        if self.offered:
            menu.addSeparator()
            menu.addActions(list(self.offered))
        return menu

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        control, shift = bool(modifiers & _CONTROL), bool(modifiers & _SHIFT)
        if self.editor.cell is not None:
            QApplication.sendEvent(self.editor, event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif key in _ENTER and modifiers & _ALT:
            self.explanation_asked.emit()
        elif control and key == Qt.Key.Key_D:
            self.fill_down()
        elif control and key == Qt.Key.Key_R:
            self.fill_right()
        elif key in _ENTER and not control:
            self._step(-1 if shift else 1, 0)
        elif key in _TAB and not control:
            self._step(0, -1 if key == Qt.Key.Key_Backtab or shift else 1)
        elif key in _ARROWS and not modifiers & _ALT:
            self._arrow(*_ARROWS[Qt.Key(key)], far=control, extend=shift)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._jump(end=key == Qt.Key.Key_End, whole=control, extend=shift)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not control:
            self._page(1 if key == Qt.Key.Key_PageDown else -1, extend=shift)
        elif key == Qt.Key.Key_F2:
            self.open_editor()
        elif key == Qt.Key.Key_Delete:
            self.clear_cells()
        elif key == Qt.Key.Key_Backspace:
            self.open_editor("")
        elif key == Qt.Key.Key_Escape:
            if self._give_up_pasting():
                self.told.emit("没有粘贴。")
            else:
                self.session.in_view.pin(None)
                event.ignore()
        elif event.text() and not event.text().strip():
            event.accept()  # a space starts no figure, and with Shift or Ctrl it is the input method's
        elif event.text() and event.text().isprintable() and not modifiers & (_CONTROL | _ALT):
            self.open_editor("")
            if self.editor.cell is not None:
                QApplication.sendEvent(self.editor, event)
        else:
            event.ignore()

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab moves between cells; F6 and the menu leave the table

    def _next(self, where: Where, down: int, right: int) -> Where | None:
        """The next cell in a direction, over headings; None at the edge."""
        row, column = where
        while 0 <= row < self.model_.rowCount() and 0 <= column < self.model_.columnCount():
            row, column = row + down, column + right
            found = self.model_.anchor(row, column)
            if found is not None and found != where:
                return found
        return None

    def _step(self, down: int, right: int) -> None:
        """Enter and Tab: through the selected cells, else on; Enter after Tab goes back to where tabbing began."""
        here = self.laid.current
        self._tabbing = True
        if len(self.laid.selected) > 1 and here in self.laid.selected:
            order = sorted(self.laid.selected, key=lambda where: (where[1], where[0]) if down else where)
            target = order[(order.index(here) + down + right) % len(order)]
            self._go(target, QItemSelectionModel.SelectionFlag.NoUpdate)
        elif right:
            if self._tab_from is None:
                self._tab_from = here[1]
            order = sorted(self.model_.where.values())
            self._go(self._next(here, 0, right) or order[(order.index(here) + right) % len(order)])
        else:
            column = here[1] if self._tab_from is None or down < 0 else self._tab_from
            self._tab_from = None
            self._go(self._next((here[0], column), down, 0) or here)
        self._tabbing = False

    def _arrow(self, down: int, right: int, *, far: bool, extend: bool) -> None:
        here = self._head if extend else self.laid.current
        target = self._far(here, down, right) if far else self._next(here, down, right)
        self._move(target or here, extend=extend)

    def _far(self, where: Where, down: int, right: int) -> Where | None:
        """Where Ctrl and an arrow lead: to the last cell of a filled run, else the next filled one, else the edge."""
        target = self._next(where, down, right)
        run = target is not None and self._is_filled(where) and self._is_filled(target)
        while target is not None and (beyond := self._next(target, down, right)) is not None:
            if not self._is_filled(beyond) if run else self._is_filled(target):
                break
            target = beyond
        return target

    def _is_filled(self, where: Where) -> bool:
        cell = self.model_.cell(*where)
        return cell is not None and bool(self.model_.looks[cell.id].text)

    def _jump(self, *, end: bool, whole: bool, extend: bool) -> None:
        row = (self._head if extend else self.laid.current)[0]
        order = [where for where in sorted(self.model_.where.values()) if whole or where[0] == row]
        self._move(order[-1 if end else 0], extend=extend)

    def _page(self, direction: int, *, extend: bool) -> None:
        """A screenful up or down in the same column."""
        row, column = self._head if extend else self.laid.current
        wanted = row + direction * max(1, self.viewport().height() // self.measures.row)
        lines = [w for r in range(self.model_.rowCount()) if (w := self.model_.anchor(r, column)) is not None]
        self._move(min(lines, key=lambda where: abs(where[0] - wanted)), extend=extend)

    def _move(self, where: Where, *, extend: bool) -> None:
        if extend:
            self._extend(where)
        else:
            self._go(where)

    # --- whole ranges

    def _box(self) -> Box:
        return self._whole(sorted(self.laid.selected or {self.laid.current}))

    def _put(self, texts: Iterable[tuple[str, str]], label: str) -> edits.Pasted:
        """Puts texts into cells as one step."""
        pasted = edits.paste(self.session.report, texts)
        if self.session.held():
            return pasted
        changed = self.session.edit(pasted.report, label, origin=self)
        if pasted.refused:
            self.told.emit(_refusals(pasted))
            if not changed:
                self.dropped.emit()
        return pasted

    def copy(self) -> bool:
        """Copies the selection, or what is marked in the editor; False, and said so, if it is no rectangle."""
        if self.editor.cell is not None:
            self.editor.copy()
            return True
        box = self._box()
        cells = self._in(box)
        if not cells or set(cells) - self.laid.selected - {self.laid.current}:
            self.told.emit("选中的格不是连成一块的，没有复制。")
            return False
        rows = sorted({row for row, _ in cells})
        put_on_clipboard([[self._text((row, c)) for c in range(box[1], box[3] + 1)] for row in rows])
        self.told.emit(f"已复制 {len(cells)} 格。")
        return True

    def _text(self, where: Where) -> str:
        cell = self.model_.cell(*where)
        return self.model_.looks[cell.id].text if cell is not None else ""

    def cut(self) -> None:
        if self.editor.cell is not None:
            self.editor.cut()
        elif not self._leaves_view() and not self.session.held() and self.copy():
            count = len(self.selected_cells())
            before = self.session.report
            self._clear("剪切")
            if self.session.report is not before:
                self.told.emit(f"已剪切 {count} 格，可以粘贴到别处，也可以撤销。")

    def clear_cells(self) -> None:
        if self.commit():
            self._clear("清除内容")

    def _clear(self, label: str) -> None:
        if self._leaves_view() or self.session.held():
            return
        cells = [cell.id for cell in self.selected_cells()]
        changed = self.session.edit(edits.clear(self.session.report, cells), label, origin=self)
        if not changed and any(self.session.report.value(cell) is not None for cell in cells):
            self.told.emit("自动合计由明细相加而来，没有清除。")

    def recompute_selected(self) -> None:
        from gxeditor.ui.recomputing import recompute

        if self._leaves_view() or self.session.held():
            return
        if not recompute(self.window(), self.session, self.selected_cells(), self):
            self.told.emit("没有可重算的合计：明细有未填的格，或没有手填的合计。")

    def fill_down(self) -> None:
        """Ctrl+D: the first row of the selection into the others; a single row takes from above."""
        if self.commit() and not self._leaves_view():
            top, left, bottom, right = self._box()
            if top == bottom and (above := self._next((top, left), -1, 0)) is not None:
                top = above[0]
            self._fill((top, left, top, right), (top, left, bottom, right), "向下填充")

    def fill_right(self) -> None:
        """Ctrl+R: the first column of the selection into the others; a single column takes from its left."""
        if self.commit() and not self._leaves_view():
            top, left, bottom, right = self._box()
            if len({column for _, column in self._in((top, left, bottom, right))}) == 1:
                before = self._next((top, left), 0, -1)
                left = before[1] if before is not None else left
            self._fill((top, left, bottom, left), (top, left, bottom, right), "向右填充")

    def _fill(self, source: Box, target: Box, label: str) -> None:
        """Repeats the cells of `source` in `target`; automatic totals stay automatic."""
        high, wide = source[2] - source[0] + 1, source[3] - source[1] + 1
        texts = []
        for row, column in self._in(target):
            origin = source[0] + (row - source[0]) % high, source[1] + (column - source[1]) % wide
            cell, taken = self.model_.cell(row, column), self.model_.cell(*origin)
            if cell is not None and taken is not None and cell is not taken:
                follows = cell.is_total and self.session.report.is_automatic(taken.id)
                texts.append((cell.id, "" if follows else self._text(origin)))
        self._put(texts, label)

    def paste(self) -> None:
        """Puts the clipboard's table in: by its labels if it has any, else by position; or says why not.

        What it does not fit is said before anything changes. What single cells refuse is kept for the list. What takes
        long to understand is read beside the window, and goes where the selection was.
        """
        if self.editor.cell is not None:
            self.editor.paste()
            return
        if self._leaves_view() or self.session.held():
            return
        self._give_up_pasting()
        found = copied()
        if found.is_quick:
            self._put_block(understood(found, self.session.form), self._box())
        else:
            self._paste_later(found, self._box())

    def _paste_later(self, found: Copied, box: Box) -> None:
        task = self._pasting = understood_apart(found, self.session.form)
        self._pasted_into = box
        # Methods, which are not called any more once this table is deleted; what is given up gives no result.
        task.done.connect(self._have_understood)
        task.failed.connect(self._not_understood)
        task.ended.connect(self._pasting_ended)
        self.told.emit("剪贴板里的内容很多，正在读；按 Esc 不再粘贴。")
        task.start()

    def _have_understood(self, read: Block | None) -> None:
        if not self._leaves_view() and not self.session.held():
            self._put_block(read, self._pasted_into)

    def _not_understood(self, error: GxError) -> None:
        self.told.emit(f"没有粘贴：{error.what}{error.remedy}")

    def _pasting_ended(self) -> None:
        self._pasting = None

    def _give_up_pasting(self) -> bool:
        """Drops what is still being read of the clipboard; whether anything was."""
        task, self._pasting = self._pasting, None
        if task is not None:
            task.ended.disconnect(self._pasting_ended)  # it may come when another one is being read
            task.cancel()
        return task is not None

    def _put_block(self, block: Block | None, box: Box) -> None:
        if block is None:
            self.told.emit("剪贴板里没有可以粘贴的数字。")
            return
        refusal = block.refusal or (
            self._strays(block.values) if block.values else self._misfit(block.rows, box)
        )
        if refusal:
            offer = f"填到{self._tables_of(block.values)}" if block.values else ""
            self.session.leave_unfilled([Unfilled("", refusal, (), offer, tuple(block.values.items()))])
            self.told.emit(f"没有粘贴：{refusal}")
            return
        found = list(block.values.items()) if block.values else self._positions_for(block.rows, box)
        texts = without_blanking(self.window(), self.session.report, found)
        if texts is None:
            self.told.emit("没有粘贴，原来的数没有动。")
            return
        pasted = edits.paste(self.session.report, texts)
        self.session.edit(pasted.report, "粘贴", origin=self)
        here = [self.model_.where[cell] for cell in pasted.cells if cell in self.model_.where]
        told = [f"已粘贴 {len(pasted.cells)} 格" if pasted.cells else "没有粘贴"]
        if len(here) < len(pasted.cells):
            told[0] += f"，按表头填在{self._tables_of(pasted.cells)}"
        if block.skipped:
            told.append(f"跳过 {block.skipped} 个表头")
        if block.doubts:
            doubt = block.doubts[0]
            told.append(f"有 {len(block.doubts)} 处没有认出：{doubt.where}：{doubt.what.rstrip('。')}")
        if pasted.refused:
            told.append(_refusals(pasted).rstrip("。"))
        self.told.emit("，".join(told) + "。")
        if here and self.editor.cell is None and box == self._box():  # else the clerk is elsewhere by now
            self._go(min(here))
            self._select(self._whole(here))
        doubts = [Unfilled(doubt.where, doubt.what + doubt.done, doubt.cells) for doubt in block.doubts]
        self.session.leave_unfilled([*refused_texts(pasted), *doubts], pasted.cells)

    def _tables_of(self, cells: Iterable[str]) -> str:
        """The tables that cells belong to: 表二、表三."""
        form = self.session.form
        keys = {form.cells[cell].section for cell in cells}
        return "、".join(f"表{section.number}" for section in form.sections if section.key in keys)

    def _strays(self, values: Iterable[str]) -> str:
        """Why a table with labels is not pasted here: it is another one. Empty if some of it belongs here."""
        cells = list(values)
        if any(cell in self.model_.where for cell in cells):
            return ""
        form, there = self.session.form, self._tables_of(cells)
        section = form.section(form.cells[cells[0]].section)
        here = form.section(self.table.key).number
        return f"复制的是{there}，这里是表{here}。请到“{section.number} {section.tab}”粘贴。"

    def _misfit(self, rows: Sequence[Sequence[str]], box: Box) -> str:
        """Why bare figures do not fit from the corner of a selection on; empty if they do."""
        top, left, _, _ = box
        lines = self._lines_from(top)
        beside = [len(self._in((row, left, row, self.model_.columnCount() - 1))) for row in lines]
        lengths = [len(row) for row in rows]
        whole = len(rows) <= len(lines) and lengths == beside[: len(rows)]  # as long as the rows of 表二 are
        if len(set(lengths)) > 1 and not whole:
            return "各行的数不一样多，分不清哪个数属于哪一列。请连同行名、栏名一起复制。"
        here = self.model_.cell(top, left)
        start = f"“{here.place}”" if here is not None else "这里"
        outside = [
            (i, j)
            for i, row in enumerate(rows)
            for j, text in enumerate(row)
            if text and (i >= len(lines) or self.model_.cell(lines[i], left + j) is None)
        ]
        if not outside:
            return ""
        size = f"{len(rows)} 行 {max(lengths)} 列"
        return f"复制的是 {size}，从{start}起放不下，有 {len(outside)} 个数落在格子外。请先点要填的第一格。"

    def _lines_from(self, top: int) -> list[int]:
        """The rows with cells from `top` on."""
        last = self.model_.columnCount() - 1
        return [row for row in range(top, self.model_.rowCount()) if self._in((row, 0, row, last))]

    def _positions_for(self, rows: Sequence[Sequence[str]], box: Box) -> list[tuple[str, str]]:
        """Cells for a block of texts from the corner of a selection on, over rows of headings.

        A blank line clears nothing. A selection that holds the block several times over, as a single value, is filled
        with it.
        """
        top, left, bottom, right = box
        lines = self._lines_from(top)
        high, wide = len(rows), max(len(row) for row in rows)
        selected = [row for row in lines if row <= bottom]
        down = len(selected) // high if len(selected) % high == 0 else 1
        across = (right - left + 1) // wide if (right - left + 1) % wide == 0 else 1
        texts: list[tuple[str, str]] = []
        for i in range(high * max(1, down)):
            line = rows[i % high]
            for j in range(wide * max(1, across) if any(line) else 0):
                cell = self.model_.cell(lines[i], left + j) if i < len(lines) else None
                if cell is not None and j % wide < len(line):
                    texts.append((cell.id, line[j % wide]))
        return texts


def _refusals(pasted: edits.Pasted) -> str:
    """What was not put in, with the first reason."""
    return f"{len(pasted.refused)} 格没有填入，保持原样：{pasted.refused[0].reason}"
