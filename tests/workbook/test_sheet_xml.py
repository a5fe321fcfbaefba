"""The XML of a worksheet is found and given back as it stands, whatever its encoding and prefix."""

from __future__ import annotations

import codecs

import pytest

from gxeditor.workbook.sheet_xml import (
    Elements,
    attribute,
    attributes,
    bare,
    blanked,
    escaped_text,
    in_utf8,
    is_plain,
    opening,
    plain_text,
    stored_text,
    to_change,
    unescaped,
    without,
    xml_text,
)

SHEET = '<?xml version="1.0" encoding="{}"?><sheetData><row r="1"><c r="A1" t="str"><v>年报</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("mark", "codec", "declared"),
    [
        (b"", "utf-8", "UTF-8"),
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
        (b"", "utf-16-le", "UTF-16"),
        (b"", "utf-16-be", "UTF-16"),
        (b"", "gb18030", "gb18030"),
    ],
)
def test_every_encoding_is_read_as_utf8_and_comes_back(mark: bytes, codec: str, declared: str) -> None:
    text = SHEET.format(declared)
    data = mark + text.encode(codec)
    part = to_change(data)
    assert (part.mark, part.codec, part.data) == (mark, codec, text.encode())
    assert part.back(part.data) == data


def test_a_character_that_an_encoding_lacks_comes_back_as_a_reference() -> None:
    part = to_change(b'<?xml version="1.0" encoding="us-ascii"?><t>a</t>')
    assert part.back("<t>年</t>".encode()) == b"<t>&#24180;</t>"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b'<?xml version="1.0" encoding="klingon"?><a/>', LookupError),
        (b'<?xml version="1.0" encoding="gb18030"?><a>\xff</a>', UnicodeError),
    ],
)
def test_an_encoding_that_is_none_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        in_utf8(data)


def test_bytes_that_would_not_come_back_are_not_changed() -> None:
    odd = b'<?xml version="1.0" encoding="utf-7"?><a>+AGE-</a>'  # an “a” in disguise
    assert in_utf8(odd).data.endswith(b"<a>a</a>")
    with pytest.raises(ValueError, match="does not come back"):
        to_change(odd)


@pytest.mark.parametrize(
    ("chunks", "plain"),
    [
        ([b'<?xml version="1.0"?><a/>'], True),
        ([b"<a/>", b"<b/>"], True),
        ([b"<a/>", b"<!-- -->"], False),
        ([b"<a/><", b"!-- -->"], False),  # torn between two chunks
        ([b"<a/><", b"?x?>"], False),
        ([b"<a/>", b"<?x?>"], False),
        ([codecs.BOM_UTF8 + b"<a/>"], False),
        (["<a/>".encode("utf-16")], False),
        ([b'<?xml version="1.0" encoding="GBK"?><a/>'], False),
        ([b'<?xml version="1.0" encoding="klingon"?><a/>'], False),
    ],
)
def test_a_part_is_plain_where_nothing_hides_cells(chunks: list[bytes], plain: bool) -> None:
    before, found = b"", True
    for chunk in chunks:
        found = found and is_plain(chunk, before)
        before = chunk[-1:]
    assert found is plain


def test_what_hides_cells_is_blanked_where_it_stands_or_taken_out() -> None:
    data = b'<a><!-- <c r="B1"/> --><v><![CDATA[1<2&3]]></v><?x <c/>?></a>'
    assert len(blanked(data)) == len(data)
    assert b"<c" not in blanked(data)
    assert bare(data) == b"<a><v>1&lt;2&amp;3</v></a>"


def test_the_first_element_of_a_name_is_found_whatever_its_prefix() -> None:
    found = opening(b'<w><x:sheetData a="1>2" /></w>', b"sheetData")
    assert found is not None
    assert (found.prefix, found.is_closed, attribute(found.attributes, b"a")) == (b"x:", True, b"1>2")
    assert opening(b"<sheetDatas></sheetDatas>", b"sheetData") is None


@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_rows_and_cells_are_found_by_either_pattern(prefix: bytes) -> None:
    xml = Elements(prefix)
    data = b'<row r="1" ><c r="A1" s="2" t="s"><v>0</v></c><c s=\'3\' r="B1"><f>A1</f><v>5</v></c><c r="C1"/></row>'
    data = (
        data.replace(b"</", b"</" + prefix)
        .replace(b"<r", b"<" + prefix + b"r")
        .replace(b"<c", b"<" + prefix + b"c")
    )
    data = data.replace(b"<v", b"<" + prefix + b"v").replace(b"<f", b"<" + prefix + b"f")
    (row,) = xml.row.finditer(data)
    assert (attribute(row[1], b"r"), row[2]) == (b"1", b"")
    cells = list(xml.cell.finditer(data))
    assert [attribute(cell[1], b"r") for cell in cells] == [b"A1", b"B1", b"C1"]
    quick = xml.quick_cell.findall(data)
    assert [(cell[0], cell[1], cell[2], cell[4]) for cell in quick] == [
        (b"A", b"2", b"s", b"0"),
        (b"", b"", b"", b""),
        (b"C", b"", b"", b""),
    ]
    formula = xml.formula.search(quick[1][5])
    assert formula is not None
    assert formula[2] == b"A1"
    value = xml.value.search(quick[1][5])
    assert value is not None
    assert value[1] == b"5"


def test_attributes_are_read_in_either_quotation_mark_and_can_be_left_out() -> None:
    tag = b""" r="A1" x:y='a"b' s = "4" """
    assert attributes(tag) == {"r": "A1", "x:y": 'a"b', "s": "4"}
    assert attribute(tag, b"y") is None
    assert without(tag, b"s", b"x:y") == b' r="A1" '


def test_texts_are_written_and_read_as_the_format_has_it() -> None:
    text = "甲<乙&丙_x000D_\r\n_x"
    assert stored_text(text) == "甲<乙&丙_x000D_\n_x"
    assert unescaped(plain_text(xml_text(escaped_text(text)))) == stored_text(text)
    assert plain_text(b"&#x5E74;&#25253;&quot;&amp;lt;") == '年报"&lt;'
    assert unescaped("_xD800__x0041_") == "_xD800_A"
