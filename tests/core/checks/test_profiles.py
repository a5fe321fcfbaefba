"""Profiles: what a file of one may say, every defect of it at once, and what is asked of whom."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from gxeditor.core.checks.profiles import KEYS, NATIONAL, Profile, chosen, day_of, parse_profile
from gxeditor.core.errors import Defects
from gxeditor.core.fields import AgencyKind


def value(key: str, what: object, status: str = "rule", **more: object) -> dict[str, object]:
    return {"key": key, "value": what, "status": status, "source": "通知", **more}


def profile(*values: dict[str, object], **more: object) -> Profile:
    return parse_profile({"id": "here", "name": "我县", "values": list(values), **more})


def defects(data: dict[str, Any]) -> set[str]:
    with pytest.raises(Defects) as caught:
        parse_profile(data)
    return set(caught.value.defects)


def test_the_national_profile_asks_nothing() -> None:
    assert (NATIONAL.id, NATIONAL.get("fee.decimals"), NATIONAL.get("unit_word", "件")) == ("", None, "件")


def test_a_value_has_its_status_and_source() -> None:
    stated = profile(value("fee.decimals", 4)).stated("fee.decimals")
    assert stated is not None
    assert (stated.value, stated.status, stated.source) == (4, "rule", "通知")


def test_only_a_rule_in_force_is_a_ground_for_an_alarm() -> None:
    one = profile(value("fee.decimals", 4, "practice"), value("overview.max_chars", 1000, "old"))
    assert one.get("fee.decimals") == 4
    assert one.rule("fee.decimals") is None
    assert one.rule("overview.max_chars") is None


def test_a_value_may_be_said_of_some_kinds_of_agency_alone() -> None:
    one = profile(
        value("deadlines.publish", "02-20", kinds=["government", "township"]),
        value("deadlines.publish", "01-28", kinds=["department"]),
        value("overview.max_chars", 1000),
        value("overview.max_chars", 2000, kinds=["government"]),
    )
    assert one.get("deadlines.publish", kind=AgencyKind.TOWNSHIP) == "02-20"
    assert one.get("deadlines.publish", kind=AgencyKind.DEPARTMENT) == "01-28"
    assert one.get("deadlines.publish", kind=AgencyKind.OTHER) is None
    assert one.get("overview.max_chars", kind=AgencyKind.GOVERNMENT) == 2000
    assert one.get("overview.max_chars", kind=AgencyKind.OTHER) == 1000


def test_a_city_says_what_its_province_says_and_more() -> None:
    province = profile(value("fee.decimals", 4), value("unit_word", "宗"))
    city = parse_profile(
        {"id": "city", "name": "市", "parent": "here", "values": [value("unit_word", "件")]},
        [NATIONAL, province],
    )
    assert (city.get("fee.decimals"), city.get("unit_word")) == (4, "件")


def test_all_defects_of_a_profile_are_told_at_once() -> None:
    told = defects(
        {
            "id": "He nan",
            "note": 1,
            "parent": "nowhere",
            "values": [
                value("fee.decimals", 7),
                value("fee.decimals", True),
                value("colour", "红"),
                value("deadlines.publish", "02-30"),
                {"key": "unit_word", "value": "个", "status": "perhaps"},
                value("required.phrases", []),
                value("scope", "省", kinds=["city"]),
                "文字",
            ],
        }
    )
    assert {
        "文件：不认识的键 note",
        "文件：缺少 name",
        "id 应为小写字母、数字和短横，如 henan",
        "没有 parent “nowhere”",
        "values[0].value 应为 0 至 6 的整数",
        "values[1].value 应为 0 至 6 的整数",
        "values[1]：fee.decimals 重复",
        "values[2]：不认识的 key “colour”",
        "values[3].value 应为“月-日”，如 01-31",
        "values[4].value 应为 件 或 宗",
        "values[4]：缺少 source",
        "values[5].value 应为文字列表",
        "values[6].kinds 应为 government、department、township、other 中的几种",
        "values[7] 应为表",
    } <= told


@pytest.mark.parametrize("number", ["nan", "inf", "0", "-3", "1e300"])
def test_a_limit_is_a_number_that_can_be_compared(number: str) -> None:
    text = f'id = "a"\nname = "甲"\n[[values]]\nkey = "change.more"\nvalue = {number}\nstatus = "rule"\nsource = "通知"'
    assert defects(tomllib.loads(text)) == {"values[0].value 应为大于 0 的数"}


def test_every_key_has_a_word_for_the_clerk() -> None:
    assert all(key.word and key.wanted for key in KEYS.values())


def test_a_profile_that_nobody_has_is_the_national_one() -> None:
    one = profile()
    assert chosen([NATIONAL, one], "here") is one
    assert chosen([NATIONAL, one], "elsewhere") is NATIONAL


@pytest.mark.parametrize(
    ("text", "day"),
    [("01-31", date(2024, 1, 31)), ("02-29", date(2024, 2, 29)), ("1-31", None), ("02-30", None), ("", None)],
)
def test_a_day_of_the_year_is_written_with_two_digits_each(text: str, day: date | None) -> None:
    assert day_of(text, 2024) == day


def test_the_end_of_february_is_the_last_day_that_there_is() -> None:
    assert day_of("02-29", 2023) == date(2023, 2, 28)
