"""Printing: the pages on paper are those of the file, in place and size; ranges, copies, order; trouble in words.

The printer is Qt's own PDF writer, which knows pages, ranges and copies like a driver.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QDialog

from gxeditor.core.errors import Cancelled, NotWritten
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.paper.pdf import Pdf, make_pdf
from gxeditor.paper.raster import PageImages
from gxeditor.ui.look.tasks import Work
from gxeditor.ui.output import printing

SHOWN = 150
"""Dots an inch at which paper and file are compared."""


def ignore(_progress: tuple[int, int, str]) -> None:
    """Nobody looks at the progress."""


@pytest.fixture(scope="module")
def pdf(form: Form) -> Pdf:
    zeros = {cell.id: 0 for cell in form.cells.values() if not cell.is_total}
    report = blank_report(form, 2022).with_fields(agency="鲁山县人民政府办公室").with_entries(zeros)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GXEDITOR_FACES", "bundled")
        return make_pdf(report.with_section("overview", "全年共收到申请三十件。" * 40))


@pytest.fixture
def printer(qapp: QApplication, tmp_path: Path) -> QPrinter:
    printer = printing.make_printer("年报")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    return printer


def printed(printer: QPrinter) -> PageImages:
    return PageImages(Path(printer.outputFileName()).read_bytes())


def ink(images: PageImages, page: int) -> list[bytes]:
    """The rows of a page as grey bytes."""
    picture = images.render(page, SHOWN, grey=True)
    return [
        picture.data[row * picture.stride : row * picture.stride + picture.width]
        for row in range(picture.height)
    ]


def edges(rows: list[bytes]) -> tuple[int, int, int, int]:
    """Where the ink begins and ends: left, top, right, bottom."""
    dark = [y for y, row in enumerate(rows) if min(row) < 128]
    columns = [x for x in range(len(rows[0])) if any(row[x] < 128 for row in rows)]
    return columns[0], dark[0], columns[-1], dark[-1]


def test_paper_shows_what_the_file_shows_in_place_and_size(pdf: Pdf, printer: QPrinter) -> None:
    assert printing.print_pages(pdf.data, printer, Work(ignore)) == pdf.pages
    with PageImages(pdf.data) as file, printed(printer) as paper:
        assert paper.pages == file.pages
        for page in range(file.pages):
            assert paper.size(page) == pytest.approx(file.size(page), abs=1)
            there, here = edges(ink(paper, page)), edges(ink(file, page))
            assert all(abs(a - b) <= 1 for a, b in zip(there, here, strict=True)), (there, here)


def test_what_is_printed_is_grey_at_600_dots_an_inch(pdf: Pdf, printer: QPrinter) -> None:
    printer.setPageRanges(printer.pageRanges().fromString("1"))
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printing.print_pages(pdf.data, printer, Work(ignore))
    assert printer.resolution() == printing.DPI
    data = Path(printer.outputFileName()).read_bytes()
    assert b"/DeviceRGB" not in data.partition(b"/Subtype /Image")[2].partition(b"stream")[0]
    with PageImages(pdf.data) as images:
        assert b"/Width %d" % images.pixels(0, 600)[0] in data


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (lambda p: None, [0, 1, 2, 3, 4]),
        (lambda p: p.setPageRanges(p.pageRanges().fromString("2-3,5")), [1, 2, 4]),
        (lambda p: p.setPageOrder(QPrinter.PageOrder.LastPageFirst), [4, 3, 2, 1, 0]),
        (lambda p: p.setFromTo(4, 4), [3]),
    ],
    ids=["all", "ranges", "backwards", "one"],
)
def test_the_pages_that_were_asked_for_come_out(
    printer: QPrinter, asked: Callable[[QPrinter], None], wanted: list[int]
) -> None:
    asked(printer)
    if not printer.pageRanges().isEmpty():
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
    assert printing.wanted_pages(printer, 5) == wanted


@pytest.mark.parametrize(("collated", "wanted"), [(True, [0, 1, 0, 1]), (False, [0, 0, 1, 1])])
def test_copies_that_the_printer_cannot_make_are_made_here(
    printer: QPrinter, collated: bool, wanted: list[int]
) -> None:
    printer.setCopyCount(2)
    printer.setCollateCopies(collated)
    assert not printer.supportsMultipleCopies()
    assert printing.wanted_pages(printer, 2) == wanted


def test_a_range_beyond_the_pages_is_told(pdf: Pdf, printer: QPrinter) -> None:
    printer.setPageRanges(printer.pageRanges().fromString("90-99"))
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    with pytest.raises(NotWritten, match="所选的页码里没有页"):
        printing.print_pages(pdf.data, printer, Work(ignore))


def test_progress_names_each_page(pdf: Pdf, printer: QPrinter) -> None:
    heard: list[tuple[int, int, str]] = []
    printing.print_pages(pdf.data, printer, Work(heard.append))
    assert [done for done, _, _ in heard] == list(range(pdf.pages))
    assert heard[0][2] == f"第 1 页，共 {pdf.pages} 页"


def test_cancelling_stops_in_the_middle_of_a_page(pdf: Pdf, printer: QPrinter) -> None:
    class Impatient(Work):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 5

    with pytest.raises(Cancelled):
        printing.print_pages(pdf.data, printer, Impatient(ignore))


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_takes_nothing_is_told_in_words(pdf: Pdf, printer: QPrinter, tmp_path: Path) -> None:
    printer.setOutputFileName(str(tmp_path / "没有的文件夹" / "纸.pdf"))
    with pytest.raises(NotWritten, match="没有接收"):
        printing.print_pages(pdf.data, printer, Work(ignore))


def test_without_a_printer_there_is_no_dialog(printer: QPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: [])
    with pytest.raises(printing.NoPrinter, match="没有打印机"):
        printing.ask_printer(None, printer, 5, 0)


# The printer is a file, which Windows' own dialog would refuse.
@pytest.mark.qt_log_ignore("non-native printers", extend=True)
@pytest.mark.parametrize(("answer", "prints"), [("Accepted", True), ("Rejected", False)])
def test_the_system_asks_for_pages_and_copies(
    printer: QPrinter, monkeypatch: pytest.MonkeyPatch, answer: str, prints: bool
) -> None:
    asked: list[tuple[int, int, str]] = []

    def run(dialog: QPrintDialog) -> int:
        asked.append((dialog.minPage(), dialog.maxPage(), dialog.windowTitle()))
        return QDialog.DialogCode[answer].value

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["纸"])
    monkeypatch.setattr(QPrintDialog, "exec", run)
    assert printing.ask_printer(None, printer, 5, 2) is prints
    assert asked == [(1, 5, "打印年报")]


def test_paper_is_a_whole_a4_sheet(printer: QPrinter) -> None:
    paper = printer.paperRect(QPrinter.Unit.Millimeter)
    assert (round(paper.width()), round(paper.height())) == (210, 297)
    assert printer.pageRect(QPrinter.Unit.Millimeter) == paper
    assert printer.fullPage()
