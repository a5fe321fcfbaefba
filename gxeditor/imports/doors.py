"""The way in: a foreign file → the report in it with notes, and what is on the clipboard → a table.

Knows which formats there are, what dialogs call them, which reader each takes, and what to say of a file that none
reads. A file is what its content says (`content`); its name only helps where that says nothing. Loads a reader only
when a file of its format comes. A new format is one file in `formats`, a kind in `content` and one row of FORMATS. Does
not know our own files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gxeditor import worker
from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.files.limits import FOREIGN_FILE, TEXT_FILE
from gxeditor.files.reading import read_bytes, read_file, read_head
from gxeditor.imports.content import Kind, kind_of
from gxeditor.resources import load_form

if TYPE_CHECKING:
    from gxeditor.imports.recognize.report import Imported
    from gxeditor.imports.source import RawTable, Source
    from gxeditor.workbook.read import Workbook

_HEAD = 8_192  # bytes that tell an own file


class Which(NamedTuple):
    """Which report of a file that holds several: its year, by default the latest, and its unit."""

    year: int | None = None
    unit: str = ""


ONLY = Which()
"""The one report that a file holds; the latest, if it holds several years."""


class Format(NamedTuple):
    """A format: its kind, what dialogs call it, the ends of its files' names, lower case, and its reader.

    The reader takes the bytes, the file's name, the form (a workbook's cells are matched with it by a map) and which
    report is wanted of several; it raises `UnreadableSource`, `ManyUnits` of a list of units that has not the one.
    """

    kind: Kind
    word: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str, Form, Which], Source]


def _text(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.text import read_text

    return read_text(data, name)


def _html(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.html import read_html

    return read_html(data, name)


def _mhtml(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.html import read_html
    from gxeditor.imports.formats.mhtml import html_part

    return read_html(html_part(data, name), name)


def _docx(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.docx import read_docx

    return read_docx(data, name)


def _doc(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.doc import doc_to_docx
    from gxeditor.imports.formats.docx import read_docx

    return read_docx(doc_to_docx(data, name), name)


def _odt(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.odt import read_odt

    return read_odt(data, name)


def _xlsx(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.workbook import read_workbook

    return read_workbook(data, name, form, year=which.year, unit=which.unit)


def _xls(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.xls import read_xls

    return read_xls(data, name, form, year=which.year, unit=which.unit)


def _ods(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.ods import read_ods

    return read_ods(data, name, form, year=which.year, unit=which.unit)


def _spreadsheetml(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.spreadsheetml import read_spreadsheetml

    return read_spreadsheetml(data, name, form, year=which.year, unit=which.unit)


def _pdf(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.pdf import read_pdf

    return read_pdf(data, name)


def _ofd(data: bytes, name: str, form: Form, which: Which) -> Source:
    from gxeditor.imports.formats.ofd import read_ofd

    return read_ofd(data, name)


FORMATS = (
    Format(Kind.DOCX, "Word 文档", (".docx", ".docm", ".dotx"), _docx),
    Format(Kind.DOC, "Word 97—2003、WPS 文字", (".doc", ".wps", ".dot", ".wpt"), _doc),
    Format(Kind.PDF, "PDF 文件", (".pdf",), _pdf),
    Format(Kind.OFD, "OFD 文件", (".ofd",), _ofd),
    Format(Kind.XLSX, "Excel 工作簿", (".xlsx", ".xlsm", ".xltx"), _xlsx),
    Format(Kind.XLS, "Excel 97—2003、WPS 表格", (".xls", ".et", ".xlt", ".ett"), _xls),
    Format(Kind.SPREADSHEET_XML, "XML 表格", (".xml",), _spreadsheetml),
    Format(Kind.HTML, "网页", (".html", ".htm", ".shtml", ".xhtml"), _html),
    Format(Kind.MHTML, "单个文件的网页", (".mht", ".mhtml"), _mhtml),
    Format(Kind.ODT, "OpenDocument 文字", (".odt",), _odt),
    Format(Kind.ODS, "OpenDocument 表格", (".ods",), _ods),
    Format(Kind.TEXT, "文本文件", (".txt", ".csv", ".tsv", ".md"), _text),
)
NAMES: Mapping[str, str] = {suffix: one.word for one in FORMATS for suffix in one.suffixes}
FOREIGN = tuple(NAMES)
"""How the names of foreign files that can be read end, lower case: what dialogs list. Content decides."""
CAN_BE_READ = "Word（.docx、.doc、.wps）、PDF、Excel（.xlsx、.xls、.et）、网页、OFD、OpenDocument 和文本文件"
"""What a person is told can be read."""

_READ = {one.kind: one.read for one in FORMATS}
_NOTHING = "没有读入任何内容。"
_PASSWORD = "请在 Word、Excel 或 WPS 里打开它，去掉打开密码，另存一份再选。"
# What a file is, and what to do instead, each tried: what Word, WPS and Excel save as the formats named reads back.
_REFUSED = {
    Kind.EMPTY: ("是空文件，里面什么也没有。", "请核对是不是选错了文件，或者文件还没有下载完。"),
    Kind.DATA: ("是给其他系统用的数据文件，不是年报。", "请打开同一份年报的 .gxr、Word 或 Excel 文件。"),
    Kind.LOCKED: ("设有打开密码，读不出来。", _PASSWORD),
    Kind.OLD_WPS: (
        "是 Microsoft Works 的旧文档，不是 WPS 文字的文档。",
        "请在 Word 或 WPS 里打开它，另存为“Word 文档（.docx）”再选。",
    ),
    Kind.RTF: (
        "是 RTF 文档，还不能直接读。",
        "请在 Word 或 WPS 里打开它，另存为“Word 文档（.docx）”再选。",
    ),
    Kind.WORD_XML: (
        "是 XML 格式的 Word 文档，还不能直接读。",
        "请在 Word 或 WPS 里打开它，另存为“Word 文档（.docx）”再选。",
    ),
    Kind.XLSB: (
        "是二进制格式的工作簿（.xlsb），还不能直接读。",
        "请在 Excel 或 WPS 里打开它，另存为“Excel 工作簿（.xlsx）”再选。",
    ),
    Kind.SLIDES: ("是演示文稿，不是年报。", "请找这份年报的 Word、Excel 文件或发布它的网页。"),
    Kind.PICTURE: (
        "是一张图片，程序认不出图片里的字和数。",
        "请向经办人要 Word 或 Excel 原件；或从网站上打开这份年报，复制整页，在这里粘贴；或新建年报，照着图片填。",
    ),
    Kind.ARCHIVE: ("是压缩包，不是年报。", "请先解压，再选里面的年报文件。"),
    Kind.MAIL: ("是邮件，不是年报。", "请在邮箱里打开它，把附件里的年报另存出来再选。"),
    Kind.PROGRAM: ("是程序，没有打开。", "请核对是不是选错了文件。"),
    Kind.BINARY: ("不是年报，也不是文本，读不出来。", f"能读的有{CAN_BE_READ}。"),
}


def import_report(path: Path, form: Form, which: Which = ONLY) -> Imported:
    """What was recognized in a foreign file, of the one wanted if it holds several.

    Raises `UnreadableSource` for a file that no reader knows and for one that its reader cannot read, and `ManyUnits`
    for a list of units that has none of the name.
    """
    worker.advance("读出文件")
    source = read_source(path, form, which)
    worker.tell_kind(source.kind)
    worker.advance("读出文件", 1, 1)
    worker.advance("认出表格和文字")
    from gxeditor.imports.recognize.report import recognize

    return recognize(source, form)


def read_source(path: Path, form: Form, which: Which = ONLY) -> Source:
    """What stands in a foreign file, before it is understood. Raises as `import_report` does."""
    data = read_file(path, FOREIGN_FILE, holder="可能正在 Word、Excel 或 WPS 中使用")
    kind = kind_of(data)
    if kind is Kind.OWN:
        raise UnreadableSource(f"“{path.name}”是本程序的年报文件。", _NOTHING, "请用“打开”打开它。")
    if kind not in _READ:
        what, advice = _REFUSED[kind]
        raise UnreadableSource(f"“{path.name}”{what}", _NOTHING, advice)
    return _READ[kind](data, path.name, form, which)


def read_cells(path: Path) -> Workbook | Source | str:
    """What stands in a foreign file as it is kept there, for who understands other tables than those of the form.

    The cells of a workbook, a text as a whole, and of documents their texts and tables. Raises as `read_source`.
    """
    data = read_file(path, FOREIGN_FILE, holder="可能正在 Word、Excel 或 WPS 中使用")
    kind = kind_of(data)
    if kind is Kind.XLSX:
        from gxeditor.files.package import Package
        from gxeditor.workbook.read import read_workbook

        return read_workbook(Package.from_bytes(data, f"“{path.name}”"))
    if kind is Kind.XLS:
        from gxeditor.imports.formats.xls import xls_contents

        return xls_contents(data, path.name).workbook
    if kind is Kind.ODS:
        from gxeditor.imports.formats.ods import ods_contents

        return ods_contents(data, path.name).workbook
    if kind is Kind.SPREADSHEET_XML:
        from gxeditor.imports.formats.spreadsheetml import spreadsheetml_contents

        return spreadsheetml_contents(data, path.name).workbook
    if kind is Kind.TEXT:
        from gxeditor.files.decoding import decode

        text = decode(data) if len(data) <= TEXT_FILE else None
        if text is None or "\0" in text:
            raise UnreadableSource(f"“{path.name}”不是文本，读不出来。", _NOTHING, f"能读的有{CAN_BE_READ}。")
        return text
    return read_source(path, load_form())


def is_own(path: Path) -> bool:
    """Whether a file is one of ours, by how it begins. Raises `OSError` if it cannot be read.

    Another program may have written its keys in another order: then the whole of it says.
    """
    kind = kind_of(read_head(path, _HEAD), path.name)
    return kind is Kind.OWN or (kind is Kind.DATA and kind_of(read_bytes(path, FOREIGN_FILE)) is Kind.OWN)


def pasted_table(html: str, text: str) -> RawTable | None:
    """The table on the clipboard; None if there is none or it is too large. HTML is preferred: it has the spans."""
    from gxeditor.imports.formats.html import html_table
    from gxeditor.imports.formats.text import tsv_table

    return (html_table(html) if html else None) or (tsv_table(text) if text else None)


def pasted_lines(html: str) -> list[str]:
    """What is seen of HTML on the clipboard, a line for each paragraph and row. Raises `UnreadableSource`."""
    from gxeditor.imports.formats.html import html_lines

    return html_lines(html)
