"""The page of a merging: nothing is chosen beforehand, keys answer, and each side says what it would break."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.merge import BASE, BOTH, NO_BASE, OURS, THEIRS, Merged, Own, merge
from gxeditor.core.report import Report, blank_report
from gxeditor.ui.merge.page import MergePage, Said
from tests.dialogs import within
from tests.window import settled

TOTAL = "requests.received.total"
ONE = "requests.received.natural_person"
FORWARD = "requests.brought_forward.natural_person"
BEGAN = "本局全年收到政府信息公开申请82件，均已答复。"
SAID = Said("1月8日 16:20", "甲.gxr", "乙.gxr　1月12日 10:05")


@pytest.fixture
def base(form: Form) -> Report:
    zeros = dict.fromkeys(form.cells[TOTAL].parts, 0)
    report = blank_report(form, 2025).with_fields(agency="松塘县自然资源局").with_section("overview", BEGAN)
    return report.with_entries({**zeros, ONE: 62, TOTAL: 60})


@pytest.fixture
def merged(base: Report) -> Merged:
    """A total and a paragraph that both changed, a figure that theirs alone did."""
    ours = base.with_entry(TOTAL, 62).with_section("overview", BEGAN.replace("均已答复", "办结76件"))
    theirs = base.with_entries({TOTAL: 63, FORWARD: 4}).with_section(
        "overview", BEGAN.replace("均已", "均在法定期限内")
    )
    return merge(base, ours, theirs)


def shown(merged: Merged, rules: tuple[Rule, ...]) -> MergePage:
    page = MergePage(merged, SAID, rules, Given())
    page.resize(1366, 700)
    page.show()
    page.focus_first()
    QApplication.processEvents()
    return page


@pytest.fixture
def page(qapp: QApplication, merged: Merged, rules: tuple[Rule, ...]) -> Iterator[MergePage]:
    page = shown(merged, rules)
    yield page
    page.hide()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def key(
    page: MergePage, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(page.focusWidget() or page, key, modifiers)


def test_nothing_is_chosen_beforehand_and_merging_waits_for_every_answer(page: MergePage) -> None:
    assert page.choices == {}
    assert not any(box.isChecked() for block in page.blocks for box in (block.ours, block.theirs))
    assert not page.merge.isEnabled()
    assert page.sentence.text() == "◆ 还有 2 处没有选，选完才能合并。"
    page.choose(OURS, page.blocks[0])
    assert not page.merge.isEnabled()
    page.choose(THEIRS, page.blocks[1])
    assert page.merge.isEnabled()
    assert page.sentence.text() == ""
    assert page.open_count.text() == "◆ 两边不同 2 处，已选 2 处"


def test_the_counts_are_of_the_merging(page: MergePage) -> None:
    assert page.counts.text() == "本机改了 2 处　　对方改了 3 处　　已合并 1 处"
    assert "从 1月8日 16:20 的同一份原稿分头改的" in page.origin.text()
    assert page.table.rowCount() == 1
    texts = [page.table.item(0, column).text() for column in range(4)]  # type: ignore[union-attr]
    assert texts[1:] == ["对方", "未填", "4"]


def test_the_arrows_answer_and_f8_leads_to_what_is_open(page: MergePage) -> None:
    first, second = page.blocks
    key(page, Qt.Key.Key_Left)
    assert page.choices == {first.conflict.key: OURS}
    assert first.ours.isChecked()
    key(page, Qt.Key.Key_Right)
    assert page.choices == {first.conflict.key: THEIRS}
    assert not first.ours.isChecked()
    key(page, Qt.Key.Key_F8)
    assert page.current is second
    key(page, Qt.Key.Key_Up)
    assert page.current is first
    key(page, Qt.Key.Key_Down)
    key(page, Qt.Key.Key_Left)
    left: list[bool] = []
    page.merged_asked.connect(lambda: left.append(True))
    key(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert left == [True]


def test_b_keeps_both_paragraphs_and_is_no_answer_for_a_figure(page: MergePage) -> None:
    paragraph = next(block for block in page.blocks if block.conflict.paragraph)
    figure = next(block for block in page.blocks if not block.conflict.paragraph)
    page.look_at(figure)
    key(page, Qt.Key.Key_B)
    assert figure.conflict.key not in page.choices
    page.look_at(paragraph)
    key(page, Qt.Key.Key_B)
    assert page.choices[paragraph.conflict.key] == BOTH


def test_the_other_answers_stand_at_the_conflict_that_is_looked_at(page: MergePage) -> None:
    first, second = page.blocks
    page.look_at(second)
    assert all(button.isHidden() for button in first.others)
    assert not any(button.isHidden() for button in second.others)
    next(one for one in second.others if one.text() == "用原稿的").click()
    assert page.choices[second.conflict.key] == BASE


def test_a_paragraph_can_be_written_anew(page: MergePage) -> None:
    paragraph = next(block for block in page.blocks if block.conflict.paragraph)

    def act(box: QDialog) -> None:
        box.edit.setPlainText("自己写的一段。")  # type: ignore[attr-defined]
        box.buttons["take"].click()  # type: ignore[attr-defined]

    within(act, lambda: page.rewrite(paragraph))
    assert page.choices[paragraph.conflict.key] == Own("自己写的一段。")
    assert not paragraph.ours.isChecked()
    report = page.merged.resolve(page.choices)
    assert report.sections["overview"] == "自己写的一段。"


def test_each_side_says_what_it_would_break(page: MergePage) -> None:
    total = next(block for block in page.blocks if block.conflict.key == TOTAL)
    settled(lambda: not total.is_stale)
    assert total.ours.accessibleDescription() == "检查没有多出问题"
    assert "63" in total.theirs.accessibleDescription()


def test_without_a_common_state_it_says_so(qapp: QApplication, base: Report, rules: tuple[Rule, ...]) -> None:
    page = shown(merge(None, base, base.with_entry(ONE, 63)), rules)
    assert NO_BASE in page.origin.text()
    assert page.counts.text() == ""
    assert [button.text() for button in page.blocks[0].others] == []
    page.deleteLater()


def test_without_a_conflict_what_is_taken_is_listed_and_merging_waits_for_nothing(
    qapp: QApplication, base: Report, rules: tuple[Rule, ...]
) -> None:
    page = shown(merge(base, base, base.with_entry(ONE, 63)), rules)
    assert page.merge.isEnabled()
    assert page.table.isVisible()
    page.deleteLater()


def test_many_conflicts_are_drawn_up_by_and_by_and_f8_reaches_the_last(
    qapp: QApplication, form: Form, base: Report, rules: tuple[Rule, ...]
) -> None:
    cells = [cell.id for cell in form.cells.values() if not cell.decimals and not cell.is_total][:60]
    ours = base.with_entries(dict.fromkeys(cells, 1))
    theirs = base.with_entries(dict.fromkeys(cells, 2))
    page = shown(merge(None, ours, theirs), rules)
    count = len(page.merged.conflicts)
    assert len(page.blocks) < count
    key(page, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert len(page.blocks) == count
    assert page.current is page.blocks[-1]
    page.deleteLater()


def test_random_keys_and_clicks_leave_the_page_consistent(page: MergePage) -> None:
    """A hand on the keys: what is chosen is what the boxes show, and nothing else is ever chosen."""
    hand = random.Random(24)
    keys = (
        Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_B, Qt.Key.Key_F8, Qt.Key.Key_Up, Qt.Key.Key_Down,
        Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Home, Qt.Key.Key_PageDown,
    )  # fmt: skip
    for count in range(400):
        wanted = hand.choice(keys)
        modifiers = hand.choice((Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier))
        key(page, wanted, modifiers)
        if count % 7 == 0:
            box = hand.choice([box for block in page.blocks for box in (block.ours, block.theirs)])
            QTest.mouseClick(box, Qt.MouseButton.LeftButton)
        if count % 11 == 0:
            page.show_taken(hand.random() < 0.5)
        if count % 13 == 0:
            page.resize(hand.randint(700, 1600), hand.randint(400, 900))
            QApplication.processEvents()
        assert sum(block.is_current for block in page.blocks) == 1
        for block in page.blocks:
            choice = page.choices.get(block.conflict.key)
            assert (block.ours.isChecked(), block.theirs.isChecked()) == (choice == OURS, choice == THEIRS)
            assert block.is_open == (choice is None)
        assert page.merge.isEnabled() == (len(page.choices) == len(page.blocks))
        page.merged.resolve(page.choices)
