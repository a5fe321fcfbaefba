"""Two years beside each other: stocks, changes, tables and prose as they stood, and what cannot be compared."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.profiles import NATIONAL, Given, Profile, Stated
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.report import Entry, Explanation, Prior, Report, blank_report
from gxeditor.core.revision import to_revise
from gxeditor.resources import load_form, load_rules

FORM = load_form()
RULES = load_rules(FORM)
DOCUMENTS = "proactive.normative_documents"
RECEIVED = "requests.received.total"
NAMED = ("Y-03", "Y-04", "Y-05", "Y-06", "Y-06b", "Y-08")


def one_rule(code: str) -> Rule:
    return next(rule for rule in RULES if rule.code == code)


def of(entries: dict[str, Entry | None] | None = None, year: int | None = 2023) -> Report:
    return blank_report(FORM, year).with_entries(entries or {})


def last(entries: dict[str, Entry | None] | None = None, year: int | None = 2022) -> Report:
    return of(entries, year)


def told(code: str, report: Report, prior: Report, profile: Profile = NATIONAL) -> list[Finding]:
    return list(check(report, [one_rule(code)], prior, Given(profile=profile)).findings)


def reasons(code: str, report: Report, prior: Report | None) -> list[str]:
    return [item.reason for item in check(report, [one_rule(code)], prior).not_checked]


# --- what cannot be compared


@pytest.mark.parametrize("code", NAMED)
def test_without_last_years_report_nothing_across_years_is_checked(code: str) -> None:
    assert reasons(code, of(), None) == ["没有选上年年报"]


@pytest.mark.parametrize("code", NAMED)
@pytest.mark.parametrize("year", [2021, 2023, 2024])
def test_years_that_do_not_follow_each_other_are_not_compared(code: str, year: int) -> None:
    assert reasons(code, of(), last(year=year)) == [f"上年年报是 {year} 年的，不是 2022 年"]


@pytest.mark.parametrize("code", ["Y-03", "Y-04", "Y-05"])
def test_table_two_is_not_compared_across_the_change_of_the_form(code: str) -> None:
    stock = {
        f"{row}.{c}": 0 for row in (DOCUMENTS, "proactive.government_rules") for c in ("issued", "repealed")
    }
    report = of({**stock, f"{DOCUMENTS}.in_force": 3, "proactive.licensing.decisions": 900}, 2021)
    prior = last({f"{DOCUMENTS}.in_force": 30, "proactive.licensing.decisions": 3}, 2020)
    assert told(code, report, prior) == []
    assert "上年年报用的是旧格式，表二的数不能比" in reasons(code, report, prior)[0]


def test_requests_are_compared_even_then() -> None:
    (finding,) = told("Y-04", of({RECEIVED: 300}, 2021), last({RECEIVED: 30}, 2020))
    assert finding.cells == (RECEIVED,)


# --- stocks


def stock(in_force: int | None, issued: int = 8, repealed: int = 2) -> Report:
    zeros = {f"proactive.government_rules.{column}": 0 for column in ("issued", "repealed", "in_force")}
    counts = {"issued": issued, "repealed": repealed, "in_force": in_force}
    return of({**zeros, **{f"{DOCUMENTS}.{column}": n for column, n in counts.items()}})


PRIOR_STOCK = last({f"{DOCUMENTS}.in_force": 30, "proactive.government_rules.in_force": 0})


def test_what_is_in_force_goes_on_from_last_year() -> None:
    assert told("Y-03", stock(36), PRIOR_STOCK) == []
    (finding,) = told("Y-03", stock(30), PRIOR_STOCK)
    assert finding.message.startswith(
        "行政规范性文件 · 现行有效：上年现行有效加本年制发减本年废止为 30＋8－2＝36，填的是 30，相差 6"
    )
    assert (finding.left, finding.right, finding.values) == (None, None, ("30", "8", "2", "30"))
    assert finding.severity is Severity.QUERY


@pytest.mark.parametrize(
    ("prose", "explains"),
    [
        ("因2023年开展了清理工作，现行有效件数根据清理结果进行了调整，以本年度报告为准。", True),
        ("按新的统计口径，行政规范性文件现行有效30件。", True),
        ("上年数有误，规范性文件件数予以更正。", True),
        ("开展规范性文件清理，废止2件。", False),
        ("建立规范性文件动态调整机制。", False),
        ("及时调整公开目录。", False),
        ("人员有调整。制发规范性文件8件。", False),
    ],
)
def test_a_sentence_that_explains_the_stock_is_an_answer(prose: str, explains: bool) -> None:
    report = stock(30).with_section("proactive", prose)
    assert bool(told("Y-03", report, PRIOR_STOCK)) is not explains


def test_an_explanation_of_a_stock_holds_while_its_figures_stand() -> None:
    report = stock(30).with_prior(Prior.of(PRIOR_STOCK))
    (finding,) = check(report, [one_rule("Y-03")]).findings
    explained = report.with_explanation(
        finding.address, Explanation("机构改革，划出三个部门", finding.values)
    )
    assert check(explained, [one_rule("Y-03")]).open == ()
    changed = explained.with_entry(f"{DOCUMENTS}.issued", 9)
    assert [one.is_reopened for one in check(changed, [one_rule("Y-03")]).open] == [True]


def test_one_slip_in_a_stock_is_told_once() -> None:
    assert told("T2-08", stock(3), PRIOR_STOCK) == []
    assert told("Y-03", stock(3), PRIOR_STOCK)
    (finding,) = check(stock(3), [one_rule("T2-08")]).findings
    assert (
        finding.message == "行政规范性文件 · 现行有效：现行有效 3 件，少于本年制发减去废止的 6 件，请核实。"
    )


def test_a_blank_stock_of_either_year_prevents_it() -> None:
    assert reasons("Y-03", stock(None), PRIOR_STOCK) == ["有 1 格未填"]
    assert reasons("Y-03", stock(36), last()) == ["上年年报这一格未填"]


# --- changes


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        (30, 150, False), (30, 151, True), (50, 10, False), (60, 11, True),
        (0, 9, False), (0, 10, True), (10, 0, True), (9, 0, False),
        (3, 20, False), (3, 60, True), (60, 3, True), (0, 0, False), (7, 7, False),
    ],
)  # fmt: skip
def test_many_times_as_much_or_a_small_part_is_asked_about(then: int, now: int, found: bool) -> None:
    assert bool(told("Y-04", of({RECEIVED: now}), last({RECEIVED: then}))) is found


def test_changes_are_one_query_for_each_table() -> None:
    cells = {RECEIVED: 300, "requests.handled.total.total": 290, "disputes.direct_suit.total": 40}
    then = {RECEIVED: 30, "requests.handled.total.total": 29, "disputes.direct_suit.total": 0}
    requests, disputes = told("Y-04", of(dict(cells)), last(dict(then)))
    assert requests.message == (
        "表三与上年相比变化很大：一、本年新收 · 总计 30 → 300，三（七）总计 · 总计 29 → 290。请核实，或说明原因。"
    )
    assert requests.values == ("30", "300", "29", "290")
    assert (disputes.page, disputes.marks) == ("disputes", False)


def test_a_profile_sets_other_limits() -> None:
    limits = {"change.more": Stated(2, "rule", "通知"), "change.least": Stated(1, "rule", "通知")}
    assert told("Y-04", of({RECEIVED: 9}), last({RECEIVED: 4}), Profile("a", "甲", limits))
    assert not told("Y-04", of({RECEIVED: 9}), last({RECEIVED: 4}))


def test_a_line_that_last_years_report_does_not_have_is_not_called_unchanged() -> None:
    lines: list[str] = one_rule("Y-04").data["lines"]
    filled: dict[str, Entry | None] = dict.fromkeys(lines, 4)
    assert reasons("Y-04", of(filled), last(filled)) == []
    assert reasons("Y-04", of(filled), last({**filled, RECEIVED: None})) == ["上年年报有格未填"]
    assert reasons("Y-04", of({**filled, RECEIVED: None}), last(filled)) == ["有 1 格未填"]


def test_lines_of_no_weight_may_change_as_they_like() -> None:
    cell = "requests.handled.denied.state_secret.company"
    assert told("Y-04", of({cell: 900}), last({cell: 1})) == []


# --- the same again


def table(key: str, **figures: int) -> dict[str, Entry | None]:
    cells: dict[str, Entry | None] = {
        c.id: 0 for t in FORM.tables if t.key == key for c in t.cells if not c.is_total
    }
    return {**cells, **{f"{key}.{name.replace('__', '.')}": n for name, n in figures.items()}}


def test_a_table_that_is_last_years_is_asked_about() -> None:
    same = table("disputes", reconsideration__upheld=2, direct_suit__upheld=1, direct_suit__pending=1)
    (finding,) = told("Y-05", of(same), last(same))
    assert finding.message == "表四的每一格都与上年年报相同，请核实是不是今年的数。"
    assert told("Y-05", of({**same, "disputes.direct_suit.other": 1}), last(same)) == []


def test_tables_with_few_figures_are_the_same_by_chance() -> None:
    few = table("disputes", reconsideration__upheld=2, direct_suit__upheld=1)
    assert told("Y-05", of(few), last(few)) == []
    stocks = table(
        "proactive", normative_documents__in_force=30, government_rules__in_force=2, licensing__decisions=4
    )
    assert told("Y-05", of(stocks), last(stocks)) == []


TEXT = (
    "存在的主要问题是公开内容不够及时，部分栏目更新周期较长，群众查找不便。"
    "下一步将完善更新提醒制度，压实科室责任，按季度开展自查5次，对发现的问题逐项登记整改，并在年底前通报。"
)


def prose(text: str, year: int = 2023) -> Report:
    return of(year=year).with_section("problems", text)


def test_prose_that_is_last_years_word_by_word_is_a_query_and_nothing_besides() -> None:
    again = TEXT.replace("。下", "。\n　　下")
    (finding,) = told("Y-06", prose(again), prose(TEXT, 2022))
    assert finding.message == "第五部分正文与上年年报一字不差，请核实是不是今年的情况。"
    assert (finding.where, finding.severity) == (Span("problems", 0, len(again)), Severity.QUERY)
    assert told("Y-06b", prose(again), prose(TEXT, 2022)) == []


def test_prose_with_other_figures_alone_is_a_hint() -> None:
    (finding,) = told("Y-06b", prose(TEXT.replace("5次", "6次")), prose(TEXT, 2022))
    assert finding.severity is Severity.HINT
    assert told("Y-06", prose(TEXT.replace("5次", "6次")), prose(TEXT, 2022)) == []


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("部分栏目更新周期较长", "解读材料形式单一"),
        "无。",
        "本年度未收取信息处理费。",
        "根据《政府信息公开条例》第五十条规定编制本报告，报告中所列数据的统计期限自1月1日起至12月31日止，联系地址和电话不变，欢迎来电。",
    ],
)
def test_prose_that_was_written_anew_or_is_a_formula_is_left_alone(text: str) -> None:
    before = TEXT if text.startswith("存在") else text
    assert told("Y-06", prose(text), prose(before, 2022)) == []
    assert told("Y-06b", prose(text), prose(before, 2022)) == []


def test_last_years_prose_whose_figures_still_wait_is_told_by_those() -> None:
    report = prose(TEXT).with_prose_doubts("problems", to_revise(TEXT))
    assert report.prose_doubts
    assert told("Y-06", report, prose(TEXT, 2022)) == []


def test_a_reason_given_for_prose_holds_while_it_is_polished() -> None:
    (one,) = told("Y-06b", prose(TEXT.replace("5次", "6次")), prose(TEXT, 2022))
    (other,) = told("Y-06b", prose(TEXT.replace("5次", "17次")), prose(TEXT, 2022))
    assert (one.address, one.values) == (other.address, other.values)


# --- cases


@pytest.mark.parametrize(("pending", "now", "found"), [(2, 1, True), (2, 2, False), (0, 0, False)])
def test_cases_that_were_open_last_year_are_looked_for_this_year(pending: int, now: int, found: bool) -> None:
    zeros = {
        f"disputes.{c}.total": 0 for c in ("reconsideration", "direct_suit", "suit_after_reconsideration")
    }
    waiting = {
        f"disputes.{c}.pending": 0 for c in ("reconsideration", "direct_suit", "suit_after_reconsideration")
    }
    report = of({**zeros, "disputes.reconsideration.total": now})
    findings = told("Y-08", report, last({**waiting, "disputes.reconsideration.pending": pending}))
    assert [finding.cells for finding in findings] == ([("disputes.reconsideration.total",)] if found else [])


def test_an_amount_in_another_unit_is_no_change_and_a_count_that_grew_ten_thousandfold_is_one() -> None:
    fee = "proactive.fees.amount"
    (finding,) = told("Y-04", of({fee: Decimal("3.2"), "proactive.licensing.decisions": 60_000}), last(
        {fee: Decimal("32000"), "proactive.licensing.decisions": 5}
    ))  # fmt: skip
    assert finding.cells == ("proactive.licensing.decisions",)


def test_amounts_are_compared_exactly() -> None:
    fee = "proactive.fees.amount"
    assert told("Y-04", of({fee: Decimal("60.01")}), last({fee: Decimal("12.002")})) == []
    assert told("Y-04", of({fee: Decimal("60.02")}), last({fee: Decimal("12.002")}))


def test_a_note_below_a_table_that_speaks_of_the_stock_explains_it_as_a_sentence_does() -> None:
    report = stock(20)
    assert told("Y-03", report, PRIOR_STOCK)
    noted = report.with_fields(note_proactive="注：现行有效件数按清理结果调整，以本报告为准。")
    assert told("Y-03", noted, PRIOR_STOCK) == []
    assert told("Y-03", report.with_fields(note_proactive="注：含部门制发的。"), PRIOR_STOCK)
