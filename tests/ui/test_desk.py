"""The window is a desk for its rooms: what a room asks of it is what the window does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFrame

from gxeditor import documents
from gxeditor.app import build
from gxeditor.core.checks.standing import State
from gxeditor.resources import resource
from gxeditor.settings import Folders, load_settings
from gxeditor.ui.checks.page import ChecksPage
from gxeditor.ui.desk import Desk
from gxeditor.ui.shell.window import MainWindow

PERSON = "requests.received.natural_person"


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1366, 700)
    window.show()
    window.session.begin(documents.read(resource("samples/lushan-2022.txt")).report)
    window.open_at("requests")
    QApplication.processEvents()
    yield window
    window.session.close(discard=True)
    window.session.begin(window.session.report)
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(window: MainWindow) -> Desk:
    """The window as mypy lets a room see it."""
    return window


def test_a_place_is_turned_to_by_its_name_and_is_then_what_is_filled(desk: Desk) -> None:
    heard: list[str] = []
    desk.turned.connect(lambda _: heard.append(desk.here))
    desk.show_target("proactive", "proactive.regulations.issued", None)
    desk.show_target("requests", PERSON, None)
    assert heard == ["proactive", "requests"]
    assert (desk.here, desk.target()) == ("requests", (PERSON, None))
    assert not desk.drop_entry()


def test_another_place_is_heard_of(desk: Desk) -> None:
    desk.show_target("requests", PERSON, None)
    heard: list[str] = []
    desk.place_changed.connect(lambda: heard.append(desk.target()[0]))
    desk.show_target("requests", "requests.received.company", None)
    assert heard[-1] == "requests.received.company"


def test_what_is_put_beside_and_above_the_findings_has_room_there(window: MainWindow, desk: Desk) -> None:
    above, beside = QFrame(), QFrame()
    above.setMinimumHeight(40)
    desk.put_above_findings(above)
    splitter = desk.put_beside(beside, "编辑和旁边")
    above.show()
    QApplication.processEvents()
    assert splitter.accessibleName() == "编辑和旁边"
    assert splitter.widget(0).isAncestorOf(window.panel)
    assert splitter.widget(1) is beside
    assert above.geometry().bottom() + 1 == window.panel.geometry().top()
    assert above.geometry().top() == window.book.geometry().bottom() + 1


def test_the_findings_are_opened_and_stay_open(window: MainWindow, desk: Desk) -> None:
    window.panel.set_open(False)
    desk.open_findings()
    desk.open_findings()
    assert window.panel.is_open


def test_settings_that_a_room_changes_are_kept(desk: Desk, tmp_path: Path) -> None:
    desk.keep_settings(export_folder="某处")
    assert desk.settings.export_folder == "某处"
    assert load_settings(tmp_path / "config").export_folder == "某处"


def test_the_focus_goes_back_to_the_page(window: MainWindow, desk: Desk) -> None:
    window.tabs.setFocus()
    desk.focus_page()
    page = window.shown_page
    assert page is not None
    assert page.isAncestorOf(desk.frame.focusWidget())


def test_the_list_of_rules_is_shown_at_a_state(window: MainWindow, desk: Desk) -> None:
    desk.list_checks(State.NOT_CHECKED)
    page = window.stack.currentWidget()
    assert isinstance(page, ChecksPage)
    assert page.wanted.state is State.NOT_CHECKED
    desk.leave_over()


def test_the_report_is_saved_to_its_file(desk: Desk, tmp_path: Path) -> None:
    desk.session.save(tmp_path / "年报.gxr")
    desk.session.edit(desk.session.report.with_entry(PERSON, 9), "填写")
    assert desk.save_report()
    assert not desk.session.modified
