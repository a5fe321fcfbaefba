"""An Office Open XML file as a package: parts in a zip, their types and relationships, and safe XML.

Reading refuses what could hurt (sizes that explode, document type declarations, depth) before any of it is unpacked,
and reads what Excel and WPS read: any prefix, UTF-8 and UTF-16, strict and transitional namespaces. Writing keeps every
part that was not replaced as it was; what a library has written is given a zip that says nothing of the machine. Knows
no worksheet and no form.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree.ElementTree import Element
from xml.parsers import expat

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.limits import PART_BYTES, PARTS, PARTS_BYTES, XML_DEPTH, XML_ELEMENTS

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType


# Strict files name the same things by other addresses; both are read as the transitional ones.
_STRICT = "http://purl.oclc.org/ooxml/"
_TRANSITIONAL = "http://schemas.openxmlformats.org/"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
"""The namespace of spreadsheet parts; `parse_xml` gives its elements by their local name."""
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BARE = {
    MAIN,
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://schemas.openxmlformats.org/package/2006/content-types",
}

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_DIRECTORY = (
    4_000_000  # bytes in which stream names are looked for; the directory of small files stands early
)
_DATA_DESCRIPTOR = 0x08
_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Relationship:
    """From a part to another: `kind` is the last word of its type (“worksheet”), `target` a part, or an address outside
    the package if it is `external`."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of an Office file; a frozen value over its bytes."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError) as error:
            raise damaged(name) from error
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            if entry.filename in self._entries:
                raise damaged(name)
            self._entries[entry.filename] = entry
        self._built: dict[str, int] = {}  # parts of which trees were built, and their elements
        self._by_path = {_path(entry): entry for entry in self._entries}
        sizes = [entry.file_size for entry in self._entries.values()]
        if len(sizes) > PARTS or max(sizes, default=0) > PART_BYTES or sum(sizes) > PARTS_BYTES:
            raise too_large(name)
        if _overlap(self._entries.values()):
            raise damaged(name)
        if any(entry.flag_bits & 0x1 for entry in self._entries.values()):
            raise encrypted(name)

    def __reduce__(self) -> tuple[type[Package], tuple[bytes, str]]:
        return Package, (self.data, self.name)

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "这个文件") -> Package:
        """The package in a file's bytes; `name` is how messages call the file.

        Raises `UnreadableSource`: no Office file of this kind, encrypted, damaged, too large.
        """
        if not data.startswith(_ZIP):
            raise _not_a_package(data, name)
        return cls(data, name)

    @cached_property
    def parts(self) -> Mapping[str, bytes]:
        """Name in the zip → bytes, unpacked when asked for, in the file's order. Raises `UnreadableSource`."""
        return _Parts(self)

    def find(self, path: str) -> str | None:
        """The part at a path, whatever its case and slashes (`/xl/Workbook.xml`); None if there is none."""
        return self._by_path.get(_path(path))

    def size(self, part: str) -> int:
        """How many bytes a part takes, unpacked. Raises `KeyError`."""
        return self._entries[part].file_size

    def read(self, part: str) -> bytes:
        """The bytes of a part. Raises `KeyError`, and `UnreadableSource` if they are damaged."""
        entry = self._entries[part]
        try:
            with self._zip.open(entry) as stream:
                # Unasked, zipfile unpacks everything before it looks at what the entry says of its size.
                return stream.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
            raise damaged(self.name) from error

    def chunks(self, part: str, size: int = 1 << 18) -> Iterator[bytes]:
        """The bytes of a part, some at a time. Raises `KeyError`, and `UnreadableSource` if they are damaged."""
        entry = self._entries[part]
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(size):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
            raise damaged(self.name) from error

    def has_same(self, part: str, other: Package) -> bool:
        """Whether a part is the same to the last byte in another package; of equal packed bytes none is unpacked.

        Raises `KeyError`, and `UnreadableSource` if it is damaged.
        """
        mine, theirs = self._entries[part], other._entries[part]
        said = [(one.compress_type, one.CRC, one.file_size) for one in (mine, theirs)]
        at = mine.header_offset + _LOCAL_SIZE  # where its name stands a second time
        if self.data[at : at + len(_name_bytes(mine))] != _name_bytes(mine):
            raise damaged(self.name)
        if said[0] == said[1] and self._packed(mine)[1] == other._packed(theirs)[1]:
            return True
        return self.read(part) == other.read(part)

    def xml(self, part: str) -> Element:
        """The tree of a part (see `parse_xml`). Raises `UnreadableSource` also if all trees together are too much."""
        others = sum(count for built, count in self._built.items() if built != part)
        root = parse_xml(self.read(part), self.name, XML_ELEMENTS - others)
        self._built[part] = sum(1 for _ in root.iter())
        return root

    @cached_property
    def main(self) -> str:
        """The part that the package is about: the workbook of a workbook. Raises `UnreadableSource` if it has none."""
        for relationship in self.relationships(""):
            if relationship.kind == "officeDocument" and not relationship.external:
                found = self.find(relationship.target)
                if found is not None:
                    return found
        raise damaged(self.name)

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """The relationships of a part, of the package itself for an empty name; none if it has none."""
        folder, _, file = part.replace("\\", "/").rpartition("/")
        found = self.find(posixpath.join(folder, "_rels", f"{file}.rels"))
        if found is None:
            return ()
        listed = []
        for item in self.xml(found):
            if item.tag != "Relationship":
                continue
            external = item.get("TargetMode") == "External"
            target = item.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            listed.append(
                Relationship(item.get("Id", ""), item.get("Type", "").rpartition("/")[2], target, external)
            )
        return tuple(listed)

    def replaced(self, parts: Mapping[str, bytes | Iterable[Chunk]]) -> bytes:
        """The file with these parts, or their pieces, in place of its own.

        All others are copied as they lie in the file, compressed; order, names, dates and attributes stay. Raises
        `KeyError` for a part that the package does not have, and `UnreadableSource` for damage.
        """
        for part in parts:
            if part not in self._entries:
                raise KeyError(part)
        out = BytesIO()
        directory = []
        for part, entry in self._entries.items():
            local_extra, packed = self._packed(entry)
            header = _Header(entry.CRC, entry.file_size, packed)
            if part in parts:
                content = parts[part]
                pieces = (content,) if isinstance(content, bytes) else content
                header = _pack(pieces, entry.compress_type == zipfile.ZIP_DEFLATED)
            directory.append(header.central(entry, out.tell()))
            out.write(header.local(entry, local_extra))
            out.writelines(header.packed)
        start = out.tell()
        out.writelines(directory)
        comment = self._zip.comment
        count = len(directory)
        out.write(
            struct.pack(_END, b"PK\x05\x06", 0, 0, count, count, out.tell() - start, start, len(comment))
        )
        out.write(comment)
        return out.getvalue()

    def _packed(self, entry: zipfile.ZipInfo) -> tuple[bytes, tuple[Chunk, ...]]:
        """The extra field that an entry has beside its content, and the content as it lies in the file."""
        at = entry.header_offset
        if self.data[at : at + 4] != _ZIP:
            raise damaged(self.name)
        name, extra = struct.unpack_from("<HH", self.data, at + 26)
        start = at + 30 + name + extra
        if start + entry.compress_size > len(self.data):
            raise damaged(self.name)
        content = memoryview(self.data)[start : start + entry.compress_size]
        return self.data[start - extra : start], (content,)


Chunk = bytes | memoryview
"""Some bytes of a part."""

_LOCAL = "<4s5H3L2H"
_LOCAL_SIZE = struct.calcsize(_LOCAL)
_CENTRAL = "<4sBB5H3L5H2L"
_END = "<4s4H2LH"
_ZIP64 = 0x0001  # the extra field of sizes that need more than four bytes; none does here


@dataclass(frozen=True, slots=True)
class _Header:
    """The content of an entry, packed, and what a zip says of it."""

    checksum: int
    size: int
    packed: tuple[Chunk, ...]

    def local(self, entry: zipfile.ZipInfo, extra: bytes) -> bytes:
        name, extra = _name_bytes(entry), _without_zip64(extra)
        fields = self._fields(entry)
        return struct.pack(_LOCAL, _ZIP, *fields, len(name), len(extra)) + name + extra

    def central(self, entry: zipfile.ZipInfo, offset: int) -> bytes:
        name, extra = _name_bytes(entry), _without_zip64(entry.extra)
        lengths = (len(name), len(extra), len(entry.comment))
        attributes = (entry.internal_attr, entry.external_attr, offset)
        made_by = (entry.create_version, entry.create_system)
        fields = self._fields(entry)
        packed = struct.pack(_CENTRAL, b"PK\x01\x02", *made_by, *fields, *lengths, 0, *attributes)
        return packed + name + extra + entry.comment

    def _fields(self, entry: zipfile.ZipInfo) -> tuple[int, ...]:
        year, month, day, hour, minute, second = entry.date_time
        flags = entry.flag_bits & ~_DATA_DESCRIPTOR  # the sizes stand before the content
        moment = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
        sizes = (sum(map(len, self.packed)), self.size)
        return (entry.extract_version, flags, entry.compress_type, *moment, self.checksum, *sizes)


def _pack(pieces: Iterable[Chunk], deflated: bool) -> _Header:
    """Content on its way into a zip, compressed piece by piece."""
    checksum, size = 0, 0
    packing = zlib.compressobj(wbits=-15)
    packed: list[Chunk] = []
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        size += len(piece)
        packed.append(packing.compress(piece) if deflated else piece)
    if deflated:
        packed.append(packing.flush())
    return _Header(checksum, size, tuple(packed))


def _name_bytes(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8_NAME else "cp437")


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept


# -------------------- packages that a library has written
_DATE = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def fixed(
    data: bytes, change: Callable[[str, bytes], bytes] | None = None, *, keeps_dates: bool = False
) -> bytes:
    """A file that a library has written, so that equal contents are equal bytes: without hour and system of writing.

    `change` makes of each part (name and bytes) what it is to be. `keeps_dates`: those in its properties are meant.
    """
    finished = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(finished, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml" and not keeps_dates:
                part = _DATE.sub(b"", part)
            info = zipfile.ZipInfo(name)  # carries the earliest date there is
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # as if written on Windows, wherever it is
            target.writestr(info, part if change is None else change(name, part))
    return finished.getvalue()


class _Parts(Mapping[str, bytes]):
    def __init__(self, package: Package) -> None:
        self._package = package

    def __getitem__(self, part: str) -> bytes:
        return self._package.read(part)

    def __iter__(self) -> Iterator[str]:
        return iter(self._package._entries)

    def __len__(self) -> int:
        return len(self._package._entries)


def _overlap(entries: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether two entries lie in the same bytes, so that a small file unpacks to any size."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + _LOCAL_SIZE + entry.compress_size
    return False


def _path(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


# -------------------- XML
def safe_parser(name: str) -> XMLParserType:
    """An expat parser that names elements `namespace}local` and refuses declarations that could hurt."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.ordered_attributes = False
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise damaged(name)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def local_name(name: str) -> str:
    """An element or attribute as expat names it, in the form in which the program knows it.

    Elements of spreadsheet, relationship and content-type parts by their local name, attributes without namespace by
    theirs, everything else as `{namespace}local`; strict namespaces as the transitional ones.
    """
    namespace, brace, local = name.rpartition("}")
    if not brace:
        return name
    if namespace.startswith(_STRICT):
        rest = namespace.removeprefix(_STRICT)
        kind, _, detail = rest.partition("/")
        namespace = f"{_TRANSITIONAL}{kind}/2006/{detail}"
    return local if namespace in _BARE else f"{{{namespace}}}{local}"


def parse_xml(data: bytes, name: str, most: int = XML_ELEMENTS) -> Element:
    """The tree of a part of at most so many elements, its names as `local_name` gives them.

    Raises `UnreadableSource`; `name` is the file's.
    """
    known: dict[str, str] = {}
    root = Element("")
    path = [root]
    count = 0

    def named(raw: str) -> str:
        if raw not in known:
            known[raw] = local_name(raw)
        return known[raw]

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(path) > XML_DEPTH or count > most:
            raise too_large(name)
        element = Element(named(tag), {named(key): value for key, value in attributes.items()})
        path[-1].append(element)
        path.append(element)

    def end(_: str) -> None:
        path.pop()

    def text(content: str) -> None:
        inside = path[-1]
        if len(inside):
            inside[-1].tail = (inside[-1].tail or "") + content
        else:
            inside.text = (inside.text or "") + content

    parser = safe_parser(name)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    feed(parser, (data,), name)
    return root[0]


def feed(parser: XMLParserType, chunks: Iterable[bytes], name: str) -> None:
    """Runs a parser over all of a part. Raises `UnreadableSource` for what is no XML."""
    for chunk in chunks:
        feed_some(parser, chunk, name)
    feed_some(parser, b"", name, last=True)


def feed_some(parser: XMLParserType, chunk: bytes, name: str, *, last: bool = False) -> None:
    """Runs a parser over the next piece of a part. Raises `UnreadableSource` for what is no XML."""
    try:
        parser.Parse(chunk, last)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise damaged(name) from error


# -------------------- what cannot be read
_NOTHING = "没有读入任何内容，这个文件没有改动。"


def damaged(name: str) -> UnreadableSource:
    """The trouble of a file that is not whole."""
    return UnreadableSource(
        f"{name}已损坏，读不出来。", _NOTHING, "请用 Excel 或 WPS 打开它，另存为 .xlsx 后再选。"
    )


def too_large(name: str) -> UnreadableSource:
    """The trouble of a file that unpacks to more than a workbook of this kind ever holds."""
    return UnreadableSource(
        f"{name}展开后太大，没有打开。", _NOTHING, "请删去用不着的工作表和图片，另存后再选。"
    )


def encrypted(name: str) -> UnreadableSource:
    """The trouble of a file that asks for a password."""
    return UnreadableSource(
        f"{name}设有打开密码，读不出来。", _NOTHING, "请在 Excel 或 WPS 里去掉打开密码，保存后再选。"
    )


_SAVE_AS = "请在 Excel 或 WPS 里另存为“Excel 工作簿（.xlsx）”再选。"
_ANOTHER = "请另选一个 Excel 工作簿（.xlsx）。"


def not_a_workbook(name: str, what: str = "不是 Excel 工作簿", remedy: str = _SAVE_AS) -> UnreadableSource:
    """The trouble of a file of another kind; `remedy` is by default for one that Excel opens."""
    return UnreadableSource(f"{name}{what}。", _NOTHING, remedy)


def _not_a_package(data: bytes, name: str) -> UnreadableSource:
    """Why bytes that do not begin like a zip cannot be read; by content, for names lie."""
    if data.startswith(_OLE):

        def holds(stream: str) -> bool:
            wanted = stream.encode("utf-16-le")
            return wanted in data[:_OLE_DIRECTORY] or wanted in data[-_OLE_DIRECTORY:]

        if holds("EncryptedPackage"):
            return encrypted(name)
        if holds("WordDocument"):
            return not_a_workbook(name, "是 Word 或 WPS 文字的文档，不是 Excel 工作簿", _ANOTHER)
        return not_a_workbook(name, "是旧格式的表格（.xls、.et），不能直接填写")
    head = data[:2000].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if not data.strip(b"\0 \r\n\t"):
        return UnreadableSource(f"{name}是空文件。", _NOTHING, _ANOTHER)
    if head.startswith(b"%pdf"):
        return not_a_workbook(name, "是 PDF 文件，不是 Excel 工作簿", _ANOTHER)
    if re.match(rb"<(?:\?xml|html|!doctype|table|meta|head)", head.replace(b"\0", b"")):
        return not_a_workbook(name, "是网页或 XML 格式的表格，不能直接填写")
    return not_a_workbook(name)
