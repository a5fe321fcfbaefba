"""What checking a roll-up across its units found: the units, cells and files of a finding, and what it compares.

Knows how many of a kind are shown as one. How a finding is known again is `core.checks.listed`'s. Does not know how one
comes about (`checks`) or is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from gxeditor.core.checks import listed
from gxeditor.core.checks.rules import Severity

FOLDED = 20
"""More findings of one check than this that say the same of other units are shown as one row (LOOK-3, 20)."""


def severity_word(severity: Severity) -> str:
    """How a weight is called toward a unit: what one's own report has to 核实, somebody else is asked about (疑问)."""
    return "疑问" if severity is Severity.QUERY else severity.word


@dataclass(frozen=True)
class Check(listed.Check):
    """One check across units; `checks.parse_checks` says what each has.

    `cells` are ids, or lines of the form; `kinds` names of `UnitKind`; `words` endings of file names; `titles` name a
    sentence that has a name of its own.
    """

    cells: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


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
class RollupFinding(listed.CheckFinding):
    """A check across units that is not met.

    `detail` says more than `message` where there is more. `units` are ids, the first to be gone to in front; `cells`
    likewise; `paths` the received files, as `Received.path`. `folded` are the findings that this one stands for in a
    list (`RollupFindings.rows`).
    """

    check: Check
    units: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    detail: str = ""
    compared: Compared = NO_TABLE
    paths: tuple[str, ...] = ()
    folded: tuple[RollupFinding, ...] = ()

    @property
    def title(self) -> str:
        return self.check.titles.get(self.sentence, self.check.title)

    @property
    def word(self) -> str:
        return severity_word(self.severity)

    @property
    def can_be_explained(self) -> bool:
        return super().can_be_explained and not self.folded


@dataclass(frozen=True)
class NotChecked(listed.NotChecked):
    """A check that could not be evaluated, or not for these cells or units."""

    cells: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


class RollupFindings(listed.CheckFindings[RollupFinding, NotChecked]):
    """What `check` found across units."""

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
