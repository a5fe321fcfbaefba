"""The switch 本年 · 上年 · 差额 · 增减率 above a table; what is asked of a figure that changed a lot and of a year.

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


_SHOWS = {
    View.NOW: "表格里显示本年的数，可以修改",
    View.THEN: "表格里显示上年的数，只看不改",
    View.DIFFERENCE: "表格里显示本年比上年多多少、少多少，只看不改",
    View.RATE: "表格里显示本年比上年增减百分之几，只看不改",
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
        self.setToolTip(theme.plain_tip(f"{_SHOWS[view]}（Alt+{number}）。"))

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
        self.choose.setToolTip("选去年的年报，用来核对上年结转、看增减；不改动那个文件。")
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


class Tip(QFrame):
    """A popover above a page, which is its parent: how it looks, and that it stands beside what it explains."""

    WIDTH = 386

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("ground", "tip")
        self.hide()

    def stand_by(self, anchor: QRect, area: QRect) -> None:
        """Shows it in the nearest free place to `anchor` in `area`, both in the coordinates of the parent."""
        self.setFixedWidth(self.WIDTH)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        size = QSize(self.WIDTH, layout.totalHeightForWidth(self.WIDTH))
        self.setFixedHeight(size.height())
        from gxeditor.ui.editor.equation import free_place

        spot = free_place(size, anchor, [anchor], area)
        self.move(spot if spot is not None else area.topLeft())
        self.show()
        self.raise_()

    def has_keys(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme.Pixels(painter).frame(QRectF(self.rect()), theme.current().edge)
        painter.end()


class ChangePopover(Tip):
    """A figure that changed a lot: both years, difference and rate, what is asked, and a reason for it.

    `left` says that the keys go back to the table. `cell` is the cell explained, None while nothing is.
    """

    left = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.cell: Cell | None = None
        self.finding: Finding | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.setSpacing(8)
        head = QHBoxLayout()
        self._mark = Mark()
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
        self.write.setToolTip("变化确有原因时，写一句说明，随年报留存。")
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
        self.stand_by(self._anchor, self._area)

    def take_keys(self) -> bool:
        """The keys go to the reason; False if nothing is shown."""
        if not self.isVisible():
            return False
        self._write()
        return True

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


class Mark(QWidget):
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


class YearPopover(Tip):
    """A year that may be last year's: change it, keep it, go on. The signals carry its finding; `left` gives the keys
    back."""

    changed = Signal(object)
    kept = Signal(object)
    next_asked = Signal(object)
    left = Signal()
    WIDTH = 396

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.finding: Finding | None = None
        self._title = theme.label(weight=600)
        self._said = theme.label(tone="text2")
        self._said.setWordWrap(True)
        self.change, self.keep, self.next = QPushButton(), QPushButton(), QPushButton("下一处")
        self.change.setProperty("primary", True)
        self.next.setProperty("link", True)
        self.change.setToolTip("这一处改成今年，可以撤销。")
        self.keep.setToolTip("这一处说的就是那一年，不改，也不再标出。")
        self.next.setToolTip("这一处先放着，看后一处可能是去年的年份。")
        for button, signal in (
            (self.change, self.changed), (self.keep, self.kept), (self.next, self.next_asked),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, s=signal: s.emit(self.finding))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Mark())
        head.addWidget(self._title, 1)
        head.addWidget(theme.label(Severity.QUERY.word, tone="qrytext"))
        foot = QHBoxLayout()
        foot.addWidget(self.change)
        foot.addWidget(self.keep)
        foot.addStretch(1)
        foot.addWidget(self.next)
        layout.addLayout(head)
        layout.addWidget(self._said)
        layout.addLayout(foot)

    def show_for(
        self, finding: Finding, year: int, wanted: int, before: int | None, anchor: QRect, area: QRect
    ) -> None:
        """Shows what is asked about a year, beside `anchor`, in the coordinates of the parent."""
        self.finding = finding
        self._title.setText(f"“{year}年”可能是去年留下的")
        as_before = year == before and finding.quoted not in (f"{year}年", f"{year} 年")
        again = f"，去年同一句也是 {year} 年" if as_before else ""
        self._said.setText(f"这份年报写的是 {wanted} 年{again}。")
        self.change.setText(f"改成 {wanted} 年")
        self.keep.setText(f"保留 {year} 年")
        self.stand_by(anchor, area)

    def take_keys(self) -> None:
        self.change.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.hide()
            self.left.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.focusNextPrevChild(key in (Qt.Key.Key_Right, Qt.Key.Key_Down))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            pressed = QApplication.focusWidget()
            if isinstance(pressed, QPushButton) and self.isAncestorOf(pressed):
                pressed.click()
        event.accept()  # nothing of it is meant for the text

    def focusNextPrevChild(self, following: bool) -> bool:
        buttons = [self.change, self.keep, self.next]
        focus = QApplication.focusWidget()
        here = next((at for at, button in enumerate(buttons) if button is focus), 0)
        buttons[(here + (1 if following else -1)) % 3].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.finding = None
