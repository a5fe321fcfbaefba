"""到期: the requests that are not answered, by the day on which they are due, the overdue ones first.

Knows how the days and their requests are told. Reckons no day (`RowsModel`); Enter on a row leads to it in the grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.request import Request
from gxeditor.ui.ledger.model import RowsModel, said_day, said_fully, severity_of
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground

Index = QModelIndex | QPersistentModelIndex
_ENTRY = Qt.ItemDataRole.UserRole
_ROW, _HEAD = 26, 32  # logical pixels


class DayOf(NamedTuple):
    """What is due on one day: `title` says the day and what is left, `day` is None for what waits."""

    day: date | None
    title: str
    severity: Severity | None
    requests: tuple[Request, ...]


class _Line(NamedTuple):
    """A row: the texts of its columns."""

    request_id: str
    left: str
    severity: Severity | None
    number: str
    applicant: str
    received: str
    subject: str
    unit: str


def days_of(model: RowsModel) -> list[DayOf]:
    """The requests that are not answered, by day: overdue ones first, those without a day last."""
    requests = model.ledger.by_id
    found = []
    for one in model.board().days:
        several = tuple(requests[duty.request] for duty in one.duties)
        first = one.duties[0]
        said = f"{said_fully(one.day)}　{first.words}" if one.day is not None else first.words
        found.append(DayOf(one.day, f"{said}　{len(several)} 件", severity_of(one.state), several))
    return found


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text = QFontMetrics(theme.font()).height()
        is_row = isinstance(index.data(_ENTRY), _Line)
        return QSize(300, max(_ROW, text + 8) if is_row else max(_HEAD, text + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(_ENTRY)
        colors, pixels = theme.current(), theme.Pixels(painter)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        if not isinstance(entry, _Line):
            rect = QRect(option.rect)  # type: ignore[attr-defined]
            pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), colors.head)
            pixels.hline(rect.x(), rect.bottom() + 1 - pixels.line, rect.width(), colors.line2)
            x = rect.x() + 16
            if entry is not None:
                severity = Severity(entry)
                theme.paint_mark(painter, QRectF(x, rect.center().y() - 4, 9, 9), severity)
                x += 15
                painter.setPen(colors.severity[severity].text)
            else:
                painter.setPen(colors.headtext)
            painter.setFont(theme.font(9, 600))
            painter.drawText(QRect(x, rect.y(), rect.width() - x, rect.height()), flags, str(index.data()))
            return
        rect, _, text = paint_ground(painter, option, colors.base, colors.card)
        unit = QFontMetrics(theme.font()).horizontalAdvance("国")
        x = rect.x() + 31
        rest = rect.width() - 31 - (7 + 7 + 12 + 9) * unit
        for words, width, pen in (
            (entry.number, 7 * unit, text),
            (entry.received, 7 * unit, colors.text2),
            (entry.applicant, 12 * unit, text),
            (entry.subject, rest - (10 * unit if entry.unit else 0), text),
            (entry.unit, 10 * unit if entry.unit else 0, colors.text2),
            (entry.left, 9 * unit, text),
        ):
            painter.setFont(theme.font())
            painter.setPen(pen)
            room = QRect(x, rect.y(), max(0, width - unit // 2), rect.height())
            metrics = QFontMetrics(painter.font())
            painter.drawText(
                room, flags, metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            )
            x += width


class DuePage(QWidget):
    """The tab. `asked` carries the id of a request that is to be shown in the grid, `said` what is in hand."""

    asked = Signal(str)
    said = Signal(str)

    def __init__(self, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._stale = True
        self.setAccessibleName("到期")
        self.rows = QListWidget()
        self.rows.setProperty("bare", True)
        self.rows.setAccessibleName("未答复的申请，按到期的日子")
        self.rows.setItemDelegate(_Delegate(self.rows))
        self.rows.setMouseTracking(True)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.rows.itemDoubleClicked.connect(lambda _: self._open())
        self.rows.currentRowChanged.connect(self._say)
        self._none = theme.label("没有未答复的申请。", 9.75, tone="text2")
        self._none.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._none.setContentsMargins(0, 60, 0, 0)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.rows)
        self._stack.addWidget(self._none)
        self.setFocusProxy(self.rows)
        for signal in (model.dataChanged, model.modelReset, model.rowsInserted):
            signal.connect(self._renew)

    def _renew(self) -> None:
        self._stale = True
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()
        self._say()

    def refresh(self) -> None:
        """Lists anew; the current request stays the current one."""
        self._stale = False
        current = self.current()
        self.rows.blockSignals(True)
        self.rows.clear()
        for day in days_of(self._model):
            head = QListWidgetItem(day.title, self.rows)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setData(_ENTRY, day.severity.value if day.severity is not None else None)
            for one in self._lines(day):
                item = QListWidgetItem(self.rows)
                item.setData(_ENTRY, one)
                spoken = "，".join(filter(None, (one.number, one.applicant, one.subject, one.left)))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                item.setToolTip(theme.plain_tip(f"{one.number}　{one.subject}。Enter 在台账里看。"))
        self.rows.blockSignals(False)
        wanted = [row for row in range(self.rows.count()) if self._line(row) is not None]
        row = next((row for row in wanted if (line := self._line(row)) and line.request_id == current), None)
        self.rows.setCurrentRow(row if row is not None else wanted[0] if wanted else -1)
        self._stack.setCurrentWidget(self.rows if wanted else self._none)

    def _lines(self, day: DayOf) -> Iterator[_Line]:
        model = self._model
        for request in day.requests:
            received = request.day("received_on")
            yield _Line(
                request.id,
                model.shown(request, "left"),
                day.severity,
                request.text("reg_no"),
                model.shown(request, "applicant"),
                f"{said_day(received, model.today)}收" if received is not None else "",
                model.shown(request, "subject"),
                request.text("unit"),
            )

    def _line(self, row: int) -> _Line | None:
        item = self.rows.item(row)
        entry = item.data(_ENTRY) if item is not None else None
        return entry if isinstance(entry, _Line) else None

    def current(self) -> str:
        """The id of the current request; "" for none."""
        line = self._line(self.rows.currentRow())
        return line.request_id if line is not None else ""

    def _say(self) -> None:
        line = self._line(self.rows.currentRow())
        self.said.emit(f"{line.number} · {line.left}" if line is not None else "")

    def step(self, by: int) -> None:
        """F8: on to the next request of the list."""
        row = self.rows.currentRow() + by
        while 0 <= row < self.rows.count():
            if self._line(row) is not None:
                self.rows.setCurrentRow(row)
                return
            row += by

    def _open(self) -> None:
        if current := self.current():
            self.asked.emit(current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)
