"""Puts the window together: log, crash hook, QApplication, session, window; and keeps it to one running program.

The only place that knows all of them. A second start finds the lock of the first, leaves its file in the hand-over
folder and ends; no socket is opened for it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QFileSystemWatcher,
    QLibraryInfo,
    QLocale,
    QLockFile,
    QObject,
    Qt,
    QTimer,
    QTranslator,
    Signal,
)
from PySide6.QtWidgets import QApplication

from gxeditor import crash
from gxeditor.core.errors import NotWritten
from gxeditor.files.aside import OddFile, Told, clear_way, set_aside, unheard
from gxeditor.files.atomic import write_atomic
from gxeditor.files.reading import is_possible, patiently, read_bytes
from gxeditor.resources import load_form, load_profiles, load_rules
from gxeditor.settings import Folders, load_settings, user_folders
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session
from gxeditor.ui.shell.program import Program
from gxeditor.ui.shell.window import MainWindow

_NOTE = 200_000  # bytes of a handed-over path, with every character escaped
_UNSEEN = 2000  # milliseconds after which what waits for the first picture is done without it
_PATIENCE = 3.0  # seconds a second start waits until the running program has taken its file

_WRITTEN = (
    5  # looks, 20 ms apart, at a lock that names no program; Qt writes the name right after making the file
)


class CrashRelay(QObject):
    """Brings the report of a bug from whatever thread it happened in to the window."""

    crashed = Signal(str)


class FirstPicture(QObject):
    """Has something done once the window has been painted, or after a while in which it was not (minimized)."""

    def __init__(self, window: MainWindow, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._then = then
        window.installEventFilter(self)
        QTimer.singleShot(_UNSEEN, window, then)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, watched, self._then)
        return False


def make_application(argv: Sequence[str]) -> QApplication:
    """The QApplication with Chinese dialogs; an existing one is used again."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication([*(list(argv) or ["gxeditor"]), "-style", "Fusion"])
    app.setProperty("fusion", True)
    app.setApplicationName("gxeditor")
    app.setApplicationDisplayName("政府信息公开年报编辑器")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    return app


def build(
    argv: Sequence[str], folders: Folders | None = None, odd: Sequence[OddFile] = ()
) -> tuple[QApplication, MainWindow]:
    """The application and its first window, not yet shown and with no report open; `odd` is what the start has met."""
    app = make_application(argv)
    folders = folders or user_folders()
    met = list(odd)
    settings = load_settings(folders.config, met.append)
    theme.apply_theme(app, settings.colour_scheme)  # type: ignore[arg-type]
    program = Program(
        settings, folders.config, lambda program: _window(app, folders, program), folders.data / "rollups"
    )
    window = _window(app, folders, program)
    program.add(window)
    for each in met:
        window.name_odd(each)
    return app, window


def _window(app: QApplication, folders: Folders, program: Program) -> MainWindow:
    """One more window of the program, with a session and, once there is a report, a journal of its own."""
    form = load_form()
    session = Session(
        form,
        load_rules(form),
        journals=folders.data / "journals",
        states=folders.data / "states",
        profiles=lambda: load_profiles(folders.config / "profiles", session.odd.emit),
    )
    # With the day already, so that the report that nobody has opened yet is not checked for it.
    session.given = replace(session.given, off=program.settings.rules_off, today=date.today())
    session.take_day()
    app.applicationStateChanged.connect(session.take_day)  # a PC that slept through midnight
    window = MainWindow(session, program)
    session.setParent(window)
    return window


def run(files: Sequence[Path]) -> int:
    """Shows the window, with the first of `files` open, until it is closed; the exit code."""
    gc.disable()  # nothing made while starting is garbage; looking for it costs a twentieth of the start
    folders = user_folders()
    app = make_application(sys.argv[:1])
    odd: list[OddFile] = []
    single = SingleInstance(folders.data, odd.append)
    if not single.first and single.hand_over(files[0] if files else None):
        return 0
    log = crash.install(folders.log, odd.append)
    try:
        _, window = build(sys.argv[:1], folders, odd)
        relay = CrashRelay()
        # Queued: a bug in the middle of painting must not open a dialog there.
        program = window.program
        relay.crashed.connect(program.show_crash, Qt.ConnectionType.QueuedConnection)
        log.on_crash = relay.crashed.emit
        single.watch(program)
        window.recoveries_later = True
        window.tour_wanted = not files
        FirstPicture(window, window.collect_recoveries)
        if files:
            window.session.prose_later = True
            FirstPicture(window, window.session.finish_by_turns)
            try:
                window.files.open_path(files[0].absolute())
            except Exception as error:  # a file that uncovers a bug must not keep the window away
                relay.crashed.emit(log.record(error))
        # A roll-up stands in its own window; the start page behind it would be in the way.
        if not program.has_others:
            window.show()
        gc.freeze()
        gc.enable()
        return app.exec()
    finally:
        log.on_crash = None
        single.release()
        log.close()


class SingleInstance:
    """The lock that the running program holds, and the folder in which a second start leaves its file."""

    def __init__(self, folder: Path, told: Told = unheard) -> None:
        self._told = told
        self._folder = folder / "handover"
        clear_way(self._folder, "交接文件夹的位置上的文件", "年报没有受到影响。", told)
        lock = folder / "running.lock"
        if os.path.lexists(lock) and not lock.is_file():  # Qt would open it, and wait for what never comes
            set_aside(lock, "运行标记", "年报没有受到影响。", told)
        self._lock = QLockFile(str(lock))
        self._lock.setStaleLockTime(0)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.first = (lock.is_file() or not os.path.lexists(lock)) and self._lock.tryLock(0)
            if not self.first and self._says_nothing(lock):
                set_aside(lock, "运行标记", "年报没有受到影响。", told)
                self.first = self._lock.tryLock(0)
        except OSError:  # no folder, no lock: every start goes on by itself
            self.first = False
        self._taker: MainWindow | Program | None = None
        self._watcher: QFileSystemWatcher | None = None

    def _says_nothing(self, lock: Path) -> bool:
        """Whether the lock names no program: nobody would take what is left for it, and Qt would never let go of it.

        One that is being written at this moment names one soon.
        """
        for _ in range(_WRITTEN):
            if not lock.is_file() or self._lock.getLockInfo()[0]:
                return False
            time.sleep(0.02)
        return True

    def hand_over(self, file: Path | None) -> bool:
        """Leaves the file for the running program; False if that does not take it, so that this start goes on."""
        note = self._folder / f"{os.urandom(8).hex()}.json"
        _pass_on_the_front()
        try:
            write_atomic(note, json.dumps({"path": str(file.absolute()) if file else None}).encode())
        except NotWritten:
            return False
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if not note.exists():
                return True
            time.sleep(0.02)
        with suppress(OSError):
            note.unlink()
        return False

    def watch(self, taker: MainWindow | Program) -> None:
        """Hands the files of later starts to the program, or to one window of it, from now on."""
        if not self.first:
            return
        self._taker = taker
        self._told = taker.name_odd
        self._watcher = QFileSystemWatcher([str(self._folder)], taker)
        self._watcher.directoryChanged.connect(self._take)
        self._take()

    def _take(self, _folder: str = "") -> None:
        for note in sorted(self._folder.glob("*.json")):
            path: object = None
            try:
                # A virus scanner may hold what was written a moment ago.
                path = json.loads(read_bytes(note, _NOTE, follow=False))["path"]
                if path is not None and not (isinstance(path, str) and is_possible(path)):
                    raise ValueError(path)
                patiently(note.unlink)
            except (PermissionError, FileNotFoundError):
                continue
            except Exception:  # whatever lies there, it does not keep the program from starting
                set_aside(note, "交接文件", "它本来要打开的年报没有受到影响，请重新打开。", self._told)
                continue
            if self._taker is not None:
                self._taker.hand_over(Path(path) if isinstance(path, str) else None)

    def release(self) -> None:
        self._lock.unlock()


def _pass_on_the_front() -> None:
    """Windows lets no program come to the front but the one just double-clicked, and those it names: here, any."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(0xFFFFFFFF)
