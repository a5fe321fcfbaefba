"""A finding reads as an addition on two sides; a total says why it shows what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.ui.editor.equation import WIDTH, EquationPopover, explain, terms_of
from gxeditor.ui.look import theme

PERSON = "requests.received.natural_person"
FORWARD = "requests.brought_forward.natural_person"
TOTAL = "requests.received.total"
CARRIED = "requests.carried_forward.natural_person"


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "light")


@pytest.fixture
def popover(qtbot: QtBot) -> Iterator[EquationPopover]:
    parent = QWidget()
    qtbot.addWidget(parent)
    yield EquationPopover(parent)
    parent.close()


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


def labels(popover: EquationPopover) -> list[QLabel]:
    return list(popover._body.findChildren(QLabel))


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
        return [label.text() for label in labels(self.popover)]


# --- the lines of a side


def test_a_short_side_lists_every_term() -> None:
    assert terms_of(("甲", "乙"), (3, 0), "＋") == [("＋", "甲", "3"), ("＋", "乙", "0")]


def test_a_missing_term_is_called_blank_and_a_text_is_shown_as_found() -> None:
    assert terms_of(("甲", "乙"), (None, "/"), "－") == [("－", "甲", "空"), ("－", "乙", "/")]


def test_a_long_side_lists_what_is_not_zero_and_counts_the_rest() -> None:
    names = tuple(f"第{i}项" for i in range(1, 21))
    values: list[Entry | None] = [0] * 20
    values[3], values[7], values[11] = 5, None, "/"
    assert terms_of(names, values, "＋") == [
        ("＋", "第4项", "5"),
        ("＋", "第8项", "空"),
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
        "自然人：两边不相等", "错误",
        "＋", "一、本年新收", "30", "＋", "二、上年结转", "1", "第一项加第二项", "31",
        "－", "三（七）总计", "30", "－", "四、结转下年度", "0", "第三项总计加第四项", "30",
        "相差", "1",
        "单击固定　F8 下一处", "T3-01",
    ]  # fmt: skip
    assert popover.finding is not None
    assert popover.accessibleDescription() == popover.finding.message


def test_a_sum_shows_its_details_and_the_total(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    report = zeros.with_entries({"disputes.reconsideration.upheld": 2, "disputes.reconsideration.total": 5})
    said = Explained(popover, report, rules)("disputes.reconsideration.upheld")
    assert said[2:6] == ["＋", "结果维持", "2", "＋"]
    assert said[-8:-4] == [said[-8], "2", said[-6], "5"]
    assert said[-4:-2] == ["相差", "3"]
    assert "－" not in said


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
    explained = Explained(popover, zeros.with_entries({PERSON: 30, TOTAL: 5}), rules)
    found = explained.findings.by_cell[PERSON]
    assert len(found) == 2
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
    words = [label.text() for label in labels(popover)]
    assert words == [form.cells[TOTAL].place, "总计是手填的 5，按明细为 0。"]
    assert buttons(popover)


# --- what was not checked


def test_a_blank_cell_of_a_begun_rule_says_why_it_was_not_checked(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]
) -> None:
    said = Explained(popover, zeros.with_entries({PERSON: 30, FORWARD: None}), rules)(FORWARD)
    # Nothing is known to be wrong, so the title says what should be.
    title = "自然人：第一项加第二项应等于第三项总计加第四项"
    assert said[:7] == [title, "＋", "一、本年新收", "30", "＋", "二、上年结转", "空"]
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
    words = [label.text() for label in labels(popover)]
    assert "77" not in words
    assert any(word.startswith("未检查：") for word in words)


# --- where it stands


@pytest.mark.parametrize("row", range(0, 25, 6))
@pytest.mark.parametrize("column", range(7))
def test_it_covers_no_cell_of_its_finding(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], row: int, column: int
) -> None:
    """Four cells of one column, as in 表三 in the middle of the screen, and the mouse on one of them."""
    Explained(popover, zeros.with_entry(PERSON, 30), rules)(PERSON)
    area = QGuiApplication.primaryScreen().availableGeometry()
    size = (area.width() * 7 // 70, area.height() // 40)
    left, top = area.width() // 4, area.height() // 6
    cells = [QRect(left + column * size[0], top + r * size[1], *size) for r in (0, 1, 23, 24)]
    anchor = QRect(left + column * size[0], top + row * size[1], *size)
    popover.place_beside(anchor, cells)
    box = popover.geometry()
    assert area.contains(box)
    assert not box.intersects(anchor)
    assert not any(box.intersects(cell) for cell in cells)
    assert popover.isVisible()
    assert box.width() == WIDTH


def test_it_is_as_tall_as_its_words(popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...]) -> None:
    explained = Explained(popover, zeros.with_entry(PERSON, 30), rules)
    explained(PERSON)
    popover.place_beside(QRect(QPoint(100, 100), QPoint(180, 118)), ())
    for label in labels(popover):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
        assert popover.rect().contains(QRect(label.mapTo(popover, QPoint()), label.size()))
    tall = popover.height()
    explained("disputes.reconsideration.total")
    popover.place_beside(QRect(QPoint(100, 100), QPoint(180, 118)), ())
    assert 60 < popover.height() < tall


def test_it_takes_the_colours_of_the_scheme(
    popover: EquationPopover, zeros: Report, rules: tuple[Rule, ...], qapp: QApplication
) -> None:
    theme.apply_theme(qapp, "dark")
    Explained(popover, zeros.with_entry(PERSON, 30), rules)(PERSON)
    popover.place_beside(QRect(QPoint(100, 100), QPoint(180, 118)), ())
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
