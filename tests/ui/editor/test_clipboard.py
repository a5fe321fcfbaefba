"""Tables come over the clipboard from many programs, and go to them in two formats."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.imports.pasted import Block
from gxeditor.ui.editor.clipboard import (
    blank_mime_data,
    copied,
    put_on_clipboard,
    put_section_on_clipboard,
    put_table_on_clipboard,
    understood,
)

PERSON = "requests.received.natural_person"


@pytest.fixture(autouse=True)
def empty(qapp: QApplication) -> None:
    QGuiApplication.clipboard().clear()


def clip(text: str | None = None, html: str | None = None) -> None:
    data = blank_mime_data()
    if text is not None:
        data.setText(text)
    if html is not None:
        data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)


def read(form: Form) -> Block:
    block = understood(copied(), form)
    assert block is not None
    return block


def test_rows_of_numbers_have_no_cell_of_their_own(form: Form) -> None:
    clip("1\t2\r\n3\t4\r\n")
    assert read(form) == Block([["1", "2"], ["3", "4"]])


def test_html_is_preferred_because_it_knows_what_is_merged(form: Form) -> None:
    clip("9\t9", "<table><tr><td rowspan=2>1</td><td>2</td></tr><tr><td>3</td></tr></table>")
    assert read(form).rows == [["1", "2"], ["", "3"]]


@pytest.mark.parametrize("html", ["<p>没有表格</p>", "<table><tr><td></td></tr></table>"])
def test_html_without_a_table_leaves_the_text(form: Form, html: str) -> None:
    clip("5", html)
    assert read(form).rows == [["5"]]


@pytest.mark.parametrize("text", [None, "", "  \r\n", "没有数字的一句话"])
def test_without_a_figure_there_is_nothing_to_paste(form: Form, text: str | None) -> None:
    clip(text)
    assert understood(copied(), form) is None


def test_a_picture_is_nothing_to_paste(form: Form) -> None:
    data = blank_mime_data()
    data.setImageData(b"...")
    QGuiApplication.clipboard().setMimeData(data)
    assert understood(copied(), form) is None


def test_a_row_with_its_label_goes_to_its_row(form: Form) -> None:
    clip("一、本年新收政府信息公开申请数量\t30\t0\t0\t0\t0\t0\t30\r\n")
    block = read(form)
    assert block.values[PERSON] == "30"
    assert len(block.values) == 7
    assert block.skipped == 1


def test_blank_cells_of_a_labelled_table_are_blank(form: Form) -> None:
    clip("信息内容\t本年制发件数\t本年废止件数\t现行有效件数\r\n规章\t1\t\t3\r\n")
    values = read(form).values
    row = [values[f"proactive.government_rules.{what}"] for what in ("issued", "repealed", "in_force")]
    assert row == ["1", "", "3"]


@pytest.mark.parametrize(
    "text",
    ["\t张三\t李四\r\n科室\t1\t2\r\n处室\t3\t/\r\n", "规章办\t1\t2\r\n", "张三\r\n3\r\n4\r\n"],
)
def test_figures_beside_words_that_the_form_does_not_know_have_no_place(form: Form, text: str) -> None:
    clip(text)
    block = read(form)
    assert (block.rows, block.values) == ((), {})
    assert "不是表中的行名或栏名。只复制数字" in block.refusal


def test_figures_below_known_headings_but_without_a_name_have_no_place(form: Form) -> None:
    clip("自然人\t商业企业\r\n1\t2\r\n3\t4\r\n")
    block = read(form)
    assert (block.rows, block.values) == ((), {})
    assert block.refusal


def test_figures_between_blank_lines_may_be_a_row_or_a_column(form: Form) -> None:
    clip("26\r\n\r\n1\r\n\r\n0\r\n")
    assert "分不清是一行还是一列" in read(form).refusal
    clip("\r\n26\r\n\r\n1\r\n0\r\n\r\n")
    assert read(form).rows == [["26"], [""], ["1"], ["0"]]


def test_a_row_without_any_figure_clears_nothing(form: Form) -> None:
    clip("信息内容\t本年制发件数\t本年废止件数\t现行有效件数\r\n规章\t\t\t\r\n行政规范性文件\t3\t1\t17\r\n")
    assert list(read(form).values) == [
        f"proactive.normative_documents.{what}" for what in ("issued", "repealed", "in_force")
    ]


def test_what_stands_for_a_number_is_no_label(form: Form) -> None:
    clip("无\t/\r\n不适用\t-\r\n")
    assert read(form) == Block([["无", "/"], ["不适用", "-"]])


def test_a_word_among_numbers_is_kept_for_the_table_to_refuse(form: Form) -> None:
    clip("1\t十二\r\n3\t4\r\n")
    assert read(form).rows == [["1", "十二"], ["3", "4"]]


def test_what_was_not_understood_beside_the_rest_is_told(form: Form) -> None:
    clip("规章\t1\t2\t3\r\n行政规范性文件\t4\t5\t6\r\n一、本年新收政府信息公开申请数量\t1\t2\t3\r\n")
    block = read(form)
    assert block.values["proactive.government_rules.issued"] == "1"
    assert block.doubts
    assert all(doubt.what.endswith("。") for doubt in block.doubts)


def test_cells_are_offered_as_text_and_as_a_table() -> None:
    put_on_clipboard([["30", ""], ["/", "<b>"]])
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "30\t\r\n/\t<b>\r\n"
    assert "<tr><td>30</td><td></td></tr><tr><td>/</td><td>&lt;b&gt;</td></tr>" in data.html()


def test_what_is_put_there_reads_the_same_back(form: Form) -> None:
    rows = [["30", "", "0"], ["/", "1234", "无"]]
    put_on_clipboard(rows)
    assert read(form).rows == rows


def test_a_whole_table_is_read_back_cell_by_cell(form: Form) -> None:
    report = blank_report(form, 2022).with_entries(
        {cell.id: n for n, cell in enumerate(form.section("requests").table.cells) if not cell.is_total}  # type: ignore[union-attr]
    )
    put_table_on_clipboard(report, "requests")
    values = read(form).values
    table = form.section("requests").table
    assert table is not None
    assert values == {cell.id: str(report.value(cell.id)) for cell in table.cells}


def test_a_section_carries_its_heading_table_and_text(form: Form) -> None:
    report = blank_report(form, 2022).with_section("requests", "本年申请以个人为主。").with_entry(PERSON, 7)
    put_section_on_clipboard(report, "requests")
    data = QGuiApplication.clipboard().mimeData()
    for text in (data.html(), data.text()):
        assert "三、收到和处理政府信息公开申请情况" in text
        assert "本年申请以个人为主。" in text
    assert read(form).values[PERSON] == "7"
