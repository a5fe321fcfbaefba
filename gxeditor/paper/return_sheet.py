"""The 退回意见 on paper, A4 upright: what a unit is asked to mend, with room to answer, one sheet a unit.

Knows how the sheet is set, that its table's head is repeated overleaf, that its signatures stay together, and that the
pages of each sheet are counted by themselves, since sheets set in one file are handed out one by one. What is said is
`core.rollup.returning`'s; the tables are those of the 校验报告 (`check_report`), and the file is an archive's
(`archive`). Equal sheets give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from gxeditor.core.errors import Cancelled
from gxeditor.core.rollup.returning import (
    ANSWER,
    ANSWER_HOW,
    COLUMNS,
    REPORT_ALL,
    SIGNED,
    TITLE,
    ReturnSheet,
    in_lines,
)
from gxeditor.paper.archive import Said, archival
from gxeditor.paper.check_report import Setter, draw_foot
from gxeditor.paper.faces import Face, choose_faces
from gxeditor.paper.flowables import Flowable, Spacer
from gxeditor.paper.layouts import MM, Margins, default_layout
from gxeditor.paper.pages import Pdf
from gxeditor.paper.pdf import Archived
from gxeditor.paper.sheet import PageFlow, Press, lines_of, make_up
from gxeditor.paper.tags import Part
from gxeditor.paper.typeset import ChineseParagraph, Run, draw_lines
from gxeditor.workbook.own import no_report

_MARGINS = Margins(top=19, left=19, right=19, bottom=22)  # mm (LOOK-3, 20); the foot stands in the last
_TITLE, _SUBTITLE, _TEXT, _TABLE = 18.0, 11.0, 11.0, 10.5  # points
_LEADING = 1.7
HEAD_WIDTHS = (25.0, 71.0, 25.0, 51.0)
WIDTHS = (17.0, 33.0, 31.0, 33.0, 35.0, 23.0)
"""Of the columns, in mm on a block of 172: what is asked is longest, and an answer is written by hand."""
_BOX = 27 * MM  # to answer in: three lines of handwriting
_INSIDE = 6.0  # points between the box and its words


def make_return_sheets(
    sheets: Sequence[ReturnSheet],
    *,
    faces: Mapping[str, str] = MappingProxyType({}),
    cancelled: Callable[[], bool] = lambda: False,
    archived: Archived = archival,
) -> Pdf:
    """The sheets as one PDF/A-2b, each beginning a page. `faces` names families as a layout does.

    `archived` is as for `pdf.set_pages`. Raises `Cancelled` soon after `cancelled` says so, `ValueError` for no sheet,
    and `NotArchival` for a bug.
    """
    if not sheets:
        raise ValueError("no sheet, no page")
    layout = replace(
        default_layout(), margins=_MARGINS, page_number="none", outline=len(sheets) > 1, faces=faces
    )
    flow = PageFlow(layout, choose_faces(layout.faces)).plain
    press = Press(flow)
    setter = Setter(flow, _TABLE, plain=True)
    total = 0
    for number, sheet in enumerate(sheets):
        pages = make_up(
            list(_story(sheet, setter, f"sheet{number}", listed=len(sheets) > 1)), flow, cancelled
        )
        for at, page in enumerate(pages, 1):
            if cancelled():
                raise Cancelled
            total += 1
            with press.page(total):
                for flowable, top in page:
                    flowable.drawOn(press, 0, flow.height - top - flowable.height)
                about = (
                    sheet.basis
                    if len(pages) == 1
                    else f"{sheet.name}　文件识别码 {dict(sheet.head)['文件识别码']}"
                )
                draw_foot(press, about, f"第 {at} 页，共 {len(pages)} 页")
    only = sheets[0] if len(sheets) == 1 else None
    said = Said(
        title=f"{only.name}{TITLE}" if only else f"{TITLE}（{len(sheets)} 家）",
        agency=sheets[0].office,
        subject=TITLE,
        key_words=no_report(TITLE),
        date=sheets[0].day,
        structure=press.structure,
    )
    return Pdf(archived(press.data(), said), total, (), setter.missing())


def _story(sheet: ReturnSheet, setter: Setter, key: str, *, listed: bool) -> Iterator[Flowable]:
    flow = setter.flow
    setter.remember(sheet.name)
    yield _Title(sheet.name if listed else "", key, flow)
    yield Spacer(flow.width, 2)
    yield from setter.text(sheet.subtitle, Face.SONG, _SUBTITLE, "center")
    yield Spacer(flow.width, 12)
    head = [(*sheet.head[at], *sheet.head[at + 1]) for at in range(0, len(sheet.head), 2)]
    yield setter.table(HEAD_WIDTHS, None, head, names=(0, 2))
    yield Spacer(flow.width, 10)
    for phrase in sheet.opening:
        setter.remember(phrase.text)
    runs = [Run(phrase.text, Face.HEI if phrase.strong else Face.SONG) for phrase in sheet.opening]
    style = replace(flow.style(_TEXT, _TEXT * _LEADING, "left"), indent=2)
    opening = ChineseParagraph(runs, style)
    yield opening
    yield Spacer(flow.width, 6)
    most = (WIDTHS[1] * MM - 8) / _TABLE
    rows = [
        (f"{row.number}\n{row.mark}", in_lines(row.place, most), row.stands, row.should, row.ask, "")
        for row in sheet.rows
    ]
    yield setter.table(WIDTHS, COLUMNS, rows, ("center", "left", "left", "left", "left", "left"))
    yield Spacer(flow.width, 8)
    for part in (
        ChineseParagraph([Run(REPORT_ALL, Face.SONG)], replace(style, align="justify")),
        Spacer(flow.width, 8),
    ):
        part.keepWithNext = True  # a page with nothing but room to sign would look like another paper
        yield part
    setter.remember(sheet.office)
    yield _Closing(sheet, flow)


class _Title(Flowable):
    """年度报告退回意见, with an entry in the outline that names the unit where there are several sheets."""

    canv: Press

    def __init__(self, entry: str, key: str, flow: PageFlow) -> None:
        super().__init__()
        self._entry, self._key, self._flow = entry, key, flow
        self._style = flow.style(_TITLE, _TITLE * 1.4, "center")
        self._tag = Part("H1")

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = self._flow.width, self._style.leading
        return self.width, self.height

    def draw(self) -> None:
        if self._entry:
            self.canv.entry(self._entry, self._key, 0, self.height)
        lines = lines_of((Run(TITLE, Face.TITLE),), self._style, self.width)
        with self.canv.part(self._tag):
            draw_lines(self.canv, lines, self._style, Face.TITLE, 0, self.height)


class _Closing(Flowable):
    """The box for an answer, the line for signatures, who sends it and when: never parted by the end of a page."""

    canv: Press

    def __init__(self, sheet: ReturnSheet, flow: PageFlow) -> None:
        super().__init__()
        self._sheet, self._flow = sheet, flow
        self._line = _TEXT * _LEADING
        self._left = flow.style(_TEXT, self._line)
        self._right = flow.style(_TEXT, self._line, "right")
        self._box = Part("P")
        self._signed = [Part("P") for _ in SIGNED]
        self._sent = [Part("P"), Part("P")]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = self._flow.width
        self.height = _BOX + 1.2 * self._line + self._line + 2.2 * self._line + 2 * self._line
        return self.width, self.height

    def draw(self) -> None:
        canvas, top = self.canv, self.height
        canvas.setLineWidth(0.5)
        canvas.rect(0, top - _BOX, self.width, _BOX, stroke=1, fill=0)
        small = self._flow.style(_TABLE, _TABLE * _LEADING)
        words = lines_of((Run(ANSWER, Face.HEI), Run(ANSWER_HOW, Face.SONG)), small, self.width - 2 * _INSIDE)
        with canvas.part(self._box):
            draw_lines(canvas, words, small, Face.SONG, _INSIDE, top - _INSIDE / 2)
        top -= _BOX + 1.2 * self._line
        for part, text, place in zip(self._signed, SIGNED, (0.0, 0.36, 1.0), strict=True):
            style = self._right if place == 1 else self._left
            x = 0.0 if place == 1 else place * self.width
            with canvas.part(part):
                draw_lines(
                    canvas, lines_of((Run(text, Face.SONG),), style, self.width - x), style, Face.SONG, x, top
                )
        top -= self._line + 2.2 * self._line
        for part, text in zip(self._sent, (self._sheet.office, self._sheet.day), strict=True):
            if text:
                lines = lines_of((Run(text, Face.SONG),), self._right, self.width)
                with canvas.part(part):
                    draw_lines(canvas, lines[:1], self._right, Face.SONG, 0, top)
            top -= self._line
