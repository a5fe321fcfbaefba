"""Past, present and future of a report.

An immutable chain of steps with a place in it. Knows what can be undone and redone, whether typing continues the last
step, which steps were made before the program was last started, and whether the present is what was saved. Knows no
file and no clock: times are handed in; the journal writes down what this module decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from gxeditor.core.report import Report

LIMIT = 500
"""Steps that are kept; a day of typing is well below."""


class Step(NamedTuple):
    """One edit: its name in the menu, the report after it, and the key under which typing merges into it.

    `when` it was made, or last continued, in seconds since 1970 (UTC); None where nobody noted it.
    """

    label: str
    report: Report
    merge_key: str = ""
    when: float | None = None


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
            merged = (*done[:-1], done[-1]._replace(report=report, when=when))
            return replace(self, steps=merged, position=len(merged))
        earlier = min(self.earlier, len(done))
        done = (*done, Step(label, report, merge_key, when))
        first = self.first
        if len(done) > LIMIT:
            first, done, earlier = done[0].report, done[1:], max(0, earlier - 1)
        return replace(
            self, first=first, steps=done, position=len(done), sealed=not merge_key, earlier=earlier
        )

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
