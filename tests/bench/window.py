"""Keys in the real window, offscreen: from a key to the end of the painting that shows it.

In cells it is the time that passes, for nothing else may happen meanwhile; in prose that of the processor, so that a
busy machine tells neither better nor worse.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, processor, ratios
from tests.bench.rules import prose

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gxeditor.ui.editor.prose_editor import ProseEditor
    from gxeditor.ui.shell.window import MainWindow

PERSON = "requests.received.natural_person"
KEYS = 60
TYPED = 60
_REST = 0.001  # seconds between two looks, so that waiting costs no time of the processor
QUIET = 0.04  # seconds without painting after which a key is over; the cursor blinks more slowly
LONG = 20_000
"""Characters of a section into which is typed; the longest of the corpus has 6,300."""
LINES = (750, 3_000)
EDITS = 5_000
"""A day's work, and more."""


@contextmanager
def open_window(
    report: Path, width: int = 1366, height: int = 740
) -> Iterator[tuple[QApplication, MainWindow]]:
    """The program's window in this process, with a report open."""
    from gxeditor.app import build

    app, window = build(["gxeditor"])
    window.showNormal()
    window.resize(width, height)
    window.files.open_path(report)
    settle(app, lambda: window.has_report)
    yield app, window
    window.session.close(discard=True)
    window.deleteLater()
    app.processEvents()


def settle(app: QApplication, until: Callable[[], bool] = lambda: True, quiet: float = 0.3) -> None:
    """Lets the window live until something holds and a while beyond."""
    end = time.perf_counter() + 30
    while not until():
        if time.perf_counter() > end:
            raise SystemExit("the window does not get there")
        app.processEvents()
        time.sleep(_REST)
    rest = time.perf_counter() + quiet
    while time.perf_counter() < rest:
        app.processEvents()
        time.sleep(_REST)


def keys(report: Path) -> list[Figure]:
    """In table three, with no finding in view, with a list of 42, and beside the live preview."""
    calm = _in_cells(report, lambda _app, _window: None, 1366)
    listed = _in_cells(_with_findings(report), _open_findings, 1366)
    beside = _in_cells(report, _open_preview, 1920)
    return [
        Figure("first key in a cell → pixels", calm[0], "ms", 8),
        Figure("further key in a cell → pixels", calm[1], "ms", 8),
        Figure("Enter → rules, totals and marks repainted", calm[2], "ms", 15, 25),
        Figure("Enter with 42 findings, panel open", listed[2], "ms", 15),
        Figure("first key beside the live preview", beside[0], "ms", None, 16),
        Figure("further key beside the live preview", beside[1], "ms", None, 16),
        Figure("Enter beside the live preview", beside[2], "ms"),
    ]


def _with_findings(report: Path) -> Path:
    """The report with so many figures changed that 42 findings or a few more are listed."""
    from gxeditor import documents
    from gxeditor.core.checks.check import check
    from gxeditor.resources import load_rules

    sample = documents.read(report).report
    rules = load_rules(sample.form)
    path = report.with_name("四十二.gxr")
    others = enumerate(sample.form.cells)
    while len(check(sample, rules).open) < 42:
        number, cell = next(others)
        sample = sample.with_entry(cell, number)
    path.unlink(missing_ok=True)
    documents.export(sample, path)
    return path


def _open_findings(app: QApplication, window: MainWindow) -> None:
    window.open_findings()
    settle(app)


def _open_preview(app: QApplication, window: MainWindow) -> None:
    window.output.open_preview()
    preview = window.output.preview
    assert preview is not None
    settle(app, lambda: preview.view.pages > 0)


def _in_cells(
    report: Path, prepare: Callable[[QApplication, MainWindow], None], width: int
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds for the first digit, a further one and Enter."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

    class Paintings(QObject):
        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.count += 1
            return False

    with open_window(report, width, 1000 if width > 1366 else 740) as (app, window):
        window.tabs.setCurrentIndex(window.tabs.keys.index("requests"))
        prepare(app, window)
        grid = window.findChild(QTableView, "grid_requests")
        assert isinstance(grid, QTableView)
        grid.setFocus()
        grid.setCurrentIndex(grid.model().index(0, 0))
        settle(app)
        paintings = Paintings()
        editor = grid.findChild(QLineEdit, "cellEditor")
        for painted in (grid.viewport(), editor, window.tabs, window.panel):
            painted.installEventFilter(paintings)

        def press(key: Qt.Key, text: str) -> float:
            """Posts a key and waits until nothing more is painted; the time until the last painting was over."""
            target = QApplication.focusWidget() or grid
            count, last = paintings.count, 0.0
            begun = time.perf_counter()
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                app.postEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
            while (now := time.perf_counter()) - (last or begun) < (QUIET if last else 5):
                app.processEvents()
                if paintings.count > count:
                    count, last = paintings.count, time.perf_counter()
            if not last:
                raise SystemExit(f"nothing was painted after {text!r} for {now - begun:.0f} s")
            return (last - begun) * 1000

        opening, digits, enters = [], [], []
        for number in range(KEYS):
            opening.append(press(Qt.Key.Key_3, "3"))
            digits.append(press(Qt.Key.Key_0 + number % 10, str(number % 10)))
            enters.append(press(Qt.Key.Key_Return, "\r"))
            if window.session.report.value(PERSON) != 30 + number % 10:
                raise SystemExit("what was typed did not arrive")
            # As quickly as a person goes on, in the middle of what the last Enter set going.
            rest = time.perf_counter() + 0.12
            while time.perf_counter() < rest:
                app.processEvents()
            grid.setCurrentIndex(grid.model().index(0, 0))
            app.processEvents()
    return opening, digits, enters


def typing(report: Path) -> list[Figure]:
    """A character typed into a long section until it is painted, beside one typed into an empty section."""
    long = prose(LONG)
    texts = {
        "an empty section": "",
        "one paragraph of 20,000 characters": long.replace("\n", ""),
        "20,000 characters in 65 paragraphs": long,
        "the same with 300 numbers": prose(LONG, 300),
    }
    times = {name: _typed_into(report, text) for name, text in texts.items()}
    return [
        Figure(f"key in {name}", taken, "ms", 8, 16) for name, taken in times.items()
    ] + [
        Figure(f"ratio to the empty section: {name}", ratios(taken, times["an empty section"]), "×")
        for name, taken in times.items()
        if name != "an empty section"
    ]  # fmt: skip


@contextmanager
def _open_prose(report: Path, text: str) -> Iterator[tuple[QApplication, MainWindow, ProseEditor]]:
    """The window with this text in section one, which is in view."""
    from gxeditor import documents
    from gxeditor.ui.editor.prose_editor import ProseEditor

    path = report.with_name("正文.gxr")
    path.unlink(missing_ok=True)
    documents.export(documents.read(report).report.with_section("overview", text), path)
    with open_window(path) as (app, window):
        window.tabs.setCurrentIndex(window.tabs.keys.index("overview"))
        app.processEvents()
        editors: Iterable[ProseEditor] = window.findChildren(ProseEditor)
        editor = next(one for one in editors if one.isVisible())
        settle(app)
        yield app, window, editor


def _typed_into(report: Path, text: str) -> list[float]:
    """Milliseconds of the processor for each key, with all that it sets going and the painting."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    values = []
    with _open_prose(report, text) as (app, _, editor):
        editor.focus_span(len(text) // 2, len(text) // 2)
        for number in range(TYPED + 1):
            key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, chr(0x4E00 + number))

            def typed(key: QKeyEvent = key) -> None:
                app.sendEvent(editor, key)
                for _ in range(4):  # what is left for later, and what that leaves
                    app.processEvents()

            values.append(processor(typed))
            settle(app, quiet=QUIET)
    return values[1:]  # the first makes what is made once


def zoom(report: Path) -> list[Figure]:
    """Ctrl+＋ with many lines of prose in view: what it costs, and what four times the lines cost."""
    costs = []
    for lines in LINES:
        text = "\n".join(f"第{number}项工作已经办结。" for number in range(lines))
        with _open_prose(report, text) as (app, window, _):

            def step(app: QApplication = app, window: MainWindow = window) -> None:
                window.zoom_in()
                app.processEvents()
                window.zoom_out()
                app.processEvents()

            step()
            costs.append([processor(step) / 2 for _ in range(7)])
    return [
        Figure("zoom with 3,000 lines of prose", costs[1], "ms", 150),
        Figure("ratio: four times the lines", ratios(costs[1], costs[0]), "×", 5),
    ]


def reopening(report: Path) -> list[Figure]:
    """Opening a report again that had 5,000 edits, beside opening it without a history."""
    from gxeditor import documents

    costs: dict[int, list[float]] = {}
    for edits in (0, EDITS):
        path = report.with_name(f"改了{edits}次.gxr")
        documents.export(documents.read(report).report, path)
        with open_window(path) as (app, window):
            session = window.session
            for number in range(edits):
                session.edit(session.report.with_entry(PERSON, number), f"改动 {number}")
            session.save(path)
            settle(app, lambda: not window.session.modified)
            session.close()
        costs[edits] = []
        for _ in range(7):
            begun = time.process_time()
            with open_window(path) as (_, window):
                costs[edits].append((time.process_time() - begun) * 1000)
                if edits and len(window.session.history.steps) < edits:
                    raise SystemExit(f"only {len(window.session.history.steps)} steps can be undone")
    beyond = [one - other for one, other in zip(costs[EDITS], costs[0], strict=True)]
    return [Figure("reopening after 5,000 edits: what the history costs", beyond, "ms", 120)]
