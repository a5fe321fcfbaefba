"""The ways in which a ledger begins: read in, taken over from last year's, kept on in Excel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store.ledger_file import save_ledger
from gxeditor.store.protection import new_key
from gxeditor.ui.ledger import beginning
from gxeditor.ui.ledger.beginning import (
    ask_import,
    carry_over,
    import_file,
    take_over,
    write_blank,
    year_after,
)
from gxeditor.ui.ledger.import_page import ImportPage
from gxeditor.ui.ledger.window import LedgerWindow
from gxeditor.ui.look import dialog
from tests.ledger_desk import KeepingDesk
from tests.ledger_layout import write_register
from tests.ledger_sample import TODAY, sample_ledger
from tests.window import settled


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> KeepingDesk:
    frame = QWidget()
    qtbot.addWidget(frame)
    return KeepingDesk(Ledger(), tmp_path, frame)


@pytest.fixture
def last_year(tmp_path: Path) -> Path:
    path = tmp_path / "2025台账.gxl"
    save_ledger(sample_ledger(), path, None, load_vocabulary(load_form()))
    return path


Choose = Callable[[Path], None]


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """What the file dialogs answer."""

    def answer(path: Path) -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))

    return answer


def test_what_was_open_at_the_turn_of_the_year_is_taken_over_once(
    desk: KeepingDesk, last_year: Path, choose: Choose
) -> None:
    choose(last_year)
    carry_over(desk)
    ledger = desk.session.ledger
    assert ledger.agency == "松塘县自然资源局"
    closed = [one for one in ledger.requests if (day := one.day("answered_on")) and day < date(2026, 1, 1)]
    assert not closed
    numbers = {one.text("reg_no") for one in ledger.requests}
    assert {"25-080", "25-082", "26-001"} <= numbers
    assert f"{len(ledger.requests)} 件" in desk.told[-1]
    carry_over(desk)
    assert desk.session.ledger is ledger
    assert desk.session.undo()
    assert not desk.session.ledger.requests


def test_a_ledger_goes_on_in_the_year_after_its_last_and_in_none_to_come() -> None:
    def of(*years: int) -> Ledger:
        return Ledger(requests=tuple(Request(f"{y}", {"received_on": date(y, 3, 4)}) for y in years))

    assert year_after(of(2023, 2024), TODAY) == 2025
    assert year_after(of(2025, 2026), TODAY) == 2026
    assert year_after(Ledger(), TODAY) == 2026


def test_a_protected_ledger_asks_for_its_password(
    desk: KeepingDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "2025台账.gxl"
    save_ledger(sample_ledger(), path, None, load_vocabulary(load_form()), new_key("松塘的密码"))
    monkeypatch.setattr(beginning, "open_protected", lambda _parent, _name, read: read("松塘的密码"))
    take_over(desk, path)
    assert desk.session.ledger.requests


def test_a_damaged_ledger_is_told_and_nothing_changes(
    desk: KeepingDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(dialog, "show_error", lambda _, error: told.append(error))
    path = tmp_path / "坏.gxl"
    path.write_text("{", encoding="utf-8")
    take_over(desk, path)
    assert len(told) == 1
    assert not desk.session.ledger.requests


def test_last_years_ledger_may_be_a_register_in_excel(desk: KeepingDesk, tmp_path: Path) -> None:
    take_over(desk, write_register(tmp_path / "登记表(2025).xlsx"))
    received = {one.day("received_on") for one in desk.session.ledger.requests}
    assert date(2025, 12, 25) in received
    assert date(2025, 1, 6) not in received


def test_a_register_is_shown_before_it_is_taken_in(
    desk: KeepingDesk, tmp_path: Path, choose: Choose, qtbot: QtBot
) -> None:
    choose(write_register(tmp_path / "登记表(2025).xlsx"))
    ask_import(desk)
    (page,) = desk.over
    assert isinstance(page, ImportPage)
    qtbot.addWidget(page)
    settled(lambda: page._task is None)
    assert page.view is not None


def test_the_blank_workbook_is_written_and_reads_back_without_asking(
    desk: KeepingDesk, tmp_path: Path, choose: Choose, qtbot: QtBot
) -> None:
    from openpyxl import load_workbook

    choose(tmp_path / "空表")
    write_blank(desk)
    (path,) = desk.written
    assert path.name == "空表.xlsx"
    book = load_workbook(path)
    sheet: Any = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    said = {
        "登记编号": "26-001", "收到日期": date(2025, 3, 4), "申请人": "何敏", "申请人类别": "自然人",
        "答复日期": date(2025, 3, 20), "答复类型": "予以公开",
    }  # fmt: skip
    for heading, value in said.items():
        sheet.cell(2, headings.index(heading) + 1, value)
    book.save(path)
    import_file(desk, path)
    page = desk.over[0]
    assert isinstance(page, ImportPage)
    qtbot.addWidget(page)
    settled(lambda: page._task is None)
    assert page.view is None
    assert [one.outcome for one in desk.session.ledger.requests] == ["G1"]


def test_a_ledger_that_is_only_to_be_read_takes_nothing(
    desk: KeepingDesk, last_year: Path, choose: Choose
) -> None:
    choose(last_year)
    desk.session.held = "这份台账正在另一台电脑上打开。"
    for do in (carry_over, ask_import):
        do(desk)
    assert desk.told == ["这份台账正在另一台电脑上打开。"] * 2
    assert not desk.session.ledger.requests
    assert not desk.over


def test_nothing_is_written_where_no_file_was_chosen(
    desk: KeepingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: ("", ""))
    for do in (carry_over, ask_import, write_blank):
        do(desk)
    assert not desk.written
    assert not desk.over
    assert not replace(desk.session.ledger).requests


def test_the_three_ways_are_commands_of_the_window(
    window: LedgerWindow, tmp_path: Path, choose: Choose
) -> None:
    before = len(window.session.ledger.requests)
    choose(write_register(tmp_path / "登记表(2025).xlsx"))
    window.acts["import"].trigger()
    page = window.over
    assert isinstance(page, ImportPage)
    settled(lambda: page._task is None)
    assert page.view is not None
    page.view.do.click()
    assert window.over is None
    assert len(window.session.ledger.requests) == before + 14
    window._begun("carry")
    choose(tmp_path / "空表.xlsx")
    window._begun("blank")
    assert (tmp_path / "空表.xlsx").is_file()
