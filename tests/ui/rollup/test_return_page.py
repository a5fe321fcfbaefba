"""退回意见 in the window: who is listed and ticked, the page in view, and that sending back is one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.errors import GxError
from gxeditor.core.rollup.project import Rollup, State, Told
from gxeditor.core.rollup.returning import told_key
from gxeditor.settings import Settings
from gxeditor.ui.look import dialog
from gxeditor.ui.rollup.return_page import ReturnPage, entries
from gxeditor.ui.rollup.session import RollupSession
from tests.rollup_sample import songtang, unit_id
from tests.waiting import PATIENCE


class Desk:
    """The window, as the page sees it."""

    def __init__(self, rollup: Rollup, folder: Path, frame: QWidget) -> None:
        self.session = RollupSession(rollup, folder / "松塘县.gxh", save=lambda *_: "x")
        self.frame = frame
        self.settings = Settings()
        self.told: list[str] = []
        self.written: list[Path] = []
        self.opened: list[tuple[str, ...]] = []
        self.left = 0

    def tell(self, text: str) -> None:
        self.told.append(text)

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        self.told.append(text)
        self.written += paths

    def open_report(self, *where: str) -> None:
        self.opened.append(where)

    def keep_settings(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    def leave_over(self) -> None:
        self.left += 1

    def open_file(self, *where: str) -> None: ...

    def open_beside(self, units: Sequence[str], cell: str = "") -> None: ...

    def came_from(self, back: Callable[[], None], name: str) -> None: ...

    def go_back(self) -> None: ...

    def turn_to(self, tab: str) -> None: ...

    def show_over(self, page: QWidget) -> None: ...

    def write_letters(self) -> None: ...

    def write_letters_to(self, unit_id: str, finding: str = "") -> None: ...


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    frame = QWidget()
    qtbot.addWidget(frame)
    return Desk(songtang(), tmp_path, frame)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> Iterator[ReturnPage]:
    made = ReturnPage(desk)
    qtbot.addWidget(made)
    made.resize(1366, 680)
    with qtbot.waitSignal(desk.session.found, timeout=PATIENCE * 1000):
        made.show()
    yield made
    desk.session.stop_looking()
    desk.session.flush()


def rows(page: ReturnPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def ticked(page: ReturnPage) -> list[str]:
    items = [page.list.item(row) for row in range(page.list.count())]
    return [item.text() for item in items if item.checkState() is Qt.CheckState.Checked]


def test_units_with_errors_come_first_and_are_ticked(page: ReturnPage) -> None:
    found = page.entries
    graver = [one.name for one in found if one.is_first]
    assert ticked(page) == graver
    assert rows(page)[: len(graver)] == graver
    assert rows(page)[len(graver)] == f"以下 {len(found) - len(graver)} 家没有错误，或者已经退回"
    assert page.record.text() == f"导出 {len(graver)} 份并记为已退回…"
    assert "松塘县自然资源局" in graver
    assert "松塘县沙田乡人民政府" not in graver  # sent back already


def test_a_unit_without_a_finding_is_not_listed(page: ReturnPage) -> None:
    assert "松塘县统计局" not in rows(page)
    assert "松塘县商务局" not in rows(page)  # nothing came that could be sent back


def test_what_is_to_be_mended_is_said_with_its_weight() -> None:
    words = {one.name: [said for _, said in one.words] for one in entries(songtang())}
    assert words["松塘县自然资源局"] == ["2 处错误", "1 处疑问"]
    assert words["松塘县民政局"] == ["28 格没读到"]


def test_the_space_bar_ticks_and_the_count_follows(page: ReturnPage) -> None:
    before = len(page.ticked)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Space)
    assert len(page.ticked) == before - 1
    assert page.record.text() == f"导出 {before - 1} 份并记为已退回…"
    for item in [page.list.item(row) for row in range(page.list.count())]:
        if item.checkState() is Qt.CheckState.Checked:
            page.list.turn(item)
    assert not page.record.isEnabled()
    assert not page.print_button.isEnabled()


def test_what_was_unticked_stays_so_when_something_is_read(page: ReturnPage, desk: Desk) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_Space)
    gone = page.unit
    desk.session.edit(replace(desk.session.rollup, owner="松塘"), "改名")
    assert gone not in page.ticked
    assert page.unit == gone


def test_what_was_found_between_units_is_asked_as_well(page: ReturnPage, desk: Desk, qtbot: QtBot) -> None:
    rollup = desk.session.rollup
    named_otherwise = replace(rollup.used[unit_id("医疗保障局")], agency="松塘县医疗保障中心")
    with qtbot.waitSignal(desk.session.found, timeout=PATIENCE * 1000):
        desk.session.edit(rollup.with_received([named_otherwise]), "重读")
    (one,) = (one for one in page.entries if one.unit == named_otherwise.unit)
    assert [told.rule for told in one.asked] == ["H-08"]
    assert one.name not in [alone.name for alone in entries(desk.session.rollup)]


def test_the_filters_count_and_list(page: ReturnPage) -> None:
    found = page.entries
    assert page.chips.button(0).text() == f"全部 {len(found)}"
    page.chips.button(3).click()
    assert rows(page)[-2:] == ["松塘县科学技术和工业信息化局", "松塘县沙田乡人民政府"]


def test_the_very_page_is_in_view(page: ReturnPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page._in_view is not None, timeout=PATIENCE * 1000)
    assert page.view.pages == 1
    assert page._in_view is not None
    assert page._in_view.name == page.list.currentItem().text()
    assert page._which.text() == f"第 1 张，共 {len(page.ticked)} 张"
    page.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: page._in_view == page._wanted, timeout=PATIENCE * 1000)
    assert page._in_view.unit == page.unit


def test_the_due_day_is_a_week_ahead_and_stands_in_the_sheets(page: ReturnPage) -> None:
    assert page.due_day() == date.today() + timedelta(days=7)
    page.due.setDate(page.due.date().addDays(3))
    assert {one.due for one in page.sheets()} == {(date.today() + timedelta(days=10)).isoformat()}


def test_the_office_is_kept(page: ReturnPage, desk: Desk) -> None:
    page.office.setText("松塘县政务公开办公室")
    page.office.editingFinished.emit()
    assert desk.settings.return_office == "松塘县政务公开办公室"
    assert page.sheets()[0].office == "松塘县政务公开办公室"


def to_folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))


def test_sending_back_writes_the_files_and_is_one_step(
    page: ReturnPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_folder(monkeypatch, tmp_path)
    page.formats.setCurrentIndex(1)
    before, units = desk.session.rollup, sorted(page.ticked)
    page.record.click()
    assert len(desk.written) == len(units)
    assert all(path.exists() and path.suffix == ".docx" for path in desk.written)
    assert all(desk.session.rollup.states[unit] is State.RETURNED for unit in units)
    assert [one.due for one in desk.session.rollup.returned[-len(units) :]] == [
        page.due_day().isoformat()
    ] * len(units)
    assert not page.ticked
    assert desk.session.undo_label == f"退回 {len(units)} 家的年报"
    desk.session.undo()
    assert desk.session.rollup is before


def test_exporting_alone_leaves_the_units_as_they_are(
    page: ReturnPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_folder(monkeypatch, tmp_path)
    page.formats.setCurrentIndex(1)
    before = desk.session.rollup
    page.plain.click()
    assert desk.written
    assert desk.session.rollup is before


def test_all_in_one_file_is_asked_for_by_name(
    page: ReturnPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "全部退回"), ""))
    page.one.setChecked(True)
    page.plain.click()
    assert [path.name for path in desk.written] == ["全部退回.docx", "全部退回.pdf"]


def test_files_that_are_there_are_only_replaced_after_asking(
    page: ReturnPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_folder(monkeypatch, tmp_path)
    page.formats.setCurrentIndex(1)
    (tmp_path / "松塘县自然资源局退回意见.docx").write_text("原来的", encoding="utf-8")
    asked: list[str] = []

    def no(_: object, __: str, what: str, *___: object) -> str:
        asked.append(what)
        return "cancel"

    monkeypatch.setattr(dialog, "ask", no)
    page.record.click()
    assert asked == ["已经有 1 个同名的文件。"]
    assert (tmp_path / "松塘县自然资源局退回意见.docx").read_text(encoding="utf-8") == "原来的"
    assert not desk.session.undo_label


def test_what_could_not_be_written_is_not_recorded(
    page: ReturnPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_folder(monkeypatch, tmp_path / "没有这个文件夹")
    page.formats.setCurrentIndex(1)
    shown: list[GxError] = []
    monkeypatch.setattr(dialog, "show_error", lambda _, error: shown.append(error))
    page.record.click()
    assert shown
    assert not desk.written
    assert not desk.session.undo_label


def test_a_roll_up_that_is_only_to_be_read_is_exported_and_not_changed(page: ReturnPage, desk: Desk) -> None:
    desk.session.held = "这个汇总正在另一台电脑上打开。"
    page.renew()
    assert not page.record.isEnabled()
    assert page.plain.isEnabled()


def test_enter_opens_the_report_at_its_first_finding_and_escape_leads_back(
    page: ReturnPage, desk: Desk
) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert desk.opened[0][0] == page.unit
    assert desk.opened[0][3].startswith("T3-01@")
    QTest.keyClick(page.list, Qt.Key.Key_Escape)
    assert desk.left == 1


def test_the_page_of_one_unit_is_shown_and_ticked_when_it_was_asked_for(page: ReturnPage) -> None:
    page.chips.button(3).click()
    page.show_unit(unit_id("公安局"))
    assert page.unit == unit_id("公安局")
    assert page.unit in page.ticked
    page.show_unit(unit_id("统计局"))  # has nothing to mend: what was in view stays
    assert page.unit == unit_id("公安局")


def test_nothing_to_send_back_is_said(page: ReturnPage, desk: Desk) -> None:
    desk.session.edit(replace(desk.session.rollup, received=()), "清空")
    assert rows(page) == []
    assert page._said.text().startswith("没有要退回的单位")
    assert not page.record.isEnabled()


def test_every_button_has_a_tip_that_ends_as_a_sentence(page: ReturnPage) -> None:
    from PySide6.QtWidgets import QAbstractButton

    buttons: Any = page.findChildren(QAbstractButton)
    for button in buttons:
        if button.isVisible() and button.text():
            assert button.toolTip().rstrip(">/qtspan<").endswith("。") or "。" in button.toolTip(), (
                button.text()
            )


SCHOOLS, LAND = unit_id("教育局"), unit_id("自然资源局")


def boxes(page: ReturnPage) -> list[bool]:
    items = [page.findings.item(row) for row in range(page.findings.count())]
    return [item.checkState() is Qt.CheckState.Checked for item in items]


def test_a_single_finding_is_left_out_of_the_sheet_and_of_what_was_returned(
    page: ReturnPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.show_unit(LAND)
    able = len(boxes(page))
    assert all(boxes(page))
    gone = page.findings.item(0).data(Qt.ItemDataRole.UserRole)
    page.findings.setCurrentRow(0)
    QTest.keyClick(page.findings, Qt.Key.Key_Space)
    assert boxes(page).count(False) == 1
    assert page._which_findings.text() == f"{able} 处，写其中 {able - 1} 处"
    (sheet,) = page.sheets([LAND])
    assert len(sheet.rows) == able - 1
    assert gone not in sheet.asked
    item = page.list.currentItem()
    assert item is not None
    assert "1 处错误" in item.data(Qt.ItemDataRole.AccessibleTextRole)
    to_folder(monkeypatch, tmp_path)
    page.formats.setCurrentIndex(1)
    page.record.click()
    (back,) = (one for one in desk.session.rollup.returned if one.unit == LAND)
    assert gone.rule not in back.rules


def test_a_unit_of_which_nothing_is_ticked_is_sent_nothing(page: ReturnPage, desk: Desk) -> None:
    page.show_unit(LAND)
    before = len(page.ticked)
    for row in range(page.findings.count()):
        page.findings.turn(page.findings.item(row))
    assert LAND not in page.ticked
    assert page.record.text() == f"导出 {before - 1} 份并记为已退回…"
    assert page.sheets([LAND]) == ()
    assert page._said.text() == "这一家的问题一处也没有勾选，没有要写的。"
    item = page.list.currentItem()
    assert item is not None
    page.list.turn(item)
    assert item.checkState() is Qt.CheckState.Unchecked
    assert "请先在下面勾选" in desk.told[-1]
    page.findings.turn(page.findings.item(0))
    assert LAND in page.ticked  # as before


def test_what_was_ticked_stays_so_when_the_page_is_left(page: ReturnPage, desk: Desk, qtbot: QtBot) -> None:
    page.show_unit(LAND)
    page.findings.turn(page.findings.item(1))
    ticked, left_out = page.ticked - {LAND}, boxes(page)
    item = page.list.currentItem()
    assert item is not None
    page.list.turn(item)
    again = ReturnPage(desk, page.ticks)
    qtbot.addWidget(again)
    assert again.ticked == ticked
    again.show_unit(LAND)
    assert boxes(again) == left_out


def test_a_hint_is_asked_only_if_it_is_ticked(page: ReturnPage, desk: Desk) -> None:
    rollup = desk.session.rollup
    hint = Told("C-20", "hint", "供参考。", ("requests.received.total",), "requests", "C-20@x")
    one = replace(rollup.used[LAND], found=(*rollup.used[LAND].found, hint))
    other = replace(rollup.used[SCHOOLS], found=(hint,))
    desk.session.edit(rollup.with_received([one, other]), "读到")
    page.show_unit(LAND)
    assert boxes(page)[-1] is False
    assert hint not in page.sheets([LAND])[0].asked
    page.show_unit(LAND, told_key(hint))
    assert hint in page.sheets([LAND])[0].asked
    assert SCHOOLS not in {entry.unit for entry in page.entries}
    page.show_unit(SCHOOLS, told_key(hint))  # asked for by the clerk, on the page of checks
    assert (page.unit, SCHOOLS in page.ticked) == (SCHOOLS, True)
    assert [row.ask for row in page.sheets([SCHOOLS])[0].rows] == ["供参考。"]


def test_a_tick_of_what_was_found_across_units_outlives_the_looking_anew(
    page: ReturnPage, desk: Desk, qtbot: QtBot
) -> None:
    rollup = desk.session.rollup
    same = replace(rollup.used[SCHOOLS], values=rollup.used[unit_id("公安局")].values)
    with qtbot.waitSignal(desk.session.found, timeout=PATIENCE * 1000):
        desk.session.edit(rollup.with_received([same]), "读到")
    only_across = next(one for one in page.entries if one.unit == SCHOOLS)
    assert {told.rule[:2] for told in only_across.asked} == {"H-"}
    page.show_unit(SCHOOLS)
    assert SCHOOLS in page.ticked
    with qtbot.waitSignal(desk.session.found, timeout=PATIENCE * 1000):
        desk.session.edit(replace(desk.session.rollup, owner="松塘"), "改名")
        assert SCHOOLS not in page.ticked  # nothing is known of it for a moment
    assert SCHOOLS in page.ticked


def test_a_page_that_was_asked_for_comes_once_its_findings_are_there(desk: Desk, qtbot: QtBot) -> None:
    rollup = desk.session.rollup
    same = replace(rollup.used[SCHOOLS], values=rollup.used[unit_id("公安局")].values)
    desk.session.edit(rollup.with_received([same]), "读到")
    made = ReturnPage(desk)
    qtbot.addWidget(made)
    with qtbot.waitSignal(desk.session.found, timeout=PATIENCE * 1000):
        made.show()
        made.show_unit(SCHOOLS)
    assert made.unit == SCHOOLS
    assert SCHOOLS in made.ticked
    desk.session.flush()


def test_two_quick_clicks_on_a_box_open_no_report(page: ReturnPage, desk: Desk) -> None:
    for view in (page.list, page.findings):
        at = view.visualItemRect(view.item(0)).center()
        at.setX(18)
        before = view.item(0).checkState()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert view.item(0).checkState() is before
    assert desk.opened == []


def test_a_finding_opens_the_report_where_it_is(page: ReturnPage, desk: Desk) -> None:
    page.show_unit(LAND)
    page.findings.setCurrentRow(1)
    QTest.keyClick(page.findings, Qt.Key.Key_Return)
    told = page.findings.item(1).data(Qt.ItemDataRole.UserRole)
    assert desk.opened == [(LAND, told.page, told.cells[0], told.address)]
