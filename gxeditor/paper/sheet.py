"""The sheet that a report is printed on: a layout in points, and the canvas that remembers what was drawn where.

Knows where the block lies on each page, the styles of its text, how a story is divided into pages, the page number
and the 「草稿」 mark. Knows nothing of a report: what the story is, is known by `pdf`, and what the document says of
itself by `archive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import product
from math import ceil
from types import MappingProxyType
from typing import Any, Protocol

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from gxeditor.core.errors import Cancelled
from gxeditor.core.text import HEADS
from gxeditor.paper.faces import Face, FaceSet
from gxeditor.paper.flowables import Flowable, Manner
from gxeditor.paper.layouts import INK, MM, PAGE, Layout
from gxeditor.paper.pages import PageSpot
from gxeditor.paper.tags import Link, Part, Structure
from gxeditor.paper.typeset import UNBROKEN, Align, Run, SetLine, Style, draw_lines, set_lines

CLOSE = 0.01  # points; less is no difference between two heights
_TITLE_LEADING = 1.5
_DRAFT_SIZE, _DRAFT_GREY = 150, 0.9
_LEAST_FOOT = 3 * MM  # between the edge of the sheet and a page number


@dataclass(frozen=True)
class PageFlow:
    """A layout with its fonts; lengths in points. A frame of `width` by `height` holds `lines` lines.

    The lines that fit are spread over the block so that a ruler on the ink finds all of it (撑满版心): the first line
    begins where the block does and the last one ends where it ends. The frame of their leadings reaches `over` points
    beyond the block, above and below. Where it is not `filled`, frame and block are one. `more` lines than the layout
    has stand on a page where they are tightened.
    """

    layout: Layout
    faces: FaceSet
    filled: bool = True
    more: int = 0

    @cached_property
    def plain(self) -> PageFlow:
        """The same for pages that are no text of a report."""
        return replace(self, filled=False, more=0)

    @cached_property
    def width(self) -> float:
        return self.layout.width * MM

    @cached_property
    def lines(self) -> int:
        return self.layout.lines + self.more

    @cached_property
    def height(self) -> float:
        return self.layout.height * MM + 2 * self.over

    @cached_property
    def leading(self) -> float:
        """Of the text."""
        if not self.filled or self.lines < 2:
            return self.layout.height * MM / self.lines
        return self.layout.leading_of(self.lines)

    @cached_property
    def over(self) -> float:
        return self.above(self.layout.body_size, self.leading) if self.filled and self.lines > 1 else 0.0

    def above(self, size: float, leading: float) -> float:
        """The white above the ink of a line, and below it."""
        return (leading - INK * size) / 2

    @cached_property
    def body(self) -> Style:
        size = self.layout.body_size
        return Style(size, self.leading, self.width / self.layout.characters / size, 2, faces=self.faces)

    @cached_property
    def title(self) -> Style:
        size = self.layout.title_size
        return Style(size, size * _TITLE_LEADING, align="center", faces=self.faces)

    def style(self, size: float, leading: float | None = None, align: Align = "left") -> Style:
        return Style(size, leading or size, align=align, faces=self.faces)

    def on_grid(self, height: float) -> float:
        """The height of as many lines of the page as are needed."""
        return ceil(height / self.leading - 1e-6) * self.leading

    def left(self, number: int) -> float:
        """Where the block of the page with this number begins."""
        margins = self.layout.margins
        return (margins.right if self.layout.mirrored and number % 2 == 0 else margins.left) * MM

    def text_width(self, text: str, face: Face, size: float) -> float:
        """The width of a text on one line."""
        return text_width(text, face, size, self.faces)


def lines_of(runs: tuple[Run, ...], style: Style, width: float) -> tuple[SetLine, ...]:
    """The lines of a paragraph, set once: most of a report is the same after an edit, and at another leading."""
    short = sum(len(run.text) for run in runs) <= _LABEL
    if not short and style.leading != style.size:
        style = replace(style, leading=style.size)
    return (_label_lines if short else _paragraph_lines)(runs, style, width)


def text_width(text: str, face: Face, size: float, faces: FaceSet) -> float:
    """The width of a text on one line."""
    lines = lines_of((Run(text, face),), Style(size, size, align="left", faces=faces), UNBROKEN)
    return lines[0].right if lines else 0.0


_LABEL = 60  # characters
_label_lines = lru_cache(maxsize=4096)(set_lines)
_paragraph_lines = lru_cache(maxsize=256)(set_lines)  # each takes some 100 kB, and typing makes many


Frame = tuple[float, float, float, float]
"""A rectangle: left, lower edge, width, height."""


class Marks(Protocol):
    """What a 校对稿 adds to pages, tables and texts, in the coordinates of whatever is being drawn."""

    def top(self, press: Press) -> None:
        """Above every page."""

    def tint(self, press: Press, cells: Sequence[tuple[str, Frame]]) -> None:
        """Below the text of a table, by the ids and rectangles of its cells."""

    def number(self, press: Press, cells: Sequence[tuple[str, Frame, Frame]]) -> None:
        """Around the text of a table and beside its rows, by the ids, rectangles and inks of its cells."""

    def shade(self, press: Press, target: str, paragraph: int | None, frame: Frame) -> None:
        """Below a text of the report, named as its `PageSpot` is."""

    def beside(self, press: Press, target: str, paragraph: int | None, middle: float) -> None:
        """Beside a text of the report, about a height."""


rl_config.useA85 = 0  # else every page is spelt in letters of ASCII, which `archive` takes off again


class Press(Canvas):
    """The canvas on which a document is drawn page by page, the origin at the lower left corner of the frame.

    `spots` grows as things are drawn, and `structure` by the parts that are named; what is drawn in none is furniture
    of the page. `marks` says what a 校对稿 adds to them.
    """

    def __init__(self, flow: PageFlow) -> None:
        self.flow = flow
        self.spots: list[PageSpot] = []
        self.marks: Marks | None = None
        self.structure = Structure()
        self._level = -1
        self._part: Part | None = None
        self._open: Part | str | None = None
        self._file = BytesIO()
        super().__init__(
            self._file,
            pagesize=(PAGE[0] * MM, PAGE[1] * MM),
            invariant=1,
            pdfVersion=(1, 7),
            lang="zh-CN",
            initialFontName=flow.faces.font(Face.SONG).name,  # type: ignore[arg-type]
        )
        self.setViewerPreference("DisplayDocTitle", "true")
        if flow.layout.outline:
            self.showOutline()

    @contextmanager
    def page(self, number: int | None) -> Iterator[None]:
        """A page to draw on, with its number at the foot; a cover has none."""
        flow = self.flow
        self.translate(flow.left(number or 1), flow.layout.margins.bottom * MM - flow.over)
        if flow.layout.draft:
            self._draw_draft()
        if self.marks is not None:
            self.marks.top(self)
        if number is not None and flow.layout.page_number != "none":
            self._draw_foot(f"— {number} —", number)
        yield
        self.showPage()

    def blank_page(self) -> None:
        """The back of a cover."""
        self.showPage()

    # What is drawn stands between two operators that say of which part it is (ISO 32000-1, 14.6); they are written
    # when that changes.
    @contextmanager
    def part(self, part: Part, *, within: Part | None = None) -> Iterator[None]:
        """What is drawn meanwhile is content of a part, which follows in the document or stands in `within`."""
        self.structure.place(within or part)
        before, self._part = self._part, part
        yield
        self._part = before

    @contextmanager
    def furniture(self) -> Iterator[None]:
        """What is drawn meanwhile is none of the document's content."""
        before, self._part = self._part, None
        yield
        self._part = before

    @contextmanager
    def link(self, part: Part, address: str, frame: Frame, within: Part) -> Iterator[None]:
        """What is drawn meanwhile, a part of `within`, leads to a web address when its frame is clicked."""
        if not any(one is part for one in within.kids):
            within.kids.append(part)
        left, low = self.absolutePosition(frame[0], frame[1])
        right, high = self.absolutePosition(frame[0] + frame[2], frame[1] + frame[3])
        self.structure.links.append(Link(part, self.getPageNumber() - 1, address, (left, low, right, high)))
        with self.part(part, within=within):
            yield

    def entry(self, text: str, key: str, level: int, height: float) -> None:
        """An entry of the outline for what is drawn, which is so high; its level is at most one below the last."""
        _, top = self.absolutePosition(0, height)
        self.bookmarkPage(key, fit="XYZ", left=0, top=top)
        self._level = min(level, self._level + 1)
        self.addOutlineEntry(text, key, self._level)

    def _say(self, furniture: str = "/Artifact BMC") -> None:
        """Before anything is drawn: of which part it is."""
        wanted = self._part or furniture
        if wanted == self._open:
            return
        self._end_content()
        self._open = wanted
        if isinstance(wanted, Part):
            number = self.structure.content(wanted, self.getPageNumber() - 1)
            self.addLiteral(f"/{wanted.role} <</MCID {number}>> BDC")
        else:
            self.addLiteral(wanted)

    def _end_content(self) -> None:
        if self._open is not None:
            self.addLiteral("EMC")
            self._open = None

    def drawText(self, text: Any) -> None:
        self._say()
        super().drawText(text)

    def rect(self, *arguments: Any, **named: Any) -> None:
        self._say()
        super().rect(*arguments, **named)

    def lines(self, linelist: Any) -> None:
        self._say()
        super().lines(linelist)

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self._say()
        super().line(x1, y1, x2, y2)

    def showPage(self) -> None:
        self._end_content()
        super().showPage()

    def spot(
        self,
        target: str,
        width: float,
        height: float,
        paragraph: int | None = None,
        x: float = 0,
        y: float = 0,
        part: int = 0,
    ) -> None:
        """Remember a rectangle of the current drawing, its lower left corner at (x, y)."""
        left, low = self.absolutePosition(x, y)
        right, high = self.absolutePosition(x + width, y + height)
        top = PAGE[1] * MM - high
        page = self.getPageNumber() - 1
        self.spots.append(PageSpot(page, left, top, right - left, high - low, target, paragraph, part))

    def data(self) -> bytes:
        """The finished file."""
        self.save()
        return self._file.getvalue()

    def _draw_foot(self, text: str, number: int) -> None:
        """— 1 —, a character in from the outer edge of the block (GB/T 9704, 7.5)."""
        layout = self.flow.layout
        # 半角宋体: its own figures, whatever those of the text are.
        style = replace(self.flow.style(layout.number_size), faces=self.flow.faces.with_own_letters())
        line = lines_of((Run(text, Face.SONG),), style, self.flow.width)[0]
        room = self.flow.width - line.right
        inner = layout.page_number == "outer" and number % 2 == 0
        x = room / 2 if layout.page_number == "centre" else style.size if inner else room - style.size
        drop = min(layout.number_drop, layout.margins.bottom) * MM
        lowest = layout.margins.bottom * MM - style.size / 2 - _LEAST_FOOT
        middle = self.flow.over - max(min(drop, lowest), style.size / 2)
        draw_lines(self, [line], style, Face.SONG, x, middle + style.leading / 2)

    def _draw_draft(self) -> None:
        """「草稿」 across the block, pale enough to be read through on a grey print."""
        style = self.flow.style(_DRAFT_SIZE)
        line = lines_of((Run("草稿", Face.HEI),), style, UNBROKEN)[0]
        self.saveState()
        self.setFillGray(_DRAFT_GREY)
        self.translate(self.flow.width / 2, self.flow.height / 2)
        self.rotate(55)
        draw_lines(self, [line], style, Face.HEI, -line.right / 2, style.leading / 2)
        self.restoreState()


Page = list[tuple[Any, float]]
"""What stands on a page: each flowable with its distance from the top of the frame."""

_WHITE = 1 / 3  # of a page: so much at the foot of one that is not the last looks like the end
_FEW, _FEW_LINES = 1 / 5, 6  # of a page, and in lines: less than the greater on the last one looks left over
_CLOSING = 3  # lines of closing among them, a blank one, signature and date; more do not make more text
_DEAR = 6.0  # the dearest manners together that are tried


def settle(
    told: Callable[[PageFlow], Sequence[Flowable]], flow: PageFlow, cancelled: Callable[[], bool]
) -> tuple[PageFlow, list[Page]]:
    """The best pages of a story and the flow they are made up for; `told` tells the story for a flow.

    No page but the last is to be white by more than a third, and the last is to hold more than a few lines. Where the
    usual pages are not so, the tables give way, each in the manners that it knows, the cheapest first; then each page
    takes a line more (GB/T 9704, 7.3.5.4: 调整行距); then the last page but one goes without some lines. Where nothing
    helps, the pages with the fewest faults. Raises `Cancelled`.
    """
    best: tuple[int, PageFlow, list[Page]] | None = None
    for more in (0, 1):
        there = replace(flow, more=more)
        story = told(there)
        for manners in _choices(story):
            pages = make_up(_in_manners(story, manners), there, cancelled)
            faults = _faults(pages, there)
            if best is None or faults < best[0]:
                best, chosen = (faults, there, pages), _in_manners(story, manners)
            if not faults:
                return there, pages
    assert best is not None
    faults, there, pages = best
    for lines in range(1, _FEW_LINES):
        shorter = make_up(chosen, there, cancelled, {len(pages) - 2: lines * there.leading})
        if _faults(shorter, there) < faults:
            return there, shorter
    return there, pages


def _in_manners(story: Sequence[Flowable], manners: Sequence[Manner]) -> list[Flowable]:
    return [flowable.in_manner(manner) for flowable, manner in zip(story, manners, strict=True)]


def _choices(story: Sequence[Flowable]) -> Iterator[tuple[Manner, ...]]:
    """Every choice of manners for a story, the cheapest first."""
    yield tuple(flowable.manners[0] for flowable in story)
    every = list(product(*(flowable.manners for flowable in story)))[1:]
    prices = [sum(manner.value for manner in choice) for choice in every]
    for number in sorted(range(len(every)), key=prices.__getitem__):
        if prices[number] <= _DEAR:
            yield every[number]


def _faults(pages: Sequence[Page], flow: PageFlow) -> int:
    """How many pages are too white, twice, and whether the last one holds only a few lines."""
    feet: list[float] = [
        max((top + one.height - one.foot for one, top in page), default=0.0) for page in pages
    ]
    least = flow.height - flow.layout.height * MM * _WHITE + CLOSE
    white = sum(foot < least for foot in feet[:-1])
    closing = sum(one.closing for one, _ in pages[-1]) - _CLOSING * flow.leading
    few = max(flow.height * _FEW, _FEW_LINES * flow.leading) + max(0.0, closing) - CLOSE
    return 2 * white + (len(feet) > 1 and feet[-1] < few)


def make_up(
    story: Sequence[Any],
    flow: PageFlow,
    cancelled: Callable[[], bool],
    shorter: Mapping[int, float] = MappingProxyType({}),
) -> list[Page]:
    """The pages of a story of flowables; nothing on them reaches below the frame.

    What does not fit is split or goes to the next page; what is taller than a page and cannot be split is drawn
    smaller. A flowable whose `keepWithNext` is true stands on the page where the next one begins, as far as `HEADS`
    lines of such go. `shorter` says by how many points some pages, counted from 0, end higher. Draws nothing, so the
    same story always gives the same pages. Raises `Cancelled`.
    """
    pages: list[Page] = [[]]
    room = flow.height - shorter.get(0, 0.0)
    waiting = list(reversed(story))

    def place(flowables: Iterable[Any]) -> None:
        nonlocal room
        for flowable in flowables:
            pages[-1].append((flowable, flow.height - shorter.get(len(pages) - 1, 0.0) - room))
            room -= flowable.height

    while waiting:
        if cancelled():
            raise Cancelled
        if room < CLOSE:
            room = flow.height - shorter.get(len(pages), 0.0)
            pages.append([])
        heads, above = _heads(waiting, flow)
        parts = _fitted(waiting[-1], flow, room - above)
        if parts:
            waiting[-1:] = reversed(parts[1:])
            place((*heads, parts[0]))
            continue
        if pages[-1]:
            waiting += reversed(heads)
        elif heads and _fitted(waiting[-1], flow, room):
            place(heads)  # they are parted: only where a page has few lines
        else:
            shrunk = Shrunk(waiting.pop(), room - above)
            shrunk.wrap(flow.width, room - above)
            place((*heads, shrunk))
        room = 0.0
    return pages


def _heads(waiting: list[Any], flow: PageFlow) -> tuple[list[Any], float]:
    """The headings that stand first, taken from what is waiting last to first, and their height together.

    One that is waiting stays, whatever it is.
    """
    heads: list[Any] = []
    above = 0.0
    while len(waiting) > 1 and getattr(waiting[-1], "keepWithNext", False):
        height = waiting[-1].wrap(flow.width, flow.height)[1]
        if above + height > HEADS * flow.leading + CLOSE:
            break
        heads.append(waiting.pop())
        above += height
    return heads, above


def _fitted(flowable: Any, flow: PageFlow, room: float) -> list[Any]:
    """A flowable, or its parts of which the first fits into the room; nothing where it fits in no way."""
    if room < CLOSE:
        return []
    if flowable.wrap(flow.width, room)[1] <= room + CLOSE:
        return [flowable]
    parts = list(flowable.split(flow.width, room))
    fits = parts and parts[0].wrap(flow.width, room)[1] <= room + CLOSE
    return parts if fits else []


class Shrunk(Flowable):
    """What cannot be divided, as small as a room of so many points needs."""

    def __init__(self, flowable: Any, room: float) -> None:
        super().__init__()
        self._flowable, self._room = flowable, room

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self._flowable.wrap(width, self._room)
        self.width, self.height = width, self._room
        return self.width, self.height

    def draw(self) -> None:
        scale = self.height / self._flowable.height
        self.canv.saveState()
        self.canv.translate(self.width * (1 - scale) / 2, 0)
        self.canv.scale(scale, scale)
        self._flowable.drawOn(self.canv, 0, 0)
        self.canv.restoreState()
