"""PDF/A-2b: what an archive is promised about a file, and that a file which breaks the promise is not handed out."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from pikepdf import pdfa
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gxeditor.paper.archive import NotArchival, Said, approve, archival, described
from gxeditor.resources import resource

TITLE = "鲁山县人民政府办公室2022年政府信息公开工作年度报告"
AGENCY = "鲁山县人民政府办公室"
SUBJECT = "政府信息公开工作年度报告"
DATE = "2023年1月20日"


def drawn(font: str = "") -> bytes:
    """Two pages with the same line on each, an outline, page labels, a language; Helvetica if no font is named."""
    pdfmetrics.registerFont(TTFont("archive-test", resource("fonts/NotoSansSC-Medium.ttf")))
    buffer = BytesIO()
    options: dict[str, Any] = {"initialFontName": font or "Helvetica"}
    canvas = Canvas(buffer, lang="zh-CN", invariant=1, pdfVersion=(1, 7), **options)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.addPageLabel(0, prefix="封")
    canvas.addPageLabel(1, style="ARABIC")
    for page in ("总体情况", "存在的问题"):
        if font:
            canvas.setFont(font, 16)
        canvas.drawString(100, 700, f"一、{page}" if font else "overview")
        canvas.bookmarkPage(page)
        canvas.addOutlineEntry(page, page)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.fixture(scope="module")
def data() -> bytes:
    return drawn("archive-test")


def archived(data: bytes, **changes: str) -> bytes:
    return archival(data, said_of(**changes))


def said_of(**changes: str) -> Said:
    texts = {"title": TITLE, "agency": AGENCY, "subject": SUBJECT, "date": DATE, "key_words": "", **changes}
    return Said(texts["title"], texts["agency"], texts["subject"], texts["date"], texts["key_words"])


def catalog(data: bytes) -> Any:
    return PdfReader(BytesIO(data)).trailer["/Root"]


def xmp(data: bytes) -> dict[str, str]:
    """The text of every property by its name with prefix; lists give their items' text."""
    packet = ElementTree.fromstring(catalog(data)["/Metadata"].get_data())
    (description,) = packet.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    prefixes = {"http://www.aiim.org/pdfa/ns/id/": "pdfaid", "http://purl.org/dc/elements/1.1/": "dc"}
    properties = {}
    for one in description:
        space, _, name = one.tag[1:].partition("}")
        properties[f"{prefixes.get(space, 'xmp')}:{name}"] = "".join(one.itertext())
    return properties


def test_the_file_is_approved_by_the_validator_and_by_qpdf(data: bytes, tmp_path: Path) -> None:
    made = archived(data)
    assert pdfa.validate_written(BytesIO(made), "2b").passed
    with pikepdf.open(BytesIO(made)) as pdf:
        assert pdf.check_pdf_syntax() == []
    if (qpdf := shutil.which("qpdf")) is not None:
        file = tmp_path / "archived.pdf"
        file.write_bytes(made)
        result = subprocess.run(
            [qpdf, "--check", file], capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert result.returncode == 0, result.stdout + result.stderr
        assert "No syntax or stream encoding errors" in result.stdout


def test_the_file_says_that_it_is_pdf_a_2b_in_srgb(data: bytes) -> None:
    made = archived(data)
    properties = xmp(made)
    assert (properties["pdfaid:part"], properties["pdfaid:conformance"]) == ("2", "B")
    root = catalog(made)
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/OutputConditionIdentifier"] == "sRGB"
    assert intent.get_object()["/DestOutputProfile"].get_data()[36:40] == b"acsp"


def test_title_agency_and_the_date_of_the_report_are_told_twice_and_alike(data: bytes) -> None:
    made = archived(data)
    properties = xmp(made)
    assert properties["dc:title"] == TITLE
    assert properties["dc:creator"] == AGENCY
    assert properties["dc:description"] == SUBJECT
    assert properties["xmp:CreateDate"] == "2023-01-20T00:00:00+08:00"
    info = PdfReader(BytesIO(made)).metadata
    assert info == {
        "/Title": TITLE,
        "/Author": AGENCY,
        "/Subject": SUBJECT,
        "/Creator": "gxeditor",
        "/CreationDate": "D:20230120000000+08'00'",
    }


def test_nothing_tells_of_the_machine_its_libraries_or_the_present_day(data: bytes) -> None:
    made = archived(data)
    assert set(xmp(made)) == {
        "pdfaid:part", "pdfaid:conformance", "dc:title", "dc:creator", "dc:description", "dc:language",
        "xmp:CreatorTool", "xmp:CreateDate",
    }  # fmt: skip
    with pikepdf.open(BytesIO(made)) as pdf:
        plain = BytesIO()
        pdf.save(
            plain, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True
        )
    for word in (
        b"pikepdf",
        b"ReportLab",
        b"qpdf",
        b"/Producer",
        b"/ModDate",
        b"MetadataDate",
        b"/EmbeddedFiles",
    ):
        assert word not in plain.getvalue(), word


@pytest.mark.parametrize("date", ["", "二〇二三年一月", "2023年13月1日", "2023年1月", "近日"])
def test_a_report_without_a_plain_date_gives_a_file_without_date(data: bytes, date: str) -> None:
    made = archived(data, date=date)
    assert "xmp:CreateDate" not in xmp(made)
    assert "/CreationDate" not in (PdfReader(BytesIO(made)).metadata or {})


def test_a_new_report_without_any_name_is_archival_too(data: bytes) -> None:
    made = archived(data, title="", agency=" ", subject="", date="")
    assert "dc:title" not in xmp(made)
    assert PdfReader(BytesIO(made)).metadata == {"/Creator": "gxeditor"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("甲<乙>&丙]]>“丁”", "甲<乙>&丙]]>“丁”"),
        ("第一行\n第二行\t后", "第一行 第二行 后"),
        ("控\x0b制\x00符\x1f", "控 制 符"),
        ("𬭩𠮷 🙂", "𬭩𠮷 🙂"),
        ("半\ud800字", "半 字"),
        ("长" * 3000, "长" * 3000),
    ],
)
def test_any_title_a_clerk_can_type_is_told(data: bytes, typed: str, told: str) -> None:
    made = archived(data, title=typed)
    assert xmp(made)["dc:title"] == told
    info = PdfReader(BytesIO(made)).metadata
    assert info is not None
    assert info.title == told


def test_outline_labels_language_view_and_text_stay(data: bytes) -> None:
    made = archived(data)
    reader = PdfReader(BytesIO(made))
    root = catalog(made)
    assert root["/Lang"] == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert reader.page_labels == ["封", "1"]
    outline: list[Any] = reader.outline
    assert [(one["/Title"], reader.get_destination_page_number(one)) for one in outline] == [
        ("总体情况", 0),
        ("存在的问题", 1),
    ]
    assert [page.extract_text().strip() for page in reader.pages] == ["一、总体情况", "一、存在的问题"]
    assert not any("/Trans" in page for page in reader.pages)


def test_equal_input_gives_equal_bytes_in_another_process_zone_and_hash_seed(data: bytes) -> None:
    program = f"""
import sys
from gxeditor.paper.archive import Said, archival
said = Said(title={TITLE!r}, agency={AGENCY!r}, subject={SUBJECT!r}, date={DATE!r})
made = archival(sys.stdin.buffer.read(), said)
sys.stdout.buffer.write(made)
"""
    made = archived(data)
    assert archived(data) == made
    for zone, seed in (("Asia/Shanghai", "1"), ("America/New_York", "2")):
        result = subprocess.run(
            [sys.executable, "-c", program],
            input=data,
            capture_output=True,
            check=True,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
        )
        assert result.stdout == made
        assert result.stderr == b""


def test_another_content_gets_another_identity(data: bytes) -> None:
    one, other = (PdfReader(BytesIO(archived(data, title=title))).trailer["/ID"] for title in "甲乙")
    assert one != other


def test_a_file_with_a_face_that_is_not_embedded_is_called_a_bug_and_not_handed_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, "gxeditor"), pytest.raises(NotArchival) as caught:
        archived(drawn())
    assert "程序出错" in caught.value.what
    assert "年报没有受到影响" in caught.value.meaning
    assert any("6.2.11.4" in finding for finding in caught.value.findings)
    assert "6.2.11.4" in caplog.text
    assert AGENCY not in caplog.text


def test_what_is_described_for_the_screen_is_what_is_approved_for_the_file(data: bytes) -> None:
    shown = described(data, said_of())
    approve(shown)
    assert archived(data) == shown
    with pytest.raises(NotArchival):
        approve(described(drawn(), said_of()))


def test_the_validator_reads_faces_without_a_word(data: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    archived(data)
    assert capfd.readouterr() == ("", "")
