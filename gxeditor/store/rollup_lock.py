"""Who has a roll-up or a ledger open: a small file beside it, so that two computers do not write one after the other.

Knows what the file says, how its owner shows that it lives, and when it is what a crash left. It only warns: that
nothing is overwritten is seen to by the sha256 that a save compares. Knows nothing of what is in it.

The file `.~NAME.lock` names the computer, the user and the process. It is told from one that a crash left by two signs:

- The system's own lock on it, which ends with the program however it ends. Where it can be taken by somebody else on
  the same computer, the owner is gone: the roll-up is free at once.
- Its age, for another computer, whose lock a USB stick or a network drive may not show. The owner writes its time anew
  every minute (`RollupLock.renew`); once it is older than ten minutes, the owner is gone. Both times are those of the
  drive, for it is asked by writing a file there: no clock of one computer is compared with another's.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from gxeditor.core.errors import GxError
from gxeditor.files.locking import try_lock
from gxeditor.files.names import shortened
from gxeditor.files.reading import NotRegular, TooMuch, reachable, read_bytes

RENEWED = 60.0
"""Seconds after which an owner renews its lock."""
STALE = 10 * RENEWED
"""Seconds after which a lock that nobody renewed is what a crash left: a PC that was asleep has renewed it by then."""

_MOST = 4_096  # bytes of a lock
_HELD_AT = 1 << 20
"""Where the byte that is locked lies: behind what is written, which Windows would not let others read."""
_ONE = {"台账": "份"}  # the measure word of what is not 个
_NAME = 100  # units of the roll-up's name that its lock bears


class OpenElsewhere(GxError):
    """Somebody else has the roll-up open."""


class RollupLock:
    """That this program has a roll-up open, until `release`."""

    def __init__(self, path: Path, stream: IO[bytes] | None) -> None:
        self._path = path
        self._stream = stream

    def renew(self) -> None:
        """Says that the owner lives; to be called every `RENEWED` seconds. Raises nothing: a drive may be away."""
        with suppress(OSError):
            os.utime(reachable(self._path))

    def release(self) -> None:
        """Lets others open it; does nothing the second time."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        _here.discard(_known_by(self._path))
        if sys.platform == "win32":  # pragma: no cover - it removes no file that is open
            stream.close()
        with suppress(OSError):
            os.unlink(reachable(self._path))
        stream.close()


def lock_path(path: Path) -> Path:
    """The file beside a roll-up that says who has it open."""
    return path.with_name(f".~{shortened(path.name, _NAME)}.lock")


def hold(path: Path, *, what: str = "汇总", anyway: bool = False) -> RollupLock:
    """Takes the file for this program; `anyway`, if a person said that nobody else has it. `what` it is, as said.

    Raises `OpenElsewhere` if somebody has it open. Where nothing can be written beside it (a CD, a folder only to be
    read), nobody can change it, and the lock is an empty one.
    """
    file = lock_path(path)
    if _known_by(file) in _here and not anyway:
        raise _elsewhere(path, what, {"computer": _computer()})
    there = reachable(file)
    try:
        stream = there.open("r+b" if there.exists() else "x+b")  # held until `release`
    except FileExistsError:
        raise _elsewhere(path, what, {}) from None  # another one made it between the two
    except OSError:
        return RollupLock(file, None)
    try:
        owner = _owner(file)
        try:
            try_lock(stream.fileno(), _HELD_AT)
        except (PermissionError, BlockingIOError):
            if not anyway:
                raise _elsewhere(path, what, owner) from None
        except OSError:  # a drive that has no locks: only age is left
            if not anyway and owner and owner.get("token") != _TOKEN and not _is_stale(file):
                raise _elsewhere(path, what, owner) from None
        else:
            strange = owner and owner.get("computer") != _computer()
            if strange and not anyway and not _is_stale(file):
                raise _elsewhere(path, what, owner)
        _write(stream)
    except BaseException:
        stream.close()
        raise
    _here.add(_known_by(file))
    return RollupLock(file, stream)


_TOKEN = os.urandom(8).hex()
_here: set[str] = set()
"""The lock files that this process holds: a system may let one process take the same lock twice."""


def _known_by(file: Path) -> str:
    return os.path.normcase(os.path.abspath(file))


def _write(stream: IO[bytes]) -> None:
    who = {"computer": _computer(), "user": _user(), "process": os.getpid(), "token": _TOKEN}
    with suppress(OSError):  # a full stick: it is held all the same
        stream.seek(0)
        stream.truncate()
        stream.write(json.dumps(who, ensure_ascii=False).encode())
        stream.flush()


def _owner(file: Path) -> dict[str, Any]:
    """Who wrote the lock; empty if it says nothing."""
    try:
        said = json.loads(read_bytes(file, _MOST, pauses=()))
    except (OSError, NotRegular, TooMuch, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _is_stale(file: Path) -> bool:
    """Whether its owner has not renewed it for long, by the clock of the drive."""
    probe = file.with_name(f".~{os.urandom(4).hex()}.tmp")
    try:
        reachable(probe).touch(exist_ok=False)
        now = reachable(probe).stat().st_mtime
        return now - reachable(file).stat().st_mtime > STALE
    except OSError:
        return False
    finally:
        with suppress(OSError):
            reachable(probe).unlink()


def _computer() -> str:
    return os.environ.get("COMPUTERNAME", "") if os.name == "nt" else os.uname().nodename


def _user() -> str:
    return os.environ.get("USERNAME" if os.name == "nt" else "USER", "")


def _elsewhere(path: Path, what: str, owner: dict[str, Any]) -> OpenElsewhere:
    computer, user = (str(owner.get(key, ""))[:60] for key in ("computer", "user"))
    name = "".join(char for char in "，".join(filter(None, (computer, user))) if char.isprintable())
    if computer and computer == _computer():
        return OpenElsewhere(
            f"这{_ONE.get(what, '个')}{what}已经在这台电脑上打开了。",
            f"“{path.name}”没有改动。",
            "请在已经打开的窗口里处理，或先关闭它。",
        )
    where = f"（{name}）" if name else ""
    return OpenElsewhere(
        f"这{_ONE.get(what, '个')}{what}正在另一台电脑上打开。",
        f"两边都改会互相覆盖，所以现在不能改，“{path.name}”没有改动。",
        f"请先在那台电脑{where}上关闭它；如果那里的程序已经不在了，过 {STALE / 60:.0f} 分钟再打开。",
    )
