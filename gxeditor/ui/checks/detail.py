"""One rule beside the list: what it compares, on what it rests, and what a person says of it.

Knows what may be done in each state. Does none of it: the page's conversation does.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.standing import Standing, State
from gxeditor.core.report import Report
from gxeditor.ui.checks.listing import (
    Figure,
    example_of,
    figures,
    jump_of,
    kept_with,
    phrases,
    what_changed,
)
from gxeditor.ui.checks.reason import ReasonBox
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import sentence

_SIGN = 20  # logical pixels before the names of the figures


class _Mark(QWidget):
    """The shape of a state."""

    def __init__(self, line: Standing) -> None:
        super().__init__()
        self._line = line
        self.setFixedSize(12, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.paint_state(painter, QRectF(0, 5, 10, 10), self._line.state, self._line.rule.severity)
        painter.end()


_TIPS = {
    "jump": "转到有关的那一格或那一句，核对、改正。",
    "reopen": "重新检查这一条，不再关闭。",
    "on": "以后的年报也重新检查这一条。",
    "seen": "核对无误后销去标记。",
    "rewrite": "改写原来的核实说明。",
    "withdraw": "说明不再适用时撤回，这一条重新算作没有处理。",
    "still": "数虽然变了，原来的说明还讲得通，就留着它。",
    "save": "说明和这几个数一起保存，其中一个变了会重新打开（Ctrl+Enter）。",
    "cancel": "不写说明，保持原样（Esc）。",
    "close": "本单位不适用这一条时，在这份年报里不再检查，要写原因。",
    "off": "这一条对您的单位从不适用时，以后的年报也不检查。",
}
"""What the buttons do, by their keys."""


class Detail(QScrollArea):
    """The rule of the current line. What is pressed is told by its name.

    `asked` carries "jump", "seen", "still", "withdraw", "close", "reopen", "off" or "on"; `explained` a reason; `left`
    gives up what is being written.
    """

    asked = Signal(str)
    explained = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("bare", True)
        self.setAccessibleName("这一条的内容")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.box: ReasonBox | None = None
        self.buttons: dict[str, QPushButton] = {}
        self._line: Standing | None = None
        self._off: Mapping[str, str] = {}
        self._report: Report | None = None
        self.show_line(None, None, {})

    # --- building

    def show_line(
        self, line: Standing | None, report: Report | None, off: Mapping[str, str], *, rewrite: bool = False
    ) -> None:
        """Shows a line; `off` are the rules that are not checked in any report. Nothing is renewed that is the same.

        `rewrite` offers the box although there is an explanation.
        """
        same = (line, report) == (self._line, self._report) and off == self._off
        if same and line is not None and not rewrite:
            return
        self._line, self._report, self._off = line, report, off
        self.box, self.buttons = None, {}
        inside = QWidget()
        inside.setProperty("ground", "card")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(20, 14, 20, 14)
        self._layout.setSpacing(8)
        if line is not None and report is not None:
            self._fill(line, report, rewrite)
        self._layout.addStretch(1)
        self.setWidget(inside)

    def _fill(self, line: Standing, report: Report, rewrite: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(_Mark(line), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(sentence(line.title, 10.5, 600), 1)
        self._layout.addLayout(head)
        told = f"{line.word} · {line.rule.group.word} · {line.rule.id.partition('.')[0]}"
        row = QHBoxLayout()
        row.addWidget(theme.label(told, tone="text2"))
        row.addStretch(1)
        if words := jump_of(line, report.form):
            row.addWidget(self._link("jump", words, "Enter"))
        self._layout.addLayout(row)
        if line.finding is not None and line.rule.test:
            self._layout.addWidget(sentence(line.finding.message))
        if rows := figures(line, report):
            self._layout.addWidget(_Figures(rows, line))
        self._layout.addSpacing(4)
        self._say(line, rewrite)
        self._foot(line, report)

    def _say(self, line: Standing, rewrite: bool) -> None:
        """What is said of the line, and what can be said."""
        finding = line.finding
        if line.state is State.NOT_CHECKED:
            self._layout.addWidget(sentence(f"没有检查：{line.reason}。"))
        elif line.state is State.CLOSED:
            everywhere = line.rule.code in self._off
            where = "所有年报都不检查这一条" if everywhere else "这份年报里关闭了这一条"
            self._layout.addWidget(sentence(f"{where}：{line.reason}"))
            key, words = ("on", "在所有年报中恢复检查") if everywhere else ("reopen", "重新检查")
            self._buttons(self._push(key, words))
        elif finding is not None and finding.is_doubt:
            self._layout.addWidget(sentence("对照原文看过、没有错的，可以销去。", tone="text2"))
            self._buttons(self._push("seen", "看过了"))
        elif finding is not None and not finding.can_be_explained:
            self._layout.addWidget(sentence("这是错误，要改正，不能用说明代替。", tone="text2"))
        elif finding is not None and finding.is_explained and not rewrite:
            assert finding.explanation is not None
            self._layout.addWidget(theme.label("核实说明", weight=600))
            self._layout.addWidget(sentence(finding.explanation.reason))
            self._layout.addWidget(sentence(kept_with(finding), tone="text2"))
            self._buttons(self._push("rewrite", "重写"), self._push("withdraw", "撤回说明"))
        elif finding is not None and finding.is_reopened and not rewrite:
            assert finding.explanation is not None
            self._layout.addWidget(sentence(what_changed(finding), weight=600))
            self._layout.addWidget(sentence(f"原来的说明：{finding.explanation.reason}"))
            self._buttons(self._push("still", "仍然适用", primary=True), self._push("rewrite", "重写"))
        elif finding is not None:
            before = finding.explanation.reason if finding.explanation is not None else ""
            self.box = ReasonBox("核实说明", phrases(line.rule), before)
            self._layout.addWidget(self.box)
            self._layout.addWidget(sentence(kept_with(finding), tone="text2"))
            save, cancel = self._push("save", "保存说明", primary=True), self._push("cancel", "取消")
            self._buttons(save, cancel, hint="Ctrl+Enter")
            self.box.changed.connect(self._typed)
            self.box.saved.connect(self._saved)
            self.box.left.connect(self.left)
            self._typed()

    def _foot(self, line: Standing, report: Report) -> None:
        rule = line.rule
        edge = QFrame()
        edge.setFixedHeight(1)
        edge.setProperty("edge", "top")
        edge.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout.addSpacing(4)
        self._layout.addWidget(edge)
        self._layout.addWidget(sentence(f"依据：{rule.basis}", tone="text2"))
        if line.finding is None and (example := example_of(rule, report.form)):
            self._layout.addWidget(sentence(f"会这样提出：{example}", tone="text2"))
        if not rule.can_be_closed:
            self._layout.addWidget(sentence("合计和平衡关系不能关闭。", tone="text2"))
        elif line.state is not State.CLOSED:
            column = QVBoxLayout()
            column.setSpacing(2)
            for key, words in (("close", "关闭这一条…"), ("off", "在所有年报中都不检查…")):
                row = QHBoxLayout()
                row.setContentsMargins(-8, 0, 0, 0)  # the padding of a link
                row.addWidget(self._link(key, words))
                row.addStretch(1)
                column.addLayout(row)
            self._layout.addLayout(column)

    # --- buttons

    def _push(self, key: str, words: str, *, primary: bool = False) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setProperty("does", key)
        button.setToolTip(theme.plain_tip(_TIPS[key]))
        if primary:
            button.setProperty("primary", True)
        button.clicked.connect(self._pressed)
        self.buttons[key] = button
        return button

    def _link(self, key: str, words: str, keys: str = "") -> QPushButton:
        button = self._push(key, theme.plain_action(words))
        button.setProperty("link", True)
        if keys:
            button.setToolTip(theme.plain_tip(f"{_TIPS[key].rstrip('。')}（{keys}）。"))
        return button

    def _buttons(self, *buttons: QPushButton, hint: str = "") -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        if hint:
            row.addWidget(theme.label(hint, tone="text3"))
        self._layout.addLayout(row)

    def _pressed(self) -> None:
        key = self.sender().property("does")
        if key == "save":
            self._saved()
        elif key == "cancel":
            self.left.emit()
        elif key == "rewrite":
            self.write()
        else:
            self.asked.emit(key)

    def _typed(self) -> None:
        if self.box is not None:
            self.buttons["save"].setEnabled(bool(self.box.reason))

    def _saved(self) -> None:
        if self.box is not None and self.box.reason:
            self.explained.emit(self.box.reason)

    # --- writing

    def write(self) -> bool:
        """Puts the caret into the box, made if there is an explanation already; False if nothing is to be said."""
        line = self._line
        if line is None or line.finding is None or not line.finding.can_be_explained:
            return False
        if self.box is None:
            self.show_line(line, self._report, self._off, rewrite=True)
        assert self.box is not None
        self.box.edit.moveCursor(self.box.edit.textCursor().MoveOperation.End)
        self.box.setFocus()
        return True

    def stop_writing(self) -> None:
        """What was written is given up; what there was before is shown again."""
        line, self._line = self._line, None
        self.show_line(line, self._report, self._off)


class _Figures(QFrame):
    """Names and values below each other, a line above each sum, the difference on its tint."""

    def __init__(self, rows: tuple[Figure, ...], line: Standing) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(0, _SIGN - 8)
        grid.setColumnStretch(1, 1)
        tone = "qrytext" if line.rule.severity.rank else "errtext"
        for place, row in enumerate(rows):
            weight = 400 if row.kind == "term" else 600
            said = tone if row.kind == "difference" else "text"
            if row.kind == "difference":
                ground = QFrame()
                ground.setProperty("ground", "qrytint" if line.rule.severity.rank else "errtint")
                grid.addWidget(ground, place, 0, 1, 3)
            grid.addWidget(theme.label(row.sign, tone="text2"), place, 0)
            name = sentence(row.name, weight=weight, tone=said)
            grid.addWidget(name, place, 1)
            value = theme.label(row.value, 9.75, weight, said)
            grid.addWidget(value, place, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
