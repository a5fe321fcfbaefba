"""What checking across units found: known by address, settled by a reason, one row where many say the same."""

from __future__ import annotations

from dataclasses import replace

from gxeditor.core.cards import Status
from gxeditor.core.checks.rules import Severity
from gxeditor.core.rollup.findings import (
    FOLDED,
    Check,
    NotChecked,
    RollupFinding,
    RollupFindings,
    severity_word,
)


def a_check(code: str = "H-08", severity: Severity = Severity.QUERY) -> Check:
    return Check(code, severity, "文件里的单位不同", "看文件", "本软件的建议", Status.PROPOSED, {})


def finding(place: str, code: str = "H-08", severity: Severity = Severity.QUERY) -> RollupFinding:
    return RollupFinding(a_check(code), severity, "differs", place, f"{place}。", (place,), values=(place,))


def test_a_query_toward_a_unit_is_a_question() -> None:
    assert [severity_word(one) for one in Severity] == ["错误", "疑问", "提示"]


def test_a_basis_stands_with_how_sure_it_is() -> None:
    assert a_check().mark == "〔本软件的建议，未见规定〕本软件的建议"


def test_a_finding_is_known_by_check_and_place_and_settled_for_its_values_only() -> None:
    one = finding("u1")
    assert one.address == "H-08@u1"
    settled = replace(one, explanation=one.explained("已核实无误"))
    assert settled.is_explained
    assert not replace(settled, values=("另一个",)).is_explained
    assert replace(settled, values=("另一个",)).is_reopened


def test_what_is_explained_is_neither_counted_nor_asked_of_its_unit() -> None:
    one = finding("u1")
    findings = RollupFindings((replace(one, explanation=one.explained("已核实无误")), finding("u2")))
    assert findings.count(Severity.QUERY) == 1
    assert list(findings.of_unit) == ["u2"]
    assert len(findings.explained) == 1


def test_many_that_say_the_same_are_one_row_and_still_counted_each() -> None:
    many = tuple(finding(f"u{i}") for i in range(FOLDED + 1))
    findings = RollupFindings((*many, finding("x", "H-22", Severity.ERROR)))
    assert [one.rule for one in findings.rows] == ["H-22", "H-08"]
    assert findings.rows[1].folded == many
    assert not findings.rows[1].can_be_explained
    assert findings.count(Severity.QUERY) == FOLDED + 1
    assert len(RollupFindings(many[1:]).rows) == FOLDED


def test_an_error_cannot_be_explained_away() -> None:
    assert not finding("u1", severity=Severity.ERROR).can_be_explained


def test_checks_that_were_not_evaluated_are_told_by_reason_each_once() -> None:
    own, ledgers = "本地区自己的年报还没有", "没有接上台账"
    told = (("H-10", own), ("H-18", own), ("H-19", ledgers), ("H-19", ledgers))
    missed = tuple(NotChecked(a_check(code), reason) for code, reason in told)
    findings = RollupFindings(not_checked=missed, met=(a_check(),))
    assert (
        findings.missed_words == "3 项没有检查：本地区自己的年报还没有（H-10、H-18）；没有接上台账（H-19）。"
    )
    assert (findings.checked, findings.missed) == (1, 3)
    assert RollupFindings().missed_words == ""
