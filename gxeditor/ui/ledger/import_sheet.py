"""A sheet of an imported ledger as it stands in the file, with our names of its columns above it.

Knows how a row that is not counted, a heading and a doubtful cell look, and that a press on a name asks for another.
Draws with the view of templates; names of applicants do not reach it (`ImportState.shown_sheet`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import east_asian_width

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QToolTip

from gxeditor.core.checks.rules import Severity
from gxeditor.ledger.reading import SheetRead
from gxeditor.ui.ledger.import_state import ImportState
from gxeditor.ui.look import theme
from gxeditor.ui.template.items import CellLook
from gxeditor.ui.template.sheet_view import SheetView
from gxeditor.workbook.cells import Spot, column_number
from gxeditor.workbook.read import Sheet

_NAMES = 26  # height of the band of our names
NOT_COUNTED = "不计"
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_LOOKED_AT = 60  # rows by which columns get their widths
_NARROWEST, _WIDEST = 44, 190  # pixels of a column
_ROOM, _GIVES_WAY = (
    735,
    96,
)  # pixels of all columns in the left half of the page, and what one is not shrunk below
_ROW = 18.0  # points: 24 pixels


class LedgerSheet(SheetView):
    """One sheet. `name_pressed` carries a column, from 0, whose name was pressed (or Enter on one of its headings)."""

    name_pressed = Signal(int)

    def __init__(self, state: ImportState, of: SheetRead) -> None:
        self._state, self._of = state, of
        self._own: Mapping[int, tuple[str, str]] = MappingProxyType({})
        self._looks: dict[Spot, CellLook] = {}
        self._pale: dict[int, str] = {}
        self._letters = 0
        self._was_shown = False
        self._end = max((column_number(one.letter) for one in of.columns), default=0)
        sheet = state.shown_sheet(of)
        names = {column: name for column, (name, _) in state.names_of(of).items()}
        _give_widths(sheet, of.headings[0] - 1, self._end, names)
        super().__init__(sheet, self._look_of)
        self.columns = min(self.columns, self._end + 2)
        self._measure()
        self.setAccessibleName(f"工作表“{of.name}”，每一列上面是我们的列名")
        self.entered.connect(self._entered)
        self.show_state()

    def show_state(self) -> None:
        """Takes up what is decided by now."""
        state, of = self._state, self._of
        self._own = state.names_of(of)
        self._pale = {one.row - 1: one.why for one in state.read.left_out if one.sheet == of.name}
        self._looks = {}
        for one in state.doubts:
            if one.doubt.sheet == of.name and one.letter:
                spot = one.doubt.row - 1, column_number(one.letter)
                self._looks[spot] = CellLook(ground="qrytint", severity=Severity.QUERY, told=one.doubt.reason)
        self.renew()

    def showEvent(self, event: QShowEvent) -> None:
        """Begins with the row of the file's own headings."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self._arrange()
            first = max(0, self._of.headings[0] - 1)
            self._current = first, 0
            self.verticalScrollBar().setValue(round(self._ys[first]))

    def _look_of(self, row: int, column: int) -> CellLook | None:
        first, last = self._of.headings
        if first - 1 <= row <= last - 1:
            return CellLook(ground="head", tone="headtext") if column <= self._end else None
        if row in self._pale and column <= self._end:
            word = None
            if column == self._end and not self.sheet.text(row, column):
                word = NOT_COUNTED
            return CellLook(word, ground="card", tone="text3", told=f"不计：{self._pale[row]}")
        return self._looks.get((row, column))

    # --- the band of names

    def _measure(self) -> None:
        super()._measure()
        self._letters = self._band
        self._band += _NAMES

    def _paint_head(
        self, painter: QPainter, pixels: theme.Pixels, rect: QRectF, text: str, active: bool
    ) -> None:
        if rect.y() or rect.height() != self._band:
            super()._paint_head(painter, pixels, rect, text, active)
            return
        top = QRectF(rect.x(), 0, rect.width(), self._letters)
        super()._paint_head(painter, pixels, top, text, active)
        colors = theme.current()
        below = QRectF(rect.x(), self._letters, rect.width(), _NAMES)
        name, heading = self._own.get(column_number(text), ("", ""))
        pixels.fill(below.x(), below.y(), below.width(), below.height(), colors.bound)
        pixels.vline(below.right() - pixels.line, below.y(), below.height(), colors.line)
        words = name or ("不读" if heading else "")
        painter.setFont(theme.font(9, 600 if name else 400))
        painter.setPen(colors.boundtext if name else colors.text3)
        room = below.adjusted(6, 0, -3, 0)
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, _LEFT, words)

    def _column_at(self, x: float) -> int | None:
        for column in range(self.columns):
            left = self._left(column)
            if left <= x < left + self._width(column) and x >= self._gutter:
                return column
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() == Qt.MouseButton.LeftButton and at.y() < self._band:
            column = self._column_at(at.x())
            if column is not None and column <= self._end:
                self.name_pressed.emit(column)
            return
        super().mousePressEvent(event)
        if self._picking and event.button() == Qt.MouseButton.LeftButton and self.current[1] <= self._end:
            self.name_pressed.emit(self.current[1])

    def _entered(self, row: int, column: int) -> None:
        if row <= self._of.headings[1] - 1 and column <= self._end:
            self.name_pressed.emit(column)

    def name_rect(self, column: int) -> QRectF:
        """Where the name of a column stands in the viewport."""
        return QRectF(self._left(column), self._letters, self._width(column), _NAMES)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            column = self._column_at(event.pos().x())
            if event.pos().y() < self._band and column is not None:
                name, heading = self._own.get(column, ("", ""))
                said = f"“{heading}”读作“{name}”，点这里换。" if name else "这一列没有读，点这里指定。"
                QToolTip.showText(event.globalPos(), theme.plain_tip(said), self.viewport())
                return True
        return super().viewportEvent(event)


def _give_widths(sheet: Sheet, first: int, end: int, names: Mapping[int, str]) -> None:
    """Columns as wide as our names and what stands below them, down from the headings; the widest give way until all
    have room."""
    widest = {column: _pixels(name) for column, name in names.items()}
    for row in [one for one in sheet.rows if one >= first][:_LOOKED_AT]:
        for column, text in sheet.texts(row):
            if sheet.merge_at(row, column) is None:
                widest[column] = max(widest.get(column, 0), _pixels(text))
    widths = {column: max(_NARROWEST, min(_WIDEST, widest.get(column, 0))) for column in range(end + 1)}
    while sum(widths.values()) > _ROOM and (most := max(widths.values())) > _GIVES_WAY:
        for column, wide in widths.items():
            if wide == most:
                widths[column] = most - 4
    sheet.widths = {column: (wide - 5) / 7 for column, wide in widths.items()}
    sheet.default_height = _ROW


def _pixels(text: str) -> int:
    return 14 + sum(12 if east_asian_width(one) in "WF" else 7 for one in text[:40])
