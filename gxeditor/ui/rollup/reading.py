"""Reading the folder of a roll-up beside its window: what is new or other than before, as it comes.

Knows when the folder is looked at, that rows reach the session in handfuls, so that the window keeps moving, and how
reading is stopped. How files are read is `gxeditor.rollup.reading`'s; what is shown of it is the board's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from gxeditor.core.errors import GxError
from gxeditor.core.rollup.matching import claimed_anew
from gxeditor.core.rollup.project import Received, Rollup
from gxeditor.core.rollup.units import Units
from gxeditor.resources import load_unit_words
from gxeditor.rollup.reading import Outcome, look, read
from gxeditor.ui.look.tasks import Task, Work
from gxeditor.ui.rollup.session import RollupSession

_HANDFUL = 0.25  # seconds of rows that reach the window together
_MANY, _OF_MANY = (
    2_000,
    1.5,
)  # files from which each handful is counted for longer, and so gathered for longer
_TOLD = 0.05  # seconds between two words of progress
_LOOK = 10_000  # milliseconds between two looks at the folder
_LOOK_AT_MANY = 60_000
_SOON = 1_500  # milliseconds after a claim until what it changes is read: others follow it
_STUCK = 4_000  # milliseconds given to a reading that was stopped


class FolderReading(QObject):
    """The reading of a session's folder.

    `advanced` carries files done, files in all and the name of the one that is read; `began` and `ended` frame a
    reading. `trouble` carries the `GxError` that kept it from the folder, None once it is there.
    """

    began = Signal()
    advanced = Signal(int, int, str)
    ended = Signal()
    trouble = Signal(object)

    def __init__(self, session: RollupSession) -> None:
        super().__init__(session)
        self._session = session
        self._task: Task | None = None
        self._looking: Task | None = None
        self._again = self._anew = self._stops = False
        self._given: dict[
            tuple[str, str], str
        ] = {}  # rows that the session has of this reading, with their sha256
        self._units = session.rollup.units
        self._with: tuple[object, ...] = ()  # list, last year and claims by which it was read
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self.begin)
        session.changed.connect(self._session_changed)
        self.is_missing = False
        """Whether the folder could not be found when it was last looked for."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    @property
    def is_reading(self) -> bool:
        return self._task is not None

    def watch(self) -> None:
        """Reads what is there, and from now on what is new or changed in the folder."""
        self.begin()
        many = len(self._session.rollup.units.listed) > _MANY
        self._timer.start(_LOOK_AT_MANY if many else _LOOK)

    def begin(self, *, anew: bool = False) -> None:
        """Reads what is new or other; with `anew` (「重新读取」) also what could not be read to its end the last time.

        A reading that is under way is followed by another.
        """
        session = self._session
        self._anew = self._anew or anew
        if session.is_held:
            return
        if self._task is not None:
            self._again = True
            return
        anew, self._anew = self._anew, False
        rollup, folder = session.rollup, session.folder
        moment = datetime.now().isoformat(timespec="seconds")
        handful = _OF_MANY if len(rollup.units.listed) > _MANY else _HANDFUL

        def run(work: Work) -> Outcome:
            gathered: list[Received] = []
            last = told = time.monotonic()

            def heard(rows: tuple[Received, ...]) -> None:
                nonlocal last
                gathered.extend(rows)
                if (now := time.monotonic()) - last >= handful:
                    work.hear(Outcome(received=tuple(gathered)))  # type: ignore[arg-type]
                    gathered.clear()
                    last = now

            def progress(done: int, of: int, name: str) -> None:
                nonlocal told
                if done in (0, of) or time.monotonic() - told >= _TOLD:
                    work.advance(done, of, name)
                    told = time.monotonic()

            return read(
                rollup,
                folder,
                moment=moment,
                anew=anew,
                progress=progress,
                heard=heard,
                cancelled=lambda: work.cancelled() or self._stops,
            )

        self._stops = False
        self._given = {}
        self._units = rollup.units
        self._with = rollup.units, rollup.prior, _claims(rollup)
        self._task = task = Task(run, may_hang=True)
        task.advanced.connect(self.advanced)
        task.heard.connect(self._heard)
        task.done.connect(self._done)
        task.failed.connect(self._failed)
        task.ended.connect(self._ended)  # a method, which is not called any more once this is deleted
        self.began.emit()
        task.start()

    def stop(self) -> None:
        """「停止读取」: what was read stays."""
        self._again = False
        self._stops = True
        if (task := self._task) is not None:
            QTimer.singleShot(_STUCK, task, task.cancel)

    def give_up(self) -> None:
        """The window closes: nothing is waited for."""
        self._timer.stop()
        self._soon.stop()
        self._again = False
        self._stops = True
        for task in (self._task, self._looking):
            if task is not None:
                task.cancel()

    def _heard(self, outcome: object) -> None:
        if isinstance(outcome, Outcome):
            self._given.update((one.key, one.sha256) for one in outcome.received)
            self._session.take_in(_Claimed(outcome.into, self._units))

    def _done(self, outcome: Outcome) -> None:
        self._set_missing(None)
        whole = _Whole(outcome, frozenset(self._given.items()))
        self._session.take_in(_Claimed(whole, self._units))

    def _failed(self, error: GxError) -> None:
        self._set_missing(error)

    def _set_missing(self, error: GxError | None) -> None:
        if error is not None or self.is_missing:
            self.is_missing = error is not None
            self.trouble.emit(error)

    def _ended(self) -> None:
        self._task = None
        rollup = self._session.rollup
        other = self._with[:2] != (rollup.units, rollup.prior)
        self._with = rollup.units, rollup.prior, _claims(rollup)
        self.ended.emit()
        if self._again or (other and not self._stops):
            self._again = False
            self.begin()

    def _session_changed(self) -> None:
        """A report that was claimed for another unit is compared with another one's last year: it is checked anew."""
        rollup = self._session.rollup
        if self._task is not None or not self._with or rollup.prior is None or self._soon.isActive():
            return
        if self._with[2] != _claims(rollup):
            self._soon.start()

    # --- what changes meanwhile

    def _look(self) -> None:
        session = self._session
        if self._task is not None or self._looking is not None or session.is_held:
            return
        rollup, folder = session.rollup, session.folder
        self._looking = task = Task(lambda _: look(rollup, folder), may_hang=True)
        task.done.connect(self._looked)
        task.failed.connect(self._failed)
        task.ended.connect(self._look_ended)
        task.start()

    def _looked(self, other: frozenset[str]) -> None:
        self._set_missing(None)
        if other:
            self.begin()

    def _look_ended(self) -> None:
        self._looking = None


def _claims(rollup: Rollup) -> tuple[tuple[str, str, str], ...]:
    return tuple((one.path, one.row, one.unit) for one in rollup.received)


@dataclass(frozen=True)
class _Claimed:
    """What was read, with the files claimed by the list as it is now, where that is not the one it was read with."""

    into: Callable[[Rollup], Rollup]
    units: Units

    def __call__(self, rollup: Rollup) -> Rollup:
        new = self.into(rollup)
        return new if rollup.units is self.units else claimed_anew(new, load_unit_words())


@dataclass(frozen=True)
class _Whole:
    """The end of a reading, whose rows the session has in part: of those what it holds now counts, for a person may
    have claimed them meanwhile."""

    outcome: Outcome
    given: frozenset[tuple[tuple[str, str], str]]

    def __call__(self, rollup: Rollup) -> Rollup:
        have = {one.key: one for one in rollup.received}
        rows = tuple(
            have[one.key] if one.key in have and (one.key, have[one.key].sha256) in self.given else one
            for one in self.outcome.received
        )
        return replace(self.outcome, received=rows).into(rollup)
