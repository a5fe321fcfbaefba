"""The packaging scripts import each other by bare names, as their folder is on the path when one of them runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
SAMPLES = Path(__file__).parent / "samples"

sys.path.insert(0, str(PACKAGING))


@pytest.fixture(scope="session")
def signed() -> bytes:
    """_uuid.pyd of CPython 3.11.9 for Windows, as the Python Software Foundation built and signed it."""
    return (SAMPLES / "_uuid.pyd").read_bytes()
