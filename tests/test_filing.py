"""Files by their suffix: what is offered is what can be read and written."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor import filing
from gxeditor.core.errors import DamagedFile, NotWritten, UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.readers.sources import Paragraph, RawCell, RawTable, Source
from gxeditor.resources import resource
from gxeditor.store.atomic import sha256_of

SAMPLE = resource("samples/lushan-2022.txt")


@pytest.fixture
def report(form: Form) -> Report:
    return (
        blank_report(form, 2022)
        .with_fields(agency="鲁山县教育体育局")
        .with_entry("disputes.direct_suit.upheld", 3)
    )


def test_an_own_file_is_read_back_as_it_was_written(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "年报.GXR"
    filing.export(report, path)
    filed = filing.read(path)
    assert (filed.report, filed.notes, filed.is_own) == (report, (), True)
    assert filed.sha256 == sha256_of(path)


def test_the_previous_version_of_an_own_file_is_kept_and_can_be_read(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "年报.gxr"
    filing.export(report, path)
    filing.export(report.with_fields(year=2023), path)
    assert filing.read(path).report.year == 2023
    assert filing.read(tmp_path / "年报.gxr~").report == report


def test_a_foreign_file_is_read_with_notes_and_without_a_hash() -> None:
    filed = filing.read(SAMPLE)
    assert len(filed.report.entries) == 182
    assert filed.notes
    assert (filed.is_own, filed.sha256) == (False, None)


@pytest.mark.parametrize("suffix", filing.EXPORTS)
def test_an_export_replaces_the_earlier_one_and_keeps_no_copy(
    report: Report, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"年报{suffix}"
    filing.export(report, path)
    first = path.read_bytes()
    filing.export(report.with_fields(year=2023), path)
    assert path.read_bytes() != first
    filing.export(report, path)
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


def test_a_format_that_nobody_writes_is_refused_and_leaves_no_file(report: Report, tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match=r"请用 \.gxr、\.pdf、\.xlsx 作扩展名。"):
        filing.export(report, tmp_path / "年报.docx")
    assert list(tmp_path.iterdir()) == []


def test_a_format_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource):
        filing.read(tmp_path / "年报.docx")


def test_a_damaged_own_file_is_not_taken_for_a_foreign_one(tmp_path: Path) -> None:
    (tmp_path / "年报.gxr").write_text("年报\t1\t2", encoding="utf-8")
    with pytest.raises(DamagedFile):
        filing.read(tmp_path / "年报.gxr")


def test_dialogs_offer_just_the_formats_that_can_be_read() -> None:
    books = "Excel 工作簿 (*.xlsx);;启用宏的 Excel 工作簿 (*.xlsm)"
    everything = "年报 (*.gxr *.txt *.xlsx *.xlsm);;年报文件 (*.gxr)"
    assert filing.open_filter() == f"{everything};;文本文件 (*.txt);;{books}"
    assert filing.import_filter() == f"文本文件 (*.txt);;{books}"


def test_characters_that_no_face_has_are_named_once(report: Report) -> None:
    assert filing.missing_characters(report) == ()
    rare = report.with_fields(signature="\ue000\ue001").with_section("overview", "甲\ue001乙\ue001")
    assert filing.missing_characters(rare) == ("\ue001", "\ue000")


# --- the lines that notes point to ----------------------------------------------------------------------------


def test_the_notes_about_the_sample_point_to_lines_that_say_it() -> None:
    imported, lines = filing.import_report(SAMPLE)
    assert len(imported.report.entries) == 182
    meant = [lines[note.line - 1] for note in imported.notes if note.line is not None]
    assert any(line.startswith("公开\t2.其他法律行政法规禁止公开\t0") for line in meant)
    assert all(meant)


def test_the_lines_of_a_foreign_file_are_those_of_the_file() -> None:
    _, lines = filing.import_report(SAMPLE)
    original = SAMPLE.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines):
        fields = [field.strip() for field in original[number].split("\t")]
        assert [field.strip() for field in line.split("\t") if field] == [field for field in fields if field]


def test_what_has_no_line_number_is_left_out_of_the_lines() -> None:
    cells = (RawCell(0, 0, 1, 1, "规章", line=3), RawCell(0, 2, 1, 1, "5", line=3), RawCell(1, 0, 1, 1, "六"))
    source = Source((Paragraph("标题", line=1), RawTable(cells), Paragraph("无处")))
    assert filing._lines(source) == ("标题", "", "规章\t\t5")
    assert filing._lines(Source(())) == ()
