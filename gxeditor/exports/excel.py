"""A report as an Excel workbook: a sheet for the prose and one per table, laid out and merged as printed.

Everything is drawn from the form's grids. A total that is the sum of its details is a formula that carries its value,
so that previews and 受保护的视图 show it too; a total that is not stays the number that the report says. Equal reports
give equal bytes, and nothing of the machine or the hour gets into the file. Knows no file names and no rules.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any, Literal
from unicodedata import east_asian_width
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from gxeditor.core.form import Cell, Grid, Place, Section
from gxeditor.core.report import Paragraph, Report, paragraphs, show_entry
from gxeditor.core.text import printable
from gxeditor.files.limits import CELL_TEXT
from gxeditor.files.package import fixed
from gxeditor.files.room import check_texts, texts_of
from gxeditor.workbook.own import AGENCY, INDENT, KIND, MARK, ROW_LIMIT, SENTENCES, TITLE, YEAR, mark

_PROSE = "正文"
_PAGE_WIDTH = 172.0  # mm between the margins of A4
_MARGIN = 19 / 25.4  # inches
_PROSE_WIDTH = 160.0
# 表三 as the printed form divides it: two narrow label columns, a wide one, seven for figures. The others are even.
_LABEL_WIDTHS = {3: (13.0, 17.0, 57.0), 1: (43.0,), 0: ()}
_ROW = 22.0

_SONG, _HEI, _KAI = "宋体", "黑体", "楷体"
_THIN, _MEDIUM = Side(style="thin"), Side(style="medium")


def workbook_bytes(report: Report) -> bytes:
    """The content of the .xlsx file. Raises `NotWritten` for a text that is longer than a cell can hold."""
    # Prose is parted into rows, so that any length of it can be held.
    in_rows = {"序文", *(section.heading for section in report.form.sections)}
    check_texts("Excel 的一格", CELL_TEXT, (one for one in texts_of(report) if one[0] not in in_rows))
    book = Workbook()
    book.calculation.fullCalcOnLoad = (
        False  # the cached values are right; a recalculation asks to save on closing
    )
    normal = book._named_styles["Normal"]  # type: ignore[attr-defined]
    normal.font = Font(name=_SONG, size=11)  # column widths are counted in its digits
    book.properties.creator = printable(report.agency)
    book.properties.title = printable(report.title)
    book.properties.language = "zh-CN"
    _add_properties(book, report)
    prose = book.active
    assert isinstance(prose, Worksheet)
    _draw_prose(prose, report)
    totals: dict[str, str] = {}
    for section in report.form.sections:
        if section.table is not None:
            sheet = book.create_sheet(_sheet_name(section))
            for address, value in _draw_table(sheet, report, section, section.table.grid()):
                totals[f"{sheet.title}!{address}"] = value
    written = BytesIO()
    InMemory(book, ZipFile(written, "w")).save()
    return _finished(written.getvalue(), [sheet.title for sheet in book.worksheets], totals)


def _add_properties(book: Workbook, report: Report) -> None:
    """What no cell says, for reading the workbook back: in Excel it stands under 文件、信息、属性."""
    said = {
        AGENCY: report.agency,
        KIND: report.kind.word,
        YEAR: str(report.year or ""),
        TITLE: report.own_title,
    }
    for name, value in said.items():
        if value is not None and (value or name == TITLE):
            book.custom_doc_props.append(  # type: ignore[attr-defined]
                StringProperty(name=name, value=printable(value))
            )


def _sheet_name(section: Section) -> str:
    return f"表{section.number}"


# --- the prose ------------------------------------------------------------------------------------------------


def _draw_prose(sheet: Worksheet, report: Report) -> None:
    sheet.title = _PROSE
    _set_up_page(sheet, report, pages_high=0)
    sheet.column_dimensions["A"].width = column_width(_PROSE_WIDTH)
    rows = itertools.count(1)

    def line(
        text: str, role: str, font: Font, gap: float, horizontal: Literal["left", "center", "right"] = "left"
    ) -> None:
        put_text(cell := sheet_cell(sheet, next(rows), 1), text, font)
        cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
        sheet.row_dimensions[cell.row].height = gap + text_height(text, _PROSE_WIDTH, font.size)
        name = f"{MARK}{role}"
        sheet.defined_names[name] = DefinedName(name, attr_text=f"'{_PROSE}'!$A${cell.row}")

    def body(text: str) -> None:
        for paragraph in paragraphs(printable(text)):
            for chunk in _chunks(paragraph):
                cell = sheet_cell(sheet, next(rows), 1)
                cell.value = chunk
                cell.font = Font(name=_SONG, size=12)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                sheet.row_dimensions[cell.row].height = 3 + text_height(str(chunk), _PROSE_WIDTH, 12)

    title, heading, closing = (
        Font(name=_SONG, size=18, bold=True),
        Font(name=_HEI, size=14),
        Font(name=_SONG, size=12),
    )
    line(report.title, "title", title, 24, "center")
    body(report.preamble)
    for section in report.form.sections:
        line(section.heading, f"heading_{section.key}", heading, 15)
        body(report.sections.get(section.key, ""))
        if section.table is not None:
            body(f"（数据见工作表“{_sheet_name(section)}”。）")
    for role, text in (("signature", report.signature), ("date", report.date)):
        if text:
            line(text, role, closing, 6, "right")


def _chunks(paragraph: Paragraph) -> Iterator[CellRichText]:
    """A paragraph as the rows it takes: indented, its heading in 楷体, long ones parted after a sentence."""
    heading, pending = paragraph.heading, INDENT
    for sentence in _sentences(paragraph.body):
        if len(heading) + len(pending) + len(sentence) > ROW_LIMIT:
            yield _rich(heading, pending)
            heading, pending = "", ""
        pending += sentence
    yield _rich(heading, pending)


def _sentences(text: str) -> Iterator[str]:
    room = ROW_LIMIT - len(INDENT)
    for sentence in SENTENCES.findall(text):
        yield from (sentence[i : i + room] for i in range(0, len(sentence), room))


def _rich(heading: str, text: str) -> CellRichText:
    if not heading:
        return CellRichText(text)
    indent, rest = text[:2], text[2:]
    head = TextBlock(InlineFont(rFont=_KAI, sz=12, b=True), indent + heading)
    return CellRichText([head, TextBlock(InlineFont(rFont=_SONG, sz=12), rest)] if rest else [head])


# --- a table --------------------------------------------------------------------------------------------------


def _draw_table(sheet: Worksheet, report: Report, section: Section, grid: Grid) -> Iterator[tuple[str, str]]:
    """Draws the table under its heading and yields the address and value of every formula."""
    top = 2  # sheet row of the first row of the grid
    _set_up_page(sheet, report, pages_high=1)
    sheet.print_title_rows = f"1:{grid.head_rows + 1}"
    sheet.freeze_panes = sheet_cell(sheet, grid.head_rows + top, grid.label_columns + 1)
    labels = _LABEL_WIDTHS[grid.label_columns]
    even = (_PAGE_WIDTH - sum(labels)) / (grid.columns - len(labels))
    widths = [*labels, *([even] * (grid.columns - len(labels)))]
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = column_width(width)
    put_text(sheet_cell(sheet, 1, 1), section.heading, Font(name=_HEI, size=14))
    sheet_cell(sheet, 1, 1).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=grid.columns)
    sheet.row_dimensions[1].height = 36
    for row, height in enumerate(_heights(grid, widths), top):
        sheet.row_dimensions[row].height = height
    for place in grid.places:
        cell = sheet_cell(sheet, place.row + top, place.column + 1)
        cell.border = rules_around(grid, place)
        if place.cell is None:
            kai = place.kind == "corner" and len(place.text) > 8
            width = sum(widths[place.column : place.column + place.column_span])
            put_text(cell, in_pairs(place.text, width), Font(name=_KAI if kai else _SONG, size=10))
            side = (
                "left" if place.kind == "row" and place.row_span == 1 and grid.label_columns > 1 else "center"
            )
            cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        else:
            value = _put_value(cell, report, place.cell, grid, top)
            if value is not None:
                yield cell.coordinate, value
        if place.row_span * place.column_span > 1:
            sheet.merge_cells(
                start_row=place.row + top,
                start_column=place.column + 1,
                end_row=place.row + top + place.row_span - 1,
                end_column=place.column + place.column_span,
            )
    _draw_note(sheet, report, section, grid, top + grid.rows)


def _draw_note(sheet: Worksheet, report: Report, section: Section, grid: Grid, first: int) -> None:
    """The note below the table, a row of the sheet for each of its paragraphs."""
    lines = [line.strip() for line in printable(report.note(section.key)).split("\n") if line.strip()]
    for number, line in enumerate(lines):
        row = first + number
        put_text(cell := sheet_cell(sheet, row, 1), line, Font(name=_SONG, size=9))
        cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=grid.columns)
        sheet.row_dimensions[row].height = 4 + text_height(line, _PAGE_WIDTH, 9)
        name = mark(f"note_{section.key}", number)
        sheet.defined_names[name] = DefinedName(name, attr_text=f"'{sheet.title}'!$A${row}")


def _put_value(target: SheetCell, report: Report, cell: Cell, grid: Grid, top: int) -> str | None:
    """Writes what the cell shows; the value that goes with it where that is a formula, else None."""
    target.font = font = Font(name=_SONG, size=10)
    target.alignment = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
    value = report.value(cell.id)
    if value is None:
        return None
    if isinstance(value, str) or (isinstance(value, Decimal) and not value.is_finite()):
        put_text(target, show_entry(value), font)
        return None
    shown = show_entry(value)
    target.number_format = f"0.{'0' * len(shown.partition('.')[2])}" if "." in shown else "0"
    if report.details_sum(cell) != value:
        target.value = value
        return None
    target.value = f"=SUM({','.join(_ranges(cell, grid, top))})"
    return shown


def _ranges(cell: Cell, grid: Grid, top: int) -> Iterator[str]:
    """The parts of a total as the fewest ranges of the sheet, along the row or down the column."""
    across = cell.column.is_sum
    runs: list[list[Place]] = []
    for part in cell.parts:
        place = grid.of_cell[part]
        last = runs[-1][-1] if runs else None
        here, there = (place.column, place.row) if across else (place.row, place.column)
        if last is not None and (here - 1, there) == (
            (last.column, last.row) if across else (last.row, last.column)
        ):
            runs[-1].append(place)
        else:
            runs.append([place])
    for run in runs:
        first, end = (f"{get_column_letter(p.column + 1)}{p.row + top}" for p in (run[0], run[-1]))
        yield first if first == end else f"{first}:{end}"


def _heights(grid: Grid, widths: list[float]) -> list[float]:
    """Row heights in points, so that every label shows whole."""
    heights = [_ROW] * grid.rows
    for place in grid.places:
        width = sum(widths[place.column : place.column + place.column_span])
        needed = (6 + text_height(in_pairs(place.text, width), width, 10)) / place.row_span
        for row in range(place.row, place.row + place.row_span):
            heights[row] = max(heights[row], needed)
    return heights


def rules_around(grid: Grid, place: Place) -> Border:
    """Thin rules inside, a thicker one around the table."""
    return Border(
        left=_THIN if place.column else _MEDIUM,
        top=_THIN if place.row else _MEDIUM,
        right=_THIN if place.column + place.column_span < grid.columns else _MEDIUM,
        bottom=_THIN if place.row + place.row_span < grid.rows else _MEDIUM,
    )


# --- sheets and cells -----------------------------------------------------------------------------------------


def _set_up_page(sheet: Worksheet, report: Report, pages_high: int) -> None:
    """A4 upright, one page wide; `pages_high` 0 lets it run over as many as it takes."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = pages_high
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = _MARGIN
    margins.header = margins.footer = _MARGIN / 2
    header = "" if sheet.title == _PROSE else printable(report.title)[:100].replace("&", "&&")
    for part, text in ((sheet.oddHeader, header), (sheet.oddFooter, "— &P —")):
        assert isinstance(part, HeaderFooterItem)
        if text:
            part.center.text, part.center.font, part.center.size = text, f"{_SONG},Regular", 9


def sheet_cell(sheet: Worksheet, row: int, column: int) -> SheetCell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, SheetCell)  # nothing is written into the rest of a merged range
    return cell


def put_text(cell: SheetCell, text: str, font: Font) -> None:
    """A text that stays a text, whatever it begins with."""
    text = printable(text)
    cell.value = text
    if text:
        cell.data_type = "s"
    cell.font = font
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t"))


def in_pairs(text: str, width: float) -> str:
    """A heading of two or three words of two characters, broken between them where its column takes but three."""
    room = int((width - 2) / 25.4 * 72 / 10)
    if (
        len(text) in (4, 6)
        and 2 <= room < 4
        and all(east_asian_width(character) == "W" for character in text)
    ):
        return "\n".join(text[i : i + 2] for i in range(0, len(text), 2))
    return text


def text_height(text: str, width: float, size: float) -> float:
    """The height in points that a text of this size takes when it is wrapped at `width` mm."""
    room = (width - 2) / 25.4 * 72 / size - 1  # characters in a line; one may have to go down with a comma
    lines = 0
    for part in text.split("\n"):
        wide = sum(1.0 if east_asian_width(character) in "WFA" else 0.55 for character in part)
        lines += max(1, ceil(wide / room))
    return round(size * 1.35 * lines, 1)


def column_width(mm: float) -> float:
    """A column width as Excel counts it: in digits of 宋体 11, which are 8 pixels wide at 96 dpi."""
    return round(mm / 25.4 * 96 / 8, 2)


class InMemory(ExcelWriter):
    """openpyxl's writer without its temporary files: they put the report on a disk that may be full or not its own."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        writer: Any = WorksheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())  # type: ignore[attr-defined]
        self.manifest.append(ws)


# --- the finished file ----------------------------------------------------------------------------------------

_FORMULA = re.compile(r'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v ?(?:/>|></v>)')


def _finished(written: bytes, sheets: list[str], totals: Mapping[str, str]) -> bytes:
    """The file as openpyxl wrote it, with the values of the formulas and without the time of writing."""
    done: set[str] = set()

    def finished(name: str, part: bytes) -> bytes:
        sheet = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", name)
        if sheet is None:
            return part
        title = sheets[int(sheet[1]) - 1]

        def with_value(match: re.Match[str]) -> str:
            done.add(address := f"{title}!{match[2]}")
            return f"{match[1]}<v>{totals[address]}</v>"

        text = _FORMULA.sub(with_value, part.decode())
        if title == _PROSE:
            # A first guess at the height, which the reader of the file may mend for its fonts.
            text = text.replace(' customHeight="1"', "")
        return text.encode()

    data = fixed(written, finished)
    assert done == set(totals), "openpyxl writes formulas otherwise than this module expects"
    return data
