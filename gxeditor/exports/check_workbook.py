"""The 校验报告 as an Excel workbook: its first four parts on one sheet, all rules on a second that can be filtered.

Draws what `core.checks.summary` says and counts nothing itself. Figures are numbers, words are texts whatever they
begin with. Equal summaries give equal bytes; nothing of the machine gets into the file. Knows no file names.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Literal
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.checks.summary import ALL_NOTE, COUNTED, COUNTED_NOTE, TITLE, Summary
from gxeditor.core.text import printable
from gxeditor.exports.excel import InMemory, column_width, put_text, sheet_cell, text_height
from gxeditor.files.package import fixed

SHEET, ALL = "校验报告", "全部检查项目"
_SONG, _HEI = "宋体", "黑体"
_SIZE = 10
_THIN = Side(style="thin")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="FFEAEEF3")
_COLUMNS = (26.0, 18.0, 22.0, 22.0, 28.0, 27.0, 27.0)  # mm, 170 together: the block of the paper report
_ALL_COLUMNS = (16.0, 22.0, 92.0, 15.0, 15.0, 15.0, 16.0, 66.0)
_ALL_HEAD = ("代码", "类别", "检查什么", "左边", "右边", "相差", "结果", "原因和说明")
_MARGIN = 15 / 25.4  # inches

_Side = Literal["left", "center"]
_Value = str | int | Decimal


def check_workbook_bytes(summary: Summary) -> bytes:
    """The content of the .xlsx file. Raises nothing on account of what the summary says."""
    book = Workbook()
    normal = book._named_styles["Normal"]  # type: ignore[attr-defined]
    normal.font = Font(name=_SONG, size=11)  # column widths are counted in its digits
    book.properties.creator = printable(summary.agency)
    book.properties.title = printable(f"{summary.name}{TITLE}")
    book.properties.language = "zh-CN"
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = SHEET
    _set_up(first, summary, _COLUMNS, "portrait")
    _Drawing(first, _COLUMNS).parts(summary)
    _draw_all(book.create_sheet(ALL), summary)
    written = BytesIO()
    InMemory(book, ZipFile(written, "w")).save()
    return fixed(written.getvalue())


class _Drawing:
    """Draws lines below each other; a text takes some of the columns, which are merged."""

    def __init__(self, sheet: Worksheet, columns: Sequence[float]) -> None:
        self._sheet, self._columns, self._row = sheet, columns, 0

    def parts(self, summary: Summary) -> None:
        """Head and parts 一 to 四; the rules themselves are on the other sheet."""
        self.words(TITLE, Font(name=_SONG, size=16, bold=True), gap=14, side="center")
        for at in range(0, len(summary.head), 2):
            (name, text), (other, more) = summary.head[at : at + 2]
            self.row(((1, name), (3, text), (1, other), (2, more)))
        for name, text in summary.wide:
            self.row(((1, name), (6, text)))
        self.heading("一、检查了什么")
        self.row([(1, word) for word in ("类别", *COUNTED)], head=True)
        for word, counts in (*summary.counts.items(), ("合计", summary.total)):
            self.row(
                [(1, word), *((1, count) for count in counts)], centred=range(1, 7), strong=word == "合计"
            )
        self.words(COUNTED_NOTE)
        self.words(summary.scope)
        self.heading(f"二、{summary.title_open}")
        if summary.open:
            self.row(((1, "程度"), (3, "内容"), (2, "位置"), (1, "代码")), head=True)
        for one in summary.open:
            weight = f"{one.severity.sign} {one.severity.word}"
            self.row(((1, weight), (3, one.what), (2, one.place), (1, one.code)), centred=(0, 3))
        self.heading(f"三、{summary.title_explained}")
        if summary.explained:
            self.row(((1, "程度"), (3, "内容和数"), (2, "核实说明"), (1, "代码")), head=True)
        for said in summary.explained:
            cells = ((1, said.severity.word), (3, said.what), (2, said.reason), (1, said.code))
            self.row(cells, centred=(0, 3))
        self.heading(f"四、{summary.title_reasons}")
        if summary.reasons:
            self.row(((2, "原因"), (1, "条数"), (4, "哪些")), head=True)
        for why in summary.reasons:
            reason = f"{'已关闭：' if why.is_closed else ''}{why.reason}"
            self.row(((2, reason), (1, why.count), (4, why.which)), centred=(1,))
        self.heading(f"五、{summary.title_lines}")
        self.words(f"见工作表“{ALL}”。")

    def heading(self, text: str) -> None:
        self.words(text, Font(name=_HEI, size=12), gap=12)

    def words(self, text: str, font: Font | None = None, gap: float = 3, side: _Side = "left") -> None:
        """A text across all columns, without frame."""
        self._row += 1
        font = font or Font(name=_SONG, size=9)
        cell = sheet_cell(self._sheet, self._row, 1)
        put_text(cell, text, font)
        cell.alignment = Alignment(horizontal=side, vertical="bottom", wrap_text=True)
        height = gap + text_height(text, sum(self._columns), font.size)
        self._sheet.row_dimensions[self._row].height = height
        self._merge(1, len(self._columns))

    def row(
        self,
        cells: Sequence[tuple[int, _Value]],
        *,
        head: bool = False,
        strong: bool = False,
        centred: Sequence[int] = (),
    ) -> None:
        """Framed cells, each as (columns that it takes, value)."""
        self._row += 1
        column, height = 1, 0.0
        for place, (span, value) in enumerate(cells):
            width = sum(self._columns[column - 1 : column - 1 + span])
            height = max(height, 6 + text_height(str(value), width, _SIZE))
            cell = sheet_cell(self._sheet, self._row, column)
            font = Font(name=_HEI if head or strong else _SONG, size=_SIZE)
            if isinstance(value, str):
                put_text(cell, value, font)
            else:
                cell.value, cell.font = value, font
            side: _Side = "center" if head or place in centred else "left"
            cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
            for at in range(column, column + span):
                part = self._sheet.cell(self._row, at)
                part.border = _FRAME
                if head:
                    part.fill = _HEAD
            self._merge(column, span)
            column += span
        self._sheet.row_dimensions[self._row].height = min(height, _TALLEST)

    def _merge(self, column: int, span: int) -> None:
        if span > 1:
            self._sheet.merge_cells(
                start_row=self._row, start_column=column, end_row=self._row, end_column=column + span - 1
            )


_TALLEST = 409.0  # points; Excel knows no higher row


def _draw_all(sheet: Worksheet, summary: Summary) -> None:
    """Every rule, a row each, under a head that stays in view and can be filtered."""
    _set_up(sheet, summary, _ALL_COLUMNS, "landscape")
    drawing = _Drawing(sheet, _ALL_COLUMNS)
    drawing.words(ALL_NOTE)
    drawing.row([(1, name) for name in _ALL_HEAD], head=True)
    last = 2
    for word, lines in summary.lines.items():
        for line in lines:
            sides = [value if value is not None else "" for value in (line.left, line.right, line.difference)]
            values: list[_Value] = [line.code, word, line.what, *sides, line.word, line.said]
            drawing.row([(1, value) for value in values], centred=(0, 3, 4, 5, 6))
            last += 1
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(_ALL_HEAD))}{last}"


def _set_up(
    sheet: Worksheet, summary: Summary, columns: Sequence[float], way: Literal["portrait", "landscape"]
) -> None:
    """A4, one page wide, with name, code and page number at the foot."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = way
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = _MARGIN
    margins.header = margins.footer = _MARGIN / 2
    foot = sheet.oddFooter
    assert isinstance(foot, HeaderFooterItem)
    name = printable(summary.name)[:100].replace("&", "&&")
    foot.left.text, foot.right.text = f"{name}　校验码 {summary.code}", "第 &P 页，共 &N 页"
    for part in (foot.left, foot.right):
        part.font, part.size = f"{_SONG},Regular", 9
    for number, width in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column_width(width)
