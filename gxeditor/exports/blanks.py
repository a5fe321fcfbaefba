"""Blank workbooks to fill in: the statutory form, and a list with one row per unit.

Drawn from the form like the workbook of a report, so no heading is written twice; made by us, official in no way.
Figures are checked as they are typed, totals calculate themselves and stay blank as long as their details are, headings
are protected without a password. Equal forms give equal bytes; those in resources/templates are written by `python -m
gxeditor.exports.blanks FOLDER`. Knows no report.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Literal

from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.form import Cell, Form
from gxeditor.core.report import blank_report
from gxeditor.exports.excel import workbook_bytes
from gxeditor.files.package import fixed
from gxeditor.resources import load_form

UNITS = 100
"""Rows of the list that are prepared; more may be filled below them."""
_MOST_UNITS = 3_000  # rows that the sums and the checks reach
_SUM_ROW, _HEAD_ROW = 2, 3
_WIDTH, _AMOUNT_WIDTH = 6.5, 11  # of a column, in characters: six figures, or five and four decimals
_SCALE, _ACROSS = 58, 35
"""Per cent at which the list is printed, some 6 points for type of 10, and the columns that a page of A3 then holds."""

_WORDS = "文字"
_SONG, _HEI = "宋体", "黑体"
_THIN = Side(style="thin")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="FFF2F2F2")
_INPUT = Protection(locked=False)
_MOST = "999999999999"  # as many digits as an entry may have
_HEIGHTS = {"section.overview": 230.0, "section.problems": 170.0, "section.other_matters": 60.0}
_COUNT, _AMOUNT = "0", "0.00####"
"""Number formats; more decimals than published reports have are rounded in the cell alone, never in its value."""
_NOTE = "本表按{}规定的格式制作，不是官方发布的表格。合计自动算出；填好后可以导入年报编辑器。"


def form_bytes(form: Form) -> bytes:
    """The statutory form as a workbook: a sheet for the words and one per table."""
    zeros = blank_report(form).with_entries({cell.id: 0 for cell in form.cells.values() if not cell.is_total})
    # With a figure in every detail each total is a formula; the figures are taken out again.
    book = load_workbook(BytesIO(workbook_bytes(zeros)))
    book.remove(book.worksheets[0])
    book.custom_doc_props = CustomPropertyList()  # type: ignore[attr-defined]
    _draw_words(book, form)
    for section in form.sections:
        if section.table is None:
            continue
        sheet = book[f"表{section.number}"]
        grid = section.table.grid()
        for place in grid.places:
            if place.cell is None:
                continue
            cell = sheet.cell(place.row + 2, place.column + 1)
            cell.number_format = _AMOUNT if place.cell.decimals else _COUNT
            if place.cell.is_total:
                cell.value = _blank_until_filled(str(cell.value).removeprefix("=SUM(").removesuffix(")"))
            else:
                cell.value = None
                cell.protection = _INPUT
        inputs = [
            (place.cell, place.row + 2, place.column + 1) for place in grid.places if place.cell is not None
        ]
        _add_validations(sheet, [(cell, f"{get_column_letter(column)}{row}") for cell, row, column in inputs])
        _set_header(sheet, form.title)
        sheet.protection.sheet = True
    _add_check(book["表三"], form)
    return _finished(book, form)


def rollup_bytes(form: Form, units: int = UNITS) -> bytes:
    """A list with one row per unit under a head of two levels; the sums of all units stand above it.

    `units` rows are prepared.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "汇总"
    sheet["A1"] = f"{form.title}数据汇总表"
    sheet["A1"].font = Font(name=_HEI, size=16)
    sheet.row_dimensions[1].height = 30
    draw_list_head(sheet, form, LEAD, _HEAD_ROW)
    columns = {cell.id: column for column, cell in enumerate(form.cells.values(), 4)}
    letters = {cell_id: get_column_letter(column) for cell_id, column in columns.items()}
    first, last = _HEAD_ROW + 2, _HEAD_ROW + _MOST_UNITS
    sheet.cell(_SUM_ROW, 2).value = "全部单位合计"
    for row in (_SUM_ROW, *range(first, first + units)):
        for column in range(1, len(columns) + 4):
            one = sheet.cell(row, column)
            one.border = _FRAME
            one.font = Font(name=_SONG, size=10, bold=row == _SUM_ROW)
            one.alignment = Alignment(horizontal="left" if column in (2, 3) else "center", vertical="center")
            one.protection = Protection(locked=row == _SUM_ROW)
        for cell in form.cells.values():
            figure, letter = sheet.cell(row, columns[cell.id]), letters[cell.id]
            figure.number_format = _AMOUNT if cell.decimals else _COUNT
            if row == _SUM_ROW:
                figure.value = _blank_until_filled(f"{letter}{first}:{letter}{last}")
            elif cell.is_total:
                figure.value = _blank_until_filled(
                    ",".join(_runs([letters[part] for part in cell.parts], row))
                )
                figure.protection = Protection(locked=True)
    _add_validations(
        sheet, [(cell, f"{letters[cell.id]}{first}:{letters[cell.id]}{last}") for cell in form.cells.values()]
    )
    sheet.freeze_panes = f"D{first}"
    sheet.protection.sheet = True
    set_list_pages(sheet, form, len(LEAD))
    sheet.print_title_rows = f"1:{first - 1}"
    sheet.print_title_cols = "A:B"
    return _finished(book, form)


def _draw_words(book: Workbook, form: Form) -> None:
    """A sheet for everything that is no table: whose report it is, and the prose of each section."""
    sheet = book.create_sheet(_WORDS, 0)
    sheet["A1"] = form.title
    sheet["A1"].font = Font(name=_HEI, size=18)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells("A1:B1")
    sheet.row_dimensions[1].height = 40
    prose = {f"section.{section.key}": section for section in form.sections}
    asked = {"report.agency": "单位名称", "report.year": "年度"}
    asked |= {name: section.heading for name, section in prose.items()}
    asked |= {"report.signature": "落款", "report.date": "日期"}
    for row, (name, label) in enumerate(asked.items(), 2):
        head, cell = sheet.cell(row, 1, label), sheet.cell(row, 2)
        section = prose.get(name)
        head.font = Font(name=_HEI, size=11)
        head.fill = _HEAD_FILL
        head.alignment = Alignment(wrap_text=True, vertical="center")
        cell.font = Font(name=_SONG, size=11)
        vertical: Literal["center", "top"] = "center" if section is None else "top"
        cell.alignment = Alignment(horizontal="left", vertical=vertical, wrap_text=True)
        cell.protection = _INPUT
        cell.number_format = "0" if name == "report.year" else "@"
        head.border = cell.border = _FRAME
        book.defined_names[name] = DefinedName(name, attr_text=f"{_WORDS}!$B${row}")
        sheet.row_dimensions[row].height = _HEIGHTS.get(name, 24.0 if section is None else 44.0)
    note = sheet.cell(len(asked) + 2, 1, _NOTE.format(re.sub(r"^.*?（(.*)）$", r"\1", form.basis)))
    note.font = Font(name=_SONG, size=9)
    note.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.merge_cells(start_row=note.row, start_column=1, end_row=note.row, end_column=2)
    sheet.row_dimensions[note.row].height = 30
    year = DataValidation(
        type="whole", operator="between", formula1="2008", formula2="2099", allow_blank=True
    )
    year.error, year.errorTitle = "请填四位数的年份，如 2022。", "年度"
    year.add("B3")
    sheet.add_data_validation(year)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 66
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True


LEAD = (("序号", 6.0), ("单位名称", 26.0), ("统一社会信用代码", 20.0))
"""The columns in front of the figures, with their widths in characters."""


def draw_list_head(
    sheet: Worksheet,
    form: Form,
    lead: Sequence[tuple[str, float]],
    upper: int,
    more: Sequence[tuple[str, float]] = (),
) -> None:
    """Two levels of headings: which row of its table a figure is of, and which column.

    `lead` and `more` are the columns in front of the figures and behind them, each with its width in characters; the
    upper of the two rows is `upper`.
    """
    lower, first = upper + 1, len(lead) + 1
    last = len(form.cells) + len(lead)
    for column, (label, width) in (*enumerate(lead, 1), *enumerate(more, last + 1)):
        sheet.cell(upper, column, label)
        sheet.merge_cells(start_row=upper, start_column=column, end_row=lower, end_column=column)
        sheet.column_dimensions[get_column_letter(column)].width = width
    begun, label = first, ""
    for column, cell in enumerate(form.cells.values(), first):
        path = cell.row.labels or cell.column.labels[:-1]
        above = "-".join(path[1:] if path[0].startswith("三、") else path)
        if above != label:
            _merge(sheet, upper, begun, column - 1)
            begun, label = column, above
            sheet.cell(upper, column, above)
        sheet.cell(lower, column, cell.column.labels[-1])
        sheet.column_dimensions[get_column_letter(column)].width = _AMOUNT_WIDTH if cell.decimals else _WIDTH
    _merge(sheet, upper, begun, last)
    for row in (upper, lower):
        for column in range(1, last + len(more) + 1):
            head = sheet.cell(row, column)
            head.font, head.fill, head.border = Font(name=_HEI, size=10), _HEAD_FILL, _FRAME
            head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.row_dimensions[upper].height, sheet.row_dimensions[lower].height = 54, 42


def set_list_pages(sheet: Worksheet, form: Form, lead: int) -> None:
    """A3 across; a page ends only between the rows of a table, whose figures it holds together.

    `lead` columns stand in front of the figures.
    """
    setup = sheet.page_setup
    setup.orientation, setup.paperSize, setup.scale = "landscape", 8, _SCALE
    setup.pageOrder = "overThenDown"  # all figures of a unit before the next units
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.2, footer=0.3)
    assert isinstance(sheet.oddFooter, HeaderFooterItem)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    groups = [list(group) for _, group in groupby(form.cells.values(), key=lambda cell: cell.row)]
    column, used = lead, 0
    for group in groups:
        if used + len(group) > _ACROSS:
            sheet.col_breaks.append(Break(id=column))
            used = 0
        column, used = column + len(group), used + len(group)


def _merge(sheet: Worksheet, row: int, first: int, last: int) -> None:
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def _runs(letters: list[str], row: int) -> Iterator[str]:
    """Cells of a row as ranges where they stand side by side."""
    columns = [[letters[0]]]
    for letter in letters[1:]:
        if column_index_from_string(letter) == column_index_from_string(columns[-1][-1]) + 1:
            columns[-1].append(letter)
        else:
            columns.append([letter])
    for run in columns:
        yield f"{run[0]}{row}:{run[-1]}{row}" if len(run) > 1 else f"{run[0]}{row}"


def _blank_until_filled(ranges: str) -> str:
    """The sum of some ranges that shows nothing as long as there is nothing to add."""
    return f'=IF(COUNT({ranges})=0,"",SUM({ranges}))'


def _set_header(sheet: Worksheet, text: str) -> None:
    assert isinstance(sheet.oddHeader, HeaderFooterItem)
    sheet.oddHeader.center.text = text


def _add_validations(sheet: Worksheet, inputs: list[tuple[Cell, str]]) -> None:
    """Counts are whole numbers, amounts have decimals; none is less than 0."""
    for decimals in sorted({cell.decimals for cell, _ in inputs}):
        words = "整数" if decimals == 0 else "数（万元）"
        check = DataValidation(
            type="whole" if decimals == 0 else "decimal",
            operator="between",
            formula1="0",
            formula2=_MOST,
            allow_blank=True,
            showErrorMessage=True,
        )
        check.errorTitle, check.error = "请核对", f"这一格只填不小于 0 的{words}。"
        for cell, ref in inputs:
            if cell.decimals == decimals and not cell.is_total:
                check.add(ref)
        sheet.add_data_validation(check)


def _add_check(sheet: Worksheet, form: Form) -> None:
    """A row below 表三 that says whether each column is in balance, as the form itself demands."""
    row = sheet.max_row + 1
    grid = next(table for table in form.tables if table.key == "requests").grid()
    at = {cell_id: place.row + 2 for cell_id, place in grid.of_cell.items()}
    left = ("requests.received", "requests.brought_forward")
    right = ("requests.handled.total", "requests.carried_forward")
    label = sheet.cell(row, 1, "校验：第一项加第二项之和，等于第三项加第四项之和")
    label.font = Font(name=_SONG, size=9)
    label.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=grid.label_columns)
    for column in range(grid.label_columns + 1, grid.columns + 1):
        letter = get_column_letter(column)
        sums = [
            "SUM({})".format(",".join(f"{letter}{at[f'{key}.natural_person']}" for key in keys))
            for keys in (left, right)
        ]
        every = ",".join(f"{letter}{at[f'{key}.natural_person']}" for key in (*left, *right))
        cell = sheet.cell(row, column, f'=IF(COUNT({every})=0,"",IF({sums[0]}={sums[1]},"平","不平"))')
        cell.font = Font(name=_SONG, size=9)
        cell.alignment = Alignment(horizontal="center", vertical="center")
    area = f"{get_column_letter(grid.label_columns + 1)}{row}:{get_column_letter(grid.columns)}{row}"
    bold = Font(color="FFC00000", bold=True)
    red = CellIsRule(operator="equal", formula=['"不平"'], font=bold)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(area, red)
    sheet.row_dimensions[row].height = 24


_FORMULA = re.compile(r"(<c r=\"[A-Z]+[0-9]+\"[^>]*?)(><f>[^<]*</f>)<v ?(?:/>|></v>)")


def _finished(book: Workbook, form: Form) -> bytes:
    """The file without the hour of writing, its formulas showing nothing until Excel has calculated them."""
    book.calculation.fullCalcOnLoad = False
    book.active = 0
    book.properties.creator, book.properties.title = "", form.title
    written = BytesIO()
    book.save(written)

    def finished(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        text = _FORMULA.sub(r'\1 t="str"\2<v></v>', part.decode())
        if name.endswith("/sheet1.xml") and book.worksheets[0].title == _WORDS:
            # A first guess at the heights, which whoever opens the file may mend for what is written.
            text = text.replace(' customHeight="1"', "")
        return text.encode()

    return fixed(written.getvalue(), finished)


def _write_shipped(folder: Path) -> None:
    form = load_form()
    folder.mkdir(exist_ok=True)
    (folder / f"form-{form.edition}.xlsx").write_bytes(form_bytes(form))
    (folder / f"rollup-{form.edition}.xlsx").write_bytes(rollup_bytes(form))


if __name__ == "__main__":
    _write_shipped(Path(sys.argv[1]))
