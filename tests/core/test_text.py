"""Texts on their way into the files of other programs."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.report import KEPT_TEXTS, paragraphs
from gxeditor.core.text import HEADS, held, inert, printable


@given(st.text(st.characters(codec=None)))
def test_any_text_becomes_one_that_xml_can_hold(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    element = ElementTree.Element("p")
    element.text = shown
    read = ElementTree.fromstring(ElementTree.tostring(element, "utf-8")).text or ""
    assert read.replace("\r", "\n") == shown.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n\u3000=1", "＝1", "\u200b=1"]
)
def test_what_a_sheet_would_calculate_is_led_by_something_unseen(text: str) -> None:
    assert inert(text) == f"\u200b{text}"


@pytest.mark.parametrize("text", ["", "无", "0", "一=二", "（-）", *sorted(KEPT_TEXTS)])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


LONG = "本机关全年主动公开政府信息一百二十条，比上年增加二十条，办理依申请公开三十件。"


def kept(*lines: str) -> str:
    """One sign for each line: > for one that is kept with the next."""
    return "".join(">" if one else "." for one in held(paragraphs("\n".join(lines))))


@pytest.mark.parametrize(
    "heading", ["（一）主动公开", "（一）主动公开。", "1.主动公开", "1．主动公开", "（1）主动公开"]
)
@pytest.mark.parametrize(
    "numbered", ["一、主动公开", "第一条 总则", "①主动公开", "2.1 主动公开", "A.主动公开", "改进情况"]
)
def test_a_heading_is_kept_with_its_text(heading: str, numbered: str) -> None:
    assert kept(heading, LONG, numbered, LONG) == ">.>."


def test_headings_of_several_levels_are_kept_together() -> None:
    assert kept("（一）主动公开", "1.规章", "（1）制定情况", LONG) == ">>>."


@pytest.mark.parametrize("count", [2, 3, 22, 28, 400])
@pytest.mark.parametrize(
    "item",
    [
        "{}.《某某办法》",
        "（{}）某某规定",
        "{}、《某某办法》",
        "第{}条 某某",
        "- 某某",
        "某某办法",
        "• 第{}项",
    ],
)
def test_a_list_is_no_chain_of_headings(count: int, item: str) -> None:
    lines = [item.format(number) for number in range(1, count + 1)]
    assert kept(*lines) == "." * count
    assert kept(LONG, *lines, LONG)[:count] == "." * count


def test_chinese_numerals_make_a_list_too() -> None:
    assert kept("（九）甲办法", "（十）乙办法", "（十一）丙办法", LONG) == "...."


def test_what_leads_up_to_a_list_is_kept_with_its_first_item() -> None:
    assert kept("制定下列文件：", "1.甲", "2.乙", "3.丙", LONG) == ">...."


def test_the_last_line_and_long_lines_are_kept_with_nothing() -> None:
    assert kept(LONG, "（一）主动公开") == ".."
    assert kept() == ""


@given(
    st.lists(
        st.sampled_from(["一、甲", "（一）甲", "1.甲", "（1）甲", "①甲", "甲：", "甲", LONG, "甲。"]),
        max_size=60,
    )
)
def test_no_more_headings_follow_each_other_than_are_kept_together(lines: list[str]) -> None:
    assert ">" * (HEADS + 1) not in kept(*lines)
