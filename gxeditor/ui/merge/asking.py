"""What the page of a merging asks: a paragraph that neither side has, and which saved state both began with.

Knows the dialogs, and nothing of conflicts or files.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog

_AROUND = 12  # logical pixels above and below the line of an item


class _OwnWords(Dialog):
    """A paragraph that neither side has."""

    def __init__(self, parent: QWidget, place: str, text: str) -> None:
        choices = (CANCEL, Choice("take", "用这一段", primary=True))
        super().__init__(parent, "自己改写", place, choices=choices, width=40)
        self.edit = QPlainTextEdit(text)
        self.edit.setTabChangesFocus(True)
        self.edit.setAccessibleName("改写的文字")
        self.edit.setToolTip("这一段写成什么；分几行就是几段。")
        self.edit.setMinimumHeight(160)
        self.body.addWidget(self.edit)
        self.edit.setFocus()


def ask_words(parent: QWidget, place: str, text: str) -> str | None:
    """The words of a paragraph, None if it stays as it was."""
    box = _OwnWords(parent, place, text)
    return box.edit.toPlainText() if box.run() == "take" else None


class _Bases(Dialog):
    """The states of our file that were saved lately; another file may be chosen instead."""

    def __init__(self, parent: QWidget, states: Sequence[str]) -> None:
        choices = (
            CANCEL,
            Choice("file", "从文件选…", tip="原稿在别的文件里时，比如当时发给对方的那一份。"),
            Choice("take", "用这一份", primary=True),
        )
        super().__init__(parent, "选原稿", "两份都是从哪一次保存的内容改来的？", choices=choices, width=36)
        self.say(
            "选发给对方、或从对方拿到时的那一次。只有一边改过的不用再选；选错了，会把一边的旧内容当成没有改过。"
        )
        self.list = QListWidget()
        self.list.setAccessibleName("保存过的版本")
        self.list.setToolTip("本机这一份近几天各次保存的内容，新的在上。")
        for words in states:
            item = QListWidgetItem(words)
            item.setSizeHint(QSize(0, QFontMetrics(theme.font()).lineSpacing() + _AROUND))
            item.setToolTip(theme.plain_tip(words))
            self.list.addItem(item)
        self.list.setMinimumHeight(140)
        self.list.itemActivated.connect(self._take)
        self.body.addWidget(self.list)
        self.buttons["take"].setEnabled(False)  # nothing is chosen beforehand
        self.list.itemSelectionChanged.connect(lambda: self.buttons["take"].setEnabled(True))
        self.list.setFocus()

    def _take(self) -> None:
        self.answer = "take"
        self.accept()


def ask_base(parent: QWidget, states: Sequence[str]) -> int | None:
    """Which of the states both began with, by its number; the number behind the last for a file, None for none."""
    box = _Bases(parent, states)
    answer = box.run()
    if answer == "file":
        return len(states)
    return box.list.currentRow() if answer == "take" and box.list.selectedItems() else None
