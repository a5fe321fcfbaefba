"""Past, present and future of a report.

An immutable chain of steps with a place in it, and beside it the branches: what could have been redone when something
new was done instead. Knows what can be undone and redone, whether typing continues the last step, which steps were made
before the program was last started, and whether the present is what was saved. Knows no file and no clock: times are
handed in; the journal writes down what this module decides.

A day of work has thousands of steps, so a step far back holds what it changed instead of its report, which is made
again when it is asked for; every so many steps one stays whole, so that never much has to be made.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from gxeditor.core.report import Entry, Report, text_difference

LIMIT = 10_000
"""Steps that are kept: two days of 5,000 edits each, which is what a clerk makes who does nothing else."""
ROOM = 8_000_000
"""Characters that the steps may have put in, all together: 400 times all the prose of a long report."""
WHOLE = 64
"""One step in so many keeps its report: of 10,000 steps that is some megabytes, and what lies between is soon made."""
REPLACED = 5_000
"""Steps of branches that are kept, all together: more than anybody undoes in two days of editing."""
REPLACED_ROOM = 3_000_000
"""Characters that they may have put in: what a journal has room for beside the present line (`files.limits`)."""
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
            step.let_go()
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
        elif self._whole is not None:
            self._before = None  # it needs nothing before it, so that steps dropped at the front can go

    def put_away(self, place: int) -> None:
        """The same for a step of a branch, where it is the one at `place`, from 1.

        It is counted anew: of a thousand branches that begin at one place, not each is to hold a report.
        """
        self.number = place
        if self.made is not None and place % WHOLE and (self._before is not None or self.made.is_whole):
            self._whole = None

    def _hold(self, report: Report) -> None:
        self._live = weakref.ref(report)
        if self.number % WHOLE == 0:
            self._whole = report

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


@dataclass(frozen=True, slots=True)
class Branch:
    """Steps that something new was done instead of: undo had led back to `base`, and they could have been redone.

    `base` is a step of the present line or of a later branch, or the report before all steps. `number` is larger for a
    later branch; `weight` are the characters that the steps put in, reckoned once for a whole day of branches.
    """

    number: int
    base: Step | Report
    steps: tuple[Step, ...]
    weight: int = field(compare=False)

    @classmethod
    def of(cls, number: int, base: Step | Report, steps: tuple[Step, ...]) -> Branch:
        """The branch of these steps, of which there is at least one."""
        return cls(number, base, steps, _weight(steps))


def _weight(steps: tuple[Step, ...]) -> int:
    first = steps[0].made
    return steps[-1].upto - steps[0].upto + (first.weight if first is not None else 0)


def _shortened(base: Step | Report, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """As many of the first steps as there is room for, and then all others as one: where they led to is kept."""
    most = min(len(steps), REPLACED - 1)
    while most and _weight(steps[:most]) > REPLACED_ROOM:
        most -= 1
    last, before = steps[-1], steps[most - 1] if most else base
    was = before.report if isinstance(before, Step) else before
    made = change(was, last.report)
    return (*steps[:most], Step.of(before, last.label, made, last.merge_key, last.when, last.report))


def _within_room(branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
    """The latest branches, as many as there is room for."""
    count = room = 0
    for place in range(len(branches) - 1, -1, -1):
        count, room = count + len(branches[place].steps), room + branches[place].weight
        if (count > REPLACED or room > REPLACED_ROOM) and place < len(branches) - 1:
            return branches[place + 1 :]
    return branches


def _rooted(
    branches: tuple[Branch, ...], before: Report, gone: tuple[Step, ...], first: Report
) -> tuple[Branch, ...]:
    """The branches that begin at what is left when the steps `gone`, the first after `before`, give way to `first`."""
    lost = {id(before), *map(id, gone[:-1])}
    kept: list[Branch] = []
    for branch in reversed(branches):  # a branch begins in the present line or in a later one
        if id(branch.base) in lost:
            lost.update(map(id, branch.steps))
        else:
            kept.append(replace(branch, base=first) if branch.base is gone[-1] else branch)
    return tuple(reversed(kept))


class Move(NamedTuple):
    """What undoing or redoing would do: the step, the report now and then, and whether it is one of the `earlier`."""

    step: Step
    before: Report
    after: Report
    earlier: bool


@dataclass(frozen=True, slots=True)
class History:
    """A report with its steps; `position` counts the steps that are done, `first` is the report before all of them.

    The first `earlier` steps were made before the program was last started, and nobody has agreed to walk them yet; the
    first `older` were, whether agreed or not. `branches` are what was replaced, the oldest first.
    """

    first: Report
    steps: tuple[Step, ...] = ()
    position: int = 0
    sealed: bool = True
    saved: Report | None = None
    earlier: int = 0
    older: int = 0
    branches: tuple[Branch, ...] = ()

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
        What could have been redone becomes a branch.
        """
        if report is self.report or report == self.report:
            return self
        done = self.steps[: self.position]
        if merge_key and not self.sealed and done and done[-1].merge_key == merge_key:
            label, done = done[-1].label, done[:-1]
            merged = (*done, self._step(done, report, label, merge_key, when))
            return replace(self, steps=merged, position=len(merged))
        earlier, older = min(self.earlier, len(done)), min(self.older, len(done))
        branches = self._branched(done)
        done += (self._step(done, report, label, merge_key, when),)
        if len(done) > _FRESH:
            done[-_FRESH].let_go()
        first = self.first
        drop = max(0, len(done) - LIMIT)
        while drop < len(done) - 1 and done[-1].upto - done[drop].upto > ROOM:
            drop += 1
        if drop:
            first, gone, done = done[drop - 1].report, done[:drop], done[drop:]
            earlier, older = max(0, earlier - drop), max(0, older - drop)
            branches = _rooted(branches, self.first, gone, first) if branches else branches
        return replace(
            self, first=first, steps=done, position=len(done), sealed=not merge_key,
            earlier=earlier, older=older, branches=branches,
        )  # fmt: skip

    def _branched(self, done: tuple[Step, ...]) -> tuple[Branch, ...]:
        """The branches once something new is done behind `done`."""
        steps = self.steps[len(done) :]
        if not steps:
            return self.branches
        base = done[-1] if done else self.first
        if len(steps) > REPLACED or _weight(steps) > REPLACED_ROOM:
            steps = _shortened(base, steps)
        for place, step in enumerate(steps, 1):
            step.put_away(place)
        number = self.branches[-1].number + 1 if self.branches else 1
        return _within_room((*self.branches, Branch.of(number, base, steps)))

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
        return replace(self, earlier=len(self.steps), older=len(self.steps))

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
