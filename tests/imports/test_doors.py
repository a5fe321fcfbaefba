"""The way in: which file goes to which reader, what is said of one that none reads, and the clipboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.imports import doors
from gxeditor.imports.content import Kind
from gxeditor.resources import resource

SAMPLE = resource("samples/lushan-2022.txt")
WORKBOOK = Path(__file__).parents[1] / "samples" / "templates" / "full.xlsx"


REFUSED = {
    "扫描件.pdf": (b"\x89PNG\r\n\x1a\n" + bytes(40), "是一张图片"),
    "年报.docx": (b"PK\x05\x06" + bytes(18), "是压缩包"),
    "年报.doc": (rb"{\rtf1\ansi}", "是 RTF 文档"),
    "年报.xlsx": (b"", "是空文件"),
    "年报.json": (b'{"a": 1}', "数据文件"),
    "年报.exe": (b"MZ\x90\0" + bytes(100), "是程序"),
    "年报.gxr": (b'{"format": "gxeditor-report/1"}', "本程序的年报文件"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_nobody_reads_is_told_by_what_it_is_with_the_way_out(
    name: str, form: Form, tmp_path: Path
) -> None:
    data, what = REFUSED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableSource, match=what) as refused:
        doors.read_source(tmp_path / name, form)
    assert name in refused.value.what
    assert refused.value.remedy


def test_every_kind_of_file_is_read_or_refused_in_words() -> None:
    read = {one.kind for one in doors.FORMATS}
    assert read | set(doors._REFUSED) | {Kind.OWN} == set(Kind)
    assert not read & set(doors._REFUSED)


def test_what_a_file_is_called_does_not_matter(form: Form, tmp_path: Path) -> None:
    (tmp_path / "年报.pdf").write_bytes(WORKBOOK.read_bytes())
    (tmp_path / "年报.docx").write_bytes(SAMPLE.read_bytes())
    assert doors.read_source(tmp_path / "年报.pdf", form).kind.startswith("Excel")
    assert len(doors.import_report(tmp_path / "年报.docx", form).report.entries) == 182


def test_a_text_file_is_read(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "年报.TXT"
    path.write_text("一、总体情况\n", encoding="utf-8")
    assert doors.read_source(path, form).name == "年报.TXT"


def test_every_suffix_belongs_to_one_format_and_has_a_name() -> None:
    suffixes = [suffix for one in doors.FORMATS for suffix in one.suffixes]
    assert sorted(suffixes) == sorted(set(suffixes)) == sorted(doors.FOREIGN)
    assert all(suffix == suffix.lower() and doors.NAMES[suffix] for suffix in suffixes)


@pytest.mark.parametrize("path", [SAMPLE, WORKBOOK], ids=lambda path: path.suffix)
def test_every_format_goes_the_same_way_to_a_report_with_its_source(path: Path, form: Form) -> None:
    imported = doors.import_report(path, form)
    assert imported.report.form is form
    assert imported.source.name == path.name
    assert imported.source.lines.texts
    assert all(origin in imported.source.lines.at for origin in imported.placed.values())


def test_of_what_is_on_the_clipboard_the_html_counts_because_it_has_the_spans() -> None:
    spanned = "<table><tr><td colspan=2>a</td></tr></table>"
    table = doors.pasted_table(spanned, "b\t1")
    assert table is not None
    assert table.has_spans
    for html in ("", "<p>b 1</p>"):
        table = doors.pasted_table(html, "b\t1")
        assert table is not None
        assert [cell.text for cell in table.cells] == ["b", "1"]
    assert doors.pasted_table("", "") is None


def test_the_notes_about_the_sample_point_to_lines_that_say_it(form: Form) -> None:
    imported = doors.import_report(SAMPLE, form)
    lines = imported.source.lines
    assert len(imported.report.entries) == 182
    meant = [lines.texts[lines.at[note.origin] - 1] for note in imported.notes if note.origin in lines.at]
    assert any(line.startswith("公开\t2.其他法律行政法规禁止公开\t0") for line in meant)
    assert all(meant)


def test_the_lines_of_a_foreign_file_are_those_of_the_file(form: Form) -> None:
    lines = doors.read_source(SAMPLE, form).lines.texts
    original = SAMPLE.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines):
        fields = [field.strip() for field in original[number].split("\t")]
        assert [field.strip() for field in line.split("\t") if field] == [field for field in fields if field]


def test_cells_are_handed_out_as_the_file_keeps_them(tmp_path: Path) -> None:
    from openpyxl import Workbook as NewWorkbook

    from gxeditor.imports.source import Source
    from gxeditor.workbook.read import Workbook

    book = NewWorkbook()
    book.worksheets[0]["B2"] = 45720
    book.save(tmp_path / "甲.xlsx")
    cells = doors.read_cells(tmp_path / "甲.xlsx")
    assert isinstance(cells, Workbook)
    assert cells.sheets[0].value(1, 1) == 45720
    (tmp_path / "乙.csv").write_bytes("序号,日期".encode("gb18030"))
    assert doors.read_cells(tmp_path / "乙.csv") == "序号,日期"
    (tmp_path / "丙.html").write_text(
        "<html><body><table><tr><td>序号</td></tr></table></body></html>", encoding="utf-8"
    )
    assert isinstance(doors.read_cells(tmp_path / "丙.html"), Source)
    (tmp_path / "丁.xlsx").write_bytes(b"")
    with pytest.raises(UnreadableSource):
        doors.read_cells(tmp_path / "丁.xlsx")
