"""The 汇总 workbook read back: the same units, figures, adjustments and sums; never taken for a report."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from gxeditor import documents
from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import Entry
from gxeditor.core.rollup.project import Adjustment, Rollup
from gxeditor.core.rollup.sums import sums
from gxeditor.core.rollup.units import Role, Scope, Unit, UnitKind, Units
from gxeditor.exports.excel import workbook_bytes
from gxeditor.exports.rollup_workbook import rollup_workbook_bytes
from gxeditor.rollup.own_workbook import is_rollup_workbook, read_rollup_workbook
from tests.rollup_sample import received_of, report_of, songtang, unit_id

WHEN = datetime(2026, 1, 21, 9, 14)
CELL = "requests.received.natural_person"


def written(rollup: Rollup, folder: Path) -> Path:
    path = folder / "松塘县汇总.xlsx"
    path.write_bytes(rollup_workbook_bytes(rollup, None, WHEN))
    return path


def random_county(seed: int) -> Rollup:
    """The county with every figure at random: blanks, texts, amounts, adjustments, a scope and a list of many kinds."""
    chance = random.Random(seed)
    rollup = songtang()
    cells = list(rollup.form.cells.values())

    def entry(decimals: int) -> Entry | None:
        kind = chance.random()
        if kind < 0.03:
            return None
        if kind < 0.05:
            return chance.choice(("/", "—", "无", "=1+1", " x"))
        number = chance.choice((0, 0, 1, 7, 365, 12_345 if decimals else 999_999_999_999))
        return Decimal(f"{number}.{chance.randrange(10_000):04}") if decimals else number

    received = [
        replace(one, values=tuple(entry(cell.decimals) for cell in cells)) if one.unit else one
        for one in rollup.received
    ]
    adjustments = tuple(
        Adjustment(
            str(number),
            chance.choice(cells).id,
            chance.choice((-3, 4, Decimal("-0.25"))),
            "原因\n二",
            unit=unit,
        )
        for number, unit in enumerate(("", unit_id("教育局"), unit_id("青渡镇人民政府")), 1)
    )
    school = rollup.units.by_id[unit_id("教育局")]
    odd = replace(
        school, name="=教育局", code="11320000MB1234567X", from_year=2020, due="2026-01-10", note="电话打不通"
    )
    return replace(
        rollup.with_unit(odd),
        received=tuple(received),
        adjustments=adjustments,
        scope=chance.choice(tuple(Scope)),
    )


@pytest.mark.parametrize("seed", range(6))
def test_a_roll_up_reads_back_with_its_units_figures_adjustments_and_sums(seed: int, tmp_path: Path) -> None:
    rollup = random_county(seed)
    read = read_rollup_workbook(written(rollup, tmp_path), rollup.form)
    back = read.rollup
    assert read.differs == ()
    assert (back.owner, back.year, back.scope) == (rollup.owner, rollup.year, rollup.scope)
    assert [unit.id for unit in back.units.listed] == [unit.id for unit in rollup.units.listed]
    for now, then in zip(back.units.listed, rollup.units.listed, strict=True):
        due = rollup.due_of(then)
        assert now == replace(then, due=due, aliases=now.aliases, why_kind="", name=now.name), then.name
        assert (now.name, [a.name for a in now.aliases]) == (then.name, [a.name for a in then.aliases])
    assert [unit.id for unit in back.must] == [unit.id for unit in rollup.must]
    assert [unit.id for unit in back.entered] == [unit.id for unit in rollup.entered]
    for unit in rollup.entered:
        assert back.used[unit.id].values == rollup.used[unit.id].values
    assert [replace(one, day="") for one in back.adjustments] == [
        replace(one, day="") for one in rollup.adjustments
    ]
    assert {cell: (one.value, one.units, one.of) for cell, one in sums(back).items()} == {
        cell: (one.value, one.units, one.of) for cell, one in sums(rollup).items()
    }
    assert read.stated == {cell: one.value for cell, one in sums(rollup).items()}


def test_a_list_of_levels_keeps_its_order_and_its_parents(tmp_path: Path) -> None:
    form = songtang().form
    units = Units(
        (
            Unit("city", "青州市", UnitKind.CITY, role=Role.SUM),
            Unit("a", "甲县", UnitKind.COUNTY, "city", role=Role.DIFFERENCE),
            Unit("a1", "甲县教育局", UnitKind.DEPARTMENT, "a"),
            Unit("g", "市直部门", UnitKind.GROUP, "city"),
            Unit("b", "青州市教育局", UnitKind.DEPARTMENT, "g"),
            Unit("empty", "没有单位的分组", UnitKind.GROUP, "city"),
        )
    )
    received = tuple(
        received_of(report_of(form, unit, (number, number, 0)), f"{unit}.gxr", unit)
        for number, unit in enumerate(("a", "a1", "b"), 1)
    )
    rollup = Rollup(form, year=2025, owner="青州市", units=units, received=received)
    read = read_rollup_workbook(written(rollup, tmp_path), form)
    assert read.rollup.units == units
    assert sums(read.rollup)[CELL].value == 6
    assert read.differs == ()


def test_what_somebody_changed_in_excel_is_told_by_cell(tmp_path: Path) -> None:
    rollup = songtang()
    path = written(rollup, tmp_path)
    book = load_workbook(path)
    column = 5 + rollup.places[CELL]
    book["分单位明细"].cell(7, column).value = 1_000
    book.save(path)
    assert is_rollup_workbook(path)
    assert read_rollup_workbook(path, rollup.form).differs == (CELL,)


def test_sorted_and_filtered_rows_read_back_all_the_same(tmp_path: Path) -> None:
    rollup = songtang()
    path = written(rollup, tmp_path)
    book = load_workbook(path)
    sheet = book["分单位明细"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7)]
    for number, row in enumerate(reversed(rows), 7):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    sheet.row_dimensions[9].hidden = True
    book.save(path)
    read = read_rollup_workbook(path, rollup.form)
    assert read.differs == ()
    assert [unit.id for unit in read.rollup.units.listed] == [unit.id for unit in rollup.units.listed]


def test_a_column_taken_out_is_told_and_nothing_is_read(tmp_path: Path) -> None:
    rollup = songtang()
    path = written(rollup, tmp_path)
    book = load_workbook(path)
    book["分单位明细"].delete_cols(10)
    book.save(path)
    with pytest.raises(UnreadableSource, match="增减过列"):
        read_rollup_workbook(path, rollup.form)


def test_it_is_known_by_what_it_says_of_itself_and_a_report_s_workbook_is_none(tmp_path: Path) -> None:
    rollup = songtang()
    assert is_rollup_workbook(written(rollup, tmp_path))
    report = tmp_path / "汇总.xlsx"
    report.write_bytes(workbook_bytes(report_of(rollup.form, "松塘县教育局", (1, 1, 0))))
    assert not is_rollup_workbook(report)
    with pytest.raises(UnreadableSource, match="不是本程序写出的汇总工作簿"):
        read_rollup_workbook(report, rollup.form)
    damaged = tmp_path / "坏.xlsx"
    damaged.write_bytes(b"PK\x03\x04")
    assert not is_rollup_workbook(damaged)
    assert not is_rollup_workbook(tmp_path / "没有.xlsx")


def test_it_is_never_read_as_somebody_s_report(tmp_path: Path) -> None:
    path = written(songtang(), tmp_path)
    with pytest.raises(UnreadableSource, match="是汇总工作簿，不是一份年报"):
        documents.read(path)


def test_another_edition_s_figures_are_not_put_into_this_one_s_cells(tmp_path: Path) -> None:
    rollup = songtang()
    path = written(rollup, tmp_path)
    with pytest.raises(UnreadableSource, match="另一种表式"):
        read_rollup_workbook(path, replace(rollup.form, edition="2030"))


def test_a_sum_of_more_digits_than_excel_keeps_is_not_taken_for_a_changed_one(tmp_path: Path) -> None:
    rollup = songtang()
    money = next(cell.id for cell in rollup.form.cells.values() if cell.decimals)
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    values = list(one.values)
    values[rollup.places[money]] = Decimal("999999999999.123456")
    rollup = rollup.with_received([replace(one, values=tuple(values))])
    assert read_rollup_workbook(written(rollup, tmp_path), rollup.form).differs == ()
