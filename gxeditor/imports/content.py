"""What kind of file bytes are, by what stands in them; names lie.

Knows the marks of every kind of file that a clerk may choose for a report: zip packages by their parts, compound files
by their streams, the rest by how they begin. A name counts only where content says nothing. Reads no more than the
directory of a package, and does not know who reads what.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from enum import Enum, auto
from typing import TYPE_CHECKING

from gxeditor.core.errors import UnreadableSource

if TYPE_CHECKING:
    from gxeditor.files.package import Package


class Kind(Enum):
    """A kind of file, own or foreign; the second half are those that nobody reads."""

    OWN = auto()
    DOCX = auto()
    DOC = auto()
    ODT = auto()
    XLSX = auto()
    XLS = auto()
    ODS = auto()
    SPREADSHEET_XML = auto()
    HTML = auto()
    MHTML = auto()
    PDF = auto()
    OFD = auto()
    RTF = auto()
    TEXT = auto()

    EMPTY = auto()
    DATA = auto()
    """JSON, ours for other programs among it."""
    LOCKED = auto()
    """An Office file that asks for a password."""
    OLD_WPS = auto()
    """A .wps of Microsoft Works, which has only the name in common with that of WPS."""
    XLSB = auto()
    WORD_XML = auto()
    SLIDES = auto()
    PICTURE = auto()
    ARCHIVE = auto()
    MAIL = auto()
    PROGRAM = auto()
    BINARY = auto()


_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 4_096
"""Bytes from the beginning in which a mark is looked for; a page may begin with comments."""
_PDF_WITHIN = 1_024
"""Where `%PDF-` may stand (PDF Reference 1.7, implementation note 13)."""

_BEGINNINGS = (
    (b"{\\rtf", Kind.RTF),
    (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"II*\0", Kind.PICTURE),
    (b"MM\0*", Kind.PICTURE),
    (b"RIFF", Kind.PICTURE),
    (b"Rar!\x1a\x07", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ARCHIVE),
    (b"\x7fELF", Kind.PROGRAM),
)
_PARTS = (
    ("word/document.xml", Kind.DOCX),
    ("xl/workbook.xml", Kind.XLSX),
    ("xl/workbook.bin", Kind.XLSB),
    ("ppt/presentation.xml", Kind.SLIDES),
    ("OFD.xml", Kind.OFD),
)
_MAIN_PARTS = (("wordprocessingml", Kind.DOCX), ("spreadsheetml", Kind.XLSX), ("presentationml", Kind.SLIDES))
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": Kind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Kind.ODS,
}
# A compound file is what its streams at the top are; further down lie what was put into it.
_STREAMS = (
    ("encryptedpackage", Kind.LOCKED),
    ("worddocument", Kind.DOC),
    ("workbook", Kind.XLS),
    ("book", Kind.XLS),
    ("powerpoint document", Kind.SLIDES),
    ("matost", Kind.OLD_WPS),
    ("mm", Kind.OLD_WPS),
)
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))  # Word leaves a few of them in a text
_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|meta|title|body|table|tbody|tr|td|div|p|span|h[1-6]|section|article|ul|ol|font|"
    rb"center|style|script|br|a|b)(?:[\s/>]|$)"
)
_HEADER = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")


def kind_of(data: bytes, name: str = "") -> Kind:
    """The kind of a file from its bytes; `name` tells an own file that holds nothing or is damaged. Raises nothing."""
    found = _by_content(data)
    own_name = name.lower().endswith((".gxr", ".gxr~"))
    if own_name and found in (Kind.EMPTY, Kind.DATA, Kind.TEXT, Kind.BINARY):
        return Kind.OWN
    return found


def _by_content(data: bytes) -> Kind:
    if not data.strip(b"\0 \t\r\n") or data in _BOMS:
        return Kind.EMPTY
    if data.startswith(_ZIP):
        return _of_package(data)
    if data.startswith(_OLE):
        return _of_compound_file(data)
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return Kind.PICTURE
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return Kind.PICTURE
    if data.startswith(b"MZ") and b"\0" in data[:64]:
        return Kind.PROGRAM
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return Kind.PDF
    return _of_characters(data)


def _of_package(data: bytes) -> Kind:
    from gxeditor.files.package import Package

    try:
        package = Package.from_bytes(data)
    except UnreadableSource:
        # Each reader says why; the one for documents says it for a zip that may be any.
        return _named_in(data)
    if (kind := _declared(package)) is not None:
        return kind
    for part, kind in _PARTS:
        if package.find(part) is not None:
            return kind
    try:
        main = package.main
        content_types = package.read(package.find("[Content_Types].xml") or "")
    except (UnreadableSource, KeyError):
        return Kind.ARCHIVE
    at = content_types.find(main.encode())
    entry = content_types[content_types.rfind(b"<", 0, at) : content_types.find(b">", at)] if at >= 0 else b""
    return next((kind for word, kind in _MAIN_PARTS if word.encode() in entry), Kind.ARCHIVE)


def _declared(package: Package) -> Kind | None:
    """What an OpenDocument says that it is."""
    part = package.find("mimetype")
    if part is None or package.size(part) > _LOOKED_AT:
        return None
    try:
        stated = package.read(part).strip()
    except UnreadableSource:
        return None
    return _OPEN_DOCUMENTS.get(stated.removesuffix(b"-template"))


def _named_in(data: bytes) -> Kind:
    """The kind of a zip that is damaged, by the names of parts and folders that stand in it in clear."""
    kinds = [kind for stated, kind in _OPEN_DOCUMENTS.items() if stated in data[:_LOOKED_AT]]
    folders = ((f"{part.partition('/')[0]}/", kind) for part, kind in _PARTS if "/" in part)
    kinds += [kind for name, kind in (*_PARTS, *folders) if name.encode() in data]
    return kinds[0] if kinds else Kind.ARCHIVE


def _of_compound_file(data: bytes) -> Kind:
    names = {name.lower() for name in _streams(data)}
    return next((kind for stream, kind in _STREAMS if stream in names), Kind.BINARY)


def _streams(data: bytes) -> Iterator[str]:
    """The names of the streams and storages at the top of a compound file ([MS-CFB] 2.2, 2.3, 2.6.1).

    A broken one gives what can be reached.
    """
    if len(data) < 512:
        return
    size = 1 << min(max(struct.unpack_from("<H", data, 30)[0], 7), 16)
    (first,) = struct.unpack_from("<I", data, 48)
    tables = struct.unpack_from("<109I", data, 76)  # the sectors of the allocation table
    per_table = size // 4

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    directory, number = b"", first
    seen: set[int] = set()
    while number not in seen and number < 0xFFFFFFFA and len(seen) < 4_000:
        seen.add(number)
        directory += sector(number)
        table = tables[number // per_table] if number // per_table < len(tables) else 0xFFFFFFFF
        following = sector(table)[number % per_table * 4 :][:4]
        number = struct.unpack("<I", following)[0] if len(following) == 4 else 0xFFFFFFFF
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    if not entries:
        return
    waiting, met = [struct.unpack_from("<I", entries[0], 76)[0]], set()
    while waiting:
        index = waiting.pop()
        if index in met or index >= len(entries):
            continue
        met.add(index)
        left, right = struct.unpack_from("<2I", entries[index], 68)
        waiting += (left, right)
        (length,) = struct.unpack_from("<H", entries[index], 64)
        yield entries[index][: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")


def _of_characters(data: bytes) -> Kind:
    head = data[: _LOOKED_AT * 2]
    # Texts of two bytes a character read like others without the empty ones, as far as marks go.
    wide = head.startswith(_BOMS[1:]) or _is_wide(head)
    for mark in _BOMS:
        head = head.removeprefix(mark)
    if wide:
        head = head.replace(b"\0", b"")
    head = head.lstrip().lower()
    if head.startswith(b"{") and b'"gxeditor-report/' in data:
        return Kind.OWN
    if head[:1] in (b"{", b"[") and re.match(rb"[{\[]\s*[\"{\[\d\]}]", head):
        return Kind.DATA
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head and b"<workbook" in head:
        return Kind.SPREADSHEET_XML
    if head.startswith(b"<?xml") and (b"wordml" in head or b"xmlpackage" in head):
        return Kind.WORD_XML
    headers = _HEADER.match(head.replace(b"\r\n", b"\n"))
    if headers is not None and b"\nmime-version:" in b"\n" + headers[0]:
        return Kind.MHTML if b"multipart/related" in headers[0] or b"text/html" in headers[0] else Kind.MAIL
    if _begins_as_page(head):
        return Kind.HTML
    odd = 0 if wide else len(head) - len(head.translate(None, _CONTROLS))
    # What is neither is for the reader of texts to refuse.
    return Kind.BINARY if odd > len(head) // 5 else Kind.TEXT


def _is_wide(head: bytes) -> bool:
    """Whether empty bytes stand almost only in every second place, as those of Latin letters in UTF-16 do."""
    fewer, more = sorted((head[::2].count(0), head[1::2].count(0)))
    # A few Chinese characters have an empty half as well.
    return more > len(head) // 12 and more > 4 * fewer


def _begins_as_page(head: bytes) -> bool:
    """Whether markup comes first, or a page's skeleton after some words; a text may speak of tags."""
    skeleton = (b"<html", b"<body", b"<table", b"<!doctype html")
    return (head.startswith(b"<") and _TAG.search(head) is not None) or any(one in head for one in skeleton)
