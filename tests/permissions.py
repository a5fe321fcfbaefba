"""The tests may be run by root, whom no permission of a file stops."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# linux/capability.h: the third version, with two words a set; CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH.
_VERSION = 0x20080522
_PAST_PERMISSIONS = 1 << 1 | 1 << 2


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Permissions count, for root as well.

    Root stays the owner of its files and gives up only the right to pass over permissions, so a checkout in its home
    can still be read: what the program loads on first use comes from there. Holds for this thread and what it starts.
    """
    if sys.platform == "win32":
        pytest.skip("a folder of Windows has no permissions that os.chmod could take away")
    if os.getuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION, 0)
    given = (
        ctypes.c_uint32 * 6
    )()  # effective, permitted, inheritable; then the same for the upper 32 rights

    def told(result: int) -> None:
        if result != 0:
            raise OSError(ctypes.get_errno(), "the rights of this thread")

    told(libc.capget(header, given))
    fewer = (ctypes.c_uint32 * 6)(*given)
    fewer[0] &= ~_PAST_PERMISSIONS
    told(libc.capset(header, fewer))
    try:
        yield
    finally:
        told(libc.capset(header, given))


@contextmanager
def somebody_else() -> Iterator[None]:
    """A user who owns nothing here; for root alone, others stay who they are.

    Nothing may be loaded meanwhile that the program has not loaded yet: this user cannot look into root's home. Holds
    for every thread, and is what access() goes by, which asks for the rights of the real user.
    """
    if sys.platform == "win32":
        pytest.skip("a folder of Windows has no permissions that os.chmod could take away")
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
