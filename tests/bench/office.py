"""LibreOffice as a clerk has it: with a profile that was used in a window once, on a screen of its own.

A profile that was never opened in a window makes each conversion take two to three times as long. Where LibreOffice has
no part with a window, its profile is only a warm one, and that is said.
"""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.bench.figures import run

WIDTH, HEIGHT = 1366, 768
_LOOK = 0.01  # seconds between two looks at the screen
_STILL = 1.2  # seconds without a change after which a picture is the final one
_LATE = 60.0  # seconds in which anything has been painted
_SAME = (
    0.004  # of a picture, what may still change: the icons of menus and of the title bar, a blinking caret
)


class Screen:
    """An X server whose picture lies in a file, so that looking at it costs the program that paints next to nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        reader, writer = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp",
             "-fbdir", str(folder)],
            pass_fds=(writer,), stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writer)
        with os.fdopen(reader) as number:
            self.display = f":{number.readline().strip()}"
        with open(folder / "Xvfb_screen0", "rb") as file:
            self._picture = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(20)
        self._picture.close()

    def settled(self, command: list[str], environment: Mapping[str, str] = {}) -> float:
        """Milliseconds from the start of a program until the picture is the one that stays. The program is ended."""
        before = self._picture[:]
        process = self.start(command, environment)
        begun = time.perf_counter()
        seen: list[tuple[float, bytes]] = []
        last, last_at = before, begun
        while True:
            now = time.perf_counter()
            picture = self._picture[:]
            if picture != last:
                last, last_at = picture, now
                seen.append((now - begun, picture))
            if seen and now - last_at > _STILL:
                break
            if now - begun > _LATE:
                raise SystemExit(f"{command[0]} does not come to rest")
            time.sleep(_LOOK)
        self.end(process, before)
        settled = 0.0
        for at, picture in reversed(seen):
            if _differing(picture, last) > _SAME:
                break
            settled = at
        return settled * 1000

    def start(self, command: list[str], environment: Mapping[str, str] = {}) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env={**os.environ, "DISPLAY": self.display, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end(self, process: subprocess.Popen[bytes], before: bytes) -> None:
        """Ends a program and what it started, and waits for the screen to be as it was."""
        import signal

        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
        end = time.perf_counter() + 10
        while self._picture[:] != before and time.perf_counter() < end:
            time.sleep(_LOOK)


def _differing(one: bytes, other: bytes) -> float:
    """The share of a picture's rows, each in 64 pieces, that differ."""
    size = max(1, len(one) // (HEIGHT * 64))
    pieces = range(0, len(one), size)
    return sum(one[at : at + size] != other[at : at + size] for at in pieces) / len(pieces)


@contextmanager
def screen() -> Iterator[Screen]:
    with tempfile.TemporaryDirectory() as folder:
        shown = Screen(Path(folder))
        try:
            yield shown
        finally:
            shown.close()


class Office(NamedTuple):
    """LibreOffice with its profile; `was_shown` if that was used in a window."""

    program: str
    profile: Path
    was_shown: bool

    def convert(self, path: Path, suffix: str, folder: Path) -> float:
        """Seconds that it takes to convert a file into a folder."""
        return run(
            self.program,
            f"-env:UserInstallation={self.profile.as_uri()}",
            "--headless",
            "--convert-to",
            suffix,
            "--outdir",
            str(folder),
            str(path),
        )[0]


def office(folder: Path, document: Path) -> Office | None:
    """LibreOffice, once it has shown a document in a window; None if it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        print("LibreOffice (soffice) is not installed: nothing is compared with it.")
        return None
    found = Office(program, folder / "office", False)
    found.convert(document, "pdf", folder / "out")  # a first start that shows no welcome and asks nothing
    if shutil.which("Xvfb") is None:
        print("Xvfb is not installed: LibreOffice's profile was never used in a window.")
        return found
    with screen() as shown:
        before = shown._picture[:]
        profile = f"-env:UserInstallation={found.profile.as_uri()}"
        process = shown.start([program, profile, "--norestore", "--nologo", str(document)])
        end = time.perf_counter() + 40
        while shown._picture[:] == before and process.poll() is None and time.perf_counter() < end:
            time.sleep(0.2)
        was_shown = shown._picture[:] != before
        time.sleep(8 if was_shown else 0)  # it writes what it learnt of the machine when it has come to rest
        _quit(process)
    if not was_shown:
        print("This LibreOffice has no windows: its profile was only used before.")
    return found._replace(was_shown=was_shown)


def _quit(process: subprocess.Popen[bytes]) -> None:
    """Has LibreOffice end in order: its profile is written then."""
    import signal

    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)
