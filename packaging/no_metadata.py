"""Stands in the Windows program for `importlib.metadata`, which would want `email`, and that `socket`.

Nothing is installed there as a package with metadata, so every question has the same answer. pdfminer and ofdkit ask
for their own version.
"""

from __future__ import annotations

from typing import NoReturn


class PackageNotFoundError(ModuleNotFoundError):
    """No package of this name is installed."""


def version(name: str) -> NoReturn:
    """Raises `PackageNotFoundError`."""
    raise PackageNotFoundError(name)
