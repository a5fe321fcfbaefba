"""The start page: what it lists, what it asks for, and that nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gxeditor.settings import RecentFile
from gxeditor.ui.look import theme
from gxeditor.ui.shell.start import RecoveryLine, StartPage, said_when

W = TypeVar("W", bound=QWidget)
NOW = datetime(2023, 1, 12, 10, 0)
OFFICE = RecentFile(r"D:\年报\办公室2022.gxr", "鲁山县人民政府办公室", 2022, 3, 1, "2023-01-12T09:41:00")
CHECKED = ("表格 42 条相等；跨年 7 条未检查；正文未检查；第六部分未写", "跨年 7 条、正文未检查；第六部分未写")
SCHOOLS = RecentFile(
    r"D:\年报\教体局2022.gxr", "鲁山县教育体育局", 2022, 0, 0, "2023-01-11T16:20:00", CHECKED
)
WATER = RecentFile("/年报/水利局2021.gxr", "鲁山县水利局", 2021, 0, 2, "2022-01-18T08:00:00")
UNNAMED = RecentFile(r"\\192.168.1.20\年报\草稿.gxr", "", None, 0, 0, "")
FILES = (OFFICE, SCHOOLS, WATER, UNNAMED)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> StartPage:
    theme.apply_theme(qapp, "light")
    page = StartPage()
    qtbot.addWidget(page)
    page.resize(1366, 662)
    page.show()
    return page


@pytest.fixture
def listed(page: StartPage) -> StartPage:
    page.set_recent(FILES, {WATER.path}, NOW)
    return page


def all_of(parent: QWidget, kind: type[W]) -> list[W]:
    children: Iterable[QWidget] = parent.findChildren(QWidget)
    return [child for child in children if isinstance(child, kind)]


def rows(page: StartPage) -> QListWidget:
    return all_of(page, QListWidget)[0]


def spoken(page: StartPage) -> list[str]:
    """What a screen reader says of each row in view."""
    found = rows(page)
    items = [found.item(row) for row in range(found.count())]
    return [i.data(Qt.ItemDataRole.AccessibleTextRole) for i in items if not i.isHidden()]


def texts(page: StartPage) -> list[str]:
    return [label.text() for label in all_of(page, QLabel) if label.isVisible()]


def button(page: StartPage, text: str) -> QAbstractButton:
    return next(b for b in all_of(page, QAbstractButton) if b.text() == text and b.isVisible())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("从去年新建", "new_from_prior"), ("新建空白年报", "new_blank"), ("打开", "open_file"),
        ("从旧年报导入", "import_file"),
    ],
)  # fmt: skip
def test_enter_and_space_open_what_an_entry_names(
    page: StartPage, qtbot: QtBot, text: str, signal: str, key: Qt.Key
) -> None:
    entry = button(page, text)
    entry.setFocus()
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.keyClick(entry, key)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2023, 1, 12, 9, 41), "今天 09:41"),
        (datetime(2023, 1, 11, 23, 59), "昨天 23:59"),
        (datetime(2023, 1, 10, 0, 1), "1 月 10 日"),
        (datetime(2022, 12, 31, 12, 0), "2022 年 12 月 31 日"),
    ],
)
def test_a_moment_is_told_as_one_says_it(moment: datetime, said: str) -> None:
    assert said_when(moment, NOW) == said


def test_each_file_is_told_with_findings_what_was_checked_time_and_place(listed: StartPage) -> None:
    assert spoken(listed) == [
        "鲁山县人民政府办公室 2022 年，3 个错误，1 处核实，今天 09:41，D:\\年报\\办公室2022.gxr",
        f"鲁山县教育体育局 2022 年，{CHECKED[0]}，昨天 16:20，D:\\年报\\教体局2022.gxr",
        "鲁山县水利局 2021 年，文件不在原处，2022 年 1 月 18 日，/年报/水利局2021.gxr",
        "草稿.gxr，\\\\192.168.1.20\\年报\\草稿.gxr",
    ]


def test_the_search_keeps_the_rows_that_hold_every_word(listed: StartPage, qtbot: QtBot) -> None:
    search = all_of(listed, QLineEdit)[0]
    search.setText("鲁山县 2021")
    assert [line[:6] for line in spoken(listed)] == ["鲁山县水利局"]
    search.setText("没有的单位")
    assert "没有找到“没有的单位”。" in texts(listed)
    assert not rows(listed).isVisible()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert len(spoken(listed)) == 4


def test_enter_in_the_search_opens_what_was_found(listed: StartPage, qtbot: QtBot) -> None:
    search = all_of(listed, QLineEdit)[0]
    search.setText("水利局")
    with qtbot.waitSignal(listed.open_recent) as opened:
        QTest.keyClick(search, Qt.Key.Key_Return)
    assert opened.args == [WATER.path]


def test_arrows_and_enter_open_a_file(listed: StartPage, qtbot: QtBot) -> None:
    listed.setFocus()
    assert listed.focusProxy() is rows(listed)
    QTest.keyClick(rows(listed), Qt.Key.Key_Down)
    with qtbot.waitSignal(listed.open_recent) as opened:
        QTest.keyClick(rows(listed), Qt.Key.Key_Return)
    assert opened.args == [SCHOOLS.path]


def test_one_click_opens_a_file(listed: StartPage, qtbot: QtBot) -> None:
    found = rows(listed)
    middle = found.visualItemRect(found.item(2)).center()
    with qtbot.waitSignal(listed.open_recent) as opened:
        QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert opened.args == [WATER.path]


def test_delete_takes_a_file_off_the_list_and_stays_at_the_place(listed: StartPage, qtbot: QtBot) -> None:
    rows(listed).setCurrentRow(1)
    with qtbot.waitSignal(listed.forget_recent) as forgotten:
        QTest.keyClick(rows(listed), Qt.Key.Key_Delete)
    assert forgotten.args == [SCHOOLS.path]
    listed.set_recent((OFFICE, WATER, UNNAMED), set(), NOW)
    assert rows(listed).currentRow() == 1


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_the_menu_of_a_row_takes_it_off_the_list(listed: StartPage, qtbot: QtBot) -> None:
    found = rows(listed)
    place = found.visualItemRect(found.item(3)).center()

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert [action.text() for action in menu.actions()] == ["打开", "从列表中移除"]
        menu.setActiveAction(menu.actions()[1])
        QTest.keyClick(menu, Qt.Key.Key_Return)

    QTimer.singleShot(0, choose)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, found.viewport().mapToGlobal(place))
    with qtbot.waitSignal(listed.forget_recent) as forgotten:
        QApplication.sendEvent(found.viewport(), event)
    assert forgotten.args == [UNNAMED.path]


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("从去年新建", "new_from_prior"),
        ("新建空白年报", "new_blank"),
        ("打开", "open_file"),
        ("从旧年报导入", "import_file"),
        ("用样例试一试", "try_sample"),
    ],
)
def test_every_beginning_is_asked_for_by_mouse_and_by_key(
    listed: StartPage, qtbot: QtBot, text: str, signal: str
) -> None:
    entry = button(listed, text)
    with qtbot.waitSignal(getattr(listed, signal)):
        QTest.mouseClick(entry, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(getattr(listed, signal)):
        QTest.keyClick(entry, Qt.Key.Key_Space)


def test_a_first_start_says_so_and_offers_the_sample(page: StartPage, qtbot: QtBot) -> None:
    page.set_recent((), set(), NOW)
    assert any(text.startswith("还没有打开过年报") for text in texts(page))
    offer = page.focusProxy()
    assert isinstance(offer, QPushButton)
    with qtbot.waitSignal(page.try_sample):
        offer.click()
    page.set_recent(FILES, set(), NOW)
    assert not any(text.startswith("还没有打开过年报") for text in texts(page))


@pytest.mark.parametrize(
    ("text", "signal"),
    [("先看改了什么", "show_recovery"), ("另存为副本", "recover_copy"), ("恢复", "recover")],
)
def test_unsaved_work_is_offered_with_its_key(
    listed: StartPage, qtbot: QtBot, text: str, signal: str
) -> None:
    key = object()
    listed.set_recoveries([RecoveryLine(key, "鲁山县水利局", 2022, "今天 09:41", r"D:\a.gxr", 17)])
    assert "上次没有正常关闭，有未保存的修改" in texts(listed)
    assert "鲁山县水利局 2022 年年度报告　今天 09:41　17 处修改" in texts(listed)
    with qtbot.waitSignal(getattr(listed, signal)) as asked:
        button(listed, text).click()
    assert asked.args is not None
    assert asked.args[0] is key


def test_each_of_several_pieces_of_work_has_its_own_line_and_none_is_pressed_upon_the_user(
    listed: StartPage,
) -> None:
    lines = [
        RecoveryLine(n, agency, None, "昨天 16:20", "", n) for n, agency in enumerate(("甲局", "", "乙局"))
    ]
    listed.set_recoveries(lines)
    told = [text for text in texts(listed) if "昨天 16:20" in text]
    assert [text.split("　")[0] for text in told] == ["甲局年度报告", "未填单位的年报", "乙局年度报告"]
    assert not any(b.property("primary") for b in all_of(listed, QPushButton) if b.text() == "恢复")
    listed.set_recoveries([])
    assert not any("昨天 16:20" in text for text in texts(listed))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("width", "height"), [(683, 384), (911, 460), (1000, 574), (1366, 662), (1920, 1000), (3840, 2060)]
)
def test_nothing_is_cut_off_at_any_size(
    listed: StartPage, qapp: QApplication, width: int, height: int, scheme: theme.Scheme
) -> None:
    theme.apply_theme(qapp, scheme)
    listed.set_recoveries([RecoveryLine(1, "鲁山县人民政府办公室", 2022, "今天 09:41", "", 17)])
    listed.resize(width, height)
    qapp.processEvents()
    assert not listed.grab().isNull()  # painting raises nothing
    content = all_of(listed, QScrollArea)[0].widget()
    assert content.width() <= width
    told: list[QLabel | QAbstractButton] = [*all_of(content, QLabel), *all_of(content, QAbstractButton)]
    for shown in told:
        if not shown.isVisible() or isinstance(shown.parent(), QLineEdit) or not shown.text():
            continue
        needed = (
            shown.heightForWidth(shown.width()) if shown.hasHeightForWidth() else shown.sizeHint().height()
        )
        assert shown.height() >= needed, shown.text()
        assert shown.width() >= shown.minimumSizeHint().width(), shown.text()
        left = shown.mapTo(content, QPoint(0, 0)).x()
        assert left >= 0, shown.text()
        assert left + shown.width() <= content.width(), shown.text()
    if (width, height) >= (1000, 574):
        bar = all_of(listed, QScrollArea)[0].verticalScrollBar()
        assert bar.maximum() == 0, "the page need not scroll"


def test_files_that_cannot_be_read_are_told_until_somebody_has_read_it(qtbot: QtBot) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    (known,) = (each for each in all_of(page, QPushButton) if each.text() == "知道了")
    assert not known.isVisible()
    page.set_odd(["程序设置“settings.json”读不出来。", "恢复记录“a”、“b”读不出来。"])
    assert known.isVisible()
    with qtbot.waitSignal(page.odd_read):
        known.click()
    page.set_odd([])
    assert not known.isVisible()


def test_work_whose_record_is_torn_is_said_to_be(qtbot: QtBot) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    page.set_recoveries([RecoveryLine(1, "鲁山", 2022, "今天 09:41", "/a.gxr", 3, whole=False)])
    assert any("末尾读不出来" in label.text() for label in all_of(page, QLabel))
    page.set_recoveries([RecoveryLine(1, "鲁山", 2022, "今天 09:41", "/a.gxr", 3)])
    assert not any(
        "末尾读不出来" in label.text() for label in all_of(page, QLabel) if label.isVisibleTo(page)
    )
