"""A worksheet part in which some cells change and every other byte stays.

Knows where rows and cells stand, whether or not they say so themselves; how a value is written so that a text stays a
text; where a cell belongs that the file leaves out (how the XML is read: `sheet_xml`). A part of more than
some 24 MB is worked on row by row and never held whole. Knows no form, no formula's meaning, and not what the values
are for.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from gxeditor.files.package import Chunk, Package
from gxeditor.workbook.cells import (
    ErrorValue,
    Result,
    Spot,
    Written,
    cell_ref,
    column_letters,
    number_text,
    parse_range,
)
from gxeditor.workbook.sheet_xml import (
    Elements,
    Encoded,
    attribute,
    blanked,
    column_of,
    encoded_back,
    escaped_text,
    is_plain,
    opening,
    plain_text,
    row_number,
    to_change,
    without,
    xml_text,
)

LARGE = 24 * 2**20
"""Bytes of a part from which on it is worked on row by row; 20,000 units with all their figures take 130 MB."""


class Edit(NamedTuple):
    """What becomes of a cell: `value` (None: blank) in place of what it holds.

    With `is_result` it has a formula, which stays and only carries another value (None: none at all). `formula` (no
    “=”) and `style` are for cells that the file does not have yet; without `style` they look like their row or column.
    """

    value: Written | Result
    is_result: bool = False
    formula: str | None = None
    style: int | None = None


class RowLook(NamedTuple):
    """How a row looks: the attributes of its element, and the style number of each of its cells by column."""

    attributes: bytes
    styles: Mapping[int, int]


class _Row(NamedTuple):
    """A row among some rows: number from 0, where its element begins and ends, its attributes, where its cells do."""

    number: int
    start: int
    stop: int
    attributes: bytes
    cells: int
    cells_end: int


class _Rows(NamedTuple):
    """Some whole rows: as they stand in the file, and the same without what comments may hide."""

    data: bytes
    seen: bytes


class SheetPart:
    """A worksheet part. Raises `ValueError` if it has no cells at all, or is in an encoding that does not come back."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self.is_large = package.size(part) > LARGE and self._is_plain()
        data = self._beginning() if self.is_large else package.read(part)
        self.is_plain = self.is_large or is_plain(data, b"")
        """Whether the bytes can be worked on as they come: UTF-8, and no comments that could hide anything."""
        self._bom, self._codec, self._data = Encoded(b"", "utf-8", data) if self.is_plain else to_change(data)
        begin = opening(blanked(self._data), b"sheetData")
        if begin is None:
            raise ValueError("no sheetData")
        self._head = self._data[: begin.stop]
        self._tail = b""  # known when the last rows have been read
        self._is_empty = begin.is_closed
        self._xml = Elements(begin.prefix)

    def looks(self, rows: Container[int]) -> dict[int, RowLook]:
        """How these rows look, those that the file has."""
        looks = {}
        for some, row in self._all_rows():
            if row.number in rows:
                cells = self._cells(some, row)
                styles = {column: _whole(_said(cell[1], b"s"), 0) for column, cell in cells}
                attributes = without(row.attributes, b"r", b"spans", b"hidden", b"collapsed")
                looks[row.number] = RowLook(attributes, styles)
        return looks

    def divided(self) -> Iterator[tuple[int | None, Chunk]]:
        """The part in pieces: each row with its number; None for what stands before, between and behind them.

        The first piece is all before the rows, the last all behind them.
        """
        yield None, self._opened_head
        number = -1
        for some in self._some_rows():
            at = 0
            for row in self._rows(some, number):
                number = row.number
                if row.start > at:
                    yield None, some.data[at : row.start]
                yield number, some.data[row.start : row.stop]
                at = row.stop
            if at < len(some.data):
                yield None, some.data[at:]
        yield None, self._xml.end + b">" + self._tail if self._is_empty else self._tail

    @property
    def _opened_head(self) -> bytes:
        """What stands before the rows, as it is where there are some."""
        return self._head.removesuffix(b"/>").rstrip() + b">" if self._is_empty else self._head

    def edited(
        self,
        edits: Mapping[Spot, Edit],
        new_rows: Mapping[int, bytes],
        longer: tuple[int, int] | None = None,
    ) -> Iterator[Chunk]:
        """The part with these cells changed, in pieces.

        `new_rows` are the attributes of rows that the file does not have; `longer` is the last row of a filter, and
        what it becomes.
        """
        by_row: dict[int, dict[int, Edit]] = {}
        for (row, column), edit in edits.items():
            of_row = by_row.get(row)
            if of_row is None:
                of_row = by_row[row] = {}
            of_row[column] = edit
        yield self._bom
        for piece in self._edited(by_row, new_rows, longer):
            yield piece if self._codec == "utf-8" else encoded_back(bytes(piece), self._codec)

    def _edited(
        self,
        edits: Mapping[int, Mapping[int, Edit]],
        new_rows: Mapping[int, bytes],
        longer: tuple[int, int] | None,
    ) -> Iterator[Chunk]:
        head = self._grown_head(edits)
        yield head.removesuffix(b"/>").rstrip() + b">" if self._is_empty and edits else head
        wanted = sorted(edits, reverse=True)
        number = -1
        for some in self._some_rows():
            data = memoryview(some.data)
            at = 0
            for row in self._rows(some, number):
                number = row.number
                while wanted and wanted[-1] < number:
                    yield data[at : row.start]
                    yield self._new_row(wanted[-1], edits[wanted[-1]], new_rows)
                    wanted.pop()
                    at = row.start
                if not wanted:
                    break
                if wanted[-1] == number:
                    yield data[at : row.start]
                    yield from self._edited_row(some, row, edits[wanted.pop()])
                    at = row.stop
            yield data[at:]
        for one in reversed(wanted):
            yield self._new_row(one, edits[one], new_rows)
        if self._is_empty and edits:
            yield self._xml.end + b">"
        yield self._tail if longer is None else _with_longer_ranges(self._tail, b"autoFilter", *longer)

    # -------------------- reading
    def _is_plain(self) -> bool:
        """See `is_plain`, of a part that is never held whole."""
        before = b""
        for chunk in self._package.chunks(self._part):
            if not is_plain(chunk, before):
                return False
            before = chunk[-1:]
        return True

    def _beginning(self) -> bytes:
        data = b""
        for chunk in self._package.chunks(self._part):
            data += chunk
            if (at := data.find(b"sheetData")) >= 0 and b">" in data[at:]:
                break
        return data

    def _some_rows(self) -> Iterator[_Rows]:
        """All rows, some at a time; what follows them is `_tail` then."""
        start = len(self._head)
        if self._is_empty:
            self._tail = self._data[start:]
        elif not self.is_large:
            seen = blanked(self._data)
            end = seen.rfind(self._xml.end)
            if end < 0:
                raise ValueError("no end of sheetData")
            self._tail = self._data[end:]
            yield _Rows(self._data[start:end], seen[start:end])
        else:
            chunks = self._package.chunks(self._part)
            data = b""
            for chunk in chunks:
                data += chunk[start:]
                start = max(0, start - len(chunk))
                end = data.find(self._xml.end)
                if end >= 0:
                    yield _Rows(data[:end], data[:end])
                    self._tail = data[end:] + b"".join(chunks)
                    return
                end = data.find(b">", data.rfind(self._xml.row_end)) + 1 if self._xml.row_end in data else 0
                yield _Rows(data[:end], data[:end])
                data = data[end:]

    def _all_rows(self) -> Iterator[tuple[_Rows, _Row]]:
        number = -1
        for some in self._some_rows():
            for row in self._rows(some, number):
                yield some, row
                number = row.number

    def _rows(self, some: _Rows, number: int) -> Iterator[_Row]:
        """The rows among these; `number` is that of the last one before them."""
        at = 0
        while (found := self._xml.row.search(some.seen, at)) is not None:
            number = row_number(_said(found[1], b"r"), number)
            at = end = found.end()
            if not found[2]:
                end = some.seen.find(self._xml.row_end, at)
                at = some.seen.find(b">", end) + 1
                if end < 0 or at <= 0:
                    raise ValueError("no end of row")
            yield _Row(number, found.start(), at, found[1], found.end(), end)

    def _cells(self, some: _Rows, row: _Row) -> Iterator[tuple[int, re.Match[bytes]]]:
        column = -1
        for found in self._xml.cell.finditer(some.seen, row.cells, row.cells_end):
            column = column_of(_said(found[1], b"r"), column)
            yield column, found

    # -------------------- rows
    def _edited_row(self, some: _Rows, row: _Row, edits: Mapping[int, Edit]) -> Iterator[Chunk]:
        cells = list(self._cells(some, row))
        there = {column for column, _ in cells}
        tag = some.data[row.start : row.cells]
        if any(column not in there for column in edits):
            # The spans of a row are a hint where its cells are; without it Excel looks for itself.
            tag = without(tag, b"spans")
        is_closed = row.cells == row.cells_end == row.stop  # <row/>
        yield tag.removesuffix(b"/>").rstrip() + b">" if is_closed else tag
        wanted = sorted(edits, reverse=True)
        at = row.cells
        for column, cell in cells:
            while wanted and wanted[-1] < column:
                yield some.data[at : cell.start()]
                yield self._new_cell(row.number, wanted[-1], edits[wanted[-1]], row.attributes)
                wanted.pop()
                at = cell.start()
            if wanted and wanted[-1] == column:
                yield some.data[at : cell.start()]
                yield self._edited_cell(some, cell, edits[wanted.pop()])
                at = cell.end()
        yield some.data[at : row.cells_end]
        for column in reversed(wanted):
            yield self._new_cell(row.number, column, edits[column], row.attributes)
        yield self._xml.row_end + b">" if is_closed else some.data[row.cells_end : row.stop]

    def _new_row(self, row: int, edits: Mapping[int, Edit], looks: Mapping[int, bytes]) -> bytes:
        look = looks.get(row, b"")
        p = self._xml.prefix
        start, end = f'<{p.decode()}c r="', f"</{p.decode()}v></{p.decode()}c>"
        value_tag = f"<{p.decode()}v>"
        made: list[str] = []
        for column in sorted(edits):
            value, _, formula, style = edit = edits[column]
            if (
                type(value) is int and style is not None and formula is None
            ):  # nearly all, where there are many
                shown = f' s="{style}"' if style else ""
                made.append(f'{start}{column_letters(column)}{row + 1}"{shown}>{value_tag}{value}{end}')
            else:
                made.append(self._new_cell(row, column, edit, look).decode())
        cells = "".join(made).encode()
        return b'<%srow r="%d"%s>%s</%srow>' % (p, row + 1, look, cells, p)

    # -------------------- cells
    def _new_cell(self, row: int, column: int, edit: Edit, of_row: bytes) -> bytes:
        style = edit.style
        if style is None and attribute(of_row, b"customFormat") in (b"1", b"true"):
            style = _whole(_said(of_row, b"s"), 0)
        if style is None:
            style = next((one for first, last, one in self._columns if first <= column + 1 <= last), 0)
        attributes = b' r="%s"' % cell_ref(row, column).encode()
        if style:
            attributes += b' s="%d"' % style
        formula = b""
        if edit.formula is not None:
            formula = b"<%sf>%s</%sf>" % (self._xml.prefix, xml_text(edit.formula), self._xml.prefix)
        return self._built(attributes, formula, edit, b"")

    @cached_property
    def _columns(self) -> list[tuple[int, int, int]]:
        """First and last column, from 1, and their style."""
        return [
            (_whole(_said(one[1], b"min"), 1), _whole(_said(one[1], b"max"), 1), style)
            for one in self._xml.column.finditer(blanked(self._head))
            if (style := _whole(_said(one[1], b"style"), 0))
        ]

    def _edited_cell(self, some: _Rows, cell: re.Match[bytes], edit: Edit) -> bytes:
        """A cell of the file with another value; its formula stays byte for byte."""
        attributes = cell[1]
        body = b"" if cell[2] is None else some.data[cell.start(2) : cell.end(2)]
        if not edit.is_result:
            extension = self._xml.extension.search(body)
            kept = extension[0] if extension is not None else b""
            return self._built(without(attributes, b"t", b"cm", b"vm"), b"", edit, kept)
        formula = self._xml.formula.search(body)
        split = formula.end() if formula is not None else 0
        rest = self._xml.values.sub(b"", body[split:])
        return self._built(without(attributes, b"t"), body[:split], edit, rest)

    def _built(self, attributes: bytes, formula: bytes, edit: Edit, rest: bytes) -> bytes:
        kind, value = self._value(edit)
        p = self._xml.prefix
        body = formula + value + rest
        if not body:
            return b"<%sc%s/>" % (p, attributes)
        return b"<%sc%s%s>%s</%sc>" % (p, attributes, kind, body, p)

    def _value(self, edit: Edit) -> tuple[bytes, bytes]:
        """The attribute that says what kind of value it is, and its element."""
        value, p = edit.value, self._xml.prefix
        if value is None:
            return b"", b""
        if isinstance(value, bool):
            return b' t="b"', b"<%sv>%d</%sv>" % (p, value, p)
        if isinstance(value, ErrorValue):
            return b' t="e"', b"<%sv>%s</%sv>" % (p, value.code.encode(), p)
        if isinstance(value, str):
            text = xml_text(escaped_text(value))
            if edit.is_result or edit.formula is not None:
                return b' t="str"', b"<%sv>%s</%sv>" % (p, text, p)
            return b' t="inlineStr"', b'<%sis><%st xml:space="preserve">%s</%st></%sis>' % (p, p, text, p, p)
        if isinstance(value, float):
            shown = number_text(value)
        else:
            shown = format(value, "f") if isinstance(value, Decimal) else str(value)
        return b"", b"<%sv>%s</%sv>" % (p, shown.encode(), p)

    def _grown_head(self, edits: Mapping[int, Mapping[int, Edit]]) -> bytes:
        """What stands before the rows; the size of the sheet grows with its cells."""
        found = self._xml.size.search(self._head)
        if found is None or not edits:
            return self._head
        try:
            area = parse_range(found[1].decode())
        except ValueError:
            return self._head
        grown = area._replace(
            top=min(area.top, *edits),
            left=min(area.left, *(min(of_row) for of_row in edits.values())),
            bottom=max(area.bottom, *edits),
            right=max(area.right, *(max(of_row) for of_row in edits.values())),
        )
        if grown == area:
            return self._head
        return self._head[: found.start(1)] + grown.ref.encode() + self._head[found.end(1) :]


def _said(tag: bytes, name: bytes) -> str | None:
    """An attribute of a start tag as a text; None if it has none of this name."""
    found = attribute(tag, name)
    return plain_text(found) if found is not None else None


def _whole(text: str | None, otherwise: int) -> int:
    return (
        int(text) if text is not None and len(text) < 10 and text.isascii() and text.isdigit() else otherwise
    )


# -------------------- other parts
def with_longer_ranges(data: bytes, tags: tuple[bytes, ...], last: int, becomes: int) -> bytes:
    """A part in which the ranges of these elements (`ref`) that end in row `last`, from 0, end in another one."""
    part = to_change(data)
    plain = part.data
    for tag in tags:
        plain = _with_longer_ranges(plain, tag, last, becomes)
    return part.back(plain)


def _with_longer_ranges(data: bytes, tag: bytes, last: int, becomes: int) -> bytes:
    pattern = rb"""(<(?:[^\s<>/:]+:)?%s\b[^<>]*?\sref\s*=\s*["'][A-Z]+[0-9]+:[A-Z]+)%d(["'])""" % (
        tag,
        last + 1,
    )
    return re.sub(pattern, lambda found: found[1] + b"%d" % (becomes + 1) + found[2], data)


def with_calculation_on_load(data: bytes) -> bytes:
    """The part of a workbook that tells Excel to calculate all formulas when it opens the file."""
    part = to_change(data)
    plain, seen = part.data, blanked(part.data)
    found = opening(seen, b"calcPr")
    if found is not None:
        if attribute(found.attributes, b"fullCalcOnLoad") in (b"1", b"true"):
            return data
        changed = without(found.attributes, b"fullCalcOnLoad") + b' fullCalcOnLoad="1"'
        end = b"/" if found.is_closed else b""
        new, start, stop = b"<%scalcPr%s%s>" % (found.prefix, changed, end), found.start, found.stop
    else:
        after = rb"</((?:[^\s<>/:]+:)?)(?:sheets|functionGroups|externalReferences|definedNames)\s*>"
        last = list(re.finditer(after, seen))[-1]
        new, start, stop = b'<%scalcPr fullCalcOnLoad="1"/>' % last[1], last.end(), last.end()
    return part.back(plain[:start] + new + plain[stop:])


def with_chain_links(data: bytes, links: Sequence[tuple[str, str]]) -> bytes:
    """The part that lists the formulas of a workbook with more of them: sheet number and reference of each."""
    part = to_change(data)
    plain = part.data
    end = re.search(rb"</((?:[^\s<>/:]+:)?)calcChain\s*>\s*$", plain)
    if end is None:
        return data
    added = b"".join(
        b'<%sc r="%s" i="%s"/>' % (end[1], ref.encode(), number.encode()) for number, ref in links
    )
    return part.back(plain[: end.start()] + added + plain[end.start() :])
