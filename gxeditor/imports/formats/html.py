"""HTML → Source, and HTML on the clipboard → a table, both by the same reading.

Knows what of a page is seen: blocks, line breaks, lists with their numbers, tables with their spans and groups of rows,
tables that only arrange (their contents count as text), what is hidden, and the furniture of a page as far as its
markup says so: navigation, footers, lists of links. Knows the encodings of pages, and that tags are left open. What
stands around a report otherwise, and what anything means, is for `recognize` to find out. Scripts are never run, and
nothing is loaded from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen
from gxeditor.files.decoding import decode_damaged, is_garbled, named
from gxeditor.files.limits import (
    MARKUP,
    MARKUP_EVENTS,
    MARKUP_FLOWS,
    MARKUP_LINES,
    MARKUP_NESTING,
    PAGE_FILE,
    TABLE_CELLS,
)
from gxeditor.imports.source import (
    NOWHERE,
    ImportNote,
    LooseCell,
    Mapped,
    MappedCell,
    Origin,
    RawCell,
    RawTable,
    Said,
    Source,
    SourceText,
    lay_out,
    visible_table,
)
from gxeditor.workbook.own import AGENCY, KIND, MARK, TITLE, YEAR, role_of

_PIECE = 1 << 16  # bytes given to the parser at once, between which the limits are looked at

Wish = Literal["page", "hidden too", "tables"]


def read_html(data: bytes, name: str) -> Source:
    """The paragraphs and tables of a page or a fragment in their order, places by paragraph (a row of a table is one).

    What is hidden is read only where nothing else is there. Raises `UnreadableSource` for a page that is too large or
    too deep, and for one without any text.
    """
    if len(data) > PAGE_FILE:
        raise _too_large(name)
    html = html_text(data)
    if is_garbled(re.sub("<[^<>]*>", "", html[:_SAMPLE])):
        raise UnreadableSource(
            f"“{name}”里的文字是乱码：它曾按错误的编码打开，又保存了。",
            "没有读入任何内容。",
            "请在浏览器里重新打开原来的网页，看得懂了再另存一次。",
        )
    reading = _read(html, name, "page")
    blocks = _blocks(reading)
    if not blocks and reading.has_hidden:  # a script was to show it
        reading = _read(html, name, "hidden too")
        blocks = _blocks(reading)
    if not blocks and reading.title:
        blocks = (SourceText(reading.title, Origin(paragraph=1)),)
    said = _said(reading, blocks)
    mapped = _own(reading, blocks, said) if said is not None else None
    return Source(
        blocks,
        name,
        mapped,
        kind="网页",
        notes=tuple(_notes(reading, html)),
        said=said if mapped is None else None,
    )


def html_table(html: str) -> RawTable | None:
    """The tables of HTML from the clipboard, below each other as one; None if there is none or it is too large.

    A table inside another counts by itself. Styles, scripts and comments are no text.
    """
    if len(html) > PAGE_FILE:
        return None
    try:
        reading = _read(html, "", "tables")
    except UnreadableSource:
        return None
    rows_of = ([[cell.loose() for cell in row] for row in one.in_order()] for one in reading.tables)
    found = [table for rows in rows_of if (table := visible_table(rows)) is not None]
    if not found:
        return None
    table = stack(found)
    return table if len(table.cells) <= TABLE_CELLS else None


def html_lines(html: str) -> list[str]:
    """What is seen of HTML from the clipboard, a line for each paragraph, item of a list and row of a table.

    Raises `UnreadableSource` for what is too large or too deep.
    """
    if len(html) > PAGE_FILE:
        raise _too_large("剪贴板里的网页")
    reading = _read(html, "剪贴板里的网页", "page")
    lines: list[str] = []
    for block in _blocks(reading):
        if isinstance(block, SourceText):
            lines.append(block.text)
            continue
        rows: dict[int, list[str]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(" ".join(cell.text.split()))
        lines += [" ".join(filter(None, rows[row])) for row in sorted(rows)]
    return [line for line in lines if line.strip()]


def stack(tables: Sequence[RawTable]) -> RawTable:
    """The tables below each other, a free row between them, as one."""
    cells: list[RawCell] = []
    top = 0
    for table in tables:
        cells.extend(replace(cell, row=cell.row + top) for cell in table.cells)
        top += table.rows + 1
    return RawTable(tuple(cells), tables[0].origin if tables else NOWHERE)


# -------------------- encoding
_SAMPLE = 200_000
_HEAD = 20_000  # bytes in which a page says what its encoding is; browsers look at 1,024
_CHARSET = re.compile(
    rb"""<(?:meta\b[^<>]{0,400}?\bcharset|\?xml\b[^<>]{0,200}?\bencoding)\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{2,40})""",
    re.IGNORECASE,
)


def html_text(data: bytes) -> str:
    """The text of a page: by its byte order mark, else by what fits, what the page says of itself among it."""
    said = (found[1].decode("ascii", "replace") for found in _CHARSET.finditer(data[:_HEAD]))
    return decode_damaged(data, next((one for one in said if named(one)), "")).replace("\0", "")


# -------------------- what elements are
_UNSEEN = frozenset(
    {"script", "style", "head", "noscript", "template", "select", "datalist", "button", "object", "iframe", "svg",
     "math", "audio", "video", "canvas", "xml", "rt", "rp", "nav", "map", "noframes", "dialog", "menu"}
)  # fmt: skip
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "section", "article", "center", "blockquote",
     "pre", "hr", "form", "fieldset", "legend", "address", "figure", "figcaption", "main", "aside", "details",
     "summary", "body", "header", "html", "tr", "td", "th", "listing", "xmp", "multicol", "marquee"}
)  # fmt: skip
_VERBATIM = frozenset({"pre", "listing", "xmp"})
_TABLE_KINDS = {
    "table": "table",
    "tr": "row",
    "td": "cell",
    "th": "cell",
    "thead": "group",
    "tbody": "group",
    "tfoot": "group",
}
# What lays out like them without being them.
_DISPLAYED = {
    "table": "table",
    "table-row": "row",
    "table-cell": "cell",
    "table-row-group": "group",
    "table-header-group": "group",
    "table-footer-group": "group",
}
_ROLES = {
    "table": "table", "grid": "table", "row": "row", "cell": "cell", "gridcell": "cell",
    "columnheader": "cell", "rowheader": "cell", "rowgroup": "group",
}  # fmt: skip
_GROUPS = {"thead": 0, "table-header-group": 0, "tfoot": 2, "table-footer-group": 2}
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([a-z-]{1,30})", re.IGNORECASE)
_HIDING = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all)\b",
    re.IGNORECASE,
)
_VERBATIM_STYLE = re.compile(r"(?:^|;)\s*white-space\s*:\s*(?:pre|pre-wrap|pre-line)\b", re.IGNORECASE)
_INDENT = re.compile(
    r"(?:^|;)\s*text-indent\s*:\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*(em|pt|px|cm|mm)", re.IGNORECASE
)
_HALVES = {"em": 2.0, "pt": 1 / 8, "px": 1 / 8, "cm": 3.5, "mm": 0.35}  # of a character of some 16 px
_STYLE_LENGTH = 2_000
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|mainnav|menu|submenu|sidebar|breadcrumbs?|crumbs?|footer|foot|bottom|copyright"
    r"|share|bdsharebuttonbox|toolbar|pagination|search|searchbox|login|topbar|friendlink|header)(?=$|[\s_-])",
    re.IGNORECASE,
)
_LONG_TEXT = 60  # characters of a line that is a sentence: no furniture, and no label
_LINKS = 4  # a list of that many links, and nothing else, is a menu
_PLAIN = {"b": "", "strong": "", "span": "", "font": "", "i": "", "u": "", "p": "block", "div": "block"}
"""What common elements are if they have no attributes."""
_FIELD_TYPES = ("", "text", "number", "tel")  # of an input, whose value is seen

# How lists number: https://html.spec.whatwg.org/#attr-ol-type, CSS list-style-type, and what UEditor, the editor
# of many government sites, writes as a class (custom_cn, custom_num1 …).
_LIST_STYLE = re.compile(r"(?:^|;)\s*list-style(?:-type)?\s*:\s*([^;]{1,60})", re.IGNORECASE)
_LIST_CLASS = re.compile(r"\bcustom_((?:cn|num)[12]?)\b")
_CHINESE_STYLES = ("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal", "cjk-decimal", "cjk")
_NUMBERED = re.compile(
    r"[(（]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）、.．]|[①-⑳]|第[一二三四五六七八九十]{1,3}[条章]"
)


@dataclass(slots=True)
class _Line:
    """A line of text as it is seen; `linked` if all of it is a link."""

    text: str
    indent: int = 0
    linked: bool = False
    mark: str = ""


@dataclass(slots=True)
class _Cell:
    row_span: int
    column_span: int
    flow: _Flow
    mark: str = ""

    def loose(self) -> LooseCell:
        return LooseCell("\n".join(line.text for line in self.flow.lines()), self.row_span, self.column_span)

    @property
    def is_blank(self) -> bool:
        return not self.flow.items


@dataclass(slots=True)
class _Row:
    group: int  # of rows, counted
    rank: int  # 0 in the head, 1 in a body, 2 in the foot
    cells: list[_Cell] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    rows: list[_Row] = field(default_factory=list)
    groups: int = 0
    rank: int = 1
    placed: set[int] = field(default_factory=set)  # the ranks that groups have had
    open: bool = False  # a cell

    def in_order(self) -> list[list[_Cell]]:
        """The rows as they are shown, heads first and feet last; no cell reaches out of its group of rows."""
        rows = sorted(self.rows, key=lambda row: row.rank)
        left: dict[int, int] = {}
        for row in rows:
            left[row.group] = left.get(row.group, 0) + 1
        for row in rows:
            for cell in row.cells:
                most = left[row.group]
                cell.row_span = min(cell.row_span, most) if cell.row_span > 0 else most
            left[row.group] -= 1
        return [row.cells for row in rows]


@dataclass(slots=True)
class _Flow:
    """What stands below each other: lines and tables, and the line that is being written."""

    items: list[_Line | _Table | _Laid] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    linked: bool = True  # all that was written on the line
    prefix: str = ""  # the number of an item, before its first line

    def lines(self) -> Iterator[_Line]:
        return (item for item in self.items if isinstance(item, _Line))


@dataclass(slots=True)
class _Laid:
    """Rows that stay a table."""

    rows: list[list[_Cell]]


@dataclass(slots=True)
class _List:
    ordered: bool
    style: str = ""
    next: int = 1
    step: int = 1


class _Reading:
    """What lxml's parser tells, element by element, as lines and tables. The limits raise `UnreadableSource`."""

    def __init__(self, name: str, wish: Wish) -> None:
        self.flow = _Flow()
        self.tables: list[_Table] = []
        self.title = ""
        self.said: dict[str, str] = {}
        self.left_out: list[str] = []
        self.has_hidden = False
        self.frames = False
        self.depth = 0
        self._name = name
        self._wish = wish
        self._flows = [self.flow]
        self._open: list[str] = []  # what each open element is
        self._lists: list[_List] = []
        self._at: list[_Table] = []  # the open tables
        self._unseen = 0
        self._links = 0
        self._verbatim = 0
        self._indent = 0
        self._mark = ""
        self._events = self._cells = self._lines = 0
        self._title: list[str] | None = None

    # -------------------- what the parser calls
    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count()
        kind = self._kind(tag, attributes) if attributes or tag not in _PLAIN else _PLAIN[tag]
        self._open.append(kind)
        self.depth = max(self.depth, len(self._open))
        if kind == "title":
            self._title = [] if not self.title else None
        if kind == "unseen":
            self._unseen += 1
        elif not self._unseen and kind:
            self._begin(kind, tag, attributes)

    def end(self, tag: str) -> None:
        kind = self._open.pop() if self._open else ""
        if kind == "title":
            self.title = " ".join("".join(self._title or [self.title]).split())
            self._title = None
        if kind == "unseen":
            self._unseen -= 1
        elif not self._unseen and kind:
            self._finish(kind)

    def data(self, data: str) -> None:
        self._count()
        if self._title is not None:
            self._title.append(data)
        elif not self._unseen:
            self._write(data)

    def comment(self, text: str) -> None:
        """Nothing that is seen."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Nothing that is seen."""

    def close(self) -> None:
        """The parser says so after an exception, too; the end of the page is `finish`."""

    def finish(self) -> None:
        while self._open:
            self.end("")
        self._end_line()

    def _count(self) -> None:
        self._events += 1
        if self._events > MARKUP_EVENTS:
            raise _too_large(self._name)

    def _deepen(self) -> None:
        """Before what stands in an element is handed on to what is around it."""
        if self._wish != "tables" and len(self._flows) > MARKUP_FLOWS:
            raise _too_deep(self._name)

    # -------------------- elements
    def _kind(self, tag: str, attributes: Mapping[str, str]) -> str:
        """What an element is, in one word; empty if it only stands in a line."""
        if tag == "title":
            return "title"
        if tag == "meta" and attributes.get("name") in (AGENCY, KIND, YEAR, TITLE):
            self.said[attributes["name"]] = attributes.get("content", "")
        if tag in ("frame", "iframe", "frameset"):
            self.frames = True
        if tag in _UNSEEN:
            return "unseen"
        if tag in ("br", "wbr", "img", "input"):
            return "input" if tag == "input" else "break" if tag == "br" else ""
        style = attributes.get("style", "")[:_STYLE_LENGTH]
        if tag not in ("html", "body") and ("hidden" in attributes or (style and _HIDING.search(style))):
            self.has_hidden = True
            if self._wish != "hidden too":
                return "unseen"
        displayed = _DISPLAY.search(style) if style else None
        laid = _TABLE_KINDS.get(tag) or (displayed and _DISPLAYED.get(displayed[1].lower()))
        laid = laid or _ROLES.get(attributes.get("role", ""))
        if laid and (laid == "table" or self._at):
            return laid
        if tag in ("footer", "li", "ol", "ul"):
            if self._wish == "tables":
                return "block"
            return {"footer": "furniture", "li": "item"}.get(tag, "list")
        if (
            tag in ("div", "section", "header", "aside")
            and self._wish != "tables"
            and self._is_furniture(attributes)
        ):
            return "furniture"
        if tag in ("a", "caption"):
            return "link" if tag == "a" else "caption"
        if tag in _VERBATIM or (style and tag in _BLOCKS and _VERBATIM_STYLE.search(style)):
            return "verbatim"
        block = tag in _BLOCKS or (
            displayed is not None and displayed[1].lower() in ("block", "flex", "list-item")
        )
        return "block" if block else ""

    @staticmethod
    def _is_furniture(attributes: Mapping[str, str]) -> bool:
        names = f"{attributes.get('class', '')} {attributes.get('id', '')} {attributes.get('role', '')}"
        return _FURNITURE.search(names[:200]) is not None

    def _begin(self, kind: str, tag: str, attributes: Mapping[str, str]) -> None:
        if kind == "link":
            self._links += 1
        elif kind == "break":
            self._end_line(broken=True)
        elif kind == "input":
            if self._at and self._at[-1].open and attributes.get("type", "").lower() in _FIELD_TYPES:
                self._write(attributes.get("value", ""))
        elif kind in ("row", "cell", "group"):
            self._begin_part(kind, tag, attributes)
        else:
            self._end_line()
            if kind == "block":
                self._indent = _indent_of(attributes.get("style", ""))
                self._mark = _mark_of(attributes)
            elif kind == "verbatim":
                self._verbatim += 1
            elif kind == "item":
                self._begin_item(attributes)
            elif kind in ("list", "furniture"):
                self._deepen()
                self._flows.append(_Flow())
                if kind == "list":
                    self._lists.append(_list_of(tag, attributes))
            elif kind == "table":
                self._deepen()
                self._at.append(_Table())
                self.tables.append(self._at[-1])

    def _begin_part(self, kind: str, tag: str, attributes: Mapping[str, str]) -> None:
        """A row, a cell or a group of rows."""
        if not self._at:
            self._end_line()
            return
        table = self._at[-1]
        self._end_cell(table)  # which was left open
        if kind == "group":
            displayed = _DISPLAY.search(attributes.get("style", "")[:_STYLE_LENGTH])
            table.groups += 1
            rank = _GROUPS.get(tag, _GROUPS.get(displayed[1].lower(), 1) if displayed else 1)
            table.rank = rank if rank not in table.placed else 1  # of several heads only the first goes up
            table.placed.add(table.rank)
        elif kind == "row":
            table.rows.append(_Row(table.groups, table.rank))
        elif kind == "cell":
            self._end_line()
            if not table.rows:
                table.rows.append(_Row(table.groups, table.rank))
            self._cells += 1
            if self._cells > TABLE_CELLS:
                raise _too_large(self._name)
            cell = _Cell(_span(attributes.get("rowspan")), _span(attributes.get("colspan")), _Flow())
            cell.mark = _mark_of(attributes)
            table.rows[-1].cells.append(cell)
            self._flows.append(cell.flow)
            table.open = True

    def _begin_item(self, attributes: Mapping[str, str]) -> None:
        if not self._lists:
            return
        here = self._lists[-1]
        given = attributes.get("value", "").strip()
        if re.fullmatch("[0-9]{1,4}", given):
            here.next = int(given)
        if here.ordered:
            self._flows[-1].prefix = _numeral(here.next, here.style)
            here.next += here.step

    def _finish(self, kind: str) -> None:
        if kind == "link":
            self._links -= 1
        elif kind == "group" and self._at:
            self._at[-1].groups += 1
            self._at[-1].rank = 1
        elif kind not in ("break", "input", "row", "group"):
            self._end_line()
            if kind == "caption":
                self._end_caption()
            elif kind == "verbatim":
                self._verbatim -= 1
            elif kind == "item":
                self._flows[-1].prefix = ""
            elif kind == "cell" and self._at:
                self._end_cell(self._at[-1])
            elif kind in ("list", "furniture"):
                self._end_apart(kind)
            elif kind == "table":
                self._end_table()
            self._indent = 0
            self._mark = ""

    def _end_caption(self) -> None:
        """A caption that repeats the line above it, for those who hear the page, is no text of its own."""
        items = self._flows[-1].items
        lines = [item.text for item in items[-2:] if isinstance(item, _Line)]
        if len(lines) == 2 and lines[0] == lines[1]:
            items.pop()

    def _end_apart(self, kind: str) -> None:
        """The end of a list, or of what is called like furniture: left out if it is, else part of what is around."""
        flow = self._flows.pop()
        if kind == "list":
            self._lists.pop()
        lines = list(flow.lines())
        tables = len(lines) < len(flow.items)
        if kind == "list":
            out = not tables and len(lines) >= _LINKS and all(line.linked for line in lines)
        else:
            out = not tables and not any(_is_prose(line.text) or _is_heading(line.text) for line in lines)
        if out:
            self.left_out += [line.text for line in lines]
        else:
            self._flows[-1].items += flow.items

    def _end_cell(self, table: _Table) -> None:
        if table.open:
            self._end_line()
            self._flows.pop()
            table.open = False

    def _end_table(self) -> None:
        table = self._at.pop()
        self._end_cell(table)
        if self._wish == "tables":
            return
        cells = [cell for row in table.rows for cell in row.cells if not cell.is_blank]
        if len(cells) >= _LINKS - 1 and all(_is_menu(cell) for cell in cells):
            self.left_out += [line.text for cell in cells for line in cell.flow.lines()]
        else:
            self._flows[-1].items += _arranged(table)

    # -------------------- text
    def _write(self, text: str) -> None:
        flow = self._flows[-1]
        if self._verbatim:
            first, *more = re.split("\r\n|\r|\n", text)
            flow.pieces.append(first)
            for line in more:
                self._end_line(broken=True)
                flow.pieces.append(line)
        else:
            flow.pieces.append(text)
        if not self._links and text.strip():
            flow.linked = False

    def _end_line(self, *, broken: bool = False) -> None:
        """Ends the line being written; one that was `broken` keeps the number and the style of its block."""
        flow = self._flows[-1]
        if not flow.pieces:
            return
        written = "".join(flow.pieces)
        flow.pieces.clear()
        linked, flow.linked = flow.linked, True
        shown = without_unseen(_shown(written, verbatim=self._verbatim > 0))
        text = shown.strip()
        if not text:
            return
        self._lines += 1
        if self._lines > MARKUP_LINES:
            raise _too_large(self._name)
        front = shown[: len(shown) - len(shown.lstrip())]
        indent = self._indent + sum({"\u3000": 2, "\t": 4}.get(char, 1) for char in front)
        if flow.prefix and not _NUMBERED.match(text):
            text = flow.prefix + text
        flow.prefix = ""
        pieces = text.split("\n")  # other line breaks than those of HTML
        flow.items += [_Line(piece.strip(), indent, linked, self._mark) for piece in pieces if piece.strip()]
        if broken:
            self._indent = 0


def _read(html: str, name: str, wish: Wish) -> _Reading:
    """The reading of HTML. The parser builds no tree: it would leave out what is nested deeper than 256 elements."""
    from lxml import etree  # on use: 25 ms

    reading = _Reading(name, wish)
    parser = etree.HTMLParser(target=reading, encoding="utf-8", no_network=True, huge_tree=True)
    markup = _ENDED.sub("", _INLINE.sub("", html.replace("\0", "")))
    if len(markup) > MARKUP:
        raise _too_large(name)
    data = markup.encode("utf-8", "replace")
    if not data.strip():
        return reading
    work = 0
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        parser.feed(piece)
        work += piece.count(b"</") * reading.depth
        if work > MARKUP_NESTING:
            raise _too_deep(name)
    parser.close()
    reading.finish()
    return reading


# Browsers read on behind them; libxml2 before 2.14, which the wheel for Windows carries, stops there.
_ENDED = re.compile(r"</(?:html|body)\s{0,20}>", re.IGNORECASE)
_INLINE = re.compile(r"(?<=data:)[\w/+.-]{1,60};base64,[\w/+=%\s]+")  # pictures and fonts inside the page


def _too_deep(name: str) -> UnreadableSource:
    return UnreadableSource(
        f"“{name}”里一层套一层，套得太深，不像一份年报。",
        "没有读入任何内容。",
        "请在浏览器里打开它，把年报的文字和表格复制过来。",
    )


def _too_large(name: str) -> UnreadableSource:
    return UnreadableSource(
        f"“{name}”太大，不像一份年报的网页。",
        "没有读入任何内容。",
        "请在浏览器里打开它，只把年报的文字和表格复制过来。",
    )


_BLANKS = re.compile(r"[ \t\r\n\f]+")
_WIDE = r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…]"
_WRAPPED = re.compile(rf"(?<={_WIDE})[ \t\f]{{0,99}}[\r\n]\s{{0,99}}(?={_WIDE})")
_WESTERN = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


def _shown(text: str, *, verbatim: bool) -> str:
    """The text as a browser shows it; a line end in the markup between two Chinese characters is no blank."""
    text = text.translate(_WESTERN)
    if verbatim:
        return text
    wide = text.strip(" \t\r\n\f") if "\n" in text or "\r" in text else text
    return _BLANKS.sub(" ", _WRAPPED.sub("", wide))


def _span(value: str | None) -> int:
    digits = re.match(r"\s*([0-9]{1,9})", value or "")
    return int(digits[1]) if digits else 1


def _mark_of(attributes: Mapping[str, str]) -> str:
    given = attributes.get("id", "")
    return given.removeprefix(MARK) if given.startswith(MARK) else ""


def _indent_of(style: str) -> int:
    found = _INDENT.search(style[:_STYLE_LENGTH])
    return round(float(found[1]) * _HALVES[found[2].lower()]) if found else 0


# -------------------- numbers of lists
def _list_of(tag: str, attributes: Mapping[str, str]) -> _List:
    start = attributes.get("start", "").strip()
    style = _LIST_STYLE.search(attributes.get("style", "")[:_STYLE_LENGTH])
    custom = _LIST_CLASS.search(attributes.get("class", "")[:200])
    known = custom[1] if custom else style[1].strip().lower() if style else attributes.get("type", "")
    ordered = tag == "ol" and not known.startswith("none")
    backwards = "reversed" in attributes
    return _List(
        ordered, known, int(start) if re.fullmatch("[0-9]{1,4}", start) else 1, -1 if backwards else 1
    )


def _numeral(number: int, style: str) -> str:
    """The number as it stands before an item."""
    if style.startswith(_CHINESE_STYLES) or style.startswith("cn"):
        text = _chinese(number)
        return {"cn1": f"{text}）", "cn2": f"（{text}）"}.get(style, f"{text}、")
    if style in ("num1", "num2"):
        return f"{number}）" if style == "num1" else f"（{number}）"
    if style in ("a", "A", "lower-alpha", "upper-alpha", "lower-latin", "upper-latin") and 0 < number <= 26:
        return f"{chr((97 if style[0] in 'al' else 65) + number - 1)}."
    if style in ("i", "I", "lower-roman", "upper-roman") and 0 < number < 40:
        roman = (
            "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]
        )
        return f"{roman if style[0] in 'il' else roman.upper()}."
    return f"{number}."


def _chinese(number: int) -> str:
    digits = "〇一二三四五六七八九"
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")


# -------------------- tables that only arrange
_REMARK = re.compile(r"[(（]?\s{0,3}(?:注|备注|说明|附注|填[表报]说明|填报要求)")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}\s{0,3}[、.．]")


def _is_prose(text: str) -> bool:
    return len(text) >= _LONG_TEXT and "。" in text and _REMARK.match(text) is None


def _is_heading(text: str) -> bool:
    return len(text) < _LONG_TEXT and _HEADING.match(text) is not None


def _arranged(table: _Table) -> Iterator[_Line | _Laid]:
    """The rows of a table: those that only arrange other things as what stands in them, the others as tables.

    A row arranges if it holds a table or a paragraph of prose; so do rows with a single text if all others do, and
    headings above the first row of several cells.
    """
    rows = [row for row in table.in_order() if row]
    arranging = [any(_holds_more(cell) for cell in row) for row in rows]
    several = [sum(not cell.is_blank for cell in row) > 1 or len(row) > 1 for row in rows]
    one_column = not any(len(row) > 1 for row in rows)
    left: list[list[_Cell]] = []

    def table_of_them() -> Iterator[_Line | _Laid]:
        if any(sum(not cell.is_blank for cell in row) > 1 for row in left):
            yield _Laid(list(left))
        else:
            for row in left:
                for cell in row:
                    yield from cell.flow.lines()
        left.clear()

    covered = 0  # rows that a cell from above reaches into
    for number, row in enumerate(rows):
        covered = max(0, covered - 1)
        heading = (
            len(row) == 1
            and not covered
            and all(_is_heading(line.text) for line in row[0].flow.lines())
            and not row[0].is_blank
            and (any(arranging) or not any(several[:number]))
        )
        if arranging[number] or one_column or heading:
            yield from table_of_them()
            for cell in row:
                yield from (item for item in cell.flow.items if not isinstance(item, _Table))
        else:
            left.append(row)
        covered = max(covered, *(cell.row_span for cell in row))
    yield from table_of_them()


def _is_menu(cell: _Cell) -> bool:
    return all(
        isinstance(item, _Line) and item.linked and not item.text.isdecimal() for item in cell.flow.items
    )


def _holds_more(cell: _Cell) -> bool:
    """Whether a cell holds a table or prose."""
    return any(not isinstance(item, _Line) or _is_prose(item.text) for item in cell.flow.items)


# -------------------- into a source
def _blocks(reading: _Reading) -> tuple[SourceText | RawTable, ...]:
    blocks: list[SourceText | RawTable] = []
    number = 1
    for item in reading.flow.items:
        if isinstance(item, _Line):
            role = role_of(MARK + item.mark) if KIND in reading.said else ""
            blocks.append(SourceText(item.text, Origin(paragraph=number), item.indent, role=role))
            number += 1
        elif isinstance(item, _Laid):
            rows = [
                [replace(cell.loose(), origin=Origin(paragraph=number + i)) for cell in row]
                for i, row in enumerate(item.rows)
            ]
            table = lay_out(rows, Origin(paragraph=number))
            if any(not cell.is_blank for cell in table.cells):
                blocks.append(table)
                number += len(rows) + 1
    return tuple(blocks)


def _said(reading: _Reading, blocks: Sequence[SourceText | RawTable]) -> Said | None:
    """What our own page says of its report, also where only its head is left of it; None for any other."""
    if KIND not in reading.said:
        return None
    year = reading.said.get(YEAR, "")
    texts = [block for block in blocks if isinstance(block, SourceText)]
    titles = (one.text for one in texts if one.role == "title")
    return Said(
        agency=reading.said.get(AGENCY),
        kind=reading.said[KIND],
        year=int(year) if re.fullmatch("[0-9]{1,4}", year) else None,
        own_title=reading.said.get(TITLE),
        shown_title=next(titles, "") if any(one.role for one in texts) else None,
    )


def _own(reading: _Reading, blocks: Sequence[SourceText | RawTable], said: Said) -> Mapped | None:
    """What the marks of our own page say of its cells; None for a page without them, which is read like any other.

    Another program that saved the page keeps what the page says of itself, and not the marks.
    """
    items = (item for item in reading.flow.items if isinstance(item, _Laid))
    marks = [cell.mark for item in items for row in item.rows for cell in row]
    raws = [cell for block in blocks if isinstance(block, RawTable) for cell in block.cells]
    cells = [MappedCell(mark, raw.text, raw) for mark, raw in zip(marks, raws, strict=False) if mark]
    if not cells or len(marks) != len(raws) or len({cell.id for cell in cells}) < len(cells):
        return None  # another program or somebody worked on it
    texts = tuple(block for block in blocks if isinstance(block, SourceText))
    return Mapped(tuple(cells), texts=texts, said=said)


def _notes(reading: _Reading, html: str) -> Iterator[ImportNote]:
    if reading.left_out:
        texts = " ".join(reading.left_out)
        shown = texts if len(texts) <= 60 else f"{texts[:60]}……"
        yield ImportNote("info", "网页", f"网页的导航、链接和页脚：“{shown}”。", "没有读入。")
    if broken := html.count("\ufffd"):
        what = f"网页里有 {broken} 个字的编码损坏，显示为“\ufffd”。"
        yield ImportNote("doubt", "网页", what, "照样读入，请对照原文改正。")
    if reading.frames and not reading.flow.items:
        yield ImportNote(
            "doubt",
            "网页",
            "这个网页由几个框架拼成，内容在别的文件里。",
            "没有读入；请打开框架里的那一页另存后再导入。",
        )
