"""The answer to a query of a roll-up as a workbook: the question in words, the units, what they come to.

Figures are numbers, texts stay as they were found. Of how many units it is, and of whom it cannot be said whether they
belong to it, stands in the sheet. Reckons nothing (`core.rollup.query`).
"""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.report import Entry, show_entry
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.query import Answer
from gxeditor.core.text import printable
from gxeditor.core.year_beside import View
from gxeditor.exports.excel import InMemory
from gxeditor.exports.ruled_sheet import RuledSheet, Value, set_up_page
from gxeditor.files.package import fixed

SHEET = "查询"
_NAME, _KIND, _FIGURE = 62.0, 26.0, 27.0  # mm
_WIDE = 4
"""Columns of figures above which the page lies on its side."""


def query_workbook(answer: Answer, rollup: Rollup) -> bytes:
    """The workbook (.xlsx). The same answer gives the same bytes."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    name = f"{rollup.owner}{rollup.year}年汇总查询"
    book.properties.creator = printable(rollup.owner)
    book.properties.title = printable(name)
    columns = (_NAME, _KIND, *(_FIGURE for _ in answer.columns))
    set_up_page(sheet, columns, "landscape" if len(answer.columns) > _WIDE else "portrait", name)
    lines = RuledSheet(sheet, columns)
    lines.heading(name)
    lines.words(f"{answer.words}：{answer.found}")
    heads, *_, last = answer.table(rollup.form)
    lines.row([(1, head) for head in heads], head=True)
    head = lines.at
    for row in answer.rows:
        entries = (_value(e, v) for e, (_, v) in zip(row.entries, answer.columns, strict=True))
        lines.row([(1, row.unit.name), (1, row.unit.kind.value), *((1, entry) for entry in entries)])
    totals = (
        text if total is None or count < len(answer.rows) else _number(total)
        for text, total, count in zip(last[2:], answer.totals, answer.counted, strict=True)
    )
    lines.row([(1, last[0]), (1, ""), *((1, total) for total in totals)], strong=True)
    sheet.freeze_panes = f"C{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    reasons: dict[str, list[str]] = {}
    for unit, why in answer.unknown:
        reasons.setdefault(why, []).append(unit.name)
    for why, names in reasons.items():
        lines.words(f"还不能判断：{why} {len(names)} 家，{'、'.join(names)}。")
    written = BytesIO()
    InMemory(book, ZipFile(written, "w")).save()
    return fixed(written.getvalue())


def _value(entry: Entry | None, view: View) -> Value:
    if entry is None or isinstance(entry, str):
        return entry or ""
    return f"{show_entry(entry)}%" if view is View.RATE else _number(entry)


def _number(entry: int | Decimal) -> Value:
    """A number, as a text if Excel would round it: it keeps fifteen digits."""
    digits = len(show_entry(entry).replace("-", "").replace(".", "").lstrip("0"))
    return entry if digits <= 15 else show_entry(entry)
