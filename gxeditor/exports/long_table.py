"""The long table of a roll-up: one figure a row, as CSV in UTF-8, for whoever goes on with other tools.

DuckDB, pandas and Spark read it with its first line as names (README.md). It has no byte order mark: those three skip
one, yet to others (PostgreSQL, SQLite, R, the csv module of Python) it would be part of the first name; for Excel there
is the workbook. Names are English, as they stand in queries; what stands below is as printed. Rows end with a line
feed, a text has no line break, and nothing in it is a formula to a spreadsheet. Knows no file names.
"""

from __future__ import annotations

from collections.abc import Iterator

from gxeditor.core.report import Entry, show_entry
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.sums import adjustments_of, last_year
from gxeditor.core.rollup.units import Unit, Units
from gxeditor.core.text import inert, printable

COLUMNS = ("unit", "kind", "parent", "year", "cell", "value", "text", "state", "unit_id")
"""`value` is a number or blank; `text` is what stands in the cell in place of a number, such as “/”; `cell` is the id
that the form has; `parent` the name of the unit above. `state` is that of the unit, blank in last year's rows."""
ADJUSTMENT = "调整"
"""The kind of a row of the 调整表: with it, the values of a cell add up to the sum that the program shows."""


def long_table(rollup: Rollup) -> Iterator[bytes]:
    """The file in pieces: a row for each cell of every unit that has to report; values are blank where it has not.

    So of a cell `count(value)` and `count(*)` are the N and the M of 「M 家中 N 家」, adjustments left aside. The own
    report of a parent, files without a unit and exempt units have no row. Last year's rows come after this year's.
    """
    yield (",".join(COLUMNS) + "\n").encode()
    yield from _year(rollup, with_states=True)
    last = last_year(rollup)
    if last is not None:
        yield from _year(last, with_states=False)


def _year(rollup: Rollup, *, with_states: bool) -> Iterator[bytes]:
    cells = rollup.form.cells
    blank: tuple[Entry | None, ...] = (None,) * len(cells)
    inside = {unit.id for unit in rollup.entered}
    for unit in rollup.must:
        before = f"{_text(unit.name)},{unit.kind.value},{_above(unit, rollup.units)},{rollup.year}"
        behind = f"{rollup.state(unit).value if with_states else ''},{_text(unit.id)}\n"
        figures = rollup.used[unit.id].values if unit.id in inside else blank
        yield "".join(
            f"{before},{cell},{_pair(entry)},{behind}"
            for cell, entry in zip(cells, (figures + blank)[: len(cells)], strict=True)
        ).encode()
    for one in adjustments_of(rollup):
        about = rollup.units.by_id.get(one.unit)
        name, above = (_text(about.name), _above(about, rollup.units)) if about is not None else ("", "")
        row = (name, ADJUSTMENT, above, str(rollup.year), one.cell, _pair(one.delta), "", _text(one.unit))
        yield f"{','.join(row)}\n".encode()


def _above(unit: Unit, listed: Units) -> str:
    parent = listed.by_id.get(unit.parent)
    return _text(parent.name) if parent is not None else ""


def _pair(entry: Entry | None) -> str:
    """Value and text of a figure, one of them blank."""
    if isinstance(entry, str):
        return f",{_text(entry)}"
    return f"{show_entry(entry)},"


def _text(text: str) -> str:
    """A text as one field of one line, in quotes where it needs them."""
    text = inert(" ".join(printable(text).split()))
    if '"' in text or "," in text:
        return '"{}"'.format(text.replace('"', '""'))
    return text
