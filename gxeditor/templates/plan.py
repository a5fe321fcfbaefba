"""Plans how reports go into a foreign workbook: which value into which cell, what is not written and why.

Says as well where the workbook's own totals differ from the report's. What it comes to is a value: `Filling.changes` is
what becomes of the workbook, and `workbook.write` carries that out. Formulas are never overwritten. Does not know how
the cells were found (that is `mapping.placement`), and writes no file: a template cannot be touched from here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from gxeditor.core.errors import GxError
from gxeditor.core.fields import BY_ASKED, name_of
from gxeditor.core.report import KEPT_TEXTS, Entry, Report, show_entry
from gxeditor.files.package import Package
from gxeditor.mapping.placement import Target, TemplateMap
from gxeditor.templates.unit_lines import UnitSheet
from gxeditor.templates.validations import accepts, allowed, format_doubt, is_cut_off
from gxeditor.templates.words import NOTHING, short, where
from gxeditor.workbook.cells import (
    Address,
    Range,
    Result,
    Spot,
    Written,
    is_same,
    number_text,
    shifted,
    shown_result,
)
from gxeditor.workbook.changes import Changes, NewLine
from gxeditor.workbook.formats import is_date_format
from gxeditor.workbook.formulas.calculate import Calculated, calculate
from gxeditor.workbook.read import Sheet, Workbook

MAX_TEXT = 32_767
"""Characters that a cell of Excel holds."""


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
    place: Address | None
    text: str
    refused: bool = False


class Difference(NamedTuple):
    """A figure that the workbook calculates and the report says otherwise; `theirs` is None if it is not known."""

    id: str
    place: Address
    theirs: Result | None
    ours: Entry | None
    text: str


class UnitLine(NamedTuple):
    """Where a report goes in a sheet with a line per unit: the line's number from 0, the unit's name in it.

    `is_new`: the unit had no line; `similar` are names of other units there that resemble this one's.
    """

    sheet: str
    axis: Literal["row", "column"]
    number: int
    name: str
    is_new: bool
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filling:
    """What filling a template comes to: `written` by sheet, row and column; `lines` of each report, none without units.

    `unknown` says why formulas cannot be calculated; they lose their old results and Excel calculates them on opening.
    """

    template: Template
    reports: tuple[Report, ...]
    written: Mapping[str, Mapping[Spot, Written]]
    lines: tuple[tuple[UnitLine, ...], ...]
    remarks: tuple[Remark, ...]
    differences: tuple[Difference, ...]
    calculated: Calculated = field(repr=False)
    new_lines: tuple[NewLine, ...] = field(repr=False)

    @property
    def refused(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.refused)

    @property
    def unknown(self) -> Mapping[Address, str]:
        return self.calculated.unknown

    @property
    def changes(self) -> Changes:
        """What becomes of the workbook."""
        results = {**self.calculated.values, **dict.fromkeys(self.unknown)}
        return Changes(self.written, results, self.new_lines, bool(self.unknown))

    @property
    def count(self) -> int:
        """How many cells get a figure or a text."""
        return sum(value is not None for cells in self.written.values() for value in cells.values())


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
        raise GxError(what, NOTHING, "请确认选对了模板，或手工指定对应的格子。")
    if line and not units:
        raise GxError("这个模板不是每个单位一行，不能指定行。", NOTHING, "请去掉指定的行再试。")
    if len(reports) > 1 and not units:
        raise GxError("这个模板不是每个单位一行，一次只能填一份年报。", NOTHING, "请一份一份地填写。")
    return _Planning(template, tuple(reports), line).done()


class _Planning:
    def __init__(self, template: Template, reports: tuple[Report, ...], line: str) -> None:
        self._template = template
        self._reports = reports
        self._wanted = line
        self._book = template.workbook
        self._sheets: dict[str, Sheet] = {}
        self._written: dict[str, dict[Spot, Written]] = {}
        self._remarks: list[Remark] = []
        self._compared: list[tuple[str, Address, Report]] = []
        self._locked: dict[str, list[tuple[str, Address]]] = {}
        self._new_lines: list[NewLine] = []
        self._like: dict[UnitLine, int] = {}
        self._looks: dict[tuple[str, Spot], tuple[str, bool]] = {}  # of lines that others look like
        self._usuals: dict[tuple[str, int], set[str]] = {}
        self._added: dict[Address, str] = {}
        self._units = {
            units.sheet: UnitSheet(self._sheet(units.sheet), units) for units in template.map.units
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
                f"{self._template.package.name}里没有工作表“{short(name)}”。",
                NOTHING,
                "请重新核对这个模板的对应关系。",
            ) from None

    def done(self) -> Filling:
        in_lines, elsewhere = self._groups()
        lines = tuple(self._lines_of(report) for report in self._reports)
        for report, of_report in zip(self._reports, lines, strict=True):
            for line in of_report:
                self._put_line(line, report, in_lines)
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

    def _groups(self) -> tuple[dict[Address, list[Target]], dict[Address, list[Target]]]:
        """The targets by their cell: those in the lines of units, as they stand in the first line, and the others."""
        in_lines: dict[Address, list[Target]] = {}
        elsewhere: dict[Address, list[Target]] = {}
        for target in self._template.map.places:
            sheet = self._sheet(target.sheet)
            row, column = target.place
            merge = sheet.merge_at(row, column)
            if merge is not None:
                row, column = merge.top, merge.left
            units = self._units.get(target.sheet)
            place = Address(sheet.name, row, column)
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
                        self._refuse(one.id, place, f"{names}对应到同一格 {where(place)}，没有填写。")
        return in_lines, elsewhere

    # -------------------- lines of units
    def _lines_of(self, report: Report) -> tuple[UnitLine, ...]:
        name = self._wanted or report.agency.strip()
        if self._units and not name:
            raise GxError("年报没有填机关名称，不知道该填在哪一行。", NOTHING, "请先填写机关名称，或指定行。")
        found = {sheet: units.find(name) for sheet, units in self._units.items()}
        if self._wanted and all(number is None for number in found.values()):
            listed = "、".join(f"“{sheet}”" for sheet in found)
            raise GxError(
                f"{listed}里没有名称或编码为“{name}”的行。", NOTHING, "请核对名称，或不指定行，另添一行。"
            )
        lines = []
        for known_as, units in self._units.items():
            number, sheet = found[known_as], units.sheet.name
            if number is None:
                number = units.free()
                line = UnitLine(
                    sheet, units.units.axis, number, name, True, units.similar(name, len(self._reports))
                )
                self._begin(units, line)
            else:
                line = UnitLine(sheet, units.units.axis, number, units.name(number) or name, False)
            if number in units.taken:
                raise GxError(f"有两份年报都是“{name}”的。", NOTHING, "每个单位只留一份，再填写汇总表。")
            units.taken.add(number)
            units.add(number, name)
            lines.append(line)
        return tuple(lines)

    def _begin(self, units: UnitSheet, line: UnitLine) -> None:
        """A new line gets the unit's name and takes over the formulas of the line before, where it has none."""
        sheet = units.sheet
        like = units.before(line.number)
        if like is not None:
            formulas: dict[Address, str] = {}
            rows, columns = (line.number - like, 0) if units.by_row else (0, line.number - like)
            for (row, column), formula in units.formulas(like):
                spot = (row + rows, column + columns)
                there = spot in sheet.formulas or sheet.value(*spot) is not None
                if formula.area is None and not there:
                    formulas[Address(sheet.name, *spot)] = shifted(formula.text, rows, columns)
            self._added |= formulas
            self._new_lines.append(NewLine(sheet.name, line.axis, line.number, like, formulas))
            self._like[line] = like
        if units.units.name is not None:
            spot = units.spot(line.number, units.units.name)
            self._written.setdefault(sheet.name, {})[spot] = line.name

    def _put_line(self, line: UnitLine, report: Report, in_lines: Mapping[Address, Sequence[Target]]) -> None:
        """Writes a report into its line. There are lists of thousands: whole numbers in new cells go the short way."""
        sheet = self._sheet(line.sheet)
        like = self._like.get(line) if line.is_new else None
        is_row = line.axis == "row"
        usual: set[str] = set()
        if like is not None and (not is_row or sheet.extent(line.number) is None):
            usual = self._usual(sheet, line, like, in_lines)
        for (name, row, column), targets in in_lines.items():
            if name != line.sheet:
                continue
            spot = (line.number, column) if is_row else (row, line.number)
            if targets[0].id in usual:
                value = report.value(targets[0].id)
                is_free = spot not in sheet.formulas and (name, *spot) not in self._added
                if type(value) is int and is_free and not sheet.has(*spot):
                    self._written.setdefault(name, {})[spot] = value
                    continue
            self._put(Address(name, *spot), targets, report, line)

    def _usual(
        self, sheet: Sheet, line: UnitLine, like: int, in_lines: Mapping[Address, Sequence[Target]]
    ) -> set[str]:
        """The cells of the form of which nothing need be said if a whole number is put into a new cell for them."""
        usual = self._usuals.get((sheet.name, like))
        if usual is None:
            usual = self._usuals[sheet.name, like] = set()
            for (name, row, column), targets in in_lines.items():
                target = targets[0]
                if name == sheet.name and target.id in self._reports[0].form.cells and not target.pattern:
                    number_format, locked = self._look_of_new(sheet, (row, column), line, like)
                    if not locked and not format_doubt(number_format, 0):
                        usual.add(target.id)
            several = Counter(
                targets[0].id for place, targets in in_lines.items() if place.sheet == sheet.name
            )
            usual -= {one for one, count in several.items() if count > 1}
        return usual

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

    def _put(self, place: Address, targets: Sequence[Target], report: Report, line: UnitLine | None) -> None:
        """Writes the value of a cell into the plan, or says why not."""
        target, sheet = targets[0], self._sheet(place.sheet)
        spot = (place.row, place.column)
        is_cell = target.id in report.form.cells
        if spot in sheet.formulas or place in self._added:
            if is_cell and not target.pattern:
                self._compared.append((target.id, place, report))
            return
        value = self._value(targets, report)
        like = self._like.get(line) if line is not None and line.is_new else None
        look = None
        if line is not None and like is not None and not sheet.has(*spot):
            look = self._look_of_new(sheet, spot, line, like)
        there = sheet.value(*spot) if look is None else None
        placeholder = isinstance(there, str) and "{{" in there
        if value is None and not placeholder and (not is_cell or there in KEPT_TEXTS):
            return  # a field the report leaves open keeps what the template says, and so does a printed “/”
        number_format, locked = look or sheet.look(*spot)
        if locked and not is_same(there, value):
            if there is not None and not placeholder:
                shown = "" if value is None else f"，没有改成“{short(value)}”"
                self._refuse(target.id, place, f"{where(place)}被模板锁定，已有“{short(there)}”{shown}。")
                return
            if value is not None:
                self._locked.setdefault(place.sheet, []).append((target.id, place))
        if isinstance(value, str) and len(value) > MAX_TEXT:
            what = f"“{name_of(target.id, report.form)}”有 {len(value)} 字，一格最多容纳 {MAX_TEXT} 字"
            self._refuse(target.id, place, f"{what}，没有填入 {where(place)}。")
            return
        if (
            target.id in ("report.date", "report.year")
            and not target.pattern
            and is_date_format(number_format)
        ):
            value = self._as_date(value) or value
        elif isinstance(value, (int, Decimal)):
            doubt = format_doubt(number_format, value)
            if doubt:
                name = name_of(target.id, report.form)
                text = f"{where(place)}的格式{doubt}，填入的数是 {show_entry(value)}（{name}）。"
                self._remarks.append(Remark(target.id, place, text))
        if isinstance(value, str) and is_cut_off(sheet, spot, value):
            name = name_of(target.id, report.form)
            text = f"“{name}”有 {len(value)} 字，{where(place)}的行高不够，打印时会显示不全。"
            self._remarks.append(Remark(target.id, place, text))
        self._written.setdefault(place.sheet, {})[spot] = value

    def _look_of_new(self, sheet: Sheet, spot: Spot, line: UnitLine, like: int) -> tuple[str, bool]:
        """Number format and lock of a cell that is made: those of the line that it looks like."""
        like_spot = (like, spot[1]) if line.axis == "row" else (spot[0], like)
        look = self._looks.get((sheet.name, like_spot))
        if look is None:
            look = self._looks[sheet.name, like_spot] = sheet.look(*like_spot)
        return look

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

    def _refuse(self, cell_id: str, place: Address, text: str) -> None:
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
                f"{where(first)}" if len(cells) == 1 else f"“{sheet}”里的 {len(cells)} 格（如 {first.ref}）"
            )
            text = f"{what}被模板锁定，在 Excel 里不能手填；已按对应关系填入。"
            self._remarks.append(Remark(cells[0][0] if len(cells) == 1 else "", first, text))

    def _check_validations(self, calculated: Calculated) -> None:
        unchecked: dict[tuple[str, int], list[Address]] = {}
        for name, cells in self._written.items():
            sheet = self._sheet(name)
            if not sheet.validations:
                continue
            columns: dict[int, list[Spot]] = {}
            for spot, value in cells.items():
                if value is not None:
                    columns.setdefault(spot[1], []).append(spot)
            order = {spot: i for i, spot in enumerate(cells)}
            for of_column in columns.values():
                of_column.sort()
            for number, (areas, validation) in enumerate(sheet.validations):
                if not areas:
                    continue
                base = Address(name, areas[0].top, areas[0].left)
                for spot in sorted(_within(areas, columns), key=order.__getitem__):
                    value = cells[spot]
                    place = Address(name, *spot)
                    accepted = accepts(validation, value, place, base, calculated)
                    if accepted is None:
                        unchecked.setdefault((name, number), []).append(place)
                    elif not accepted:
                        text = (
                            f"{where(place)}的数据有效性不接受“{short(value)}”{allowed(validation)}，已照填。"
                        )
                        self._remarks.append(Remark(self._id_at(place), place, text))
        for places in unchecked.values():
            what = where(places[0]) if len(places) == 1 else f"{where(places[0])}等 {len(places)} 格"
            self._remarks.append(Remark("", places[0], f"{what}另有数据有效性规则，本程序没有核对。"))

    def _id_at(self, place: Address) -> str:
        for target in self._template.map.places:
            if (target.sheet, *target.place) == place:
                return target.id
        return ""

    def _difference(
        self, cell_id: str, place: Address, report: Report, calculated: Calculated
    ) -> Difference | None:
        ours = report.value(cell_id)
        theirs = calculated.values.get(place)
        name = name_of(cell_id, report.form)
        if theirs is None:
            why = calculated.unknown.get(place, "")
            text = f"{where(place)}由模板计算，本程序算不出（{why}），没有核对“{name}”。"
            return Difference(cell_id, place, None, ours, text)
        if ours is None and (theirs in ("", 0.0)):
            return None
        if (
            isinstance(ours, (int, Decimal))
            and isinstance(theirs, float)
            and abs(float(ours) - theirs) < 1e-9
        ):
            return None
        if shown_result(theirs) == show_entry(ours):
            return None
        said = f"年报为 {show_entry(ours)}" if ours is not None else "年报空着"
        gives = f"由模板算得 {shown_result(theirs)}" if theirs != "" else "由模板计算，结果为空"
        text = f"{where(place)}{gives}，{said}（{name}）"
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
                    text = f"模板自带的校验 {where(place)} 显示“{short(result)}”。"
                    self._remarks.append(Remark("", place, text))


def _within(areas: Sequence[Range], columns: Mapping[int, Sequence[Spot]]) -> set[Spot]:
    """The cells in any of these areas, of those that are listed by column, from the top."""
    found: set[Spot] = set()
    for area in areas:
        width = area.right - area.left + 1
        wide = width > len(columns)
        for column in columns if wide else range(area.left, area.right + 1):
            listed = columns.get(column)
            if listed is not None and area.left <= column <= area.right:
                first = bisect_left(listed, (area.top, column))
                found.update(listed[first : bisect_right(listed, (area.bottom, column))])
    return found


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
