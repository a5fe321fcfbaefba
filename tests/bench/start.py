"""The start of the real program, in processes of its own: beside an empty window started the same way, with PySide6 as
the index has it, and beside Gnumeric opening the same tables.

Two ends of a start are told: the first whole painting, offscreen, from inside; and the settled picture on an X server,
from outside, which is what a person waits for. Memory is what a process takes after its start and with every tab seen.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figures import Figure, ratios
from tests.bench.office import screen

STARTS = 9

_REPORT = """
import os
import sys
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

class FirstPaint(QObject):
    \"\"\"Says `painted` when the first painting of a window is over, then its memory: at rest, and all tabs seen.\"\"\"

    def __init__(self, window):
        super().__init__(window)
        self.window = window
        self.seen = False
        window.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.seen:
            self.seen = True
            QTimer.singleShot(0, self.painted)
        return False

    def painted(self):
        print("painted", flush=True)
        QTimer.singleShot(1500, self.rest)

    def rest(self):
        print(max_memory())
        tabs = getattr(self.window, "tabs", None)
        for place in range(tabs.count() if tabs is not None else 0):
            tabs.setCurrentIndex(place)
            QCoreApplication.processEvents()
        print(max_memory(), flush=True)
        os._exit(0)

def max_memory():
    # Not what the system counts for a process: that begins with what its parent had.
    with open("/proc/self/status", encoding="ascii") as status:
        return int(status.read().partition("VmHWM:")[2].split()[0]) * 1.024 / 1000
"""

_WINDOW = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv[:1])
window = QMainWindow()
window.resize(1366, 740)
"""

_EMPTY = f"{_REPORT}{_WINDOW}FirstPaint(window)\nwindow.show()\napp.exec()\n"
_ALONE = f"import sys\n{_WINDOW}window.show()\napp.exec()\n"

# The program as `gxeditor FILE` runs it, up to its event loop.
_EDITOR = (
    _REPORT
    + """
from PySide6.QtWidgets import QApplication

def run_loop(self=None):
    (window,) = [one for one in QApplication.topLevelWidgets() if one.inherits("QMainWindow")]
    FirstPaint(window)
    return loop()

loop, QApplication.exec = QApplication.exec, run_loop
from gxeditor.cli import main
main(sys.argv[1:])
"""
)


def child(program: str, *arguments: str) -> tuple[float, float, float]:
    """Milliseconds from the start of a process to its first painting; its greatest memory in MB, then and at last."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    first = process.stdout.readline()
    took = (time.perf_counter() - begun) * 1000
    rest, end = process.stdout.readline(), process.stdout.readline()
    process.stdout.close()
    process.wait(30)
    if first.strip() != b"painted":
        raise SystemExit("a window was not painted")
    return took, float(rest), float(end)


def starts(report: Path) -> list[Figure]:
    """From the start of the process to the end of the first whole painting, offscreen, and the memory."""
    for program, arguments in ((_EMPTY, ()), (_EDITOR, (str(report),))):
        child(program, *arguments)  # warms the file cache
    empty, editor = [], []
    for _ in range(STARTS):
        empty.append(child(_EMPTY))
        editor.append(child(_EDITOR, str(report)))
    return [
        Figure("start: empty window, first painting", [run[0] for run in empty], "ms"),
        Figure("start: sample open, first painting", [run[0] for run in editor], "ms"),
        Figure("start: ratio to the empty window", ratios([r[0] for r in editor], [r[0] for r in empty]), "×", 1.6),
        Figure("memory: empty window", [run[1] for run in empty], "MB"),
        Figure("memory: sample open", [run[1] for run in editor], "MB", 95),
        Figure("memory: sample open, every tab seen", [run[2] for run in editor], "MB", 105),
    ]  # fmt: skip


def settled(report: Path) -> list[Figure]:
    """From the start of the process to the picture that stays, on a screen of 1366×768 without a window manager."""
    if shutil.which("Xvfb") is None:
        print("Xvfb is not installed: the settled picture is not measured.")
        return []
    from gxeditor import documents

    tables = report.with_suffix(".xlsx")
    documents.export(documents.read(report).report, tables)
    commands = {
        "empty window": [sys.executable, "-c", _ALONE],
        "sample open": [sys.executable, "-m", "gxeditor", str(report)],
    }
    if (gnumeric := shutil.which("gnumeric")) is not None:
        commands["Gnumeric, the same tables"] = [gnumeric, str(tables)]
    else:
        print("Gnumeric is not installed: the start is not compared with it.")
    times: dict[str, list[float]] = {name: [] for name in commands}
    with screen() as shown, tempfile.TemporaryDirectory() as home:
        for number in range(STARTS + 1):
            for name, command in commands.items():
                took = shown.settled(command, {"QT_QPA_PLATFORM": "xcb", "HOME": home})
                if number:  # the first warms the file cache and makes settings
                    times[name].append(took)
    figures = [Figure(f"settled: {name}", taken, "ms") for name, taken in times.items()]
    ours = times["sample open"]
    figures.append(
        Figure("settled: ratio to the empty window", ratios(ours, times["empty window"]), "×", 1.6)
    )
    if gnumeric is not None:
        theirs = times["Gnumeric, the same tables"]
        figures.append(Figure("settled: ratio to Gnumeric", ratios(ours, theirs), "×", 1.0))
    print(
        f"settled, medians: {', '.join(f'{name} {statistics.median(t):.0f} ms' for name, t in times.items())}"
    )
    return figures
