"""What sentences speak of: topics, years, scopes, lists, and what they leave alone."""

from __future__ import annotations

import pytest

from gxeditor.core.checks.claims.reading import Read, Statement, read, read_text, vocabulary
from gxeditor.resources import load_form, load_rules
from tests import claims

FORM = load_form()
RULES = load_rules(FORM)
WORDS = vocabulary(next(rule for rule in RULES if rule.kind == "claim").data["words"], tuple(FORM.cells))


def of(text: str, *, year: int | None = 2024, section: str = "overview", topic: str = "") -> Read:
    return read(text, WORDS, year, topic, section)


def only(text: str, *, year: int | None = 2024) -> Statement:
    (one,) = [one for one in of(text, year=year).statements if one.options]
    return one


@pytest.mark.parametrize("kind", claims.KINDS)
def test_numbers_of_the_labelled_sentences_are_understood(kind: str) -> None:
    score = claims.understood(kind)
    assert score.right + score.missed > 50
    assert score.precision >= claims.PRECISION, score.slips
    assert score.recall >= claims.RECALL, score.slips


def test_the_labelled_set_is_as_large_as_it_should_be_and_labels_what_is_nothing_too() -> None:
    assert len(claims.sentences()) >= 300
    assert sum(label.none for sentence in claims.sentences() for label in sentence.labels) > 150


def test_the_word_alone_says_nothing_without_its_topic() -> None:
    assert not any(one.firm for one in of("收到12件，办结12件。").statements)
    assert all(one.firm for one in of("收到信息公开申请12件，办结12件。").statements)


def test_a_heading_says_what_the_paragraph_below_speaks_of() -> None:
    ((start, its),) = read_text("（二）依申请公开情况\n全年收到12件，答复12件。", WORDS, 2024, "overview")
    assert start == len("（二）依申请公开情况\n")
    assert [one.key for one in its.statements] == ["got", "answered"]


def test_a_sentence_takes_its_topic_from_the_one_before() -> None:
    its = of("全年收到信息公开申请12件。其中予以公开5件。")
    assert [one.key for one in its.statements] == ["got", "granted"]


def test_a_topic_ends_where_another_begins() -> None:
    its = of("全年收到信息公开申请12件。受理市长信箱来信7件，办结7件。")
    assert [bool(one.options) for one in its.statements] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024年收到信息公开申请5件。", [0]),
        ("2023年收到信息公开申请5件。", [-1]),
        ("2022年收到信息公开申请5件。", [1]),
        ("收到信息公开申请5件，比2023年（4件）增加。", [0, -1]),
        ("去年收到信息公开申请5件。", [-1]),
        ("2023年结转信息公开申请5件。", [0]),
        ("结转2025年办理的信息公开申请5件。", [0]),
    ],
)
def test_the_year_of_a_number_is_the_one_named(text: str, years: list[int]) -> None:
    assert [one.year for one in of(text).statements] == years


def test_without_a_year_the_latest_named_is_the_reports() -> None:
    its = of("2022年收到信息公开申请3件，2023年收到5件，结转至2024年1件。", year=None)
    assert [one.year for one in its.statements] == [-1, 0, 0]


def test_last_years_number_is_never_this_years() -> None:
    carried, brought = (only(f"信息公开申请结转{year}年办理2件。") for year in (2025, 2024))
    assert (carried.key, brought.key) == ("carried", "brought")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("区政府本级收到信息公开申请5件。", "narrow"),
        ("县政府办公室代表县政府受理信息公开申请5件。", "narrow"),
        ("全区收到信息公开申请5件。", "wide"),
        ("全区收到信息公开申请8件，其中区政府本级收到5件。", "narrow"),
        ("我局收到信息公开申请5件。", ""),
    ],
)
def test_the_scope_of_a_number_is_noted(text: str, scope: str) -> None:
    assert of(text).statements[0].scope == scope


def test_where_a_sentence_leaves_a_doubt_nothing_is_firm() -> None:
    assert not any(one.firm for one in of("共受理信息公开申请1件，市转办2件。").statements)
    assert not any(one.firm for one in of("全年受理行政复议案件120件，审结110件。").statements)


def test_a_number_in_brackets_does_not_change_of_which_disputes_the_results_are() -> None:
    its = of("因信息公开被提起行政诉讼4件（直接起诉1件），结果维持2件。").statements
    assert its[-1].options[0].cells == (
        "disputes.direct_suit.upheld",
        "disputes.suit_after_reconsideration.upheld",
    )


def test_the_place_of_a_statement_is_the_number_alone() -> None:
    text = "深入推进。 2024年共收到 信息公开申请 ６２ 件，其中自然人41件。"
    first, second = of(text).statements
    assert text[first.start : first.end] == "６２"
    assert text[slice(*first.phrase)].endswith("信息公开申请 ６２ 件")
    assert text[slice(*second.phrase)] == "其中自然人41件"


def test_lists_are_a_whole_and_its_parts() -> None:
    its = of("全县共有新媒体14个（微信8个、微博2个、抖音1个、头条号3个）。")
    ((whole, parts, kind, complete),) = its.listings
    assert (whole, parts, kind, complete) == (0, (1, 2, 3, 4), "things", True)


@pytest.mark.parametrize(
    "text",
    [
        "公开信息60条，包括：概况2条，公文1条，动态45条，财政3条等。",
        "公开信息60条，主要包括概况2条，公文1条，动态45条。",
        "公开信息约60条，包括概况2条，公文1条，动态45条。",
        "公开信息100条，其中网站公开100条，微信公开80条，公示栏公开60条。",
        "开展培训3次，发放材料200份，接受咨询40次。",
    ],
)
def test_lists_that_leave_something_out_or_count_twice_are_not_added_up(text: str) -> None:
    assert not any(one.complete for one in of(text).listings)
    assert len(of(text).listings) == 0


def test_a_long_paragraph_is_read_sentence_by_sentence() -> None:
    """So that typing in it reads one sentence again, however long it is."""
    from gxeditor.core.checks.claims import reading

    text = "".join(f"全年第{number}次收到信息公开申请{number}件。" for number in range(200))
    of(text)
    before = reading._sentence.cache_info().misses
    of(text.replace("申请77件", "申请78件"))
    assert reading._sentence.cache_info().misses - before <= 2
