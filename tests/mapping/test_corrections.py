"""Corrections of a map: a figure moves, is taken off, stands for all lines of units."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gxeditor.core.form import Form
from gxeditor.mapping.corrections import BY_HAND, spot_in_map, with_place, without, without_place
from gxeditor.mapping.placement import Doubt, TemplateMap, UnitLines, map_template
from gxeditor.workbook.read import Workbook, open_workbook

SAMPLES = Path(__file__).parents[1] / "samples" / "templates"
PERSON, FIRM = "requests.received.natural_person", "requests.received.company"


@pytest.fixture(scope="module")
def book() -> Workbook:
    return open_workbook(SAMPLES / "full.xlsx")[1]


@pytest.fixture(scope="module")
def found(book: Workbook, form: Form) -> TemplateMap:
    return map_template(book, form)


def test_a_figure_has_one_place_and_a_place_one_figure(
    found: TemplateMap, book: Workbook, form: Form
) -> None:
    moved = with_place(found, form, book, PERSON, "表三", 4, 4)  # where 商业企业 stood
    assert [(t.ref, t.how, t.note) for t in moved.places if t.id == PERSON] == [("E5", "stored", BY_HAND)]
    assert moved.missing == (FIRM,)
    assert [t.id for t in moved.places if (t.sheet, t.ref) == ("表三", "D5")] == []


def test_the_agency_may_stand_on_several_sheets(found: TemplateMap, book: Workbook, form: Form) -> None:
    before = [t.ref for t in found.places if t.id == "report.agency"]
    added = with_place(found, form, book, "report.agency", "校验", 15, 0)
    assert len([t for t in added.places if t.id == "report.agency"]) == len(before) + 1


def test_a_cell_with_a_formula_is_compared_and_not_written(
    found: TemplateMap, book: Workbook, form: Form
) -> None:
    assert with_place(found, form, book, PERSON, "表三", 4, 9).targets[PERSON].formula


def test_what_is_taken_off_is_missing(found: TemplateMap, form: Form) -> None:
    assert without_place(found, form, "表三", 4, 3).missing == (PERSON,)
    assert without(found, form, [FIRM, PERSON]).missing == (PERSON, FIRM)


def test_what_is_taken_off_is_asked_no_more_and_the_other_questions_stay(
    found: TemplateMap, form: Form
) -> None:
    asked = replace(found, doubtful=(Doubt(FIRM, (), "哪一格？"), Doubt(PERSON, (), "哪一格？")))
    fewer = without(asked, form, [FIRM])
    assert [doubt.id for doubt in fewer.doubtful] == [PERSON]
    assert FIRM in fewer.missing
    assert [doubt.id for doubt in without_place(asked, form, "表三", 4, 3).doubtful] == [FIRM, PERSON]


def test_what_is_given_a_place_is_asked_no_more(found: TemplateMap, book: Workbook, form: Form) -> None:
    asked = replace(found, doubtful=(Doubt(FIRM, (), "哪一格？"), Doubt(PERSON, (), "哪一格？")))
    placed = with_place(asked, form, book, PERSON, "表三", 4, 3)
    assert [doubt.id for doubt in placed.doubtful] == [FIRM]


def test_places_are_listed_as_the_form_prints_them_and_what_else_is_asked_for_last(
    found: TemplateMap, book: Workbook, form: Form
) -> None:
    moved = with_place(found, form, book, PERSON, "表三", 4, 9)
    cells = [target.id for target in moved.places if target.id in form.cells]
    assert cells == [cell for cell in form.cells if cell in cells]
    assert all(target.id not in form.cells for target in moved.places[len(cells) :])


def test_in_columns_of_units_every_column_stands_for_the_first() -> None:
    units = UnitLines("汇总", "column", 0, 0, 1, 3, 0, None)
    template = TemplateMap("row_per_unit", (), (), (), "", (units,))
    assert spot_in_map(template, "汇总", 7, 3) == (7, 1)
    assert spot_in_map(template, "汇总", 7, 1) == (7, 1)
    assert spot_in_map(template, "汇总", 7, 0) == (7, 0)
    assert spot_in_map(template, "别的表", 7, 3) == (7, 3)


def test_in_lines_of_units_every_line_stands_for_the_first(form: Form) -> None:
    book = open_workbook(SAMPLES / "T3_row_per_unit.xlsx")[1]
    found = map_template(book, form)
    assert spot_in_map(found, "汇总", 6, 20) == (4, 20)
    assert spot_in_map(found, "汇总", 2, 20) == (2, 20)
    moved = with_place(found, form, book, PERSON, "汇总", 6, 3)
    assert moved.targets[PERSON].ref == "D5"
    assert without_place(moved, form, "汇总", 5, 3).missing == (PERSON,)
