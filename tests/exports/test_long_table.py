"""The long table: one figure a row, which adds up elsewhere to what the program shows."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gxeditor.core.rollup.project import Adjustment, Rollup
from gxeditor.core.rollup.sums import sums, years
from gxeditor.core.rollup.units import Role
from gxeditor.exports.long_table import COLUMNS, long_table
from gxeditor.files.atomic import write_atomic
from tests.rollup_sample import many, songtang, unit_id

CELL = "requests.received.natural_person"


def odd_county() -> Rollup:
    """The county with one text, one fraction of 万元, one adjustment and names that are hard to keep."""
    rollup = songtang()
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    values = list(one.values)
    values[1] = "/"
    money = next(cell.id for cell in rollup.form.cells.values() if cell.decimals)
    values[rollup.places[money]] = Decimal("0.30")
    rollup = rollup.with_received([replace(one, values=tuple(values))])
    rollup = rollup.with_unit(replace(rollup.units.by_id[unit_id("商务局")], name='=商务局,"新"\n局'))
    return replace(
        rollup, adjustments=(Adjustment("1", CELL, -2, "两家各计一次", unit=unit_id("自然资源局")),)
    )


@pytest.fixture
def rollup() -> Rollup:
    return odd_county()


@pytest.fixture
def file(rollup: Rollup, tmp_path: Path) -> Path:
    path = tmp_path / "长表.csv"
    write_atomic(path, long_table(rollup))
    return path


def rows(file: Path) -> list[dict[str, str]]:
    with open(file, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_cell_of_every_unit_that_must_report_has_a_row(rollup: Rollup, file: Path) -> None:
    found = [row for row in rows(file) if row["year"] == "2025" and row["kind"] != "调整"]
    assert len(found) == 49 * len(rollup.form.cells)
    assert [*found[0]] == list(COLUMNS)
    first = {row["cell"]: row for row in found if row["unit_id"] == unit_id("自然资源局")}
    assert first[CELL] == dict(
        zip(
            COLUMNS,
            ("松塘县自然资源局", "部门", "县直部门", "2025", CELL, "82", "", "有错误", unit_id("自然资源局")),
            strict=True,
        )
    )


def test_blank_stays_blank_and_a_text_has_a_column_of_its_own(rollup: Rollup, file: Path) -> None:
    found = rows(file)
    texts = [row for row in found if row["text"]]
    assert [(row["unit"], row["value"], row["text"]) for row in texts] == [("松塘县教育局", "", "/")]
    missing = [row for row in found if row["state"] == "未交"]
    assert len(missing) == 2 * len(rollup.form.cells)
    assert {row["value"] for row in missing} == {""}
    assert "0.30" in {row["value"] for row in found}


def test_a_name_stays_on_its_line_and_is_no_formula(file: Path) -> None:
    names = {
        row["unit"] for row in rows(file) if row["unit_id"] == unit_id("商务局") and row["year"] == "2025"
    }
    assert names == {'\u200b=商务局,"新" 局'}
    assert b"\r" not in file.read_bytes()


def test_there_is_no_mark_in_front_of_the_first_name(file: Path) -> None:
    assert file.read_bytes().startswith(b"unit,kind,parent,year,cell,value,text,")


def test_a_parents_own_report_and_exempt_units_have_no_row(rollup: Rollup) -> None:
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    own = replace(one, path="松塘县2025.gxr", unit="county")
    text = b"".join(long_table(rollup.with_received([own]))).decode()
    assert rollup.units.by_id["county"].role is Role.SUM
    assert ",county\n" not in text
    assert "档案馆" not in text


def test_last_year_s_rows_are_there_with_its_own_year(rollup: Rollup, file: Path) -> None:
    last = [row for row in rows(file) if row["year"] == "2024"]
    assert len(last) == 49 * len(rollup.form.cells)
    assert sum(int(row["value"]) for row in last if row["cell"] == CELL) == sum(
        int(values[rollup.places[CELL]] or 0)
        for values in (rollup.prior.values.values() if rollup.prior else ())
    )
    assert all(
        ",2024," not in line for line in b"".join(long_table(replace(rollup, prior=None))).decode().split()
    )


def asked_of_duckdb(file: Path) -> dict[str, tuple[Any, int, int]]:
    """What README's lines give of a file: sum, units that are in it, units that must report, by the cell."""
    told = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    query = told.partition(" DuckDB:\n\n")[2].partition("\n\n")[0]
    assert query.count("'long.csv'") == 1
    # In place of the name a parameter: the folder of a test may have a quotation mark in its name.
    found = duckdb.execute(query.replace("'long.csv'", "read_csv(?)"), [str(file)]).fetchall()
    return {cell: (value, units, of) for cell, value, units, of in found}


def test_the_lines_for_duckdb_in_the_readme_find_the_sums_and_how_many_units_are_in_them(
    rollup: Rollup, file: Path
) -> None:
    assert asked_of_duckdb(file) == {
        cell: (pytest.approx(float(one.value or 0)), one.units, one.of) for cell, one in sums(rollup).items()
    }


@pytest.mark.parametrize("reported", [20, 0])
def test_they_find_them_too_where_the_first_hundred_units_have_not_reported(
    tmp_path: Path, reported: int
) -> None:
    """DuckDB guesses what a column holds from the first 20,480 lines."""
    rollup = many(125, reported=1)
    rollup = replace(rollup, received=rollup.received[len(rollup.received) - reported :])
    write_atomic(file := tmp_path / "长表.csv", long_table(replace(rollup, prior=None)))
    found = asked_of_duckdb(file)
    for cell, one in sums(rollup).items():
        value = None if one.value is None else pytest.approx(float(one.value))
        assert found[cell] == (value, one.units, one.of)


def test_last_year_adds_up_to_the_sums_beside_this_year_s(rollup: Rollup, file: Path) -> None:
    found = duckdb.execute(
        "SELECT cell, sum(value) FROM read_csv(?) WHERE year = 2024 GROUP BY cell", [str(file)]
    )
    beside = years(rollup)
    assert beside is not None
    assert dict(found.fetchall()) == {cell: one.then.value for cell, one in beside.items()}


def test_a_unit_that_is_not_added_because_it_would_count_twice_has_no_values(rollup: Rollup) -> None:
    one, other = (
        next(r for r in rollup.received if r.unit == unit_id(name)) for name in ("司法局", "水利局")
    )
    twice = rollup.with_received([replace(other, sha256=one.sha256, values=one.values)])
    table = [line for line in b"".join(long_table(twice)).decode().splitlines() if ",2025," in line]
    mine = [line for line in table if line.endswith(f",{unit_id('水利局')}")]
    assert len(mine) == len(rollup.form.cells)
    assert all(",,," in line for line in mine)
