"""Writing another number in the place of one that stands in prose."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gxeditor.core.numerals import Number, rewritten


@pytest.mark.parametrize(
    ("text", "value", "becomes"),
    [
        ("68", 62, "62"),
        ("68件", 7, "7件"),
        ("６８", 162, "１６２"),
        ("1,234", 5678, "5,678"),
        ("1,234", 567, "567"),
        ("１，２３４", 12345, "１２，３４５"),
        ("12，345", 1000000, "1，000，000"),
        ("1234", 56789, "56789"),
        ("52.4%", Decimal("53.1"), "53.1%"),
        ("52.40％", Decimal("53.1"), "53.10％"),
        ("52.4%", 50, "50.0%"),
        ("68", Decimal("3.50"), "3.5"),
        ("3.5", Decimal("12.25"), "12.25"),
        ("1.2万", 13000, "1.3万"),
        ("2万件", 12345, "12345件"),
        ("1.2万件", 62, "62件"),
        ("1.2万件", 20000, "2.0万件"),
        ("十五", 21, "二十一"),
        ("二十", 10, "十"),
        ("三", 2, "两"),
        ("二", 2, "二"),
        ("两件", 5, "五件"),
        ("五件", 12, "十二件"),
        ("一百零五", 1020, "一千零二十"),
        ("十", 1003, "一千零三"),
        ("十", 110, "一百一十"),
        ("十", 12000, "12000"),
        ("零", 3, "三"),
        ("零", 0, "零"),
        ("三", 0, "零"),
        ("百分之五十", 33, "百分之三十三"),
    ],
)
def test_a_number_is_written_as_the_one_before_it(text: str, value: Number, becomes: str) -> None:
    assert rewritten(text, value) == becomes


@pytest.mark.parametrize("text", ["", "未", "无", "全部", "3至5", "2025年收到3", "六万"])
def test_where_no_single_number_stands_none_is_written(text: str) -> None:
    assert rewritten(text, 5) == ""


def test_a_chinese_numeral_takes_no_fraction() -> None:
    assert rewritten("十二", Decimal("3.5")) == "3.5"


@pytest.mark.parametrize("number", [*range(130), 200, 1010, 1100, 9999, 2002, 3500])
def test_chinese_numerals_say_their_number(number: int) -> None:
    values = {"零": 0, **{name: value for value, name in enumerate("一二三四五六七八九", 1)}, "两": 2}
    places = {"十": 10, "百": 100, "千": 1000}
    total, digit = 0, None
    for char in rewritten("十一", number):
        if char in places:
            total += (1 if digit is None else digit) * places[char]
            digit = None
        else:
            digit = values[char]
    assert total + (digit or 0) == number
