"""Reading a file that may be anything: one door for all readers.

Knows that only regular files are opened (a pipe or a device may never answer, or never end), that what is read is
limited and not what a file says of its size, how long paths reach the disk on Windows, that a file somebody holds is
waited for a little, and the one wording for a clerk when it does not work. Does not know what is in the file.
"""

from __future__ import annotations

import errno
import ntpath
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.digest import sha256
from gxeditor.files.limits import OWN_FILE

T = TypeVar("T")

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.4, 0.4)
"""Seconds between the attempts on a file that another program holds; Excel and virus scanners let go within them."""

LONGEST_PATH = 32_767
"""Characters that Windows takes in its long form (and Linux not even then)."""


_WINDOWS_LIMIT = 200
"""Windows wants paths from 260 characters on in another form; the temporary name needs some of the difference."""
_PIECE = 1 << 20  # bytes read at once: no memory is asked for that a file only says it needs
# Not to wait for the other end of a pipe that took the file's place a moment ago, nor to follow it into a terminal;
# Windows has neither flag, but wants to be told that bytes are read.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


class NotRegular(OSError):
    """A folder, pipe, socket or device where a file should be; it was not opened."""


class TooMuch(OSError):
    """There is more in a file than it may hold; `size` in bytes, as far as the file says it."""

    size = 0


def open_regular(path: Path, *, follow: bool = True) -> BinaryIO:
    """A regular file, open for reading; with `follow=False` a symbolic link is none.

    Raises `NotRegular`, and `OSError` for everything else, also for a path that no file can have.
    """
    there = reachable(path)
    try:
        _demand_regular(os.stat(there, follow_symlinks=follow), path)
        descriptor = os.open(there, _FLAGS | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    except ValueError as error:  # a NUL or half a character in the path
        raise FileNotFoundError(errno.ENOENT, "no such path") from error
    try:
        _demand_regular(os.fstat(descriptor), path)  # another may stand there by now
        return open(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_bytes(path: Path, most: int, *, follow: bool = True, pauses: Sequence[float] | None = None) -> bytes:
    """All bytes of a regular file. Raises `TooMuch` if there are more than `most`, and as `open_regular`."""
    return b"".join(
        patiently(lambda: list(_pieces(path, most, follow)), PAUSES if pauses is None else pauses)
    )


def read_head(path: Path, count: int) -> bytes:
    """The first `count` bytes of a regular file, or as many as it has. Raises as `open_regular`."""

    def read() -> bytes:
        with open_regular(path) as file:
            return file.read(count)

    return patiently(read, PAUSES)


def sha256_of(path: Path, most: int = OWN_FILE) -> str:
    """The sha256 of a file in hexadecimal. Raises as `read_bytes`."""
    return sha256(read_bytes(path, most)).hexdigest()


def read_file(
    path: Path, most: int, *, meaning: str = "没有读入任何内容。", holder: str = "可能正被别的程序使用"
) -> bytes:
    """The same for a file that a person has chosen. Raises `UnreadableSource` in words.

    `meaning` says what the failure means for the person's data, `holder` what may keep it from being read.
    """
    name = f"“{path.name}”"
    try:
        return read_bytes(path, most)
    except NotRegular as error:
        folder = isinstance(error.__cause__, IsADirectoryError)
        raise UnreadableSource(
            f"{name}是一个文件夹，不是文件。"
            if folder
            else f"{name}不是普通的文件（是管道或设备），没有打开。",
            meaning,
            "请打开其中的文件。" if folder else "请核对是不是选错了文件。",
        ) from error
    except TooMuch as error:
        size = f"有 {error.size // 1_000_000} MB" if error.size else f"超过 {most // 1_000_000} MB"
        raise UnreadableSource(
            f"{name}{size}，不像一份年报。", meaning, "请核对是不是选错了文件。"
        ) from error
    except FileNotFoundError as error:
        raise UnreadableSource(
            f"{name}不见了。", "", "它可能被移动、改名或删除了，请从新的位置打开。"
        ) from error
    except PermissionError as error:
        raise UnreadableSource(
            f"{name}打不开，{holder}。",
            meaning,
            "请关闭正在使用它的程序，再试一次；或核对您有没有读取它的权限。",
        ) from error
    except OSError as error:
        raise UnreadableSource(
            f"{name}打不开。",
            meaning,
            "如果它在云盘（如 OneDrive）、U 盘或网络盘上，请先连接好，等它下载完再打开。",
        ) from error


def _pieces(path: Path, most: int, follow: bool) -> Iterator[bytes]:
    with open_regular(path, follow=follow) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            error = TooMuch(errno.EFBIG, "too large")
            error.size = size
            raise error
        total = 0
        while piece := file.read(_PIECE):
            total += len(piece)
            if total > most:  # some files say that they hold nothing, and never end
                raise TooMuch(errno.EFBIG, "too large")
            yield piece


def _demand_regular(status: os.stat_result, path: Path) -> None:
    if stat.S_ISREG(status.st_mode):
        return
    cause = IsADirectoryError(errno.EISDIR, "a folder") if stat.S_ISDIR(status.st_mode) else None
    raise NotRegular(errno.EINVAL, "no regular file", str(path)) from cause


def is_possible(path: str) -> bool:
    """Whether a text can be the path of a file at all, by its looks: the disk is not asked."""
    if not path or len(path) > LONGEST_PATH or "\0" in path:
        return False
    try:
        os.fsencode(path)
    except UnicodeError:
        return False
    return True


def patiently(action: Callable[[], T], pauses: Sequence[float] | None = None) -> T:
    """What `action` returns; while another program holds its file it is tried again. Raises what it raises at last."""
    for pause in PAUSES if pauses is None else pauses:
        try:
            return action()
        except PermissionError:
            time.sleep(pause)
    return action()


def reachable(path: Path) -> Path:
    """The path in a form in which the system takes it, however long it is; not for showing."""
    return Path(extended(os.path.abspath(path))) if os.name == "nt" else path


def extended(path: str) -> str:
    r"""The form in which Windows takes a long path: \\?\C:\… or \\?\UNC\server\…; a short one as it is."""
    if len(path) < _WINDOWS_LIMIT or path.startswith("\\\\?\\"):
        return path
    absolute = ntpath.abspath(path)
    return "\\\\?\\UNC" + absolute[1:] if absolute.startswith("\\\\") else "\\\\?\\" + absolute
