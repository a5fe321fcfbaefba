"""For tests under Windows, which limits no process: a test that sets a limit is skipped, the others of its file run."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

RLIMIT_AS = RLIMIT_CORE = RLIMIT_CPU = RLIMIT_DATA = RLIMIT_FSIZE = RLIMIT_NOFILE = RLIMIT_STACK = 0
RLIM_INFINITY = -1


def getrlimit(_: int) -> NoReturn:
    pytest.skip("Windows limits no process")


def setrlimit(_: int, __: Any) -> NoReturn:
    pytest.skip("Windows limits no process")
