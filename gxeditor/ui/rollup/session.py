"""The open roll-up as Qt sees it, and what a page of its window may ask of that window.

Knows the values that undo and redo lead to, the file that keeps every step by itself, who else has that file open, and
the findings of the present value. A page takes a `RollupDesk`, changes nothing but through `RollupSession.edit`, and
renews itself at `changed`. Knows no widget and reads no report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gxeditor.core.errors import ChangedElsewhere, GxError
from gxeditor.core.rollup.checks import check
from gxeditor.core.rollup.findings import RollupFindings
from gxeditor.core.rollup.project import Rollup
from gxeditor.resources import load_rollup_checks, load_unit_words
from gxeditor.settings import Settings
from gxeditor.store.rollup_file import dump, moved, save_rollup
from gxeditor.store.rollup_lock import RENEWED, OpenElsewhere, RollupLock, hold
from gxeditor.store.rollup_rescue import drop, keep
from gxeditor.ui.look.tasks import LastWish, Task

Save = Callable[[Rollup, Path, str | None], str]
"""Writes a roll-up to a file whose present content has this sha256 (None: whatever stands there); returns the new."""

_REST = 250  # milliseconds without a step after which it is written
_AT_LAST = 700  # milliseconds after the first step that is not written, however fast others follow
_AGAIN = 5_000  # milliseconds after which a disk that refused is tried again
_READ = 3_000  # milliseconds after something was read of the folder: read again, it would be the same
_MANY = 2_000  # received reports from which writing them takes longer than a second
_STEPS = 500  # that undo leads back: their values share all that they have in common
_PATIENCE = 1_000  # milliseconds of reckoning findings that nobody is told of
_SLOW = 3_000  # milliseconds of writing after which it is kept in the user's data as well
_CLOSING = 30_000  # milliseconds that closing waits for the disk before it says that something is not written


class Step(NamedTuple):
    """One value of the roll-up, what was done to reach it, and how much had been read of the folder by then."""

    rollup: Rollup
    label: str
    taken: int


class RollupSession(QObject):
    """The open roll-up, always a frozen value: `rollup`.

    `found` carries the `RollupFindings` of the present value, once they were wanted (`want_findings`).
    `changed` comes after every step, undo, redo and whatever was read of the folder; `told` carries a sentence; `kept`
    the moment (datetime) at which all steps were in the file; `keeping` the `GxError` that keeps them from it, None
    once they are written again.
    """

    changed = Signal()
    found = Signal(object)
    told = Signal(str)
    kept = Signal(object)
    keeping = Signal(object)

    def __init__(
        self,
        rollup: Rollup,
        path: Path,
        parent: QObject | None = None,
        *,
        sha256: str | None = None,
        save: Save | None = None,
        is_kept: bool = True,
        rescues: Path | None = None,
    ) -> None:
        """`sha256` is that of the file as it stands; unless `is_kept`, the roll-up is not in it yet.

        `rescues` is the folder for what cannot be written to the file (`store.rollup_rescue`).
        """
        super().__init__(parent)
        self.path = path.absolute()
        self.held = ""
        """Why nothing may be changed, as a sentence; "" while it may."""
        self.kept_at: datetime | None = None
        self._steps = [Step(rollup, "", 0)]
        self._at = 0
        self._read: list[Callable[[Rollup], Rollup]] = []  # what was read of the folder, the first first
        self._save = save or save_rollup
        self._sha256 = sha256
        self._written: Rollup | None = rollup if is_kept else None
        self._writing: Task | None = None
        self._refused: GxError | None = None
        self._was_refused = False
        self._rescues = rescues
        self._rescuing: Task | None = None
        self._is_slow = QTimer(self, singleShot=True, interval=_SLOW)
        self._is_slow.timeout.connect(self._keep_apart)
        self._lock: RollupLock | None = None
        self._findings: tuple[Rollup, RollupFindings] | None = None
        self._looking = LastWish(_PATIENCE, self)
        self._looking.done.connect(self._have_found)
        self._look_soon = QTimer(self, singleShot=True, interval=_REST)
        self._look_soon.timeout.connect(self._look)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._write)
        self._at_last = QTimer(self, singleShot=True, interval=_AT_LAST)
        self._at_last.timeout.connect(self._write)
        self._alive = QTimer(self, interval=int(RENEWED * 1000))
        self._alive.timeout.connect(self._renew_lock)

    # --- what it is

    @property
    def rollup(self) -> Rollup:
        return self._steps[self._at].rollup

    @property
    def folder(self) -> Path:
        """The folder that the paths of received files are seen from."""
        return self.path.parent

    @property
    def is_held(self) -> bool:
        """Whether nothing may be changed; `held` says why."""
        return bool(self.held)

    @property
    def findings(self) -> RollupFindings:
        """The `RollupFindings` of the present value (core.rollup.checks), found when first asked for."""
        rollup = self.rollup
        if self._findings is None or self._findings[0] is not rollup:
            self._findings = rollup, check(rollup, load_rollup_checks(rollup.form), words=load_unit_words())
        return self._findings[1]

    def want_findings(self) -> None:
        """Has `found` say what is found of the present value, reckoned beside the window: ten thousand reports last."""
        if self._findings is not None and self._findings[0] is self.rollup:
            self.found.emit(self._findings[1])
        elif not self._look_soon.isActive():
            self._look_soon.start()

    def _look(self) -> None:
        rollup = self.rollup
        checks, words = load_rollup_checks(rollup.form), load_unit_words()
        self._looking.want(lambda given_up: (rollup, check(rollup, checks, words=words, given_up=given_up)))

    def _have_found(self, found: tuple[Rollup, RollupFindings]) -> None:
        if found[0] is self.rollup:
            self._findings = found
            self.found.emit(found[1])

    def stop_looking(self) -> None:
        """Findings are not wanted any more: the window closes."""
        self._look_soon.stop()
        self._looking.give_up()

    # --- steps

    def edit(self, rollup: Rollup, label: str) -> bool:
        """Makes this the present value, one undoable step called `label`; False if nothing may be changed."""
        if self.held:
            self.told.emit(self.held)
            return False
        if rollup is self.rollup:
            return False
        self._steps = [*self._steps[: self._at + 1], Step(rollup, label, len(self._read))][-_STEPS - 1 :]
        self._at = len(self._steps) - 1
        self._changed()
        return True

    def take_in(self, read: Callable[[Rollup], Rollup]) -> None:
        """Takes in what was read of the folder: no step of a person's, so undo does not lead back before it.

        `read` makes of any value of this roll-up the one that holds what was read; what a person decided it leaves.
        """
        if self.held:
            return
        before = self._steps[self._at]
        rollup = read(before.rollup)
        if rollup is before.rollup:
            return
        self._read.append(read)
        self._steps[self._at] = Step(rollup, before.label, len(self._read))
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
            rollup = step.rollup
            for read in self._read[step.taken :]:
                rollup = read(rollup)
            self._steps[self._at] = Step(rollup, step.label, len(self._read))
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
        return self._written is self.rollup

    def _ask_to_write(self) -> None:
        self._rest.start(_REST)
        if not self._at_last.isActive():
            self._at_last.start()

    def want_kept(self) -> None:
        """Has what is not in the file yet written soon."""
        self._ask_to_write()

    def _write(self) -> None:
        if self._writing is not None or self.is_kept or self.held:
            return  # the one under way asks again when it has ended
        self._rest.stop()
        self._at_last.stop()
        save, rollup, path, sha256 = self._save, self.rollup, self.path, self._sha256
        task = self._writing = Task(lambda _: (rollup, save(rollup, path, sha256)), may_hang=True)
        # A method, which is not called any more once this session is deleted.
        task.done.connect(self._have_written)
        task.failed.connect(self._not_written)
        task.ended.connect(self._ended)
        self._is_slow.start()
        task.start()

    def _have_written(self, written: tuple[Rollup, str]) -> None:
        self._written, self._sha256 = written
        self._refused = None
        if self._was_refused:
            self._was_refused = False
            self.keeping.emit(None)
        if self.is_kept:
            self.drop_rescue()
            self.kept_at = datetime.now()
            self.kept.emit(self.kept_at)

    def _not_written(self, error: GxError) -> None:
        self._refused, self._was_refused = error, True
        self._keep_apart()
        self.keeping.emit(error)

    def _keep_apart(self) -> None:
        """Keeps what is not in the file in the user's data: the drive may not come back before the program ends."""
        folder, rollup, path, known = self._rescues, self.rollup, self.path, self._sha256
        if folder is not None and self._rescuing is None:
            task = self._rescuing = Task(lambda _: keep(folder, rollup, path, known))
            task.ended.connect(self._kept_apart)
            task.start()

    def _kept_apart(self) -> None:
        self._rescuing = None
        if self.is_kept:
            self.drop_rescue()

    def drop_rescue(self) -> None:
        """What is kept in the user's data is not wanted any more: it is in the file, or nobody wants it."""
        if self._rescues is not None and self._rescuing is None:
            drop(self._rescues, self.path)

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
        """Writes what is not written yet, and waits for it; False if it could not be."""
        self._refused = None
        while not self.is_kept and not self.held:
            self._write()
            if self._writing is not None and not self._writing.wait(_CLOSING):
                return False
            if self._refused is not None:
                return False
        return True

    def save_as(self, path: Path) -> None:
        """Writes the roll-up to another file, whatever stands there, which is its own from now on.

        The paths of the received files are seen from its folder; in another one they are named anew. Raises what
        `save_rollup` raises, and then nothing has changed.
        """
        path = path.absolute()
        rollup = moved(self.rollup, self.path.parent, path.parent)
        sha256 = self._save(rollup, path, None)
        self.unlock()
        self.drop_rescue()
        self.path, self._sha256, self._refused = path, sha256, None
        self._steps, self._at, self._read = [Step(rollup, "", 0)], 0, []
        self._written = rollup
        self.lock()
        self.keeping.emit(None)
        self.changed.emit()

    def move_to(self, folder: Path) -> None:
        """The folder lies elsewhere now: its files are called there as they were here, and the roll-up is kept there.

        Raises what `save_rollup` raises, and then nothing has changed.
        """
        path = folder.absolute() / self.path.name
        sha256 = self._save(self.rollup, path, None)
        self.unlock()
        self.drop_rescue()
        self.path, self._sha256, self._refused = path, sha256, None
        self._written = self.rollup
        self.lock()
        self.keeping.emit(None)
        self.changed.emit()

    # --- who else has it open

    def make_ready(self) -> None:
        """Has the lines of the file made ahead, so that the first step of a large roll-up is written as soon as any."""
        rollup = self.rollup
        if len(rollup.received) > _MANY:
            Task(lambda _: dump(rollup)).start()

    def lock(self, *, anyway: bool = False) -> bool:
        """Marks the file as open here; False, and `held`, if another PC or program has it open.

        `anyway` if a person said that nobody else has it.
        """
        try:
            self._lock = hold(self.path, anyway=anyway)
        except OpenElsewhere as error:
            self.held = f"{error.what}这里只能看，不能改动。"
            return False
        self.held = ""
        self._alive.start()
        return True

    def _renew_lock(self) -> None:
        lock = self._lock
        if lock is not None:
            Task(lambda _: lock.renew(), may_hang=True).start()

    def unlock(self) -> None:
        """Another PC may open it now."""
        self._alive.stop()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


class RollupDesk(Protocol):
    """The window of a roll-up, as its pages see it."""

    session: RollupSession

    @property
    def frame(self) -> QWidget:
        """The window itself: dialogs stand above it."""

    def tell(self, text: str) -> None:
        """Says what was done, for some seconds."""

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        """Says which files were written, and offers to open them and their folder."""

    def open_report(self, unit_id: str, page: str = "", cell: str = "", address: str = "") -> None:
        """Opens the report that stands for a unit in a window of its own, only to be read.

        There is in view the finding of this address (`Told.address`), else the cell of this id, else the page of this
        key, else the unit's first finding.
        """

    def open_file(self, path: str, row: str = "", page: str = "", cell: str = "", address: str = "") -> None:
        """The same for a received file, named as in `Received.path`, that nobody may have claimed."""

    @property
    def settings(self) -> Settings:
        """The settings as they are; changed by `keep_settings` only."""

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings, named as the fields of `Settings`."""

    def came_from(self, back: Callable[[], None], name: str) -> None:
        """Alt+← leads back by `back` to what is called `name`."""

    def go_back(self) -> None:
        """Back to where the last jump began."""

    def turn_to(self, tab: str) -> None:
        """Brings a tab into view: "units", "sums", "checks", "years", "adjustments" or "query"."""

    def write_letters_to(self, unit_id: str) -> None:
        """Shows the 退回意见 of each unit, that of this one first; "" for none in particular."""

    def show_over(self, page: QWidget) -> None:
        """Shows a page in place of the tabs (claiming files, 退回意见, the list of units), until it is left."""

    def leave_over(self) -> None:
        """Back from such a page."""
