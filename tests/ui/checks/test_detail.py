"""One rule beside the list: what may be done with it in each state."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.standing import standings
from gxeditor.ui.checks.detail import Detail
from gxeditor.ui.session import Session
from tests.dialogs import all_of
from tests.ui.checks.conftest import BROUGHT, found


@pytest.fixture
def detail(qtbot: QtBot) -> Detail:
    detail = Detail()
    qtbot.addWidget(detail)
    detail.resize(348, 560)
    detail.show()
    return detail


def show(detail: Detail, session: Session, rule_id: str) -> str:
    """Shows a rule; all that is said of it."""
    lines = standings(session.rules, session.findings)
    line = next(one for one in lines if one.rule.id == rule_id)
    detail.show_line(line, session.report, session.given.off)
    return "\n".join(label.text() for label in all_of(detail.widget(), QLabel))


def test_an_open_query_has_its_figures_its_box_and_its_basis(detail: Detail, session: Session) -> None:
    said = show(detail, session, "Y-01.total")
    assert "不等 · 跨年 · Y-01" in said
    assert "上年年报的结转下年度\n5\n" in said
    assert "相差\n1" in said
    assert "说明和这两个数一起保存：5、4。其中一个变了，这一条会重新打开。" in said
    assert "依据：年度报告格式表三第二项与上年第四项为同一批申请" in said
    assert set(detail.buttons) == {"jump", "save", "cancel", "close", "off"}
    assert not detail.buttons["save"].isEnabled()


def test_an_error_in_a_sum_can_neither_be_explained_nor_closed(detail: Detail, session: Session) -> None:
    session.edit(session.report.with_entry("requests.received.company", 5), "填")
    said = show(detail, session, "T3-01.company")
    assert "这是错误，要改正，不能用说明代替。" in said
    assert "合计和平衡关系不能关闭。" in said
    assert set(detail.buttons) == {"jump"}
    assert not detail.write()


def test_saving_carries_the_reason(detail: Detail, session: Session, qtbot: QtBot) -> None:
    show(detail, session, "Y-01.total")
    assert detail.write()
    assert detail.box is not None
    detail.box.edit.setPlainText("上年数有误")
    with qtbot.waitSignal(detail.explained) as saved:
        detail.buttons["save"].click()
    assert saved.args == ["上年数有误"]


def test_an_explained_one_shows_its_reason_and_can_be_written_anew(detail: Detail, session: Session) -> None:
    session.explain(found(session, "Y-01.total"), "上年数有误，已更正")
    assert "上年数有误，已更正" in show(detail, session, "Y-01.total")
    assert {"rewrite", "withdraw"} <= set(detail.buttons)
    detail.buttons["rewrite"].click()
    assert detail.box is not None
    assert detail.box.edit.toPlainText() == "上年数有误，已更正"
    detail.stop_writing()
    assert detail.box is None


def test_a_reopened_one_says_what_changed_and_what_was_said(detail: Detail, session: Session) -> None:
    session.explain(found(session, "Y-01.total"), "上年数有误，已更正")
    session.edit(session.report.with_entry(f"{BROUGHT}.natural_person", 2), "填")
    said = show(detail, session, "Y-01.total")
    assert "数变了：4 改成 2。" in said
    assert "原来的说明：上年数有误，已更正" in said
    assert {"still", "rewrite"} <= set(detail.buttons)


def test_what_is_not_checked_says_why_and_leads_to_the_cell(detail: Detail, session: Session) -> None:
    assert "没有检查：有 2 格未填。" in show(detail, session, "T4-01.direct_suit")
    assert detail.buttons["jump"].text() == "转到未填的格"


def test_a_closed_one_says_for_which_reports_and_can_be_opened(detail: Detail, session: Session) -> None:
    session.close_rule("E-02", "本省用斜杠")
    assert "这份年报里关闭了这一条：本省用斜杠" in show(detail, session, "E-02")
    assert "reopen" in detail.buttons
    session.reopen_rule("E-02")
    session.recheck(Given(off={"E-02": "本省用斜杠"}))
    assert "所有年报都不检查这一条：本省用斜杠" in show(detail, session, "E-02")
    assert "on" in detail.buttons


def test_a_rule_that_found_nothing_says_how_it_would_speak(detail: Detail, session: Session) -> None:
    said = show(detail, session, "E-04")
    assert "未提出 · 格式和单位 · E-04" in said
    assert "会这样提出：" in said
    assert set(detail.buttons) == {"close", "off"}


def test_a_doubt_is_looked_at_not_explained(detail: Detail, session: Session) -> None:
    session.edit(session.report.with_doubts({f"{BROUGHT}.natural_person": "原文不清。"}), "导入")
    show(detail, session, "E-07")
    assert "seen" in detail.buttons
    assert detail.box is None


def test_nothing_of_it_is_wider_than_its_place(detail: Detail, session: Session) -> None:
    detail.resize(316, 300)
    for rule_id in ("Y-01.total", "T4-01.direct_suit", "T3-02.company", "E-01"):
        show(detail, session, rule_id)
        detail.grab()
        assert detail.widget().width() <= detail.viewport().width()
