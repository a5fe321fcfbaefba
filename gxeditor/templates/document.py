"""Filling last year's own Word document: this year's figures in its tables, everything else as it was.

The cells are found by reading the document as any import does, with a mark in each of its table cells that says which
one it is; so what is found here is what an import would find. Only the text of those cells changes, byte by byte in the
one part that holds them; a cell that is blank this year becomes blank, for last year's figure would be a wrong one. The
result is read again before it is handed out, and never written over the document itself. Knows where a cell's text
stands in the part and nothing of its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from xml.parsers import expat

from gxeditor.core.errors import NotWritten, UnreadableSource
from gxeditor.core.report import Report, show_entry
from gxeditor.files.atomic import write_atomic
from gxeditor.files.limits import FOREIGN_FILE
from gxeditor.files.names import same_file
from gxeditor.files.package import Package, feed
from gxeditor.files.reading import read_file
from gxeditor.imports.content import Kind, kind_of
from gxeditor.imports.formats.docx import read_docx
from gxeditor.imports.recognize.report import figure_cells
from gxeditor.imports.source import RawTable, Source

_WORDS = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_UTF8 = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?![^>]*encoding=)|<\?xml[^>]*encoding=[\"']utf-8[\"']|<(?!\?))", re.I
)
_MARK = re.compile("⟦gx([0-9]+)⟧")
_REVISED = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"})
_NOTHING = "没有写出任何文件，原来的文件没有改动。"


@dataclass(frozen=True)
class FilledDocument:
    """A document with this year's figures.

    `filled` are the cells of the form that were written, `missing` those for which the document has no cell, both in
    printed order; `data` are the bytes of the file.
    """

    data: bytes
    filled: tuple[str, ...]
    missing: tuple[str, ...]


def fill_file(path: Path, report: Report) -> FilledDocument:
    """The same for a file, by its content. Raises as `fill_document`."""
    data = read_file(path, FOREIGN_FILE, meaning=_NOTHING, holder="可能正在 Word 或 WPS 中使用")
    if kind_of(data) is not Kind.DOCX:
        raise UnreadableSource(
            f"“{path.name}”不是 Word 文档（.docx）。",
            _NOTHING,
            "请在 Word 或 WPS 里打开它，另存为“Word 文档（.docx）”再选。",
        )
    return fill_document(data, path.name, report)


def is_document(path: Path) -> bool:
    """Whether a file is a Word document, by its content. Raises `UnreadableSource` if it cannot be read."""
    return kind_of(read_file(path, FOREIGN_FILE, meaning=_NOTHING)) is Kind.DOCX


def write_document(filled: FilledDocument, last: Path, target: Path) -> None:
    """Writes what was filled from the file `last`. Raises `NotWritten`, for that file itself too."""
    if same_file(last, target):
        raise NotWritten(f"“{target.name}”就是去年的文件，没有覆盖它。", _NOTHING, "请另存为别的名字。")
    write_atomic(target, filled.data)


def fill_document(data: bytes, name: str, report: Report) -> FilledDocument:
    """The document `data`, called `name`, with the figures of `report`.

    Raises `UnreadableSource` if it is no document, holds none of the tables, or cannot be filled safely.
    """
    package = Package.from_bytes(data, f"“{name}”")
    main = package.main
    content = package.read(main)
    if not _UTF8.match(content):
        raise _unsafe(name, "的编码少见")
    cells = _cells(content, name)
    places = _places(read_docx(_marked(package, main, content, cells), name), report)
    if not places:
        raise UnreadableSource(f"“{name}”里没有认出年报的表格。", _NOTHING, "请另选去年的年报。")
    revised = next((cell_id for cell_id, at in places.items() if cells[at].revised), None)
    if revised is not None:
        raise _unsafe(name, f"里“{report.form.cells[revised].place}”等格还有没定下来的修订")
    edits: list[tuple[int, int, bytes]] = []
    for cell_id, at in places.items():
        edits += cells[at].with_text(show_entry(report.value(cell_id)))
    filled = package.replaced({main: _spliced(content, edits)})
    _verify(filled, name, report, tuple(places))
    ids = report.form.cells
    return FilledDocument(
        filled, tuple(one for one in ids if one in places), tuple(one for one in ids if one not in places)
    )


def _unsafe(name: str, what: str) -> UnreadableSource:
    return UnreadableSource(
        f"“{name}”{what}。", _NOTHING, "请在 Word 里接受或拒绝全部修订，另存为“Word 文档（.docx）”再选。"
    )


def _places(source: Source, report: Report) -> Mapping[str, int]:
    """Which cell of the document, by its mark, stands for each cell of the form that was found."""
    marks: dict[tuple[str, str], int] = {}
    for block in source.blocks:
        for cell in block.cells if isinstance(block, RawTable) else ():
            if found := _MARK.search(cell.text):
                marks[cell.origin.sheet, cell.origin.cell] = int(found[1])
    places: dict[str, int] = {}
    # A row without any figure is none to the recognizer: what is not found so is looked for with 0 in the blank cells.
    for stand_in in ("", "0"):
        blocks = [
            _unmarked(block, stand_in) if isinstance(block, RawTable) else block for block in source.blocks
        ]
        for cell_id, raw in figure_cells(replace(source, blocks=tuple(blocks)), report.form).items():
            at = marks.get((raw.origin.sheet, raw.origin.cell))
            if at is not None and at not in places.values():
                places.setdefault(cell_id, at)
    return places


def _unmarked(table: RawTable, stand_in: str) -> RawTable:
    """The table as it is without marks, `stand_in` standing in blank cells."""
    texts = (_MARK.sub("", cell.text).strip() for cell in table.cells)
    cells = (replace(cell, text=text or stand_in) for cell, text in zip(table.cells, texts, strict=True))
    return replace(table, cells=tuple(cells))


def _verify(data: bytes, name: str, report: Report, filled: tuple[str, ...]) -> None:
    """Raises `UnreadableSource` unless each cell that was filled reads as the report has it."""
    read = figure_cells(read_docx(data, name), report.form)
    for cell_id in filled:
        shown = read[cell_id].text.strip() if cell_id in read else ""
        if shown != show_entry(report.value(cell_id)):
            raise _unsafe(name, f"填好以后“{report.form.cells[cell_id].place}”读出来不对，没有写出")


# -------------------- the part, byte by byte
@dataclass
class _Cell:
    """A table cell in the part: where the texts of its runs stand, from byte to byte, and where one could stand.

    `room` is the place inside its last paragraph, with what must be written around a run there.
    """

    texts: list[tuple[int, int]] = field(default_factory=list)
    room: tuple[int, int, str, str] | None = None
    prefix: str = ""
    revised: bool = False
    letters: bytes = b""

    def with_text(self, text: str) -> list[tuple[int, int, bytes]]:
        """The edits that leave just this text in the cell."""
        written = escape(text, quote=False).encode()
        if self.texts:
            first, *others = self.texts
            return [(*first, written), *((start, end, b"") for start, end in others)]
        return [self.run(written)] if text and self.room is not None else []

    def run(self, text: bytes) -> tuple[int, int, bytes]:
        """The edit that puts a further run into the cell, in the letters of its paragraph."""
        assert self.room is not None
        start, end, before, after = self.room
        p = self.prefix.encode()
        run = b"<%br>%b<%bt>%b</%bt></%br>" % (p, self.letters, p, text, p, p)
        return (start, end, before.encode() + run + after.encode())


def _cells(content: bytes, name: str) -> list[_Cell]:
    """The table cells of a part in its order; a cell that holds a table has no text of its own here."""
    cells: list[_Cell] = []
    inside: list[_Cell] = []
    path: list[str] = []
    prefix = ""
    from_byte = 0
    letters = 0
    parser = expat.ParserCreate()  # names as they are written: their prefix is written again

    def refuse(*_: object) -> None:
        raise _unsafe(name, "里有不该有的声明")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal prefix, from_byte, letters
        if not path:
            spaces = {value: key for key, value in attributes.items() if key.partition(":")[0] == "xmlns"}
            key = next((spaces[one] for one in _WORDS if one in spaces), "xmlns")
            prefix = f"{key.removeprefix('xmlns:')}:" if ":" in key else ""
        path.append(tag)
        local = tag.removeprefix(prefix) if tag.startswith(prefix) else ""
        at = parser.CurrentByteIndex
        if local == "tc":
            inside.append(_Cell(prefix=prefix))
            cells.append(inside[-1])
        elif not inside:
            return
        elif local == "t":
            from_byte = content.index(b">", at) + 1
        elif local in _REVISED:
            inside[-1].revised = True
        elif local == "rPr":
            letters = at

    def end(tag: str) -> None:
        nonlocal from_byte
        path.pop()
        if not inside:
            return
        local = tag.removeprefix(prefix) if tag.startswith(prefix) else ""
        at = parser.CurrentByteIndex
        if local == "tc":
            inside.pop()
        elif local == "t":
            empty = content[from_byte - 2 : from_byte] == b"/>"
            if not empty and f"{prefix}txbxContent" not in path:
                inside[-1].texts.append((from_byte, at))
        elif local == "rPr" and path[-2:] == [f"{prefix}p", f"{prefix}pPr"] and content[at : at + 2] == b"</":
            inside[-1].letters = content[letters : content.index(b">", at) + 1]
        elif local == "p" and path[-1] == f"{prefix}tc":
            if content[at : at + 2] == b"</":
                inside[-1].room = (at, at, "", "")
            else:  # <w:p/>
                close = content.index(b">", at)
                inside[-1].room = (close - 1, close + 1, ">", f"</{tag}>")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    feed(parser, (content,), f"“{name}”")
    return cells


def _marked(package: Package, main: str, content: bytes, cells: list[_Cell]) -> bytes:
    """The document with a mark at the end of each cell that has room for a run."""
    edits = [cell.run(f"⟦gx{number}⟧".encode()) for number, cell in enumerate(cells) if cell.room is not None]
    return package.replaced({main: _spliced(content, edits)})


def _spliced(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """The bytes with each edit (from, to, instead) made; they do not overlap."""
    pieces: list[bytes] = []
    at = 0
    for start, end, instead in sorted(edits):
        pieces += (content[at:start], instead)
        at = end
    return b"".join((*pieces, content[at:]))
