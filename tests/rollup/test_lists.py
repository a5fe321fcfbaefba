"""Lists of units as offices write them: in text, tables, Word and Excel, with levels, groups and former names."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.shared import Pt
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.rollup.matching import FileSays
from gxeditor.core.rollup.project import Adjustment, PriorYear
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.resources import load_form, load_unit_words
from gxeditor.rollup.lists import as_listed, carried, propose, read_list, read_units, write_list

OWNER = "松塘县"


def tree(units: Units) -> list[str]:
    """The names, each behind as many strokes as units stand over it."""
    return ["-" * len(list(units.above(unit))) + unit.name for unit in units.listed]


def one(units: Units, name: str) -> Unit:
    (found,) = [unit for unit in units.listed if unit.name == name]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "松塘县\n  教育局\n    第一中学\n  民政局",
        "松塘县\n　教育局\n　　第一中学\n　民政局",
        "松塘县\r\n\t教育局\r\n\t\t第一中学\r\n\t民政局\r\n",
        "一、松塘县\n（一）教育局\n1.第一中学\n（二）民政局",
        "单位名称\t层级\n松塘县\t1\n教育局\t2\n第一中学\t3\n民政局\t2",
        "层级,单位\n一级,松塘县\n二级,教育局\n三级,第一中学\n二级,民政局",
        "单位名称\t上级单位\n松塘县\t\n教育局\t松塘县\n第一中学\t教育局\n民政局\t松塘县",
    ],
)
def test_levels_are_told_by_indentation_numbering_or_a_column(text: str) -> None:
    assert tree(read_units(text, OWNER)) == ["松塘县", "-教育局", "--第一中学", "-民政局"]


def test_a_unit_over_others_is_compared_and_not_added() -> None:
    units = read_units("松塘县\n  教育局\n    第一中学\n  民政局", OWNER)
    roles = {unit.name: unit.role for unit in units.listed}
    assert roles == {"松塘县": Role.SUM, "教育局": Role.SUM, "第一中学": Role.LEAF, "民政局": Role.LEAF}


def test_the_owners_government_is_compared_even_in_a_flat_list() -> None:
    units = read_units("松塘县人民政府\n松塘县人民政府办公室\n松塘县教育局", OWNER)
    assert [unit.role for unit in units.listed] == [Role.SUM, Role.LEAF, Role.LEAF]
    assert units.listed[0].covers is Scope.TERRITORY


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("松塘县人民政府\n教育局\n沙田乡", "松塘县"),
        ("松塘县教育局\n松塘县民政局\n沙田乡", "松塘县"),
        ("松塘县\n  教育局\n  沙田乡", "松塘县"),
        ("青州市人民政府\n青州市教育局\n松塘县人民政府\n松塘县教育局\n松塘县民政局", "青州市"),
        ("青州市教育局\n青州市民政局\n松塘县人民政府", "青州市"),
        ("教育局\n民政局", ""),
    ],
)
def test_a_list_says_whose_it_is_where_nobody_does(text: str, owner: str) -> None:
    read = read_list(text)
    assert read.owner == owner
    own = [unit for unit in read.units.listed if unit.kind.is_government and unit.name.startswith(owner)]
    assert all(unit.role is Role.SUM for unit in own if owner)


def test_in_a_flat_list_of_two_levels_a_bureau_stands_under_its_own_government() -> None:
    units = read_units("青州市教育局\n松塘县人民政府\n松塘县教育局\n柏林县人民政府", "青州市")
    assert tree(units) == ["青州市教育局", "松塘县人民政府", "-松塘县教育局", "柏林县人民政府"]
    assert [unit.role for unit in units.listed] == [Role.LEAF, Role.SUM, Role.LEAF, Role.LEAF]


def test_headings_are_groups_and_totals_no_units() -> None:
    text = "松塘县单位名单\n一、县直部门（2个）\n1.教育局\n2.民政局\n二、乡镇（1个）\n1.沙田乡\n合计：3家"
    units = read_units(text, OWNER)
    assert tree(units) == ["县直部门", "-教育局", "-民政局", "乡镇", "-沙田乡"]
    assert [unit.kind is UnitKind.GROUP for unit in units.listed] == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "县教育局（县体育局、县语委）、县民政局、县财政局",
            ["县教育局（县体育局、县语委）", "县民政局", "县财政局"],
        ),
        ("松塘县教育局；松塘县民政局", ["松塘县教育局", "松塘县民政局"]),
        ("县气象局 县税务局", ["县气象局", "县税务局"]),
        ("松塘县 教育局", ["松塘县教育局"]),
        ("1教育局\n2民政局\n3财政局", ["教育局", "民政局", "财政局"]),
        ("12345热线中心\n教育局", ["12345热线中心", "教育局"]),
        ("| 序号 | 单位名称 |\n| --- | --- |\n| 1 | 教育局 |", ["教育局"]),
        ("① 教育局\n② 民政局", ["教育局", "民政局"]),
        ("松塘县教育局 11340300MB1234567X", ["松塘县教育局"]),
    ],
)
def test_names_are_told_apart_however_a_line_is_written(text: str, names: list[str]) -> None:
    assert [unit.name for unit in read_units(text, OWNER).listed] == names


def test_names_beside_a_table_of_units_are_told(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("松塘县民政局")
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "单位名称", "教育局"
    document.save(str(tmp_path / "名单.docx"))
    assert "表格外面还有“松塘县民政局”" in read_list(tmp_path / "名单.docx", OWNER).notes[-1]


def test_what_others_stand_under_and_is_no_body_is_a_heading() -> None:
    units = read_units("松塘县\n  窗口行业\n    自来水公司\n  区医疗保障", OWNER)
    assert one(units, "窗口行业").kind is UnitKind.GROUP
    assert one(units, "区医疗保障").kind is UnitKind.DEPARTMENT


def test_what_looks_like_a_heading_between_bureaus_is_a_unit() -> None:
    units = read_units("教育局\n开发区\n民政局", OWNER)
    assert one(units, "开发区").kind is UnitKind.ZONE
    assert tree(units) == ["教育局", "开发区", "民政局"]


def test_former_names_are_in_brackets_or_in_a_column() -> None:
    units = read_units(
        "单位名称\t曾用名\n商务局（原商务委员会）\t\n教育局（体育局）\t教委、教育委员会", OWNER
    )
    assert one(units, "商务局").aliases == (Alias("商务委员会"),)
    assert one(units, "教育局（体育局）").aliases == (Alias("教委"), Alias("教育委员会"))


def test_columns_come_in_any_order_under_many_headings() -> None:
    text = (
        "备注\t是否报送\t报送期限\t性质\t信用代码\t汇总方式\t报送单位\t序号\n"
        "新设\t是\t1月31日\t部门\t11340300MB1234567X\t计入\t教育局\t1\n"
        "\t免报\t\t垂管部门\t\t\t气象局\t2\n\t\t2026-02-10\t\t\t差额\t民政局\t3\n"
    )
    read = read_list(text, OWNER, 2025)
    schools, weather, civil = read.units.listed
    assert (schools.code, schools.due, schools.note) == ("11340300MB1234567X", "2026-01-31", "新设")
    assert (weather.kind, weather.role, weather.duty) == (UnitKind.VERTICAL, Role.EXEMPT, Duty.NONE)
    assert (civil.role, civil.due) == (Role.DIFFERENCE, "2026-02-10")
    assert not read.notes


def test_what_is_left_out_or_not_understood_is_told() -> None:
    rows = (
        "单位名称\t信用代码\t期限\t上级",
        "教育局\t123\t月底\t没有这家",
        "民政局\t\t2026-2-30\t",
        "教育局\t\t\t",
        "请于一月底前报送；逾期通报。\t\t\t",
    )
    text = "\n".join(rows)
    read = read_list(text, OWNER)
    notes = "".join(read.notes)
    assert not any(unit.due for unit in read.units.listed)
    assert "“2026-2-30”看不出是哪一天" in notes
    for told in ("不是 18 位", "看不出是哪一天", "不在名单里", "重复，只列一次", "不像单位名称"):
        assert told in notes


def test_a_name_under_two_parents_is_kept_twice_and_told() -> None:
    read = read_list("青州市\n  松塘县\n    教育局\n  柏林县\n    教育局", "青州市")
    assert tree(read.units).count("--教育局") == 2
    assert "有 2 家" in read.notes[0]


@pytest.mark.parametrize("text", ["", "合计\n共 3 家", "请各单位按时报送年报，逾期将通报。"])
def test_a_text_without_units_is_refused_and_changes_nothing(text: str) -> None:
    with pytest.raises(UnreadableSource, match=r"没有找到单位名称.*名单没有改动"):
        read_list(text)


def test_a_word_table_with_two_columns_of_names_is_read_column_by_column(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("附件1")
    document.add_paragraph("松塘县政府信息公开年报报送单位名单")
    rows = [
        ["序号", "单位名称", "序号", "单位名称"],
        ["1", "教育局", "3", "财政局"],
        ["2", "民政局", "4", "沙田乡"],
    ]
    table = document.add_table(3, 4)
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    document.save(str(tmp_path / "名单.docx"))
    assert tree(read_units(tmp_path / "名单.docx", OWNER)) == ["教育局", "民政局", "财政局", "沙田乡"]


def test_paragraphs_of_a_word_document_have_the_levels_of_their_indents(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("松塘县")
    for text, indent in (("教育局", 24), ("第一中学", 48), ("民政局", 24)):
        document.add_paragraph(text).paragraph_format.left_indent = Pt(indent)
    document.save(str(tmp_path / "名单.docx"))
    assert tree(read_units(tmp_path / "名单.docx", OWNER)) == ["松塘县", "-教育局", "--第一中学", "-民政局"]


def sheet_of(rows: list[list[str | int | None]], path: Path) -> Worksheet:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return sheet


def test_a_workbook_may_have_a_column_for_each_level(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    sheet_of([["松塘县"], [None, "教育局"], [None, None, "第一中学"], [None, "民政局"]], path)
    assert tree(read_units(path, OWNER)) == ["松塘县", "-教育局", "--第一中学", "-民政局"]


def test_a_workbook_may_have_its_groups_beside_the_names(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    sheet_of([["县直部门", "教育局"], [None, "民政局"], ["乡镇", "沙田乡"], [None, "柏桥镇"]], path)
    assert tree(read_units(path, OWNER)) == ["县直部门", "-教育局", "-民政局", "乡镇", "-沙田乡", "-柏桥镇"]


def test_the_indent_of_excels_cells_is_a_level(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["序号", "单位名称"], [1, "松塘县"], [2, "教育局"], [3, "民政局"]):
        sheet.append(row)
    for place in ("B3", "B4"):
        sheet[place].alignment = Alignment(indent=1)
    book.save(tmp_path / "名单.xlsx")
    assert tree(read_units(tmp_path / "名单.xlsx", OWNER)) == ["松塘县", "-教育局", "-民政局"]


def test_a_csv_in_the_encoding_of_excel_is_read(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("单位名称,层级\n松塘县,1\n教育局,2\n".encode("gbk"))
    assert tree(read_units(path, OWNER)) == ["松塘县", "-教育局"]


def any_units(seed: int) -> Units:
    """A list with whatever a unit may say."""
    rng = random.Random(seed)
    listed: list[Unit] = []
    for number in range(30):
        parent = rng.choice(listed).id if listed and rng.random() < 0.6 else ""
        aliases = tuple(
            Alias(
                f"别名{number}、{i}",
                rng.choice(("list", "asked", "prior")),
                rng.choice(("", "说明")),
                rng.randint(0, 3),
            )
            for i in range(rng.randint(0, 2))
        )
        listed.append(
            Unit(
                f"u{number * 3}",
                rng.choice(
                    ("单位{}局", "第{}中学（原初中）", "县直部门{}", "=1+{}", "合计{}", "A {} B")
                ).format(number),
                rng.choice(list(UnitKind)),
                parent,
                aliases,
                "11340300MB1234567X" if rng.random() < 0.2 else "",
                rng.choice(list(Role)),
                rng.choice(list(Duty)),
                rng.choice(list(Scope)),
                rng.choice(("", "2026-01-31")),
                rng.choice((None, 2020)),
                rng.choice((None, 2030)),
                rng.choice(("", "备注，\n两行")),
                rng.choice(("", "名称是县。")),
            )
        )
    return Units(tuple(listed))


@pytest.mark.parametrize("seed", range(5))
def test_a_list_written_as_our_workbook_reads_back_the_same(seed: int, tmp_path: Path) -> None:
    units = any_units(seed)
    write_list(units, tmp_path / "名单.xlsx")
    assert read_units(tmp_path / "名单.xlsx", OWNER) == units


def test_a_list_is_proposed_from_the_names_of_files() -> None:
    files = [
        FileSays(file_name=name)
        for name in (
            "松塘县人力资源和社会保障局2025年报.docx", "人社局终稿.xls", "松塘县教育局.docx", "教育局（1）.docx",
            "乡镇/沙田乡年报.pdf", "新建文档.docx",
        )
    ]  # fmt: skip
    read = propose(files)
    assert tree(read.units) == ["松塘县人力资源和社会保障局", "松塘县教育局", "乡镇", "-沙田乡"]
    assert all(unit.why_kind for unit in read.units.listed if unit.kind is not UnitKind.GROUP)
    assert "“新建文档.docx”看不出是哪个单位的" in read.notes[0]


def test_a_folder_gives_a_proposal(tmp_path: Path) -> None:
    for name in ("松塘县教育局2025年报.docx", "~$松塘县教育局2025年报.docx", "松塘县民政局.pdf", "说明.ini"):
        (tmp_path / name).write_bytes(b"x")
    assert tree(read_units(tmp_path, OWNER)) == ["松塘县教育局", "松塘县民政局"]


def test_a_list_read_anew_keeps_who_is_who() -> None:
    old = read_units("松塘县\n  教育局\n  民政局", OWNER)
    asked = (Alias("教体局", whence="asked"),)
    old = Units(tuple(replace(u, aliases=asked) if u.name == "教育局" else u for u in old.listed))
    new = carried(read_units("松塘县\n  财政局\n  教育局", OWNER), old)
    assert one(new, "教育局").id == one(old, "教育局").id
    assert one(new, "教育局").aliases == asked
    assert one(new, "财政局").id not in {unit.id for unit in old.listed}
    assert tree(new) == ["松塘县", "-财政局", "-教育局"]


def test_last_years_units_are_known_again_in_a_list_that_numbers_others_alike() -> None:
    form = load_form()
    then = read_units("松塘县\n  教育局\n  民政局\n  城管局\n  粮食局", OWNER)
    values = {unit.id: (number,) for number, unit in enumerate(then.listed)}
    row = Adjustment("a1", "requests.received.total", 1, "重复", unit=one(then, "民政局").id)
    prior = PriorYear(2024, OWNER, form.edition, then, values, (row,))
    now = read_units("松塘县\n  商务局\n  城市管理局（原城管局）\n  民政局\n  教育局", OWNER)
    found = as_listed(prior, now)
    for name, former in (("教育局", "教育局"), ("民政局", "民政局"), ("城市管理局", "城管局")):
        assert found.values[one(now, name).id] == values[one(then, former).id], name
    assert one(now, "商务局").id not in found.values
    assert one(found.units, "粮食局").id not in now.by_id
    assert found.values[one(found.units, "粮食局").id] == values[one(then, "粮食局").id]
    assert found.adjustments[0].unit == one(now, "民政局").id
    assert tree(found.units) == tree(then)
    assert as_listed(found, now) is found


def test_a_unit_that_was_renamed_in_this_years_list_keeps_its_last_year() -> None:
    then = read_units("松塘县\n  教育局\n  民政局", OWNER)
    prior = PriorYear(2024, OWNER, "2021", then, {unit.id: (1,) for unit in then.listed})
    school = one(then, "教育局")
    now = Units(tuple(replace(u, name="教育和体育局") if u is school else u for u in then.listed))
    assert as_listed(prior, now, before=now) is prior
    assert school.id not in as_listed(prior, now).values


def test_the_headings_of_our_workbook_are_all_known() -> None:
    words = load_unit_words()
    for head in (
        "单位名称",
        "类别",
        "上级",
        "职责",
        "汇总方式",
        "口径",
        "曾用名",
        "期限",
        "备注",
        "单位编号",
    ):
        assert words.columns[head]
