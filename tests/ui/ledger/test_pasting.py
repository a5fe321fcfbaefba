"""A block put into the grid of a ledger: what is understood, what is asked once, what becomes of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.ledger.request import Ledger, Settled
from gxeditor.resources import load_calendar, load_form, load_vocabulary
from gxeditor.ui.ledger.model import RowsModel
from gxeditor.ui.ledger.pasting import OddCells, Pasted, settled, understood, without_headings
from tests.ledger_sample import TODAY, sample_ledger

VOCABULARY = load_vocabulary(load_form())
LEGAL = ("applicant_type", "法人")


def rows_of(ledger: Ledger) -> RowsModel:
    return RowsModel(ledger, VOCABULARY, load_calendar(), TODAY)


@pytest.fixture
def model(qapp: QApplication) -> RowsModel:
    return rows_of(sample_ledger())


def at(model: RowsModel, row: int, field: str, *rows: Sequence[str]) -> Pasted:
    return understood(model, row, model.place_of[field], rows)


def test_what_cannot_be_understood_leaves_the_rest_as_it_was_understood(model: RowsModel) -> None:
    done = at(model, 87, "received_on", ("1.5", "青禾农业公司", "法人"), ("2.30", "王", "公民"))
    assert done.cells == 5
    assert [(one.row, one.column.field, one.text) for one in done.odd] == [(89, "received_on", "2.30")]
    first, second = (done.new[one] for one in done.added)
    assert (first.day("received_on"), first.text("applicant_type")) == (date(2026, 1, 5), "C2")
    assert second.text("applicant_type") == "C1"


def test_a_word_is_asked_once_and_an_applicant_whose_name_says_nothing_by_name(model: RowsModel) -> None:
    done = at(
        model, 87, "applicant",
        ("松岭服务中心", "法人", "", "甲"), ("松岭服务中心", "法人", "", "乙"),
        ("王", "个人户", "", ""), ("李", "个人户", "", ""), ("青禾社", "法人", "", ""),
    )  # fmt: skip
    keys = [one.key for one in done.odd]
    assert keys == [
        (*LEGAL, "松岭服务中心"), (*LEGAL, "松岭服务中心"), ("applicant_type", "个人户", ""),
        ("applicant_type", "个人户", ""), (*LEGAL, "青禾社"),
    ]  # fmt: skip
    ledger, open_ones = settled(
        done,
        {(*LEGAL, "松岭服务中心"): "C6", ("applicant_type", "个人户", ""): "C1"},
        keeps=True,
        ledger=model.ledger,
    )
    new = ledger.requests[87:]
    assert [one.text("applicant_type") for one in new] == ["C6", "C6", "C1", "C1", ""]
    assert new[4].unsettled == {"applicant_type": "法人"}
    assert open_ones == 1
    # 「法人」 may be something else the next time; the other word is known from now on.
    assert ledger.settled == (Settled("applicant_type", "个人户", "C1", 2),)
    again = at(rows_of(ledger), len(ledger.requests), "applicant_type", ("个人户",))
    assert not again.odd


@pytest.mark.parametrize("keeps", [True, False])
def test_a_cell_that_nobody_settles_stands_as_it_was_found_or_stays_as_it_is(
    model: RowsModel, keeps: bool
) -> None:
    row = model.row("r25068")
    assert row is not None
    done = at(model, row, "answered_on", ("2025.12.20", "没听说过的"))
    ledger, open_ones = settled(done, {}, keeps=keeps, ledger=model.ledger)
    request = ledger.by_id["r25068"]
    assert request.day("answered_on") == date(2025, 12, 20)
    if keeps:
        assert request.unsettled == {"outcome": "没听说过的"}
        assert "outcome" not in request.values
        assert open_ones == 1
    else:
        assert request.values["outcome"] == model.ledger.by_id["r25068"].values["outcome"]
        assert not request.unsettled
        assert open_ones == 0


def test_a_masked_name_never_takes_the_place_of_the_name(model: RowsModel) -> None:
    row = model.row("r25072")
    assert row is not None
    done = at(model, row, "applicant", ("何**", "公民", "", "何**的宅基地"))
    assert [one.column.field for one in done.odd] == ["applicant", "subject"]
    ledger, _ = settled(done, {}, keeps=True, ledger=model.ledger)
    before, after = model.ledger.by_id["r25072"], ledger.by_id["r25072"]
    assert (after.text("applicant"), after.text("subject")) == (
        before.text("applicant"), before.text("subject"),
    )  # fmt: skip


def test_days_without_a_year_follow_the_row_before_them_in_the_block(qapp: QApplication) -> None:
    done = at(rows_of(Ledger()), 0, "received_on", ("2025.12.30",), ("1.5",), ("1.8",))
    assert [done.new[one].day("received_on") for one in done.added] == [
        date(2025, 12, 30), date(2026, 1, 5), date(2026, 1, 8),
    ]  # fmt: skip


def test_what_lies_beyond_the_last_column_and_in_reckoned_ones_is_counted(model: RowsModel) -> None:
    last = model.columns[-1].field
    assert at(model, 0, last, ("甲", "乙", "丙")).beyond == 2
    assert at(model, 0, "due", ("2025.1.1", "还有 3 天")).passed == 2


def test_headings_copied_with_the_block_are_left_out(model: RowsModel) -> None:
    columns = model.columns[model.place_of["received_on"] :]
    rows = [["收到日期", "申请人"], ["2026.1.5", "王"]]
    assert without_headings(rows, columns) == rows[1:]
    assert without_headings([["收到日期", "王"], ["2026.1.5", "王"]], columns)[0] == ["收到日期", "王"]


def test_nothing_else_is_no_step(model: RowsModel) -> None:
    done = at(model, 87, "subject", ("",), ("",))
    assert settled(done, {}, keeps=True, ledger=model.ledger)[0] is model.ledger


def test_the_question_names_the_cells_and_no_person(qtbot: QtBot, model: RowsModel) -> None:
    row = model.row("r25072")
    assert row is not None
    ledger = model.ledger.with_request(model.ledger.by_id["r25072"].with_value("applicant", "何敏敏合作体"))
    done = at(rows_of(ledger), row, "applicant_type", ("法人", "", "", "", "", "", "2.30"))
    parent = QWidget()
    qtbot.addWidget(parent)
    asked = OddCells(parent, model, done, "粘贴")
    labels: Iterable[QLabel] = asked.findChildren(QLabel)
    said = [*(label.text() for label in labels), *(box.accessibleName() for box in asked._boxes.values())]
    text = " ".join(said)
    assert "第 76 行“答复日期”" in text
    assert "何敏敏" not in text
    (box,) = asked._boxes.values()
    assert box.findData("C1") < 0, "a 法人 is no natural person"
    box.setCurrentIndex(box.findData("C4"))
    assert set(asked.codes.values()) == {"C4"}
    asked.deleteLater()
