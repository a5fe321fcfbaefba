"""The XML of a worksheet: its bytes in UTF-8, and where rows, cells and what they hold stand in them.

The one knowledge that reading and changing share. Cells are found by regular expressions, five times as fast as by
events: after the part has proved to be well-formed, and without comments, sections and instructions, cells are a
regular language, whatever their prefix. Knows how a text stands in a file; knows no value's meaning and no package.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from gxeditor.core.text import printable
from gxeditor.workbook.cells import column_number, letters_of

_ATTRIBUTES = rb"""((?:\s+[^\s=/>"']+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*"""
_ATTRIBUTE = re.compile(rb"""([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PREFIX = rb"((?:[^\s<>/:]+:)?)"
_COMMENT, _SECTION, _INSTRUCTION = rb"<!--.*?-->", rb"<!\[CDATA\[(.*?)\]\]>", rb"<\?.*?\?>"


# -------------------- encodings
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class Encoded(NamedTuple):
    """XML that was rewritten in UTF-8 (`data`), and how it stood in the file: byte order mark and encoding."""

    mark: bytes
    codec: str
    data: bytes

    def back(self, data: bytes) -> bytes:
        """Changed data as it belongs into the file."""
        return self.mark + encoded_back(data, self.codec)


def in_utf8(data: bytes) -> Encoded:
    """XML in UTF-8, its declaration left as it is.

    Raises `LookupError` for an encoding that Python does not know, `UnicodeError` for bytes that are none of it.
    """
    mark, codec = _encoding(data)
    body = data[len(mark) :]
    return Encoded(mark, codec, body if codec == "utf-8" else body.decode(codec).encode())


def to_change(data: bytes) -> Encoded:
    """The same for a part that is to be changed. Raises `ValueError` too if it would not come back as it was."""
    found = in_utf8(data)
    if found.codec != "utf-8" and found.back(found.data) != data:
        raise ValueError("an encoding that does not come back")
    return found


def encoded_back(data: bytes, codec: str) -> bytes:
    """UTF-8 in another encoding, characters that this one lacks as references."""
    return data if codec == "utf-8" else data.decode().encode(codec, "xmlcharrefreplace")


def is_plain(chunk: bytes, before: bytes) -> bool:
    """Whether a part can be worked on as it comes, as far as this chunk shows: UTF-8, and nothing that hides cells.

    `before` is the last byte of the chunk before it, empty for the first one.
    """
    if not before:
        try:
            if _encoding(chunk) != (b"", "utf-8"):
                return False
        except LookupError:
            return False
    seen = before + chunk if before else chunk[2:]  # behind the “<?” of a declaration
    return b"<!" not in seen and b"<?" not in seen


def _encoding(data: bytes) -> tuple[bytes, str]:
    """The byte order mark that XML begins with, if any, and its encoding."""
    marked = next((one for one in _MARKS if data.startswith(one[0])), None)
    if marked is not None:
        return marked
    if data.startswith((b"<\0", b"\0<")):
        return b"", "utf-16-le" if data.startswith(b"<") else "utf-16-be"
    declared = _DECLARED.match(data)
    return b"", codecs.lookup(declared[1].decode()).name if declared is not None else "utf-8"


# -------------------- what hides cells
_HIDING = re.compile(b"|".join((_COMMENT, _SECTION, _INSTRUCTION)), re.DOTALL)


def blanked(data: bytes) -> bytes:
    """XML as long as before, with blanks in place of comments and the like: what looks like a cell in them is none."""
    if data.find(b"<!", 1) < 0 and data.find(b"<?", 2) < 0:
        return data
    return _HIDING.sub(lambda found: b" " * len(found[0]), data)


def bare(data: bytes) -> bytes:
    """XML with its sections as text and without declaration and comments: what it says, wherever it stands."""
    return _HIDING.sub(
        lambda found: (found[1] or b"").replace(b"&", b"&amp;").replace(b"<", b"&lt;"),
        data,
    )


# -------------------- elements
class Opening(NamedTuple):
    """The start tag of an element that a part has once: where it stands, prefix, attributes, and whether it is all."""

    start: int
    stop: int
    prefix: bytes
    attributes: bytes
    is_closed: bool


def opening(data: bytes, tag: bytes) -> Opening | None:
    """The first element of this name, whatever its prefix."""
    found = _opening(tag).search(data)
    return (
        Opening(found.start(), found.end(), found[1], found[2], bool(found[3])) if found is not None else None
    )


@cache
def _opening(tag: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<" + _PREFIX + tag + _ATTRIBUTES + rb"(/?)>")


class Elements:
    """What a worksheet consists of, for elements of a prefix: patterns over its bytes, and its end tags.

    `row`: attributes, and “/” of a row that is all. `cell`: attributes, and what stands in it (None: nothing).
    `quick_cell` tells the same apart as most files write it, at twice the speed: letters of the reference, style, kind,
    further attributes, a bare value, anything else. `formula`: attributes and text. `value`, `inline`, `text`, `guide`:
    what stands in it. `bare_inline` is all of a cell that holds a text as most files write it. `values` are values of
    any kind, `extension` is what later versions add, `column` a description of columns, `size` the range of the sheet.
    """

    def __init__(self, prefix: bytes) -> None:
        self.prefix = prefix
        p = re.escape(prefix)

        def content(tag: bytes) -> re.Pattern[bytes]:
            return re.compile(
                rb"<" + p + tag + rb"(?:\s[^<>]*)?(?<!/)>(.*?)</" + p + tag + rb"\s*>", re.DOTALL
            )

        def closed_or(tag: bytes, inside: bytes, end: bytes) -> re.Pattern[bytes]:
            return re.compile(
                rb"<" + p + tag + _ATTRIBUTES + rb"(?:/>|>" + inside + rb"</" + p + end + rb"\s*>)", re.DOTALL
            )

        value = rb"(?:<" + p + rb"v>([^<]*)</" + p + rb"v>)?</" + p + rb"c\s*>"
        usual = rb'(?: r="([A-Z]{1,3})[0-9]{1,7}")?(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
        self.quick_cell = re.compile(
            rb"<" + p + rb"c" + usual + _ATTRIBUTES + rb"(?:/>|>" + value + rb"|>(.*?)</" + p + rb"c\s*>)",
            re.DOTALL,
        )
        self.row = re.compile(rb"<" + p + rb"row" + _ATTRIBUTES + rb"(/?)>")
        self.cell = closed_or(rb"c", rb"(.*?)", rb"c")
        self.formula = closed_or(rb"f", rb"(.*?)", rb"f")
        self.values = closed_or(rb"(v|is)", rb".*?", rb"\1")
        self.value, self.inline = content(b"v"), content(b"is")
        self.text, self.guide = content(b"t"), content(b"rPh")
        self.bare_inline = re.compile(
            rb"<" + p + rb"is><" + p + rb't(?: xml:space="preserve")?>([^<]*)</' + p + rb"t></" + p + rb"is>"
        )
        self.extension = re.compile(rb"<" + p + rb"extLst.*?</" + p + rb"extLst\s*>", re.DOTALL)
        self.column = re.compile(rb"<" + p + rb"col" + _ATTRIBUTES + rb"/?>")
        self.size = re.compile(rb"<" + p + rb"""dimension\s+ref\s*=\s*["']([^"']*)""")
        self.row_end = b"</" + prefix + b"row"
        self.end = b"</" + prefix + b"sheetData"


# -------------------- attributes
def attributes(tag: bytes) -> Mapping[str, str]:
    """The attributes of a start tag by their name, entities resolved."""
    return {found[1].decode(): plain_text(found[2] or found[3] or b"") for found in _ATTRIBUTE.finditer(tag)}


def attribute(tag: bytes, name: bytes) -> bytes | None:
    """One attribute of a start tag as it stands there; None if it has none of this name."""
    found = _attribute(name).search(tag)
    return None if found is None else found[1] if found[1] is not None else found[2]


def without(tag: bytes, *names: bytes) -> bytes:
    """A start tag, or its attributes, less those of these names."""
    for name in names:
        tag = _attribute(name).sub(b"", tag)
    return tag


@cache
def _attribute(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"""\s+%s\s*=\s*(?:"([^"]*)"|'([^']*)')""" % re.escape(name))


_ROW_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*")


def row_number(given: str | None, before: int) -> int:
    """The row, from 0, that says this of itself: the one after `before` if that is nothing, or no number."""
    found = _ROW_NUMBER.fullmatch(given) if given is not None else None
    return int(found[1]) - 1 if found is not None else before + 1


def column_of(given: str | None, before: int) -> int:
    """The column, from 0, of a cell that says this of itself (“B4”): the one after `before` if it is no reference."""
    letters = letters_of(given.strip()) if given is not None else ""
    return column_number(letters) if letters else before + 1


# -------------------- texts
_ENTITY = re.compile(r"&(?:#x0*([0-9A-Fa-f]{1,6})|#0*([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def plain_text(xml: bytes) -> str:
    """The characters that a piece of XML text without elements stands for."""
    shown = xml.decode("utf-8", "replace")
    return _ENTITY.sub(lambda found: _referred(found[0]), shown) if "&" in shown else shown


@lru_cache(
    8192
)  # some programs write every Chinese character so, and a workbook of thousands of rows has few of them
def _referred(reference: str) -> str:
    """The character of a reference that `_ENTITY` matches."""
    name = reference[1:-1]
    if not name.startswith("#"):
        return _ENTITIES[name]
    return _character(int(name[2:], 16) if name[1] == "x" else int(name[1:]))


def xml_text(text: str) -> bytes:
    """A text as XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def unescaped(text: str) -> str:
    """The text without the escapes of the format (_x000D_), its line ends as one."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: _character(int(found[1], 16)) or found[0], text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _character(number: int) -> str:
    """The character of a number; empty for half of one, which stands for nothing alone, and for none at all."""
    return "" if 0xD800 <= number < 0xE000 or number > 0x10FFFF else chr(number)


def stored_text(text: str) -> str:
    """A text as a cell holds it: one kind of line end, and no character that XML cannot hold."""
    return printable(text).replace("\r\n", "\n").replace("\r", "\n")


def escaped_text(text: str) -> str:
    """The same as it stands in the file, where _x000D_ means a character."""
    return _TO_ESCAPE.sub("_x005F_", stored_text(text))
