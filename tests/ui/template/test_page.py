"""Where everything goes in a template: what is shown, and corrections by mouse and by keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event, get_ident

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.core.report import Report
from gxeditor.mapping.placement import TemplateMap
from gxeditor.resources import resource
from gxeditor.templates.plan import Filling
from gxeditor.templates.shelf import OpenTemplate
from gxeditor.ui.look import tasks
from gxeditor.ui.template import page as view_module
from gxeditor.ui.template import state as state_module
from gxeditor.ui.template.list import ListRow
from gxeditor.ui.template.page import TemplatePage
from gxeditor.ui.template.state import Planned, Wish
from tests.template_pages import (
    FULL,
    PERSON,
    UNITS,
    Book,
    button,
    changed,
    choose,
    click,
    groups,
    items,
    look,
    page_of,
    place,
    received,
    settled,
    sheet,
    view,
    without_row,
)
from tests.waiting import until


@pytest.fixture(scope="module")
def sample() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report


@pytest.fixture
def odd(qtbot: QtBot, sample: Report, tmp_path: Path) -> TemplatePage:
    """A template in which one row cannot be found."""
    return page_of(qtbot, changed(tmp_path / "省模板.xlsx", FULL, without_row), sample)


# --- drawing


def test_each_matched_cell_shows_the_value_that_will_be_written(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    assert look(page, "表三", "D5") == ("30", "bound")
    assert look(page, "表三", "J5") == ("30", "total")
    assert look(page, "表三", "A5") == ("", "")
    assert groups(page)[-1] == "将写入　150 格"


def test_a_formula_that_differs_shows_its_result_and_the_reports(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    found = sheet(page, "表三").look(6, 9)
    assert found is not None
    assert (found.text, found.beside, found.ground) == ("0", "年报 1", "qrytint")
    assert "与模板公式的差异　3" in groups(page)
    one = items(page, "difference")[0][0]
    page.tabs.setCurrentIndex(0)
    page.list.setCurrentItem(one)
    assert page.tabs.tabText(page.tabs.currentIndex()).startswith("表三")
    assert view(page).current == (6, 9)


def test_the_hidden_sheet_has_no_tab_and_tabs_tell_how_much_is_written(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    assert [page.tabs.tabText(i) for i in range(page.tabs.count())] == [
        "封面　2",
        "表二　10",
        "表三　126",
        "表四　12",
        "校验",
    ]


# --- correcting


def test_an_id_chosen_in_the_list_goes_where_the_cell_is_clicked(odd: TemplatePage) -> None:
    choose(odd, "missing", [PERSON])
    click(sheet(odd, "表三"), "D5")
    assert place(odd, PERSON) == "表三!D5"
    assert look(odd, "表三", "D5") == ("30", "bound")
    assert groups(odd)[0] == "未找到　6"
    assert odd.told.text() == "“一、本年新收 · 自然人”填在 D5，可以撤销。"


def test_a_whole_row_goes_to_the_right_of_the_clicked_cell(odd: TemplatePage) -> None:
    ids = received(odd)
    choose(odd, "missing", ids)
    click(sheet(odd, "表三"), "D5")
    assert [place(odd, one) for one in ids] == [f"表三!{letter}5" for letter in "DEFGHIJ"]
    assert odd.map.targets[ids[-1]].formula
    assert not odd.map.missing


def test_a_row_that_has_no_room_is_not_placed(qtbot: QtBot, sample: Report, tmp_path: Path) -> None:
    def crowd(book: Book) -> None:
        without_row(book)
        book["表三"]["G5"] = "见附表"

    page = page_of(qtbot, changed(tmp_path / "挤.xlsx", FULL, crowd), sample)
    ids = received(page)
    choose(page, "missing", ids)
    click(sheet(page, "表三"), "D5")
    assert page.told.text() == f"D5 往右只有 3 格，放不下 {len(ids)} 项，请逐项指定。"
    assert place(page, ids[0]) == ""


def test_wording_of_the_template_is_only_written_over_when_clicked_twice(odd: TemplatePage) -> None:
    choose(odd, "missing", [PERSON])
    shown = sheet(odd, "表三")
    click(shown, "A5")
    assert place(odd, PERSON) == ""
    click(shown, "A5")
    assert place(odd, PERSON) == "表三!A5"


def test_a_correction_by_keys_alone(odd: TemplatePage) -> None:
    choose(odd, "missing", [PERSON])
    sheet(odd, "表三").go_to(4, 2)
    QTest.keyClick(odd.list, Qt.Key.Key_Return)
    shown = view(odd)
    assert shown.hasFocus()
    QTest.keyClick(shown, Qt.Key.Key_Right)
    assert shown.current == (4, 3)
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert place(odd, PERSON) == "表三!D5"
    QTest.keyClick(shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert place(odd, PERSON) == ""
    QTest.keyClick(shown, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert place(odd, PERSON) == "表三!D5"
    QTest.keyClick(shown, Qt.Key.Key_Delete)
    assert place(odd, PERSON) == ""


def test_esc_stops_looking_for_a_place_and_then_leaves_the_page(odd: TemplatePage, qtbot: QtBot) -> None:
    choose(odd, "missing", [PERSON])
    view(odd).setFocus()
    QTest.keyClick(view(odd), Qt.Key.Key_Escape)
    click(sheet(odd, "表三"), "D5")
    assert place(odd, PERSON) == ""
    with qtbot.waitSignal(odd.left):
        QTest.keyClick(view(odd), Qt.Key.Key_Escape)


def test_a_cell_gets_its_content_from_a_list_of_printed_names(
    odd: TemplatePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[ListRow]] = []

    def answer(_parent: object, _title: str, heading: str, _hint: str, rows: list[ListRow], *_: str) -> str:
        asked.append(list(rows))
        assert heading == "D5 填什么"
        return PERSON

    monkeypatch.setattr(view_module, "ask_row", answer)
    shown = sheet(odd, "表三")
    shown.go_to(4, 3)
    shown.setFocus()
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert place(odd, PERSON) == "表三!D5"
    row = next(row for row in asked[0] if row.key == PERSON)
    assert (row.text, row.side) == ("表三　一、本年新收 · 自然人", "还没有格子")
    assert len(asked[0]) == len(odd.report.form.cells) + 10 + 6


def test_a_match_is_taken_off_and_given_back(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    choose(page, "placed", [PERSON])
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert place(page, PERSON) == ""
    assert page.map.missing == (PERSON,)
    assert page.is_corrected
    page.undo()
    assert place(page, PERSON) == "表三!D5"
    assert not page.is_corrected


def test_blanks_of_the_report_stay_blank_or_become_0(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    assert look(page, "表三", "D7") == ("", "bound")
    page.zero.click()
    assert look(page, "表三", "D7") == ("0", "bound")
    assert page.map.zero
    page.undo()
    assert not page.zero.isChecked()


@pytest.fixture
def doubtful(qtbot: QtBot, sample: Report, tmp_path: Path) -> TemplatePage:
    """A template that has table 四 twice."""

    def twice(book: Book) -> None:
        copy = book.copy_worksheet(book["表四"])
        copy.title = "表四（副本）"

    return page_of(qtbot, changed(tmp_path / "两张.xlsx", FULL, twice), sample)


def test_a_doubtful_cell_shows_its_candidates_and_is_settled_by_a_click(doubtful: TemplatePage) -> None:
    page = doubtful
    assert groups(page)[0] == "有疑问　15"
    one, item = items(page, "doubt")[1]
    page.list.setCurrentItem(one)
    assert [place.sheet for place in item.cells] == ["表四", "表四（副本）"]
    shown = sheet(page, "表四（副本）")
    found = shown.look(item.cells[0].row, item.cells[0].column)
    assert found is not None
    assert found.ground == "qrytint"
    ref = item.cells[0].ref
    click(shown, ref)
    assert place(page, item.ids[0]) == f"表四（副本）!{ref}"
    assert groups(page)[0] == "有疑问　14"


def test_doubts_of_one_reason_are_settled_together(doubtful: TemplatePage) -> None:
    page = doubtful
    one, item = items(page, "doubt")[0]
    assert len(item.ids) == 15
    assert "分不清是哪一张" in item.text
    page.list.setCurrentItem(one)
    cell = next(place for place in item.cells if place.sheet == "表四（副本）")
    click(sheet(page, "表四（副本）"), cell.ref)
    assert {page.map.targets[wanted].sheet for wanted in item.ids} == {"表四（副本）"}
    assert "有疑问" not in "".join(groups(page))
    page.undo()
    assert groups(page)[0] == "有疑问　15"


# --- a row per unit


def test_the_agencys_row_is_found_by_name_and_framed(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, UNITS, sample)
    assert page.line_text.text() == "填在第 6 行 鲁山县人民政府办公室（按名称找到），会替换这一行原有的数。"
    assert view(page).current == (5, 0)
    assert look(page, "汇总", "Q6") == ("30", "bound")
    assert look(page, "汇总", "Q5") == ("", "")


def test_an_agency_without_row_gets_a_new_one(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, UNITS, sample.with_fields(agency="鲁山县人民政府办"))
    assert "新添在第 8 行" in page.line_text.text()
    assert "有相近的名称：鲁山县人民政府办公室" in page.line_text.text()
    assert look(page, "汇总", "B8") == ("鲁山县人民政府办", "bound")


def test_another_row_may_be_chosen(qtbot: QtBot, sample: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(qtbot, UNITS, sample)
    seen: list[str] = []

    def answer(_p: object, _t: str, _h: str, _hint: str, rows: list[ListRow], *_: str) -> str:
        seen.extend(row.text for row in rows)
        return "新华区人民政府"

    monkeypatch.setattr(view_module, "ask_row", answer)
    button(page, "换一行…").click()
    assert seen == [
        "按机关名称：鲁山县人民政府办公室",
        "省发展改革委",
        "鲁山县人民政府办公室",
        "新华区人民政府",
    ]
    assert "填在第 7 行 新华区人民政府（您选的）" in settled(page).line_text.text()
    assert view(page).current == (6, 0)
    assert look(page, "汇总", "Q7") == ("30", "bound")
    page.undo()
    assert look(page, "汇总", "Q6") == ("30", "bound")


def test_a_correction_in_any_row_counts_for_all_rows(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, UNITS, sample)
    choose(page, "placed", [PERSON])
    button(page, "不填").click()
    choose(page, "missing", [PERSON])
    click(view(page), "D7")
    assert place(page, PERSON) == "汇总!D5"
    assert look(page, "汇总", "D6") == ("30", "bound")


def test_a_report_without_agency_says_that_no_row_is_known(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, UNITS, sample.with_fields(agency=""))
    assert page.filling is None
    assert "年报没有填机关名称" in page.status.text()
    assert not button(page, "填好并另存为…").isEnabled()


# --- planning beside the window


class Planner:
    """Planning that takes until it is let go; `maps` are what was planned, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.maps: list[TemplateMap] = []
        self.threads: set[int] = set()
        self.go = Event()
        self.trouble: Exception | None = None
        really_plan = state_module.plan_wish

        def plan(opened: OpenTemplate, report: Report, wish: Wish) -> Planned:
            self.maps.append(wish.map)
            self.threads.add(get_ident())
            until(self.go.is_set)
            if self.trouble is not None:
                raise self.trouble
            return really_plan(opened, report, wish)

        monkeypatch.setattr(state_module, "plan_wish", plan)


@pytest.fixture
def planner(odd: TemplatePage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planner]:
    """Holds what is planned after the page has been opened."""
    planner = Planner(monkeypatch)
    yield planner
    planner.go.set()
    tasks.stop_all()


def place_person(page: TemplatePage) -> None:
    choose(page, "missing", [PERSON])
    click(sheet(page, "表三"), "D5")


def shown_in(page: TemplatePage, name: str, row: int, column: int) -> str | None:
    found = sheet(page, name).look(row, column)
    return found.text if found is not None else None


def test_a_correction_is_planned_beside_the_window_and_the_page_shows_the_old_until_then(
    odd: TemplatePage, planner: Planner, qtbot: QtBot
) -> None:
    listed = groups(odd)
    place_person(odd)
    assert not odd.is_planned
    assert place(odd, PERSON) == "表三!D5"
    assert shown_in(odd, "表三", 4, 3) is None
    assert odd.list.topLevelItem(0).data(0, int(Qt.ItemDataRole.UserRole)).text == listed[0]
    assert odd.told.text() == "“一、本年新收 · 自然人”填在 D5，可以撤销。"
    qtbot.waitUntil(lambda: odd.status.text() == "正在算出要写入的内容…")
    planner.go.set()
    qtbot.waitUntil(lambda: odd.is_planned)
    assert planner.threads != {get_ident()}
    assert shown_in(odd, "表三", 4, 3) == "30"
    assert groups(odd)[0] == "未找到　6"
    assert odd.status.text().startswith("还有 6 项没有找到")


def test_the_page_is_usable_while_a_plan_is_made_and_of_many_corrections_the_last_one_counts(
    odd: TemplatePage, planner: Planner, qtbot: QtBot
) -> None:
    place_person(odd)
    odd.zero.click()
    shown = sheet(odd, "表三")
    shown.go_to(4, 3)
    shown.setFocus()
    QTest.keyClick(shown, Qt.Key.Key_Delete)  # what was just placed, though it is not planned yet
    assert place(odd, PERSON) == ""
    odd.undo()
    assert place(odd, PERSON) == "表三!D5"
    assert odd.zero.isChecked()
    assert len(planner.maps) == 1
    planner.go.set()
    qtbot.waitUntil(lambda: odd.is_planned)
    assert len(planner.maps) == 2  # the ones between were never begun
    assert odd.filling is not None
    assert odd.filling.template.map is planner.maps[-1]
    assert odd.map.targets == planner.maps[-1].targets
    assert shown_in(odd, "表三", 4, 3) == "30"
    assert shown_in(odd, "表三", 6, 3) == "0"


def test_no_file_is_filled_by_a_plan_of_another_map(
    odd: TemplatePage, planner: Planner, qtbot: QtBot
) -> None:
    filled: list[Filling | None] = []
    odd.save_asked.connect(lambda: filled.append(odd.filling))
    before = odd.filling
    assert before is not None
    place_person(odd)
    assert odd.filling is None
    button(odd, "填好并另存为…").click()
    assert filled == []
    assert odd.status.text() == "正在算出要写入的内容…"
    planner.go.set()
    qtbot.waitUntil(lambda: bool(filled))
    assert filled == [odd.filling]
    assert filled[0] is not None
    assert filled[0].count == before.count + 1


def test_saving_that_waits_is_given_up_by_the_next_correction(
    odd: TemplatePage, planner: Planner, qtbot: QtBot
) -> None:
    asked: list[bool] = []
    odd.save_asked.connect(lambda: asked.append(True))
    place_person(odd)
    button(odd, "填好并另存为…").click()
    odd.zero.click()
    planner.go.set()
    qtbot.waitUntil(lambda: odd.is_planned)
    QApplication.processEvents()
    assert asked == []


def test_what_is_undone_to_a_known_plan_is_shown_at_once(odd: TemplatePage, planner: Planner) -> None:
    listed, before = groups(odd), odd.filling
    place_person(odd)
    odd.undo()
    assert odd.is_planned
    assert odd.filling is before
    planner.go.set()
    tasks.stop_all()
    QApplication.processEvents()
    assert groups(odd) == listed
    assert odd.status.text().startswith("还有 7 项没有找到")


def test_a_page_that_is_left_while_planning_leaves_nothing_behind(
    odd: TemplatePage, planner: Planner, qtbot: QtBot
) -> None:
    before = threading.active_count()
    page = TemplatePage(odd._opened, odd.report)
    until(lambda: len(planner.maps) == 1)
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    planner.go.set()
    qtbot.waitUntil(lambda: threading.active_count() == before)


def test_a_bug_in_planning_is_said_and_nothing_can_be_saved(
    odd: TemplatePage, planner: Planner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(args.exc_value))
    planner.trouble = RuntimeError("a bug")
    planner.go.set()
    place_person(odd)
    qtbot.waitUntil(lambda: odd.status.text().startswith("程序出错"))
    assert raised == [planner.trouble]
    assert not button(odd, "填好并另存为…").isEnabled()
    assert odd.filling is None
    planner.trouble = None
    odd.undo()
    assert odd.is_planned
    assert button(odd, "填好并另存为…").isEnabled()


# --- texts that stand in for a figure


def stood_in(tmp_path: Path, *texts: tuple[str, str]) -> Path:
    def write(book: Book) -> None:
        for ref, text in texts:
            book["表三"][ref] = text

    return changed(tmp_path / "占位.xlsx", FULL, write)


def test_a_placeholder_that_nobody_knows_is_listed_with_its_place_and_taken_with_one_click(
    qtbot: QtBot, sample: Report, tmp_path: Path
) -> None:
    page = page_of(qtbot, stood_in(tmp_path, ("D5", "{{x}}")), sample)
    assert place(page, PERSON) == ""
    one, item = items(page, "doubt")[0]
    assert "“表三”D5" in item.text
    assert "{{x}}" in item.text
    page.list.setCurrentItem(one)
    take = button(page, "填在这一格")
    assert not take.isHidden()
    QTest.mouseClick(take, Qt.MouseButton.LeftButton)
    assert place(page, PERSON) == "表三!D5"
    assert look(page, "表三", "D5") == ("30", "bound")
    page.undo()
    assert place(page, PERSON) == ""


def test_words_in_place_of_figures_are_taken_together(qtbot: QtBot, sample: Report, tmp_path: Path) -> None:
    texts = tuple((ref, text) for ref, text in zip(("D5", "E5", "F5"), ("待填", "XX", "____"), strict=True))
    page = page_of(qtbot, stood_in(tmp_path, *texts), sample)
    one, item = items(page, "doubt")[0]
    assert len(item.ids) == 3
    page.list.setCurrentItem(one)
    QTest.mouseClick(button(page, "填在这 3 格"), Qt.MouseButton.LeftButton)
    assert [place(page, wanted) for wanted in item.ids] == ["表三!D5", "表三!E5", "表三!F5"]
