"""A report as a Word document, as an office would have typed it.

Knows the styles (标题, 正文, 标题 1 and 2, 表格文字, 落款, 页脚) with the faces of official documents, the page and its
grid of lines in a `Layout`, and how a `Grid` becomes a table of WordprocessingML. Every text stands in a style, so that
whoever goes on writing changes one of them and not each paragraph. Equal reports give equal bytes; of dates the file
holds the one that the report is signed with, and nothing of the machine. Where pages end is Word's business: what must
stay together is marked so. Saving the bytes is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from io import BytesIO
from itertools import pairwise
from math import ceil, floor
from typing import Any
from zlib import crc32

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE as CONTENT
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section as PageSection
from docx.shared import Mm, Twips

from gxeditor.core.form import Grid, Place, Section
from gxeditor.core.report import Paragraph, Report, paragraphs, show_entry
from gxeditor.core.text import held, printable
from gxeditor.files.package import fixed
from gxeditor.files.room import WORD_TEXT, texts_of, too_long
from gxeditor.paper.layouts import INK, MM, PAGE, SHIPPED, WITH_HAN, Layout, default_layout
from gxeditor.paper.titles import SEAL_ROOM, em_width, sealed_room, sealed_space, signature_lines, title_lines
from gxeditor.workbook.own import AGENCY, KIND, MARK, NO_REPORT, TITLE, YEAR, mark

_FACES = {
    "song": "宋体",
    "title": "方正小标宋简体",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "fang": "仿宋_GB2312",
}
"""The names that official documents ask for, by the roles of `Layout.faces`."""

_LATIN = "Times New Roman"

_ALSO = {
    "方正小标宋简体": "方正小标宋_GBK",
    "楷体_GB2312": "楷体",
    "仿宋_GB2312": "仿宋",
    _LATIN: "Liberation Serif",
}
"""What Word takes where a face is not installed: Windows has 仿宋 and 楷体 only, without the GB 2312 of old; Linux has
letters as wide as those of Times New Roman."""

# 表三 as the printed form divides it, in mm on a block of 156; 三、本年度办理结果 stands two characters a line.
_LABELS = {0: (), 1: (48.0,), 2: (22.0, 55.0), 3: (9.0, 16.5, 51.5)}
_BLOCK = 156
_SIZE = 10.5  # points, 五号: what offices set tables in
_ROWS = (2.0, 1.8, 1.6, 1.4)  # least height of a row, in sizes
_LEADING = 1.25
_CELL_MARGIN = 2.0  # points at either side of a text
_OVER = 1.0  # points above and below a text together
_TITLE_LEADING = 1.5  # with which the PDF sets a title; so many lines of the page it takes here too
_TITLE_LEAST = 1.3  # what its rows are at least apart
_TITLE_SPACE = 20  # points between title and text, at least
_COVER_TITLE, _COVER_FOOT = 0.3, 0.12  # above the title and below the date, in heights of the block
_AROUND = 80  # twips above a table and below it
_LONG_NOTE = 1 / 4  # of a page: what is longer is no note, and flows on by itself
_UPPER = 0.85  # of an em of Han stand above the baseline
_EXACT = 0.8  # of a line of exact height stands above the baseline, in the programs that do not centre the text in it
_GAP = 0.23  # ems between Chinese and figures: Word puts a quarter, LibreOffice 0.21
_LEAST = 5  # points: smaller than this no figure is set to keep it on one line
_NOTE_SIZE, _NOTE_LEADING, _NOTE_GAP = 9, 1.4, 2  # points, of the size, points above each paragraph

_ENUMERATED = re.compile("（[一二三四五六七八九十]+）|.+")
"""（三） and 不予公开, which the narrow second column of 表三 holds on lines of their own."""

_LETTERS = re.compile("([!-~]+)")
_LINE_BREAK = "<w:r><w:br/></w:r>"

_SIGNED = re.compile(r"((?:19|20)[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日")


def word_bytes(report: Report, layout: Layout | None = None) -> bytes:
    """The content of the .docx file, by default in the layout 公文.

    Raises `NotWritten` for a paragraph that is longer than Word's files can hold, and nothing else.
    """
    for place, text in texts_of(report):
        size = len(text.encode(errors="replace"))
        if size > WORD_TEXT:
            raise too_long("Word 文档的一段", place, len(text), WORD_TEXT * len(text) // size)
    return Writing(report, layout or default_layout()).finished()


class Writing:
    """One report on its way into one document. Lengths are twips (a twentieth of a point) unless said otherwise.

    What else goes into a document with the styles and the page of a report is a kind of it (`letters`): it tells other
    parts, and says that it is no report.
    """

    no_report = ""
    """What the document is, if it is no report; a report says outright what it is of, so that it reads back."""

    def __init__(self, report: Report, layout: Layout) -> None:
        self._report, self._layout = report, layout
        self._width = floor(layout.width * MM * 20)
        leading = layout.leading_of(layout.lines)
        self._line = floor(leading * 20)
        self._height = self._line * layout.lines
        self._over = self._above_ink(layout.body_size, leading)
        self._tables = {
            section.key: section.table.grid() for section in report.form.sections if section.table is not None
        }
        self._size, self._rows = self._table_size()

    def finished(self) -> bytes:
        document = Document()
        _strip(document)
        self._define_styles(document)
        self._describe(document)
        content = [*(self._cover() if self._is_covered else ()), *self._parts()]
        body = document.element.body
        page = body[-1]  # the properties of the page, which end a document
        for element in parsed("".join(content), "w:body"):
            page.addprevious(element)
        self._set_up_pages(document)
        written = BytesIO()
        document.save(written)
        return fixed(written.getvalue(), keeps_dates=True)

    @staticmethod
    def _above_ink(size: float, line: float) -> int:
        """How far the ink of a line so high begins below its upper edge; size and line in points.

        Some programs centre a text in a line of exact height, others let it stand lower; in between the two, a ruler
        finds either within a millimetre.
        """
        centred, low = (line - INK * size) / 2, _EXACT * line - _UPPER * size
        return round(20 * (centred + low) / 2)

    # ---- styles ------------------------------------------------------------------------------------------------

    def _face(self, role: str) -> str:
        wanted = self._layout.faces.get(role, "")
        return _FACES[role] if wanted in ("", SHIPPED) else wanted

    @property
    def _latin(self) -> str:
        """The face of letters and figures; "" where each Chinese face brings its own."""
        wanted = self._layout.faces.get("latin", "")
        return {"": _LATIN, SHIPPED: _LATIN, WITH_HAN: ""}.get(wanted, wanted)

    def _type(self, role: str, size: float = 0, *, own: bool = False, spacing: int = 0) -> str:
        """The face of a role and, unless it has its `own`, that of the letters and figures in it; size in points."""
        face = quoted(self._face(role))
        west = face if own or not self._latin else quoted(self._latin)
        fonts = f"<w:rFonts w:ascii={west} w:hAnsi={west} w:eastAsia={face} w:cs={quoted(_LATIN)}/>"
        return f'{fonts}<w:spacing w:val="{spacing}"/>{_size(size)}' if size else fonts

    def _define_styles(self, document: WordDocument) -> None:
        """Our own few styles in place of the template's; Word shows their names in its own language."""
        layout = self._layout
        pitch = self._pitch
        indent = f'<w:ind w:firstLineChars="200" w:firstLine="{round(40 * layout.body_size)}"/>'
        head = f'<w:keepNext/><w:keepLines/>{indent}<w:jc w:val="left"/>'
        flush = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
        rows = spacing_xml(self._title_line(len(self._title_rows())))
        loose = '<w:snapToGrid w:val="0"/>'  # a line of a table is not a line of the page
        # The rows of a title are no lines of the page either, but together as high as some.
        title = f'<w:keepNext/><w:keepLines/>{loose}{rows}{flush}<w:jc w:val="center"/>'
        text, song = self._type("fang", layout.body_size, spacing=pitch), "song"
        styles = document.styles.element
        for element in list(styles):
            if element.tag != qn("w:latentStyles"):
                styles.remove(element)
        defaults = (
            f'<w:rPrDefault><w:rPr>{self._type("fang")}<w:kern w:val="2"/>{_size(layout.body_size)}'
            '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        )
        styles.insert(0, parsed(defaults, "w:docDefaults"))
        for style in (
            _style("Normal", "Normal", f'{spacing_xml(self._line / 20)}<w:jc w:val="both"/>', text, based=""),
            _style("DefaultParagraphFont", "Default Paragraph Font", kind="character", based=""),
            _style("TableNormal", "Normal Table", _NO_MARGINS, kind="table", based=""),
            _style("TableGrid", "Table Grid", _RULES, kind="table", based="TableNormal"),
            _style("NormalIndent", "Normal Indent", indent),
            _style("Title", "Title", title, self._type("title", layout.title_size), following="NormalIndent"),
            _style(
                "Heading1",
                "heading 1",
                f'{head}<w:outlineLvl w:val="0"/>',
                self._type("hei"),
                following="NormalIndent",
            ),
            _style(
                "Heading2",
                "heading 2",
                f'{head}<w:outlineLvl w:val="1"/>',
                self._type("kai"),
                following="NormalIndent",
                linked="Heading2Char",
            ),
            _style(
                "Heading2Char",
                "heading 2 Char",
                "",
                self._type("kai"),
                kind="character",
                based="DefaultParagraphFont",
                linked="Heading2",
            ),
            _style(
                "TableText",
                "表格文字",
                f'{loose}{spacing_xml(self._size * _LEADING)}{flush}<w:jc w:val="center"/>',
                self._type(song, self._size),
            ),
            _style(
                "TableNote",
                "表注",
                f"<w:keepLines/>{loose}{spacing_xml(_NOTE_SIZE * _NOTE_LEADING, before=_NOTE_GAP)}{flush}",
                self._type(song, _NOTE_SIZE),
            ),
            _style("Closing", "落款", f'<w:keepLines/>{flush}<w:jc w:val="right"/>'),
            _style(
                "Footer",
                "footer",
                f"{loose}{spacing_xml(layout.number_size)}{flush}",
                self._type(song, layout.number_size, own=True),
            ),
            _style("Header", "header", f"{loose}{spacing_xml(6)}{flush}"),
        ):
            styles.append(parsed(style))

    # ---- properties --------------------------------------------------------------------------------------------

    def _describe(self, document: WordDocument) -> None:
        """Title, agency, language, and the date of signing; whatever the template says of itself goes."""
        report = self._report
        core = document.core_properties
        element = core._element
        for child in list(element):
            element.remove(child)
        core.title = printable(report.title)[:255]
        core.author = printable(report.agency)[:255]
        core.subject = report.form.title
        core.language = "zh-CN"
        signed = _signed_on(report.date)
        if signed is not None:
            core.created = core.modified = signed
        settings = document.settings.element
        for child in list(settings):
            settings.remove(child)
        for child in parsed(
            ("<w:mirrorMargins/>" if self._layout.mirrored else "") + _SETTINGS, "w:settings"
        ):
            settings.append(child)
        faces = dict.fromkeys((*(self._face(role) for role in _FACES), self._latin or _LATIN, _LATIN))
        _replace(document.part.part_related_by(REL.FONT_TABLE), _font_table(faces))
        package = document.part.package
        theme = Part(PackURI("/word/theme/theme1.xml"), CONTENT.OFC_THEME, b"", package)
        document.part.relate_to(theme, REL.THEME)
        _replace(theme, _theme(self._latin or _LATIN, self._face("hei"), self._face("fang")))
        _replace(package.part_related_by(REL.EXTENDED_PROPERTIES), _APPLICATION)
        own = _properties({NO_REPORT: self.no_report} if self.no_report else _said(report))
        part = Part(PackURI("/docProps/custom.xml"), CONTENT.OFC_CUSTOM_PROPERTIES, b"", package)
        package.relate_to(part, REL.CUSTOM_PROPERTIES)
        _replace(part, own)

    def _titled(self, rows: Sequence[str]) -> str:
        """The rows of the title; letters and figures bold, as thin ones would look forgotten beside 小标宋."""
        if not self._latin:
            return _broken(rows)
        return _LINE_BREAK.join(
            "".join(
                run_xml(part, "<w:b/>" if number % 2 else "")
                for number, part in enumerate(_LETTERS.split(row))
            )
            for row in rows
        )

    # ---- page --------------------------------------------------------------------------------------------------

    def _set_up_pages(self, document: WordDocument) -> None:
        """The page behind a cover is number 1; the cover shows none, but a 「草稿」 mark like every page."""
        first, text = document.sections[0], document.sections[-1]
        self._set_up(text)
        if self._is_covered:
            self._set_up(first)
            text._sectPr.find(qn("w:pgMar")).addnext(parsed('<w:pgNumType w:start="1"/>'))
            for part in (first.footer, first.even_page_footer, text.footer, text.even_page_footer):
                part.is_linked_to_previous = False
        if self._layout.page_number != "none":
            self._draw_feet(text)
        if self._layout.draft:
            for number, header in enumerate((first.header, first.even_page_header), 1):
                fill(header, paragraph_xml("Header", _draft(number, self._face("hei"))))

    def _set_up(self, section: PageSection) -> None:
        layout, margins = self._layout, self._layout.margins
        section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
        # A ruler finds the ink of the text in the block, which the lines reach beyond (撑满版心).
        top = max(0, round(margins.top * MM * 20) - self._over)
        section.top_margin = Twips(top)
        section.bottom_margin = Twips(max(0, round(PAGE[1] * MM * 20) - top - self._height))
        section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
        section.gutter = Mm(0)
        section.header_distance = Mm(margins.top / 2)
        # The dashes stand in the middle of the line that holds the number, whose lower edge is what Word measures to.
        below = margins.bottom - layout.number_drop - layout.number_size / MM / 2
        section.footer_distance = Mm(max(0.0, below))
        properties = section._sectPr
        properties.attrib.clear()  # the template's marks of its own revisions
        for grid in properties.findall(qn("w:docGrid")):
            properties.remove(grid)
        properties.append(parsed(f'<w:docGrid w:type="lines" w:linePitch="{self._line}"/>'))

    def _draw_feet(self, section: PageSection) -> None:
        """— 1 — a character in from the outer edge (GB/T 9704, 7.5)."""
        number = (
            run_xml("— ") + '<w:fldSimple w:instr=" PAGE ">' + run_xml("1") + "</w:fldSimple>" + run_xml(" —")
        )
        for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
            if self._layout.page_number == "centre":
                place = '<w:jc w:val="center"/>'
            else:
                inset = round(self._layout.number_size * 20)
                place = f'<w:ind w:{side}Chars="100" w:{side}="{inset}"/><w:jc w:val="{side}"/>'
            fill(foot, paragraph_xml("Footer", number, place))

    # ---- parts -------------------------------------------------------------------------------------------------

    def _cover(self) -> Iterator[str]:
        """A page with the title, and below it agency and date, where the PDF has them; a seal is put on these at the
        end, and then they stand there."""
        rows = self._title_rows()
        above = round(_COVER_TITLE * self._height)
        yield paragraph_xml("Title", self._titled(rows), f'<w:spacing w:before="{above}"/>', "title")
        signed = [] if self._report.sealed else self._closing_lines()
        lines = [self._signature_rows(line, role, 0.0) for role, line in signed]
        used = above + self._title_height(rows) + _COVER_FOOT * self._height
        gap = max(0, round(self._height - used - sum(map(len, lines)) * self._line))
        for (role, _), parts in zip(signed, lines, strict=True):
            shape = f'<w:spacing w:before="{gap}"/><w:ind w:left="0" w:right="0"/><w:jc w:val="center"/>'
            yield paragraph_xml("Closing", _broken(parts), shape, role)
            gap = 0
        yield paragraph_xml("Closing", "", "<w:sectPr/>")

    def _parts(self) -> Iterator[str]:
        report, layout = self._report, self._layout
        if not self._is_covered and (rows := self._title_rows()):
            size, leading = layout.title_size, self._line / 20
            over = (leading - INK * layout.body_size - size * (_TITLE_LEADING - INK)) / 2
            lines = ceil((over + size * _TITLE_LEADING * len(rows) + _TITLE_SPACE) / leading)
            before = max(0, self._over - self._above_ink(size, self._title_line(len(rows))))
            after = lines * self._line - self._title_height(rows) - before
            white = f'<w:spacing w:before="{before}" w:after="{after}"/>'
            yield paragraph_xml("Title", self._titled(rows), white, "title")
        yield from self._prose(report.preamble)
        signed = [*self._signed()]
        above = ""
        for section in report.form.sections:
            tabled = section.key in self._tables
            white = _white(above=bool(above), below=tabled)
            yield paragraph_xml("Heading1", run_xml(section.heading), white, f"heading_{section.key}")
            above = ""
            if tabled:
                yield self._table(section)
                yield from self._note(section.key)
                above = _white(above=True)
            last = section is report.form.sections[-1]
            for prose in self._prose(report.sections.get(section.key, ""), above, keep=last and bool(signed)):
                yield prose
                above = ""
        if signed:
            space = sealed_space(len(signed), self._line / 20) if report.sealed else 1
            for _ in range(space):
                yield paragraph_xml("Closing", "", "<w:keepNext/>")
            yield from signed

    def _note(self, table: str) -> Iterator[str]:
        """The note below a table, which its last row is kept with."""
        texts = _lines(self._report.note(table))
        for number, text in enumerate(texts):
            keep = "<w:keepNext/>" if self._is_noted(table) and number + 1 < len(texts) else ""
            yield paragraph_xml(
                "TableNote", run_xml(text), keep, mark(f"note_{table}", number).removeprefix(MARK)
            )

    def _note_height(self, table: str) -> float:
        """In points."""
        measure = self._width / 20 / _NOTE_SIZE
        texts = _lines(self._report.note(table))
        lines = (max(1, ceil(sum(map(em_width, text)) / measure)) for text in texts)
        return sum(lines) * _NOTE_SIZE * _NOTE_LEADING + _NOTE_GAP * len(texts)

    def _is_noted(self, table: str) -> bool:
        """Whether a table has a note that stays with it."""
        return 0 < self._note_height(table) <= self._height / 20 * _LONG_NOTE

    def _title_rows(self) -> list[str]:
        return title_lines(printable(self._report.title), self._width / 20 / self._layout.title_size)

    def _title_line(self, rows: int) -> float:
        """How far the rows of a title are apart, in points: together they take whole lines of the page."""
        least, line = self._layout.title_size * _TITLE_LEAST, self._line / 20
        return ceil(max(rows, 1) * least / line) * line / max(rows, 1)

    def _title_height(self, rows: Sequence[str]) -> int:
        return round(self._title_line(len(rows)) * len(rows) * 20)

    def _prose(self, text: str, first: str = "", *, keep: bool = False) -> Iterator[str]:
        """The paragraphs of a text; `first` goes before the first, and `keep` holds the last beside what follows."""
        prose = paragraphs(printable(text))
        for number, (paragraph, heads) in enumerate(zip(prose, held(prose), strict=True)):
            kept = heads or (keep and number == len(prose) - 1)
            extra = f'<w:keepNext w:val="{int(kept)}"/>' if kept or not paragraph.body else ""
            yield self._prose_paragraph(paragraph, extra + (first if number == 0 else ""))

    @staticmethod
    def _prose_paragraph(paragraph: Paragraph, extra: str) -> str:
        """A heading （一） alone is 标题 2; one that the text runs on after is set so within 正文."""
        if not paragraph.body:
            return paragraph_xml("Heading2", run_xml(paragraph.heading), extra)
        head = run_xml(paragraph.heading, style="Heading2Char")
        return paragraph_xml("NormalIndent", head + run_xml(paragraph.body), extra)

    @property
    def _is_covered(self) -> bool:
        """Whether there is a cover: the layout asks for one and there is a title to stand on it."""
        return self._layout.cover and bool(self._title_rows())

    def _closing_lines(self) -> list[tuple[str, str]]:
        """The lines of signature and date with the roles by which they are known again."""
        layout, report = self._layout, self._report
        texts = (("signature", report.signature, layout.signature), ("date", report.date, layout.date))
        return [
            (mark(role, number).removeprefix(MARK), line)
            for role, text, shown in texts
            if shown
            for number, line in enumerate(_lines(text))
        ]

    def _signature_rows(self, line: str, role: str, date: float) -> list[str]:
        """A line of signature or date as it is divided; `date` is the width of the date in ems."""
        if not role.startswith("signature"):
            return [line]
        block = self._width / 20 / self._layout.body_size
        return signature_lines(line, date, block, sealed=self._report.sealed, width=self._em)

    def _em(self, char: str) -> float:
        """The width of a character in ems: digits of Times New Roman are half as wide as high."""
        size = self._layout.body_size
        return (0.5 if char in "0123456789" else em_width(char)) + self._pitch / 20 / size

    @property
    def _pitch(self) -> int:
        """What is added to each character of the text, so that the layout's number of them fills a line."""
        return floor(self._width / self._layout.characters - self._layout.body_size * 20)

    def _signed(self) -> Iterator[str]:
        """Signature and date, in the places of the PDF (`signed_room`, `sealed_room`), by indents alone.

        What the standard counts from the edge is counted from there, what it counts from the other line from that line;
        so no more of a place rests on widths reckoned here than must.
        """
        report, size = self._report, self._layout.body_size * 20
        lines = [] if self._is_covered and not report.sealed else self._closing_lines()
        date = max((self._wide(line) for role, line in lines if role.startswith("date")), default=0.0)
        rows = [(role, self._signature_rows(line, role, date)) for role, line in lines]
        signature = max((self._wide(row) for r, found in rows for row in found if r[0] == "s"), default=0.0)
        block = self._width / size
        several = sum(len(found) for role, found in rows if role.startswith("signature")) > 1
        for number, (role, found) in enumerate(rows):
            keep = "<w:keepNext/>" if number + 1 < len(rows) else ""
            if max(signature, date) > block - 4:
                shape = ""  # too long for any place: broken like text, at the edge
            elif report.sealed:
                wide = max(map(self._wide, found))
                shape = self._sealed_place(role.startswith("date"), wide, signature, date, block)
            elif role.startswith("date"):
                longer = date > signature or not signature
                shape = self._from_right(2) if longer else self._from_left(block - signature)
            elif several:
                left = block - 4 - date if date > signature else block - 2 - signature
                shape = self._centred(left + signature / 2, signature / 2 + 1, block)
            else:
                longer = date > signature
                shape = self._from_left(block - 4 - date) if longer else self._from_right(2)
            yield paragraph_xml("Closing", _broken(found), keep + shape, role)

    def _wide(self, text: str) -> float:
        """The width of a text on one line, in ems, with the white between Chinese and figures."""
        gaps = sum(_is_latin(one) != _is_latin(other) for one, other in pairwise(text))
        return sum(map(self._em, text)) + _GAP * gaps

    def _sealed_place(self, is_date: bool, wide: float, signature: float, date: float, block: float) -> str:
        """The date ends four characters from the edge, and the signature is centred on it."""
        room = sealed_room([signature], [date])[-1] if date else SEAL_ROOM
        if is_date:
            return self._from_right(room + date - wide)
        middle = room + (date or signature) / 2  # of both, from the edge
        return self._centred(block - middle, min(middle + 2, block - middle), block)

    def _from_right(self, room: float) -> str:
        """Ends so far from the right edge; whole characters are said as such too, as Word's dialog shows them."""
        hundredths = f' w:rightChars="{round(room * 100)}"' if room == int(room) else ""
        return f'<w:ind{hundredths} w:right="{self._twips(room)}"/><w:jc w:val="right"/>'

    def _from_left(self, room: float) -> str:
        """Begins so far from the left edge, with room to the right for what is wider than reckoned."""
        return f'<w:ind w:left="{self._twips(room)}" w:right="{-self._twips(1)}"/><w:jc w:val="left"/>'

    def _centred(self, middle: float, reach: float, block: float) -> str:
        """Centred so far from the left edge, with so much room to either side."""
        left, right = self._twips(middle - reach), self._twips(block - middle - reach)
        return f'<w:ind w:left="{left}" w:right="{right}"/><w:jc w:val="center"/>'

    def _twips(self, ems: float) -> int:
        return round(ems * self._layout.body_size * 20)

    # ---- tables ------------------------------------------------------------------------------------------------

    def _table_size(self) -> tuple[float, Mapping[str, tuple[list[float], bool]]]:
        """The size of type for all tables, and per table the heights of its rows and whether it stays on one page.

        The largest with which each table stands on one page under its heading; if none does, the smallest.
        """
        layout = self._layout
        room = self._height / 20 - 2 * self._line / 20
        size = min(layout.table_size, _SIZE)
        while True:
            fits = {key: self._row_heights(key, size, room) for key in self._tables}
            if size <= layout.table_least or all(whole for _, whole in fits.values()):
                return size, fits
            size = max(size - 0.5, layout.table_least)

    def _row_heights(self, table: str, size: float, room: float) -> tuple[list[float], bool]:
        """With the white around it and its note, a table that stays whole takes whole lines of the page."""
        line = self._line / 20
        note = self._note_height(table) if self._is_noted(table) else 0.0
        around = note + 2 * _AROUND / 20
        for row in _ROWS:
            heights = self._heights(self._tables[table], size, row * size)
            needed = sum(heights) + around
            if needed <= room:
                more = (ceil(needed / line) * line - needed) / len(heights)
                return [height + more for height in heights], True
        return heights, False

    def _heights(self, grid: Grid, size: float, least: float) -> list[float]:
        """The height of each row as Word will draw it, in points, by the number of lines that its texts take."""
        heights = [least] * grid.rows
        for place in sorted(grid.places, key=lambda place: place.row_span):
            lines = sum(
                max(1, ceil(sum(map(em_width, line)) * size / self._room(grid, place)))
                for line in self._label_lines(grid, place)
            )
            short = lines * size * _LEADING + _OVER - sum(heights[place.row : place.row + place.row_span])
            if short > 0:  # Word gives what a span lacks to its last row
                heights[place.row + place.row_span - 1] += short
        return heights

    def _widths(self, grid: Grid) -> list[int]:
        """The width of each column; together the whole block."""
        labels = [round(width / _BLOCK * self._width) for width in _LABELS[grid.label_columns]]
        count = grid.columns - len(labels)
        rest = self._width - sum(labels)
        return [*labels, *(rest * (i + 1) // count - rest * i // count for i in range(count))]

    def _room(self, grid: Grid, place: Place) -> float:
        """The width for the text of a place, in points."""
        widths = self._widths(grid)[place.column : place.column + place.column_span]
        return sum(widths) / 20 - 2 * _CELL_MARGIN

    @staticmethod
    def _label_lines(grid: Grid, place: Place) -> list[str]:
        """A heading in the lines that it is given; the rest is broken by Word."""
        second = (
            place.kind == "row" and grid.label_columns > 2 and place.column == 1 and place.column_span == 1
        )
        return _ENUMERATED.findall(place.text) if second else [place.text]

    def _table(self, section: Section) -> str:
        grid = self._tables[section.key]
        widths = self._widths(grid)
        heights, whole = self._rows[section.key]
        # Where no page can hold the table, it may be divided between its blocks, or else between any rows.
        bands = {place.row - 1 for place in grid.places if place.kind == "band"}
        ends = set() if whole else bands or {*range(grid.rows)}
        if not (whole and self._is_noted(section.key)):
            ends.add(grid.rows - 1)
        figures = self._figure_size(grid)
        rows = []
        for row in range(grid.rows):
            cells = []
            column = 0
            while column < grid.columns:
                place = grid.at[row, column]
                cells.append(self._cell(grid, place, place.row == row, widths, figures, keep=row not in ends))
                column += place.column_span
            head = "<w:tblHeader/>" if row < grid.head_rows else ""
            rows.append(
                f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{round(heights[row] * 20)}" w:hRule="atLeast"/>{head}'
                f"</w:trPr>{''.join(cells)}</w:tr>"
            )
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        outer = "".join(
            f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right")
        )
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{outer}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/>'
            f"<w:tblCaption w:val={quoted(section.heading)}/>"
            f"<w:tblDescription w:val={quoted(_described(grid))}/></w:tblPr>"
            f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def _cell(
        self, grid: Grid, place: Place, first: bool, widths: Sequence[int], figures: float, *, keep: bool
    ) -> str:
        width = sum(widths[place.column : place.column + place.column_span])
        spans = f'<w:gridSpan w:val="{place.column_span}"/>' if place.column_span > 1 else ""
        if place.row_span > 1:
            spans += '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
        extra = "<w:keepNext/>" if keep else ""
        runs = whole = fit = ""
        if first and place.cell is not None:
            entry = self._report.value(place.cell.id)
            text = printable(show_entry(entry))
            if isinstance(entry, str):
                runs = run_xml(text)
            else:
                whole = "<w:noWrap/>"
                runs = run_xml(text, _size(figures) if figures < self._size else "")
                # Word squeezes what is too wide for its cell, and would spread what is narrower.
                fit = "<w:tcFitText/>" if self._figure_width(text) > self._room(grid, place) else ""
        elif first:
            lines = self._label_lines(grid, place)
            runs = _broken(lines)
            leaf = place.column + place.column_span == grid.label_columns
            if place.kind == "row" and grid.label_columns > 1 and leaf:
                extra += '<w:jc w:val="left"/>'
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{whole}{fit}'
            f'<w:vAlign w:val="center"/></w:tcPr>'
            f"{paragraph_xml('TableText', runs, extra)}</w:tc>"
        )

    def _figure_width(self, text: str) -> float:
        """Of a figure in the size of the tables, in points; those of faces other than the usual ones are wider."""
        em = 0.5 if self._latin in ("", _LATIN) else em_width("0")
        return len(text) * em * self._size

    def _figure_size(self, grid: Grid) -> float:
        """The size of all figures of a table, in points: the longest is not divided over two lines; texts may be."""
        share = 1.0
        for place in grid.places:
            entry = self._report.value(place.cell.id) if place.cell is not None else None
            if entry is not None and not isinstance(entry, str):
                room, width = self._room(grid, place), self._figure_width(show_entry(entry))
                share = min(share, room / max(room, width))
        return max(_LEAST, floor(self._size * share * 2) / 2)


# ---- pieces of WordprocessingML --------------------------------------------------------------------------------

_NO_MARGINS = (
    '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    f'<w:left w:w="{round(_CELL_MARGIN * 20)}" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    f'<w:right w:w="{round(_CELL_MARGIN * 20)}" w:type="dxa"/></w:tblCellMar>'
)
_RULES = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)
_SETTINGS = (
    '<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
    "<w:doNotExpandShiftReturn/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
    '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1"'
    ' w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" w:accent6="accent6"'
    ' w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
)
"""What Word in Chinese sets for a new document."""

_APPLICATION = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>gxeditor</Application></Properties>"
)


def _said(report: Report) -> dict[str, str | None]:
    """What no text of the document says for certain, for reading it back (`workbook.own`)."""
    return {
        AGENCY: report.agency,
        KIND: report.kind.word,
        YEAR: str(report.year or ""),
        TITLE: report.own_title,
    }


def _properties(texts: Mapping[str, str | None]) -> str:
    return _CUSTOM.format(
        "".join(
            f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{name}">'
            f"<vt:lpwstr>{escape(printable(text))}</vt:lpwstr></property>"
            for number, (name, text) in enumerate(texts.items(), 2)  # 0 and 1 are the format's own
            if text is not None and (text or name == TITLE)
        )
    )


_CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{}</Properties>'
)


def _style(
    key: str,
    name: str,
    shape: str = "",
    character: str = "",
    *,
    kind: str = "paragraph",
    based: str = "Normal",
    following: str = "",
    linked: str = "",
) -> str:
    """A style; `shape` is that of a paragraph or a table. Based on nothing it is the default of its kind."""
    flags = ("" if name.isascii() else ' w:customStyle="1"') + ("" if based else ' w:default="1"')
    links = (("basedOn", based), ("next", following), ("link", linked))
    return (
        f'<w:style w:type="{kind}" w:styleId="{key}"{flags}><w:name w:val="{name}"/>'
        + "".join(f'<w:{link} w:val="{other}"/>' for link, other in links if other)
        + "<w:qFormat/>"
        + (f"<w:pPr>{shape}</w:pPr>" if kind == "paragraph" else "")
        + (f"<w:rPr>{character}</w:rPr>" if character else "")
        + (f"<w:tblPr>{shape}</w:tblPr>" if kind == "table" else "")
        + "</w:style>"
    )


def spacing_xml(line: float, before: float = 0) -> str:
    """Lines of just this height, in points."""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="0" w:line="{round(line * 20)}" w:lineRule="exact"/>'


def _white(*, above: bool = False, below: bool = False) -> str:
    """The white between a paragraph and the table above or below it."""
    sides = f' w:before="{_AROUND}"' * above + f' w:after="{_AROUND}"' * below
    return f"<w:spacing{sides}/>" if sides else ""


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def run_xml(text: str, properties: str = "", style: str = "") -> str:
    """A run; `hint` lets “”—… be Chinese punctuation, as an input method writes them."""
    if not text:
        return ""
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:r><w:rPr>{named}<w:rFonts w:hint="eastAsia"/>{properties}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(printable(text), quote=False)}</w:t></w:r>'
    )


def _broken(lines: Sequence[str]) -> str:
    """Runs with a line break between them, as Shift+Enter makes it."""
    return _LINE_BREAK.join(map(run_xml, lines))


def paragraph_xml(style: str, runs: str, properties: str = "", role: str = "") -> str:
    """`properties` in the order of the standard: keepNext, spacing, ind, jc, sectPr; `role` is kept as a bookmark, so
    that the document reads back as it was."""
    if role:
        number = crc32(role.encode()) & 0x7FFFFFFF  # bookmarks have numbers of their own
        start = f'<w:bookmarkStart w:id="{number}" w:name="{MARK}{role}"/>'
        runs = f'{start}{runs}<w:bookmarkEnd w:id="{number}"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def _draft(number: int, face: str) -> str:
    """「草稿」 across the page behind the text, as Word draws its own watermarks and finds them again."""
    return (
        "<w:r><w:rPr><w:noProof/></w:rPr><w:pict>"
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '</v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s20{48 + number}" type="#_x0000_t136"'
        ' style="position:absolute;margin-left:0;margin-top:0;width:320pt;height:160pt;rotation:305;z-index:-251658752;'
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#e6e6e6" stroked="f">'
        f'<v:textpath style="font-family:{escape(quoted(face))};font-size:1pt" string="草稿"/>'
        "</v:shape></w:pict></w:r>"
    )


_NAMES = (
    nsdecls("w", "r")
    + ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def parsed(xml: str, around: str = "") -> Any:
    """An element, or an element `around` that holds several."""
    if around:
        return parse_xml(f"<{around} {_NAMES}>{xml}</{around}>")
    return parse_xml(f"<w:p {_NAMES}>{xml}</w:p>")[0]


def fill(part: Any, paragraph: str) -> None:
    """Makes a paragraph the whole of a header or footer."""
    part.is_linked_to_previous = False
    part._element[:] = [parsed(paragraph)]


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


# ---- texts -----------------------------------------------------------------------------------------------------


def _lines(text: str) -> list[str]:
    return [line.strip() for line in printable(text).split("\n") if line.strip()]


def _signed_on(date: str) -> datetime | None:
    """The day that a date in Western figures names; None for any other text."""
    found = _SIGNED.search("".join(date.split()))
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3])) if found is not None else None
    except ValueError:
        return None


# ---- the package -----------------------------------------------------------------------------------------------


def _strip(document: WordDocument) -> None:
    """Takes everything out of python-docx's template but the parts that are written anew."""
    package = document.part.package
    for relationships, kept in (
        (document.part.rels, (REL.STYLES, REL.SETTINGS, REL.FONT_TABLE)),
        (package.rels, (REL.OFFICE_DOCUMENT, REL.CORE_PROPERTIES, REL.EXTENDED_PROPERTIES)),
    ):
        for key in [key for key, rel in relationships.items() if rel.reltype not in kept]:
            del relationships[key]


def _replace(part: Part, xml: str) -> None:
    part._blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode()


def quoted(text: str) -> str:
    """The value of an attribute, in its quotes. (What xml.sax has for it brings half a web client along.)"""
    return f'"{escape(text)}"'


def _described(grid: Grid) -> str:
    """What somebody hears of a table who does not see it."""
    heads = grid.head_rows
    shape = f"共{grid.rows}行{grid.columns}列"
    if any(place.kind == "band" for place in grid.places):
        return f"{shape}，分成几块，每块的首行是表头。"
    labels = grid.label_columns
    return f"{shape}，前{heads}行是表头" + (f"，左边{labels}列是行名。" if labels else "。")


def _theme(latin: str, heading: str, text: str) -> str:
    """The theme: black on white, and the faces of headings and text, which Word offers first. Its effects are none."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
        for name, value in (
            ("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "44546A"), ("lt2", "E7E6E6"), ("accent1", "C00000"),
            ("accent2", "4472C4"), ("accent3", "A5A5A5"), ("accent4", "FFC000"), ("accent5", "5B9BD5"),
            ("accent6", "70AD47"), ("hlink", "0563C1"), ("folHlink", "954F72"),
        )
    )  # fmt: skip
    faces = "".join(
        f"<a:{role}Font><a:latin typeface={quoted(latin)}/><a:ea typeface={quoted(face)}/>"
        f'<a:cs typeface=""/><a:font script="Hans" typeface={quoted(face)}/></a:{role}Font>'
        for role, face in (("major", heading), ("minor", text))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    lines = "".join(f'<a:ln w="{width}">{fill}</a:ln>' for width in (6350, 12700, 19050))
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="公文"><a:themeElements>'
        f'<a:clrScheme name="公文">{colours}</a:clrScheme><a:fontScheme name="公文">{faces}</a:fontScheme>'
        f'<a:fmtScheme name="公文"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{lines}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def _font_table(faces: Iterable[str]) -> str:
    """The faces in use, and which to take where one is missing."""
    fonts = "".join(
        f"<w:font w:name={quoted(face)}>"
        + (f"<w:altName w:val={quoted(_ALSO[face])}/>" if face in _ALSO else "")
        + f'<w:charset w:val="{"00" if face == _LATIN else "86"}"/></w:font>'
        for face in faces
    )
    return f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
