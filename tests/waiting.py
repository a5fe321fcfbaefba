"""Waiting for another thread or process, in tests.

No test asserts a time: what is slow on a busy machine is right all the same, and `make bench` measures speed. What
hangs has to end, though, and `PATIENCE` is how long that takes.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import AnyStr

PATIENCE = 120
"""Seconds after which what has not come is taken to hang; some hundred times what a machine with little to do needs."""


def until(is_so: Callable[[], bool]) -> None:
    """Waits, without Qt's events, until something is so. Raises `AssertionError` after `PATIENCE`."""
    for _ in range(PATIENCE * 100):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


@contextmanager
def mortal(process: subprocess.Popen[AnyStr]) -> Iterator[subprocess.Popen[AnyStr]]:
    """A program that hangs is killed, so that reading what it says comes to an end; none outlives this."""
    watchdog = Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
