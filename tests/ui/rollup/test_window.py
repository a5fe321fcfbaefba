"""The window of a roll-up: its pages and commands, opening reports, closing, and whatever random hands do to it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.units import Units
from gxeditor.resources import load_form
from gxeditor.store.rollup_file import read_rollup, save_rollup
from gxeditor.ui.look import dialog, opening
from gxeditor.ui.rollup.match import MatchPage
from gxeditor.ui.rollup.return_page import ReturnPage
from gxeditor.ui.rollup.unit_list import UnitListPage
from gxeditor.ui.rollup.window import TABS, RollupWindow
from gxeditor.ui.shell.window import MainWindow
from tests.rollup_sample import OWNER, received_of, report_of, songtang, unit_id, write_folder, write_reports
from tests.ui.rollup.conftest import Open
from tests.window import ALT, CTRL, NO, Clerk, press, settled


def in_front(window: RollupWindow) -> RollupWindow:
    window.activateWindow()
    settled(window.isActiveWindow)
    return window


def reports(program_window: MainWindow) -> list[MainWindow]:
    return [one for one in program_window.program.windows if isinstance(one, MainWindow) and one.has_report]


def noted(window: RollupWindow, note: str) -> None:
    rollup = window.session.rollup
    unit = replace(rollup.units.by_id[unit_id("商务局")], note=note)
    assert window.session.edit(rollup.with_unit(unit), "备注")


def test_its_title_says_whose_year_it_is_and_the_corner_the_scope(window: RollupWindow) -> None:
    assert window.windowTitle() == "松塘县 2025 年汇总 — 政府信息公开年报编辑器"
    assert window._about.text() == "松塘县 2025 年　口径：全辖区"


def test_the_keys_turn_to_every_page_and_each_is_there(window: RollupWindow) -> None:
    in_front(window)
    for place, tab in enumerate(TABS, start=1):
        press(Qt.Key(Qt.Key.Key_0 + place), ALT)
        assert window.tabs.currentIndex() == place - 1, tab
        assert window.book.currentWidget().isVisible()


def test_the_pages_over_the_tabs_are_left_the_way_they_were_entered(window: RollupWindow) -> None:
    for command, kind in (
        (window.claim_files, MatchPage),
        (window.edit_units, UnitListPage),
        (window.write_letters, ReturnPage),
    ):
        window.turn_to("sums")
        command()
        assert isinstance(window.over, kind)
        window.leave_over()
        assert window.over is None
        assert window.book.currentWidget() is window._pages["sums"]


def test_the_way_back_leads_through_the_places_one_came_from(window: RollupWindow) -> None:
    seen: list[str] = []
    window.came_from(lambda: seen.append("一"), "第一处")
    window.came_from(lambda: seen.append("二"), "第二处")
    assert window.acts["back"].text().startswith("回到第二处")
    window.go_back()
    window.go_back()
    window.go_back()
    assert seen == ["二", "一"]
    assert not window.acts["back"].isEnabled()


def test_a_step_is_undone_by_the_menu_and_named_there(window: RollupWindow, project: Path) -> None:
    noted(window, "电话催过")
    assert window.acts["undo"].text() == "撤销“备注”"
    window.acts["undo"].trigger()
    assert not window.acts["undo"].isEnabled()
    window.acts["redo"].trigger()
    settled(lambda: window.session.is_kept)
    assert window._kept.text().startswith("已自动保留")
    assert read_rollup(project, load_form).rollup.units.by_id[unit_id("商务局")].note == "电话催过"


def test_closing_writes_what_is_left_and_lets_others_in(window: RollupWindow, project: Path) -> None:
    noted(window, "刚写的")
    assert window.close()
    opened = read_rollup(project, load_form).rollup
    assert opened.units.by_id[unit_id("商务局")].note == "刚写的"
    assert not [path for path in project.parent.iterdir() if path.name.startswith((".~", "~$"))]


def test_the_list_of_recent_files_says_how_complete_it_is(
    window: RollupWindow, program_window: MainWindow, project: Path
) -> None:
    (file,) = [one for one in program_window.settings.recent if one.path == str(project)]
    assert (file.kind, file.agency, file.year, file.said, file.queries) == (
        "rollup", "松塘县", 2025, "49 家中已交 45 家", 2,
    )  # fmt: skip


def test_a_roll_up_is_open_once(window: RollupWindow, program_window: MainWindow, project: Path) -> None:
    program_window.files.open_path(project)
    assert program_window.program.rollups.windows == [window]
    assert "已经" in window._told.text()


def test_what_cannot_be_read_is_said_and_leaves_no_window(
    program_window: MainWindow, tmp_path: Path, clerk: Clerk
) -> None:
    broken = tmp_path / "坏的.gxh"
    broken.write_text('{"format": "gxeditor-rollup/1", "units": [', encoding="utf-8")
    program_window.files.open_path(broken)
    assert clerk.asked == ["show_error"]
    assert "坏的.gxh" in clerk.words
    assert program_window.program.rollups.windows == []


def test_one_that_is_open_on_another_pc_may_only_be_looked_at(
    open_rollup: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gxeditor.store.rollup_lock import OpenElsewhere

    def elsewhere(path: Path, *, what: str = "", anyway: bool = False) -> object:
        raise OpenElsewhere("这个汇总正在另一台电脑上打开。", "没有改动。", "请先在那台电脑上关闭它。")

    monkeypatch.setattr("gxeditor.ui.own_file.hold", elsewhere)
    window = open_rollup()
    assert window.bar.isVisible()
    assert "另一台电脑" in window.bar.told.text()
    assert window.windowTitle().startswith("松塘县 2025 年汇总（只读）")
    assert not window.acts["read"].isEnabled()
    rollup = window.session.rollup
    assert not window.session.edit(replace(rollup, units=Units()), "清空")
    assert window.session.rollup is rollup
    assert window.close()


def test_a_folder_is_read_from_files_and_the_counts_agree(
    open_rollup: Open, program_window: MainWindow, project: Path
) -> None:
    write_folder(project.parent)
    window = open_rollup(replace(songtang(), received=(), returned=(), changed=frozenset()), watch=True)
    settled(lambda: not window.reading.is_reading and bool(window.session.rollup.received))
    rollup = window.session.rollup
    assert len(rollup.entered) == 45
    assert [one.path for one in rollup.unclaimed] == ["县直/城管执法局年报终稿.gxr"]
    assert window.board._summary._first.text() == "合计现在是 49 家中 45 家。"
    window.open_report(unit_id("自然资源局"))
    (shown,) = reports(program_window)
    assert shown.session.read_only
    assert shown.session.report.agency == f"{OWNER}自然资源局"
    write_reports(
        project.parent, [("县直/商务局2025.gxr", report_of(rollup.form, f"{OWNER}商务局", (4, 4, 0)))]
    )
    window.acts["read"].trigger()
    settled(lambda: len(window.session.rollup.entered) == 46)
    settled(lambda: not window.reading.is_reading)


def test_closing_while_files_are_read_waits_for_none(open_rollup: Open, project: Path) -> None:
    write_folder(project.parent)
    window = open_rollup(replace(songtang(), received=(), returned=(), changed=frozenset()), watch=True)
    assert window.reading.is_reading
    assert window.close()
    settled(lambda: not window.reading.is_reading)


def test_a_report_whose_file_is_gone_is_shown_by_the_figures_that_were_read(
    window: RollupWindow, program_window: MainWindow
) -> None:
    window.open_report(unit_id("自然资源局"), cell="requests.received.total")
    (shown,) = reports(program_window)
    assert "文件打不开" in shown.session.read_only
    assert shown.session.report.value("requests.received.total") == 82
    assert shown.here == "requests"


def test_a_folder_that_is_gone_keeps_the_figures_and_can_be_pointed_at(
    window: RollupWindow, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = tmp_path / "搬到这里"
    window.session.unlock()
    project.parent.rename(moved)
    window.reading.begin()
    settled(lambda: window.bar.isVisible())
    assert window.bar.told.text().endswith("已读入的数字还在，没有变。")
    assert len(window.session.rollup.entered) == 45
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(moved))
    window.bar.buttons["place"].click()
    assert window.session.folder == moved
    settled(lambda: not window.reading.is_reading)
    assert not window.bar.isVisible()


def test_a_draft_of_the_areas_report_is_begun_in_a_window_of_its_own(
    window: RollupWindow, program_window: MainWindow
) -> None:
    window.draft_report()
    (shown,) = reports(program_window)
    assert shown.session.report.value("requests.received.natural_person") is not None
    assert not shown.session.read_only


def test_the_manual_opens_at_what_is_in_hand(window: RollupWindow) -> None:
    in_front(window)
    window.board.table.setFocus()
    assert window.topic() == "汇总的状态"
    window.edit_units()
    assert window.topic() == "单位名单"


def test_a_bug_keeps_the_roll_up(window: RollupWindow, program_window: MainWindow, clerk: Clerk) -> None:
    noted(window, "之前写的")
    program_window.program.show_crash("错")
    assert window.session.is_kept
    assert "show_crash" in clerk.asked


KEYS = [
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_F6, Qt.Key.Key_F8),
    *(Qt.Key.Key_A, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_PageDown),
]


@pytest.mark.slow
@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)  # of menus, on this platform
@pytest.mark.parametrize("seed", [1, 2])
def test_random_hands_break_nothing(
    window: RollupWindow, program_window: MainWindow, clerk: Clerk, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(dialog.Dialog, "run", lambda self: "cancel")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.setattr(opening, "show_in_folder", lambda *_: "")
    monkeypatch.setattr(QMenu, "exec", lambda *_: None)
    monkeypatch.setattr(window, "_open", lambda *_: None)
    clerk.will(open="", save_as="")
    commands = [name for name in window.acts if name not in ("close", "quit", "help", "read")]
    before = len(window.session.rollup.units.listed)
    for number in range(400):
        what = chance.random()
        target: QWidget = QApplication.focusWidget() or window
        if not window.isAncestorOf(target):
            target = window
        if what < 0.15:
            action = window.acts[chance.choice(commands)]
            if action.isEnabled():
                action.trigger()
        elif what < 0.65:
            modifiers = chance.choice([NO] * 5 + [CTRL, ALT])
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, chance.choice(KEYS), modifiers, "a"))
        else:
            at = window.rect().topLeft() + chance.choice([window.rect().center()]) * chance.random() * 2
            hit = window.childAt(at) or window
            place = QPointF(hit.mapFrom(window, at))
            for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
                button = Qt.MouseButton.LeftButton
                held = button if kind is QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
                where = QPointF(hit.mapToGlobal(place.toPoint()))
                QApplication.sendEvent(hit, QMouseEvent(kind, place, where, button, held, NO))
        QApplication.processEvents()
        if number % 50 == 49:
            window.leave_over()
            for popup in QApplication.topLevelWidgets():
                if popup.windowType() is Qt.WindowType.Popup:
                    popup.close()
    while window.session.undo():
        pass
    rollup = window.session.rollup
    assert len(rollup.units.listed) == before
    assert len(rollup.entered) == 45
    assert window.session.flush()
    assert window.close()


def test_another_roll_up_is_opened_beside(
    open_rollup: Open, program_window: MainWindow, tmp_path: Path
) -> None:
    first = open_rollup()
    other = tmp_path / "别县.gxh"
    save_rollup(replace(songtang(), owner="别县"), other, None)
    program_window.files.open_path(other)
    assert [one.session.rollup.owner for one in program_window.program.rollups.windows] == ["松塘县", "别县"]
    assert first.session.rollup.owner == "松塘县"


def test_what_is_being_typed_in_the_list_of_units_is_kept_by_saving_and_by_closing(
    window: RollupWindow, project: Path
) -> None:
    in_front(window)
    for typed, leave in (("正在写", window.save), ("写完了", window.close)):
        window.edit_units()
        page = window.over
        assert isinstance(page, UnitListPage)
        page.show_units([unit_id("教育局")])
        page.note.setFocus()
        page.note.setText(typed)
        assert leave()
        assert read_rollup(project, load_form).rollup.units.by_id[unit_id("教育局")].note == typed


def test_settings_keep_what_was_read_while_they_were_asked_for(
    window: RollupWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = window.session.rollup.form
    came = received_of(report_of(form, f"{OWNER}商务局", (4, 4, 0)), "县直/商务局2025.gxr", unit_id("商务局"))

    def answered(_: QWidget, rollup: Rollup, __: Path) -> Rollup:
        window.session.take_in(lambda one: one.with_received([came]))
        return replace(rollup, owner="松塘")

    monkeypatch.setattr("gxeditor.ui.rollup.beginning.ask_settings", answered)
    monkeypatch.setattr(window.reading, "begin", lambda: None)
    window.ask_settings()
    assert window.session.rollup.owner == "松塘"
    assert unit_id("商务局") in window.session.rollup.used


def test_another_roll_up_in_the_folder_pointed_at_is_replaced_only_if_that_is_wanted(
    window: RollupWindow, tmp_path: Path, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "那里"
    there.mkdir()
    other = there / window.session.path.name
    save_rollup(replace(songtang(), owner="别县"), other, None)
    asked: list[str] = []
    answers = ["replace", "cancel"]

    def ask(_: object, __: str, what: str, *___: object) -> str:
        asked.append(what)
        return answers.pop()

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(there))
    monkeypatch.setattr(dialog, "ask", ask)
    for answer in ("cancel", "replace"):
        window._ask_folder()
        kept = read_rollup(other, load_form).rollup.owner
        assert kept == ("别县" if answer == "cancel" else OWNER)
    assert len(asked) == 2
    assert "另一份" in asked[0]


def test_the_findings_that_are_ticked_stay_so_while_the_window_is_open(window: RollupWindow) -> None:
    window.write_letters()
    page = window.over
    assert isinstance(page, ReturnPage)
    unit = page.unit
    page.findings.turn(page.findings.item(0))
    left = len(page.entries[0].asked)
    window.leave_over()
    window.write_letters_to(unit)
    again = window.over
    assert isinstance(again, ReturnPage)
    assert again is not page
    assert len(again.entries[0].asked) == left


def test_two_reports_are_opened_beside_each_other(window: RollupWindow, program_window: MainWindow) -> None:
    window.open_beside((unit_id("自然资源局"), unit_id("教育局")), "requests.received.total")
    left, right = reports(program_window)
    assert "自然资源局" in left.session.read_only
    area = left.screen().availableGeometry()
    assert left.frameGeometry().left() == area.left()
    assert right.frameGeometry().right() == area.right()
    window.open_beside((unit_id("教育局"), unit_id("自然资源局")))  # both are open already
    assert reports(program_window) == [left, right]
    assert right.frameGeometry().left() == area.left()
