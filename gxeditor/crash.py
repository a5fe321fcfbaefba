"""What happens when the program itself is wrong: a log file, a crash report to copy, and no lost work.

Knows the interpreter's hooks, the log in the user's log folder and the wording of a crash report, and whom to ask what
must not stand in one. A bug is
called a bug（程序出错）; the report's file is not touched here, and its content goes neither into the log nor
into the crash report. Knows no Qt: whoever has a window passes a callback that shows the text.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO
from weakref import WeakMethod

import gxeditor
from gxeditor.core.expressions import expression
from gxeditor.files.aside import Told, set_aside, unheard

LOG_NAME = "gxeditor.log"
FAULTS_NAME = "faults.log"
_LOG_BYTES = 500_000

log = logging.getLogger("gxeditor")

# What an exception says may quote the report. Names in English letters (types, attributes, cell ids) stay;
# prose, figures and paths do not.
_QUOTED = expression(r"(['\"])(.*?)\1", re.DOTALL)
_NAME = expression(r"[A-Za-z_][A-Za-z0-9_.]*")
_CONTENT = expression(r"[^\x00-\x7f]+|(?<!Errno )(?<!WinError )\b\d[\d.,]*", re.ASCII)


def report_text(exc: BaseException) -> str:
    """The crash report for one exception: versions, platform, traceback; no report content, no user name.

    One that was made in the child process, where the traceback is, is taken as it is.
    """
    if isinstance(made := getattr(exc, "crash_report", None), str):
        return _without_private(made)
    lines = [
        f"gxeditor {gxeditor.__version__} 程序出错",
        f"Python {sys.version.split()[0]} · {_system()}",
        "",
        *_chain(exc, set()),
    ]
    return "\n".join(lines) + "\n"


def _system() -> str:
    """The system and its version, as far as it is known without starting a program (which `platform` does)."""
    if sys.platform == "win32":
        version = sys.getwindowsversion()
        return f"Windows {version.major}.{version.minor}.{version.build}"
    told = os.uname()
    return f"{told.sysname} {told.release} {told.machine}"


def _chain(exc: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(exc))
    earlier = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    if earlier is not None and id(earlier) not in seen:
        yield from _chain(earlier, seen)
        yield "then:"
    for frame in traceback.extract_tb(exc.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} {frame.name}"
        if frame.line:
            yield f"    {frame.line}"
    yield f"{type(exc).__module__}.{type(exc).__qualname__}: {_masked(exc)}"
    for inner in exc.exceptions if isinstance(exc, BaseExceptionGroup) else ():
        yield "one of:"
        yield from _chain(inner, seen)


def _short(file_name: str) -> str:
    """A path from the package on; what stands before it may name the user."""
    parts = Path(file_name).parts
    for package in ("site-packages", "gxeditor"):
        if package in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(package) - 1 :])
    return parts[-1] if parts else file_name


def _masked(exc: BaseException) -> str:
    try:
        text = _without_private(str(exc))
    except Exception:
        return "…"
    names_only = _QUOTED.sub(lambda m: m[0] if _NAME.fullmatch(m[2]) else "'…'", text)
    return _CONTENT.sub("…", names_only)


_PRIVATE: list[WeakMethod[Callable[[], Collection[str]]]] = []


def keep_out(texts: Callable[[], Collection[str]]) -> None:
    """Asks this bound method, as long as its object lives, which texts no crash report may have.

    For names of people: those in English letters would pass for names of the program.
    """
    _PRIVATE[:] = [each for each in _PRIVATE if each() is not None]
    _PRIVATE.append(WeakMethod(texts))


def _without_private(text: str) -> str:
    private: set[str] = set()
    for each in _PRIVATE:
        if (texts := each()) is not None:
            try:
                private.update(word for one in texts() for word in (one, *one.split()) if len(word) > 1)
            except Exception:  # whoever should say it is what is broken
                return "…"
    for word in sorted(private, key=len, reverse=True):
        text = text.replace(word, "…")
    return text


class CrashLog:
    """The open log and the hooks in place.

    `on_crash` is called with the crash report, in the thread that failed.
    """

    def __init__(self, folder: Path, told: Told = unheard) -> None:
        self.on_crash: Callable[[str], None] | None = None
        self.path = folder / LOG_NAME
        self._handler, self._faults = _open(folder, told)
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(self._handler)
        log.setLevel(logging.INFO)
        # Whoever started Python with -X faulthandler, or runs the tests, wants the faults where they said.
        self._took_faults = self._faults is not None and not faulthandler.is_enabled()
        if self._faults is not None and self._took_faults:
            faulthandler.enable(self._faults)
        self._hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def record(self, exc: BaseException) -> str:
        """Log an exception that was caught because it is a bug, and give its crash report."""
        text = report_text(exc)
        log.critical("%s", text.rstrip())
        return text

    def close(self) -> None:
        """Put the hooks back that were there before, and close the files."""
        sys.excepthook, threading.excepthook = self._hooks
        if self._took_faults:
            faulthandler.disable()
        if self._faults is not None:
            self._faults.close()
        log.removeHandler(self._handler)
        with suppress(OSError):
            self._handler.close()

    def _on_exception(
        self, kind: type[BaseException], exc: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, Exception):
            # Ctrl+C and the end of the interpreter are no bugs.
            sys.__excepthook__(kind, exc, trace)
            return
        text = self.record(exc)
        if self.on_crash is not None:
            try:
                self.on_crash(text)
                return
            except Exception as second:
                # What shows a bug may have one too; that must not lead back here.
                self.record(second)
        if sys.stderr is not None:
            print(f"程序出错了。已保存的年报不受影响。详情记在 {self.path}。", file=sys.stderr)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)


class _LogFile(logging.FileHandler):
    """A log of bounded size: grown too long, it becomes the one older copy.

    logging.handlers has the like, but loads sockets and pickle: 5 ms of every start.
    """

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None and os.fstat(self.stream.fileno()).st_size > _LOG_BYTES:
            # A second process may hold the file; then this one goes on where it was.
            with suppress(OSError):
                self.stream.close()
                os.replace(self.baseFilename, f"{self.baseFilename}.1")
            with suppress(OSError):
                self.stream = self._open()
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: a full disk must not make a second trouble of the first."""


def _open(folder: Path, told: Told) -> tuple[logging.Handler, TextIO | None]:
    """The log and the file for faults of the interpreter; a program without a log still edits reports."""
    faults = folder / FAULTS_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (LOG_NAME, f"{LOG_NAME}.1", FAULTS_NAME):
            # To open a pipe would be to wait for somebody who reads it.
            if os.path.lexists(folder / name) and not (folder / name).is_file():
                set_aside(folder / name, "运行记录", "年报没有受到影响。", told)
                if os.path.lexists(folder / name):
                    return logging.NullHandler(), None
        too_long = faults.exists() and faults.stat().st_size > _LOG_BYTES
        faults_file = faults.open("w" if too_long else "a", encoding="utf-8")
    except OSError:
        return logging.NullHandler(), None
    return _LogFile(folder / LOG_NAME, encoding="utf-8", delay=True), faults_file


def install(log_folder: Path, told: Told = unheard) -> CrashLog:
    """Open the log in `log_folder` (made if need be) and take over what happens on an unexpected exception.

    Raises nothing: where the folder cannot be written, the hooks work without a log. What is no file where a log should
    be is moved aside and told.
    """
    return CrashLog(log_folder, told)
