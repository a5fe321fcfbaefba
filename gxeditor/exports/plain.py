"""A report as plain text: to be read in any editor, and read back by `imports.formats.text`.

The columns of a table are parted by tabs, for programs, and filled up with blanks so that they stand below each other
wherever a tab goes to the next eighth column and a Chinese character takes two, for people. Knows no encoding: UTF-8
with a byte order mark is what every Windows editor shows rightly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from gxeditor.core.form import Grid, Place
from gxeditor.core.report import Report, paragraphs, show_entry
from gxeditor.core.text import inert, printable
from gxeditor.paper.titles import sealed_room, signed_room
from gxeditor.workbook.own import last_line

_TAB = 8
_INDENT = "\u3000\u3000"
_BREAKS = re.compile("[\t\r\f\v\x1c-\x1e\x85\u2028\u2029]")  # would end a line or divide a field


def plain_text(report: Report) -> str:
    """The whole report in the order of the paper, lines ended as Windows ends them."""
    blocks = [[_line(report.title)], _prose(report.preamble)]
    for section in report.form.sections:
        blocks.append([section.heading])
        if section.table is not None:
            blocks.append(list(_table(report, section.table.grid())))
            blocks.append(
                [_WIDE + line for text in report.note(section.key).split("\n") if (line := _line(text))]
            )
        blocks.append(_prose(report.sections.get(section.key, "")))
    blocks.append(_closing(report))
    if report.own_title is not None:
        blocks.append([_line(last_line(report.agency, report.kind.word, report.year))])
    shown = ([line for line in block if line.strip()] for block in blocks)
    return "".join("\r\n".join([*block, "", ""]) for block in shown if block)


_BLOCK = 28.0  # characters in a line of an official document: what room to the right is counted from
_WIDE = "\u3000"


def _closing(report: Report) -> list[str]:
    """Signature and date in the places that they have on paper (GB/T 9704, 7.3.5), to half a character, by blanks."""
    signature, date = (
        [line for line in map(_line, text.split("\n")) if line] for text in (report.signature, report.date)
    )
    widths = [[_width(line) / 2 for line in lines] for lines in (signature, date)]
    rooms = (sealed_room if report.sealed else signed_room)(*widths)
    placed = []
    for text, room in zip((*signature, *date), rooms, strict=True):
        halves = max(0, round(2 * (_BLOCK - room)) - _width(text))
        if halves == 2 * len(_INDENT):  # so begins a paragraph, and nothing else
            halves -= 1
        placed.append(_WIDE * (halves // 2) + " " * (halves % 2) + text)
    return placed


def _prose(text: str) -> list[str]:
    return [_INDENT + _line(paragraph.text) for paragraph in paragraphs(text)]


def _line(text: str) -> str:
    return _BREAKS.sub(" ", printable(text).replace("\n", " ")).strip()


def _table(report: Report, grid: Grid) -> Iterator[str]:
    """The rows; a merged text stands in its first row and column, the other fields that it covers are blank."""
    texts = {place: _text(report, place) for place in grid.places}
    starts = _starts(grid, texts)
    for row in range(grid.rows):
        line, column = "", 0
        while column < grid.columns:
            place = grid.at[row, column]
            text = texts[place] if place.row == row else ""
            end, tabs = place.column + place.column_span, place.column_span
            room = starts[end] - starts[column] - (tabs - 1) * _TAB - 1
            line += text + " " * (room - _width(text)) + "\t" * tabs
            column = end
        # The last field needs no filling up, and its tab would begin another.
        yield line[: -place.column_span].rstrip(" ") + "\t" * (place.column_span - 1)


def _starts(grid: Grid, texts: dict[Place, str]) -> list[int]:
    """Where each column begins, and the last one ends: a text has room, and behind it a stop for each of its tabs."""
    starts = [0] * (grid.columns + 1)
    for end in range(1, grid.columns + 1):
        starts[end] = max(
            starts[place.column] + (_width(texts[place]) // _TAB + place.column_span) * _TAB
            for place in grid.places
            if place.column + place.column_span == end
        )
        starts[end] = max(starts[end], starts[end - 1] + _TAB)
    return starts


def _text(report: Report, place: Place) -> str:
    if place.cell is None:
        return _line(place.text)
    entry = report.value(place.cell.id)
    return inert(_line(entry)) if isinstance(entry, str) else show_entry(entry)


def _width(text: str) -> int:
    """In columns of a typewriter face."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)
