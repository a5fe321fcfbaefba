"""Plain text: read by people in columns, and read back by the program."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report, paragraphs
from gxeditor.core.text import printable
from gxeditor.exports.plain import plain_text
from gxeditor.imports.formats.text import parse_text, read_text_file
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import RawTable
from gxeditor.resources import load_form, resource

ONE = "requests.received.natural_person"


@pytest.fixture
def sample() -> Report:
    report = recognize(read_text_file(resource("samples/lushan-2022.txt")), load_form()).report
    return report.with_fields(
        signature=report.agency, date="2023年1月16日", preamble="现公布本机关年度报告。"
    )


@pytest.fixture
def full(form: Form) -> Report:
    """Every one of the 200 cells has a figure of its own, so that a swap would show."""
    return (
        blank_report(form, 2023)
        .with_fields(agency="鲁山县教育体育局")
        .with_entries(
            {
                cell.id: Decimal(f"{number}.5000") if cell.decimals else 1000 + number
                for number, cell in enumerate(form.cells.values())
            }
        )
    )


def read_back(report: Report) -> Report:
    return recognize(parse_text(plain_text(report)), report.form).report


def shown(line: str) -> str:
    """A line as an editor shows it: a Chinese character in two columns, a tab to the next eighth."""
    columns = ""
    for char in line:
        if char == "\t":
            columns += " " * (8 - len(columns) % 8)
        else:
            columns += char + "\0" * (east_asian_width(char) in "WFA")
    return columns


def test_every_figure_is_read_back_200_of_200(full: Report) -> None:
    entries = read_back(full).entries
    assert entries == full.entries
    assert len(entries) == 200


def test_the_real_report_is_read_back_whole(sample: Report) -> None:
    again = read_back(sample)
    assert again.sections == sample.sections
    assert (again.title, again.agency, again.year, again.preamble) == (
        sample.title, "鲁山县人民政府办公室", 2022, sample.preamble,
    )  # fmt: skip
    assert (again.signature, again.date) == (sample.signature, sample.date)
    assert again.values == sample.values


def test_blanks_stay_blank_and_kept_texts_are_kept(form: Form) -> None:
    report = blank_report(form).with_entries({ONE: "/", "requests.received.company": 0})
    assert dict(read_back(report).entries) == {ONE: "/", "requests.received.company": 0}


def test_the_text_reads_like_the_report(sample: Report) -> None:
    text = plain_text(sample)
    assert "\n" not in text.replace("\r\n", "")
    blocks = text.split("\r\n\r\n")
    assert blocks[0] == "鲁山县人民政府办公室2022年政府信息公开工作年度报告"
    assert blocks[1] == "\u3000\u3000现公布本机关年度报告。"
    assert [block for block in blocks if block[1:2] == "、" and "\t" not in block] == [
        section.heading for section in sample.form.sections
    ]
    # ten characters that end two from the edge of 28, and the date two later (GB/T 9704, 7.3.5.2)
    assert blocks[-2] == "\u3000" * 16 + "鲁山县人民政府办公室\r\n" + "\u3000" * 18 + "2023年1月16日"
    assert blocks[-1] == ""


@pytest.mark.parametrize("wide", [False, True])
def test_the_columns_of_a_table_stand_below_each_other(full: Report, wide: bool) -> None:
    report = full.with_entry("requests.received.company", 10**11) if wide else full
    lines = plain_text(report).split("\r\n")
    for table in report.form.tables:
        grid = table.grid()
        at = next(
            i
            for i, line in enumerate(lines)
            if line.startswith(grid.at[0, 0].text + " ")
            or line == grid.at[0, 0].text + "\t" * (grid.columns - 1)
        )
        rows = lines[at : at + grid.rows]
        assert [row.count("\t") for row in rows] == [grid.columns - 1] * grid.rows
        starts: dict[int, set[int]] = {}
        for place in grid.places:
            if place.cell is not None:
                figure = str(report.value(place.cell.id))
                line = shown(rows[place.row])
                position = [
                    i for i in range(len(line)) if line.startswith(figure, i) and line[i - 1 : i] in ("", " ")
                ]
                starts.setdefault(place.column, set()).update(position)
        assert all(len(columns) == 1 for columns in starts.values())


def test_a_text_in_a_table_is_no_formula_when_the_file_is_opened_as_a_sheet(form: Form) -> None:
    assert "\t\u200b=1+1" in plain_text(blank_report(form).with_entry(ONE, "=1+1"))


@given(st.text(st.characters(codec=None), max_size=80))
def test_a_paragraph_is_a_line_and_no_text_becomes_a_table(text: str) -> None:
    report = blank_report(load_form()).with_section("overview", text).with_entry(ONE, text or None)
    written = plain_text(report)
    lines = written.split("\r\n")
    prose = lines[lines.index("一、总体情况") + 1 : lines.index("二、主动公开政府信息情况")]
    expected = [p for p in paragraphs(text) if printable(p.text).strip()]
    assert len([line for line in prose if line]) == len(expected)
    assert sum(isinstance(block, RawTable) for block in parse_text(written).blocks) == 3


@given(st.text(st.characters(codec=None), max_size=80))
def test_the_file_of_any_report_can_be_opened_again(text: str) -> None:
    report = blank_report(load_form(), 2022).with_fields(
        own_title=text, preamble=text, signature=text, date=text
    )
    written = plain_text(report.with_entry(ONE, text or None))
    assert not any(char < " " and char not in "\t\r\n" for char in written)
    written.encode("utf-8")


def test_a_file_with_a_mark_of_its_encoding_is_read(full: Report, tmp_path: Path) -> None:
    path = tmp_path / "年报.txt"
    path.write_bytes(plain_text(full).encode("utf-8-sig"))
    assert recognize(read_text_file(path), full.form).report.entries == full.entries


def test_under_a_seal_the_date_has_four_wide_blanks_to_the_right_and_the_name_its_middle(form: Form) -> None:
    report = blank_report(form).with_fields(signature="教育体育局", date="二〇二三年一月二十日", sealed=True)
    name, date = plain_text(report).split("\r\n\r\n")[-2].split("\r\n")
    assert date == "\u3000" * (28 - 4 - 10) + "二〇二三年一月二十日"
    assert name == "\u3000" * (14 + 2) + " 教育体育局"


def test_a_note_stands_below_its_table_and_is_read_back(form: Form) -> None:
    note = "注：含延期的3件。\n一、总体情况\n2023年1月1日"
    report = (
        blank_report(form)
        .with_fields(note_requests=note, note_disputes="注")
        .with_section("requests", "正文")
    )
    back = read_back(report)
    assert (back.note_requests, back.note_disputes) == (note, "注")
    assert back.sections == report.sections
