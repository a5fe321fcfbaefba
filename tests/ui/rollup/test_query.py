"""查询: putting a question together, and its answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.rollup.query import Test
from gxeditor.core.year_beside import View
from gxeditor.ui.rollup import query
from gxeditor.ui.rollup.query import ConditionRow, QueryPage
from tests.rollup_desk import KeepingDesk
from tests.rollup_sample import songtang, unit_id

NEW, CARRIED = "requests.received.total", "requests.carried_forward.total"


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> KeepingDesk:
    frame = QWidget()
    qtbot.addWidget(frame)
    return KeepingDesk(songtang(), tmp_path, frame)


@pytest.fixture
def page(desk: KeepingDesk) -> QueryPage:
    return QueryPage(desk, desk.frame)


def choose(row: ConditionRow, cell: str, test: Test, number: str = "", year: View = View.NOW) -> None:
    row.cell.setCurrentIndex(row.cell.findData(cell))
    row.test.setCurrentIndex(row.test.findData(test))
    row.year.setCurrentIndex(row.year.findData(year))
    row.number.setText(number)


def test_nothing_is_answered_before_an_item_is_chosen(page: QueryPage) -> None:
    assert page.answer is None
    assert page._words.text() == "先在左边选要看的项。"


def test_an_item_lists_all_units_that_have_reported_and_names_the_others(page: QueryPage) -> None:
    page.add_cell(NEW)
    assert page.answer is not None
    assert len(page.answer.rows) == 45
    assert page.table.lines[-1].texts[0] == "符合的 45 家小计（49 家中 45 家）"
    assert "未交 2 家（商务局、小箬乡人民政府）" in page._unknown.text()


def test_conditions_are_all_met_and_said_in_words(page: QueryPage) -> None:
    page.add_cell(NEW)
    page._with_a_number()
    choose(page.add_condition(), CARRIED, Test.AT_LEAST, "3")
    assert page.answer is not None
    rows = {row.unit.name: row.entries for row in page.answer.rows}
    assert set(rows) == {
        "松塘县人民政府办公室", "松塘县自然资源局", "松塘县公安局", "松塘县住房和城乡建设局", "松塘县农业农村局",
    }  # fmt: skip
    assert "并且" in page._words.text()
    assert page._words.text().endswith("5 家符合（49 家中 45 家）")


def test_a_condition_whose_number_is_none_is_not_answered(page: QueryPage) -> None:
    page.add_cell(NEW)
    row = page.add_condition()
    choose(row, CARRIED, Test.AT_LEAST, "三")
    assert page.answer is None
    assert page._words.text() == "条件里的数还没有写好。"
    row.gone.emit()
    assert page.answer is not None


@pytest.mark.parametrize(
    ("year", "text", "number"), [(View.NOW, "0", 0), (View.DIFFERENCE, "-3", -3), (View.RATE, "12.5%", 12.5)]
)
def test_numbers_of_conditions(page: QueryPage, year: View, text: str, number: float) -> None:
    row = page.add_condition()
    choose(row, NEW, Test.AT_MOST, text, year)
    condition = row.condition()
    assert condition is not None
    assert float(condition.number) == number


def test_an_item_can_be_left_again(page: QueryPage) -> None:
    page.add_cell(NEW)
    page.add_cell(NEW)
    assert page.cells == [NEW]
    button = page._chosen.itemAt(0).widget()
    assert button is not None
    page._drop_cell(NEW, button)  # type: ignore[arg-type]
    assert page.answer is None


def test_a_line_opens_the_report_at_the_item_and_leads_back(page: QueryPage, desk: KeepingDesk) -> None:
    page.add_cell(NEW)
    page.table.opened.emit(unit_id("公安局"))
    assert desk.opened == [(unit_id("公安局"), "requests", NEW)]
    desk.go_back()
    assert desk.tabs == ["query"]


def test_what_is_copied_says_the_question_and_of_how_many_units(page: QueryPage) -> None:
    page.add_cell(NEW)
    page.table.copy(everything=True)
    first = QGuiApplication.clipboard().text().split("\r\n")[0]
    assert first == "全部单位，不附条件：45 家符合（49 家中 45 家）"


def test_the_answer_is_written_as_a_workbook(
    page: QueryPage, desk: KeepingDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.add_cell(NEW)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "结果"), ""))
    page.ask_save()
    assert (tmp_path / "结果.xlsx").read_bytes().startswith(b"PK")
    assert desk.told == ["已写：结果.xlsx"]


def test_units_are_chosen_by_branch(page: QueryPage) -> None:
    page.add_cell(NEW)
    page.branch.setCurrentIndex(page.branch.findData("t"))
    assert page.answer is not None
    assert (len(page.answer.rows), page.answer.asked) == (10, 11)


def test_of_very_many_units_nothing_is_counted_before_somebody_looks(
    desk: KeepingDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "BESIDE", 3)
    page = QueryPage(desk, desk.frame)
    assert page.branch.count() == 0
    desk.frame.show()
    qtbot.waitUntil(lambda: page.branch.count() > 1)
    assert page.branch.itemText(0) == "全部单位，49 家"
    page.add_cell(NEW)
    assert page.answer is not None
    assert len(page.answer.rows) == 45
