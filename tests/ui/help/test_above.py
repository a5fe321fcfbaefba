"""The manual in a window of its own, and as a PDF."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.ui.help.above import ManualAbove, ask_save, classes, show_above
from gxeditor.ui.help.manual import load_manual
from tests.window import children


def test_it_stands_above_a_window_once_and_turns_to_what_is_asked(qtbot: QtBot) -> None:
    below = QDialog()
    qtbot.addWidget(below)
    below.show()
    manual = load_manual()
    for title in ("汇总", "单位名单"):
        show_above(below, manual, title, lambda: None)
    (shown,) = children(below, ManualAbove)
    assert shown.view.chapter.title == "单位名单"
    shown.view.closed.emit()
    assert not shown.isVisible()


def test_what_a_widget_stands_in_is_named_from_the_inside(qtbot: QtBot) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    label = QLabel()
    QVBoxLayout(outer).addWidget(label)
    assert list(classes(label)) == ["QLabel", "QWidget"]
    assert list(classes(None)) == []


def test_the_whole_of_it_is_saved_where_the_clerk_says(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    above = QWidget()
    qtbot.addWidget(above)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert ask_save(above, tmp_path) == ""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "说明"), ""))
    assert ask_save(above, tmp_path) == "说明.pdf"
    assert (tmp_path / "说明.pdf").read_bytes().startswith(b"%PDF")
