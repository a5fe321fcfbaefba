"""What is said of what was looked at, and of what was not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core import edits
from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.check import check
from gxeditor.core.checks.coverage import Coverage, Equations, Other, Stated, coverage
from gxeditor.core.checks.findings import Claimed, Finding, Findings, Met, NotChecked
from gxeditor.core.checks.rules import Group, Rule, Severity
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Explanation, Report, blank_report

ONE = "requests.received.natural_person"


@pytest.fixture
def zeros(form: Form) -> Report:
    return edits.fill_blanks(blank_report(form, 2022), form.cells.values())


def written(report: Report, *keys: str) -> Report:
    for key in keys:
        report = report.with_section(key, "全年收到申请 5 件。")
    return report


def told(report: Report, rules: tuple[Rule, ...]) -> Coverage:
    """Of the equations within the tables alone, as if there were no other rules."""
    return coverage(report, check(report, [rule for rule in rules if rule.kind in ("sum", "balance")]))


def equations(rules: tuple[Rule, ...]) -> list[Rule]:
    return [rule for rule in rules if not rule.test]


def named(code: str, group: Group, severity: Severity = Severity.QUERY) -> Rule:
    """A named check as a rule file would state it."""
    return Rule(code, "text", severity, "", code, "", "依据", test="x", code=code, group=group)


def claimed(state: Any, start: int) -> Claimed:
    where = Span("overview", start, start + 2)
    return Claimed(where, where, "62", 62, state)


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
        ({ONE: None}, "表格 39 条相等，3 条未检查：有格未填；正文未写"),
        (
            {"disputes.direct_suit.total": "/"},
            "表格 41 条相等，1 条未检查：有格不是数字；正文未写",
        ),
        ({ONE: 5}, "2 个错误；表格 40 条相等，2 条不等；正文未写"),
        (
            {ONE: "无", "disputes.direct_suit.upheld": None},
            "表格 38 条相等，4 条未检查：有格未填或不是数字；正文未写",
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
    found = coverage(zeros, check(zeros, equations(rules), prior))
    assert found.sentence == "表格 42 条相等；跨年 7 条相等；正文未写"
    prior = prior.with_entries({"requests.carried_forward.company": 3, "requests.received.company": 3})
    assert "跨年 5 条相等，2 条不等" in coverage(zeros, check(zeros, equations(rules), prior)).sentence


def test_no_last_years_report_is_said_with_its_reason(zeros: Report, rules: tuple[Rule, ...]) -> None:
    findings = check(zeros, equations(rules))
    found = coverage(written(zeros, "overview"), findings)
    assert tuple(dict.fromkeys(found.wordings)) == (
        "表格 42 条相等；跨年 7 条未检查：没有选上年年报；正文未检查；第五、六部分未写",
        "表格 42 条相等；跨年 7 条未检查；正文未检查；第五、六部分未写",
        "表格 42 条相等；跨年 7 条、正文未检查；第五、六部分未写",
        "跨年 7 条、正文未检查；第五、六部分未写",
        "共 7 条、正文未检查；第五、六部分未写",
    )
    assert found.wordings[2] == "表格 42 条相等；跨年 7 条未检查；正文未检查；第五、六部分未写"
    first, *rest = findings.not_checked
    mixed = (first._replace(reason="上年年报这一格未填"), *rest)
    found = coverage(zeros, replace(findings, not_checked=mixed))
    assert "跨年 7 条未检查；" in found.sentence


# --- prose against the tables


def test_numbers_of_the_prose_are_counted_as_the_same_different_and_not_compared(
    zeros: Report, rules: tuple[Rule, ...]
) -> None:
    report = written(zeros, "overview", "problems")
    rule = named("P-01", Group.PROSE)
    claims = (
        *(claimed("same", start) for start in range(11)),
        claimed("different", 20),
        *(claimed("open", start) for start in range(30, 34)),
    )
    findings = replace(
        check(report, [one for one in rules if one.kind in ("sum", "balance")]),
        findings=(Finding(rule, claims[11].where, "文中 68，表中 62。", values=("68", "62")),),
        claims=claims,
    )
    found = coverage(report, findings)
    assert found.wordings[1] == "表格 42 条相等；正文 11 处相同，1 处不同，4 处未能核对；第六部分未写"
    assert found.wordings[-1] == "正文 4 处未核对；第六部分未写"
    explained = replace(findings.findings[0], explanation=Explanation("含上年结转", ("68", "62")))
    found = coverage(report, replace(findings, findings=(explained,)))
    assert found.sentence == (
        "1 处已说明；表格 42 条相等；正文 11 处相同，1 处已说明，4 处未能核对；第六部分未写"
    )
    more = replace(findings, findings=(explained,), claims=(*claims, claimed("different", 24)))
    assert "正文 11 处相同，1 处不同，1 处已说明，4 处未能核对" in coverage(report, more).sentence
    reopened = replace(explained, values=("69", "62"))
    assert "1 处不同，4 处" in coverage(report, replace(findings, findings=(reopened,))).sentence


def test_prose_in_which_no_number_was_read_is_not_said_to_agree(zeros: Report) -> None:
    report = written(zeros, *(prose_of(zeros.form)))
    findings = Findings(met=(Met(named("P-01", Group.PROSE)),))
    for words in coverage(report, findings).wordings:
        assert words == "正文没有读出可核对的数"
    assert coverage(zeros, findings).sentence == "正文未写"


def test_prose_is_counted_by_its_numbers_and_not_by_rules_of_which_it_says_nothing(zeros: Report) -> None:
    report = written(zeros, *(prose_of(zeros.form)))
    where = Span("overview", 0, 2)
    findings = Findings(
        met=(Met(named("P-01", Group.PROSE)),),
        not_checked=tuple(
            NotChecked(named(code, Group.PROSE), "文中没有这句话", ()) for code in ("P-02", "P-03")
        ),
        claims=(Claimed(where, where, "62", 62, "same"),),
    )
    assert all("未检查" not in words for words in coverage(report, findings).wordings)
    assert "正文 1 处相同" in coverage(report, findings).sentence


def test_prose_that_nobody_has_read_yet_is_not_said_to_hold_no_numbers(zeros: Report) -> None:
    report = written(zeros, *(prose_of(zeros.form)))
    rule = replace(named("P-01", Group.PROSE), kind="claim")
    for words in coverage(report, Findings(not_checked=(NotChecked(rule, "还没有检查", ()),))).wordings:
        assert words == "正文未检查"


def test_prose_rules_that_are_all_closed_leave_the_prose_unchecked(zeros: Report) -> None:
    report = written(zeros, *(prose_of(zeros.form)))
    closed = (NotChecked(named("P-01", Group.PROSE), "本局不写数", ()),)
    assert coverage(report, Findings(closed=closed)).sentence == "正文未检查；1 条已关闭"


# --- the other kinds


def test_other_kinds_are_named_with_how_many_were_made_and_which_were_not(
    zeros: Report, rules: tuple[Rule, ...]
) -> None:
    report = written(zeros, *prose_of(zeros.form))
    content = [named(f"C-{n}", Group.CONTENT) for n in range(5)]
    own = Met(named("D-1", Group.DISCLOSURE))
    findings = Findings(
        findings=(Finding(content[0], Span("overview", 0, 2), "没有写。"),),
        met=(Met(content[1]), Met(content[2]), own),
        not_checked=(NotChecked(content[3], "只用于人民政府", ()),),
        closed=(NotChecked(content[4], "本省没有这个要求", ()),),
    )
    found = coverage(report, findings)
    assert found.wordings[1] == (
        "正文未检查；另查必备内容 3 条、公开前检查 1 条；必备内容 1 条未检查；1 条已关闭"
    )
    assert found.wordings[-2] == "必备内容 1 条、正文未检查；1 条已关闭"
    assert found.wordings[-1] == "共 1 条、正文未检查；1 条已关闭"
    twice = (*findings.findings, replace(findings.findings[0], where=Span("overview", 3, 5)))
    assert coverage(report, replace(findings, findings=twice)).others == found.others


def test_explained_differences_are_neither_equal_nor_different(
    zeros: Report, rules: tuple[Rule, ...]
) -> None:
    last = zeros.with_fields(year=2021).with_entries({"requests.carried_forward.total": 3})
    before = check(zeros, equations(rules), last)
    (finding,) = before.findings
    report = zeros.with_explanation(finding.address, Explanation("上年数有误", finding.values))
    found = coverage(report, check(report, equations(rules), last))
    assert found.sentence == "1 处已说明；表格 42 条相等；跨年 6 条相等，1 条已说明；正文未写"
    assert found.queries == 0
    changed = report.with_entry("requests.brought_forward.total", 1)
    assert "1 条不等" in coverage(changed, check(changed, equations(rules), last)).sentence


counts = st.builds(Equations, *[st.integers(0, 42)] * 4, st.sampled_from(["有格未填", ""]))
others = st.builds(Other, st.sampled_from(["必备内容", "时限"]), st.integers(0, 9), st.integers(0, 9))


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
        st.integers(0, 9),
        st.none() | st.builds(Stated, *[st.integers(0, 20)] * 4),
        st.lists(others, max_size=2, unique_by=lambda one: one.word).map(tuple),
        st.integers(0, 9),
    )
)
def test_no_wording_leaves_out_what_was_not_looked_at(found: Coverage) -> None:
    *longer, shortest = found.wordings
    waiting = (found.tables.not_checked if found.begun else 0) + found.yearly.not_checked
    waiting += sum(other.not_checked for other in found.others)
    assert not waiting or re.search(rf"共 {waiting} 条[^；]*未检查", shortest)
    for words in longer:
        assert ("未写" in words) is bool(found.unwritten)
        assert "正文" in words or not found.written or (found.stated is not None and not found.stated.open)
        if found.begun and found.tables.not_checked:
            assert re.search(rf"表格 [^；]*{found.tables.not_checked} 条[^；]*未检查", words)
        if found.yearly.not_checked:
            assert re.search(rf"跨年 [^；]*{found.yearly.not_checked} 条[^；]*未检查", words)
        left = [other for other in found.others if other.not_checked]
        apart = all(re.search(rf"{one.word} {one.not_checked} 条[^；]*未检查", words) for one in left)
        together = sum(one.not_checked for one in left)
        assert apart or re.search(rf"其他 {together} 条[^；]*未检查", words)
        if found.written and found.stated is None:
            assert re.search("正文[^；]*未检查", words)
        if found.written and found.stated is not None and found.stated.open:
            assert f"{found.stated.open} 处未" in words
        assert ("已关闭" in words) is bool(found.closed)
        assert not re.search("未发现|通过|合格|一致", words)
    assert list(map(len, found.wordings[:4])) == sorted(map(len, found.wordings[:4]), reverse=True)


@given(st.dictionaries(st.sampled_from([ONE, "disputes.direct_suit.upheld"]), st.sampled_from([0, 7, "/"])))
def test_every_equation_is_counted_once(
    form: Form, rules: tuple[Rule, ...], entries: dict[str, Entry]
) -> None:
    report = edits.fill_blanks(blank_report(form, 2022), form.cells.values()).with_entries(entries)
    findings = check(report, equations(rules), report.with_fields(year=2021))
    found = coverage(report, findings)
    assert sum(found.tables[:4]) == 42
    assert sum(found.yearly[:4]) == 7
    assert (found.errors, found.queries) == (findings.count(Severity.ERROR), findings.count(Severity.QUERY))
