"""A sheet of a foreign workbook, drawn as in Excel: letters, numbers, widths, heights, merges and texts.

Knows what scrolls and what stays in view, and where the keys lead. Draws only what is in view, so a list of many
thousand rows scrolls like a short one. What a cell means is told by a function that gives its `CellLook`; colours,
borders and faces of the template are not shown. Changes nothing.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from gxeditor.ui.look import theme
from gxeditor.ui.template.items import CellLook
from gxeditor.workbook.cells import Range, Spot, cell_ref, column_letters
from gxeditor.workbook.read import Sheet

SHEET_ZOOMS = (50, 60, 75, 90, 100, 125, 150, 200)
_MORE_ROWS, _MORE_COLUMNS = 12, 4  # blank ones after the last that the file has
_OVERFLOW = 12  # columns left of the view from which a text may reach into it
_FROZEN = 0.45  # of the view that headings may take and stay: the larger part scrolls; chosen, not measured
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_WRAP = int(Qt.TextFlag.TextWordWrap)


class SheetView(QAbstractScrollArea):
    """One sheet. `frozen` are the rows and columns of headings that stay in view.

    `moved` says that another cell is the current one, `clicked` that it was pressed with the mouse, `entered` that it
    was double-clicked or Enter pressed on it; all carry row and column. `cleared` asks to take off what stands there.
    """

    moved = Signal(int, int)
    clicked = Signal(int, int)
    entered = Signal(int, int)
    cleared = Signal(int, int)
    zoomed = Signal(int)

    def __init__(
        self,
        sheet: Sheet,
        look: Callable[[int, int], CellLook | None],
        *,
        frozen: Spot = (0, 0),
        reaches: Iterable[Spot] = (),
    ) -> None:
        """`reaches` are places that are to be seen though the file does not reach so far."""
        super().__init__()
        self.sheet = sheet
        self.look = look
        self._wanted = frozen
        self._frozen = (0, 0)
        self._zoom = 100
        self._current: Spot = (0, 0)
        self._outlined: frozenset[Spot] = frozenset()
        self._picking = False
        extents = {row: extent[1] for row in sheet.rows if (extent := sheet.extent(row)) is not None}
        self.rows = 1 + max((max(extents, default=0), *(m.bottom for m in sheet.merges))) + _MORE_ROWS
        self.columns = (
            1 + max((max(extents.values(), default=0), *(m.right for m in sheet.merges))) + _MORE_COLUMNS
        )
        self._reach(reaches)
        self._xs, self._ys = array("d"), array("d")
        self.setAccessibleName(f"工作表“{sheet.name}”")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 160)
        self.viewport().setMouseTracking(True)
        self._measure()
        theme.appearance.changed.connect(self.viewport().update)

    # --- what is shown

    @property
    def current(self) -> Spot:
        """The cell that the keys act on; of merged cells the first."""
        return self._current

    @property
    def zoom(self) -> int:
        """In per cent."""
        return self._zoom

    def set_zoom(self, zoom: int) -> None:
        """Shows everything larger or smaller; the current cell stays in view."""
        self._zoom = zoom
        self._measure()
        self._arrange()
        self.bring_into_view(*self._current)
        self.viewport().update()

    def outline(self, cells: Iterable[Spot]) -> None:
        """Frames these cells."""
        self._outlined = frozenset(self._anchor(*cell) for cell in cells)
        self.viewport().update()

    def set_picking(self, picking: bool) -> None:
        """While a place is looked for the pointer says so."""
        self._picking = picking
        if picking:
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.viewport().unsetCursor()

    def go_to(self, row: int, column: int) -> None:
        """Makes a cell the current one and brings it into view."""
        row, column = self._anchor(min(max(row, 0), self.rows - 1), min(max(column, 0), self.columns - 1))
        changed = (row, column) != self._current
        self._current = row, column
        self.bring_into_view(row, column)
        self.viewport().update()
        self._tell_reader()
        if changed:
            self.moved.emit(row, column)

    def renew(self, reaches: Iterable[Spot] = ()) -> None:
        """What cells mean has changed; `reaches` are places that are to be seen now."""
        before = self.rows, self.columns
        self._reach(reaches)
        if before != (self.rows, self.columns):
            self._measure()
            self._arrange()
        self.viewport().update()
        self._tell_reader()

    def _reach(self, places: Iterable[Spot]) -> None:
        for row, column in places:
            self.rows = max(self.rows, row + 1 + _MORE_ROWS)
            self.columns = max(self.columns, column + 1 + _MORE_COLUMNS)

    def _tell_reader(self) -> None:
        """Gives the current cell in words to whoever cannot see it."""
        row, column = self._current
        look = self.look(row, column)
        shown = self.sheet.cell(row, column).text
        words = [cell_ref(row, column), look.told.replace("\n", "，") if look is not None else "", shown]
        self.setAccessibleDescription("，".join(filter(None, words)))
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # --- measures

    def _measure(self) -> None:
        """Edges of all columns and rows: Excel's widths count figures of 7 pixels, its heights are in points."""
        sheet, scale = self.sheet, self._zoom / 100
        default = round((sheet.default_width * 7 + 5) * scale)
        self._xs = array(
            "d",
            accumulate(
                (
                    0
                    if c in sheet.hidden_columns
                    else round((sheet.widths[c] * 7 + 5) * scale)
                    if c in sheet.widths
                    else default
                    for c in range(self.columns)
                ),
                initial=0,
            ),
        )
        heights: Mapping[int, float] = sheet.heights
        normal = max(
            round(sheet.default_height / 0.75 * scale), QFontMetrics(theme.font(9, 400, scale)).height() + 2
        )
        self._ys = array(
            "d",
            accumulate(
                (
                    0
                    if r in sheet.hidden_rows
                    else round(heights[r] / 0.75 * scale)
                    if r in heights
                    else normal
                    for r in range(self.rows)
                ),
                initial=0,
            ),
        )
        metrics = QFontMetrics(theme.font(9))
        self._gutter = max(36, metrics.horizontalAdvance(str(self.rows)) + 14)
        self._band = metrics.height() + 6
        self._normal = normal

    def _arrange(self) -> None:
        """What stays in view, and how far the bars reach."""
        view = self.viewport().size()
        room = view.width() - self._gutter, view.height() - self._band
        rows, columns = self._wanted
        self._frozen = (
            rows if self._ys[rows] <= _FROZEN * room[1] else 0,
            columns if self._xs[columns] <= _FROZEN * room[0] else 0,
        )
        for bar, whole, size, step in (
            (self.verticalScrollBar(), self._ys[-1], room[1], self._normal),
            (self.horizontalScrollBar(), self._xs[-1], room[0], 64),
        ):
            bar.setRange(0, max(0, round(whole - size)))
            bar.setPageStep(max(1, size))
            bar.setSingleStep(round(step))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _anchor(self, row: int, column: int) -> Spot:
        merge = self.sheet.merge_at(row, column)
        return (merge.top, merge.left) if merge is not None else (row, column)

    def _area(self, row: int, column: int) -> Range:
        merge = self.sheet.merge_at(row, column)
        return merge if merge is not None else Range(row, column, row, column)

    def _left(self, column: int) -> float:
        """Where the left edge of a column stands in the viewport."""
        scrolled = 0 if column < self._frozen[1] else self.horizontalScrollBar().value()
        return self._gutter + self._xs[column] - scrolled

    def _top(self, row: int) -> float:
        scrolled = 0 if row < self._frozen[0] else self.verticalScrollBar().value()
        return self._band + self._ys[row] - scrolled

    def rect_of(self, row: int, column: int) -> QRectF:
        """Where a cell, merged with others if so, stands in the viewport."""
        area = self._area(row, column)
        right, bottom = min(area.right + 1, self.columns), min(area.bottom + 1, self.rows)
        return QRectF(
            self._left(area.left),
            self._top(area.top),
            self._xs[right] - self._xs[area.left],
            self._ys[bottom] - self._ys[area.top],
        )

    def bring_into_view(self, row: int, column: int) -> None:
        """Scrolls as little as is needed."""
        area = self._area(row, column)
        view = self.viewport().size()
        for bar, edges, size, fixed, first, last in (
            (
                self.verticalScrollBar(),
                self._ys,
                view.height() - self._band,
                self._frozen[0],
                area.top,
                area.bottom,
            ),
            (
                self.horizontalScrollBar(),
                self._xs,
                view.width() - self._gutter,
                self._frozen[1],
                area.left,
                area.right,
            ),
        ):
            if first < fixed:
                continue
            head, start, end = edges[fixed], edges[first], edges[min(last + 1, len(edges) - 1)]
            if start < bar.value() + head:
                bar.setValue(round(start - head))
            elif end > bar.value() + size:
                bar.setValue(round(min(start - head, end - size)))

    def spot_at(self, point: QPoint) -> Spot | None:
        """The cell under a point of the viewport; None over letters and numbers."""
        if point.x() < self._gutter or point.y() < self._band:
            return None
        found = []
        for at, edges, fixed, bar, count in (
            (
                point.y() - self._band,
                self._ys,
                self._frozen[0],
                self.verticalScrollBar(),
                self.rows,
            ),
            (
                point.x() - self._gutter,
                self._xs,
                self._frozen[1],
                self.horizontalScrollBar(),
                self.columns,
            ),
        ):
            place = at if at < edges[fixed] else at + bar.value()
            found.append(bisect_right(edges, place) - 1)
            if not 0 <= found[-1] < count:
                return None
        return self._anchor(*found)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        pixels, colors = theme.Pixels(painter), theme.current()
        view = self.viewport().rect()
        painter.fillRect(view, colors.base)
        down, across = self._bands(view)
        for rows, top, height in down:
            for columns, left, width in across:
                clip = QRect(left, top, width, height)
                if clip.isValid():
                    painter.setClipRect(clip)
                    self._paint_cells(painter, pixels, rows, columns)
        painter.setClipping(False)
        for columns, left, width in across:
            painter.setClipRect(QRect(left, 0, width, self._band))
            for column in columns:
                self._paint_head(
                    painter,
                    pixels,
                    QRectF(self._left(column), 0, self._xs[column + 1] - self._xs[column], self._band),
                    column_letters(column),
                    column == self._current[1],
                )
        for rows, top, height in down:
            painter.setClipRect(QRect(0, top, self._gutter, height))
            for row in rows:
                self._paint_head(
                    painter,
                    pixels,
                    QRectF(0, self._top(row), self._gutter, self._ys[row + 1] - self._ys[row]),
                    str(row + 1),
                    row == self._current[0],
                )
        painter.setClipping(False)
        pixels.fill(0, 0, self._gutter, self._band, colors.head)
        pixels.hline(0, self._band - pixels.line, view.width(), colors.line2)
        pixels.vline(self._gutter - pixels.line, 0, view.height(), colors.line2)
        stays_down, stays_across = self._frozen
        if stays_down:
            pixels.hline(0, self._band + self._ys[stays_down] - pixels.line, view.width(), colors.line2)
        if stays_across:
            pixels.vline(self._gutter + self._xs[stays_across] - pixels.line, 0, view.height(), colors.line2)
        painter.end()

    _Band = tuple[range, int, int]

    def _bands(self, view: QRect) -> tuple[list[_Band], list[_Band]]:
        """The rows, and the columns, in view with the strip that they stand in: those that stay, then the others."""
        bands: list[list[SheetView._Band]] = []
        for edges, count, fixed, bar, origin, size in (
            (
                self._ys,
                self.rows,
                self._frozen[0],
                self.verticalScrollBar(),
                self._band,
                view.height(),
            ),
            (
                self._xs,
                self.columns,
                self._frozen[1],
                self.horizontalScrollBar(),
                self._gutter,
                view.width(),
            ),
        ):
            head = round(edges[fixed])
            first = max(fixed, bisect_right(edges, head + bar.value()) - 1)
            last = min(count, bisect_right(edges, bar.value() + size - origin))
            listed = [(range(fixed), origin, head)] if fixed else []
            bands.append([*listed, (range(first, last), origin + head, size - origin - head)])
        return bands[0], bands[1]

    def _paint_head(
        self, painter: QPainter, pixels: theme.Pixels, rect: QRectF, text: str, active: bool
    ) -> None:
        colors = theme.current()
        pixels.fill(
            rect.x(), rect.y(), rect.width(), rect.height(), colors.headact if active else colors.head
        )
        pixels.hline(rect.x(), rect.bottom() - pixels.line, rect.width(), colors.line)
        pixels.vline(rect.right() - pixels.line, rect.y(), rect.height(), colors.line)
        painter.setFont(theme.font(9))
        painter.setPen(colors.headtext)
        painter.drawText(rect, _CENTRE, text)

    def _paint_cells(self, painter: QPainter, pixels: theme.Pixels, rows: range, columns: range) -> None:
        if not rows or not columns:
            return
        colors, sheet = theme.current(), self.sheet
        left, right = self._left(columns[0]), self._left(columns[-1]) + self._width(columns[-1])
        top, bottom = self._top(rows[0]), self._top(rows[-1]) + self._height(rows[-1])
        for row in rows:
            pixels.hline(left, self._top(row) + self._height(row) - pixels.line, right - left, colors.line)
        for column in columns:
            pixels.vline(
                self._left(column) + self._width(column) - pixels.line, top, bottom - top, colors.line
            )
        drawn: set[Spot] = set()
        words: list[tuple[Spot, QRectF, str]] = []
        framed: list[tuple[QRectF, QColor, float]] = []
        for row in rows:
            texts = dict(sheet.texts(row))
            for column in range(max(0, columns[0] - _OVERFLOW), columns[-1] + 1):
                spot = row, column
                merge = sheet.merge_at(row, column)
                if merge is not None:
                    spot = merge.top, merge.left
                    if spot in drawn:
                        continue
                    drawn.add(spot)
                elif column < columns[0] and column not in texts:
                    continue
                rect = self.rect_of(*spot)
                if not rect.width() or not rect.height():
                    continue
                text = texts.get(column, "") if spot == (row, column) else sheet.text(*spot)
                look = self.look(*spot)
                ground = look.ground if look is not None else ""
                if merge is not None or ground:
                    self._paint_ground(pixels, rect, getattr(colors, ground or "base"))
                if look is not None and (look.text is not None or look.ground):
                    self._paint_look(painter, rect, look, text)
                elif text:
                    words.append((spot, rect, text))
                if spot in self._outlined:
                    framed.append((rect, colors.focus, 1))
        view = QRectF(left, top, right - left, bottom - top)
        for spot, rect, text in words:
            merge = sheet.merge_at(*spot)
            if merge is not None and (rect.width() > view.width() or rect.height() > view.height()):
                # Merged across more than the view: the text stands where it is seen, once.
                if columns[-1] < self._frozen[1] <= merge.right or rows[-1] < self._frozen[0] <= merge.bottom:
                    continue
                rect = rect.intersected(view)
            self._paint_text(painter, spot, rect, text)
        if (current := self.rect_of(*self._current)).isValid():
            framed.append((current, colors.focus, 2 if self.hasFocus() else 1))
        for rect, color, width in framed:
            pixels.frame(rect.adjusted(0, 0, -pixels.line, -pixels.line), color, width)

    def _width(self, column: int) -> float:
        return self._xs[column + 1] - self._xs[column]

    def _height(self, row: int) -> float:
        return self._ys[row + 1] - self._ys[row]

    @staticmethod
    def _paint_ground(pixels: theme.Pixels, rect: QRectF, color: QColor) -> None:
        line, colors = pixels.line, theme.current()
        pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), color)
        pixels.hline(rect.x(), rect.bottom() - line, rect.width(), colors.line)
        pixels.vline(rect.right() - line, rect.y(), rect.height(), colors.line)

    def _paint_look(self, painter: QPainter, rect: QRectF, look: CellLook, there: str) -> None:
        """A cell of which the report, or the template's formula, says what stands in it."""
        colors = theme.current()
        text = look.text if look.text is not None else there
        if look.severity is not None:
            color = colors.severity[look.severity].text
        elif look.tone:
            color = getattr(colors, look.tone)
        elif look.ground == "total":
            color = colors.totaltext
        else:
            color = colors.boundtext
        if look.beside:
            painter.setFont(theme.font(7.5, 400, self._zoom / 100))
            painter.setPen(color)
            painter.drawText(rect.adjusted(3, 0, -3, 0), _LEFT, look.beside)
        painter.setFont(theme.font(9, 600 if look.ground == "total" else 400, self._zoom / 100))
        painter.setPen(color)
        if look.is_number:
            need = QFontMetrics(painter.font()).horizontalAdvance(text)
            pad = min(max(12.0, rect.width() * 0.3), max(3.0, (rect.width() - need) / 2))
            if look.beside:
                pad = 12.0
            painter.drawText(rect.adjusted(2, 0, -pad, 0), _RIGHT, text)
        elif text:
            painter.drawText(rect.adjusted(4, 1, -4, -1), self._flags(painter, rect, text), text)
        if look.severity is not None:
            theme.paint_mark(painter, QRectF(rect.right() - 10, rect.y() + 2, 7, 7), look.severity)

    def _flags(self, painter: QPainter, rect: QRectF, text: str) -> int:
        """A text that needs several lines and has room for them is wrapped, from the top if it fills the cell."""
        metrics = QFontMetrics(painter.font())
        if metrics.horizontalAdvance(text) <= rect.width() - 8 and "\n" not in text:
            return _LEFT
        if rect.height() < 2 * metrics.lineSpacing():
            return _LEFT
        whole = metrics.boundingRect(QRect(0, 0, int(rect.width()) - 8, 100_000), _WRAP, text).height()
        if whole <= rect.height():
            return _LEFT | _WRAP
        return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | _WRAP

    def _paint_text(self, painter: QPainter, spot: Spot, rect: QRectF, text: str) -> None:
        """A text of the template: figures at the right, words at the left, on into blank neighbours if need be."""
        painter.setFont(theme.font(9, 400, self._zoom / 100))
        painter.setPen(theme.current().text)
        row, column = spot
        metrics = QFontMetrics(painter.font())
        value = self.sheet.value(row, column)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            painter.drawText(rect.adjusted(3, 0, -4, 0), _RIGHT, text)
            return
        flags = self._flags(painter, rect, text)
        if self.sheet.merge_at(row, column) is not None:
            if flags & _WRAP or metrics.horizontalAdvance(text) <= rect.width() - 8:
                flags = _CENTRE | (flags & _WRAP) if flags & int(Qt.AlignmentFlag.AlignVCenter) else flags
        elif not flags & _WRAP:
            need, column = metrics.horizontalAdvance(text) + 8, column + 1
            while rect.width() < need and column < self.columns and self._is_bare(row, column):
                rect = rect.adjusted(0, 0, self._width(column), 0)
                column += 1
        inside = rect.adjusted(4, 1, -3, -1)
        if not flags & _WRAP:
            text = metrics.elidedText(
                text.replace("\n", " "), Qt.TextElideMode.ElideRight, int(inside.width())
            )
        painter.save()
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        painter.drawText(inside, flags, text)
        painter.restore()

    def _is_bare(self, row: int, column: int) -> bool:
        if self.sheet.merge_at(row, column) is not None or self.sheet.text(row, column):
            return False
        return self.look(row, column) is None

    # --- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position().toPoint())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton:
            self.go_to(*spot)
            self.clicked.emit(*spot)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position().toPoint())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton and not self._picking:
            self.entered.emit(*spot)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def step_zoom(self, direction: int) -> None:
        """The next larger or smaller zoom."""
        steps = [z for z in SHEET_ZOOMS if (z > self._zoom if direction > 0 else z < self._zoom)]
        if steps:
            self.set_zoom(steps[0] if direction > 0 else steps[-1])
            self.zoomed.emit(self._zoom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        row, column = self._current
        area = self._area(row, column)
        page = max(1, int((self.viewport().height() - self._band) / max(1.0, self._normal)) - 2)
        end = self.rows - 1 - _MORE_ROWS, self.columns - 1 - _MORE_COLUMNS
        steps = {
            Qt.Key.Key_Left: (row, 0 if control else self._shown(area.left, -1, down=False)),
            Qt.Key.Key_Right: (row, end[1] if control else self._shown(area.right, 1, down=False)),
            Qt.Key.Key_Up: (0 if control else self._shown(area.top, -1, down=True), column),
            Qt.Key.Key_Down: (end[0] if control else self._shown(area.bottom, 1, down=True), column),
            Qt.Key.Key_PageUp: (row - page, column),
            Qt.Key.Key_PageDown: (row + page, column),
            Qt.Key.Key_Home: (0 if control else row, 0),
            Qt.Key.Key_End: (end[0] if control else row, end[1]),
        }
        step = steps.get(Qt.Key(key))
        if step is not None and not (control and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)):
            self.go_to(*step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.entered.emit(row, column)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit(row, column)
        elif control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.step_zoom(-1 if key == Qt.Key.Key_Minus else 1)
        else:
            event.ignore()

    def _shown(self, at: int, by: int, *, down: bool) -> int:
        """The next row or column that is not hidden."""
        hidden = self.sheet.hidden_rows if down else self.sheet.hidden_columns
        count = self.rows if down else self.columns
        beyond = at + by
        while 0 <= beyond < count and beyond in hidden:
            beyond += by
        return beyond if 0 <= beyond < count else at

    def focusInEvent(self, event: QEvent) -> None:
        self._tell_reader()
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(event.pos())
            words = self.told(*spot) if spot is not None else ""
            QToolTip.showText(event.globalPos(), theme.plain_tip(words), self.viewport())
            return True
        return super().viewportEvent(event)

    def told(self, row: int, column: int) -> str:
        """A cell in words: what its look tells, else its text."""
        look = self.look(row, column)
        if look is not None and look.told:
            return f"{cell_ref(row, column)}　{look.told}"
        return self.sheet.text(row, column)

    def neighbours(self, row: int, column: int, *, down: bool) -> Iterator[Spot]:
        """This cell and those after it, to the right or below, merged ones once and hidden ones left out."""
        while row < self.rows and column < self.columns:
            area = self._area(row, column)
            yield area.top, area.left
            if down:
                row = self._shown(area.bottom, 1, down=True)
            else:
                column = self._shown(area.right, 1, down=False)
            if (area.bottom if down else area.right) >= (row if down else column):
                return
