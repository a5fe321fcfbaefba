"""What is found in a ledger of requests, check by check."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import Defects
from gxeditor.core.ledger import checks
from gxeditor.core.ledger.checks import Finding, LedgerFindings, check, parse_checks
from gxeditor.core.ledger.counting import count
from gxeditor.core.ledger.request import Ledger, Origin, Request, Value
from gxeditor.core.report import Report, blank_report
from gxeditor.resources import load_calendar, load_form, load_ledger_checks, load_vocabulary, resource

FORM = load_form()
WORDS = load_vocabulary(FORM)
CHECKS = load_ledger_checks(FORM)
CALENDAR = load_calendar()
TODAY = date(2026, 1, 12)
WRITTEN = tomllib.loads(resource("ledger/checks.toml").read_text(encoding="utf-8"))


def day(text: str) -> date:
    return date.fromisoformat(text)


def request(key: str = "1", received: str = "2025-03-03", closed: str = "", **more: Any) -> Request:
    """A request of 何某甲 that is in order; days may be texts, None takes a value away."""
    values: dict[str, Any] = {
        "reg_no": f"25-{key}",
        "applicant": f"申请人{key}",
        "applicant_type": "C1",
        "subject": f"第{key}号地块的批复",
        "received_on": received,
    }
    values |= {"answered_on": closed, "outcome": "G1"} if closed else {}
    values |= more
    dates = {column.field for column in WORDS.columns if column.type == "date"}
    read: dict[str, Value] = {
        name: day(value) if name in dates and isinstance(value, str) else value
        for name, value in values.items()
        if value is not None
    }
    return Request(key, read)


def looked(*requests: Request, today: date = TODAY, **more: Any) -> LedgerFindings:
    return check(Ledger(requests=requests), CHECKS, CALENDAR, WORDS, today, **more)


def found(rule: str, *requests: Request, today: date = TODAY, **more: Any) -> list[Finding]:
    return [one for one in looked(*requests, today=today, **more).findings if one.rule == rule]


def only(rule: str, *requests: Request, **more: Any) -> Finding:
    (one,) = found(rule, *requests, **more)
    return one


def reasons(several: Iterable[Any], rule: str) -> list[str]:
    return [one.reason for one in several if one.check.code == rule]


def test_a_request_answered_in_time_has_nothing_to_be_found() -> None:
    assert not looked(request(closed="2025-03-20"), columns=[c.field for c in WORDS.columns]).findings


# --- L-01


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (request(received_on=None), "received_on"),
        (request(applicant_type=None), "applicant_type"),
        (request(closed="2025-03-20", outcome=None), "outcome"),
        (request(closed="2025-03-20", outcome="OPEN"), "outcome"),
        (request(outcome="G1"), "answered_on"),
    ],
)
def test_what_counting_needs_is_missed(wrong: Request, field: str) -> None:
    one = only("L-01", wrong)
    assert (one.request, one.field, one.severity) == ("1", field, Severity.ERROR)
    assert not one.can_be_explained


def test_what_was_found_and_not_understood_is_missed_too_and_each_column_by_itself() -> None:
    wrong = replace(
        request(closed="2025-03-20", received_on=None, outcome=None), unsettled={"outcome": "给了"}
    )
    assert [one.field for one in found("L-01", wrong)] == ["received_on", "outcome"]


def test_one_entered_by_mistake_and_a_blank_row_are_not_looked_at() -> None:
    assert not looked(Request("1", {"outcome": "VOID"}), Request("2")).findings


# --- L-02


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (request(closed="2025-02-20"), "answered_on"),
        (request(correction_sent_on="2025-03-01", correction_back_on="2025-03-10"), "correction_sent_on"),
        (request(correction_sent_on="2025-03-10", correction_back_on="2025-03-06"), "correction_back_on"),
        (
            request(closed="2025-03-12", correction_sent_on="2025-03-06", correction_back_on="2025-03-20"),
            "answered_on",
        ),
        (request(correction_back_on="2025-03-10"), "correction_sent_on"),
        (request(closed="2025-03-20", correction_sent_on="2025-03-06"), "correction_back_on"),
        (request(closed="2026-03-20"), "answered_on"),
        (request(review_on="2026-03-20"), "review_on"),
        (request(closed="2025-03-12", outcome="O1", correction_sent_on="2025-03-20"), "answered_on"),
        (request(closed="2025-04-20", extended_on="2025-04-01"), "extended_on"),
    ],
)
def test_days_in_a_wrong_order_are_asked_about(wrong: Request, field: str) -> None:
    one = only("L-02", wrong)
    assert (one.field, one.severity) == (field, Severity.QUERY)


def test_given_up_after_a_correction_was_asked_for_is_in_order() -> None:
    asked = request(closed="2025-04-20", outcome="O1", correction_sent_on="2025-03-06")
    assert not found("L-02", asked)
    assert not found("L-04", asked)


def test_an_extension_told_on_the_last_day_is_in_time() -> None:
    # 20 working days behind 2025-03-03 are up on 2025-03-31.
    assert not found("L-02", request(closed="2025-04-20", extended_on="2025-03-31"))
    late = only("L-02", request(closed="2025-04-20", extended_on="2025-04-01"))
    assert late.due == date(2025, 3, 31)
    assert "第 20 个工作日为 3月31日" in late.message


# --- L-03 to L-05, L-12


def test_a_correction_is_to_be_asked_for_within_seven_working_days() -> None:
    assert not found("L-03", request(received="2025-09-28", correction_sent_on="2025-10-14"))
    late = only("L-03", request(received="2025-09-28", correction_sent_on="2025-10-15"))
    assert late.due == date(2025, 10, 14)
    assert "国庆节休" in late.message


def test_an_answer_behind_its_day_is_told_with_the_calculation() -> None:
    assert not found("L-04", request(received="2025-01-20", closed="2025-02-21"))
    late = only("L-04", request(received="2025-01-20", closed="2025-02-24"))
    assert late.due == date(2025, 2, 21)
    assert "1月20日收到，春节休 8 天，第 20 个工作日为 2月21日" in late.message
    assert "晚 1 个工作日" in late.message


def test_an_open_request_is_late_from_the_day_behind_its_last() -> None:
    one = request(received="2025-12-09")
    assert not found("L-04", one, today=date(2026, 1, 7))
    late = only("L-04", one, today=date(2026, 1, 8))
    assert late.message.startswith("2026年1月7日到期，没有答复日期，也没有延期告知，已超 1 个工作日")


@pytest.mark.parametrize("field", ["answered_on", "extended_on"])
def test_what_was_found_and_not_understood_makes_nothing_late(field: str) -> None:
    assert found("L-04", request())
    assert not found("L-04", replace(request(), unsettled={field: "2025.2.30"}))


def test_who_did_not_pay_is_given_up_behind_the_day_and_nobody_knows_how_long_one_waits() -> None:
    noticed = request(closed="2025-05-06", outcome="O2", fee_notice_on="2025-03-20")
    said = looked(noticed)
    assert not [one for one in said.findings if one.rule == "L-04"]
    assert "缴费的期限没有查到" in reasons(said.undetermined, "L-04")[0]
    assert found("L-04", noticed.with_value("fee_notice_on", day("2025-04-02")))


def test_a_deadline_that_something_unsettled_decides_is_told_as_not_checked() -> None:
    said = looked(replace(request(closed="2025-05-06"), unsettled={"extended_on": "是"}))
    assert "延期告知日期没有定，不能计算" in reasons(said.undetermined, "L-04")


def test_waiting_for_others_is_not_late() -> None:
    for waiting in (
        request(correction_sent_on="2025-03-06"),
        request(third_party_sent_on="2025-03-06"),
        request(co_agency_sent_on="2025-03-06"),
    ):
        assert not found("L-04", waiting)
        assert not found("L-12", waiting)


def test_beyond_the_notices_nothing_is_late_and_the_request_is_named() -> None:
    said = looked(request(received="2026-12-21"), today=date(2026, 12, 28))
    assert not [one for one in said.findings if one.rule == "L-04"]
    assert next(one for one in said.undetermined if one.check.code == "L-04").requests == ("1",)
    assert reasons(said.undetermined, "L-04") == ["2027 年放假安排未收录，不能计算"]


def test_where_only_days_off_have_passed_no_number_of_working_days_is_told() -> None:
    one = only("L-04", request(received="2025-03-03"), today=date(2025, 4, 4))  # due on 03-31
    assert "已超 3 个工作日" in one.message
    holiday = only("L-04", request(received="2025-03-06"), today=date(2025, 4, 4))  # due on 04-03, then 清明
    assert (holiday.sentence, holiday.due) == ("overdue_unknown", date(2025, 4, 3))
    assert "0 个工作日" not in holiday.message.partition("：")[0]


def test_opinions_are_due_within_fifteen_working_days() -> None:
    assert not found("L-05", request(third_party_sent_on="2025-03-06", third_party_back_on="2025-03-27"))
    late = only("L-05", request(co_agency_sent_on="2025-03-06", co_agency_back_on="2025-03-28"))
    assert (late.field, late.due, late.severity) == ("co_agency_back_on", date(2025, 3, 27), Severity.HINT)
    assert not found("L-05", request(third_party_sent_on="2025-12-29"))
    assert found("L-05", request(third_party_sent_on="2025-03-06"))[0].sentence == "waiting"


def test_open_for_more_than_forty_working_days_is_told_with_how_long() -> None:
    # 40 working days behind 2025-01-02 are up on 2025-03-05.
    one = request(received="2025-01-02")
    assert not found("L-12", one, today=date(2025, 3, 5))
    assert "41 个工作日" in only("L-12", one, today=date(2025, 3, 6)).message


def test_what_is_not_settled_elsewhere_in_a_row_hides_no_request_that_is_open_for_long() -> None:
    one = replace(request(), unsettled={"channel": "来人"})
    assert found("L-12", one)
    assert not found("L-12", replace(request(), unsettled={"delay_until": "年底"}))


@pytest.mark.parametrize("today", [date(2026, 10, 24), date(2027, 3, 1)])
def test_no_number_of_days_is_told_that_nobody_can_count(today: date) -> None:
    # 20 working days behind 2026-09-20, a Sunday that was worked, are up on 2026-10-23, a Friday.
    one = only("L-04", request(received="2026-09-20"), today=today)
    assert one.due == date(2026, 10, 23)
    assert "已超" not in one.message
    assert "没有答复日期" in one.message


# --- L-06 to L-09


@pytest.mark.parametrize(
    ("channel", "basis", "sentence"),
    [
        ("dm", "submitted", ""),
        ("xh", "signed", ""),
        ("xh", "confirmed", ""),
        ("px", "confirmed", ""),
        ("wl", "agreed", ""),
        ("qt", "signed", ""),
        ("dm", "signed", "other"),
        ("xh", "submitted", "other"),
        ("px", "signed", "other"),
        ("yj", "submitted", "other"),
        ("yj", "system", "superseded"),
        (None, "system", "superseded"),
    ],
)
def test_how_the_day_of_receipt_is_fixed_goes_by_the_way_it_came(
    channel: str | None, basis: str, sentence: str
) -> None:
    one = request(channel=channel, received_basis=basis)
    assert [f.sentence for f in found("L-06", one)] == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        ("O1", "correction_sent_on"),
        ("O2", "fee_notice_on"),
        ("U4", "correction_back_on"),
        ("D4", "third_party_sent_on"),
        ("N4", "reason_asked_on"),
    ],
)
def test_some_answers_need_a_step_before(outcome: str, field: str) -> None:
    bare = request(closed="2025-03-20", outcome=outcome)
    assert only("L-07", bare).field == field
    assert not found("L-07", bare.with_value(field, date(2025, 3, 10)))


def test_third_parties_need_not_be_asked_if_the_note_says_why() -> None:
    noted = request(closed="2025-03-20", outcome="D4", note="权利人已书面表示不同意公开")
    assert not found("L-07", noted)
    assert found("L-07", noted.with_value("note", "已寄出"))


def test_columns_that_an_imported_ledger_lacks_are_told_instead() -> None:
    read = replace(request(closed="2025-03-20", outcome="O1"), origin=Origin("台账.xlsx", "Sheet1", 2))
    said = looked(read)
    assert not [one for one in said.findings if one.rule == "L-07"]
    assert "台账里没有补正告知日期" in reasons(said.undetermined, "L-07")[0]
    assert reasons(said.not_checked, "L-03") == ["台账里没有补正告知日期"]
    assert "（L-03）" in said.missed_words
    assert found("L-07", read, columns=[column.field for column in WORDS.columns])


def test_a_duplicate_needs_an_earlier_request_of_the_same_applicant() -> None:
    second = request("2", received="2025-05-06", closed="2025-05-12", outcome="N2", applicant="何 一")
    assert found("L-08", second)
    assert found("L-08", second, request("3", received="2025-06-03", applicant="何一"))
    assert not found("L-08", request("1", applicant="何一"), second)
    assert found("L-08", request("1", applicant="何一", id_no="1"), second.with_value("id_no", "2"))


def test_a_masked_name_is_that_of_nobody() -> None:
    said = looked(
        request("1", applicant="何**"), request("2", closed="2025-03-20", outcome="N2", applicant="何**")
    )
    assert reasons(said.undetermined, "L-08") or reasons(said.not_checked, "L-08")
    assert not [one for one in said.findings if one.rule in ("L-08", "L-09")]


@pytest.mark.parametrize(
    ("name", "others", "is_found"),
    [
        ("何某", (), True),
        ("何某", ("周一",), True),
        ("何某", ("何一",), False),
        ("何**", ("何某某",), False),
        ("某公司", ("周一",), False),
        ("何某", ("**公司",), False),
    ],
)
def test_a_duplicate_of_a_masked_name_needs_an_earlier_one_that_may_be_of_the_same(
    name: str, others: tuple[str, ...], is_found: bool
) -> None:
    earlier = [request(f"1{one}", applicant=one) for one in others]
    second = request("2", received="2025-05-06", closed="2025-05-12", outcome="N2", applicant=name)
    later = request("3", received="2025-06-06", applicant="何一")
    assert bool(found("L-08", *earlier, second, later)) is is_found


def test_nearly_the_same_text_within_thirty_days_is_told() -> None:
    first = request("1", applicant="何一", subject="城关街道东溪地块的征收补偿安置方案及公告")
    same = request(
        "2", received="2025-03-20", applicant="何一", subject="城关街道东溪地块的征收补偿安置方案、公告。"
    )
    one = only("L-09", first, same)
    assert (one.request, one.related, one.severity) == ("2", ("1",), Severity.HINT)
    assert not found("L-09", first, same.with_value("received_on", date(2025, 4, 20)))
    assert not found("L-09", first, same.with_value("outcome", "N2"))
    assert not found("L-09", first, same.with_value("merged_with", "25-1"))
    assert not found("L-09", first, same.with_value("applicant", "吴二"))


def test_how_a_request_begins_makes_it_no_other_one() -> None:
    first = request("1", applicant="何一", subject="关于松岭小区的规划许可证")
    second = request("2", received="2025-03-20", applicant="何一", subject="申请公开：松岭小区的规划许可证")
    other = request("3", received="2025-03-20", applicant="何一", subject="申请公开关于河湾码头的环评批复")
    assert [one.request for one in found("L-09", first, second, other)] == ["2"]
    assert not found(
        "L-09",
        *(one.with_value("subject", "申请公开") for one in (first, other.with_value("applicant", "周二"))),
    )


def test_the_same_words_about_another_year_ask_for_something_else() -> None:
    text = "{}年度城关街道危房改造用地审批和补助发放明细表"
    assert not found(
        "L-09",
        request("1", applicant="何一", subject=text.format(2023)),
        request("2", applicant="何一", subject=text.format(2024)),
    )


# --- L-10


def month(count: int, **last: Any) -> list[Request]:
    """So many requests of one applicant in a month, the last of them with these values."""
    several = [request(str(i + 1), applicant="何一", subject=f"第{i}项", channel=None) for i in range(count)]
    return [*several[:-1], request(str(count), applicant="何一", subject="末项", **last)]


@pytest.mark.parametrize(
    ("count", "amount"), [(11, 100), (30, 100), (31, 200), (40, 200), (41, 300), (12, 200), (31, 2200)]
)
def test_a_fee_by_items_goes_by_the_place_in_the_month(count: int, amount: int) -> None:
    assert not found("L-10", *month(count, fee_amount=Decimal(amount)))


@pytest.mark.parametrize(("count", "amount"), [(31, 105), (1, 105), (1, 715), (1, 2710), (3, 5)])
def test_a_fee_that_no_ladder_makes_is_asked_about(count: int, amount: int) -> None:
    one = only("L-10", *month(count, fee_amount=Decimal(amount)))
    assert (one.sentence, one.severity) == ("neither", Severity.QUERY)
    assert "最接近" in one.message


@pytest.mark.parametrize(
    ("amount", "pages"), [(10, 31), (100, 40), (700, 100), (720, 101), (2700, 200), (2740, 201)]
)
def test_a_fee_that_pages_would_make_is_a_hint_that_says_how_many(amount: int, pages: int) -> None:
    one = only("L-10", *month(1, fee_amount=Decimal(amount)))
    assert (one.severity, f"是 {pages} 页" in one.message) == (Severity.HINT, True)
    assert not found("L-10", *month(1, fee_amount=Decimal(amount), note=f"共 {pages} 页"))
    assert only("L-10", *month(1, fee_amount=Decimal(amount), note=f"共 {pages + 1} 页")).sentence == "pages"


def test_both_kinds_of_fee_for_one_request_are_told() -> None:
    one = only("L-10", *month(11, fee_amount=Decimal(150)))
    assert "按件 100 元、按量 50 元都收了" in one.message
    assert one.severity is Severity.QUERY


def test_the_month_begins_anew_and_no_fee_is_no_finding() -> None:
    earlier = month(11)
    april = request("12", received="2025-04-01", applicant="何一", fee_amount=Decimal(100))
    assert (
        only("L-10", *earlier, april).severity is Severity.HINT
    )  # 40 pages would make it, 12 requests would not
    assert not found("L-10", *earlier, april.with_value("fee_amount", Decimal(0)))


# --- L-11


@pytest.mark.parametrize("outcome", [f"D{i}" for i in range(1, 8)])
def test_a_direct_suit_about_a_refusal_is_asked_about_from_2024_on(outcome: str) -> None:
    sued = request(closed="2025-03-20", outcome=outcome, suit_on="2025-06-03", suit_kind="direct")
    assert only("L-11", sued).sentence == "direct"
    assert not found("L-11", sued.with_value("suit_kind", "after").with_value("review_on", date(2025, 4, 3)))
    before = request(received="2023-12-01", closed="2023-12-29", outcome=outcome, suit_on="2024-03-01")
    assert not found("L-11", before.with_value("suit_kind", "direct"))
    assert found("L-11", before.with_value("suit_kind", "direct").with_value("answered_on", date(2024, 1, 1)))


@pytest.mark.parametrize("outcome", ["G1", "G2", "P1", "D8", "U1", "U2", "U3", "U4", "N1", "N3", "N5", "O3"])
def test_other_answers_may_be_sued_about_directly(outcome: str) -> None:
    sued = request(closed="2025-03-20", outcome=outcome, suit_on="2025-06-03", suit_kind="direct")
    assert not found("L-11", sued)


@pytest.mark.parametrize(
    ("outcome", "remedy", "sentence"),
    [
        ("D6", "review_first", ""),
        ("D6", "either", "told_either"),
        ("D6", "none", "told_none"),
        ("D8", "review_first", "told_first"),
        ("D8", "either", ""),
        ("U1", "review_first", "told_first"),
        ("N1", "either", ""),
        ("P1", "review_first", ""),
        ("P1", "either", ""),
    ],
)
def test_what_an_answer_told_of_remedies_is_held_against_its_outcome(
    outcome: str, remedy: str, sentence: str
) -> None:
    told = request(closed="2025-03-20", outcome=outcome, remedy=remedy)
    assert [one.sentence for one in found("L-11", told)] == ([sentence] if sentence else [])


def test_a_suit_after_a_review_has_a_review_and_a_direct_one_has_none() -> None:
    sued = request(closed="2025-03-20", suit_on="2025-06-03")
    assert only("L-11", sued.with_value("suit_kind", "after")).sentence == "no_review"
    both = sued.with_value("suit_kind", "direct").with_value("review_on", date(2025, 4, 3))
    assert only("L-11", both).severity is Severity.HINT


# --- L-13, L-14


def report(year: int, **figures: int) -> Report:
    """A report with these figures and zeros elsewhere; `received__total` is the cell requests.received.total."""
    zero = {
        cell.id: 0
        for cell in FORM.cells.values()
        if cell.section in ("requests", "disputes") and not cell.is_total
    }
    typed = {f"requests.{key.replace('__', '.')}": value for key, value in figures.items()}
    return blank_report(FORM, year).with_entries({**zero, **typed})


def test_what_last_year_carried_forward_is_open_at_the_turn_of_the_year_column_by_column() -> None:
    ledger = Ledger(requests=(request(received="2024-12-20", closed="2025-01-10"),))
    counts = count(ledger, 2025, FORM, WORDS)
    prior = report(2024, carried_forward__company=1)
    told = found("L-13", *ledger.requests, counts=counts, prior=prior)
    assert [(one.place, one.values) for one in told] == [
        ("2025:natural_person", ("0", "1")),
        ("2025:company", ("1", "0")),
    ]
    assert told[0].related == ("1",)
    assert not found(
        "L-13", *ledger.requests, counts=counts, prior=report(2024, carried_forward__natural_person=1)
    )
    typed = report(2024, carried_forward__natural_person=1, carried_forward__total=2)
    assert [one.place for one in found("L-13", *ledger.requests, counts=counts, prior=typed)] == [
        "2025:total"
    ]


def test_without_reports_what_was_not_compared_is_said() -> None:
    ledger = Ledger(requests=(request(closed="2025-03-20"),))
    counts = count(ledger, 2025, FORM, WORDS)
    assert reasons(looked(*ledger.requests).not_checked, "L-14") == ["没有选年份"]
    said = looked(*ledger.requests, counts=counts)
    assert reasons(said.not_checked, "L-13") == ["没有上年的年报"]
    assert reasons(said.not_checked, "L-14") == ["没有选年报"]
    said = looked(*ledger.requests, counts=counts, report=blank_report(FORM, 2025), prior=report(2023))
    assert reasons(said.not_checked, "L-13") == ["接上的年报是 2023 年的，不是上年的"]
    assert reasons(said.not_checked, "L-14") == ["年报的表三、表四还没有填"]
    other = looked(*ledger.requests, counts=counts, report=report(2024))
    assert reasons(other.not_checked, "L-14") == ["年报是 2024 年的，台账计的是 2025 年"]


def test_a_cell_against_the_ledger_is_told_with_the_request_and_the_cells_that_follow() -> None:
    over = request(received="2025-12-25", closed="2026-01-07")
    counts = count(Ledger(requests=(over,)), 2025, FORM, WORDS)
    typed = report(2025, received__natural_person=1, handled__granted__natural_person=1)
    told = found("L-14", over, counts=counts, report=typed)
    assert [one.place for one in told] == [
        "2025:requests.handled.granted.natural_person",
        "2025:requests.carried_forward.natural_person",
    ]
    first = told[0]
    assert first.message.startswith("三（一）予以公开 · 自然人：年报是 1，台账是 0。很可能是这 1 件：25-1")
    assert (first.related, len(first.cells)) == (("1",), 6)
    assert not found("L-14", over, counts=counts, report=report(2025, received__natural_person=1,
                                                                carried_forward__natural_person=1))  # fmt: skip


def test_a_total_is_told_by_itself_only_where_its_parts_do_not_say_it() -> None:
    one = request(closed="2025-03-20")
    counts = count(Ledger(requests=(one,)), 2025, FORM, WORDS)
    typed = report(2025, received__natural_person=1, handled__granted__natural_person=1, received__total=2)
    assert [f.place for f in found("L-14", one, counts=counts, report=typed)] == [
        "2025:requests.received.total"
    ]


def test_those_that_nobody_decided_are_mentioned_beside_a_difference() -> None:
    requests = (request("1", closed="2025-03-20"), request("2", applicant_type=None))
    counts = count(Ledger(requests=requests), 2025, FORM, WORDS)
    told = found("L-14", *requests, counts=counts, report=report(2025))
    assert told
    assert all("另有 1 件没有定" in one.message for one in told)


# --- L-15


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("青禾食品有限公司", "C1", "person"),
        ("青禾食品有限公司（联系人何一）", "C1", "person"),
        ("松岭村村民委员会", "C1", "person"),
        ("青禾**公司", "C1", "person"),
        ("临原律师事务所", "C2", "other"),
        ("松塘农机合作社", "C6", "other"),
        ("临原大学", "C4", "other"),
        ("松岭协会", "C2", "other"),
        ("何一", "C2", "firm"),
        ("古丽·阿依", "C5", "firm"),
        ("何一", "C1", ""),
        ("何**", "C2", ""),
        ("青禾食品有限公司", "C2", ""),
        ("临原律师事务所", "C5", ""),
        ("松塘研究院", "C3", ""),
        ("松岭村村民委员会", "C6", ""),
        ("John Smith", "C2", ""),
        ("公司", "C1", ""),
        ("何学会", "C1", ""),
        ("李建厂", "C1", ""),
        ("何公司", "C1", "person"),
        ("松岭厂", "C1", "person"),
        ("欧阳小燕", "C2", "firm"),
        ("阿依古丽·买买提·努尔", "C2", "firm"),
    ],
)
def test_the_end_of_a_name_is_held_against_the_kind(name: str, kind: str, sentence: str) -> None:
    told = found("L-15", request(applicant=name, applicant_type=kind))
    assert [one.sentence for one in told] == ([sentence] if sentence else [])
    assert all(one.severity is Severity.HINT for one in told)


# --- explanations, privacy, data


def test_an_explanation_settles_a_finding_for_just_these_values() -> None:
    late = request(received="2025-01-20", closed="2025-02-24")
    one = only("L-04", late)
    kept = Ledger(requests=(late,), explanations={one.address: one.explained("邮局延误，已说明")})
    said = check(kept, CHECKS, CALENDAR, WORDS, TODAY)
    assert one.address in [f.address for f in said.explained]
    assert one.address not in [f.address for f in said.open]
    later = replace(kept, requests=(late.with_value("answered_on", date(2025, 2, 25)),))
    (again,) = (f for f in check(later, CHECKS, CALENDAR, WORDS, TODAY).open if f.rule == "L-04")
    assert again.is_reopened


def test_findings_come_worst_first_and_by_request() -> None:
    said = looked(request("1", received="2025-01-20", closed="2025-02-24"), request("2", received_on=None))
    assert [one.severity.rank for one in said.findings] == sorted(one.severity.rank for one in said.findings)
    assert [one.rule for one in said.of_request["1"]] == ["L-04"]
    assert said.count(Severity.ERROR) == 1


NAMES = ("何小满", "青禾食品有限公司", "临原律师事务所", "110101199001011234", "13900001111")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES[:3]),
            st.integers(0, 700),
            st.none() | st.integers(-5, 200),
            st.sampled_from(sorted(WORDS.lists["outcome"])),
            st.sampled_from(sorted(WORDS.lists["applicant_type"])),
            st.dictionaries(
                st.sampled_from([c.field for c in WORDS.columns if c.type == "date"]), st.integers(-40, 400)
            ),
            st.sampled_from((None, 0, 5, 100, 150, 3000)),
        ),
        max_size=25,
    )
)
def test_whatever_a_ledger_holds_it_is_checked_and_no_name_is_in_what_is_found(drawn: list[Any]) -> None:
    requests = []
    for i, (name, after, length, outcome, kind, days, fee) in enumerate(drawn):
        received = date(2024, 6, 1) + timedelta(after)
        values: dict[str, Value] = {
            field: received + timedelta(shift) for field, shift in days.items() if field != "answered_on"
        }
        values |= {"received_on": received, "applicant": name, "applicant_type": kind, "outcome": outcome}
        values |= {"id_no": NAMES[3], "contact": NAMES[4], "subject": "某地块的批复", "suit_kind": "direct"}
        if length is not None:
            values["answered_on"] = received + timedelta(length)
        if fee is not None:
            values["fee_amount"] = Decimal(fee)
        requests.append(Request(str(i), values))
    ledger = Ledger(requests=tuple(requests))
    counts = count(ledger, 2025, FORM, WORDS)
    said = check(
        ledger, CHECKS, CALENDAR, WORDS, TODAY, counts=counts, report=report(2025), prior=report(2024)
    )
    addresses = [one.address for one in said.findings]
    assert len(set(addresses)) == len(addresses)
    for one in said.findings:
        told = f"{one.message}{one.address}{one.values}"
        assert not any(name in told for name in NAMES)
        assert "{" not in one.message
        assert one.message.endswith("。")


def test_each_check_is_there_once_and_says_how_sure_its_basis_is() -> None:
    assert [one.code for one in CHECKS] == [f"L-{i:02}" for i in range(1, 16)]
    assert all(one.mark.startswith("〔") for one in CHECKS)


def test_all_defects_of_the_data_are_told_at_once() -> None:
    wrong = {"checks": [dict(one) for one in WRITTEN["checks"] if one["code"] != "L-05"]}
    for one in wrong["checks"]:
        if one["code"] == "L-03":
            one["messages"] = {**one["messages"], "late": "{name}晚了。"}
        if one["code"] == "L-06":
            one["channels"] = {"dm": ["nonsense"]}
        if one["code"] == "L-10":
            one["limits"] = {**one["limits"], "page_fee": 0}
        if one["code"] == "L-11":
            one["codes"], one["since"] = ["D1", "Z9"], "2024"
        if one["code"] == "L-15":
            one["endings"] = {"C9": ["公司"]}
    with pytest.raises(Defects) as raised:
        parse_checks(wrong, WORDS)
    told = "".join(raised.value.defects)
    for part in ("L-05", "{name}", "nonsense", "page_fee", "Z9", "since", "C9"):
        assert part in told


def test_the_requests_of_one_applicant_are_not_all_compared_with_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = []
    asked = checks._Text.is_like

    def counting(one: checks._Text, other: checks._Text, like: float) -> bool:
        compared.append(1)
        return asked(one, other, like)

    monkeypatch.setattr(checks._Text, "is_like", counting)
    places = ("河湾", "东溪", "松岭", "临原", "青渡", "云栈", "城关")
    many = [
        request(str(i), applicant="何一", subject=f"{places[i % 7]}第{i}号{'甲乙丙丁戊'[i // 7 % 5]}地块")
        for i in range(300)
    ]
    found("L-09", *many)
    assert 0 < len(compared) <= 300 * 11
