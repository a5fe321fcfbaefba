"""Plain text → Source.

Knows encodings, line ends and that consecutive lines with tabs are the rows of a table. Text has no spans and no
styles; a table that a page break cut in two comes out as two tables. Does not know what the text is about.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from gxeditor.core.errors import UnreadableSource
from gxeditor.readers.sources import Paragraph, Piece, RawTable, Source, lay_out

_MAX_BYTES = 8_000_000  # the longest report met has 20 kB
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BREAKS = re.compile(
    "[\f\v\x85\u2028\u2029]"
)  # end a line for the reader, but not for an editor that counts lines


def read_text_file(path: Path) -> Source:
    """The paragraphs and tab-separated tables of a text file, places by line (「第 41 行」).

    The encoding is that of the byte order mark, else UTF-8 if it fits, else GB 18030. Raises `UnreadableSource` if the
    file cannot be opened, is no text or is too large.
    """
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise UnreadableSource(
                f"“{path.name}”有 {size // 1_000_000} MB，不像一份年报。",
                "没有读入任何内容。",
                "请核对是不是选错了文件。",
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(
            f"“{path.name}”打不开。", "没有读入任何内容。", "请核对文件还在不在、是否被别的程序占用。"
        ) from error
    text = _decode(data)
    if text is None:
        raise UnreadableSource(
            f"“{path.name}”不是纯文本文件。",
            "没有读入任何内容。",
            "请用记事本打开它：看得懂的，按 UTF-8 编码另存一次再导入；是乱码的，多半选错了文件。",
        )
    return parse_text(text, path.name)


def _decode(data: bytes) -> str | None:
    """The text, or None if the bytes are none."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding)
    text = _strict(data, "utf-8")
    return text if text is not None else _strict(data, "gb18030")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(text) else text


def parse_text(text: str, name: str = "") -> Source:
    """The source of a text that is already decoded."""
    blocks: list[Paragraph | RawTable] = []
    rows: list[tuple[int, str]] = []

    def end_table() -> None:
        blocks.extend(_table(rows))
        rows.clear()

    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        for piece in _BREAKS.split(line):
            if "\t" in piece.lstrip():  # a tab in front is an indent
                rows.append((number, piece))
                continue
            if rows and "\t" in piece and not piece.strip():  # a row of blank cells
                continue
            end_table()
            if piece.strip():
                blocks.append(Paragraph(piece.strip(), _place(number), number))
    end_table()
    return Source(tuple(blocks), name)


def _table(rows: list[tuple[int, str]]) -> list[Paragraph | RawTable]:
    """The rows as a table; as paragraphs if no row holds two texts, for then the tabs divide nothing."""
    fields = [(number, [text.strip() for text in line.split("\t")]) for number, line in rows]
    if not any(sum(bool(text) for text in texts) > 1 for _, texts in fields):
        return [Paragraph(text, _place(number), number) for number, texts in fields for text in texts if text]
    pieces = [[Piece(text, place=_place(number), line=number) for text in texts] for number, texts in fields]
    first = fields[0][0]
    return [lay_out(pieces, _place(first), first)]


def _place(line: int) -> str:
    return f"第 {line} 行"
