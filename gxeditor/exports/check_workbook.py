"""The 校验报告 as an Excel workbook: its first four parts on one sheet, all rules on a second that can be filtered.

Draws what `core.checks.summary` says and counts nothing itself. Figures are numbers, words are texts whatever they
begin with. Equal summaries give equal bytes; nothing of the machine gets into the file. Knows no file names.
"""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.checks.summary import ALL_NOTE, COUNTED, COUNTED_NOTE, TITLE, Summary
from gxeditor.core.text import printable
from gxeditor.exports.excel import InMemory
from gxeditor.exports.ruled_sheet import SONG, RuledSheet, Value, set_up_page
from gxeditor.files.package import fixed

SHEET, ALL = "校验报告", "全部检查项目"
_COLUMNS = (26.0, 18.0, 22.0, 22.0, 28.0, 27.0, 27.0)  # mm, 170 together: the block of the paper report
_ALL_COLUMNS = (16.0, 22.0, 92.0, 15.0, 15.0, 15.0, 16.0, 66.0)
_ALL_HEAD = ("代码", "类别", "检查什么", "左边", "右边", "相差", "结果", "原因和说明")


def check_workbook_bytes(summary: Summary) -> bytes:
    """The content of the .xlsx file. Raises nothing on account of what the summary says."""
    book = Workbook()
    normal = book._named_styles["Normal"]  # type: ignore[attr-defined]
    normal.font = Font(name=SONG, size=11)  # column widths are counted in its digits
    book.properties.creator = printable(summary.agency)
    book.properties.title = printable(f"{summary.name}{TITLE}")
    book.properties.language = "zh-CN"
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = SHEET
    set_up_page(first, _COLUMNS, "portrait", _foot(summary))
    _Drawing(first, _COLUMNS).parts(summary)
    _draw_all(book.create_sheet(ALL), summary)
    written = BytesIO()
    InMemory(book, ZipFile(written, "w")).save()
    return fixed(written.getvalue())


class _Drawing(RuledSheet):
    def parts(self, summary: Summary) -> None:
        """Head and parts 一 to 四; the rules themselves are on the other sheet."""
        self.words(TITLE, Font(name=SONG, size=16, bold=True), gap=14, side="center")
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


def _draw_all(sheet: Worksheet, summary: Summary) -> None:
    """Every rule, a row each, under a head that stays in view and can be filtered."""
    set_up_page(sheet, _ALL_COLUMNS, "landscape", _foot(summary))
    drawing = RuledSheet(sheet, _ALL_COLUMNS)
    drawing.words(ALL_NOTE)
    drawing.row([(1, name) for name in _ALL_HEAD], head=True)
    last = 2
    for word, lines in summary.lines.items():
        for line in lines:
            sides = [value if value is not None else "" for value in (line.left, line.right, line.difference)]
            values: list[Value] = [line.code, word, line.what, *sides, line.word, line.said]
            drawing.row([(1, value) for value in values], centred=(0, 3, 4, 5, 6))
            last += 1
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(_ALL_HEAD))}{last}"


def _foot(summary: Summary) -> str:
    return f"{printable(summary.name)[:100]}　校验码 {summary.code}"
