"""The popover at a day due: how the day was counted, stretch by stretch, and what can be registered.

Knows how the lines of a calculation look. What they say, and how a deadline is reckoned, is known to
`core.ledger.deadlines`; what a button does is its owner's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.deadlines import Deadline, Line
from gxeditor.ui.ledger.model import said_fully
from gxeditor.ui.look import theme

WIDTH = 420
EXTEND, ANSWERED, CALENDAR = "extended_on", "answered_on", "calendar"
"""What the buttons ask for: the day of a column to be registered, or days off to be imported."""


class DeadlinePopover(QFrame):
    """Explains the day due of one request at a time, `request_id`; "" while it is closed.

    `asked` carries what a button wants (`EXTEND`, `ANSWERED`, `CALENDAR`), `closed` says that it went. Pinned, it stays
    while the clerk goes on.
    """

    asked = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.request_id = ""
        self.setProperty("ground", "tip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(WIDTH)
        self.pin = QToolButton()
        self.pin.setCheckable(True)
        self.pin.setProperty("bare", True)
        self.pin.setAccessibleName("固定在这里")
        self.pin.setToolTip("按下以后，点别处或移到别的格它也不收起。")
        theme.set_icon(self.pin, "pin")
        self.extend = self._button("登记延期告知", EXTEND, "在“延期告知日期”填上今天，期限随着改；可以撤销。")
        self.answer = self._button("登记答复", ANSWERED, "在“答复日期”填上今天，接着选答复类型；可以撤销。")
        self.calendar = self._button(
            "导入放假安排…", CALENDAR, "选国务院办公厅通知的放假安排文件，期限才算得出来。"
        )
        self._body = QWidget()
        self._down = QVBoxLayout(self)
        self._down.setContentsMargins(1, 1, 1, 1)
        self._down.setSpacing(0)
        self._title = theme.label("", 10.5, 600)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 10, 8)
        head.addWidget(self._title, 1)
        head.addWidget(self.pin)
        self._down.addLayout(head)
        self._down.addWidget(self._body)
        foot = QFrame()
        foot.setProperty("edge", "top")
        row = QHBoxLayout(foot)
        row.setContentsMargins(14, 6, 14, 7)
        row.setSpacing(8)
        for button in (self.extend, self.answer, self.calendar):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(theme.label("Esc 收起　L-04", tone="text3"))
        self._down.addWidget(foot)
        self.hide()

    def _button(self, words: str, key: str, tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setAccessibleName(words.rstrip("…"))
        button.setToolTip(theme.plain_tip(tip))
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.asked.emit(key))
        return button

    # --- what it says

    def fill(
        self,
        request_id: str,
        number: str,
        due: Deadline,
        said: Sequence[Line],
        severity: Severity | None,
        *,
        may_change: bool,
        is_extended: bool,
    ) -> None:
        """Tells of a request, called by its number and never by its applicant; `severity` is that of the day itself."""
        self.request_id = request_id
        day = f"答复期限 {said_fully(due.day)}" if due.day is not None else "答复期限还没有"
        title = f"{number}　{day}" if number else day
        self._title.setText(title)
        self.setAccessibleName(title)
        spoken = "；".join(" ".join(filter(None, one)) for one in said)
        self.setAccessibleDescription(spoken)
        body = QWidget()
        down = QVBoxLayout(body)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        for one in said:
            down.addWidget(_row(one, severity if one.head.startswith("第") else None))
        self._down.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body
        answered = due.standing == "answered"
        self.extend.setVisible(may_change and not answered and not is_extended and due.day is not None)
        self.answer.setVisible(may_change and not answered)
        self.calendar.setVisible(due.no_calendar is not None)

    def open_at(self, cell: QRect, room: QRect) -> None:
        """Stands one row below a cell, above it where there is no room; both in the coordinates of its parent."""
        layout = self.layout()
        assert layout is not None
        self.setFixedWidth(min(WIDTH, room.width() - 8))
        height = layout.totalHeightForWidth(self.width())
        self.resize(self.width(), height)
        top = cell.bottom() + 6
        if top + height > room.bottom():
            top = cell.top() - height - 6
        top = max(room.top() + 2, min(top, room.bottom() - height - 2))
        left = max(room.left() + 4, min(cell.right() - WIDTH - 50, room.right() - self.width() - 4))
        self.move(QPoint(left, top))
        self.show()
        self.raise_()

    def take_keys(self) -> None:
        """The keys go to its first button."""
        for button in (self.answer, self.extend, self.calendar):
            if not button.isHidden():
                button.setFocus(Qt.FocusReason.PopupFocusReason)
                return
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Goes, pinned or not."""
        if not self.request_id:
            return
        self.request_id = ""
        self.pin.setChecked(False)
        self.hide()
        self.closed.emit()

    @property
    def is_pinned(self) -> bool:
        return self.pin.isChecked()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            focus := self.focusWidget(), QPushButton | QToolButton
        ):
            focus.click()
        event.accept()  # or the grid below would take the key

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme.Pixels(painter).frame(self.rect().toRectF(), theme.current().line2)
        painter.end()


def _row(one: Line, severity: Severity | None) -> QFrame:
    is_day = one.head.startswith("第")
    frame = QFrame()
    frame.setProperty("edge", "top")
    if severity is not None:
        frame.setProperty("ground", f"{theme.TONES[severity]}tint")
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    grid = QGridLayout(frame)
    grid.setContentsMargins(14, 4, 14, 4)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(1)
    grid.setColumnMinimumWidth(0, 86)
    grid.setColumnStretch(1, 1)
    tone = f"{theme.TONES[severity]}text" if severity is not None else "text2"
    mark = {Severity.ERROR: "▲ ", Severity.QUERY: "◆ "}.get(severity, "") if severity is not None else ""
    grid.addWidget(theme.label(mark + one.head, tone=tone), 0, 0, Qt.AlignmentFlag.AlignTop)
    plain = "text2" if one.head == "依据" else "text"
    said = theme.label(one.text, 9, 600 if is_day else 400, tone if severity is not None else plain)
    said.setWordWrap(True)
    grid.addWidget(said, 0, 1)
    if one.figure:
        figure = theme.label(one.figure, tone="text2" if one.head == "不计入" else "text")
        grid.addWidget(figure, 0, 2, Qt.AlignmentFlag.AlignTop)
    if one.small:
        small = theme.label(one.small, tone="text2")
        small.setWordWrap(True)
        grid.addWidget(small, 1, 1, 1, 2)
    return frame
