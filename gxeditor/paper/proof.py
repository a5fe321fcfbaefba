"""The 校对稿: what is drawn over the pages of a report for whoever proofreads them, and the list of findings behind.

Knows how findings are numbered, tinted and listed. Never takes part in making up the pages, so a 校对稿 has just the
pages of the report. A grey print tells as much: numbers and the shapes ▲ ◆ ○ say what the tints say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from typing import NamedTuple

from gxeditor.core.checks import anchors
from gxeditor.core.checks.anchors import Anchor, Field, Span, reading_order
from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.rules import EXPLAINED_SIGN, Severity
from gxeditor.core.report import Report
from gxeditor.paper.faces import Face
from gxeditor.paper.flowables import Flowable, Spacer
from gxeditor.paper.layouts import MM, PAGE
from gxeditor.paper.pages import PageSpot
from gxeditor.paper.sheet import Frame, PageFlow, Press, lines_of
from gxeditor.paper.tags import Part
from gxeditor.paper.typeset import UNBROKEN, ChineseParagraph, Run, draw_lines

_TINTS = {
    Severity.ERROR: (1.0, 0.84, 0.82),
    Severity.QUERY: (1.0, 0.93, 0.74),
    Severity.HINT: (0.87, 0.93, 1.0),
}

_CORNERS, _MARGINS, _HEAD = (5.0, 4.0), (8.0, 6.5, 5.0), 9.0
"""Sizes in points: in a cell and beside a row, the first that has room, and above the page."""
_CORNER_TALL, _CORNER_OFF = 0.8, 1.0  # how high figures are, in sizes; how far they keep from rules and text
_EDGE = 5 * MM  # of a sheet, which printers cannot reach
_LIST, _BASIS = 10.5, 9.0
_COLUMN = 16 * MM  # for the numbers of the list
_LEADING = 1.35
_AFTER = 3.0  # points above and below an entry
_GREY = 0.35


_At = tuple[str, int | None]
"""Target and paragraph of a `PageSpot`."""


class _Note(NamedTuple):
    """A finding as numbered: in the order in which a reader meets it."""

    number: int
    finding: Finding
    at: _At
    """Beside what its number stands."""

    @property
    def shape(self) -> str:
        return EXPLAINED_SIGN if self.finding.is_explained else self.finding.severity.sign

    @property
    def tints(self) -> bool:
        """Whether what it marks is tinted; an explanation takes the tint away, not the number."""
        return self.finding.marks and not self.finding.is_explained


class Proof:
    """What a 校对稿 adds to a report; drawn by the tables, headings and pages as they are drawn themselves."""

    def __init__(self, report: Report, findings: Findings, flow: PageFlow) -> None:
        self._flow, self._findings = flow, findings
        self._coverage = coverage(report, findings)
        order = reading_order(report.form)
        met = sorted(findings.findings, key=lambda one: (order(one.where), one.severity.rank))
        self._notes = tuple(_Note(number, one, _at(one.where, report)) for number, one in enumerate(met, 1))
        self._of_cell: dict[str, list[_Note]] = {}
        self._beside: dict[_At, list[_Note]] = {}
        self._told: set[_At] = set()
        self._below: dict[int, float] = {}
        """By page, the lower edge of the numbers in its margin, from the lower edge of the sheet."""
        for note in self._notes:
            self._beside.setdefault(note.at, []).append(note)
            for cell in note.finding.cells if note.tints else ():
                self._of_cell.setdefault(cell, []).append(note)

    def top(self, press: Press) -> None:
        """What stands above every page."""
        style = self._flow.style(_HEAD)
        counts = "　".join(part for part in ("校对稿", self._counts()) if part)
        heads = [f"{counts}　{words}" for words in self._coverage.wordings[1:]]
        fits = (head for head in heads if self._flow.text_width(head, Face.HEI, _HEAD) <= self._flow.width)
        line = lines_of((Run(next(fits, heads[-1]), Face.HEI),), style, UNBROKEN)[0]
        above = min(10 * MM, self._flow.layout.margins.top * MM / 2)
        head = press.flow.height - press.flow.over + above
        draw_lines(press, [line], style, Face.HEI, 0, head + style.leading / 2)

    def _counts(self) -> str:
        counts = [(severity, self._findings.count(severity)) for severity in Severity]
        told = [f"{s.sign} {s.word} {count} 处" for s, count in counts if count]
        if self._coverage.explained:
            told.append(f"{EXPLAINED_SIGN} 已说明 {self._coverage.explained} 处")
        return "　".join(told)

    def tint(self, press: Press, cells: Sequence[tuple[str, Frame]]) -> None:
        """Below the text: the cells that findings mark, each in the tint of the worst."""
        press.saveState()
        for cell, frame in cells:
            if cell in self._of_cell:
                press.setFillColorRGB(*_tint(self._of_cell[cell]))
                press.rect(*frame, stroke=0, fill=1)
        press.restoreState()

    def number(self, press: Press, cells: Sequence[tuple[str, Frame, Frame]]) -> None:
        """Numbers in the corners of marked cells, and beside the row where a finding is decided.

        What finds no room beside the text of its cell stands beside the row, never over the text.
        """
        beside: dict[float, tuple[float, dict[int, _Note]]] = {}
        for cell, frame, ink in cells:
            notes = self._of_cell.get(cell, [])
            crowded = notes and not self._in_corner(press, notes, frame, ink)
            decided = self._beside.get((cell, None), [])
            if decided or crowded:
                _, low, _, height = frame
                said = beside.setdefault(low, (height, {}))[1]
                said |= {note.number: note for note in (*decided, *(notes if crowded else ()))}
        for low, (height, found) in sorted(beside.items(), key=lambda one: -one[0]):
            self._note(press, [found[number] for number in sorted(found)], low + height / 2)

    def _in_corner(self, press: Press, notes: Sequence[_Note], frame: Frame, ink: Frame) -> bool:
        """Draw as many numbers as have room in the upper left corner, the rest as …; whether there is room for one."""
        left, low, width, height = frame
        for shown in range(len(notes), 0, -1):
            text = _listed(notes[:shown], shapes=False) + ("…" if shown < len(notes) else "")
            for size in _CORNERS:
                above = low + height - ink[1] - ink[3] >= size * _CORNER_TALL + _CORNER_OFF / 2
                room = (width if above else ink[0] - left) - 2 * _CORNER_OFF
                if self._flow.text_width(text, Face.SONG, size) <= room:
                    style = self._flow.style(size)
                    line = lines_of((Run(text, Face.SONG),), style, UNBROKEN)[0]
                    draw_lines(press, [line], style, Face.SONG, left + _CORNER_OFF, low + height - 0.5)
                    return True
        return False

    def shade(self, press: Press, target: str, paragraph: int | None, frame: Frame) -> None:
        """Below a paragraph, the title, a line of the signature: the tint of the worst that is said of it."""
        notes = [note for note in self._beside.get((target, paragraph), ()) if note.tints]
        if notes:
            press.saveState()
            press.setFillColorRGB(*_tint(notes))
            press.rect(*frame, stroke=0, fill=1)
            press.restoreState()

    def beside(self, press: Press, target: str, paragraph: int | None, middle: float) -> None:
        """The numbers of what is said of a text, or of the section or report that it heads; where it begins."""
        at = target, paragraph
        if at in self._beside and at not in self._told:
            self._told.add(at)
            self._note(press, self._beside[at], middle)

    def _note(self, press: Press, notes: Sequence[_Note], middle: float) -> None:
        """Numbers in the right margin, about a height but below those above; smaller where there is little room."""
        page = press.getPageNumber()
        margins = self._flow.layout.margins
        mirrored = self._flow.layout.mirrored and page % 2 == 0
        room = (margins.left if mirrored else margins.right) * MM - 3 * MM
        start = press.absolutePosition(0, 0)[1]
        highest = self._below.get(page, PAGE[1] * MM)
        for size in _MARGINS:
            style = self._flow.style(size, size * 1.1)
            rows = self._rows(notes, size, room)
            tall = len(rows) * style.leading
            fits = all(self._flow.text_width(row, Face.SONG, size) <= room for row in rows)
            if fits and highest - tall >= _EDGE:
                break
        kept = max(1, int((highest - _EDGE) // style.leading))
        if len(rows) > kept:  # the list has them all
            rows = [*rows[: kept - 1], "…"]
            tall = kept * style.leading
        top = max(min(highest, start + middle + tall / 2), min(highest, _EDGE + tall))
        lines = [lines_of((Run(row, Face.SONG),), style, UNBROKEN)[0] for row in rows]
        draw_lines(press, lines, style, Face.SONG, self._flow.width + 1.5 * MM, top - start)
        self._below[page] = top - tall

    def _rows(self, notes: Sequence[_Note], size: float, room: float) -> list[str]:
        """Numbers in lines; a shape stays with its numbers."""
        rows = [""]
        for one in _listed(notes).split(" "):
            more = f"{rows[-1]} {one}".strip()
            fits = not rows[-1] or self._flow.text_width(more, Face.SONG, size) <= room
            rows[-1:] = [more] if fits else [rows[-1], one]
        return rows

    def story(self, spots: Iterable[PageSpot], before: int) -> list[Flowable]:
        """The list of findings, on pages of its own behind the report that `spots` tells of.

        `before` counts the pages without number in front of it.
        """
        flow = self._flow.plain
        pages: dict[_At, int] = {}
        for spot in spots:
            pages.setdefault((spot.target, spot.paragraph), spot.page + 1 - before)
        summary = f"检查的范围：{self._coverage.wordings[1]}。"
        if self._notes:
            summary = f"{self._counts()}。编号与正文页边、格内的编号相同。{summary}"
        story: list[Flowable] = [
            _ListHeading([Run("校对意见", Face.HEI)], flow.body, "H2"),
            ChineseParagraph([Run(summary, Face.FANG)], flow.body),
            Spacer(flow.width, flow.leading / 2),
        ]
        return story + [_Entry(note, pages.get(note.at), flow) for note in self._notes]


def _at(where: Anchor, report: Report) -> _At:
    """Beside what an address is printed: what stands on no page by itself, beside the title that is made of it."""
    match where:
        case anchors.Cell(id=cell):
            return cell, None
        case Span(section=text):
            return text, where.paragraph(report)
        case Field(key=("signature" | "date") as key):
            return key, None
        case _:
            return where.page or "title", None


def _tint(notes: Sequence[_Note]) -> tuple[float, float, float]:
    return _TINTS[min((note.finding.severity for note in notes), key=lambda severity: severity.rank)]


def _listed(notes: Sequence[_Note], *, shapes: bool = True) -> str:
    """▲3–5 ◆9: numbers that follow each other are drawn together."""
    runs: list[list[_Note]] = []
    for note in notes:
        if runs and runs[-1][-1].number == note.number - 1 and runs[-1][-1].shape == note.shape:
            runs[-1].append(note)
        else:
            runs.append([note])
    return " ".join(
        (run[0].shape if shapes else "")
        + "–".join(str(n) for n in dict.fromkeys((run[0].number, run[-1].number)))
        for run in runs
    )


class _ListHeading(ChineseParagraph):
    """The heading of the list, with its entry in the outline."""

    canv: Press

    def draw(self) -> None:
        self.canv.entry(self.runs[0].text, "findings", 0, self.height)
        super().draw()


class _Entry(Flowable):
    """One finding of the list: its number, what it says, where it stands and on what it rests.

    Divided only where it is longer than a page.
    """

    canv: Press

    def __init__(self, note: _Note, page: int | None, flow: PageFlow) -> None:
        super().__init__()
        self._number, self._flow, self._tag = _listed([note]), flow, Part("P")
        place = f"第 {page} 页" if page is not None else ""
        basis = "　".join(text for text in (place, note.finding.basis) if text)
        said = note.finding.explanation
        reason = f"{'已说明' if note.finding.is_explained else '原来的说明'}：{said.reason}" if said else ""
        self._lines = [
            (style, grey, line)
            for size, text, grey in (
                (_LIST, note.finding.message, 0.0),
                (_LIST, reason, 0.0),
                (_BASIS, basis, _GREY),
            )
            if text
            for style in (flow.style(size, size * _LEADING, "justify"),)
            for line in lines_of((Run(text, Face.SONG),), style, flow.width - _COLUMN)
        ]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        self.height = sum(style.leading for style, _, _ in self._lines) + 2 * _AFTER
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        if self.wrap(width, height)[1] <= self._flow.height:
            return []
        first, rest = copy(self), copy(self)
        room = int((height - 2 * _AFTER) // (_LIST * _LEADING))
        first._lines, rest._lines, rest._number = self._lines[:room], self._lines[room:], ""
        return [first, rest] if room > 0 else []

    def draw(self) -> None:
        canvas, style = self.canv, self._flow.style(_LIST, _LIST * _LEADING)
        canvas.saveState()
        canvas.setLineWidth(0.25)
        if self._number:
            canvas.line(0, 0, self.width, 0)
        top = self.height - _AFTER
        with canvas.part(self._tag):
            number = lines_of((Run(self._number, Face.SONG),), style, _COLUMN)
            draw_lines(canvas, number, style, Face.SONG, 0, top)
            for style, grey, line in self._lines:
                canvas.setFillGray(grey)
                draw_lines(canvas, [line], style, Face.SONG, _COLUMN, top)
                top -= style.leading
        canvas.restoreState()
