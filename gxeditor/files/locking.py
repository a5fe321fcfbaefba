"""The system's own lock on a file that is open: it ends with the program, however that ends.

Knows how each system takes it. Does not know what a lock is for, nor whether anybody waits for it.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
    import os

    def try_lock(descriptor: int, at: int = 0) -> None:
        os.lseek(descriptor, at, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def try_lock(descriptor: int, at: int = 0) -> None:
        """Takes the lock at once, or raises: `PermissionError` or `BlockingIOError` if somebody has it, any other
        `OSError` where there are no locks.

        Windows locks one byte, which nobody else can read meanwhile: the one `at` so many bytes behind the beginning,
        where there need be none. Elsewhere the whole file is locked, and can be read all the same.
        """
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
