"""「打开」 and 「打开文件夹」 in the status bar, behind the sentence that says which files were written.

Knows the buttons and how long they stay; opening is `look.opening`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from gxeditor.ui.look import opening, theme

STAYS = 60_000
"""Milliseconds for which the files are offered: time to read the sentence and reach for the mouse."""


class Written(QWidget):
    """Shown for the files that were written last. `told` carries why one of them could not be opened."""

    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._paths: Sequence[Path] = ()
        self.open, self.folder = QToolButton(), QToolButton()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.setSpacing(4)
        for button, words in ((self.open, "打开"), (self.folder, "打开文件夹")):
            button.setText(words)
            button.setProperty("bare", True)
            button.setProperty("tone", "link")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            layout.addWidget(button)
        self.open.clicked.connect(self._open_first)
        self.folder.clicked.connect(self._show_folder)
        self._timer = QTimer(self, singleShot=True, interval=STAYS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def offer(self, paths: Sequence[Path]) -> None:
        """Offers these files; of several, which one is chosen from a list."""
        self._paths = tuple(paths)
        first = self._paths[0]
        self.open.setAccessibleName(f"打开 {first.name}" if len(paths) == 1 else "打开刚写好的文件")
        self.open.setToolTip(theme.plain_tip(f"用这台电脑上的程序打开“{first.name}”。"))
        self.folder.setToolTip(theme.plain_tip(f"打开文件所在的 {first.parent}。"))
        old, menu = self.open.menu(), None
        if len(self._paths) > 1:
            menu = QMenu(self.open)
            for number, path in enumerate(self._paths):
                action = menu.addAction(theme.plain_action(path.name))
                action.setData(number)
            menu.triggered.connect(lambda action: self._open(self._paths[action.data()]))
        self.open.setMenu(menu)  # type: ignore[arg-type]
        self.open.setPopupMode(
            QToolButton.ToolButtonPopupMode.InstantPopup
            if menu is not None
            else QToolButton.ToolButtonPopupMode.DelayedPopup
        )
        if old is not None:
            old.deleteLater()
        self._timer.start()
        self.show()

    def _open_first(self) -> None:
        if len(self._paths) == 1:
            self._open(self._paths[0])

    def _open(self, path: Path) -> None:
        if trouble := opening.open_file(path):
            self.told.emit(trouble)

    def _show_folder(self) -> None:
        if self._paths and (trouble := opening.show_in_folder(self._paths[0])):
            self.told.emit(trouble)
