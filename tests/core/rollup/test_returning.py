"""What a unit is told of its report: every finding says where it is, what stands there and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gxeditor.core.checks.check import check
from gxeditor.core.checks.profiles import given_of
from gxeditor.core.checks.rules import Rule
from gxeditor.core.report import Report, blank_report
from gxeditor.core.rollup.checks import check as check_across
from gxeditor.core.rollup.project import Received, Rollup, State, Told
from gxeditor.core.rollup.returning import (
    ReturnSheet,
    askable,
    asked,
    counted,
    in_lines,
    received_of,
    sheet,
    told,
    told_across,
    told_key,
)
from gxeditor.core.rollup.units import Unit, Units
from gxeditor.resources import load_form, load_rollup_checks, load_rules
from tests.rollup_sample import songtang

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


UNIT = Unit("u", "松塘县自然资源局")
ONE = Told("T4-01", "error", "a", place="表四　行政复议　总计", ask="请改正。")
TWO = Told("Y-03", "query", "b", place="表二", ask="请核实。")
HINT = Told("T3-18", "hint", "c", place="表三", ask="请看看。")


def received(**how: Any) -> Received:
    first = Received("a.docx", "ab" * 32, unit="u", year=2025, edition="2021", values=(0,) * len(FORM.cells))
    return replace(first, **how)


def rollup(*came: Received) -> Rollup:
    return Rollup(FORM, year=2025, units=Units((UNIT,)), received=came)


def made(one: Received, asked: Sequence[Told] = (ONE,), due: date | None = None) -> ReturnSheet:
    found = sheet(rollup(one), UNIT, asked, day=date(2026, 1, 21), due=due)
    assert found is not None
    return found


def test_a_unit_is_asked_errors_first_and_no_hints() -> None:
    assert asked(rollup(received(found=(HINT, TWO, ONE))), "u") == (ONE, TWO)
    assert askable(rollup(received(found=(HINT, TWO, ONE))), "u") == (ONE, TWO, HINT)


def test_nothing_to_ask_and_nothing_received_is_no_sheet() -> None:
    assert sheet(rollup(received()), UNIT, (), day=date(2026, 1, 21)) is None
    assert sheet(rollup(), UNIT, (ONE,), day=date(2026, 1, 21)) is None
    assert asked(rollup(), "u") == ()


def test_a_file_that_could_not_be_read_is_asked_for_again() -> None:
    (one,) = asked(rollup(received(problem="打不开，不是 Word 文件", values=())), "u")
    assert (one.severity, one.place, one.stands) == ("error", "整个文件", "打不开，不是 Word 文件")
    assert "没有检查" in dict(made(received(problem="打不开", values=()), [one]).head)["检查情况"]


def test_the_head_names_file_time_and_check_code() -> None:
    one = received(
        path="报送/自然资源局.docx",
        received="2026-01-21T09:08:31",
        checked=58,
        not_checked=4,
        sha256="3f9a1c07b2e458d0ff",
    )
    assert dict(made(one).head) == {
        "收到的文件": "自然资源局.docx",
        "收到时间": "2026年1月21日 09:08",
        "文件识别码": "3f9a 1c07 b2e4 58d0",
        "检查情况": "检查 58 条，\n4 条缺数未检查",
    }


def test_the_opening_counts_what_is_asked_and_names_the_day() -> None:
    found = made(received(), [ONE, ONE, TWO], date(2026, 1, 26))
    assert "".join(phrase.text for phrase in found.opening) == (
        "你单位报来的年度报告，经核对有 2 处错误、1 处疑问，请按下表改正或说明，于 2026年1月26日前 重报。"
    )
    assert [phrase.text for phrase in found.opening if phrase.strong] == ["2026年1月26日前"]
    assert [row.mark for row in found.rows] == ["▲ 错误", "▲ 错误", "◆ 疑问"]


def test_without_a_day_none_is_named() -> None:
    assert "".join(p.text for p in made(received()).opening).endswith("请按下表改正或说明后重报。")


def test_what_is_recorded_makes_the_unit_returned_until_another_file_comes() -> None:
    one = received(found=(ONE,))
    back = made(one, [ONE, ONE, TWO], date(2026, 1, 26)).returned("2026-01-21T10:00:00")
    assert (back.due, back.rules, back.values) == ("2026-01-26", ("T4-01", "Y-03"), one.values)
    assert replace(rollup(one), returned=(back,)).state(UNIT) is State.RETURNED
    again = replace(rollup(received(sha256="cd" * 32, found=(ONE,))), returned=(back,))
    assert again.state(UNIT) is State.ERRORS


def test_of_a_file_of_several_units_the_row_is_named_and_the_last_one_that_came_is_sent_back() -> None:
    assert dict(made(received(row="第 3 行")).head)["收到的文件"] == "a.docx（第 3 行）"
    old, new = (
        received(received="2026-01-20T08:00:00"), received(path="b.docx", received="2026-01-21T08:00:00", values=(1,)),
    )  # fmt: skip
    found = received_of(rollup(old, new), "u")
    assert found is not None
    assert found.path == "b.docx"


def test_a_place_is_broken_between_its_names() -> None:
    assert in_lines("表四　行政复议　总计", 8) == "表四　行政复议\n总计"
    assert in_lines("表三　一、本年新收　总计", 4) == "表三\n一、本年新收\n总计"


def test_what_was_found_across_units_is_asked_of_those_who_can_answer() -> None:
    county = songtang()
    found = check_across(county, load_rollup_checks(FORM))
    asked_of = {unit.id: told_across(found, county, unit.id) for unit in county.must}
    told_all = [told for several in asked_of.values() for told in several]
    assert {"H-09"} <= {told.rule for told in told_all}
    for unit, several in asked_of.items():
        for one_told in several:
            assert one_told.place
            (finding,) = (one for one in found.open if one.address == one_told.address)
            if "ask" in finding.check.messages:
                assert unit in finding.units
                continue
            assert one_told.ask == one_told.message
            assert unit in finding.units[:1] or len(finding.units) <= 2
    of_many = [one for one in found.open if len(one.units) > 2 and "ask" not in one.check.messages]
    assert of_many
    for one in of_many:
        assert [unit for unit, several in asked_of.items() if one.address in {t.address for t in several}] in (
            [], [one.units[0]],
        )  # fmt: skip


def test_whoever_brought_other_requests_forward_is_asked_for_their_own_figures() -> None:
    county = songtang()
    assert county.prior is not None
    places = [
        list(FORM.cells).index(f"requests.carried_forward.{who}") for who in ("natural_person", "total")
    ]
    values = dict(county.prior.values)
    for unit in county.entered[5:9]:
        values[unit.id] = tuple(
            int(str(value)) + 3 if place in places else value for place, value in enumerate(values[unit.id])
        )
    county = replace(county, prior=replace(county.prior, values=values))
    found = check_across(county, load_rollup_checks(FORM))
    (one,) = (one for one in found.open if one.rule == "H-11")
    assert len(one.units) > 2
    rows = {row.unit: row for row in one.compared.rows if row.unit}
    for asked_of in one.units:
        (told,) = (told for told in told_across(found, county, asked_of) if told.rule == "H-11")
        assert "请核实" in told.ask
        assert "家" not in told.ask
        if asked_of in rows:
            assert all(value in told.stands for value in rows[asked_of].values)


def test_cells_that_could_not_be_read_are_asked_for_once() -> None:
    blank = (None, "/", *[0] * (len(FORM.cells) - 2))
    (one,) = asked(rollup(received(values=blank)), "u")
    assert (one.severity, one.stands) == ("query", "2 格没有读到数")
    assert one.place == "表二　规章　本年制发等 2 格"
    told_already = Told("E-01", "query", "d", place="表二", ask="请填 0。")
    assert asked(rollup(received(values=blank, found=(told_already,))), "u") == (told_already,)


def test_of_what_was_found_of_many_a_unit_is_asked_what_a_person_wants_it_asked() -> None:
    county = songtang()
    found = check_across(county, load_rollup_checks(FORM))
    of_many = next(one for one in found.open if len(one.units) > 2 and "ask" not in one.check.messages)
    third = of_many.units[2]
    assert of_many.address not in {told.address for told in told_across(found, county, third)}
    wanted = told_across(found, county, third, [of_many.address])
    assert [told_key(told) for told in wanted].count(of_many.address) == 1


@pytest.mark.parametrize("code", ["H-12", "H-14", "H-18", "H-24"])
def test_what_the_office_itself_has_to_answer_is_asked_of_a_unit_only_if_a_person_wants_it(code: str) -> None:
    across = Told(code, "query", "本年应报 50 家，上年 48 家。", place="单位数变了")
    one = received(found=(ONE,))
    assert asked(rollup(one), "u", [across]) == (ONE,)
    assert askable(rollup(one), "u", [across]) == (ONE, across)


@pytest.mark.parametrize(("across", "own"), [("H-11", "Y-01"), ("H-11", "Y-02"), ("H-13", "T2-09")])
def test_nobody_is_asked_the_same_twice(across: str, own: str) -> None:
    """Of the unit's own report and again of all of them together; where its own was not checked for it, once too."""
    again, first = (
        Told(across, "query", "全部单位里的", place="表二"),
        Told(own, "query", "自己的", place="表二"),
    )
    assert asked(rollup(received(found=(first,))), "u", [again]) == (first,)
    assert asked(rollup(received()), "u", [again]) == (again,)


def test_a_unit_is_not_blamed_for_a_file_that_could_not_be_read_to_its_end() -> None:
    damaged = received(values=(), problem="“a.docx”打不开。")
    assert [told.stands for told in asked(rollup(damaged), "u")] == ["“a.docx”打不开。"]
    stopped = replace(damaged, sha256="", problem="读“a.docx”超过 60 秒，已停止。")
    assert asked(rollup(stopped), "u") == ()
