"""Tabs with badges."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.ui.look.tabs import BadgedTabs


def test_a_badge_takes_its_room_and_gives_it_back(qtbot: QtBot) -> None:
    tabs = BadgedTabs(["单位", "检查"])
    qtbot.addWidget(tabs)
    tabs.show()
    bare = tabs.tabRect(1).width()
    assert tabs.show_badges(1, ((Severity.ERROR, 3), (Severity.QUERY, 0)))
    one = tabs.tabRect(1).width()
    assert tabs.show_badges(1, ((Severity.ERROR, 3), (None, 12)))
    assert tabs.tabRect(1).width() > one > bare
    assert not tabs.show_badges(1, ((Severity.ERROR, 3), (None, 12))), "nothing is other than before"
    assert not tabs.grab().isNull()
    tabs.show_badges(1, ())
    assert tabs.tabRect(1).width() == bare
