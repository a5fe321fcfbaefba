"""The page 基本信息: fields that write the report as one step each, a year of four digits, last year's report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.profiles import Profile
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Prior, Report, blank_report
from gxeditor.store.report_file import save_report
from gxeditor.ui.editor.basic import BasicPage, OfferedField
from gxeditor.ui.session import Session

NAME = "鲁山县人民政府办公室"
PERSON = "requests.received.natural_person"


@pytest.fixture
def report(form: Form) -> Report:
    return blank_report(form, 2022).with_fields(agency=NAME, kind=AgencyKind.DEPARTMENT, date="2023年1月18日")


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...], report: Report, qapp: QApplication) -> Session:
    session = Session(form, rules)
    session.begin(report)
    return session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> Iterator[BasicPage]:
    page = BasicPage(session)
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.show()
    page.activateWindow()
    page.setFocus()
    qtbot.waitUntil(page.agency.hasFocus)
    yield page
    page.hide()


def type_into(widget: QWidget, text: str) -> None:
    """Instead of what stands there; only letters that a key makes."""
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)


def test_the_page_shows_what_the_report_says(page: BasicPage) -> None:
    assert page.agency.text() == NAME
    assert page.agency_kind.currentText() == "部门"
    assert page.year.text() == "2022"
    assert page.title.text() == f"{NAME}2022年政府信息公开工作年度报告"
    assert page.date.text() == "2023年1月18日"
    assert page.place() == "基本信息"


def test_typing_a_field_is_one_step_until_it_is_left(
    page: BasicPage, session: Session, report: Report
) -> None:
    type_into(page.signature, "Office")
    page.date.setFocus()
    type_into(page.signature, "Other")
    assert session.report.signature == "Other"
    assert session.history.undo_label == "修改落款单位"
    session.undo()
    assert session.report.signature == "Office"
    assert page.signature.text() == "Office"
    session.undo()
    assert session.report == report


def test_a_year_may_be_typed_digit_by_digit(page: BasicPage, session: Session) -> None:
    page.year.setFocus()
    QTest.keyClick(page.year, Qt.Key.Key_Backspace)
    assert page.year.text() == "202"
    assert session.report.year is None
    assert page.year.property("refused")
    QTest.keyClicks(page.year, "3")
    assert session.report.year == 2023
    assert not page.year.property("refused")
    assert page.title.text() == f"{NAME}2023年政府信息公开工作年度报告"


def test_full_width_digits_are_a_year(page: BasicPage, session: Session) -> None:
    page.year.textEdited.emit("２０２１")
    assert session.report.year == 2021


def test_what_is_no_year_is_not_taken_and_said(page: BasicPage, session: Session, qtbot: QtBot) -> None:
    type_into(page.year, "22")
    with qtbot.waitSignal(page.told) as told:
        page.date.setFocus()
    assert told.args == ["“22”没有填入年份，年份是四位数字。"]
    assert page.year.text() == ""
    assert session.report.year is None
    assert not page.year.property("refused")


def test_a_title_of_ones_own_replaces_the_computed_one_until_it_is_emptied(
    page: BasicPage, session: Session
) -> None:
    type_into(page.title, "Report")
    assert session.report.title == "Report"
    type_into(page.title, "")
    assert session.report.own_title is None
    assert session.report.title == f"{NAME}2022年政府信息公开工作年度报告"
    assert page.title.placeholderText() == session.report.title
    page.date.setFocus()
    assert page.title.text() == session.report.title


def test_the_title_is_edited_from_its_present_text(page: BasicPage, session: Session) -> None:
    whole = page.title.text()
    page.title.setFocus()
    QTest.keyClick(page.title, Qt.Key.Key_End)
    QTest.keyClicks(page.title, "(1)")
    assert session.report.own_title == f"{whole}(1)"
    assert page.title.property("tone") == "text"
    for _ in range(3):
        QTest.keyClick(page.title, Qt.Key.Key_Backspace)
    assert session.report.own_title is None  # just what the program writes follows agency and year again
    assert page.title.property("tone") == "text2"
    QTest.keyClick(page.title, Qt.Key.Key_Home)
    QTest.keyClicks(page.title, "X")
    type_into(page.signature, "Office")
    session.undo()
    session.undo()
    assert page.title.text() == whole


def test_an_automatic_title_is_not_made_ones_own_by_looking_at_it(page: BasicPage, session: Session) -> None:
    page.title.setFocus()
    QTest.keyClick(page.title, Qt.Key.Key_End)
    page.date.setFocus()
    assert session.report.own_title is None
    assert not session.history.can_undo


@pytest.mark.parametrize(
    "typed", ["2026-1-20", "2026/1/20", "2026.1.20", "20260120", "2026年01月20日", "２０２６－１－２０"]
)
def test_a_date_typed_otherwise_is_offered_as_documents_write_it(
    page: BasicPage, session: Session, typed: str
) -> None:
    page.date.setFocus()
    page.date.setText(typed)
    page.date.textEdited.emit(typed)
    assert session.report.date == typed  # nothing is changed unasked
    offered = page.date.parent()
    assert isinstance(offered, OfferedField)
    assert offered.button.text() == "写成 2026年1月20日"
    QTest.keyClick(page.date, Qt.Key.Key_Return)
    assert session.report.date == "2026年1月20日"
    assert page.date.text() == "2026年1月20日"
    assert not offered.button.isVisibleTo(page)
    session.undo()
    assert session.report.date == typed


def test_the_button_takes_what_is_offered_too(page: BasicPage, session: Session) -> None:
    type_into(page.date, "2026-2-28")
    offered = page.date.parent()
    assert isinstance(offered, OfferedField)
    offered.button.click()
    assert session.report.date == "2026年2月28日"
    type_into(page.date, "2026-2-30")
    assert not offered.button.isVisibleTo(page)


def test_the_kind_of_agency_is_chosen_from_a_list(page: BasicPage, session: Session) -> None:
    QTest.keyClick(page.agency_kind, Qt.Key.Key_Up)
    assert session.report.kind is AgencyKind.GOVERNMENT
    session.undo()
    assert page.agency_kind.currentText() == "部门"


def test_the_seal_is_chosen_beside_the_date_and_can_be_undone(page: BasicPage, session: Session) -> None:
    assert not page.sealed.isChecked()
    page.sealed.click()
    assert session.report.sealed
    session.undo()
    assert not session.report.sealed
    assert not page.sealed.isChecked()


def test_the_preamble_is_typed_as_one_step(page: BasicPage, session: Session, report: Report) -> None:
    page.preamble.setFocus()
    QTest.keyClicks(page.preamble, "abc")
    assert session.report.preamble == "abc"
    page.finish()
    session.undo()
    assert session.report == report
    assert page.preamble.text() == ""


def test_undo_in_a_field_is_that_of_the_whole_report(page: BasicPage, session: Session) -> None:
    type_into(page.signature, "abc")
    QTest.keyClick(page.signature, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.signature.text() == "abc"  # the window's command would undo; the field has no undo of its own


def test_last_year_s_report_is_named_and_can_be_dropped(
    page: BasicPage, session: Session, report: Report, qtbot: QtBot
) -> None:
    assert "没有选择" in page.prior.text()
    assert not page._drop.isVisible()
    with qtbot.waitSignal(page.prior_asked):
        page._choose.click()
    session.set_prior(Prior.of(replace(report, year=2021)))
    assert f"{NAME}（2021 年）" in page.prior.text()
    with qtbot.waitSignal(page.prior_dropped):
        page._drop.click()


def test_without_last_year_s_report_the_rules_it_takes_are_said_to_be_unchecked(page: BasicPage) -> None:
    assert page.prior_state.text() == "7 条跨年关系没有检查：没有选上年年报。"
    assert page.prior_state.isVisible()


def test_another_year_or_agency_stays_in_view_until_it_fits(
    page: BasicPage, session: Session, report: Report
) -> None:
    session.set_prior(Prior.of(replace(report, year=2020, agency="汝州市").with_entry(PERSON, 1)))
    assert page.prior_doubts.text().split("\n") == [
        "◆ 选的年报是 2020 年的，本年报的上年是 2021 年。",
        f"◆ 选的年报单位是“汝州市”，本年报的单位是“{NAME}”。",
    ]
    assert page.prior_doubts.isVisible()
    session.edit(session.report.with_fields(year=2021, agency="汝州市"), "改正")
    assert page.prior_doubts.text() == ""
    assert not page.prior_doubts.isVisible()


@pytest.mark.parametrize(
    ("happens", "said", "again"),
    [
        (lambda path: None, "", False),
        (lambda path: path.unlink(), "找不到原文件，用的是存在本年报里的数。", False),
        (lambda path: path.write_bytes(b"{}"), "原文件已改动", True),
        (lambda path: (path.unlink(), path.mkdir()), "找不到原文件", False),
    ],
)
def test_what_became_of_last_year_s_file_is_said(
    page: BasicPage,
    session: Session,
    report: Report,
    tmp_path: Path,
    qtbot: QtBot,
    happens: Callable[[Path], object],
    said: str,
    again: bool,
) -> None:
    path = tmp_path / "2021.gxr"
    last = replace(report, year=2021).with_entry(PERSON, 1)
    prior = Prior.of(last, str(path), save_report(last, path, None))
    happens(path)
    with qtbot.waitSignal(session.prior_found):
        session.begin(report.with_prior(prior))
    assert page.prior_state.text().startswith(said)
    assert page.prior_state.isVisible() == bool(said)
    assert page._read_again.isVisible() == again
    assert page.prior_doubts.text() == ""
    if again:
        with qtbot.waitSignal(page.prior_read_asked):
            page._read_again.click()


def test_nothing_overlaps_however_much_is_said_of_last_year_s_report(
    page: BasicPage, session: Session, report: Report, qtbot: QtBot
) -> None:
    """Words that wrap at the width of the fields and would not at that of the page."""
    page.resize(1366, 560)
    rows = [page.preamble, page.signature, page.date, page.prior, page.prior_doubts, page.prior_state]
    column = page.preamble.parentWidget()
    assert column is not None

    def stand_apart() -> bool:
        whole = page.prior.height() >= page.prior.heightForWidth(page.prior.width())
        tops = [row.mapTo(column, QPoint()).y() for row in rows]
        return whole and all(
            top + row.height() <= below for row, top, below in zip(rows, tops, tops[1:], strict=False)
        )

    for length in range(1, 60):  # somewhere among them is the first name that needs another line
        prior = Prior.of(replace(report, year=2019, agency="汝州市"), "/" + "年" * length)
        session.set_prior(prior)
        qtbot.waitUntil(stand_apart)
    assert column.width() == 820


def test_another_report_is_shown_at_once(page: BasicPage, session: Session, form: Form) -> None:
    session.begin(blank_report(form, 2020).with_fields(preamble="序"))
    assert (page.agency.text(), page.year.text(), page.preamble.text()) == ("", "2020", "序")


def test_the_province_is_chosen_from_a_list_with_the_nation_first(
    form: Form, rules: tuple[Rule, ...], report: Report, qtbot: QtBot
) -> None:
    profiles = (Profile(), Profile("henan", "河南"), Profile("hubei", "湖北"))
    session = Session(form, rules, profiles=lambda: profiles)
    session.begin(report)
    page = BasicPage(session)
    qtbot.addWidget(page)
    page.show()
    box = page.profile
    assert [box.itemText(i) for i in range(box.count())] == ["全国", "河南", "湖北"]
    assert box.currentText() == "全国"
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert session.report.profile == "henan"
    assert session.history.undo_label == "修改地区要求"
    session.undo()
    assert box.currentText() == "全国"
    session.edit(report.with_fields(profile="gansu"), "打开")  # of an office that handed out another file
    assert box.currentText() == "gansu（没有这个地区的要求）"
    assert session.report.profile == "gansu"
    page.hide()
