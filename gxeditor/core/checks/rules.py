"""A rule: what it compares, how much it weighs, how it is worded, what it rests on, and an example of either kind.

Knows no report and evaluates nothing. Wording and basis stand in resources/rules beside their sources (`rule_file`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

from gxeditor.core.checks.anchors import Cell
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.core.revision import to_revise

DOUBT = "doubt"
"""The check whose findings are ticked off once a person has looked (`Report.without_doubts`)."""
PROSE_DOUBT = "prose_doubt"
"""The same for numbers in prose (`Report.without_prose_doubts`)."""

Kind = Literal["sum", "balance", "carry_over", "entry"]


class Severity(Enum):
    """How much a finding weighs: an error must be mended, a query answered, a hint is for information."""

    ERROR = "error"
    QUERY = "query"
    HINT = "hint"

    @property
    def word(self) -> str:
        return _WORDS[self]

    @property
    def sign(self) -> str:
        """The shape that stands for it wherever there may be no colour."""
        return _SIGNS[self]

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_WORDS = {Severity.ERROR: "错误", Severity.QUERY: "核实", Severity.HINT: "提示"}
_SIGNS = {Severity.ERROR: "▲", Severity.QUERY: "◆", Severity.HINT: "○"}
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Example(NamedTuple):
    """Entries that meet or break a rule, by cell id; `prior` are those of last year's report.

    `doubts` says of which of them why they are in doubt; `brought` is prose that came over from last year's report.
    """

    entries: Mapping[str, Entry]
    prior: Mapping[str, Entry]
    doubts: Mapping[str, str] = MappingProxyType({})
    brought: str = ""

    def on(self, form: Form) -> Report:
        """The report that it is an example of."""
        report = blank_report(form).with_entries(self.entries).with_doubts(self.doubts)
        key = form.sections[0].key
        return report.with_section(key, self.brought).with_prose_doubts(key, to_revise(self.brought))


@dataclass(frozen=True)
class Rule:
    """One rule. The cells of `left` added up should equal those of `right`; an entry rule has neither.

    `section` is that of its table; "" for an entry rule, of which only a finding says where it is broken.
    The `left` of a carry-over rule are cells of last year's report. `names` are the terms as the explanation calls
    them, in the order left, right. `message` holds {left}, {right} and {difference}; `test` names an entry check.
    """

    id: str
    kind: Kind
    severity: Severity
    section: str
    title: str
    message: str
    basis: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    left_name: str = ""
    right_name: str = ""
    test: str = ""
    good: Example = field(default=Example({}, {}), repr=False)
    bad: Example = field(default=Example({}, {}), repr=False)

    @cached_property
    def signs(self) -> Mapping[str, str]:
        """The sign of each cell of this report in left minus right; the total of a sum has “=”."""
        right = "=" if self.kind != "balance" else "-"
        left = () if self.kind == "carry_over" else self.left
        return {**dict.fromkeys(left, "+"), **dict.fromkeys(self.right, right)}

    @cached_property
    def places(self) -> tuple[Cell, ...]:
        """The cells of this report that an equation compares, in order."""
        return tuple(Cell(cell) for cell in self.signs)

    @cached_property
    def decisive(self) -> Cell:
        """The cell of this report at which an equation is decided: its total, else the last of its cells."""
        return Cell(next((cell for cell, sign in self.signs.items() if sign == "="), self.right[-1]))
