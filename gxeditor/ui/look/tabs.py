"""A bar of tabs with badges behind their names: how it looks, wherever pages are turned.

Knows names and counts. What is counted, and what a tab leads to, is known to whoever fills the bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.ui.look import theme

Badge = tuple[Severity | None, int]
"""What is counted, None for a question (?), and how many."""
_FLAGS = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class BadgedTabs(QTabBar):
    """Tabs called `names`, each with the badges that `show_badges` gave it."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.names = list(names)
        self._shown: list[tuple[Badge, ...]] = [()] * len(self.names)
        # Measured once: the bar asks for the size of every tab whenever one is added or changed.
        metrics = QFontMetrics(theme.font(9.75, 600))
        self._widths = [metrics.horizontalAdvance(name) for name in self.names]
        self._height = max(30, metrics.height() + 10)
        for name in self.names:
            self.addTab(name)
        theme.appearance.changed.connect(self.update)

    def rename(self, place: int, name: str) -> None:
        """Calls a tab otherwise: with another count in its name."""
        if name != self.names[place]:
            self.names[place] = name
            self._widths[place] = QFontMetrics(theme.font(9.75, 600)).horizontalAdvance(name)
            self.setTabText(place, name)

    def show_badges(self, place: int, badges: Sequence[Badge]) -> bool:
        """Shows these behind a name, but for those of 0; whether they are others than before."""
        shown = tuple((kind, count) for kind, count in badges if count)
        if shown == self._shown[place]:
            return False
        self._shown[place] = shown
        self.setTabText(place, self.names[place])  # the bar measures its tabs again
        return True

    def tabSizeHint(self, index: int) -> QSize:
        badges = sum(theme.badge_size(count).width() + 4 for _, count in self._shown[index])
        return QSize(self._widths[index] + 28 + (badges + 4 if badges else 0), self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pixels, colors = theme.Pixels(painter), theme.current()
        painter.fillRect(event.rect(), colors.window)
        pixels.hline(0, self.height() - pixels.line, self.width(), colors.edge)
        arrows: Iterable[QToolButton] = self.findChildren(QToolButton)
        end = min((arrow.x() for arrow in arrows if arrow.isVisible()), default=self.width())
        painter.setClipRect(0, 0, end, self.height())
        for place in range(self.count()):
            rect = self.tabRect(place)
            active = place == self.currentIndex()
            if active:
                pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), colors.base)
                pixels.fill(rect.x(), rect.y(), rect.width(), 2, colors.accent)
                pixels.vline(rect.x(), rect.y(), rect.height(), colors.edge)
                pixels.vline(rect.right() + 1 - pixels.line, rect.y(), rect.height(), colors.edge)
            painter.setFont(theme.font(9.75, 600 if active else 400))
            painter.setPen(colors.text if active else colors.text2)
            left = rect.x() + 14
            width = self._widths[place]
            name = QRect(left, rect.y() + 1, width + 2, rect.height() - 1)
            painter.drawText(name, _FLAGS, self.names[place])
            if active and self.hasFocus():
                pixels.frame(QRectF(rect.adjusted(4, 5, -4, -4)), colors.focus)
            x = left + width + 8
            for kind, count in self._shown[place]:
                size = theme.badge_size(count)
                top = rect.y() + (rect.height() - size.height()) / 2
                theme.paint_badge(painter, QRectF(x, top, size.width(), size.height()), kind, count)
                x += size.width() + 4
        painter.end()
