"""Ten thousand random things a hand can do to the window: no exception, no crash, and nothing lost.

MONKEY_SEED in the environment repeats a run; a failing one prints its seed.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.app import build
from gxeditor.core.report import show_entry
from gxeditor.resources import load_form, resource
from gxeditor.settings import Folders
from gxeditor.store.report_file import dump, parse
from gxeditor.ui.editor.clipboard import blank_mime_data
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.shell import questions
from gxeditor.ui.shell.window import MainWindow

EVENTS = 5_000
NO = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
KEYS = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F2, Qt.Key.Key_Escape, Qt.Key.Key_Home,
    Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # fmt: skip
COMMANDS = (
    Qt.Key.Key_C,
    Qt.Key.Key_V,
    Qt.Key.Key_X,
    Qt.Key.Key_D,
    Qt.Key.Key_R,
    Qt.Key.Key_A,
    Qt.Key.Key_Return,
)
TYPED = (
    "7", "12", "0", "３", "1,234", "12abc", "/", "-", "1.5", "年", "（一）主动公开。", " ", "9" * 20, "𬭩", "\n",
)  # fmt: skip
COPIED = ("1\t2\r\n3\t4\r\n", "自然人\t5\r\n", "=1+1", "", "a\tb", "9" * 400, "（一）\n第二段")
ANSWERS = (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return)


class Monkey:
    """Random events on the widget that has the focus, as a hand on keyboard and mouse would send them."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window = window
        self.session = window.session
        self.random = random.Random(seed)
        self.acts: list[Callable[[], None]] = [
            *[self.key] * 30, *[self.type] * 25, *[self.click] * 10, *[self.command] * 8, *[self.compose] * 4,
            *[self.undo] * 6, *[self.tab] * 2, *[self.drag] * 2, self.finding, self.density, self.zoom, self.resize,
            self.card, self.panel, self.clipboard, self.recompute, self.pane, self.menu, self.wheel, self.blanks,
            self.preview,
        ]  # fmt: skip
        self.acts_in_preview = [*self.acts, *[self.preview] * 4]
        # A menu or a question waits for an answer in an event loop of its own.
        self.answering = QTimer(window, interval=1)
        self.answering.timeout.connect(self.answer)
        self.answers = random.Random(seed)  # its own, or the time a question takes would change what follows
        self.answering.start()

    def act(self) -> None:
        self.random.choice(self.acts_in_preview if self.window.output.preview is not None else self.acts)()

    def answer(self) -> None:
        waiting = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if waiting is not None:
            self.press(waiting.focusWidget() or waiting, self.answers.choice(ANSWERS))

    def target(self) -> QWidget:
        if not self.window.isActiveWindow():  # a question was there
            self.window.activateWindow()
            QApplication.processEvents()
        focus = QApplication.focusWidget()
        if focus is None or not self.window.isAncestorOf(focus):
            self.window.book.currentWidget().setFocus()
        return self.window.focusWidget() or self.window

    def press(self, target: QWidget, key: int, text: str = "", modifiers: Qt.KeyboardModifier = NO) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, key, modifiers, text))

    def key(self) -> None:
        modifiers = self.random.choice((NO, NO, NO, SHIFT, CTRL))
        self.press(self.target(), self.random.choice(KEYS), modifiers=modifiers)

    def type(self) -> None:
        for character in self.random.choice(TYPED):
            self.press(self.target(), 0 if character != "\n" else Qt.Key.Key_Return, character)

    def command(self) -> None:
        self.press(self.target(), self.random.choice(COMMANDS), modifiers=CTRL)

    # --- the mouse

    def area(self) -> QWidget:
        page = self.window.book.currentWidget()
        return page.grid.viewport() if isinstance(page, TablePage) else self.target()

    def point_in(self, area: QWidget) -> QPoint:
        return QPoint(
            self.random.randrange(max(1, area.width())), self.random.randrange(max(1, area.height()))
        )

    def mouse(self, area: QWidget, kind: QEvent.Type, point: QPoint, *, held: bool = False) -> None:
        pressing = kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        button = NONE if kind == QEvent.Type.MouseMove else LEFT
        held_now = LEFT if pressing or held else NONE
        where = QPointF(area.mapToGlobal(point))
        modifiers = self.random.choice((NO, NO, SHIFT, CTRL))
        QApplication.sendEvent(area, QMouseEvent(kind, QPointF(point), where, button, held_now, modifiers))

    def click(self) -> None:
        area = self.area()
        point = self.point_in(area)
        kinds = [QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease]
        if self.random.random() < 0.2:
            kinds += [QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease]
        for kind in kinds:
            self.mouse(area, kind, point)

    def drag(self) -> None:
        page = self.window.book.currentWidget()
        if isinstance(page, TablePage):  # in a text it would move words by the system's drag and drop
            area = self.random.choice(
                (page.grid.viewport(), page.grid._across.viewport(), page.grid._down.viewport())
            )
            self.mouse(area, QEvent.Type.MouseButtonPress, self.point_in(area))
            for _ in range(3):
                self.mouse(area, QEvent.Type.MouseMove, self.point_in(area), held=True)
            self.mouse(area, QEvent.Type.MouseButtonRelease, self.point_in(area))

    def menu(self) -> None:
        area = self.area()
        point = self.point_in(area)
        reason = self.random.choice((QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard))
        QApplication.sendEvent(area, QContextMenuEvent(reason, point, area.mapToGlobal(point)))

    def wheel(self) -> None:
        area = self.area()
        point, turned = QPointF(self.point_in(area)), QPoint(0, self.random.choice((-120, 120, 30)))
        modifiers, phase = self.random.choice((NO, CTRL)), Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(
            area, QWheelEvent(point, point, QPoint(), turned, NONE, modifiers, phase, False)
        )

    # --- what menus and the toolbar do

    def compose(self) -> None:
        QApplication.sendEvent(self.target(), QInputMethodEvent("zheng", []))
        if self.random.random() < 0.7:
            done = QInputMethodEvent()
            done.setCommitString(self.random.choice(("政", "12", "政府信息")))
            QApplication.sendEvent(self.target(), done)

    def undo(self) -> None:
        self.random.choice((self.window.undo, self.window.undo, self.window.redo))()

    def tab(self) -> None:
        self.window.tabs.setCurrentIndex(self.random.randrange(self.window.tabs.count()))

    def finding(self) -> None:
        acts = (self.window.next_finding, self.window.previous_finding, self.window.other_finding)
        self.random.choice(acts)()

    def density(self) -> None:
        self.random.choice(self.window.menus.densities.actions()).trigger()

    def zoom(self) -> None:
        self.random.choice((self.window.zoom_in, self.window.zoom_out, self.window.zoom_reset))()

    def resize(self) -> None:
        self.window.resize(self.random.randrange(760, 1920), self.random.randrange(480, 1080))

    def card(self) -> None:
        self.window.toggle_card()

    def panel(self) -> None:
        self.window.toggle_panel()

    def pane(self) -> None:
        self.window.next_pane()

    def recompute(self) -> None:
        self.window.recompute_all()

    def blanks(self) -> None:
        self.window.fill_blanks()

    def preview(self) -> None:
        """Opens the preview, or goes back after some dozens of acts: pages are set anew at each of them."""
        self.window.acts.preview.trigger()
        shown = self.window.output.preview
        if shown is not None:
            for area in (shown.view.viewport(), shown.thumbnails.viewport()):
                point = self.point_in(area)
                self.mouse(area, QEvent.Type.MouseButtonPress, point)
                self.mouse(area, QEvent.Type.MouseButtonRelease, point)

    def clipboard(self) -> None:
        data = blank_mime_data()
        data.setText(self.random.choice(COPIED))
        if self.random.random() < 0.5:
            data.setHtml("<table><tr><td rowspan=2>一、</td><td>7</td></tr><tr><td>/</td></tr></table>")
        QGuiApplication.clipboard().setMimeData(data)

    # --- what must be true at any time

    def consistent(self) -> None:
        session = self.session
        assert session.findings == session.checked(session.report)
        for page in self.window._pages.values():
            if isinstance(page, TablePage):
                for cell, look in page.grid.model_.looks.items():
                    assert look.text == show_entry(session.report.value(cell)), cell
            if isinstance(page, ProsePage) and not page.editor.composing:
                assert page.editor.text() == session.report.sections.get(page.section.key, "")


@pytest.mark.slow
@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)  # menus ask for it, offscreen has none
def test_thousands_of_random_events_neither_crash_nor_lose_anything(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        questions, "ask_save", lambda *_: "discard"
    )  # a failed run must not wait for an answer
    seed = int(os.environ.get("MONKEY_SEED", random.randrange(1_000_000)))
    print(f"MONKEY_SEED={seed}")
    _, window = build([], Folders(tmp_path, tmp_path, tmp_path))
    qtbot.addWidget(window)
    window.session.begin(documents.read(resource("samples/lushan-2022.txt")).report)
    window.open_at("requests")
    window.show()
    monkey = Monkey(window, seed)
    for count in range(EVENTS):
        monkey.act()
        if count % 50 == 0:
            QApplication.processEvents()
        if count % 500 == 0:
            window.finish_editing()
            monkey.consistent()
    monkey.answering.stop()
    window.finish_editing()
    QApplication.processEvents()
    monkey.consistent()
    session = window.session
    report = session.report
    assert parse(dump(report), load_form) == report
    reports = [step.report for step in session.history.steps]
    assert reports
    while session.history.can_undo:
        session.undo()
    monkey.consistent()
    session.redo()
    assert session.report == reports[0]
    while session.history.can_redo:
        session.redo()
    assert session.report == reports[-1]
    monkey.consistent()
    path = tmp_path / "猴子.gxr"
    session.undo()
    report = session.report
    session.save(path)
    session.close()
    session.load(path)
    assert session.report == report
    assert not session.modified
    assert session.history.can_redo == (session.history.position < len(session.history.steps))
    session.close()
