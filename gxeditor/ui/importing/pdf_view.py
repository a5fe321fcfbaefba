"""The original as the pages of its PDF, rendered in the child process, with frames around the places asked for.

Knows that a page may take its time, hang or fail, and then shows what there is. Knows nothing of the form nor of the
text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from math import ceil
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent

from gxeditor.core.checks.rules import Severity
from gxeditor.imports.source import ImportNote, Origin
from gxeditor.paper.raster import Picture, foreign_picture, foreign_sizes
from gxeditor.ui.importing.original import DESK, PAPER, Original, origins_of
from gxeditor.ui.look import theme
from gxeditor.ui.look.tasks import Task, in_child
from gxeditor.worker import SECONDS

_LEAST = 1.0
"""Logical pixels per point at least: figures of a table in 小五 are 9 high then; a narrow pane scrolls."""
MOST_PAGES = 400
"""Of each page the size is asked for before the first is shown."""


class _Renderer(QObject):
    """Has pages rendered in the child process, one at a time; the last wish comes first.

    `opened` carries the sizes of the pages in points, `failed` says that there are none to be shown; `rendered` carries
    a page (from 0), its resolution and its `Picture`, None where the page cannot be drawn.
    """

    opened = Signal(object)
    failed = Signal()
    rendered = Signal(int, int, object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._wishes: list[tuple[int, int]] = []
        self._task: Task | None = None
        self._came: object = None

    def open(self) -> None:
        """Asks for the sizes of the pages."""
        self._ask(foreign_sizes, MOST_PAGES)
        assert self._task is not None
        self._task.ended.connect(self._opened)

    def wish(self, wishes: list[tuple[int, int]]) -> None:
        """Asks for pages at resolutions: (page from 0, dpi); what was asked before and not begun is forgotten."""
        self._wishes = wishes
        if self._task is None:
            self._begin()

    def close(self) -> None:
        """Nothing is wanted any more: what hangs is ended."""
        self._wishes = []
        if self._task is not None:
            self._task.cancel()

    def _ask(self, function: Callable[..., Any], *arguments: object) -> None:
        self._came = None
        doing = f"画“{self._path.name}”"
        task = self._task = in_child(function, self._path, *arguments, doing=doing, seconds=SECONDS)
        task.done.connect(self._keep)
        task.start()

    def _keep(self, came: object) -> None:
        self._came = came

    def _opened(self) -> None:
        self._task = None
        if self._came:
            self.opened.emit(self._came)
        else:
            self.failed.emit()
        self._begin()

    def _begin(self) -> None:
        if self._wishes:
            self._asked, *self._wishes = self._wishes
            self._ask(foreign_picture, *self._asked)
            assert self._task is not None
            self._task.ended.connect(self._rendered)

    def _rendered(self) -> None:
        self._task = None
        self.rendered.emit(*self._asked, self._came)
        self._begin()


class PageView(Original):
    """The pages of a PDF below each other, as wide as the pane, with frames around the places asked for.

    They come once the file has been looked at; `failed` says that they do not.
    """

    failed = Signal()
    KEPT = 6
    """Pages whose picture is kept: some 3 MB each."""

    def __init__(self, path: Path, origins: Iterable[Origin], notes: Sequence[ImportNote]) -> None:
        """`origins` are the places that can be clicked."""
        super().__init__()
        self._renderer = _Renderer(path)
        self._sizes: list[tuple[float, float]] = []
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
        self._wanted: tuple[Origin, ...] = ()
        self._shown: tuple[Origin, ...] = ()  # those of them that are on a page
        self._page = 0
        self._renderer.opened.connect(self._opened)
        self._renderer.failed.connect(self.failed)
        self._renderer.rendered.connect(self._take)
        self.destroyed.connect(self._renderer.close)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._renderer.open()

    def _opened(self, sizes: Sequence[tuple[float, float]]) -> None:
        self._sizes = list(sizes)
        self._arrange()
        self.show_origins(self._wanted)
        self.viewport().update()
        self.moved.emit()

    @property
    def pages(self) -> int:
        return len(self._sizes)

    @property
    def here(self) -> str:
        return f"第 {self._page + 1} 页，共 {self.pages} 页" if self._sizes else ""

    def drawn(self, page: int) -> bool:
        """Whether the picture of a page (from 0) is there."""
        return any(number == page and picture is not None for (number, _), picture in self._pictures.items())

    def turn(self, by: int) -> None:
        page = max(0, min(self._page + by, self.pages - 1))
        self._go_to(page)

    def _go_to(self, page: int) -> None:
        self.verticalScrollBar().setValue(round(self._tops[page]) - DESK)

    def show_origins(self, origins: Sequence[Origin], columns: Sequence[int] = ()) -> bool:
        self._wanted = tuple(origins)
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
        self._arrange()

    def _arrange(self) -> None:
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
        elif middle and self._sizes:
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
        if not self._sizes:
            painter.setPen(colors.text2)
            rect = QRectF(self.viewport().rect()).adjusted(0, 40, 0, 0)
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignHCenter), "正在打开原文…")
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

    def _take(self, page: int, dpi: int, picture: Picture | None) -> None:
        if picture is None:
            self._pictures[page, dpi] = None
        else:
            image = QImage(
                picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
            )
            self._pictures[page, dpi] = image, picture
        self.viewport().update()

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
