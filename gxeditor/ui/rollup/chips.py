"""A choice of what a list shows, with its count: filters of the board and of the checks.

Knows how such a chip is painted and pressed. What it chooses, and how many there are, is its page's to know.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from gxeditor.ui.look import theme

_INSET, _MARK, _APART = (
    9,
    16,
    5,
)  # logical pixels: at either side, of the mark with what follows, before the count
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class CountChip(QAbstractButton):
    """The chip; `paint_mark` draws what stands before its name, `counted` is the word after the number when spoken."""

    def __init__(
        self,
        name: str,
        tip: str,
        paint_mark: Callable[[QPainter, QRectF], None] | None = None,
        *,
        counted: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name, self.count = name, 0
        self._paint_mark, self._counted = paint_mark, counted
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(theme.plain_tip(tip))
        self.show_count(0)

    def show_count(self, count: int) -> None:
        self.count = count
        self.setAccessibleName(f"{self.name} {count} {self._counted}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(9))
        mark = _MARK if self._paint_mark is not None else 0
        words = metrics.horizontalAdvance(f"{self.name}{self.count}")
        return QSize(words + mark + _APART + 2 * _INSET, max(24, metrics.height() + 8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme.current()
        if self.isChecked() or self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.accenttint if self.isChecked() else colors.head)
            painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self.hasFocus():
            theme.Pixels(painter).frame(QRectF(self.rect()), colors.focus)
        x = _INSET
        if self._paint_mark is not None:
            self._paint_mark(painter, QRectF(x, self.height() / 2 - 5, 10, 10))
            x += _MARK
        painter.setFont(theme.font(9))
        painter.setPen(colors.link if self.isChecked() else colors.text)
        painter.drawText(QRect(x, 0, self.width(), self.height()), _LEFT, self.name)
        x += QFontMetrics(painter.font()).horizontalAdvance(self.name) + _APART
        painter.setPen(colors.link if self.isChecked() else colors.text2)
        painter.drawText(QRect(x, 0, self.width(), self.height()), _LEFT, str(self.count))
        painter.end()
