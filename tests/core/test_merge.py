"""Two copies of one report as one again: no edit is lost without a question."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gxeditor.core import edits
from gxeditor.core.checks.anchors import Cell, Field, Span
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import GxError
from gxeditor.core.following import follow
from gxeditor.core.merge import BASE, BOTH, OURS, THEIRS, Conflict, Merged, Own, merge
from gxeditor.core.report import (
    Bound,
    Explanation,
    Final,
    Prior,
    ProseDoubt,
    Report,
    blank_report,
    same_entry,
)
from gxeditor.resources import load_form

FORM = load_form()
ROW = "requests.received"
ONE, TWO, TOTAL = f"{ROW}.natural_person", f"{ROW}.company", f"{ROW}.total"
OTHER = "requests.carried_forward.natural_person"

PARAGRAPHS = (
    "（一）主动公开情况。全年公开信息62条，其中规范性文件3件。",
    "本机关坚持以公开为常态、不公开为例外，及时更新公开目录。",
    "（二）依申请公开情况。全年收到申请63件，均已答复。",
    "全年没有收到行政复议和行政诉讼。",
    "存在的主要问题是更新不够及时，队伍力量不足。",
    "下一步将加强培训，完善制度。",
    "",
)


@pytest.fixture
def base() -> Report:
    """The state that both began with: figures, three paragraphs in 一, one in 五."""
    return (
        blank_report(FORM, 2025)
        .with_fields(agency="松塘县自然资源局", signature="松塘县自然资源局", date="2026年1月20日")
        .with_entries({ONE: 62, TWO: 8, OTHER: 10})
        .with_section("overview", "\n".join(PARAGRAPHS[:3]))
        .with_section("problems", PARAGRAPHS[4])
    )


def only(merged: Merged) -> Conflict:
    (conflict,) = merged.conflicts
    return conflict


def without_conflict(merged: Merged) -> Report:
    assert merged.conflicts == ()
    return merged.report


# --- cells -----------------------------------------------------------------------------------------------------------


def test_figures_of_either_side_stand_in_the_merged_report(base: Report) -> None:
    ours = base.with_entry(ONE, 63)
    theirs = base.with_entries({TWO: 9, OTHER: None})
    merged = merge(base, ours, theirs)
    assert without_conflict(merged).entries == {ONE: 63, TWO: 9}
    assert [(one.place.key, one.side, one.before, one.after) for one in merged.taken] == [
        (ONE, "ours", "62", "63"),
        (TWO, "theirs", "8", "9"),
        (OTHER, "theirs", "10", None),
    ]
    assert merged.changed == (1, 2)


def test_a_figure_that_both_changed_alike_is_no_question(base: Report) -> None:
    merged = merge(base, base.with_entry(ONE, 63), base.with_entry(ONE, 63))
    assert without_conflict(merged).value(ONE) == 63
    assert [one.side for one in merged.taken] == ["both"]


def test_a_figure_that_both_changed_differently_is_a_question_with_all_three_values(base: Report) -> None:
    merged = merge(base, base.with_entry(ONE, 63), base.with_entry(ONE, 64))
    conflict = only(merged)
    assert conflict.place.where == Cell(ONE)
    assert (conflict.base, conflict.ours, conflict.theirs) == ("62", "63", "64")
    assert conflict.options == (OURS, THEIRS, BASE)
    assert [merged.resolve({ONE: side}).value(ONE) for side in conflict.options] == [63, 64, 62]
    assert merged.report.value(ONE) == 62
    assert merged.open({}) == (conflict,)
    assert merged.open({ONE: BASE}) == ()


def test_nought_and_blank_and_a_stroke_are_three_things(base: Report) -> None:
    merged = merge(base, base.with_entry(ONE, None), base.with_entry(ONE, 0))
    assert (only(merged).ours, only(merged).theirs) == (None, "0")
    merged = merge(base, base.with_entry(ONE, "/"), base.with_entry(ONE, 0))
    assert (only(merged).ours, only(merged).theirs) == ("/", "0")


def test_a_total_typed_on_one_side_as_it_adds_up_on_the_other_is_no_question(base: Report) -> None:
    details = {cell: 0 for cell in FORM.cells[TOTAL].parts}
    base = base.with_entries({**details, ONE: 62, TWO: 8, TOTAL: 60})
    ours, theirs = base.with_entry(TOTAL, 70), base.with_entry(TOTAL, None)
    for one, other in ((ours, theirs), (theirs, ours)):
        assert without_conflict(merge(base, one, other)).entries[TOTAL] == 70


def test_a_total_typed_otherwise_than_it_adds_up_on_the_other_side_is_a_question(base: Report) -> None:
    details = {cell: 0 for cell in FORM.cells[TOTAL].parts}
    base = base.with_entries({**details, ONE: 62, TWO: 8, TOTAL: 60})
    merged = merge(base, base.with_entry(TOTAL, 71), base.with_entry(TOTAL, None))
    assert (only(merged).ours, only(merged).theirs) == ("71", "70")
    assert merged.resolve({TOTAL: THEIRS}).is_automatic(TOTAL)


def test_automatic_totals_follow_and_are_no_question(base: Report) -> None:
    details = {cell: 0 for cell in FORM.cells[TOTAL].parts}
    base = base.with_entries({**details, ONE: 62, TWO: 8})
    merged = merge(base, base.with_entry(ONE, 63), base.with_entry(TWO, 9))
    assert without_conflict(merged).value(TOTAL) == 72


def test_a_doubt_ends_when_one_side_has_looked_at_it(base: Report) -> None:
    base = base.with_doubts({ONE: "原文是字母“O”。"})
    looked = base.without_doubts([ONE])
    assert without_conflict(merge(base, looked, base.with_entry(TWO, 9))).doubts == {}
    assert without_conflict(merge(base, base.with_entry(TWO, 9), looked)).doubts == {}
    changed = base.with_entry(ONE, 63)
    assert without_conflict(merge(base, changed, looked)).doubts == {}
    assert without_conflict(merge(base, changed, looked)).value(ONE) == 63


def test_without_a_common_state_what_one_side_doubts_stays_in_doubt(base: Report) -> None:
    merged = merge(None, base, base.with_doubts({ONE: "模糊。"}))
    assert without_conflict(merged).doubts[ONE].what == "模糊。"


# --- fields, and what is one report ----------------------------------------------------------------------------------


def test_fields_are_taken_from_the_side_that_changed_them(base: Report) -> None:
    merged = merge(base, base.with_fields(date="2026年1月21日"), base.with_fields(own_title="年度报告"))
    report = without_conflict(merged)
    assert (report.date, report.title) == ("2026年1月21日", "年度报告")


def test_a_field_that_both_changed_is_a_question(base: Report) -> None:
    merged = merge(base, base.with_fields(date="2026年1月21日"), base.with_fields(date="2026年1月22日"))
    assert only(merged).place.where == Field("date")
    assert merged.resolve({"date": THEIRS}).date == "2026年1月22日"


@pytest.mark.parametrize("common", [None, "", "松塘县住房和城乡建设局", "松塘县自然资源局", "松塘县水利局"])
def test_reports_of_two_agencies_are_refused(base: Report, common: str | None) -> None:
    """A corrected name is written alike in both first: nothing tells it from another agency's."""
    other = base.with_fields(agency="松塘县水利局")
    began = None if common is None else base.with_fields(agency=common)
    for ours, theirs in ((base, other), (other, base)):
        with pytest.raises(GxError, match=r"不是同一份年报.*改成一样"):
            merge(began, ours, theirs)


def test_a_name_that_both_have_corrected_may_stand_otherwise_in_the_common_state(base: Report) -> None:
    typo = base.with_fields(agency="松塘县自燃资源局")
    merged = merge(typo, base.with_entry(ONE, 63), base.with_entry(TWO, 9))
    assert without_conflict(merged).entries == {ONE: 63, TWO: 9, OTHER: 10}
    assert merged.report.agency == base.agency


def test_what_another_agency_reported_is_no_common_state(base: Report) -> None:
    other = (
        blank_report(FORM, 2025).with_fields(agency="松塘县水利局").with_entries({ONE: 62, TWO: 3, OTHER: 1})
    )
    with pytest.raises(GxError, match="选的原稿是“松塘县水利局”的"):
        merge(other, base, base.with_entry(ONE, 63))


def test_one_day_written_in_two_ways_is_no_question(base: Report) -> None:
    ours, theirs = (base.with_fields(date=text) for text in ("2026-01-21", "2026年1月21日"))
    for one, other in ((ours, theirs), (theirs, ours)):
        assert without_conflict(merge(base, one, other)).date == "2026年1月21日"


def test_an_amount_with_more_decimals_is_no_question(base: Report) -> None:
    fee = "proactive.fees.amount"
    ours, theirs = (base.with_entry(fee, Decimal(text)) for text in ("1.5", "1.5000"))
    for common in (base, None):
        for one, other in ((ours, theirs), (theirs, ours)):
            assert str(without_conflict(merge(common, one, other)).entries[fee]) == "1.5000"
    assert len(merge(base, ours, base.with_entry(fee, Decimal("1.6"))).conflicts) == 1


def test_blanks_and_widths_make_no_other_agency(base: Report) -> None:
    merged = merge(None, base, base.with_fields(agency="松塘县 自然资源局"))
    assert only(merged).key == "agency"


def test_another_year_is_refused(base: Report) -> None:
    with pytest.raises(GxError, match="2025 年的，另一份是 2024 年的"):
        merge(base, base, base.with_fields(year=2024))
    with pytest.raises(GxError, match="原稿"):
        merge(base.with_fields(year=2024), base, base)


def test_another_edition_is_refused(base: Report) -> None:
    with pytest.raises(GxError, match="格式版本不同"):
        merge(None, base, blank_report(replace(FORM, edition="2019"), 2025))


def test_a_year_typed_on_one_side_is_an_edit(base: Report) -> None:
    began = base.with_fields(year=None)
    assert without_conflict(merge(began, base, began.with_entry(ONE, 63))).year == 2025


# --- paragraphs ------------------------------------------------------------------------------------------------------


def rewritten(report: Report, number: int, text: str, key: str = "overview") -> Report:
    lines = report.text(key).split("\n")
    lines[number] = text
    return report.with_text(key, "\n".join(lines))


def test_neighbouring_paragraphs_of_either_side_stand_in_the_merged_text(base: Report) -> None:
    ours = rewritten(base, 0, "（一）主动公开情况。全年公开信息65条，其中规范性文件3件。")
    theirs = rewritten(base, 1, "本机关坚持以公开为常态、不公开为例外，及时更新公开目录和指南。")
    text = without_conflict(merge(base, ours, theirs)).sections["overview"]
    assert text.split("\n") == [
        "（一）主动公开情况。全年公开信息65条，其中规范性文件3件。",
        "本机关坚持以公开为常态、不公开为例外，及时更新公开目录和指南。",
        PARAGRAPHS[2],
    ]


def test_a_paragraph_that_both_rewrote_is_one_question_and_both_can_stay(base: Report) -> None:
    mine, its = (
        "（二）依申请公开情况。收到63件，办结60件。",
        "（二）依申请公开情况。收到63件，在法定期限内答复。",
    )
    merged = merge(base, rewritten(base, 2, mine), rewritten(base, 2, its))
    conflict = only(merged)
    assert (conflict.base, conflict.ours, conflict.theirs) == (PARAGRAPHS[2], mine, its)
    assert conflict.place.name == "一、总体情况 · 第 3 段"
    assert isinstance(conflict.place.where, Span)
    assert conflict.place.where.text(merged.ours)[conflict.place.where.start :] == mine
    assert conflict.options == (OURS, THEIRS, BASE, BOTH)
    both = merged.resolve({conflict.key: BOTH}).sections["overview"]
    assert both.split("\n")[2:] == [mine, its]
    own = merged.resolve({conflict.key: Own("自己写的。")}).sections["overview"]
    assert own.split("\n")[2:] == ["自己写的。"]


def test_a_paragraph_deleted_here_and_rewritten_there_is_a_question(base: Report) -> None:
    lines = base.text("overview").split("\n")
    ours = base.with_section("overview", "\n".join(lines[:1] + lines[2:]))
    theirs = rewritten(base, 1, f"{PARAGRAPHS[1]}并公布指南。")
    conflict = only(merge(base, ours, theirs))
    assert (conflict.ours, conflict.theirs) == (None, f"{PARAGRAPHS[1]}并公布指南。")
    assert BOTH not in conflict.options
    assert merge(base, ours, theirs).resolve({conflict.key: OURS}).text("overview") == ours.text("overview")


def test_paragraphs_put_in_by_either_side_at_other_places_both_stand(base: Report) -> None:
    lines = base.text("overview").split("\n")
    ours = base.with_section("overview", "\n".join(["前言一段话。", *lines]))
    theirs = base.with_section("overview", "\n".join([*lines, "结尾一段话。"]))
    text = without_conflict(merge(base, ours, theirs)).text("overview")
    assert text.split("\n") == ["前言一段话。", *lines, "结尾一段话。"]


def test_paragraphs_put_in_by_both_at_one_place_are_a_question(base: Report) -> None:
    merged = merge(
        base,
        base.with_section("other_matters", "甲的话。"),
        base.with_section("other_matters", "乙的话。\n又一段。"),
    )
    conflict = only(merged)
    assert (conflict.base, conflict.ours, conflict.theirs) == (None, "甲的话。", "乙的话。\n又一段。")
    both = merged.resolve({conflict.key: BOTH}).text("other_matters")
    assert both == "甲的话。\n乙的话。\n又一段。"


def test_a_paragraph_moved_here_and_rewritten_there_is_rewritten_where_it_is_now(base: Report) -> None:
    lines = base.text("overview").split("\n")
    moved = base.with_section("overview", "\n".join((lines[1], lines[2], lines[0])))
    changed = lines[0].replace("62条", "65条")
    edited = rewritten(base, 0, changed)
    for ours, theirs in ((moved, edited), (edited, moved)):
        text = without_conflict(merge(base, ours, theirs)).text("overview")
        assert text.split("\n") == [lines[1], lines[2], changed]


def test_a_paragraph_moved_here_and_deleted_there_is_a_question(base: Report) -> None:
    lines = base.text("overview").split("\n")
    moved = base.with_section("overview", "\n".join((lines[1], lines[2], lines[0])))
    deleted = base.with_section("overview", "\n".join(lines[1:]))
    merged = merge(base, moved, deleted)
    conflict = only(merged)
    assert (conflict.base, conflict.ours, conflict.theirs) == (lines[0], lines[0], None)
    assert merged.resolve({conflict.key: OURS}).text("overview") == moved.text("overview")
    assert merged.resolve({conflict.key: THEIRS}).text("overview") == deleted.text("overview")


def in_order(report: Report, *order: int, key: str = "overview") -> Report:
    """The paragraphs of a text in another order, by their numbers."""
    lines = report.text(key).split("\n")
    return report.with_text(key, "\n".join(lines[number] for number in order))


@pytest.fixture
def long(base: Report) -> Report:
    """Eight paragraphs in 一."""
    lines = [f"（{word}）{what}情况。" for word, what in zip("一二三四五六七八", PLACES, strict=True)]
    return base.with_section("overview", "\n".join(lines))


PLACES = ("主动公开", "依申请公开", "政府信息管理", "平台建设", "监督保障", "队伍建设", "宣传培训", "考核")


def test_a_paragraph_that_both_moved_elsewhere_is_a_question_and_stands_once(long: Report) -> None:
    ours = in_order(long, 0, 2, 3, 4, 5, 6, 1, 7)
    theirs = in_order(long, 0, 2, 3, 1, 4, 5, 6, 7)
    line = long.text("overview").split("\n")[1]
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge(long, one, other)
        conflict = only(merged)
        assert conflict.base == line
        assert {conflict.ours, conflict.theirs} == {f"{line}（移到第 7 段）", f"{line}（移到第 4 段）"}
        for choice, wanted in ((OURS, one), (THEIRS, other), (BASE, long)):
            assert merged.resolve({conflict.key: choice}) == wanted
        assert merged.report == long
        own = merged.resolve({conflict.key: Own("改写的一段。")}).text("overview")
        assert own == one.text("overview").replace(line, "改写的一段。")


def test_neighbours_that_both_moved_together_are_one_question(long: Report) -> None:
    ours = in_order(long, 2, 3, 4, 5, 6, 7, 0, 1)
    theirs = in_order(long, 2, 3, 4, 0, 1, 5, 6, 7)
    merged = merge(long, ours, theirs.with_entry(ONE, 70))
    assert only(merged).base == "\n".join(long.text("overview").split("\n")[:2])
    assert merged.resolve({only(merged).key: OURS}) == ours.with_entry(ONE, 70)
    assert merged.resolve({only(merged).key: THEIRS}) == theirs.with_entry(ONE, 70)


def test_different_paragraphs_moved_by_either_side_are_no_question(long: Report) -> None:
    ours, theirs = in_order(long, 1, 2, 3, 4, 5, 6, 7, 0), in_order(long, 0, 1, 6, 2, 3, 4, 5, 7)
    text = without_conflict(merge(long, ours, theirs)).text("overview")
    assert text == in_order(long, 1, 6, 2, 3, 4, 5, 7, 0).text("overview")


def test_a_paragraph_divided_here_and_rewritten_there_is_one_question(base: Report) -> None:
    """Whichever is chosen, no half of it stands twice."""
    head, tail = "（一）主动公开情况。", "全年公开信息62条，其中规范性文件3件。"
    ours = base.with_text("overview", base.text("overview").replace(head + tail, f"{head}\n{tail}"))
    theirs = rewritten(base, 0, PARAGRAPHS[0].replace("62条", "65条"))
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge(base, one, other)
        conflict = only(merged)
        assert f"{head}\n{tail}" in (conflict.ours, conflict.theirs)
        assert merged.resolve({conflict.key: OURS}) == one
        assert merged.resolve({conflict.key: THEIRS}) == other


@pytest.mark.parametrize("number", [0, 1])
def test_paragraphs_joined_here_and_one_of_them_rewritten_there_are_one_question(
    base: Report, number: int
) -> None:
    """Whichever is chosen, none of them is lost and none stands twice."""
    ours = base.with_text("overview", base.text("overview").replace("\n", "", 1))
    theirs = rewritten(base, number, f"{PARAGRAPHS[number]}又一句。")
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge(base, one, other)
        conflict = only(merged)
        assert conflict.base == "\n".join(PARAGRAPHS[:2])
        assert merged.resolve({conflict.key: OURS}) == one
        assert merged.resolve({conflict.key: THEIRS}) == other


def test_neighbours_divided_by_either_side_are_no_question_about_their_halves(base: Report) -> None:
    ours = base.with_text("overview", base.text("overview").replace("情况。", "情况。\n", 1))
    theirs = base.with_text("overview", base.text("overview").replace("为例外，", "为例外，\n", 1))
    for one, other in ((ours, theirs), (theirs, ours)):
        text = without_conflict(merge(base, one, other)).text("overview")
        assert text == ours.text("overview").replace("为例外，", "为例外，\n", 1)


def test_paragraphs_divided_or_joined_on_one_side_alone_are_no_question(base: Report) -> None:
    divided = base.with_text("overview", base.text("overview").replace("情况。", "情况。\n", 1))
    joined = base.with_text("overview", base.text("overview").replace("\n", "", 1))
    for ours in (divided, joined):
        theirs = rewritten(base, 2, "（二）依申请公开情况。没有收到申请。")
        text = without_conflict(merge(base, ours, theirs)).text("overview")
        assert text == ours.text("overview").replace(PARAGRAPHS[2], "（二）依申请公开情况。没有收到申请。")


def test_blank_lines_and_blanks_around_a_paragraph_are_no_question(base: Report) -> None:
    ours = base.with_section("problems", f"{PARAGRAPHS[4]}\n")
    theirs = base.with_section("problems", f"　　{PARAGRAPHS[4]}")
    assert merge(base, ours, theirs).conflicts == ()


def test_the_notes_and_the_preamble_are_texts_too(base: Report) -> None:
    ours = base.with_fields(preamble="根据条例，编制本报告。", note_requests="注：含一件转办。")
    theirs = base.with_fields(preamble="依据条例，编制本报告。", note_disputes="注：无。")
    merged = merge(base, ours, theirs)
    assert only(merged).place.name == "序文 · 第 1 段"
    report = merged.resolve({only(merged).key: THEIRS})
    assert (report.preamble, report.note_requests, report.note_disputes) == (
        "依据条例，编制本报告。",
        "注：含一件转办。",
        "注：无。",
    )


# --- what is marked in texts -----------------------------------------------------------------------------------------


def bound_to(report: Report, key: str, text: str, *cells: str) -> Report:
    start = report.text(key).index(text)
    return report.with_bound(key, (*report.bound.get(key, ()), Bound(start, text, cells)))


def says(report: Report, key: str) -> list[tuple[str, tuple[str, ...]]]:
    """The numbers that follow cells, as they stand in the text, and what they follow."""
    text = report.text(key)
    return [(text[one.start : one.end], one.cells) for one in report.bound.get(key, ())]


def test_a_number_that_follows_a_cell_is_no_change_of_its_paragraph(base: Report) -> None:
    base = bound_to(base, "overview", "62", ONE)
    ours = follow(base.with_entry(ONE, 1063))
    theirs = rewritten(base, 0, "（一）主动公开情况。全年公开信息62条，其中规范性文件5件。")
    for one, other in ((ours, theirs), (theirs, ours)):
        report = without_conflict(merge(base, one, other))
        assert (
            report.text("overview").split("\n")[0]
            == "（一）主动公开情况。全年公开信息1063条，其中规范性文件5件。"
        )
        assert says(report, "overview") == [("1063", (ONE,))]


def test_a_bound_number_moves_with_text_that_the_other_side_put_in_before_it(base: Report) -> None:
    ours = bound_to(base, "overview", "63", ONE)
    theirs = base.with_section("overview", f"前面加了一段。\n{base.text('overview')}")
    for one, other in ((ours, theirs), (theirs, ours)):
        report = without_conflict(merge(base, one, other))
        assert says(report, "overview") == [("63", (ONE,))]


def test_a_number_bound_here_and_words_changed_there_in_one_paragraph_both_stand(base: Report) -> None:
    ours = bound_to(base, "overview", "63", ONE)
    theirs = rewritten(base, 2, "（二）依申请公开情况。全年共收到公开申请63件，均已答复。")
    report = without_conflict(merge(base, ours, theirs))
    assert says(report, "overview") == [("63", (ONE,))]
    assert "共收到公开申请" in report.text("overview")


def test_one_number_bound_to_other_cells_on_either_side_is_a_question(base: Report) -> None:
    merged = merge(base, bound_to(base, "overview", "63", ONE), bound_to(base, "overview", "63", TWO))
    conflict = only(merged)
    assert says(merged.resolve({conflict.key: THEIRS}), "overview") == [("63", (TWO,))]
    assert conflict.ours != conflict.theirs


def test_what_is_in_doubt_in_prose_moves_and_ends_as_it_does_in_an_edit(base: Report) -> None:
    start = base.text("overview").index("63")
    base = base.with_prose_doubts("overview", [ProseDoubt(start, "63", "是去年文字里的数。")])
    ours = base.without_prose_doubts("overview", [start])
    theirs = base.with_section("overview", f"前面加了一段。\n{base.text('overview')}")
    assert without_conflict(merge(base, ours, theirs)).prose_doubts == {}
    report = without_conflict(merge(base, base.with_entry(ONE, 63), theirs))
    (doubt,) = report.prose_doubts["overview"]
    assert report.text("overview")[doubt.start : doubt.end] == "63"


# --- what was said ---------------------------------------------------------------------------------------------------


def test_explanations_and_closed_rules_of_either_side_stand(base: Report) -> None:
    ours = base.with_explanation("S-01@requests.received.total", Explanation("确属实。", ("1",)))
    theirs = base.with_closed("Y-01", "去年没有年报")
    report = without_conflict(merge(base, ours, theirs))
    assert report.explanations == ours.explanations
    assert report.closed == theirs.closed
    assert without_conflict(merge(None, ours, theirs)) == report


def test_two_reasons_for_one_finding_are_a_question(base: Report) -> None:
    address = f"S-01@{TOTAL}"
    ours = base.with_explanation(address, Explanation("确属实。", ("1",)))
    theirs = base.with_explanation(address, Explanation("已经核对。", ("1",)))
    merged = merge(base, ours, theirs)
    conflict = only(merged)
    assert conflict.place.where == Cell(TOTAL)
    assert merged.resolve({conflict.key: THEIRS}).explanations == theirs.explanations


def test_keys_of_a_later_program_are_kept_from_either_side(base: Report) -> None:
    ours = base.with_fields(extra=MappingProxyType({"later": [1]}))
    theirs = base.with_fields(extra=MappingProxyType({"other": {"a": 2}}))
    assert without_conflict(merge(base, ours, theirs)).extra == {"later": [1], "other": {"a": 2}}


def test_items_of_a_later_program_are_each_a_thing_of_its_own(base: Report) -> None:
    began = base.with_fields(extra={"cells": {"requests.new.total": 1}, "later": {}})
    ours = base.with_fields(extra={"cells": {"requests.new.total": 2}, "later": {"甲": [1]}})
    theirs = base.with_fields(
        extra={"cells": {"requests.new.total": 1, "requests.new.company": 3}, "later": {}}
    )
    for one, other in ((ours, theirs), (theirs, ours)):
        assert without_conflict(merge(began, one, other)).extra == {
            "cells": {"requests.new.total": 2, "requests.new.company": 3},
            "later": {"甲": [1]},
        }
    other = base.with_fields(extra={"cells": {"requests.new.total": 4}})
    conflict = only(merge(began.with_fields(extra={"cells": {"requests.new.total": 1}}), ours, other))
    assert (conflict.ours, conflict.theirs) == ("2", "4")
    assert conflict.place.name == "文件里本版本不认识的内容（cells · requests.new.total）"


def test_last_years_report_is_the_same_wherever_its_file_lies(base: Report) -> None:
    last = Prior.of(blank_report(FORM, 2024).with_entry(ONE, 5), "C:\\甲\\2024.gxr", "0" * 64)
    began = base.with_prior(last)
    ours, theirs = began, began.with_prior(replace(last, path="D:\\乙\\2024.gxr"))
    assert merge(base, ours, theirs).conflicts == ()
    other = Prior.of(blank_report(FORM, 2024).with_entry(ONE, 6), "C:\\丙.gxr", "1" * 64)
    merged = merge(base, ours, base.with_prior(other))
    assert only(merged).place.where == Field("prior")


FINAL = Final("2026-01-12", "李工", "a" * 64)


def test_a_final_that_the_other_side_adds_nothing_to_stays_in_force(base: Report) -> None:
    final = base.with_entry(ONE, 63).with_finals([FINAL])
    assert without_conflict(merge(base, final, base)) == final
    assert without_conflict(merge(base, base, final)).is_final


def test_a_final_is_noted_as_reopened_once_the_other_side_changed_something(base: Report) -> None:
    final = base.with_finals([FINAL])
    for ours, theirs in ((final, base.with_entry(TWO, 9)), (base.with_entry(TWO, 9), final)):
        report = merge(base, ours, theirs).resolve({}, "2026-01-13")
        assert not report.is_final
        (one,) = report.finals
        assert one.date == "2026-01-12"
        assert one.reopened == "2026-01-13 合并了另一份的修改"


# --- what a choice breaks --------------------------------------------------------------------------------------------


def test_each_side_says_what_it_would_break(base: Report, rules: tuple[Rule, ...]) -> None:
    details = {cell: 0 for cell in FORM.cells[TOTAL].parts}
    base = base.with_section("overview", "").with_entries({**details, ONE: 62, TWO: 8, TOTAL: 69})
    merged = merge(base, base.with_entry(TOTAL, 70), base.with_entry(TOTAL, 71))
    conflict = only(merged)
    broken = merged.breaks(conflict, {}, rules)
    assert broken[OURS] == ()
    assert broken[THEIRS]
    assert all(TOTAL in finding.cells for finding in broken[THEIRS])


# --- without a common state ------------------------------------------------------------------------------------------


def test_without_a_common_state_every_difference_is_a_question(base: Report) -> None:
    ours = base.with_entry(ONE, 63)
    theirs = rewritten(base, 1, f"{PARAGRAPHS[1]}并公布指南。").with_entry(
        "proactive.fees.amount", Decimal("1.5")
    )
    merged = merge(None, ours, theirs)
    assert [one.place.key for one in merged.conflicts if not one.paragraph] == ["proactive.fees.amount", ONE]
    assert len(merged.conflicts) == 3
    assert merged.taken == ()
    assert all(BASE not in one.options for one in merged.conflicts)
    assert merged.resolve({one.key: THEIRS for one in merged.conflicts}) == theirs
    assert merged.resolve({one.key: OURS for one in merged.conflicts}) == ours


def test_a_choice_that_there_is_not_is_refused(base: Report) -> None:
    merged = merge(None, base, base.with_entry(ONE, 63))
    with pytest.raises(ValueError, match="base"):
        merged.resolve({ONE: BASE})
    with pytest.raises(KeyError):
        merged.resolve({TWO: OURS})


# --- properties ------------------------------------------------------------------------------------------------------

CELLS = st.sampled_from(sorted(FORM.cells)[:30])
KEYS = st.sampled_from(("overview", "problems", "preamble", "note_requests"))


@st.composite
def edit(draw: st.DrawFn, report: Report) -> Report:
    """One edit that the program makes: of a cell, a field, a paragraph, a mark, or of what is said."""
    kind = draw(st.integers(0, 12))
    if kind == 0:
        return edits.paste(report, [(draw(CELLS), str(draw(st.integers(0, 3))))]).report
    if kind == 1:
        return edits.clear(report, [draw(CELLS)])
    if kind == 2:
        return edits.recompute_totals(report, FORM.totals)
    if kind == 3:
        return edits.fill_blanks(report, [FORM.cells[draw(CELLS)]])
    if kind == 4:
        return report.with_fields(
            date=draw(st.sampled_from(("", "今天", "明天"))), sealed=draw(st.booleans())
        )
    if kind == 5:
        return report.with_closed(
            draw(st.sampled_from(("Y-01", "Y-02"))), draw(st.sampled_from(("", "不适用")))
        )
    key = draw(KEYS)
    lines = report.text(key).split("\n") if report.text(key) else []
    at = draw(st.integers(0, len(lines)))
    if kind == 6:
        return report.with_text(key, "\n".join((*lines[:at], draw(st.sampled_from(PARAGRAPHS)), *lines[at:])))
    if kind == 12 and at < len(lines):
        rest = [*lines[:at], *lines[at + 1 :]]
        to = draw(st.integers(0, len(rest)))
        return report.with_text(key, "\n".join((*rest[:to], lines[at], *rest[to:])))
    if kind == 7:
        return report.with_text(key, "\n".join((*lines[:at], *lines[at + 1 :])))
    if kind == 8 and at < len(lines):
        line = lines[at]
        cut = draw(st.integers(0, len(line)))
        put = draw(st.sampled_from(("甲", "12", "。乙", " ")))
        return report.with_text(
            key, "\n".join((*lines[:at], line[:cut] + put + line[cut:], *lines[at + 1 :]))
        )
    text = "" if key == "note_requests" else report.text(key)  # nothing is marked in notes
    number = next((n for n in ("62", "63", "12", "3") if n in text), "")
    if kind == 9 and number:
        start = text.index(number)
        return report.with_bound(key, [Bound(start, number, (draw(CELLS),))])
    if kind == 10 and number:
        return report.with_prose_doubts(key, [ProseDoubt(text.index(number), number, "请核对。")])
    if kind == 11:
        cell = draw(CELLS)
        return report.with_doubts({cell: "模糊。"}) if cell in report.entries else report
    return report


@st.composite
def edited(draw: st.DrawFn, report: Report, most: int = 8) -> Report:
    for _ in range(draw(st.integers(0, most))):
        report = follow(draw(edit(report)))
    return report


@st.composite
def started(draw: st.DrawFn) -> Report:
    texts = st.lists(st.sampled_from(PARAGRAPHS), max_size=5).map("\n".join)
    report = blank_report(FORM, 2025).with_fields(agency="某局", preamble=draw(texts))
    report = report.with_section("overview", draw(texts)).with_section("problems", draw(texts))
    return draw(edited(report))


@st.composite
def forks(draw: st.DrawFn) -> tuple[Report, Report, Report]:
    base = draw(started())
    return base, draw(edited(base)), draw(edited(base))


MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@given(forks())
@MANY
def test_merging_with_itself_or_with_the_common_state_changes_nothing(
    fork: tuple[Report, Report, Report],
) -> None:
    base, ours, theirs = fork
    for common in (base, ours, theirs, None):
        assert without_conflict(merge(common, ours, ours)) == ours
    assert without_conflict(merge(base, ours, base)) == ours
    assert without_conflict(merge(base, base, theirs)) == theirs


@given(forks())
@MANY
def test_the_order_of_the_sides_makes_no_difference(fork: tuple[Report, Report, Report]) -> None:
    base, ours, theirs = fork
    for common in (base, None):
        one, other = merge(common, ours, theirs), merge(common, theirs, ours)
        assert [(c.key, c.base, c.ours, c.theirs, c.options) for c in one.conflicts] == [
            (c.key, c.base, c.theirs, c.ours, c.options) for c in other.conflicts
        ]
        if common is not None:
            assert one.report == other.report
        mine = {conflict.key: OURS for conflict in one.conflicts}
        its = {conflict.key: THEIRS for conflict in one.conflicts}
        assert one.resolve(mine) == other.resolve(its)


def paragraphs_of(report: Report, key: str) -> list[str]:
    return [line.strip() for line in report.text(key).split("\n") if line.strip()]


@given(forks())
@MANY
def test_no_edit_is_lost_without_a_question(fork: tuple[Report, Report, Report]) -> None:
    base, ours, theirs = fork
    merged = merge(base, ours, theirs)
    asked = {conflict.key: conflict for conflict in merged.conflicts}
    report = merged.report
    for cell in FORM.cells:
        was, mine, its = (one.entries.get(cell) for one in (base, ours, theirs))
        got = report.entries.get(cell)
        if cell in asked:
            assert not same_entry(mine, its)
            assert not same_entry(mine, was)
            assert not same_entry(its, was)
        elif same_entry(mine, was):
            assert same_entry(got, its)
        elif same_entry(its, was):
            assert same_entry(got, mine)
        else:
            assert ours.value(cell) == theirs.value(cell)
            assert any(same_entry(got, one) for one in (mine, its))
    for name in ("date", "sealed"):
        was, mine, its = (getattr(one, name) for one in (base, ours, theirs))
        assert name in asked or getattr(report, name) == (its if mine == was else mine)
    for key in ("overview", "problems", "preamble", "note_requests"):
        if any(one.bound.get(key) for one in (base, ours, theirs)):
            continue  # numbers that follow cells read as the merged cells say
        shown = "\n".join(
            (
                report.text(key),
                *(
                    text
                    for conflict in merged.conflicts
                    if conflict.key.startswith(f"{key}:")
                    for text in (conflict.ours, conflict.theirs)
                    if text is not None
                ),
            )
        )
        for side in (ours, theirs):
            for paragraph in set(paragraphs_of(side, key)) - set(paragraphs_of(base, key)):
                assert paragraph in shown


@given(
    st.lists(st.sampled_from([*PARAGRAPHS[:6], *PLACES]), min_size=2, max_size=9, unique=True),
    st.lists(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=2), min_size=2, max_size=2),
)
@MANY
def test_paragraphs_that_were_only_moved_stand_once_whatever_is_chosen(
    lines: list[str], moves: list[list[tuple[int, int]]]
) -> None:
    base = blank_report(FORM, 2025).with_section("overview", "\n".join(lines))

    def moved(several: list[tuple[int, int]]) -> Report:
        found = list(lines)
        for number, to in several:
            found.insert(to % len(lines), found.pop(number % len(lines)))
        return base.with_section("overview", "\n".join(found))

    merged = merge(base, *map(moved, moves))
    for choice in (OURS, THEIRS, BASE):
        report = merged.resolve({conflict.key: choice for conflict in merged.conflicts})
        assert sorted(paragraphs_of(report, "overview")) == sorted(lines)


@given(forks())
@MANY
def test_choosing_one_side_everywhere_gives_that_side_at_each_question(
    fork: tuple[Report, Report, Report],
) -> None:
    base, ours, theirs = fork
    merged = merge(base, ours, theirs)
    report = merged.resolve({conflict.key: OURS for conflict in merged.conflicts})
    for conflict in merged.conflicts:
        if isinstance(conflict.place.where, Cell):
            cell = conflict.place.where.id
            assert same_entry(report.entries.get(cell), ours.entries.get(cell))
        elif isinstance(conflict.place.where, Field):
            assert getattr(report, conflict.place.where.key) == getattr(ours, conflict.place.where.key)


@given(forks())
@MANY
def test_every_mark_of_the_merged_report_stands_where_its_text_is(
    fork: tuple[Report, Report, Report],
) -> None:
    base, ours, theirs = fork
    for common in (base, None):
        merged = merge(common, ours, theirs)
        for side in (OURS, THEIRS):
            report = merged.resolve({conflict.key: side for conflict in merged.conflicts})
            for key in ("overview", "problems", "preamble", "note_requests"):
                marks: list[Bound | ProseDoubt] = [
                    *report.bound.get(key, ()),
                    *report.prose_doubts.get(key, ()),
                ]
                for mark in marks:
                    assert report.text(key)[mark.start : mark.end] == mark.text
            for key, text in report.sections.items():
                assert text, key


@given(st.lists(st.sampled_from(PARAGRAPHS[:4]), max_size=6), st.data())
@MANY
def test_paragraphs_that_one_side_changed_are_all_there_in_their_order(
    lines: list[str], data: st.DataObject
) -> None:
    """The other side writes only what nobody else touches: a last paragraph."""
    base = blank_report(FORM, 2025).with_section("overview", "\n".join((*lines, "最后一段是固定的。")))
    head = data.draw(st.lists(st.sampled_from((*PARAGRAPHS, "新的一段。", "又一段。")), max_size=6))
    ours = base.with_section("overview", "\n".join((*head, "最后一段是固定的。")))
    theirs = base.with_section("overview", f"{base.text('overview')}\n对方加的一段。")
    text = without_conflict(merge(base, ours, theirs)).text("overview")
    assert text == "\n".join((*head, "最后一段是固定的。", "对方加的一段。"))


def test_a_long_text_is_merged_with_bounded_work() -> None:
    lines = [f"第{number}段，写的是第{number}件事。" for number in range(3000)]
    base = blank_report(FORM, 2025).with_section("overview", "\n".join(lines))
    mine, its = list(lines), list(lines)
    mine[10:20] = [f"本机改写的第{n}段。" for n in range(12)]
    its[2900] = "对方改写的一段。"
    merged = merge(
        base, base.with_section("overview", "\n".join(mine)), base.with_section("overview", "\n".join(its))
    )
    mine_and_its = list(mine)
    mine_and_its[2902] = "对方改写的一段。"
    assert without_conflict(merged).text("overview").split("\n") == mine_and_its
