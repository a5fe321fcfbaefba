"""Writing a file so that at every instant a whole one is there: the old or the new, never half of one.

Knows the order (write beside, flush, fsync, keep the previous version, replace, fsync the folder), what disks and other
programs do to it, and how that is said to a clerk. Does not know what is in the file.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from gxeditor.core.errors import NotWritten
from gxeditor.files.digest import sha256
from gxeditor.files.names import kept_name, shortened
from gxeditor.files.reading import PAUSES, open_regular, patiently, reachable

_STALE = 600
"""Age in seconds after which a temporary file beside the target can only be what a crash left."""

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LONGEST_NAME = 255
_BEGINNING = 100  # units of a name that its temporary file bears
_NOT_IN_NAMES = frozenset('<>:"|?*')
# Windows' own numbers (winerror.h), most of which Python calls “invalid argument”: ERROR_CLOUD_FILE_… of OneDrive and
# its like, and what a network drive or a device says that has gone.
_CLOUD = {*range(358, 405), 426}
_CUT_OFF = {21, 51, 54, 55, 59, 64, 121, 1167, 1201, 1222, 1231, 1232, 1236, 1617}


def write_atomic(
    path: Path,
    data: bytes | Iterable[bytes],
    *,
    keep: Path | None = None,
    private: bool = False,
    pauses: Sequence[float] = PAUSES,
) -> str:
    """Writes `data`, whole or in pieces, as the content of `path` and returns its sha256 in hexadecimal.

    When it returns, the data is on the disk. `keep` names the file that receives the previous version, if there is
    one. A symbolic link stays one; the permissions of the file that is replaced are kept, unless it is to be `private`
    to the user. Raises `NotWritten`, also for a device, a pipe or a folder, and then `path` holds what it held before;
    so it does when making the pieces raises.
    """
    target = reachable(path)
    if os.path.islink(target):
        target = Path(os.path.realpath(target))
    beside = _beside(target)
    replacing = False
    try:
        if os.path.islink(target):
            raise OSError(errno.ELOOP, "links that lead nowhere but to each other")
        if target.is_dir():
            # Windows says of a folder that it is in use.
            raise IsADirectoryError(errno.EISDIR, "a folder")
        there = target.exists()
        if there and not stat.S_ISREG(target.stat().st_mode):
            # A device would be replaced by a file, and a pipe never read to its end.
            raise OSError(errno.ENODEV, "no regular file")
        if there and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "read-only file")
        if keep is not None and there:
            _demand_replaceable(reachable(keep))
        digest = _write(beside, data, private)
        if there and not private:
            shutil.copymode(target, beside)
        replacing = True
        if there and keep is not None:
            _keep(target, reachable(keep), pauses)
        patiently(lambda: os.replace(beside, target), pauses)
    except OSError as error:
        raise not_written(path, error, held=replacing) from error
    finally:
        _clear(beside)
    _flush_folder(target.parent)
    _sweep(target)
    return digest


def not_written(path: Path, error: OSError, *, held: bool = False) -> NotWritten:
    """What `error` means to a clerk who wanted `path` written; `held`: a refusal came from the file, not its folder."""
    name, number = f"“{path.name}”", getattr(error, "winerror", None)
    refused = isinstance(error, PermissionError)
    absent = isinstance(error, FileNotFoundError | NotADirectoryError)
    nameless = absent or error.errno == errno.EINVAL  # what Windows says of a name that cannot be one
    elsewhere = "请另存到别的文件夹。"
    if error.errno in _FULL:
        what, remedy = f"磁盘已满，{name}没有保存。", "请清理出一些空间再保存，或另存到别的磁盘。"
    elif isinstance(error, IsADirectoryError):
        what, remedy = f"已有一个同名的文件夹，{name}没有保存。", "请另存为别的名字。"
    elif error.errno == errno.ENAMETOOLONG or (nameless and len(path.name) > _LONGEST_NAME):
        what, remedy = f"文件名太长，{name}没有保存。", "请另存为短一些的名字。"
    elif number in _CUT_OFF or ((absent or refused) and _gone(path.parent)):
        what = f"文件夹“{path.parent}”不见了，{name}没有保存。"
        remedy = "如果它在 U 盘或网络盘上，请重新连接；或另存到别的文件夹。"
    elif number in _CLOUD:
        what = f"云盘（如 OneDrive）没有让程序写入，{name}没有保存。"
        remedy = "请启动云盘程序，等它同步完再保存；或另存到不同步的文件夹。"
    elif refused and held:
        what = f"{name}正被其他程序占用或受到保护，没有保存。"
        remedy = (
            "请关闭正在使用它的程序（如 Excel、WPS）；如果它在云盘里，请等同步完，再保存或另存为别的名字。"
        )
    elif absent:  # the folder is there: so answers a guard against ransomware
        what = f"系统或安全软件不让程序写入文件夹“{path.parent}”，{name}没有保存。"
        remedy = "请另存到别的文件夹，或请管理员在安全软件里允许本程序。"
    elif error.errno == errno.EEXIST:
        kept = kept_name(path)
        what, remedy = f"“{kept}”不是文件，原来的内容无处保留，{name}没有保存。", f"请移走“{kept}”再保存。"
    elif error.errno == errno.ELOOP:
        what, remedy = f"{name}是一个转了圈的链接，没有保存。", elsewhere
    elif error.errno == errno.ENODEV:
        what, remedy = f"{name}不是普通的文件（是管道或设备），没有写入。", elsewhere
    elif refused or error.errno == errno.EROFS:
        what, remedy = f"没有写入权限，{name}没有保存。", elsewhere
    elif error.errno == errno.EINVAL and _NOT_IN_NAMES & set(path.name):
        what = f"文件名里有系统不允许的字符，{name}没有保存。"
        remedy = '请另存为别的名字，不要用 < > : " | ? * 这些字符。'
    else:
        code = f"WinError {number}" if number else errno.errorcode.get(error.errno or 0, "I/O")
        what, remedy = f"磁盘读写出错（{code}），{name}没有保存。", elsewhere
    return NotWritten(what, "磁盘上原来的内容没有改动。", remedy)


def _gone(folder: Path) -> bool:
    try:
        return not reachable(folder).is_dir()
    except OSError:
        return False


def _demand_replaceable(kept: Path) -> None:
    """Raises `OSError` where the previous version would take the place of what is no file."""
    if os.path.lexists(kept) and not (stat.S_ISREG(mode := os.lstat(kept).st_mode) or stat.S_ISLNK(mode)):
        raise OSError(errno.EEXIST, "something else stands where the previous version belongs")


def _write(path: Path, data: bytes | Iterable[bytes], private: bool = False) -> str:
    digest = sha256()
    with open(path, "xb", opener=_private if private else None) as file:
        for piece in (data,) if isinstance(data, bytes) else data:
            file.write(piece)
            digest.update(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _private(path: str, flags: int) -> int:
    """Opens a file that nobody else may read; on Windows the user's own folders are private already."""
    return os.open(path, flags, 0o600)


def _keep(target: Path, kept: Path, pauses: Sequence[float]) -> None:
    """A copy, as hard links are not to be had everywhere: the target stays in place all the while."""
    beside = _beside(kept)
    try:
        _write(beside, patiently(lambda: _content(target), pauses))
        patiently(lambda: os.replace(beside, kept), pauses)
    finally:
        _clear(beside)


def _content(target: Path) -> bytes:
    with open_regular(target) as file:
        return file.read()


def _beside(target: Path) -> Path:
    # Only the beginning of the name: with all of it the name might become too long for the file system.
    return target.with_name(f"{_prefix(target)}.{os.urandom(4).hex()}.tmp")


def _prefix(target: Path) -> str:
    return f".~{shortened(target.name, _BEGINNING)}"


def _clear(beside: Path) -> None:
    with suppress(OSError):
        beside.unlink(missing_ok=True)


def _sweep(target: Path) -> None:
    """Removes what crashed saves of this file left beside it, long ago."""
    with suppress(OSError):
        for entry in os.scandir(target.parent):
            stale = entry.name.startswith(f"{_prefix(target)}.") and entry.name.endswith(".tmp")
            if stale and time.time() - entry.stat().st_mtime > _STALE:
                os.unlink(entry.path)


def _flush_folder(folder: Path) -> None:
    """Makes the new name durable. Windows has no such call, some network drives refuse it; the file is whole anyway."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
