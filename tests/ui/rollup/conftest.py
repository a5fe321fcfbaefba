"""A window of a roll-up over the invented county, with the program's folders of its own and no folder that is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from gxeditor.app import build
from gxeditor.core.rollup.project import Rollup
from gxeditor.settings import Folders
from gxeditor.store.rollup_file import save_rollup
from gxeditor.ui.look import theme
from gxeditor.ui.rollup import board
from gxeditor.ui.rollup.window import RollupWindow
from gxeditor.ui.shell.window import MainWindow
from tests.rollup_sample import songtang
from tests.window import Clerk, settled

TODAY = date(2026, 1, 21)
Open = Callable[..., RollupWindow]


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Clerk:
    return Clerk(monkeypatch)


@pytest.fixture
def program_window(qapp: QApplication, clerk: Clerk, tmp_path: Path) -> Iterator[MainWindow]:
    """The program as it starts."""
    _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1366, 700)
    window.show()
    settled(lambda: not window.is_collecting)
    yield window
    clerk.will(ask_save="discard")
    for other in list(window.program.windows):
        if other is not window:
            other.close()
    if isValid(window):
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply_theme(qapp, "light")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Where the roll-up of a test lies."""
    folder = tmp_path / "汇总2025"
    folder.mkdir()
    return folder / "松塘县2025年汇总.gxh"


@pytest.fixture
def open_rollup(program_window: MainWindow, project: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a roll-up in its window on 2026-01-21; its folder is not read, as what was received is no file."""

    class Today(date):
        @classmethod
        def today(cls) -> Today:
            return cls(TODAY.year, TODAY.month, TODAY.day)

    monkeypatch.setattr(board, "date", Today)

    def open_it(rollup: Rollup | None = None, *, watch: bool = False) -> RollupWindow:
        save_rollup(rollup if rollup is not None else songtang(), project, None)
        if not watch:
            monkeypatch.setattr("gxeditor.ui.rollup.reading.FolderReading.watch", lambda self: None)
        window = program_window.program.rollups.open(project, program_window)
        assert window is not None
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1366, 700)
        QApplication.processEvents()
        return window

    return open_it


@pytest.fixture
def window(open_rollup: Open) -> RollupWindow:
    return open_rollup()
