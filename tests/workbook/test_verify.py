"""A written workbook that is not what was planned is found out, whichever part of it is wrong."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import NotWritten
from gxeditor.files.package import Package
from gxeditor.workbook import splice
from gxeditor.workbook.cells import ErrorValue
from gxeditor.workbook.changes import Changes
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


def test_our_own_reader_checks_where_openpyxl_refuses() -> None:
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
