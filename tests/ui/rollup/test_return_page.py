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
from gxeditor.core.rollup.project import Rollup, State
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

    def came_from(self, back: Callable[[], None], name: str) -> None: ...

    def go_back(self) -> None: ...

    def turn_to(self, tab: str) -> None: ...

    def show_over(self, page: QWidget) -> None: ...

    def write_letters(self) -> None: ...

    def write_letters_to(self, unit_id: str) -> None: ...


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
