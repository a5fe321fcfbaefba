"""The rule file: what the shipped one gives, and what none may say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from gxeditor.core.checks.rule_file import parse_rules
from gxeditor.core.errors import Defects
from gxeditor.core.form import Form
from gxeditor.resources import load_form, load_rules, read_rules

FORM = load_form()
RULES = load_rules(FORM)


def test_the_form_and_its_rule_files_give_42_equations_and_7_carry_overs_all_else_is_a_named_check() -> None:
    assert Counter(rule.kind for rule in RULES if not rule.test) == {"balance": 7, "sum": 35, "carry_over": 7}
    assert all(rule.test for rule in RULES if rule.kind in ("entry", "text", "claim"))
    assert Counter(rule.id.partition(".")[0] for rule in RULES if rule.kind == "sum") == {
        "T3-02": 7,
        "T3-03": 25,
        "T4-01": 3,
    }
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_every_total_of_the_form_is_the_right_side_of_the_rule_that_adds_up_its_details() -> None:
    sums = {rule.right[0]: rule for rule in RULES if rule.id.startswith(("T3-03", "T4-01"))}
    sums |= {
        rule.right[0]: rule for rule in RULES if rule.id.startswith("T3-02") and rule.right[0] not in sums
    }
    for cell in FORM.totals:
        assert sums[cell.id].left == cell.parts


def test_every_rule_names_its_cells_its_basis_and_both_of_its_sides() -> None:
    for rule in RULES:
        assert rule.basis
        assert rule.title
        assert {*rule.left, *rule.right} <= set(FORM.cells)
        if not rule.test:
            assert len(rule.names) == len(rule.left) + len(rule.right)
            assert rule.left_name
            assert rule.right_name
            assert {FORM.cells[cell].section for cell in (*rule.left, *rule.right)} == {rule.section}


# --- defects


@pytest.fixture
def data() -> dict[str, Any]:
    return read_rules("2021")


def defects(data: dict[str, Any], form: Form = FORM) -> set[str]:
    with pytest.raises(Defects) as caught:
        parse_rules(data, form)
    assert len(caught.value.defects) == len(set(caught.value.defects)), "a defect is told once"
    return set(caught.value.defects)


def test_the_shipped_rule_file_has_no_defect(data: dict[str, Any]) -> None:
    assert parse_rules(data, FORM) == RULES


def test_all_defects_of_a_rule_file_are_told_at_once(data: dict[str, Any]) -> None:
    data["edition"] = "2019"
    data["note"] = "不认识"
    balance, (results, requesters, outcomes) = data["equations"][0], data["sums"]
    balance["left"].append("recieved")
    balance["message"] = "{line}：左边 {links}"
    balance["title"] = "{line}：相差 {difference}"
    results["basis"] = " "
    results["good"] = {"handled.granted": "一"}
    requesters["bad"]["children"] = 1
    outcomes["severity"] = "fatal"
    outcomes["message"] = "{line}：{left"
    data["carry_overs"][0]["only"] = ["totals"]
    entries = {rule["code"]: rule for rule in data["entries"]}
    entries["E-01"]["test"] = "prime"
    entries["E-02"]["good"] = {"disputes.reconsideration": 0}
    entries["E-03"]["message"] = "{cell} 不是数字"
    entries["E-04"]["good_profile"] = {"fee.decimals": 9}
    assert defects(data) == {
        "规则是 2019 版的，格式是 2021 版的",
        "不认识的键 note",
        "规则 T3-01 的 left 里没有 recieved 这一行",
        "规则 T3-01 的 message 里有不认识的 {links}",
        "规则 T3-01 的 title 里有不认识的 {difference}",
        "规则 T3-02 缺少 basis",
        "规则 T3-02 缺少例子 good",
        "规则 T3-03 的例子 bad 里 children 不是它的一项",
        "规则 T4-01 的 severity 应为 error、query 或 hint",
        "规则 T4-01 的 message 括号不成对",
        "规则 Y-01：没有 totals 这一列",
        "规则 E-01 的 test “prime”不认识",
        "规则 E-02 的例子 good 里有不认识的项",
        "规则 E-02 缺少例子 good",
        "规则 E-03 的 message 里有不认识的 {cell}",
        "规则 E-04 的例子 good_profile 里 fee.decimals 应为 0 至 6 的整数",
    }


def test_an_equation_needs_a_table_and_two_sides(data: dict[str, Any]) -> None:
    data["equations"][0]["right"] = []
    data["carry_overs"][0]["section"] = "overview"
    data["sums"][0]["axis"] = "diagonal"
    data["sums"][2]["section"] = "appeals"
    told = defects(data)
    assert {
        "规则 T3-01 缺少 right",
        "规则 Y-01 的 section “overview”没有表",
        "规则 T3-02 的 axis 应为 rows 或 columns",
        "规则 T4-01 的 section “appeals”没有表",
    } <= told


def test_a_total_of_the_form_without_a_rule_is_a_defect(data: dict[str, Any]) -> None:
    del data["sums"][2]
    assert defects(data) == {
        "合计 disputes.reconsideration.total 没有规则",
        "合计 disputes.direct_suit.total 没有规则",
        "合计 disputes.suit_after_reconsideration.total 没有规则",
    }


def test_two_rules_of_one_code_are_a_defect(data: dict[str, Any]) -> None:
    next(rule for rule in data["entries"] if rule["code"] == "E-02")["code"] = "E-01"
    assert defects(data) == {"规则 E-01 重复"}


@pytest.mark.parametrize("key", ["equations", "sums", "carry_overs", "entries"])
def test_a_text_where_the_rules_belong_is_a_defect(data: dict[str, Any], key: str) -> None:
    data[key] = "文字"
    assert f"{key} 应为表" in defects(data)


def test_a_text_where_a_rule_belongs_is_a_defect(data: dict[str, Any]) -> None:
    data["equations"] = ["T3-01"]
    data["carry_overs"][0]["left"] = "carried_forward"
    assert defects(data) >= {"equations[0] 应为表", "规则 Y-01 的 left 应为文字列表"}
