"""「这份文件是哪个单位的」: a person names the unit of a file, and the spelling is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.rollup.project import Rollup, State
from gxeditor.core.rollup.units import Alias
from gxeditor.settings import Settings
from gxeditor.ui.look import dialog
from gxeditor.ui.rollup.match import MatchPage, found_units
from gxeditor.ui.rollup.session import RollupSession
from tests.rollup_sample import songtang, unit_id


class Desk(QMainWindow):
    """A window around the page; says what was asked of it."""

    def __init__(self, rollup: Rollup, path: Path) -> None:
        super().__init__()
        self.session = RollupSession(rollup, path, save=lambda *_: "0" * 64)
        self.settings = Settings()
        self.asked: list[Any] = []

    @property
    def frame(self) -> QWidget:
        return self

    def tell(self, text: str) -> None:
        self.asked.append(text)

    def open_file(self, path: str, row: str = "", page: str = "", cell: str = "", address: str = "") -> None:
        self.asked.append(path)

    def leave_over(self) -> None:
        self.asked.append("left")


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(songtang(), tmp_path / "汇总.gxh")
    qtbot.addWidget(made)
    yield made
    made.session.flush()


def page_of(desk: Desk, path: str = "县直/城管执法局年报终稿.docx") -> MatchPage:
    page = MatchPage(desk, (path, ""))  # type: ignore[arg-type]
    desk.setCentralWidget(page)
    desk.resize(1366, 720)
    desk.show()
    page.setFocus()
    return page


CITY, ENFORCING = unit_id("城市管理局"), unit_id("综合行政执法局")


def test_nothing_is_chosen_at_first_and_the_button_is_off(desk: Desk) -> None:
    page = page_of(desk)
    assert page.chosen == ""
    assert not page.claim.isEnabled()
    assert [card.unit.id for card in page._cards] == [CITY, ENFORCING]
    assert "2 家" in page.why.text()


def test_a_choice_is_one_step_that_remembers_the_spelling(desk: Desk) -> None:
    page = page_of(desk)
    QTest.keyClick(page, Qt.Key.Key_1)
    assert page.claim.text().startswith("认给城市管理局")
    page.claim.click()
    rollup = desk.session.rollup
    assert rollup.used[CITY].path == "县直/城管执法局年报终稿.docx"
    assert [(a.name, a.whence) for a in rollup.units.by_id[CITY].aliases][-1] == ("城管执法局", "asked")
    assert rollup.state(rollup.units.by_id[ENFORCING]) is State.MISSING
    assert page.which.text().startswith("第 1 份，共 2 份")  # the next one
    desk.session.undo()
    assert CITY not in desk.session.rollup.used
    assert len(desk.session.rollup.units.by_id[CITY].aliases) == 1


def test_a_spelling_is_not_remembered_where_that_is_not_wanted(desk: Desk) -> None:
    page = page_of(desk)
    QTest.keyClick(page, Qt.Key.Key_2)
    page.remember.setChecked(False)
    page.claim.click()
    assert desk.session.rollup.units.by_id[ENFORCING].aliases == ()
    assert ENFORCING in desk.session.rollup.used


def test_a_remembered_spelling_claims_the_other_files_that_have_it(desk: Desk) -> None:
    rollup = desk.session.rollup
    first = next(one for one in rollup.unclaimed if "城管" in one.path)
    second = replace(first, path="补报/城管执法局(1).docx", sha256="7" * 64)
    desk.session.edit(rollup.with_received([second]), "又收到一份")
    page = page_of(desk)
    QTest.keyClick(page, Qt.Key.Key_1)
    page.claim.click()
    assert {one.path for one in desk.session.rollup.of_unit[CITY]} == {first.path, second.path}
    assert desk.session.rollup.units.by_id[CITY].aliases[-1].used == 1


def test_a_unit_that_has_a_file_asks_which_counts(desk: Desk) -> None:
    page = page_of(desk)
    page.seek.setText("教育局")
    page._sought("教育局")
    assert page.chosen == unit_id("教育局")
    assert not page.claim.isEnabled()
    assert "它已有一份" in page.already.text()
    page.instead.setChecked(True)
    page.claim.click()
    assert desk.session.rollup.used[unit_id("教育局")].path == "县直/城管执法局年报终稿.docx"


def test_both_files_may_be_kept_without_a_change_of_the_sum(desk: Desk) -> None:
    before = desk.session.rollup.used[unit_id("教育局")]
    page = page_of(desk)
    page.seek.setText("教育局")
    page._sought("教育局")
    page.beside.setChecked(True)
    page.claim.click()
    assert desk.session.rollup.used[unit_id("教育局")] == before
    assert len(desk.session.rollup.of_unit[unit_id("教育局")]) == 2


def test_a_file_that_does_not_belong_here_is_not_asked_about_again(desk: Desk) -> None:
    page = page_of(desk)
    page.not_here.click()
    assert "县直/城管执法局年报终稿.docx" not in {one.path for one in desk.session.rollup.unclaimed}
    desk.session.undo()
    assert "县直/城管执法局年报终稿.docx" in {one.path for one in desk.session.rollup.unclaimed}


def test_files_put_off_stay_unclaimed_and_the_page_is_left_behind_the_last(desk: Desk) -> None:
    page = page_of(desk)
    count = len(desk.session.rollup.unclaimed)
    for _ in range(count):
        QTest.keyClick(page, Qt.Key.Key_Escape)
    assert desk.asked == ["left"]
    assert len(desk.session.rollup.unclaimed) == count


def test_the_list_is_searched_by_name_initials_and_code(desk: Desk) -> None:
    units = desk.session.rollup.units

    def names(text: str) -> list[str]:
        return [unit.name for unit in found_units(units, text)]

    assert names("教育") == ["松塘县教育局"]
    assert names("stxjyj") == ["松塘县教育局"]
    assert "松塘县城市管理局" in names("城管局")  # a former name
    assert names("没有这一家") == []


def test_a_remembered_spelling_can_be_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rollup = desk.session.rollup
    unit = rollup.units.by_id[CITY]
    desk.session.edit(
        rollup.with_unit(replace(unit, aliases=(Alias("城管大队", "asked", "您选定"),))), "记住写法"
    )
    page = page_of(desk)
    assert page.remembered.text() == "记住的写法　1 条"
    monkeypatch.setattr(dialog, "ask", lambda *_: "forget")
    page._change(CITY, Alias("城管大队", "asked", "您选定"))
    assert desk.session.rollup.units.by_id[CITY].aliases == ()
