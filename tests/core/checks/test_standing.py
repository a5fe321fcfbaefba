"""How every rule stands, and that none is ever left out of the list."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core import edits
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.checks.standing import Standing, State, standings, states
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Explanation, Report, blank_report

ONE = "requests.received.natural_person"
FORWARD, BROUGHT = "requests.carried_forward.total", "requests.brought_forward.total"


@pytest.fixture
def zeros(form: Form) -> Report:
    return edits.fill_blanks(blank_report(form, 2022), form.cells.values())


@pytest.fixture
def last(zeros: Report) -> Report:
    return zeros.with_fields(year=2021).with_entry(FORWARD, 3)


def lines(report: Report, rules: tuple[Rule, ...], last: Report | None = None) -> tuple[Standing, ...]:
    return standings(rules, check(report, rules, last))


def line(found: tuple[Standing, ...], rule_id: str) -> Standing:
    return next(one for one in found if one.rule.id == rule_id)


def explain(report: Report, finding: Finding | None, reason: str) -> Report:
    assert finding is not None
    return report.with_explanation(finding.address, Explanation(reason, finding.values))


@given(
    st.dictionaries(
        st.sampled_from([ONE, BROUGHT, "disputes.direct_suit.upheld"]), st.sampled_from([None, 0, 7, -1, "/"])
    ),
    st.sets(st.sampled_from(["E-01", "E-04", "Y-01", "T3-01"])),
    st.booleans(),
)
def test_no_rule_is_left_out_because_it_is_met_closed_or_not_checked(
    form: Form, rules: tuple[Rule, ...], entries: dict[str, Entry | None], closed: set[str], with_last: bool
) -> None:
    report = edits.fill_blanks(blank_report(form, 2022), form.cells.values()).with_entries(entries)
    for code in closed:
        report = report.with_closed(code, "不查")
    found = lines(report, rules, report.with_fields(year=2021) if with_last else None)
    assert {one.rule.id for one in found} == {rule.id for rule in rules}
    assert len({one.key for one in found}) == len(found)
    assert list(found) == sorted(found, key=lambda one: one.state.rank)


def test_open_ones_come_first_and_the_worst_of_them_before_all(
    zeros: Report, rules: tuple[Rule, ...], last: Report
) -> None:
    report = zeros.with_entries({ONE: 5, "disputes.direct_suit.upheld": "/"})
    opened = [one.rule.severity for one in lines(report, rules, last) if one.state is State.OPEN]
    assert opened == sorted(opened, key=lambda severity: severity.rank)
    assert opened[0] is Severity.ERROR


def test_an_equation_is_listed_with_both_sides_and_their_difference(
    zeros: Report, rules: tuple[Rule, ...], last: Report
) -> None:
    found = lines(zeros, rules, last)
    broken = line(found, "Y-01.total")
    assert (broken.state, broken.word) == (State.OPEN, "不等")
    assert (broken.left, broken.right, broken.difference) == (3, 0, 3)
    assert broken.title == "总计：上年年报的结转下年度＝本年的上年结转"
    kept = line(found, "T3-01.natural_person")
    assert (kept.word, kept.left, kept.right, kept.difference) == ("相等", 0, 0, 0)
    assert kept.title == "自然人：第一项加第二项＝第三项总计加第四项"


def test_a_named_check_that_found_nothing_says_only_that_it_saw_nothing(
    zeros: Report, rules: tuple[Rule, ...]
) -> None:
    found = line(lines(zeros, rules), "E-01")
    assert (found.word, found.title, found.left) == ("未提出", "有格未填", None)
    assert line(lines(zeros.with_entry(ONE, None), rules), "E-01").word == "核实"


def test_what_was_explained_is_listed_with_its_reason_until_a_value_changes(
    zeros: Report, rules: tuple[Rule, ...], last: Report
) -> None:
    before = line(lines(zeros, rules, last), "Y-01.total")
    report = explain(zeros, before.finding, "上年数有误，已更正")
    after = line(lines(report, rules, last), "Y-01.total")
    assert (after.state, after.word, after.reason) == (State.EXPLAINED, "已说明", "上年数有误，已更正")
    assert after.key == before.key
    again = line(lines(report.with_entry(BROUGHT, 1), rules, last), "Y-01.total")
    assert (again.state, again.reason, again.key) == (State.OPEN, "", before.key)


def test_the_reason_stands_where_there_are_no_values(zeros: Report, rules: tuple[Rule, ...]) -> None:
    waiting = line(lines(zeros, rules), "Y-01.total")
    assert (waiting.word, waiting.reason) == ("未检查", "没有选上年年报")
    off = line(lines(zeros.with_closed("Y-01", "上年没有年报"), rules), "Y-01.total")
    assert (off.word, off.reason) == ("已关闭", "上年没有年报")


def test_a_rule_with_several_findings_has_a_line_for_each_and_one_state(
    zeros: Report, rules: tuple[Rule, ...], last: Report
) -> None:
    report = zeros.with_entries({ONE: -1, "requests.received.company": -2, "requests.received.total": -3})
    findings = check(report, rules, last)
    found = [one for one in standings(rules, findings) if one.rule.id == "E-04"]
    assert len(found) == 3
    assert states(findings)["E-04"][1] is State.OPEN
    explained = replace(
        findings,
        findings=tuple(
            replace(one, explanation=Explanation("说明", one.values)) if one.rule.id == "E-04" else one
            for one in findings.findings
        ),
    )
    assert states(explained)["E-04"][1] is State.EXPLAINED


def test_a_cell_finds_its_equations_and_what_looks_at_every_cell(
    zeros: Report, rules: tuple[Rule, ...]
) -> None:
    about = {one.rule.id for one in lines(zeros, rules) if one.is_about(ONE)}
    assert {"T3-01.natural_person", "T3-03.received", "E-04"} <= about
    assert not about & {"T3-01.company", "T4-01.reconsideration", "Y-01.total"}
    elsewhere = zeros.with_entry("requests.received.company", -1)
    assert "E-04" not in {one.rule.id for one in lines(elsewhere, rules) if one.is_about(ONE)}


def test_a_number_that_the_prose_does_not_state_was_not_compared(form: Form, rules: tuple[Rule, ...]) -> None:
    prose = tuple(rule for rule in rules if rule.kind == "claim")
    report = blank_report(form, 2025).with_entries({cell: 0 for cell in form.cells})
    assert {line.reason for line in standings(prose, check(report, prose))} == {"文中没有这句话"}
    findings = check(report.with_section("overview", "2025年共收到政府信息公开申请0件。"), prose)
    compared = {claim.code for claim in findings.claims if claim.state == "same"}
    assert compared
    met = {line.rule.code for line in standings(prose, findings) if line.state is State.MET}
    assert compared <= met
    assert {rule.code for rule, state in states(findings).values() if state is State.MET} == compared
