"""「按明细重算」: what the question lists before anything changes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from gxeditor.core.edits import recomputed
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.ui.recomputing import ask_recompute, recompute
from gxeditor.ui.session import Session
from tests.dialogs import assert_nothing_is_cut_off, press, within, words

GRANTED = "requests.handled.granted.total"
COLUMN = "requests.handled.total.natural_person"
GRAND = "requests.handled.total.total"


@pytest.fixture
def report(form: Form) -> Report:
    """All 0, but a total of the line 予以公开 that was typed as 98."""
    zeros = {cell.id: 0 for cell in form.cells.values() if not cell.is_total}
    return blank_report(form, 2022).with_entries({**zeros, GRANTED: 98})


def test_each_total_is_listed_by_its_printed_name_with_both_figures(report: Report, qtbot: QtBot) -> None:
    would = recomputed(report, [report.form.cells[GRANTED]])
    seen: list[str] = []

    def look(shown: QDialog) -> None:
        seen.append(words(shown))
        press("取消")(shown)

    assert not within(look, lambda: ask_recompute(None, would))
    (said,) = seen
    assert "1 个手填的合计改为自动" in said
    assert report.form.cells[GRANTED].place in said
    assert "98 → 0" in said
    assert "手填改为自动" in said
    assert_nothing_is_cut_off(lambda: ask_recompute(None, would))


def test_totals_that_only_follow_are_listed_as_such(report: Report, qtbot: QtBot) -> None:
    report = report.with_entry(COLUMN, 7)
    would = recomputed(report, [report.form.cells[COLUMN]])
    assert [cell.id for cell, _, _ in would.changes] == [COLUMN, GRAND]
    seen: list[str] = []

    def look(shown: QDialog) -> None:
        seen.append(words(shown))

    within(look, lambda: ask_recompute(None, would))
    assert "跟着变" in seen[0]


def test_a_typed_total_that_agrees_becomes_automatic_without_a_change(report: Report, qtbot: QtBot) -> None:
    report = report.with_entry(GRANTED, 0)
    seen: list[str] = []

    def look(shown: QDialog) -> None:
        seen.append(words(shown))

    within(look, lambda: ask_recompute(None, recomputed(report, report.form.totals)))
    assert "数不变" in seen[0]


def test_nothing_changes_before_it_is_agreed_to(report: Report, form: Form, qtbot: QtBot) -> None:
    session = Session(form, ())
    session.begin(report)
    told: list[str] = []
    session.told.connect(told.append)
    cells = [form.cells[GRANTED]]
    assert within(press("取消"), lambda: recompute(None, session, cells))
    assert session.report is report
    assert within(press("按明细重算"), lambda: recompute(None, session, cells))
    assert session.report.is_automatic(GRANTED)
    assert told == ["已按明细重算 1 个合计，可以撤销。"]
    assert not recompute(None, session, cells), "nothing is left to ask about"
