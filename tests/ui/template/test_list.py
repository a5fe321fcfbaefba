"""The lists of the mapping page: what is not found, and one row among many."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.core.report import Report
from gxeditor.resources import resource
from gxeditor.ui.template.list import ListRow, _Choosing
from gxeditor.ui.template.page import TemplatePage
from tests.template_pages import (
    FULL,
    changed,
    groups,
    items,
    page_of,
    without_row,
)


@pytest.fixture(scope="module")
def sample() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report


@pytest.fixture
def odd(qtbot: QtBot, sample: Report, tmp_path: Path) -> TemplatePage:
    """A template in which one row cannot be found."""
    return page_of(qtbot, changed(tmp_path / "省模板.xlsx", FULL, without_row), sample)


def test_what_is_not_found_is_listed_by_rows_with_the_reports_figures(odd: TemplatePage) -> None:
    assert groups(odd)[0] == "未找到　7"
    listed = items(odd, "missing")
    assert listed[0][1].text == "表三 一、本年新收"
    assert [(item.text, item.side) for _, item in listed[1:3]] == [
        ("一、本年新收 · 自然人", "年报 30"),
        ("一、本年新收 · 商业企业", "年报 0"),
    ]


def test_a_few_letters_find_a_row_among_many(qtbot: QtBot) -> None:
    rows = [ListRow(str(n), f"单位{n}", f"第 {n} 行", "全称") for n in range(1000)]
    dialog = _Choosing(None, "换一行", "填在哪一行", "查找", rows, "填在这里")
    qtbot.addWidget(dialog)
    assert dialog.told.text() == "另有 700 条，请多输几个字。"
    dialog.line.insert("位77 全称")
    assert [dialog.list.item(i).data(int(Qt.ItemDataRole.UserRole)).key for i in range(dialog.list.count())] == [
        "77", *(str(n) for n in range(770, 780))
    ]  # fmt: skip
    QTest.keyClick(dialog.line, Qt.Key.Key_Down)
    assert dialog.key == "770"
    dialog.line.setText("没有的")
    assert dialog.key is None
    assert not dialog.buttons["take"].isEnabled()
