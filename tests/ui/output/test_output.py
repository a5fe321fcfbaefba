"""Preview, printing, export and copying as the window offers them, and how preview and editor lead to each other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.app import build
from gxeditor.core.errors import Cancelled, GxError
from gxeditor.core.report import Report
from gxeditor.paper.layouts import Layout
from gxeditor.paper.pdf import Pdf
from gxeditor.paper.raster import PageImages
from gxeditor.resources import resource
from gxeditor.settings import Folders, load_settings
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.look import dialog, opening, theme
from gxeditor.ui.look.tasks import Work
from gxeditor.ui.output import export_dialog, layout_dialog, printing
from gxeditor.ui.output.export_dialog import ExportChoice
from gxeditor.ui.output.output import BESIDE
from gxeditor.ui.output.preview import Order, Preview
from gxeditor.ui.shell import questions
from gxeditor.ui.shell.window import MainWindow
from tests.waiting import PATIENCE

PERSON = "requests.received.natural_person"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module", autouse=True)
def bundled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GXEDITOR_FACES", "bundled")
        yield


@pytest.fixture(scope="module")
def sample() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report.with_entry(PERSON, 31)


@pytest.fixture
def window(
    qapp: QApplication, tmp_path: Path, sample: Report, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The editor with the sample open, 1366 wide; nobody is asked whether to save."""
    _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1366, 700)
    window.show()
    window.session.begin(sample)
    window.open_at("requests")
    QApplication.processEvents()
    yield window
    monkeypatch.setattr(questions, "ask_save", lambda *_: "discard")
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply_theme(qapp, "light")


@pytest.fixture
def troubles(monkeypatch: pytest.MonkeyPatch) -> list[GxError]:
    """What was shown as gone wrong."""
    shown: list[GxError] = []
    monkeypatch.setattr(dialog, "show_error", lambda _parent, error: shown.append(error))
    return shown


def opened(window: MainWindow, qtbot: QtBot) -> Preview:
    """The preview, its pages set."""
    window.acts.preview.trigger()
    preview = window.output.preview
    assert preview is not None
    ready(window, qtbot)
    return preview


def ready(window: MainWindow, qtbot: QtBot) -> None:
    preview = window.output.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview._shown == preview.order and preview._task is None)
    QApplication.processEvents()


def grid(window: MainWindow, key: str = "requests") -> Any:
    page = window.page(key)
    assert isinstance(page, TablePage)
    return page.grid


# --- preview


def test_on_a_small_screen_the_preview_stands_in_the_place_of_the_table(
    window: MainWindow, qtbot: QtBot
) -> None:
    preview = opened(window, qtbot)
    assert window.output.covers
    assert not grid(window).isVisible()
    assert window.tabs.isVisible()
    assert window.acts.preview.isChecked()
    assert preview.view.hasFocus()
    QTest.keyClick(preview.view, Qt.Key.Key_Escape)
    assert window.output.preview is None
    assert grid(window).isVisible()
    assert grid(window).hasFocus()
    assert not window.acts.preview.isChecked()


def test_on_a_wide_screen_both_stand_side_by_side(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1920, 900)
    preview = opened(window, qtbot)
    assert grid(window).isVisible()
    assert preview.isVisible()
    assert preview.width() >= 600
    window.resize(BESIDE - 100, 800)
    QApplication.processEvents()
    assert window.output.covers
    window.resize(1920, 900)
    QApplication.processEvents()
    assert grid(window).isVisible()


def test_every_cell_of_table_three_leads_from_the_page_to_itself(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1920, 900)
    preview = opened(window, qtbot)
    table = window.session.form.section("requests").table
    assert table is not None
    for cell in table.cells:
        (spot,) = preview.view.spots(cell.id)
        preview.view.show_spot(spot)
        QTest.mouseClick(preview.view.viewport(), LEFT, pos=preview.view.spot_rect(spot).center().toPoint())
        assert grid(window).current_cell() is cell
        assert preview.view.marked == (spot,)
    assert len(table.cells) == 175


def test_a_click_leads_to_any_part_and_uncovers_it(window: MainWindow, qtbot: QtBot) -> None:
    preview = opened(window, qtbot)
    spots = preview.view._spots
    everywhere = [spot for found in spots.values() for spot in found]
    prose = next(s for s in everywhere if s.target == "overview" and s.paragraph == 2)
    preview.pointed.emit(prose)
    assert window.output.preview is None
    page = window.shown_page
    assert isinstance(page, ProsePage)
    assert page.editor.textCursor().blockNumber() == 2
    assert page.editor.hasFocus()
    assert "Ctrl+Shift+P" in window._told.text()
    window.acts.locate.trigger()
    ready(window, qtbot)
    assert preview.view.marked[0].target == "overview"
    assert preview.view.marked[0].paragraph == 2
    title = next(s for s in everywhere if s.target == "title")
    preview.pointed.emit(title)
    basic = window.shown_page
    assert isinstance(basic, BasicPage)
    assert basic.title.hasFocus()


def test_the_current_cell_is_framed_and_followed(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1920, 900)
    preview = opened(window, qtbot)
    grid(window).go_to("requests.carried_forward.total")
    (spot,) = preview.view.marked
    assert spot.target == "requests.carried_forward.total"
    assert preview.view.viewport().rect().contains(preview.view.spot_rect(spot).toAlignedRect())
    window.tabs.setCurrentIndex(window.tabs.keys.index("disputes"))
    assert preview.view.marked[0].target.startswith("disputes.")


def test_an_edit_shows_in_the_open_preview(window: MainWindow, qtbot: QtBot) -> None:
    preview = opened(window, qtbot)
    before = preview.order
    window.session.edit(window.session.report.with_entry(PERSON, 77), "改")
    ready(window, qtbot)
    assert preview.order != before
    (spot,) = preview.view.spots(PERSON)
    assert spot == preview.view.marked[0]


def test_the_next_finding_uncovers_the_table(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    window.acts.next.trigger()
    assert window.output.preview is None
    assert grid(window).isVisible()


def test_zooming_means_what_is_in_front(window: MainWindow, qtbot: QtBot) -> None:
    preview = opened(window, qtbot)
    window.acts.zoom_in.trigger()
    assert preview.view.zoom == 125
    window.acts.zoom_100.trigger()
    assert preview.view.zoom == 100
    assert window.settings.zoom == 100
    window.output.close_preview()
    window.acts.zoom_in.trigger()
    assert window.settings.zoom == 110


def test_the_keys_that_turn_to_a_section_turn_pages_in_the_preview(window: MainWindow, qtbot: QtBot) -> None:
    preview = opened(window, qtbot)
    page, tab = preview.view.page, window.tabs.currentIndex()
    QTest.keyClick(preview.view, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert (preview.view.page, window.tabs.currentIndex()) == (page - 1, tab)
    QTest.keyClick(preview.view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert (preview.view.page, window.tabs.currentIndex()) == (page, tab)
    window.output.close_preview()
    QTest.keyClick(grid(window), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.currentIndex() == tab + 1


def test_a_closed_report_leaves_nothing_in_the_preview(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = opened(window, qtbot)
    monkeypatch.setattr(questions, "ask_save", lambda *_: "discard")
    window.acts.close.trigger()
    assert preview.view.pages == 0
    assert not window.acts.preview.isEnabled()
    assert window.output.preview is None


def test_closing_the_window_while_pages_are_being_set_gives_them_up(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, given_up = Event(), Event()

    def make(_order: Order, work: Work) -> Pdf:
        """Pages that are never ready."""
        begun.set()
        for _ in range(PATIENCE * 100):
            if work.cancelled():
                given_up.set()
                break
            time.sleep(0.01)
        raise Cancelled

    monkeypatch.setattr(Order, "make", make)
    window.acts.preview.trigger()
    qtbot.waitUntil(begun.is_set, timeout=PATIENCE * 1000)
    monkeypatch.setattr(questions, "ask_save", lambda *_: "discard")
    assert window.close()
    assert given_up.wait(PATIENCE)


# --- layout


def test_a_chosen_layout_is_kept_and_each_profile_has_its_own_changes(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = opened(window, qtbot)

    def ask(_parent: object, layout: Layout, families: Any, refused: Any) -> Layout:
        assert families["fang"]
        assert not refused
        changed = layout_dialog._LayoutDialog(window, layout, families)
        changed.flags["draft"].setChecked(True)
        return changed.value()[0]

    monkeypatch.setattr(layout_dialog, "ask_layout", ask)
    window.acts.layout.trigger()
    assert window.output.layout.draft
    preview.layout_chosen.emit("compact")
    assert (window.output.layout.key, window.output.layout.draft) == ("compact", False)
    kept = load_settings(window.program._config_folder)
    assert kept.layout == "compact"
    assert {key: dict(changes) for key, changes in kept.layouts.items()} == {"official": {"draft": True}}
    preview.layout_chosen.emit("official")
    assert window.output.layout.draft
    ready(window, qtbot)
    assert preview.layout_box.currentData() == "official"


@pytest.mark.parametrize(
    ("layout", "layouts"),
    [("没有的", {}), ("official", {"official": {"top": "高", "mirrored": 3, "unknown": 1}}), ("", {"": {}})],
)
def test_settings_that_make_no_sense_leave_the_profile(
    window: MainWindow, layout: str, layouts: dict[str, dict[str, Any]]
) -> None:
    window.keep_settings(layout=layout, layouts=layouts)
    used = window.output.layout
    assert (used.key, used.margins.top, used.mirrored) == ("official", 37, False)


# --- printing


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A printer that writes a file, chosen without asking."""
    path = tmp_path / "纸.pdf"

    def choose(_parent: object, printer: QPrinter, pages: int, current: int) -> bool:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        printer.setPageRanges(printer.pageRanges().fromString("2-3"))
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
        return True

    monkeypatch.setattr(printing, "ask_printer", choose)
    return path


def test_printing_sends_the_pages_that_were_asked_for(window: MainWindow, paper: Path) -> None:
    window.acts.print.trigger()
    with PageImages(paper.read_bytes()) as images:
        assert images.pages == 2
    assert window._told.text() == "已打印到文件“纸.pdf”，共 2 面。"
    assert window._written is not None
    assert window._written.isVisibleTo(window)


def test_without_a_printer_the_clerk_is_told_what_to_do(
    window: MainWindow, troubles: list[GxError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> bool:
        raise printing.NoPrinter

    monkeypatch.setattr(printing, "ask_printer", none)
    window.acts.print.trigger()
    assert "导出 PDF" in troubles[0].remedy


def test_what_the_preview_has_set_is_not_set_again_for_the_printer(
    window: MainWindow, qtbot: QtBot, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(window, qtbot)
    sent: list[bytes] = []

    def keep(data: bytes, _printer: QPrinter, _work: object) -> int:
        sent.append(data)
        return 1

    monkeypatch.setattr(documents, "pages_apart", None)
    monkeypatch.setattr(printing, "print_pages", keep)
    window.acts.print.trigger()
    assert window.output._made is not None
    assert sent == [window.output._made[1].data]


def test_the_very_pages_that_are_shown_are_validated_once_and_then_leave_the_program(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(window, qtbot)
    assert window.output._made is not None
    shown = window.output._made[1].data
    validated: list[bytes] = []
    approve = documents.approve_apart

    def look(pdf: Pdf, *arguments: Any) -> None:
        validated.append(pdf.data)
        approve(pdf, *arguments)

    monkeypatch.setattr(documents, "approve_apart", look)
    sent: list[bytes] = []

    def keep(data: bytes, _printer: QPrinter, _work: object) -> int:
        sent.append(data)
        return 1

    monkeypatch.setattr(printing, "print_pages", keep)
    chosen(window, monkeypatch, ExportChoice((tmp_path / "a.pdf",), False, tmp_path / "校.pdf"))
    window.acts.print.trigger()
    assert (tmp_path / "a.pdf").read_bytes() == shown == validated[0]
    assert (tmp_path / "校.pdf").read_bytes() == validated[1] != shown
    assert sent == [shown]
    assert set(validated) == {shown, validated[1]}
    assert documents.content_apart(window.session.report, ".pdf", window.output.layout) == shown


def test_pages_that_the_validator_refuses_neither_are_written_nor_printed(
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    paper: Path,
    troubles: list[GxError],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(window, qtbot)
    monkeypatch.setattr("gxeditor.paper.archive.approve", refuse)
    monkeypatch.setattr(printing, "print_pages", None)
    window.acts.print.trigger()
    assert [trouble.what for trouble in troubles] == ["没有通过存档格式的检查。"]

    def give_up(_parent: object, trouble: GxError) -> bool:
        troubles.append(trouble)
        return False

    monkeypatch.setattr(dialog, "ask_elsewhere", give_up)
    chosen(window, monkeypatch, ExportChoice((tmp_path / "a.pdf",), False))
    assert len(troubles) == 2
    assert not (tmp_path / "a.pdf").exists()


def refuse(_data: bytes) -> None:
    raise GxError("没有通过存档格式的检查。")


# --- export


def chosen(window: MainWindow, monkeypatch: pytest.MonkeyPatch, choice: ExportChoice) -> list[Any]:
    """Exports as chosen; what the question was asked with."""
    asked: list[Any] = []

    def ask(*arguments: Any, **named: Any) -> ExportChoice:
        asked.append((arguments, named))
        return choice

    monkeypatch.setattr(export_dialog, "ask_export", ask)
    window.acts.export.trigger()
    return asked


def test_every_format_is_written_and_choices_are_remembered(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suffixes = (".pdf", ".docx", ".xlsx", ".html", ".txt", ".json")
    paths = tuple(tmp_path / "出" / f"年报{suffix}" for suffix in suffixes)
    paths[0].parent.mkdir()
    choice = ExportChoice(paths, False, tmp_path / "出" / "年报（校对稿）.pdf")
    chosen(window, monkeypatch, choice)
    assert {path.name for path in paths[0].parent.iterdir()} == {
        *(path.name for path in paths), "年报（校对稿）.pdf",
    }  # fmt: skip
    with PageImages(paths[0].read_bytes()) as plain, PageImages(choice.proof.read_bytes()) as proof:  # type: ignore[union-attr]
        assert proof.pages > plain.pages
    assert window.settings.export_formats == (*suffixes, "proof")
    asked = chosen(window, monkeypatch, ExportChoice((tmp_path / "a.txt",), False))
    assert asked[0][0][4].parent == tmp_path / "出"
    assert asked[0][1]["formats"] == (*suffixes, "proof")
    assert list(window.settings.export_formats) == [".txt"]


def test_the_exported_pdf_is_what_the_preview_shows(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(window, qtbot)
    chosen(window, monkeypatch, ExportChoice((tmp_path / "a.pdf",), False))
    assert window.output._made is not None
    assert (tmp_path / "a.pdf").read_bytes() == window.output._made[1].data


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all"
)
def test_a_folder_that_takes_nothing_leads_to_another_one(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "只读"
    closed.mkdir()
    closed.chmod(0o500)
    elsewhere(monkeypatch, tmp_path / "别处.txt")
    chosen(window, monkeypatch, ExportChoice((closed / "a.txt", tmp_path / "b.json"), False))
    assert (tmp_path / "别处.txt").is_file()
    assert (tmp_path / "b.json").is_file()


def elsewhere(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> list[GxError]:
    shown: list[GxError] = []

    def ask(_parent: object, error: GxError) -> bool:
        shown.append(error)
        return path is not None

    monkeypatch.setattr(dialog, "ask_elsewhere", ask)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return shown


def test_a_file_in_the_way_keeps_no_other_format_back(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pdf").mkdir()
    shown = elsewhere(monkeypatch, tmp_path / "换个名字")
    chosen(window, monkeypatch, ExportChoice((tmp_path / "a.pdf", tmp_path / "a.txt"), False))
    assert len(shown) == 1
    assert (tmp_path / "a.txt").is_file()
    assert (tmp_path / "换个名字.pdf").read_bytes().startswith(b"%PDF")
    assert window._told.text() == "已导出：a.txt、换个名字.pdf"


def test_a_cancelled_export_leaves_what_was_written_and_nothing_half(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = documents.content_apart

    def cancel(report: Report, suffix: str, *arguments: Any) -> bytes:
        if suffix == ".docx":
            raise Cancelled
        return content(report, suffix, *arguments)

    monkeypatch.setattr(documents, "content_apart", cancel)
    choice = ExportChoice((tmp_path / "a.txt", tmp_path / "a.docx", tmp_path / "a.html"), False)
    chosen(window, monkeypatch, choice)
    assert {path.name for path in tmp_path.iterdir()} & {"a.txt", "a.docx", "a.html"} == {"a.txt"}
    assert window._told.text() == "已导出：a.txt"


def test_the_folder_is_opened_if_that_was_wished(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(opening, "show_in_folder", lambda path: shown.append(path) or "")  # type: ignore[func-returns-value]
    chosen(window, monkeypatch, ExportChoice((tmp_path / "a.txt",), True))
    assert shown == [tmp_path / "a.txt"]
    assert window._written is not None
    window._written.folder.click()
    assert shown == [tmp_path / "a.txt"] * 2
    assert window.settings.export_shows_folder


# --- copying


def test_a_whole_table_goes_to_the_clipboard_and_back_into_a_blank_one(
    window: MainWindow, sample: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.acts.copy_table.trigger()
    data = QGuiApplication.clipboard().mimeData()
    assert "rowspan" in data.html()
    assert "自然人" in data.text()
    assert "31" in data.text()
    assert "已复制“三、" in window._told.text()
    window.session.begin(sample.with_entries(dict.fromkeys(sample.entries)))
    grid(window).paste()
    table = window.session.form.section("requests").table
    assert table is not None
    for cell in table.cells:
        assert window.session.report.value(cell.id) == sample.value(cell.id), cell.id


def test_a_section_goes_to_the_clipboard_with_heading_and_text(window: MainWindow) -> None:
    window.tabs.setCurrentIndex(window.tabs.keys.index("overview"))
    assert not window.acts.copy_table.isEnabled()
    window.acts.copy_part.trigger()
    data = QGuiApplication.clipboard().mimeData()
    assert "一、总体情况" in data.html()
    assert data.text().startswith("一、总体情况")
    window.tabs.setCurrentIndex(0)
    assert not window.acts.copy_part.isEnabled()


def test_the_context_menu_of_a_table_leads_to_both(window: MainWindow) -> None:
    menu = grid(window).context_menu()
    assert window.acts.copy_table in menu.actions()
    assert window.acts.locate in menu.actions()
    menu.deleteLater()


# --- starting


def test_starting_loads_nothing_of_all_this(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from gxeditor.app import build\n"
        "from gxeditor.settings import Folders\n"
        f"home = Path({str(tmp_path)!r})\n"
        "app, window = build([], Folders(home / 'c', home / 'd', home / 'l'))\n"
        "window.show()\n"
        "app.processEvents()\n"
        "late = ('reportlab', 'pikepdf', 'pypdfium2', 'docx', 'lxml', 'openpyxl', 'PySide6.QtPrintSupport',\n"
        "        'gxeditor.ui.output.output', 'gxeditor.ui.output.preview',\n"
        "        'gxeditor.exports', 'gxeditor.paper')\n"
        "print([name for name in late if name in sys.modules])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=PATIENCE,
    )
    assert run.stdout.strip() == "[]"
