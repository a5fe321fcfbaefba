"""Files of any format as rows of cells, counted as in the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import UnreadableSource
from gxeditor.ledger.pages import read_pages


def test_a_merged_cell_stands_in_each_of_its_places(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["B2"] = "甲"
    sheet.merge_cells("B2:C3")
    book.save(tmp_path / "a.xlsx")
    (page,) = read_pages(tmp_path / "a.xlsx")
    found = [page.rows[row][column] for row in (2, 3) for column in (1, 2)]
    assert {(item.text, item.top, item.left, item.wide, item.tall) for item in found} == {("甲", 2, 1, 2, 2)}


def test_a_day_is_a_number_that_is_shown_as_one(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"], sheet["A2"] = date(2025, 3, 4), 45720
    book.save(tmp_path / "a.xlsx")
    (page,) = read_pages(tmp_path / "a.xlsx")
    shown = [(page.rows[row][0].text, page.rows[row][0].number, page.rows[row][0].dated) for row in (1, 2)]
    assert shown == [("2025-03-04", 45720, True), ("45720", 45720, False)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_text_is_divided_by_its_mark_in_any_encoding(mark: str, encoding: str, tmp_path: Path) -> None:
    text = f'序号{mark}收到日期{mark}申请内容的说明\r\n\r\n1{mark}2025.3.4{mark}"甲\n乙"\r\n2\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (page,) = read_pages(tmp_path / "a.csv")
    assert [item.text for item in page.rows[1].values()] == ["序号", "收到日期", "申请内容的说明"]
    assert [item.text for item in page.rows[3].values()] == ["1", "2025.3.4", "甲\n乙"]
    assert [item.text for item in page.rows[4].values()] == ["2"]  # as Excel counts, not by lines


def test_a_mark_divides_that_stands_equally_often_in_each_line(tmp_path: Path) -> None:
    lines = ["序号,收到日期,申请内容", *(f"{n},2025.3.{n},{'甲，' * (4 + n)}" for n in range(1, 9))]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    (page,) = read_pages(tmp_path / "a.csv")
    assert [len(row) for row in page.rows.values()] == [3] * 9


@pytest.mark.parametrize("behind", ["", '6,2025.3.6,"戊"\n'])
def test_a_quotation_mark_that_nobody_closed_swallows_no_rows(behind: str, tmp_path: Path) -> None:
    text = '序号,收到日期,申请内容\n1,2025.3.4,"甲\n乙"\n2,2025.3.5,"丙\n3,2025.3.6,丁\n' + behind
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSource, match="第 3 行起读不出来"):
        read_pages(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text(text.replace('"丙', '5"丙'), encoding="utf-8")
    (page,) = read_pages(tmp_path / "b.csv")
    assert page.rows[3][2].text == '5"丙'


def test_a_cell_beyond_all_measure_is_told_and_no_row_behind_it_is_lost_in_silence(tmp_path: Path) -> None:
    text = f"序号,收到日期,申请内容\n1,2025.3.4,{'甲' * 140_000}\n2,2025.3.5,乙\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSource, match="第 2 行起读不出来"):
        read_pages(tmp_path / "a.csv")
