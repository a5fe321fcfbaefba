"""What the windows of files that keep themselves have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.errors import GxError
from gxeditor.settings import Settings
from gxeditor.ui.look import dialog
from gxeditor.ui.own_file import OwnFile
from gxeditor.ui.own_window import Bar, OwnWindow, usual_commands


class Program(QObject):
    """What such a window asks of the program; `forgotten` are the windows that were closed."""

    settings_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        self.forgotten: list[object] = []

    def keep_settings(self, **changes: Any) -> None:
        pass

    def open_file(self, path: Path) -> None:
        raise AssertionError(path)

    def ask_open(self, parent: QWidget) -> None:
        raise AssertionError

    def tell_about(self, what: str, parent: QWidget) -> None:
        raise AssertionError(what)

    def forget(self, window: object) -> None:
        self.forgotten.append(window)

    def quit(self) -> None:
        raise AssertionError


class Window(OwnWindow):
    """A window with two pages and nothing else."""

    WHAT, SUFFIX, NOTE = "本子", ".gxt", "只是试试"
    COMMANDS = tuple(
        (name, name, keys, "", "", f"做{name}")
        for name, keys in (
            ("open", "Ctrl+O"), ("save", "Ctrl+S"), ("save_as", ""), ("close", ""), ("quit", ""), ("undo", "Ctrl+Z"),
            ("redo", "Ctrl+Y"), ("back", "Alt+Left"), ("zoom_in", ""), ("zoom_out", ""), ("zoom_100", ""),
            ("help", ""), ("keys", ""), ("about", ""),
        )
    )  # fmt: skip
    MENUS = (("文件", ("open", "save"), ("close",)),)
    TOOLS = (("open", "save"), ("undo", "redo"))
    TABS = (("first", "第一页"), ("second", "第二页"))

    def __init__(self, session: OwnFile[str], program: Program) -> None:
        super().__init__()
        self.session, self.program = session, program
        session.setParent(self)
        self.pages = {"first": QLabel("一"), "second": QLabel("二")}
        self.make_actions({})
        self.fill_menus()
        self.make_toolbar()
        self.make_status()
        self.build(self.pages["first"])
        self.book.addWidget(self.pages["second"])
        self.tabs.currentChanged.connect(self._turned)
        session.changed.connect(self.show_steps)
        session.keeping.connect(self._show_keeping)
        self.show_steps()

    def page(self, tab: str) -> QWidget:
        return self.pages[tab]

    def remember(self) -> None:
        pass


@pytest.fixture
def program(qapp: object) -> Program:
    return Program()


@pytest.fixture
def make(qtbot: QtBot, program: Program, tmp_path: Path) -> Callable[..., Window]:
    def make_it(save: Callable[[str, Path, str | None], str] = lambda *_: "") -> Window:
        session: OwnFile[str] = OwnFile("甲", tmp_path / "一.gxt", None, save, what="本子")
        window = Window(session, program)
        qtbot.addWidget(window)
        window.show()
        return window

    return make_it


def test_commands_have_their_keys_and_tips_and_tabs_their_numbers(make: Callable[..., Window]) -> None:
    window = make()
    assert window.acts["save"].toolTip() == "做save（Ctrl+S）。"
    assert window.acts["tab_second"].shortcut().toString() == "Alt+2"
    window.acts["tab_second"].trigger()
    assert window.book.currentWidget() is window.pages["second"]


def test_undo_names_what_it_takes_back(make: Callable[..., Window]) -> None:
    window = make()
    assert not window.acts["undo"].isEnabled()
    window.session.edit("乙", "改成 & 乙")
    assert window.acts["undo"].text() == "撤销“改成 && 乙”"


def test_a_page_stands_in_place_of_the_tabs_until_it_is_left(make: Callable[..., Window]) -> None:
    window, page = make(), QLabel("上面")
    window.show_over(page)
    assert window.over is page
    window.turn_to("second")
    assert window.over is None


def test_the_way_back_is_named_and_gone_once_it_was_taken(make: Callable[..., Window]) -> None:
    window, gone = make(), []
    window.came_from(lambda: gone.append("回来了"), "第二页")
    assert window.acts["back"].text().startswith("回到第二页")
    window.go_back()
    assert gone == ["回来了"]
    assert not window.acts["back"].isEnabled()


def test_one_that_cannot_be_kept_says_so_and_asks_before_it_is_closed(
    make: Callable[..., Window], program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise GxError("磁盘满了。", "没有写进文件。", "请另存到别处。")

    window = make(full)
    window.session.edit("乙", "改")
    answers = iter(["cancel", "discard"])
    asked: list[str] = []

    def answer(*given: str, **_: object) -> str:
        asked.append(given[2])
        return next(answers)

    monkeypatch.setattr(dialog, "ask", answer)
    assert not window.close()
    assert "磁盘满了" in window.bar.told.text()
    assert window.close()
    assert asked == ["磁盘满了。", "磁盘满了。"]
    assert program.forgotten == [window]


def test_a_bar_goes_only_with_the_sentence_it_says(qtbot: QtBot) -> None:
    bar = Bar()
    qtbot.addWidget(bar)
    bar.show_words("正在显示姓名", (("mask", "遮住"),))
    bar.hide_words("save_as")
    assert bar.isVisible()
    bar.hide_words("mask")
    assert not bar.isVisible()


def test_it_says_when_it_was_kept_and_stands_beside_another(make: Callable[..., Window]) -> None:
    window = make()
    window._is_kept(datetime(2026, 1, 12, 9, 31))
    assert window._kept.text() == "已自动保留 09:31"
    window.stand_beside(False, QPoint(10, 10), QSize(800, 500))
    assert window.size() == QSize(800, 500)


def test_what_was_said_before_comes_back_after_another_sentence(qtbot: QtBot) -> None:
    bar = Bar()
    qtbot.addWidget(bar)
    bar.show_words("没有写进文件", (("save_as", "另存为…"), ("again", "再试一次")))
    bar.show_words("正在显示姓名", (("mask", "遮住"),))
    assert set(bar.buttons) == {"mask"}
    bar.hide_words("mask")
    assert bar.told.text() == "没有写进文件"
    assert set(bar.buttons) == {"save_as", "again"}
    bar.show_words("还是没有写进文件", (("save_as", "另存为…"),))
    bar.hide_words("save_as")
    assert not bar.isVisible()


def test_every_such_window_has_the_usual_commands_called_by_its_file() -> None:
    texts = {one[0]: one for one in usual_commands("本子")}
    assert texts["close"][1] == "关闭本子(&C)"
    assert "把本子写进它的文件" in texts["save"][5]
    keys = [key for one in texts.values() for key in ([one[2]] if isinstance(one[2], str) else one[2]) if key]
    assert len(keys) == len(set(keys))


def test_a_page_over_the_tabs_may_ask_before_it_is_left(make: Callable[..., Window]) -> None:
    class Asking(QLabel):
        stays = True

        def leave(self) -> None:
            if not self.stays:
                window.leave_over()

    window, page = make(), Asking("上面")
    window.show_over(page)
    assert not window.ask_leave_over()
    assert window.over is page
    page.stays = False
    assert window.ask_leave_over()
