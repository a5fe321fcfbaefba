"""定稿 as a clerk does it in the window: made final, saved along, held, opened again, and its 校验报告 without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog

from gxeditor.app import build
from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.resources import load_form
from gxeditor.settings import Folders, load_settings
from gxeditor.store.report_file import check_code, content_sha256, read_report, save_report
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.finalizing import finalizing
from gxeditor.ui.finalizing.bar import FinalBar
from gxeditor.ui.finalizing.page import FinalPage
from gxeditor.ui.look import dialog
from gxeditor.ui.output import printing
from gxeditor.ui.session import HELD
from gxeditor.ui.shell import questions
from gxeditor.ui.shell.window import MainWindow
from tests.window import children

PERSON = "requests.received.natural_person"
NAME = "青溪县教育局2025年政府信息公开工作年度报告校验报告"


@pytest.fixture
def report(form: Form) -> Report:
    report = blank_report(form, 2025).with_entries({cell: 0 for cell in form.cells})
    return report.with_fields(agency="青溪县教育局").with_section("overview", "本年没有收到申请。")


@pytest.fixture
def window(
    qapp: QApplication, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The editor with a report in a file; nobody is asked whether to save."""
    _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1366, 700)
    window.show()
    window.session.rules = tuple(rule for rule in window.session.rules if rule.left)
    folder = tmp_path / "年报"
    folder.mkdir()
    save_report(report, folder / "青溪2025.gxr", None)
    window.session.load(folder / "青溪2025.gxr")
    window.open_at("requests")
    QApplication.processEvents()
    yield window
    monkeypatch.setattr(questions, "ask_save", lambda *_: "discard")
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def opened(window: MainWindow) -> FinalPage:
    window.acts.finalize.trigger()
    QApplication.processEvents()
    page = window.stack.currentWidget()
    assert isinstance(page, FinalPage)
    return page


def finalized(window: MainWindow, *formats: str) -> None:
    page = opened(window)
    page.checker.setText("张敏")
    for suffix, tick in page.ticks.items():
        tick.setChecked(suffix in formats)
    page.finalize.click()
    QApplication.processEvents()


def bar(window: MainWindow) -> FinalBar:
    (found,) = children(window.editor, FinalBar)
    return found


def folder_of(window: MainWindow) -> Path:
    assert window.session.path is not None
    return window.session.path.parent


def type_text(text: str) -> None:
    for character in text:
        widget = QApplication.focusWidget()
        assert widget is not None
        event = QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(widget, event)


def test_it_is_made_final_saved_and_its_report_stands_beside_the_file(window: MainWindow) -> None:
    finalized(window, ".pdf", ".xlsx")
    session, folder = window.session, folder_of(window)
    assert session.path is not None
    assert read_report(session.path, load_form).report.is_final
    assert not session.modified
    code = check_code(content_sha256(session.report))
    text = "".join(PdfReader(folder / f"{NAME}.pdf").pages[0].extract_text().split())
    assert code in text
    assert "核对人张敏" in text
    sheet = load_workbook(folder / f"{NAME}.xlsx").worksheets[0]
    assert code in [cell.value for row in sheet.iter_rows() for cell in row]
    assert window.stack.currentWidget() is window.editor
    assert window._told.text() == f"已定稿。校验报告已存为“{NAME}.pdf”“{NAME}.xlsx”，在“{folder}”。"
    assert "　已定稿" in window.windowTitle()


def test_the_bar_says_who_checked_and_when_and_goes_when_it_is_opened_again(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    finalized(window)
    today = date.today()
    assert bar(window).isVisible()
    assert bar(window).words.text() == f"已定稿　核对人 张敏　{today.year}年{today.month}月{today.day}日"
    monkeypatch.setattr(finalizing, "ask_reason", lambda *_: None)
    bar(window).reopen.click()
    assert window.session.report.is_final
    monkeypatch.setattr(finalizing, "ask_reason", lambda *_: "补充附件内容")
    bar(window).reopen.click()
    assert not window.session.report.is_final
    assert window.session.report.finals[-1].reopened == f"{today.isoformat()} 补充附件内容"
    assert not bar(window).isVisible()
    assert "已定稿" not in window.windowTitle()
    window.session.undo()
    assert bar(window).isVisible()


def test_a_file_that_was_final_has_its_bar_when_it_is_opened(window: MainWindow) -> None:
    finalized(window)
    path = window.session.path
    assert path is not None
    window.session.begin(blank_report(window.session.form))
    assert not bar(window).isVisible()
    window.session.load(path)
    assert bar(window).isVisible()


def test_a_final_table_takes_no_key_and_says_why(window: MainWindow) -> None:
    finalized(window)
    page = window.page("requests")
    assert isinstance(page, TablePage)
    page.grid.setFocus()
    shown: list[str] = []
    window.session.told.connect(shown.append)
    for text in ("7", "8"):
        type_text(text)
        assert page.grid.editor.cell is None
        assert window._told.text() == HELD
    assert set(shown) == {HELD}
    assert window.session.report.value(PERSON) == 0


def test_final_texts_and_fields_are_read_and_not_written(window: MainWindow) -> None:
    finalized(window)
    window.turn_to("overview")
    prose = window.page("overview")
    assert isinstance(prose, ProsePage)
    prose.editor.setFocus()
    assert prose.editor.isReadOnly()
    type_text("多")
    assert (prose.editor.text(), window._told.text()) == ("本年没有收到申请。", HELD)
    window._told.clear()
    window.turn_to("")
    basic = window.page("")
    assert isinstance(basic, BasicPage)
    basic.agency.setFocus()
    type_text("多")
    assert (basic.agency.text(), window._told.text()) == ("青溪县教育局", HELD)
    assert (basic.preamble.isReadOnly(), basic.agency_kind.isEnabled()) == (True, False)
    window.session.reopen(date.today(), "补充附件内容")
    assert not prose.editor.isReadOnly()
    assert not basic.agency.isReadOnly()
    assert basic.agency_kind.isEnabled()
    type_text("多")
    assert window.session.report.agency == "青溪县教育局多"


def test_a_final_report_is_not_made_final_again(window: MainWindow) -> None:
    finalized(window)
    window.tell("")
    window.acts.finalize.trigger()
    assert window.stack.currentWidget() is window.editor
    assert window._told.text() == HELD


def test_errors_are_forced_with_a_reason_that_is_printed(window: MainWindow) -> None:
    window.session.edit(window.session.report.with_entry(PERSON, 3), "填写")
    page = opened(window)
    page.checker.setText("张敏")
    page.finalize.click()  # is off
    assert not window.session.report.is_final
    page.unfold.click()
    page.reason.setText("上级系统要求今天先行报送")
    page.force.click()
    assert window.session.report.finals[-1].forced == "上级系统要求今天先行报送"
    text = "".join(PdfReader(folder_of(window) / f"{NAME}.pdf").pages[0].extract_text().split())
    assert "强制定稿的原因上级系统要求今天先行报送" in text
    assert bar(window).words.text().startswith("强制定稿　核对人 张敏")


def test_an_earlier_report_is_not_replaced(window: MainWindow) -> None:
    (folder_of(window) / f"{NAME}.pdf").write_bytes(b"earlier")
    finalized(window, ".pdf")
    assert (folder_of(window) / f"{NAME}.pdf").read_bytes() == b"earlier"
    assert len(PdfReader(folder_of(window) / f"{NAME}（2）.pdf").pages) >= 2


def test_checker_and_formats_are_remembered_for_the_next_report(window: MainWindow, tmp_path: Path) -> None:
    finalized(window, ".xlsx")
    settings = load_settings(tmp_path / "config")
    assert (settings.checker, settings.final_formats) == ("张敏", (".xlsx",))
    window.session.reopen(date.today(), "补充附件内容")
    page = opened(window)
    assert page.checker.text() == "张敏"
    assert [suffix for suffix, tick in page.ticks.items() if tick.isChecked()] == [".xlsx"]


def test_what_was_typed_is_there_again_after_a_place_was_gone_to(window: MainWindow) -> None:
    window.session.edit(window.session.report.with_entry(PERSON, 3), "填写")
    page = opened(window)
    page.checker.setText("张敏")
    error = next(one for one in window.session.findings.findings if one.severity is Severity.ERROR)
    page.went.emit(error)
    QApplication.processEvents()
    assert window.stack.currentWidget() is window.editor
    assert window.session.in_view.pinned == error
    window.acts.back.trigger()
    page = window.stack.currentWidget()  # type: ignore[assignment]
    assert isinstance(page, FinalPage)
    assert page.checker.text() == "张敏"


def test_the_list_of_rules_opens_at_what_was_not_checked(window: MainWindow) -> None:
    opened(window).list_asked.emit()
    QApplication.processEvents()
    assert type(window.stack.currentWidget()).__name__ == "ChecksPage"


def test_escape_and_cancel_change_nothing(window: MainWindow) -> None:
    before = window.session.report
    opened(window).cancel.click()
    assert window.stack.currentWidget() is window.editor
    assert window.session.report is before


@pytest.mark.parametrize(
    ("typed", "kind", "made"),
    [
        ("校验.pdf", "PDF 文件 (*.pdf)", "校验.pdf"),
        ("校验.xlsx", "PDF 文件 (*.pdf)", "校验.xlsx"),
        ("校验", "", "校验.pdf"),
        (f"{NAME}.pdf", "xlsx", f"{NAME}.xlsx"),
    ],
)
def test_a_report_of_checks_is_exported_without_being_final(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, kind: str, made: str
) -> None:
    def answer(_parent: object, _title: str, _name: str, filters: str) -> tuple[str, str]:
        return str(tmp_path / typed), next((one for one in filters.split(";;") if kind and kind in one), kind)

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    window.acts.check_report.trigger()
    assert (tmp_path / made).stat().st_size > 1000
    assert not window.session.report.is_final
    assert window._told.text() == f"校验报告已存为“{made}”，在“{tmp_path}”。"


def test_what_cannot_be_written_is_asked_for_elsewhere_and_the_report_is_final_all_the_same(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[GxError] = []

    def elsewhere(_parent: object, error: GxError) -> bool:
        asked.append(error)
        return len(asked) == 1

    monkeypatch.setattr(dialog, "ask_elsewhere", elsewhere)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "无此夹" / "乙.pdf"), ""))
    monkeypatch.setattr(
        finalizing, "_free", lambda _folder, name, suffix: tmp_path / "无此夹" / f"{name}{suffix}"
    )
    finalized(window, ".pdf")
    assert len(asked) == 2
    assert window.session.report.is_final
    assert window._told.text() == "已定稿。"


def test_the_pages_are_printed_as_they_are_shown(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    page = opened(window)
    qtbot.waitUntil(lambda: page.pdf is not None and page._task is None)
    printed: list[bytes] = []

    def take(data: bytes, _printer: QPrinter, _work: object) -> int:
        printed.append(data)
        return 3

    monkeypatch.setattr(printing, "ask_printer", lambda *_: True)
    monkeypatch.setattr(printing, "print_pages", take)
    page.print_button.click()
    assert page.pdf is not None
    assert printed == [page.pdf.data]


def test_a_report_without_a_file_is_final_and_said_to_be_unsaved_if_no_place_is_chosen(
    window: MainWindow, report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.session.begin(report)
    window.keep_settings(last_folder=str(tmp_path))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    finalized(window, ".pdf")
    assert window.session.report.is_final
    assert window.session.modified
    assert window._told.text().startswith("已定稿，年报还没有保存。校验报告已存为")
