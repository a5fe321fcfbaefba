"""Everything in the window has a name for who cannot see it, a way there by keys alone, and says what it is for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.check import check
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule
from gxeditor.core.edits import Less, recomputed
from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.core.merge import merge
from gxeditor.core.report import Prior, Report
from gxeditor.imports.formats.text import parse_text
from gxeditor.imports.recognize.report import recognize
from gxeditor.paper.layouts import default_layout
from gxeditor.resources import resource
from gxeditor.settings import RecentFile
from gxeditor.templates import shelf as templates
from gxeditor.ui.importing.review import ImportReview
from gxeditor.ui.merge.asking import ask_base, ask_words
from gxeditor.ui.merge.page import MergePage, Said
from gxeditor.ui.output import export_dialog
from gxeditor.ui.output.layout_dialog import ask_layout
from gxeditor.ui.session import Unfilled
from gxeditor.ui.shell import questions
from gxeditor.ui.shell.window import MainWindow
from gxeditor.ui.template.page import TemplatePage
from tests.dialogs import sample_report, within
from tests.template_pages import FULL
from tests.template_pages import settled as planned
from tests.walking import ROLE, by_tab, doubled, heard, nameless, out_of_reach, without_tips
from tests.window import (
    NO,
    PERSON,
    SHIFT,
    Clerk,
    children,
    focus,
    held,
    press,
    settled,
    table,
    told,
    turn_to,
    type_text,
)

SECTIONS = ("", "overview", "proactive", "requests", "disputes", "problems", "other_matters")
GRANTED = "requests.handled.granted.natural_person"
TABLES = ("proactive", "requests", "disputes")
# The keys are with the table: Alt and a number turn it, the menu 查看 names them.
_BY_ALT = ("_Segment “本年”", "_Segment “上年”", "_Segment “差额”", "_Segment “增减率”")


def assert_all_is_told(root: QWidget) -> None:
    """Names, one meaning a name, tips, and a way there."""
    QApplication.processEvents()
    things = heard(root)
    assert nameless(things) == []
    assert doubled(things) == []
    assert without_tips(root) == []
    assert [one for one in out_of_reach(root) if one not in _BY_ALT] == []


def filled(window: MainWindow, form: Form) -> Report:
    """The window with the sample, which has a wrong total and last year's report beside it."""
    report = sample_report(form)
    window.session.begin(report.with_entry("requests.received.total", 99))
    window.session.set_prior(Prior.of(report.with_fields(year=2021), "去年.gxr"))
    window.open_at("requests")
    return window.session.report


@pytest.mark.parametrize("key", SECTIONS)
@pytest.mark.parametrize("is_open", [True, False], ids=["panels open", "panels closed"])
def test_a_page_with_its_panels_is_told_in_full(
    window: MainWindow, form: Form, key: str, is_open: bool
) -> None:
    filled(window, form)
    turn_to(window, key)
    page = window.shown_page
    assert page is not None
    window.panel.set_open(is_open)
    if page.card is not None:
        page.card.set_open(is_open)
    assert_all_is_told(window)


@pytest.mark.parametrize("key", TABLES)
def test_the_text_beside_a_table_and_what_pasting_left_out_are_told(
    window: MainWindow, form: Form, key: str
) -> None:
    filled(window, form)
    turn_to(window, key)
    page = table(window, key)
    page.card.show_paragraph(0)
    cell = page.section.table.cells[0] if page.section.table is not None else None
    assert cell is not None
    window.session.leave_unfilled(
        [
            Unfilled(cell.place, "字母 O 不是 0。", (cell.id,), "填 0", ((cell.id, "0"),)),
            Unfilled("", "放不下。"),
        ]
    )
    assert_all_is_told(window)


def test_what_explains_an_equation_is_told(window: MainWindow, form: Form) -> None:
    filled(window, form)
    window.next_finding()
    QApplication.processEvents()
    assert_all_is_told(window)


def test_the_start_page_is_told(window: MainWindow, tmp_path: Path) -> None:
    window.keep_settings(recent=(RecentFile(str(tmp_path / "甲.gxr"), "甲局", 2022),))
    window.show_start()
    assert_all_is_told(window)


def test_the_list_of_rules_is_told(window: MainWindow, form: Form) -> None:
    filled(window, form)
    window.open_checks()
    assert_all_is_told(window)


def test_the_page_of_finalizing_is_told(window: MainWindow, form: Form) -> None:
    filled(window, form)
    window.finalize()
    assert_all_is_told(window)


def test_the_page_of_a_merging_is_told(window: MainWindow, form: Form) -> None:
    report = filled(window, form)
    theirs = report.with_entry(PERSON, 4).with_text("overview", "对方写的一段。").with_fields(date="1月2日")
    ours = report.with_entry(PERSON, 3).with_text("overview", "本机写的一段。")
    page = MergePage(merge(report, ours, theirs), Said("", "甲.gxr", "乙.gxr"), window.session.rules, Given())
    window.show_over(page)
    page.focus_first()
    assert_all_is_told(window)
    page.show_taken(True)
    assert_all_is_told(window)


def test_the_preview_is_told(window: MainWindow, form: Form, qtbot: QtBot) -> None:
    filled(window, form)
    window.acts.preview.trigger()
    preview = window.output.preview
    assert preview is not None
    settled(lambda: bool(preview.view.pages))
    assert_all_is_told(window)


def test_the_review_of_an_import_is_told(window: MainWindow, form: Form) -> None:
    report = filled(window, form)
    text = resource("samples/lushan-2022.txt").read_text(encoding="utf-8")
    review = ImportReview(recognize(parse_text(text), form), "a.txt", report, rules=window.session.rules)
    window.show_over(review)
    assert_all_is_told(window)
    for tab in review._tabs.buttons():
        tab.click()
        assert_all_is_told(window)


def test_the_page_of_a_template_is_told(window: MainWindow, form: Form) -> None:
    report = filled(window, form)
    page = TemplatePage(templates.open_template(FULL, report), report)
    window.show_over(page)
    planned(page)
    assert_all_is_told(window)


def test_every_dialog_is_told_and_each_of_its_buttons_has_a_key(
    window: MainWindow, form: Form, rules: tuple[Rule, ...], tmp_path: Path, clerk: Clerk
) -> None:
    report = sample_report(form)
    error = GxError("没有写成。", "原来的没有变。", "请换一个文件夹。")
    real = clerk.real
    wrong = report.with_entry("requests.received.total", 99)
    would = recomputed(wrong, [form.cells["requests.received.total"]])
    shown: dict[str, Callable[[], object]] = {
        "save": lambda: real["ask_save"](window, "甲"),
        "changed elsewhere": lambda: real["ask_changed_elsewhere"](window, error),
        "not written": lambda: real["ask_not_written"](window, error),
        "replace": lambda: real["ask_replace"](window, "甲"),
        "damaged": lambda: real["ask_damaged"](window, error, True, True),
        "saving": lambda: questions.saving_dialog(window, "甲", closing=True, kept=True).run(),
        "error": lambda: real["show_error"](window, error),
        "elsewhere": lambda: real["ask_elsewhere"](window, error),
        "told": lambda: real["show_told"](window, "说明", ["甲", "乙"]),
        "less": lambda: real["ask_less_imported"](window, [Less("overview", "“一”会由 9 字变为 2 字。")]),
        "lesser prior": lambda: real["ask_lesser_prior"](window, "200 格", "9 格"),
        "recompute": lambda: real["ask_recompute"](window, would),
        "blanks": lambda: real["ask_fill_blanks"](window, list(form.cells.values())),
        "forced": lambda: real["ask_fill_forced"](window, {PERSON: 3}),
        "carried": lambda: real["ask_fill_carried"](window, {PERSON: 3}, "去年"),
        "draft": lambda: real["ask_draft"](window, ["一"], "去年"),
        "new": lambda: real["ask_new_report"](window, prior=report, year=2023),
        "export": lambda: real["ask_export"](window, report, check(report, rules), "甲", tmp_path / "甲"),
        "difference": lambda: real["show_diff"](window, report, wrong),
        "crash": lambda: real["show_crash"](window, "错"),
        "keys": lambda: real["show_shortcuts"](window),
        "about": lambda: real["show_about"](window),
        "layout": lambda: ask_layout(window, default_layout(), {"body": ["甲", "乙"]}),
        "failed": lambda: real["ask_failed"](window, error, has_report=True),
        "year": lambda: real["ask_year"](window, "甲", (2022, 2023), 2023),
        "common state": lambda: ask_base(window, ["1月8日 16:20 保存的"]),
        "own words": lambda: ask_words(window, "一、总体情况 · 第 1 段", "甲"),
        "unit": lambda: real["ask_unit"](window, "甲", ("甲局", "乙局"), ""),
    }
    faults: list[str] = []

    def look(name: str) -> Callable[[QDialog], None]:
        def act(box: QDialog) -> None:
            things = heard(box)
            faults.extend(
                f"{name}: {one}" for one in (*nameless(things), *doubled(things), *without_tips(box))
            )
            faults.extend(f"{name}: {one}" for one in out_of_reach(box))
            letters = [b.text().partition("(&")[2][:1] for b in children(box, QAbstractButton)]
            given = [letter for letter in letters if letter]
            if len(given) != len(set(given)):
                faults.append(f"{name}: letters {given}")
            if not box.accessibleName():
                faults.append(f"{name}: no name")

        return act

    for name, call in shown.items():
        within(look(name), call)
    assert faults == []


@pytest.mark.parametrize(("letter", "answer"), [("S", "save"), ("N", "discard")])
def test_the_closing_question_is_answered_by_words_letters_with_alt_or_without(
    window: MainWindow, clerk: Clerk, letter: str, answer: str
) -> None:
    def act(box: QDialog) -> None:
        lettered = [b for b in children(box, QAbstractButton) if b.shortcut().toString() == f"Alt+{letter}"]
        assert len(lettered) == 1
        QTest.keyClick(box.focusWidget() or box, Qt.Key(ord(letter)))
        assert not box.isVisible()

    assert within(act, lambda: clerk.real["ask_save"](window, "甲")) == answer


def test_letters_are_typed_into_a_field_and_press_no_button(window: MainWindow, clerk: Clerk) -> None:
    def act(box: QDialog) -> None:
        (field,) = [one for one in children(box, QWidget) if one.accessibleName() == "单位"]
        field.setFocus()
        QTest.keyClicks(field, "NEW")
        assert box.isVisible()
        assert field.property("text") == "NEW"

    assert within(act, lambda: clerk.real["ask_new_report"](window, prior=None, year=2023)) is None


def test_each_cell_is_called_as_printed_with_its_value_and_how_it_stands(
    window: MainWindow, form: Form
) -> None:
    report = filled(window, form)
    for key in TABLES:
        turn_to(window, key)
        grid = table(window, key).grid
        interface = QAccessible.queryAccessibleInterface(grid)
        said = [one.name for one in heard(grid) if one.role is ROLE.Cell and not one.name.startswith("栏目")]
        names = list(dict.fromkeys(said))  # a cell that reaches over several places is said at each of them
        cells = [report.form.cells[i] for i in grid.model_.where]
        assert interface is not None
        assert len(names) == len(cells)
        for cell, name in zip(sorted(cells, key=lambda c: grid.model_.where[c.id]), names, strict=True):
            assert name.startswith(f"{cell.place}，"), name
            value = report.value(cell.id)
            assert ("未填" in name) == (value is None), name
            if cell.is_total and value is not None:
                assert ("自动合计" if report.is_automatic(cell.id) else "手填的合计") in name
        assert any("错误：" in name for name in names) == (key == "requests")


def panes(window: MainWindow) -> list[QWidget]:
    """What F6 leads to, one after the other."""
    found: list[QWidget] = []
    for _ in range(12):
        press(Qt.Key.Key_F6)
        if focus() in found:
            break
        found.append(focus())
    return found


@pytest.mark.parametrize("key", SECTIONS)
def test_f6_and_tab_lead_to_everything_on_a_page(window: MainWindow, form: Form, key: str) -> None:
    filled(window, form)
    turn_to(window, key)
    page = window.shown_page
    assert page is not None
    window.panel.set_open(True)
    if page.card is not None:
        page.card.set_open(True)
    window.show()
    QApplication.processEvents()
    reached: set[QWidget] = set()
    for pane in panes(window):
        for keys in ((Qt.Key.Key_Tab, NO), (Qt.Key.Key_Backtab, SHIFT)):
            pane.setFocus()
            here: list[QWidget] = []
            while focus() not in here:
                here.append(focus())
                press(*keys)
            reached |= set(here)
    wanted = [
        one for one in by_tab(window) if one.focusProxy() is None and type(one).__name__ != "QScrollArea"
    ]
    missed = [f"{type(one).__name__} {one.accessibleName()}" for one in wanted if one not in reached]
    assert missed == []


def answer(key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = NO) -> Callable[[QDialog], None]:
    """Answers a dialog with keys alone: a text that is typed where the focus is, and a key."""

    def act(box: QDialog) -> None:
        QApplication.processEvents()
        for character in text:
            at = box.focusWidget() or box
            QApplication.sendEvent(at, QKeyEvent(QKeyEvent.Type.KeyPress, 0, NO, character))
        QTest.keyClick(box.focusWidget() or box, key, modifiers)
        settled(lambda: not box.isVisible())

    return act


def test_a_report_is_made_with_keys_alone(
    window: MainWindow, clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New → fields → figures → prose → check → explain → export → save → close."""
    with monkeypatch.context() as asked:
        for name in ("ask_new_report", "ask_fill_blanks", "ask_save"):
            asked.setattr(questions, name, clerk.real[name])
        asked.setattr(export_dialog, "ask_export", clerk.real["ask_export"])
        make_with_keys(window, clerk, tmp_path)


def make_with_keys(window: MainWindow, clerk: Clerk, tmp_path: Path) -> None:
    path = tmp_path / "甲局.gxr"
    clerk.will(save_as=path)
    ctrl, enter = Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Return
    window.keep_settings(export_folder=str(tmp_path))
    window.activateWindow()
    window.start.setFocus()
    within(answer(enter, "甲县教育局"), lambda: press(Qt.Key.Key_N, ctrl))
    session = window.session
    assert session.report.agency == "甲县教育局"

    press(Qt.Key.Key_PageDown, ctrl)  # 一、总体情况
    type_text("2025年，本机关共收到政府信息公开申请2件。")
    assert session.report.sections["overview"] == "2025年，本机关共收到政府信息公开申请2件。"

    press(Qt.Key.Key_PageDown, ctrl)
    press(Qt.Key.Key_PageDown, ctrl)  # 三
    press(Qt.Key.Key_Home, ctrl)
    type_text("1")
    press(enter)
    assert session.report.value(PERSON) == 1

    within(answer(enter), lambda: press(Qt.Key.Key_B, ctrl | SHIFT))  # 其余空格填 0
    assert session.report.value("requests.brought_forward.natural_person") == 0
    assert any(finding.is_equation for finding in session.findings.open), "nothing was done with the request"

    press(Qt.Key.Key_F8)
    assert session.in_view.shown is not None
    turn_back_to_table(window)
    go_down_to(window, GRANTED)
    type_text("1")
    press(enter)
    assert not any(finding.is_equation for finding in session.findings.open)

    open_one = next(one for one in session.findings.open if one.can_be_explained)
    for _ in session.findings.open:
        press(Qt.Key.Key_F8)
        if session.in_view.pinned == open_one:
            break
    within(answer(enter, "含口头申请一件", ctrl), lambda: press(Qt.Key.Key_E, ctrl | SHIFT))
    assert [one.reason for one in session.report.explanations.values()] == ["含口头申请一件"]

    within(answer(enter), lambda: press(Qt.Key.Key_E, ctrl))
    assert list(tmp_path.glob("*.pdf")), told(window)

    press(Qt.Key.Key_S, ctrl)
    settled(lambda: not session.savings)
    assert path.is_file()

    turn_back_to_table(window)
    go_down_to(window, GRANTED)
    type_text("2")
    press(enter)
    within(answer(Qt.Key.Key_N), lambda: press(Qt.Key.Key_W, ctrl))  # 不保存
    assert window.stack.currentWidget() is window.start
    assert (held(path).value(PERSON), held(path).value(GRANTED)) == (1, 1)


def go_down_to(window: MainWindow, wanted: str) -> None:
    """By the arrow key, in the column of the present cell."""
    grid = table(window).grid
    for _ in range(grid.model_.rowCount()):
        cell = grid.current_cell()
        if cell is not None and cell.id == wanted:
            return
        press(Qt.Key.Key_Down)
    raise AssertionError(wanted)


def turn_back_to_table(window: MainWindow) -> None:
    """By keys: on to table three from wherever F8 led, and to its first cell."""
    for _ in SECTIONS:
        if window.here == "requests":
            break
        press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
