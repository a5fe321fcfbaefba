"""Packages: what is refused before it can hurt, what is read however it is written, what stays as it was."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.files import package as ooxml
from gxeditor.files.package import Package, fixed, parse_xml
from tests.crafted import lying

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/workbook"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="/xl/Workbook.xml"/>'
    '<Relationship Id="rId2" Type="http://x/hyperlink" Target="http://example.org/" TargetMode="External"/>'
    "</Relationships>"
)


def zipped(parts: Mapping[str, bytes | str], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as out:
        out.comment = b"a comment"
        for name, content in parts.items():
            out.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def package() -> Package:
    return Package.from_bytes(
        zipped(
            {
                "[Content_Types].xml": TYPES,
                "_rels/.rels": RELS,
                "xl/workbook.xml": "<a/>",
                "xl/media/1.png": b"\0PNG",
            }
        )
    )


def test_the_workbook_is_found_through_the_relationships_whatever_the_case_of_its_name(
    package: Package,
) -> None:
    assert package.main == "xl/workbook.xml"
    assert package.find("\\XL\\media\\1.PNG") == "xl/media/1.png"
    assert package.find("xl/none.xml") is None


def test_relationships_tell_parts_from_addresses_outside(package: Package) -> None:
    book, link = package.relationships("")
    assert (book.kind, book.target, book.external) == ("officeDocument", "xl/Workbook.xml", False)
    assert (link.kind, link.target, link.external) == ("hyperlink", "http://example.org/", True)
    assert package.relationships("xl/workbook.xml") == ()


def test_replacing_a_part_leaves_all_others_as_they_were_and_in_their_order(package: Package) -> None:
    after = Package.from_bytes(package.replaced({"xl/workbook.xml": b"<b/>"}))
    assert list(after.parts) == list(package.parts)
    assert after.parts["xl/workbook.xml"] == b"<b/>"
    assert {name: after.parts[name] for name in after.parts if name != "xl/workbook.xml"} == {
        name: package.parts[name] for name in package.parts if name != "xl/workbook.xml"
    }
    with zipfile.ZipFile(io.BytesIO(package.replaced({}))) as archive:
        assert archive.comment == b"a comment"
        assert archive.testzip() is None
    with pytest.raises(KeyError):
        package.replaced({"xl/none.xml": b""})


# -------------------- what cannot be read
def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(100)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "是空文件"),
        (b"\0" * 100, "是空文件"),
        (ole("EncryptedPackage"), "设有打开密码"),
        (ole("Workbook"), "是旧格式的表格"),
        (ole("Book"), "是旧格式的表格"),
        (ole("WordDocument"), "是 Word 或 WPS 文字的文档"),
        (b"%PDF-1.7", "是 PDF 文件"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "是网页或 XML 格式的表格"),
        (b"<html><table></table></html>", "是网页或 XML 格式的表格"),
        ("姓名,数".encode("gb18030"), "不是 Excel 工作簿"),
        (b"PK\x03\x04 but nothing else", "已损坏"),
    ],
)
def test_a_file_that_is_no_package_is_named_for_what_it_is(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        Package.from_bytes(data, "“模板.xlsx”")
    assert caught.value.what.startswith("“模板.xlsx”")
    assert what in caught.value.what
    assert caught.value.meaning
    assert caught.value.remedy


def test_a_file_cut_short_is_damaged(package: Package) -> None:
    with pytest.raises(UnreadableSource, match="已损坏"):
        Package.from_bytes(package.data[: len(package.data) // 2])


def test_a_damaged_part_is_said_so_when_it_is_read() -> None:
    data = bytearray(zipped({"xl/a.xml": b"0123456789" * 100}, zipfile.ZIP_STORED))
    at = data.index(b"0123456789")
    data[at : at + 10] = b"**********"
    broken = Package.from_bytes(bytes(data))
    with pytest.raises(UnreadableSource, match="已损坏"):
        broken.read("xl/a.xml")
    with pytest.raises(UnreadableSource, match="已损坏"):
        list(broken.chunks("xl/a.xml"))


def test_a_bomb_is_refused_by_its_declared_size_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ooxml, "PART_BYTES", 1000)
    with pytest.raises(UnreadableSource, match="太大"):
        Package.from_bytes(zipped({"xl/a.xml": bytes(1001)}))
    monkeypatch.setattr(ooxml, "PARTS_BYTES", 1500)
    with pytest.raises(UnreadableSource, match="太大"):
        Package.from_bytes(zipped({"a": bytes(800), "b": bytes(800)}))


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ooxml, "PARTS", 2)
    with pytest.raises(UnreadableSource, match="太大"):
        Package.from_bytes(zipped({"a": b"", "b": b"", "c": b""}))


def test_a_password_on_the_zip_itself_is_noticed() -> None:
    data = bytearray(zipped({"a": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableSource, match="密码"):
        Package.from_bytes(bytes(data))


def test_the_same_name_twice_is_damage() -> None:
    data = zipped({"aa": b"1", "bb": b"2"}).replace(b"bb", b"aa")
    with pytest.raises(UnreadableSource, match="已损坏"):
        Package.from_bytes(data)


def test_a_package_without_a_main_part_is_damaged() -> None:
    empty = Package.from_bytes(zipped({"a": b"x"}))
    with pytest.raises(UnreadableSource, match="已损坏"):
        _ = empty.main


# -------------------- XML
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_xml_is_read_in_any_encoding_and_with_any_prefix(encoding: str) -> None:
    bom = "\ufeff" if encoding == "utf-16-le" else ""
    text = f'{bom}<?xml version="1.0"?><x:a xmlns:x="{ooxml.MAIN}"><x:b c="值">文</x:b>尾</x:a>'
    root = parse_xml(text.encode(encoding), "文件")
    assert (root.tag, root[0].tag, root[0].get("c"), root[0].text, root[0].tail) == (
        "a",
        "b",
        "值",
        "文",
        "尾",
    )


def test_strict_names_are_read_as_the_usual_ones_and_foreign_ones_stay_apart() -> None:
    root = parse_xml(
        b'<a xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:y="http://y"'
        b' xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"><y:b r:id="1"/></a>',
        "文件",
    )
    assert root.tag == "a"
    assert root[0].tag == "{http://y}b"
    assert root[0].get(f"{{{ooxml.RELATIONSHIPS}}}id") == "1"


@pytest.mark.parametrize(
    "xml",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        b"<a><b></a>",
        b"no xml",
        b"",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b"<a>\xff</a>",
    ],
)
def test_declarations_and_broken_xml_are_refused(xml: bytes) -> None:
    with pytest.raises(UnreadableSource, match="已损坏"):
        parse_xml(xml, "文件")


def test_xml_as_deep_as_no_office_writes_it_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="太大"):
        parse_xml(b"<a>" * 5000 + b"</a>" * 5000, "文件")


# -------------------- packages that a library has written
def test_a_written_package_says_nothing_of_hour_and_system() -> None:
    def written(hour: int) -> bytes:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as file:
            info = zipfile.ZipInfo("docProps/core.xml", (2024, 3, 1, hour, 0, 0))
            core = f"<cp><dcterms:created a='b'>2024-03-01T{hour:02}:00:00Z</dcterms:created><title>年报</title></cp>"
            file.writestr(info, core)
            file.writestr("a.xml", "<a/>")
        return data.getvalue()

    assert fixed(written(8)) == fixed(written(17))
    package = Package.from_bytes(
        fixed(written(8), lambda name, part: part.upper() if name == "a.xml" else part)
    )
    assert dict(package.parts) == {
        "docProps/core.xml": "<cp><title>年报</title></cp>".encode(),
        "a.xml": b"<A/>",
    }
    kept = Package.from_bytes(fixed(written(8), keeps_dates=True))
    assert b"2024-03-01T08" in kept.read("docProps/core.xml")


def test_a_part_that_unpacks_to_more_than_it_says_is_damage() -> None:
    data = lying(zipped({"a": b"0" * 5_000_000}))
    with pytest.raises(UnreadableSource, match="已损坏"):
        Package.from_bytes(data).read("a")


def test_entries_that_lie_in_the_same_bytes_are_damage() -> None:
    data = zipped({"a": b"0" * 5_000})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[start:end]
    other = entry[:46] + b"b"
    directory = entry + other
    doubled = (
        data[:start] + directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, len(directory), start, 0)
    )
    with pytest.raises(UnreadableSource, match="已损坏"):
        Package.from_bytes(doubled)


def test_the_elements_of_all_trees_count_together_and_a_tree_built_again_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ooxml, "XML_ELEMENTS", 10)
    package = Package.from_bytes(
        zipped({"a": b"<a><b/><b/><b/><b/></a>", "c": b"<a><b/><b/><b/><b/><b/></a>"})
    )
    for _ in range(3):
        package.xml("a")
    with pytest.raises(UnreadableSource, match="展开后太大"):
        package.xml("c")
