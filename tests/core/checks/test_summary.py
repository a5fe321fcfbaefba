"""What a 校验报告 says: what was checked and what was not, by kind and rule by rule, and nothing beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.checks.standing import State
from gxeditor.core.checks.summary import TO_BE_NAMED, Summary, summary
from gxeditor.core.form import Form
from gxeditor.core.report import Explanation, Final, Prior, Report, blank_report

PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"
WHEN = datetime(2026, 1, 12, 14, 36)
CODE, OTHER_CODE = "8KQ2-H7MD-ZRWT-4VXC", "9999-H7MD-ZRWT-4VXC"
SHA = "0" * 64


@pytest.fixture
def rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The equations: what else is checked of a report grows."""
    return tuple(rule for rule in rules if rule.left)


def zeros(form: Form) -> Report:
    return (
        blank_report(form, 2025)
        .with_entries({cell: 0 for cell in form.cells})
        .with_fields(agency="青溪县教育局")
    )


def told(report: Report, rules: Sequence[Rule], code_then: str = "") -> Summary:
    return summary(report, rules, check(report, rules), code=CODE, when=WHEN, code_then=code_then)


@pytest.fixture
def explained(form: Form, rules: tuple[Rule, ...]) -> Report:
    """A query about last year's report, explained, and one error."""
    last = zeros(form).with_fields(year=2024).with_entry("requests.carried_forward.total", 4)
    report = zeros(form).with_prior(Prior.of(last, "2024.gxr", SHA)).with_entry(PERSON, 3)
    query = next(one for one in check(report, rules).findings if one.severity is Severity.QUERY)
    return report.with_explanation(query.address, Explanation("上年年报的数有误，已更正。", query.values))


def test_the_head_says_whose_when_with_which_code_and_that_nobody_has_signed(
    form: Form, rules: tuple[Rule, ...]
) -> None:
    said = told(zeros(form), rules)
    assert dict(said.head) == {
        "填报单位": "青溪县教育局",
        "年度": "2025 年",
        "校验时间": "2026年1月12日 14:36",
        "核对人": TO_BE_NAMED,
        "对照上年": "没有选上年年报",
        "年报文件校验码": CODE,
        "定稿日期": "还没有定稿",
        "地区要求": "全国",
    }
    assert said.wide == ()
    assert said.name == "青溪县教育局2025 年"


def test_a_blank_report_has_a_name_all_the_same(form: Form, rules: tuple[Rule, ...]) -> None:
    said = told(blank_report(form), rules)
    assert said.name == "未填写单位"
    assert dict(said.head)["填报单位"] == dict(said.head)["年度"] == "未填写"


def test_a_final_report_names_its_checker_and_what_forced_it_and_its_earlier_times(
    form: Form, rules: tuple[Rule, ...]
) -> None:
    report = zeros(form).with_finals(
        (
            Final("2026-01-10", "张敏", SHA, reopened="2026-01-11 补充附件内容"),
            Final("2026-01-12", "李四", SHA, forced="上级系统要求今天先行报送"),
        )
    )
    said = told(report, rules, CODE)
    assert (dict(said.head)["核对人"], dict(said.head)["定稿日期"]) == ("李四", "2026年1月12日")
    assert dict(said.wide) == {
        "强制定稿的原因": "上级系统要求今天先行报送",
        "以前的定稿": "2026年1月10日 张敏，2026年1月11日重新打开：补充附件内容",
    }


def test_a_content_that_has_changed_behind_its_final_state_is_told(
    form: Form, rules: tuple[Rule, ...]
) -> None:
    report = zeros(form).with_finals((Final("2026-01-12", "李四", SHA),))
    assert dict(told(report, rules, OTHER_CODE).wide) == {
        "定稿时的校验码": f"{OTHER_CODE}。年报的内容在定稿以后变了。"
    }


def test_a_reopened_report_has_no_checker_again(form: Form, rules: tuple[Rule, ...]) -> None:
    report = zeros(form).with_finals((Final("2026-01-12", "李四", SHA, reopened="2026-01-13 补充附件内容"),))
    assert dict(told(report, rules).head)["核对人"] == TO_BE_NAMED


def test_the_counts_of_every_kind_add_up_to_all_rules(explained: Report, rules: tuple[Rule, ...]) -> None:
    said = told(explained, rules)
    assert said.total.rules == len({rule.id for rule in rules})
    for counts in (*said.counts.values(), said.total):
        assert counts.rules == sum(counts[1:])
    assert said.total.explained == 1
    assert said.total.open


def test_what_is_open_and_what_is_explained_stand_with_their_place_figures_and_reason(
    explained: Report, rules: tuple[Rule, ...]
) -> None:
    said = told(explained, rules)
    error = next(one for one in said.open if one.code == "T3-01")
    assert (error.severity, error.place.partition(" ")[0]) == (Severity.ERROR, "表三")
    assert "3" in error.what
    (reason,) = said.explained
    assert reason.reason == "上年年报的数有误，已更正。"
    assert "4" in reason.what
    assert "0" in reason.what
    assert said.title_explained == "已说明的 1 处"
    assert reason.finding not in [one.finding for one in said.open]


def test_an_explanation_for_other_figures_is_open_again_and_says_so(
    explained: Report, rules: tuple[Rule, ...]
) -> None:
    said = told(explained.with_entry("requests.brought_forward.total", 1), rules)
    assert not said.explained
    assert any("原来的说明要重看：上年年报的数有误，已更正。" in one.what for one in said.open)


def test_reasons_are_counted_and_rules_gathered_by_code(form: Form, rules: tuple[Rule, ...]) -> None:
    said = told(blank_report(form, 2025), rules)
    by_reason = {one.reason: one for one in said.reasons}
    assert len(said.reasons) < 6  # whatever number of rules waits for blanks
    assert by_reason["没有选上年年报"].count == sum(rule.kind == "carry_over" for rule in rules)
    assert "T3-03（25 条）" in by_reason["有格未填"].which
    assert f"没有选上年年报 {by_reason['没有选上年年报'].count} 条" in said.why_not


def test_cells_that_hold_texts_are_one_reason_whatever_the_texts(form: Form, rules: tuple[Rule, ...]) -> None:
    said = told(zeros(form).with_entries({PERSON: "/", COMPANY: "若干"}), rules)
    assert [one.reason for one in said.reasons if "格" in one.reason] == ["有格不是数字"]


def test_a_closed_rule_stands_with_its_reason(form: Form, rules: tuple[Rule, ...]) -> None:
    said = told(zeros(form).with_closed("Y-01", "机构改革后不可比"), rules)
    (closed,) = [one for one in said.reasons if one.is_closed]
    assert (closed.reason, closed.count) == ("机构改革后不可比", 1)
    assert closed.which.startswith("Y-01 ")
    assert said.total.closed == 1


def test_all_rules_are_listed_once_or_once_for_each_of_their_findings(
    explained: Report, rules: tuple[Rule, ...]
) -> None:
    said = told(explained, rules)
    lines = [line for of_group in said.lines.values() for line in of_group]
    assert {line.code for line in lines} == {rule.code for rule in rules}
    assert len(lines) >= len(rules)
    assert next(line.values for line in lines if line.state is State.MET and line.left is not None) == "0＝0"
    assert all("，相差 " in line.values for line in lines if line.word == "不等")


def test_it_never_says_that_a_report_is_right(explained: Report, rules: tuple[Rule, ...], form: Form) -> None:
    for report in (explained, zeros(form), blank_report(form)):
        said = str(told(report, rules))
        assert not [
            word for word in ("合格", "通过", "未发现问题", "一致") if word in said.replace("不一致", "")
        ]


def test_equal_reports_give_equal_summaries(explained: Report, rules: tuple[Rule, ...]) -> None:
    assert told(explained, rules) == told(replace(explained), rules)
