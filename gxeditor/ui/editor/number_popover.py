"""The popover at a number of the prose: what the text says, what the table says, and what can be done.

Knows how that is laid out and worded, and where there is room for it. Takes every figure and name from the number as it
was read (`Claimed`); what a button does is its owner's. A reason given in it goes to the session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.anchors import Cell
from gxeditor.core.checks.findings import Claimed, Finding, Reading
from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import EntryError
from gxeditor.core.form import Form
from gxeditor.core.report import LONGEST_REASON, show_entry
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session

WIDTH = 356
_PHRASE = 12
"""Characters of the words of the text that the title repeats."""
_MEASURES = "件条宗份项次个家篇"
_YEAR = re.compile(r"^(?:截至)?[0-9０-９]{2,4}年度?[,，、]?(?:全年)?")
_MARKS = " \t\u3000，,。；;：:、（(）)"


class Offer(NamedTuple):
    """A button: its words and what it does; None asks for a reason (核实说明) in the popover itself.

    `tip` says what comes of it.
    """

    words: str
    does: Callable[[], object] | None
    tip: str
    primary: bool = False
    link: bool = False


def shown(value: object) -> str:
    """A value of a reading: without the zeros at the end of an amount, 「空」 where a cell is blank."""
    if value is None:
        return "未填"
    text = show_entry(value)  # type: ignore[arg-type]
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(claim: Claimed, value: object) -> str:
    """The same with the sign of percent where the text has it."""
    is_share = value is not None and (claim.text[-1:] in ("%", "％") or bool(claim.how))
    return f"{shown(value)}%" if is_share else shown(value)


def named(reading: Reading, form: Form) -> str:
    """What a reading speaks of, and in which table: 「表三 · 本年新收」."""
    if not reading.cells or reading.name.startswith("表"):
        return reading.name
    tables = dict.fromkeys(f"表{form.section(Cell(cell).page).number}" for cell in reading.cells)
    return f"{'、'.join(tables)} · {reading.name}"


def called(claim: Claimed, text: str) -> str:
    """The words of the text that say what a number is, cut short: “共收到申请”; without any, the number itself."""
    phrase, where = claim.phrase, claim.where
    before = text[phrase.start : where.start].strip(_MARKS)
    words = before or text[where.end : phrase.end].lstrip(_MEASURES).strip(_MARKS) or claim.text
    words = _YEAR.sub("", "".join(words.split())) or words
    return words if len(words) <= _PHRASE else f"…{words[-_PHRASE:]}"


class NumberPopover(QFrame):
    """Explains one number at a time, `claim`; None while it is closed.

    `closed` comes when it goes, with whether the keys were in it.
    """

    closed = Signal(bool)

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self.setProperty("ground", "tip")
        self.setFixedWidth(WIDTH)
        self.claim: Claimed | None = None
        self.buttons: list[QPushButton] = []
        self.reason: QLineEdit | None = None
        self._finding: Finding | None = None
        self._session: Session | None = None
        self._body = QWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(self._body)
        self.hide()

    @property
    def is_entered(self) -> bool:
        """Whether the keys are in it."""
        focus = QApplication.focusWidget()
        return self.isVisible() and focus is not None and self.isAncestorOf(focus)

    def take_focus(self) -> None:
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what it says

    def fill(
        self, claim: Claimed, finding: Finding | None, session: Session, offers: Sequence[Offer]
    ) -> None:
        """What there is to say of a number, and these as its buttons."""
        self.claim, self._finding, self._session = claim, finding, session
        self.buttons, self.reason = [], None
        grid = self._start()
        title = self._title(claim, called(claim, session.report.text(claim.where.section)), session)
        self.setAccessibleName(title)
        row = 0
        if claim.state == "different":
            grid.addWidget(_Mark(finding.severity if finding is not None else Severity.QUERY), row, 0)
        words = theme.label(title, 10.5, 600)
        words.setWordWrap(True)
        grid.addWidget(
            words, row, 1 if claim.state == "different" else 0, 1, 1 if claim.state == "different" else 2
        )
        if claim.state == "different":
            severity = finding.severity if finding is not None else Severity.QUERY
            tag = "已说明" if finding is not None and finding.is_explained else severity.word
            grid.addWidget(
                theme.label(tag, tone=f"{theme.TONES[severity]}text"), row, 2, Qt.AlignmentFlag.AlignRight
            )
        said = [title]
        said += self._figures(grid, claim, session.form)
        if finding is not None and finding.explanation is not None:
            stale = "" if finding.is_explained else "数变了，原来的说明："
            self._sentence(grid, f"{stale}{finding.explanation.reason}")
        if claim.state == "open":
            why = _why_open(claim, session.form)
            self._sentence(grid, why)
            said.append(why)
        self.setAccessibleDescription("，".join(said))
        self._add_buttons(grid, offers)

    def _title(self, claim: Claimed, words: str, session: Session) -> str:
        readings = (claim.reading,) if claim.reading is not None else claim.readings
        cells = [cell for reading in readings[:1] for cell in reading.cells]
        keys = dict.fromkeys(cell.partition(".")[0] for cell in cells)
        tables = "、".join(f"表{session.form.section(key).number}" for key in keys) or "表"
        if readings and readings[0].prior:
            tables = f"上年的{tables}"
        return {
            "different": f"“{words}”与{tables}不同",
            "same": f"“{words}”与{tables}相同",
            "open": f"“{words}”没有核对",
        }[claim.state]

    def _figures(self, grid: QGridLayout, claim: Claimed, form: Form) -> list[str]:
        """The lines of figures; what they say to who cannot see them."""
        wrong = claim.state == "different"
        said = [self._line(grid, "文中", "", claim.text, tone="qrytext" if wrong else "text", weight=600)]
        first = claim.reading or (claim.readings[0] if claim.readings else None)
        if first is None or claim.is_unclear:
            return said
        lead = "上年" if first.prior else "表中"
        said.append(self._line(grid, lead, named(first, form), percent(claim, first.value), weight=600))
        if claim.how:
            said.append(self._line(grid, "算法", claim.how, "", tone="text2"))
        if wrong:
            for other in claim.readings[1:3]:
                said.append(
                    self._line(
                        grid, "也不等于", named(other, form), percent(claim, other.value), tone="text2"
                    )
                )
            if (gap := _gap(claim, first)) is not None:
                self._difference(grid, percent(claim, gap))
                said.append(f"相差 {percent(claim, gap)}")
        return said

    def _start(self) -> QGridLayout:
        self.hide()
        layout = self.layout()
        assert layout is not None
        layout.removeWidget(self._body)
        self._body.hide()
        self._body.deleteLater()
        self._body = QWidget(self)
        layout.addWidget(self._body)
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        return grid

    def _line(
        self, grid: QGridLayout, lead: str, name: str, value: str, *, tone: str = "text", weight: int = 400
    ) -> str:
        row = grid.rowCount()
        line = QHBoxLayout()
        line.setContentsMargins(6, 0, 0, 0)
        line.setSpacing(12)
        quiet = tone == "text2"
        line.addWidget(theme.label(lead, tone="text2" if quiet else "text"), 0, Qt.AlignmentFlag.AlignTop)
        words = theme.label(name, tone="text2" if quiet else "text")
        words.setWordWrap(True)
        line.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        figure = theme.label(value, 9, weight, tone)
        figure.setContentsMargins(0, 0, 6, 0)
        line.addWidget(figure, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.addLayout(line, row, 0, 1, 3)
        return " ".join(part for part in (lead, name, value) if part)

    def _difference(self, grid: QGridLayout, gap: str) -> None:
        bar = QFrame()
        bar.setProperty("ground", "qrytint")
        row = QHBoxLayout(bar)
        row.setContentsMargins(6, 4, 6, 4)
        row.addWidget(theme.label("相差", weight=600, tone="qrytext"), 1)
        row.addWidget(theme.label(gap, weight=600, tone="qrytext"))
        grid.addWidget(bar, grid.rowCount(), 0, 1, 3)

    def _sentence(self, grid: QGridLayout, text: str) -> None:
        words = theme.label(text, tone="text2")
        words.setWordWrap(True)
        grid.addWidget(words, grid.rowCount(), 0, 1, 3)

    def _add_buttons(self, grid: QGridLayout, offers: Sequence[Offer]) -> None:
        if not offers:
            return
        row = QHBoxLayout()
        row.setSpacing(8)
        for offer in offers:
            if offer.link:
                row.addStretch(1)
            button = QPushButton(theme.plain_action(offer.words))
            button.setToolTip(theme.plain_tip(offer.tip))
            button.setProperty("primary", offer.primary)
            button.setProperty("link", offer.link)
            button.setAutoDefault(True)
            button.clicked.connect(self._doing(offer))
            button.installEventFilter(self)
            row.addWidget(button)
            self.buttons.append(button)
        if not offers[-1].link:
            row.addStretch(1)
        grid.setRowMinimumHeight(grid.rowCount(), 4)
        grid.addLayout(row, grid.rowCount(), 0, 1, 3)

    def _doing(self, offer: Offer) -> Callable[[], None]:
        def do() -> None:
            if offer.does is None:
                self._ask_reason()
            else:
                self.close_it()
                offer.does()

        return do

    # --- a reason

    def _ask_reason(self) -> None:
        """A line for why the number stands, in place of the buttons."""
        grid = self._body.layout()
        assert isinstance(grid, QGridLayout)
        before, self.buttons = self.buttons, []
        self.reason = reason = QLineEdit()
        reason.setPlaceholderText("为什么没有错，例如：含口头申请 6 件")
        reason.setAccessibleName("核实说明")
        reason.setMaxLength(LONGEST_REASON)
        reason.returnPressed.connect(self._save_reason)
        reason.installEventFilter(self)
        grid.addWidget(reason, grid.rowCount(), 0, 1, 3)
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, does, primary, tip in (
            ("保存说明", self._save_reason, True, "说明随年报留存，这个数不再算作要处理（Enter）。"),
            ("取消", self.close_it, False, "不写说明，回到文字（Esc）。"),
        ):
            button = QPushButton(words)
            button.setToolTip(theme.plain_tip(tip))
            button.setProperty("primary", primary)
            button.clicked.connect(does)
            button.installEventFilter(self)
            row.addWidget(button)
            self.buttons.append(button)
        row.addStretch(1)
        grid.addLayout(row, grid.rowCount(), 0, 1, 3)
        for widget in (reason, *self.buttons):
            widget.show()  # a layout shows them later, and what is not seen takes no keys
        reason.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in before:  # not sooner: the keys would leave with them
            button.hide()
        self._fit()
        self._stand(self.pos())

    def _save_reason(self) -> None:
        reason, finding, session = self.reason, self._finding, self._session
        if reason is None or finding is None or session is None:
            return
        try:
            session.explain(finding, reason.text(), origin=self)
        except EntryError as error:
            theme.restyle(reason, refused=True)
            session.told.emit(str(error))
            return
        self.close_it()

    # --- where it stands

    def place(self, around: QRect) -> None:
        """Stands below `around` (in its parent), its left edge at that; above where there is no room below."""
        parent = self.parentWidget()
        assert parent is not None
        self._fit()
        below, above = around.bottom() + 4, around.top() - self.height() - 4
        top = below if below + self.height() <= parent.height() or above < 0 else above
        self._stand(QPoint(around.left(), top))
        self.show()
        self.raise_()

    def _fit(self) -> None:
        layout, inner = self.layout(), self._body.layout()
        assert layout is not None
        assert inner is not None
        inner.activate()
        layout.activate()
        self.resize(WIDTH, max(layout.totalHeightForWidth(WIDTH), layout.totalMinimumSize().height()))

    def _stand(self, spot: QPoint) -> None:
        parent = self.parentWidget()
        assert parent is not None
        x = max(0, min(spot.x(), parent.width() - self.width() - 1))
        y = max(0, min(spot.y(), parent.height() - self.height() - 1))
        self.move(x, y)

    def close_it(self) -> None:
        """Goes, and says so, if it was there."""
        if self.claim is None:
            return
        entered = self.is_entered
        self.claim = None
        self.hide()
        self.closed.emit(entered)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.close_it()
                return True
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.reason is None:
                self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
        # Nothing goes on to the page below: this is no part of its text.
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme.Pixels(painter).frame(QRectF(self.rect()), theme.current().edge)
        painter.end()


def _why_open(claim: Claimed, form: Form) -> str:
    """Why a number was not compared; where its words are unclear, what they may mean."""
    if claim.is_unclear:
        values = dict.fromkeys((named(one, form), percent(claim, one.value)) for one in claim.readings)
        first, *others = (f"{name} {value}" for name, value in values)
        return f"可能指 {'，或 '.join((first, *others[:2]))}，看不准，没有核对。"
    if any(one.cells for one in claim.readings):
        return "表里有未填的格，没有核对。"
    return "表里没有可核对的格，没有核对。"


def _gap(claim: Claimed, reading: Reading) -> object:
    """By how much the text differs from a reading; None where there is nothing to compare."""
    return None if reading.value is None else abs(claim.value - reading.value)


class _Mark(QWidget):
    """The severity's shape before the title."""

    def __init__(self, severity: Severity) -> None:
        super().__init__()
        self._severity = severity
        self.setFixedSize(16, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.paint_mark(painter, QRectF(1, 4, 10, 10), self._severity)
        painter.end()
