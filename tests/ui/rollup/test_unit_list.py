"""The page of the list of units: each change is a step, and a list that was read counts once it is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.units import Alias, Duty, Role, Unit, UnitKind, Units
from gxeditor.rollup.lists import ListRead, read_list, read_units
from gxeditor.ui.look import dialog
from gxeditor.ui.rollup import unit_list
from gxeditor.ui.rollup.unit_list import UnitListPage
from tests.rollup_sample import songtang, unit_id
from tests.ui.rollup.test_match import Desk as AnyDesk

SCHOOLS = unit_id("教育局")


class Desk(AnyDesk):
    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        self.asked.append((text, *paths))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(songtang(), tmp_path / "汇总.gxh")
    qtbot.addWidget(made)
    yield made
    made.session.flush()


def page_of(desk: AnyDesk, whence: str = "") -> UnitListPage:
    page = UnitListPage(desk, whence)  # type: ignore[arg-type]
    desk.setCentralWidget(page)
    desk.resize(1366, 720)
    desk.show()
    return page


def unit(desk: Desk, key: str = SCHOOLS) -> Unit:
    return desk.session.rollup.units.by_id[key]


def pick(page: UnitListPage, combo: str, value: object) -> None:
    box = getattr(page, combo)
    box.setCurrentIndex(next(i for i in range(box.count()) if box.itemData(i) == value))
    box.activated.emit(box.currentIndex())


def test_the_list_is_shown_as_a_tree_with_what_is_kept_of_the_chosen_unit(desk: Desk) -> None:
    page = page_of(desk)
    page._choose([SCHOOLS])
    assert page.name.text() == "松塘县教育局"
    assert page.kind.currentText() == "部门"
    row = page.model.row_of(SCHOOLS)
    assert page.model.index(row, 0).data() == "　　松塘县教育局"
    assert page.said.text() == "52 家，其中应报 49 家"


@pytest.mark.parametrize(
    ("combo", "key", "value"),
    [
        ("kind", "kind", UnitKind.AUTHORIZED),
        ("role", "role", Role.DIFFERENCE),
        ("duty", "duty", Duty.MAY),
        ("parent_unit", "parent", "t"),
    ],
)
def test_each_choice_is_one_undoable_step(desk: Desk, combo: str, key: str, value: object) -> None:
    page = page_of(desk)
    page._choose([SCHOOLS])
    before = unit(desk)
    pick(page, combo, value)
    assert getattr(unit(desk), key) == value
    desk.session.undo()
    assert unit(desk) == before


def test_several_units_are_changed_together_in_one_step(desk: Desk) -> None:
    page = page_of(desk)
    both = [SCHOOLS, unit_id("司法局")]
    page._choose(both)
    page.due.setText("2026-01-25")
    page.due.editingFinished.emit()
    assert {unit(desk, key).due for key in both} == {"2026-01-25"}
    desk.session.undo()
    assert {unit(desk, key).due for key in both} == {""}


def test_typed_names_and_former_names_are_kept(desk: Desk) -> None:
    page = page_of(desk)
    page._choose([SCHOOLS])
    page.aliases.setPlainText("县教委\n县教育委员会\n")
    page.name.setText("松塘县教育体育局")
    page.name.editingFinished.emit()
    assert unit(desk).name == "松塘县教育体育局"
    assert unit(desk).aliases == (Alias("县教委"), Alias("县教育委员会"))


def test_a_due_date_that_is_no_day_changes_nothing_and_is_told(desk: Desk) -> None:
    page = page_of(desk)
    page._choose([SCHOOLS])
    page.due.setText("月底")
    page.due.editingFinished.emit()
    assert unit(desk).due == ""
    assert "没有改" in desk.asked[-1]


def test_a_former_name_that_is_added_claims_the_file_that_waited(desk: Desk) -> None:
    page = page_of(desk)
    city = unit_id("城市管理局")
    page._choose([city])
    page.aliases.setPlainText("松塘县城管执法局")
    page._take_lines()
    assert desk.session.rollup.used[city].path == "县直/城管执法局年报终稿.docx"


def test_a_unit_is_added_beside_and_removed_with_those_below_moved_up(desk: Desk) -> None:
    page = page_of(desk)
    page._choose([SCHOOLS])
    page.add()
    (new,) = page.chosen
    assert new.parent == unit(desk).parent
    page._choose(["d"])
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert unit(desk).parent == "county"
    desk.session.undo()
    assert unit(desk).parent == "d"


def test_a_unit_moves_among_those_beside_it(desk: Desk) -> None:
    page = page_of(desk)
    order = [u.id for u in desk.session.rollup.units.listed]
    page._choose([SCHOOLS])
    page.move_by(-1)
    moved = [u.id for u in desk.session.rollup.units.listed]
    assert moved.index(SCHOOLS) == order.index(SCHOOLS) - 1
    page.move_by(1)
    assert [u.id for u in desk.session.rollup.units.listed] == order


def test_a_list_that_was_read_counts_only_once_it_is_taken(desk: Desk) -> None:
    page = page_of(desk)
    before = desk.session.rollup
    page.propose(read_list("松塘县教育局\n国家税务总局松塘县税务局\n松塘县教育局", "松塘县"))
    assert desk.session.rollup is before
    assert "重复" in page.told.text()
    assert page.open_questions.text() == "◆ 1 家请核定"
    page._choose(["u2"])
    pick(page, "duty", Duty.NONE)
    assert page.open_questions.text() == ""
    page.take.click()
    assert [u.name for u in desk.session.rollup.units.listed] == ["松塘县教育局", "国家税务总局松塘县税务局"]
    assert unit(desk).name == "松塘县教育局"  # who was there before is the same unit
    assert SCHOOLS in desk.session.rollup.used
    desk.session.undo()
    assert desk.session.rollup.units == before.units


def test_a_proposal_can_be_put_away(desk: Desk) -> None:
    page = page_of(desk)
    page.propose(read_list("松塘县教育局", "松塘县"))
    page.leave.click()
    assert len(page.units.listed) == len(desk.session.rollup.units.listed)
    page.leave.click()
    assert desk.asked == ["left"]


def test_without_a_list_three_ways_to_one_are_offered(desk: Desk) -> None:
    desk.session.edit(replace(desk.session.rollup, units=Units()), "清空")
    page = page_of(desk)
    assert page.stack.currentWidget() is page.empty
    assert not page.side.isVisible()


def test_last_years_units_are_brought_with_what_was_remembered(desk: Desk) -> None:
    page = page_of(desk)
    page.bring("prior")
    assert len(page.units.listed) == len(songtang().units.listed)
    assert page.take.isVisible()


def test_a_list_on_the_clipboard_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    QGuiApplication.clipboard().setText("单位名称\t层级\n松塘县\t1\n教育局\t2")
    monkeypatch.setattr(dialog, "ask", lambda *_: "paste")
    page = page_of(desk)
    page.bring("import")
    assert [u.name for u in page.units.listed] == ["松塘县", "教育局"]


def test_a_text_without_units_is_refused_and_the_list_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    QGuiApplication.clipboard().setText("合计")
    monkeypatch.setattr(dialog, "ask", lambda *_: "paste")
    monkeypatch.setattr(dialog, "show_error", lambda _, error: shown.append(error.what))
    page = page_of(desk)
    page.bring("import")
    assert shown
    assert "没有找到单位名称" in shown[0]
    assert not page.take.isVisible()


def test_the_list_is_exported_and_reads_back_the_same(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "名单.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page_of(desk).ask_export()
    assert read_units(path, "松塘县") == desk.session.rollup.units
    assert desk.asked[-1][1] == path


def test_what_is_being_typed_stays_while_files_are_read(desk: Desk) -> None:
    page = page_of(desk)
    page._choose([SCHOOLS])
    page.aliases.setPlainText("县教委\n还没写完")
    page.note.setText("电话")
    rollup = desk.session.rollup
    came = replace(rollup.used[unit_id("司法局")], date="2026-01-20")
    desk.session.take_in(lambda one: one.with_received([came]))
    assert page.aliases.toPlainText() == "县教委\n还没写完"
    assert page.note.text() == "电话"
    page.note.editingFinished.emit()
    assert unit(desk).note == "电话"
    assert [alias.name for alias in unit(desk).aliases] == ["县教委", "还没写完"]
    desk.session.undo()
    assert page.note.text() == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1月23日", "2026-01-23"),
        ("1-23", "2026-01-23"),
        ("2026.2.3", "2026-02-03"),
        ("2026-01-31", "2026-01-31"),
    ],
)
def test_a_due_date_is_typed_as_usual(desk: Desk, typed: str, kept: str) -> None:
    page = page_of(desk)
    page._choose([SCHOOLS])
    page.due.setText(typed)
    page.due.editingFinished.emit()
    assert unit(desk).due == kept
    assert page.due.text() == kept


def test_a_day_that_no_month_has_is_no_due_date(desk: Desk) -> None:
    page = page_of(desk)
    page._choose([SCHOOLS])
    page.due.setText("2026-02-30")
    page.due.editingFinished.emit()
    assert unit(desk).due == ""
    assert "不是一天" in desk.asked[-1]


def test_a_long_list_is_taken_beside_the_window_with_what_was_read_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_list, "BESIDE", 3)
    came = replace(desk.session.rollup.used[SCHOOLS], date="2026-01-20")
    beside: list[str] = []

    def run(_: object, title: str, work: Callable[[object], Rollup]) -> Rollup:
        beside.append(title)
        made = work(None)
        desk.session.take_in(lambda rollup: rollup.with_received([came]))
        return made

    monkeypatch.setattr(dialog, "run_task", run)
    page = page_of(desk)
    page.propose(ListRead(Units((*page.units.listed, Unit("more", "松塘县新来的局", parent="d")))))
    page.take_proposal()
    rollup = desk.session.rollup
    assert beside == ["用这份名单"]
    assert "松塘县新来的局" in {one.name for one in rollup.units.listed}
    assert rollup.used[SCHOOLS].date == "2026-01-20"
    monkeypatch.setattr(dialog, "run_task", lambda *_: None)
    page.propose(ListRead(Units(page.units.listed[:5])))
    page.take_proposal()  # given up
    assert desk.session.rollup is rollup
    assert page.take.isVisible()
