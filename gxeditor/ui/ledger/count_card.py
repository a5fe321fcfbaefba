"""What the figure in hand is: the report's and the ledger's, why they differ, what can be done, the requests behind it.

Knows how that is laid out and which key asks for what. What is likely (`core.ledger.comparing`), what adopting does and
where a request is shown, is the page's business; names are never on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gxeditor.ui.look import theme
from gxeditor.ui.rollup.plain_table import HEAD, ROW, Column, Line, PlainTable

WIDTH, NARROW = 372, 340  # LOOK-3, 22; the narrow one is for 1280 × 720
_COLUMNS = (
    Column("编号", 64),
    Column("收到", 86, is_figure=True),
    Column("答复", 86, is_figure=True),
    Column("申请内容"),
)
_FEWEST = 3  # requests in view however low the card is


class Shown(NamedTuple):
    """What the card says. `why` is the likely reason in three parts: heading, the request, the reason; () for none.

    `adopt` and `keep` are the words of the buttons, "" for none; `off` says why `adopt` cannot be pressed.
    """

    title: str
    report: str
    ledger: str
    difference: str = ""
    why: tuple[str, str, str] | tuple[()] = ()
    kept: str = ""
    adopt: str = ""
    keep: str = ""
    off: str = ""


class CountCard(QWidget):
    """The card. `request_asked` carries the id of a request; `all_asked` that all behind the figure are wanted in the
    grid; `left` that the keys go back to the table, `closed` that the card goes."""

    adopt_asked = Signal()
    keep_asked = Signal()
    unkeep_asked = Signal()
    request_asked = Signal(str)
    all_asked = Signal()
    closed = Signal()
    left = Signal()
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self.setProperty("edge", "left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("这一格的年报数、台账数和背后的申请")
        self._lines: Sequence[Line] = ()
        self._unfolded = False
        self._title = theme.label("", 10.5, 600)
        self._title.setWordWrap(True)
        close = self._close = QToolButton()
        theme.set_icon(close, "close", "text2", 12)
        close.setAccessibleName("关闭")
        close.setToolTip("收起这张卡片，表格变宽；在表格里按 Enter 再打开。")
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        figures = QHBoxLayout()
        figures.setSpacing(26)
        self._figures = {name: self._figure(figures, name) for name in ("年报", "台账", "相差")}
        figures.addStretch(1)
        top = QVBoxLayout()
        top.setContentsMargins(16, 12, 14, 10)
        top.setSpacing(6)
        top.addLayout(head)
        top.addLayout(figures)
        self._why = QFrame()
        self._why.setProperty("ground", "qrytint")
        self._why.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._likely = theme.label("", 9, 600, "qrytext")
        self._request = theme.label("", 9, 600)
        self._reason = theme.label()
        inside = QVBoxLayout(self._why)
        inside.setContentsMargins(16, 9, 14, 9)
        inside.setSpacing(2)
        for label in (self._likely, self._request, self._reason):
            label.setWordWrap(True)
            inside.addWidget(label)
        self._kept = theme.label("", 9, 400, "text2")
        self._kept.setWordWrap(True)
        self._kept.setContentsMargins(16, 0, 14, 0)
        self.adopt, self.keep, self.unkeep = QPushButton(), QPushButton(), QPushButton("不再保留")
        self.adopt.setProperty("primary", True)
        self.adopt.clicked.connect(self.adopt_asked)
        self.keep.setToolTip("年报的数是对的：写明原因，这一格以后不再标出。年报和台账都不变。")
        self.keep.clicked.connect(self.keep_asked)
        self.unkeep.setToolTip("去掉原因，这一格仍按不同标出。")
        self.unkeep.clicked.connect(self.unkeep_asked)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 10, 14, 0)
        buttons.setSpacing(8)
        for button in (self.adopt, self.keep, self.unkeep):
            button.setMinimumHeight(26)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._off = theme.label("", 9, 400, "qrytext")
        self._off.setWordWrap(True)
        self._off.setContentsMargins(16, 6, 14, 0)
        self._behind = theme.label("", 9, 600)
        self._show = QPushButton("在台账中显示")
        self._show.setProperty("link", True)
        self._show.setToolTip("到“申请”里，只列出这些申请。")
        self._show.clicked.connect(self.all_asked)
        above = QHBoxLayout()
        above.setContentsMargins(16, 10, 6, 0)
        above.addWidget(self._behind, 1)
        above.addWidget(self._show)
        self.view = PlainTable("这一格背后的申请")
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.horizontalHeader().setProperty("bare", True)
        listed = QHBoxLayout()
        listed.setContentsMargins(8, 0, 0, 0)
        listed.addWidget(self.view)
        self.view.opened.connect(self.request_asked)
        self.view.told.connect(self.told)
        self._rest = QPushButton()
        self._rest.setProperty("link", True)
        self._rest.clicked.connect(self._unfold)
        below = QHBoxLayout()
        below.setContentsMargins(6, 2, 6, 2)
        below.addWidget(self._rest)
        below.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 8)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self._why)
        whole.addWidget(self._kept)
        whole.addLayout(buttons)
        whole.addWidget(self._off)
        whole.addLayout(above)
        whole.addLayout(listed, 1000)
        whole.addLayout(below)
        whole.addStretch(1)

    def _figure(self, row: QHBoxLayout, name: str) -> tuple[theme.Label, theme.Label, QWidget]:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        value = theme.label("", 15, 600)
        column.addWidget(theme.label(name, tone="text2"))
        line = QHBoxLayout()
        line.setSpacing(3)
        mark = theme.label("", 9, 600, "qrytext")
        line.addWidget(mark)
        line.addWidget(value)
        line.addStretch(1)
        column.addLayout(line)
        row.addWidget(holder)
        return value, mark, holder

    # --- what it says

    def show_figure(self, shown: Shown, lines: Sequence[Line]) -> None:
        """Shows a figure; `lines` are the requests behind it: id, then 编号, 收到, 答复, 申请内容."""
        if shown.title != self._title.text():
            self._unfolded = False
        self._title.setText(shown.title)
        values = {"年报": shown.report or "空", "台账": shown.ledger or "—", "相差": shown.difference}
        for name, (value, mark, holder) in self._figures.items():
            value.setText(values[name])
            mark.setText("◆" if name == "相差" and not shown.kept else "")
            mark.setVisible(bool(mark.text()))
            holder.setVisible(bool(values[name]))
        self._why.setVisible(bool(shown.why))
        if shown.why:
            for label, words in zip((self._likely, self._request, self._reason), shown.why, strict=True):
                label.setText(words)
                label.setVisible(bool(words))
        self._kept.setText(f"保留年报的数：{shown.kept}" if shown.kept else "")
        self._kept.setVisible(bool(shown.kept))
        self.adopt.setText(shown.adopt)
        self.adopt.setVisible(bool(shown.adopt))
        self.adopt.setEnabled(not shown.off)
        self.adopt.setToolTip(
            theme.plain_tip(shown.off or "把台账的数填进年报，是一步，可以撤销。Ctrl+Enter 也可以。")
        )
        self._off.setText(shown.off if shown.adopt else "")
        self._off.setVisible(bool(shown.off and shown.adopt))
        self.keep.setText(shown.keep)
        self.keep.setVisible(bool(shown.keep))
        self.unkeep.setVisible(bool(shown.kept))
        self._lines = lines
        self._behind.setText(f"台账里的 {len(lines)} 件" if lines else "台账里没有这样的申请")
        self._show.setVisible(bool(lines))
        self._fill()

    def _room(self) -> int:
        """How many requests are in view at once."""
        if (layout := self.layout()) is not None:
            layout.activate()
        return max(_FEWEST, (self.height() - self.view.y() - HEAD - 40) // ROW)

    def _fill(self) -> None:
        room = self._room()
        whole = self._unfolded or len(self._lines) <= room + 1
        lines = self._lines[:] if whole else self._lines[:room]
        self.view.show_lines(_COLUMNS, lines)
        self.view.setVisible(bool(lines))
        self.view.setMaximumHeight(HEAD + ROW * len(lines) + 2)
        rest = len(self._lines) - len(lines)
        self._rest.setText(f"其余 {rest} 件")
        self._rest.setToolTip("列出其余的申请。")
        self._rest.setVisible(bool(rest))

    def _unfold(self) -> None:
        self._unfolded = True
        self._fill()
        self.focus_requests()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    # --- keys

    def focus_requests(self) -> None:
        """The keys go to the requests, or if there are none to the first button that can be pressed."""
        if not self._lines:
            buttons = (self.adopt, self.keep, self.unkeep, self._close)
            next(one for one in buttons if one.isVisibleTo(self) and one.isEnabled()).setFocus()
            return
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.view.model().index(0, 0))
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.adopt.isVisibleTo(self) and self.adopt.isEnabled():
                self.adopt_asked.emit()
        else:
            super().keyPressEvent(event)
