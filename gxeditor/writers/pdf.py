"""Report → PDF, set like an official document (GB/T 9704-2012) with the tables drawn as on the statutory form.

Knows the page, the order of the parts and how a `Grid` is ruled. The file holds only embedded subset faces, text
that can be searched and copied, an outline entry for each part, and no date: equal reports give equal bytes. How
Chinese is set is known by `typeset`; saving the bytes is the caller's. Nothing in a report makes it fail: what is
too long goes on, what is too wide is set smaller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import ceil
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFInfo, PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Spacer

from gxeditor.core.form import Grid, Place, Table
from gxeditor.core.report import Paragraph, Report, paragraphs, show_entry
from gxeditor.core.rules import Findings
from gxeditor.writers.faces import BUNDLED, Face
from gxeditor.writers.layouts import Layout
from gxeditor.writers.titles import title_lines
from gxeditor.writers.typeset import (
    Align,
    ChineseParagraph,
    Line,
    Run,
    Style,
    draw_lines,
    set_lines,
)
from gxeditor.writers.typeset import missing_characters as missing_in

# The page of GB/T 9704-2012, 5.1 and 5.2: A4, 37 mm above, 28 mm left, a block of 156 by 225 mm that holds 22 lines
# of 28 characters of 16 pt (3号).
_MM = 72 / 25.4
_PAGE = (210 * _MM, 297 * _MM)
_LEFT, _BOTTOM = 28 * _MM, 35 * _MM
_MEASURE, _HEIGHT = 156 * _MM, 225 * _MM
_LINE = 28.95  # points, the usual setting for 22 lines in 225 mm
_LINES = 22

_BODY = Style(16, _LINE, pitch=_MEASURE / 28 / 16, indent=2)
_TITLE = Style(22, 33, align="center")
_FOOT = Style(14, 14, align="left")
_TITLE_SPACE = 20  # points between title and text, at least


@dataclass(frozen=True, slots=True)
class Missing:
    """A character that no bundled face has, and where it stands, as printed: 「一、总体情况」第 2 段."""

    char: str
    place: str

    @property
    def code(self) -> str:
        return f"U+{ord(self.char):04X}"


def missing_characters(report: Report) -> tuple[Missing, ...]:
    """What the PDF would show as 〓, in the order of the report, each character once a place."""
    return tuple(Missing(char, place) for place, text in _texts(report) for char in missing_in(text))


def _texts(report: Report) -> Iterator[tuple[str, str]]:
    """Every text that comes from the report, with its place."""
    yield "标题", report.title
    yield from ((f"前言第 {n} 段", p.text) for n, p in enumerate(paragraphs(report.preamble), 1))
    for section in report.form.sections:
        for cell in section.table.cells if section.table is not None else ():
            entry = report.value(cell.id)
            if isinstance(entry, str):
                yield f"「{cell.place}」", entry
        prose = paragraphs(report.sections.get(section.key, ""))
        yield from ((f"「{section.heading}」第 {n} 段", p.text) for n, p in enumerate(prose, 1))
    yield "署名", report.signature
    yield "日期", report.date


class Cancelled(Exception):
    """The PDF is no longer wanted; nothing was written."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something of the report stands in the file, in points from the upper left corner of the page.

    `page` counts from 0. `target` is the id of a cell, the key of a section, or "title", "preamble", "signature",
    "date". `paragraph` is the line of that text as the editor counts its blocks, from 0; None for a cell, a heading.
    """

    page: int
    x: float
    y: float
    width: float
    height: float
    target: str
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished file: its bytes, its pages, where everything stands, and the characters that it shows as 〓."""

    data: bytes
    pages: int
    spots: tuple[Spot, ...]
    missing: tuple[Missing, ...]


def make_pdf(
    report: Report,
    layout: Layout | None = None,
    *,
    findings: Findings | None = None,
    prior: Report | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Pdf:
    """The report as a PDF in a layout, by default 公文; with `findings` the 校对稿 of the same pages.

    `prior` is last year's report, for the charts. Raises `Cancelled` once `cancelled` says so, and `GxError` only if
    a file that the program ships is missing.
    """
    if cancelled():
        raise Cancelled
    data = pdf_bytes(report)
    return Pdf(data, data.count(b"/Type /Page\n"), (), missing_characters(report))


def pdf_bytes(report: Report) -> bytes:
    """The report as a PDF file. Raises `GxError` only if a face that the program ships is missing."""
    song = BUNDLED.font(Face.SONG)  # the canvas asks for its first font by name
    buffer = BytesIO()
    frame = Frame(_LEFT, _BOTTOM, _MEASURE, _HEIGHT, 0, 0, 0, 0)
    document = BaseDocTemplate(
        buffer,
        pagesize=_PAGE,
        pageTemplates=[PageTemplate("page", [frame], onPage=_number_page)],
        title=report.title,
        author=report.agency,
        subject=report.form.title,
        creator="gxeditor",
        lang="zh-CN",
        invariant=1,
        initialFontName=song.name,
        displayDocTitle=True,
    )
    document.build(_story(report), canvasmaker=_canvas)
    return buffer.getvalue()


class _Info(PDFInfo):
    """Document information without dates: a wrong one would mislead, a true one would make every file differ."""

    def format(self, document: Any) -> bytes:
        entries = {
            "Title": self.title,
            "Author": self.author,
            "Subject": self.subject,
            "Creator": self.creator,
            "Producer": self.producer,
        }
        return PDFDictionary({key: PDFString(text) for key, text in entries.items() if text}).format(document)


def _canvas(*arguments: Any, **options: Any) -> Any:
    canvas: Any = Canvas(*arguments, **{**options, "pdfVersion": (1, 7)})
    canvas._doc.info = _Info()
    return canvas


def _number_page(canvas: Canvas, document: BaseDocTemplate) -> None:
    """— 1 —, 7 mm below the block, a character in from its outer edge (GB/T 9704, 7.5)."""
    (line,) = set_lines([Run(f"— {document.page} —", Face.SONG)], _FOOT, _MEASURE)
    right = document.page % 2 == 1
    x = _LEFT + (_MEASURE - _FOOT.size - line.right if right else _FOOT.size)
    draw_lines(canvas, [line], _FOOT, Face.SONG, x, _BOTTOM - 7 * _MM + _FOOT.leading / 2)


# ---- the parts in order ----------------------------------------------------------------------------------------


def _story(report: Report) -> list[Flowable]:
    story = [*_title(report.title), *_prose(report.preamble)]
    for section in report.form.sections:
        parts: list[Flowable] = [_TableDrawing(section.table, report)] if section.table is not None else []
        parts += _prose(report.sections.get(section.key, ""))
        if section is report.form.sections[-1]:
            parts = _with_closing(parts, report)
        heading = _Heading(section.heading, section.key)
        story += [_Headed(heading, parts[0]), *parts[1:]] if parts else [heading]
    return story


def _prose(text: str) -> list[Flowable]:
    return [ChineseParagraph(_runs(paragraph), _BODY) for paragraph in paragraphs(text)]


def _runs(paragraph: Paragraph) -> list[Run]:
    """Headings （一） in 楷体, text in 仿宋 (GB/T 9704, 7.3.3)."""
    runs = [Run(paragraph.heading, Face.KAI), Run(paragraph.body, Face.FANG)]
    return [run for run in runs if run.text]


class _Heading(ChineseParagraph):
    """The printed heading of a part, in 黑体 (GB/T 9704, 7.3.3), with its entry in the outline."""

    def __init__(self, text: str, key: str) -> None:
        super().__init__([Run(text, Face.HEI)], _BODY)
        self._text, self._key = text, key

    def draw(self) -> None:
        _, top = self.canv.absolutePosition(0, self.height)
        self.canv.bookmarkPage(self._key, fit="XYZ", left=0, top=top)
        self.canv.addOutlineEntry(self._text, self._key, 0)
        super().draw()


class _Headed(Flowable):
    """A heading with what follows it: no page ends with a heading."""

    def __init__(self, heading: _Heading, follower: Flowable) -> None:
        super().__init__()
        self._heading, self._follower = heading, follower

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        above = self._heading.wrap(width, height)[1]
        self.width, self.height = width, above + self._follower.wrap(width, height - above)[1]
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        above = self._heading.wrap(width, height)[1]
        parts = self._follower.split(width, height - above)
        return [_Headed(self._heading, parts[0]), *parts[1:]] if parts else []

    def draw(self) -> None:
        self._heading.drawOn(self.canv, 0, self.height - self._heading.height)
        self._follower.drawOn(self.canv, 0, 0)


def _title(text: str) -> list[Flowable]:
    """The title, 小标宋 22 pt (2号) centred (GB/T 9704, 7.3.1), with blank below up to the next line of the page."""
    lines = title_lines(text, _MEASURE / _TITLE.size, _em_width)
    rows: list[Flowable] = [ChineseParagraph([Run(line, Face.TITLE)], _TITLE) for line in lines]
    height = sum(row.wrap(_MEASURE, _HEIGHT)[1] for row in rows)
    return [*rows, Spacer(_MEASURE, _on_grid(height + _TITLE_SPACE) - height)] if rows else []


def _on_grid(height: float) -> float:
    """The height of as many lines of the page as are needed."""
    return ceil(height / _LINE - 1e-6) * _LINE


@cache
def _width(text: str, face: Face, size: float) -> float:
    """The width of a text on one line, in points."""
    lines = set_lines([Run(text, face)], Style(size, size, align="left"), 1e6)
    return lines[0].right if lines else 0.0


def _em_width(char: str) -> float:
    return _width(char, Face.TITLE, _TITLE.size) / _TITLE.size


# ---- the end ---------------------------------------------------------------------------------------------------


def _with_closing(parts: list[Flowable], report: Report) -> list[Flowable]:
    """The parts of the last section with signature and date, held together with the last lines of the text."""
    signature, date = _rows(report.signature), _rows(report.date)
    if not signature + date:
        return parts
    if len(signature + date) > 4 or max(line.right for line in signature + date) > _MEASURE - 4 * _BODY.size:
        style = Style(_BODY.size, _LINE, pitch=_BODY.pitch, align="right")
        texts = f"{report.signature}\n{report.date}".split("\n")
        return [*parts, *(ChineseParagraph([Run(t.strip(), Face.FANG)], style) for t in texts if t.strip())]
    last = parts[-1] if parts and isinstance(parts[-1], ChineseParagraph) else None
    return [*parts[: -1 if last else None], _Closing(last, _signed(signature, date))]


def _rows(text: str) -> list[Line]:
    """Each line of a text set on one line."""
    style = Style(_BODY.size, _LINE, pitch=_BODY.pitch, align="left")
    return [line for row in text.split("\n") for line in set_lines([Run(row.strip(), Face.FANG)], style, 1e6)]


def _signed(signature: Sequence[Line], date: Sequence[Line]) -> list[tuple[float, Line]]:
    """The places of signature and date without a seal (GB/T 9704, 7.3.5.2).

    The signature ends two characters from the edge and the date starts two characters further right than it; a date
    longer than the signature takes the place at the edge instead.
    """
    em = _BODY.size
    edge = _MEASURE - 2 * em
    longest = max((line.right for line in signature), default=0.0)
    after = max((line.right for line in date), default=0.0)
    if not signature:
        return [(edge - line.right, line) for line in date]
    if after > longest:
        start = edge - after
        return [(start - 2 * em, line) for line in signature] + [(start, line) for line in date]
    start = edge - longest
    return [(start + (longest - line.right) / 2, line) for line in signature] + [
        (start + 2 * em, line) for line in date
    ]


class _Closing(Flowable):
    """The last paragraph, an empty line, signature and date: no page begins with the signature alone."""

    def __init__(self, paragraph: ChineseParagraph | None, signed: Sequence[tuple[float, Line]]) -> None:
        super().__init__()
        self._paragraph, self._signed = paragraph, tuple(signed)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        text = self._paragraph.wrap(width, height)[1] if self._paragraph is not None else 0.0
        self.width, self.height = width, text + (1 + len(self._signed)) * _LINE
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        if self._paragraph is None:
            return []
        lines = self._paragraph.lines(width)
        room = min(int((height + 0.01) // _LINE), len(lines) - 2)
        if room < 2:
            return []
        rest = _Closing(self._paragraph.part(lines[room:]), self._signed)
        return [self._paragraph.part(lines[:room]), rest]

    def draw(self) -> None:
        top = self.height
        if self._paragraph is not None:
            lines = self._paragraph.lines(self.width)
            draw_lines(self.canv, lines, self._paragraph.style, self._paragraph.runs[0].face, 0, top)
            top -= len(lines) * _LINE
        for x, line in self._signed:
            top -= _LINE
            draw_lines(self.canv, [line], _BODY, Face.FANG, x, top)


# ---- tables ----------------------------------------------------------------------------------------------------

_LABELS = {0: (), 1: (48,), 2: (22, 55), 3: (7, 16, 50)}
"""Widths of the label columns in mm by their number, in the proportions of the paper form."""

_SIZES = (12, 10.5, 10, 9.5, 9, 8.5, 8)
_WIDE = 8  # columns from which a table begins at 10.5 pt (五号): in 12 pt no heading would stay whole
_ROWS = (2.0, 1.7, 1.5)  # least height of a row, in sizes
_PADDING, _LABEL_PADDING = 1.0, 3.0  # points at either side of a text
_LEADING = 1.25
_AROUND = 10  # points above and below a table together, at least

_ENUMERATED = re.compile("（[一二三四五六七八九十]+）|.+")
"""（三） and 不予公开, which the narrow second column of 表三 holds on lines of their own."""


class _TableDrawing(Flowable):
    """A table of the form: ruled, merged and labelled as printed, always on one page.

    Takes the largest type, and then the roomiest rows, with which it stands below its heading; if none does, the
    drawing is reduced.
    """

    def __init__(self, table: Table, report: Report) -> None:
        super().__init__()
        room = (_LINES - 1) * _LINE - _AROUND
        grid = table.grid()
        for size in _SIZES[grid.columns >= _WIDE :]:
            self._layout = _Layout(grid, report, size)
            if any(self._layout.fit(row, room) for row in _ROWS):
                break
        self._scale = min(1.0, room / self._layout.height)
        self.width = _MEASURE
        self.height = _on_grid(self._layout.height * self._scale + _AROUND)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        layout = self._layout
        blank = self.height - layout.height * self._scale
        self.canv.saveState()
        self.canv.translate((_MEASURE - _MEASURE * self._scale) / 2, self.height - blank / 2)
        self.canv.scale(self._scale, self._scale)
        layout.draw(self.canv)
        self.canv.restoreState()


@dataclass(frozen=True, slots=True)
class _Box:
    """A place with its text set: lines, their style, and how far right of the box they begin."""

    place: Place
    lines: tuple[Line, ...]
    style: Style
    inset: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.leading + 2 * _PADDING


class _Layout:
    """A grid set at one size: the edges of its columns and rows, in points from the left and down from the top."""

    def __init__(self, grid: Grid, report: Report, size: float) -> None:
        self._size = size
        labels = [width * _MM for width in _LABELS[grid.label_columns]]
        value = (_MEASURE - sum(labels)) / (grid.columns - len(labels))
        self._x = _edges([*labels, *[value] * (grid.columns - len(labels))])
        self._boxes = [self._box(place, grid, report) for place in grid.places]
        self._rows = grid.rows
        self._y: list[float] = []

    def fit(self, row: float, room: float) -> bool:
        """Give every row at least `row` times the size, and more where its texts need it; whether all fits."""
        self._y = _edges(self._heights(row * self._size))
        return self.height <= room

    @property
    def height(self) -> float:
        return self._y[-1]

    def _box(self, place: Place, grid: Grid, report: Report) -> _Box:
        width = self._x[place.column + place.column_span] - self._x[place.column] - 2 * _PADDING
        size = self._size
        label = place.kind == "row" and grid.label_columns > 1
        leaf = place.column + place.column_span == grid.label_columns
        if label and leaf:
            width -= 2 * (_LABEL_PADDING - _PADDING)
            return self._set([place.text], place, width, size, "justify", _LABEL_PADDING - _PADDING)
        if label and place.column == 0 and grid.label_columns > 2:
            # One character a line; the 、 after its number hangs beside it.
            return self._set([place.text], place, 1.6 * size, size, "left", (width - size) / 2)
        if label:
            return self._set(_ENUMERATED.findall(place.text), place, width, size, "center")
        if place.kind == "corner" and _width(place.text, Face.SONG, size) > width:
            size *= 0.9  # so that the note of 表三 is divided at its comma
        if place.cell is None:
            return self._set(_halves(place.text, width / size), place, width, size, "center")
        entry = report.value(place.cell.id)
        text = show_entry(entry)
        fit = width / max(_width(text, Face.SONG, size), width)
        least = 0.8 if isinstance(entry, str) else 0.4  # a kept text may go on, a number is never divided
        return self._set([text], place, width, size * max(least, fit), "center")

    @staticmethod
    def _set(
        texts: Sequence[str], place: Place, width: float, size: float, align: Align, inset: float = 0
    ) -> _Box:
        style = Style(size, size * _LEADING, align=align)
        lines = (line for text in texts for line in set_lines([Run(text, Face.SONG)], style, width))
        return _Box(place, tuple(lines), style, inset)

    def _heights(self, least: float) -> list[float]:
        """The height of each row: what its own texts need, and an even share of what taller spans need."""
        heights = [least] * self._rows
        for box in sorted(self._boxes, key=lambda box: box.place.row_span):
            first, span = box.place.row, box.place.row_span
            short = box.height - sum(heights[first : first + span])
            for row in range(first, first + span):
                heights[row] += max(0.0, short) / span
        return heights

    def draw(self, canvas: Canvas) -> None:
        """Draw with the upper left corner at the origin: outer rules .75 pt, inner .5 pt."""
        for box in self._boxes:
            place = box.place
            left, right = self._x[place.column], self._x[place.column + place.column_span]
            top, bottom = self._y[place.row], self._y[place.row + place.row_span]
            canvas.setLineWidth(0.5)
            canvas.rect(left, -bottom, right - left, bottom - top)
            if box.lines:
                over = (bottom - top - len(box.lines) * box.style.leading) / 2
                draw_lines(canvas, box.lines, box.style, Face.SONG, left + _PADDING + box.inset, -top - over)
        canvas.setLineWidth(0.75)
        canvas.rect(0, -self._y[-1], self._x[-1], self._y[-1])


def _halves(text: str, measure: float) -> list[str]:
    """A column heading divided where it does not fit: 社会, 公益, 组织. Such headings are words of two characters."""
    step = max(int(measure) // 2 * 2, 2)
    if len(text) <= measure or len(text) % 2 or len(text) > 8:
        return [text]
    return [text[start : start + step] for start in range(0, len(text), step)]


def _edges(lengths: Sequence[float]) -> list[float]:
    edges = [0.0]
    for length in lengths:
        edges.append(edges[-1] + length)
    return edges
