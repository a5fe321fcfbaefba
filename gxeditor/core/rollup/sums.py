"""What a roll-up adds up to: every cell with how many units are in it, where it comes from, and last year's beside it.

Knows the words for an incomplete sum (「49 家中 47 家」), which are written here and nowhere else, adjustments, the
units that make up a sum, the same units last year, what changed in the list of units, and how many units are in which
state: the one count for the window and for everything that is written. A blank is no zero and a text such as “/” no
number: such a unit is not in the sum of that cell, and named. Does not judge: what does not agree is `checks`.

Decisions of its own: an automatic total is not reckoned anew, its sum is that of the totals reported, so a unit's
mistake stays to be seen; an adjustment is one of a single cell, and what totals it moves is asked for by
`totals_of`. An adjustment that concerns no unit counts for every scope and for no single branch.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple
from weakref import WeakKeyDictionary

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Explanation
from gxeditor.core.rollup.project import Adjustment, Received, Rollup, State, Twice
from gxeditor.core.rollup.units import Scope, Unit, UnitKind
from gxeditor.core.year_beside import change, rate

Number = int | Decimal

_DIGITS = 400
"""Of a sum: a cell may hold thirty before and thirty behind the point, ten thousand times, and is never rounded."""
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_DELTAS: Mapping[str, Number] = MappingProxyType({})


# --- the words


def completeness(units: int, of: int) -> str:
    """How many of those who must report are in: 「49 家中 47 家」, 「49 家全部」."""
    if not of:
        return "还没有应报的单位"
    return f"{of} 家全部" if units == of else f"{of} 家中 {units} 家"


def total_name(units: int, of: int, what: str = "合计") -> str:
    """How a sum is called: 「合计（49 家中 47 家）」, never 「合计」 alone; `what` is its noun (小计)."""
    return f"{what}（{completeness(units, of)}）"


# --- sums


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of one cell.

    `value` is None while no unit is in it. `units` entered it, of the `of` that have to report; `blank` are the ids of
    those whose report has no number there, `texts` what stands in its place, for those that have a text. `adjusted` is
    what adjustments add, which `value` contains; None if there is none (two may come to 0).
    """

    value: Number | None
    units: int
    of: int
    blank: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    adjusted: Number | None = None

    @property
    def is_complete(self) -> bool:
        return self.units == self.of

    @property
    def completeness(self) -> str:
        return completeness(self.units, self.of)

    @property
    def name(self) -> str:
        return total_name(self.units, self.of)


_KEPT: WeakKeyDictionary[Rollup, dict[tuple[object, ...], object]] = WeakKeyDictionary()
"""What was reckoned of a roll-up, while it lives: window and every export ask the same."""


def in_scope(rollup: Rollup, scope: Scope) -> Rollup:
    """The same roll-up with sums of this scope; itself if it has it."""
    if rollup.scope is scope:
        return rollup
    kept = _KEPT.setdefault(rollup, {})
    if (found := kept.get(("scope", scope))) is None:
        found = kept["scope", scope] = replace(rollup, scope=scope)
    assert isinstance(found, Rollup)
    return found


def sums(rollup: Rollup, under: str = "", with_adjustments: bool = True) -> Mapping[str, Sum]:
    """The sum of every cell, by its id, over the units of the scope; with `under` only of a unit and those below it."""
    kept = _KEPT.setdefault(rollup, {})
    key = ("sums", under, with_adjustments)
    if (found := kept.get(key)) is None:
        if with_adjustments:
            found = _adjusted(sums(rollup, under, False), _deltas(adjustments_of(rollup, under)))
        else:
            of, entered = _branch(rollup, under)
            found = _add(rollup, entered, len(of))
        kept[key] = found
    assert isinstance(found, Mapping)
    return found


def _branch(rollup: Rollup, under: str) -> tuple[Sequence[Unit], Sequence[Unit]]:
    """Those who have to report in a branch, and those of them who are in."""
    if not under:
        return rollup.must, rollup.entered
    must, inside = _members(rollup)
    top = rollup.units.by_id.get(under)
    of = [u for u in (*((top,) if top is not None else ()), *rollup.units.below(under)) if u.id in must]
    return of, [unit for unit in of if unit.id in inside]


def _members(rollup: Rollup) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of `must` and of `entered`: a branch is as cheap as it is small, however many there are."""
    kept = _KEPT.setdefault(rollup, {})
    if (found := kept.get(("members",))) is None:
        found = kept["members",] = (
            frozenset(unit.id for unit in rollup.must),
            frozenset(unit.id for unit in rollup.entered),
        )
    assert isinstance(found, tuple)
    return found


def _add(rollup: Rollup, units: Sequence[Unit], of: int) -> Mapping[str, Sum]:
    """Column by column, so that what is added are tuples of figures: ten thousand reports are two million of them."""
    cells = tuple(rollup.form.cells)
    rows = [_whole(rollup.used[unit.id], len(cells)) for unit in units]
    columns: Iterable[tuple[Entry | None, ...]] = zip(*rows, strict=True) if rows else ((),) * len(cells)
    with localcontext() as exact:
        exact.prec = _DIGITS
        return MappingProxyType(
            {cell: _sum(column, units, of) for cell, column in zip(cells, columns, strict=True)}
        )


def _whole(received: Received, cells: int) -> tuple[Entry | None, ...]:
    """Its figures, as many as the form has cells: what a damaged file lacks is blank."""
    values = received.values
    return values if len(values) == cells else (values + (None,) * cells)[:cells]


def _sum(column: tuple[Entry | None, ...], units: Sequence[Unit], of: int) -> Sum:
    blank: tuple[str, ...] = ()
    texts = _NOTHING
    count = len(column)
    try:
        value: Number = sum(column)  # type: ignore[arg-type]
    except TypeError:
        odd = [i for i, entry in enumerate(column) if entry is None or isinstance(entry, str)]
        blank = tuple(units[i].id for i in odd)
        texts = MappingProxyType({units[i].id: str(column[i]) for i in odd if column[i] is not None})
        numbers = list(column)
        for i in odd:
            numbers[i] = 0
        value = sum(numbers)  # type: ignore[arg-type]
        count -= len(blank)
    return Sum(value if count else None, count, of, blank, texts)


def _adjusted(plain: Mapping[str, Sum], deltas: Mapping[str, Number]) -> Mapping[str, Sum]:
    found = dict(plain)
    with localcontext() as exact:
        exact.prec = _DIGITS
        for cell, delta in deltas.items():
            value = plain[cell].value
            found[cell] = replace(plain[cell], value=None if value is None else value + delta, adjusted=delta)
    return MappingProxyType(found)


# --- adjustments


def adjustments_of(rollup: Rollup, under: str = "") -> tuple[Adjustment, ...]:
    """The adjustments that count for the scope, or for a branch; not those of a cell that the form has not."""
    if not rollup.adjustments:
        return ()
    ids = {under, *(unit.id for unit in rollup.units.below(under))} if under else None
    found = []
    for one in rollup.adjustments:
        if one.cell not in rollup.form.cells or isinstance(one.delta, str):
            continue
        unit = rollup.units.by_id.get(one.unit)
        if ids is not None and one.unit not in ids:
            continue
        if unit is None or rollup.is_in_scope(unit):
            found.append(one)
    return tuple(found)


def _deltas(adjustments: Iterable[Adjustment]) -> Mapping[str, Number]:
    deltas: dict[str, Number] = {}
    with localcontext() as exact:
        exact.prec = _DIGITS
        for one in adjustments:
            if not isinstance(one.delta, str):
                deltas[one.cell] = deltas.get(one.cell, 0) + one.delta
    return deltas


class Decision(NamedTuple):
    """What a person adjusted at once: one reason, one basis, and all the cells that it moves."""

    rows: tuple[Adjustment, ...]

    @property
    def first(self) -> Adjustment:
        return self.rows[0]


def decisions(adjustments: Iterable[Adjustment]) -> tuple[Decision, ...]:
    """The adjustments by what was decided, in order: the same unit, reason, basis and day is one (「调整 1 条」)."""
    found: dict[tuple[str, ...], list[Adjustment]] = {}
    for one in adjustments:
        found.setdefault((one.unit, one.reason, one.basis, one.day), []).append(one)
    return tuple(Decision(tuple(rows)) for rows in found.values())


def totals_of(form: Form, cell: str) -> tuple[str, ...]:
    """The totals that a cell is part of, directly or through others, in the form's order."""
    found: set[str] = set()
    waiting = [cell]
    while waiting:
        part = waiting.pop()
        for table in form.tables:
            for total, parts in table.sums:
                if part in parts and total.id not in found:
                    found.add(total.id)
                    waiting.append(total.id)
    return tuple(cell for cell in form.cells if cell in found)


class Gap(NamedTuple):
    """An equation that adjustments disturb: its total, and what they add to it and to its parts."""

    total: str
    parts: tuple[str, ...]
    stated: Number
    added: Number


def disturbed(
    rollup: Rollup, balances: Iterable[tuple[Sequence[str], Sequence[str]]] = ()
) -> tuple[Gap, ...]:
    """The equations that held before the adjustments and hold no longer, whatever the reports say.

    They are the sums of the form; `balances` are further ones, the cells of their left and of their right side
    (一＋二＝三＋四): of those the last cell on the right is named as the total.
    """
    deltas = _deltas(adjustments_of(rollup))
    gaps = []
    with localcontext() as exact:
        exact.prec = _DIGITS
        for table in rollup.form.tables:
            for total, parts in table.sums:
                stated, added = deltas.get(total.id, 0), sum(deltas.get(part, 0) for part in parts)
                if stated != added:
                    gaps.append(Gap(total.id, tuple(parts), stated, added))
        for left, right in balances:
            one, other = (sum(deltas.get(cell, 0) for cell in side) for side in (left, right))
            if one != other:
                *rest, total_id = right
                less = sum(deltas.get(cell, 0) for cell in rest)
                gaps.append(Gap(total_id, (*left, *rest), other - less, one - less))
    return tuple(gaps)


# --- what a sum is made of


class Contribution(NamedTuple):
    """A unit in a sum: its value, the share of all that is reported (a fraction), the same cell of it last year.

    `value` is None of one that is not in the sum; `text` is then what stands in its report, or why there is none.
    """

    unit: Unit
    value: Number | None
    share: Decimal | None = None
    prior: Number | None = None
    text: str = ""


@dataclass(frozen=True)
class Contributions:
    """All that a sum is made of.

    `rows` are the units with a number other than 0, the largest first; `zeros` those with 0; `blank` those whose report
    has no number there; `missing` those of whom no report counts. `subtotal` is what the reports come to, None if none
    is in; `prior_subtotal` what the same units (those of `rows` and `zeros`) had last year, None without any.
    `year` compares the units that have a number in both years, None without last year's roll-up.
    """

    cell: str
    sum: Sum
    rows: tuple[Contribution, ...]
    zeros: tuple[Contribution, ...]
    blank: tuple[Contribution, ...]
    missing: tuple[Contribution, ...]
    adjustments: tuple[Adjustment, ...]
    subtotal: Number | None
    prior_subtotal: Number | None
    year: YearSum | None


def contributions(rollup: Rollup, cell: str, under: str = "", with_adjustments: bool = True) -> Contributions:
    """What the sum of a cell is made of, in the scope or a branch. KeyError: the form has no such cell."""
    place = rollup.places[cell]
    all_sums = sums(rollup, under, with_adjustments)
    plain = sums(rollup, under, False)[cell]
    last, mates = last_year(rollup), pairs(rollup)
    of, entered = _branch(rollup, under)
    inside = {unit.id for unit in entered}

    def prior_of(unit: Unit) -> Number | None:
        if last is None or (mate := mates.then_of.get(unit.id)) is None or mate not in last.used:
            return None
        return _number(_at(last.used[mate].values, place))

    rows, zeros, blank, missing = [], [], [], []
    for unit in of:
        prior = prior_of(unit)
        if unit.id not in inside:
            missing.append(Contribution(unit, None, None, prior, why_out(rollup, unit)))
            continue
        entry = _at(rollup.used[unit.id].values, place)
        value = _number(entry)
        if value is None:
            blank.append(Contribution(unit, None, None, prior, "" if entry is None else str(entry)))
        elif value:
            rows.append(Contribution(unit, value, _share(value, plain.value), prior))
        else:
            zeros.append(Contribution(unit, value, None, prior))
    rows.sort(key=lambda one: -one.value if one.value is not None else 0)
    priors = [one.prior for one in (*rows, *zeros) if one.prior is not None]
    year = years(rollup, under, with_adjustments)
    with localcontext() as exact:
        exact.prec = _DIGITS
        prior_subtotal = sum(priors) if priors else None
    return Contributions(
        cell,
        all_sums[cell],
        tuple(rows),
        tuple(zeros),
        tuple(blank),
        tuple(missing),
        tuple(a for a in adjustments_of(rollup, under) if a.cell == cell) if with_adjustments else (),
        plain.value,
        prior_subtotal,
        year[cell] if year is not None else None,
    )


def _at(values: tuple[Entry | None, ...], place: int) -> Entry | None:
    return values[place] if place < len(values) else None


def _number(entry: Entry | None) -> Number | None:
    return None if entry is None or isinstance(entry, str) else entry


def _share(value: Number, of: Number | None) -> Decimal | None:
    return Decimal(value) / Decimal(of) if of else None


def why_out(rollup: Rollup, unit: Unit) -> str:
    """Why no report of a unit counts, in a word or two: 「未交」; "" if one does."""
    twice = rollup.twice.get(unit.id)
    if twice is not None:
        return twice_words(rollup, twice)
    if unit.id in rollup.used:
        return ""
    return rollup.state(unit).value


# --- what would count twice


def double_counted(rollup: Rollup) -> tuple[Twice, ...]:
    """The units that are not added, because what they report is added through others, in the order of the list."""
    return tuple(rollup.twice[unit.id] for unit in rollup.units.listed if unit.id in rollup.twice)


def twice_words(rollup: Rollup, twice: Twice) -> str:
    """Why such a unit is not added: 「与松塘县教育局是同一份文件」."""
    names = [rollup.units.by_id[one].name for one in twice.by]
    if twice.why == "area":
        return f"下面 {len(names)} 家各自计入"
    return f"与{names[0]}是同一份文件" if twice.why == "file" else "名单里重复"


# --- last year


def last_year(rollup: Rollup) -> Rollup | None:
    """Last year's roll-up with the same scope, as far as this one keeps it.

    None if there is none, or if it is on another edition of the form, whose cells are others.
    """
    prior = rollup.prior
    if prior is None or prior.edition != rollup.form.edition:
        return None
    kept = _KEPT.setdefault(rollup, {})
    if (found := kept.get(("last",))) is None:
        received = tuple(
            Received(f"{prior.year}/{unit}", unit=unit, year=prior.year, edition=prior.edition, values=values)
            for unit, values in prior.values.items()
        )
        found = kept["last",] = Rollup(
            rollup.form,
            year=prior.year,
            owner=prior.owner,
            scope=rollup.scope,
            units=prior.units,
            received=received,
            adjustments=prior.adjustments,
        )
    assert isinstance(found, Rollup)
    return found


@dataclass(frozen=True)
class Pairs:
    """Which unit of this year's list is which of last year's: `then_of` by this year's id."""

    then_of: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @cached_property
    def now_of(self) -> Mapping[str, str]:
        return MappingProxyType({then: now for now, then in self.then_of.items()})


def pairs(rollup: Rollup) -> Pairs:
    """The units that are on both lists, known by code, by id and name, by name, by a former name: one reason is enough,
    but it has to fit one unit on either side. An id alone is none: lists read from a file count theirs anew.
    """
    last = last_year(rollup)
    if last is None:
        return Pairs()
    kept = _KEPT.setdefault(rollup, {})
    if (found := kept.get(("pairs",))) is None:
        found = kept["pairs",] = Pairs(MappingProxyType(_pair(rollup, last)))
    assert isinstance(found, Pairs)
    return found


def _pair(now: Rollup, then: Rollup) -> dict[str, str]:
    ours, theirs = (
        {unit.id: unit for unit in one.units.listed if unit.kind is not UnitKind.GROUP} for one in (now, then)
    )
    found: dict[str, str] = {}

    def take(one: Mapping[str, Iterable[object]], other: Mapping[str, Iterable[object]]) -> None:
        """Pairs what has a key in common, if that is true of one unit on either side only."""
        mine, its = _by_key(one), _by_key(other)
        taken = set(found.values())
        fits: dict[str, set[str]] = {}
        fitted: dict[str, set[str]] = {}
        for key, several in mine.items():
            units = [unit for unit in several if unit not in found]
            mates = [mate for mate in its.get(key, ()) if mate not in taken]
            if len(units) > _ENOUGH or len(mates) > _ENOUGH:
                continue
            for unit in units:
                for mate in mates:
                    if _may_be(ours[unit], theirs[mate]):
                        fits.setdefault(unit, set()).add(mate)
                        fitted.setdefault(mate, set()).add(unit)
        for unit, fitting in fits.items():
            if len(fitting) == 1 and len(fitted[mate := next(iter(fitting))]) == 1:
                found[unit] = mate

    for way in (_by_code, _by_id, _by_name, _by_id_elsewhere, _by_alias):
        take(
            *(
                {unit.id: way(one, unit) for unit in its.values()}
                for one, its in ((now, ours), (then, theirs))
            )
        )
    if not any(_over(now, unit) for unit in ours.values()) or not any(
        _over(then, u) for u in theirs.values()
    ):
        # One of the lists has no tree, so nothing is known of what stands under whom.
        take(*({unit.id: [_plain(unit.name)] for unit in its.values()} for its in (ours, theirs)))
    return found


def _by_code(_: Rollup, unit: Unit) -> list[object]:
    return [unit.code.strip()] if unit.code.strip() else []


def _by_id(rollup: Rollup, unit: Unit) -> list[object]:
    return [(unit.id, _plain(unit.name), _over(rollup, unit))]


def _by_name(rollup: Rollup, unit: Unit) -> list[object]:
    return [(_plain(unit.name), _over(rollup, unit))]


def _by_id_elsewhere(_: Rollup, unit: Unit) -> list[object]:
    return [(unit.id, _plain(unit.name))]


def _by_alias(rollup: Rollup, unit: Unit) -> list[object]:
    over = _over(rollup, unit)
    return [(one, over) for one in {_plain(unit.name), *(_plain(alias.name) for alias in unit.aliases)}]


def _by_key(keys: Mapping[str, Iterable[object]]) -> dict[object, list[str]]:
    units: dict[object, list[str]] = {}
    for unit, several in keys.items():
        for key in several:
            units.setdefault(key, []).append(unit)
    return units


def _may_be(one: Unit, other: Unit) -> bool:
    """Whether nothing speaks against two being one: two codes that differ do."""
    return not one.code.strip() or not other.code.strip() or one.code.strip() == other.code.strip()


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _over(rollup: Rollup, unit: Unit) -> str:
    """The name of the body that a unit stands under; of the owner at the top."""
    over = next((one.name for one in rollup.units.above(unit) if one.kind is not UnitKind.GROUP), "")
    return _plain(over)


_ENOUGH = 20
"""Units of one name that are told apart by their codes; of more (ten thousand 教育局) none is paired by that name."""


class YearSum(NamedTuple):
    """A cell in both years: over all units, each with its own completeness, and over the same ones.

    `same` counts the units that have a number in both years; `now_same` and `then_same` are theirs, None if there are
    none, adjustments included that concern none or one of them.
    """

    now: Sum
    then: Sum
    same: int
    now_same: Number | None
    then_same: Number | None

    @property
    def difference(self) -> Number | None:
        """Over the same units: what else differs is who reported."""
        return change(self.now_same, self.then_same)

    @property
    def rate(self) -> Decimal | None:
        """In per cent of last year's, over the same units."""
        return rate(self.now_same, self.then_same)

    @property
    def difference_of_all(self) -> Number | None:
        return change(self.now.value, self.then.value)

    @property
    def rate_of_all(self) -> Decimal | None:
        return rate(self.now.value, self.then.value)

    @property
    def is_of_the_same(self) -> bool:
        """Whether both sums are over the same units, so that both ways to compare agree."""
        return self.same == self.now.units == self.then.units


def years(rollup: Rollup, under: str = "", with_adjustments: bool = True) -> Mapping[str, YearSum] | None:
    """Every cell in both years, by its id; None if last year's roll-up cannot be compared."""
    last = last_year(rollup)
    if last is None:
        return None
    kept = _KEPT.setdefault(rollup, {})
    key = ("years", under, with_adjustments)
    if (found := kept.get(key)) is None:
        found = kept[key] = _years(rollup, last, under, with_adjustments)
    assert isinstance(found, Mapping)
    return found


def _years(rollup: Rollup, last: Rollup, under: str, with_adjustments: bool) -> Mapping[str, YearSum]:
    then_of = pairs(rollup).then_of
    then_under = then_of.get(under, "") if under else ""
    now = sums(rollup, under, with_adjustments)
    then = sums(last, then_under, with_adjustments) if then_under or not under else _add(last, (), 0)
    ids = {unit.id for unit in last.entered}
    both = [unit for unit in _branch(rollup, under)[1] if then_of.get(unit.id) in ids]
    cells = tuple(rollup.form.cells)
    ours = [_whole(rollup.used[unit.id], len(cells)) for unit in both]
    theirs = [_whole(last.used[then_of[unit.id]], len(cells)) for unit in both]
    our_deltas = their_deltas = _NO_DELTAS
    if with_adjustments:
        none = () if under else ("",)  # one that concerns no unit counts for no branch
        same = {*none, *(unit.id for unit in both)}
        their_same = {*none, *(then_of[unit.id] for unit in both)}
        our_deltas = _deltas(a for a in adjustments_of(rollup) if a.unit in same)
        their_deltas = _deltas(a for a in adjustments_of(last) if a.unit in their_same)
    found = {}
    with localcontext() as exact:
        exact.prec = _DIGITS
        empty: Iterable[tuple[Entry | None, ...]] = ((),) * len(cells)
        for cell, mine, its in zip(
            cells,
            zip(*ours, strict=True) if ours else empty,
            zip(*theirs, strict=True) if theirs else empty,
            strict=True,
        ):
            count = len(mine)
            try:
                now_same: Number | None = sum(mine)
                then_same: Number | None = sum(its)
            except TypeError:
                numbers = [
                    (one, other)
                    for one, other in zip(mine, its, strict=True)
                    if isinstance(one, (int, Decimal)) and isinstance(other, (int, Decimal))
                ]
                now_same, then_same = (sum(one for one, _ in numbers), sum(other for _, other in numbers))
                count = len(numbers)
            if count and now_same is not None and then_same is not None:
                now_same += our_deltas.get(cell, 0)
                then_same += their_deltas.get(cell, 0)
            else:
                now_same = then_same = None
            found[cell] = YearSum(now[cell], then[cell], count, now_same, then_same)
    return MappingProxyType(found)


class KindChange(NamedTuple):
    """How many units of a kind have to report, this year and last, which came and which went."""

    kind: UnitKind
    now: int
    then: int
    came: tuple[Unit, ...]
    went: tuple[Unit, ...]


@dataclass(frozen=True)
class UnitChanges:
    """What changed in the list of those who have to report (决算: the number of units and why it changed).

    `came` are only on this year's list, `went` only on last year's; `renamed` are on both under other names, this
    year's first. `now` and `then` count each list.
    """

    kinds: tuple[KindChange, ...]
    came: tuple[Unit, ...]
    went: tuple[Unit, ...]
    renamed: tuple[tuple[Unit, Unit], ...]
    now: int
    then: int

    @property
    def words(self) -> str:
        """「应报 50 家，上年 49 家，增加 1 家：新增 3 家，减少 2 家。」"""
        more = self.now - self.then
        changed = f"增加 {more} 家" if more > 0 else f"减少 {-more} 家" if more else "家数没有变"
        if not self.came and not self.went:
            return f"应报 {self.now} 家，与上年相同。"
        parts = [f"新增 {len(self.came)} 家"] * bool(self.came) + [f"减少 {len(self.went)} 家"] * bool(
            self.went
        )
        return f"应报 {self.now} 家，上年 {self.then} 家，{changed}：{'，'.join(parts)}。"


def unit_changes(rollup: Rollup) -> UnitChanges | None:
    """What changed in the list against last year's; None if there is no last year's to compare."""
    last = last_year(rollup)
    if last is None:
        return None
    mates = pairs(rollup)
    must = {unit.id for unit in rollup.must}
    then_must = {unit.id for unit in last.must}
    came = tuple(unit for unit in rollup.must if mates.then_of.get(unit.id) not in then_must)
    went = tuple(unit for unit in last.must if mates.now_of.get(unit.id) not in must)
    renamed = tuple(
        (unit, then)
        for unit in rollup.must
        if (then := last.units.by_id.get(mates.then_of.get(unit.id, ""))) is not None
        and then.id in then_must
        and _plain(then.name) != _plain(unit.name)
    )
    kinds = []
    for kind in UnitKind:
        now, then_count = (sum(1 for u in one.must if u.kind is kind) for one in (rollup, last))
        if now or then_count:
            kinds.append(
                KindChange(
                    kind,
                    now,
                    then_count,
                    tuple(u for u in came if u.kind is kind),
                    tuple(u for u in went if u.kind is kind),
                )
            )
    return UnitChanges(tuple(kinds), came, went, renamed, len(rollup.must), len(last.must))


UNITS_CHANGED = "H-12"
"""The rule that asks why a unit is on one year's list only."""


def change_address(unit: Unit, went: bool) -> str:
    """Where in `Rollup.explanations` stands why a unit came, or went."""
    return f"{UNITS_CHANGED}:{'went' if went else 'came'}:{unit.id}"


def change_reason(rollup: Rollup, unit: Unit, went: bool) -> str:
    """Why a unit is on one year's list only, as a person explained it; "" while nobody has."""
    said = rollup.explanations.get(change_address(unit, went))
    return said.reason if said is not None and said.values == (_plain(unit.name),) else ""


def with_change_reason(rollup: Rollup, unit: Unit, went: bool, reason: str) -> Rollup:
    """The roll-up with this explanation; "" takes it away."""
    explanations = dict(rollup.explanations)
    explanations.pop(change_address(unit, went), None)
    if reason:
        explanations[change_address(unit, went)] = Explanation(reason, (_plain(unit.name),))
    return replace(rollup, explanations=MappingProxyType(explanations))


# --- subtotals


class Subtotal(NamedTuple):
    """The sums of a part of the units: of a kind, or of a unit of the list and those below it (then `unit` is its id).

    `units` of it are in, of `of` that have to report.
    """

    name: str
    unit: str
    units: int
    of: int
    sums: Mapping[str, Sum]

    @property
    def label(self) -> str:
        """「县直部门小计（31 家中 28 家）」"""
        return total_name(self.units, self.of, f"{self.name}小计")


def by_kind(rollup: Rollup) -> tuple[Subtotal, ...]:
    """The subtotals by kind of unit, without adjustments, in the order of `UnitKind`; together they are all units."""
    found = []
    inside = {unit.id for unit in rollup.entered}
    for kind in UnitKind:
        of = [unit for unit in rollup.must if unit.kind is kind]
        entered = [unit for unit in of if unit.id in inside]
        if of:
            found.append(Subtotal(kind.value, "", len(entered), len(of), _add(rollup, entered, len(of))))
    return tuple(found)


def by_branch(rollup: Rollup, under: str = "") -> tuple[Subtotal, ...]:
    """The subtotals of the branches right under a unit, those of a single unit among them, without adjustments.

    A list with one unit at its top, which does not count itself, has its branches below that.
    """
    kept = _KEPT.setdefault(rollup, {})
    if (made := kept.get(("branches", under))) is None:
        made = kept["branches", under] = tuple(_by_branch(rollup, under))
    assert isinstance(made, tuple)
    return made


def _by_branch(rollup: Rollup, under: str) -> Iterator[Subtotal]:
    branches = rollup.units.children.get(under, ())
    if not under and len(branches) == 1 and not rollup.is_added(branches[0]):
        branches = rollup.units.children.get(branches[0].id, ()) or branches
    for unit in branches:
        of, entered = _branch(rollup, unit.id)
        if of:
            yield Subtotal(unit.name, unit.id, len(entered), len(of), sums(rollup, unit.id, False))


# --- counts


@dataclass(frozen=True)
class Counts:
    """How many units are in which state, of those who have to report; all of them, or those of a branch.

    `of` have to report (应报), `entered` of them are in the sum (已收); `states` has every state that occurs, `inside`
    those of who is in. The exempt are counted apart and are not in `of`. `zeros` of those in are reports of nothing
    (零报告). Of those who are not in, `unread` have a file that gave no figures.
    """

    of: int
    entered: int
    states: Mapping[State, int]
    inside: Mapping[State, int]
    zeros: int
    exempt: int
    unread: int = 0

    def count(self, state: State) -> int:
        return self.states.get(state, 0)

    @property
    def completeness(self) -> str:
        return completeness(self.entered, self.of)

    @property
    def words(self) -> str:
        """What the sum stands on, as the board says it below the tree."""
        said = f"合计现在是 {self.completeness}。" if self.of else "还没有应报的单位。"
        inside = [
            f"{count} 家{state.value}"
            for state in (State.ERRORS, State.RETURNED)
            if (count := self.inside.get(state, 0))
        ]
        missing, unclaimed = self.count(State.MISSING), self.count(State.UNCLAIMED)
        outside = [
            f"{word} {count} 家"
            for word, count in (
                ("未交", missing),
                ("未认领", unclaimed),
                ("没有读出来", self.unread),
                ("与别家重复", self.of - self.entered - missing - unclaimed - self.unread),
            )
            if count
        ]
        parts = ["其中 " + "、".join(inside) + "，暂计入"] * bool(inside)
        parts += ["、".join(outside) + "不在内"] * bool(outside)
        return said + ("；".join(parts) + "。" if parts else "")


def counts(rollup: Rollup) -> Mapping[str, Counts]:
    """The counts of every unit of the list with those below it, by its id; of all under "".

    Board, workbook, Word and PDF ask here, so that none of them can say another number.
    """
    kept = _KEPT.setdefault(rollup, {})
    if (found := kept.get(("counts",))) is None:
        found = kept["counts",] = MappingProxyType(_counts(rollup))
    assert isinstance(found, Mapping)
    return found


def _counts(rollup: Rollup) -> dict[str, Counts]:
    of: dict[str, int] = {}
    entered: dict[str, int] = {}
    zeros: dict[str, int] = {}
    exempt: dict[str, int] = {}
    unread: dict[str, int] = {}
    states: dict[str, dict[State, int]] = {}
    of_entered: dict[str, dict[State, int]] = {}
    must, inside = {unit.id for unit in rollup.must}, {unit.id for unit in rollup.entered}
    for unit in rollup.units.listed:
        state = rollup.states.get(unit.id)
        if unit.id not in must and (state is None or unit.reports_in(rollup.year)):
            continue
        for place in ("", unit.id, *(one.id for one in rollup.units.above(unit))):
            if unit.id not in must:
                exempt[place] = exempt.get(place, 0) + 1
                continue
            assert state is not None
            of[place] = of.get(place, 0) + 1
            here = states.setdefault(place, {})
            here[state] = here.get(state, 0) + 1
            if unit.id in inside:
                entered[place] = entered.get(place, 0) + 1
                there = of_entered.setdefault(place, {})
                there[state] = there.get(state, 0) + 1
                zeros[place] = zeros.get(place, 0) + rollup.used[unit.id].is_all_zero
            elif state is State.INCOMPLETE and unit.id not in rollup.used:
                unread[place] = unread.get(place, 0) + 1
    return {
        place: Counts(
            of.get(place, 0),
            entered.get(place, 0),
            MappingProxyType(states.get(place, {})),
            MappingProxyType(of_entered.get(place, {})),
            zeros.get(place, 0),
            exempt.get(place, 0),
            unread.get(place, 0),
        )
        for place in ("", *rollup.units.by_id)
    }


class Remaining(NamedTuple):
    """How long there is until something is owed: `days` from today, negative once it is late; `due` the day."""

    days: int
    due: date
    again: bool

    @property
    def is_late(self) -> bool:
        return self.days < 0

    @property
    def words(self) -> str:
        """「还有 2 天」, 「今天到期」, 「已过 1 天」, 「1 月 22 日前重报」."""
        if self.again and not self.is_late:
            return f"{self.due.month} 月 {self.due.day} 日前重报"
        return self.until

    @property
    def until(self) -> str:
        """The same in days, of a report that is wanted again as well."""
        if self.is_late:
            return f"已过 {-self.days} 天"
        return f"还有 {self.days} 天" if self.days else "今天到期"


def remaining(rollup: Rollup, unit: Unit, today: date) -> Remaining | None:
    """How long a unit has to report, or to report again; None if it owes nothing or nobody said until when."""
    returned = rollup.is_returned(unit.id)
    if returned is None and (unit.id in rollup.used or not rollup.is_added(unit)):
        return None
    due = returned.due if returned is not None else rollup.due_of(unit)
    try:
        day = date.fromisoformat(due)
    except ValueError:
        return None
    return Remaining((day - today).days, day, returned is not None)
