"""What the board says of each unit, in words, and which units it lists: branches, filters, order.

Knows the sentences of a row (「28 格没读到」, 「有 1 份可能是它的文件」) and what counts as 变动大. Derives everything
from one roll-up and a day, a row when it is first looked at, so that ten thousand units cost no more than are seen.
Knows no widget.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from gxeditor.core.report import Entry
from gxeditor.core.rollup.project import Received, Rollup, State
from gxeditor.core.rollup.sums import Counts, counts, remaining, why_out
from gxeditor.core.rollup.units import Unit, UnitKind

NEW, TOTAL, CARRIED = (
    "requests.received.total",
    "requests.handled.total.total",
    "requests.carried_forward.total",
)
ALL, ZERO, MOVED = "all", "zero", "moved"
FILTERS: tuple[tuple[str, str], ...] = (
    (ALL, "全部"),
    (State.MISSING.name, "未交"),
    (State.UNCLAIMED.name, "未认领"),
    (State.INCOMPLETE.name, "读不全"),
    (State.CHANGED.name, "文件已变"),
    (State.RETURNED.name, "已退回"),
    (State.ERRORS.name, "有错误"),
    (State.QUERIES.name, "有疑问"),
    (State.USABLE.name, "可用"),
    (ZERO, "零报告"),
    (MOVED, "变动大"),
)
"""The filters of the board in their order, by key, with the word for the clerk."""
_MOVED_BY, _MOVED_PART = 10, 4
"""变动大: so many requests more or fewer than last year, and at least a quarter of last year's."""
COLUMNS = ("unit", "state", "found", "new", "total", "carried", "change", "came", "due", "left")
HEADINGS = ("单位", "状态", "错误 / 疑问", "新收", "总计", "结转", "与上年", "收到", "期限", "剩余")


class Row(NamedTuple):
    """What stands in a row. Figures are None where nothing was read; `said` stands in place of the findings, `instead`
    in place of when it came; `late` says that the day is past."""

    unit: Unit
    state: State
    errors: int
    queries: int
    said: str
    new: Entry | None
    total: Entry | None
    carried: Entry | None
    change: int | None
    came: str
    instead: str
    due: str
    left: str
    late: bool
    one: Received | None

    def words(self) -> tuple[str, ...]:
        """The row as texts, a column each: what is copied, and what a screen reader says."""
        found = self.said or "，".join(
            f"{count} 个{word}" for count, word in ((self.errors, "错误"), (self.queries, "疑问")) if count
        )
        figures = (self.new, self.total, self.carried)
        return (
            self.unit.name, self.state.value, found, *("" if one is None else str(one) for one in figures),
            signed(self.change), self.instead or self.came, self.due, self.left,
        )  # fmt: skip


def signed(change: int | None) -> str:
    """A difference with its sign, as printed: ＋19, －2, 0."""
    return "" if change is None else "0" if not change else f"{'＋' if change > 0 else '－'}{abs(change)}"


def said_day(day: str) -> str:
    """「1 月 23 日」 of an ISO date, "" of anything else."""
    try:
        found = date.fromisoformat(day[:10])
    except ValueError:
        return ""
    return f"{found.month} 月 {found.day} 日"


def said_moment(moment: str) -> str:
    """「1 月 20 日 11:17」 of an ISO moment, "" of anything else."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return ""
    return f"{found.month} 月 {found.day} 日 {found:%H:%M}"


@dataclass(frozen=True)
class Listing:
    """The units of one roll-up as the board lists them on a day; `reading` are the paths being read again."""

    rollup: Rollup
    today: date
    reading: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", {})

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units that have a row: all who report, and all who are exempt, but no heading and no mere parent.

        A parent whose own report is only compared has one once that report is there: nobody waits for it here.
        """
        rollup = self.rollup
        return tuple(
            unit
            for unit in rollup.units.listed
            if unit.kind is not UnitKind.GROUP
            and (rollup.is_added(unit) or unit.id not in rollup.parents or unit.id in rollup.of_unit)
        )

    def below(self, branch: str) -> Sequence[Unit]:
        """Those of a branch, itself among them; "" is all."""
        if not branch:
            return self.units
        within = self._within(branch)
        return [unit for unit in self.units if unit.id in within]

    def _within(self, branch: str) -> set[str]:
        return {branch, *(unit.id for unit in self.rollup.units.below(branch))}

    def fits(self, unit: Unit, key: str) -> bool:
        """Whether a filter of `FILTERS` lets it through.

        All but that of all are about those who have to report alone, as every count is: not about one whose report is
        only compared.
        """
        if key == ALL:
            return unit.reports_in(self.rollup.year)
        if unit.id not in self._must:
            return False
        if key == ZERO:
            return unit.id in self._entered and self.rollup.used[unit.id].is_all_zero
        if key == MOVED:
            return self.has_moved(unit)
        return self.rollup.state(unit).name == key

    @cached_property
    def _must(self) -> frozenset[str]:
        return frozenset(unit.id for unit in self.rollup.must)

    @cached_property
    def _entered(self) -> frozenset[str]:
        return frozenset(unit.id for unit in self.rollup.entered)

    def listed(self, branch: str, key: str, wanted: str = "") -> list[Unit]:
        """The units of a branch that a filter lets through and in whose name every word of `wanted` stands.

        Exempt ones are listed only where the branch has none but them, or where they are searched for.
        """
        words = wanted.casefold().split()
        below = self.below(branch)
        if words:
            below = [unit for unit in below if _is_found(unit, words)]
        exempt_too = key == ALL and (bool(words) or not any(self.fits(unit, ALL) for unit in below))
        return [unit for unit in below if exempt_too or self.fits(unit, key)]

    def numbers(self, branch: str) -> Mapping[str, int]:
        """How many of those who have to report each filter lets through in a branch, by its key.

        They are the counts of `core.rollup.sums`, which stand in every export.
        """
        counted = self.branches[branch]
        moved = sum(1 for unit in self.below(branch) if self.fits(unit, MOVED))
        states = {state.name: count for state, count in counted.states.items()}
        return Counter({**states, ALL: counted.of, ZERO: counted.zeros, MOVED: moved})

    @property
    def branches(self) -> Mapping[str, Counts]:
        """How many are in which state, of every unit with those below it, by its id; of all under ""."""
        return counts(self.rollup)

    # --- a row

    def row(self, unit: Unit) -> Row:
        """What stands in the row of a unit."""
        rows: dict[str, Row] = self._rows  # type: ignore[attr-defined]
        if unit.id not in rows:
            rows[unit.id] = self._row(unit)
        return rows[unit.id]

    def _row(self, unit: Unit) -> Row:
        rollup, state = self.rollup, self.rollup.state(unit)
        one = rollup.used.get(unit.id)
        of_unit = rollup.of_unit.get(unit.id, ())
        shown = one if one is not None else next((r for r in of_unit if r.problem), None)
        if shown is None:
            shown = next((r for r in of_unit if rollup.is_of_this(r) and r.decided == "hold"), None)
        new = self._figure(one, NEW)
        due = rollup.due_of(unit) if state is not State.EXEMPT else ""
        owed = remaining(rollup, unit, self.today)
        return Row(
            unit,
            state,
            one.count("error") if one is not None else 0,
            one.count("query") if one is not None else 0,
            self._said(state, one),
            new,
            self._figure(one, TOTAL),
            self._figure(one, CARRIED),
            self.change(unit),
            said_moment(shown.received) if shown is not None else "",
            self._instead(unit, state, of_unit),
            said_day(due),
            owed.words if owed is not None else self._why_out(unit),
            owed is not None and owed.is_late,
            shown,
        )

    def _figure(self, one: Received | None, cell: str) -> Entry | None:
        place = self.rollup.places.get(cell)
        return (
            one.values[place] if one is not None and place is not None and place < len(one.values) else None
        )

    def _said(self, state: State, one: Received | None) -> str:
        if one is None:
            return ""
        if state is State.CHANGED:
            return "正在重读" if one.path in self.reading else "还没有重读"
        if state is State.INCOMPLETE:
            return f"{len(one.unread)} 格没读到" if one.unread else f"{len(one.doubts)} 格不确定"
        return ""

    def _instead(self, unit: Unit, state: State, of_unit: Sequence[Received]) -> str:
        if state is State.UNCLAIMED:
            several = [
                r for r in of_unit if self.rollup.is_of_this(r) and r.decided not in ("hold", "reject")
            ]
            if several:
                return f"有 {len(several)} 份不同的文件，请选一份"
            count = sum(1 for one in self.rollup.waiting if unit.id in one.candidates)
            return f"有 {count} 份可能是它的文件"
        if state is State.INCOMPLETE and unit.id not in self.rollup.used:
            return next((r.problem for r in of_unit if r.problem), "")
        if unit.id not in self.rollup.used and any(
            r.decided == "hold" and self.rollup.is_of_this(r) for r in of_unit
        ):
            return "有一份，您搁置了"
        return ""

    def _why_out(self, unit: Unit) -> str:
        """Why a report that is there is not in the sum, "" of any other."""
        if unit.id not in self.rollup.used or unit.id in self._entered:
            return ""
        return why_out(self.rollup, unit) if unit.id in self._must else "只比对，不计入"

    def change(self, unit: Unit) -> int | None:
        """How many requests more than last year, None where either is not known."""
        rollup = self.rollup
        before = rollup.prior.values.get(unit.id) if rollup.prior is not None else None
        one, place = rollup.used.get(unit.id), rollup.places.get(NEW)
        if before is None or one is None or place is None:
            return None
        now, then = one.values[place], before[place] if place < len(before) else None
        return now - then if isinstance(now, int) and isinstance(then, int) else None

    def has_moved(self, unit: Unit) -> bool:
        """变动大: ten requests more or fewer than last year, and a quarter of last year's."""
        change = self.change(unit)
        if change is None or abs(change) < _MOVED_BY:
            return False
        one = self.rollup.used[unit.id]
        now = one.values[self.rollup.places[NEW]]
        return isinstance(now, int) and abs(change) * _MOVED_PART >= now - change

    # --- order

    def ordered(self, units: Iterable[Unit], column: str = "state", descending: bool = False) -> list[Unit]:
        """These in the order of a column; by state in the order in which they need a hand."""
        if column == "state":
            order = list(State)
            return sorted(units, key=lambda unit: order.index(self.rollup.state(unit)), reverse=descending)
        return sorted(units, key=self._keys(column), reverse=descending)

    def _keys(self, column: str) -> Callable[[Unit], tuple[object, ...]]:
        """What a column is sorted by; what is not known comes first."""
        rows = self.row
        if column in ("new", "total", "carried", "change"):
            return lambda unit: _number_key(getattr(rows(unit), column))
        if column == "found":
            return lambda unit: (rows(unit).errors, rows(unit).queries)
        if column == "came":
            return lambda unit: ((one := rows(unit).one) is not None, one.received if one is not None else "")
        if column in ("due", "left"):
            return lambda unit: (self.rollup.due_of(unit),)
        return lambda unit: (unit.name,)

    # --- files that no unit has

    @cached_property
    def waiting(self) -> tuple[Received, ...]:
        """The files for which a person has to name the unit."""
        return self.rollup.waiting

    @cached_property
    def others(self) -> tuple[Received, ...]:
        """The files that are of another year or edition, whoever they are of, and so are not added."""
        return tuple(r for r in self.rollup.received if r.decided != "reject" and self._is_other(r))

    def _is_other(self, one: Received) -> bool:
        return one.is_report and not self.rollup.is_of_this(one)

    def about(self, one: Received) -> str:
        """What is to be said of such a file, in a sentence."""
        rollup = self.rollup
        if self._is_other(one):
            if one.year != rollup.year:
                year = f"是 {one.year} 年" if one.year else "没有写年份"
                return f"文件里{year}，本汇总是 {rollup.year} 年，没有计入"
            return "是另一种格式的年报，没有计入"
        names = [
            short_name(rollup.units.by_id[key].name, rollup.owner)
            for key in one.candidates
            if key in rollup.units.by_id
        ]
        if names:
            return f"可能是 {'，也可能是 '.join(names[:3])}{f' 等 {len(names)} 家' if len(names) > 3 else ''}"
        return one.problem or one.why_not or "名单里没有这个名称"


def _number_key(value: object) -> tuple[object, ...]:
    if isinstance(value, str) or value is None:
        return (False, 0)
    return (True, value)


def _is_found(unit: Unit, words: Sequence[str]) -> bool:
    text = " ".join((unit.name, unit.code, *(alias.name for alias in unit.aliases))).casefold()
    return all(word in text for word in words)


def short_name(name: str, owner: str) -> str:
    """A unit's name without the area's, which stands over all of them."""
    rest = name.removeprefix(owner)
    return rest if owner and len(rest) > 1 else name
