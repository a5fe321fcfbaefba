"""The workbooks that the program ships to be filled in: complete, checked as they are typed, and read back whole."""

from __future__ import annotations

import json
import warnings
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.exports.blanks import form_bytes, rollup_bytes
from gxeditor.files.package import Package
from gxeditor.mapping.placement import map_template
from gxeditor.resources import resource
from gxeditor.templates.plan import Template, plan
from gxeditor.templates.shelf import filled
from gxeditor.workbook.read import read_workbook

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def full(form: Form) -> Report:
    details = [cell for cell in form.cells.values() if not cell.is_total]
    cells = {c.id: Decimal("12.5") if c.decimals else number for number, c in enumerate(details, 1)}
    return (
        blank_report(form, 2022)
        .with_fields(agency="鲁山县教育体育局", signature="鲁山县教体局", date="2023年1月16日")
        .with_section("overview", "第一段。\n第二段。")
        .with_section("disputes", "没有。")
        .with_entries(cells)
    )


def opened(data: bytes, *, values: bool = False) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(BytesIO(data), data_only=values)


def template(data: bytes, form: Form) -> Template:
    package = Package.from_bytes(data)
    workbook = read_workbook(package)
    return Template(package, workbook, map_template(workbook, form))


@pytest.mark.parametrize(("name", "made"), [("form", form_bytes), ("rollup", rollup_bytes)])
def test_what_is_shipped_is_what_the_form_gives(name: str, made: object, form: Form) -> None:
    assert callable(made)
    assert resource(f"templates/{name}-2021.xlsx").read_bytes() == made(form)


def test_every_cell_and_every_text_of_the_form_has_its_place(form: Form) -> None:
    found = template(form_bytes(form), form).map
    sections = {f"section.{section.key}" for section in form.sections}
    fields = {"report.agency", "report.year", "report.signature", "report.date"}
    assert set(found.targets) == set(form.cells) | sections | fields
    assert (found.missing, found.doubtful) == ((), ())
    assert {target.id for target in found.places if target.formula} == {c.id for c in form.totals}


def test_the_list_has_every_cell_in_a_row_per_unit_and_a_head_of_two_levels(form: Form) -> None:
    found = template(resource("templates/rollup-2021.xlsx").read_bytes(), form).map
    (units,) = found.units
    assert (found.kind, units.axis, units.head_last - units.head_first, units.first) == (
        "row_per_unit",
        "row",
        1,
        4,
    )
    assert set(found.targets) >= set(form.cells)
    assert found.missing == ()


def formulas_of(sheet: Worksheet) -> list[str]:
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_totals_show_nothing_until_there_is_something_to_add(form: Form) -> None:
    data = form_bytes(form)
    values = opened(data, values=True)
    for sheet in opened(data).worksheets:
        for ref in formulas_of(sheet):
            assert values[sheet.title][ref].value in (None, "")
    assert opened(data)["表三"]["J5"].value == '=IF(COUNT(D5:I5)=0,"",SUM(D5:I5))'


def test_figures_are_checked_headings_are_protected_and_everything_to_fill_is_not(form: Form) -> None:
    book = opened(form_bytes(form))
    found = template(form_bytes(form), form).map
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    for target in found.places:
        sheet, cell = book[target.sheet], book[target.sheet][target.ref]
        assert cell.protection.locked == target.formula, target.id
        checks = [one for one in sheet.data_validations.dataValidation if target.ref in one.sqref]
        if target.id in form.cells and not target.formula:
            kind = "decimal" if form.cells[target.id].decimals else "whole"
            assert [(one.type, one.operator, one.formula1) for one in checks] == [(kind, "between", "0")]
    assert book["表三"]["A5"].protection.locked


def test_a_report_that_fills_the_form_meets_no_remark_and_no_difference(full: Report, form: Form) -> None:
    filling = plan(template(form_bytes(form), form), [full])
    assert [remark.text for remark in filling.remarks if "校验" not in remark.text] == []
    assert filling.differences == ()
    book = opened(filled(filling), values=True)
    assert book["表三"]["J28"].value == full.value("requests.handled.total.total")
    assert book["表三"]["D30"].value == "不平"


def test_a_blank_report_leaves_the_blank_form_as_it_is(form: Form) -> None:
    assert filled(plan(template(form_bytes(form), form), [blank_report(form)])) == form_bytes(form)


def test_the_check_below_the_table_is_the_form_s_own(form: Form) -> None:
    data: dict[str, Entry] = json.loads((SAMPLES / "lushan-2022.expected.json").read_text(encoding="utf-8"))[
        "cells"
    ]
    details = {
        key: value
        for key, value in data.items()
        if not form.cells[key].is_total and not isinstance(value, str)
    }
    report = blank_report(form, 2022).with_entries(details)
    sheet = opened(filled(plan(template(form_bytes(form), form), [report])), values=True)["表三"]
    # In the published report one request of a natural person is missing among the results.
    assert [sheet.cell(30, column).value for column in range(4, 11)] == [
        "不平",
        "平",
        "平",
        "平",
        "平",
        "平",
        "不平",
    ]


def test_the_sums_of_the_list_are_those_of_its_units(full: Report, form: Form) -> None:
    other = full.with_fields(agency="鲁山县民政局")
    book = opened(filled(plan(template(rollup_bytes(form, units=4), form), [full, other])), values=True)
    sheet = book["汇总"]
    assert [sheet.cell(row, 2).value for row in (2, 5, 6)] == [
        "全部单位合计",
        "鲁山县教育体育局",
        "鲁山县民政局",
    ]
    for column, cell in enumerate(form.cells.values(), 4):
        value = float(str(full.value(cell.id)))
        assert [sheet.cell(row, column).value for row in (5, 6, 2)] == [value, value, 2 * value]


def test_more_units_than_rows_are_prepared_go_below_them(full: Report, form: Form) -> None:
    reports = [full.with_fields(agency=f"第{number}局") for number in range(8)]
    data = filled(plan(template(rollup_bytes(form, units=5), form), reports))
    sheet, formulas = opened(data, values=True)["汇总"], opened(data)["汇总"]
    assert sheet["B12"].value == "第7局"
    assert sheet["T12"].value == full.value("requests.received.total")
    assert formulas["T12"].value == '=IF(COUNT(N12:S12)=0,"",SUM(N12:S12))'
    assert sheet["T2"].value == 8 * sheet["T12"].value
    assert formulas["B12"].border.left.style == "thin"
