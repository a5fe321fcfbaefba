"""Every accepted edit on the disk within a second, so that no crash costs work and undo outlives the program.

Knows the journal's format and the thread that writes it, how a history is rebuilt, and whose child a journal is. Does
not ask anybody anything: it hands out what was left unfinished, and moves aside, never away, what fits nowhere.

A journal is a file of JSON lines in the journals' folder, named by the report's path. It does not record commands but
states: a line says how the history of the line before becomes the present one. So it does not matter how many edits one
line gathers, and replaying gives the very same labels, merge keys and position.

    {"journal": 1, "edition": "2021", "path": "…" or null, "time": …, "first": the document before all steps}
    {"keep": 2, "steps": [step, …], "at": 3, "time": …}     the first two steps stay, these follow, three are done;
                                                            "drop" says how many went at the front,
                                                            "branches" what was replaced, "gone" which branches were
    {"saved": sha256, "path": "…", "time": …}               the present is what the file at path holds
    {"closed": true}                                        last line: closed with nothing left to save

    step: {"label": "…", "merge": "…", "when": seconds since 1970 or null, "cells": {id: value or null},
           "sections": {key: [start, cut, "put in"]}, "fields": {key: value}, "amends": …}: a change of the step before
          it or, if it amends, of the one that stood in its place; or "document", the whole. The first program wrote no
          "when"
    branch: {"number": 3, "of": 0, "after": 2, "steps": [step, …]}: it begins after two steps of the present line, as
          the line leaves it, or of the branch whose number `of` is; in one line with what replaced it, so that no end
          of the program comes between. One that makes no sense is left out; earlier programs pass over them

A last line that was not finished is no edit anyone was told about, and is passed over. A line that makes no sense ends
the replay; what came before it holds. A file of which nothing holds is moved aside and told.

The file at a journal's path is looked at when a person asks for it (`compared`), never while journals are read: it may
lie on a drive that does not answer.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, NamedTuple

from gxeditor.core.errors import DamagedFile, GxError, NotWritten
from gxeditor.core.expressions import expression
from gxeditor.core.fields import FIELDS, PRIOR
from gxeditor.core.form import Form
from gxeditor.core.history import WHOLE, Branch, Change, History, Step
from gxeditor.core.report import Prior, Report, text_difference
from gxeditor.files.aside import ASIDE, Told, clear_way, keep_private, private_folder, set_aside, unheard
from gxeditor.files.atomic import write_atomic
from gxeditor.files.digest import sha256
from gxeditor.files.limits import JOURNAL
from gxeditor.files.locking import try_lock
from gxeditor.files.reading import TooMuch, is_possible, open_regular, read_bytes, sha256_of
from gxeditor.store.report_file import (
    SAID,
    OpenedReport,
    document,
    dump,
    entry_from,
    entry_kept,
    field_from,
    from_json,
    report_from,
    to_json,
)

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

IDLE = 15.0
"""Seconds without an edit after which a journal of many lines is folded: written anew, a step being what it changed."""
_MANY, _SOME = 300, 50
"""Lines that are worth that: while the report is open, and when it is closed."""
_BLOCK = 500
"""Steps of one line, so that a line that cannot be read costs no more than those after it."""
_MORE = 10_000_000
"""Bytes that a journal grows by at most before it is written anew, so that it is never too large to be read."""

_MEANWHILE = 30
"""Steps that may have been made while a file was being written: some seconds."""

_AT_ONCE = 100_000_000
"""Bytes of all journals that are read for one list; what is left is offered when the others have been dealt with."""

_TRIES, _MOMENT = 100, 0.01  # and seconds between them

_CLOSED = b'{"closed": true}\n'
_WHAT = "恢复记录"
_MEANING = "其中如果有没保存的修改，程序取不出来；已保存的年报文件没有受到影响。"
_EDITION = expression("[0-9A-Za-z.-]{1,20}")
_SHA256 = expression("[0-9a-f]{64}")
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
    if path is None:  # at a start
        _clear_locks(folder)
        keep_private(folder)
        keep_private(folder / ASIDE)
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
    writing begins to fail; the writer tries again by itself and then writes everything that is missing. `on_works` is
    called there once that is done.
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
        on_works: Callable[[], None] | None = None,
    ) -> None:
        self._folder = folder
        self._on_error = on_error
        self._on_works = on_works
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
        self._appended = 0
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
        """Takes the present history when a report has been saved to `path`, and returns the number of this record.

        With `report` that one was saved, before what was edited since; else the present one. Under another path the
        journal goes on as that file's; the former file's ends.
        """
        with self._change:
            return self._accept(_State(history.mark_saved(report), path, sha256))

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
                idle = IDLE if self._appended >= _MANY else None
                wanted = self._change.wait_for(
                    lambda: self._accepted > self._acknowledged or self._hurried(), idle
                )
                state = self._state
            if not wanted:
                self._fold(state)
                continue
            with self._change:
                self._change.wait_for(self._hurried, RETRY if self._failing else PAUSE)
                state, accepted, asked, ending = self._state, self._accepted, self._asked, self._ending
            done = accepted == self._acknowledged or self._attempt(state)
            if ending and done and self._appended >= _SOME:
                self._fold(state)
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
            if self._on_works is not None:
                self._on_works()
        return True

    def _fold(self, state: _State) -> None:
        """Writes the journal anew. It holds the same before and after, so a failure is none to tell."""
        try:
            self._begin(state)
            self._written = state
        except (OSError, NotWritten):
            self._written = None
            self._appended = 0

    def _write(self, state: _State) -> None:
        before = self._written
        lines = None
        if before is not None and before.path == state.path and self._size <= self._limit:
            lines = _lines(before, state)
        if lines is None:
            self._begin(state)
        elif lines:
            self._append(_bytes(lines, time.time()))
            self._appended += len(lines)
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
            private_folder(self._folder)
            self._release()
            if self._file is not None:
                self._superseded.append((self._file, True))
            file = self._folder / f"{prefix}{os.urandom(4).hex()}{SUFFIX}"
            # Where locks are not to be had, a second program might offer this journal; better than to have none.
            with suppress(OSError):
                self._lock = _hold(_lock_file(file))
            self._file = file
        data = _snapshot(state, time.time())
        write_atomic(file, data, private=True)
        self._handle = open(file, "ab")  # noqa: SIM115 – lives as long as the report is open
        self._size = len(data)
        self._limit = max(_LARGE, min(2 * len(data), len(data) + _MORE))
        self._appended = 0
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
            lock, self._lock = self._lock, None
            _let_go(lock, _lock_file(self._file))


def _bytes(lines: Sequence[_Document], when: float) -> bytes:
    return b"".join(_line({**line, "time": round(when, 3)}) for line in lines)


def _line(line: _Document) -> bytes:
    try:
        return f"{json.dumps(line, ensure_ascii=False)}\n".encode()
    except (TypeError, UnicodeEncodeError):  # fractions, and halves of characters
        return f"{to_json(line)}\n".encode()


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
        if at is None:
            there = replace(new, steps=(*new.steps, Step("", new.saved)), position=len(new.steps) + 1)
        else:
            there = replace(new, position=at)
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
        drop = next((i for i, step in enumerate(old.steps, 1) if step.live is new.first), 0)
        if not drop:
            return None
    stood = old.steps[drop:]
    keep = _common(stood, new.steps)
    same = not drop and keep == len(stood) == len(new.steps) and old.position == new.position
    if same and old.branches is new.branches:
        return []
    steps: list[_Document] = []
    before = new.steps[keep - 1] if keep else None
    for i in range(keep, len(new.steps)):
        step = new.steps[i]
        amends = i < len(stood) and step.merge_key != "" and stood[i].merge_key == step.merge_key
        stands = new.first if before is None else before
        made = _change(stood[i].report, step.report) if amends else _made(step, stands)
        told = {"label": step.label, "merge": step.merge_key, "when": step.when, "amends": amends}
        steps.append({**told, **made})
        before = step
    lines: list[_Document] = []
    for start in range(0, max(1, len(steps)), _BLOCK):
        block = steps[start : start + _BLOCK]
        lines.append({"keep": keep + start, "steps": block, "at": keep + start + len(block)})
    if drop:
        lines[0] = {"drop": drop, **lines[0]}
    lines[-1] = {**lines[-1], "at": new.position}
    if old.branches is not new.branches:
        grown = _grown(old, new)
        left = {branch.number for branch in new.branches}
        gone = [branch.number for branch in old.branches if branch.number not in left]
        more = (("branches", grown), ("gone", gone))
        lines[-1] = {**lines[-1], **{key: part for key, part in more if part}}
    return lines


def _grown(old: History, new: History) -> list[_Document]:
    """The branches that a history has and the one before it had not, each behind the one it begins in."""
    known = {branch.number: branch.steps for branch in old.branches}
    where = {id(new.first): (0, 0)} | {id(step): (0, place) for place, step in enumerate(new.steps, 1)}
    grown: list[_Document] = []
    for branch in reversed(new.branches):
        where |= {id(step): (branch.number, place) for place, step in enumerate(branch.steps, 1)}
        found = where.get(id(branch.base))
        if known.get(branch.number) is branch.steps or found is None:
            continue
        steps: list[_Document] = []
        before = branch.base
        for step in branch.steps:
            told = {"label": step.label, "merge": step.merge_key, "when": step.when, "amends": False}
            steps.append({**told, **_made(step, before)})
            before = step
        grown.append({"number": branch.number, "of": found[0], "after": found[1], "steps": steps})
    return grown


def _common(one: tuple[Step, ...], other: tuple[Step, ...]) -> int:
    """How many steps two histories begin with alike: mostly all of the shorter one, or all but the last."""
    least = min(len(one), len(other))
    for many in (least, least - 1):
        # A step that was made of the one before it stands behind no other.
        if many > 0 and one[many - 1] is other[many - 1] and one[many - 1].made is not None:
            return many
    return next((i for i in range(least) if one[i] is not other[i]), least)


def _position(history: History, report: Report | None) -> int | None:
    """Where in a history a report stands, counted as `History.position`."""
    if history.first is report:
        return 0
    return next((i for i, step in enumerate(history.steps, 1) if step.live is report), None)


def _made(step: Step, before: Step | Report) -> _Document:
    """What a step changed, as the journal says it; `before` is the step before it, or the report before all."""
    made = step.made
    if isinstance(made, _Told) and (line := made.line) is not None:
        return line
    if isinstance(made, Change) and not made.others:
        told: dict[str, Any] = {}
        if made.entries:
            told["cells"] = {cell: None if e is None else entry_kept(e) for cell, e in made.entries}
        if not made.texts:
            return told
        report = before.report if isinstance(before, Step) else before
        texts = [text for key, _, _, put in made.texts for text in (report.sections.get(key, ""), put)]
        if not (report.prose_doubts or report.bound) and all(map(_is_text, texts)):
            return {**told, "sections": {key: [start, cut, put] for key, start, cut, put in made.texts}}
    return _change(before.report if isinstance(before, Step) else before, step.report)


def _change(one: Report, other: Report) -> _Document:
    if _differ_in_prose(one, other):
        texts = {key: (one.sections.get(key, ""), other.sections.get(key, "")) for key in _sections(one)}
        if all(map(_is_text, (text for pair in texts.values() for text in pair))):
            return {"sections": {key: _splice(*pair) for key, pair in texts.items() if pair[0] != pair[1]}}
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


_WITHOUT_PROSE = tuple(one.name for one in dataclass_fields(Report) if one.name != "sections")


def _differ_in_prose(one: Report, other: Report) -> bool:
    """Whether nothing but the prose of sections differs, as it does with most of what is typed."""
    return all(getattr(one, name) is getattr(other, name) for name in _WITHOUT_PROSE)


def _sections(report: Report) -> list[str]:
    return [section.key for section in report.form.sections]


def _is_text(text: str) -> bool:
    """Whether it has no half of a character, which a file would join with another half."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _splice(old: str, new: str) -> list[int | str]:
    """Where the texts begin to differ, how many characters of the old go, and what comes in their place."""
    start, gone, come = text_difference(old, new)
    return [start, len(gone), come]


# --- reading -------------------------------------------------------------------------------------------------------


class _Noted(NamedTuple):
    """A step as the lines have it: the changes that lead to it from the step before.

    A step that was continued has several; one that cannot be told so is None, and `whole` the document after it.
    """

    label: str
    merge: str
    when: float | None
    lines: tuple[_Document, ...]
    whole: _Document | None = None


_START = _Noted("", "", None, ())


class _Bough(NamedTuple):
    """A branch as the lines have it: the step it begins at, its own, and the documents after 0 and every so many."""

    base: _Noted
    steps: list[_Noted]
    documents: dict[int, _Document]


class _Replay:
    """A journal's state after each of its lines, with documents for reports: of all steps, every so many is kept."""

    def __init__(self, header: _Document) -> None:
        self.path = _path(header["path"])
        self.sha256: str | None = None
        self.steps: list[_Noted] = []
        self.position = 0
        self.when = _moment(header["time"])
        self._start = _START
        self._saved: tuple[_Noted, _Document] | None = None
        self._documents: dict[int, _Document] = {0: header["first"]}
        self._last: tuple[int, _Document] = (0, header["first"])
        self._boughs: dict[int, _Bough] = {}

    def apply(self, line: _Document) -> None:
        """Raises one of `_SENSELESS` and leaves all as it was if the line does not fit."""
        if "closed" in line:
            return
        when = _moment(line["time"])
        if "saved" in line:
            self.sha256, self.path = _sha256(line["saved"]), _path(line["path"])
            at = self.steps[self.position - 1] if self.position else self._start
            self._saved = at, self._document(self.position)
        else:
            self._step(line)
            for number in line.get("gone", ()):
                self._boughs.pop(number, None)
            for branch in line.get("branches", ()):
                with suppress(*_SENSELESS):  # it costs nothing of the present line
                    self._grow(branch)
        self.when = when

    def _grow(self, branch: _Document) -> None:
        number, of = _whole(branch["number"], _MOST), _whole(branch["of"], _MOST)
        bough = self._boughs[of] if of else None
        stood = self.steps if bough is None else bough.steps
        after = _whole(branch["after"], len(stood))
        first = self._start if bough is None else bough.base
        base = stood[after - 1] if after else first
        if bough is None:
            document = self._document(after)
        else:
            at = max(at for at in bough.documents if at <= after)
            document = bough.documents[at]
            for noted in stood[at:after]:
                document = _after(document, noted)
        grown = _Bough(base, [], {0: document})
        for place, step in enumerate(branch["steps"], 1):
            document = _changed(document, step)
            when = _moment_if_any(step.get("when"))
            grown.steps.append(_Noted(_label(step["label"]), _label(step["merge"]), when, (step,)))
            if place % WHOLE == 0:
                grown.documents[place] = document
        if grown.steps:
            self._boughs[number] = grown

    def _step(self, line: _Document) -> None:
        drop = _whole(line.get("drop", 0), len(self.steps))
        keep = drop + _whole(line["keep"], len(self.steps) - drop)
        made: list[_Noted] = []
        kept: dict[int, _Document] = {}
        document = self._document(keep)
        for step in line["steps"]:
            place = keep + len(made)
            amends = bool(step["amends"])
            noted = _Noted(
                _label(step["label"]), _label(step["merge"]), _moment_if_any(step.get("when")), (step,)
            )
            if amends:
                stood = self.steps[place]
                document = _changed(self._document(place + 1), step)
                if made or stood.whole is not None:  # the step before it is another one now
                    noted = noted._replace(lines=(), whole=document)
                else:
                    noted = noted._replace(lines=(*stood.lines, step))
            else:
                document = _changed(document, step)
            made.append(noted)
            if (place + 1) % WHOLE == 0:
                kept[place + 1] = document
        position = _whole(line["at"], keep + len(made) - drop)
        last = keep + len(made)
        if drop:
            self._start, first = self.steps[drop - 1], self._document(drop)
        self._documents = {at: one for at, one in self._documents.items() if at <= keep} | kept
        self._last = last, document
        self.steps[keep:] = made
        if drop:
            del self.steps[:drop]
            self._documents = {at - drop: one for at, one in self._documents.items() if at > drop} | {
                0: first
            }
            self._last = last - drop, document
        self.position = position

    def _document(self, position: int) -> _Document:
        """The document after so many steps."""
        last, document = self._last
        if last != position:
            at = max(at for at in self._documents if at <= position)
            document = self._documents[at]
            for noted in self.steps[at:position]:
                document = _after(document, noted)
            self._last = position, document
        return document

    def history(self, form: Form) -> History:
        """Raises `DamagedFile` if one of the documents is none."""
        reports = _Reports(form)
        first = reports.of(self._documents[0])
        present, saved = self.position, None
        known = {present: reports.of(self._document(present))} if present else {}
        if self._saved is not None:
            noted, document = self._saved
            at = next((i for i, step in enumerate((self._start, *self.steps)) if step is noted), -1)
            if at > 0 and at not in known:
                known[at] = reports.of(document)
            saved = first if at == 0 else reports.of(document) if at < 0 else known[at]
        steps: list[Step] = []
        before: Step | Report = first
        stood: dict[int, Step | Report] = {id(self._start): first}
        for place, noted in enumerate(self.steps, 1):
            reports.demand_sense(noted)
            whole = noted.whole or (self._documents.get(place) if place % WHOLE == 0 else None)
            told = _Told(reports, noted.lines, whole)
            before = stood[id(noted)] = Step.of(
                before, noted.label, told, noted.merge, noted.when, known.get(place)
            )
            steps.append(before)
        branches = self._branches(reports, stood)
        return History(first, tuple(steps), present, saved=saved, branches=branches)

    def _branches(self, reports: _Reports, stood: dict[int, Step | Report]) -> tuple[Branch, ...]:
        """The branches that begin at what `stood` has, by the identity of a step's note."""
        branches: list[Branch] = []
        for number, bough in sorted(self._boughs.items(), reverse=True):
            base = before = stood.get(id(bough.base))
            steps: list[Step] = []
            try:
                for place, noted in enumerate(bough.steps, 1):
                    reports.demand_sense(noted)
                    told = _Told(reports, noted.lines, bough.documents.get(place))
                    assert before is not None
                    before = stood[id(noted)] = Step.of(before, noted.label, told, noted.merge, noted.when)
                    before.put_away(place)
                    steps.append(before)
            except (AssertionError, DamagedFile):
                continue
            if base is not None:
                branches.append(Branch.of(number, base, tuple(steps)))
        return tuple(reversed(branches))


def _after(document: _Document, noted: _Noted) -> _Document:
    if noted.whole is not None:
        return noted.whole
    for line in noted.lines:
        document = _changed(document, line)
    return document


class _Reports:
    """Makes reports of the documents of one journal; last year's report is one value for all that leave it alone."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.known_cells = form.cells.keys()
        self.known_sections = {section.key for section in form.sections}
        self._priors: dict[int, tuple[Any, Prior]] = {}

    def of(self, content: _Document) -> Report:
        """Raises `DamagedFile` if it is no report's."""
        stated = content.get("prior")
        known = self._priors.get(id(stated)) if stated is not None else None
        if known is not None:
            return replace(
                report_from({k: v for k, v in content.items() if k != "prior"}, self.form), prior=known[1]
            )
        made = report_from(content, self.form)
        if made.prior is not None:
            self._priors[id(stated)] = stated, made.prior
        return made

    def demand_sense(self, noted: _Noted) -> None:
        """Raises `DamagedFile` for a step with a value that no report can have."""
        for line in noted.lines:
            if "document" in line:
                self.of(line["document"])
                continue
            for cell, value in line["cells"].items() if "cells" in line else ():
                if value is None or (type(value) is int and value < _COMMON):
                    continue
                if cell in self.known_cells:
                    entry_from(value, self.form.cells[cell])
            if stated := line.get("fields"):
                for plain in FIELDS:
                    if plain.key in stated:
                        field_from(stated, plain)

    def after(self, before: Report, lines: Sequence[_Document]) -> Report:
        """The report after these changes; those that make no sense change nothing."""
        marked = bool(before.prose_doubts or before.bound)
        plain = not (before.doubts or before.extra)
        if plain and all(self._is_plain(line, marked) for line in lines):
            entries, sections = dict(before.entries), dict(before.sections)
            for line in lines:
                for cell, value in line.get("cells", {}).items():
                    entry = None if value is None else entry_from(value, self.form.cells[cell])
                    if entry is None:
                        entries.pop(cell, None)
                    else:
                        entries[cell] = entry
                for key, splice in line.get("sections", {}).items():
                    sections[key] = _spliced(sections.get(key, ""), splice)
            texts = {key: text for key, text in sections.items() if text}
            return replace(before, entries=MappingProxyType(entries), sections=MappingProxyType(texts))
        content: _Document = document(replace(before, prior=None))
        for line in lines:
            content = _changed(content, line)
        made = report_from({key: value for key, value in content.items() if key != "prior"}, self.form)
        if "prior" in content:
            return replace(made, prior=self.of(content).prior)
        if any("prior" in line.get("fields", ()) for line in lines):
            return made
        return replace(made, prior=before.prior)

    def _is_plain(self, line: _Document, marked: bool) -> bool:
        """Whether a line is of nothing but figures, and prose without marks: no document has to be made for it."""
        if "fields" in line or "document" in line or (marked and "sections" in line):
            return False
        known = line.get("cells", {}).keys() <= self.known_cells
        return known and bool(line.get("sections", {}).keys() <= self.known_sections)


class _Told:
    """What a step did, as the journal told it (`core.history.Made`)."""

    __slots__ = ("_lines", "_reports", "_whole", "weight")

    def __init__(self, reports: _Reports, lines: tuple[_Document, ...], whole: _Document | None) -> None:
        self._reports, self._lines, self._whole = reports, lines, whole
        self.weight = sum(map(_weight, lines)) if lines else len(str(whole))

    @property
    def is_whole(self) -> bool:
        return self._whole is not None

    @property
    def line(self) -> _Document | None:
        """The change as one line tells it; None if several do, or none."""
        if len(self._lines) != 1:
            return None
        return {key: value for key, value in self._lines[0].items() if key in _CHANGES}

    def done_to(self, before: Report | None) -> Report:
        if self._whole is not None:
            return self._reports.of(self._whole)
        assert before is not None
        try:
            return self._reports.after(before, self._lines)
        except _SENSELESS:  # what was demanded of it leaves nothing that could be; but undo must not fail
            return before


_MOST = 10**9
"""The greatest number of a branch: one a second, for thirty years."""
_COMMON = 10**12
"""Whole numbers below that are figures; others are looked at more closely."""
_CHANGES = ("document", "cells", "sections", "fields")


def _weight(line: _Document) -> int:
    put = sum(len(splice[2]) for splice in line["sections"].values()) if "sections" in line else 0
    more = sum(len(str(line[key])) for key in ("fields", "document") if key in line)
    return put + more + 20 * len(line.get("cells", ()))


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


_SENSELESS = (
    DamagedFile,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading a line can raise that holds valid JSON but not what was written."""


def _changed(base: _Document, change: _Document) -> _Document:
    if "document" in change:
        return dict(change["document"])
    content = {**base, **change["fields"]} if "fields" in change else dict(base)
    if "cells" in change:
        content["cells"] = cells = {**base["cells"], **change["cells"]}
        for key, value in change["cells"].items():
            if value is None:
                del cells[key]
    if "sections" in change:
        content["sections"] = dict(base["sections"])
        for key, splice in change["sections"].items():
            content["sections"][key] = _spliced(base["sections"][key], splice)
    return content


def _spliced(old: str, splice: Sequence[Any]) -> str:
    """Raises one of `_SENSELESS` for a place that the text does not have."""
    start, cut, put = splice
    if not 0 <= start <= start + cut <= len(old):
        raise ValueError(start)
    return old[:start] + _label(put) + old[start + cut :]


def _line_read(line: bytes) -> Any:
    """The value of a line. Raises one of `_SENSELESS`.

    A line of nothing but figures and prose, as most are, is read the quick way: each of its values is looked at later.
    """
    if b'"fields"' in line or b'"document"' in line:
        return from_json(line.decode("utf-8"))
    return json.loads(line.decode("utf-8"), parse_float=Decimal, parse_constant=_refused)


def _refused(constant: str) -> Any:
    raise ValueError(constant)


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
            replay.apply(_line_read(line))
        except _SENSELESS:
            whole = False
            break
    return header["edition"], replay, whole


def _edits(history: History) -> int:
    at = _position(history, history.saved)
    return abs(history.position - at) if at is not None else max(history.position, 1)


def _settled(journal: Journal, there: str) -> Journal:
    """The journal of a file that holds `there` (sha256), if that is the present report or one shortly before it.

    The program can end between replacing the file and noting it here, and steps may have been made meanwhile.
    """
    if there == journal.sha256 or journal.path is None:
        return journal
    history = journal.history
    for back in range(min(_MEANWHILE, history.position + 1)):
        report = history.report_at(history.position - back)
        if there == sha256(dump(report, journal.path.parent)).hexdigest():
            history = history.mark_saved(report)
            return replace(journal, history=history, sha256=there, edits=_edits(history))
    return journal


def _noted(journal: Journal, there: str) -> Journal:
    """The same, and what the crash kept from being noted is noted, so that nobody is asked about saved work again."""
    settled = _settled(journal, there)
    if settled is journal:
        return journal
    before = _State(journal.history, journal.path, journal.sha256)
    lines = _lines(before, _State(settled.history, settled.path, there))
    assert lines is not None  # only what was saved differs
    noted = _bytes(lines, journal.when.timestamp()) + (b"" if settled.history.modified else _CLOSED)
    with suppress(OSError, NotWritten):
        data = read_bytes(journal.file, JOURNAL, follow=False)
        if journal.whole:
            write_atomic(journal.file, data[: data.rfind(b"\n") + 1] + noted, private=True)
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
    return f"{sha256(os.fsencode(name)).hexdigest()[:16]}-"


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
    _clear_locks(folder)
    for file in [file for file in _journals(folder) if _closed(file)][KEPT:]:
        _move_aside(file)


def _move_aside(file: Path) -> None:
    aside = file.parent / ASIDE
    with suppress(OSError):
        aside.mkdir(mode=0o700, exist_ok=True)
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


def _hold(lock: Path) -> IO[bytes]:
    """Makes and locks a file; the system lets go of it when the program ends, however it ends. Raises `OSError`."""
    for _ in range(_TRIES):
        stream = open(lock, "wb", opener=_private)  # noqa: SIM115 – held until the journal ends
        try:
            try_lock(stream.fileno())
        except (PermissionError, BlockingIOError):
            stream.close()  # nobody else writes this journal: another program looks whether somebody does
            time.sleep(_MOMENT)
            continue
        except OSError:
            stream.close()
            # A file that nobody can lock would look like one that somebody has locked.
            lock.unlink()
            raise
        if _is_still(stream, lock):
            return stream
        stream.close()  # another program cleared it away between the two
    raise OSError(errno.EAGAIN, "cleared away each time")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _is_still(stream: IO[bytes], lock: Path) -> bool:
    """Whether the file that was locked is the one that everybody finds under that name."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(lock, follow_symlinks=False))
    except FileNotFoundError:
        return False


def _let_go(stream: IO[bytes], lock: Path) -> None:
    """Deletes the lock file and lets go of it, while it is held: who opens it in between sees that it is gone.

    Windows deletes no file that is open, neither ours nor one that another program has just opened to lock it.
    """
    if os.name == "nt":
        stream.close()
    with suppress(OSError):
        lock.unlink(missing_ok=True)
    stream.close()


def _clear_locks(folder: Path) -> None:
    """Deletes the lock files of programs that have died; those of running ones are held."""
    with suppress(OSError):
        for lock in folder.glob("*.lock"):
            with suppress(OSError):
                if not stat.S_ISREG(lock.lstat().st_mode):
                    continue
                stream = open(lock, "rb+")  # noqa: SIM115 – closed by `_let_go`, after the file is deleted
                try:
                    try_lock(stream.fileno())
                except OSError:
                    stream.close()
                    continue
                _let_go(stream, lock)


def _held(lock: Path, told: Told = unheard) -> bool:
    try:
        if not stat.S_ISREG(lock.lstat().st_mode):
            set_aside(lock, "恢复记录的标记", "恢复记录没有受到影响。", told)
            return False
        with open(lock, "rb+") as stream:
            try_lock(stream.fileno())
            return False
    except FileNotFoundError:
        return False
    except OSError:
        return True
