"""The 汇总 workbook: every sum says of how many units it is, and nothing counts otherwise than the board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from gxeditor.core.errors import NotWritten
from gxeditor.core.form import Form
from gxeditor.core.report import Explanation
from gxeditor.core.rollup.checks import check
from gxeditor.core.rollup.missing import missing_list
from gxeditor.core.rollup.project import Adjustment, Rollup, State
from gxeditor.core.rollup.sums import change_address, counts, sums, years
from gxeditor.core.rollup.units import Scope, Unit, UnitKind, Units
from gxeditor.exports.rollup_workbook import (
    ABOUT,
    ADJUSTED,
    CHECKED,
    LEVELS,
    OWED,
    TOTAL,
    UNITS,
    YEARS,
    rollup_workbook_bytes,
    total_lanes,
)
from gxeditor.resources import load_rollup_checks
from tests.rollup_sample import many, songtang, unit_id

WHEN = datetime(2026, 1, 21, 9, 14)
CELL = "requests.received.natural_person"
SLASHED = "disputes.reconsideration.pending"


def county() -> Rollup:
    """The county with one “/” and one adjustment beside its missing, unclaimed and incomplete units."""
    rollup = songtang()
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    values = list(one.values)
    values[rollup.places[SLASHED]] = "/"
    rollup = rollup.with_received([replace(one, values=tuple(values))])
    office = unit_id("人民政府办公室")
    return replace(
        rollup,
        adjustments=(
            Adjustment("1", CELL, -2, "=两家各计一次", "台账第 112、113 行", office, "2026-01-21"),
            Adjustment(
                "2",
                "requests.received.total",
                -2,
                "=两家各计一次",
                "台账第 112、113 行",
                office,
                "2026-01-21",
            ),
        ),
    )


@pytest.fixture(scope="module")
def rollup() -> Rollup:
    return county()


@pytest.fixture(scope="module")
def book(rollup: Rollup) -> Workbook:
    return opened(rollup, check(rollup, load_rollup_checks(rollup.form)))


def opened(rollup: Rollup, findings: Any = None) -> Workbook:
    return load_workbook(BytesIO(rollup_workbook_bytes(rollup, findings, WHEN)))


def texts(book: Workbook, sheet: str) -> str:
    """Everything that stands on a sheet, a line for each row."""
    rows = book[sheet].iter_rows(values_only=True)
    return "\n".join("|".join(str(value) for value in row if value is not None) for row in rows)


def unread_cells(rollup: Rollup) -> list[str]:
    """The cells that were not read of 民政局."""
    cells = list(rollup.form.cells)
    return [cells[place] for place in rollup.used[unit_id("民政局")].unread]


def facts(book: Workbook) -> dict[str, str]:
    return {str(a): str(b) for a, b in book[ABOUT].iter_rows(min_row=2, values_only=True)}


def total_cells(book: Workbook, form: Form) -> dict[str, Cell]:
    """The cells of 合计 by the cell of the form."""
    sheet, found = book[TOTAL], {}
    for section in form.sections:
        if section.table is not None:
            ref = sheet.defined_names[f"gx_rollup_total_{section.key}"].attr_text
            top = int(ref.rpartition("$")[2])
            grid = section.table.grid()
            lanes = total_lanes(grid)
            for cell, place in grid.of_cell.items():
                one = sheet.cell(top + place.row, lanes[place.column] + 1)
                assert isinstance(one, Cell)
                found[cell] = one
    return found


def unit_rows(book: Workbook) -> dict[str, tuple[Any, ...]]:
    sheet = book[UNITS]
    return {str(row[1]): row for row in sheet.iter_rows(min_row=7, values_only=True)}


def test_the_sheets_stand_in_the_order_in_which_they_are_read(book: Workbook) -> None:
    assert book.sheetnames == [
        "说明",
        "合计",
        "分单位明细",
        "层级小计",
        "与上年",
        "未交和退回",
        "调整",
        "检查",
    ]


def test_every_sum_is_the_one_of_the_screen_and_a_plain_number(rollup: Rollup, book: Workbook) -> None:
    cells = total_cells(book, rollup.form)
    assert set(cells) == set(rollup.form.cells)
    for cell, one in sums(rollup).items():
        assert cells[cell].value == one.value
        assert cells[cell].data_type == "n"


def test_there_is_no_formula_in_the_whole_book(book: Workbook) -> None:
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert found == []


def test_each_table_of_sums_says_of_how_many_units_it_is(rollup: Rollup, book: Workbook) -> None:
    said = texts(book, TOTAL)
    assert (
        said.count("松塘县 2025 年政府信息公开年报汇总　合计（49 家中 45 家），含调整 1 条　口径：全辖区")
        == 3
    )
    assert "合计（49 家中 45 家）\n未交：商务局、小箬乡人民政府" in said
    for sheet in book:
        assert "49 家中 45 家" in texts(book, sheet.title) or sheet.title == CHECKED
        assert sheet.oddFooter is not None
        assert "49 家中 45 家" in str(sheet.oddFooter.left.text) or sheet.title in (UNITS, LEVELS)
    assert "合计（49 家中 45 家）" in texts(book, UNITS)
    assert "合计（49 家中 45 家）" in texts(book, LEVELS)


def test_a_cell_with_fewer_units_is_tinted_marked_and_says_who_lacks_it(
    rollup: Rollup, book: Workbook
) -> None:
    cells, found = total_cells(book, rollup.form), sums(rollup)
    fewer = {cell for cell, one in found.items() if one.units < 45}
    assert len(fewer) == 29
    tinted = {cell for cell, one in cells.items() if one.fill.fgColor.rgb == "FFFBEFD0"}
    assert tinted == fewer == {cell for cell, one in cells.items() if "◆" in str(one.number_format)}
    texts_of_notes = {cell: cells[cell].comment.text for cell in fewer}  # type: ignore[union-attr]
    (unread, *_) = unread_cells(rollup)
    assert texts_of_notes[SLASHED] == "44 家：松塘县教育局这格填的是“/”"
    assert texts_of_notes[unread] == "44 家：松塘县民政局这格没有读到"
    below = texts(book, TOTAL)
    assert "◆ 49 家中 44 家：松塘县民政局有 28 格没有读到（表三）。" in below
    assert "◆ 49 家中 44 家：松塘县教育局有 1 格填的是“/”（表四）。" in below


def test_an_adjusted_sum_says_so_and_why(rollup: Rollup, book: Workbook) -> None:
    one = total_cells(book, rollup.form)[CELL]
    assert one.number_format.startswith('"调 "0')
    assert one.comment is not None
    assert "调整 -2：=两家各计一次" in one.comment.text
    assert "1 条，已计入合计" in facts(book)["调整"]
    (head, *rows) = list(book[ADJUSTED].iter_rows(min_row=3, values_only=True))
    assert head[:4] == ("序号", "表", "项目", "增减")
    assert [row[:4] for row in rows] == [
        (1, "表三", "一、本年新收 · 自然人", -2),
        (2, "表三", "一、本年新收 · 总计", -2),
    ]
    assert rows[0][4:] == (
        "松塘县人民政府办公室",
        "=两家各计一次",
        "台账第 112、113 行",
        "2026-01-21",
        CELL,
        unit_id("人民政府办公室"),
    )


def test_the_units_figures_stand_as_they_were_reported(rollup: Rollup, book: Workbook) -> None:
    rows, count = unit_rows(book), len(rollup.form.cells)
    inside = {unit.id for unit in rollup.entered}
    reporting = [u for u in rollup.units.listed if u.kind is not UnitKind.GROUP and u.id != "county"]
    assert len(rows) == len(reporting) == 51
    for unit in reporting:
        row = rows[unit.name]
        wanted = rollup.used[unit.id].values if unit.id in inside else (None,) * count
        assert row[4 : 4 + count] == wanted
        assert rollup.state(unit).value in row[3]


def test_one_missing_one_blank_and_one_slash_are_each_visible(rollup: Rollup, book: Workbook) -> None:
    rows, count = unit_rows(book), len(rollup.form.cells)
    assert rows["松塘县商务局"][3] == "未交"
    assert set(rows["松塘县商务局"][4 : 4 + count]) == {None}
    unread = [4 + rollup.places[cell] for cell in unread_cells(rollup)]
    slashed = 4 + rollup.places[SLASHED]
    assert {rows["松塘县民政局"][column] for column in unread} == {None}
    assert rows["松塘县民政局"][slashed] == 0
    assert rows["松塘县教育局"][slashed] == "/"
    sheet = book[UNITS]
    tints = {
        name: [
            sheet.cell(7 + number, column + 1).fill.fgColor.rgb == "FFFBEFD0"
            for column in (unread[0], slashed)
        ]
        for number, name in enumerate(rows)
    }
    assert tints["松塘县民政局"] == [True, False]
    assert tints["松塘县教育局"] == [False, True]
    assert tints["松塘县司法局"] == [False, False]


def test_the_sums_above_the_list_are_its_columns_and_the_adjustments(rollup: Rollup, book: Workbook) -> None:
    sheet, count = book[UNITS], len(rollup.form.cells)
    above: list[Any] = [[cell.value for cell in sheet[row]][4 : 4 + count] for row in (2, 3, 4)]
    units, deltas, total = above
    figures = list(zip(*(row[4 : 4 + count] for row in unit_rows(book).values()), strict=True))
    for column in range(count):
        numbers = [one for one in figures[column] if isinstance(one, int)]
        assert units[column] == sum(numbers)
        assert total[column] == sum(numbers) + (deltas[column] or 0)
    assert [value for value in deltas if value is not None] == [-2, -2]
    assert sheet["A2"].value == "单位小计（49 家中 45 家）"
    assert sheet["A4"].value == "合计（49 家中 45 家）"


def test_the_branches_and_the_kinds_add_up_to_all(rollup: Rollup, book: Workbook) -> None:
    rows: list[Any] = list(book[LEVELS].iter_rows(min_row=7, values_only=True))
    place = 4 + rollup.places[CELL]
    at = next(number for number, row in enumerate(rows) if row[1] == "以下按单位类别")
    branches, kinds = rows[:at], rows[at + 1 :]
    whole = sums(rollup, with_adjustments=False)[CELL].value
    assert branches[0][1] == "松塘县人民政府"
    assert branches[0][place] == whole
    below = [row for row in branches if str(row[1]).startswith("\u3000")]
    assert sum(row[place] or 0 for row in below) == whole
    assert sum(row[place] or 0 for row in kinds) == whole
    assert {str(row[1]).strip(): row[2] for row in below}["乡镇"] == "11 家中 10 家"
    assert {row[1]: row[2] for row in kinds}["街道"] == "3 家全部"


def test_last_year_stands_beside_with_its_own_completeness(rollup: Rollup, book: Workbook) -> None:
    rows = {row[1]: row for row in book[YEARS].iter_rows(min_row=4, values_only=True)}
    found = years(rollup)
    assert found is not None
    one = found[CELL]
    row = rows["一、本年新收 · 自然人"]
    assert row[3:8] == (one.now.value, "49 家中 45 家", one.then.value, "49 家全部", one.difference_of_all)
    assert row[9:13] == (one.same, one.now_same, one.then_same, one.difference)
    assert len([row for row in rows.values() if row[0] in ("表二", "表三", "表四")]) == 200


def test_units_of_one_year_only_are_named_with_their_reason(rollup: Rollup) -> None:
    new = Unit("new", "松塘县数据局", UnitKind.DEPARTMENT, "d")
    address = change_address(new, False)
    reason = Explanation("2025 年 3 月新设", ("松塘县数据局",))
    gone = unit_id("供销合作社联合社")
    units = Units((*(unit for unit in rollup.units.listed if unit.id != gone), new))
    book = opened(replace(rollup, units=units, explanations={address: reason}))
    said = texts(book, YEARS)
    assert "只有本年|松塘县数据局|部门|2025 年 3 月新设" in said
    assert "只有上年|松塘县供销合作社联合社|部门|没有写原因" in said


def test_without_last_year_nothing_is_compared(rollup: Rollup) -> None:
    book = opened(replace(rollup, prior=None))
    assert "没有去年的汇总。" in texts(book, YEARS)
    assert facts(book)["去年"] == "没有去年的汇总。"


def test_the_states_count_as_the_board_counts_them(rollup: Rollup, book: Workbook) -> None:
    said, number = texts(book, OWED), counts(rollup)[""]
    for state in State:
        if state is not State.EXEMPT and number.count(state):
            assert f"{state.sign} {state.value}".strip() + f"|{number.count(state)}" in said.split("\n")
    assert f"应报|{number.of}" in said
    assert f"其中已计入合计|{number.entered}" in said
    owing = missing_list(rollup, WHEN.date())
    assert owing.head in said
    assert f"未交（{number.count(State.MISSING)} 家）" in said
    assert "松塘县小箬乡人民政府|乡镇|1 月 20 日|已过 1 天" in said
    assert "未认领的文件（3 份）" in said


def test_the_first_sheet_says_scope_missing_adjustments_errors_rules_and_hour(book: Workbook) -> None:
    said = facts(book)
    assert said["合计是几家的"] == "合计（49 家中 45 家）"
    assert said["未交"] == "2 家（不在合计里）：松塘县商务局、松塘县小箬乡人民政府。"
    assert said["口径"].startswith("全辖区")
    assert "家有错误" in said["错误和疑问"]
    assert "2021" in said["检查规则"]
    assert said["制表时间"] == "2026 年 1 月 21 日 09:14"
    assert "空白不是 0" in said["空白"]


def test_a_report_with_cells_without_a_number_is_not_said_to_be_out_of_the_sums(
    rollup: Rollup, book: Workbook
) -> None:
    partial = missing_list(rollup, WHEN.date()).partial
    assert partial.rows
    assert facts(book)[partial.name].startswith(f"{len(partial.rows)} 家（其余各格计入）")


def test_findings_across_units_stand_with_what_was_not_checked(rollup: Rollup, book: Workbook) -> None:
    found = check(rollup, load_rollup_checks(rollup.form))
    rows = texts(book, CHECKED)
    assert all(f"{one.word}|{one.rule}|{one.title}" in rows for one in found.open)
    assert all(f"{lost.check.code}|{lost.check.title}|{lost.reason}" in rows for lost in found.not_checked)
    assert "错误|T3-01|松塘县自然资源局|三（一）本年新收的总计与明细之和不等。" in rows
    assert "没有做。" in texts(opened(rollup), CHECKED)


def test_names_and_texts_that_look_like_formulas_stay_texts(rollup: Rollup) -> None:
    odd = rollup.with_unit(replace(rollup.units.by_id[unit_id("商务局")], name="=1+1&<局>", note="+86"))
    one = next(r for r in odd.received if r.unit == unit_id("教育局"))
    odd = odd.with_received([replace(one, values=("@SUM(A1)", *one.values[1:]))])
    book = opened(odd)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)]
    led = [cell for cell in cells if str(cell.value).startswith(("=", "+", "@")) and cell.data_type != "n"]
    assert {cell.value for cell in led} >= {"=1+1&<局>", "+86", "@SUM(A1)", "=两家各计一次"}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in led)


def test_nobody_has_reported_yet_and_the_sums_are_blank_not_0(rollup: Rollup) -> None:
    book = opened(replace(rollup, received=(), adjustments=()))
    assert {cell.value for cell in total_cells(book, rollup.form).values()} == {None}
    assert "合计（49 家中 0 家），还没有可加的数。" in texts(book, TOTAL)


def test_a_complete_sum_says_that_it_is_of_all(rollup: Rollup) -> None:
    whole = many(3, reported=1.0)
    book = opened(whole)
    assert facts(book)["合计是几家的"] == "合计（3 家全部）"
    assert "◆" not in texts(book, TOTAL)


def test_amounts_keep_their_decimals(rollup: Rollup) -> None:
    money = next(cell.id for cell in rollup.form.cells.values() if cell.decimals)
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    values = list(one.values)
    values[rollup.places[money]] = Decimal("12.30")
    book = opened(rollup.with_received([replace(one, values=tuple(values))]))
    cell = total_cells(book, rollup.form)[money]
    assert cell.value == Decimal("12.30") or cell.value == pytest.approx(12.3)
    assert cell.number_format == "0.00"


def test_the_scope_of_the_own_level_leaves_the_townships_out(rollup: Rollup) -> None:
    level = replace(rollup, scope=Scope.LEVEL, adjustments=())
    book = opened(level)
    of = len(level.must)
    assert of < 49
    assert f"合计（{of} 家中 {len(level.entered)} 家）" in texts(book, TOTAL)
    assert facts(book)["口径"].startswith("本级")


def test_equal_roll_ups_give_equal_bytes(rollup: Rollup) -> None:
    assert rollup_workbook_bytes(rollup, None, WHEN) == rollup_workbook_bytes(county(), None, WHEN)


def test_a_text_that_no_cell_holds_is_named_before_anything_is_written(rollup: Rollup) -> None:
    long = replace(rollup.adjustments[0], reason="因" * 40_000)
    with pytest.raises(NotWritten, match="调整的原因"):
        rollup_workbook_bytes(replace(rollup, adjustments=(long,)), None, WHEN)


def test_units_are_written_row_by_row_and_the_sheet_says_its_size() -> None:
    book = load_workbook(BytesIO(rollup_workbook_bytes(many(300), None, WHEN)), read_only=True)
    rows = list(book[UNITS].iter_rows(min_row=7, values_only=True))
    assert len(rows) == 300
    assert rows[299][0] == 300


def printed(book: Workbook) -> Iterator[tuple[str, Any]]:
    for sheet in book:
        yield sheet.title, sheet


def test_every_sheet_is_printed_across_whole_pages_with_its_head_repeated(book: Workbook) -> None:
    for title, sheet in printed(book):
        if title in (UNITS, LEVELS):
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
            assert sheet.print_title_rows == "$1:$6"
            assert sheet.print_title_cols == "$A:$B"
        else:
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert book[YEARS].print_title_rows == "$3:$3"
    assert [one.id for one in book[TOTAL].row_breaks.brk]
