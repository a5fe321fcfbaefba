"""Where in a report something is: a cell, a part of its prose, a plain field, or a whole.

Knows on which page each lies, how it is named to a clerk, and in which order a reader meets them. Knows no finding, no
screen and no paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gxeditor.core.difference import BASIC, PREAMBLE, page_of
from gxeditor.core.fields import BY_NAME, FIELDS, PRIOR
from gxeditor.core.form import Form
from gxeditor.core.report import Report


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, by its id."""

    id: str

    @property
    def page(self) -> str:
        """The key of the section whose page holds it; an id begins with it (`form.join_id`)."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from `start` to before `end` of a text, named as `Report.text` names it: a section's prose, the
    preamble (`PREAMBLE`), the note below a table."""

    section: str
    start: int
    end: int

    @property
    def page(self) -> str:
        return page_of(self.section)

    def text(self, report: Report) -> str:
        """The whole text that it is a part of."""
        return report.text(self.section)

    def paragraph(self, report: Report) -> int:
        """The line of that text in which it begins, from 0."""
        return self.text(report)[: self.start].count("\n")


@dataclass(frozen=True, slots=True)
class Field:
    """A plain field of 基本信息, by its name in `Report`."""

    key: str

    @property
    def page(self) -> str:
        return BASIC


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole of a section, by its key; without one the whole report."""

    section: str = ""

    @property
    def page(self) -> str:
        return self.section or BASIC


Anchor = Cell | Span | Field | Whole

_FIELDS = {**{field.name: field.word for field in FIELDS if not field.prose}, PRIOR: "上年年报"}
"""The fields as 基本信息 calls them, in its order."""


def named(anchor: Anchor, form: Form) -> str:
    """How a clerk calls it: 「表三 · 一、本年新收 · 自然人」, 「第一部分正文」, 「年份」, 「整份年报」."""
    match anchor:
        case Cell():
            return f"{part_named(anchor, form)} · {form.cells[anchor.id].place}"
        case Span(section=section):
            field = BY_NAME.get(section)
            return field.word if field is not None else f"第{form.section(section).number}部分正文"
        case Field(key=key):
            return _FIELDS[key]
        case Whole(section=""):
            return "整份年报"
        case Whole():
            whole = form.section(anchor.section)
            return f"表{whole.number}" if whole.table is not None else f"第{whole.number}部分"


def part_named(anchor: Anchor, form: Form) -> str:
    """The same where what is said names the cell: 「表三」 for any of its cells."""
    return named(Whole(anchor.page) if isinstance(anchor, Cell) else anchor, form)


def place_in(number: str, place: str) -> str:
    """A place in a section by the section's number, said once: 「三 · 一、本年新收」, but 「三（五）2.重复申请」."""
    return place if place.startswith((f"{number}（", f"{number}、")) else f"{number} · {place}"


def reading_order(form: Form) -> Callable[[Anchor], tuple[int, int, int]]:
    """A key by which anchors are sorted as a reader of the form meets them.

    First what concerns the whole report and its fields, then section by section: the whole, its table, the note below
    that, its prose.
    """
    pages = {key: number for number, key in enumerate((BASIC, *(section.key for section in form.sections)))}
    places = [place.cell.id for table in form.tables for place in table.grid().places if place.cell]
    cells = {cell_id: number for number, cell_id in enumerate(places)}
    fields = {key: number for number, key in enumerate(_FIELDS)}

    def key(anchor: Anchor) -> tuple[int, int, int]:
        match anchor:
            case Whole():
                within = 0, 0
            case Field(key=name):
                within = 1, fields[name]
            case Cell(id=cell_id):
                within = 1, cells[cell_id]
            case Span(section=text, start=start):
                within = (2 if BY_NAME.get(text) is not None and text != PREAMBLE else 3), start
        return pages[anchor.page], *within

    return key
