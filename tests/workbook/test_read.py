"""Workbooks as grids of cells: what programs really write, oddities and attacks included."""

from __future__ import annotations

import io
import os
import re
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.limits import MERGED_PLACES
from gxeditor.files.package import Package
from gxeditor.workbook import read as module
from gxeditor.workbook.cells import Range
from gxeditor.workbook.read import PlainCell, Workbook, open_workbook, read_workbook

TEMPLATES = Path(__file__).parents[1] / "samples" / "templates"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">'


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fresh() -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    return book, book.active


def read(data: bytes) -> Workbook:
    return read_workbook(Package.from_bytes(data))


def with_parts(data: bytes, **parts: bytes) -> bytes:
    """A workbook with other bytes for its parts; `sheet1` names xl/worksheets/sheet1.xml."""
    names = {"sheet1": "xl/worksheets/sheet1.xml", "styles": "xl/styles.xml", "book": "xl/workbook.xml"}
    return Package.from_bytes(data).replaced({names[name]: content for name, content in parts.items()})


def sheet_of(rows: str, head: str = HEAD, after: str = "", before: str = "") -> Workbook:
    """A workbook whose only sheet holds this XML."""
    book = openpyxl.Workbook()
    xml = f"{head}{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    return read(with_parts(saved(book), sheet1=xml.encode()))


# -------------------- what Excel and WPS write
@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.xls?")), ids=lambda path: path.name)
def test_a_template_is_read_as_openpyxl_reads_it(path: Path) -> None:
    _, book = open_workbook(path)
    with warnings.catch_warnings(action="ignore"):  # openpyxl tells of everything that it would lose
        other = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert [sheet.name for sheet in book.sheets] == other.sheetnames
    for sheet in book.sheets:
        worksheet = other[sheet.name]
        assert sheet.hidden == (worksheet.sheet_state != "visible")
        assert sheet.protected == bool(worksheet.protection.sheet)
        assert {merge.ref for merge in sheet.merges} == {
            str(merge) for merge in worksheet.merged_cells.ranges
        }
        for (row, column), cell in sheet.cells.items():
            theirs = worksheet.cell(row + 1, column + 1)
            assert cell.ref == theirs.coordinate
            assert cell.number_format == theirs.number_format
            if theirs.data_type == "f":
                formula = theirs.value.text if isinstance(theirs.value, ArrayFormula) else theirs.value
                assert "=" + (cell.formula or "") == formula
            elif isinstance(theirs.value, str):
                assert cell.value == theirs.value.replace("\r\n", "\n")
            else:
                assert cell.value == theirs.value


def test_a_merged_cell_stands_for_all_its_places() -> None:
    book, page = fresh()
    page["B2"] = "申请人情况"
    page.merge_cells("B2:D3")
    sheet = read(saved(book)).sheets[0]
    assert (sheet.cell(2, 3).ref, sheet.cell(2, 3).row_span, sheet.cell(2, 3).column_span) == ("B2", 2, 3)
    assert (2, 3) not in sheet.cells
    assert (1, 1) in sheet.cells
    assert sheet.merge_at(2, 2) == Range(1, 1, 2, 3)
    assert list(sheet.texts(1)) == [(1, "申请人情况")]


def test_styles_say_what_is_locked_and_how_figures_look() -> None:
    book, page = fresh()
    page["A1"].number_format = "0.0000"
    page["A2"].protection = Protection(locked=False)
    page["A2"] = 3
    unprotected = read(saved(book)).sheets[0]
    page.protection.sheet = True
    sheet = read(saved(book)).sheets[0]
    assert sheet.cell(0, 0).number_format == "0.0000"
    assert (sheet.cell(0, 0).locked, sheet.cell(1, 0).locked, sheet.cell(50, 50).locked) == (
        True,
        False,
        True,
    )
    assert not unprotected.cell(0, 0).locked


def test_a_missing_cell_looks_like_its_row_or_else_its_column() -> None:
    sheet = sheet_of(
        '<row r="2" s="1" customFormat="1"/>',
        before='<cols><col min="1" max="16384" width="20.5" style="2"/></cols>',
    ).sheets[0]
    module_styles = tuple(module._Style(code) for code in ("General", "0%", "@"))
    sheet._styles = module_styles
    assert sheet.cell(1, 0).number_format == "0%"
    assert sheet.cell(9, 0).number_format == "@"
    assert sheet.widths[0] == 20.5


def test_validations_are_found_where_they_count() -> None:
    book, page = fresh()
    whole = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", error="只能填整数")
    whole.add("B2:C9")
    page.add_data_validation(whole)
    sheet = read(saved(book)).sheets[0]
    found = sheet.cell(3, 2).validation
    assert found is not None
    assert (found.kind, found.operator, found.first, found.message) == (
        "whole",
        "greaterThanOrEqual",
        "0",
        "只能填整数",
    )
    assert sheet.cell(3, 3).validation is None


def test_validations_of_later_versions_are_found_as_well() -> None:
    x14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    xm = "http://schemas.microsoft.com/office/excel/2006/main"
    sheet = sheet_of(
        "",
        after=f'<extLst><ext uri="x"><x14:dataValidations xmlns:x14="{x14}" xmlns:xm="{xm}">'
        '<x14:dataValidation type="list"><x14:formula1><xm:f>代码表!$A$1:$A$3</xm:f></x14:formula1>'
        "<xm:sqref>B4</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>",
    ).sheets[0]
    validation = sheet.validation(3, 1)
    assert validation is not None
    assert (validation.kind, validation.first) == ("list", "代码表!$A$1:$A$3")


def test_shared_formulas_are_written_out_and_array_formulas_own_their_area() -> None:
    sheet = sheet_of(
        '<row r="1"><c r="C1"><f t="shared" ref="C1:C3" si="0">SUM(A1:$B1)&amp;"A1"</f><v>3</v></c>'
        '<c r="E1"><f t="array" ref="E1:E2">A1:A2*2</f><v>1</v></c></row>'
        '<row r="2"><c r="C2"><f t="shared" si="0"/><v>4</v></c><c r="E2"><v>2</v></c></row>'
    ).sheets[0]
    assert sheet.cell(0, 2).formula == 'SUM(A1:$B1)&"A1"'
    assert sheet.cell(1, 2).formula == 'SUM(A2:$B2)&"A1"'
    assert sheet.cell(1, 4).formula == "A1:A2*2"
    assert sheet.formulas[1, 4].area == Range(0, 4, 1, 4)
    assert sheet.cell(1, 2).value == 4


def test_values_are_shown_about_as_excel_shows_them() -> None:
    book, sheet = fresh()
    sheet.append([12, 0.1, 1234567.5, True, "文字", 1e20, 44926, 44926, 0.125])
    sheet["G1"].number_format = 'yyyy"年"'
    sheet["H1"].number_format = "yyyy-mm-dd"
    sheet["I1"].number_format = "0.0%"
    shown = [text for _, text in read(saved(book)).sheets[0].texts(0)]
    assert shown == ["12", "0.1", "1234567.5", "TRUE", "文字", "1e+20", "2022年", "2022年12月31日", "12.5%"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [("1", "1904年1月2日"), ("true", "1904年1月2日"), ("0", "1900年1月1日"), ("false", "1900年1月1日")],
)
def test_a_workbook_says_from_which_day_it_counts(said: str, shown: str) -> None:
    book, page = fresh()
    page["A1"], page["A1"].number_format = 1 if said in ("1", "true") else 2, "yyyy-mm-dd"
    data = saved(book)
    xml = Package.from_bytes(data).read("xl/workbook.xml")
    assert b"<workbookPr" in xml
    found = read(
        with_parts(data, book=xml.replace(b"<workbookPr", b'<workbookPr date1904="%s"' % said.encode(), 1))
    )
    assert found.since_1904 is (said in ("1", "true"))
    assert found.sheets[0].text(0, 0) == shown


def test_a_row_reaches_from_its_first_cell_to_its_last_blank_ones_included() -> None:
    sheet = sheet_of('<row r="2"><c r="B2"/><c r="D2"><v>1</v></c><c r="F2"/></row><row r="3"/>').sheets[0]
    assert (sheet.extent(1), sheet.extent(2), sheet.extent(0)) == ((1, 5), None, None)


def test_names_are_read_with_the_sheet_where_they_count() -> None:
    book, page = fresh()
    page.title = "表三"
    book.defined_names["requests.received.total"] = DefinedName(
        "requests.received.total", attr_text="'表三'!$J$5"
    )
    page.print_area = "A1:J29"
    names = read(saved(book)).names
    assert ("requests.received.total", "", "'表三'!$J$5") in names
    assert [name.sheet for name in names if name.name == "_xlnm.Print_Area"] == ["表三"]


# -------------------- odd but good
def odd(change: Callable[[str], bytes | str]) -> Workbook:
    """full.xlsx with 表三 written otherwise."""
    package = Package.from_bytes((TEMPLATES / "full.xlsx").read_bytes())
    part = "xl/worksheets/sheet3.xml"
    content = change(package.read(part).decode())
    return read(package.replaced({part: content if isinstance(content, bytes) else content.encode()}))


def prefixed(xml: str) -> str:
    xml = re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])", r"<\1x:\2", xml)
    return xml.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')


@pytest.mark.parametrize(
    "change",
    [
        prefixed,
        lambda xml: xml.replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda xml: xml.replace("UTF-8", "utf-16le").encode("utf-16-le"),
        lambda xml: "\ufeff" + xml,
        lambda xml: re.sub(r'(<(?:row|c)) r="[A-Z]*[0-9]+"', r"\1", xml),
        lambda xml: xml.replace("<sheetData>", "<sheetData><!-- <row r='1'/> -->"),
        lambda xml: xml.replace("<row ", "<?go on?><row ", 3),
        lambda xml: re.sub(r"<v>([0-9]+)</v>", r"<v><![CDATA[\1]]></v>", xml),
        lambda xml: xml.replace('"', "'"),
        lambda xml: re.sub(r'<c r="([A-Z0-9]+)" s="([0-9]+)"', r'<c\n s="\2"  r="\1"', xml),
        lambda xml: xml.replace("</c>", "</c >").replace("</row>", "</row\n>"),
    ],
    ids=[
        "prefix",
        "utf-16",
        "utf-16 without mark",
        "mark",
        "no references",
        "comment",
        "instruction",
        "section",
        "single quotes",
        "attributes in another order",
        "blanks in tags",
    ],
)
def test_a_sheet_written_otherwise_is_the_same_sheet(change: Callable[[str], bytes | str]) -> None:
    if change.__name__ != "prefixed":
        xml = (
            Package.from_bytes((TEMPLATES / "full.xlsx").read_bytes())
            .read("xl/worksheets/sheet3.xml")
            .decode()
        )
        assert change(xml) != xml
    usual, other = odd(lambda xml: xml).sheet("表三"), odd(change).sheet("表三")
    assert dict(other.cells) == dict(usual.cells)
    assert other.merges == usual.merges


def test_rows_and_cells_in_disorder_are_brought_into_order() -> None:
    sheet = sheet_of(
        '<row r="3"><c r="B3"><v>2</v></c><c r="A3"><v>1</v></c></row><row r="1"><c r="A1"><v>0</v></c></row>'
    ).sheets[0]
    assert [(cell.ref, cell.value) for cell in sheet.cells.values()] == [("A1", 0), ("A3", 1), ("B3", 2)]


def test_texts_in_cells_are_joined_and_escapes_undone() -> None:
    sheet = sheet_of(
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>政府</t></r><r><rPr><b/></rPr><t>信息&amp;</t></r>'
        "<rPh><t>zhengfu</t></rPh></is></c>"
        '<c r="B1" t="str"><v>一_x000D_\n二_xD83D_</v></c><c r="C1" t="e"><v>#REF!</v></c>'
        '<c r="D1" t="s"><v>99</v></c><c r="E1" t="n"><v>no number</v></c><c r="F1" t="unheard"><v>7</v></c></row>'
    ).sheets[0]
    texts = [sheet.cell(0, column).text for column in range(6)]
    assert texts == ["政府信息&", "一\n二_xD83D_", "#REF!", "", "no number", "7"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<is><t>政府</t></is>", "政府"),
        ("<is><t>&#25919;&#x5e9c;&amp;&lt;</t></is>", "政府&<"),
        ('<is><t xml:space="preserve"> 政府_x000D_\n</t></is>', " 政府\n"),
        ("<is><t>&#25919;</t><rPh><t>zheng</t></rPh></is>", "政"),
        ("<f>A1</f><is><t>&#25919;</t></is>", "政"),
        ("<is><t>#&#35;160;</t></is>", "##160;"),
    ],
)
def test_a_text_in_its_cell_is_the_same_each_time_it_comes(body: str, shown: str) -> None:
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="inlineStr">{body}</c></row>' for at in (1, 2, 3))
    (sheet,) = sheet_of(rows).sheets
    assert [sheet.value(row, 0) for row in sheet.rows] == [shown] * 3
    assert len(sheet.formulas) == 3 * body.startswith("<f>")


def test_what_a_row_holds_is_what_its_cells_hold_with_their_formats() -> None:
    book, worksheet = fresh()
    worksheet.append(["名称", 3, None, 2.5, True])
    worksheet.append([None, "5", date(2025, 3, 4)])
    (sheet,) = read(saved(book)).sheets
    for row in (*sheet.rows, 9):
        cells = (sheet.cell(row, column) for column in range(6))
        assert list(sheet.held(row)) == [
            (cell.column, cell.value, cell.number_format) for cell in cells if cell.value is not None
        ]
    assert len(list(sheet.held(0))) == 4


def test_the_strict_format_is_read_like_the_usual_one() -> None:
    book, page = fresh()
    page.append(["自然人", 5])
    data = saved(book)
    package = Package.from_bytes(data)
    parts = {
        name: content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            RELATIONS.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, content in package.parts.items()
        if name.endswith((".xml", ".rels"))
    }
    sheet = read(package.replaced(parts)).sheets[0]
    assert [cell.value for cell in sheet.cells.values()] == ["自然人", 5]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", b'<family val="2"', b'<family val="34"'),
        ("xl/styles.xml", b"<patternFill", b"<!-- --><fill/><patternFill"),
        ("docProps/core.xml", b"<dcterms:created", b"<dcterms:created x='no date'"),
    ],
)
def test_what_openpyxl_stumbles_over_is_read(part: str, old: bytes, new: bytes) -> None:
    package = Package.from_bytes((TEMPLATES / "full.xlsx").read_bytes())
    changed = package.read(part).replace(old, new)
    assert changed != package.read(part)
    assert len(read(package.replaced({part: changed})).sheet("表三").cells) == 216


# -------------------- limits and damage
def test_a_value_in_the_last_cell_costs_nothing() -> None:
    sheet = sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>').sheets[0]
    assert [cell.ref for cell in sheet.cells.values()] == ["XFD1048576"]


def test_merges_are_held_within_bounds() -> None:
    sheet = sheet_of(
        '<row r="1"><c r="A1" t="str"><v>标题</v></c></row>',
        after="<mergeCells>"
        + '<mergeCell ref="A60:XFD1048576"/><mergeCell ref="A1:XFD1"/><mergeCell ref="B1:C1"/><mergeCell ref="?"/>'
        + "".join(f'<mergeCell ref="A{10**6 + i}:XFD{10**6 + i}"/>' for i in range(500))
        + "</mergeCells>",
    ).sheets[0]
    assert sheet.cell(0, 1).text == "标题"
    assert len(sheet._merge_at) <= MERGED_PLACES


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="0"><c r="A1"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        "<row r='1'><c r='A1'><v>1</c></row>",
    ],
)
def test_cells_that_cannot_be_are_damage(rows: str) -> None:
    with pytest.raises(UnreadableSource, match="已损坏"):
        sheet_of(rows)


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORKBOOK_CELLS", 3)
    with pytest.raises(UnreadableSource, match="太大"):
        sheet_of('<row r="1">' + "<c/>" * 4 + "</row>")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("word/document.xml", b"<a/>", "Word"),
        ("xl/workbook.bin", b"", "xlsb"),
        ("content.xml", b"<a/>", "OpenDocument"),
        ("readme.txt", b"", "不是 Excel 工作簿"),
    ],
)
def test_a_package_of_another_kind_is_named(name: str, content: bytes, what: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        out.writestr("mimetype", "x")
        out.writestr(name, content)
    with pytest.raises(UnreadableSource, match=what):
        read(stream.getvalue())


def test_a_sheet_that_is_listed_but_not_there_is_damage() -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(openpyxl.Workbook()))) as source,
        zipfile.ZipFile(stream, "w") as out,
    ):
        for name in source.namelist():
            if "sheet1" not in name:
                out.writestr(name, source.read(name))
    with pytest.raises(UnreadableSource, match="已损坏"):
        read(stream.getvalue())


def test_a_file_that_cannot_be_opened_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="不见了"):
        open_workbook(tmp_path / "没有.xlsx")
    with pytest.raises(UnreadableSource, match="“文件夹”"):
        open_workbook(tmp_path.joinpath("文件夹").resolve())


def test_a_file_that_another_program_holds_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "模板.xlsx"
    path.write_bytes(saved(openpyxl.Workbook()))

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UnreadableSource, match="可能正在 Excel 或 WPS 中使用"):
        open_workbook(path)


# -------------------- sheets of other formats
def test_a_sheet_of_another_format_is_as_one_of_our_own() -> None:
    sheet = module.sheet_of(
        "表",
        [
            PlainCell(4, 2, 1362),
            PlainCell(0, 1, "后"),
            PlainCell(0, 0, "先"),
            PlainCell(0, 1, "更后"),
            PlainCell(4, 3, 44927, "yyyy/m/d"),
            PlainCell(4, 4, None, "General", "SUM(A1)"),
            PlainCell(4, 5, True),
        ],
        hidden=True,
        merges=[Range(0, 0, 1, 0), Range(1, 0, 2, 2)],
        hidden_rows=[4],
    )
    assert (sheet.rows, list(sheet.texts(0)), sheet.size) == ((0, 4), [(0, "先"), (1, "更后")], 6)
    assert [sheet.cell(4, column).text for column in range(2, 6)] == ["1362", "2023年1月1日", "", "TRUE"]
    assert (sheet.cell(4, 2).value, sheet.cell(4, 4).formula) == (1362, "SUM(A1)")
    assert sheet.hidden
    assert sheet.merges == (Range(0, 0, 1, 0),)
    assert sheet.hidden_rows == frozenset((4,))


@pytest.mark.parametrize("place", [(-1, 0), (0, 16_384), (1_048_576, 0)])
def test_a_cell_beyond_the_last_row_or_column_is_none(place: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=str(place[0])):
        module.sheet_of("表", [PlainCell(*place, "x")])


@pytest.mark.parametrize("number", ["1e999", "nan", "x"])
def test_a_size_that_is_no_number_is_passed_over(number: str) -> None:
    sheet = sheet_of("", before=f'<cols><col min="1" max="{number}" width="{number}"/></cols>').sheets[0]
    assert sheet.widths == {0: sheet.default_width}


# -------------------- what only a crafted file holds
NINES = "9" * 5_000


@pytest.mark.parametrize("number", [NINES, "A0", "\u202e", "1.5", "-3", "", "１"])
def test_a_row_that_says_nothing_sensible_of_itself_is_the_next_one(number: str) -> None:
    book = sheet_of(f'<row r="2"><c r="A2"><v>1</v></c></row><row r="{number}"><c r="B9"><v>7</v></c></row>')
    assert book.sheets[0].value(2, 1) == 7


def test_numbers_of_any_length_are_none() -> None:
    book = sheet_of(
        f'<row r="1"><c r="A1" s="{NINES}"><v>1</v></c><c r="B1" t="s"><v>{NINES}</v></c>'
        "<c r='D1'><v>1_0</v></c><c r='E1'><v>inf</v></c><c r='F1'><v>nan</v></c></row>"
    )
    sheet = book.sheets[0]
    assert [sheet.value(0, column) for column in (0, 1, 3, 4, 5)] == [1, None, "1_0", "inf", "nan"]


def test_a_part_that_two_sheets_claim_is_damage() -> None:
    data = saved(openpyxl.Workbook())
    book = Package.from_bytes(data).read("xl/workbook.xml").decode()
    one = re.search(r"<sheet [^>]*/>", book)
    assert one is not None
    twice = book.replace(one[0], one[0] + one[0].replace('name="', 'name="又'))
    with pytest.raises(UnreadableSource, match="已损坏"):
        read(with_parts(data, book=twice.encode()))


@pytest.mark.parametrize(
    ("limit", "most", "rows"),
    [
        ("WORKBOOK_ROWS", 3, "".join(f'<row r="{row}"><c/></row>' for row in range(1, 6))),
        ("ROW_BYTES", 2_000, '<row r="1"><c r="A1" t="str"><v>' + "a" * 3_000_000 + "</v></c></row>"),
        ("REWRITTEN_XML", 2_000, "<!--a-->" * 1_000),
        (
            "SHARED_FORMULAS",
            100,
            '<row r="1"><c r="A1"><f t="shared" si="0">B1+B1+B1</f></c></row>'
            + "".join(
                f'<row r="{row}"><c r="A{row}"><f t="shared" si="0"/></c></row>' for row in range(2, 30)
            ),
        ),
        (
            "MERGED_PLACES",
            1_000,
            "".join(
                f'<row r="{r}"><c r="A{r}"><f t="array" ref="A1:J90">1</f></c></row>' for r in range(1, 9)
            ),
        ),
    ],
)
def test_more_than_a_workbook_ever_holds_is_refused(
    limit: str, most: int, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet_of(rows)
    monkeypatch.setattr(module, limit, most)
    with pytest.raises(UnreadableSource, match="太大"):
        sheet_of(rows)


def test_merges_that_meet_are_given_up_before_they_are_too_much_work() -> None:
    many = '<mergeCells><mergeCell ref="B2:C3"/>' + '<mergeCell ref="A1:J400"/>' * 5_000 + "</mergeCells>"
    assert sheet_of("<row/>", after=many).sheets[0].merges == (Range(1, 1, 2, 2),)


def test_a_cell_accepts_what_the_first_validation_of_it_says() -> None:
    listed = "".join(
        f'<dataValidation type="whole" sqref="{ref}"><formula1>{number}</formula1></dataValidation>'
        for number, ref in enumerate(("B2:B3", "A1:C900", "B1:B4"))
    )
    sheet = sheet_of("<row/>", after=f"<dataValidations>{listed}</dataValidations>").sheets[0]
    found = [sheet.validation(row, 1) for row in (0, 1, 899, 900)]
    assert [one.first if one is not None else None for one in found] == ["1", "0", "1", None]
