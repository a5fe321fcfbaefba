"""The wait for a foreign file that the child process reads, what is asked about it, and what is said of a failure.

Knows how far a reading is shown, that the newest wish counts, which report of a file with several years or units is
meant, and the wording of a failure with its ways out. Reads nothing itself and keeps nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLineEdit, QListWidget, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.tasks import Task, in_child
from gxeditor.worker import SECONDS, Step

if TYPE_CHECKING:
    from gxeditor.imports.doors import Which
    from gxeditor.imports.recognize.report import Imported

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


def read_which(
    parent: QWidget | None, path: Path, form: Form, which: Which, *, has_report: bool
) -> Imported | None:
    """What a foreign file holds; None if it was given up. Raises the `GxError` of the reading."""
    from gxeditor.documents import reading as how
    from gxeditor.imports import doors

    return wait_for_child(
        parent, path, doors.import_report, path, form, which, has_report=has_report, **how(path)
    )


def read_one(
    parent: QWidget | None, path: Path, form: Form, likely: Which, *, has_report: bool, reviewed: bool
) -> tuple[Imported, Which] | None:
    """The same of the year and unit that are meant, about which the clerk is asked, and which they are.

    `likely` has those that are probably meant. Where a review follows (`reviewed`) the unit is asked about with it as
    first choice, and the year can be chosen there. Else a file that has the likely ones gives them without a question.
    """
    from gxeditor.imports.source import ManyUnits

    which = likely._replace(unit="")
    try:
        imported = read_which(parent, path, form, which, has_report=has_report)
    except ManyUnits as error:
        if not error.units:
            raise
        unit = next((one for one in error.units if _same_name(one, likely.unit)), "")
        chosen = unit if unit and not reviewed else ask_unit(parent, path.name, error.units, unit)
        if chosen is None:
            return None
        which = which._replace(unit=chosen)
        imported = read_which(parent, path, form, which, has_report=has_report)
    if imported is None:
        return None
    years, present = imported.source.years, imported.report.year
    if len(years) > 1 and not reviewed and likely.year not in years:
        year = ask_year(parent, path.name, years, present)
        if year is None:
            return None
        which = which._replace(year=year)
        if year != present:
            imported = read_which(parent, path, form, which, has_report=has_report)
    return None if imported is None else (imported, which)


def _same_name(one: str, other: str) -> bool:
    return bool(other.strip()) and "".join(one.split()) == "".join(other.split())


class _OneOf(dialog.Dialog):
    """One line of a list; a long list is narrowed by typing part of a line."""

    def __init__(
        self, parent: QWidget | None, title: str, heading: str, lines: Sequence[str], first: str
    ) -> None:
        choices = (dialog.CANCEL, dialog.Choice("read", "读入", primary=True))
        super().__init__(parent, title, heading, choices=choices)
        self.setMinimumWidth(_WIDTH)
        self.sought = QLineEdit()
        self.sought.setPlaceholderText("输入名称的一部分，查找")
        self.sought.setAccessibleName("查找")
        self.sought.setVisible(len(lines) > _AT_A_GLANCE)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.addItems(list(lines))
        self.list.setUniformItemSizes(True)
        self.none = dialog.sentence("没有含这几个字的名称。", tone="text2")
        self.none.hide()
        line = self.list.sizeHintForRow(0)
        self.list.setFixedHeight(min(len(lines), _AT_A_GLANCE) * line + 4)
        for widget in (self.sought, self.list, self.none):
            self.body.addWidget(widget)
        self.list.setCurrentRow(lines.index(first) if first in lines else 0)
        self.list.itemActivated.connect(self.buttons["read"].click)
        self.list.currentRowChanged.connect(self._renew)
        self.sought.textChanged.connect(self._narrow)
        self.sought.installEventFilter(self)
        self.setTabOrder(self.sought, self.list)
        (self.sought if len(lines) > _AT_A_GLANCE else self.list).setFocus()

    def _narrow(self, sought: str) -> None:
        wanted = "".join(sought.split())
        rows = range(self.list.count())
        for row in rows:
            item = self.list.item(row)
            item.setHidden(wanted not in "".join(item.text().split()))
        shown = [row for row in rows if not self.list.item(row).isHidden()]
        if self.list.currentRow() not in shown:
            self.list.setCurrentRow(shown[0] if shown else -1)
        self.none.setVisible(not shown)
        self._renew()

    def _renew(self) -> None:
        self.buttons["read"].setEnabled(self.list.currentItem() is not None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows go through the list while one types what is sought."""
        if (
            watched is self.sought
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        ):
            QApplication.sendEvent(self.list, event)
            return True
        return super().eventFilter(watched, event)

    def chosen(self) -> str | None:
        return item.text() if self.run() == "read" and (item := self.list.currentItem()) is not None else None


_AT_A_GLANCE = 8  # lines shown at once; what has more can be searched


def ask_year(parent: QWidget | None, name: str, years: Sequence[int], likely: int | None) -> int | None:
    """Which year of a file is to be read, None if none; `likely` is the first choice."""
    latest = sorted(years, reverse=True)
    words = "、".join(map(str, sorted(years)[:-1])) + f" 和 {latest[0]}"
    counted = {2: "两", 3: "三"}.get(len(years), f" {len(years)} ")
    heading = f"这个文件里有 {words} {counted}年，读哪一年？"
    lines = [f"{year} 年" for year in latest]
    asked = _OneOf(parent, f"读哪一年：{name}", heading, lines, f"{likely} 年")
    asked.say("一次读一年；别的年份可以再读一次这个文件。")
    chosen = asked.chosen()
    return None if chosen is None else latest[lines.index(chosen)]


def ask_unit(parent: QWidget | None, name: str, units: Sequence[str], likely: str) -> str | None:
    """Which unit of a file is to be read, None if none; `likely` is the first choice, "" if none is."""
    heading = f"这张汇总表里有 {len(units)} 个单位，读哪一个？"
    asked = _OneOf(parent, f"读哪一个单位：{name}", heading, units, likely)
    return asked.chosen()


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
