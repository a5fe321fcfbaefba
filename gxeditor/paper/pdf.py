"""Report → PDF, set like an official document (GB/T 9704-2012) with the tables drawn as on the statutory form.

Knows the order of the parts and what is kept together. The file holds only embedded subset faces, text that can be
searched and copied, an outline entry for each part, and no date but the report's: equal reports give equal bytes. How
Chinese is set is known by `typeset`, the page by `sheet`, the tables by `tables`, what a 校对稿 adds by `proof`; saving
the bytes is the caller's. Nothing in a report or a layout makes it fail: what is too long goes on, what is too wide is
set smaller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from gxeditor.core.errors import Cancelled
from gxeditor.core.fields import FIELDS, NOTES
from gxeditor.core.report import Paragraph, Report, paragraphs
from gxeditor.core.text import held
from gxeditor.paper.archive import Mark, Said, archival, described
from gxeditor.paper.faces import Face, choose_faces
from gxeditor.paper.flowables import Flowable, Spacer
from gxeditor.paper.layouts import MM, PAGE, Layout, default_layout
from gxeditor.paper.pages import Missing, PageSpot, Pdf
from gxeditor.paper.sheet import Page, PageFlow, Press, lines_of, make_up, settle
from gxeditor.paper.tables import drawn_table, note_style
from gxeditor.paper.tags import Part
from gxeditor.paper.titles import sealed_room, sealed_space, signature_lines, signed_room, title_lines
from gxeditor.paper.typeset import ChineseParagraph, Run, SetLine, SetPiece, Style, draw_lines
from gxeditor.paper.typeset import missing_characters as missing_in
from gxeditor.workbook.own import APPENDIX, ATTACHMENT, COVER, key_words, mark

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
        return [*([] if cover else _title(report.title, there)), *_story(report, there, covered=bool(cover))]

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
        structure=press.structure,
    )
    return Pdf(archived(data, said), pages, tuple(press.spots), missing_characters(report, layout))


def missing_characters(report: Report, layout: Layout | None = None) -> tuple[Missing, ...]:
    """What the PDF would show as 〓, in the order of the report, each character once a place."""
    faces = choose_faces((layout or default_layout()).faces)
    return tuple(Missing(char, place) for place, text in _texts(report) for char in missing_in(text, faces))


def _marks(report: Report, spots: Sequence[PageSpot], text: range, pages: int) -> Mapping[str, Mark]:
    """Where title, headings, 附件说明, signature and date begin, and which pages are no part (`workbook.own`).

    `text` are the pages of the report: before them comes its cover, behind them what is added to it.
    """
    top = PAGE[1] * MM
    notes = {one.name for one in NOTES.values()}
    keys = {section.key for section in report.form.sections}
    marks: dict[str, Mark] = {mark(COVER): (0, 0.0, top)} if text.start else {}
    if text.stop < pages:
        marks[mark(APPENDIX)] = text.stop, 0.0, top
    lines: dict[str, int] = {}
    for spot in spots:
        at = spot.page, spot.x, top - spot.y
        line, part = lines.get(spot.target, 0), spot.part
        if spot.target in keys and spot.paragraph is None:
            marks[mark(f"heading_{spot.target}")] = at
        elif spot.target in notes:
            marks[mark(spot.target, line)], lines[spot.target] = at, line + 1
        elif spot.target in ("title", "signature", "date", ATTACHMENT):
            marks[mark(spot.target, line - bool(part), part)] = at
            lines[spot.target] = line + (not part)
    return marks


def _texts(report: Report) -> Iterator[tuple[str, str]]:
    """Every text that comes from the report, with its place."""
    yield from _fields(report, "front")
    for section in report.form.sections:
        for cell in section.table.cells if section.table is not None else ():
            entry = report.value(cell.id)
            if isinstance(entry, str):
                yield f"「{cell.place}」", entry
        if note := report.note(section.key):
            yield NOTES[section.key].word, note
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


def _story(report: Report, flow: PageFlow, *, covered: bool) -> list[Flowable]:
    """The report; `covered` says that a cover bears its title."""
    story = _prose(report.preamble, "preamble", flow)
    for section in report.form.sections:
        parts: list[Flowable] = []
        if section.table is not None:
            parts += drawn_table(section.table, report, flow, _note(report, section.key, flow))
        parts += _prose(report.sections.get(section.key, ""), section.key, flow)
        if section is report.form.sections[-1]:
            parts = _with_closing(parts, report, flow, covered=covered)
        heading = _Heading(section.heading, section.key, flow)
        heading.keepWithNext = bool(parts)
        story += [heading, *parts]
    return story


def _appendix(report: Report, prior: Report | None, flow: PageFlow) -> list[Flowable]:
    """The charts, on a page of their own: 「附件」 in the first line, its title in the third (GB/T 9704, 7.3.7)."""
    from gxeditor.paper.charts import TITLE, Charts

    head = _Heading("附件", "charts", flow, style=replace(flow.body, indent=0), entry=f"附件：{TITLE}")
    title = [*_title_rows(TITLE, flow, "charts_title")]
    height = _height(title, flow)
    above = 2 * flow.leading + flow.on_grid(height)
    charts = Charts(report, prior, flow.width, flow.height - above, flow.faces)
    below = Spacer(flow.width, flow.on_grid(height) - height)
    return [head, Spacer(flow.width, flow.leading), *title, below, charts]


class _Prose(ChineseParagraph):
    """A paragraph of the report that remembers where it is drawn."""

    canv: Press

    def __init__(
        self,
        runs: Sequence[Run],
        style: Style,
        target: str,
        paragraph: int | None = None,
        row: int = 0,
        *,
        role: str = "P",
    ) -> None:
        super().__init__(runs, style, role)
        self.target, self.paragraph, self.row = target, paragraph, row
        self.number = 0  # of the part, where it is divided

    def lines(self, width: float) -> tuple[SetLine, ...]:
        if self._set_for != width:
            self._lines, self._set_for = lines_of(self.runs, self.style, width), width
        return self._lines

    def part(self, lines: Sequence[SetLine]) -> _Prose:
        part = _Prose(self.runs, self.style, self.target, self.paragraph, self.row)
        part._lines, part._set_for, part.tag = tuple(lines), self._set_for, self.tag
        part.number = self.number if lines[0] is self._lines[0] else self.number + 1
        return part

    def _draw_text(self) -> None:
        text = "".join(run.text for run in self.runs)
        if not _ADDRESS.search(text):
            super().draw()
            return
        leading, face = self.style.leading, self.runs[0].face
        for number, line, address, link in _linked(self._lines, text):
            top = self.height - number * leading
            left = line.left + line.pieces[0].x
            frame = left, top - leading, line.right - left, leading
            if link is None:  # between links text has parts of its own, so that all are in their order
                self.tag.kids.append(span := Part("Span"))
            with (
                self.canv.link(link, address, frame, self.tag)
                if link
                else self.canv.part(span, within=self.tag)
            ):
                draw_lines(self.canv, [line], self.style, face, 0, top)

    def draw(self) -> None:
        marks = self.canv.marks
        if marks is not None:
            marks.shade(self.canv, self.target, self.paragraph, (0, 0, self.width, self.height))
        if self.number == 0 and self.runs[0].face is Face.KAI:
            heading = self.runs[0].text.strip().rstrip("。：:")
            self.canv.entry(heading, f"{self.target}.{self.paragraph}", 1, self.height)
        self._draw_text()
        self.canv.spot(self.target, self.width, self.height, self.paragraph, part=self.row)
        if marks is not None:
            height = self.height if self.paragraph is None else 2 * self.height - self.style.leading
            marks.beside(self.canv, self.target, self.paragraph, height / 2)


def _linked(lines: Sequence[SetLine], text: str) -> Iterator[tuple[int, SetLine, str, Part | None]]:
    """The lines, cut where a web address begins or ends: number, what is cut out, and the address with its link.

    An address that goes on in the next line is one; `text` tells where a blank was left out between two.
    """
    drawn = "".join(piece.text for line in lines for piece in line.pieces)
    found = [
        (one.start(), one.end(), one[0], Part("Link")) for one in _ADDRESS.finditer(drawn) if one[0] in text
    ]
    at = 0
    for number, line in enumerate(lines):
        cut: list[tuple[str, Part | None, list[SetPiece]]] = []
        for piece in line.pieces:
            address, link = next(
                ((web, part) for start, end, web, part in found if start <= at < end), ("", None)
            )
            at += len(piece.text)
            if not cut or cut[-1][1] is not link:
                cut.append((address, link, []))
            cut[-1][2].append(piece)
        for address, link, pieces in cut:
            right = line.left + pieces[-1].x + pieces[-1].width
            web = address if "://" in address else f"http://{address}"
            yield number, SetLine(tuple(pieces), line.left, right), web, link


_ADDRESS = re.compile(r"(?:https?://|www\.)[A-Za-z0-9./?&=_%#:~+,;@!$-]*[A-Za-z0-9/=_#~-]")
"""A web address in prose, without the point or comma behind it."""


def _prose(text: str, target: str, flow: PageFlow) -> list[Flowable]:
    """The paragraphs of a text; headings are kept with what follows."""
    lines = [(number, found) for number, line in enumerate(text.split("\n")) for found in paragraphs(line)]
    parts: list[Flowable] = []
    for (number, paragraph), kept in zip(lines, held([found for _, found in lines]), strict=True):
        role = "P" if paragraph.body else "H3"
        part = _Prose(_runs(paragraph), flow.body, target, number, role=role)
        part.keepWithNext = kept
        parts.append(part)
    return parts


def _note(report: Report, table: str, flow: PageFlow) -> list[_Prose]:
    """The paragraphs of the note below the table of a section."""
    lines = [(number, line.strip()) for number, line in enumerate(report.note(table).split("\n"))]
    return [
        _Prose([Run(line, Face.SONG)], note_style(flow), NOTES[table].name, number)
        for number, line in lines
        if line
    ]


def _runs(paragraph: Paragraph) -> list[Run]:
    """Headings （一） in 楷体, text in 仿宋 (GB/T 9704, 7.3.3)."""
    runs = [Run(paragraph.heading, Face.KAI), Run(paragraph.body, Face.FANG)]
    return [run for run in runs if run.text]


class _Heading(_Prose):
    """The printed heading of a part, in 黑体 (GB/T 9704, 7.3.3), with its entry in the outline."""

    def __init__(
        self, text: str, key: str, flow: PageFlow, *, style: Style | None = None, entry: str = ""
    ) -> None:
        super().__init__([Run(text, Face.HEI)], style or flow.body, key, role="H2")
        self._text = entry or text

    def draw(self) -> None:
        self.canv.entry(self._text, self.target, 0, self.height)
        super().draw()


def _title_rows(text: str, flow: PageFlow, target: str = "title") -> list[_Prose]:
    size = flow.layout.title_size
    rows = title_lines(text, flow.width / size, lambda char: flow.text_width(char, Face.TITLE, size) / size)
    role = "H1" if target == "title" else "H2"
    set_rows = [_Prose([Run(row, Face.TITLE)], flow.title, target, role=role) for row in rows]
    for row in set_rows[1:]:
        row.tag = set_rows[0].tag
    return set_rows


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
    """Agency and date as they stand on a cover, and then not at the end; a seal is put on them there, so they stay."""
    if report.sealed:
        return []
    style = Style(flow.body.size, flow.leading, align="center", faces=flow.faces)
    return [
        _Prose([Run(row, Face.FANG)], style, target, row=number)
        for target, text in _closing_texts(report, flow)
        for number, row in _signature_rows(text, target, 0.0, flow, sealed=False)
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


def _with_closing(parts: list[Flowable], report: Report, flow: PageFlow, *, covered: bool) -> list[Flowable]:
    """The parts of the last section with 附件说明, signature and date, held together with the last lines of the text.

    What a cover bears is not printed again (`covered`).
    """
    attachment = _attachment(flow) if flow.layout.charts else []
    signed = [] if covered and not report.sealed else _signed(report, flow)
    if len(signed) > _MOST_SIGNED:
        style = Style(flow.body.size, flow.leading, flow.body.pitch, align="right", faces=flow.faces)
        texts = [
            _Prose([Run(line.strip(), Face.FANG)], style, target)
            for target, text in _closing_texts(report, flow)
            for line in text.split("\n")
            if line.strip()
        ]
        return [*_closed(parts, attachment, (), 0, flow), *texts]
    lines = sealed_space(len(signed), flow.leading) if report.sealed else 1
    return _closed(parts, attachment, signed, lines, flow)


_MOST_SIGNED = 8  # lines of a signature that are held together; more are no signature


def _closed(
    parts: list[Flowable], attachment: Sequence[_Prose], signed: Sequence[_Signed], space: int, flow: PageFlow
) -> list[Flowable]:
    if not (attachment or signed):
        return parts
    last = parts[-1] if parts and isinstance(parts[-1], _Prose) else None
    return [*parts[: -1 if last else None], _Closing(last, attachment, signed, space if signed else 0, flow)]


def _attachment(flow: PageFlow) -> list[_Prose]:
    """附件说明 (GB/T 9704, 7.3.4): a single attachment has no number, and no mark stands behind its name."""
    from gxeditor.paper.charts import TITLE

    return [_Prose([Run(f"附件：{TITLE}", Face.FANG)], flow.body, ATTACHMENT)]


def _signature_rows(
    text: str, target: str, date: float, flow: PageFlow, *, sealed: bool
) -> Iterator[tuple[int, str]]:
    """The rows of a signature or date, each with its number in its line: a long name is divided as titles are.

    `date` is the width of the date in ems.
    """
    em = flow.body.size

    def width(char: str) -> float:
        return flow.text_width(char, Face.FANG, em) / em

    for line in filter(None, (line.strip() for line in text.split("\n"))):
        rows = [line]
        if target == "signature":
            rows = signature_lines(line, date, flow.width / em, sealed=sealed, width=width)
        yield from enumerate(rows)


class _Signed(NamedTuple):
    """A line of signature or date, where it begins, which it is, and its number if its text is on several lines."""

    x: float
    line: SetLine
    target: str
    row: int


def _signed(report: Report, flow: PageFlow) -> list[_Signed]:
    """Signature and date in their places, see `signed_room` and `sealed_room`."""
    em = flow.body.size
    style = Style(em, flow.leading, flow.body.pitch, align="left", faces=flow.faces)
    rows: dict[str, list[tuple[int, SetLine]]] = {"signature": [], "date": []}
    after = 0.0
    for target, text in reversed(_closing_texts(report, flow)):
        for number, row in _signature_rows(text, target, after, flow, sealed=report.sealed):
            set_rows = lines_of((Run(row, Face.FANG),), style, flow.width - 4 * em)
            rows[target] += [(number + more, line) for more, line in enumerate(set_rows)]
        after = max((line.right / em for _, line in rows[target]), default=0.0)
    widths = [[line.right / em for _, line in rows[target]] for target in ("signature", "date")]
    rooms = (sealed_room if report.sealed else signed_room)(*widths)
    lines = ((target, *one) for target, found in rows.items() for one in found)
    return [
        _Signed(flow.width - room * em - line.right, line, target, number)
        for (target, number, line), room in zip(lines, rooms, strict=True)
    ]


class _Closing(Flowable):
    """The last paragraph, 附件说明, signature and date: no page begins with the signature alone."""

    canv: Press

    def __init__(
        self,
        paragraph: _Prose | None,
        attachment: Sequence[_Prose],
        signed: Sequence[_Signed],
        space: int,
        flow: PageFlow,
    ) -> None:
        super().__init__()
        self._paragraph, self._attachment, self._signed = paragraph, tuple(attachment), tuple(signed)
        self._space, self._flow = space, flow

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        leading = self._flow.leading
        text = self._paragraph.wrap(width, height)[1] if self._paragraph is not None else 0.0
        named = sum(one.wrap(width, height)[1] for one in self._attachment)
        lines = self._space + len(self._signed) + bool(self._attachment)
        self.closing = named + lines * leading
        self.width, self.height = width, text + self.closing
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        if self._paragraph is None:
            return []
        lines = self._paragraph.lines(width)
        room = min(int((height + 0.01) // self._flow.leading), len(lines) - 2)
        if room < 2:
            return []
        rest = self._paragraph.part(lines[room:])
        return [
            self._paragraph.part(lines[:room]),
            _Closing(rest, self._attachment, self._signed, self._space, self._flow),
        ]

    def draw(self) -> None:
        top, leading = self.height, self._flow.leading
        if self._paragraph is not None:
            top -= self._paragraph.height
            self._paragraph.drawOn(self.canv, 0, top)
        for number, one in enumerate(self._attachment):
            top -= one.height + (0 if number else leading)
            one.drawOn(self.canv, 0, top)
        top -= self._space * leading
        for x, line, target, row in self._signed:
            marks = self.canv.marks
            if marks is not None:
                marks.shade(self.canv, target, None, (x, top - leading, line.right, leading))
            with self.canv.part(Part("P")):
                draw_lines(self.canv, [line], self._flow.body, Face.FANG, x, top)
            self.canv.spot(target, line.right, leading, x=x, y=top - leading, part=row)
            if marks is not None:
                marks.beside(self.canv, target, None, top - leading / 2)
            top -= leading
