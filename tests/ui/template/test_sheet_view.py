"""A foreign sheet as it is drawn: merges, colours, keys, zoom, thousands of rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.core.report import Report
from gxeditor.resources import resource
from gxeditor.ui.look import theme
from gxeditor.workbook.read import Sheet
from tests.template_pages import (
    FULL,
    SPARSE,
    UNITS,
    Book,
    changed,
    page_of,
    sheet,
    view,
)


@pytest.fixture(scope="module")
def sample() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report


def test_merged_cells_are_one_and_keys_step_over_them(qtbot: QtBot, sample: Report) -> None:
    shown = sheet(page_of(qtbot, FULL, sample), "表三")
    shown.go_to(0, 3)
    assert shown.current == (0, 0)
    QTest.keyClick(shown, Qt.Key.Key_Down)
    assert shown.current == (1, 0)
    QTest.keyClick(shown, Qt.Key.Key_Right)
    assert shown.current == (1, 3)
    assert shown.rect_of(0, 0).width() == sum(shown._width(c) for c in range(10))


def test_colours_of_matched_cells_and_totals_are_on_the_paper(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    image = sheet(page, "表三").viewport().grab().toImage()
    pixels = {QColor(image.pixel(x, y)).name().upper() for x in range(0, 900, 2) for y in range(0, 400, 2)}
    assert {theme.LIGHT.bound, theme.LIGHT.total, theme.LIGHT.qrytint, theme.LIGHT.head} <= pixels


def test_ctrl_wheel_zooms_the_sheet(qtbot: QtBot, sample: Report) -> None:
    shown = view(page_of(qtbot, SPARSE, sample))
    before = shown.rect_of(0, 0).width()
    at = QPointF(200, 200)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(shown.viewport(), event)
    assert shown.zoom == 125
    assert shown.rect_of(0, 0).width() == pytest.approx(before * 1.25, abs=1)


def test_a_cell_is_told_to_those_who_cannot_see_it(qtbot: QtBot, sample: Report) -> None:
    shown = sheet(page_of(qtbot, FULL, sample), "表三")
    shown.go_to(4, 3)
    assert shown.accessibleName() == "工作表“表三”"
    assert shown.accessibleDescription().startswith("D5，一、本年新收 · 自然人，将写入 30")


def test_of_twenty_thousand_rows_only_those_in_view_are_drawn(
    qtbot: QtBot, sample: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lengthen(book: Book) -> None:
        for number in range(8, 20_008):
            book.worksheets[0].append([number, f"第{number}单位"])

    page = page_of(qtbot, changed(tmp_path / "长.xlsx", UNITS, lengthen), sample)
    shown = view(page)
    assert shown.rows > 20_000
    assert len(page._views) == 1
    bar = shown.verticalScrollBar()
    asked: set[int] = set()
    texts = type(shown.sheet).texts

    def watch(own: Sheet, row: int) -> Iterable[tuple[int, str]]:
        asked.add(row)
        return texts(own, row)

    monkeypatch.setattr(type(shown.sheet), "texts", watch)
    most = shown.viewport().height() // round(shown.rect_of(5_000, 0).height()) + shown._frozen[0] + 2
    for step in range(1, 11):
        bar.setValue(step * bar.maximum() // 10)
        asked.clear()
        shown.viewport().grab()
        assert 4 < len(asked) <= most
    assert shown.spot_at(QPoint(60, 400)) != (0, 0)
    assert shown._frozen == (4, 2)  # the headings stay
