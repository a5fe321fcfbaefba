"""A template that somebody filled in comes back as a report, whatever its layout."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Report, blank_report
from gxeditor.exports.blanks import form_bytes, rollup_bytes
from gxeditor.exports.excel import workbook_bytes
from gxeditor.files.package import Package
from gxeditor.imports.doors import import_report
from gxeditor.imports.formats import workbook as workbook_format
from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.imports.sheets import Contents, read_sheets
from gxeditor.imports.source import ManyUnits, RawTable
from gxeditor.mapping.placement import map_template
from gxeditor.resources import resource
from gxeditor.templates.plan import Template, plan
from gxeditor.templates.shelf import filled
from gxeditor.workbook.read import PlainCell, Workbook, read_workbook, sheet_of
from tests.reports import reports

SAMPLES = Path(__file__).parents[1] / "samples" / "templates"


@pytest.fixture
def full(form: Form) -> Report:
    details = [cell for cell in form.cells.values() if not cell.is_total]
    cells = {c.id: Decimal("12.5") if c.decimals else number for number, c in enumerate(details, 1)}
    return (
        blank_report(form, 2022)
        .with_fields(
            agency="鲁山县人民政府",
            kind=AgencyKind.GOVERNMENT,
            signature="鲁山县政府办",
            date="2023年1月16日",
        )
        .with_section("overview", "第一段。\n第二段。")
        .with_section("disputes", "没有。")
        .with_entries(cells)
    )


def filled_in(data: bytes, *reports: Report) -> bytes:
    """A template with the reports in it; of a list, one row for each."""
    package = Package.from_bytes(data)
    workbook = read_workbook(package)
    return filled(plan(Template(package, workbook, map_template(workbook, reports[0].form)), reports))


def test_the_form_that_somebody_filled_in_comes_back_whole(full: Report, form: Form, tmp_path: Path) -> None:
    file = tmp_path / "年报.xlsx"
    file.write_bytes(filled_in(form_bytes(form), full))
    imported = import_report(file, form)
    assert imported.notes == ()
    assert dict(imported.report.entries) == dict(full.values)
    assert len(imported.report.entries) == 200
    found, meant = imported.report, full
    for field in ("agency", "kind", "year", "title", "signature", "date", "sections"):
        assert getattr(found, field) == getattr(meant, field)
    assert imported.placed["requests.received.natural_person"].words == "“表三”D5"
    assert any(
        line.startswith("一、本年新收政府信息公开申请数量\t\t\t11\t12")
        for line in imported.source.lines.texts
    )


@pytest.mark.parametrize("name", ["full.xlsx", "full.xlsm", "V_sparse.xlsx"])
def test_a_foreign_template_that_was_filled_comes_back(
    name: str, full: Report, form: Form, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(filled_in((SAMPLES / name).read_bytes(), full))
    imported = import_report(file, form)
    assert dict(imported.report.entries) == dict(full.values)
    assert imported.report.agency == (full.agency if name != "V_sparse.xlsx" else imported.report.agency)


def read_back(report: Report, folder: Path) -> Imported:
    file = folder / "导出.xlsx"
    file.write_bytes(workbook_bytes(report))
    return import_report(file, report.form)


def whole(report: Report) -> Report:
    """The report with the totals that it shows: in a workbook all of them are figures."""
    return report.with_entries(report.values)


def test_our_own_workbook_comes_back_whole(full: Report, tmp_path: Path) -> None:
    imported = read_back(full, tmp_path)
    assert (imported.report, imported.notes) == (whole(full), ())
    sample = import_report(resource("samples/lushan-2022.txt"), full.form).report
    assert sum(map(len, sample.sections.values())) > 1000
    imported = read_back(sample, tmp_path)
    assert (imported.report, imported.notes) == (sample, ())


@settings(max_examples=12, derandomize=True)
@given(data=st.data())
def test_any_report_comes_back_whole_from_our_own_workbook(
    data: st.DataObject, form: Form, tmp_path: Path
) -> None:
    report = data.draw(reports(form))
    imported = read_back(report, tmp_path)
    assert imported.report == whole(report)
    assert not any(note.raw for note in imported.notes), "something of our own was not read"


def test_a_blank_template_is_a_blank_report(form: Form, tmp_path: Path) -> None:
    file = tmp_path / "空.xlsx"
    file.write_bytes(form_bytes(form))
    imported = import_report(file, form)
    assert (imported.report, imported.notes) == (blank_report(form), ())


def changed(data: bytes, change: Callable[[Worksheet], None], sheet: str, file: Path) -> Path:
    book = openpyxl.load_workbook(BytesIO(data))
    change(book[sheet])
    book.save(file)
    return file


def test_what_is_no_figure_is_left_out_with_a_note_and_a_dash_is_kept(form: Form, tmp_path: Path) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["D5"], sheet["E5"], sheet["F5"], sheet["G5"] = "约30件", -1, "/", 2.5

    imported = import_report(changed(form_bytes(form), write, "表三", tmp_path / "年报.xlsx"), form)
    assert dict(imported.report.entries) == {"requests.received.research": "/"}
    (negative, fraction, words, formulas) = imported.notes
    assert formulas.what.startswith("有 34 格是公式，文件里没有算好的数")  # openpyxl does not calculate
    assert (negative.origin.words, negative.what) == ("“表三”E5", "“-1”是负数。")
    assert (fraction.origin.words, fraction.what) == ("“表三”G5", "“2.5”不是整数。")
    assert (words.cells, words.done) == (("requests.received.natural_person",), "没有读入，留空。")
    assert "约30件" in words.what


def test_a_list_of_one_unit_is_its_report_and_of_several_is_none(
    full: Report, form: Form, tmp_path: Path
) -> None:
    file = tmp_path / "汇总.xlsx"
    rollup = resource("templates/rollup-2021.xlsx").read_bytes()
    file.write_bytes(filled_in(rollup, full))
    imported = import_report(file, form)
    assert imported.report.agency == "鲁山县人民政府"
    assert dict(imported.report.entries) == dict(full.values)
    later = filled_in(rollup_bytes(form, units=3), full)
    file.write_bytes(filled_in(later, full.with_fields(agency="鲁山县民政局")))
    with pytest.raises(UnreadableSource, match="是每个单位一行的汇总表，有 2 个单位"):
        import_report(file, form)


def test_what_a_workbook_does_not_have_is_said(form: Form, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "食堂菜谱"
    book.save(tmp_path / "别的.xlsx")
    imported = import_report(tmp_path / "别的.xlsx", form)
    assert imported.report == blank_report(form)
    assert [note.what for note in imported.notes] == ["没有认出年报的任何一格。"]


def test_every_visible_sheet_is_a_table_of_the_source(form: Form) -> None:
    source = workbook_format.read_workbook((SAMPLES / "full.xlsx").read_bytes(), "full.xlsx", form)
    tables = [block for block in source.blocks if isinstance(block, RawTable)]
    assert [table.origin.sheet for table in tables] == ["封面", "表二", "表三", "表四", "校验"]
    starts = [source.lines.at[table.origin] for table in tables]
    assert starts == sorted(set(starts))
    (corner,) = [cell for cell in tables[2].cells if cell.origin.words == "“表三”A2"]
    assert (corner.row_span, corner.column_span) == (3, 3)


def test_a_file_that_is_no_workbook_is_refused(form: Form, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes((SAMPLES / "full.xlsx").read_bytes()[:5000])
    with pytest.raises(UnreadableSource, match=r"“坏\.xlsx”已损坏"):
        import_report(tmp_path / "坏.xlsx", form)


# -------------------- words, and what went nowhere
def workbook_of(file: Path, **sheets: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def test_text_rows_are_paragraphs_under_their_headings(form: Form, tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        ("某县财政局2023年政府信息公开工作年度报告",),
        ("根据条例编制本报告。",),
        ("一、总体情况",),
        ("2023年，我局主动公开12条。",),
        ("（一）主动公开",),
        ("五、存在的主要问题及改进情况", "问题不少，要改。\n第二段。"),
        ("六、其他需要报告的事项",),
        ("无",),
        ("某县财政局",),
        ("2024年1月10日",),
    ]
    report = import_report(workbook_of(tmp_path / "文字.xlsx", 文字=rows), form).report
    assert (report.agency, report.year, report.kind) == ("某县财政局", 2023, AgencyKind.DEPARTMENT)
    assert (report.preamble, report.signature, report.date) == (
        "根据条例编制本报告。",
        "某县财政局",
        "2024年1月10日",
    )
    assert dict(report.sections) == {
        "overview": "2023年，我局主动公开12条。\n（一）主动公开",
        "problems": "问题不少，要改。\n第二段。",
        "other_matters": "无",
    }


def test_whatever_went_nowhere_is_told_with_its_sheet_and_cell(
    full: Report, form: Form, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(full)))
    book["正文"]["C2"] = "旁注：领导已阅"
    book["表三"]["M7"] = 77
    book["表三"]["D5"] = "约12件"
    book["表四"]["A9"] = "填报人：李四　电话：123456"
    book.create_sheet("备查")["B2"] = "受理登记123件"
    book.save(tmp_path / "改过.xlsx")
    imported = import_report(tmp_path / "改过.xlsx", form)
    assert dict(imported.report.sections) == dict(full.sections)
    left = next(note for note in imported.notes if note.where == "没有读入的内容")
    assert [(raw.origin.words, raw.text) for raw in left.raw] == [
        ("“正文”C2", "旁注：领导已阅"),
        ("“表三”M7", "77"),
        ("“表四”A9", "填报人：李四　电话：123456"),
        ("“备查”B2", "受理登记123件"),
    ]
    assert left.what.startswith("有 4 处没有读入：“正文”C2“旁注：领导已阅”、")
    words = next(note for note in imported.notes if note.cells == ("requests.received.natural_person",))
    assert words.origin.words == "“表三”D5"
    assert words.origin in imported.source.lines.at


def test_a_title_changed_in_excel_counts_more_than_what_the_file_remembers(
    full: Report, form: Form, tmp_path: Path
) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["A1"] = "鲁山县财政局2024年政府信息公开工作年度报告"

    report = import_report(changed(workbook_bytes(full), write, "正文", tmp_path / "改.xlsx"), form).report
    assert (report.agency, report.year, report.own_title) == ("鲁山县财政局", 2024, None)
    assert report.kind is AgencyKind.DEPARTMENT


# -------------------- several years, several units, hidden sheets
def copied(source: Worksheet, target: Worksheet, below: int = 0, more: int = 0) -> int:
    """Puts the cells of a sheet into another, so many rows below and each figure larger by `more`; the rows taken."""
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None:
                value = cell.value + more if isinstance(cell.value, int) else cell.value
                target.cell(cell.row + below, cell.column, value)
    for merge in source.merged_cells.ranges:
        target.merge_cells(
            start_row=merge.min_row + below,
            end_row=merge.max_row + below,
            start_column=merge.min_col,
            end_column=merge.max_col,
        )
    return below + source.max_row + 1


@pytest.fixture(scope="module")
def tables(form: Form) -> list[Worksheet]:
    """The three tables of the form, every detail with a figure of its own from 100 on."""
    details = [cell.id for cell in form.cells.values() if not cell.is_total]
    report = blank_report(form, 2022).with_entries(
        {i: Decimal(n) if form.cells[i].decimals else n for n, i in enumerate(details, 100)}
    )
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(report)), data_only=True)
    return [sheet for sheet in book.worksheets if sheet.title.startswith("表")]


def years_in_sheets(tables: list[Worksheet]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for year, more in ((2021, 1000), (2022, 0)):
        for table in tables:
            copied(table, book.create_sheet(f"{year}年{table.title}"), 0, more)
    return book


def years_in_titles(tables: list[Worksheet]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for year, more in ((2022, 0), (2021, 1000)):
        sheet = book.create_sheet()
        sheet["A1"] = f"某县财政局{year}年政府信息公开工作年度报告"
        sheet["A2"] = "一、总体情况"
        sheet["A3"] = f"{year}年，我局认真落实条例，主动公开政府信息。"
        below = 4
        for table in tables:
            below = copied(table, sheet, below, more)
    return book


def years_below_each_other(tables: list[Worksheet]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    below = 0
    for year, more in ((2021, 1000), (2022, 0)):
        for table in tables:
            sheet.cell(below + 1, 1, f"{year}年{table['A1'].value}")
            below = copied(table, sheet, below + 1, more)
    return book


@pytest.mark.parametrize("build", [years_in_sheets, years_in_titles, years_below_each_other])
def test_of_several_years_the_latest_is_read_or_the_one_that_is_asked_for(
    build: Callable[[list[Worksheet]], openpyxl.Workbook], tables: list[Worksheet], form: Form
) -> None:
    file = BytesIO()
    build(tables).save(file)
    for asked, year, first in ((None, 2022, 100), (2021, 2021, 1100), (2022, 2022, 100), (2019, 2022, 100)):
        source = workbook_format.read_workbook(file.getvalue(), "几年.xlsx", form, year=asked)
        assert source.years == (2021, 2022)
        found = recognize(source, form)
        details = [int(str(found.report.entries[c.id])) for c in form.cells.values() if not c.is_total]
        assert details == list(range(first, first + len(details)))
        assert found.report.year == year
        assert str(year) in found.report.sections.get("overview", str(year))
        (told,) = [note for note in found.notes if note.where == "年份"]
        assert told.what == "这个文件里有 2021 和 2022 两年的表。"
        assert told.done.startswith(f"读的是 {year} 年")
        assert not any(note.where == "没有读入的内容" for note in found.notes)


def test_years_that_are_only_mentioned_divide_nothing(tables: list[Worksheet], form: Form) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(("某县财政局2022年政府信息公开工作年度报告",))
    sheet.append(("根据2019年修订的条例编制，2021年以来",))
    below = 3
    for table in tables:
        below = copied(table, sheet, below, 1900)
    file = BytesIO()
    book.save(file)
    source = workbook_format.read_workbook(file.getvalue(), "一年.xlsx", form)
    assert (source.years, source.notes) == ((), ())
    assert len(recognize(source, form).report.entries) == 200


def test_a_year_without_figures_is_not_the_latest(tables: list[Worksheet], form: Form) -> None:
    book = years_in_sheets(tables)
    for table in tables:
        sheet = book.create_sheet(f"2023年{table.title}")
        copied(table, sheet)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, (int, float)):
                    cell.value = None
    file = BytesIO()
    book.save(file)
    source = workbook_format.read_workbook(file.getvalue(), "几年.xlsx", form)
    assert source.years == (2021, 2022, 2023)
    assert recognize(source, form).report.year == 2022


def test_hidden_sheets_are_read_only_if_no_other_has_the_form(tables: list[Worksheet], form: Form) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "请看说明"
    for table in tables:
        sheet = book.create_sheet(table.title)
        copied(table, sheet)
        sheet.sheet_state = "hidden"
    file = BytesIO()
    book.save(file)
    only = recognize(workbook_format.read_workbook(file.getvalue(), "藏.xlsx", form), form)
    assert len(only.report.entries) == 200
    assert [note.severity for note in only.source.notes] == ["doubt"]
    for table in tables:
        copied(table, book.create_sheet(f"{table.title}新"), 0, 1000)
    file = BytesIO()
    book.save(file)
    other = recognize(workbook_format.read_workbook(file.getvalue(), "藏.xlsx", form), form)
    assert min(int(str(value)) for value in other.report.entries.values()) >= 1000
    assert [(note.severity, note.done) for note in other.source.notes] == [("info", "没有读隐藏的工作表。")]


def test_the_line_of_a_list_or_the_sheets_of_a_unit_are_read_if_it_is_asked_for(
    full: Report, tables: list[Worksheet], form: Form
) -> None:
    later = full.with_fields(agency="鲁山县民政局").with_entries(
        {c.id: 7 for c in form.cells.values() if not c.is_total and not c.decimals}
    )
    listed = filled_in(rollup_bytes(form, units=3), full, later)
    sheets = openpyxl.Workbook()
    sheets.remove(sheets.worksheets[0])
    for unit, more in (("县财政局", 0), ("县教育局", 1000)):
        for table in tables:
            copied(table, sheets.create_sheet(f"{unit}{table.title}"), 0, more)
    file = BytesIO()
    sheets.save(file)
    for data, units in (
        (listed, ("鲁山县人民政府", "鲁山县民政局")),
        (file.getvalue(), ("县财政局", "县教育局")),
    ):
        for unit in ("", "没有的单位"):
            if data is listed or not unit:
                with pytest.raises(ManyUnits, match=units[0]) as refused:
                    workbook_format.read_workbook(data, "汇总.xlsx", form, unit=unit)
                assert refused.value.units == units
        found = recognize(workbook_format.read_workbook(data, "汇总.xlsx", form, unit=units[1]), form)
        assert found.report.agency == units[1]
        counts = [
            found.report.entries[c.id] for c in form.cells.values() if not c.is_total and not c.decimals
        ]
        assert set(counts) == {7} if data is listed else min(map(int, map(str, counts))) >= 1100
        told = [raw.text for note in found.notes if note.where == "没有读入的内容" for raw in note.raw]
        assert not any(map(str.isdigit, told)), "another unit's figures are no remainder of this one's report"


# -------------------- odd layouts
def test_a_sheet_called_as_a_section_holds_its_prose(form: Form, tmp_path: Path) -> None:
    overview: list[tuple[object, ...]] = [("全年公开12条。",)]
    problems: list[tuple[object, ...]] = [("问题不少，要改。",)]
    sheets = {"一、总体情况": overview, "五、存在的主要问题及改进情况": problems}
    file = workbook_of(tmp_path / "文字.xlsx", **sheets)
    assert dict(import_report(file, form).report.sections) == {
        "overview": "全年公开12条。",
        "problems": "问题不少，要改。",
    }


def test_errors_of_formulas_are_left_out_and_told(full: Report, form: Form, tmp_path: Path) -> None:
    data = filled_in(form_bytes(form), full)
    package = Package.from_bytes(data)
    part = read_workbook(package).sheet("表三").part
    sheet = package.read(part)
    cell = re.search(rb'<c r="E5"[^>]*>.*?</c>', sheet)
    assert cell is not None
    hurt = sheet.replace(cell[0], b'<c r="E5" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    (tmp_path / "错.xlsx").write_bytes(package.replaced({part: hurt}))
    found = import_report(tmp_path / "错.xlsx", form)
    assert "requests.received.commercial" not in found.report.entries
    assert len(found.report.entries) >= 198
    assert any("#DIV/0!" in note.what for note in found.notes)


def test_two_sheets_of_one_name_are_told_apart(form: Form) -> None:
    sheets = tuple(sheet_of("表", [PlainCell(0, 0, text)]) for text in ("甲", "乙"))
    source = read_sheets(Contents(Workbook(sheets), "表格"), "x", form)
    tables = [block for block in source.blocks if isinstance(block, RawTable)]
    assert [(table.origin.sheet, table.cells[0].text) for table in tables] == [("表", "甲"), ("表 (2)", "乙")]


def test_what_stands_beside_a_slip_of_the_pen_is_offered_and_not_read(form: Form, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(BytesIO(form_bytes(form)))
    asked = map_template(read_workbook(Package.from_bytes(form_bytes(form))), form).targets
    ids = [one for one in form.cells if one.startswith("requests.received.")]
    for number, one in enumerate(ids, 11):
        workbook[asked[one].sheet][asked[one].ref] = number
    slipped = next(
        cell
        for row in workbook[asked[ids[0]].sheet].iter_rows()
        for cell in row
        if str(cell.value).startswith("一、本年新收")
    )
    slipped.value = "一、本年新收政俯信息公开申请数量"
    workbook.save(tmp_path / "年报.xlsx")
    imported = import_report(tmp_path / "年报.xlsx", form)
    assert not any(one in imported.report.entries for one in ids)
    (note,) = (note for note in imported.notes if note.offers)
    assert "政俯" in note.what
    assert {one for one, _ in note.offers} >= {one for one in ids if not form.cells[one].is_total}
    assert all(text == str(11 + ids.index(one)) for one, text in note.offers)


def test_a_note_below_the_figures_of_a_foreign_sheet_is_the_table_s_and_a_remark_on_filling_in_is_told(
    tables: list[Worksheet], form: Form
) -> None:
    book = openpyxl.Workbook()
    for table in tables:
        sheet = book.create_sheet(table.title)
        copied(table, sheet)
        sheet.cell(sheet.max_row + 1, 1).value = f"注：{table.title}按结案时间统计。"
        sheet.cell(sheet.max_row + 1, 1).value = "注：本表由各单位填报，不得为空。"
    file = BytesIO()
    book.save(file)
    read = recognize(workbook_format.read_workbook(file.getvalue(), "别人的.xlsx", form), form)
    assert [text for _, text in read.report.notes] == [
        f"注：{table.title}按结案时间统计。" for table in tables
    ]
    assert len(read.report.entries) == 200
    said = " ".join(note.what for note in read.notes)
    assert "不得为空" in said
    assert "结案时间" not in said


def test_each_unit_of_a_list_is_read_as_if_it_were_alone(full: Report, form: Form) -> None:
    others = [
        full.with_fields(agency=f"鲁山县{name}").with_entries(
            {c.id: number for c in form.cells.values() if not c.is_total and not c.decimals}
        )
        for number, name in ((7, "民政局"), (9, "财政局"))
    ]
    data = filled_in(rollup_bytes(form, units=4), full, *others)
    with pytest.raises(ManyUnits) as refused:
        workbook_format.read_workbook(data, "汇总.xlsx", form)
    assert refused.value.each is not None
    found = {unit: recognize(source, form) for unit, source in refused.value.each()}
    assert list(found) == [one.agency for one in (full, *others)]
    for report in (full, *others):
        alone = recognize(workbook_format.read_workbook(data, "汇总.xlsx", form, unit=report.agency), form)
        assert found[report.agency].report == alone.report
        assert dict(alone.report.entries) == dict(report.values)


def test_who_gets_the_refusal_in_another_process_gets_no_reader_with_it(full: Report, form: Form) -> None:
    data = filled_in(rollup_bytes(form, units=3), full, full.with_fields(agency="鲁山县民政局"))
    with pytest.raises(ManyUnits) as refused:
        workbook_format.read_workbook(data, "汇总.xlsx", form)
    sent = pickle.loads(pickle.dumps(refused.value))
    assert (sent.units, sent.each, str(sent)) == (refused.value.units, None, str(refused.value))
