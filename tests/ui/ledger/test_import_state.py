"""What is asked of an imported ledger, once each, and what comes of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gxeditor.core.ledger.counting import count
from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.ledger.maps import store_map, to_json
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.ui.ledger.import_state import (
    ImportState,
    Place,
    Standing,
    into,
    read_file_of,
    said_places,
    same_numbers,
    subjects_of,
)
from tests.ledger_layout import NAMES, write_register

FORM = load_form()
WORDS = load_vocabulary(FORM)


def state_of(path: Path, kept: Path) -> ImportState:
    file = read_file_of(path, None, None, kept)
    return ImportState(path, file, FORM, WORDS, file.given)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def state(tmp_path: Path, kept: Path) -> ImportState:
    return state_of(write_register(tmp_path / "登记表(2025).xlsx"), kept)


def asked(state: ImportState, word: str):  # type: ignore[no-untyped-def]
    return next(one for one in state.questions if one.key == word)


def counted(state: ImportState) -> int:
    return len(count(state.ledger, 2025, FORM, WORDS).counted)


def test_each_unknown_word_is_asked_once_with_its_rows(state: ImportState) -> None:
    one = asked(state, "答复给他了")
    assert one.rows == (Place("上半年", 6), Place("上半年", 9), Place("下半年", 5))
    assert one.standing is Standing.ASKED
    assert len({question.key for question in state.questions}) == len(state.questions)


def test_what_is_only_proposed_counts_nowhere(state: ImportState) -> None:
    one = asked(state, "已转信访")
    assert (one.standing, one.code) == (Standing.PROPOSED, "N1")
    before = counted(state)
    assert not [r for r in state.ledger.requests if r.outcome == "N1"]
    state.take(one)
    assert asked(state, "已转信访").standing is Standing.SETTLED
    assert counted(state) == before + 1


def test_still_being_handled_is_never_proposed_for_a_word_of_an_answer(state: ImportState) -> None:
    assert "OPEN" in asked(state, "答复给他了").choices
    assert asked(state, "答复给他了").code == ""


def test_all_proposals_are_taken_at_once_and_questions_stay(state: ImportState) -> None:
    proposed = [one for one in state.questions if one.standing is Standing.PROPOSED]
    assert state.take_all() == len(proposed) > 0
    assert {one.standing for one in state.questions} == {Standing.ASKED, Standing.SETTLED}


def test_an_answer_settles_every_row_of_the_word_and_can_be_taken_back(state: ImportState) -> None:
    state.answer(asked(state, "答复给他了"), "G1")
    rows = {one.origin.row for one in state.ledger.requests if one.outcome == "G1" and one.origin}
    assert {6, 9, 5} <= rows
    (settled,) = [one for one in state.ledger.settled if one.word == "答复给他了"]
    assert (settled.code, settled.rows) == ("G1", 3)
    state.answer(asked(state, "答复给他了"), "")
    assert asked(state, "答复给他了").standing is Standing.ASKED


def test_rows_can_be_answered_one_by_one_and_what_is_left_stays_unsettled(state: ImportState) -> None:
    one = asked(state, "答复给他了")
    state.answer_rows(one, {one.rows[0]: "G1", one.rows[1]: "P1"})
    assert asked(state, "答复给他了").standing is Standing.ASKED
    outcomes = [r.outcome for r in state.ledger.requests if r.origin and r.origin.row in (6, 9)]
    assert {"G1", "P1"} <= set(outcomes)
    left = next(r for r in state.ledger.requests if r.origin == ("登记表(2025).xlsx", "下半年", 5))
    assert left.unsettled["outcome"] == "答复给他了"
    state.answer_rows(one, dict.fromkeys(one.rows, "G1"))
    assert asked(state, "答复给他了").standing is Standing.SETTLED


def test_applicants_whose_name_says_no_kind_are_asked_once_each_and_masked(state: ImportState) -> None:
    (one,) = state.bodies
    assert one.shown == "松岭**中心"
    assert len(one.rows) == 2
    assert state.recognised_bodies > 0
    assert {code.code for code in state.codes("applicant_type", bodies=True)} == {
        "C2",
        "C3",
        "C4",
        "C5",
        "C6",
    }
    state.answer(one, "C6")
    assert state.open_bodies == 0
    kinds = [r.text("applicant_type") for r in state.ledger.requests if r.text("applicant") == "松岭数据中心"]
    assert kinds == ["C6", "C6"]


def test_what_is_remembered_holds_words_and_no_name(state: ImportState) -> None:
    state.answer(state.bodies[0], "C6")
    state.answer(asked(state, "答复给他了"), "G1")
    text = to_json(state.kept)
    assert "答复给他了" in text
    assert not [name for name in NAMES if name in text]


def test_a_remembered_layout_asks_nothing_again(tmp_path: Path, kept: Path, state: ImportState) -> None:
    for one in state.questions:
        state.answer(one, "G1")
    store_map(state.kept, state.read.fingerprint, kept)
    again = state_of(state.path, kept)
    assert again.file.is_known
    assert not again.questions
    assert not again.is_plain  # 松岭数据中心 is nobody's word: it is asked again


def test_doubts_are_listed_without_what_is_asked_beside_them(state: ImportState) -> None:
    assert [(one.doubt.sheet, one.doubt.row, one.letter, one.field) for one in state.doubts] == [
        ("上半年", 9, "B", "received_on"),
        ("上半年", 12, "G", "answered_on"),
    ]


def test_a_mended_doubt_is_gone_and_its_row_counts(state: ImportState) -> None:
    one = state.doubts[0]
    state.answer(asked(state, "答复给他了"), "G1")
    before = counted(state)
    state.mend(one, date(2025, 2, 28))
    assert len(state.doubts) == 1
    assert counted(state) == before + 1


def test_an_unread_file_loses_no_row(state: ImportState) -> None:
    assert len(state.ledger.requests) == len(state.read.ledger.requests) == 14
    unsettled = [one for one in state.ledger.requests if one.unsettled]
    assert len(unsettled) + sum(1 for one in state.ledger.requests if not one.unsettled) == 14
    assert state.doubtful >= len({(r.origin.sheet, r.origin.row) for r in unsettled if r.origin})


def test_a_missing_column_is_named_and_another_can_be_it(tmp_path: Path, kept: Path) -> None:
    path = write_register(tmp_path / "登记表(2025).xlsx", outcome="丁项")
    state = state_of(path, kept)
    assert state.missing == ("outcome",)
    given = state.with_column(state.sheets[0], 7, "outcome")
    state.take_file(read_file_of(path, None, given, kept), given)
    assert not state.missing
    assert state.questions


def test_names_stand_nowhere_in_the_sheets_that_are_shown(state: ImportState) -> None:
    for sheet in state.sheets:
        shown = state.shown_sheet(sheet)
        text = "".join(word for row in shown.rows for _, word in shown.texts(row))
        assert not [name for name in NAMES if name in text]
        assert "松塘县住房和城乡建设局" in text


def test_what_an_unread_column_holds_is_masked_too(tmp_path: Path, kept: Path, state: ImportState) -> None:
    given = state.with_column(state.sheets[0], 2, "")
    state.take_file(read_file_of(state.path, None, given, kept), given)
    shown = state.shown_sheet(state.sheets[0])
    text = "".join(word for row in shown.rows for _, word in shown.texts(row))
    assert not [name for name in NAMES if name in text]


def test_headings_and_figures_stand_as_they_do_in_the_file(state: ImportState) -> None:
    shown = state.shown_sheet(state.sheets[0])
    assert shown.text(2, 2) == "姓名/单位"
    assert shown.text(13, 2) == "姓名/单位"
    assert shown.value(5, 1) == 45679
    assert state.names_of(state.sheets[0])[1] == ("收到日期", "来件日期")


def test_outcomes_are_offered_by_the_row_of_the_table_they_count_in(state: ImportState) -> None:
    assert state.said_of_code("outcome", "N1").startswith("三（五）1.")
    same_row = {state.said_of_code("outcome", code) for code in ("U1", "U2")}
    assert len(same_row) == 2
    assert len({state.said_of_code("outcome", code.code) for code in state.codes("outcome")}) == len(
        state.codes("outcome")
    )


def test_rows_are_told_with_their_sheets() -> None:
    one, two = Place("上半年", 6), Place("上半年", 9)
    assert said_places([one, two]) == "第 6、9 行"
    assert said_places([one, Place("下半年", 5)]) == "“上半年”第 6 行；“下半年”第 5 行"
    assert said_places([one] * 9).endswith("等 9 行")


def ids() -> Iterator[str]:
    return iter(f"n{i}" for i in range(100))


def test_requests_come_behind_what_is_there_under_ids_of_their_own() -> None:
    there = Ledger(requests=(Request("1", {"reg_no": "25-001", "received_on": date(2025, 1, 6)}),))
    found = Ledger(
        requests=(
            Request("1", {"reg_no": "25-001", "received_on": date(2025, 1, 6)}),
            Request("2", {"reg_no": "25-002", "received_on": date(2025, 1, 7)}),
            Request("3", {"received_on": date(2025, 1, 7)}),
        )
    )
    assert same_numbers(there, found) == 1
    assert [one.id for one in into(there, found, ids()).requests] == ["1", "n0", "n1", "n2"]
    assert [one.text("reg_no") for one in into(there, found, ids(), only_new=True).requests] == [
        "25-001", "25-002", "",
    ]  # fmt: skip


def test_a_name_written_where_a_kind_belongs_is_masked_and_not_remembered(tmp_path: Path, kept: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (
        ("登记编号", "收到日期", "申请人", "申请人类别", "申请内容", "答复日期", "答复类型"),
        ("25-001", "2025.3.4", "何敏敏", "何敏敏本人", "何敏敏的房屋征收", "2025.3.20", "予以公开"),
        ("25-002", "2025.3.5", "方晓", "自然人", "某地块规划", "2025.3.21", "予以公开"),
    ):
        book.active.append(row)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    state = state_of(path, kept)
    (one,) = state.questions
    assert "何敏敏" not in one.shown + one.why
    assert "何敏敏" not in subjects_of(state, one.rows)[one.rows[0]]
    assert not [d for d in state.doubts if "何敏敏" in d.doubt.text + d.doubt.reason]
    state.answer(one, "C1")
    assert state.ledger.requests[0].text("applicant_type") == "C1"
    assert "何敏敏" not in to_json(state.kept)


def test_words_that_were_understood_are_counted_once_each(state: ImportState) -> None:
    found = {(one.field, one.word): one for one in state.recognised}
    assert found["outcome", "公开"].code == "G1"
    unknown = {(one.field, one.key) for one in state.questions}
    assert not unknown & set(found)
    requests = state.read.ledger.requests
    outcomes = sum(bool(one.text("outcome")) for one in requests)
    assert sum(one.rows for one in state.recognised if one.field == "outcome") == outcomes
