"""Random things that a hand can do to the window: `make monkey`.

Keys, clicks, drags, wheels, compositions by input methods, the clipboard with rubbish in it, files and texts that are
dropped, whatever a menu offers, other colours and sizes, and random keys for every question that comes up. What must
hold at any time is looked at again and again. Every event that is sent to a widget counts as one.

    python tests/monkey.py [EVENTS]     1,000,000 by default, in rounds of a process each, two at a time; a run that was
                                        broken off goes on where it was; exits with 1 if a round failed
    python tests/monkey.py --round SEED EVENTS      one round
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QMessageLogContext,
    QMimeData,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    QtMsgType,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from gxeditor.core.report import show_entry
from gxeditor.ui.editor.clipboard import blank_mime_data
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.shell.window import MainWindow

EVENTS = 1_000_000
ROUND = 25_000
"""Events of one process: some minutes, so that what a window gathers in a day is met, and a failure can be repeated."""
AT_ONCE = 2
PATIENCE = 1_800
"""Seconds in which a round ends; one that does not has frozen, and counts as failed."""
STATE = Path("build/monkey.json")
NO = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
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
COPIED = (
    "1\t2\r\n3\t4\r\n", "自然人\t5\r\n", "=1+1", "", "a\tb", "9" * 400, "（一）\n第二段", "7\t" * 3000, "1\n" * 3000,
    "（" * 500, "\u202e7\u200b", "\0", "政府信息公开" * 3000,
)  # fmt: skip
MARKUP = (
    "<table><tr><td rowspan=2>一、</td><td>7</td></tr><tr><td>/</td></tr></table>", "<table><tr><td colspan=9999>7",
    "<!--" * 500, "<a " * 500, "<p>（一）主动公开<br>二、<img src=file:///nowhere/x.png>", "\0<td>\0",
)  # fmt: skip
ANSWERS = (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return)


class Monkey:
    """Random events on the widget that has the focus, as a hand on keyboard and mouse would send them."""

    def __init__(self, window: MainWindow, seed: int, files: Path | None = None) -> None:
        """With a folder of odd files it also opens and drops these, and triggers whatever a menu offers."""
        self.window = window
        self.files = [] if files is None else sorted(files.iterdir())
        self.sent = 0
        self.done: Counter[str] = Counter()
        self.session = window.session
        self.first = window.session.report
        self.random = random.Random(seed)
        self.acts: list[Callable[[], None]] = [
            *[self.key] * 30, *[self.type] * 25, *[self.click] * 10, *[self.command] * 8, *[self.compose] * 4,
            *[self.undo] * 6, *[self.tab] * 2, *[self.drag] * 2, self.finding, self.density, self.zoom, self.resize,
            self.card, self.panel, self.clipboard, self.recompute, self.pane, self.menu, self.wheel, self.blanks,
            self.preview,
        ]  # fmt: skip
        if files is not None:
            self.acts += [*[self.chosen] * 6, self.drop, self.scheme, self.go_back]
        self.acts_in_preview = [*self.acts, *[self.preview] * 4]
        # A menu or a question waits for an answer in an event loop of its own.
        self.answering = QTimer(window, interval=1)
        self.answering.timeout.connect(self.answer)
        self.answers = random.Random(seed)  # its own, or the time a question takes would change what follows
        self.answering.start()

    def act(self) -> None:
        if not self.window.has_report:
            self.begin()
        previewed = self.window.output.preview is not None
        act = self.random.choice(self.acts_in_preview if previewed else self.acts)
        self.done[act.__name__] += 1
        act()

    def begin(self) -> None:
        """The report was closed, or another file was not taken: the first one again."""
        self.window.session.begin(self.first)
        self.window.open_at("requests")

    def send(self, target: QWidget, event: QEvent) -> None:
        self.sent += 1
        QApplication.sendEvent(target, event)

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
            self.send(target, QKeyEvent(kind, key, modifiers, text))

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
        self.send(area, QMouseEvent(kind, QPointF(point), where, button, held_now, modifiers))

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
        self.send(area, QContextMenuEvent(reason, point, area.mapToGlobal(point)))

    def wheel(self) -> None:
        area = self.area()
        point, turned = QPointF(self.point_in(area)), QPoint(0, self.random.choice((-120, 120, 30)))
        modifiers, phase = self.random.choice((NO, CTRL)), Qt.ScrollPhase.NoScrollPhase
        self.send(area, QWheelEvent(point, point, QPoint(), turned, NONE, modifiers, phase, False))

    # --- what menus and the toolbar do

    def compose(self) -> None:
        self.send(self.target(), QInputMethodEvent("zheng", []))
        if self.random.random() < 0.7:
            done = QInputMethodEvent()
            done.setCommitString(self.random.choice(("政", "12", "政府信息")))
            self.send(self.target(), done)

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
            data.setHtml(self.random.choice(MARKUP))
        if self.random.random() < 0.1:
            data.setData(
                self.random.choice(("text/rtf", "text/html", "image/png", "")), self.random.randbytes(300)
            )
        if self.random.random() < 0.05:
            data.setImageData(QImage(9, 9, QImage.Format.Format_RGB32))
        QGuiApplication.clipboard().setMimeData(data)

    def scheme(self) -> None:
        self.random.choice(self.window.menus.schemes.actions()).trigger()

    def go_back(self) -> None:
        self.window.go_back()

    def chosen(self) -> None:
        """Whatever a menu offers now, but for the end of the program."""
        offered = [
            action
            for action in vars(self.window.acts).values()
            if isinstance(action, QAction) and action.isEnabled() and action is not self.window.acts.quit
        ]
        self.random.choice(offered).trigger()

    def drop(self) -> None:
        """A file or a text, onto the window or onto what is being filled in."""
        data = QMimeData()
        if self.random.random() < 0.7:
            paths = self.random.sample(self.files, self.random.choice((1, 1, 3)))
            data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        else:
            data.setText(self.random.choice(COPIED))
        target = self.random.choice((self.window, self.area()))
        self.send(
            target,
            QDropEvent(QPointF(self.point_in(target)), Qt.DropAction.CopyAction, data, LEFT, NO),
        )

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


# --- the long run


def whole_round(seed: int, events: int) -> dict[str, int]:
    """A window of its own, so many events, and what they were. Raises whatever goes wrong."""
    from unittest.mock import patch

    from PySide6.QtGui import QDesktopServices
    from PySide6.QtWidgets import QFileDialog

    from gxeditor import documents
    from gxeditor.app import build
    from gxeditor.core.report import Report
    from gxeditor.resources import load_form, resource
    from gxeditor.settings import Folders
    from gxeditor.store.report_file import dump, parse
    from gxeditor.ui.output import printing
    from gxeditor.ui.shell import questions
    from tests.damage import SEEDS, damaged

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        odd, home = folder / "odd", folder / "home"
        odd.mkdir()
        chance = random.Random(seed)
        for suffix, makes in sorted(SEEDS.items()):
            for number, make in enumerate(makes):
                (odd / f"{number}.{suffix}").write_bytes(make())
                (odd / f"damaged {number}.{suffix}").write_bytes(damaged(suffix, chance.randrange(10**6)))

        def some_file(*_: object, **__: object) -> tuple[str, str]:
            return str(chance.choice(monkey.files)) if chance.random() < 0.7 else "", ""

        def new_file(*_: object, **__: object) -> tuple[str, str]:
            return (str(folder / f"{chance.randrange(5)}.gxr") if chance.random() < 0.7 else ""), ""

        troubles: list[str] = []

        def heard(_kind: QtMsgType, _where: QMessageLogContext, words: str) -> None:
            if not words.startswith("This plugin does not support"):  # offscreen has no keyboard to grab
                troubles.append(words)

        qInstallMessageHandler(heard)
        with (
            patch.object(questions, "ask_save", lambda *_: chance.choice(("discard", "cancel", "discard"))),
            patch.object(QFileDialog, "getOpenFileName", some_file),
            patch.object(QFileDialog, "getSaveFileName", new_file),
            patch.object(QDesktopServices, "openUrl", lambda *_: True),
            patch.object(printing, "ask_printer", lambda *_: False),
            patch.object(sys, "excepthook", lambda _, error, __: troubles.append(_trace(error))),
            patch.object(threading, "excepthook", lambda what: troubles.append(_trace(what.exc_value))),
        ):
            _, window = build([], Folders(home, home, home))
            window.session.begin(documents.read(resource("samples/lushan-2022.txt")).report)
            window.open_at("requests")
            window.show()
            monkey = Monkey(window, seed, odd)
            acts = 0
            while monkey.sent < events and not troubles:
                monkey.act()
                acts += 1
                if acts % 50 == 0:
                    QApplication.processEvents()
                if acts % 500 == 0 and window.has_report:
                    window.finish_editing()
                    monkey.consistent()
            monkey.answering.stop()
            report: Report = window.session.report
            if not troubles and parse(dump(report), load_form) != report:
                troubles.append("what is saved is not what was there")
            window.session.close(discard=True)
        if troubles:
            raise SystemExit("\n".join(troubles))
        return {"events": monkey.sent, "acts": acts, **monkey.done}


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def long_run(events: int) -> int:
    """Rounds until so many events were sent, those of a run that was broken off included; 1 if any failed."""
    STATE.parent.mkdir(exist_ok=True)
    state: dict[str, dict[str, int | str]] = {}
    if STATE.exists():
        state = json.loads(STATE.read_text(encoding="utf-8"))
        print(f"goes on after {len(state)} rounds; remove {STATE} to begin anew")
    running: dict[int, tuple[subprocess.Popen[str], float]] = {}

    def sent() -> int:
        return sum(int(done.get("events", 0)) for done in state.values()) + ROUND * len(running)

    while running or sent() < events:
        while len(running) < AT_ONCE and sent() < events:
            seed = len(state) + len(running)
            while str(seed) in state or seed in running:
                seed += 1
            command = [sys.executable, __file__, "--round", str(seed), str(min(ROUND, events))]
            log = STATE.with_name(f"monkey-{seed}.log").open("w", encoding="utf-8")
            with log:
                process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, encoding="utf-8")
            running[seed] = process, time.monotonic()
        time.sleep(0.2)
        for seed, (process, begun) in list(running.items()):
            if process.poll() is None:
                if time.monotonic() - begun < PATIENCE:
                    continue
                process.kill()
            assert process.stdout is not None
            said = process.stdout.read()
            process.stdout.close()
            del running[seed]
            log_file = STATE.with_name(f"monkey-{seed}.log")
            if process.wait() == 0:
                state[str(seed)] = json.loads(said.splitlines()[-1])
                log_file.unlink()
            else:
                state[str(seed)] = {"failed": process.returncode}
                print(f"seed {seed} FAILED with {process.returncode}, see {log_file}", flush=True)
            STATE.write_text(json.dumps(state), encoding="utf-8")
            print(f"{len(state)} rounds, {sent() - ROUND * len(running):,} events", flush=True)
    failed = sum("failed" in done for done in state.values())
    total: Counter[str] = Counter()
    for done in state.values():
        total.update({act: int(count) for act, count in done.items() if act != "failed"})
    print(
        f"{len(state)} rounds, {failed} failed; {', '.join(f'{act} {n:,}' for act, n in total.most_common())}"
    )
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--round"]:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        print(json.dumps(whole_round(int(arguments[1]), int(arguments[2]))))
        sys.stdout.flush()
        os._exit(0)  # what Qt tears down at the end is not what is looked at
    return long_run(int(arguments[0]) if arguments else EVENTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
