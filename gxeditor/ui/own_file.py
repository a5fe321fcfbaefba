"""The value of an own file that is open and keeps itself: a roll-up, a ledger.

Knows the values that undo and redo lead to, the file that keeps every step by itself, and who else has that file open.
Nothing is asked before it is written: a step is in the file within a second, so that a program that is killed loses no
more. Knows nothing of what the value is, how it is written, or what is shown of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from gxeditor.core.errors import ChangedElsewhere, GxError
from gxeditor.files.names import same_file
from gxeditor.store.rollup_lock import RENEWED, OpenElsewhere, RollupLock, hold
from gxeditor.ui.look.tasks import Task

V = TypeVar("V")

_REST = 250  # milliseconds without a step after which it is written
_AT_LAST = 700  # milliseconds after the first step that is not written, however fast others follow
_AGAIN = 5_000  # milliseconds after which a disk that refused is tried again
_READ = 3_000  # milliseconds after something was read of the folder: read again, it would be the same
_STEPS = 500  # that undo leads back: their values share all that they have in common
_SLOW = 3_000  # milliseconds of writing after which it is kept in the user's data as well
_CLOSING = 30_000  # milliseconds that closing waits for the disk before it says that something is not written


class Step(NamedTuple, Generic[V]):
    """One value, what was done to reach it, and how much had been read from outside by then."""

    value: V
    label: str
    taken: int


class Rescue(NamedTuple, Generic[V]):
    """Where a value is kept that its file does not take: `keep` by value, path and the sha256 known of the file, `drop`
    by path. Neither raises anything."""

    keep: Callable[[V, Path, str | None], None]
    drop: Callable[[Path], None]


class OwnFile(QObject, Generic[V]):
    """The open value, always a frozen one: `value`; and `path`, the file that it keeps itself in.

    `changed` comes after every step, undo, redo and whatever was taken in; `told` carries a sentence; `kept` the moment
    (datetime) at which all steps were in the file; `keeping` the `GxError` that keeps them from it, None once they are
    written again.
    """

    changed = Signal()
    told = Signal(str)
    kept = Signal(object)
    keeping = Signal(object)

    def __init__(
        self,
        value: V,
        path: Path,
        parent: QObject | None,
        save: Callable[[V, Path, str | None], str],
        *,
        what: str,
        sha256: str | None = None,
        is_kept: bool = True,
        rescue: Rescue[V] | None = None,
    ) -> None:
        """`save` writes a value to a file whose present content has this sha256 (None: whatever stands there) and
        returns the new one. `what` names the value in what is said, as 汇总. `sha256` is that of the file as it stands;
        unless `is_kept`, the value is not in it yet. `rescue` keeps what cannot be written to the file."""
        super().__init__(parent)
        self.path = path.absolute()
        self.held = ""
        """Why nothing may be changed, as a sentence; "" while it may."""
        self.kept_at: datetime | None = None
        self._what = what
        self._steps: list[Step[V]] = [Step(value, "", 0)]
        self._at = 0
        self._read: list[Callable[[V], V]] = []  # what was read from outside, the first first
        self._save = save
        self._sha256 = sha256
        self._written: V | None = value if is_kept else None
        self._writing: Task | None = None
        self._refused: GxError | None = None
        self._was_refused = False
        self._rescue = rescue
        self._rescuing: Task | None = None
        self._renewing: Task | None = None
        self._is_slow = QTimer(self, singleShot=True, interval=_SLOW)
        self._is_slow.timeout.connect(self._keep_apart)
        self._lock: RollupLock | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._write)
        self._at_last = QTimer(self, singleShot=True, interval=_AT_LAST)
        self._at_last.timeout.connect(self._write)
        self._alive = QTimer(self, interval=int(RENEWED * 1000))
        self._alive.timeout.connect(self._renew_lock)

    @property
    def value(self) -> V:
        return self._steps[self._at].value

    @property
    def is_held(self) -> bool:
        """Whether nothing may be changed; `held` says why."""
        return bool(self.held)

    # --- steps

    def edit(self, value: V, label: str) -> bool:
        """Makes this the present value, one undoable step called `label`; False if nothing may be changed."""
        if self.held:
            self.told.emit(self.held)
            return False
        if value is self.value:
            return False
        self._steps = [*self._steps[: self._at + 1], Step(value, label, len(self._read))][-_STEPS - 1 :]
        self._at = len(self._steps) - 1
        self._changed()
        return True

    def take_in(self, read: Callable[[V], V]) -> None:
        """Takes in what was read from outside: no step of a person's, so undo does not lead back before it.

        `read` makes of any value of this roll-up the one that holds what was read; what a person decided it leaves.
        """
        if self.held:
            return
        before = self._steps[self._at]
        value = read(before.value)
        if value is before.value:
            return
        self._read.append(read)
        self._steps[self._at] = Step(value, before.label, len(self._read))
        if not self._rest.isActive():
            self._rest.start(_READ)
        self.changed.emit()

    @property
    def undo_label(self) -> str:
        """What undo would take back, "" for nothing."""
        return self._steps[self._at].label if self._at and not self.held else ""

    @property
    def redo_label(self) -> str:
        """What redo would do again, "" for nothing."""
        return self._steps[self._at + 1].label if self._at + 1 < len(self._steps) and not self.held else ""

    def undo(self) -> bool:
        """One step back; False if there is none."""
        label = self.undo_label
        return bool(label) and self._move(-1, f"已撤销：{label}")

    def redo(self) -> bool:
        """One step forward again; False if there is none."""
        label = self.redo_label
        return bool(label) and self._move(1, f"已重做：{label}")

    def _move(self, by: int, said: str) -> bool:
        self._at += by
        step = self._steps[self._at]
        if step.taken < len(self._read):
            value = step.value
            for read in self._read[step.taken :]:
                value = read(value)
            self._steps[self._at] = Step(value, step.label, len(self._read))
        self._changed()
        self.told.emit(said)
        return True

    def _changed(self) -> None:
        self._ask_to_write()
        self.changed.emit()

    # --- kept in the file

    @property
    def is_kept(self) -> bool:
        """Whether all steps are in the file."""
        return self._written is self.value

    def _ask_to_write(self) -> None:
        self._rest.start(_REST)
        if not self._at_last.isActive():
            self._at_last.start()

    def want_kept(self) -> None:
        """Has what is not in the file yet written soon."""
        self._ask_to_write()

    def _write(self) -> None:
        if self._writing is not None or self.held:
            return  # the one under way asks again when it has ended
        self._rest.stop()
        self._at_last.stop()
        if self.is_kept:  # by undo, before anything else was written
            self._all_is_kept()
            return
        save, value, path, sha256 = self._save, self.value, self.path, self._sha256
        task = self._writing = Task(lambda _: (value, save(value, path, sha256)), may_hang=True)
        # A method, which is not called any more once this session is deleted.
        task.done.connect(self._have_written)
        task.failed.connect(self._not_written)
        task.ended.connect(self._ended)
        self._is_slow.start()
        task.start()

    def _have_written(self, written: tuple[V, str]) -> None:
        self._written, self._sha256 = written
        self._is_taken()
        if self.is_kept:
            self._all_is_kept()

    def _is_taken(self) -> None:
        """Nothing keeps steps from the file any more."""
        self._refused = None
        if self._was_refused:
            self._was_refused = False
            self.keeping.emit(None)

    def _all_is_kept(self) -> None:
        self._is_taken()
        self.drop_rescue()
        self.kept_at = datetime.now()
        self.kept.emit(self.kept_at)

    def _not_written(self, error: GxError) -> None:
        self._refused, self._was_refused = error, True
        self._keep_apart()
        self.keeping.emit(error)

    def _keep_apart(self) -> None:
        """Keeps what is not in the file in the user's data: the drive may not come back before the program ends."""
        rescue, value, path, known = self._rescue, self.value, self.path, self._sha256
        if rescue is not None and self._rescuing is None:
            task = self._rescuing = Task(lambda _: rescue.keep(value, path, known))
            task.ended.connect(self._kept_apart)
            task.start()

    def _kept_apart(self) -> None:
        self._rescuing = None
        if self.is_kept:
            self.drop_rescue()

    def drop_rescue(self) -> None:
        """What is kept in the user's data is not wanted any more: it is in the file, or nobody wants it."""
        if self._rescue is not None and self._rescuing is None:
            self._rescue.drop(self.path)

    def _ended(self) -> None:
        self._writing = None
        self._is_slow.stop()
        if self.is_kept:
            return
        if self._refused is None:
            self._rest.start(_REST)
        elif not isinstance(self._refused, ChangedElsewhere):
            QTimer.singleShot(_AGAIN, self, self._write)

    @property
    def refused(self) -> GxError | None:
        """What keeps the steps from the file, None while nothing does."""
        return self._refused

    def flush(self) -> bool:
        """Writes what is not written yet, and waits for it; False if it could not be.

        What is being written is waited for as well: it may be a step that was undone meanwhile.
        """
        self._refused = None
        while (self._writing is not None or not self.is_kept) and not self.held:
            self._write()
            if self._writing is not None and not self._writing.wait(_CLOSING):
                return False
            if self._refused is not None and not self.is_kept:
                return False
        return True

    def keep_at(self, path: Path, value: V | None = None) -> None:
        """Writes the value to another file, whatever stands there, which is its own from now on.

        A `value` takes the place of all steps, which were of the other file. Raises what `save` raises, and then
        nothing has changed.
        """
        path = path.absolute()
        kept = self.value if value is None else value
        if same_file(path, self.path):
            self.flush()  # one that comes late would take the place of this one
        sha256 = self._save(kept, path, None)
        self._leave_writing()
        self.unlock()
        self.drop_rescue()
        self.path, self._sha256, self._refused, self._was_refused = path, sha256, None, False
        if value is not None:
            self._steps, self._at, self._read = [Step(kept, "", 0)], 0, []
        self._written, self.kept_at = kept, datetime.now()
        self.lock()
        self.keeping.emit(None)
        self.changed.emit()

    def _leave_writing(self) -> None:
        """What is on its way to a file that is not its own any more is not heard of: a drive may answer late."""
        task, self._writing = self._writing, None
        if task is not None:
            self._is_slow.stop()
            task.done.disconnect(self._have_written)
            task.failed.disconnect(self._not_written)
            task.ended.disconnect(self._ended)

    def save_as(self, path: Path) -> None:
        """Writes it to another file, whatever stands there, which is its own from now on. Raises as `keep_at`."""
        self.keep_at(path)

    # --- who else has it open

    def lock(self, *, anyway: bool = False) -> bool:
        """Marks the file as open here; False, and `held`, if another PC or program has it open.

        `anyway` if a person said that nobody else has it.
        """
        try:
            self._lock = hold(self.path, what=self._what, anyway=anyway)
        except OpenElsewhere as error:
            self.held = f"{error.what}这里只能看，不能改动。"
            return False
        self.held = ""
        self._alive.start()
        return True

    def _renew_lock(self) -> None:
        lock = self._lock
        if lock is not None and self._renewing is None:  # one that a drive keeps waiting is enough
            task = self._renewing = Task(lambda _: lock.renew(), may_hang=True)
            task.ended.connect(self._renewed)
            task.start()

    def _renewed(self) -> None:
        self._renewing = None

    def unlock(self) -> None:
        """Another PC may open it now."""
        self._alive.stop()
        if self._lock is not None:
            self._lock.release()
            self._lock = None
