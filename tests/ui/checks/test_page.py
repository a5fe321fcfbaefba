"""The page 检查项目: nothing is left out unless it was filtered, and what is chosen stays chosen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.rules import Group
from gxeditor.core.checks.standing import State
from gxeditor.ui.checks.listing import Filter
from gxeditor.ui.checks.page import ChecksPage
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session
from tests.ui.checks.conftest import BROUGHT, found


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ChecksPage:
    page = ChecksPage(session, Filter(), None, f"{BROUGHT}.company")
    qtbot.addWidget(page)
    page.resize(1366, 640)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.list.setFocus()
    qtbot.waitUntil(page.list.hasFocus)
    return page


def listed(page: ChecksPage) -> list[str]:
    return [line.rule.id for line in page.list.model().lines]


def test_all_rules_are_listed_whatever_their_state(page: ChecksPage, session: Session) -> None:
    session.close_rule("E-02", "本省用斜杠")
    assert set(listed(page)) == {rule.id for rule in session.rules}
    told = coverage(session.report, session.findings).sentence
    assert page.summary.text().startswith(f"共 {len(session.rules)} 条，")
    assert page.summary.text().endswith(f"{told}。")


def test_chips_count_the_states_and_show_one_alone(page: ChecksPage, session: Session) -> None:
    counts = {state: chip.text() for state, chip in page.chips.items()}
    lines = page.list.model().lines
    for state in State:
        assert counts[state].endswith(f" {sum(line.state is state for line in lines)}")
    page.chips[State.OPEN].click()
    assert {line.state for line in page.list.model().lines} == {State.OPEN}
    assert page.chips[State.OPEN].isChecked()
    assert not page.chips[None].isChecked()
    page.chips[None].click()
    assert len(listed(page)) == len(lines)


def test_kinds_narrow_the_list_beside_it_or_above_it(page: ChecksPage) -> None:
    names = [page.groups.item(i).data(Qt.ItemDataRole.UserRole)[0] for i in range(page.groups.count())]
    page.groups.setCurrentRow(names.index("跨年"))
    assert {line.rule.group for line in page.list.model().lines} == {Group.YEARS}
    page.resize(911, 480)
    assert page.groups.isHidden()
    page.kinds.setCurrentIndex(0)
    page.kinds.activated.emit(0)
    assert len(listed(page)) > 40


def test_one_cell_is_looked_at_alone_and_its_name_stands_in_a_chip(page: ChecksPage) -> None:
    menu = page.cell_menu()
    first = menu.actions()[0]
    assert first.text() == "表三 · 二、上年结转 · 商业企业"
    first.trigger()
    assert {"T3-01.company", "Y-02.company"} <= set(listed(page))
    assert "T3-01.natural_person" not in listed(page)
    assert page.cell_chip.text() == "二、上年结转 · 商业企业　×"
    page.cell_chip.click()
    assert page.cell_chip.isHidden()
    assert "T3-01.natural_person" in listed(page)


def test_nothing_found_says_so_and_offers_to_clear_all_conditions(page: ChecksPage) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    page.search.setText("没有这样的字")
    assert listed(page) == []
    assert page.clear.isVisible()
    page.clear.click()
    assert page.wanted == Filter()
    assert page.search.text() == ""
    assert page.list.hasFocus()


def test_escape_goes_one_step_back_at_a_time(page: ChecksPage, qtbot: QtBot) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_F2)
    assert page.detail.box is not None
    assert page.detail.box.edit.hasFocus()
    QTest.keyClick(page.detail.box.edit, Qt.Key.Key_Escape)
    assert page.list.hasFocus()
    page.search.setFocus()
    page.search.setText("跨年")
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.list.hasFocus()
    with qtbot.waitSignal(page.left):
        QTest.keyClick(page.list, Qt.Key.Key_Escape)


def test_what_is_chosen_stays_chosen_when_it_is_explained_and_the_list_changes(
    page: ChecksPage, session: Session
) -> None:
    finding = found(session, "Y-01.total")
    page.show_finding(finding)
    session.explain(finding, "上年数有误，已更正")
    assert page.list.line is not None
    assert (page.list.line.rule.id, page.list.line.state) == ("Y-01.total", State.EXPLAINED)
    session.close_rule("Y-01", "上年没有年报")
    assert page.list.line.rule.id == "Y-01.total"


def test_a_finding_is_shown_whatever_was_filtered(page: ChecksPage, session: Session) -> None:
    page.search.setText("没有这样的字")
    page.show_finding(found(session, "E-01"), write=True)
    assert page.list.line is not None
    assert page.list.line.rule.id == "E-01"
    assert page.detail.box is not None
    assert page.detail.box.edit.hasFocus()


def test_what_is_done_is_said_below_the_list(page: ChecksPage, session: Session) -> None:
    session.explain(found(session, "Y-01.total"), "上年数有误，已更正")
    assert "可以撤销" in page.told.text()
    page.tell("")
    assert "Enter 转到" in page.told.text()


def test_f6_goes_around_list_detail_search_and_kinds(page: ChecksPage) -> None:
    seen = []
    for _ in range(4):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_F6)
        seen.append(page.focusWidget())
    assert seen[1:] == [page.search, page.groups, page.list]
    assert page.detail.isAncestorOf(seen[0])


def test_it_fits_a_small_window_and_the_dark(page: ChecksPage, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QApplication

    pictures = [page.grab().toImage()]
    page.resize(760, 420)
    assert page.width() == 760
    pictures.append(page.grab().toImage())
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply_theme(app, "dark")
    pictures.append(page.grab().toImage())
    assert all(one != other for one, other in pairwise(pictures))


def test_every_control_has_a_name(page: ChecksPage) -> None:
    for widget in (page.search, page.kinds, page.groups, page.list, page.detail, *page.chips.values()):
        assert widget.accessibleName()
