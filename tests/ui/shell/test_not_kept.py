"""That edits are not kept is said with the ways out, for as long as it lasts."""

from __future__ import annotations

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from gxeditor.core.errors import NotWritten
from gxeditor.ui.shell.not_kept import WORDS, NotKept

TROUBLE = NotWritten("刚才的修改没有写进恢复记录。", "可以继续编辑。", "请现在保存一次。")


def test_it_is_there_only_while_something_keeps_edits_from_the_journal(qtbot: QtBot) -> None:
    save, save_as = QAction("保存"), QAction("另存为")
    shown = NotKept(save, save_as)
    qtbot.addWidget(shown)
    assert shown.isHidden()
    shown.show_state(TROUBLE)
    assert not shown.isHidden()
    assert (shown.text(), shown.accessibleName()) == (WORDS, WORDS)
    assert "请现在保存一次" in shown.toolTip()
    assert shown.menu().actions() == [save, save_as]
    shown.show_state(None)
    assert shown.isHidden()
