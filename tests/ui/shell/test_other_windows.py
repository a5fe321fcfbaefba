"""What every room of other windows does alike: files are read beside a window that lives; questions stand above it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.errors import UnreadableSource
from gxeditor.ui.look import dialog
from gxeditor.ui.shell.other_windows import ask_previous, shown
from gxeditor.ui.shell.window import MainWindow


@pytest.fixture
def above(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_a_dialog_stands_above_a_window_that_is_seen_and_above_none_before(above: QWidget) -> None:
    assert shown(above) is None
    above.show()
    assert shown(above) is above


def test_what_is_read_beside_a_window_comes_back(window: MainWindow) -> None:
    assert window.program.ledgers._beside(window, "正在打开", lambda: 7) == 7


def test_what_goes_wrong_beside_a_window_is_raised_in_it(window: MainWindow) -> None:
    def fail() -> None:
        raise UnreadableSource("读不出来。", "文件没有改动。", "请换一份。")

    with pytest.raises(UnreadableSource, match="读不出来"):
        window.program.rollups._beside(window, "正在打开", fail)


@pytest.mark.parametrize(("kind", "suffix"), [("ledgers", "gxl"), ("rollups", "gxh")])
def test_opening_asks_for_files_of_the_kind_first_and_for_reports_too(
    window: MainWindow, kind: str, suffix: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    opened: list[Path] = []

    def answer(_parent: object, _title: str, _folder: str, filters: str) -> tuple[str, str]:
        asked.append(filters)
        return str(tmp_path / "某一份.gxr"), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    monkeypatch.setattr(type(window.program), "open_file", lambda _, path: opened.append(path))
    getattr(window.program, kind).ask_open(window)
    first, *rest = asked[0].split(";;")
    assert f"*.{suffix})" in first
    assert any("*.gxr" in one for one in rest)
    assert opened == [tmp_path / "某一份.gxr"]


@pytest.mark.parametrize(("answer", "taken"), [("use", True), ("cancel", False), ("", False)])
def test_a_previous_version_is_opened_only_where_that_is_chosen(
    above: QWidget, monkeypatch: pytest.MonkeyPatch, answer: str, taken: bool
) -> None:
    told: list[str] = []

    def ask(_above: object, _title: str, what: str, meaning: str, *_: object) -> str:
        told.extend((what, meaning))
        return answer

    monkeypatch.setattr(dialog, "ask", ask)
    assert ask_previous(above, Path("松塘县.gxl")) is taken
    assert all("松塘县.gxl" in one for one in told)
