"""Labels and what they stand for: the shipped aliases, the ways of writing, the limits of likeness."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.errors import Defects, GxError
from gxeditor.core.form import Form
from gxeditor.wording import labels
from gxeditor.wording.labels import Lexicon, label_key, load_aliases, parse_aliases, plain, split_number


@pytest.fixture
def lexicon(form: Form) -> Lexicon:
    return Lexicon(form, load_aliases(form))


@pytest.mark.parametrize(
    ("text", "number", "key"),
    [
        ("一、本年新收政府信息公开申请数量", "一", "本年新收政府信息公开申请数量"),
        ("(三)　不予\n公开", "三", "不予公开"),
        ("㈢不予公开", "三", "不予公开"),
        ("３．其它", "3", "其他"),
        ("③其他", "3", "其他"),
        ("3其他", "3", "其他"),
        ("三（三）1.属于国家秘密", "1", "属于国家秘密"),
        ("（二）部分公开（区分处理的，只计这一情形（说明）", "二", "部分公开"),
        ("《条例》第二十条 第(一)项", "", "第二十条第一项"),
        ("（勾稽关系）", "", "勾稽关系"),
        ("3.危及“三安全一稳定”", "3", "危及三安全一稳定"),
        ("2021年", "", "2021年"),
        ("自\u200b然 人", "", "自然人"),
        ("1.5", "", "15"),
        ("", "", ""),
    ],
)
def test_labels_are_compared_without_dress(text: str, number: str, key: str) -> None:
    assert label_key(text) == (number, key)


def test_numbers_come_off_from_outside_in() -> None:
    assert split_number(plain("三、（三）1.属于")) == ("1", "属于")


def test_every_printed_heading_is_recognized(form: Form, lexicon: Lexicon) -> None:
    for cell in form.cells.values():
        for text in (*cell.row.labels, *cell.column.labels):
            [label] = lexicon.read(text)
            assert cell.id in label.cells, text


def test_a_number_decides_between_headings_of_the_same_wording(lexicon: Lexicon) -> None:
    assert lexicon.read("3.其他")[0].only("row")
    assert lexicon.read("（七）总计")[0].only("row")
    assert not lexicon.read("其他")[0].only("row")


@pytest.mark.parametrize(
    "text", ["（三）不予公开 1.属于国家秘密", "不予公开-属于国家秘密", "(三)不予公开1.属于国家秘密"]
)
def test_two_labels_in_one_text_are_told_apart(lexicon: Lexicon, text: str) -> None:
    assert [label_key(label.text)[1] for label in lexicon.read(text)] == ["不予公开", "属于国家秘密"]


def test_years_and_remarks_are_foreign_but_last_years_applications_are_not(lexicon: Lexicon) -> None:
    assert lexicon.read("上一年项目数量")[0].kind == "foreign"
    assert lexicon.read("本年增/减")[0].kind == "foreign"
    assert lexicon.read("二、上年结转政府信息公开申请数量")[0].kind == "known"
    assert lexicon.read("本年数")[0].kind == "neutral"
    assert lexicon.read("属于工作秘密")[0].kind == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "2.本年结转政府信息公开申请数量",
        "属于工作秘密",
        "本年新制作数量",
        "第二十条第（九）项",
        "公开",
        "2.其它",
    ],
)
def test_what_resembles_two_headings_or_none_stays_unknown(lexicon: Lexicon, text: str) -> None:
    assert lexicon.resembling(text) is None


def test_a_slip_is_taken_for_the_only_heading_near_it_unless_its_number_objects(lexicon: Lexicon) -> None:
    label = lexicon.resembling("5.属于三类内容事务信息")
    assert label is not None
    assert label.read_as == "属于三类内部事务信息"
    assert lexicon.resembling("7.属于三类内容事务信息") is None


# -------------------- aliases
def aliases(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "edition": "2021",
        "labels": [{"label": "行政规范性文件", "texts": ["规范性文件"], "source": "年报"}],
    }
    return data | changes


def test_an_alias_is_read_as_the_printed_heading(form: Form) -> None:
    lexicon = Lexicon(form, parse_aliases(aliases(), form))
    assert lexicon.read("规范性文件")[0].cells == lexicon.read("行政规范性文件")[0].cells
    assert Lexicon(form, parse_aliases({"edition": "2021"}, form)).read("规范性文件")[0].kind == "unknown"


def test_all_defects_of_an_alias_file_are_told_at_once(form: Form) -> None:
    data = {
        "edition": "2019",
        "synonyms": [],
        "labels": [
            {"label": "没有的栏目", "texts": ["甲"], "source": "年报"},
            {"label": "自然人", "texts": ["商业企业"], "source": "年报"},
            {"label": "自然人", "texts": ["乙"]},
            {"label": "总计", "texts": ["乙"], "source": "年报"},
            {"label": "总计", "texts": [], "source": "年报"},
            {"label": "总计", "texts": ["丙"], "source": "年报", "note": ""},
            "总计",
        ],
        "sections": [
            {"key": "seven", "texts": ["七"], "source": "年报"},
            {"key": "problems", "texts": ["总体情况"], "source": "年报"},
        ],
        "neutral": [{"texts": ["自然人"], "source": "年报"}],
        "foreign": {"texts": ["上年"]},
        "page": [{"key": "button", "texts": ["打印"], "source": "年报"}],
    }
    with pytest.raises(Defects) as caught:
        parse_aliases(data, form)
    assert caught.value.defects == (
        "edition 应为 2021",
        "不认识的键 synonyms",
        "labels[0]：表中没有“没有的栏目”",
        "labels[1]：“商业企业”已有所指",
        "labels[2]：缺少 source",
        "labels[3]：“乙”已有所指",
        "labels[4]：texts 应为文字列表",
        "labels[5]：不认识的键 note",
        "labels[6] 应为表",
        "sections[0]：没有“seven”这一部分",
        "sections[1]：“总体情况”已有所指",
        "neutral[0]：“自然人”已有所指",
        "foreign 应为列表",
        "page[0]：key 应为 label、word、never、place、organ 之一",
    )


def test_a_missing_or_damaged_alias_file_is_said_so(
    form: Form, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "2021.toml"
    damaged.write_text("edition = ", encoding="utf-8")
    monkeypatch.setattr(labels, "resource", lambda name: damaged)
    labels._shipped.cache_clear()
    with pytest.raises(GxError, match="读不出来"):
        load_aliases(form)
    labels._shipped.cache_clear()


@pytest.mark.parametrize("text", ["本年制发件数（上年数）", "总计(上年同期)", "现行有效件数（同比）"])
def test_a_heading_that_says_in_brackets_to_be_of_another_year_is_no_heading_of_this_one(
    lexicon: Lexicon, text: str
) -> None:
    assert lexicon.label(text).kind == "foreign"


@pytest.mark.parametrize(
    "text",
    [
        "二、上年结转政府信息公开申请数量（即上年第四项）",
        "现行有效件数 (历史累计)",
        "规章（设区的市应提供相关数据）",
    ],
)
def test_a_note_in_brackets_that_only_mentions_another_year_does_no_harm(lexicon: Lexicon, text: str) -> None:
    assert lexicon.label(text).kind == "known"


def test_headings_of_the_form_of_2019_are_known_as_such(lexicon: Lexicon) -> None:
    for text in (
        "本年新 制作数量",
        "对外公开总数量",
        "其他对外管理服务事项",
        "第二十条第（九）项",
        "采购总金额（万元）",
    ):
        assert (lexicon.label(text).kind, lexicon.label(text).former) == ("foreign", "2019")
    assert not any(lexicon.label(text).former for text in ("处理决定数量", "（六）其他处理", "去年"))


def test_notes_go_however_deep_they_are_nested_and_a_cut_off_one_to_its_end() -> None:
    assert label_key("规章（注（一）（二）含[三]）甲") == ("", "规章甲")
    assert label_key("规章（注（一）含") == ("", "规章")
    assert label_key("规章）甲（") == ("", "规章甲")
    assert label_key("（）") == label_key("（（")


@pytest.mark.parametrize("text", ["（", "）", "（）", "（甲", "[", "[（", "]", "（[）"])
def test_a_label_of_nothing_but_brackets_takes_a_pass_for_all_of_them(text: str) -> None:
    lines = 0

    def count(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        nonlocal lines
        lines += event == "line"
        return count

    label_key("甲" + text * 200)
    sys.settrace(count)
    try:
        label_key("甲" + text * 5_000)
    finally:
        sys.settrace(None)
    assert lines < 20 * 5_000 * len(text)


@given(st.text("()a", max_size=12))
def test_what_brackets_leave_is_what_taking_out_the_innermost_again_and_again_leaves(text: str) -> None:
    left = text
    while (shorter := re.sub(r"\([^()]*\)|\([^()]*$", "", left)) != left:
        left = shorter
    assert label_key("甲" + text)[1] == "甲" + re.sub(r"\W", "", left)
