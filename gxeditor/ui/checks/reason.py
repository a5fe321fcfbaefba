"""Writing a reason: the box with its count and the phrases that put words in, and the dialogs that hold nothing else.

Knows how long a reason may be. What it is a reason for, and where it is kept, is for whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import EntryError
from gxeditor.core.report import LONGEST_REASON, parse_reason
from gxeditor.ui.checks.listing import kept_with, phrases, what_changed
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog
from gxeditor.ui.session import Session

_LINES = 3
_PASTED = 1_000
"""Characters; a reason has 200."""
_ROOM = 240
"""Logical pixels for a row of phrases: what a narrow detail leaves beside its scroll bar."""


class _Box(QPlainTextEdit):
    """Ctrl+Enter saves, Esc gives up."""

    saved = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.saved.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """As much of a text as shows that it is too long: the window waits while it is laid out."""
        self.insertPlainText(source.text()[:_PASTED])


class ReasonBox(QWidget):
    """A box for a reason. `saved` asks that it be kept, `left` gives up; `changed` says that it was typed in."""

    saved = Signal()
    left = Signal()
    changed = Signal()

    def __init__(self, name: str, offered: Sequence[tuple[str, str]] = (), text: str = "") -> None:
        super().__init__()
        self.edit = _Box()
        self.edit.setAccessibleName(name)
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText("写明原因，4 到 200 字")
        self.edit.setPlainText(text)
        line = QFontMetrics(theme.font()).lineSpacing()
        self.edit.ensurePolished()
        self.edit.setFixedHeight(max(_LINES * line + 20, self.edit.minimumSizeHint().height()))
        self.edit.textChanged.connect(self._typed)
        self.edit.saved.connect(self._save)
        self.edit.left.connect(self.left)
        self._count = theme.label("", tone="text2")
        head = QHBoxLayout()
        head.addWidget(theme.label(name, weight=600))
        head.addStretch(1)
        head.addWidget(self._count)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(head)
        whole.addWidget(self.edit)
        self.phrases: list[QPushButton] = []
        if offered:
            start = QFontMetrics(theme.font()).horizontalAdvance("常用：")
            row, used = QHBoxLayout(), start
            row.setSpacing(2)
            row.addWidget(theme.label("常用：", tone="text2"))
            for word, said in offered:
                button = QPushButton(word)
                button.setProperty("link", True)
                button.setProperty("said", said)
                button.setAutoDefault(False)
                button.setToolTip(theme.plain_tip(f"写进说明：{said.rstrip('。')}。"))
                button.clicked.connect(self._put_in)
                button.ensurePolished()
                self.phrases.append(button)
                used += button.sizeHint().width() + 2
                if used > _ROOM and len(self.phrases) > 1:
                    row.addStretch(1)
                    whole.addLayout(row)
                    row, used = QHBoxLayout(), start + button.sizeHint().width()
                    row.setSpacing(2)
                    row.addSpacing(start)
                row.addWidget(button)
            row.addStretch(1)
            whole.addLayout(row)
        self.setFocusProxy(self.edit)
        self._typed()

    @property
    def reason(self) -> str:
        """What it says, "" while that is too short or too long to be kept."""
        try:
            return parse_reason(self.edit.toPlainText())
        except EntryError:
            return ""

    def _typed(self) -> None:
        length = len(" ".join(self.edit.toPlainText().split()))
        self._count.setText(f"{length} / {LONGEST_REASON} 字")
        theme.restyle(self._count, tone="errtext" if length > LONGEST_REASON else "text2")
        self.changed.emit()

    def _put_in(self) -> None:
        self.edit.insertPlainText(self.sender().property("said"))
        self.edit.setFocus()

    def _save(self) -> None:
        if self.reason:
            self.saved.emit()


class _ReasonDialog(Dialog):
    """A dialog with a box for a reason; its button waits until there is one."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        heading: str,
        said: Sequence[str],
        box: ReasonBox,
        verb: str,
        below: str = "",
    ) -> None:
        choices = (CANCEL, Choice("take", verb, primary=True))
        super().__init__(parent, title, heading, choices=choices, width=34)
        self.say(*said)
        self.box = box
        self.body.addWidget(box)
        self.say(below)
        box.changed.connect(self._look)
        box.saved.connect(self._take)
        box.left.connect(self.reject)
        self._look()
        box.setFocus()

    def _look(self) -> None:
        self.buttons["take"].setEnabled(bool(self.box.reason))

    def _take(self) -> None:
        self.answer = "take"
        self.accept()


def ask_reason(
    parent: QWidget | None, title: str, heading: str, said: Sequence[str], verb: str
) -> str | None:
    """Why something is to be done; None if it is not."""
    dialog = _ReasonDialog(parent, title, heading, said, ReasonBox("原因"), verb)
    return dialog.box.reason if dialog.run() == "take" else None


def ask_explanation(parent: QWidget | None, session: Session, finding: Finding) -> bool:
    """「核实无误…」: why a finding stands, asked where the clerk is and kept with its values; whether it was."""
    before = finding.explanation.reason if finding.explanation is not None else ""
    said = (what_changed(finding), f"原来的说明：{before}") if finding.is_reopened else ()
    box = ReasonBox("核实说明", phrases(finding.rule), before)
    dialog = _ReasonDialog(
        parent, "核实说明", finding.message, said, box, "保存说明", f"{kept_with(finding)}Ctrl+Enter 保存。"
    )
    return dialog.run() == "take" and session.explain(finding, dialog.box.reason)


def ask_to_close(parent: QWidget | None, rule: Rule, lines: int, *, everywhere: bool) -> str | None:
    """Why a rule is not to be checked, in this report or in all; None if it is."""
    many = f"的 {lines} 条" if lines > 1 else "这一条"
    where = "所有年报" if everywhere else "这份年报"
    verb = "以后都不检查" if everywhere else "关闭这一条"
    said = (
        f"在{where}里不再检查 {rule.code} {many}，检查项目里仍列出，并写明原因。",
        "随时可以重新检查。",
    )
    return ask_reason(parent, verb, f"不检查“{rule.title}”？", said, verb)
