"""Lines broken at the width of a page, as PDF viewers copy them, and text that was not broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.imports.recognize.wrapping import join, unwrap, width
from gxeditor.imports.source import Origin, SourceText

PARAGRAPHS = [
    "2024年，丙县丁局认真贯彻落实《条例》和上级部署，坚持以公开为常态、不公开为例外，依法、及时、准确地公开政府信息，不断提升"
    "公开的质量和实效，各项工作取得了新的成效，群众的知情权得到了有力保障。",
    "（一）主动公开情况。主动公开政府信息1136条，比上年增加20条，其中政策文件3条、工作动态1133条；通过政务新媒体发布信息"
    "250条，回应群众关切的问题12个，制作图解和视频解读9个，均按时在门户网站发布。",
    "（二）依申请公开情况。全年收到政府信息公开申请21件，均在法定期限内答复，未发生行政复议和行政诉讼，没有收取信息处理费。",
]


def broken(text: str, full: int) -> list[str]:
    """The text in lines of `full` characters; a mark that may not begin a line hangs over."""
    lines = [""]
    for char in text:
        if len(lines[-1]) >= full and char not in "，。；：、）》":
            lines.append("")
        lines[-1] += char
    return lines


def page(texts: list[str], full: int, indent: int = 0, gap: int = 1) -> list[SourceText]:
    lines = [(line, indent if i == 0 else 0) for text in texts for i, line in enumerate(broken(text, full))]
    return [SourceText(line, Origin(line=1 + gap * i), space) for i, (line, space) in enumerate(lines)]


def joined(lines: list[SourceText]) -> tuple[list[str], int]:
    regions, breaks = unwrap([lines], lambda region, text: False)
    return [paragraph.text for paragraph in regions[0]], breaks


@pytest.mark.parametrize("gap", [1, 2])
@pytest.mark.parametrize("indent", [0, 4])
@pytest.mark.parametrize("full", [20, 26, 28, 40])
def test_broken_lines_become_the_paragraphs_they_were(full: int, indent: int, gap: int) -> None:
    lines = page(PARAGRAPHS, full, indent, gap)
    assert joined(lines) == (PARAGRAPHS, len(lines) - len(PARAGRAPHS))


def test_text_that_was_not_broken_stays_paragraph_for_paragraph() -> None:
    lines = [
        SourceText(text, Origin(line=i))
        for i, text in enumerate(["改进情况", *PARAGRAPHS, "没有句号的一段"], 1)
    ]
    assert joined(lines) == ([line.text for line in lines], 0)


def test_short_lines_that_end_no_sentence_are_not_joined() -> None:
    texts = ["主动公开情况", "公开信息12条。", "依申请公开情况", "收到申请1件。", "监督保障情况", "平稳。"]
    assert joined([SourceText(text, Origin(line=i)) for i, text in enumerate(texts, 1)]) == (texts, 0)


def test_one_long_paragraph_shows_that_its_region_was_not_broken() -> None:
    lines = page(PARAGRAPHS[:1], 28)
    whole = [
        SourceText(PARAGRAPHS[1] * 2),
        SourceText("没有句号的一段文字也不能同下一段文字连起来"),
        SourceText("甲。"),
    ]
    regions, breaks = unwrap([lines, whole], lambda region, text: False)
    assert regions[1] == whole
    assert len(regions[0]) == 1
    assert breaks == len(lines) - 1


def test_a_line_that_begins_with_a_number_begins_a_paragraph() -> None:
    item = "要进一步加强政府信息公开平台的建设和管理工作，把各项制度落到实处，提升公开实效。"
    texts = [number + item for number in ("一是", "1.", "（三）", "②")]
    assert joined(page(texts, 26))[0] == texts


def test_an_article_of_the_law_broken_before_its_paragraph_is_joined() -> None:
    lines = [
        "按照条例的规定主动公开了本机关职责范围内的信息，包括第二十条第",
        "（一）项规定的规章和行政规范性文件，共计二十一件。",
    ]
    paragraphs = [SourceText(line, Origin(line=i)) for i, line in enumerate(lines)]
    assert joined([*paragraphs, *page(PARAGRAPHS, 31)])[0][0] == "".join(lines)


def test_labels_and_figures_of_a_table_stay_apart() -> None:
    label = SourceText("申请人逾期未按收费通知要求缴纳费用行政机关不再处理")
    lines = page(PARAGRAPHS, 26)
    regions, _ = unwrap([[*lines, label, *lines]], lambda region, text: text == label.text)
    assert [paragraph.text for paragraph in regions[0]] == [*PARAGRAPHS, label.text, *PARAGRAPHS]


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        ("依法公", "开信息", "依法公开信息"),
        ("使用Open", "Government", "使用Open Government"),
        ("网址www.bing.gov.", "cn。", "网址www.bing.gov.cn。"),
        ("电话0517-8722", "2589", "电话0517-87222589"),
        ("政策解读", "21 个", "政策解读 21 个"),
        ("共计 95", "个", "共计 95 个"),
        ("共计95", "个", "共计95个"),
    ],
)
def test_what_stands_between_two_lines_that_are_joined(one: str, other: str, whole: str) -> None:
    assert join(one, other) == whole


def test_width_is_counted_in_chinese_characters() -> None:
    assert width("公开12条，") == 5


@given(
    st.lists(
        st.lists(st.text("公开，。；一是（二）1. a", max_size=40).map(SourceText), max_size=8), max_size=3
    )
)
def test_no_character_is_lost_or_added_but_blanks(regions: list[list[SourceText]]) -> None:
    after, breaks = unwrap(regions, lambda region, text: False)
    for before, now in zip(regions, after, strict=True):
        assert "".join(p.text for p in before).replace(" ", "") == "".join(p.text for p in now).replace(
            " ", ""
        )
    assert sum(map(len, regions)) - sum(map(len, after)) == breaks
