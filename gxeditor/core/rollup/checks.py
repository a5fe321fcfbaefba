"""Checks across the units of a roll-up (单位之间): each a function that gives findings, or says why it could not look.

Knows what each of H-08 to H-24 compares; wording, limits and basis stand in resources/rollup/checks.toml. Only what
stands for a unit is compared (`Rollup.used`), files that stand for none by themselves. Knows no file on a disk and no
clock; checks of a single report are `core.checks`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from gxeditor.core.checks.deadlines import read_date
from gxeditor.core.checks.listed import LOOKED, Stated, evaluated, parse_listed
from gxeditor.core.checks.rules import Severity
from gxeditor.core.defects import Reading
from gxeditor.core.form import Form, join_id
from gxeditor.core.report import Entry, show_entry
from gxeditor.core.rollup.findings import NO_TABLE, Check, Compared, NotChecked, RollupFinding, Row
from gxeditor.core.rollup.findings import RollupFindings as RollupFindings  # who checks knows it from here
from gxeditor.core.rollup.matching import FileSays, Matcher
from gxeditor.core.rollup.naming import Words
from gxeditor.core.rollup.project import Fee, Received, Rollup, shown_path
from gxeditor.core.rollup.sums import (
    change_reason,
    completeness,
    in_scope,
    pairs,
    sums,
    total_name,
    unit_changes,
)
from gxeditor.core.rollup.units import Role, Scope, Unit, UnitKind

Number = int | Decimal
Values = tuple[Entry | None, ...]
Results = Iterator[RollupFinding | NotChecked | None]
"""What a check gives."""

_NAMED = 6  # units that a sentence names; of more, these and how many
_PLACES = 3  # cells that a sentence names
_TELLING = (
    10  # a difference from which several units of just this figure are named: smaller ones are everywhere
)


def check(
    rollup: Rollup,
    checks: Sequence[Check],
    suits: Mapping[str, Sequence[str]] | None = None,
    words: Words | None = None,
    given_up: Callable[[], bool] = lambda: False,
) -> RollupFindings:
    """Everything that these checks find in a roll-up, worst first, explained ones among them.

    `checks` are those of `resources.load_rollup_checks`. `suits` are the names or numbers of the suits that each unit
    counts, by its id, from ledgers; None if there are none. `words` are those of `resources.load_unit_words`, by which
    人社局 is known for 人力资源和社会保障局; without them only widths, blanks and brackets are allowed for. Time and
    memory grow as the number of reports. Once `given_up` says so, nothing more is looked for: what is given then is
    not to be used.
    """
    look = _Look(rollup, suits, words)
    return RollupFindings(
        *evaluated(checks, lambda one: _TESTS[one.code].evaluate(look, one), rollup.explanations, given_up)
    )


# --- what several checks ask


@dataclass(frozen=True, eq=False)
class _Look:
    """The roll-up that is looked at, with what several checks ask of it."""

    rollup: Rollup
    suits: Mapping[str, Sequence[str]] | None
    words: Words | None

    # names

    @cached_property
    def matcher(self) -> Matcher | None:
        return Matcher(self.rollup.units, self.rollup.owner, self.words) if self.words is not None else None

    def is_called(self, name: str, unit: Unit) -> bool:
        """Whether a name is one of a unit, or says of nobody who it is (本单位)."""
        if _bare(name, self.rollup.owner) in _all_names(unit, self.rollup.owner):
            return True
        if self.words is None or self.matcher is None:
            return False
        return self.words.is_vague(_plain(name)) or self.matcher.match(FileSays(name)).unit == unit.id

    def name(self, unit: Unit) -> str:
        """How a sentence calls a unit: without the name of the area before it, where that leaves a name."""
        rest = unit.name.removeprefix(self.rollup.owner) if self.rollup.owner else unit.name
        return rest if len(rest) > 2 and not unit.kind.is_government else unit.name

    def names(self, units: Iterable[Unit]) -> str:
        """Units one after the other; of many the first and how many there are."""
        several = list(units)
        shown = "、".join(self.name(one) for one in several[:_NAMED])
        return shown if len(several) <= _NAMED else f"{shown}等 {len(several)} 家"

    def place(self, cell: str) -> str:
        """A cell as printed: 「表二“规章”本年制发」."""
        form = self.rollup.form
        row, _, column = form.cells[cell].place.partition(" · ")
        return f"表{form.section(form.cells[cell].section).number}“{row}”{column}"

    def unit_of(self, one: Received) -> Unit | None:
        """The unit that a file was claimed for; else the one of the name that it gives itself, if that is unique."""
        if one.unit in self.rollup.units.by_id:
            return self.rollup.units.by_id[one.unit]
        called = self.by_name.get(_bare(_said_name(one), self.rollup.owner), ())
        return called[0] if len(called) == 1 else None

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.rollup.units.listed:
            for name in _all_names(unit, self.rollup.owner):
                found.setdefault(name, []).append(unit)
        return found

    # figures

    @cached_property
    def numbers(self) -> Mapping[str, tuple[Number | None, ...]]:
        """The figures of the report that stands for each unit, by its id; None where no number stands."""
        return {
            unit: tuple(None if isinstance(v, str) else v for v in one.values)
            if str in map(type, one.values)
            else cast("tuple[Number | None, ...]", one.values)
            for unit, one in self.rollup.used.items()
        }

    def number(self, unit: str, cell: str) -> Number | None:
        return self.numbers[unit][self.rollup.places[cell]]

    def scoped(self, parent: Unit) -> Rollup:
        """The roll-up with the scope that the own report of a unit over others is of."""
        return in_scope(
            self.rollup, Scope.TERRITORY if parent.covers is Scope.TERRITORY else self.rollup.scope
        )

    def addends(self, parent: Unit) -> tuple[Unit, ...]:
        """The units whose reports make the sum of the area of a unit, those that are waited for too."""
        rollup = self.scoped(parent)
        below = {unit.id for unit in rollup.units.below(parent.id)}
        return tuple(unit for unit in rollup.must if unit.id in below)

    def branch(self, parent: Unit) -> str:
        """What to ask `sums` for: all, with the adjustments that concern no unit, if all that count are below it."""
        return "" if len(self.addends(parent)) == len(self.scoped(parent).must) else parent.id

    @cached_property
    def own_reports(self) -> tuple[Unit, ...]:
        """The units over others whose own report is there to be compared with the sum of those below it."""
        rollup = self.rollup
        return tuple(
            unit
            for unit in rollup.units.listed
            if unit.role is Role.SUM and unit.id in rollup.used and rollup.units.children.get(unit.id)
        )

    def is_top(self, unit: Unit) -> bool:
        """Whether nobody who reports stands over a unit."""
        return all(one.kind is UnitKind.GROUP for one in self.rollup.units.above(unit))

    # last year

    def prior_values(self, unit: str) -> Values | None:
        """Last year's figures of a unit; None if there are none on the same form."""
        prior = self.rollup.prior
        if prior is None or prior.edition != self.rollup.form.edition:
            return None
        values = prior.values.get(pairs(self.rollup).then_of.get(unit, ""))
        return values if values is not None and len(values) == len(self.rollup.places) else None


@lru_cache(maxsize=1 << 16)  # each name of a long list is asked for some six times
def _plain(name: str) -> str:
    """A name without blanks, in one width, without what stands in brackets."""
    text = "".join(unicodedata.normalize("NFKC", name).split())
    return re.sub(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]", "", text)


def _bare(name: str, owner: str) -> str:
    plain, area = _plain(name), _plain(owner)
    at = plain.find(area) if area else -1
    rest = plain[at + len(area) :] if at >= 0 else plain
    return rest if len(rest) > 2 else plain


def _all_names(unit: Unit, owner: str) -> set[str]:
    return {_bare(name, owner) for name in (unit.name, *(alias.name for alias in unit.aliases))}


def _difference(value: Number) -> str:
    text = show_entry(-value if value < 0 else value)
    return f"－{text}" if value < 0 else text


def _finding(
    check: Check,
    sentence: str,
    place: str,
    units: Iterable[Unit | None] = (),
    cells: Iterable[str] = (),
    /,
    values: Iterable[object] = (),
    *,
    mild: bool = False,
    detail: str = "",
    compared: Compared = NO_TABLE,
    paths: Iterable[str] = (),
    tail: str = "",
    **said: object,
) -> RollupFinding:
    severity = check.milder if mild and check.milder is not None else check.severity
    return RollupFinding(
        check,
        severity,
        sentence,
        place,
        check.messages[sentence].format(**said) + tail,
        tuple(unit.id for unit in units if unit is not None),
        tuple(cells),
        detail,
        compared,
        tuple(paths),
        values=tuple(str(value) for value in values),
    )


def _missed(
    check: Check, sentence: str, cells: Iterable[str] = (), units: Iterable[Unit] = (), **said: object
) -> NotChecked:
    return NotChecked(
        check,
        check.messages[sentence].format(**said),
        tuple(cells),
        tuple(unit.id for unit in units),
    )


# --- the checks


_TITLE = re.compile(
    r"(?:关于)?(?:(?:19|20)\d\d|二[〇○零]\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年(?:度)?"
)
_REPORT = re.compile(r"(?:政府|政务)?信息公开(?:工作)?(?:年度|年)?(?:工作)?(?:报告|年报|情况).*$")


def _said_name(one: Received) -> str:
    """The name of the unit that a report gives itself: in its field, else in its title."""
    if one.agency.strip():
        return one.agency
    title = _TITLE.sub("", _plain(one.title))
    stem = _REPORT.sub("", title)
    return stem if stem != title else ""


def _name_differs(look: _Look, check: Check) -> Results:
    for unit_id, one in look.rollup.used.items():
        unit = look.rollup.units.by_id[unit_id]
        found = _said_name(one)
        if found and not look.is_called(found, unit):
            yield _finding(
                check,
                "differs",
                unit.id,
                [unit],
                values=[unit.name, found],
                paths=[one.path],
                listed=unit.name,
                found=" ".join(found.split()),
            )


def _same_twice(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    files: dict[tuple[str, str], list[Received]] = {}
    for one in rollup.received:
        if one.sha256 and one.decided != "reject":
            files.setdefault((one.sha256, one.row), []).append(one)
    told: set[frozenset[str]] = set()
    for several in files.values():
        if len({one.key for one in several}) < 2:
            continue
        paths = sorted({one.path for one in several})
        of = dict.fromkeys(key for one in several for key in ((one.unit,) if one.unit else one.candidates))
        units = [rollup.units.by_id[key] for key in of if key in rollup.units.by_id]
        shown = "、".join(shown_path(path) for path in paths[:_NAMED])
        if len(units) > 1:
            told.add(frozenset(unit.id for unit in units))
            yield _finding(
                check,
                "same_file",
                "+".join(sorted(unit.id for unit in units)),
                units,
                values=[several[0].sha256],
                paths=paths,
                names=look.names(units),
                files=shown,
            )
        else:
            yield replace(
                _finding(
                    check,
                    "copies",
                    "|".join(paths),
                    units,
                    values=[several[0].sha256],
                    paths=paths,
                    files=shown,
                ),
                severity=Severity.HINT,
            )
    by_figures: dict[Values, list[Unit]] = {}
    for unit_id, one in rollup.used.items():
        if any(not isinstance(value, str) and value for value in one.values):
            by_figures.setdefault(one.values, []).append(rollup.units.by_id[unit_id])
    entered = {unit.id for unit in rollup.entered}
    pairs = {frozenset((one.id, other.id)) for one, other in _offices(look)}
    weak: list[tuple[Sequence[Unit], RollupFinding]] = []
    for figures, units in by_figures.items():
        if len(units) < 2:
            continue
        ids = {unit.id for unit in units}
        # The report of a parent is that of its only unit with figures; both added is another matter.
        over = {above.id for unit in units for above in rollup.units.above(unit)} & ids - entered
        units = [unit for unit in units if unit.id not in over]
        ids -= over
        if len(units) < 2 or frozenset(ids) in told or frozenset(ids) in pairs:
            continue
        filled = [cell for cell, value in zip(rollup.places, figures, strict=True) if value]
        found = _finding(
            check,
            "same_figures",
            "+".join(sorted(ids)),
            units,
            filled,
            values=[show_entry(value) for value in figures],
            paths=[rollup.used[unit.id].path for unit in units],
            mild=True,
            compared=_side_by_side(look, units, filled),
            names=look.names(units),
            cells=len(figures),
        )
        details = [cell for cell in filled if not rollup.form.cells[cell].is_total]
        if len(details) >= check.limits["figures"]:
            yield found
        else:
            weak.append((units, replace(found, severity=Severity.HINT)))
    if len(weak) == 1:
        yield weak[0][1]
    elif weak:
        yield _alike_by_chance(look, check, weak)


def _alike_by_chance(
    look: _Look, check: Check, groups: Sequence[tuple[Sequence[Unit], RollupFinding]]
) -> RollupFinding:
    """Several groups of units whose few figures are the same, as one finding: small units often are alike."""
    units = [unit for several, _ in groups for unit in several]
    shown = "；".join(look.names(several) for several, _ in groups[:_PLACES])
    rows = [Row(look.names(several), (str(len(one.cells)),), several[0].id) for several, one in groups]
    found = _finding(
        check,
        "few_figures",
        "few",
        units,
        values=[one.place for _, one in groups],
        paths=[path for _, one in groups for path in one.paths],
        compared=Compared(("数字相同的单位", "不为 0 的格"), tuple(rows)),
        count=len(groups),
        groups=shown if len(groups) <= _PLACES else f"{shown}等",
    )
    return replace(found, severity=Severity.HINT)


def _side_by_side(look: _Look, units: Sequence[Unit], cells: Sequence[str]) -> Compared:
    """The same cells of some units: the first of them, and how many cells there are besides."""
    shown = units[:_PLACES]
    places = look.rollup.places
    rows = [
        Row(look.place(cell), tuple(_shown(look.rollup.used[unit.id].values[places[cell]]) for unit in shown))
        for cell in cells[:_SHOWN]
    ]
    note = f"不为 0 的共 {len(cells)} 格，其余也相同。" if len(cells) > _SHOWN else "其余各格也相同。"
    return Compared(("格", *(look.name(unit) for unit in shown)), tuple(rows), note)


def _no_own_report(look: _Look, check: Check) -> NotChecked:
    """That no report is there to be compared with a sum, or that the list says of none what it sums up."""
    rollup = look.rollup
    there = [
        unit
        for unit in rollup.units.listed
        if unit.role is Role.SUM and unit.id in rollup.used and not rollup.units.children.get(unit.id)
    ]
    if there:
        return _missed(check, "flat", units=there, name=look.names(there))
    return _missed(check, "none")


def _own_report_differs(look: _Look, check: Check) -> Results:
    if not look.own_reports:
        yield _no_own_report(look, check)
    for parent in look.own_reports:
        if look.rollup.scope is Scope.LEVEL and parent.covers is Scope.TERRITORY and look.is_top(parent):
            yield _missed(check, "apart", units=[parent], name=parent.name)
            continue
        yield from _compared_with_sum(look, check, parent)


def _compared_with_sum(look: _Look, check: Check, parent: Unit) -> Results:
    rollup = look.rollup
    published = look.numbers[parent.id]
    must = look.addends(parent)
    inside = {unit.id for unit in look.scoped(parent).entered}
    entered = [unit for unit in must if unit.id in inside]
    added = sums(look.scoped(parent), look.branch(parent))
    scope = total_name(len(entered), len(must))
    apart: dict[str, Number] = {}
    equal = 0
    incomplete: list[str] = []
    blank: list[str] = []
    for cell, own in zip(rollup.places, published, strict=True):
        total = added[cell].value or 0
        if own is None:
            blank.append(cell)
        elif added[cell].is_complete or own < total:  # what is still to come can only add
            if own != total:
                apart[cell] = own - total
            else:
                equal += 1
        else:
            incomplete.append(cell)
    if equal or apart:
        yield LOOKED
    if incomplete:
        yield _missed(
            check,
            "incomplete",
            incomplete,
            [u for u in must if u not in entered],
            scope=scope,
        )
    if blank:
        yield _missed(check, "blank", blank, [parent], name=parent.name)
    followers = _followers(rollup.form, apart)
    several = len(entered) == len(must) and sum(cell not in followers.follow for cell in apart) > 1
    whole = next((unit for unit in entered if _moves_all(look, unit, apart)), None) if several else None
    if whole is not None:
        yield _one_unit_more_or_less(look, check, parent, whole, apart, published, scope)
        return
    for cell, difference in apart.items():
        if cell in followers.follow:
            continue
        at = rollup.places[cell]
        values = [(unit, n) for unit in entered if (n := look.numbers[unit.id][at]) is not None]
        size = -difference if difference < 0 else difference
        movers = [unit for unit, n in values if n == size]
        if len(movers) > (_PLACES if size >= _TELLING else 1):
            movers = []  # a 1 that several have says nothing
        sentence = "more" if difference > 0 else "less"
        tail = check.messages[sentence].format(movers=look.names(movers)) if movers else ""
        own, expected = published[at], added[cell].value or 0
        assert own is not None
        yield _finding(
            check,
            "differs",
            f"{parent.id}:{cell}",
            [parent, *movers],
            [cell, *followers.of.get(cell, ())],
            [show_entry(own), show_entry(expected), *(f"{unit.id}={n}" for unit, n in values if n)],
            tail=tail,
            compared=_largest(look, parent, values, own, expected, movers, scope),
            paths=[rollup.used[parent.id].path],
            place=look.place(cell),
            name=parent.name,
            published=show_entry(own),
            scope=scope,
            sum=show_entry(expected),
            difference=_difference(difference),
        )


def _moves_all(look: _Look, unit: Unit, apart: Mapping[str, Number]) -> bool:
    """Whether all differences are the figures of one unit: it was left out, or counted twice."""
    figures = look.numbers[unit.id]
    places = look.rollup.places
    own = [(figures[places[cell]], difference) for cell, difference in apart.items()]
    if not (all(n == d for n, d in own) or all(n is not None and n == -d for n, d in own)):
        return False
    return sum(bool(n) for n in figures) == len(apart)


def _one_unit_more_or_less(
    look: _Look,
    check: Check,
    parent: Unit,
    unit: Unit,
    apart: Mapping[str, Number],
    published: Sequence[Number | None],
    scope: str,
) -> RollupFinding:
    places = look.rollup.places
    rows = []
    for cell, difference in apart.items():
        own = published[places[cell]]
        assert own is not None
        figures = (show_entry(own), show_entry(own - difference), _difference(difference))
        rows.append(Row(look.place(cell), figures, parent.id, True))
    first = rows[0]
    is_more = next(iter(apart.values())) > 0
    return _finding(
        check,
        "unit_more" if is_more else "unit_less",
        f"{parent.id}:{unit.id}",
        [parent, unit],
        apart,
        [f"{cell}:{row.values[0]}≠{row.values[1]}" for cell, row in zip(apart, rows, strict=True)],
        compared=Compared(("格", f"{parent.name}的年报", scope, "相差"), tuple(rows)),
        paths=[look.rollup.used[parent.id].path],
        name=parent.name,
        scope=scope,
        unit=look.name(unit),
        count=len(apart),
        place=first.name,
        published=first.values[0],
        sum=first.values[1],
    )


class _Followers(NamedTuple):
    """The totals that differ only because their parts do: all of them, and those that follow each other cell."""

    follow: frozenset[str]
    of: Mapping[str, tuple[str, ...]]


def _followers(form: Form, apart: Mapping[str, Number]) -> _Followers:
    whose: dict[str, list[str]] = {}
    follow: dict[str, None] = {}
    for total in form.totals:
        parts = [part for part in total.parts if part in apart]
        if total.id in apart and parts and sum(apart[part] for part in parts) == apart[total.id]:
            follow[total.id] = None
            for part in parts:
                whose.setdefault(part, []).append(total.id)

    def above(cell: str) -> Iterator[str]:
        for total in whose.get(cell, ()):
            yield total
            yield from above(total)

    # Along the other axis: the total of a column differs as its row of totals does.
    return _Followers(frozenset(follow), {cell: tuple(dict.fromkeys(above(cell))) for cell in apart})


_SHOWN = 8  # units of the compared table; the others are one row


def _largest(
    look: _Look,
    parent: Unit,
    values: Sequence[tuple[Unit, Number]],
    own: Number,
    total: Number,
    movers: Sequence[Unit],
    scope: str,
) -> Compared:
    first = [pair for pair in values if pair[0] in movers]
    others = sorted((pair for pair in values if pair[0] not in movers), key=lambda pair: -pair[1])
    shown, rest = first + others[: _SHOWN - len(first)], others[_SHOWN - len(first) :]
    rows = [Row(look.name(unit), (show_entry(n),), unit.id, unit in movers) for unit, n in shown]
    if rest:
        rows.append(Row(f"其余 {len(rest)} 家", (show_entry(sum(n for _, n in rest)),)))
    adjusted = total - sum(n for _, n in values)
    if adjusted:
        rows.append(Row("调整", (_difference(adjusted),)))
    rows.append(Row(scope, (show_entry(total),), total=True))
    rows.append(Row(f"{parent.name}的年报", (show_entry(own),), parent.id, True))
    return Compared(("单位", "本年"), tuple(rows))


class _Carried(NamedTuple):
    """What a unit carried forward last year and brought forward this year, by column."""

    unit: Unit
    then: Sequence[Number]
    now: Sequence[Number]


def _carried_over(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    if rollup.prior is None:
        yield _missed(check, "no_prior")
        return
    then_row, now_row = check.cells
    columns = [
        c
        for table in rollup.form.tables
        for block in table.blocks
        for c in block.columns
        if table.key == "requests"
    ]
    then_at = [rollup.places[join_id(then_row, c.key)] for c in columns]
    now_at = [rollup.places[join_id(now_row, c.key)] for c in columns]
    compared: list[_Carried] = []
    unread: list[Unit] = []
    rest: list[Unit] = []
    for unit in rollup.must:
        prior = look.prior_values(unit.id)
        if unit.id not in rollup.used or prior is None:
            rest.append(unit)
            continue
        before = [n for i in then_at if (n := _number(prior[i])) is not None]
        after = [n for i in now_at if (n := look.numbers[unit.id][i]) is not None]
        if len(before) < len(columns) or len(after) < len(columns):
            unread.append(unit)
        else:
            compared.append(_Carried(unit, before, after))
    if unread:
        yield _missed(check, "blank", units=unread, names=look.names(unread))
    if not compared:
        yield _missed(check, "no_common")
        return
    yield LOOKED
    differing = [one for one in compared if one.then != one.now]
    if not differing:
        return
    thens = [sum(column) for column in zip(*(then for _, then, _ in compared), strict=True)]
    nows = [sum(column) for column in zip(*(now for _, _, now in compared), strict=True)]
    units = [unit for unit, _, _ in differing]
    apart = [
        column for i, column in enumerate(columns) if any(then[i] != now[i] for _, then, now in differing)
    ]
    details = [column for column in apart if not column.is_sum] or apart
    at = next((i for i, c in enumerate(columns) if c.is_sum), len(columns) - 1)
    if all(then[at] == now[at] for _, then, now in differing):
        at = columns.index(details[0])  # the totals agree, a column does not
    head = "" if columns[at].is_sum else columns[at].name
    rows = [
        Row(
            look.name(u),
            (show_entry(then[at]), show_entry(now[at]), _difference(now[at] - then[at])),
            u.id,
            True,
        )
        for u, then, now in differing[:_SHOWN]
    ]
    others = [one for one in compared if one.unit.id not in {row.unit for row in rows}]
    if others:
        then, now = sum(one.then[at] for one in others), sum(one.now[at] for one in others)
        same = "，各家都相同" if len(differing) <= _SHOWN else ""
        rows.append(
            Row(f"其余 {len(others)} 家{same}", (show_entry(then), show_entry(now), _difference(now - then)))
        )
    values = (show_entry(thens[at]), show_entry(nows[at]), _difference(nows[at] - thens[at]))
    rows.append(Row(f"{len(compared)} 家", values, total=True))
    detail = check.messages["only"].format(count=len(compared))
    if len(differing) == 1:
        first = differing[0]
        said = {"now": show_entry(first.now[at]), "then": show_entry(first.then[at])}
        detail = check.messages["one"].format(name=first.unit.name, **said) + detail
    if rest:
        detail += check.messages["rest"].format(names=look.names(rest))
    moved = thens == nows
    yield _finding(
        check,
        "moved" if moved else "differs",
        "all",
        units,
        [join_id(now_row, column.key) for column in apart],
        [
            f"{u.id}:{show_entry(a)}→{show_entry(b)}"
            for u, then, now in differing
            for a, b in zip(then, now, strict=True)
        ],
        mild=moved,
        detail=detail,
        compared=Compared(
            ("单位", f"上年第四项{head}", f"本年第二项{head}", "相差"),
            tuple(rows),
            check.messages["column"].format(names="、".join(c.name for c in details)),
        ),
        count=len(compared),
        now=show_entry(nows[at]),
        then=show_entry(thens[at]),
        difference=_difference(nows[at] - thens[at]),
        names=look.names(units),
        units=len(units),
    )


def _number(value: Entry | None) -> Number | None:
    return None if isinstance(value, str) else value


def _list_changed(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    changes = unit_changes(rollup)
    if changes is None:
        yield _missed(check, "no_prior")
        return
    noted = {unit.id: unit.note for unit in rollup.units.listed if unit.note.strip()}
    now_of = pairs(rollup).now_of
    new = [u for u in changes.came if u.id not in noted and not change_reason(rollup, u, went=False)]
    gone = [
        u
        for u in changes.went
        if not u.note.strip() and now_of.get(u.id) not in noted and not change_reason(rollup, u, went=True)
    ]
    if not new and not gone:
        return
    told = [
        check.messages[key].format(names=look.names(units))
        for key, units in (("fewer", gone), ("more", new))
        if units
    ]
    rows = [Row(look.name(u), ("有", ""), "", True) for u in gone]
    rows += [Row(look.name(u), ("", "有"), u.id, True) for u in new]
    rows.append(Row("应报", (str(changes.then), str(changes.now)), total=True))
    yield _finding(
        check,
        "changed",
        "list",
        new,
        values=[*(f"+{unit.id}" for unit in new), *(f"-{unit.id}" for unit in gone)],
        compared=Compared(("单位", "上年", "本年"), tuple(rows)),
        now=changes.now,
        then=changes.then,
        changes="，".join(told),
    )


def _without_power(look: _Look, check: Check) -> Results:
    """A unit's level is that of the nearest government over it; where there is none, that of the name of the owner."""
    rollup = look.rollup
    for unit_id, figures in look.numbers.items():
        unit = rollup.units.by_id[unit_id]
        filled = [cell for cell in check.cells if figures[rollup.places[cell]]]
        if not filled or not _is_without(look, unit, check):
            continue
        values = [show_entry(figures[rollup.places[cell]]) for cell in filled]
        yield _finding(
            check,
            "has",
            unit.id,
            [unit],
            filled,
            values,
            compared=Compared(
                ("格", unit.name),
                tuple(
                    Row(look.place(cell), (value,), unit.id, True)
                    for cell, value in zip(filled, values, strict=True)
                ),
            ),
            place=look.place(filled[0]),
            value=values[0],
            kind=_called(look, unit),
        )


def _level(look: _Look, unit: Unit) -> UnitKind | None:
    over = (unit, *look.rollup.units.above(unit))
    nearest = next((one.kind for one in over if one.kind.is_government), None)
    if nearest is not None:
        return nearest
    owner = _plain(look.rollup.owner)
    if owner.endswith(("省", "自治区")):
        return UnitKind.PROVINCE
    return UnitKind.COUNTY if owner.endswith(("县", "区", "旗")) else None


def _is_without(look: _Look, unit: Unit, check: Check) -> bool:
    if unit.kind.name in check.kinds:
        return True
    level = _level(look, unit)
    if unit.kind is UnitKind.OFFICE:
        return level is UnitKind.COUNTY
    return unit.kind is UnitKind.DEPARTMENT and level in (UnitKind.CITY, UnitKind.COUNTY)


def _called(look: _Look, unit: Unit) -> str:
    level = _level(look, unit)
    if level is None or unit.kind not in (UnitKind.DEPARTMENT, UnitKind.OFFICE):
        return unit.kind.value
    before = level.value.removesuffix("政府")
    return f"{before}部门" if unit.kind is UnitKind.DEPARTMENT else f"{before}政府办公室"


def _given_number(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    given = {cell: value for cell in check.cells if (value := _given(rollup, check, cell)) is not None}
    if not given:
        yield _missed(check, "not_given")
        return
    for cell, value in given.items():
        added = sums(rollup)[cell]
        total, scope = added.value or 0, added.name
        if not added.is_complete and total <= value:
            yield _missed(check, "incomplete", [cell], scope=scope)
            continue
        yield LOOKED
        if total == value:
            continue
        at = rollup.places[cell]
        values = [(unit, n) for unit in rollup.entered if (n := look.numbers[unit.id][at]) is not None]
        ordered = sorted(values, key=lambda pair: -pair[1])[:_SHOWN]
        rows = [Row(look.name(unit), (show_entry(n),), unit.id) for unit, n in ordered if n]
        rows.append(Row(scope, (show_entry(total),), total=True))
        rows.append(Row("司法行政部门的数", (show_entry(value),), differs=True))
        yield _finding(
            check,
            "differs",
            cell,
            (),
            [cell],
            values=[show_entry(total), show_entry(value)],
            compared=Compared(("单位", "本年"), tuple(rows)),
            place=look.place(cell),
            scope=scope,
            sum=show_entry(total),
            given=show_entry(value),
            difference=_difference(total - value),
        )


def _given(rollup: Rollup, check: Check, cell: str) -> Number | None:
    """A figure of 司法行政部门: under the code of the check that of the first cell, else under code and line."""
    key = check.code if cell == check.cells[0] else f"{check.code}.{cell.rpartition('.')[2]}"
    return _number(rollup.given.get(key))


def _offices(look: _Look) -> tuple[tuple[Unit, Unit], ...]:
    """Governments and their offices where both have an own report, that of the office being added.

    A government over other units is left out: its report is its area's, and is compared (H-10).
    """
    rollup = look.rollup
    entered = {unit.id for unit in rollup.entered}
    governments = [
        unit
        for unit in rollup.units.listed
        if (unit.kind.is_government or unit.kind in (UnitKind.TOWNSHIP, UnitKind.STREET))
        and (unit.id in entered or (unit.id in rollup.used and unit.id not in rollup.parents))
    ]
    by_stem: dict[str, list[Unit]] = {}
    for unit in governments:
        by_stem.setdefault(_stem(unit.name), []).append(unit)
    pairs = []
    for office in rollup.entered:
        if office.kind is not UnitKind.OFFICE:
            continue
        same = by_stem.get(_stem(office.name), [])
        over = [unit for unit in governments if unit.id == office.parent]
        for government in same if len(same) == 1 else over:
            pairs.append((government, office))
    return tuple(pairs)


def _stem(name: str) -> str:
    """The area in the name of a government or of its office."""
    plain = re.sub("(?:党政|党委政府)?办公[室厅]$", "", _plain(name))
    return re.sub("(?:人民)?政府$", "", plain)


def _office_and_government(look: _Look, check: Check) -> Results:
    pairs = _offices(look)
    if not pairs:
        yield _missed(check, "no_government")
    cell = check.cells[0]
    for government, office in pairs:
        one, other = look.number(government.id, cell), look.number(office.id, cell)
        if not one or one != other:
            continue
        is_added = government in look.rollup.entered
        if not is_added and one == sum(look.number(unit.id, cell) or 0 for unit in look.rollup.entered):
            continue  # the sum of all, as the whole area's report has it
        rows = [Row(unit.name, (show_entry(one),), unit.id, True) for unit in (government, office)]
        yield _finding(
            check,
            "both" if is_added else "compared",
            f"{government.id}+{office.id}",
            [office, government],
            [cell],
            [show_entry(one)],
            compared=Compared(("单位", "本年新收"), tuple(rows)),
            paths=[look.rollup.used[unit.id].path for unit in (office, government)],
            government=government.name,
            office=office.name,
            value=show_entry(one),
        )


def _out_of_range(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    cells = _main_cells(rollup.form)
    yield from _changed_much(look, check, cells)
    entered = rollup.entered
    if len(entered) < check.limits["units"]:
        return
    scope = completeness(len(entered), len(rollup.must))
    columns = tuple(zip(*(look.numbers[unit.id] for unit in entered), strict=True))
    for cell in cells:
        column = columns[rollup.places[cell]]
        if None in column:
            continue  # a blank one may be another
        if len(column) - column.count(0) == 1:
            unit, value = next((unit, n) for unit, n in zip(entered, column, strict=True) if n)
            assert value is not None
            yield _finding(
                check,
                "only",
                cell,
                [unit],
                [cell],
                [unit.id, show_entry(value)],
                place=look.place(cell),
                scope=scope,
                value=show_entry(value),
                unit=rollup.form.cells[cell].unit,
            )


def _main_cells(form: Form) -> tuple[str, ...]:
    """The lines of the form: every figure of a table without columns that are added up, else the totals of its rows."""
    return tuple(
        cell.id
        for table in form.tables
        for block in table.blocks
        for cell in block.cells
        if cell.column.is_sum or not any(column.is_sum for column in block.columns)
    )


def _changed_much(look: _Look, check: Check, cells: Sequence[str]) -> Results:
    rollup, limits = look.rollup, check.limits
    places = [(cell, rollup.places[cell]) for cell in cells]
    for unit in rollup.entered:
        prior = look.prior_values(unit.id)
        if prior is None:
            continue
        now = look.numbers[unit.id]
        found = []
        for cell, at in places:
            new, old = now[at], _number(prior[at])
            if new is None or old is None or min(new, old) < limits["from"]:
                continue
            if not limits["least"] * old <= new <= limits["most"] * old:
                found.append((cell, new, old))
        if not found:
            continue
        cell, new, old = found[0]
        rows = [
            Row(look.place(c), (show_entry(b), show_entry(a), _difference(a - b)), unit.id, True)
            for c, a, b in found
        ]
        yield _finding(
            check,
            "change",
            f"{unit.id}:change",
            [unit],
            [c for c, _, _ in found],
            [f"{c}:{show_entry(b)}→{show_entry(a)}" for c, a, b in found],
            compared=Compared(("格", "上年", "本年", "相差"), tuple(rows)),
            place=look.place(cell),
            now=show_entry(new),
            then=show_entry(old),
            more=f"；另有 {len(found) - 1} 格" if len(found) > 1 else "",
        )


def _all_zero(look: _Look, check: Check) -> Results:
    used = look.rollup.used
    units = [unit for unit in look.rollup.entered if used[unit.id].is_all_zero and not used[unit.id].unread]
    if units:
        yield _finding(
            check,
            "zeros",
            "all",
            units,
            values=sorted(unit.id for unit in units),
            compared=Compared(
                ("单位", "所有格"), tuple(Row(look.name(unit), ("0",), unit.id) for unit in units)
            ),
            names="、".join(look.name(unit) for unit in units)
            if len(units) <= 2 * _NAMED
            else look.names(units),
        )


def _fees(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    tops = [unit for unit in look.own_reports if look.is_top(unit)]
    if not tops:
        yield _no_own_report(look, check)
    for parent in tops:
        own = rollup.used[parent.id].fee
        if own is None or (own.notices is None and _yuan(own) is None):
            yield _missed(check, "silent", units=[parent])
            continue
        must = look.addends(parent)
        for sentence, amount in (("notices", _notices), ("yuan", _yuan)):
            published = amount(own)
            if published is None:
                continue
            values = [
                (unit, amount(fee) if unit.id in rollup.used and (fee := rollup.used[unit.id].fee) else None)
                for unit in must
            ]
            known = [(unit, n) for unit, n in values if n is not None]
            silent = [unit for unit, n in values if n is None]
            total = sum(n for _, n in known)
            if silent and total <= published:
                yield _missed(
                    check, "units_silent", units=silent, count=len(silent), names=look.names(silent)
                )
                continue
            yield LOOKED
            if total == published:
                continue
            rows = [Row(look.name(unit), (show_entry(n),), unit.id) for unit, n in known if n]
            rows.append(Row(total_name(len(known), len(must)), (show_entry(total),), total=True))
            rows.append(Row(f"{parent.name}的年报", (show_entry(published),), parent.id, True))
            yield _finding(
                check,
                sentence,
                f"{parent.id}:{sentence}",
                [parent],
                values=[show_entry(published), *(f"{unit.id}={show_entry(n)}" for unit, n in known if n)],
                compared=Compared(("单位", "件" if sentence == "notices" else "元"), tuple(rows)),
                paths=[rollup.used[parent.id].path],
                sum=show_entry(total),
                name=parent.name,
                published=show_entry(published),
                difference=_difference(published - total),
            )


def _notices(fee: Fee) -> Number | None:
    return fee.notices


def _yuan(fee: Fee) -> Number | None:
    text = (fee.yuan or "").replace(",", "").replace("，", "").strip()
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _same_suit(look: _Look, check: Check) -> Results:
    if look.suits is None:
        yield _missed(check, "no_ledgers")
        return
    by_suit: dict[str, list[Unit]] = {}
    for unit_id, suits in look.suits.items():
        unit = look.rollup.units.by_id.get(unit_id)
        for suit in dict.fromkeys(_plain(suit) for suit in suits):
            if unit is not None and suit:
                by_suit.setdefault(suit, []).append(unit)
    for suit, units in by_suit.items():
        if len(units) > 1:
            ids = sorted(unit.id for unit in units)
            yield _finding(check, "both", suit, units, values=ids, suit=suit, names=look.names(units))


def _published(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    looked = False
    for unit_id, one in rollup.used.items():
        unit = rollup.units.by_id[unit_id]
        day, due = _day(one.date), _day(rollup.due_of(unit))
        if day is None or due is None:
            continue
        looked = True
        if day > due:
            yield _finding(
                check,
                "late",
                f"{unit_id}:date",
                [unit],
                values=[day, due],
                paths=[one.path],
                day=f"{day.year}年{day.month}月{day.day}日",
                due=f"{due.month}月{due.day}日"
                if due.year == day.year
                else f"{due.year}年{due.month}月{due.day}日",
            )
    for unit_id, several in rollup.of_unit.items():
        if not unit_id or len(several) < 2:
            continue
        able = [one for one in several if rollup.is_of_this(one) and one.decided != "reject"]
        pages = [one for one in able if one.path.lower().endswith(check.words)]
        others = [one for one in able if one not in pages]
        if not others:  # a page against a paper
            others = [one for one in pages if one.path.lower().endswith(".pdf")]
            pages = [one for one in pages if one not in others]
        received = rollup.used.get(unit_id)
        received = received if received in others else _newest(others)
        for page in pages:
            if received is None:
                break
            looked = True
            apart = [
                cell
                for cell, a, b in zip(rollup.places, page.values, received.values, strict=False)
                if not _same(a, b)
            ]
            if apart:
                yield _differs_from_received(look, check, rollup.units.by_id[unit_id], page, received, apart)
    if not looked:
        yield _missed(check, "no_days")


def _differs_from_received(
    look: _Look, check: Check, unit: Unit, page: Received, received: Received, apart: Sequence[str]
) -> RollupFinding:
    at = [look.rollup.places[cell] for cell in apart]
    pairs = [(_shown(page.values[i]), _shown(received.values[i])) for i in at]
    places = "、".join(look.place(cell) for cell in apart[:_PLACES])
    return _finding(
        check,
        "published",
        f"{unit.id}:{page.path}",
        [unit],
        apart,
        [f"{cell}:{a}≠{b}" for cell, (a, b) in zip(apart, pairs, strict=True)],
        compared=Compared(
            ("格", "网上公布的", "报送的"),
            tuple(
                Row(look.place(cell), pair, unit.id, True) for cell, pair in zip(apart, pairs, strict=True)
            ),
        ),
        paths=[page.path, received.path],
        published=shown_path(page.path),
        received=shown_path(received.path),
        count=len(apart),
        places=places if len(apart) <= _PLACES else f"{places}等",
    )


def _shown(value: Entry | None) -> str:
    return "没有填" if value is None else show_entry(value)


def _same(one: Entry | None, other: Entry | None) -> bool:
    return one == other  # 0 and 0.0000 are the same figure


def _newest(several: Sequence[Received]) -> Received | None:
    return max(several, key=lambda one: (one.received, one.modified, one.path), default=None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return read_date(text.strip()) if text.strip() else None


def _resubmitted(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    last = {one.unit: one for one in rollup.returned}
    for unit_id, back in last.items():
        unit = rollup.units.by_id.get(unit_id)
        if unit is None:
            continue
        newer = [
            one
            for one in rollup.of_unit.get(unit_id, ())
            if rollup.is_of_this(one)
            and one.decided != "reject"
            and _came_after(one, back.at, back.path, back.sha256)
        ]
        same_file = [one for one in newer if back.sha256 and (one.sha256, one.row) == (back.sha256, back.row)]
        same = [one for one in newer if back.values and one.values == back.values]
        if not newer or any(one not in same and one not in same_file for one in newer):
            continue
        one = _newest(same_file or same)
        assert one is not None
        yield _finding(
            check,
            "same_file" if same_file else "same_figures",
            unit_id,
            [unit],
            values=[one.sha256, back.sha256, back.at],
            paths=[one.path],
            when=_spoken(one.received),
            at=_spoken(back.at),
        )


def _came_after(one: Received, at: str, path: str, sha256: str) -> bool:
    """Whether a file came after one was sent back; where nobody knows when, any but the very one that was."""
    came, sent = _moment(one.received), _moment(at)
    if came is not None and sent is not None:
        return came > sent
    return (one.path, one.sha256) != (path, sha256)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _spoken(text: str) -> str:
    moment = _moment(text)
    return "" if moment is None else f"{moment.month} 月 {moment.day} 日"


def _other_year(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    for one in rollup.received:
        is_other = one.edition not in ("", rollup.form.edition)  # of such a one there may be no figures
        if not (one.is_report or is_other) or one.decided == "reject":
            continue
        said: dict[str, Any]
        if one.edition != rollup.form.edition:
            sentence, said = "edition", {"found": one.edition or "另一", "wanted": rollup.form.edition}
        elif one.year is None:
            sentence, said = "no_year", {}
        elif one.year != rollup.year:
            sentence, said = "year", {"found": one.year, "wanted": rollup.year}
        else:
            continue
        file = one.called
        unit = look.unit_of(one)
        has_another = unit is not None and unit.id in rollup.used
        message = check.messages[sentence].format(file=file, **said)
        also = check.messages["another"].format(name=unit.name) if unit is not None and has_another else ""
        yield _finding(
            check,
            sentence,
            f"{one.path}#{one.row}" if one.row else one.path,
            [] if has_another else [unit],  # that unit has nothing to answer
            values=[one.year, one.edition],
            paths=[one.path],
            detail=message + also if also else "",
            file=file,
            **said,
        )


def _parent_and_children(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    entered = {unit.id for unit in rollup.entered}
    told: set[str] = set()
    for parent in rollup.units.listed:
        if parent.id not in rollup.used or not rollup.units.children.get(parent.id):
            continue
        is_whole = parent.id in rollup.twice and rollup.twice[parent.id].why == "area"
        if not is_whole and (parent.role is not Role.LEAF or parent.id not in entered):
            continue
        below = [unit for unit in rollup.units.below(parent.id) if unit.id in entered]
        if below and (is_whole or _is_sum_of(look, parent, below)):
            told.add(parent.id)
            yield _finding(
                check,
                "both" if is_whole else "equal",
                parent.id,
                [parent, *below],
                values=sorted(unit.id for unit in below),
                mild=not is_whole,
                paths=[rollup.used[parent.id].path],
                name=parent.name,
                count=len(below),
                names=look.names(below),
            )
    by_parent: dict[str, list[Unit]] = {}
    for unit in rollup.entered:
        by_parent.setdefault(_area(look, unit), []).append(unit)
    for units in by_parent.values():
        yield from _sum_of_others(look, check, units, told)


def _is_sum_of(look: _Look, parent: Unit, below: Sequence[Unit]) -> bool:
    """Whether its figures are the sum of those of at least two others that have any."""
    others = [look.numbers[unit.id] for unit in below]
    if sum(any(figures) for figures in others) < 2:
        return False
    own = look.numbers[parent.id]
    return all(
        None not in column and sum(column) == n
        for n, column in zip(own, zip(*others, strict=True), strict=True)
    )


def _sum_of_others(look: _Look, check: Check, units: Sequence[Unit], told: set[str]) -> Results:
    """One of an area whose figures are those of all others together: twice its figures are the sum of all."""
    figures = [look.numbers[unit.id] for unit in units]
    if sum(any(one) for one in figures) < _PLACES:
        return
    whole = [None if None in column else sum(column) for column in zip(*figures, strict=True)]
    for unit, own in zip(units, figures, strict=True):
        if unit.id in told or not any(own):
            continue
        if all(
            n is not None and total is not None and 2 * n == total
            for n, total in zip(own, whole, strict=True)
        ):
            yield _finding(
                check,
                "others",
                unit.id,
                [unit],
                values=[show_entry(n) for n in own],
                mild=True,
                paths=[look.rollup.used[unit.id].path],
                name=unit.name,
                count=len(units) - 1,
            )


_AREAS = (UnitKind.TOWNSHIP, UnitKind.STREET, UnitKind.ZONE)


def _area(look: _Look, unit: Unit) -> str:
    """The id of the government or the like under which a unit stands."""
    over = look.rollup.units.above(unit)
    return next((one.id for one in over if one.kind.is_government or one.kind in _AREAS), "")


def _listed_twice(look: _Look, check: Check) -> Results:
    rollup = look.rollup
    by_name: dict[tuple[str, str], list[Unit]] = {}
    by_code: dict[str, list[Unit]] = {}
    for unit in rollup.units.listed:
        if not unit.reports_in(rollup.year):
            continue
        by_name.setdefault((_area(look, unit), _bare(unit.name, rollup.owner)), []).append(unit)
        if unit.code.strip():
            by_code.setdefault(unit.code.strip().upper(), []).append(unit)
    told: set[frozenset[str]] = set()
    groups = [("name", units) for units in by_name.values()] + [("code", units) for units in by_code.values()]
    for sentence, units in groups:
        ids = frozenset(unit.id for unit in units)
        if len(units) < 2 or ids in told:
            continue
        told.add(ids)
        both = sum(unit.id in rollup.used for unit in units) > 1
        yield _finding(
            check,
            sentence,
            "+".join(sorted(ids)),
            units,
            values=sorted(f"{unit.id}={unit.name}" for unit in units),
            mild=not both,
            name=units[0].name,
            names=look.names(units),
            count=len(units),
        )


# --- the data of the checks


class _Test(NamedTuple):
    """A check in code: how it is evaluated, its sentences with the fields of each, and what its data must have."""

    evaluate: Callable[[_Look, Check], Results]
    sentences: Mapping[str, str]
    limits: tuple[str, ...] = ()
    cells: int = 0
    kinds: bool = False
    words: bool = False
    milder: bool = False


_TESTS: Mapping[str, _Test] = MappingProxyType(
    {
        "H-08": _Test(_name_differs, {"differs": "listed found"}),
        "H-09": _Test(
            _same_twice,
            {
                "same_file": "names files",
                "same_figures": "names cells",
                "copies": "files",
                "few_figures": "count groups",
            },
            limits=("figures",),
            milder=True,
        ),
        "H-10": _Test(
            _own_report_differs,
            {
                "differs": "place name published scope sum difference",
                "less": "movers",
                "more": "movers",
                "unit_less": "name scope unit count place published sum",
                "unit_more": "name scope unit count place published sum",
                "incomplete": "scope",
                "blank": "name",
                "none": "",
                "flat": "name",
                "apart": "name",
            },
        ),
        "H-11": _Test(
            _carried_over,
            {
                "differs": "count now then difference units",
                "moved": "count now units names",
                "one": "name now then",
                "ask": "",
                "only": "count",
                "rest": "names",
                "column": "names",
                "blank": "names",
                "no_prior": "",
                "no_common": "",
            },
            cells=2,
            milder=True,
        ),
        "H-12": _Test(
            _list_changed, {"changed": "now then changes", "more": "names", "fewer": "names", "no_prior": ""}
        ),
        "H-13": _Test(_without_power, {"has": "place value kind"}, cells=3, kinds=True),
        "H-14": _Test(
            _given_number,
            {"differs": "place scope sum given difference", "incomplete": "scope", "not_given": ""},
            cells=3,
        ),
        "H-15": _Test(
            _office_and_government,
            {
                "both": "government office value",
                "compared": "government office value",
                "no_government": "",
            },
            cells=1,
        ),
        "H-16": _Test(
            _out_of_range,
            {"change": "place now then more", "only": "place scope value unit"},
            limits=("most", "least", "from", "units"),
        ),
        "H-17": _Test(_all_zero, {"zeros": "names"}),
        "H-18": _Test(
            _fees,
            {
                "notices": "sum name published difference",
                "yuan": "sum name published difference",
                "none": "",
                "flat": "name",
                "silent": "",
                "units_silent": "count names",
            },
        ),
        "H-19": _Test(_same_suit, {"both": "suit names", "no_ledgers": ""}),
        "H-20": _Test(
            _published,
            {"late": "day due", "published": "published received count places", "no_days": ""},
            words=True,
        ),
        "H-21": _Test(_resubmitted, {"same_file": "when at", "same_figures": "when at"}),
        "H-22": _Test(
            _other_year,
            {
                "year": "file found wanted",
                "no_year": "file",
                "edition": "file found wanted",
                "another": "name",
            },
        ),
        "H-23": _Test(
            _parent_and_children,
            {"both": "name count names", "equal": "name count names", "others": "name count"},
            milder=True,
        ),
        "H-24": _Test(_listed_twice, {"name": "name count", "code": "names"}, milder=True),
    }
)
_MORE = ("cells", "kinds", "words", "titles")


def parse_checks(data: Mapping[str, Any], form: Form) -> tuple[Check, ...]:
    """The checks across units, from their TOML data, in its order.

    Raises `Defects` as `parse_listed` does, and for cells that the form does not have.
    """

    def make(reading: Reading, test: _Test, stated: Stated) -> Check:
        cells, kinds, words = (
            reading.texts(key, needed=needed)
            for key, needed in (("cells", bool(test.cells)), ("kinds", test.kinds), ("words", test.words))
        )
        if len(cells) != test.cells:
            reading.should("cells", f"有 {test.cells} 个")
        for cell in cells:
            if cell not in form.cells and join_id(cell, "total") not in form.cells:
                reading.wrong(f"格式没有 {cell}")
        for kind in kinds:
            if kind not in UnitKind.__members__:
                reading.wrong(f"没有单位类型 {kind}")
        return Check(*stated, cells, kinds, words, _titles(reading, test.sentences))

    return parse_listed(data, _TESTS, _MORE, make, "汇总检查文件有错误")


def _titles(reading: Reading, wanted: Mapping[str, str]) -> Mapping[str, str]:
    inner = reading.table("titles")
    if inner is None:
        return MappingProxyType({})
    inner.known(wanted)
    return MappingProxyType({key: inner.text(key) for key in inner.data if key in wanted})
