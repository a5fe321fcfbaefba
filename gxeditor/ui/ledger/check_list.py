"""检查: what does not fit in a ledger, as one list, worst first, with its reason and what can be done below.

Knows how findings are listed and filtered, that one leads to its request, and that a doubt may stand for a reason, kept
in the ledger. What is found is `core.ledger.checks`'; the session has it looked for beside the window.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.checks import Finding, LedgerFindings
from gxeditor.ui.checks.reason import ask_reason
from gxeditor.ui.ledger.session import LedgerDesk
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.rollup.plain_table import Column, Line, PlainTable

_BAR = 40  # height of the chips
_REST = 150  # milliseconds without typing after which is looked again
_ALL, _EXPLAINED = "全部", "已说明"
_CHIPS = (_ALL, *(one.word for one in Severity), _EXPLAINED)
_TONES = {Severity.ERROR: "errtext", Severity.QUERY: "qrytext", Severity.HINT: "hinttext"}
_MARKS = {Severity.ERROR: "▲", Severity.QUERY: "◆", Severity.HINT: "○"}
_COLUMNS = (Column("轻重", 84), Column("检查", 170), Column("申请", 92), Column("说的是什么"), Column("", 60))


class CheckList(QWidget):
    """The page. `said` carries what was not checked, for the status bar."""

    said = Signal(str)

    def __init__(self, desk: LedgerDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.findings = LedgerFindings()
        self._listed: tuple[Finding, ...] = ()
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        bar = self._bar = QWidget()
        bar.setFixedHeight(_BAR)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(4)
        self._chips = {name: self._chip(name) for name in _CHIPS}
        for chip in self._chips.values():
            row.addWidget(chip)
        bar.setFocusProxy(self._chips[_ALL])
        row.addStretch(1)
        self._state = theme.label("", tone="text2")
        row.addWidget(self._state)
        self.list = PlainTable("检查的结果")
        self.list.of = "台账的检查"
        self.list.opened.connect(self._open)
        self.list.told.connect(desk.tell)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._say_current())
        self._detail = QFrame()
        self._detail.setProperty("ground", "card")
        self._detail.setProperty("edge", "top")
        self._detail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sentence = dialog.sentence("", 9.75)
        self._basis = dialog.sentence("", tone="text2")
        self.show_request = QPushButton("在台账中显示")
        self.show_request.setToolTip("到“申请”里看说的那一件（Enter）。")
        self.show_request.clicked.connect(lambda: self._open(self.list.key()))
        self.explain = QPushButton("写说明…")
        self.explain.setToolTip("核实无误的，写明原因，以后不再列在这里；数变了再问。")
        self.explain.clicked.connect(self._explain)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.show_request)
        buttons.addWidget(self.explain)
        buttons.addStretch(1)
        inside = QVBoxLayout(self._detail)
        inside.setContentsMargins(16, 10, 16, 12)
        inside.setSpacing(6)
        inside.addWidget(self._sentence)
        inside.addWidget(self._basis)
        inside.addLayout(buttons)
        self._detail.setFocusProxy(self.show_request)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self.list, 1)
        whole.addWidget(self._detail)
        self.setFocusProxy(self.list)
        session = desk.session
        session.found.connect(self._have_found)
        session.looking_long.connect(self._say_looking)
        for signal in (session.changed, session.day_changed, desk.beside.changed):
            signal.connect(self._look)
        self._say()

    def _chip(self, name: str) -> QPushButton:
        chip = QPushButton(name)
        chip.setCheckable(True)
        chip.setProperty("chip", True)
        chip.setToolTip(theme.plain_tip("全部没有说明的。" if name == _ALL else f"只列{name}的。"))
        chip.clicked.connect(self._say)
        self._group.addButton(chip)
        chip.setChecked(name == _ALL)
        return chip

    # --- looking

    def _look(self) -> None:
        if self.isVisible():
            self.desk.session.want_findings(_REST)

    def _say_looking(self) -> None:
        self._state.setText("正在检查…")

    def _have_found(self, found: LedgerFindings) -> None:
        self.findings = found
        self._state.setText("")
        self._say()

    # --- the list

    def _of_chip(self, name: str) -> tuple[Finding, ...]:
        if name == _EXPLAINED:
            return self.findings.explained
        return tuple(one for one in self.findings.open if name == _ALL or one.word == name)

    def _say(self) -> None:
        for name, chip in self._chips.items():
            number = len(self._of_chip(name))
            chip.setText(f"{name} {number}")
            chip.setVisible(bool(number) or name == _ALL or chip.isChecked())
        name = next(name for name, chip in self._chips.items() if chip.isChecked())
        self._listed = self._of_chip(name)
        self.list.show_lines(_COLUMNS, [self._line(one) for one in self._listed])
        if self._listed and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.list.model().index(0, 0))
        self._say_current()
        self.said.emit(self.findings.missed_words or self._none())

    def _none(self) -> str:
        met = len(self.findings.met)
        return f"没有发现问题（检查了 {met} 项）" if met and not self.findings.open else ""

    def _line(self, one: Finding) -> Line:
        request = self.desk.session.ledger.by_id.get(one.request)
        word = _EXPLAINED if one.is_explained else f"{_MARKS[one.severity]} {one.word}"
        tone = "text2" if one.is_explained else _TONES[one.severity]
        return Line(
            one.address,
            (word, one.title, request.called if request is not None else "", one.message, one.rule),
            (tone, "", "", "", "text2"),
        )

    @property
    def current(self) -> Finding | None:
        """The finding in hand."""
        key = self.list.key()
        return next((one for one in self._listed if one.address == key), None)

    def _say_current(self) -> None:
        one = self.current
        self._detail.setVisible(one is not None)
        if one is None:
            return
        reason = one.explanation.reason if one.is_explained and one.explanation is not None else ""
        self._sentence.setText(one.message + (f"\n说明：{reason}" if reason else ""))
        self._basis.setText(f"{one.rule}　{one.check.mark}")
        self.explain.setVisible(one.can_be_explained)
        self.explain.setText("改说明…" if one.is_explained else "写说明…")
        self.show_request.setText("到出表三看这一格" if one.cells else "在台账中显示")

    # --- what can be done

    def _open(self, key: str) -> None:
        one = next((one for one in self._listed if one.address == key), None)
        if one is None:
            return
        self.desk.came_from(partial(self._back_to, key), f"检查“{one.title}”")
        if one.cells:
            self.desk.turn_to("count")
            return
        ids = [one.request, *(other for other in one.related if other != one.request)]
        self.desk.show_requests([each for each in ids if each], f"{one.title}（{one.rule}）", one.field)

    def _back_to(self, key: str) -> None:
        self.desk.turn_to("checks")
        at = next((i for i, line in enumerate(self.list.lines) if line.key == key), None)
        if at is not None:
            self.list.setCurrentIndex(self.list.model().index(at, 0))

    def _explain(self) -> None:
        one, session = self.current, self.desk.session
        if one is None or not one.can_be_explained:
            return
        if session.is_held:
            self.desk.tell(session.held)
            return
        said = ("原因记在台账里，不写申请人姓名；这里说的数变了，会再问一次。",)
        reason = ask_reason(self.desk.frame, "台账的说明", one.message, said, "保存说明")
        if reason:
            reasons = {**session.ledger.explanations, one.address: one.explained(reason)}
            session.edit(
                replace(session.ledger, explanations=MappingProxyType(reasons)), f"说明：{one.title}"
            )

    def step(self, by: int = 1) -> None:
        """F8: on to the next finding."""
        if not self._listed:
            self.desk.tell("没有列出的问题。")
            return
        row = (max(-1, self.list.currentIndex().row()) + by) % len(self._listed)
        self.list.setCurrentIndex(self.list.model().index(row, 0))
        self.list.setFocus()

    def panes(self) -> tuple[QWidget, ...]:
        """F6: the list, what can be done about the finding in hand, the chips."""
        return self.list, self._detail, self._bar

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.desk.beside.look()
        self._look()
