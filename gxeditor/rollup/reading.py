"""A folder of reports → what was received: every file found, read, checked and put to its unit.

Knows which files of a folder are no reports (what programs leave there, hidden ones, papers of a roll-up), how a file
that was read before is known again without being read, that reading is done in two child processes, and what a
report says to a roll-up (`Received`). What a name says of a unit is `core.rollup.matching`; how a file is read is
`documents`. Knows no window; time comes from the caller.

A file is as it was while its size and time are, or its bytes; only others are read. Each file costs at most one row: a
reader that hangs or dies is ended, and its file says so. Own files go to the children in batches, foreign ones one by
one with the clock and the memory of `worker`. Checks are made where a report is read, those against last year's too, so
that no report comes to the parent whole.
"""

from __future__ import annotations

import os
import stat
import threading
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

import gxeditor
from gxeditor import documents, worker
from gxeditor.core.checks.profiles import NATIONAL, Given, Profile
from gxeditor.core.errors import Cancelled, GxError, UnreadableSource
from gxeditor.core.expressions import expression
from gxeditor.core.report import Report, blank_report
from gxeditor.core.rollup.matching import Matcher, says_of
from gxeditor.core.rollup.project import Fee, PriorYear, Received, Rollup, Told
from gxeditor.core.rollup.returning import counted, told
from gxeditor.core.rollup.units import Units
from gxeditor.documents import Filed
from gxeditor.files.digest import sha256
from gxeditor.files.limits import FOREIGN_FILE
from gxeditor.files.reading import reachable, read_head, sha256_of
from gxeditor.imports.doors import Which
from gxeditor.imports.source import ImportNote, ManyUnits
from gxeditor.resources import load_form, load_rules, load_unit_words
from gxeditor.store.rollup_file import reached, seen_from
from gxeditor.workbook.own import NO_REPORT, ROLLUP, no_report
from gxeditor.worker import ChildBug, Worker

if TYPE_CHECKING:
    from gxeditor.core.form import Form

CHILDREN = 2
"""Processes that read at the same time; the usual PC has two cores to spare, and each takes some 100 MB."""
_BATCH = 32
"""Own files that a child reads in one call: enough that the call costs nothing, few enough to be cancelled."""
_BATCH_SECONDS = 60.0
"""How long it may take: each is a fiftieth of a second."""
_FEW_ROWS, _ROWS_SECONDS = 20, 240.0
"""Lines that a list of units may have to be read in the time of a report, and how long any other may take: 300 lines
are 25 s, a minute and a half on a slow PC."""
_NOTES = 20
"""Notes of one reading that are kept; the whole is seen when the file is imported by itself."""

Progress = Callable[[int, int, str], None]
"""Told how many files are done, of how many, and the name of the one that is being read."""


# --- the folder ----------------------------------------------------------------------------------------------------


class File(NamedTuple):
    """A file of the folder: its path as the roll-up names it, bytes, and time in nanoseconds."""

    path: str
    size: int
    modified: int


class Scan(NamedTuple):
    """What stands in a folder; `closed` are the folders, named likewise, into which nobody could look."""

    files: tuple[File, ...]
    closed: tuple[str, ...] = ()


_LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
_NOT_READ = (".gxh", ".tmp", ".lnk", ".url", ".journal", ".crdownload", ".part", ".lock")


def is_left_out(name: str) -> bool:
    """Whether a file of this name is none that anybody sent: hidden, an Office lock, a kept version, a download."""
    low = name.lower()
    return (
        low.startswith((".", "~$", "~"))
        or low.endswith(("~", *_NOT_READ))
        or low in _LEFT_BEHIND
        or name == "__MACOSX"
    )


def scan(folder: Path, base: Path, apart: Collection[Path] = ()) -> Scan:
    """The files in a folder and below it, in the order of their paths, which are seen from `base`.

    A folder is looked into once, by whatever link it is reached. `apart` are files that are no reports: the list of
    units, what is written. Raises `UnreadableSource` if there is no such folder.
    """
    left_out = {os.path.normcase(os.path.abspath(one)) for one in apart}
    files: list[File] = []
    closed: list[str] = []
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            status = os.stat(reachable(here))
            if (status.st_dev, status.st_ino) in seen and status.st_ino:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(reachable(here)) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if here == folder:
                raise _no_folder(folder, error) from error
            closed.append(seen_from(base, here))
            continue
        # of thousands of files in a folder only its own path is worked out
        within, whole = seen_from(base, here / "x")[:-1], os.path.normcase(os.path.abspath(here))
        for entry in found:
            with suppress(OSError):  # it has gone a moment ago, or is a link to nothing
                if is_left_out(entry.name) or _is_hidden(entry):
                    continue
                if entry.is_dir():
                    waiting.append(here / entry.name)
                elif os.path.join(whole, os.path.normcase(entry.name)) not in left_out:
                    is_what = entry.stat()
                    if stat.S_ISREG(is_what.st_mode):
                        files.append(File(within + entry.name, is_what.st_size, is_what.st_mtime_ns))
    return Scan(tuple(sorted(files)), tuple(sorted(closed)))


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)


def _no_folder(folder: Path, error: OSError) -> UnreadableSource:
    if isinstance(error, FileNotFoundError):
        what = f"文件夹“{folder.name}”不见了。"
    elif isinstance(error, NotADirectoryError):
        what = f"“{folder.name}”不是文件夹。"
    else:
        what = f"文件夹“{folder.name}”打不开。"
    return UnreadableSource(
        what, "汇总没有变。", "如果它在 U 盘或网络盘上，请重新连接；或核对您有没有读取它的权限。"
    )


# --- what is read of it --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What a reading changed: rows that are new or other than before, paths that have gone, and what was not reached.

    `gone` are paths of which no row is left, `moved` where a file that is otherwise the same lies now; `changed` are
    the files that are other than as they were read, because the reading was cancelled before them. `refused` are
    folders into which nobody could look, whose rows stay. `files` is how many were looked at.
    """

    received: tuple[Received, ...] = ()
    gone: frozenset[str] = frozenset()
    moved: Mapping[str, str] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()
    files: int = 0
    is_whole: bool = True

    def into(self, rollup: Rollup) -> Rollup:
        """The roll-up with what was read, whatever a person decided in it meanwhile."""
        anew = {one.key: one for one in self.received}
        kept: list[Received] = []
        # A file that lies elsewhere now may have been heard of there as a new one: what was decided is its own.
        there_now = {(self.moved[one.path], one.row) for one in rollup.received if one.path in self.moved}
        for one in rollup.received:
            if one.path in self.moved:
                one = replace(one, path=self.moved[one.path])
            elif one.key in there_now:
                continue
            if (new := anew.pop(one.key, None)) is not None:
                kept.append(_decided_as(new, one, rollup.units))
            elif one.path not in self.gone and one.path not in self.replaced:
                kept.append(one)
        kept += anew.values()
        if len({one.key for one in kept}) < len(
            kept
        ):  # a file and row is there once, whatever lay where before
            kept = list({one.key: one for one in reversed(kept)}.values())[::-1]
        returned = tuple(
            replace(one, path=self.moved[one.path]) if one.path in self.moved else one
            for one in rollup.returned
        )
        there = {one.path for one in kept}
        read = {one.path for one in self.received}
        changed = frozenset((rollup.changed - read | self.changed) & there)
        if tuple(kept) == rollup.received and changed == rollup.changed and returned == rollup.returned:
            return rollup
        return replace(rollup, received=tuple(kept), returned=returned, changed=changed)


def _decided_as(new: Received, old: Received, units: Units) -> Received:
    """What was read anew, with what a person said of the file, also while it was read.

    One that says the same of itself is of the unit that it has here: a claim may have come or been undone meanwhile.
    """
    new = replace(new, decided=old.decided, decided_why=old.decided_why)
    as_it_was = bool(new.unit) and not new.matched  # the unit that it had when reading began
    if old.agency == new.agency and (as_it_was or (old.unit in units.by_id and old.unit != new.unit)):
        new = replace(new, unit=old.unit, matched=old.matched, candidates=old.candidates, why_not=old.why_not)
    elif as_it_was and old.unit == new.unit:
        new = replace(new, matched=old.matched)
    if old.sha256 == new.sha256:
        new = replace(new, received=old.received or new.received)
    return new


def read_folder(
    rollup: Rollup,
    folder: Path,
    *,
    base: Path | None = None,
    moment: str,
    apart: Collection[Path] = (),
    profile: Profile = NATIONAL,
    progress: Progress = lambda done, of, name: None,
    heard: Callable[[tuple[Received, ...]], None] = lambda rows: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Rollup:
    """The roll-up with all that stands in a folder; what was read before is only read again if it changed.

    The arguments are those of `read`. Raises `UnreadableSource` if there is no such folder.
    """
    return read(
        rollup,
        folder,
        base=base,
        moment=moment,
        apart=apart,
        profile=profile,
        progress=progress,
        heard=heard,
        cancelled=cancelled,
    ).into(rollup)


def read(
    rollup: Rollup,
    folder: Path,
    *,
    base: Path | None = None,
    moment: str,
    apart: Collection[Path] = (),
    only: Collection[str] | None = None,
    anew: bool = False,
    profile: Profile = NATIONAL,
    progress: Progress = lambda done, of, name: None,
    heard: Callable[[tuple[Received, ...]], None] = lambda rows: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outcome:
    """What a folder holds, against what was read of it before.

    `base` is the folder of the .gxh, by default the folder itself; `moment` is now, ISO 8601. `apart` are files in the
    folder that are no reports. `only` are the paths to look at, as the roll-up names them; None for all. With `anew`
    what could not be read to its end (its reader was stopped, it was in use) is tried once more. `heard` gets rows
    as they are read, `progress` and `cancelled` are asked in the calling thread; once cancelled, what was read is
    handed back. Raises `UnreadableSource` if there is no such folder.
    """
    base = folder if base is None else base
    found = scan(folder, base, apart)
    if only is not None:
        found = found._replace(files=tuple(one for one in found.files if one.path in only))
    known: dict[str, list[Received]] = {}
    for one in rollup.received:
        known.setdefault(one.path, []).append(one)
    basis = _Basis(rollup, profile)
    matching = _Matching(rollup.units, rollup.owner)
    there = {one.path for one in found.files}
    gone = set() if only is not None else {path for path in known if path not in there}
    gone -= {path for path in gone if _is_under(path, found.closed) or not _is_within(path, folder, base)}
    kept: list[Received] = []
    moved: dict[str, str] = {}
    by_sha = {rows[0].sha256: path for path, rows in known.items() if path in gone and rows[0].sha256}
    work: list[_Job] = []
    for file in found.files:
        rows = known.get(file.path)
        whence = file.path
        if rows is None and by_sha:
            with suppress(OSError):
                whence = by_sha.pop(sha256_of(reached(base, file.path), FOREIGN_FILE), file.path)
            if whence != file.path:
                rows = known[whence]
                gone.discard(whence)
                moved[whence] = file.path
        same = rows is not None and _is_same(rows[0], file, reached(base, file.path))
        same = same and not (
            anew and rows is not None and any(one.problem and not one.sha256 for one in rows)
        )
        if rows is not None and same and all(one.basis == basis.of(one.unit) for one in rows):
            for one in rows:
                new = matching.claimed(_as_there(one, file))
                if new != one:
                    kept.append(new)
        else:
            claims = {one.row: (one.unit, one.agency) for one in rows or () if one.unit in rollup.units.by_id}
            work.append(_Job(str(reached(base, file.path)), file, claims))
    if kept:
        heard(tuple(kept))
    reading = _Reading(rollup, profile, moment, basis)
    received = reading.run(work, progress, heard, cancelled)
    done = reading.done
    left = frozenset(job.file.path for job in work if job.file.path not in done and job.file.path in known)
    return Outcome(
        received=(*kept, *received),
        gone=frozenset(gone | reading.vanished),
        moved=moved,
        replaced=frozenset(done & {moved.get(path, path) for path in known}),
        changed=left,
        refused=found.closed,
        files=len(found.files),
        is_whole=not reading.was_cancelled,
    )


def year_said(rollup: Rollup) -> int | None:
    """The year that most of the reports say, the later of two; None if none says one."""
    said = Counter(one.year for one in rollup.received if one.is_report and one.year)
    return max(said, key=lambda year: (said[year], year), default=None)


def of_year(rollup: Rollup, year: int) -> Rollup:
    """The roll-up as one of this year; rows of lists that say no year are to be read again, for it is theirs."""
    received = tuple(
        replace(one, basis="") if one.row and one.year is None else one for one in rollup.received
    )
    return replace(rollup, year=year, received=received)


def look(
    rollup: Rollup, folder: Path, base: Path | None = None, apart: Collection[Path] = ()
) -> frozenset[str]:
    """The received files that are no longer as they were read, gone or changed, and those that are new.

    Reads nothing but the folder, and a file whose time alone has changed. Raises as `read`.
    """
    base = folder if base is None else base
    there = {one.path: one for one in scan(folder, base, apart).files}
    known = {one.path: one for one in rollup.received}
    other = {path for path in known if path not in there and _is_within(path, folder, base)}
    other |= {path for path in there if path not in known}
    other |= {
        path
        for path, one in known.items()
        if path in there and not _is_same(one, there[path], reached(base, path))
    }
    return frozenset(other)


def _as_there(one: Received, file: File) -> Received:
    if (one.path, one.size, one.modified) == (file.path, file.size, file.modified):
        return one
    return replace(one, path=file.path, size=file.size, modified=file.modified)


def _is_same(one: Received, file: File, path: Path) -> bool:
    if one.size != file.size:
        return False
    if one.modified == file.modified:
        return True
    with suppress(OSError):
        return sha256_of(path, FOREIGN_FILE) == one.sha256
    return False


def _is_under(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(f"{one}/") for one in folders)


def _is_within(path: str, folder: Path, base: Path) -> bool:
    return Path(os.path.abspath(folder)) in reached(base, path).parents


class _Matching:
    """Who matches, made once it is wanted."""

    def __init__(self, units: Units, owner: str) -> None:
        self._units, self._owner = units, owner

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self._units, self._owner, load_unit_words())

    def claimed(self, one: Received) -> Received:
        """The row put to its unit, if it had none, or one that the list no longer has."""
        if one.unit in self._units.by_id or one.decided == "reject":
            return one
        return _matched(one, self.matcher)


def _matched(one: Received, matcher: Matcher) -> Received:
    found = matcher.match(says_of(one))
    return replace(
        one,
        unit=found.unit,
        matched=found.how if found.unit else "",
        candidates=tuple(found.candidates),
        why_not=found.why_not if not found.unit else "",
    )


class _Basis:
    """With what a report is checked, as a short text."""

    def __init__(self, rollup: Rollup, profile: Profile) -> None:
        self._prior = rollup.prior
        with_what = repr(
            (
                gxeditor.__version__,
                Told._fields,  # what was kept before of a finding may be less
                rollup.form.edition,
                profile.id,
                sorted(profile.values.items()),
            )
        )
        self._common = sha256(with_what.encode()).hexdigest()[:12]
        self._of: dict[str, str] = {}

    def of(self, unit: str) -> str:
        values = None if self._prior is None else self._prior.values.get(unit)
        if values is None or self._prior is None:
            return self._common
        if unit not in self._of:
            said = repr((self._prior.year, values))
            self._of[unit] = f"{self._common}.{sha256(said.encode()).hexdigest()[:12]}"
        return self._of[unit]


# --- the children --------------------------------------------------------------------------------------------------


class _Job(NamedTuple):
    """A file to be read: where it lies, what the folder says of it, and of which unit each row was, with its agency."""

    path: str
    file: File
    claims: Mapping[str, tuple[str, str]]


class _Context(NamedTuple):
    """What a child needs to know for every file; it is sent to it once."""

    token: str
    edition: str
    year: int
    owner: str
    units: Units
    prior: PriorYear | None
    profile: Profile
    today: date
    moment: str
    basis: _Basis


class _Reading:
    """One reading of a folder: the files that wait, the threads that wait for children, what comes back."""

    def __init__(self, rollup: Rollup, profile: Profile, moment: str, basis: _Basis) -> None:
        self._context = _Context(
            os.urandom(8).hex(),
            rollup.form.edition,
            rollup.year,
            rollup.owner,
            rollup.units,
            rollup.prior,
            profile,
            date.fromisoformat(moment[:10]),
            moment,
            basis,
        )
        self._own: deque[_Job] = deque()
        self._foreign: deque[_Job] = deque()
        self._lock = threading.Lock()
        self._told: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._stop = threading.Event()
        self.done: set[str] = set()
        self.vanished: set[str] = set()
        self.was_cancelled = False

    def run(
        self,
        work: Sequence[_Job],
        progress: Progress,
        heard: Callable[[tuple[Received, ...]], None],
        cancelled: Callable[[], bool],
    ) -> list[Received]:
        """The rows of the files; fewer once it is cancelled."""
        for job in work:
            (self._own if job.path.lower().endswith(documents.OWN) else self._foreign).append(job)
        received: list[Received] = []
        if not work:
            return received
        count = min(CHILDREN, len(self._foreign) + -(-len(self._own) // _BATCH))
        threads = [
            threading.Thread(target=self._serve, name=f"gxeditor-rollup-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in threads:
            thread.start()
        done, ended = 0, 0
        failure: BaseException | None = None
        try:
            while ended < len(threads):
                if not self.was_cancelled and cancelled():
                    self.was_cancelled = True
                    self._stop.set()
                kind, value = self._next()
                if kind == "begun":
                    progress(done, len(work), value)
                elif kind == "read":
                    files, rows = value
                    done += files
                    received += rows
                    if rows:
                        heard(tuple(rows))
                    progress(done, len(work), rows[-1].path.rpartition("/")[2] if rows else "")
                elif kind == "ended":
                    ended += 1
                    failure = failure or value
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        if failure is not None:
            raise failure
        return received

    def _next(self) -> tuple[str, Any]:
        from queue import Empty

        with suppress(Empty):
            return self._told.get(timeout=0.05)
        return "", None

    def _take(self) -> list[_Job]:
        """The next foreign file, or a batch of own ones: foreign ones first, for each may take its ten seconds."""
        with self._lock:
            if self._stop.is_set():
                return []
            if self._foreign:
                return [self._foreign.popleft()]
            return [self._own.popleft() for _ in range(min(_BATCH, len(self._own)))]

    def _serve(self) -> None:
        """One thread: its child, until nothing is left."""
        child = Worker()
        failure: BaseException | None = None
        try:
            while jobs := self._take():
                self._told.put(("begun", os.path.basename(jobs[0].path)))
                self._read(child, jobs)
        except Cancelled:
            pass
        except BaseException as error:
            failure = error
        finally:
            child.close()
            self._told.put(("ended", failure))

    def _read(self, child: Worker, jobs: Sequence[_Job]) -> None:
        try:
            rows, foreign, vanished = self._call(child, jobs)
        except (GxError, ChildBug) as error:
            if len(jobs) > 1:  # one of them: each by itself
                for job in jobs:
                    self._read(child, [job])
                return
            rows, foreign, vanished = [self._failed(jobs[0], error)], [], []
        with self._lock:
            self._foreign.extend(jobs[at] for at in foreign)
            self.done.update(job.file.path for at, job in enumerate(jobs) if at not in foreign)
            self.vanished.update(jobs[at].file.path for at in vanished)
        self._told.put(("read", (len(jobs) - len(foreign), rows)))

    def _call(self, child: Worker, jobs: Sequence[_Job]) -> tuple[list[Received], list[int], list[int]]:
        name = os.path.basename(jobs[0].path)
        is_batch = jobs[0].path.lower().endswith(documents.OWN)
        how: dict[str, Any] = {
            **documents.reading(Path(jobs[0].path)),
            "meaning": "这个文件没有计入汇总。",
            "seconds": _BATCH_SECONDS if is_batch else worker.SECONDS,
            "cancelled": self._stop.is_set,
        }
        for _ in range(3):
            try:
                known = child.run(_read_files, self._context.token, tuple(jobs), **how)
            except ManyUnits:  # only a list with many lines says so: it has the time that they take
                how["seconds"] = _ROWS_SECONDS
                known = child.run(_read_files, self._context.token, tuple(jobs), True, **how)
            if known is not None:
                return known
            child.run(_prepare, self._context, **{**how, "doing": f"准备读“{name}”"})
        raise AssertionError("a child that was told does not know")

    def _failed(self, job: _Job, error: GxError | ChildBug) -> Received:
        if isinstance(error, ChildBug):
            worker._log(f"a bug while “{os.path.basename(job.path)}” was read: {error.crash_report}")
            what = (
                f"读“{os.path.basename(job.path)}”时程序出错了，没有读入。请向维护人员反映，并附上这个文件。"
            )
        else:
            what = str(error)
        return _row(self._context, job, "", reader=_suffix(job.path), problem=what)


_known: dict[str, tuple[_Context, _Matching]] = {}
"""In a child: what it was told of the reading it works for, and who matches there."""


def _prepare(context: _Context) -> None:
    _known.clear()
    _known[context.token] = context, _Matching(context.units, context.owner)


def _read_files(
    token: str, jobs: Sequence[_Job], patient: bool = False
) -> tuple[list[Received], list[int], list[int]] | None:
    """In the child: the rows of the files; which of a batch are foreign and wait for a call of their own; which of
    them are no longer there. None if it was not told of this reading.

    Raises `ManyUnits` for a list with many lines, unless it is `patient`.
    """
    if token not in _known:
        return None
    context, _ = _known[token]
    rows: list[Received] = []
    foreign: list[int] = []
    vanished: list[int] = []
    for at, job in enumerate(jobs):
        path = Path(job.path)
        if not reachable(path).exists():
            vanished.append(at)
        elif not documents.is_own(path):
            if len(jobs) > 1:
                foreign.append(at)
            else:
                rows += _read_foreign(context, job, path, patient)
        else:
            rows.append(_read_own(context, job, path))
    return rows, foreign, vanished


def _read_own(context: _Context, job: _Job, path: Path) -> Received:
    try:
        filed = documents.read(path)
    except GxError as error:
        digest = ""
        with suppress(GxError, OSError):
            digest = sha256_of(path)
        return _row(context, job, "", reader="gxr", sha256=digest, problem=str(error))
    return _of_report(context, job, filed.report, (), "gxr", filed.sha256 or "")


def _read_foreign(context: _Context, job: _Job, path: Path, patient: bool) -> Iterator[Received]:
    reader = _suffix(job.path)
    digest = ""
    try:
        digest = sha256_of(path, FOREIGN_FILE)
        if is_paper(path):
            return
        which = Which(context.year or None)
        try:
            filed = documents.read(path, which)
        except ManyUnits as many:
            if not many.units:
                raise
            if len(many.units) > _FEW_ROWS and not patient:
                raise
            yield from _rows(context, job, path, many, digest)
            return
    except ManyUnits as many:
        if many.units:
            raise
        yield _row(context, job, "", reader=reader, sha256=digest, problem=str(many))
        return
    except GxError as error:
        yield _row(context, job, "", reader=reader, sha256=digest, problem=str(error))
        return
    except OSError:
        yield _row(context, job, "", reader=reader, problem=f"“{path.name}”打不开，可能正被别的程序使用。")
        return
    if not filed.report.entries and sum(map(bool, filed.report.sections.values())) < 2:  # a letter, a notice
        what = f"“{path.name}”里没有认出年报的表格和文字，不像一份年报。"
        yield _row(context, job, "", reader=reader, sha256=digest, problem=what, title=filed.report.title)
        return
    yield _of_report(context, job, filed.report, filed.notes, reader, digest)


def _rows(context: _Context, job: _Job, path: Path, many: ManyUnits, digest: str) -> Iterator[Received]:
    """A report for each unit of a list of units; a line without a figure is of a unit that has not reported."""
    for unit, report in _reports_in(context, path, many):
        if isinstance(report, GxError):
            yield _row(context, job, unit, reader="row", sha256=digest, agency=unit, problem=str(report))
        elif report.report.entries:
            yield _of_report(context, job, report.report, report.notes, "row", digest, unit)


def _reports_in(context: _Context, path: Path, many: ManyUnits) -> Iterator[tuple[str, Filed | GxError]]:
    from gxeditor.imports.recognize.report import recognize

    form = load_form()
    each = None if many.each is None else many.each()
    for unit in dict.fromkeys(many.units):
        try:
            if each is None:
                yield unit, documents.read(path, Which(context.year or None, unit))
            else:
                _, source = next(each)
                yield unit, documents.filed(recognize(source, form))
        except GxError as error:
            yield unit, error
            each = None  # it has ended: the others are asked for one by one


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower().lstrip(".")


def _row(context: _Context, job: _Job, row: str, **said: Any) -> Received:
    file = job.file
    one = Received(
        file.path,
        size=file.size,
        modified=file.modified,
        row=row,
        received=context.moment,
        read=context.moment,
        **said,
    )
    unit = _kept_unit(context, job, row, one.agency)
    if unit:
        one = replace(one, unit=unit)
    else:  # in the parent, for a file that no child could read
        _, matching = _known.get(context.token) or (context, _Matching(context.units, context.owner))
        one = _matched(one, matching.matcher)
    return replace(one, basis=context.basis.of(one.unit))


def _kept_unit(context: _Context, job: _Job, row: str, agency: str) -> str:
    """The unit that this row was of before, if it still says the same of itself."""
    unit, before = job.claims.get(row, ("", ""))
    return unit if unit in context.units.by_id and (before == agency or not agency) else ""


def _of_report(
    context: _Context,
    job: _Job,
    report: Report,
    notes: Sequence[ImportNote],
    reader: str,
    digest: str,
    row: str = "",
) -> Received:
    from gxeditor.core.checks.check import check
    from gxeditor.core.checks.content import OTHER, processing_fee

    said = [f"{note.where}：{note.what}{note.done}" for note in notes[:_NOTES]]
    if not report.year:
        year, whence = _year_beside(context, job, row)
        if year:
            report = report.with_fields(year=year)
            said.append(f"年份：文件里没有写年份，{whence}按 {year} 年读入。")
    one = _row(
        context,
        job,
        row,
        reader=reader,
        sha256=digest,
        agency=report.agency or row,
        title=report.title,
        year=report.year,
        edition=next((note.edition for note in notes if note.edition), report.edition),
        date=report.date,
        kind=report.kind.value,
        values=tuple(report.value(cell) for cell in report.form.cells),
        doubts={cell: doubt.what for cell, doubt in report.doubts.items()},
        notes=tuple(said),
    )
    prior = _prior_of(context.prior, one.unit, report.form)
    given = Given(today=context.today, profile=context.profile, complete=True)
    found = check(report, load_rules(report.form), prior, given)
    evaluated, missed = counted(found)
    fee = processing_fee(report.text(OTHER))
    return replace(
        one,
        found=tuple(told(finding, report) for finding in found.open),
        checked=evaluated,
        not_checked=missed,
        fee=None if fee is None else Fee(fee[0], "" if fee[1] is None else f"{fee[1]:f}"),
    )


_NAMED_YEAR = expression(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def _year_beside(context: _Context, job: _Job, row: str) -> tuple[int, str]:
    """The year of a report that does not say it, and whence: that of its file's name, or, of a list of units, which
    seldom says one, that of the roll-up; 0 if nothing says it."""
    named = set(_NAMED_YEAR.findall(os.path.basename(job.path)))
    if len(named) == 1:
        return int(named.pop()), "从文件名"
    return (context.year, "") if row and not named else (0, "")


def _prior_of(prior: PriorYear | None, unit: str, form: Form) -> Report | None:
    """Last year's report of a unit as its figures, for the checks that compare them."""
    values = None if prior is None else prior.values.get(unit)
    if prior is None or values is None or prior.edition != form.edition or len(values) != len(form.cells):
        return None
    entries = {cell: value for cell, value in zip(form.cells, values, strict=True) if value is not None}
    unit_then = prior.units.by_id.get(unit)
    name = unit_then.name if unit_then is not None else ""
    return blank_report(form, prior.year).with_fields(agency=name).with_entries(entries)


# --- papers of a roll-up -------------------------------------------------------------------------------------------

PAPER = b"gxeditor-rollup"
"""What a paper of a roll-up has among the properties of its document, so that no reading takes it for a report."""
_MARKS = (PAPER, ROLLUP.encode(), NO_REPORT.encode())
_SHEETS = frozenset({"合计", "分单位明细", "未交和退回"})
"""Sheets that only our own workbook of a roll-up has together, whoever saved it since."""


def is_paper(path: Path) -> bool:
    """Whether a file is what a roll-up was written as: its workbook, a 退回意见, a list of who has not reported.

    Says False of what cannot be read; reading it says why.
    """
    try:
        head = read_head(path, 1_000_000)
    except OSError:
        return False
    if head.startswith(b"%PDF") and _says_no_report(path, head):
        return True
    if PAPER in head:
        return True
    if not head.startswith(b"PK\x03\x04"):
        return False
    return _package_is_paper(path)


def _says_no_report(path: Path, head: bytes) -> bool:
    """Whether a PDF of ours says so among its key words, which stand in plain XMP (PDF/A), wherever in the file."""
    mark = no_report("").encode()
    if mark in head:
        return True
    from gxeditor.files.reading import read_bytes

    with suppress(GxError, OSError):
        return mark in read_bytes(path, FOREIGN_FILE)
    return False


def _package_is_paper(path: Path) -> bool:
    from xml.etree.ElementTree import ParseError

    from gxeditor.files.package import Package
    from gxeditor.files.reading import read_bytes

    with suppress(GxError, OSError, ParseError, ValueError):
        package = Package.from_bytes(read_bytes(path, FOREIGN_FILE), f"“{path.name}”")
        for name in ("docProps/core.xml", "docProps/custom.xml", "docProps/app.xml"):
            part = package.find(name)
            if part is not None and any(mark in package.read(part) for mark in _MARKS):
                return True
        book = package.find("xl/workbook.xml")
        if book is not None:
            names = {one.get("name") for one in package.xml(book).iter() if one.tag.endswith("}sheet")}
            return names >= _SHEETS
    return False
