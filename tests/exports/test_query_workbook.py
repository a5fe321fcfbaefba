"""The answer to a query as a workbook, as Excel reads it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.report import Entry
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.query import Condition, Query, ask
from gxeditor.core.year_beside import View
from gxeditor.exports.query_workbook import query_workbook
from tests.rollup_sample import songtang, unit_id

NEW, FEES = "requests.received.total", "proactive.fees.amount"


def rows_of(rollup: Rollup, query: Query) -> list[list[object]]:
    book = load_workbook(BytesIO(query_workbook(ask(rollup, query), rollup)))
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def with_entry(unit: str, cell: str, entry: Entry | None) -> Rollup:
    rollup = songtang()
    place = rollup.places[cell]
    return replace(
        rollup,
        received=tuple(
            replace(one, values=(*one.values[:place], entry, *one.values[place + 1 :]))
            if one.unit == unit_id(unit)
            else one
            for one in rollup.received
        ),
    )


def test_it_says_the_question_of_how_many_units_it_is_and_who_is_unknown() -> None:
    rows = rows_of(songtang(), Query((NEW,), (View.NOW, View.RATE), conditions=(Condition(NEW),)))
    assert str(rows[1][0]).endswith("39 家符合（49 家中 45 家）")
    assert rows[-3][0] == "符合的 39 家小计（49 家中 45 家）"
    assert rows[-2][0] == "还不能判断：未交 2 家，松塘县商务局、松塘县小箬乡人民政府。"


def test_figures_are_numbers_and_come_to_the_subtotal() -> None:
    rows = rows_of(songtang(), Query((NEW,)))
    figures = [row[2] for row in rows[3:-3]]
    assert len(figures) == 45
    assert sum(figure for figure in figures if isinstance(figure, int)) == rows[-3][2]


def test_a_slash_stays_and_its_column_says_of_how_many_it_is() -> None:
    rows = rows_of(with_entry("教育局", NEW, "/"), Query((NEW,)))
    assert next(row for row in rows if row[0] == "松塘县教育局")[2] == "/"
    assert str(rows[-3][2]).endswith("（44 家）")


def test_an_amount_longer_than_excel_keeps_is_written_whole() -> None:
    long = Decimal("123456789012345678.25")
    rows = rows_of(with_entry("教育局", FEES, long), Query((FEES,)))
    assert next(row for row in rows if row[0] == "松塘县教育局")[2] == str(long)
    assert rows[-3][2] == str(long)


def test_the_same_answer_gives_the_same_file() -> None:
    rollup = songtang()
    answer = ask(rollup, Query((NEW,)))
    assert query_workbook(answer, rollup) == query_workbook(answer, rollup)
