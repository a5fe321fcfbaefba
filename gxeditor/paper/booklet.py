"""A booklet on paper, A4 upright: headings with bookmarks, paragraphs, lists, ruled tables, pictures with captions.

Knows how the blocks of `blocks` are set and divided between pages. Chinese is set by `typeset`, pages are made up by
`sheet`, the tables are those of the 校验报告 (`check_report`), and the file is an archive's (`archive`). Links are set
as plain words. Equal blocks give equal bytes. Does not know what the booklet is about.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream

from gxeditor.core.errors import Cancelled
from gxeditor.paper.archive import Said, archival
from gxeditor.paper.blocks import Block, Picture, Words, plain
from gxeditor.paper.check_report import Setter
from gxeditor.paper.faces import Face, choose_faces
from gxeditor.paper.flowables import Flowable, Spacer
from gxeditor.paper.layouts import MM, Margins, default_layout
from gxeditor.paper.pages import Pdf
from gxeditor.paper.pdf import Archived
from gxeditor.paper.sheet import PageFlow, Press, lines_of, make_up
from gxeditor.paper.typeset import ChineseParagraph, Run, Style, draw_lines

_MARGINS = Margins(top=24, left=26, right=26, bottom=24)  # mm
_TITLE, _TEXT, _NOTE, _FOOT = 20.0, 10.5, 8.5, 8.5  # points
_HEADINGS = {2: (15.0, 20.0, 6.0), 3: (12.0, 12.0, 4.0), 4: (10.5, 8.0, 2.0)}
"""By level: points of a heading, and of the room above and below it."""
_LISTED = (2, 3)
"""The levels of headings that have an entry in the outline."""
_LEADING = 1.6
_AFTER, _BETWEEN = 5.0, 2.0  # points below a paragraph, and between list items
_HANG = 16.0  # points by which a list item stands in
_WIDE = 110 * MM
"""Of a picture, which is drawn for a narrow column and would be coarse if it filled the block."""
_DENSITY = 2  # pixels of a picture to a point of the screen, of which 96 are an inch


def make_booklet(
    blocks: Sequence[Block],
    pictures: Mapping[str, Picture],
    *,
    agency: str = "",
    cancelled: Callable[[], bool] = lambda: False,
    archived: Archived = archival,
) -> Pdf:
    """The blocks as a PDF/A-2b, the first heading being its title. A picture that `pictures` has not is left out.

    Raises `Cancelled` soon after `cancelled` says so, and `NotArchival` for a bug.
    """
    layout = replace(default_layout(), margins=_MARGINS, page_number="none", outline=True, faces={})
    flow = PageFlow(layout, choose_faces(layout.faces))
    press = Press(flow)
    setter = Setter(flow)
    title = next((block.text for block in blocks if block.kind == "heading"), "")
    pages = make_up(list(_story(blocks, pictures, setter)), flow, cancelled)
    for number, page in enumerate(pages, 1):
        if cancelled():
            raise Cancelled
        with press.page(number):
            for flowable, top in page:
                flowable.drawOn(press, 0, flow.height - top - flowable.height)
            _draw_foot(press, title, f"{number} / {len(pages)}")
    said = Said(title=title, agency=agency, subject="使用说明", date="")
    return Pdf(archived(press.data(), said), len(pages), (), setter.missing())


def _draw_foot(press: Press, left: str, right: str) -> None:
    flow = press.flow
    style = flow.style(_FOOT)
    top = -7 * MM
    number = lines_of((Run(right, Face.SONG),), style, flow.width)
    name = lines_of((Run(left, Face.SONG),), style, flow.width - number[0].right - 4 * MM)
    press.saveState()
    press.setFillGray(0.35)
    draw_lines(press, name[:1], style, Face.SONG, 0, top)
    draw_lines(press, number, style, Face.SONG, flow.width - number[0].right, top)
    press.restoreState()


def _story(blocks: Sequence[Block], pictures: Mapping[str, Picture], setter: Setter) -> Iterator[Flowable]:
    flow = setter.flow
    style = flow.style(_TEXT, _TEXT * _LEADING, "justify")
    begun = False
    for place, block in enumerate(blocks):
        follower = blocks[place + 1] if place + 1 < len(blocks) else None
        if block.kind == "heading" and block.level == 1:
            yield from setter.text(block.text, Face.TITLE, _TITLE, "center")
            yield Spacer(flow.width, 12)
        elif block.kind == "heading":
            setter.remember(block.text)
            yield _Heading(block.text, block.level, f"h{place}", flow, first=not begun)
        elif block.kind == "picture":
            if block.picture in pictures:
                yield _Figure(pictures[block.picture], block.text, flow)
        elif block.kind == "table":
            yield Spacer(flow.width, 2)
            head, *rows = [tuple(plain(words) for words in row) for row in block.rows]
            yield setter.table(_shares(block.rows), head, rows)
            yield Spacer(flow.width, 8)
        else:
            setter.remember(block.text)
            hang = _HANG if block.kind == "item" else 0.0
            yield _Paragraph(block.mark, _runs(block.words), style, hang)
            goes_on = block.kind == "item" and follower is not None and follower.kind == "item"
            yield Spacer(flow.width, _BETWEEN if goes_on else _AFTER)
        begun = True


def _runs(words: Words) -> list[Run]:
    return [Run(piece.text, Face.HEI if piece.strong else Face.SONG) for piece in words]


def _shares(rows: Sequence[Sequence[Words]]) -> tuple[float, ...]:
    """The parts of the block that columns get: by their longest text, none much narrower than the others."""
    longest = [max(len(plain(row[column])) for row in rows) for column in range(len(rows[0]))]
    return tuple(min(max(length, 10), 28) for length in longest)


class _Paragraph(Flowable):
    """A paragraph, or a list item that stands in behind its mark."""

    canv: Press

    def __init__(self, mark: str, runs: Sequence[Run], style: Style, hang: float) -> None:
        super().__init__()
        self._mark, self._hang = mark, hang
        self._style = style
        self._body = ChineseParagraph(runs, style)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        self.height = self._body.wrap(width - self._hang, height)[1]
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        parts = self._body.split(width - self._hang, height)
        if len(parts) != 2:
            return []
        split: list[Flowable] = []
        for number, body in enumerate(parts):
            part = _Paragraph("" if number else self._mark, self._body.runs, self._style, self._hang)
            assert isinstance(body, ChineseParagraph)
            part._body = body
            split.append(part)
        return split

    def draw(self) -> None:
        if self._mark:
            mark = lines_of((Run(self._mark, Face.SONG),), self._style, self.width)
            draw_lines(self.canv, mark, self._style, Face.SONG, 0, self.height)
        self._body.drawOn(self.canv, self._hang, 0)


class _Heading(ChineseParagraph):
    """A heading in 黑体, kept with what follows, with its entry in the outline."""

    canv: Press
    keepWithNext = True

    def __init__(self, text: str, level: int, key: str, flow: PageFlow, *, first: bool) -> None:
        size, self._before, self._after = _HEADINGS[level]
        super().__init__([Run(text, Face.HEI)], flow.style(size, size * 1.35))
        self._before = 0.0 if first else self._before
        self._key, self._level = key, level

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        _, of_lines = super().wrap(width, height)
        self.height = of_lines + self._before + self._after
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        return []

    def draw(self) -> None:
        if self._level in _LISTED:
            _, high = self.canv.absolutePosition(0, self.height)
            self.canv.bookmarkPage(self._key, fit="XYZ", left=0, top=high)
            closed = self._level == _LISTED[0]
            self.canv.addOutlineEntry(self.runs[0].text, self._key, _LISTED.index(self._level), closed=closed)
        draw_lines(self.canv, self._lines, self.style, Face.HEI, 0, self.height - self._before)


class _Figure(Flowable):
    """A picture in a thin frame, its caption below; it stands where it finds room as a whole."""

    canv: Press

    def __init__(self, picture: Picture, caption: str, flow: PageFlow) -> None:
        super().__init__()
        self._picture = picture
        self._style = flow.style(_NOTE, _NOTE * _LEADING)
        self._caption = lines_of((Run(caption, Face.SONG),), self._style, flow.width) if caption else ()
        self._wide = min(_WIDE, picture.width / _DENSITY * 72 / 96)
        self._high = self._wide * picture.height / picture.width

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, self._high + len(self._caption) * self._style.leading + 13
        return self.width, self.height

    def draw(self) -> None:
        canvas, low = self.canv, self.height - 3 - self._high
        _draw_picture(canvas, self._picture, 0, low, self._wide, self._high)
        canvas.setLineWidth(0.4)
        canvas.setStrokeGray(0.6)
        canvas.rect(0, low, self._wide, self._high, stroke=1, fill=0)
        canvas.setStrokeGray(0)
        draw_lines(canvas, self._caption, self._style, Face.SONG, 0, low - 2)


def _draw_picture(press: Press, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    """Draws pixels with their palette: reportlab's own way leads over Pillow, which the program does not bring."""
    canvas: Any = press  # what it keeps for itself is typed nowhere
    document = canvas._doc
    name = f"picture{zlib.crc32(picture.pixels + picture.palette):08x}"
    register = document.getXObjectName(name)
    if not document.hasForm(name):
        colors: list[object] = [PDFName("Indexed"), PDFName("DeviceRGB"), len(picture.palette) // 3 - 1]
        about = {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Image"),
            "Width": picture.width,
            "Height": picture.height,
            "BitsPerComponent": 8,
            "ColorSpace": PDFArray([*colors, f"<{picture.palette.hex()}>"]),
            "Filter": PDFName("FlateDecode"),
        }
        image = PDFStream(PDFDictionary(about), zlib.compress(picture.pixels, 9))
        document.Reference(image, register)
        document.addForm(name, image)
    canvas._formsinuse.append(name)
    press.saveState()
    press.transform(width, 0, 0, height, x, y)
    canvas._code.append(f"/{register} Do")
    press.restoreState()
