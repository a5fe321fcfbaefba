"""Word documents of the binary format: as LibreOffice writes them, and what else lies in files of that name."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.exports.word import word_bytes
from gxeditor.imports.formats.doc import doc_to_docx
from gxeditor.imports.formats.docx import read_docx
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import SourceText
from tests.office import by_office, needs_office

FREE, END, FAT_HERE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(stream: str, content: bytes) -> bytes:
    """An OLE file with one stream, as [MS-CFB] has it: a header, its table of sectors, its directory, the stream."""
    content = content.ljust(4096, b"\0")  # smaller ones lie elsewhere

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        written = (name + "\0").encode("utf-16-le")
        return (
            written.ljust(64, b"\0")
            + struct.pack("<HBBLLL", len(written), kind, 1, FREE, FREE, child)
            + bytes(36)
            + struct.pack("<LQ", start, size)
        )

    count = len(content) // 512
    chain = [FAT_HERE, END, *range(3, 2 + count), END]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
        + struct.pack("<109L", 0, *[FREE] * 108)
    )
    directory = entry("Root Entry", 5, 1, END, 0) + entry(stream, 2, FREE, 2, len(content))
    fat = struct.pack("<128L", *chain, *[FREE] * (128 - len(chain)))
    return header + fat + directory.ljust(512, b"\0") + content


@pytest.mark.parametrize(
    ("data", "what", "remedy"),
    [
        (b"", "不是 Word 97—2003 文档", "另存为“Word 文档（.docx）”"),
        (
            ole("WordDocument", struct.pack("<HH", 0xA5DC, 101)),
            "Word 97 以前的文档",
            "另存为“Word 文档（.docx）”",
        ),
        (ole("WordDocument", struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0100)), "设有打开密码", "去掉打开密码"),
        (ole("WordDocument", struct.pack("<HH", 0xA5EC, 0xC1)), "已损坏", "另存为“Word 文档（.docx）”"),
        (ole("EncryptedPackage", b""), "设有打开密码", "去掉打开密码"),
        (ole("Workbook", b""), "是 Excel 或 WPS 表格", "“Excel 工作簿（.xlsx）”"),
        (ole("MatOST", b""), "是微软 Works 的文档", "用 Works 打开它"),
        (ole("PowerPoint Document", b""), "不是 Word 文档", "另选"),
        (ole("WordDocument", b"")[:600], "已损坏", "另存为“Word 文档（.docx）”"),
    ],
    ids=[
        "empty",
        "word 6",
        "password",
        "damaged",
        "docx with password",
        "workbook",
        "works",
        "slides",
        "cut off",
    ],
)
def test_what_is_no_such_document_is_said_to_be_what_it_is(data: bytes, what: str, remedy: str) -> None:
    with pytest.raises(UnreadableSource) as raised:
        doc_to_docx(data, "年报.wps")
    assert "“年报.wps”" in raised.value.what
    assert what in raised.value.what
    assert remedy in raised.value.remedy
    assert raised.value.meaning


@pytest.fixture
def as_doc(tmp_path: Path) -> Callable[[str, bytes], bytes]:
    """What LibreOffice makes of a document."""

    def convert(name: str, data: bytes) -> bytes:
        (tmp_path / name).write_bytes(data)
        return by_office("doc", tmp_path, tmp_path / name).read_bytes()

    return convert


@pytest.mark.slow
@needs_office
def test_every_figure_and_word_of_a_report_is_read_200_of_200(
    form: Form, as_doc: Callable[[str, bytes], bytes]
) -> None:
    report = blank_report(form, 2023).with_fields(
        agency="甲县财政局", preamble="现公布年报。", signature="甲县财政局", date="2024年1月16日"
    )
    report = report.with_section("overview", "（一）主动公开。公开 12 条。\n第二段。").with_section(
        "other_matters", "无。"
    )
    report = report.with_entries(
        {
            cell_id: 1000 + number
            for number, (cell_id, cell) in enumerate(form.cells.items())
            if not cell.decimals
        }
    )
    data = as_doc("年报.docx", word_bytes(report))
    back = recognize(read_docx(doc_to_docx(data, "年报.doc"), "年报.doc"), form).report
    assert dict(back.values) == dict(report.values)
    assert (back.agency, back.year, back.title) == (report.agency, report.year, report.title)
    assert (back.preamble, back.sections) == (report.preamble, report.sections)
    assert (back.signature, back.date) == (report.signature, report.date)


@pytest.mark.slow
@needs_office
def test_what_is_deleted_in_an_open_revision_does_not_count(as_doc: Callable[[str, bytes], bytes]) -> None:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    who = "<office:change-info><dc:creator>a</dc:creator><dc:date>2024-01-01T00:00:00</dc:date></office:change-info>"
    flat = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document xmlns:office="{names}:office:1.0" xmlns:text="{names}:text:1.0" office:version="1.2" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" office:mimetype="application/vnd.oasis.opendocument.text">'
        "<office:body><office:text><text:tracked-changes><text:changed-region text:id='a'><text:deletion>"
        f"{who}<text:p>34</text:p></text:deletion></text:changed-region><text:changed-region text:id='b'>"
        f"<text:insertion>{who}</text:insertion></text:changed-region></text:tracked-changes><text:p>共收到"
        "<text:change text:change-id='a'/><text:change-start text:change-id='b'/>12"
        "<text:change-end text:change-id='b'/>件。</text:p></office:text></office:body></office:document>"
    )
    source = read_docx(doc_to_docx(as_doc("年报.fodt", flat.encode()), "年报.doc"), "年报.doc")
    assert [block.text for block in source.blocks if isinstance(block, SourceText)] == ["共收到12件。"]
    assert [note.where for note in source.notes] == ["修订"]
