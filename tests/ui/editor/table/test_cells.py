"""What a cell shows in each of its states, how large a table is, and that nothing of it is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QHelpEvent, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.findings import Findings
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Explanation, Report, blank_report
from gxeditor.ui.editor.table.cells import DENSITIES, NO_PREVIEW, Look, MergedHeader, measure
from gxeditor.ui.editor.table.grid import GridView
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session

RECEIVED = "requests.received.natural_person"
FORWARD = "requests.brought_forward.natural_person"
GRANTED = "requests.handled.granted.natural_person"
HANDLED = "requests.handled.total.natural_person"
CARRIED = "requests.carried_forward.natural_person"
ROW_TOTAL = "requests.received.total"
TABLES = ("proactive", "requests", "disputes")
PAGE = (1314, 545)
"""The room of a table on its page in a window of 1366×768 whose side card is a rail."""


def zeros(form: Form) -> Report:
    """Every cell to be filled by hand holds 0."""
    return blank_report(form, 2022).with_entries(
        {
            cell.id: Decimal("0.0000") if cell.decimals else 0
            for cell in form.cells.values()
            if not cell.is_total
        }
    )


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme.apply_theme(qapp, "light")
    yield
    theme.apply_theme(qapp, "light")


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    session = Session(form, rules)
    session.begin(zeros(form))
    return session


def show(
    session: Session, qtbot: QtBot, key: str = "requests", size: tuple[int, int] = PAGE, zoom: float = 1.0
) -> GridView:
    table = session.form.section(key).table
    assert table is not None
    view = GridView(session, table)
    view.set_density("auto", zoom)
    qtbot.addWidget(view)
    view.resize(*size)
    with qtbot.waitExposed(view):
        view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


@pytest.fixture
def view(session: Session, qtbot: QtBot) -> GridView:
    return show(session, qtbot)


def change(session: Session, entries: Mapping[str, Entry | None]) -> None:
    session.edit(session.report.with_entries(entries), "填写")


def rect_of(view: GridView, cell: str) -> QRect:
    return view.visualRect(view.model_.index(*view.model_.where[cell]))


def picture(view: GridView) -> QImage:
    """The body as it stands on the screen, so that what was left unpainted is seen."""
    QApplication.processEvents()
    return view.screen().grabWindow(view.winId()).toImage().copy(view.viewport().geometry())


def colors_in(image: QImage, rect: QRect) -> set[str]:
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    }


def corner_of(rect: QRect) -> QRect:
    """Where a finding's mark stands."""
    return QRect(rect.right() - 12, rect.top() + 3, 9, 9)


# --- what a cell shows


def test_a_blank_cell_shows_nothing_at_all(form: Form, rules: tuple[Rule, ...], qtbot: QtBot) -> None:
    session = Session(form, rules)
    session.begin(blank_report(form))
    view = show(session, qtbot)
    assert {look.text for look in view.model_.looks.values()} == {""}
    inside = rect_of(view, CARRIED).adjusted(2, 2, -3, -3)
    assert colors_in(picture(view), inside) == {theme.LIGHT.base}


def test_zero_is_quieter_than_a_figure(session: Session, view: GridView) -> None:
    change(session, {RECEIVED: 1, HANDLED: None, GRANTED: 1})
    assert view.model_.looks[RECEIVED].what == "number"
    assert view.model_.looks[CARRIED].what == "zero"
    image = picture(view)
    assert theme.LIGHT.zero in colors_in(image, rect_of(view, CARRIED))
    assert theme.LIGHT.zero not in colors_in(image, rect_of(view, RECEIVED))


def test_a_text_found_there_is_shown_as_found_with_the_mark_of_its_finding(
    session: Session, view: GridView
) -> None:
    change(session, {CARRIED: "/"})
    assert view.model_.looks[CARRIED] == Look("/", "text", "", Severity.QUERY)


def test_an_automatic_total_stands_on_its_own_ground(session: Session, view: GridView) -> None:
    change(session, {RECEIVED: 3, GRANTED: 3})
    assert view.model_.looks[ROW_TOTAL] == Look("3", "number", "auto", None)
    assert theme.LIGHT.total in colors_in(picture(view), rect_of(view, ROW_TOTAL))


def test_a_total_with_a_blank_detail_stays_blank(session: Session, view: GridView) -> None:
    change(session, {RECEIVED: None})
    assert view.model_.looks[ROW_TOTAL].text == ""


def test_a_typed_total_that_equals_its_details_looks_like_an_automatic_one(
    session: Session, view: GridView
) -> None:
    automatic = view.model_.looks[ROW_TOTAL]
    change(session, {ROW_TOTAL: 0})
    assert view.model_.looks[ROW_TOTAL] == automatic


def test_a_typed_total_says_so_when_a_detail_is_blank(session: Session, view: GridView) -> None:
    change(session, {RECEIVED: None, ROW_TOTAL: 0})
    assert view.model_.looks[ROW_TOTAL] == Look("0", "zero", "typed", None)
    rect = rect_of(view, ROW_TOTAL)
    said = QRect(rect.left() + 2, rect.top() + 2, 26, rect.height() - 4)
    image = picture(view)
    assert len(colors_in(image, said)) > 1
    assert colors_in(image, said.translated(0, rect.height())) == {theme.LIGHT.total}


def test_a_typed_total_that_disagrees_is_tinted_and_marked(session: Session, view: GridView) -> None:
    change(session, {ROW_TOTAL: 30})
    assert view.model_.looks[ROW_TOTAL] == Look("30", "number", "typed", Severity.ERROR, True, True, "差 30")
    image = picture(view)
    rect = rect_of(view, ROW_TOTAL)
    assert image.pixelColor(rect.center().x() - 20, rect.top() + 2).name().upper() == theme.LIGHT.errtint
    assert theme.LIGHT.err in colors_in(image, corner_of(rect))


def test_only_the_cells_that_look_different_are_announced(session: Session, view: GridView) -> None:
    announced: list[tuple[int, int]] = []
    view.model_.dataChanged.connect(lambda one, _: announced.append((one.row(), one.column())))
    change(session, {CARRIED: "/"})
    cells = (CARRIED, "requests.carried_forward.total")
    assert sorted(announced) == sorted(view.model_.where[cell] for cell in cells)


# --- findings


def test_every_cell_of_a_sum_that_does_not_fit_is_faintly_washed(session: Session, view: GridView) -> None:
    change(session, {FORWARD: 1})
    view.go_to("requests.received.company")
    image = picture(view)
    for cell in (RECEIVED, FORWARD, HANDLED, CARRIED):
        rect = rect_of(view, cell)
        seen = colors_in(image, rect)
        assert theme.LIGHT.errwash in seen, cell
        assert theme.LIGHT.errtint not in seen, cell
        assert (theme.LIGHT.err in colors_in(image, corner_of(rect))) == (cell == CARRIED), cell
    assert theme.LIGHT.errwash not in colors_in(image, rect_of(view, GRANTED))
    assert view.model_.looks[CARRIED].gap == "差 1"
    assert view.model_.looks[FORWARD].gap == ""


def test_a_washed_figure_keeps_its_colour(session: Session, view: GridView) -> None:
    change(session, {RECEIVED: 1})
    view.go_to("requests.received.company")
    seen = colors_in(picture(view), rect_of(view, RECEIVED))
    assert theme.LIGHT.text in seen
    assert theme.LIGHT.errtext not in seen


def typed(session: Session) -> None:
    """Every total of 表三 typed, all of it in order: 12 by a person."""
    table = session.form.section("requests").table
    assert table is not None
    change(session, {RECEIVED: 12, GRANTED: 12})
    report = session.report
    change(session, {cell.id: report.value(cell.id) for cell in table.cells if cell.is_total})


def test_only_the_suspect_is_tinted_framed_and_marked(session: Session, view: GridView) -> None:
    typed(session)
    change(session, {GRANTED: 21})
    view.go_to("requests.received.company")
    tinted = [cell for cell, look in view.model_.looks.items() if look.severity is not None]
    washed = [cell for cell, look in view.model_.looks.items() if look.washed]
    assert tinted == [GRANTED]
    assert len(washed) == 22 + 7 - 1  # a row and a column, which share the suspect
    rect, image = rect_of(view, GRANTED), picture(view)
    assert {theme.LIGHT.errtint, theme.LIGHT.errtext} <= colors_in(image, rect)
    assert theme.LIGHT.err in colors_in(image, corner_of(rect))
    left_edge = QRect(rect.left(), rect.top() + 2, 1, rect.height() - 5)
    assert colors_in(image, left_edge) == {theme.LIGHT.err}


def test_the_headings_of_a_sum_that_does_not_fit_are_marked_until_it_does(
    session: Session, view: GridView
) -> None:
    typed(session)
    down, across = view.verticalHeader(), view.horizontalHeader()
    plain = down.viewport().grab().toImage(), across.viewport().grab().toImage()
    change(session, {GRANTED: 21})
    assert {view.model_.grid.at[place].text for place in view.model_.off} == {"（一）予以公开", "自然人"}
    marked = down.viewport().grab().toImage(), across.viewport().grab().toImage()
    for header, image in ((down, marked[0]), (across, marked[1])):
        assert theme.LIGHT.err in colors_in(image, header.viewport().rect())
    change(session, {GRANTED: 12})
    assert (down.viewport().grab().toImage(), across.viewport().grab().toImage()) == plain


def test_a_sum_of_table_four_is_marked_at_the_heading_of_its_group(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, "disputes")
    change(session, {"disputes.reconsideration.total": 5})
    assert [view.model_.grid.at[place].text for place in view.model_.off] == ["行政复议"]


def test_two_figures_in_each_others_place_have_a_chip_between_them(session: Session, view: GridView) -> None:
    company, research = "requests.handled.granted.company", "requests.handled.granted.research"
    change(
        session, {company: 4, research: 1, "requests.received.company": 4, "requests.received.research": 1}
    )
    typed(session)
    change(session, {company: 1, research: 4})
    view.go_to(RECEIVED)
    assert list(view.laid.swaps) == [(company, research)]
    border = rect_of(view, research).topLeft()
    chip = QRect(border.x() - 7, border.y() + 3, 14, 12)
    assert {theme.LIGHT.err, theme.LIGHT.base} <= colors_in(picture(view), chip)
    change(session, {company: 4, research: 1})
    assert not view.laid.swaps


def test_what_was_explained_tints_nothing(session: Session, view: GridView) -> None:
    change(session, {FORWARD: 1, CARRIED: "/"})
    findings = session.findings.by_cell[CARRIED]
    said = [replace(f, explanation=Explanation("原始台账如此", f.values)) for f in findings]
    session.findings = Findings(tuple(said))
    view.model_._look_again()
    assert not any(look.severity or look.washed for look in view.model_.looks.values())


def test_a_preview_shows_the_new_figure_and_the_sums_that_fit_then_and_changes_nothing(
    session: Session, view: GridView
) -> None:
    typed(session)
    change(session, {GRANTED: 21})
    view.go_to("requests.received.company")
    before, report, steps = picture(view), session.report, session.history
    view.preview({GRANTED: 12})
    assert view.laid.preview.texts == {GRANTED: "12"}
    assert view.laid.preview.fitting == {HANDLED, "requests.handled.granted.total"}
    image = picture(view)
    assert theme.LIGHT.link in colors_in(image, rect_of(view, GRANTED))
    assert theme.LIGHT.link in colors_in(image, rect_of(view, HANDLED))  # 「改后相等」
    assert theme.LIGHT.err not in colors_in(image, corner_of(rect_of(view, HANDLED)))
    view.preview({})
    assert picture(view) == before
    assert session.report is report
    assert session.history is steps


def test_a_preview_shows_the_totals_that_follow(session: Session, view: GridView) -> None:
    change(session, {RECEIVED: 3, GRANTED: 2})
    view.preview({GRANTED: 3})
    assert view.laid.preview.texts[HANDLED] == "3"
    assert view.laid.preview.changed == {GRANTED}
    assert view.laid.preview.fitting == {CARRIED, "requests.carried_forward.total"}


def test_an_edit_ends_a_preview(session: Session, view: GridView) -> None:
    change(session, {RECEIVED: 3, GRANTED: 2})
    view.preview({GRANTED: 3})
    change(session, {GRANTED: 1})
    assert view.laid.preview is NO_PREVIEW


def test_the_finding_in_view_outlines_its_cells_and_shows_their_signs(
    session: Session, view: GridView
) -> None:
    change(session, {FORWARD: 1})
    session.in_view.hover(session.findings.by_cell[FORWARD][0])
    image = picture(view)
    for cell, plus in ((FORWARD, True), (HANDLED, False)):
        rect = rect_of(view, cell)
        left_edge = QRect(rect.left(), rect.top() + 2, 1, rect.height() - 5)
        assert colors_in(image, left_edge) == {theme.LIGHT.err}, cell
        chip = QPoint(rect.left() + 10, rect.center().y())
        column = [image.pixelColor(chip.x(), chip.y() + i).name().upper() for i in range(-5, 6)]
        assert column.count(theme.LIGHT.base) == (8 if plus else 2), column
        assert theme.LIGHT.err in column
    assert theme.LIGHT.err not in colors_in(image, rect_of(view, "requests.received.company"))


def test_letting_go_of_a_finding_takes_outline_and_signs_away(session: Session, view: GridView) -> None:
    change(session, {FORWARD: 1})
    before = picture(view)
    session.in_view.hover(session.findings.by_cell[FORWARD][0])
    assert picture(view) != before
    session.in_view.hover(None)
    assert picture(view) == before


def test_mending_a_pinned_finding_leaves_no_outline_behind(session: Session, view: GridView) -> None:
    """The cell keeps the tint of its other finding, so nothing else would have it repainted."""
    before = picture(view)
    change(session, {FORWARD: 1, ROW_TOTAL: 5})
    session.in_view.pin(session.findings.by_cell[FORWARD][0])
    change(session, {FORWARD: 0, ROW_TOTAL: None})
    assert view.laid.shown_cells == frozenset()
    assert picture(view) == before


def test_a_cell_in_two_findings_shows_the_worse_one(session: Session, view: GridView) -> None:
    change(session, {CARRIED: "/", "requests.carried_forward.total": 4})
    change(session, {"requests.carried_forward.total": None, FORWARD: "无"})
    assert view.model_.looks[CARRIED].severity is Severity.QUERY
    change(session, {CARRIED: 4, FORWARD: "/"})
    assert view.model_.looks[FORWARD].severity is Severity.QUERY
    change(session, {FORWARD: 1})
    assert view.model_.looks[CARRIED].washed
    assert view.model_.looks[FORWARD].washed


# --- where the clerk is


def test_the_current_cell_has_a_frame_a_handle_and_its_headings(view: GridView) -> None:
    view.go_to(GRANTED)
    rect = rect_of(view, GRANTED)
    image = picture(view)
    assert colors_in(image, QRect(rect.left(), rect.top(), rect.width() - 1, 2)) == {theme.LIGHT.focus}
    assert colors_in(image, QRect(rect.right() - 4, rect.bottom() - 4, 3, 3)) == {theme.LIGHT.focus}
    across = view.horizontalHeader().viewport().grab().toImage()
    assert theme.LIGHT.headact in colors_in(across, QRect(rect.left() + 2, 30, 5, 5))
    assert theme.LIGHT.headact not in colors_in(across, QRect(rect.right() + 4, 44, 5, 5))


def test_the_frame_of_a_table_without_the_keys_is_thin(view: GridView) -> None:
    view.go_to(GRANTED)
    view.clearFocus()
    rect = rect_of(view, GRANTED)
    assert theme.LIGHT.focus not in colors_in(picture(view), rect.adjusted(1, 1, -2, -2))


def test_a_selection_is_tinted_but_for_the_current_cell(view: GridView) -> None:
    view.go_to(RECEIVED)
    view.selectAll()
    image = picture(view)
    assert theme.LIGHT.sel in colors_in(image, rect_of(view, CARRIED))
    assert theme.LIGHT.sel not in colors_in(image, rect_of(view, RECEIVED))


def test_a_heading_inside_the_table_is_that_of_the_current_cell(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, "proactive")
    view.go_to("proactive.normative_documents.repealed")
    image = picture(view)
    column = rect_of(view, "proactive.normative_documents.repealed").center().x()
    heading = view.rowViewportPosition(1) + 3
    assert image.pixelColor(column, heading).name().upper() == theme.LIGHT.headact
    assert image.pixelColor(column - 168, heading).name().upper() == theme.LIGHT.head


def test_dark_is_painted_from_the_dark_tokens(session: Session, view: GridView, qapp: QApplication) -> None:
    change(session, {FORWARD: 1})
    theme.apply_theme(qapp, "dark")
    seen = colors_in(picture(view), view.viewport().rect())
    assert {theme.DARK.base, theme.DARK.errwash, theme.DARK.total} <= seen
    assert not {theme.LIGHT.base, theme.LIGHT.errwash, theme.LIGHT.total} & seen


# --- what is heard


@pytest.mark.parametrize("key", TABLES)
def test_every_cell_says_its_headings_and_its_value(session: Session, qtbot: QtBot, key: str) -> None:
    view = show(session, qtbot, key)
    table = QAccessible.queryAccessibleInterface(view)
    for cell, where in view.model_.where.items():
        rect = view.rect_on_screen(cell)
        said = table.childAt(rect.center().x(), rect.center().y()).text(QAccessible.Text.Name)
        assert said.startswith(f"{session.form.cells[cell].place}，0"), where


def test_a_blank_a_total_and_a_finding_are_said(session: Session, view: GridView) -> None:
    change(session, {RECEIVED: None, FORWARD: 1})
    said = {cell.id: view.model_.spoken(cell) for cell in view.table.cells}
    assert said[RECEIVED] == f"{session.form.cells[RECEIVED].place}，未填"
    assert said["requests.brought_forward.total"].endswith("，1，自动合计")
    change(session, {RECEIVED: 0, ROW_TOTAL: 7})
    cell = session.form.cells[ROW_TOTAL]
    assert "，7，手填的合计，错误：" in view.model_.spoken(cell)


def test_rows_and_columns_are_called_by_their_names(view: GridView) -> None:
    row, column = view.model_.where[GRANTED]
    assert view.model_.headerData(row, Qt.Orientation.Vertical) == "三（一）予以公开"
    assert view.model_.headerData(column, Qt.Orientation.Horizontal) == "自然人"


# --- sizes


def whole(view: GridView) -> bool:
    return view.verticalScrollBar().maximum() == view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("density", ["auto", "fit"])
def test_table_three_stands_whole_in_a_window_of_1366_by_768(
    session: Session, qtbot: QtBot, density: str
) -> None:
    view = show(session, qtbot, size=(1314, 545))
    view.set_density(density, 1.0)
    assert whole(view)
    last = rect_of(view, "requests.carried_forward.total")
    assert view.viewport().rect().contains(last)


@pytest.mark.parametrize(
    ("size", "row"),
    [((1314, 545), 19), ((1228, 489), 17), ((1484, 629), 22), ((1868, 685), 24), ((1868, 1100), 28)],
)
def test_automatic_rows_are_as_tall_as_the_whole_table_allows(
    session: Session, qtbot: QtBot, size: tuple[int, int], row: int
) -> None:
    view = show(session, qtbot, size=size)
    assert view.measures.row == row
    assert whole(view)


def test_beside_an_open_card_columns_shrink_before_labels_and_nothing_scrolls(form: Form) -> None:
    table = form.section("requests").table
    assert table is not None
    sizes = measure(table, 1050, 545, "auto", 1.0)
    assert (sizes.column, sizes.labels) == (76, (28, 108, 382))


def test_a_scroll_bar_below_does_not_come_from_one_at_the_side(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, size=(1200, 400))
    assert view.verticalScrollBar().maximum() > 0
    assert view.horizontalScrollBar().maximum() == 0


def test_at_three_hundred_percent_figures_still_stand_beside_their_labels(
    session: Session, qtbot: QtBot
) -> None:
    view = show(session, qtbot, zoom=3.0)
    assert view.viewport().width() > 1314 / 3


@pytest.mark.parametrize("key", TABLES)
@pytest.mark.parametrize("zoom", [0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("density", DENSITIES)
def test_no_line_of_text_is_taller_than_its_row_nor_a_heading_wider_than_its_column(
    form: Form, key: str, zoom: float, density: str, qapp: QApplication
) -> None:
    table = form.section(key).table
    assert table is not None
    sizes = measure(table, *PAGE, density, zoom)
    for weight in (400, 500, 600):
        metrics = QFontMetricsF(theme.font(sizes.points, weight))
        assert metrics.height() <= sizes.row - 1 + 0.5
    widest = max(
        metrics.horizontalAdvance(place.text)
        for place in table.grid().places
        if place.kind == "column" and place.column_span == 1
    )
    assert widest <= sizes.column - 2
    assert metrics.horizontalAdvance("123456") <= sizes.column - 8


@pytest.mark.parametrize("zoom", [0.5, 0.8, 1.0, 1.25, 2.0, 3.0])
def test_no_figure_reaches_the_lines_of_its_cell(session: Session, qtbot: QtBot, zoom: float) -> None:
    change(session, {RECEIVED: 123456, CARRIED: 123456789012, FORWARD: 30})
    view = show(session, qtbot, zoom=zoom)
    image = picture(view)
    for cell in (RECEIVED, FORWARD, CARRIED, ROW_TOTAL, "requests.received.company"):
        view.scrollTo(view.model_.index(*view.model_.where[cell]))
        image = picture(view)
        rect = rect_of(view, cell).intersected(view.viewport().rect())
        for line in (
            QRect(rect.left() + 2, rect.top() + (2 if cell == RECEIVED else 0), rect.width() - 6, 1),
            QRect(rect.left() + 2, rect.top() + 4, 1, rect.height() - 8),
        ):
            assert len(colors_in(image, line)) == 1, (cell, line)


def test_a_long_figure_is_shown_whole(session: Session, qtbot: QtBot) -> None:
    """Twelve digits, the most a cell takes, in the narrowest column: smaller, never cut."""
    change(session, {"disputes.reconsideration.upheld": 888888888888})
    view = show(session, qtbot, "disputes", size=(880, 400))
    assert view.measures.column < 70
    view.go_to("disputes.reconsideration.total")
    rect = rect_of(view, "disputes.reconsideration.upheld").adjusted(1, 1, -1, -1)
    image = picture(view)
    background = image.pixelColor(rect.left() + 1, rect.top() + 1)
    ink = [
        x
        for x in range(rect.left(), rect.right())
        if any(image.pixelColor(x, y) != background for y in range(rect.top() + 4, rect.bottom() - 4))
    ]
    assert rect.left() < ink[0] < rect.left() + 8
    assert rect.right() - 8 < ink[-1] < rect.right() - 1


@pytest.mark.parametrize("ratio", [1.25, 1.5, 1.75, 2.0])
def test_lines_are_equally_thick_at_every_scale_of_the_screen(view: GridView, ratio: float) -> None:
    view.go_to("requests.received.total")
    pixmap = QPixmap(view.size() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    view.render(pixmap)
    image = pixmap.toImage()
    x = int((view.verticalHeader().width() + view.measures.column * 2 + 4) * ratio)
    lines = {QColor(theme.LIGHT.line).name(), QColor(theme.LIGHT.line2).name()}
    runs: list[int] = []
    for y in range(int(view.horizontalHeader().height() * ratio) + 2, int(530 * ratio)):
        on_line = image.pixelColor(x, y).name() in lines
        if on_line and image.pixelColor(x, y - 1).name() in lines:
            runs[-1] += 1
        elif on_line:
            runs.append(1)
    assert len(runs) == 24
    assert set(runs) == {int(ratio)}


# --- headings


def header(view: GridView, down: bool = True) -> MergedHeader:
    found = view.verticalHeader() if down else view.horizontalHeader()
    assert isinstance(found, MergedHeader)
    return found


def mouse(header: MergedHeader, kind: QEvent.Type, at: QPoint, held: Qt.KeyboardModifier) -> None:
    button = Qt.MouseButton.LeftButton
    place = QPointF(at)
    QApplication.sendEvent(header.viewport(), QMouseEvent(kind, place, place, button, button, held))


def test_a_merged_heading_selects_all_lines_below_it(session: Session, view: GridView) -> None:
    chosen: list[tuple[int, int, bool]] = []
    header(view).chosen.connect(lambda *lines: chosen.append(lines))
    denied = view.rowViewportPosition(view.model_.where["requests.handled.denied.state_secret.total"][0])
    mouse(header(view), QEvent.Type.MouseButtonPress, QPoint(60, denied + 4), Qt.KeyboardModifier.NoModifier)
    assert chosen == [(4, 11, False)]
    mouse(header(view), QEvent.Type.MouseMove, QPoint(60, denied + 9 * 19), Qt.KeyboardModifier.NoModifier)
    assert chosen[-1] == (12, 14, True)


def test_a_heading_that_is_cut_short_says_the_rest_when_the_mouse_rests_on_it(
    session: Session, qtbot: QtBot
) -> None:
    view = show(session, qtbot, size=(1000, 545))
    side = header(view)
    long_row = 21  # 「2.申请人逾期未按收费通知要求缴纳费用……」
    point = QPoint(200, view.rowViewportPosition(long_row) + 5)
    event = QHelpEvent(QEvent.Type.ToolTip, point, side.viewport().mapToGlobal(point))
    QApplication.sendEvent(side.viewport(), event)
    assert QToolTip.text().startswith("2.申请人逾期未按收费通知要求缴纳费用")
    point = QPoint(200, view.rowViewportPosition(4) + 5)
    QApplication.sendEvent(side.viewport(), QHelpEvent(QEvent.Type.ToolTip, point, side.mapToGlobal(point)))
    qtbot.waitUntil(lambda: QToolTip.text() == "")


def test_the_caption_of_a_tall_heading_stays_in_view_while_scrolling(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, size=(1314, 220))
    side = header(view)
    left = view.measures.labels[0] + 12
    first, last = view.model_.where["requests.handled.denied.state_secret.total"][0], 11
    for row in range(first - 1, last):
        view.verticalScrollBar().setValue(row * view.measures.row)
        top = max(0, view.rowViewportPosition(first))
        seen = QRect(left, top + 2, 80, view.rowViewportPosition(last) + view.measures.row - top - 4)
        assert len(colors_in(side.viewport().grab().toImage(), seen)) > 3, row
