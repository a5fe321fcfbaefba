"""A question asked of a roll-up: units × cells × years under conditions, answered by a table.

Knows conditions, which all have to be met, how they read as a sentence, and that a unit without a number there is
neither in nor out: it is named beside the answer (a rule that cannot be evaluated is never met). Writes no file and
reckons no sum that `sums` has; what the rows of an answer come to is said to be of those rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from gxeditor.core.checks.anchors import Cell, named
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, show_entry
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.sums import Number, last_year, pairs, total_name, why_out
from gxeditor.core.rollup.units import Unit, UnitKind
from gxeditor.core.year_beside import View, change, rate

_DIGITS = 400
"""As in `sums`: nothing is rounded."""


class Test(Enum):
    """What a condition asks of a figure; the value is how it reads, with {} for the number."""

    __test__ = False  # no test of pytest's

    ANY = "有数（大于 0）"
    ZERO = "填 0"
    NO_NUMBER = "没有填数"
    AT_LEAST = "不小于 {}"
    AT_MOST = "不大于 {}"
    EQUAL = "等于 {}"

    @property
    def needs_number(self) -> bool:
        return "{}" in self.value


class Condition(NamedTuple):
    """That a cell meets a test, in this year's or last year's report, or what it changed by (`View`).

    `number` is what the test compares with. Of a rate it is per cent.
    """

    cell: str
    test: Test = Test.ANY
    number: Number = 0
    year: View = View.NOW


@dataclass(frozen=True)
class Query:
    """What is asked: `under` is the id of a branch ("" is all), `kinds` the kinds of units (none: any), `cells` the ids
    of the figures wanted, in order, `years` what is wanted of each. Every one of `conditions` has to be met.
    """

    cells: tuple[str, ...]
    years: tuple[View, ...] = (View.NOW,)
    under: str = ""
    kinds: frozenset[UnitKind] = frozenset()
    conditions: tuple[Condition, ...] = ()


class AnswerRow(NamedTuple):
    """A unit and its figures in the order of the columns; a text stands as it was found, None for what is blank."""

    unit: Unit
    entries: tuple[Entry | None, ...]


@dataclass(frozen=True)
class Answer:
    """The table that answers a query.

    `columns` are the cells with their year; `rows` the units that meet all conditions, in the order of the list;
    `unknown` those of whom a condition cannot be said, with why. `asked` units were asked, of whom `entered` have a
    report in the sum. `totals` are the sums of the rows, None for a column that cannot be added, `counted` how many
    rows have a number there. `words` say the query.
    """

    query: Query
    columns: tuple[tuple[str, View], ...]
    rows: tuple[AnswerRow, ...]
    unknown: tuple[tuple[Unit, str], ...]
    totals: tuple[Number | None, ...]
    counted: tuple[int, ...]
    asked: int
    entered: int
    words: str

    @property
    def found(self) -> str:
        """「12 家符合（49 家中 47 家）」"""
        of = total_name(self.entered, self.asked, "")
        return f"{len(self.rows)} 家符合{of}"

    def table(self, form: Form) -> tuple[tuple[str, ...], ...]:
        """The answer as texts, to be copied or written: a row of headings, the units, what they come to.

        A sum in which some rows have no number says of how many it is.
        """
        heads = (
            "单位",
            "类别",
            *(f"{named(Cell(cell), form)}（{view.value}）" for cell, view in self.columns),
        )
        body = [
            (row.unit.name, row.unit.kind.value, *(_shown(entry, view) for entry, (_, view) in self._of(row)))
            for row in self.rows
        ]
        name = total_name(self.entered, self.asked, f"符合的 {len(self.rows)} 家小计")
        last = tuple(
            "" if total is None else show_entry(total) + (f"（{count} 家）" if count < len(self.rows) else "")
            for total, count in zip(self.totals, self.counted, strict=True)
        )
        return (heads, *body, (name, "", *last))

    def _of(self, row: AnswerRow) -> Sequence[tuple[Entry | None, tuple[str, View]]]:
        return list(zip(row.entries, self.columns, strict=True))


def _shown(entry: Entry | None, view: View) -> str:
    text = show_entry(entry)
    return f"{text}%" if text and view is View.RATE else text


def ask(rollup: Rollup, query: Query) -> Answer:
    """The answer to a query. KeyError: a cell is none of the form's."""
    places = rollup.places
    for cell in (*query.cells, *(condition.cell for condition in query.conditions)):
        places[cell]
    last, mates = last_year(rollup), pairs(rollup).then_of
    inside = {unit.id for unit in rollup.entered}
    branch = None
    if query.under:
        branch = {query.under, *(unit.id for unit in rollup.units.below(query.under))}
    asked = [
        unit
        for unit in rollup.must
        if (branch is None or unit.id in branch) and (not query.kinds or unit.kind in query.kinds)
    ]
    then: Mapping[str, tuple[Entry | None, ...]] = (
        MappingProxyType({}) if last is None else {unit: one.values for unit, one in last.used.items()}
    )
    columns = tuple((cell, year) for cell in query.cells for year in query.years)
    rows: list[AnswerRow] = []
    unknown: list[tuple[Unit, str]] = []
    for unit in asked:
        if unit.id not in inside:
            unknown.append((unit, why_out(rollup, unit)))
            continue
        ours, theirs = rollup.used[unit.id].values, then.get(mates.get(unit.id, ""))

        def entry(
            cell: str,
            year: View,
            ours: tuple[Entry | None, ...] = ours,
            theirs: tuple[Entry | None, ...] | None = theirs,
        ) -> Entry | None:
            now, before = _at(ours, places[cell]), _at(theirs, places[cell])
            if year is View.NOW:
                return now
            if year is View.THEN:
                return before
            return change(now, before) if year is View.DIFFERENCE else rate(now, before)

        met = True
        doubt = ""
        for condition in query.conditions:
            says = _meets(entry(condition.cell, condition.year), condition)
            if says is None and not doubt:
                doubt = (
                    "没有上年的数"
                    if condition.year is not View.NOW and theirs is None
                    else "这一项没有可比的数"
                )
            met = met and says is not False
        if met and doubt:
            unknown.append((unit, doubt))
        elif met:
            rows.append(AnswerRow(unit, tuple(entry(cell, year) for cell, year in columns)))
    totals, counted = [], []
    with localcontext() as exact:
        exact.prec = _DIGITS
        for i, (_, year) in enumerate(columns):
            numbers = [e for row in rows if isinstance(e := row.entries[i], (int, Decimal))]
            totals.append(sum(numbers) if numbers and year is not View.RATE else None)
            counted.append(len(numbers))
    entered = sum(1 for unit in asked if unit.id in inside)
    return Answer(
        query,
        columns,
        tuple(rows),
        tuple(unknown),
        tuple(totals),
        tuple(counted),
        len(asked),
        entered,
        words(rollup, query),
    )


def _at(values: tuple[Entry | None, ...] | None, place: int) -> Entry | None:
    return values[place] if values is not None and place < len(values) else None


def _meets(entry: Entry | None, condition: Condition) -> bool | None:
    """Whether it does; None where no number stands that could be compared."""
    if condition.test is Test.NO_NUMBER:
        return entry is None or isinstance(entry, str)
    if entry is None or isinstance(entry, str):
        return None
    match condition.test:
        case Test.ANY:
            return entry > 0
        case Test.ZERO:
            return entry == 0
        case Test.AT_LEAST:
            return entry >= condition.number
        case Test.AT_MOST:
            return entry <= condition.number
        case _:
            return entry == condition.number


def words(rollup: Rollup, query: Query) -> str:
    """The query as a sentence: 「县直部门里，“…”本年有数（大于 0），并且 “…”上年填 0 的单位」."""
    branch = rollup.units.by_id.get(query.under)
    who = branch.name if branch is not None else "全部单位"
    if query.kinds:
        who += "中的" + "、".join(kind.value for kind in UnitKind if kind in query.kinds)
    said = [
        f"“{named(Cell(c.cell), rollup.form)}”{c.year.value}"
        + c.test.value.format(show_entry(c.number) + ("%" if c.year is View.RATE else ""))
        for c in query.conditions
    ]
    if not said:
        return f"{who}，不附条件"
    asked = "，并且".join(said)
    return f"{who}里，{asked}{' ' if asked[-1].isascii() else ''}的单位"


def with_a_number(cell: str, under: str = "") -> Query:
    """「哪些单位这一项有数」: the units whose figure there is greater than 0, with last year's beside it."""
    return Query((cell,), (View.NOW, View.THEN), under, conditions=(Condition(cell),))
