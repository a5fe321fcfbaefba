"""Rescue copies of roll-ups and ledgers: what could not be written to its own file, in the user's data until it has.

Knows where a copy lies, whose it is and when it was made. A drive that was taken out, a share that is gone: until it is
back the steps made meanwhile stand here, so that neither a crash nor the end of the day loses them. There is one copy
for each file, the latest; one that cannot be kept or read is no trouble of its own. A ledger with a password is sealed
here as there. Asks nothing and opens nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from gxeditor.core.errors import DamagedFile, GxError, UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.rollup.project import Rollup
from gxeditor.files.aside import private_folder
from gxeditor.files.atomic import write_atomic
from gxeditor.files.digest import sha256
from gxeditor.files.limits import ROLLUP_FILE
from gxeditor.files.reading import read_file
from gxeditor.store.rollup_file import dump, parse

_ENDING, _OF_LEDGERS = ".rescue", ".gxl-rescue"
_HEAD = 20_000  # bytes; a path has at most some thousand


class Rescue(NamedTuple):
    """A copy: its `file`, the `path` of the roll-up or ledger that it is of, `when` it was made in seconds since 1970,
    and the sha256 of that file when it was last read or written."""

    file: Path
    path: Path
    when: float
    owner: str
    year: int
    sha256: str | None


def keep(folder: Path, rollup: Rollup, path: Path, known: str | None) -> None:
    """Keeps a copy of the roll-up at `path`, in place of an earlier one. Raises nothing."""
    keep_content(folder, dump(rollup), path, known, rollup.owner, rollup.year)


def keep_content(
    folder: Path, content: bytes, path: Path, known: str | None, owner: str, year: int = 0
) -> None:
    """The same for what the file at `path` should hold, sealed if that is."""
    head = {"path": str(path.absolute()), "sha256": known, "owner": owner, "year": year}
    data = json.dumps(head).encode("ascii") + b"\n" + content
    with suppress(OSError, GxError):
        private_folder(folder)
        write_atomic(_file(folder, path), data, private=True)


def drop(folder: Path, path: Path) -> None:
    """Lets the copy of the file at `path` go, if there is one. Raises nothing."""
    with suppress(OSError):
        _file(folder, path).unlink(missing_ok=True)


def rescues(folder: Path) -> tuple[Rescue, ...]:
    """All copies of roll-ups, the latest first. Raises nothing; a file that is none is left alone."""
    return tuple(sorted(_found(folder, _ENDING), key=lambda one: -one.when))


def rescue_of(folder: Path, path: Path) -> Rescue | None:
    """The copy of the file at `path`."""
    wanted = _file(folder, path)
    return next((one for one in _found(folder, wanted.suffix) if one.file == wanted), None)


def rescued(one: Rescue, load_form: Callable[[str], Form]) -> Rollup:
    """The roll-up of a copy. Raises `UnreadableSource`, `DamagedFile`, `NewerFormat` and `GxError` as reading does."""
    return parse(content_of(one), load_form)


def content_of(one: Rescue) -> bytes:
    """What the file should hold. Raises `UnreadableSource`, `DamagedFile`."""
    data = read_file(one.file, ROLLUP_FILE + _HEAD, meaning="文件没有改动。")
    _, _, content = data.partition(b"\n")
    if not content:
        raise DamagedFile("没写进文件的改动读不出来。", "原来的文件没有改动。", "请打开原来的文件。")
    return content


def _file(folder: Path, path: Path) -> Path:
    name = os.path.normcase(path.absolute()).encode("utf-8", "surrogatepass")
    ending = _OF_LEDGERS if path.name.lower().endswith(".gxl") else _ENDING
    return folder / f"{sha256(name).hexdigest()[:16]}{ending}"


def _found(folder: Path, ending: str) -> Iterator[Rescue]:
    try:
        files = [file for file in folder.iterdir() if file.suffix == ending]
    except OSError:
        return
    for file in files:
        with suppress(OSError, UnreadableSource, ValueError, KeyError, TypeError, RecursionError):
            with file.open("rb") as opened:
                said = json.loads(opened.readline(_HEAD))
            path, owner, year = Path(str(said["path"])), str(said["owner"]), int(said["year"])
            known = said["sha256"] if isinstance(said["sha256"], str) else None
            yield Rescue(file, path, file.stat().st_mtime, owner, year, known)
