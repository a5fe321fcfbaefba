"""A Chinese Windows PC made of Wine: a fresh prefix, a screen nobody sees, a keyboard.

Knows how Wine is made to answer like Windows 10 in China (code page 936), what has to be kept out of the tester's own
home, and the traps of running it without a terminal. Does not know the program under test. Needs what `setup.sh
windows` installs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
SCREEN = "1920x1080x24"
PATIENCE = 90.0  # seconds: no machine that is merely slow or busy takes longer to show what was asked for
CURSOR = 120  # bytes of a picture that a blinking cursor changes at most
TOOLS = (
    "wine", "Xvfb", "openbox", "xdotool", "wmctrl", "import", "convert", "tesseract", "localedef",
    "x86_64-w64-mingw32-gcc",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """A program that has ended: exit code, what it printed, seconds it took."""

    code: int
    text: str
    seconds: float


class Machine:
    """Use it in a with statement; it starts with Windows set up and ends with all of its processes gone."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        self.drive = folder / "prefix" / "drive_c"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),  # Wine writes menus and icons there
            "XDG_RUNTIME_DIR": str(folder / "home"),
            "WINEPREFIX": str(folder / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "winedbg.exe=d;winemenubuilder.exe=d;mscoree=d;mshtml=d",
            "LOCPATH": str(folder / "locale"),
            "LC_ALL": "zh_CN.UTF-8",
        }

    def __enter__(self) -> Machine:
        try:
            self._set_up()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._stop()

    def _set_up(self) -> None:
        (self._folder / "home").mkdir()
        (self._folder / "locale").mkdir()
        locale = ["localedef", "-i", "zh_CN", "-f", "UTF-8", str(self._folder / "locale" / "zh_CN.UTF-8")]
        subprocess.run(locale, check=True, capture_output=True)
        reader, writer = os.pipe()
        screen = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
        self._processes.append(
            subprocess.Popen(screen, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        os.close(writer)
        with os.fdopen(reader, encoding="ascii") as numbers:
            self.environment["DISPLAY"] = f":{numbers.readline().strip()}"
        self._processes.append(
            subprocess.Popen(
                ["openbox"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )
        self.run("wineboot", "-i")
        # Wine makes the user's folders links to one and the same folder of the tester's.
        for folder in self.user.iterdir():
            if folder.is_symlink():
                folder.unlink()
                folder.mkdir()
        for source in sorted((HERE / "wine").glob("*.c")):
            stub = self.drive / "windows" / "system32" / f"{source.stem}.dll"
            command = ["x86_64-w64-mingw32-gcc", "-shared", "-O2", "-o", str(stub), str(source), "-ladvapi32"]
            subprocess.run(command, check=True)
        self.run("regedit", "/S", self.windows_path(HERE / "wine" / "windows.reg"))

    def _stop(self) -> None:
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(["wineserver", "-k"], env=self.environment, capture_output=True, timeout=30)
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # --- files and registry -------------------------------------------------------------------------------

    @property
    def user(self) -> Path:
        """The user's folder, in which Desktop, Documents and AppData lie."""
        (folder,) = (path for path in (self.drive / "users").iterdir() if path.name != "Public")
        return folder

    def windows_path(self, path: Path) -> str:
        """How a program in Wine calls a file of ours."""
        inside = path.is_relative_to(self.drive)
        name = str(path.relative_to(self.drive) if inside else path.resolve()).replace("/", "\\")
        return f"C:\\{name}" if inside else f"Z:{name}"

    def registry(self) -> str:
        """What HKEY_CURRENT_USER\\Software holds, as regedit exports it."""
        target = self._folder / "software.reg"
        self.run("regedit", "/E", self.windows_path(target), "HKEY_CURRENT_USER\\Software")
        return target.read_text(encoding="utf-16").replace("\r\n", "\n")

    # --- programs -----------------------------------------------------------------------------------------

    def run(
        self, *command: str | Path, timeout: float = 300, folder: Path | None = None, **environment: str
    ) -> Done:
        """Run a Windows program to its end; exit code -1 if it does not come to one."""
        started = time.monotonic()
        process = subprocess.Popen(
            ["wine", *map(str, command)],
            env={**self.environment, **environment},
            cwd=folder or self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # a Windows Python does not start with a file or nothing there
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None
        output: list[bytes] = []
        reader = Thread(
            target=lambda pipe: output.extend(iter(lambda: pipe.read1(65536), b"")), args=[process.stdout]
        )
        reader.daemon = True
        reader.start()
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            code = -1
        seconds = time.monotonic() - started
        # Wine's own services may have been started with the pipe and keep it open for ever.
        reader.join(2)
        return Done(code, _decoded(b"".join(output)), seconds)

    def start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a Windows program and go on."""
        process = subprocess.Popen(
            ["wine", *map(str, command)],
            env=self.environment,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(process)
        return process

    def running(self, part: str) -> list[str]:
        """The command lines of this machine's programs that contain `part`."""
        mine = f"WINEPREFIX={self.environment['WINEPREFIX']}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it may end at any moment
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                if part in line and mine in (process / "environ").read_bytes().split(b"\0"):
                    found.append(line)
        return found

    # --- screen and keyboard ------------------------------------------------------------------------------

    def titles(self) -> list[str]:
        """The titles of all windows on the screen, the newest last."""
        return [title for _, title in self._windows()]

    def _windows(self) -> list[tuple[str, str]]:
        listed = self._tool("wmctrl", "-l").decode("utf-8", "replace")
        lines = [line.split(None, 3) for line in listed.splitlines()]
        return [(line[0], line[3]) for line in lines if len(line) == 4]

    def _newest(self, part: str) -> str:
        """The window whose title contains `part`, or an empty text."""
        return next((number for number, title in reversed(self._windows()) if part in title), "")

    def wait_for_window(self, part: str, but_not: str = "\n") -> float:
        """Seconds until a window stands there whose title contains `part` and not `but_not`; -1 if none comes."""
        return _wait(lambda: any(part in title and but_not not in title for title in self.titles()))

    def close_window(self, part: str, program: str) -> bool:
        """Close the last window of a program as its cross does; whether the program ends."""
        return self.shut(part) and wait_until(lambda: not self.running(program))

    def shut(self, part: str) -> bool:
        """Close a window as its cross does; whether it goes."""
        self._tool("wmctrl", "-i", "-c", self._newest(part))
        return wait_until(lambda: not any(part in title for title in self.titles()))

    def press(self, part: str, *keys: str) -> bool:
        """Press keys, by xdotool's names, in the newest window with this title; whether each did something.

        Ends when what is shown has come to rest, or after some seconds of work that shows its progress.
        """
        return all([self._press(part, key) for key in keys])

    def _press(self, part: str, key: str) -> bool:
        number, before = self._newest(part), self._pixels()
        self._send(number, key)
        answered = wait_until(lambda: self._newest(part) != number or not _same(self._pixels(), before))
        self.rest()
        return answered

    def leave(self, part: str, key: str) -> bool:
        """Press a key until no window has this title any more: what it is to close may be slow to come."""

        def is_gone() -> bool:
            if number := self._newest(part):
                self._send(number, key)
            return not self._newest(part)

        return wait_until(is_gone, pause=2)

    def _send(self, number: str, key: str) -> None:
        active = str(int(number or "0", 16)).encode()
        self._tool("wmctrl", "-i", "-a", number)
        wait_until(lambda: self._tool("xdotool", "getactivewindow").strip() == active, 10)
        self._tool("xdotool", "key", key)

    def rest(self) -> None:
        """Wait until the picture on the screen changes no more, for some seconds at most."""
        pictures = [b""]

        def is_still() -> bool:
            pictures.append(self._pixels())
            return _same(*pictures[-2:])

        _wait(is_still, 8, 0.3)

    def picture(self, name: str) -> Path:
        """What is on the screen as a PNG, without the empty border."""
        path = self.pictures / f"{name}.png"
        self._tool("import", "-window", "root", "-trim", str(path))
        return path

    def _pixels(self) -> bytes:
        return self._tool("import", "-window", "root", "-depth", "8", "rgb:-")

    def _tool(self, *command: str) -> bytes:
        """What a tool of the screen prints; nothing if the window it was meant for has just gone."""
        return subprocess.run(command, env=self.environment, capture_output=True, timeout=PATIENCE).stdout


class Seen(NamedTuple):
    """A line that was read on a picture, without its blanks; where its middle is and how high it is, in pixels."""

    text: str
    middle: float
    height: float

    def is_like(self, words: str) -> bool:
        """Whether it is these words, with one character in five misread at most, numbering aside."""
        return SequenceMatcher(None, self.text.lstrip("0123456789."), words).ratio() >= 0.8


def texts(picture: Path) -> list[Seen]:
    """What tesseract reads on a picture, Chinese and figures; enlarged first, as such small letters are misread."""
    scale = 2
    large = subprocess.run(
        ["convert", str(picture), "-resize", f"{scale * 100}%", "png:-"], capture_output=True, check=True
    )
    command = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", "11", "tsv"]
    # One thread: what OpenMP spreads over two cores makes it slower where others work too.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    read = subprocess.run(command, input=large.stdout, capture_output=True, check=True, env=environment)
    lines: dict[tuple[str, ...], list[tuple[str, int, int]]] = {}
    for row in read.stdout.decode("utf-8").splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip():
            place, top, height = tuple(cells[1:5]), int(cells[7]), int(cells[9])
            lines.setdefault(place, []).append((cells[11].strip(), top, height))
    found = []
    for words in lines.values():
        top, end = min(one[1] for one in words), max(one[1] + one[2] for one in words)
        text = "".join(one[0] for one in words)
        found.append(Seen(text, (top + end) / 2 / scale, (end - top) / scale))
    return found


def _same(one: bytes, other: bytes) -> bool:
    """Whether two pictures show the same, but for the cursor that blinks in a field."""
    if len(one) != len(other):
        return False
    changed = 0
    for at in range(0, len(one), 4096):
        first, second = one[at : at + 4096], other[at : at + 4096]
        if first != second:
            changed += sum(a != b for a, b in zip(first, second, strict=True))
    return changed < CURSOR


def wait_until(condition: Callable[[], bool], timeout: float = PATIENCE, pause: float = 0.1) -> bool:
    return _wait(condition, timeout, pause) >= 0


def _wait(condition: Callable[[], bool], timeout: float = PATIENCE, pause: float = 0.1) -> float:
    started = time.monotonic()
    while time.monotonic() - started < timeout:
        if condition():
            return time.monotonic() - started
        time.sleep(pause)
    return -1


def _decoded(output: bytes) -> str:
    """A Chinese console's text; wine's own words are UTF-8."""
    try:
        return output.decode("gbk").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return output.decode("utf-8", "replace").replace("\r\n", "\n")
