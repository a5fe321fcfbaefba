"""The page 定稿: what it lists, what it waits for, and the 校验报告 beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from PySide6.QtCore import QDate, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.core.checks.anchors import Field
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.profiles import Profile
from gxeditor.core.checks.rules import Group, Rule, Severity
from gxeditor.core.checks.summary import Summary
from gxeditor.core.form import Form
from gxeditor.core.report import Prior, Report, blank_report
from gxeditor.paper.check_report import make_check_report
from gxeditor.paper.pdf import Pdf
from gxeditor.ui.finalizing.page import BESIDE, Draft, FinalPage
from gxeditor.ui.look.tasks import Work
from gxeditor.ui.session import Session
from tests.window import children

PERSON = "requests.received.natural_person"


@pytest.fixture
def rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The equations: what else is checked of a report grows."""
    return tuple(rule for rule in rules if rule.left)


def zeros(form: Form) -> Report:
    return (
        blank_report(form, 2025)
        .with_entries({cell: 0 for cell in form.cells})
        .with_fields(agency="青溪县教育局")
    )


@pytest.fixture
def session(qapp: QApplication, form: Form, rules: tuple[Rule, ...]) -> Session:
    """A report with errors in one column and queries about last year's."""
    session = Session(form, rules)
    last = zeros(form).with_fields(year=2024).with_entry("requests.carried_forward.total", 4)
    session.begin(zeros(form).with_prior(Prior.of(last, "2024.gxr", "0" * 64)).with_entry(PERSON, 3))
    return session


@pytest.fixture
def page(session: Session) -> Iterator[FinalPage]:
    def summary() -> Summary:
        when = datetime(2026, 1, 12, 14, 36)
        return documents.check_summary(session.report, session.rules, session.findings, Profile(), when)

    def make(summary: Summary, work: Work) -> Pdf:
        return make_check_report(summary, cancelled=work.cancelled)

    page = FinalPage(session, Draft(day=date(2026, 1, 12)), summary, make)
    page.resize(1366, 650)
    page.show()
    QApplication.processEvents()
    yield page
    page.hide()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def texts(page: FinalPage) -> list[str]:
    QApplication.processEvents()  # what is new is shown now
    return [label.text() for label in children(page, QLabel) if label.isVisibleTo(page)]


def pressed(page: FinalPage, words: str) -> list[QPushButton]:
    QApplication.processEvents()
    return [b for b in children(page, QPushButton) if b.text() == words and b.isVisibleTo(page)]


def mended(page: FinalPage) -> None:
    page.session.edit(page.session.report.with_entry(PERSON, 0), "改正")


def test_errors_queries_and_what_is_explained_are_listed_with_what_can_be_done(page: FinalPage) -> None:
    session = page.session
    errors, queries = (session.findings.count(severity) for severity in (Severity.ERROR, Severity.QUERY))
    assert errors
    assert queries
    assert f"定稿前要改正 {errors} 处" in texts(page)
    assert len(pressed(page, "去改正")) == errors
    assert len(pressed(page, "写说明")) == queries
    query = next(one for one in session.findings.open if one.severity is Severity.QUERY)
    assert session.explain(query, "上年年报的数有误。")
    assert "已说明 1 处，请核对人再看一遍" in texts(page)
    assert "上年年报的数有误。" in texts(page)
    assert len(pressed(page, "改说明")) == 1
    assert f"{queries - 1} 处待核实" in texts(page)


def test_a_finding_is_gone_to_and_explained_by_its_own_button(page: FinalPage, qtbot: QtBot) -> None:
    session = page.session
    with qtbot.waitSignal(page.went) as went:
        pressed(page, "去改正")[0].click()
    with qtbot.waitSignal(page.explain_asked) as asked:
        pressed(page, "写说明")[0].click()
    assert went.args is not None
    assert asked.args is not None
    assert went.args[0] == next(f for f in session.findings.findings if f.severity is Severity.ERROR)
    assert asked.args[0] == next(f for f in session.findings.findings if f.severity is Severity.QUERY)


def test_it_waits_for_errors_to_be_mended_and_for_a_checker(page: FinalPage) -> None:
    errors = page.session.findings.count(Severity.ERROR)
    page.checker.setText("张敏")
    assert page.sentence.text() == f"改正 {errors} 处错误后可以定稿。"
    assert not page.finalize.isEnabled()
    mended(page)
    queries = page.session.findings.count(Severity.QUERY)
    assert page.sentence.text() == f"还有 {queries} 处没有说明，会照实印出。"
    assert page.finalize.isEnabled()
    assert not page.forced_box.isVisible()
    page.checker.setText("  ")
    assert page.sentence.text() == "写上核对人后可以定稿。"
    assert not page.finalize.isEnabled()


def test_forcing_is_folded_and_asks_for_ten_characters(page: FinalPage, qtbot: QtBot) -> None:
    assert not page.reason.isVisible()
    page.checker.setText("张敏")
    page.unfold.click()
    assert page.reason.isVisible()
    page.reason.setText("上级要求先报")
    assert not page.force.isEnabled()
    page.reason.setText("上级系统要求今天先行报送")
    with qtbot.waitSignal(page.final_asked) as asked:
        page.force.click()
    assert asked.args == [True]
    page.checker.clear()
    assert not page.force.isEnabled()


def test_what_was_not_checked_is_counted_by_reason_and_leads_to_the_list(
    page: FinalPage, qtbot: QtBot
) -> None:
    page.session.edit(page.session.report.with_prior(None), "不再对照上年年报")
    yearly = sum(rule.kind == "carry_over" for rule in page.session.rules)
    assert f"没有选上年年报 {yearly} 条。" in texts(page)
    assert "不妨碍定稿。校验报告里照实列出。" in texts(page)
    with qtbot.waitSignal(page.list_asked):
        pressed(page, "看检查项目")[0].click()


def test_what_is_typed_is_kept_for_the_next_time(page: FinalPage) -> None:
    page.checker.setText("张敏")
    page.day.setDate(QDate(2026, 1, 14))
    page.ticks[".xlsx"].setChecked(True)
    page.reason.setText("上级系统要求今天先行报送")
    assert page.draft == Draft("张敏", date(2026, 1, 14), (".pdf", ".xlsx"), "上级系统要求今天先行报送")


def test_a_deadline_that_is_near_is_said_above(page: FinalPage) -> None:
    rule = Rule(
        "D-01",
        "entry",
        Severity.HINT,
        "",
        "公布期限",
        "",
        "条例第四十九条",
        group=Group.DEADLINES,
        code="D-01",
    )
    session = page.session
    found = Finding(rule, Field("date"), "2026年1月31日前公布，还有 19 天。")
    session.findings = type(session.findings)((*session.findings.findings, found))
    page.renew()
    assert page.said.text() == "定稿后只能看，重新打开会记下时间和原因。2026年1月31日前公布，还有 19 天。"


def test_the_pages_are_set_beside_it_and_again_after_a_change(page: FinalPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.pdf is not None and page._task is None)
    assert page.place.text() == f"第 1 页，共 {page.view.pages} 页"
    first = page.pdf
    page.next_button.click()
    assert page.view.page == 1
    assert page.back_button.isEnabled()
    mended(page)
    qtbot.waitUntil(lambda: page.pdf is not first and page._task is None)
    assert page.pdf is not None
    assert first is not None
    assert page.pdf.data != first.data
    page.fit_button.click()
    assert (page.view.zoom, page.fit_button.text()) == ("page", "适合宽度")
    with qtbot.waitSignal(page.print_asked) as asked:
        page.print_button.click()
    assert asked.args == [page.pdf]


def test_where_there_is_no_room_for_both_list_and_pages_take_turns(page: FinalPage, qtbot: QtBot) -> None:
    page.resize(BESIDE - 100, 450)
    QApplication.processEvents()
    assert (page.area.isVisible(), page.view.isVisible()) == (True, False)
    page.look.click()
    assert (page.area.isVisible(), page.view.isVisible()) == (False, True)
    assert page.look.text() == "回到列表"
    qtbot.waitUntil(lambda: page.pdf is not None and page._task is None)
    page.look.click()
    assert page.area.isVisible()
    page.resize(1366, 650)
    QApplication.processEvents()
    assert [one.isVisible() for one in (page.area, page.view, page.look)] == [True, True, False]


def test_escape_leaves_it(page: FinalPage, qtbot: QtBot) -> None:
    page.activateWindow()
    page.checker.setFocus()
    with qtbot.waitSignal(page.left):
        QTest.keyClick(page.checker, Qt.Key.Key_Escape)


def test_tab_goes_through_the_lines_before_it_comes_to_the_checker(page: FinalPage) -> None:
    QApplication.processEvents()
    lines = [pressed(page, "去改正")[0], *pressed(page, "转到")[-1:], *pressed(page, "写说明")[-1:]]
    lines[-1].setFocus()
    QTest.keyClick(lines[-1], Qt.Key.Key_Tab)
    assert page.focusWidget() is page.checker
    lines[0].setFocus()
    mended(page)  # takes the line away
    assert page.focusWidget() is page.checker
