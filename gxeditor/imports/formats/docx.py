"""A Word document (.docx, .docm, .dotx; transitional or strict) → Source: what a person sees in it, in its order.

Knows WordprocessingML: insertions that are not yet accepted count and deletions do not; content controls count, unless
they only ask for something to be typed; text boxes come once, behind the paragraph that holds them; a table inside
another comes by itself behind it, and a table of one cell is a frame around text; headings get the numbers that Word
counts for them; fields show their result; hidden text and contents, headers, footers and comments are no text of the
report. Footnotes are told in a note and not read: no report has any, and whatever stood behind its end would be taken
for its signature. In a document of our own its bookmarks and properties say what is what. Does not
know what any text means.

The standard is ECMA-376, part 1, chapter 17; its numbers are given where a rule is not obvious.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen
from gxeditor.files.limits import CHARACTERS, DOCUMENT_XML, WORD_SPAN
from gxeditor.files.package import Package
from gxeditor.imports.numbering import (
    BRANCHES,
    STEMS,
    alphabetic,
    chinese,
    chinese_digits,
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
    Said,
    Source,
    SourceText,
    lay_out,
)
from gxeditor.workbook.cells import cell_ref
from gxeditor.workbook.own import AGENCY, KIND, TITLE, YEAR, role_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VML = "{urn:schemas-microsoft-com:vml}"

_LINE = 100  # characters that each paragraph counts for beside its own
_DEEPEST = 32  # styles that are based on each other; Word has no more than 11
_LEVELS = 9  # of a list (17.9.6)
_LONGEST_TITLE = 120  # characters; a longer paragraph in the style of a title is text
_SHOWN = 24  # characters of a text that a note quotes
_NOTES = 5  # footnotes quoted
_QUOTED = 60  # characters of all quotations together
_HALF_POINTS = 20  # of a character where nothing says its size (17.3.2.38)
_LONGEST_INSTRUCTION = 200  # characters of a field that are looked at

_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode(
    "utf-16-le"
)  # the stream of an OLE file that a package with a password lies in
_NOTHING = "没有读入任何内容，这个文件没有改动。"
_SAVE_AS = "请用 Word 或 WPS 打开它（有打开密码的先去掉密码），另存为“Word 文档（.docx）”再导入。"


def read_docx(data: bytes, name: str) -> Source:
    """What stands in a Word document; `name` is the file's.

    A paragraph's origin is its number among the paragraphs outside of tables that are not blank, a cell's the number of
    its table with the place in it (「“第 2 张表”C5」). Raises `UnreadableSource`: no document, damaged, with a
    password, too large.
    """
    called = f"“{name}”"
    try:
        package = Package.from_bytes(data, called)
        main = package.main
        related = {one.kind: one.target for one in package.relationships(main) if not one.external}
    except UnreadableSource as error:
        is_package = data.startswith(_ZIP) or _ENCRYPTED in data
        what = error.what if is_package else f"{called}不是 Word 文档（.docx）。"
        raise UnreadableSource(what, _NOTHING, _SAVE_AS) from error
    body = _part(package, main).find(f"{_W}body")
    if body is None:
        raise UnreadableSource(f"{called}不是 Word 文档。", _NOTHING, "请另选一个文件。")
    reading = _Reading(package, related, body)
    reading.flow(body)
    notes, said = tuple(reading.notes()), reading.said()
    if reading.embedded and not reading.blocks:
        raise UnreadableSource(
            f"{called}里的内容是嵌进去的网页，读不出来。",
            _NOTHING,
            "请用 Word 打开它，另存为“Word 文档（.docx）”再导入。",
        )
    return Source(tuple(reading.blocks), name, kind="Word 文档", notes=notes, said=said)


def _part(package: Package, part: str) -> Element:
    if package.size(part) > DOCUMENT_XML:
        raise UnreadableSource(f"{package.name}展开后太大，没有打开。", _NOTHING, _SAVE_AS)
    try:
        return package.xml(part)
    except UnreadableSource as error:
        raise UnreadableSource(error.what, _NOTHING, _SAVE_AS) from error


def _val(element: Element | None, name: str = "val") -> str:
    return "" if element is None else element.get(_W + name, "")


def _whole(text: str, otherwise: int = 0) -> int:
    """A number as attributes have it, also with a fraction or a unit, which is left out; bounded."""
    found = re.match(r"[+-]?[0-9]{1,9}", text.strip())
    return int(found[0]) if found else otherwise


def _is_on(element: Element | None) -> bool | None:
    """Whether a property that is on or off is on (17.17.4); None if it is not said."""
    return None if element is None else _val(element).lower() not in ("0", "false", "off")


def _chosen(element: Element) -> Iterable[Element]:
    """What counts of alternative contents, which say the same twice: the first choice."""
    choice = element.find(f"{_MC}Choice")
    if choice is None:
        choice = element.find(f"{_MC}Fallback")
    return () if choice is None else choice


# -------------------- styles
@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    shape: Element | None  # pPr
    letters: Element | None  # rPr


class _Styles:
    """The styles of a document, by their ids, and what they say along the styles that they are based on."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._default = ""
        self._size = _HALF_POINTS
        if root is None:
            return
        for one in root.findall(f"{_W}style"):
            key = one.get(f"{_W}styleId", "")
            name = _val(one.find(f"{_W}name"))
            self._styles[key] = _Style(
                name, _val(one.find(f"{_W}basedOn")), one.find(f"{_W}pPr"), one.find(f"{_W}rPr")
            )
            if one.get(f"{_W}type") == "paragraph" and one.get(f"{_W}default", "0") in ("1", "true", "on"):
                self._default = key
        size = root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}sz")
        self._size = _whole(_val(size), _HALF_POINTS)

    def chain(self, key: str, *, paragraph: bool = False) -> Iterator[tuple[str, _Style]]:
        """A style and those it is based on; for a paragraph without one the default."""
        seen: set[str] = set()
        key = key or (self._default if paragraph else "")
        while key in self._styles and key not in seen and len(seen) < _DEEPEST:
            seen.add(key)
            yield key, self._styles[key]
            key = self._styles[key].based_on

    def name(self, key: str) -> str:
        """What a paragraph's style is called, for built-in ones in English in every edition of Word."""
        return next((style.name for _, style in self.chain(key, paragraph=True)), "")

    def hides(self, key: str, *, paragraph: bool) -> bool:
        for _, style in self.chain(key, paragraph=paragraph):
            if style.letters is not None:
                said = _is_on(style.letters.find(f"{_W}vanish"))
                if said is not None:
                    return said
        return False

    def numbering(self, key: str) -> tuple[str, Element] | None:
        """The nearest style that says a list, and what it says."""
        for name, style in self.chain(key, paragraph=True):
            found = None if style.shape is None else style.shape.find(f"{_W}numPr")
            if found is not None:
                return name, found
        return None

    def indent(self, key: str, attribute: str) -> str:
        for _, style in self.chain(key, paragraph=True):
            found = None if style.shape is None else style.shape.find(f"{_W}ind")
            if found is not None and (said := found.get(_W + attribute)) is not None:
                return said
        return ""

    def size(self, key: str) -> int:
        """Of a paragraph's letters, in half points."""
        for _, style in self.chain(key, paragraph=True):
            found = None if style.letters is None else style.letters.find(f"{_W}sz")
            if found is not None:
                return _whole(_val(found), self._size)
        return self._size


# -------------------- numbers of lists
_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "koreanCounting",
        ),
        chinese,
    ),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
        formal_chinese,
    ),
    **dict.fromkeys(
        ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"),
        chinese_digits,
    ),
    "ideographTraditional": turning(STEMS),
    "ideographZodiac": turning(BRANCHES),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), running("①", 20)),
    "decimalEnclosedParen": running("⑴", 20),
    "decimalEnclosedFullstop": running("⒈", 20),
    "ideographEnclosedCircle": running("㊀", 10),
    **dict.fromkeys(
        ("decimalFullWidth", "decimalFullWidth2"),
        wide,
    ),
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
    "upperLetter": alphabetic,
    "lowerLetter": lambda number: alphabetic(number).lower(),
    "none": lambda _: "",
}
"""The kinds of numbers that occur in Chinese documents (17.18.59); others are written as 1, 2, 3."""


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restarts: int | None = None
    style: str = ""

    @classmethod
    def of(cls, element: Element) -> _Level:
        kind = next(iter(element.iter(f"{_W}numFmt")), None)
        restart = element.find(f"{_W}lvlRestart")
        return cls(
            _whole(_val(element.find(f"{_W}start")), 1 if element.find(f"{_W}start") is not None else 0),
            _val(kind) or "decimal",
            _val(element.find(f"{_W}lvlText")),
            _val(element.find(f"{_W}suff")) or "tab",
            bool(_is_on(element.find(f"{_W}isLgl"))),
            _whole(_val(restart), 0) if restart is not None else None,
            _val(element.find(f"{_W}pStyle")),
        )


@dataclass(slots=True)
class _List:
    """A list (`num`): the counting that it shares with others of its kind, and where it begins anew."""

    kind: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class _Numbers:
    """Counts the numbered paragraphs of a document (17.9)."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        kinds: dict[str, dict[int, _Level]] = {}
        links: dict[str, str] = {}
        linked: dict[str, str] = {}
        for abstract in root.findall(f"{_W}abstractNum"):
            key = abstract.get(f"{_W}abstractNumId", "")
            kinds[key] = dict(_levels(abstract))
            if name := _val(abstract.find(f"{_W}styleLink")):
                links[name] = key
            if name := _val(abstract.find(f"{_W}numStyleLink")):
                linked[key] = name
        for num in root.findall(f"{_W}num"):
            kind = _val(num.find(f"{_W}abstractNumId"))
            kind = links.get(linked.get(kind, ""), kind)
            one = _List(kind, dict(kinds.get(kind, {})))
            for override in num.findall(f"{_W}lvlOverride"):
                level = _whole(override.get(f"{_W}ilvl", ""))
                one.levels.update(_levels(override))
                start = override.find(f"{_W}startOverride")
                if start is not None:
                    one.starts[level] = _whole(_val(start), 1)
            self._lists[num.get(f"{_W}numId", "")] = one

    def level_of(self, num: str, style: str) -> int | None:
        """The level of a list that belongs to a style."""
        levels = self._lists[num].levels if num in self._lists else {}
        return next((level for level, one in levels.items() if one.style == style), None)

    def next(self, num: str, level: int) -> str:
        """The number of the next paragraph of a list, as it stands before the text; empty for a mere sign."""
        one = self._lists.get(num)
        if one is None or level not in one.levels:
            return ""
        counts = self._counts.setdefault(one.kind, [None] * _LEVELS)
        shape = one.levels[level]
        if level in one.starts and (num, level) not in self._begun:
            self._begun.add((num, level))
            counts[level] = one.starts[level]
        else:
            last = counts[level]
            counts[level] = shape.start if last is None else last + 1
        for deeper in range(level + 1, _LEVELS):
            restarts = one.levels[deeper].restarts if deeper in one.levels else None
            if restarts is None or level < restarts:
                counts[deeper] = None
        if shape.kind == "bullet":
            return ""

        def numbered(found: re.Match[str]) -> str:
            which = int(found[1]) - 1
            of = one.levels.get(which, _Level())
            count = counts[which]
            kind = "decimal" if shape.legal else of.kind
            return _FORMATS.get(kind, str)(of.start if count is None else count)

        text = re.sub("%([1-9])", numbered, shape.text)
        apart = text and (shape.suffix == "space" or (shape.suffix == "tab" and text[-1].isalnum()))
        return f"{text} " if apart else text


def _levels(element: Element) -> Iterator[tuple[int, _Level]]:
    for one in element.findall(f"{_W}lvl"):
        level = _whole(one.get(f"{_W}ilvl", ""))
        if 0 <= level < _LEVELS:
            yield level, _Level.of(one)


# -------------------- reading
def _named(names: str) -> frozenset[str]:
    return frozenset(_W + name for name in names.split())


_DELETED = frozenset({f"{_W}del", f"{_W}moveFrom"})
_REVISED = _DELETED | {f"{_W}ins", f"{_W}moveTo"}
_BETWEEN = _named(
    "bookmarkStart bookmarkEnd proofErr commentRangeStart commentRangeEnd moveFromRangeStart moveFromRangeEnd "
    "moveToRangeStart moveToRangeEnd"
)
"""May stand between two pieces of one revision."""
_REFERENCES = {f"{_W}footnoteReference": "footnotes", f"{_W}endnoteReference": "endnotes"}
_SHOWS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_CIRCLED = re.compile(r"\s*EQ\s*\\o\s*\\ac\s*\([○〇◯]\s*[,，;]\s*([0-9]{1,2})\s*\)", re.IGNORECASE)
"""带圈字符, a field without result."""
_PASSED_OVER = _named(
    "pPr rPr tblPr tblGrid tblPrEx trPr tcPr sectPr sdtPr sdtEndPr smartTagPr customXmlPr instrText delText "
    "delInstrText fldChar rt rubyPr softHyphen annotationRef footnoteRef endnoteRef footnoteReference "
    "endnoteReference commentReference del moveFrom ffData"
)
_SIGNS = {
    **dict.fromkeys((("Wingdings", 0xA8), ("Wingdings", 0x6F), ("Wingdings 2", 0xA3)), "□"),
    **dict.fromkeys((("Wingdings", 0xFE), ("Wingdings 2", 0x52), ("Wingdings 2", 0x54)), "☑"),
    **dict.fromkeys((("Wingdings", 0xFC), ("Wingdings 2", 0x50)), "√"),
    **dict.fromkeys((("Wingdings", 0xFB), ("Symbol", 0xB4)), "×"),
    ("Wingdings", 0x6C): "●",
    ("Wingdings", 0x6E): "■",
    ("Symbol", 0xB7): "·",
    ("Symbol", 0xB1): "±",
    ("Symbol", 0xA3): "≤",
    ("Symbol", 0xB3): "≥",
    ("Symbol", 0x2D): "−",
}
"""Signs that Word takes from fonts of pictures (17.3.3.30), as far as they occur in tables and lists."""
_PICTURE_FONTS = ("wingdings", "webdings", "symbol", "zapf", "marlett")

_HEADINGS = 6  # of a report of any edition; a document that lost one of them is read like any other
_NOTE, _CLOSING = "表注", "Closing"
"""Styles of our own export, by the names that every edition of Word keeps."""
_CONTENTS = re.compile(r"(?i)toc [1-9]|toc heading|table of figures")


@dataclass(slots=True)
class _Cell:
    """A cell of a table (`tc`), and whether what it holds only asks for something to be typed."""

    element: Element
    is_asking: bool = False


@dataclass(slots=True)
class _Line:
    """A paragraph on its way: its text, and what it holds that comes behind it."""

    text: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)  # the names of bookmarks of our own


class _Reading:
    """One document on its way into `blocks`."""

    def __init__(self, package: Package, related: Mapping[str, str], body: Element) -> None:
        self.blocks: list[SourceText | RawTable] = []
        self.embedded = False
        self._package = package
        self._parts = {kind: found for kind, path in related.items() if (found := package.find(path))}
        self._styles = _Styles(self._related("styles"))
        self._numbers = _Numbers(self._related("numbering"))
        marks = [role_of(one.get(f"{_W}name", "")) for one in body.iter(f"{_W}bookmarkStart")]
        self._is_own = sum(mark.startswith("heading:") for mark in marks) >= _HEADINGS
        self._headed = False  # the first heading of our own has come
        self._left = CHARACTERS
        self._paragraphs = 0
        self._tables = 0
        self._asking = 0  # inside contents that only ask for something to be typed
        self._fields: list[_Field] = []  # begun, the innermost last
        self._unshown = 0  # of them, those that show nothing yet
        self._carried = ""  # text whose paragraph ends where the next one does
        self._references: list[tuple[str, str]] = []
        self._revised: list[str] = []  # the beginnings of paragraphs with open revisions
        self._revisions = 0
        self._settled = 0  # inside a row that is counted as one revision

    def _related(self, kind: str) -> Element | None:
        return _part(self._package, self._parts[kind]) if kind in self._parts else None

    # ---- blocks ------------------------------------------------------------------------------------------------

    def flow(self, parent: Iterable[Element]) -> None:
        """Reads paragraphs and tables as they follow each other outside of any table."""
        last = Element(f"{_W}p")
        for element in self._content(parent):
            if element.tag == f"{_W}p":
                self._paragraph(element)
                last = element
            else:
                self._flush(last)
                self._table(element)
        self._flush(last)

    def _content(self, parent: Iterable[Element]) -> Iterator[Element]:
        """The paragraphs and tables of a body, a cell or a box, whatever they are wrapped in.

        Each is to be read before the next one is asked for: what it is wrapped in counts meanwhile.
        """
        for child in parent:
            tag = child.tag
            if tag in (f"{_W}p", f"{_W}tbl"):
                yield child
            elif tag == f"{_W}altChunk":
                self.embedded = True
            elif tag == f"{_W}sdt":
                inside, is_asking = _controlled(child)
                self._asking += is_asking
                yield from self._content(inside)
                self._asking -= is_asking
            elif tag == f"{_MC}AlternateContent":
                yield from self._content(_chosen(child))
            elif tag not in _PASSED_OVER:
                yield from self._content(child)

    def _paragraph(self, element: Element) -> None:
        shape = element.find(f"{_W}pPr")
        style = "" if shape is None else _val(shape.find(f"{_W}pStyle"))
        if _CONTENTS.fullmatch(self._styles.name(style)):
            return
        line = self._line(element)
        text = self._numbered(element, "".join(line.text))
        if _goes_on(shape):
            self._carried = text
        else:
            self._carried = ""
            self._emit(text, element, line.marks)
        for box in line.boxes:
            self._box(box)

    def _flush(self, element: Element) -> None:
        """What no further paragraph came for stands alone."""
        if self._carried:
            text, self._carried = self._carried, ""
            self._emit(text, element, [])

    def _emit(self, text: str, element: Element, marks: Sequence[str]) -> None:
        shape = element.find(f"{_W}pPr")
        style = "" if shape is None else _val(shape.find(f"{_W}pStyle"))
        kind = self._styles.name(style)
        role = next((mark for mark in marks if mark), "") if self._is_own else ""
        if role or (kind == "Title" and len(text) <= _LONGEST_TITLE):
            text = text.replace("\n", "")
        if self._is_own and not role and (kind == _NOTE or (kind == _CLOSING and not self._headed)):
            return  # below a table and on a cover, which the report does not hold
        self._headed |= role.startswith("heading:")
        first, left = self._indents(element, shape, style)
        for number, piece in enumerate(re.split("[\n\f]", self._visible(text))):
            if shown := piece.strip():
                self._paragraphs += 1
                indent = max(0, left if number else first) + _front(piece)
                self.blocks.append(SourceText(shown, Origin(paragraph=self._paragraphs), indent, role=role))

    def _visible(self, text: str) -> str:
        self._spend(len(text))
        return without_unseen(text)

    def _spend(self, characters: int) -> None:
        """Raises `UnreadableSource` if there is more text than any report has."""
        self._left -= characters
        if self._left < 0:
            raise UnreadableSource(
                f"{self._package.name}里的文字太多，超过 {CHARACTERS // 10_000} 万字。",
                _NOTHING,
                "请只保留年报的内容，另存后再导入。",
            )

    def _indents(self, element: Element, shape: Element | None, style: str) -> tuple[int, int]:
        """How far the first line and the others stand in, in halves of a character."""
        own = None if shape is None else shape.find(f"{_W}ind")

        def said(attribute: str) -> str:
            here = None if own is None else own.get(_W + attribute)
            return self._styles.indent(style, attribute) if here is None else here

        run = next(element.iter(f"{_W}sz"), None)
        size = max(1, self._styles.size(style) if run is None else _whole(_val(run), _HALF_POINTS))

        def halves(name: str) -> int:
            """By characters (hundredths) if they are said, else by twips, of which a character has 10 a half point."""
            chars = _whole(said(f"{name}Chars"))
            return round(chars / 50) if chars else round(_whole(said(name)) / (5 * size))

        left = halves("left") or halves("start")
        return left + (halves("firstLine") - halves("hanging")), left

    def _numbered(self, element: Element, text: str) -> str:
        """The text with what was carried to it and the number that Word counts for the paragraph in front."""
        number = self._number(element, bool(text.strip()))
        if self._carried.strip() or not text.strip():
            return self._carried + text
        return number + text.lstrip() if number else self._carried + text

    def _number(self, element: Element, shows: bool) -> str:
        shape = element.find(f"{_W}pPr")
        style = "" if shape is None else _val(shape.find(f"{_W}pStyle"))
        own = None if shape is None else shape.find(f"{_W}numPr")
        by_style = self._styles.numbering(style)
        num = "" if own is None else _val(own.find(f"{_W}numId"))
        level = None if own is None else own.find(f"{_W}ilvl")
        which = None if level is None else _whole(_val(level))
        if by_style is not None:
            key, said = by_style
            num = num or _val(said.find(f"{_W}numId"))
            if which is None:
                which = self._numbers.level_of(num, key)
            if which is None:
                which = _whole(_val(said.find(f"{_W}ilvl")))
        if num in ("", "0") or (not shows and _goes_on(shape)):
            return ""
        return self._numbers.next(num, which or 0)

    def _box(self, box: Element) -> None:
        """A text box: its content, or what letters that are drawn say."""
        if box.tag == f"{_VML}textpath":
            self._emit(box.get("string", ""), box, [])
            return
        outside = self._fields, self._unshown
        self._fields, self._unshown = [], 0
        self.flow(box)
        self._fields, self._unshown = outside

    # ---- lines -------------------------------------------------------------------------------------------------

    def _line(self, element: Element) -> _Line:
        shape = element.find(f"{_W}pPr")
        line = _Line()
        style = "" if shape is None else _val(shape.find(f"{_W}pStyle"))
        self._spend(_LINE)
        before = self._revisions
        self._inline(element, line, self._styles.hides(style, paragraph=True))
        mark = None if shape is None else shape.find(f"{_W}rPr")
        if before == self._revisions and mark is not None:
            self._revise(any(child.tag in _REVISED for child in mark))
        if before != self._revisions:
            shown = "".join("".join(line.text).split())
            self._revised.append(shown[:_SHOWN] + "…" * (len(shown) > _SHOWN))
        if self._fields and not self._fields[-1].shows:
            self._fields, self._unshown = [], 0  # one that was never ended: Word shows what follows
        return line

    def _revise(self, happened: bool) -> None:
        if happened and not self._settled:
            self._revisions += 1

    def _inline(self, parent: Iterable[Element], line: _Line, hidden: bool) -> None:
        """Adds what the elements of a paragraph show; `hidden` says whether its style hides it."""
        following = False
        for child in parent:
            tag = child.tag
            if tag in _REVISED:
                self._revise(not following)
            following = tag in _REVISED or (following and tag in _BETWEEN)
            if tag == f"{_W}r":
                self._run(child, line, hidden)
            elif tag == f"{_W}sdt":
                inside, is_asking = _controlled(child)
                self._asking += is_asking
                self._inline(inside, line, hidden)
                self._asking -= is_asking
            elif tag == f"{_MC}AlternateContent":
                self._inline(_chosen(child), line, hidden)
            elif tag == f"{_W}bookmarkStart":
                line.marks.append(role_of(child.get(f"{_W}name", "")))
            elif tag == f"{_MATH}t":
                self._add(child.text or "", line)
            elif tag not in _PASSED_OVER:
                self._inline(child, line, hidden)

    def _run(self, run: Element, line: _Line, hidden: bool) -> None:
        letters = run.find(f"{_W}rPr")
        if letters is not None:
            said = _is_on(letters.find(f"{_W}vanish"))
            style = _val(letters.find(f"{_W}rStyle"))
            hidden = (hidden or self._styles.hides(style, paragraph=False)) if said is None else said
        self._pieces(run, line, hidden)

    def _pieces(self, run: Iterable[Element], line: _Line, hidden: bool) -> None:
        for piece in run:
            tag = piece.tag
            if tag == f"{_W}fldChar":
                self._field(piece, line, hidden)
            elif tag == f"{_W}instrText" and self._fields:
                self._fields[-1].instruction += (piece.text or "")[:_LONGEST_INSTRUCTION]
            elif hidden or tag in _PASSED_OVER:
                if tag in _REFERENCES and not hidden:
                    self._references.append((_REFERENCES[tag], piece.get(f"{_W}id", "")))
            elif tag in (f"{_W}t", f"{_MATH}t"):
                self._add(re.sub("[\r\n]", " ", piece.text or ""), line)
            elif tag in _SHOWS:
                self._add(_SHOWS[tag], line)
            elif tag == f"{_W}br":
                self._add("\f" if piece.get(f"{_W}type") in ("page", "column") else "\n", line)
            elif tag == f"{_W}sym":
                self._add(_sign(piece), line)
            elif tag in (f"{_W}drawing", f"{_W}pict", f"{_W}object"):
                line.boxes.extend(_boxes(piece))
            elif tag == f"{_MC}AlternateContent":
                self._pieces(_chosen(piece), line, hidden)
            elif tag == f"{_W}r":  # inside ruby
                self._run(piece, line, hidden)
            else:
                self._pieces(piece, line, hidden)

    def _add(self, text: str, line: _Line) -> None:
        if not self._asking and not self._unshown:
            line.text.append(text)

    def _field(self, piece: Element, line: _Line, hidden: bool) -> None:
        """The beginning, middle or end of a field (17.16.18): what stands before the middle is its instruction."""
        kind = piece.get(f"{_W}fldCharType")
        if kind == "begin":
            if not hidden and (entry := _dropped_down(piece)):
                self._add(entry, line)
            self._fields.append(_Field())
            self._unshown += 1
        elif kind == "separate" and self._fields:
            self._unshown -= not self._fields[-1].shows
            self._fields[-1].shows = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            self._unshown -= not ended.shows
            circled = None if ended.shows or hidden else _CIRCLED.match(ended.instruction)
            if circled is not None:
                self._add(_FORMATS["decimalEnclosedCircle"](int(circled[1])), line)

    # ---- tables ------------------------------------------------------------------------------------------------

    def _table(self, table: Element) -> None:
        rows = list(self._rows(table, False))
        holds_tables = any(
            cell.element.find(f".//{_W}tbl") is not None for _, cells in rows for cell in cells
        )
        if sum(len(cells) for _, cells in rows) == 1 or (
            holds_tables and all(len(cells) == 1 for _, cells in rows)
        ):
            for _, cells in rows:
                self._asking += cells[0].is_asking
                self.flow(cells[0].element)
                self._asking -= cells[0].is_asking
            return
        self._tables += 1
        sheet = f"第 {self._tables} 张表"
        behind: list[Element] = []
        loose: list[list[LooseCell]] = []
        open_at: dict[int, tuple[int, LooseCell]] = {}  # column → columns and cell that may go on below
        for number, (row, cells) in enumerate(rows):
            loose.append([])
            kept: dict[int, tuple[int, LooseCell]] = {}
            properties = row.find(f"{_W}trPr")
            column = self._skipped(properties, loose[-1])
            revised = properties is not None and any(child.tag in _REVISED for child in properties)
            self._revise(revised)
            self._settled += revised
            for at, cell in enumerate(cells):
                shape = cell.element.find(f"{_W}tcPr")
                joined = None if shape is None else shape.find(f"{_W}hMerge")
                if joined is not None and _val(joined) != "restart" and at:
                    continue
                span = min(_span(shape) + _joined(cells[at + 1 :]) * (joined is not None), WORD_SPAN)
                down = None if shape is None else shape.find(f"{_W}vMerge")
                goes_on = down is not None and _val(down) != "restart"
                above = open_at.get(column)
                if goes_on and above is not None and above[0] == span:
                    above[1].row_span += 1
                    kept[column] = above
                else:
                    text = "" if goes_on else self._cell(cell, behind)
                    found = LooseCell(text, 1, span, Origin(sheet=sheet, cell=cell_ref(number, column)))
                    loose[-1].append(found)
                    if down is not None:
                        kept[column] = (span, found)
                column += span
            self._settled -= revised
            open_at = kept
        laid = lay_out(loose, Origin(sheet=sheet))
        if laid.cells:
            self.blocks.append(laid)
        for element in behind:
            if element.tag == f"{_W}tbl":
                self._table(element)
            else:
                self._box(element)

    def _rows(self, parent: Iterable[Element], is_asking: bool) -> Iterator[tuple[Element, list[_Cell]]]:
        """The rows of a table with their cells, but those that are deleted or hidden."""
        for child in parent:
            if child.tag == f"{_W}tr":
                shape = child.find(f"{_W}trPr")
                gone = shape is not None and (
                    any(one.tag in _DELETED for one in shape) or _is_on(shape.find(f"{_W}hidden"))
                )
                self._revise(shape is not None and any(one.tag in _DELETED for one in shape))
                cells = list(self._cells(child, is_asking))
                if cells and not gone:
                    yield child, cells
            elif child.tag == f"{_W}sdt":
                inside, asks = _controlled(child)
                yield from self._rows(inside, is_asking or asks)
            elif child.tag == f"{_MC}AlternateContent":
                yield from self._rows(_chosen(child), is_asking)
            elif child.tag not in _PASSED_OVER:
                yield from self._rows(child, is_asking)

    def _cells(self, parent: Iterable[Element], is_asking: bool) -> Iterator[_Cell]:
        for child in parent:
            if child.tag == f"{_W}tc":
                if child.find(f"{_W}tcPr/{_W}cellDel") is None:
                    yield _Cell(child, is_asking)
            elif child.tag == f"{_W}sdt":
                inside, asks = _controlled(child)
                yield from self._cells(inside, is_asking or asks)
            elif child.tag not in _PASSED_OVER:
                yield from self._cells(child, is_asking)

    @staticmethod
    def _skipped(properties: Element | None, row: list[LooseCell]) -> int:
        """The columns that a row leaves free before its first cell (17.4.14); they stand in the row as blank."""
        before = None if properties is None else properties.find(f"{_W}gridBefore")
        count = max(0, min(_whole(_val(before)), WORD_SPAN))
        if count:
            row.append(LooseCell("", 1, count))
        return count

    def _cell(self, cell: _Cell, behind: list[Element]) -> str:
        """The text of a cell; the tables and boxes in it come behind."""
        carried, self._carried = self._carried, ""
        self._asking += cell.is_asking
        lines: list[str] = []
        for element in self._content(cell.element):
            if element.tag == f"{_W}tbl":
                behind.append(element)
                continue
            line = self._line(element)
            text = self._numbered(element, "".join(line.text))
            if _goes_on(element.find(f"{_W}pPr")):
                self._carried = text
            else:
                self._carried = ""
                lines.append(text)
            behind.extend(line.boxes)
        lines.append(self._carried)
        self._carried = carried
        self._asking -= cell.is_asking
        text = "\n".join(lines).replace("\f", "\n")
        return "\n".join(line.strip() for line in self._visible(text).split("\n")).strip()

    # ---- what is said outright ---------------------------------------------------------------------------------

    def said(self) -> Said | None:
        """What a document of our own says in its properties; None for any other."""
        part = self._package.find("docProps/custom.xml") if self._is_own else None
        root = _part(self._package, part) if part else ()
        texts = {one.get("name", ""): "".join(one.itertext()) for one in root}
        if KIND not in texts:
            return None
        year = texts.get(YEAR, "")
        return Said(
            agency=texts.get(AGENCY),
            kind=texts[KIND],
            year=int(year) if re.fullmatch("[0-9]{1,4}", year) else None,
            own_title=texts.get(TITLE),
            shown_title=next(
                (one.text for one in self.blocks if isinstance(one, SourceText) and one.role == "title"), ""
            ),
        )

    # ---- what is told ------------------------------------------------------------------------------------------

    def notes(self) -> Iterator[ImportNote]:
        if self._revisions:
            shown = "、".join(f"“{text}”" for text in dict.fromkeys(filter(None, self._revised)))
            where = f"，在 {len(self._revised)} 段里，如{shown[:_QUOTED]}" if self._revised else ""
            what = f"文档里有 {self._revisions} 处修订还没有接受或拒绝{where}。"
            yield ImportNote("doubt", "修订", what, "按修订后的文字读入，请核对。")
        notes = list(self._footnotes())
        if notes:
            shown = "”“".join(text[:_QUOTED] for text in notes[:_NOTES])
            yield ImportNote("info", "文字", f"文档里有 {len(notes)} 条脚注：“{shown}”。", "没有读入。")
        if self.embedded:
            yield ImportNote(
                "doubt", "文字", "文档里有一部分内容是嵌进去的另一个文件。", "这一部分没有读入。"
            )

    def _footnotes(self) -> Iterator[str]:
        wanted = set(self._references)
        for kind in {kind for kind, _ in self._references} & self._parts.keys():
            for note in self._related(kind) or ():
                if (kind, note.get(f"{_W}id", "")) in wanted:
                    line = _Line()
                    for paragraph in note.iter(f"{_W}p"):
                        self._inline(paragraph, line, False)
                    text = self._visible("".join(line.text)).strip()
                    if text:
                        yield text


@dataclass(slots=True)
class _Field:
    """A field that is begun: its instruction, and whether its result has begun, which is what it shows."""

    instruction: str = ""
    shows: bool = False


def _controlled(control: Element) -> tuple[Iterable[Element], bool]:
    """What a content control holds, and whether that only asks for something to be typed; a list of contents is none
    of the text."""
    shape = control.find(f"{_W}sdtPr")
    inside = control.find(f"{_W}sdtContent")
    if inside is None:
        return (), False
    if shape is None:
        return inside, False
    gallery = _val(shape.find(f"{_W}docPartObj/{_W}docPartGallery"))
    if gallery == "Table of Contents":
        return (), False
    return inside, bool(_is_on(shape.find(f"{_W}showingPlcHdr")))


def _goes_on(shape: Element | None) -> bool:
    """Whether a paragraph goes on in the next one: the mark at its end is deleted or hidden, or it is a drop cap."""
    if shape is None:
        return False
    frame, mark = shape.find(f"{_W}framePr"), shape.find(f"{_W}rPr")
    if frame is not None and frame.get(f"{_W}dropCap", "none") != "none":
        return True
    if mark is None:
        return False
    return any(child.tag in _DELETED for child in mark) or bool(_is_on(mark.find(f"{_W}vanish")))


def _front(text: str) -> int:
    """The blanks before a text, in halves of a character; a tab takes two characters."""
    front = text[: len(text) - len(text.lstrip())]
    return sum({"\u3000": 2, "\t": 4}.get(char, 1) for char in front)


def _sign(piece: Element) -> str:
    """A sign (17.3.3.30): of a font of letters itself, of a font of pictures what it looks like, if that is known."""
    font = piece.get(f"{_W}font", "")
    try:
        code = int(piece.get(f"{_W}char", ""), 16)
    except ValueError:
        return ""
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if font.lower().startswith(_PICTURE_FONTS):
        return _SIGNS.get((font, low), "")
    return chr(low) if 0x20 <= low < 0xD800 or 0xE000 <= low <= 0xFFFD else ""


def _boxes(drawn: Element) -> Iterator[Element]:
    """The text boxes in something drawn, and letters that are drawn (`textpath`); those in boxes come with them."""
    for child in drawn:
        if child.tag == f"{_W}txbxContent" or (child.tag == f"{_VML}textpath" and child.get("string")):
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _boxes(_chosen(child))  # type: ignore[arg-type]
        else:
            yield from _boxes(child)


def _dropped_down(piece: Element) -> str:
    """What is chosen of a list to choose from, which has no result of its own (17.16.9)."""
    entries = piece.find(f"{_W}ffData/{_W}ddList")
    if entries is None:
        return ""
    chosen = entries.find(f"{_W}result")
    chosen = entries.find(f"{_W}default") if chosen is None else chosen
    texts = [_val(one) for one in entries.findall(f"{_W}listEntry")]
    number = _whole(_val(chosen))
    return texts[number] if 0 <= number < len(texts) else ""


def _span(shape: Element | None) -> int:
    """The columns of a cell."""
    return 1 if shape is None else max(1, min(_whole(_val(shape.find(f"{_W}gridSpan")), 1), WORD_SPAN))


def _joined(behind: Sequence[_Cell]) -> int:
    """The columns of the cells that are joined to the one before them (17.4.22)."""
    count = 0
    for cell in behind:
        shape = cell.element.find(f"{_W}tcPr")
        joined = None if shape is None else shape.find(f"{_W}hMerge")
        if joined is None or _val(joined) == "restart":
            break
        count += _span(shape)
    return count
