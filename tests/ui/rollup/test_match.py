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
from gxeditor.ui.rollup.match import MatchPage, SpellingDialog, found_units
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
    assert page.which.text().startswith("第 1 份，共 1 份")  # the next one; another year's does not count
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
    count = len(desk.session.rollup.waiting)
    for _ in range(count):
        QTest.keyClick(page, Qt.Key.Key_Escape)
    assert desk.asked == ["left"]
    assert len(desk.session.rollup.waiting) == count


def test_the_list_is_searched_by_name_initials_and_code(desk: Desk) -> None:
    units = desk.session.rollup.units

    def names(text: str) -> list[str]:
        return [unit.name for unit in found_units(units, text)]

    assert names("教育") == ["松塘县教育局"]
    assert names("stxjyj") == ["松塘县教育局"]
    assert "松塘县城市管理局" in names("城管局")  # a former name
    assert names("没有这一家") == []


def with_spelling(desk: Desk) -> MatchPage:
    rollup = desk.session.rollup
    unit = rollup.units.by_id[CITY]
    desk.session.edit(
        rollup.with_unit(replace(unit, aliases=(Alias("城管执法局", "asked", "您选定"),))), "记住写法"
    )
    page = page_of(desk)
    assert page.remembered.text() == "记住的写法　1 条"
    return page


def answered(monkeypatch: pytest.MonkeyPatch, answer: str, sought: str = "") -> list[str]:
    """Has the question whose spelling it is answered; what it asked."""
    asked: list[str] = []

    def run(question: SpellingDialog) -> str:
        asked.append(question.heading.text())
        assert question.chosen == ""  # nothing is chosen for the clerk
        assert not question.buttons["take"].isEnabled()
        question.seek.setText(sought)
        question.answer = answer
        question.deleteLater()
        return answer

    monkeypatch.setattr(SpellingDialog, "run", run)
    return asked


def test_a_remembered_spelling_can_be_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = with_spelling(desk)
    asked = answered(monkeypatch, "forget")
    page._change(CITY, Alias("城管执法局", "asked", "您选定"))
    assert asked == ["“城管执法局”现在是松塘县城市管理局的写法，改成哪一家的？"]
    assert desk.session.rollup.units.by_id[CITY].aliases == ()
    assert desk.session.undo_label == "不再用写法“城管执法局”"


def test_a_remembered_spelling_is_given_to_another_unit_with_the_files_that_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = with_spelling(desk)
    answered(monkeypatch, "take", "综合行政执法局")
    page._change(CITY, Alias("城管执法局", "asked", "您选定"))
    rollup = desk.session.rollup
    assert rollup.units.by_id[CITY].aliases == ()
    assert [(a.name, a.whence) for a in rollup.units.by_id[ENFORCING].aliases] == [("城管执法局", "asked")]
    assert rollup.used[ENFORCING].path == "县直/城管执法局年报终稿.docx"
    desk.session.undo()
    assert [a.name for a in desk.session.rollup.units.by_id[CITY].aliases] == ["城管执法局"]
    assert ENFORCING not in desk.session.rollup.used


def test_the_question_finds_the_unit_by_a_few_characters_and_takes_none_by_itself(
    desk: Desk, qtbot: QtBot
) -> None:
    rollup = desk.session.rollup
    question = SpellingDialog(None, rollup, rollup.units.by_id[CITY], Alias("城管大队", "asked"))
    qtbot.addWidget(question)
    assert CITY not in [question.results.item(at).data(Qt.ItemDataRole.UserRole) for at in range(5)]
    question.accept()
    assert question.answer == "cancel"
    question.seek.setText("局")
    assert question.results.count() > 5
    assert question.chosen == ""
    QTest.keyClick(question.seek, Qt.Key.Key_Down)
    assert question.chosen
    question.seek.setText("没有这一家")
    assert question.chosen == ""
    assert not question.buttons["take"].isEnabled()


def test_what_is_chosen_and_typed_stays_while_other_files_are_read(desk: Desk) -> None:
    page = page_of(desk)
    page.remember.setChecked(False)
    page.seek.setText("教育")
    page._sought("教育")
    page.beside.setChecked(True)
    rollup = desk.session.rollup
    other = replace(rollup.used[unit_id("司法局")], date="2026-01-20")
    desk.session.take_in(lambda one: one.with_received([other]))
    assert page.seek.text() == "教育"
    assert page.chosen == unit_id("教育局")
    assert not page.remember.isChecked()
    assert page.beside.isChecked()
    unit = replace(rollup.units.by_id[unit_id("司法局")], note="催过")
    desk.session.edit(desk.session.rollup.with_unit(unit), "备注")  # another list
    assert (page.seek.text(), page.chosen) == ("教育", unit_id("教育局"))
    assert not page.remember.isChecked()
    assert page.beside.isChecked()


def test_which_of_two_files_counts_is_asked_of_every_file_anew(desk: Desk) -> None:
    rollup = desk.session.rollup
    first = next(one for one in rollup.unclaimed if "城管" in one.path)
    desk.session.edit(rollup.with_received([replace(first, path="补报/执法队.docx", sha256="7" * 64)]), "又")
    page = page_of(desk)
    page.remember.setChecked(False)
    page.seek.setText("教育局")
    page._sought("教育局")
    page.instead.setChecked(True)
    page.claim.click()
    assert not page.instead.isChecked()
    page.seek.setText("司法局")
    page._sought("司法局")
    assert not page.claim.isEnabled()


def test_files_of_another_year_are_not_asked_about(desk: Desk) -> None:
    page = page_of(desk)
    assert len(desk.session.rollup.unclaimed) == 3
    assert page.which.text().startswith("第 1 份，共 2 份")
    assert page.waiting.text() == "? 2 份待选定"


SCHOOLS, SCHOOL_FILE = unit_id("教育局"), "县直/教育局2025.gxr"


def test_a_file_of_the_wrong_unit_is_given_to_another_as_one_step(desk: Desk) -> None:
    page = page_of(desk, SCHOOL_FILE)
    assert page.which.text().startswith("现在认给松塘县教育局")
    assert page.chosen == ""
    page._choose(SCHOOLS)
    assert not page.claim.isEnabled()  # it is this unit's already
    page.seek.setText("商务局")
    page._sought("商务局")
    page.remember.setChecked(False)
    before = desk.session.rollup
    page.claim.click()
    rollup = desk.session.rollup
    assert rollup.used[unit_id("商务局")].path == SCHOOL_FILE
    assert rollup.state(rollup.units.by_id[SCHOOLS]) is State.MISSING
    assert desk.asked == ["left"]
    desk.session.undo()
    assert desk.session.rollup is before


def test_a_file_that_is_given_to_another_unit_takes_its_spelling_along(desk: Desk) -> None:
    rollup = desk.session.rollup
    unit = replace(rollup.units.by_id[CITY], aliases=(Alias("城管执法局", "asked", "您选定"),))
    wrong = next(one for one in rollup.unclaimed if "城管" in one.path)
    desk.session.edit(
        rollup.with_unit(unit).with_received([replace(wrong, unit=CITY, matched="您选定。", candidates=())]),
        "认给",
    )
    page = page_of(desk, wrong.path)
    page.seek.setText("综合行政执法局")
    page._sought("综合行政执法局")
    assert page.remember.isChecked()
    page.claim.click()
    units = desk.session.rollup.units.by_id
    assert units[CITY].aliases == ()
    assert [alias.name for alias in units[ENFORCING].aliases] == ["城管执法局"]
    assert ENFORCING in desk.session.rollup.used
