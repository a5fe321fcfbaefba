"""The 校验报告 on paper: five parts in ruled tables, A4 upright, with name and check code at the foot of every page.

Knows how the tables are set, how they are divided between pages with their head repeated, and the foot. What is said is
`core.checks.summary`'s; Chinese is set by `typeset`, pages are made up by `sheet`, and the file is an archive's
(`archive`) like that of the report. Equal summaries give equal bytes. Nothing in them makes it fail: what is long goes
on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from types import MappingProxyType

from gxeditor.core.checks.summary import ALL_NOTE, COUNTED, COUNTED_NOTE, TITLE, Summary
from gxeditor.core.errors import Cancelled
from gxeditor.paper.archive import Said, archival, described
from gxeditor.paper.faces import Face, choose_faces
from gxeditor.paper.flowables import Flowable, Spacer
from gxeditor.paper.layouts import MM, Margins, default_layout
from gxeditor.paper.pages import Missing, Pdf
from gxeditor.paper.pdf import Archived
from gxeditor.paper.sheet import CLOSE, PageFlow, Press, lines_of, make_up
from gxeditor.paper.tags import Part, Scope
from gxeditor.paper.typeset import Align, ChineseParagraph, Run, SetLine, Style, draw_lines
from gxeditor.paper.typeset import missing_characters as missing_in

_MARGINS = Margins(top=22, left=20, right=20, bottom=22)  # mm: room to bind and to sign beside
_TITLE, _HEADING, _TEXT, _NOTE, _FOOT = 18.0, 12.0, 9.5, 9.0, 8.5  # points
_LEADING = 1.35
_PADDING, _OVER = 4.0, 2.8  # points beside, and above and below, a text in its cell
_AFTER, _BEFORE = 4.0, 11.0  # points below a heading and above the next
_LEAST_ROWS = 2  # that are worth beginning a table for at the foot of a page
_MOST_LINES = 24  # of a cell; a longer text goes on in a row without rule above it
_RULE, _GREY = 0.5, 0.92


def make_check_report(
    summary: Summary,
    *,
    faces: Mapping[str, str] = MappingProxyType({}),
    cancelled: Callable[[], bool] = lambda: False,
) -> Pdf:
    """The pages that `set_check_report` sets, approved by the archive's validator; raises as it, and `NotArchival`."""
    return set_check_report(summary, faces=faces, cancelled=cancelled, archived=archival)


def set_check_report(
    summary: Summary,
    *,
    faces: Mapping[str, str] = MappingProxyType({}),
    cancelled: Callable[[], bool] = lambda: False,
    archived: Archived = described,
) -> Pdf:
    """The 校验报告 as a PDF/A-2b. `faces` names families as a layout does, `archived` is as for `pdf.set_pages`.

    Raises `Cancelled` soon after `cancelled` says so, and `GxError` only for a bug, as `set_pages` does.
    """
    layout = replace(default_layout(), margins=_MARGINS, page_number="none", outline=False, faces=faces)
    flow = PageFlow(layout, choose_faces(layout.faces)).plain
    press = Press(flow)
    setter = Setter(flow)
    pages = make_up(list(_story(summary, setter)), flow, cancelled)
    for number, page in enumerate(pages, 1):
        if cancelled():
            raise Cancelled
        with press.page(number):
            for flowable, top in page:
                flowable.drawOn(press, 0, flow.height - top - flowable.height)
            draw_foot(press, f"{summary.name}　校验码 {summary.code}", f"第 {number} 页，共 {len(pages)} 页")
    head = dict(summary.head)
    said = Said(
        title=f"{summary.name}{TITLE}",
        agency=summary.agency,
        subject=TITLE,
        key_words=summary.code,
        date=head["校验时间"].partition(" ")[0],
        structure=press.structure,
    )
    return Pdf(archived(press.data(), said), len(pages), (), setter.missing())


def draw_foot(press: Press, left: str, right: str) -> None:
    """Name and code, and which page of how many, below a rule under the block."""
    flow = press.flow
    style = flow.style(_FOOT)
    top = -5 * MM
    press.saveState()
    press.setLineWidth(0.25)
    press.line(0, top, flow.width, top)
    press.restoreState()
    number = lines_of((Run(right, Face.SONG),), style, flow.width)
    room = flow.width - number[0].right - 4 * MM
    name = lines_of((Run(left, Face.SONG),), style, room)
    draw_lines(press, name[:2], style, Face.SONG, 0, top - 3)
    draw_lines(press, number, style, Face.SONG, flow.width - number[0].right, top - 3)


# ---- the parts in order ------------------------------------------------------------------------------------------


def _story(summary: Summary, setter: Setter) -> Iterator[Flowable]:
    flow = setter.flow
    yield from setter.text(TITLE, Face.TITLE, _TITLE, "center", "H1")
    yield Spacer(flow.width, 10)
    pairs = [(*summary.head[at], *summary.head[at + 1]) for at in range(0, len(summary.head), 2)]
    yield setter.table((23, 69, 29, 49), None, pairs, names=(0, 2))
    if summary.wide:
        yield setter.table((29, 141), None, summary.wide, names=(0,))

    yield from setter.heading("一、检查了什么", "counts")
    rows = [(word, *map(str, counts)) for word, counts in summary.counts.items()]
    rows.append(("合计", *map(str, summary.total)))
    centred: list[Align] = ["center"] * len(COUNTED)
    yield setter.table(
        (32, 22, 27, 27, 20, 21, 21), ("类别", *COUNTED), rows, ("left", *centred), strong=(len(rows) - 1,)
    )
    yield from setter.note(COUNTED_NOTE)
    yield from setter.note(summary.scope)

    yield from setter.heading(f"二、{summary.title_open}", "open")
    if summary.open:
        told = [
            (f"{one.severity.sign} {one.severity.word}", one.what, one.place, one.code)
            for one in summary.open
        ]
        yield setter.table(
            (17, 81, 54, 18), ("程度", "内容", "位置", "代码"), told, ("center", "left", "left", "center")
        )

    yield from setter.heading(f"三、{summary.title_explained}", "explained")
    if summary.explained:
        said = [(one.severity.word, one.what, one.reason, one.code) for one in summary.explained]
        yield setter.table(
            (13, 75, 64, 18),
            ("程度", "内容和数", "核实说明", "代码"),
            said,
            ("center", "left", "left", "center"),
        )

    yield from setter.heading(f"四、{summary.title_reasons}", "reasons")
    if summary.reasons:
        why = [
            (f"{'已关闭：' if one.is_closed else ''}{one.reason}", str(one.count), one.which)
            for one in summary.reasons
        ]
        yield setter.table((56, 14, 100), ("原因", "条数", "哪些"), why, ("left", "center", "left"))

    yield from setter.heading(f"五、{summary.title_lines}", "lines")
    for part in setter.note(ALL_NOTE):
        part.keepWithNext = True
        yield part
    lines: list[Sequence[str]] = []
    bands: list[int] = []
    for word, of_group in summary.lines.items():
        bands.append(len(lines))
        lines.append((word,))
        lines += [(one.code, one.what, one.values, one.word) for one in of_group]
    yield setter.table(
        (17, 86, 50, 17),
        ("代码", "检查什么", "数或原因", "结果"),
        lines,
        ("center", "left", "left", "center"),
        bands=bands,
    )


# ---- how they are set --------------------------------------------------------------------------------------------


class Setter:
    """Makes flowables for a page, and remembers which characters no face has.

    `size` is that of the text in tables, in points. Tables are `plain` where they are filled in by hand: no grey in the
    head, and texts begin at the top of their row.
    """

    def __init__(self, flow: PageFlow, size: float = _TEXT, *, plain: bool = False) -> None:
        self.flow = flow
        self._size, self._plain = size, plain
        self._texts: dict[str, None] = {}

    def missing(self) -> tuple[Missing, ...]:
        """What is shown as 〓, each character once."""
        found = dict.fromkeys(char for text in self._texts for char in missing_in(text, self.flow.faces))
        return tuple(Missing(char, "校验报告") for char in found)

    def remember(self, text: str) -> None:
        """Of a text that is set elsewhere, what no face has."""
        self._texts[text] = None

    def text(
        self, text: str, face: Face, size: float, align: Align = "justify", role: str = "P"
    ) -> list[ChineseParagraph]:
        self._texts[text] = None
        return [ChineseParagraph([Run(text, face)], self.flow.style(size, size * _LEADING, align), role)]

    def note(self, text: str) -> Iterator[Flowable]:
        yield Spacer(self.flow.width, 3)
        yield from self.text(text, Face.SONG, _NOTE)

    def heading(self, text: str, key: str) -> Iterator[Flowable]:
        self._texts[text] = None
        yield _Heading(text, key, self.flow)

    def table(
        self,
        widths: Sequence[float],
        head: Sequence[str] | None,
        rows: Sequence[Sequence[str]],
        aligned: Sequence[Align] = (),
        *,
        names: Sequence[int] = (),
        bands: Sequence[int] = (),
        strong: Sequence[int] = (),
    ) -> Flowable:
        """A ruled table; `widths` in parts of the block. Columns `names` are grey, rows `bands` span the table.

        `bands` and `strong` rows are in 黑体, as the head is, which is repeated on every page.
        """
        unit = self.flow.width / sum(widths)
        wide = [width * unit for width in widths]
        align = tuple(aligned) or tuple("left" for _ in widths)
        top = (
            self._rows(head, wide, ["center" for _ in wide], Face.HEI, len(wide), shaded=True)
            if head is not None
            else []
        )
        body: list[_Row] = []
        for number, row in enumerate(rows):
            band = number in bands
            body += self._rows(
                row,
                [self.flow.width] if band else wide,
                ("left",) if band else align,
                Face.HEI if band or number in strong else Face.SONG,
                len(wide),
                shaded=band,
                names=names,
            )
        return _Table(wide, top, body, self.flow)

    def _rows(
        self,
        texts: Sequence[str],
        widths: Sequence[float],
        aligned: Sequence[Align],
        face: Face,
        columns: int,
        *,
        shaded: bool,
        names: Sequence[int] = (),
    ) -> list[_Row]:
        """A row, as several where one of its texts is longer than a page has room for."""
        cells: list[tuple[tuple[SetLine, ...], Style]] = []
        for text, width, align in zip(texts, widths, aligned, strict=True):
            self._texts[text] = None
            style = self.flow.style(self._size, self._size * _LEADING, align)
            room = width - 2 * _PADDING
            lines = [line for part in text.split("\n") for line in lines_of((Run(part, face),), style, room)]
            cells.append((tuple(lines), style))
        most = max((len(lines) for lines, _ in cells), default=1)
        head: Scope | None = "Column" if shaded else None
        scopes = [head or ("Row" if column in names else None) for column in range(len(cells))]
        tags = Part(
            "TR",
            [
                Part("TH" if scope else "TD", scope=scope, columns=columns if len(cells) == 1 else 1)
                for scope in scopes
            ],
        )
        return [
            _Row(
                [(lines[at : at + _MOST_LINES], style) for lines, style in cells],
                widths,
                face,
                shaded,
                frozenset(names),
                tags,
                begins=at == 0,
                plain=self._plain,
            )
            for at in range(0, max(most, 1), _MOST_LINES)
        ]


class _Heading(ChineseParagraph):
    """The heading of a part, in 黑体, kept with what follows, with its entry in the outline."""

    canv: Press
    keepWithNext = True

    def __init__(self, text: str, key: str, flow: PageFlow) -> None:
        super().__init__([Run(text, Face.HEI)], flow.style(_HEADING, _HEADING * _LEADING), "H2")
        self._key = key

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        _, of_lines = super().wrap(width, height)
        self.height = of_lines + _BEFORE + _AFTER
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        return []

    def draw(self) -> None:
        top = self.height - _BEFORE
        self.canv.entry(self.runs[0].text, self._key, 0, self.height)
        with self.canv.part(self.tag):
            draw_lines(self.canv, self._lines, self.style, Face.HEI, 0, top)


class _Row:
    """The set lines of a row's cells, and how it looks."""

    def __init__(
        self,
        cells: Sequence[tuple[tuple[SetLine, ...], Style]],
        widths: Sequence[float],
        face: Face,
        shaded: bool,
        names: frozenset[int],
        tags: Part,
        *,
        begins: bool,
        plain: bool = False,
    ) -> None:
        self.cells, self.widths, self.face, self.shaded, self.names = cells, widths, face, shaded, names
        self.tags, self.begins, self.plain = tags, begins, plain
        lines = max([1, *(len(lines) for lines, _ in cells)])
        leading = max((style.leading for _, style in cells), default=_TEXT * _LEADING)
        self.over = _PADDING if plain else _OVER
        self.height = lines * leading + 2 * self.over


class _Table(Flowable):
    """Ruled rows below a head, divided between rows, the head repeated; a band stays with the row below it."""

    canv: Press

    def __init__(self, widths: Sequence[float], head: list[_Row], body: list[_Row], flow: PageFlow) -> None:
        super().__init__()
        self._widths, self._head, self._body, self._flow = widths, head, body, flow
        self._tag = Part("Table", list(dict.fromkeys(row.tags for row in (*head, *body))))

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = self._flow.width
        self.height = sum(row.height for row in (*self._head, *self._body))
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        room = height - sum(row.height for row in self._head) + CLOSE
        count = 0
        while count < len(self._body) and self._body[count].height <= room:
            room -= self._body[count].height
            count += 1
        while count and self._body[count - 1].shaded:
            count -= 1
        whole_page = height >= self._flow.height - _HEADING * _LEADING - _BEFORE - _AFTER - 1
        if count < (1 if whole_page or len(self._body) <= _LEAST_ROWS else _LEAST_ROWS):
            return []
        first, rest = copy(self), copy(self)
        first._body, rest._body = self._body[:count], self._body[count:]
        return [first, rest]

    def draw(self) -> None:
        canvas, top = self.canv, self.height
        canvas.saveState()
        canvas.setLineWidth(_RULE)
        rows = [*self._head, *self._body]
        for number, row in enumerate(rows):
            ends = number + 1 == len(rows) or rows[number + 1].begins
            repeated = number < len(self._head) and row.tags.is_drawn  # it is read aloud once
            above = row.begins or number == len(self._head)
            self._draw_row(row, top, above=above, below=ends, repeated=repeated)
            top -= row.height
        canvas.restoreState()

    def _draw_row(self, row: _Row, top: float, *, above: bool, below: bool, repeated: bool) -> None:
        canvas, left, low = self.canv, 0.0, top - row.height
        if row.shaded and not row.plain:
            canvas.setFillGray(_GREY)
            canvas.rect(0, low, self.width, row.height, stroke=0, fill=1)
        for at, drawn in ((top, above), (low, below)):
            if drawn:
                canvas.line(0, at, self.width, at)
        canvas.line(0, low, 0, top)
        for column, ((lines, style), width) in enumerate(zip(row.cells, row.widths, strict=True)):
            canvas.setFillGray(0.35 if column in row.names and not row.plain else 0.0)
            middle = below and above and not row.plain
            over = (row.height - len(lines) * style.leading) / 2 if middle else row.over
            tag = row.tags.kids[column]
            if lines and isinstance(tag, Part):
                with canvas.furniture() if repeated else canvas.part(tag, within=self._tag):
                    draw_lines(canvas, lines, style, row.face, left + _PADDING, top - over)
            left += width
            canvas.line(left, low, left, top)
        canvas.setFillGray(0)
