"""Where two reports differ: what a clerk has to see before a step is undone."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.difference import BASIC, PREAMBLE, TextChange, difference, text_difference
from gxeditor.core.following import follow
from gxeditor.core.report import AgencyKind, Bound, Explanation, Final, Report, blank_report
from gxeditor.core.revision import to_revise
from gxeditor.resources import load_form

FORM = load_form()
PERSON, TOTAL = "requests.received.natural_person", "requests.received.total"
UPHELD, FEES = "disputes.reconsideration.upheld", "proactive.fees.amount"


@pytest.fixture
def report() -> Report:
    return blank_report(FORM, 2022)


def test_a_report_does_not_differ_from_itself(report: Report) -> None:
    assert difference(report, report).pages == ()


def test_cells_differ_by_what_was_typed_and_totals_follow_by_themselves(report: Report) -> None:
    zeros = report.with_entries({c.id: 0 for c in FORM.section("requests").table.cells if not c.is_total})  # type: ignore[union-attr]
    found = difference(zeros, zeros.with_entry(PERSON, 3))
    assert (found.cells, found.fields, found.texts, found.pages) == ((PERSON,), (), (), ("requests",))
    assert difference(zeros, zeros.with_entry(TOTAL, 0)).cells == (TOTAL,)  # typed: it no longer follows


def test_decimals_after_a_plain_zero_differ(report: Report) -> None:
    one, other = (report.with_entry(FEES, Decimal(text)) for text in ("0", "0.00"))
    assert difference(one, other).cells == (FEES,)


def test_pages_come_in_the_order_of_the_form(report: Report) -> None:
    after = report.with_entries({UPHELD: 1, PERSON: 2}).with_section("problems", "少").with_fields(year=2023)
    found = difference(report, after)
    assert found.pages == (BASIC, "requests", "disputes", "problems")
    assert found.cells_of("disputes") == (UPHELD,)
    assert found.text_of("overview") is None


def test_fields_come_in_the_order_of_their_page(report: Report) -> None:
    after = report.with_fields(date="1月18日", kind=AgencyKind.TOWNSHIP, agency="鲁山", own_title="报告")
    assert difference(report, after).fields == ("agency", "kind", "own_title", "date")
    preamble = difference(report, report.with_fields(preamble="序"))
    assert (preamble.fields, preamble.pages) == ((), (BASIC,))
    assert preamble.text_of(PREAMBLE) is not None


def test_what_no_page_shows_counts_only_alone(report: Report) -> None:
    kept = report.with_fields(extra=MappingProxyType({"x": 1}))
    assert difference(report, kept).pages == (BASIC,)
    assert difference(report, kept.with_entry(PERSON, 1)).pages == ("requests",)


@pytest.mark.parametrize(
    ("old", "new", "start", "paragraph"),
    [
        ("", "一", 0, 1),
        ("甲。\n乙68件。", "甲。\n乙62件。", 5, 2),
        ("甲。\n乙。", "甲。\n乙。\n丙。", 5, 3),  # a paragraph is added after the second
        ("甲。\n乙。\n丙。", "甲。\n丙。", 3, 2),  # the second is taken out
        ("甲。\n\n\n乙。", "甲。\n\n\n乙丙。", 6, 2),  # empty lines are no paragraphs
    ],
)
def test_a_text_differs_from_a_character_in_a_paragraph_on(
    report: Report, old: str, new: str, start: int, paragraph: int
) -> None:
    found = difference(report.with_section("overview", old), report.with_section("overview", new))
    (change,) = found.texts
    assert (change.text, change.start, change.paragraph) == ("overview", start, paragraph)
    assert found.pages == ("overview",)


@given(st.text("甲乙\n𬭩", max_size=12), st.text("甲乙\n𬭩", max_size=12))
def test_putting_the_new_part_for_the_old_one_gives_the_new_text(old: str, new: str) -> None:
    start, gone, come = text_difference(old, new)
    assert old[start : start + len(gone)] == gone
    assert old[:start] + come + old[start + len(gone) :] == new
    if old == new:
        assert (gone, come) == ("", "")


def test_a_number_of_prose_that_was_looked_at_is_a_difference_at_its_place() -> None:
    text = "前言。\n\n2022年收到62件。"
    one = blank_report(load_form()).with_section("overview", text)
    marked = one.with_prose_doubts("overview", to_revise(text))
    seen = marked.without_prose_doubts("overview", [text.index("62")])
    assert difference(marked, seen).texts == (TextChange("overview", text.index("62"), "62", "62", 2),)
    assert difference(marked, seen).pages == ("overview",)
    written = marked.with_section("overview", text.replace("62", "75"))
    assert [(c.old, c.new) for c in difference(marked, written).texts] == [("62", "75")]
    assert difference(marked, marked).texts == ()


# --- what a person said


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (f"Y-01@{PERSON}", "requests"),
        ("C-02@overview:收到 68 件.共@", "overview"),
        ("C-02@preamble:2205", BASIC),
        ("M-03@problems", "problems"),
        ("M-04@year", BASIC),
        ("M-05@", BASIC),
    ],
)
def test_an_explanation_is_on_the_page_of_its_finding(report: Report, address: str, page: str) -> None:
    after = report.with_explanation(address, Explanation("已经核实", ("1",)))
    for one, other in ((report, after), (after, report)):
        found = difference(one, other)
        assert (found.said, found.pages) == (("explanations",), (page,))
        assert (found.cells, found.texts, found.fields) == ((), (), ())


def test_rules_closed_and_that_a_report_is_final_are_of_no_page(report: Report) -> None:
    for after in (
        report.with_closed("Y-01", "理由"),
        report.with_finals([Final("2026-01-12", "甲", "0" * 64)]),
    ):
        assert difference(report, after).said
        assert difference(report, after).pages == ()


def test_a_number_newly_bound_is_in_its_text_and_follows_without_being_a_difference(report: Report) -> None:
    written = report.with_entry(PERSON, 62).with_section("overview", "收到62件，办结62件。")
    bound = written.with_bound("overview", [Bound(2, "62", (PERSON,))])
    assert (difference(written, bound).said, difference(written, bound).pages) == (("bound",), ("overview",))
    after = follow(bound.with_entry(PERSON, 100))
    assert after.sections["overview"] == "收到100件，办结62件。"
    for one, other in ((bound, after), (after, bound)):
        found = difference(one, other)
        assert (found.cells, found.texts, found.said, found.pages) == ((PERSON,), (), (), ("requests",))
    rewritten = after.with_section("overview", "收到100件，办结100件。")
    found = difference(bound, rewritten)
    assert found.pages == ("overview", "requests")
    assert [change.text for change in found.texts] == ["overview"]
