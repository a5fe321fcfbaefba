"""The states in which a report was saved lately, kept so that one can be looked at and taken back.

Knows where they lie, which of them are kept, and nothing of what is asked about them. Each is a .gxr file of its own in
one folder of the user's data, beside the journals and as private; its name says whose it is, when it was saved and what
is in it. A state that cannot be kept is no trouble: the file itself has been saved.

Kept of a report are

- the latest 40 savings: who saves every quarter of an hour looks back over more than a day of work;
- of the days before, the last saving of each, for 14 days: from the draft to the date of publishing;
- in any case the latest 10, so that a report that nobody opened for a month has not lost all when it is saved again;
- all this in 20 MB: a long report has 0.1 MB, so that only one with last year's prose and a thousand paragraphs comes
  near. In all there are 200 MB; the oldest give way, whosever they are.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from gxeditor.core.errors import GxError
from gxeditor.core.expressions import expression
from gxeditor.core.report import Report
from gxeditor.files.aside import private_folder
from gxeditor.files.atomic import write_atomic
from gxeditor.files.digest import sha256
from gxeditor.store.report_file import dump

LATEST, ALWAYS = 40, 10
DAYS = 14
ROOM, ROOM_OF_ALL = 20_000_000, 200_000_000
_DAY = 24 * 3600
_NAME = expression(r"([0-9a-f]{16})-(\d{8}T\d{6}\.\d{6})-([0-9a-f]{12})\.gxr")
_TIME = "%Y%m%dT%H%M%S.%f"
_one_at_a_time = threading.Lock()


class SavedState(NamedTuple):
    """A file with a state: `when` it was saved in seconds since 1970, its size, and the beginning of its sha256."""

    file: Path
    when: float
    size: int
    sha256: str


def keep(folder: Path, report: Report, path: Path, when: float) -> None:
    """Keeps a report as it was saved to `path`, and lets go what is beyond the bounds. Raises nothing.

    A state that is the latest already is not kept twice.
    """
    data = dump(report, path.absolute().parent)
    mark = sha256(data).hexdigest()[:12]
    moment = datetime.fromtimestamp(when, UTC)
    with _one_at_a_time, suppress(OSError, GxError):
        private_folder(folder)
        latest = states_of(folder, path)[:1]
        if not (latest and latest[0].sha256 == mark):
            write_atomic(folder / f"{_owner(path)}-{moment:{_TIME}}-{mark}.gxr", data, private=True)
        _tidy(folder, path, when)


def states_of(folder: Path, path: Path) -> tuple[SavedState, ...]:
    """The states of the report at `path`, the latest first. Raises nothing."""
    owner = _owner(path)
    return tuple(state for state in _all(folder) if state.file.name.startswith(owner))


def kept_of(states: Iterable[SavedState], now: float) -> tuple[SavedState, ...]:
    """Those of one report's states that are kept; `states` come with the latest first."""
    kept: list[SavedState] = []
    days: set[int] = set()
    room = 0
    for place, state in enumerate(states):
        day = datetime.fromtimestamp(state.when).toordinal()
        lately = place < LATEST or day not in days
        wanted = place < ALWAYS or (lately and state.when > now - DAYS * _DAY)
        room += state.size if wanted else 0
        if wanted and (room <= ROOM or not kept):
            kept.append(state)
        days.add(day)
    return tuple(kept)


def _tidy(folder: Path, path: Path, now: float) -> None:
    states = states_of(folder, path)
    for state in set(states) - set(kept_of(states, now)):
        _remove(state)
    room = 0
    for state in _all(folder):
        room += state.size
        if room > ROOM_OF_ALL:
            _remove(state)


def _remove(state: SavedState) -> None:
    with suppress(OSError):
        state.file.unlink()


def _all(folder: Path) -> list[SavedState]:
    """All states in the folder, the latest first; what else lies there is left alone."""
    found: list[SavedState] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            named = _NAME.fullmatch(entry.name)
            with suppress(OSError, ValueError):
                if named is not None and stat.S_ISREG((status := entry.stat(follow_symlinks=False)).st_mode):
                    when = datetime.strptime(named[2], _TIME).replace(tzinfo=UTC).timestamp()
                    found.append(SavedState(Path(entry.path), when, status.st_size, named[3]))
    return sorted(found, key=lambda state: (state.when, state.file.name), reverse=True)


def _owner(path: Path) -> str:
    """How the names of a report's states begin, as those of its journals do."""
    name = os.path.normcase(os.path.abspath(path))
    return sha256(os.fsencode(name)).hexdigest()[:16]
