"""出表三: a ledger beside a report, and taking its figures over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.ledger.counting import count
from gxeditor.core.ledger.request import Ledger
from gxeditor.core.report import Report, blank_report
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store.report_file import read_report, save_report
from gxeditor.ui.ledger import count as page_module
from gxeditor.ui.ledger.count import CountPage
from gxeditor.ui.ledger.window import LedgerWindow
from tests.ledger_desk import KeepingDesk
from tests.ledger_sample import sample_ledger
from tests.window import settled

FORM = load_form()
GRANTED = "requests.handled.granted.natural_person"
ACROSS = {"handled.granted": 1, "carried_forward": -1}
"""25-080, received in December and answered in January, as an office counts it by mistake."""

Open = Callable[..., CountPage]


def counted(ledger: Ledger) -> Mapping[str, int]:
    return count(ledger, 2025, FORM, load_vocabulary(FORM)).cells


def report_of(ledger: Ledger, moved: Mapping[str, int] = MappingProxyType({})) -> Report:
    """A report with what the ledger counts, but for the rows of 自然人 that are `moved`; its totals are automatic."""
    values = {cell: n for cell, n in counted(ledger).items() if not FORM.cells[cell].is_total}
    for row, by in moved.items():
        values[f"requests.{row}.natural_person"] += by
    return blank_report(FORM, 2025).with_entries(values)


@pytest.fixture
def open_page(qtbot: QtBot, tmp_path: Path) -> Open:
    """Opens the page of a ledger beside a report that lies in a file, or beside none."""

    def open_it(report: Report | None, ledger: Ledger | None = None) -> CountPage:
        frame = QWidget()
        qtbot.addWidget(frame)
        desk = KeepingDesk(ledger if ledger is not None else sample_ledger(), tmp_path, frame)
        page = CountPage(desk)
        qtbot.addWidget(page)
        page.resize(1366, 578)
        page.show()
        if report is not None:
            path = tmp_path / "自然资源局2025.gxr"
            save_report(report, path, None)
            page.beside.choose(path)
            settled(lambda: page.beside.report is not None)
        return page

    return open_it


def desk_of(page: CountPage) -> KeepingDesk:
    assert isinstance(page.desk, KeepingDesk)
    return page.desk


def adopted(page: CountPage) -> Report:
    return desk_of(page).sessions[0].report


def test_the_summary_says_what_is_counted_and_what_is_not(open_page: Open) -> None:
    page = open_page(None)
    assert page.summary == "2025 年：计 86 件（上年结转 4、本年新收 82），1 件属 2026 年，不计"
    assert page.badge == 0
    assert not page.adopt_all.isVisible()


def test_one_request_explains_the_cells_of_its_mistake_and_they_are_adopted_together(open_page: Open) -> None:
    page = open_page(report_of(sample_ledger(), ACROSS))
    assert page.badge == 6
    page.go_to(GRANTED)
    cause = page.cause_of(GRANTED)
    assert cause is not None
    assert len(cause.cells) == 6
    assert page.card.adopt.text() == "这 6 格采用台账"
    page.card.adopt.click()
    values = adopted(page).values
    assert {cell: values[cell] for cell in counted(sample_ledger())} == counted(sample_ledger())
    assert page.badge == 0
    desk_of(page).sessions[0].undo()
    assert page.badge == 6


def test_differences_without_a_common_cause_are_adopted_one_by_one_or_all_at_once(open_page: Open) -> None:
    page = open_page(report_of(sample_ledger(), {"handled.denied.state_secret": 5, "received": 5}))
    everything = page.badge
    page.go_to("requests.received.natural_person")
    assert page.card.adopt.text() == "这一格采用台账"
    assert page.adopt_all.text() == f"采用全部 {everything} 格"
    assert not page.adopt_all.property("primary")
    page.adopt_all.click()
    assert page.badge == 0
    session = desk_of(page).sessions[0]
    session.undo()
    assert session.report.value("requests.received.natural_person") == 72


def test_ctrl_enter_adopts_what_is_in_hand(open_page: Open) -> None:
    page = open_page(report_of(sample_ledger(), ACROSS))
    page.go_to(GRANTED)
    QTest.keyClick(page.grid, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert adopted(page).value(GRANTED) == 12


def test_a_report_gets_counts_and_a_digest_and_no_name(open_page: Open) -> None:
    page = open_page(blank_report(FORM, 2025))
    assert page.adopt_all.text() == "全部填入"
    assert page.badge == 0
    page.adopt_all.click()
    report = adopted(page)
    assert report.ledger is not None
    assert report.ledger.digest
    names = {request.text("applicant") for request in sample_ledger().requests}
    assert not [name for name in names if name in repr(report)]
    assert report.value("requests.received.total") == 82
    assert report.value("disputes.reconsideration.total") == 0


def test_a_table_that_is_blank_in_the_report_is_filled_in_while_the_other_is_compared(
    open_page: Open,
) -> None:
    report = report_of(sample_ledger(), ACROSS)
    blank = report.with_entries({cell: None for cell in report.entries if cell.startswith("disputes.")})
    page = open_page(blank)
    assert page.adopt_all.text() == "采用全部 6 格"
    page.show_table("disputes")
    assert page.adopt_all.text() == "全部填入"
    page.adopt_all.click()
    assert adopted(page).value(GRANTED) == 13
    assert adopted(page).value("disputes.reconsideration.pending") is not None


def test_a_figure_can_stand_for_a_reason_as_long_as_both_figures_do(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(report_of(sample_ledger(), ACROSS))
    page.go_to(GRANTED)
    monkeypatch.setattr(page_module, "ask_reason", lambda *_: "收件室另登了一件")
    page.card.keep.click()
    assert page.badge == 5
    assert page.grid.current_cell == GRANTED
    page.card.unkeep.click()
    assert page.badge == 6
    page.card.keep.click()
    assert desk_of(page).session.undo()
    assert page.badge == 5 or page._rest.isActive()
    page._count_again()
    assert page.badge == 6


def test_a_reason_that_was_given_for_other_figures_does_not_hold(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(report_of(sample_ledger(), ACROSS))
    page.go_to(GRANTED)
    monkeypatch.setattr(page_module, "ask_reason", lambda *_: "收件室另登了一件")
    page.card.keep.click()
    desk_of(page).open_report(page.beside.path or Path())
    page.beside.look()
    session = desk_of(page).sessions[0]
    session.edit(session.report.with_entry(GRANTED, 15), "改数")
    assert page.badge == 6


def test_requests_that_nobody_settled_are_named_and_lead_to_their_rows(open_page: Open) -> None:
    ledger = sample_ledger()
    first = ledger.requests[10]
    unsettled = replace(
        first.with_value("outcome", None),
        unsettled=MappingProxyType({"outcome": "见告知书"}),
        why=MappingProxyType({"outcome": "“见告知书”不是答复类型。"}),
    )
    page = open_page(None, ledger.with_request(unsettled))
    assert page._noticed.text().endswith("“见告知书”不是答复类型。")
    assert "。。" not in page._noticed.text()
    assert "86 件中计 85 件" in page.summary
    assert "1 件没有定，没有计入" in page.summary
    assert page._notice.isVisible()
    page._do.click()
    assert desk_of(page).shown == [((first.id,), "没有定的", "outcome")]


def test_enter_leads_to_the_request_and_back_to_the_figure(open_page: Open) -> None:
    page = open_page(report_of(sample_ledger(), ACROSS))
    page.go_to(GRANTED)
    page.card.focus_requests()
    QTest.keyClick(page.card.view, Qt.Key.Key_Return)
    ((ids, _, _),) = desk_of(page).shown
    assert len(ids) == 1
    page.show_table("disputes")
    desk_of(page).go_back()
    assert page.grid.current_cell == GRANTED
    page.card._show.click()
    assert len(desk_of(page).shown[-1][0]) == 12


def test_a_final_report_is_compared_and_takes_nothing(open_page: Open) -> None:
    from gxeditor.core.report import Final

    final = Final("2026-01-20", "张核", "0" * 64)
    page = open_page(replace(report_of(sample_ledger(), ACROSS), finals=(final,)))
    page.go_to(GRANTED)
    assert page.badge == 6
    assert not page.card.adopt.isEnabled()
    assert not page.adopt_all.isEnabled()
    assert "定稿" in page.adopt_all.toolTip()
    page.adopt_here()
    assert not desk_of(page).sessions


def test_a_year_without_requests_is_no_zero_before_somebody_says_so(open_page: Open) -> None:
    page = open_page(blank_report(FORM, 2019))
    assert page._waits_for_zero
    assert not page.adopt_all.isVisible()
    assert {look.text for look in page.grid.model_.looks.values()} == {""}
    page._do.click()
    assert desk_of(page).session.ledger.none_in == (2019,)
    assert page.adopt_all.isVisible()
    page.adopt_all.click()
    assert adopted(page).value("requests.received.total") == 0


def test_what_is_typed_is_counted_when_typing_rests(open_page: Open) -> None:
    page = open_page(None)
    session = desk_of(page).session
    first = session.ledger.requests[40]
    session.edit(session.ledger.with_request(first.with_value("received_on", date(2019, 5, 6))), "收到日期")
    settled(lambda: not page._rest.isActive())
    assert "计 85 件" in page.summary or "计 86 件（上年结转 5" in page.summary


def test_the_line_below_says_that_the_equation_holds(open_page: Open) -> None:
    page = open_page(None)
    said: list[str] = []
    page.said.connect(said.append)
    page.go_to("requests.handled.granted.company")
    assert said[-1:] == ["三（一）予以公开 · 商业企业　　一＋二＝三＋四，各列都成立（台账）"]


def test_f8_goes_from_one_difference_to_the_next(open_page: Open) -> None:
    page = open_page(report_of(sample_ledger(), ACROSS))
    page.step()
    seen = [page.grid.current_cell]
    for _ in range(5):
        page.step()
        seen.append(page.grid.current_cell)
    assert sorted(seen) == sorted(page._differing)


def test_without_a_report_the_year_can_be_chosen(open_page: Open) -> None:
    page = open_page(None)
    years = [page._years.itemData(i) for i in range(page._years.count())]
    assert years == [2026, 2025, 2024]
    page._years.setCurrentIndex(0)
    page._take_year(0)
    assert page.summary.startswith("2026 年：")


def test_everything_that_takes_a_click_says_what_it_does(open_page: Open) -> None:
    from PySide6.QtWidgets import QAbstractButton

    page = open_page(report_of(sample_ledger(), ACROSS))
    buttons: Iterable[QAbstractButton] = page.findChildren(QAbstractButton)
    for button in buttons:
        if button.isVisible() and (button.text() or button.accessibleName()):
            assert button.toolTip(), button.text()


def test_what_a_request_asks_for_is_masked_again_with_the_names(open_page: Open) -> None:
    ledger = sample_ledger()
    first = next(one for one in ledger.requests if one.text("reg_no") == "25-024")
    name = first.text("applicant")
    page = open_page(None, ledger.with_request(first.with_value("subject", f"{name}的宅基地")))
    page.go_to(GRANTED)

    def said() -> str:
        return "".join("".join(line.texts) for line in page.card._lines)

    assert name not in said()
    desk_of(page).session.show_names()
    assert name in said()
    desk_of(page).session.mask_names()
    assert name not in said()


# --- in its window


def shown_in(window: LedgerWindow, path: Path) -> CountPage:
    window.turn_to("count")
    page = window.book.currentWidget()
    assert isinstance(page, CountPage)
    page.beside.choose(path)
    settled(lambda: page.beside.report is not None)
    return page


def test_in_the_program_adopting_is_a_step_of_the_reports_own_window(
    window: LedgerWindow, tmp_path: Path
) -> None:
    path = tmp_path / "自然资源局2025.gxr"
    save_report(report_of(sample_ledger(), ACROSS), path, None)
    page = shown_in(window, path)
    assert page.badge == 6
    assert window._about.text() == page.summary
    assert not window.open_reports()
    page.adopt_all.click()
    (session,) = window.open_reports()
    assert session.report.value(GRANTED) == 12
    assert read_report(path, load_form).report.value(GRANTED) == 13
    assert page.badge == 0
    session.undo()
    assert page.badge == 6


def test_the_windows_command_leads_to_the_next_difference(window: LedgerWindow, tmp_path: Path) -> None:
    path = tmp_path / "自然资源局2025.gxr"
    save_report(report_of(sample_ledger(), ACROSS), path, None)
    page = shown_in(window, path)
    window.acts["next"].trigger()
    assert page.grid.current_cell in page._differing
    page.card.focus_requests()
    QTest.keyClick(page.card.view, Qt.Key.Key_Return)
    assert window.book.currentWidget() is window.requests
    window.acts["back"].trigger()
    assert window.book.currentWidget() is page


def test_a_request_that_was_taken_out_since_it_was_counted_is_told_of_as_it_was(open_page: Open) -> None:
    page = open_page(report_of(sample_ledger(), ACROSS))
    page.go_to(GRANTED)
    session = desk_of(page).session
    session.edit(replace(session.ledger, requests=()), "删除 87 件申请")
    session.show_names()  # before it is counted again
    assert page.card._lines[0].texts[0] == "24-061"
    settled(lambda: "没有这样的申请" in page.card._behind.text())


def test_f6_reaches_a_card_without_any_request(open_page: Open) -> None:
    page = open_page(None, Ledger())
    page.activateWindow()
    page.grid.setFocus()
    page.next_pane()
    assert page.card.isAncestorOf(page.focusWidget() or page)
