"""What was copied from Excel, WPS, LibreOffice, Word or a web page → figures with their cells, or a block of figures.

Knows which of the two formats of the clipboard to trust, and what can be placed at all. What labels mean is the
recognizer's business, where a block goes the table's. Knows no clipboard: it may run in the child process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gxeditor.core.form import Form
from gxeditor.files.limits import PASTED_CHARACTERS
from gxeditor.imports.doors import pasted_lines, pasted_table
from gxeditor.imports.recognize.report import recognize_table
from gxeditor.imports.recognize.tables import is_figure
from gxeditor.imports.source import ImportNote, RawTable

_PARTS = re.compile(r"[\s|｜]+")


@dataclass(frozen=True, slots=True)
class Block:
    """What was on the clipboard: `values` by cell id if its labels say where they belong, else `rows` of texts.

    `rows` are bare figures, in rows of whatever length; `skipped` counts the headings that were left out, `doubts` says
    what was not understood beside `values`. `refusal` is why nothing of it can be placed, a sentence; empty if it can.
    """

    rows: Sequence[Sequence[str]] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    skipped: int = 0
    doubts: tuple[ImportNote, ...] = ()
    refusal: str = ""


def block(html: str, text: str, form: Form) -> Block | None:
    """The table in what was copied; None if there is no figure. HTML is preferred: it has the spans.

    What has labels is placed by them or not at all; only figures without any word beside them have a place by position.
    """
    if len(html) + len(text) > PASTED_CHARACTERS:
        size = f"{(len(html) + len(text)) // 10_000} 万字"
        return Block(refusal=f"剪贴板里的内容太多，有 {size}。请只复制年报的那张表。")
    table = pasted_table(html, text)
    if table is None or not any(is_figure(part) for cell in table.cells for part in _PARTS.split(cell.text)):
        return None
    found = recognize_table(table, form)
    doubts = tuple(note for note in found.notes if note.severity == "doubt")
    if any(found.values.values()):
        return Block((), _without_blank_rows(found.values, form), found.skipped, doubts)
    if found.skipped:
        reason = (
            "".join(_sentence(doubt) for doubt in doubts[:2])
            if doubts
            else "认出了表头，但没有认出各数属于哪一格。"
        )
        return Block(refusal=reason)
    rows = _rows(table)
    if label := next((text for line in _edges(rows) if (text := _label(line))), ""):
        return Block(refusal=f"“{label}”不是表中的行名或栏名。只复制数字，就从当前格起依次填入。")
    if _is_a_cell_a_line(rows):
        return Block(refusal="每个数之间都有空行，分不清是一行还是一列。请连同行名一起复制，或去掉空行。")
    return Block(rows)


def prose(html: str) -> str:
    """The text of HTML that was copied, paragraphs and rows of tables divided by newlines.

    Raises `UnreadableSource` for what is too large or too deep.
    """
    return "\n".join(pasted_lines(html))


def _sentence(note: ImportNote) -> str:
    return f"{note.where}：{note.what}" if note.where != "表格" else note.what


def _without_blank_rows(values: Mapping[str, str], form: Form) -> Mapping[str, str]:
    """The values without rows that hold no figure at all: a blank line clears nothing."""
    filled = {(c.section, c.row.key) for i, text in values.items() if text for c in (form.cells[i],)}
    return {i: t for i, t in values.items() if (form.cells[i].section, form.cells[i].row.key) in filled}


def _rows(table: RawTable) -> list[list[str]]:
    """The texts row by row, each row as long as it was, without blank lines at the top and the end."""
    ends = [0] * table.rows
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            ends[row] = max(ends[row], cell.column + cell.column_span)
    rows = [[""] * end for end in ends]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text.strip()
    while not any(rows[0]):
        del rows[0]
    while not any(rows[-1]):
        del rows[-1]
    return rows


def _edges(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The lines in which labels stand: the first row and the first column."""
    yield rows[0]
    yield [row[0] for row in rows if row]


def _label(texts: Sequence[str]) -> str:
    """The first text of a line that holds words and no figure; empty if it is none."""
    filled = [text for text in texts if text]
    words = [text for text in filled if not is_figure(text) and any(c.isalpha() for c in text)]
    return " ".join(words[0].split())[:40] if words and len(words) == len(filled) else ""


def _is_a_cell_a_line(rows: Sequence[Sequence[str]]) -> bool:
    """Whether blank lines stand between all figures of one column: a row or a table copied cell by cell."""
    filled = [i for i, row in enumerate(rows) if any(row)]
    return (
        len(filled) > 1
        and all(len(row) == 1 for row in rows)
        and all(after - before > 1 for before, after in pairwise(filled))
    )
