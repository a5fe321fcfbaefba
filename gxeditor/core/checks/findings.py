"""What checking a report found: findings with their addresses, what is as it should be, and what was not evaluated.

Knows which findings tint a cell and which stand on a page, and when an explanation settles one. Does not know how a
finding comes about or is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from gxeditor.core.checks.anchors import Anchor, Cell, Field, Span, Whole
from gxeditor.core.checks.rules import DOUBT, PROSE_DOUBT, Rule, Severity
from gxeditor.core.report import Entry, Explainable, Explanation

Number = int | Decimal


@dataclass(frozen=True)
class Finding(Explainable):
    """A rule that is not met, both sides and their difference (None where nothing is added up).

    `where` is its address: the total or the last cell of an equation, the cell, field or part of a text that is wrong,
    the whole of what it speaks of. `parts` are the places that its sentence rests on, in order, if those are others.
    `values` are the figures and words that it rests on, as texts; `quoted` is what stands at a `Span`. `explanation`
    says why it stands, for the values that the explanation names.
    """

    rule: Rule
    where: Anchor
    message: str
    parts: tuple[Anchor, ...] = ()
    left: Number | None = None
    right: Number | None = None
    difference: Number | None = None
    left_values: tuple[Entry | None, ...] = ()
    right_values: tuple[Entry | None, ...] = ()
    values: tuple[str, ...] = ()
    quoted: str = ""
    explanation: Explanation | None = None

    @property
    def address(self) -> str:
        """What it is known by in a file: rule and place, for prose the words instead of their position."""
        match self.where:
            case Cell(id=place) | Field(key=place):
                pass
            case Span(section=section):
                place = f"{section}:{self.quoted}"
            case Whole(section=place):
                pass
        return f"{self.rule.id}@{place}"

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def page(self) -> str:
        """The key of the page on which it is shown."""
        return self.where.page

    @property
    def basis(self) -> str:
        return self.rule.basis

    @property
    def signs(self) -> Mapping[str, str]:
        return self.rule.signs

    @property
    def key(self) -> tuple[str, Anchor]:
        """What tells it from all other findings of a report, and stays while its figures or its message change."""
        return self.rule.id, self.where

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """All that it points to, first the place to go to."""
        return self.parts or (self.where,)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The ids of the cells among its anchors, in order."""
        return tuple(anchor.id for anchor in self.anchors if isinstance(anchor, Cell))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The parts of prose among its anchors, in order."""
        return tuple(anchor for anchor in self.anchors if isinstance(anchor, Span))

    @property
    def is_doubt(self) -> bool:
        """Whether it tells of what was taken over and not looked at yet, and ends when a person has."""
        return self.rule.test in (DOUBT, PROSE_DOUBT)

    @property
    def is_equation(self) -> bool:
        """Whether figures do not add up, so that any of its cells may be the wrong one (`suspects`)."""
        return (
            self.rule.kind in ("sum", "balance")
            and self.difference is not None
            and self.severity is Severity.ERROR
        )

    @property
    def can_be_explained(self) -> bool:
        """Whether a reason settles it: a query or a hint. An error is mended, and what is in doubt is looked at."""
        return self.severity is not Severity.ERROR and not self.is_doubt

    @property
    def marks(self) -> bool:
        """Whether its cells are tinted; not if it speaks of a whole: a new report is no wall of colour."""
        return not isinstance(self.where, Whole)


class NotChecked(NamedTuple):
    """A rule that could not be evaluated, with the reason and the cells that prevent it."""

    rule: Rule
    reason: str
    cells: tuple[str, ...]


class Met(NamedTuple):
    """A rule that is met. An equation has its two equal sides; a named check that found nothing has none."""

    rule: Rule
    left: Number | None = None
    right: Number | None = None


class Reading(NamedTuple):
    """What a number in prose can mean: the sum of these cells, called `name`; the value as the prose would state it.

    `value` is None where a cell is blank or a text. `prior` says that the cells are those of last year's report.
    """

    name: str
    cells: tuple[str, ...]
    value: Number | None
    prior: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A number, or a word for one, that the prose states, and what came of comparing it.

    `where` is the number itself, which a click selects and a mend replaces; `phrase` the words that say what it is.
    `value` is what it says. `readings` are what it can mean, the likeliest first, none if the form has no cell for it.
    `state`: "same" as the first of the readings that agree (`reading`); "different" from all; "open" if there is
    nothing to compare it with or a cell is blank. `how` shows a calculation, 「（28＋5）÷ 63」, "" where there is none.
    """

    where: Span
    phrase: Span
    text: str
    value: Number
    state: Literal["same", "different", "open"]
    readings: tuple[Reading, ...] = ()
    reading: Reading | None = None
    how: str = ""
    code: str = ""

    @property
    def is_unclear(self) -> bool:
        """Whether its words may mean these readings or something else: every cell is filled, and none agrees."""
        return (
            self.state == "open"
            and bool(self.readings)
            and all(one.value is not None for one in self.readings)
        )


@dataclass(frozen=True)
class Findings:
    """What `check` found: worst first, in the order of the form; explained ones among them.

    `checked` counts the equations that were evaluated, `checked_yearly` those of them with last year's report. `met`
    are the rules with nothing to say, `closed` those that are not to be checked, with the reason; every rule is in one
    of the four, a rule may have several findings. `claims` are all numbers that the prose states, in its order.
    """

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    checked: int = 0
    checked_yearly: int = 0
    met: tuple[Met, ...] = ()
    closed: tuple[NotChecked, ...] = ()
    claims: tuple[Claimed, ...] = ()

    @cached_property
    def open(self) -> tuple[Finding, ...]:
        """The findings that no explanation settles."""
        return tuple(finding for finding in self.findings if not finding.is_explained)

    @cached_property
    def by_cell(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings that tint a cell, worst first; an explained one tints none."""
        index: dict[str, list[Finding]] = {}
        for finding in self.open:
            if finding.marks:
                for anchor in finding.anchors:  # not `cells`, which has to be kept first
                    if isinstance(anchor, Cell):
                        index.setdefault(anchor.id, []).append(finding)
        return {cell: tuple(found) for cell, found in index.items()}

    @cached_property
    def unchecked_by_cell(self) -> Mapping[str, tuple[NotChecked, ...]]:
        """For each cell the rules it belongs to that could not be evaluated."""
        index: dict[str, tuple[NotChecked, ...]] = {}
        for item in self.not_checked:
            for cell in item.rule.signs:
                index[cell] = (*index.get(cell, ()), item)
        return index

    @cached_property
    def across_years(self) -> tuple[str, ...]:
        """Why equations with last year's report were not evaluated, where no cell of this one is the reason.

        A clause for each reason: 「7 条跨年关系没有检查：没有选上年年报」.
        """
        reasons = [
            item.reason for item in self.not_checked if item.rule.kind == "carry_over" and not item.cells
        ]
        return tuple(
            f"{reasons.count(reason)} 条跨年关系没有检查：{reason}" for reason in dict.fromkeys(reasons)
        )

    def of_page(self, key: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.page == key)

    def count(self, severity: Severity, page: str | None = None) -> int:
        """How many that are open weigh as much, on one page or, with None, of all."""
        return self._counts[severity.word, page]

    @cached_property
    def _counts(self) -> Counter[tuple[str, str | None]]:
        """By word, as enumerations are slow keys, and by page; asked for dozens of times with every keystroke."""
        pages = Counter((finding.rule.severity.word, finding.page) for finding in self.open)
        whole = Counter[tuple[str, str | None]](pages)
        for (word, _), number in pages.items():
            whole[word, None] += number
        return whole
