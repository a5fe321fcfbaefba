"""A clerk who knows Excel works in the tables: keys, mouse, typing, the clipboard, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Event

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Cell, Form
from gxeditor.core.report import Entry, Final, Report, blank_report
from gxeditor.ui.editor.clipboard import Copied, blank_mime_data
from gxeditor.ui.editor.table.grid import GridView
from gxeditor.ui.look import theme
from gxeditor.ui.look.tasks import Task, stop_all
from gxeditor.ui.session import HELD, Session
from tests.dialogs import press as press_button
from tests.dialogs import within, words
from tests.window import settled

NO = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key

PERSON, COMPANY, RESEARCH = (f"requests.received.{who}" for who in ("natural_person", "company", "research"))
OTHER, TOTAL = "requests.received.other_organization", "requests.received.total"
FORWARD = "requests.brought_forward.natural_person"
FORWARD_COMPANY = "requests.brought_forward.company"
GRANTED = "requests.handled.granted.natural_person"
CARRIED = "requests.carried_forward.natural_person"
LAST = "requests.carried_forward.total"
COLUMNS = (
    "natural_person",
    "company",
    "research",
    "public_interest",
    "legal_service",
    "other_organization",
    "total",
)


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
def light(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "light")


@pytest.fixture
def session(form: Form, rules: tuple[Rule, ...]) -> Session:
    """A new, blank report."""
    session = Session(form, rules)
    session.begin(blank_report(form, 2022))
    return session


@pytest.fixture
def filled(session: Session) -> Session:
    session.begin(zeros(session.form))
    return session


def show(
    session: Session, qtbot: QtBot, key: str = "requests", size: tuple[int, int] = (1314, 545)
) -> GridView:
    table = session.form.section(key).table
    assert table is not None
    view = GridView(session, table)
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


def press(*keys: Qt.Key, held: Qt.KeyboardModifier = NO) -> None:
    """Presses keys in whatever has the focus."""
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, held)


def write(text: str) -> None:
    for character in text:
        focus = QApplication.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, Key(0), NO, character))


def enter(text: str) -> None:
    write(text)
    press(Key.Key_Return)


def here(view: GridView) -> str:
    cell = view.current_cell()
    return cell.id if cell is not None else ""


def selected(view: GridView) -> list[str]:
    return [cell.id for cell in view.selected_cells()]


def middle(view: GridView, cell: str) -> QPoint:
    return view.visualRect(view.model_.index(*view.model_.where[cell])).center()


def mouse(
    view: GridView, kind: QEvent.Type, at: QPoint, held: Qt.KeyboardModifier = NO, button: str = "LeftButton"
) -> None:
    pressed = Qt.MouseButton[button]
    none = Qt.MouseButton.NoButton
    moving, released = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
    place = QPointF(at)
    event = QMouseEvent(
        kind,
        place,
        QPointF(view.viewport().mapToGlobal(at)),
        none if moving else pressed,
        none if released else pressed,
        held,
    )
    QApplication.sendEvent(view.viewport(), event)


def click(view: GridView, cell: str, held: Qt.KeyboardModifier = NO) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, middle(view, cell), held)
    mouse(view, QEvent.Type.MouseButtonRelease, middle(view, cell), held)


def drag(view: GridView, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = NO) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, start, held)
    for i in range(1, 11):
        mouse(view, QEvent.Type.MouseMove, start + (end - start) * (i / 10), held)
    mouse(view, QEvent.Type.MouseButtonRelease, end, held)


def said(view: GridView) -> list[str]:
    """What the table tells from now on."""
    told: list[str] = []
    view.told.connect(told.append)
    return told


def put(session: Session, entries: dict[str, Entry | None]) -> None:
    session.edit(session.report.with_entries(entries), "填写")


def cell(session: Session, cell_id: str) -> Cell:
    return session.form.cells[cell_id]


# --- moving


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        (Key.Key_Right, PERSON, COMPANY),
        (Key.Key_Left, COMPANY, PERSON),
        (Key.Key_Down, PERSON, FORWARD),
        (Key.Key_Up, FORWARD, PERSON),
        (Key.Key_Up, PERSON, PERSON),
        (Key.Key_Left, PERSON, PERSON),
        (Key.Key_Right, TOTAL, TOTAL),
        (Key.Key_Down, CARRIED, CARRIED),
        (Key.Key_Return, PERSON, FORWARD),
        (Key.Key_Enter, PERSON, FORWARD),
        (Key.Key_Return, CARRIED, CARRIED),
        (Key.Key_Tab, PERSON, COMPANY),
        (Key.Key_Tab, TOTAL, FORWARD),
        (Key.Key_Tab, LAST, PERSON),
        (Key.Key_Backtab, COMPANY, PERSON),
        (Key.Key_Backtab, FORWARD, TOTAL),
        (Key.Key_Home, TOTAL, PERSON),
        (Key.Key_End, PERSON, TOTAL),
        (Key.Key_PageDown, PERSON, CARRIED),
        (Key.Key_PageUp, LAST, TOTAL),
    ],
)
def test_a_key_moves_as_in_excel(view: GridView, key: Qt.Key, start: str, end: str) -> None:
    view.go_to(start)
    press(key)
    assert here(view) == end
    assert selected(view) == [end]


@pytest.mark.parametrize(
    ("key", "end"),
    [
        (Key.Key_Right, "requests.handled.granted.total"),
        (Key.Key_Left, "requests.handled.granted.natural_person"),
        (Key.Key_Up, "requests.received.research"),
        (Key.Key_Down, "requests.carried_forward.research"),
        (Key.Key_Home, PERSON),
        (Key.Key_End, LAST),
    ],
)
def test_control_and_a_key_lead_to_the_edge_of_an_empty_table(view: GridView, key: Qt.Key, end: str) -> None:
    view.go_to("requests.handled.granted.research")
    press(key, held=CTRL)
    assert here(view) == end


def test_control_and_an_arrow_stop_where_figures_end_and_begin(session: Session, view: GridView) -> None:
    put(session, {PERSON: 1, FORWARD: 1, GRANTED: 1, CARRIED: 1})
    view.go_to(PERSON)
    stops = []
    for _ in range(3):
        press(Key.Key_Down, held=CTRL)
        stops.append(here(view))
    assert stops == [GRANTED, CARRIED, CARRIED]


def test_shift_and_enter_go_up(view: GridView) -> None:
    view.go_to(FORWARD)
    press(Key.Key_Return, held=SHIFT)
    assert here(view) == PERSON


def test_enter_after_tab_goes_back_to_the_column_where_tabbing_began(view: GridView) -> None:
    view.go_to(COMPANY)
    press(Key.Key_Tab, Key.Key_Tab, Key.Key_Return)
    assert here(view) == FORWARD_COMPANY


def test_enter_after_tab_goes_back_also_when_every_cell_was_typed_in(
    session: Session, view: GridView
) -> None:
    """The way a clerk copies a paper form: row by row."""
    for row in ("received", "brought_forward"):
        for figure in "12345":
            write(figure)
            press(Key.Key_Tab)
        enter("6")
        typed = [session.report.value(f"requests.{row}.{who}") for who in COLUMNS]
        assert typed == [1, 2, 3, 4, 5, 6, 21]
    assert here(view) == GRANTED


def test_an_arrow_ends_tabbing(view: GridView) -> None:
    press(Key.Key_Tab, Key.Key_Tab, Key.Key_Left, Key.Key_Return)
    assert here(view) == FORWARD_COMPANY


@pytest.mark.parametrize("key", ["proactive", "requests", "disputes"])
def test_every_cell_can_be_reached_and_filled_with_the_keyboard(
    session: Session, qtbot: QtBot, key: str
) -> None:
    view = show(session, qtbot, key)
    for i in range(len(view.table.cells)):
        write(str(i))
        press(Key.Key_Tab)
    numbers = [session.report.entries.get(cell.id) for cell in view.table.cells]
    assert sorted(int(str(number)) for number in numbers) == list(range(len(view.table.cells)))


def test_moving_down_passes_over_the_headings_inside_table_two(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, "proactive")
    view.go_to("proactive.normative_documents.in_force")
    press(Key.Key_Down)
    assert here(view) == "proactive.licensing.decisions"
    press(Key.Key_Right)
    assert here(view) == "proactive.licensing.decisions"


def test_page_down_moves_by_what_is_in_view(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, size=(1314, 260))
    press(Key.Key_PageDown)
    shown = (260 - view.horizontalHeader().height()) // view.measures.row
    assert view.currentIndex().row() == shown
    assert view.viewport().rect().contains(middle(view, here(view)))


# --- selecting


def test_shift_and_arrows_extend_and_the_current_cell_stays(view: GridView) -> None:
    view.go_to(PERSON)
    press(Key.Key_Right, Key.Key_Down, held=SHIFT)
    assert selected(view) == [PERSON, COMPANY, FORWARD, FORWARD_COMPANY]
    assert here(view) == PERSON
    press(Key.Key_Left, held=SHIFT)
    assert selected(view) == [PERSON, FORWARD]


@pytest.mark.parametrize(
    ("key", "held", "count"),
    [
        (Key.Key_End, SHIFT, 7),
        (Key.Key_End, SHIFT | CTRL, 175),
        (Key.Key_Down, SHIFT | CTRL, 25),
        (Key.Key_PageDown, SHIFT, 25),
        (Key.Key_A, CTRL, 175),
    ],
)
def test_shift_extends_as_far_as_the_key_would_lead(
    view: GridView, key: Qt.Key, held: Qt.KeyboardModifier, count: int
) -> None:
    view.go_to(PERSON)
    press(key, held=held)
    assert len(selected(view)) == count
    assert here(view) == PERSON


def test_dragging_selects_and_the_current_cell_is_where_it_began(view: GridView) -> None:
    drag(view, middle(view, PERSON), middle(view, FORWARD_COMPANY))
    assert selected(view) == [PERSON, COMPANY, FORWARD, FORWARD_COMPANY]
    assert here(view) == PERSON


def test_a_click_with_shift_extends_and_one_with_control_adds(view: GridView) -> None:
    click(view, PERSON)
    click(view, FORWARD, SHIFT)
    click(view, CARRIED, CTRL)
    assert selected(view) == [PERSON, FORWARD, CARRIED]


def test_a_selection_cuts_through_no_merged_cell(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, "proactive")
    view.go_to("proactive.licensing.decisions")
    press(Key.Key_Up, held=SHIFT)
    assert selected(view) == [
        "proactive.normative_documents.issued",
        "proactive.normative_documents.repealed",
        "proactive.normative_documents.in_force",
        "proactive.licensing.decisions",
    ]


def test_a_heading_selects_its_cells_and_makes_the_first_the_current_one(view: GridView) -> None:
    view.horizontalHeader().chosen.emit(1, 5, False)  # type: ignore[attr-defined]
    assert len(selected(view)) == 5 * 25
    assert here(view) == COMPANY
    view.verticalHeader().chosen.emit(1, 1, False)  # type: ignore[attr-defined]
    assert len(selected(view)) == 7
    view.verticalHeader().chosen.emit(0, 0, True)  # type: ignore[attr-defined]
    assert len(selected(view)) == 14
    assert here(view) == FORWARD


def test_the_corner_selects_the_whole_table(view: GridView, qtbot: QtBot) -> None:
    QTest.mouseClick(view._corner, Qt.MouseButton.LeftButton)
    assert len(selected(view)) == 175


def test_enter_and_tab_go_round_inside_a_selection(session: Session, view: GridView) -> None:
    drag(view, middle(view, PERSON), middle(view, FORWARD_COMPANY))
    for figure in "1234":
        enter(figure)
    assert [session.report.value(c) for c in (PERSON, FORWARD, COMPANY, FORWARD_COMPANY)] == [1, 2, 3, 4]
    assert here(view) == PERSON
    press(Key.Key_Tab)
    assert here(view) == COMPANY
    assert len(selected(view)) == 4


def test_the_status_bar_gets_sum_count_and_mean(session: Session, view: GridView, qtbot: QtBot) -> None:
    put(session, {PERSON: 30, FORWARD: 1, GRANTED: "/"})
    view.go_to(PERSON)
    with qtbot.waitSignal(view.figures) as got:
        press(Key.Key_Down, held=SHIFT)
    assert got.args == ["求和 31　计数 2　平均 15.5"]
    with qtbot.waitSignal(view.figures) as got:
        press(Key.Key_Down, held=SHIFT)
    assert got.args == ["求和 31　计数 3　平均 15.5"]
    with qtbot.waitSignal(view.figures) as got:
        view.go_to(GRANTED)
    assert got.args == ["计数 1"]
    with qtbot.waitSignal(view.figures) as got:
        view.go_to(CARRIED)
    assert got.args == [""]


def test_the_mean_is_rounded_as_in_school(session: Session, view: GridView, qtbot: QtBot) -> None:
    denied = [c.id for c in view.table.cells if ".denied." in c.id and c.id.endswith(".natural_person")]
    put(session, {**dict.fromkeys(denied, 0), denied[0]: 1})
    with qtbot.waitSignals([view.figures] * 2):
        drag(view, middle(view, denied[0]), middle(view, denied[-1]))
    assert view._figures() == "求和 1　计数 8　平均 0.13"


def test_sums_of_money_keep_their_decimals(session: Session, qtbot: QtBot) -> None:
    put(session, {"proactive.fees.amount": Decimal("12.5000")})
    view = show(session, qtbot, "proactive")
    with qtbot.waitSignal(view.figures) as got:
        view.go_to("proactive.fees.amount")
    assert got.args == ["求和 12.5000　计数 1　平均 12.5"]


@pytest.mark.parametrize("digits", [27, 28, 29, 30])
def test_figures_of_very_many_digits_are_added_up_too(
    digits: int, session: Session, view: GridView, qtbot: QtBot
) -> None:
    denied = [c.id for c in view.table.cells if ".denied." in c.id and c.id.endswith(".natural_person")]
    large = 10**digits - 1
    put(session, {denied[0]: large, denied[1]: Decimal("0.25")})
    with qtbot.waitSignals([view.figures] * 2):
        drag(view, middle(view, denied[0]), middle(view, denied[1]))
    assert view._figures().startswith(f"求和 {large}.25　计数 2　平均 ")


def test_the_figures_follow_an_edit(session: Session, view: GridView, qtbot: QtBot) -> None:
    view.go_to(PERSON)
    with qtbot.waitSignal(view.figures) as got:
        put(session, {PERSON: 4})
    assert got.args == ["求和 4　计数 1　平均 4"]


# --- typing


def test_typing_replaces_what_stands_there(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    enter("5")
    assert session.report.value(PERSON) == 5
    assert here(view) == FORWARD


@pytest.mark.parametrize(
    ("key", "end"),
    [(Key.Key_Right, COMPANY), (Key.Key_Down, FORWARD), (Key.Key_Tab, COMPANY), (Key.Key_Left, PERSON)],
)
def test_while_typing_arrows_commit_and_move(session: Session, view: GridView, key: Qt.Key, end: str) -> None:
    write("12")
    press(key)
    assert session.report.value(PERSON) == 12
    assert here(view) == end


def test_after_f2_the_text_is_edited_at_its_end_and_arrows_move_in_it(
    session: Session, view: GridView
) -> None:
    put(session, {PERSON: 30})
    press(Key.Key_F2)
    write("5")
    press(Key.Key_Left, Key.Key_Left)
    write("1")
    press(Key.Key_Up, Key.Key_Down)
    assert view.editor.text() == "3105"
    press(Key.Key_Return)
    assert session.report.value(PERSON) == 3105
    assert here(view) == FORWARD


def test_f2_while_typing_lets_arrows_move_in_the_text(session: Session, view: GridView) -> None:
    write("12")
    press(Key.Key_F2, Key.Key_Left)
    write("9")
    press(Key.Key_Return)
    assert session.report.value(PERSON) == 192


def test_a_double_click_edits(session: Session, view: GridView) -> None:
    put(session, {FORWARD: 7})
    click(view, FORWARD)
    mouse(view, QEvent.Type.MouseButtonDblClick, middle(view, FORWARD))
    assert view.editor.text() == "7"
    enter("1")
    assert session.report.value(FORWARD) == 71


def test_escape_gives_the_old_value_back(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    write("99")
    press(Key.Key_Escape)
    assert session.report.value(PERSON) == 30
    assert not view.editor.isVisible()
    assert view.hasFocus()


def test_delete_clears_and_stays(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30, FORWARD: 1})
    press(Key.Key_Down, held=SHIFT)
    press(Key.Key_Delete)
    assert session.report.value(PERSON) is None
    assert session.report.value(FORWARD) is None
    assert here(view) == PERSON
    session.undo()
    assert session.report.value(PERSON) == 30


def test_backspace_clears_and_edits(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    press(Key.Key_Backspace)
    assert view.editor.isVisible()
    press(Key.Key_Return)
    assert session.report.value(PERSON) is None


def test_control_and_enter_fill_the_selection(session: Session, view: GridView) -> None:
    press(Key.Key_Down, Key.Key_Right, held=SHIFT)
    write("0")
    press(Key.Key_Return, held=CTRL)
    assert [session.report.entries.get(c) for c in (PERSON, COMPANY, FORWARD, FORWARD_COMPANY)] == [
        0,
        0,
        0,
        0,
    ]
    session.undo()
    assert not session.report.entries


def test_an_untouched_edit_is_no_edit(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    steps = len(session.history.steps)
    press(Key.Key_F2, Key.Key_Return)
    assert len(session.history.steps) == steps


def test_one_entry_is_one_step_named_after_its_cell(session: Session, view: GridView) -> None:
    enter("123")
    assert session.history.undo_label == f"填写 {cell(session, PERSON).place}"
    session.undo()
    assert session.report.value(PERSON) is None


@pytest.mark.parametrize(
    ("text", "value"), [("１２", 12), ("1,234", 1234), (" 7 ", 7), ("/", "/"), ("无", "无")]
)
def test_what_means_a_number_or_is_kept_is_taken(
    session: Session, view: GridView, text: str, value: Entry
) -> None:
    enter(text)
    assert session.report.value(PERSON) == value


def test_the_figure_does_not_jump_when_its_editor_opens(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    press(Key.Key_F2)
    margins = view.editor.textMargins()
    rect = view.visualRect(view.currentIndex())
    assert abs(margins.right() - view.laid.right_padding(rect.width(), view.model_.places[0, 0])) <= 4


def test_an_editor_follows_its_cell_when_scrolled_or_zoomed(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, size=(1314, 260))
    write("3")
    view.verticalScrollBar().setValue(15)
    assert view.editor.geometry().topLeft() == view.visualRect(view.currentIndex()).topLeft()
    view.set_density("wide", 1.5)
    rect = view.visualRect(view.currentIndex())
    assert view.editor.geometry().topLeft() == rect.topLeft()
    assert abs(view.editor.height() - rect.height()) <= 1
    press(Key.Key_Return)
    assert session.report.value(PERSON) == 3


# --- composing


def compose(widget: QWidget, preedit: str = "", commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize("text", ["30", "３０"])
def test_digits_from_an_input_method_open_the_editor_and_arrive(
    session: Session, view: GridView, text: str
) -> None:
    compose(view, commit=text)
    assert view.editor.hasFocus()
    press(Key.Key_Return)
    assert session.report.value(PERSON) == 30
    assert here(view) == FORWARD


def test_composing_is_not_broken_off_by_the_editor_that_it_opens(session: Session, view: GridView) -> None:
    """An input method ends its composition, and the first letter is lost, when the focus changes."""
    compose(view, "w")
    assert view.editor.isVisible()
    assert view.hasFocus()
    compose(view, "wu")
    compose(view, commit="无")
    assert view.editor.hasFocus()
    press(Key.Key_Return)
    assert session.report.value(PERSON) == "无"


def test_a_composition_given_up_leaves_the_cell_alone(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    compose(view, "w")
    compose(view)
    assert not view.editor.isVisible()
    press(Key.Key_Return)
    assert session.report.value(PERSON) == 30
    assert here(view) == FORWARD


def test_a_composition_broken_off_by_a_click_replaces_nothing(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    compose(view, "w")
    click(view, CARRIED)
    assert not view.editor.isVisible()
    assert session.report.value(PERSON) == 30
    assert here(view) == CARRIED
    enter("4")
    assert session.report.value(CARRIED) == 4


def test_an_input_method_that_says_nothing_opens_nothing(view: GridView) -> None:
    compose(view)
    assert not view.editor.isVisible()
    assert view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_candidates_stand_at_the_cell(view: GridView) -> None:
    view.go_to(GRANTED)
    cell = view.visualRect(view.currentIndex()).translated(view.viewport().pos())
    assert view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle) == cell
    compose(view, "w")
    cursor = view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    assert isinstance(cursor, QRect)
    assert cell.contains(cursor.center())


def test_escape_ends_a_composition_and_the_next_key_begins_anew(session: Session, view: GridView) -> None:
    """Some input methods let keys through while they compose."""
    compose(view, "w")
    press(Key.Key_Escape)
    assert not view.editor.isVisible()
    write("5")
    assert view.editor.hasFocus()
    press(Key.Key_Down)
    assert session.report.value(PERSON) == 5
    assert here(view) == FORWARD


def test_composing_after_a_refused_entry_goes_on_in_its_editor(session: Session, view: GridView) -> None:
    compose(view, "a")
    compose(view, "a", commit="甲")
    press(Key.Key_Return)
    assert view.editor.refused.isVisible()
    view.editor.selectAll()
    press(Key.Key_Backspace, Key.Key_Return)
    assert session.report.value(PERSON) is None
    assert here(view) == FORWARD


# --- what is refused


def test_a_refused_entry_stays_in_its_editor_with_the_reason(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    enter("12abc")
    assert view.editor.isVisible()
    assert view.editor.refused.text() == "“12abc”不是数字，没有填入。这一格只填整数。"
    assert view.editor.refused.isVisible()
    assert here(view) == PERSON
    assert session.report.value(PERSON) == 30


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Tab, Key.Key_Down, Key.Key_Backtab])
def test_no_key_leaves_a_refused_entry(view: GridView, key: Qt.Key) -> None:
    write("1.5")
    press(key, key)
    assert here(view) == PERSON
    assert view.editor.text() == "1.5"


def test_the_reason_goes_with_the_next_key_and_the_mended_entry_is_taken(
    session: Session, view: GridView
) -> None:
    enter("12a")
    press(Key.Key_Backspace)
    assert not view.editor.refused.isVisible()
    press(Key.Key_Return)
    assert session.report.value(PERSON) == 12


def test_escape_leaves_a_refused_entry_and_gives_the_old_value_back(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    enter("-1")
    press(Key.Key_Escape)
    assert not view.editor.refused.isVisible()
    assert session.report.value(PERSON) == 30
    press(Key.Key_Down)
    assert here(view) == FORWARD


def test_clicking_elsewhere_keeps_a_refused_entry(view: GridView) -> None:
    enter("12abc")
    drag(view, middle(view, CARRIED), middle(view, LAST))
    mouse(view, QEvent.Type.MouseButtonDblClick, middle(view, CARRIED))
    view.verticalHeader().chosen.emit(3, 3, False)  # type: ignore[attr-defined]
    view.selectAll()
    view.go_to(LAST)
    assert here(view) == PERSON
    assert selected(view) == [PERSON]
    assert view.editor.text() == "12abc"
    assert view.editor.hasFocus()


def test_clicking_elsewhere_takes_what_is_typed(session: Session, view: GridView) -> None:
    write("12")
    click(view, CARRIED)
    assert session.report.value(PERSON) == 12
    assert here(view) == CARRIED


def test_another_widget_cannot_take_the_keys_from_a_refused_entry(session: Session, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    table = session.form.section("requests").table
    assert table is not None
    view, field = GridView(session, table), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(view)
    layout.addWidget(field)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    write("12")
    field.setFocus()
    assert session.report.value(PERSON) == 12
    assert field.hasFocus()
    view.setFocus()
    write("12abc")
    field.setFocus()
    assert view.editor.hasFocus()
    assert view.editor.refused.isVisible()


def test_leaving_the_page_takes_what_is_typed(session: Session, view: GridView) -> None:
    write("12")
    view.hide()
    assert session.report.value(PERSON) == 12


def test_leaving_the_page_gives_a_refused_text_up_and_says_so(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    told = said(view)
    enter("12abc")
    view.hide()
    assert told == [f"“12abc”没有填入 {cell(session, PERSON).place}，这一格保持原样。"]
    assert session.report.value(PERSON) == 30
    view.show()
    assert not view.editor.isVisible()


def test_the_reason_stays_inside_the_table_at_its_lower_edge(view: GridView) -> None:
    view.go_to(LAST)
    enter("12abc")
    assert view.rect().contains(view.editor.refused.geometry())
    assert view.editor.refused.geometry().bottom() < view.editor.mapTo(view, QPoint()).y()


# --- undo while typing


def test_control_z_takes_back_typing_first_and_then_the_last_edit(session: Session, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    table = session.form.section("requests").table
    assert table is not None
    view = GridView(session, table)
    window.setCentralWidget(view)
    undo = QAction("撤销", window, shortcut=QKeySequence("Ctrl+Z"))

    def undo_all() -> None:
        view.finish_editing()
        session.undo()

    undo.triggered.connect(undo_all)
    window.addAction(undo)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    enter("30")
    enter("1")
    write("4")
    QTest.keyClick(view.editor, Key.Key_Z, CTRL)
    assert view.editor.text() == ""
    assert view.editor.isVisible()
    QTest.keyClick(view.editor, Key.Key_Z, CTRL)
    assert not view.editor.isVisible()
    assert session.report.entries == {PERSON: 30}
    assert session.history.can_redo
    QTest.keyClick(view, Key.Key_Z, CTRL)
    assert session.report.entries == {}


# --- totals


def test_typing_the_same_number_over_an_automatic_total_makes_it_typed(filled: Session, qtbot: QtBot) -> None:
    view = show(filled, qtbot)
    view.go_to(TOTAL)
    assert filled.report.is_automatic(TOTAL)
    press(Key.Key_F2, Key.Key_Return)
    assert filled.report.is_automatic(TOTAL)
    view.go_to(TOTAL)
    enter("0")
    assert not filled.report.is_automatic(TOTAL)
    put(filled, {PERSON: 5})
    assert filled.report.value(TOTAL) == 0
    assert view.model_.looks[TOTAL].total == "typed"


def test_clearing_a_typed_total_makes_it_automatic_again(filled: Session, qtbot: QtBot) -> None:
    put(filled, {PERSON: 5, TOTAL: 9})
    view = show(filled, qtbot)
    view.go_to(TOTAL)
    press(Key.Key_Delete)
    assert filled.report.value(TOTAL) == 5
    told = said(view)
    press(Key.Key_Delete)
    assert told == ["自动合计由明细相加而来，没有清除。"]


def test_recomputing_from_the_details_is_one_step(filled: Session, qtbot: QtBot) -> None:
    put(filled, {PERSON: 5, TOTAL: 9, LAST: 3})
    view = show(filled, qtbot)
    view.selectAll()
    within(press_button("取消"), view.recompute_selected)
    assert filled.report.value(TOTAL) == 9
    within(press_button("按明细重算"), view.recompute_selected)
    assert filled.report.value(TOTAL) == 5
    assert filled.report.value(LAST) == 0
    assert filled.history.undo_label == "按明细重算"
    filled.undo()
    assert filled.report.value(TOTAL) == 9


@pytest.mark.parametrize("held", [NO, SHIFT, CTRL])
@pytest.mark.parametrize("text", [" ", "\u3000", "\xa0"])
def test_a_space_leaves_every_figure_as_it_is(
    session: Session, view: GridView, held: Qt.KeyboardModifier, text: str
) -> None:
    put(session, {PERSON: 5})
    view.go_to(PERSON)
    before = session.report
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(view, QKeyEvent(kind, Key.Key_Space, held, text))
    press(Key.Key_Return)
    view.go_to(PERSON)
    write(text)
    press(Key.Key_Return)
    assert session.report is before
    assert view.editor.cell is None


@pytest.mark.parametrize("text", [" ", "\u3000", "  "])
def test_spaces_from_an_input_method_or_in_an_open_cell_blank_nothing(
    session: Session, view: GridView, text: str
) -> None:
    put(session, {PERSON: 5})
    view.go_to(PERSON)
    before = session.report
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(view, event)
    assert view.editor.cell is None
    press(Key.Key_Backspace)
    write(text)
    press(Key.Key_Return)
    assert session.report is before
    view.go_to(PERSON)
    press(Key.Key_Backspace, Key.Key_Return)
    assert session.report.value(PERSON) is None, "who wants a blank cell empties it"


def test_cutting_says_that_it_cut_and_how_much(session: Session, view: GridView) -> None:
    put(session, {PERSON: 5, COMPANY: 6})
    told = said(view)
    view.go_to(PERSON)
    press(Key.Key_Right, held=SHIFT)
    press(Key.Key_X, held=CTRL)
    assert told[-1] == "已剪切 2 格，可以粘贴到别处，也可以撤销。"
    assert session.report.value(PERSON) is None


@pytest.mark.parametrize("answer", ["取消", "改为未填", "保留现在的数"])
def test_pasting_blanks_over_figures_is_asked_about_by_name(
    session: Session, view: GridView, answer: str
) -> None:
    put(session, {PERSON: 5, COMPANY: 6, RESEARCH: 7})
    view.go_to(PERSON)
    before = session.report
    clip(text="1\t\t3")
    seen: list[str] = []

    def act(box: QDialog) -> None:
        seen.append(words(box))
        press_button(answer)(box)

    within(act, lambda: press(Key.Key_V, held=CTRL))
    assert "一、本年新收 · 商业企业" in seen[0]
    figures = [session.report.value(i) for i in (PERSON, COMPANY, RESEARCH)]
    assert figures == {"取消": [5, 6, 7], "改为未填": [1, None, 3], "保留现在的数": [1, 6, 3]}[answer]
    assert (session.report is before) == (answer == "取消")


def test_nothing_to_recompute_is_said(view: GridView) -> None:
    told = said(view)
    view.recompute_selected()
    assert told == ["没有可重算的合计：明细有未填的格，或没有手填的合计。"]


def test_the_context_menu_offers_recomputing_only_for_typed_totals(filled: Session, qtbot: QtBot) -> None:
    view = show(filled, qtbot)
    view.go_to(TOTAL)

    def offered() -> bool:
        menu = view.context_menu()
        return next(action for action in menu.actions() if action.text() == "按明细重算").isEnabled()

    assert not offered()
    put(filled, {TOTAL: 9})
    assert offered()


# --- the clipboard


def clip(text: str = "", html: str = "") -> None:
    data = blank_mime_data()
    if text:
        data.setText(text)
    if html:
        data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)


def clipped() -> QMimeData:
    return QGuiApplication.clipboard().mimeData()


def printed(form: Form, key: str) -> str:
    """A whole table as LibreOffice puts it on the clipboard: merged headings, and in each cell its number."""
    table = form.section(key).table
    assert table is not None
    numbers = {cell.id: str(i) for i, cell in enumerate(table.cells)}
    rows = [""] * table.grid().rows
    for place in table.grid().places:
        text = numbers[place.cell.id] if place.cell else place.text
        rows[place.row] += (
            f'<td rowspan="{place.row_span}" colspan="{place.column_span}" align="left" valign="middle">'
            f'<font face="宋体">{text}</font></td>\n'
        )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<!DOCTYPE html><html><head><title></title></head><body><table border="0">{body}</table></body></html>'


def test_a_range_is_copied_as_tsv_and_as_html(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30, COMPANY: 0, FORWARD: "/"})
    drag(view, middle(view, PERSON), middle(view, FORWARD_COMPANY))
    told = said(view)
    press(Key.Key_C, held=CTRL)
    assert clipped().text() == "30\t0\r\n/\t\r\n"
    assert clipped().html().replace("\n", "").count("<td>") == 4
    assert told == ["已复制 4 格。"]


def test_what_was_copied_comes_back_by_pasting(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30, COMPANY: 0, FORWARD: "/"})
    drag(view, middle(view, PERSON), middle(view, FORWARD_COMPANY))
    press(Key.Key_C, held=CTRL)
    view.go_to("requests.handled.granted.research")
    press(Key.Key_V, held=CTRL)
    granted, partial = "requests.handled.granted.", "requests.handled.partially_granted."
    pasted = [session.report.value(row + who) for row in (granted, partial) for who in COLUMNS[2:4]]
    assert pasted == [30, 0, "/", None]
    assert len(selected(view)) == 4


def test_cutting_copies_and_clears_as_one_step(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30})
    press(Key.Key_X, held=CTRL)
    assert clipped().text() == "30\r\n"
    assert session.report.value(PERSON) is None
    assert session.history.undo_label == "剪切"


def test_cells_that_do_not_stand_together_are_not_copied(session: Session, view: GridView) -> None:
    put(session, {PERSON: 30, CARRIED: 4})
    click(view, PERSON)
    click(view, CARRIED, CTRL)
    told = said(view)
    press(Key.Key_X, held=CTRL)
    assert told == ["选中的格不是连成一块的，没有复制。"]
    assert session.report.value(PERSON) == 30


@pytest.mark.parametrize("key", ["proactive", "requests", "disputes"])
def test_a_whole_merged_table_is_pasted_by_its_labels(session: Session, qtbot: QtBot, key: str) -> None:
    view = show(session, qtbot, key)
    view.go_to(view.table.cells[-1].id)
    clip("ignored", printed(session.form, key))
    told = said(view)
    press(Key.Key_V, held=CTRL)
    numbers = [session.report.entries.get(cell.id) for cell in view.table.cells]
    assert [int(str(number)) for number in numbers] == list(range(len(numbers)))
    headings = sum(1 for place in view.model_.grid.places if place.kind != "cell")
    assert told[0].startswith(f"已粘贴 {len(numbers)} 格，跳过 ")
    skipped = int(told[0].split("跳过 ")[1].split(" ")[0])
    assert headings - 6 <= skipped <= headings
    assert session.history.undo_label == "粘贴"


def test_a_table_of_another_section_is_offered_to_it_before_anything_changes(
    session: Session, view: GridView
) -> None:
    clip(html=printed(session.form, "disputes"))
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert not session.report.entries
    assert told == ["没有粘贴：复制的是表四，这里是表三。请到“四 复议诉讼”粘贴。"]
    (left,) = session.unfilled
    assert (left.offer, len(left.texts)) == ("填到表四", 15)


def test_several_tables_are_pasted_together_where_one_of_them_stands(
    session: Session, view: GridView
) -> None:
    clip(html=printed(session.form, "requests") + printed(session.form, "disputes"))
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert session.report.entries["disputes.reconsideration.corrected"] == 1
    assert "按表头填在表三、表四" in told[0]


def test_figures_alone_are_pasted_from_the_current_cell_on(session: Session, view: GridView) -> None:
    view.go_to(COMPANY)
    clip("1\t2\r\n3\t４\r\n")
    told = said(view)
    press(Key.Key_V, held=CTRL)
    cells = (COMPANY, RESEARCH, FORWARD_COMPANY, "requests.brought_forward.research")
    assert [session.report.value(c) for c in cells] == [1, 2, 3, 4]
    assert told == ["已粘贴 4 格。"]
    assert selected(view) == list(cells)


def test_figures_below_headings_the_form_does_not_know_are_not_pasted_by_position(
    session: Session, view: GridView
) -> None:
    clip("张三\t李四\r\n1\t2\r\n3\t4\r\n")
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert not session.report.entries
    assert told[0].startswith("没有粘贴：“张三”不是表中的行名或栏名。")


def test_a_single_value_fills_the_selection(session: Session, view: GridView) -> None:
    drag(view, middle(view, PERSON), middle(view, FORWARD_COMPANY))
    clip("0")
    press(Key.Key_V, held=CTRL)
    assert dict(session.report.entries) == {PERSON: 0, COMPANY: 0, FORWARD: 0, FORWARD_COMPANY: 0}


def test_a_row_fills_every_selected_row(session: Session, view: GridView) -> None:
    view.verticalHeader().chosen.emit(0, 2, False)  # type: ignore[attr-defined]
    clip("\t".join("1234567") + "\r\n")
    press(Key.Key_V, held=CTRL)
    for row in ("received", "brought_forward", "handled.granted"):
        assert [session.report.value(f"requests.{row}.{who}") for who in COLUMNS] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1\t2\t3\r\n", "复制的是 1 行 3 列，从“一、本年新收 · 其他组织”起放不下，有 1 个数落在格子外"),
        ("1\r\n" * 26, "复制的是 26 行 1 列"),
        ("1\t2\r\n3\r\n", "各行的数不一样多"),
        ("1\t2\r\n\r\n3\t4\r\n", "各行的数不一样多"),
    ],
)
def test_figures_that_do_not_fit_change_nothing_and_it_is_said(
    session: Session, view: GridView, text: str, reason: str
) -> None:
    view.go_to(OTHER)
    clip(text)
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert not session.report.entries
    assert reason in told[0]
    assert session.unfilled[0].reason in told[0]


def test_a_blank_line_clears_nothing(filled: Session, view: GridView) -> None:
    put(filled, {FORWARD: 5})
    view.go_to(PERSON)
    clip("1\r\n\r\n2\r\n3\r\n\r\n")
    press(Key.Key_V, held=CTRL)
    assert [filled.report.value(c) for c in (PERSON, FORWARD, GRANTED)] == [1, 5, 2]


def test_what_is_no_number_is_left_out_and_said(session: Session, view: GridView) -> None:
    put(session, {COMPANY: 8})
    clip("1\t1.5\t3\r\n")
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert [session.report.value(c) for c in (PERSON, COMPANY, RESEARCH)] == [1, 8, 3]
    assert told[-1].startswith("已粘贴 2 格，1 格没有填入，保持原样：“1.5”不是整数")


def test_what_was_refused_keeps_an_outline_until_its_cell_is_looked_at(
    session: Session, view: GridView
) -> None:
    clip("1\t46件\t2.0\t五\r\n")
    press(Key.Key_V, held=CTRL)
    places = [(item.cells, item.offer) for item in session.unfilled]
    assert places == [
        ((COMPANY,), "填 46"),
        ((RESEARCH,), "填 2"),
        (("requests.received.public_interest",), ""),
    ]
    assert view.laid.unfilled == {COMPANY, RESEARCH, "requests.received.public_interest"}
    press(Key.Key_Right)
    assert here(view) == COMPANY
    assert view.laid.unfilled == {RESEARCH, "requests.received.public_interest"}
    assert len(session.unfilled) == 3
    put(session, {RESEARCH: 2})
    assert view.laid.unfilled == {"requests.received.public_interest"}
    assert [item.cells for item in session.unfilled] == [(COMPANY,), ("requests.received.public_interest",)]


def test_a_single_refused_text_outlines_the_current_cell(session: Session, view: GridView) -> None:
    clip("46件")
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert not session.report.entries
    assert told == ["没有粘贴，1 格没有填入，保持原样：“46件”不是数字，没有填入。这一格只填整数。"]
    assert view.laid.unfilled == {PERSON}


def test_a_row_whose_figures_cannot_be_told_apart_is_outlined_with_the_reason(
    session: Session, view: GridView
) -> None:
    rows = [
        "一、本年新收政府信息公开申请数量\t1\t2\t3\t4\t5\t6\t21",
        "二、上年结转政府信息公开申请数量\t1\t0",
    ]
    clip("\r\n".join(rows))
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert [session.report.value(f"requests.received.{who}") for who in COLUMNS] == [1, 2, 3, 4, 5, 6, 21]
    assert "有 1 处没有认出：表三 · 二行：这一行有 2 个数，表格有 7 列" in told[0]
    assert view.laid.unfilled == {f"requests.brought_forward.{who}" for who in COLUMNS}


def test_pasting_goes_over_the_headings_inside_table_two(session: Session, qtbot: QtBot) -> None:
    view = show(session, qtbot, "proactive")
    clip("1\t2\t3\r\n4\t5\t6\r\n7\r\n8\r\n9\r\n0.5\r\n")
    press(Key.Key_V, held=CTRL)
    values = [session.report.value(cell.id) for cell in view.table.cells]
    assert values == [1, 2, 3, 4, 5, 6, 7, 8, 9, Decimal("0.5")]


@pytest.mark.parametrize("text", ["", "没有数字的一句话"])
def test_a_clipboard_without_figures_is_said(session: Session, view: GridView, text: str) -> None:
    clip(text)
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert told == ["剪贴板里没有可以粘贴的数字。"]
    assert not session.report.entries


def test_labels_without_a_figure_clear_nothing(filled: Session, view: GridView) -> None:
    before = dict(filled.report.entries)
    clip("（本列数据的勾稽关系为：第一项加第二项之和）\r\n\r\n申请人情况\r\n\r\n自然人\r\n\r\n总计\r\n\r\n")
    told = said(view)
    press(Key.Key_V, held=CTRL)
    assert told == ["剪贴板里没有可以粘贴的数字。"]
    assert dict(filled.report.entries) == before


def test_a_row_copied_cell_by_cell_goes_to_its_row(session: Session, view: GridView) -> None:
    clip("二、上年结转政府信息公开申请数量\r\n\r\n" + "\r\n\r\n".join("1234567") + "\r\n")
    press(Key.Key_V, held=CTRL)
    assert [session.report.value(f"requests.brought_forward.{who}") for who in COLUMNS] == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]
    assert len(session.report.entries) == 7


def test_in_an_open_editor_the_clipboard_is_the_text_s(session: Session, view: GridView) -> None:
    """The menu asks the table; what is marked in the editor is meant."""
    put(session, {PERSON: 30})
    press(Key.Key_F2)
    view.editor.selectAll()
    view.cut()
    assert clipped().text() == "30"
    assert view.editor.text() == ""
    view.paste()
    view.editor.selectAll()
    view.copy()
    press(Key.Key_Return)
    assert session.report.value(PERSON) == 30


# --- filling


def test_control_d_takes_the_first_row_down_and_control_r_the_first_column_right(
    session: Session, view: GridView
) -> None:
    put(session, {PERSON: 1, COMPANY: 2})
    drag(view, middle(view, PERSON), middle(view, "requests.handled.granted.company"))
    press(Key.Key_D, held=CTRL)
    assert [session.report.value(c) for c in (FORWARD, FORWARD_COMPANY, GRANTED)] == [1, 2, 1]
    press(Key.Key_R, held=CTRL)
    assert [session.report.value(c) for c in (COMPANY, FORWARD_COMPANY)] == [1, 1]
    assert session.history.undo_label == "向右填充"


def test_a_single_cell_is_filled_from_its_neighbour(session: Session, view: GridView) -> None:
    put(session, {PERSON: 7})
    view.go_to(FORWARD)
    press(Key.Key_D, held=CTRL)
    assert session.report.value(FORWARD) == 7
    view.go_to(COMPANY)
    press(Key.Key_R, held=CTRL)
    assert session.report.value(COMPANY) == 7


def test_filling_keeps_automatic_totals_automatic(filled: Session, qtbot: QtBot) -> None:
    put(filled, {PERSON: 3})
    view = show(filled, qtbot)
    view.verticalHeader().chosen.emit(0, 1, False)  # type: ignore[attr-defined]
    press(Key.Key_D, held=CTRL)
    assert filled.report.value("requests.brought_forward.total") == 3
    assert filled.report.is_automatic("requests.brought_forward.total")


def test_filling_between_units_refuses_what_does_not_fit(session: Session, qtbot: QtBot) -> None:
    put(session, {"proactive.compulsion.decisions": 3})
    view = show(session, qtbot, "proactive")
    view.go_to("proactive.fees.amount")
    press(Key.Key_D, held=CTRL)
    assert session.report.value("proactive.fees.amount") == 3


def handle(view: GridView) -> QPoint:
    return view._handle().center() - QPoint(1, 1)


def test_dragging_the_handle_fills_down_or_to_the_right(session: Session, view: GridView) -> None:
    put(session, {PERSON: 7})
    view.go_to(PERSON)
    drag(view, handle(view), middle(view, GRANTED))
    assert [session.report.value(c) for c in (FORWARD, GRANTED)] == [7, 7]
    assert session.report.value("requests.handled.partially_granted.natural_person") is None
    view.go_to(PERSON)
    drag(view, handle(view), middle(view, RESEARCH) + QPoint(0, 5))
    assert [session.report.value(c) for c in (COMPANY, RESEARCH)] == [7, 7]
    assert session.history.undo_label == "填充"


def test_dragging_the_handle_of_a_block_repeats_it(session: Session, view: GridView) -> None:
    put(session, {PERSON: 1, FORWARD: 2})
    drag(view, middle(view, PERSON), middle(view, FORWARD))
    drag(view, handle(view), middle(view, "requests.handled.denied.state_secret.natural_person"))
    rows = ("handled.granted", "handled.partially_granted", "handled.denied.state_secret")
    assert [session.report.value(f"requests.{row}.natural_person") for row in rows] == [1, 2, 1]


def test_the_handle_shows_that_it_can_be_dragged(view: GridView) -> None:
    mouse(view, QEvent.Type.MouseMove, handle(view), button="NoButton")
    assert view.viewport().cursor().shape() == Qt.CursorShape.CrossCursor
    mouse(view, QEvent.Type.MouseMove, middle(view, CARRIED), button="NoButton")
    assert view.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor


# --- findings, zoom, menu


def test_resting_on_a_cell_asks_for_its_explanation(view: GridView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.hovered) as got:
        mouse(view, QEvent.Type.MouseMove, middle(view, GRANTED), button="NoButton")
    assert got.args is not None
    hovered, rect = got.args
    assert hovered.id == GRANTED
    assert rect == view.rect_on_screen(GRANTED)
    with qtbot.waitSignal(view.hovered) as got:
        QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert got.args == [None, QRect()]


def test_a_click_on_a_marked_cell_pins_its_finding_and_escape_lets_go(filled: Session, qtbot: QtBot) -> None:
    put(filled, {FORWARD: 1})
    view = show(filled, qtbot)
    click(view, FORWARD)
    assert filled.in_view.pinned is filled.findings.by_cell[FORWARD][0]
    press(Key.Key_Escape)
    assert filled.in_view.pinned is None
    click(view, FORWARD)
    click(view, COMPANY)
    assert filled.in_view.pinned is None


def test_jumping_to_a_cell_shows_a_thick_frame_for_a_moment(view: GridView, qtbot: QtBot) -> None:
    view.go_to(GRANTED, flash=True)
    assert view.laid.flashing
    qtbot.waitUntil(lambda: not view.laid.flashing)


def test_the_wheel_with_control_asks_for_another_size(view: GridView, qtbot: QtBot) -> None:
    asked: list[int] = []
    view.zoom_asked.connect(asked.append)
    for delta in (120, -120):
        event = QWheelEvent(
            QPointF(9, 9), QPointF(9, 9), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, CTRL,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)
    assert asked == [1, -1]


def test_the_menu_key_opens_the_menu_at_the_current_cell(
    view: GridView, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    view.go_to(GRANTED)
    opened: list[QPoint] = []
    menu = view.context_menu()
    monkeypatch.setattr(menu, "exec", opened.append)
    monkeypatch.setattr(view, "context_menu", lambda: menu)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(view.viewport(), event)
    assert opened == [view.rect_on_screen(GRANTED).center()]


def test_the_right_button_makes_a_cell_outside_the_selection_the_current_one(view: GridView) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, middle(view, GRANTED), button="RightButton")
    assert here(view) == GRANTED
    drag(view, middle(view, PERSON), middle(view, FORWARD_COMPANY))
    mouse(view, QEvent.Type.MouseButtonPress, middle(view, COMPANY), button="RightButton")
    assert len(selected(view)) == 4


# --- painting


def test_a_digit_repaints_its_cell_alone(
    filled: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = show(filled, qtbot)
    app = QApplication.instance()
    assert app is not None
    app.processEvents()
    painted: list[QRect] = []
    paint = view._painter.paint

    def watch(painter: object, region: object, *edges: object) -> None:
        painted.append(region.boundingRect())  # type: ignore[attr-defined]
        paint(painter, region, *edges)  # type: ignore[arg-type]

    monkeypatch.setattr(view._painter, "paint", watch)
    write("5")
    app.processEvents()
    height = max(rect.height() for rect in painted)
    assert height <= view.measures.row


def test_a_final_report_says_so_whatever_is_done_in_its_tables_and_stays(
    session: Session, view: GridView
) -> None:
    final = Final("2026-01-12", "张三", "0" * 64)
    session.begin(session.report.with_entries({PERSON: 3, TOTAL: 9}).with_finals([final]))
    before = session.report
    view.go_to(PERSON)
    clip(html=printed(session.form, "requests"))
    told = said(view)
    heard: list[str] = []
    session.told.connect(heard.append)
    acts: tuple[Callable[[], None], ...] = (
        lambda: press(Key.Key_V, held=CTRL),
        lambda: press(Key.Key_Delete),
        lambda: press(Key.Key_D, held=CTRL),
        view.recompute_selected,
    )
    for act in acts:
        act()
        assert heard.pop() == HELD
    assert session.report is before
    assert not [one for one in told if one.startswith(("已", "没有", "自动"))]


def test_a_final_table_opens_no_editor_by_key_double_click_or_composition(
    session: Session, view: GridView
) -> None:
    session.rules = ()
    put(session, {PERSON: 3})
    assert session.finalize("张敏", date(2026, 1, 12))
    heard = said(view)
    session.told.connect(heard.append)
    write("7")
    press(Key.Key_F2)
    press(Key.Key_Backspace)
    QApplication.sendEvent(view, QInputMethodEvent("qi", []))
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, NO, middle(view, PERSON))
    assert view.editor.cell is None
    assert set(heard) == {HELD}
    assert session.report.value(PERSON) == 3
    press(Key.Key_Right)
    assert here(view) == COMPANY
    session.reopen(date(2026, 1, 13), "补充附件内容")
    write("8")
    assert view.editor.cell is not None


# --- what is copied may be anything


LONG = "<!--" + "甲" * 70_000 + "-->"
"""Nothing that is seen, and more than is read while the window waits."""


def test_a_large_copy_is_read_beside_the_window_and_put_where_the_selection_was(
    session: Session, view: GridView, qtbot: QtBot
) -> None:
    clip(html=f"{LONG}<table><tr><td>3</td><td>4</td></tr></table>")
    with qtbot.waitSignal(view.told) as said:
        view.paste()
    assert said.args == ["剪贴板里的内容很多，正在读；按 Esc 不再粘贴。"]
    assert session.report.value(FORWARD) is None
    press(Key.Key_Down)  # the window is used meanwhile
    there = view.current_cell()
    qtbot.waitUntil(lambda: session.report.value(PERSON) is not None)
    assert (session.report.value(PERSON), session.report.value(COMPANY)) == (3, 4)
    assert view.current_cell() == there


def test_escape_gives_up_what_is_still_being_read(session: Session, view: GridView, qtbot: QtBot) -> None:
    clip(html=f"{LONG}<table><tr><td>3</td></tr></table>")
    view.paste()
    before = session.report
    with qtbot.waitSignal(view.told) as said:
        press(Key.Key_Escape)
    assert said.args == ["没有粘贴。"]
    stop_all()
    QApplication.processEvents()
    assert session.report is before


def test_what_is_read_for_one_report_is_not_put_into_the_next(
    session: Session, view: GridView, qtbot: QtBot
) -> None:
    clip(html=f"{LONG}<table><tr><td>3</td></tr></table>")
    view.paste()
    session.begin(blank_report(session.form, 2023))
    stop_all()
    QApplication.processEvents()
    assert not session.report.entries


def test_a_copy_without_measure_is_refused_with_its_size(
    session: Session, view: GridView, qtbot: QtBot
) -> None:
    told: list[str] = []
    view.told.connect(told.append)
    clip("1\t" * 11_000_000)
    view.paste()
    qtbot.waitUntil(lambda: len(told) > 1)
    assert told[-1] == "没有粘贴：剪贴板里的内容太多，有 2200 万字。请只复制年报的那张表。"
    assert not session.report.entries


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("\0" * 100, ""),
        ("\ud800\t\udc00", "<table><tr><td>\ud800</td></tr></table>"),
        ("", "\0<table\0><tr><td>\0"),
        ("", "<table><tr><td colspan=99999999 rowspan=99999999>1</td></tr></table>"),
        ("9" * 5_000, ""),
        ("9" * 27 + "\t" + "9" * 31 + "\t1." + "9" * 40, ""),
        ("1e999\tnan\t-inf", ""),
        ("（" * 9_000 + "\t1", ""),
        ("Version:0.9\r\nStartHTML:-1\r\nEndHTML:99999999\r\n", "Version:0.9\r\nStartHTML:-1\r\n<td>"),
    ],
)
def test_no_rubbish_on_the_clipboard_is_more_than_a_sentence(
    session: Session, view: GridView, text: str, html: str
) -> None:
    told: list[str] = []
    view.told.connect(told.append)
    clip(text, html)
    view.paste()
    view.selectAll()
    assert told
    assert "\0" not in told[-1]


def test_wrong_declared_formats_are_no_table(session: Session, view: GridView) -> None:
    told: list[str] = []
    view.told.connect(told.append)
    data = blank_mime_data()
    data.setData("text/html", b"\xff\xfe\x00\xd8")
    data.setData("text/plain", b"\x89PNG\r\n\x1a\n\0\xff")
    data.setData("text/plain;charset=utf-16", b"\xff")
    QGuiApplication.clipboard().setMimeData(data)
    view.paste()
    assert told == ["剪贴板里没有可以粘贴的数字。"]


def test_the_present_cell_stays_in_view_when_the_table_gets_less_room(view: GridView) -> None:
    def is_seen() -> bool:
        return view.viewport().rect().contains(view.visualRect(view.currentIndex()))

    view.go_to(LAST)
    assert is_seen()
    view.resize(700, 240)  # a panel opens beside and another below
    assert is_seen()
    view.verticalScrollBar().setValue(0)
    view.horizontalScrollBar().setValue(0)
    assert not is_seen()
    view.resize(700, 250)  # who has scrolled away to read something is left there
    assert not is_seen()


def test_a_table_that_is_closed_while_the_clipboard_is_read_hears_nothing_of_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    let = Event()

    def waiting(*_: object) -> Task:
        return Task(lambda _: let.wait(20) and None)

    monkeypatch.setattr("gxeditor.ui.editor.table.grid.understood_apart", waiting)
    table = session.form.section("requests").table
    assert table is not None
    view = GridView(session, table)
    view._paste_later(Copied("", "1"), view._box())
    task = view._pasting
    assert task is not None
    ended: list[bool] = []
    task.ended.connect(lambda: ended.append(True))
    view.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    let.set()
    settled(lambda: bool(ended))
