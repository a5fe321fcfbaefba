"""Work on another thread: what comes back, in which thread, and that nothing stays behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor import crash
from gxeditor.core.errors import GxError, NotWritten
from gxeditor.ui.look import tasks
from gxeditor.ui.look.tasks import LastWish, Task, Work
from tests.waiting import PATIENCE, until


@pytest.fixture(autouse=True)
def ended(qapp: QApplication) -> Iterator[None]:
    before = threading.active_count()
    yield
    tasks.stop_all()
    assert threading.active_count() == before
    assert not tasks._running


def patient(work: Work) -> None:
    while True:
        work.stop_if_cancelled()
        time.sleep(0.005)


def test_a_result_comes_back_in_the_thread_of_the_window() -> None:
    worked_in: list[int] = []
    heard: list[object] = []

    def function(work: Work) -> str:
        worked_in.append(threading.get_ident())
        return "好了"

    task = Task(function)
    task.done.connect(lambda result: heard.extend((result, threading.get_ident())))
    assert task.start().wait()
    assert heard == ["好了", threading.get_ident()]
    assert worked_in[0] != threading.get_ident()


def test_progress_is_told_in_order() -> None:
    heard: list[tuple[int, int, str]] = []

    def function(work: Work) -> None:
        for step in range(3):
            work.advance(step, 3, f"第 {step + 1} 页")

    task = Task(function)
    task.advanced.connect(lambda done, of, what: heard.append((done, of, what)))
    task.start().wait()
    assert heard == [(0, 3, "第 1 页"), (1, 3, "第 2 页"), (2, 3, "第 3 页")]


def test_trouble_comes_back_as_it_was_raised() -> None:
    error = NotWritten("没有写成。")
    heard: list[GxError] = []

    def function(work: Work) -> None:
        raise error

    task = Task(function)
    task.failed.connect(heard.append)
    task.done.connect(heard.append)
    task.start().wait()
    assert heard == [error]


def test_a_cancelled_task_says_only_that_it_has_ended() -> None:
    heard: list[str] = []
    task = Task(patient)
    task.done.connect(lambda _: heard.append("done"))
    task.failed.connect(lambda _: heard.append("failed"))
    task.ended.connect(lambda: heard.append("ended"))
    task.start()
    assert not task.wait(20)
    task.cancel()
    assert task.wait(PATIENCE * 1000)
    assert heard == ["ended"]


def test_a_result_that_came_too_late_to_be_wanted_is_dropped() -> None:
    heard: list[object] = []
    task = Task(lambda work: "旧的")
    task.done.connect(heard.append)
    task.start()
    task._thread.join()  # the result lies in the queue
    task.cancel()
    task.wait()
    assert heard == []


def test_a_bug_reaches_the_crash_report_and_the_task_ends(tmp_path: Path) -> None:
    log = crash.install(tmp_path)
    texts: list[str] = []
    log.on_crash = texts.append

    def function(work: Work) -> None:
        raise ZeroDivisionError

    try:
        task = Task(function)
        assert task.start().wait(PATIENCE * 1000)
    finally:
        log.close()
    assert "ZeroDivisionError" in texts[0]
    assert "程序出错" in texts[0]


def test_the_window_lives_while_a_task_is_waited_for() -> None:
    ticks: list[int] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    Task(lambda work: time.sleep(0.1)).start().wait()
    assert len(ticks) >= 3


def test_the_end_of_the_program_leaves_no_thread_and_nothing_to_be_heard(qtbot: QtBot) -> None:
    heard: list[str] = []
    for _ in range(3):
        task = Task(patient)
        task.ended.connect(lambda: heard.append("ended"))
        task.start()
    tasks.stop_all()
    QApplication.processEvents()
    assert heard == []


# --- the last wish


class Kitchen:
    """Work that takes until it is let go; `begun` are the wishes that were begun, `served` what came back."""

    def __init__(self, patience: int = 60_000) -> None:
        self.go = threading.Event()
        self.begun: list[str] = []
        self.served: list[object] = []
        self.ended = 0
        self.wishes = LastWish(patience)
        self.wishes.done.connect(self.served.append)
        self.wishes.ended.connect(self._ended)

    def _ended(self) -> None:
        self.ended += 1

    def want(self, dish: str) -> None:
        def make(_: object) -> str:
            self.begun.append(dish)
            until(self.go.is_set)
            return dish

        self.wishes.want(make)


@pytest.fixture
def kitchen() -> Iterator[Kitchen]:
    kitchen = Kitchen()
    yield kitchen
    kitchen.go.set()


def test_of_many_wishes_the_last_one_is_served_and_those_between_are_never_begun(
    qtbot: QtBot, kitchen: Kitchen
) -> None:
    for dish in ("一", "二", "三"):
        kitchen.want(dish)
    kitchen.go.set()
    qtbot.waitUntil(lambda: kitchen.ended == 1)
    assert kitchen.served == ["三"]
    assert kitchen.begun == ["一", "三"]
    kitchen.want("四")
    qtbot.waitUntil(lambda: kitchen.ended == 2)
    assert kitchen.served == ["三", "四"]


def test_a_wish_that_is_given_up_is_never_served(qtbot: QtBot, kitchen: Kitchen) -> None:
    kitchen.want("一")
    kitchen.wishes.give_up()
    kitchen.go.set()
    qtbot.waitUntil(lambda: kitchen.ended == 1)
    assert kitchen.served == []
    kitchen.want("二")
    qtbot.waitUntil(lambda: kitchen.served == ["二"])


def test_a_wish_that_takes_long_is_told_once(qtbot: QtBot) -> None:
    kitchen = Kitchen(patience=0)
    told: list[bool] = []
    kitchen.wishes.slow.connect(lambda: told.append(True))
    kitchen.want("一")
    qtbot.waitUntil(lambda: bool(told))
    assert kitchen.served == []
    kitchen.go.set()
    qtbot.waitUntil(lambda: kitchen.ended == 1)
    assert told == [True]


def test_after_a_bug_the_next_wish_is_served(
    qtbot: QtBot, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    kitchen.wishes.want(lambda _: 1 // 0)
    qtbot.waitUntil(lambda: kitchen.ended == 1)
    assert kitchen.served == []
    kitchen.want("一")
    kitchen.go.set()
    qtbot.waitUntil(lambda: kitchen.served == ["一"])
    qtbot.waitUntil(lambda: kitchen.ended == 2)
