"""A clerk in front of a dialog: what it says, its buttons and keys, and that nothing of it is cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTextBrowser,
    QWidget,
)

from gxeditor.core.errors import DamagedFile, NotWritten
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Entry, Report, blank_report
from gxeditor.ui.look.dialog import Progress

W = TypeVar("W", bound=QWidget)
R = TypeVar("R")
SAMPLE = Path(__file__).parent / "samples" / "lushan-2022.expected.json"
DAMAGED = DamagedFile("“a.gxr”读不出来：第 17 行不完整。", "文件没有改动。", "请换一份备份打开。")
HELD = NotWritten("“a.gxr”正被其他程序占用。", "磁盘上原来的内容没有改动。", "请关闭 Excel 再保存。")
LONG = "很长的单位名称" * 6


def sample_report(form: Form) -> Report:
    """The sample as it should be read: 182 of 200 cells, 18 blank."""
    data: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    cells: dict[str, Any] = data["cells"]
    entries: dict[str, Entry | None] = {
        key: Decimal(value) if form.cells[key].decimals else value for key, value in cells.items()
    }
    report = blank_report(form, 2022).with_entries(entries)
    return report.with_fields(agency="鲁山县人民政府办公室", kind=AgencyKind.DEPARTMENT).with_section(
        "overview", "2022年以来，本机关认真落实条例。\n全年共收到申请30件，均已按时回复。"
    )


def within(act: Callable[[QDialog], None], call: Callable[[], R]) -> R:
    """The answer of a dialog that `call` shows, `act` standing in for the clerk; it is closed if it is still there."""
    return within_each([act], call)


def within_each(acts: Iterable[Callable[[QDialog], None]], call: Callable[[], R]) -> R:
    """What `call` gives, with each of `acts` done in the dialog that is shown then, which may be the same one again.

    A dialog may take its time to come. What only tells how far the work is needs no clerk and is let be. One that none
    of `acts` is for is closed, and then the test fails.
    """
    left = list(acts)
    surplus: list[str] = []
    busy = False

    def look() -> None:
        nonlocal busy
        shown = QApplication.activeModalWidget()
        if busy or not isinstance(shown, QDialog) or isinstance(shown, Progress) or not shown.isVisible():
            return
        busy = True  # an act may have dialogs of its own
        try:
            if left:
                left.pop(0)(shown)
            else:
                surplus.append(f"{shown.windowTitle()}: {shown.accessibleDescription()}")
        finally:
            if not left and shown.isVisible():
                shown.reject()
            busy = False

    looking = QTimer(interval=5)
    looking.timeout.connect(look)
    looking.start()
    try:
        answer = call()
    finally:
        looking.stop()
    assert not left, "no dialog was shown"
    assert not surplus
    return answer


def all_of(parent: QWidget, kind: type[W]) -> list[W]:
    children: Iterable[QWidget] = parent.findChildren(QWidget)
    return [child for child in children if isinstance(child, kind)]


def words(dialog: QDialog) -> str:
    """Everything that the dialog says."""
    said = [label.text() for label in all_of(dialog, QLabel) if not label.isHidden()]
    return "\n".join([*said, *(view.toPlainText() for view in all_of(dialog, QTextBrowser))])


def word(button: QAbstractButton) -> str:
    """What a button says, without its letter."""
    return re.sub(r"\(&\w\)", "", button.text())


def press(text: str) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        next(b for b in all_of(dialog, QPushButton) if word(b) == text).click()

    return act


def key(code: Qt.Key) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        QTest.keyClick(QApplication.focusWidget() or dialog, code)

    return act


def buttons(dialog: QDialog) -> list[str]:
    return [word(button) for button in all_of(dialog, QPushButton)]


def assert_nothing_is_cut_off(call: Callable[[], object]) -> None:
    """Of the dialog that `call` shows: it fits the screen, its words and buttons have room, its fields have names."""

    def act(dialog: QDialog) -> None:
        assert not dialog.grab().isNull()
        assert dialog.accessibleName()
        screen = dialog.screen().availableGeometry()
        assert dialog.width() <= screen.width()
        assert dialog.height() <= screen.height()
        for label in all_of(dialog, QLabel):
            if label.isVisible() and label.text():
                assert label.height() >= label.heightForWidth(label.width()), label.text()
        for button in all_of(dialog, QPushButton):
            assert button.width() >= button.sizeHint().width(), button.text()
            assert word(button) not in ("确定", "是", "否")
        fields: list[QWidget] = [*all_of(dialog, QTextBrowser), *all_of(dialog, QPlainTextEdit)]
        fields += [f for f in all_of(dialog, QLineEdit) if not isinstance(f.parent(), QSpinBox)]
        for field in [*fields, *all_of(dialog, QComboBox), *all_of(dialog, QSpinBox)]:
            assert field.accessibleName(), type(field)
            assert field.height() >= field.minimumSizeHint().height(), type(field)
        assert sum(bool(button.property("primary")) for button in all_of(dialog, QPushButton)) == 1

    within(act, call)
