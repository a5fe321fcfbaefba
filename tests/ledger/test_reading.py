"""Ledgers of any layout are read with nothing wrong, and every row that is not certain is listed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.ledger.counting import count
from gxeditor.core.ledger.request import Request
from gxeditor.ledger.maps import LedgerMap, store_map
from gxeditor.ledger.reading import LedgerRead, read_ledger, similar
from gxeditor.resources import load_form, load_vocabulary
from tests.ledger_accuracy import SEED, measure
from tests.ledgers import LAYOUTS, YEAR, composed

HEADS = ("序号", "收到日期", "申请人", "申请人类别", "申请内容", "答复日期", "答复类型")
ONE = (1, "2025.3.4", "何志远", "公民", "某事", "2025.3.20", "公开")


def write(path: Path, rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), name: str = "台账") -> Path:
    """A workbook with one sheet of these rows."""
    return write_sheets(path, {name: rows}, merged)


def write_sheets(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Sequence[str] = ()
) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        assert isinstance(sheet, Worksheet)
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
    written = io.BytesIO()
    book.save(written)
    path.write_bytes(written.getvalue())
    return path


def told(read: LedgerRead) -> list[tuple[str, int]]:
    return [(doubt.sheet, doubt.row) for doubt in read.doubts]


def only(read: LedgerRead) -> Request:
    (request,) = read.ledger.requests
    return request


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("seed", [SEED, 201])
def test_a_layout_is_read_without_a_wrong_cell_and_each_doubtful_row_is_listed(
    name: str, seed: int, tmp_path: Path
) -> None:
    result = measure(composed(name, seed), tmp_path)
    assert result.wrong == ()
    assert result.missed == ()
    assert result.needless == ()


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2月30日", "2月30日没有这一天。"),
        ("#REF!", "公式出错"),
        ("4/5/2025", "哪个是月"),
        ("2025.3.4\n2025.3.6", "看不出"),
        ("3.4-3.6", "看不出"),
    ],
)
def test_a_day_that_is_not_certain_stays_unsettled_and_is_listed(
    written: str, reason: str, tmp_path: Path
) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, (1, written, *ONE[2:])]), YEAR)
    request = only(read)
    assert request.day("received_on") is None
    assert request.unsettled["received_on"] == written
    assert told(read) == [("台账", 2)]
    assert reason in read.doubts[0].reason
    assert read.doubts[0].column == "B 收到日期"


def test_a_day_without_its_year_is_of_the_year_in_the_title_or_the_sheet(tmp_path: Path) -> None:
    rows = [("松塘县2024年台账",), HEADS, (1, "3月4日", "甲", "公民", "某事", "3月20日", "公开")]
    assert only(read_ledger(write(tmp_path / "a.xlsx", rows))).day("received_on") == date(2024, 3, 4)
    sheet = write(tmp_path / "b.xlsx", rows[1:], name="2023年3月")
    assert only(read_ledger(sheet, YEAR)).day("answered_on") == date(2023, 3, 20)


def test_a_day_whose_year_nothing_says_is_asked(tmp_path: Path) -> None:
    rows = [HEADS, (1, "3月4日", "甲", "公民", "某事", "3月20日", "公开")]
    read = read_ledger(write(tmp_path / "a.xlsx", rows))
    assert {"received_on", "answered_on"} <= only(read).unsettled.keys()
    assert "没有写年份" in read.doubts[0].reason


def test_an_answer_of_january_without_its_year_is_not_put_before_the_request(tmp_path: Path) -> None:
    rows = [("2025年台账",), HEADS, (1, "12月20日", "甲", "公民", "某事", "1月9日", "公开")]
    read = read_ledger(write(tmp_path / "a.xlsx", rows))
    assert only(read).unsettled["answered_on"] == "1月9日"
    assert told(read) == [("台账", 3)]


def test_a_title_between_the_requests_says_the_year_of_those_below(tmp_path: Path) -> None:
    def line(number: int, day: str) -> tuple[object, ...]:
        return (number, day, "甲", "公民", f"第 {number} 事", day, "公开")

    rows = [("2024年12月",), HEADS, line(1, "12月5日"), ("2025年1月",), HEADS, line(1, "1月5日")]
    read = read_ledger(write(tmp_path / "a.xlsx", rows))
    days = [request.day("received_on") for request in read.ledger.requests]
    assert days == [date(2024, 12, 5), date(2025, 1, 5)]
    assert [one.why for one in read.left_out] == ["分段的标题", "重复的表头"]


def test_what_is_no_request_is_left_out_with_the_reason(tmp_path: Path) -> None:
    rows = [
        HEADS, (1, 2, 3, 4, 5, 6, 7), ("示例", "2025.1.1", "某某", "公民", "某事", "2025.1.9", "公开"), ONE, (),
            ("小计", "", "1件"),
        HEADS, (2,), ("合计", 2), ("注：不含电话咨询。",), ("填表人：张某", "", "审核人：李某"),
    ]  # fmt: skip
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert len(read.ledger.requests) == 1
    assert not read.doubts
    assert [(one.row, one.why) for one in read.left_out] == [
        (2, "栏号"), (3, "填写示例"), (6, "小计、合计"), (7, "重复的表头"), (8, "只有序号"), (9, "小计、合计"), (10,
        "表外的说明、签字"),
        (11, "表外的说明、签字"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        (1, None, "松塘县统计局", "其他", "某事", None, None),
        (1, "#REF!", "河阳设计有限公司", None, "2024年度审计报告", "2025.3.20", None),
        (1, None, "甲", "公民", "会计档案", "2025.3.20", "公开"),
    ],
)
def test_a_request_without_its_day_is_no_total_for_a_name_with_the_word_for_one(
    row: tuple[object, ...], tmp_path: Path
) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, row, ("合计", None, "1件"), ONE]), YEAR)
    assert len(read.ledger.requests) == 2
    assert [one.row for one in read.left_out] == [3]
    assert 2 in {doubt.row for doubt in read.doubts}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("青禾种业有限公司", "C2"), ("北溪机械厂", "C2"), ("松岭农民专业合作社", "C2"), ("临原律师事务所", "C5"),
        ("东望大学", "C3"), ("长风规划研究院", "C3"), ("松岭协会", "C4"), ("安澜基金会", "C4"),
    ],
)  # fmt: skip
def test_a_legal_person_is_divided_by_the_end_of_its_name(name: str, code: str, tmp_path: Path) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, (1, "2025.3.4", name, "法人", *ONE[4:])]), YEAR)
    assert only(read).text("applicant_type") == code
    assert "按名称的末尾" in only(read).why["applicant_type"]


def test_other_organizations_are_those_of_the_form_only_where_nobody_writes_legal_person(
    tmp_path: Path,
) -> None:
    line = (1, "2025.3.4", "城关村民委员会", "其他组织", *ONE[4:])
    alone = read_ledger(write(tmp_path / "a.xlsx", [HEADS, line]), YEAR)
    assert only(alone).text("applicant_type") == "C6"
    firm = (2, "2025.3.5", "青禾种业有限公司", "法人", *ONE[4:])
    beside = read_ledger(write(tmp_path / "b.xlsx", [HEADS, line, firm]), YEAR)
    assert [request.text("applicant_type") for request in beside.ledger.requests] == ["", "C2"]
    assert [one.word for one in beside.unknown] == ["其他组织"]


@pytest.mark.parametrize(
    ("word", "name", "code"),
    [
        ("其他组织", "临原律师事务所", "C5"),
        ("非法人组织", "松岭农民专业合作社", "C2"),
        ("其他组织", "松岭村民委员会", "C6"),
        ("非法人组织", "松岭业主大会", "C6"),
        ("其他", "临原律师事务所", "C6"),
        ("法人和非法人组织", "安澜基金会", "C4"),
    ],
)
def test_who_is_neither_person_nor_legal_person_is_divided_by_the_name_too(
    word: str, name: str, code: str, tmp_path: Path
) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, (1, "2025.3.4", name, word, *ONE[4:])]), YEAR)
    assert only(read).text("applicant_type") == code


@pytest.mark.parametrize("name", ["城关村民委员会", "某中心", "何志远"])
def test_a_legal_person_whose_name_does_not_say_its_kind_is_asked(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [HEADS, (1, "2025.3.4", name, "法人", *ONE[4:])])
    read = read_ledger(path, YEAR)
    assert only(read).unsettled["applicant_type"] == "法人"
    assert [(one.field, one.word, one.similar) for one in read.unknown] == [("applicant_type", "法人", ())]
    assert all(name not in f"{doubt.text}{doubt.reason}" for doubt in read.doubts)


def test_an_unknown_word_is_listed_once_with_its_count_and_settled_by_a_map(tmp_path: Path) -> None:
    rows = [HEADS, *((at, *ONE[1:4], f"第 {at} 事", "2025.3.20", "本机关不掌握") for at in range(1, 4))]
    path = write(tmp_path / "a.xlsx", rows)
    asked = read_ledger(path, YEAR)
    assert [(one.word, one.rows) for one in asked.unknown] == [("本机关不掌握", 3)]
    assert len(asked.doubts) == 3
    said = LedgerMap(words={"outcome": {"本机关不掌握": "U1"}})
    settled = read_ledger(path, YEAR, said)
    assert not settled.doubts
    assert [request.outcome for request in settled.ledger.requests] == ["U1"] * 3
    assert [(one.word, one.code, one.rows) for one in settled.ledger.settled] == [("本机关不掌握", "U1", 3)]


def test_what_was_said_of_a_layout_is_remembered(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [HEADS, (*ONE[:6], "办了")])
    asked = read_ledger(path, YEAR, kept=tmp_path / "maps")
    store_map(LedgerMap(words={"outcome": {"办了": "G1"}}), asked.fingerprint, tmp_path / "maps")
    other = write(tmp_path / "b.xlsx", [("另一年的台账",), HEADS, (*ONE[:6], "办了")])
    assert only(read_ledger(other, YEAR, kept=tmp_path / "maps")).outcome == "G1"


def test_a_column_that_a_person_named_is_used(tmp_path: Path) -> None:
    heads = (*HEADS[:6], "怎么办的")
    path = write(tmp_path / "a.xlsx", [heads, ONE])
    assert "没有找到“答复类型”" in read_ledger(path, YEAR).doubts[0].reason
    read = read_ledger(path, YEAR, LedgerMap(columns={"怎么办的": "outcome"}))
    assert only(read).outcome == "G1"
    assert not read.doubts


def test_a_word_that_is_to_be_confirmed_never_counts_by_itself(tmp_path: Path) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, (*ONE[:6], "作废")]), YEAR)
    assert only(read).unsettled["outcome"] == "作废"
    assert len(read.doubts) == 1


@pytest.mark.parametrize("number", ["1-3", "1、2", "3～5"])
def test_several_requests_in_one_row_are_asked_and_not_counted(number: str, tmp_path: Path) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, (number, *ONE[1:])]), YEAR)
    form = load_form()
    counts = count(read.ledger, YEAR, form, load_vocabulary(form))
    assert counts.cells["requests.received.total"] == 0
    assert told(read) == [("台账", 2)]


def test_a_row_that_says_it_stands_for_several_is_asked(tmp_path: Path) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [(*HEADS, "件数"), (*ONE, 1), (2, *ONE[1:], 3)]), YEAR)
    assert told(read) == [("台账", 3)]


def test_a_request_whose_number_is_merged_over_its_items_is_one(tmp_path: Path) -> None:
    rows = [HEADS, ONE, ("", "", "", "", "第二项"), (2, *ONE[1:])]
    read = read_ledger(
        write(tmp_path / "a.xlsx", rows, [f"{column}2:{column}3" for column in "ABCDFG"]), YEAR
    )
    assert [request.text("subject") for request in read.ledger.requests] == ["某事\n第二项", "某事"]
    assert not read.doubts


def test_rows_merged_where_no_number_tells_how_many_requests_they_are_are_asked(tmp_path: Path) -> None:
    rows = [HEADS[1:], ONE[1:], ("", "", "", "第二项")]
    read = read_ledger(write(tmp_path / "a.xlsx", rows, [f"{column}2:{column}3" for column in "ABCEF"]), YEAR)
    assert told(read) == [("台账", 2), ("台账", 3)]
    assert only(read).day("received_on") is None


def test_applicants_in_a_column_for_each_kind_are_read(tmp_path: Path) -> None:
    rows = [
        ("序号", "收到日期", "申请人信息", "", "申请内容", "答复日期", "答复类型"),
        ("", "", "公民", "法人或其他组织", "", "", ""),
        (1, "2025.3.4", "何志远", "", "某事", "2025.3.20", "公开"),
        (2, "2025.3.4", "", "青禾种业有限公司", "某事", "2025.3.20", "公开"),
    ]
    merged = ["C1:D1", "A1:A2", "B1:B2", "E1:E2", "F1:F2", "G1:G2"]
    read = read_ledger(write(tmp_path / "a.xlsx", rows, merged), YEAR)
    said = [(one.text("applicant"), one.text("applicant_type")) for one in read.ledger.requests]
    assert said == [("何志远", "C1"), ("青禾种业有限公司", "C2")]


def test_days_of_correction_are_not_taken_for_those_of_receipt_and_answer(tmp_path: Path) -> None:
    rows = [
        ("序号", "收到日期", "申请人", "申请人类别", "补正", "", "答复", ""),
        ("", "", "", "", "告知日期", "收到日期", "日期", "方式"),
        (1, "2025.3.4", "甲", "公民", "2025.3.6", "2025.3.12", "2025.3.20", "公开"),
    ]
    merged = ["E1:F1", "G1:H1", "A1:A2", "B1:B2", "C1:C2", "D1:D2"]
    values = only(read_ledger(write(tmp_path / "a.xlsx", rows, merged), YEAR)).values
    assert values["received_on"] == date(2025, 3, 4)
    assert values["correction_sent_on"] == date(2025, 3, 6)
    assert values["correction_back_on"] == date(2025, 3, 12)
    assert values["answered_on"] == date(2025, 3, 20)


def test_a_hidden_sheet_is_not_read_and_a_hidden_row_is_told(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(HEADS)
    sheet.append(ONE)
    sheet.row_dimensions[2].hidden = True
    other = book.create_sheet("旧的")
    assert isinstance(other, Worksheet)
    other.append(HEADS)
    other.append(ONE)
    other.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    read = read_ledger(tmp_path / "a.xlsx", YEAR)
    assert len(read.ledger.requests) == 1
    assert [doubt.sheet for doubt in read.doubts] == ["Sheet", "旧的"]
    assert all("隐藏" in doubt.reason for doubt in read.doubts)


def test_a_request_on_two_sheets_counts_once_where_the_later_one_says_more(tmp_path: Path) -> None:
    heads = ("登记编号", *HEADS[1:])
    open_one = ("SQ1", "2024.12.20", "甲", "公民", "某事", "", "")
    answered = ("SQ1", "2024.12.20", "甲", "公民", "某事", "2025.1.9", "公开")
    sheets = {
        "2024": [heads, open_one, ("SQ0", *ONE[1:])],
        "2025": [heads, answered, ("SQ2", *ONE[1:4], "别的事", *ONE[5:])],
    }
    read = read_ledger(write_sheets(tmp_path / "a.xlsx", sheets), YEAR)
    assert len(read.ledger.requests) == 3
    assert [(one.sheet, one.row) for one in read.left_out] == [("2024", 2)]


def test_two_requests_of_one_number_that_say_different_things_are_asked(tmp_path: Path) -> None:
    heads = ("登记编号", *HEADS[1:])
    sheets = {"1月": [heads, ("SQ1", *ONE[1:])], "2月": [heads, ("SQ1", *ONE[1:6], "部分公开")]}
    read = read_ledger(write_sheets(tmp_path / "a.xlsx", sheets), YEAR)
    assert len(read.ledger.requests) == 2
    assert told(read) == [("2月", 2)]


def test_a_formula_counts_by_its_result_and_is_told(tmp_path: Path) -> None:
    """The file of LibreOffice or Excel carries the result; openpyxl writes none."""
    path = write(
        tmp_path / "a.xlsx", [HEADS, (1, "2025.3.4", "甲", "公民", "某事", "=DATE(2025,3,20)", "公开")]
    )
    read = read_ledger(path, YEAR)
    assert "公式没有保存结果" in read.doubts[0].reason
    data = _with_result(path.read_bytes(), "<v></v>", "<v>45736</v>")
    path.write_bytes(data)
    read = read_ledger(path, YEAR)
    assert only(read).day("answered_on") == date(2025, 3, 20)
    assert "公式算出来" in read.doubts[0].reason


def _with_result(data: bytes, before: str, after: str) -> bytes:
    from zipfile import ZipFile

    written = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(written, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                changed = part.replace(before.encode(), after.encode()).replace(b"<v />", after.encode())
                part = changed.replace(b"<v/>", after.encode())
            new.writestr(name, part)
    return written.getvalue()


@pytest.mark.parametrize("rows", [[("姓名", "电话")], [], [("一", "二", "三"), (1, 2, 3)]])
def test_what_is_no_ledger_is_refused(rows: Sequence[Sequence[Any]], tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="没有找到台账"):
        read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)


def test_a_sheet_with_days_and_no_headings_is_asked(tmp_path: Path) -> None:
    sheets: Mapping[str, Sequence[Sequence[Any]]] = {"无表头": [ONE, ONE, ONE], "台账": [HEADS, ONE]}
    read = read_ledger(write_sheets(tmp_path / "a.xlsx", sheets), YEAR)
    assert told(read) == [("无表头", 1)]


def test_a_refusal_is_never_offered_as_a_grant() -> None:
    vocabulary = load_vocabulary(load_form())
    assert "G1" not in similar("不予公开", "outcome", vocabulary)
    assert "U2" in similar("不属于本部门", "outcome", vocabulary)


def test_every_request_says_where_it_was_read(tmp_path: Path) -> None:
    origin = only(read_ledger(write(tmp_path / "a.xlsx", [("标题",), HEADS, ONE]), YEAR)).origin
    assert origin == ("a.xlsx", "台账", 3)


@pytest.mark.parametrize(
    ("received", "answered", "day"),
    [
        ("2024年12月20日", "1月9日", date(2025, 1, 9)),
        ("2025年2月5日", "2月20日", date(2025, 2, 20)),
        ("2024年12月20日", "12月28日", None),
        ("2025年12月20日", "1月9日", None),
        ("2025年2月5日", "2月30日", None),
    ],
)
def test_a_day_without_its_year_goes_by_the_receipt_of_its_row_if_only_one_year_fits(
    received: str, answered: str, day: date | None, tmp_path: Path
) -> None:
    rows = [("2025年台账",), HEADS, (1, received, "甲", "公民", "某事", answered, "公开")]
    read = read_ledger(write(tmp_path / "a.xlsx", rows))
    assert only(read).day("answered_on") == day
    assert bool(read.doubts) == (day is None)


def test_of_two_columns_for_one_thing_the_one_that_was_not_read_is_told(tmp_path: Path) -> None:
    rows = [("申请日期", *HEADS), ("2025.3.1", *ONE)]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert only(read).day("received_on") == date(2025, 3, 4)
    assert read.notes == ("“台账”A 列“申请日期”没有读：“收到日期”用的是 C 列“收到日期”。",)


def test_a_title_that_names_two_years_says_none(tmp_path: Path) -> None:
    rows = [("台账（2024—2025年）",), HEADS, (1, "3月4日", *ONE[2:])]
    assert "received_on" in only(read_ledger(write(tmp_path / "a.xlsx", rows))).unsettled


def test_the_day_of_printing_above_the_table_says_no_year(tmp_path: Path) -> None:
    rows = [("2025年台账",), ("打印日期：2026.1.5",), HEADS, (1, "3月4日", *ONE[2:])]
    assert only(read_ledger(write(tmp_path / "a.xlsx", rows))).day("received_on") == date(2025, 3, 4)


@pytest.mark.parametrize("name", ["青禾会计师事务所有限公司", "望江设计院", "云溪合计划咨询公司"])
def test_a_name_with_a_word_of_totals_in_it_makes_no_row_a_total(name: str, tmp_path: Path) -> None:
    rows = [HEADS, (1, "", name, "企业", "累计投入", "2025.3.20", "公开"), ("", "", "3月合计", "", "1件")]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert told(read) == [("台账", 2)]
    assert [one.row for one in read.left_out] == [3]


def test_lines_at_the_turn_of_a_page_are_no_requests(tmp_path: Path) -> None:
    rows = [HEADS, ONE, ("过次页", "", "", "", "1件"), ("承前页", "", "", "", "1件"), (2, *ONE[1:])]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert not read.doubts
    assert [one.row for one in read.left_out] == [3, 4]


@pytest.mark.parametrize(
    ("titles", "days"),
    [
        (("一、2024年结转", "二、本年新收"), [date(2024, 12, 20), date(2025, 3, 4)]),
        (("一、上年结转", "二、2025年新收"), [None, date(2025, 3, 4)]),
        (("一、2024年结转", "二、其他"), [date(2024, 12, 20), None]),
        (("一、网上申请", "二、结转下年"), [date(2025, 12, 20), date(2025, 3, 4)]),
    ],
)
def test_a_title_between_requests_gives_its_year_only_to_what_it_is_above(
    titles: tuple[str, str], days: list[date | None], tmp_path: Path
) -> None:
    rows = [
        ("2025年台账",), HEADS, (titles[0],), (1, "12月20日", "甲", "公民", "某事", "2026.1.6", "公开"), (titles[1],),
        (2, "3月4日", "乙", "公民", "某事", "3月20日", "公开"),
    ]  # fmt: skip
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert [one.day("received_on") for one in read.ledger.requests] == days


def test_the_year_of_a_few_carried_requests_is_not_that_of_the_others(tmp_path: Path) -> None:
    carried = (1, "2024.12.20", "甲", "公民", "某事", "2025.1.6", "公开")
    new = [(at, f"3月{at}日", "乙", "公民", f"第 {at} 事", "3月20日", "公开") for at in (2, 3)]
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, carried, *new]), YEAR)
    assert [one.day("received_on") for one in read.ledger.requests] == [date(2024, 12, 20), None, None]
    assert {row for _, row in told(read)} == {3, 4}


@pytest.mark.parametrize("word", ["同上", "〃", "同 上"])
def test_the_same_as_above_is_what_stands_above(word: str, tmp_path: Path) -> None:
    rows = [HEADS, ONE, (2, word, word, word, "别的事", "2025.3.21", word)]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    _, second = read.ledger.requests
    assert not read.doubts
    assert (second.day("received_on"), second.text("applicant_type"), second.outcome) == (
        date(2025, 3, 4), "C1", "G1",
    )  # fmt: skip


def test_the_same_as_above_below_no_request_is_asked(tmp_path: Path) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, (1, "同上", *ONE[2:])]), YEAR)
    assert told(read) == [("台账", 2)]


@pytest.mark.parametrize(
    "note", ["作废", "误登，见第 3 行", "此件重复登记", "申请人撤回", "已于3月20日电话答复", "不再处理"]
)
def test_an_open_request_whose_note_says_that_it_is_done_is_asked(note: str, tmp_path: Path) -> None:
    rows = [(*HEADS, "备注"), (*ONE[:5], "", "", note)]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert told(read) == [("台账", 2)]
    assert {"outcome", "received_on"} & only(read).unsettled.keys()
    assert f"“{note}”" not in read.doubts[0].reason


@pytest.mark.parametrize("note", ["已告知延期答复", "已发补正告知", "EMS", "尚未答复", "已转法规科"])
def test_a_note_on_the_way_of_an_open_request_asks_nothing(note: str, tmp_path: Path) -> None:
    rows = [(*HEADS, "备注"), (*ONE[:5], "", "办理中", note)]
    assert not read_ledger(write(tmp_path / "a.xlsx", rows), YEAR).doubts


def test_a_second_column_of_results_that_says_another_thing_is_asked(tmp_path: Path) -> None:
    rows = [
        (*HEADS, "办理状态"), (*ONE, "已办结"), (2, *ONE[1:5], "", "", "已办结"), (3, *ONE[1:5], "", "", "在办"),
        (4, *ONE[1:], "不存在"), (5, *ONE[1:], "作废"),
    ]  # fmt: skip
    assert told(read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)) == [
        ("台账", 3),
        ("台账", 5),
        ("台账", 6),
    ]


def test_a_row_that_is_struck_out_is_asked_and_not_counted(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (HEADS, ONE, (2, *ONE[1:])):
        sheet.append(row)
    for cell in sheet[3]:
        cell.font = Font(strike=True)
    book.save(tmp_path / "a.xlsx")
    read = read_ledger(tmp_path / "a.xlsx", YEAR)
    form = load_form()
    counts = count(read.ledger, YEAR, form, load_vocabulary(form))
    assert told(read) == [("Sheet", 3)]
    assert counts.cells["requests.received.total"] == 1


@pytest.mark.parametrize("number", ["2件", "两件", "２", "3（合并答复）", 2])
def test_whatever_says_more_than_one_request_is_asked(number: object, tmp_path: Path) -> None:
    rows = [(*HEADS, "受理件数"), (*ONE, "1件"), (2, *ONE[1:], number), (3, *ONE[1:], "")]
    assert told(read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)) == [("台账", 3)]


@pytest.mark.parametrize(
    "below",
    [
        ("序号", "答复日期", "申请人", "申请人类别", "申请内容", "收到日期", "答复类型"),
        ("编号", "办结时间", "姓名", "申请人类型", "申请事项", "收件日期", "办理结果"),
    ],
)
def test_headings_in_another_order_count_for_the_rows_below_them(
    below: tuple[str, ...], tmp_path: Path
) -> None:
    turned = (2, "2025.4.20", "甲", "公民", "某事", "2025.4.4", "部分公开")
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, ONE, ("二、信函",), below, turned]), YEAR)
    _, second = read.ledger.requests
    assert (second.day("received_on"), second.day("answered_on")) == (date(2025, 4, 4), date(2025, 4, 20))
    assert not read.doubts
    assert any("第 4 行起换了列名" in note for note in read.notes)


def test_a_second_list_beside_the_first_is_asked_row_by_row(tmp_path: Path) -> None:
    rows = [(*HEADS, "", *HEADS), (*ONE, "", 3, *ONE[1:]), (2, *ONE[1:])]
    assert told(read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)) == [("台账", 2)]


def test_the_reason_of_a_refusal_in_a_column_of_its_own_is_read_with_it(tmp_path: Path) -> None:
    rows = [
        (*HEADS[:6], "是否公开", "不予公开理由"), (*ONE[:6], "不予公开", "商业秘密"), (2, *ONE[1:6], "公开", "/"),
        (3, *ONE[1:6], "不予公开", "领导意见"),
    ]  # fmt: skip
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert [one.text("outcome") for one in read.ledger.requests] == ["D4", "G1", ""]
    assert [(one.word, one.rows) for one in read.unknown] == [("不予公开（领导意见）", 1)]


@pytest.mark.parametrize("mark", ["√", 1])
def test_outcomes_in_a_column_each_are_read_whatever_stands_above_them(mark: object, tmp_path: Path) -> None:
    rows = [
        (*HEADS[:6], "予以公开", "部分公开", "信息不存在", "经请示"), (*ONE[:6], mark), (2, *ONE[1:6], "", "", mark),
        (3, *ONE[1:6], mark, mark), (4, *ONE[1:6], "", "", "", mark), (5, *ONE[1:6]),
    ]  # fmt: skip
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert [one.text("outcome") for one in read.ledger.requests] == ["G1", "U1", "", "", ""]
    assert told(read) == [("台账", 4), ("台账", 5), ("台账", 6)]
    assert [one.word for one in read.unknown] == ["经请示"]


@pytest.mark.parametrize("written", ["2025.3.20答复", "已于2025年3月20日邮寄", "2025.3.20（EMS签收）"])
def test_a_day_with_words_that_change_nothing_of_it_is_that_day(written: str, tmp_path: Path) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, (*ONE[:5], written, ONE[6])]), YEAR)
    assert only(read).day("answered_on") == date(2025, 3, 20)
    assert not read.doubts


@pytest.mark.parametrize("written", ["2025.3.20前", "拟2025.3.20答复", "延期至2025.3.20", "2025.3.20左右"])
def test_a_day_with_words_that_change_it_is_asked(written: str, tmp_path: Path) -> None:
    read = read_ledger(write(tmp_path / "a.xlsx", [HEADS, (*ONE[:5], written, ONE[6])]), YEAR)
    assert told(read) == [("台账", 2)]


def test_a_review_of_which_only_yes_is_said_is_asked(tmp_path: Path) -> None:
    rows = [
        (*HEADS, "是否复议", "是否诉讼"),
        (*ONE, "否", "否"),
        (2, *ONE[1:], "是", "未起诉"),
        (3, *ONE[1:], "", "是"),
    ]
    assert told(read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)) == [("台账", 3), ("台账", 4)]


def test_of_two_columns_of_results_the_one_that_holds_outcomes_is_read(tmp_path: Path) -> None:
    rows = [
        (*HEADS[:6], "答复方式", "办理情况"),
        (*ONE[:6], "邮寄", "公开"),
        (2, *ONE[1:6], "当面", "部分公开"),
    ]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert [one.text("outcome") for one in read.ledger.requests] == ["G1", "P1"]
    assert not read.doubts


def test_a_column_of_years_gives_them_to_the_days_of_its_row(tmp_path: Path) -> None:
    rows = [
        ("2025年台账",), ("年度", *HEADS), ("2024年", 1, "12月5日", *ONE[2:5], "2025.1.6", "公开"),
        ("", 2, "12月6日", *ONE[2:5], "2025.1.6", "公开"), (2025, 3, "3月4日", *ONE[2:5], "3月20日", "公开"),
    ]  # fmt: skip
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    days = [one.day("received_on") for one in read.ledger.requests]
    assert days == [date(2024, 12, 5), date(2024, 12, 6), date(2025, 3, 4)]
    assert not read.doubts


def test_a_list_of_what_was_published_is_no_ledger(tmp_path: Path) -> None:
    published = [
        ("序号", "信息名称", "公开日期", "公开方式", "责任科室"),
        (1, "某通知", "2025.3.4", "网站", "办公室"),
    ]
    sheets: dict[str, list[tuple[Any, ...]]] = {
        "依申请": [HEADS, ONE],
        "主动公开": published,
        "其他": published,
    }
    read = read_ledger(write_sheets(tmp_path / "a.xlsx", sheets), YEAR)
    assert len(read.ledger.requests) == 1
    assert told(read) == [("其他", 1)]


@pytest.mark.parametrize("written", ["", "办理中"])
def test_without_a_column_of_outcomes_no_request_counts_as_open(written: str, tmp_path: Path) -> None:
    rows = [(*HEADS[:5], "备注"), (*ONE[:5], written), (2, *ONE[1:5], "已邮寄")]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    form = load_form()
    assert not any(count(read.ledger, YEAR, form, load_vocabulary(form)).cells.values())
    assert {row for _, row in told(read)} == {1, 2, 3}


def test_day_number_and_way_of_an_answer_in_one_cell_are_divided(tmp_path: Path) -> None:
    heads = ("序号", "收到日期", "申请人", "申请人类别", "申请内容", "答复情况（日期、文号、方式）")
    cells = [
        "2025年3月20日，松公开〔2025〕2号，予以公开", "2025.3.20不予公开（国家秘密），松告〔2025〕3号，邮寄",
        "信息不存在（松告〔2025〕4号，2025年3月20日邮寄）", "2025.3.20答复，2025.4.1补充答复",
    ]  # fmt: skip
    rows = [heads, *((at, *ONE[1:5], cell) for at, cell in enumerate(cells, 1))]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert [one.text("outcome") for one in read.ledger.requests] == ["G1", "D1", "U1", ""]
    assert [one.day("answered_on") for one in read.ledger.requests] == [*[date(2025, 3, 20)] * 3, None]
    assert {row for _, row in told(read)} == {5}


def test_a_request_carried_from_month_to_month_counts_once(tmp_path: Path) -> None:
    first = [HEADS, (*ONE[:5], "", "办理中")]
    sheets: dict[str, list[tuple[Any, ...]]] = {"1月": first, "2月": [HEADS, ONE], "3月": [HEADS]}
    read = read_ledger(write_sheets(tmp_path / "a.xlsx", sheets), YEAR)
    assert only(read).outcome == "G1"
    assert [(one.sheet, one.row) for one in read.left_out] == [("1月", 2)]


def test_yes_in_place_of_a_day_is_told_once_and_no_row_is_asked(tmp_path: Path) -> None:
    rows = [(*HEADS, "是否延期"), (*ONE, "是"), (2, *ONE[1:], "否"), (3, *ONE[1:], "是")]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert not read.doubts
    assert [note for note in read.notes if "是否延期" in note] == [
        "“台账”H 列“是否延期”有的只写着是，没有日期，这些申请的期限算不出来。"
    ]
    assert "extended_on" in read.ledger.requests[0].unsettled


def test_rows_of_one_merged_number_that_have_days_of_their_own_are_asked(tmp_path: Path) -> None:
    rows = [HEADS, ONE, ("", *ONE[1:4], "别的事", *ONE[5:]), (2, *ONE[1:])]
    read = read_ledger(write(tmp_path / "a.xlsx", rows, ["A2:A3"]), YEAR)
    form = load_form()
    counts = count(read.ledger, YEAR, form, load_vocabulary(form))
    assert told(read) == [("台账", 2), ("台账", 3)]
    assert counts.cells["requests.received.total"] == 1


@pytest.mark.parametrize(("number", "rows"), [("SQ1", [("台账", 3)]), ("/", []), ("", [])])
def test_a_number_that_stands_twice_on_one_day_is_asked(
    number: str, rows: list[tuple[str, int]], tmp_path: Path
) -> None:
    listed = [("登记编号", *HEADS[1:]), (number, *ONE[1:]), (number, "2025.3.4", "乙", *ONE[3:])]
    assert told(read_ledger(write(tmp_path / "a.xlsx", listed), YEAR)) == rows


def test_a_sum_of_ticks_in_each_row_is_no_tick(tmp_path: Path) -> None:
    heads = (*HEADS[:6], "予以公开", "部分公开", "合计")
    rows = [heads, (*ONE[:6], 1, "", 1), (2, *ONE[1:6], "", 1, 1), ("合计", *[""] * 5, 1, 1, 2)]
    read = read_ledger(write(tmp_path / "a.xlsx", rows), YEAR)
    assert [one.text("outcome") for one in read.ledger.requests] == ["G1", "P1"]
    assert not read.doubts


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (("12月20日", "12月25日", *(f"{m}月4日" for m in range(1, 11))), [3, 4]),
        ((*(f"{m}月4日" for m in range(1, 13)), "1月5日"), [15]),
        (("1月5日", *(f"{m}月4日" for m in range(12, 0, -1))), [3]),
        ((*(f"{m}月4日" for m in range(1, 13)), "2026.1.5"), []),
        ((*(f"{m}月4日" for m in range(1, 7)), *(f"{m}月8日" for m in range(1, 7))), []),
        (("3月1日", "12月20日", "1月4日", "7月1日", "2月3日"), []),
    ],
)
def test_days_without_a_year_across_its_turn_in_a_list_by_days_are_asked(
    days: tuple[str, ...], asked: list[int], tmp_path: Path
) -> None:
    rows = [(at, day, "甲", "公民", f"第 {at} 事", "", "办理中") for at, day in enumerate(days, 1)]
    read = read_ledger(write(tmp_path / "a.xlsx", [("2025年台账",), HEADS, *rows]), YEAR)
    assert [row for _, row in told(read)] == asked
    assert all(
        "received_on" in one.unsettled
        for one in read.ledger.requests
        if one.origin and one.origin.row in asked
    )
