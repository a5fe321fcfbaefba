"""The preview: what is shown after which edit, that the newest wins, and what is said when pages cannot be set."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gxeditor import documents, worker
from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.paper.layouts import default_layout, layouts
from gxeditor.paper.pdf import Pdf
from gxeditor.paper.raster import PageImages
from gxeditor.ui.look import tasks, theme
from gxeditor.ui.look.tasks import Work
from gxeditor.ui.output import preview as preview_module
from gxeditor.ui.output.preview import Order, Preview

PERSON = "requests.received.natural_person"
OFFICIAL = default_layout()


@pytest.fixture(scope="module", autouse=True)
def bundled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GXEDITOR_FACES", "bundled")
        yield


@pytest.fixture
def report(form: Form) -> Report:
    return blank_report(form, 2022).with_fields(agency="鲁山县人民政府办公室").with_entries({PERSON: 30})


@pytest.fixture
def preview(qapp: QApplication) -> Iterator[Preview]:
    theme.apply_theme(qapp, "light")
    preview = Preview()
    preview.resize(1000, 640)
    preview.show()
    yield preview
    preview.forget()
    tasks.stop_all()
    preview.hide()
    preview.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settled(qtbot: QtBot, preview: Preview, order: Order) -> None:
    qtbot.waitUntil(lambda: preview._shown == order and preview._task is None)


def test_the_pages_of_a_report_are_shown_with_their_number(
    preview: Preview, report: Report, qtbot: QtBot
) -> None:
    made: list[Pdf] = []
    preview.made.connect(lambda _, pdf: made.append(pdf))
    order = Order(report, OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    assert preview.view.pages == made[0].pages > 1
    assert preview.pages_label.text() == f"页，共 {made[0].pages} 页"
    assert preview.page_box.text() == "1"
    assert preview.view.accessibleDescription() == f"第 1 页，共 {made[0].pages} 页"


def test_of_several_edits_only_the_newest_is_set(
    preview: Preview, report: Report, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_for: list[object] = []
    make = Order.make

    def counted(order: Order, work: Work) -> Pdf:
        set_for.append(order.report.value(PERSON))
        return make(order, work)

    monkeypatch.setattr(Order, "make", counted)
    for number in range(31, 36):
        order = Order(report.with_entry(PERSON, number), OFFICIAL)
        preview.renew(order)
        QTest.qWait(10)
    settled(qtbot, preview, order)
    assert set_for == [35]


def test_what_is_being_set_is_given_up_for_a_newer_edit(
    preview: Preview, report: Report, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Order] = []
    preview.made.connect(lambda order, _: made.append(order))
    make = Order.make

    def slow_at_first(order: Order, work: Work) -> Pdf:
        while order.report.value(PERSON) == 31:
            work.stop_if_cancelled()
            time.sleep(0.002)
        return make(order, work)

    monkeypatch.setattr(Order, "make", slow_at_first)
    preview.renew(Order(report.with_entry(PERSON, 31), OFFICIAL), at_once=True)
    qtbot.waitUntil(lambda: preview._task is not None)
    newest = Order(report.with_entry(PERSON, 32), OFFICIAL)
    preview.renew(newest)
    settled(qtbot, preview, newest)
    assert made == [newest]


def test_the_place_that_was_read_stays_when_pages_are_set_anew(
    preview: Preview, report: Report, qtbot: QtBot
) -> None:
    order = Order(report, OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    preview.view.verticalScrollBar().setValue(1500)
    order = Order(report.with_entry(PERSON, 31), OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    assert preview.view.verticalScrollBar().value() == 1500


def test_a_proof_has_the_same_pages_and_the_list_behind_them(
    preview: Preview, report: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    findings = check(report.with_entry("requests.received.total", 1), rules)
    plain, proof = Order(report, OFFICIAL), Order(report, OFFICIAL, findings=findings)
    preview.renew(plain)
    settled(qtbot, preview, plain)
    pages = preview.view.pages
    preview.renew(proof)
    settled(qtbot, preview, proof)
    assert preview.view.pages > pages


def test_a_character_without_a_face_is_named_in_a_quiet_line(
    preview: Preview, report: Report, qtbot: QtBot
) -> None:
    order = Order(report.with_fields(signature="😀办公室"), OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    assert "😀（U+1F600），在署名。" in preview.line.text()
    assert preview.line.property("tone") == "qrytext"
    order = Order(report, OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    assert preview.line.text() == ""


def test_trouble_is_told_and_the_old_pages_stay(
    preview: Preview, report: Report, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = Order(report, OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    pages = preview.view.pages

    def fail(_order: Order, _work: Work) -> Pdf:
        raise GxError("程序自带的字体读不出来。")

    monkeypatch.setattr(Order, "make", fail)
    order = Order(report.with_entry(PERSON, 31), OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    assert preview.line.text() == "程序自带的字体读不出来。这里是改动之前的页面。"
    assert preview.view.pages == pages


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_costs_neither_the_pages_nor_the_next_edit(
    preview: Preview, report: Report, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = Order(report, OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)

    def break_down(_order: Order, _work: Work) -> Pdf:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Order, "make", break_down)
        wrong = Order(report.with_entry(PERSON, 31), OFFICIAL)
        preview.renew(wrong)
        settled(qtbot, preview, wrong)
    assert "没有排出新的页面" in preview.line.text()
    order = Order(report.with_entry(PERSON, 32), OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    assert preview.line.text() == ""


def hang_at_31(report: Report, *how: Any) -> Pdf:
    while report.value(PERSON) == 31:
        time.sleep(1)
    return set_over_there(report, *how)


set_over_there = documents._pages


def test_pages_that_hang_over_there_are_given_up_for_the_next_edit_and_with_the_pane(
    preview: Preview, report: Report, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_pages", hang_at_31)
    hanging, fine = (Order(report.with_entry(PERSON, number), OFFICIAL) for number in (31, 32))
    preview.renew(hanging, at_once=True)
    qtbot.waitUntil(lambda: worker.pages().pid is not None)
    qtbot.waitUntil(lambda: preview.line.text() == "正在排版…")
    first = worker.pages().pid
    preview.view.set_zoom(150)  # the window is used meanwhile
    preview.renew(fine)
    settled(qtbot, preview, fine)
    assert preview.view.pages > 1
    preview.renew(hanging, at_once=True)
    qtbot.waitUntil(lambda: preview._task is not None)
    preview.hide()
    qtbot.waitUntil(lambda: preview._task is None)
    assert worker.pages().pid != first


def test_pages_that_hang_for_too_long_are_told_and_the_old_ones_stay(
    preview: Preview, report: Report, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_pages", hang_at_31)
    fine, hanging = (Order(report.with_entry(PERSON, number), OFFICIAL) for number in (32, 31))
    preview.renew(fine)
    settled(qtbot, preview, fine)
    monkeypatch.setattr(worker, "PAGES_SECONDS", 0.5)
    preview.renew(hanging)
    settled(qtbot, preview, hanging)
    assert preview.line.text() == "排版用了 0.5 秒还没有完成，已经停止。这里是改动之前的页面。"
    assert preview.view.pages > 1


def test_a_bug_over_there_is_reported_as_from_anywhere(
    preview: Preview, report: Report, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_pages", break_down_there)
    bugs: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda what: bugs.append(what.exc_value))
    order = Order(report, OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    assert preview.line.text() == "程序出错，没有排出新的页面。"
    (bug,) = bugs
    assert isinstance(bug, worker.ChildBug)
    assert "ZeroDivisionError" in bug.crash_report


def break_down_there(*_: object) -> Pdf:
    raise ZeroDivisionError


def test_a_hidden_pane_sets_nothing_until_it_is_seen_again(
    preview: Preview, report: Report, qtbot: QtBot
) -> None:
    preview.hide()
    order = Order(report, OFFICIAL)
    preview.renew(order)
    QTest.qWait(preview_module.PAUSE + 50)
    assert preview._task is None
    preview.show()
    settled(qtbot, preview, order)
    assert preview.view.pages


def test_page_and_zoom_are_chosen_in_the_foot(preview: Preview, report: Report, qtbot: QtBot) -> None:
    order = Order(report, OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    preview.page_box.setFocus()
    preview.page_box.setText("2")
    QTest.keyClick(preview.page_box, Qt.Key.Key_Return)
    assert preview.view.page == 1
    for typed in ("1,212", "9999", "0"):
        preview.page_box.setFocus()
        preview.page_box.selectAll()
        QTest.keyClicks(preview.page_box, typed)
        assert "," not in preview.page_box.text()
        QTest.keyClick(preview.page_box, Qt.Key.Key_Return)
        assert 0 <= preview.view.page < preview.view.pages
    QTest.mouseClick(preview.larger, Qt.MouseButton.LeftButton)
    assert preview.view.zoom == 125
    assert preview.zoom_box.currentText() == "125%"
    preview.zoom_box.setCurrentIndex(preview.zoom_box.findData("page"))
    preview.zoom_box.activated.emit(preview.zoom_box.currentIndex())
    assert str(preview.view.zoom) == "page"
    assert preview.zoom_box.currentText().startswith("整页 ")


def test_what_is_pressed_is_passed_on(preview: Preview, qtbot: QtBot) -> None:
    heard: list[Any] = []
    preview.layout_chosen.connect(heard.append)
    preview.proof_chosen.connect(heard.append)
    preview.closed.connect(lambda: heard.append("closed"))
    preview.entered.connect(lambda: heard.append("entered"))
    preview.layout_box.activated.emit(1)
    preview.proof_button.click()
    QTest.keyClick(preview.view, Qt.Key.Key_Return)
    QTest.keyClick(preview.view, Qt.Key.Key_Escape)
    assert heard == [layouts()[1].key, True, "entered", "closed"]
    preview.show_choices(layouts()[2], proof=False)
    assert preview.layout_box.currentText() == layouts()[2].name
    assert not preview.proof_button.isChecked()
    assert len(heard) == 4


def test_everything_that_can_be_pressed_has_a_name(preview: Preview) -> None:
    inside: list[QWidget] = list(preview.findChildren(QWidget))
    children = [
        child
        for child in inside
        if isinstance(child, QPushButton | QToolButton | QComboBox)
        or (isinstance(child, QLineEdit) and not isinstance(child.parent(), QComboBox))
    ]
    assert len(children) >= 10
    for child in children:
        text = child.text() if isinstance(child, QPushButton) else ""
        assert child.accessibleName() or text, child
    assert preview.view.accessibleName() == "年报的页面"
    assert preview.thumbnails.accessibleName() == "页面缩略图"


def test_thumbnails_need_room(preview: Preview) -> None:
    assert preview.thumbnails.isVisible()
    preview.resize(600, 640)
    QApplication.processEvents()
    assert not preview.thumbnails.isVisible()


def test_what_is_shown_is_closed_with_the_report(preview: Preview, report: Report, qtbot: QtBot) -> None:
    order = Order(report, OFFICIAL)
    preview.renew(order)
    settled(qtbot, preview, order)
    images = preview.view.images
    assert isinstance(images, PageImages)
    preview.forget()
    assert preview.order is None
    with pytest.raises(ValueError, match="closed"):
        images.size(0)
