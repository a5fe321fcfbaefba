"""Waiting for a file that is read in the child: what is shown, giving up, the newest wish, and what a failure says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from gxeditor import crash, worker
from gxeditor.core.errors import GxError, Unfinished, UnreadableSource
from gxeditor.ui.importing import reading
from gxeditor.ui.importing.reading import Reading, ask_failed, ask_unit, ask_year, wait_for_child
from gxeditor.ui.look import tasks
from gxeditor.ui.look.tasks import Task
from gxeditor.worker import Step
from tests.dialogs import all_of, assert_nothing_is_cut_off, buttons, press, within, word, words
from tests.test_worker import divide, fail, given_back, hang, hang_and_leave
from tests.waiting import until

FILE = Path("青溪县教育局2024年年报.pdf")
SCANNED = UnreadableSource(
    "“2024年报扫描件.pdf”是扫描的图片，里面没有文字，程序认不出图片里的数字。",
    "没有读入任何内容。",
    "向经办人要 Word 或 Excel 原件，再导入；从网站上打开这份年报，复制整页，在这里粘贴。",
)


@pytest.fixture(autouse=True)
def ended(qapp: QApplication) -> Iterator[None]:
    yield
    tasks.stop_all()
    assert reading._under_way is None


@pytest.fixture
def shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOMENT", 0)


def wait(function: Callable[..., object], *arguments: object, has_report: bool = True) -> object:
    return wait_for_child(None, FILE, function, *arguments, has_report=has_report, doing=f"读“{FILE.name}”")


def meanwhile(act: Callable[[QDialog], None], call: Callable[[], object]) -> object:
    """As `within`, for a dialog that takes a moment to come."""
    met: list[QDialog] = []

    def look() -> None:
        shown = QApplication.activeModalWidget()
        if not isinstance(shown, QDialog):
            QTimer.singleShot(5, look)
            return
        met.append(shown)
        act(shown)
        if shown.isVisible():
            shown.reject()

    QTimer.singleShot(0, look)
    answer = call()
    assert met
    return answer


def rows(dialog: Reading) -> list[tuple[str, str, str]]:
    found = [(mark.text(), part.text(), count.text()) for mark, part, count in dialog.lines]
    return [row for row in found if row != (" ", " ", " ")]


def test_a_result_comes_back_and_nothing_is_shown_for_a_short_wait(qapp: QApplication) -> None:
    assert wait(given_back, ("表三", 175)) == ("表三", 175)
    assert QApplication.activeModalWidget() is None


def test_trouble_is_raised_and_a_bug_is_reported_as_one(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource) as caught:
        wait(fail, SCANNED)
    assert caught.value.remedy == SCANNED.remedy
    log = crash.install(tmp_path)
    reports: list[str] = []
    log.on_crash = reports.append
    try:
        assert wait(divide, 0) is None
    finally:
        log.close()
    assert "程序出错" in reports[0]
    assert "ZeroDivisionError" in reports[0]


@pytest.mark.usefixtures("shown_at_once")
def test_a_long_wait_says_what_is_read_and_can_be_given_up(qtbot: QtBot, tmp_path: Path) -> None:
    there = tmp_path / "there"
    seen: list[str] = []

    def give_up(dialog: QDialog) -> None:
        until(there.exists)
        seen.append(words(dialog))
        assert buttons(dialog) == ["取消"]
        press("取消")(dialog)
        # What is given up is gone in a moment; the dialog goes with it.
        qtbot.waitUntil(lambda: not dialog.isVisible())

    assert meanwhile(give_up, lambda: wait(hang_and_leave, str(there))) is None
    assert f"正在读 {FILE.name}" in seen[0]
    assert "已用 0 秒，最多 10 秒。当前年报不会变。" in seen[0]


@pytest.mark.usefixtures("shown_at_once")
def test_where_no_report_is_open_nothing_is_said_of_one(qapp: QApplication, tmp_path: Path) -> None:
    seen: list[str] = []

    def look(dialog: QDialog) -> None:
        seen.append(words(dialog))

    meanwhile(look, lambda: wait(hang, has_report=False))
    assert "最多 10 秒。" in seen[0]
    assert "当前年报" not in seen[0]


def test_steps_are_shown_with_their_counts_and_those_done_are_ticked(qapp: QApplication) -> None:
    dialog = Reading(None, FILE.name, Task(lambda work: None), has_report=True)
    dialog._heard("PDF 文件，5 页")
    for step in (
        Step("找到正文", 5, 5, "页"),
        Step("表二", 10, 10, "格"),
        Step("表三", 90, 175, "格"),
        Step("表三", 112, 175, "格"),
    ):
        dialog._heard(step)
    assert dialog.kind.text() == "PDF 文件，5 页"
    assert rows(dialog) == [("✓", "找到正文", "5 页"), ("✓", "表二", "10 格"), ("›", "表三", "112 / 175 格")]
    assert (dialog.bar.value(), dialog.bar.maximum()) == (112, 175)
    dialog._heard(Step("表四"))
    dialog._heard(Step("文字", 3, 0, "段"))
    assert rows(dialog) == [
        ("✓", "表二", "10 格"),
        ("›", "表三", "112 / 175 格"),
        ("›", "表四", " "),
        ("›", "文字", "3 段"),
    ]
    assert dialog.bar.maximum() == 0
    dialog.deleteLater()


def test_the_window_lives_while_a_file_is_read(qapp: QApplication, tmp_path: Path) -> None:
    ticks: list[int] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    with pytest.raises(Unfinished):
        wait_for_child(None, FILE, hang, has_report=True, doing="", seconds=0.2)
    assert len(ticks) >= 3


def test_the_newest_wish_counts(qapp: QApplication, tmp_path: Path) -> None:
    """A second start may hand its file over while the first is being read."""
    newer: list[object] = []
    there = tmp_path / "there"

    def wish() -> None:
        if there.exists():
            newer.append(wait(given_back, "新的"))
        else:
            QTimer.singleShot(10, wish)

    QTimer.singleShot(0, wish)
    assert wait(hang_and_leave, str(there)) is None
    assert newer == ["新的"]


def test_a_failure_says_what_it_is_and_what_can_be_done(qapp: QApplication) -> None:
    seen: list[str] = []

    def another(dialog: QDialog) -> None:
        seen.append(words(dialog))
        assert buttons(dialog) == ["复制这段说明", "关闭", "换一个文件…"]
        press("复制这段说明")(dialog)
        press("换一个文件…")(dialog)

    assert within(another, lambda: ask_failed(None, SCANNED, has_report=True)) is True
    assert seen[0].split("\n") == [
        "没有读成，当前年报没有变",
        SCANNED.what,
        "可以这样做",
        "· 向经办人要 Word 或 Excel 原件，再导入。",
        "· 从网站上打开这份年报，复制整页，在这里粘贴。",
    ]
    assert QGuiApplication.clipboard().text() == f"没有读成，当前年报没有变。{SCANNED}"
    assert within(press("关闭"), lambda: ask_failed(None, SCANNED, has_report=True)) is False


def test_without_an_open_report_a_failure_says_that_nothing_was_read(qapp: QApplication) -> None:
    seen: list[str] = []
    within(lambda dialog: seen.append(words(dialog)), lambda: ask_failed(None, SCANNED, has_report=False))
    assert "当前年报" not in seen[0]
    assert "没有读入任何内容。" in seen[0]


@pytest.mark.parametrize(
    "error",
    [SCANNED, GxError("打不开。"), Unfinished("读“" + "很长的名字" * 30 + "”时停止了。", "", "请重试。")],
)
def test_nothing_of_a_failure_is_cut_off(qapp: QApplication, error: GxError) -> None:
    assert_nothing_is_cut_off(lambda: ask_failed(None, error, has_report=True))


def test_a_long_name_fits(qapp: QApplication) -> None:
    dialog = Reading(None, "很长的名字" * 30 + ".pdf", Task(lambda work: None), has_report=True)
    dialog.show()
    for label in all_of(dialog, QLabel):
        if label.isVisible() and label.text().strip():
            assert label.height() >= label.heightForWidth(label.width())
    dialog.close()
    dialog.deleteLater()


def test_without_a_child_the_file_is_read_all_the_same(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = worker.Worker()
    monkeypatch.setattr(worker, "_shared", alone)
    monkeypatch.setattr(worker, "command", lambda _: ["/there/is/no/such/program"])
    assert wait(given_back, "好了") == "好了"
    assert alone.pid is None


# --- which one of several

UNITS = (
    "鲁山县财政局", "鲁山县民政局", "鲁山县水利局", "鲁山县审计局", "鲁山县司法局", "鲁山县教育体育局",
    "鲁山县农业农村局", "鲁山县交通运输局", "鲁山县文化旅游局",
)  # fmt: skip


def test_of_several_years_the_likely_one_is_the_first_choice(qapp: QApplication) -> None:
    seen: list[str] = []

    def act(dialog: QDialog) -> None:
        (listed,) = all_of(dialog, QListWidget)
        seen.extend(listed.item(row).text() for row in range(listed.count()))
        assert "这个文件里有 2022、2023 和 2024 三年，读哪一年？" in words(dialog)
        press("读入")(dialog)

    assert within(act, lambda: ask_year(None, "几年.xlsx", (2022, 2023, 2024), 2023)) == 2023
    assert seen == ["2024 年", "2023 年", "2022 年"]
    assert within(press("取消"), lambda: ask_year(None, "几年.xlsx", (2023, 2024), None)) is None
    assert within(press("读入"), lambda: ask_year(None, "几年.xlsx", (2023, 2024), 1999)) == 2024


def test_a_unit_is_found_by_a_part_of_its_name(qapp: QApplication) -> None:
    def act(dialog: QDialog) -> None:
        assert "这张汇总表里有 9 个单位，读哪一个？" in words(dialog)
        (sought,), (listed,) = all_of(dialog, QLineEdit), all_of(dialog, QListWidget)
        sought.setText("没有的")
        (read,) = [button for button in all_of(dialog, QPushButton) if word(button) == "读入"]
        assert not read.isEnabled()
        assert "没有含这几个字的名称。" in words(dialog)
        sought.setText("文")
        shown = [listed.item(row).text() for row in range(listed.count()) if not listed.item(row).isHidden()]
        assert shown == ["鲁山县文化旅游局"]
        press("读入")(dialog)

    assert within(act, lambda: ask_unit(None, "汇总.xlsx", UNITS, "")) == "鲁山县文化旅游局"


def test_the_own_unit_is_the_first_choice_and_arrows_go_on_from_it(qapp: QApplication) -> None:
    assert within(press("读入"), lambda: ask_unit(None, "汇总.xlsx", UNITS, UNITS[2])) == UNITS[2]

    def act(dialog: QDialog) -> None:
        (sought,) = all_of(dialog, QLineEdit)
        QTest.keyClick(sought, Qt.Key.Key_Down)
        QTest.keyClick(sought, Qt.Key.Key_Return)

    assert within(act, lambda: ask_unit(None, "汇总.xlsx", UNITS, UNITS[2])) == UNITS[3]


@pytest.mark.parametrize("units", [UNITS, UNITS[:2], ("很长的名字" * 20, "另一个")])
def test_nothing_of_the_question_which_unit_is_cut_off(qapp: QApplication, units: tuple[str, ...]) -> None:
    assert_nothing_is_cut_off(lambda: ask_unit(None, "汇总.xlsx", units, units[0]))
