"""The popover at a day due: how the day was counted, stretch by stretch, and what can be registered.

Knows how a deadline is told: what counts, what does not and why, the days passed over, the basis. Reckons no deadline
(`core.ledger.deadlines`); what a button does is its owner's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.deadlines import ANSWER, Deadline
from gxeditor.core.ledger.workdays import Calendar, Counted
from gxeditor.ui.ledger.model import SOON, said_fully
from gxeditor.ui.look import theme

WIDTH = 420
EXTEND, ANSWERED, CALENDAR = "extended_on", "answered_on", "calendar"
"""What the buttons ask for: the day of a column to be registered, or days off to be imported."""


class Line(NamedTuple):
    """One row: what it is, what it says, a number at its right, and words below; `severity` tints it."""

    name: str
    words: str
    number: str = ""
    below: str = ""
    severity: Severity | None = None
    is_last: bool = False


def _said(day: date, beside: date | None = None) -> str:
    """12月5日, and 12日 beside a day of the same month."""
    if beside is not None and (beside.year, beside.month) == (day.year, day.month):
        return f"{day.day}日"
    return f"{day.month}月{day.day}日"


def listed(days: Iterable[date]) -> str:
    """12月6日、7日、27日，1月10日"""
    months: list[list[str]] = []
    before: date | None = None
    for day in days:
        if before is None or (before.year, before.month) != (day.year, day.month):
            months.append([])
        months[-1].append(_said(day, before))
        before = day
    return "，".join("、".join(one) for one in months)


def passed_over(counted: Counted) -> str:
    """All days that a stretch passed over, with the name of each holiday, and what was worked instead."""
    parts = []
    if counted.weekends:
        parts.append(f"周六周日 {listed(counted.weekends)}")
    names = dict.fromkeys(name for _, name in counted.holidays)
    for name in names:
        days = [day for day, called in counted.holidays if called == name]
        whole = len(days) > 1 and (days[-1] - days[0]).days == len(days) - 1
        parts.append(
            f"{name} {_said(days[0])}至{_said(days[-1], days[0])}" if whole else f"{name} {listed(days)}"
        )
    said = f"跳过：{'；'.join(parts)}。" if parts else ""
    worked = [f"{_said(day)}是周{'六日'[day.weekday() - 5]}，调休上班，计入。" for day, _ in counted.worked]
    return said + "".join(worked)


def lines(due: Deadline, today: date, left: int | None, calendar: Calendar) -> list[Line]:
    """How a day due was reached, or why there is none, row by row."""
    found = []
    if due.start is not None:
        found.append(
            Line(
                "收到" if due.start_why != "收到补正" else "收到补正",
                f"{_said(due.start)}，{due.start_why}，当天不计",
            )
        )
    for one in due.stretches:
        span = (
            f"{_said(one.first)}至{_said(one.last, one.first)}" if one.first != one.last else _said(one.first)
        )
        if one.counted is None and one.why:
            found.append(Line("不计入", f"{span}，{one.why}", f"{one.days} 天"))
        elif one.days:
            below = passed_over(one.counted) if one.counted is not None else ""
            found.append(Line("计入", span, f"{one.days} 个工作日", below))
    if due.day is not None:
        total = sum(one.days for one in due.stretches if not one.why)
        name = f"第 {total} 个" if due.stretches else "答复期限"
        words, severity = said_left(due, today, left)
        found.append(Line(name, words, severity=severity, is_last=True))
    if due.why:
        found.append(Line("说明", due.why))
    if due.basis:
        known = sorted(
            {day.year for one in due.stretches for day in (one.first, one.last)} & set(calendar.years)
        )
        years = f"；放假安排 {'、'.join(map(str, known))} 年已收录" if known else ""
        found.append(Line("依据", "、".join(due.basis) + years))
    return found


def said_left(due: Deadline, today: date, left: int | None) -> tuple[str, Severity | None]:
    """1月14日，今天1月12日，还有 2 个工作日"""
    assert due.day is not None
    said = _said(due.day)
    if due.standing == "answered":
        return f"{said}，已答复", None
    if left is None:
        return said, None
    if left < 0:
        return f"{said}，今天{_said(today)}，超期 {-left} 个工作日", Severity.ERROR
    words = f"还有 {left} 个工作日" if left else "今天到期"
    return f"{said}，今天{_said(today)}，{words}", Severity.QUERY if left <= SOON else None


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
        *,
        may_change: bool,
        is_extended: bool,
    ) -> None:
        """Tells of a request, called by its number and never by its applicant."""
        self.request_id = request_id
        day = f"答复期限 {said_fully(due.day)}" if due.day is not None else "答复期限还没有"
        title = f"{number}　{day}" if number else day
        self._title.setText(title)
        self.setAccessibleName(title)
        spoken = "；".join(
            " ".join(filter(None, (one.name, one.words, one.number, one.below))) for one in said
        )
        self.setAccessibleDescription(spoken)
        body = QWidget()
        down = QVBoxLayout(body)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        for one in said:
            down.addWidget(_row(one))
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
            top = max(room.top(), cell.top() - height - 6)
        left = max(room.left() + 4, min(cell.right() - WIDTH + 26, room.right() - self.width() - 4))
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


def _row(one: Line) -> QFrame:
    frame = QFrame()
    frame.setProperty("edge", "top")
    tint = {Severity.ERROR: "errtint", Severity.QUERY: "qrytint"}.get(one.severity) if one.severity else None
    if tint:
        frame.setProperty("ground", tint)
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    grid = QGridLayout(frame)
    grid.setContentsMargins(14, 4, 14, 4)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(1)
    grid.setColumnMinimumWidth(0, 86)
    grid.setColumnStretch(1, 1)
    tone = f"{theme.TONES[one.severity]}text" if one.severity else "text2"
    mark = {Severity.ERROR: "▲ ", Severity.QUERY: "◆ "}.get(one.severity, "") if one.severity else ""
    grid.addWidget(theme.label(mark + one.name, tone=tone), 0, 0, Qt.AlignmentFlag.AlignTop)
    said = theme.label(
        one.words,
        9,
        600 if one.is_last else 400,
        tone if one.severity else "text2" if one.name in ("依据", "说明") else "text",
    )
    said.setWordWrap(True)
    grid.addWidget(said, 0, 1)
    if one.number:
        tone = "text2" if one.name == "不计入" else "text"
        grid.addWidget(theme.label(one.number, tone=tone), 0, 2, Qt.AlignmentFlag.AlignTop)
    if one.below:
        below = theme.label(one.below, tone="text2")
        below.setWordWrap(True)
        grid.addWidget(below, 1, 1, 1, 2)
    return frame
