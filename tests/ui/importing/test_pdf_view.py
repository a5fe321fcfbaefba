"""The pages of a PDF beside the form: rendered without waiting, framed where a figure was read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor import worker
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.imports.source import ImportNote, Origin, RawCell
from gxeditor.paper import raster
from gxeditor.paper.pdf import make_pdf
from gxeditor.ui.importing import pdf_view
from gxeditor.ui.importing.pdf_view import PageView
from gxeditor.ui.look import theme

FIRST = Origin(page=1, box=(0.2, 0.05, 0.4, 0.08))
SECOND = Origin(page=2, box=(0.5, 0.5, 0.6, 0.55))
SMALL = Origin(page=1, box=(0.25, 0.06, 0.3, 0.07))


@pytest.fixture(scope="module")
def pages(form: Form, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "年报.pdf"
    path.write_bytes(make_pdf(blank_report(form, 2022)).data)
    return path


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, pages: Path) -> PageView:
    theme.apply_theme(qapp, "light")
    note = ImportNote.on([RawCell(0, 0, 1, 1, "O", SECOND)], "表三", "是字母。", "留空。")
    shown = PageView(pages, [FIRST, SMALL, SECOND, Origin(page=1), Origin(line=3)], [note])
    qtbot.addWidget(shown)
    shown.resize(640, 322)
    shown.show()
    qtbot.waitUntil(lambda: shown.drawn(0))
    return shown


def colours(view: PageView) -> set[str]:
    image = view.viewport().grab().toImage()
    return {
        QColor(image.pixel(x, y)).name().upper()
        for x in range(image.width())
        for y in range(0, image.height(), 2)
    }


def test_a_page_comes_after_it_was_asked_for_and_its_neighbours_with_the_scroll(
    view: PageView, qtbot: QtBot
) -> None:
    assert view.here == f"第 1 页，共 {view.pages} 页"
    assert not view.drawn(view.pages - 1)
    view.turn(view.pages)
    assert view.here == f"第 {view.pages} 页，共 {view.pages} 页"
    qtbot.waitUntil(lambda: view.drawn(view.pages - 1))


def test_a_place_is_framed_on_its_page_and_scrolled_to(view: PageView) -> None:
    assert theme.LIGHT.focus.upper() not in colours(view)
    assert view.show_origins([SECOND])
    assert view.here.startswith("第 2 页")
    assert theme.LIGHT.focus.upper() in colours(view)


def test_a_page_without_a_box_is_turned_to(view: PageView) -> None:
    assert view.show_origins([Origin(page=2)])
    assert view.here.startswith("第 2 页")


@pytest.mark.parametrize("origin", [Origin(page=99, box=(0, 0, 1, 1)), Origin(line=3), Origin()])
def test_what_is_on_none_of_its_pages_is_not_shown(view: PageView, origin: Origin) -> None:
    assert not view.show_origins([origin])


def test_a_click_tells_the_smallest_place_under_the_mouse(view: PageView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.pointed) as got:
        middle = view.rect_of(SMALL).center().toPoint()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert got.args is not None
    assert got.args[0] == SMALL
    with qtbot.assertNotEmitted(view.pointed):
        QTest.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(2, 2)
        )


def test_in_a_narrow_pane_figures_stay_readable_and_the_page_scrolls_across(view: PageView) -> None:
    view.resize(320, 200)
    QApplication.processEvents()
    assert view.horizontalScrollBar().maximum() > 0
    view.show_origins([SECOND])
    assert view.viewport().rect().contains(view.rect_of(SECOND).toRect())


def hang(path: Path, *_: object) -> None:
    path.with_suffix(".begun").touch()
    while True:
        time.sleep(1)


def slow_picture(path: Path, page: int, dpi: float) -> raster.Picture | None:
    return hang(path) if page else raster.foreign_picture(path, page, dpi)  # type: ignore[func-returns-value]


def slow_view(qtbot: QtBot, path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch) -> PageView:
    """The pages of a file of which none but the first is ever drawn; that is."""
    path.write_bytes(pages.read_bytes())
    monkeypatch.setattr(pdf_view, "foreign_picture", slow_picture)
    view = PageView(path, [], [])
    qtbot.addWidget(view)
    view.resize(640, 322)
    view.show()
    qtbot.waitUntil(lambda: view.drawn(0))
    return view


def test_pages_that_hang_hold_up_nobody_and_end_with_the_view(
    qtbot: QtBot, tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "年报.pdf"
    view = slow_view(qtbot, path, pages, monkeypatch)
    view.turn(1)
    qtbot.waitUntil(path.with_suffix(".begun").exists)
    view.turn(-1)  # the window is used meanwhile
    assert view.here.startswith("第 1 页")
    child = worker.shared().pid
    assert child is not None
    view.deleteLater()
    qtbot.waitUntil(lambda: worker.shared().pid != child)


def test_a_page_that_takes_too_long_is_named_and_the_others_are_drawn(
    qtbot: QtBot, tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = slow_view(qtbot, tmp_path / "年报.pdf", pages, monkeypatch)
    monkeypatch.setattr(pdf_view, "SECONDS", 0.5)
    view.turn(1)
    qtbot.waitUntil(lambda: any(page and picture is None for (page, _), picture in view._pictures.items()))
    view.turn(-1)
    qtbot.waitUntil(lambda: view.drawn(0))


@pytest.mark.parametrize("data", [b"%PDF-1.7 and no more", b""])
def test_a_file_without_pages_says_so(qtbot: QtBot, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "坏.pdf"
    path.write_bytes(data)
    view = PageView(path, [], [])
    qtbot.addWidget(view)
    with qtbot.waitSignal(view.failed):
        view.show()
    assert view.here == ""
    assert not view.show_origins([FIRST])
