"""What may have gone wrong: the likely slip first, and no mend that breaks an equation or leaves its own unmended."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.checks.check import check
from gxeditor.core.checks.displaced import MOST
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.hints import Hint, hints
from gxeditor.core.report import Entry, Explanation, Report, blank_report
from tests import seeded

R = "requests."
H = "requests.handled."


@pytest.fixture(scope="module")
def good() -> Report:
    return seeded.small_office()


def told(report: Report, rule: str) -> tuple[Hint, ...]:
    """The hints for the finding of a rule."""
    findings = check(report, seeded.RULES)
    finding = next(f for f in findings.findings if f.rule.id == rule)
    return hints(report, seeded.RULES, findings, finding)


def first(report: Report, rule: str) -> tuple[str, str, str, Mapping[str, Entry | None]]:
    hint = told(report, rule)[0]
    return hint.cause, hint.effect, hint.button, dict(hint.changes)


def test_turned_digits(good: Report) -> None:
    cell = f"{H}not_handled.petition.natural_person"
    said = ("数字颠倒：12 写成了 21", "改后本行、本列都相等", "改为 12", {cell: 12})
    bad = good.with_entry(cell, 21)
    assert first(bad, "T3-02.natural_person") == said
    assert first(bad, "T3-03.handled.not_handled.petition") == said


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        (47, "多填 1"),
        (45, "少填 1"),
        (460, "多写了一位：46 写成了 460"),
        (4, "少写了一位：46 写成了 4"),
        (49, "一位数字写错：46 写成了 49"),
        (64, "数字颠倒：46 写成了 64"),
        (0, "漏填 46"),
    ],
)
def test_a_single_wrong_figure_is_named_by_its_slip(wrong: int, cause: str, good: Report) -> None:
    cell = f"{R}received.natural_person"
    said = first(good.with_entry(cell, wrong), "T3-03.received")
    assert said == (cause, "改后本行、本列都相等", "改为 46", {cell: 46})


def test_two_columns_that_changed_places_in_one_row(good: Report) -> None:
    one, other = f"{H}granted.company", f"{H}granted.research"
    bad = good.with_entries({one: good.entries[other], other: good.entries[one]})
    for rule in ("T3-02.company", "T3-02.research"):
        hint = told(bad, rule)[0]
        assert (hint.cause, hint.effect, hint.button) == (
            "商业企业和科研机构填反了",
            "改后两列都相等",
            "换过来",
        )
        assert hint.cells == (one, other)
        assert bad.with_entries(hint.changes) == good


def test_two_rows_that_changed_places_in_one_column(good: Report) -> None:
    one, other = f"{R}received.natural_person", f"{R}brought_forward.natural_person"
    bad = good.with_entries({one: good.entries[other], other: good.entries[one]})
    hint = told(bad, "T3-03.received")[0]
    assert (hint.cause, hint.effect) == ("一、本年新收和二、上年结转填反了", "改后两行都相等")
    assert bad.with_entries(hint.changes) == good


def test_a_figure_in_the_cell_beside_its_own(good: Report) -> None:
    right, wrong = f"{H}not_handled.petition.natural_person", f"{H}not_handled.petition.company"
    bad = good.with_entries({right: 0, wrong: 12})
    hint = told(bad, "T3-02.company")[0]
    assert (hint.kind, hint.cause, hint.button) == (
        "moved",
        "12 填到了商业企业，应在自然人",
        "移过来",
    )
    assert hint.cells[0] == wrong
    assert bad.with_entries(hint.changes) == good


def test_a_typed_total_that_its_details_do_not_make(good: Report) -> None:
    cell = f"{H}granted.total"
    hint = told(good.with_entry(cell, 25), "T3-03.handled.granted")[0]
    assert (hint.kind, hint.cause, hint.button) == ("total", "总计填错：按明细相加是 28", "改为 28")


def test_the_total_of_the_disputes_is_offered_and_no_detail_among_many(good: Report) -> None:
    names = ("upheld", "corrected", "other", "pending")
    details = {f"disputes.direct_suit.{name}": value for name, value in zip(names, (9, 4, 2, 5), strict=True)}
    bad = good.with_entries({**details, "disputes.direct_suit.total": 23})
    found = told(bad, "T4-01.direct_suit")
    assert found[0].changes == {"disputes.direct_suit.total": 20}
    assert found[0].effect == "改后本组相等"
    assert len([hint for hint in found if hint.changes]) == 1


def test_the_columns_of_all_results_that_changed_places(good: Report) -> None:
    details = [c for c in good.entries if c.startswith(H) and not c.startswith(f"{H}total")]
    one, other = "natural_person", "company"
    bad = good.with_entries(
        {
            c: good.entries[c.replace(f".{a}", f".{b}")]
            for a, b in ((one, other), (other, one))
            for c in details
            if c.endswith(f".{a}")
        }
    )
    hint = next(h for h in told(bad, "T3-02.natural_person") if h.kind == "columns_swapped")
    assert hint.cause == "自然人和商业企业两列填反了"
    assert bad.with_entries(hint.changes) == good


def test_a_row_one_cell_too_far_right(good: Report) -> None:
    row = [f"{H}granted.{key}" for key in seeded.COLUMNS]
    figures = [good.entries[c] for c in row]
    bad = good.with_entries(dict(zip(row, [0, *figures[:-1]], strict=True)))
    hint = told(bad, "T3-02.natural_person")[0]
    assert (hint.kind, hint.cause, hint.button) == ("shifted", "从“自然人”起整行右移一格", "左移")
    assert bad.with_entries(hint.changes) == good


def test_rows_one_further_down_from_some_row_on(good: Report) -> None:
    rows = seeded.ROWS[seeded.ROWS.index("handled.granted") :]
    changes: dict[str, Entry | None] = {}
    for i, row in enumerate(rows):
        for key in seeded.COLUMNS:
            above = good.entries[f"{R}{rows[i - 1]}.{key}"] if i else 0
            changes[f"{R}{row}.{key}"] = above
    bad = good.with_entries(changes)
    mends = [h for h in told(bad, "T3-02.natural_person") if h.kind == "rows_shifted"]
    assert mends[0].button == "上移"
    assert any(bad.with_entries(hint.changes) == good for hint in mends)
    assert any(hint.cause == "从“三（一）予以公开”起整行下移一行" for hint in mends)


def test_a_row_with_the_figures_of_the_one_above(good: Report) -> None:
    above, below = f"{H}unable_to_provide.not_held", f"{H}unable_to_provide.to_be_created"
    bad = good.with_entries({f"{below}.{k}": good.entries[f"{above}.{k}"] for k in seeded.COLUMNS})
    hint = told(bad, "T3-02.natural_person")[0]
    assert (hint.cause, hint.button) == ("与上一行相同，可能复制了两次", "改为 0")
    assert bad.with_entries(hint.changes) == good


def test_the_only_value_of_a_blank(good: Report) -> None:
    cell = f"{R}received.research"
    found = told(good.with_entry(cell, None), "E-01")
    assert [(h.kind, h.cause, h.button, dict(h.changes)) for h in found] == [
        ("forced", "未填的只能是 3", "填 3", {cell: 3})
    ]


def test_blanks_that_must_be_0(good: Report) -> None:
    cells = {f"{H}denied.state_secret.{key}": None for key in seeded.COLUMNS[:-1]}
    found = told(good.with_entries(cells), "E-01")
    assert [(h.kind, h.cause, h.button) for h in found] == [("zeros", "未填的 6 格只能是 0", "填 0")]
    assert good.with_entries(cells).with_entries(found[0].changes) == good


def test_a_slash_that_must_be_0(good: Report) -> None:
    found = told(good.with_entry(f"{H}denied.state_secret.company", "/"), "E-02")
    assert [(h.cause, h.button) for h in found] == [("填“/”的只能是 0", "填 0")]


def test_a_blank_is_told_by_its_row_and_column_even_if_others_contradict_each_other(good: Report) -> None:
    blank = f"{H}granted.natural_person"
    bad = good.with_entries({blank: None, f"{R}received.company": 60})
    assert dict(told(bad, "E-01")[0].changes) == {blank: 19}


def test_a_blank_about_which_row_and_column_differ_is_left_open(good: Report) -> None:
    bad = good.with_entries({f"{H}granted.natural_person": None, f"{H}granted.total": 99})
    assert told(bad, "E-01") == ()


def test_the_one_cell_that_is_the_difference_is_named(good: Report) -> None:
    names = ("upheld", "corrected", "other", "pending")
    details = {f"disputes.direct_suit.{name}": value for name, value in zip(names, (9, 4, 2, 5), strict=True)}
    bad = good.with_entries({**details, "disputes.direct_suit.total": 16})
    equal = [hint for hint in told(bad, "T4-01.direct_suit") if hint.kind == "equal"]
    assert [(hint.cause, dict(hint.changes)) for hint in equal] == [("相差正好等于“结果纠正”", {})]
    assert equal[0].cells == ("disputes.direct_suit.corrected",)


def test_nothing_is_said_where_any_cell_would_do() -> None:
    report = blank_report(seeded.FORM, 2025).with_entries(
        {
            cell.id: Decimal(0) if cell.decimals else 7
            for cell in seeded.FORM.cells.values()
            if not cell.is_total
        }
    )
    report = report.with_entries({f"{R}received.company": 7 * 21, f"{R}brought_forward.company": 6})
    assert told(report, "T3-01.company") == ()


def test_two_slips_in_one_column_are_mended_together(good: Report) -> None:
    one, other = f"{H}granted.natural_person", f"{H}not_handled.petition.natural_person"
    bad = good.with_entries({one: 25, other: 15})
    hint = next(h for h in told(bad, "T3-02.natural_person") if h.kind == "several")
    assert bad.with_entries(hint.changes) == good
    alone = told(bad, "T3-03.handled.granted")[0]
    assert (dict(alone.changes), alone.effect) == ({one: 19}, "改后本行相等，本列还不相等")


def test_a_rule_that_is_closed_holds_no_mend_back(good: Report) -> None:
    cell = f"{R}received.natural_person"
    bad = good.with_entries({cell: 47, "disputes.direct_suit.total": 3}).with_closed(
        "T4-01", "本机关另行统计"
    )
    assert told(bad, "T3-03.received")[0].changes == {cell: 46}


def test_last_years_figure_takes_part_in_every_mend() -> None:
    seed = next(n for n in range(50) if seeded.good_report(random.Random(n), seeded.TYPED).prior is not None)
    report = seeded.good_report(random.Random(seed), seeded.TYPED)
    cell = f"{R}brought_forward.company"
    value = report.entries[cell]
    assert isinstance(value, int)
    hint = told(report.with_entry(cell, value + 4), "Y-02.company")[0]
    assert dict(hint.changes) == {cell: value}
    assert hint.effect == "改后本行、本列、与上年都相等"


def test_causes_that_would_read_the_same_name_their_row_or_column(good: Report) -> None:
    """The same figure moved down one row in two columns: which of them is meant must be said."""
    above, below = f"{H}not_handled.excessive", f"{H}not_handled.reconfirmation"
    right = good.with_entries(
        {f"{above}.company": 2, f"{above}.research": 2, f"{above}.total": 4}
        | {f"{H}total.{key}": None for key in seeded.COLUMNS}
    )
    columns = ("company", "research")
    right = right.with_entries(
        {
            f"{R}received.{key}": v + 2
            for key in columns
            if isinstance(v := good.entries[f"{R}received.{key}"], int)
        }
        | {f"{R}received.total": 66}
    )
    assert not [f for f in check(right, seeded.RULES).findings if f.rule.kind != "entry"]
    bad = right.with_entries(
        {f"{above}.company": 0, f"{below}.company": 2, f"{below}.research": 2, f"{above}.research": 0}
        | {f"{above}.total": 2, f"{below}.total": 2}
    )
    causes = [hint.cause for hint in told(bad, "T3-03.handled.not_handled.excessive")]
    assert len(causes) == len(set(causes))
    assert any(cause.startswith("商业企业：2 填到了") for cause in causes)


def test_nothing_is_said_of_what_was_explained_or_is_no_equation(good: Report) -> None:
    bad = good.with_entry(f"{R}received.natural_person", 47)
    finding = check(bad, seeded.RULES).findings[0]
    bad = bad.with_explanation(finding.address, Explanation("台账如此", finding.values))
    findings = check(bad, seeded.RULES)
    explained = next(f for f in findings.findings if f.is_explained)
    assert hints(bad, seeded.RULES, findings, explained) == ()
    negative = bad.with_entry("proactive.licensing.decisions", -1)
    assert told(negative, "E-04") == ()


@given(
    st.integers(0, 10**6),
    st.sampled_from(seeded.MODES),
    st.lists(st.sampled_from(seeded.KINDS), min_size=1, max_size=3),
)
def test_no_mend_ever_breaks_an_equation_or_leaves_its_own(
    seed: int, mode: str, kinds: list[seeded.Kind]
) -> None:
    chance = random.Random(seed)
    bad = seeded.good_report(chance, mode)
    for kind in kinds:
        bad = bad.with_entries(kind(chance, bad))
    before = seeded.state(bad)
    findings = check(bad, seeded.RULES)

    def sample() -> list[Finding]:
        return chance.sample(findings.findings, min(2, len(findings.findings)))

    for finding in sample():
        found = hints(bad, seeded.RULES, findings, finding)
        assert len(found) <= MOST
        for hint in found:
            assert hint.cause
            assert hint.cells
            assert bool(hint.button) is bool(hint.changes)
            if hint.changes:
                assert seeded.amiss(bad, before, finding, hint.changes) == []
                assert all(v is None or (not isinstance(v, str) and v >= 0) for v in hint.changes.values())


def test_of_seeded_faults_all_are_found_most_are_accused_and_mended_and_no_mend_breaks_anything() -> None:
    outcome = seeded.measure(66)
    assert outcome.wrong == []
    assert seeded.promises(outcome) == []
    assert sum(tally.detectable for tally in outcome.tallies.values()) > 50
