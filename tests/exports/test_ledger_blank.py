"""The blank workbook for a ledger: what is chosen from its lists reads back without a question."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from gxeditor.exports.ledger_blank import NOTES, blank_ledger
from gxeditor.files.package import Package
from gxeditor.ledger.reading import read_ledger
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.workbook.own import LEDGER_SHEET
from gxeditor.workbook.read import read_workbook


def filled() -> tuple[bytes, int]:
    """The workbook with a request for each code of each list, and how many those are."""
    vocabulary = load_vocabulary(load_form())
    book = load_workbook(io.BytesIO(blank_ledger(vocabulary)))
    sheet = book[LEDGER_SHEET]
    at = {cell.value: place for place, cell in enumerate(sheet[1], 1)}
    codes = [code for code in vocabulary.codes if code.list != "outcome"] + list(
        vocabulary.lists["outcome"].values()
    )
    for row, code in enumerate(codes, 2):
        said: dict[str, Any] = {
            "received_on": datetime(2025, 3, 4), "applicant": "何志远", "applicant_type": "自然人",
            "answered_on": datetime(2025, 3, 20), "outcome": "予以公开", code.list: code.label,
        }  # fmt: skip
        if code.code == "OPEN":
            del said["answered_on"]
        if code.list == "review_result":
            said["review_on"] = datetime(2025, 6, 1)
        if code.list in ("suit_kind", "suit_result"):
            said |= {"suit_on": datetime(2025, 6, 1)}
        for field, value in said.items():
            sheet.cell(row, at[vocabulary.by_field[field].heading]).value = value
    written = io.BytesIO()
    book.save(written)
    return written.getvalue(), len(codes)


def test_every_choice_of_its_lists_reads_back_without_asking(tmp_path: Path) -> None:
    data, number = filled()
    (tmp_path / "台账.xlsx").write_bytes(data)
    read = read_ledger(tmp_path / "台账.xlsx", 2025)
    vocabulary = load_vocabulary(load_form())
    codes = [code for code in vocabulary.codes if code.list != "outcome"] + list(
        vocabulary.lists["outcome"].values()
    )
    assert len(read.ledger.requests) == number
    assert not read.unknown
    assert not read.doubts
    for code, request in zip(codes, read.ledger.requests, strict=True):
        assert request.text(code.list) == code.code
        assert request.day("received_on") == date(2025, 3, 4)


def test_codes_have_lists_and_days_a_check(tmp_path: Path) -> None:
    vocabulary = load_vocabulary(load_form())
    book = read_workbook(Package.from_bytes(blank_ledger(vocabulary), "台账"))
    sheet = book.sheet(LEDGER_SHEET)
    kinds = {}
    for place, heading in sheet.texts(0):
        check = sheet.validation(5, place)
        kinds[heading] = check.kind if check is not None else ""
    for column in vocabulary.columns:
        if column.field != "due_on":
            wanted = {"code": "list", "date": "date", "money": "decimal"}.get(column.type, "")
            assert kinds[column.heading] == wanted, column.heading


def test_the_notes_say_how_sure_each_place_in_the_form_is() -> None:
    vocabulary = load_vocabulary(load_form())
    book = load_workbook(io.BytesIO(blank_ledger(vocabulary)))
    texts = [str(value) for row in book[NOTES].iter_rows(values_only=True) for value in row if value]
    for code in vocabulary.lists["outcome"].values():
        assert code.label in texts
        assert f"〔{code.status.words}〕" in texts


def test_it_is_the_same_each_time() -> None:
    vocabulary = load_vocabulary(load_form())
    assert blank_ledger(vocabulary) == blank_ledger(vocabulary)
