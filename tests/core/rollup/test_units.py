"""The tree that units make, and which of them are waited for in a year."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gxeditor.core.rollup.units import Duty, Role, Unit, UnitKind, Units

COUNTY = Unit("c", "松塘县", kind=UnitKind.COUNTY)
GROUP = Unit("g", "县直部门", kind=UnitKind.GROUP, parent="c")
SCHOOLS = Unit("e", "教育局", parent="g")
TOWN = Unit("t", "沙田乡", kind=UnitKind.TOWNSHIP, parent="c")
UNITS = Units((COUNTY, GROUP, SCHOOLS, TOWN))


def test_a_heading_reports_in_no_year() -> None:
    assert not GROUP.reports_in(2025)


@pytest.mark.parametrize(
    "how", [{"role": Role.EXEMPT}, {"duty": Duty.NONE}, {"from_year": 2026}, {"to_year": 2024}]
)
def test_who_is_exempt_or_of_other_years_is_not_waited_for(how: dict[str, object]) -> None:
    assert SCHOOLS.reports_in(2025)
    assert not replace(SCHOOLS, **how).reports_in(2025)  # type: ignore[arg-type]


def test_the_tree_is_walked_down_and_up_in_its_order() -> None:
    assert [unit.id for unit in UNITS.below("")] == ["c", "g", "e", "t"]
    assert [unit.id for unit in UNITS.below("g")] == ["e"]
    assert [unit.id for unit in UNITS.above(SCHOOLS)] == ["g", "c"]


def test_a_unit_under_one_that_is_not_listed_stands_at_the_top() -> None:
    assert [unit.id for unit in Units((replace(SCHOOLS, parent="gone"),)).below("")] == ["e"]


def test_two_units_each_under_the_other_end_the_walk() -> None:
    one, other = replace(SCHOOLS, parent="t"), replace(TOWN, parent="e")
    assert [unit.id for unit in Units((one, other)).above(one)] == ["t"]
