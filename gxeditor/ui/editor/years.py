"""The switch 本年 · 上年 · 差额 · 增减率 above a table, and the popover of a figure that changed a lot.

Knows what is said of last year's report beside the switch. Reckons nothing (`core.year_beside`) and turns no table by
itself: it asks by signals.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import EntryError
from gxeditor.core.form import Cell
from gxeditor.core.year_beside import Beside, View
from gxeditor.ui.editor.equation import free_place
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session

HEIGHT = 24
NO_PRIOR = "还没有选上年的年报"
_SAYS = {
    View.NOW: "",
    View.THEN: "只看不改",
    View.DIFFERENCE: "差额＝本年－上年，只看不改",
    View.RATE: "增减率＝差额÷上年，只看不改",
}


class _Segment(QAbstractButton):
    """One of the views; the keys go by Alt and a number, so that the focus stays in the table."""

    def __init__(self, view: View, number: int) -> None:
        super().__init__()
        self.view = view
        self.setText(view.value)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"看{view.value}")
        self.setToolTip(theme.plain_tip(f"{view.value}（Alt+{number}）"))

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 22, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, painter = theme.current(), QPainter(self)
        pixels, rect = theme.Pixels(painter), self.rect()
        ground = colors.accenttint if self.isChecked() else colors.head if self.underMouse() else colors.base
        pixels.fill(0, 0, rect.width(), rect.height(), ground)
        for y in (0, rect.height() - pixels.line):
            pixels.hline(0, y, rect.width(), colors.line2)
        pixels.vline(rect.width() - pixels.line, 0, rect.height(), colors.line2)
        if self.view is View.NOW:  # the others begin where one ends
            pixels.vline(0, 0, rect.height(), colors.line2)
        painter.setFont(theme.font(9, 600 if self.isChecked() else 400))
        painter.setPen(colors.link if self.isChecked() else colors.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class _Note(theme.Label):
    """A sentence that ends in 「…」 where there is no room; the whole of it is its tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, text: str, tone: str) -> None:
        if text != self.text():
            self.setText(text)
            self.setToolTip(theme.plain_tip(text))
            self.setMaximumWidth(self.fontMetrics().horizontalAdvance(text) + 2)
        if tone != self.property("tone"):
            theme.restyle(self, tone=tone)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, room = QPainter(self), self.contentsRect()
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class YearBar(QWidget):
    """The switch, and what is to be said of last year's report. `asked` carries the `View` that was pressed,
    `prior_asked` wants last year's report to be chosen."""

    asked = Signal(object)
    prior_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._view = View.NOW
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._group = QButtonGroup(self)
        self.segments: dict[View, _Segment] = {}
        for number, view in enumerate(View, 1):
            segment = self.segments[view] = _Segment(view, number)
            segment.clicked.connect(self._pressed)
            self._group.addButton(segment)
            layout.addWidget(segment)
        self.note = _Note()
        self.choose = QPushButton("选择…")
        self.choose.setProperty("link", True)
        self.choose.setAccessibleName("选择上年年报")
        self.choose.clicked.connect(self.prior_asked)
        layout.addSpacing(10)
        layout.addWidget(self.note, 1000)  # as long as its words are, before anything is left over
        layout.addWidget(self.choose)
        layout.addStretch(1)
        self.setFixedHeight(HEIGHT)
        session.changed.connect(self.renew)
        self.renew()

    def show_view(self, view: View) -> None:
        """Marks what the table shows."""
        self._view = view
        self.renew()

    def renew(self, _change: object = None) -> None:
        self.segments[self._view].setChecked(True)
        prior = self._session.report.prior
        self.choose.setVisible(prior is None)
        if prior is None:
            self.note.say(NO_PRIOR, "text2")
        elif doubts := prior.doubts(self._session.report):
            self.note.say("".join(doubts), "qrytext")
        else:
            said = _SAYS[self._view]
            self.note.say(f"{said}。上年：{prior.words}" if said else "", "text2")

    def _pressed(self) -> None:
        segment = self.sender()
        assert isinstance(segment, _Segment)
        self.segments[self._view].setChecked(True)  # the table turns, or says why it does not
        self.asked.emit(segment.view)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # beside the switch nothing is meant for the corner below


class ChangePopover(QFrame):
    """A figure that changed a lot: both years, difference and rate, what is asked, and a reason for it.

    `left` says that the keys go back to the table. `cell` is the cell explained, None while nothing is.
    """

    left = Signal()
    WIDTH = 386

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("ground", "tip")
        self.hide()
        self._session = session
        self.cell: Cell | None = None
        self.finding: Finding | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.setSpacing(8)
        head = QHBoxLayout()
        self._mark = _Mark()
        self._title = theme.label(weight=600)
        self._state = theme.label(tone="qrytext")
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        layout.addLayout(head)
        self._values = {view: theme.label(weight=600) for view in View}
        theme.restyle(self._values[View.THEN], tone="last")
        figures = QHBoxLayout()
        for view, value in self._values.items():
            figures.addWidget(theme.label(view.value, tone="text2"))
            figures.addWidget(value)
            figures.addStretch(1)
        layout.addLayout(figures)
        self._said = theme.label(tone="text2")
        self._said.setWordWrap(True)
        layout.addWidget(self._said)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("为什么变化这么大（4 到 200 字）")
        self.reason.setAccessibleName("核实说明")
        self.reason.hide()
        layout.addWidget(self.reason)
        self._refused = theme.label(tone="errtext")
        self._refused.setWordWrap(True)
        self._refused.hide()
        layout.addWidget(self._refused)
        foot = QHBoxLayout()
        self.write = QPushButton("写说明…")
        self.write.setProperty("primary", True)
        self.write.clicked.connect(self._write)
        self._keys = theme.label("Alt+Enter 写说明　Esc 回到格子", 8.25, tone="text2")
        foot.addWidget(self.write)
        foot.addWidget(self._keys, 1)
        self._code = theme.label("", 8.25, tone="text2")
        foot.addWidget(self._code)
        layout.addLayout(foot)
        session.changed.connect(self.hide)

    def explain(self, finding: Finding, cell: Cell, figures: Beside, anchor: QRect, area: QRect) -> None:
        """Shows a cell of a finding, beside `anchor`; both in the coordinates of the parent."""
        self.cell, self.finding = cell, finding
        self._title.setText(cell.place)
        self._state.setText("已说明" if finding.is_explained else finding.severity.word)
        self._mark.show_state(explained=finding.is_explained)
        for view, value in self._values.items():
            value.setText(figures.shown(view) or "—")
        reason = finding.explanation.reason if finding.explanation is not None else ""
        if finding.is_explained:
            self._said.setText(f"说明：{reason}")
        else:
            before = f"原来的说明：{reason}" if reason else ""
            self._said.setText(f"与上年相比变化很大。请核对；属实的，写一句原因。{before}")
        self.write.setText("改说明…" if finding.is_explained else "写说明…")
        self.reason.setText(reason)
        self.reason.hide()
        self._refused.hide()
        self._code.setText(finding.rule.code)
        self._anchor, self._area = anchor, area
        self._place()

    def _place(self) -> None:
        self.setFixedWidth(self.WIDTH)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        size = QSize(self.WIDTH, layout.totalHeightForWidth(self.WIDTH))
        self.setFixedHeight(size.height())
        spot = free_place(size, self._anchor, [self._anchor], self._area)
        if spot is None:
            spot = self._area.topLeft()
        self.move(spot)
        self.show()
        self.raise_()

    def take_keys(self) -> bool:
        """The keys go to the reason; False if nothing is shown."""
        if not self.isVisible():
            return False
        self._write()
        return True

    def has_keys(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _write(self) -> None:
        if not self.reason.isVisible():
            self.reason.show()
            self.write.setText("保存说明")
            self._keys.setText("Enter 保存　Esc 不写")
            self._place()
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        finding = self.finding
        if finding is None:
            return
        try:
            done = self._session.explain(finding, self.reason.text(), self)
        except EntryError as error:
            self._refused.setText(str(error))
            self._refused.show()
            self._place()
            return
        if done:
            self.left.emit()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._write()
        event.accept()  # nothing of it is meant for the table

    def hideEvent(self, event: QHideEvent) -> None:
        self._keys.setText("Alt+Enter 写说明　Esc 回到格子")
        self.cell = self.finding = None
        super().hideEvent(event)


class _Mark(QWidget):
    """◆, or ◇ where a reason was given."""

    def __init__(self) -> None:
        super().__init__()
        self._explained = False
        self.setFixedSize(14, 14)

    def show_state(self, *, explained: bool) -> None:
        self._explained = explained
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.paint_mark(painter, QRectF(1, 1, 12, 12), Severity.QUERY, hollow=self._explained)
        painter.end()
