"""A Word document of the binary format of 97–2003 (.doc, and what WPS saves as .wps) → the same as .docx.

Knows which OLE files are such a document and what to say of the others: older or other word processors, a password,
damage. What stands in the document is then read as in any .docx. The conversion is msdoc2docx's, which wants files:
they lie in a temporary folder for that moment.
"""

from __future__ import annotations

import struct
from collections.abc import Set
from pathlib import Path
from tempfile import TemporaryDirectory

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.limits import DOC_FILE

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOTHING = "没有读入任何内容，这个文件没有改动。"
_SAVE_AS = "请用 Word 或 WPS 打开它，另存为“Word 文档（.docx）”再导入。"
_WORD_97 = 0xC1  # version (nFib) of the format of 97, which all later ones keep ([MS-DOC] 2.5.1)
_WORD = 0xA5EC  # with which the stream of a document begins ([MS-DOC] 2.5.2)
_BEGINNING = struct.Struct("<HH6xH")  # of that stream: what it is, the version, and flags
_WITH_PASSWORD = 0x0100  # of the flags


def doc_to_docx(data: bytes, name: str) -> bytes:
    """The document as .docx, for its reader; `name` is the file's.

    Raises `UnreadableSource`: another format, a password, damaged, too large.
    """
    called = f"“{name}”"
    if len(data) > DOC_FILE:
        raise UnreadableSource(f"{called}太大，超过 {DOC_FILE >> 20} MB。", _NOTHING, _SAVE_AS)
    if not data.startswith(_OLE):
        raise UnreadableSource(f"{called}不是 Word 97—2003 文档。", _NOTHING, _SAVE_AS)
    from doc2docx import convert
    from doc2docx.cfb import CompoundFile
    from doc2docx.errors import StreamNotFound

    damaged = UnreadableSource(f"{called}已损坏，读不出来。", _NOTHING, _SAVE_AS)
    try:
        compound = CompoundFile(data)
        try:
            beginning = compound.open_stream("WordDocument")[: _BEGINNING.size]
        except StreamNotFound as error:
            raise _another(called, {entry.name.lower() for entry in compound.entries}) from error
        what, version, flags = _BEGINNING.unpack(beginning)
        if flags & _WITH_PASSWORD:
            raise _encrypted(called)
        if what != _WORD or version < _WORD_97:
            raise UnreadableSource(f"{called}是 Word 97 以前的文档，读不出来。", _NOTHING, _SAVE_AS)
        with TemporaryDirectory(prefix="gx-") as folder:
            source, target = Path(folder) / "document.doc", Path(folder) / "document.docx"
            source.write_bytes(data)
            convert(source, target)
            return target.read_bytes()
    except UnreadableSource:
        raise
    except (OSError, MemoryError):
        raise  # of this machine, not of the file
    except Exception as error:  # of a damaged file the library raises whatever its parts do
        raise damaged from error


def _encrypted(called: str) -> UnreadableSource:
    return UnreadableSource(
        f"{called}设有打开密码，读不出来。",
        _NOTHING,
        "请用 Word 或 WPS 打开它，去掉打开密码，另存为“Word 文档（.docx）”再导入。",
    )


def _another(called: str, streams: Set[str]) -> UnreadableSource:
    """What an OLE file without a Word document is."""
    if "encryptedpackage" in streams:
        return _encrypted(called)
    if streams & {"workbook", "book"}:
        return UnreadableSource(
            f"{called}是 Excel 或 WPS 表格，不是 Word 文档。",
            _NOTHING,
            "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”再导入。",
        )
    if streams & {"contents", "matost"}:
        return UnreadableSource(
            f"{called}是微软 Works 的文档，不是 WPS 的文档，读不出来。",
            _NOTHING,
            "请在原来的电脑上用 Works 打开它，另存为 Word 文档再导入；也可以打开后复制整张表，粘贴到本程序的表格里。",
        )
    return UnreadableSource(f"{called}不是 Word 文档，读不出来。", _NOTHING, "请另选一个文件。")
