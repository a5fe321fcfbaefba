"""A text document of LibreOffice and its kin (.odt, .ott) → Source: what a person sees in it, in its order.

Knows OpenDocument text: white space as it is written there, lists and headings with the numbers that are counted for
them, tables with spans and repeats, text boxes behind the paragraph that holds them, sections and letters that are
hidden. What was deleted lies apart in the file and is no text of it; what was inserted is. Contents, headers, footers
and comments are no text of the report either; footnotes are told in a note. Does not know what any text means.

The standard is OpenDocument 1.3, part 3; its numbers are given where a rule is not obvious.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from xml.etree.ElementTree import Element

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen
from gxeditor.files.limits import CHARACTERS, DOCUMENT_XML, ODT_REPEATS, ODT_ROWS, TABLE_CELLS
from gxeditor.files.package import Package
from gxeditor.imports.numbering import (
    BRANCHES,
    STEMS,
    alphabetic,
    chinese,
    formal_chinese,
    roman,
    running,
    turning,
    wide,
)
from gxeditor.imports.source import (
    ImportNote,
    LooseCell,
    Origin,
    RawTable,
    Source,
    SourceText,
    lay_out,
)
from gxeditor.workbook.cells import cell_ref

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TEXT, _TABLE, _DRAW, _STYLE = (
    f"{_NAMES}{kind}:1.0}}" for kind in ("office", "text", "table", "drawing", "style")
)
_FO = f"{_NAMES}xsl-fo-compatible:1.0}}"
_MANIFEST = f"{_NAMES}manifest:1.0}}"

_LINE = 100  # characters that each paragraph counts for beside its own
_DEEPEST = 32  # styles that are based on each other
_LEVELS = 10  # of a list (19.880)
_LONGEST_TITLE = 120  # characters; a longer paragraph in the style of a title is text
_QUOTED, _NOTES = 60, 5  # characters of a footnote in a note, and footnotes
_POINTS = {"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_SIZE = 12.0  # points of a character where nothing says its size

_ZIP = b"PK\x03\x04"
_NOTHING = "没有读入任何内容，这个文件没有改动。"
_SAVE_AS = (
    "请用 LibreOffice、Word 或 WPS 打开它（有打开密码的先去掉密码），另存为“Word 文档（.docx）”再导入。"
)


def read_odt(data: bytes, name: str) -> Source:
    """What stands in a text document; `name` is the file's.

    Origins are as in Word documents: the number of a paragraph among those outside of tables that are not blank, the
    number of a table with the place of a cell in it. Raises `UnreadableSource`: no text document, damaged, with a
    password, too large.
    """
    called = f"“{name}”"
    try:
        package = Package.from_bytes(data, called)
    except UnreadableSource as error:
        what = error.what if data.startswith(_ZIP) else f"{called}不是文字文档（.odt）。"
        raise UnreadableSource(what, _NOTHING, _SAVE_AS) from error
    manifest = _part(package, "META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter(f"{_MANIFEST}encryption-data"), None) is not None:
        raise UnreadableSource(f"{called}设有打开密码，读不出来。", _NOTHING, _SAVE_AS)
    content, styles = _part(package, "content.xml"), _part(package, "styles.xml")
    body = None if content is None else content.find(f"{_OFFICE}body/{_OFFICE}text")
    if content is None or body is None:
        raise UnreadableSource(f"{called}不是文字文档。", _NOTHING, "请另选一个文件。")
    reading = _Reading(called, [content] if styles is None else [styles, content])
    reading.flow(body)
    notes = tuple(reading.notes(body))
    return Source(tuple(reading.blocks), name, kind="OpenDocument 文档", notes=notes)


def _part(package: Package, path: str) -> Element | None:
    part = package.find(path)
    if part is None:
        return None
    if package.size(part) > DOCUMENT_XML:
        raise UnreadableSource(f"{package.name}展开后太大，没有打开。", _NOTHING, _SAVE_AS)
    try:
        return package.xml(part)
    except UnreadableSource as error:
        raise UnreadableSource(error.what, _NOTHING, _SAVE_AS) from error


def _count(text: str | None, most: int) -> int:
    """A number of repeats or columns, at least 1."""
    found = re.match("[0-9]{1,9}", text or "")
    return max(1, min(int(found[0]), most)) if found else 1


# -------------------- styles
class _Styles:
    """The styles of paragraphs, letters and sections by kind and name, and what they inherit."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self.lists: dict[str, dict[int, Element]] = {}
        self.outline: dict[int, Element] = {}
        for root in roots:
            for one in root.iter():
                if one.tag == f"{_STYLE}style":
                    key = (one.get(f"{_STYLE}family", ""), one.get(f"{_STYLE}name", ""))
                    self._styles[key] = one
                elif one.tag == f"{_TEXT}list-style":
                    self.lists[one.get(f"{_STYLE}name", "")] = dict(_levels(one))
                elif one.tag == f"{_TEXT}outline-style":
                    self.outline = dict(_levels(one))

    def chain(self, family: str, name: str) -> Iterator[Element]:
        seen: set[str] = set()
        while (family, name) in self._styles and name not in seen and len(seen) < _DEEPEST:
            seen.add(name)
            yield self._styles[family, name]
            name = self._styles[family, name].get(f"{_STYLE}parent-style-name", "")

    def said(self, family: str, name: str, properties: str, attribute: str) -> str:
        """What the nearest style says, empty if none does."""
        for style in self.chain(family, name):
            found = style.find(f"{_STYLE}{properties}-properties")
            if found is not None and (value := found.get(attribute)) is not None:
                return value
        return ""

    def list_of(self, name: str) -> str:
        """The list that a paragraph's style belongs to."""
        said = (style.get(f"{_STYLE}list-style-name") for style in self.chain("paragraph", name))
        return next((one for one in said if one is not None), "")

    def is_title(self, name: str) -> bool:
        return any(style.get(f"{_STYLE}name") == "Title" for style in self.chain("paragraph", name))

    def hides(self, family: str, name: str) -> bool:
        return self.said(family, name, "text", f"{_TEXT}display") == "none"


def _levels(style: Element) -> Iterator[tuple[int, Element]]:
    for one in style:
        level = _count(one.get(f"{_TEXT}level"), _LEVELS)
        yield level, one


def _points(length: str) -> float:
    found = re.fullmatch(r"(-?[0-9]{1,6}(?:\.[0-9]{1,9})?)(cm|mm|in|pt|pc|px)", length.strip())
    return float(found[1]) * _POINTS[found[2]] if found else 0.0


# -------------------- numbers
_FORMATS: dict[str, Callable[[int], str]] = {
    "1": str,
    "a": lambda number: alphabetic(number).lower(),
    "A": alphabetic,
    "i": lambda number: roman(number).lower(),
    "I": roman,
    "一": chinese,
    "壹": formal_chinese,
    "甲": turning(STEMS),
    "子": turning(BRANCHES),
    "①": running("①", 20),
    "１": wide,
    "０": wide,
}
"""By the first sign of `style:num-format` (19.502): “一, 二, 三, ...”."""


class _Numbers:
    """Counts the items of lists and the headings."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int | None]] = {}

    def restart(self, key: str) -> None:
        self._counts.pop(key, None)

    def next(self, key: str, levels: dict[int, Element], level: int, start: str | None = None) -> str:
        """The number of the next item, as it stands before the text; empty for a mere sign and without a format."""
        counts = self._counts.setdefault(key, [None] * (_LEVELS + 1))
        level = min(level, _LEVELS)
        shape = levels.get(level)
        last = counts[level]
        first = _start(shape)
        counts[level] = _whole(start, first) if start is not None else first if last is None else last + 1
        counts[level + 1 :] = [None] * (_LEVELS - level)
        if shape is None or not shape.get(f"{_STYLE}num-format"):
            return ""
        shown = []
        for above in range(
            max(1, level - _count(shape.get(f"{_TEXT}display-levels"), _LEVELS) + 1), level + 1
        ):
            of = levels.get(above)
            kind = "" if of is None else of.get(f"{_STYLE}num-format", "")
            count = counts[above]
            if kind:
                shown.append(_FORMATS.get(kind[:1], str)(_start(of) if count is None else count))
        number = ".".join(shown)
        text = f"{shape.get(f'{_STYLE}num-prefix', '')}{number}{shape.get(f'{_STYLE}num-suffix', '')}"
        return f"{text} " if text and text[-1].isalnum() else text


def _start(shape: Element | None) -> int:
    return 1 if shape is None else _whole(shape.get(f"{_TEXT}start-value"), 1)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch("[0-9]{1,9}", text) else otherwise


# -------------------- reading
_PASSED_OVER = frozenset(
    {
        *(
            _TEXT + name
            for name in (
                "tracked-changes",
                "sequence-decls",
                "variable-decls",
                "user-field-decls",
                "table-of-content",
                "illustration-index",
                "table-index",
                "object-index",
                "user-index",
                "alphabetical-index",
                "bibliography",
                "ruby-text",
                "hidden-text",
                "note-citation",
            )
        ),
        *(_OFFICE + name for name in ("forms", "annotation", "annotation-end", "scripts")),
        *(
            _TABLE + name
            for name in ("table-column", "table-columns", "table-header-columns", "covered-table-cell")
        ),
    }
)
_LINES = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_BLOCKS = _LINES | {f"{_TEXT}list", f"{_TABLE}table"}


@dataclass(slots=True)
class _Line:
    """A paragraph on its way: its text with newlines where it has line breaks, and the boxes in it."""

    text: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    is_spaced: bool = True  # a blank here would be one too many (6.1.2)

    def add(self, text: str) -> None:
        """Text as it is written: white space counts once, and not at the beginning."""
        for piece in re.findall(r"[ \t\r\n]+|[^ \t\r\n]+", text):
            is_blank = piece[0] in " \t\r\n"
            if not (is_blank and self.is_spaced):
                self.text.append(" " if is_blank else piece)
            self.is_spaced = is_blank

    def put(self, text: str) -> None:
        """Text as it is shown."""
        self.text.append(text)
        self.is_spaced = False


@dataclass(slots=True)
class _Item:
    """The item of a list that a paragraph may begin: of which list, at which level, and with which number anew."""

    style: str
    key: str
    level: int
    start: str | None
    is_begun: bool = False


class _Reading:
    """One document on its way into `blocks`."""

    def __init__(self, called: str, roots: Iterable[Element]) -> None:
        self.blocks: list[SourceText | RawTable] = []
        self._called = called
        self._styles = _Styles(roots)
        self._numbers = _Numbers()
        self._lists: dict[str, str] = {}  # the id of a list → what it is counted as
        self._last: dict[str, str] = {}  # the style of a list → what the last such list is counted as
        self._left = CHARACTERS
        self._paragraphs = 0
        self._tables = 0
        self._notes: list[str] = []

    # ---- blocks ------------------------------------------------------------------------------------------------

    def flow(self, parent: Iterable[Element]) -> None:
        """Reads paragraphs and tables as they follow each other outside of any table."""
        for element, item in self._content(parent, None):
            if element.tag == f"{_TABLE}table":
                self._table(element)
                continue
            line = _Line()
            self._inline(element, line)
            number, text = self._number(element, item), "".join(line.text)
            self._emit(element, number + text.lstrip() if number and text.strip() else text)
            for box in line.boxes:
                self.flow(box)

    def _content(
        self, parent: Iterable[Element], item: _Item | None
    ) -> Iterator[tuple[Element, _Item | None]]:
        """The paragraphs, headings and tables of a body, a cell or a box, with the item of a list they stand in."""
        for child in parent:
            tag = child.tag
            if tag in _LINES or tag == f"{_TABLE}table":
                yield child, item
            elif tag == f"{_TEXT}list":
                yield from self._list(child, item)
            elif tag == f"{_TEXT}section" and child.get(f"{_TEXT}display") == "none":
                continue
            elif tag not in _PASSED_OVER:
                yield from self._content(child, item)

    def _list(self, element: Element, outer: _Item | None) -> Iterator[tuple[Element, _Item | None]]:
        style = element.get(f"{_TEXT}style-name") or (outer.style if outer else "")
        if not style:
            first = next((one for one in element.iter() if one.tag in _LINES), None)
            style = "" if first is None else self._styles.list_of(first.get(f"{_TEXT}style-name", ""))
        level = outer.level + 1 if outer else 1
        own = element.get("{http://www.w3.org/XML/1998/namespace}id", "")
        before = element.get(f"{_TEXT}continue-list", "")
        if outer:
            key = outer.key
        elif before in self._lists:
            key = self._lists[before]
        elif element.get(f"{_TEXT}continue-numbering") == "true" and style in self._last:
            key = self._last[style]
        else:
            key = f"{style}#{len(self._lists)}#{own}"
            self._numbers.restart(key)
        self._lists[own or f"#{len(self._lists)}"] = key
        self._last[style] = key
        for child in element:
            if child.tag == f"{_TEXT}list-item":
                yield from self._content(child, _Item(style, key, level, child.get(f"{_TEXT}start-value")))
            elif child.tag == f"{_TEXT}list-header":
                yield from self._content(child, _Item(style, key, level, None, is_begun=True))

    def _number(self, element: Element, item: _Item | None) -> str:
        """What is counted for a paragraph; the first one of an item has its number, a heading that of its level."""
        if item is not None:
            if item.is_begun:
                return ""
            item.is_begun = True
            levels = self._styles.lists.get(item.style, {})
            return self._numbers.next(item.key, levels, item.level, item.start)
        if element.tag == f"{_TEXT}h" and element.get(f"{_TEXT}is-list-header") != "true":
            level = _count(element.get(f"{_TEXT}outline-level"), _LEVELS)
            start = element.get(f"{_TEXT}start-value") if element.get(f"{_TEXT}restart-numbering") else None
            return self._numbers.next("", self._styles.outline, level, start)
        return ""

    def _emit(self, element: Element, text: str) -> None:
        name = element.get(f"{_TEXT}style-name", "")
        if self._styles.is_title(name) and len(text) <= _LONGEST_TITLE:
            text = text.replace("\n", "")
        size = _points(self._styles.said("paragraph", name, "text", f"{_FO}font-size")) or _SIZE
        left, first = (
            round(2 * _points(self._styles.said("paragraph", name, "paragraph", f"{_FO}{what}")) / size)
            for what in ("margin-left", "text-indent")
        )
        for number, piece in enumerate(self._visible(text).split("\n")):
            if shown := piece.strip():
                self._paragraphs += 1
                front = piece[: len(piece) - len(piece.lstrip())]
                blanks = sum({"\u3000": 2, "\t": 4}.get(char, 1) for char in front)
                indent = max(0, left + (0 if number else first)) + blanks
                self.blocks.append(SourceText(shown, Origin(paragraph=self._paragraphs), indent))

    def _visible(self, text: str) -> str:
        self._left -= len(text) + _LINE * (1 + text.count("\n"))
        if self._left < 0:
            raise UnreadableSource(
                f"{self._called}里的文字太多，超过 {CHARACTERS // 10_000} 万字。",
                _NOTHING,
                "请只保留年报的内容，另存后再导入。",
            )
        return without_unseen(text)

    # ---- lines -------------------------------------------------------------------------------------------------

    def _inline(self, element: Element, line: _Line) -> None:
        if element.tag in _LINES and self._styles.hides("paragraph", element.get(f"{_TEXT}style-name", "")):
            return
        line.add(element.text or "")
        for child in element:
            self._piece(child, line)
            line.add(child.tail or "")

    def _piece(self, child: Element, line: _Line) -> None:
        tag = child.tag
        if tag == f"{_TEXT}s":
            line.put(" " * _count(child.get(f"{_TEXT}c"), ODT_REPEATS))
        elif tag == f"{_TEXT}tab":
            line.put("\t")
        elif tag == f"{_TEXT}line-break":
            line.put("\n")
        elif tag == f"{_TEXT}note":
            note = _Line()
            for paragraph in child.iter(f"{_TEXT}p"):
                self._inline(paragraph, note)
            self._notes.append(self._visible("".join(note.text)).strip())
        elif tag.startswith(_DRAW) and tag != f"{_DRAW}a":
            line.boxes.extend(_boxes(child))
        elif tag == f"{_TEXT}span" and self._styles.hides("text", child.get(f"{_TEXT}style-name", "")):
            return
        elif tag not in _PASSED_OVER:
            self._inline(child, line)

    # ---- tables ------------------------------------------------------------------------------------------------

    def _table(self, table: Element) -> None:
        rows = [(row, list(_cells(row))) for row in _rows(table)]
        whole = [cell for _, cells in rows for cell in cells]
        if len(whole) == 1:  # a frame around text
            self.flow(whole[0])
            return
        self._tables += 1
        sheet = f"第 {self._tables} 张表"
        behind: list[Element] = []
        loose: list[list[LooseCell]] = []
        count = 0
        for row, cells in rows:
            texts = [self._cell(cell, behind) for cell in cells]
            for _ in range(_count(row.get(f"{_TABLE}number-rows-repeated"), ODT_REPEATS)):
                if count > TABLE_CELLS:
                    break  # `lay_out` will say so
                loose.append(list(islice(_row(cells, texts, sheet, len(loose)), TABLE_CELLS + 1)))
                count += len(loose[-1])
        laid = lay_out(loose, Origin(sheet=sheet))
        if laid.cells:
            self.blocks.append(laid)
        for element in behind:
            if element.tag == f"{_TABLE}table":
                self._table(element)
            else:
                self.flow(element)

    def _cell(self, cell: Element, behind: list[Element]) -> str:
        """The text of a cell; the tables and boxes in it come behind."""
        lines: list[str] = []
        for element, item in self._content(cell, None):
            if element.tag == f"{_TABLE}table":
                behind.append(element)
                continue
            line = _Line()
            self._inline(element, line)
            text = "".join(line.text)
            number = self._number(element, item)
            lines.append(number + text if text.strip() else "")
            behind.extend(line.boxes)
        return "\n".join(line.strip() for line in self._visible("\n".join(lines)).split("\n")).strip()

    # ---- what is told ------------------------------------------------------------------------------------------

    def notes(self, body: Element) -> Iterator[ImportNote]:
        """Open revisions and footnotes."""
        regions = body.findall(f"{_TEXT}tracked-changes/{_TEXT}changed-region")
        kinds = {f"{_TEXT}insertion", f"{_TEXT}deletion"}
        revisions = sum(any(child.tag in kinds for child in region) for region in regions)
        if revisions:
            what = f"文档里有 {revisions} 处修订还没有接受或拒绝。"
            yield ImportNote("doubt", "修订", what, "按修订后的文字读入，请核对。")
        if notes := [text for text in self._notes if text]:
            shown = "”“".join(text[:_QUOTED] for text in notes[:_NOTES])
            yield ImportNote("info", "文字", f"文档里有 {len(notes)} 条脚注：“{shown}”。", "没有读入。")


def _rows(parent: Iterable[Element]) -> Iterator[Element]:
    """The rows of a table, those of its heading and of groups among them, but none that is hidden."""
    for child in parent:
        if child.tag == f"{_TABLE}table-row":
            if child.get(f"{_TABLE}visibility", "visible") == "visible":
                yield child
        elif child.tag not in _PASSED_OVER:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    return (child for child in row if child.tag == f"{_TABLE}table-cell")


def _row(cells: Iterable[Element], texts: Iterable[str], sheet: str, number: int) -> Iterator[LooseCell]:
    """The cells of a row; what they cover does not come, and `lay_out` leaves it free."""
    column = 0
    for cell, text in zip(cells, texts, strict=True):
        columns = _count(cell.get(f"{_TABLE}number-columns-spanned"), ODT_REPEATS)
        rows = _count(cell.get(f"{_TABLE}number-rows-spanned"), ODT_ROWS)
        for _ in range(_count(cell.get(f"{_TABLE}number-columns-repeated"), ODT_REPEATS)):
            yield LooseCell(text, rows, columns, Origin(sheet=sheet, cell=cell_ref(number, column)))
            column += columns


def _boxes(drawn: Element) -> Iterator[Element]:
    """The text boxes in something drawn, and shapes with text; those in boxes come with them."""
    if drawn.tag == f"{_DRAW}text-box" or any(child.tag in _BLOCKS for child in drawn):
        yield drawn
        return
    for child in drawn:
        yield from _boxes(child)
