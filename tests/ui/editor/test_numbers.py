"""The numbers of a text: marked, explained, mended, and made to follow the tables."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.core import edits
from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.findings import Claimed, Finding, Findings, Reading
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Form
from gxeditor.core.report import Bound, Report, blank_report
from gxeditor.ui.editor import numbers
from gxeditor.ui.editor.basic import BasicPage
from gxeditor.ui.editor.card_notes import number_lines
from gxeditor.ui.editor.number_popover import NumberPopover
from gxeditor.ui.editor.numbers import mended
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.editor.prose_editor import ProseEditor
from gxeditor.ui.session import Session

RECEIVED, FORWARD = "requests.received.total", "requests.brought_forward.total"
PERSON = "requests.received.natural_person"
FORWARD_PERSON = "requests.brought_forward.natural_person"
KEY = "overview"
TEXT = "发布信息286条。\n全年共收到申请68件，上年结转4件。\n共收到申请62件。"
NO, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
RULE = Rule("C-01", "claim", Severity.QUERY, "", "正文与表三不同", "", "依据", test="claim", code="C-01")

_STATED = re.compile("(共收到申请|上年结转|发布信息)([0-9,０-９]+)")


def read(report: Report, key: str) -> tuple[Claimed, ...]:
    """Reads what these tests write, as the reader of claims would tell of it."""
    found = []
    for match in _STATED.finditer(report.text(key)):
        where, phrase = Span(key, *match.span(2)), Span(key, *match.span())
        value = int(match[2].replace(",", ""))
        readings = {
            "共收到申请": (
                Reading("表三 一、本年新收 · 总计", (RECEIVED,), _value(report, RECEIVED)),
                Reading("本年新收加上年结转", (RECEIVED, FORWARD), _value(report, RECEIVED, FORWARD)),
            ),
            "上年结转": (Reading("表三 二、上年结转 · 总计", (FORWARD,), _value(report, FORWARD)),),
        }.get(match[1], ())
        agrees = next((one for one in readings if one.value == value), None)
        known = any(one.value is not None for one in readings)
        state = "same" if agrees else "different" if known else "open"
        found.append(Claimed(where, phrase, match[2], value, state, readings, agrees, code="C-01"))  # type: ignore[arg-type]
    return tuple(found)


def _value(report: Report, *cells: str) -> int | None:
    values = [report.value(cell) for cell in cells]
    return None if any(not isinstance(value, int) for value in values) else sum(values)  # type: ignore[arg-type]


class Reading_(Session):
    """A session whose findings tell of the numbers that these tests write."""

    def checked(self, report: Report) -> Findings:
        keys = ("preamble", *(section.key for section in report.form.sections))
        claims = tuple(claim for key in keys for claim in read(report, key))
        found = [
            Finding(
                RULE, c.where, f"文中 {c.text}，表三 {c.readings[0].value}。", values=(c.text,), quoted=c.text
            )
            for c in claims
            if c.state == "different"
        ]
        explained = [replace(f, explanation=report.explanations.get(f.address)) for f in found]
        return Findings(tuple(explained), claims=claims)


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    session = Reading_(form, rules)
    table = form.section("requests").table
    assert table is not None
    report = edits.fill_blanks(blank_report(form, 2025), table.cells)
    report = report.with_entries({PERSON: 62, FORWARD_PERSON: 4})
    session.begin(report.with_section(KEY, TEXT))
    return session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> Iterator[ProsePage]:
    page = ProsePage(session, KEY)
    show(page, qtbot)
    yield page
    page.hide()


def show(widget: QWidget, qtbot: QtBot) -> None:
    qtbot.addWidget(widget)
    widget.resize(1366, 552)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NO, text: str = "") -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, held, text))


def type_text(editor: QWidget, text: str) -> None:
    for char in text:
        key = Qt.Key.Key_Return if char == "\n" else Qt.Key(0)
        press(editor, key, NO, "\r" if char == "\n" else char)


def compose(editor: QWidget, preedit: str, committed: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if committed:
        event.setCommitString(committed)
    QApplication.sendEvent(editor, event)


def put_caret(editor: ProseEditor, place: int) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(place)
    editor.setTextCursor(cursor)


def prose(session: Session) -> str:
    return session.report.text(KEY)


def bound(session: Session) -> list[str]:
    return [one.text for one in session.report.bound.get(KEY, ())]


def looks(page: ProsePage) -> list[tuple[str, str]]:
    return [(page.editor.text()[m.start : m.end], m.look) for m in page.editor._marks]


def popover(page: ProsePage) -> NumberPopover:
    shown = page.numbers.popover
    assert shown is not None
    return shown


def words(widget: QWidget) -> list[str]:
    labels: Iterable[QLabel] = widget.findChildren(QLabel)
    return [label.text() for label in labels if label.text() and label.isVisibleTo(widget)]


def buttons(widget: QWidget) -> list[str]:
    found: Iterable[QPushButton] = widget.findChildren(QPushButton)
    return [button.text() for button in found if button.isVisibleTo(widget)]


def click(page: ProsePage, text: str, *, last: bool = False) -> None:
    start = page.editor.text().rindex(text) if last else page.editor.text().index(text)
    box = page.editor.boxes(start, start + len(text))[0]
    place = box.center()
    viewport = page.editor.viewport()
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        event = QMouseEvent(
            kind, place, QPointF(viewport.mapToGlobal(place.toPoint())), Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton, NO,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)


# --- marks


def test_each_number_looks_like_what_came_of_comparing_it(page: ProsePage) -> None:
    assert looks(page) == [("286", "open"), ("68", "different"), ("4", "same"), ("62", "same")]


def test_the_headline_counts_what_was_compared_and_what_was_not(page: ProsePage) -> None:
    assert [label.text() for label in page.said] == ["◆ 1 处与表不同", "2 处相同　1 处没有可核对的格"]
    page.session.edit(page.session.report.with_section(KEY, "没有数。"), "改")
    assert not any(label.isVisibleTo(page) for label in page.said)


def test_marks_move_with_the_text_and_never_change_its_width(page: ProsePage) -> None:
    layout = page.editor.document().findBlockByNumber(1).layout()
    width = layout.lineAt(0).naturalTextWidth()
    page.editor.set_marks(())
    assert layout.lineAt(0).naturalTextWidth() == width
    page.numbers.renew()
    put_caret(page.editor, 0)
    type_text(page.editor, "今年")
    assert looks(page) == [("286", "open"), ("68", "different"), ("4", "same"), ("62", "same")]


def test_characters_outside_the_basic_plane_do_not_shift_the_marks(page: ProsePage, session: Session) -> None:
    session.edit(session.report.with_section(KEY, "𠮷𠮷共收到申请68件"), "改")
    (mark,) = page.editor._marks
    assert (mark.start, mark.end) == (9, 11)  # two units for each of the first two characters
    assert page.editor.boxes(7, 9)


def test_no_number_is_marked_while_one_composes(page: ProsePage) -> None:
    put_caret(page.editor, 0)
    before = page.editor.grab().toImage()
    compose(page.editor, "shu")
    assert not page.editor.extraSelections()
    assert page.editor._seen_marks_in(page.editor.viewport().rect()) == []
    compose(page.editor, "", "数")
    assert page.editor.extraSelections()
    assert before.size() == page.editor.grab().toImage().size()


def test_a_number_of_last_years_text_is_shown_as_that(page: ProsePage, session: Session) -> None:
    from gxeditor.core.revision import to_revise

    report = session.report.with_section(KEY, "共收到申请62件")
    session.edit(report.with_prose_doubts(KEY, to_revise("共收到申请62件")), "起草")
    assert looks(page) == []


def test_typing_repaints_no_paragraph_in_which_no_mark_changed(page: ProsePage, qtbot: QtBot) -> None:
    repainted: list[int] = []
    page.editor._repaint_block = lambda block: repainted.append(block.blockNumber())  # type: ignore[method-assign]
    put_caret(page.editor, 0)
    type_text(page.editor, "今")
    assert repainted == [0]  # where 286 stands one character further on
    put_caret(page.editor, page.editor.text().index("上年结转4") + 5)
    repainted.clear()
    type_text(page.editor, "5")
    assert repainted == [1]


# --- the popover


def test_a_click_on_a_number_that_differs_says_what_the_table_has(page: ProsePage) -> None:
    click(page, "68")
    shown = popover(page)
    assert shown.isVisible()
    assert not shown.is_entered
    said = words(shown)
    for expected in ("文中", "68", "表中", "表三 一、本年新收 · 总计", "62", "也不等于", "66", "相差", "6"):
        assert expected in said, expected
    assert any("与表三不同" in line for line in said)
    assert buttons(shown) == ["改成表中的数 62", "在表中查看", "核实无误…"]
    assert shown.width() == 356


def test_a_click_on_a_number_that_agrees_opens_nothing(page: ProsePage) -> None:
    click(page, "62", last=True)
    assert page.numbers.popover is None or not page.numbers.popover.isVisible()


def test_the_popover_stands_below_the_paragraph_with_its_edge_at_the_number(page: ProsePage) -> None:
    click(page, "68")
    start = TEXT.index("68")
    box = page.editor.boxes(start, start + 2)[0]
    left = page.editor.viewport().mapTo(page, QPoint(round(box.left()), 0)).x()
    paragraph, _ = page.editor.paragraph_box(start)
    bottom = page.editor.viewport().mapTo(page, QPoint(0, round(paragraph.bottom()))).y()
    assert popover(page).x() == left
    assert popover(page).y() >= bottom
    assert page.rect().contains(popover(page).geometry())


def test_at_the_foot_of_the_page_it_stands_above(page: ProsePage, session: Session) -> None:
    session.edit(session.report.with_section(KEY, "一段。\n" * 14 + "共收到申请68件"), "改")
    click(page, "68")
    start = page.editor.text().index("68")
    top = page.editor.viewport().mapTo(page, page.editor.boxes(start, start + 2)[0].topLeft().toPoint()).y()
    assert popover(page).geometry().bottom() <= top


def test_mending_is_one_step_and_selects_what_it_wrote(page: ProsePage, session: Session) -> None:
    click(page, "68")
    steps = session.history.position
    popover(page).buttons[0].click()
    assert prose(session) == page.editor.text() == TEXT.replace("68", "62")
    assert page.editor.textCursor().selectedText() == "62"
    assert session.history.position == steps + 1
    session.undo()
    assert prose(session) == page.editor.text() == TEXT


@pytest.mark.parametrize(
    ("text", "value", "reading", "becomes"),
    [
        ("68", 68, 62, "62"),
        ("６８", 68, 162, "１６２"),
        ("1,068", 1068, 12345, "12,345"),
        ("十五", 15, 16, "十六"),
        ("52.4%", Decimal("52.4"), Decimal("53.1"), "53.1%"),
        ("未", 0, 3, ""),
        ("全部", 3, 4, ""),
        ("68", 680000, 62, ""),  # read otherwise than it is written
        ("68", 68, None, ""),
    ],
)
def test_a_mend_keeps_the_manner_of_the_number(
    text: str, value: int, reading: int | None, becomes: str
) -> None:
    where = Span(KEY, 0, len(text))
    claim = Claimed(where, where, text, value, "different", (Reading("表三", (RECEIVED,), reading),))
    assert mended(claim) == becomes


def test_last_years_figure_is_no_mend(form: Form) -> None:
    where = Span(KEY, 0, 2)
    reading = Reading("上年", (RECEIVED,), 5, prior=True)
    assert mended(Claimed(where, where, "68", 68, "different", (reading,))) == ""


def test_the_table_is_looked_at_where_the_cell_is(page: ProsePage, session: Session) -> None:
    went: list[object] = []
    session.in_view.goto.connect(went.append)
    click(page, "68")
    popover(page).buttons[1].click()
    (place,) = went
    assert getattr(place, "id", "") == RECEIVED
    assert not popover(page).isVisible()


def test_a_reason_settles_it_and_quiets_its_look(page: ProsePage, session: Session) -> None:
    click(page, "68")
    popover(page).buttons[2].click()
    line = popover(page).findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText("短")
    line.returnPressed.emit()
    assert not session.report.explanations
    assert line.property("refused")
    line.setText("含口头申请六件")
    line.returnPressed.emit()
    assert [one.reason for one in session.report.explanations.values()] == ["含口头申请六件"]
    assert ("68", "explained") in looks(page)
    assert page.said[1].text().startswith("1 处已说明")


def test_the_keys_lead_into_the_popover_and_back(page: ProsePage) -> None:
    put_caret(page.editor, TEXT.index("68") + 1)
    press(page.editor, Qt.Key.Key_Return, ALT)
    assert popover(page).is_entered
    assert QApplication.focusWidget() is popover(page).buttons[0]
    press(popover(page).buttons[0], Qt.Key.Key_Right)
    assert QApplication.focusWidget() is popover(page).buttons[1]
    press(popover(page).buttons[1], Qt.Key.Key_Escape)
    assert not popover(page).isVisible()
    assert QApplication.focusWidget() is page.editor
    assert page.editor.text() == TEXT


def test_beside_a_number_the_keys_say_so_and_change_nothing(page: ProsePage, session: Session) -> None:
    told: list[str] = []
    session.told.connect(told.append)
    put_caret(page.editor, 1)
    press(page.editor, Qt.Key.Key_Return, ALT)
    assert told == ["光标不在数上。"]
    assert page.editor.text() == TEXT


def test_the_next_finding_selects_its_number_and_explains_it(
    page: ProsePage, session: Session, qtbot: QtBot
) -> None:
    session.in_view.goto.connect(page.go_to)
    session.in_view.step(1)
    assert page.editor.textCursor().selectedText() == "68"
    qtbot.waitUntil(lambda: page.numbers.popover is not None and page.numbers.popover.isVisible())
    assert QApplication.focusWidget() is page.editor
    type_text(page.editor, "6")
    assert "收到申请6件" in prose(session)
    assert not popover(page).isVisible()


def test_the_popover_goes_with_typing_scrolling_and_the_page(page: ProsePage, session: Session) -> None:
    click(page, "68")
    type_text(page.editor, "1")
    assert not popover(page).isVisible()
    session.undo()
    click(page, "68")
    compose(page.editor, "shu")
    assert not popover(page).isVisible()
    compose(page.editor, "")
    click(page, "68")
    page.editor.hide()
    assert not popover(page).isVisible()


def test_a_number_whose_cell_is_blank_is_open_and_offers_no_mend(page: ProsePage, session: Session) -> None:
    session.edit(session.report.with_entry(PERSON, None), "清空")
    assert ("68", "open") in looks(page)
    put_caret(page.editor, TEXT.index("68") + 1)
    press(page.editor, Qt.Key.Key_Return, ALT)
    assert buttons(popover(page)) == ["在表中查看"]
    assert "未填" in words(popover(page))
    assert "表里有未填的格，没有核对。" in words(popover(page))


def test_a_number_of_unclear_words_says_what_it_may_mean(page: ProsePage, session: Session) -> None:
    new = Reading("本年新收", (f"{PERSON.rpartition('.')[0]}.total",), 62)
    where = Span(KEY, 0, 2)
    claim = Claimed(where, where, "70", 70, "open", (new, new._replace(name="两项之和", value=66)))
    shown = NumberPopover(page)
    shown.fill(claim, None, session, ())
    (said,) = [line for line in words(shown) if line.startswith("可能指")]
    assert "本年新收 62，或 " in said
    assert "两项之和 66" in said
    assert "表里有未填的格，没有核对。" not in words(shown)


def test_a_number_of_no_cell_says_so(page: ProsePage) -> None:
    put_caret(page.editor, TEXT.index("286") + 1)
    press(page.editor, Qt.Key.Key_Return, ALT)
    assert popover(page).is_entered
    assert "表里没有可核对的格，没有核对。" in words(popover(page))
    press(popover(page), Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.editor


def test_resting_on_a_number_explains_it_until_the_mouse_leaves(page: ProsePage, qtbot: QtBot) -> None:
    def move(place: QPointF) -> None:
        viewport = page.editor.viewport()
        spot = QPointF(viewport.mapToGlobal(place.toPoint()))
        kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        QApplication.sendEvent(viewport, QMouseEvent(kind, place, spot, none, none, NO))

    start = TEXT.rindex("62")
    move(page.editor.boxes(start, start + 2)[0].center())
    qtbot.waitUntil(lambda: page.numbers.popover is not None and page.numbers.popover.isVisible())
    assert any("与表三相同" in line for line in words(popover(page)))
    assert buttons(popover(page)) == ["跟随表三", "在表中查看"]
    move(QPointF(300, 400))
    qtbot.waitUntil(lambda: not popover(page).isVisible())


def test_a_share_shows_how_it_was_worked_out(page: ProsePage, session: Session) -> None:
    where = Span(KEY, 0, 5)
    reading = Reading("予以公开和部分公开占办结总数", (RECEIVED,), Decimal("53.1"))
    claim = Claimed(where, where, "52.4%", Decimal("52.4"), "different", (reading,), how="（28＋5）÷ 63")
    page.numbers.show(claim)
    said = words(popover(page))
    for expected in ("算法", "（28＋5）÷ 63", "53.1%", "0.7%"):
        assert expected in said, expected
    assert buttons(popover(page))[0] == "改成表中的数 53.1%"


def test_a_reason_can_be_given_with_the_keys_alone_and_survives_the_next_check(
    page: ProsePage, session: Session
) -> None:
    put_caret(page.editor, TEXT.index("68") + 1)
    press(page.editor, Qt.Key.Key_Return, ALT)
    popover(page).buttons[-1].click()
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    line.setText("含口头申请六件")
    press(line, Qt.Key.Key_Return)
    assert not popover(page).isVisible()
    assert QApplication.focusWidget() is page.editor
    session.edit(session.report.with_section("problems", "没有。"), "改")
    assert ("68", "explained") in looks(page)


def test_a_screen_reader_hears_what_the_popover_shows(page: ProsePage) -> None:
    click(page, "68")
    assert "与表三不同" in popover(page).accessibleName()
    assert "相差 6" in popover(page).accessibleDescription()
    assert page.editor.accessibleDescription() == "1 处与表不同，2 处相同，1 处没有可核对的格"


# --- the card


def test_the_card_lists_the_numbers_in_three_groups(page: ProsePage, session: Session) -> None:
    lines = [
        (line.look, line.text, line.state, line.value)
        for line in number_lines(session, session.form.section(KEY), whole=False)
    ]
    assert lines == [
        ("rule", "", "", ""),
        ("title", "文中的数", "", "4"),
        ("group", "与表不同 1", "", ""),
        ("number", "表三 一、本年新收 · 总计", "68", "62"),
        ("group", "与表相同 2", "", ""),
        ("number", "表三 二、上年结转 · 总计", "4", "4"),
        ("number", "表三 一、本年新收 · 总计", "62", "62"),
        ("group", "没有可核对的格 1", "", ""),
        ("number", "发布信息", "286", ""),
    ]


def test_a_text_without_numbers_has_no_such_list(session: Session) -> None:
    session.edit(session.report.with_section(KEY, "没有数。"), "改")
    assert not list(number_lines(session, session.form.section(KEY), whole=False))


def test_a_long_group_is_folded_and_what_differs_never(session: Session) -> None:
    session.edit(session.report.with_section(KEY, "发布信息1条，" * 9 + "共收到申请9件，" * 9), "改")
    section = session.form.section(KEY)
    folded = list(number_lines(session, section, whole=False))
    assert [line.text for line in folded if line.unfolds] == ["其余 3 处…"]
    assert sum(line.state == "9" for line in folded) == 9
    assert sum(line.state == "1" for line in number_lines(session, section, whole=True)) == 9


def test_a_click_in_the_card_selects_the_number(page: ProsePage, qtbot: QtBot) -> None:
    page.card.set_open(True)
    notes = page.card.notes
    qtbot.waitUntil(lambda: "文中的数" in notes.toPlainText())
    cursor = notes.document().find("表三 二、上年结转")
    notes.setTextCursor(cursor)
    notes.ensureCursorVisible()
    place = notes.cursorRect(cursor).center() - QPoint(6, 0)
    assert notes.anchorAt(place).startswith("number:")
    cursor.clearSelection()
    notes.setTextCursor(cursor)
    release = QMouseEvent(
        QEvent.Type.MouseButtonRelease, QPointF(place), QPointF(notes.viewport().mapToGlobal(place)),
        Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, NO,
    )  # fmt: skip
    QApplication.sendEvent(notes.viewport(), release)
    assert page.editor.textCursor().selectedText() == "4"


# --- following


def test_following_is_offered_when_what_is_typed_agrees_and_taken_with_tab(
    page: ProsePage, session: Session
) -> None:
    put_caret(page.editor, len(TEXT))
    type_text(page.editor, "\n共收到申请6")
    chip = page.numbers.chip
    assert chip is None or not chip.isVisible()
    type_text(page.editor, "2")
    chip = page.numbers.chip
    assert chip is not None
    assert chip.isVisible()
    assert chip.text() == "跟随表三 ↹"
    press(page.editor, Qt.Key.Key_Tab)
    assert bound(session) == ["62"]
    assert not chip.isVisible()
    assert prose(session).endswith("共收到申请62")
    assert QApplication.focusWidget() is page.editor
    assert looks(page)[-1] == ("62", "bound")


def test_just_then_only_the_tab_is_taken(page: ProsePage, session: Session) -> None:
    put_caret(page.editor, len(TEXT))
    type_text(page.editor, "\n共收到申请62件，")
    assert page.numbers.chip is not None
    assert not page.numbers.chip.isVisible()
    press(page.editor, Qt.Key.Key_Tab)
    assert bound(session) == []
    assert QApplication.focusWidget() is not page.editor  # it leads on, as ever


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Escape, Qt.Key.Key_Home])
def test_any_other_key_ends_the_offer(page: ProsePage, session: Session, key: Qt.Key) -> None:
    put_caret(page.editor, len(TEXT))
    type_text(page.editor, "\n共收到申请62")
    press(page.editor, key)
    assert page.numbers.chip is not None
    assert not page.numbers.chip.isVisible()
    assert bound(session) == []


def test_what_an_input_method_commits_is_offered_as_well(page: ProsePage) -> None:
    put_caret(page.editor, len(TEXT))
    compose(page.editor, "sd")
    compose(page.editor, "", "。共收到申请62件")
    assert page.numbers.chip is not None
    assert page.numbers.chip.isVisible()


def test_pasting_offers_nothing(page: ProsePage) -> None:
    from PySide6.QtCore import QMimeData

    put_caret(page.editor, len(TEXT))
    data = QMimeData()
    data.setText("。共收到申请62件")
    page.editor.insertFromMimeData(data)
    assert page.numbers.chip is None or not page.numbers.chip.isVisible()


def test_a_bound_number_follows_its_cell_in_the_same_step(page: ProsePage, session: Session) -> None:
    put_caret(page.editor, len(TEXT) - 2)
    assert page.numbers.follow_here()
    steps = session.history.position
    session.edit(session.report.with_entry(PERSON, 1062), "填表")
    assert prose(session) == page.editor.text() == TEXT.replace("62", "1062")
    assert session.history.position == steps + 1
    session.undo()
    assert prose(session) == page.editor.text() == TEXT
    assert bound(session) == ["62"]


def test_all_that_agree_follow_at_once(page: ProsePage, session: Session) -> None:
    steps = session.history.position
    assert page.numbers.follow_all() == 2
    assert session.history.position == steps + 1
    assert bound(session) == ["4", "62"]
    assert page.numbers.follow_all() == 0
    session.edit(session.report.with_entries({PERSON: 100, FORWARD_PERSON: 7}), "填表")
    assert prose(session) == TEXT.replace("62", "100").replace("转4", "转7")


def test_all_of_the_report_follow_in_one_step(page: ProsePage, session: Session) -> None:
    session.edit(session.report.with_fields(preamble="共收到申请62件"), "改")
    steps = session.history.position
    assert numbers.follow_everywhere(session) == 3
    assert session.history.position == steps + 1
    assert numbers.follow_everywhere(session) == 0
    assert session.history.position == steps + 1
    session.undo()
    assert not session.report.bound


def test_a_number_that_follows_one_cell_and_speaks_of_another_is_shown_as_different(
    page: ProsePage, session: Session
) -> None:
    start = TEXT.index("68")
    session.edit(session.report.with_entry(FORWARD_PERSON, 68), "填表")
    session.bind(KEY, (Bound(start, "68", (FORWARD,)),))
    assert bound(session) == ["68"]
    assert ("68", "different") in looks(page)


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".html", ".xlsx", ".txt"])
def test_what_is_exported_is_plain_text(session: Session, suffix: str, tmp_path: Path) -> None:
    files = []
    for name in ("plain", "bound"):
        path = tmp_path / f"{name}{suffix}"
        documents.export(session.report, path)
        files.append(path.read_bytes())
        numbers.follow_everywhere(session)
    assert session.report.bound
    assert files[0] == files[1]


def test_a_final_report_takes_no_typing_and_shows_what_it_says(page: ProsePage, session: Session) -> None:
    from datetime import date

    session.finalize("张三", date(2026, 1, 12))
    put_caret(page.editor, 3)
    type_text(page.editor, "新")
    assert prose(session) == page.editor.text() == TEXT


def test_backspace_in_a_bound_number_only_unbinds_it(page: ProsePage, session: Session) -> None:
    page.numbers.follow_all()
    put_caret(page.editor, len(TEXT) - 2)
    press(page.editor, Qt.Key.Key_Backspace)
    assert bound(session) == ["4"]
    assert prose(session) == TEXT
    press(page.editor, Qt.Key.Key_Backspace)
    assert prose(session) == TEXT.replace("62", "6")


def test_before_a_bound_number_backspace_is_backspace(page: ProsePage, session: Session) -> None:
    page.numbers.follow_all()
    put_caret(page.editor, len(TEXT) - 4)
    press(page.editor, Qt.Key.Key_Backspace)
    assert prose(session).endswith("共收到申62件。")
    assert bound(session) == ["4", "62"]


def test_typing_in_a_bound_number_makes_it_ones_own(page: ProsePage, session: Session) -> None:
    page.numbers.follow_all()
    put_caret(page.editor, len(TEXT) - 3)
    type_text(page.editor, "0")
    assert bound(session) == ["4"]
    assert prose(session).endswith("602件。")


def test_the_menu_offers_what_can_be_done_with_a_number(page: ProsePage, session: Session) -> None:
    def offered() -> dict[str, object]:
        menu = page.editor.context_menu()
        return {action.text(): action for action in menu.actions() if action.text()}

    put_caret(page.editor, TEXT.index("68") + 1)
    first = list(offered())
    assert first[0] == "改成表中的数 62"
    assert "与表相同的 2 处数都跟随表格" in first
    put_caret(page.editor, len(TEXT) - 3)
    assert "跟随表三 一、本年新收 · 总计" in offered()
    page.numbers.follow_here()
    assert "不再跟随表三" in offered()
    put_caret(page.editor, 1)
    assert next(iter(offered())).startswith("剪切")


def test_the_preamble_has_its_numbers_as_well(session: Session, qtbot: QtBot) -> None:
    page = BasicPage(session)
    show(page, qtbot)
    session.edit(session.report.with_fields(preamble="共收到申请68件"), "改")
    assert [mark.look for mark in page.preamble._marks] == ["different"]
    put_caret(page.preamble, 6)
    page.preamble.setFocus()
    press(page.preamble, Qt.Key.Key_Return, ALT)
    assert page.numbers.popover is not None
    page.numbers.popover.buttons[0].click()
    assert session.report.preamble == "共收到申请62件"
    assert page.numbers.follow_all() == 1
    session.edit(session.report.with_entry(PERSON, 70), "填表")
    assert page.preamble.text() == "共收到申请70件"


# --- whatever one does


@pytest.mark.parametrize("seed", range(6))
def test_whatever_one_does_the_text_shown_is_the_reports_and_bound_numbers_say_what_their_cells_say(
    page: ProsePage, session: Session, seed: int
) -> None:
    chance = random.Random(seed)
    editor = page.editor
    for _ in range(120):
        text = editor.text()
        put_caret(editor, chance.randint(0, len(text)))
        match chance.randrange(13):
            case 0 | 1:
                type_text(
                    editor, chance.choice(["6", "2", "件", "，", "\n", "𠮷", "共收到申请62", "上年结转4件"])
                )
            case 2:
                press(editor, Qt.Key.Key_Backspace)
            case 3:
                press(editor, Qt.Key.Key_Delete)
            case 4:
                session.undo()
            case 5:
                session.redo()
            case 6:
                cursor = editor.textCursor()
                cursor.setPosition(chance.randint(0, len(text)), cursor.MoveMode.KeepAnchor)
                editor.setTextCursor(cursor)
                type_text(editor, chance.choice(["8", "共收到申请62件"]))
            case 7:
                compose(editor, "zhong")
                compose(editor, "", chance.choice(["中", "62", ""]))
            case 8:
                page.numbers.follow_all()
            case 9:
                page.numbers.follow_here()
            case 10:
                session.edit(session.report.with_entry(PERSON, chance.choice([62, 7, 1234])), "填表")
            case 11:
                press(editor, Qt.Key.Key_Tab)
                editor.setFocus()
            case 12:
                press(editor, Qt.Key.Key_Return, ALT)
                press(editor, Qt.Key.Key_Escape)
                editor.setFocus()
        report = session.report
        assert editor.text() == report.text(KEY)
        for one in report.bound.get(KEY, ()):
            assert report.text(KEY)[one.start : one.end] == one.text
            assert int(one.text) == _value(report, *one.cells)
        for mark in editor._marks:
            assert 0 <= mark.start < mark.end < editor.document().characterCount()
    editor.grab()


# --- as the shipped rules read it


@pytest.fixture
def shipped(form: Form, rules: tuple[Rule, ...], qtbot: QtBot) -> Iterator[ProsePage]:
    """The same report, read by the shipped rules."""
    session = Session(form, rules)
    table = form.section("requests").table
    assert table is not None
    report = edits.fill_blanks(blank_report(form, 2025), table.cells)
    report = report.with_entries({PERSON: 62, FORWARD_PERSON: 4})
    session.begin(report.with_section(KEY, "2025年共收到政府信息公开申请６８件，上年结转4件。"))
    page = ProsePage(session, KEY)
    show(page, qtbot)
    yield page
    page.hide()


def test_a_slip_is_found_mended_in_its_manner_and_then_the_same(shipped: ProsePage) -> None:
    assert looks(shipped) == [("６８", "different"), ("4", "same")]
    click(shipped, "６８")
    assert buttons(popover(shipped))[0] == "改成表中的数 ６２"
    popover(shipped).buttons[0].click()
    assert looks(shipped) == [("６２", "same"), ("4", "same")]
    assert not shipped.session.findings.count(Severity.QUERY, KEY)


def test_a_slip_in_the_prose_is_walked_to_and_explained(shipped: ProsePage, qtbot: QtBot) -> None:
    session = shipped.session
    session.in_view.goto.connect(lambda anchor: shipped.go_to(anchor) if anchor.page == KEY else None)
    for _ in range(len(session.findings.findings)):
        session.in_view.step(1)
        if shipped.editor.textCursor().selectedText() == "６８":
            break
    assert shipped.editor.textCursor().selectedText() == "６８"
    qtbot.waitUntil(lambda: shipped.numbers.popover is not None and shipped.numbers.popover.isVisible())
    popover(shipped).buttons[-1].click()
    line = popover(shipped).reason
    assert line is not None
    line.setText("含口头申请六件")
    press(line, Qt.Key.Key_Return)
    assert ("６８", "explained") in looks(shipped)


def test_what_is_typed_naturally_can_follow(shipped: ProsePage) -> None:
    editor, session = shipped.editor, shipped.session
    put_caret(editor, len(editor.text()))
    type_text(editor, "\n全年新收政府信息公开申请62件")
    assert shipped.numbers.chip is not None
    assert shipped.numbers.chip.isVisible()
    press(editor, Qt.Key.Key_Tab)
    assert bound(session) == ["62"]
    session.edit(session.report.with_entry(PERSON, 63), "填表")
    assert prose(session).endswith("全年新收政府信息公开申请63件")
    session.undo()
    assert prose(session).endswith("全年新收政府信息公开申请62件")
