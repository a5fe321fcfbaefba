"""Past, present and future of a report.

An immutable chain of steps with a place in it. Knows what can be undone and redone, whether typing continues the last
step, which steps were made before the program was last started, and whether the present is what was saved. Knows no
file and no clock: times are handed in; the journal writes down what this module decides.

A day of work has thousands of steps, so a step far back holds what it changed instead of its report, which is made
again when it is asked for; every so many steps one stays whole, so that never much has to be made.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from gxeditor.core.report import Entry, Report, text_difference

LIMIT = 10_000
"""Steps that are kept: two days of 5,000 edits each, which is what a clerk makes who does nothing else."""
ROOM = 8_000_000
"""Characters that the steps may have put in, all together: 400 times all the prose of a long report."""
WHOLE = 64
"""One step in so many keeps its report: of 10,000 steps that is some megabytes, and what lies between is soon made."""
_FRESH = 32
"""The last steps keep theirs, too: whoever writes them down, undoes or redoes looks at them."""

_lately: deque[Report] = deque(maxlen=WHOLE)
"""Reports made again of late, held so that walking back makes each of them once."""


class Made(Protocol):
    """What a step did, as whoever noted it has it: how to make the report of the one before."""

    @property
    def weight(self) -> int:
        """The characters it put in, more or less: what keeping it costs."""

    def done_to(self, before: Report | None) -> Report:
        """The report after the step. `before` is None where `is_whole`, and then not needed."""

    @property
    def is_whole(self) -> bool:
        """Whether this is all of the report."""


class Change(NamedTuple):
    """What turns one report into another, no larger than that.

    `entries` by cell, None for one made blank; `texts` of sections, as key, place, characters cut and text put in,
    marks in them being moved along; `others` are whatever else differs, by attribute, as it is then.
    """

    entries: tuple[tuple[str, Entry | None], ...]
    texts: tuple[tuple[str, int, int, str], ...]
    others: tuple[tuple[str, Any], ...]

    @property
    def weight(self) -> int:
        put = sum(len(text) for _, _, _, text in self.texts) + 20 * len(self.entries)
        return put + sum(_size(value) for _, value in self.others)

    @property
    def is_whole(self) -> bool:
        return False

    def done_to(self, before: Report | None) -> Report:
        assert before is not None
        report = _with_texts(before, self.texts)
        changes = dict(self.others)
        if self.entries:
            entries = dict(before.entries)
            for cell, entry in self.entries:
                if entry is None:
                    entries.pop(cell, None)
                else:
                    entries[cell] = entry
            changes["entries"] = MappingProxyType(entries)
        return replace(report, **changes) if changes else report


def _with_texts(report: Report, texts: Iterable[tuple[str, int, int, str]]) -> Report:
    for key, start, cut, put in texts:
        old = report.sections.get(key, "")
        report = report.with_section(key, old[:start] + put + old[start + cut :])
    return report


_OTHERS = tuple(one.name for one in fields(Report) if one.name not in ("entries", "sections"))


def change(before: Report, after: Report) -> Change:
    """What turns `before` into `after`, both on the same form."""
    entries: tuple[tuple[str, Entry | None], ...] = ()
    if before.entries is not after.entries:
        old, new = before.entries, after.entries
        put = ((cell, entry) for cell, entry in new.items() if old.get(cell) is not entry)
        entries = (*put, *((cell, None) for cell in old if cell not in new))
    texts = tuple(
        (key, start, len(cut), put)
        for key in dict.fromkeys((*before.sections, *after.sections))
        if (one := before.sections.get(key, "")) != (other := after.sections.get(key, ""))
        for start, cut, put in [text_difference(one, other)]
    )
    if texts and (before.prose_doubts or before.bound):
        before = _with_texts(before, texts)
    others = tuple(
        (name, value)
        for name in _OTHERS
        if (value := getattr(after, name)) is not (was := getattr(before, name))
        and not (texts and name in ("prose_doubts", "bound") and value == was)
    )
    if before.sections is not after.sections and "" in after.sections.values():
        texts, others = (), (*others, ("sections", after.sections))  # no report of ours; but kept as it is
    return Change(entries, texts, others)


def _size(value: object) -> int:
    """The characters of a value, more or less; last year's report and the like count little: steps share them."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(20 + _size(part) for part in value.values())
    return sum(20 + _size(part) for part in value) if isinstance(value, tuple) else 20


def _nobody() -> None:
    """What a reference says that leads nowhere."""


class Step:
    """One edit: its name in the menu, the report after it, and the key under which typing merges into it.

    `when` it was made, or last continued, in seconds since 1970 (UTC); None where nobody noted it. Equal to every step
    that reads the same. What it holds of its report may change, what it says of it does not.
    """

    __slots__ = ("_before", "_live", "_whole", "label", "made", "merge_key", "number", "upto", "when")

    def __init__(self, label: str, report: Report, merge_key: str = "", when: float | None = None) -> None:
        self.label, self.merge_key, self.when = label, merge_key, when
        self.made: Made | None = None
        self.number = 0
        self.upto = 0
        self._before: Step | Report | None = None
        self._whole: Report | None = report
        self._live: Callable[[], Report | None] = weakref.ref(report)

    @classmethod
    def of(
        cls,
        before: Step | Report,
        label: str,
        made: Made,
        merge_key: str = "",
        when: float | None = None,
        report: Report | None = None,
    ) -> Step:
        """The step that made this of the one before, or of the report before all; `report` is given where it is known.

        `number` counts the steps of a chain, `upto` the characters that they have put in.
        """
        step = cls.__new__(cls)
        step.label, step.merge_key, step.when, step.made = label, merge_key, when, made
        number, upto = (before.number, before.upto) if isinstance(before, Step) else (0, 0)
        step.number, step.upto = number + 1, upto + made.weight
        step._before, step._whole, step._live = before, None, _nobody
        if report is not None:
            step._hold(report)
            step._whole = report
        return step

    @property
    def report(self) -> Report:
        """The report after the step."""
        found = self.live
        if found is not None:
            return found
        way: list[Step] = []
        at: Step | Report | None = self
        report: Report | None = None
        while isinstance(at, Step):
            report = at.live
            if report is not None:
                break
            way.append(at)
            assert at.made is not None
            at = None if at.made.is_whole else at._before
        if isinstance(at, Report):
            report = at
        for step in reversed(way):
            assert step.made is not None
            report = step.made.done_to(report)
            _lately.append(report)
            step._hold(report)
        assert report is not None
        return report

    @property
    def live(self) -> Report | None:
        """The report if somebody holds it; None if it would have to be made."""
        return self._whole or self._live()

    def let_go(self) -> None:
        """Holds from now on what it changed and not what came of it, which can still be asked for."""
        if self.made is not None and self.number % WHOLE:
            self._whole = None

    def _hold(self, report: Report) -> None:
        self._live = weakref.ref(report)
        if self.number % WHOLE == 0:
            self._whole = report
            self._before = None  # it needs nothing before it, so that steps dropped at the front can go

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Step):
            return NotImplemented
        return (self.label, self.merge_key, self.when) == (other.label, other.merge_key, other.when) and (
            self.report == other.report
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Step({self.label!r}, {self.merge_key!r}, {self.when!r})"


class Move(NamedTuple):
    """What undoing or redoing would do: the step, the report now and then, and whether it is one of the `earlier`."""

    step: Step
    before: Report
    after: Report
    earlier: bool


@dataclass(frozen=True, slots=True)
class History:
    """A report with its steps; `position` counts the steps that are done, `first` is the report before all of them.

    The first `earlier` steps were made before the program was last started, and nobody has agreed to walk them yet.
    """

    first: Report
    steps: tuple[Step, ...] = ()
    position: int = 0
    sealed: bool = True
    saved: Report | None = None
    earlier: int = 0

    @property
    def report(self) -> Report:
        return self.report_at(self.position)

    def report_at(self, position: int) -> Report:
        """The report after so many of the steps."""
        return self.steps[position - 1].report if position else self.first

    @property
    def can_undo(self) -> bool:
        return self.position > 0

    @property
    def can_redo(self) -> bool:
        return self.position < len(self.steps)

    @property
    def undo_label(self) -> str:
        return self.steps[self.position - 1].label if self.can_undo else ""

    @property
    def redo_label(self) -> str:
        return self.steps[self.position].label if self.can_redo else ""

    @property
    def modified(self) -> bool:
        """Whether the present differs from what was saved; coming back to the saved state is not a modification."""
        return self.report is not self.saved and self.report != self.saved

    def move(self, way: int) -> Move | None:
        """What `undo` (-1) or `redo` (1) would do; None if there is nothing to do."""
        there = self.undo() if way < 0 else self.redo()
        if there is self:
            return None
        place = min(self.position, there.position)
        return Move(self.steps[place], self.report, there.report, place < self.earlier)

    def push(self, report: Report, label: str, merge_key: str = "", when: float | None = None) -> History:
        """The history with a further step; itself if the report is the present one.

        With the merge key of the last step, and unless sealed since, the step is continued instead of a new one made.
        """
        if report is self.report or report == self.report:
            return self
        done = self.steps[: self.position]
        if merge_key and not self.sealed and done and done[-1].merge_key == merge_key:
            label, done = done[-1].label, done[:-1]
            merged = (*done, self._step(done, report, label, merge_key, when))
            return replace(self, steps=merged, position=len(merged))
        earlier = min(self.earlier, len(done))
        done += (self._step(done, report, label, merge_key, when),)
        if len(done) > _FRESH:
            done[-_FRESH].let_go()
        first = self.first
        drop = max(0, len(done) - LIMIT)
        while drop < len(done) - 1 and done[-1].upto - done[drop].upto > ROOM:
            drop += 1
        if drop:
            first, done, earlier = done[drop - 1].report, done[drop:], max(0, earlier - drop)
        return replace(
            self, first=first, steps=done, position=len(done), sealed=not merge_key, earlier=earlier
        )

    def _step(
        self, done: tuple[Step, ...], report: Report, label: str, merge_key: str, when: float | None
    ) -> Step:
        before = done[-1] if done else self.first
        made = change(done[-1].report if done else self.first, report)
        return Step.of(before, label, made, merge_key, when, report)

    def undo(self) -> History:
        return replace(self, position=self.position - 1, sealed=True) if self.can_undo else self

    def redo(self) -> History:
        return replace(self, position=self.position + 1, sealed=True) if self.can_redo else self

    def as_earlier(self) -> History:
        """The history taken up by a program that has just started: all its steps are of before."""
        return replace(self, earlier=len(self.steps))

    def agreed(self) -> History:
        """The history whose earlier steps are walked like any others."""
        return replace(self, earlier=0) if self.earlier else self

    def seal(self) -> History:
        """The history in which further typing makes a step of its own."""
        return self if self.sealed else replace(self, sealed=True)

    def mark_saved(self, report: Report | None = None) -> History:
        """The history whose present is what the file holds; with `report` that one is, and the present goes on.

        So it is when a file took its time to be written: `report` was the present when that began.
        """
        if report is None or report is self.report:
            return replace(self, saved=self.report, sealed=True)
        return replace(self, saved=report)
