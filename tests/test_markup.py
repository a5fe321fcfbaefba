"""A report, a template, an import made of markup: all is shown and hovered, and nothing that they name is opened."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QMenu,
    QTabBar,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gxeditor.app import build
from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.core.report import Prior, Report, blank_report
from gxeditor.imports.formats.text import parse_text
from gxeditor.imports.recognize.report import recognize
from gxeditor.paper.layouts import default_layout
from gxeditor.resources import resource
from gxeditor.settings import Folders
from gxeditor.store.report_file import save_report
from gxeditor.templates import shelf as templates
from gxeditor.ui.importing.review import ImportReview
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.output import export_dialog
from gxeditor.ui.output.layout_dialog import ask_layout
from gxeditor.ui.session import Session
from gxeditor.ui.shell import about, differences, questions
from gxeditor.ui.shell.window import MainWindow
from gxeditor.ui.template.page import TemplatePage
from tests.template_pages import FULL, Book, changed, settled

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux", reason="Only Linux tells which files of a folder are opened (inotify)."
    ),
    pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True),  # menus, offscreen
]
NAMED = "<img src=pixel.png>&x"  # a name of a file or a sheet: it holds no stroke, so the path is relative


class Watch:
    """Says which files of a folder were opened or read."""

    OPENED, NONBLOCK = 0x20 | 0x01, 0o4000

    def __init__(self, folder: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._watch = self._libc.inotify_init1(self.NONBLOCK)
        assert self._watch >= 0
        assert self._libc.inotify_add_watch(self._watch, os.fsencode(folder), self.OPENED) >= 0

    def opened(self) -> set[str]:
        """Names since the last time; of a report or a template beside the picture we do open some."""
        QApplication.processEvents()
        names = set()
        with suppress(BlockingIOError):
            while data := os.read(self._watch, 1 << 16):
                place = 0
                while place < len(data):
                    (length,) = struct.unpack_from("I", data, place + 12)
                    names.add(data[place + 16 : place + 16 + length].rstrip(b"\0").decode())
                    place += 16 + length
        return names

    def close(self) -> None:
        os.close(self._watch)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the picture, in which the program runs, so that relative names lead there too."""
    place = tmp_path / "pictures"
    place.mkdir()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(place / "pixel.png"))
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def watch(folder: Path) -> Iterator[Watch]:
    watch = Watch(folder)
    yield watch
    watch.close()


@pytest.fixture
def markup(folder: Path) -> str:
    return f'<img src="file://{folder}/pixel.png">'


@pytest.fixture
def evil(form: Form, markup: str) -> Report:
    report = blank_report(form, 2022).with_fields(
        agency=markup, own_title=markup, preamble=markup, signature=markup, date=markup
    )
    for section in form.sections:
        report = report.with_section(section.key, f"（一）{markup}\n{markup}")
    return report.with_entries(dict.fromkeys(form.cells, markup))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tips that were shown, and the titles of the dialogs, which end by themselves when all of them was hovered."""
    tips: list[str] = []

    def run(dialog: QDialog) -> int:
        tips.append(dialog.windowTitle())
        dialog.show()
        hover(dialog, tips)
        dialog.hide()
        return 0

    monkeypatch.setattr(dialog.Dialog, "exec", run)
    return tips


def hover(shown: QWidget, tips: list[str]) -> None:
    """Rests the mouse on every widget, tab and row, and all over what draws itself."""
    QApplication.processEvents()
    for widget in (shown, *list_of(shown, QWidget)):
        if not isValid(widget) or not widget.isVisible():
            continue
        points = [widget.rect().center()]
        if isinstance(widget, QTabBar):
            points = [widget.tabRect(i).center() for i in range(widget.count())]
        if isinstance(widget, QAbstractScrollArea):
            area = widget.viewport()
            widget, points = (
                area,
                [QPoint(x, y) for x in range(4, area.width(), 90) for y in range(4, area.height(), 20)],
            )
        for point in points:
            _rest(widget, point, tips)
    for view in list_of(shown, QAbstractItemView):
        model: QAbstractItemModel | None = view.model()
        for row in range(min(model.rowCount(), 30) if model is not None and view.isVisible() else 0):
            assert model is not None
            index = model.index(row, 0)
            view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
            _rest(view.viewport(), view.visualRect(index).center(), tips)
    QToolTip.hideText()
    QApplication.processEvents()


def _rest(widget: QWidget, point: QPoint, tips: list[str]) -> None:
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, point, widget.mapToGlobal(point)))
    if QToolTip.isVisible() and QToolTip.text() not in tips:
        tips.append(QToolTip.text())
        QApplication.processEvents()  # the tip is drawn


def open_menus(window: QWidget, tips: list[str]) -> None:
    for menu in list_of(window, QMenu):
        menu.popup(QPoint(0, 0))
        for action in menu.actions():
            menu.setActiveAction(action)
            tips.append(action.text())
            _rest(menu, menu.actionGeometry(action).center(), tips)
        menu.hide()


def list_of(parent: QWidget, kind: type[Any]) -> list[Any]:
    found: Iterable[Any] = parent.findChildren(kind)
    return list(found)


def assert_plain(shown: QWidget) -> None:
    """No label of ours guesses, whatever stands in it at the moment."""
    for label in list_of(shown, QLabel):
        if type(label).__module__.startswith("gxeditor"):
            assert label.textFormat() is Qt.TextFormat.PlainText, label.text()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
    window.resize(1366, 700)
    window.show()
    yield window
    window.session.close(discard=True)
    window.hide()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_text_that_qt_takes_for_markup_opens_what_it_names(qtbot: QtBot, markup: str, watch: Watch) -> None:
    """The control: where this cannot fail, nothing below says anything."""
    label = QLabel(markup)
    qtbot.addWidget(label)
    label.show()
    assert "pixel.png" in watch.opened()
    other = QWidget()
    qtbot.addWidget(other)
    other.setToolTip(NAMED)
    other.resize(50, 50)
    other.show()
    tips: list[str] = []
    hover(other, tips)
    assert tips == [NAMED]
    assert "pixel.png" in watch.opened()


def test_a_plain_tip_shows_its_text_and_opens_nothing(qtbot: QtBot, markup: str, watch: Watch) -> None:
    shown = QWidget()
    qtbot.addWidget(shown)
    shown.resize(50, 50)
    shown.show()
    for text in (markup, NAMED, f"一行\n{markup}", "&lt;img&gt;", "a < b & c", "</qt><img src=pixel.png>"):
        shown.setToolTip(theme.plain_tip(text))
        tips: list[str] = []
        hover(shown, tips)
        label = theme.Label(text)
        qtbot.addWidget(label)
        label.show()
        assert tips
    assert not watch.opened()


def test_a_report_of_markup_is_shown_and_hovered(
    qtbot: QtBot, window: MainWindow, evil: Report, watch: Watch, seen: list[str], markup: str
) -> None:
    window.session.begin(evil)
    window.session.set_prior(Prior.of(evil.with_fields(year=2021), markup))
    window.show_editor()
    window.panel.set_open(True)
    for number in range(window.tabs.count()):
        window.tabs.setCurrentIndex(number)
        page = window.shown_page
        card = page.card if page is not None else None
        if card is not None:
            card.set_open(True)
        hover(window, seen)
        for finding in window.session.findings.findings[:3]:
            window.session.in_view.pin(finding)
            hover(window, seen)
    window.tell(f"{markup} {markup}")
    hover(window, seen)
    window.session.edit(evil.with_fields(agency="甲"), f"{markup}&x")
    open_menus(window, seen)
    window.session.edit(evil, markup)
    window.panel.set_open(False)
    hover(window, seen)
    assert_plain(window)
    assert sum("&lt;img" in tip for tip in seen) > 5
    assert any("&&x" in tip for tip in seen)
    assert not watch.opened()


def test_the_preview_of_a_report_of_markup(
    qtbot: QtBot, window: MainWindow, evil: Report, watch: Watch, seen: list[str], markup: str
) -> None:
    # Two hundred cells of such a text are set for minutes; a few say the same.
    evil = evil.with_entries({cell: 0 for cell in list(evil.form.cells)[3:]})
    window.session.begin(evil)
    window.show_editor()
    window.acts.preview.trigger()
    preview = window.output.preview
    assert preview is not None
    qtbot.waitUntil(lambda: bool(preview.view.pages), timeout=60000)
    hover(window, seen)
    assert_plain(window)
    assert not watch.opened()


def test_the_start_page_and_what_was_left_over(
    qtbot: QtBot,
    window: MainWindow,
    evil: Report,
    folder: Path,
    watch: Watch,
    seen: list[str],
    tmp_path: Path,
) -> None:
    path = folder / f"{NAMED}.gxr"
    save_report(evil, path, None)
    window.files.open_path(path)
    left = Session(window.session.form, window.session.rules, journals=tmp_path / "data" / "journals")
    left.begin(evil)
    left.edit(evil.with_entry("requests.received.company", 5), "填写")
    left.close()
    watch.opened()
    window.show_start()
    hover(window, seen)
    open_menus(window, seen)
    assert_plain(window)
    assert any(f"{NAMED}.gxr".replace("&", "&&") in tip for tip in seen)
    assert any("&lt;img" in tip for tip in seen)
    assert "pixel.png" not in watch.opened()


def test_every_dialog_about_a_report_of_markup(
    qtbot: QtBot, window: MainWindow, evil: Report, rules: tuple[Rule, ...], watch: Watch, seen: list[str],
    markup: str, folder: Path,
) -> None:  # fmt: skip
    error = GxError(markup, markup, markup)
    other = evil.with_fields(agency=f"{markup}{markup}", own_title=None, preamble="")
    acts: tuple[Callable[[], object], ...] = (
        lambda: questions.ask_save(window, markup),
        lambda: questions.ask_changed_elsewhere(window, error),
        lambda: questions.ask_not_written(window, error),
        lambda: questions.ask_replace(window, markup),
        lambda: dialog.show_error(window, error),
        lambda: questions.ask_damaged(window, error, True, True),
        lambda: dialog.ask_elsewhere(window, error),
        lambda: dialog.show_told(window, markup, [markup, NAMED]),
        lambda: questions.ask_new_report(window, prior=evil, year=2023, carried=[markup]),
        lambda: export_dialog.ask_export(window, evil, check(evil, rules), "<>", folder / NAMED),
        lambda: differences.show_diff(window, evil, other),
        lambda: about.show_crash(window, markup),
        lambda: about.show_shortcuts(window),
        lambda: questions.ask_fill_blanks(window, list(evil.form.cells.values())),
        lambda: about.show_about(window),
        lambda: ask_layout(window, default_layout(), {"body": [NAMED, markup]}),
    )
    for act in acts:
        before = len(seen)
        act()
        assert len(seen) > before
    assert_plain(window)
    assert "pixel.png" not in watch.opened()


def test_an_import_of_markup_is_reviewed(
    qtbot: QtBot, form: Form, watch: Watch, seen: list[str], markup: str
) -> None:
    text = resource("samples/lushan-2022.txt").read_text(encoding="utf-8")
    lines = [
        "\t".join(markup if cell.strip() in ("0", "30") else cell for cell in line.split("\t"))
        for line in text.replace("鲁山县", f"{markup}鲁山县").split("\n")
    ]
    imported = recognize(parse_text("\n".join(lines)), form)
    assert any("<img" in note.what for note in imported.notes)
    review = ImportReview(imported, f"{NAMED}.txt", blank_report(form))
    qtbot.addWidget(review)
    review.resize(1366, 662)
    review.show()
    hover(review, seen)
    for number in range(min(review._list.count(), 8)):
        review._list.setCurrentRow(number)
        hover(review, seen)
    for button in review._tabs.buttons():
        button.click()
        hover(review, seen)
    assert_plain(review)
    assert any("&lt;img" in tip for tip in seen)
    assert not watch.opened()


def test_a_template_of_markup_is_shown(
    qtbot: QtBot, evil: Report, watch: Watch, seen: list[str], markup: str, folder: Path
) -> None:
    def spoil(book: Book) -> None:
        for sheet in book.worksheets[:2]:
            sheet.title = NAMED[: 25 - len(sheet.title)] + sheet.title
        for row in book["表三"].iter_rows(min_row=12, max_row=15):
            for cell in row[:3]:
                with suppress(AttributeError):  # a merged cell
                    cell.value = markup

    path = changed(folder / f"{NAMED}.xlsx", FULL, spoil)
    page = TemplatePage(templates.open_template(path, evil), evil)
    qtbot.addWidget(page)
    page.resize(1366, 662)
    page.show()
    settled(page)
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        hover(page, seen)
    for box in list_of(page, QComboBox):
        box.showPopup()
        hover(page, seen)
        box.hidePopup()
    assert_plain(page)
    assert sum("&lt;img" in tip for tip in seen) > 3
    assert "pixel.png" not in watch.opened()
