"""Days, amounts and words as clerks type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gxeditor.core.ledger.entries import (
    Refused,
    day_of_number,
    parse_code,
    parse_date,
    parse_entry,
    parse_money,
    says_nothing,
)
from gxeditor.core.ledger.vocabulary import Code
from gxeditor.resources import load_form, load_vocabulary

MARCH_4 = date(2025, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2025.3.4", "2025-3-4", "2025/3/4", "2025年3月4日", "2025年03月04日", "2025年3月4号", "20250304",
        "２０２５．３．４",
        " 2025. 3. 4 ", "2025.3.4.", "2025、3、4", "2025 3 4", "25.3.4", "25-03-04", "25年3月4日", "250304",
        "2025-03-04T09:30:00", "2025-03-04 09:30", "2025/3/4 9:30:00", "2025年3月4日上午", "2025年3月4日上午9时30分",
        "2025年3月4日 9点", "20250304093000", "2025年3月4日（星期二）", "2025.3.4 周二", "二〇二五年三月四日",
        "二○二五年三月四日", "3月4日", "3.4", "3/4", "3-4", "03-04", "三月四日", "3月4号", "3月4日 14:00", "45720",
        "45720.5", "4-Mar-25", "Mar 4, 2025", "'2025.3.4",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert parse_date(text, 2025) == MARCH_4


@pytest.mark.parametrize(
    ("text", "said"), [("14/3/2025", date(2025, 3, 14)), ("十二月三十一日", date(2025, 12, 31))]
)
def test_a_day_in_an_order_that_only_one_reading_fits_is_read(text: str, said: date) -> None:
    assert parse_date(text, 2025) == said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2月30日", "2月30日没有这一天。"),
        ("2025.2.30", "2月30日没有这一天。"),
        ("20250230", "2月30日没有这一天。"),
        ("2025.2.29", "2025年2月29日没有这一天。"),
        ("4.31", "4月31日没有这一天。"),
        ("2025.13.1", "没有13月。"),
        ("2205.3.4", "2205年不会是台账里的年份，请核对。"),
    ],
)
def test_a_day_that_does_not_exist_is_told(text: str, why: str) -> None:
    assert parse_date(text, 2025) == Refused(why, "impossible")


def test_the_29th_of_february_is_a_day_of_a_leap_year() -> None:
    assert parse_date("2.29", 2024) == date(2024, 2, 29)
    assert isinstance(parse_date("2.29", 2025), Refused)


@pytest.mark.parametrize("text", ["3月4日", "3.4", "三月四日"])
def test_without_a_year_the_year_is_asked(text: str) -> None:
    found = parse_date(text)
    assert isinstance(found, Refused)
    assert found.kind == "year"
    assert "没有写年份" in found.why


@pytest.mark.parametrize(
    "text", ["2025年3月", "2025.3", "202503", "3/4/2025", "201012", "2025年", "12/3/25", "10-11-25"],
)  # fmt: skip
def test_what_lacks_a_part_or_reads_in_two_ways_is_not_chosen(text: str) -> None:
    assert isinstance(parse_date(text, 2025), Refused)


@pytest.mark.parametrize(
    "text", ["已答复", "#REF!", "2025.3.4-3.6", "1234", "123456789", "年底", "3.4.5.6", "45720元"]
)
def test_what_is_no_day_is_refused_with_what_stands_there(text: str) -> None:
    found = parse_date(text, 2025)
    assert isinstance(found, Refused)
    assert text in found.why


@pytest.mark.parametrize("number", [45720, 45720.75, 20250304])
def test_a_number_is_the_day_that_excel_shows_for_it(number: float) -> None:
    assert day_of_number(number) == MARCH_4


def test_a_number_that_lost_a_nought_is_asked() -> None:
    assert isinstance(day_of_number(3.1, 2025), Refused)
    assert isinstance(day_of_number(11.3, 2025), Refused)
    assert day_of_number(3.4, 2025) == MARCH_4
    assert day_of_number(3.12, 2025) == date(2025, 3, 12)
    assert day_of_number(2.3, 2025) == date(2025, 2, 3)  # there is no 30th


def test_two_digits_are_a_year_where_they_can_be_nothing_else() -> None:
    assert parse_date("08.3.4") == date(2008, 3, 4)
    assert parse_date("25/12/3") == date(2025, 12, 3)
    assert parse_date("12年3月25日") == date(2012, 3, 25)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("100", "100"), ("1,240.50元", "1240.50"), ("￥30", "30"), ("¥ 30.00", "30.00"), ("０．５万元", "5000.0"),
        ("100元整", "100"), ("人民币20元", "20"),
    ],
)  # fmt: skip
def test_an_amount_is_read_with_its_unit(text: str, amount: str) -> None:
    assert parse_money(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "免收", "/", "无"])
def test_no_fee_is_no_amount(text: str) -> None:
    assert parse_money(text) is None


@pytest.mark.parametrize("text", ["约100元", "1,24", "1,2400", "10页", "100+40", "壹佰元"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert isinstance(parse_money(text), Refused)


@pytest.mark.parametrize("text", ["", " ", "/", "——", "无", "-", "N/A", "／", "　"])
def test_a_stroke_says_that_nothing_is_there(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["0", "未公开", "无此信息"])
def test_a_word_says_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("U1", "U1"), ("u1", "U1"), ("U1 信息不存在", "U1"), ("信息不存在（经检索没有）", "U1"), ("国家秘密", "D1"),
     ("不予公开·国家秘密", "D1"), ("不予公开—国家秘密", "D1"), ("予以公开", "G1"),
     ("办理中（含待补正、征求第三方、延期、待缴费、延迟答复）", "OPEN"), ("区分处理（国家秘密）", "P1"),
     ("部分公开，部分不予公开", "P1"), ("部分公开、部分不存在", "P1"), ("部分公开和不予公开（商业秘密）", "P1")],
)  # fmt: skip
def test_a_code_is_typed_as_code_label_or_either_behind_the_other(text: str, code: str) -> None:
    found = parse_code(text, "outcome", load_vocabulary(load_form()))
    assert isinstance(found, Code)
    assert found.code == code


@pytest.mark.parametrize(
    "text",
    [
        "不予公开",
        "其他",
        "G1 国家秘密",
        "同意",
        "予以公开（部分）",
        "部分不予公开、部分不存在",
        "不予部分公开",
    ],
)
def test_a_word_that_means_no_one_code_is_refused(text: str) -> None:
    found = parse_code(text, "outcome", load_vocabulary(load_form()))
    assert isinstance(found, Refused)
    assert "答复类型" in found.why


def test_an_entry_is_read_by_the_type_of_its_column() -> None:
    vocabulary = load_vocabulary(load_form())

    def read(field: str, text: str) -> object:
        return parse_entry(text, vocabulary.by_field[field], vocabulary, 2025)

    assert read("received_on", "3.4") == MARCH_4
    assert read("received_on", "/") is None
    assert read("fee_amount", "30元") == Decimal(30)
    assert read("applicant_type", "公民") == "C1"
    assert read("subject", " 无 ") == "无"
    assert read("serial", "12") == 12
    assert isinstance(read("serial", "十二"), Refused)


@pytest.mark.parametrize(
    ("written", "clear"), [("12/3/25", False), ("3/12/25", False), ("25/3/12", True), ("25.3.12", True)]
)
def test_two_digits_at_the_end_may_be_the_year(written: str, clear: bool) -> None:
    assert (parse_date(written, 2025) == date(2025, 3, 12)) is clear
