"""Compound edits: each is one step from one report to the next, and says what it did."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.checks.rules import Rule
from gxeditor.core.edits import (
    blank_cells,
    bring_forward,
    carried_figures,
    clear,
    compare,
    disagreeing_totals,
    draft_prose,
    fill_blanks,
    fill_carried,
    fill_forced,
    fill_in,
    paste,
    recompute_totals,
    recomputed,
    take_over,
    totals_to_mend,
)
from gxeditor.core.report import (
    KEPT_TEXTS,
    AgencyKind,
    Bound,
    Entry,
    Explanation,
    Final,
    Report,
    blank_report,
    count_characters,
    same_entry,
)
from gxeditor.resources import load_form

FORM = load_form()
ROW = "requests.received"
ONE, TOTAL = f"{ROW}.natural_person", f"{ROW}.total"
FEES = "proactive.fees.amount"


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Reports with any entries anywhere, typed totals and texts among them."""
    cells = draw(
        st.lists(st.sampled_from(list(FORM.cells.values())), max_size=60, unique_by=lambda cell: cell.id)
    )
    number = st.integers(0, 99)
    text = st.sampled_from(sorted(KEPT_TEXTS))
    entries: dict[str, Entry | None] = {}
    for cell in cells:
        entries[cell.id] = draw(number.map(Decimal) | text if cell.decimals else number | text)
    return blank_report(FORM, 2022).with_entries(entries)


@pytest.fixture
def report() -> Report:
    return blank_report(FORM, 2022)


def filled(report: Report, section: str = "requests", figure: int = 1) -> Report:
    """Every cell of a table that is no total holds the same figure."""
    table = FORM.section(section).table
    assert table is not None
    return report.with_entries({cell.id: figure for cell in table.cells if not cell.is_total})


# --- pasting ---------------------------------------------------------------------------------------------


def test_pasting_fills_the_cells_in_one_step_and_names_what_it_refused(report: Report) -> None:
    before = report.with_entry(f"{ROW}.company", 5)
    pasted = paste(
        before, [(ONE, "１２"), (f"{ROW}.company", "五件"), (f"{ROW}.research", ""), (FEES, "0.0000")]
    )
    assert dict(pasted.report.entries) == {ONE: 12, f"{ROW}.company": 5, FEES: Decimal("0.0000")}
    assert pasted.cells == (ONE, f"{ROW}.research", FEES)
    assert pasted.refused == ((f"{ROW}.company", "五件", "“五件”不是数字，没有填入。这一格只填整数。", ""),)


def test_pasting_a_blank_clears_the_cell(report: Report) -> None:
    assert paste(report.with_entry(ONE, 3), [(ONE, " ")]).report == report


def test_pasting_the_same_figures_is_no_edit(report: Report) -> None:
    report = report.with_entry(ONE, 3)
    assert paste(report, [(ONE, "3")]).report is report


# --- blanks ----------------------------------------------------------------------------------------------


def test_filling_blanks_leaves_totals_to_follow_by_themselves(report: Report) -> None:
    table = FORM.section("requests").table
    assert table is not None
    after = fill_blanks(report.with_entry(ONE, 30), table.cells)
    assert not set(after.entries) & {cell.id for cell in FORM.totals}
    assert after.value(TOTAL) == 30
    assert blank_cells(after, table.cells) == ()


def test_an_amount_that_is_blank_becomes_a_decimal_zero(report: Report) -> None:
    assert same_entry(fill_blanks(report, [FORM.cells[FEES]]).value(FEES), Decimal("0"))


@given(reports(), st.sets(st.sampled_from(list(FORM.cells))))
def test_filling_blanks_touches_blanks_only(report: Report, chosen: set[str]) -> None:
    cells = [FORM.cells[cell_id] for cell_id in chosen]
    after = fill_blanks(report, cells)
    for cell_id, entry in after.entries.items():
        if cell_id in report.entries:
            assert same_entry(entry, report.entries[cell_id])
        else:
            assert entry == 0
            assert cell_id in chosen
            assert not FORM.cells[cell_id].is_total
    assert set(report.entries) <= set(after.entries)
    assert fill_blanks(after, cells) is after


def test_clearing_a_total_makes_it_automatic_again(report: Report) -> None:
    report = filled(report).with_entry(TOTAL, 99)
    assert clear(report, [TOTAL]).value(TOTAL) == 6


# --- totals ----------------------------------------------------------------------------------------------


def test_a_typed_total_that_disagrees_is_named_and_one_that_agrees_is_not(report: Report) -> None:
    report = filled(report).with_entries({TOTAL: 7, "requests.brought_forward.total": 6})
    assert [cell.id for cell in disagreeing_totals(report)] == [TOTAL]


def test_a_total_that_was_kept_as_a_text_disagrees_with_its_details(report: Report) -> None:
    assert [cell.id for cell in disagreeing_totals(filled(report).with_entry(TOTAL, "/"))] == [TOTAL]


def test_a_total_without_all_its_details_cannot_disagree(report: Report) -> None:
    report = filled(report).with_entries({TOTAL: 7, ONE: None})
    assert disagreeing_totals(report) == ()
    assert recompute_totals(report, FORM.totals) is report


def test_recomputing_mends_totals_of_totals_in_one_step(report: Report) -> None:
    """The grand total of the results sums column totals, which are mended first."""
    results = "requests.handled.total"
    report = filled(report).with_entries({f"{results}.natural_person": 5, f"{results}.total": 5})
    mended = recompute_totals(report, disagreeing_totals(report))
    assert (mended.value(f"{results}.natural_person"), mended.value(f"{results}.total")) == (21, 126)


def test_recomputing_leaves_the_totals_that_were_not_asked_for(report: Report) -> None:
    report = filled(report).with_entries({TOTAL: 7, "requests.brought_forward.total": 8})
    mended = recompute_totals(report, [FORM.cells[TOTAL]])
    assert (mended.value(TOTAL), mended.value("requests.brought_forward.total")) == (6, 8)


@given(reports())
def test_recomputing_twice_is_recomputing_once_and_leaves_no_disagreement(report: Report) -> None:
    once = recompute_totals(report, FORM.totals)
    assert disagreeing_totals(once) == ()
    assert recompute_totals(once, FORM.totals) is once
    details = {
        cell_id: entry for cell_id, entry in report.entries.items() if not FORM.cells[cell_id].is_total
    }
    assert {c: e for c, e in once.entries.items() if not FORM.cells[c].is_total} == details


# --- last year's report ----------------------------------------------------------------------------------


@pytest.fixture
def carried(rules: tuple[Rule, ...]) -> list[tuple[str, str]]:
    """Last year's cell and this year's, as the carry-over rules pair them."""
    return [
        (left, right)
        for r in rules
        if r.kind == "carry_over"
        for left, right in zip(r.left, r.right, strict=True)
    ]


@pytest.fixture
def prior(report: Report) -> Report:
    return (
        filled(report)
        .with_fields(
            agency="鲁山县人民政府办公室",
            kind=AgencyKind.GOVERNMENT,
            preamble="编制说明",
            signature="县政府办",
        )
        .with_section("overview", "（一）主动公开。")
        .with_section("problems", "一是……")
    )


def test_a_new_report_takes_over_what_last_year_left(prior: Report, carried: list[tuple[str, str]]) -> None:
    made = bring_forward(blank_report(FORM), prior, carried)
    new = made.report
    assert (new.year, new.agency, new.kind) == (2023, "鲁山县人民政府办公室", AgencyKind.GOVERNMENT)
    assert (new.preamble, new.signature, new.date) == ("编制说明", "县政府办", "")
    assert dict(new.sections) == {"overview": "（一）主动公开。", "problems": "一是……"}
    assert set(new.entries) == {right for _, right in carried if not right.endswith(".total")}
    assert new.value("requests.brought_forward.total") == 6
    assert new.is_automatic("requests.brought_forward.total")
    assert made.told == (
        "单位：鲁山县人民政府办公室",
        "上年结转：6 格，取自去年的结转下年度",
        "文字：一、五，共 2 部分，请改成今年的内容",
    )


def test_a_total_typed_last_year_is_taken_over_as_typed(
    prior: Report, carried: list[tuple[str, str]]
) -> None:
    made = bring_forward(blank_report(FORM), prior.with_entry("requests.carried_forward.total", 9), carried)
    assert made.report.entries["requests.brought_forward.total"] == 9


def test_totals_that_a_foreign_file_states_are_left_to_add_themselves_up(
    prior: Report, carried: list[tuple[str, str]]
) -> None:
    stated = prior.with_entry("requests.carried_forward.total", 6)
    assert not stated.is_automatic("requests.carried_forward.total")
    new = bring_forward(blank_report(FORM), stated, carried).report
    assert new.is_automatic("requests.brought_forward.total")
    assert new.value("requests.brought_forward.total") == 6


def test_a_total_of_which_last_year_tells_no_details_is_taken_over(carried: list[tuple[str, str]]) -> None:
    prior = blank_report(FORM, 2022).with_entry("requests.carried_forward.total", 4)
    new = bring_forward(blank_report(FORM), prior, carried).report
    assert dict(new.entries) == {"requests.brought_forward.total": 4}


def test_what_last_year_left_goes_only_into_blank_cells(
    prior: Report, carried: list[tuple[str, str]]
) -> None:
    mine = blank_report(FORM, 2023).with_entry("requests.brought_forward.company", 99)
    new = fill_carried(mine, carried_figures(prior, carried))
    assert new.entries["requests.brought_forward.company"] == 99
    assert len(new.entries) == 6
    assert fill_carried(new, carried_figures(prior, carried)) is new


def test_years_and_counts_of_the_prose_that_comes_over_are_in_doubt(
    prior: Report, carried: list[tuple[str, str]]
) -> None:
    last = prior.with_section("overview", "（一）2022年公开信息120条。").with_fields(preamble="2022年编制")
    made = bring_forward(blank_report(FORM), last, carried)
    assert [d.text for d in made.report.prose_doubts["overview"]] == ["2022", "120"]
    assert [d.text for d in made.report.prose_doubts["preamble"]] == ["2022"]
    assert made.told[-1] == "文字里的 3 处年份和数已标出，按 F8 逐处改；不用改的按“看过了”"


def test_prose_is_left_behind_on_demand(prior: Report, carried: list[tuple[str, str]]) -> None:
    made = bring_forward(blank_report(FORM), prior, carried, prose=False)
    assert (dict(made.report.sections), made.report.preamble) == ({}, "")
    assert made.report.signature == "县政府办"
    assert len(made.report.entries) == 6
    assert not any("文字" in told for told in made.told)


def test_a_draft_takes_only_what_is_empty(prior: Report) -> None:
    mine = blank_report(FORM, 2023).with_section("overview", "今年2023年。").with_section("problems", " \n")
    made = draft_prose(mine, prior.with_section("problems", "一是2022年……"))
    assert made.report.sections == {"overview": "今年2023年。", "problems": "一是2022年……"}
    assert set(made.report.prose_doubts) == {"problems"}
    assert made.report.agency == mine.agency
    again = draft_prose(made.report, prior)
    assert (again.report, again.told) == (made.report, ())


def test_what_the_new_report_already_says_stays(prior: Report, carried: list[tuple[str, str]]) -> None:
    own = blank_report(FORM, 2024).with_fields(
        agency="鲁山县教育体育局", signature="局办公室", preamble="本局编制"
    )
    new = bring_forward(own, prior, carried).report
    assert (new.year, new.agency, new.signature, new.preamble) == (
        2024,
        "鲁山县教育体育局",
        "局办公室",
        "本局编制",
    )


def test_a_slash_or_blank_of_last_year_is_not_taken_over(carried: list[tuple[str, str]]) -> None:
    prior = blank_report(FORM, 2022).with_entry("requests.carried_forward.company", "/")
    made = bring_forward(blank_report(FORM), prior, carried)
    assert dict(made.report.entries) == {}
    assert made.told == ()


def test_a_prior_report_without_a_year_leaves_the_year_open(carried: list[tuple[str, str]]) -> None:
    assert bring_forward(blank_report(FORM), blank_report(FORM), carried).report.year is None


def test_taking_over_what_was_read_keeps_what_the_file_does_not_say_and_tells_what_gets_less() -> None:
    report = (
        blank_report(FORM, 2022)
        .with_fields(agency="甲局", signature="甲局", kind=AgencyKind.DEPARTMENT)
        .with_section("overview", "很长的一段文字。")
        .with_section("problems", "原来的问题。")
        .with_entries(
            {"requests.received.natural_person": 5, "requests.received.company": 6, FEES: Decimal("1.5")}
        )
    )
    read = (
        blank_report(FORM, 2023)
        .with_section("overview", "短。")
        .with_entries({"requests.received.company": 7})
    )
    taken = take_over(report, read)
    assert (taken.report.agency, taken.report.year, taken.report.kind) == (
        "甲局",
        2023,
        AgencyKind.DEPARTMENT,
    )
    assert dict(taken.report.sections) == {"overview": "短。", "problems": "原来的问题。"}
    assert dict(taken.report.entries) == {"requests.received.company": 7, FEES: Decimal("1.5")}
    assert taken.told == (
        "“一、总体情况”会由 8 字变为 2 字。",
        "表三现在有数的 1 格文件里没有读到，会变为未填：一、本年新收 · 自然人。",
        "文件里没有“单位”、“落款单位”、“五、存在的主要问题及改进情况”、表二的数，保留现在的内容。",
    )
    assert [one.key for one in taken.less] == ["overview", "table.requests"]
    assert take_over(report, report).report == report
    assert take_over(report, report).told == ()


def test_what_would_get_less_stays_whole_where_it_is_to_be_kept() -> None:
    report = (
        blank_report(FORM, 2022)
        .with_fields(agency="鲁山县甲局", own_title="鲁山县甲局2022年年度报告", preamble="原来的序文。")
        .with_section("overview", "原来的总体情况。")
        .with_entries({PERSON: 5, COMPANY: 6, FEES: Decimal("1.5")})
    )
    read = (
        blank_report(FORM, 2022)
        .with_fields(agency="甲局", own_title="甲局年报", preamble="序。", kind=AgencyKind.DEPARTMENT)
        .with_section("overview", "短。")
        .with_section("problems", "新的问题。")
        .with_entries({COMPANY: 7})
    )
    less = take_over(report, read).less
    assert [one.key for one in less] == ["agency", "own_title", "preamble", "overview", "table.requests"]
    assert less[0].told == "“单位”会由“鲁山县甲局”变为“甲局”。"
    kept = take_over(report, read, {one.key for one in less}).report
    assert kept == report.with_section("problems", "新的问题。")
    some = take_over(report, read, {"overview", "agency"}).report
    assert (some.agency, some.kind, some.own_title) == ("鲁山县甲局", report.kind, "甲局年报")
    assert some.sections["overview"] == "原来的总体情况。"
    assert (some.value(PERSON), some.value(COMPANY)) == (None, 7)


@given(reports(), reports())
def test_nothing_gets_less_that_is_not_told_and_keeping_it_all_loses_nothing(
    mine: Report, read: Report
) -> None:
    taken = take_over(mine, read)
    told = {one.key for one in taken.less}
    for section in FORM.sections:
        before, after = mine.sections.get(section.key, ""), taken.report.sections.get(section.key, "")
        assert section.key in told or count_characters(after) >= count_characters(before)
        ids = [cell.id for cell in section.table.cells] if section.table is not None else []
        lost = [i for i in ids if i in mine.entries and taken.report.value(i) is None]
        assert f"table.{section.key}" in told or not lost
    kept = take_over(mine, read, told).report
    assert all(kept.value(i) is not None for i in mine.entries)


def test_recomputing_says_which_totals_change_and_which_become_automatic(report: Report) -> None:
    results = "requests.handled.total"
    report = filled(report).with_entries(
        {f"{results}.natural_person": 5, "requests.brought_forward.total": 6}
    )
    would = recomputed(report, [FORM.cells[f"{results}.natural_person"]])
    assert [cell.id for cell in would.automatic] == [f"{results}.natural_person"]
    changes = {cell.id: (old, new) for cell, old, new in would.changes}
    assert changes == {f"{results}.natural_person": (5, 21), f"{results}.total": (110, 126)}


def test_a_total_that_agrees_only_with_a_wrong_one_is_mended_with_it(report: Report) -> None:
    results = "requests.handled.total"
    report = filled(report).with_entries({f"{results}.natural_person": 5, f"{results}.total": 110})
    assert disagreeing_totals(report) != totals_to_mend(report)
    mended = recompute_totals(report, totals_to_mend(report))
    assert disagreeing_totals(mended) == ()


def test_a_total_of_last_year_stays_automatic_though_details_that_were_nothing_are_blank() -> None:
    source, target = "requests.carried_forward", "requests.brought_forward"
    pairs = [(f"{source}.{who}", f"{target}.{who}") for who in ("natural_person", "company", "total")]
    prior = blank_report(FORM, 2021).with_entries({f"{source}.natural_person": 5, f"{source}.total": 5})
    assert carried_figures(prior, pairs) == {f"{target}.natural_person": 5}
    wrong = prior.with_entry(f"{source}.total", 9)
    assert carried_figures(wrong, pairs)[f"{target}.total"] == 9, "what last year published is not corrected"
    alone = prior.with_entry(f"{source}.natural_person", None)
    assert carried_figures(alone, pairs) == {f"{target}.total": 5}, "and it is not lost"


# --- filling in what was read, and what is forced


PERSON, COMPANY, RECEIVED = (f"requests.received.{key}" for key in ("natural_person", "company", "total"))
REST = tuple(
    f"requests.received.{key}"
    for key in ("research", "public_interest", "legal_service", "other_organization")
)


def test_only_what_is_blank_is_filled_in() -> None:
    report = (
        blank_report(FORM, 2022)
        .with_fields(agency="甲局")
        .with_section("overview", "原来的。")
        .with_entry(PERSON, 45)
    )
    read = (
        blank_report(FORM, 2023)
        .with_fields(agency="乙局", signature="乙局", kind=AgencyKind.DEPARTMENT)
        .with_section("overview", "新的。")
        .with_section("problems", "问题。")
        .with_entries({PERSON: 46, COMPANY: 6})
    )
    filled = fill_in(report, read)
    assert (filled.agency, filled.year, filled.signature, filled.kind) == ("甲局", 2022, "乙局", report.kind)
    assert dict(filled.sections) == {"overview": "原来的。", "problems": "问题。"}
    assert dict(filled.entries) == {PERSON: 45, COMPANY: 6}
    assert fill_in(filled, filled) == filled


def test_a_total_that_adds_itself_up_to_the_file_s_stays_automatic() -> None:
    details: dict[str, Entry | None] = {PERSON: 1, COMPANY: 2, **dict.fromkeys(REST, 0)}
    read = blank_report(FORM).with_entries({**details, RECEIVED: 3})
    assert fill_in(blank_report(FORM), read).is_automatic(RECEIVED)
    wrong = fill_in(blank_report(FORM), read.with_entry(RECEIVED, 4))
    assert wrong.entries[RECEIVED] == 4, "what the file says stands, for the checks to tell"
    partly = fill_in(blank_report(FORM).with_entry(PERSON, 5), read)
    assert partly.value(RECEIVED) == 3


def test_doubts_come_over_with_their_figures_only() -> None:
    read = (
        blank_report(FORM)
        .with_entries({PERSON: 0, COMPANY: 6})
        .with_doubts({PERSON: "是字母。", COMPANY: "不清。"})
    )
    report = blank_report(FORM).with_entry(PERSON, 45)
    assert set(fill_in(report, read).doubts) == {COMPANY}
    assert set(take_over(report, read).report.doubts) == {PERSON, COMPANY}


def test_what_both_have_is_compared() -> None:
    report = (
        blank_report(FORM, 2022)
        .with_fields(agency="甲局")
        .with_section("overview", "原来的。")
        .with_entries({PERSON: 45, COMPANY: 6, "requests.received.research": 0})
    )
    read = (
        blank_report(FORM, 2022).with_fields(agency="乙局").with_section("overview", "新的。")
        .with_entries({PERSON: 46, COMPANY: 6, RECEIVED: 52})
    )  # fmt: skip
    compared = compare(report, read)
    assert compared.filled == 3
    assert compared.different == (PERSON,)
    assert compared.words == ("“单位”", "第一部分文字")
    assert compare(report, report) == (3, (), ())
    assert compare(blank_report(FORM), read) == (0, (), ())


def test_forced_values_go_into_blank_cells_only() -> None:
    report = blank_report(FORM).with_entry(PERSON, 45)
    assert dict(fill_forced(report, {PERSON: 1, COMPANY: 0}).entries) == {PERSON: 45, COMPANY: 0}


def said(report: Report) -> Report:
    """The report with something said of it in every way."""
    report = report.with_entry(PERSON, 62).with_section("overview", "收到62件。")
    return (
        report.with_bound("overview", [Bound(2, "62", (PERSON,))])
        .with_explanation(f"E-01@{PERSON}", Explanation("已经核实", ("62",)))
        .with_closed("Y-01", "机构合并，上年数不可比")
        .with_finals([Final("2026-01-12", "张三", "0" * 64)])
    )


def test_a_new_year_keeps_which_rules_are_closed_and_why_and_nothing_else_that_was_said() -> None:
    form = load_form()
    prior = said(blank_report(form, 2021))
    brought = bring_forward(blank_report(form, 2022), prior, ())
    assert brought.report.closed == prior.closed
    assert (dict(brought.report.explanations), dict(brought.report.bound)) == ({}, {})
    assert not brought.report.finals
    assert brought.report.sections["overview"] == "收到62件。"
    (told,) = (one for one in brought.told if "关闭" in one)
    assert told.startswith("去年关闭的 1 项检查")
    mine = blank_report(form, 2022).with_closed("Y-01", "今年另有原因")
    again = bring_forward(mine, prior, ())
    assert again.report.closed == mine.closed
    assert not any("关闭" in one for one in again.told)


def test_what_is_read_into_a_report_leaves_what_was_said_of_it_and_brings_nothing_of_its_own() -> None:
    form = load_form()
    mine, read = said(blank_report(form, 2022)), blank_report(form, 2022).with_entry(PERSON, 70)
    other = read.with_section("overview", "收到70件。").with_explanation("Z@", Explanation("别的说明", ()))
    other = other.with_closed("Y-02", "别的原因").with_bound("overview", [Bound(2, "70", (PERSON,))])
    for new in (take_over(mine, other).report, fill_in(mine, other)):
        assert (new.explanations, new.closed, new.finals) == (mine.explanations, mine.closed, mine.finals)
    assert fill_in(mine, other).bound == mine.bound
    assert not take_over(mine, other).report.bound  # its number is gone with the text
    assert not take_over(blank_report(form), other).report.closed
