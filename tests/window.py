"""The program as it starts, and a clerk who answers its questions and fills in what is in front of him."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, TypeVar

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QPushButton,
    QWidget,
)

from gxeditor.core.report import Report
from gxeditor.resources import load_form
from gxeditor.store.report_file import read_report, save_report
from gxeditor.ui import recomputing
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.importing import reading
from gxeditor.ui.look import dialog
from gxeditor.ui.output import export_dialog
from gxeditor.ui.shell import about, differences, questions, versions
from gxeditor.ui.shell.window import MainWindow
from tests.dialogs import word
from tests.waiting import until

SAMPLE = "samples/lushan-2022.txt"
PERSON = "requests.received.natural_person"
COMPANY = "requests.received.company"
FORWARD = "requests.brought_forward.natural_person"
CARRIED = "requests.carried_forward.natural_person"
NAME = "鲁山县人民政府办公室"
LEFT = Qt.MouseButton.LeftButton
NO = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Child = TypeVar("Child", bound=QObject)
Start = Callable[[], MainWindow]


class Clerk:
    """Answers what the window asks, as the test says, and remembers what was asked and shown.

    An answer is a value or a function of what the question was asked with. What nobody said an answer to fails.
    """

    ASKED: ClassVar[Mapping[ModuleType, tuple[str, ...]]] = {
        questions: (
            "ask_save", "ask_changed_elsewhere", "ask_not_written", "ask_replace", "ask_damaged",
            "ask_fill_blanks", "ask_fill_forced", "ask_fill_carried", "ask_draft", "ask_new_report",
            "ask_less_imported", "ask_lesser_prior",
        ),
        export_dialog: ("ask_export",),
        dialog: ("ask_elsewhere", "show_error", "show_told"),
        reading: ("ask_failed", "ask_year", "ask_unit"),
        differences: ("show_diff", "ask_previous"),
        versions: ("ask_version",),
        recomputing: ("ask_recompute",),
        about: ("show_crash", "show_shortcuts", "show_about"),
    }  # fmt: skip

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.said: list[tuple[Any, ...]] = []
        self.real: dict[str, Callable[..., Any]] = {}
        for module, names in self.ASKED.items():
            for name in names:
                self.real[name] = getattr(module, name)
                monkeypatch.setattr(module, name, self._stand_in(name))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", self._stand_in("open"))
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._stand_in("save_as"))

    def will(self, **answers: Any) -> Clerk:
        self.answers |= answers
        return self

    def _stand_in(self, name: str) -> Callable[..., Any]:
        def answer(_parent: object, *arguments: Any, **named: Any) -> Any:
            self.asked.append(name)
            self.said.append(arguments)
            if name.startswith("show_"):
                return None
            assert name in self.answers, f"nobody expected {name}{arguments}"
            given = self.answers[name]
            given = given(*arguments, **named) if callable(given) else given
            return (str(given) if given else "", "") if name in ("open", "save_as") else given

        return answer

    @property
    def words(self) -> str:
        """What the last question or message was about."""
        return "\n".join(str(argument) for argument in self.said[-1])


def held(path: Path) -> Report:
    return read_report(path, load_form).report


def put(window: MainWindow, value: int = 31, cell: str = PERSON) -> None:
    """As if typed into a cell."""
    session = window.session
    session.edit(session.report.with_entry(cell, value), f"填写 {session.form.cells[cell].place}")


def save(window: MainWindow) -> None:
    """Ctrl+S, and the wait for what comes of it, as far as nobody is asked."""
    window.acts.save.trigger()
    wait_for_savings(window)


def save_as(window: MainWindow) -> None:
    """「另存为」, and the same."""
    window.acts.save_as.trigger()
    wait_for_savings(window)


def wait_for_savings(window: MainWindow) -> None:
    settled(lambda: not window.session.savings)


def settled(is_so: Callable[[], bool]) -> None:
    """Lets the window live until something is so. Raises `AssertionError` after `PATIENCE`."""

    def so() -> bool:
        QApplication.processEvents()
        return is_so()

    until(so)


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
    """A key on whatever has the focus, shortcuts included."""
    QTest.keyClick(focus(), key, modifiers)
    QApplication.processEvents()


def type_text(text: str) -> None:
    for character in text:
        QApplication.sendEvent(focus(), QKeyEvent(QKeyEvent.Type.KeyPress, 0, NO, character))


def children(parent: QWidget, kind: type[Child]) -> list[Child]:
    found: Iterable[Child] = parent.findChildren(kind)
    return list(found)


def buttons(parent: QWidget) -> dict[str, QPushButton]:
    return {word(button): button for button in children(parent, QPushButton)}


def told(window: MainWindow) -> str:
    return window._told.text()


def shown(window: MainWindow) -> str:
    """The key of the tab in view."""
    return window.tabs.keys[window.tabs.currentIndex()]


def table(window: MainWindow, key: str = "requests") -> TablePage:
    page = window.page(key)
    assert isinstance(page, TablePage)
    return page


def turn_to(window: MainWindow, key: str) -> None:
    window.tabs.setCurrentIndex(window.tabs.keys.index(key))


def is_editing(window: MainWindow) -> bool:
    return window.stack.currentWidget() is window.editor


def last_year(balanced: Report, path: Path, **fields: Any) -> Path:
    last = balanced.with_fields(**({"year": (balanced.year or 0) - 1} | fields)).with_entry(CARRIED, 5)
    save_report(last, path, None)
    return path


def drop(window: QWidget, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(QPoint(100, 100), Qt.DropAction.CopyAction, data, LEFT, NO)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(
        QPointF(100, 100),
        Qt.DropAction.CopyAction,
        data,
        LEFT,
        NO,
    )
    QApplication.sendEvent(window, event)
    QApplication.processEvents()
