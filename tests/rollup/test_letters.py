"""Writing what a roll-up sends: files of safe names, all of them or none, that no reading takes for reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gxeditor.core.errors import Cancelled, NotWritten
from gxeditor.core.rollup.analysis import analysis
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.returning import ReturnSheet, asked, sheet
from gxeditor.core.rollup.units import Units
from gxeditor.rollup.letters import (
    sheet_names,
    sheet_pages_apart,
    sheet_paths,
    write_analysis,
    write_return_sheets,
)
from gxeditor.rollup.reading import is_paper
from tests.rollup_sample import songtang, unit_id

COUNTY = songtang()


def sheets(*names: str, rollup: Rollup = COUNTY) -> list[ReturnSheet]:
    found = []
    for name in names:
        unit = rollup.units.by_id[unit_id(name)]
        one = sheet(rollup, unit, asked(rollup, unit.id), day=date(2026, 1, 21), due=date(2026, 1, 26))
        assert one is not None
        found.append(one)
    return found


def test_each_unit_gets_a_file_of_its_own_in_every_format(tmp_path: Path) -> None:
    written = write_return_sheets(COUNTY.form, sheets("自然资源局", "柏桥镇人民政府"), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in written)
    assert {path.name for path in written} == {
        "松塘县自然资源局退回意见.docx", "松塘县自然资源局退回意见.pdf",
        "松塘县柏桥镇人民政府退回意见.docx", "松塘县柏桥镇人民政府退回意见.pdf",
    }  # fmt: skip
    assert all(is_paper(path) for path in written)


def test_all_in_one_is_a_file_of_every_format(tmp_path: Path) -> None:
    both = sheets("自然资源局", "柏桥镇人民政府")
    written = write_return_sheets(COUNTY.form, both, tmp_path / "退回意见.pdf", each=False)
    assert {path.name for path in written} == {"退回意见.docx", "退回意见.pdf"}
    assert sheet_pages_apart(both).pages >= 2


def test_names_that_no_disk_takes_or_that_are_alike_are_made_safe() -> None:
    names = {"自然资源局": "松塘县/规划:局", "柏桥镇人民政府": "松塘县/规划:局", "公安局": "CON"}
    listed = tuple(
        replace(unit, name=next((new for old, new in names.items() if unit.id == unit_id(old)), unit.name))
        for unit in COUNTY.units.listed
    )
    renamed = replace(COUNTY, units=Units(listed))
    assert sheet_names(sheets(*names, rollup=renamed)) == (
        "松塘县／规划：局退回意见", "松塘县／规划：局退回意见（2）", "CON退回意见",
    )  # fmt: skip


def test_a_name_with_a_dot_keeps_all_of_it(tmp_path: Path) -> None:
    (path,) = sheet_paths(sheets("公安局"), tmp_path / "2026.1.21退回", (".pdf",), each=False)
    assert path.name == "2026.1.21退回.pdf"


def test_cancelled_or_in_a_format_that_there_is_not_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        write_return_sheets(COUNTY.form, sheets("公安局"), tmp_path, cancelled=lambda: True)
    with pytest.raises(NotWritten):
        write_return_sheets(COUNTY.form, sheets("公安局"), tmp_path, (".pdf", ".odt"))
    assert not list(tmp_path.iterdir())


def test_the_analysis_is_written_as_word_and_pdf_and_taken_for_no_report(tmp_path: Path) -> None:
    written = write_analysis(COUNTY.form, analysis(COUNTY), tmp_path / "松塘县2025年分析材料.docx")
    assert [path.suffix for path in written] == [".docx", ".pdf"]
    assert all(path.stat().st_size > 20_000 and is_paper(path) for path in written)
