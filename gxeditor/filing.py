"""Reading and writing reports by the suffix of the file.

Knows which formats there are, how dialogs call them, and which reader or writer each takes; loads that reader or writer
only when a file of its format comes. The window and the command line both go through here, so they offer and do the
same. Knows no window and asks nothing: what goes wrong is raised, what should be known is handed back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gxeditor.core.errors import NotWritten
from gxeditor.core.report import Report
from gxeditor.readers.sources import SUFFIXES as FOREIGN
from gxeditor.readers.sources import WORKBOOKS, RawCell, RawTable, Source, read_source
from gxeditor.resources import load_form

if TYPE_CHECKING:
    from gxeditor.readers.recognize import Imported
    from gxeditor.readers.sources import Note

OWN = (".gxr",)
EXPORTS = (".pdf", ".xlsx")
_NAMES = {
    ".gxr": "年报文件",
    ".txt": "文本文件",
    ".pdf": "PDF 文件",
    ".xlsx": "Excel 工作簿",
    ".xlsm": "启用宏的 Excel 工作簿",
}
_KEPT = ".gxr~"  # the previous version, which a save leaves beside the file


@dataclass(frozen=True, slots=True)
class Filed:
    """A report as a file gave it.

    `sha256` is that of an own file, by which a later save knows it again; None for a foreign one. `notes` say what
    should be known about the reading of a foreign file.
    """

    report: Report
    notes: tuple[Note, ...] = ()
    sha256: str | None = None

    @property
    def is_own(self) -> bool:
        return self.sha256 is not None


def read(path: Path) -> Filed:
    """The report in a file, own or foreign.

    Raises `UnreadableSource` for a format that no reader knows and what the reader of the format raises.
    """
    if path.suffix.lower() in (*OWN, _KEPT):
        from gxeditor.store.report_file import read_report

        opened = read_report(path, load_form)
        return Filed(opened.report, (), opened.sha256)
    imported, _ = import_report(path)
    return Filed(imported.report, imported.notes)


def import_report(path: Path) -> tuple[Imported, tuple[str, ...]]:
    """What was recognized in a foreign file, and the lines of the file to which its notes point (the first is line 1).

    Raises `UnreadableSource` for a format that no reader knows and for a file that its reader cannot read.
    """
    if path.suffix.lower() in WORKBOOKS:
        from gxeditor.readers.excel import import_workbook

        imported = import_workbook(path, load_form())
        return imported, _lines(imported.source)
    from gxeditor.readers.recognize import recognize

    source = read_source(path)
    return recognize(source, load_form()), _lines(source)


def _lines(source: Source) -> tuple[str, ...]:
    """The text by lines, cells of a table divided by tabs; what has no line number is left out."""
    texts: dict[int, dict[int, str]] = {}
    for block in source.blocks:
        pieces = block.cells if isinstance(block, RawTable) else (block,)
        for piece in pieces:
            if piece.line is not None:
                row = texts.setdefault(piece.line, {})
                row[piece.column if isinstance(piece, RawCell) else len(row)] = piece.text
    return tuple(
        "\t".join(row.get(column, "") for column in range(max(row, default=-1) + 1))
        for row in (texts.get(number, {}) for number in range(1, max(texts, default=0) + 1))
    )


def export(report: Report, path: Path) -> None:
    """Writes the report in the format of the suffix, whole or not at all.

    An own file keeps its previous version beside it, an export replaces the earlier one. Raises `NotWritten`; the disk
    is then as it was. Equal reports give equal files.
    """
    check_target(path)
    from gxeditor.store.atomic import write_atomic

    suffix = path.suffix.lower()
    if suffix in OWN:
        from gxeditor.store.report_file import save_report

        save_report(report, path, None)
    elif suffix == ".pdf":
        from gxeditor.writers.pdf import pdf_bytes

        write_atomic(path, pdf_bytes(report))
    else:
        from gxeditor.writers.excel import workbook_bytes

        write_atomic(path, workbook_bytes(report))


def check_target(path: Path) -> None:
    """Raises `NotWritten` if there is no format for the suffix."""
    if path.suffix.lower() not in (*OWN, *EXPORTS):
        raise NotWritten(
            f"不能写出“{path.name}”这种文件。",
            "没有写出任何文件。",
            f"请用 {'、'.join((*OWN, *EXPORTS))} 作扩展名。",
        )


def missing_characters(report: Report) -> tuple[str, ...]:
    """The characters that a PDF of the report would show as 〓, each once, in the order of the report."""
    from gxeditor.writers.pdf import missing_characters as missing

    return tuple(dict.fromkeys(one.char for one in missing(report)))


def open_filter() -> str:
    """What a dialog that opens reports lists, as Qt writes it."""
    everything = " ".join(f"*{suffix}" for suffix in (*OWN, *FOREIGN))
    return f"年报 ({everything});;{_filters((*OWN, *FOREIGN))}"


def import_filter() -> str:
    """The same for a dialog that imports foreign reports."""
    return _filters(FOREIGN)


def _filters(suffixes: Iterable[str]) -> str:
    return ";;".join(f"{_NAMES[suffix]} (*{suffix})" for suffix in suffixes)
