"""A text that a kind of file cannot hold is said with its place, its length and what is possible."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gxeditor import documents
from gxeditor.core.errors import GxError, NotWritten
from gxeditor.core.report import Report
from gxeditor.files.room import check_texts, texts_of, units
from gxeditor.store import report_file
from tests.damage import report


def test_a_text_is_measured_as_windows_programs_count_it() -> None:
    assert units("字a") == 2
    assert units("𠮷") == 2


def test_a_text_just_as_long_as_can_be_held_is_fine() -> None:
    check_texts("Excel 的一格", 4, [("标题", "𠮷字a")])
    with pytest.raises(NotWritten, match="“标题”有 5 个字，Excel 的一格最多能放 4 个。"):
        check_texts("Excel 的一格", 4, [("机关名称", ""), ("标题", "𠮷字ab")])


def test_all_texts_are_looked_at_by_the_names_the_clerk_knows() -> None:
    whole = report()
    section = next(one for one in whole.form.sections if one.table is not None)
    assert section.table is not None
    cell = section.table.cells[0]
    odd = replace(
        whole,
        preamble="前言",
        signature="某局",
        date="2023年1月20日",
        sections={"overview": "甲\n乙"},
        entries={cell.id: "无"},
        note_proactive="注：一。\n二。",
    )
    assert list(texts_of(odd)) == [
        ("机关名称", odd.agency),
        ("标题", odd.title),
        ("落款单位", "某局"),
        ("落款日期", "2023年1月20日"),
        ("序文", "前言"),
        ("一、总体情况", "甲"),
        ("一、总体情况", "乙"),
        *((one.heading, "") for one in odd.form.sections[1:2]),
        ("表二注释", "注：一。"),
        ("表二注释", "二。"),
        (f"表{section.number} · {cell.place}", "无"),
        (odd.form.sections[2].heading, ""),
        ("表三注释", ""),
        (odd.form.sections[3].heading, ""),
        ("表四注释", ""),
        *((one.heading, "") for one in odd.form.sections[4:]),
    ]


def _agency(length: int) -> Report:
    return replace(report(), agency="某" * length, signature="")


@pytest.mark.parametrize(
    ("odd", "suffix", "told"),
    [
        (_agency(20_000), ".pdf", "“机关名称”有 20000 个字，PDF 的文档属性最多能放 16382 个。"),
        (_agency(16_370), ".pdf", "“标题”有 16387 个字，PDF 的文档属性最多能放 16382 个。"),
        (_agency(100_000), ".xlsx", "“机关名称”有 100000 个字，Excel 的一格最多能放 32767 个。"),
        (_agency(32_760), ".xlsx", "“标题”有 32777 个字，Excel 的一格最多能放 32767 个。"),
        (
            replace(report(), signature="某" * 33_000),
            ".xlsx",
            "“落款单位”有 33000 个字，Excel 的一格最多能放 32767 个。",
        ),
        (
            replace(report(), sections={"overview": "短\n" + "某" * 3_400_000}),
            ".docx",
            "“一、总体情况”有 3400000 个字，Word 文档的一段最多能放 3300000 个。",
        ),
    ],
)
def test_what_a_format_cannot_hold_is_said_and_nothing_is_written(
    odd: Report, suffix: str, told: str, tmp_path: Path
) -> None:
    target = tmp_path / f"年报{suffix}"
    target.write_bytes(b"before")
    with pytest.raises(GxError) as error:
        documents.export(odd, target)
    assert error.value.what == told
    assert error.value.meaning
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("suffix", [".gxr", ".html", ".txt", ".json", ".docx"])
def test_other_formats_hold_an_agency_of_any_length(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"年报{suffix}"
    documents.export(_agency(100_000), target)
    assert target.stat().st_size > 1_000


def test_a_file_name_holds_as_much_of_a_long_agency_as_any_file_system_takes() -> None:
    assert len(documents.default_name(_agency(100_000)).encode()) <= 220


@pytest.mark.parametrize("suffix", [".gxr", ".pdf", ".docx", ".xlsx", ".html", ".txt", ".json"])
def test_characters_that_no_file_should_hold_stop_no_export(suffix: str, tmp_path: Path) -> None:
    odd = "甲\0\ud800\ufffe\uffff\x07\x1b\u202e\U000e0001乙"
    whole = report()
    target = tmp_path / f"年报{suffix}"
    documents.export(
        replace(whole, agency=odd, signature=odd, sections={"overview": f"{odd}\n{odd}"}), target
    )
    assert target.stat().st_size > 1_000


def test_a_report_that_could_not_be_opened_again_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "年报.gxr"
    before = report_file.save_report(report(), path, None)
    saved = path.read_bytes()
    monkeypatch.setattr(report_file, "OWN_FILE", len(saved) + 1_000)
    with pytest.raises(NotWritten, match="最长的是“一、总体情况”，有 2000 个字"):
        report_file.save_report(replace(report(), sections={"overview": "某" * 2_000}), path, before)
    assert path.read_bytes() == saved
