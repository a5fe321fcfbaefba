"""What leaves a roll-up: a file each, whole or not at all, with the counts of the board in every one."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from gxeditor.core.errors import Cancelled, NotWritten
from gxeditor.core.rollup.project import State
from gxeditor.core.rollup.sums import counts
from gxeditor.rollup.own_workbook import read_rollup_workbook
from gxeditor.rollup.writing import (
    suggested_name,
    write_long_table,
    write_missing_list,
    write_workbook,
)
from tests.rollup_sample import songtang

TODAY = date(2026, 1, 21)
WHEN = datetime(2026, 1, 21, 9, 14)


def test_workbook_word_and_long_table_count_as_the_board(tmp_path: Path) -> None:
    rollup = songtang()
    number = counts(rollup)[""]
    missing = number.count(State.MISSING)
    book, word, table = (tmp_path / name for name in ("汇总.xlsx", "未交.docx", "长表.csv"))
    write_workbook(rollup, book, None, when=WHEN)
    owing = write_missing_list(rollup, word, today=TODAY)
    write_long_table(rollup, table)

    assert len(owing.missing.rows) == missing
    back = read_rollup_workbook(book, rollup.form).rollup
    assert (len(back.must), len(back.entered)) == (number.of, number.entered)
    rows = list(load_workbook(book)["未交和退回"].iter_rows(values_only=True))
    assert ("未交", None, missing) in [row[:3] for row in rows]
    said = "\n".join(one.text for one in Document(BytesIO(word.read_bytes())).paragraphs)
    assert f"{number.of} 家中 {missing} 家未交" in said
    assert number.completeness in said
    with open(table, encoding="utf-8", newline="") as lines:
        rows_of_now = [row for row in csv.DictReader(lines) if row["year"] == "2025"]
    found = tuple(
        len({row["unit_id"] for row in chosen})
        for chosen in (
            rows_of_now,
            [row for row in rows_of_now if row["state"] == State.MISSING.value],
            [row for row in rows_of_now if row["value"]],
        )
    )
    assert found == (number.of, missing, number.entered)


@pytest.mark.parametrize("name", ["汇总.xls", "汇总", "汇总.docx"])
def test_a_name_of_another_kind_is_refused_and_nothing_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotWritten):
        write_workbook(songtang(), tmp_path / name, None, when=WHEN)
    assert not list(tmp_path.glob("汇总*"))


def test_a_file_that_is_no_longer_wanted_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "长表.csv"
    path.write_text("以前的", encoding="utf-8")
    with pytest.raises(Cancelled):
        write_long_table(songtang(), path, cancelled=lambda: True)
    assert path.read_text(encoding="utf-8") == "以前的"
    assert [one.name for one in tmp_path.glob("*长表*")] == ["长表.csv"]


def test_the_suggested_name_says_whose_which_year_and_what() -> None:
    assert suggested_name(songtang(), "年报汇总") == "松塘县2025年年报汇总"
