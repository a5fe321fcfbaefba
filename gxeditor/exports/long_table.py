"""The long table of a roll-up: one figure a row, as CSV in UTF-8, for whoever goes on with other tools.

DuckDB, pandas and Spark read it with its first line as names (README.md). It has no byte order mark: those three skip
one, yet to others (PostgreSQL, SQLite, R, the csv module of Python) it would be part of the first name; for Excel there
is the workbook. Names are English, as they stand in queries; what stands below is as printed. Rows end with a line
feed, a text has no line break, and nothing in it is a formula to a spreadsheet. Knows no file names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, show_entry
from gxeditor.core.rollup.project import Adjustment, Rollup
from gxeditor.core.rollup.units import Duty, Unit, Units
from gxeditor.core.text import inert, printable

COLUMNS = ("unit", "kind", "parent", "year", "cell", "value", "text", "state", "unit_id")
"""`value` is a number or blank; `text` is what stands in the cell in place of a number, such as “/”; `cell` is the id of
the form; `parent` the name of the unit above. `state` is that of the unit, blank in last year's rows."""
ADJUSTMENT = "调整"
"""The kind of a row of the 调整表: with it, the values of a cell add up to the sum that the program shows."""


def long_table(rollup: Rollup) -> Iterator[bytes]:
    """The file in pieces: a row for each cell of every unit that has to report, whose values are blank where it has not.

    So of a cell `count(value)` and `count(*)` are the N and the M of 「M 家中 N 家」, adjustments left aside. A parent's
    own report, files without a unit and exempt units have no row. Last year's rows come after this year's.
    """
    yield (",".join(COLUMNS) + "\n").encode()
    values = {unit_id: one.values for unit_id, one in rollup.used.items()}
    states = {unit.id: rollup.state(unit).value for unit in rollup.must}
    yield from _year(rollup.form, rollup.year, rollup.units, rollup.must, values, states)
    yield from _adjustments(rollup.year, rollup.units, rollup.adjustments)
    if rollup.prior is not None and rollup.prior.edition == rollup.form.edition:
        prior = rollup.prior
        then = Rollup(rollup.form, year=prior.year, scope=rollup.scope, units=prior.units)
        units = [unit for unit in then.added if unit.duty is Duty.MUST or unit.id in prior.values]
        yield from _year(rollup.form, prior.year, prior.units, units, prior.values, {})
        yield from _adjustments(prior.year, prior.units, prior.adjustments)


def _year(
    form: Form,
    year: int,
    listed: Units,
    units: Iterable[Unit],
    values: Mapping[str, tuple[Entry | None, ...]],
    states: Mapping[str, str],
) -> Iterator[bytes]:
    blank: tuple[Entry | None, ...] = (None,) * len(form.cells)
    for unit in units:
        before = f"{_text(unit.name)},{unit.kind.value},{_above(unit, listed)},{year}"
        behind = f"{states.get(unit.id, '')},{_text(unit.id)}\n"
        figures = values.get(unit.id) or blank
        yield "".join(
            f"{before},{cell},{_pair(entry)},{behind}"
            for cell, entry in zip(form.cells, figures, strict=True)
        ).encode()


def _adjustments(year: int, listed: Units, adjustments: Iterable[Adjustment]) -> Iterator[bytes]:
    for one in adjustments:
        unit = listed.by_id.get(one.unit)
        name, above = (_text(unit.name), _above(unit, listed)) if unit is not None else ("", "")
        delta = _pair(one.delta)
        yield f"{name},{ADJUSTMENT},{above},{year},{one.cell},{delta},,{_text(one.unit)}\n".encode()


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
