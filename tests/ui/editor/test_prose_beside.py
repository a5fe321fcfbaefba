"""Last year's text beside this year's: aligned, told, and gone through year by year."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import gxeditor.ui.editor.prose_beside as module
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.prose_beside import Pair, pair
from gxeditor.core.report import Prior, Report, blank_report
from gxeditor.store.report_file import PriorFile
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.editor.prose_beside import LastText, ProseBeside
from gxeditor.ui.session import Session

NOW = """（一）依申请公开情况
2025年共收到政府信息公开申请62件，上年结转4件，全部按期办结，未发生超期答复的情况，也没有因政府信息公开工作被申请行政复议或者提起行政诉讼的情况。
（二）政府信息管理情况
严格执行发布制度。截至2024年底，现行有效文件17件。
举办业务骨干集中轮训。
（三）平台建设情况
优化门户网站教育专栏，归并栏目。
（四）监督保障情况
2024年组织培训2次，针对2024年存在的问题逐项改进。"""
THEN = """（一）依申请公开情况
2024年共收到政府信息公开申请48件，上年结转2件，全部按期办结。
（二）政府信息管理情况
严格执行发布制度。截至2024年底，现行有效文件16件。
（三）平台建设情况
优化门户网站教育专栏，归并栏目。
新媒体账号由专人值守。
（四）监督保障情况
2024年组织培训1次，针对2023年存在的问题逐项改进。"""


@pytest.fixture
def last(form: Form) -> Report:
    return (
        blank_report(form, 2024)
        .with_fields(agency="青溪县教育局", preamble="本报告按规定编制。")
        .with_section("overview", THEN)
        .with_section("requests", "去年的说明。")
        .with_entry("requests.received.natural_person", 48)
    )


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...], last: Report) -> Session:
    session = Session(form, rules)
    report = blank_report(form, 2025).with_fields(agency="青溪县教育局", preamble="本报告按要求编制。")
    session.begin(report.with_section("overview", NOW).with_prior(Prior.of(last, "/data/last.gxr", "0" * 64)))
    return session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ProsePage:
    page = ProsePage(session, "overview")
    qtbot.addWidget(page)
    page.resize(1366, 552)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.set_beside(True)
    QApplication.processEvents()
    return page


def beside(page: ProsePage) -> ProseBeside:
    assert page._beside is not None
    return page._beside


def column(page: ProsePage) -> LastText:
    assert page._last is not None
    return page._last


def tops(page: ProsePage) -> list[tuple[int, int]]:
    """Of each pair where its paragraphs begin on the page, last year's first."""
    mine, its = page.editor, column(page).editor
    mine_tops, its_tops = mine.paragraph_tops()[0], its.paragraph_tops()[0]
    found = []
    for one in beside(page).pairs:
        if one.now is not None and one.then is not None:
            found.append(
                (
                    its.viewport().mapTo(page, QPoint(0, round(its_tops[one.then]))).y(),
                    mine.viewport().mapTo(page, QPoint(0, round(mine_tops[one.now]))).y(),
                )
            )
    return found


def words(page: ProsePage) -> str:
    labels: list[QLabel] = list(page.findChildren(QLabel))
    return "\n".join(label.text() for label in labels if label.isVisible())


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def write(page: ProsePage, text: str) -> None:
    for character in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(page.editor, event)


# --- side by side


def test_paragraphs_that_belong_together_begin_at_one_height(page: ProsePage) -> None:
    found = tops(page)
    assert len(found) == 8
    assert all(abs(one - other) <= 1 for one, other in found)
    assert len({top for _, top in found}) == 8


def test_both_are_scrolled_together(page: ProsePage) -> None:
    page.resize(1366, 260)
    QApplication.processEvents()
    mine, its = page.editor.verticalScrollBar(), column(page).editor.verticalScrollBar()
    assert mine.maximum() == its.maximum() > 0
    mine.setValue(30)
    assert its.value() == 30
    its.setValue(10)
    assert mine.value() == 10


def test_the_gutter_says_what_became_of_each_paragraph(page: ProsePage) -> None:
    labels = [said for _, said, _ in sorted(column(page).gutter.labels())]
    changed = beside(page).pairs[1].changes
    assert labels == [f"改了 {changed} 处", "年份未改", "今年新写", "与上年相同", "上年才有", "年份未改"]
    assert column(page).gutter.width() == 66


def test_the_head_counts_years_and_what_was_carried_over(page: ProsePage) -> None:
    assert "◆ 2 处年份未改" in words(page)
    assert "1 段与上年相同" in words(page)
    assert "上年　2024 年年报" in words(page)
    assert "只看不改" in words(page)


def test_last_years_text_cannot_be_changed(page: ProsePage, session: Session) -> None:
    before = session.report
    editor = column(page).editor
    assert editor.text() == THEN
    editor.setFocus()
    press(Qt.Key.Key_A)
    press(Qt.Key.Key_Delete)
    assert editor.text() == THEN
    assert session.report is before
    assert session.history.position == 0


def test_what_this_years_text_has_not_is_underlined(page: ProsePage) -> None:
    cursor = column(page).editor.document().find("48件")
    assert cursor.charFormat().fontUnderline()
    assert not column(page).editor.document().find("政府信息公开申请").charFormat().fontUnderline()


def test_pairs_are_reckoned_once_typing_rests(
    page: ProsePage, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    reckoned: list[str] = []

    def counted(now: str, then: str) -> tuple[Pair, ...]:
        reckoned.append(now)
        return pair(now, then)

    monkeypatch.setattr(module, "pair", counted)
    page.editor.setFocus()
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    write(page, "一二三四五")
    assert reckoned == []
    qtbot.waitUntil(lambda: len(reckoned) == 1)
    assert reckoned[0].endswith("一二三四五")


def test_typing_above_moves_what_is_below_at_rest(page: ProsePage, qtbot: QtBot) -> None:
    page.editor.moveCursor(QTextCursor.MoveOperation.Start)
    page.editor.textCursor().insertText("新的一段写在最前面。\n" * 3)
    qtbot.waitUntil(lambda: len(beside(page).pairs) == 13)
    assert all(abs(one - other) <= 1 for one, other in tops(page))


def test_composition_is_not_disturbed(page: ProsePage, session: Session) -> None:
    page.editor.setFocus()
    QApplication.sendEvent(page.editor, QInputMethodEvent("zheng", []))
    beside(page).renew()
    assert page.editor.composing
    event = QInputMethodEvent()
    event.setCommitString("政")
    QApplication.sendEvent(page.editor, event)
    assert "政" in session.report.sections["overview"]


def test_without_it_the_text_is_set_as_before(page: ProsePage) -> None:
    page.set_beside(False)
    QApplication.processEvents()
    assert page.editor.leads == ({}, 0.0)
    assert column(page).isHidden()
    assert not page.is_beside
    assert "处年份未改" not in words(page)


def test_undo_and_other_editors_are_followed(page: ProsePage, session: Session, qtbot: QtBot) -> None:
    session.edit(session.report.with_section("overview", THEN), "改")
    qtbot.waitUntil(lambda: all(one.is_same for one in beside(page).pairs))
    session.undo()
    qtbot.waitUntil(lambda: any(one.changes for one in beside(page).pairs))


# --- one above the other


def test_a_narrow_window_has_last_years_text_above_each_paragraph(page: ProsePage) -> None:
    page.resize(1200, 552)
    QApplication.processEvents()
    assert column(page).isHidden()
    leads, tail = page.editor.leads
    assert set(leads) == {1, 3, 6, 7, 8}
    assert tail == 0
    begin = page.editor.paragraph_tops()[0]
    line = QFontMetricsF(page.editor.document().defaultFont()).height()
    assert all(begin[n] - begin[n - 1] >= leads[n] + line for n in leads)
    page.resize(1366, 552)
    QApplication.processEvents()
    assert column(page).isVisible()
    assert all(abs(one - other) <= 1 for one, other in tops(page))


def test_what_comes_last_in_last_years_text_stands_below(
    page: ProsePage, session: Session, qtbot: QtBot
) -> None:
    page.resize(1000, 552)
    session.edit(session.report.with_section("overview", "（一）依申请公开情况"), "改")
    qtbot.waitUntil(lambda: page.editor.leads[1] > 100)
    session.edit(session.report.with_section("overview", ""), "改")
    qtbot.waitUntil(lambda: page.editor.leads[1] > 100 and not beside(page).pairs[0].is_same)
    assert not page.grab().isNull()


def test_the_open_card_leaves_no_room_for_two(page: ProsePage) -> None:
    page.card.set_open(True)
    QApplication.processEvents()
    assert column(page).isHidden()
    page.card.set_open(False)
    QApplication.processEvents()
    assert column(page).isVisible()


def test_the_preamble_has_last_years_above_it(session: Session, qtbot: QtBot) -> None:
    page = BasicPage(session)
    qtbot.addWidget(page)
    page.resize(1366, 552)
    with qtbot.waitExposed(page):
        page.show()
    height = page.preamble.height()
    page.set_beside(True)
    assert page.preamble.leads[0].keys() == {0}
    assert page.preamble.height() > height
    page.set_beside(False)
    assert (page.preamble.leads, page.preamble.height()) == (({}, 0.0), height)


def test_the_prose_of_a_table_has_last_years_above_it(session: Session, form: Form, qtbot: QtBot) -> None:
    from gxeditor.core.year_beside import View
    from gxeditor.ui.editor.pages import TablePage

    page = TablePage(session, form.section("requests"))
    qtbot.addWidget(page)
    page.resize(1366, 552)
    with qtbot.waitExposed(page):
        page.show()
    page.set_view(View.DIFFERENCE)
    page.card.show_paragraph(0)
    box = page.card.box
    assert box is not None
    assert page.card.beside is not None
    assert page.card.beside.then == "去年的说明。"
    assert box.editor.leads[1] > 0
    page.set_view(View.NOW)
    assert box.editor.leads == ({}, 0.0)


# --- what is missing


def test_no_report_of_last_year_is_said_and_offered(page: ProsePage, session: Session, qtbot: QtBot) -> None:
    session.set_prior(None)
    qtbot.waitUntil(lambda: "还没有选上年的年报" in words(page))
    asked: list[bool] = []
    page.prior_asked.connect(lambda: asked.append(True))
    column(page).choose.click()
    assert asked


@pytest.mark.parametrize(("state", "readable"), [("same", True), ("changed", True), ("missing", False)])
def test_a_report_kept_without_prose_can_be_read_again(
    page: ProsePage, session: Session, last: Report, qtbot: QtBot, state: str, readable: bool
) -> None:
    from pathlib import Path

    figures = last.with_fields(preamble="").with_section("overview", "").with_section("requests", "")
    session.set_prior(Prior.of(figures, "/data/last.gxr", "0" * 64))
    prior = session.report.prior
    assert prior is not None
    path = Path("/data/last.gxr") if state != "missing" else None
    session._looked = prior, PriorFile(state, path)  # type: ignore[arg-type]
    session.prior_found.emit()
    qtbot.waitUntil(lambda: "只有数，没有文字" in words(page))
    assert column(page).read.isVisible() is readable
    asked: list[bool] = []
    page.prior_read_asked.connect(lambda: asked.append(True))
    if readable:
        column(page).read.click()
    assert asked == [True] * readable


def test_a_part_that_last_year_had_not_is_said(
    session: Session, last: Report, page: ProsePage, qtbot: QtBot
) -> None:
    session.set_prior(Prior.of(last.with_section("overview", "")))
    qtbot.waitUntil(lambda: "这一部分没有文字" in words(page))


def test_another_agency_is_said_in_the_head(
    session: Session, last: Report, page: ProsePage, qtbot: QtBot
) -> None:
    session.set_prior(Prior.of(last.with_fields(agency="乙县丙局")))
    qtbot.waitUntil(lambda: "乙县丙局" in words(page))


# --- years


def test_years_are_gone_through_one_by_one_with_the_keys_alone(page: ProsePage, session: Session) -> None:
    told: list[str] = []
    page.told.connect(told.append)
    page.walk_years()
    assert page.editor.textCursor().selectedText() == "2024年"
    assert "可能是去年留下的" in words(page)
    assert "去年同一句也是 2024 年" in words(page)
    press(Qt.Key.Key_Return)  # 改成 2025 年
    assert "截至2025年底" in session.report.sections["overview"]
    assert session.report.sections["overview"].count("2024年") == 2  # never all at once
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Return)  # 保留 2024 年
    assert "2024年组织培训2次" in session.report.sections["overview"]
    assert [one.reason for one in session.report.explanations.values()] == ["核实过，写的就是 2024 年的事"]
    assert beside(page).years() == ()
    assert told[-1] == "这一部分的年份都看过了。"
    assert page.editor.hasFocus()
    session.undo()
    session.undo()
    assert session.report.sections["overview"] == NOW


def test_the_next_one_is_shown_without_a_change(page: ProsePage, session: Session) -> None:
    page.walk_years()
    first = page.editor.textCursor().position()
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_Return)  # 下一处
    assert page.editor.textCursor().position() > first
    press(Qt.Key.Key_Escape)
    assert page.editor.hasFocus()
    assert "可能是去年留下的" not in words(page)
    assert session.report.sections["overview"] == NOW


def test_going_to_a_year_from_the_list_shows_it(page: ProsePage, session: Session) -> None:
    session.in_view.goto.connect(page.go_to)
    session.in_view.lead_to(beside(page).years()[1])
    assert "可能是去年留下的" in words(page)
    assert page.editor.hasFocus()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    press(Qt.Key.Key_Return)
    assert "2025年组织培训2次" in session.report.sections["overview"]


def test_years_are_marked_while_last_years_text_is_shown(page: ProsePage) -> None:
    def marked() -> list[str]:
        return [s.cursor.selectedText() for s in page.editor.extraSelections()]  # type: ignore[attr-defined]

    assert marked() == ["2024年", "2024年"]
    page.set_beside(False)
    assert marked() == []


def test_where_no_year_is_left_it_is_said(page: ProsePage, session: Session) -> None:
    told: list[str] = []
    page.told.connect(told.append)
    session.edit(session.report.with_section("overview", "加强培训。"), "改")
    page.walk_years()
    assert told == ["这一部分没有可能是去年留下的年份。"]


@pytest.mark.parametrize("lines", [20, 300])
def test_last_years_text_is_coloured_and_zoomed_in_as_few_steps_however_long_it_is(
    page: ProsePage, session: Session, last: Report, lines: int
) -> None:
    changes: list[int] = []
    editor = column(page).editor
    then = last.with_section("overview", "".join(f"第{n}件事办结{n}件😀。\n" for n in range(lines)))
    now = "".join(f"第{n}件事办结{n + 1}件😀。\n" for n in range(lines))
    session.edit(
        session.report.with_section("overview", now).with_prior(Prior.of(then, "/data/last.gxr", "0" * 64)),
        "",
    )
    editor.document().contentsChange.connect(lambda *_: changes.append(1))
    beside(page).renew()
    assert len(changes) <= 4
    cursor = editor.textCursor()
    underlined = []
    for place in range(editor.document().characterCount() - 1):
        cursor.setPosition(place)
        cursor.setPosition(place + 1, QTextCursor.MoveMode.KeepAnchor)
        if cursor.charFormat().fontUnderline():
            underlined.append(cursor.selectedText())
    assert len(underlined) >= lines
    assert set("".join(underlined)) <= set("0123456789件")
    changes.clear()
    page.set_scale("", 1.25)
    assert len(changes) <= 6
