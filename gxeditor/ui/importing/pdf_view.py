"""The original as the pages of its PDF, rendered beside the window, with frames around the places asked for.

Knows that a page may take its time or fail, and then shows what there is. Knows nothing of the form nor of the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import ceil
from threading import Thread

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent

from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import GxError
from gxeditor.imports.source import ImportNote, Origin
from gxeditor.paper.raster import PageImages, Picture
from gxeditor.ui.importing.original import DESK, PAPER, Original, origins_of
from gxeditor.ui.look import theme

_LEAST = 1.0
"""Logical pixels per point at least: figures of a table in 小五 are 9 high then; a narrow pane scrolls."""
MOST_PAGES = 400
"""Of each page the size is asked for before the first is shown."""


class _Renderer:
    """Renders pages on a thread that nobody waits for; `done` holds what is ready. The last wish comes first."""

    def __init__(self, images: PageImages) -> None:
        self.images = images
        self.done: deque[tuple[tuple[int, int], Picture | None]] = deque()
        self._wishes: list[tuple[int, int]] = []
        self._thread: Thread | None = None
        self._closed = False

    def wish(self, wishes: list[tuple[int, int]]) -> None:
        """Asks for pages at resolutions: (page from 0, dpi); what was asked before and not begun is forgotten."""
        self._wishes = wishes
        if wishes and (self._thread is None or not self._thread.is_alive()):
            self._thread = Thread(target=self._work, name="original", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Lets go of the file, once a page under way is done."""
        self._wishes, self._closed = [], True
        if self._thread is None or not self._thread.is_alive():
            self.images.close()

    @property
    def busy(self) -> bool:
        return bool(self.done) or (self._thread is not None and self._thread.is_alive())

    def _work(self) -> None:
        while self._wishes:
            wishes = self._wishes
            key, self._wishes = wishes[0], wishes[1:]
            try:
                picture = self.images.render(key[0], key[1])
            except (GxError, ValueError, IndexError, MemoryError):  # closed meanwhile, or the page is damaged
                picture = None
            self.done.append((key, picture))
        if self._closed:
            self.images.close()


class PageView(Original):
    """The pages of a PDF below each other, as wide as the pane, with frames around the places asked for."""

    KEPT = 6
    """Pages whose picture is kept: some 3 MB each."""

    def __init__(self, images: PageImages, origins: Iterable[Origin], notes: Sequence[ImportNote]) -> None:
        """`origins` are the places that can be clicked."""
        super().__init__()
        self._renderer = _Renderer(images)
        self._sizes = [images.size(page) for page in range(images.pages)]
        self._tops: list[float] = []
        self._scale = 1.0
        self._pictures: dict[tuple[int, int], tuple[QImage, Picture] | None] = {}
        self._spots: dict[int, list[Origin]] = {}
        for origin in dict.fromkeys(origins):
            if origin.page is not None and origin.box is not None:
                self._spots.setdefault(origin.page - 1, []).append(origin)
        self._doubtful = [
            origin for note in notes if note.severity == "doubt" for origin in origins_of(note) if origin.box
        ]
        self._shown: tuple[Origin, ...] = ()
        self._page = 0
        self._timer = QTimer(self, interval=30)
        self._timer.timeout.connect(self._take)
        self.destroyed.connect(self._renderer.close)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def pages(self) -> int:
        return len(self._sizes)

    @property
    def here(self) -> str:
        return f"第 {self._page + 1} 页，共 {self.pages} 页"

    def drawn(self, page: int) -> bool:
        """Whether the picture of a page (from 0) is there."""
        return any(number == page and picture is not None for (number, _), picture in self._pictures.items())

    def turn(self, by: int) -> None:
        page = max(0, min(self._page + by, self.pages - 1))
        self._go_to(page)

    def _go_to(self, page: int) -> None:
        self.verticalScrollBar().setValue(round(self._tops[page]) - DESK)

    def show_origins(self, origins: Sequence[Origin], columns: Sequence[int] = ()) -> bool:
        known = tuple(one for one in origins if one.page is not None and one.page <= self.pages)
        self._shown = known
        if known and self._tops and known[0].box is None:
            self._go_to((known[0].page or 1) - 1)
        elif known and self._tops:
            rect, view = self.rect_of(known[0]), self.viewport().rect()
            for bar, first, last, size in (
                (self.verticalScrollBar(), rect.top(), rect.bottom(), view.height()),
                (self.horizontalScrollBar(), rect.left(), rect.right(), view.width()),
            ):
                if first < 0 or last > size:
                    bar.setValue(round(bar.value() + first - size / 3))
        self.viewport().update()
        return bool(known)

    # --- measures

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        middle = self._page
        widest = max((width for width, _ in self._sizes), default=595.0)
        self._scale = max(_LEAST, (self.viewport().width() - 2 * DESK) / widest)
        across = self.horizontalScrollBar()
        across.setPageStep(self.viewport().width())
        across.setRange(0, max(0, ceil(widest * self._scale) + 2 * DESK - self.viewport().width()))
        heights = (height * self._scale + DESK for _, height in self._sizes)
        self._tops = list(accumulate(heights, initial=float(DESK)))
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, ceil(self._tops[-1]) - self.viewport().height()))
        if self._shown:
            self.show_origins(self._shown)
        elif middle:
            bar.setValue(round(self._tops[middle]) - DESK)

    def _page_rect(self, page: int) -> QRectF:
        width, height = self._sizes[page]
        left = (
            max(DESK, (self.viewport().width() - width * self._scale) / 2)
            - self.horizontalScrollBar().value()
        )
        top = self._tops[page] - self.verticalScrollBar().value()
        return QRectF(left, top, width * self._scale, height * self._scale)

    def rect_of(self, origin: Origin) -> QRectF:
        page = self._page_rect((origin.page or 1) - 1)
        if origin.box is None:
            return QRectF(page.left(), page.top(), page.width(), 24)
        left, top, right, bottom = origin.box
        return QRectF(
            page.left() + left * page.width(),
            page.top() + top * page.height(),
            (right - left) * page.width(),
            (bottom - top) * page.height(),
        )

    def _scrolled(self) -> None:
        at = self.verticalScrollBar().value() + self.viewport().height() / 3
        page = max(0, min(bisect_right(self._tops, at) - 1, self.pages - 1))
        if page != self._page:
            self._page = page
            self.moved.emit()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colors.window if colors.dark else colors.head)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        pixels = theme.Pixels(painter)
        dpi = round(self._scale * self.devicePixelRatioF() * 72)
        wanted: list[tuple[int, int]] = []
        in_view: list[int] = []
        for page in range(self.pages):
            rect = self._page_rect(page)
            if rect.bottom() < 0 or rect.top() > self.viewport().height():
                continue
            in_view.append(page)
            pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), PAPER.base)
            self._paint_page(painter, page, dpi, rect, wanted)
            pixels.frame(rect, colors.line2)
            self._paint_spots(painter, pixels, page)
        painter.end()
        for key in [key for key in self._pictures if key[0] not in in_view or key[1] != dpi]:
            if len(self._pictures) > self.KEPT:
                del self._pictures[key]
        if wanted:
            self._renderer.wish(wanted)
            self._timer.start()

    def _paint_page(
        self, painter: QPainter, page: int, dpi: int, rect: QRectF, wanted: list[tuple[int, int]]
    ) -> None:
        if (page, dpi) not in self._pictures:
            wanted.append((page, dpi))
        ready = self._pictures.get((page, dpi)) or next(
            (picture for (number, _), picture in self._pictures.items() if number == page and picture), None
        )
        if ready is not None:
            painter.drawImage(rect, ready[0])
        else:
            failed = (page, dpi) in self._pictures
            painter.setPen(PAPER.text2)
            words = "这一页画不出来，读入的内容不受影响。" if failed else "正在画这一页…"
            painter.drawText(rect.adjusted(0, 40, 0, 0), int(Qt.AlignmentFlag.AlignHCenter), words)

    def _paint_spots(self, painter: QPainter, pixels: theme.Pixels, page: int) -> None:
        for origin in self._doubtful:
            if origin.page == page + 1:
                rect = self.rect_of(origin)
                tint = PAPER.qry.toRgb()
                tint.setAlpha(40)
                painter.fillRect(rect, tint)
                theme.paint_mark(painter, QRectF(rect.right() - 9, rect.y() + 1, 7, 7), Severity.QUERY)
        for origin in self._shown:
            if origin.page == page + 1 and origin.box is not None:
                pixels.frame(self.rect_of(origin).adjusted(-2, -2, 2, 2), PAPER.focus, 2)

    def _take(self) -> None:
        while self._renderer.done:
            key, picture = self._renderer.done.popleft()
            if picture is None:
                self._pictures[key] = None
                continue
            image = QImage(
                picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
            )
            self._pictures[key] = image, picture
            self.viewport().update()
        if not self._renderer.busy:
            self._timer.stop()

    # --- mouse and keys

    def _spot_at(self, point: QPointF) -> Origin | None:
        for page in range(self.pages):
            if self._page_rect(page).contains(point):
                inside = [one for one in self._spots.get(page, ()) if self.rect_of(one).contains(point)]
                return min(inside, key=lambda one: self.rect_of(one).width(), default=None)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        spot = self._spot_at(event.position())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton:
            self.show_origins([spot])
            self.pointed.emit(spot, -1, "")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._spot_at(event.position()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(0 if event.key() == Qt.Key.Key_Home else bar.maximum())
            return
        super().keyPressEvent(event)
