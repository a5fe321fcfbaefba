"""What goes where in a foreign workbook, what is said of it, and that the filled one otherwise stays what it was."""

from __future__ import annotations

import json
import re
import sys
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report, show_entry
from gxeditor.files.package import Package
from gxeditor.mapping.placement import Doubt, Target, TemplateMap, UnitLines, map_template
from gxeditor.templates.plan import Filling, Template, UnitLine, plan
from gxeditor.templates.shelf import filled
from gxeditor.workbook.read import Workbook, open_workbook, read_workbook
from tests.office import by_office, needs_office

SAMPLES = Path(__file__).parents[1] / "samples" / "templates"
ONE, TWO, SUM = "requests.received.natural_person", "requests.received.company", "requests.received.total"
FEES = "proactive.fees.amount"


@pytest.fixture
def full(form: Form) -> Report:
    """Every detail has a figure of its own, so that a swap would show; totals are automatic."""
    details = [cell for cell in form.cells.values() if not cell.is_total]
    cells = {c.id: Decimal("1234.5600") if c.decimals else number for number, c in enumerate(details, 1)}
    return blank_report(form, 2023).with_fields(agency="鲁山县教育体育局").with_entries(cells)


def truth(name: str, *, up: int = 0) -> tuple[Target, ...]:
    """Where the cells of a sample template are, `up` rows above what its list says."""
    listed = json.loads((SAMPLES / f"{name}.map.json").read_text(encoding="utf-8"))
    return tuple(
        Target(cell_id, sheet, re.sub("[0-9]+", lambda row: str(int(row[0]) - up), ref), "stored")
        for cell_id, (sheet, ref) in listed.items()
    )


def template(data: bytes, *places: Target, units: UnitLines | None = None, zero: bool = False) -> Template:
    package = Package.from_bytes(data, "“模板.xlsx”")
    kind = "row_per_unit" if units is not None else "sheets"
    lines = (units,) if units is not None else ()
    mapped = TemplateMap("row_per_unit" if lines else "sheets", places, (), (), "1", lines, zero)
    assert mapped.kind == kind
    return Template(package, read_workbook(package), mapped)


def sample(name: str = "full.xlsx") -> Template:
    return template((SAMPLES / name).read_bytes(), *truth(name.partition(".")[0]))


def built(draw: Callable[[Worksheet], None]) -> bytes:
    """A workbook with one sheet “表”."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    draw(sheet)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def at(cell_id: str, ref: str, pattern: str = "") -> Target:
    return Target(cell_id, "表", ref, "stored", pattern=pattern)


def opened(data: bytes, *, values: bool = True) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl would lose
        return openpyxl.load_workbook(BytesIO(data), data_only=values)


def shown(data: bytes) -> Worksheet:
    return opened(data).worksheets[0]


def told(filling: Filling) -> list[str]:
    return [remark.text for remark in filling.remarks]


# --- fidelity -------------------------------------------------------------------------------------------------

_CELL = re.compile(rb"<c(?:\s[^>]*)?/>|<c(?:\s[^>]*)?>.*?</c>", re.DOTALL)


@pytest.mark.parametrize("name", ["full.xlsx", "full.xlsm"])
def test_only_the_values_of_cells_change_part_by_part(name: str, full: Report) -> None:
    """Drawings, controls, macros, validations, comments, shared strings … stay, compressed bytes and all."""
    before = (SAMPLES / name).read_bytes()
    filling = plan(sample(name), [full])
    after = filled(filling)
    old, new = zipfile.ZipFile(BytesIO(before)), zipfile.ZipFile(BytesIO(after))
    assert [info.filename for info in old.infolist()] == [info.filename for info in new.infolist()]
    changed = {info.filename for info in old.infolist() if old.read(info) != new.read(info.filename)}
    assert changed == {f"xl/worksheets/sheet{number}.xml" for number in (2, 3, 4, 5)}
    for was, now in zip(old.infolist(), new.infolist(), strict=True):
        kept = (
            "date_time",
            "compress_type",
            "external_attr",
            "create_system",
            "extra",
            "comment",
            "flag_bits",
        )
        assert [getattr(was, one) for one in kept] == [getattr(now, one) for one in kept]
        if was.filename not in changed:
            packed = before[was.header_offset : was.header_offset + was.compress_size + 30]
            assert after[now.header_offset : now.header_offset + len(packed)] == packed
    for part in changed:
        was_xml, now_xml = old.read(part), new.read(part)
        assert _CELL.split(was_xml) == _CELL.split(now_xml)
        for one, other in zip(_CELL.findall(was_xml), _CELL.findall(now_xml), strict=True):
            formulas = [re.findall(rb"<f.*?</f>|<f[^>]*/>", cell) for cell in (one, other)]
            assert formulas[0] == formulas[1]
            bare = [re.sub(rb' t="str"|<v>[^<]*</v>', b"", cell) for cell in (one, other)]
            assert bare[0].replace(b"></c>", b"/>") == bare[1].replace(b"></c>", b"/>")


def test_every_figure_stands_in_its_cell_and_every_total_shows_the_right_result(full: Report) -> None:
    filling = plan(sample(), [full])
    book = opened(filled(filling))
    for target in filling.template.map.places:
        value = book[target.sheet][target.ref].value
        assert float(str(value)) == float(str(full.value(target.id))), target.id
    assert filling.count == 166
    assert filling.differences == ()


def test_formulas_stay(full: Report) -> None:
    def formulas(data: bytes) -> dict[str, str]:
        return {
            f"{sheet.title}!{cell.coordinate}": str(getattr(cell.value, "text", cell.value))
            for sheet in opened(data, values=False).worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }

    before = formulas((SAMPLES / "full.xlsx").read_bytes())
    assert len(before) == 43
    assert formulas(filled(plan(sample(), [full]))) == before


def test_an_unfilled_plan_is_the_template_to_the_last_byte(form: Form) -> None:
    data = built(lambda sheet: None)
    assert filled(plan(template(data, at(ONE, "B2")), [blank_report(form)])) == data


def recalculated(data: bytes, folder: Path) -> Workbook:
    """What LibreOffice gets: it trusts the results in a file, so they are taken out first."""
    package = Package.from_bytes(data)
    result = re.compile(rb"((?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>))<v>[^<]*</v>")
    parts = {
        sheet.part: result.sub(rb"\1", package.read(sheet.part)) for sheet in read_workbook(package).sheets
    }
    (folder / "填好.xlsx").write_bytes(package.replaced(parts))
    made = by_office("xlsx", folder / "out", folder / "填好.xlsx")
    return read_workbook(Package.from_bytes(made.read_bytes()))


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("name", ["full.xlsx", "full.xlsm"])
def test_stored_totals_are_what_libreoffice_recalculates(name: str, full: Report, tmp_path: Path) -> None:
    data = filled(plan(sample(name), [full]))
    ours, theirs = read_workbook(Package.from_bytes(data)), recalculated(data, tmp_path)
    count = 0
    for sheet in ours.sheets:
        for spot in sheet.formulas:
            count += 1
            found = theirs.sheet(sheet.name).value(*spot)
            expected = pytest.approx(found, rel=1e-12) if isinstance(found, float) else found
            assert sheet.value(*spot) == expected, (sheet.name, spot)
    assert count == 45


# --- odd but good workbooks -----------------------------------------------------------------------------------


def prefixed(xml: bytes) -> bytes:
    xml = re.sub(rb"<(/?)(?=[A-Za-z])(?![\w]+:)", rb"<\1x:", xml)
    return xml.replace(
        b'xmlns="http://schemas.openxmlformats.org/spread',
        b'xmlns:x="http://schemas.openxmlformats.org/spread',
    )


def without_references(xml: bytes) -> bytes:
    """Only good for sheets that leave no cell out."""
    return re.sub(rb'(<(?:c|row)) r="[A-Z]*[0-9]+"', rb"\1", xml)


def strict(xml: bytes) -> bytes:
    ours, theirs = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    return xml.replace(ours, theirs).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def changed(data: bytes, parts: str, change: Callable[[bytes], bytes]) -> bytes:
    package = Package.from_bytes(data)
    return package.replaced(
        {part: change(package.read(part)) for part in package.parts if re.fullmatch(parts, part)}
    )


def in_utf16(xml: bytes) -> bytes:
    return xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")


@pytest.mark.parametrize(
    ("parts", "change"),
    [
        (r"xl/worksheets/sheet[2-5]\.xml", prefixed),
        (r"xl/worksheets/sheet[2-5]\.xml", in_utf16),
        (r"xl/worksheets/sheet[34]\.xml", without_references),
        (r"(?:xl/.*|_rels/.*)\.(?:xml|rels)", strict),
        (r"xl/styles\.xml", lambda xml: xml.replace(b'<family val="2"/>', b'<family val="34"/>')),
    ],
    ids=["prefixed", "utf-16", "no references", "strict", "a font family that openpyxl refuses"],
)
def test_odd_workbooks_fill_as_well(parts: str, change: Callable[[bytes], bytes], full: Report) -> None:
    before = (SAMPLES / "full.xlsx").read_bytes()
    odd = changed(before, parts, change)
    assert odd != before
    book = read_workbook(Package.from_bytes(filled(plan(template(odd, *truth("full")), [full]))))
    for target in truth("full"):
        assert float(str(book.sheet(target.sheet).value(*target.place))) == float(str(full.value(target.id)))


def test_two_hundred_cells_that_the_file_leaves_out_are_made(full: Report, form: Form) -> None:
    data = filled(plan(sample("V_sparse.xlsx"), [full]))
    book = opened(data)
    for target in truth("V_sparse"):
        assert float(str(book[target.sheet][target.ref].value)) == float(str(full.value(target.id)))


@pytest.mark.slow
@needs_office
def test_libreoffice_shows_the_figures_in_cells_that_were_made(full: Report, tmp_path: Path) -> None:
    book = recalculated(filled(plan(sample("V_sparse.xlsx"), [full])), tmp_path)
    for target in truth("V_sparse"):
        assert book.sheet(target.sheet).value(*target.place) == float(str(full.value(target.id)))


# --- what is written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "expected", "kind"),
    [
        (0, 0, "n"),
        (12, 12, "n"),
        (Decimal("12.5000"), 12.5, "n"),
        ("/", "/", "s"),
        ("=1+1", "=1+1", "s"),
        ("-", "-", "s"),
    ],
)
def test_an_entry_is_a_number_or_a_text_and_never_a_formula(
    entry: Entry, expected: object, kind: str, form: Form
) -> None:
    cell_id = FEES if isinstance(entry, Decimal) else ONE
    data = filled(
        plan(
            template(built(lambda s: None), at(cell_id, "B2")),
            [blank_report(form).with_entry(cell_id, entry)],
        )
    )
    cell = opened(data, values=False).worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == (expected, kind)


def test_a_blank_makes_the_cell_blank_or_zero_as_the_map_says(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["B2"], sheet["B3"], sheet["B4"] = 7, "/", "{{requests.received.research}}"

    places = (at(ONE, "B2"), at(TWO, "B3"), at("requests.received.research", "B4"))
    sheet = shown(filled(plan(template(built(draw), *places), [blank_report(form)])))
    assert [sheet[ref].value for ref in ("B2", "B3", "B4")] == [None, "/", None]
    sheet = shown(filled(plan(template(built(draw), *places, zero=True), [blank_report(form)])))
    assert [sheet[ref].value for ref in ("B2", "B3", "B4")] == [0, 0, 0]


def test_fields_and_prose_go_where_the_template_asks_for_them(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["A1"] = (
            "填报单位：{{report.agency}}（{{report.year}}年，新收 {{requests.received.natural_person}} 件）"
        )
        sheet["B2"], sheet["B3"], sheet["B4"] = "旧", 1, 1
        sheet["B4"].number_format = 'yyyy"年"m"月"d"日"'
        sheet["B6"] = "张三"

    report = (
        blank_report(form, 2023)
        .with_fields(agency="鲁山县教育体育局", date="2024年1月16日", signature="鲁山县教体局")
        .with_section("overview", "第一段。\n=第二段")
        .with_entry(ONE, 3)
    )
    pattern = "填报单位：{{report.agency}}（{{report.year}}年，新收 {{requests.received.natural_person}} 件）"
    places = (
        *(at(one, "A1", pattern) for one in ("report.agency", "report.year", ONE)),
        at("report.title", "B2"),
        at("report.year", "B3"),
        at("report.date", "B4"),
        at("section.overview", "B5"),
        at("report.filler", "B6"),
        at("section.problems", "B7"),
        at("report.signature", "B8"),
        at("report.date", "B9"),
    )
    sheet = shown(filled(plan(template(built(draw), *places), [report])))
    assert [sheet[f"B{row}"].value for row in (2, 3, 5, 6, 7, 8, 9)] == [
        "鲁山县教育体育局2023年政府信息公开工作年度报告",
        2023,
        "第一段。\n=第二段",
        "张三",
        None,
        "鲁山县教体局",
        "2024年1月16日",
    ]
    assert str(sheet["B4"].value) == "2024-01-16 00:00:00"
    assert sheet["A1"].value == "填报单位：鲁山县教育体育局（2023年，新收 3 件）"


def test_a_merged_cell_is_written_where_it_begins(form: Form) -> None:
    data = built(lambda sheet: sheet.merge_cells("B2:D4"))
    sheet = shown(filled(plan(template(data, at(ONE, "C3")), [blank_report(form).with_entry(ONE, 5)])))
    assert (sheet["B2"].value, sheet["C3"].value) == (5, None)


def test_two_things_for_one_cell_are_refused(form: Form) -> None:
    report = blank_report(form).with_entry(ONE, 5).with_entry(TWO, 6)
    filling = plan(
        template(built(lambda sheet: sheet.merge_cells("B2:C2")), at(ONE, "B2"), at(TWO, "C2")), [report]
    )
    assert [remark.refused for remark in filling.remarks] == [True, True]
    assert "对应到同一格 “表”B2，没有填写" in told(filling)[0]
    assert shown(filled(filling))["B2"].value is None


def test_a_text_too_long_for_a_cell_is_refused(form: Form) -> None:
    report = blank_report(form).with_section("overview", "长" * 32_768)
    filling = plan(template(built(lambda sheet: None), at("section.overview", "B2")), [report])
    assert told(filling) == ["“一、总体情况”有 32768 字，一格最多容纳 32767 字，没有填入 “表”B2。"]
    assert shown(filled(filling))["B2"].value is None


def test_a_text_that_its_row_cannot_show_is_pointed_out(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet.column_dimensions["B"].width = 40
        sheet.row_dimensions[2].height = sheet.row_dimensions[3].height = 60
        sheet.merge_cells("B3:C5")

    report = blank_report(form).with_section("overview", "二十个字一行，六十磅高的行里放得下四行。" * 6)
    places = (at("section.overview", "B2"), at("section.overview", "B3"), at("section.overview", "B6"))
    filling = plan(template(built(draw), *places), [report])
    assert told(filling) == ["“一、总体情况”有 120 字，“表”B2的行高不够，打印时会显示不全。"]
    fitting = report.with_section("overview", "二十个字一行，六十磅高的行里放得下四行。" * 4)
    assert told(plan(template(built(draw), *places), [fitting])) == []


def test_what_the_template_has_no_cell_for_is_said(form: Form) -> None:
    report = blank_report(form).with_entry(ONE, 5).with_entry(TWO, 0)
    one = template(built(lambda sheet: None), at("report.year", "A1"))
    doubt = Doubt(TWO, (at(TWO, "B2"), at(TWO, "C2")), "有两格都像。")
    one = replace(
        one, map=replace(one.map, missing=(ONE, TWO, "requests.received.research"), doubtful=(doubt,))
    )
    filling = plan(one, [report])
    assert told(filling) == [
        "“一、本年新收 · 商业企业”没有填写：有两格都像。",
        "模板里没有“一、本年新收 · 自然人”的格子，没有填写。",
    ]
    assert all(remark.refused and remark.place is None for remark in filling.remarks)


def test_a_workbook_without_a_known_cell_is_refused(form: Form) -> None:
    with pytest.raises(GxError, match="没有认出年报的任何一格"):
        plan(template(built(lambda sheet: None)), [blank_report(form)])
    one = template(built(lambda sheet: None))
    doubt = Doubt(ONE, (), "有两张表，分不清填哪一张。")
    with pytest.raises(GxError, match="存疑 1 处：有两张表，分不清填哪一张。没有写出"):
        plan(replace(one, map=replace(one.map, doubtful=(doubt,))), [blank_report(form)])


# --- what a template refuses ----------------------------------------------------------------------------------


def test_a_locked_cell_with_a_text_keeps_it_and_a_blank_one_is_filled_with_a_word(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["B2"], sheet["B3"] = "省里填好的", None
        sheet["B4"].protection = Protection(locked=False)
        sheet.protection.enable()

    report = blank_report(form).with_entries({ONE: 5, TWO: 6, "requests.received.research": 7})
    places = (at(ONE, "B2"), at(TWO, "B3"), at("requests.received.research", "B4"))
    filling = plan(template(built(draw), *places), [report])
    assert told(filling) == [
        "“表”B2被模板锁定，已有“省里填好的”，没有改成“5”。",
        "“表”B3被模板锁定，在 Excel 里不能手填；已按对应关系填入。",
    ]
    sheet = shown(filled(filling))
    assert [sheet[f"B{row}"].value for row in (2, 3, 4)] == ["省里填好的", 6, 7]


@pytest.mark.parametrize(
    ("options", "entry", "said"),
    [
        (
            {"type": "whole", "operator": "between", "formula1": "0", "formula2": "10"},
            11,
            "（只接受0 至 10 之间的整数）",
        ),
        ({"type": "whole", "operator": "between", "formula1": "0", "formula2": "10"}, 10, None),
        (
            {"type": "whole", "operator": "greaterThanOrEqual", "formula1": "0"},
            "/",
            "（只接受不小于 0 的整数）",
        ),
        ({"type": "decimal", "operator": "lessThan", "formula1": "$D$1"}, 5, "（只接受小于 $D$1 的数）"),
        ({"type": "decimal", "operator": "lessThan", "formula1": "$D$1"}, 4, None),
        ({"type": "list", "formula1": '"1,2,/"'}, 3, "（只接受 1、2、/）"),
        ({"type": "list", "formula1": '"1,2,/"'}, "/", None),
        ({"type": "list", "formula1": "$D$1:$D$2"}, 5, None),
        ({"type": "list", "formula1": "$D$1:$D$2"}, 7, ""),
        (
            {"type": "textLength", "operator": "lessThanOrEqual", "formula1": "2"},
            100,
            "（只接受不大于 2 的字数）",
        ),
        ({"type": "custom", "formula1": "MOD(B1,2)=0"}, 3, ""),
        ({"type": "custom", "formula1": "MOD(B1,2)=0"}, 4, None),
    ],
)
def test_a_value_that_a_validation_rejects_is_written_and_said(
    options: Any, entry: Entry, said: str | None, form: Form
) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["D1"], sheet["D2"] = 5, 6
        validation = DataValidation(**options)
        validation.add("B1:B9")
        sheet.add_data_validation(validation)

    filling = plan(template(built(draw), at(ONE, "B2")), [blank_report(form).with_entry(ONE, entry)])
    # The rule of a custom validation is written for B1 and means B2 here.
    expected = [] if said is None else [f"“表”B2的数据有效性不接受“{entry}”{said}，已照填。"]
    assert told(filling) == expected
    assert shown(filled(filling))["B2"].value == entry


def test_a_validation_that_cannot_be_checked_is_said(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        validation = DataValidation(type="custom", formula1="ISNUMBER(FIND(1,B2))")
        validation.add("B2:B3")
        sheet.add_data_validation(validation)

    report = blank_report(form).with_entries({ONE: 5, TWO: 6})
    filling = plan(template(built(draw), at(ONE, "B2"), at(TWO, "B3")), [report])
    assert told(filling) == ["“表”B2等 2 格另有数据有效性规则，本程序没有核对。"]


@pytest.mark.parametrize(
    ("code", "amount", "said"),
    [
        ("0.00", "12.5", None),
        ("0.00", "12.3456", "只显示 2 位小数"),
        ("0", "12.5", "不显示小数"),
        ("0", "12.0", None),
        ("#,##0.0000_ ", "12.3456", None),
        ("General", "12.3456", None),
        ("@", "12.3456", None),
        ("0.0%", "12.5", "把数显示成百分比"),
        ("yyyy-mm-dd", "12", "把数显示成日期"),
        (";;;", "12", "不显示数"),
        ("0.00,", "12", "把数缩小后显示"),
        ('0.00"万元"', "12.5", None),
    ],
)
def test_a_format_that_shows_something_else_is_said(
    code: str, amount: str, said: str | None, form: Form
) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["B2"].number_format = code

    report = blank_report(form).with_entry(FEES, Decimal(amount))
    filling = plan(template(built(draw), at(FEES, "B2")), [report])
    shown_amount = show_entry(Decimal(amount).normalize())
    assert told(filling) == (
        [] if said is None else [f"“表”B2的格式{said}，填入的数是 {shown_amount}（行政事业性收费）。"]
    )
    assert filled(filling)


# --- formulas -------------------------------------------------------------------------------------------------


def with_total(sheet: Worksheet) -> None:
    sheet["D2"] = "=SUM(B2:C2)"
    sheet["E2"] = '=IF(D2=10,"正确","错误")'


TOTALS = (at(ONE, "B2"), at(TWO, "C2"), at(SUM, "D2"))


def test_a_total_of_the_template_is_compared_and_its_result_stored(form: Form) -> None:
    report = blank_report(form).with_entries({ONE: 4, TWO: 6, SUM: 11})
    filling = plan(template(built(with_total), *TOTALS), [report])
    (difference,) = filling.differences
    assert (difference.theirs, difference.ours) == (10, 11)
    name = "一、本年新收 · 总计"
    assert difference.text == f"“表”D2由模板算得 10，年报为 11（{name}），相差 1。"
    data = filled(filling)
    assert (shown(data)["D2"].value, shown(data)["E2"].value) == (10, "正确")
    assert opened(data, values=False).worksheets[0]["D2"].value == "=SUM(B2:C2)"


def test_a_check_of_the_template_that_fails_is_said(form: Form) -> None:
    filling = plan(template(built(with_total), *TOTALS), [blank_report(form).with_entries({ONE: 4, TWO: 5})])
    assert told(filling) == ["模板自带的校验 “表”E2 显示“错误”。"]
    assert filling.differences[0].text.startswith("“表”D2由模板算得 9，年报空着")


def test_a_total_over_blanks_is_no_difference(form: Form) -> None:
    assert plan(template(built(with_total), *TOTALS), [blank_report(form)]).differences == ()


def test_what_cannot_be_calculated_loses_its_old_result_and_excel_is_asked(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["D2"] = "=VLOOKUP(B2,B2:C2,2)"

    stale = changed(
        built(draw),
        r"xl/worksheets/sheet1\.xml",
        lambda xml: xml.replace(b"<v></v>", b"<v>99</v>").replace(b"<v />", b"<v>99</v>"),
    )
    assert shown(stale)["D2"].value == 99
    filling = plan(template(stale, *TOTALS), [blank_report(form).with_entries({ONE: 4, TWO: 6, SUM: 10})])
    assert filling.differences[0].theirs is None
    assert "由模板计算，本程序算不出（函数 VLOOKUP 不在本程序能算的公式之内）" in filling.differences[0].text
    data = filled(filling)
    assert shown(data)["D2"].value is None
    assert b'fullCalcOnLoad="1"' in Package.from_bytes(data).parts["xl/workbook.xml"]


def test_a_workbook_whose_formulas_are_all_calculated_keeps_its_own_part(form: Form) -> None:
    before = built(with_total)
    data = filled(plan(template(before, *TOTALS), [blank_report(form).with_entry(ONE, 4)]))
    assert (
        Package.from_bytes(data).parts["xl/workbook.xml"]
        == Package.from_bytes(before).parts["xl/workbook.xml"]
    )


def test_no_cell_of_an_array_formula_is_overwritten(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"] = 1, 2
        sheet["B1"] = ArrayFormula("B1:B2", "=A1:A2*2")

    filling = plan(template(built(draw), at(ONE, "B2")), [blank_report(form).with_entry(ONE, 5)])
    assert filling.differences[0].theirs == 4
    assert shown(filled(filling))["B2"].value == 4


# --- a line per unit ------------------------------------------------------------------------------------------

HEADS = ("序号", "单位", "编码", "自然人", "商业企业", "合计")
UNITS = UnitLines("表", "row", 0, 1, 2, 3, 1, 2)
IN_LINE = (at(ONE, "D3"), at(TWO, "E3"), at(SUM, "F3"))


def list_of_units(sheet: Worksheet, *, rows: int = 2) -> None:
    """Two rows of headings, then a row per unit, styled, with a total that is a formula."""
    sheet.append(["汇总表"])
    sheet.append(list(HEADS))
    for number in range(1, rows + 1):
        row = number + 2
        sheet.append([number, f"第{number}局", f"00{number}", 1, 2, f"=SUM(D{row}:E{row})"])
        sheet.row_dimensions[row].height = 30
        for column in range(1, 7):
            sheet.cell(row, column).font = Font(bold=True)
            sheet.cell(row, column).fill = PatternFill("solid", fgColor="FFEEEE")


def unit(form: Form, agency: str, one: int = 7, two: int = 8) -> Report:
    return (
        blank_report(form, 2023).with_fields(agency=agency).with_entries({ONE: one, TWO: two, SUM: one + two})
    )


def rows_of(data: bytes) -> list[tuple[object, ...]]:
    return [tuple(row) for row in shown(data).iter_rows(min_row=3, min_col=2, max_col=6, values_only=True)]


def test_the_row_of_this_agency_is_overwritten(form: Form) -> None:
    filling = plan(template(built(list_of_units), *IN_LINE, units=UNITS), [unit(form, " 第２局")])
    assert filling.lines == ((UnitLine("表", "row", 3, "第2局", False),),)
    assert rows_of(filled(filling)) == [("第1局", "001", 1, 2, 3), ("第2局", "002", 7, 8, 15)]


def test_the_row_may_be_named_by_its_code(form: Form) -> None:
    filling = plan(template(built(list_of_units), *IN_LINE, units=UNITS), [unit(form, "别的局")], "001")
    assert rows_of(filled(filling))[0] == ("第1局", "001", 7, 8, 15)
    assert filling.lines[0][0].is_new is False


def test_a_new_agency_gets_a_row_that_looks_like_the_one_above(form: Form) -> None:
    filling = plan(template(built(list_of_units), *IN_LINE, units=UNITS), [unit(form, "第3局")])
    (line,) = filling.lines[0]
    assert (line.number, line.is_new, line.similar) == (4, True, ())
    data = filled(filling)
    assert rows_of(data)[2] == ("第3局", None, 7, 8, 15)
    sheet = opened(data, values=False).worksheets[0]
    assert sheet["F5"].value == "=SUM(D5:E5)"
    assert sheet.row_dimensions[5].height == 30
    for column in range(1, 7):
        assert sheet.cell(5, column).font.bold
        assert sheet.cell(5, column).fill.fgColor.rgb == "00FFEEEE"
    assert sheet.dimensions == "A1:F5"


def test_a_name_that_resembles_another_is_pointed_out(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        list_of_units(sheet)
        sheet["B4"] = "鲁山县教育体育局"

    filling = plan(template(built(draw), *IN_LINE, units=UNITS), [unit(form, "鲁山县教体局")])
    assert filling.lines[0][0].similar == ("鲁山县教育体育局",)


def test_prepared_blank_rows_are_used_before_new_ones_are_made(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        list_of_units(sheet)
        sheet["A5"] = 3
        sheet["F5"] = "=SUM(D5:E5)"

    reports = [unit(form, "第3局"), unit(form, "第4局", 1, 1)]
    filling = plan(template(built(draw), *IN_LINE, units=UNITS), reports)
    assert [lines[0].number for lines in filling.lines] == [4, 5]
    data = filled(filling)
    assert rows_of(data)[2:] == [("第3局", None, 7, 8, 15), ("第4局", None, 1, 1, 2)]
    assert shown(data)["A5"].value == 3


def test_tables_filters_and_the_order_of_calculation_grow_with_the_rows(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        list_of_units(sheet)
        sheet.add_table(Table(displayName="表一", ref="A2:F4"))
        sheet.auto_filter.ref = "H2:I4"

    before = built(draw)
    package = Package.from_bytes(before)
    assert "xl/calcChain.xml" not in package.parts
    data = filled(plan(template(before, *IN_LINE, units=UNITS), [unit(form, f"第{n}局") for n in (2, 3, 4)]))
    sheet = opened(data).worksheets[0]
    assert sheet.tables["表一"].ref == "A2:F6"
    assert sheet.tables["表一"].autoFilter.ref == "A2:F6"
    assert sheet.auto_filter.ref == "H2:I6"


def test_a_total_below_the_units_leaves_no_room(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        list_of_units(sheet)
        sheet.append([None, "合　计", None, "=SUM(D3:D4)"])

    with pytest.raises(GxError, match=r"没有空行了：第 5 行是“合计”.*插入空行"):
        plan(template(built(draw), *IN_LINE, units=UNITS), [unit(form, "第3局")])
    filling = plan(template(built(draw), *IN_LINE, units=UNITS), [unit(form, "第1局")])
    assert shown(filled(filling))["D5"].value == 8


@pytest.mark.parametrize(
    ("agency", "line", "message"),
    [
        ("", "", "没有填机关名称"),
        ("第1局", "第9局", "没有名称或编码为“第9局”的行"),
        ("同名", "", "有 2 处“同名”（第 5 行、第 6 行）"),
    ],
)
def test_a_row_that_is_not_found_for_sure_is_asked_about(
    agency: str, line: str, message: str, form: Form
) -> None:
    def draw(sheet: Worksheet) -> None:
        list_of_units(sheet, rows=4)
        sheet["B5"] = sheet["B6"] = "同名"

    with pytest.raises(GxError, match=re.escape(message)):
        plan(template(built(draw), *IN_LINE, units=UNITS), [unit(form, agency)], line)


def test_two_reports_of_one_agency_are_refused(form: Form) -> None:
    with pytest.raises(GxError, match="有两份年报都是“第3局”的"):
        plan(template(built(list_of_units), *IN_LINE, units=UNITS), [unit(form, "第3局")] * 2)


def test_rows_are_for_templates_with_rows(form: Form) -> None:
    one = template(built(lambda sheet: None), at(ONE, "B2"))
    with pytest.raises(GxError, match="不能指定行"):
        plan(one, [unit(form, "甲")], "甲")
    with pytest.raises(GxError, match="一次只能填一份"):
        plan(one, [unit(form, "甲"), unit(form, "乙")])


def test_units_may_stand_in_columns(form: Form) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"], sheet["A3"], sheet["A4"] = "单位", "自然人", "商业企业", "合计"
        sheet["B1"], sheet["B2"], sheet["B3"], sheet["B4"] = "甲局", 1, 2, "=SUM(B2:B3)"
        for row in range(1, 5):
            sheet.cell(row, 2).font = Font(italic=True)

    units = UnitLines("表", "column", 0, 0, 1, 1, 0, None)
    places = (at(ONE, "B2"), at(TWO, "B3"), at(SUM, "B4"))
    data = filled(
        plan(template(built(draw), *places, units=units), [unit(form, "乙局"), unit(form, "甲局", 3, 4)])
    )
    sheet = shown(data)
    assert [[cell.value for cell in row] for row in sheet["B1:C4"]] == [
        ["甲局", "乙局"],
        [3, 7],
        [4, 8],
        [7, 15],
    ]
    assert sheet["C2"].font.italic


def test_what_stands_above_a_list_of_units_is_not_the_unit(form: Form) -> None:
    places = (*IN_LINE, at("report.agency", "A1"), at("report.year", "F1"))
    sheet = shown(filled(plan(template(built(list_of_units), *places, units=UNITS), [unit(form, "第2局")])))
    assert (sheet["A1"].value, sheet["F1"].value) == ("汇总表", 2023)


def test_the_province_s_sample_takes_a_new_row_and_keeps_the_others(full: Report) -> None:
    units = UnitLines("汇总", "row", 1, 3, 4, 6, 1, 2)
    one = template(
        (SAMPLES / "T3_row_per_unit.xlsx").read_bytes(), *truth("T3_row_per_unit", up=1), units=units
    )
    sheet = shown(filled(plan(one, [full])))
    assert [sheet.cell(row, 2).value for row in range(5, 9)] == [
        "省发展改革委",
        "鲁山县人民政府办公室",
        "新华区人民政府",
        "鲁山县教育体育局",
    ]
    for target in truth("T3_row_per_unit", up=-2):
        assert float(str(sheet[target.ref].value)) == float(str(full.value(target.id)))


def calls_of(action: Callable[[], object]) -> int:
    """How many functions are called, those of C included."""
    count = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


def test_the_work_grows_with_the_units_and_no_faster(form: Form) -> None:
    package, book = open_workbook(SAMPLES / "T3_row_per_unit.xlsx")
    listed = Template(package, book, map_template(book, form))

    def work(units: int) -> int:
        reports = [unit(form, f"第{number}单位") for number in range(units)]
        return calls_of(lambda: filled(plan(listed, reports)))

    few, more, many = work(20), work(250), work(1_000)
    assert (many - few) / 980 <= 1.2 * (more - few) / 230
