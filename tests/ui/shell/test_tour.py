"""The tour: five steps over the real window, each ended by doing its thing; left by Esc, and never unasked again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.report import Report
from gxeditor.resources import load_form, resource
from gxeditor.settings import RecentFile, Settings, load_settings, save_settings
from gxeditor.store.journal import unfinished
from gxeditor.store.report_file import read_report
from gxeditor.ui.shell import tour as tours
from gxeditor.ui.shell.tour import AGAIN, BLANK, SLIP, WIDTH, Tour, practice_report
from gxeditor.ui.shell.window import MainWindow
from tests.window import CTRL, Clerk, Start, focus, press, put, settled, shown, table, turn_to, type_text


@pytest.fixture
def tour(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tour]:
    monkeypatch.setattr(tours, "_READ", 0)
    window.acts.tour.trigger()
    assert window._tour is not None
    QApplication.processEvents()
    yield window._tour
    if window._tour.is_on:
        window._tour.leave()


def at(tour: Tour, step: int) -> bool:
    return tour.step == step


# --- what is practised on


def test_the_report_to_practise_with_is_right_but_for_one_slip(rules: tuple[Rule, ...]) -> None:
    right = read_report(resource("samples/practice.gxr"), load_form).report
    assert [one.message for one in check(right, rules).findings] == []
    slipped = check(right.with_entry(SLIP, practice_report().entries[SLIP]), rules)
    assert slipped.findings
    assert all(SLIP in one.cells for one in slipped.findings)


def test_it_leaves_one_cell_of_table_three_and_table_four_to_be_filled(rules: tuple[Rule, ...]) -> None:
    report = practice_report()
    table_three = report.form.section("requests").table
    assert table_three is not None
    assert [c.id for c in table_three.cells if report.value(c.id) is None and not c.is_total] == [BLANK]
    assert not [cell for cell in report.entries if cell.startswith("disputes.")]
    errors = [one for one in check(report, rules).findings if one.severity is Severity.ERROR]
    assert errors
    assert all(SLIP in one.cells for one in errors)


# --- its steps


def test_it_begins_at_the_cell_that_is_to_be_filled(window: MainWindow, tour: Tour) -> None:
    assert at(tour, 0)
    assert "练习：青溪县教育局" in window.windowTitle()
    assert window._kept.text() == "练习，不保存"
    assert shown(window) == "requests"
    cell = table(window).grid.current_cell()
    assert cell is not None
    assert cell.id == BLANK
    assert tour.callout.count.text() == "第 1 步，共 5 步"
    assert tour.ring.isVisible()


def test_each_step_ends_by_doing_its_thing(window: MainWindow, tour: Tour, clerk: Clerk) -> None:
    type_text("0")
    press(Qt.Key.Key_Return)
    assert window.session.report.entries[BLANK] == 0
    settled(lambda: at(tour, 1))
    assert shown(window) == "disputes"

    tour.callout.offer.click()
    press(Qt.Key.Key_V, CTRL)
    assert window.session.report.value("disputes.reconsideration.total") == 1
    settled(lambda: at(tour, 2))
    assert shown(window) == "requests"

    press(Qt.Key.Key_F8)
    cell = table(window).grid.current_cell()
    assert cell is not None
    assert cell.id == SLIP
    settled(lambda: at(tour, 3))
    assert shown(window) == "overview"

    numbers = window.page("overview").numbers
    assert numbers is not None
    numbers.show(next(one for one in numbers.claims if one.state == "same"))
    settled(lambda: at(tour, 4))

    window.acts.export.triggered.disconnect(window.export)
    window.acts.export.trigger()
    assert not tour.is_on
    assert window.start.isVisible()


def test_steps_can_be_walked_without_doing_anything(window: MainWindow, tour: Tour) -> None:
    pages = [shown(window)]
    for step in range(1, 5):
        tour.callout.next.click()
        assert at(tour, step)
        pages.append(shown(window))
    assert pages == ["requests", "disputes", "requests", "overview", "overview"]
    tour.callout.back.click()
    assert at(tour, 3)
    tour.callout.next.click()
    assert tour.callout.next.text() == "看完了"
    tour.callout.next.click()
    assert not tour.is_on


def test_the_first_step_has_none_before_it(tour: Tour) -> None:
    assert not tour.callout.back.isEnabled()


def test_what_is_pointed_at_stays_in_view_and_free(window: MainWindow, tour: Tour) -> None:
    for _ in range(5):
        QApplication.processEvents()
        callout, ring = tour.callout.geometry(), tour.ring.geometry()
        assert callout.width() == WIDTH
        assert window.rect().contains(callout), tour.step
        assert QRect(-4, -4, window.width() + 8, window.height() + 8).contains(ring)
        assert not callout.intersects(ring.adjusted(4, 4, -4, -4)), tour.step
        if tour.step < 4:
            tour.callout.next.click()


def test_in_a_small_window_it_stands_inside(window: MainWindow, tour: Tour) -> None:
    window.resize(780, 500)
    for _ in range(5):
        QApplication.processEvents()
        assert window.rect().contains(tour.callout.geometry()), tour.step
        if tour.step < 4:
            tour.callout.next.click()


def test_the_window_stays_usable(window: MainWindow, tour: Tour) -> None:
    turn_to(window, "proactive")
    settled(lambda: not tour.ring.isVisible())
    put(window, 5, "proactive.licensing.decisions")
    assert tour.is_on
    turn_to(window, "requests")
    settled(lambda: tour.ring.isVisible())


def test_f6_reaches_the_callout(window: MainWindow, tour: Tour) -> None:
    for _ in range(6):
        if tour.callout.isAncestorOf(focus()):
            return
        press(Qt.Key.Key_F6)
    raise AssertionError("not reached by F6")


# --- leaving


def test_escape_leaves_and_says_where_it_can_be_seen_again(window: MainWindow, tour: Tour) -> None:
    press(Qt.Key.Key_Escape)
    assert not tour.is_on
    assert window.start.isVisible()
    assert tour.callout.isVisible()
    assert tour.callout.words.text() == AGAIN


def test_escape_ends_an_entry_first(window: MainWindow, tour: Tour) -> None:
    type_text("5")
    press(Qt.Key.Key_Escape)
    assert tour.is_on
    assert BLANK not in window.session.report.entries
    press(Qt.Key.Key_Escape)
    assert not tour.is_on


def test_the_button_leaves_as_well(window: MainWindow, tour: Tour) -> None:
    tour.callout.leave_button.click()
    assert not tour.is_on


def test_nothing_of_the_practice_is_kept(window: MainWindow, tour: Tour, tmp_path: Path) -> None:
    put(window, 7, BLANK)
    assert not window.acts.save.isEnabled()
    assert not window.acts.save_as.isEnabled()
    assert window.session.flush()
    assert not unfinished(tmp_path / "data" / "journals", load_form)
    tour.leave()
    assert not window.settings.recent
    assert not window.is_practice


def test_a_report_that_is_opened_ends_it(window: MainWindow, tour: Tour, file: Path) -> None:
    window.files.open_path(file)
    assert not tour.is_on
    assert not tour.callout.isVisible()
    assert not window.is_practice
    assert window.acts.save.isEnabled()


def test_closing_the_practice_ends_it_without_a_question(window: MainWindow, tour: Tour) -> None:
    put(window, 7, BLANK)
    window.acts.close.trigger()
    assert not tour.is_on
    assert window.start.isVisible()


def test_own_work_is_asked_for_before_the_tour(window: MainWindow, balanced: Report, clerk: Clerk) -> None:
    window.session.begin(balanced)
    window.open_at("requests")
    put(window)
    clerk.will(ask_save="cancel")
    window.acts.tour.trigger()
    assert window._tour is None
    assert window.session.report.agency == balanced.agency
    assert "ask_save" in clerk.asked


# --- when it comes


def started(start: Start, *, files: bool = False) -> MainWindow:
    """As `app.run` starts the program."""
    window = start()
    window.tour_wanted = not files
    window.collect_recoveries()
    settled(lambda: not window.is_collecting)
    QApplication.processEvents()
    return window


def test_the_very_first_start_begins_with_it_and_no_other(start: Start, tmp_path: Path) -> None:
    window = started(start)
    assert window._tour is not None
    assert window._tour.is_on
    window._tour.leave()
    assert load_settings(tmp_path / "config").toured
    again = started(start)
    assert again._tour is None
    assert again.start.isVisible()


def test_it_does_not_come_where_a_file_is_opened(start: Start) -> None:
    assert started(start, files=True)._tour is None


@pytest.mark.parametrize(
    "before", [Settings(toured=True), Settings(geometry="00"), Settings(recent=(RecentFile("a.gxr"),))]
)
def test_it_does_not_come_to_who_has_used_the_program(start: Start, tmp_path: Path, before: Settings) -> None:
    save_settings(tmp_path / "config", before)
    assert started(start)._tour is None


def test_it_does_not_come_where_work_waits_to_be_recovered(
    start: Start, balanced: Report, tmp_path: Path
) -> None:
    first = start()
    first.session.begin(balanced)
    put(first)
    assert first.session.flush()
    first.session.close()
    window = started(start)
    assert window.start.isVisible()
    assert window._tour is None


def test_nothing_of_it_is_loaded_before(window: MainWindow) -> None:
    assert window._tour is None
    assert window._helping is None


def test_the_practice_table_can_be_pasted(window: MainWindow, tour: Tour) -> None:
    tour.callout.next.click()
    tour.callout.offer.click()
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasHtml()
    assert "行政复议" in data.text()
