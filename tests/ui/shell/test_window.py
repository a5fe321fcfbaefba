"""The window: from the start page to the editor, the conversation about files, findings across tabs, keys and settings.

The questions of the window are answered by a `Clerk`; files, journals and settings are real ones.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, TypeVar

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QAccessible, QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gxeditor import filing
from gxeditor.app import build
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Prior, Report, blank_report
from gxeditor.core.rules import Severity
from gxeditor.files.aside import OddFile, set_aside
from gxeditor.files.atomic import not_written
from gxeditor.files.reading import sha256_of
from gxeditor.resources import load_form, resource
from gxeditor.settings import Folders, load_settings
from gxeditor.store.journal import Journal
from gxeditor.store.report_file import kept_path, read_report, save_report
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.output import export_dialog
from gxeditor.ui.output.export_dialog import ExportChoice
from gxeditor.ui.session import Session
from gxeditor.ui.shell import about, differences, questions
from gxeditor.ui.shell.questions import NewReport
from gxeditor.ui.shell.window import PROGRAM, MainWindow

SAMPLE = "samples/lushan-2022.txt"
PERSON = "requests.received.natural_person"
COMPANY = "requests.received.company"
FORWARD = "requests.brought_forward.natural_person"
CARRIED = "requests.carried_forward.natural_person"
NAME = "鲁山县人民政府办公室"
LEFT = Qt.MouseButton.LeftButton
NO = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

Child = TypeVar("Child", bound=QObject)
Start = Callable[[], MainWindow]


class Clerk:
    """Answers what the window asks, as the test says, and remembers what was asked and shown.

    An answer is a value or a function of what the question was asked with. What nobody said an answer to fails.
    """

    ASKED: ClassVar[Mapping[ModuleType, tuple[str, ...]]] = {
        questions: (
            "ask_save", "ask_changed_elsewhere", "ask_not_written", "ask_replace", "ask_damaged",
            "ask_fill_blanks", "ask_new_report",
        ),
        export_dialog: ("ask_export",),
        dialog: ("ask_elsewhere", "show_error", "show_told"),
        differences: ("show_diff",),
        about: ("show_crash", "show_shortcuts", "show_about"),
    }  # fmt: skip

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.said: list[tuple[Any, ...]] = []
        self.real: dict[str, Callable[..., Any]] = {}
        for module, names in self.ASKED.items():
            for name in names:
                self.real[name] = getattr(module, name)
                monkeypatch.setattr(module, name, self._stand_in(name))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", self._stand_in("open"))
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._stand_in("save_as"))

    def will(self, **answers: Any) -> Clerk:
        self.answers |= answers
        return self

    def _stand_in(self, name: str) -> Callable[..., Any]:
        def answer(_parent: object, *arguments: Any, **named: Any) -> Any:
            self.asked.append(name)
            self.said.append(arguments)
            if name.startswith("show_"):
                return None
            assert name in self.answers, f"nobody expected {name}{arguments}"
            given = self.answers[name]
            given = given(*arguments, **named) if callable(given) else given
            return (str(given) if given else "", "") if name in ("open", "save_as") else given

        return answer

    @property
    def words(self) -> str:
        """What the last question or message was about."""
        return "\n".join(str(argument) for argument in self.said[-1])


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Clerk:
    return Clerk(monkeypatch)


@pytest.fixture
def start(clerk: Clerk, qapp: QApplication, tmp_path: Path) -> Iterator[Start]:
    """The program as it starts, each time with the same folders."""
    windows: list[MainWindow] = []

    def new() -> MainWindow:
        _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1366, 700)
        window.show()
        windows.append(window)
        QApplication.processEvents()
        return window

    yield new
    clerk.will(ask_save="discard")
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply_theme(qapp, "light")


@pytest.fixture
def window(start: Start) -> MainWindow:
    return start()


@pytest.fixture(scope="module")
def sample() -> Report:
    return filing.read(resource(SAMPLE)).report


@pytest.fixture
def balanced(form: Form) -> Report:
    """Table three in order: 30 requests by persons, all granted, and nothing else; the other tables blank."""
    zeros = {cell.id: 0 for cell in form.section("requests").table.cells if not cell.is_total}  # type: ignore[union-attr]
    report = blank_report(form, 2022).with_fields(agency=NAME, kind=AgencyKind.DEPARTMENT)
    return report.with_entries({**zeros, PERSON: 30, "requests.handled.granted.natural_person": 30})


@pytest.fixture
def file(balanced: Report, tmp_path: Path) -> Path:
    path = tmp_path / "鲁山2022.gxr"
    save_report(balanced, path, None)
    return path


def held(path: Path) -> Report:
    return read_report(path, load_form).report


def put(window: MainWindow, value: int = 31, cell: str = PERSON) -> None:
    """As if typed into a cell."""
    session = window.session
    session.edit(session.report.with_entry(cell, value), f"填写 {session.form.cells[cell].place}")


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
    """A key on whatever has the focus, shortcuts included."""
    QTest.keyClick(focus(), key, modifiers)
    QApplication.processEvents()


def type_text(text: str) -> None:
    for character in text:
        QApplication.sendEvent(focus(), QKeyEvent(QKeyEvent.Type.KeyPress, 0, NO, character))


def children(parent: QWidget, kind: type[Child]) -> list[Child]:
    found: Iterable[Child] = parent.findChildren(kind)
    return list(found)


def buttons(parent: QWidget) -> dict[str, QPushButton]:
    return {button.text(): button for button in children(parent, QPushButton)}


def told(window: MainWindow) -> str:
    return window._told.text()


def shown(window: MainWindow) -> str:
    """The key of the tab in view."""
    return window.tabs.keys[window.tabs.currentIndex()]


def table(window: MainWindow, key: str = "requests") -> TablePage:
    page = window.page(key)
    assert isinstance(page, TablePage)
    return page


def turn_to(window: MainWindow, key: str) -> None:
    window.tabs.setCurrentIndex(window.tabs.keys.index(key))


def is_editing(window: MainWindow) -> bool:
    return window.stack.currentWidget() is window.editor


# --- beginning


def test_the_program_begins_with_the_start_page(window: MainWindow) -> None:
    assert window.start.isVisible()
    assert window.windowTitle() == PROGRAM
    assert not window.menus.toolbar.isVisible()
    for action in (
        window.acts.save,
        window.acts.undo,
        window.acts.export,
        window.acts.next,
        window.acts.fill,
    ):
        assert not action.isEnabled()


def test_no_command_of_a_menu_reaches_a_report_that_is_closed(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    window.close_report()
    for text in ("剪切", "粘贴", "清除内容", "向下填充"):
        assert not command(window, text).isEnabled()


def test_a_new_blank_report_opens_at_its_basic_data(window: MainWindow, clerk: Clerk) -> None:
    clerk.will(ask_new_report=NewReport(NAME, AgencyKind.DEPARTMENT, 2023))
    window.acts.new.trigger()
    assert is_editing(window)
    assert isinstance(window.shown_page, BasicPage)
    assert window.session.report == blank_report(window.session.form, 2023).with_fields(
        agency=NAME, kind=AgencyKind.DEPARTMENT
    )
    assert window.windowTitle() == f"[*]{NAME}2023年年报（未保存） - {PROGRAM}"
    assert not window.isWindowModified()


def test_giving_up_a_new_report_costs_the_open_one_nothing(
    window: MainWindow, clerk: Clerk, file: Path, start: Start
) -> None:
    window.open_path(file)
    clerk.will(ask_new_report=None)
    window.acts.new.trigger()
    assert is_editing(window)
    put(window)
    assert window.session.flush()  # and what is typed from now on still goes to the disk
    assert "ask_save" not in clerk.asked


def test_a_report_from_last_year_is_one_step_that_says_what_it_filled(
    window: MainWindow, clerk: Clerk, balanced: Report, tmp_path: Path
) -> None:
    last = balanced.with_entry(CARRIED, 5).with_section("overview", "去年的总体情况。")
    save_report(last, tmp_path / "2022.gxr", None)
    clerk.will(open=tmp_path / "2022.gxr", ask_new_report=NewReport(NAME, AgencyKind.DEPARTMENT, 2023))
    window.acts.from_prior.trigger()
    report = window.session.report
    assert (report.year, report.agency, report.value(FORWARD)) == (2023, NAME, 5)
    assert report.sections["overview"] == "去年的总体情况。"
    assert report.value(PERSON) is None
    kept = window.session.report.prior
    assert kept == Prior.of(last, str(tmp_path / "2022.gxr"), sha256_of(tmp_path / "2022.gxr"))
    assert clerk.asked[-1] == "show_told"
    assert "上年结转" in clerk.words
    assert "文字：一" in clerk.words
    assert window.acts.undo.text() == "撤销(&U) 从去年新建"
    window.acts.undo.trigger()
    assert window.undoing.bar.text().startswith("还没有撤销。上一步“从去年新建”，共改了 2 个部分")
    window.acts.undo.trigger()
    blank = blank_report(window.session.form, 2023).with_fields(agency=NAME, kind=AgencyKind.DEPARTMENT)
    assert window.session.report == blank.with_prior(kept)
    assert not window.acts.undo.isEnabled()


def test_giving_up_the_question_about_last_year_changes_nothing(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    clerk.will(open=None)
    window.acts.from_prior.trigger()
    clerk.will(open=file, ask_new_report=None)
    window.acts.from_prior.trigger()
    assert window.start.isVisible()


def test_opening_a_file_shows_its_table_and_its_name(window: MainWindow, clerk: Clerk, file: Path) -> None:
    clerk.will(open=file)
    window.acts.open.trigger()
    assert shown(window) == "requests"
    assert window.menus.toolbar.isVisible()
    assert window.session.report.value(PERSON) == 30
    assert window.windowTitle() == f"[*]鲁山2022.gxr - {PROGRAM}"
    assert window.focusWidget() is table(window).grid


def test_a_report_without_agency_opens_at_its_basic_data(
    window: MainWindow, form: Form, tmp_path: Path
) -> None:
    save_report(blank_report(form), tmp_path / "空.gxr", None)
    window.open_path(tmp_path / "空.gxr")
    assert shown(window) == ""


def test_the_name_of_an_edited_report_is_marked_until_it_is_undone(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    put(window)
    assert window.isWindowModified()
    window.acts.undo.trigger()
    assert not window.isWindowModified()
    window.acts.redo.trigger()
    assert window.isWindowModified()


def test_recent_files_stand_on_the_start_page_and_in_the_menu(start: Start, file: Path, clerk: Clerk) -> None:
    window = start()
    window.open_path(file)
    put(window)
    clerk.will(ask_save="save")
    window.close()
    again = start()
    (recent,) = again.settings.recent
    assert (Path(recent.path), recent.agency, recent.year) == (file, NAME, 2022)
    assert recent.errors > 0
    again.start.open_recent.emit(recent.path)
    assert again.session.report.value(PERSON) == 31
    again.close_report()
    again._renew_recent_menu()
    (entry,) = again.menus.recent.actions()
    entry.trigger()
    assert is_editing(again)


def test_an_ampersand_in_a_recent_path_is_no_menu_key(window: MainWindow, file: Path) -> None:
    other = file.with_name("甲&乙.gxr")
    file.rename(other)
    window.open_path(other)
    (entry,) = window.menus.recent.actions()
    assert "甲&&乙.gxr" in entry.text()


def test_a_recent_file_that_is_gone_is_told_and_can_be_forgotten(
    start: Start, clerk: Clerk, file: Path
) -> None:
    window = start()
    window.open_path(file)
    window.close()
    file.unlink()
    again = start()
    again.start.open_recent.emit(str(file))
    assert clerk.asked[-1] == "show_error"
    assert again.start.isVisible()
    again.start.forget_recent.emit(str(file))
    assert again.settings.recent == ()
    assert load_settings(again._config_folder).recent == ()


def test_which_recent_files_are_gone_is_found_out_beside_the_window(
    start: Start, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    window.open_path(file)
    window.close()
    file.unlink()
    answer, asked_on = threading.Event(), []
    real = os.path.exists

    def slow(path: str) -> bool:
        if path != str(file):
            return real(path)
        asked_on.append(threading.current_thread())
        answer.wait(60)
        return False

    monkeypatch.setattr(os.path, "exists", slow)
    again = start()  # comes up although the drive does not answer
    assert again.start.isVisible()
    assert again._missing == set()
    answer.set()
    qtbot.waitUntil(lambda: again._missing == {str(file)})
    assert threading.main_thread() not in asked_on


@pytest.mark.skipif(sys.platform == "win32", reason="file names are no bytes there")
def test_a_file_whose_name_is_no_text_is_opened_saved_and_found_again(start: Start, file: Path) -> None:
    other = Path(os.fsdecode(os.fsencode(file.parent) + b"/" + "年报.gxr".encode("gbk")))
    file.rename(other)
    window = start()
    window.open_path(other)
    assert is_editing(window)
    put(window)
    window.acts.save.trigger()
    window.close()
    assert held(other).value(PERSON) == 31
    again = start()
    (recent,) = again.settings.recent
    assert Path(recent.path) == other
    again.start._list.chosen.emit(again.start._list.item(0).data(int(Qt.ItemDataRole.UserRole)).path)
    assert (is_editing(again), again.session.path) == (True, other)
    again.close_report()
    again._renew_recent_menu()
    (entry,) = again.menus.recent.actions()
    entry.trigger()
    assert is_editing(again)


def test_an_odd_file_is_told_in_the_status_bar_and_stays_on_the_start_page(start: Start, file: Path) -> None:
    window = start()
    window.open_path(file)
    odd = file.with_name("奇怪.json")
    odd.touch()
    window.name_odd(set_aside(odd, "模板的对应关系", "要重新核对。"))
    assert "“奇怪.json”读不出来" in told(window)
    window.close_report()
    assert any("“奇怪.json”" in label.text() for label in children(window.start, QLabel))
    buttons(window.start)["知道了"].click()
    assert not any("“奇怪.json”" in label.text() for label in children(window.start, QLabel))


def test_what_could_not_be_moved_is_named_once_and_not_at_the_next_start(start: Start, file: Path) -> None:
    odd = OddFile("恢复记录", "a.journal", "", None, file.with_name("a.journal"), "0123")
    window = start()
    window.name_odd(odd)
    assert any("“a.journal”" in label.text() for label in children(window.start, QLabel))
    window.close()
    again = start()
    again.name_odd(odd)
    assert not any("“a.journal”" in label.text() for label in children(again.start, QLabel))


def test_recoveries_that_uncover_a_bug_do_not_keep_the_window_away(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def bug(_session: Session) -> tuple[Journal, ...]:
        raise RuntimeError("bug")

    monkeypatch.setattr(Session, "recoveries", bug)
    window = start()
    assert window.start.isVisible()
    assert "RuntimeError" in caplog.text


# --- work offered back


def crash(window: MainWindow) -> None:
    """As kill -9 would: what is on the disk stays, nothing is ended."""
    session = window.session
    assert session.flush()
    writer = session._writer
    assert writer is not None
    with writer._change:
        writer._ending = True
        writer._change.notify_all()
    writer._thread.join()
    writer._release()
    session._writer = None
    window._has_report = False


def test_work_that_a_crash_left_is_offered_and_taken_up(start: Start, file: Path) -> None:
    window = start()
    window.open_path(file)
    put(window)
    crash(window)
    again = start()
    recover = buttons(again.start)["恢复"]
    assert NAME in recover.accessibleName()
    recover.click()
    assert is_editing(again)
    assert again.session.report.value(PERSON) == 31
    assert again.isWindowModified()
    assert again.session.path == file
    assert "还没有保存" in told(again)
    again.acts.save.trigger()
    assert held(file).value(PERSON) == 31


def test_what_was_changed_before_a_crash_can_be_looked_at_first(
    start: Start, clerk: Clerk, file: Path
) -> None:
    window = start()
    window.open_path(file)
    put(window)
    crash(window)
    again = start()
    buttons(again.start)["先看改了什么"].click()
    before, after = clerk.said[-1]
    assert (before.value(PERSON), after.value(PERSON)) == (30, 31)
    assert again.start.isVisible()


def test_work_left_by_a_crash_can_become_another_file(
    start: Start, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window = start()
    window.open_path(file)
    put(window)
    crash(window)
    again = start()
    clerk.will(save_as=tmp_path / "副本.gxr")
    buttons(again.start)["另存为副本"].click()
    assert held(tmp_path / "副本.gxr").value(PERSON) == 31
    assert held(file).value(PERSON) == 30


# --- leaving


def test_a_report_without_changes_is_closed_without_a_question(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    window.acts.close.trigger()
    assert window.start.isVisible()
    assert window.windowTitle() == PROGRAM


def test_closing_and_saving_writes_the_file(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.open_path(file)
    put(window)
    clerk.will(ask_save="save")
    assert window.close()
    assert held(file).value(PERSON) == 31


def test_closing_without_saving_leaves_the_file_and_offers_nothing_back(
    start: Start, clerk: Clerk, file: Path
) -> None:
    window = start()
    window.open_path(file)
    put(window)
    clerk.will(ask_save="discard")
    assert window.close()
    assert held(file).value(PERSON) == 30
    assert start().session.recoveries() == ()


def test_who_cancels_stays(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.open_path(file)
    put(window)
    clerk.will(ask_save="cancel")
    assert not window.close()
    window.acts.close.trigger()
    assert window.isVisible()
    assert is_editing(window)
    put(window, 32)
    assert window.session.flush()


def test_a_save_that_was_given_up_or_failed_keeps_the_report_open(
    window: MainWindow, clerk: Clerk, tmp_path: Path
) -> None:
    clerk.will(ask_new_report=NewReport(NAME, AgencyKind.OTHER, 2023), ask_save="save", save_as=None)
    window.acts.new.trigger()
    put(window)
    assert not window.close()
    clerk.will(save_as=tmp_path / "没有的文件夹" / "年报.gxr", ask_not_written="cancel")
    assert not window.close()
    assert clerk.asked[-1] == "ask_not_written"
    assert is_editing(window)


def test_a_closed_window_asks_nothing_when_it_is_closed_again(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.open_path(file)
    put(window)
    clerk.will(ask_save="discard")
    window.close()
    window.close()
    QApplication.closeAllWindows()
    assert clerk.asked.count("ask_save") == 1


def test_closing_takes_in_what_is_being_typed(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.open_path(file)
    table(window).grid.go_to(PERSON)
    type_text("77")
    clerk.will(ask_save="save")
    window.close()
    assert held(file).value(PERSON) == 77


def test_closing_gives_up_a_refused_text_and_nothing_else(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    grid = table(window).grid
    grid.go_to(PERSON)
    type_text("12abc")
    press(Qt.Key.Key_Return)
    assert grid.editor.isVisible()
    assert window.close()
    assert held(file).value(PERSON) == 30


def test_the_window_is_not_closed_under_a_waiting_question(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    put(window)
    question = QDialog(window)

    def close() -> None:
        assert not window.close()
        question.reject()

    QTimer.singleShot(0, close)
    question.exec()
    assert is_editing(window)


# --- saving


def test_saving_says_where_and_the_mark_goes(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    put(window)
    window.acts.save.trigger()
    assert told(window) == f"已保存到 {file}"
    assert not window.isWindowModified()
    assert held(file).value(PERSON) == 31
    assert held(kept_path(file)).value(PERSON) == 30


def test_a_report_without_a_file_is_saved_under_a_name_made_of_its_title(
    window: MainWindow, clerk: Clerk, tmp_path: Path
) -> None:
    clerk.will(ask_new_report=NewReport("甲/乙局", AgencyKind.OTHER, 2023), save_as=tmp_path / "新.gxr")
    window.acts.new.trigger()
    window.acts.save.trigger()
    (_, suggestion, _) = clerk.said[-1]
    assert Path(suggestion).name == "甲／乙局2023年政府信息公开工作年度报告.gxr"
    assert held(tmp_path / "新.gxr").agency == "甲/乙局"
    assert window.windowTitle() == f"[*]新.gxr - {PROGRAM}"


def test_saving_as_goes_on_with_the_new_file(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.open_path(file)
    put(window)
    clerk.will(save_as=tmp_path / "另一份.gxr")
    window.acts.save_as.trigger()
    assert window.session.path == tmp_path / "另一份.gxr"
    assert held(file).value(PERSON) == 30
    put(window, 33)
    window.acts.save.trigger()
    assert held(tmp_path / "另一份.gxr").value(PERSON) == 33


def test_a_name_without_suffix_gets_it_and_replaces_nothing_unasked(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.open_path(file)
    put(window)
    other = file.with_name("别人的.gxr")
    save_report(held(file).with_entry(PERSON, 1), other, None)
    clerk.will(save_as=other.with_suffix(""), ask_replace=False)
    window.acts.save_as.trigger()
    assert held(other).value(PERSON) == 1
    clerk.will(ask_replace=True)
    window.acts.save_as.trigger()
    assert held(other).value(PERSON) == 31
    assert held(kept_path(other)).value(PERSON) == 1


@pytest.fixture
def changed_elsewhere(window: MainWindow, file: Path) -> Path:
    """The open file holds 50 now, the report 31."""
    window.open_path(file)
    put(window)
    save_report(held(file).with_entry(PERSON, 50), file, None)
    return file


def test_a_file_changed_elsewhere_is_left_alone_on_cancelling(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path
) -> None:
    clerk.will(ask_changed_elsewhere="cancel")
    window.acts.save.trigger()
    assert held(changed_elsewhere).value(PERSON) == 50
    assert window.isWindowModified()


def test_a_file_changed_elsewhere_can_be_overwritten_and_is_kept_beside(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path
) -> None:
    clerk.will(ask_changed_elsewhere="overwrite")
    window.acts.save.trigger()
    assert held(changed_elsewhere).value(PERSON) == 31
    assert held(kept_path(changed_elsewhere)).value(PERSON) == 50
    assert told(window).endswith("原来的内容留在 鲁山2022.gxr~")


def test_beside_a_file_changed_elsewhere_another_can_be_saved(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path, tmp_path: Path
) -> None:
    clerk.will(ask_changed_elsewhere="save_as", save_as=tmp_path / "我的.gxr")
    window.acts.save.trigger()
    assert held(changed_elsewhere).value(PERSON) == 50
    assert held(tmp_path / "我的.gxr").value(PERSON) == 31


def test_choosing_the_file_changed_elsewhere_again_still_asks(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path
) -> None:
    clerk.will(ask_changed_elsewhere="cancel", save_as=changed_elsewhere)
    window.acts.save_as.trigger()
    assert held(changed_elsewhere).value(PERSON) == 50


def test_a_file_changed_elsewhere_can_be_read_again_and_undo_leads_back(
    window: MainWindow, clerk: Clerk, changed_elsewhere: Path
) -> None:
    clerk.will(ask_changed_elsewhere="reload")
    window.acts.save.trigger()
    assert window.session.report.value(PERSON) == 50
    assert not window.isWindowModified()
    window.acts.undo.trigger()
    assert window.session.report.value(PERSON) == 31


def test_a_file_that_another_program_holds_is_told_and_the_edits_stay(
    window: MainWindow, clerk: Clerk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_path(file)
    put(window)

    def locked(*_: object) -> None:
        raise PermissionError(13, "locked")

    clerk.will(ask_not_written="cancel")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", locked)
        assert not window.save()
    assert "关闭正在使用它的程序" in clerk.words
    assert window.isWindowModified()
    assert held(file).value(PERSON) == 30


def test_a_file_that_was_held_is_saved_when_it_is_tried_again(
    window: MainWindow, clerk: Clerk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_path(file)
    put(window)
    with monkeypatch.context() as patch:
        patch.setattr("gxeditor.ui.session.save_report", refusing(file))

        def closed(_: object) -> str:
            patch.undo()
            return "again"

        clerk.will(ask_not_written=closed)
        assert window.save()
    assert not window.isWindowModified()
    assert held(file).value(PERSON) == 31
    assert told(window) == f"已保存到 {file}"


def refusing(path: Path) -> Callable[..., str]:
    def save(*_: object) -> str:
        raise not_written(path, PermissionError(13, "locked"), held=True)

    return save


def test_from_a_folder_that_takes_no_file_the_report_goes_to_another(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report on a CD or in a folder of the office that may only be read; the first other place will not do either."""
    window.open_path(file)
    put(window)
    (tmp_path / "文件").write_bytes(b"")
    places = [tmp_path / "文件" / "年报.gxr", tmp_path / "我的年报.gxr"]
    clerk.will(ask_not_written="save_as", save_as=lambda *_: places.pop(0))

    def read_only(path: str, mode: int) -> bool:
        return Path(path) != file

    with monkeypatch.context() as patch:
        patch.setattr(os, "access", read_only)
        assert window.save()
    assert clerk.asked[-4:] == ["ask_not_written", "save_as", "ask_not_written", "save_as"]
    assert held(tmp_path / "我的年报.gxr").value(PERSON) == 31
    assert held(file).value(PERSON) == 30
    assert window.session.path == tmp_path / "我的年报.gxr"


def test_a_folder_that_takes_no_file_is_told_and_the_edits_stay(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.open_path(file)
    put(window)
    (tmp_path / "文件").write_bytes(b"")
    clerk.will(save_as=tmp_path / "文件" / "年报.gxr", ask_not_written="cancel")
    window.acts.save_as.trigger()
    assert clerk.asked[-1] == "ask_not_written"
    assert window.isWindowModified()
    assert window.session.path == file


# --- files that cannot be read


@pytest.fixture
def damaged(file: Path) -> Path:
    """A file cut short, with the version before its last save beside it."""
    path = file.with_name("坏的.gxr")
    save_report(held(file), path, None)
    save_report(held(file).with_entry(PERSON, 40), path, None)
    path.write_bytes(path.read_bytes()[:300])
    return path


def test_a_damaged_file_opens_as_it_was_before_the_last_save(
    window: MainWindow, clerk: Clerk, damaged: Path
) -> None:
    clerk.will(ask_damaged="kept")
    window.open_path(damaged)
    assert clerk.said[-1][1:] == (True, False)
    assert window.session.report.value(PERSON) == 30
    assert window.isWindowModified()
    window.acts.save.trigger()
    assert held(damaged).value(PERSON) == 30


def test_a_damaged_file_is_mended_from_the_journal(start: Start, clerk: Clerk, file: Path) -> None:
    window = start()
    window.open_path(file)
    put(window)
    crash(window)
    file.write_bytes(b"{")
    again = start()
    clerk.will(ask_damaged="journal")
    again.open_path(file)
    assert again.session.report.value(PERSON) == 31


def test_who_leaves_a_damaged_file_alone_keeps_what_is_open(
    window: MainWindow, clerk: Clerk, file: Path, damaged: Path
) -> None:
    clerk.will(ask_damaged="cancel")
    window.open_path(damaged)
    assert window.start.isVisible()
    window.open_path(file)
    put(window)
    window.open_path(damaged)
    assert is_editing(window)
    assert window.session.report.value(PERSON) == 31
    assert "ask_save" not in clerk.asked
    put(window, 32)
    assert window.session.flush()


@pytest.mark.parametrize("name", ["没有.gxr", "没有.txt", "年报.docx"])
def test_what_cannot_be_read_is_told_and_keeps_what_is_open(
    window: MainWindow, clerk: Clerk, file: Path, name: str
) -> None:
    window.open_path(file.with_name(name))
    assert clerk.asked == ["show_error"]
    assert window.start.isVisible()
    window.open_path(file)
    put(window)
    window.open_path(file.with_name(name))
    assert clerk.asked == ["show_error", "show_error"]
    assert is_editing(window)


def test_a_file_that_is_open_is_not_opened_again(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    put(window)
    window.open_path(file.parent / "." / file.name)
    assert window.session.report.value(PERSON) == 31
    assert told(window) == "这份年报已经打开。"


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(QPoint(100, 100), Qt.DropAction.CopyAction, data, LEFT, NO)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(
        QPointF(100, 100),
        Qt.DropAction.CopyAction,
        data,
        LEFT,
        NO,
    )
    QApplication.sendEvent(window, event)
    QApplication.processEvents()


def test_a_file_dropped_on_the_window_is_opened(window: MainWindow, file: Path) -> None:
    drop(window, file)
    assert window.session.path == file
    assert is_editing(window)


def test_a_file_handed_over_waits_until_a_question_is_answered(window: MainWindow, file: Path) -> None:
    question = QDialog(window)

    def hand_over() -> None:
        window.hand_over(file)
        assert not window.has_report
        question.reject()

    QTimer.singleShot(0, hand_over)
    question.exec()
    QTest.qWait(400)
    assert window.session.path == file


# --- importing


def review_button(window: MainWindow, text: str) -> QPushButton:
    assert window._over is not None
    return buttons(window._over)[text]


def test_a_foreign_file_is_reviewed_and_becomes_a_new_report_in_one_step(
    window: MainWindow, clerk: Clerk, sample: Report
) -> None:
    clerk.will(open=resource(SAMPLE))
    window.acts.import_.trigger()
    assert not window.has_report
    assert not window.menus.toolbar.isVisible()
    review_button(window, "导入为新年报").click()
    assert is_editing(window)
    assert window.session.report == sample
    assert window.isWindowModified()
    assert told(window) == "已导入 182 格，可以整体撤销。"
    window.acts.undo.trigger()  # only shows what it would change
    assert window.session.report == sample
    window.acts.undo.trigger()
    assert window.session.report.entries == {}
    assert not window.acts.undo.isEnabled()


def test_an_import_into_the_open_report_is_one_step_and_takes_away_only_what_it_brings(
    window: MainWindow, file: Path, sample: Report, tmp_path: Path
) -> None:
    window.open_path(file)
    session = window.session
    session.edit(session.report.with_fields(signature="办公室", date="2023年1月18日"), "落款")
    before = session.report
    text = tmp_path / "旧.txt"
    text.write_text(resource(SAMPLE).read_text(encoding="utf-8"), encoding="utf-8")
    window.open_path(text)
    review_button(window, "导入到当前年报").click()
    assert session.report.entries == sample.entries
    assert session.report.sections == sample.sections
    assert (session.report.signature, session.report.date) == ("办公室", "2023年1月18日")
    assert session.path == file
    window.acts.undo.trigger()
    assert session.report != before
    window.acts.undo.trigger()
    assert session.report == before


def test_an_import_that_is_given_up_leads_back_to_where_one_was(window: MainWindow, file: Path) -> None:
    window.try_sample()
    review_button(window, "取消").click()
    assert window.start.isVisible()
    window.open_path(file)
    window.try_sample()
    review_button(window, "取消").click()
    assert is_editing(window)
    assert shown(window) == "requests"
    assert window._over is None


def test_a_new_report_from_an_import_asks_for_the_open_one(
    window: MainWindow, clerk: Clerk, file: Path, sample: Report
) -> None:
    window.open_path(file)
    put(window)
    window.try_sample()
    clerk.will(ask_save="cancel")
    review_button(window, "导入为新年报").click()
    assert window.stack.currentWidget() is window._over
    clerk.will(ask_save="save")
    review_button(window, "导入为新年报").click()
    assert held(file).value(PERSON) == 31
    assert window.session.report == sample
    assert window.session.path is None


def test_another_file_may_be_opened_in_the_middle_of_a_review(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    put(window)
    window.try_sample()
    drop(window, resource(SAMPLE))
    review_button(window, "取消").click()
    assert is_editing(window)
    assert window.session.report.value(PERSON) == 31
    window.try_sample()
    window.open_path(file)  # it is open already
    assert is_editing(window)


def test_closing_in_the_middle_of_a_review_asks_only_for_what_is_open(
    window: MainWindow, clerk: Clerk
) -> None:
    window.try_sample()
    assert window.close()
    assert clerk.asked == []


def test_closing_in_the_middle_of_a_review_asks_for_the_report_behind_it(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.open_path(file)
    put(window)
    window.try_sample()
    clerk.will(ask_save="save")
    assert window.close()
    assert held(file).value(PERSON) == 31


# --- exporting


def test_an_export_writes_what_was_chosen(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.open_path(file)
    paths = (tmp_path / "出.pdf", tmp_path / "出.xlsx")
    clerk.will(ask_export=ExportChoice(paths, show_folder=False))
    window.acts.export.trigger()
    report, findings, missing, suggestion = clerk.said[-1]
    assert (report, findings, missing) == (window.session.report, window.session.findings, ())
    assert suggestion == file.parent / f"{NAME}2022年政府信息公开工作年度报告"
    assert paths[0].read_bytes().startswith(b"%PDF")
    assert paths[1].read_bytes().startswith(b"PK")
    assert told(window) == "已导出：出.pdf、出.xlsx"


def test_one_file_that_cannot_be_written_does_not_keep_the_other_back(
    window: MainWindow, clerk: Clerk, file: Path, tmp_path: Path
) -> None:
    window.open_path(file)
    (tmp_path / "出.pdf").mkdir()
    choice = ExportChoice((tmp_path / "出.pdf", tmp_path / "出.xlsx"), show_folder=False)
    clerk.will(ask_export=choice, ask_elsewhere=False)
    window.acts.export.trigger()
    assert clerk.asked[-1] == "ask_elsewhere"
    assert "出.pdf" in clerk.words
    assert (tmp_path / "出.xlsx").is_file()
    assert told(window) == "已导出：出.xlsx"
    clerk.will(ask_elsewhere=True, save_as=tmp_path / "别处")
    window.acts.export.trigger()
    assert (tmp_path / "别处.pdf").read_bytes().startswith(b"%PDF")


def test_open_errors_are_listed_and_forbid_no_export(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.open_path(file)
    put(window)
    clerk.will(ask_export=lambda *asked, **named: clerk.real["ask_export"](window, *asked, **named))

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog):
            QTimer.singleShot(20, answer)  # the faces are still being looked at
            return
        assert "还有 2 个错误，可以先导出，定稿前须处理。" in [one.text() for one in children(dialog, QLabel)]
        (name,) = [one for one in children(dialog, QLineEdit) if one.accessibleName() == "文件名"]
        name.setText("照出")
        buttons(dialog)["仍然导出"].click()

    QTimer.singleShot(0, answer)
    window.acts.export.trigger()
    assert (file.parent / "照出.pdf").is_file()
    assert (file.parent / "照出.xlsx").is_file()


def test_who_wants_to_see_the_errors_first_is_led_to_the_first(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    window.open_path(file)
    put(window)
    window.tabs.setCurrentIndex(0)

    def look(*_: object, show_errors: Callable[[], None], **__: object) -> None:
        show_errors()

    clerk.will(ask_export=look)
    window.acts.export.trigger()
    assert window.panel.is_open
    assert shown(window) == "requests"
    assert window.session.shown is not None
    assert window.session.shown.severity is Severity.ERROR


# --- filling


def test_filling_blanks_lists_the_cells_first_and_is_one_step(
    window: MainWindow, clerk: Clerk, file: Path, form: Form
) -> None:
    window.open_path(file)
    turn_to(window, "disputes")
    before = window.session.report
    blank = [cell for cell in form.section("disputes").table.cells if not cell.is_total]  # type: ignore[union-attr]
    clerk.will(ask_fill_blanks=False)
    window.acts.fill.trigger()
    assert list(clerk.said[-1][0]) == blank
    assert window.session.report is before
    clerk.will(ask_fill_blanks=True)
    window.acts.fill.trigger()
    assert all(window.session.report.value(cell.id) == 0 for cell in blank)
    assert window.session.report.value("disputes.reconsideration.total") == 0
    assert told(window) == f"已把 {len(blank)} 个未填的格填为 0，可以撤销。"
    window.acts.undo.trigger()
    assert window.session.report == before


def test_on_a_page_without_table_the_blanks_of_all_tables_are_listed(
    window: MainWindow, clerk: Clerk, file: Path, form: Form
) -> None:
    window.open_path(file)
    turn_to(window, "overview")
    clerk.will(ask_fill_blanks=False)
    window.acts.fill.trigger()
    assert {cell.section for cell in clerk.said[-1][0]} == {"proactive", "disputes"}


def test_where_nothing_is_blank_nothing_is_asked(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    window.acts.fill.trigger()
    assert told(window) == "没有未填的格。"


def test_all_totals_are_recomputed_in_one_step(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    put(window, 99, "requests.received.total")
    put(window, 98, "requests.handled.granted.total")
    window.acts.recompute.trigger()
    assert window.session.report.value("requests.received.total") == 30
    assert told(window) == "已按明细重算 2 个合计，可以撤销。"
    window.acts.undo.trigger()
    assert window.session.report.value("requests.handled.granted.total") == 98
    window.acts.redo.trigger()
    window.acts.recompute.trigger()
    assert told(window) == "没有与明细不一致的合计。"


def test_a_total_whose_details_are_blank_is_not_said_to_agree_with_them(
    window: MainWindow, file: Path
) -> None:
    window.open_path(file)
    put(window, 99, "requests.received.total")
    window.session.edit(window.session.report.with_entry(PERSON, None), "清除")
    window.acts.recompute.trigger()
    assert window.session.report.value("requests.received.total") == 99
    assert told(window) == "没有与明细不一致的合计。有 1 个手填的合计明细没有填全，没有核对。"


@pytest.mark.parametrize("name", ["甲[*].gxr", "甲[[*]*].gxr", "甲&乙.gxr"])
def test_the_title_holds_the_name_of_the_file_as_it_is(
    window: MainWindow, balanced: Report, tmp_path: Path, name: str
) -> None:
    save_report(balanced, tmp_path / name, None)
    window.open_path(tmp_path / name)
    handle = window.windowHandle()
    assert handle is not None
    assert handle.title().startswith(f"{name} - ")


# --- findings


def test_each_tab_tells_its_errors_and_queries(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    place = window.tabs.keys.index("requests")
    assert window.tabs.accessibleTabName(place) == "三 收到和处理申请"
    put(window)
    assert window.tabs.accessibleTabName(place) == "三 收到和处理申请，2 个错误"
    put(window, "/", COMPANY)  # type: ignore[arg-type]
    assert "处核实" in window.tabs.accessibleTabName(place)


def test_f8_goes_through_all_findings_across_the_tabs_and_back(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    put(window)
    put(window, 5, "disputes.reconsideration.total")
    put(window, 1, "disputes.reconsideration.upheld")
    for cell in ("corrected", "other", "pending"):
        put(window, 0, f"disputes.reconsideration.{cell}")
    turn_to(window, "")
    visited = []
    for _ in range(window.session.findings.count(Severity.ERROR)):
        press(Qt.Key.Key_F8)
        finding = window.session.shown
        assert finding is not None
        assert finding.section == shown(window)
        assert table(window, finding.section).grid.current_cell().id in finding.cells  # type: ignore[union-attr]
        visited.append(finding.section)
    assert visited == sorted(visited, key=window.tabs.keys.index)
    assert set(visited) == {"requests", "disputes"}
    press(Qt.Key.Key_F8, SHIFT)
    assert shown(window) == "requests"


def test_ctrl_f8_shows_the_other_finding_of_a_cell(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    put(window)
    put(window, 99, "requests.received.total")
    grid = table(window).grid
    grid.go_to("requests.received.total")
    press(Qt.Key.Key_F8, CTRL)
    first = window.session.shown
    press(Qt.Key.Key_F8, CTRL)
    assert first is not None
    assert window.session.shown is not None
    assert window.session.shown is not first
    assert grid.current_cell().id == "requests.received.total"  # type: ignore[union-attr]


def test_with_last_year_at_hand_49_rules_are_checked(
    window: MainWindow, clerk: Clerk, balanced: Report, form: Form, tmp_path: Path
) -> None:
    zeros = {c.id: 0 for c in form.cells.values() if not c.is_total and not c.decimals}
    whole = balanced.with_entries({**zeros, **balanced.entries, "proactive.fees.amount": 0})
    save_report(whole, tmp_path / "今年.gxr", None)
    save_report(whole.with_fields(year=2021).with_entry(CARRIED, 5), tmp_path / "去年.gxr", None)
    window.open_path(tmp_path / "今年.gxr")
    assert (window.session.findings.checked, len(window.session.findings.findings)) == (42, 0)
    clerk.will(open=tmp_path / "去年.gxr")
    window.acts.prior.trigger()
    assert window.session.findings.checked == 49
    assert {f.section for f in window.session.findings.findings} == {"requests"}
    page = window.page("")
    assert isinstance(page, BasicPage)
    page.prior_dropped.emit()
    assert window.session.findings.checked == 42


def last_year(balanced: Report, path: Path, **fields: Any) -> Path:
    last = balanced.with_fields(**({"year": (balanced.year or 0) - 1} | fields)).with_entry(CARRIED, 5)
    save_report(last, path, None)
    return path


def test_choosing_a_report_of_another_year_or_agency_is_said_and_can_be_undone(
    window: MainWindow, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path
) -> None:
    window.open_path(file)
    clerk.will(open=last_year(balanced, tmp_path / "2010.gxr", year=2010, agency="汝州市"))
    window.acts.prior.trigger()
    assert clerk.asked[-1] == "show_told"
    assert "选的年报是 2010 年的" in clerk.words
    assert "选的年报单位是“汝州市”" in clerk.words
    assert "7 条跨年关系没有检查：上年年报是 2010 年的" in clerk.words
    assert window.session.prior is not None
    assert window.acts.undo.text() == "撤销(&U) 选择上年年报"
    window.acts.undo.trigger()
    assert isinstance(window.shown_page, BasicPage)
    assert window.undoing.bar.text().startswith("还没有撤销。上一步在这一页：“选择上年年报”")
    window.acts.undo.trigger()
    assert window.session.prior is None


def test_a_fitting_report_of_last_year_is_taken_without_a_question(
    window: MainWindow, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path
) -> None:
    window.open_path(file)
    clerk.will(open=last_year(balanced, tmp_path / "去年.gxr"))
    window.acts.prior.trigger()
    assert "show_told" not in clerk.asked
    assert window._told.text() == "已对照 去年.gxr，核对上年结转；可以撤销。"


def test_a_last_year_s_file_that_changed_is_said_at_opening_and_read_again_on_demand(
    start: Start, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path, qtbot: QtBot
) -> None:
    window = start()
    window.open_path(file)
    path = last_year(balanced, tmp_path / "去年.gxr")
    clerk.will(open=path)
    window.acts.prior.trigger()
    assert window.save()
    window.close_report()
    save_report(filing.read(path).report.with_entry(CARRIED, 6), path, None)
    window.open_path(file)
    qtbot.waitUntil(lambda: "上年年报：原文件已改动" in window._told.text())
    assert window.session.prior is not None
    assert window.session.prior.value(CARRIED) == 5
    page = window.page("")
    assert isinstance(page, BasicPage)
    page.prior_read_asked.emit()
    assert window.session.prior.value(CARRIED) == 6
    assert window.session.modified
    assert page.prior_state.text() == ""


def test_a_last_year_s_file_that_is_gone_is_said_behind_what_was_recovered(
    window: MainWindow, file: Path, balanced: Report, tmp_path: Path, qtbot: QtBot
) -> None:
    kept = filing.as_prior(filing.read(path := last_year(balanced, tmp_path / "去年.gxr")), path)
    save_report(read_report(file, load_form).report.with_prior(kept), file, None)
    path.unlink()
    window.open_path(file)
    window.tell("已恢复上次没有保存的 2 处修改。")
    both = "已恢复上次没有保存的 2 处修改。　上年年报：找不到原文件，用的是存在本年报里的数。"
    qtbot.waitUntil(lambda: window._told.text() == both)


def test_importing_into_a_report_keeps_its_last_year_s(
    window: MainWindow, clerk: Clerk, file: Path, balanced: Report, tmp_path: Path
) -> None:
    window.open_path(file)
    clerk.will(open=last_year(balanced, tmp_path / "去年.gxr"))
    window.acts.prior.trigger()
    kept = window.session.report.prior
    window.import_path(resource(SAMPLE))
    window._import_into_current()
    assert kept is not None
    assert window.session.report.prior is kept


def test_a_prior_report_that_cannot_be_read_is_told(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.open_path(file)
    clerk.will(open=file.with_name("没有.gxr"))
    window.acts.prior.trigger()
    assert clerk.asked[-1] == "show_error"
    clerk.will(open=None)
    window.acts.prior.trigger()
    assert window.session.prior is None


# --- what is remembered


def test_zoom_density_and_colours_are_remembered(start: Start, file: Path) -> None:
    window = start()
    window.open_path(file)
    press(Qt.Key.Key_Plus, CTRL)
    next(a for a in window.menus.densities.actions() if a.data() == "compact").trigger()
    next(a for a in window.menus.schemes.actions() if a.data() == "dark").trigger()
    assert table(window).grid.measures.row == 21  # 19 at 110 %
    assert theme.current().dark
    window.close()
    again = start()
    again.open_path(file)
    assert (again.settings.zoom, again.settings.density, again.settings.colour_scheme) == (
        110,
        "compact",
        "dark",
    )
    assert table(again).grid.measures.row == 21
    assert theme.current().dark
    assert next(a for a in again.menus.schemes.actions() if a.isChecked()).data() == "dark"
    press(Qt.Key.Key_0, CTRL)
    assert again.settings.zoom == 100


def test_zoom_ends_at_its_limits(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    for _ in range(20):
        window.acts.zoom_in.trigger()
    assert window.settings.zoom == 300
    for _ in range(20):
        window.acts.zoom_out.trigger()
    assert window.settings.zoom == 50
    turn_to(window, "overview")
    page = window.shown_page
    assert isinstance(page, ProsePage)
    page.zoom_asked.emit(1)
    assert window.settings.zoom == 60


def test_card_and_list_are_open_or_closed_per_kind_of_page(start: Start, file: Path) -> None:
    window = start()
    window.open_path(file)
    assert not table(window).card.is_open  # a rail below 1440
    window.acts.card.trigger()
    window.acts.panel.trigger()
    turn_to(window, "proactive")
    assert table(window, "proactive").card.is_open
    assert window.panel.is_open
    turn_to(window, "overview")
    page = window.shown_page
    assert isinstance(page, ProsePage)
    assert page.card.is_open  # by itself
    assert not window.panel.is_open
    window.acts.card.trigger()
    turn_to(window, "")
    assert not window.acts.card.isEnabled()
    window.close()
    again = start()
    again.open_path(file)
    assert table(again).card.is_open
    assert again.panel.is_open
    turn_to(again, "problems")
    other = again.shown_page
    assert isinstance(other, ProsePage)
    assert not other.card.is_open


def test_card_and_list_open_by_themselves_where_there_is_room(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    assert (table(window).card.is_open, window.panel.is_open) == (False, False)
    window.resize(1920, 1010)
    assert (table(window).card.is_open, window.panel.is_open) == (True, True)
    window.acts.card.trigger()  # from now on it is as the clerk wants it
    window.resize(1366, 700)
    window.resize(1920, 1010)
    assert (table(window).card.is_open, window.panel.is_open) == (False, True)


def test_settings_that_cannot_be_written_are_said_and_cost_nothing(
    window: MainWindow, file: Path, tmp_path: Path
) -> None:
    window.open_path(file)
    for old in (tmp_path / "config").iterdir():
        old.unlink()
    (tmp_path / "config").rmdir()
    (tmp_path / "config").write_bytes(b"")
    window.acts.zoom_in.trigger()
    assert "程序设置没有保存" in told(window)
    assert is_editing(window)


# --- keys and names


def test_f6_goes_around_table_card_findings_and_tabs(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    window.acts.card.trigger()
    window.acts.panel.trigger()
    page = table(window)
    page.setFocus()
    for pane in (page.card, window.panel, window.tabs, page.grid):
        press(Qt.Key.Key_F6)
        assert pane is focus() or pane.isAncestorOf(focus())


@pytest.mark.parametrize("key", ["", "overview", "requests"])
def test_ctrl_page_down_goes_to_the_next_section_from_anywhere(
    window: MainWindow, file: Path, key: str
) -> None:
    window.open_path(file)
    turn_to(window, key)
    here = window.tabs.currentIndex()
    press(Qt.Key.Key_PageDown, CTRL)
    assert window.tabs.currentIndex() == here + 1
    press(Qt.Key.Key_PageUp, CTRL)
    press(Qt.Key.Key_PageUp, CTRL)
    assert window.tabs.currentIndex() == (here - 1) % 7


def test_a_text_that_is_refused_is_given_up_on_another_tab_and_said(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    table(window).grid.go_to(PERSON)
    type_text("12abc")
    press(Qt.Key.Key_PageDown, CTRL)
    assert shown(window) == "disputes"
    assert "“12abc”没有填入" in told(window)
    assert window.session.report.value(PERSON) == 30


def test_the_commands_of_the_edit_menu_act_on_the_table(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    grid = table(window).grid
    grid.go_to(PERSON)
    command(window, "复制").trigger()
    assert QGuiApplication.clipboard().text().strip() == "30"
    command(window, "清除内容").trigger()
    assert window.session.report.value(PERSON) is None
    command(window, "粘贴").trigger()
    assert window.session.report.value(PERSON) == 30


def test_the_commands_of_the_edit_menu_act_on_the_text_that_has_the_focus(
    window: MainWindow, file: Path
) -> None:
    window.open_path(file)
    turn_to(window, "overview")
    page = window.shown_page
    assert isinstance(page, ProsePage)
    assert not command(window, "清除内容").isEnabled()
    QGuiApplication.clipboard().setText("政府信息公开")
    command(window, "粘贴").trigger()
    assert window.session.report.sections["overview"] == "政府信息公开"
    page.editor.selectAll()
    command(window, "剪切").trigger()
    assert "overview" not in window.session.report.sections
    window.acts.undo.trigger()
    assert page.editor.text() == "政府信息公开"


def command(window: MainWindow, text: str) -> QAction:
    return next(one for one in window.menus.editing if re.split(r"[(\t]", one.text())[0] == text)


def test_undo_goes_back_over_tables_and_texts_alike(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    before = window.session.report
    put(window)
    turn_to(window, "overview")
    type_text("甲乙")
    assert window.session.report.sections["overview"] == "甲乙"
    press(Qt.Key.Key_Z, CTRL)
    press(Qt.Key.Key_Z, CTRL)  # goes to the table
    assert window.session.report != before
    press(Qt.Key.Key_Z, CTRL)
    assert window.session.report == before
    press(Qt.Key.Key_Y, CTRL)
    press(Qt.Key.Key_Y, CTRL)
    assert "overview" not in window.session.report.sections
    press(Qt.Key.Key_Y, CTRL)
    assert window.session.report.sections["overview"] == "甲乙"


def test_a_long_sentence_makes_the_window_no_wider(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    window.resize(QSize(760, 480))
    window.tell("这是一句很长的话。" * 40)
    QApplication.processEvents()
    assert window.width() == 760
    assert window.minimumSizeHint().width() <= 760


def test_whatever_can_have_the_focus_has_a_name(window: MainWindow, file: Path) -> None:
    window.open_path(file)
    window.acts.panel.trigger()
    for key in window.tabs.keys:
        turn_to(window, key)
        if window.acts.card.isEnabled() and not window.acts.card.isChecked():
            window.acts.card.trigger()
        QApplication.processEvents()
        assert nameless(window) == []


def nameless(window: MainWindow) -> list[str]:
    """What the Tab key or a click can reach and a screen reader has no name for."""
    found = []
    for widget in children(window, QWidget):
        reachable = (
            widget.isVisible() and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        )
        if reachable and widget.focusProxy() is None:
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is None or not interface.text(QAccessible.Text.Name).strip():
                found.append(
                    f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
                )
    return found


def test_no_two_commands_answer_to_the_same_keys(window: MainWindow) -> None:
    keys: dict[str, str] = {}
    for action in window.actions():
        for sequence in action.shortcuts():
            word = sequence.toString()
            assert word not in keys, f"{word}: {keys.get(word)}, {action.text()}"
            keys[word] = action.text()
    assert "Ctrl+Shift+0" not in keys  # Windows switches the keyboard with it
    assert "Ctrl+Shift+F" not in keys  # Microsoft Pinyin switches between simplified and traditional


def test_menu_keys_are_not_given_twice(window: MainWindow) -> None:
    def check(where: str, texts: Iterable[str]) -> None:
        letters = [text.partition("(&")[2][:1] for text in texts]
        given = [letter for letter in letters if letter]
        assert len(given) == len(set(given)), f"{where}: {given}"

    bar = window.menuBar().actions()
    check("menu bar", (action.text() for action in bar))
    for entry in bar:
        menu = entry.menu()
        assert isinstance(menu, QMenu)
        check(entry.text(), (action.text() for action in menu.actions()))


# --- trouble


def test_trouble_in_the_background_is_shown(window: MainWindow, clerk: Clerk, file: Path) -> None:
    from gxeditor.core.errors import NotWritten

    window.open_path(file)
    window.session.trouble.emit(NotWritten("刚才的修改没有写进恢复记录。"))
    assert "恢复记录" in clerk.words


def test_a_bug_is_shown_and_the_edits_are_on_the_disk(window: MainWindow, clerk: Clerk, file: Path) -> None:
    window.open_path(file)
    put(window)
    window.show_crash("程序出错")
    assert clerk.asked[-1] == "show_crash"
    writer = window.session._writer
    assert writer is not None
    assert writer.acknowledged == window.session._recorded


def test_help_lists_the_keys_and_says_what_the_program_is(window: MainWindow, clerk: Clerk) -> None:
    window.acts.keys.trigger()
    window.acts.about.trigger()
    assert clerk.asked == ["show_shortcuts", "show_about"]
