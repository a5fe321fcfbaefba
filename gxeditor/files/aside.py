"""The program's own folders: private to the user, and what is odd in them moved aside, never deleted, and named once.

Knows where odd files go (the folder `aside` beside them) and the sentence for the person. Does not know what makes a
file odd, nor who shows the sentence.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gxeditor.files.digest import sha256
from gxeditor.files.reading import patiently

ASIDE = "aside"
_LONGEST_NAME = 200  # bytes of a file name that are kept, so that a number can be put behind
_SHOWN, _SHOWN_PATH = 60, 200  # characters of a name and of a path in a sentence
_NAMED = 50  # files of one kind whose names stand in one sentence
_TRIES = 1000


@dataclass(frozen=True, slots=True)
class OddFile:
    """A file of the user's folders that could not be read.

    `what` it is for the clerk (恢复记录), `name` its file name, `meaning` what its loss means, a Chinese sentence;
    `now` is where it lies now, or None if it could not be moved and is passed over at `place`. `mark` is the same as
    long as the file is.
    """

    what: str
    name: str
    meaning: str
    now: Path | None
    place: Path
    mark: str

    def __str__(self) -> str:
        return sentences([self])[0]


def sentences(odd: Sequence[OddFile]) -> list[str]:
    """What the person is told of odd files: those of one kind that lie in one place in one sentence, each by name."""
    alike: dict[tuple[str, Path | None, Path, str], list[str]] = {}
    for each in odd:
        where = each.now.parent if each.now is not None else None
        names = alike.setdefault((each.what, where, each.place.parent, each.meaning), [])
        names.append(f"“{shown_name(each.now.name if each.now is not None else each.name)}”")
    told = []
    for (what, where, place, meaning), names in alike.items():
        more = f"等 {len(names)} 个" if len(names) > _NAMED else ""
        listed = "、".join(names[:_NAMED]) + more
        if where is None:
            outcome = f"也没能移开，程序没有用它；它还在 {shown_name(str(place), _SHOWN_PATH)}。"
        else:
            outcome = f"已移到 {shown_name(str(where), _SHOWN_PATH)}，没有删除。"
        told.append(f"{what}{listed}读不出来，{outcome}{meaning}")
    return told


Told = Callable[[OddFile], None]
"""Takes an odd file, to be named to the person."""


def unheard(_odd: OddFile) -> None:
    """For callers that have nobody to tell."""


def private_folder(folder: Path) -> None:
    """Makes a folder, and those above it if need be, that nobody else may look into. Raises `OSError`.

    Also of one that is there, and of its files: earlier versions made them for everybody to read. Windows keeps the
    user's folders private by itself.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name != "nt":
        keep_private(folder)


def keep_private(folder: Path) -> None:
    """Takes from others what they may do with a folder and the files in it. Raises nothing: a file may be theirs."""
    if os.name == "nt":
        return
    with suppress(OSError):
        _for_nobody_else(os.lstat(folder), folder)
        with os.scandir(folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.is_file(follow_symlinks=False):
                        _for_nobody_else(entry.stat(follow_symlinks=False), Path(entry.path))


def _for_nobody_else(status: os.stat_result, path: Path) -> None:
    if stat.S_IMODE(status.st_mode) & 0o077 and not stat.S_ISLNK(status.st_mode):
        os.chmod(path, stat.S_IMODE(status.st_mode) & 0o700)


def set_aside(file: Path, what: str, meaning: str, told: Told = unheard) -> OddFile:
    """Moves a file into the folder `aside` beside it and tells it. Raises nothing; the file itself is not opened."""
    odd = OddFile(what, file.name, meaning, _moved(file), file, _mark(file))
    told(odd)
    return odd


def clear_way(folder: Path, what: str, meaning: str, told: Told = unheard) -> None:
    """Moves aside whatever stands where one of the program's folders belongs. Raises nothing."""
    with suppress(OSError):
        if os.path.lexists(folder) and not folder.is_dir():
            set_aside(folder, what, meaning, told)


def _moved(file: Path) -> Path | None:
    folder = file.parent / ASIDE
    try:
        # Something else may bear the folder's name.
        if os.path.lexists(folder) and not folder.is_dir():
            folder = file.parent / f"{ASIDE}-1"
        folder.mkdir(mode=0o700, exist_ok=True)
        name = os.fsdecode(os.fsencode(file.name)[:_LONGEST_NAME])
        for number in range(_TRIES):
            target = folder / (f"{name}.{number}" if number else name)
            if not os.path.lexists(target):
                patiently(lambda target=target: os.rename(file, target), (0.05, 0.1))  # type: ignore[misc]
                return target
    except (OSError, ValueError):
        pass
    return None


def _mark(file: Path) -> str:
    try:
        status = os.lstat(file)
        stamp = f"{status.st_mtime_ns} {status.st_size}"
    except (OSError, ValueError):
        stamp = ""
    return sha256(f"{file}\0{stamp}".encode(errors="surrogatepass")).hexdigest()[:16]


def shown_name(name: str, longest: int = _SHOWN) -> str:
    """A name as it can stand in a sentence: bytes that are no text as “�”, and not longer than it can be read."""
    text = "".join(char if char.isprintable() else "�" for char in name)
    return text if len(text) <= longest else f"{text[: longest // 2]}…{text[-longest // 2 :]}"
