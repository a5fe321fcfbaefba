"""A workbook of whatever format → its sheets as tables, with what the map of the form's cells finds in them.

Figures stand where the filling of templates would put them (`placement`), whatever the layout; they are read as they
are shown and never calculated: a formula's value is the one that the file carries. Words outside of the tables and in
text boxes become paragraphs, row by row; what is neither is handed on with its cell. Of several years one is read, of
a list of units the one that was asked for; hidden sheets only if no other has the form. Our own workbook says outright
which row is what. Knows no file format (`formats`) and makes no report of anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.fields import ASKED
from gxeditor.core.form import Form
from gxeditor.core.report import KEPT_TEXTS, without_unseen
from gxeditor.files.limits import SHOWN_CELLS, TABLE_CELLS
from gxeditor.imports.source import (
    ImportNote,
    ManyUnits,
    Mapped,
    MappedCell,
    Origin,
    RawCell,
    RawTable,
    Said,
    Source,
    SourceText,
    Unmapped,
)
from gxeditor.mapping.placement import Doubt, Target, TemplateMap, UnitLines, map_template
from gxeditor.wording.headings import Headings, headings_of
from gxeditor.wording.labels import AGENCY_ENDINGS, REMARK_WORDS, plain
from gxeditor.workbook.cells import cell_ref
from gxeditor.workbook.own import AGENCY, INDENT, KIND, ROW_LIMIT, SENTENCES, TITLE, YEAR, role_of
from gxeditor.workbook.read import PlainCell, Sheet, SheetCell, Workbook, sheet_of

_Key = TypeVar("_Key", int, str)

_PLACEHOLDER = re.compile(r"(\{\{[^{}]*\}\})")
_ALSO_ASKED = re.compile(r"[:：]\s*[^\s_＿{:：]")  # of a cell that says more than what was taken out of it
_REFERENCE = re.compile(r"[（(]数据见工作表“.+”。[）)]")  # our own workbook's word where a table belongs


@dataclass(frozen=True, slots=True)
class TextBox:
    """A text box on a sheet: row and column, from 0, of the cell that it begins over, and its paragraphs."""

    sheet: str
    row: int
    column: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """What a format finds in a file: the workbook, what it is in words for a person, and what stands beside the cells.

    `properties` are those of the document that a person or a program has named, by their names.
    """

    workbook: Workbook
    kind: str
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    boxes: tuple[TextBox, ...] = ()
    notes: tuple[ImportNote, ...] = ()


def read_sheets(
    contents: Contents,
    name: str,
    form: Form,
    *,
    year: int | None = None,
    unit: str = "",
    found: TemplateMap | None = None,
) -> Source:
    """What stands in a filled workbook.

    Of several years `year` is read, or the latest; of a list of units the line of `unit`. Raises `ManyUnits` if a list
    has several and none of them is called `unit`, `UnreadableSource` if there are too many cells.
    """
    workbook = contents.workbook
    _tell_apart(workbook.sheets)
    shown = sum(not sheet.hidden for sheet in workbook.sheets)
    is_long = sum(sheet.size for sheet in workbook.sheets if not sheet.hidden) > SHOWN_CELLS
    if is_long and (found is not None or not _is_maybe_list(workbook.sheets)):
        raise _too_many_shown(name)
    found = found or map_template(workbook, form, agency=unit)
    if (
        is_long and not found.units
    ):  # of a list a line is read at a time, and it may have as many as there is memory for
        raise _too_many_shown(name)
    workbook, found, notes = _with_hidden(workbook, form, found, unit)
    strange: frozenset[str] = frozenset()  # the sheets of other units
    if unit and not found.units:
        every = _sheets_with_form(map_template(workbook, form), form)
        strange = frozenset(every) - {sheet for _, sheet, _ in _places(found, form)}
    elif several := _sheets_of_units(workbook, form, found):
        raise _many_units(name, "里每个单位各有工作表", len(several), several, "")
    years = _Years(workbook, form, found, unit, year)
    found = years.found
    try:
        agency, lines = _one_unit(workbook, found, name, unit)
    except ManyUnits as many:
        many.each = partial(
            _each_unit, replace(contents, workbook=workbook), name, form, found, many.units, year
        )
        raise
    if is_long:
        alone = _each_unit(replace(contents, workbook=workbook), name, form, found, (unit,), year)
        return next(source for _, source in alone)
    agency = agency or (unit if strange else "")
    kept = [
        sheet
        for sheet in workbook.sheets
        if not sheet.hidden and sheet.name not in strange and not years.is_of_another(sheet)
    ]
    sheets = _sheets(kept, name)
    raws = _Raws(sheets)
    # a label says where prose would be put; where it stands, the text says
    placed = [
        _in_line(one, lines, form)
        for one in found.places
        if not (one.id.startswith("section.") and one.how == "label")
    ]
    boxes = [box for box in contents.boxes if any(box.sheet == sheet.name for sheet in kept)]
    words = _Words(workbook, kept, headings_of(form), found, placed, years.elsewhere, raws, boxes)
    cells: list[MappedCell] = []
    slipped: list[Unmapped] = []
    uncalculated: list[RawCell] = []
    for target in placed:
        cell = workbook.sheet(target.sheet).cell(*target.place)
        raw = raws.of(target.sheet, cell)
        if target.slip and not raw.is_blank:
            slipped.append(_slipped(form, target, raw))
            continue
        says_more = bool(target.pattern) and _ALSO_ASKED.search(target.pattern) is not None
        cells.append(MappedCell(target.id, _filled_in(target, cell.text), raw, says_more))
        if cell.formula is not None and cell.value is None:
            uncalculated.append(raw)
    if years.chosen is not None and not any(one.id == "report.year" and one.text for one in cells):
        first = next((one.raw for one in cells if one.id in form.cells), RawCell(0, 0, 1, 1, ""))
        cells.append(MappedCell("report.year", str(years.chosen), replace(first, text=str(years.chosen))))
    doubtful = [doubt for doubt in found.doubtful if not years.are_of_another(doubt.candidates)]
    known = {one.id for one in found.places} | {one.id for one in doubtful}
    mapped = Mapped(
        cells=tuple(cells),
        doubtful=(*_doubtful(form, doubtful, workbook, raws), *slipped),
        missing=tuple(one for one in form.cells if one not in known),
        texts=tuple(words.paragraphs),
        unread=tuple(words.unread),
        uncalculated=tuple(uncalculated),
        agency=agency,
        said=_said(contents.properties, words.title),
    )
    blocks: list[SourceText | RawTable] = []
    for sheet in kept:
        blocks.extend(table for table in sheets if table.origin.sheet == sheet.name)
        blocks.extend(
            SourceText(line, _origin(box), part=sheet.name)
            for box in boxes
            if box.sheet == sheet.name
            for line in _lines_of(box)
        )
    return Source(
        tuple(blocks),
        name,
        mapped,
        f"{contents.kind}，{shown} 张工作表",
        (*contents.notes, *notes, *years.notes),
        years.held,
    )


def _is_maybe_list(sheets: Iterable[Sheet]) -> bool:
    """Whether the longest sheet that shows has more rows than the tables of one report."""
    longest = max((sheet for sheet in sheets if not sheet.hidden), key=lambda sheet: sheet.size)
    return len(longest.rows) > _LIST_ROWS


def _too_many_shown(name: str) -> UnreadableSource:
    return UnreadableSource(
        f"“{name}”超过 {SHOWN_CELLS} 格。", "没有读入任何内容。", "请只保留年报的几张表，另存后再导入。"
    )


def _too_many_cells(name: str) -> UnreadableSource:
    return UnreadableSource(
        f"“{name}”超过 {TABLE_CELLS} 格。", "没有读入任何内容。", "请只保留年报的几张表，另存后再导入。"
    )


def _tell_apart(sheets: Iterable[Sheet]) -> None:
    """Gives every sheet a name of its own: places are told by it. Excel allows no two of one name, damage does."""
    known: set[str] = set()
    for sheet in sheets:
        name, number = sheet.name, 1
        while sheet.name.casefold() in known:
            number += 1
            sheet.name = f"{name} ({number})"
        known.add(sheet.name.casefold())


def _has_form(found: TemplateMap, form: Form) -> bool:
    """Whether a map knows any cell of the form, for sure or not."""
    known = (*(one.id for one in found.places), *(one.id for one in found.doubtful))
    return any(one in form.cells for one in known)


def _with_hidden(
    workbook: Workbook, form: Form, found: TemplateMap, unit: str
) -> tuple[Workbook, TemplateMap, list[ImportNote]]:
    """The workbook as it is read, its map, and what is to say of hidden sheets.

    They are read only if no visible sheet has anything of the form: a person who hides a sheet does not mean it.
    """
    hidden = [
        sheet
        for sheet in workbook.sheets
        if sheet.hidden and any(text.strip() for row in sheet.rows for _, text in sheet.texts(row))
    ]
    if not hidden:
        return workbook, found, []
    names = "”“".join(sheet.name for sheet in hidden[:4]) + ("”等" if len(hidden) > 4 else "”")
    what = f"这个文件里有隐藏的工作表“{names}。"
    origin = Origin(sheet=hidden[0].name)
    if not _has_form(found, form) and sum(sheet.size for sheet in hidden) <= TABLE_CELLS:
        shown = [copy(sheet) for sheet in workbook.sheets]
        for sheet in shown:
            sheet.hidden = False
        opened = replace(workbook, sheets=tuple(shown))
        again = map_template(opened, form, agency=unit)
        if _has_form(again, form):
            done = "看得见的工作表里没有年报的表，读的是隐藏的工作表，请核对。"
            return opened, again, [ImportNote("doubt", "工作表", what, done, origin)]
    return workbook, found, [ImportNote("info", "工作表", what, "没有读隐藏的工作表。", origin)]


# -------------------- several years, several units
_NAMED_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_SAID_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?=年)")
_DIGITS = re.compile("[0-9]+")
_YEARS_IN_ROW = 3  # a row of figures seldom holds so few, and all of them like years
_SHORT_TEXT = 60  # characters; what names the year of a table is a title, a caption or a heading
_MOST_YEARS = 8  # looked at, from the latest on
_MOST_UNITS = 40  # sheets of units that are told apart; more are a list
_TITLE_ROWS = 6  # at the top of a sheet, in which its title stands
_UNIT = re.compile(rf"[^0-9:：]{{1,40}}?(?:{AGENCY_ENDINGS})")

_Places = frozenset[tuple[str, str, str]]
"""Cells of the form with the sheets and cells where a map has them."""


def _years_in(text: str) -> frozenset[int]:
    return frozenset(int(year) for year in _NAMED_YEAR.findall(plain(text)))


def _places(found: TemplateMap, form: Form) -> _Places:
    return frozenset((one.id, one.sheet, one.ref) for one in found.places if one.id in form.cells)


def _apart(maps: Mapping[_Key, TemplateMap], form: Form) -> dict[_Key, TemplateMap]:
    """Of the maps for several years or units those that have places which the map for another has not."""
    places = {key: _places(found, form) for key, found in maps.items()}
    return {
        key: found for key, found in maps.items() if any(places[key] - others for others in places.values())
    }


def _sheets_with_form(found: TemplateMap, form: Form) -> list[str]:
    """The sheets on which cells of the form stand, for sure or not."""
    every = (*found.places, *(one for doubt in found.doubtful for one in doubt.candidates))
    return list(dict.fromkeys(one.sheet for one in every if one.id in form.cells))


def _sheets_of_units(workbook: Workbook, form: Form, found: TemplateMap) -> tuple[str, ...]:
    """The units that have sheets of their own in a workbook, if they are several; by the names of the sheets."""
    if found.units or not any(doubt.id in form.cells for doubt in found.doubtful):
        return ()
    named = dict.fromkeys(
        unit[0]
        for name in _sheets_with_form(found, form)
        if (unit := _UNIT.match(plain(name).strip())) is not None
    )
    if not 1 < len(named) <= _MOST_UNITS:
        return ()
    apart = _apart({unit: map_template(workbook, form, agency=unit) for unit in named}, form)
    return tuple(apart) if len(apart) > 1 else ()


class _Years:
    """Which years a workbook has the form for, and what is read of them.

    `held` are the years if they are several, `chosen` the one that is read; `found` is its map, and `elsewhere` are the
    places of the figures of the others. A year is held if the map for it has places that the map for another has not.
    """

    def __init__(
        self, workbook: Workbook, form: Form, found: TemplateMap, unit: str, wanted: int | None
    ) -> None:
        self.held: tuple[int, ...] = ()
        self.chosen: int | None = None
        self.found = found
        self.elsewhere: tuple[Target, ...] = ()
        self.notes: tuple[ImportNote, ...] = ()
        self._foreign_sheets: frozenset[str] = frozenset()
        named = self._named(workbook, found, form)
        maps = {year: map_template(workbook, form, year=year, agency=unit) for year in named}
        apart = _apart(maps, form)
        if len(apart) < 2:
            return
        filled = [
            year
            for year, of_year in apart.items()
            if any(
                workbook.sheet(one.sheet).text(*one.place).strip()
                for one in of_year.places
                if one.id in form.cells
            )
        ]
        self.held = tuple(sorted(apart))
        self.chosen = wanted if wanted in apart else max(filled or apart)
        self.found = apart[self.chosen]
        mine = {(sheet, ref) for _, sheet, ref in _places(self.found, form)}
        self.elsewhere = tuple(
            one
            for of_year in apart.values()
            for one in of_year.places
            if one.id in form.cells and (one.sheet, one.ref) not in mine
        )
        self._foreign_sheets = frozenset(one.sheet for one in self.elsewhere) - {sheet for sheet, _ in mine}
        shown = "、".join(map(str, self.held[:-1])) + f" 和 {self.held[-1]}"
        counted = {2: "两", 3: "三"}.get(len(apart), f" {len(apart)} ")
        what = f"这个文件里有 {shown} {counted}年的表。"
        done = f"读的是 {self.chosen} 年，其余没有读。"
        self.notes = (ImportNote("doubt", "年份", what, done),)

    def are_of_another(self, places: Sequence[Target]) -> bool:
        """Whether all of some places are another year's."""
        others = {(one.sheet, one.ref) for one in self.elsewhere}
        return bool(others and places) and all((one.sheet, one.ref) in others for one in places)

    def is_of_another(self, sheet: Sheet) -> bool:
        """Whether a sheet is another year's: by its name, else by its title, else by its tables."""
        if self.chosen is None:
            return False
        years = _years_in(sheet.name)
        if len(years) != 1:
            titles = (
                text
                for row in sheet.rows[:_TITLE_ROWS]
                for _, text in sheet.texts(row)
                if len(text) <= _SHORT_TEXT and _TITLE.search(plain(text))
            )
            years = _years_in(next(titles, ""))
        if len(years) == 1 and years <= set(self.held):
            return self.chosen not in years
        return sheet.name in self._foreign_sheets

    @staticmethod
    def _named(workbook: Workbook, found: TemplateMap, form: Form) -> list[int]:
        """The years named where the form is, the latest first; none unless they are several."""
        years: set[int] = set()
        for name in _sheets_with_form(found, form):
            sheet = workbook.sheet(name)
            years |= _years_in(name)
            for row in sheet.rows:
                texts = [plain(text) for _, text in sheet.texts(row) if len(text) <= _SHORT_TEXT]
                figures = {text for text in texts if _DIGITS.fullmatch(text)}
                if len(figures) <= _YEARS_IN_ROW and all(map(_NAMED_YEAR.fullmatch, figures)):
                    years |= {int(text) for text in figures}  # a row of headings: 「指标 | 2021 | 2022」
                for text in texts:
                    years |= {int(year) for year in _SAID_YEAR.findall(text)}
        return sorted(years, reverse=True)[:_MOST_YEARS] if len(years) > 1 else []


def _sheets(sheets: Iterable[Sheet], name: str) -> tuple[RawTable, ...]:
    """The sheets as tables. Raises `UnreadableSource` if they have too many cells."""
    tables = []
    count = 0
    for sheet in sheets:
        cells = []
        for row, column in sheet.cells:
            cell = sheet.cell(row, column)
            if cell.text or cell.row_span * cell.column_span > 1:
                spans = (cell.row_span, cell.column_span)
                origin = Origin(sheet=sheet.name, cell=cell.ref)
                cells.append(RawCell(row, column, *spans, without_unseen(cell.text), origin))
        count += len(cells)
        if count > TABLE_CELLS:
            raise _too_many_cells(name)
        if cells:
            tables.append(RawTable(tuple(cells), Origin(sheet=sheet.name)))
    return tuple(tables)


class _Raws:
    """The cells of the sheets by where they stand."""

    def __init__(self, tables: Iterable[RawTable]) -> None:
        self._at = {cell.origin: cell for table in tables for cell in table.cells}

    def at(self, sheet: str, ref: str) -> RawCell | None:
        """The cell, if anything stands there."""
        return self._at.get(Origin(sheet=sheet, cell=ref))

    def of(self, sheet: str, cell: SheetCell) -> RawCell:
        origin = Origin(sheet=sheet, cell=cell.ref)
        return self._at.get(origin) or RawCell(cell.row, cell.column, 1, 1, cell.text, origin)


# -------------------- a list of units
_LIST_ROWS = 100  # more are seldom the tables of one report
_SHOWN_UNITS = 6  # named in a message; `ManyUnits` carries all


def _one_unit(
    workbook: Workbook, found: TemplateMap, name: str, unit: str
) -> tuple[str, dict[str, tuple[UnitLines, int]]]:
    """The unit of a list that is read, empty for other workbooks, and its line (from 0) on each sheet with lines.

    Raises `ManyUnits` unless it is the only one, or the one that is called `unit`.
    """
    agency = ""
    chosen: dict[str, tuple[UnitLines, int]] = {}
    for units in found.units:
        sheet = workbook.sheet(units.sheet)
        by_row = units.axis == "row"
        names = {
            line: sheet.text(*((line, units.name) if by_row else (units.name, line))).strip()
            for line in range(units.first, units.last + 1)
            if units.name is not None
        }
        count = units.last - units.first + 1
        asked = [line for line, text in names.items() if unit and plain(text) == plain(unit)]
        lines = asked if unit and names else range(units.first, units.last + 1)
        if len(lines) != 1:
            listed = tuple(dict.fromkeys(text for text in names.values() if text))
            raise _many_units(name, f"是每个单位一{'行' if by_row else '列'}的汇总表", count, listed, unit)
        chosen[units.sheet] = (units, lines[0])
        agency = agency or names.get(lines[0], "")
    return agency, chosen


def _each_unit(
    contents: Contents,
    name: str,
    form: Form,
    found: TemplateMap,
    names: Iterable[str],
    year: int | None,
) -> Iterator[tuple[str, Source]]:
    """What stands in a list for each of its units: read as if its line were the only one.

    So a line costs what a report costs, however many there are. Raises as `read_sheets`, for the unit it has come to.
    """
    of_sheet = {one.sheet: _Lines(contents.workbook.sheet(one.sheet), one) for one in found.units}
    for unit in names:
        sheets = tuple(
            of_sheet[sheet.name].only(unit, contents.workbook.since_1904) if sheet.name in of_sheet else sheet
            for sheet in contents.workbook.sheets
        )
        alone = replace(contents, workbook=replace(contents.workbook, sheets=sheets))
        lines = tuple(of_sheet[one.sheet].units_of(unit) for one in found.units)
        yield unit, read_sheets(alone, name, form, year=year, unit=unit, found=replace(found, units=lines))


class _Lines:
    """The cells of a list of units: those of each unit's line, and all others."""

    def __init__(self, sheet: Sheet, units: UnitLines) -> None:
        self._sheet, self._units = sheet, units
        self._others: list[PlainCell] = []
        self._of_line: dict[int, list[PlainCell]] = {}
        for (row, column), cell in sheet.cells.items():
            if cell.value is None and cell.formula is None:
                continue
            plain_cell = PlainCell(row, column, cell.value, cell.number_format, cell.formula)
            line = self._line(row, column)
            (self._others if line is None else self._of_line.setdefault(line, [])).append(plain_cell)
        self._named: dict[str, list[int]] = {}
        by_row = units.axis == "row"
        for line in range(units.first, units.last + 1):
            place = (line, units.name or 0) if by_row else (units.name or 0, line)
            self._named.setdefault(plain(sheet.text(*place).strip()), []).append(line)

    def _line(self, row: int, column: int) -> int | None:
        at = row if self._units.axis == "row" else column
        return at if self._units.first <= at <= self._units.last else None

    def units_of(self, unit: str) -> UnitLines:
        """The lines of the list as that of one unit alone, if it has one: nobody need look for it among all others."""
        lines = self._named.get(plain(unit), [])
        return replace(self._units, first=lines[0], last=lines[0]) if len(lines) == 1 else self._units

    def only(self, unit: str, since_1904: bool) -> Sheet:
        """The sheet with no other unit's line."""
        lines = self._named.get(plain(unit), [])
        cells = [*self._others, *(cell for line in lines for cell in self._of_line.get(line, ()))]
        merges = [
            one
            for one in self._sheet.merges
            if (line := self._line(one.top, one.left)) is None or line in lines
        ]
        return sheet_of(
            self._sheet.name,
            cells,
            hidden=self._sheet.hidden,
            merges=merges,
            hidden_rows=self._sheet.hidden_rows,
            hidden_columns=self._sheet.hidden_columns,
            since_1904=since_1904,
        )


def _many_units(name: str, what: str, count: int, listed: tuple[str, ...], unit: str) -> ManyUnits:
    shown = "、".join(listed[:_SHOWN_UNITS]) + ("等" if len(listed) > _SHOWN_UNITS else "")
    which = f"：{shown}" if shown else ""
    asked = f"里面找不到唯一的“{unit}”。" if unit else ""
    return ManyUnits(
        f"“{name}”{what}，有 {count} 个单位{which}。{asked}",
        "没有读入任何内容。",
        "请导入各单位自己的年报。",
        listed,
    )


def _in_line(target: Target, lines: Mapping[str, tuple[UnitLines, int]], form: Form) -> Target:
    """A place of a list, for the unit that is read: a map gives those of the first."""
    if target.sheet not in lines or target.id not in form.cells:
        return target
    units, line = lines[target.sheet]
    row, column = target.place
    spot = (line, column) if units.axis == "row" else (row, line)
    return replace(target, ref=cell_ref(*spot))


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


def _doubtful(form: Form, doubts: Iterable[Doubt], workbook: Workbook, raws: _Raws) -> Iterator[Unmapped]:
    """What the map could not tell, but for where prose would be put."""
    for doubt in doubts:
        if doubt.id.startswith("section."):
            continue
        cell = form.cells.get(doubt.id)
        where = cell.place if cell is not None else ASKED.get(doubt.id, "文字")
        candidates = (
            raws.of(one.sheet, workbook.sheet(one.sheet).cell(*one.place)) for one in doubt.candidates
        )
        yield Unmapped(doubt.id, where, doubt.why, tuple(candidates))


def _slipped(form: Form, target: Target, raw: RawCell) -> Unmapped:
    """A cell that a heading merely like a printed one speaks for: offered, as in any other table."""
    why = f"“{target.slip}”与表中的栏目只差几个字，拿不准是不是同一栏。"
    return Unmapped(target.id, form.cells[target.id].place, why, (raw,), raw.text)


def _said(texts: Mapping[str, str], shown_title: str | None) -> Said | None:
    """What our own workbook says in the properties of the document; None for any other."""
    if not texts.keys() & {AGENCY, KIND, TITLE}:
        return None
    year = texts.get(YEAR, "")
    return Said(
        agency=texts.get(AGENCY),
        kind=texts.get(KIND),
        year=int(year) if re.fullmatch("[0-9]{1,4}", year) else None,
        own_title=texts.get(TITLE),
        shown_title=shown_title,
    )


# -------------------- the words
class _Words:
    """The texts of a workbook outside of its tables: paragraphs, and what is none of a report's."""

    def __init__(
        self,
        workbook: Workbook,
        sheets: Iterable[Sheet],
        headings: Headings,
        mapped: TemplateMap,
        placed: Iterable[Target],
        elsewhere: Iterable[Target],
        raws: _Raws,
        boxes: Iterable[TextBox],
    ) -> None:
        self.paragraphs: list[SourceText] = []
        self.unread: list[RawCell] = []
        self._headings = headings
        self._raws = raws
        self._sheets = {sheet.name for sheet in workbook.sheets}
        cells = headings.form.cells
        figures = [*(target for target in placed if target.id in cells), *elsewhere]
        doubted = [
            target
            for doubt in mapped.doubtful
            if not doubt.id.startswith("section.")
            for target in doubt.candidates
        ]
        self._figures = {(target.sheet, target.place[0]) for target in (*figures, *doubted)}
        self._elsewhere = {(target.sheet, target.place[0]) for target in elsewhere}
        self._elsewhere -= {(target.sheet, target.place[0]) for target in placed if target.id in cells}
        self._taken = {(target.sheet, target.place) for target in (*placed, *doubted, *elsewhere)}
        self._units = {units.sheet: units for units in mapped.units}
        self._roles = _roles(workbook)
        for sheet in sheets:
            self._read(
                sheet, sorted((box for box in boxes if box.sheet == sheet.name), key=lambda box: box.row)
            )

    @property
    def title(self) -> str | None:
        """The title where the workbook says itself which row that is; empty if it is blank, None if nothing says so."""
        if "title" not in self._roles.values():
            return None
        return next((one.text for one in self.paragraphs if one.role == "title"), "")

    def _read(self, sheet: Sheet, boxes: Iterable[TextBox]) -> None:
        waiting = list(boxes)
        before = len(self.paragraphs)
        rows = [row for name, row in self._figures if name == sheet.name]
        table = range(min(rows), max(rows) + 1) if rows else range(0)
        below = sorted(rows)
        own = any(
            name == sheet.name and not role.startswith("note:") for (name, _), role in self._roles.items()
        )
        for row in sheet.rows:
            while waiting and waiting[0].row < row:
                self._add_box(waiting.pop(0), bool(rows))
            cells = [
                sheet.cell(row, column)
                for column, text in sheet.texts(row)
                if text.strip() and not self._is_units(sheet, row, column)
            ]
            at = bisect_left(below, row)
            if at < len(below) and (sheet.name, below[at]) in self._elsewhere and _are_captions(cells):
                continue
            free = [cell for cell in cells if (sheet.name, (cell.row, cell.column)) not in self._taken]
            errors = [cell for cell in free if _ERROR.fullmatch(cell.text.strip())]
            self.unread.extend(self._raws.of(sheet.name, cell) for cell in errors)
            words = [
                cell
                for cell in free
                if cell not in errors and (cell.formula is None or len(cell.text) > _CALCULATED)
            ]
            if (role := self._roles.get((sheet.name, row))) is not None:
                self._add(sheet, words[:1], role)
                words = words[1:]
            if own and words and words[0].column == 0:
                self._add_own(sheet, words[0])
                words = words[1:]
            self._sort(sheet, row, cells, words, bool(rows), row in table)
        for box in waiting:
            self._add_box(box, bool(rows))
        if not rows and not own:
            self._head_by_name(sheet, before)

    def _head_by_name(self, sheet: Sheet, before: int) -> None:
        """A sheet that is called as a section and says nothing of sections itself holds that section's prose."""
        mine = self.paragraphs[before:]
        if mine and self._headings.read(sheet.name).section:
            said = [self._headings.read(one.text) for one in mine if len(one.text) <= _SHORT_TEXT]
            if not any(heading.section for heading in said):
                heading = SourceText(
                    without_unseen(sheet.name).strip(), Origin(sheet=sheet.name), part=sheet.name
                )
                self.paragraphs.insert(before, heading)

    def _is_units(self, sheet: Sheet, row: int, column: int) -> bool:
        """Whether a place belongs to the lines of a list of units: what is read of them has a place of its own."""
        units = self._units.get(sheet.name)
        return units is not None and units.first <= (row if units.axis == "row" else column) <= units.last

    def _add_box(self, box: TextBox, has_table: bool) -> None:
        """The paragraphs of a text box: prose where no table is, below a heading or if long; else a remark."""
        lines = _lines_of(box)
        origin = _origin(box)
        read = [self._headings.read(line) for line in lines]
        is_remark = bool(lines) and _REMARK.match(plain(lines[0])) is not None
        headed = any(heading.section for heading in read)
        titled = any(_TITLE.search(plain(line)) for line in lines if len(line) <= _SHORT_TEXT)
        long = sum(map(len, lines)) > _LONG
        if not is_remark and (headed or titled or long or not has_table):
            self.paragraphs.extend(SourceText(line, origin, part=box.sheet) for line in lines)
        elif not is_remark:
            self.unread.extend(RawCell(box.row, box.column, 1, 1, line, origin) for line in lines)

    def _sort(
        self,
        sheet: Sheet,
        row: int,
        cells: list[SheetCell],
        words: list[SheetCell],
        has_table: bool,
        in_table: bool,
    ) -> None:
        """Sorts the words of a row that the map has no use for into paragraphs, labels and what is neither."""
        kinds = [self._headings.read(cell.text) for cell in words]
        headed = bool(kinds) and bool(kinds[0].section)
        if headed and self._roles:  # our own workbook has named those that count
            return
        title = any(_TITLE.search(plain(cell.text)) for cell in words) and len(words) == 1
        few = len(words) <= 2 or not has_table
        if words and few and (headed or title) and (sheet.name, row) not in self._figures:
            self._add(sheet, [cell for cell in words if not (cell.locked and cell is not words[0])])
            return
        if (sheet.name, row) in self._figures:
            main = None
        elif len(words) == len(cells) == 1 and not (in_table and kinds[0].kind == "known"):
            main = words[0]
        else:  # what is written beside a paragraph does not make it less of one
            main = next((cell for cell in words[:1] if not in_table and _SENTENCE.search(cell.text)), None)
        for cell, heading in zip(words, kinds, strict=True):
            is_main = cell is main and not (has_table and (_REMARK.match(plain(cell.text)) or heading.field))
            if (
                has_table
                and self._headings.read(_YEAR_BEFORE.sub("", plain(cell.text))).section
                and not heading.section
            ):
                continue
            if heading.kind in _LABELS and (has_table or not is_main):
                continue
            if cell.locked or self._is_label(sheet, cell):
                continue
            if is_main and not _is_figure(cell):
                self._add(sheet, [cell])
            else:
                self.unread.append(self._raws.of(sheet.name, cell))

    def _is_label(self, sheet: Sheet, cell: SheetCell) -> bool:
        """Whether the cell to the right is one that was read, or that the workbook calculates."""
        beside = sheet.cell(cell.row, cell.column + cell.column_span)
        taken = (sheet.name, (beside.row, beside.column)) in self._taken
        return not _is_figure(cell) and (taken or beside.formula is not None)

    def _add(self, sheet: Sheet, cells: Iterable[SheetCell], role: str = "") -> None:
        for cell in cells:
            raw = self._raws.of(sheet.name, cell)
            whole = role or self._headings.read(cell.text).section  # a heading may be broken into lines
            text = without_unseen(cell.text)
            lines = [text if role else plain(text)] if whole else text.split("\n")
            self.paragraphs.extend(
                SourceText(line.strip(), raw.origin, part=sheet.name, role=role)
                for line in lines
                if line.strip()
            )

    def _add_own(self, sheet: Sheet, cell: SheetCell) -> None:
        """A row of our own workbook: a paragraph, or what goes on from the row above because one row is too short."""
        text = cell.text
        if _REFERENCE.fullmatch(text.strip()):
            return
        raw = self._raws.of(sheet.name, cell)
        above = self._raws.at(sheet.name, f"A{cell.row}")  # counted from 1, so this is the row before
        last = self.paragraphs[-1] if self.paragraphs else None
        first = SENTENCES.match(text)
        if (
            above is not None
            and last is not None
            and not last.role
            and not text.startswith(INDENT)
            and len(above.text) + len(first[0] if first else "") > ROW_LIMIT
        ):
            self.paragraphs[-1] = replace(last, text=last.text + text)
        else:
            self.paragraphs.append(SourceText(text, raw.origin, part=sheet.name))


def _origin(box: TextBox) -> Origin:
    return Origin(sheet=box.sheet, cell=cell_ref(box.row, box.column))


def _lines_of(box: TextBox) -> list[str]:
    """The paragraphs of a text box that show something."""
    lines = (line.strip() for text in box.paragraphs for line in without_unseen(text).split("\n"))
    return [line for line in lines if line]


_LONG = 60  # characters; shorter texts in a box beside a table say how it is filled in
_TITLE = re.compile(r"信息公开(?:工作)?的?(?:年度)?(?:工作)?的?(?:年度)?报告")
_LABELS = ("known", "neutral", "foreign", "field", "year")
_REMARK = re.compile(
    rf"(?:{REMARK_WORDS}|审核关系"
    r"|(?:填报|填表|制表|联系|审核|复核|经办|负责|单位负责)人|(?:联系)?电话|(?:填报|报送)(?:单位|日期))(?:[(（].{1,10}[)）])?[::].*"
)
"""What stands below a table and is no prose: remarks on filling it in, and who did."""
_SENTENCE = re.compile(r"[。；！？][”’）]?\s*$|.{13}")
_CALCULATED = 12  # characters; a formula's longer text is prose put together, and longer words are no caption
_ERROR = re.compile(r"#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!)")
_FIGURE = re.compile(r"[+\-−]?[0-9][0-9,]*(?:\.[0-9]+)?%?")


_YEAR_BEFORE = re.compile("^20[0-9]{2}年(?:度|份)?")


def _are_captions(cells: Iterable[SheetCell]) -> bool:
    """Whether what stands above a table names it: nothing is a sentence."""
    return all(len(cell.text) <= _SHORT_TEXT and "。" not in cell.text for cell in cells)


def _is_figure(cell: SheetCell) -> bool:
    text = plain(cell.text)
    if isinstance(cell.value, bool):  # a box that is ticked
        return True
    return text in KEPT_TEXTS - {"无", "不适用"} or _FIGURE.fullmatch(text) is not None


def _roles(workbook: Workbook) -> dict[tuple[str, int], str]:
    """What our own workbook says of its rows, by sheet and row."""
    roles = {}
    for name in workbook.names:
        found = re.fullmatch(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$A\$([0-9]{1,7})", name.refers_to)
        if found is not None and role_of(name.name):
            sheet = (found[1] or found[2]).replace("''", "'")
            roles[sheet, int(found[3]) - 1] = role_of(name.name)
    return roles
