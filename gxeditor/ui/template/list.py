"""The lists of the mapping page: what was found and what was not, and one row to be chosen from many.

Knows how rows look and how a few letters find one. Knows no template: what a row stands for is its page's business.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog, sentence
from gxeditor.ui.look.rows import paint_ground
from gxeditor.ui.template.items import Item

Index = QModelIndex | QPersistentModelIndex
_ITEM = int(Qt.ItemDataRole.UserRole)
_WRAP = int(Qt.TextFlag.TextWordWrap)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_SHOWN = 300  # of the rows that fit a search


# ----------------------------------------------------------------------------------------------- choosing from many


class ListRow(NamedTuple):
    """A row to choose: what it stands for, its name, small words at the right, and words by which it is found."""

    key: str
    text: str
    side: str = ""
    words: str = ""


class _Choosing(Dialog):
    """A line to search in and the rows that fit."""

    def __init__(
        self, parent: QWidget | None, title: str, heading: str, hint: str, rows: Sequence[ListRow], verb: str
    ) -> None:
        super().__init__(
            parent, title, heading, choices=(CANCEL, Choice("take", verb, primary=True)), width=40
        )
        self._rows = rows
        self._found = [_plain(f"{row.text} {row.side} {row.words}") for row in rows]
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName("查找")
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._search)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(300)
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.itemDoubleClicked.connect(self._take)
        self.told = sentence("", tone="text2")
        self.body.addWidget(self.line)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.told)
        self._search("")
        self.line.setFocus()

    @property
    def key(self) -> str | None:
        """What the chosen row stands for."""
        item = self.list.currentItem()
        row: ListRow | None = item.data(_ITEM) if item is not None else None
        return row.key if row is not None else None

    def choose(self, key: str) -> None:
        """Begins on a row."""
        for i in range(self.list.count()):
            if self.list.item(i).data(_ITEM).key == key:
                self.list.setCurrentRow(i)
                self.list.scrollToItem(self.list.item(i))

    def _search(self, text: str) -> None:
        words = _plain(text).split()
        fitting = [
            row
            for row, found in zip(self._rows, self._found, strict=True)
            if all(word in found for word in words)
        ]
        self.list.clear()
        for row in fitting[:_SHOWN]:
            item = QListWidgetItem(self.list)
            item.setData(_ITEM, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, "，".join(filter(None, (row.text, row.side))))
        self.list.setCurrentRow(0)
        more = len(fitting) - _SHOWN
        self.told.setText(
            f"另有 {more} 条，请多输几个字。"
            if more > 0
            else ""
            if fitting
            else "没有这样的内容，请换几个字。"
        )
        self.buttons["take"].setEnabled(bool(fitting))

    def _take(self) -> None:
        self.answer = "take"
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.list.count():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
            return
        super().keyPressEvent(event)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


class _RowDelegate(QStyledItemDelegate):
    """A name at the left, small words at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, 28)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ListRow = index.data(_ITEM)
        colors = theme.current()
        rect, _, text = paint_ground(painter, option)
        side = QFontMetrics(theme.font()).horizontalAdvance(row.side)
        painter.setFont(theme.font())
        painter.setPen(colors.text2)
        painter.drawText(rect.adjusted(0, 0, -10, 0), _RIGHT, row.side)
        painter.setFont(theme.font(9.75))
        painter.setPen(text)
        room = rect.adjusted(12, 0, -side - 20, 0)
        name = QFontMetrics(painter.font()).elidedText(row.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, name)


def ask_row(
    parent: QWidget | None,
    title: str,
    heading: str,
    hint: str,
    rows: Sequence[ListRow],
    verb: str,
    start: str = "",
) -> str | None:
    """The key of the row that was chosen, None if none; a few letters find it among many."""
    dialog = _Choosing(parent, title, heading, hint, rows, verb)
    dialog.choose(start)
    return dialog.key if dialog.run() == "take" else None


# ------------------------------------------------------------------------------------------------------- the list


class _ItemDelegate(QStyledItemDelegate):
    """Mark, words that wrap, small words at the right."""

    def __init__(self, view: QTreeWidget) -> None:
        super().__init__(view)
        self._view = view

    def _font(self, item: Item) -> QFont:
        return theme.font(9.75 if item.kind == "group" else 9, 600 if item.kind == "group" else 400)

    def _parts(self, item: Item, rect: QRect) -> tuple[QRect, QRect]:
        """Where words and small words stand."""
        side = QFontMetrics(theme.font()).horizontalAdvance(item.side)
        mark = 18 if item.severity is not None else 0
        right = side + 20 if item.side else 8
        return rect.adjusted(6 + mark, 0, -right, 0), rect.adjusted(0, 0, -10, 0)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item: Item = index.data(_ITEM)
        depth = 0
        parent = index.parent()
        while parent.isValid():
            depth, parent = depth + 1, parent.parent()
        width = self._view.viewport().width() - (depth + 1) * self._view.indentation()
        words, _ = self._parts(item, QRect(0, 0, width, 28))
        metrics = QFontMetrics(self._font(item))
        box = QRect(0, 0, max(80, words.width()), 10_000)
        return QSize(120, max(28, metrics.boundingRect(box, _WRAP, item.text).height() + 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item = index.data(_ITEM)
        colors = theme.current()
        rect, _, text = paint_ground(painter, option)
        words, side = self._parts(item, rect)
        if item.severity is not None:
            middle = rect.y() + 14
            theme.paint_mark(painter, QRectF(rect.x() + 7, middle - 5, 10, 10), item.severity)
        painter.setFont(theme.font())
        painter.setPen(colors.text2)
        painter.drawText(side, _RIGHT, item.side)
        painter.setFont(self._font(item))
        painter.setPen(text)
        painter.drawText(words, _LEFT | _WRAP, item.text)


class ItemList(QTreeWidget):
    """What was found and what was not. `taken_off` asks that the current item's places be dropped."""

    taken_off = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bare", True)
        self.setAccessibleName("对应关系")
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setItemDelegate(_ItemDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.setExpandsOnDoubleClick(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.taken_off.emit()
        else:
            super().keyPressEvent(event)

    def fill(
        self, groups: Iterable[tuple[Item, Sequence[tuple[Item, Sequence[Item]]]]], closed: set[str]
    ) -> None:
        """Groups with their items, which may have items of their own; the item chosen before is chosen again."""
        chosen = self.chosen
        opened = {
            top.child(i).data(0, _ITEM).text
            for top in self._tops()
            for i in range(top.childCount())
            if top.child(i).isExpanded()
        }
        where = self.verticalScrollBar().value()
        self.blockSignals(True)
        self.clear()
        again: QTreeWidgetItem | None = None
        for group, items in groups:
            top = self._add(self.invisibleRootItem(), group)
            for item, below in items:
                middle = self._add(top, item)
                if _same(item, chosen):
                    again = middle
                for one in below:
                    leaf = self._add(middle, one)
                    if _same(one, chosen) and again is None:
                        again = leaf
                middle.setExpanded(item.text in opened)
            top.setExpanded(_title(group) not in closed)
        if again is not None:
            self.setCurrentItem(again)
        self.blockSignals(False)
        self.verticalScrollBar().setValue(where)

    def _tops(self) -> Iterator[QTreeWidgetItem]:
        for i in range(self.topLevelItemCount()):
            top = self.topLevelItem(i)
            assert top is not None
            yield top

    @staticmethod
    def _add(parent: QTreeWidgetItem, item: Item) -> QTreeWidgetItem:
        made = QTreeWidgetItem(parent)
        made.setData(0, _ITEM, item)
        made.setData(
            0, int(Qt.ItemDataRole.AccessibleTextRole), "，".join(filter(None, (item.text, item.side)))
        )
        return made

    @property
    def closed(self) -> set[str]:
        """The groups that the clerk has closed."""
        return {_title(top.data(0, _ITEM)) for top in self._tops() if not top.isExpanded()}

    @property
    def chosen(self) -> Item | None:
        """The current item."""
        current = self.currentItem()
        item: Item | None = current.data(0, _ITEM) if current is not None else None
        return item


def _title(group: Item) -> str:
    return group.text.partition("　")[0]


def _same(one: Item, other: Item | None) -> bool:
    return other is not None and (one.kind, one.ids, one.text if not one.ids else "") == (
        other.kind,
        other.ids,
        other.text if not other.ids else "",
    )
