"""Typing, pasting, composing and undoing prose."""

from __future__ import annotations

import random
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QFont,
    QInputMethodEvent,
    QKeyEvent,
    QPaintEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, blank_report, count_characters
from gxeditor.core.revision import to_revise
from gxeditor.resources import load_cards
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.editor.prose_editor import COLUMN, PAUSE, Counter, ProseBox, ProseEditor, pasted_text
from gxeditor.ui.session import HELD, Change, Session

TEXT = "2022年发布信息4572条。\n（一）主动公开情况。协调各单位。\n（二）依申请公开情况。收到30件。"
NO = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    session = Session(form, rules)
    session.begin(blank_report(form, 2022).with_section("overview", TEXT))
    return session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ProsePage:
    page = ProsePage(session, "overview")
    page.card.hide()
    show(page, qtbot)
    return page


def show(widget: QWidget, qtbot: QtBot) -> None:
    qtbot.addWidget(widget)
    widget.resize(1046, 552)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is (widget.focusProxy() or widget))


def type_text(editor: QWidget, text: str) -> None:
    for char in text:
        key = Qt.Key.Key_Return if char == "\n" else Qt.Key(0)
        QApplication.sendEvent(
            editor, QKeyEvent(QEvent.Type.KeyPress, key, NO, "\r" if char == "\n" else char)
        )


def press(editor: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NO) -> None:
    QApplication.sendEvent(editor, QKeyEvent(QEvent.Type.KeyPress, key, held))


def compose(editor: QWidget, preedit: str) -> None:
    QApplication.sendEvent(editor, QInputMethodEvent(preedit, []))


def commit(editor: QWidget, text: str) -> None:
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(editor, event)


def put_caret(editor: ProseEditor, position: int, anchor: int | None = None) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(position if anchor is None else anchor)
    cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def paste(editor: ProseEditor, text: str, html: str = "") -> None:
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(html)
    editor.insertFromMimeData(data)


def prose(session: Session) -> str:
    return session.report.sections.get("overview", "")


def steps(session: Session) -> int:
    return session.history.position


# --- typing and undo


def test_what_is_typed_is_in_the_report_with_every_key(page: ProsePage, session: Session) -> None:
    put_caret(page.editor, 5)
    type_text(page.editor, "共")
    assert prose(session) == "2022年共" + TEXT[5:]
    assert session.history.undo_label == "修改文字 一、总体情况"


def test_a_run_of_typing_is_one_step(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "全年共收到申请")
    assert steps(session) == 1
    session.undo()
    assert prose(session) == page.editor.text() == TEXT


def test_a_paragraph_ends_a_step(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "第一段\n第二段")
    assert steps(session) == 2
    session.undo()
    assert prose(session) == "第一段\n" + TEXT


def test_deleting_after_typing_is_a_step_of_its_own(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "全年共")
    press(page.editor, Qt.Key.Key_Backspace)
    press(page.editor, Qt.Key.Key_Backspace)
    type_text(page.editor, "市")
    assert [step.report.sections["overview"][:3] for step in session.history.steps] == [
        "全年共",
        "全20",
        "全市2",
    ]


def test_typing_over_a_selection_begins_a_step(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "全年")
    put_caret(page.editor, 2, 0)
    type_text(page.editor, "今年")
    assert steps(session) == 2
    session.undo()
    assert prose(session) == "全年" + TEXT


def test_going_elsewhere_ends_a_step(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "一")
    press(page.editor, Qt.Key.Key_Right)
    type_text(page.editor, "二")
    assert steps(session) == 2


def test_a_pause_ends_a_step(page: ProsePage, session: Session, qtbot: QtBot) -> None:
    page.editor.pause.setInterval(1)
    assert PAUSE == 2000
    type_text(page.editor, "一")
    with qtbot.waitSignal(page.editor.rested):
        pass
    type_text(page.editor, "二")
    assert steps(session) == 2


def test_leaving_the_field_ends_a_step(page: ProsePage, session: Session, qtbot: QtBot) -> None:
    type_text(page.editor, "一")
    other = QLineEdit(page)
    other.show()
    other.setFocus()
    page.editor.setFocus()
    put_caret(page.editor, 1)
    type_text(page.editor, "二")
    assert steps(session) == 2


def test_undo_replaces_only_what_differs_and_puts_the_caret_there(page: ProsePage, session: Session) -> None:
    put_caret(page.editor, 20)
    type_text(page.editor, "认真")
    put_caret(page.editor, 3)
    session.undo()
    assert page.editor.text() == TEXT
    assert page.editor.textCursor().position() == 20
    session.redo()
    assert page.editor.textCursor().position() == 22


def test_undo_brings_the_place_into_view(page: ProsePage, session: Session) -> None:
    session.begin(session.report.with_section("overview", "一段。\n" * 60))
    end = len(page.editor.text())
    put_caret(page.editor, end)
    type_text(page.editor, "末")
    put_caret(page.editor, 0)
    page.editor.verticalScrollBar().setValue(0)
    session.undo()
    assert page.editor.viewport().rect().contains(page.editor.cursorRect())
    assert page.editor.verticalScrollBar().value() > 0


def test_another_report_is_shown_from_its_beginning(page: ProsePage, session: Session) -> None:
    put_caret(page.editor, 10)
    session.begin(blank_report(session.form, 2021).with_section("overview", "另一份年报。\n" * 50))
    assert page.editor.text() == "另一份年报。\n" * 50
    assert page.editor.textCursor().position() == 0


def test_a_change_elsewhere_leaves_text_caret_and_step_alone(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "一")
    session.edit(session.report.with_fields(agency="某局"), "修改单位")
    assert page.editor.textCursor().position() == 1


def test_characters_beyond_the_basic_plane_keep_their_place(page: ProsePage, session: Session) -> None:
    session.begin(session.report.with_section("overview", "𬱖局长𠮷日。"))
    put_caret(page.editor, len("xx局长"))
    type_text(page.editor, "于")
    assert prose(session) == "𬱖局长于𠮷日。"
    session.undo()
    assert page.editor.text() == "𬱖局长𠮷日。"
    page.editor.focus_span(3, 5)
    assert page.editor.textCursor().selectedText() == "𠮷日"


def test_an_edit_of_the_look_is_no_edit(page: ProsePage, session: Session) -> None:
    page.set_scale("auto", 1.5)
    page.resize(700, 400)
    page.set_scale("auto", 1.0)
    assert steps(session) == 0


@pytest.mark.parametrize(
    ("key", "held"), [(Qt.Key.Key_Z, CTRL), (Qt.Key.Key_Y, CTRL), (Qt.Key.Key_Z, CTRL | SHIFT)], ids=str
)
def test_undo_keys_are_left_to_the_window(page: ProsePage, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, held)
    event.ignore()
    QApplication.sendEvent(page.editor, event)
    assert not event.isAccepted()
    copying = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_C, CTRL)
    copying.ignore()
    QApplication.sendEvent(page.editor, copying)
    assert copying.isAccepted()


def test_the_editor_itself_undoes_nothing(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "一")
    page.editor.undo()
    press(page.editor, Qt.Key.Key_Z, CTRL)
    assert prose(session) == "一" + TEXT


def test_shift_enter_makes_a_paragraph_too(page: ProsePage, session: Session) -> None:
    put_caret(page.editor, 5)
    press(page.editor, Qt.Key.Key_Return, SHIFT)
    assert prose(session) == TEXT[:5] + "\n" + TEXT[5:]
    assert page.editor.document().blockCount() == 4


# --- composition


def test_pinyin_is_not_in_the_report_until_it_is_committed(page: ProsePage, session: Session) -> None:
    compose(page.editor, "zheng")
    compose(page.editor, "zheng'fu")
    assert page.editor.composing
    assert prose(session) == TEXT
    commit(page.editor, "政府")
    assert prose(session) == "政府" + TEXT


def test_composing_over_a_selection_changes_the_report_once(page: ProsePage, session: Session) -> None:
    put_caret(page.editor, 4, 0)
    compose(page.editor, "jin")
    assert prose(session) == TEXT
    commit(page.editor, "今")
    assert prose(session) == "今" + TEXT[4:]
    assert steps(session) == 1


def test_a_key_during_a_composition_ends_it_first(page: ProsePage, session: Session) -> None:
    compose(page.editor, "zheng")
    press(page.editor, Qt.Key.Key_Down)
    assert not page.editor.composing
    assert prose(session) == TEXT


def test_a_modifier_does_not_end_a_composition(page: ProsePage) -> None:
    compose(page.editor, "zheng")
    press(page.editor, Qt.Key.Key_Shift)
    assert page.editor.composing


def test_going_to_another_page_ends_a_composition(page: ProsePage) -> None:
    compose(page.editor, "zheng")
    page.hide()
    assert not page.editor.composing


def test_undo_during_a_composition_drops_it(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "一")
    compose(page.editor, "zheng")
    session.undo()
    assert not page.editor.composing
    assert page.editor.text() == prose(session) == TEXT


def test_undo_while_composing_over_a_selection_leaves_no_edit(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "一")
    put_caret(page.editor, 4, 0)
    compose(page.editor, "zheng")
    session.undo()
    assert page.editor.text() == prose(session) == TEXT
    assert session.history.can_redo


@pytest.mark.parametrize("seed", range(4))
def test_keys_in_the_middle_of_compositions_do_no_harm(page: ProsePage, session: Session, seed: int) -> None:
    """Qt's editor crashes when a composition is pending and a key moves the caret."""
    chance = random.Random(seed)
    keys = [Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_Left,
            Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Return]  # fmt: skip
    for _ in range(150):
        act = chance.randrange(6)
        if act == 0:
            compose(page.editor, chance.choice(["z", "zheng'fu", "gong kai xin xi"]))
        elif act == 1:
            commit(page.editor, chance.choice(["", "政府", "信息公开"]))
        elif act == 2:
            event = QInputMethodEvent("xin", [])
            event.setCommitString("信")
            QApplication.sendEvent(page.editor, event)
        elif act == 3:
            session.undo()
        else:
            press(page.editor, chance.choice(keys), chance.choice([NO, SHIFT]))
    page.finish()
    assert page.editor.text() == prose(session)


# --- clipboard and dragging


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("一段  \r\n二段\t表", "一段\n二段 表"),
        ("　　一段\r　　二段\n", "一段\n二段\n"),
        ("\ufeff信\u200b息\xa0公开\x00", "信息 公开"),
        ("甲\v乙\u2028丙\u2029丁", "甲\n乙\n丙\n丁"),
        ("甲\ufdd0乙\ufffc", "甲乙"),
    ],
)
def test_pasted_text_keeps_paragraphs_and_nothing_else(given: str, wanted: str) -> None:
    assert pasted_text(given) == wanted


def test_pasting_takes_plain_text_and_is_a_step_of_its_own(page: ProsePage, session: Session) -> None:
    type_text(page.editor, "一")
    paste(page.editor, "甲 \r\n乙", "<b>甲</b><table><tr><td>乙</td></tr></table>")
    type_text(page.editor, "二")
    assert prose(session) == "一甲\n乙二" + TEXT
    assert steps(session) == 3
    assert not page.editor.document().rootFrame().childFrames()


def test_a_text_no_section_ever_has_is_not_pasted_and_that_is_said(page: ProsePage, session: Session) -> None:
    told: list[str] = []
    session.told.connect(told.append)
    paste(page.editor, "甲" * 1_000_000)
    assert told == ["没有粘贴：要粘贴的文字太多，有 100 万字。请只复制这一部分的文字。"]
    assert prose(session) == TEXT
    paste(page.editor, "\0甲\x07")
    assert prose(session) == "甲" + TEXT


def test_copying_gives_plain_text_with_paragraphs(page: ProsePage) -> None:
    page.editor.selectAll()
    data = page.editor.createMimeDataFromSelection()
    assert data.text() == TEXT
    assert data.formats() == ["text/plain"]


def test_a_dropped_file_is_left_to_the_window(page: ProsePage) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/年报.gxr")])
    data.setText("年报")
    event = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NO)
    page.editor.dragEnterEvent(event)
    assert not event.isAccepted()
    page.editor.insertFromMimeData(data)
    assert page.editor.text() == TEXT


def test_dragging_text_within_the_page_is_allowed_but_no_file(page: ProsePage) -> None:
    for data, wanted in ((QMimeData(), True), (QMimeData(), False)):
        data.setText("文字")
        if not wanted:
            data.setUrls([QUrl.fromLocalFile("/年报.gxr")])
        event = QDragMoveEvent(QPoint(200, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NO)
        event.ignore()
        page.editor.dragEnterEvent(
            QDragEnterEvent(QPoint(200, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NO)
        )
        page.editor.dragMoveEvent(event)
        assert event.isAccepted() is wanted


def test_the_context_menu_offers_what_is_possible(page: ProsePage, session: Session) -> None:
    QApplication.clipboard().setText("甲\t乙")

    def offered() -> dict[str, bool]:
        return {a.text().partition("\t")[0]: a.isEnabled() for a in page.editor.context_menu().actions()}

    assert offered() == {"剪切": False, "复制": False, "粘贴": True, "全选": True}
    put_caret(page.editor, 5, 0)
    assert offered()["剪切"]
    page.editor.context_menu().actions()[2].trigger()
    assert prose(session) == "甲 乙" + TEXT[5:]


# --- look


def test_paragraphs_are_indented_and_headings_are_bold(page: ProsePage) -> None:
    blocks = []
    block = page.editor.document().begin()
    while block.isValid():
        blocks.append(block)
        block = block.next()
    assert [b.blockFormat().textIndent() for b in blocks] == [30.0] * 3
    assert [b.blockFormat().lineHeight() for b in blocks] == [27.0] * 3
    assert [b.blockFormat().topMargin() > 0 for b in blocks] == [False, True, True]
    looks = [[(f.start, f.length, f.format.fontWeight()) for f in b.layout().formats()] for b in blocks]  # type: ignore[attr-defined]
    assert looks == [[], [(0, len("（一）主动公开情况。"), 600)], [(0, len("（二）依申请公开情况。"), 600)]]


def test_who_indents_by_hand_gets_no_second_indent(page: ProsePage) -> None:
    put_caret(page.editor, 0)
    type_text(page.editor, "　　")
    assert page.editor.document().begin().blockFormat().textIndent() == 0


def test_the_column_is_51_characters_wide_and_in_the_middle(page: ProsePage) -> None:
    line = page.editor.document().findBlockByNumber(0).layout().lineAt(0)
    look = page.editor.document().rootFrame().frameFormat()
    assert line.width() + 30 == round(COLUMN * 15 + 0.1) == 773
    assert look.leftMargin() == pytest.approx((1046 - 773) / 2, abs=1)
    page.resize(500, 400)
    assert page.editor.document().rootFrame().frameFormat().leftMargin() == 24
    assert page.editor.horizontalScrollBar().maximum() == 0


def test_the_wheel_with_ctrl_asks_for_zoom(page: ProsePage, qtbot: QtBot) -> None:
    def turn(angle: int) -> None:
        point = QPointF(20, 20)
        wheel = QWheelEvent(
            point,
            point,
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            CTRL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        page.editor.wheelEvent(wheel)

    asked: list[int] = []
    page.zoom_asked.connect(asked.append)
    turn(120)
    turn(-60)
    turn(-60)
    assert asked == [1, -1]
    page.set_scale("auto", 1.5)
    assert page.editor.document().begin().blockFormat().textIndent() == pytest.approx(45, abs=1)


def test_characters_are_counted_without_white_space(page: ProsePage) -> None:
    assert count_characters("2022 年\n　发布 3 条") == 9
    counter = Counter(page.editor, page)
    assert counter.text() == f"{len(TEXT) - 2} 字"
    put_caret(page.editor, 5, 0)
    assert counter.text() == "选中 5 字"
    press(page.editor, Qt.Key.Key_Delete)
    assert counter.text() == f"{len(TEXT) - 7} 字"


def test_an_empty_section_says_what_belongs_there(session: Session, qtbot: QtBot) -> None:
    session.begin(blank_report(session.form, 2022))
    page = ProsePage(session, "problems")
    page.card.hide()
    show(page, qtbot)
    empty = page.grab().toImage()
    assert page.editor.empty_text.startswith("问题：实事求是")
    type_text(page.editor, " ")
    assert page.grab().toImage() != empty
    press(page.editor, Qt.Key.Key_Backspace)
    page.editor.setCursorWidth(0)
    typed = page.grab().toImage()
    page.editor.set_empty_text("")
    assert page.grab().toImage() != typed


def test_what_an_empty_section_says_stands_with_its_status(session: Session, qtbot: QtBot) -> None:
    for key in ("overview", "problems", "other_matters"):
        page = ProsePage(session, key)
        qtbot.addWidget(page)
        told = [
            one
            for point in page.section.points
            if not point.kinds
            for one in load_cards(session.form).of_point(page.section, point.title)
        ]
        assert told
        for one in told:
            assert f"{one.text}{one.mark}" in page.editor.empty_text


def test_governments_are_asked_for_more(session: Session, qtbot: QtBot) -> None:
    page = ProsePage(session, "overview")
    qtbot.addWidget(page)
    assert "社会评议：" not in page.editor.empty_text
    session.edit(session.report.with_fields(kind=AgencyKind.GOVERNMENT), "修改单位类别")
    assert "社会评议：" in page.editor.empty_text


def test_the_editor_has_a_name_and_tab_leaves_it(page: ProsePage) -> None:
    assert page.editor.accessibleName() == "一、总体情况，文字"
    press(page.editor, Qt.Key.Key_Tab)
    assert page.editor.text() == TEXT


def test_a_box_writes_the_prose_of_a_table_section(session: Session, qtbot: QtBot) -> None:
    box = ProseBox(session, "requests")
    show(box, qtbot)
    changes: list[Change] = []
    session.changed.connect(changes.append)
    type_text(box.editor, "说明")
    assert session.report.sections["requests"] == "说明"
    assert changes[-1].origin is box.editor
    assert box.editor.empty_text == "本节的文字，可以不写。"


# --- numbers of last year's prose


def tinted(page: ProsePage) -> list[str]:
    selections = page.editor.extraSelections()
    return [one.cursor.selectedText() for one in selections]  # type: ignore[attr-defined]


@pytest.fixture
def marked(session: Session) -> Session:
    session.edit(session.report.with_prose_doubts("overview", to_revise(TEXT)), "从去年新建")
    return session


def test_numbers_to_be_looked_at_are_tinted_and_follow_the_text(marked: Session, page: ProsePage) -> None:
    assert tinted(page) == ["2022", "4572", "30"]
    type_text(page.editor, "今年😀")
    assert tinted(page) == ["2022", "4572", "30"]
    press(page.editor, Qt.Key.Key_Backspace)
    assert tinted(page) == ["2022", "4572", "30"]
    page.editor.focus_span(page.editor.text().index("4572"), page.editor.text().index("条"))
    type_text(page.editor, "8")
    assert tinted(page) == ["2022", "30"]
    marked.undo()
    assert tinted(page) == ["2022", "4572", "30"]
    marked.edit(marked.report.without_prose_doubts("overview", [2]), "看过了")
    assert tinted(page) == ["4572", "30"]


def test_nothing_is_tinted_while_one_composes(marked: Session, page: ProsePage) -> None:
    compose(page.editor, "jin")
    assert tinted(page) == []
    commit(page.editor, "今")
    assert tinted(page) == ["2022", "4572", "30"]


def test_a_page_says_what_is_selected_of_its_text(page: ProsePage) -> None:
    start = TEXT.index("4572")
    page.editor.focus_span(start, start + 4)
    assert page.span() == Span("overview", start, start + 4)
    page.editor.focus_span(3, 3)
    assert page.span() == Span("overview", 3, 3)


def test_a_final_text_is_read_and_copied_but_neither_typed_nor_pasted_into(
    page: ProsePage, session: Session, qtbot: QtBot
) -> None:
    editor = page.editor
    session.rules = ()
    session.edit(session.report.with_section("overview", "本年无申请。"), "改写")
    assert session.finalize("张敏", date(2026, 1, 12))
    said: list[str] = []
    session.told.connect(said.append)
    put_caret(editor, 2)
    type_text(editor, "多")
    paste(editor, "多")
    compose(editor, "duo")
    commit(editor, "多")
    for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Return):
        press(editor, key)
    assert (editor.text(), prose(session)) == ("本年无申请。", "本年无申请。")
    assert set(said) == {HELD}
    press(editor, Qt.Key.Key_Right)
    assert editor.textCursor().position() == 3
    editor.selectAll()
    assert editor.createMimeDataFromSelection().text() == "本年无申请。"
    assert session.reopen(date(2026, 1, 13), "补充附件内容")
    press(editor, Qt.Key.Key_End)
    type_text(editor, "又")
    assert prose(session) == "本年无申请。又"


@pytest.mark.parametrize("lines", [20, 400])
def test_zooming_lays_a_text_out_as_often_however_many_paragraphs_it_has(
    page: ProsePage, session: Session, lines: int
) -> None:
    session.edit(session.report.with_section("overview", "办结。\n" * lines), "")
    changes: list[int] = []
    page.editor.document().contentsChange.connect(lambda *_: changes.append(1))
    for zoom in (1.25, 0.9):
        page.editor.set_zoom(zoom)
        assert 0 < len(changes) <= 3
        changes.clear()


def test_the_text_is_the_documents_after_every_kind_of_change(page: ProsePage, session: Session) -> None:
    editor = page.editor
    put_caret(editor, 3)
    type_text(editor, "甲")
    assert editor.text() == editor.document().toPlainText() == prose(session)
    put_caret(editor, 2, 6)
    type_text(editor, "乙丙丁戊")  # as many characters as before
    assert editor.text() == editor.document().toPlainText() == prose(session)
    cursor = editor.textCursor()
    cursor.beginEditBlock()
    cursor.insertText("子")
    cursor.deletePreviousChar()
    cursor.insertText("丑")
    cursor.endEditBlock()
    assert editor.text() == editor.document().toPlainText() == prose(session)
    editor.clear()
    assert editor.text() == prose(session) == ""


@pytest.mark.parametrize("letters", ["ئۇيغۇر", "བོད་ཡིག", "ᠮᠣᠩᠭᠣᠯ", "e\u0301", "👩‍💻"])
def test_letters_that_are_joined_or_stacked_are_shaped_and_chinese_is_not(qtbot: QtBot, letters: str) -> None:
    def is_shaped() -> bool:
        strategy = editor.document().defaultFont().styleStrategy()
        return not strategy & QFont.StyleStrategy.PreferNoShaping

    editor = ProseEditor()
    qtbot.addWidget(editor)
    editor.set_text("全年公开信息 30 条（一）。")
    assert not is_shaped()
    editor.textCursor().insertText(letters)
    assert is_shaped()
    editor.set_zoom(1.25)
    assert is_shaped()
    editor.set_text("")
    editor.set_text("没有了。")
    assert not is_shaped()
    editor.set_text(letters)
    assert is_shaped()


def test_the_text_is_what_the_document_holds_whatever_is_typed(qtbot: QtBot) -> None:
    editor = ProseEditor()
    qtbot.addWidget(editor)
    lot = random.Random(7)
    parts = ["公开", "30", "\n", "𠮷", "一\n二", "👩‍💻", "", "（一）主动公开情况。\n", " "]
    for _ in range(400):
        cursor, last = editor.textCursor(), editor.document().characterCount() - 1
        cursor.setPosition(lot.randint(0, last))
        cursor.setPosition(
            min(last, cursor.position() + lot.choice([0, 0, 1, 3])), cursor.MoveMode.KeepAnchor
        )
        cursor.insertText(lot.choice(parts))
        if lot.random() < 0.7:  # else two changes come together
            whole = editor.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")
            assert editor.text() == whole
        if lot.random() < 0.02:
            editor.document().setPlainText("重新开始")


# --- what is offered as HTML alone


def html_only(html: str) -> QMimeData:
    data = QMimeData()
    data.setHtml(html)
    assert not data.hasText()
    return data


def test_a_page_that_offers_no_plain_text_is_put_in_as_paragraphs(page: ProsePage, session: Session) -> None:
    session.edit(session.report.with_section("overview", "前。"), "写")
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    paragraphs = "<p>一是<b>公开</b>。</p><p style='color:red'>　　二是回应。</p>"
    data = html_only(f"{paragraphs}<table><tr><td>受理<td>3</tr></table>")
    assert page.editor.canInsertFromMimeData(data)
    page.editor.insertFromMimeData(data)
    assert session.report.text("overview") == "前。一是公开。\n二是回应。\n受理 3"
    session.undo()
    assert session.report.text("overview") == "前。"


def test_html_without_any_text_is_said_and_changes_nothing(page: ProsePage, session: Session) -> None:
    before, told = session.report, list[str]()
    session.told.connect(told.append)
    page.editor.insertFromMimeData(html_only("<img src='x.png'>"))
    assert session.report == before
    assert told == ["没有粘贴：复制的内容里没有文字。"]


def test_a_large_page_is_read_beside_the_window_and_put_in_where_the_caret_was(
    page: ProsePage, session: Session, qtbot: QtBot
) -> None:
    session.edit(session.report.with_section("overview", "前。"), "写")
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    page.editor.insertFromMimeData(html_only("".join(f"<p>第{n}段。</p>" for n in range(2000))))
    page.editor.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.waitUntil(lambda: "第1999段" in session.report.text("overview"))
    assert session.report.text("overview").startswith("前。第0段。\n第1段。")


def test_a_text_that_is_only_to_be_read_takes_no_html(page: ProsePage, session: Session) -> None:
    session.show_read_only(session.report, "去年")
    told: list[str] = []
    session.told.connect(told.append)
    page.editor.insertFromMimeData(html_only("<p>新</p>"))
    assert session.report.text("overview") == TEXT
    assert told


# --- work of a keystroke


def rows_painted(editor: ProseEditor, qtbot: QtBot) -> list[QRect]:
    """The areas that are painted from now on, in the viewport."""
    areas: list[QRect] = []

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                areas.append(event.rect())
            return False

    watch = Watch(editor)
    editor.viewport().installEventFilter(watch)
    return areas


LONG = "".join(f"今年公开了第{number}批信息，都在网站上。" for number in range(400))


@pytest.mark.parametrize("does", ["types", "takes away", "pastes"])
def test_of_a_long_paragraph_what_stands_above_a_key_is_not_painted_again(
    page: ProsePage, session: Session, qtbot: QtBot, does: str
) -> None:
    editor = page.editor
    session.edit(session.report.with_section("overview", LONG), "改")
    put_caret(editor, len(LONG) // 2)
    editor.ensureCursorVisible()
    qtbot.wait(20)
    editor.verticalScrollBar().setValue(editor.verticalScrollBar().value() - 200)
    qtbot.wait(20)
    caret = editor.cursorRect()
    areas = rows_painted(editor, qtbot)
    QApplication.clipboard().setText("其他" * 100)
    if does == "pastes":
        press(editor, Qt.Key.Key_V, CTRL)
    elif does == "types":
        type_text(editor, "新")
    else:
        press(editor, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: bool(areas))
    qtbot.wait(20)
    painted = areas[0]
    for area in areas:
        painted = painted.united(area)
    assert caret.top() - 4 * caret.height() < painted.top() <= caret.top()
    assert painted.bottom() == editor.viewport().rect().bottom()


def test_a_caret_out_of_view_is_brought_back_and_all_is_painted(
    page: ProsePage, session: Session, qtbot: QtBot
) -> None:
    editor = page.editor
    session.edit(session.report.with_section("overview", LONG), "改")
    put_caret(editor, len(LONG) // 2)
    editor.verticalScrollBar().setValue(0)
    qtbot.wait(20)
    areas = rows_painted(editor, qtbot)
    type_text(editor, "新")
    qtbot.waitUntil(lambda: editor.viewport().rect() in areas)
    assert editor.viewport().rect().contains(editor.cursorRect())
    assert editor.viewport().updatesEnabled()


def test_a_key_has_a_long_paragraph_laid_out_once_and_its_text_told_once(
    page: ProsePage, session: Session, qtbot: QtBot
) -> None:
    editor = page.editor
    session.edit(session.report.with_section("overview", LONG), "改")
    put_caret(editor, len(LONG) // 2)
    told: list[str] = []
    editor.document().contentsChange.connect(lambda *_: told.append("changed"))
    editor.textChanged.connect(lambda: told.append("text"))
    type_text(editor, "新")
    assert told == ["changed", "text"]


def test_the_room_above_paragraphs_is_what_their_blocks_have(page: ProsePage, session: Session) -> None:
    editor = page.editor

    def of_blocks() -> list[float]:
        document = editor.document()
        blocks = (document.findBlockByNumber(number) for number in range(document.blockCount()))
        return [block.blockFormat().topMargin() for block in blocks]

    put_caret(editor, 3)
    for does in (
        lambda: editor.set_zoom(1.5),
        lambda: editor.set_leads({1: 20.0}),
        lambda: type_text(editor, "\n"),
        lambda: editor.set_zoom(1.0),
        lambda: session.undo(),
        lambda: editor.set_leads({2: 7.0}),
        lambda: session.edit(session.report.with_section("overview", f"新\n{TEXT}"), "改"),
        lambda: editor.set_leads({}),
    ):
        does()
        assert list(editor.room_above()) == of_blocks()
