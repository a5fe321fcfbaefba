"""The list of rules as a table: one line a rule or finding, with its values where it has any.

Knows how a line is painted and how the keys go through the lines. What is listed is its page's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.checks.standing import Standing, State
from gxeditor.core.report import show_entry
from gxeditor.ui.checks.listing import aside_of, instead_of, spoken
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground, show_as_rows

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW, HEAD = 29, 26
HEADINGS = ("状态", "检查什么", "左边", "右边", "相差", "代码")
STATE, TITLE, LEFT, RIGHT, DIFFERENCE, CODE = range(6)
_VALUES = (LEFT, RIGHT, DIFFERENCE)
_WIDTHS = {STATE: 86, LEFT: 58, RIGHT: 58, DIFFERENCE: 58, CODE: 72}
_NARROW = 560
"""Logical pixels of the table below which the codes, which stand in the detail too, are left out."""
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Lines(QAbstractTableModel):
    """The lines that are shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[Standing, ...] = ()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section > TITLE else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(line, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(line)
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(f"{spoken(line)}\n依据：{line.rule.basis}")
        return None

    def set_lines(self, lines: Sequence[Standing]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()


def shown(line: Standing, column: int) -> str:
    """What stands in a column of a line; the reason of one that has no values begins in the first of theirs."""
    match column:
        case 0:
            return line.word
        case 1:
            return line.title
        case 5:
            return line.rule.code
        case _:
            value = (line.left, line.right, line.difference)[column - LEFT]
            return show_entry(value) if value is not None else instead_of(line) if column == LEFT else ""


class _Painter(QStyledItemDelegate):
    """Paints the cells of a line; the reason of one without values runs from the right over the title's room."""

    def __init__(self, view: LinesView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, column = self._view.model().lines[index.row()], index.column()
        colors = theme.current()
        painter.save()
        rect, _, text = paint_ground(painter, option, bar=column == STATE)
        quiet = line.state in (State.NOT_CHECKED, State.CLOSED, State.MET)
        painter.setFont(theme.font(9.75))
        if column == STATE:
            mark = QRectF(rect.x() + 9, rect.center().y() - 4.5, 10, 10)
            theme.paint_state(painter, mark, line.state, line.rule.severity)
            painter.setFont(theme.font(9, 600 if line.state is State.OPEN else 400))
            painter.setPen(_tone(line))
            painter.drawText(rect.adjusted(25, 0, 0, 0), _LEFT, line.word)
        elif column == TITLE:
            self._title(painter, rect.adjusted(9, 0, -8, 0), line, text)
        elif column == CODE:
            painter.setFont(theme.font(8.25))
            painter.setPen(colors.text3)
            painter.drawText(rect.adjusted(0, 0, -18, 0), _RIGHT, line.rule.code)
        elif instead_of(line):
            self._reason(painter, rect, column, line)
        else:
            words = shown(line, column)
            different = column == DIFFERENCE and line.state is State.OPEN and bool(line.difference)
            painter.setFont(theme.font(9.75, 600 if different else 400))
            painter.setPen(
                _tone(line) if different else colors.text2 if column == DIFFERENCE or quiet else text
            )
            painter.drawText(rect.adjusted(0, 0, -12, 0), _RIGHT, words)
        painter.restore()

    def _reason(self, painter: QPainter, rect: QRect, column: int, line: Standing) -> int:
        """The part of a reason that lies in a column: it ends where the values do; how much of the column it takes.

        Each column draws its own part, as the ground of a chosen line is drawn column by column, too.
        """
        small = theme.font(9)
        metrics = QFontMetrics(small)
        beyond = sum(self._view.columnWidth(one) for one in _VALUES if one > column)
        values = sum(self._view.columnWidth(one) for one in _VALUES)
        most = max((values + self._view.columnWidth(TITLE)) // 2, values)
        words = metrics.elidedText(instead_of(line), Qt.TextElideMode.ElideRight, most)
        whole = QRect(rect.right() + 1 + beyond - 12 - most, rect.y(), most, rect.height())
        painter.save()
        painter.setClipRect(rect.adjusted(0, 0, 8 if column == TITLE else 0, 0))
        painter.setFont(small)
        painter.setPen(theme.current().text2)
        painter.drawText(whole.translated(8 if column == TITLE else 0, 0), _RIGHT, words)
        painter.restore()
        return max(0, metrics.horizontalAdvance(words) + 12 - beyond + 12)

    def _title(self, painter: QPainter, rect: QRect, line: Standing, text: QColor) -> None:
        """The title, behind it what is said of it; at the right end the reason why there are no values."""
        colors, small = theme.current(), theme.font(9)
        if instead_of(line):
            rect = rect.adjusted(0, 0, -self._reason(painter, rect, TITLE, line), 0)
        painter.setFont(theme.font(9.75))
        painter.setPen(colors.text2 if line.state is State.CLOSED else text)
        metrics = QFontMetrics(painter.font())
        title = metrics.elidedText(line.title, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _LEFT, title)
        aside = aside_of(line)
        if aside and title == line.title:
            rest = rect.adjusted(metrics.horizontalAdvance(title) + 12, 0, 0, 0)
            painter.setFont(small)
            painter.setPen(colors.text2)
            words = QFontMetrics(small).elidedText(aside, Qt.TextElideMode.ElideRight, max(rest.width(), 0))
            painter.drawText(rest, _LEFT, words)


def _tone(line: Standing) -> QColor:
    colors = theme.current()
    if line.state is State.OPEN:
        return colors.severity[line.rule.severity].text
    return colors.severity[Severity.QUERY].text if line.state is State.EXPLAINED else colors.text2


class LinesView(QTableView):
    """The list. `arrived` says that another line is the current one, `chosen` asks to go where it leads.

    `explain_asked` asks to write why it stands, `left` to leave the page.
    """

    arrived = Signal()
    chosen = Signal()
    explain_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = Lines(self)
        self.setModel(self._lines)
        self.setItemDelegate(_Painter(self))
        show_as_rows(self, "检查项目列表", ROW, HEAD, points=9.75)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        head = self.horizontalHeader()
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(20)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        self.doubleClicked.connect(self._double_clicked)

    def model(self) -> Lines:
        return self._lines

    @property
    def line(self) -> Standing | None:
        """The current line."""
        row = self.currentIndex().row()
        return self._lines.lines[row] if 0 <= row < len(self._lines.lines) else None

    def set_lines(self, lines: Sequence[Standing], current: int) -> None:
        """Shows these lines, the one at `current` chosen."""
        if tuple(lines) != self._lines.lines:
            top = self.verticalScrollBar().value()
            self._lines.set_lines(lines)
            self.verticalScrollBar().setValue(top)
        if 0 <= current < len(lines):
            self.setCurrentIndex(self._lines.index(current, TITLE))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.arrived.emit()

    def _double_clicked(self, _index: QModelIndex) -> None:
        self.chosen.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(CODE, self.viewport().width() < _NARROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.explain_asked.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
