"""Looking through prose: paragraphs and sentences keep their places, and a found word is where it stands."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.checks import passages
from gxeditor.core.checks.passages import (
    MOST,
    Hit,
    hits,
    in_text,
    kept,
    looks_of,
    missing_of,
    paragraphs,
    pieces,
    sentence_at,
    sentences,
)
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.expressions import expression

RULE = Rule("X", "text", Severity.HINT, "", "", "", "", data={"patterns": []})


def stating(**data: object) -> Rule:
    return replace(RULE, data=data)


@given(st.text("甲乙。；，\n \u3000", max_size=60))
def test_paragraphs_and_sentences_stand_where_they_say(text: str) -> None:
    for start, paragraph in paragraphs(text):
        assert text[start : start + len(paragraph)] == paragraph
        assert paragraph == paragraph.strip()
        assert paragraph
        for first, sentence in sentences(paragraph):
            assert paragraph[first : first + len(sentence)] == sentence


@given(st.integers(4000, 9000))
def test_no_paragraph_is_longer_than_an_expression_may_meet(length: int) -> None:
    text = "甲" * length
    assert max(len(paragraph) for _, paragraph in paragraphs(text)) <= 4000
    assert "".join(paragraph for _, paragraph in paragraphs(text)) == text


def test_a_very_long_paragraph_is_cut_behind_sentences_and_typing_changes_one_piece() -> None:
    text = "".join(f"今年公开了第{number}批信息，都在网站上。" for number in range(400))
    before = paragraphs(text)
    assert len(before) > 5
    assert all(piece.endswith("。") for _, piece in before)
    for at in (3, 2500, len(text) - 4):
        after = {piece for _, piece in paragraphs(f"{text[:at]}新{text[at:]}")}
        assert len(after - {piece for _, piece in before}) == 1


@given(st.lists(st.sampled_from(["", "甲", "乙甲乙", " 乙。"]), max_size=80))
def test_many_paragraphs_are_found_in_as_each_of_them_is(lines: list[str]) -> None:
    looks = looks_of(stating(patterns=["乙"]))
    text = "\n".join(lines)
    places = [place for place, character in enumerate(text) if character == "乙"]
    assert [hit.start for hit in in_text(text, hits, looks)] == places[:MOST]


def test_an_expression_is_made_when_it_is_first_used() -> None:
    unfinished = expression("甲(")
    with pytest.raises(re.error):
        unfinished.search("甲")
    assert expression("(?P<a>甲)").findall("甲乙甲") == ["甲", "甲"]
    assert expression("甲").pattern == "甲"


def test_what_is_found_is_given_with_its_place_in_the_whole_text() -> None:
    looks = looks_of(stating(patterns=["乙+", {"find": "丁", "said": "少了笔画"}]))
    assert in_text("甲乙乙。\n\n 丙丁", hits, looks) == (Hit(1, 3), Hit(8, 9, "少了笔画"))


def test_a_sentence_that_says_otherwise_has_none() -> None:
    looks = looks_of(stating(patterns=[{"find": "60号", "unless": "废止"}]))
    assert hits("按60号。60号已废止。", looks) == (Hit(1, 4),)


def test_what_begins_within_something_found_is_left_out() -> None:
    assert hits("甲乙丙", looks_of(stating(patterns=["乙丙", "甲乙"]))) == (Hit(0, 2),)
    several = looks_of(stating(patterns=["甲乙", "乙丙", "丙"]))
    assert hits("甲乙丙，乙丙。甲乙丙", several) == (Hit(0, 2), Hit(2, 3), Hit(4, 6), Hit(7, 9), Hit(9, 10))


def test_a_character_belongs_to_its_sentence() -> None:
    assert sentence_at("甲。乙丙；丁", 3).text == "乙丙；"
    assert sentence_at("甲。乙丙；丁", 2).text == "乙丙；"
    assert sentence_at("甲。乙丙；丁", 5).text == "丁"
    assert sentence_at("甲", 5).text == "甲"


def test_names_without_any_of_their_words_are_missing() -> None:
    rule = stating(parts={"公开": ["公开", "发布"], "监督": ["监督"], "平台": ["网站"]})
    assert missing_of(rule, "parts", ["发布信息", ""]) == ("监督", "平台")
    assert missing_of(rule, "parts", [], "监督".__eq__) == ("监督",)


def test_expressions_are_made_once_for_a_rule() -> None:
    rule = stating(patterns=["甲"])
    assert looks_of(rule) is looks_of(rule)


def test_rubbish_is_told_up_to_a_hundred_times() -> None:
    looks = looks_of(stating(patterns=["甲"]))
    assert len(in_text("甲" * 3000, hits, looks)) == 100


def test_of_long_texts_few_are_kept_and_of_short_ones_many() -> None:
    looked: list[str] = []

    @kept(8, 2)
    def find(text: str, more: int) -> int:
        looked.append(text)
        return len(text) + more

    for text in ("甲", "甲" * 3000):
        assert [find(text, number) for number in range(8)] == [len(text) + number for number in range(8)]
        looked.clear()
        for number in reversed(range(8)):
            find(text, number)
        assert len(looked) == (0 if text == "甲" else 6)


def test_a_piece_ends_where_no_further_mark_follows() -> None:
    line = "".join(f"第{number}项工作已经办结。，另有安排。”还有（其他。）" for number in range(400))
    cut = pieces(line)
    assert len(cut) > 10
    assert "".join(piece.text for piece in cut) == line
    assert not [piece.text[:4] for piece in cut[1:] if piece.text[0] in "，”）"]


def test_without_any_mark_a_key_changes_few_pieces() -> None:
    words = ("健全机制", "优化平台", "规范流程", "推进共享", "落实责任", "强化监督", "加强培训")
    line = "".join(
        words[number * number % 7] + words[number // 7 % 7] + words[number // 49 % 7]
        for number in range(1500)
    )
    before = {piece.text for piece in pieces(line)}
    changed = [
        len({piece.text for piece in pieces(line[:at] + "新" + line[at:])} - before)
        for at in range(0, 9000, 450)
    ]
    assert sorted(changed)[len(changed) // 2] <= 3
    assert max(changed) <= 8


SENTENCES = (
    "今年公开了很多信息。",
    "都在网站上",
    "，",
    "；另有2023年结转的3件！",
    "甲",
    "\n",
    "。」",
    "健全机制优化平台" * 9,
)


@st.composite
def edited(draw: st.DrawFn) -> list[str]:
    """A long text, and what it becomes by one edit after the other."""
    numbers = draw(st.randoms(use_true_random=False))
    text = "".join(numbers.choice(SENTENCES) for _ in range(numbers.randint(200, 900)))
    found = [text]
    for _ in range(6):
        start = numbers.randint(0, len(text))
        end = min(len(text), start + numbers.choice((0, 0, 1, 7, 900)))
        text = text[:start] + numbers.choice(("", "新", "。", "\n", "公开。" * 300)) + text[end:]
        found.append(text)
    return found


@settings(max_examples=30)
@given(edited())
def test_whatever_was_looked_through_before_the_same_text_is_cut_and_found_in_alike(texts: list[str]) -> None:
    looks = looks_of(stating(patterns=["公开", {"find": "结转", "unless": "另有"}, "甲"]))
    rule = stating(parts={"所有": ["上，今年"], "没有": ["没有这样的话"], "跨行": ["甲\n健"]})

    def seen() -> list[object]:
        return [
            (pieces(text.replace("\n", "")), in_text(text, hits, looks), missing_of(rule, "parts", [text]))
            for text in texts
        ]

    kept_from_before = seen()
    alone = []
    for text in texts:
        for cache in (passages.pieces, passages.in_text, passages._blocks, passages._pairs, passages._tells):
            cache.cache_clear()  # type: ignore[union-attr]
        passages._known.cache_clear()
        passages._last_cut[0] = "", ()
        line = text.replace("\n", "")
        alone.append((pieces(line), in_text(text, hits, looks), missing_of(rule, "parts", [text])))
    assert kept_from_before == alone
    told = {"所有": "上，今年", "没有": "没有这样的话", "跨行": "甲\n健"}
    assert [missing for *_, missing in alone] == [
        tuple(name for name, words in told.items() if words not in text) for text in texts
    ]
    assert ["".join(piece.text for piece in cut) for cut, *_ in alone] == [t.replace("\n", "") for t in texts]


def test_a_key_has_the_piece_looked_through_in_which_it_is_and_no_other() -> None:
    text = "".join(f"今年公开了第{number}批信息，都在网站上。" for number in range(1200))
    looked: list[str] = []

    def find(paragraph: str) -> tuple[Hit, ...]:
        looked.append(paragraph)
        return ()

    in_text(text, find)
    whole = len(looked)
    for at in (3, len(text) // 2, len(text) - 4):
        looked.clear()
        text = f"{text[:at]}新{text[at:]}"
        in_text(text, find)
        assert 1 <= len(looked) <= 2 < whole
