"""Numbers as prose writes them, with their places, units and how exactly they are stated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gxeditor.core.checks.claims.figures import figures, han_number, plain


def read(text: str) -> list[tuple[object, str]]:
    return [(one.value, one.unit) for one in figures(plain(text).text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("收到62件", 62, "件"),
        ("收到６２件", 62, "件"),
        ("收到1,362件", 1362, "件"),
        ("收到１，３６２件", 1362, "件"),
        ("收到 62 件", 62, "件"),
        ("收费25.1万元", Decimal("25.1"), "万元"),
        ("收费3,200元", 3200, "元"),
        ("办理1.2万件", 12000, "件"),
        ("访问2.5亿次", 250_000_000, "次"),
        ("占33.9％", Decimal("33.9"), "%"),
        ("占百分之九十八点五", Decimal("98.5"), "%"),
        ("占百分之45.2", Decimal("45.2"), "%"),
        ("收到三百零五件", 305, "件"),
        ("收到两件", 2, "件"),
        ("收到零件", 0, "件"),
        ("收到十二宗", 12, "宗"),
        ("申请为零", 0, "件"),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, value: object, unit: str) -> None:
    assert read(text) == [(value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "根据国办公开办函〔2021〕30号",
        "《条例》第五十条第（四）项",
        "联系电话：0517-87222589",
        "邮编223001",
        "《2023年工作要点》",
        "保护第三方合法权益",
        "整改一批、起草一份子",
        "百分之.",
        "百分之点",
    ],
)
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert [one for one in figures(plain(text).text) if one.unit != "批"] == []


def test_two_numbers_with_a_wide_comma_between_are_two() -> None:
    assert read("分别为12件，345件") == [(12, "件"), (345, "件")]


def test_a_rounded_number_says_so() -> None:
    more, about, exact = figures(plain("访问60余件，约50件，30件").text)
    assert (more.vague, about.vague, exact.vague) == (True, True, False)


def test_the_worth_of_the_last_digit_is_known() -> None:
    (one,) = figures(plain("办理1.2万件").text)
    assert one.step == 1000
    (share,) = figures(plain("占33.95%").text)
    assert share.step == Decimal("0.01")


def test_places_are_those_of_the_text_as_it_stands() -> None:
    text = "共 收到 ６２ 件"
    read = plain(text)
    (one,) = figures(read.text)
    assert text[read.places[one.start] : read.places[one.end]].strip() == "６２"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十五", 35),
        ("一百二十三", 123),
        ("二〇", 20),
        ("两千零六", 2006),
        ("三万五千", 35000),
        ("百千", None),
    ],
)
def test_chinese_numerals_have_a_value(text: str, value: int | None) -> None:
    assert han_number(text) == value
