"""Corrections of a map without any window: undone, redone, planned, and a plan that has come too late."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gxeditor import documents
from gxeditor.core.report import Report
from gxeditor.resources import resource
from gxeditor.templates.shelf import OpenTemplate, open_template
from gxeditor.ui.template.state import State, Wish, plan_wish
from gxeditor.workbook.cells import Address

SAMPLES = Path(__file__).parents[2] / "samples" / "templates"
FULL, UNITS = SAMPLES / "full.xlsx", SAMPLES / "T3_row_per_unit.xlsx"
PERSON = "requests.received.natural_person"
BUSINESS = "requests.received.company"


@pytest.fixture(scope="module")
def report() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report


@pytest.fixture(scope="module")
def full(report: Report) -> OpenTemplate:
    return open_template(FULL, report)


@pytest.fixture(scope="module")
def units(report: Report) -> OpenTemplate:
    return open_template(UNITS, report)


def planned(state: State) -> State:
    assert state.take(state.plan()(lambda: False))
    return state


def where(state: State, wanted: str) -> str:
    target = state.map.targets.get(wanted)
    return f"{target.sheet}!{target.ref}" if target is not None else ""


def test_it_needs_no_window() -> None:
    code = (
        "import sys, gxeditor.ui.template.state; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_each_correction_is_undone_and_made_again(full: OpenTemplate, report: Report) -> None:
    state = State(full, report)
    assert (state.can_undo, state.can_redo, state.is_corrected) == (False, False, False)
    state.drop([PERSON])
    state.put([PERSON], "表三", [(20, 3)])
    assert where(state, PERSON) == "表三!D21"
    assert state.step(-1)
    assert where(state, PERSON) == ""
    assert state.is_corrected
    assert state.step(-1)
    assert where(state, PERSON) == "表三!D5"
    assert not state.is_corrected
    assert not state.step(-1)
    assert state.step(1)
    assert state.step(1)
    assert not state.step(1)
    assert where(state, PERSON) == "表三!D21"


def test_a_correction_after_undoing_forgets_what_was_undone(full: OpenTemplate, report: Report) -> None:
    state = State(full, report)
    state.drop([PERSON])
    state.step(-1)
    state.set_zero(True)
    assert not state.can_redo
    assert where(state, PERSON) == "表三!D5"
    assert state.map.zero


def test_several_items_are_placed_as_one_correction(full: OpenTemplate, report: Report) -> None:
    state = State(full, report)
    state.put([PERSON, BUSINESS], "表三", [(20, 3), (20, 4)])
    assert (where(state, PERSON), where(state, BUSINESS)) == ("表三!D21", "表三!E21")
    state.step(-1)
    assert not state.can_undo


def test_a_map_that_was_kept_is_no_correction_any_more(full: OpenTemplate, report: Report) -> None:
    state = State(full, report)
    state.drop([PERSON])
    state.keep()
    assert not state.is_corrected
    state.step(-1)
    assert state.is_corrected


def test_a_plan_counts_for_the_map_that_it_was_made_of_alone(full: OpenTemplate, report: Report) -> None:
    state = planned(State(full, report))
    before = state.filling
    assert before is not None
    late = state.plan()
    state.drop([PERSON])
    assert state.filling is None
    assert not state.is_planned
    assert state.planned is not None  # still there to be shown
    assert not state.take(late(lambda: False))
    assert state.filling is None
    planned(state)
    assert state.filling is not None
    assert state.filling.count == before.count - 1
    state.step(-1)
    assert state.filling is None  # that plan is of the map without it


def test_undoing_to_the_map_of_the_newest_plan_needs_no_other(full: OpenTemplate, report: Report) -> None:
    state = planned(State(full, report))
    before = state.filling
    state.drop([PERSON])
    state.step(-1)
    assert state.filling is before


def test_what_is_found_in_a_cell_is_of_the_present_map_before_it_is_planned(
    full: OpenTemplate, report: Report
) -> None:
    state = planned(State(full, report))
    state.clear(Address("表三", 4, 3))
    assert Address("表三", 4, 3) not in state.places.targets
    state.put([PERSON], "表三", [(20, 3)])
    assert [target.id for target in state.places.targets[Address("表三", 20, 3)]] == [PERSON]
    assert not state.is_planned


def test_in_a_list_of_units_places_lie_in_the_line_of_the_unit(units: OpenTemplate, report: Report) -> None:
    state = State(units, report)
    row = next(target.place[0] for target in state.map.places if target.id == PERSON)
    assert Address("汇总", row, 16) in state.places.targets
    planned(state)
    assert state.places.lines["汇总"].number == 5
    assert Address("汇总", 5, 16) in state.places.targets
    assert state.clear(Address("汇总", 5, 16)) == (row, 16)


def test_another_line_of_the_unit_is_a_correction_too(units: OpenTemplate, report: Report) -> None:
    state = planned(State(units, report))
    state.change(state.map, "新华区人民政府")
    assert state.can_undo
    assert planned(state).places.lines["汇总"].number == 6
    state.drop([PERSON])
    assert state.wish.line == "新华区人民政府"
    state.step(-1)
    state.step(-1)
    assert state.wish.line == ""


def test_what_cannot_be_filled_says_why(units: OpenTemplate, report: Report) -> None:
    nameless = report.with_fields(agency="")
    found = plan_wish(units, nameless, Wish(units.map))
    assert found.filling is None
    assert found.trouble is not None
    assert "年报没有填机关名称" in found.trouble.what
    state = State(units, nameless, found)
    assert state.is_planned
    assert state.filling is None
