"""The form as it will be after an import: figures new, different and doubtful, and ways through them by keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.core.report import Report, blank_report
from gxeditor.imports.recognize.report import Imported
from gxeditor.imports.source import ImportNote, Source
from gxeditor.resources import load_form
from gxeditor.ui.importing.decisions import Decisions
from gxeditor.ui.importing.result import ProsePicture, TablePicture
from gxeditor.ui.look import theme

FORM = load_form()
REQUESTS = FORM.section("requests").table
assert REQUESTS is not None
PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"
DOUBT = ImportNote.on([], "表三 · 一、本年新收 · 商业企业", "看不清。", "照原样读入。", [COMPANY])
READ = Imported(
    blank_report(FORM, 2022)
    .with_fields(agency="青溪县教育局")
    .with_section("overview", "（一）主动公开。全年公开316条。")
    .with_entries({PERSON: 46, COMPANY: 6}),
    (DOUBT,),
    {},
    Source(()),
)
Shown = Callable[..., TablePicture]


@pytest.fixture
def table(qtbot: QtBot, qapp: QApplication) -> Shown:
    theme.apply_theme(qapp, "light")

    def show(read: Imported = READ, current: Report | None = None) -> TablePicture:
        assert REQUESTS is not None
        view = TablePicture(REQUESTS, "表三", read, Decisions(read), current)
        qtbot.addWidget(view)
        view.resize(660, 322)
        view.show()
        QApplication.processEvents()
        return view

    return show


def test_the_table_says_how_much_of_it_was_read(table: Shown) -> None:
    assert table().accessibleName() == "表三，读入 2 格，共 175 格，存疑 1 格"


def test_a_figure_that_differs_has_a_line_and_the_old_figure(table: Shown) -> None:
    same = table(replace(READ, notes=()), blank_report(FORM, 2022).with_entries({PERSON: 46}))
    other = table(replace(READ, notes=()), blank_report(FORM, 2022).with_entries({PERSON: 45}))
    assert same.grab().toImage() != other.grab().toImage()
    assert "当前年报" not in same.told(PERSON)
    assert "当前年报是 45，会被替换" in other.told(PERSON)


def test_a_cell_of_the_open_report_that_the_file_does_not_have_is_no_difference(table: Shown) -> None:
    view = table(current=blank_report(FORM, 2022).with_entries({"requests.received.research": 3}))
    assert view.told("requests.received.research").endswith("没有读入，留空")


def test_keys_go_from_cell_to_cell_and_over_headings(table: Shown) -> None:
    view = table()
    met: list[str] = []
    view.chosen.connect(met.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
    assert met == [
        PERSON,
        COMPANY,
        "requests.brought_forward.company",
        "requests.brought_forward.natural_person",
    ]


def test_a_click_chooses_a_cell_and_headings_none(table: Shown) -> None:
    view = table()
    met: list[str] = []
    view.chosen.connect(met.append)
    for x in range(2, view.viewport().width(), 20):
        point = QPoint(x, 120)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    assert met[0].endswith("natural_person")
    assert met[-1].endswith("total")
    assert len({cell.rpartition(".")[0] for cell in met}) == 1


def test_without_any_doubt_all_rows_stay(table: Shown) -> None:
    view = table(replace(READ, notes=()))
    before = view.verticalScrollBar().maximum()
    view.show_only_doubtful(True)
    assert view.verticalScrollBar().maximum() == before > 0
    doubtful = table()
    doubtful.show_only_doubtful(True)
    assert doubtful.verticalScrollBar().maximum() == 0


def test_texts_and_fields_that_differ_are_told(qtbot: QtBot) -> None:
    current = blank_report(FORM, 2021).with_fields(agency="教育局").with_section("overview", "旧的。")
    view = ProsePicture(READ, current)
    qtbot.addWidget(view)
    told = view.toPlainText()
    assert "原：教育局" in told
    assert "原：2021" in told
    assert told.count("与当前年报的文字不同。") == 1
    alone = ProsePicture(READ)
    qtbot.addWidget(alone)
    assert "原：" not in alone.toPlainText()
