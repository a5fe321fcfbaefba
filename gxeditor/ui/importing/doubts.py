"""The list of what a person should look at after an import: place, what was found, what was done, and what to do.

Knows how a row and its choices are drawn, clicked and reached by keys. Decides nothing: it says which choice was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from gxeditor.core.report import show_entry
from gxeditor.imports.source import ImportNote, Lines
from gxeditor.ui.importing.decisions import Decisions
from gxeditor.ui.importing.original import severity_of
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground

Index = QModelIndex | QPersistentModelIndex
_NOTE = Qt.ItemDataRole.UserRole
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_WRAP = int(Qt.TextFlag.TextWordWrap)
_BUTTON = 24
ACCEPT, BLANK, LOOK = "accept", "blank", "look"


class _Columns(NamedTuple):
    where: QRect
    what: QRect
    done: QRect
    accept: QRect
    blank: QRect
    look: QRect


def accept_words(note: ImportNote, decisions: Decisions) -> str:
    """What accepting a note does: 「采用 0」, 「采用 7 格」; empty where there is nothing to accept."""
    figures = decisions.figures(note)
    if not figures:
        return ""
    if len(figures) == 1:
        return f"采用 {show_entry(next(iter(figures.values())))}"
    return f"采用 {len(figures)} 格"


class _NoteDelegate(QStyledItemDelegate):
    """A row: shape, where, what was found, what was done, and the choices."""

    def __init__(self, view: NoteList, lines: Lines) -> None:
        super().__init__(view)
        self._view = view
        self._lines = lines

    def columns(self, rect: QRect, note: ImportNote) -> _Columns:
        metrics = QFontMetrics(theme.font())
        decisions = self._view.decisions
        look = metrics.horizontalAdvance("看原文") + 20
        blank = metrics.horizontalAdvance("留空") + 24
        needed = metrics.horizontalAdvance(accept_words(note, decisions)) + 28
        accept = max(92, needed) if any(map(decisions.figures, self._view.notes)) else 0
        if not accept:
            blank = 0
        rest = rect.width() - 38 - look - blank - accept - 12
        where, what = rest * 22 // 100, rest * 42 // 100
        x, y, height = rect.x() + 38, rect.y(), rect.height()
        end = rect.right() + 1
        top = y + (height - _BUTTON) // 2
        return _Columns(
            QRect(x, y, where - 12, height),
            QRect(x + where, y, what - 12, height),
            QRect(x + where + what, y, rest - where - what - 12, height),
            QRect(end - look - blank - accept, top, accept, _BUTTON),
            QRect(end - look - blank, top, blank, _BUTTON),
            QRect(end - look, top, look - 8, _BUTTON),
        )

    def done_words(self, note: ImportNote) -> str:
        """What was done with what was found, as it has been decided since."""
        decisions = self._view.decisions
        figures = decisions.figures(note)
        offered = [cell_id for cell_id, _ in note.offers if cell_id in figures]
        if not figures:
            return note.done
        if not offered:
            return note.done if decisions.is_accepted(note) else "已改为留空。"
        if decisions.is_accepted(note):
            return f"已{accept_words(note, decisions)}，导入后仍会标出。"
        return note.done

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        note: ImportNote = index.data(_NOTE)
        width = max(400, self._view.viewport().width())
        columns = self.columns(QRect(0, 0, width, 30), note)
        bold, plain = QFontMetrics(theme.font(9.75, 600)), QFontMetrics(theme.font(9.75))
        heights = [
            metrics.boundingRect(QRect(0, 0, column.width(), 10_000), _WRAP, text).height()
            for metrics, column, text in (
                (bold, columns.where, note.where),
                (plain, columns.what, note.what),
                (plain, columns.done, self.done_words(note)),
            )
        ]
        return QSize(300, max(30, max(heights) + 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        note: ImportNote = index.data(_NOTE)
        colors, decisions = theme.current(), self._view.decisions
        rect, selected, text = paint_ground(painter, option, colors.base, colors.card)
        middle = rect.y() + rect.height() / 2
        theme.paint_mark(painter, QRectF(rect.x() + 14, middle - 5.5, 11, 11), severity_of(note))
        columns = self.columns(rect, note)
        for column, said, weight, color in (
            (columns.where, note.where, 600, text),
            (columns.what, note.what, 400, text),
            (columns.done, self.done_words(note), 400, colors.text2),
        ):
            painter.setFont(theme.font(9.75, weight))
            painter.setPen(color)
            painter.drawText(column, _LEFT | _WRAP, said)
        painter.setFont(theme.font())
        if note.origin in self._lines.at:
            painter.setPen(colors.link)
            painter.drawText(columns.look, _CENTRE, "看原文")
        if not decisions.figures(note):
            return
        if decisions.is_open(note):
            state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
            focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
            self._paint_button(painter, columns.accept, accept_words(note, decisions), focused)
            painter.setPen(colors.text2)
            painter.drawText(columns.blank, _CENTRE, "已留空")
        else:
            painter.setPen(colors.text2)
            painter.drawText(columns.accept, _CENTRE, f"已{accept_words(note, decisions)}")
            painter.setPen(colors.link)
            painter.drawText(columns.blank, _CENTRE, "留空")

    @staticmethod
    def _paint_button(painter: QPainter, rect: QRect, words: str, focused: bool) -> None:
        colors, pixels = theme.current(), theme.Pixels(painter)
        pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), colors.base)
        pixels.frame(QRectF(rect), colors.focus if focused else colors.edge, 2 if focused else 1)
        painter.setPen(colors.text)
        painter.drawText(rect, _CENTRE, words)


class NoteList(QListWidget):
    """The notes of an import. `asked` carries a note and what was asked for: ACCEPT, BLANK or LOOK.

    Enter accepts the present one, Del leaves it blank.
    """

    asked = Signal(object, str)

    def __init__(self, notes: Sequence[ImportNote], lines: Lines, decisions: Decisions) -> None:
        super().__init__()
        self.notes, self.decisions = notes, decisions
        self._lines = lines
        self.setProperty("bare", True)
        self.setAccessibleName("需要您看一眼的地方")
        self._delegate = _NoteDelegate(self, lines)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        for note in notes:
            item = QListWidgetItem(self)
            item.setData(_NOTE, note)
        self.renew()

    def note(self, row: int) -> ImportNote | None:
        return self.notes[row] if 0 <= row < len(self.notes) else None

    def current_note(self) -> ImportNote | None:
        return self.note(self.currentRow())

    def renew(self) -> None:
        """Says and shows what has been decided since."""
        for row in range(self.count()):
            item, note = self.item(row), self.notes[row]
            word = "存疑" if note.severity == "doubt" else "说明"
            line = f"原文{note.origin.words}" if note.origin in self._lines.at else ""
            choice = ""
            if self.decisions.figures(note):
                accept = accept_words(note, self.decisions)
                choice = f"按 Enter {accept}" if self.decisions.is_open(note) else f"已{accept}，按 Del 留空"
            done = self._delegate.done_words(note)
            words = "，".join(filter(None, (word, note.where, note.what, done, line, choice)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    # --- what is asked

    def choice_at(self, point: QPoint) -> tuple[ImportNote, str] | None:
        """The choice under a point of the view, if there is one."""
        index = self.indexAt(point)
        note = self.note(index.row()) if index.isValid() else None
        if note is None:
            return None
        columns = self._delegate.columns(self.visualRect(index), note)
        figures = bool(self.decisions.figures(note))
        if columns.look.contains(point) and note.origin in self._lines.at:
            return note, LOOK
        if figures and columns.accept.contains(point) and self.decisions.is_open(note):
            return note, ACCEPT
        if figures and columns.blank.contains(point) and not self.decisions.is_open(note):
            return note, BLANK
        return None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        choice = self.choice_at(event.position().toPoint())
        if choice is not None and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(*choice)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self.choice_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys: Mapping[int, str] = {
            Qt.Key.Key_Return: ACCEPT, Qt.Key.Key_Enter: ACCEPT, Qt.Key.Key_Delete: BLANK,
        }  # fmt: skip
        asked, note = keys.get(event.key()), self.current_note()
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if asked is not None and plain:
            if note is not None:
                self.asked.emit(note, asked)
            return
        super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            choice = self.choice_at(event.pos())
            keys = {ACCEPT: "采用这里的数（Enter）", BLANK: "这里留空（Del）"}
            words = ""
            if choice is not None:
                words = keys.get(choice[1], f"原文{choice[0].origin.words}")
            QToolTip.showText(event.globalPos(), theme.plain_tip(words), self.viewport())
            return True
        return super().viewportEvent(event)

    # --- measures

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(600, sum(self.sizeHintForRow(row) for row in range(min(self.count(), 5))))

    def minimumSizeHint(self) -> QSize:
        return QSize(300, sum(self.sizeHintForRow(row) for row in range(min(self.count(), 2))))
