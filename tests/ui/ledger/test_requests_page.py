"""申请: filters, search, what is wrong, and what is said where nothing is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QPushButton

from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.ui.ledger.requests_page import RequestsPage
from gxeditor.ui.ledger.window import LedgerWindow
from gxeditor.ui.look import dialog
from tests.ledger_sample import sample_ledger
from tests.ui.ledger.conftest import Open
from tests.window import settled


@pytest.fixture
def page(window: LedgerWindow) -> RequestsPage:
    return window.requests


def chips(page: RequestsPage) -> list[str]:
    return [chip.text() for chip in page.chips.values() if chip.isVisible()]


def conditions(page: RequestsPage) -> list[QPushButton]:
    found = [page._conditions.itemAt(i).widget() for i in range(page._conditions.count())]
    return [one for one in found if isinstance(one, QPushButton)]


def test_the_filter_row_counts_as_the_picture_does(page: RequestsPage) -> None:
    assert chips(page) == ["全部 87", "未答复 10", "超期 1", "3 个工作日内到期 3", "等补正 1", "已答复 77"]
    assert page.years.currentText() == "2025、2026 年"
    assert [page.years.itemText(i) for i in range(page.years.count())] == [
        "2025、2026 年", "2026 年", "2025 年", "2024 年", "全部年份",
    ]  # fmt: skip


def test_a_chip_lists_its_rows_and_gives_way_to_all(page: RequestsPage) -> None:
    page.chips["open"].click()
    assert len(page.model.listed) == 10
    page.chips["open"].click()
    assert len(page.model.listed) == 87
    assert page.chips["all"].isChecked()


def test_the_current_request_stays_the_current_one(page: RequestsPage) -> None:
    page.go_to("r25076", "outcome")
    page.choose("open")
    current = page.grid.current()
    assert current is not None
    assert current.id == "r25076"
    assert page.grid.column().field == "outcome"


def test_counts_follow_once_typing_rests(page: RequestsPage) -> None:
    request = page.model.ledger.by_id["r25074"]
    page.desk.session.edit(
        page.model.ledger.with_request(request.with_value("answered_on", page.model.today)), "答复"
    )
    assert "超期 1" in chips(page)
    settled(lambda: "超期 1" not in chips(page))
    assert "已答复 78" in chips(page)


def test_what_is_wrong_is_said_and_f8_goes_from_one_to_the_next(page: RequestsPage) -> None:
    assert page._late.text() == "▲ 1 件超期"
    assert page._first.text() == "25-074　1月7日到期，没有答复日期，也没有延期告知。"
    seen = []
    for _ in range(4):
        page.step(1)
        current = page.grid.current()
        assert current is not None
        seen.append(current.text("reg_no"))
    assert seen == ["25-074", "25-076", "25-072", "25-077"]


@pytest.mark.parametrize(
    ("field", "typed", "said", "rows"),
    [
        ("received_on", "11月24日", "收到：11月24日起", 16),
        ("subject", "工业园三期", "申请内容：有“工业园三期”", 1),
    ],
)
def test_a_column_is_filtered_and_its_chip_takes_the_condition_away(
    page: RequestsPage, monkeypatch: pytest.MonkeyPatch, field: str, typed: str, said: str, rows: int
) -> None:
    def answer(asked: Any) -> str:
        line = asked.findChildren(QLineEdit)[0]
        line.setText(
            typed if field != "received_on" else f"2025.{typed.replace('月', '.').removesuffix('日')}"
        )
        asked.answer = "list"
        asked.accept()
        return "list"

    monkeypatch.setattr(dialog.Dialog, "run", answer)
    page.filter_column(field)
    assert len(page.model.listed) == rows
    assert [chip.text() for chip in conditions(page)] == [said]
    conditions(page)[0].click()
    assert len(page.model.listed) == 87
    assert not conditions(page)


def test_codes_are_filtered_by_ticks(page: RequestsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(asked: Any) -> str:
        rows = asked.findChildren(QListWidget)[0]
        asked._tick_all(False)
        item = next(rows.item(i) for i in range(rows.count()) if rows.item(i).text() == "行政执法案卷")
        item.setCheckState(Qt.CheckState.Checked)
        asked.accept()
        return "list"

    monkeypatch.setattr(dialog.Dialog, "run", answer)
    page.filter_column("outcome")
    assert len(page.model.listed) == 1
    assert conditions(page)[0].text() == "答复类型：行政执法案卷"


def test_rows_are_listed_in_the_order_of_a_column_and_in_that_of_the_ledger_again(page: RequestsPage) -> None:
    page.order_by("received_on", True)
    assert page.model.text(0, 0) == "26-001"
    page.order_by("")
    assert page.model.text(0, 0) == "24-061"


def test_no_row_says_so_and_the_conditions_can_be_cleared(page: RequestsPage) -> None:
    page.search.setText("没有这样的申请")
    assert page._empty.isVisible()
    assert page._empty._words.text() == "没有符合的申请"
    page._empty._buttons[0].click()
    assert not page._empty.isVisible()
    assert page.search.text() == ""
    assert len(page.model.listed) == 87


def test_an_empty_ledger_offers_the_ways_to_begin_and_can_be_typed_in(open_ledger: Open) -> None:
    page = open_ledger(Ledger(agency="松塘县自然资源局")).requests
    assert page._empty.isVisible()
    assert [button.text() for button in page._empty._buttons][:3] == [
        "导入现有台账…", "从去年带入未办结的…", "做一份 Excel 空表…",
    ]  # fmt: skip
    assert page.model.rowCount() == 1
    page.grid.go(0, 1)
    page.grid.open_editor("2026.1.5")
    assert page.grid.commit()
    assert len(page.model.ledger.requests) == 1
    assert not page._empty.isVisible()


def test_certain_requests_are_shown_with_why(page: RequestsPage) -> None:
    page.show_requests(["r25072", "r25074"], "三（一）予以公开 · 自然人", "outcome")
    assert len(page.model.listed) == 2
    assert [chip.text() for chip in conditions(page)] == ["三（一）予以公开 · 自然人"]
    assert page.grid.column().field == "outcome"
    page.go_to("r25068")
    current = page.grid.current()
    assert current is not None
    assert current.id == "r25068"


def test_a_new_year_is_looked_at_with_the_one_before_it(page: RequestsPage) -> None:
    """The first request of a year is typed: the last two years are others then, and it stays listed."""
    session = page.desk.session
    session.edit(replace(session.ledger, requests=session.ledger.requests[:-1]), "没有 2026 年的")
    page.count()
    page.years.setCurrentIndex(0)
    page._year_chosen()
    assert page.years.currentText() == "2024、2025 年"
    first = Request("n1").with_value("received_on", date(2026, 1, 12))
    session.edit(session.ledger.with_request(first), "登记一件申请")
    page.count()
    assert page.years.currentText() == "2025、2026 年"
    page.search.setText("没有这个")
    page.search.clear()
    assert page.model.row("n1") is not None


def test_a_name_by_which_is_filtered_does_not_stand_on_its_chip(
    page: RequestsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(asked: Any) -> str:
        asked.findChildren(QLineEdit)[0].setText("何敏敏")
        asked.answer = "list"
        asked.accept()
        return "list"

    monkeypatch.setattr(dialog.Dialog, "run", answer)
    page.filter_column("applicant")
    assert page.model.listed
    assert [chip.text() for chip in conditions(page)] == ["申请人：有“何**”"]


def test_whoever_has_one_year_sees_all_and_the_first_request_of_the_next_stays(open_ledger: Open) -> None:
    page = open_ledger(Ledger(requests=sample_ledger().requests[10:20])).requests
    assert page.years.currentText() == "全部年份"
    session = page.desk.session
    session.edit(
        session.ledger.with_request(Request("n1").with_value("received_on", date(2026, 1, 12))), "登记"
    )
    page.count()
    page.search.setText("没有这个")
    page.search.clear()
    assert page.model.row("n1") is not None


def test_what_the_search_looks_through_is_prepared_in_turns_once_the_keys_are_there(
    page: RequestsPage,
) -> None:
    assert not any(row.text for row in page.model._all_rows())
    QApplication.sendEvent(page.search, QFocusEvent(QEvent.Type.FocusIn))
    settled(lambda: all(row.text for row in page.model._all_rows()))
    settled(lambda: not page._preparing.isActive())
