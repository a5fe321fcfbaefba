"""A workbook that somebody filled in → the report in it, with notes.

Knows the same places as the filling of templates does (`placement`), so what the program can fill it can read back,
whatever the layout. Figures are read as they are shown and never calculated: a formula's value is the one that the file
carries. Does not know which of many units a list is about: that is no report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.readers.placement import FIELDS, Target, TemplateMap, map_template
from gxeditor.readers.recognize import Imported, agency_kind, read_entries
from gxeditor.readers.sources import MAX_CELLS, Note, RawCell, RawTable, Source
from gxeditor.readers.workbook import Workbook, open_workbook

_PLACEHOLDER = re.compile(r"(\{\{[^{}]*\}\})")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")


def import_workbook(path: Path, form: Form) -> Imported:
    """The report in a filled workbook. Raises `UnreadableSource` if it is no workbook, or a list of many units."""
    _, workbook = open_workbook(path)
    mapped = map_template(workbook, form)
    agency = _one_unit(workbook, mapped, path.name)
    source = workbook_source(workbook, path.name)
    raws = {
        (table.place, cell.row, cell.column): cell
        for table in source.blocks
        if isinstance(table, RawTable)
        for cell in table.cells
    }
    values: dict[str, RawCell] = {}
    fields: dict[str, str] = {"report.agency": agency} if agency else {}
    for target in mapped.places:
        cell = workbook.sheet(target.sheet).cell(*target.place)
        text = _filled_in(target, cell.text)
        if target.id in form.cells:
            known = raws.get((target.sheet, cell.row, cell.column))
            raw = known or RawCell(cell.row, cell.column, 1, 1, "", f"“{target.sheet}”{cell.ref}")
            values.setdefault(target.id, replace(raw, text=text))
        elif text:
            fields.setdefault(target.id, text)
    entries, notes = read_entries(form, values)
    report = _with_fields(blank_report(form), fields).with_entries(entries)
    notes.extend(_doubts(form, mapped))
    placed = {cell_id: values[cell_id].place for cell_id in form.cells if cell_id in entries}
    return Imported(report, tuple(notes), MappingProxyType(placed), source)


def read_workbook_file(path: Path) -> Source:
    """What stands in a workbook, before it is understood. Raises `UnreadableSource`."""
    return workbook_source(open_workbook(path)[1], path.name)


def workbook_source(workbook: Workbook, name: str) -> Source:
    """The visible sheets as tables, one below the other. Raises `UnreadableSource` if they have too many cells."""
    tables = []
    line, count = 1, 0
    for sheet in workbook.sheets:
        cells = []
        for row, column in () if sheet.hidden else sheet.cells:
            cell = sheet.cell(row, column)
            if cell.text or cell.row_span * cell.column_span > 1:
                spans = (cell.row_span, cell.column_span)
                cells.append(RawCell(row, column, *spans, cell.text, f"“{sheet.name}”{cell.ref}", line + row))
        count += len(cells)
        if count > MAX_CELLS:
            raise UnreadableSource(
                f"“{name}”超过 {MAX_CELLS} 格。", "没有读入任何内容。", "请只保留年报的几张表，另存后再导入。"
            )
        if cells:
            tables.append(RawTable(tuple(cells), sheet.name, line))
            line += max(cell.row for cell in cells) + 2
    return Source(tuple(tables), name)


def _one_unit(workbook: Workbook, mapped: TemplateMap, name: str) -> str:
    """The unit that a list is about; empty for other workbooks. Raises `UnreadableSource` unless it is one."""
    found = ""
    for units in mapped.units:
        sheet = workbook.sheet(units.sheet)
        lines = range(units.first, units.last + 1)
        by_row = units.axis == "row"
        names = [
            sheet.text(*((line, units.name) if by_row else (units.name, line)))
            for line in lines
            if units.name is not None
        ]
        if len(lines) != 1:
            raise UnreadableSource(
                f"“{name}”是每个单位一{'行' if by_row else '列'}的汇总表，有 {len(lines)} 个单位。",
                "没有读入任何内容。",
                "请导入各单位自己的年报。",
            )
        found = found or "".join(names).strip()
    return found


def _filled_in(target: Target, text: str) -> str:
    """What somebody wrote in a cell: of one that says more (「填报单位：…」) just that."""
    if not target.pattern:
        return "" if _PLACEHOLDER.search(text) else text.strip()
    pieces = _PLACEHOLDER.split(target.pattern)
    wanted = f"{{{{{target.id}}}}}"
    pattern = "".join(
        ("(.*)" if piece.replace(" ", "") == wanted else ".*")
        if _PLACEHOLDER.fullmatch(piece)
        else re.escape(piece)
        for piece in pieces
    )
    found = re.fullmatch(pattern, text, re.DOTALL)
    return found[1].strip() if found is not None and found.groups() and "{{" not in found[1] else ""


def _with_fields(report: Report, fields: dict[str, str]) -> Report:
    agency = fields.get("report.agency", "")
    year = _YEAR.search(fields.get("report.year", "") or fields.get("report.title", ""))
    report = report.with_fields(
        agency=agency,
        kind=agency_kind(agency),
        year=int(year[1]) if year is not None else None,
        preamble=fields.get("report.preamble", ""),
        signature=fields.get("report.signature", ""),
        date=fields.get("report.date", ""),
    )
    title = fields.get("report.title", "")
    if title and title != report.computed_title:
        report = report.with_fields(own_title=title)
    for section in report.form.sections:
        lines = (line.strip() for line in fields.get(f"section.{section.key}", "").split("\n"))
        report = report.with_section(section.key, "\n".join(line for line in lines if line))
    return report


def _doubts(form: Form, mapped: TemplateMap) -> Iterator[Note]:
    """What could not be told, and what the workbook does not have."""
    for doubt in mapped.doubtful:
        cell = form.cells.get(doubt.id)
        where = cell.place if cell is not None else FIELDS.get(doubt.id, "文字")
        ids = (doubt.id,) if cell is not None else ()
        yield Note("doubt", where, doubt.why, "没有读入，留空。", cells=ids)
    missing = [one for one in mapped.missing if one not in {doubt.id for doubt in mapped.doubtful}]
    if missing:
        names = "、".join(f"“{form.cells[one].place}”" for one in missing[:3])
        more = f"等 {len(missing)} 格" if len(missing) > 3 else ""
        what = f"没有认出{names}{more}。" if len(missing) < len(form.cells) else "没有认出年报的任何一格。"
        yield Note("doubt", "表格", what, "没有读入，留空。", cells=tuple(missing))
