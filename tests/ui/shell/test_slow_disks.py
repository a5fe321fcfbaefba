"""A disk that is slow, or does not answer at all: the window lives, nothing typed is lost, and one can give up.

A disk that is slow is `os.fsync` kept from returning; the files are real ones.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from gxeditor.store import journal, report_file
from gxeditor.store.report_file import kept_path, save_report
from gxeditor.ui.shell.window import PROGRAM, MainWindow
from tests.waiting import PATIENCE
from tests.window import (
    CARRIED,
    COMPANY,
    PERSON,
    Clerk,
    Start,
    held,
    is_editing,
    press,
    put,
    save,
    settled,
    table,
    told,
    type_text,
    wait_for_savings,
)


class Disk:
    """Lets nothing reach the disk while it `stops`; `asked` counts who wanted that."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.goes = threading.Event()
        self.goes.set()
        self.asked = 0
        real, window = os.fsync, threading.get_ident()

        def fsync(descriptor: int) -> None:
            if self.folder in os.readlink(f"/proc/self/fd/{descriptor}"):
                assert threading.get_ident() != window, "the window waits for the disk"
                self.asked += 1
                assert self.goes.wait(PATIENCE)
            real(descriptor)

        self.folder = "\0"
        monkeypatch.setattr(os, "fsync", fsync)

    def stops(self, folder: Path) -> None:
        """For files in this folder."""
        self.folder = str(folder)
        self.goes.clear()


pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="which file it is, is asked there")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk(monkeypatch)
    yield disk
    disk.goes.set()


@pytest.fixture
def slow(window: MainWindow, disk: Disk, file: Path) -> Path:
    """A report of the clerk's on a slow disk, changed, and being saved: its file."""
    folder = file.parent / "慢盘"
    folder.mkdir()
    path = folder / file.name
    save_report(held(file), path, None)
    window.files.open_path(path)
    put(window, 31)
    disk.stops(folder)
    window.acts.save.trigger()
    settled(lambda: disk.asked > 0)
    return path


def turns(number: int = 20) -> None:
    """So many turns of the event loop, which a window that waits does not make."""
    made: list[int] = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: made.append(1))
    timer.start()
    settled(lambda: len(made) >= number)


def answer(act: Callable[[QDialog], None]) -> list[str]:
    """What the dialog that comes up says; `act` answers it."""
    met: list[str] = []
    timer = QTimer(QApplication.instance(), interval=5)

    def look() -> None:
        shown = QApplication.activeModalWidget()
        if isinstance(shown, QDialog):
            timer.stop()
            met.append(shown.accessibleDescription())
            act(shown)

    timer.timeout.connect(look)
    timer.start()
    return met


def click(key: str) -> Callable[[QDialog], None]:
    return lambda shown: shown.buttons[key].click()  # type: ignore[attr-defined]


# --- saving


def test_while_the_disk_is_slow_the_window_lives_and_the_title_says_that_it_is_saving(
    window: MainWindow, disk: Disk, slow: Path
) -> None:
    turns()
    assert window.windowTitle() == f"[*]鲁山2022.gxr　正在保存 - {PROGRAM}"
    assert held(slow).value(PERSON) == 30
    disk.goes.set()
    wait_for_savings(window)
    assert window.windowTitle() == f"[*]鲁山2022.gxr - {PROGRAM}"
    assert told(window) == f"已保存到 {slow}"
    assert held(slow).value(PERSON) == 31
    assert held(kept_path(slow)).value(PERSON) == 30


def test_what_is_typed_meanwhile_is_a_change_of_what_was_saved(
    window: MainWindow, disk: Disk, slow: Path
) -> None:
    table(window).grid.go_to(COMPANY)
    type_text("7")
    press(Qt.Key.Key_Return)
    assert window.session.report.value(COMPANY) == 7
    disk.goes.set()
    wait_for_savings(window)
    assert (held(slow).value(PERSON), held(slow).value(COMPANY)) == (31, 0)
    assert window.isWindowModified()
    window.session.undo()
    assert not window.isWindowModified()


def test_text_typed_on_meanwhile_in_the_same_paragraph_is_a_step_of_its_own(
    window: MainWindow, disk: Disk, file: Path
) -> None:
    window.files.open_path(file)
    report = window.session.report
    window.session.edit(report.with_section("overview", "一"), "输入文字", merge_key="overview")
    disk.stops(file.parent)
    window.acts.save.trigger()
    settled(lambda: disk.asked > 0)
    window.session.edit(report.with_section("overview", "一二"), "输入文字", merge_key="overview")
    disk.goes.set()
    wait_for_savings(window)
    assert held(file).sections["overview"] == "一"
    assert window.isWindowModified()
    window.session.undo()
    assert window.session.report.sections["overview"] == "一"
    assert not window.isWindowModified()


def test_who_saves_again_meanwhile_has_the_last_state_in_the_file(
    window: MainWindow, disk: Disk, slow: Path
) -> None:
    for value in (32, 33, 34):
        put(window, value)
        window.acts.save.trigger()
        window.acts.save.trigger()
    assert len(window.session.savings) == 2  # one is written, one waits
    disk.goes.set()
    wait_for_savings(window)
    assert held(slow).value(PERSON) == 34
    assert held(kept_path(slow)).value(PERSON) == 31
    assert not window.isWindowModified()


def test_a_file_changed_elsewhere_is_asked_about_as_ever(
    window: MainWindow, clerk: Clerk, disk: Disk, file: Path
) -> None:
    window.files.open_path(file)
    put(window, 31)
    save_report(held(file).with_entry(PERSON, 50), file, None)
    clerk.will(ask_changed_elsewhere="overwrite")
    save(window)
    settled(lambda: not window.session.savings and not window.isWindowModified())
    assert held(file).value(PERSON) == 31
    assert held(kept_path(file)).value(PERSON) == 50


def test_a_failure_is_asked_about_once_and_what_was_typed_meanwhile_goes_to_the_other_place(
    window: MainWindow, clerk: Clerk, disk: Disk, slow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def full(one: str | Path, other: str | Path) -> None:
        if Path(other) == slow:
            raise OSError(28, "no space left")
        real(one, other)

    monkeypatch.setattr(os, "replace", full)
    put(window, 32)
    window.acts.save.trigger()
    put(window, 33)
    other = tmp_path / "别处.gxr"
    clerk.will(ask_not_written="save_as", save_as=other)
    disk.goes.set()
    settled(lambda: window.session.path == other)
    wait_for_savings(window)
    assert clerk.asked.count("ask_not_written") == 1
    assert "磁盘已满" in str([said for said in clerk.said if said])
    assert held(other).value(PERSON) == 33
    assert held(slow).value(PERSON) == 30


def test_from_a_disk_that_does_not_answer_the_report_goes_to_another(
    window: MainWindow, clerk: Clerk, disk: Disk, slow: Path, tmp_path: Path
) -> None:
    other = tmp_path / "别处.gxr"
    clerk.will(save_as=other)
    window.acts.save_as.trigger()
    settled(lambda: window.session.path == other)
    assert held(other).value(PERSON) == 31
    assert len(window.session.savings) == 1
    put(window, 40)
    disk.goes.set()
    wait_for_savings(window)
    assert window.session.path == other  # the late answer does not take the report back
    assert window.isWindowModified()
    save(window)
    assert (held(other).value(PERSON), held(slow).value(PERSON)) == (40, 31)


# --- closing


def test_closing_waits_with_a_sentence_and_closes_once_it_is_saved(
    window: MainWindow, disk: Disk, slow: Path
) -> None:
    said = answer(lambda _: disk.goes.set())
    assert window.close()
    assert said == ["正在保存“鲁山2022.gxr”，保存好了就关闭。"]
    assert held(slow).value(PERSON) == 31


def test_who_does_not_want_to_wait_goes_back_to_the_report_and_it_is_saved_all_the_same(
    window: MainWindow, disk: Disk, slow: Path
) -> None:
    answer(click("cancel"))
    assert not window.close()
    assert is_editing(window)
    put(window, 32)
    disk.goes.set()
    wait_for_savings(window)
    assert held(slow).value(PERSON) == 31
    assert window.isWindowModified()


def test_who_closes_without_waiting_is_offered_the_work_at_the_next_start(
    window: MainWindow, start: Start, disk: Disk, slow: Path
) -> None:
    put(window, 32)
    answer(click("leave"))
    assert window.close()
    again = start()
    (left,) = again.session.recoveries()
    assert left.report.value(PERSON) == 32
    disk.goes.set()
    settled(lambda: held(slow).value(PERSON) == 31)
    again.files.recover(left)
    assert again.session.report.value(PERSON) == 32
    save(again)
    assert held(slow).value(PERSON) == 32


def test_saving_on_closing_waits_too(window: MainWindow, clerk: Clerk, disk: Disk, file: Path) -> None:
    window.files.open_path(file)
    put(window, 31)
    clerk.will(ask_save="save")
    disk.stops(file.parent)
    answer(lambda _: disk.goes.set())
    assert window.close()
    assert held(file).value(PERSON) == 31


# --- opening


def test_a_file_that_does_not_answer_can_be_given_up(
    window: MainWindow, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.files.open_path(file)
    put(window, 31)
    answers = threading.Event()

    def dead(path: Path) -> bool:
        assert answers.wait(PATIENCE)
        return True

    def give_up(shown: QDialog) -> None:
        turns()
        click("cancel")(shown)

    with monkeypatch.context() as patch:
        patch.setattr(report_file, "begins_as_own", dead)
        said = answer(give_up)
        window.files.open_path(file.with_name("别的.gxr"))
    assert said == ["正在打开 别的.gxr…"]
    assert is_editing(window)
    assert window.session.report.value(PERSON) == 31
    answers.set()


def test_work_whose_file_does_not_answer_stays_offered(
    start: Start, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    window.files.open_path(file)
    put(window, 31)
    window.session.close()
    window.forget_report()
    again = start()
    (left,) = again.session.recoveries()
    answers = threading.Event()

    def dead(path: Path) -> str:
        assert answers.wait(PATIENCE)
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(journal, "sha256_of", dead)
        answer(click("cancel"))
        again.files.recover(left)
    assert again.start.isVisible()
    assert len(again.session.recoveries()) == 1
    answers.set()


def test_recoveries_are_offered_when_they_come_and_the_window_lives_until_then(
    start: Start, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    window.files.open_path(file)
    put(window, 31)
    window.session.close()
    window.forget_report()
    real, goes = journal.unfinished, threading.Event()

    def slow(*arguments: object, **named: object) -> object:
        assert goes.wait(PATIENCE)
        return real(*arguments, **named)  # type: ignore[arg-type]

    again = start()
    monkeypatch.setattr(journal, "unfinished", slow)
    again.show_start()
    turns()
    assert again.is_collecting
    assert again.start._recoveries.isHidden()
    goes.set()
    settled(lambda: not again.is_collecting)
    assert not again.start._recoveries.isHidden()


# --- a journal that cannot be written


def test_that_edits_are_not_kept_is_said_for_as_long_as_it_lasts(
    window: MainWindow, clerk: Clerk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "RETRY", 0.02)
    window.files.open_path(file)
    put(window, 31)
    settled(lambda: "已自动保留" in window._kept.text())
    real = os.fsync

    def full(descriptor: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    put(window, 32)
    settled(lambda: window._not_kept is not None and window._not_kept.isVisible())
    shown = window._not_kept
    assert shown is not None
    assert shown.text() == "修改没有自动保留"
    assert "断电" in shown.toolTip()
    assert window._kept.isHidden()
    assert shown.menu().actions() == [window.acts.save, window.acts.save_as]
    put(window, 33)
    turns()
    assert shown.isVisible()
    assert clerk.asked.count("show_error") == 1
    monkeypatch.setattr(os, "fsync", real)
    settled(lambda: not shown.isVisible())
    settled(lambda: not window._kept.isHidden() and window.session._writer is not None)
    put(window, 34)
    assert window.session.flush()


def test_another_report_does_not_inherit_that_edits_are_not_kept(
    window: MainWindow, clerk: Clerk, file: Path
) -> None:
    journals = window.session._journals
    assert journals is not None
    window.files.open_path(file)
    journals.parent.mkdir(parents=True, exist_ok=True)
    journals.write_text("a file in place of the folder", encoding="utf-8")
    put(window, 31, CARRIED)
    settled(lambda: window._not_kept is not None and window._not_kept.isVisible())
    clerk.will(ask_save="discard")
    window.acts.close.trigger()
    assert window.session.not_kept is None
    assert window._not_kept is not None
    assert window._not_kept.isHidden()
