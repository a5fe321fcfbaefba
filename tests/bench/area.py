"""A province's roll-up by the command: thousands of .gxr read, checked and added up, then opened again; Word and Excel.

Wall time says what a clerk waits for on a computer that does nothing else; on a busy one the processor's time and the
ratios of one run are to be looked at. Memory is that of all processes together, what they share counted once.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests import area
from tests.bench.figures import PROJECT, Figure

COUNTS = (100, 1_000, 10_000)
FOREIGN = 300
_LOOK = 0.25  # seconds between two looks at the memory


class Run(NamedTuple):
    """What a run of the command took: seconds on the wall and of the processor, and megabytes at its most."""

    wall: float
    busy: float
    memory: float


def roll_ups(report: Path) -> list[Figure]:
    """Each count in a folder of its own; the cost of a report may not grow with their number."""
    folder = report.parent / "area"
    figures: list[Figure] = []
    costs: dict[int, float] = {}
    for count in COUNTS:
        units = area.write(folder, count)
        first, again = _run(folder, units), _run(folder, units)
        costs[count] = (first.busy - again.busy) / count * 1000  # without what every run of the command takes
        figures.append(Figure(f"{count} reports: the processor's time of one", [costs[count]], "ms"))
        if count == COUNTS[-1]:
            figures += [
                Figure(f"{count} reports read, checked, added up", [first.wall], "s", 60),
                Figure(f"{count} reports: the processor's time", [first.busy], "s"),
                Figure(f"{count} reports: memory of all processes", [first.memory], "MB", 600),
                Figure(f"{count} reports opened again, unchanged", [again.wall], "s", 3),
            ]
        shutil.rmtree(folder)
    # Starting two children is a good part of the least count; it is shown, and the others are compared.
    flat = costs[COUNTS[-1]] / costs[COUNTS[1]]
    figures.append(Figure(f"the cost of one, {COUNTS[-1]} to {COUNTS[1]}", [flat], "×", 1.25))
    units = _foreign(folder)
    run = _run(folder, units)
    figures.append(Figure(f"{FOREIGN} .docx and .xlsx in child processes", [run.wall], "s", 120))
    figures.append(Figure(f"{FOREIGN} .docx and .xlsx: the processor's time", [run.busy], "s"))
    return figures


def _foreign(folder: Path) -> Path:
    from gxeditor import documents

    (folder / "reports").mkdir(parents=True)
    names = []
    for number, one in enumerate(area.area(FOREIGN)):
        names.append(one.name)
        documents.export(one.report, folder / "reports" / f"{one.name}{('.docx', '.xlsx')[number % 2]}")
    units = folder / "units.txt"
    units.write_text("\n".join(names), encoding="utf-8")
    return units


def _run(folder: Path, units: Path) -> Run:
    command = [sys.executable, "-m", "gxeditor", "rollup", str(folder / "reports"), "--units", str(units)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    child = subprocess.Popen(
        [*command, "--year", str(area.YEAR), "--project", str(folder / "省.gxh"), "--json"],
        stdout=subprocess.DEVNULL,
        cwd=PROJECT,
    )
    most = [0.0]
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(child.pid, most, ended))
    watch.start()
    code = child.wait()
    took = time.perf_counter() - begun
    ended.set()
    watch.join()
    if code not in (0, 1):
        raise RuntimeError(f"the command ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(took, busy, most[0])


def _watch(pid: int, most: list[float], ended: threading.Event) -> None:
    while not ended.wait(_LOOK):
        most[0] = max(most[0], sum(map(_megabytes, _tree(pid))))


def _tree(pid: int) -> Iterator[int]:
    """A process and those below it."""
    parents: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                status = Path("/proc", name, "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            parents.setdefault(int(status.rpartition(")")[2].split()[1]), []).append(int(name))
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += parents.get(one, ())


def _megabytes(pid: int) -> float:
    try:
        told = Path("/proc", str(pid), "smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended
        return 0.0
    return int(told.partition("Pss:")[2].split()[0]) / 1000
