"""Tables, and whole parts of a report, on the clipboard, from Excel, WPS, LibreOffice, Word or a web page, and to them.

Knows what of the clipboard is read at once, and how a block of texts is put on it. What the texts mean is for
`imports.pasted` to say, where figures go for the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gxeditor.core import edits
from gxeditor.core.form import Form
from gxeditor.core.report import Report, show_entry
from gxeditor.files.limits import (
    PASTED_AT_ONCE,
    PASTED_AT_ONCE_CELLS,
    PASTED_AT_ONCE_HTML,
    PASTED_AT_ONCE_TAGS,
)

if TYPE_CHECKING:
    from gxeditor.imports.pasted import Block
    from gxeditor.ui.look.tasks import Task


@dataclass(frozen=True, slots=True)
class Copied:
    """What another program copied, as HTML and as text; either may be empty."""

    html: str
    text: str

    @property
    def is_quick(self) -> bool:
        """Whether it is understood within a moment, whatever it holds. A whole table copied from Excel is."""
        return (
            len(self.html) <= PASTED_AT_ONCE_HTML
            and len(self.text) <= PASTED_AT_ONCE
            and self.html.count("<") <= PASTED_AT_ONCE_TAGS
            and self.text.count("\t") + self.text.count("\n") <= PASTED_AT_ONCE_CELLS
        )


def copied() -> Copied:
    """What is on the clipboard, which may be nothing: nothing was ever copied, or another program holds it."""
    data = QGuiApplication.clipboard().mimeData()
    if data is None:
        return Copied("", "")
    return Copied(data.html() if data.hasHtml() else "", data.text() if data.hasText() else "")


def without_blanking(
    parent: QWidget | None, report: Report, texts: Sequence[tuple[str, str]]
) -> Sequence[tuple[str, str]] | None:
    """What is to be pasted of these texts, (cell id, text) each: asked where a figure would give way to a blank.

    None if nothing is to be pasted.
    """
    lost = edits.blanked(report, texts)
    if not lost:
        return texts
    from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog, Document, table_html

    cells = report.form.cells
    dialog = Dialog(
        parent,
        "粘贴",
        f"复制的内容里有 {len(lost)} 格是空的，这里现在有数。",
        choices=(
            CANCEL,
            Choice("clear", "改为未填", tip="这几格现在的数不要了，可以撤销。"),
            Choice("keep", "保留现在的数", primary=True, tip="只填复制的内容里有数的格；Enter 也可以。"),
        ),
    )
    dialog.say("保留现在的数，就只填复制的内容里有数的格。")
    rows = [
        (
            f"表{report.form.section(cells[i].section).number} · {cells[i].place}",
            show_entry(report.entries[i]),
        )
        for i in lost
    ]
    dialog.body.addWidget(
        Document(table_html(("", ""), [("现在有数的格", rows)], (80, 20)), "现在有数的格", most=10)
    )
    answer = dialog.run()
    if answer == "cancel":
        return None
    return texts if answer == "clear" else [(i, text) for i, text in texts if i not in lost]


def understood(copied: Copied, form: Form) -> Block | None:
    """The table in what was copied, read here and now; None if there is no figure."""
    from gxeditor.imports.pasted import block

    return block(copied.html, copied.text, form)


def understood_apart(copied: Copied, form: Form) -> Task:
    """The same as a task, not yet started, that reads in the child process."""
    from gxeditor.imports.pasted import block
    from gxeditor.ui.look.tasks import in_child

    remedy = "请只复制年报的那张表，再粘贴一次。"
    return in_child(block, copied.html, copied.text, form, doing="读剪贴板里的表格", remedy=remedy)


def prose_of(html: str) -> str:
    """The text of copied HTML, read here and now. Raises `UnreadableSource`."""
    from gxeditor.imports.pasted import prose

    return prose(html)


def prose_apart(html: str) -> Task:
    """The same as a task, not yet started, that reads in the child process."""
    from gxeditor.imports.pasted import prose
    from gxeditor.ui.look.tasks import in_child

    return in_child(prose, html, doing="读剪贴板里的网页", remedy="请只复制要用的那几段，再粘贴一次。")


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
    from gxeditor.exports.web import table_html, table_tsv

    _put(table_html(report, section_key), table_tsv(report, section_key))


def put_section_on_clipboard(report: Report, section_key: str) -> None:
    """Offers heading, table and text of a section. KeyError if the form has no such section."""
    from gxeditor.exports.web import section_html, section_tsv

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
