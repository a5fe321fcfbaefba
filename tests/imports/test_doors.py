"""The way in: which file goes to which reader, what is said of one that none reads, and the clipboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.imports import doors
from gxeditor.resources import resource

SAMPLE = resource("samples/lushan-2022.txt")
WORKBOOK = Path(__file__).parents[1] / "samples" / "templates" / "full.xlsx"


def test_a_file_of_another_kind_is_refused_with_the_way_out(form: Form, tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"Word 或 WPS 里打开它，选中整张表复制"):
        doors.read_source(tmp_path / "年报.DOCX", form)
    for suffix in (".xls", ".et", ".csv"):
        with pytest.raises(UnreadableSource, match=r"另存为“Excel 工作簿（.xlsx）”"):
            doors.read_source(tmp_path / f"年报{suffix}", form)
    for suffix in (".doc", ".docx", ".wps", ".pdf", ".html", ".json"):
        with pytest.raises(UnreadableSource) as refused:
            doors.read_source(tmp_path / f"年报{suffix}", form)
        assert "纯文本" not in str(refused.value)
    with pytest.raises(UnreadableSource, match="原来的程序"):
        doors.read_source(tmp_path / "年报", form)


def test_a_text_file_is_read(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "年报.TXT"
    path.write_text("一、总体情况\n", encoding="utf-8")
    assert doors.read_source(path, form).name == "年报.TXT"


def test_every_suffix_goes_to_one_reader_and_has_a_name() -> None:
    suffixes = [suffix for one in doors.FORMATS for suffix in one.names]
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
