"""The blank workbook for a ledger of requests: for offices that go on in Excel, and read back without asking.

Draws a sheet with a heading for each column, drop-down lists for codes and days for dates; a sheet that says how it is
filled in and how sure each code's place in the form is; and, hidden, the lists. Knows no request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.ledger.vocabulary import Code, Column, Vocabulary
from gxeditor.exports.excel import InMemory, put_text, sheet_cell
from gxeditor.files.package import fixed
from gxeditor.workbook.own import LEDGER_SHEET

NOTES, LISTS = "填写说明", "选项"
ROWS = 3000
"""Rows that have their lists and formats: three times what the busiest office seen registers in a year."""
_COMPUTED = ("due_on",)
"""Columns that the program works out: an office's own figure would only differ from it."""
_LINE = 60
"""Characters of a sentence that one line across the notes has room for."""
_SONG, _HEI = "宋体", "黑体"
_WIDTHS = {
    "subject": 44.0,
    "applicant": 20.0,
    "outcome": 34.0,
    "note": 24.0,
    "contact": 20.0,
    "serial": 6.0,
    "id_no": 22.0,
}
_HEADS = {1: "FFDCE6F1", 2: "FFEAEEF3", 3: "FFF5F5F5"}
"""Shades of the headings by need: what counting needs is the darkest."""
_ALWAYS = ("received_on", "applicant", "applicant_type")
"""Columns of which no request may lack one; an answer and a review come later, or never."""
_NEEDS = {1: "表三、表四要用，有了就填", 2: "算答复期限、做检查要用", 3: "只作记录，可以不填"}
_HOW = (
    "一行登记一件申请。第一行是列名，请不要改名；列的次序可以换，不用的列可以删。",
    "日期写成 2025-3-4 或 2025/3/4。有下拉箭头的格，请从列表里选。",
    "还没有答复的，“答复日期”和“答复类型”空着，或选“办理中”。误登、同一份申请登记了两次的，选“误登、重复登记”，不要删行。",
    "答复期限由程序按工作日算，不用填。小计、合计也不用写，程序会数。",
    "填好后，在“政府信息公开年报编辑器”里导入这个文件，就能得到表三、表四的数。",
)


def blank_ledger(vocabulary: Vocabulary) -> bytes:
    """The workbook as an .xlsx; the same bytes each time."""
    book = Workbook()
    book.properties.title = LEDGER_SHEET
    book.properties.language = "zh-CN"
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = LEDGER_SHEET
    columns = [one for one in vocabulary.columns if one.field not in _COMPUTED]
    notes, lists = book.create_sheet(NOTES), book.create_sheet(LISTS)
    names = _draw_lists(book, lists, vocabulary)
    for at, column in enumerate(columns, 1):
        _draw_column(sheet, at, column, names)
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{ROWS + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8  # A3
    sheet.print_title_rows = "1:1"
    _draw_notes(notes, columns, vocabulary)
    lists.sheet_state = "hidden"
    written = BytesIO()
    InMemory(book, ZipFile(written, "w")).save()
    return fixed(written.getvalue())


def _draw_lists(book: Workbook, sheet: Worksheet, vocabulary: Vocabulary) -> dict[str, str]:
    """Draws the lists, and names each; the names by field."""
    names = {}
    for at, (field, codes) in enumerate(vocabulary.lists.items(), 1):
        letter = get_column_letter(at)
        for row, code in enumerate(codes.values(), 1):
            put_text(sheet_cell(sheet, row, at), code.label, Font(name=_SONG, size=11))
        name = f"选项_{field}"
        book.defined_names[name] = DefinedName(
            name, attr_text=f"'{LISTS}'!${letter}$1:${letter}${len(codes)}"
        )
        names[field] = name
        sheet.column_dimensions[letter].width = 40
    return names


def _draw_column(sheet: Worksheet, at: int, column: Column, names: dict[str, str]) -> None:
    letter = get_column_letter(at)
    head = sheet_cell(sheet, 1, at)
    put_text(head, column.heading, Font(name=_HEI, size=11))
    thin = Side(style="thin", color="FF9AA5B1")
    head.border = Border(bottom=thin, right=thin)
    head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    head.fill = PatternFill("solid", fgColor=_HEADS[column.need])
    width = _WIDTHS.get(column.field, 13.0 if column.type in ("date", "money") else 16.0)
    dimension = sheet.column_dimensions[letter]
    dimension.width = width
    kind = {"date": "yyyy-mm-dd", "money": "0.00", "number": "0"}.get(
        column.type, "@" if column.type == "text" else "General"
    )
    dimension.number_format = (
        kind  # of the whole column: a sheet of blank cells would be thirty times as large
    )
    dimension.font = Font(name=_SONG, size=11)
    dimension.alignment = Alignment(vertical="center", wrap_text=column.field == "subject")
    check = _validation(column, names)
    if check is not None:
        check.add(f"{letter}2:{letter}{ROWS + 1}")
        sheet.add_data_validation(check)


def _validation(column: Column, names: dict[str, str]) -> DataValidation | None:
    if column.type == "code":
        check = DataValidation(type="list", formula1=names[column.field], allow_blank=True)
        check.error = f"请从列表里选{column.heading}。"
    elif column.type == "date":
        check = DataValidation(
            type="date", operator="between", formula1="36526", formula2="73050", allow_blank=True
        )
        check.error = f"{column.heading}要写成日期，如 2025-3-4。"
    elif column.type == "money":
        check = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        check.error = f"{column.heading}要写成不小于 0 的数。"
    else:
        return None
    check.errorTitle = "请核对"
    check.showErrorMessage = True
    return check


def _draw_notes(sheet: Worksheet, columns: list[Column], vocabulary: Vocabulary) -> None:
    plain, strong = Font(name=_SONG, size=11), Font(name=_HEI, size=12)
    widths = (26.0, 42.0, 46.0, 30.0)
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    row = 1
    put_text(sheet_cell(sheet, row, 1), "怎样填写依申请公开台账", Font(name=_HEI, size=14))
    for line in _HOW:
        row += 1
        cell = sheet_cell(sheet, row, 1)
        put_text(cell, line, plain)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(widths))
        sheet.row_dimensions[row].height = 18 if len(line) <= _LINE else 36
    for title, lines in (
        (
            "各列",
            [
                (one.heading, "必须填" if one.field in _ALWAYS else _NEEDS[one.need], "", "")
                for one in columns
            ],
        ),
        ("选项算进哪里，依据有多确定", list(_codes(vocabulary))),
    ):
        row += 2
        put_text(sheet_cell(sheet, row, 1), title, strong)
        for texts in lines:
            row += 1
            for at, text in enumerate(texts, 1):
                cell = sheet_cell(sheet, row, at)
                put_text(cell, text, plain)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_setup.orientation = "landscape"


def _codes(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str, str]]:
    """Heading, label, how sure its place is, and the article, of each code that counts in the form."""
    for field, codes in vocabulary.lists.items():
        if not any(code.target for code in codes.values()):
            continue
        for code in codes.values():
            yield vocabulary.by_field[field].heading, code.label, f"〔{code.status.words}〕", _article(code)


def _article(code: Code) -> str:
    """「《条例》第 36 条（二）」 for 36(二); "" for what is no article of it."""
    found = re.match(r"(\d+)(?:\((.)\))?", code.article)
    if found is None:
        return ""
    return f"《条例》第 {found[1]} 条" + (f"（{found[2]}）" if found[2] else "")
