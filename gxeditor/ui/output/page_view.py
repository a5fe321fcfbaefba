"""The pages of a PDF on the screen: scrolled, zoomed, and with places on them that can be pointed at.

Knows how pages lie on the desk, that only what is in view is rendered, for the device pixels it is seen in, how much of
it at a time, and how much is kept. Who sets pages anew may have the parts in view `drawn` beside the window, so that
they are there at once. Where a page comes from and what a place on it means is the preview's business.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from gxeditor.ui.look import theme

if TYPE_CHECKING:
    from gxeditor.paper.pages import PageSpot
    from gxeditor.paper.raster import PageImages, Picture

ACTUAL = 96 / 72
"""Logical pixels per point at 100 %."""
PAGE_ZOOMS = (50, 75, 100, 125, 150, 200, 300)
FITS = {"auto": "自动", "width": "适合宽度", "page": "整页"}
MEMORY = 8_000_000
"""Bytes of rendered pages that are kept; what is in view stays, whatever it takes."""
_GAP, _EDGE = 12, 16  # between pages and around them
_EASY = 1.0  # 「自动」 fits the width, but a page larger than paper is no easier to read
_BAND = 256  # device pixel rows rendered at a time
_AT_ONCE = 2_000_000  # device pixels rendered in one painting, some 20 ms; a large screen takes several
_REST = 400  # milliseconds for which old thumbnails stand: while one types none is drawn
_PAPER = theme.theme_of(theme.LIGHT, dark=False)  # paper is white in the dark, too


Part = tuple[int, int, int]
"""A part of a page: its number, its first row, and the width of the whole in device pixels."""


class View(NamedTuple):
    """What is in view: device pixels per point, and the parts of pages."""

    scale: float
    parts: tuple[Part, ...]


def drawn(images: PageImages, view: View) -> dict[Part, Picture]:
    """The parts in view of other pages, rendered; runs on any thread."""
    pictures = {}
    for page, row, width in view.parts:
        dpi = view.scale * 72
        if page < images.pages:
            wide, high = images.pixels(page, dpi)
            if wide == width and row < high:
                pictures[page, row, width] = images.render(page, dpi, rows=range(row, row + _BAND))
    for page in range(images.pages):
        images.size(page)  # asked for by the window, which should not wait for it
    return pictures


class PageView(QAbstractScrollArea):
    """Pages below each other. `zoom` is a key of `FITS` or per cent.

    `pointed` carries the spot that was clicked, `page_changed` the number of the page in view (from 0), `zoom_changed`
    that `factor` differs. `name_of` gives the words for a spot.
    """

    pointed = Signal(object)
    page_changed = Signal(int)
    zoom_changed = Signal()
    entered = Signal()
    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewport(QWidget())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("年报的页面")
        self.viewport().setMouseTracking(True)
        self.name_of: Callable[[PageSpot], str] = _target
        self.zoom: str | int = "auto"
        self._images: PageImages | None = None
        self._sizes: list[tuple[float, float]] = []
        self._spots: dict[int, list[PageSpot]] = {}
        self._marked: tuple[PageSpot, ...] = ()
        self._hovered: PageSpot | None = None
        self._scale = ACTUAL
        self._tops: list[float] = []
        self._bands: OrderedDict[Part, tuple[QImage, Picture]] = OrderedDict()
        self._room = 0  # pixels that may still be rendered in this painting
        self._is_left = False
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self.viewport().update)
        self._kept = 0
        self._wheel = 0
        self._page = 0
        self.verticalScrollBar().setSingleStep(40)
        self.horizontalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.appearance.changed.connect(self.viewport().update)

    # --- what is shown

    def set_pages(
        self,
        images: PageImages | None,
        spots: Sequence[PageSpot] = (),
        pictures: Mapping[Part, Picture] = MappingProxyType({}),
    ) -> None:
        """Shows other pages, at the place where the eye was. Closes those shown before.

        `pictures` are parts of them that are `drawn` already.
        """
        page, x, y = self._place(QPointF(0, 0))
        if self._images is not None:
            self._images.close()
        self._images = images
        self._sizes = [images.size(number) for number in range(images.pages)] if images is not None else []
        self._spots = {}
        for spot in spots:
            self._spots.setdefault(spot.page, []).append(spot)
        self._marked, self._hovered = (), None
        self.release()
        for part, picture in pictures.items():
            self._keep(part, picture)
        self._arrange()
        if page < len(self._sizes):
            self._put((page, x, y), QPointF(0, 0))
        self._scrolled()
        self.viewport().update()

    @property
    def seen(self) -> View:
        """What is in view."""
        ratio = self.devicePixelRatioF()
        parts = []
        for page in self._in_view():
            width, first, last = self._rows(page, self.page_rect(page).top(), ratio)
            parts += [(page, row, width) for row in range(first, last, _BAND)]
        return View(self._scale * ratio, tuple(parts))

    @property
    def images(self) -> PageImages | None:
        return self._images

    @property
    def pages(self) -> int:
        return len(self._sizes)

    @property
    def page(self) -> int:
        """The page in view, that is, the one that fills most of it."""
        return self._page

    @property
    def factor(self) -> float:
        """1.0 is as large as paper, at 96 pixels an inch."""
        return self._scale / ACTUAL

    def spots(self, target: str) -> list[PageSpot]:
        """Where on the pages a cell or a section is."""
        return [spot for found in self._spots.values() for spot in found if spot.target == target]

    def mark(self, spots: Sequence[PageSpot]) -> None:
        """Frames these places, and no others, and scrolls as little as shows the first."""
        self._marked = tuple(spots)
        if spots:
            self.show_spot(spots[0])
        self.viewport().update()

    @property
    def marked(self) -> tuple[PageSpot, ...]:
        return self._marked

    def show_spot(self, spot: PageSpot) -> None:
        """Brings a place that is not in view to the upper third of it; what is in view stays."""
        rect, room = self.spot_rect(spot), self.viewport().rect()
        for bar, low, high, size in (
            (self.verticalScrollBar(), rect.top(), rect.bottom(), room.height()),
            (self.horizontalScrollBar(), rect.left(), rect.right(), room.width()),
        ):
            if low < 0 or high > size:
                bar.setValue(round(bar.value() + low - size / 3))

    def go_to_page(self, page: int) -> None:
        """Brings the top of a page into view; a number beyond the pages takes the nearest."""
        if self._tops:
            top = self._tops[max(0, min(page, len(self._tops) - 1))]
            self.verticalScrollBar().setValue(round(top - _GAP / 2))

    def set_zoom(self, zoom: str | int, at: QPointF | None = None) -> None:
        """Shows the pages in another size; what is at `at` (the middle, if None) stays there."""
        self.zoom = zoom if isinstance(zoom, str) else max(PAGE_ZOOMS[0], min(zoom, PAGE_ZOOMS[-1]))
        at = at or QPointF(self.viewport().rect().center())
        place = self._place(at)
        self._arrange()
        self._put(place, at)
        self.zoom_changed.emit()
        self.viewport().update()

    def zoom_by(self, steps: int, at: QPointF | None = None) -> None:
        """The next larger (1) or smaller (-1) of `PAGE_ZOOMS`."""
        now = self.factor * 100
        wanted = (
            next((z for z in PAGE_ZOOMS if z > now + 0.5), PAGE_ZOOMS[-1])
            if steps > 0
            else next((z for z in reversed(PAGE_ZOOMS) if z < now - 0.5), PAGE_ZOOMS[0])
        )
        self.set_zoom(wanted, at)

    # --- where things are

    def _arrange(self) -> None:
        """Sets scale, places and scroll bars from zoom and room."""
        room = self.maximumViewportSize()
        bar = self.verticalScrollBar().sizeHint().width()
        widest = max((w for w, _ in self._sizes), default=595.0)
        tallest = max((h for _, h in self._sizes), default=842.0)
        across = max(80, room.width() - bar - 2 * _EDGE) / widest
        if isinstance(self.zoom, int):
            self._scale = self.zoom / 100 * ACTUAL
        elif self.zoom == "page":
            self._scale = min(across, max(80, room.height() - 2 * _GAP) / tallest)
        else:
            self._scale = min(across, _EASY * ACTUAL) if self.zoom == "auto" else across
        self._scale = min(self._scale, PAGE_ZOOMS[-1] / 100 * ACTUAL)
        top = float(_GAP)
        self._tops = []
        for _, height in self._sizes:
            self._tops.append(top)
            top += height * self._scale + _GAP
        view = self.viewport().size()
        for scroll, size, part in (
            (self.verticalScrollBar(), ceil(top), view.height()),
            (self.horizontalScrollBar(), ceil(widest * self._scale) + 2 * _EDGE, view.width()),
        ):
            scroll.setPageStep(part)
            scroll.setRange(0, max(0, size - part))

    def _left(self, page: int) -> float:
        width = self._sizes[page][0] * self._scale
        return max(float(_EDGE), (self.viewport().width() - width) / 2) - self.horizontalScrollBar().value()

    def page_rect(self, page: int) -> QRectF:
        """Where a page is in the view."""
        width, height = self._sizes[page]
        top = self._tops[page] - self.verticalScrollBar().value()
        return QRectF(self._left(page), top, width * self._scale, height * self._scale)

    def spot_rect(self, spot: PageSpot) -> QRectF:
        """Where a place on a page is in the view."""
        page, scale = self.page_rect(spot.page), self._scale
        left, top = page.left() + spot.x * scale, page.top() + spot.y * scale
        return QRectF(left, top, spot.width * scale, spot.height * scale)

    def spot_at(self, point: QPointF) -> PageSpot | None:
        """The place under a point of the view; of several the smallest."""
        page, x, y = self._place(point)
        inside = [
            s for s in self._spots.get(page, ()) if s.x <= x <= s.x + s.width and s.y <= y <= s.y + s.height
        ]
        return min(inside, key=lambda s: s.width * s.height, default=None)

    def _place(self, point: QPointF) -> tuple[int, float, float]:
        """Page, and points from its upper left corner, of a point of the view."""
        y = point.y() + self.verticalScrollBar().value()
        page = max((n for n, top in enumerate(self._tops) if top <= y), default=0)
        if not self._tops:
            return 0, 0.0, 0.0
        return page, (point.x() - self._left(page)) / self._scale, (y - self._tops[page]) / self._scale

    def _put(self, place: tuple[int, float, float], at: QPointF) -> None:
        """Scrolls so that a place on a page is at a point of the view."""
        page, x, y = place
        if page < len(self._tops):
            self.verticalScrollBar().setValue(round(self._tops[page] + y * self._scale - at.y()))
            bar = self.horizontalScrollBar()
            bar.setValue(round(bar.value() + self._left(page) + x * self._scale - at.x()))

    def _in_view(self) -> Iterator[int]:
        height = self.viewport().height()
        for page in range(len(self._sizes)):
            rect = self.page_rect(page)
            if rect.bottom() > 0 and rect.top() < height:
                yield page

    def _scrolled(self) -> None:
        middle = self.viewport().height() / 2
        page = min(
            self._in_view(),
            key=lambda n: max(0, self.page_rect(n).top() - middle, middle - self.page_rect(n).bottom()),
            default=0,
        )
        if page != self._page:
            self._page = page
        self.page_changed.emit(page)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colors.window if colors.dark else colors.head)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        pixels = theme.Pixels(painter)
        seen: set[Part] = set()
        self._room, self._is_left = _AT_ONCE, False
        for page in self._in_view():
            rect = self.page_rect(page)
            left, top = pixels.x(rect.left()), pixels.y(rect.top())
            seen |= self._paint_page(painter, page, left, top)
            pixels.frame(QRectF(left, top, rect.width(), rect.height()), colors.line2)
            for spot in self._marked:
                if spot.page == page:
                    pixels.frame(self.spot_rect(spot).adjusted(-2, -2, 2, 2), _PAPER.focus, 2)
            if self._hovered is not None and self._hovered.page == page:
                tint = QColor(_PAPER.focus)
                tint.setAlpha(36)
                painter.fillRect(self.spot_rect(self._hovered), tint)
        painter.end()
        self._trim(seen)
        if self._is_left:
            self._more.start()

    def _rows(self, page: int, top: float, ratio: float) -> tuple[int, int, int]:
        """The width of a page in device pixels, and its rows in view, in whole bands; `top` is where it begins."""
        scale = self._scale * ratio
        width, height = (max(1, round(size * scale)) for size in self._sizes[page])
        first = max(0, int(-top * ratio)) // _BAND * _BAND
        return width, first, min(height, ceil((self.viewport().height() - top) * ratio))

    def _keep(self, part: Part, picture: Picture) -> None:
        image = QImage(
            picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
        )
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._bands[part] = image, picture
        self._kept += len(picture.data)

    def _paint_page(self, painter: QPainter, page: int, left: float, top: float) -> set[Part]:
        assert self._images is not None
        ratio = self.devicePixelRatioF()
        width, first, last = self._rows(page, top, ratio)
        used = set()
        for row in range(first, last, _BAND):
            key = (page, row, width)
            if key not in self._bands:
                if self._room <= 0:  # the rest comes after what else is waiting: keys, above all
                    rows = min(_BAND, last - row)
                    painter.fillRect(
                        QRectF(left, top + row / ratio, width / ratio, rows / ratio), _PAPER.base
                    )
                    self._is_left = True
                    continue
                self._room -= width * _BAND
                dpi = self._scale * ratio * 72
                self._keep(key, self._images.render(page, dpi, rows=range(row, row + _BAND)))
            self._bands.move_to_end(key)
            painter.drawImage(QPointF(left, top + row / ratio), self._bands[key][0])
            used.add(key)
        return used

    def _trim(self, seen: set[tuple[int, int, int]]) -> None:
        for key in [key for key in self._bands if key not in seen]:
            if self._kept <= MEMORY:
                break
            self._kept -= len(self._bands.pop(key)[1].data)

    def release(self) -> None:
        """Gives up all rendered parts; what is in view is rendered again when it is painted."""
        self._bands.clear()
        self._kept = 0

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size() == event.oldSize():
            return
        place = self._place(QPointF(0, 0))
        factor = self._scale
        self._arrange()
        self._put(place, QPointF(0, 0))
        if self._scale != factor:
            self.release()
            self.zoom_changed.emit()
        self._scrolled()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.release()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _turn(event):
            event.accept()  # in the window these keys turn to another section
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(QPointF(event.pos()))
            if spot is not None:
                QToolTip.showText(event.globalPos(), theme.plain_tip(self.name_of(spot)), self.viewport())
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.spot_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        spot = self.spot_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if spot is not None:
            self.pointed.emit(spot)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _hover(self, spot: PageSpot | None) -> None:
        if spot is not self._hovered:
            self._hovered = spot
            shape = Qt.CursorShape.PointingHandCursor if spot is not None else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        while abs(self._wheel) >= 120:  # touch pads send parts of a notch
            step = 1 if self._wheel > 0 else -1
            self._wheel -= 120 * step
            self.zoom_by(step, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        bar = self.verticalScrollBar()
        if _turn(event):
            self.go_to_page(self._page + _turn(event))
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif key == Qt.Key.Key_Space:
            bar.setValue(bar.value() + bar.pageStep() - 40)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


def _turn(event: QKeyEvent) -> int:
    """How many pages a key turns: Ctrl+PgDn 1, Ctrl+PgUp -1, another 0."""
    if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
        return 0
    steps: dict[int, int] = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
    return steps.get(event.key(), 0)


def _target(spot: PageSpot) -> str:
    return spot.target


class Thumbnails(QListView):
    """All pages in small; choosing one emits `chosen` with its number. A picture is drawn when it comes into view."""

    WIDTH = 128
    chosen = Signal(int)
    _PAGE = 84  # logical pixels across a page

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("页面缩略图")
        self.setProperty("bare", True)
        self.setFixedWidth(self.WIDTH)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._images: PageImages | None = None
        self._pictures: dict[int, QPixmap] = {}
        self._stale: set[int] = set()
        self._following = False
        self._model = _Pages(self)
        self.setModel(self._model)
        self.setItemDelegate(_Small(self))
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._draw_one)
        self.clicked.connect(self._clicked)

    def set_pages(self, images: PageImages | None) -> None:
        """Shows other pages; an old picture stands until the new one is drawn."""
        self._images = images
        pages = images.pages if images is not None else 0
        self._timer.setInterval(_REST if self._pictures else 0)
        self._pictures = {n: picture for n, picture in self._pictures.items() if n < pages}
        self._stale = set(range(pages))
        self._model.set_count(pages)
        self.viewport().update()

    def show_page(self, page: int) -> None:
        """Marks the page that is read."""
        index = self._model.index(page)
        if index.isValid() and index != self.currentIndex():
            self._following = True
            self.setCurrentIndex(index)
            self._following = False

    def picture(self, page: int) -> QPixmap | None:
        """What there is of a page; asks for a newer picture if that is old."""
        if page in self._stale and not self._timer.isActive():
            self._timer.start()
        return self._pictures.get(page)

    def _draw_one(self) -> None:
        rect = self.viewport().rect()
        for page in sorted(self._stale):
            index = self._model.index(page)
            if self.isVisible() and self.visualRect(index).intersects(rect) and self._images is not None:
                self._stale.discard(page)
                ratio = self.devicePixelRatioF()
                dpi = self._PAGE * ratio * 72 / self._images.size(page)[0]
                # Twice as large first: no line of a table is drawn thinner than a pixel, and all would be black.
                picture = self._images.render(page, 2 * dpi)
                image = QImage(
                    picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
                )
                width = round(self._PAGE * ratio)
                pixmap = QPixmap.fromImage(
                    image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
                )
                pixmap.setDevicePixelRatio(ratio)
                self._pictures[page] = pixmap
                self.update(index)
                self._timer.setInterval(0)
                self._timer.start()
                return

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus() and not self._following:
            self.chosen.emit(current.row())


class _Pages(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._count = 0

    def set_count(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"第 {index.row() + 1} 页"
        return None


class _Small(QStyledItemDelegate):
    """A page in small with its number below."""

    def __init__(self, view: Thumbnails) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(Thumbnails.WIDTH - 14, round(Thumbnails._PAGE * 297 / 210) + 34)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colors = theme.current()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        here = index == self._view.currentIndex()
        if here:
            painter.fillRect(rect, colors.sel)
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), colors.accent)
        pixels = theme.Pixels(painter)
        wide, high = Thumbnails._PAGE, round(Thumbnails._PAGE * 297 / 210)
        paper = pixels.rect(rect.left() + (rect.width() - wide) / 2, rect.top() + 8, wide, high)
        painter.fillRect(paper, _PAPER.base)
        picture = self._view.picture(index.row())
        if picture is not None:
            painter.drawPixmap(paper.topLeft(), picture)
        pixels.frame(paper, colors.line2)
        painter.setPen(colors.seltext if here else colors.text2)
        painter.setFont(theme.font(8.25))
        words = QRect(rect.left(), rect.top() + 10 + high, rect.width(), 20)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, str(index.row() + 1))
        if here and self._view.hasFocus():
            pixels.frame(QRectF(rect), colors.focus)
