"""The units of a roll-up: who must report, of which kind, under whom, and how far its report reaches.

Knows one unit and the tree that units make; what a name says of a unit's kind is in resources/rollup. Knows no report
that was received and no sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from types import MappingProxyType


class UnitKind(Enum):
    """What kind of body a unit is; its value is the word for the clerk (条例第三、十、二十七、五十四、五十五条)."""

    PROVINCE = "省级政府"
    CITY = "市级政府"
    COUNTY = "县级政府"
    OFFICE = "政府办公室"
    DEPARTMENT = "部门"
    VERTICAL = "垂管部门"
    BRANCH = "派出机构"
    ZONE = "开发区"
    TOWNSHIP = "乡镇"
    STREET = "街道"
    AUTHORIZED = "授权组织"
    PUBLIC = "公共企事业单位"
    GROUP = "分组"
    """A heading of the list, such as 县直部门: nobody who reports."""

    @property
    def is_government(self) -> bool:
        return self in (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY)


class Role(Enum):
    """What a unit's own report does in the sum; its value is the word for the clerk."""

    LEAF = "计入"
    SUM = "只比对"
    """The report of a parent: its area's own sum, compared and never added."""
    DIFFERENCE = "计差额"
    """What the reports below it leave out (决算的差额表): added beside them."""
    EXEMPT = "免报"


class Duty(Enum):
    """Whether a unit has to report; its value is the word for the clerk."""

    MUST = "应报"
    MAY = "可报"
    NONE = "不报"


class Scope(Enum):
    """How far figures reach; its value is the word for the clerk (国办发〔2014〕32号 asks for both)."""

    LEVEL = "本级"
    TERRITORY = "全辖区"


@dataclass(frozen=True, slots=True)
class Alias:
    """Another way in which a unit is written.

    `whence` is "list" for one of the list of units, "asked" for one that a person decided, "prior" for one brought from
    last year's roll-up; `note` says more of it in words, `used` how many files were known by it.
    """

    name: str
    whence: str = "list"
    note: str = ""
    used: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the list.

    `id` is its own and never changes; `parent` is the id of the unit that it stands under, "" at the top. `covers` says
    whether its report is of itself or of its whole area. `due` is a day, ISO 8601, "" where the day of its kind counts.
    `from_year` and `to_year` are the first and the last year in which it reports, None without a bound. `why_kind` says
    in words from what its kind was taken; `note` is the clerk's.
    """

    id: str
    name: str
    kind: UnitKind = UnitKind.DEPARTMENT
    parent: str = ""
    aliases: tuple[Alias, ...] = ()
    code: str = ""
    role: Role = Role.LEAF
    duty: Duty = Duty.MUST
    covers: Scope = Scope.LEVEL
    due: str = ""
    from_year: int | None = None
    to_year: int | None = None
    note: str = ""
    why_kind: str = ""

    def reports_in(self, year: int) -> bool:
        """Whether it is one that is waited for in a year: neither a heading, nor exempt, nor of other years."""
        return (
            self.kind is not UnitKind.GROUP
            and self.role is not Role.EXEMPT
            and self.duty is not Duty.NONE
            and (self.from_year is None or self.from_year <= year)
            and (self.to_year is None or year <= self.to_year)
        )


@dataclass(frozen=True)
class Units:
    """The list of units, in its order; `listed` has each id once, and every parent before or behind its children."""

    listed: tuple[Unit, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Unit]:
        return MappingProxyType({unit.id: unit for unit in self.listed})

    @cached_property
    def children(self) -> Mapping[str, tuple[Unit, ...]]:
        """The units right below each, by id; those at the top are under ""."""
        below: dict[str, list[Unit]] = {}
        for unit in self.listed:
            below.setdefault(unit.parent if unit.parent in self.by_id else "", []).append(unit)
        return MappingProxyType({key: tuple(units) for key, units in below.items()})

    def above(self, unit: Unit) -> Iterable[Unit]:
        """The units over one, the nearest first."""
        seen = {unit.id}
        while (found := self.by_id.get(unit.parent)) is not None and found.id not in seen:
            seen.add(found.id)
            yield found
            unit = found

    def below(self, unit_id: str) -> Iterable[Unit]:
        """Every unit under one, itself not among them, in the order of the tree; "" is over all."""
        stack = list(reversed(self.children.get(unit_id, ())))
        seen: set[str] = set()
        while stack:
            unit = stack.pop()
            if unit.id not in seen:
                seen.add(unit.id)
                yield unit
                stack.extend(reversed(self.children.get(unit.id, ())))
