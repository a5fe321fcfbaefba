"""A finding reads as an addition on two sides; a total says why it shows what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.hints import Hint
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.ui.editor.equation import (
    NO_CAUSE,
    TALL,
    WIDE,
    WIDTH,
    Addition,
    EquationPopover,
    Standing,
    explain,
    free_place,
    sum_lines,
    terms_of,
)
from gxeditor.ui.look import theme

PERSON = "requests.received.natural_person"
FORWARD = "requests.brought_forward.natural_person"
COMPANY = "requests.received.company"
TOTAL = "requests.received.total"
AREA = QRect(0, 0, 1366, 640)
ANCHOR = QRect(100, 100, 80, 18)
CARRIED = "requests.carried_forward.natural_person"


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "light")


@pytest.fixture
def popover(qtbot: QtBot) -> Iterator[EquationPopover]:
    parent = QWidget()
    parent.resize(AREA.size())
    qtbot.addWidget(parent)
    parent.show()
    yield EquationPopover(parent)
    parent.close()


def stand(popover: EquationPopover, qtbot: QtBot) -> None:
    """Before the clerk, in a window that has the keys."""
    popover.window().activateWindow()
    qtbot.waitUntil(popover.window().isActiveWindow)
    popover.place_beside(ANCHOR, (), AREA)


def press(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def words(label: QLabel | Addition) -> str:
    return label.text if isinstance(label, Addition) else label.text()


@pytest.fixture
def zeros(form: Form) -> Report:
    """Every cell to be filled by hand holds 0."""
    return blank_report(form, 2022).with_entries(
        {
            cell.id: Decimal("0.0000") if cell.decimals else 0
            for cell in form.cells.values()
            if not cell.is_total
        }
    )


def labels(popover: EquationPopover) -> list[QLabel | Addition]:
    children: Iterable[QWidget] = popover._body.findChildren(QWidget)
    return [child for child in children if isinstance(child, QLabel | Addition)]


def buttons(popover: EquationPopover) -> list[QPushButton]:
    return list(popover._body.findChildren(QPushButton))


class Explained:
    """What a popover says about a cell of a report."""

    def __init__(
        self, popover: EquationPopover, report: Report, rules: tuple[Rule, ...], prior: Report | None = None
    ):
        self.popover, self.report = popover, report
        self.findings = check(report, rules, prior)

    def __call__(self, cell: str, shown: Finding | None = None) -> list[str]:
        explain(self.popover, self.report.form.cells[cell], self.report, self.findings, shown)
        return [words(label) for label in labels(self.popover)]


# --- the lines of a side


def test_a_short_side_lists_every_term() -> None:
    assert terms_of(("甲", "乙"), (3, 0), "＋") == [("＋", "甲", "3"), ("＋", "乙", "0")]


def test_a_missing_term_is_called_blank_and_a_text_is_shown_as_found() -> None:
    assert terms_of(("甲", "乙"), (None, "/"), "－") == [("－", "甲", "未填"), ("－", "乙", "/")]


def test_a_long_side_lists_what_is_not_zero_and_counts_the_rest() -> None:
    names = tuple(f"第{i}项" for i in range(1, 21))
    values: list[Entry | None] = [0] * 20
    values[3], values[7], values[11] = 5, None, "/"
    assert terms_of(names, values, "＋") == [
        ("＋", "第4项", "5"),
        ("＋", "第8项", "未填"),
        ("＋", "第12项", "/"),
        ("", "其余 17 项为 0", ""),
    ]


def test_a_long_side_without_zeros_is_listed_whole() -> None:
    assert len(terms_of(tuple("abcdefghij"), tuple(range(1, 11)), "＋")) == 10


def test_an_amount_keeps_its_decimals() -> None:
    assert terms_of(("收费",), (Decimal("0.5000"),), "＋") == [("＋", "收费", "0.5000")]


# --- a finding


def test_a_balance_shows_both_sides_their_sums_and_the_difference(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    report = zeros.with_entries({PERSON: 30, FORWARD: 1, "requests.handled.granted.natural_person": 30})
    said = Explained(popover, report, rules)(FORWARD)
    assert said == [
        report.form.cells[FORWARD].place, "错误",
        "本列", "一、本年新收 30 ＋ 二、上年结转 1 ＝ 31", "三（七）总计 30 ＋ 四、结转下年度 0 ＝ 30", "差 1",
        NO_CAUSE,
    ]  # fmt: skip
    assert popover.finding is not None
    assert popover.accessibleDescription() == popover.finding.message


def test_a_sum_shows_its_details_and_the_total_and_underlines_the_cell(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    report = zeros.with_entries({"disputes.reconsideration.upheld": 2, "disputes.reconsideration.total": 5})
    said = Explained(popover, report, rules)("disputes.reconsideration.upheld")
    assert said[2:6] == ["本行", "2 ＋ 0 ＋ 0 ＋ 0 ＝ 2", "总计 5", "差 3"]
    assert [label.underlined for label in labels(popover) if isinstance(label, Addition)] == [("2",)]


def test_a_cell_in_two_sums_shows_row_and_column_however_they_are_ordered(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    said = Explained(popover, zeros.with_entries({PERSON: 30, TOTAL: 5}), rules)(PERSON)
    assert [word for word in said if word in ("本行", "本列")] == ["本行", "本列"]
    assert [word for word in said if word.startswith("差 ")] == ["差 25", "差 30"]


def test_of_more_than_eight_terms_those_that_are_zero_are_left_out(
    zeros: Report, rules: tuple[Rule, ...]
) -> None:
    granted, total = "requests.handled.granted.natural_person", "requests.handled.total.natural_person"
    findings = check(zeros.with_entries({granted: 19, total: 47}), rules)
    finding = next(f for f in findings.findings if f.rule.id == "T3-02.natural_person")
    words, right = sum_lines(finding, granted)
    assert "".join(text for text, _ in words) == "19 ＝ 19"
    assert right == "三（七）总计 47"
    assert [text for text, mine in words if mine] == ["19"]
    blank = "requests.handled.partially_granted.natural_person"
    assert (
        "".join(text for text, _ in sum_lines(finding, blank)[0]) == "19 ＋ 0 ＝ 19"
    )  # the cell itself stays


# --- causes and mends


TURNED = Hint("turned", "数字颠倒：12 写成了 21", (PERSON,), "改后本行、本列都相等", "改为 12", {PERSON: 12})
SWAPPED = Hint(
    "swap", "自然人和商业企业填反了", (PERSON, COMPANY), "改后 2 条都相等", "换过来", {PERSON: 0, COMPANY: 21}
)
BARE = Hint("equal", "相差正好等于“其他”", (PERSON,))


def standing(*hints: Hint, place: tuple[int, int] | None = (3, 3)) -> Standing:
    return Standing(hints, place)


def with_hints(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], known: Standing
) -> list[str]:
    report = zeros.with_entries({PERSON: 21, TOTAL: 12})
    explain(popover, report.form.cells[PERSON], report, check(report, rules), None, lambda _: known)
    return [words(label) for label in labels(popover)]


def test_a_cause_says_what_its_mend_does(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    said = with_hints(popover, zeros, rules, standing(TURNED, BARE))
    assert "第 3 处，共 3 处" in said
    at = said.index("可能的原因")
    assert said[at + 2 :] == [
        "数字颠倒：12 写成了 21。",
        "改后本行、本列都相等。",
        "相差正好等于“其他”。",
    ]
    assert [button.text() for button in buttons(popover)] == ["改为 12"]
    assert NO_CAUSE not in said


def test_without_a_cause_it_says_so(popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]) -> None:
    said = with_hints(popover, zeros, rules, standing())
    assert said[-1] == NO_CAUSE
    assert "可能的原因" not in said


def test_what_would_be_too_tall_leaves_out_effects_and_then_causes(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    long = replace(TURNED, effect="改后本行、本列都相等，" * 6)
    with_hints(popover, zeros, rules, standing(*[long] * 3))
    popover.place_beside(ANCHOR, (), AREA)
    assert popover.place_free(ANCHOR, (), [AREA])
    assert popover.height() <= TALL
    assert buttons(popover)


def test_the_keys_go_to_the_first_mend_show_it_and_ask_for_it(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    with_hints(popover, zeros, rules, standing(TURNED, SWAPPED))
    stand(popover, qtbot)
    shown: list[tuple[object, bool]] = []
    popover.previewed.connect(lambda hint, by_keys: shown.append((hint, by_keys)))
    assert popover.take_keys()
    assert shown == [(TURNED, True)]
    with qtbot.waitSignal(popover.mend_asked) as got:
        press(Qt.Key.Key_Return)
    assert got.args == [TURNED]


def test_a_mend_of_several_cells_is_shown_before_it_can_be_done(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    with_hints(popover, zeros, rules, standing(TURNED, SWAPPED))
    stand(popover, qtbot)
    shown: list[object] = []
    asked: list[object] = []
    popover.previewed.connect(lambda hint, _: shown.append(hint))
    popover.mend_asked.connect(asked.append)
    popover.take_keys()
    press(Qt.Key.Key_Down)
    button = QApplication.focusWidget()
    assert isinstance(button, QPushButton)
    assert button.text() == "看改后"
    assert shown == [TURNED, None]
    press(Qt.Key.Key_Return)
    assert button.text() == "换过来"
    assert shown[-1] is SWAPPED
    assert asked == []
    press(Qt.Key.Key_Return)
    assert asked == [SWAPPED]


def test_a_mend_that_was_shown_and_left_has_to_be_shown_again(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    with_hints(popover, zeros, rules, standing(SWAPPED, TURNED))
    stand(popover, qtbot)
    popover.take_keys()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Down)
    assert [button.text() for button in buttons(popover)] == ["看改后", "改为 12"]


def test_the_mouse_on_a_mend_shows_it_and_asks_for_nothing(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    with_hints(popover, zeros, rules, standing(TURNED))
    stand(popover, qtbot)
    shown: list[tuple[object, bool]] = []
    popover.previewed.connect(lambda hint, by_keys: shown.append((hint, by_keys)))
    popover.mend_asked.connect(lambda _: pytest.fail("nothing was pressed"))
    (button,) = buttons(popover)
    place = QPointF(button.rect().center())
    QApplication.sendEvent(button, QEnterEvent(place, place, place))
    QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))
    assert shown == [(TURNED, False), (None, False)]


def test_escape_gives_the_keys_back(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    with_hints(popover, zeros, rules, standing(TURNED))
    stand(popover, qtbot)
    popover.take_keys()
    with qtbot.waitSignal(popover.left):
        press(Qt.Key.Key_Escape)


def test_a_comparison_with_last_year_shows_both_years(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], form: Form
) -> None:
    prior = blank_report(form, 2021).with_entry(CARRIED, 4)
    said = Explained(popover, zeros, rules, prior)(FORWARD)
    assert "核实" in said
    assert {"4", "0"} <= set(said)
    assert said[-4:-2] == ["相差", "4"]


def test_a_finding_without_sides_is_a_sentence(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    explained = Explained(popover, zeros.with_entry(CARRIED, "/"), rules)
    said = explained(CARRIED)
    (finding,) = explained.findings.by_cell[CARRIED]
    assert finding.message in said
    assert "相差" not in said


def test_of_several_findings_the_one_in_view_is_shown_with_its_number(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    report = zeros.with_entries({PERSON: 30}).with_doubts({PERSON: "原文是字母“O”。"})
    explained = Explained(popover, report, rules)
    found = explained.findings.by_cell[PERSON]
    assert [finding.is_equation for finding in found] == [True, False]
    assert "1 / 2　Ctrl+F8 看另一条" in explained(PERSON)
    said = explained(PERSON, shown=found[1])
    assert "2 / 2　Ctrl+F8 看另一条" in said
    assert popover.finding is found[1]
    elsewhere = next(f for f in explained.findings.findings if f not in found)
    assert "1 / 2　Ctrl+F8 看另一条" in explained(PERSON, shown=elsewhere)


def test_clicking_the_popover_pins_its_finding(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    Explained(popover, zeros.with_entry(PERSON, 30), rules)(PERSON)
    with qtbot.waitSignal(popover.pinned) as got:
        QTest.mouseClick(popover, Qt.MouseButton.LeftButton)
    assert got.args == [popover.finding]


# --- a total


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({}, "自动合计，可以直接改填。"),
        ({PERSON: None}, "明细有 1 格未填，填完后自动合计。"),
        ({PERSON: "/"}, "明细有“/”，不是数字，填完后自动合计。"),
        ({TOTAL: 0}, "手填，与明细相同。"),
        ({PERSON: None, TOTAL: 0}, "总计是手填的 0，明细有 1 格未填，没有核对。"),
    ],
)
def test_a_total_says_where_its_figure_comes_from(
    popover: EquationPopover,
    zeros: Report,
    rules: tuple[Rule, ...],
    entries: dict[str, Entry | None],
    said: str,
) -> None:
    assert said in Explained(popover, zeros.with_entries(entries), rules)(TOTAL)
    assert not buttons(popover)


def test_a_typed_total_that_disagrees_can_be_recomputed_from_its_finding(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    Explained(popover, zeros.with_entry(TOTAL, 5), rules)(TOTAL)
    (button,) = buttons(popover)
    assert button.text() == "按明细重算"
    with qtbot.waitSignal(popover.recompute) as got:
        button.click()
    assert got.args == [TOTAL]
    assert not popover.isVisible()


def test_a_typed_total_without_a_rule_about_it_says_both_figures(
    popover: EquationPopover, zeros: Report, form: Form
) -> None:
    popover.show_total(form.cells[TOTAL], zeros.with_entry(TOTAL, 5))
    said = [words(label) for label in labels(popover)]
    assert said == [form.cells[TOTAL].place, "总计是手填的 5，按明细为 0。"]
    assert buttons(popover)


# --- what was not checked


def test_a_blank_cell_of_a_begun_rule_says_why_it_was_not_checked(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    said = Explained(popover, zeros.with_entries({PERSON: 30, FORWARD: None}), rules)(FORWARD)
    # Nothing is known to be wrong, so the title says what should be.
    title = "自然人：第一项加第二项应等于第三项总计加第四项"
    assert said[:7] == [title, "＋", "一、本年新收", "30", "＋", "二、上年结转", "未填"]
    assert "未检查：有 1 格未填。" in said
    assert popover.finding is None


def test_a_blank_cell_of_an_untouched_table_explains_nothing(
    popover: EquationPopover, form: Form, rules: tuple[Rule, ...]
) -> None:
    Explained(popover, blank_report(form), rules)(FORWARD)
    assert popover.cell is None
    assert not popover.isVisible()


def test_a_figure_without_finding_explains_nothing(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    explained = Explained(popover, zeros, rules)
    explained(TOTAL)
    assert popover.cell is not None
    explained(PERSON)
    assert popover.cell is None


def test_what_last_year_left_blank_shows_no_figure_of_this_year_in_its_place(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], form: Form
) -> None:
    report = zeros.with_entries({CARRIED: 77, FORWARD: None})
    findings = check(report, rules, blank_report(form, 2021).with_entry(CARRIED, 5))
    item = next(i for i in findings.unchecked_by_cell[FORWARD] if i.rule.kind == "carry_over")
    popover.show_unchecked(item, report, form.cells[FORWARD])
    said = [words(label) for label in labels(popover)]
    assert "77" not in said
    assert any(word.startswith("未检查：") for word in said)


# --- where it stands


def test_the_nearest_free_place_meets_nothing_that_must_be_seen() -> None:
    row, column = QRect(0, 300, 1300, 20), QRect(600, 60, 98, 570)
    anchor = QRect(600, 300, 98, 20)
    spot = free_place(QSize(388, 200), anchor, [row, column], AREA)
    assert spot is not None
    box = QRect(spot, QSize(388, 200))
    assert AREA.contains(box)
    assert not any(box.intersects(other) for other in (row, column, anchor))
    assert box.left() - column.right() in range(2, 12)  # beside it
    assert 300 - box.bottom() in range(2, 12) or box.top() - 319 in range(2, 12)


def test_where_no_place_is_free_none_is_taken(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    with_hints(popover, zeros, rules, standing(TURNED))
    walls = [QRect(x, 0, 20, 640) for x in range(0, 1360, 300)]
    assert not popover.place_free(QRect(620, 300, 98, 20), walls, [AREA])
    assert not popover.isVisible()


def test_where_the_table_is_full_it_stands_in_the_next_area(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    with_hints(popover, zeros, rules, standing(TURNED))
    table = QRect(0, 0, 1000, 640)
    assert popover.place_free(QRect(620, 300, 98, 20), [table], [table, AREA])
    assert popover.geometry().left() > 1000
    assert popover.width() in range(WIDTH, WIDE + 1)


def test_it_is_as_tall_as_its_words(popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]) -> None:
    with_hints(popover, zeros, rules, standing(TURNED, BARE))
    popover.place_beside(ANCHOR, (), AREA)
    for label in labels(popover):
        assert label.height() >= label.heightForWidth(label.width()), words(label)
        assert popover.rect().contains(QRect(label.mapTo(popover, QPoint()), label.size()))
    tall = popover.height()
    Explained(popover, zeros, rules)("disputes.reconsideration.total")
    popover.place_beside(ANCHOR, (), AREA)
    assert 40 < popover.height() < tall


def test_it_takes_the_colours_of_the_scheme(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qapp: QApplication
) -> None:
    theme.apply_theme(qapp, "dark")
    Explained(popover, zeros.with_entry(PERSON, 30), rules)(PERSON)
    popover.place_beside(ANCHOR, (), AREA)
    image = popover.grab().toImage()
    assert image.pixelColor(5, 5).name().upper() == theme.DARK.tip
    colors = {
        image.pixelColor(x, y).name().upper() for x in range(0, WIDTH, 2) for y in range(image.height())
    }
    assert {theme.DARK.errtint, theme.DARK.edge, theme.DARK.err} <= colors


def test_a_doubt_can_be_ticked_off_from_its_explanation(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qtbot: QtBot
) -> None:
    person = "requests.received.natural_person"
    said = Explained(popover, zeros.with_doubts({person: "原文是字母“O”。按 0 采用。"}), rules)(person)
    assert "一、本年新收 · 自然人：导入时存疑。原文是字母“O”。按 0 采用。" in said
    (button,) = buttons(popover)
    assert button.text() == "看过了"
    with qtbot.waitSignal(popover.seen) as got:
        button.click()
    assert got.args is not None
    assert got.args[0].cells == (person,)
    assert not popover.isVisible()
