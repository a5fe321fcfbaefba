"""The finding in view: which one it is, what becomes of it while the report changes, and stepping to the next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from gxeditor.core.checks.anchors import Anchor, Cell, Field, Span, Whole
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.edits import fill_blanks
from gxeditor.core.form import Form
from gxeditor.core.report import Explanation, Report, blank_report
from gxeditor.ui.in_view import InView
from gxeditor.ui.session import Session

FORWARD = "requests.brought_forward.natural_person"
UPHELD_TOTAL = "disputes.reconsideration.total"


def put(session: Session, cell: str, entry: int) -> None:
    session.edit(session.report.with_entry(cell, entry), "填写")


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    return Session(form, rules)


@pytest.fixture
def broken(session: Session, form: Form) -> Session:
    """Three findings: a column of 表三 and its total, a total of 表四."""
    session.begin(fill_blanks(blank_report(form), form.cells.values()))
    put(session, FORWARD, 1)
    put(session, UPHELD_TOTAL, 5)
    return session


def test_the_finding_under_the_mouse_goes_before_the_pinned_one(broken: Session) -> None:
    shown: list[Finding | None] = []
    broken.in_view.focused.connect(shown.append)
    first, second = broken.in_view.in_form_order()[:2]
    broken.in_view.pin(first)
    broken.in_view.hover(second)
    broken.in_view.hover(second)
    broken.in_view.hover(None)
    broken.in_view.pin(None)
    assert shown == [first, second, first, None]


def test_stepping_begins_on_the_page_at_hand(broken: Session) -> None:
    first = broken.in_view.step(1, "disputes")
    assert first is not None
    assert first.page == "disputes"
    again = broken.in_view.step(1, "disputes")
    assert again is not None
    assert again.page == "requests"


def test_a_pinned_finding_stays_in_view_while_it_is_worked_on(broken: Session) -> None:
    finding = broken.findings.by_cell[FORWARD][0]
    broken.in_view.pin(finding)
    put(broken, FORWARD, 2)
    assert broken.in_view.shown is not None
    assert broken.in_view.shown.rule.id == finding.rule.id
    assert broken.in_view.shown is not finding
    put(broken, FORWARD, 0)
    assert broken.in_view.shown is None


def test_stepping_goes_through_the_form_and_around(broken: Session) -> None:
    jumps: list[Anchor] = []
    broken.in_view.goto.connect(jumps.append)
    order = broken.in_view.in_form_order()
    assert [f.page for f in order] == ["requests", "requests", "disputes"]
    for _ in range(4):
        broken.in_view.step(1)
    # No cell of these stands out, so it leads to what does not fit: the total, or the last of a balance.
    assert jumps == [one.rule.decisive for one in (*order, order[0])]
    assert broken.in_view.pinned is order[0]
    broken.in_view.step(-1)
    assert jumps[-1] == order[2].rule.decisive


def test_stepping_back_begins_at_the_end(broken: Session) -> None:
    assert broken.in_view.step(-1) is broken.in_view.in_form_order()[-1]


def test_stepping_goes_on_from_where_a_finding_was_mended(broken: Session) -> None:
    put(broken, "requests.carried_forward.company", 7)
    order = broken.in_view.in_form_order()
    broken.in_view.pin(order[1])
    put(broken, "requests.carried_forward.company", 0)
    following = broken.in_view.step(1)
    assert following is not None
    assert following.rule.id == order[2].rule.id


def test_without_findings_stepping_says_so(session: Session) -> None:
    told: list[str] = []
    session.told.connect(told.append)
    assert session.in_view.step(1) is None
    assert told == ["没有要处理的问题。"]


def test_another_report_lets_go_of_the_finding(broken: Session, form: Form) -> None:
    broken.in_view.pin(broken.in_view.in_form_order()[0])
    broken.begin(blank_report(form))
    assert broken.in_view.shown is None


# --- suspects


PETITION = "requests.handled.not_handled.petition.natural_person"
COMPANY, RESEARCH = "requests.handled.granted.company", "requests.handled.granted.research"


@pytest.fixture
def slips(session: Session, form: Form) -> Session:
    """Every total typed, and then: 12 turned about to 21 by a person who copied, two columns of a row swapped."""
    table = form.section("requests").table
    assert table is not None
    entries = {cell.id: 0 for cell in table.cells if not cell.is_total}
    entries |= {
        "requests.received.natural_person": 12, PETITION: 12, "requests.received.company": 4, COMPANY: 4,
        "requests.received.research": 1, RESEARCH: 1,
    }  # fmt: skip
    right = blank_report(form, 2025).with_entries(entries)
    right = right.with_entries({cell.id: right.value(cell.id) for cell in table.cells if cell.is_total})
    session.begin(right.with_entries({PETITION: 21, COMPANY: 1, RESEARCH: 4}))
    return session


def test_stepping_leads_to_the_suspects_and_not_to_every_sum(slips: Session) -> None:
    jumps: list[Anchor] = []
    slips.in_view.goto.connect(jumps.append)
    assert sum(finding.is_equation for finding in slips.findings.findings) == 4
    stops = [stop for stop in slips.in_view.stops() if stop.is_sum]
    assert [stop.cells for stop in stops] == [(PETITION,), (COMPANY, RESEARCH)]
    for _ in stops:
        slips.in_view.step(1)
    assert jumps == [Cell(PETITION), Cell(COMPANY)]


def test_figures_that_stand_in_each_others_place_are_one_place(slips: Session) -> None:
    assert slips.swaps() == ((COMPANY, RESEARCH),)
    stop = slips.in_view.stops()[1]
    assert stop.where == Cell(COMPANY)
    assert {finding.rule.id for finding in stop.findings} == {"T3-02.company", "T3-02.research"}


def test_from_another_cell_of_a_sum_stepping_leads_to_its_suspect_first(slips: Session) -> None:
    jumps: list[Anchor] = []
    slips.in_view.goto.connect(jumps.append)
    slips.in_view.pin(slips.findings.by_cell[RESEARCH][0])
    slips.in_view.step(1)
    assert jumps == [Cell(COMPANY)]


def test_a_mended_suspect_gives_way_to_the_next(slips: Session) -> None:
    jumps: list[Anchor] = []
    slips.in_view.goto.connect(jumps.append)
    slips.in_view.step(1)
    put(slips, PETITION, 12)
    slips.in_view.step(1)
    assert jumps == [Cell(PETITION), Cell(COMPANY)]


def test_leading_to_a_sum_leads_to_where_to_look_first(slips: Session) -> None:
    jumps: list[Anchor] = []
    slips.in_view.goto.connect(jumps.append)
    finding = next(f for f in slips.findings.findings if f.rule.id == "T3-02.research")
    slips.in_view.lead_to(finding)
    assert jumps == [Cell(COMPANY)]
    assert slips.in_view.pinned is finding


def test_what_was_explained_is_no_place_to_go_to(broken: Session) -> None:
    finding = broken.in_view.in_form_order()[0]
    said = replace(finding, explanation=Explanation("原始台账如此", finding.values))
    view = InView(broken.form)
    view.begin(Findings((said,)))
    assert view.stops() == []


# --- what is no cell


RULE = Rule("X-1", "entry", Severity.QUERY, "", "题", "", "依据")
TEXT = "收到30件。\n办理30件。"


def claims(text: str) -> Findings:
    """A finding for every 30 in the text of 一."""
    starts = [place for place in range(len(text)) if text.startswith("30", place)]
    return Findings(tuple(Finding(RULE, Span("overview", at, at + 2), "") for at in starts))


@pytest.fixture
def written(form: Form) -> Report:
    return blank_report(form).with_section("overview", TEXT)


@pytest.fixture
def view(form: Form, written: Report) -> InView:
    """The second 30 is pinned."""
    view = InView(form)
    view.begin(claims(TEXT))
    view.pin(claims(TEXT).findings[1])
    return view


def typed(view: InView, before: Report, text: str) -> None:
    view.follow(claims(text), before, before.with_section("overview", text))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("今年收到30件。\n办理30件。", 11),
        ("收到30件。\n办理30件。另有其他。", 9),
        ("到30件。\n办理30件。", 8),
        ("收到1件。\n办理30件。", 8),
    ],
)
def test_a_number_in_a_text_stays_in_view_while_other_words_are_typed(
    view: InView, written: Report, text: str, start: int
) -> None:
    typed(view, written, text)
    assert view.shown is not None
    assert view.shown.where == Span("overview", start, start + 2)


def test_a_number_that_was_mended_leaves_the_view_and_no_other_takes_its_place(
    view: InView, written: Report
) -> None:
    typed(view, written, "收到30件。\n办理31件。")
    assert view.shown is None


def test_stepping_reads_a_text_from_its_beginning_and_goes_on_from_where_it_was_moved_to(
    view: InView, written: Report
) -> None:
    text = f"今年{TEXT}"
    typed(view, written, text)
    first, second = view.in_form_order()
    assert view.step(1) is first
    assert view.step(1) is second


def test_a_finding_of_a_field_stays_in_view_through_any_edit(form: Form, written: Report) -> None:
    finding = Finding(RULE, Field("year"), "")
    view = InView(form)
    view.begin(Findings((finding,)))
    view.pin(finding)
    again = replace(finding, message="别的话")
    view.follow(Findings((again,)), written, written.with_fields(year=2022))
    assert view.shown is again


def test_stepping_leads_to_fields_and_the_whole_before_the_sections(
    form: Form, beside_the_tables: Findings
) -> None:
    view = InView(form)
    view.begin(beside_the_tables)
    jumps: list[Anchor] = []
    view.goto.connect(jumps.append)
    for _ in range(3):
        view.step(1)
    assert jumps == [Field("year"), Whole(), Span("overview", 6, 8)]


def test_f8_passes_over_what_was_explained(form: Form, rules: tuple[Rule, ...], qapp: QApplication) -> None:
    zeros = fill_blanks(blank_report(form, 2022), form.cells.values())
    report = zeros.with_entry("disputes.direct_suit.upheld", None)
    session = Session(form, rules)
    session.begin(report)
    finding = next(one for one in session.findings.findings if one.rule.id == "E-01")
    assert finding in session.in_view.in_form_order()
    session.explain(finding, "案卷还没有移交")
    assert all(one.rule.id != "E-01" for one in session.in_view.in_form_order())
    session.undo()
    assert any(one.rule.id == "E-01" for one in session.in_view.in_form_order())
