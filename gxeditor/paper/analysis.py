"""The analysis of a roll-up on paper, set as an official document is, its charts behind the text.

Knows how headings, paragraphs and charts are set on the page of a layout, and how a chart becomes a picture for other
documents, so that Word shows the very same drawing. What is said is `core.rollup.analysis`'s, bars are drawn by
`charts`, and the file is an archive's (`archive`). Equal analyses give equal bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from gxeditor.core.errors import Cancelled
from gxeditor.core.rollup.analysis import HEADING, Analysis, ChartFigures, Paragraph
from gxeditor.paper.archive import Said, archival
from gxeditor.paper.charts import Amount, BarCharts, Bars, Chart
from gxeditor.paper.faces import BUNDLED, Face, FaceSet, choose_faces
from gxeditor.paper.flowables import Flowable, Spacer
from gxeditor.paper.layouts import MM, PAGE, Layout, default_layout
from gxeditor.paper.pages import Missing, Pdf
from gxeditor.paper.pdf import Archived
from gxeditor.paper.sheet import PageFlow, Press, make_up
from gxeditor.paper.titles import title_lines
from gxeditor.paper.typeset import ChineseParagraph, Run, Style
from gxeditor.paper.typeset import missing_characters as missing_in
from gxeditor.workbook.own import no_report

CHARTS = "附图"
_FACES = {0: Face.FANG, 1: Face.HEI, 2: Face.KAI}
_ROLES = {0: "P", 1: "H2", 2: "H3"}
_DPI = 200  # of a picture: as fine as an office's printer draws a hatching, and no larger than a page of text
_SMALL = 10.0 * MM  # of white below a chart


def make_analysis(
    analysis: Analysis,
    layout: Layout | None = None,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    archived: Archived = archival,
) -> Pdf:
    """The analysis as a PDF/A-2b, by default in the layout 公文; `archived` is as for `pdf.set_pages`.

    Raises `Cancelled` soon after `cancelled` says so, and `NotArchival` for a bug.
    """
    layout = replace(layout or default_layout(), outline=True, cover=False)
    flow = PageFlow(layout, choose_faces(layout.faces))
    press = Press(flow)
    pages = make_up(list(_story(analysis, flow)), flow, cancelled)
    for number, page in enumerate(pages, 1):
        if cancelled():
            raise Cancelled
        with press.page(number):
            for flowable, top in page:
                flowable.drawOn(press, 0, flow.height - top - flowable.height)
    said = Said(
        title=analysis.title,
        agency=analysis.owner,
        subject=HEADING,
        date="",
        key_words=no_report(HEADING),
        structure=press.structure,
    )
    return Pdf(archived(press.data(), said), len(pages), (), _missing(analysis, flow.faces))


def _missing(analysis: Analysis, faces: FaceSet) -> tuple[Missing, ...]:
    texts = [analysis.title, *(one.text for one in analysis.paragraphs)]
    texts += [text for chart in analysis.charts for text in (chart.title, *(bar.name for bar in chart.bars))]
    found = dict.fromkeys(char for text in texts for char in missing_in(text, faces))
    return tuple(Missing(char, "分析材料") for char in found)


def _story(analysis: Analysis, flow: PageFlow) -> Iterator[Flowable]:
    for row in title_lines(analysis.title, flow.width / flow.layout.title_size):
        title = ChineseParagraph([Run(row, Face.TITLE)], flow.title, "H1")
        title.keepWithNext = True
        yield title
    yield Spacer(flow.width, flow.leading)
    for number, paragraph in enumerate(analysis.paragraphs):
        yield _Text(paragraph, f"p{number}", flow.body)
    if analysis.charts:
        yield _Text(Paragraph(CHARTS, level=1), "charts", flow.body)
    for chart in analysis.charts:
        yield drawn(chart, flow.width, flow.height - 2 * flow.leading, flow.faces)
        yield Spacer(flow.width, _SMALL)


class _Text(ChineseParagraph):
    """A paragraph or a heading; a heading has its entry in the outline and stays with what follows."""

    canv: Press

    def __init__(self, paragraph: Paragraph, key: str, style: Style) -> None:
        super().__init__([Run(paragraph.text, _FACES[paragraph.level])], style, _ROLES[paragraph.level])
        self._level, self._key = paragraph.level, key
        self.keepWithNext = paragraph.level > 0

    def draw(self) -> None:
        if self._level:
            self.canv.entry(self.runs[0].text, self._key, self._level - 1, self.height)
        super().draw()


def drawn(chart: ChartFigures, width: float, height: float, faces: FaceSet = BUNDLED) -> BarCharts:
    """A chart with its caption, as wide as `width` and drawn smaller only if it were higher than `height` (points)."""

    def bars(name: str, values: tuple[object, ...]) -> Bars:
        return Bars(name, tuple(Amount(value, True) for value in values))  # type: ignore[arg-type]

    whole = None if chart.total is None else bars(chart.total.name, chart.total.values)
    made = Chart(chart.title, chart.unit, tuple(bars(one.name, one.values) for one in chart.bars), whole)
    return BarCharts([made], chart.years, [chart.caption], width, height, faces)


def chart_picture(
    chart: ChartFigures, width: float, layout: Layout | None = None
) -> tuple[bytes, float, str]:
    """A chart as a PNG in grey, so many points wide; its height in points, and what it shows in words."""
    from gxeditor.paper.raster import PageImages

    layout = replace(layout or default_layout(), page_number="none", draft=False)
    flow = PageFlow(layout, choose_faces(layout.faces)).plain
    press = Press(flow)
    flowable = drawn(chart, min(width, flow.width), flow.height, flow.faces)
    with press.page(1):
        flowable.drawOn(press, 0, flow.height - flowable.height)
    left, top = flow.left(1), layout.margins.top * MM
    scale = _DPI / 72
    with PageImages(press.data()) as images:
        first = int(top * scale)
        page = images.render(0, _DPI, grey=True, rows=range(first, int((top + flowable.height) * scale) + 1))
    assert page.width <= PAGE[0] * MM * scale + 1
    begin, end = int(left * scale), int((left + flowable.width) * scale) + 1
    rows = [page.data[at + begin : at + end] for at in range(0, page.height * page.stride, page.stride)]
    return _png(rows), flowable.height, flowable.said


def _png(rows: list[bytes]) -> bytes:
    """Rows of grey pixels, a byte each, as a PNG (ISO/IEC 15948); the program ships no Pillow."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
