"""What is told about the program: a bug, its keys, its version and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QMainWindow,
    QPlainTextEdit,
)
from pytestqt.qtbot import QtBot

from gxeditor.ui.look import theme
from gxeditor.ui.shell.about import show_about, show_crash, show_shortcuts
from tests.dialogs import (
    all_of,
    assert_nothing_is_cut_off,
    press,
    within,
    words,
)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.apply_theme(qapp, "light")
    yield
    theme.apply_theme(qapp, "light")


def test_a_second_crash_joins_the_first() -> None:
    def act(dialog: QDialog) -> None:
        assert "您的年报没有丢失" in words(dialog)
        show_crash(None, "second fault")
        text = all_of(dialog, QPlainTextEdit)[0].toPlainText()
        assert text == "first fault\n\nsecond fault"
        press("复制详情")(dialog)

    within(act, lambda: show_crash(None, "first fault"))
    assert QGuiApplication.clipboard().text() == "first fault\n\nsecond fault"


def test_the_keys_of_the_window_are_listed_as_they_are_set(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    action = QAction("新建空白年报(&N)…", window)
    action.setShortcuts([QKeySequence("Ctrl+N"), QKeySequence("Ctrl+T")])
    window.addAction(action)
    window.addAction(QAction("没有键", window))

    def act(dialog: QDialog) -> None:
        lines = words(dialog).splitlines()
        assert lines[lines.index("Ctrl+N，Ctrl+T") + 1] == "新建空白年报"
        assert "没有键" not in lines
        assert "向下填充，向右填充" in lines

    within(act, lambda: show_shortcuts(window))


def test_about_names_version_licences_and_that_nothing_leaves_the_computer() -> None:
    import gxeditor

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert f"版本 {gxeditor.__version__}" in told
        assert "不联网" in told
        assert "LGPL 3" in told

    within(act, lambda: show_about(None))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["crash", "keys", "about"])
def test_nothing_is_cut_off_and_everything_has_a_name(
    name: str, scheme: theme.Scheme, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, scheme)
    calls: dict[str, Callable[[], object]] = {
        "crash": lambda: show_crash(None, "line\n" * 80),
        "keys": lambda: show_shortcuts(None),
        "about": lambda: show_about(None),
    }
    assert_nothing_is_cut_off(calls[name])
