"""HTML → a table, as Excel, WPS, Word and web pages put it on the clipboard.

Knows cells with spans, tags left open, and what of a page is not seen. Does not know paragraphs outside of tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from gxeditor.imports.source import MAX_CELLS, NOWHERE, LooseCell, RawCell, RawTable, visible_table

_MAX_MARKUP = 20_000_000  # characters; chosen, to bound the time of a paste


def html_table(html: str) -> RawTable | None:
    """The tables of HTML from the clipboard, below each other as one; None if there is none or it is too large.

    A table inside another counts by itself. Styles, scripts and comments are no text.
    """
    if len(html) > _MAX_MARKUP:
        return None
    reading = _TableReading()
    reading.feed(_DECLARATION.sub("", html))
    reading.close()
    found = [table for rows in reading.tables() if (table := visible_table(rows)) is not None]
    if not found:
        return None
    table = stack(found)
    return table if len(table.cells) <= MAX_CELLS else None


def stack(tables: Sequence[RawTable]) -> RawTable:
    """The tables below each other, a free row between them, as one."""
    cells: list[RawCell] = []
    top = 0
    for table in tables:
        cells.extend(replace(cell, row=cell.row + top) for cell in table.cells)
        top += table.rows + 1
    return RawTable(tuple(cells), tables[0].origin if tables else NOWHERE)


# Word writes <![if !supportEmptyParas]>, which html.parser takes for broken SGML.
_DECLARATION = re.compile(r"<!\[[^>]{0,200}>?")
_UNSEEN = frozenset({"script", "style", "head", "title", "noscript", "template"})
_LINE_ENDS = frozenset({"br", "p", "div", "li"})


@dataclass(slots=True)
class _OpenTable:
    rows: list[list[LooseCell]] = field(default_factory=list)
    text: list[str] | None = None  # of the open cell


class _TableReading(HTMLParser):
    """Collects every table's rows; tags that were left open are closed as browsers do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_OpenTable] = []
        self._all: list[_OpenTable] = []
        self._unseen = 0

    def tables(self) -> Iterable[list[list[LooseCell]]]:
        while self._open:
            self._end_table()
        return [table.rows for table in self._all]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._unseen = 0
            self._open.append(_OpenTable())
            self._all.append(self._open[-1])
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            table = self._open[-1]
            if not table.rows:
                table.rows.append([])
            spans = dict(attrs)
            table.rows[-1].append(LooseCell("", _span(spans.get("rowspan")), _span(spans.get("colspan"))))
            table.text = []
        elif tag in _LINE_ENDS:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif not self._open:
            return
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_table()
        elif tag in _LINE_ENDS:
            self.handle_data("\n")

    def handle_data(self, data: str) -> None:
        if self._open and not self._unseen and (text := self._open[-1].text) is not None:
            text.append(data)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.text is not None:
            lines = "".join(table.text).replace("\xa0", " ").split("\n")
            shown = (re.sub(r"\s+", " ", line).strip() for line in lines)
            table.rows[-1][-1].text = "\n".join(line for line in shown if line)
            table.text = None

    def _end_table(self) -> None:
        self._end_cell()
        self._open.pop()


def _span(value: str | None) -> int:
    digits = re.match(r"\s*([0-9]{1,9})", value or "")
    return int(digits[1]) if digits else 1
