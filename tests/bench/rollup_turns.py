"""What a turn of the window costs while a roll-up is read: the window's own processor time, and the time on the wall.

    python -m tests.bench.rollup_turns FOLDER UNITS

reads FOLDER with its list of units as the window does, and says the longest turns of the event loop of opening, of
reading and of turning through the pages. On a busy machine the wall says how busy it was.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, QTimer

from gxeditor.app import build
from gxeditor.core.rollup.project import Rollup
from gxeditor.resources import load_form
from gxeditor.rollup.lists import read_list
from gxeditor.settings import Folders
from gxeditor.store.rollup_file import save_rollup
from gxeditor.ui.rollup.window import TABS
from tests.area import YEAR


class _Turns:
    """Processor seconds of the window's thread, and seconds on the wall, of each turn of the event loop."""

    def __init__(self) -> None:
        self.cpu: list[float] = []
        self.wall: list[float] = []
        self._began: tuple[float, float] | None = None
        loop = QAbstractEventDispatcher.instance()
        assert loop is not None
        loop.awake.connect(self._awake)
        loop.aboutToBlock.connect(self._ended)

    def _awake(self) -> None:
        self._ended()
        self._began = time.thread_time(), time.perf_counter()

    def _ended(self) -> None:
        if self._began is not None:
            self.cpu.append(time.thread_time() - self._began[0])
            self.wall.append(time.perf_counter() - self._began[1])
            self._began = None

    def run(self, name: str, until: Callable[[], bool], least: float = 1.0) -> None:
        """Runs the loop until something is so, at least so many seconds, and says the longest turns of it."""
        self.cpu, self.wall = [], []
        began = time.perf_counter()
        loop, timer = QEventLoop(), QTimer(interval=100)

        def look() -> None:
            if until() and time.perf_counter() - began >= least:
                loop.quit()

        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        cpu = sorted(self.cpu, reverse=True)
        slow = sum(one > 0.05 for one in cpu)
        print(
            f"{name}: {time.perf_counter() - began:.1f} s, {len(cpu)} turns, {slow} above 50 ms; "
            f"cpu ms {', '.join(f'{one * 1000:.0f}' for one in cpu[:6])}; "
            f"wall ms {max(self.wall, default=0) * 1000:.0f}; load {os.getloadavg()[0]:.1f}",
            flush=True,
        )


def main(folder: Path, units: Path) -> None:
    with tempfile.TemporaryDirectory() as kept:
        place = Path(kept)
        project = folder / "turns.gxh"
        if not project.exists():
            rollup = Rollup(load_form(), year=YEAR)
            save_rollup(Rollup(rollup.form, year=YEAR, units=read_list(units, "", YEAR).units), project, None)
        _, first = build([], Folders(place / "config", place / "data", place / "log"))
        first.show()
        turns = _Turns()
        turns.run("start", lambda: True)
        began = time.thread_time()
        window = first.program.rollups.open(project, first)
        print(f"open: cpu {(time.thread_time() - began) * 1000:.0f} ms in one turn")
        assert window is not None
        turns.run("reading", lambda: not window.reading.is_reading)
        for tab in TABS:
            window.turn_to(tab)
            turns.run(tab, lambda: True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]))
    sys.stdout.flush()
    os._exit(0)
