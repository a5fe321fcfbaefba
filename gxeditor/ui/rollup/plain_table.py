"""A table of texts for the pages of a roll-up: headings, figures at the right, lines that lead somewhere.

Knows how such a line is painted, its keys, and that what is copied begins with what it is of. Knows nothing of what the
texts mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gxeditor.core.text import inert
from gxeditor.ui.editor.clipboard import put_on_clipboard
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground, show_as_rows

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW, HEAD = 26, 26
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_WRAP = int(Qt.TextFlag.TextWordWrap)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Column(NamedTuple):
    """A column: its heading, its width (0: what is left), whether it holds figures."""

    heading: str
    width: int = 0
    is_figure: bool = False


class Line(NamedTuple):
    """A line: what it leads to ("" for nothing), its texts, and their colours by name where they are not `text`."""

    key: str
    texts: tuple[str, ...]
    tones: tuple[str, ...] = ()
    strong: bool = False


class _Lines(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.lines: tuple[Line, ...] = ()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(column.heading)
        if role != Qt.ItemDataRole.TextAlignmentRole:
            return None
        return (_RIGHT if column.is_figure else _LEFT) | _WRAP

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.texts[index.column()]
        said = "，".join(
            f"{column.heading} {text}" for column, text in zip(self.columns, line.texts, strict=True) if text
        )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return said
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(said)
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Lines)
        line, at = model.lines[index.row()], index.column()
        colors = theme.current()
        ground = paint_ground(painter, option, colors.total if line.strong else None, bar=at == 0)
        tone = line.tones[at] if at < len(line.tones) and line.tones[at] else "text"
        pen: QColor = ground.text if tone == "text" or ground.selected else getattr(colors, tone)
        painter.setPen(pen)
        painter.setFont(theme.font(9, 600 if line.strong else 400))
        rect = ground.rect.adjusted(8, 0, -8, 0)
        words = painter.fontMetrics().elidedText(line.texts[at], Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _RIGHT if model.columns[at].is_figure else _LEFT, words)


class PlainTable(QTableView):
    """The table.

    `opened` carries the key of a line (Enter, double click), `removed` that of one that Delete was pressed on, `told` a
    sentence. `of` says what is copied and of how many units it is; it stands above what is copied.
    """

    opened = Signal(str)
    removed = Signal(str)
    told = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.of = ""
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setItemDelegate(_Painter(self))
        show_as_rows(self, name, ROW, HEAD, several=True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.doubleClicked.connect(self._open)

    def show_lines(self, columns: Sequence[Column], lines: Sequence[Line]) -> None:
        """Shows these; the chosen line stays chosen as long as it is there."""
        key = self.key()
        same = tuple(columns) == self._lines.columns
        self._lines.beginResetModel()
        self._lines.columns, self._lines.lines = tuple(columns), tuple(lines)
        self._lines.endResetModel()
        if not same:
            self._share_out()
        row = next((i for i, line in enumerate(lines) if line.key == key and key), None)
        if row is not None:
            self.setCurrentIndex(self._lines.index(row, 0))

    def set_head_lines(self, lines: int) -> None:
        """Gives the headings room for so many lines."""
        self.horizontalHeader().setFixedHeight(HEAD + 16 * (lines - 1))

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines.lines

    def key(self) -> str:
        """What the chosen line leads to."""
        row = self.currentIndex().row()
        return self._lines.lines[row].key if 0 <= row < len(self._lines.lines) else ""

    def _share_out(self) -> None:
        columns = self._lines.columns
        bar = self.verticalScrollBar().sizeHint().width()
        free = self.width() - bar - sum(column.width for column in columns)
        wide = sum(1 for column in columns if not column.width)
        for at, column in enumerate(columns):
            self.setColumnWidth(at, column.width or max(90, free // max(1, wide)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Delete and self.key():
            self.removed.emit(self.key())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _open(self, index: Index) -> None:
        if index.isValid() and (key := self._lines.lines[index.row()].key):
            self.opened.emit(key)

    def copy(self, everything: bool = False) -> None:
        """Copies the chosen lines, or all, below their headings and what they are of."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        if everything or not rows:
            rows = list(range(len(self._lines.lines)))
        head = [[self.of]] if self.of else []
        columns = self._lines.columns
        texts = (
            [
                text if column.is_figure else inert(text)
                for column, text in zip(columns, self._lines.lines[row].texts, strict=True)
            ]
            for row in rows
        )
        put_on_clipboard([*head, [column.heading for column in columns], *texts])
        self.told.emit(f"已复制 {len(rows)} 行。")
