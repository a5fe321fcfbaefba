"""The requests of a ledger as rows of a grid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.duty import Duty, duty
from gxeditor.core.ledger.entries import Refused
from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.resources import load_calendar, load_form, load_vocabulary
from gxeditor.ui.ledger.model import (
    IDS,
    ColumnFilter,
    RowsModel,
    Wanted,
    found_under,
    next_number,
    said_day,
    short_label,
)
from tests.ledger_sample import TODAY, many, sample_ledger


def rows_of(ledger: Ledger) -> RowsModel:
    return RowsModel(ledger, load_vocabulary(load_form()), load_calendar(), TODAY)


@pytest.fixture
def model(qapp: QApplication) -> RowsModel:
    return rows_of(sample_ledger())


def says(model: RowsModel, number: str) -> list[str]:
    row = next(i for i in range(len(model.listed)) if model.text(i, 0) == number)
    return [model.text(row, column) for column in range(11)]


def numbers(model: RowsModel) -> list[str]:
    return [model.text(row, 0) for row in range(len(model.listed))]


def test_its_first_columns_are_those_a_clerk_looks_at_and_all_others_stand_behind(model: RowsModel) -> None:
    headings = [one.heading for one in model.columns]
    assert headings[:11] == [
        "编号", "收到日期", "申请人", "类别", "方式", "申请内容",
        "补正、征求、延期", "答复期限", "剩余", "答复日期", "答复类型",
    ]  # fmt: skip
    fields = {one.field for one in model.columns}
    assert fields >= {one.field for one in model.vocabulary.columns} - {"serial", "due_on"}


def test_a_row_says_what_the_picture_says(model: RowsModel) -> None:
    assert says(model, "25-072") == [
        "25-072", "12月4日", "何**", "自然人", "当面", "东溪街道某地块出让合同及补充协议",
        "征求第三方 12-12 至 12-24", "1月14日", "还有 2 天", "", "",
    ]  # fmt: skip
    assert says(model, "25-069")[2:] == [
        "青禾**公司", "商业企业", "当面", "工业园二期用地规划许可证及附图", "征求第三方 11-27 至 12-05", "12月30日",
        "已答复", "12月26日", "部分公开",
    ]  # fmt: skip
    assert [says(model, f"25-0{n}")[8] for n in (74, 75, 76, 77, 79)] == [
        "超期 3 天", "等补正，未起算", "今天到期", "还有 3 天", "还有 26 天",
    ]  # fmt: skip


def test_the_last_row_is_always_a_blank_one(model: RowsModel) -> None:
    assert model.rowCount() == 88
    assert model.request(87) is None
    assert model.number(87) == 88
    assert {model.text(87, column) for column in range(len(model.columns))} == {""}
    assert rows_of(Ledger()).rowCount() == 1


def test_chips_count_what_they_list(model: RowsModel) -> None:
    counted = model.numbers(())
    assert (counted["all"], counted["open"], counted["late"], counted["soon"]) == (87, 10, 1, 3)
    assert (counted["waiting"], counted["answered"]) == (1, 77)
    for key, number in counted.items():
        model.want(Wanted(chip=key))
        assert len(model.listed) == number, key


def test_a_year_lists_what_was_received_in_it_and_what_was_open_in_it(model: RowsModel) -> None:
    model.want(Wanted(years=(2026,)))
    assert "26-001" in numbers(model)
    assert "25-080" in numbers(model)  # received in 2025, answered in 2026
    assert "25-068" not in numbers(model)
    model.want(Wanted(years=(2024,)))
    assert numbers(model) == ["24-061", "24-062", "24-063", "24-064"]


def test_the_number_of_a_row_is_that_in_the_ledger_whatever_is_listed(model: RowsModel) -> None:
    model.want(Wanted(columns={"received_on": ColumnFilter("11月24日起", first=date(2025, 11, 24))}))
    assert [model.number(row) for row in (0, 1, 15)] == [72, 73, 87]
    assert numbers(model)[0] == "25-068"


def test_columns_are_filtered_by_day_by_code_by_word_and_by_certain_requests(model: RowsModel) -> None:
    model.want(Wanted(columns={"outcome": ColumnFilter("", codes=frozenset({"D7"}))}))
    assert len(model.listed) == 1
    model.want(Wanted(columns={"subject": ColumnFilter("", word="工业园三期")}))
    assert numbers(model) == ["26-001"]
    model.want(Wanted(columns={"due": ColumnFilter("", last=date(2024, 1, 1))}))
    assert numbers(model) == []
    model.want(Wanted(columns={IDS: ColumnFilter("", codes=frozenset({"r25072", "r25074"}))}))
    assert numbers(model) == ["25-072", "25-074"]


def test_the_search_finds_every_word_in_whatever_column(model: RowsModel) -> None:
    model.want(Wanted(search="工业园 26-"))
    assert numbers(model) == ["26-001"]


def test_rows_are_ordered_both_ways_with_blanks_last_and_codes_in_the_order_of_the_form(
    model: RowsModel,
) -> None:
    for from_end in (False, True):
        model.want(Wanted(order=("answered_on", from_end)))
        days = [model.request(row).day("answered_on") for row in range(87)]  # type: ignore[union-attr]
        known = [day for day in days if day is not None]
        assert known == sorted(known, reverse=from_end)
        assert days[77:] == [None] * 10
    model.want(Wanted(order=("outcome", False)))
    assert [model.text(row, 10) for row in (0, 16)] == ["予以公开", "予以公开"]
    model.want(Wanted(order=("left", False)))
    assert numbers(model)[:4] == ["25-074", "25-076", "25-072", "25-077"]


def test_what_is_edited_stays_listed_until_it_is_listed_anew(model: RowsModel) -> None:
    model.want(Wanted(chip="open"))
    request = model.ledger.by_id["r25074"]
    answered = request.with_value("answered_on", TODAY).with_value("outcome", "G1")
    model.show_ledger(model.ledger.with_request(answered))
    assert "25-074" in numbers(model)
    assert says(model, "25-074")[8] == "已答复"
    model.relist()
    assert "25-074" not in numbers(model)


def test_only_what_changed_is_reckoned_again(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    model = rows_of(many(500))
    model.numbers(())
    reckoned: list[str] = []

    def counting(one: Request, *rest: Any) -> Duty:
        reckoned.append(one.id)
        return duty(one, *rest)

    monkeypatch.setattr("gxeditor.ui.ledger.model.duty", counting)
    request = next(one for one in model.ledger.requests if one.day("answered_on") is None)
    model.show_ledger(model.ledger.with_request(request.with_value("subject", "另一份文件")))
    model.numbers(())
    assert reckoned == [request.id]


def test_a_new_request_comes_last_and_one_that_is_gone_goes(model: RowsModel) -> None:
    ledger = model.ledger
    model.show_ledger(ledger.with_request(Request("new").with_value("subject", "新的")))
    assert model.rowCount() == 89
    assert model.text(87, 5) == "新的"
    model.show_ledger(replace(ledger, requests=ledger.requests[1:]))
    assert model.rowCount() == 87


def test_names_are_masked_in_cells_tips_speech_and_copies_until_they_are_shown(model: RowsModel) -> None:
    row, column = model.row("r25072"), model.place_of["applicant"]
    assert row is not None
    for said in (
        model.text(row, column), model.tip(row, column), model.spoken(row, column), model.to_copy(row, column),
    ):  # fmt: skip
        assert "何**" in said
        assert "敏敏" not in said
    model.show_names(True)
    assert model.text(row, column) == "何敏敏"
    model.show_names(False)
    assert model.text(row, column) == "何**"


def test_what_was_not_understood_stands_as_it_was_found_and_says_so(model: RowsModel) -> None:
    request = replace(model.ledger.by_id["r25074"], unsettled={"answered_on": "2月30日"})
    model.show_ledger(model.ledger.with_request(request))
    row, column = model.row("r25074"), model.place_of["answered_on"]
    assert row is not None
    assert model.text(row, column) == "2月30日"
    assert model.is_unsettled(row, column)
    assert "没有计入" in model.tip(row, column)


def test_a_day_without_a_notice_is_not_given(model: RowsModel) -> None:
    request = Request("far").with_value("received_on", date(2026, 12, 20))
    model.show_ledger(model.ledger.with_request(request))
    row = model.row("far")
    assert row is not None
    assert model.text(row, model.place_of["due"]) == ""
    assert "2027 年" in model.tip(row, model.place_of["due"])


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1.12", date(2026, 1, 12)),
        ("20260112", date(2026, 1, 12)),
        ("1月12日", date(2026, 1, 12)),
        ("2025.3.4", date(2025, 3, 4)),
        ("12.31", date(2025, 12, 31)),  # 2026-12-31 has not come yet
        ("1.5", date(2026, 1, 5)),  # a week after the request before it, not a year before
        ("13.1", "没有13月。"),
        ("2.30", "2月30日没有这一天。"),
        ("2月30日", "2月30日没有这一天。"),
    ],
)
def test_a_day_of_receipt_is_understood_as_clerks_type_it(model: RowsModel, typed: str, day: object) -> None:
    found = model.meant(typed, "received_on", None)
    assert (found.why if isinstance(found, Refused) else found) == day


def test_a_year_that_is_unclear_is_asked(qapp: QApplication) -> None:
    found = rows_of(Ledger()).meant("1.5", "received_on", None)
    assert isinstance(found, Refused)
    assert found.why == "是 2025 年还是 2026 年？请写成 2026.1.5。"


def test_days_after_the_receipt_get_the_year_that_comes_after_it(model: RowsModel) -> None:
    request = model.ledger.by_id["r25080"]  # received on 2025-12-25
    assert model.meant("1.7", "answered_on", request) == date(2026, 1, 7)
    assert model.meant("12.30", "answered_on", request) == date(2025, 12, 30)


def test_the_next_number_goes_on_and_begins_anew_with_the_year(model: RowsModel) -> None:
    requests = model.ledger.requests
    assert next_number(requests, date(2026, 1, 12)) == "26-002"
    assert next_number(requests[:-1], date(2026, 1, 12)) == "26-001"
    assert next_number(requests[:-1], date(2025, 12, 31)) == "25-083"
    assert next_number((Request("a").with_value("reg_no", "松依申请七号"),), date(2026, 1, 1)) == ""


def test_a_day_has_its_year_where_it_is_neither_this_nor_the_last() -> None:
    assert said_day(date(2025, 12, 4), TODAY) == "12月4日"
    assert said_day(date(2024, 12, 4), TODAY) == "2024-12-04"
    assert short_label("无法提供·信息不存在（经检索没有）") == "信息不存在"


def test_the_shape_before_what_is_left_is_that_of_its_weight(model: RowsModel) -> None:
    def shape(request_id: str) -> Severity | None:
        row = model.row(request_id)
        assert row is not None
        return model.severity(row)

    assert [shape(one) for one in ("r25074", "r25076", "r25072", "r25078")] == [
        Severity.ERROR, Severity.QUERY, Severity.QUERY, None,
    ]  # fmt: skip


def test_what_is_asked_for_tells_no_name_either(model: RowsModel) -> None:
    request = model.ledger.by_id["r25072"].with_value("subject", "何敏敏户的宅基地批复")
    model.show_ledger(model.ledger.with_request(request))
    row, column = model.row("r25072"), model.place_of["subject"]
    assert row is not None
    for said in (
        model.text(row, column), model.tip(row, column), model.spoken(row, column), model.to_copy(row, column),
    ):  # fmt: skip
        assert "何**户的宅基地批复" in said
    assert model.to_edit(row, column) == "何敏敏户的宅基地批复"
    model.show_names(True)
    assert model.text(row, column) == "何敏敏户的宅基地批复"


def test_a_request_is_found_by_its_applicant_also_where_the_name_is_masked(model: RowsModel) -> None:
    model.want(Wanted(search="敏敏"))
    assert {one.text("applicant") for i in model.listed if (one := model.ledger.requests[i])} == {"何敏敏"}
    model.want(Wanted(columns={"applicant": ColumnFilter("有“何**”", word="何敏")}))
    assert {model.ledger.requests[i].text("applicant") for i in model.listed} == {"何敏敏"}


def test_a_key_in_the_search_prepares_no_text_again(
    model: RowsModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[str] = []
    real = found_under

    def counting(request: Request, name: str) -> str:
        prepared.append(request.id)
        return real(request, name)

    monkeypatch.setattr("gxeditor.ui.ledger.model.found_under", counting)
    model.want(Wanted(search="土"))
    assert set(prepared) == {one.id for one in model.ledger.requests}
    prepared.clear()
    model.want(Wanted(search="土地"))
    assert not prepared


def test_what_was_done_is_not_put_far_ahead(model: RowsModel) -> None:
    request = Request("r").with_value("received_on", date(2025, 3, 4))
    found = model.meant("3.1", "answered_on", request)
    assert isinstance(found, Refused)
    assert "2026年3月1日还没有到" in found.why
    assert model.meant("3.1", "delay_until", request) == date(2026, 3, 1)
    assert model.meant("1.20", "served_on", request) == date(2026, 1, 20), "a few days ahead"
