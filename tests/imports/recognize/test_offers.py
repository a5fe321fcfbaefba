"""Texts that are no entries, and the figures that they can only mean."""

from __future__ import annotations

import pytest

from gxeditor.imports.recognize.offers import amount_unit, offered, ready
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import LooseCell, RawTable, Source, lay_out
from gxeditor.resources import load_form
from gxeditor.wording.labels import Lexicon, load_aliases

FORM = load_form()
LEXICON = Lexicon(FORM, load_aliases(FORM))
COUNT = FORM.cells["proactive.licensing.decisions"]
AMOUNT = FORM.cells["proactive.fees.amount"]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("O", "0"), ("1O", "10"), ("l2", "12"), ("I", "1"), ("〇", "0"), ("零", "0"), ("1,O00", "1000"),
        ("46件", "46"), ("0.00", "0"), ("+4", "4"), ("3。", "3"), ("12 件", "12"),
    ],
)  # fmt: skip
def test_a_count_that_can_only_be_one_number_is_offered(text: str, figure: str) -> None:
    assert offered(text, COUNT) == figure


@pytest.mark.parametrize(
    "text",
    [
        "-3",
        "减4",
        "约3",
        "2.5",
        "1 2",
        "3-4",
        "12abc",
        "五",
        "1/2",
        "B",
        "85元",
        "1O.5",
        "",
        "1,2",
        "9" * 30,
        "Ok",
    ],
)
def test_a_count_that_may_be_several_numbers_or_none_is_not(text: str) -> None:
    assert offered(text, COUNT) == ""


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("12800 元", "1.28"), ("251000元", "25.1"), ("73802895.90元", "7380.28959"), ("￥1.28万元", "1.28"),
        ("1,280,000（元）", "128"), ("0元", "0"), ("3千元", "0.3"), ("300百元", "3"), ("0.5亿元", "5000"), ("￥3", "3"),
    ],
)  # fmt: skip
def test_an_amount_with_its_unit_is_offered_in_ten_thousands(text: str, figure: str) -> None:
    assert offered(text, AMOUNT) == figure


def test_a_bare_amount_is_one_of_the_unit_that_the_original_names() -> None:
    assert ready("12800", AMOUNT, "元") == "1.28"
    assert ready("12800", AMOUNT) == "12800"
    assert ready("1.28万元", AMOUNT, "元") == "1.28"
    assert ready("/", AMOUNT, "元") == "/"


def fees(head: str, figure: str, *more: str) -> RawTable:
    rows = [["信息内容", head], ["行政事业性收费", figure], *([one, ""] for one in more)]
    return lay_out([[LooseCell(text) for text in row] for row in rows])


@pytest.mark.parametrize(
    ("table", "unit"),
    [
        (fees("本年收费金额（单位：元）", "1"), "元"),
        (fees("本年收费金额(元)", "1"), "元"),
        (fees("本年收费金额（单位：千元）", "1"), "千元"),
        (fees("本年收费金额", "1", "金额单位：元"), "元"),
        (fees("本年收费金额（单位：万元）", "1"), ""),
        (fees("本年收费金额（单位：万元，保留4位小数）", "1"), ""),
        (fees("本年收费金额", "1"), ""),
        (fees("本年收费金额（元）", "1", "单位：万元"), ""),
    ],
)
def test_the_unit_of_amounts_is_the_one_that_the_table_names(table: RawTable, unit: str) -> None:
    assert amount_unit([table], LEXICON) == unit


def test_amounts_in_another_unit_are_left_blank_and_offered() -> None:
    imported = recognize(Source((fees("本年收费金额（单位：元）", "12800"),)), FORM)
    assert AMOUNT.id not in imported.report.entries
    (note,) = [note for note in imported.notes if note.offers]
    assert note.offers == ((AMOUNT.id, "1.28"),)
    assert note.what == "原文的金额以“元”为单位：“12800”；这一格填万元数。"
    nothing = recognize(Source((fees("本年收费金额（单位：元）", "0"),)), FORM)
    assert str(nothing.report.entries[AMOUNT.id]) == "0"
