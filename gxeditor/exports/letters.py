"""What goes from a roll-up to somebody as a Word document: the 退回意见 and the analysis, set like those on paper.

Knows how a document that is no report is made of the styles and the page of one (`word.Writing`): paragraphs, ruled
tables whose head is repeated, pictures of charts, a foot that counts pages. What is said is `core.rollup`'s. Such a
document carries a mark (`workbook.own.NO_REPORT`), so that it may lie in the folder of the reports and is taken for
none. Equal values give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt

from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.core.rollup.analysis import HEADING, Analysis
from gxeditor.core.rollup.returning import (
    ANSWER,
    ANSWER_HOW,
    COLUMNS,
    REPORT_ALL,
    SIGNED,
    TITLE,
    ReturnSheet,
)
from gxeditor.exports.word import Writing, fill, paragraph_xml, parsed, quoted, run_xml, spacing_xml
from gxeditor.paper.analysis import CHARTS, chart_picture
from gxeditor.paper.layouts import MM, Layout, Margins, default_layout

_SHEET = Margins(top=19, left=19, right=19, bottom=22)  # mm, as on paper (LOOK-3, 20)
_SHEET_TEXT, _SHEET_TABLE, _SHEET_TITLE = 11.0, 10.5, 18.0  # points
HEAD_WIDTHS = (25.0, 71.0, 25.0, 51.0)
WIDTHS = (17.0, 33.0, 31.0, 33.0, 35.0, 23.0)
_ANSWER = 27.0  # mm of room to answer in
_BOLD = "<w:b/><w:bCs/>"
_NEW_PAGE = '<w:type w:val="nextPage"/>'


class Letter(Writing):
    """A document of paragraphs and tables in the styles of a report, which it is none of.

    `what` it is, `title` and `agency` are what the file says of itself; `story` is what stands in it, as XML.
    """

    def __init__(
        self, form: Form, layout: Layout, what: str, title: str, agency: str, date: str = ""
    ) -> None:
        self.no_report = what
        report = blank_report(form).with_fields(own_title=title, agency=agency, date=date)
        super().__init__(report, layout)
        self._size = (
            layout.table_size
        )  # a report's tables are all of one size, which the longest of them decides
        self.story: list[str] = []

    def _parts(self) -> Iterator[str]:
        yield from self.story

    def text(self, *phrases: tuple[str, bool], style: str = "NormalIndent", shape: str = "") -> None:
        """A paragraph; the phrases that are so marked in bold. `shape` is further properties of it, in their order."""
        self.story.append(paragraph_xml(style, _runs(phrases), shape))

    def table(
        self,
        widths: Sequence[float],
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        centred: Iterable[int] = (),
        least: float = 0,
        *,
        keep: bool = False,
    ) -> None:
        """A ruled table; `widths` in parts of the block, the columns `centred` centred. No row is parted by a page.

        `head`, if there is one, is repeated on every page; `least` is the least height of a row in mm; with `keep` the
        table stands on the page of what follows.
        """
        unit = self._width / sum(widths)
        wide = [round(width * unit) for width in widths]
        middle = frozenset(centred)
        high = f'<w:trHeight w:val="{round(least * MM * 20)}" w:hRule="atLeast"/>' if least else ""
        told = (
            [self._row(head, wide, frozenset(range(len(wide))), "<w:cantSplit/>", strong=True, keep=True)]
            if head
            else []
        )
        told += [self._row(row, wide, middle, f"<w:cantSplit/>{high}", keep=keep) for row in rows]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in wide)
        self.story.append(
            f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(wide)}" w:type="dxa"/>'
            f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="60" w:type="dxa"/>'
            f'<w:left w:w="80" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
            f'</w:tblCellMar><w:tblLook w:val="0000"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(told)}</w:tbl>'
        )

    def _row(
        self,
        texts: Sequence[str],
        wide: Sequence[int],
        centred: frozenset[int],
        about: str,
        *,
        keep: bool,
        strong: bool = False,
    ) -> str:
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            + "".join(
                paragraph_xml(
                    "TableText",
                    run_xml(line, _BOLD if strong else ""),
                    "<w:keepNext/>" * keep + '<w:jc w:val="left"/>' * (column not in centred),
                )
                for line in text.split("\n")
            )
            + "</w:tc>"
            for column, (text, width) in enumerate(zip(texts, wide, strict=True))
        )
        repeated = "<w:tblHeader/>" if strong else ""
        return f"<w:tr><w:trPr>{about}{repeated}</w:trPr>{cells}</w:tr>"


def _runs(phrases: Iterable[tuple[str, bool]]) -> str:
    return "".join(run_xml(text, _BOLD if strong else "") for text, strong in phrases)


# ---- the analysis --------------------------------------------------------------------------------------------------


def analysis_word(form: Form, analysis: Analysis, layout: Layout | None = None) -> bytes:
    """The analysis as a .docx, by default in the layout 公文, with its charts as pictures that say what they show."""
    return _Analysis(form, analysis, layout or default_layout()).finished()


class _Analysis(Letter):
    def __init__(self, form: Form, analysis: Analysis, layout: Layout) -> None:
        super().__init__(form, replace(layout, cover=False), HEADING, analysis.title, analysis.owner)
        self._analysis = analysis

    def _define_styles(self, document: WordDocument) -> None:
        super()._define_styles(document)
        self._document = document

    def _parts(self) -> Iterator[str]:
        yield paragraph_xml("Title", self._titled(self._title_rows()))
        yield paragraph_xml("NormalIndent", "")
        styles = {0: "NormalIndent", 1: "Heading1", 2: "Heading2"}
        for one in self._analysis.paragraphs:
            yield paragraph_xml(styles[one.level], run_xml(one.text))
        if self._analysis.charts:
            yield paragraph_xml("Heading1", run_xml(CHARTS))
        for number, chart in enumerate(self._analysis.charts, 1):
            data, high, said = chart_picture(chart, self._width / 20, self._layout)
            inline = self._document.part.new_pic_inline(
                BytesIO(data), width=Pt(self._width / 20), height=Pt(high)
            )
            inline.docPr.set("id", str(number))
            inline.docPr.set("name", chart.title)
            inline.docPr.set("descr", said)
            # The line of a picture is as high as the picture, not as high as one of the text.
            shape = '<w:spacing w:before="0" w:after="240" w:line="240" w:lineRule="auto"/>'
            shape += '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
            yield paragraph_xml("NormalIndent", f"<w:r><w:drawing>{_inner(inline)}</w:drawing></w:r>", shape)


def _inner(element: Any) -> str:
    """An element as the text that it is written as, with the names that it needs."""
    from docx.oxml.xmlchemy import serialize_for_reading

    return str(serialize_for_reading(element))


# ---- 退回意见 --------------------------------------------------------------------------------------------------------


def return_sheets_word(form: Form, sheets: Sequence[ReturnSheet]) -> bytes:
    """The sheets as one .docx, each beginning a page and counting its own. Raises `ValueError` for no sheet."""
    if not sheets:
        raise ValueError("no sheet, no page")
    return _Sheets(form, sheets).finished()


class _Sheets(Letter):
    def __init__(self, form: Form, sheets: Sequence[ReturnSheet]) -> None:
        faces = {"fang": "宋体", "hei": "宋体"}
        layout = replace(
            default_layout(),
            margins=_SHEET,
            body_size=_SHEET_TEXT,
            title_size=_SHEET_TITLE,
            table_size=_SHEET_TABLE,
            page_number="none",
            faces=faces,
        )
        only = sheets[0] if len(sheets) == 1 else None
        title = f"{only.name}{TITLE}" if only else f"{TITLE}（{len(sheets)} 家）"
        super().__init__(form, layout, TITLE, title, sheets[0].office, sheets[0].day)
        self._sheets = sheets

    def _parts(self) -> Iterator[str]:
        for number, sheet in enumerate(self._sheets, 1):
            self.story = []
            self._tell(sheet, last=number == len(self._sheets))
            yield from self.story

    def _tell(self, sheet: ReturnSheet, *, last: bool) -> None:
        centre, close = '<w:jc w:val="center"/>', spacing_xml(_SHEET_TEXT * 1.5)
        flush = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
        self.text((TITLE, False), style="Title")
        self.text((sheet.subtitle, False), shape=f"{spacing_xml(20)}{flush}{centre}")
        self.text(("", False), shape=spacing_xml(8))
        head = [(*sheet.head[at], *sheet.head[at + 1]) for at in range(0, len(sheet.head), 2)]
        self.table(HEAD_WIDTHS, (), head)
        self.text(*sheet.opening, shape=spacing_xml(_SHEET_TEXT * 1.7, before=8))
        self.text(("", False), shape=spacing_xml(6))
        rows = [
            (f"{row.number}\n{row.mark}", row.place, row.stands, row.should, row.ask, "")
            for row in sheet.rows
        ]
        self.table(WIDTHS, COLUMNS, rows, centred=(0,))
        self.text((REPORT_ALL, False), shape=f"<w:keepNext/>{spacing_xml(_SHEET_TEXT * 1.7, before=8)}")
        self.text(("", False), shape=f"<w:keepNext/>{spacing_xml(8)}")
        self.table((1,), (), [(f"{ANSWER}{ANSWER_HOW}",)], least=_ANSWER, keep=True)
        self.story.append(
            self._signatures(f"<w:keepNext/>{spacing_xml(_SHEET_TEXT * 1.5, before=16)}{flush}")
        )
        right = '<w:jc w:val="right"/>'
        after = f"<w:keepNext/>{spacing_xml(_SHEET_TEXT * 1.5, before=36)}{flush}{right}"
        self.text((sheet.office, False), shape=after)
        break_ = "" if last else f"<w:sectPr>{_NEW_PAGE}</w:sectPr>"
        self.text((sheet.day, False), shape=f"{close}{flush}{right}{break_}")

    def _signatures(self, shape: str) -> str:
        """经办人, telephone and seal on one line, by tabulators."""
        left, right = round(0.36 * self._width), self._width
        places = f'<w:tab w:val="left" w:pos="{left}"/><w:tab w:val="right" w:pos="{right}"/>'
        keep, rest = shape.split("/>", 1)
        runs = "<w:r><w:tab/></w:r>".join(run_xml(text) for text in SIGNED)
        return paragraph_xml("NormalIndent", runs, f"{keep}/><w:tabs>{places}</w:tabs>{rest}")

    def _set_up_pages(self, document: WordDocument) -> None:
        """Each sheet is a section that counts its own pages; how many it has is known to Word for a file of one."""
        sections = list(document.sections)
        for section, sheet in zip(sections, self._sheets, strict=True):
            self._set_up(section)
            margins = section._sectPr.find(qn("w:pgMar"))
            margins.addnext(parsed('<w:pgNumType w:start="1"/>'))
            for foot in (section.footer, section.even_page_footer):
                fill(foot, self._foot(sheet, alone=len(sections) == 1))

    def _foot(self, sheet: ReturnSheet, *, alone: bool) -> str:
        of = f"{run_xml(' 页，共 ')}{_field('NUMPAGES')}{run_xml(' 页')}" if alone else run_xml(" 页")
        about = sheet.basis if alone else f"{sheet.name}　文件识别码 {dict(sheet.head)['文件识别码']}"
        runs = f"{run_xml(about)}<w:r><w:tab/></w:r>{run_xml('第 ')}{_field('PAGE')}{of}"
        rule = '<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="auto"/></w:pBdr>'
        tabs = f'<w:tabs><w:tab w:val="right" w:pos="{self._width}"/></w:tabs>'
        return paragraph_xml("TableNote", runs, f"{rule}{tabs}")


def _field(name: str) -> str:
    return f"<w:fldSimple w:instr={quoted(f' {name} ')}>{run_xml('1')}</w:fldSimple>"
