"""「恢复上一版本」: the states in which the file was saved, what differs from now, and which of them is wanted.

Knows which states there are to choose from (`.gxr~` beside the file, and those of the last days), how they are listed,
and that nothing is chosen unseen. Taking one back is the session's, opening a copy the files'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.report import Report
from gxeditor.files.digest import sha256
from gxeditor.files.limits import OWN_FILE
from gxeditor.files.reading import read_bytes
from gxeditor.resources import load_form
from gxeditor.store.report_file import kept_path, parse, read_report
from gxeditor.store.saved_states import SavedState
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog, Document, em, sentence
from gxeditor.ui.shell.differences import told
from gxeditor.ui.shell.undo_rows import clock_of

_HEAD = ("", "现在", "恢复以后")
_LIST = 15  # full-width characters: a date and a time, or the name of the previous version
_AROUND = 18  # logical pixels above and below the lines of an item
_LINES = 20  # of the table of differences


class Version(NamedTuple):
    """A state to choose: when it was saved (「1 月 8 日 14:22」), what else is to be said, and how its report is read.

    `load` raises `GxError` for what cannot be read.
    """

    clock: str
    aside: str
    load: Callable[[], Report]

    @property
    def name(self) -> str:
        """What it is called in a sentence and as a step."""
        gap = " " if self.clock[-1:].isascii() else ""
        return f"{self.clock}{gap}保存的版本"


def kept(path: Path | None, states: Sequence[SavedState]) -> tuple[Version, ...]:
    """What there is of the file at `path`, the previous version first; reads that, so not on the window's thread."""
    now = datetime.now()
    beside = _beside(path) if path is not None else None
    mark = beside[0] if beside is not None else ""
    found = [
        Version(
            clock_of(state.when, now),
            f"上一版本（{kept_path(path).name}）" if path is not None and state.sha256 == mark
            else "最近一次保存" if not place else "",
            lambda file=state.file: read_report(file, load_form).report,  # type: ignore[misc]
        )
        for place, state in enumerate(states)
    ]  # fmt: skip
    if path is not None and beside is not None and mark not in {state.sha256 for state in states}:
        found.insert(0, Version("上一次", f"上一版本（{kept_path(path).name}）", beside[1]))
    return tuple(found)


def _beside(path: Path) -> tuple[str, Callable[[], Report]] | None:
    """The beginning of the sha256 of the previous version beside a file, and its report; None if there is none."""
    try:
        data = read_bytes(kept_path(path), OWN_FILE)
    except OSError:
        return None
    return sha256(data).hexdigest()[:12], lambda: parse(data, load_form)


def ask_version(
    parent: QWidget | None, present: Report, versions: Sequence[Version]
) -> tuple[Literal["restore", "copy"], Version, Report] | None:
    """Which state is wanted in place of the present report, or as a copy; None for none."""
    dialog = _Versions(parent, present, versions)
    answer = dialog.run()
    if answer == "cancel" or dialog.report is None:
        return None
    return ("copy" if answer == "copy" else "restore"), dialog.version, dialog.report


class _Versions(Dialog):
    """The states at the left, what differs from now at the right."""

    def __init__(self, parent: QWidget | None, present: Report, versions: Sequence[Version]) -> None:
        copy = Choice("copy", "打开副本", tip="在另一个窗口里看这个版本，只看不改；要改，另存为一个新文件。")
        choices = [CANCEL, copy, Choice("restore", "恢复", primary=True)]
        super().__init__(
            parent, "恢复上一版本", "选一个保存过的版本，看它与现在有什么不同。", choices=choices, width=56
        )
        self.say("恢复是一步修改，可以撤销；保存以后才写进文件。")
        self._present, self._versions = present, versions
        self.report: Report | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("保存过的版本")
        self.list.setFixedWidth(_LIST * em())
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line = QFontMetrics(theme.font()).lineSpacing()
        for version in versions:
            words = f"{version.clock}\n{version.aside}" if version.aside else version.clock
            item = QListWidgetItem(words)
            # Before it is shown, the list would measure the first of them without the style's room around it.
            item.setSizeHint(QSize(0, (1 + bool(version.aside)) * line + _AROUND))
            item.setToolTip(theme.plain_tip(words))
            self.list.addItem(item)
        self.count = sentence("", weight=600)
        self.table = Document("", "与现在的不同", width=44, most=_LINES, rest=300)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self.count)
        right.addWidget(self.table, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(self.list)
        columns.addLayout(right, 1)
        self.body.addLayout(columns, 1)
        room = self.screen().availableGeometry().height() - 300
        self.table.setMinimumHeight(max(6 * line, min(_LINES * line, room)))
        self.list.currentRowChanged.connect(self._show)
        former = next((i for i, one in enumerate(versions) if one.aside.startswith("上一版本")), 0)
        self.list.setCurrentRow(former)
        self.list.setFocus()

    @property
    def version(self) -> Version:
        """The chosen state."""
        return self._versions[self.list.currentRow()]

    def _show(self, _row: int) -> None:
        self.report = None
        words, table = "", ""
        try:
            report = self.version.load()
        except GxError as error:
            what = error.what.rstrip("。")
            words = what if "读不出来" in what else f"这个版本读不出来：{what}"
        else:
            self.report = report
            if report.edition != self._present.edition:
                words = "这个版本用的是另一版格式，只能打开副本"
            else:
                count, table = told(self._present, report, _HEAD)
                words, table = (f"与现在有 {count} 处不同", table) if count else ("与现在没有差别", "")
        held = "；已定稿，要恢复请先重新打开年报" if self._present.is_final else ""
        self.count.setText(f"{words}{held}。")
        self.table.setHtml(table)
        self.buttons["restore"].setEnabled(bool(table) and not held)
        self.buttons["copy"].setEnabled(self.report is not None)
