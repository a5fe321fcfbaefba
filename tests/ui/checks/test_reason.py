"""Writing why a finding stands or a rule is closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Rule
from gxeditor.ui.checks.reason import ReasonBox, ask_explanation, ask_to_close
from gxeditor.ui.session import Session
from tests.dialogs import all_of, assert_nothing_is_cut_off, within, word, words
from tests.ui.checks.conftest import BROUGHT, found

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def box(qtbot: QtBot) -> ReasonBox:
    box = ReasonBox("核实说明", (("文件清理", "本年开展了文件清理。"),))
    qtbot.addWidget(box)
    box.show()
    return box


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ""),
        ("三个字", ""),
        ("四个字了", "四个字了"),
        ("　 空白　　", ""),
        (" 前后\n有空白 ", "前后 有空白"),
        ("字" * 200, "字" * 200),
        ("字" * 201, ""),
    ],
)
def test_a_reason_has_four_to_two_hundred_characters(box: ReasonBox, text: str, reason: str) -> None:
    box.edit.setPlainText(text)
    assert box.reason == reason


def test_a_phrase_puts_its_words_where_the_caret_is(box: ReasonBox) -> None:
    box.edit.setPlainText("2025年9月")
    box.edit.moveCursor(box.edit.textCursor().MoveOperation.End)
    box.phrases[0].click()
    assert box.reason == "2025年9月本年开展了文件清理。"


def test_ctrl_enter_saves_only_what_can_be_kept(box: ReasonBox, qtbot: QtBot) -> None:
    box.edit.setPlainText("短")
    with qtbot.assertNotEmitted(box.saved):
        QTest.keyClick(box.edit, Qt.Key.Key_Return, CTRL)
    box.edit.setPlainText("已与台账核对")
    with qtbot.waitSignal(box.saved):
        QTest.keyClick(box.edit, Qt.Key.Key_Return, CTRL)
    with qtbot.waitSignal(box.left):
        QTest.keyClick(box.edit, Qt.Key.Key_Escape)


def write(text: str, verb: str = "") -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        (edit,) = all_of(dialog, QPlainTextEdit)
        edit.setPlainText(text)
        if verb:
            next(b for b in all_of(dialog, QPushButton) if word(b) == verb).click()
        else:
            QTest.keyClick(edit, Qt.Key.Key_Return, CTRL)

    return act


@pytest.mark.parametrize("verb", ["保存说明", ""])
def test_a_query_is_explained_where_the_clerk_is(session: Session, verb: str) -> None:
    finding = found(session, "Y-01.total")
    assert within(write("上年数有误，已更正", verb), lambda: ask_explanation(None, session, finding))
    explained = found(session, "Y-01.total")
    assert explained.is_explained
    assert explained.explanation is not None
    assert explained.explanation.values == ("5", "4")


def test_what_is_too_short_or_given_up_changes_nothing(session: Session) -> None:
    finding, before = found(session, "Y-01.total"), session.report
    assert not within(write("短", "保存说明"), lambda: ask_explanation(None, session, finding))
    assert not within(write("够长的说明", "取消"), lambda: ask_explanation(None, session, finding))
    assert session.report is before


def test_a_reopened_one_tells_what_changed_and_offers_what_was_said(session: Session) -> None:
    session.explain(found(session, "Y-01.total"), "上年数有误，已更正")
    session.edit(session.report.with_entry(f"{BROUGHT}.natural_person", 2), "填")
    told: list[str] = []

    def look(dialog: QDialog) -> None:
        told.extend((words(dialog), all_of(dialog, QPlainTextEdit)[0].toPlainText()))

    within(look, lambda: ask_explanation(None, session, found(session, "Y-01.total")))
    assert "数变了：4 改成 2。" in told[0]
    assert "原来的说明：上年数有误，已更正" in told[0]
    assert told[1] == "上年数有误，已更正"


def test_nothing_of_the_dialogs_is_cut_off(session: Session, rules: tuple[Rule, ...]) -> None:
    finding = found(session, "Y-02.company")
    assert_nothing_is_cut_off(lambda: ask_explanation(None, session, finding))
    assert_nothing_is_cut_off(lambda: ask_to_close(None, finding.rule, 6, everywhere=False))
    assert_nothing_is_cut_off(lambda: ask_to_close(None, finding.rule, 1, everywhere=True))
