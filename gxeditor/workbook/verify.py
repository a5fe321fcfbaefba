"""Reads a written workbook again and compares it with what it was made from, part by part and cell by cell.

A second reader, of trees that expat makes, sees elements where `splice` saw bytes, so that neither repeats the other's
slip. It proves of each changed sheet that it is XML, that its rows and cells stand where and as they stood, formulas
and looks included, that each planned cell holds what was planned, and that nothing else was added. All other parts are
the same to the last byte. Knows what was planned as values, and nothing of how it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from gxeditor.core.errors import NotWritten, UnreadableSource
from gxeditor.files.package import Package, feed_some, safe_parser
from gxeditor.workbook.cells import (
    Address,
    ErrorValue,
    Range,
    Result,
    Spot,
    Written,
    cell_ref,
    column_letters,
    number_text,
    parse_range,
)
from gxeditor.workbook.changes import NewLine
from gxeditor.workbook.read import Sheet, Workbook
from gxeditor.workbook.sheet_xml import column_of, escaped_text, in_utf8, unescaped
from gxeditor.workbook.splice import SheetPart

Planned = Mapping[Spot, Result | Written]
"""What some cells of a sheet are to hold."""

_OF_NEW = frozenset("rst")  # what a new cell says of itself: where it stands, its style and kind
_TEXTS = ("s", "str", "inlineStr", "d", "e")
_BATCH = 1 << 20  # bytes of rows that are a tree at a time; it takes some fifteen times as many
_UNUSUAL = re.compile("[^ -%'-;=?-~\u3001-\ud7ff\uff01-\uffee]|_x")
"""What a text holds that may be written in several ways; blanks and punctuation of its own are looked at in full."""


def verify(
    before: Package,
    workbook: Workbook,
    data: bytes,
    planned: Mapping[str, Planned],
    parts: Container[str],
    new_lines: Sequence[NewLine] = (),
) -> None:
    """Raises `NotWritten` unless the file `data` holds just what was planned and is otherwise the one before.

    `workbook` is that of `before`, `planned` is by the names of the sheets that have changed, `parts` are those of the
    package that may have changed. `new_lines` have what is planned in them, look as they say and have their formulas.
    """
    try:
        after = Package.from_bytes(data, before.name)
        if list(after.parts) != list(before.parts):
            raise _unlike("文件的组成部分不一致")
        sheets = {sheet.part: sheet for sheet in workbook.sheets if sheet.name in planned}
        for part in before.parts:
            if part in sheets and part in parts:
                sheet = sheets[part]
                of_sheet = [line for line in new_lines if line.sheet == sheet.name]
                _SheetProof(sheet, before, after, planned[sheet.name], of_sheet).done()
            elif part in parts:
                _verify_part(part, before, after, new_lines)
            elif not after.has_same(part, before):
                raise _unlike(f"{part} 有变化")
    except (UnreadableSource, ParseError, ValueError) as error:  # what was written is no zip, or no XML
        raise _unlike("写出的内容读不出来") from error


def _unlike(what: str) -> NotWritten:
    return NotWritten(
        f"填好的文件没有通过核对：{what}，没有保存。",
        "模板和原有的文件都没有改动。",
        "请在 Excel 里把模板另存一次再试；若仍如此，请反馈这个模板。",
    )


# -------------------- a second reader
class _Row(NamedTuple):
    """A row: its number from 0, the attributes of its element, and its cells with their columns."""

    number: int
    attributes: Mapping[str, str]
    cells: list[tuple[int, Element]]
    others: list[Element]


_Item = tuple[str, Mapping[str, str]]
"""An element outside the rows."""


class _Tree:
    """A worksheet part as expat reads it: rows, and the elements outside them. Raises `ParseError` if it is no XML."""

    def __init__(self, data: bytes) -> None:
        self._root = fromstring(data)
        namespace = self._root.tag.rpartition("}")[0]
        self._space = f"{namespace}}}" if namespace else ""
        self._data = self._root.find(f"{self._space}sheetData")

    def others(self) -> list[_Item]:
        """The elements that are no row and in none."""
        listed: list[_Item] = [(self._root.tag, self._root.attrib)]
        for child in self._root:
            if child is not self._data:
                listed.extend((one.tag, one.attrib) for one in child.iter())
            else:
                tag = f"{self._space}row"
                listed.append((child.tag, child.attrib))
                listed.extend((one.tag, one.attrib) for one in child if one.tag != tag)
        return listed

    def rows(self, numbers: Iterator[int] | None = None) -> Iterator[_Row]:
        """The rows; `numbers` are theirs, if not all are here. Raises `ValueError` if a row says another of itself."""
        row_tag, cell_tag = f"{self._space}row", f"{self._space}c"
        last = -1
        for element in self._data if self._data is not None else ():
            if element.tag != row_tag:
                continue
            given = element.get("r")
            number = int(given) - 1 if given is not None else last + 1
            known = next(numbers, None) if numbers is not None else number
            if known is None or (given is not None and known != number):
                raise ValueError(given)
            last = number = known
            row = _Row(number, element.attrib, [], [])
            column = -1
            for cell in element:
                if cell.tag != cell_tag:
                    row.others.append(cell)
                    continue
                column = _column(cell.get("r"), column)
                row.cells.append((column, cell))
            yield row


_column = lru_cache(column_of)


def _is_same(one: Element, other: Element) -> bool:
    """Whether two elements are alike down to their texts."""
    return (
        one.attrib == other.attrib
        and one.text == other.text
        and one.tag == other.tag
        and len(one) == len(other)
        and all(map(_is_same, one, other))
    )


def _utf8(data: bytes) -> bytes:
    """A part as expat reads it whatever its encoding: it knows few, and would believe the declaration."""
    try:
        found = in_utf8(data)
    except (LookupError, UnicodeError) as error:
        raise _unlike("写出的内容读不出来") from error
    return found.data if found.codec == "utf-8" else _DECLARATION.sub(b"", found.data)


_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")


# -------------------- a sheet
class _SheetProof:
    """The comparison of a sheet with the one before, and with what was planned."""

    def __init__(
        self,
        sheet: Sheet,
        before: Package,
        after: Package,
        planned: Planned,
        new_lines: Sequence[NewLine],
    ) -> None:
        self._sheet = sheet
        self._after = after
        self._packages = before, after
        self._like_rows = {line.number: line.like for line in new_lines if line.axis == "row"}
        self._like_columns = {line.number: line.like for line in new_lines if line.axis == "column"}
        self._formulas = {
            (place.row, place.column): formula
            for line in new_lines
            for place, formula in line.formulas.items()
        }
        self._planned: dict[int, dict[int, Result | Written]] = {}
        for (row, column), value in planned.items():
            of_row = self._planned.get(row)
            if of_row is None:
                of_row = self._planned[row] = {}
            of_row[column] = value
        self._extent = (
            Range(
                min(self._planned),
                min(map(min, self._planned.values())),
                max(self._planned),
                max(map(max, self._planned.values())),
            )
            if planned
            else None
        )
        self._rows: dict[int, Mapping[str, str]] = {}  # attributes of rows that new ones may look like
        self._styles: dict[int, dict[int, str]] = {}  # of their cells, and those of rows with planned cells
        self._starts: dict[int, dict[int, tuple[str, str]]] = {}
        self._columns: list[tuple[int, int, str]] = []
        self._like = set(self._like_rows.values())
        self._wanted_rows = set(self._planned) | self._like
        self._strings: list[str] | None = None

    def done(self) -> None:
        """Raises `NotWritten` unless it is as planned."""
        part, rows = self._sheet.part, set(self._planned)
        was, now = (SheetPart(package, part) for package in self._packages)
        old = _Divided(was, rows, self._wanted_rows)
        known = set(old.order)
        if was.is_plain and now.is_plain:
            for row in old.rows(self._like):
                self._note_look(row)
        new = _Divided(
            now,
            rows,
            self._wanted_rows,
            lambda row, piece: piece if row in known else self._without_usual_cells(row, piece),
        )
        if old.digest != new.digest:
            raise _unlike(f"工作表“{self._sheet.name}”里有别的内容变了")
        self._compare_order(old.order, new.order)
        if was.is_plain and now.is_plain:
            self._compare_others(old.frame.others(), new.frame.others())
            self._compare(old.rows(), new.rows())
        else:
            trees = [_Tree(_utf8(package.read(part))) for package in self._packages]
            self._compare_others(*(tree.others() for tree in trees))
            self._compare(*(tree.rows() for tree in trees))

    def _compare_order(self, old: Sequence[int], new: Sequence[int]) -> None:
        """Rows stand where they stood, new ones in their order."""
        known = set(old)
        if [row for row in new if row in known] != list(old) or (
            all(one < other for one, other in pairwise(old))
            and not all(one < other for one, other in pairwise(new))
        ):
            raise self._differs("行的次序变了")

    def _differs(self, what: str) -> NotWritten:
        return _unlike(f"“{self._sheet.name}”{what}")

    def _at(self, row: int, column: int) -> NotWritten:
        return _unlike(f"“{self._sheet.name}”{Address(self._sheet.name, row, column).ref} 不是要填的内容")

    def _compare(self, old: Iterator[_Row], new: Iterator[_Row]) -> None:
        """Walks through both at once; what the new one has beside the old must be planned."""
        was = next(old, None)
        last = -1
        for item in new:
            row = item.number
            if was is not None and was.number == row:
                self._compare_row(was, item)
                self._compare_cells(was, item)
                was = next(old, None)
            elif row not in self._planned or row <= last:
                raise self._differs(f"第 {row + 1} 行不该有")
            elif was is not None and was.number < row:
                raise self._differs(f"第 {was.number + 1} 行不见了")
            else:
                self._compare_new_row(item)
                self._compare_cells(_Row(row, {}, [], []), item)
            last = max(last, row)
        if was is not None:
            raise self._differs(f"第 {was.number + 1} 行不见了")
        for number, cells in self._planned.items():
            self._all_there(number, cells)

    def _note_look(self, row: _Row) -> None:
        """Notes how a row looks that new cells are to look like."""
        if row.number in self._like:
            self._rows[row.number] = row.attributes
        self._styles[row.number] = {column: cell.get("s", "0") for column, cell in row.cells}

    def _without_usual_cells(self, number: int, piece: bytes) -> bytes:
        """A new row without its cells if they are to the last byte as they are usually written; else as it is.

        Thousands of units come in so many rows. What a cell has to be is made here from the plan and the line that
        the row looks like; any other way to write the same is compared as elements.
        """
        like = self._like_rows.get(number, -1)
        styles = self._styles.get(like)
        if styles is None or self._like_columns or not piece.startswith(b"<row "):
            return piece
        starts = self._starts.setdefault(like, {})
        cells: list[str] = []
        for column, value in sorted(self._planned[number].items()):
            if column not in styles:
                return piece
            if column not in starts:
                style = styles[column]
                starts[column] = f'<c r="{column_letters(column)}', "" if style == "0" else f' s="{style}"'
            letters, look = starts[column]
            start = f'{letters}{number + 1}"{look}'
            formula = self._formulas.get((number, column))
            if formula is not None:
                if type(value) is not float or _UNUSUAL.search(formula):
                    return piece
                cells.append(f"{start}><f>{formula}</f><v>{number_text(value)}</v></c>")
            elif type(value) is int:
                cells.append(f"{start}><v>{value}</v></c>")
            elif value is None:
                cells.append(f"{start}/>")
            elif type(value) is str and value and not _UNUSUAL.search(value):
                text = f'<is><t xml:space="preserve">{value}</t></is>'
                cells.append(f'{start} t="inlineStr">{text}</c>')
            else:
                return piece
        cells.append("</row>")
        end = "".join(cells).encode()
        at = piece.find(b">") + 1
        if piece[at:] != end:
            return piece
        self._planned[number] = {}
        return piece[:at] + b"</row>"

    def _compare_cells(self, was: _Row, item: _Row) -> None:
        row = item.number
        wanted = self._planned.pop(row, {})
        if row in self._wanted_rows:
            self._note_look(was)
        there = iter(was.cells)
        old = next(there, None)
        last = -1
        for column, cell in item.cells:
            if old is not None and old[0] == column:
                if column in wanted:
                    self._compare_planned(row, column, old[1], cell, wanted.pop(column))
                elif not _is_same(old[1], cell):
                    raise self._at(row, column)
                old = next(there, None)
            elif column not in wanted or column <= last or (old is not None and old[0] < column):
                raise self._at(row, column)
            else:
                self._compare_new(row, column, cell, wanted.pop(column), item.attributes)
            last = column
        if old is not None:
            raise self._at(row, old[0])
        if not all(map(_is_same, was.others, item.others)) or len(was.others) != len(item.others):
            raise self._differs(f"第 {row + 1} 行里有别的内容变了")
        self._all_there(row, wanted)

    def _all_there(self, row: int, wanted: Mapping[int, Result | Written]) -> None:
        """A planned cell that the file does not have is one that is to be blank."""
        for column, value in wanted.items():
            if value is not None:
                raise self._at(row, column)

    # -------------------- rows, and what is none
    def _compare_row(self, was: _Row, item: _Row) -> None:
        old, new = dict(was.attributes), dict(item.attributes)
        if "spans" not in new:  # a hint that is left out where cells are added
            old.pop("spans", None)
        if old != new:
            raise self._differs(f"第 {item.number + 1} 行的格式变了")

    def _compare_new_row(self, item: _Row) -> None:
        of_like = self._rows.get(self._like_rows.get(item.number, -1), {})
        like = {**_without(of_like, ("spans", "hidden", "collapsed")), "r": str(item.number + 1)}
        if item.attributes != like:
            raise self._differs(f"第 {item.number + 1} 行的格式变了")

    def _compare_others(self, old: Sequence[_Item], new: Sequence[_Item]) -> None:
        """The elements outside the rows, whose bytes have been compared but for what may grow."""
        if len(old) != len(new):
            raise self._differs("里有别的内容变了")
        for was, item in zip(old, new, strict=True):
            tag, attributes = item
            name = _local(tag)
            if name == "col":
                first, last, style = (attributes.get(key, "") for key in ("min", "max", "style"))
                if style and first.isdecimal() and last.isdecimal():
                    self._columns.append((int(first), int(last), style))
            if was == item:
                continue
            grows = {"dimension": self._may_grow, "autoFilter": self._may_lengthen}.get(name)
            if (
                grows is None
                or (was[0], {**was[1], "ref": ""}) != (tag, {**attributes, "ref": ""})
                or not _ranges((was[1].get("ref", ""), attributes.get("ref", "")), grows)
            ):
                raise self._differs("里有别的内容变了")

    def _may_grow(self, old: Range, new: Range) -> bool:
        """Whether the size of a sheet is one that it can have with what was planned."""
        most = self._extent
        if most is None:
            return new == old
        most = Range(
            min(old.top, most.top),
            min(old.left, most.left),
            max(old.bottom, most.bottom),
            max(old.right, most.right),
        )
        return _covers(new, old) and _covers(most, new)

    def _may_lengthen(self, old: Range, new: Range) -> bool:
        return new == old._replace(bottom=max(self._like_rows, default=old.bottom))

    # -------------------- cells
    def _compare_planned(
        self, row: int, column: int, was: Element, cell: Element, value: Result | Written
    ) -> None:
        """A cell that the file had: its look and its formula are the same, and it holds what was planned."""
        unchanged = _is_same(was, cell)
        if not unchanged:
            old, new = ([one for one in each if _local(one.tag) not in ("v", "is")] for each in (was, cell))
            own = ("t",) if any(_local(one.tag) == "f" for one in old) else ("t", "cm", "vm")
            if (
                _without(was.attrib, own) != _without(cell.attrib, own)
                or len(old) != len(new)
                or not all(map(_is_same, old, new))
            ):
                raise self._at(row, column)
        if not self._holds(cell, value, unchanged):
            raise self._at(row, column)

    def _compare_new(
        self, row: int, column: int, cell: Element, value: Result | Written, of_row: Mapping[str, str]
    ) -> None:
        """A cell that the file did not have: it looks like the line it continues, else like its row or column."""
        like = self._styles.get(self._like_rows.get(row, -1), {}).get(column)
        if like is None and column in self._like_columns:
            like = self._styles.get(row, {}).get(self._like_columns[column])
        if like is None and of_row.get("customFormat") in ("1", "true"):
            like = of_row.get("s", "0")
        if like is None:
            like = next((one for first, last, one in self._columns if first <= column + 1 <= last), "0")
        formula = self._formulas.get((row, column))
        others = [one for one in cell if _local(one.tag) not in ("v", "is")]
        if formula is not None:
            is_right = [(_local(one.tag), one.text, one.attrib) for one in others] == [("f", formula, {})]
        else:
            is_right = not others
        attributes = cell.attrib
        is_plain = type(value) is int and len(attributes) == 2 - (like == "0") and len(cell) == 1
        if (
            not is_right
            or attributes.get("s", "0") != like
            or attributes.get("r") != cell_ref(row, column)
            or not _OF_NEW.issuperset(attributes)
            or not ((is_plain and cell[0].text == str(value)) or self._holds(cell, value, False))
        ):
            raise self._at(row, column)

    def _holds(self, cell: Element, value: Result | Written, unchanged: bool) -> bool:
        """Whether a cell holds a value; one that was left as it was may write the same number otherwise."""
        kind = cell.get("t", "n")
        found = self._text(cell, kind, unchanged)
        if value is None or value == "" or not found:
            return not found and value in (None, "")
        if isinstance(value, ErrorValue):
            return kind in ("e", "str") and found == value.code
        if isinstance(value, bool):
            return kind == "b" and found.strip() in (("1", "true") if value else ("0", "false"))
        if isinstance(value, str):
            is_text = kind in _TEXTS
            return is_text and (found == escaped_text(value) or (unchanged and unescaped(found) == value))
        if kind != "n":
            return False
        try:
            if isinstance(value, float):
                return float(found) == float(number_text(value))
            return float(found) == float(value) if unchanged else Decimal(found) == value
        except (ValueError, InvalidOperation):
            return False

    def _text(self, cell: Element, kind: str, unchanged: bool) -> str:
        """What stands as the value of a cell, as the file writes it."""
        wanted = "is" if kind == "inlineStr" else "v"
        found = [one for one in cell if _local(one.tag) == wanted]
        if not found:
            return ""
        if len(found) > 1:
            raise self._differs("里有一格写着两个值")
        if wanted == "is":
            return "".join(_texts(found[0], not unchanged))
        value = found[0].text or ""
        if kind != "s":
            return value
        if self._strings is None:
            self._strings = _shared_strings(self._after)
        number = int(value) if value.strip().isdecimal() else -1
        return self._strings[number] if 0 <= number < len(self._strings) else ""


class _Divided:
    """A sheet row by row: their order, a digest of all that may not have changed, and the rows to be compared."""

    def __init__(
        self,
        part: SheetPart,
        rows: Container[int],
        wanted: Container[int],
        shortened: Callable[[int, bytes], bytes] | None = None,
    ) -> None:
        self.order: list[int] = []
        self._numbers: list[int] = []
        self._rows: list[bytes] = []
        around: list[bytes] = []
        digest = sha256()
        for number, piece in part.divided():
            if number is None:
                around.append(bytes(piece))
                digest.update(_GROWING.sub(b"", piece))
                continue
            self.order.append(number)
            if number not in rows:
                digest.update(piece)
            if number in wanted and part.is_plain:
                kept = bytes(piece)
                self._numbers.append(number)
                self._rows.append(
                    kept if shortened is None or number not in rows else shortened(number, kept)
                )
        self._head, self._tail = around[0], around[-1]
        self.digest = digest.digest()

    @property
    def frame(self) -> _Tree:
        """The sheet without rows."""
        return _Tree(self._head + self._tail)

    def rows(self, wanted: Container[int] | None = None) -> Iterator[_Row]:
        """The kept rows, or these of them, some at a time."""
        most = max(_BATCH, 4 * len(self._head) + 4 * len(self._tail))
        numbers: list[int] = []
        some: list[bytes] = []
        size = 0
        for number, row in zip(self._numbers, self._rows, strict=True):
            if wanted is not None and number not in wanted:
                continue
            numbers.append(number)
            some.append(row)
            size += len(row)
            if size > most:
                yield from self._read(numbers, some)
                numbers, some, size = [], [], 0
        if some:
            yield from self._read(numbers, some)

    def _read(self, numbers: Sequence[int], rows: Iterable[bytes]) -> Iterator[_Row]:
        read = 0
        for row in _Tree(b"".join((self._head, *rows, self._tail))).rows(iter(numbers)):
            read += 1
            yield row
        if read != len(numbers):
            raise ValueError(read)


_GROWING = re.compile(rb"""(?<=[:<])(?:dimension|autoFilter)\s+ref\s*=\s*["'][A-Z0-9:]+["']""")


# -------------------- texts
def _texts(item: Element, strict: bool) -> Iterator[str]:
    """The texts of an item that are no reading aid.

    `strict`: without blanks at the ends that Excel drops, unless they are said to be kept.
    """
    for one in item:
        name = _local(one.tag)
        if name == "t":
            keeps = not strict or one.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
            yield (one.text or "") if keeps else (one.text or "").strip(" \t\r\n")
        elif name == "r":
            yield from _texts(one, strict)


def _shared_strings(package: Package) -> list[str]:
    """The texts that cells share, in a part that is the same as before, so that our own reader has proved it."""
    for relationship in package.relationships(package.main):
        part = package.find(relationship.target) if relationship.kind == "sharedStrings" else None
        if part is not None:
            items = fromstring(_utf8(package.read(part)))
            return ["".join(_texts(item, False)) for item in items if _local(item.tag) == "si"]
    return []


@cache
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _without(attributes: Mapping[str, str], names: Container[str]) -> dict[str, str]:
    return {key: value for key, value in attributes.items() if key not in names}


def _ranges(refs: tuple[str, str], fits: Callable[[Range, Range], bool]) -> bool:
    try:
        return fits(*map(parse_range, refs))
    except ValueError:
        return False


def _covers(area: Range, other: Range) -> bool:
    return area.holds(other.top, other.left) and area.holds(other.bottom, other.right)


# -------------------- other parts
Event = tuple[str, Mapping[str, str]] | str | None
"""The start of an element with its attributes, a text, or the end of the last element begun."""


def _events(data: bytes, name: str) -> list[Event]:
    """What a small part says, from its first element to its last."""
    events: list[Event] = []
    parser = safe_parser(name)
    parser.StartElementHandler = lambda tag, attributes: events.append((tag, attributes))
    parser.EndElementHandler = lambda _: events.append(None)
    parser.CharacterDataHandler = events.append
    feed_some(parser, _utf8(data), name, last=True)
    return events


def _verify_part(part: str, before: Package, after: Package, new_lines: Sequence[NewLine]) -> None:
    """What is no sheet may only tell Excel to calculate, list new formulas, or reach to new rows."""
    old, new = (_events(package.read(part), package.name) for package in (before, after))
    if part == before.main:
        as_was = _calculating(old) == _calculating(new)
        told = [one[1].get("fullCalcOnLoad") for one in new if isinstance(one, tuple) and _is(one, "calcPr")]
        fine = as_was and "1" in told
    elif old and _is(old[0], "calcChain"):
        numbers = {
            item.get("name", ""): item.get("sheetId", "") for item in before.xml(before.main).iter("sheet")
        }
        links = [
            {"r": place.ref, "i": numbers.get(place.sheet, "")}
            for line in new_lines
            for place in line.formulas
        ]
        listed = [event for event in new[len(old) - 1 : -1] if event is not None]
        fine = new[: len(old) - 1] == old[:-1] and [one[1] for one in listed] == links
    else:
        bottoms = {line.number for line in new_lines if line.axis == "row"}

        def reaches(was: Range, now: Range) -> bool:
            return now == was._replace(bottom=max(bottoms, default=was.bottom))

        fine = len(old) == len(new) and all(
            was == now
            or (
                (_is(was, "table") or _is(was, "autoFilter"))
                and isinstance(was, tuple)
                and isinstance(now, tuple)
                and (was[0], {**was[1], "ref": ""}) == (now[0], {**now[1], "ref": ""})
                and _ranges((was[1].get("ref", ""), now[1].get("ref", "")), reaches)
            )
            for was, now in zip(old, new, strict=True)
        )
    if not fine:
        raise _unlike(f"{part} 有变化")


def _is(event: Event, name: str) -> bool:
    return isinstance(event, tuple) and _local(event[0]) == name


def _calculating(events: Sequence[Event]) -> list[Event]:
    """What a workbook says, whether or not Excel is to calculate it."""
    kept: list[Event] = []
    dropped = False
    for event in events:
        if isinstance(event, tuple) and _local(event[0]) == "calcPr":
            event = event[0], _without(event[1], ("fullCalcOnLoad",))
            dropped = not event[1]
            if dropped:
                continue
        elif dropped:  # its end
            dropped = False
            continue
        kept.append(event)
    return kept
