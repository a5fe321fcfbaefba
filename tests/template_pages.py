"""Trial templates on the page that shows where everything goes, and the hands of a clerk on it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from gxeditor.core.report import Report
from gxeditor.templates import shelf as templates
from gxeditor.ui.look import theme
from gxeditor.ui.template.items import Item
from gxeditor.ui.template.page import TemplatePage
from gxeditor.ui.template.sheet_view import SheetView
from tests.waiting import PATIENCE

SAMPLES = Path(__file__).parent / "samples" / "templates"
FULL, UNITS, SPARSE = SAMPLES / "full.xlsx", SAMPLES / "T3_row_per_unit.xlsx", SAMPLES / "V_sparse.xlsx"
PERSON = "requests.received.natural_person"
LEFT = Qt.MouseButton.LeftButton
Book = openpyxl.Workbook


def page_of(qtbot: QtBot, path: Path, report: Report) -> TemplatePage:
    theme.apply_theme(QApplication.instance(), "light")  # type: ignore[arg-type]
    page = TemplatePage(templates.open_template(path, report), report)
    qtbot.addWidget(page)
    page.resize(1366, 662)
    page.show()
    QApplication.processEvents()
    return settled(page)


def changed(path: Path, source: Path, change: Callable[[Book], object]) -> Path:
    """A trial template with something else in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it drops
        book = openpyxl.load_workbook(source)
    change(book)
    book.save(path)
    return path


def settled(page: TemplatePage) -> TemplatePage:
    """The page, once it shows what would be written by the map as it is now."""
    for _ in range(100 * PATIENCE):
        if page.is_planned:
            return page
        QTest.qWait(10)
    raise AssertionError("The filling was never planned.")


def view(page: TemplatePage) -> SheetView:
    shown = page.view
    assert shown is not None
    return shown


def sheet(page: TemplatePage, name: str) -> SheetView:
    assert page.show_sheet(name)
    return view(page)


def click(shown: SheetView, ref: str) -> None:
    row, column = coordinate_from_string(ref)[1] - 1, column_of(ref)
    shown.bring_into_view(row, column)
    QTest.mouseClick(shown.viewport(), LEFT, pos=shown.rect_of(row, column).center().toPoint())


def column_of(ref: str) -> int:
    letters, _ = coordinate_from_string(ref)
    return column_index_from_string(letters) - 1


def items(page: TemplatePage, kind: str) -> list[tuple[QTreeWidgetItem, Item]]:
    settled(page)
    found = []
    pending = [page.list.topLevelItem(i) for i in range(page.list.topLevelItemCount())]
    while pending:
        one = pending.pop(0)
        assert one is not None
        item: Item = one.data(0, int(Qt.ItemDataRole.UserRole))
        if item.kind == kind:
            found.append((one, item))
        pending += [one.child(i) for i in range(one.childCount())]
    return found


def groups(page: TemplatePage) -> list[str]:
    return [item.text for _, item in items(page, "group")]


def choose(page: TemplatePage, kind: str, wanted: Sequence[str]) -> None:
    made = next(one for one, item in items(page, kind) if item.ids == tuple(wanted))
    page.list.setCurrentItem(made)


def place(page: TemplatePage, wanted: str) -> str:
    target = page.map.targets.get(wanted)
    return "" if target is None else f"{target.sheet}!{target.ref}"


def look(page: TemplatePage, name: str, ref: str) -> tuple[str | None, str]:
    found = sheet(settled(page), name).look(coordinate_from_string(ref)[1] - 1, column_of(ref))
    return ("", "") if found is None else (found.text, found.ground)


def without_row(book: Book) -> None:
    """「一、本年新收」 is called something that nobody knows."""
    book["表三"]["A5"] = "甲类事项数"


def received(page: TemplatePage) -> tuple[str, ...]:
    return next(item.ids for _, item in items(page, "missing") if len(item.ids) > 1)


def labels(page: TemplatePage) -> list[QLabel]:
    found: Iterable[QLabel] = page.findChildren(QLabel)
    return list(found)


def button(page: TemplatePage, text: str) -> QPushButton:
    buttons: Iterable[QPushButton] = page.findChildren(QPushButton)
    return next(b for b in buttons if b.text().strip() == text)
