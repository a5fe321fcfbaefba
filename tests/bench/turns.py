"""How long the window's event loop takes for a turn while heavy work is done beside it: a timer of 5 ms, its intervals.

What is measured is what a clerk would feel as a window that hangs. The hostile files are those that take their reader
longest, one of each kind; the slow disk takes 0.2 s for each fsync.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.bench.figures import PROJECT, Figure
from tests.bench.window import PERSON, open_window, settle

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gxeditor.ui.look.tasks import Task
    from gxeditor.ui.shell.window import MainWindow

LATE = 50.0
"""Milliseconds; a person sees what takes a tenth of a second."""
BIG = (300, 60)  # rows and columns of figures beside the report's own tables
EDITS = 40
HOSTILE = ("form-heavy.pdf", "long-cells.xlsx", "names.docx", "shared-bomb.xlsx", "compat.txt", "random.txt")
TEMPLATES = PROJECT / "tests" / "samples" / "templates"
SLOW = 0.2  # seconds


class Turns:
    """The intervals of a timer, in milliseconds, while something was under way."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.values: list[float] = []
        self._last = 0.0
        self._timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)

    def _turn(self) -> None:
        now = time.perf_counter()
        self.values.append((now - self._last) * 1000)
        self._last = now

    @contextmanager
    def counted(self) -> Iterator[None]:
        self._last = time.perf_counter()
        self._timer.start()
        yield
        self._timer.stop()
        self._turn()


def turns(report: Path) -> list[Figure]:
    """A window of 1920×1000, so that the preview stands beside the editor."""
    figures: list[Figure] = []
    every: list[float] = []
    kinds: dict[str, Callable[[QApplication, MainWindow, Path, Turns], None]] = {
        "reading a big workbook": _read_big,
        "reading hostile files": _read_hostile,
        "preview after each of 40 edits": _preview,
        "proof, check report, every export": _export,
        "templates opened, planned, filled": _fill,
        "saving on a slow disk": _save,
    }
    for name, work in kinds.items():
        counted = Turns()
        with open_window(report, 1920, 1000) as (app, window):
            work(app, window, report, counted)
        every += counted.values
        figures.append(Figure(f"turns: {name}", counted.values, "ms", None, LATE))
    late = 100 * sum(value > LATE for value in every) / len(every)
    worst = sorted(every)[-max(1, len(every) // 1000)]
    return [
        *figures,
        Figure(f"turns of more than 50 ms, of {len(every):,}", [late], "%", 0.1),
        Figure("turns: 99.9 % take at most", [worst], "ms", LATE),
    ]


def _await(task: Task, counted: Turns) -> None:
    task.failed.connect(lambda _: None)
    with counted.counted():
        task.start().wait()


def _read_big(_app: QApplication, _window: MainWindow, report: Path, counted: Turns) -> None:
    from openpyxl import load_workbook

    from gxeditor import documents
    from gxeditor.imports import doors
    from gxeditor.resources import load_form
    from gxeditor.ui.look.tasks import in_child

    path = report.with_name("很大的工作簿.xlsx")
    documents.export(documents.read(report).report, path)
    book = load_workbook(path)
    sheet = book.create_sheet("台账")
    for row in range(BIG[0]):
        sheet.append([row * BIG[1] + column for column in range(BIG[1])])
    book.save(path)
    for _ in range(4):
        _await(in_child(doors.import_report, path, load_form(), doing="读很大的工作簿"), counted)


def _read_hostile(_app: QApplication, _window: MainWindow, report: Path, counted: Turns) -> None:
    from gxeditor.imports import doors
    from gxeditor.resources import load_form
    from gxeditor.ui.look.tasks import in_child
    from tests.crafted import CRAFTED

    for name in HOSTILE:
        path = report.with_name(name)
        path.write_bytes(CRAFTED[name]())
        _await(in_child(doors.import_report, path, load_form(), doing=f"读“{name}”"), counted)
        path.unlink()


def _preview(app: QApplication, window: MainWindow, _report: Path, counted: Turns) -> None:
    session = window.session
    window.output.open_preview()
    preview = window.output.preview
    assert preview is not None
    settle(app, lambda: preview.view.pages > 0)
    shown: list[object] = []
    preview.made.connect(lambda order, _: shown.append(order))
    for number in range(EDITS):
        with counted.counted():
            session.edit(session.report.with_entry(PERSON, number), "改动")
            settle(app, lambda: bool(shown) and shown[-1] == preview.order, quiet=0.05)


def _export(app: QApplication, window: MainWindow, report: Path, counted: Turns) -> None:
    from gxeditor import documents
    from gxeditor.ui.look.tasks import Task

    output, session = window.output, window.session
    folder = report.parent / "导出"
    folder.mkdir(exist_ok=True)
    files = [(folder / f"年报{suffix}", output.order()) for suffix in documents.EXPORTS]
    files.append((folder / "校对稿.pdf", output.order(proof=True)))
    for _ in range(3):
        with counted.counted():
            if any(trouble is not None for _, _, trouble in output._write(files)):
                raise SystemExit("an export failed")
    summary = documents.check_summary(
        session.report, session.rules, session.findings, session.given.profile, datetime.now().astimezone()
    )
    for suffix in (".pdf", ".xlsx"):
        path = folder / f"校验报告{suffix}"
        _await(Task(lambda _, path=path: documents.export_check_report(summary, path)), counted)  # type: ignore[misc]
    settle(app)


def _fill(_app: QApplication, window: MainWindow, report: Path, counted: Turns) -> None:
    from gxeditor.ui.look.tasks import Task
    from gxeditor.ui.template.held import HeldTemplate, open_held
    from gxeditor.ui.template.state import Wish

    session = window.session
    for path in sorted(TEMPLATES.glob("*.xlsx")):
        got: list[HeldTemplate] = []
        task = Task(lambda work, path=path: open_held(path, session.report, work.cancelled))  # type: ignore[misc]
        task.done.connect(lambda found, got=got: got.append(found[0]))
        _await(task, counted)
        for held in got:
            wish = Wish(held.opened.map)
            for deed in (held.plan, held.fill):
                _await(
                    Task(lambda work, deed=deed, wish=wish: deed(session.report, wish, work.cancelled)),  # type: ignore[misc]
                    counted,
                )


def _save(app: QApplication, window: MainWindow, report: Path, counted: Turns) -> None:
    session = window.session
    path = report.with_name("慢.gxr")
    real = os.fsync

    def slow(descriptor: int) -> None:
        time.sleep(SLOW)
        real(descriptor)

    with patch.object(os, "fsync", slow):
        for number in range(6):
            with counted.counted():
                session.edit(session.report.with_entry(PERSON, number), "改动")
                session.begin_saving(path)
                settle(app, lambda: not session.savings, quiet=0)
    with suppress(OSError):
        path.unlink()
