"""Numbers of the prose that follow cells say what these say, in their own manner, and nothing else changes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.following import follow, stated_number, sum_of
from gxeditor.core.history import History
from gxeditor.core.report import Bound, Entry, ProseDoubt, Report, blank_report
from gxeditor.resources import load_form

FORM = load_form()
PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"
FEES = "proactive.fees.amount"
TOTAL = "disputes.reconsideration.total"
KEY = "overview"


def bound(text: str, number: str, cells: tuple[str, ...], entries: Mapping[str, Entry]) -> Report:
    """A report whose overview is this text, in which this number follows these cells."""
    report = blank_report(FORM).with_entries(entries).with_section(KEY, text)
    return report.with_bound(KEY, [Bound(text.index(number), number, cells)])


@pytest.mark.parametrize(
    ("number", "cells", "before", "after", "said"),
    [
        ("62", (PERSON,), {PERSON: 62}, {PERSON: 68}, "68"),
        ("0", (PERSON,), {PERSON: 0}, {PERSON: 1234}, "1234"),
        ("1,234", (PERSON,), {PERSON: 1234}, {PERSON: 12345}, "12,345"),
        ("1,234", (PERSON,), {PERSON: 1234}, {PERSON: 900}, "900"),
        ("62", (PERSON, COMPANY), {PERSON: 60, COMPANY: 2}, {PERSON: 60, COMPANY: 41}, "101"),
        ("６２", (PERSON,), {PERSON: 62}, {PERSON: 108}, "１０８"),
        ("１，２３４", (PERSON,), {PERSON: 1234}, {PERSON: 2000}, "２，０００"),
        ("3.5000", (FEES,), {FEES: Decimal("3.5000")}, {FEES: Decimal("4.2000")}, "4.2000"),
        ("3.5", (FEES,), {FEES: Decimal("3.5000")}, {FEES: Decimal("4.2000")}, "4.2"),
        ("3.5", (FEES,), {FEES: Decimal("3.5000")}, {FEES: Decimal("4.2545")}, "4.2545"),
        ("0", (FEES,), {FEES: Decimal("0.0000")}, {FEES: Decimal("0.8500")}, "0.85"),
    ],
)
def test_a_bound_number_says_what_its_cells_say_in_its_own_manner(
    number: str, cells: tuple[str, ...], before: dict[str, Entry], after: dict[str, Entry], said: str
) -> None:
    report = bound(f"全年收到{number}件。", number, cells, before)
    assert follow(report) is report
    followed = follow(report.with_entries(after))
    assert followed.sections[KEY] == f"全年收到{said}件。"
    assert followed.bound[KEY] == (Bound(4, said, cells),)
    assert follow(followed) is followed


@pytest.mark.parametrize("entry", [None, "/", "无", -3])
def test_a_number_stays_as_it_is_where_a_cell_says_no_number_that_prose_can_state(
    entry: Entry | None,
) -> None:
    report = bound("全年收到62件。", "62", (PERSON, COMPANY), {PERSON: 60, COMPANY: 2})
    changed = report.with_entry(PERSON, entry)
    assert follow(changed) is changed
    assert follow(changed.with_entry(PERSON, 61)).sections[KEY] == "全年收到63件。"


@pytest.mark.parametrize("number", ["六十二", "零", "62%", "1，23", "1.2.3"])
def test_what_is_no_number_in_digits_stays_as_it_is(number: str) -> None:
    report = bound(f"全年{number}。", number, (PERSON,), {PERSON: 7})
    assert stated_number(number) is None
    assert follow(report) is report


def test_an_automatic_total_is_followed_once_it_adds_itself_up() -> None:
    parts = [c for c in FORM.cells if c.startswith("disputes.reconsideration.") and c != TOTAL]
    report = bound("行政复议5件。", "5", (TOTAL,), {TOTAL: 5})
    automatic = report.with_entries({**dict.fromkeys(parts, 2), TOTAL: None})
    assert follow(automatic).sections[KEY] == f"行政复议{2 * len(parts)}件。"


def test_a_bound_number_of_the_preamble_follows_too() -> None:
    report = blank_report(FORM).with_entry(PERSON, 9).with_fields(preamble="收到9件。")
    report = report.with_bound("preamble", [Bound(2, "9", (PERSON,))]).with_entry(PERSON, 10)
    assert follow(report).preamble == "收到10件。"


def test_what_is_in_doubt_beside_a_number_that_follows_stays_in_doubt() -> None:
    text = "2023年收到9件，2024年办结9件。"
    report = blank_report(FORM).with_entry(PERSON, 9).with_section(KEY, text)
    report = report.with_prose_doubts(KEY, [ProseDoubt(0, "2023", "去年"), ProseDoubt(10, "2024", "去年")])
    report = report.with_bound(KEY, [Bound(7, "9", (PERSON,)), Bound(17, "9", (PERSON,))])
    followed = follow(report.with_entry(PERSON, 100))
    assert followed.sections[KEY] == "2023年收到100件，2024年办结100件。"
    assert [(d.start, d.text) for d in followed.prose_doubts[KEY]] == [(0, "2023"), (12, "2024")]


def test_numbers_that_lie_in_one_another_are_not_both_bound() -> None:
    report = blank_report(FORM).with_section(KEY, "收到620件。")
    both = report.with_bound(KEY, [Bound(2, "620", (PERSON,)), Bound(3, "2", (PERSON,))])
    assert both.bound[KEY] == (Bound(2, "620", (PERSON,)),)
    assert not report.with_bound(KEY, [Bound(2, "620", ())]).bound


CELLS = st.sampled_from([PERSON, COMPANY, FEES, TOTAL])
WORDS = st.text(st.sampled_from("全年收到件，。\n一二"), min_size=1, max_size=6)
NUMBERS = st.integers(0, 20_000).flatmap(lambda n: st.sampled_from([str(n), f"{n:,}"]))


@st.composite
def bound_reports(draw: st.DrawFn) -> Report:
    """Prose in which every number is bound, whatever its cells say."""
    text, marks = draw(WORDS), []
    for number in draw(st.lists(NUMBERS, max_size=5)):
        cells = tuple(draw(st.lists(CELLS, min_size=1, max_size=3, unique=True)))
        marks.append(Bound(len(text), number, cells))
        text += number + draw(WORDS)
    return blank_report(FORM).with_section(KEY, text).with_bound(KEY, marks)


ENTRIES = st.none() | st.integers(0, 10**7) | st.just("/")
EDITS = st.lists(
    st.tuples(st.just("cell"), CELLS, ENTRIES)
    | st.tuples(st.just("text"), st.integers(0, 40), st.integers(0, 4), st.text("收件，0159年", max_size=4)),
    max_size=8,
)


@given(bound_reports(), EDITS)
def test_whatever_is_edited_bound_numbers_agree_with_their_cells_and_undo_brings_all_back(
    report: Report, made: list[tuple[object, ...]]
) -> None:
    history = History(report)
    states = [report]
    for edit in made:
        before = history.report
        if edit[0] == "cell":
            after = before.with_entry(str(edit[1]), edit[2])  # type: ignore[arg-type]
        else:
            _, at, cut, put = edit
            text = before.sections.get(KEY, "")
            after = before.with_section(KEY, f"{text[:at]}{put}{text[at + cut :]}")  # type: ignore[operator,index]
        followed = follow(after)
        assert follow(followed) is followed
        assert len(followed.bound.get(KEY, ())) == len(after.bound.get(KEY, ()))
        for one in followed.bound.get(KEY, ()):
            assert followed.sections[KEY][one.start : one.end] == one.text
            if (value := sum_of(followed, one.cells)) is not None:
                assert stated_number(one.text) == value
        assert outside(followed) == outside(after)
        history = history.push(followed, "改")
        if history.report is not before:
            states.append(history.report)
    for state in reversed(states):
        assert history.report is state
        history = history.undo()


def outside(report: Report) -> list[str]:
    """The prose around the bound numbers."""
    text, parts, at = report.sections.get(KEY, ""), [], 0
    for one in report.bound.get(KEY, ()):
        parts.append(text[at : one.start])
        at = one.end
    return [*parts, text[at:]]


@given(st.integers(0, 10**9))
def test_a_number_is_read_however_it_is_written(number: int) -> None:
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    for text in (str(number), f"{number:,}", str(number).translate(wide), f"{number:,}".translate(wide)):
        assert stated_number(text) == number
