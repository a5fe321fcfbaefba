"""A dialog: what it says, what each button and key answers, waiting, and that nothing is cut off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QProgressBar,
)

from gxeditor.core.errors import NotWritten
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import Choice, ask_elsewhere, ask_less, show_error, show_told, wait_for
from gxeditor.ui.look.tasks import Task, Work
from tests.dialogs import (
    DAMAGED,
    HELD,
    all_of,
    assert_nothing_is_cut_off,
    key,
    press,
    within,
    words,
)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.apply_theme(qapp, "light")
    yield
    theme.apply_theme(qapp, "light")


def test_an_error_is_told_in_full_and_can_be_copied() -> None:
    error = NotWritten(
        "文件正被 Excel 占用，没有保存。", "修改仍在这里。", "请关闭 Excel 中的这个文件后再保存。"
    )

    def act(dialog: QDialog) -> None:
        assert words(dialog).splitlines() == [error.what, error.meaning, error.remedy]
        press("复制这段话")(dialog)
        assert dialog.isVisible()

    within(act, lambda: show_error(None, error))
    assert QGuiApplication.clipboard().text() == str(error)


def test_what_a_step_filled_is_told_line_by_line() -> None:
    def act(dialog: QDialog) -> None:
        assert words(dialog).splitlines() == ["带过来的内容", "单位：甲局", "上年结转：6 格"]

    within(act, lambda: show_told(None, "带过来的内容", ["单位：甲局", "上年结转：6 格"]))


@pytest.mark.parametrize(("word", "again"), [("另存为…", True), ("不写这个文件", False)])
def test_a_file_that_could_not_be_written_can_go_elsewhere(word: str, again: bool) -> None:
    error = NotWritten("“a.docx”正被别的程序占用，没有写出。", "", "请关闭它，或另存为别的名字。")

    def act(dialog: QDialog) -> None:
        assert error.what in words(dialog)
        press(word)(dialog)

    assert within(act, lambda: ask_elsewhere(None, error)) is again


def test_long_work_shows_how_far_it_is_and_can_be_given_up() -> None:
    heard: list[object] = []

    def function(work: Work) -> None:
        work.advance(1, 4, "第 2 页，共 4 页")
        while True:
            work.stop_if_cancelled()
            time.sleep(0.005)

    task = Task(function)
    task.done.connect(heard.append)

    def give_up() -> None:
        dialog = QApplication.activeModalWidget()
        bars = all_of(dialog, QProgressBar) if isinstance(dialog, QDialog) else []
        if not bars or bars[0].maximum() != 4:  # it is not shown yet, or the work has not begun
            QTimer.singleShot(20, give_up)
            return
        assert isinstance(dialog, QDialog)
        (bar,) = bars
        assert (bar.value(), bar.maximum()) == (1, 4)
        assert "第 2 页，共 4 页" in words(dialog)
        key(Qt.Key.Key_Escape)(dialog)
        assert "正在取消…" in words(dialog)

    QTimer.singleShot(0, give_up)
    wait_for(None, "打印", task)
    assert not task.is_running
    assert heard == []


def test_short_work_shows_nothing() -> None:
    heard: list[object] = []
    task = Task(lambda _work: "好了")
    task.done.connect(heard.append)
    wait_for(None, "导出", task)
    assert heard == ["好了"]
    assert QApplication.activeModalWidget() is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["error", "elsewhere", "told"])
def test_nothing_is_cut_off_and_everything_has_a_name(
    name: str, scheme: theme.Scheme, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, scheme)
    calls: dict[str, Callable[[], object]] = {
        "error": lambda: show_error(None, DAMAGED),
        "elsewhere": lambda: ask_elsewhere(None, HELD),
        "told": lambda: show_told(None, "带过来的内容", ["一句话"] * 40),
    }
    assert_nothing_is_cut_off(calls[name])


LOSSES = [
    (f"{n}", f"表三第 {n} 行现在有数的 {n} 格文件里没有读到，会变为未填，请看一看要不要保留。")
    for n in range(60)
]


@pytest.mark.parametrize("number", [1, 60])
def test_of_what_gets_less_any_number_of_lines_fits_the_screen(number: int) -> None:
    def ask() -> frozenset[str] | None:
        return ask_less(
            None, "导入会变少", "哪些保留？", LOSSES[:number], Choice("import", "填入", primary=True)
        )

    assert_nothing_is_cut_off(ask)

    def last(dialog: QDialog) -> None:
        tick = all_of(dialog, QCheckBox)[-1]
        dialog.activateWindow()
        tick.setFocus(Qt.FocusReason.BacktabFocusReason)
        QApplication.processEvents()
        assert not tick.visibleRegion().isEmpty()  # scrolled to
        QTest.keyClick(tick, Qt.Key.Key_Space)
        press("填入")(dialog)

    kept: list[frozenset[str] | None] = []
    within(last, lambda: kept.append(ask()))
    assert kept == [frozenset(key for key, _ in LOSSES[: number - 1])]
