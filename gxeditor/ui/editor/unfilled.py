"""What pasting did not put in, below the table: where, what, why, and the number it can only mean.

Knows how the session's list is shown and that nothing is filled without a click. What is refused, and until when, the
session and the table know; this module is loaded when something is refused for the first time.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core import edits
from gxeditor.core.checks.rules import Severity
from gxeditor.ui.editor.clipboard import without_blanking
from gxeditor.ui.editor.table.cells import make_viewport
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session, Unfilled, refused_texts

_ROWS = 3
"""Rows in view; the table above keeps the rest of the page."""
_ROW = 28


class UnfilledList(QFrame):
    """The list. `cell_asked` carries the cell to go to."""

    cell_asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setObjectName("unfilled")
        self.setAccessibleName("没有填入的内容")
        self.setProperty("ground", "card")
        self._shown: tuple[Unfilled, ...] = ()
        self._title = theme.label(weight=600)
        self._all = QPushButton("")
        self._all.setProperty("link", True)
        self._all.setToolTip("把能看出是什么数的各处都填上，可以撤销。")
        self._all.clicked.connect(self._fill_all)
        self._close = close = QPushButton("知道了")
        close.setToolTip("收起这张清单，没有填入的各格保持原样。")
        close.setProperty("link", True)
        close.clicked.connect(session.forget_unfilled)
        head = QHBoxLayout()
        head.setContentsMargins(8, 2, 4, 0)
        head.setSpacing(8)
        head.addWidget(_Mark())
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._all)
        head.addWidget(close)
        self._scroll = QScrollArea()
        self._scroll.setViewport(make_viewport())
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._scroll)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        session.unfilled_changed.connect(self._renew)
        theme.appearance.changed.connect(self.update)
        self._renew()

    def _renew(self) -> None:
        items = self.session.unfilled
        self.setVisible(bool(items))
        shown = tuple(replace(item, seen=False) for item in items)
        if not items or shown == self._shown:
            self._shown = shown
            return
        self._shown = shown
        if (old := self._scroll.takeWidget()) is not None:
            old.deleteLater()  # it may hold the button that is just being clicked
        whole = all(not item.place for item in items)
        self._title.setText("没有粘贴" if whole else f"{len(items)} 处没有填入，原来的内容没有动")
        offers = [item for item in items if item.cells and item.offer]
        self._all.setVisible(len(offers) > 1)
        self._all.setText(f"填上这 {len(offers)} 个数")
        body = QWidget()
        body.setProperty("ground", "base")
        rows = QGridLayout(body)
        rows.setContentsMargins(28, 0, 8, 0)
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(0)
        rows.setColumnStretch(2, 1)
        for number, item in enumerate(items):
            rows.setRowMinimumHeight(number, _ROW)
            rows.addWidget(self._place(item), number, 0, Qt.AlignmentFlag.AlignLeft)
            words = theme.label(item.reason)
            words.setToolTip(theme.plain_tip(item.reason))
            words.setMinimumWidth(40)
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            rows.addWidget(words, number, 2)
            if item.offer:
                button = QPushButton(item.offer)
                button.setProperty("link", True)
                button.setAccessibleName(f"{item.place}，{item.offer}")
                button.setToolTip("看原来的写法，只能是这个意思；同意就按一下，可以撤销。")
                button.clicked.connect(partial(self._fill, item))
                rows.addWidget(button, number, 1, Qt.AlignmentFlag.AlignLeft)
        rows.setRowStretch(len(items), 1)
        self._scroll.setWidget(body)
        self.setFocusProxy(next(iter(body.findChildren(QPushButton)), self._close))
        self._scroll.setFixedHeight(_ROW * min(_ROWS, len(items)))

    def _place(self, item: Unfilled) -> QWidget:
        """The name of the place as printed; a click leads there."""
        if not item.cells:
            return theme.label(item.place, tone="text2")
        button = QPushButton(item.place)
        button.setToolTip("转到这一格，自己填。")
        button.setProperty("link", True)
        button.setStyleSheet("text-align: left")
        button.clicked.connect(partial(self.cell_asked.emit, item.cells[0]))
        return button

    def _fill(self, *items: Unfilled) -> None:
        """Puts in what is offered, as one step."""
        if self.session.held():
            return
        wanted = [text for item in items for text in item.texts]
        texts = without_blanking(self.window(), self.session.report, wanted)
        if texts is None:
            return
        pasted = edits.paste(self.session.report, texts)
        label = f"填写 {items[0].place or '粘贴的表'}" if len(items) == 1 else f"填写 {len(items)} 格"
        self.session.edit(pasted.report, label, origin=self)
        self.session.leave_unfilled(refused_texts(pasted), pasted.cells)

    def _fill_all(self) -> None:
        self._fill(*(item for item in self.session.unfilled if item.cells and item.offer))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        pixels = theme.Pixels(painter)
        pixels.hline(0, 0, self.width(), theme.current().edge)
        painter.end()


class _Mark(QWidget):
    """The shape before the title."""

    def sizeHint(self) -> QSize:
        return QSize(12, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.paint_mark(painter, QRectF(0, (self.height() - 11) / 2, 11, 11), Severity.ERROR)
        painter.end()
