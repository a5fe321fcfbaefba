"""Checks that a data file lists: what becomes of their results, and how their data is read."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from gxeditor.core.cards import Status
from gxeditor.core.checks.listed import (
    LOOKED,
    Check,
    CheckFinding,
    CheckFindings,
    NotChecked,
    Stated,
    evaluated,
    parse_listed,
)
from gxeditor.core.checks.rules import Severity
from gxeditor.core.defects import Reading
from gxeditor.core.errors import Defects
from gxeditor.core.report import Explanation

Found = CheckFindings[CheckFinding, NotChecked]


def a_check(code: str) -> Check:
    return Check(code, Severity.QUERY, "两数不同", "看", "规定", Status.READ, {"differs": "{a}。"})


def finding(check: Check, place: str, severity: Severity = Severity.QUERY) -> CheckFinding:
    return CheckFinding(check, severity, "differs", place, "不同。", values=("1", "2"))


def found(*results: object, explanations: Mapping[str, Explanation] | None = None) -> Found:
    """What a check A gives of these results, and a check B of none."""

    def of(check: Check) -> Iterator[Any]:
        yield from (result for result in results if check.code == "A")

    return CheckFindings(*evaluated((a_check("A"), a_check("B")), of, explanations or {}))


A = a_check("A")
MISSED = NotChecked(A, "没有年报")


def test_a_check_that_gives_nothing_is_met() -> None:
    assert [one.code for one in found().met] == ["A", "B"]


def test_a_check_that_could_not_look_was_not_made_and_is_told_by_its_reason() -> None:
    said = found(MISSED)
    assert ([one.code for one in said.met], said.not_checked, said.undetermined) == (["B"], (MISSED,), ())
    assert said.missed_words == "1 项没有检查：没有年报（A）。"


@pytest.mark.parametrize("other", [LOOKED, finding(A, "x")])
def test_what_a_check_could_not_look_at_beside_others_is_undetermined(other: object) -> None:
    said = found(MISSED, other)
    assert (said.not_checked, said.undetermined) == ((), (MISSED,))
    assert said.checked == 2


def test_the_worst_stands_first_and_what_is_explained_is_open_no_longer() -> None:
    query, error = finding(A, "x"), finding(A, "y", Severity.ERROR)
    reasons = {one.address: Explanation("已核实无误", one.values) for one in (query, error)}
    said = found(query, error, explanations=reasons)
    assert [one.place for one in said.findings] == ["y", "x"]
    assert [one.place for one in said.open] == ["y"]  # an error is mended
    assert [one.place for one in said.explained] == ["x"]
    assert said.count(Severity.QUERY) == 0


def test_once_given_up_nothing_more_is_looked_for() -> None:
    asked: list[str] = []

    def of(check: Check) -> Iterator[CheckFinding | NotChecked | None]:
        asked.append(check.code)
        yield from ()

    evaluated((A, a_check("B")), of, {}, lambda: bool(asked))
    assert asked == ["A"]


# --- the data


class Needed(NamedTuple):
    sentences: Mapping[str, str]
    limits: tuple[str, ...] = ()
    milder: bool = False


TESTS = {"A": Needed({"differs": "a"}, ("days",), milder=True), "B": Needed({"none": ""})}
DATA: dict[str, Any] = {
    "checks": [
        {
            "code": "A", "severity": "query", "milder": "hint", "title": "甲", "action": "看", "status": "read",
            "basis": "规定", "limits": {"days": 7}, "messages": {"differs": "{a}。"},
        },
        {
            "code": "B", "severity": "error", "title": "乙", "action": "看", "status": "proposed",
            "basis": "建议", "messages": {"none": "没有。"}, "words": ["公司"],
        },
    ]
}  # fmt: skip


def parsed(data: Mapping[str, Any]) -> tuple[Check, ...]:
    def make(one: Reading, _: Needed, stated: Stated) -> Check:
        one.texts("words")
        return Check(*stated)

    return parse_listed(data, TESTS, ("words",), make, "检查文件有错误")


def test_a_check_is_what_its_file_states() -> None:
    first, second = parsed(DATA)
    assert (first.severity, first.milder, dict(first.limits)) == (
        Severity.QUERY,
        Severity.HINT,
        {"days": Decimal(7)},
    )
    assert (second.milder, second.mark) == (None, "〔本软件的建议，未见规定〕建议")


@pytest.mark.parametrize(
    ("place", "key", "value", "told"),
    [
        (0, "code", "Z", "不认识的检查 Z"),
        (0, "code", "B", "B 有 2 条"),
        (0, "code", "B", "缺少 A"),
        (0, "severity", "grave", "severity 应"),
        (0, "messages", {"differs": "{b}。"}, "{b}"),
        (0, "limits", {}, "days 应为大于 0 的数"),
        (1, "milder", "hint", "不应有 milder"),
        (1, "colour", "red", "不认识的键 colour"),
        (1, "words", "公司", "words 应为文字列表"),
        (1, "basis", " ", "缺少 basis"),
    ],
)
def test_a_file_with_a_defect_is_refused_with_its_place(
    place: int, key: str, value: object, told: str
) -> None:
    data = copy.deepcopy(DATA)
    data["checks"][place][key] = value
    with pytest.raises(Defects) as error:
        parsed(data)
    assert any(told in one for one in error.value.defects), error.value.defects
