"""What is measured, how it is shown, and what it may be at most. Knows nothing of the program."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "resources" / "samples" / "lushan-2022.txt"


@dataclass(frozen=True)
class Figure:
    """One measured thing: the figures in `unit`, and what its median (or 95th percentile) may be at most."""

    name: str
    values: Sequence[float]
    unit: str
    limit: float | None = None
    p95_limit: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        return sorted(self.values)[max(0, round(len(self.values) * 0.95) - 1)]

    @property
    def kept(self) -> bool:
        return (self.limit is None or self.median <= self.limit) and (
            self.p95_limit is None or self.p95 <= self.p95_limit
        )

    def line(self) -> str:
        share = f"{self.median / self.limit:5.2f}" if self.limit is not None else "    –"
        limits = f"{self.limit:g}" if self.limit is not None else "–"
        if self.p95_limit is not None:
            limits += f", p95 {self.p95_limit:g}"
        verdict = "" if self.kept else "  OVER"
        return (
            f"{self.name:52}{self.median:9.2f}{min(self.values):9.2f}{self.p95:9.2f}"
            f" {self.unit:3} {limits:>14} {share}{verdict}"
        )


HEAD = f"{'':52}{'median':>9}{'least':>9}{'p95':>9}     {'limit':>14} share"


def ratios(ours: Iterable[float], theirs: Iterable[float]) -> list[float]:
    """Of what was measured one after the other, under the same load."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def timed(action: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of the processor that an action takes, but for the first time, which makes what is made once."""
    action()
    return [processor(action) for _ in range(rounds)]


def processor(action: Callable[[], object]) -> float:
    """Milliseconds of the processor that an action takes in this process."""
    begun = time.process_time()
    action()
    return (time.process_time() - begun) * 1000


def run(*command: str) -> tuple[float, float]:
    """Seconds that a process takes and its greatest memory in MB, which is never told as less than our own."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace")
    process.stderr.close()
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}: {said}")
    return took, used.ru_maxrss / 1000
