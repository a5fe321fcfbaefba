"""The workbook: what Excel shows is what the report says, laid out as printed."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir

import pytest
from openpyxl import Workbook, load_workbook

from gxeditor.core.form import Cell, Form
from gxeditor.core.report import Entry, Report, blank_report, show_entry
from gxeditor.exports.excel import workbook_bytes
from tests.office import by_office, needs_office

SAMPLE = Path(__file__).parents[1] / "samples" / "lushan-2022.expected.json"


@pytest.fixture
def sample(form: Form) -> Report:
    """The real report's 182 figures, three of its rows with only a total, and some prose."""
    data = json.loads(SAMPLE.read_text(encoding="utf-8"))
    cells: dict[str, Entry] = {k: Decimal(v) if isinstance(v, str) else v for k, v in data["cells"].items()}
    return (
        blank_report(form, data["year"])
        .with_fields(agency=data["agency"], signature=data["agency"], date="2023年1月16日")
        .with_section("overview", "2022年以来，认真贯彻条例。\n（一）主动公开情况。发布信息4572条。")
        .with_section("requests", "均已按时办结。")
        .with_entries(cells)
    )


@pytest.fixture
def full(form: Form) -> Report:
    """Every detail has a figure of its own, so that a swap would show; all totals are automatic."""
    details = [cell for cell in form.cells.values() if not cell.is_total]
    return blank_report(form, 2023).with_entries(
        {cell.id: Decimal("1234.5600") if cell.decimals else number for number, cell in enumerate(details, 1)}
    )


def opened(report: Report, *, values: bool = True) -> Workbook:
    return load_workbook(BytesIO(workbook_bytes(report)), data_only=values)


def address(cell: Cell, form: Form) -> tuple[str, str]:
    """The sheet and the address where a cell of the form should stand: below one row of heading."""
    table = form.section(cell.section).table
    assert table is not None
    place = table.grid().of_cell[cell.id]
    return f"表{form.section(cell.section).number}", f"{chr(ord('A') + place.column)}{place.row + 2}"


def at(book: Workbook, cell: Cell, form: Form) -> object:
    sheet, where = address(cell, form)
    return book[sheet][where].value


def prose(book: Workbook) -> list[str]:
    return [str(row[0]) for row in book["正文"].iter_rows(values_only=True) if row[0] is not None]


# --- figures --------------------------------------------------------------------------------------------------


def test_every_figure_of_the_report_stands_in_its_place(full: Report, form: Form) -> None:
    book = opened(full)
    for cell in form.cells.values():
        assert at(book, cell, form) == float(full.values[cell.id]), cell.place


def test_the_real_report_keeps_its_182_figures_and_its_18_blanks(sample: Report, form: Form) -> None:
    book = opened(sample)
    shown = {cell.id: at(book, cell, form) for cell in form.cells.values()}
    assert {cell_id: value for cell_id, value in shown.items() if value is not None} == dict(sample.entries)
    assert sum(value is None for value in shown.values()) == 18


def test_a_total_of_its_details_is_a_formula_over_just_these_cells(full: Report, form: Form) -> None:
    book = opened(full, values=False)
    assert at(book, form.cells["requests.received.total"], form) == "=SUM(D5:I5)"
    assert at(book, form.cells["requests.handled.total.company"], form) == "=SUM(E7:E27)"
    assert at(book, form.cells["requests.handled.total.total"], form) == "=SUM(D28:I28)"
    assert at(book, form.cells["disputes.direct_suit.total"], form) == "=SUM(F5:I5)"
    formulas = [c for c in form.cells.values() if str(at(book, c, form)).startswith("=")]
    assert formulas == [c for c in form.cells.values() if c.is_total]


def test_a_typed_total_that_agrees_with_its_details_is_a_formula_too(full: Report, form: Form) -> None:
    total = form.cells["requests.received.total"]
    typed = full.with_entry(total.id, full.value(total.id))
    assert at(opened(typed, values=False), total, form) == "=SUM(D5:I5)"


def test_a_typed_total_that_disagrees_stays_the_number_that_the_report_says(full: Report, form: Form) -> None:
    total = form.cells["requests.received.total"]
    assert at(opened(full.with_entry(total.id, 7), values=False), total, form) == 7


def test_a_total_without_all_its_details_is_a_number_or_blank_and_never_a_formula(
    sample: Report, form: Form
) -> None:
    """A formula would add the blanks up to 0 and say something else than the report."""
    row = "requests.handled.granted"
    book = opened(sample, values=False)
    assert at(book, form.cells[f"{row}.total"], form) == 1
    book = opened(sample.with_entry(f"{row}.total", None), values=False)
    assert at(book, form.cells[f"{row}.total"], form) is None


@pytest.mark.parametrize(
    ("amount", "number_format"), [("0", "0"), ("0.0000", "0.0000"), ("12.50", "0.00"), ("3.125", "0.000")]
)
def test_an_amount_shows_the_decimals_that_were_typed(form: Form, amount: str, number_format: str) -> None:
    fees = form.cells["proactive.fees.amount"]
    sheet, where = address(fees, form)
    cell = opened(blank_report(form).with_entry(fees.id, Decimal(amount)))[sheet][where]
    assert (cell.value, cell.number_format) == (Decimal(amount), number_format)


@pytest.mark.parametrize("text", ["/", "-", "无", "=1+1", "+1", "@SUM(A1)"])
def test_a_text_in_a_cell_stays_a_text(form: Form, text: str) -> None:
    one = form.cells["requests.received.natural_person"]
    sheet, where = address(one, form)
    cell = opened(blank_report(form).with_entry(one.id, text), values=False)[sheet][where]
    assert (cell.value, cell.data_type) == (text, "s")
    assert bool(cell.quotePrefix) == (text[0] in "=+-@")


def test_an_amount_that_is_no_finite_number_is_written_as_a_text(form: Form) -> None:
    fees = form.cells["proactive.fees.amount"]
    book = opened(blank_report(form).with_entry(fees.id, Decimal("Infinity")))
    assert at(book, fees, form) == "Infinity"


# --- layout ---------------------------------------------------------------------------------------------------


def test_the_sheets_are_the_prose_and_the_three_tables(sample: Report) -> None:
    assert opened(sample).sheetnames == ["正文", "表二", "表三", "表四"]


def test_every_heading_is_merged_and_worded_as_printed(sample: Report, form: Form) -> None:
    book = opened(sample)
    for section in form.sections:
        if section.table is None:
            continue
        sheet, grid = book[f"表{section.number}"], section.table.grid()
        assert sheet["A1"].value == section.heading
        merged = {
            (r.min_row - 2, r.min_col - 1, r.size["rows"], r.size["columns"])
            for r in sheet.merged_cells.ranges
            if r.min_row > 1
        }
        expected = [p for p in grid.places if p.row_span * p.column_span > 1]
        assert merged == {(p.row, p.column, p.row_span, p.column_span) for p in expected}
        for place in grid.places:
            if place.cell is None:
                shown = str(sheet.cell(place.row + 2, place.column + 1).value or "")
                assert shown.replace("\n", "") == place.text  # narrow headings are broken between words


def test_every_table_prints_on_one_page_of_a4_and_the_prose_on_as_many_as_it_takes(sample: Report) -> None:
    for sheet in opened(sample).worksheets:
        assert int(sheet.page_setup.paperSize or 0) == 9
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.page_setup.fitToHeight == (0 if sheet.title == "正文" else 1)
        assert sheet.page_setup.orientation == "portrait"


def test_the_columns_of_every_sheet_are_as_wide_as_the_page(sample: Report) -> None:
    """At 8 pixels a digit and 96 dpi."""
    for sheet in opened(sample).worksheets:
        millimetres = sum(column.width for column in sheet.column_dimensions.values()) * 8 / 96 * 25.4
        assert 155 <= millimetres <= 173, sheet.title


@pytest.mark.parametrize(
    ("sheet", "pane", "titles"), [("表二", "B2", "$1:$1"), ("表三", "D5", "$1:$4"), ("表四", "A5", "$1:$4")]
)
def test_the_heads_stay_in_view_and_repeat_on_paper(
    sample: Report, sheet: str, pane: str, titles: str
) -> None:
    table = opened(sample)[sheet]
    assert (table.freeze_panes, table.print_title_rows) == (pane, titles)


def test_every_place_of_a_table_is_ruled_on_all_sides(sample: Report) -> None:
    for sheet in opened(sample).worksheets[1:]:
        for row in sheet.iter_rows(min_row=2):
            assert row[0].border.left.style == "medium"
            assert row[-1].border.right.style == "medium"
        for column in sheet.iter_cols(min_row=2):
            assert column[0].border.top.style == "medium"
            assert column[-1].border.bottom.style == "medium"


def test_fonts_are_those_of_official_documents(sample: Report) -> None:
    fonts = {
        cell.font.name
        for sheet in opened(sample).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert fonts == {"宋体", "黑体", "楷体"}


# --- prose ----------------------------------------------------------------------------------------------------


def test_the_prose_sheet_reads_like_the_report(sample: Report) -> None:
    assert prose(opened(sample)) == [
        "鲁山县人民政府办公室2022年政府信息公开工作年度报告",
        "一、总体情况",
        "\u3000\u30002022年以来，认真贯彻条例。",
        "\u3000\u3000（一）主动公开情况。发布信息4572条。",
        "二、主动公开政府信息情况",
        "\u3000\u3000（数据见工作表“表二”。）",
        "三、收到和处理政府信息公开申请情况",
        "\u3000\u3000均已按时办结。",
        "\u3000\u3000（数据见工作表“表三”。）",
        "四、政府信息公开行政复议、行政诉讼情况",
        "\u3000\u3000（数据见工作表“表四”。）",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
        "鲁山县人民政府办公室",
        "2023年1月16日",
    ]


def test_a_long_paragraph_takes_several_rows_and_loses_nothing(sample: Report) -> None:
    """A row of Excel is at most 409 points high: what is longer would not be seen."""
    text = (
        "（一）主动公开情况。"
        + "".join(f"第{n}项工作取得了新的进展，“群众满意”。" for n in range(80))
        + "没有句号" * 300
    )
    book = opened(sample.with_section("overview", text))
    rows = prose(book)
    rows = rows[2 : rows.index("二、主动公开政府信息情况")]
    assert len(rows) > 4
    assert "".join(rows).strip() == text
    assert all(row.endswith(("。", "”。")) for row in rows[:3])
    sheet = book["正文"]
    assert max(sheet.row_dimensions[row].height or 0 for row in range(1, sheet.max_row + 1)) < 409


def test_prose_that_looks_like_a_formula_stays_prose(sample: Report) -> None:
    title = '=HYPERLINK("x")'
    book = opened(sample.with_fields(own_title=title).with_section("overview", "=1+1"), values=False)
    assert prose(book)[0] == title
    assert prose(book)[2] == "\u3000\u3000=1+1"
    assert {cell.data_type for row in book["正文"].iter_rows() for cell in row if cell.value} == {"s"}


def test_characters_that_a_workbook_cannot_hold_become_blanks(sample: Report) -> None:
    book = opened(sample.with_fields(own_title="年\x0b报\ud800").with_section("overview", "甲\x00乙\ufffe"))
    assert prose(book)[0] == "年 报 "
    assert prose(book)[2] == "\u3000\u3000甲 乙"


def test_rare_characters_stay_as_they_are(sample: Report) -> None:
    assert prose(opened(sample.with_fields(own_title="㙍𬭎村")))[0] == "㙍𬭎村"


# --- the file -------------------------------------------------------------------------------------------------


def test_equal_reports_give_equal_bytes(sample: Report) -> None:
    again = sample.with_entry("requests.received.natural_person", 1).with_entry(
        "requests.received.natural_person", 30
    )
    assert again is not sample
    assert workbook_bytes(again) == workbook_bytes(sample)


def test_the_file_says_who_reports_and_nothing_of_the_machine_or_the_hour(sample: Report) -> None:
    with zipfile.ZipFile(BytesIO(workbook_bytes(sample))) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = parts["docProps/core.xml"]
    assert re.search(r"<dc:creator[^>]*>鲁山县人民政府办公室</dc:creator>", core)
    assert not re.search(r"created|modified|openpyxl", core)
    for place in (Path.cwd(), Path.home(), Path(gettempdir())):
        assert not any(f"{place}/" in text for text in parts.values())


def test_nothing_of_the_report_is_put_on_a_disk_in_between(
    sample: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "there is no such folder"))
    assert workbook_bytes(sample).startswith(b"PK")


def test_an_untouched_report_is_the_blank_form(form: Form) -> None:
    book = opened(blank_report(form))
    assert all(at(book, cell, form) is None for cell in form.cells.values())


def test_totals_are_numbers_for_whoever_does_not_calculate(full: Report) -> None:
    """The values lie beside their formulas: previews and protected views show them."""
    with zipfile.ZipFile(BytesIO(workbook_bytes(full))) as book:
        sheet = book.read("xl/worksheets/sheet3.xml").decode()
    assert len(re.findall(r"<f>SUM\([A-Z0-9:]+\)</f><v>[0-9]+</v>", sheet)) == 31
    assert "<v></v>" not in sheet
    assert "<v />" not in sheet


@pytest.fixture
def as_shown(tmp_path: Path) -> Callable[[Report], dict[str, list[list[str]]]]:
    """What LibreOffice shows of a report's workbook, by sheet."""

    def shown(report: Report) -> dict[str, list[list[str]]]:
        (tmp_path / "report.xlsx").write_bytes(workbook_bytes(report))
        options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"
        by_office(options, tmp_path, tmp_path / "report.xlsx")
        return {
            path.stem.rpartition("-")[2]: list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
            for path in tmp_path.glob("report-*.csv")
        }

    return shown


@pytest.mark.slow
@needs_office
def test_another_office_program_shows_every_figure(
    full: Report, form: Form, as_shown: Callable[[Report], dict[str, list[list[str]]]]
) -> None:
    sheets = as_shown(full)
    assert set(sheets) == {"正文", "表二", "表三", "表四"}
    for cell in form.cells.values():
        sheet, where = address(cell, form)
        column, row = ord(where[0]) - ord("A"), int(where[1:]) - 1
        assert sheets[sheet][row][column] == show_entry(full.value(cell.id)), cell.place


def test_a_note_stands_below_its_table_and_is_text_whatever_it_begins_with(form: Form) -> None:
    report = blank_report(form).with_fields(note_requests="注：含延期的3件。\n=1+1")
    sheet = opened(report)["表三"]
    table = form.section("requests").table
    assert table is not None
    first = 2 + table.grid().rows
    assert [sheet.cell(row, 1).value for row in (first, first + 1)] == ["注：含延期的3件。", "=1+1"]
    assert sheet.cell(first + 1, 1).data_type == "s"
