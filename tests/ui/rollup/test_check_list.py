"""检查: findings between units are listed, filtered, folded and gone through, and what is decided is one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.core.rollup.project import Received, Rollup
from gxeditor.core.rollup.units import Units
from gxeditor.ui.rollup import check_list
from gxeditor.ui.rollup.check_list import CheckListPage, lines_across, lines_own
from gxeditor.ui.rollup.session import RollupDesk, RollupSession
from gxeditor.ui.rollup.unit_list import UnitListPage
from tests.rollup_sample import songtang, unit_id

RULES = unit_id("交通运输局")
CENTRE = unit_id("医疗保障局")
Start = Callable[[Rollup], CheckListPage]


class Desk:
    """The window as the page sees it: remembers what it was asked."""

    def __init__(self, session: RollupSession) -> None:
        self.session = session
        self.frame: Any = None
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *given, **named: self.asked.append((name, *given, *named.values()))


def faulty() -> Rollup:
    """The county with a 规章 at a department, and a file that names another unit than it was claimed for."""
    rollup = songtang()
    one, other = rollup.used[RULES], rollup.used[CENTRE]
    values = list(one.values)
    values[rollup.places["proactive.government_rules.issued"]] = 1
    renamed = replace(other, agency="松塘县医疗保障中心")
    return rollup.with_received([replace(one, values=tuple(values)), renamed])


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    sessions = []

    def begin(rollup: Rollup) -> CheckListPage:
        session = RollupSession(rollup, tmp_path / "a.gxh", save=lambda *_: "0")
        sessions.append(session)
        page = CheckListPage(cast(RollupDesk, Desk(session)))
        qtbot.addWidget(page)
        page.resize(1366, 578)
        with qtbot.waitSignal(session.found), qtbot.waitExposed(page):
            page.show()
        return page

    yield begin
    for session in sessions:
        session.stop_looking()
        session.flush()


@pytest.fixture
def page(start: Start) -> CheckListPage:
    return start(faulty())


def asked(page: CheckListPage) -> list[tuple[Any, ...]]:
    return cast(Desk, page._desk).asked


def codes(page: CheckListPage) -> list[str]:
    return [line.code for line in page.list.model().lines]


def go_to(page: CheckListPage, code: str) -> None:
    page.list.setCurrentIndex(page.list.model().index(codes(page).index(code), 0))


def renewed(page: CheckListPage, qtbot: QtBot, does: Callable[[], object]) -> None:
    with qtbot.waitSignal(page._session.found):
        does()


def test_findings_between_units_are_listed_errors_first_with_their_counts(page: CheckListPage) -> None:
    lines = page.list.model().lines
    assert lines[0].code == "H-22"
    assert {"H-08", "H-13"} <= set(codes(page))
    assert [line.severity.rank for line in lines] == sorted(line.severity.rank for line in lines)
    assert page.scopes["across"].count == len(lines)
    assert page.weights["error"].count == sum(line.severity is Severity.ERROR for line in lines)
    assert page.scopes["own"].count == sum(len(one.found) for one in page._session.rollup.used.values())


def test_a_weight_lists_its_own_and_a_second_press_all_again(page: CheckListPage) -> None:
    everything = codes(page)
    page.weights["query"].click()
    assert {line.severity for line in page.list.model().lines} == {Severity.QUERY}
    page.weights["query"].click()
    assert codes(page) == everything


def test_what_each_unit_has_by_itself_is_another_list(page: CheckListPage) -> None:
    page.scopes["own"].click()
    assert [line.words() for line in page.list.model().lines] == [
        line.words() for line in lines_own(page._session.rollup)
    ]
    page.open()
    name, unit, page_key, cell, address = asked(page)[-1]
    told = page._session.rollup.used[unit].found[0]
    assert (name, page_key, cell, address) == ("open_report", told.page, told.cells[0], told.address)


def test_of_very_many_units_their_own_findings_are_looked_for_beside_the_window(
    page: CheckListPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_list, "_LARGE", 10)
    page.scopes["own"].click()
    qtbot.waitUntil(lambda: len(codes(page)) == page.scopes["own"].count)
    page.search.setText("公安局")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: {line.who for line in page.list.model().lines} == {"公安局"})
    page.scopes["across"].click()
    assert page.list.model().rowCount() == 0


def test_why_checks_were_not_made_stays_in_sight(page: CheckListPage) -> None:
    assert page.missed.text().startswith("5 项没有检查：本地区自己的年报还没有（H-10、H-18）")
    assert page.missed.isVisible()
    page.scopes["own"].click()
    assert page.missed.isVisible()


def test_searching_finds_units_titles_and_codes(page: CheckListPage) -> None:
    for text in ("无权制发", "交通 无权", "h-13"):
        page.search.setText(text)
        QTest.keyClick(page.search, Qt.Key.Key_Return)
        assert codes(page) == ["H-13"]
    page.search.setText("没有这样的")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.empty.isVisible()
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(codes(page)) == page.scopes["across"].count


def test_enter_opens_the_report_at_the_cell(page: CheckListPage) -> None:
    go_to(page, "H-13")
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert asked(page)[-1] == ("open_report", RULES, "proactive.government_rules.issued")


def test_enter_on_a_file_of_another_year_opens_that_file(page: CheckListPage) -> None:
    go_to(page, "H-22")
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert asked(page)[-1] == ("open_file", "乡镇/青渡镇2024.docx", "")
    assert page.hold.isHidden()  # it is in no sum


def test_f8_goes_on_and_back_and_says_where_the_list_ends(page: CheckListPage) -> None:
    page.list.setCurrentIndex(page.list.model().index(0, 0))
    page.step(1)
    assert page.list.currentIndex().row() == 1
    page.step(-1)
    page.step(-1)
    assert page.list.currentIndex().row() == 0
    assert asked(page)[-1] == ("tell", "已经是第一处。")


def test_the_detail_shows_the_compared_figures_and_what_the_check_rests_on(page: CheckListPage) -> None:
    go_to(page, "H-13")
    assert page.table.model().rowCount() == 1
    assert page.table.model().index(0, 1).data() == "1"
    assert page._basis.text().startswith("〔原文已读〕《立法法》")
    go_to(page, "H-08")
    assert page.table.isHidden()


def test_an_explanation_is_one_step_and_moves_the_finding_to_the_explained(
    page: CheckListPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_list, "ask_reason", lambda *_: "名称刚刚变更，批复已附")
    go_to(page, "H-08")
    renewed(page, qtbot, page.write.click)
    assert "H-08" not in codes(page)
    assert page._session.undo_label == "写说明"
    page.weights["explained"].click()
    assert codes(page) == ["H-08"]
    assert "名称刚刚变更" in page._reason.text()
    renewed(page, qtbot, page.withdraw.click)
    page.choose_weight("explained")
    assert "H-08" in codes(page)


def test_an_error_is_not_explained(page: CheckListPage) -> None:
    go_to(page, "H-22")
    assert page.write.isHidden()
    QTest.keyClick(page.list, Qt.Key.Key_F2)
    assert asked(page)[-1][0] == "tell"


def test_a_report_that_is_held_back_leaves_the_sum(
    page: CheckListPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_list, "ask_reason", lambda *_: "等单位改正后再计入")
    before = len(page._session.rollup.entered)
    go_to(page, "H-13")
    renewed(page, qtbot, page.hold.click)
    rollup = page._session.rollup
    assert len(rollup.entered) == before - 1
    (held,) = rollup.of_unit[RULES]
    assert (held.decided, held.decided_why) == ("hold", "等单位改正后再计入")
    assert "H-13" not in codes(page)


def test_a_unit_is_asked_in_its_return_sheet(page: CheckListPage) -> None:
    go_to(page, "H-13")
    page.ask.click()
    line = page.list.line
    assert line is not None
    assert line.finding is not None
    assert asked(page)[-1] == ("write_letters_to", RULES, line.finding.address)


def test_the_column_of_actions_does_what_it_says(page: CheckListPage) -> None:
    go_to(page, "H-09")
    line = page.list.line
    assert line is not None
    page.act()
    assert asked(page)[-1][:2] == ("open_beside", line.units[:2])
    go_to(page, "H-17")
    assert page.list.line is not None
    assert page.list.line.action == "逐一确认"


def test_a_unit_that_is_listed_twice_is_shown_in_the_list_of_units(start: Start, qtbot: QtBot) -> None:
    rollup = songtang()
    twin = replace(rollup.units.by_id[RULES], id="again")
    page = start(replace(rollup, units=Units((*rollup.units.listed, twin))))
    go_to(page, "H-24")
    page.act()
    name, shown = asked(page)[-1]
    assert name == "show_over"
    assert isinstance(shown, UnitListPage)
    qtbot.addWidget(shown)
    assert {unit.id for unit in shown.chosen} == {RULES, "again"}


def test_findings_of_a_value_that_has_changed_meanwhile_are_not_shown(
    page: CheckListPage, qtbot: QtBot
) -> None:
    session = page._session
    rollup = session.rollup
    other = replace(rollup.used[RULES], agency="松塘县别的单位")
    with qtbot.waitSignal(session.found) as told:
        session.edit(rollup.with_received([other]), "一")
        session.want_findings()
        session.edit(rollup.with_received([replace(other, values=rollup.used[CENTRE].values)]), "二")
    assert told.args == [session.findings]
    assert "H-13" not in codes(page)


def test_many_that_say_the_same_unfold(start: Start) -> None:
    rollup = songtang()
    renamed = [replace(one, agency="松塘县别的单位") for one in rollup.received if one.unit]
    page = start(rollup.with_received(renamed))
    assert codes(page).count("H-08") == 1
    before = len(codes(page))
    go_to(page, "H-08")
    page.open()
    assert len(codes(page)) == before + len(renamed)
    assert page.list.line is not None
    assert page.list.line.action == "展开"
    page.open()
    assert len(codes(page)) == before
    page.search.setText("自然资源局")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert [line.inner for line in page.list.model().lines] == [True]


def test_nothing_found_is_said_with_what_was_checked(start: Start) -> None:
    rollup = songtang()
    first: Received = rollup.used[RULES]
    page = start(replace(rollup, received=(first,), prior=None))
    page.weights["error"].click()
    assert page.empty.text() == "没有符合的。按 Esc 全部列出。"
    page.weights["error"].click()
    assert page.empty.text().startswith("单位之间未发现问题（检查了 ")


def test_a_roll_up_that_may_not_be_changed_is_only_looked_at(page: CheckListPage) -> None:
    page._session.held = "这个汇总正在另一台电脑上打开。"
    go_to(page, "H-13")
    page._arrived()
    assert not page.write.isEnabled()
    assert not page.hold.isEnabled()
    page.explain()
    assert asked(page)[-1] == ("tell", page._session.held)


def test_the_list_is_copied_with_its_heads(page: CheckListPage) -> None:
    assert page.list.copy() == len(codes(page))
    rows = QGuiApplication.clipboard().text().splitlines()
    assert rows[0].split("\t") == ["轻重", "检查", "单位", "说的是什么", "处理", "代码"]
    assert len(rows) == 1 + len(codes(page))


def test_every_button_says_what_it_does(page: CheckListPage) -> None:
    buttons = cast("list[QPushButton]", page.findChildren(QPushButton))
    for button in buttons:
        if not button.isHidden():
            assert button.toolTip(), button.text()


def test_lines_are_those_of_the_findings(page: CheckListPage) -> None:
    session = page._session
    assert [line.key for line in lines_across(session.rollup, session.findings)] == [
        one.address for one in session.findings.rows
    ]


def at(page: CheckListPage, column: int) -> QPoint:
    index = page.list.model().index(page.list.currentIndex().row(), column)
    page.list.scrollTo(index)
    return page.list.visualRect(index).center()


def test_two_clicks_on_an_action_do_it_once(page: CheckListPage) -> None:
    go_to(page, "H-09")
    here = page.list.viewport()
    place = at(page, 4)
    QTest.mouseClick(here, Qt.MouseButton.LeftButton, pos=place)
    once = list(asked(page))
    assert once
    QTest.mouseDClick(here, Qt.MouseButton.LeftButton, pos=place)
    assert asked(page) == once
    QTest.mouseMove(here, at(page, 3))
    QTest.mousePress(here, Qt.MouseButton.LeftButton, pos=at(page, 3))
    QTest.mouseRelease(here, Qt.MouseButton.LeftButton, pos=place)  # pressed elsewhere
    QTest.mouseClick(here, Qt.MouseButton.RightButton, pos=place)
    assert asked(page) == once


def test_the_figures_of_a_units_own_finding_open_its_report_at_that_finding(page: CheckListPage) -> None:
    page.scopes["own"].click()
    line = page.list.line
    assert line is not None
    assert line.told is not None
    wanted = ("open_report", line.units[0], line.told.page, line.told.cells[0], line.told.address)
    page.open()
    assert asked(page)[-1] == wanted
    page._open_unit(line.units[0])
    assert asked(page)[-1] == wanted


def test_escape_lists_all_where_nothing_is_listed_that_could_have_the_keys(page: CheckListPage) -> None:
    page.search.setText("没有这样的")
    page._apply()
    assert codes(page) == []
    page.weights["error"].setFocus()
    QTest.keyClick(page.weights["error"], Qt.Key.Key_Escape)
    assert codes(page)
