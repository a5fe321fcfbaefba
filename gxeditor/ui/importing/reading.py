"""The wait for a foreign file that the child process reads, and what is said when it could not be read.

Knows how far a reading is shown, that the newest wish counts, and the wording of a failure with its ways out. Reads
nothing itself and keeps nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QWidget

from gxeditor.core.errors import GxError
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.tasks import Task, in_child
from gxeditor.worker import SECONDS, Step

R = TypeVar("R")

_MOMENT = 400  # milliseconds; most files are read by then
_WIDTH = 440  # pixels at 100 %
_LINES = 4  # steps shown at a time, the latest; the dialog does not grow under the mouse
_DONE, _NOW = "✓", "›"

_under_way: Task | None = None


class Reading(dialog.Progress):
    """What is read and what it is, its parts with counts, the time, and 「取消」."""

    def __init__(self, parent: QWidget | None, name: str, task: Task, *, has_report: bool) -> None:
        super().__init__(parent, f"正在读 {name}", task)
        self.heading.setText(f"正在读 {name}")
        self.setMinimumWidth(_WIDTH)
        self._has_report = has_report
        self._steps: dict[str, Step] = {}
        self.kind = dialog.sentence(" ", tone="text2")
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 16)
        grid.setColumnStretch(1, 1)
        self.lines = [
            (theme.label(" "), theme.label(" "), theme.label(" ", tone="text2")) for _ in range(_LINES)
        ]
        for row, line in enumerate(self.lines):
            for column, words in enumerate(line):
                grid.addWidget(words, row, column)
            line[-1].setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body.removeWidget(self.step)
        self.step.deleteLater()
        self.body.insertWidget(1, self.kind)
        self.body.insertLayout(2, grid)
        self.time = theme.label(tone="text2")
        self._foot.insertWidget(0, self.time)
        self._since = QElapsedTimer()
        self._since.start()
        clock = QTimer(self, interval=250)
        clock.timeout.connect(self._tick)
        clock.start()
        self._tick()
        task.heard.connect(self._heard)

    def _tick(self) -> None:
        used = min(self._since.elapsed() // 1000, int(SECONDS))
        kept = "当前年报不会变。" if self._has_report else ""
        self.time.setText(f"已用 {used} 秒，最多 {SECONDS:g} 秒。{kept}")

    def _heard(self, told: str | Step) -> None:
        if isinstance(told, str):
            self.kind.setText(told or " ")
            return
        self._steps[told.part] = told
        shown = list(self._steps.values())[-_LINES:]
        for (mark, part, count), step in zip(self.lines, shown, strict=False):
            ended = bool(step.of) and step.done >= step.of
            mark.setText(_DONE if ended else _NOW)
            part.setText(step.part)
            part.setFont(theme.font(9, 400 if ended else 600))
            count.setText(_counted(step, ended))
        self.bar.setRange(0, told.of)
        self.bar.setValue(told.done)


def _counted(step: Step, ended: bool) -> str:
    if not step.unit or not step.of:
        return f"{step.done} {step.unit}" if step.unit and step.done else " "
    return f"{step.of} {step.unit}" if ended else f"{step.done} / {step.of} {step.unit}"


def wait_for_child(
    parent: QWidget | None,
    path: Path,
    function: Callable[..., R],
    *arguments: object,
    has_report: bool,
    **how: object,
) -> R | None:
    """The result of a call in the child process about a file, the window living meanwhile.

    None if it was cancelled, by the clerk or by a newer call of this, or broke off by a bug, which has been reported.
    Raises the `GxError` that the call ended with.
    """
    global _under_way
    if _under_way is not None:
        _under_way.cancel()
    results: list[R] = []
    troubles: list[GxError] = []
    task = _under_way = in_child(function, *arguments, **how)
    task.done.connect(results.append)
    task.failed.connect(troubles.append)
    try:
        dialog.wait_with(Reading(parent, path.name, task, has_report=has_report), task, _MOMENT)
    finally:
        if _under_way is task:
            _under_way = None
    if troubles:
        raise troubles[0]
    return results[0] if results else None


_SENTENCE = re.compile(r"[^。；]+[。；]?[”’」）]*")


def ask_failed(parent: QWidget | None, error: GxError, *, has_report: bool) -> bool:
    """A foreign file could not be read: what happened and what can be done; whether another file is to be chosen."""
    heading = "没有读成，当前年报没有变" if has_report else "没有读成"
    choices = (dialog.Choice("cancel", "关闭"), dialog.Choice("another", "换一个文件…", primary=True))
    copied = ("复制这段说明", f"{heading}。{error}")
    asked = dialog.Dialog(parent, "没有读成", heading, choices=choices, copied=copied)
    asked.setMinimumWidth(_WIDTH)
    meaning = "" if has_report or error.meaning == "当前年报没有变。" else error.meaning
    asked.say(f"{error.what}{meaning}", tone="text")
    ways = [way.strip().rstrip("；") for way in _SENTENCE.findall(error.remedy)]
    if ways:
        asked.body.addWidget(dialog.sentence("可以这样做", weight=600))
    for way in ways:
        asked.body.addWidget(dialog.sentence(f"· {way}{'' if way.endswith(('。', '”')) else '。'}"))
    return asked.run() == "another"
