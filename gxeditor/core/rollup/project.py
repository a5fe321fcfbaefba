"""A roll-up as one frozen value: the units, what was received of them, and what a person decided.

Knows which received file stands for a unit and which does not count, and in what state each unit therefore is (未交 …
可用): states are derived and never stored. Knows no file on a disk, no clock and no sum.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Explanation
from gxeditor.core.rollup.naming import LOWEST_RANK, area_of, area_rank
from gxeditor.core.rollup.units import Duty, Role, Scope, Unit, UnitKind, Units

Decided = Literal["", "use", "hold", "reject"]
"""What a person said of a received file: nothing, that it stands for its unit, that it is left out for now (搁置), that
it does not belong to this roll-up."""


class Told(NamedTuple):
    """A finding of one received report, as its own checks gave it.

    `rule` is the code of the catalogue, `severity` "error", "query" or "hint", `cells` the ids that it points to,
    `page` the key of the page on which it stands, `address` that of the finding. `place` names where it is as printed,
    `stands` says what was filled in there and `should` what it ought to equal, both with their figures, `ask` what the
    unit is asked to do; "" where there is nothing of the kind to say (`returning.told` makes all of it).
    """

    rule: str
    severity: str
    message: str
    cells: tuple[str, ...] = ()
    page: str = ""
    address: str = ""
    place: str = ""
    stands: str = ""
    should: str = ""
    ask: str = ""


class Fee(NamedTuple):
    """What a report says in its sixth section of 信息处理费: how many notices, how many yuan; None for silence."""

    notices: int | None
    yuan: str


@dataclass(frozen=True)  # without slots: what follows from 200 values is kept, however many roll-ups hold it
class Received:
    """One report that was received: a file, or a row of one.

    `path` is seen from the project's folder, with slashes; `row` is the unit that was read of a file of several units,
    "" for a file that is one report. `sha256` is that of the whole file, `size` in bytes and `modified` in nanoseconds
    are by what it is known again without being read. `received` and `read` are moments, ISO 8601.

    `agency`, `title`, `year`, `edition`, `date` and `kind` (the value of `AgencyKind`) are what the report says of
    itself; `values` its figures in the order of `form.cells`, automatic totals included, None for a blank one, a text
    as it was found. `doubts` are the cells read in doubt, with why; `notes` what is to be said of the reading.
    `found` are the findings that no explanation settles, `checked` and `not_checked` how many rules could be evaluated
    and how many could not, `basis` with which rules, profile and figures of last year's that was: with others it has to
    be done anew. `problem` says why it could not be read, "" if it could.

    `unit` is the id of the unit it was claimed for, "" for none; `matched` how that was known, in words. `candidates`
    are the ids of the units that it may be of, while none is sure, and `why_not` says why none was taken.
    """

    path: str
    sha256: str = ""
    size: int = 0
    modified: int = 0
    row: str = ""
    reader: str = ""
    received: str = ""
    read: str = ""
    agency: str = ""
    title: str = ""
    year: int | None = None
    edition: str = ""
    date: str = ""
    kind: str = ""
    values: tuple[Entry | None, ...] = field(default=(), repr=False)
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    found: tuple[Told, ...] = field(default=(), repr=False)
    checked: int = 0
    not_checked: int = 0
    fee: Fee | None = None
    problem: str = ""
    basis: str = ""
    unit: str = ""
    matched: str = ""
    candidates: tuple[str, ...] = ()
    why_not: str = ""
    decided: Decided = ""
    decided_why: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other of a roll-up."""
        return self.path, self.row

    @property
    def called(self) -> str:
        """How a person is told which file it is: the path as their system writes it, and the row of it."""
        return shown_path(self.path) + (f"（{self.row}）" if self.row else "")

    @property
    def is_report(self) -> bool:
        """Whether figures were read of it."""
        return not self.problem and bool(self.values)

    @cached_property
    def is_all_zero(self) -> bool:
        """Whether it is a report of nothing (零报告): no figure is other than 0, and none is a text."""
        return self.is_report and all(
            value is None or (not isinstance(value, str) and not value) for value in self.values
        )

    @cached_property
    def unread(self) -> tuple[int, ...]:
        """The places in `values` where no number stands: blank, or a text such as “/”."""
        return tuple(i for i, value in enumerate(self.values) if value is None or isinstance(value, str))

    def count(self, severity: str) -> int:
        return sum(1 for one in self.found if one.severity == severity)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A row of the 调整表: what is added to a sum beside the reports, with its sign, why, and on what basis.

    `unit` is the id of a unit that it concerns, "" for none in particular; `day` the day it was made, ISO 8601.
    """

    id: str
    cell: str
    delta: Entry
    reason: str
    basis: str = ""
    unit: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """That a file was sent back to its unit (退回): which, when, until when it is wanted again, and for what.

    `at` is a moment and `due` a day, ISO 8601; `values` are the figures it had; `rules` the codes of what was asked.
    """

    unit: str
    path: str
    sha256: str
    at: str
    due: str = ""
    row: str = ""
    values: tuple[Entry | None, ...] = field(default=(), repr=False)
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class PriorYear:
    """Last year's roll-up as this one keeps it: its units with the figures that were used of each, by unit id.

    `path` is seen from the project's folder; `edition` is that of its form; `adjustments` are its own.
    """

    year: int
    owner: str
    edition: str
    units: Units
    values: Mapping[str, tuple[Entry | None, ...]] = field(repr=False)
    adjustments: tuple[Adjustment, ...] = ()
    path: str = ""
    sha256: str = ""


class Twice(NamedTuple):
    """A unit whose report is not added, because what it says is added through others (`by`, their ids).

    `why` says how: "listed", the unit stands in the list once more; "file", its file is that of the other, byte for
    byte; "area", its file is of its whole area, whose units report themselves.
    """

    unit: str
    by: tuple[str, ...]
    why: Literal["listed", "file", "area"]


class State(Enum):
    """In what state a unit is, in the order in which it needs a hand; the value is the word for the clerk."""

    MISSING = "未交"
    UNCLAIMED = "已交未认领"
    INCOMPLETE = "读不全"
    CHANGED = "文件已变"
    RETURNED = "已退回"
    ERRORS = "有错误"
    QUERIES = "有疑问"
    USABLE = "可用"
    EXEMPT = "免报"

    __hash__ = object.__hash__

    @property
    def sign(self) -> str:
        """The shape beside the word (LOOK-3), "" for none."""
        return _SIGNS.get(self, "")


_SIGNS = {
    State.UNCLAIMED: "?",
    State.INCOMPLETE: "◆",
    State.CHANGED: "⟳",
    State.RETURNED: "↩",
    State.ERRORS: "▲",
    State.QUERIES: "◆",
}


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Rollup:
    """The roll-up of one year, on one form.

    `owner` names whose area it is (松塘县), `scope` which units enter the sum: those whose own level is the owner's
    (本级), or all (全辖区). `dues` is the day until which a kind of unit reports, ISO 8601, by `UnitKind.name`.
    `changed` are the paths whose file is no longer as it was read. `explanations` are by the address of a finding of
    `core.rollup.checks`; `given` are figures that a person brings for a check, by its name (`H-14`). `profile` is the
    id of the province's profile. `extra` are the keys of a file that this version does not know and writes back.
    """

    form: Form = field(repr=False)
    _: KW_ONLY
    year: int
    owner: str = ""
    scope: Scope = Scope.TERRITORY
    units: Units = field(default_factory=Units)
    received: tuple[Received, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    returned: tuple[Returned, ...] = ()
    explanations: Mapping[str, Explanation] = field(default_factory=_none)
    given: Mapping[str, Entry] = field(default_factory=_none)
    dues: Mapping[str, str] = field(default_factory=_none)
    prior: PriorYear | None = None
    profile: str = ""
    changed: frozenset[str] = frozenset()
    extra: Mapping[str, Any] = field(default_factory=_none)

    # --- what is received

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each cell stands in `Received.values`, by its id."""
        return MappingProxyType({cell: i for i, cell in enumerate(self.form.cells)})

    @cached_property
    def of_unit(self) -> Mapping[str, tuple[Received, ...]]:
        """All that was received of each unit, by its id, as received; what nobody claims is under ""."""
        found: dict[str, list[Received]] = {}
        for one in self.received:
            found.setdefault(one.unit if one.unit in self.units.by_id else "", []).append(one)
        return MappingProxyType({key: tuple(several) for key, several in found.items()})

    def is_of_this(self, one: Received) -> bool:
        """Whether it is a report of this year on this form: another's is never added (H-22)."""
        return one.is_report and one.year == self.year and one.edition == self.form.edition

    @cached_property
    def used(self) -> Mapping[str, Received]:
        """The one report that stands for each unit, by its id; a unit is absent while none does.

        Of several it is the one that a person chose; else any, if all say the same figures, an own file first. Several
        that differ wait for a person.
        """
        used: dict[str, Received] = {}
        for unit_id, several in self.of_unit.items():
            if not unit_id:
                continue
            able = [r for r in several if self.is_of_this(r) and r.decided not in ("hold", "reject")]
            chosen = [r for r in able if r.decided == "use"]
            if len(chosen) == 1:
                used[unit_id] = chosen[0]
            elif len(able) == 1:
                used[unit_id] = able[0]
            elif able and all(r.values == able[0].values for r in able):
                used[unit_id] = min(able, key=lambda r: (r.reader != "gxr", len(r.doubts), r.path, r.row))
        return MappingProxyType(used)

    @cached_property
    def unclaimed(self) -> tuple[Received, ...]:
        """The files that have no unit, but for those of which a person said that they do not belong here."""
        return tuple(r for r in self.of_unit.get("", ()) if r.decided != "reject")

    @cached_property
    def waiting(self) -> tuple[Received, ...]:
        """Those of `unclaimed` for which a person has to name the unit: another year's count for nobody.

        Reports come first; what could not be read may be no report at all.
        """
        able = (r for r in self.unclaimed if not r.is_report or self.is_of_this(r))
        return tuple(sorted(able, key=lambda one: not one.is_report))

    # --- who must report

    @cached_property
    def parents(self) -> frozenset[str]:
        """The ids of the units that stand over another."""
        return frozenset(key for key in self.units.children if key)

    def is_added(self, unit: Unit) -> bool:
        """Whether the unit's report enters the sum of this roll-up, once there is one.

        Not that of a parent, unless the list says that it is its difference; in the scope 本级 not what stands under
        another government than the topmost. Nor what is added through others already (`twice`).
        """
        return unit.id not in self._listed_twice and unit.id not in self._whole_areas and self._may_add(unit)

    def _may_add(self, unit: Unit) -> bool:
        if (
            unit.kind is UnitKind.GROUP
            or unit.role in (Role.SUM, Role.EXEMPT)
            or not unit.reports_in(self.year)
        ):
            return False
        return self.is_in_scope(unit)

    def is_in_scope(self, unit: Unit) -> bool:
        """Whether a unit is of those that the scope is about, whatever it reports."""
        return self.scope is Scope.TERRITORY or not self._of_lower_level(unit)

    def _of_lower_level(self, unit: Unit) -> bool:
        chain = (unit, *self.units.above(unit))
        top = next((one for one in reversed(chain) if one.kind.is_government), None)
        if top is not None and not self._is_own(top):
            return True
        return any(one is not top and (one.kind.is_government or one.kind in _LOWER) for one in chain)

    def _is_own(self, government: Unit) -> bool:
        """Whether a government under no other is the owner's own: it is called after the owner, or stands over units.

        Those of counties in the list of a city never are: they stand beside its offices, with their units or without.
        """
        own, area = area_of(self.owner), area_of(government.name)
        if own and area_rank(own) < area_rank(area) <= LOWEST_RANK:
            return False
        return government.id in self.parents or (bool(own) and own == area)

    @cached_property
    def _listed_twice(self) -> Mapping[str, Twice]:
        """The units that the list has once more: the same name, blanks and widths aside, under the same body.

        The one that has a report stays, else the first.
        """
        same: dict[tuple[str, str], list[Unit]] = {}
        for unit in self.units.listed:
            if self._may_add(unit):
                over = next((one.id for one in self.units.above(unit) if one.kind is not UnitKind.GROUP), "")
                name = "".join(unicodedata.normalize("NFKC", unit.name).split())
                same.setdefault((name, over), []).append(unit)
        found: dict[str, Twice] = {}
        for several in same.values():
            kept = next((unit for unit in several if unit.id in self.used), several[0])
            found.update((u.id, Twice(u.id, (kept.id,), "listed")) for u in several if u is not kept)
        return MappingProxyType(found)

    @cached_property
    def _whole_areas(self) -> Mapping[str, Twice]:
        """The units that should count with a file of their whole area, while units below them report themselves.

        Those below are added: one that is missing shows, and nothing changes its meaning when the first of them comes.
        """
        found = {}
        for unit in self.units.listed:
            if unit.role is Role.LEAF and unit.covers is Scope.TERRITORY and unit.id in self.parents:
                below = tuple(one.id for one in self.units.below(unit.id) if self._is_waited_for(one))
                if below:
                    found[unit.id] = Twice(unit.id, below, "area")
        return MappingProxyType(found)

    def _is_waited_for(self, unit: Unit) -> bool:
        return self._may_add(unit) and (unit.duty is Duty.MUST or unit.id in self.used)

    @cached_property
    def _same_file(self) -> Mapping[str, Twice]:
        """The units whose file is another's, byte for byte; the one whose name the file says keeps it, else the first.

        Not where a person said of each that it stands for its unit.
        """
        same: dict[tuple[str, str], list[Unit]] = {}
        for unit in self.must:
            used = self.used.get(unit.id)
            if used is not None and used.sha256:
                same.setdefault((used.sha256, used.row), []).append(unit)
        found: dict[str, Twice] = {}
        for several in same.values():
            chosen = [unit for unit in several if self.used[unit.id].decided == "use"]
            kept = chosen or [next((u for u in several if u.name == self.used[u.id].agency), several[0])]
            by = tuple(unit.id for unit in kept)
            found.update((u.id, Twice(u.id, by, "file")) for u in several if u not in kept)
        return MappingProxyType(found)

    @cached_property
    def twice(self) -> Mapping[str, Twice]:
        """The units that are not added because they would count twice, by id (`Twice` says how)."""
        return MappingProxyType({**self._listed_twice, **self._whole_areas, **self._same_file})

    @cached_property
    def added(self) -> tuple[Unit, ...]:
        """The units whose reports enter the sum or are waited for, in the order of the list."""
        return tuple(unit for unit in self.units.listed if self.is_added(unit))

    @cached_property
    def must(self) -> tuple[Unit, ...]:
        """Those of `added` that have to report: the M of 「M 家中 N 家」. One that may is among them once it has."""
        return tuple(u for u in self.added if u.duty is Duty.MUST or u.id in self.used)

    @cached_property
    def entered(self) -> tuple[Unit, ...]:
        """Those of `must` of whom a report is used and counts: the N of 「M 家中 N 家」."""
        return tuple(u for u in self.must if u.id in self.used and u.id not in self._same_file)

    def due_of(self, unit: Unit) -> str:
        """Until when it reports, ISO 8601, "" if nobody said."""
        return unit.due or self.dues.get(unit.kind.name, "")

    # --- states

    @cached_property
    def _returned(self) -> Mapping[tuple[str, str, str], Returned]:
        """What was sent back, by unit, file and row, the latest of each."""
        return MappingProxyType({(one.unit, one.sha256, one.row): one for one in self.returned})

    def is_returned(self, unit_id: str) -> Returned | None:
        """How the file that is used of a unit was sent back, if it was and nothing else has come since."""
        used = self.used.get(unit_id)
        return self._returned.get((unit_id, used.sha256, used.row)) if used is not None else None

    def _is_owing(self, unit: Unit) -> bool:
        return unit.duty is Duty.MUST and self.is_added(unit)

    def state(self, unit: Unit) -> State:
        return self.states.get(unit.id, State.EXEMPT)

    @cached_property
    def states(self) -> Mapping[str, State]:
        """The state of every unit that may report, by its id; a heading has none.

        未交 are those of `must` alone: one whose report would be compared and not added, or that may report, is 免报
        until a file of it comes.
        """
        expected = {candidate for one in self.waiting for candidate in one.candidates}
        return MappingProxyType(
            {
                unit.id: self._state(unit, expected)
                for unit in self.units.listed
                if unit.kind is not UnitKind.GROUP
            }
        )

    def _state(self, unit: Unit, expected: set[str]) -> State:
        if not unit.reports_in(self.year):
            return State.EXEMPT
        used = self.used.get(unit.id)
        if used is None:
            several = [r for r in self.of_unit.get(unit.id, ()) if r.decided not in ("hold", "reject")]
            if any(self.is_of_this(r) for r in several) or unit.id in expected:
                return State.UNCLAIMED
            if any(r.problem for r in several):
                return State.INCOMPLETE
            return State.MISSING if self._is_owing(unit) else State.EXEMPT
        if used.path in self.changed:
            return State.CHANGED
        if self.is_returned(unit.id) is not None:
            return State.RETURNED
        if used.unread or used.doubts:
            return State.INCOMPLETE
        if used.count("error"):
            return State.ERRORS
        return State.QUERIES if used.count("query") else State.USABLE

    def as_prior(self, path: str = "", sha256: str = "") -> PriorYear:
        """This roll-up as the next year's keeps it; `path` is seen from the folder of that one.

        A unit whose file was another's has no figures of its own there either: kept, they would count twice.
        """
        values = {unit: one.values for unit, one in self.used.items() if unit not in self._same_file}
        return PriorYear(
            self.year,
            self.owner,
            self.form.edition,
            self.units,
            MappingProxyType(values),
            self.adjustments,
            path,
            sha256,
        )

    # --- what a person decides

    def with_received(self, changes: Iterable[Received]) -> Rollup:
        """The roll-up with these in place of those of the same file and row; new ones behind the others."""
        by_key = {one.key: one for one in self.received}
        by_key.update((one.key, one) for one in changes)
        return replace(self, received=tuple(by_key.values()))

    def with_unit(self, unit: Unit) -> Rollup:
        """The roll-up with this unit in place of the one of its id. KeyError: there is none."""
        self.units.by_id[unit.id]
        listed = tuple(unit if one.id == unit.id else one for one in self.units.listed)
        return replace(self, units=Units(listed))


def shown_path(path: str) -> str:
    """A path of `Received` as the clerk's system writes it."""
    return path.replace("/", "\\")


_LOWER = (UnitKind.TOWNSHIP, UnitKind.STREET)
"""What is a level of its own below a county, beside the governments (乡镇; 街道 as its 派出机关)."""
