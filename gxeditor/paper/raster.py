"""PDF → pictures of its pages, for the screen and the printer.

Knows PDFium, the one renderer for both: what is seen is what is printed. Hands out plain buffers in the layouts that
Qt reads as they are, and no Qt. A page at printing resolution is 35 MB grey and 139 MB coloured, so paper is rendered
in bands. Pages of a foreign file may take for ever: `foreign_sizes` and `foreign_picture` are to be called in the child
process. Does not know where a picture is shown nor what is on it.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from ctypes import c_ubyte
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

import pypdfium2.raw as pdfium

from gxeditor.core.errors import GxError

_BAND = 256  # rows: 1.3 MB at 600 dpi grey, and bands this small render faster than the page in one piece

_lock = RLock()
"""PDFium has no threads: one call at a time in the whole process, whatever document it is for."""


_ended: list[bool] = []


def _end() -> None:
    """PDFium ends with the program, its documents with it: a widget that outlives it must not close one again."""
    _ended.append(True)


atexit.register(_end)  # runs before PDFium's own, which was registered when it was loaded


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows `top` … `top + height` of a page as an image, on white.

    `data` holds `stride` bytes a row, upper row first: one byte a pixel if `grey` (QImage's Format_Grayscale8), else
    four in the order blue, green, red, 255 (Format_RGB32). Qt does not copy it: keep the picture as long as the QImage.
    """

    width: int
    height: int
    stride: int
    data: bytes
    grey: bool
    top: int = 0


class PageImages:
    """The pages of a PDF, rendered when asked for. Safe to use from several threads; renderings wait for each other.

    Holds the bytes and one parsed page until `close()`; usable as a context manager. After closing, every call
    raises `ValueError`. Page numbers begin with 0; one that is not there raises `IndexError`.
    """

    def __init__(self, data: bytes) -> None:
        """Raises `GxError` for bytes that are no PDF or want a password."""
        self._data = data  # PDFium reads from it until the document is closed
        self._page: Any = None
        self._number = -1
        self._sizes: dict[int, tuple[float, float]] = {}
        with _lock:
            self._document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
            if not self._document:
                wanted = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
                raise GxError(
                    "这个 PDF 文件设有密码，不能显示。" if wanted else "这个 PDF 文件已经损坏，不能显示。",
                    "年报没有受到影响。",
                    "请重新导出 PDF。",
                )
            self.pages: int = pdfium.FPDF_GetPageCount(self._document)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Frees the document; a rendering under way on another thread is waited for. Closing twice does nothing."""
        with _lock:
            if _ended:
                return
            self._leave_page()
            if self._document:
                pdfium.FPDF_CloseDocument(self._document)
            self._document, self._data = None, b""
            self._sizes.clear()

    def size(self, page: int) -> tuple[float, float]:
        """Width and height of a page in points, as it is seen."""
        if page not in self._sizes:
            with _lock:
                handle = self._open(page)
                self._sizes[page] = pdfium.FPDF_GetPageWidthF(handle), pdfium.FPDF_GetPageHeightF(handle)
        return self._sizes[page]

    def pixels(self, page: int, dpi: float) -> tuple[int, int]:
        """Width and height in pixels of the whole page at a resolution, at least 1."""
        width, height = self.size(page)
        return max(1, round(width * dpi / 72)), max(1, round(height * dpi / 72))

    def render(self, page: int, dpi: float, *, grey: bool = False, rows: range | None = None) -> Picture:
        """A page, or of it the pixel rows in `rows` (only the part on the page), at a resolution in dots per inch.

        An empty range raises `ValueError`.
        """
        with _lock:
            handle = self._open(page)
            width, full = self.pixels(page, dpi)
            top, bottom = (0, full) if rows is None else (max(0, rows.start), min(full, rows.stop))
            if top >= bottom:
                raise ValueError(f"no rows of the page in {rows}")
            height, stride = bottom - top, width if grey else 4 * width
            buffer = (c_ubyte * (stride * height))()
            kind = pdfium.FPDFBitmap_Gray if grey else pdfium.FPDFBitmap_BGRx
            bitmap = pdfium.FPDFBitmap_CreateEx(width, height, kind, buffer, stride)
            if not bitmap:
                raise MemoryError(f"no picture of {width} × {height} pixels")
            try:
                pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
                flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_GRAYSCALE if grey else 0)
                pdfium.FPDF_RenderPageBitmap(bitmap, handle, 0, -top, width, full, 0, flags)
            finally:
                pdfium.FPDFBitmap_Destroy(bitmap)
        return Picture(width, height, stride, bytes(buffer), grey, top)

    def bands(self, page: int, dpi: float, *, grey: bool = True, rows: int = _BAND) -> Iterator[Picture]:
        """The page from top to bottom in pictures of `rows` rows, the last one lower; for the printer.

        Other renderings may come between two bands.
        """
        _, height = self.pixels(page, dpi)
        for top in range(0, height, rows):
            yield self.render(page, dpi, grey=grey, rows=range(top, top + rows))

    def _open(self, page: int) -> Any:
        """The parsed page. The last one stays open, since it is what is zoomed and printed in bands."""
        if not self._document:
            raise ValueError("the pages are closed")
        if not 0 <= page < self.pages:
            raise IndexError(page)
        if page != self._number:
            self._leave_page()
            self._page = pdfium.FPDF_LoadPage(self._document, page)
            if not self._page:
                raise GxError(
                    f"PDF 的第 {page + 1} 页已经损坏，不能显示。", "年报没有受到影响。", "请重新导出 PDF。"
                )
            self._number = page
        return self._page

    def _leave_page(self) -> None:
        if self._page:
            pdfium.FPDF_ClosePage(self._page)
        self._page, self._number = None, -1


_foreign: list[tuple[tuple[Path, int, int], PageImages]] = []  # the file that was asked for last


def _foreign_pages(path: Path) -> PageImages:
    from gxeditor.files.limits import FOREIGN_FILE
    from gxeditor.files.reading import read_file

    data: bytes | None = None
    try:
        status = path.stat()
        key = path, status.st_mtime_ns, status.st_size
    except OSError:
        data = read_file(path, FOREIGN_FILE)  # says why
        key = path, 0, len(data)
    if not _foreign or _foreign[0][0] != key:
        while _foreign:
            _foreign.pop()[1].close()
        _foreign.append((key, PageImages(read_file(path, FOREIGN_FILE) if data is None else data)))
    return _foreign[0][1]


def foreign_sizes(path: Path, most: int) -> tuple[tuple[float, float], ...]:
    """Width and height in points of the pages of a file; none if there are more than `most`.

    Raises as `PageImages` and `files.reading.read_file`.
    """
    images = _foreign_pages(path)
    return tuple(images.size(page) for page in range(images.pages)) if images.pages <= most else ()


def foreign_picture(path: Path, page: int, dpi: float) -> Picture:
    """A page of a file, as `PageImages.render`; raises also as `foreign_sizes`."""
    return _foreign_pages(path).render(page, dpi)
