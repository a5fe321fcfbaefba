"""PDF → Source: its text layer, set out by `printed_pages`.

Knows how pdfplumber tells characters, lines and pictures, and what a PDF without readable text is: a scan, a locked
file, fonts that do not say which characters they hold. Does not recognize pictures.
"""

from __future__ import annotations

import logging
import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from itertools import islice, pairwise
from typing import Any

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.limits import (
    GLYPHS,
    PAGE_GLYPHS,
    PAGE_RULES,
    PAGES,
    PDF_CONTENT,
    PDF_DRAWING,
    PDF_LINKS,
    PDF_OBJECTS,
    PDF_PAGES,
    PDF_TOKENS,
)
from gxeditor.imports.printed_pages import (
    UNKNOWN,
    Box,
    Glyph,
    PrintedPage,
    read_pages,
    readable,
    unreadable,
)
from gxeditor.imports.source import ImportNote, Origin, RawTable, Said, Source, SourceText
from gxeditor.workbook.own import APPENDIX, ATTACHMENT, COVER, CREATOR, MARK, in_key_words, role_of

_THIN = 3.0  # points: a box so thin is a rule
_SHORT = 3.0
_FAINT = 0.55  # of white, from which on large letters behind the text are a watermark
_LARGE = 1.6  # times the usual size
_PLACES = 60  # named places that a PDF of ours has: eight, and lines of the title and the signature
_SAME, _LINE = 0.004, 0.04  # of the page's height: what stands at a place begins so much above or below it

Blocks = tuple[SourceText | RawTable, ...]


def read_pdf(data: bytes, name: str) -> Source:
    """The paragraphs and tables of a PDF; `name` is how messages call it.

    Raises `UnreadableSource` for what holds no text to read: scans, locked and damaged files, fonts without characters.
    """
    try:
        return _read(data, name)
    except UnreadableSource:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file makes of it, RecursionError included
        if _asks_for_password(error):
            raise unreadable(
                f"“{name}”设有打开密码，读不出来。",
                "请在 PDF 阅读器里输入密码打开，另存或“打印”成不带密码的 PDF 再导入；或者向经办人要 Word 原件。",
            ) from error
        if any(isinstance(one, _TooMuch) for one in (error, *error.args)):
            raise unreadable(f"“{name}”里的对象太多，不像一份年报。") from error
        raise _damaged(name) from error


def _asks_for_password(error: BaseException) -> bool:
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    # pdfplumber hands on what pdfminer raised as the argument of its own
    return any(isinstance(one, PDFPasswordIncorrect) for one in (error, *error.args))


def _damaged(name: str) -> UnreadableSource:
    return unreadable(
        f"“{name}”已损坏，或者不是 PDF 文件，读不出来。",
        "请重新下载或再要一份；也可以用 PDF 阅读器打开它，复制文字，在这里粘贴。",
    )


def _read(data: bytes, name: str) -> Source:
    import pdfplumber

    # every odd font is worth a warning to it, thousands a file
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    notes: list[ImportNote] = []
    printed: list[PrintedPage] = []
    _bound()
    pdf = pdfplumber.open(BytesIO(data))  # never closed: closing it looks for all the pages there are
    pages, total = _pages(pdf)
    own = _own(pdf, pages)
    draw = _drawing(pdf)
    for number, page in enumerate(pages, 1):
        try:
            page._layout = draw(page)
        except _TooMuch:
            break
        printed.append(_page(page, number, notes))
        if own is not None:
            _drop_numbers_of_findings(printed[-1])
        page.close()
        if sum(len(one.glyphs) for one in printed) > GLYPHS:
            break
    if not pages:
        raise _damaged(name)
    if not printed:
        raise unreadable(f"“{name}”里图形太多，不像一份年报。")
    if total > len(printed):
        what = f"这个文件有 {total} 页，只读了前 {len(printed)} 页。"
        notes.append(ImportNote("doubt", "页面", what, "后面的没有读入。", Origin(page=len(printed))))
    blocks, told = read_pages(printed, name)
    said = None
    if own is not None:
        blocks, said = own.applied(blocks)
    return Source(blocks, name, kind=f"PDF 文件，{total} 页", notes=(*notes, *told), said=said)


@dataclass(frozen=True)
class _Own:
    """What a PDF of our own says beside its text (`workbook.own`): its information and where its named places are.

    A place is its page from 1 and how far down it is, in parts of the page's height.
    """

    title: str
    agency: str
    kind: str
    year: int | None
    places: Mapping[str, tuple[int, float]]

    @classmethod
    def of(cls, pdf: Any, pages: Sequence[Any]) -> _Own | None:
        """None for a PDF that another program made, or worked on."""
        said = {key: text for key, text in pdf.metadata.items() if isinstance(text, str)}
        found = in_key_words(said.get("Keywords", "")) if said.get("Creator") == CREATOR else None
        if found is None:
            return None
        from pdfminer.pdftypes import resolve1

        names = resolve1(resolve1(resolve1(pdf.doc.catalog["Names"])["Dests"])["Names"])[: 2 * _PLACES]
        numbers = {page.page_obj.pageid: number for number, page in enumerate(pages, 1)}
        places = {}
        for name, place in zip(names[::2], names[1::2], strict=False):
            page, _, _, top, *_ = resolve1(place)
            number = numbers[page.objid]
            places[name.decode("ascii")] = number, 1 - float(top) / float(pages[number - 1].height)
        return cls(said.get("Title", ""), said.get("Author", ""), *found, places)

    def applied(self, blocks: Blocks) -> tuple[Blocks, Said | None]:
        """The blocks of the report with their roles; as they are, if any place is not where it was."""
        first = 2 if MARK + COVER in self.places else 1
        last, _ = self.places.get(MARK + APPENDIX, (PAGES + 1, 0.0))
        roles: dict[int, str] = {}
        for name, place in self.places.items():
            if role := role_of(name):
                at = self._block_at(blocks, place)
                if at is None and role.endswith("+"):  # was joined with the line that it goes on from
                    continue
                if at is None:
                    return blocks, None
                roles[at] = role
        title = [at for at, role in sorted(roles.items()) if role == "title"]
        shown = "".join(block.text for at in title if isinstance(block := blocks[at], SourceText))
        if "".join(shown.split()) != "".join(self.title.split()):
            return blocks, None
        kept: list[SourceText | RawTable] = []
        for at, block in enumerate(blocks):
            if isinstance(block, SourceText) and at in roles:
                text = self.title if at in title else block.text
                role = roles[at].removesuffix("+")
                above = kept[-1] if kept else None
                if roles[at] != role and isinstance(above, SourceText) and above.role == role:
                    kept[-1] = replace(above, text=above.text + text)  # a line too long for the page goes on
                elif at not in title[1:] and role != ATTACHMENT:
                    kept.append(replace(block, text=text, role=role))
            elif first <= (block.origin.page or first) < last:
                kept.append(block)
        return tuple(kept), Said(self.agency, self.kind, self.year, self.title)

    @staticmethod
    def _block_at(blocks: Blocks, place: tuple[int, float]) -> int | None:
        page, top = place
        below = (
            (block.origin.box[1] - top, at)
            for at, block in enumerate(blocks)
            if isinstance(block, SourceText) and block.origin.page == page and block.origin.box is not None
        )
        return min(((down, at) for down, at in below if -_SAME < down < _LINE), default=(0.0, None))[1]


def _own(pdf: Any, pages: Sequence[Any]) -> _Own | None:
    try:
        return _Own.of(pdf, pages)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # its marks are damaged
        return None


def _pages(pdf: Any) -> tuple[list[Any], int]:
    """The pages that are read, and how many there are."""
    from pdfminer.pdfdocument import PDFXRefStream
    from pdfminer.pdfpage import PDFPage
    from pdfplumber.page import Page

    for table in pdf.doc.xrefs:
        if isinstance(table, PDFXRefStream):  # says how many objects it has, whatever it holds
            held = min(len(table.data or b"") // max(table.entlen or 1, 1), PDF_OBJECTS)
            table.ranges = [(first, min(count, held)) for first, count in table.ranges]
    found = list(islice(PDFPage.create_pages(pdf.doc), PDF_PAGES))
    return [Page(pdf, page, number, 0) for number, page in enumerate(found[:PAGES], 1)], len(found)


class _TooMuch(Exception):
    """The file says, or its pages draw, more than is followed."""


@cache
def _bound() -> None:
    """Has pdfplumber, which cannot be given a document, open one that follows `PDF_LINKS` and reads `PDF_TOKENS`.

    pdfminer follows references that lead to each other for ever, and reads on to the end of the file for an object that
    is not where the file says.
    """
    import pdfplumber.pdf
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import PDFObjectNotFound, PDFObjRef

    class Parser(PDFParser):
        left = PDF_TOKENS

        def nexttoken(self) -> Any:
            self.left -= 1
            if self.left < 0:
                raise _TooMuch
            return super().nexttoken()

    class Document(PDFDocument):
        def getobj(self, objid: int) -> object:
            found = super().getobj(objid)
            for _ in range(PDF_LINKS):
                if not isinstance(found, PDFObjRef):
                    return found
                found = super().getobj(found.objid)
            raise PDFObjectNotFound(objid)

    pdfplumber.pdf.PDFParser = Parser  # type: ignore[attr-defined]
    pdfplumber.pdf.PDFDocument = Document  # type: ignore[attr-defined]


def _drawing(pdf: Any) -> Callable[[Any], Any]:
    """What draws pages as pdfplumber does, as far as all of them together stay within the limits.

    pdfminer unpacks whatever a stream holds and follows whatever is written there. Raises `_TooMuch` at the page that
    goes beyond; of characters and paths those beyond the limits of a page are left away, but for one that tells of it.
    """
    from pdfminer.pdfinterp import PDFPageInterpreter
    from pdfminer.pdftypes import stream_value
    from pdfplumber.page import PDFPageAggregatorWithMarkedContent

    left = PDF_CONTENT

    class Device(PDFPageAggregatorWithMarkedContent):
        chars = paths = 0

        def render_char(self, *arguments: Any, **named: Any) -> float:
            self.chars += 1
            return float(super().render_char(*arguments, **named)) if self.chars <= PAGE_GLYPHS + 1 else 0.0

        def paint_path(self, *arguments: Any, **named: Any) -> None:
            self.paths += 1
            if self.paths <= PAGE_RULES:
                super().paint_path(*arguments, **named)

    class Interpreter(PDFPageInterpreter):
        def execute(self, streams: Sequence[object]) -> None:
            nonlocal left
            for stream in map(stream_value, streams):
                left -= PDF_DRAWING + _unpacked(stream, left)
                if left < 0:
                    raise _TooMuch
            super().execute(streams)

    def draw(page: Any) -> Any:
        device = Device(pdf.rsrcmgr, pageno=page.page_number, laparams=pdf.laparams)
        Interpreter(pdf.rsrcmgr, device).process_page(page.page_obj)
        return device.get_result()

    return draw


def _unpacked(stream: Any, most: int) -> int:
    """How many bytes a stream holds, unpacked; more than `most` if it is more than that, without unpacking it whole."""
    from pdfminer.pdftypes import LITERALS_FLATE_DECODE

    if stream.data is None and not stream.decipher:
        data = stream.rawdata
        for kind, _ in stream.get_filters():
            if len(data) > most or kind not in LITERALS_FLATE_DECODE:
                break
            try:
                data = zlib.decompressobj().decompress(data, max(1, most + 1))
            except zlib.error:
                break
        if len(data) > most:
            return len(data)
    return len(stream.get_data())


def _page(page: Any, number: int, notes: list[ImportNote]) -> PrintedPage:
    x0, top, x1, bottom = (float(side) for side in page.bbox)
    printed = PrintedPage(number, x1 - x0, bottom - top)
    where = Origin(page=number)
    chars = page.chars
    if len(chars) > PAGE_GLYPHS:
        what = f"第 {number} 页超过 {PAGE_GLYPHS} 个字。"
        notes.append(ImportNote("doubt", "页面", what, "多出来的没有读入。", where))
    watermark, unknown = "", 0
    sizes = sorted(float(char["size"]) for char in chars[:PAGE_GLYPHS])
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    for char in chars[:PAGE_GLYPHS]:
        glyph = _glyph(char, x0, top)
        if glyph is None or not _is_on(glyph, printed):
            if glyph is None:
                watermark += char["text"]
            continue
        if glyph.size > _LARGE * usual and _lightness(char.get("non_stroking_color")) > _FAINT:
            watermark += glyph.text
            continue
        unknown += UNKNOWN in glyph.text and UNKNOWN not in char["text"]
        printed.glyphs.append(glyph)
    if watermark.strip():
        what = f"第 {number} 页有水印“{watermark.strip()[:40]}”。"
        notes.append(ImportNote("info", "页面", what, "没有读入。", where))
    if unknown:
        what = f"第 {number} 页有 {unknown} 个字取不出来，显示为“{UNKNOWN}”。"
        notes.append(ImportNote("doubt", "页面", what, "请对照原文改正。", where))
    for rule in _rules(page):
        if len(printed.rules) >= PAGE_RULES:
            break
        printed.rules.append((rule[0] - x0, rule[1] - top, rule[2] - x0, rule[3] - top))
    printed.pictures = sum(
        max(0.0, min(x1, image["x1"]) - max(x0, image["x0"]))
        * max(0.0, min(bottom, image["bottom"]) - max(top, image["top"]))
        for image in page.images[:PAGE_RULES]
    )
    return printed


def _glyph(char: Any, x0: float, top: float) -> Glyph | None:
    """A character; None for one that stands aslant, as watermarks do."""
    a, b, _, d = (float(one) for one in char["matrix"][:4])
    length = math.hypot(a, b)
    if length and min(abs(a), abs(b)) > 0.12 * length:
        return None
    turn = 0
    if abs(b) > abs(a):
        turn = 3 if b > 0 else 1
    elif a < 0 and d < 0:
        turn = 2
    text = readable(char["text"])
    size = abs(float(char["x1"] - char["x0"])) if turn in (1, 3) else float(char["size"])
    return Glyph(
        text,
        float(char["x0"]) - x0,
        float(char["top"]) - top,
        float(char["x1"]) - x0,
        float(char["bottom"]) - top,
        max(1.0, size),
        turn,
    )


_MARKS = frozenset("▲◆○◇–0123456789 ")
_SMALL = (
    8.6  # points: below what our pages set text in, but that of tables, which have rules up to their edge
)


def _drop_numbers_of_findings(page: PrintedPage) -> None:
    """Takes from a page of our own what a 校对稿 writes beside its text: ▲3 ◆4–6, small, right of everything else.

    A line of them begins with a shape, so no figure of a table is taken for one.
    """
    edge = max(
        (
            *(glyph.x1 for glyph in page.glyphs if glyph.size >= _SMALL and glyph.text not in _MARKS),
            *(rule[2] for rule in page.rules),
        ),
        default=page.width,
    )
    beside: list[list[Glyph]] = []
    for glyph in sorted(page.glyphs, key=lambda one: one.bottom):
        if glyph.x0 > edge and glyph.size < _SMALL and glyph.text in _MARKS:
            # Shapes and digits of a line are of two faces, which do not stand alike.
            if not beside or glyph.bottom - beside[-1][0].bottom > _SMALL / 2:
                beside.append([])
            beside[-1].append(glyph)
    lines = [sorted(line, key=lambda glyph: glyph.x0) for line in beside]
    gone = {id(glyph) for line in lines if not line[0].text.isdecimal() for glyph in line}
    page.glyphs[:] = [glyph for glyph in page.glyphs if id(glyph) not in gone]


def _is_on(glyph: Glyph, page: PrintedPage) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return 0 <= x <= page.width and 0 <= y <= page.height


def _lightness(color: object) -> float:
    """How near to white a colour is, 0 to 1; 0 if that cannot be told."""
    if isinstance(color, int | float):
        return float(color)
    if isinstance(color, list | tuple) and color and all(isinstance(one, int | float) for one in color):
        if len(color) == 4:  # cyan, magenta, yellow, black
            return 1 - min(1.0, float(max(color[:3]) + color[3]))
        return float(min(color))
    return 0.0


def _rules(page: Any) -> Iterator[Box]:
    """The straight lines of a page, by whatever they are drawn: strokes, thin boxes, frames."""
    for line in page.lines:
        box = _box(line)
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            yield from _long(box)
    for rect in (*page.rects, *page.curves):
        x0, top, x1, bottom = box = _box(rect)
        if min(x1 - x0, bottom - top) <= _THIN:
            yield from _long(box)
        elif rect.get("stroke") and rect["object_type"] == "rect":
            yield x0, top, x1, top
            yield x0, bottom, x1, bottom
            yield x0, top, x0, bottom
            yield x1, top, x1, bottom
        elif rect.get("stroke"):
            points = rect.get("pts") or ()
            for (ax, ay), (bx, by) in pairwise(points):
                if abs(ax - bx) <= 1 or abs(ay - by) <= 1:
                    yield from _long((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))


def _box(drawn: Any) -> Box:
    return float(drawn["x0"]), float(drawn["top"]), float(drawn["x1"]), float(drawn["bottom"])


def _long(box: Box) -> Iterator[Box]:
    if max(box[2] - box[0], box[3] - box[1]) >= _SHORT:
        yield box
