"""The filling notes: every line of the form has some, each says how sure it is, and what is wrong is told at once."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from gxeditor.core.cards import Cards, Statement, Status, parse_cards
from gxeditor.core.errors import Defects
from gxeditor.core.form import Form
from gxeditor.resources import load_cards, resource

DENIED = "requests.handled.denied"
REVIEW_FIRST = (
    "state_secret",
    "prohibited_by_law",
    "security_and_stability",
    "third_party_rights",
    "internal_affairs",
    "process_information",
    "enforcement_files",
)


@pytest.fixture(scope="module")
def cards(form: Form) -> Cards:
    return load_cards(form)


@pytest.fixture
def data() -> dict[str, Any]:
    return copy.deepcopy(_data())


def _data() -> dict[str, Any]:
    return tomllib.loads(resource("cards/2021.toml").read_text(encoding="utf-8"))


def everything(cards: Cards) -> Iterator[Statement]:
    for kind in (cards.rows, cards.columns, cards.sections, cards.points):
        for statements in kind.values():
            yield from statements


def texts(statements: Iterable[Statement]) -> str:
    return "\n".join(statement.text for statement in statements)


# --- the shipped notes


def test_every_cell_has_something_to_say_of_its_row_and_of_its_column_in_any_year(
    form: Form, cards: Cards
) -> None:
    for cell in form.cells.values():
        for year in (2021, 2025, None):
            assert cards.of_row(cell, year), cell.id
            assert cards.of_column(cell, year), cell.id


def test_every_section_and_every_point_of_it_has_something_to_say(form: Form, cards: Cards) -> None:
    for section in form.sections:
        assert cards.of_section(section, 2021), section.key
        for point in section.points:
            assert cards.of_point(section, point.title, 2021), point.title


def test_a_statement_is_a_sentence_and_carries_its_status(cards: Cards) -> None:
    for statement in everything(cards):
        assert statement.text.endswith("。"), statement.text
        assert statement.status.words in statement.mark


def test_what_was_read_or_matched_or_seen_says_where(cards: Cards) -> None:
    for statement in everything(cards):
        if statement.status in (Status.READ, Status.INFERRED, Status.PRACTICE):
            assert statement.basis, statement.text


def test_no_row_of_table_three_says_that_its_article_was_assigned_to_it_by_the_law(
    form: Form, cards: Cards
) -> None:
    """The statute nowhere names a row: what a row is for is read off its words."""
    for cell in form.cells.values():
        if cell.id.startswith("requests.handled.") and not cell.row.is_sum:
            for one in cards.of_row(cell, 2021):
                if any(law.article.startswith("《条例》") for law in one.laws):
                    assert one.status is Status.INFERRED, one.text


def test_refusals_under_articles_14_to_16_are_reviewed_first_and_inquiries_are_not(
    form: Form, cards: Cards
) -> None:
    for key in REVIEW_FIRST:
        cell = form.cells[f"{DENIED}.{key}.total"]
        assert "应当先申请行政复议" in texts(cards.of_row(cell, 2024)), key
        assert "应当先申请行政复议" not in texts(cards.of_row(cell, 2023)), key
    inquiry = cards.of_row(form.cells[f"{DENIED}.administrative_inquiry.total"], 2024)
    (told,) = [one for one in inquiry if "不属于应当先复议的" in one.text]
    assert told.status is Status.INFERRED


@pytest.mark.parametrize("result", ["upheld", "corrected", "other", "pending", "total"])
def test_each_cell_of_direct_suits_tells_the_rules_of_2024_and_2025_and_what_is_open(
    form: Form, cards: Cards, result: str
) -> None:
    cell = form.cells[f"disputes.direct_suit.{result}"]
    law = [one for one in cards.of_column(cell, 2024) if "第二十三条" in one.basis]
    assert [one.status for one in law] == [Status.READ]
    assert "法释〔2025〕8号第一条" in "".join(one.basis for one in cards.of_column(cell, 2025))
    (silence,) = [one for one in cards.of_column(cell, 2025) if "逾期不答复" in one.text]
    assert silence.status is Status.UNVERIFIED
    assert not [one for one in cards.of_column(cell, 2023) if one.since]


def test_what_depends_on_a_year_is_told_while_the_year_is_not_known(form: Form, cards: Cards) -> None:
    cell = form.cells["disputes.direct_suit.total"]
    assert cards.of_column(cell) == cards.of_column(cell, 2025)


def test_the_words_of_the_statute_are_those_of_its_articles(cards: Cards) -> None:
    """Sentences of the law end as sentences or items do, in full-width punctuation."""
    laws = {law for statement in everything(cards) for law in statement.laws if law.text}
    assert len(laws) > 25
    for law in laws:
        assert not re.search(r"[,;:()]", law.text), law.article
        if law.article.startswith("《条例》"):
            assert law.text.strip()[-1] in "。；", law.article


# --- the loader


def test_all_defects_of_the_notes_are_told_at_once(data: dict[str, Any], form: Form) -> None:
    data["edition"] = "2019"
    data["laws"]["a14"]["article"] = ""
    data["laws"]["unused"] = {"article": "《条例》第一条"}
    data["laws"]["odd"] = "第二条"
    data["cards"] += [
        {"say": [{"text": "甲。", "status": "proposed"}]},
        {"rows": ["requests.recieved"], "say": [{"text": "乙。", "status": "proposed"}]},
        {"rows": ["requests.received"], "say": []},
        {
            "sections": ["overview"],
            "say": [
                {"text": "", "status": "sure", "laws": ["a999"], "since": "2024"},
                {"text": "丙。", "status": "read"},
            ],
        },
    ]
    new = len(data["cards"]) - 4
    data["cards"] = [card for card in data["cards"] if card.get("columns") != ["requests.company"]]
    new -= 1
    with pytest.raises(Defects) as caught:
        parse_cards(data, form)
    assert set(caught.value.defects) == {
        "edition 应为 2021",
        "laws.a14：缺少 article",
        "laws.odd 应为表",
        "laws.unused 没有用到",
        f"cards[{new}]：没有 rows、columns、sections、points 中的任何一个",
        f"cards[{new + 1}]：rows 中的 requests.recieved 不在报表里",
        f"cards[{new + 2}]：没有 say",
        f"cards[{new + 3}].say[0]：缺少 text",
        f"cards[{new + 3}].say[0].status 应为 read、inferred、practice、proposed、unverified 之一",
        f"cards[{new + 3}].say[0]：没有 laws.a999",
        f"cards[{new + 3}].say[0].since 应为年份",
        f"cards[{new + 3}].say[1]：没有 laws，也没有 source",
        "columns 中的 requests.company 没有说明",
    }


@pytest.mark.parametrize("about", ["rows", "columns", "sections", "points"])
def test_what_is_left_out_is_a_defect_whatever_it_is(data: dict[str, Any], form: Form, about: str) -> None:
    key = next(card[about][0] for card in data["cards"] if about in card)
    for card in data["cards"]:
        if key in card.get(about, ()):
            card[about].remove(key)
    with pytest.raises(Defects) as caught:
        parse_cards(data, form)
    assert f"{about} 中的 {key} 没有说明" in caught.value.defects


@pytest.mark.parametrize("since", [True, -1, 2024.0, "2024"])
def test_a_year_is_a_whole_number(data: dict[str, Any], form: Form, since: object) -> None:
    data["cards"][0]["say"][0]["since"] = since
    with pytest.raises(Defects, match=re.escape("cards[0].say[0].since 应为年份")):
        parse_cards(data, form)


def test_notes_without_anything_name_all_that_is_missing(form: Form) -> None:
    with pytest.raises(Defects) as caught:
        parse_cards({}, form)
    assert "cards 应为表" in caught.value.defects
    assert "rows 中的 requests.received 没有说明" in caught.value.defects
