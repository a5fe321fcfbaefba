"""A rule: what it compares, how much it weighs, how it is worded, what it rests on, and an example of either kind.

Knows no report and evaluates nothing. Wording and basis stand in resources/rules beside their sources (`rule_file`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from gxeditor.core.checks.anchors import Cell
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.core.revision import to_revise

DOUBT = "doubt"
"""The check whose findings are ticked off once a person has looked (`Report.without_doubts`)."""
PROSE_DOUBT = "prose_doubt"
"""The same for numbers in prose (`Report.without_prose_doubts`)."""
CLAIM = "claim"
"""The kind of rules of what the prose says of cells, and the check that they name."""

EXPLAINED_SIGN = "◇"
"""The shape of a finding that an explanation settles, wherever there may be no colour."""

Kind = Literal["sum", "balance", "carry_over", "entry", "text", "claim"]
"""An equation of three kinds; a named check of cells, of texts and fields, or of what the prose says of cells."""


class Group(Enum):
    """What a rule compares; the order in which groups are listed."""

    TABLES = "tables"
    YEARS = "years"
    PROSE = "prose"
    CONTENT = "content"
    FORMAT = "format"
    DISCLOSURE = "disclosure"
    DEADLINES = "deadlines"
    TAKEN_OVER = "taken_over"

    # Members are themselves only; Enum's own is Python code, run thousands of times with every keystroke.
    __hash__ = object.__hash__

    @property
    def word(self) -> str:
        return _GROUPS[self]


_GROUPS = {
    Group.TABLES: "表格",
    Group.YEARS: "跨年",
    Group.PROSE: "正文与表",
    Group.CONTENT: "必备内容",
    Group.FORMAT: "格式和单位",
    Group.DISCLOSURE: "公开前检查",
    Group.DEADLINES: "时限",
    Group.TAKEN_OVER: "导入和沿用",
}


class Severity(Enum):
    """How much a finding weighs: an error must be mended, a query answered, a hint is for information."""

    ERROR = "error"
    QUERY = "query"
    HINT = "hint"

    __hash__ = object.__hash__  # as above

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
    `texts` is prose by section key or "preamble", `fields` are plain fields by name; `prior_texts` and `prior_fields`
    those of last year's report; `today` is the day of checking, ISO 8601, "" for none; `profile` what a province asks.
    """

    entries: Mapping[str, Entry]
    prior: Mapping[str, Entry]
    doubts: Mapping[str, str] = MappingProxyType({})
    brought: str = ""
    texts: Mapping[str, str] = MappingProxyType({})
    fields: Mapping[str, Any] = MappingProxyType({})
    prior_texts: Mapping[str, str] = MappingProxyType({})
    prior_fields: Mapping[str, Any] = MappingProxyType({})
    today: str = ""
    profile: Mapping[str, Any] = MappingProxyType({})

    def on(self, form: Form) -> Report:
        """The report that it is an example of."""
        report = blank_report(form).with_entries(self.entries).with_doubts(self.doubts)
        report = _written(report.with_fields(**self.fields), self.texts)
        if self.brought:
            key = form.sections[0].key
            report = report.with_section(key, self.brought).with_prose_doubts(key, to_revise(self.brought))
        return report

    def prior_on(self, form: Form) -> Report | None:
        """Last year's report that it is checked with, None if the example says nothing of it."""
        if not (self.prior or self.prior_texts or self.prior_fields):
            return None
        report = blank_report(form).with_entries(self.prior).with_fields(**self.prior_fields)
        return _written(report, self.prior_texts)


def _written(report: Report, texts: Mapping[str, str]) -> Report:
    for key, text in texts.items():
        report = report.with_fields(preamble=text) if key == "preamble" else report.with_section(key, text)
    return report


@dataclass(frozen=True)
class Rule:
    """One rule. The cells of `left` added up should equal those of `right`; an entry rule has neither.

    `code` is its id in the catalogue, the same for all lines of an equation; `group` what it compares.
    `section` is that of its table; "" for a named check, of which only a finding says where it is broken.
    The `left` of a carry-over rule are cells of last year's report. `names` are the terms as the explanation calls
    them, in the order left, right. `message` holds {left}, {right} and {difference}; `test` names a check, and `data`
    is what the rule file says besides for that check alone: words to look for, limits.
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
    code: str = ""
    group: Group = Group.TABLES
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False, compare=False)

    @cached_property
    def made(self) -> dict[str, Any]:
        """What its check has made of `data`, by key: expressions are compiled once, not with every keystroke."""
        return {}

    @cached_property
    def signs(self) -> Mapping[str, str]:
        """The sign of each cell of this report in left minus right; the total of a sum has “=”."""
        right = "=" if self.kind != "balance" else "-"
        left = () if self.kind == "carry_over" else self.left
        return {**dict.fromkeys(left, "+"), **dict.fromkeys(self.right, right)}

    @property
    def can_be_closed(self) -> bool:
        """Whether a person may have it not checked: anything but an error in a sum."""
        return not (self.kind in ("sum", "balance") and self.severity is Severity.ERROR)

    @cached_property
    def places(self) -> tuple[Cell, ...]:
        """The cells of this report that an equation compares, in order."""
        return tuple(Cell(cell) for cell in self.signs)

    @cached_property
    def decisive(self) -> Cell:
        """The cell of this report at which an equation is decided: its total, else the last of its cells."""
        return Cell(next((cell for cell, sign in self.signs.items() if sign == "="), self.right[-1]))
