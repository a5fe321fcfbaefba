"""The line and the list of findings."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.core import edits
from gxeditor.core.checks.anchors import Cell, Span
from gxeditor.core.checks.check import check
from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.checks.standing import State
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.core.revision import to_revise
from gxeditor.ui.findings.panel import (
    CLOSED,
    HEAD,
    ROW,
    ROWS,
    FindingsPanel,
    finding_row,
    recomputable,
    unchecked_row,
)
from gxeditor.ui.session import Session
from tests.dialogs import press, within

NEW = "requests.received.natural_person"
GRANTED_TOTAL = "requests.handled.granted.total"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def zeros(form: Form) -> Report:
    return edits.fill_blanks(blank_report(form, 2022), form.cells.values())


@pytest.fixture
def broken(zeros: Report) -> Report:
    """30 received and 29 handled; a typed total of 1 over zeros; a “/” in table 四."""
    return zeros.with_entries(
        {
            NEW: 30,
            "requests.handled.unable_to_provide.not_held.natural_person": 29,
            GRANTED_TOTAL: 1,
            "disputes.reconsideration.upheld": "/",
        }
    )


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...], broken: Report) -> Session:
    session = Session(form, rules)
    session.begin(broken)
    return session


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> FindingsPanel:
    panel = FindingsPanel(session)
    qtbot.addWidget(panel)
    panel.resize(1366, 137)
    panel.set_section("requests")
    panel.set_open(True)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    panel.list.setFocus()
    qtbot.waitUntil(panel.list.hasFocus)
    return panel


def listed(panel: FindingsPanel) -> list[str]:
    return [row.whole or row.sentence for row in panel.rows.rows]


def place(panel: FindingsPanel, words: str) -> int:
    return next(i for i, row in enumerate(panel.rows.rows) if words in row.spoken)


def granted(panel: FindingsPanel) -> int:
    return place(panel, "三（一）予以公开")


def click(panel: FindingsPanel, row: int) -> None:
    where = panel.list.visualRect(panel.rows.index(row)).center()
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=where)


def finding(form: Form, rules: tuple[Rule, ...], report: Report, code: str) -> Finding:
    return next(f for f in check(report, rules).findings if f.rule.id == code)


BALANCE = "自然人：第一项加第二项为 30，第三项总计加第四项为 29，相差 1。"
GRANTED = "三（一）予以公开：六类申请人之和为 0，总计为 1，相差 1。"


# --- rows


def test_what_is_said_of_prose_a_field_or_the_whole_is_listed_by_its_name(
    form: Form, beside_the_tables: Findings
) -> None:
    rows = [finding_row(one, form, 0) for one in beside_the_tables.findings]
    assert [(row.place, row.sentence) for row in rows] == [
        ("一 · 正文", "正文写 30 件，表三为 31 件。"),
        ("年份", "写的是 2002，请核对。"),
        ("整份年报", "与上年年报一字不差，请核实。"),
    ]


def test_this_page_lists_what_is_said_of_its_prose_and_basic_data_what_is_said_of_fields(
    session: Session, panel: FindingsPanel, beside_the_tables: Findings
) -> None:
    session.findings = beside_the_tables
    panel.here.click()
    for key, words in (("overview", ["正文写 30 件，表三为 31 件。"]), ("requests", [])):
        panel.set_section(key)
        panel.renew()
        assert listed(panel) == words
    panel.set_section("")
    panel.renew()
    assert [row.place for row in panel.rows.rows] == ["年份", "整份年报"]


def test_a_click_on_a_finding_of_the_prose_leads_to_its_words(
    session: Session, panel: FindingsPanel, beside_the_tables: Findings, qtbot: QtBot
) -> None:
    session.findings = beside_the_tables
    panel.renew()
    with qtbot.waitSignal(session.in_view.goto) as caught:
        click(panel, place(panel, "正文写 30 件"))
    assert caught.args == [Span("overview", 6, 8)]
    assert session.in_view.pinned is beside_the_tables.findings[0]


def test_a_finding_of_an_equation_stands_at_its_line(
    form: Form, rules: tuple[Rule, ...], broken: Report
) -> None:
    row = finding_row(finding(form, rules, broken, "T3-01.natural_person"), form, 0)
    assert (row.place, row.sentence) == ("三 · 自然人", BALANCE.removeprefix("自然人："))
    assert row.whole == BALANCE
    assert row.code == "T3-01"
    assert row.spoken.startswith("错误，三 · 自然人，第一项")


def test_a_finding_of_a_cell_stands_at_the_cell(form: Form, rules: tuple[Rule, ...], broken: Report) -> None:
    report = broken.with_entry(NEW, "12件")
    row = finding_row(finding(form, rules, report, "E-03"), form, 0)
    assert (row.place, row.sentence) == ("三 · 一、本年新收 · 自然人", "“12件”不是数字。")


def test_a_finding_of_a_table_stands_at_its_section(
    form: Form, rules: tuple[Rule, ...], broken: Report
) -> None:
    row = finding_row(finding(form, rules, broken, "E-02"), form, 0)
    assert row.place == "四"
    assert row.sentence == row.whole


def test_a_rule_that_was_not_checked_says_why(form: Form, rules: tuple[Rule, ...], broken: Report) -> None:
    item = next(item for item in check(broken, rules).not_checked if item.cells)
    row = unchecked_row(item, form)
    assert row.place == "四 · 行政复议"
    assert row.whole == "未检查：行政复议，四种结果之和与总计：有“/”，不是数字。"


def test_a_typed_total_that_disagrees_can_be_recomputed(
    form: Form, rules: tuple[Rule, ...], broken: Report
) -> None:
    cell = recomputable(finding(form, rules, broken, f"T3-03.{'handled.granted'}"), broken)
    assert cell is form.cells[GRANTED_TOTAL]
    assert recomputable(finding(form, rules, broken, "T3-01.natural_person"), broken) is None


def test_a_total_that_sums_its_row_is_not_recomputed_for_its_column(
    form: Form, rules: tuple[Rule, ...], broken: Report
) -> None:
    report = broken.with_entry("requests.handled.total.total", 7)
    assert recomputable(finding(form, rules, report, "T3-02.total"), report) is None
    assert recomputable(finding(form, rules, report, "T3-03.handled.total"), report) is not None


# --- the closed line


def test_closed_it_is_one_line_with_counts_and_the_nearest_finding(
    panel: FindingsPanel, session: Session
) -> None:
    panel.set_open(False)
    assert panel.sizeHint().height() == CLOSED
    assert [chip.text() for chip in panel.chips.values()] == ["4 个错误", "2 处核实", "0 条提示"]
    assert [chip.isVisible() for chip in panel.chips.values()] == [True, True, False]
    assert panel.sentence.text() == BALANCE
    assert panel.next.text() == "F8 下一处"
    assert panel.status.text().startswith("表格 37 条相等，4 条不等，1 条未检查")
    assert panel.status.text().endswith("正文未写")
    assert not panel.list.isVisible()


def test_the_line_follows_the_page_and_the_finding_in_view(
    panel: FindingsPanel, session: Session, qtbot: QtBot
) -> None:
    panel.set_open(False)
    panel.set_section("disputes")
    qtbot.waitUntil(lambda: panel.sentence.text().startswith("表四"))
    session.in_view.pin(session.findings.findings[1])
    assert panel.sentence.text() == session.findings.findings[1].message


def test_a_click_on_the_line_jumps_to_its_finding(
    panel: FindingsPanel, session: Session, qtbot: QtBot
) -> None:
    panel.set_open(False)
    with qtbot.waitSignal(session.in_view.goto) as caught:
        QTest.mouseClick(panel.sentence, LEFT)
    found = session.findings.findings[0]
    assert caught.args == [next(stop.where for stop in session.in_view.stops() if found in stop.findings)]
    assert session.in_view.pinned is session.findings.findings[0]


def test_a_click_on_next_steps_through_the_findings(panel: FindingsPanel, session: Session) -> None:
    panel.next.click()
    first = session.in_view.pinned
    panel.next.click()
    assert first is not None
    assert session.in_view.pinned is not first


def test_without_findings_it_says_what_was_compared_and_what_not(
    panel: FindingsPanel, session: Session, zeros: Report, qtbot: QtBot
) -> None:
    panel.set_open(False)
    session.edit(zeros, "改正")
    qtbot.waitUntil(lambda: panel.status.text().startswith("表格 42 条相等；"))
    assert panel.sentence.text() == ""
    assert not panel.next.isVisible()
    assert not panel.sentence.isEnabled()
    session.edit(zeros.with_entry("disputes.reconsideration.upheld", None), "清除")
    qtbot.waitUntil(lambda: panel.sentence.text() != "")
    assert panel.sentence.text() == "表四还有 1 格未填，没有的请填 0。"


@pytest.mark.parametrize("width", [760, 910, 1366, 1920])
@pytest.mark.parametrize("opened", [False, True])
def test_the_line_never_leaves_out_what_was_not_looked_at(
    panel: FindingsPanel, session: Session, broken: Report, width: int, opened: bool
) -> None:
    session.edit(broken.with_section("overview", "全年收到申请 5 件。"), "写")
    panel.set_open(opened)
    panel.renew()
    panel.resize(width, panel.height())
    said = panel.status.text()
    assert "正文 1 处未" in said
    assert "第五、六部分未写" in said
    assert re.search("[共表]格? ?[0-9]+ 条", said)
    QApplication.sendPostedEvents()
    assert panel.status.width_of(said) <= panel.status.width()
    assert panel.status.toolTip().startswith(coverage(session.report, session.findings).sentence)


def test_with_room_for_it_a_finding_stands_beside_what_was_checked(
    panel: FindingsPanel, session: Session
) -> None:
    panel.set_open(False)
    words = panel.sentence.fontMetrics().horizontalAdvance(panel.sentence.text())
    assert panel.sentence.width() >= min(words, 300)


def test_what_a_finding_quotes_is_no_shortcut_of_the_line(
    panel: FindingsPanel, session: Session, zeros: Report
) -> None:
    panel.set_open(False)
    session.edit(zeros.with_entry(NEW, "&A"), "填")
    panel.renew()
    assert "&A" in panel.sentence.text()
    assert panel.sentence.shortcut().isEmpty()


def test_the_counts_open_the_list(panel: FindingsPanel, qtbot: QtBot) -> None:
    told: list[bool] = []
    panel.opened.connect(told.append)
    panel.set_open(False)
    assert not told
    panel.chips[Severity.QUERY].click()
    assert told == [True]
    assert panel.is_open
    assert [row.finding.severity for row in panel.rows.rows if row.finding] == [Severity.QUERY] * 2
    panel.opener.click()
    assert told == [True, False]


# --- the open list


def test_open_it_lists_the_worst_first_and_then_what_was_not_checked(panel: FindingsPanel) -> None:
    assert panel.sizeHint().height() == HEAD + ROWS * ROW + 1 == 137
    assert listed(panel)[0] == BALANCE
    assert listed(panel)[-2:] == ["表四有 1 格填的是“/”这类文字，没有的请填 0。", "未检查 8 条"]


def test_what_was_not_checked_unfolds(panel: FindingsPanel) -> None:
    click(panel, place(panel, "未检查 8 条"))
    across = "未检查：自然人，上年年报的结转下年度与本年的上年结转：没有选上年年报。"
    assert across in listed(panel)
    assert "未检查：行政复议，四种结果之和与总计：有“/”，不是数字。" in listed(panel)
    click(panel, place(panel, "未检查 8 条"))
    assert listed(panel)[-1] == "未检查 8 条"


def test_the_sentence_is_underlined_and_leads_to_all_rules(panel: FindingsPanel, qtbot: QtBot) -> None:
    for is_open in (False, True):
        panel.set_open(is_open)
        with qtbot.waitSignal(panel.checks_asked):
            panel.status.click()
        assert panel.is_open is is_open


# --- explained


def slashes(panel: FindingsPanel) -> int:
    return place(panel, "填的是“/”这类文字")


def test_what_was_explained_stands_at_the_end_with_its_reason_and_counts_no_more(
    panel: FindingsPanel, session: Session
) -> None:
    finding = panel.rows.rows[slashes(panel)].finding
    assert finding is not None
    before = session.findings.count(Severity.QUERY)
    assert panel.chips[Severity.QUERY].text() == f"核实 {before}"
    session.explain(finding, "本省年报用斜杠表示没有")
    panel.renew()
    row = panel.rows.rows[slashes(panel)]
    assert panel.rows.rows[slashes(panel) + 1].finding is None  # only what was not checked comes after it
    assert row.state is State.EXPLAINED
    assert row.sentence.endswith("（已说明：本省年报用斜杠表示没有）")
    assert row.spoken.startswith("已说明，")
    assert panel.chips[Severity.QUERY].text() == f"核实 {before - 1}"
    assert panel.explained.text() == "已说明 1"
    assert not panel.explained.isHidden()


def test_chips_show_what_was_explained_alone_or_not_at_all(panel: FindingsPanel, session: Session) -> None:
    finding = panel.rows.rows[slashes(panel)].finding
    assert finding is not None
    session.explain(finding, "本省年报用斜杠表示没有")
    panel.renew()
    panel.explained.click()
    assert len(listed(panel)) == 1
    panel.explained.click()
    panel.chips[Severity.ERROR].click()
    assert all("斜杠" not in row.sentence for row in panel.rows.rows)
    session.undo()
    panel.renew()
    assert panel.explained.isHidden()


def test_a_reopened_explanation_is_marked_and_may_still_apply(panel: FindingsPanel, session: Session) -> None:
    finding = panel.rows.rows[slashes(panel)].finding
    assert finding is not None
    session.explain(finding, "本省年报用斜杠表示没有")
    session.edit(session.report.with_entry("disputes.reconsideration.upheld", "-"), "改")
    panel.renew()
    row = panel.rows.rows[place(panel, "原来的说明要重看")]
    assert row.finding is not None
    assert row.finding.is_reopened
    assert panel.explained.isHidden()
    menu = panel.menu_of(row)
    (act,) = (action for action in menu.actions() if action.text() == "原来的说明仍然适用")
    act.trigger()
    panel.renew()
    assert panel.explained.text() == "已说明 1"


def test_f2_and_the_menu_ask_why_a_query_stands_and_never_an_error(
    panel: FindingsPanel, qtbot: QtBot
) -> None:
    row = panel.rows.rows[slashes(panel)]
    panel.list.setCurrentIndex(panel.rows.index(slashes(panel)))
    with qtbot.waitSignal(panel.explain_asked) as asked:
        QTest.keyClick(panel.list, Qt.Key.Key_F2)
    assert asked.args == [row.finding]
    assert any("说明" in action.text() for action in panel.menu_of(row).actions())
    error = panel.rows.rows[granted(panel)]
    assert not any("说明" in action.text() for action in panel.menu_of(error).actions())


def test_what_was_not_checked_leads_to_the_cell_that_prevents_it(
    panel: FindingsPanel, session: Session, qtbot: QtBot
) -> None:
    click(panel, place(panel, "未检查 8 条"))
    panel.list.scrollToBottom()
    with qtbot.waitSignal(session.in_view.goto) as caught:
        click(panel, place(panel, "有“/”，不是数字"))
    assert caught.args == [Cell("disputes.reconsideration.upheld")]
    assert session.in_view.pinned is None


def test_the_list_is_narrowed_by_severity_page_and_words(panel: FindingsPanel) -> None:
    panel.chips[Severity.ERROR].click()
    assert len(listed(panel)) == 4
    panel.chips[Severity.QUERY].click()
    assert len(listed(panel)) == 6
    panel.chips[Severity.ERROR].click()
    panel.chips[Severity.QUERY].click()
    panel.here.click()
    assert not panel.everywhere.isChecked()
    assert {row.place[:1] for row in panel.rows.rows} == {"三", ""}  # the last one counts the unchecked
    panel.filter.setText("予以公开")
    assert listed(panel) == [GRANTED]
    panel.filter.setText("没有这样的字")
    assert listed(panel) == []
    assert panel.list.empty_words == "没有符合筛选的问题。"
    panel.filter.clear()
    panel.everywhere.click()
    assert len(listed(panel)) == 7


def test_an_edit_changes_only_the_rows_that_differ(
    panel: FindingsPanel, session: Session, qtbot: QtBot
) -> None:
    seen: list[tuple[str, int]] = []

    def removed(_parent: QModelIndex, first: int, _last: int) -> None:
        seen.append(("removed", first))

    def changed(first: QModelIndex, _last: QModelIndex, _roles: Any) -> None:
        seen.append(("changed", first.row()))

    panel.rows.rowsRemoved.connect(removed)
    panel.rows.dataChanged.connect(changed)
    panel.rows.modelReset.connect(lambda: seen.append(("reset", 0)))
    session.edit(session.report.with_entries({NEW: 31, GRANTED_TOTAL: None}), "填写")
    qtbot.waitUntil(lambda: len(seen) >= 3)
    assert seen[0] == ("removed", 3)
    assert ("changed", 0) in seen
    assert ("reset", 0) not in seen
    assert listed(panel)[0] == "自然人：第一项加第二项为 31，第三项总计加第四项为 29，相差 2。"


def test_a_new_finding_comes_at_its_place(panel: FindingsPanel, session: Session, qtbot: QtBot) -> None:
    session.edit(session.report.with_entry("requests.received.company", 5), "填写")
    qtbot.waitUntil(lambda: any("商业企业" in row.place for row in panel.rows.rows))
    assert [row.finding for row in panel.rows.rows if row.finding] == list(session.findings.findings)


def test_the_selection_stays_with_its_finding(panel: FindingsPanel, session: Session, qtbot: QtBot) -> None:
    click(panel, place(panel, "三（一）予以公开"))
    session.edit(session.report.with_entry(NEW, 29), "填写")
    qtbot.waitUntil(lambda: BALANCE not in listed(panel))
    assert panel.rows.rows[panel.list.currentIndex().row()].whole == GRANTED
    assert session.in_view.pinned is not None
    assert session.in_view.pinned.message == GRANTED


def test_a_finding_reached_by_f8_is_selected(panel: FindingsPanel, session: Session) -> None:
    session.in_view.step(1)
    session.in_view.step(1)
    assert session.in_view.pinned is not None
    row = panel.list.currentIndex().row()
    assert panel.rows.rows[row].finding is session.in_view.pinned
    assert panel.list.selectionModel().isSelected(panel.rows.index(row))


def test_a_click_pins_and_jumps(panel: FindingsPanel, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.in_view.goto) as caught:
        click(panel, granted(panel))
    assert session.in_view.pinned is not None
    assert session.in_view.pinned.message == GRANTED
    assert caught.args == [session.in_view.pinned.anchors[0]]


def test_the_arrows_show_one_finding_after_the_other_and_stay_in_the_list(
    panel: FindingsPanel, session: Session
) -> None:
    session.in_view.goto.connect(
        lambda _anchor: panel.filter.setFocus()
    )  # a page takes the focus when it is jumped to
    panel.list.selectionModel().setCurrentIndex(
        panel.rows.index(granted(panel) - 1), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert session.in_view.pinned is not None
    assert session.in_view.pinned.message == GRANTED
    assert panel.list.hasFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Escape)
    assert session.in_view.pinned is None
    assert not panel.list.selectionModel().hasSelection()


def test_enter_jumps_and_leaves_the_list(panel: FindingsPanel, session: Session) -> None:
    session.in_view.goto.connect(lambda _anchor: panel.filter.setFocus())
    panel.list.setCurrentIndex(panel.rows.index(granted(panel)))
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert session.in_view.pinned is not None
    assert panel.filter.hasFocus()


def test_the_keys_reach_what_was_not_checked(panel: FindingsPanel, session: Session) -> None:
    session.in_view.pin(session.findings.findings[0])
    QTest.keyClick(panel.list, Qt.Key.Key_End)
    assert session.in_view.pinned is None
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert listed(panel)[-1].startswith("未检查：")


def test_ctrl_c_copies_the_sentence(panel: FindingsPanel) -> None:
    panel.list.setCurrentIndex(panel.rows.index(granted(panel)))
    QTest.keyClick(panel.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == GRANTED


def test_hovering_a_row_shows_its_finding_and_leaving_hides_it(
    panel: FindingsPanel, session: Session, qtbot: QtBot
) -> None:
    where = QPointF(panel.list.visualRect(panel.rows.index(granted(panel))).center())
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, where, where, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(panel.list.viewport(), move)
    assert session.in_view.shown is None
    qtbot.waitUntil(lambda: session.in_view.shown is not None and session.in_view.shown.message == GRANTED)
    QApplication.sendEvent(panel.list, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: session.in_view.shown is None)


def test_the_context_menu_recomputes_a_typed_total_as_one_step(
    panel: FindingsPanel, session: Session
) -> None:
    def words(row: int) -> list[str]:
        return [action.text() for action in panel.menu_of(panel.rows.rows[row]).actions()]

    assert words(0) == ["转到", "复制\tCtrl+C"]
    menu = panel.menu_of(panel.rows.rows[granted(panel)])
    within(press("取消"), menu.actions()[2].trigger)
    assert not session.report.is_automatic(GRANTED_TOTAL)
    within(press("按明细重算"), menu.actions()[2].trigger)
    assert session.history.undo_label == "按明细重算"
    assert session.report.is_automatic(GRANTED_TOTAL)
    assert session.report.value(GRANTED_TOTAL) == 0


def test_the_context_menu_opens_by_key_and_by_mouse(panel: FindingsPanel, qtbot: QtBot) -> None:
    asked: list[int] = []

    def note(row: int, _where: QPoint) -> None:
        asked.append(row)

    panel.list.menu_asked.disconnect()
    panel.list.menu_asked.connect(note)
    panel.list.setCurrentIndex(panel.rows.index(1))
    reasons = QContextMenuEvent.Reason
    QApplication.sendEvent(panel.list.viewport(), QContextMenuEvent(reasons.Keyboard, QPoint(), QPoint()))
    where = panel.list.visualRect(panel.rows.index(0)).center()
    QApplication.sendEvent(panel.list.viewport(), QContextMenuEvent(reasons.Mouse, where, where))
    assert asked == [1, 0]


def test_rows_are_read_out_whole(panel: FindingsPanel) -> None:
    index = panel.rows.index(granted(panel))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("错误，三（一）予以公开，六类")
    assert index.data(Qt.ItemDataRole.ToolTipRole).startswith(GRANTED + "\n依据：")
    assert panel.list.accessibleName() == "问题列表"
    assert panel.chips[Severity.ERROR].accessibleName() == "4 个错误"


def test_the_list_can_be_drawn_taller(panel: FindingsPanel) -> None:
    panel.resize(1366, 600)

    def drag(up: int) -> None:
        for kind, y in ((QEvent.Type.MouseButtonPress, 300), (QEvent.Type.MouseMove, 300 - up)):
            where, none = QPointF(5, 2), Qt.KeyboardModifier.NoModifier
            QApplication.sendEvent(panel.grip, QMouseEvent(kind, where, QPointF(5, y), LEFT, LEFT, none))

    drag(2 * ROW)
    assert panel.list.maximumHeight() == (ROWS + 2) * ROW
    drag(-20 * ROW)
    assert panel.list.maximumHeight() == 2 * ROW
    drag(900)
    assert panel.list.maximumHeight() == 300 // ROW * ROW


def test_a_narrow_window_is_not_widened_by_the_bar(panel: FindingsPanel) -> None:
    assert panel.minimumSizeHint().width() <= 760
    panel.set_open(False)
    assert panel.minimumSizeHint().width() <= 760


def test_the_panel_draws_in_every_state(panel: FindingsPanel, session: Session, zeros: Report) -> None:
    pictures = [panel.grab().toImage()]
    click(panel, place(panel, "未检查 8 条"))
    panel.list.scrollToBottom()
    pictures.append(panel.grab().toImage())
    panel.list.setCurrentIndex(panel.rows.index(1))
    pictures.append(panel.grab().toImage())
    panel.filter.setText("没有这样的字")
    pictures.append(panel.grab().toImage())
    panel.set_open(False)
    pictures.append(panel.grab().toImage())
    assert all(one != other for one, other in pairwise(pictures))


# --- figures taken over in doubt, and what is forced

PERSON = "requests.received.natural_person"


def doubtful(session: Session, panel: FindingsPanel) -> int:
    """The row of a doubt about a figure of the report."""
    session.edit(session.report.with_doubts({PERSON: "原文是字母“O”。按 0 采用。"}), "导入")
    panel.renew()
    return next(
        i for i, row in enumerate(panel.rows.rows) if row.finding is not None and row.finding.is_doubt
    )


def test_a_doubt_is_ticked_off_from_the_menu_and_comes_back_by_undo(
    panel: FindingsPanel, session: Session
) -> None:
    row = panel.rows.rows[doubtful(session, panel)]
    assert row.place == "三 · 一、本年新收 · 自然人"
    assert row.sentence == "导入时存疑。原文是字母“O”。按 0 采用。"
    figure = session.report.value(PERSON)
    (seen,) = [action for action in panel.menu_of(row).actions() if action.text().startswith("看过了")]
    seen.trigger()
    assert session.report.doubts == {}
    assert session.report.value(PERSON) == figure
    assert session.history.undo_label == "看过了"
    session.undo()
    assert set(session.report.doubts) == {PERSON}


def test_a_doubt_is_ticked_off_by_the_space_bar_and_nothing_else_is(
    panel: FindingsPanel, session: Session
) -> None:
    place = doubtful(session, panel)
    other = next(
        i for i, row in enumerate(panel.rows.rows) if row.finding is not None and not row.finding.is_doubt
    )
    panel.list.setCurrentIndex(panel.rows.index(other))
    QTest.keyClick(panel.list, Qt.Key.Key_Space)
    assert session.report.doubts
    panel.list.setCurrentIndex(panel.rows.index(place))
    QTest.keyClick(panel.list, Qt.Key.Key_Space)
    assert session.report.doubts == {}


def test_a_figure_that_is_changed_ends_its_doubt(panel: FindingsPanel, session: Session) -> None:
    doubtful(session, panel)
    session.edit(session.report.with_entry(PERSON, 7), "改")
    panel.renew()
    assert not [row for row in panel.rows.rows if row.finding is not None and row.finding.is_doubt]


def test_blank_cells_that_are_forced_are_filled_in_from_the_menu_as_one_step(
    panel: FindingsPanel, session: Session, zeros: Report
) -> None:
    rest = "requests.handled.granted.company"
    session.begin(zeros.with_entries({cell.id: zeros.value(cell.id) for cell in zeros.form.totals}))
    session.edit(session.report.with_entry(rest, None), "清除")
    panel.renew()
    row = next(row for row in panel.rows.rows if row.finding is not None and row.finding.rule.test == "blank")
    offers = [action for action in panel.menu_of(row).actions() if "按提示填入" in action.text()]
    assert [action.text() for action in offers] == ["按提示填入 1 格"]
    offers[0].trigger()
    assert session.report.entries[rest] == 0
    assert session.history.undo_label == "按提示填入 1 格"


# --- numbers of last year's prose


def test_numbers_of_last_years_prose_are_ticked_off_one_by_one_or_a_part_at_a_time(
    panel: FindingsPanel, session: Session
) -> None:
    text = "2022年收到62件，答复60件。"
    report = session.report.with_section("overview", text).with_section("problems", text)
    for key in ("overview", "problems"):
        report = report.with_prose_doubts(key, to_revise(text))
    session.edit(report, "从去年新建")
    panel.renew()
    rows = [row for row in panel.rows.rows if row.finding is not None and row.finding.spans]
    assert [row.place for row in rows] == ["一 · 正文"] * 3 + ["五 · 正文"] * 3
    assert rows[1].sentence == "“年收到62件”是去年文字里的数，请改成今年的。"
    chosen = {action.text(): action for action in panel.menu_of(rows[1]).actions()}
    chosen["看过了\t空格"].trigger()
    assert [doubt.text for doubt in session.report.prose_doubts["overview"]] == ["2022", "60"]
    panel.renew()
    row = next(row for row in panel.rows.rows if row.finding is not None and row.finding.spans)
    chosen = {action.text(): action for action in panel.menu_of(row).actions()}
    chosen["这一部分的 2 处都看过了"].trigger()
    assert set(session.report.prose_doubts) == {"problems"}
    session.undo()
    assert len(session.report.prose_doubts["overview"]) == 2


def test_after_a_change_no_row_is_painted_twice(
    panel: FindingsPanel, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.wait(20)
    painted: list[str] = []
    paint = panel.list.itemDelegate().__class__.paint

    def noted(self: Any, painter: Any, option: Any, index: Any) -> None:
        painted.append(panel.rows.rows[index.row()].spoken)
        paint(self, painter, option, index)

    monkeypatch.setattr(panel.list.itemDelegate().__class__, "paint", noted)
    panel.list.viewport().update()
    qtbot.waitUntil(lambda: bool(painted))
    assert any("六类申请人之和" in words for words in painted)
    painted.clear()
    session.edit(
        session.report.with_entry("requests.handled.unable_to_provide.not_held.natural_person", 28), "改"
    )
    qtbot.waitUntil(lambda: bool(painted))
    qtbot.wait(20)
    assert any("第四项为 28" in words for words in painted)
    assert len(painted) == len(set(painted))
