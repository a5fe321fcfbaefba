"""The window of a ledger on the sample of 松塘县自然资源局, on 2026-01-12, with the program's folders of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from gxeditor.app import build
from gxeditor.core.ledger.request import Ledger
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.settings import Folders
from gxeditor.store.ledger_file import save_ledger
from gxeditor.ui.ledger.session import LedgerSession
from gxeditor.ui.ledger.window import LedgerWindow
from gxeditor.ui.look import theme
from gxeditor.ui.shell.window import MainWindow
from tests.ledger_sample import TODAY, sample_ledger
from tests.window import Clerk, settled

Open = Callable[..., LedgerWindow]


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
def ledger_path(tmp_path: Path) -> Path:
    """Where the ledger of a test lies."""
    return tmp_path / "松塘县自然资源局申请台账.gxl"


@pytest.fixture
def open_ledger(program_window: MainWindow, ledger_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a ledger in its window, on the day of the sample."""

    class OnTheDay(LedgerSession):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, day=lambda: TODAY, **named)

    monkeypatch.setattr("gxeditor.ui.shell.ledgers.LedgerSession", OnTheDay)

    def open_it(ledger: Ledger | None = None) -> LedgerWindow:
        save_ledger(ledger or sample_ledger(), ledger_path, None, load_vocabulary(load_form()))
        window = program_window.program.ledgers.open(ledger_path, program_window)
        assert window is not None
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1366, 720)
        QApplication.processEvents()
        return window

    return open_it


@pytest.fixture
def window(open_ledger: Open) -> LedgerWindow:
    return open_ledger()
