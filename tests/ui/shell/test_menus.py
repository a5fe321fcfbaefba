"""Menu bar and toolbar: what stands where, under which key, and that nothing is there twice by accident."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from gxeditor.app import build
from gxeditor.settings import Folders
from gxeditor.ui.shell.window import MainWindow


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
    yield window
    window.close()
    window.deleteLater()


def words(action: QAction) -> str:
    return re.split(r"[(（\t…]", action.text())[0].strip()


def menus(window: MainWindow) -> dict[str, list[str]]:
    """The entries of each menu; "" is a separator."""
    found = {}
    for top in window.menuBar().actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        found[words(top)] = [words(action) for action in menu.actions()]
    return found


def test_what_leaves_the_program_stands_together_in_the_file_menu(window: MainWindow) -> None:
    file = menus(window)["文件"]
    assert file[3] == "最近打开"
    start = file.index("导入")
    assert file[start : start + 7] == ["导入", "导出", "填 Excel 模板", "", "预览", "版式", "打印"]


def test_the_view_menu_begins_with_row_height_and_colours(window: MainWindow) -> None:
    assert menus(window)["查看"][:3] == ["行高", "配色", ""]


def test_no_two_actions_share_a_key_and_no_two_entries_a_letter(window: MainWindow) -> None:
    keys = Counter(key.toString() for action in window.actions() for key in action.shortcuts())
    assert [key for key, count in keys.items() if count > 1] == []
    for top in window.menuBar().actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        letters = Counter(m[1] for a in menu.actions() if (m := re.search("&(.)", a.text())))
        assert [letter for letter, count in letters.items() if count > 1] == [], top.text()


def test_preview_and_print_have_the_keys_of_office_programs(window: MainWindow) -> None:
    assert [key.toString() for key in window.acts.preview.shortcuts()] == ["Ctrl+Shift+P", "Ctrl+F2"]
    assert window.acts.print.shortcut().toString() == "Ctrl+P"
    assert window.acts.preview in window.menus.toolbar.actions()


def test_every_entry_of_a_menu_says_in_a_sentence_what_it_does(window: MainWindow) -> None:
    def look(menu: QMenu) -> None:
        assert menu.toolTipsVisible(), menu.title()
        for action in menu.actions():
            inner = action.menu()
            if isinstance(inner, QMenu):
                if inner is not window.menus.recent:  # the tips of these are their paths
                    look(inner)
            elif not action.isSeparator():
                assert action.toolTip().endswith("。"), action.text()
                assert action.toolTip().rstrip("。") != words(action)

    bar = window.menuBar().actions()
    for top in bar:
        menu = top.menu()
        assert isinstance(menu, QMenu)
        look(menu)
    assert "行高" in window.menus.density_button.toolTip()
    assert "行高" in window.menus.densities.actions()[0].toolTip()
