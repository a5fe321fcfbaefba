"""PDF → Source: its text layer, set out by `printed_pages`.

Knows how pdfplumber tells characters, lines and pictures, and what a PDF without readable text is: a scan, a locked
file, fonts that do not say which characters they hold. Does not recognize pictures.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from gxeditor.core.errors import UnreadableSource
from gxeditor.imports.printed_pages import (
    MAX_GLYPHS,
    MAX_PAGES,
    MAX_RULES,
    UNKNOWN,
    Box,
    Glyph,
    PrintedPage,
    read_pages,
    readable,
)
from gxeditor.imports.source import ImportNote, Origin, Source

_NOTHING = "没有读入任何内容，这个文件没有改动。"
_ELSEWHERE = "请向经办人要 Word 或 Excel 原件；也可以从网站上打开这份年报，复制整页，在这里粘贴；都没有的，新建年报照着填。"
_THIN = 3.0  # points: a box so thin is a rule
_SHORT = 3.0
_COVERS = 0.6  # of the page: a picture of all of it
_FEW = 20  # visible characters, with which a scanned page may be stamped or numbered
_GARBAGE = 0.1  # of the characters that the file does not tell
_HAN = 0.1  # of the characters at least; a report has some 80 %
_FAINT = 0.55  # of white, from which on large letters behind the text are a watermark
_LARGE = 1.6  # times the usual size


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
            raise UnreadableSource(
                f"“{name}”设有打开密码，读不出来。",
                _NOTHING,
                "请在 PDF 阅读器里输入密码打开，另存或“打印”成不带密码的 PDF 再导入；或者向经办人要 Word 原件。",
            ) from error
        raise _damaged(name) from error


def _asks_for_password(error: BaseException) -> bool:
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    # pdfplumber hands on what pdfminer raised as the argument of its own
    return any(isinstance(one, PDFPasswordIncorrect) for one in (error, *error.args))


def _damaged(name: str) -> UnreadableSource:
    return UnreadableSource(
        f"“{name}”已损坏，或者不是 PDF 文件，读不出来。",
        _NOTHING,
        "请重新下载或再要一份；也可以用 PDF 阅读器打开它，复制文字，在这里粘贴。",
    )


@dataclass(slots=True)
class _Counted:
    """What was seen of a page beside its text."""

    page: PrintedPage
    has_scan: bool
    visible: int


def _read(data: bytes, name: str) -> Source:
    import pdfplumber

    # every odd font is worth a warning to it, thousands a file
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    notes: list[ImportNote] = []
    counted: list[_Counted] = []
    with pdfplumber.open(BytesIO(data)) as pdf:
        total = len(pdf.pages)
        for number, page in enumerate(pdf.pages[:MAX_PAGES], 1):
            counted.append(_page(page, number, notes))
            page.close()
    if not counted:
        raise _damaged(name)
    if total > MAX_PAGES:
        what = f"这个文件有 {total} 页，只读了前 {MAX_PAGES} 页。"
        notes.append(ImportNote("doubt", "页面", what, "后面的没有读入。", Origin(page=MAX_PAGES)))
    _refuse_without_text(counted, name)
    _remark_scans(counted, notes)
    blocks, told = read_pages([one.page for one in counted])
    return Source(blocks, name, kind=f"PDF 文件，{total} 页", notes=(*notes, *told))


def _refuse_without_text(counted: list[_Counted], name: str) -> None:
    """Raises for a file none of whose pages has text that can be read."""
    visible = sum(one.visible for one in counted)
    if visible <= _FEW * len(counted) and (any(one.has_scan for one in counted) or not visible):
        if any(one.has_scan for one in counted):
            what = f"“{name}”是扫描的图片，里面没有文字，程序认不出图片里的数字。"
        else:
            what = f"“{name}”里没有文字，只有图形，程序读不出数字。"
        raise UnreadableSource(what, _NOTHING, _ELSEWHERE)
    texts = [glyph.text for one in counted for glyph in one.page.glyphs if not glyph.text.isspace()]
    unknown = sum(UNKNOWN in text for text in texts)
    han = sum("\u4e00" <= text <= "\u9fff" or "\u3400" <= text <= "\u4dbf" for text in texts)
    if unknown > _GARBAGE * len(texts) or (len(texts) > _FEW and han < _HAN * len(texts)):
        raise UnreadableSource(
            f"“{name}”里的文字取出来是乱码：它的字体没有说明每个字是什么。", _NOTHING, _ELSEWHERE
        )


def _remark_scans(counted: list[_Counted], notes: list[ImportNote]) -> None:
    for one in counted:
        origin = Origin(page=one.page.number)
        where = f"第 {one.page.number} 页"
        if one.has_scan and one.visible <= _FEW:
            done = "没有读入，请对照原文填写。"
            notes.append(ImportNote("doubt", "页面", f"{where}是图片，里面没有文字。", done, origin))
        elif one.has_scan:
            what = f"{where}是扫描的图片，上面的文字是别的软件识别出来的，可能有错。"
            notes.append(ImportNote("doubt", "页面", what, "已读入，请对照原文逐个核对。", origin))


def _page(page: Any, number: int, notes: list[ImportNote]) -> _Counted:
    x0, top, x1, bottom = (float(side) for side in page.bbox)
    printed = PrintedPage(number, x1 - x0, bottom - top)
    where = Origin(page=number)
    chars = page.chars
    if len(chars) > MAX_GLYPHS:
        what = f"第 {number} 页超过 {MAX_GLYPHS} 个字。"
        notes.append(ImportNote("doubt", "页面", what, "多出来的没有读入。", where))
    watermark, unknown = "", 0
    sizes = sorted(float(char["size"]) for char in chars[:MAX_GLYPHS])
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    for char in chars[:MAX_GLYPHS]:
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
        if len(printed.rules) >= MAX_RULES:
            break
        printed.rules.append((rule[0] - x0, rule[1] - top, rule[2] - x0, rule[3] - top))
    area = printed.width * printed.height
    pictures = sum(
        max(0.0, min(x1, image["x1"]) - max(x0, image["x0"]))
        * max(0.0, min(bottom, image["bottom"]) - max(top, image["top"]))
        for image in page.images[:MAX_RULES]
    )
    visible = sum(not glyph.text.isspace() for glyph in printed.glyphs)
    return _Counted(printed, pictures > _COVERS * area, visible)


def _glyph(char: Any, x0: float, top: float) -> Glyph | None:
    """A character; None for one that stands aslant, as watermarks do."""
    a, b, c, d = (float(one) for one in char["matrix"][:4])
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


def _is_on(glyph: Glyph, page: PrintedPage) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return 0 <= x <= page.width and 0 <= y <= page.height


def _lightness(color: object) -> float:
    """How near to white a colour is, 0 to 1; 0 if that cannot be told."""
    if isinstance(color, int | float):
        return float(color)
    if isinstance(color, list | tuple) and color and all(isinstance(one, int | float) for one in color):
        if len(color) == 4:  # cyan, magenta, yellow, black
            return 1 - min(1.0, max(color[:3]) + color[3])
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
            for (ax, ay), (bx, by) in zip(points[:-1], points[1:], strict=True):
                if abs(ax - bx) <= 1 or abs(ay - by) <= 1:
                    yield from _long((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))


def _box(drawn: Any) -> Box:
    return float(drawn["x0"]), float(drawn["top"]), float(drawn["x1"]), float(drawn["bottom"])


def _long(box: Box) -> Iterator[Box]:
    if max(box[2] - box[0], box[3] - box[1]) >= _SHORT:
        yield box
