"""Sentences of a status bar: what is in hand, and what was done a moment ago.

Knows how a sentence gives way where there is no room and how long it stays. Knows no window and no report.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent

from gxeditor.ui.look import theme

_STAYS, _PAST = 12_000, 2_000  # milliseconds that a sentence stands, and once something else is done


class Sentence(theme.Label):
    """A sentence that gives way in its middle where there is no room: it ends with what it speaks of, or what to do."""

    ELIDED = Qt.TextElideMode.ElideMiddle

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), self.ELIDED, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class Told(Sentence):
    """What was done, for some seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("刚才做了什么")
        self.setContentsMargins(12, 0, 12, 0)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.clear)

    def say(self, text: str) -> None:
        """Says this; what stands there already is not said again."""
        if text != self.text():
            self.setText(text)
        self.setToolTip(theme.plain_tip(text))
        self._timer.start(_STAYS)

    @property
    def stays(self) -> int:
        """For how many milliseconds it was to stand when it was last decided."""
        return self._timer.interval()

    def grow_old(self) -> None:
        """What it speaks of is no longer the last thing done: it goes soon."""
        if self._timer.remainingTime() > _PAST:
            self._timer.start(_PAST)
