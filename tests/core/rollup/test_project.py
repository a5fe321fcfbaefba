"""A roll-up as one value: which report stands for a unit, and in what state the units are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gxeditor.core.rollup.project import Received, Rollup, State, Told
from gxeditor.core.rollup.units import Role, Scope, Unit, UnitKind, Units
from gxeditor.resources import load_form

FORM = load_form()
ZEROS = (0,) * len(FORM.cells)
COUNTY = Unit("c", "松塘县", kind=UnitKind.COUNTY, role=Role.SUM)
SCHOOLS = Unit("e", "松塘县教育局", parent="c")
TOWN = Unit("t", "松塘县沙田乡人民政府", parent="c", kind=UnitKind.TOWNSHIP)


def report(unit: str, path: str = "a.gxr", **how: Any) -> Received:
    first = Received(path, sha256=path, reader="gxr", year=2025, edition="2021", values=ZEROS, unit=unit)
    return replace(first, **how)


def rollup(*received: Received, scope: Scope = Scope.TERRITORY) -> Rollup:
    return Rollup(FORM, year=2025, scope=scope, units=Units((COUNTY, SCHOOLS, TOWN)), received=received)


def test_a_unit_without_a_file_has_not_reported() -> None:
    assert rollup().state(SCHOOLS) is State.MISSING
    assert [unit.id for unit in rollup().must] == ["e", "t"]
    assert rollup().entered == ()


def test_a_parents_own_report_is_never_added() -> None:
    assert rollup(report("c")).entered == ()
    assert "c" in rollup(report("c")).used  # but compared


@pytest.mark.parametrize(
    "wrong", [{"year": 2024}, {"edition": "2014"}, {"problem": "打不开"}, {"values": ()}]
)
def test_another_years_and_another_editions_report_is_not_used(wrong: dict[str, Any]) -> None:
    assert not rollup(report("e", **wrong)).used


def test_of_two_files_that_say_the_same_the_own_one_is_used() -> None:
    both = rollup(report("e", "b.docx", reader="docx"), report("e", "z.gxr"))
    assert both.used["e"].path == "z.gxr"


def test_two_files_that_differ_wait_for_a_person() -> None:
    other = report("e", "b.gxr", values=(1, *ZEROS[1:]))
    assert rollup(report("e"), other).state(SCHOOLS) is State.UNCLAIMED
    assert rollup(report("e"), replace(other, decided="use")).used["e"].path == "b.gxr"


def test_a_file_that_may_be_of_a_unit_makes_it_unclaimed() -> None:
    assert rollup(report("", candidates=("e", "t"))).state(SCHOOLS) is State.UNCLAIMED


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ({"found": (Told("A-01", "error", "…"), Told("P-01", "query", "…"))}, State.ERRORS),
        ({"found": (Told("P-01", "query", "…"),)}, State.QUERIES),
        ({"values": (None, *ZEROS[1:])}, State.INCOMPLETE),
        ({"values": ("/", *ZEROS[1:])}, State.INCOMPLETE),
        ({"found": (Told("P-01", "hint", "…"),)}, State.USABLE),
    ],
)
def test_what_was_read_and_found_makes_the_state(how: dict[str, Any], state: State) -> None:
    assert rollup(report("e", **how)).state(SCHOOLS) is state


def test_the_own_level_leaves_out_what_stands_below_another_government() -> None:
    assert [unit.id for unit in rollup(scope=Scope.LEVEL).must] == ["e"]


def test_the_topmost_government_is_of_its_own_level_and_so_is_what_is_adjusted_for_it() -> None:
    whole = Rollup(
        FORM, year=2025, owner="松塘县", scope=Scope.LEVEL,
        units=Units((replace(COUNTY, role=Role.DIFFERENCE), SCHOOLS, TOWN)),
    )  # fmt: skip
    assert [unit.id for unit in whole.must] == ["c", "e"]
    assert whole.is_in_scope(COUNTY)


def test_in_a_list_without_a_tree_only_the_owners_own_government_is_of_its_level() -> None:
    units = Units(
        tuple(Unit(name, name, kind=UnitKind.COUNTY) for name in ("甲县人民政府", "松塘县人民政府"))
    )
    level = Rollup(FORM, year=2025, owner="松塘县", scope=Scope.LEVEL, units=units)
    assert [unit.id for unit in level.must] == ["松塘县人民政府"]


def test_what_stands_below_a_county_is_no_business_of_its_citys_own_level() -> None:
    units = Units((
        Unit("j", "甲县人民政府", kind=UnitKind.COUNTY, role=Role.SUM), Unit("e", "甲县教育局", parent="j"),
        Unit("m", "河阳市民政局"),
    ))  # fmt: skip
    level = Rollup(FORM, year=2025, owner="河阳市", scope=Scope.LEVEL, units=units)
    assert [unit.id for unit in level.must] == ["m"]
    assert [unit.id for unit in replace(level, owner="甲县").must] == ["e", "m"]


def test_next_year_keeps_no_figures_of_a_unit_whose_file_was_anothers() -> None:
    same = {"sha256": "one", "agency": SCHOOLS.name}
    both = rollup(report("e", **same), report("t", **same))
    assert [unit.id for unit in both.entered] == ["e"]
    assert set(both.as_prior().values) == {"e"}


def test_a_file_of_another_year_that_may_be_a_units_is_nobodys_report_of_this_one() -> None:
    old = report("", "旧.docx", year=2024, candidates=("e", "t"))
    one = rollup(old)
    assert one.unclaimed == (old,)
    assert one.waiting == ()
    assert one.state(SCHOOLS) is State.MISSING
    broken = report("", "坏.docx", problem="打不开", values=(), year=None, candidates=("e",))
    assert rollup(broken).waiting == (broken,)
    assert rollup(broken).state(SCHOOLS) is State.UNCLAIMED
