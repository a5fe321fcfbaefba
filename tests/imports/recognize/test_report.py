"""Whole reports: the sample with its broken tables, other ways of writing, and whatever else comes."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, show_entry
from gxeditor.imports.formats.html import html_table
from gxeditor.imports.formats.text import parse_text, read_text_file, tsv_table
from gxeditor.imports.recognize.report import (
    Imported,
    recognize,
    recognize_table,
)
from gxeditor.imports.source import LooseCell, Origin, Source, SourceText, lay_out
from gxeditor.resources import load_form, resource

SAMPLES = Path(__file__).parents[2] / "samples"


def expected(name: str) -> dict[str, Any]:
    data = json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def figures(imported: Imported) -> dict[str, int | str]:
    entries = imported.report.entries
    return {i: entry if isinstance(entry, int) else show_entry(entry) for i, entry in entries.items()}


def told(imported: Imported) -> list[tuple[str, str, str, str, str]]:
    return [(note.severity, note.where, note.what, note.done, note.origin.words) for note in imported.notes]


def imported(text: str) -> Imported:
    return recognize(parse_text(text), load_form())


# -------------------- the sample
@pytest.fixture(scope="module")
def lushan() -> Imported:
    return recognize(read_text_file(resource("samples/lushan-2022.txt")), load_form())


def test_the_sample_gives_182_cells_and_leaves_18_blank(lushan: Imported) -> None:
    assert figures(lushan) == expected("lushan-2022")["cells"]
    assert len(lushan.placed) == 182
    assert len(lushan.blank) == 18
    blank_rows = {"granted", "partially_granted", "denied.state_secret"}
    assert {i.removeprefix("requests.handled.").rpartition(".")[0] for i in lushan.blank} == blank_rows


def test_the_sample_says_whose_report_it_is(lushan: Imported) -> None:
    report = lushan.report
    assert (report.agency, report.kind, report.year) == ("鲁山县人民政府办公室", AgencyKind.DEPARTMENT, 2022)
    assert report.own_title is None
    assert report.title == "鲁山县人民政府办公室2022年政府信息公开工作年度报告"
    assert (report.preamble, report.signature, report.date) == ("", "", "")


def test_the_prose_of_the_sample_stands_in_its_sections_as_written(lushan: Imported) -> None:
    lines = resource("samples/lushan-2022.txt").read_text(encoding="utf-8").split("\n")
    prose = {
        "overview": [lines[i] for i in (6, 8, 10, 12, 14, 16)],
        "problems": [lines[i] for i in (76, 77, 78, 80, 82)],
        "other_matters": [lines[86]],
    }
    assert lushan.report.sections == {key: "\n".join(texts) for key, texts in prose.items()}


def test_the_notes_on_the_sample(lushan: Imported) -> None:
    assert told(lushan) == [
        (
            "doubt",
            "表三 · 一、二行",
            "这两行各有 8 个数，表格只有 7 列。",
            "多出的“0”在“其他”之后，未读入。",
            "第 41 行",
        ),
        (
            "doubt",
            "表三（一）（二）（三）1",
            "只有总计，没有分项。",
            "总计照原样读入 1、0、0，分项留空。",
            "第 43 行",
        ),
        (
            "info",
            "表三（三）",
            "换页把“不予公开”拆成两段，“公开”落到了后一段。",
            "已按行名接上，共 8 行。",
            "第 47 行",
        ),
        ("info", "五、改进情况", "“改进情况”没有编号。", "作为第五部分的小标题读入。", "第 81 行"),
    ]
    surplus, only_total, *_ = lushan.notes
    assert surplus.origin == Origin(line=41)
    assert len(surplus.raw) == 16
    assert len(surplus.cells) == 14
    assert only_total.cells == (
        "requests.handled.granted.total",
        "requests.handled.partially_granted.total",
        "requests.handled.denied.state_secret.total",
    )


def test_every_figure_knows_its_line(lushan: Imported) -> None:
    assert lushan.placed["proactive.government_rules.issued"] == Origin(line=23)
    assert lushan.placed["requests.handled.granted.total"] == Origin(line=43)
    assert lushan.placed["disputes.suit_after_reconsideration.total"] == Origin(line=73)


# -------------------- other real reports
def test_figures_run_together_are_read_where_the_equations_decide_and_so_is_the_prose() -> None:
    result = recognize(read_text_file(SAMPLES / "pingtan-2021.txt"), load_form())
    undecided = tuple(f"proactive.normative_documents.{key}" for key in ("issued", "repealed", "in_force"))
    assert result.blank == undecided
    entries = result.report.entries
    assert entries["proactive.fees.amount"] == Decimal("24252.311082")
    line = [entry for cell, entry in entries.items() if cell.startswith("requests.handled.granted.")]
    assert line == [27, 0, 0, 2, 0, 1, 30]
    assert [entry for cell, entry in entries.items() if cell.startswith("disputes.")] == [
        *(1, 0, 2, 0, 3),
        *(12, 0, 0, 0, 12),
        *(0, 0, 0, 0, 0),
    ]
    (doubt,) = [note for note in result.notes if note.severity == "doubt"]
    assert (doubt.cells, doubt.done) == (undecided, "没有读入：693665。")
    assert (result.report.agency, result.report.year) == ("平潭综合实验区", 2021)
    assert result.report.title == "平潭综合实验区2021年度政府信息公开工作年度报告"
    assert result.report.sections["overview"].startswith("2021年，我区以习近平")
    assert result.report.sections["problems"].endswith("充分发挥政府网站和政务新媒体作用。")


def test_a_web_page_with_merged_cells_gives_all_200_cells() -> None:
    html = (SAMPLES / "distinct_gbk.html").read_bytes().decode("gb18030")
    table = html_table(html)
    assert table is not None
    pasted = recognize_table(table, load_form())
    assert dict(pasted.values) == {i: str(value) for i, value in expected("distinct")["cells"].items()}
    assert pasted.notes == ()
    assert pasted.skipped == 79


# -------------------- figures
TITLE = "某局2022年政府信息公开工作年度报告\n"
PLAIN = (
    "一、总体情况\n甲\n二、主动公开政府信息情况\n乙\n三、收到和处理政府信息公开申请情况\n丙\n"
    "四、政府信息公开行政复议、行政诉讼情况\n丁\n五、存在的主要问题及改进情况\n戊\n六、其他需要报告的事项\n己"
)


def test_what_is_no_number_is_left_blank_with_its_text() -> None:
    text = (
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t/\t1\t１，２３４\n行政规范性文件\t12abc\t-3\t7\n"
        "信息内容\t本年收费金额\n行政事业性收费\t251000元\n"
    )
    result = imported(TITLE + PLAIN.replace("乙", f"乙\n{text}乙"))
    assert dict(result.report.entries) == {
        "proactive.government_rules.issued": "/",
        "proactive.government_rules.repealed": 1,
        "proactive.government_rules.in_force": 1234,
        "proactive.normative_documents.in_force": 7,
    }
    notes = [
        (note.where, note.what, note.cells, note.offers)
        for note in result.notes
        if "留空。" in note.done and note.raw
    ]
    documents, fees = "proactive.normative_documents", "proactive.fees.amount"
    assert notes == [
        ("表二 · 行政规范性文件 · 本年制发", "“12abc”不是数字。", (f"{documents}.issued",), ()),
        ("表二 · 行政规范性文件 · 本年废止", "“-3”是负数。", (f"{documents}.repealed",), ()),
        ("表二 · 行政事业性收费", "“251000元”不是数字。", (fees,), ((fees, "25.1"),)),
    ]


def test_rows_and_tables_that_are_not_there_are_said() -> None:
    result = imported(TITLE + PLAIN.replace("乙", "信息内容\t本年处理决定数量\n行政处罚\t3\n行政强制\t4"))
    missing = [(note.where, note.what, note.done) for note in result.notes if note.cells]
    assert missing == [
        ("表二", "原文没有这几行：规章、行政规范性文件、行政许可、行政事业性收费。", "8 格留空。"),
        ("表三", "没有找到这张表。", "175 格留空。"),
        ("表四", "没有找到这张表。", "15 格留空。"),
    ]


def test_two_tables_with_different_figures_leave_those_cells_blank() -> None:
    table = "信息内容\t本年处理决定数量\n行政处罚\t{}\n行政强制\t4\n"
    result = imported(f"{TITLE}{table.format(3)}\n{table.format(5)}")
    assert dict(result.report.entries) == {"proactive.compulsion.decisions": 4}
    assert any(note.what == "原文有两张表给出不同的数，共 1 格，如“3”和“5”。" for note in result.notes)


def test_labels_that_stand_in_a_line_of_their_own_beside_a_table_are_no_prose() -> None:
    head = "信息内容\t本年处理决定数量"
    text = f"乙\n第二十条第（五）项\n{head}\n行政许可\t5\n公开\n第二十条第（六）项\n{head}\n行政处罚\t6"
    report = imported(TITLE + PLAIN.replace("乙", text)).report
    assert report.sections["proactive"] == "乙\n公开"
    assert report.value("proactive.licensing.decisions") == 5
    assert report.value("proactive.penalties.decisions") == 6


def test_a_stray_word_between_two_halves_of_a_table_is_left_out_and_said() -> None:
    row = "三、本年度办理结果\t（三）不予公开\t{}\t0\t0\t0\t0\t0\t0\t0\n"
    result = imported(
        TITLE
        + PLAIN.replace("丙", row.format("1.属于国家秘密") + "公开\n" + row.format("8.属于行政查询事项"))
    )
    assert "requests" not in result.report.sections
    assert len(result.report.entries) == 14
    assert any(note.what == "两段表格之间的“公开”不是文字内容。" for note in result.notes)


# -------------------- pasting
def test_a_pasted_piece_with_labels_says_where_its_figures_belong() -> None:
    table = tsv_table("\t自然人\t商业企业\n1.信访举报投诉类申请\t3\t\n2.重复申请\t4\t12abc")
    assert table is not None
    pasted = recognize_table(table, load_form())
    assert dict(pasted.values) == {
        "requests.handled.not_handled.petition.natural_person": "3",
        "requests.handled.not_handled.petition.company": "",
        "requests.handled.not_handled.duplicate.natural_person": "4",
        "requests.handled.not_handled.duplicate.company": "12abc",
    }
    assert pasted.skipped == 4


def test_pasted_figures_without_labels_are_left_to_their_position() -> None:
    table = tsv_table("1\t2\t3\n4\t5\t/")
    assert table is not None
    pasted = recognize_table(table, load_form())
    assert (dict(pasted.values), pasted.skipped, pasted.notes) == ({}, 0, ())


# -------------------- whatever comes
form = load_form()
printed = [place.text for table in form.tables for place in table.grid().places if place.text]
words = st.sampled_from(
    [
        *printed,
        *(s.heading for s in form.sections),
        "公开",
        "改进情况",
        "2023年1月1日",
        "某局",
        TITLE,
        "0",
        "30",
        "/",
    ]
) | st.text(max_size=8)
paragraphs_ = st.lists(words, min_size=1, max_size=3).map("".join).map(SourceText)
tables_ = st.lists(
    st.lists(st.builds(LooseCell, words, st.integers(0, 3), st.integers(0, 3)), max_size=9), max_size=8
).map(lay_out)


@settings(max_examples=50)
@given(st.lists(st.one_of(paragraphs_, tables_), max_size=12))
def test_no_source_makes_recognition_fail_or_invent_a_number(blocks: list[Any]) -> None:
    result = recognize(Source(tuple(blocks)), form)
    texts = {
        cell.text.strip() for block in blocks if not isinstance(block, SourceText) for cell in block.cells
    }
    assert {show_entry(entry) for entry in result.report.entries.values()} <= texts
    assert set(result.placed) == set(result.report.entries)


@given(st.text(st.sampled_from("一二三四、（）1.总计其他自然人\t\n\f 0/2022年报告")))
def test_no_text_makes_recognition_fail(text: str) -> None:
    recognize(parse_text(text), form)


def test_an_empty_source_is_an_empty_report(form: Form) -> None:
    result = recognize(Source(()), form)
    assert result.report.entries == {}
    assert result.blank == tuple(form.cells)
