"""「修改没有自动保留」 in the status bar: there for as long as edits do not reach the journal.

Knows the words and the ways out, which are saving and saving elsewhere. Does not know what a journal is.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from gxeditor.core.errors import NotWritten
from gxeditor.ui.look import theme

WORDS = "修改没有自动保留"


class NotKept(QToolButton):
    """A button with the ways out; shown only while there is an error."""

    def __init__(self, save: QAction, save_as: QAction) -> None:
        super().__init__()
        theme.set_icon(self, "mark-error", "err")
        self.setText(WORDS)
        self.setProperty("bare", True)
        self.setProperty("tone", "errtext")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(WORDS)
        self.setToolTip("自动保留写不成，请先保存，或另存到别的盘。")
        menu = QMenu(self)
        menu.addActions([save, save_as])
        self.setMenu(menu)
        self.hide()

    def show_state(self, error: NotWritten | None) -> None:
        """Shows what keeps edits from being kept, or goes."""
        if error is not None:
            self.setToolTip(theme.plain_tip(str(error)))
            self.setAccessibleDescription(str(error))
        self.setVisible(error is not None)
