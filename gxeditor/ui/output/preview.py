"""The preview: the very pages that are printed and exported, beside the editor or in its place.

Knows what a set of pages depends on (`Order`), that it is set anew a moment after an edit, of which only the newest
counts, and how the pane is arranged. Sets nothing itself: pages come from the child process, pictures from
`paper.raster`. What a click leads to and where choices are kept is `output`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QRegularExpressionValidator, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor import documents
from gxeditor.core.checks.findings import Findings
from gxeditor.core.errors import GxError
from gxeditor.core.report import Report
from gxeditor.paper.layouts import Layout, layouts
from gxeditor.ui.look import theme
from gxeditor.ui.look.tasks import Task, Work
from gxeditor.ui.output.export_dialog import named_characters
from gxeditor.ui.output.page_view import FITS, PAGE_ZOOMS, PageView, Part, Thumbnails, View, drawn

if TYPE_CHECKING:
    from gxeditor.paper.pages import PageSpot, Pdf
    from gxeditor.paper.raster import PageImages, Picture

PAUSE = 120  # milliseconds after an edit, in which the next one usually comes
_SLOW = 400  # milliseconds after which it is said that pages are being set
_THUMBNAILS = 720  # logical pixels from which there is room for them


@dataclass(frozen=True)
class Order:
    """What is to be set: equal orders give the same bytes. `findings` make it a proof (校对稿), None the report."""

    report: Report
    layout: Layout
    prior: Report | None = None
    findings: Findings | None = None

    def make(self, work: Work) -> Pdf:
        """The pages, which the validator has not seen. Raises as `documents.pages_apart`."""
        return documents.pages_apart(
            self.report, self.layout, self.findings, self.prior, cancelled=work.cancelled
        )


class _Drawn(NamedTuple):
    """Pages, ready to be drawn, with what of them will be in view."""

    pdf: Pdf
    images: PageImages
    pictures: dict[Part, Picture]


def _drawn(order: Order, view: View, work: Work) -> _Drawn:
    from gxeditor.paper.raster import PageImages

    pdf = order.make(work)
    work.stop_if_cancelled()
    images = PageImages(pdf.data)
    return _Drawn(pdf, images, drawn(images, view))


class Preview(QWidget):
    """The pane. `made` carries an order and its `Pdf`; `pointed` the spot that was clicked.

    `layout_chosen` carries the key of a profile, `layout_asked` asks for the dialog, `proof_chosen` whether a proof is
    wanted, `print_asked`, `export_asked` and `closed` what was pressed; `entered` goes on editing at the framed place.
    """

    made = Signal(object, object)
    pointed = Signal(object)
    layout_chosen = Signal(str)
    layout_asked = Signal()
    proof_chosen = Signal(bool)
    print_asked = Signal()
    export_asked = Signal()
    entered = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("预览")
        self.setMinimumWidth(420)
        self._order: Order | None = None
        self._shown: Order | None = None  # whose pages, or whose trouble, is in view
        self._setting: Order | None = None
        self._task: Task | None = None
        self._targets: Callable[[PageView], Sequence[PageSpot]] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._begin)
        self._slow = QTimer(self, singleShot=True, interval=_SLOW)
        self._slow.timeout.connect(self._tell_slow)
        self.view = PageView()
        self.thumbnails = Thumbnails()
        self._build()
        self.view.pointed.connect(self.pointed)
        self.view.entered.connect(self.entered)
        self.view.escaped.connect(self.closed)
        self.view.page_changed.connect(self._page_changed)
        self.view.zoom_changed.connect(self._zoom_changed)
        self.thumbnails.chosen.connect(self.view.go_to_page)
        self.setFocusProxy(self.view)

    def _build(self) -> None:
        bar = QFrame()
        bar.setProperty("ground", "window")
        bar.setProperty("edge", "bottom")
        top = QHBoxLayout(bar)
        top.setContentsMargins(12, 4, 8, 4)
        top.setSpacing(8)
        self.layout_box = QComboBox()
        self.layout_box.setAccessibleName("版式")
        for layout in layouts():
            self.layout_box.addItem(layout.name, layout.key)
            last = self.layout_box.count() - 1
            self.layout_box.setItemData(last, theme.plain_tip(layout.note), Qt.ItemDataRole.ToolTipRole)
        self.layout_box.activated.connect(self._layout_activated)
        self.layout_button = QPushButton("版式…")
        self.layout_button.setToolTip("改字体、页边距、封面、落款、双面、草稿、图表页，只改印出来的样子。")
        self.layout_button.clicked.connect(self.layout_asked)
        self.proof_button = QPushButton("校对稿")
        self.proof_button.setCheckable(True)
        self.proof_button.setToolTip("在同样的页面上标出问题，末尾附问题清单，印出来给人核对。")
        self.proof_button.toggled.connect(self.proof_chosen)
        self.print_button = QPushButton("打印…")
        self.print_button.setToolTip("在打印机上印出现在看到的页面（Ctrl+P）。")
        self.print_button.clicked.connect(self.print_asked)
        self.export_button = QPushButton("导出…")
        self.export_button.setToolTip("写成可以上报、发布的 Word、PDF、Excel、网页（Ctrl+E）。")
        self.export_button.clicked.connect(self.export_asked)
        self.close_button = QToolButton()
        self.close_button.setToolTip("收起预览，给表格和文字让出地方（Esc）。")
        self.close_button.setAccessibleName("关闭预览")
        theme.set_icon(self.close_button, "close")
        self.close_button.clicked.connect(self.closed)
        _add(top, self.layout_box, self.layout_button, self.proof_button)
        top.addStretch(1)
        _add(top, self.export_button, self.print_button, self.close_button)

        middle = QHBoxLayout()
        middle.setSpacing(0)
        side = QFrame()
        side.setProperty("ground", "card")
        side.setProperty("edge", "right")
        inside = QHBoxLayout(side)
        inside.setContentsMargins(0, 0, 1, 0)
        inside.addWidget(self.thumbnails)
        self._side = side
        middle.addWidget(side)
        middle.addWidget(self.view, 1)

        foot = QFrame()
        foot.setProperty("ground", "window")
        foot.setProperty("edge", "top")
        low = QHBoxLayout(foot)
        low.setContentsMargins(12, 2, 8, 2)
        low.setSpacing(4)
        self.line = theme.Label()
        self.line.setFont(theme.font(8.25))
        self.line.setAccessibleName("预览的说明")
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        low.addWidget(self.line, 1)
        self.page_box = QLineEdit()
        self.page_box.setAccessibleName("页码")
        self.page_box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page_box.setFixedWidth(48)
        # Not an integer's: that lets “1,212” pass, which is a number only with the separators of the locale.
        self.page_box.setValidator(QRegularExpressionValidator("[0-9]{1,4}", self.page_box))
        self.page_box.editingFinished.connect(self._page_typed)
        self.pages_label = theme.Label()
        _add(low, theme.Label("第"), self.page_box, self.pages_label)
        low.addSpacing(12)
        self.smaller = self._step("－", "缩小", self._zoom_out)
        self.larger = self._step("＋", "放大", self._zoom_in)
        self.zoom_box = QComboBox()
        self.zoom_box.setAccessibleName("缩放")
        for fit, name in FITS.items():
            self.zoom_box.addItem(name, fit)
        self.zoom_box.setMinimumContentsLength(9)  # 适合宽度 100%
        for zoom in PAGE_ZOOMS:
            self.zoom_box.addItem(f"{zoom}%", zoom)
        self.zoom_box.activated.connect(self._zoom_activated)
        _add(low, self.smaller, self.zoom_box, self.larger)

        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addLayout(middle, 1)
        whole.addWidget(foot)

    def _step(self, sign: str, name: str, slot: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setAccessibleName(name)
        button.setToolTip(theme.plain_tip(f"把页面{name}着看，不影响印出来的大小（Ctrl+滚轮）。"))
        button.clicked.connect(slot)
        return button

    # --- what is shown

    @property
    def order(self) -> Order | None:
        """What is shown or being set; None if nothing."""
        return self._order

    def show_choices(self, layout: Layout, *, proof: bool) -> None:
        """Shows which layout and which kind of copy the pages are set in."""
        self.layout_box.setCurrentIndex(self.layout_box.findData(layout.key))
        with QSignalBlocker(self.proof_button):
            self.proof_button.setChecked(proof)

    def renew(self, order: Order, *, at_once: bool = False) -> None:
        """Shows the pages of this order as soon as they are set; what is being set for an older one is given up."""
        if order == self._order:
            return
        self._order = order
        if self._task is not None:
            self._task.cancel()
        self._timer.stop()
        self._go_on(0 if at_once else PAUSE)

    def show_pdf(self, order: Order, pdf: Pdf) -> None:
        """Shows pages that have been set."""
        from gxeditor.paper.raster import PageImages

        self._show(order, _Drawn(pdf, PageImages(pdf.data), {}))

    def _show(self, order: Order, made: _Drawn) -> None:
        pdf, images, pictures = made
        self._order = self._shown = self._setting = order
        self.view.set_pages(images, pdf.spots, pictures)
        self.thumbnails.set_pages(images)
        self.pages_label.setText(f"页，共 {images.pages} 页")
        self._zoom_changed()
        self._page_changed(self.view.page)
        self.show_targets()
        missing = tuple(dict.fromkeys(one.char for one in pdf.missing))
        if missing:
            place = f"{pdf.missing[0].place}{'等处' if len(pdf.missing) > 1 else ''}"
            words = f"字体里没有这样的字，印出来会是〓：{named_characters(missing)}，在{place}。"
            self._say(words, "qrytext")
        else:
            self._say("")

    def follow(self, targets: Callable[[PageView], Sequence[PageSpot]]) -> None:
        """Frames the spots that `targets` finds, now and whenever pages are set anew."""
        self._targets = targets
        self.show_targets()

    def show_targets(self) -> None:
        if self._targets is not None:
            spots = self._targets(self.view)
            if tuple(spots) != self.view.marked:
                self.view.mark(spots)

    def forget(self) -> None:
        """Ends with the report: nothing is shown and nothing is being set."""
        self._stop()
        self._order = self._shown = None
        self.view.set_pages(None)
        self.thumbnails.set_pages(None)
        self._say("")

    def _stop(self) -> None:
        self._timer.stop()
        self._slow.stop()
        if self._task is not None:
            self._task.cancel()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop()
        self.view.release()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._go_on(0)

    # --- setting

    def _begin(self) -> None:
        if self._order is None or self._task is not None:  # one that was given up goes on when it is back
            return
        order = self._setting = self._order
        view = self.view.seen
        if self.view.pages:
            self._slow.start()
        else:
            self._tell_slow()
        task = self._task = Task(lambda work: _drawn(order, view, work))
        task.done.connect(self._set)
        task.failed.connect(self._failed)
        task.ended.connect(self._ended)
        task.start()

    def _set(self, made: _Drawn) -> None:
        order = self._setting
        assert order is not None
        self.made.emit(order, made.pdf)
        self._show(order, made)

    def _failed(self, error: GxError) -> None:
        self._not_set(error.what)

    def _not_set(self, why: str) -> None:
        self._shown = self._setting
        self._say(f"{why}{'这里是改动之前的页面。' if self.view.pages else ''}", "errtext")

    def _ended(self) -> None:
        self._slow.stop()
        task, self._task = self._task, None
        if self._shown != self._setting and task is not None and not task.is_cancelled:
            self._not_set("程序出错，没有排出新的页面。")
        self._go_on(0)

    def _go_on(self, pause: int) -> None:
        """Sets after a pause what is wanted and not in view, if there is anybody to see it."""
        waits = self._order is not None and self._order != self._shown
        if waits and self.isVisible() and not self._timer.isActive():
            self._timer.start(pause)

    def _tell_slow(self) -> None:
        self._say("正在排版…")

    def _say(self, words: str, tone: str = "text2") -> None:
        self.line.setText(words)
        self.line.setToolTip(theme.plain_tip(words))
        theme.restyle(self.line, tone=tone)

    # --- what is pressed

    def _layout_activated(self, place: int) -> None:
        self.layout_chosen.emit(self.layout_box.itemData(place))

    def _page_changed(self, page: int) -> None:
        if not self.page_box.hasFocus():
            self.page_box.setText(str(page + 1) if self.view.pages else "")
        self.view.setAccessibleDescription(f"第 {page + 1} 页，共 {self.view.pages} 页")
        self.thumbnails.show_page(page)

    def _page_typed(self) -> None:
        self.view.go_to_page(int(self.page_box.text() or 1) - 1)
        self.view.setFocus()
        self._page_changed(self.view.page)

    def zoom(self, steps: int) -> None:
        """Larger (1) or smaller (-1)."""
        self.view.zoom_by(steps)

    def _zoom_in(self) -> None:
        self.zoom(1)

    def _zoom_out(self) -> None:
        self.zoom(-1)

    def _zoom_activated(self, place: int) -> None:
        self.view.set_zoom(self.zoom_box.itemData(place))

    def _zoom_changed(self) -> None:
        zoom = self.view.zoom
        place = self.zoom_box.findData(zoom)
        self.zoom_box.setCurrentIndex(place)
        percent = f"{round(self.view.factor * 100)}%"
        if isinstance(zoom, str):
            self.zoom_box.setItemText(place, f"{FITS[zoom]} {percent}")
        for fit, name in FITS.items():
            if fit != zoom:
                self.zoom_box.setItemText(self.zoom_box.findData(fit), name)
        self.smaller.setEnabled(self.view.factor * 100 > PAGE_ZOOMS[0] + 0.5)
        self.larger.setEnabled(self.view.factor * 100 < PAGE_ZOOMS[-1] - 0.5)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setVisible(self.width() >= _THUMBNAILS)


def _add(row: QHBoxLayout, *widgets: QWidget) -> None:
    for widget in widgets:
        row.addWidget(widget)
