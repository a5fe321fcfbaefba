"""Files by their suffix: what is offered is what can be read and written."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from gxeditor import documents
from gxeditor.core.checks.check import check
from gxeditor.core.checks.profiles import Profile
from gxeditor.core.checks.rules import Rule
from gxeditor.core.checks.summary import Summary
from gxeditor.core.errors import Cancelled, DamagedFile, NotWritten, UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Final, Report, blank_report
from gxeditor.files.reading import sha256_of
from gxeditor.imports.doors import FOREIGN
from gxeditor.paper.layouts import layouts
from gxeditor.resources import load_form, load_rules, resource
from gxeditor.store.report_file import check_code, content_sha256
from tests.permissions import ordinary_user

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
    documents.export(report, path)
    filed = documents.read(path)
    assert (filed.report, filed.notes) == (report, ())
    assert filed.sha256 == sha256_of(path)


def test_the_previous_version_of_an_own_file_is_kept_and_can_be_read(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "年报.gxr"
    documents.export(report, path)
    documents.export(report.with_fields(year=2023), path)
    assert documents.read(path).report.year == 2023
    assert documents.read(tmp_path / "年报.gxr~").report == report


def test_a_foreign_file_is_read_with_notes_and_without_a_hash() -> None:
    filed = documents.read(SAMPLE)
    assert len(filed.report.entries) == 182
    assert filed.notes
    assert filed.sha256 is None


@pytest.mark.parametrize("suffix", documents.EXPORTS)
def test_an_export_replaces_the_earlier_one_and_keeps_no_copy(
    report: Report, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"年报{suffix}"
    documents.export(report, path)
    first = path.read_bytes()
    documents.export(report.with_fields(year=2023), path)
    assert path.read_bytes() != first
    documents.export(report, path)
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


def test_a_format_that_nobody_writes_is_refused_and_leaves_no_file(report: Report, tmp_path: Path) -> None:
    names = r"请用 \.gxr、\.pdf、\.docx、\.xlsx、\.html、\.txt、\.json 作扩展名。"
    with pytest.raises(NotWritten, match=names):
        documents.export(report, tmp_path / "年报.doc")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".doc", ".docx", ".json"])
def test_a_format_that_nobody_reads_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(UnreadableSource):
        documents.read(tmp_path / f"年报{suffix}")


@pytest.mark.parametrize(
    ("suffix", "start"),
    [
        (".PDF", b"%PDF-"),
        (".docx", b"PK\x03\x04"),
        (".xlsx", b"PK\x03\x04"),
        (".html", b"<!DOCTYPE html>"),
        (".txt", b"\xef\xbb\xbf"),
        (".json", b'{\n "format": "gxeditor-exchange/1"'),
    ],
)
def test_an_export_is_what_its_suffix_says(report: Report, tmp_path: Path, suffix: str, start: bytes) -> None:
    documents.export(report, tmp_path / f"年报{suffix}")
    assert (tmp_path / f"年报{suffix}").read_bytes().startswith(start)


def test_a_text_that_was_exported_is_read_again(report: Report, tmp_path: Path) -> None:
    whole = report.with_entries({cell: 7 for cell in report.form.cells}).with_section(
        "overview", "甲。\n乙。"
    )
    documents.export(whole, tmp_path / "年报.txt")
    again = documents.read(tmp_path / "年报.txt").report
    assert {cell: int(str(entry)) for cell, entry in again.entries.items()} == whole.entries
    assert (again.sections, again.agency, again.year) == (whole.sections, whole.agency, 2022)


@pytest.mark.parametrize("suffix", [".txt", ".xlsx", ".gxr"])
def test_a_whole_report_comes_back_from_every_format_that_is_read(tmp_path: Path, suffix: str) -> None:
    whole = documents.read(SAMPLE).report.with_fields(
        signature="鲁山县人民政府办公室", date="2023年1月16日", preamble="根据条例编制本报告。"
    )
    documents.export(whole, tmp_path / f"年报{suffix}")
    assert documents.read(tmp_path / f"年报{suffix}").report == whole


@pytest.mark.parametrize("suffix", documents.LAID_OUT)
def test_a_layout_changes_what_has_pages(report: Report, tmp_path: Path, suffix: str) -> None:
    for layout in layouts():
        documents.export(report, tmp_path / f"{layout.key}{suffix}", layout=layout)
    assert len({path.read_bytes() for path in tmp_path.glob(f"*{suffix}")}) == len(layouts())


def test_a_proof_lists_its_findings(report: Report, rules: tuple[Rule, ...], tmp_path: Path) -> None:
    documents.export(report, tmp_path / "稿.pdf", findings=check(report, rules))
    documents.export(report, tmp_path / "年报.pdf")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "稿.pdf").pages)
    assert "未填" in "".join(text.split())
    assert (tmp_path / "稿.pdf").read_bytes() != (tmp_path / "年报.pdf").read_bytes()


# --- what goes wrong ------------------------------------------------------------------------------------------

ALL = (*documents.OWN, *documents.EXPORTS)


@pytest.mark.parametrize("suffix", ALL)
def test_a_cancelled_export_leaves_what_was_there(report: Report, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"年报{suffix}"
    path.write_bytes(b"old")
    with pytest.raises(Cancelled):
        documents.export(report, path, cancelled=lambda: True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", documents.EXPORTS)
def test_an_export_that_is_cancelled_while_it_is_made_is_not_written(
    report: Report, tmp_path: Path, suffix: str
) -> None:
    asked = iter([False])
    with pytest.raises(Cancelled):
        documents.export(report, tmp_path / f"年报{suffix}", cancelled=lambda: next(asked, True))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def full_disk() -> Iterator[None]:
    """The system refuses files above 100 bytes, as a full disk does."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("suffix", ALL)
def test_a_full_disk_leaves_the_earlier_export(
    report: Report, tmp_path: Path, full_disk: None, suffix: str
) -> None:
    path = tmp_path / f"年报{suffix}"
    path.write_bytes(b"old")
    with pytest.raises(NotWritten, match=rf"磁盘已满，“年报\{suffix}”没有保存。"):
        documents.export(report, path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", ALL)
def test_a_folder_in_the_place_of_the_file_is_named(report: Report, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"年报{suffix}"
    path.mkdir()
    with pytest.raises(NotWritten, match="已有一个同名的文件夹"):
        documents.export(report, path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not read-only there")
@pytest.mark.parametrize("suffix", documents.EXPORTS)
def test_a_read_only_folder_is_said_to_be_one(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    folder = tmp_path / "只读"
    folder.mkdir()
    folder.chmod(0o555)
    documents.export(
        report, tmp_path / f"先{suffix}"
    )  # what a user who is not root may not read is loaded now
    monkeypatch.chdir(folder)
    with (
        ordinary_user(),
        pytest.raises(NotWritten, match=rf"没有写入权限，“年报\{suffix}”没有保存。.*请另存"),
    ):
        documents.export(report, Path(f"年报{suffix}"))
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a file in use is refused there by itself")
@pytest.mark.parametrize("suffix", documents.EXPORTS)
def test_a_file_that_another_program_keeps_open_is_left_alone(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"年报{suffix}"
    path.write_bytes(b"old")

    def refusing(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "sharing violation")

    monkeypatch.setattr(os, "replace", refusing)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    with pytest.raises(
        NotWritten, match=r"占用.*请关闭正在使用它的程序（如 Excel、WPS）；.*或另存为别的名字。"
    ):
        documents.export(report, path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


# --- names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (None, "鲁山县教育体育局2022年政府信息公开工作年度报告"),
        ('甲/乙\\丙:丁*戊?己"庚<辛>壬|癸', "甲／乙＼丙：丁＊戊？己”庚＜辛＞壬｜癸"),
        ("甲\n乙\t\u3000丙", "甲 乙 丙"),
        ("甲\x00乙\u202e丙\u200b\ud800", "甲乙丙"),
        (" ..年报. . ", "年报"),
        ("...", "新政府信息公开工作年度报告"),
        ("", "新政府信息公开工作年度报告"),
        ("con", "_con"),
        ("Com1.甲", "_Com1.甲"),
        ("LPT² .x", "_LPT² .x"),
        ("contract", "contract"),
        ("𬭎" * 60, "𬭎" * 55),
        ("a" * 300, "a" * 120),
        ("年" * 72 + ". 报", "年" * 72),
    ],
)
def test_a_name_for_files_is_the_title_as_every_file_system_takes_it(
    report: Report, title: str | None, name: str
) -> None:
    assert documents.default_name(report.with_fields(own_title=title)) == name


@given(st.text(st.characters(codec=None), max_size=150))
def test_any_title_gives_a_name_that_can_be_written(title: str) -> None:
    name = documents.default_name(blank_report(load_form()).with_fields(own_title=title))
    assert name == name.strip(" .")
    assert 0 < len(name) <= 120
    assert len(f"{name}（校对稿）.html~".encode()) < 255
    assert not set(name) & set('\\/:*?"<>|')
    assert not any(ord(char) < 32 for char in name)
    with TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.txt").write_bytes(b"")


def test_dialogs_have_a_name_for_every_format() -> None:
    assert set(documents.NAMES) == {*documents.OWN, *documents.EXPORTS, *FOREIGN}


def test_a_damaged_own_file_is_not_taken_for_a_foreign_one(tmp_path: Path) -> None:
    (tmp_path / "年报.gxr").write_text("年报\t1\t2", encoding="utf-8")
    with pytest.raises(DamagedFile):
        documents.read(tmp_path / "年报.gxr")


def test_dialogs_list_all_that_can_be_read_first_together_then_by_kinds() -> None:
    filters = documents.open_filter().split(";;")
    assert filters[0].startswith("所有能读的文件 (*.gxr *.gxr~ *.docx")
    assert filters[1] == "年报文件 (*.gxr *.gxr~)"
    listed = [suffix for one in filters[2:] for suffix in one.partition("(")[2].rstrip(")").split()]
    assert listed == [f"*{suffix}" for suffix in FOREIGN]
    assert filters[0] == f"所有能读的文件 (*.gxr *.gxr~ {' '.join(listed)})"
    more = documents.open_filter(("汇总", (".gxh",))).split(";;")
    assert more[0].startswith("所有能读的文件 (*.gxr *.gxr~ *.gxh *.docx")
    assert more[2] == "汇总 (*.gxh)"


def test_an_own_file_is_one_by_its_content(report: Report, tmp_path: Path) -> None:
    documents.export(report, tmp_path / "年报.gxr")
    (tmp_path / "年报.gxr").rename(tmp_path / "年报.txt")
    assert documents.is_own(tmp_path / "年报.txt")
    assert documents.read(tmp_path / "年报.txt").report == report
    (tmp_path / "样例.gxr").write_bytes(SAMPLE.read_bytes()[:0])
    assert documents.is_own(tmp_path / "样例.gxr")
    documents.export(report, tmp_path / "年报.docx")
    (tmp_path / "年报.docx").rename(tmp_path / "其实是文档.gxr")
    assert not documents.is_own(tmp_path / "其实是文档.gxr")
    assert documents.read(tmp_path / "其实是文档.gxr").report.entries == report.entries


def test_characters_that_no_face_has_are_named_once(report: Report) -> None:
    assert documents.missing_characters(report) == ()
    rare = report.with_fields(signature="\ue000\ue001").with_section("overview", "甲\ue001乙\ue001")
    assert documents.missing_characters(rare) == ("\ue001", "\ue000")


# --- 校验报告


def summary_of(report: Report) -> Summary:
    rules = load_rules(report.form)
    return documents.check_summary(
        report, rules, check(report, rules), Profile(), datetime(2026, 1, 12, 14, 36)
    )


@pytest.mark.parametrize("suffix", documents.CHECK_REPORTS)
def test_a_report_of_checks_is_written_whole_and_the_same_each_time(
    report: Report, tmp_path: Path, suffix: str
) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in ("甲", "乙")]
    for path in paths:
        documents.export_check_report(summary_of(report), path)
    assert paths[0].read_bytes() == paths[1].read_bytes() != b""
    assert sorted(tmp_path.iterdir()) == sorted(paths)


@pytest.mark.parametrize("suffix", documents.CHECK_REPORTS)
def test_a_full_disk_leaves_the_earlier_report_of_checks(
    report: Report, tmp_path: Path, full_disk: None, suffix: str
) -> None:
    path = tmp_path / f"校验{suffix}"
    path.write_bytes(b"old")
    with pytest.raises(NotWritten, match=rf"磁盘已满，“校验\{suffix}”没有保存。"):
        documents.export_check_report(summary_of(report), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not read-only there")
@pytest.mark.parametrize("suffix", documents.CHECK_REPORTS)
def test_a_locked_folder_takes_no_report_of_checks(report: Report, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "只读"
    folder.mkdir()
    folder.chmod(0o555)
    said = summary_of(report)
    documents.export_check_report(said, tmp_path / f"先{suffix}")
    with ordinary_user(), pytest.raises(NotWritten, match="没有写入权限"):
        documents.export_check_report(said, folder / f"校验{suffix}")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("suffix", documents.CHECK_REPORTS)
def test_a_report_of_checks_that_is_cancelled_is_not_written(
    report: Report, tmp_path: Path, suffix: str
) -> None:
    with pytest.raises(Cancelled):
        documents.export_check_report(summary_of(report), tmp_path / f"校验{suffix}", cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_checks_is_a_pdf_or_a_workbook(report: Report, tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match=r"请用 \.pdf、\.xlsx 作扩展名"):
        documents.export_check_report(summary_of(report), tmp_path / "校验.docx")


def test_its_check_code_is_that_of_what_the_report_says_now(report: Report) -> None:
    sha256 = content_sha256(report)
    final = report.with_finals([Final("2026-01-12", "张敏", sha256)])
    assert summary_of(final).code == check_code(sha256)
    assert not summary_of(final).wide
    changed = final.with_fields(agency="另一个单位")
    assert dict(summary_of(changed).wide)["定稿时的校验码"].startswith(check_code(sha256))


def test_a_roll_up_is_no_report(tmp_path: Path) -> None:
    from gxeditor.core.rollup.project import Rollup
    from gxeditor.store.rollup_file import save_rollup

    path = tmp_path / "松塘县.gxh"
    save_rollup(Rollup(load_form(), year=2025), path, None)
    with pytest.raises(UnreadableSource, match="是汇总文件"):
        documents.read(path)
