"""Deadlines: by when a report must be public, who is reminded, and who is left alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gxeditor.core.checks.check import check
from gxeditor.core.checks.deadlines import read_date
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.profiles import NATIONAL, Given, Profile, Stated
from gxeditor.core.fields import AgencyKind
from gxeditor.core.report import Final, Report, blank_report
from gxeditor.resources import load_form, load_rules

FORM = load_form()
RULES = [rule for rule in load_rules(FORM) if rule.code.startswith("D-0")]
LOCAL = Profile("here", "我县", {"deadlines.publish.township": Stated("02-20", "rule", "通知")})


def of(kind: AgencyKind, year: int | None = 2022, **fields: object) -> Report:
    return blank_report(FORM, year).with_fields(kind=kind, **fields)


def told(report: Report, today: date | None, profile: Profile = NATIONAL) -> list[Finding]:
    return list(check(report, RULES, given=Given(today=today, profile=profile)).findings)


def codes(report: Report, today: date | None, profile: Profile = NATIONAL) -> list[str]:
    return [finding.rule.code for finding in told(report, today, profile)]


@pytest.mark.parametrize(
    ("kind", "deadline", "near", "past"),
    [
        (AgencyKind.DEPARTMENT, date(2023, 1, 31), "D-01", "D-01b"),
        (AgencyKind.GOVERNMENT, date(2023, 3, 31), "D-02", "D-02b"),
    ],
)
def test_the_law_names_a_day_for_departments_and_one_for_governments(
    kind: AgencyKind, deadline: date, near: str, past: str
) -> None:
    report = of(kind)
    expected = {-22: [], -21: [near], -1: [near], 0: [near], 1: [past], 92: [past], 93: [], 700: []}
    assert {days: codes(report, deadline + timedelta(days)) for days in expected} == expected


def test_the_days_that_are_left_are_counted() -> None:
    report = of(AgencyKind.DEPARTMENT)
    (near,) = told(report, date(2023, 1, 20))
    assert near.message == "2023年1月31日前要公布（条例第四十九条），还有 11 天。"
    assert (near.severity.word, near.page) == ("提示", "")
    assert "就是今天" in told(report, date(2023, 1, 31))[0].message
    (past,) = told(report, date(2023, 2, 3))
    assert past.message == "应在 2023年1月31日前公布（条例第四十九条），已过 3 天，请核实。"
    assert past.severity.word == "核实"


def test_townships_and_other_agencies_have_no_day_unless_a_profile_names_one() -> None:
    assert codes(of(AgencyKind.TOWNSHIP), date(2023, 1, 30)) == []
    assert codes(of(AgencyKind.OTHER), date(2023, 2, 2)) == []
    (near,) = told(of(AgencyKind.TOWNSHIP), date(2023, 2, 10), LOCAL)
    assert near.message == "2023年2月20日前要公布（我县的要求），还有 10 天。"


def test_a_local_day_goes_before_that_of_the_law_if_it_is_a_rule() -> None:
    def at(status: str) -> Profile:
        values = {
            "deadlines.publish": Stated("01-28", status, "通知"),  # type: ignore[arg-type]
            "deadlines.submit": Stated("01-26", "rule", "通知"),
        }
        return Profile("here", "我市", values)

    (finding,) = told(of(AgencyKind.DEPARTMENT), date(2023, 1, 20), at("rule"))
    assert finding.message == "2023年1月28日前要公布（我市的要求，2023年1月26日前报送），还有 8 天。"
    (finding,) = told(of(AgencyKind.DEPARTMENT), date(2023, 1, 20), at("practice"))
    assert "2023年1月31日前要公布（条例第四十九条）" in finding.message


@pytest.mark.parametrize(
    "written", ["2023年1月16日", "2023-01-16", "2023.1.16", "二〇二三年一月十六日", "２０２３年１月１６日"]
)
def test_a_report_dated_in_time_is_left_alone(written: str) -> None:
    report = of(AgencyKind.DEPARTMENT, date=written)
    assert codes(report, date(2023, 1, 20)) == codes(report, date(2023, 2, 20)) == []


def test_a_date_that_is_still_to_come_says_nothing_of_publication() -> None:
    report = of(AgencyKind.DEPARTMENT, date="2023年1月25日")
    assert codes(report, date(2023, 1, 20)) == ["D-01"]
    assert codes(report, date(2023, 1, 25)) == []


def test_a_date_after_the_day_is_asked_about() -> None:
    report = of(AgencyKind.DEPARTMENT, date="2023年2月6日")
    (finding,) = told(report, date(2023, 2, 10))
    assert finding.message.endswith("落款日期是 2023年2月6日，请核实。")
    assert codes(report, date(2023, 9, 1)) == []


def test_a_report_made_final_in_time_is_left_alone_until_it_is_reopened() -> None:
    final = Final("2023-01-18", "张三", "0" * 64)
    report = of(AgencyKind.DEPARTMENT).with_finals([final])
    assert codes(report, date(2023, 1, 20)) == codes(report, date(2023, 2, 20)) == []
    reopened = report.with_finals([Final("2023-01-18", "张三", "0" * 64, reopened="2023-01-19 改正")])
    assert codes(reopened, date(2023, 1, 20)) == ["D-01"]


def test_without_a_day_or_a_year_nothing_is_counted_and_that_is_said() -> None:
    def reasons(report: Report, today: date | None) -> set[str]:
        return {item.reason for item in check(report, RULES, given=Given(today=today)).not_checked}

    assert reasons(of(AgencyKind.DEPARTMENT), None) == {"没有日期"}
    assert reasons(of(AgencyKind.DEPARTMENT, None), date(2023, 1, 20)) == {"没有写年份"}
    assert reasons(of(AgencyKind.DEPARTMENT), date(2023, 1, 20)) == set()


def test_an_explanation_of_a_late_report_holds_on_the_next_day() -> None:
    report = of(AgencyKind.DEPARTMENT)
    assert told(report, date(2023, 2, 3))[0].values == told(report, date(2023, 2, 4))[0].values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023年12月31日", date(2023, 12, 31)),
        ("2023 年 1 月 5 日", date(2023, 1, 5)),
        ("二○二四年十二月三十一日", date(2024, 12, 31)),
        ("二〇二四年十月二十日", date(2024, 10, 20)),
        ("2023年13月45日", None),
        ("二〇二三年一月", None),
        ("年初", None),
        ("", None),
        ("二〇二三年一一月一日", None),
    ],
)
def test_a_date_is_read_as_offices_write_it(text: str, day: date | None) -> None:
    assert read_date(text) == day
