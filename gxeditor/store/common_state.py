"""The state that two copies of a report both began with, if this computer can prove which it is.

Knows which earlier states of a file are proved to be its own, and finds the newest that two files share. It never
guesses: a state that is not the common one makes a merging take the one side's old figures for the other's new ones.
What counts as a state that a file went through:

- what it holds;
- what the history of its journal went through up to what was saved last, if that is just this file (by sha256); of the
  report that is open, what its history went through up to the present;
- the previous version that lies beside it (.gxr~), if both were written within one saving: a file that was copied over
  another finds that one's previous version beside it, which is nothing of its own.

A state is common if both went through one that reads the same to the last word (`Report`), and says something: blank
reports are alike without being copies. The states of the last days (`saved_states`) are no proof, because a file may
have been put in place of another between two savings; they are offered to be chosen by a person instead. Likeness is
none either, nor the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.core.history import History
from gxeditor.core.report import Report
from gxeditor.files.reading import reachable
from gxeditor.store.journal import last_journal
from gxeditor.store.report_file import kept_path, read_report

ONE_SAVING = 30.0
"""Seconds between the writing of a previous version and of the file itself: a saving over a slow network takes some,
and FAT counts by two."""

LoadForm = Callable[[str], Form]


class State(NamedTuple):
    """A state of a report, and when it was made in seconds since 1970; None where nobody noted it."""

    report: Report
    when: float | None = None

    @property
    def words(self) -> str:
        """When it was made, in local time: 「1月8日 16:20」; "" if that is not known."""
        return "" if self.when is None else moment(self.when)


def moment(when: float) -> str:
    """A time as the page of a merging says it: 「1月8日 16:20」."""
    at = datetime.fromtimestamp(when)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def find_base(
    ours: Path | None,
    theirs: Path,
    load_form: LoadForm,
    *,
    journals: Path | None = None,
    history: History | None = None,
) -> State | None:
    """The newest state that both files went through; None if none is proved.

    `history` is that of our report where it is open, else our file is read; `journals` is the journals' folder. Reads
    files and takes its time: to be called beside the window. Raises nothing for what cannot be read.
    """
    known: dict[int, list[Report]] = {}
    for state in _of_file(theirs, load_form, journals):
        if says_something(state.report):
            known.setdefault(_mark(state.report), []).append(state.report)
    if not known:
        return None
    mine = _of_history(history) if history is not None else iter(())
    more = _of_file(ours, load_form, journals) if ours is not None else iter(())
    for state in (*mine, *more):
        if any(state.report == other for other in known.get(_mark(state.report), ())):
            return state
    return None


def says_something(report: Report) -> bool:
    """Whether there is a figure or a text in it: what tells a copy from another blank report."""
    return bool(report.entries or report.sections)


def _mark(report: Report) -> int:
    """By which equal reports are found among many."""
    entries = frozenset((cell, str(entry)) for cell, entry in report.entries.items())
    return hash((report.year, report.agency, entries, frozenset(report.sections.items())))


def _of_history(history: History) -> Iterator[State]:
    """The states that a history went through, the newest first."""
    for position in range(history.position, 0, -1):
        yield State(history.report_at(position), history.steps[position - 1].when)
    yield State(history.first)


def _of_file(path: Path, load_form: LoadForm, journals: Path | None) -> Iterator[State]:
    """The states that a file is proved to have gone through, the newest first."""
    try:
        opened = read_report(path, load_form)
    except (GxError, OSError):
        return
    yield State(opened.report, _written(path))
    journal = last_journal(journals, path.absolute(), load_form) if journals is not None else None
    if journal is not None and journal.sha256 == opened.sha256:
        states = list(_of_history(journal.history))
        here = next((at for at, state in enumerate(states) if state.report == opened.report), None)
        if here is not None:
            yield from states[here + 1 :]
    kept = kept_path(path)
    before, now = _written(kept), _written(path)
    if before is not None and now is not None and abs(now - before) <= ONE_SAVING:
        with suppress(GxError, OSError):
            yield State(read_report(kept, load_form).report, None)


def _written(path: Path) -> float | None:
    try:
        return reachable(path).stat().st_mtime
    except OSError:
        return None
