"""The pages and their tabs: which page belongs to which tab, badges, and the explanation that comes and goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.equation import EquationPopover
from gxeditor.ui.editor.pages import SectionTabs, TablePage, make_page
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session

PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"
TOTAL = "requests.received.total"


@pytest.fixture
def report(form: Form) -> Report:
    """Table three in order: 30 requests by persons, all granted."""
    table = form.section("requests").table
    assert table is not None
    zeros = {cell.id: 0 for cell in table.cells if not cell.is_total}
    return blank_report(form, 2022).with_entries(
        {**zeros, PERSON: 30, "requests.handled.granted.natural_person": 30}
    )


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...], report: Report, qapp: QApplication) -> Session:
    session = Session(form, rules)
    session.begin(report)
    return session


@pytest.fixture
def page(session: Session, form: Form, qtbot: QtBot) -> Iterator[TablePage]:
    """Table three at the size it has in a window of 1366×768."""
    page = TablePage(session, form.section("requests"))
    qtbot.addWidget(page)
    page.resize(1366, 553)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.grid.hasFocus)
    yield page
    page.hide()


@pytest.fixture
def broken(page: TablePage) -> TablePage:
    """31 received, 30 dealt with."""
    put(page, PERSON, 31)
    return page


def put(page: TablePage, cell: str, value: int) -> None:
    page.session.edit(page.session.report.with_entry(cell, value), "填写")


def rest_on(page: TablePage, cell: str) -> None:
    """The mouse comes to a cell and stays there."""
    viewport = page.grid.viewport()
    point = viewport.mapFromGlobal(page.grid.rect_on_screen(cell).center())
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(point), QPointF(viewport.mapToGlobal(point)), none, none,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
    QTest.qWait(380)  # it opens after 350 ms


def popover(page: TablePage) -> EquationPopover | None:
    """The explanation in view."""
    found = page._popover
    return found if found is not None and found.isVisible() else None


def words(widget: QWidget) -> str:
    labels: Iterable[QLabel] = widget.findChildren(QLabel)
    return " ".join(label.text() for label in labels)


# --- tabs


def test_there_is_a_tab_for_the_basic_data_and_for_each_section(form: Form, qtbot: QtBot) -> None:
    tabs = SectionTabs(form)
    qtbot.addWidget(tabs)
    assert [tabs.tabText(i) for i in range(tabs.count())] == [
        "基本信息", "一 总体情况", "二 主动公开", "三 收到和处理申请", "四 复议诉讼", "五 问题及改进", "六 其他事项",
    ]  # fmt: skip
    assert tabs.keys == ["", *(section.key for section in form.sections)]


def test_a_tab_has_a_badge_for_errors_and_one_for_queries(
    form: Form, rules: tuple[Rule, ...], report: Report, qtbot: QtBot
) -> None:
    tabs = SectionTabs(form)
    qtbot.addWidget(tabs)
    tabs.resize(1366, 30)
    tabs.show()
    tabs.show_counts(check(report, rules))
    place, plain = 3, tabs.tabRect(3).width()
    assert tabs.accessibleTabName(place) == "三 收到和处理申请"
    tabs.show_counts(check(report.with_entries({PERSON: 31, COMPANY: "/"}), rules))
    assert tabs.accessibleTabName(place) == "三 收到和处理申请，1 个错误，2 处核实"
    assert tabs.tabRect(place).width() > plain
    picture = tabs.grab(tabs.tabRect(place)).toImage()
    colors = {
        picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())
    }
    assert theme.current().errtint.name() in colors
    assert theme.current().qrytint.name() in colors
    tabs.show_counts(check(report, rules))
    assert tabs.accessibleTabName(place) == "三 收到和处理申请"
    assert tabs.tabRect(place).width() == plain


def test_all_tabs_stand_in_a_window_of_1366_with_badges(
    form: Form, rules: tuple[Rule, ...], report: Report, qtbot: QtBot
) -> None:
    tabs = SectionTabs(form)
    qtbot.addWidget(tabs)
    tabs.show_counts(check(report.with_entries({PERSON: 31, COMPANY: "/"}), rules))
    assert tabs.sizeHint().width() <= 1366


# --- pages


def test_each_tab_has_its_kind_of_page(session: Session, form: Form, qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    kinds = {"": BasicPage, **{s.key: TablePage if s.table is not None else ProsePage for s in form.sections}}
    for key, kind in kinds.items():
        page = make_page(session, key, around)
        assert type(page) is kind
        assert page.kind == {BasicPage: "basic", TablePage: "table", ProsePage: "prose"}[kind]
        assert page.place()


def test_a_page_says_where_the_clerk_is(page: TablePage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.place_changed):
        page.grid.go_to(COMPANY)
    assert page.place() == "三 · " + page.session.form.cells[COMPANY].place


def test_the_focus_of_a_page_is_that_of_its_table(page: TablePage) -> None:
    page.card.setFocus()
    page.setFocus()
    assert page.grid.hasFocus()


# --- the explanation


def test_resting_on_a_broken_cell_shows_the_equation_with_its_figures(broken: TablePage) -> None:
    rest_on(broken, PERSON)
    shown = popover(broken)
    assert shown is not None
    assert "31" in words(shown)
    assert "三（七）总计 30 ＋ 四、结转下年度 0 ＝ 30" in words(shown)
    assert "差 1" in words(shown)
    assert broken.session.in_view.shown is not None


def test_the_equation_covers_no_cell_of_its_own(broken: TablePage) -> None:
    finding = broken.session.findings.findings[0]
    for cell in finding.cells:
        rest_on(broken, cell)
        shown = popover(broken)
        assert shown is not None
        assert not [
            c for c in finding.cells if shown.frameGeometry().intersects(broken.grid.rect_on_screen(c))
        ]


def test_a_jump_to_blanks_covers_none_of_them(page: TablePage) -> None:
    row = [cell for cell in page.session.form.cells if cell.startswith("requests.handled.granted.")]
    page.session.edit(page.session.report.with_entries(dict.fromkeys(row, None)), "清除")
    shown = popover(explained(page))
    finding = page.session.in_view.shown
    assert shown is not None
    assert finding is not None
    assert len(finding.cells) > 1
    assert not [c for c in finding.cells if shown.frameGeometry().intersects(page.grid.rect_on_screen(c))]


def test_an_ordinary_cell_has_nothing_to_explain(broken: TablePage) -> None:
    rest_on(broken, COMPANY)
    assert popover(broken) is None


def test_a_total_says_how_it_came_about_and_can_be_recomputed(page: TablePage) -> None:
    rest_on(page, TOTAL)
    shown = popover(page)
    assert shown is not None
    assert "自动合计" in words(shown)
    put(page, TOTAL, 99)
    assert popover(page) is None
    page.grid.go_to(COMPANY)
    rest_on(page, COMPANY)
    rest_on(page, TOTAL)
    shown = popover(page)
    assert shown is not None
    buttons: Iterable[QPushButton] = shown.findChildren(QPushButton)
    (recompute,) = buttons
    recompute.click()
    assert page.session.report.value(TOTAL) == 30
    assert page.session.history.undo_label == f"按提示改 {page.session.form.cells[TOTAL].place}"


def test_leaving_the_cell_takes_the_equation_away(broken: TablePage) -> None:
    rest_on(broken, PERSON)
    QApplication.sendEvent(broken.grid, QEvent(QEvent.Type.Leave))
    QTest.qWait(200)
    assert popover(broken) is None
    assert broken.session.in_view.shown is None


def test_leaving_the_equation_itself_takes_it_away(broken: TablePage) -> None:
    rest_on(broken, PERSON)
    shown = popover(broken)
    assert shown is not None
    QApplication.sendEvent(
        shown, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(shown.pos() + QPoint(5, 5)))
    )
    QApplication.sendEvent(broken.grid, QEvent(QEvent.Type.Leave))
    QTest.qWait(200)
    assert popover(broken) is not None  # the button in it can be reached
    QApplication.sendEvent(shown, QEvent(QEvent.Type.Leave))
    assert popover(broken) is None
    assert broken.session.in_view.shown is None


def explained(page: TablePage) -> TablePage:
    """F8: the first finding, with the equation beside its first cell."""
    page.session.in_view.goto.connect(page.go_to)
    page.session.in_view.step(1)
    QApplication.processEvents()
    assert popover(page) is not None
    return page


def test_a_jump_to_a_finding_explains_it(broken: TablePage) -> None:
    page = explained(broken)
    shown = popover(page)
    assert shown is not None
    assert shown.finding is broken.session.findings.findings[0]
    assert page.grid.hasFocus()


def test_moving_on_takes_the_equation_away(broken: TablePage) -> None:
    QTest.keyClick(explained(broken).grid, Qt.Key.Key_Right)
    assert popover(broken) is None


def test_typing_takes_the_equation_away(broken: TablePage) -> None:
    QTest.keyClick(explained(broken).grid, Qt.Key.Key_F2)
    assert popover(broken) is None


def test_escape_takes_the_equation_away(broken: TablePage) -> None:
    QTest.keyClick(explained(broken).grid, Qt.Key.Key_Escape)
    assert popover(broken) is None
    assert broken.session.in_view.shown is None


def test_scrolling_takes_the_equation_away(broken: TablePage) -> None:
    broken.resize(1366, 240)
    QApplication.processEvents()
    bar = explained(broken).grid.verticalScrollBar()
    bar.setValue(bar.value() - 40)
    assert popover(broken) is None


def test_another_program_in_front_takes_the_equation_away(broken: TablePage) -> None:
    QApplication.sendEvent(explained(broken), QEvent(QEvent.Type.WindowDeactivate))
    assert popover(broken) is None


def test_another_tab_takes_the_equation_away(broken: TablePage) -> None:
    explained(broken).hide()
    assert popover(broken) is None


def test_the_findings_of_a_cell_are_shown_one_after_the_other(page: TablePage) -> None:
    put(page, TOTAL, 99)
    page.grid.go_to(TOTAL)
    found = page.session.findings.by_cell[TOTAL]
    assert len(found) > 1
    shown = []
    for _ in found:
        page.next_finding_of_cell()
        shown.append(page.session.in_view.shown)
        assert popover(page) is not None
    assert set(map(id, shown)) == set(map(id, found))
