"""Report → PDF, set like an official document (GB/T 9704-2012) with the tables drawn as on the statutory form.

Knows the order of the parts and what is kept together. The file holds only embedded subset faces, text that can be
searched and copied, an outline entry for each part, and no date but the report's: equal reports give equal bytes. How
Chinese is set is known by `typeset`, the page by `sheet`, the tables by `tables`, what a 校对稿 adds by `proof`; saving
the bytes is the caller's. Nothing in a report or a layout makes it fail: what is too long goes on, what is too wide is
set smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gxeditor.core.errors import Cancelled
from gxeditor.core.fields import FIELDS
from gxeditor.core.report import Paragraph, Report, paragraphs
from gxeditor.core.text import held
from gxeditor.paper.archive import Mark, Said, archival, described
from gxeditor.paper.faces import Face, choose_faces
from gxeditor.paper.flowables import Flowable, Spacer
from gxeditor.paper.layouts import MM, PAGE, Layout, default_layout
from gxeditor.paper.pages import Missing, PageSpot, Pdf
from gxeditor.paper.sheet import Page, PageFlow, Press, lines_of, make_up, settle
from gxeditor.paper.tables import drawn_table
from gxeditor.paper.titles import signed_room, title_lines
from gxeditor.paper.typeset import UNBROKEN, ChineseParagraph, Run, SetLine, Style, draw_lines
from gxeditor.paper.typeset import missing_characters as missing_in
from gxeditor.workbook.own import APPENDIX, COVER, key_words, mark

if TYPE_CHECKING:
    from gxeditor.core.checks.findings import Findings

__all__ = ["Missing", "PageSpot", "Pdf", "make_pdf", "missing_characters", "set_pages"]

_TITLE_SPACE = 20  # points between title and text, at least
_COVER_TITLE, _COVER_FOOT = 0.3, 0.12  # of the block: above the title, below the date
_COVER_ROOM = 0.4  # of the block: a longer title, or one without room above the date, stands over the text


Archived = Callable[[bytes, Said], bytes]
"""What makes a drawn file one for archives."""


def make_pdf(
    report: Report,
    layout: Layout | None = None,
    *,
    findings: Findings | None = None,
    prior: Report | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Pdf:
    """The pages that `set_pages` sets, approved by the archive's validator; raises as it, and `NotArchival`."""
    return set_pages(report, layout, findings=findings, prior=prior, cancelled=cancelled, archived=archival)


def set_pages(
    report: Report,
    layout: Layout | None = None,
    *,
    findings: Findings | None = None,
    prior: Report | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    archived: Archived = described,
) -> Pdf:
    """The report as a PDF/A-2b in a layout, by default 公文; with `findings` the 校对稿 of the same pages.

    `prior` is last year's report, for the charts. What is drawn becomes a file by `archived`; unless that asks, the
    validator has not been asked, as is enough for the screen. Raises `Cancelled` soon after `cancelled` says so, what
    `archived` raises, and `GxError` only for a bug: a file that the program ships is missing.
    """
    layout = layout or default_layout()
    flow = PageFlow(layout, choose_faces(layout.faces))
    cover = _cover(report, flow)

    def told(there: PageFlow) -> list[Flowable]:
        return [*([] if cover else _title(report.title, there)), *_story(report, there)]

    flow, text = settle(told, flow, cancelled)
    press = Press(flow)
    proof = None
    if findings is not None:
        from gxeditor.paper.proof import Proof

        proof = Proof(report, findings, flow)
    press.marks = proof
    if cover:
        _draw_cover(press, report, cover)
    before = press.getPageNumber() - 1
    count = _print(press, text, 0, cancelled)
    appendix = press.getPageNumber() - 1
    press.flow = flow.plain
    if layout.charts:
        charts = make_up(_appendix(report, prior, flow.plain), flow.plain, cancelled)
        count = _print(press, charts, count, cancelled)
    if proof is not None:
        listed = make_up(proof.story(press.spots, before), flow.plain, cancelled)
        _print(press, listed, count, cancelled)
    data = press.data()
    if cancelled():
        raise Cancelled
    pages = press.getPageNumber() - 1
    said = Said(
        title=report.title,
        agency=report.agency,
        subject=report.form.title,
        date=report.date,
        key_words=key_words(report.kind.word, report.year),
        marks=_marks(report, press.spots, range(before, appendix), pages),
    )
    return Pdf(archived(data, said), pages, tuple(press.spots), missing_characters(report, layout))


def missing_characters(report: Report, layout: Layout | None = None) -> tuple[Missing, ...]:
    """What the PDF would show as 〓, in the order of the report, each character once a place."""
    faces = choose_faces((layout or default_layout()).faces)
    return tuple(Missing(char, place) for place, text in _texts(report) for char in missing_in(text, faces))


def _marks(report: Report, spots: Sequence[PageSpot], text: range, pages: int) -> Mapping[str, Mark]:
    """Where title, headings, signature and date begin, and which pages are no part of the report (`workbook.own`).

    `text` are the pages of the report: before them comes its cover, behind them what is added to it.
    """
    top = PAGE[1] * MM
    keys = {section.key for section in report.form.sections}
    marks: dict[str, Mark] = {mark(COVER): (0, 0.0, top)} if text.start else {}
    if text.stop < pages:
        marks[mark(APPENDIX)] = text.stop, 0.0, top
    lines: dict[str, int] = {}
    for spot in spots:
        at = spot.page, spot.x, top - spot.y
        if spot.target in keys and spot.paragraph is None:
            marks[mark(f"heading_{spot.target}")] = at
        elif spot.target == "title" or (spot.target in ("signature", "date") and spot.page in text):
            marks[mark(spot.target, lines.get(spot.target, 0))] = at
            lines[spot.target] = lines.get(spot.target, 0) + 1
    return marks


def _texts(report: Report) -> Iterator[tuple[str, str]]:
    """Every text that comes from the report, with its place."""
    yield from _fields(report, "front")
    for section in report.form.sections:
        for cell in section.table.cells if section.table is not None else ():
            entry = report.value(cell.id)
            if isinstance(entry, str):
                yield f"「{cell.place}」", entry
        prose = paragraphs(report.sections.get(section.key, ""))
        yield from ((f"「{section.heading}」第 {n} 段", p.text) for n, p in enumerate(prose, 1))
    yield from _fields(report, "end")


def _fields(report: Report, where: str) -> Iterator[tuple[str, str]]:
    for one in FIELDS:
        if one.printed == where and one.prose:
            texts = enumerate(paragraphs(one.show(report)), 1)
            yield from ((f"{one.printed_word}第 {n} 段", p.text) for n, p in texts)
        elif one.printed == where:
            yield one.printed_word, report.shown(one)


def _print(press: Press, pages: Sequence[Page], before: int, cancelled: Callable[[], bool]) -> int:
    """Draw pages; the number of the last one. `before` pages are numbered already."""
    for number, page in enumerate(pages, before + 1):
        if cancelled():
            raise Cancelled
        with press.page(number):
            for flowable, top in page:
                flowable.drawOn(press, 0, press.flow.height - top - flowable.height)
    return before + len(pages)


# ---- the parts in order ----------------------------------------------------------------------------------------


def _story(report: Report, flow: PageFlow) -> list[Flowable]:
    story = _prose(report.preamble, "preamble", flow)
    for section in report.form.sections:
        parts: list[Flowable] = []
        if section.table is not None:
            parts += drawn_table(section.table, report, flow, flow.layout.footnotes.get(section.key, ""))
        parts += _prose(report.sections.get(section.key, ""), section.key, flow)
        if section is report.form.sections[-1]:
            parts = _with_closing(parts, report, flow)
        heading = _Heading(section.heading, section.key, flow)
        heading.keepWithNext = bool(parts)
        story += [heading, *parts]
    return story


def _appendix(report: Report, prior: Report | None, flow: PageFlow) -> list[Flowable]:
    """The charts, on a page of their own."""
    from gxeditor.paper.charts import HEADING as CHARTS
    from gxeditor.paper.charts import Charts

    charts = Charts(report, prior, flow.width, flow.height - flow.leading, flow.faces)
    heading = _Heading(CHARTS, "charts", flow)
    heading.keepWithNext = True
    return [heading, charts]


class _Prose(ChineseParagraph):
    """A paragraph of the report that remembers where it is drawn."""

    canv: Press

    def __init__(self, runs: Sequence[Run], style: Style, target: str, paragraph: int | None = None) -> None:
        super().__init__(runs, style)
        self.target, self.paragraph = target, paragraph

    def lines(self, width: float) -> tuple[SetLine, ...]:
        if self._set_for != width:
            self._lines, self._set_for = lines_of(self.runs, self.style, width), width
        return self._lines

    def part(self, lines: Sequence[SetLine]) -> _Prose:
        part = _Prose(self.runs, self.style, self.target, self.paragraph)
        part._lines, part._set_for = tuple(lines), self._set_for
        return part

    def draw(self) -> None:
        marks = self.canv.marks
        if marks is not None:
            marks.shade(self.canv, self.target, self.paragraph, (0, 0, self.width, self.height))
        super().draw()
        self.canv.spot(self.target, self.width, self.height, self.paragraph)
        if marks is not None:
            height = self.height if self.paragraph is None else 2 * self.height - self.style.leading
            marks.beside(self.canv, self.target, self.paragraph, height / 2)


def _prose(text: str, target: str, flow: PageFlow) -> list[Flowable]:
    """The paragraphs of a text; headings are kept with what follows."""
    lines = [(number, found) for number, line in enumerate(text.split("\n")) for found in paragraphs(line)]
    parts: list[Flowable] = []
    for (number, paragraph), kept in zip(lines, held([found for _, found in lines]), strict=True):
        part = _Prose(_runs(paragraph), flow.body, target, number)
        part.keepWithNext = kept
        parts.append(part)
    return parts


def _runs(paragraph: Paragraph) -> list[Run]:
    """Headings （一） in 楷体, text in 仿宋 (GB/T 9704, 7.3.3)."""
    runs = [Run(paragraph.heading, Face.KAI), Run(paragraph.body, Face.FANG)]
    return [run for run in runs if run.text]


class _Heading(_Prose):
    """The printed heading of a part, in 黑体 (GB/T 9704, 7.3.3), with its entry in the outline."""

    def __init__(self, text: str, key: str, flow: PageFlow) -> None:
        super().__init__([Run(text, Face.HEI)], flow.body, key)
        self._text = text

    def draw(self) -> None:
        _, top = self.canv.absolutePosition(0, self.height)
        self.canv.bookmarkPage(self.target, fit="XYZ", left=0, top=top)
        self.canv.addOutlineEntry(self._text, self.target, 0)
        super().draw()


def _title_rows(text: str, flow: PageFlow) -> list[_Prose]:
    size = flow.layout.title_size
    rows = title_lines(text, flow.width / size, lambda char: flow.text_width(char, Face.TITLE, size) / size)
    return [_Prose([Run(row, Face.TITLE)], flow.title, "title") for row in rows]


def _title(text: str, flow: PageFlow) -> list[Flowable]:
    """The title, 小标宋 centred (GB/T 9704, 7.3.1), with blank below up to the next line of the page."""
    rows = _title_rows(text, flow)
    if not rows:
        return []
    # The ink of its first line begins where that of a line of text would.
    above = flow.over - flow.above(flow.title.size, flow.title.leading)
    height = above + _height(rows, flow)
    return [
        Spacer(flow.width, above),
        *rows,
        Spacer(flow.width, flow.on_grid(height + _TITLE_SPACE) - height),
    ]


def _cover(report: Report, flow: PageFlow) -> list[_Prose]:
    """The lines of the title on a cover; none if there is to be no cover."""
    rows = _title_rows(report.title, flow) if flow.layout.cover else []
    height = _height(rows, flow)
    below = _height(_cover_foot(report, flow), flow) + flow.leading if rows else 0.0
    fits = height <= flow.height * _COVER_ROOM
    return rows if fits and height + below <= flow.height * (1 - _COVER_TITLE - _COVER_FOOT) else []


def _height(rows: Sequence[_Prose], flow: PageFlow) -> float:
    return sum(row.wrap(flow.width, flow.height)[1] for row in rows)


def _cover_foot(report: Report, flow: PageFlow) -> list[_Prose]:
    """Agency and date as they stand on a cover."""
    style = Style(flow.body.size, flow.leading, align="center", faces=flow.faces)
    return [
        _Prose([Run(line.strip(), Face.FANG)], style, target)
        for target, text in _closing_texts(report, flow)
        for line in text.split("\n")
        if line.strip()
    ]


def _draw_cover(press: Press, report: Report, title: Sequence[_Prose]) -> None:
    """A page with the title, and below it agency and date; blank behind, where sheets are printed on both sides."""
    flow = press.flow
    with press.page(None):
        top = flow.height * (1 - _COVER_TITLE)
        for row in title:
            top -= row.height
            row.drawOn(press, 0, top)
        rows = _cover_foot(report, flow)
        top = flow.height * _COVER_FOOT + _height(rows, flow)
        for row in rows:  # from above, which is the order in which a page is read aloud and copied
            top -= row.height
            row.drawOn(press, 0, top)
    if flow.layout.mirrored:
        press.blank_page()


# ---- the end ---------------------------------------------------------------------------------------------------


def _closing_texts(report: Report, flow: PageFlow) -> list[tuple[str, str]]:
    layout = flow.layout
    return [
        ("signature", report.signature if layout.signature else ""),
        ("date", report.date if layout.date else ""),
    ]


def _with_closing(parts: list[Flowable], report: Report, flow: PageFlow) -> list[Flowable]:
    """The parts of the last section with signature and date, held together with the last lines of the text."""
    texts = _closing_texts(report, flow)
    signature, date = (_rows(text, flow) for _, text in texts)
    if not signature + date:
        return parts
    em = flow.body.size
    if len(signature + date) > 4 or max(line.right for line in signature + date) > flow.width - 4 * em:
        style = Style(em, flow.leading, flow.body.pitch, align="right", faces=flow.faces)
        return [
            *parts,
            *(
                _Prose([Run(line.strip(), Face.FANG)], style, target)
                for target, text in texts
                for line in text.split("\n")
                if line.strip()
            ),
        ]
    last = parts[-1] if parts and isinstance(parts[-1], _Prose) else None
    return [*parts[: -1 if last else None], _Closing(last, _signed(signature, date, flow), flow)]


def _rows(text: str, flow: PageFlow) -> list[SetLine]:
    """Each line of a text set on one line."""
    style = Style(flow.body.size, flow.leading, flow.body.pitch, align="left", faces=flow.faces)
    return [
        line for row in text.split("\n") for line in lines_of((Run(row.strip(), Face.FANG),), style, UNBROKEN)
    ]


_Signed = tuple[float, SetLine, str]
"""A line of signature or date, where it begins, and which it is."""


def _signed(signature: Sequence[SetLine], date: Sequence[SetLine], flow: PageFlow) -> list[_Signed]:
    """The places of signature and date, see `signed_room`."""
    em = flow.body.size
    lines = [*((line, "signature") for line in signature), *((line, "date") for line in date)]
    rooms = signed_room([line.right / em for line in signature], [line.right / em for line in date])
    return [
        (flow.width - room * em - line.right, line, which)
        for (line, which), room in zip(lines, rooms, strict=True)
    ]


class _Closing(Flowable):
    """The last paragraph, an empty line, signature and date: no page begins with the signature alone."""

    canv: Press

    def __init__(self, paragraph: _Prose | None, signed: Sequence[_Signed], flow: PageFlow) -> None:
        super().__init__()
        self._paragraph, self._signed, self._flow = paragraph, tuple(signed), flow

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        text = self._paragraph.wrap(width, height)[1] if self._paragraph is not None else 0.0
        self.width, self.height = width, text + (1 + len(self._signed)) * self._flow.leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        if self._paragraph is None:
            return []
        lines = self._paragraph.lines(width)
        room = min(int((height + 0.01) // self._flow.leading), len(lines) - 2)
        if room < 2:
            return []
        rest = _Closing(self._paragraph.part(lines[room:]), self._signed, self._flow)
        return [self._paragraph.part(lines[:room]), rest]

    def draw(self) -> None:
        top, leading = self.height, self._flow.leading
        if self._paragraph is not None:
            top -= self._paragraph.height
            self._paragraph.drawOn(self.canv, 0, top)
        for x, line, target in self._signed:
            top -= leading
            marks = self.canv.marks
            if marks is not None:
                marks.shade(self.canv, target, None, (x, top - leading, line.right, leading))
            draw_lines(self.canv, [line], self._flow.body, Face.FANG, x, top)
            self.canv.spot(target, line.right, leading, x=x, y=top - leading)
            if marks is not None:
                marks.beside(self.canv, target, None, top - leading / 2)
