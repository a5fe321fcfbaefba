"""What checking a roll-up across its units found: findings with their addresses, and what could not be checked.

Knows how a finding is known again, when an explanation settles it, and how many of a kind are shown as one. Does not
know how a finding comes about (`checks`) or is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from gxeditor.core.cards import Status
from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import Explainable, Explanation

FOLDED = 20
"""More findings of one check than this that say the same of other units are shown as one row (LOOK-3, 20)."""


def severity_word(severity: Severity) -> str:
    """How a weight is called toward a unit: what one's own report has to 核实, somebody else is asked about (疑问)."""
    return "疑问" if severity is Severity.QUERY else severity.word


@dataclass(frozen=True)
class Check:
    """One check across units, as its data file states it; `checks.parse_checks` says what each has.

    `action` is the word for what is done first, `milder` the other weight of a check that has two. `cells` are ids, or
    lines of the form; `kinds` names of `UnitKind`; `words` endings of file names; `titles` name a sentence that has a
    name of its own.
    """

    code: str
    severity: Severity
    title: str
    action: str
    basis: str
    status: Status
    messages: Mapping[str, str]
    milder: Severity | None = None
    limits: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    cells: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def mark(self) -> str:
        """How sure its basis is, and the basis after it: 「〔各地做法〕…」."""
        return f"〔{self.status.words}〕{self.basis}"


class Row(NamedTuple):
    """A row of the compared table: what it is called, its figures as texts, the unit that it is of ("" for none).

    `differs` is a row that the finding is about, `total` one that sums the others.
    """

    name: str
    values: tuple[str, ...]
    unit: str = ""
    differs: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures that a finding rests on, as a table: its heads, the first over the names; a sentence below it."""

    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    note: str = ""


NO_TABLE = Compared()


@dataclass(frozen=True)
class RollupFinding(Explainable):
    """A check that is not met.

    `place` tells it from the others of its check, `sentence` is the key of its message, `detail` says more than
    `message` where there is more. `units` are ids, the first to be gone to in front; `cells` likewise; `paths` the
    received files, as `Received.path`. `values` are what it rests on, as texts; `explanation` is of just those.
    `folded` are the findings that this one stands for in a list (`RollupFindings.rows`).
    """

    check: Check
    severity: Severity
    sentence: str
    place: str
    message: str
    units: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    detail: str = ""
    compared: Compared = NO_TABLE
    paths: tuple[str, ...] = ()
    explanation: Explanation | None = None
    folded: tuple[RollupFinding, ...] = ()

    @property
    def rule(self) -> str:
        """The code of its check: H-08 …"""
        return self.check.code

    @property
    def title(self) -> str:
        return self.check.titles.get(self.sentence, self.check.title)

    @property
    def word(self) -> str:
        return severity_word(self.severity)

    @property
    def address(self) -> str:
        """What it is known by in a file: check and place."""
        return f"{self.check.code}@{self.place}"

    @property
    def can_be_explained(self) -> bool:
        """Whether a reason settles it: an error is mended."""
        return self.severity is not Severity.ERROR and not self.folded


class NotChecked(NamedTuple):
    """A check that could not be evaluated, or not for these cells or units; `reason` is a clause, no full stop."""

    check: Check
    reason: str
    cells: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class RollupFindings:
    """What `check` found, worst first; explained ones among them.

    `not_checked` are the checks that could not be evaluated at all, each check once or more; `undetermined` what could
    not be of checks that were (不可判定); `met` the checks with nothing to say.
    """

    findings: tuple[RollupFinding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    undetermined: tuple[NotChecked, ...] = ()
    met: tuple[Check, ...] = ()

    @cached_property
    def open(self) -> tuple[RollupFinding, ...]:
        """The findings that no explanation settles."""
        return tuple(one for one in self.findings if not one.is_explained)

    @cached_property
    def explained(self) -> tuple[RollupFinding, ...]:
        return tuple(one for one in self.findings if one.is_explained)

    @cached_property
    def of_unit(self) -> Mapping[str, tuple[RollupFinding, ...]]:
        """The open findings that name each unit, by its id."""
        found: dict[str, list[RollupFinding]] = {}
        for one in self.open:
            for unit in one.units:
                found.setdefault(unit, []).append(one)
        return MappingProxyType({unit: tuple(several) for unit, several in found.items()})

    @cached_property
    def rows(self) -> tuple[RollupFinding, ...]:
        """The open findings as a list shows them: more than 20 that say the same of other units are one."""
        return _folded(self.open)

    def count(self, severity: Severity) -> int:
        """How many that are open weigh as much, each by itself."""
        return self._counts[severity.value]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(one.severity.value for one in self.open)

    @cached_property
    def checked(self) -> int:
        """How many checks were evaluated."""
        return len({one.rule for one in self.findings}) + len(self.met)

    @cached_property
    def missed(self) -> int:
        """How many checks were not: the 5 of 「5 项没有检查」."""
        return len({one.check.code for one in self.not_checked})

    @property
    def missed_words(self) -> str:
        """「5 项没有检查：本地区自己的年报还没有（H-10、H-18），……」, "" if all were."""
        reasons: dict[str, list[str]] = {}
        for one in self.not_checked:
            codes = reasons.setdefault(one.reason, [])
            if one.check.code not in codes:
                codes.append(one.check.code)
        told = "；".join(f"{reason}（{'、'.join(codes)}）" for reason, codes in reasons.items())
        return f"{self.missed} 项没有检查：{told}。" if reasons else ""


def _folded(findings: Iterable[RollupFinding]) -> tuple[RollupFinding, ...]:
    groups: dict[tuple[str, str, str], list[RollupFinding]] = {}
    for one in findings:
        groups.setdefault((one.rule, one.severity.value, one.sentence), []).append(one)
    rows: list[RollupFinding] = []
    for several in groups.values():
        rows += [_one_for(several)] if len(several) > FOLDED else several
    return tuple(sorted(rows, key=lambda one: one.severity.rank))


def _one_for(several: list[RollupFinding]) -> RollupFinding:
    units = tuple(dict.fromkeys(unit for one in several for unit in one.units[:1]))
    first = several[0]
    where = f"{len(units)} 家" if len(units) > 1 else f"{len(several)} 处"
    return replace(
        first,
        place="*",
        message=f"{where}都有，如：{first.message}",
        units=units,
        cells=tuple(dict.fromkeys(cell for one in several for cell in one.cells)),
        values=(),
        detail="",
        compared=NO_TABLE,
        paths=tuple(dict.fromkeys(path for one in several for path in one.paths)),
        explanation=None,
        folded=tuple(several),
    )
