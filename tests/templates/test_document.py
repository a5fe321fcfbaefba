"""This year's figures in last year's own Word document: these cells and nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from gxeditor import documents
from gxeditor.core.errors import NotWritten, UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report, show_entry
from gxeditor.exports.word import word_bytes
from gxeditor.imports.formats.docx import read_docx
from gxeditor.imports.recognize.report import recognize
from gxeditor.resources import resource
from gxeditor.templates.document import fill_document, fill_file, is_document, write_document
from tests.reading import whole_report

MAIN = "word/document.xml"


@pytest.fixture(scope="module")
def last() -> bytes:
    return word_bytes(documents.read(resource("samples/lushan-2022.txt")).report)


@pytest.fixture(scope="module")
def report() -> Report:
    return whole_report()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_main(data: bytes, change: object) -> bytes:
    """The document with another main part."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, part in parts(data).items():
            package.writestr(name, change(part) if name == MAIN else part)  # type: ignore[operator]
    return made.getvalue()


def shown(data: bytes, form: Form) -> dict[str, str]:
    read = recognize(read_docx(data, "年报.docx"), form).report
    return {cell_id: show_entry(read.value(cell_id)) for cell_id in form.cells}


def test_every_figure_is_this_years_and_only_the_one_part_differs(last: bytes, report: Report) -> None:
    filled = fill_document(last, "去年.docx", report)
    assert shown(filled.data, report.form) == {i: show_entry(report.value(i)) for i in report.form.cells}
    assert (len(filled.filled), filled.missing) == (200, ())
    before, after = parts(last), parts(filled.data)
    assert [name for name in after if after[name] != before[name]] == [MAIN]
    assert list(after) == list(before)


def test_of_the_part_only_the_runs_in_table_cells_change(last: bytes, report: Report) -> None:
    filled = fill_document(last, "去年.docx", report)
    before, after = (parts(data)[MAIN].decode() for data in (last, filled.data))

    def outside(part: str) -> list[str]:
        return re.split(r"<w:tc>.*?</w:tc>", part, flags=re.DOTALL)

    def shapes(part: str) -> list[str]:
        cells = re.findall(r"<w:tc>.*?</w:tc>", part, flags=re.DOTALL)
        return [re.sub(r"<w:r>.*?</w:r>", "", cell, flags=re.DOTALL) for cell in cells]

    assert outside(after) == outside(before)
    assert shapes(after) == shapes(before)


def test_a_cell_that_is_blank_this_year_becomes_blank(last: bytes, form: Form) -> None:
    filled = fill_document(last, "去年.docx", blank_report(form, 2023))
    assert set(shown(filled.data, form).values()) == {""}


def test_the_figures_of_a_blank_copy_of_the_form_come_in_too(form: Form, report: Report) -> None:
    filled = fill_document(word_bytes(blank_report(form, 2022)), "空表.docx", report)
    assert (len(filled.filled), filled.missing) == (200, ())
    assert shown(filled.data, form) == {i: show_entry(report.value(i)) for i in form.cells}


def test_a_figure_that_stands_in_several_runs_is_replaced_whole(last: bytes, report: Report) -> None:
    def split(part: bytes) -> bytes:
        return re.sub(
            rb"(<w:r>(?:(?!</w:r>).)*<w:t>)([0-9])([0-9]+)(</w:t></w:r>)", rb"\1\2</w:t></w:r>\1\3\4", part
        )

    filled = fill_document(with_main(last, split), "去年.docx", report)
    assert shown(filled.data, report.form) == {i: show_entry(report.value(i)) for i in report.form.cells}


def test_kept_texts_go_in_as_they_are(last: bytes, form: Form) -> None:
    report = blank_report(form, 2023).with_entries({cell_id: "/" for cell_id in form.cells})
    assert set(shown(fill_document(last, "去年.docx", report).data, form).values()) == {"/"}


def test_cells_with_open_revisions_are_not_filled(last: bytes, report: Report) -> None:
    def revise(part: bytes) -> bytes:
        return part.replace(b"<w:r>", b'<w:ins w:id="1" w:author="a"><w:r>').replace(
            b"</w:r>", b"</w:r></w:ins>"
        )

    with pytest.raises(UnreadableSource, match="修订"):
        fill_document(with_main(last, revise), "去年.docx", report)


def test_a_document_without_the_tables_and_one_that_is_none_are_refused(
    report: Report, tmp_path: Path
) -> None:
    import docx

    empty = io.BytesIO()
    docx.Document().save(empty)
    with pytest.raises(UnreadableSource, match="没有认出年报的表格"):
        fill_document(empty.getvalue(), "空.docx", report)
    path = tmp_path / "年报.docx"
    path.write_text("一、总体情况", encoding="utf-8")
    assert not is_document(path)
    with pytest.raises(UnreadableSource, match="不是 Word 文档"):
        fill_file(path, report)


def test_last_years_file_itself_is_never_written_to(last: bytes, report: Report, tmp_path: Path) -> None:
    path = tmp_path / "去年.docx"
    path.write_bytes(last)
    filled = fill_file(path, report)
    with pytest.raises(NotWritten, match="就是去年的文件"):
        write_document(filled, path, tmp_path / "." / "去年.docx")
    assert path.read_bytes() == last
    write_document(filled, path, tmp_path / "今年.docx")
    assert (tmp_path / "今年.docx").read_bytes() == filled.data
