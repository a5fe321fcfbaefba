"""合计: the table of sums, its card, and how the clerk goes through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.rollup.checks import check
from gxeditor.core.rollup.missing import missing_list
from gxeditor.core.rollup.project import Adjustment, Rollup, State
from gxeditor.core.rollup.sums import counts
from gxeditor.core.rollup.units import Scope
from gxeditor.core.year_beside import View
from gxeditor.exports.rollup_workbook import rollup_workbook_bytes
from gxeditor.resources import load_rollup_checks, load_unit_words
from gxeditor.rollup.account import account
from gxeditor.ui.rollup.listing import Listing
from gxeditor.ui.rollup.sums import SumsPage
from tests.rollup_desk import KeepingDesk
from tests.rollup_sample import many, songtang, unit_id
from tests.window import settled

NEW, NEW_TOTAL = "requests.received.natural_person", "requests.received.total"
Make = Callable[[Rollup], tuple[SumsPage, KeepingDesk]]


def unread() -> list[str]:
    """The cells in which 民政局 has no number."""
    rollup = songtang()
    return [list(rollup.form.cells)[i] for i in rollup.used[unit_id("民政局")].unread]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Make:
    def page_of(rollup: Rollup) -> tuple[SumsPage, KeepingDesk]:
        frame = QWidget()
        qtbot.addWidget(frame)
        desk = KeepingDesk(rollup, tmp_path, frame)
        page = SumsPage(desk, frame)
        page.resize(1366, 578)
        frame.resize(1366, 578)
        frame.show()
        return page, desk

    return page_of


def test_the_corner_says_of_how_many_units_and_who_is_missing(make: Make) -> None:
    page, _ = make(songtang())
    corner = page.grid._corner.accessibleName()
    assert corner.startswith("合计（49 家中 45 家）")
    assert "未交：商务局、小箬乡" in corner
    assert "已交未认领：城市管理局、综合行政执法局" in corner


def test_a_table_without_a_corner_says_it_above(make: Make) -> None:
    page, _ = make(songtang())
    for key in ("proactive", "disputes"):
        page.show_table(key)
        assert page._said.isVisible()
        assert page._said.text().startswith("合计（49 家中 45 家）")


def test_only_cells_with_fewer_units_are_marked_and_their_row_says_of_how_many(make: Make) -> None:
    page, _ = make(songtang())  # 民政局 has no number in 28 cells of 表三
    marked = [cell for grid in page.grids.values() for cell in grid.model_.differing]
    assert marked == unread()
    assert len(marked) == 28
    rows = {page.grid.model_.where[cell][0] for cell in marked}
    assert dict(page.grid.model_.notes) == dict.fromkeys(rows, "44 家")


def test_f8_leads_to_the_next_incomplete_sum_in_whatever_table(make: Make) -> None:
    page, _ = make(songtang())
    page.show_table("disputes")
    page.step()
    assert page.grid.current() == unread()[0]
    whole = replace(songtang(), received=tuple(r for r in songtang().received if not r.unread))
    other, told = make(whole)
    other.step()
    assert told.told[-1] == "每一格都是 49 家中 44 家。"


def test_arrows_move_and_the_card_follows(make: Make, qtbot: QtBot) -> None:
    page, _ = make(songtang())
    page.go_to(NEW)
    assert page.card.cell == NEW
    QTest.keyClick(page.grid, Qt.Key.Key_Right)
    assert page.card.cell == "requests.received.company"
    QTest.keyClick(page.grid, Qt.Key.Key_Down)
    assert page.card.cell == "requests.brought_forward.company"


def test_enter_goes_to_the_units_and_opens_a_report_at_the_cell(make: Make, qtbot: QtBot) -> None:
    page, desk = make(songtang())
    page.go_to(NEW)
    QTest.keyClick(page.grid, Qt.Key.Key_Return)
    QTest.keyClick(page.card.view, Qt.Key.Key_Return)
    assert desk.opened == [(unit_id("人民政府办公室"), "requests", NEW)]
    page.show_table("proactive")
    desk.go_back()
    assert (desk.tabs, page.card.cell) == (["sums"], NEW)
    assert page.card.stand() == f"unit:{unit_id('人民政府办公室')}"


def test_a_unit_without_a_report_is_not_opened(make: Make) -> None:
    page, desk = make(songtang())
    page.card.unit_asked.emit(unit_id("商务局"))
    assert not desk.opened
    assert desk.told[-1] == "松塘县商务局还没有可以打开的年报。"


def test_escape_closes_the_card_and_enter_opens_it_again(make: Make, qtbot: QtBot) -> None:
    page, _ = make(songtang())
    page.go_to(NEW)
    QTest.keyClick(page.grid, Qt.Key.Key_Escape)
    assert not page.card.isVisible()
    QTest.keyClick(page.grid, Qt.Key.Key_Return)
    assert page.card.isVisible()


def test_what_is_copied_says_of_how_many_units_it_is(make: Make, qtbot: QtBot) -> None:
    page, _ = make(songtang())
    page.go_to(NEW)
    QTest.keyClick(page.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    total = page.grid.model_.sums[NEW].value
    assert QGuiApplication.clipboard().text() == f"合计（49 家中 45 家）\t自然人\r\n一、本年新收\t{total}\r\n"
    page.go_to(unread()[0])
    page.grid.copy()
    assert "\t49 家中 44 家\r\n" in QGuiApplication.clipboard().text()


def test_a_cell_with_an_adjustment_is_marked_and_can_be_seen_without_it(make: Make) -> None:
    plain = songtang()
    page, _ = make(replace(plain, adjustments=(Adjustment("1", NEW, -2, "两家各计了一次"),)))
    page.go_to(NEW)
    adjusted = int(page.grid.model_.looks[NEW].text)
    assert page.grid.model_.looks[NEW].aside == "调"
    assert page._with.text() == "含调整 1 条"
    page._with.setChecked(False)
    assert int(page.grid.model_.looks[NEW].text) == adjusted + 2
    assert page.grid.model_.looks[NEW].aside == ""


def test_last_year_and_what_changed_say_over_which_units(make: Make) -> None:
    page, _ = make(songtang())
    titles = []
    for view in View:
        page.show_view(view)
        titles.append(page.grid.model_.title)
    assert titles == [
        "合计（49 家中 45 家）", "上年合计（49 家全部）", "差额（两年都有数的 45 家）", "增减率（两年都有数的 45 家）",
    ]  # fmt: skip


def test_without_last_years_rollup_only_this_year_is_shown_and_why_is_said(make: Make) -> None:
    page, _ = make(replace(songtang(), prior=None))
    page.show_view(View.RATE)
    assert page.grid.model_.view is View.NOW
    button = page._view_buttons[View.THEN]
    assert (button.isEnabled(), button.toolTip()) == (False, "没有去年的汇总。")


def test_the_own_level_and_a_branch_have_sums_of_their_own(make: Make) -> None:
    page, _ = make(songtang())
    names = [page._scopes.itemText(i) for i in range(page._scopes.count())]
    assert names[:2] == ["全辖区，49 家", "本级，35 家"]
    page._take_scope((Scope.LEVEL, ""))
    assert page.grid.model_.title == "合计（35 家中 32 家）"
    page._take_scope((Scope.TERRITORY, "t"))
    assert page.grid.model_.title == "合计（11 家中 10 家）"
    assert page._scopes.currentText() == "乡镇，11 家"


def test_a_sum_without_any_report_is_blank(make: Make) -> None:
    page, _ = make(replace(songtang(), received=()))
    page.go_to(NEW)
    assert page.grid.model_.looks[NEW].text == ""
    assert page.grid._corner.accessibleName() == "合计（49 家中 0 家），还没有可加的数。"
    assert page.card._of.text() == "49 家中 0 家，还没有可加的数"


def test_a_change_of_the_rollup_shows_at_once(make: Make) -> None:
    page, desk = make(songtang())
    page.go_to(NEW)
    before = int(page.grid.model_.looks[NEW].text)
    rollup = desk.session.rollup
    desk.session.edit(replace(rollup, adjustments=(Adjustment("1", NEW, 5, "漏报五件"),)), "新调整")
    assert int(page.grid.model_.looks[NEW].text) == before + 5
    assert page.card._value.text() == str(before + 5)


def test_of_very_many_units_the_branches_come_first_and_are_reckoned_beside_the_window(
    make: Make, qtbot: QtBot
) -> None:
    page, _ = make(many(1600))
    qtbot.waitUntil(lambda: page.grid.model_.of == 1600)
    page.go_to(NEW)
    keys = [line.key for line in page.card._lines.lines if line.key]
    assert keys
    assert all(key.startswith("branch:") for key in keys)
    page.card.branch_asked.emit(keys[0].removeprefix("branch:"))
    qtbot.waitUntil(lambda: page.grid.model_.of == 50)


def test_f6_goes_from_the_table_to_the_card_and_back(make: Make, qtbot: QtBot) -> None:
    page, _ = make(songtang())
    page.go_to(NEW)
    page.window().activateWindow()
    page.grid.setFocus()
    qtbot.waitUntil(page.grid.hasFocus)
    page.next_pane()
    qtbot.waitUntil(page.card.view.hasFocus)
    page.next_pane()
    qtbot.waitUntil(page.grid.hasFocus)


def same_file_for_two() -> Rollup:
    """松塘县, but 司法局 sent the file of 教育局."""
    whole = songtang()
    other = whole.used[unit_id("教育局")]
    mine = unit_id("司法局")
    received = (
        replace(one, sha256=other.sha256, values=other.values) if one.unit == mine else one
        for one in whole.received
    )
    return replace(whole, received=tuple(received))


@pytest.mark.parametrize(
    "rollup",
    [songtang(), replace(songtang(), received=()), many(120), same_file_for_two()],
    ids=["a county", "nothing received", "many branches", "one file for two"],
)
def test_board_sums_and_every_export_count_alike(make: Make, rollup: Rollup, tmp_path: Path) -> None:
    page, _ = make(rollup)
    said = counts(rollup)[""]
    board = Listing(rollup, date(2026, 1, 21))
    assert board.branches[""] == said
    assert sum(said.states.values()) == said.of == len(rollup.must)
    assert {state.name: count for state, count in said.states.items()} == {
        key: count
        for key, count in board.numbers("").items()
        if key in State.__members__ and key != State.EXEMPT.name and count
    }
    assert page.grid.model_.title == f"合计（{said.completeness}）"
    findings = check(rollup, load_rollup_checks(rollup.form), words=load_unit_words())
    told = account(rollup, findings, tmp_path, tmp_path)
    assert max(one["units"] for one in told["sums"].values()) == said.entered
    assert {one["of"] for one in told["sums"].values()} == {said.of}
    assert missing_list(rollup, date(2026, 1, 21)).head.endswith(f"合计现在是 {said.completeness}。")
    book = load_workbook(BytesIO(rollup_workbook_bytes(rollup, findings, datetime(2026, 1, 21, 9))))
    texts = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert any(said.completeness in text for text in texts)


@pytest.mark.parametrize("wide", [1366, 910])
def test_the_scope_is_written_out_at_every_width(make: Make, wide: int) -> None:
    page, _ = make(songtang())
    page.window().resize(wide, 480)
    page.resize(wide, 480)
    settled(lambda: page.width() == wide)
    box = page._scopes
    words = box.fontMetrics().horizontalAdvance(box.currentText())
    field = QStyleOptionComboBox()
    box.initStyleOption(field)
    control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    assert words <= box.style().subControlRect(control, field, part, box).width()
