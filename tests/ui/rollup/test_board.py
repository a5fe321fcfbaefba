"""The board of a roll-up: tree, filters, table and files, by keys and by mouse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from gxeditor.core.rollup.project import State
from gxeditor.core.rollup.units import Units
from gxeditor.ui.rollup import board as board_module
from gxeditor.ui.rollup.board import Board
from gxeditor.ui.rollup.listing import ALL
from gxeditor.ui.rollup.match import MatchPage
from gxeditor.ui.rollup.which_file import WhichFileDialog
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
    return {chip.name: chip.count for chip in board.chips.chips.values() if chip.isVisible()}


def test_it_shows_the_county_as_it_stands(board: Board) -> None:
    assert len(names(board)) == 49
    assert chips(board)["全部"] == 49
    assert board.tree.topLevelItem(0) is not None
    assert board._summary._first.text() == "合计现在是 49 家中 45 家。"
    assert [one.path for one, _ in board.files.list.model().files] == [
        "县直/城管执法局年报终稿.docx",
        "县直/2025年报(盖章扫描).pdf",
        "乡镇/青渡镇2024.docx",
    ]


def test_a_filter_lists_its_units_and_a_second_click_all(board: Board) -> None:
    chip = board.chips.chips[State.MISSING.name]
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
    assert board.files.list.currentIndex().row() == 0
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
    settled(lambda: board.chips.chips[ALL].count == 2_500)
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
    assert board.chips.chips[State.QUERIES.name].isVisible()
    assert board.chips._more.isVisible()
    QTest.keyClick(board.table, Qt.Key.Key_Home, NO)


def test_columns_without_room_are_named_in_the_heads_and_can_be_scrolled_to(
    window: RollupWindow, board: Board
) -> None:
    table = board.table
    assert table.more.isHidden()
    window.resize(910, 512)  # 1366 × 768 at 150 %
    QApplication.processEvents()
    assert table.left_out == ["收到", "期限"]
    assert table.more.text() == "另有 2 栏"
    assert "收到、期限" in table.more.toolTip()
    table.more.click()
    QApplication.processEvents()
    assert table.left_out == []
    assert table.horizontalScrollBar().maximum() > 0
    table.more.click()
    QApplication.processEvents()
    assert table.left_out == ["收到", "期限"]
    assert table.horizontalScrollBar().maximum() == 0
    window.resize(1366, 700)
    QApplication.processEvents()
    assert table.more.isHidden()
    assert table.left_out == []


def test_a_filter_that_is_chosen_while_many_files_are_read_lists_its_units(open_rollup: Open) -> None:
    window = open_rollup(many(300))
    board = window.board
    settled(lambda: len(names(board)) == 300)
    board.show_reading(frozenset())
    board.chips.choose(State.MISSING.name)
    rollup = window.session.rollup
    window.session.take_in(lambda one: one.with_received([replace(rollup.received[0], date="2026-01-01")]))
    missing = [unit.name for unit in rollup.must if unit.id not in rollup.used]
    settled(lambda: names(board) == missing)
    board.show_reading(None)


def test_enter_behind_what_was_typed_waits_for_what_it_finds(open_rollup: Open) -> None:
    board = open_rollup(many(300)).board
    board.window().activateWindow()
    settled(lambda: len(names(board)) == 300 and board.window().isActiveWindow())
    board.seek()
    board.search.setText("第3区第7局")
    press(Qt.Key.Key_Return)
    settled(lambda: [unit.name for unit in board.table.selected] == ["第3区第7局"])
    assert focus() is board.table


def test_a_unit_is_gone_to_among_many(open_rollup: Open) -> None:
    board = open_rollup(many(300)).board
    settled(lambda: len(names(board)) == 300)
    board.chips.choose(State.MISSING.name)
    settled(lambda: 0 < len(names(board)) < 300)
    there = next(unit for unit in board.listing.rollup.entered)
    board.go_to(there.id)
    settled(lambda: board.table.unit is not None and board.table.unit.id == there.id)
    assert [unit.id for unit in board.table.selected] == [there.id]


def test_escape_lists_all_where_nothing_is_listed_that_could_have_the_keys(board: Board) -> None:
    board.search.setText("没有这一家")
    settled(lambda: not names(board))
    board.chips.chips[ALL].setFocus()
    press(Qt.Key.Key_Escape)
    assert len(names(board)) == 49


def test_another_name_of_the_area_stands_at_the_top_of_the_tree(window: RollupWindow, board: Board) -> None:
    window.session.edit(replace(window.session.rollup, owner="松塘"), "改名")
    root = board.tree.topLevelItem(0)
    assert root is not None
    assert root.text(0) == "松塘"


def test_a_report_that_was_set_aside_says_so_and_is_opened(
    window: RollupWindow, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollup, key = window.session.rollup, unit_id("教育局")
    window.session.edit(
        rollup.with_received([replace(rollup.used[key], decided="hold", decided_why="等重报")]), "搁置"
    )
    unit = rollup.units.by_id[key]
    assert "您搁置了" in board.listing.row(unit).instead
    opened: list[str] = []
    monkeypatch.setattr(window, "open_file", lambda path, *_, **__: opened.append(path))
    board._open(unit)
    assert opened == ["县直/教育局2025.gxr"]


def menu_of(board: Board, unit: str, monkeypatch: pytest.MonkeyPatch, chosen: str) -> list[str]:
    """What the menu of a unit's row offers; what begins as `chosen` is done."""
    offered: list[str] = []

    class Menu(QMenu):
        def exec(self, *_: object) -> QAction | None:  # type: ignore[override]
            offered.extend(action.text() for action in self.actions() if action.text())
            return next((one for one in self.actions() if chosen and one.text().startswith(chosen)), None)

    monkeypatch.setattr(board_module, "QMenu", Menu)
    board.table.go_to(board.listing.rollup.units.by_id[unit])
    where = board.table.visualRect(board.table.currentIndex()).center()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(board.table.viewport(), QContextMenuEvent(reason, where, where))
    return offered


def test_a_file_of_the_wrong_unit_is_asked_about_once_more(
    window: RollupWindow, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = unit_id("教育局")
    assert "这份不是它的，认给别家…" in menu_of(board, key, monkeypatch, "这份不是它的")
    page = window.over
    assert isinstance(page, MatchPage)
    assert page.which.text().startswith("现在认给松塘县教育局　县直\\教育局2025.gxr")
    assert menu_of(board, unit_id("商务局"), monkeypatch, "")[:2] == [
        "看它的年报（只读）\tEnter", "复制列出的各行\tCtrl+C",
    ]  # fmt: skip


def test_a_report_that_was_set_aside_is_counted_again(
    window: RollupWindow, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = unit_id("教育局")
    rollup = window.session.rollup
    assert not any("计入" in words for words in menu_of(board, key, monkeypatch, ""))
    window.session.edit(
        rollup.with_received([replace(rollup.used[key], decided="hold", decided_why="等重报")]), "搁置"
    )

    def take(asked: WhichFileDialog) -> str:
        asked.table.selectRow(0)
        asked.accept()
        asked.deleteLater()
        return asked.answer

    monkeypatch.setattr(WhichFileDialog, "run", take)
    assert "重新计入合计…" in menu_of(board, key, monkeypatch, "重新计入合计")
    assert window.session.rollup.used[key].decided == ""


def test_a_click_with_another_button_asks_nothing_of_a_file(board: Board) -> None:
    asked: list[object] = []
    board.files.claim_asked.connect(asked.append)
    board.claim_asked.disconnect()
    view = board.files.list
    at = view.visualRect(view.model().index(0)).center()
    at.setX(view.viewport().width() - 20)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, NO, at)
    assert asked == []
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NO, at)
    assert len(asked) == 1


def test_a_name_that_looks_like_a_formula_is_none_in_a_spreadsheet(
    window: RollupWindow, board: Board
) -> None:
    rollup = window.session.rollup
    unit = replace(rollup.units.by_id[unit_id("教育局")], name="=1+1局")
    window.session.edit(rollup.with_unit(unit), "改名")
    board.table.copy()
    assert "\u200b=1+1局\t" in QGuiApplication.clipboard().text()
