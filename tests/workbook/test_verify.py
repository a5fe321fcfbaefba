"""A written workbook that is not what was planned is found out, whichever part of it is wrong."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO

import openpyxl
import openpyxl.styles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import NotWritten
from gxeditor.files.package import Package
from gxeditor.workbook import splice
from gxeditor.workbook.cells import Address, ErrorValue, Spot, Written
from gxeditor.workbook.changes import Changes, NewLine
from gxeditor.workbook.read import read_workbook
from gxeditor.workbook.verify import Planned, verify
from gxeditor.workbook.write import written

SHEET = "xl/worksheets/sheet1.xml"


def built(draw: Callable[[Worksheet], None]) -> Package:
    """A workbook with one sheet “表”."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    draw(sheet)
    data = BytesIO()
    book.save(data)
    return Package.from_bytes(data.getvalue(), "“模板.xlsx”")


def verified(package: Package, planned: Planned, change: Callable[[bytes], bytes], part: str = SHEET) -> None:
    """Writes what was planned, lets `change` spoil a part of the file, and looks whether it is found out."""
    book = read_workbook(package)
    values = {spot: value for spot, value in planned.items() if not isinstance(value, float | ErrorValue)}
    made = Package.from_bytes(written(package, book, Changes({"表": values})))
    before = made.read(part)
    assert change is unchanged or change(before) != before
    verify(package, book, made.replaced({part: change(before)}), {"表": planned}, {SHEET})


def unchanged(xml: bytes) -> bytes:
    return xml


def one_figure(sheet: Worksheet) -> None:
    sheet["A1"] = 77


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("xl/theme/theme1.xml", lambda xml: xml + b" ", "xl/theme/theme1.xml 有变化"),
        (SHEET, lambda xml: xml.replace(b"<v>5</v>", b"<v>6</v>"), "“表”B2 不是要填的内容"),
        (SHEET, lambda xml: xml.replace(b"<v>77</v>", b"<v>78</v>"), "工作表“表”里有别的内容变了"),
        (SHEET, lambda xml: re.sub(rb'<c r="B2".*?</c>', b"", xml), "“表”B2 不是要填的内容"),
    ],
)
def test_a_file_that_is_not_what_was_planned_is_not_handed_out(
    part: str, change: Callable[[bytes], bytes], said: str
) -> None:
    verified(built(one_figure), {(1, 1): 5}, unchanged)
    with pytest.raises(NotWritten) as trouble:
        verified(built(one_figure), {(1, 1): 5}, change, part)
    assert said in trouble.value.what


def test_a_part_too_many_is_found_out() -> None:
    package = built(one_figure)
    longer = openpyxl.load_workbook(BytesIO(package.data))
    longer.create_sheet("另一张")
    data = BytesIO()
    longer.save(data)
    with pytest.raises(NotWritten, match="组成部分不一致"):
        verify(package, read_workbook(package), data.getvalue(), {}, set())


def test_a_file_that_openpyxl_refuses_is_checked_as_any() -> None:
    plain = built(lambda sheet: None)
    styles = plain.read("xl/styles.xml").replace(b'<family val="2"', b'<family val="34"')
    odd = Package.from_bytes(plain.replaced({"xl/styles.xml": styles}), "“模板.xlsx”")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="could not read stylesheet"):
            openpyxl.load_workbook(BytesIO(odd.data))
    verified(odd, {(1, 1): 5}, unchanged)
    with pytest.raises(NotWritten):
        verified(odd, {(1, 1): 5}, lambda xml: xml.replace(b"<v>5</v>", b"<v>6</v>"))


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"<v>3300</v>", b"<v>3400</v>"),  # in a row that gets something
        lambda xml: xml.replace(b"<pageMargins", b"<pageMargins x='1'"),  # of the sheet
        lambda xml: re.sub(rb'(<row r="1".*?)<v>', rb"\1<v>1", xml),  # in a row that gets nothing
    ],
)
def test_a_workbook_of_many_rows_is_checked_row_by_row(
    change: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splice, "LARGE", 2_000)

    def draw(sheet: Worksheet) -> None:
        for number in range(1, 60):
            sheet.append([number, number * 100])

    planned: Planned = {(32, 0): 7, (60, 2): "新"}
    verified(built(draw), planned, unchanged)
    with pytest.raises(NotWritten):
        verified(built(draw), planned, change)


@pytest.mark.parametrize("planned", [5.0, ErrorValue("#DIV/0!"), "别的", True, None])
def test_a_cell_that_holds_something_else_is_found_out(
    planned: float | ErrorValue | str | bool | None,
) -> None:
    package = built(one_figure)
    book = read_workbook(package)
    with pytest.raises(NotWritten, match="“表”A1 不是要填的内容"):
        verify(package, book, package.data, {"表": {(0, 0): planned}}, {SHEET})
    verify(package, book, package.data, {"表": {(0, 0): 77.0}}, {SHEET})


@pytest.mark.parametrize("said", ["~9", "5", "", "b2", "@@"])
def test_a_cell_of_the_template_that_names_no_place_stands_after_the_one_before(said: str) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet.append([1, 2, 3])

    package = built(draw)
    odd = package.replaced({SHEET: package.read(SHEET).replace(b'r="B1"', f'r="{said}"'.encode())})
    verified(Package.from_bytes(odd, "“模板.xlsx”"), {(0, 2): 33}, unchanged)
    with pytest.raises(NotWritten, match="“表”B1 不是要填的内容"):
        verified(
            Package.from_bytes(odd, "“模板.xlsx”"),
            {(0, 2): 33},
            lambda xml: xml.replace(b"<v>2</v>", b"<v>3</v>"),
        )


# --- every kind of damage, in a sheet with looks, a formula, a merge, a table and more rows than are filled


def rich(sheet: Worksheet) -> None:
    sheet.append(["单位", "数", "合计", "备注"])
    for number in range(2, 7):
        sheet.append([f"第{number}局", number, f"=B{number}*2", "原文"])
    sheet["B3"].font = openpyxl.styles.Font(bold=True)
    sheet.merge_cells("A8:B8")
    sheet.auto_filter.ref = "A1:D6"


PLANNED: Planned = {(2, 1): 41, (3, 3): " 改 ", (6, 0): "新", (9, 4): 12}


def swapped(xml: bytes, one: bytes, other: bytes) -> bytes:
    (first,), (second,) = re.findall(one, xml, re.DOTALL), re.findall(other, xml, re.DOTALL)
    return xml.replace(first, b"@@").replace(second, first).replace(b"@@", second)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda xml: xml.replace(b"<v>41</v>", b"<v>14</v>"), id="wrong value"),
        pytest.param(lambda xml: xml.replace(b'r="B3"', b'r="E3"'), id="wrong cell"),
        pytest.param(lambda xml: xml.replace(b"<v>41</v>", b"<v>41<v>"), id="broken XML"),
        pytest.param(lambda xml: re.sub(rb'(r="B3" s=")1', rb"\g<1>0", xml), id="other look"),
        pytest.param(lambda xml: re.sub(rb'(r="A3" )', rb'\1s="1" ', xml), id="look of a neighbour"),
        pytest.param(lambda xml: xml.replace(b'<row r="10"', b'<row r="11"'), id="shifted new row"),
        pytest.param(lambda xml: xml.replace(b'<row r="4"', b'<row r="40"'), id="shifted row"),
        pytest.param(lambda xml: re.sub(rb'(<c r="B3".*?</c>)', rb"\1\1", xml), id="cell twice"),
        pytest.param(
            lambda xml: re.sub(rb'(<row r="3".*?</row>)', rb"\1\1", xml, flags=re.S), id="row twice"
        ),
        pytest.param(
            lambda xml: swapped(xml, rb'<row r="3".*?</row>', rb'<row r="4".*?</row>'), id="rows in disorder"
        ),
        pytest.param(
            lambda xml: swapped(xml, rb'<row r="10".*?</row>', rb'<row r="1".*?</row>'),
            id="new row at the top",
        ),
        pytest.param(lambda xml: re.sub(rb'<row r="4".*?</row>', b"", xml, flags=re.S), id="row lost"),
        pytest.param(lambda xml: xml.replace(b"<f>B3*2</f>", b"<f>B3*3</f>"), id="formula changed"),
        pytest.param(lambda xml: xml.replace(b"<f>B3*2</f>", b""), id="formula lost"),
        pytest.param(lambda xml: xml.replace(b"<v>41</v>", b"<f>40+1</f><v>41</v>"), id="formula added"),
        pytest.param(lambda xml: xml.replace(b"<v>41</v>", b"<v>41</v><v>41</v>"), id="value twice"),
        pytest.param(
            lambda xml: xml.replace(b' xml:space="preserve"> ', b"> "), id="blanks that Excel drops"
        ),
        pytest.param(lambda xml: xml.replace(b'r="B3"', b'r="B3" t="s"'), id="number as text"),
        pytest.param(lambda xml: re.sub(rb'ref="A1:E10"', b'ref="A1:Z99"', xml), id="size too large"),
        pytest.param(
            lambda xml: xml.replace(b'autoFilter ref="A1:D6"', b'autoFilter ref="A1:D9"'), id="filter"
        ),
        pytest.param(lambda xml: xml.replace(b'ref="A8:B8"', b'ref="A8:C8"'), id="merge"),
        pytest.param(lambda xml: re.sub(rb'(<row r="3")', rb'\1 ht="90"', xml), id="height"),
        pytest.param(
            lambda xml: xml.replace(b"</row></sheetData>", b'<c r="F10"/></row></sheetData>'), id="cell added"
        ),
    ],
)
@pytest.mark.parametrize("large", [False, True])
def test_each_kind_of_damage_is_found_out(
    change: Callable[[bytes], bytes], large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(splice, "LARGE", 100)
    verified(built(rich), PLANNED, unchanged)
    with pytest.raises(NotWritten):
        verified(built(rich), PLANNED, change)


@given(st.data())
@settings(max_examples=60)
def test_no_byte_of_what_a_sheet_says_can_change_unseen(data: st.DataObject) -> None:
    package = built(rich)
    book = read_workbook(package)
    made = Package.from_bytes(written(package, book, Changes({"表": PLANNED})))  # type: ignore[dict-item]
    xml = made.read(SHEET)
    begin = xml.index(b"<sheetData")
    at = data.draw(st.integers(begin, len(xml) - 1))
    other = data.draw(st.sampled_from(b"0159ABZabz<>/\"'& ="))
    spoilt = xml[:at] + bytes([other]) + xml[at + 1 :]
    if spoilt == xml:
        return
    try:
        verify(package, book, made.replaced({SHEET: spoilt}), {"表": PLANNED}, {SHEET})
    except NotWritten:
        return
    seen = []
    for one in (made.data, made.replaced({SHEET: spoilt})):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = openpyxl.load_workbook(BytesIO(one)).worksheets[0]
        seen.append([[(cell.value, cell.style_id) for cell in row] for row in sheet.iter_rows()])
    assert seen[0] == seen[1]  # quotes of one kind for the other


# --- new lines of a list, and the parts that go along with them

PARTS = {"book": "xl/workbook.xml", "chain": "xl/calcChain.xml", "table": "xl/tables/table1.xml"}


def a_list() -> Package:
    """Units with a formula each, in a table, a style of their own, and a list of formulas."""

    def draw(sheet: Worksheet) -> None:
        sheet.append(["单位", "数", "另一数", "合计"])
        sheet.append(["甲局", 1, 2, "=SUM(B2:C2)"])
        for cell in sheet[2]:
            cell.font = openpyxl.styles.Font(bold=True)
        sheet.add_table(Table(displayName="名单", ref="A1:D2"))

    package = built(draw)
    link = b'<Relationship Id="rIdChain" Target="calcChain.xml" Type="%s/calcChain"/></Relationships>'
    kinds = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    files = {name: package.read(name) for name in package.parts}
    rels = "xl/_rels/workbook.xml.rels"
    files[rels] = files[rels].replace(b"</Relationships>", link % kinds)
    files[PARTS["chain"]] = (
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="D2" i="1"/></calcChain>'
    )
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return Package.from_bytes(data.getvalue(), "“模板.xlsx”")


LINES = (
    NewLine("表", "row", 2, 1, {Address("表", 2, 3): "SUM(B3:C3)"}),
    NewLine("表", "row", 3, 1, {Address("表", 3, 3): "SUM(B4:C4)"}),
)
OF_LINES: dict[Spot, Written] = {
    (2, 0): "乙局",
    (2, 1): 31,
    (2, 2): 32,
    (3, 0): "丙 & 丁",
    (3, 1): 41,
    (3, 2): None,
}


def in_list(part: str, change: Callable[[bytes], bytes]) -> None:
    """Adds two lines, lets `change` spoil a part of the file, and looks whether it is found out."""
    package = a_list()
    book = read_workbook(package)
    results = {Address("表", 2, 3): 63.0, Address("表", 3, 3): None}
    made = Package.from_bytes(written(package, book, Changes({"表": OF_LINES}, results, LINES, True)))
    before = made.read(part)
    assert change is unchanged or change(before) != before
    planned: Planned = {**OF_LINES, **{(place.row, place.column): value for place, value in results.items()}}
    parts = {SHEET, *PARTS.values()}
    verify(package, book, made.replaced({part: change(before)}), {"表": planned}, parts, LINES)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        pytest.param("chain", rb'<c r="D4" i="1"/>', b"", id="formula not listed"),
        pytest.param("chain", rb'r="D4"', b'r="C4"', id="another formula listed"),
        pytest.param("chain", rb'(r="D4" i=)"1"', rb'\1"2"', id="formula of another sheet"),
        pytest.param("chain", rb'(<c r="D4" i="1"/>)', rb"\1\1", id="formula listed twice"),
        pytest.param("chain", rb'r="D2"', b'r="D9"', id="old formula lost"),
        pytest.param("table", rb'<table ([^>]*)ref="A1:D4"', rb'<table \1ref="A1:D5"', id="table too long"),
        pytest.param("table", rb'<table ([^>]*)ref="A1:D4"', rb'<table \1ref="A1:D3"', id="table too short"),
        pytest.param("table", rb'displayName="[^"]*"', b'displayName="X"', id="table renamed"),
        pytest.param("table", rb"<tableColumn ", b'<tableColumn dataDxfId="1" ', id="column of a table"),
        pytest.param("book", rb'name="\S+" (sheetId)', rb'name="X" \1', id="sheet renamed"),
        pytest.param("book", rb'fullCalcOnLoad="1"', b'fullCalcOnLoad="0"', id="not calculated"),
        pytest.param("book", rb"<calcPr ", b'<calcPr calcMode="manual" ', id="calculated by hand"),
        pytest.param("sheet", rb'(r="B3" s=)"[0-9]+"', rb'\1"0"', id="style of a new line"),
        pytest.param("sheet", rb'(r="C4" s=)"[0-9]+"', rb'\1"0"', id="style of a new blank"),
        pytest.param("sheet", rb'(<row r="3")', rb'\1 ht="90"', id="height of a new line"),
        pytest.param("sheet", rb"SUM\(B4:C4\)", b"SUM(B3:C3)", id="formula of another line"),
        pytest.param("sheet", rb"<v>63</v>", b"<v>64</v>", id="wrong result"),
        pytest.param("sheet", rb"<v>31</v>", b"<v>13</v>", id="wrong figure in a new line"),
        pytest.param(
            "sheet", rb"<v>41</v>", b"<v>41.5</v>", id="wrong figure in a line compared by elements"
        ),
        pytest.param("sheet", "乙局".encode(), "甲局".encode(), id="wrong name"),
        pytest.param("sheet", rb'r="C3"', b'r="E3"', id="wrong cell of a new line"),
        pytest.param("sheet", rb'(<row r="3".*?</row>)', rb"\1\1", id="new line twice"),
        pytest.param("sheet", rb'<row r="3".*?</row>', b"", id="new line lost"),
        pytest.param("sheet", rb'(<row r="3".*?</row>)(<row r="4".*?</row>)', rb"\2\1", id="in disorder"),
        pytest.param("sheet", rb'(</row>)(<row r="3")', rb"\1<row/>\2", id="row without a number"),
        pytest.param("sheet", rb'(</row>)(<row r="3")', rb"\1<x/>\2", id="something between rows"),
    ],
)
def test_what_goes_along_with_a_new_line_is_checked(part: str, old: bytes, new: bytes) -> None:
    name = PARTS.get(part, SHEET)
    in_list(name, unchanged)
    with pytest.raises(NotWritten):
        in_list(name, lambda xml: re.sub(old, new, xml, flags=re.DOTALL))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("note", ["", "<!-- <row r='3'> -->"])
def test_a_sheet_without_any_row_is_filled_and_checked(encoding: str, note: str) -> None:
    package = built(lambda sheet: None)
    bare = re.sub(rb"<sheetData>\s*</sheetData>", note.encode() + b"<sheetData/>", package.read(SHEET))
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' + bare.decode()
    empty = Package.from_bytes(package.replaced({SHEET: declared.encode(encoding)}), "“模板.xlsx”")
    assert b"<sheetData/>" in empty.read(SHEET).decode(encoding).encode()
    made = written(empty, read_workbook(empty), Changes({"表": {(1, 1): 5}}))
    assert read_workbook(Package.from_bytes(made)).sheet("表").value(1, 1) == 5


def test_a_lost_part_and_a_broken_file_are_found_out() -> None:
    package = built(one_figure)
    book = read_workbook(package)
    data = written(package, book, Changes({"表": {(1, 1): 5}}))
    for broken in (data[:-40], data[:200], b"", data.replace(b"PK\x03\x04", b"PK\x03\x05", 1)):
        with pytest.raises(NotWritten):
            verify(package, book, broken, {"表": {(1, 1): 5}}, {SHEET})
