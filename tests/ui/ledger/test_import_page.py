"""The page of an import: what is asked, what Enter takes, and what comes into the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QPushButton, QTableWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.ledger.request import Ledger
from gxeditor.ledger.maps import kept_maps
from gxeditor.ui.ledger import import_page
from gxeditor.ui.ledger.import_page import ImportPage, ImportView
from gxeditor.ui.ledger.import_state import Standing
from gxeditor.ui.look import dialog
from tests.ledger_desk import KeepingDesk
from tests.ledger_layout import FIRST, HEADINGS, NAMES, write_register
from tests.window import settled

Open = Callable[..., ImportPage]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> KeepingDesk:
    frame = QWidget()
    qtbot.addWidget(frame)
    return KeepingDesk(Ledger(), tmp_path, frame)


@pytest.fixture
def open_page(qtbot: QtBot, tmp_path: Path, desk: KeepingDesk) -> Open:
    def open_it(path: Path | None = None) -> ImportPage:
        page = ImportPage(
            desk, path or write_register(tmp_path / "登记表(2025).xlsx"), kept=tmp_path / "kept"
        )
        qtbot.addWidget(page)
        page.resize(1366, 660)
        page.show()
        settled(lambda: page._task is None)
        return page

    return open_it


def view_of(page: ImportPage) -> ImportView:
    assert page.view is not None
    return page.view


def row_of(view: ImportView, word: str) -> int:
    return next(i for i, one in enumerate(view.state.questions) if one.key == word)


def test_everything_is_imported_and_what_nobody_settled_is_unsettled(
    open_page: Open, desk: KeepingDesk
) -> None:
    view = view_of(open_page())
    assert view.do.text() == "导入 14 行"
    assert "没有定的先导入为“未定”，不计入表三。" in view._open.text()
    view.do.click()
    ledger = desk.session.ledger
    assert len(ledger.requests) == 14
    assert [one for one in ledger.requests if one.unsettled.get("outcome") == "答复给他了"]
    assert desk.over[-1] is None
    assert desk.session.undo()
    assert not desk.session.ledger.requests


def test_choosing_in_the_list_settles_all_rows_of_a_word(open_page: Open) -> None:
    view = view_of(open_page())
    box = view.questions.cellWidget(row_of(view, "没有这个"), 2)
    assert isinstance(box, QComboBox)
    at = box.findData("U1")
    box.setCurrentIndex(at)
    box.activated.emit(at)
    one = view.state.questions[row_of(view, "没有这个")]
    assert (one.standing, one.code) == (Standing.SETTLED, "U1")


def test_enter_takes_what_is_proposed_and_ctrl_enter_all_of_it(open_page: Open) -> None:
    view = view_of(open_page())
    view.questions.setCurrentCell(row_of(view, "已转信访"), 0)
    QTest.keyClick(view.questions, Qt.Key.Key_Return)
    assert view.state.questions[row_of(view, "已转信访")].standing is Standing.SETTLED
    assert any(one.standing is Standing.PROPOSED for one in view.state.questions)
    QTest.keyClick(view.questions, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not any(one.standing is Standing.PROPOSED for one in view.state.questions)


def test_a_file_without_a_needed_column_waits_for_one(
    open_page: Open, tmp_path: Path, desk: KeepingDesk
) -> None:
    page = open_page(write_register(tmp_path / "登记表(2025).xlsx", outcome="丁项"))
    view = view_of(page)
    assert not view.do.isEnabled()
    assert view._open.text() == "◆ 没有找到“答复类型”，请点一列指定。"
    view.choose_column(7, "outcome")
    settled(lambda: page._task is None)
    assert view.do.isEnabled()
    assert view.state.questions


def test_a_known_layout_comes_in_without_the_page(
    open_page: Open, desk: KeepingDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    view = view_of(open_page())
    for one in view.state.questions:
        view.state.answer(one, "G1")
    view.state.answer(view.state.bodies[0], "C6")
    view.do.click()
    settled(lambda: bool(list((tmp_path / "kept").glob("*.json"))))
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "kept").glob("*.json"))
    assert not [name for name in NAMES if name in kept]
    desk.session.undo()
    path = tmp_path / "第二年.xlsx"
    _without_bodies(path)
    page = open_page(path)
    assert page.view is None
    assert len(desk.session.ledger.requests) == 13
    assert "已导入" in desk.told[-1]


def _without_bodies(path: Path) -> None:
    """The register without the one whose name says no kind."""
    from openpyxl import load_workbook

    write_register(path)
    book = load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "松岭数据中心":
                    cell.value = "松岭数据公司"
    book.worksheets[0].delete_rows(9)
    book.save(path)


def test_numbers_that_are_there_already_are_asked_about(
    open_page: Open, desk: KeepingDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (
        ("登记编号", "收到日期", "申请人", "申请人类别", "答复日期", "答复类型"),
        ("25-001", date(2025, 3, 4), "何敏", "自然人", date(2025, 3, 20), "予以公开"),
        ("25-002", date(2025, 3, 5), "方晓", "自然人", date(2025, 3, 21), "予以公开"),
    ):
        book.active.append(row)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    view_of(open_page(path)).do.click()
    assert len(desk.session.ledger.requests) == 2
    answers = iter(("cancel", "new", "all"))
    monkeypatch.setattr(dialog, "ask", lambda *_: next(answers))
    for number in (2, 2, 4):
        page = open_page(path)
        if page.view is not None:
            page.view.do.click()
        assert len(desk.session.ledger.requests) == number


def test_a_doubt_is_mended_where_it_is_listed(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(open_page())
    assert view.doubts.rowCount() == 2
    item = view.doubts.item(0, 3)
    assert isinstance(item, QTableWidgetItem)
    assert item.text().strip() == "填收到日期…"
    monkeypatch.setattr(import_page, "ask_value", lambda *_: date(2025, 2, 28))
    view._mend(0)
    assert view.doubts.rowCount() == 1
    assert view.view.current == (8, 1)


def test_a_day_is_filled_in_as_clerks_type_it_and_an_impossible_one_is_refused(open_page: Open) -> None:
    view = view_of(open_page())
    asked = import_page._FillIn(view, view.state, view.state.doubts[0])
    asked._line.setText("2.30")
    assert not asked.buttons["take"].isEnabled()
    assert asked._refused.text() == "2月30日没有这一天。"
    asked._line.setText("2.28")
    assert asked.value == date(2025, 2, 28)
    assert asked.buttons["take"].isEnabled()
    asked.deleteLater()


def test_rows_are_chosen_one_by_one(open_page: Open) -> None:
    view = view_of(open_page())
    one = view.state.questions[row_of(view, "答复给他了")]
    asked = import_page._RowByRow(view, view.state, one)
    box = asked._boxes[one.rows[0]]
    box.setCurrentIndex(box.findData("P1"))
    assert asked.codes == {one.rows[0]: "P1"}
    asked.deleteLater()


def test_a_file_that_is_no_ledger_is_told_and_left(
    open_page: Open, desk: KeepingDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[object] = []
    monkeypatch.setattr(dialog, "show_error", lambda _, error: told.append(error))
    path = tmp_path / "通知.csv"
    path.write_text("关于放假的通知\n各科室：\n", encoding="utf-8")
    open_page(path)
    assert len(told) == 1
    assert desk.over[-1] is None
    assert not desk.session.ledger.requests


def test_escape_imports_nothing(open_page: Open, desk: KeepingDesk) -> None:
    page = open_page()
    QTest.keyClick(view_of(page), Qt.Key.Key_Escape)
    assert desk.over[-1] is None
    assert not desk.session.ledger.requests


def test_everything_that_takes_a_click_says_what_it_does(open_page: Open) -> None:
    view = view_of(open_page())
    buttons: Iterable[QAbstractButton] = view.findChildren(QAbstractButton)
    for button in buttons:
        if button.isVisible() and button.text():
            assert button.toolTip(), button.text()
    boxes: Iterable[QComboBox] = view.findChildren(QComboBox)
    for box in boxes:
        assert box.toolTip()
        assert box.accessibleName()


def test_what_is_remembered_lies_in_the_users_folder_by_default() -> None:
    assert kept_maps().name == "ledgers"


def test_a_word_for_what_was_entered_by_mistake_offers_that_and_no_outcome(
    open_page: Open, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, (*FIRST[0][:7], "作废", ""), (*FIRST[1][:7], "作废", "")):
        sheet.append(row)
    book.save(tmp_path / "登记表(2025).xlsx")
    view = view_of(open_page(tmp_path / "登记表(2025).xlsx"))
    view.questions.setCurrentCell(row_of(view, "作废"), 0)
    buttons: list[QPushButton] = view.findChildren(QPushButton)
    labels = [button.text() for button in buttons]
    offered = [label for label in labels if "行都是" in label]
    assert offered == ["2 行都是误登、重复登记"]
