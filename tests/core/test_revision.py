"""Which years and counts of last year's prose are marked, and which numbers are none."""

from __future__ import annotations

import pytest

from gxeditor.core.revision import COUNT, YEAR, to_revise, without_references


def marked(text: str) -> list[str]:
    found = to_revise(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022年，我局主动公开信息。", ["2022"]),
        ("２０２２年度工作", ["２０２２"]),
        ("2021－2022年度", ["2021", "2022"]),
        ("时间：2022-02-08", ["2022"]),
        ("截至2022年12月31日，自2019 年5月起", ["2022", "2019"]),
        ("二〇二二年工作", ["二〇二二"]),
        ("（一）2022年主动公开情况。", ["2022"]),
    ],
)
def test_every_year_is_marked_without_its_days(text: str, years: list[str]) -> None:
    assert marked(text) == years
    assert {one.what for one in to_revise(text)} == {YEAR}


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("公开信息120条，政策文件 3 件，办理12 次。", ["120", "3", "12"]),
        ("受理62件、答复60件，同比增长15.2%，下降８％", ["62", "60", "15.2", "８"]),
        ("点击量达35,210次，收费3.5万元，1200余件", ["35,210", "3.5", "1200"]),
        ("举办培训三次，新设专栏两个，十二家单位，百分之九十", ["三", "两", "十二", "九十"]),
        ("收到申请2000件，5个工作日内", ["2000", "5"]),
        ("1. 全年收到62件；2.完善制度5项", ["62", "5"]),
    ],
)
def test_every_count_is_marked_without_its_measure_word(text: str, counts: list[str]) -> None:
    assert marked(text) == counts
    assert {one.what for one in to_revise(text)} == {COUNT}


@pytest.mark.parametrize(
    "text",
    [
        "根据《条例》第二十条、第20条、第十三、十四条和第五十条第四项",
        "国办公开办函〔2021〕30号，国务院令第711号，平教〔2022〕5号，（2021）3号",
        "《中华人民共和国政府信息公开条例》（2019年修订）",
        "（二）依申请公开。\n三、监督保障\n1. 健全制度\n2.1 加强培训\n（3）完善",
        "咨询电话：0375-5051234，电话:8691639，邮编：467300，12345热线，网址 http://www.lushan.gov.cn/2022/1.html",
        "5月12日上午9:30，“1+3+N”模式，5A级、4G、7×24，GB/T 9704-2012",
        "一次性告知，高效办成一件事，进一步统一，第一季度，四个意识，“十四五”规划，第三次会议",
    ],
)
def test_numbers_of_articles_documents_headings_dates_and_names_are_not_marked(text: str) -> None:
    assert marked(text) == []


def test_marks_stand_in_the_order_of_the_text() -> None:
    found = to_revise("2022年收到62件，\n2021年收到三十件。")
    assert [(one.start, one.text) for one in found] == [(0, "2022"), (7, "62"), (12, "2021"), (19, "三十")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("第三方评估３件", "第三方评估3件"),
        ("第三人", "第三人"),
        ("第三，共3件", "\n\n，共3件"),
        ("第四方", "\n\n方"),
    ],
)
def test_what_only_looks_like_a_figure_leaves_its_place_and_the_third_party_its_name(
    text: str, left: str
) -> None:
    assert without_references(text) == left
    assert len(left) == len(text)
