"""What a person corrects in the map of a template: this belongs here, that belongs nowhere.

Each function gives another map, its fingerprint still that of the map before. Knows that units in lines share the
places of the first line, and that a figure has one place while the agency may have many.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gxeditor.core.form import Form
from gxeditor.mapping.placement import Doubt, Target, TemplateMap
from gxeditor.workbook.cells import cell_ref
from gxeditor.workbook.read import Workbook

BY_HAND = "手工指定"


def spot_in_map(template: TemplateMap, sheet: str, row: int, column: int) -> tuple[int, int]:
    """The place that stands in the map for a cell: in lines of units that of the first line."""
    for units in template.units:
        if units.sheet == sheet:
            if units.axis == "row" and row >= units.first:
                return units.first, column
            if units.axis == "column" and column >= units.first:
                return row, units.first
    return row, column


def with_place(
    template: TemplateMap, form: Form, workbook: Workbook, wanted: str, sheet: str, row: int, column: int
) -> TemplateMap:
    """The map in which `wanted` belongs into a cell, and nothing else does."""
    row, column = spot_in_map(template, sheet, row, column)
    cell = workbook.sheet(sheet).cell(row, column)
    target = Target(
        wanted,
        sheet,
        cell_ref(cell.row, cell.column),
        "stored",
        formula=cell.formula is not None,
        note=BY_HAND,
    )
    kept = [
        one
        for one in template.places
        if (one.sheet, one.place) != (sheet, target.place) and not (one.id == wanted and wanted in form.cells)
    ]
    return _completed(template, form, (*kept, target), (d for d in template.doubtful if d.id != wanted))


def without_place(template: TemplateMap, form: Form, sheet: str, row: int, column: int) -> TemplateMap:
    """The map in which nothing belongs into a cell."""
    spot = spot_in_map(template, sheet, row, column)
    kept = (one for one in template.places if (one.sheet, one.place) != (sheet, spot))
    return _completed(template, form, kept, template.doubtful)


def without(template: TemplateMap, form: Form, unwanted: Iterable[str]) -> TemplateMap:
    """The map in which these have no place, nor are in doubt."""
    ids = frozenset(unwanted)
    kept = (one for one in template.places if one.id not in ids)
    return _completed(template, form, kept, (doubt for doubt in template.doubtful if doubt.id not in ids))


def _completed(
    template: TemplateMap, form: Form, places: Iterable[Target], doubtful: Iterable[Doubt]
) -> TemplateMap:
    order = {known: i for i, known in enumerate(form.cells)}
    listed = tuple(sorted(places, key=lambda target: order.get(target.id, len(order))))
    doubts = tuple(doubtful)
    known = {target.id for target in listed} | {doubt.id for doubt in doubts}
    return replace(
        template,
        places=listed,
        doubtful=doubts,
        missing=tuple(cell for cell in form.cells if cell not in known),
    )
