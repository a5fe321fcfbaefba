"""Checking a report: what the rules find, what they cannot evaluate, and that nothing but the report decides it."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.checks import passages
from gxeditor.core.checks.check import OF_FIGURES, TESTS, check
from gxeditor.core.checks.findings import Finding, Findings, NotChecked
from gxeditor.core.checks.profiles import Given, given_of
from gxeditor.core.checks.rules import Example, Group, Rule, Severity
from gxeditor.core.fields import FIELDS
from gxeditor.core.history import History
from gxeditor.core.report import KEPT_TEXTS, Entry, Prior, Report, blank_report
from gxeditor.resources import load_form, load_rules
from tests.agreeing import agreeing

FORM = load_form()
RULES = load_rules(FORM)
ROW = "requests.received"
ONE, TOTAL = f"{ROW}.natural_person", f"{ROW}.total"
FEES = "proactive.fees.amount"

numbers = st.integers(-3, 9)
entries = st.dictionaries(
    st.sampled_from(list(FORM.cells)),
    st.one_of(numbers, numbers.map(Decimal), st.sampled_from([*sorted(KEPT_TEXTS), "12件"])),
    max_size=120,
)


def report_of(entries: dict[str, Entry] | Any, year: int | None = 2022) -> Report:
    return blank_report(FORM, year).with_entries(entries)


def found(findings: Findings, rule_id: str) -> list[Finding]:
    return [finding for finding in findings.findings if finding.rule.id == rule_id]


@pytest.fixture
def zeros() -> Report:
    """A complete report with nothing to tell: every cell that is no total holds 0."""
    return report_of({cell.id: 0 for cell in FORM.cells.values() if not cell.is_total})


def prevented(findings: Findings) -> tuple[NotChecked, ...]:
    """The equations that cells of the report prevent, by a blank or a text."""
    return tuple(item for item in findings.not_checked if item.cells and not item.rule.test)


def unevaluated(findings: Findings) -> tuple[NotChecked, ...]:
    """The equations that were not evaluated."""
    return tuple(item for item in findings.not_checked if not item.rule.test)


# --- what is not evaluated again


def forget() -> None:
    """What was found before is known no longer."""
    for name, module in list(sys.modules.items()):
        if name.startswith("gxeditor.core.checks") and not name.endswith("rule_file"):
            for one in vars(module).values():
                if hasattr(one, "cache_clear"):
                    one.cache_clear()


PARTS = (
    "全年共收到政府信息公开申请12件，",
    "予以公开5件，部分公开3件。",
    "一是健全机制；",
    "二是优化平台。",
    "截至2021年12月31日，",
    "结转下年度办理1,234件",
    "（一）主动公开情况\n",
    "新收行政复议２件",
    "各科室都已办结",
    "，",
    "。",
    "\n",
    " ",
    "（",
    "9",
    "😀",
)
edits = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 60), st.sampled_from(PARTS)), min_size=1, max_size=6
)


@settings(max_examples=12)
@given(st.integers(0, 10**6), st.sampled_from([20, 150, 700]), edits)
def test_what_is_found_after_any_edits_is_what_is_found_without_knowing_anything(
    seed: int, length: int, edits: list[tuple[int, int, str]]
) -> None:
    """In short texts as in paragraphs that are looked through in pieces."""
    chance = random.Random(seed)
    text = "".join(chance.choice(PARTS[:10]) for _ in range(length))
    report = report_of({ONE: 12})
    check(report.with_section("overview", text), RULES)
    for place, gone, new in edits:
        place %= len(text) + 1
        text = text[:place] + new + text[place + gone :]
        findings = check(report.with_section("overview", text), RULES)
    forget()
    assert check(report.with_section("overview", text), RULES) == findings


HOSTILE = {
    "one paragraph": "".join(f"围绕第{n}项推进公开，受理{n}件，各科室都已办结。" for n in range(800)),
    "no full stop": "".join(f"围绕第{n}项推进公开，受理{n}件，" for n in range(1000)),
    "no marks at all": "".join(f"围绕第{n}项推进公开并办结" for n in range(1600)),
    "digits": "1234567890" * 2000,
    "one digit": "7" * 20000,
    "brackets": "（" * 20000,
    "brackets in pairs": "（一）" * 6666,
    "blanks": f"年{' ' * 20000}报",
    "exclamations": "！" * 20000,
    "half marks": "，a" * 10000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_key_has_a_small_part_of_an_endless_paragraph_looked_through(text: str) -> None:
    report = report_of({ONE: 12})
    check(report.with_section("overview", text), RULES)
    looks = sum("patterns" in rule.data for rule in RULES)
    for place in (len(text) // 2, 7, len(text) - 7):
        before = passages.hits.cache_info().misses
        check(report.with_section("overview", f"{text[:place]}字{text[place:]}"), RULES)
        assert passages.hits.cache_info().misses - before <= 8 * looks


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_reading_an_endless_paragraph_takes_steps_by_its_length(text: str) -> None:
    """Twice the text, twice the calls: what is quadratic takes four times as many."""

    def calls(text: str) -> int:
        forget()
        count = 0

        def counted(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(counted)
        try:
            check(report_of({ONE: 12}).with_section("overview", text), RULES)
        finally:
            sys.setprofile(None)
        return count

    calls(text)  # makes the expressions
    some, all_of_it = calls(text[: len(text) // 2]), calls(text)
    assert all_of_it < 3 * some
    assert all_of_it < 100 * len(text)


class WithoutProse:
    """A report of which nothing can be seen but its figures and its plain fields."""

    def __init__(self, report: Report) -> None:
        self.form, self.entries, self.values, self.value = (
            report.form, report.entries, report.values, report.value
        )  # fmt: skip
        for plain in FIELDS:
            if not plain.prose:
                setattr(self, plain.name, getattr(report, plain.name))


@given(entries, entries)
def test_checks_that_are_kept_while_prose_is_typed_look_at_no_prose(
    entries: dict[str, Entry], before: dict[str, Entry]
) -> None:
    report: Any = WithoutProse(report_of(entries, 2023).with_fields(agency="某县某镇人民政府"))
    prior: Any = WithoutProse(report_of(before, 2022))
    rules = [rule for rule in RULES if rule.test in OF_FIGURES]
    assert {rule.test for rule in rules} == OF_FIGURES
    for rule in rules:
        for asked in (Given(), Given(prior=prior)):
            list(TESTS[rule.test](report, rule, asked))


def test_typing_prose_leaves_what_was_found_in_figures_and_changing_a_figure_does_not(zeros: Report) -> None:
    def at_total(report: Report) -> list[Finding]:
        return [one for one in check(report, RULES).findings if one.is_equation and TOTAL in one.cells]

    wrong = zeros.with_entry(TOTAL, 1)
    before = at_total(wrong)
    typed = wrong.with_section("overview", "今年")
    assert len(before) == 2
    assert at_total(typed) == before
    assert at_total(typed.with_entry(TOTAL, 0)) == []
    assert at_total(typed.with_entry(TOTAL, 2))[0].difference == 2


def test_last_years_figures_are_compared_by_the_year_that_stands_there_now(zeros: Report) -> None:
    this = zeros.with_prior(Prior.of(report_of(dict(zeros.entries), 2021)))
    for year in (2022, 2023, 2022, None):
        now = check(this.with_fields(year=year), RULES)
        alone = check(report_of(dict(zeros.entries), year), list(RULES), this.prior.report)  # type: ignore[union-attr]
        assert now.checked_yearly == alone.checked_yearly
        assert (now.checked_yearly > 0) == (year != 2023)


# --- the shipped rules, each by its own examples


def of_example(rule: Rule, example: Example) -> list[Finding]:
    """What this rule finds when its example is filled in."""
    return found(check(example.on(FORM), [rule], example.prior_on(FORM), given_of(example)), rule.id)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_of_a_rule_meets_it(rule: Rule) -> None:
    assert rule.good.entries or rule.good.texts or rule.good.fields
    assert of_example(rule, rule.good) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_example_of_a_rule_breaks_it_and_the_message_is_a_sentence(rule: Rule) -> None:
    (finding,) = of_example(rule, rule.bad)
    assert finding.severity is rule.severity
    assert finding.message.endswith("。")
    assert "{" not in finding.message + finding.rule.title
    assert set(finding.cells) <= set(FORM.cells)
    assert all(isinstance(value, str) for value in finding.values)
    if not rule.test:
        assert finding.difference not in (0, None)
        assert str(finding.difference) in finding.message


@pytest.mark.parametrize(
    ("rule", "values"), [("T2-07", "85000"), ("E-08", "62"), ("C-15b", "2205"), ("C-19b", "2025年13月45日")]
)
def test_a_finding_that_names_no_values_rests_on_what_stands_at_its_place(rule: str, values: str) -> None:
    bad = next(one for one in RULES if one.id == rule)
    assert [finding.values for finding in of_example(bad, bad.bad)] == [(values,)]


# --- equations


def test_a_broken_balance_says_both_sides_and_the_difference() -> None:
    column = "natural_person"
    cells = ["received", "brought_forward", "handled.total", "carried_forward"]
    report = report_of({f"requests.{c}.{column}": n for c, n in zip(cells, (30, 1, 30, 0), strict=True)})
    (finding,) = check(report, RULES).of_page("requests")[:1]
    assert finding.rule.id == "T3-01.natural_person"
    assert finding.message == "自然人：第一项加第二项为 31，第三项总计加第四项为 30，相差 1。"
    assert (finding.left, finding.right, finding.difference) == (31, 30, 1)
    assert (finding.left_values, finding.right_values) == ((30, 1), (30, 0))
    assert finding.cells == tuple(f"requests.{c}.{column}" for c in cells)
    assert [finding.signs[cell] for cell in finding.cells] == ["+", "+", "-", "-"]
    assert finding.basis.startswith("年度报告格式表三")


def test_a_typed_total_that_disagrees_is_found_and_marked_with_an_equals_sign(zeros: Report) -> None:
    findings = check(
        zeros.with_entries({ONE: 5, TOTAL: 3, "requests.carried_forward.natural_person": 5}), RULES
    )
    (finding,) = found(findings, "T3-03.received")
    assert finding.message == "一、本年新收：六类申请人之和为 5，总计为 3，相差 2。"
    assert finding.signs[TOTAL] == "="
    assert finding.signs[ONE] == "+"
    assert findings.by_cell[TOTAL] == (found(findings, "T3-01.total")[0], finding)
    assert findings.count(Severity.ERROR) == findings.count(Severity.ERROR, "requests") == 2
    assert findings.count(Severity.ERROR, "disputes") == findings.count(Severity.QUERY) == 0


def test_amounts_and_counts_are_added_exactly(zeros: Report) -> None:
    """Decimals are never floats: 0.1 + 0.2 is 0.3."""
    rule = replace(RULES[0], left=(ONE, f"{ROW}.company"), right=(TOTAL,))
    report = zeros.with_entries(
        {ONE: Decimal("0.1"), f"{ROW}.company": Decimal("0.2"), TOTAL: Decimal("0.3")}
    )
    assert check(report, [rule]).findings == ()
    (finding,) = check(report.with_entry(TOTAL, Decimal("0.4000")), [rule]).findings
    assert finding.message.endswith("为 0.3，第三项总计加第四项为 0.4000，相差 0.1000。")


def test_a_complete_report_of_zeros_has_no_finding_and_all_42_equations_checked(zeros: Report) -> None:
    findings = check(zeros, RULES)
    assert (findings.findings, prevented(findings), findings.checked) == ((), (), 42)


@pytest.mark.parametrize("first", range(0, 216, 12))
def test_a_report_that_is_right_raises_nothing(first: int) -> None:
    """In whatever house style it is written; a deadline that comes near is no fault."""
    for number in range(first, first + 12):
        one = agreeing(FORM, number, prior=number % 3 != 0)
        findings = check(one.report, RULES, given=Given(today=one.today)).findings
        assert [f"{f.rule.code}: {f.message}" for f in findings if f.rule.group is not Group.DEADLINES] == []


def test_the_same_reports_are_told_from_those_with_a_fault() -> None:
    """Faults of several kinds put into each: another's name, a stale basis, a figure, a date, a part left out."""
    for number in range(36):
        one = agreeing(FORM, number)
        report, year = one.report, one.report.year
        assert year is not None
        overview = report.text("overview")
        faulty = {
            "C-16": report.with_text("overview", f"{overview}\n按照国办公开办函〔2019〕60号要求编制。"),
            "C-14": report.with_text("overview", f"{overview}\n全年开展培训XX次。"),
            "C-17": report.with_fields(preamble=f"现发布《长宁县教育局{year}年政府信息公开工作年度报告》。"),
            "C-10": report.with_section("problems", ""),
            "C-12": report.with_section("other_matters", ""),
            "C-19c": report.with_fields(date=f"{year}年1月15日"),
            "C-19b": report.with_fields(date=f"{year + 1}年13月45日"),
            "C-15b": report.with_fields(year=2205),
            "T3-01": report.with_entry("requests.carried_forward.natural_person", 500),
            "Y-06": report.with_section(
                "problems", report.prior.report.text("problems") if report.prior else ""
            ),
        }
        for code, wrong in faulty.items():
            findings = check(wrong, RULES, given=Given(today=one.today)).findings
            assert code in {finding.rule.code for finding in findings}, (number, code)


def test_an_untouched_report_has_no_finding_and_nothing_checked() -> None:
    findings = check(report_of({}), RULES)
    assert (findings.findings, len(prevented(findings)), findings.checked) == ((), 42, 0)


# --- not checked


def test_a_rule_that_meets_a_blank_is_not_checked_and_says_which_cells_are_blank(zeros: Report) -> None:
    findings = check(zeros.with_entries({ONE: None, TOTAL: 0}), RULES)
    reasons = {item.rule.id: (item.reason, item.cells) for item in prevented(findings)}
    assert reasons == {
        "T3-01.natural_person": ("有 1 格未填", (ONE,)),
        "T3-03.received": ("有 1 格未填", (ONE,)),
    }
    assert findings.checked == 40
    assert findings.unchecked_by_cell[TOTAL] == (prevented(findings)[1],)
    assert set(findings.by_cell) == set()


def test_a_rule_that_meets_a_slash_is_not_checked_because_that_is_no_number(zeros: Report) -> None:
    findings = check(zeros.with_entries({ONE: "/", TOTAL: 0}), RULES)
    assert {item.reason for item in prevented(findings)} == {"有“/”，不是数字"}
    assert {item.cells for item in prevented(findings)} == {(ONE,)}


@given(entries)
def test_every_equation_is_either_checked_or_not_checked_with_its_reason(cells: dict[str, Entry]) -> None:
    report = report_of(cells)
    findings = check(report, RULES)
    assert findings.checked + len(prevented(findings)) == 42
    for item in prevented(findings):
        assert item.reason
        assert item.cells
        assert set(item.cells) <= {*item.rule.left, *item.rule.right}
        assert all(not isinstance(report.value(cell), int | Decimal) for cell in item.cells)
    broken = {finding.rule.id for finding in findings.findings if not finding.rule.test}
    assert not broken & {item.rule.id for item in findings.not_checked}


@given(entries)
def test_a_finding_states_a_difference_that_is_there(cells: dict[str, Entry]) -> None:
    report = report_of(cells)
    for finding in check(report, RULES).findings:
        if finding.rule.test:
            continue
        left, right = (sum(report.value(c) for c in side) for side in (finding.rule.left, finding.rule.right))  # type: ignore[misc]
        assert (finding.left, finding.right, finding.difference) == (left, right, abs(left - right))
        assert finding.difference


@given(entries, entries)
def test_checking_depends_on_the_report_alone(one: dict[str, Entry], other: dict[str, Entry]) -> None:
    """Not on the way that led there, nor on what was checked before."""
    start = report_of(one)
    findings = check(start, RULES)
    history = History(start).push(report_of(other), "别的")
    check(history.report, RULES)
    assert check(history.undo().report, RULES) == findings
    by_steps = report_of({})
    for cell, entry in reversed(one.items()):
        by_steps = by_steps.with_entry(cell, entry)
    assert check(by_steps, RULES) == findings


@given(entries)
def test_findings_stand_worst_first(cells: dict[str, Entry]) -> None:
    ranks = [finding.severity.rank for finding in check(report_of(cells), RULES).findings]
    assert ranks == sorted(ranks)


# --- last year


@pytest.fixture
def prior(zeros: Report) -> Report:
    return zeros.with_fields(year=2021)


def test_last_years_figures_are_compared_only_with_last_years_report_at_hand(
    zeros: Report, prior: Report
) -> None:
    without, beside = check(zeros, RULES), check(zeros, RULES, prior)
    assert (without.checked, len(unevaluated(without))) == (42, 7)
    assert (beside.checked, unevaluated(beside)) == (49, ())


def test_without_last_years_report_its_seven_rules_are_said_to_be_unchecked(zeros: Report) -> None:
    findings = check(zeros, RULES)
    assert findings.across_years == ("7 条跨年关系没有检查：没有选上年年报",)
    assert {item.rule.kind for item in unevaluated(findings)} == {"carry_over"}
    assert "requests.carried_forward.company" not in findings.unchecked_by_cell  # that cell is last year's
    assert "requests.brought_forward.company" in findings.unchecked_by_cell


def test_the_figures_that_a_report_keeps_of_last_years_are_compared(zeros: Report, prior: Report) -> None:
    kept = zeros.with_prior(Prior.of(prior.with_entry("requests.carried_forward.company", 3)))
    findings = check(kept, RULES)
    assert (findings.checked, findings.across_years) == (49, ())
    assert {finding.rule.id for finding in findings.findings} == {"Y-01.total", "Y-02.company"}
    assert check(kept, RULES, prior).findings == ()  # what is given goes before what is kept


@given(entries, st.none() | st.tuples(entries, st.sampled_from([None, 2020, 2021])))
def test_every_rule_across_years_is_checked_or_has_its_reason(
    cells: dict[str, Entry], last: tuple[dict[str, Entry], int | None] | None
) -> None:
    report = report_of(cells).with_prior(Prior.of(report_of(*last)) if last is not None else None)
    findings = check(report, RULES)
    assert findings.checked + len(unevaluated(findings)) == 49
    assert all(item.reason for item in findings.not_checked)
    silent = len(unevaluated(findings)) - len(prevented(findings))
    assert sum(int(clause.partition(" ")[0]) for clause in findings.across_years) == silent


def test_what_last_year_carried_forward_is_expected_this_year(zeros: Report, prior: Report) -> None:
    prior = prior.with_entry("requests.carried_forward.company", 3)
    company, total = check(zeros, RULES, prior).of_page("requests")[::-1]
    assert company.message == "商业企业：上年年报结转下年度为 3，本年上年结转为 0，相差 3，请核实。"
    assert (company.severity, company.cells) == (Severity.QUERY, ("requests.brought_forward.company",))
    assert total.rule.id == "Y-01.total"


@pytest.mark.parametrize("year", [2022, 2020])
def test_a_report_of_another_year_is_not_last_years(zeros: Report, prior: Report, year: int) -> None:
    findings = check(
        zeros, RULES, prior.with_fields(year=year).with_entry("requests.carried_forward.company", 3)
    )
    assert {item.reason for item in unevaluated(findings)} == {f"上年年报是 {year} 年的，不是 2021 年"}
    assert (findings.checked, len(unevaluated(findings)), findings.findings) == (42, 7, ())


def test_reports_without_a_year_are_compared_as_they_were_given(zeros: Report, prior: Report) -> None:
    assert check(zeros, RULES, prior.with_fields(year=None)).checked == 49


def test_a_blank_of_last_year_is_said_to_be_last_years(zeros: Report, prior: Report) -> None:
    findings = check(zeros, RULES, prior.with_entry("requests.carried_forward.company", None))
    item = next(item for item in findings.not_checked if item.rule.id == "Y-02.company")
    assert (item.reason, item.cells) == ("上年年报这一格未填", ())


def test_a_blank_of_this_year_prevents_the_comparison(zeros: Report, prior: Report) -> None:
    cell = "requests.brought_forward.company"
    findings = check(zeros.with_entry(cell, None), RULES, prior)
    item = next(item for item in findings.not_checked if item.rule.id == "Y-02.company")
    assert (item.reason, item.cells) == ("有 1 格未填", (cell,))


# --- entry checks


def test_no_sum_is_left_out_whatever_a_file_says_of_it(zeros: Report) -> None:
    wrong = zeros.with_entry(TOTAL, 5)
    left_out = wrong.with_closed("T3-03", "不查").with_closed("T3-01", "不查")
    off = Given(off={"T3-03": "不查"})
    assert found(check(left_out, RULES, given=off), "T3-03.received")
    assert not check(left_out, RULES, given=off).closed


def test_what_is_no_error_in_a_sum_can_be_closed_for_one_report_or_for_all(zeros: Report) -> None:
    blank = zeros.with_entry(ONE, None)
    for findings in (
        check(blank.with_closed("E-01", "报送前再填"), RULES),
        check(blank, RULES, given=Given(off={"E-01": "报送前再填"})),
    ):
        assert not found(findings, "E-01")
        assert [(item.rule.code, item.reason) for item in findings.closed] == [("E-01", "报送前再填")]
    assert found(check(blank, RULES, given=Given(off={"E-02": "另一条"})), "E-01")
