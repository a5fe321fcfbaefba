"""Figures of one year beyond the equations: what each check finds, what it leaves alone, what a blank does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding, NotChecked
from gxeditor.core.checks.profiles import NATIONAL, Given, Profile, Stated
from gxeditor.core.checks.rules import Group, Rule, Severity
from gxeditor.core.fields import AgencyKind
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.resources import load_form, load_profile, load_profiles, load_rules
from tests.consistent import consistent_reports

FORM = load_form()
RULES = load_rules(FORM)
FEE = "proactive.fees.amount"
CELLS = sorted(FORM.cells)


def one_rule(code: str) -> Rule:
    return next(rule for rule in RULES if rule.code == code)


def of(entries: Mapping[str, Entry | None], year: int | None = 2022, **fields: object) -> Report:
    return blank_report(FORM, year).with_fields(**fields).with_entries(entries)


def told(
    code: str, report: Report, prior: Report | None = None, profile: Profile = NATIONAL
) -> list[Finding]:
    return list(check(report, [one_rule(code)], prior, Given(profile=profile)).findings)


def waiting(code: str, report: Report, prior: Report | None = None) -> tuple[NotChecked, ...]:
    return check(report, [one_rule(code)], prior).not_checked


# --- nothing is found where nothing is wrong

OURS = [
    rule
    for rule in RULES
    if rule.code.startswith(("T2", "T3-07", "T3-08", "T3-09", "T3-18", "T4-0", "U", "Y", "D")) and rule.test
]


@settings(max_examples=60)
@given(consistent_reports(FORM), st.sampled_from(load_profiles()), st.integers(0, 400))
def test_a_report_that_agrees_with_itself_and_last_years_raises_no_error_and_no_query(
    report: Report, profile: Profile, day: int
) -> None:
    assert report.year is not None
    profile = replace(
        profile, values={k: v for k, v in profile.values.items() if not k.startswith("deadlines")}
    )
    today = date.fromordinal(date(report.year + 1, 1, 1).toordinal() + day)
    findings = check(report, RULES, given=Given(today=today, profile=profile))
    ours = {rule.id for rule in OURS} | {rule.id for rule in RULES if not rule.test}
    weighty = [f for f in findings.findings if f.rule.id in ours and f.severity is not Severity.HINT]
    assert [finding.message for finding in weighty] == []
    assert [item for item in findings.not_checked if item.rule.id in ours] == []


@settings(max_examples=60)
@given(consistent_reports(FORM), st.sets(st.sampled_from(CELLS)))
def test_a_part_of_such_a_report_has_no_error_either(report: Report, blanks: set[str]) -> None:
    typed = report.with_entries({c.id: report.value(c.id) for c in FORM.totals})
    part = typed.with_entries(dict.fromkeys(blanks))
    assert [f.message for f in check(part, OURS).findings if f.severity is Severity.ERROR] == []


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.sampled_from(CELLS), st.sampled_from([0, 1, 7, 30, "/", "12件", Decimal("1.5")]), max_size=90
    )
)
def test_every_check_ends_in_one_way_whatever_stands_in_the_cells(cells: dict[str, Entry]) -> None:
    report = of(cells, kind=AgencyKind.TOWNSHIP)
    findings = check(report, OURS, of(cells, 2021), Given(profile=load_profile("henan")))
    ends = [
        {finding.rule.id for finding in findings.findings},
        {item.rule.id for item in findings.not_checked},
        {item.rule.id for item in findings.met},
    ]
    assert sum(len(end) for end in ends) == len(OURS) == len(set.union(*ends))
    assert len(findings.not_checked) == len(ends[1])
    for item in findings.not_checked:
        assert item.reason
        assert all(not isinstance(report.value(c), int | Decimal) for c in item.cells)


def test_a_blank_is_not_zero() -> None:
    report = of({"proactive.normative_documents.issued": 8, "proactive.normative_documents.in_force": 3})
    (item,) = waiting("T2-08", report)
    assert item.reason == "有 4 格未填"
    assert set(item.cells) == {
        "proactive.normative_documents.repealed",
        *(f"proactive.government_rules.{column}" for column in ("in_force", "issued", "repealed")),
    }
    (item,) = waiting("T2-07", of({FEE: "8万"}))
    assert (item.reason, item.cells) == ("有“8万”，不是数字", (FEE,))


# --- 表二


@pytest.mark.parametrize(
    ("agency", "kind", "amount", "found"),
    [
        ("丙县丁局", AgencyKind.DEPARTMENT, "85000", True),
        ("丙县丁局", AgencyKind.DEPARTMENT, "85000.00", True),
        ("丙县丁局", AgencyKind.DEPARTMENT, "12000", False),
        ("丙县丁局", AgencyKind.DEPARTMENT, "85949.088667", False),
        ("某省自然资源厅", AgencyKind.DEPARTMENT, "85000", False),
        ("某省自然资源厅", AgencyKind.DEPARTMENT, "2350000", True),
        ("甲市人民政府", AgencyKind.GOVERNMENT, "141864.3672", False),
        ("甲市人民政府", AgencyKind.GOVERNMENT, "961716000", True),
        ("甲市乙区人民政府", AgencyKind.GOVERNMENT, "96171", False),
        ("丁镇", AgencyKind.TOWNSHIP, "3200", True),
        ("丙县丁镇人民政府", AgencyKind.OTHER, "3200", True),
        ("丁镇", AgencyKind.TOWNSHIP, "32", False),
        ("", AgencyKind.OTHER, "0", False),
    ],
)
def test_a_great_whole_amount_looks_like_yuan(
    agency: str, kind: AgencyKind, amount: str, found: bool
) -> None:
    assert bool(told("T2-07", of({FEE: Decimal(amount)}, kind=kind, agency=agency))) is found


@pytest.mark.parametrize(
    ("now", "then", "found"),
    [("3200", "0.31", True), ("3200", "32", False), ("3200.5", "0.31", False), ("0", "0.3", False)],
)
def test_ten_thousand_times_last_years_amount_looks_like_yuan(now: str, then: str, found: bool) -> None:
    report, prior = of({FEE: Decimal(now)}), of({FEE: Decimal(then)}, 2021)
    assert bool(told("T2-07", report, prior)) is found
    assert told("T2-07", report, prior.with_fields(year=2019)) == []
    assert not any(FEE in f.cells for f in told("Y-04", report, prior)) or not found


def test_one_amount_in_yuan_is_told_once() -> None:
    report = of({FEE: Decimal(85000)}, agency="丙县丁局", kind=AgencyKind.DEPARTMENT)
    prior = of({FEE: Decimal(0)}, 2021)
    codes = [f.rule.code for f in check(report, OURS, prior, Given(profile=load_profile("henan"))).findings]
    assert codes == ["T2-07"]


def test_a_profile_may_set_the_limit() -> None:
    limit = Profile("a", "甲", {"fee.most": Stated(100, "rule", "通知")})
    assert told("T2-07", of({FEE: Decimal("100.5")}), profile=limit)
    assert not told("T2-07", of({FEE: Decimal("100")}), profile=limit)


RULES_MADE = {
    f"proactive.government_rules.{column}": n
    for column, n in (("issued", 2), ("repealed", 0), ("in_force", 2))
}


@pytest.mark.parametrize(
    ("agency", "kind", "found"),
    [
        ("丙县丁镇人民政府", AgencyKind.OTHER, "乡镇、街道"),
        ("丁街道办事处", AgencyKind.OTHER, "乡镇、街道"),
        ("某某苏木人民政府", AgencyKind.OTHER, "乡镇、街道"),
        ("丁", AgencyKind.TOWNSHIP, "乡镇、街道"),
        ("鲁山县人民政府办公室", AgencyKind.DEPARTMENT, "县级政府"),
        ("鲁山县教育体育局", AgencyKind.DEPARTMENT, "县级政府"),
        ("淮安市洪泽区人民政府", AgencyKind.GOVERNMENT, "县级政府"),
        ("甲自治县人民政府", AgencyKind.GOVERNMENT, "县级政府"),
        ("内蒙古自治区某某旗人民政府", AgencyKind.GOVERNMENT, "县级政府"),
        ("淮安市人民政府", AgencyKind.GOVERNMENT, ""),
        ("景德镇市人民政府", AgencyKind.GOVERNMENT, ""),
        ("广西壮族自治区人民政府", AgencyKind.GOVERNMENT, ""),
        ("宁夏回族自治区司法厅", AgencyKind.DEPARTMENT, ""),
        ("平潭综合实验区", AgencyKind.OTHER, ""),
        ("某某新区管理委员会", AgencyKind.OTHER, ""),
        ("甲市司法局", AgencyKind.DEPARTMENT, ""),
        ("", AgencyKind.OTHER, ""),
    ],
)
def test_only_who_surely_cannot_make_rules_is_asked(agency: str, kind: AgencyKind, found: str) -> None:
    findings = told("T2-09", of(dict(RULES_MADE), agency=agency, kind=kind))
    assert [found in finding.message for finding in findings] == ([True] if found else [])
    assert not told("T2-09", of(dict.fromkeys(RULES_MADE, 0), agency=agency, kind=kind))


def test_decimals_are_a_hint_and_only_where_a_rule_of_the_profile_says_so() -> None:
    report = of({FEE: Decimal("5949.088667")})
    assert told("U-01", report) == told("U-01", report, profile=load_profile("guangdong")) == []
    (finding,) = told("U-01", report, profile=load_profile("henan"))
    assert (finding.severity, finding.message) == (
        Severity.HINT, "行政事业性收费：5949.088667 有 6 位小数，河南要求保留 4 位。",
    )  # fmt: skip
    for sound in ("0", "0.0000", "12.5000"):
        assert not told("U-01", of({FEE: Decimal(sound)}), profile=load_profile("henan"))


# --- 表三


def test_details_that_exceed_their_total_are_told_before_all_are_filled_in() -> None:
    row = "requests.received"
    report = of({f"{row}.natural_person": 4, f"{row}.company": 3, f"{row}.total": 5})
    (finding,) = told("T3-09", report)
    assert (
        finding.message == "一、本年新收 · 总计：填的是 5，已填的明细之和是 7，已经多 2（还有明细没有填）。"
    )
    assert set(finding.cells) == {f"{row}.natural_person", f"{row}.company", f"{row}.total"}
    complete = report.with_entries(
        {c: 0 for c in FORM.cells[f"{row}.total"].parts if c not in report.entries}
    )
    assert told("T3-09", complete) == []  # T3-03 tells it
    assert told("T3-09", report.with_entry(f"{row}.total", 7)) == []


def test_details_are_held_against_totals_of_columns_and_of_table_four_too() -> None:
    assert told("T3-09", of({"requests.handled.granted.company": 2, "requests.handled.total.company": 1}))
    assert told("T3-09", of({"disputes.direct_suit.upheld": 2, "disputes.direct_suit.total": 1}))
    assert told("T3-09", of({"requests.handled.granted.total": 2, "requests.handled.total.total": 1}))


def test_more_handled_than_there_was_is_told_while_what_goes_on_is_blank() -> None:
    cells: dict[str, Entry | None] = {
        "requests.received.company": 3, "requests.brought_forward.company": 1, "requests.handled.total.company": 6,
    }  # fmt: skip
    (finding,) = told("T3-08", of(cells))
    assert finding.message == "三（七）总计 · 商业企业：6 件，多于本年新收加上年结转的 4，多 2。"
    assert told("T3-08", of({**cells, "requests.carried_forward.company": 0})) == []  # T3-01 tells it
    assert told("T3-08", of({**cells, "requests.brought_forward.company": None})) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("依法区分处理2件。", True),
        ("作区分处理后提供的有３件。", True),
        ("落实区分处理制度，全年收到申请5件。", False),
        ("区分处理0件。", False),
        ("对区分处理作了规定。", False),
    ],
)
def test_separated_requests_that_the_prose_counts_belong_into_partly_given(text: str, found: bool) -> None:
    cell = "requests.handled.partially_granted.total"
    assert bool(told("T3-07", of({cell: 0}).with_section("overview", text))) is found
    assert not told("T3-07", of({cell: 2}).with_section("overview", text))


@pytest.mark.parametrize(
    ("other", "total", "found"), [(9, 12, True), (4, 12, True), (3, 12, False), (9, 9, False)]
)
def test_much_that_is_other_is_a_hint_unless_there_are_few(other: int, total: int, found: bool) -> None:
    cells = {"requests.handled.other.other_reasons.total": other, "requests.handled.total.total": total}
    assert bool(told("T3-18", of(dict(cells)))) is found


# --- 表四

NONE = {
    f"disputes.{column}.total": 0
    for column in ("reconsideration", "direct_suit", "suit_after_reconsideration")
}


def disputes(review: int = 0, direct: int = 0, after: int = 0) -> dict[str, Entry | None]:
    return dict(zip(NONE, (review, direct, after), strict=True))


def test_disputes_without_any_request_are_a_hint_with_last_years_report_at_hand() -> None:
    cells = {"requests.received.total": 0, "requests.brought_forward.total": 0, **disputes(1)}
    prior = of({"requests.received.total": 0}, 2021)
    assert told("T4-05", of(cells), prior)
    assert told("T4-05", of(cells), prior.with_entry("requests.received.total", 4)) == []
    assert [item.reason for item in waiting("T4-05", of(cells))] == ["没有选上年年报"]
    assert waiting("T4-05", of({**cells, **NONE})) == ()
    (finding,) = told("T4-05", of({**cells, **disputes(after=2)}), prior)
    assert finding.cells[0] == "disputes.suit_after_reconsideration.total"


@pytest.mark.parametrize(
    ("counts", "found"),
    [((3, 0, 0), False), ((3, 0, 3), False), ((2, 2, 2), True), ((4, 0, 0), True), ((0, 0, 4), True)],
)
def test_a_suit_after_review_is_not_counted_twice(counts: tuple[int, int, int], found: bool) -> None:
    cells = {"requests.handled.total.total": 2, **disputes(*counts)}
    prior = of({"requests.handled.total.total": 1}, 2021)
    assert bool(told("T4-06", of(cells), prior)) is found


@pytest.mark.parametrize(("received", "brought", "found"), [(0, 0, False), (1, 0, True), (0, 1, True)])
def test_disputes_without_any_request_are_told_by_one_rule_alone(
    received: int, brought: int, found: bool
) -> None:
    requests = {"requests.received.total": received, "requests.brought_forward.total": brought}
    cells = {**requests, "requests.handled.total.total": 0, **disputes(4)}
    prior = of({"requests.handled.total.total": 1, "requests.received.total": 0}, 2021)
    assert bool(told("T4-06", of(cells), prior)) is found


def test_a_suit_after_review_follows_a_review_of_this_year_or_last() -> None:
    prior = of({"disputes.reconsideration.total": 0}, 2021)
    assert told("T4-07", of(disputes(after=1)), prior)
    assert told("T4-07", of(disputes(after=1)), prior.with_entry("disputes.reconsideration.total", 2)) == []
    assert told("T4-07", of(disputes(1, after=1)), prior) == []
    assert [
        item.reason for item in waiting("T4-07", of(disputes(after=1)), prior.with_fields(year=2018))
    ] == ["上年年报是 2018 年的，不是 2021 年"]


def test_direct_suits_are_hinted_at_only_where_nothing_else_could_have_been_sued() -> None:
    rule = one_rule("T4-08")
    report, prior = rule.bad.on(FORM), rule.bad.prior_on(FORM)
    assert prior is not None
    assert told("T4-08", report, prior)
    for other in (
        "granted",
        "unable_to_provide.not_held",
        "denied.administrative_inquiry",
        "other.other_reasons",
    ):
        cell = f"requests.handled.{other}.total"
        assert told("T4-08", report.with_entry(cell, 1), prior) == []
        assert told("T4-08", report, prior.with_entry(cell, 1)) == []


def test_every_rule_of_figures_says_in_which_list_it_belongs() -> None:
    groups = {rule.code: rule.group for rule in OURS}
    assert (groups["T2-07"], groups["T2-09"], groups["Y-03"], groups["D-01"]) == (
        Group.FORMAT, Group.TABLES, Group.YEARS, Group.DEADLINES,
    )  # fmt: skip
