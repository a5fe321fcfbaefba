"""Every reader under damage: `make fuzz`.

First every file of `crafted`, then COUNT damaged files for each reader, made from small whole ones: bytes changed, cut
off, doubled and moved, in packages also inside their parts. All are read as the window and the command line do, in the
child process, so that what hangs, crashes or grows is seen. Prints a row for each and exits with 1 if any ended in
anything but a report or a sentence of its reader.

    python tests/fuzz.py [COUNT [FORMAT …]]    2,000 by default; COUNT 0: the crafted files only
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from gxeditor import documents
from gxeditor.core.errors import GxError, Unfinished
from gxeditor.imports.doors import ONLY
from gxeditor.worker import MEMORY, SECONDS, ChildBug, Worker
from tests.crafted import CRAFTED
from tests.damage import SEEDS, damaged, peak

COUNT = 2_000
_CLOCK = 6 * SECONDS
"""How long a file is waited for. Judged is the processor's time, which other work on the machine does not stretch."""


@dataclass(frozen=True)
class Outcome:
    """What became of a file: `how` is read, refused, unfinished or bug; `told` its sentence or error.

    `seconds` by the clock, `work` of the processor; `peak` bytes.
    """

    how: str
    told: str
    seconds: float
    work: float
    peak: int


def outcome(worker: Worker, path: Path) -> Outcome:
    """Reads a file in the child, as `documents.read_apart`."""
    _, before = worker.run(peak, doing="看内存")
    start = time.perf_counter()
    try:
        filed = worker.run(documents.read, path, ONLY, doing=documents.reading(path)["doing"], seconds=_CLOCK)
        how, told = "read", f"{len(filed.report.entries)} cells, {len(filed.notes)} notes"
    except Unfinished as error:
        how, told = "unfinished", error.what
    except GxError as error:
        how, told = "refused", error.what
    except ChildBug as bug:
        how, told = "bug", _last_line(bug.crash_report)
    spent = time.perf_counter() - start
    most, after = worker.run(peak, doing="看内存") if worker.pid is not None else (MEMORY, before + spent)
    if after - before > SECONDS or most > MEMORY:
        how = "unfinished"
    return Outcome(how, told, spent, after - before, most)


def _last_line(report: str) -> str:
    """The error, and the last place of ours before it."""
    lines = [line.strip() for line in report.splitlines() if line.strip()]
    places = [line for line in lines if line.startswith("gxeditor/")]
    return f"{lines[-1]} at {(places or ['?'])[-1]}"


@dataclass
class Tally:
    how: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    largest: tuple[int, int] = (0, 0)
    bad: list[str] = field(default_factory=list)


def fuzz(kind: str, count: int, folder: Path, worker: Worker, first: int = 0) -> Tally:
    tally = Tally()
    path = folder / f"年报.{kind}"
    for number in range(first, first + count):
        path.write_bytes(damaged(kind, number))
        found = outcome(worker, path)
        tally.how[found.how] += 1
        tally.slowest = max(tally.slowest, (found.work, number))
        tally.largest = max(tally.largest, (found.peak, number))
        if found.how in ("bug", "unfinished"):
            tally.bad.append(f"{kind} {number}: {found.told}")
            print("  ", tally.bad[-1], flush=True)
    return tally


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else COUNT
    wanted = arguments[1:]
    status = 0
    worker = Worker()
    with TemporaryDirectory() as name:
        folder = Path(name)
        if not wanted or wanted[0] == "crafted" or wanted[0] in CRAFTED:
            print(f"{'crafted file':26} {'how':10} {'s':>6} {'CPU s':>6} {'MB':>5}  what")
            for one, make in CRAFTED.items():
                if wanted and wanted[0] != "crafted" and one not in wanted:
                    continue
                path = folder / one
                path.write_bytes(make())
                found = outcome(worker, path)
                path.unlink()
                worker.close()
                bad = found.how in ("bug", "unfinished")
                status |= bad
                mark = "!" if bad else ""
                print(
                    f"{one:26} {found.how + mark:10} {found.seconds:6.2f} {found.work:6.2f} "
                    f"{found.peak // 1_000_000:5}  {found.told}",
                    flush=True,
                )
        if count:
            print(
                f"{'reader':14} {'read':>6} {'refused':>8} {'bugs':>5} {'ended':>6} "
                f"{'CPU s at most':>16} {'most MB':>14}"
            )
        for kind in SEEDS if count else ():
            if wanted and kind not in wanted:
                continue
            tally = fuzz(kind, count, folder, worker)
            status |= bool(tally.bad)
            how = tally.how
            slowest = f"{tally.slowest[0]:.2f} (#{tally.slowest[1]})"
            largest = f"{tally.largest[0] // 1_000_000} (#{tally.largest[1]})"
            print(
                f"{kind:14} {how['read']:6} {how['refused']:8} {how['bug']:5} {how['unfinished']:6} "
                f"{slowest:>16} {largest:>14}",
                flush=True,
            )
    worker.close()
    print(f"limits: {SECONDS:g} s, {MEMORY // 1_000_000} MB")
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
