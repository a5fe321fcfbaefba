"""What the list of rules shows of a line, and which lines a filter leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gxeditor.core.checks.anchors import Cell, Span, Whole
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Group, Rule, Severity
from gxeditor.core.checks.standing import Standing, State, standings
from gxeditor.core.form import Form
from gxeditor.core.report import Explanation
from gxeditor.ui.checks.listing import (
    Figure,
    Filter,
    aside_of,
    example_of,
    figures,
    instead_of,
    jump_of,
    kept_with,
    phrases,
    spoken,
    target_of,
    what_changed,
    words_of,
)
from gxeditor.ui.session import Session
from tests.ui.checks.conftest import BROUGHT, found

RULE = Rule(
    "C-1", "text", Severity.QUERY, "", "没有写收费", "", "依据", test="x", code="C-1", group=Group.CONTENT
)


def finding(*values: str, old: tuple[str, ...] | None = None) -> Finding:
    explanation = Explanation("上年数有误", old) if old is not None else None
    return Finding(RULE, Span("overview", 0, 2), "没有写。", values=values, explanation=explanation)


def line(session: Session, rule_id: str) -> Standing:
    return next(one for one in standings(session.rules, session.findings) if one.rule.id == rule_id)


def left_by(session: Session, wanted: Filter) -> set[str]:
    lines = standings(session.rules, session.findings)
    return {one.rule.id for one in lines if wanted.lets(one, words_of(one, session.form))}


# --- filters


def test_words_find_a_line_by_what_it_looks_at_its_code_its_kind_and_its_cells(session: Session) -> None:
    assert left_by(session, Filter(text="y-02 商业企业")) == {"Y-02.company"}
    assert "Y-01.total" in left_by(session, Filter(text="跨年"))
    assert "T3-03.received" in left_by(session, Filter(text="一、本年新收 · 科研机构"))
    assert left_by(session, Filter(text="没有这样的字")) == set()


def test_a_kind_a_state_and_a_cell_narrow_together(session: Session) -> None:
    cell = f"{BROUGHT}.company"
    assert left_by(session, Filter(cell=cell, group=Group.YEARS)) == {"Y-02.company"}
    assert left_by(session, Filter(cell=cell, state=State.OPEN)) == {"Y-02.company"}
    assert left_by(session, Filter(cell=cell, group=Group.TABLES)) == {
        "T3-01.company", "T3-03.brought_forward",
    }  # fmt: skip
    assert Filter().wants_all
    assert left_by(session, Filter()) == {rule.id for rule in session.rules}


def test_a_choice_is_counted_without_itself() -> None:
    wanted = Filter("文", Group.YEARS, State.OPEN, "x")
    assert wanted.without(state=True) == Filter("文", Group.YEARS, None, "x")
    assert wanted.without(group=True, state=True) == Filter("文", None, None, "x")


# --- figures


def test_an_equation_is_shown_as_an_addition_with_its_difference(session: Session) -> None:
    assert figures(line(session, "Y-01.total"), session.report) == (
        Figure("", "上年年报的结转下年度", "5"),
        Figure("", "本年的上年结转", "4"),
        Figure("", "相差", "1", "difference"),
    )
    kept = figures(line(session, "T3-01.natural_person"), session.report)
    assert [(row.sign, row.name, row.value) for row in kept] == [
        ("", "一、本年新收", "0"), ("＋", "二、上年结转", "4"), ("", "第一项加第二项", "4"),
        ("", "三（七）总计", "0"), ("＋", "四、结转下年度", "4"), ("", "第三项总计加第四项", "4"),
    ]  # fmt: skip


def test_of_many_terms_those_that_are_zero_are_only_counted(session: Session) -> None:
    session.edit(session.report.with_entry("requests.handled.granted.company", 7), "填")
    rows = figures(line(session, "T3-02.company"), session.report)
    assert [(row.name, row.value) for row in rows] == [
        ("三（一）予以公开", "7"), ("其余 20 项", "0"), ("办理结果各项之和", "7"), ("三（七）总计", "7"),
    ]  # fmt: skip


def test_a_blank_term_is_called_so_and_so_is_last_years_where_none_was_chosen(session: Session) -> None:
    rows = figures(line(session, "T4-01.direct_suit"), session.report)
    assert Figure("", "结果维持", "未填") in rows
    session.set_prior(None)
    assert figures(line(session, "Y-01.total"), session.report)[0].value == "未填"


def test_a_named_check_shows_the_cells_that_it_names(session: Session, form: Form) -> None:
    (row,) = figures(line(session, "E-01"), session.report)
    assert row == Figure("", form.cells["disputes.direct_suit.upheld"].place, "未填")
    assert figures(line(session, "E-04"), session.report) == ()


# --- words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (("16", "3", "1", "17"), "说明和这四个数一起保存：16、3、1、17。其中一个变了，这一条会重新打开。"),
        (("5", "4"), "说明和这两个数一起保存：5、4。其中一个变了，这一条会重新打开。"),
        (("17",), "说明和这个数一起保存：17。它变了，这一条会重新打开。"),
        (("-3.50", ""), "说明和这两个数一起保存：-3.50、未填。其中一个变了，这一条会重新打开。"),
        (("62件", "表三"), "说明和这两处内容一起保存：“62件”、“表三”。其中一处变了，这一条会重新打开。"),
        (("1",) * 12, "说明和这 12 个数一起保存。其中一个变了，这一条会重新打开。"),
        (("",), "说明和这一条一起保存。"),
        ((), "说明和这一条一起保存。"),
    ],
)
def test_it_is_said_with_which_values_an_explanation_is_kept(values: tuple[str, ...], words: str) -> None:
    assert kept_with(finding(*values)) == words


def test_blanks_are_no_values_but_filling_them_reopens(session: Session) -> None:
    assert kept_with(found(session, "E-01")) == "说明和这一条一起保存。这些格填了数，这一条会重新打开。"


def test_what_changed_since_an_explanation_is_told_value_by_value() -> None:
    assert what_changed(finding("16", "18", old=("16", "17"))) == "数变了：17 改成 18。"
    assert what_changed(finding("", "2", old=("1", "3"))) == "数变了：1 改成 未填，3 改成 2。"
    assert what_changed(finding("1", old=("1", "2"))) == "这一条的内容变了。"
    assert what_changed(finding("1")) == ""


def test_behind_the_title_stands_the_explanation_or_that_it_is_to_be_read_again(session: Session) -> None:
    session.explain(found(session, "Y-01.total"), "上年数有误，已更正")
    assert aside_of(line(session, "Y-01.total")) == "上年数有误，已更正"
    session.edit(session.report.with_entry(f"{BROUGHT}.natural_person", 2), "填")
    assert aside_of(line(session, "Y-01.total")) == "数变了：4 改成 2。原来的说明要重看"
    assert aside_of(line(session, "E-01")) == "表四还有 1 格未填，没有的请填 0。"
    assert aside_of(line(session, "T3-01.company")) == ""


def test_a_line_is_spoken_with_its_state_its_sides_and_its_code(session: Session) -> None:
    assert spoken(line(session, "Y-01.total")) == (
        "不等，总计：上年年报的结转下年度＝本年的上年结转，左边 5，右边 4，相差 1，Y-01"
    )
    waiting = line(session, "T4-01.direct_suit")
    assert instead_of(waiting) == "有 2 格未填"
    assert spoken(waiting).endswith("，有 2 格未填，T4-01")
    assert spoken(line(session, "E-04")) == "未提出，小于 0，E-04"


def test_a_line_leads_to_its_place_or_to_what_keeps_it_from_being_checked(session: Session) -> None:
    form = session.form
    waiting = line(session, "T4-01.direct_suit")
    assert (target_of(waiting), jump_of(waiting, form)) == (
        Cell("disputes.direct_suit.upheld"), "转到未填的格",
    )  # fmt: skip
    assert jump_of(line(session, "Y-01.total"), form) == "转到这一格"
    assert target_of(line(session, "T3-01.company")) == Cell("requests.carried_forward.company")
    assert jump_of(line(session, "E-04"), form) == ""
    spoken_of = Standing(RULE, State.OPEN, ("C-1", "", 0), finding("x"))
    assert jump_of(spoken_of, form) == "转到第一部分正文"
    whole = replace(finding("x"), where=Whole(""))
    assert jump_of(replace(spoken_of, finding=whole), form) == "转到基本信息"


def test_every_rule_offers_phrases_long_enough_to_be_kept(rules: tuple[Rule, ...]) -> None:
    for rule in (*rules, *(replace(RULE, group=group) for group in Group)):
        assert all(4 <= len(said) <= 200 for _, said in phrases(rule))


def test_every_rule_says_how_it_would_speak(rules: tuple[Rule, ...], form: Form) -> None:
    for rule in rules:
        assert example_of(rule, form).endswith("。")
