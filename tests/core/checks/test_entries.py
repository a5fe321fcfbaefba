"""What is wrong with a single figure: blanks, texts, what no figure can be, and doubts of an import or of last year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gxeditor.core.checks.anchors import Cell as AtCell
from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.core.revision import to_revise
from gxeditor.resources import load_form, load_rules

FORM = load_form()
RULES = load_rules(FORM)
ROW = "requests.received"
ONE, TOTAL = f"{ROW}.natural_person", f"{ROW}.total"
FEES = "proactive.fees.amount"


def report_of(entries: dict[str, Entry] | Any, year: int | None = 2022) -> Report:
    return blank_report(FORM, year).with_entries(entries)


def found(findings: Findings, rule_id: str) -> list[Finding]:
    return [finding for finding in findings.findings if finding.rule.id == rule_id]


@pytest.fixture
def zeros() -> Report:
    """A complete report with nothing to tell: every cell that is no total holds 0."""
    return report_of({cell.id: 0 for cell in FORM.cells.values() if not cell.is_total})


def test_blanks_are_one_query_for_each_table_that_was_begun_and_tint_no_cell(zeros: Report) -> None:
    findings = check(zeros.with_entries({ONE: None, f"{ROW}.company": None}), RULES)
    (finding,) = found(findings, "E-01")
    assert finding.message == "表三还有 2 格未填，没有的请填 0。"
    assert finding.cells == (ONE, f"{ROW}.company")
    assert finding.severity is Severity.QUERY
    assert finding.page == "requests"
    assert dict(findings.by_cell) == {}


def test_a_blank_total_whose_details_are_texts_is_a_blank_to_fill(zeros: Report) -> None:
    report = zeros.with_entries({part: "/" for part in FORM.cells[TOTAL].parts})
    (finding,) = found(check(report, RULES), "E-01")
    assert TOTAL in finding.cells


def test_slashes_are_one_query_for_their_table(zeros: Report) -> None:
    findings = check(
        zeros.with_entries({"disputes.direct_suit.upheld": "/", "disputes.direct_suit.total": "/"}), RULES
    )
    (finding,) = found(findings, "E-02")
    assert finding.message == "表四有 2 格填的是“/”这类文字，没有的请填 0。"
    assert set(findings.by_cell) == {"disputes.direct_suit.upheld", "disputes.direct_suit.total"}


def test_a_figure_that_cannot_be_is_an_error_in_its_cell(zeros: Report) -> None:
    report = zeros.with_entries(
        {ONE: -1, f"{ROW}.company": "12件", TOTAL: 0, f"{ROW}.other_organization": Decimal("1.5")}
    )
    messages = [f.message for f in check(report, RULES).findings if f.rule.kind == "entry"]
    assert messages == [
        "一、本年新收 · 商业企业：“12件”不是数字。",
        "一、本年新收 · 自然人：-1 小于 0，数量和金额不能是负数。",
        "一、本年新收 · 其他组织：1.5 不是整数，单位为件，不能有小数。",
    ]


@pytest.mark.parametrize("amount", ["0", "0.5", "0.0000", "0.12345", "5949.088667"])
def test_an_amount_has_as_many_decimals_as_it_was_published_with(zeros: Report, amount: str) -> None:
    assert not check(zeros.with_entry(FEES, Decimal(amount)), RULES).findings


@pytest.mark.parametrize(("amount", "count"), [("5949.0886671", 7), ("0.123456789012", 12), ("1.0000000", 7)])
def test_more_decimals_than_any_report_has_are_asked_about(zeros: Report, amount: str, count: int) -> None:
    (finding,) = check(zeros.with_entry(FEES, Decimal(amount)), RULES).findings
    assert (finding.rule.id, finding.severity.word) == ("E-06", "核实")
    assert f"{amount} 有 {count} 位小数" in finding.message


def test_an_amount_that_is_no_finite_number_is_an_error(zeros: Report) -> None:
    report = zeros.with_entry(FEES, Decimal("Infinity"))
    assert [finding.rule.id for finding in check(report, RULES).findings] == ["E-03"]


# --- figures taken over in doubt


def test_figures_doubted_for_one_reason_in_one_table_are_one_query_at_the_first() -> None:
    first, second, third = (
        "requests.received.natural_person",
        "requests.received.company",
        "requests.received.research",
    )
    report = report_of({first: 1, second: 0, third: 2, "disputes.reconsideration.upheld": 0}).with_doubts(
        {
            third: "看不清。",
            first: "是字母。",
            second: "是字母。",
            "disputes.reconsideration.upheld": "是字母。",
        }
    )
    findings = [finding for finding in check(report, RULES).findings if finding.is_doubt]
    assert [finding.cells for finding in findings] == [
        (first, second), (third,), ("disputes.reconsideration.upheld",),
    ]  # fmt: skip
    assert findings[0].message == "一、本年新收 · 自然人等 2 格：导入时存疑。是字母。"
    assert findings[0].where == AtCell(first)
    assert findings[1].message.endswith("科研机构：导入时存疑。看不清。")
    assert {finding.severity.word for finding in findings} == {"核实"}
    assert len({finding.key for finding in findings}) == 3


def test_a_doubt_that_was_looked_at_or_changed_by_hand_is_told_no_more() -> None:
    cell = "requests.received.natural_person"
    report = report_of({cell: 0}).with_doubts({cell: "是字母。"})
    (doubt,) = (finding for finding in check(report, RULES).findings if finding.is_doubt)
    assert doubt.cells == (cell,)
    for later in (report.without_doubts([cell]), report.with_entry(cell, 3)):
        assert not [f for f in check(later, RULES).findings if f.is_doubt]


def test_each_number_of_last_years_prose_is_a_query_with_its_place() -> None:
    text = "2022年，全年收到申请62件。"
    report = report_of({}).with_section("overview", text).with_fields(preamble="2022年编制。")
    report = report.with_prose_doubts("overview", to_revise(text))
    report = report.with_prose_doubts("preamble", to_revise("2022年编制。"))
    findings = [finding for finding in check(report, RULES).findings if finding.is_doubt]
    assert [finding.where for finding in findings] == [
        Span("preamble", 0, 4), Span("overview", 0, 4), Span("overview", 12, 14),
    ]  # fmt: skip
    assert [finding.page for finding in findings] == ["", "overview", "overview"]
    assert findings[2].message == "“全年收到申请62件”是去年文字里的数，请改成今年的。"
    assert findings[1].message == "“2022年”是去年文字里的年份，请改成今年的。"
    later = report.with_section("overview", text.replace("62", "75")).without_prose_doubts("preamble", [0])
    (left,) = (finding for finding in check(later, RULES).findings if finding.is_doubt)
    assert left.spans == (Span("overview", 0, 4),)


# --- closed
