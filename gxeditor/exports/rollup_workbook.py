"""A roll-up as an Excel workbook: 说明 · 合计 · 分单位明细 · 层级小计 · 与上年 · 未交和退回 · 调整 · 检查.

Every figure is a plain value that `core.rollup.sums` gave, and every sum says of how many units it is; there is no
formula, as nothing in the file is to be reckoned anew. A blank stays blank and a text such as “/” a text. Properties,
names of places and the columns at the far right let the workbook be read back (`gxeditor.rollup.own_workbook`). Lists
of units are written row by row, so that ten thousand take little memory. Equal roll-ups give equal bytes at the same
moment. Knows no file names and adds nothing up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

import gxeditor
from gxeditor.core.errors import NotWritten
from gxeditor.core.form import Grid, Place, Section
from gxeditor.core.report import Entry, show_entry
from gxeditor.core.rollup.missing import HEAD as OWING_HEAD
from gxeditor.core.rollup.missing import day_words, missing_list
from gxeditor.core.rollup.project import Adjustment, Rollup, State
from gxeditor.core.rollup.sums import (
    Subtotal,
    Sum,
    YearSum,
    adjustments_of,
    by_branch,
    by_kind,
    change_reason,
    counts,
    decisions,
    last_year,
    sums,
    total_name,
    unit_changes,
    years,
)
from gxeditor.core.rollup.units import Scope, Unit, UnitKind
from gxeditor.core.text import printable
from gxeditor.core.year_beside import NEW
from gxeditor.exports.blanks import draw_list_head, set_list_pages
from gxeditor.exports.excel import (
    InMemory,
    in_pairs,
    put_text,
    rules_around,
    sheet_cell,
    text_height,
)
from gxeditor.exports.ruled_sheet import FRAME, HEI, SONG, TALLEST, Across, RuledSheet, Value, set_up_page
from gxeditor.files.limits import CELL_TEXT
from gxeditor.files.package import fixed
from gxeditor.files.room import check_texts
from gxeditor.workbook.cells import MAX_ROWS
from gxeditor.workbook.own import (
    MARK,
    OWNER,
    ROLLUP,
    ROLLUP_EDITION,
    ROLLUP_FORMAT,
    ROLLUP_SCOPE,
    ROLLUP_YEAR,
)

if TYPE_CHECKING:
    from gxeditor.core.rollup.findings import RollupFindings

ABOUT, TOTAL, UNITS, LEVELS, YEARS, OWED, ADJUSTED, CHECKED = (
    "说明",
    "合计",
    "分单位明细",
    "层级小计",
    "与上年",
    "未交和退回",
    "调整",
    "检查",
)
"""The sheets, in their order."""
LEAD = (("序号", 6.0), ("单位名称", 30.0), ("统一社会信用代码", 20.0), ("状态", 11.0))
LEVEL_LEAD = (("序号", 6.0), ("层级、类别", 30.0), ("家数", 16.0), ("小计", 11.0))
FACTS = (
    ("计入合计", 9.0),
    ("类别", 12.0),
    ("在汇总里", 10.0),
    ("报送", 8.0),
    ("年报范围", 9.0),
    ("上级", 22.0),
    ("曾用名和别名", 24.0),
    ("期限", 12.0),
    ("收到", 16.0),
    ("文件", 34.0),
    ("备注", 24.0),
    ("自", 6.0),
    ("至", 6.0),
    ("名单序号", 9.0),
    ("编号", 10.0),
    ("上级编号", 10.0),
)
"""The columns behind the figures, from which the list of units is read back."""
YES = "是"
ADJUSTED_HEAD = ("序号", "表", "项目", "增减", "单位", "原因", "依据", "日期", "格的编号", "单位编号")
PLACE_UNITS, PLACE_LEVELS, PLACE_ADJUSTED = (
    f"{MARK}rollup_{name}" for name in ("units", "levels", "adjusted")
)
"""Names of the first row of each list, by which reading finds it."""
PLACE_TOTAL = f"{MARK}rollup_total_"
"""Begins the name of the first cell of each table of sums; its section's key follows."""

_LIST_HEAD = 5  # the upper row of headings of 分单位明细 and 层级小计; three rows of sums stand above it
_LANES, _LANE = (
    15,
    12.0,
)  # columns of 合计 and their width in mm: 表四 has as many, and together they fill an A4
_LABEL_SHARE = 0.6  # of the lanes that the figures of a table take at most, beside its labels
_TINT = PatternFill("solid", fgColor="FFFBEFD0")  # the query tint of the window
_QUIET = Font(name=SONG, size=9, color="FF595959")
_MOST_NAMED = 30  # units that a sentence names; 未交和退回 has them all
_MOST_NOTE = 8  # units that the note of a cell names
_MOST_FOUND = 20_000
"""Findings of single reports that 检查 lists; the rest is counted in its last row. More nobody reads in a sheet."""


def rollup_workbook_bytes(rollup: Rollup, findings: RollupFindings | None, when: datetime) -> bytes:
    """The content of the .xlsx file, as of `when`; `findings` are those across units, None if they were not looked for.

    Raises `NotWritten` for a text that is longer than a cell can hold, and for more units than a sheet has rows.
    """
    _check(rollup)
    return _Book(rollup, findings, when).finished()


def _check(rollup: Rollup) -> None:
    if len(rollup.units.listed) > MAX_ROWS - 100:
        raise NotWritten(
            f"名单里有 {len(rollup.units.listed)} 家，一张工作表放不下。",
            "没有写出任何文件，汇总没有改动。",
            "请按地区分成几个汇总，或导出长表（CSV）。",
        )
    check_texts("Excel 的一格", CELL_TEXT, _own_texts(rollup))


def _own_texts(rollup: Rollup) -> Iterator[tuple[str, str]]:
    """What people wrote, with where it is of."""
    yield "汇总单位", rollup.owner
    for unit in rollup.units.listed:
        yield "单位名称", unit.name
        yield f"{unit.name}的备注", unit.note
        yield f"{unit.name}的曾用名", _aliases(unit)
    for one in rollup.adjustments:
        yield "调整的原因", one.reason
        yield "调整的依据", one.basis
    for unit in rollup.entered:
        for entry in rollup.used[unit.id].values:
            if isinstance(entry, str):
                yield f"{unit.name}的一格", entry


class _Look(NamedTuple):
    """How a cell of a list looks; `form` is its number format."""

    side: Across = "center"
    form: str = "General"
    bold: bool = False
    tint: bool = False
    quiet: bool = False
    quoted: bool = False


class _Book:
    """One roll-up on its way into one workbook."""

    def __init__(self, rollup: Rollup, findings: RollupFindings | None, when: datetime) -> None:
        self._rollup, self._findings, self._when = rollup, findings, when
        self._form = rollup.form
        self._sums = sums(rollup)
        self._plain = sums(rollup, with_adjustments=False)
        self._counts = counts(rollup)[""]
        self._owing = missing_list(rollup, when.date())
        self._inside = {unit.id for unit in rollup.entered}
        self._adjustments = adjustments_of(rollup)
        self._listed = {unit.id: number for number, unit in enumerate(rollup.units.listed, 1)}
        self._of_list = total_name(len(rollup.entered), len(rollup.must))
        self._book = Workbook()
        self._styles: dict[_Look, int] = {}
        self._more: dict[str, Iterable[bytes]] = {}

    def finished(self) -> bytes:
        book, name = self._book, _name(self._rollup)
        book.calculation.fullCalcOnLoad = False
        normal = book._named_styles["Normal"]  # type: ignore[attr-defined]
        normal.font = Font(name=SONG, size=11)  # column widths are counted in its digits
        book.properties.creator = printable(self._rollup.owner)
        book.properties.title = printable(name)
        book.properties.language = "zh-CN"
        said = {
            ROLLUP: ROLLUP_FORMAT,
            OWNER: self._rollup.owner,
            ROLLUP_YEAR: str(self._rollup.year),
            ROLLUP_EDITION: self._form.edition,
            ROLLUP_SCOPE: self._rollup.scope.value,
        }
        for key, value in said.items():
            book.custom_doc_props.append(  # type: ignore[attr-defined]
                StringProperty(name=key, value=printable(value))
            )
        first = book.active
        assert isinstance(first, Worksheet)
        first.title = ABOUT
        self._about(first)
        self._totals(book.create_sheet(TOTAL))
        self._units(book.create_sheet(UNITS))
        self._levels(book.create_sheet(LEVELS))
        self._years(book.create_sheet(YEARS))
        self._owed(book.create_sheet(OWED))
        self._adjusted(book.create_sheet(ADJUSTED))
        self._checked(book.create_sheet(CHECKED))
        written = BytesIO()
        _Streamed(book, ZipFile(written, "w"), self._more).save()
        return fixed(written.getvalue())

    def _foot(self) -> str:
        return f"{_name(self._rollup)[:80]}　{self._of_list}"

    # --- 说明

    def _about(self, sheet: Worksheet) -> None:
        columns = (34.0, 136.0)
        set_up_page(sheet, columns, "portrait", self._foot())
        lines = RuledSheet(sheet, columns)
        lines.words(_name(self._rollup), Font(name=SONG, size=16, bold=True), gap=14, side="center")
        for name, text in self._facts():
            lines.row(((1, name), (1, text)))

    def _facts(self) -> Iterator[tuple[str, str]]:
        rollup, form, number = self._rollup, self._form, self._counts
        yield "合计是几家的", self._of_list
        yield "各家的情况", number.words
        yield "汇总单位和年度", f"{rollup.owner or '（没有填写）'}，{rollup.year} 年"
        yield "口径", _SCOPES[rollup.scope]
        yield "表式", f"{form.title}，{form.basis}"
        yield "单位", "件；行政事业性收费为万元。"
        for part in self._owing.parts:
            names = _named([one.unit.name for one in part.rows], _MOST_NAMED)
            counted = "（不在合计里）"
            if part is self._owing.returned:
                counted = "（暂计入）"
            elif part is self._owing.partial:
                counted = "（其余各格计入）"
            yield part.name, f"{len(part.rows)} 家{counted}：{names}。"
        if rollup.unclaimed:
            yield "未认领的文件", f"{len(rollup.unclaimed)} 份，都没有计入，见“{OWED}”。"
        gaps = [text for section in form.sections if section.table for text in self._gaps(section)]
        yield "不完整的格", "；".join(gaps)[:2000] + "。" if gaps else "没有：各格计入的家数相同。"
        many = len(decisions(self._adjustments))
        yield "调整", f"{many} 条，已计入合计，见“{ADJUSTED}”。" if many else "没有调整。"
        yield "错误和疑问", self._told_words()
        yield "跨单位检查", self._cross_words()
        yield "去年", self._last_words()
        yield "检查规则", f"随程序 {gxeditor.__version__} 的规则，{form.edition} 年表式。"
        yield "制表时间", _moment(self._when)
        yield "空白", "没有数：单位没有报送，或它的年报里这一格没有填、没有读到。空白不是 0。"
        yield "“/”等文字", "照年报原样，不是数，不计入合计；这样的格计入的家数少。"
        yield (
            "浅黄底和◆",
            f"“{TOTAL}”里计入的家数比别的格少，看批注和表下的说明；“{UNITS}”里是没有数或读得没有把握的格。",
        )
        yield "“调”", "这一格里有调整，看批注。"
        yield "数从哪里来", "各格都是数值，没有公式；在这里改数，合计不会跟着变，程序里的汇总也不会变。"

    def _told_words(self) -> str:
        used = [self._rollup.used[unit.id] for unit in self._rollup.entered]
        words = []
        for severity, word in (("error", "错误"), ("query", "疑问")):
            units = sum(1 for one in used if one.count(severity))
            if units:
                words.append(f"{units} 家有{word}（共 {sum(one.count(severity) for one in used)} 处）")
        return (
            f"计入的年报里，{'，'.join(words)}，已退回的也在内，都暂计入。"
            if words
            else "计入的年报里没有发现错误和疑问。"
        )

    def _cross_words(self) -> str:
        found = self._findings
        if found is None:
            return "没有做。"
        told = f"检查了 {found.checked} 项，发现 {len(found.open)} 处问题"
        return (
            f"{told}。{found.missed_words}"
            if found.open
            else f"检查了 {found.checked} 项，未发现问题。{found.missed_words}"
        )

    def _last_words(self) -> str:
        last = last_year(self._rollup)
        if last is not None:
            return f"{last.year} 年的汇总，{total_name(len(last.entered), len(last.must))}，见“{YEARS}”。"
        return "没有去年的汇总。" if self._rollup.prior is None else "去年的汇总是另一种表式，不能比较。"

    # --- 合计

    def _totals(self, sheet: Worksheet) -> None:
        set_up_page(sheet, (_LANE,) * _LANES, "portrait", self._foot())
        row = 1
        tabled = [section for section in self._form.sections if section.table is not None]
        for section in tabled:
            if row > 1:
                sheet.row_breaks.append(Break(id=row - 1))
            row = self._total(sheet, section, row) + 2

    def _total(self, sheet: Worksheet, section: Section, row: int) -> int:
        """Draws a table of sums from a row on; the last row it took."""
        assert section.table is not None
        grid = section.table.grid()
        lanes = total_lanes(grid)
        width = lanes[-1]
        self._across(sheet, row, width, section.heading, Font(name=HEI, size=14), 30, "center")
        adjusted = f"，含调整 {len(decisions(self._adjustments))} 条" if self._adjustments else ""
        line = f"{_name(self._rollup)}　{self._of_list}{adjusted}　口径：{self._rollup.scope.value}"
        self._across(sheet, row + 1, width, line, Font(name=SONG, size=10), 18, "center")
        top = row + 2
        name = f"{PLACE_TOTAL}{section.key}"
        sheet.defined_names[name] = DefinedName(name, attr_text=f"'{TOTAL}'!$A${top}")
        corner = next((place for place in grid.places if place.kind == "corner"), None)
        for number, height in enumerate(self._grid_heights(grid, lanes, corner)):
            sheet.row_dimensions[top + number].height = height
        for place in grid.places:
            first, end = lanes[place.column] + 1, lanes[place.column + place.column_span]
            cell = sheet_cell(sheet, top + place.row, first)
            cell.border = rules_around(grid, place)
            if place.cell is not None:
                self._put_sum(cell, self._sums[place.cell.id], place)
            else:
                text = (
                    self._corner(place)
                    if place is corner
                    else in_pairs(place.text, (end - first + 1) * _LANE)
                )
                put_text(cell, text, Font(name=SONG, size=9))
                side = (
                    "left"
                    if place.kind == "row" and place.row_span == 1 and grid.label_columns > 1
                    else "center"
                )
                cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
            if place.row_span > 1 or end > first:
                sheet.merge_cells(
                    start_row=top + place.row,
                    start_column=first,
                    end_row=top + place.row + place.row_span - 1,
                    end_column=end,
                )
        row = top + grid.rows
        for text in self._gaps(section):
            self._across(sheet, row, width, f"◆ {text}。", Font(name=SONG, size=9), 3)
            row += 1
        if self._sums and not self._rollup.entered:
            self._across(sheet, row, width, f"{self._of_list}，还没有可加的数。", Font(name=SONG, size=9), 3)
            row += 1
        return row

    def _corner(self, place: Place) -> str:
        """The corner says what the figures are of; a long text of the form gives way, a heading stays."""
        missing = [one.unit.name.removeprefix(self._rollup.owner) for one in self._owing.missing.rows]
        lines = [place.text] if len(place.text) <= 8 else []
        lines.append(self._of_list)
        if missing and lines[0] != place.text:
            lines.append(f"未交：{_named(missing, 3)}")
        return "\n".join(lines)

    def _grid_heights(self, grid: Grid, lanes: Sequence[int], corner: Place | None) -> list[float]:
        heights = [20.0] * grid.rows
        for place in grid.places:
            text = self._corner(place) if place is corner else place.text
            width = (lanes[place.column + place.column_span] - lanes[place.column]) * _LANE
            needed = (5 + text_height(in_pairs(text, width), width, 9)) / place.row_span
            for row in range(place.row, place.row + place.row_span):
                heights[row] = max(heights[row], needed)
        return heights

    def _put_sum(self, cell: SheetCell, one: Sum, place: Place) -> None:
        assert place.cell is not None
        fewer = one.units < len(self._rollup.entered)
        cell.font = Font(name=SONG, size=10, bold=place.is_sum or place.cell.is_total)
        cell.alignment = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
        if one.value is not None:
            cell.value = one.value
            cell.number_format = _number_form(one.value, one.adjusted is not None, fewer)
        if fewer:
            cell.fill = _TINT
        notes = [self._gap(one)] if fewer else []
        if one.adjusted is not None:
            rows = [a for a in self._adjustments if a.cell == place.cell.id]
            notes += [f"调整 {_signed(a.delta)}：{a.reason}" for a in rows[:_MOST_NOTE]]
        if notes:
            note = Comment(printable("\n".join(notes))[:2000], "汇总", height=40 + 24 * len(notes), width=280)
            cell.comment = note

    def _gap(self, one: Sum) -> str:
        """「46 家：松塘县民政局这格没有读到」"""
        return f"{one.units} 家：{self._lacking(one, '这格')}"

    def _lacking(self, one: Sum, where: str) -> str:
        texts = {unit: text for unit, text in one.texts.items()}
        silent = [self._unit_name(unit) for unit in one.blank if unit not in texts]
        said = [f"{_named(silent, _MOST_NOTE)}{where}没有读到"] if silent else []
        by_text: dict[str, list[str]] = {}
        for unit, text in texts.items():
            by_text.setdefault(text, []).append(self._unit_name(unit))
        said += [f"{_named(names, _MOST_NOTE)}{where}填的是“{text}”" for text, names in by_text.items()]
        return "，".join(said)

    def _gaps(self, section: Section) -> list[str]:
        """What cells of a table have fewer units, those alike in one sentence."""
        assert section.table is not None
        alike: dict[tuple[object, ...], list[Sum]] = {}
        for cell in section.table.cells:
            one = self._sums[cell.id]
            if one.units < len(self._rollup.entered):
                alike.setdefault((one.blank, tuple(one.texts.items())), []).append(one)
        return [
            f"{several[0].completeness}：{self._lacking(several[0], f'有 {len(several)} 格')}（表{section.number}）"
            for several in alike.values()
        ]

    def _unit_name(self, unit: str) -> str:
        return self._rollup.units.by_id[unit].name

    @staticmethod
    def _across(
        sheet: Worksheet,
        row: int,
        width: int,
        text: str,
        font: Font,
        gap: float,
        side: Across = "left",
    ) -> None:
        put_text(cell := sheet_cell(sheet, row, 1), text, font)
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        sheet.row_dimensions[row].height = min(TALLEST, gap + text_height(text, width * _LANE, font.size))

    # --- 分单位明细, 层级小计

    def _units(self, sheet: Worksheet) -> None:
        rollup = self._rollup
        listed = [unit for unit in rollup.units.listed if not self._is_branch(unit)]
        title = f"{_name(rollup)}：分单位明细"
        last = self._list_sheet(sheet, title, LEAD, len(listed), PLACE_UNITS)
        self._more[UNITS] = self._unit_rows(sheet, listed)
        sheet.auto_filter.ref = f"A{_LIST_HEAD + 1}:{get_column_letter(last)}{_LIST_HEAD + 1 + len(listed)}"

    def _levels(self, sheet: Worksheet) -> None:
        rollup = self._rollup
        branches, kinds = list(_branches(rollup)), by_kind(rollup)
        title = f"{_name(rollup)}：层级小计（不含调整）"
        self._list_sheet(sheet, title, LEVEL_LEAD, len(branches) + len(kinds) + 1, PLACE_LEVELS)
        self._more[LEVELS] = self._level_rows(sheet, branches, kinds)

    def _is_branch(self, unit: Unit) -> bool:
        """Whether a unit stands in 层级小计: a heading, or one over others that does not count itself."""
        if unit.kind is UnitKind.GROUP:
            return True
        return unit.id in self._rollup.parents and not self._rollup.is_added(unit)

    def _list_sheet(
        self, sheet: Worksheet, title: str, lead: Sequence[tuple[str, float]], rows: int, place: str
    ) -> int:
        """Head, sums and page of a list with a column for each cell; gives its last column."""
        form, count = self._form, len(lead)
        last = count + len(form.cells) + len(FACTS)
        put_text(sheet_cell(sheet, 1, 1), title, Font(name=HEI, size=16))
        sheet.row_dimensions[1].height = 30
        draw_list_head(sheet, form, lead, _LIST_HEAD, FACTS)
        self._sum_rows(sheet, count)
        first = _LIST_HEAD + 2
        sheet.freeze_panes = f"{get_column_letter(count + 1)}{first}"
        set_list_pages(sheet, form, count)
        sheet.print_title_rows = f"1:{first - 1}"
        sheet.print_title_cols = "A:B"
        end = get_column_letter(count + len(form.cells))
        sheet.print_area = f"A1:{end}{first + max(rows, 1) - 1}"
        sheet.defined_names[place] = DefinedName(place, attr_text=f"'{sheet.title}'!$A${first}")
        return last

    def _sum_rows(self, sheet: Worksheet, lead: int) -> None:
        """小计, 调整 and 合计 above the head: they stay in view and are no units."""
        entered, must = len(self._rollup.entered), len(self._rollup.must)
        many = len(decisions(self._adjustments))
        deltas = {cell: one.adjusted for cell, one in self._sums.items()}
        plain = {cell: one.value for cell, one in self._plain.items()}
        total = {cell: one.value for cell, one in self._sums.items()}
        rows: list[tuple[str, Mapping[str, int | Decimal | None]]] = [
            (total_name(entered, must, "单位小计"), plain),
            (f"调整 {many} 条" if many else "没有调整", deltas),
            (total_name(entered, must), total),
        ]
        for number, (label, values) in enumerate(rows, 2):
            bold = number == 4
            for column in range(1, lead + 1):
                cell = sheet_cell(sheet, number, column)
                cell.border = FRAME
                if column == 1:
                    put_text(cell, label, Font(name=SONG, size=10, bold=bold))
            sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=lead)
            for column, cell_id in enumerate(self._form.cells, lead + 1):
                cell = sheet_cell(sheet, number, column)
                cell.border, cell.font = FRAME, Font(name=SONG, size=10, bold=bold)
                cell.alignment = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
                value = values[cell_id]
                fewer = self._sums[cell_id].units < entered and number != 3
                if value is not None:
                    cell.value, cell.number_format = value, _number_form(value, False, fewer)
                if fewer:
                    cell.fill = _TINT

    def _unit_rows(self, sheet: Worksheet, listed: Sequence[Unit]) -> Iterator[bytes]:
        rollup, cells = self._rollup, list(self._form.cells)
        blank: tuple[Entry | None, ...] = (None,) * len(cells)
        for number, unit in enumerate(listed, 1):
            used = rollup.used.get(unit.id) if unit.id in self._inside else None
            values = blank if used is None else (used.values + blank)[: len(cells)]
            doubts = used.doubts if used is not None else {}
            state = rollup.state(unit)
            row = _Row(self, sheet, _LIST_HEAD + 1 + number)
            row.add(number)
            row.add(unit.name, side="left")
            row.add(unit.code)
            row.add(f"{state.sign} {state.value}".strip(), tint=state not in (State.USABLE, State.EXEMPT))
            for cell, value in zip(cells, values, strict=True):
                row.add(
                    value,
                    tint=used is not None and (value is None or isinstance(value, str) or cell in doubts),
                )
            self._add_facts(row, unit)
            yield row.xml()

    def _add_facts(self, row: _Row, unit: Unit) -> None:
        rollup = self._rollup
        parent = rollup.units.by_id.get(unit.parent)
        used = rollup.used.get(unit.id)
        for text in (
            YES if unit.id in self._inside else "",
            unit.kind.value,
            unit.role.value,
            unit.duty.value,
            unit.covers.value,
            parent.name if parent is not None else "",
            _aliases(unit),
            rollup.due_of(unit),
            used.received[:16].replace("T", " ") if used is not None else "",
            used.path if used is not None else "",
            unit.note,
            str(unit.from_year or ""),
            str(unit.to_year or ""),
            str(self._listed[unit.id]),
            unit.id,
            unit.parent,
        ):
            row.add(text, side="left", quiet=True)

    def _level_rows(
        self, sheet: Worksheet, branches: Sequence[tuple[int, Subtotal]], kinds: Sequence[Subtotal]
    ) -> Iterator[bytes]:
        at = _LIST_HEAD + 1
        for number, (depth, one) in enumerate(branches, 1):
            row = _Row(self, sheet, at + number)
            self._add_subtotal(row, number, "\u3000" * depth + one.name, one)
            self._add_facts(row, self._rollup.units.by_id[one.unit])
            yield row.xml()
        at += len(branches) + 1
        row = _Row(self, sheet, at)
        row.add("")
        row.add("以下按单位类别", side="left", bold=True)
        yield row.xml()
        for number, one in enumerate(kinds, 1):
            row = _Row(self, sheet, at + number)
            self._add_subtotal(row, number, one.name, one)
            yield row.xml()

    def _add_subtotal(self, row: _Row, number: int, name: str, one: Subtotal) -> None:
        row.add(number)
        row.add(name, side="left")
        row.add(one.sums[next(iter(one.sums))].completeness if not one.of else _of(one))
        row.add("小计" if one.of else "", tint=one.units < one.of)
        for found in one.sums.values():
            row.add(found.value, tint=found.units < one.units, mark=found.units < one.units)

    def style(self, sheet: Worksheet, look: _Look) -> int:
        """The number of a style in the file."""
        found = self._styles.get(look)
        if found is None:
            cell = SheetCell(sheet, row=1, column=1)
            cell.font = _QUIET if look.quiet else Font(name=SONG, size=10, bold=look.bold)
            cell.border = FRAME
            shrink = look.form != "General"
            cell.alignment = Alignment(horizontal=look.side, vertical="center", shrink_to_fit=shrink)
            if look.tint:
                cell.fill = _TINT
            cell.number_format = look.form
            cell.quotePrefix = look.quoted
            found = self._styles[look] = cell.style_id
        return found

    # --- 与上年

    def _years(self, sheet: Worksheet) -> None:
        columns = (12.0, 70.0, 12.0, 20.0, 34.0, 20.0, 34.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0)
        set_up_page(sheet, columns, "landscape", self._foot(), paper=8)
        lines = RuledSheet(sheet, columns)
        rollup = self._rollup
        lines.words(f"{_name(rollup)}：与上年", Font(name=SONG, size=16, bold=True), gap=14, side="center")
        found, last = years(rollup), last_year(rollup)
        if found is None or last is None:
            lines.words(self._last_words())
            return
        now, then = self._of_list, total_name(len(last.entered), len(last.must))
        lines.words(
            f"本年 {rollup.year}：{now}；上年 {last.year}：{then}。"
            "右边五列只比两年都有数的单位；上年为 0 的没有增减率。"
        )
        head: list[tuple[int, Value]] = [(1, name) for name in _YEARS_HEAD]
        lines.row(head, head=True)
        sheet.print_title_rows = f"{lines.at}:{lines.at}"
        sheet.freeze_panes = f"C{lines.at + 1}"
        first = lines.at
        for section in self._form.sections:
            for cell in section.table.cells if section.table is not None else ():
                lines.row(
                    [(1, value) for value in _year_values(section, cell.place, cell.unit, found[cell.id])],
                    centred=(0, *range(2, len(columns))),
                )
        sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(columns))}{lines.at}"
        self._unit_changes(lines)

    def _unit_changes(self, lines: RuledSheet) -> None:
        changes = unit_changes(self._rollup)
        if changes is None:
            return
        lines.heading("单位的变化")
        lines.words(changes.words)
        rows = [
            (word, unit.name, unit.kind.value, change_reason(self._rollup, unit, went))
            for word, units, went in (("只有本年", changes.came, False), ("只有上年", changes.went, True))
            for unit in units
        ]
        rows += [
            ("名称不同", f"{now.name}（上年：{then.name}）", now.kind.value, "")
            for now, then in changes.renamed
        ]
        if rows:
            lines.row(((1, "年份"), (1, "单位"), (2, "类别"), (10, "原因")), head=True)
        for word, name, kind, reason in rows:
            said = reason or ("" if word == "名称不同" else "没有写原因")
            lines.row(((1, word), (1, name), (2, kind), (10, said)), centred=(0, 2))

    # --- 未交和退回

    def _owed(self, sheet: Worksheet) -> None:
        columns = (12.0, 54.0, 26.0, 26.0, 26.0, 40.0)
        set_up_page(sheet, columns, "portrait", self._foot())
        lines, owing = RuledSheet(sheet, columns), self._owing
        lines.words(
            f"{_name(self._rollup)}：未交和退回", Font(name=SONG, size=16, bold=True), gap=14, side="center"
        )
        lines.words(f"{_moment(self._when)}。{owing.head}")
        lines.heading("各种状态的家数")
        lines.row(((2, "状态"), (1, "家数")), head=True)
        for state in State:
            if state is not State.EXEMPT and (many := self._counts.count(state)):
                lines.row(((2, f"{state.sign} {state.value}".strip()), (1, many)), centred=(1,))
        lines.row(((2, "应报"), (1, self._counts.of)), strong=True, centred=(1,))
        lines.row(((2, "其中已计入合计"), (1, self._counts.entered)), centred=(1,))
        if self._counts.exempt:
            lines.row(((2, "免报（不在应报里）"), (1, self._counts.exempt)), centred=(1,))
        for part in owing.parts:
            lines.heading(part.heading)
            lines.row([(1, name) for name in OWING_HEAD], head=True)
            for place, *texts in owing.rows(part):
                lines.row([(1, int(place)), *((1, text) for text in texts)], centred=(0, 2, 3, 4))
        if self._rollup.unclaimed:
            lines.heading(f"未认领的文件（{len(self._rollup.unclaimed)} 份）")
            lines.row(((1, "序号"), (2, "文件"), (3, "为什么没有认领")), head=True)
            for number, one in enumerate(self._rollup.unclaimed, 1):
                lines.row(((1, number), (2, one.called), (3, one.problem or one.why_not)), centred=(0,))

    # --- 调整

    def _adjusted(self, sheet: Worksheet) -> None:
        columns = (11.0, 12.0, 62.0, 18.0, 44.0, 62.0, 44.0, 22.0, 62.0, 20.0)
        set_up_page(sheet, columns, "landscape", self._foot(), paper=8)
        lines, rows = RuledSheet(sheet, columns), self._rollup.adjustments
        lines.words(
            f"{_name(self._rollup)}：调整", Font(name=SONG, size=16, bold=True), gap=14, side="center"
        )
        outside = len(rows) - len(self._adjustments)
        apart = f"有 {outside} 行不在本口径或不是数，没有计入。" if outside else ""
        told = f"{len(decisions(self._adjustments))} 条，{len(self._adjustments)} 行。"
        told += f"合计＝单位小计＋调整，现在是{self._of_list}。{apart}"
        lines.words(told if rows else "没有调整。")
        lines.row([(1, name) for name in ADJUSTED_HEAD], head=True)
        sheet.print_title_rows = f"{lines.at}:{lines.at}"
        sheet.freeze_panes = f"A{lines.at + 1}"
        name = PLACE_ADJUSTED
        sheet.defined_names[name] = DefinedName(name, attr_text=f"'{ADJUSTED}'!$A${lines.at + 1}")
        for number, one in enumerate(rows, 1):
            lines.row(self._adjustment(number, one), centred=(0, 1, 3, 7))

    def _adjustment(self, number: int, one: Adjustment) -> list[tuple[int, Value]]:
        cell, unit = self._form.cells.get(one.cell), self._rollup.units.by_id.get(one.unit)
        place = cell.place if cell is not None else ""
        table = f"表{self._form.section(cell.section).number}" if cell is not None else ""
        name = unit.name if unit is not None else ""
        delta: Value = one.delta
        values = (number, table, place, delta, name, one.reason, one.basis, one.day, one.cell, one.unit)
        return [(1, value) for value in values]

    # --- 检查

    def _checked(self, sheet: Worksheet) -> None:
        columns = (18.0, 18.0, 40.0, 52.0, 110.0, 32.0)
        set_up_page(sheet, columns, "landscape", self._foot())
        lines = RuledSheet(sheet, columns)
        lines.words(
            f"{_name(self._rollup)}：检查", Font(name=SONG, size=16, bold=True), gap=14, side="center"
        )
        lines.heading("一、单位之间")
        self._cross(lines)
        lines.heading("二、各单位年报自己的检查")
        lines.words(self._told_words())
        self._told(lines)

    def _cross(self, lines: RuledSheet) -> None:
        found = self._findings
        lines.words(self._cross_words())
        if found is None:
            return
        if found.findings:
            lines.row([(1, name) for name in _CHECK_HEAD], head=True)
        for one in (*found.open, *found.explained):
            units = _named(
                [self._unit_name(u) for u in one.units if u in self._rollup.units.by_id], _MOST_NOTE
            )
            said = f"已说明：{one.explanation.reason}" if one.is_explained and one.explanation else ""
            values = (one.word, one.rule, one.title, units, one.message, said)
            lines.row([(1, value) for value in values], centred=(0, 1))
        missed = (*found.not_checked, *found.undetermined)
        if missed:
            lines.heading("没有检查的")
            lines.row(((1, "代码"), (2, "检查"), (3, "原因")), head=True)
        for lost in missed:
            lines.row(((1, lost.check.code), (2, lost.check.title), (3, lost.reason)), centred=(0,))

    def _told(self, lines: RuledSheet) -> None:
        rows = [
            (unit, told)
            for unit in self._rollup.entered
            for told in self._rollup.used[unit.id].found
            if told.severity in _SEVERITIES
        ]
        if rows:
            lines.row([(1, name) for name in _TOLD_HEAD], head=True)
        for unit, told in rows[:_MOST_FOUND]:
            values = (_SEVERITIES[told.severity], told.rule, told.place, unit.name, told.message, "")
            lines.row([(1, value) for value in values], centred=(0, 1))
        if len(rows) > _MOST_FOUND:
            lines.words(f"共 {len(rows)} 处，这里列出前 {_MOST_FOUND} 处，其余请在程序里看。")


class _Row:
    """A row of a list as the file has it, put together cell by cell."""

    def __init__(self, book: _Book, sheet: Worksheet, number: int) -> None:
        self._book, self._sheet, self._number = book, sheet, number
        self._column = 0
        self._pieces: list[str] = []

    def add(
        self,
        value: Entry | None,
        *,
        side: Across = "center",
        bold: bool = False,
        tint: bool = False,
        quiet: bool = False,
        mark: bool = False,
    ) -> None:
        self._column += 1
        at = f"{_LETTERS[self._column]}{self._number}"
        if isinstance(value, int):
            look = _Look(side, '0"◆"' if mark else "0", bold, tint, quiet)
            piece = f'<c r="{at}" s="{self._book.style(self._sheet, look)}"><v>{value}</v></c>'
        elif isinstance(value, Decimal) and value.is_finite():
            look = _Look(side, _number_form(value, False, mark), bold, tint, quiet)
            piece = f'<c r="{at}" s="{self._book.style(self._sheet, look)}"><v>{show_entry(value)}</v></c>'
        else:
            text = printable(show_entry(value))
            look = _Look(side, "General", bold, tint, quiet, text.startswith(("=", "+", "-", "@", "\t")))
            style = self._book.style(self._sheet, look)
            if text:
                inner = f'<is><t xml:space="preserve">{escape(text, quote=False)}</t></is>'
                piece = f'<c r="{at}" s="{style}" t="inlineStr">{inner}</c>'
            else:
                piece = f'<c r="{at}" s="{style}"/>'
        self._pieces.append(piece)

    def xml(self) -> bytes:
        return f'<row r="{self._number}">{"".join(self._pieces)}</row>'.encode()


_LETTERS = ("", *(get_column_letter(column) for column in range(1, 400)))


class _Streamed(InMemory):
    """Writes further rows behind those that openpyxl holds as cells, each only when its turn comes."""

    def __init__(self, book: Workbook, archive: ZipFile, more: Mapping[str, Iterable[bytes]]) -> None:
        super().__init__(book, archive)
        self._more = more

    def write_worksheet(self, ws: Any) -> None:
        rows = list(self._more.get(ws.title, ()))
        if not rows:
            super().write_worksheet(ws)
            return
        ws._drawing = SpreadsheetDrawing()
        writer: Any = WorksheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        head, end, tail = writer.read().partition(b"</sheetData>")
        last = rows[-1].partition(b'"')[2].partition(b'"')[0]
        # Whoever reads a sheet row by row trusts in what it says of its size.
        head = re.sub(rb'(<dimension ref="[A-Z]+[0-9]+:[A-Z]+)[0-9]+', rb"\g<1>" + last, head, count=1)
        self._archive.writestr(ws.path[1:], b"".join((head, *rows, end, tail)))  # type: ignore[attr-defined]
        self.manifest.append(ws)


_SCOPES = {
    Scope.LEVEL: "本级：只加本级的单位，下级政府、乡镇和街道不在内。",
    Scope.TERRITORY: "全辖区：名单里各级计入的单位都在内；上级自己的年报只比对，不计入。",
}
_SEVERITIES = {"error": "错误", "query": "疑问"}
_CHECK_HEAD = ("轻重", "代码", "检查", "单位", "内容", "说明")
_TOLD_HEAD = ("轻重", "代码", "位置", "单位", "内容", "说明")
_YEARS_HEAD = (
    "表",
    "项目",
    "单位",
    "本年",
    "本年家数",
    "上年",
    "上年家数",
    "差额",
    "增减率（%）",
    "同一批家数",
    "同一批本年",
    "同一批上年",
    "同一批差额",
    "同一批增减率（%）",
)


def total_lanes(grid: Grid) -> tuple[int, ...]:
    """Where each column of a table begins among the lanes of 合计, and where the last ends; counted from 0.

    All figures of a table take equally many lanes, the last label column what is left.
    """
    labels, figures = grid.label_columns, grid.columns - grid.label_columns
    if not labels:
        each = max(1, _LANES // figures)
        return tuple(range(0, each * figures + 1, each))
    each = max(1, int(_LANES * _LABEL_SHARE) // figures)
    room = max(_LANES - each * figures, 2 * labels)
    narrow = [min(number, 2) for number in range(1, labels)]
    edges = [0]
    for width in (*narrow, room - sum(narrow), *([each] * figures)):
        edges.append(edges[-1] + width)
    return tuple(edges)


def _branches(rollup: Rollup) -> Iterator[tuple[int, Subtotal]]:
    """The units over others with their subtotals, and how deep they stand; those right below the owner that stand
    alone are among them, so that each level adds up."""
    counted = {one.unit: one for one in by_branch(rollup)}
    alone = set(counted)
    stack = [(0, unit) for unit in reversed(rollup.units.children.get("", ()))]
    while stack:
        depth, unit = stack.pop()
        below = rollup.units.children.get(unit.id, ())
        if below or unit.kind is UnitKind.GROUP or unit.id in alone:
            must = counts(rollup)[unit.id]
            yield depth, Subtotal(unit.name, unit.id, must.entered, must.of, sums(rollup, unit.id, False))
        stack += [(depth + 1, one) for one in reversed(below)]


def _of(one: Subtotal) -> str:
    return one.label.removeprefix(f"{one.name}小计（").removesuffix("）")


def _name(rollup: Rollup) -> str:
    return f"{rollup.owner} {rollup.year} 年政府信息公开年报汇总".lstrip()


def _named(names: Sequence[str], most: int) -> str:
    """Names in words, of many the first and how many there are."""
    named = "、".join(names[:most])
    return named if len(names) <= most else f"{named}等 {len(names)} 家"


def _aliases(unit: Unit) -> str:
    return "；".join(alias.name for alias in unit.aliases)


def _number_form(value: int | Decimal, adjusted: bool, fewer: bool) -> str:
    """A number format with the decimals that the value has, and the marks beside it, which leave it a number."""
    digits = show_entry(value).partition(".")[2]
    plain = f"0.{'0' * len(digits)}" if digits else "0"
    return '"调 "' * adjusted + plain + '"◆"' * fewer


def _signed(delta: Entry) -> str:
    text = show_entry(delta)
    return text if text.startswith("-") else f"+{text}"


def _moment(when: datetime) -> str:
    return f"{day_words(when.date().isoformat(), with_year=True)} {when:%H:%M}"


def _rate(value: Decimal | None, now: int | Decimal | None, then: int | Decimal | None) -> Value:
    """In per cent, or 「新增」 where last year's is 0; blank where nothing can be compared or nothing was."""
    if value is None:
        return NEW if now and then is not None and not then else ""
    return value


def _year_values(section: Section, place: str, unit: str, one: YearSum) -> Iterator[Value]:
    yield f"表{section.number}"
    yield place
    yield unit
    yield _shown(one.now.value)
    yield one.now.completeness
    yield _shown(one.then.value)
    yield one.then.completeness
    yield _shown(one.difference_of_all)
    yield _rate(one.rate_of_all, one.now.value, one.then.value)
    yield one.same
    yield _shown(one.now_same)
    yield _shown(one.then_same)
    yield _shown(one.difference)
    yield _rate(one.rate, one.now_same, one.then_same)


def _shown(value: int | Decimal | None) -> Value:
    return "" if value is None else value
