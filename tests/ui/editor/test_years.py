"""A table turns between this year, last year, difference and rate; what changed a lot is explained."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Form
from gxeditor.core.report import Prior, Report, blank_report
from gxeditor.core.year_beside import View
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.table.grid import BACK
from gxeditor.ui.editor.years import NO_PRIOR
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session

PERSON, COMPANY, TOTAL = (f"requests.received.{who}" for who in ("natural_person", "company", "total"))
RESEARCH = "requests.received.research"
NAME = "青溪县教育局"


def zeros(form: Form, year: int, **figures: int) -> Report:
    cells = {cell.id: 0 for cell in form.section("requests").table.cells if not cell.is_total}  # type: ignore[union-attr]
    cells |= {PERSON: figures.get("person", 0), COMPANY: figures.get("company", 0)}
    return blank_report(form, year).with_fields(agency=NAME).with_entries(dict(cells))


@pytest.fixture
def prior(form: Form) -> Prior:
    return Prior.of(zeros(form, 2024, person=40, company=6))


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...], prior: Prior, qapp: QApplication) -> Session:
    theme.apply_theme(qapp, "light")
    session = Session(form, rules)
    session.begin(zeros(form, 2025, person=400, company=4).with_prior(prior))
    return session


@pytest.fixture
def page(session: Session, form: Form, qtbot: QtBot) -> TablePage:
    page = TablePage(session, form.section("requests"))
    qtbot.addWidget(page)
    page.resize(1366, 552)
    with qtbot.waitExposed(page):
        page.show()
    page.grid.go_to(PERSON)
    return page


def shown(page: TablePage, *cells: str) -> list[str]:
    return [page.grid.model_.looks[cell].text for cell in cells]


def heard(page: TablePage) -> list[str]:
    told: list[str] = []
    page.told.connect(told.append)
    return told


def type_key(page: TablePage, text: str) -> None:
    focus = page.grid.editor if page.grid.editor.isVisible() else page.grid
    QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text))


def test_the_same_grid_shows_each_of_the_four(page: TablePage) -> None:
    cells = PERSON, COMPANY, RESEARCH, TOTAL
    assert shown(page, *cells) == ["400", "4", "0", "404"]
    page.set_view(View.THEN)
    assert shown(page, *cells) == ["40", "6", "0", "46"]
    page.set_view(View.DIFFERENCE)
    assert shown(page, *cells) == ["＋360", "－2", "0", "＋358"]
    page.set_view(View.RATE)
    assert shown(page, *cells) == ["＋900%", "－33%", "", "＋778%"]
    page.set_view(View.NOW)
    assert shown(page, *cells) == ["400", "4", "0", "404"]
    assert page.grid.current_cell() is not None
    assert page.grid.current_cell().id == PERSON  # type: ignore[union-attr]


def test_up_and_down_have_no_colour_and_nothing_is_quiet(page: TablePage) -> None:
    page.set_view(View.DIFFERENCE)
    looks = page.grid.model_.looks
    assert (looks[PERSON].what, looks[COMPANY].what, looks[RESEARCH].what) == ("number", "number", "zero")
    page.set_view(View.THEN)
    assert looks[PERSON].what == "last"


def test_the_status_bar_has_all_four_whatever_is_shown(page: TablePage) -> None:
    said: list[str] = []
    page.figures.connect(said.append)
    for view in (View.DIFFERENCE, View.RATE, View.THEN, View.NOW):
        page.set_view(view)
        assert said[-1] == "本年 400　上年 40　差额 ＋360　增减率 ＋900%"


@pytest.mark.parametrize("view", [View.THEN, View.DIFFERENCE, View.RATE])
def test_a_digit_returns_to_this_year_and_is_not_lost(page: TablePage, session: Session, view: View) -> None:
    told = heard(page)
    page.set_view(view)
    type_key(page, "1")
    type_key(page, "2")
    assert told == [BACK]
    assert page.grid.view is View.NOW
    assert page.grid.editor.text() == "12"
    QTest.keyClick(page.grid.editor, Qt.Key.Key_Return)
    assert session.report.entries[PERSON] == 12


@pytest.mark.parametrize(
    "way", ["clear_cells", "cut", "paste", "fill_down", "fill_right", "recompute_selected"]
)
def test_what_would_change_figures_only_leads_back_to_them(
    page: TablePage, session: Session, way: str
) -> None:
    before = session.report
    told = heard(page)
    page.set_view(View.DIFFERENCE)
    getattr(page.grid, way)()
    assert session.report is before
    assert (page.grid.view, told) == (View.NOW, [BACK])


def test_composing_leads_back_too(page: TablePage) -> None:
    page.set_view(View.RATE)
    QApplication.sendEvent(page.grid, QInputMethodEvent("yi", []))
    assert page.grid.view is View.NOW
    QApplication.sendEvent(page.grid, QInputMethodEvent())


def test_copying_takes_what_is_shown(page: TablePage) -> None:
    page.set_view(View.DIFFERENCE)
    assert page.grid.copy()
    assert QApplication.clipboard().text().strip() == "＋360"
    assert page.grid.view is View.DIFFERENCE


def test_a_refused_entry_keeps_the_table_as_it_is(page: TablePage) -> None:
    type_key(page, "x")
    page.set_view(View.DIFFERENCE)
    assert page.grid.view is View.NOW
    assert page.grid.editor.isVisible()


def test_without_last_years_report_it_is_asked_for(page: TablePage, session: Session) -> None:
    session.set_prior(None)
    told, asked = heard(page), []
    page.prior_asked.connect(lambda: asked.append(True))
    page.set_view(View.DIFFERENCE)
    assert page.grid.view is View.NOW
    assert NO_PRIOR in told[-1]
    assert page.years.note.text() == NO_PRIOR
    assert page.years.choose.isVisible()
    page.years.choose.click()
    assert asked


def test_giving_up_last_years_report_leads_back(page: TablePage, session: Session) -> None:
    page.set_view(View.RATE)
    session.set_prior(None)
    assert page.grid.view is View.NOW
    assert shown(page, PERSON) == ["400"]
    session.undo()
    assert page.years.choose.isHidden()


def test_a_report_of_another_agency_or_year_is_said_beside_the_switch(
    page: TablePage, session: Session, form: Form
) -> None:
    session.set_prior(Prior.of(zeros(form, 2021).with_fields(agency="乙县丙局")))
    assert "2021" in page.years.note.text()
    assert "乙县丙局" in page.years.note.text()
    assert page.years.note.property("tone") == "qrytext"


def test_the_switch_takes_no_row(page: TablePage) -> None:
    corner = page.years.parentWidget()
    assert corner is not None
    assert corner.height() == sum([page.grid.measures.head] * 3)
    assert corner.rect().contains(page.years.geometry())
    assert page.years.height() == 24


@pytest.mark.parametrize("key", ["proactive", "disputes"])
def test_tables_without_room_in_their_corner_have_it_above(
    session: Session, form: Form, qtbot: QtBot, key: str
) -> None:
    page = TablePage(session, form.section(key))
    qtbot.addWidget(page)
    page.resize(1366, 552)
    with qtbot.waitExposed(page):
        page.show()
    below = page.grid.mapTo(page, page.grid.rect().topLeft()).y()
    assert page.years.mapTo(page, page.years.rect().bottomLeft()).y() < below
    page.years.segments[View.THEN].click()
    assert page.grid.view is View.THEN


def test_the_switch_stays_usable_at_every_zoom(page: TablePage) -> None:
    for zoom in (0.5, 1.0, 1.5, 3.0):
        page.set_scale("auto", zoom)
        QApplication.processEvents()
        assert page.years.isVisible()
        assert page.years.height() == 24
        segment = page.years.segments[View.RATE]
        assert page.rect().contains(segment.mapTo(page, segment.rect().bottomRight()))


# --- what changed a lot


def test_what_changed_a_lot_is_marked_beside_last_year_only(page: TablePage) -> None:
    looks = page.grid.model_.looks
    before = looks[TOTAL].severity
    page.set_view(View.DIFFERENCE)
    assert looks[TOTAL].severity is Severity.QUERY
    assert looks[COMPANY].severity is None
    page.set_view(View.NOW)
    assert looks[TOTAL].severity is before


def test_sums_that_do_not_fit_are_no_matter_of_the_years(page: TablePage) -> None:
    model = page.grid.model_
    assert model.off
    page.set_view(View.DIFFERENCE)
    assert not model.off
    assert not any(look.washed or look.gap for look in model.looks.values())
    page.set_view(View.NOW)
    assert model.off


def test_a_reason_is_written_by_keys_alone(page: TablePage, session: Session) -> None:
    page.set_view(View.DIFFERENCE)
    page.grid.go_to(TOTAL)
    QTest.keyClick(page.grid, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    popover = page._change_popover
    assert popover is not None
    assert popover.reason.hasFocus()
    popover.reason.setText("短")
    QTest.keyClick(popover.reason, Qt.Key.Key_Return)
    assert popover.isVisible()
    popover.reason.setText("机构合并，范围扩大了")
    QTest.keyClick(popover.reason, Qt.Key.Key_Return)
    assert popover.isHidden()
    assert page.grid.hasFocus()
    look = page.grid.model_.looks[TOTAL]
    assert (look.severity, look.explained) == (None, True)
    assert [one.reason for one in session.report.explanations.values()] == ["机构合并，范围扩大了"]
    session.undo()
    assert page.grid.model_.looks[TOTAL].severity is Severity.QUERY


def test_where_little_changed_the_keys_stay_in_the_table(page: TablePage) -> None:
    told = heard(page)
    page.set_view(View.DIFFERENCE)
    page.grid.go_to(COMPANY)
    QTest.keyClick(page.grid, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert told[-1] == "这一格与上年相比变化不大。"
    assert page.grid.hasFocus()


def test_f8_at_a_great_change_shows_the_difference(page: TablePage, session: Session) -> None:
    finding = next(f for f in session.findings.findings if f.rule.code == "Y-04")
    session.in_view.goto.connect(page.go_to)
    session.in_view.lead_to(finding)
    assert page.is_beside
    wrong = next(f for f in session.findings.findings if f.is_equation)
    session.in_view.lead_to(wrong)
    assert not page.is_beside


def test_a_screen_reader_hears_which_of_the_years(page: TablePage) -> None:
    cell = page.grid.session.form.cells[TOTAL]
    page.set_view(View.DIFFERENCE)
    spoken = page.grid.model_.spoken(cell)
    assert "差额 ＋358" in spoken
    assert "变化很大" in spoken
