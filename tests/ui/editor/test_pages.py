"""The pages and their tabs: which page belongs to which tab, badges, and the explanation that comes and goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.equation import TALL, Addition, EquationPopover
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
    QTest.qWait(1)  # what came due meanwhile on a busy machine


def popover(page: TablePage) -> EquationPopover | None:
    """The explanation in view."""
    found = page._popover
    return found if found is not None and found.isVisible() else None


def words(widget: QWidget) -> str:
    children: Iterable[QWidget] = widget.findChildren(QWidget)
    return " ".join(
        child.text if isinstance(child, Addition) else child.text()
        for child in children
        if isinstance(child, QLabel | Addition)
    )


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


# --- suspects and mends


PETITION = "requests.handled.not_handled.petition.natural_person"
GRANTED_COMPANY, GRANTED_RESEARCH = "requests.handled.granted.company", "requests.handled.granted.research"


@pytest.fixture
def copied(page: TablePage, report: Report) -> TablePage:
    """Every total typed, as in what is pasted from a ledger; all of it in order. F8 leads here."""
    entries = {PERSON: 42, PETITION: 12, COMPANY: 4, GRANTED_COMPANY: 4}
    entries |= {"requests.received.research": 1, GRANTED_RESEARCH: 1}
    right = report.with_entries(entries)
    totals = [cell.id for cell in page.grid.table.cells if cell.is_total]
    page.session.begin(right.with_entries({cell: right.value(cell) for cell in totals}))
    assert not page.session.findings.open
    page.session.in_view.goto.connect(page.go_to)
    return page


def slip(page: TablePage, entries: dict[str, int]) -> None:
    page.session.edit(page.session.report.with_entries(entries), "填写")


def step(page: TablePage) -> EquationPopover:
    page.session.in_view.step(1)
    QApplication.processEvents()
    shown = popover(page)
    assert shown is not None
    return shown


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)
    QApplication.processEvents()


ALT = Qt.KeyboardModifier.AltModifier


def test_f8_lands_on_the_suspect_and_digits_type_at_once(copied: TablePage) -> None:
    slip(copied, {PETITION: 21})
    step(copied)
    assert copied.grid.current_cell() is copied.session.form.cells[PETITION]
    assert copied.grid.hasFocus()
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_2)
    press(Qt.Key.Key_Return)
    assert copied.session.report.value(PETITION) == 12
    assert not copied.session.findings.open


def test_at_a_suspect_all_its_sums_are_outlined_and_no_other(copied: TablePage) -> None:
    slip(copied, {PETITION: 21, PERSON: 43})
    step(copied)
    current = copied.grid.current_cell()
    assert current is not None
    suspect = next(one for one in copied.session.suspects() if one.cell == current.id)
    outlined = {cell for finding in suspect.findings for cell in finding.cells}
    assert copied.grid.laid.edges.keys() == outlined
    assert len(suspect.findings) == 2


def test_with_the_keys_alone_a_mend_is_chosen_seen_done_and_undone(copied: TablePage) -> None:
    told: list[str] = []
    copied.told.connect(told.append)
    copied.session.told.connect(told.append)
    slip(copied, {PETITION: 21})
    report, steps = copied.session.report, copied.session.history
    shown = step(copied)
    assert "数字颠倒" in words(shown)
    press(Qt.Key.Key_Return, ALT)
    assert shown.has_keys()
    assert told[-1] == "预览：虚线框里是改后的数，还没有改。Enter 改为 12，Esc 回到格子。"
    assert copied.grid.laid.preview.texts[PETITION] == "12"
    assert (copied.session.report, copied.session.history) == (report, steps)  # nothing is changed by looking
    press(Qt.Key.Key_Escape)
    assert copied.grid.hasFocus()
    assert not copied.grid.laid.preview.texts
    assert popover(copied) is not None  # one step back
    assert copied.session.report is report
    press(Qt.Key.Key_Return, ALT)
    press(Qt.Key.Key_Return)
    assert copied.session.report.value(PETITION) == 12
    assert told[-1] == "已改为 12，可以撤销。"
    assert copied.grid.hasFocus()
    assert popover(copied) is None
    assert not copied.grid.laid.preview.texts
    copied.session.undo()
    assert copied.session.report == report


def test_escape_goes_back_one_step_at_a_time(copied: TablePage) -> None:
    slip(copied, {PETITION: 21})
    step(copied)
    press(Qt.Key.Key_Return, ALT)
    press(Qt.Key.Key_Escape)
    assert popover(copied) is not None
    press(Qt.Key.Key_Escape)
    assert popover(copied) is None
    assert copied.session.in_view.pinned is None


def test_figures_in_each_others_place_are_put_right_in_one_step(copied: TablePage) -> None:
    slip(copied, {GRANTED_COMPANY: 1, GRANTED_RESEARCH: 4})
    report = copied.session.report
    shown = step(copied)
    assert "第 1 处，共 1 处" in words(shown)
    press(Qt.Key.Key_Return, ALT)
    assert not copied.grid.laid.preview.texts  # of several cells it is shown when asked for
    press(Qt.Key.Key_Return)
    assert copied.grid.laid.preview.changed == {GRANTED_COMPANY, GRANTED_RESEARCH}
    assert copied.session.report is report
    press(Qt.Key.Key_Return)
    assert copied.session.report.value(GRANTED_COMPANY) == 4
    assert not copied.session.findings.open
    copied.session.undo()
    assert copied.session.report == report


def test_alt_enter_where_nothing_is_offered_says_so_and_keeps_the_keys(copied: TablePage) -> None:
    told: list[str] = []
    copied.told.connect(told.append)
    copied.grid.go_to(COMPANY)
    press(Qt.Key.Key_Return, ALT)
    assert told == ["这一格没有可以选用的改法。"]
    assert copied.grid.hasFocus()


def test_alt_enter_explains_a_suspect_that_was_walked_to(copied: TablePage) -> None:
    slip(copied, {PETITION: 21})
    copied.grid.go_to(PETITION)
    assert popover(copied) is None
    press(Qt.Key.Key_Return, ALT)
    shown = popover(copied)
    assert shown is not None
    assert shown.has_keys()


def test_f8_from_inside_the_explanation_goes_on(copied: TablePage) -> None:
    slip(copied, {PETITION: 21, GRANTED_COMPANY: 1, GRANTED_RESEARCH: 4})
    step(copied)
    press(Qt.Key.Key_Return, ALT)
    first = copied.grid.current_cell()
    step(copied)
    assert copied.grid.hasFocus()
    assert copied.grid.current_cell() is not first
    assert not copied.grid.laid.preview.texts


def test_the_explanation_covers_nothing_of_its_sums_in_any_sum_of_table_three(copied: TablePage) -> None:
    """At 1366×768, one wrong cell in each equation of 表三 after the other: a detail, and then the total."""
    right = copied.session.report
    rules = [r for r in copied.session.rules if r.kind in ("sum", "balance") and r.section == "requests"]
    assert len(rules) > 30
    for rule in rules:
        for cell in (rule.left[0], rule.left[-1], rule.decisive.id):
            value = right.value(cell)
            assert isinstance(value, int)
            copied.session.begin(right.with_entry(cell, value + 3))
            assert any(f.rule.id == rule.id for f in copied.session.findings.findings), rule.id
            shown = step(copied)
            here = copied.grid.current_cell()
            assert here is not None
            sums = [f for f in copied.session.findings.by_cell[here.id] if f.is_equation]
            box = QRect(shown.mapToGlobal(QPoint()), shown.size())
            met = [rect for rect in copied.grid.rects_of(sums) if rect.intersects(box)]
            assert not met, (rule.id, cell)
            assert QRect(copied.mapToGlobal(QPoint()), copied.size()).contains(box)
            assert shown.height() <= TALL


def test_a_click_on_a_mend_does_it_and_says_so(copied: TablePage) -> None:
    told: list[str] = []
    copied.told.connect(told.append)
    copied.session.told.connect(told.append)
    slip(copied, {PETITION: 21})
    (button,) = step(copied).mends
    place = QPointF(button.rect().center())
    QApplication.sendEvent(button, QEnterEvent(place, place, place))
    assert told[-1] == "预览：虚线框里是改后的数，还没有改。按“改为 12”才改。"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))  # it is hidden under the mouse
    assert copied.session.report.value(PETITION) == 12
    assert told[-1] == "已改为 12，可以撤销。"
    assert popover(copied) is None


def test_a_preview_that_is_left_leaves_no_word_of_it(copied: TablePage) -> None:
    told: list[str] = []
    copied.told.connect(told.append)
    slip(copied, {PETITION: 21})
    (button,) = step(copied).mends
    place = QPointF(button.rect().center())
    QApplication.sendEvent(button, QEnterEvent(place, place, place))
    QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))
    assert told[-1] == ""
    assert not copied.grid.laid.preview.texts


def test_larger_cells_take_the_equation_away(copied: TablePage) -> None:
    slip(copied, {PETITION: 21})
    step(copied)
    copied.set_scale("auto", 1.25)
    assert popover(copied) is None


def test_in_a_low_window_what_cannot_stand_anywhere_is_said_below(copied: TablePage) -> None:
    told: list[str] = []
    copied.told.connect(told.append)
    copied.resize(760, 200)
    QApplication.processEvents()
    slip(copied, {PETITION: 21})
    copied.session.in_view.step(1)
    QApplication.processEvents()
    assert popover(copied) is None
    assert told[-1] == f"{copied.session.form.cells[PETITION].place}：数字颠倒：12 写成了 21。"


def test_f8_to_a_blank_offers_the_only_figure_that_it_can_be(copied: TablePage) -> None:
    page = copied
    page.session.edit(page.session.report.with_entries({PETITION: None}), "清除")
    shown = step(page)
    assert page.grid.current_cell() is page.session.form.cells[PETITION]
    assert "未填的只能是 12" in words(shown)
    press(Qt.Key.Key_Return, ALT)
    assert page.grid.laid.preview.texts[PETITION] == "12"
    press(Qt.Key.Key_Return)
    assert page.session.report.value(PETITION) == 12
    assert not page.session.findings.open


def test_a_text_where_only_a_zero_can_stand_offers_it(copied: TablePage) -> None:
    cell = "requests.handled.not_handled.petition.company"
    copied.session.edit(copied.session.report.with_entries({cell: "/"}), "填写")
    step(copied)
    press(Qt.Key.Key_Return, ALT)
    press(Qt.Key.Key_Return)
    assert copied.session.report.value(cell) == 0
