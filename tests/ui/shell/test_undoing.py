"""Undo and redo show what they change before it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from gxeditor.app import build
from gxeditor.core.difference import difference
from gxeditor.core.form import Form
from gxeditor.core.history import History, Step
from gxeditor.core.report import AgencyKind, Bound, Explanation, Report, blank_report
from gxeditor.core.revision import to_revise
from gxeditor.resources import load_form
from gxeditor.settings import Folders
from gxeditor.store.report_file import save_report
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.editor.prose_editor import ProseEditor
from gxeditor.ui.editor.table.grid import NOTHING_TO_UNDO
from gxeditor.ui.look import theme
from gxeditor.ui.shell import questions
from gxeditor.ui.shell.undoing import tell_done, tell_earlier, tell_step
from gxeditor.ui.shell.window import MainWindow
from tests.window import settled

PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"
LAST = "requests.carried_forward.total"
UPHELD = "disputes.reconsideration.upheld"
NO, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
Z, Y = Qt.Key.Key_Z, Qt.Key.Key_Y
TEXT = "\n".join(f"（{n}）第{n}件工作。{'认真做好各项公开工作。' * 12}" for n in "一二三四五六七八九十")

Start = Callable[[], MainWindow]


@pytest.fixture
def start(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """The program as it starts, each time with the same folders."""
    monkeypatch.setattr(questions, "ask_save", lambda *_: "discard")
    windows: list[MainWindow] = []

    def new() -> MainWindow:
        _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(1366, 700)
        window.show()
        window.activateWindow()
        windows.append(window)
        QApplication.processEvents()
        return window

    yield new
    for window in windows:
        window.close()
        window.deleteLater()
    theme.apply_theme(qapp, "light")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def file(form: Form, tmp_path: Path) -> Path:
    path = tmp_path / "鲁山.gxr"
    report = blank_report(form, 2022).with_fields(agency="鲁山县", kind=AgencyKind.DEPARTMENT)
    save_report(report.with_entry(PERSON, 30).with_section("overview", TEXT), path, None)
    return path


@pytest.fixture
def window(start: Start, file: Path) -> MainWindow:
    window = start()
    window.files.open_path(file)
    return window


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)
    QApplication.processEvents()


def type_text(text: str) -> None:
    for character in text:
        focus = QApplication.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, QKeyEvent(QKeyEvent.Type.KeyPress, 0, NO, character))


def turn_to(window: MainWindow, key: str) -> None:
    window.tabs.setCurrentIndex(window.tabs.keys.index(key))
    QApplication.processEvents()


def shown(window: MainWindow) -> str:
    return window.tabs.keys[window.tabs.currentIndex()]


def told(window: MainWindow) -> str:
    return window._told.text()


def table(window: MainWindow, key: str = "requests") -> TablePage:
    page = window.page(key)
    assert isinstance(page, TablePage)
    return page


def prose(window: MainWindow, key: str = "overview") -> ProsePage:
    page = window.page(key)
    assert isinstance(page, ProsePage)
    return page


def put(window: MainWindow, value: int = 31, cell: str = PERSON) -> None:
    session = window.session
    session.edit(session.report.with_entry(cell, value), f"填写 {session.form.cells[cell].place}")


def bar(window: MainWindow) -> str:
    """What the bar says; nothing while it is closed."""
    return window.undoing.bar.text() if window.undoing.bar.isVisible() else ""


def in_view(page: TablePage, cell: str) -> bool:
    return page.grid.viewport().rect().contains(page.grid._rect(page.grid.model_.where[cell]))


def framed(editor: ProseEditor) -> QRect:
    rect = editor._frame_rect()
    assert rect is not None
    return rect.toRect()


# --- on the page in view


def test_on_the_page_in_view_it_is_done_at_once_and_the_cell_is_framed(window: MainWindow) -> None:
    turn_to(window, "requests")
    put(window)
    grid = table(window).grid
    grid.go_to(COMPANY)
    press(Z, CTRL)
    assert window.session.report.value(PERSON) == 30
    assert grid.current_cell() is window.session.form.cells[PERSON]
    assert grid.laid.flashing
    assert not bar(window)
    assert told(window) == "已改回 30。Ctrl+Y 重做。"
    press(Y, CTRL)
    assert window.session.report.value(PERSON) == 31
    assert told(window) == "已改为 31。Ctrl+Z 撤销。"


@pytest.mark.parametrize("cell", [PERSON, LAST])
def test_a_cell_out_of_view_is_scrolled_to(window: MainWindow, cell: str) -> None:
    turn_to(window, "requests")
    window.resize(760, 480)
    put(window, 31, cell)
    page = table(window)
    page.grid.go_to(LAST if cell == PERSON else PERSON)
    assert not in_view(page, cell)
    press(Z, CTRL)
    assert in_view(page, cell)
    assert window.session.report.entries.get(cell) == (30 if cell == PERSON else None)


def test_a_paragraph_out_of_view_is_scrolled_to_and_framed(window: MainWindow) -> None:
    turn_to(window, "overview")
    session, editor = window.session, prose(window).editor
    longer = TEXT + "另外还有一句。"
    session.edit(session.report.with_section("overview", longer), "修改文字 一")
    editor.focus_paragraph(0)
    editor.verticalScrollBar().setValue(0)
    press(Z, CTRL)
    assert editor.text() == TEXT
    assert editor.viewport().rect().intersects(framed(editor))
    assert editor.textCursor().blockNumber() == 9
    assert not editor.textCursor().hasSelection()
    assert told(window) == "已删去这 7 字。Ctrl+Y 重做。"
    press(Qt.Key.Key_Left)
    assert editor._frame_rect() is None


def test_a_paragraph_on_another_page_is_scrolled_to_a_third_of_the_height(window: MainWindow) -> None:
    session = window.session
    changed = TEXT.replace("第六件", "第陆件")
    session.edit(session.report.with_section("overview", changed), "修改文字 一")
    turn_to(window, "problems")
    press(Z, CTRL)
    assert shown(window) == "overview"
    editor = prose(window).editor
    third = editor.viewport().height() / 3
    assert abs(editor.cursorRect().top() - third) < editor.cursorRect().height() * 2
    assert framed(editor).bottom() < editor.viewport().height() * 0.8
    assert editor.viewport().rect().contains(framed(editor).center())
    assert bar(window).startswith("还没有撤销。上一步在这一页：第 6 段，“六” → “陆”")
    assert bar(window).endswith("再按一次 Ctrl+Z，改回“六”。")
    press(Z, CTRL)
    assert editor.text() == TEXT


def test_a_text_beside_a_table_is_opened(window: MainWindow) -> None:
    session = window.session
    session.edit(session.report.with_section("requests", "本节的文字。"), "修改文字 三")
    turn_to(window, "overview")
    press(Z, CTRL)
    card = table(window).card
    assert card.is_open
    assert window.acts.card.isChecked()
    assert card.box is not None
    assert framed(card.box.editor).isValid()
    press(Z, CTRL)
    assert "requests" not in session.report.sections


def test_a_word_being_composed_is_ended_first(window: MainWindow) -> None:
    turn_to(window, "overview")
    editor = prose(window).editor
    session = window.session
    session.edit(session.report.with_section("overview", TEXT + "尾"), "修改文字 一")
    QApplication.sendEvent(editor, QInputMethodEvent("zheng", []))
    press(Z, CTRL)
    assert not editor.composing
    assert session.report.sections["overview"] == TEXT


# --- on another page


def test_on_another_page_the_first_press_only_goes_there(window: MainWindow) -> None:
    turn_to(window, "requests")
    put(window)
    turn_to(window, "other_matters")
    before = window.session.report
    press(Z, CTRL)
    assert window.session.report is before
    assert shown(window) == "requests"
    grid = table(window).grid
    assert grid.current_cell() is window.session.form.cells[PERSON]
    assert grid.laid.flashing
    now = datetime.fromtimestamp(window.session.history.steps[-1].when or 0)
    assert bar(window) == (
        f"还没有撤销。上一步在这一页：本年新收 · 自然人，30 → 31（{now:%H:%M}）再按一次 Ctrl+Z，改回 30。"
    ).replace("本年新收 · 自然人", window.session.form.cells[PERSON].place)
    assert window.undoing.bar.does.text() == "撤销"
    assert window.undoing.bar.back.text() == "回到第六部分"
    assert window.undoing.bar.height() >= 56
    press(Z, CTRL)
    assert window.session.report.value(PERSON) == 30
    assert not bar(window)
    assert told(window) == "已改回 30。Ctrl+Y 重做。"


def test_five_presses_never_change_a_page_that_is_not_seen(window: MainWindow) -> None:
    session = window.session
    for count, key in enumerate(("problems", "overview", "problems")):
        session.edit(session.report.with_section(key, f"{count}" * 300), f"修改文字 {key}")
    turn_to(window, "requests")
    seen: list[str] = []

    def look(change: object) -> None:
        (page,) = difference(change.before, change.after).pages  # type: ignore[attr-defined]
        seen.append(page)
        assert shown(window) == page

    session.changed.connect(look)
    for _ in range(5):
        press(Z, CTRL)
    assert seen == ["problems", "overview"]


def test_redo_goes_there_first_as_well(window: MainWindow) -> None:
    put(window)
    turn_to(window, "requests")
    press(Z, CTRL)
    turn_to(window, "overview")
    press(Y, CTRL)
    assert window.session.report.value(PERSON) == 30
    assert shown(window) == "requests"
    assert bar(window).startswith("还没有重做。下一步在这一页：")
    assert bar(window).endswith("再按一次 Ctrl+Y，改为 31。")
    assert window.undoing.bar.back.text() == "回到第一部分"
    press(Y, CTRL)
    assert window.session.report.value(PERSON) == 31


@pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_Escape, Qt.Key.Key_F2, Qt.Key.Key_F8])
def test_any_other_key_closes_the_bar(window: MainWindow, key: Qt.Key) -> None:
    put(window)
    turn_to(window, "overview")
    press(Z, CTRL)
    assert bar(window)
    press(key)
    assert not bar(window)
    assert window.session.report.value(PERSON) == 31


def test_the_control_key_alone_and_the_menu_leave_the_bar(window: MainWindow) -> None:
    put(window)
    turn_to(window, "overview")
    press(Z, CTRL)
    press(Qt.Key.Key_Control)
    press(Qt.Key.Key_Alt)
    assert bar(window)


def test_the_buttons_of_the_bar_undo_and_lead_back(window: MainWindow) -> None:
    put(window)
    turn_to(window, "overview")
    press(Z, CTRL)
    window.undoing.bar.back.click()
    assert (shown(window), bar(window)) == ("overview", "")
    assert window.session.report.value(PERSON) == 31
    press(Z, CTRL)
    window.undoing.bar.does.click()
    assert (shown(window), bar(window)) == ("requests", "")
    assert window.session.report.value(PERSON) == 30


@pytest.mark.parametrize("into", [Qt.Key.Key_Tab, Qt.Key.Key_F6])
@pytest.mark.parametrize("agrees", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_bar_is_reached_and_answered_by_keys(window: MainWindow, into: Qt.Key, agrees: Qt.Key) -> None:
    put(window)
    turn_to(window, "overview")
    press(Z, CTRL)
    press(into)
    assert bar(window)
    assert window.undoing.bar.does.hasFocus()
    press(agrees)
    settled(lambda: not bar(window))
    assert window.session.report.value(PERSON) == 30
    assert table(window).grid.hasFocus()


def test_the_way_back_is_the_second_button_and_esc_leaves_the_bar_for_the_table(window: MainWindow) -> None:
    put(window)
    turn_to(window, "overview")
    press(Z, CTRL)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    assert window.undoing.bar.back.hasFocus()
    press(Qt.Key.Key_Escape)
    assert not bar(window)
    assert table(window).grid.hasFocus()
    assert window.session.report.value(PERSON) == 31


@pytest.mark.parametrize("happens", ["edit", "tab"])
def test_what_happens_meanwhile_closes_the_bar(window: MainWindow, happens: str) -> None:
    put(window)
    turn_to(window, "overview")
    press(Z, CTRL)
    if happens == "edit":
        put(window, 5, COMPANY)
    else:
        turn_to(window, "problems")
    assert not bar(window)
    if happens == "tab":
        press(Z, CTRL)
        assert window.session.report.value(PERSON) == 31  # goes there again


def test_a_field_of_the_basic_data_gets_the_focus(window: MainWindow) -> None:
    session = window.session
    for changes, name in (
        ({"year": 2023}, "year"),
        ({"kind": AgencyKind.TOWNSHIP}, "agency_kind"),
        ({"date": "1月18日"}, "date"),
        ({"preamble": "序文。"}, "preamble"),
    ):
        turn_to(window, "requests")
        before = session.report
        session.edit(before.with_fields(**changes), "修改")
        press(Z, CTRL)
        page = window.page("")
        assert isinstance(page, BasicPage)
        assert QApplication.focusWidget() is getattr(page, name)
        assert bar(window)
        press(Z, CTRL)
        assert session.report == before


def test_where_the_preview_covers_the_page_the_first_press_shows_the_page(window: MainWindow) -> None:
    turn_to(window, "requests")
    put(window)
    window.acts.preview.trigger()
    QApplication.processEvents()
    assert window.is_covered
    window.acts.undo.trigger()
    assert not window.is_covered
    assert window.session.report.value(PERSON) == 31
    assert bar(window).startswith("还没有撤销。上一步在这一页：")
    assert window.undoing.bar.back.text() == "回到预览"
    window.undoing.bar.back.click()
    assert window.is_covered
    window.acts.undo.trigger()
    press(Z, CTRL)
    assert window.session.report.value(PERSON) == 30


def test_beside_the_preview_the_bar_stands_above_the_findings(window: MainWindow) -> None:
    put(window)
    turn_to(window, "overview")
    press(Z, CTRL)  # the bar has stood there before
    press(Qt.Key.Key_Escape)
    window.resize(1700, 800)
    window.acts.preview.trigger()
    turn_to(window, "overview")
    window.acts.undo.trigger()
    QApplication.processEvents()
    shown_bar, panel = window.undoing.bar, window.panel
    assert shown_bar.isVisible()
    assert shown_bar.parentWidget() is panel.parentWidget()
    assert shown_bar.geometry().bottom() + 1 == panel.geometry().top()
    window.acts.preview.trigger()


# --- several places


def test_cells_changed_together_are_selected(window: MainWindow) -> None:
    session = window.session
    cells = (
        "requests.received.natural_person",
        "requests.received.company",
        "requests.brought_forward.company",
    )
    session.edit(session.report.with_entries(dict.fromkeys(cells, 9)), "粘贴")
    turn_to(window, "overview")
    press(Z, CTRL)
    grid = table(window).grid
    assert {cell.id for cell in grid.selected_cells()} == set(cells)
    assert "“粘贴”，3 格" in bar(window)
    press(Z, CTRL)
    assert {cell.id for cell in grid.selected_cells()} == set(cells)
    assert session.report.entries == {PERSON: 30}
    assert told(window) == "已全部改回。Ctrl+Y 重做。"


def test_a_step_on_several_pages_is_asked_about_on_the_first_even_if_it_is_in_view(
    window: MainWindow,
) -> None:
    session = window.session
    before = session.report
    imported = before.with_entries({PERSON: 1, UPHELD: 2}).with_section("problems", "问题。")
    session.edit(imported, "导入")
    turn_to(window, "requests")
    press(Z, CTRL)
    assert session.report == imported
    assert shown(window) == "requests"
    assert bar(window).startswith("还没有撤销。上一步“导入”，共改了 3 个部分")
    assert window.undoing.bar.back.isHidden()
    press(Z, CTRL)
    assert session.report == before
    turn_to(window, "problems")
    press(Y, CTRL)
    assert shown(window) == "requests"
    assert "这里是第三部分。再按一次 Ctrl+Y，全部重做。" in bar(window)
    press(Y, CTRL)
    assert session.report == imported


# --- an entry that was not taken


def test_after_a_refused_entry_the_key_closes_only_that(window: MainWindow) -> None:
    put(window)
    turn_to(window, "requests")
    grid = table(window).grid
    grid.go_to(COMPANY)
    type_text("12abc")
    press(Qt.Key.Key_Return)
    assert grid.editor.refused.isVisible()
    press(Z, CTRL)
    assert not grid.editor.isVisible()
    assert told(window) == NOTHING_TO_UNDO
    assert window.session.report.value(PERSON) == 31
    press(Z, CTRL)
    assert window.session.report.value(PERSON) == 30


@pytest.mark.parametrize("command", ["menu", "toolbar"])
def test_after_a_refused_entry_the_command_closes_only_that(window: MainWindow, command: str) -> None:
    put(window)
    turn_to(window, "requests")
    grid = table(window).grid
    grid.go_to(COMPANY)
    type_text("12abc")
    press(Qt.Key.Key_Return)
    if command == "menu":
        window.acts.undo.trigger()
    else:
        button = window.menus.toolbar.widgetForAction(window.acts.undo)
        assert isinstance(button, QToolButton)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not grid.editor.isVisible()
    assert told(window) == NOTHING_TO_UNDO
    assert window.session.report.value(PERSON) == 31


def test_after_escape_the_key_does_nothing_once(window: MainWindow) -> None:
    put(window)
    turn_to(window, "requests")
    table(window).grid.go_to(COMPANY)
    type_text("12")
    press(Qt.Key.Key_Escape)
    press(Z, CTRL)
    assert told(window) == NOTHING_TO_UNDO
    assert window.session.report.value(PERSON) == 31
    press(Z, CTRL)
    assert window.session.report.value(PERSON) == 30


def test_after_escape_and_another_key_the_last_step_is_meant(window: MainWindow) -> None:
    put(window)
    turn_to(window, "requests")
    table(window).grid.go_to(COMPANY)
    type_text("12")
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Left)
    press(Z, CTRL)
    assert window.session.report.value(PERSON) == 30


def test_with_no_step_at_all_the_refused_entry_is_closed_too(window: MainWindow) -> None:
    turn_to(window, "requests")
    grid = table(window).grid
    assert not window.acts.undo.isEnabled()
    for ends in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        type_text("12abc")
        press(ends)
        window.tell("")
        press(Z, CTRL)
        assert not grid.editor.isVisible()
        assert told(window) == NOTHING_TO_UNDO


def test_a_refused_entry_that_was_left_for_another_page_is_what_the_key_means(window: MainWindow) -> None:
    put(window)
    turn_to(window, "requests")
    table(window).grid.go_to(COMPANY)
    type_text("12abc")
    turn_to(window, "disputes")
    press(Z, CTRL)
    assert shown(window) == "disputes"
    assert told(window) == NOTHING_TO_UNDO
    assert window.session.report.value(PERSON) == 31


def test_a_paste_of_which_nothing_was_taken_is_what_the_key_means(window: MainWindow) -> None:
    put(window)
    turn_to(window, "requests")
    grid = table(window).grid
    grid._put([(COMPANY, "甲")], "粘贴")
    press(Z, CTRL)
    assert told(window) == NOTHING_TO_UNDO
    assert window.session.report.value(PERSON) == 31


def test_a_year_that_is_none_is_closed_and_one_taken_away_comes_back(window: MainWindow) -> None:
    session = window.session
    session.edit(session.report.with_fields(year=None), "修改")
    turn_to(window, "")
    page = window.page("")
    assert isinstance(page, BasicPage)
    page.year.setFocus()
    type_text("20a")
    press(Z, CTRL)
    assert page.year.text() == ""
    assert told(window) == NOTHING_TO_UNDO
    press(Z, CTRL)
    assert session.report.year == 2022
    page.year.selectAll()
    type_text("20")
    assert session.report.year is None
    press(Z, CTRL)
    assert (session.report.year, page.year.text()) == (2022, "2022")


# --- steps of an earlier session


@pytest.fixture
def again(start: Start, file: Path) -> MainWindow:
    """Three steps were made and saved, and the program was started again."""
    first = start()
    first.files.open_path(file)
    for value in (31, 32, 33):
        put(first, value)
    assert first.files.save()
    first.close()
    window = start()
    window.files.open_path(file)
    turn_to(window, "requests")
    return window


def day(window: MainWindow) -> str:
    """As the bar says the day of the steps."""
    made = datetime.fromtimestamp(window.session.history.steps[0].when or 0)
    today = made.date() == datetime.now().date()
    return "今天上次打开时" if today else f" {made.month} 月 {made.day} 日"


def test_the_steps_of_an_earlier_session_are_asked_about_once(again: MainWindow) -> None:
    session = again.session
    press(Z, CTRL)
    assert session.report.value(PERSON) == 33
    assert bar(again).startswith(f"还没有撤销。再往前是{day(again)}的 3 步。")
    assert (again.undoing.bar.does.text(), again.undoing.bar.back.text()) == ("继续撤销", "留在这里")
    again.undoing.bar.back.click()
    assert not bar(again)
    put(again, 40)
    press(Z, CTRL)  # a step of now
    assert session.report.value(PERSON) == 33
    press(Z, CTRL)
    assert bar(again).startswith("还没有撤销。再往前是")
    again.undoing.bar.does.click()
    assert session.report.value(PERSON) == 32
    press(Z, CTRL)
    press(Z, CTRL)
    assert session.report.value(PERSON) == 30
    assert not bar(again)
    for _ in range(3):
        press(Y, CTRL)
    assert session.report.value(PERSON) == 33


def test_an_earlier_step_on_another_page_is_asked_about_and_then_shown(again: MainWindow) -> None:
    turn_to(again, "overview")
    press(Z, CTRL)
    assert shown(again) == "overview"
    press(Z, CTRL)
    assert shown(again) == "requests"
    assert "上一步在这一页" in bar(again)
    assert again.session.report.value(PERSON) == 33
    press(Z, CTRL)
    assert again.session.report.value(PERSON) == 32


def test_earlier_steps_that_were_undone_are_asked_about_before_they_are_redone(
    start: Start, file: Path
) -> None:
    first = start()
    first.files.open_path(file)
    put(first)
    first.close()  # 不保存: the step is left to redo
    window = start()
    window.files.open_path(file)
    turn_to(window, "requests")
    press(Y, CTRL)
    assert window.session.report.value(PERSON) == 30
    assert "再往后是" in bar(window)
    press(Y, CTRL)
    assert window.session.report.value(PERSON) == 31


# --- words


def told_of(way: int, before: Report, after: Report, label: str = "步骤") -> tuple[str, str]:
    told = tell_step(way, Step(label, after), difference(before, after))
    return told.what, tell_done(way, told)


def test_a_cell_is_told_with_old_and_new(form: Form) -> None:
    blank = blank_report(form)
    one = blank.with_entry(PERSON, 1)
    place = form.cells[PERSON].place
    assert told_of(-1, blank, one) == (f"{place}，未填 → 1", "已改回未填。Ctrl+Y 重做。")
    assert told_of(1, blank, one) == (f"{place}，未填 → 1", "已改为 1。Ctrl+Z 撤销。")
    total = "requests.received.total"
    assert told_of(-1, blank, blank.with_entry(total, 3))[1] == "已改回自动合计。Ctrl+Y 重做。"


def test_a_doubt_that_was_looked_at_is_told_without_figures(form: Form) -> None:
    doubted = blank_report(form).with_entry(PERSON, 1).with_doubts({PERSON: "看不清。"})
    seen = doubted.without_doubts([PERSON])
    place = form.cells[PERSON].place
    assert told_of(-1, doubted, seen, "看过了") == (f"{place}，看过了", "已重新标为存疑。Ctrl+Y 重做。")
    assert told_of(1, doubted, seen, "看过了") == (f"{place}，看过了", "已销去这处存疑。Ctrl+Z 撤销。")


@pytest.mark.parametrize(
    ("old", "new", "what", "undone", "redone"),
    [
        ("收到68件。", "收到62件。", "第 1 段，“8” → “2”", "改回“8”", "改为“2”"),
        ("甲。", "甲。\n乙丙。", "第 2 段，加 3 字", "删去这 3 字", "加上这 3 字"),
        ("字" * 3000, "", "第 1 段，删 3,000 字", "恢复这 3,000 字", "删去这 3,000 字"),
        ("甲" * 20, "乙" * 30, "第 1 段，删 20 字，加 30 字", "改回原来的文字", "改为后来的文字"),
        ("甲乙", "甲\n乙", "第 2 段，改了空格和分段", "改回原来的文字", "改为后来的文字"),
    ],
)
def test_a_text_is_told_by_its_changed_part(
    form: Form, old: str, new: str, what: str, undone: str, redone: str
) -> None:
    before, after = (blank_report(form).with_section("overview", text) for text in (old, new))
    assert told_of(-1, before, after) == (what, f"已{undone}。Ctrl+Y 重做。")
    assert told_of(1, before, after) == (what, f"已{redone}。Ctrl+Z 撤销。")


def test_a_field_is_told_by_its_name(form: Form) -> None:
    before = blank_report(form, 2022)
    assert told_of(-1, before, before.with_fields(year=2023))[0] == "年份，2022 → 2023"
    assert told_of(-1, before, before.with_fields(kind=AgencyKind.TOWNSHIP))[0] == "单位类别，其他 → 乡镇街道"
    assert told_of(-1, before, before.with_fields(preamble="序"))[0] == "序文第 1 段，加 1 字"


def earlier(*moments: datetime | None) -> History:
    report = blank_report(load_form())
    history = History(report)
    for count, moment in enumerate(moments):
        when = None if moment is None else moment.timestamp()
        history = history.push(history.report.with_fields(year=2000 + count), "步", when=when)
    return history.as_earlier()


def test_the_day_of_earlier_steps_is_named() -> None:
    now = datetime(2026, 1, 12, 9)
    eighth, ninth = datetime(2026, 1, 8, 17, 48), datetime(2026, 1, 9, 8)
    assert tell_earlier(-1, earlier(eighth, eighth), now) == "再往前是 1 月 8 日的 2 步。"
    assert tell_earlier(-1, earlier(eighth, ninth), now) == "再往前是 1 月 8 日至 1 月 9 日的 2 步。"
    assert tell_earlier(-1, earlier(ninth, now), now) == "再往前是 1 月 9 日至今天的 2 步。"
    assert tell_earlier(-1, earlier(now), now) == "再往前是今天上次打开时的 1 步。"
    assert tell_earlier(-1, earlier(datetime(2025, 12, 31)), now) == "再往前是 2025 年 12 月 31 日的 1 步。"
    assert tell_earlier(-1, earlier(eighth, None), now) == "再往前是上次打开以前的 2 步。"
    assert tell_earlier(1, earlier(eighth, eighth).undo(), now) == "再往后是 1 月 8 日的 1 步。"
    assert tell_earlier(-1, earlier(eighth, eighth).undo(), now) == "再往前是 1 月 8 日的 1 步。"


def test_a_number_of_last_year_that_was_looked_at_is_told_by_itself(form: Form) -> None:
    text = "2022年收到62件。"
    marked = blank_report(form).with_section("overview", text).with_prose_doubts("overview", to_revise(text))
    seen = marked.without_prose_doubts("overview", [7])
    assert told_of(-1, marked, seen, "看过了") == ("第 1 段，“62”", "已重新标出“62”。Ctrl+Y 重做。")
    assert told_of(1, marked, seen, "看过了") == ("第 1 段，“62”", "已销去标记“62”。Ctrl+Z 撤销。")


def test_the_province_is_told_by_its_name(form: Form) -> None:
    before, after = blank_report(form), blank_report(form).with_fields(profile="henan")
    names = {"": "全国", "henan": "河南"}
    told = tell_step(-1, Step("修改", after), difference(before, after), names.__getitem__)
    assert told == ("地区要求，全国 → 河南", "改回全国")


def test_what_a_person_said_is_told_by_the_label_of_its_step(form: Form) -> None:
    blank = blank_report(form).with_entry(PERSON, 30).with_section("overview", "收到30件。")
    for said in (
        blank.with_explanation(f"E-01@{PERSON}", Explanation("已经核实", ("30",))),
        blank.with_closed("Y-01", "机构合并"),
        blank.with_bound("overview", [Bound(2, "30", (PERSON,))]),
    ):
        assert told_of(-1, blank, said, "甲步骤") == ("“甲步骤”", "已改回去。Ctrl+Y 重做。")
        assert told_of(1, blank, said, "甲步骤") == ("“甲步骤”", "已再做一次。Ctrl+Z 撤销。")


def test_a_number_that_follows_its_cell_is_undone_with_it_on_the_page_of_the_cell(window: MainWindow) -> None:
    session = window.session
    session.edit(session.report.with_section("overview", "收到30件。"), "写")
    assert session.bind("overview", [Bound(2, "30", (PERSON,))])
    turn_to(window, "requests")
    put(window, 131)
    assert session.report.sections["overview"] == "收到131件。"
    press(Z, CTRL)
    assert not bar(window)
    assert shown(window) == "requests"
    assert session.report.sections["overview"] == "收到30件。"
    assert session.report.value(PERSON) == 30


def test_undo_of_a_final_report_is_refused_and_says_what_to_do(window: MainWindow) -> None:
    session = window.session
    session.rules = ()
    turn_to(window, "requests")
    put(window)
    assert session.finalize("张三", date(2026, 1, 12))
    final = session.report
    for _ in range(2):
        press(Z, CTRL)
        assert session.report is final
        assert told(window) == "已定稿，改动请先重新打开。"
        assert not bar(window)


def test_what_is_typed_into_a_final_report_is_not_taken_and_goes_from_the_page(window: MainWindow) -> None:
    session = window.session
    session.rules = ()
    turn_to(window, "overview")
    text = session.report.sections["overview"]
    put(window)
    assert session.finalize("张三", date(2026, 1, 12))
    editor = prose(window).editor
    editor.setFocus()
    type_text("多")
    QApplication.processEvents()
    QApplication.processEvents()
    assert told(window) == "已定稿，改动请先重新打开。"
    assert editor.text() == session.report.sections["overview"] == text
    turn_to(window, "requests")
    table(window).grid.setFocus()
    type_text("7")
    press(Qt.Key.Key_Return)
    assert session.report.value(PERSON) == 31
    assert told(window) == "已定稿，改动请先重新打开。"
