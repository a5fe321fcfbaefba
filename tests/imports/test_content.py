"""What a file is, told by its content: names and endings lie."""

from __future__ import annotations

import io
import json
import random
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.exports.web import page_html
from gxeditor.imports.content import Kind, kind_of
from gxeditor.store.report_file import dump, exchange
from tests.office import by_office, needs_office


def zipped(**parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return data.getvalue()


def saved(document: object) -> bytes:
    data = io.BytesIO()
    document.save(data)  # type: ignore[attr-defined]
    return data.getvalue()


def drawn(kind: str) -> bytes:
    data = io.BytesIO()
    Image.new("L", (4, 4)).save(data, kind)
    return data.getvalue()


def a_pdf() -> bytes:
    writer, data = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(data)
    return data.getvalue()


def an_mhtml() -> bytes:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Subject"] = "年报"
    message.set_content("<p>年报</p>", subtype="html")
    message.make_related()
    return message.as_bytes()


def test_own_files_are_told_by_their_first_key_in_whatever_order_another_program_writes_them(
    form: Form,
) -> None:
    own = dump(blank_report(form, 2022))
    assert kind_of(own) is Kind.OWN
    assert kind_of(own, "年报.docx") is Kind.OWN
    turned = json.dumps(dict(reversed(json.loads(own).items())), ensure_ascii=False).encode("utf-8-sig")
    assert kind_of(turned, "年报.json") is Kind.OWN
    assert kind_of(exchange(blank_report(form, 2022))) is Kind.DATA


@pytest.mark.parametrize("held", [b"", b"\0\0", b"{}", "一、总体情况".encode(), b"\0\1\2\3" * 50])
def test_a_damaged_own_file_stays_an_own_file_by_its_name(held: bytes) -> None:
    assert kind_of(held, "年报.gxr") is Kind.OWN
    assert kind_of(held, "年报.gxr~") is Kind.OWN
    assert kind_of(held, "年报.txt") is not Kind.OWN


def test_a_document_that_is_called_like_an_own_file_is_what_it_is() -> None:
    assert kind_of(saved(Document()), "年报.gxr") is Kind.DOCX


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (saved(Document()), Kind.DOCX),
        (saved(Workbook()), Kind.XLSX),
        (a_pdf(), Kind.PDF),
        (b"\r\n\r\n" + a_pdf(), Kind.PDF),
        (zipped(OFD_dot_xml="<a/>"), Kind.OFD),
        (zipped(ppt__presentation_dot_xml="<a/>"), Kind.SLIDES),
        (zipped(xl__workbook_dot_bin=""), Kind.XLSB),
        (zipped(mimetype="application/vnd.oasis.opendocument.text", content_dot_xml="<a/>"), Kind.ODT),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), Kind.ODS),
        (zipped(a_dot_txt="x"), Kind.ARCHIVE),
        (b"Rar!\x1a\x07\0", Kind.ARCHIVE),
        (drawn("PNG"), Kind.PICTURE),
        (drawn("JPEG"), Kind.PICTURE),
        (drawn("BMP"), Kind.PICTURE),
        (drawn("TIFF"), Kind.PICTURE),
        (drawn("GIF"), Kind.PICTURE),
        (rb"{\rtf1\ansi}", Kind.RTF),
        (an_mhtml(), Kind.MHTML),
        (b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>x", Kind.MHTML),
        (b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nx", Kind.MAIL),
        (b"MZ\x90\0" + bytes(100), Kind.PROGRAM),
        (b"{\"a\": 1}", Kind.DATA),
        (b"\xff\xfe", Kind.EMPTY),
        (b"  \r\n", Kind.EMPTY),
        (bytes(range(32)) * 99, Kind.BINARY),
    ],
)  # fmt: skip
def test_each_kind_is_known_by_its_content(data: bytes, kind: Kind) -> None:
    assert kind_of(data) is kind
    assert kind_of(data, "年报.pdf") is kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_pages_and_texts_are_told_apart_in_every_encoding(encoding: str, form: Form) -> None:
    page = page_html(blank_report(form, 2022).with_fields(agency="鲁山县"))
    assert kind_of(page.encode(encoding)) is Kind.HTML
    for fragment in (
        "<table><tr><td>规章",
        "<p>一、总体情况</p>",
        "<!-- 存 -->\n<HTML>\n<BODY>",
        "<div class='x'>年报</div>",
    ):
        assert kind_of(fragment.encode(encoding)) is Kind.HTML, fragment
    for text in ("一、总体情况", "规章\t0\t0", "比较<去年>的数", "a < b", "From: 鲁山县\n年报", "- 1 -"):
        assert kind_of(text.encode(encoding)) is Kind.TEXT, text


def test_xml_of_office_programs_is_told_from_pages() -> None:
    sheet = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
    )
    assert kind_of(sheet.encode()) is Kind.SPREADSHEET_XML
    word = (
        '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">'
    )
    assert kind_of(word.encode()) is Kind.WORD_XML


@needs_office
def test_compound_files_are_what_their_streams_at_the_top_are(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(saved(Document()))
    (tmp_path / "b.xlsx").write_bytes(saved(Workbook()))
    old = by_office("doc", tmp_path, tmp_path / "a.docx").read_bytes()
    assert kind_of(old, "x.xls") is Kind.DOC
    assert kind_of(by_office("xls", tmp_path, tmp_path / "b.xlsx").read_bytes(), "x.wps") is Kind.XLS


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html"]),
)
def test_anything_has_a_kind(rest: bytes, beginning: bytes) -> None:
    kind_of(beginning + rest)


def test_a_damaged_compound_file_has_a_kind_too() -> None:
    random.seed(7)
    for _ in range(300):
        header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.randbytes(2_000))
        header[30:32] = random.choice([b"\x09\0", b"\0\0", b"\xff\xff"])
        header[48:52] = random.choice([b"\0\0\0\0", b"\x01\0\0\0", b"\xff\xff\xff\x7f"])
        kind_of(bytes(header))
