"""Plain text → Source, and tab-separated text of the clipboard → a table, both by the same rows.

Knows line ends, that unseen characters say nothing, and that consecutive rows with tabs are a table. Text
has no spans and no styles; a table that a page break cut in two comes out as two tables. Does not know what the text is
about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen
from gxeditor.files.decoding import decode, is_garbled
from gxeditor.files.limits import PASTED_CHARACTERS, TABLE_CELLS, TEXT_FILE, TEXT_LINES
from gxeditor.files.reading import read_file
from gxeditor.imports.source import (
    LooseCell,
    Origin,
    RawTable,
    Said,
    Source,
    SourceText,
    lay_out,
    visible_table,
)
from gxeditor.workbook.own import in_last_line

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Of a text, that Word leaves in it as control characters (fields, cell marks); other files are full of them. Chosen.
_FEW = 0.02
_LINE = re.compile("[^\n\r\f\v\x85\u2028\u2029]+")
_CLOSING = 4  # lines of signature and date
_DATED = re.compile("(?:[0-9]{4}|二[〇零○O0一二三四五六七八九]{3})\\s?[-年./]|年")
_BREAKS = re.compile(
    "[\f\v\x85\u2028\u2029]"
)  # end a line for the reader, but not for an editor that counts lines


def read_text_file(path: Path) -> Source:
    """`read_text` of a file. Raises `UnreadableSource` also if it cannot be opened or is too large."""
    return read_text(read_file(path, TEXT_FILE), path.name)


def read_text(data: bytes, name: str) -> Source:
    """The paragraphs and tab-separated tables of a text file, places by line (「第 41 行」).

    The encoding is what `files.decoding` tells. Raises `UnreadableSource` for what is no text, what is too large, and
    for a text that was saved in the wrong encoding, for its words could not be told from right ones by a program.
    """
    if len(data) > TEXT_FILE:
        raise UnreadableSource(
            f"“{name}”有 {len(data) // 1_000_000} MB，不像一份年报。",
            "没有读入任何内容。",
            "请核对是不是选错了文件。",
        )
    text = decode(data)
    if text is None or "\0" in text or len(_CONTROLS.findall(text)) > _FEW * len(text):
        raise UnreadableSource(
            f"“{name}”不是纯文本文件。",
            "没有读入任何内容。",
            "请用记事本打开它：看得懂的，按 UTF-8 编码另存一次再导入；是乱码的，多半选错了文件。",
        )
    if is_garbled(text):
        raise UnreadableSource(
            f"“{name}”里的文字是乱码：它曾按错误的编码打开，又保存了。",
            "没有读入任何内容。",
            "请找没有乱码的原文件再导入；乱码一旦保存，原来的字就不全了。",
        )
    return replace(parse_text(text, name), kind="文本文件")


def parse_text(text: str, name: str = "") -> Source:
    """The source of a text that is already decoded. Raises `UnreadableSource` if it has too many lines."""
    if _has_too_many_lines(text):
        raise UnreadableSource(
            f"{f'“{name}”' if name else '这段文字'}有 {TEXT_LINES} 行以上的文字，不像一份年报。",
            "没有读入任何内容。",
            "请核对是不是选错了内容；年报夹在里面的，只复制年报那一段再粘贴。",
        )
    blocks: list[SourceText | RawTable | _Divider] = []
    rows: list[tuple[int, Sequence[str]]] = []

    def end_table() -> None:
        blocks.extend(_table(rows))
        rows.clear()

    for row in tab_rows(text):
        if len(row.texts) > 1 and "\n" in row.written:  # a cell with line breaks
            rows.append((row.line, row.texts))
            continue
        for number, line in enumerate(row.written.split("\n"), row.line):
            pieces = _BREAKS.split(line)
            for found in pieces:
                piece = without_unseen(found)
                if "\t" in piece.lstrip():  # a tab in front is an indent
                    rows.append((number, row.texts if len(pieces) == 1 else piece.split("\t")))
                    continue
                if rows and "\t" in piece and not piece.strip():  # a row of blank cells
                    continue
                end_table()
                if piece.strip():
                    blocks.append(SourceText(piece.strip(), Origin(number), _indent(piece)))
                elif "\t" in piece:
                    blocks.append(_Divider())
    end_table()
    return _own(Source(tuple(_with_blank_cells(blocks)), name), text)


_NUMBERS = "一二三四五六"
_INDENTED = 4  # halves of a character, with which each paragraph of our own text begins, and nothing else
_NOTED = 2  # the same of a note below a table


def _own(source: Source, text: str) -> Source:
    """The source with what the layout of our own text says: title, headings, signature and date; any other as it is.

    There a paragraph of prose is indented by two characters and nothing else is, a note below a table by one, each part
    stands between blank lines, and the title stands first.
    """
    texts = [block for block in source.blocks if isinstance(block, SourceText)]
    notes = _notes(source)
    apart = [block for block in texts if block.indent != _INDENTED and id(block) not in notes]
    heads = [at for at, block in enumerate(apart) if re.match(f"[{_NUMBERS}]、", block.text)]
    numbers = "".join(apart[at].text[0] for at in heads)
    if numbers != _NUMBERS or heads[0] > 1 or heads[-1] - heads[0] != len(heads) - 1 or not source.blocks:
        return source
    lines = [without_unseen(line) for line in text.split("\n")]
    if any(lines[at - 2].strip() for block in apart[1 : heads[-1] + 1] if (at := block.origin.line or 2) > 1):
        return source
    title = apart[0] if heads[0] else None
    closing = apart[heads[-1] + 1 :]
    said = in_last_line(closing[-1].text) if closing else None
    dropped = closing.pop() if said is not None else None
    after = texts[texts.index(closing[0]) :] if closing else []
    if len(closing) > _CLOSING or any(block.indent == _INDENTED for block in after):
        return source
    if title is not None and title is not texts[0]:
        return source
    roles = {id(apart[at]): f"heading:{number}" for at, number in zip(heads, _NUMBERS, strict=True)}
    dated = len(closing) - 1 if closing and _DATED.match(closing[-1].text) else len(closing)
    roles |= notes
    roles |= {id(one): "signature" if at < dated else "date" for at, one in enumerate(closing)}
    if title is not None:
        roles[id(title)] = "title"
    blocks = tuple(
        replace(block, role=roles[id(block)])
        if isinstance(block, SourceText) and id(block) in roles
        else block
        for block in source.blocks
        if block is not dropped
    )
    shown = "" if title is None else title.text
    own = None if said is None else Said(said[0], said[1], said[2], shown)
    return replace(source, blocks=blocks, said=own)


def _notes(source: Source) -> dict[int, str]:
    """The roles of the lines below tables that are indented by one character, with the numbers of their sections."""
    roles: dict[int, str] = {}
    section, below = "", False
    for block in source.blocks:
        if not isinstance(block, SourceText):
            below = True
        elif below and section and block.indent == _NOTED:
            roles[id(block)] = f"note:{section}"
        else:
            below = False
            if block.indent == 0 and re.match(f"[{_NUMBERS}]、", block.text):
                section = block.text[0]
    return roles


def _has_too_many_lines(text: str) -> bool:
    """Whether more lines have visible text than are read."""
    if len(text) <= TEXT_LINES:
        return False
    visible = 0
    for found in _LINE.finditer(text):
        visible += not found[0].isspace()
        if visible > TEXT_LINES:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Divider:
    """A tab in a line of its own: a browser divides cells so whose contents are paragraphs."""


def _with_blank_cells(
    blocks: Sequence[SourceText | RawTable | _Divider],
) -> Iterator[SourceText | RawTable]:
    """The blocks, rows of cells that tabs divide over several lines made one line each where some cells are blank.

    Without blank cells the lines themselves say as much.
    """
    row: list[SourceText | None] = []  # None for a blank cell
    divided = False

    def end_row() -> Iterator[SourceText]:
        texts = [cell for cell in row if cell is not None]
        if len(texts) > 1 and len(texts) < len(row):
            yield replace(texts[0], text="\t".join("" if cell is None else cell.text for cell in row))
        else:
            yield from texts
        row.clear()

    for block in blocks:
        if isinstance(block, _Divider):
            if divided:
                row.append(None)
            divided = bool(row)
            continue
        if not divided or isinstance(block, RawTable):
            yield from end_row()
        if isinstance(block, RawTable):
            yield block
        else:
            row.append(block)
        divided = False
    yield from end_row()


def _indent(line: str) -> int:
    """How far the text is from the margin, in halves of a Chinese character; a tab takes two characters."""
    front = line[: len(line) - len(line.lstrip())]
    return sum({"\u3000": 2, "\t": 4}.get(char, 1) for char in front)


def _table(rows: Sequence[tuple[int, Sequence[str]]]) -> list[SourceText | RawTable]:
    """The rows as a table; as paragraphs if no row holds two texts, for then the tabs divide nothing."""
    fields = [(number, [text.strip() for text in texts]) for number, texts in rows]
    if not any(sum(bool(text) for text in texts) > 1 for _, texts in fields):
        return [SourceText(text, Origin(number)) for number, texts in fields for text in texts if text]
    loose = [[LooseCell(text, origin=Origin(number)) for text in texts] for number, texts in fields]
    return [lay_out(loose, Origin(fields[0][0]))]


# -------------------- rows with tabs
_FIELD = re.compile(r'"((?:[^"]|""){0,4000}?)"(?=\t|\n|\Z)|([^\t\n]*)')
_LONE = 60  # a text with line breaks that alone makes a row: a quoted cell; longer, it is prose in quotation marks


@dataclass(frozen=True, slots=True)
class TabRow:
    """A row of tab-separated text: its first line from 1, its texts, and how it is written."""

    line: int
    texts: tuple[str, ...]
    written: str


def tab_rows(text: str) -> Iterator[TabRow]:
    """The rows of tab-separated text as Excel, WPS and LibreOffice write it, one for each line of any other text.

    A cell with line breaks, tabs or quotation marks stands in quotation marks there, its own doubled; other quotation
    marks are text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    at, line = 0, 1
    while True:
        texts, end = _tab_row(text, at)
        if len(texts) == 1 and len(texts[0]) > _LONE and "\n" in texts[0]:
            end = text.index("\n", at)
            texts = [text[at:end]]
        written = text[at:end]
        yield TabRow(line, tuple(texts), written)
        if end >= len(text):
            return
        at, line = end + 1, line + written.count("\n") + 1


def _tab_row(text: str, at: int) -> tuple[list[str], int]:
    """The texts of the row that begins at a place, and where it ends."""
    texts: list[str] = []
    while True:
        found = _FIELD.match(text, at)
        assert found is not None  # the second branch matches the empty string
        quoted, plain = found.groups()
        texts.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if at >= len(text) or text[at] == "\n":
            return texts, at
        at += 1
        if len(texts) > TABLE_CELLS:  # no row of a table: whoever lays it out says so
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            return [*texts, text[at:end]], end


def tsv_table(text: str) -> RawTable | None:
    """The table of tab-separated text from the clipboard; None if it has no visible text or is too large."""
    text = text.replace("\0", "").rstrip("\r\n")
    if not text.strip() or len(text) > PASTED_CHARACTERS:
        return None
    rows: list[list[LooseCell]] = []
    left = TABLE_CELLS
    for row in tab_rows(text):
        rows.append([LooseCell(text) for text in row.texts])
        left -= len(row.texts)
        if left < 0:  # said at once: the window waits
            return None
    return visible_table(rows)
