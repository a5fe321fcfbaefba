"""Letters as Word documents: what they hold, that their tables repeat their heads, and that they are no report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from gxeditor.core.rollup.project import Received, Rollup, Told
from gxeditor.core.rollup.returning import COLUMNS, ReturnSheet, sheet
from gxeditor.core.rollup.units import Unit, Units
from gxeditor.exports.letters import return_sheets_word
from gxeditor.resources import load_form

FORM = load_form()
FILE = Received("报送/自然资源局2025.docx", "3f9a1c07b2e458d0" + "0" * 48, received="2026-01-21T09:08:00")
ERROR = Told(
    "T4-01",
    "error",
    "",
    place="表四　行政复议　总计",
    stands="总计填 6",
    should="合计 5",
    ask="相差 1。请改正。",
)


def made(name: str, *asked: Told) -> ReturnSheet:
    unit = Unit(name, name)
    rollup = Rollup(FORM, year=2025, units=Units((unit,)), received=(replace(FILE, unit=name),))
    found = sheet(
        rollup, unit, asked, day=date(2026, 1, 21), due=date(2026, 1, 26), office="松塘县政务公开办公室"
    )
    assert found is not None
    return found


def opened(*sheets: ReturnSheet) -> Any:
    return Document(BytesIO(return_sheets_word(FORM, sheets)))


def text_of(document: Any) -> str:
    return "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_all_that_is_asked_stands_in_the_document() -> None:
    text = text_of(opened(made("松塘县自然资源局", ERROR)))
    for part in (
        "年度报告退回意见", "自然资源局2025.docx", "2026年1月21日 09:08", "3f9a 1c07 b2e4 58d0", "2026年1月26日前",
        "▲ 错误", "表四　行政复议　总计", "总计填 6", "合计 5", "相差 1。请改正。", "松塘县政务公开办公室", *COLUMNS,
    ):  # fmt: skip
        assert part in text


def test_the_head_of_the_table_is_repeated_and_no_row_is_parted() -> None:
    _, table, _ = opened(made("甲", *[ERROR] * 30)).tables
    assert [row._tr.find(".//" + qn("w:tblHeader")) is not None for row in table.rows] == [
        True,
        *[False] * 30,
    ]
    assert all(row._tr.find(".//" + qn("w:cantSplit")) is not None for row in table.rows)


def test_each_sheet_is_a_section_that_counts_its_own_pages() -> None:
    document = opened(made("甲", ERROR), made("乙", ERROR), made("丙", ERROR))
    assert len(document.sections) == 3
    for section, name in zip(document.sections, "甲乙丙", strict=True):
        number = section._sectPr.find(qn("w:pgNumType"))
        assert number.get(qn("w:start")) == "1"
        assert name in section.footer.paragraphs[0].text
    assert "第 1 页，共 1 页" in "".join(
        node.text for node in opened(made("甲", ERROR)).sections[0].footer._element.iter(qn("w:t"))
    )


def test_a_letter_is_read_as_no_report(tmp_path: Path) -> None:
    from gxeditor.core.errors import GxError
    from gxeditor.documents import read

    path = tmp_path / "退回意见.docx"
    path.write_bytes(return_sheets_word(FORM, [made("松塘县自然资源局", ERROR)]))
    try:
        report = read(path).report
    except GxError:
        return
    assert not report.entries


def test_equal_sheets_give_equal_bytes_and_nothing_no_document() -> None:
    assert return_sheets_word(FORM, [made("甲", ERROR)]) == return_sheets_word(FORM, [made("甲", ERROR)])
    with pytest.raises(ValueError, match="no sheet"):
        return_sheets_word(FORM, [])
