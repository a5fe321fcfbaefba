"""The grid of a ledger: keys, typing, blocks, lists, the popover, input methods, names, random use."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.ui.ledger import pasting
from gxeditor.ui.ledger.grid import LedgerGrid
from gxeditor.ui.ledger.pasting import Pasted
from gxeditor.ui.ledger.window import LedgerWindow
from tests.ledger_sample import TODAY
from tests.ui.ledger.conftest import Open

NO = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
Key = Qt.Key


@pytest.fixture
def grid(window: LedgerWindow) -> LedgerGrid:
    window.grid.setFocus()
    return window.grid


def painted(grid: LedgerGrid, monkeypatch: pytest.MonkeyPatch, does: Callable[[], object]) -> set[int]:
    """The rows that are painted because of something, the keys in the grid before."""
    QApplication.processEvents()
    rows: set[int] = set()
    paint = LedgerGrid._paint_cell

    def noted(self: LedgerGrid, painter: Any, pixels: Any, row: int, *more: Any) -> None:
        rows.add(row)
        paint(self, painter, pixels, row, *more)

    with monkeypatch.context() as patch:
        patch.setattr(LedgerGrid, "_paint_cell", noted)
        does()
        QApplication.processEvents()
    return rows


def target(grid: LedgerGrid) -> QWidget:
    """Where the keys go."""
    if grid.list.field:
        return grid.list.line
    return grid.editor if grid.editor.cell is not None else grid


def press(grid: LedgerGrid, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO, text: str = "") -> None:
    widget = target(grid)
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))


def write(grid: LedgerGrid, text: str) -> None:
    for char in text:
        press(grid, Key.Key_A, NO, char)


def at(grid: LedgerGrid, request_id: str, field: str) -> None:
    row = grid.model_.row(request_id)
    assert row is not None
    grid.go(row, grid.model_.place_of[field])


def blank(grid: LedgerGrid, field: str) -> None:
    grid.go(len(grid.model_.listed), grid.model_.place_of[field])


def of(grid: LedgerGrid, request_id: str) -> Request:
    return grid.session.ledger.by_id[request_id]


def here(grid: LedgerGrid) -> tuple[int, str]:
    row, column = grid.here()
    return grid.model_.number(row), grid.model_.columns[column].field


def told(window: LedgerWindow) -> str:
    return window._told.text()


# --- typing


def test_typing_replaces_and_enter_goes_down(grid: LedgerGrid) -> None:
    at(grid, "r25074", "answered_on")
    write(grid, "1.9")
    press(grid, Key.Key_Return)
    assert of(grid, "r25074").day("answered_on") == date(2026, 1, 9)
    assert here(grid) == (79, "answered_on")
    assert grid.session.undo_label == "填写答复日期"


def test_the_blank_row_becomes_a_request_with_the_next_number_and_another_follows(grid: LedgerGrid) -> None:
    blank(grid, "received_on")
    write(grid, "1.12")
    press(grid, Key.Key_Tab)
    new = grid.session.ledger.requests[-1]
    assert (new.day("received_on"), new.text("reg_no")) == (TODAY, "26-002")
    assert here(grid) == (88, "applicant")
    assert grid.model_.rowCount() == 89
    write(grid, "韩")
    press(grid, Key.Key_Return)
    assert grid.session.ledger.requests[-1].text("applicant") == "韩"
    assert here(grid) == (89, "received_on")  # Enter goes back to where Tab began


def test_a_request_whose_day_comes_after_its_text_gets_the_number_of_its_year(grid: LedgerGrid) -> None:
    grid.session.edit(
        Ledger(requests=grid.session.ledger.requests[:-1]), "没有 2026 年的"
    )  # the last is 25-082
    blank(grid, "subject")
    write(grid, "补登的一件")
    press(grid, Key.Key_Return)
    assert grid.session.ledger.requests[-1].text("reg_no") == "26-001"
    grid.go(len(grid.model_.listed) - 1, grid.model_.place_of["received_on"])
    write(grid, "2025.12.30")
    press(grid, Key.Key_Return)
    assert grid.session.ledger.requests[-1].text("reg_no") == "25-083"


@pytest.mark.parametrize(("typed", "why"), [("2.30", "2月30日没有这一天。"), ("明天", "看不出")])
def test_what_is_no_day_is_refused_in_place_and_esc_gives_the_old_value_back(
    grid: LedgerGrid, typed: str, why: str
) -> None:
    at(grid, "r25068", "answered_on")
    before = grid.session.ledger
    write(grid, typed)
    press(grid, Key.Key_Return)
    assert grid.editor.refused.isVisible()
    assert why in grid.editor.refused.text()
    assert here(grid) == (72, "answered_on")
    press(grid, Key.Key_Escape)
    assert grid.editor.cell is None
    assert grid.session.ledger is before


def test_f2_edits_what_stands_there_with_its_year_and_untouched_changes_nothing(grid: LedgerGrid) -> None:
    at(grid, "r25068", "received_on")
    before = grid.session.ledger
    press(grid, Key.Key_F2)
    assert grid.editor.text() == "2025.11.24"
    press(grid, Key.Key_Return)
    assert grid.session.ledger is before


def test_what_is_reckoned_cannot_be_typed_and_says_where_to_type_instead(
    window: LedgerWindow, grid: LedgerGrid
) -> None:
    for field, said in (("steps", "补正告知日期"), ("due", "算出来"), ("left", "算出来")):
        at(grid, "r25072", field)
        write(grid, "1")
        assert grid.editor.cell is None
        assert said in told(window)


def test_a_ledger_that_is_held_cannot_be_changed(window: LedgerWindow, grid: LedgerGrid) -> None:
    grid.session.held = "这份台账正在另一台电脑上打开。这里只能看，不能改动。"
    before = grid.session.ledger
    at(grid, "r25074", "subject")
    write(grid, "改")
    press(grid, Key.Key_Delete)
    grid.fill_down()
    QGuiApplication.clipboard().setText("甲\n乙")
    grid.paste()
    assert grid.session.ledger is before
    assert "另一台电脑" in told(window)


# --- moving


def test_arrows_ctrl_arrows_home_and_end_move_as_in_excel(grid: LedgerGrid) -> None:
    at(grid, "r25072", "received_on")
    press(grid, Key.Key_Right)
    assert here(grid) == (76, "applicant")
    press(grid, Key.Key_Down, CTRL)
    assert here(grid) == (87, "applicant")
    press(grid, Key.Key_Up, CTRL)
    assert here(grid) == (1, "applicant")
    press(grid, Key.Key_End)
    assert grid.here()[1] == len(grid.model_.columns) - 1
    press(grid, Key.Key_Home)
    assert here(grid) == (1, "reg_no")
    press(grid, Key.Key_End, CTRL)
    assert here(grid)[0] == 87
    press(grid, Key.Key_Home, CTRL)
    assert here(grid) == (1, "reg_no")
    at(grid, "r25072", "answered_on")
    press(grid, Key.Key_Up, CTRL)  # a blank one: on to the next that is filled
    assert here(grid) == (75, "answered_on")
    press(grid, Key.Key_Right, CTRL)
    assert here(grid) == (75, "received_basis")  # the end of what is filled


def test_frozen_columns_stay_while_the_others_are_scrolled(grid: LedgerGrid) -> None:
    lefts = [grid.column_rect(column)[0] for column in range(3)]
    press(grid, Key.Key_End)
    assert [grid.column_rect(column)[0] for column in range(3)] == lefts
    last = grid.cell_rect(grid.here()[0], len(grid.model_.columns) - 1)
    assert last.right() <= grid.viewport().width()
    assert grid.column_at(lefts[1] + 5) == 1


def test_shift_selects_and_the_selection_is_cleared_filled_and_undone(grid: LedgerGrid) -> None:
    at(grid, "r25069", "subject")
    press(grid, Key.Key_Down, SHIFT)
    press(grid, Key.Key_Down, SHIFT)
    press(grid, Key.Key_D, CTRL)
    said = of(grid, "r25069").text("subject")
    assert [of(grid, f"r2507{n}").text("subject") for n in (0, 1)] == [said, said]
    press(grid, Key.Key_Delete)
    assert [of(grid, one).text("subject") for one in ("r25069", "r25070", "r25071")] == [""] * 3
    grid.session.undo()
    grid.session.undo()
    assert of(grid, "r25070").text("subject") == "本人信访事项的调查材料"


# --- blocks


def test_a_block_from_excel_is_pasted_over_rows_and_beyond_the_last(
    window: LedgerWindow, grid: LedgerGrid
) -> None:
    at(grid, "r26001", "received_on")
    QGuiApplication.clipboard().setText(
        "2026.1.6\t青禾农业开发公司\t企业\t网上\t三期预审\r\n"
        '20260108\t韩梅\t公民\t当面提交\t"用地\n批复"\r\n'
        "1月9日\t吕律师事务所\t律师事务所\tEMS\t许可证\r\n"
    )
    press(grid, Key.Key_V, CTRL)
    rows = grid.session.ledger.requests
    assert len(rows) == 89
    assert rows[86].day("received_on") == date(2026, 1, 6)
    assert [rows[i].text("applicant_type") for i in (86, 87, 88)] == ["C2", "C1", "C5"]
    assert [rows[i].text("channel") for i in (86, 87, 88)] == ["wl", "dm", "gh"]
    assert rows[87].text("subject") == "用地 批复"
    assert rows[88].day("received_on") == date(2026, 1, 9)
    assert "多出 2 件申请" in told(window)
    grid.session.undo()
    assert len(grid.session.ledger.requests) == 87


@pytest.mark.parametrize(("answer", "kept"), [("keep", "2.30"), ("leave", ""), ("cancel", None)])
def test_of_a_block_what_is_understood_goes_in_and_the_rest_is_asked_once(
    window: LedgerWindow, grid: LedgerGrid, monkeypatch: pytest.MonkeyPatch, answer: str, kept: str | None
) -> None:
    asked: list[tuple[int, str, str]] = []

    def ask(_parent: object, _model: object, done: Pasted, _verb: str) -> object:
        asked.extend((one.row, one.column.heading, one.why) for one in done.odd)
        return None if answer == "cancel" else ({}, answer == "keep")

    monkeypatch.setattr(pasting, "ask_odd", ask)
    at(grid, "r25068", "answered_on")
    before = grid.session.ledger
    QGuiApplication.clipboard().setText("2025.12.19\n2.30\n2025.12.22")
    grid.paste()
    assert asked == [(73, "答复日期", "2月30日没有这一天。")]
    if kept is None:
        assert grid.session.ledger is before
        return
    assert of(grid, "r25068").day("answered_on") == date(2025, 12, 19)
    assert of(grid, "r25069").unsettled.get("answered_on", "") == kept
    assert ("1 格未定" in told(window)) == bool(kept)
    assert grid.session.undo()
    assert grid.session.ledger is before


def test_a_single_text_that_is_refused_stays_where_it_was_pasted_and_says_why(grid: LedgerGrid) -> None:
    at(grid, "r25068", "answered_on")
    QGuiApplication.clipboard().setText("2.30")
    grid.paste()
    assert (grid.editor.text(), grid.editor.refused.text()) == ("2.30", "2月30日没有这一天。")
    press(grid, Key.Key_Escape)
    at(grid, "r25068", "applicant_type")
    QGuiApplication.clipboard().setText("法人")
    grid.paste()
    assert grid.list.line.text() == "法人"


def test_one_cell_is_pasted_into_all_that_are_selected(grid: LedgerGrid) -> None:
    at(grid, "r25068", "unit")
    press(grid, Key.Key_Down, SHIFT)
    QGuiApplication.clipboard().setText("耕保科")
    grid.paste()
    assert [of(grid, one).text("unit") for one in ("r25068", "r25069")] == ["耕保科", "耕保科"]


def test_the_clipboard_gets_what_is_seen_and_masked_names_do_not_come_back(
    grid: LedgerGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(grid, "r25072", "reg_no")
    press(grid, Key.Key_Right, SHIFT)
    press(grid, Key.Key_Right, SHIFT)
    press(grid, Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "25-072\t2025-12-04\t何**\r\n"
    assert "敏敏" not in QGuiApplication.clipboard().mimeData().html()
    asked: list[str] = []
    monkeypatch.setattr(pasting, "ask_odd", lambda *given: asked.extend(one.why for one in given[2].odd))
    before = grid.session.ledger
    at(grid, "r25068", "reg_no")
    grid.paste()
    assert grid.session.ledger is before
    assert "遮住的姓名" in asked[0]
    at(grid, "r25072", "applicant")
    press(grid, Key.Key_X, CTRL)
    assert of(grid, "r25072").text("applicant") == "何敏敏"


# --- lists


@pytest.mark.parametrize(("key", "modifiers"), [(Key.Key_Down, ALT), (Key.Key_F4, NO)])
def test_a_list_opens_under_a_code_and_what_is_chosen_is_put_in(
    grid: LedgerGrid, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    at(grid, "r25076", "outcome")
    press(grid, key, modifiers)
    assert grid.list.isVisible()
    grid.list.line.setText("bcz")
    press(grid, Key.Key_Return)
    assert of(grid, "r25076").text("outcome") == "U1"
    assert not grid.list.isVisible()


def test_typing_in_a_code_opens_its_list_with_it_and_tab_goes_on(grid: LedgerGrid) -> None:
    blank(grid, "applicant_type")
    write(grid, "s")
    assert grid.list.line.text() == "s"
    write(grid, "y")
    press(grid, Key.Key_Tab)
    assert grid.session.ledger.requests[-1].text("applicant_type") == "C2"
    assert here(grid) == (88, "channel")


def test_what_was_picked_stands_first_the_next_time(grid: LedgerGrid) -> None:
    at(grid, "r25076", "outcome")
    press(grid, Key.Key_F4)
    grid.list.line.setText("N3")
    press(grid, Key.Key_Return)
    at(grid, "r25077", "outcome")
    press(grid, Key.Key_F4)
    assert grid.list.rows.item(1).text() == "要求提供公开出版物"


# --- the day due


def test_alt_enter_tells_how_the_day_due_was_counted(grid: LedgerGrid) -> None:
    at(grid, "r25072", "subject")
    press(grid, Key.Key_Return, ALT)
    assert grid.popover.isVisible()
    assert grid.popover.is_pinned
    assert grid.popover.accessibleName() == "25-072　答复期限 2026年1月14日（周三）"
    said = grid.popover.accessibleDescription()
    for part in (
        "12月4日，当面提交，当天不计",
        "征求第三方意见 12 天",
        "1月4日是周日，调休上班",
        "还有 2 个工作日",
        "第三十三条",
    ):
        assert part in said, part
    assert "何" not in said
    QApplication.sendEvent(grid.popover, QKeyEvent(QEvent.Type.KeyPress, Key.Key_Escape, NO))
    assert not grid.popover.isVisible()


def test_a_click_on_the_day_opens_it_and_going_on_closes_it_unless_it_is_pinned(grid: LedgerGrid) -> None:
    at(grid, "r25074", "due")
    click(grid, "r25074", "due")
    assert grid.popover.request_id == "r25074"
    at(grid, "r25076", "subject")
    assert not grid.popover.isVisible()
    click(grid, "r25074", "due")
    grid.popover.pin.click()
    at(grid, "r25076", "subject")
    assert grid.popover.isVisible()


def click(grid: LedgerGrid, request_id: str, field: str) -> None:
    row = grid.model_.row(request_id)
    assert row is not None
    grid.go(row, 0)
    middle = QPointF(grid.cell_rect(row, grid.model_.place_of[field]).center())
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        event = QMouseEvent(
            kind,
            middle,
            grid.viewport().mapToGlobal(middle),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            NO,
        )
        QApplication.sendEvent(grid.viewport(), event)


def test_an_extension_is_registered_and_the_day_moves(grid: LedgerGrid) -> None:
    at(grid, "r25076", "due")
    grid.show_deadline(pin=True)
    grid.popover.extend.click()
    assert of(grid, "r25076").day("extended_on") == TODAY
    assert not grid.popover.extend.isVisible()
    assert grid.model_.left(of(grid, "r25076")) == 20


def test_an_answer_is_registered_and_its_kind_is_asked(grid: LedgerGrid) -> None:
    at(grid, "r25076", "due")
    grid.show_deadline(pin=True)
    grid.popover.answer.click()
    assert of(grid, "r25076").day("answered_on") == TODAY
    assert here(grid) == (80, "outcome")
    assert grid.list.isVisible()


# --- input methods


def compose(grid: LedgerGrid, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(grid, event)


def test_what_an_input_method_composes_goes_into_the_cell(grid: LedgerGrid) -> None:
    blank(grid, "subject")
    compose(grid, "di")
    assert grid.editor.composing
    compose(grid, "", "地块")
    assert grid.editor.text() == "地块"
    press(grid, Key.Key_Return)
    assert grid.session.ledger.requests[-1].text("subject") == "地块"


def test_a_composition_that_comes_to_nothing_changes_nothing(grid: LedgerGrid) -> None:
    at(grid, "r25074", "subject")
    before = grid.session.ledger
    compose(grid, "di")
    compose(grid, "")
    assert grid.editor.cell is None
    assert grid.session.ledger is before


def test_a_word_composed_in_a_code_finds_it_in_the_list(grid: LedgerGrid) -> None:
    at(grid, "r25076", "outcome")
    compose(grid, "bucunzai")
    compose(grid, "", "不存在")
    assert grid.list.current() == "U1"
    press(grid, Key.Key_Return)
    assert of(grid, "r25076").text("outcome") == "U1"


# --- names


def test_the_cell_that_is_typed_in_shows_its_own_name_only(grid: LedgerGrid) -> None:
    at(grid, "r25072", "applicant")
    press(grid, Key.Key_F2)
    assert grid.editor.text() == "何敏敏"
    column = grid.model_.place_of["applicant"]
    assert all("**" in grid.model_.text(row, column) for row in range(len(grid.model_.listed)))
    press(grid, Key.Key_Escape)
    assert grid.model_.text(grid.here()[0], column) == "何**"


def test_names_are_shown_while_the_session_shows_them(grid: LedgerGrid) -> None:
    row, column = grid.model_.row("r25072"), grid.model_.place_of["applicant"]
    assert row is not None
    grid.session.show_names()
    assert grid.model_.text(row, column) == "何敏敏"
    grid.session.mask_names()
    assert grid.model_.text(row, column) == "何**"


# --- undo, rows


def test_rows_are_removed_and_come_back(grid: LedgerGrid) -> None:
    at(grid, "r25072", "subject")
    grid.choose_rows(grid.here()[0], grid.here()[0] + 1)
    grid.remove_rows()
    assert len(grid.session.ledger.requests) == 85
    assert "r25072" not in grid.session.ledger.by_id
    grid.session.undo()
    assert len(grid.session.ledger.requests) == 87


def test_a_large_ledger_paints_only_the_rows_in_view(
    open_ledger: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.ledger_sample import many

    grid = open_ledger(many(5000)).grid
    painted: list[int] = []
    real = LedgerGrid._paint_cell

    def counting(self: LedgerGrid, painter: Any, pixels: Any, row: int, *rest: Any) -> None:
        painted.append(row)
        real(self, painter, pixels, row, *rest)

    monkeypatch.setattr(LedgerGrid, "_paint_cell", counting)
    grid.viewport().repaint()
    assert 10 < len(set(painted)) < 40
    painted.clear()
    grid.go(grid.here()[0] - 1, 5)
    QApplication.processEvents()
    painted.clear()
    press(grid, Key.Key_Up)
    QApplication.processEvents()
    assert len(set(painted)) <= 4


# --- random use


@pytest.mark.parametrize("seed", range(3))
def test_whatever_a_hand_does_the_grid_stands(
    open_ledger: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    window = open_ledger()
    grid, chance = window.grid, random.Random(seed)
    monkeypatch.setattr(pasting, "ask_odd", lambda *_: chance.choice([None, ({}, True), ({}, False)]))
    keys = [
        Key.Key_Up, Key.Key_Down, Key.Key_Left, Key.Key_Right, Key.Key_Tab, Key.Key_Backtab, Key.Key_Return,
        Key.Key_Escape, Key.Key_F2, Key.Key_F4, Key.Key_Delete, Key.Key_Home, Key.Key_End, Key.Key_PageUp,
        Key.Key_PageDown, Key.Key_D, Key.Key_V, Key.Key_C, Key.Key_X, Key.Key_A,
    ]  # fmt: skip
    blocks = ("1.5\t王\t公民", "2.30", "甲\n乙\n丙", "\t\t", '"引\n号"\t2025.1.1', "**", "x" * 5000, "")
    for _ in range(400):
        done = chance.random()
        if done < 0.5:
            modifiers = chance.choice([NO, NO, CTRL, SHIFT, ALT, CTRL | SHIFT])
            key = chance.choice(keys)
            letter = modifiers == ALT and Key.Key_A <= key <= Key.Key_Z  # those open the menus
            press(grid, key, NO if letter else modifiers)
        elif done < 0.7:
            press(grid, Key.Key_A, NO, chance.choice("1.2五bczU-/ 月日"))
        elif done < 0.76:
            compose(grid, chance.choice(["", "ni", "a"]), chance.choice(["", "", "你好", "不存在"]))
        elif done < 0.82:
            QGuiApplication.clipboard().setText(chance.choice(blocks))
        elif done < 0.9:
            point = QPointF(
                chance.randrange(0, grid.viewport().width()), chance.randrange(0, grid.viewport().height())
            )
            kind = chance.choice([QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick])
            for one in (kind, QEvent.Type.MouseButtonRelease):
                event = QMouseEvent(
                    one,
                    point,
                    grid.viewport().mapToGlobal(point),
                    Qt.MouseButton.LeftButton,
                    Qt.MouseButton.LeftButton,
                    NO,
                )
                QApplication.sendEvent(grid.viewport(), event)
        elif done < 0.94:
            chance.choice([grid.session.undo, grid.session.redo])()
        else:
            others: list[Callable[[], object]] = (
                [
                    lambda: window.requests.choose(chance.choice(["open", "late", "all", "answered"])),
                    lambda: window.requests.search.setText(chance.choice(["", "工业", "没有这个"])),
                    grid.remove_rows, grid.fill_down, grid.put_today, window.requests.clear_conditions,
                    lambda: grid.show_deadline(), lambda: window.requests.step(1),
                    lambda: window.resize(chance.randrange(760, 1500), chance.randrange(480, 900)),
                ]
            )  # fmt: skip
            chance.choice(others)()
        model = grid.model_
        assert model.ledger is grid.session.ledger
        assert model.rowCount() == len(model.listed) + 1
        assert all(place < len(model.ledger.requests) for place in model.listed)
        assert len(model.ledger.by_id) == len(model.ledger.requests)
        row, column = grid.here()
        assert 0 <= row < model.rowCount()
        assert 0 <= column < len(model.columns)
        assert not (grid.list.field and grid.editor.cell is not None)
    QApplication.processEvents()
    grid.finish_editing()
    assert grid.viewport().mapFromGlobal(QPoint(0, 0)) is not None


@pytest.mark.parametrize("field", ["reg_no", "subject", "unit"])
def test_an_entry_repaints_its_row_and_those_that_touch_it_and_no_other(
    grid: LedgerGrid, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    grid.go(4, grid.model_.place_of[field])
    for text in ("a", "1", "\r"):
        key = Key.Key_Return if text == "\r" else Key.Key_A
        rows = painted(grid, monkeypatch, partial(press, grid, key, NO, text))
        assert rows <= ({3, 4, 5, 6} if text == "\r" else {3, 4, 5})
    request = grid.model_.request(4)
    assert request is not None
    assert request.text(field) == "a1"


def test_the_frame_of_the_current_cell_follows_the_focus_without_the_other_rows(
    window: LedgerWindow, grid: LedgerGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid.go(4, grid.model_.place_of["subject"])
    for widget in (window.requests.search, grid):
        rows = painted(grid, monkeypatch, widget.setFocus)
        assert rows
        assert rows <= {3, 4, 5}


# --- nothing typed is lost


def test_undo_from_the_menu_takes_back_what_is_being_typed_and_redo_gives_it_again(
    window: LedgerWindow, grid: LedgerGrid
) -> None:
    at(grid, "r25068", "unit")
    write(grid, "登记科")
    press(grid, Key.Key_Return)
    at(grid, "r25074", "unit")
    write(grid, "耕保科")
    window.acts["undo"].trigger()
    assert (of(grid, "r25074").text("unit"), of(grid, "r25068").text("unit")) == ("", "登记科")
    window.acts["redo"].trigger()
    assert of(grid, "r25074").text("unit") == "耕保科"


def test_paste_from_the_menu_goes_into_the_text_that_is_being_typed(
    window: LedgerWindow, grid: LedgerGrid
) -> None:
    at(grid, "r25074", "unit")
    write(grid, "耕")
    QGuiApplication.clipboard().setText("保科")
    window.acts["paste"].trigger()
    assert grid.editor.text() == "耕保科"


def test_a_composition_that_a_click_breaks_off_does_not_come_to_another_cell(grid: LedgerGrid) -> None:
    at(grid, "r25074", "outcome")
    compose(grid, "bu", "")
    assert grid.list.composing
    at_other = grid.model_.index(3, grid.model_.place_of["subject"])
    before = grid.session.ledger
    grid.commit()
    grid.go(at_other.row(), at_other.column())
    assert not grid.list.composing
    assert grid.session.ledger is before


def test_what_is_filled_down_is_not_settled_either_where_it_comes_from(grid: LedgerGrid) -> None:
    request = replace(of(grid, "r25068").with_value("outcome", None), unsettled={"outcome": "见告知书"})
    grid.session.edit(grid.session.ledger.with_request(request), "未定")
    at(grid, "r25068", "outcome")
    press(grid, Key.Key_Down, SHIFT)
    grid.fill_down()
    assert of(grid, "r25069").unsettled == {"outcome": "见告知书"}
    assert "outcome" not in of(grid, "r25069").values


def test_a_list_that_is_open_goes_when_another_request_comes_into_hand(
    window: LedgerWindow, grid: LedgerGrid
) -> None:
    at(grid, "r25068", "outcome")
    press(grid, Key.Key_F4)
    before = grid.session.ledger
    window.acts["next"].trigger()
    assert not grid.list.field
    assert not grid.list.isVisible()
    assert grid.session.ledger is before


def test_tab_goes_on_to_the_right_where_nothing_is_typed(window: LedgerWindow, grid: LedgerGrid) -> None:
    window.activateWindow()
    at(grid, "r25068", "subject")
    for key, field in (
        (Key.Key_Tab, "answered_on"),
        (Key.Key_Tab, "outcome"),
        (Key.Key_Backtab, "answered_on"),
    ):
        press(grid, key)
        assert here(grid)[1] == field
        assert window.focusWidget() is grid
    press(grid, Key.Key_Return)
    assert here(grid) == (73, "subject")


def test_a_list_opened_by_the_menu_ends_what_is_being_typed(window: LedgerWindow, grid: LedgerGrid) -> None:
    at(grid, "r25074", "unit")
    write(grid, "耕保科")
    window.acts["list"].trigger()
    assert grid.editor.cell is None
    assert of(grid, "r25074").text("unit") == "耕保科"
    assert not grid.list.field


def test_what_is_composed_in_one_cell_ends_before_another_begins(grid: LedgerGrid) -> None:
    at(grid, "r25074", "unit")
    compose(grid, "geng")
    assert grid.editor.cell is not None
    press_on_grid = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Home, NO)
    QApplication.sendEvent(grid, press_on_grid)
    grid.go(grid.here()[0], grid.model_.place_of["outcome"])
    compose(grid, "bu")
    assert grid.list.field == "outcome"
    assert grid.editor.cell is None
