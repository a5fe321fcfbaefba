"""What a unit is told of its report: every finding says where it is, what stands there and what is asked."""

from __future__ import annotations

from typing import Any

import pytest

from gxeditor.core.checks.check import check
from gxeditor.core.checks.profiles import given_of
from gxeditor.core.checks.rules import Rule
from gxeditor.core.report import Report, blank_report
from gxeditor.core.rollup.project import Told
from gxeditor.core.rollup.returning import counted, told
from gxeditor.resources import load_form, load_rules

FORM = load_form()
RULES = load_rules(FORM)


def found(report: Report, code: str, prior: Report | None = None) -> list[Told]:
    rules = [rule for rule in RULES if rule.code == code]
    return [told(one, report) for one in check(report, rules, prior).findings]


def dispute(*values: int) -> Report:
    keys = ("upheld", "corrected", "other", "pending", "total")
    cells = [cell for cell in FORM.cells if cell.startswith("disputes.reconsideration.")]
    assert len(cells) == len(keys)
    return blank_report(FORM, 2025).with_entries(dict(zip(cells, values, strict=True)))


def test_both_sides_of_a_sum_stand_in_figures() -> None:
    (one,) = found(dispute(3, 1, 1, 0, 6), "T4-01")
    assert one.place == "表四　行政复议　总计"
    assert one.stands == "总计填 6"
    assert one.should == "结果维持 3、结果纠正 1、其他结果 1、尚未审结 0，合计 5"
    assert one.ask == "相差 1。总计或某一项填错，请改正。"
    assert (one.rule, one.severity, one.page) == ("T4-01", "error", "disputes")


def example(code: str) -> tuple[Rule, Told, Report]:
    rule = next(rule for rule in RULES if rule.code == code)
    report = rule.bad.on(FORM)
    finding = check(report, [rule], rule.bad.prior_on(FORM), given_of(rule.bad)).findings[0]
    return rule, told(finding, report), report


@pytest.mark.parametrize("code", sorted({rule.code for rule in RULES}))
def test_every_rule_says_where_and_what_is_asked(code: str) -> None:
    rule, one, _ = example(code)
    assert one.place
    assert one.ask
    assert (one.rule, one.severity) == (rule.code, rule.severity.value)
    assert "{" not in one.ask + one.stands + one.should


@pytest.mark.parametrize("code", sorted({rule.code for rule in RULES if not rule.test}))
def test_both_sides_of_every_equation_stand_in_figures_and_make_up_the_difference(code: str) -> None:
    rule = next(rule for rule in RULES if rule.code == code)
    report = rule.bad.on(FORM)
    finding = check(report, [rule], rule.bad.prior_on(FORM), given_of(rule.bad)).findings[0]
    one = told(finding, report)
    assert one.stands.endswith(f" {finding.right}")
    assert one.should.endswith(f" {finding.left}")
    assert one.ask.startswith(f"相差 {finding.difference}。")


def test_a_number_of_the_prose_is_quoted_beside_that_of_the_table() -> None:
    _, one, _ = example("P-01")
    assert one.place == "第一部分正文第 1 段"
    assert one.stands == "“2024年新收到政府信息公开申请68件”"
    assert one.should == "表三的本年新收是 62"
    assert one.ask.startswith("相差 6。")


@pytest.mark.parametrize("code", ["C-23a", "C-23b", "C-23d"])
def test_a_personal_number_is_not_repeated(code: str) -> None:
    rule, one, report = example(code)
    (number,) = check(report, [rule]).findings[0].values
    assert number not in "".join((one.stands, one.should, one.ask, one.place, one.message))


def test_a_cell_is_named_once_and_not_again_in_what_is_asked() -> None:
    _, one, _ = example("T2-07")
    assert one.place == "表二　行政事业性收费"
    assert one.stands == "填 85000"
    assert not one.ask.startswith("行政事业性收费")


def test_blank_cells_are_counted() -> None:
    _, one, _ = example("E-01")
    assert one.place.startswith("表二")
    assert "9 格没有填" in one.stands


def test_rules_are_counted_once_as_evaluated_or_not() -> None:
    findings = check(dispute(3, 1, 1, 0, 6), RULES)
    checked, missed = counted(findings)
    assert missed == len({one.rule.id for one in findings.not_checked}) > 0
    assert checked + missed <= len(RULES)
    everything: Any = blank_report(FORM, 2025).with_entries(dict.fromkeys(FORM.cells, 0))
    filled, left = counted(check(everything, RULES))
    assert filled > checked
    assert left < missed
