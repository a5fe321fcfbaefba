"""The commands of the window: their keys, and which of them need a report."""

from __future__ import annotations

import re

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gxeditor.ui.shell.actions import Actions


def test_a_command_belongs_to_the_window_and_its_tip_names_its_key(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    acts = Actions(window)
    named = [action for action in vars(acts).values() if isinstance(action, QAction)]
    assert window.actions() == named
    assert acts.save.toolTip().endswith("（Ctrl+S）。")


def test_each_tip_says_what_the_command_does_in_a_sentence_and_not_its_name_again(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    for action in window_actions(window):
        name = re.sub(r"\(&\w\)|…", "", action.text())
        tip = action.toolTip()
        said = re.sub("（[^）]*）。$|。$", "", tip)
        assert tip.endswith("。"), name
        assert said not in (name, action.iconText().strip()), name
        assert len(said) >= len(name) + 2, f"{name}: {tip}"


def window_actions(window: QMainWindow) -> list[QAction]:
    Actions(window)
    return window.actions()


def test_what_opens_a_report_does_not_need_one(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    acts = Actions(window)
    free = {acts.new, acts.from_prior, acts.open, acts.import_, acts.quit, acts.blank_template, acts.about}
    assert not free & set(acts.for_report)
    assert {acts.save, acts.export, acts.template} <= set(acts.for_report)
    assert set(acts.for_table) <= set(acts.for_report)


def test_what_stands_only_in_menus_gets_its_icon_later(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    acts = Actions(window)
    assert not acts.save.icon().isNull()
    assert acts.new.icon().isNull()
    acts.dress()
    assert not acts.new.icon().isNull()
