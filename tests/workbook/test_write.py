"""Changes become a workbook: what they name is there, everything else is byte for byte what it was."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import NotWritten
from gxeditor.files.package import Chunk, Package
from gxeditor.workbook.cells import Address, ErrorValue, Result, Value
from gxeditor.workbook.changes import Changes, NewLine
from gxeditor.workbook.read import read_workbook
from gxeditor.workbook.write import is_result, written

SAMPLES = Path(__file__).parents[1] / "samples" / "templates"
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


def made(package: Package, changes: Changes) -> Package:
    return Package.from_bytes(written(package, read_workbook(package), changes), "“填好.xlsx”")


def shown(package: Package, *, values: bool = True) -> Worksheet:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl would lose
        return openpyxl.load_workbook(BytesIO(package.data), data_only=values).worksheets[0]


def test_only_the_sheet_of_a_changed_cell_changes() -> None:
    before = Package.from_bytes((SAMPLES / "full.xlsx").read_bytes())
    book = read_workbook(before)
    sheet = next(one for one in book.sheets if one.rows)
    after = made(before, Changes({sheet.name: {(90, 3): Decimal("12.50")}}))
    assert list(after.parts) == list(before.parts)
    assert [part for part in before.parts if after.read(part) != before.read(part)] == [sheet.part]
    assert read_workbook(after).sheet(sheet.name).value(90, 3) == 12.5


def test_without_changes_the_file_is_the_same_to_the_last_byte() -> None:
    data = (SAMPLES / "full.xlsx").read_bytes()
    package = Package.from_bytes(data)
    assert written(package, read_workbook(package), Changes()) == data


def test_what_a_cell_holds_already_changes_nothing() -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"] = 5, "文"

    package = built(draw)
    same = Changes({"表": {(0, 0): Decimal("5.0"), (0, 1): "文", (7, 7): None}})
    assert written(package, read_workbook(package), same) == package.data


def test_a_formula_stays_and_carries_another_result() -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"], sheet["C1"] = "=1/D1", "=D1&D1", "=D1"

    results = {
        Address("表", 0, 0): ErrorValue("#DIV/0!"),
        Address("表", 0, 1): "",
        Address("表", 0, 2): None,
    }
    after = made(built(draw), Changes(results=results, calculates_on_load=True))
    assert [shown(after)[ref].value for ref in ("A1", "C1")] == ["#DIV/0!", None]
    assert [shown(after, values=False)[ref].value for ref in ("A1", "B1", "C1")] == ["=1/D1", "=D1&D1", "=D1"]
    assert b'fullCalcOnLoad="1"' in after.read("xl/workbook.xml")


@pytest.mark.parametrize(
    ("there", "result", "same"),
    [
        (5, 5.0, True),
        (0.3, 0.1 + 0.2, True),
        (5, 6.0, False),
        ("5", 5.0, False),
        (5, "5", False),
        ("甲", "甲", True),
        ("甲", "乙", False),
        (None, "", True),
        (None, 0.0, False),
        (0, None, False),
        (None, None, True),
        (True, True, True),
        (True, 1.0, False),
        (1, True, False),
        ("TRUE", True, False),
        ("#N/A", ErrorValue("#N/A"), True),
        ("#N/A", ErrorValue("#REF!"), False),
        (None, ErrorValue("#N/A"), False),
    ],
)
def test_a_result_is_there_already_or_it_is_written(there: Value, result: Result | None, same: bool) -> None:
    assert is_result(there, result) is same


def test_a_result_that_is_there_already_changes_nothing() -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"] = 5, "=A1"

    package = built(draw)
    filled = made(package, Changes(results={Address("表", 0, 1): 5.0}))
    assert shown(filled)["B1"].value == 5
    assert written(filled, read_workbook(filled), Changes(results={Address("表", 0, 1): 5.0})) == filled.data


def a_list(sheet: Worksheet) -> None:
    sheet.append(["单位", "数", "合计"])
    sheet.append(["甲", 1, "=B2"])
    sheet.row_dimensions[2].height = 30
    for column in (1, 2, 3):
        sheet.cell(2, column).font = Font(bold=True)
    sheet.add_table(Table(displayName="表一", ref="A1:C2"))
    sheet.auto_filter.ref = "E1:F2"


def test_a_new_row_looks_like_the_one_it_continues_and_tables_reach_to_it() -> None:
    total = Address("表", 2, 2)
    line = NewLine("表", "row", 2, 1, {total: "B3"})
    after = made(built(a_list), Changes({"表": {(2, 0): "乙", (2, 1): 4}}, {total: 4.0}, (line,)))
    sheet = shown(after)
    assert [cell.value for cell in sheet[3]][:3] == ["乙", 4, 4]
    assert all(cell.font.bold for cell in sheet[3][:3])
    assert sheet.row_dimensions[3].height == 30
    assert (sheet.tables["表一"].ref, sheet.auto_filter.ref) == ("A1:C3", "E1:F3")
    assert shown(after, values=False)["C3"].value == "=B3"


def test_a_row_that_was_prepared_keeps_its_own_look_in_new_lines() -> None:
    def prepared(sheet: Worksheet) -> None:
        a_list(sheet)
        sheet.row_dimensions[3].height = 18
        sheet["C3"].font = Font(italic=True)

    line = NewLine("表", "row", 2, 1)
    sheet = shown(made(built(prepared), Changes({"表": {(2, 0): "乙"}}, new_lines=(line,))))
    assert sheet.row_dimensions[3].height == 18
    assert [sheet.cell(3, column).font.bold for column in (1, 2, 3)] == [True, True, False]
    assert sheet["C3"].font.italic


def test_a_new_column_looks_like_the_one_it_continues() -> None:
    line = NewLine("表", "column", 3, 1)
    sheet = shown(made(built(a_list), Changes({"表": {(1, 3): 9}}, new_lines=(line,))))
    assert (sheet["D2"].value, sheet["D2"].font.bold) == (9, True)


def test_the_formulas_of_new_lines_join_the_chain_of_calculation() -> None:
    package = built(a_list)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    chain = b'<calcChain xmlns="%s"><c r="C2" i="1"/></calcChain>' % main
    with_chain = BytesIO()
    with zipfile.ZipFile(with_chain, "w") as file:
        for part in package.parts:
            xml = package.read(part)
            if part == "xl/_rels/workbook.xml.rels":
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
                link = b'<Relationship Id="rId99" Type="%s" Target="calcChain.xml"/></Relationships>' % kind
                xml = xml.replace(b"</Relationships>", link)
            file.writestr(part, xml)
        file.writestr("xl/calcChain.xml", chain)
    total = Address("表", 2, 2)
    line = NewLine("表", "row", 2, 1, {total: "B3"})
    after = made(
        Package.from_bytes(with_chain.getvalue()), Changes({"表": {(2, 1): 4}}, {total: 4.0}, (line,))
    )
    assert b'<c r="C2" i="1"/><c r="C3" i="1"/></calcChain>' in after.read("xl/calcChain.xml")


def test_a_sheet_that_the_workbook_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        made(built(a_list), Changes({"别的表": {(0, 0): 1}}))


def test_a_file_that_is_packed_otherwise_than_planned_is_not_handed_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed = Package.replaced

    def spoilt(package: Package, parts: Mapping[str, bytes | list[Chunk]]) -> bytes:
        after = Package.from_bytes(packed(package, parts))
        return packed(after, {SHEET: after.read(SHEET).replace(b"<v>4</v>", b"<v>5</v>")})

    monkeypatch.setattr(Package, "replaced", spoilt)
    with pytest.raises(NotWritten, match="没有通过核对"):
        made(built(a_list), Changes({"表": {(1, 1): 4}}))


def test_a_text_that_no_cell_can_hold_is_said_with_its_place() -> None:
    package = built(lambda sheet: None)
    with pytest.raises(NotWritten, match="“表 B3”有 40000 个字，Excel 的一格最多能放 32767 个"):
        made(package, Changes({"表": {(2, 1): "字" * 40_000}}))


def test_a_file_whose_number_formats_no_other_library_should_read_is_filled_all_the_same() -> None:
    """openpyxl goes through so many brackets for longer than anybody waits."""

    def draw(sheet: Worksheet) -> None:
        sheet["A1"] = 1
        sheet["A1"].number_format = "[" * 100_000

    assert shown_by_us(made(built(draw), Changes({"表": {(0, 1): 7}}))) == [1, 7]


def shown_by_us(package: Package) -> list[object]:
    sheet = read_workbook(package).sheets[0]
    return [sheet.value(0, column) for column in range(2)]
