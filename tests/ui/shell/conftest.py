"""The window with an empty home of its own, a report in a file, and a clerk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QApplication,
)
from shiboken6 import isValid

from gxeditor import documents
from gxeditor.app import build
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Report, blank_report
from gxeditor.resources import resource
from gxeditor.settings import Folders
from gxeditor.store.report_file import save_report
from gxeditor.ui.look import theme
from gxeditor.ui.shell.window import MainWindow
from tests.window import (
    NAME,
    PERSON,
    SAMPLE,
    Clerk,
    Start,
    settled,
)


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Clerk:
    return Clerk(monkeypatch)


@pytest.fixture
def start(clerk: Clerk, qapp: QApplication, tmp_path: Path) -> Iterator[Start]:
    """The program as it starts, each time with the same folders."""
    windows: list[MainWindow] = []

    def new() -> MainWindow:
        _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1366, 700)
        window.show()
        windows.append(window)
        settled(lambda: not window.is_collecting)
        return window

    yield new
    clerk.will(ask_save="discard")
    for window in windows:
        if isValid(window):  # a program with another window lets go of one that is closed
            for other in list(window.program.windows):
                if other is not window:
                    other.close()
            window.close()
            window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply_theme(qapp, "light")


@pytest.fixture
def window(start: Start) -> MainWindow:
    return start()


@pytest.fixture(scope="module")
def sample() -> Report:
    return documents.read(resource(SAMPLE)).report


@pytest.fixture
def balanced(form: Form) -> Report:
    """Table three in order: 30 requests by persons, all granted, and nothing else; the other tables blank."""
    zeros = {cell.id: 0 for cell in form.section("requests").table.cells if not cell.is_total}  # type: ignore[union-attr]
    report = blank_report(form, 2022).with_fields(agency=NAME, kind=AgencyKind.DEPARTMENT)
    return report.with_entries({**zeros, PERSON: 30, "requests.handled.granted.natural_person": 30})


@pytest.fixture
def file(balanced: Report, tmp_path: Path) -> Path:
    path = tmp_path / "鲁山2022.gxr"
    save_report(balanced, path, None)
    return path
