"""A dialog: its form, the questions and messages that every room has, and waiting for long work.

Knows the wording (buttons are verbs, the one that names the result is last, Esc chooses nothing), how long
content scrolls instead of growing past the screen, and when waiting is shown. Each function shows one dialog and
returns what was chosen as a plain value. Knows no report, no file format, and not who asks.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.errors import GxError
from gxeditor.ui.look import theme
from gxeditor.ui.look.tasks import Task, Work

R = TypeVar("R")
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: the value it stands for and its word; `primary` is what Enter chooses.

    `tip` says what comes of it where the words of the dialog do not. `letter` chooses it, with Alt or without; "" takes
    the first letter of the key that no other choice has.
    """

    key: str
    text: str
    primary: bool = False
    tip: str = ""
    letter: str = ""


CANCEL = Choice("cancel", "取消")
CLOSE = Choice("cancel", "关闭", primary=True)


_BY_ESC = "cancel"  # Esc is its key, as in Word; where it says no in words of its own N is as well
_USUAL = {"discard": "N"}  # Word's letters for the question before closing: 保存(S) 不保存(N)


def _letters(choices: Sequence[Choice]) -> dict[str, str]:
    """The letter of each choice by its key, "" for 取消 and 关闭."""
    letters = {one.key: one.letter for one in choices if one.letter}
    for one in choices:
        if one.key == _BY_ESC and one.text in (CANCEL.text, CLOSE.text):
            letters[one.key] = ""
        if one.key in letters:
            continue
        wanted = ["N"] if one.key == _BY_ESC else [_USUAL.get(one.key, ""), *one.key.upper()]
        free = (w for w in [*wanted, *"NABCDEFGH"] if w.isalpha() and w not in letters.values())
        letters[one.key] = next(free)
    return letters


def with_letter(text: str, letter: str) -> str:
    """A button's word with its letter, as in menus: 另存为(&A)…"""
    if not letter:
        return text
    return f"{text[:-1]}(&{letter})…" if text.endswith("…") else f"{text}(&{letter})"


def em() -> int:
    """The width of a full-width character in the interface face."""
    return QFontMetrics(theme.font()).horizontalAdvance("国")


def sentence(text: str, points: float = 9, weight: int = 400, tone: str = "text") -> QLabel:
    """Words that wrap and can be selected and copied."""
    label = theme.Label(text)
    label.setFont(theme.font(points, weight))
    label.setProperty("tone", tone)
    label.setTextInteractionFlags(_SELECTABLE)
    label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    label.setWordWrap(True)
    return label


def _tip(choice: Choice) -> str:
    if choice.key == _BY_ESC:
        return "什么也不改，回到年报；Esc 也可以。"
    return "按上面说的做；Enter 也可以。" if choice.primary else "按上面说的做。"


@runtime_checkable
class _Helpful(Protocol):
    """A window that shows the manual above a dialog."""

    def help_above(self, asked: QWidget) -> None: ...


class Dialog(QDialog):
    """A heading, a body and a foot of buttons; `answer` is the key of the button that was pressed."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        heading: str,
        *,
        choices: Sequence[Choice] = (CLOSE,),
        copied: tuple[str, str] | None = None,
        width: int = 36,
    ) -> None:
        """`copied` is the word and the text of a link that copies; `width` is in full-width characters."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(heading)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.answer = "cancel"
        self._copied = copied[1] if copied else ""
        self.body = QVBoxLayout()
        self.body.setContentsMargins(20, 18, 20, 18)
        self.body.setSpacing(8)
        self.heading = sentence(heading, 10.5, 600)
        self.heading.setMinimumWidth(min(width * em(), self.screen().availableGeometry().width() - 80))
        self.body.addWidget(self.heading)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(20, 10, 20, 10)
        self._foot.setSpacing(8)
        if copied:
            copy = QPushButton(copied[0])
            copy.setToolTip("把这段话放进剪贴板，可以粘贴到微信、QQ 里问人。")
            copy.setProperty("link", True)
            copy.setAutoDefault(False)
            copy.clicked.connect(self._copy)
            self._foot.addWidget(copy)
        self._foot.addStretch(1)
        self._by_letter: dict[str, QPushButton] = {}
        letters = _letters(choices)
        self.buttons = {choice.key: self._button(choice, letters[choice.key]) for choice in choices}
        foot = QFrame()
        foot.setProperty("ground", "window")
        foot.setProperty("edge", "top")
        foot.setLayout(self._foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self.body, 1)
        whole.addWidget(foot)
        for choice in choices:
            if choice.primary:
                self.buttons[choice.key].setFocus()

    def _button(self, choice: Choice, letter: str) -> QPushButton:
        button = QPushButton(with_letter(choice.text, letter))
        button.setAccessibleName(choice.text)
        button.setToolTip(theme.plain_tip(choice.tip or _tip(choice)))
        if letter:
            self._by_letter[letter] = button
        button.setProperty("answer", choice.key)
        button.ensurePolished()
        button.setMinimumWidth(max(5 * em() + 16, button.sizeHint().width()))
        button.clicked.connect(self._pressed)
        button.setAutoDefault(False)
        if choice.primary:
            button.setProperty("primary", True)
            button.setDefault(True)
        self._foot.addWidget(button)
        return button

    def say(self, *sentences: str, tone: str = "text2") -> None:
        """Adds sentences to the body; empty ones are left out."""
        for words in sentences:
            if words:
                self.body.addWidget(sentence(words, tone=tone))

    def run(self) -> str:
        """Shows the dialog until a button is pressed; its key, or "cancel"."""
        # Qt's own first size forgets that wrapped sentences need height, and stops at two thirds of the screen.
        layout = self.layout()
        if layout is not None:
            self.resize(layout.totalSizeHint().boundedTo(self.screen().availableGeometry().size()))
        self.exec()
        self.deleteLater()
        return self.answer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter presses its button without Alt as well; a field that is typed in takes its letters before.

        F1 asks for the manual.
        """
        button = self._by_letter.get(event.text().upper())
        if event.key() == Qt.Key.Key_F1 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._ask_for_help()
        elif (
            button is not None
            and button.isEnabled()
            and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        ):
            button.click()
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """The window behind gets the keys again, if the dialog had them: not every system sees to that."""
        had_keys, behind = self.isActiveWindow(), self.parentWidget()
        super().done(result)
        if had_keys and behind is not None:
            behind.activateWindow()

    def _pressed(self) -> None:
        self.answer = self.sender().property("answer")
        if self.answer == "cancel":
            self.reject()
        else:
            self.accept()

    def _ask_for_help(self) -> None:
        """Asks the window above which it stands for the manual, over whatever dialogs lie between."""
        below = self.parentWidget()
        while below is not None and not isinstance(below.window(), _Helpful):
            below = below.window().parentWidget()
        if below is not None:
            below.window().help_above(self)  # type: ignore[attr-defined]

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)


def ask(
    parent: QWidget | None,
    title: str,
    what: str,
    meaning: str = "",
    remedy: str = "",
    choices: Sequence[Choice] = (CLOSE,),
    *,
    copied: tuple[str, str] | None = None,
) -> str:
    """What happened, what it means for the data, what to do; the key of the choice, "cancel" for Esc."""
    dialog = Dialog(parent, title, what, choices=choices, copied=copied)
    dialog.say(meaning, remedy)
    return dialog.run()


def ask_less(
    parent: QWidget | None, title: str, heading: str, losses: Sequence[tuple[str, str]], do: Choice
) -> frozenset[str] | None:
    """What of all that would get less is kept, by its key; None if nothing is to be done at all.

    `losses` are keys with a sentence each. All are kept unless their tick is taken away; `do` goes on.
    """
    dialog = Dialog(parent, title, heading, choices=(CANCEL, do), width=40)
    dialog.say("打勾的保留现在的内容；去掉勾的按文件替换，可以撤销。")
    ticks: dict[str, QCheckBox] = {}
    lines = QVBoxLayout()
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(8)
    for key, told in losses:
        tick = ticks[key] = QCheckBox("保留现在的")
        tick.setChecked(True)
        tick.setAccessibleName(f"保留现在的：{told}")
        tick.setToolTip("打勾就不用文件里的替换这一处；去掉勾就替换。")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(tick, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(sentence(told), 1)
        lines.addLayout(row)
    area = _Lines(lines, 40 * em())
    for tick in ticks.values():
        tick.installEventFilter(area)
    dialog.body.addWidget(area, 1)
    if dialog.run() != do.key:
        return None
    return frozenset(key for key, tick in ticks.items() if tick.isChecked())


# ------------------------------------------------------------------------------------------------ long content


class _Lines(QScrollArea):
    """Rows of widgets so wide, which scroll once they are taller than the screen less what stands around them."""

    _AROUND = 220  # logical pixels: title bar, heading and sentence above, buttons below, the task bar

    def __init__(self, lines: QVBoxLayout, width: int) -> None:
        super().__init__()
        inside = QFrame()
        inside.setProperty("ground", "base")
        inside.setLayout(lines)
        self._lines, self._width = lines, width
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(inside)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.ensureWidgetVisible(watched)  # Qt scrolls for Tab within, but not for Tab from outside
        return False

    def sizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        room = self.screen().availableGeometry()
        width = min(self._width, room.width() - 80)
        whole = self._lines.totalHeightForWidth(width)
        if whole <= 0:
            whole = self._lines.totalSizeHint().height()
        most = room.height() - self._AROUND
        if whole <= most:
            return QSize(width, whole)
        return QSize(width + bar, most)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() // 2, self.sizeHint().height())


class Document(QTextBrowser):
    """Text and tables that scroll once they are taller than `most` lines or the screen less `rest` pixels."""

    def __init__(self, content: str, name: str, *, width: int = 44, most: int = 20, rest: int = 180) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.document().setDefaultFont(theme.font())
        self.document().setDocumentMargin(4)
        self.setHtml(content)
        self._width = width * em()
        self._most = most
        self._rest = rest

    def sizeHint(self) -> QSize:
        line = QFontMetrics(theme.font()).lineSpacing()
        screen = self.screen().availableGeometry()
        width = min(self._width, screen.width() - 80)
        self.document().setTextWidth(width - 26)  # frame, margin and, where it scrolls, the bar
        whole = ceil(self.document().size().height()) + 14
        return QSize(width, min(whole, self._most * line, max(4 * line, screen.height() - self._rest)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() // 2, self.sizeHint().height())


def table_html(
    head: Sequence[str], groups: Iterable[tuple[str, Iterable[Sequence[str]]]], widths: Sequence[int]
) -> str:
    """A table with a heading line per group; `widths` in per cent."""
    colors = theme.current().hex
    span = len(widths)
    lines: list[str] = []
    if any(head):
        cells = "".join(
            f'<td width="{width}%" style="color:{colors.text2}; border-bottom:1px solid {colors.line2}">'
            f"{html.escape(text)}</td>"
            for text, width in zip(head, widths, strict=True)
        )
        lines.append(f"<thead><tr>{cells}</tr></thead>")
    for title, rows in groups:
        if title:
            lines.append(
                f'<tr><td colspan="{span}" style="background-color:{colors.head}; color:{colors.headtext}">'
                f"<b>{html.escape(title)}</b></td></tr>"
            )
        for row in rows:
            cells = "".join(
                f'<td width="{width}%" style="border-bottom:1px solid {colors.line}">{lines_html(text)}</td>'
                for text, width in zip(row, widths, strict=True)
            )
            lines.append(f"<tr>{cells}</tr>")
    return (
        '<table width="100%" cellspacing="0" cellpadding="4" style="border-collapse:collapse; border-width:0">'
        f"{''.join(lines)}</table>"
    )


def lines_html(text: str) -> str:
    mark = f'<span style="color:{theme.current().hex.err}">▲</span>'
    return html.escape(text).replace("▲", mark).replace("\n", "<br>")


# ------------------------------------------------------------------------------------------------ in every room


def show_error(parent: QWidget | None, error: GxError) -> None:
    """What went wrong, with a link that copies the words."""
    ask(parent, "没有完成", error.what, error.meaning, error.remedy, copied=("复制这段话", str(error)))


def show_told(parent: QWidget | None, title: str, sentences: Sequence[str]) -> None:
    """What a step filled, a line each."""
    dialog = Dialog(parent, title, title)
    dialog.body.addWidget(Document("".join(f"<p>{lines_html(s)}</p>" for s in sentences), title, width=36))
    dialog.run()


def ask_elsewhere(parent: QWidget | None, error: GxError) -> bool:
    """A file could not be written: what happened, and whether to write it somewhere else."""
    choices = (Choice("cancel", "不写这个文件"), Choice("save_as", "另存为…", primary=True))
    copied = ("复制这段话", str(error))
    return (
        ask(parent, "没有写成", error.what, error.meaning, error.remedy, choices, copied=copied) == "save_as"
    )


# ------------------------------------------------------------------------------------------------ long work


_MOMENT = 300  # milliseconds that pass unnoticed; a dialog for less would only flash


class Progress(Dialog):
    """What is being done, a bar, and the one button that gives it up."""

    def __init__(self, parent: QWidget | None, title: str, task: Task) -> None:
        super().__init__(parent, title, f"{title}…", choices=(CANCEL,), width=24)
        self._task = task
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.body.addWidget(self.bar)
        self.step = sentence(" ", tone="text2")
        self.body.addWidget(self.step)
        task.advanced.connect(self._advanced)
        task.ended.connect(self.accept)

    def _advanced(self, done: int, of: int, what: str) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.step.setText(what or " ")

    def reject(self) -> None:
        """Gives the work up; the dialog stays until that has been noticed, so that nothing overlaps."""
        self._task.cancel()
        self.heading.setText("正在取消…")
        self.buttons["cancel"].setEnabled(False)


def wait_for(parent: QWidget | None, title: str, task: Task) -> None:
    """Waits until a task has ended. `title` says what is being done; after a moment it stands above a bar, beside a
    button that cancels."""
    wait_with(Progress(parent, title, task), task)


def wait_with(progress: Progress, task: Task, moment: int = _MOMENT) -> None:
    """Waits until a task has ended; after `moment` milliseconds the dialog is shown."""
    task.start()
    if not task.wait(moment):
        progress.run()
    else:
        progress.deleteLater()


def run_task(parent: QWidget | None, title: str, function: Callable[[Work], R]) -> R | None:
    """The result of a task that is waited for; None if it was cancelled or failed, which has been shown."""
    results: list[R] = []
    troubles: list[GxError] = []
    task = Task(function)
    task.done.connect(results.append)
    task.failed.connect(troubles.append)
    wait_for(parent, title, task)
    for trouble in troubles:
        show_error(parent, trouble)
    return results[0] if results else None
