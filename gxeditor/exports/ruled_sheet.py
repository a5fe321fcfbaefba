"""A sheet of words and of framed rows below each other: what a workbook of ours has beside the statutory tables.

Knows how high a row has to be for its texts and how such a sheet is printed. Figures stay numbers, words are texts
whatever they begin with. Knows no report.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.text import printable
from gxeditor.exports.excel import column_width, put_text, sheet_cell, text_height

SONG, HEI = "宋体", "黑体"
THIN = Side(style="thin")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD = PatternFill("solid", fgColor="FFEAEEF3")
TALLEST = 409.0
"""Points; Excel knows no higher row."""
_SIZE = 10
_MARGIN = 15 / 25.4  # inches

Across = Literal["left", "center", "right"]
Value = str | int | Decimal


class RuledSheet:
    """Draws lines below each other; a text takes some of the columns (widths in mm), which are merged."""

    def __init__(self, sheet: Worksheet, columns: Sequence[float]) -> None:
        self.sheet, self._columns, self.at = sheet, columns, 0

    def heading(self, text: str) -> None:
        self.words(text, Font(name=HEI, size=12), gap=12)

    def words(self, text: str, font: Font | None = None, gap: float = 3, side: Across = "left") -> None:
        """A text across all columns, without frame."""
        self.at += 1
        font = font or Font(name=SONG, size=9)
        cell = sheet_cell(self.sheet, self.at, 1)
        put_text(cell, text, font)
        cell.alignment = Alignment(horizontal=side, vertical="bottom", wrap_text=True)
        height = gap + text_height(text, sum(self._columns), font.size)
        self.sheet.row_dimensions[self.at].height = height
        self._merge(1, len(self._columns))

    def row(
        self,
        cells: Sequence[tuple[int, Value]],
        *,
        head: bool = False,
        strong: bool = False,
        centred: Sequence[int] = (),
    ) -> None:
        """Framed cells, each as (columns that it takes, value)."""
        self.at += 1
        column, height = 1, 0.0
        for place, (span, value) in enumerate(cells):
            width = sum(self._columns[column - 1 : column - 1 + span])
            height = max(height, 6 + text_height(str(value), width, _SIZE))
            cell = sheet_cell(self.sheet, self.at, column)
            font = Font(name=HEI if head or strong else SONG, size=_SIZE)
            if isinstance(value, str):
                put_text(cell, value, font)
            else:
                cell.value, cell.font = value, font
            side: Across = "center" if head or place in centred else "left"
            cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
            for at in range(column, column + span):
                part = self.sheet.cell(self.at, at)
                part.border = FRAME
                if head:
                    part.fill = HEAD
            self._merge(column, span)
            column += span
        self.sheet.row_dimensions[self.at].height = min(height, TALLEST)

    def _merge(self, column: int, span: int) -> None:
        if span > 1:
            self.sheet.merge_cells(
                start_row=self.at, start_column=column, end_row=self.at, end_column=column + span - 1
            )


def set_up_page(
    sheet: Worksheet,
    columns: Sequence[float],
    way: Literal["portrait", "landscape"],
    foot_text: str,
    *,
    paper: int = 9,
) -> None:
    """One page wide, with a text and the page number at the foot; `paper` 9 is A4, 8 is A3."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.paperSize = paper
    sheet.page_setup.orientation = way
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = _MARGIN
    margins.header = margins.footer = _MARGIN / 2
    foot = sheet.oddFooter
    assert isinstance(foot, HeaderFooterItem)
    foot.left.text, foot.right.text = printable(foot_text).replace("&", "&&"), "第 &P 页，共 &N 页"
    for part in (foot.left, foot.right):
        part.font, part.size = f"{SONG},Regular", 9
    for number, width in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column_width(width)
