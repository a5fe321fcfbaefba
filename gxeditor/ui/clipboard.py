"""Tables, and whole parts of a report, on the clipboard, from Excel, WPS, LibreOffice, Word or a web page, and to them.

Knows which of the clipboard's formats to trust and how a block of texts is put on it. What labels mean is the
recognizer's business, where figures go the table's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication

from gxeditor.core.form import Form
from gxeditor.core.report import KEPT_TEXTS, Report


@dataclass(frozen=True, slots=True)
class Block:
    """What was on the clipboard: `values` by cell id if its labels say where they belong, else `rows` of texts.

    `skipped` counts the headings that were left out, `doubts` says what was not understood beside `values`.
    """

    rows: Sequence[Sequence[str]] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    skipped: int = 0
    doubts: tuple[str, ...] = ()


def read_clipboard(form: Form) -> Block | None:
    """The table on the clipboard; None if there is no figure. HTML is preferred: it has the spans."""
    from gxeditor.readers.recognize import recognize_table
    from gxeditor.readers.sources import html_table, tsv_table

    data = QGuiApplication.clipboard().mimeData()
    if data is None:  # nothing was ever copied, or another program holds the clipboard
        return None
    table = html_table(data.html()) if data.hasHtml() else None
    if table is None and data.hasText():
        table = tsv_table(data.text())
    if table is None:
        return None
    found = recognize_table(table, form)
    if found.values:
        doubts = tuple(f"{note.where}：{note.what}" for note in found.notes if note.severity == "doubt")
        return Block((), found.values, found.skipped, doubts)
    rows = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text.strip()
    kept, skipped = _without_labels(rows)
    return Block(kept, {}, skipped) if kept else None


def _without_labels(rows: list[list[str]]) -> tuple[list[list[str]], int]:
    """The rows without leading rows and columns that hold words only, and how many words those were."""
    skipped = 0
    while rows and _only_words(rows[0]):
        skipped += sum(1 for text in rows[0] if text)
        rows = rows[1:]
    while rows and len(rows[0]) > 1 and _only_words([row[0] for row in rows]):
        skipped += sum(1 for row in rows if row[0])
        rows = [row[1:] for row in rows]
    return rows, skipped


def _only_words(texts: Sequence[str]) -> bool:
    """Whether every filled text is a word; what published tables carry in place of a number is none."""
    filled = [text for text in texts if text]
    return bool(filled) and all(text not in KEPT_TEXTS and any(c.isalpha() for c in text) for text in filled)


def put_on_clipboard(rows: Sequence[Sequence[str]]) -> None:
    """Offers rows of texts as TSV and as an HTML table."""
    import html  # a start needs none of its tables

    data = blank_mime_data()
    data.setText("".join("\t".join(row) + "\r\n" for row in rows))
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    data.setHtml(f"<table>{body}</table>")
    QGuiApplication.clipboard().setMimeData(data)


def put_table_on_clipboard(report: Report, section_key: str) -> None:
    """Offers the table of a section as it is printed, with its spans. KeyError if the section has no table."""
    from gxeditor.writers.web import table_html, table_tsv

    _put(table_html(report, section_key), table_tsv(report, section_key))


def put_section_on_clipboard(report: Report, section_key: str) -> None:
    """Offers heading, table and text of a section. KeyError if the form has no such section."""
    from gxeditor.writers.web import section_html, section_tsv

    _put(section_html(report, section_key), section_tsv(report, section_key))


def _put(html: str, text: str) -> None:
    data = blank_mime_data()
    data.setHtml(html)
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)


def blank_mime_data() -> QMimeData:
    """What can be filled and put on the clipboard, made by Qt itself.

    One that Python makes needs Python when it is deleted, and Qt may keep what is on the clipboard until Python has
    gone: then the program ends in a fault. A model is what hands out one that is Qt's own.
    """
    model = QStringListModel([""])
    data = model.mimeData([model.index(0)])
    for name in data.formats():
        data.removeFormat(name)
    return data
