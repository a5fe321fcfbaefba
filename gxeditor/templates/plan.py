"""Fills a foreign workbook with reports: the values of its cells change, nothing else does.

`plan` says what goes where, what is not written and why, and where the workbook's own totals differ from the report's;
`filled` makes the file, reads it again and compares it cell by cell and part by part before it hands it out. Formulas
are never overwritten: their results are calculated and stored beside them. Does not know how the cells were found (that
is `mapping.placement`), and writes no file: a template cannot be touched from here.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from hashlib import sha256
from io import BytesIO
from itertools import zip_longest
from typing import Literal, NamedTuple

from gxeditor.core.errors import GxError, NotWritten
from gxeditor.core.fields import BY_ASKED, name_of
from gxeditor.core.report import KEPT_TEXTS, Entry, Report, show_entry
from gxeditor.files.package import Package, Piece
from gxeditor.mapping.placement import Target, TemplateMap, UnitLines
from gxeditor.workbook.formulas import Calculated, ErrorValue, Place, Result, calculate, number_text
from gxeditor.workbook.read import (
    Formula,
    Sheet,
    Validation,
    Value,
    Workbook,
    is_date_format,
    read_workbook,
    shifted,
)
from gxeditor.workbook.splice import (
    Edit,
    SheetPart,
    escaped_text,
    stored_text,
    with_calculation_on_load,
    with_chain_links,
    with_longer_ranges,
)

MAX_TEXT = 32_767
"""Characters that a cell of Excel holds."""

Written = int | Decimal | str | None
"""What stands in a cell after filling; None for blank."""

_Spot = tuple[int, int]  # row and column of a sheet, from 0


@dataclass(frozen=True)
class Template:
    """A foreign workbook, and what belongs where in it."""

    package: Package
    workbook: Workbook
    map: TemplateMap


class Remark(NamedTuple):
    """What a person should know about a cell before it is filled: `text` is a Chinese sentence.

    `refused`: the value is not written. Else it is, and the remark says what may be wrong with that. `id` is empty
    where it is about nothing of the report, `place` is None where the template has none.
    """

    id: str
    place: Place | None
    text: str
    refused: bool = False


class Difference(NamedTuple):
    """A figure that the workbook calculates and the report says otherwise; `theirs` is None if it is not known."""

    id: str
    place: Place
    theirs: Result | None
    ours: Entry | None
    text: str


class Line(NamedTuple):
    """Where a report goes in a sheet with a line per unit: the line's number from 0, the unit's name in it.

    `is_new`: the unit had no line; `similar` are names of other units there that resemble this one's.
    """

    sheet: str
    axis: Literal["row", "column"]
    number: int
    name: str
    is_new: bool
    similar: tuple[str, ...] = ()


class _NewLine(NamedTuple):
    """A line that takes its look, and its formulas, from another one."""

    line: Line
    like: int
    formulas: Mapping[_Spot, str]


@dataclass(frozen=True)
class Filling:
    """What filling a template comes to: `written` by sheet, row and column; `lines` of each report, none without units.

    `unknown` says why formulas cannot be calculated; they lose their old results and Excel calculates them on opening.
    """

    template: Template
    reports: tuple[Report, ...]
    written: Mapping[str, Mapping[_Spot, Written]]
    lines: tuple[tuple[Line, ...], ...]
    remarks: tuple[Remark, ...]
    differences: tuple[Difference, ...]
    calculated: Calculated = field(repr=False)
    new_lines: tuple[_NewLine, ...] = field(repr=False)

    @property
    def refused(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.refused)

    @property
    def unknown(self) -> Mapping[Place, str]:
        return self.calculated.unknown

    @property
    def count(self) -> int:
        """How many cells get a figure or a text."""
        return sum(value is not None for cells in self.written.values() for value in cells.values())


_NOTHING = "没有写出任何文件。"


def plan(template: Template, reports: Sequence[Report], line: str = "") -> Filling:
    """What filling the template with these reports comes to; nothing is written.

    More than one report needs a template with a line per unit. `line` is the name or code of the line to overwrite,
    for a single report; else the report's agency says which, and an agency that has none gets a new one. Raises
    `GxError` if a line is not to be found, not the only one, or has no room, and if nothing of the template is known.
    """
    units = template.map.units
    doubtful = template.map.doubtful
    if not template.map.places:
        what = f"{template.package.name}里没有认出年报的任何一格"
        what += f"，存疑 {len(doubtful)} 处：{doubtful[0].why.rstrip('。')}。" if doubtful else "。"
        raise GxError(what, _NOTHING, "请确认选对了模板，或手工指定对应的格子。")
    if line and not units:
        raise GxError("这个模板不是每个单位一行，不能指定行。", _NOTHING, "请去掉指定的行再试。")
    if len(reports) > 1 and not units:
        raise GxError("这个模板不是每个单位一行，一次只能填一份年报。", _NOTHING, "请一份一份地填写。")
    return _Planning(template, tuple(reports), line).done()


class _Planning:
    def __init__(self, template: Template, reports: tuple[Report, ...], line: str) -> None:
        self._template = template
        self._reports = reports
        self._wanted = line
        self._book = template.workbook
        self._sheets: dict[str, Sheet] = {}
        self._written: dict[str, dict[_Spot, Written]] = {}
        self._remarks: list[Remark] = []
        self._compared: list[tuple[str, Place, Report]] = []
        self._locked: dict[str, list[tuple[str, Place]]] = {}
        self._new_lines: list[_NewLine] = []
        self._like: dict[Line, int] = {}
        self._added: dict[Place, str] = {}
        self._units = {
            units.sheet: _UnitSheet(self._sheet(units.sheet), units) for units in template.map.units
        }

    def _sheet(self, name: str) -> Sheet:
        known = self._sheets.get(name)
        if known is not None:
            return known
        try:
            self._sheets[name] = sheet = self._book.sheet(name)
            return sheet
        except KeyError:
            raise GxError(
                f"{self._template.package.name}里没有工作表“{name}”。",
                _NOTHING,
                "请重新核对这个模板的对应关系。",
            ) from None

    def done(self) -> Filling:
        in_lines, elsewhere = self._groups()
        lines = tuple(self._lines_of(report) for report in self._reports)
        for report, of_report in zip(self._reports, lines, strict=True):
            for line in of_report:
                for (sheet, row, column), targets in in_lines.items():
                    if sheet == line.sheet:
                        spot = (line.number, column) if line.axis == "row" else (row, line.number)
                        self._put(Place(sheet, *spot), targets, report, line)
        for place, targets in elsewhere.items():
            # What stands once for all units is only written where all reports say the same.
            if (
                len(self._reports) == 1
                or len({self._value(targets, report) for report in self._reports}) == 1
            ):
                self._put(place, targets, self._reports[0], None)
        self._tell_missing()
        self._tell_locked()
        calculated = calculate(self._book, self._written, self._added)
        self._check_validations(calculated)
        differences = tuple(
            difference
            for cell_id, place, report in self._compared
            if (difference := self._difference(cell_id, place, report, calculated)) is not None
        )
        self._tell_checks(calculated)
        return Filling(
            self._template,
            self._reports,
            self._written,
            lines if self._units else (),
            tuple(self._remarks),
            differences,
            calculated,
            tuple(self._new_lines),
        )

    def _groups(self) -> tuple[dict[Place, list[Target]], dict[Place, list[Target]]]:
        """The targets by their cell: those in the lines of units, as they stand in the first line, and the others."""
        in_lines: dict[Place, list[Target]] = {}
        elsewhere: dict[Place, list[Target]] = {}
        for target in self._template.map.places:
            sheet = self._sheet(target.sheet)
            row, column = target.place
            merge = sheet.merge_at(row, column)
            if merge is not None:
                row, column = merge.top, merge.left
            units = self._units.get(target.sheet)
            place = Place(sheet.name, row, column)
            if units is None:
                elsewhere.setdefault(place, []).append(target)
            elif (row if units.by_row else column) == units.units.first:
                in_lines.setdefault(place, []).append(target)
            elif (
                target.how in ("placeholder", "name")
                or target.pattern
                or target.id in ("report.year", "report.date")
            ):
                # The agency above a list of units is the one that made the list, not one of them.
                elsewhere.setdefault(place, []).append(target)
        for units in self._units.values():
            units.spots = [(place.row, place.column) for place in in_lines if place.sheet == units.sheet.name]
        for groups in (in_lines, elsewhere):
            for place, targets in tuple(groups.items()):
                if len({one.id for one in targets}) > 1 and not targets[0].pattern:
                    del groups[place]
                    names = "、".join(f"“{name_of(one.id, self._reports[0].form)}”" for one in targets)
                    for one in targets:
                        self._refuse(one.id, place, f"{names}对应到同一格 {_where(place)}，没有填写。")
        return in_lines, elsewhere

    # -------------------- lines of units
    def _lines_of(self, report: Report) -> tuple[Line, ...]:
        name = self._wanted or report.agency.strip()
        if self._units and not name:
            raise GxError(
                "年报没有填机关名称，不知道该填在哪一行。", _NOTHING, "请先填写机关名称，或指定行。"
            )
        found = {sheet: units.find(name) for sheet, units in self._units.items()}
        if self._wanted and all(number is None for number in found.values()):
            where = "、".join(f"“{sheet}”" for sheet in found)
            raise GxError(
                f"{where}里没有名称或编码为“{name}”的行。", _NOTHING, "请核对名称，或不指定行，另添一行。"
            )
        lines = []
        for sheet, units in self._units.items():
            number = found[sheet]
            if number is None:
                number = units.free()
                line = Line(
                    sheet, units.units.axis, number, name, True, units.similar(name, len(self._reports))
                )
                self._begin(units, line)
            else:
                line = Line(sheet, units.units.axis, number, units.name(number) or name, False)
            if number in units.taken:
                raise GxError(f"有两份年报都是“{name}”的。", _NOTHING, "每个单位只留一份，再填写汇总表。")
            units.taken.add(number)
            units.add(number, name)
            lines.append(line)
        return tuple(lines)

    def _begin(self, units: _UnitSheet, line: Line) -> None:
        """A new line gets the unit's name and takes over the formulas of the line before, where it has none."""
        sheet = units.sheet
        like = units.before(line.number)
        formulas: dict[_Spot, str] = {}
        if like is not None:
            rows, columns = (line.number - like, 0) if units.by_row else (0, line.number - like)
            for (row, column), formula in units.formulas(like):
                spot = (row + rows, column + columns)
                there = spot in sheet.formulas or sheet.value(*spot) is not None
                if formula.area is None and not there:
                    formulas[spot] = shifted(formula.text, rows, columns)
                    self._added[Place(sheet.name, *spot)] = formulas[spot]
            self._new_lines.append(_NewLine(line, like, formulas))
            self._like[line] = like
        if units.units.name is not None:
            spot = units.spot(line.number, units.units.name)
            self._written.setdefault(sheet.name, {})[spot] = line.name

    # -------------------- a cell
    def _value(self, targets: Sequence[Target], report: Report) -> Written:
        first = targets[0]
        if first.pattern:
            return _PLACEHOLDER.sub(lambda found: self._shown(found[1].strip(), report), first.pattern)
        if first.id in report.form.cells:
            entry = report.value(first.id)
            if entry is None:
                return 0 if self._template.map.zero else None
            return _stored(entry)
        if first.id == "report.year":
            return report.year
        return _field(first.id, report) or None

    def _shown(self, wanted: str, report: Report) -> str:
        if wanted in report.form.cells:
            value = self._value([Target(wanted, "", "", "stored")], report)
            return show_entry(value)
        return _field(wanted, report)

    def _put(self, place: Place, targets: Sequence[Target], report: Report, line: Line | None) -> None:
        """Writes the value of a cell into the plan, or says why not."""
        target, sheet = targets[0], self._sheet(place.sheet)
        spot = (place.row, place.column)
        is_cell = target.id in report.form.cells
        if spot in sheet.formulas or place in self._added:
            if is_cell and not target.pattern:
                self._compared.append((target.id, place, report))
            return
        value = self._value(targets, report)
        there = sheet.value(*spot)
        placeholder = isinstance(there, str) and "{{" in there
        if value is None and not placeholder and (not is_cell or there in KEPT_TEXTS):
            return  # a field the report leaves open keeps what the template says, and so does a printed “/”
        number_format, locked = self._look(sheet, spot, line)
        if locked and not _is_same(there, value):
            if there is not None and not placeholder:
                shown = "" if value is None else f"，没有改成“{_short(value)}”"
                self._refuse(target.id, place, f"{_where(place)}被模板锁定，已有“{_short(there)}”{shown}。")
                return
            if value is not None:
                self._locked.setdefault(place.sheet, []).append((target.id, place))
        if isinstance(value, str) and len(value) > MAX_TEXT:
            what = f"“{name_of(target.id, report.form)}”有 {len(value)} 字，一格最多容纳 {MAX_TEXT} 字"
            self._refuse(target.id, place, f"{what}，没有填入 {_where(place)}。")
            return
        if (
            target.id in ("report.date", "report.year")
            and not target.pattern
            and is_date_format(number_format)
        ):
            value = self._as_date(value) or value
        elif isinstance(value, (int, Decimal)):
            doubt = _format_doubt(number_format, value)
            if doubt:
                name = name_of(target.id, report.form)
                text = f"{_where(place)}的格式{doubt}，填入的数是 {show_entry(value)}（{name}）。"
                self._remarks.append(Remark(target.id, place, text))
        if isinstance(value, str) and _is_cut_off(sheet, spot, value):
            name = name_of(target.id, report.form)
            text = f"“{name}”有 {len(value)} 字，{_where(place)}的行高不够，打印时会显示不全。"
            self._remarks.append(Remark(target.id, place, text))
        self._written.setdefault(place.sheet, {})[spot] = value

    def _look(self, sheet: Sheet, spot: _Spot, line: Line | None) -> tuple[str, bool]:
        """Number format and lock of a cell; of one that is made, those of the line that it looks like."""
        like = self._like.get(line) if line is not None and line.is_new and not sheet.has(*spot) else None
        if line is None or like is None:
            return sheet.look(*spot)
        return sheet.look(*((like, spot[1]) if line.axis == "row" else (spot[0], like)))

    def _as_date(self, value: Written) -> int | None:
        """The number that stands for a date in this workbook; None for what is no date."""
        found = _DATE.fullmatch(str(value).strip()) if value is not None else None
        if found is None:
            return None
        try:
            day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        except ValueError:
            return None
        start = date(1904, 1, 1) if self._book.since_1904 else date(1899, 12, 30)
        return (day - start).days

    def _refuse(self, cell_id: str, place: Place, text: str) -> None:
        self._remarks.append(Remark(cell_id, place, text, refused=True))

    # -------------------- what is to be said
    def _tell_missing(self) -> None:
        """What the report says and the template has no place for, or none for sure."""
        doubtful = {doubt.id: doubt for doubt in self._template.map.doubtful}
        for cell_id in (*doubtful, *(one for one in self._template.map.missing if one not in doubtful)):
            if cell_id in self._template.map.targets:
                continue
            report = next((one for one in self._reports if self._says(cell_id, one)), None)
            if report is not None:
                name = name_of(cell_id, report.form)
                text = f"模板里没有“{name}”的格子，没有填写。"
                if cell_id in doubtful:
                    doubt = doubtful[cell_id]
                    at = f"（{doubt.where}）" if doubt.text else ""
                    text = f"“{name}”没有填写：{doubt.why}{at}"
                self._remarks.append(Remark(cell_id, None, text, refused=True))

    def _says(self, wanted: str, report: Report) -> bool:
        if wanted in report.form.cells:
            return report.value(wanted) is not None
        return bool(self._shown(wanted, report))

    def _tell_locked(self) -> None:
        for sheet, cells in self._locked.items():
            first = cells[0][1]
            what = (
                f"{_where(first)}" if len(cells) == 1 else f"“{sheet}”里的 {len(cells)} 格（如 {first.ref}）"
            )
            text = f"{what}被模板锁定，在 Excel 里不能手填；已按对应关系填入。"
            self._remarks.append(Remark(cells[0][0] if len(cells) == 1 else "", first, text))

    def _check_validations(self, calculated: Calculated) -> None:
        unchecked: dict[tuple[str, int], list[Place]] = {}
        for name, cells in self._written.items():
            sheet = self._sheet(name)
            for number, (areas, validation) in enumerate(sheet.validations):
                for spot, value in cells.items():
                    if value is None or not any(area.holds(*spot) for area in areas):
                        continue
                    place = Place(name, *spot)
                    accepted = _accepts(
                        validation, value, place, Place(name, areas[0].top, areas[0].left), calculated
                    )
                    if accepted is None:
                        unchecked.setdefault((name, number), []).append(place)
                    elif not accepted:
                        text = f"{_where(place)}的数据有效性不接受“{_short(value)}”{_allowed(validation)}，已照填。"
                        self._remarks.append(Remark(self._id_at(place), place, text))
        for places in unchecked.values():
            what = _where(places[0]) if len(places) == 1 else f"{_where(places[0])}等 {len(places)} 格"
            self._remarks.append(Remark("", places[0], f"{what}另有数据有效性规则，本程序没有核对。"))

    def _id_at(self, place: Place) -> str:
        for target in self._template.map.places:
            if (target.sheet, *target.place) == place:
                return target.id
        return ""

    def _difference(
        self, cell_id: str, place: Place, report: Report, calculated: Calculated
    ) -> Difference | None:
        ours = report.value(cell_id)
        theirs = calculated.values.get(place)
        name = name_of(cell_id, report.form)
        if theirs is None:
            why = calculated.unknown.get(place, "")
            text = f"{_where(place)}由模板计算，本程序算不出（{why}），没有核对“{name}”。"
            return Difference(cell_id, place, None, ours, text)
        if ours is None and (theirs in ("", 0.0)):
            return None
        if (
            isinstance(ours, (int, Decimal))
            and isinstance(theirs, float)
            and abs(float(ours) - theirs) < 1e-9
        ):
            return None
        if _shown_result(theirs) == show_entry(ours):
            return None
        said = f"年报为 {show_entry(ours)}" if ours is not None else "年报空着"
        gives = f"由模板算得 {_shown_result(theirs)}" if theirs != "" else "由模板计算，结果为空"
        text = f"{_where(place)}{gives}，{said}（{name}）"
        if isinstance(ours, (int, Decimal)) and isinstance(theirs, float):
            text += f"，相差 {number_text(abs(theirs - float(ours)))}"
        return Difference(cell_id, place, theirs, ours, f"{text}。")

    def _tell_checks(self, calculated: Calculated) -> None:
        """What the template's own checks say."""
        compared = {place for _, place, _ in self._compared}
        for place, result in calculated.values.items():
            if isinstance(result, str) and _FAULT.search(result) and place not in compared:
                before = self._sheet(place.sheet).value(place.row, place.column)
                if before != result:
                    text = f"模板自带的校验 {_where(place)} 显示“{_short(result)}”。"
                    self._remarks.append(Remark("", place, text))


_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_DATE = re.compile(r"([12][0-9]{3})\s*(?:[年./-]\s*([0-9]{1,2})\s*(?:[月./-]\s*([0-9]{1,2})\s*日?|月)?|年)?")
_FAULT = re.compile("错误|有误|不符|不平|不等|不一致|不正确|×")


def _stored(entry: Entry) -> Written:
    """An entry as it is stored in a workbook: an amount without needless zeros."""
    if isinstance(entry, Decimal):
        if not entry.is_finite():
            return str(entry)
        whole = entry.to_integral_value()
        return int(entry) if entry == whole else entry.normalize()
    return entry


def _field(wanted: str, report: Report) -> str:
    if wanted.startswith("section."):
        return report.sections.get(wanted.removeprefix("section."), "")
    field = BY_ASKED.get(wanted)
    if field is None or (field.name == "own_title" and not (report.agency or report.own_title)):
        return ""
    return report.shown(field)


def _where(place: Place) -> str:
    return f"“{place.sheet}”{place.ref}"


def _short(value: object) -> str:
    shown = (
        value if isinstance(value, str) else _shown_result(value) if isinstance(value, float) else str(value)
    )
    return shown if len(shown) <= 20 else f"{shown[:19]}…"


def _shown_result(result: Result | None) -> str:
    if isinstance(result, bool):
        return "TRUE" if result else "FALSE"
    if isinstance(result, float):
        return number_text(result)
    return result.code if isinstance(result, ErrorValue) else result or ""


def _is_same(there: Value, value: Written) -> bool:
    """Whether a cell already holds a value."""
    if isinstance(there, bool) or there is None or value is None:
        return there is None and value is None
    if isinstance(there, str) or isinstance(value, str):
        return there == value
    return float(there) == float(value)


# -------------------- lines of units
_TOTAL = re.compile("(?:合|总|共|小)计|汇总|总数|全[市县区省]合计")
_FOOTER = re.compile(
    r"(?:备?注|说明|附)[:：]|(?:填表|填报|制表|审核|联系|经办)(?:人|单位|日期|时间|电话|机关)"
)
_LIKENESS = 0.75
_FEW = 20  # reports, for which resembling names are looked for


class _UnitSheet:
    """A sheet with a line per unit: who has which line, and which is free."""

    def __init__(self, sheet: Sheet, units: UnitLines) -> None:
        self.sheet = sheet
        self.units = units
        self.by_row = units.axis == "row"
        self.spots: list[_Spot] = []
        self.taken: set[int] = set()
        self._numbers: dict[str, list[int]] = {}
        self._free_from = units.first
        extents = [extent for row in sheet.rows if (extent := sheet.extent(row)) is not None]
        self._end = max(sheet.rows if self.by_row else (last for _, last in extents), default=-1)
        self._formulas: dict[int, list[tuple[_Spot, Formula]]] = {}
        for spot, formula in sheet.formulas.items():
            self._formulas.setdefault(spot[0 if self.by_row else 1], []).append((spot, formula))
        for number in range(units.first, self._end + 1):
            for text in (self.name(number), self._text(number, units.code)):
                if text and not _TOTAL.fullmatch(text):
                    self._numbers.setdefault(text, []).append(number)

    def spot(self, number: int, across: int) -> _Spot:
        return (number, across) if self.by_row else (across, number)

    def _text(self, number: int, across: int | None) -> str:
        text = self.sheet.text(*self.spot(number, across)) if across is not None else ""
        return "" if "{{" in text else _plain(text)

    def name(self, number: int) -> str:
        return self._text(number, self.units.name)

    def formulas(self, number: int) -> list[tuple[_Spot, Formula]]:
        return self._formulas.get(number, [])

    def find(self, name: str) -> int | None:
        """The line of a unit, by name or code; None if it has none. Raises `GxError` if there are several."""
        numbers = sorted(set(self._numbers.get(_plain(name), ())))
        if len(numbers) > 1:
            lines = "、".join(self.label(number) for number in numbers[:5])
            raise GxError(
                f"“{self.sheet.name}”里有 {len(numbers)} 处“{name}”（{lines}）。",
                _NOTHING,
                "请改用编码指定，或在模板里改正。",
            )
        return numbers[0] if numbers else None

    def add(self, number: int, name: str) -> None:
        if number not in self._numbers.setdefault(_plain(name), []):
            self._numbers[_plain(name)].append(number)

    def similar(self, name: str, reports: int) -> tuple[str, ...]:
        """Names in the sheet that may be this unit's, written otherwise."""
        if reports > _FEW:
            return ()
        wanted = _plain(name)
        return tuple(
            one
            for one in self._numbers
            if one != wanted
            and len(one) > 3
            and SequenceMatcher(None, one, wanted, autojunk=False).ratio() >= _LIKENESS
        )[:3]

    def label(self, number: int) -> str:
        return f"第 {number + 1} 行" if self.by_row else f"第 {number + 1} 列"

    def free(self) -> int:
        """The first line without a unit. Raises `GxError` if a total or a footer stands in the way."""
        for number in range(self._free_from, self._end + 1):
            name = self.name(number)
            if number in self.taken:
                continue
            if _TOTAL.fullmatch(name) or _FOOTER.match(name) or (not name and self._closes(number)):
                shown = name or "合计"
                raise GxError(
                    f"“{self.sheet.name}”里没有空行了：{self.label(number)}是“{_short(shown)}”。",
                    _NOTHING,
                    "请在 Excel 里给它上面插入空行，保存后再填。",
                )
            if not name and not self._text(number, self.units.code) and self._is_free(number):
                self._free_from = number + 1
                return number
        number = max(self._end + 1, self._free_from)
        self._free_from = number + 1
        return number

    def _closes(self, number: int) -> bool:
        """Whether a total or a footer stands in the line, beside the column of names."""
        texts = self.sheet.texts(number, words=True) if self.by_row else ()
        return any(_TOTAL.fullmatch(_plain(text)) or _FOOTER.match(_plain(text)) for _, text in texts)

    def _is_free(self, number: int) -> bool:
        sheet = self.sheet
        for row, column in self.spots:
            spot = (number, column) if self.by_row else (row, number)
            value = sheet.value(*spot)
            if sheet.merge_at(*spot) is not None:
                return False
            if value is not None and spot not in sheet.formulas and "{{" not in str(value):
                return False
        return True

    def before(self, number: int) -> int | None:
        """The last line before this one that has cells in the file."""
        for one in range(min(number - 1, self._end), self.units.first - 1, -1):
            if any(
                self.sheet.has(*((one, column) if self.by_row else (row, one))) for row, column in self.spots
            ):
                return one
        return None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


# -------------------- what a cell accepts
_LINE = 14.0  # points that a line of 11-point text takes


def _is_cut_off(sheet: Sheet, spot: _Spot, text: str) -> bool:
    """Whether a text surely has more lines than its row, of a given height, can show."""
    row, column = spot
    merge = sheet.merge_at(row, column)
    rows = range(row, merge.bottom + 1) if merge is not None else (row,)
    columns = range(column, merge.right + 1) if merge is not None else (column,)
    if not all(one in sheet.heights for one in rows):
        return False  # Excel makes it as high as needed
    room = max(
        1.0, sum(sheet.widths.get(one, sheet.default_width) for one in columns) / 2
    )  # in Chinese characters
    lines = sum(max(1, -int(-len(line) // room)) for line in text.split("\n"))
    return len(text) > room and lines * _LINE > sum(sheet.heights[one] for one in rows) + _LINE


def _format_doubt(code: str, value: int | Decimal) -> str:
    """What a number format makes of a number that a reader would take for another; empty if nothing."""
    if code in ("General", "@", ""):
        return ""
    if is_date_format(code):
        return "把数显示成日期"
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code.partition(";")[0])
    if "general" in bare.lower() or "通用" in bare:
        return ""
    if not re.search("[0#?]", bare):
        return "不显示数"
    if "%" in bare:
        return "把数显示成百分比"
    if re.search(r"[0#?],+(?![0#?,])", bare) or "!." in code:
        return "把数缩小后显示"
    decimals = len(re.findall("[0#?]", bare.partition(".")[2]))
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    if isinstance(exponent, int) and -exponent > decimals and "E" not in bare.upper():
        return f"只显示 {decimals} 位小数" if decimals else "不显示小数"
    return ""


_COMPARISONS: Mapping[str, Callable[[float, float, float], bool]] = {
    "between": lambda x, a, b: a <= x <= b,
    "notBetween": lambda x, a, b: not a <= x <= b,
    "equal": lambda x, a, b: x == a,
    "notEqual": lambda x, a, b: x != a,
    "greaterThan": lambda x, a, b: x > a,
    "lessThan": lambda x, a, b: x < a,
    "greaterThanOrEqual": lambda x, a, b: x >= a,
    "lessThanOrEqual": lambda x, a, b: x <= a,
}
_WORDS = {
    "between": "{0} 至 {1} 之间的",
    "notBetween": "{0} 至 {1} 以外的",
    "equal": "等于 {0} 的",
    "notEqual": "不等于 {0} 的",
    "greaterThan": "大于 {0} 的",
    "lessThan": "小于 {0} 的",
    "greaterThanOrEqual": "不小于 {0} 的",
    "lessThanOrEqual": "不大于 {0} 的",
}
_KINDS = {"whole": "整数", "decimal": "数", "textLength": "字数", "date": "日期", "time": "时间"}


def _allowed(validation: Validation) -> str:
    """What a validation accepts, in brackets; empty if it cannot be said in a few words."""
    if validation.kind == "list" and validation.first.startswith('"'):
        return f"（只接受 {_short(validation.first.strip(chr(34)).replace(',', '、'))}）"
    if validation.kind in _KINDS:
        words = _WORDS.get(validation.operator, "").format(validation.first, validation.second)
        return f"（只接受{words}{_KINDS[validation.kind]}）"
    return ""


def _accepts(
    validation: Validation, value: Written, place: Place, base: Place, calculated: Calculated
) -> bool | None:
    """Whether a cell accepts a value; None if that is not known. The formulas are written for the cell `base`."""
    kind = validation.kind
    if kind == "list" and validation.first.startswith('"'):
        return _is_listed(value, [item.strip() for item in validation.first.strip('"').split(",")])
    if kind in ("list", "custom"):
        found = calculated.look_up(validation.first, base, place)
        if found is None or kind == "list":
            return None if found is None else _is_listed(value, found)
        return all(one not in (0.0, False) and not isinstance(one, ErrorValue) for one in found)
    if isinstance(value, str) and kind in ("whole", "decimal"):
        return False
    operands: list[float] = []
    for text in (validation.first, validation.second):
        found = calculated.look_up(text, base, place) if text else (0.0,)
        if found is None or len(found) != 1 or not isinstance(found[0], float):
            return None
        operands.append(found[0])
    if kind == "textLength":
        number = float(len(str(value)))
    elif kind in ("whole", "decimal") and value is not None:
        number = float(value)
        if kind == "whole" and number != int(number):
            return False
    else:
        return None
    return (
        _COMPARISONS[validation.operator](number, *operands) if validation.operator in _COMPARISONS else None
    )


def _is_listed(value: Written, items: Iterable[Result | None]) -> bool:
    wanted = show_entry(value)
    return any(_shown_result(item) == wanted for item in items)


# -------------------- the file
def filled(filling: Filling) -> bytes:
    """The filled workbook, read again and compared cell by cell and part by part.

    Raises `NotWritten` if it is not in every respect what was planned.
    """
    template = filling.template
    package = template.package
    edits = _edits(filling)
    parts: dict[str, bytes | Iterable[Piece]] = {}
    for sheet in template.workbook.sheets:
        if sheet.name not in edits:
            continue
        part = SheetPart(package, sheet.part)
        new = [one for one in filling.new_lines if one.line.sheet == sheet.name]
        new_rows = _dress(edits[sheet.name], new, part, sheet)
        longer = (min(new_rows) - 1, max(new_rows)) if new_rows else None
        parts[sheet.part] = part.edited(edits[sheet.name], new_rows, longer)
        if longer is not None:
            parts |= _longer_tables(package, sheet, longer)
    parts |= _book_parts(filling)
    data = package.replaced(parts)
    _verify(filling, data, edits, set(parts))
    return data


def _edits(filling: Filling) -> dict[str, dict[_Spot, Edit]]:
    """The cells that have to change, by sheet."""
    edits: dict[str, dict[_Spot, Edit]] = {}
    book = filling.template.workbook
    for name, cells in filling.written.items():
        sheet = book.sheet(name)
        for spot, value in cells.items():
            if not _is_same(sheet.value(*spot), value):
                edits.setdefault(name, {})[spot] = Edit(value)
    added = {
        Place(one.line.sheet, *spot): formula
        for one in filling.new_lines
        for spot, formula in one.formulas.items()
    }
    results: Iterator[tuple[Place, Result | None]] = iter(filling.calculated.values.items())
    for place, result in (*results, *((place, None) for place in filling.calculated.unknown)):
        spot = (place.row, place.column)
        if place in added:
            edits.setdefault(place.sheet, {})[spot] = Edit(result, formula=added[place])
        elif not _is_result(book.sheet(place.sheet).value(*spot), result):
            edits.setdefault(place.sheet, {})[spot] = Edit(result, is_result=True)
    return edits


def _is_result(there: Value, result: Result | None) -> bool:
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
    edits: dict[_Spot, Edit], new: Sequence[_NewLine], part: SheetPart, sheet: Sheet
) -> dict[int, bytes]:
    """Gives the cells of new lines the look of the line that they continue; the attributes of rows that are new."""
    if not new:
        return {}
    new_rows: dict[int, bytes] = {}
    looks = part.looks({one.like for one in new if one.line.axis == "row"} | {row for row, _ in edits})
    for one in new:
        number = one.line.number
        if one.line.axis == "column":
            for row, column in [spot for spot in edits if spot[1] == number and spot[0] in looks]:
                edits[row, column] = edits[row, column]._replace(style=looks[row].styles.get(one.like))
            continue
        look = looks[one.like]
        if sheet.extent(number) is None:
            new_rows[number] = look.attributes
        for column, style in look.styles.items():
            edit = edits.get((number, column))
            if edit is not None:
                edits[number, column] = edit._replace(style=style)
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


def _book_parts(filling: Filling) -> dict[str, bytes]:
    """The parts of the whole workbook that have to change: the list of formulas, and whether Excel is to calculate."""
    package = filling.template.package
    parts: dict[str, bytes] = {}
    if filling.calculated.unknown:
        before = package.read(package.main)
        after = with_calculation_on_load(before)
        if after != before:
            parts[package.main] = after
    if any(one.formulas for one in filling.new_lines):
        numbers = {
            item.get("name", ""): item.get("sheetId", "") for item in package.xml(package.main).iter("sheet")
        }
        links = [
            (numbers[one.line.sheet], Place(one.line.sheet, *spot).ref)
            for one in filling.new_lines
            for spot in one.formulas
        ]
        for relationship in package.relationships(package.main):
            part = package.find(relationship.target) if relationship.kind == "calcChain" else None
            if part is not None:
                parts[part] = with_chain_links(package.read(part), links)
    return parts


# -------------------- verification
_Cells = Mapping[_Spot, Result | Written]


def _verify(
    filling: Filling, data: bytes, edits: Mapping[str, Mapping[_Spot, Edit]], parts: set[str]
) -> None:
    """Raises `NotWritten` unless the file holds just what was planned and is otherwise the template."""
    before = filling.template.package
    after = Package.from_bytes(data, before.name)
    if list(after.parts) != list(before.parts):
        raise _unlike("文件的组成部分不一致")
    for part in before.parts:
        if part not in parts and after.read(part) != before.read(part):
            raise _unlike(f"{part} 有变化")
    for sheet in filling.template.workbook.sheets:
        if sheet.name in edits:
            planned = {spot: edit.value for spot, edit in edits[sheet.name].items()}
            planned = {**filling.written.get(sheet.name, {}), **planned}
            _verify_sheet(sheet, before, after, planned)


def _unlike(what: str) -> NotWritten:
    return NotWritten(
        f"填好的文件没有通过核对：{what}，没有保存。",
        "模板和原有的文件都没有改动。",
        "请在 Excel 里把模板另存一次再试；若仍如此，请反馈这个模板。",
    )


_Rows = Iterable[tuple[object, ...]]


def _verify_sheet(sheet: Sheet, before: Package, after: Package, cells: _Cells) -> None:
    """Raises `NotWritten` unless each cell of a sheet holds what was planned, or what it held in the template.

    Everything but the rows that were filled is compared byte by byte. They, and the whole sheet unless it has many
    thousand rows, are read with openpyxl; with our own reader if that refuses the file.
    """
    rows = {row for row, _ in cells}
    part, was = SheetPart(after, sheet.part), SheetPart(before, sheet.part)
    if _digest(was.rest(rows)) != _digest(part.rest(rows)):
        raise _unlike(f"工作表“{sheet.name}”里有别的内容变了")
    if part.is_large:
        after = Package.from_bytes(after.replaced({sheet.part: part.excerpt(rows)}), after.name)
        before = Package.from_bytes(before.replaced({sheet.part: was.excerpt(rows)}), before.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it would lose if it wrote the file
            read = _rows_by_openpyxl(after.data, sheet.name)
            spot = None if part.is_large else _first_difference(_rows(sheet), read, cells)
            if part.is_large or (spot is not None and spot not in cells):
                # Two readers may differ in a date or an odd text; openpyxl with itself does not.
                was_read = _rows_by_openpyxl(before.data, sheet.name)
                spot = _first_difference(was_read, _rows_by_openpyxl(after.data, sheet.name), cells)
    except Exception:  # openpyxl raises whatever its parts raise
        sheets = [read_workbook(package).sheet(sheet.name) for package in (before, after)]
        spot = _first_difference(_rows(sheets[0]), _rows(sheets[1]), cells)
    if spot is not None:
        raise _unlike(f"{_where(Place(sheet.name, *spot))} 不是要填的内容")


def _digest(pieces: Iterable[Piece]) -> bytes:
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()


def _rows_by_openpyxl(data: bytes, name: str) -> _Rows:
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import to_excel

    with closing(load_workbook(BytesIO(data), read_only=True, data_only=True)) as book:
        sheet = book[name]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        dates = (datetime, date, time, timedelta)
        for row in sheet.iter_rows(values_only=True):
            if any(isinstance(value, dates) for value in row):
                yield tuple(
                    to_excel(value, book.epoch) if isinstance(value, dates) else value  # type: ignore[no-untyped-call]
                    for value in row
                )
            else:
                yield row


def _rows(sheet: Sheet) -> _Rows:
    for row in range(max(sheet.rows, default=-1) + 1):
        extent = sheet.extent(row)
        yield tuple(sheet.value(row, column) for column in range(extent[1] + 1)) if extent is not None else ()


def _first_difference(before: _Rows, after: _Rows, cells: _Cells) -> _Spot | None:
    by_row: dict[int, dict[int, Result | Written]] = {}
    for (row, column), value in cells.items():
        by_row.setdefault(row, {})[column] = value
    for row, (old, new) in enumerate(zip_longest(before, after, fillvalue=())):
        planned = by_row.pop(row, {})
        if not planned and old == new:
            continue
        for column, (was, found) in enumerate(zip_longest(old, new)):
            if column not in planned:
                if found != was:
                    return row, column
            elif not _holds(found, planned.pop(column)):
                return row, column
        for column, value in planned.items():
            if value is not None:
                return row, column
    for row, planned in by_row.items():
        for column, value in planned.items():
            if value is not None:
                return row, column
    return None


def _holds(found: object, planned: Result | Written) -> bool:
    if planned is None or found is None:
        return found in (None, "") and planned in (None, "")
    if isinstance(planned, ErrorValue):
        return found == planned.code
    if isinstance(planned, bool) or isinstance(found, bool):
        return found is planned
    if isinstance(planned, str):
        return isinstance(found, str) and found in (stored_text(planned), escaped_text(planned))
    if isinstance(planned, float):
        planned = float(number_text(planned))
    return isinstance(found, (int, float)) and float(found) == float(planned)
