"""The columns and words of a ledger, as they are shipped and as they are refused."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from gxeditor.core.errors import Defects
from gxeditor.core.ledger.vocabulary import parse_vocabulary
from gxeditor.resources import load_form, load_vocabulary, resource

FORM = load_form()
WORDS = load_vocabulary(FORM)


def shipped() -> tuple[dict[str, Any], dict[str, Any]]:
    columns, words = (
        tomllib.loads(resource(f"ledger/{n}.toml").read_text(encoding="utf-8")) for n in ("columns", "words")
    )
    return columns, words


def test_each_row_of_results_of_table_three_has_an_outcome() -> None:
    rows = {
        cell.row.key
        for cell in FORM.cells.values()
        if cell.section == "requests" and cell.row.key.startswith("handled.") and not cell.row.is_sum
    }
    assert rows == {
        code.target for code in WORDS.lists["outcome"].values() if code.target.startswith("handled")
    }


def test_each_kind_of_applicant_is_a_column_of_table_three() -> None:
    kinds = [code.target for code in WORDS.lists["applicant_type"].values()]
    assert kinds == [
        "natural_person",
        "company",
        "research",
        "public_interest",
        "legal_service",
        "other_organization",
    ]


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("outcome", "同意公开", "G1"),
        ("outcome", " 部分 公开（区分处理） ", "P1"),
        ("outcome", "ｄ４", "D4"),
        ("applicant_type", "律师事务所", "C5"),
        ("review_result", "责令履行", "corrected"),
        ("outcome", "处理中", "OPEN"),
        ("outcome", "转结", "OPEN"),
    ],
)
def test_a_word_means_its_code_whatever_its_width_and_spaces(field: str, word: str, code: str) -> None:
    meant = WORDS.meant(field, word)
    assert meant is not None
    assert meant.code == code


@pytest.mark.parametrize("word", ["法人", "答复给他了", "已转信访处理中", ""])
def test_a_word_that_is_not_declared_means_nothing(word: str) -> None:
    assert WORDS.meant("applicant_type", word) is None
    assert WORDS.meant("outcome", word) is None


def test_all_defects_are_told_at_once() -> None:
    columns, words = shipped()
    columns["columns"][0]["need"] = 4
    columns["columns"][1]["field"] = columns["columns"][2]["field"]
    words["codes"][0]["target"] = "nobody"
    words["codes"][1]["aliases"] = ["自然人"]
    words["codes"][2]["colour"] = "blue"
    with pytest.raises(Defects) as told:
        parse_vocabulary(columns, words, FORM)
    said = str(told.value)
    for part in ("need", "received_on", "nobody", "自然人", "colour"):
        assert part in said


def test_what_the_form_calls_a_row_means_an_outcome_of_that_row() -> None:
    """But 「其他」, which says too little."""
    named = {
        cell.row.labels[-1]: cell.row.key
        for cell in FORM.cells.values()
        if cell.section == "requests" and cell.row.key.startswith("handled.") and not cell.row.is_sum
    }
    assert len(named) == 21
    for label, row in named.items():
        meant = WORDS.meant("outcome", label)
        assert meant is None if row.endswith("other_reasons") else meant is not None and meant.target == row
