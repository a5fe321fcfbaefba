"""The board of a roll-up: tree, filters, table and files, by keys and by mouse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from gxeditor.core.rollup.project import State
from gxeditor.core.rollup.units import Units
from gxeditor.ui.rollup import board as board_module
from gxeditor.ui.rollup.board import Board, _Chip
from gxeditor.ui.rollup.window import RollupWindow
from tests.rollup_sample import many, received_of, report_of, songtang, unit_id
from tests.ui.rollup.conftest import Open
from tests.window import CTRL, NO, children, focus, press, settled


@pytest.fixture
def board(window: RollupWindow) -> Board:
    window.activateWindow()
    settled(window.isActiveWindow)
    return window.board


def names(board: Board) -> list[str]:
    return [unit.name.removeprefix("松塘县") for unit in board.table.model().units]


def chips(board: Board) -> dict[str, int]:
    return {chip.text(): chip.count for chip in children(board.chips, _Chip) if chip.isVisible()}


def test_it_shows_the_county_as_it_stands(board: Board) -> None:
    assert len(names(board)) == 49
    assert chips(board)["全部"] == 49
    assert board.tree.topLevelItem(0) is not None
    assert board._summary._first.text() == "合计现在是 49 家中 45 家。"
    assert [board.files.list.item(row).data(Qt.ItemDataRole.UserRole)[0].path for row in range(3)] == [
        "县直/城管执法局年报终稿.docx",
        "县直/2025年报(盖章扫描).pdf",
        "乡镇/青渡镇2024.docx",
    ]


def test_a_filter_lists_its_units_and_a_second_click_all(board: Board) -> None:
    (chip,) = [one for one in children(board.chips, _Chip) if one.key == State.MISSING.name]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert names(board) == ["商务局", "小箬乡人民政府"]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert len(names(board)) == 49


def test_a_filter_of_nothing_is_hidden_but_that_of_the_missing(open_rollup: Open) -> None:
    rollup = songtang()
    listed = [unit for unit in rollup.units.listed if rollup.states.get(unit.id) in (None, State.USABLE)]
    board = open_rollup(replace(rollup, units=Units(tuple(listed)), received=tuple(
        one for one in rollup.received if one.unit in {unit.id for unit in listed}
    ))).board  # fmt: skip
    assert set(chips(board)) == {"全部", "未交", "可用", "零报告"}
    assert not board.files.isVisible()


def test_a_branch_of_the_tree_lists_its_units(board: Board) -> None:
    root = board.tree.topLevelItem(0)
    assert root is not None
    branches = {root.child(place).text(0): root.child(place) for place in range(root.childCount())}
    assert set(branches) == {
        "人民政府办公室",
        "县直部门",
        "派出机构、开发区",
        "乡镇",
        "街道",
        "公共企事业",
        "免报",
    }
    board.tree.setCurrentItem(branches["乡镇"])
    assert len(names(board)) == 11
    assert chips(board)["全部"] == 11
    board.tree.setCurrentItem(branches["免报"])
    assert names(board) == ["档案馆", "气象局"]
    press(Qt.Key.Key_Escape) if focus() is board.table else board.show_all()
    assert len(names(board)) == 49


def test_typing_finds_and_the_keys_lead_into_the_table(board: Board) -> None:
    board.seek()
    assert focus() is board.search
    board.search.setText("自然")
    press(Qt.Key.Key_Down)
    assert focus() is board.table
    assert [unit.name for unit in board.table.selected] == ["松塘县自然资源局"]
    board.seek()
    press(Qt.Key.Key_Escape)
    assert board.search.text() == ""
    assert len(names(board)) == 49
    board.search.setText("没有这一家")
    settled(lambda: not names(board))
    assert board._empty.text().startswith("没有符合的单位")


def test_f8_leads_through_who_needs_a_hand(board: Board) -> None:
    seen = []
    for _ in range(16):
        assert board.next_unit()
        unit = board.table.unit
        assert unit is not None
        seen.append(board.listing.rollup.state(unit))
    assert State.USABLE not in seen
    assert seen == sorted(seen, key=list(State).index)
    assert board.next_unit(-1)


def test_the_rows_are_copied_with_their_heads(board: Board) -> None:
    board.chips.choose(State.ERRORS.name)
    board.table.setFocus()
    press(Qt.Key.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["单位", "状态", "错误 / 疑问"]
    assert len(lines) == 4
    assert lines[1].startswith("松塘县自然资源局\t有错误")


def test_a_unit_with_several_files_that_differ_asks_which_one_counts(
    window: RollupWindow, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(board_module, "ask_which", lambda _, unit: asked.append(unit.name))
    form = window.session.rollup.form
    other = received_of(report_of(form, "松塘县教育局", (1, 1, 0)), "县直/教育局改后.docx", unit_id("教育局"))
    window.session.take_in(lambda rollup: rollup.with_received([other]))
    board._open(window.session.rollup.units.by_id[unit_id("教育局")])
    assert asked == ["松塘县教育局"]


def test_a_list_that_is_taken_while_files_are_read_is_shown_at_once(
    window: RollupWindow, board: Board
) -> None:
    board.show_reading(frozenset())
    rollup = window.session.rollup
    fewer = Units(tuple(unit for unit in rollup.units.listed if unit.id != unit_id("教育局")))
    window.session.edit(replace(rollup, units=fewer), "名单")
    assert "教育局" not in names(board)
    assert len(names(board)) > 40
    board.show_reading(None)


def test_a_column_orders_and_turns_round_and_state_is_the_way_back(board: Board) -> None:
    board.sort_by("new")
    assert names(board)[-1] == "人民政府办公室"
    board.sort_by("new")
    assert names(board)[0] == "人民政府办公室"
    board.sort_by("state")
    assert names(board)[0] == "商务局"


def test_f6_goes_from_tree_to_table_to_files(board: Board) -> None:
    board.tree.setFocus()
    panes = []
    for _ in range(3):
        board.next_pane()
        panes.append(focus())
    assert panes == [board.table, board.files.list, board.tree]


def test_what_is_selected_stays_so_when_the_roll_up_changes(window: RollupWindow, board: Board) -> None:
    unit = window.session.rollup.units.by_id[unit_id("教育局")]
    board.table.go_to(unit)
    window.session.edit(window.session.rollup.with_unit(replace(unit, note="看过")), "备注")
    assert [one.id for one in board.table.selected] == [unit.id]


def test_rows_keep_their_place_while_files_are_read(window: RollupWindow, board: Board) -> None:
    form = window.session.rollup.form
    before = names(board)
    board.show_reading(frozenset())
    came = received_of(report_of(form, "松塘县商务局", (4, 4, 0)), "县直/商务局2025.gxr", unit_id("商务局"))
    window.session.take_in(lambda rollup: rollup.with_received([came]))
    assert names(board) == before
    assert chips(board)["未交"] == 1
    board.show_reading(None)
    assert names(board)[0] == "小箬乡人民政府"
    assert names(board).index("商务局") > 10


def test_a_unit_opens_its_report_and_one_that_is_waited_for_says_so(
    window: RollupWindow, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    claimed: list[object] = []
    monkeypatch.setattr(window, "open_report", lambda unit, *_, **__: opened.append(unit))
    board.claim_asked.disconnect()
    board.claim_asked.connect(claimed.append)
    units = window.session.rollup.units.by_id
    for name in ("自然资源局", "商务局", "城市管理局"):
        board.table.go_to(units[unit_id(name)])
        board.table.setFocus()
        press(Qt.Key.Key_Return)
    assert opened == [unit_id("自然资源局")]
    assert window._told.text() == "还没有收到松塘县商务局的年报。"
    assert claimed == [window.session.rollup.unclaimed[0]]


def test_the_files_part_asks_to_claim_and_folds(window: RollupWindow, board: Board) -> None:
    board.claim_asked.disconnect()
    claimed: list[object] = []
    board.claim_asked.connect(claimed.append)
    board.files.list.setFocus()
    assert board.files.list.currentRow() == 0
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    board.files.one_by_one.click()
    assert claimed == [window.session.rollup.unclaimed[1], None]
    board.files._fold.click()
    assert not board.files.list.isVisible()
    board.files._fold.click()
    assert board.files.list.isVisible()


def test_without_a_list_of_units_there_are_three_ways_to_one(open_rollup: Open) -> None:
    board = open_rollup(replace(songtang(), units=Units(), received=())).board
    asked: list[str] = []
    board.list_asked.disconnect()
    board.list_asked.connect(asked.append)
    assert board.no_units.isVisible()
    for button in children(board.no_units, QPushButton):
        button.click()
    assert asked == ["import", "prior", "folder"]


def test_without_any_report_all_are_missing_and_it_says_what_to_do(open_rollup: Open) -> None:
    window = open_rollup(replace(songtang(), received=(), returned=(), changed=frozenset()))
    assert chips(window.board)["未交"] == 49
    assert window._place.text() == "文件夹里还没有年报。放进来以后点“重新读取”。"


def test_of_very_many_units_none_is_listed_before_something_was_chosen(open_rollup: Open) -> None:
    board = open_rollup(many(2_500)).board
    settled(lambda: board.chips._chips[0].count == 2_500)
    assert names(board) == []
    assert board._empty.text() == "选一个地区，或查找单位。"
    root = board.tree.topLevelItem(0)
    assert root is not None
    assert root.childCount() == 50  # branches alone
    assert root.child(0).childCount() == 0
    board.tree.setCurrentItem(root.child(3))
    settled(lambda: len(names(board)) == 50)
    board.show_all()
    settled(lambda: not names(board))
    board.search.setText("第7区第3局")
    settled(lambda: [name for name in names(board)] == ["第7区第3局"])


def test_a_narrow_window_keeps_name_state_and_what_is_left(window: RollupWindow, board: Board) -> None:
    window.resize(760, 480)
    QApplication.processEvents()
    table = board.table
    shown = [column for column in range(10) if not table.isColumnHidden(column)]
    assert {0, 1, 2, 9} <= set(shown)
    assert sum(table.columnWidth(column) for column in shown) <= table.viewport().width() + 1
    board.chips.choose(State.QUERIES.name)
    assert any(chip.isVisible() and chip.key == State.QUERIES.name for chip in children(board.chips, _Chip))
    assert board.chips._more.isVisible()
    QTest.keyClick(board.table, Qt.Key.Key_Home, NO)
