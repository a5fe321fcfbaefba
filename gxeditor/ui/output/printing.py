"""Pages of a PDF to a printer: the very bytes that are previewed and exported.

Knows the system's print dialog, what pages and copies it asks for, and how a page is drawn on paper: at 600 dots an
inch in grey, in its own size, from corner to corner of the sheet. Sets no pages and waits for nobody: printing runs
where it is called, in a task.
"""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from gxeditor.core.errors import Cancelled, NotWritten
from gxeditor.paper.raster import PageImages
from gxeditor.ui.look.tasks import Work

DPI = 600


class NoPrinter(NotWritten):
    """There is no printer to print on."""

    def __init__(self) -> None:
        super().__init__(
            "这台电脑上没有打印机。",
            "年报没有受到影响。",
            "请先在系统设置里添加打印机；也可以导出 PDF，拿到有打印机的电脑上打印。",
        )


def make_printer(title: str, *, duplex: bool = False) -> QPrinter:
    """A printer set up for these pages: A4 upright, without margins of its own. `title` is what its queue shows."""
    printer = QPrinter()
    set_up(printer)
    printer.setDocName(title)
    if duplex:
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    return printer


def set_up(printer: QPrinter) -> None:
    """Paper and resolution; again after a dialog, which may have changed them with the printer."""
    printer.setResolution(DPI)
    printer.setColorMode(QPrinter.ColorMode.GrayScale)
    printer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)
        )
    )
    printer.setFullPage(True)  # after the layout, which would bring the printer's least margins back


def ask_printer(parent: QWidget | None, printer: QPrinter, pages: int, current: int) -> bool:
    """The system's dialog: printer, pages, copies, both sides; whether to print. Raises `NoPrinter`.

    `current` is the number of the page in view, from 0.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise NoPrinter
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("打印年报")
    dialog.setMinMax(1, pages)
    dialog.setFromTo(current + 1, current + 1)
    dialog.setPrintRange(QAbstractPrintDialog.PrintRange.AllPages)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintCurrentPage)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted.value
    if dialog.printRange() is QAbstractPrintDialog.PrintRange.CurrentPage:
        printer.setFromTo(current + 1, current + 1)
    dialog.deleteLater()
    return accepted


def wanted_pages(printer: QPrinter, pages: int) -> list[int]:
    """The numbers of the pages, from 0, in the order in which they are to come out, copies included."""
    ranges = printer.pageRanges()
    if printer.printRange() is QPrinter.PrintRange.AllPages or ranges.isEmpty():
        wanted = list(range(pages))
    else:
        wanted = [page for page in range(pages) if ranges.contains(page + 1)]
    if printer.pageOrder() is QPrinter.PageOrder.LastPageFirst:
        wanted.reverse()
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    if printer.collateCopies():
        return wanted * copies
    return [page for page in wanted for _ in range(copies)]


def print_pages(data: bytes, printer: QPrinter, work: Work) -> int:
    """Prints the pages of a PDF that the printer was told; how many sheets' sides that were.

    Raises `NotWritten` if the printer does not take them and `Cancelled`; then nothing more is sent.
    """
    set_up(printer)
    with PageImages(data) as images:
        wanted = wanted_pages(printer, images.pages)
        if not wanted:
            raise NotWritten(
                "所选的页码里没有页。", "没有打印。", f"这份年报共 {images.pages} 页，请重新选择。"
            )
        painter = QPainter()
        if not painter.begin(printer):
            raise _refused(printer)
        try:
            for number, page in enumerate(wanted):
                work.advance(number, len(wanted), f"第 {page + 1} 页，共 {images.pages} 页")
                if number and not printer.newPage():
                    raise _refused(printer)
                _draw(painter, printer, images, page, work)
        except (Cancelled, NotWritten):
            printer.abort()
            raise
        finally:
            painter.end()
    return len(wanted)


def _draw(painter: QPainter, printer: QPrinter, images: PageImages, page: int, work: Work) -> None:
    dpi = min(DPI, printer.resolution())
    unit = printer.resolution() / dpi
    for band in images.bands(page, dpi):
        work.stop_if_cancelled()
        image = QImage(band.data, band.width, band.height, band.stride, QImage.Format.Format_Grayscale8)
        painter.drawImage(QRectF(0, band.top * unit, band.width * unit, band.height * unit), image)


def _refused(printer: QPrinter) -> NotWritten:
    name = printer.printerName()
    return NotWritten(
        f"打印机“{name}”没有接收。" if name else "打印机没有接收。",
        "年报没有受到影响，可能有一部分页已经印出。",
        "请检查打印机是否开启、有没有纸，再打印一次。",
    )
