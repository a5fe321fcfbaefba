"""A question asked of a roll-up, and the table that answers it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gxeditor.core.report import Entry
from gxeditor.core.rollup.project import PriorYear, Received, Rollup
from gxeditor.core.rollup.query import Condition, Query, Test, ask, with_a_number
from gxeditor.core.rollup.units import Unit, UnitKind, Units
from gxeditor.core.year_beside import View
from gxeditor.resources import load_form

FORM = load_form()
NEW, CARRIED = "requests.received.total", "requests.carried_forward.total"
UNITS = Units(
    (
        Unit("d", "县直", UnitKind.GROUP),
        Unit("a", "教育局", parent="d"),
        Unit("b", "公安局", parent="d"),
        Unit("c", "商务局", parent="d"),
        Unit("t", "沙田乡", UnitKind.TOWNSHIP),
    )
)


def values(new: Entry | None, carried: Entry | None = 0) -> tuple[Entry | None, ...]:
    return tuple({NEW: new, CARRIED: carried}.get(cell, 0) for cell in FORM.cells)


def rollup() -> Rollup:
    """教育局 12 (上年 10), 公安局 0 (上年 7), 商务局 has not reported, 沙田乡 “/” (上年 3)."""
    figures = {"a": values(12, 2), "b": values(0), "t": values("/", 1)}
    return Rollup(
        FORM,
        year=2025,
        units=UNITS,
        received=tuple(
            Received(f"{unit}.gxr", sha256=unit, year=2025, edition=FORM.edition, unit=unit, values=one)
            for unit, one in figures.items()
        ),
        prior=PriorYear(
            2024, "", FORM.edition, UNITS, {"a": values(10), "b": values(7), "c": values(5), "t": values(3)}
        ),
    )


def found(*conditions: Condition) -> tuple[list[str], list[str]]:
    answer = ask(rollup(), Query((NEW,), conditions=conditions))
    return [row.unit.id for row in answer.rows], [unit.id for unit, _ in answer.unknown]


def test_which_units_have_a_number_there() -> None:
    answer = ask(rollup(), with_a_number(NEW))
    assert [(row.unit.id, row.entries) for row in answer.rows] == [("a", (12, 10))]
    assert answer.found == "1 家符合（4 家中 3 家）"


def test_who_has_not_reported_and_who_left_it_blank_is_neither_in_nor_out() -> None:
    assert ask(rollup(), with_a_number(NEW)).unknown == (
        (UNITS.by_id["c"], "未交"),
        (UNITS.by_id["t"], "这一项没有可比的数"),
    )


@pytest.mark.parametrize(
    ("condition", "units"),
    [
        (Condition(NEW, Test.ZERO), ["b"]),
        (Condition(NEW, Test.NO_NUMBER), ["t"]),
        (Condition(NEW, Test.AT_LEAST, 12), ["a"]),
        (Condition(NEW, Test.AT_MOST, 11), ["b"]),
        (Condition(NEW, Test.EQUAL, 12), ["a"]),
        (Condition(NEW, Test.AT_LEAST, 7, View.THEN), ["a", "b"]),
        (Condition(NEW, Test.AT_MOST, -1, View.DIFFERENCE), ["b"]),
        (Condition(NEW, Test.AT_LEAST, 20, View.RATE), ["a"]),
    ],
)
def test_a_condition_asks_for_a_figure_of_either_year(condition: Condition, units: list[str]) -> None:
    assert found(condition)[0] == units


def test_all_conditions_have_to_be_met() -> None:
    assert found(Condition(NEW, Test.ANY, 0, View.THEN), Condition(CARRIED)) == (["a", "t"], ["c"])


def test_a_condition_that_is_not_met_settles_it_whatever_else_is_unknown() -> None:
    assert found(Condition(NEW), Condition(CARRIED, Test.ZERO)) == ([], ["c"])


def test_units_are_chosen_by_branch_and_by_kind() -> None:
    answer = ask(rollup(), Query((NEW,), under="d"))
    assert [row.unit.id for row in answer.rows] == ["a", "b"]
    assert (answer.entered, answer.asked) == (2, 3)
    towns = ask(rollup(), Query((NEW,), kinds=frozenset({UnitKind.TOWNSHIP})))
    assert [row.unit.id for row in towns.rows] == ["t"]


def test_the_query_is_said_in_words() -> None:
    query = Query(
        (NEW,), under="d", kinds=frozenset({UnitKind.DEPARTMENT}),
        conditions=(Condition(NEW), Condition(CARRIED, Test.AT_LEAST, 20, View.RATE)),
    )  # fmt: skip
    words = ask(rollup(), query).words
    assert words.startswith("县直中的部门里，“表三 · ")
    assert "，并且“" in words
    assert "增减率不小于 20%" in words
    assert words.endswith("的单位")


def test_the_table_says_of_how_many_units_it_is() -> None:
    heads, *body, last = ask(rollup(), Query((NEW, CARRIED), (View.NOW, View.RATE))).table(FORM)
    assert heads[:2] == ("单位", "类别")
    assert heads[2].endswith("（本年）")
    assert [row[0] for row in body] == ["教育局", "公安局", "沙田乡"]
    assert body[0] == ("教育局", "部门", "12", "20%", "2", "")
    assert body[2][2] == "/"
    assert last == ("符合的 3 家小计（4 家中 3 家）", "", "12（2 家）", "", "3", "")


def test_without_last_years_rollup_its_columns_are_blank_and_its_conditions_unknown() -> None:
    alone = replace(rollup(), prior=None)
    query = Query((NEW,), (View.THEN,), conditions=(Condition(NEW, Test.ANY, 0, View.THEN),))
    answer = ask(alone, query)
    assert not answer.rows
    assert {why for _, why in answer.unknown} == {"未交", "没有上年的数"}


def test_a_cell_that_the_form_has_not_is_refused() -> None:
    with pytest.raises(KeyError):
        ask(rollup(), Query(("no.such.cell",)))
