"""How much a rule weighs, what sign each of its cells has, and at which cell it is decided."""

from __future__ import annotations

from gxeditor.core.checks.anchors import Cell
from gxeditor.core.checks.rules import Rule, Severity


def test_errors_come_before_queries_before_hints() -> None:
    assert [severity.word for severity in sorted(Severity, key=lambda s: s.rank)] == ["错误", "核实", "提示"]


def rule(rules: tuple[Rule, ...], rule_id: str) -> Rule:
    return next(one for one in rules if one.id == rule_id)


def test_a_sum_is_decided_at_its_total_which_has_the_equals_sign(rules: tuple[Rule, ...]) -> None:
    one = rule(rules, "T3-03.received")
    assert one.decisive == Cell("requests.received.total")
    assert [cell for cell, sign in one.signs.items() if sign == "="] == [one.decisive.id]
    assert one.places[-1] == one.decisive
    assert len(one.places) == 7


def test_a_balance_is_decided_at_the_last_of_its_cells(rules: tuple[Rule, ...]) -> None:
    assert rule(rules, "T3-01.company").decisive == Cell("requests.carried_forward.company")


def test_what_last_year_handed_over_is_decided_in_this_year_s_cell(rules: tuple[Rule, ...]) -> None:
    one = rule(rules, "Y-02.company")
    assert dict(one.signs) == {"requests.brought_forward.company": "="}
    assert one.places == (one.decisive,) == (Cell("requests.brought_forward.company"),)
