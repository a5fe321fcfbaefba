"""Pages on the screen: where they lie, what is rendered and kept, and how a place on them is found."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.paper.pdf import PageSpot, Pdf, make_pdf
from gxeditor.paper.raster import PageImages, Picture
from gxeditor.ui.look import theme
from gxeditor.ui.output.page_view import ACTUAL, MEMORY, PageView, Thumbnails
from tests.pictures import alike

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
PROSE = "全年共收到申请三十件，均已按时答复。" * 8


@pytest.fixture(scope="module")
def report(form: Form) -> Report:
    zeros = {cell.id: 0 for cell in form.cells.values() if not cell.is_total}
    report = blank_report(form, 2022).with_fields(agency="鲁山县人民政府办公室").with_entries(zeros)
    return report.with_section("overview", "\n".join([PROSE] * 6))


@pytest.fixture(scope="module")
def pdf(report: Report) -> Pdf:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GXEDITOR_FACES", "bundled")
        return make_pdf(report)


@pytest.fixture
def view(qapp: QApplication, pdf: Pdf) -> Iterator[PageView]:
    theme.apply_theme(qapp, "light")
    view = PageView()
    view.resize(900, 600)
    view.show()
    view.set_pages(PageImages(pdf.data), pdf.spots)
    QApplication.processEvents()
    yield view
    view.set_pages(None)
    view.hide()
    view.deleteLater()


def kept_bytes() -> int:
    """What all rendered parts of pages take that anybody still holds."""
    return sum(len(one.data) for one in gc.get_objects() if type(one) is Picture)


def picture(view: PageView) -> QImage:
    return view.viewport().grab().toImage()


def middle(view: PageView, spot: PageSpot) -> QPoint:
    return view.spot_rect(spot).center().toPoint()


def test_pages_lie_below_each_other_as_large_as_paper_where_there_is_room(view: PageView, pdf: Pdf) -> None:
    assert view.pages == pdf.pages > 1
    first, second = view.page_rect(0), view.page_rect(1)
    assert view.factor == pytest.approx(1)
    assert (first.width(), first.height()) == pytest.approx((210 / 25.4 * 96, 297 / 25.4 * 96), abs=0.5)
    assert second.top() > first.bottom()
    assert first.center().x() == pytest.approx(view.viewport().width() / 2, abs=1)


@pytest.mark.parametrize("width", [500, 700])
def test_in_a_narrow_pane_the_page_is_as_wide_as_the_pane(view: PageView, width: int) -> None:
    view.resize(width, 600)
    QApplication.processEvents()
    assert 0 <= view.viewport().width() - view.page_rect(0).width() <= 40
    assert view.horizontalScrollBar().maximum() == 0


def test_a_whole_page_fits_into_the_view(view: PageView) -> None:
    view.set_zoom("page")
    view.go_to_page(1)
    rect = view.page_rect(1)
    assert rect.top() >= 0
    assert rect.bottom() <= view.viewport().height()


def test_what_is_seen_is_what_the_file_draws(view: PageView, pdf: Pdf) -> None:
    """Each pixel of the page is that of a rendering of the whole page, so no band is off by one."""
    view.set_zoom("page")
    view.mark(())
    view.go_to_page(0)
    rect, seen = view.page_rect(0), picture(view)
    with PageImages(pdf.data) as images:
        whole = images.render(0, view.factor * ACTUAL * 72)
    page = QImage(whole.data, whole.width, whole.height, whole.stride, QImage.Format.Format_RGB32)
    left, top = round(rect.left()), round(rect.top())
    for x in range(4, whole.width - 4, 3):
        for y in range(4, whole.height - 4, 7):
            assert alike(seen.pixelColor(left + x, top + y), page.pixelColor(x, y)), (x, y)


@pytest.mark.parametrize("zoom", [50, 100, 300])
def test_only_what_is_in_view_is_rendered_and_little_of_it_kept(view: PageView, zoom: int) -> None:
    view.set_zoom(zoom)
    bar = view.verticalScrollBar()
    for place in range(0, bar.maximum(), 400):
        bar.setValue(place)
        picture(view)
    in_view = 4 * 210 / 25.4 * 96 * zoom / 100 * (600 + 2 * 256)
    assert 0 < kept_bytes() <= MEMORY + in_view
    view.release()
    assert kept_bytes() == 0


def test_the_place_under_the_mouse_stays_when_the_wheel_zooms(view: PageView, pdf: Pdf) -> None:
    spot = next(s for s in pdf.spots if s.target == "requests.received.natural_person")
    view.set_zoom(100)
    view.show_spot(spot)
    before = view.spot_rect(spot).center()
    wheel = QWheelEvent(
        before, view.viewport().mapToGlobal(before), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CTRL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), wheel)
    assert view.zoom == 125
    assert (view.spot_rect(spot).center() - before).manhattanLength() <= 3


def test_zooming_ends_at_the_largest_and_the_smallest(view: PageView) -> None:
    for _ in range(12):
        view.zoom_by(1)
    assert view.zoom == 300
    for _ in range(12):
        view.zoom_by(-1)
    assert view.zoom == 50


def test_every_cell_of_the_tables_is_found_where_it_stands(view: PageView, form: Form) -> None:
    found: list[str] = []
    view.pointed.connect(lambda spot: found.append(spot.target))
    for cell in form.cells.values():
        (spot,) = view.spots(cell.id)
        view.show_spot(spot)
        QTest.mouseClick(view.viewport(), LEFT, pos=middle(view, spot))
    assert found == list(form.cells)
    assert len(found) == 200


def test_outside_the_places_a_click_leads_nowhere(view: PageView) -> None:
    found: list[object] = []
    view.pointed.connect(found.append)
    view.verticalScrollBar().setValue(0)
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(3, 3))
    QTest.mouseClick(view.viewport(), LEFT, pos=view.page_rect(0).topLeft().toPoint() + QPoint(10, 10))
    assert found == []


def test_a_marked_place_comes_into_view_with_a_frame(view: PageView) -> None:
    view.verticalScrollBar().setValue(0)
    (spot,) = view.spots("litigation.lawsuit_direct.other")[:1] or view.spots("requests.received.total")
    view.mark([spot])
    rect = view.spot_rect(spot)
    assert view.viewport().rect().contains(rect.toAlignedRect())
    edge = picture(view).pixelColor(round(rect.left()) - 2, round(rect.center().y()))
    assert alike(edge, theme.LIGHT.focus)


def test_new_pages_keep_the_place_that_was_read(view: PageView, pdf: Pdf, report: Report) -> None:
    view.set_zoom(100)
    view.verticalScrollBar().setValue(1700)
    view.set_pages(PageImages(make_pdf(report).data), pdf.spots)
    assert view.verticalScrollBar().value() == 1700


def test_fewer_pages_leave_the_view_on_a_page_that_is_there(view: PageView, form: Form) -> None:
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    view.set_pages(PageImages(make_pdf(blank_report(form)).data))
    assert 0 <= view.page < view.pages
    picture(view)


def test_the_page_in_view_is_told(view: PageView) -> None:
    told: list[int] = []
    view.page_changed.connect(told.append)
    view.go_to_page(1)
    assert told[-1] == view.page == 1
    QTest.keyClick(view, Qt.Key.Key_End)
    assert told[-1] == view.pages - 1
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert told[-1] == 0


def test_a_pane_without_pages_is_an_empty_desk(view: PageView) -> None:
    view.set_pages(None)
    picture(view)
    assert view.pages == 0
    assert view.spot_at(QPointF(100, 100)) is None
    view.zoom_by(1)
    view.go_to_page(3)


def test_in_the_dark_the_desk_is_dark_and_paper_white(view: PageView, qapp: QApplication) -> None:
    theme.apply_theme(qapp, "dark")
    view.mark(())
    view.verticalScrollBar().setValue(0)
    seen = picture(view)
    assert alike(seen.pixelColor(2, 2), theme.DARK.window)
    corner = view.page_rect(0).topLeft().toPoint() + QPoint(12, 12)
    assert alike(seen.pixelColor(corner), "#FFFFFF")
    theme.apply_theme(qapp, "light")


def test_thumbnails_are_drawn_when_they_come_into_view(qapp: QApplication, pdf: Pdf) -> None:
    small = Thumbnails()
    small.resize(Thumbnails.WIDTH, 320)
    small.show()
    chosen: list[int] = []
    small.chosen.connect(chosen.append)
    with PageImages(pdf.data) as images:
        small.set_pages(images)
        for _ in range(20):
            QApplication.processEvents()
        assert small.picture(0) is not None
        assert small.picture(pdf.pages - 1) is None
        index = small.model().index(1, 0)
        assert index.data() == "第 2 页"
        small.show_page(0)
        chosen.clear()
        QTest.mouseClick(small.viewport(), LEFT, pos=small.visualRect(index).center())
        assert set(chosen) == {1}
        QTest.keyClick(small, Qt.Key.Key_Down)
        assert chosen[-1] == 2
        small.set_pages(None)
    assert small.model().rowCount() == 0
    small.hide()
    small.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
