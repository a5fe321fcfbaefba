"""A template that somebody filled in comes back as a report, whatever its layout."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
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
from gxeditor.imports.recognize.report import Imported
from gxeditor.imports.source import RawTable
from gxeditor.mapping.placement import map_template
from gxeditor.resources import resource
from gxeditor.templates.plan import Template, plan
from gxeditor.templates.shelf import filled
from gxeditor.workbook.read import read_workbook
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


def filled_in(data: bytes, report: Report) -> bytes:
    package = Package.from_bytes(data)
    workbook = read_workbook(package)
    return filled(plan(Template(package, workbook, map_template(workbook, report.form)), [report]))


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


@settings(
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
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
    data = filled_in(rollup_bytes(form), full)
    file.write_bytes(data)
    imported = import_report(file, form)
    assert imported.report.agency == "鲁山县人民政府"
    assert dict(imported.report.entries) == dict(full.values)
    file.write_bytes(filled_in(data, full.with_fields(agency="鲁山县民政局")))
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
