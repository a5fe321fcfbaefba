"""Every accepted edit on the disk within a second, so that no crash costs work and undo outlives the program.

Knows the journal's format and the thread that writes it, how a history is rebuilt, and whose child a journal is. Does
not ask anybody anything: it hands out what was left unfinished, and moves aside, never away, what fits nowhere.

A journal is a file of JSON lines in the journals' folder, named by the report's path. It does not record commands but
states: a line says how the history of the line before becomes the present one. So it does not matter how many edits one
line gathers, and replaying gives the very same labels, merge keys and position.

    {"journal": 1, "edition": "2021", "path": "…" or null, "time": …, "first": the document before all steps}
    {"keep": 2, "steps": [step, …], "at": 3, "time": …}     the first two steps stay, these follow, three are done;
                                                            "drop" says how many went at the front
    {"saved": sha256, "path": "…", "time": …}               the present is what the file at path holds
    {"closed": true}                                        last line: closed with nothing left to save

    step: {"label": "…", "merge": "…", "when": seconds since 1970 or null, "cells": {id: value or null},
           "sections": {key: [start, cut, "put in"]}, "fields": {key: value}, "amends": …}: a change of the step before
          it or, if it amends, of the one that stood in its place; or "document", the whole. The first program wrote no
          "when"

A last line that was not finished is no edit anyone was told about, and is passed over. A line that makes no sense ends
the replay; what came before it holds. A file of which nothing holds is moved aside and told.

The file at a journal's path is looked at when a person asks for it (`compared`), never while journals are read: it may
lie on a drive that does not answer.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from gxeditor.core.errors import DamagedFile, GxError, NotWritten
from gxeditor.core.fields import FIELDS, PRIOR
from gxeditor.core.form import Form
from gxeditor.core.history import History, Step
from gxeditor.core.report import Prior, Report, text_difference
from gxeditor.files.aside import ASIDE, Told, clear_way, set_aside, unheard
from gxeditor.files.atomic import write_atomic
from gxeditor.files.limits import JOURNAL
from gxeditor.files.reading import TooMuch, is_possible, open_regular, read_bytes, sha256_of
from gxeditor.store.report_file import SAID, OpenedReport, document, dump, from_json, report_from, to_json

VERSION = 1
SUFFIX = ".journal"

PAUSE = 0.2
"""Seconds in which further edits join a line: typing asks for few writes, and a second is promised."""
RETRY = 5.0
"""Seconds until a failed write is tried again."""
KEPT = 50
"""Histories of closed reports that are kept, and as many journals that were moved aside."""
_LARGE = 2_000_000
"""Bytes after which a journal is written anew, without the lines that later ones have made void."""

_AT_ONCE = 100_000_000
"""Bytes of all journals that are read for one list; what is left is offered when the others have been dealt with."""

_WHILE_SAVING = 50
"""Steps back in which a state is looked for that was saved without being noted: as many as are made while one saves."""

_CLOSED = b'{"closed": true}\n'
_WHAT = "恢复记录"
_MEANING = "其中如果有没保存的修改，程序取不出来；已保存的年报文件没有受到影响。"
_EDITION = re.compile("[0-9A-Za-z.-]{1,20}")
_SHA256 = re.compile("[0-9a-f]{64}")
_PLAIN = (*(one.key for one in FIELDS), PRIOR, "doubts", *SAID)
_Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as it was read back.

    `path` and `sha256` say which file the report was last saved as, None for neither; `when` is the time of the last
    edit (local time); `edits` the number of steps the present is away from what was saved; `whole` is false where a
    damaged line ended the replay. Nothing of this was asked of the file at `path`.
    """

    file: Path
    path: Path | None
    sha256: str | None
    history: History
    when: datetime
    edits: int
    whole: bool

    @property
    def report(self) -> Report:
        return self.history.report

    @property
    def agency(self) -> str:
        return self.report.agency

    @property
    def year(self) -> int | None:
        return self.report.year


def unfinished(
    folder: Path,
    load_form: Callable[[str], Form],
    path: Path | None = None,
    *,
    there: str | None = None,
    told: Told = unheard,
) -> tuple[Journal, ...]:
    """The journals in `folder` with edits that were never saved, the latest first; with `path` only those of that file.

    `there` is the sha256 of that file, where it has been read. Journals that a running program writes are left out. One
    of which nothing can be replayed is moved aside and told; one of a newer program, or of an edition that this one
    does not have, is left alone. No report's file is touched. Raises nothing.
    """
    clear_way(folder, _WHAT, _MEANING, told)
    found = []
    room = _AT_ONCE
    for file in _journals(folder, path, told):
        if _closed(file):
            continue
        with suppress(OSError):
            room -= min(file.lstat().st_size, JOURNAL)
        if room < 0:
            break
        journal = _read(file, load_form, told)
        if journal is None:
            continue
        if there is not None:
            journal = _settled(journal, there)
        if _unsaved(journal):
            found.append(journal)
        elif not journal.whole:
            set_aside(file, _WHAT, _MEANING, told)  # what was unsaved in it is what cannot be read
    return tuple(sorted(found, key=lambda journal: journal.when, reverse=True))


def compared(journal: Journal) -> Journal:
    """A journal compared with the file at its path, which a person has asked for: its edits may be saved there already.

    The program can end between replacing the file and noting it here. Raises nothing; what is no regular file or far
    too large is not read.
    """
    try:
        there = None if journal.path is None else sha256_of(journal.path)
    except OSError:
        there = None
    return journal if there is None else _noted(journal, there)


def open_history(
    folder: Path,
    path: Path,
    opened: OpenedReport,
    load_form: Callable[[str], Form],
    told: Told = unheard,
) -> Journal | None:
    """The journal that ends with exactly the file that was opened, whose history goes on; None if there is none.

    A finished journal of this path that ends with another file is moved aside: the file was changed elsewhere. An
    unfinished one stays, see `unfinished`. Raises nothing.
    """
    found: Journal | None = None
    for file in _journals(folder, path):
        journal = _read(file, load_form, told)
        if journal is None:
            continue
        journal = _noted(journal, opened.sha256)
        if _unsaved(journal):
            continue
        if journal.sha256 == opened.sha256 and journal.report == opened.report and found is None:
            found = journal
        else:
            _move_aside(file)
    return found


def last_journal(folder: Path, path: Path, load_form: Callable[[str], Form]) -> Journal | None:
    """The latest journal of a file, saved or not: what there may be in place of a damaged file. Raises nothing."""
    journals = (_read(file, load_form) for file in _journals(folder, path))
    return next((journal for journal in journals if journal is not None), None)


# --- writing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """What the journal is to hold: a history, and the file that its saved report is in."""

    history: History
    path: Path | None
    sha256: str | None


class JournalWriter:
    """Writes the journal of one open report, on a thread of its own.

    `folder` is the journals' folder, made if need be. `path` and `sha256` name the file that `history.saved` is in.
    `continues` is the journal that `history` came from (`unfinished`, `open_history`); it is replaced with the first
    edit. Nothing is written before that. `on_error` is called **on the writer's thread**, once for each time that
    writing begins to fail; the writer tries again by itself and then writes everything that is missing, after which it
    calls `on_recovered`, on that thread too.
    """

    def __init__(
        self,
        folder: Path,
        history: History,
        *,
        path: Path | None = None,
        sha256: str | None = None,
        continues: Journal | None = None,
        on_error: Callable[[NotWritten], None] | None = None,
        on_recovered: Callable[[], None] | None = None,
    ) -> None:
        self._folder = folder
        self._on_error = on_error
        self._on_recovered = on_recovered
        # Shared by both threads, under the condition's lock.
        self._change = threading.Condition()
        self._state = _State(history, path, sha256)
        self._accepted = 0
        self._acknowledged = 0
        self._asked = 0
        self._answered = 0
        self._ending = False
        # The writer's own.
        self._superseded = [] if continues is None else [(continues.file, continues.whole)]
        self._file: Path | None = None
        self._handle: IO[bytes] | None = None
        self._lock: IO[bytes] | None = None
        self._written: _State | None = None
        self._failing = False
        self._size = 0
        self._limit = 0
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @property
    def file(self) -> Path | None:
        """The file being written, there once the first edit is acknowledged; None before any edit."""
        return self._file

    @property
    def acknowledged(self) -> int:
        """The highest number given by `record` or `saved` that is on the disk with all before it."""
        with self._change:
            return self._acknowledged

    def record(self, history: History) -> int:
        """Takes the present history, after an edit, undo, redo or seal, and returns the number of this record.

        Costs next to nothing; within a second the history is on the disk.
        """
        with self._change:
            return self._accept(replace(self._state, history=history))

    def saved(self, history: History, path: Path, sha256: str, report: Report | None = None) -> int:
        """Takes a history whose present report has just been saved to `path`, and returns the number of this record.

        With `report` that one has been saved, before what was edited since. Under another path the journal goes on as
        that file's; the former file's ends.
        """
        marked = history.mark_saved() if report is None else replace(history, saved=report)
        with self._change:
            return self._accept(_State(marked, path, sha256))

    def flush(self, timeout: float = 10.0) -> bool:
        """Waits, `timeout` seconds at most, until all that was recorded is on the disk; False if it is not then.

        To be called before a report is saved: a crash just after would else leave a journal older than the file.
        """
        with self._change:
            wanted = self._accepted
            if not self._thread.is_alive():
                return self._acknowledged >= wanted
            self._asked += 1
            ticket = self._asked
            self._change.notify_all()
            self._change.wait_for(lambda: self._answered >= ticket, timeout)
            return self._acknowledged >= wanted

    def close(self, *, discard: bool = False, timeout: float = 10.0) -> None:
        """Writes what is missing and ends the thread, within `timeout` seconds. May be called twice; raises nothing.

        A report without unsaved edits keeps its history for the next time. Unsaved edits are offered again at the next
        start, or with `discard` given up (「不保存」): the journal then goes back to what was saved, the edits being
        left to 重做, or is moved aside if that is no longer among the steps.
        """
        with self._change:
            if self._ending:
                return
            self._ending = True
            self._change.notify_all()
        self._thread.join(timeout)
        if self._thread.is_alive():
            return
        # A journal that cannot be ended is offered at the next start: more than was asked for, but nothing is lost.
        with suppress(OSError, NotWritten):
            self._end(discard)
        self._release()

    def _accept(self, state: _State) -> int:
        self._state = state
        self._accepted += 1
        self._change.notify_all()
        return self._accepted

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._accepted > self._acknowledged or self._hurried())
                self._change.wait_for(self._hurried, RETRY if self._failing else PAUSE)
                state, accepted, asked, ending = self._state, self._accepted, self._asked, self._ending
            done = accepted == self._acknowledged or self._attempt(state)
            with self._change:
                if done:
                    self._acknowledged = accepted
                self._answered = asked
                self._change.notify_all()
            if ending:
                return

    def _hurried(self) -> bool:
        return self._asked > self._answered or self._ending

    def _attempt(self, state: _State) -> bool:
        try:
            self._write(state)
        except (OSError, NotWritten) as error:
            # The last line may be half written: the next attempt writes the whole journal anew.
            self._written = None
            if not self._failing:
                self._failing = True
                if self._on_error is not None:
                    failure = NotWritten(
                        "刚才的修改没有写进恢复记录。",
                        "可以继续编辑，但如果断电或程序意外关闭，这些修改会丢失。",
                        "请现在保存一次；如果磁盘已满，请先清理出一些空间。",
                    )
                    failure.__cause__ = error
                    self._on_error(failure)
            return False
        if self._failing:
            self._failing = False
            if self._on_recovered is not None:
                self._on_recovered()
        return True

    def _write(self, state: _State) -> None:
        before = self._written
        lines = None
        if before is not None and before.path == state.path and self._size <= self._limit:
            lines = _lines(before, state)
        if lines is None:
            self._begin(state)
        elif lines:
            self._append(_bytes(lines, time.time()))
        self._written = state

    def _append(self, data: bytes) -> None:
        assert self._handle is not None
        self._handle.write(data)
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self._size += len(data)

    def _begin(self, state: _State) -> None:
        """Writes the whole journal in one piece, into this report's file or, under another path, a new one."""
        prefix = _prefix(state.path)
        if self._file is not None and self._file.name.startswith(prefix):
            file = self._file
            self._close_handle()
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._release()
            if self._file is not None:
                self._superseded.append((self._file, True))
            file = self._folder / f"{prefix}{os.urandom(4).hex()}{SUFFIX}"
            # Where locks are not to be had, a second program might offer this journal; better than to have none.
            with suppress(OSError):
                self._lock = _hold(_lock_file(file))
            self._file = file
        data = _snapshot(state, time.time())
        write_atomic(file, data)
        self._handle = open(file, "ab")  # noqa: SIM115 – lives as long as the report is open
        self._size = len(data)
        self._limit = max(_LARGE, 2 * len(data))
        for old, whole in self._superseded:
            (_remove if whole else _move_aside)(old)
        self._superseded.clear()
        _tidy(self._folder)

    def _end(self, discard: bool) -> None:
        state = self._state
        if self._file is None:
            if discard and state.history.modified:
                for file, _ in self._superseded:
                    _move_aside(file)
            return
        if state.history.modified:
            if not discard:
                return
            at = _position(state.history, state.history.saved)
            if at is not None:
                state = replace(state, history=replace(state.history, position=at))
        if state.history.modified or state.path is None:
            # Nothing is to be offered, and nobody will ask for it by the path of a file.
            self._release()
            _move_aside(self._file)
        else:
            self._write(state)
            self._append(_CLOSED)

    def _close_handle(self) -> None:
        if self._handle is not None:
            with suppress(OSError):
                self._handle.close()
            self._handle = None

    def _release(self) -> None:
        self._close_handle()
        if self._lock is not None and self._file is not None:
            self._lock.close()
            self._lock = None
            with suppress(OSError):
                _lock_file(self._file).unlink(missing_ok=True)


def _bytes(lines: Sequence[_Document], when: float) -> bytes:
    return "".join(f"{to_json({**line, 'time': round(when, 3)})}\n" for line in lines).encode()


def _snapshot(state: _State, when: float) -> bytes:
    """The shortest journal of a state."""
    history = state.history
    header = {
        "journal": VERSION,
        "edition": history.first.edition,
        "path": _text_of(state.path),
        "first": document(history.first),
    }
    lines = _lines(_State(History(history.first), state.path, None), state)
    assert lines is not None
    return _bytes([header, *lines], when)


def _lines(before: _State, after: _State) -> list[_Document] | None:
    """What leads from one state to a later one; None if it is no later one of the same report."""
    lines: list[_Document] = []
    old, new = before.history, after.history
    if new.saved is None:
        if old.saved is not None:
            return None
    elif new.saved is not old.saved or after.sha256 != before.sha256:
        at = _position(new, new.saved)
        # What was saved and is not among the steps any more gets a step that the next line takes away again.
        there = History(new.first, (Step("", new.saved),), 1) if at is None else replace(new, position=at)
        way = _way(old, there)
        if way is None:
            return None
        lines += [*way, {"saved": after.sha256, "path": _text_of(after.path)}]
        old = there
    way = _way(old, new)
    return None if way is None else [*lines, *way]


def _way(old: History, new: History) -> list[_Document] | None:
    drop = 0
    if new.first is not old.first:
        drop = next((i for i, step in enumerate(old.steps, 1) if step.report is new.first), 0)
        if not drop:
            return None
    stood = old.steps[drop:]
    keep = 0
    while keep < min(len(stood), len(new.steps)) and stood[keep] is new.steps[keep]:
        keep += 1
    if not drop and keep == len(stood) == len(new.steps) and old.position == new.position:
        return []
    steps: list[_Document] = []
    base = new.steps[keep - 1].report if keep else new.first
    for i in range(keep, len(new.steps)):
        step = new.steps[i]
        amends = i < len(stood) and step.merge_key != "" and stood[i].merge_key == step.merge_key
        change = _change(stood[i].report if amends else base, step.report)
        told = {"label": step.label, "merge": step.merge_key, "when": step.when, "amends": amends}
        steps.append({**told, **change})
        base = step.report
    return [({"drop": drop} if drop else {}) | {"keep": keep, "steps": steps, "at": new.position}]


def _position(history: History, report: Report | None) -> int | None:
    """Where in a history a report stands, counted as `History.position`."""
    chain = (history.first, *(step.report for step in history.steps))
    return next((i for i, other in enumerate(chain) if other is report), None)


def _change(one: Report, other: Report) -> _Document:
    old, new = document(one), document(other)
    if one.extra != other.extra:
        return {"document": new}
    change: dict[str, Any] = {}
    cells = {
        key: new["cells"].get(key)
        for key in old["cells"] | new["cells"]
        if old["cells"].get(key) != new["cells"].get(key)
    }
    sections = {
        key: _splice(old["sections"][key], text)
        for key, text in new["sections"].items()
        if text != old["sections"][key]
    }
    fields = {key: new.get(key) for key in _PLAIN if new.get(key) != old.get(key)}
    for key, part in (("cells", cells), ("sections", sections), ("fields", fields)):
        if part:
            change[key] = part
    return change


def _splice(old: str, new: str) -> list[int | str]:
    """Where the texts begin to differ, how many characters of the old go, and what comes in their place."""
    start, gone, come = text_difference(old, new)
    return [start, len(gone), come]


# --- reading -------------------------------------------------------------------------------------------------------


class _Replay:
    """A journal's state after each of its lines, with documents for reports: of most only the last matters."""

    def __init__(self, header: _Document) -> None:
        self.first: _Document = header["first"]
        self.path = _path(header["path"])
        self.sha256: str | None = None
        self.saved: _Document | None = None
        self.steps: tuple[tuple[str, str, float | None, _Document], ...] = ()
        self.position = 0
        self.when = _moment(header["time"])

    @property
    def present(self) -> _Document:
        return self.steps[self.position - 1][-1] if self.position else self.first

    def apply(self, line: _Document) -> None:
        """Raises one of `_SENSELESS` and leaves all as it was if the line does not fit."""
        if "closed" in line:
            return
        when = _moment(line["time"])
        if "saved" in line:
            self.sha256, self.path = _sha256(line["saved"]), _path(line["path"])
            self.saved = self.present
        else:
            drop = _whole(line.get("drop", 0), len(self.steps))
            stood = self.steps[drop:]
            first = self.steps[drop - 1][-1] if drop else self.first
            steps = list(stood[: _whole(line["keep"], len(stood))])
            for made in line["steps"]:
                base = stood[len(steps)][-1] if made["amends"] else steps[-1][-1] if steps else first
                when_made = _moment_if_any(made.get("when"))
                steps.append((_label(made["label"]), _label(made["merge"]), when_made, _changed(base, made)))
            position = _whole(line["at"], len(steps))
            self.first, self.steps, self.position = first, tuple(steps), position
        self.when = when

    def history(self, form: Form) -> History:
        """Raises `DamagedFile` if one of the documents is none."""
        reports: dict[int, Report] = {}
        priors: dict[int, Prior] = {}

        def report(content: _Document) -> Report:
            if id(content) not in reports:
                made = report_from(content, form)
                if made.prior is not None:  # one value for all steps that leave it alone, as they had
                    made = replace(made, prior=priors.setdefault(id(content["prior"]), made.prior))
                reports[id(content)] = made
            return reports[id(content)]

        steps = tuple(Step(label, report(content), merge, at) for label, merge, at, content in self.steps)
        saved = None if self.saved is None else report(self.saved)
        return History(report(self.first), steps, self.position, saved=saved)


# Each gives the value or raises `ValueError`: JSON has 1.0 and true where a count belongs, and texts that no path is.


def _whole(value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(value)
    return value


def _moment(value: object) -> float:
    """Seconds since 1970, of a time that there is on the calendar."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(value)
    seconds = float(value)
    datetime.fromtimestamp(seconds).astimezone()
    return seconds


def _moment_if_any(value: object) -> float | None:
    """None for what is no time: for the time of a step no edit is given up."""
    try:
        return _moment(value)
    except (ArithmeticError, OSError, ValueError):
        return None


def _label(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _path(value: object) -> str | None:
    if value is None or (isinstance(value, str) and is_possible(value)):
        return value
    raise ValueError(value)


def _sha256(value: object) -> str | None:
    if value is None or (isinstance(value, str) and _SHA256.fullmatch(value)):
        return value
    raise ValueError(value)


_SENSELESS = (DamagedFile, ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What reading a line can raise that holds valid JSON but not what was written."""


def _changed(base: _Document, change: _Document) -> _Document:
    if "document" in change:
        return dict(change["document"])
    content = {**base, **change.get("fields", {})}
    if "cells" in change:
        cells = {**base["cells"], **change["cells"]}
        content["cells"] = {key: value for key, value in cells.items() if value is not None}
    if "sections" in change:
        content["sections"] = dict(base["sections"])
        for key, (start, cut, put) in change["sections"].items():
            old = base["sections"][key]
            if not 0 <= start <= start + cut <= len(old):
                raise ValueError(key)
            content["sections"][key] = old[:start] + put + old[start + cut :]
    return content


def _read(file: Path, load_form: Callable[[str], Form], told: Told = unheard) -> Journal | None:
    """A journal, as far as it can be replayed; None if it cannot, and then it is moved aside if it is odd."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            set_aside(file, _WHAT, _MEANING, told)
            return None
        data = read_bytes(file, JOURNAL, follow=False)
    except TooMuch:
        set_aside(file, _WHAT, _MEANING, told)
        return None
    except OSError:  # held or forbidden: perhaps not the next time
        return None
    try:
        return _parsed(file, data, load_form)
    except GxError as error:
        if isinstance(error, DamagedFile):
            set_aside(file, _WHAT, _MEANING, told)
        return None
    except Exception:  # whatever a file in this folder may hold, it does not keep the program from starting
        set_aside(file, _WHAT, _MEANING, told)
        return None


def _parsed(file: Path, data: bytes, load_form: Callable[[str], Form]) -> Journal | None:
    """What stands in the bytes of a journal; None for one of a newer program. Raises anything."""
    read = _replayed(data)
    if read is None:
        return None
    edition, replay, whole = read
    history = replay.history(load_form(edition))
    path = None if replay.path is None else Path(replay.path)
    when = datetime.fromtimestamp(replay.when).astimezone()
    return Journal(file, path, replay.sha256, history, when, _edits(history), whole)


def _replayed(data: bytes) -> tuple[str, _Replay, bool] | None:
    """The edition, the state after the last line that makes sense, and whether that is the last of all."""
    lines = data.split(b"\n")
    header = from_json(lines[0].decode("utf-8"))
    version = header["journal"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ValueError(version)
    if version > VERSION:
        return None
    if not _EDITION.fullmatch(header["edition"]):
        raise ValueError(header["edition"])
    replay = _Replay(header)
    whole = True
    for line in lines[1:-1]:  # after the last newline there is nothing, or a line that was never finished
        try:
            replay.apply(from_json(line.decode("utf-8")))
        except _SENSELESS:
            whole = False
            break
    return header["edition"], replay, whole


def _edits(history: History) -> int:
    at = _position(history, history.saved)
    return abs(history.position - at) if at is not None else max(history.position, 1)


def _settled(journal: Journal, there: str) -> Journal:
    """The journal of a file that holds `there` (sha256): saved, if that is the present report or one just before."""
    if there == journal.sha256 or journal.path is None:
        return journal
    history, folder = journal.history, journal.path.parent
    chain = (history.first, *(step.report for step in history.steps[: history.position]))
    for report in reversed(chain[-_WHILE_SAVING:]):
        if there == hashlib.sha256(dump(report, folder)).hexdigest():
            # The program ended between replacing the file and noting it here.
            history = replace(history, saved=report, sealed=True)
            return replace(journal, history=history, sha256=there, edits=_edits(history))
    return journal


def _noted(journal: Journal, there: str) -> Journal:
    """The same, and what the crash kept from being noted is noted, so that nobody is asked about saved work again."""
    settled = _settled(journal, there)
    if settled is journal or settled.history.modified:  # of a state before the present one no line can tell
        return settled
    lines = _bytes([{"saved": there, "path": _text_of(settled.path)}], journal.when.timestamp())
    with suppress(OSError, NotWritten):
        data = read_bytes(journal.file, JOURNAL, follow=False)
        if journal.whole:
            write_atomic(journal.file, data[: data.rfind(b"\n") + 1] + lines + _CLOSED)
    return settled


def _unsaved(journal: Journal) -> bool:
    return journal.history.modified and bool(journal.history.steps)


def _closed(file: Path) -> bool:
    try:
        with open_regular(file, follow=False) as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - len(_CLOSED) - 1))
            return stream.read(2 * len(_CLOSED)).endswith(b"\n" + _CLOSED)
    except OSError:
        return False


# --- the folder ----------------------------------------------------------------------------------------------------


def _text_of(path: Path | None) -> str | None:
    return None if path is None else os.path.abspath(path)


def _prefix(path: Path | None) -> str:
    """How the names of a report's journals begin; the rest is random, so that two programs never share one."""
    if path is None:
        return "untitled-"
    name = os.path.normcase(os.path.abspath(path))
    return f"{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}-"


def _journals(folder: Path, path: Path | None = None, told: Told = unheard) -> list[Path]:
    """The journals that no running program writes, the latest first."""
    prefix = "" if path is None else _prefix(path)
    return [
        file for file in _by_age(folder) if file.name.startswith(prefix) and not _held(_lock_file(file), told)
    ]


def _by_age(folder: Path) -> list[Path]:
    """The journals in a folder, the latest first."""
    aged: list[tuple[float, Path]] = []
    with suppress(OSError):
        for file in folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                aged.append((file.lstat().st_mtime, file))
    return [file for _, file in sorted(aged, reverse=True)]


def _tidy(folder: Path) -> None:
    for file in [file for file in _journals(folder) if _closed(file)][KEPT:]:
        _move_aside(file)


def _move_aside(file: Path) -> None:
    aside = file.parent / ASIDE
    with suppress(OSError):
        aside.mkdir(exist_ok=True)
        file.replace(aside / file.name)
        _lock_file(file).unlink(missing_ok=True)
        for old in _by_age(aside)[KEPT:]:
            if _is_readable(old):  # what was odd is never deleted: somebody may still make something of it
                old.unlink()


def _is_readable(file: Path) -> bool:
    """Whether all of a journal can be replayed, or there is nothing in it."""
    try:
        data = read_bytes(file, JOURNAL, follow=False)
        read = _replayed(data) if data else None
        return read is None or read[2]
    except Exception:
        return False


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
        _lock_file(file).unlink(missing_ok=True)


def _lock_file(file: Path) -> Path:
    return file.with_suffix(".lock")


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _hold(lock: Path) -> IO[bytes]:
    """Makes and locks a file; the system lets go of it when the program ends, however it ends. Raises `OSError`."""
    stream = open(lock, "wb")  # noqa: SIM115 – held until the journal ends
    try:
        _try_lock(stream.fileno())
    except OSError:
        stream.close()
        # A file that nobody can lock would look like one that somebody has locked.
        lock.unlink()
        raise
    return stream


def _held(lock: Path, told: Told = unheard) -> bool:
    try:
        if not stat.S_ISREG(lock.lstat().st_mode):
            set_aside(lock, "恢复记录的标记", "恢复记录没有受到影响。", told)
            return False
        with open(lock, "rb+") as stream:
            _try_lock(stream.fileno())
            return False
    except FileNotFoundError:
        return False
    except OSError:
        return True
