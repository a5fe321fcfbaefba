"""What is said of what was looked at, and of what was not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core import edits
from gxeditor.core.checks.check import check
from gxeditor.core.checks.coverage import Coverage, Equations, coverage
from gxeditor.core.checks.findings import Findings, NotChecked
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report

ONE = "requests.received.natural_person"


@pytest.fixture
def zeros(form: Form) -> Report:
    return edits.fill_blanks(blank_report(form, 2022), form.cells.values())


def written(report: Report, *keys: str) -> Report:
    for key in keys:
        report = report.with_section(key, "全年收到申请 5 件。")
    return report


def told(report: Report, rules: tuple[Rule, ...]) -> Coverage:
    """Of the equations within the tables alone, as if there were none with last year's report."""
    return coverage(
        report, check(report, [rule for rule in rules if rule.kind in ("sum", "balance", "entry")])
    )


def prose_of(form: Form) -> list[str]:
    return [section.key for section in form.sections if section.table is None]


def test_a_report_whose_tables_agree_is_not_called_free_of_problems(
    zeros: Report, form: Form, rules: tuple[Rule, ...]
) -> None:
    first, *_, last = prose_of(form)
    report = written(zeros, *(key for key in prose_of(form) if key != last))
    assert told(report, rules).sentence == "表格 42 条相等；正文未检查；第六部分未写"
    assert told(written(report, last), rules).sentence == "表格 42 条相等；正文未检查"
    assert told(written(zeros, last), rules).sentence == "表格 42 条相等；正文未检查；第一、五部分未写"
    assert told(zeros, rules).sentence == "表格 42 条相等；正文未写"
    blank = zeros.with_section(first, " \n\u3000")
    assert told(blank, rules).sentence == "表格 42 条相等；正文未写"


def test_prose_below_a_table_or_before_the_first_section_is_prose_too(
    zeros: Report, rules: tuple[Rule, ...]
) -> None:
    for report in (zeros.with_section("requests", "说明。"), zeros.with_fields(preamble="根据条例……")):
        assert told(report, rules).sentence == "表格 42 条相等；正文未检查；第一、五、六部分未写"


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({ONE: None}, "1 处核实；表格 39 条相等，3 条未检查：有格未填；正文未写"),
        (
            {"disputes.direct_suit.total": "/"},
            "1 处核实；表格 41 条相等，1 条未检查：有格不是数字；正文未写",
        ),
        ({ONE: 5}, "2 个错误；表格 40 条相等，2 条不等；正文未写"),
        (
            {ONE: "无", "disputes.direct_suit.upheld": None},
            "3 处核实；表格 38 条相等，4 条未检查：有格未填或不是数字；正文未写",
        ),
    ],
)
def test_equations_that_hold_fail_and_could_not_be_evaluated_are_told_apart(
    zeros: Report, rules: tuple[Rule, ...], entries: dict[str, Entry | None], words: str
) -> None:
    assert told(zeros.with_entries(entries), rules).sentence == words


def test_a_new_report_is_blank_and_nothing_else(form: Form, rules: tuple[Rule, ...]) -> None:
    assert set(told(blank_report(form), rules).wordings) == {"表格未填；正文未写"}


def test_without_any_findings_nothing_is_claimed_about_the_tables(zeros: Report) -> None:
    assert coverage(zeros, Findings()).sentence == "正文未写"


def test_equations_with_last_years_report_are_counted_apart(zeros: Report, rules: tuple[Rule, ...]) -> None:
    prior = zeros.with_fields(year=2021)
    assert coverage(zeros, check(zeros, rules, prior)).sentence == "表格 42 条相等；跨年 7 条相等；正文未写"
    prior = prior.with_entries({"requests.carried_forward.company": 3, "requests.received.company": 3})
    assert "跨年 5 条相等，2 条不等" in coverage(zeros, check(zeros, rules, prior)).sentence


def test_no_last_years_report_is_said_with_its_reason(zeros: Report, rules: tuple[Rule, ...]) -> None:
    yearly = [rule for rule in rules if rule.kind == "carry_over"]
    waiting = tuple(NotChecked(rule, "没有选上年年报", ()) for rule in yearly)
    findings = replace(check(zeros, rules, zeros.with_fields(year=2021)), checked=42, checked_yearly=0)
    found = coverage(written(zeros, "overview"), replace(findings, not_checked=waiting))
    assert found.wordings == (
        "表格 42 条相等；跨年 7 条未检查：没有选上年年报；正文未检查；第五、六部分未写",
        "表格 42 条相等；跨年 7 条未检查：没有选上年年报；正文未检查；第五、六部分未写",
        "表格 42 条相等；跨年 7 条未检查；正文未检查；第五、六部分未写",
        "表格 42 条相等；跨年 7 条、正文未检查；第五、六部分未写",
        "跨年 7 条、正文未检查；第五、六部分未写",
    )
    mixed = (NotChecked(yearly[0], "上年年报这一格未填", ()), *waiting[1:])
    found = coverage(zeros, replace(findings, not_checked=mixed))
    assert "跨年 7 条未检查；" in found.sentence


counts = st.builds(Equations, *[st.integers(0, 42)] * 3, st.sampled_from(["有格未填", ""]))


@given(
    st.builds(
        Coverage,
        st.integers(0, 200),
        st.integers(0, 200),
        counts,
        counts,
        st.booleans(),
        st.booleans(),
        st.lists(st.sampled_from("一五六"), unique=True).map(tuple),
    )
)
def test_no_wording_leaves_out_what_was_not_looked_at(found: Coverage) -> None:
    for words in found.wordings:
        assert ("未写" in words) is bool(found.unwritten)
        assert re.search("正文(?:、|未)", words) or not (found.written or found.unwritten)
        if found.begun and found.tables.not_checked:
            assert re.search(rf"表格 [^；]*{found.tables.not_checked} 条[^；]*未检查", words)
        if found.yearly.not_checked:
            assert re.search(rf"跨年 [^；]*{found.yearly.not_checked} 条[^；]*未检查", words)
        if found.written:
            assert re.search("正文[^；]*未检查", words)
    assert list(map(len, found.wordings[:3])) == sorted(map(len, found.wordings[:3]), reverse=True)


@given(st.dictionaries(st.sampled_from([ONE, "disputes.direct_suit.upheld"]), st.sampled_from([0, 7, "/"])))
def test_every_equation_is_counted_once(
    form: Form, rules: tuple[Rule, ...], entries: dict[str, Entry]
) -> None:
    report = edits.fill_blanks(blank_report(form, 2022), form.cells.values()).with_entries(entries)
    prior = report.with_fields(year=2021)
    findings = check(report, rules, prior)
    found = coverage(report, findings)
    assert sum(found.tables[:3]) == 42
    assert sum(found.yearly[:3]) == 7
    assert (found.errors, found.queries) == (findings.count(Severity.ERROR), findings.count(Severity.QUERY))
