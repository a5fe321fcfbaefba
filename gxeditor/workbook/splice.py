"""A worksheet part in which some cells change and every other byte stays.

Knows where rows and cells stand in the XML, whatever its prefix and encoding and whether or not they say so themselves;
how a value is written so that a text stays a text; where a cell belongs that the file leaves out. A part of more than
some 24 MB is worked on row by row and never held whole. Knows no form, no formula's meaning, and not what the values
are for: that is the business of `template`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property
from typing import NamedTuple

from gxeditor.core.text import printable
from gxeditor.files.package import Package, Piece
from gxeditor.workbook.formulas import ErrorValue, number_text
from gxeditor.workbook.read import cell_ref, column_number, parse_range

LARGE = 24 * 2**20
"""Bytes of a part from which on it is worked on row by row; 20,000 units with all their figures take 130 MB."""


class Edit(NamedTuple):
    """What becomes of a cell: `value` (None: blank) in place of what it holds.

    With `is_result` it has a formula, which stays and only carries another value (None: none at all). `formula` (no
    “=”) and `style` are for cells that the file does not have yet; without `style` they look like their row or column.
    """

    value: int | float | Decimal | str | bool | ErrorValue | None
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


_ATTRIBUTES = rb"""((?:\s+[^\s=/>"']+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*"""
_COMMENTS = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_GROWING = re.compile(rb"""(?<=[:<])(?:dimension|autoFilter)\s+ref\s*=\s*["'][A-Z0-9:]+["']""")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class SheetPart:
    """A worksheet part. Raises `ValueError` if it has no cells at all, or is in an encoding that does not come back."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self.is_large = package.size(part) > LARGE and self._is_plain()
        if self.is_large:
            self._bom, self._codec, self._data = b"", "utf-8", self._beginning()
        else:
            self._bom, self._codec, self._data = _in_utf8(package.read(part))
        opening = re.search(
            rb"<((?:[^\s<>/:]+:)?)sheetData" + _ATTRIBUTES + rb"(/?)>", _without_comments(self._data)
        )
        if opening is None:
            raise ValueError("no sheetData")
        self._head = self._data[: opening.end()]
        self._tail = b""  # known when the last rows have been read
        self._is_empty = bool(opening[3])
        self._prefix = opening[1]
        self._row_end = b"</" + self._prefix + b"row"
        self._sheet_end = b"</" + self._prefix + b"sheetData"
        p = re.escape(self._prefix)
        self._row = re.compile(rb"<" + p + rb"row" + _ATTRIBUTES + rb"(/?)>")
        self._cell = re.compile(
            rb"<" + p + rb"c" + _ATTRIBUTES + rb"(?:/>|>(.*?)</" + p + rb"c\s*>)", re.DOTALL
        )
        self._formula = re.compile(
            rb"<" + p + rb"f" + _ATTRIBUTES + rb"(?:/>|>.*?</" + p + rb"f\s*>)", re.DOTALL
        )
        self._values = re.compile(
            rb"<" + p + rb"(v|is)" + _ATTRIBUTES + rb"(?:/>|>.*?</" + p + rb"\1\s*>)", re.DOTALL
        )
        self._extension = re.compile(rb"<" + p + rb"extLst.*?</" + p + rb"extLst\s*>", re.DOTALL)

    def looks(self, rows: Container[int]) -> dict[int, RowLook]:
        """How these rows look, those that the file has."""
        looks = {}
        for some, row in self._all_rows():
            if row.number in rows:
                cells = self._cells(some, row)
                styles = {column: int(_attribute(cell[1], b"s") or 0) for column, cell in cells}
                attributes = _without(row.attributes, b"r", b"spans", b"hidden", b"collapsed")
                looks[row.number] = RowLook(attributes, styles)
        return looks

    def excerpt(self, rows: Container[int]) -> Iterator[Piece]:
        """The part with no other rows than these."""
        yield self._head
        yield from (some.data[row.start : row.stop] for some, row in self._all_rows() if row.number in rows)
        yield self._tail

    def rest(self, rows: Container[int]) -> Iterator[Piece]:
        """Everything but these rows, and but what may grow with them: the size of the sheet and its filter."""
        yield _GROWING.sub(b"", self._head)
        for some, row in self._all_rows():
            if row.number not in rows:
                yield some.data[row.start : row.stop]
        yield _GROWING.sub(b"", self._tail)

    def edited(
        self,
        edits: Mapping[tuple[int, int], Edit],
        new_rows: Mapping[int, bytes],
        longer: tuple[int, int] | None = None,
    ) -> Iterator[Piece]:
        """The part with these cells changed, in pieces.

        `new_rows` are the attributes of rows that the file does not have; `longer` is the last row of a filter, and
        what it becomes.
        """
        by_row: dict[int, dict[int, Edit]] = {}
        for (row, column), edit in edits.items():
            by_row.setdefault(row, {})[column] = edit
        yield self._bom
        for piece in self._edited(by_row, new_rows, longer):
            yield piece if self._codec == "utf-8" else _as_was(bytes(piece), self._codec)

    def _edited(
        self,
        edits: Mapping[int, Mapping[int, Edit]],
        new_rows: Mapping[int, bytes],
        longer: tuple[int, int] | None,
    ) -> Iterator[Piece]:
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
            yield self._sheet_end + b">"
        yield self._tail if longer is None else _with_longer_ranges(self._tail, b"autoFilter", *longer)

    # -------------------- reading
    def _is_plain(self) -> bool:
        """Whether the bytes can be worked on as they come: UTF-8, and no comments that could hide anything."""
        before = b""
        for chunk in self._package.chunks(self._part):
            if not before and _encoding(chunk) != (b"", "utf-8"):
                return False
            if b"<!" in before + chunk or b"<?" in (before + chunk if before else chunk[2:]):
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
            seen = _without_comments(self._data)
            end = seen.rfind(self._sheet_end)
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
                end = data.find(self._sheet_end)
                if end >= 0:
                    yield _Rows(data[:end], data[:end])
                    self._tail = data[end:] + b"".join(chunks)
                    return
                end = data.find(b">", data.rfind(self._row_end)) + 1 if self._row_end in data else 0
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
        while (found := self._row.search(some.seen, at)) is not None:
            given = _attribute(found[1], b"r")
            number = int(given) - 1 if given else number + 1
            at = end = found.end()
            if not found[2]:
                end = some.seen.find(self._row_end, at)
                at = some.seen.find(b">", end) + 1
                if end < 0 or at <= 0:
                    raise ValueError("no end of row")
            yield _Row(number, found.start(), at, found[1], found.end(), end)

    def _cells(self, some: _Rows, row: _Row) -> Iterator[tuple[int, re.Match[bytes]]]:
        column = -1
        for found in self._cell.finditer(some.seen, row.cells, row.cells_end):
            given = _attribute(found[1], b"r")
            column = column_number(given.rstrip(b"0123456789").decode()) if given else column + 1
            yield column, found

    # -------------------- rows
    def _edited_row(self, some: _Rows, row: _Row, edits: Mapping[int, Edit]) -> Iterator[Piece]:
        cells = list(self._cells(some, row))
        there = {column for column, _ in cells}
        tag = some.data[row.start : row.cells]
        if any(column not in there for column in edits):
            # The spans of a row are a hint where its cells are; without it Excel looks for itself.
            tag = _without(tag, b"spans")
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
        yield self._row_end + b">" if is_closed else some.data[row.cells_end : row.stop]

    def _new_row(self, row: int, edits: Mapping[int, Edit], looks: Mapping[int, bytes]) -> bytes:
        look = looks.get(row, b"")
        cells = b"".join(self._new_cell(row, column, edits[column], look) for column in sorted(edits))
        p = self._prefix
        return b'<%srow r="%d"%s>%s</%srow>' % (p, row + 1, look, cells, p)

    # -------------------- cells
    def _new_cell(self, row: int, column: int, edit: Edit, of_row: bytes) -> bytes:
        style = edit.style
        if style is None and _attribute(of_row, b"customFormat") in (b"1", b"true"):
            style = int(_attribute(of_row, b"s") or 0)
        if style is None:
            style = next((one for first, last, one in self._columns if first <= column + 1 <= last), 0)
        attributes = b' r="%s"' % cell_ref(row, column).encode()
        if style:
            attributes += b' s="%d"' % style
        formula = b""
        if edit.formula is not None:
            formula = b"<%sf>%s</%sf>" % (self._prefix, _xml(edit.formula), self._prefix)
        return self._built(attributes, formula, edit, b"")

    @cached_property
    def _columns(self) -> list[tuple[int, int, int]]:
        """First and last column, from 1, and their style."""
        pattern = re.compile(rb"<" + re.escape(self._prefix) + rb"col" + _ATTRIBUTES + rb"/?>")
        return [
            (int(_attribute(one[1], b"min") or 1), int(_attribute(one[1], b"max") or 1), int(style))
            for one in pattern.finditer(_without_comments(self._head))
            if (style := _attribute(one[1], b"style"))
        ]

    def _edited_cell(self, some: _Rows, cell: re.Match[bytes], edit: Edit) -> bytes:
        """A cell of the file with another value; its formula stays byte for byte."""
        attributes = cell[1]
        body = b"" if cell[2] is None else some.data[cell.start(2) : cell.end(2)]
        if not edit.is_result:
            extension = self._extension.search(body)
            kept = extension[0] if extension is not None else b""
            return self._built(_without(attributes, b"t", b"cm", b"vm"), b"", edit, kept)
        formula = self._formula.search(body)
        split = formula.end() if formula is not None else 0
        rest = self._values.sub(b"", body[split:])
        return self._built(_without(attributes, b"t"), body[:split], edit, rest)

    def _built(self, attributes: bytes, formula: bytes, edit: Edit, rest: bytes) -> bytes:
        kind, value = self._value(edit)
        p = self._prefix
        body = formula + value + rest
        if not body:
            return b"<%sc%s/>" % (p, attributes)
        return b"<%sc%s%s>%s</%sc>" % (p, attributes, kind, body, p)

    def _value(self, edit: Edit) -> tuple[bytes, bytes]:
        """The attribute that says what kind of value it is, and its element."""
        value, p = edit.value, self._prefix
        if value is None:
            return b"", b""
        if isinstance(value, bool):
            return b' t="b"', b"<%sv>%d</%sv>" % (p, value, p)
        if isinstance(value, ErrorValue):
            return b' t="e"', b"<%sv>%s</%sv>" % (p, value.code.encode(), p)
        if isinstance(value, str):
            text = _xml(escaped_text(value))
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
        p = re.escape(self._prefix)
        found = re.search(rb"<" + p + rb"""dimension\s+ref\s*=\s*["']([^"']*)""", self._head)
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


# -------------------- other parts
def with_longer_ranges(data: bytes, tags: tuple[bytes, ...], last: int, becomes: int) -> bytes:
    """A part in which the ranges of these elements (`ref`) that end in row `last`, from 0, end in another one."""
    bom, codec, plain = _in_utf8(data)
    for tag in tags:
        plain = _with_longer_ranges(plain, tag, last, becomes)
    return bom + _as_was(plain, codec)


def _with_longer_ranges(data: bytes, tag: bytes, last: int, becomes: int) -> bytes:
    pattern = rb"""(<(?:[^\s<>/:]+:)?%s\b[^<>]*?\sref\s*=\s*["'][A-Z]+[0-9]+:[A-Z]+)%d(["'])""" % (
        tag,
        last + 1,
    )
    return re.sub(pattern, lambda found: found[1] + b"%d" % (becomes + 1) + found[2], data)


def with_calculation_on_load(data: bytes) -> bytes:
    """The part of a workbook that tells Excel to calculate all formulas when it opens the file."""
    bom, codec, plain = _in_utf8(data)
    seen = _without_comments(plain)
    found = re.search(rb"<((?:[^\s<>/:]+:)?)calcPr" + _ATTRIBUTES + rb"(/?)>", seen)
    if found is not None:
        if _attribute(found[2], b"fullCalcOnLoad") in (b"1", b"true"):
            return data
        attributes = _without(found[2], b"fullCalcOnLoad") + b' fullCalcOnLoad="1"'
        new, start, end = b"<%scalcPr%s%s>" % (found[1], attributes, found[3]), found.start(), found.end()
    else:
        after = rb"</((?:[^\s<>/:]+:)?)(?:sheets|functionGroups|externalReferences|definedNames)\s*>"
        last = list(re.finditer(after, seen))[-1]
        new, start, end = b'<%scalcPr fullCalcOnLoad="1"/>' % last[1], last.end(), last.end()
    return bom + _as_was(plain[:start] + new + plain[end:], codec)


def with_chain_links(data: bytes, links: Sequence[tuple[str, str]]) -> bytes:
    """The part that lists the formulas of a workbook with more of them: sheet number and reference of each."""
    bom, codec, plain = _in_utf8(data)
    end = re.search(rb"</((?:[^\s<>/:]+:)?)calcChain\s*>\s*$", plain)
    if end is None:
        return data
    added = b"".join(
        b'<%sc r="%s" i="%s"/>' % (end[1], ref.encode(), number.encode()) for number, ref in links
    )
    return bom + _as_was(plain[: end.start()] + added + plain[end.start() :], codec)


def stored_text(text: str) -> str:
    """A text as a cell holds it: one kind of line end, and no character that XML cannot hold."""
    return printable(text).replace("\r\n", "\n").replace("\r", "\n")


def escaped_text(text: str) -> str:
    """The same as it stands in the file, where _x000D_ means a character."""
    return _ESCAPE.sub("_x005F_", stored_text(text))


# -------------------- bytes
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _encoding(data: bytes) -> tuple[bytes, str]:
    """The byte order mark that XML begins with, if any, and its encoding."""
    marked = next((one for one in _MARKS if data.startswith(one[0])), None)
    if marked is not None:
        return marked
    if data.startswith((b"<\0", b"\0<")):
        return b"", "utf-16-le" if data.startswith(b"<") else "utf-16-be"
    declared = re.match(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""", data)
    return b"", codecs.lookup(declared[1].decode()).name if declared is not None else "utf-8"


def _in_utf8(data: bytes) -> tuple[bytes, str, bytes]:
    """Byte order mark, encoding, and the XML in UTF-8. Raises `ValueError` if it would not come back as it was."""
    mark, codec = _encoding(data)
    body = data[len(mark) :]
    if codec == "utf-8":
        return mark, codec, body
    plain = body.decode(codec).encode()
    if _as_was(plain, codec) != body:
        raise ValueError("an encoding that does not come back")
    return mark, codec, plain


def _as_was(data: bytes, codec: str) -> bytes:
    return data if codec == "utf-8" else data.decode().encode(codec, "xmlcharrefreplace")


def _without_comments(data: bytes) -> bytes:
    """The XML with blanks in place of comments and the like: what looks like an element in them is none."""
    if data.find(b"<!", 1) < 0 and data.find(b"<?", 2) < 0:
        return data
    return _COMMENTS.sub(lambda found: b" " * len(found[0]), data)


@cache
def _attribute_pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"""\s+%s\s*=\s*(?:"([^"]*)"|'([^']*)')""" % re.escape(name))


def _attribute(attributes: bytes, name: bytes) -> bytes | None:
    found = _attribute_pattern(name).search(attributes)
    return None if found is None else found[1] if found[1] is not None else found[2]


def _without(attributes: bytes, *names: bytes) -> bytes:
    for name in names:
        attributes = _attribute_pattern(name).sub(b"", attributes)
    return attributes


def _xml(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
