"""The way in: a foreign file → the report in it with notes, and what is on the clipboard → a table.

Knows which formats there are, what dialogs call them, which reader each takes, and what to do with a file that none
reads. Loads a reader only when a file of its format comes. A new format is one file in `formats` and one row of
FORMATS. Does not know our own files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gxeditor import worker
from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form

if TYPE_CHECKING:
    from gxeditor.imports.recognize.report import Imported
    from gxeditor.imports.source import RawTable, Source


class Format(NamedTuple):
    """A format: the ends of its files' names, lower case, with what dialogs call such a file; and its reader.

    The reader is handed the form, for formats whose cells are matched with it by a map, and raises `UnreadableSource`.
    """

    names: Mapping[str, str]
    read: Callable[[Path, Form], Source]


def _text(path: Path, form: Form) -> Source:
    from gxeditor.imports.formats.text import read_text_file

    return read_text_file(path)


def _workbook(path: Path, form: Form) -> Source:
    from gxeditor.imports.formats.workbook import read_workbook_file

    return read_workbook_file(path, form)


FORMATS = (
    Format({".txt": "文本文件"}, _text),
    Format({".xlsx": "Excel 工作簿", ".xlsm": "启用宏的 Excel 工作簿"}, _workbook),
)
NAMES = {suffix: name for one in FORMATS for suffix, name in one.names.items()}
FOREIGN = tuple(NAMES)
"""The files that can be read in, by the end of their names, lower case."""

# Each was tried: a workbook saved as .xlsx reads back whole, a whole table copied from Word or a page is recognized
# when pasted; saved as plain text a table of Word loses its cells and nothing of it is read.
_AS_WORKBOOK = "请在 Excel 或 WPS 里打开它，另存为“Excel 工作簿（.xlsx）”再导入。"
_BY_COPYING = "请在{}里打开它，选中整张表复制，到本程序里点这张表的第一格，粘贴；各部分的文字也可以复制过来。"
_ADVICE = {
    **dict.fromkeys((".xls", ".et", ".xlsb", ".xlt", ".xltx", ".ods", ".csv", ".ett"), _AS_WORKBOOK),
    **dict.fromkeys((".doc", ".docx", ".rtf", ".odt", ".docm"), _BY_COPYING.format(" Word 或 WPS ")),
    ".wps": _BY_COPYING.format(" WPS "),
    **dict.fromkeys((".htm", ".html", ".mht", ".mhtml"), _BY_COPYING.format("浏览器")),
    **dict.fromkeys(
        (".pdf", ".ofd"),
        "请找这份年报的 Word、Excel 文件或发布它的网页；从那里复制整张表，到本程序里点这张表的第一格，粘贴。",
    ),
    ".json": "请打开同一份年报的 .gxr 文件；.json 是给其他系统用的。",
}
_OTHERWISE = (
    "能直接读的有文本文件（.txt）和 Excel 工作簿（.xlsx、.xlsm）；"
    "也可以在原来的程序里复制整张表，粘贴到本程序的表格里。"
)


def import_report(path: Path, form: Form) -> Imported:
    """What was recognized in a foreign file.

    Raises `UnreadableSource` for a format that no reader knows and for a file that its reader cannot read.
    """
    worker.advance("读出文件")
    source = read_source(path, form)
    worker.tell_kind(source.kind)
    worker.advance("读出文件", 1, 1)
    worker.advance("认出表格和文字")
    from gxeditor.imports.recognize.report import recognize

    return recognize(source, form)


def read_source(path: Path, form: Form) -> Source:
    """What stands in a foreign file, before it is understood. Raises as `import_report` does."""
    suffix = path.suffix.lower()
    reader = next((one.read for one in FORMATS if suffix in one.names), None)
    if reader is None:
        raise UnreadableSource(
            f"还不能导入“{path.name}”这种文件。", "没有读入任何内容。", _ADVICE.get(suffix, _OTHERWISE)
        )
    return reader(path, form)


def pasted_table(html: str, text: str) -> RawTable | None:
    """The table on the clipboard; None if there is none or it is too large. HTML is preferred: it has the spans."""
    from gxeditor.imports.formats.html import html_table
    from gxeditor.imports.formats.text import tsv_table

    return (html_table(html) if html else None) or (tsv_table(text) if text else None)
