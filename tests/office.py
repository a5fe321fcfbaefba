"""LibreOffice as a witness: what it makes of a file, with a profile of its own, and never waited for without end.

Knows how it is called. What is expected of the result is the tests'.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.waiting import PATIENCE

SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
_TIMES = 2  # now and then one hangs while it ends


def by_office(target: str, folder: Path, source: Path, options: Sequence[str] = ()) -> Path:
    """A file converted; `target` is a suffix without its dot, or what `--convert-to` takes.

    It lies in `folder`, with others where each sheet becomes one. Raises `AssertionError` with what was said instead.
    """
    suffix = target.partition(":")[0]
    said = b""
    for _ in range(_TIMES):
        with TemporaryDirectory() as profile:
            office = f"-env:UserInstallation={Path(profile).as_uri()}"
            command = [
                str(SOFFICE),
                office,
                "--headless",
                *options,
                "--convert-to",
                target,
                "--outdir",
                folder,
            ]
            said = _said_by([*map(str, command), str(source)])
        for made in sorted(folder.glob(f"{source.stem}*.{suffix}")):
            return made
    raise AssertionError(said.decode("utf-8", "replace"))


def _said_by(command: list[str]) -> bytes:
    """What a program printed; one that hangs is killed with what it started, which would hold its output open."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            said, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            said, _ = process.communicate()
    return said
