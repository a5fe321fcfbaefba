"""Carries changes out: the workbook with them, packed and verified, everything else byte for byte what it was.

The face for whoever has planned something. Formulas are never overwritten: their results stand beside them. Knows what
a new line inherits and which parts of the file go along with its cells; touches no disk, so a workbook that is changed
stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gxeditor.core.errors import NotWritten
from gxeditor.files.limits import CELL_TEXT
from gxeditor.files.package import Chunk, Package
from gxeditor.files.room import check_texts
from gxeditor.workbook.cells import ErrorValue, Result, Spot, Value, Written, cell_ref, is_same, number_text
from gxeditor.workbook.changes import Changes, NewLine
from gxeditor.workbook.read import Sheet, Workbook
from gxeditor.workbook.splice import (
    Edit,
    SheetPart,
    with_calculation_on_load,
    with_chain_links,
    with_longer_ranges,
)
from gxeditor.workbook.verify import verify


def written(package: Package, workbook: Workbook, changes: Changes) -> bytes:
    """The file with these changes, read again and compared cell by cell and part by part.

    `workbook` is what `read_workbook` gives for the package. Raises `NotWritten` if the file is not in every respect
    what was planned, `KeyError` for a sheet that the workbook does not have.
    """
    edits = _edits(workbook, changes)
    try:
        return _written(package, workbook, changes, edits)
    except (
        ValueError,
        LookupError,
        OverflowError,
    ) as error:  # a part that is read, but not as it would be changed
        raise NotWritten(
            f"{package.name}的写法特殊，填不进去，没有保存。",
            "模板和原有的文件都没有改动。",
            "请在 Excel 里把模板另存一次再试；若仍如此，请反馈这个模板。",
        ) from error


def _written(
    package: Package, workbook: Workbook, changes: Changes, edits: dict[str, dict[Spot, Edit]]
) -> bytes:
    parts: dict[str, bytes | Iterable[Chunk]] = {}
    for sheet in workbook.sheets:
        if sheet.name not in edits:
            continue
        part = SheetPart(package, sheet.part)
        new = [line for line in changes.new_lines if line.sheet == sheet.name]
        new_rows = _dress(edits[sheet.name], new, part, sheet)
        longer = (min(new_rows) - 1, max(new_rows)) if new_rows else None
        parts[sheet.part] = part.edited(edits[sheet.name], new_rows, longer)
        if longer is not None:
            parts |= _longer_tables(package, sheet, longer)
    parts |= _book_parts(package, changes)
    data = package.replaced(parts)
    planned: dict[str, dict[Spot, Result | Written]] = {
        name: dict(changes.values.get(name, {})) for name in edits
    }
    for name, cells in edits.items():
        planned[name].update((spot, edit.value) for spot, edit in cells.items())
    verify(package, workbook, data, planned, parts, changes.new_lines)
    return data


def _edits(workbook: Workbook, changes: Changes) -> dict[str, dict[Spot, Edit]]:
    """The cells that have to change, by sheet. Raises `NotWritten` for a text that no cell can hold."""
    for name, cells in changes.values.items():
        texts = (
            (f"{name} {cell_ref(*spot)}", value) for spot, value in cells.items() if isinstance(value, str)
        )
        check_texts("Excel 的一格", CELL_TEXT, texts)
    edits: dict[str, dict[Spot, Edit]] = {}
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    for name, cells in changes.values.items():
        value_at = sheets[name].value
        of_sheet = {spot: Edit(value) for spot, value in cells.items() if not is_same(value_at(*spot), value)}
        if of_sheet:
            edits[name] = of_sheet
    added = changes.formulas
    for place, result in changes.results.items():
        spot = (place.row, place.column)
        if place in added:
            edits.setdefault(place.sheet, {})[spot] = Edit(result, formula=added[place])
        elif not is_result(sheets[place.sheet].value(*spot), result):
            edits.setdefault(place.sheet, {})[spot] = Edit(result, is_result=True)
    return edits


def is_result(there: Value, result: Result | None) -> bool:
    """Whether a formula already carries a result."""
    if isinstance(result, ErrorValue):
        return there == result.code
    if there is None and result == "":
        return True
    if isinstance(result, bool) or isinstance(there, bool) or result is None or there is None:
        return there is result
    if isinstance(result, str) or isinstance(there, str):
        return there == result
    return number_text(float(there)) == number_text(result)


def _dress(
    edits: dict[Spot, Edit], new: Sequence[NewLine], part: SheetPart, sheet: Sheet
) -> dict[int, bytes]:
    """Gives the cells of new lines the look of the line that they continue; the attributes of rows that are new."""
    if not new:
        return {}
    new_rows: dict[int, bytes] = {}
    looks = part.looks({one.like for one in new if one.axis == "row"} | {row for row, _ in edits})
    for one in new:
        number = one.number
        if one.axis == "column":
            for row, column in [spot for spot in edits if spot[1] == number and spot[0] in looks]:
                edits[row, column] = edits[row, column]._replace(style=looks[row].styles.get(one.like))
            continue
        look = looks[one.like]
        if sheet.extent(number) is None:
            new_rows[number] = look.attributes
        for column, style in look.styles.items():
            edit = edits.get((number, column))
            if edit is not None:
                edits[number, column] = Edit(edit.value, edit.is_result, edit.formula, style)
            elif not sheet.has(number, column):
                edits[number, column] = Edit(None, style=style)
    return new_rows


def _longer_tables(package: Package, sheet: Sheet, longer: tuple[int, int]) -> dict[str, bytes]:
    """The tables and filters that end where the list ended, made longer."""
    parts = {}
    for relationship in package.relationships(sheet.part):
        part = package.find(relationship.target) if relationship.kind == "table" else None
        if part is not None:
            before = package.read(part)
            after = with_longer_ranges(before, (b"table", b"autoFilter"), *longer)
            if after != before:
                parts[part] = after
    return parts


def _book_parts(package: Package, changes: Changes) -> dict[str, bytes]:
    """The parts of the whole workbook that have to change: the list of formulas, and whether Excel is to calculate."""
    parts: dict[str, bytes] = {}
    if changes.calculates_on_load:
        before = package.read(package.main)
        after = with_calculation_on_load(before)
        if after != before:
            parts[package.main] = after
    formulas = changes.formulas
    if formulas:
        numbers = {
            item.get("name", ""): item.get("sheetId", "") for item in package.xml(package.main).iter("sheet")
        }
        links = [(numbers[place.sheet], place.ref) for place in formulas]
        for relationship in package.relationships(package.main):
            part = package.find(relationship.target) if relationship.kind == "calcChain" else None
            if part is not None:
                parts[part] = with_chain_links(package.read(part), links)
    return parts
