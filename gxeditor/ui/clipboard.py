"""Tables on the clipboard, from Excel, WPS, LibreOffice, Word or a web page, and to them.

Knows which of the clipboard's formats to trust and how a block of texts is put on it. What labels mean is the
recognizer's business, where figures go the table's.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from gxeditor.core.errors import EntryError
from gxeditor.core.form import Form
from gxeditor.core.report import parse_entry


@dataclass(frozen=True, slots=True)
class Block:
    """What was on the clipboard: `values` by cell id if its labels say where they belong, else `rows` of texts.

    `skipped` counts the headings that were left out.
    """

    rows: Sequence[Sequence[str]]
    values: Mapping[str, str]
    skipped: int


def read_clipboard(form: Form) -> Block | None:
    """The table on the clipboard; None if there is none. HTML is preferred, it has the spans."""
    from gxeditor.readers.recognize import load_aliases, recognize_table
    from gxeditor.readers.sources import html_table, tsv_table

    data = QGuiApplication.clipboard().mimeData()
    table = html_table(data.html()) if data.hasHtml() else None
    if table is None and data.hasText():
        table = tsv_table(data.text())
    if table is None:
        return None
    found = recognize_table(table, form, load_aliases(form))
    if found.values:
        return Block((), found.values, found.skipped)
    height = max(cell.row for cell in table.cells) + 1
    width = max(cell.column for cell in table.cells) + 1
    rows = [[""] * width for _ in range(height)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text.strip()
    kept, skipped = _without_labels(rows, form)
    return Block(kept, {}, skipped) if kept else None


def _without_labels(rows: list[list[str]], form: Form) -> tuple[list[list[str]], int]:
    """The rows without leading rows and columns that hold words only."""
    some_cell = next(iter(form.cells.values()))

    def is_word(text: str) -> bool:
        try:
            parse_entry(text, some_cell)
        except EntryError as error:
            return "不是数字" in error.what
        return False

    def only_words(texts: list[str]) -> bool:
        filled = [text for text in texts if text]
        return bool(filled) and all(is_word(text) for text in filled)

    skipped = 0
    while rows and only_words(rows[0]):
        skipped += sum(1 for text in rows[0] if text)
        rows = rows[1:]
    while rows and len(rows[0]) > 1 and only_words([row[0] for row in rows]):
        skipped += sum(1 for row in rows if row[0])
        rows = [row[1:] for row in rows]
    return rows, skipped


def put_on_clipboard(rows: Sequence[Sequence[str]]) -> None:
    """Offers rows of texts as TSV and as an HTML table."""
    data = QMimeData()
    data.setText("".join("\t".join(row) + "\r\n" for row in rows))
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    data.setHtml(f"<table>{body}</table>")
    QGuiApplication.clipboard().setMimeData(data)
