"""Every reader under damage: `make fuzz`.

All files of `crafted`, then COUNT damaged files for each of `damage.SUBJECTS`, made from small whole ones: bytes
changed, cut off, doubled and moved, in packages also inside their parts. Each is used as the program uses it, in a
child process, so that what hangs, crashes or grows is seen; two children at most. How far it is stands in out/fuzz: a
run that was ended goes on from there, and every file that ended in anything but a result or a sentence is kept there
with the way to use it again. Prints a row for each reader and exits with 1 if there were any.

    python tests/fuzz.py [--fresh] [--count N] [--seed N] [READER …]
    python tests/fuzz.py --again FILE                one that was kept, or READER-NUMBER.SUFFIX of any place
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gxeditor.core.errors import Unfinished
from gxeditor.worker import MEMORY, SECONDS, ChildBug, Worker
from tests.crafted import CRAFTED
from tests.damage import SUBJECTS, Attempt, attempt, attempt_damaged, damaged

OUT = Path(__file__).parents[1] / "out" / "fuzz"
COUNT = 1_000
"""Files of each reader: with the crafted ones 22,000."""
_PROCESSES = 2
_BLOCK = 25  # files between two writings of the state
_CLOCK = 6 * SECONDS
"""How long a file is waited for. Judged is the processor's time, which other work on the machine does not stretch."""
CRAFTED_ONES = "crafted"
_HOW = ("read", "refused", "clock", "memory", "bug")
_BAD = ("clock", "memory", "bug")


def use(worker: Worker, function: Any, *arguments: object) -> Attempt:
    """What `attempt` says of a file, or how its child ended."""
    start = time.monotonic()
    try:
        found: Attempt = worker.run(function, *arguments, doing="读", seconds=_CLOCK)
    except Unfinished as error:
        how = "memory" if "内存" in error.what else "clock" if "秒" in error.what else "bug"
        return Attempt(how, error.what, time.monotonic() - start, MEMORY if how == "memory" else 0)
    except ChildBug as bug:
        return Attempt("bug", bug.crash_report.strip().splitlines()[-1], 0.0, 0)
    if found.work > SECONDS and found.how != "bug":
        return found._replace(how="clock")
    return found._replace(how="memory") if found.peak > MEMORY else found


class Run:
    """How far a run is, as it stands in `OUT`. Its methods may be called by several threads."""

    def __init__(self, folder: Path, seed: int, count: int, wanted: list[str]) -> None:
        self.folder = folder
        self._file = folder / "state.json"
        self._lock = threading.Lock()
        self._taken: dict[str, int] = {}
        self.wanted = wanted or [CRAFTED_ONES, *SUBJECTS]
        folder.mkdir(parents=True, exist_ok=True)
        if self._file.exists():
            self.state: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        else:
            self.state = {"seed": seed, "seconds": 0.0, "readers": {}, "findings": []}
        self.goal = {name: len(CRAFTED) if name == CRAFTED_ONES else count for name in self.wanted}
        for name in self.wanted:
            row = {"done": 0, "how": {}, "work": 0.0, "slowest": [0.0, ""], "largest": [0, ""]}
            self.state["readers"].setdefault(name, row)
            self._taken[name] = self.state["readers"][name]["done"]

    @property
    def seed(self) -> int:
        return int(self.state["seed"])

    def block(self) -> tuple[str, range] | None:
        """The next files to be used, of the reader that is least far; a reader's blocks are done one after another."""
        with self._lock:
            rows = self.state["readers"]
            free = [n for n in self.wanted if self._taken[n] == rows[n]["done"] < self.goal[n]]
            if not free:
                return None
            name = min(free, key=lambda one: rows[one]["done"] / self.goal[one])
            first = self._taken[name]
            self._taken[name] = min(first + _BLOCK, self.goal[name])
            return name, range(first, self._taken[name])

    def took(self, name: str, numbers: range, found: list[Attempt], seconds: float) -> None:
        """Notes what became of a block, and keeps the files that went wrong."""
        with self._lock:
            row = self.state["readers"][name]
            for number, one in zip(numbers, found, strict=True):
                row["how"][one.how] = row["how"].get(one.how, 0) + 1
                row["work"] += one.work
                label = _label(name, number)
                row["slowest"] = max(row["slowest"], [round(one.work, 2), label])
                row["largest"] = max(row["largest"], [one.peak, label])
                if one.how in _BAD:
                    self._keep(name, number, one)
            row["done"] = numbers.stop
            self.state["seconds"] += seconds
            beside = self._file.with_suffix(".new")
            beside.write_text(json.dumps(self.state, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(beside, self._file)

    def _keep(self, name: str, number: int, one: Attempt) -> None:
        label = _label(name, number)
        (self.folder / label).write_bytes(
            CRAFTED[label.removeprefix(f"{CRAFTED_ONES}-")]()
            if name == CRAFTED_ONES
            else damaged(name, number, self.seed)
        )
        again = f"PYTHONPATH=. .venv/bin/python tests/fuzz.py --again out/fuzz/{label}"
        self.state["findings"].append({"file": label, "how": one.how, "told": one.told, "again": again})
        print(f"  {one.how}: {label}: {one.told}", flush=True)

    def tell(self) -> None:
        print(
            f"{'reader':12} {'files':>6} {'read':>6} {'refused':>8} {'clock':>6} {'memory':>7} {'bugs':>5} "
            f"{'CPU s':>7}  slowest / largest"
        )
        sums = dict.fromkeys(_HOW, 0)
        for name, row in self.state["readers"].items():
            counts = [row["how"].get(how, 0) for how in _HOW]
            sums = {how: sums[how] + count for how, count in zip(_HOW, counts, strict=True)}
            print(
                "{:12} {:6} {:6} {:8} {:6} {:7} {:5}".format(name, row["done"], *counts)
                + f" {row['work']:7.0f}  {row['slowest'][0]:.2f} s {row['slowest'][1]} / "
                f"{row['largest'][0] // 1_000_000} MB {row['largest'][1]}"
            )
        files = sum(row["done"] for row in self.state["readers"].values())
        work = sum(row["work"] for row in self.state["readers"].values())
        missing = sum(self.goal[name] - self.state["readers"][name]["done"] for name in self.wanted)
        for finding in self.state["findings"]:
            print(f"{finding['how']}: {finding['file']}: {finding['told']}\n    {finding['again']}")
        print(
            f"{files} files, seed {self.seed}: {sums['read']} read, {sums['refused']} refused with a sentence, "
            f"{sums['clock']} over {SECONDS:g} s, {sums['memory']} over {MEMORY // 1_000_000} MB, {sums['bug']} bugs; "
            f"{work / 60:.0f} CPU minutes in the readers, {self.state['seconds'] / 60:.0f} minutes of two processes"
            + (f"; {missing} still to do: run it again" if missing > 0 else "")
        )


def _label(name: str, number: int) -> str:
    """The name of a file that is kept; it says how it is made."""
    if name == CRAFTED_ONES:
        return f"{CRAFTED_ONES}-{list(CRAFTED)[number]}"
    return f"{name}-{number}.{SUBJECTS[name].suffix}"


def _work(run: Run, stopped: threading.Event) -> None:
    worker = Worker()
    try:
        with TemporaryDirectory() as name:
            # Whatever a reader keeps for its user goes here, and away.
            folder = Path(name)
            while not stopped.is_set() and (block := run.block()) is not None:
                start = time.monotonic()
                kind, numbers = block
                found = [_one(worker, kind, number, run.seed, folder) for number in numbers]
                run.took(kind, numbers, found, time.monotonic() - start)
    finally:
        worker.close()


def _one(worker: Worker, kind: str, number: int, seed: int, folder: Path) -> Attempt:
    if kind != CRAFTED_ONES:
        path = folder / f"年报.{SUBJECTS[kind].suffix}"
        return use(worker, attempt_damaged, kind, number, seed, path)
    name = list(CRAFTED)[number]
    path = folder / name
    path.write_bytes(CRAFTED[name]())
    found = use(worker, attempt, name.rpartition(".")[2], path)
    path.unlink()
    return found


def _again(path: Path) -> int:
    """Uses one file as its name says, in this process, so that an error is seen where it comes up."""
    name = path.name.removeprefix(f"{CRAFTED_ONES}-")
    kind = name.rpartition(".")[2] if name != path.name else name.rpartition("-")[0]
    with TemporaryDirectory() as folder:
        copy = Path(folder) / f"年报.{SUBJECTS[kind].suffix}"
        copy.write_bytes(path.read_bytes())
        print(SUBJECTS[kind].use(copy))
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="every reader under damage")
    parser.add_argument("readers", nargs="*", help=f"of {CRAFTED_ONES} {' '.join(SUBJECTS)}; all by default")
    parser.add_argument("--fresh", action="store_true", help="begin anew instead of going on")
    parser.add_argument("--count", type=int, default=COUNT, help="files of each reader")
    parser.add_argument("--seed", type=int, default=0, help="of a new run")
    parser.add_argument("--again", type=Path, help="use a file that was kept")
    parser.add_argument("--out", type=Path, default=OUT, help="where the state and kept files are")
    given = parser.parse_args(arguments)
    if given.again is not None:
        return _again(given.again)
    if given.fresh:
        shutil.rmtree(given.out, ignore_errors=True)
    run = Run(given.out, given.seed, given.count, given.readers)
    stopped = threading.Event()
    threads = [threading.Thread(target=_work, args=(run, stopped)) for _ in range(_PROCESSES)]
    with TemporaryDirectory() as home:
        os.environ["GXEDITOR_HOME"] = home  # no map or setting of whoever runs this is read or written
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except KeyboardInterrupt:
            stopped.set()
            for thread in threads:
                thread.join()
    run.tell()
    return int(bool(run.state["findings"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
