"""Words and figures sought in a report, and what stands there instead.

Knows in which order a reader meets them (page by page: fields, headings, cells as printed, prose), that width, case and
thousands separators make no difference, and what of a report no replacing may touch. Knows no screen: a hit is an
anchor and characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from gxeditor.core.checks.anchors import Anchor, Cell, Field, Span, Whole
from gxeditor.core.difference import BASIC, PREAMBLE
from gxeditor.core.errors import EntryError
from gxeditor.core.fields import BY_NAME, FIELDS, OWN_TEXT, TEXT, YEAR, PlainField
from gxeditor.core.form import Form, Grid, Place, Section
from gxeditor.core.report import Report, parse_entry, show_entry, without_unseen

Rank = tuple[int, int, int]
"""Page, place on it, character: what is met first comes first."""
_PROSE = 1_000_000
"""The place of a section's prose on its page: behind every place of its table."""


class Hit(NamedTuple):
    """One occurrence: the characters from `start` to before `end` of what `where` says.

    `where` is the cell, the part of prose, the field, or the whole section whose heading it is; `heading` the printed
    heading in which it stands, "" if it stands in none. A hit in a heading of a table is led to by a cell under it.
    """

    where: Anchor
    start: int
    end: int
    rank: Rank
    heading: str = ""


class Replaced(NamedTuple):
    """What replacing all did: how many were replaced, and for what reasons how many were not."""

    report: Report
    number: int
    left: tuple[tuple[str, int], ...]


HEADINGS = "标题和表头是规定的"
TOTALS = "自动合计跟着明细变"
OWN_TITLE = "自动的标题跟着单位和年份变"
PARTS = "只是一个数的一部分"
NO_FIGURE = "换了就不是能填的数"
NO_YEAR = "换了就不是四位数字的年份"


_DIGIT, _COMMA = "[0-9０-９]", "[,，]"
_BLANKS = "[ \t\u3000\u00a0]"
_THOUSANDS = f"(?:{_COMMA}(?={_DIGIT}{{3}}(?!{_DIGIT})))?"
_THREE = re.compile("[0-9]{3}(?![0-9])")


def sought_text(text: str) -> str:
    """What may be sought or put in: one line, without what nobody sees. Blanks at its ends count."""
    return " ".join(without_unseen(text).split("\n"))


@lru_cache(maxsize=64)
def _expression(sought: str) -> re.Pattern[str]:
    """Finds a text in half or full width, in capitals or not, its numbers with or without thousands separators."""
    narrow = "".join(_narrow(character) for character in sought)
    parts: list[str] = []
    for place, character in enumerate(narrow):
        digit = character in "0123456789"
        after_digit = place > 0 and narrow[place - 1] in "0123456789"
        if character == "," and after_digit and _THREE.match(narrow, place + 1):
            parts.append(f"{_COMMA}?")
            continue
        if digit and after_digit:
            parts.append(_THOUSANDS)
        if character.isspace():
            parts.append(_BLANKS)
            continue
        variants = {sought[place], character, character.lower(), character.upper()}
        variants |= {_wide(one) for one in variants}
        single = sorted(one for one in variants if len(one) == 1)
        parts.append(re.escape(single[0]) if len(single) == 1 else f"[{''.join(map(re.escape, single))}]")
    return re.compile("".join(parts))


def _narrow(character: str) -> str:
    code = ord(character)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    return " " if character == "\u3000" else character


def _wide(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if len(character) == 1 and "!" <= character <= "~" else character


def occurrences(report: Report, sought: str) -> tuple[Hit, ...]:
    """Where a report says this, as a reader meets it; nothing for no text.

    Sought are the fields of 基本信息, the headings of parts and tables, the figures as printed, and all prose.
    """
    if not sought:
        return ()
    finds = _expression(sought).finditer
    return tuple(
        hit._replace(start=found.start(), end=found.end(), rank=(*hit.rank[:2], found.start()))
        if not isinstance(hit.where, Span)
        else Hit(
            Span(hit.where.section, found.start(), found.end()),
            found.start(), found.end(), (*hit.rank[:2], found.start()),
        )
        for hit, text in _texts(report)
        for found in finds(text)
    )  # fmt: skip


def _texts(report: Report) -> Iterator[tuple[Hit, str]]:
    """Each text of a report in the order of reading, with the hit that all of it would be."""
    form, values = report.form, report.values
    for number, plain in enumerate(FIELDS):
        if _is_sought(plain):
            where = Span(PREAMBLE, 0, 0) if plain.name == PREAMBLE else Field(plain.name)
            yield Hit(where, 0, 0, (0, number, 0)), report.shown(plain)
    for page, section in enumerate(form.sections, 1):
        yield Hit(Whole(section.key), 0, 0, (page, 0, 0), section.heading), section.heading
        for hit in _printed(section, page):
            shown = show_entry(values.get(hit.where.id)) if isinstance(hit.where, Cell) else ""
            yield hit, hit.heading or shown
        yield Hit(Span(section.key, 0, 0), 0, 0, (page, _PROSE, 0)), report.text(section.key)


@lru_cache(maxsize=32)
def _printed(section: Section, page: int) -> tuple[Hit, ...]:
    """Each heading and cell of a section's table; which cell leads to a heading is looked for once."""
    if section.table is None:
        return ()
    grid = section.table.grid()
    return tuple(
        Hit(Cell(place.cell.id), 0, 0, (page, number, 0))
        if place.cell is not None
        else Hit(_under(grid, place, section), 0, 0, (page, number, 0), place.text)
        for number, place in enumerate(grid.places, 1)
        if place.cell is not None or place.text
    )


def _is_sought(plain: PlainField) -> bool:
    return not plain.internal and plain.values in (TEXT, OWN_TEXT, YEAR)


def _under(grid: Grid, heading: Place, section: Section) -> Anchor:
    """The first cell below a heading, or behind it; the whole section where there is none."""
    for place in grid.places:
        below = place.row > heading.row and _meet(
            place.column, place.column_span, heading.column, heading.column_span
        )
        behind = place.column > heading.column and _meet(
            place.row, place.row_span, heading.row, heading.row_span
        )
        if place.cell is not None and (below if heading.column >= grid.label_columns else behind):
            return Cell(place.cell.id)
    return Whole(section.key)


def _meet(start: int, length: int, other: int, other_length: int) -> bool:
    return start < other + other_length and other < start + length


def rank_of(anchor: Anchor, form: Form) -> Rank:
    """Where a place of a report stands among the hits; of a part of prose, its beginning."""
    if anchor.page == BASIC:
        name = PREAMBLE if isinstance(anchor, Span) else anchor.key if isinstance(anchor, Field) else ""
        numbers = [number for number, plain in enumerate(FIELDS) if plain.name == name]
        return (0, numbers[0] if numbers else 0, anchor.start if isinstance(anchor, Span) else 0)
    page = 1 + [section.key for section in form.sections].index(anchor.page)
    if isinstance(anchor, Span):
        return page, _PROSE, anchor.start
    section = form.section(anchor.page)
    if isinstance(anchor, Cell) and section.table is not None:
        places = section.table.grid().places
        return page, 1 + places.index(section.table.grid().of_cell[anchor.id]), 0
    return page, 0, 0


def replace(report: Report, hit: Hit, text: str) -> Report:
    """The report with another text in place of one hit. Raises `EntryError` where that cannot be, and says why."""
    if hit.heading:
        raise EntryError(f"“{hit.heading}”{HEADINGS}，不能替换。")
    match hit.where:
        case Span(section=key):
            return report.with_replaced(key, [(hit.start, hit.end, text)])
        case Cell(id=cell):
            if report.is_automatic(cell):
                raise EntryError("这一格是自动合计，跟着明细变，没有替换。")
            shown = show_entry(report.value(cell))
            entry = parse_entry(shown[: hit.start] + text + shown[hit.end :], report.form.cells[cell])
            return report.with_entry(cell, entry)
        case Field(key=name):
            return _with_field(report, name, hit, text)
    return report


def _with_field(report: Report, name: str, hit: Hit, text: str) -> Report:
    plain = BY_NAME[name]
    shown = report.shown(plain)
    typed = shown[: hit.start] + text + shown[hit.end :]
    value = plain.values.typed(typed)
    if value is None and plain.values is YEAR and typed.strip():
        raise EntryError(f"“{typed.strip()}”不是年份，没有替换。", "", "年份是四位数字。")
    return report.with_fields(**{name: value})


def replace_all(report: Report, sought: str, text: str) -> Replaced:
    """The report with another text wherever `sought` stands, and what was left as it is.

    Of figures only those are replaced that are sought whole: 30 for 31 must not make 310 of 300. An automatic title is
    left to follow agency and year.
    """
    hits, left, count = occurrences(report, sought), Counter[str](), 0
    prose: dict[str, list[tuple[int, int, str]]] = {}
    new, by = report, Counter[str]()  # by how much each field has grown
    for hit in hits:
        if isinstance(hit.where, Span):
            changed = hit.where.text(report)[hit.start : hit.end] != text
            prose.setdefault(hit.where.section, []).append((hit.start, hit.end, text))
            count += changed
        elif reason := _untouchable(report, hit):
            left[reason] += 1
        else:
            name = hit.where.key if isinstance(hit.where, Field) else ""
            moved = hit._replace(start=hit.start + by[name], end=hit.end + by[name])
            try:
                after = replace(new, moved, text)
            except EntryError:
                left[NO_YEAR if name else NO_FIGURE] += 1
            else:
                count += after is not new
                by[name] += len(text) - (hit.end - hit.start) if name else 0
                new = after
    for key, changes in prose.items():
        new = new.with_replaced(key, changes)
    return Replaced(new, count, tuple(left.items()))


def _untouchable(report: Report, hit: Hit) -> str:
    """Why replacing all leaves a hit alone; "" if it does not."""
    if hit.heading:
        return HEADINGS
    if isinstance(hit.where, Cell):
        if report.is_automatic(hit.where.id):
            return TOTALS
        if (hit.start, hit.end) != (0, len(show_entry(report.value(hit.where.id)))):
            return PARTS
    if hit.where == Field("own_title") and report.own_title is None:
        return OWN_TITLE
    return ""
