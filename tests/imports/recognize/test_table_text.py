"""Tables that came as paragraphs: every form in which text holds them gives the figures, and prose stays prose."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, blank_report
from gxeditor.exports.plain import plain_text
from gxeditor.exports.web import section_tsv
from gxeditor.imports.formats.text import parse_text
from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.imports.recognize.table_text import tables_in_text
from gxeditor.imports.source import Origin, RawTable, Source, SourceText
from gxeditor.resources import load_form
from gxeditor.wording.labels import Lexicon, load_aliases

Rows = list[list[str]]
Shape = Callable[[Rows], str]

TITLE = "乙县水务局2024年政府信息公开工作年度报告"
PROBLEMS = "一是更新不及时。二是人员不足，有待加强。"


def each_cell(between: str) -> Shape:
    return lambda rows: between.join(text for row in rows for text in row)


def each_row(between: str, front: str = "", back: str = "") -> Shape:
    return lambda rows: "\n".join(front + between.join(row) + back for row in rows)


def lone_bars(rows: Rows) -> str:
    return "\n".join("|\n" + " |\n".join(row) + " |" for row in rows)


def padded_bars(rows: Rows) -> str:
    most = max(map(len, rows))
    return "\n".join(f"| {' | '.join(row)} |{'|' * (most - len(row))} " for row in rows)


def markdown(rows: Rows) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "| --- | :---: |", *lines[1:]])


SHAPES: dict[str, Shape] = {
    "a cell a line": each_cell("\n"),
    "a cell a line, blank lines between": each_cell("\n\n"),
    "a cell a line, a bar between": each_cell("\n|\n"),
    "a cell a line, bars behind and between": lone_bars,
    "a cell a line, blanks around": each_cell(" \n  "),
    "bars": each_row(" | ", "| ", " |"),
    "bars behind": each_row(" | ", "", " | "),
    "bars between": each_row("|"),
    "bars for the merged cells": padded_bars,
    "wide bars": each_row("｜"),
    "Markdown": markdown,
    "blanks": each_row(" "),
    "wide blanks": each_row("      ", "   "),
    "tabs": each_row("\t"),
    "tabs and quotation marks": each_row('"\t"', '"', '"'),
    "one line, blanks": lambda rows: each_row(" ")(rows).replace("\n", " "),
    "one line, bars": lambda rows: each_row(" | ")(rows).replace("\n", " | "),
}
TOGETHER: dict[str, Shape] = {
    "a row run together": each_row(""),
    "all run together": each_cell(""),
}


def figures(form: Form, chance: random.Random, choice: Sequence[int]) -> dict[str, Entry]:
    """Figures whose totals are right."""
    found: dict[str, Entry] = {
        cell.id: Decimal("12.3456") if cell.decimals else chance.choice(choice)
        for cell in form.cells.values()
        if not cell.is_total
    }
    for total in form.totals:
        found[total.id] = sum(int(found[part]) for part in total.parts)
    return found


def rows_of(form: Form, key: str, entries: dict[str, Entry]) -> Rows:
    """A table as its cells follow each other, merged ones once."""
    table = form.section(key).table
    assert table is not None
    grid = table.grid()
    rows: Rows = [[] for _ in range(grid.rows)]
    for place in grid.places:
        rows[place.row].append(str(entries[place.cell.id]) if place.cell is not None else place.text)
    return rows


def written(
    form: Form, entries: dict[str, Entry], shape: Shape, change: Callable[[str, Rows], None] | None = None
) -> str:
    lines = [TITLE]
    for section in form.sections:
        lines.append(section.heading)
        if section.table is not None:
            rows = rows_of(form, section.key, entries)
            if change is not None:
                change(section.key, rows)
            lines.append(shape(rows))
        elif section.key == "problems":
            lines.append(PROBLEMS)
        else:
            lines.append("（一）主动公开情况。2024年公开信息12条。")
    return "\n".join([*lines, "乙县水务局", "2025年1月20日"])


def read(text: str) -> Imported:
    return recognize(parse_text(text, "年报.txt"), load_form())


# -------------------- every form of text
@pytest.mark.parametrize("shape", SHAPES)
def test_a_whole_report_in_any_form_of_text_gives_every_figure_and_no_table_text_as_prose(
    form: Form, shape: str
) -> None:
    entries = figures(form, random.Random(shape), (0, 1, 2, 30, 456))
    found = read(written(form, entries, SHAPES[shape]))
    assert dict(found.report.entries) == entries
    assert [note for note in found.notes if note.severity == "doubt"] == []
    for section in form.sections:
        prose = found.report.sections.get(section.key, "")
        assert not prose if section.table is not None else prose.endswith("。")
    assert found.report.sections["problems"] == PROBLEMS
    assert (found.report.signature, found.report.date) == ("乙县水务局", "2025年1月20日")


@pytest.mark.parametrize("shape", TOGETHER)
def test_zeros_run_together_are_all_read(form: Form, shape: str) -> None:
    entries: dict[str, Entry] = {i: Decimal("0.5") if c.decimals else 0 for i, c in form.cells.items()}
    found = read(written(form, entries, TOGETHER[shape]))
    assert dict(found.report.entries) == entries
    assert all(not found.report.sections.get(key) for key in ("proactive", "requests", "disputes"))


@settings(max_examples=20)
@given(
    seed=st.integers(0, 10**9),
    shape=st.sampled_from([*SHAPES, *TOGETHER]),
    choice=st.sampled_from(((0, 0, 0, 1), (0, 1, 2, 30, 456), (7,), (0, 12, 120, 1200))),
)
def test_whatever_the_figures_they_are_read_as_they_stand_or_left_blank_with_a_note(
    seed: int, shape: str, choice: tuple[int, ...]
) -> None:
    form = load_form()
    entries = figures(form, random.Random(seed), choice)
    found = read(written(form, entries, (SHAPES | TOGETHER)[shape]))
    told = {cell for note in found.notes if note.severity == "doubt" for cell in note.cells}
    for cell, entry in entries.items():
        assert found.report.entries.get(cell, entry) == entry
        assert cell in found.report.entries or cell in told
    if shape in SHAPES:
        assert dict(found.report.entries) == entries


def test_the_program_s_own_text_and_tables_for_spreadsheets_are_read_back(form: Form) -> None:
    entries = figures(form, random.Random(4), (0, 1, 2, 30))
    report = blank_report(form, 2024).with_fields(agency="乙县水务局").with_entries(entries)
    report = report.with_section("overview", "（一）主动公开情况。2024年公开信息12条。")
    sheets = "\n".join((TITLE, *(section_tsv(report, section.key) for section in form.sections)))
    for text in (plain_text(report), sheets):
        assert dict(read(text).report.entries) == entries


# -------------------- as a PDF gives it
PDF = """三、收到和处理政府信息公开申请情况
                                      申请人情况
（本列数据的勾稽关系为：第一项加第二项之和，
                                  法人或其他组织
     等于第三项加第四项之和）                          社会    法律
                       自然人 商业        科研                      总计
                                           公益    服务    其他
                               企业    机构
                                           组织    机构
一、本年新收政府信息公开申请数量          9    45    0     12    12    0     78
  （二）部分公开（区分处理的，只计这
                         12    0     120     1    45     45   223
  一情形，不计其他情形）
三、
本       1.本机关不掌握相关政府信息    0    120   1     0      1    120   242
年 （四）
度 无法提供 2.没有现成信息需要另行制作   120   1      12   120    3     3    259
        5.要求行政机关确认或重新出
                         120   0     0     120   2     0     242
        具已获取信息
        1.申请人无正当理由逾期不补
        正、行政机关不再处理其政府     0    0     0     45     0    2      47
        信息公开申请
    （六）
        2.申请人逾期未按收费通知要
   其他处理
        求缴纳费用、行政机关不再处     1    2     0      0     3    2      8
        理其政府信息公开申请
        3.其他              0    0     0     2     120   0     122
"""


def test_labels_that_a_pdf_cuts_around_their_figures_are_put_together() -> None:
    found = read(PDF)
    lines = {
        "received": (9, 45, 0, 12, 12, 0, 78),
        "handled.partially_granted": (12, 0, 120, 1, 45, 45, 223),
        "handled.unable_to_provide.not_held": (0, 120, 1, 0, 1, 120, 242),
        "handled.unable_to_provide.to_be_created": (120, 1, 12, 120, 3, 3, 259),
        "handled.not_handled.reconfirmation": (120, 0, 0, 120, 2, 0, 242),
        "handled.other.not_corrected": (0, 0, 0, 45, 0, 2, 47),
        "handled.other.fee_not_paid": (1, 2, 0, 0, 3, 2, 8),
        "handled.other.other_reasons": (0, 0, 0, 2, 120, 0, 122),
    }
    by_row: dict[str, tuple[Entry | None, ...]] = {}
    for cell_id, cell in found.report.form.cells.items():
        if cell_id in found.report.entries:
            by_row[cell.row.key] = (*by_row.get(cell.row.key, ()), found.report.entries[cell_id])
    assert by_row == lines
    assert "requests" not in found.report.sections
    assert not [note for note in found.notes if note.where == "没有读入的内容"]


def test_figures_before_a_strange_row_do_not_fall_to_the_row_named_before_it() -> None:
    text = PDF.replace(
        "        正、行政机关不再处理其政府     0    0     0     45     0    2      47\n", ""
    ).replace(
        "        信息公开申请\n    （六）",
        "正、行政机关不再处理其政府信息公开申请\n各县区 1 2 3 4 5 6 21\n（六）",
    )
    found = read(text)
    assert not any("not_corrected" in cell for cell in found.report.entries)


def test_figures_that_a_narrow_column_cuts_over_two_lines_are_not_read_by_their_first_half() -> None:
    text = PDF.replace(
        "    9    45    0     12    12    0     78\n", " 116 117 118 118 119 120 121\n 8 5 2 9 6 3 0\n"
    )
    text = text.replace(
        "120   1      12   120    3     3    259\n", "111 112 113 114 115 116 117\n无法提供\n 5 0 1 2 3 4 5\n"
    )
    found = read(text)
    assert len(found.report.entries) == 42
    assert not any(row in cell for cell in found.report.entries for row in ("received", "to_be_created"))
    told = {cell for note in found.notes if note.severity == "doubt" for cell in note.cells}
    assert {"requests.received.total", "requests.handled.unable_to_provide.to_be_created.total"} <= told


# -------------------- other editions
def test_of_the_headings_of_2019_only_those_of_2021_are_read() -> None:
    rows = [
        ["第二十条第（一）项"],
        ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", "1", "2", "3"],
        ["规范性文件", "4", "5", "6"],
        ["第二十条第（五）项"],
        ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政许可", "7", "减4", "9"],
        ["其他对外管理服务事项", "1", "1", "1"],
        ["第二十条第（六）项"],
        ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政处罚", "10", "11", "12"],
        ["行政强制", "13", "14", "15"],
        ["第二十条第（八）项"],
        ["信息内容", "上一年项目数量", "本年增/减"],
        ["行政事业性收费", "16", "17"],
        ["第二十条第（九）项"],
        ["信息内容", "采购项目数量", "采购总金额"],
        ["政府集中采购", "18", "19.5"],
    ]
    for shape in (each_row(" | ", "", " |"), padded_bars):
        found = read(f"{TITLE}\n一、总体情况\n好。\n二、主动公开政府信息情况\n{shape(rows)}")
        assert dict(found.report.entries) == {
            "proactive.licensing.decisions": 9,
            "proactive.penalties.decisions": 12,
            "proactive.compulsion.decisions": 15,
        }
        assert any("上一年项目数量" in note.what for note in found.notes)


def test_a_lone_figure_below_two_headings_of_another_edition_is_none_of_this_one() -> None:
    rows = "第二十条第（八）项\n信息内容\n上一年项目数量\n本年增/减\n行政事业性收费\n3\n"
    other = "第二十条第（五）项\n信息内容\n本年处理决定数量\n行政许可\n5\n"
    found = read(f"{TITLE}\n二、主动公开政府信息情况\n{other}{rows}")
    assert dict(found.report.entries) == {"proactive.licensing.decisions": 5}


# -------------------- what is not as the form has it
@pytest.mark.parametrize("shape", [*SHAPES, *TOGETHER])
@pytest.mark.parametrize(
    "change", ["one figure missing", "one figure more", "rows exchanged", "last year beside"]
)
def test_a_report_that_is_not_as_the_form_has_it_gives_no_wrong_figure(
    form: Form, shape: str, change: str
) -> None:
    entries = figures(form, random.Random(7), (0, 1, 2, 30))

    def spoil(key: str, rows: Rows) -> None:
        if change == "last year beside":
            for row in rows:
                many = sum(text.replace(".", "").isdigit() for text in row)
                row.extend(["77"] * many if many else ["上年数"])
        elif key == "requests":
            if change == "one figure missing":
                del rows[10][-3]
            elif change == "one figure more":
                rows[10].append("7")
            else:
                rows[3], rows[4] = rows[4], rows[3]
                rows[8:12] = rows[8:12][::-1]

    found = read(written(form, entries, (SHAPES | TOGETHER)[shape], spoil))
    if not (
        shape in TOGETHER and change == "last year beside"
    ):  # 5 and 77 run together are 577 for everybody
        assert all(entries[cell] == entry for cell, entry in found.report.entries.items())
    if shape in SHAPES:
        read_cells = {"one figure missing": 193, "one figure more": 193, "rows exchanged": 200}
        assert len(found.report.entries) == read_cells.get(change, 0)


@pytest.mark.parametrize("shape", [*SHAPES, *TOGETHER])
def test_two_reports_behind_each_other_are_not_mixed(form: Form, shape: str) -> None:
    one, other = (figures(form, random.Random(seed), (1, 2, 30)) for seed in (1, 2))
    text = "\n".join(written(form, entries, (SHAPES | TOGETHER)[shape]) for entries in (one, other))
    for cell, entry in read(text).report.entries.items():
        assert entry == one[cell] == other[cell]


@pytest.mark.parametrize("shape", TOGETHER)
def test_where_blank_cells_show_no_digits_are_told_apart(form: Form, shape: str) -> None:
    entries = figures(form, random.Random(7), (0, 0, 1, 2, 45, 120))

    def without_zeros(_: str, rows: Rows) -> None:
        for row in rows:
            row[:] = ["" if text == "0" else text for text in row]

    found = read(written(form, entries, TOGETHER[shape], without_zeros))
    assert all(entries[cell] == entry for cell, entry in found.report.entries.items())


# -------------------- prose stays prose
@pytest.mark.parametrize(
    "prose",
    [
        "一、本年新收政府信息公开申请数量 5 件，二、上年结转政府信息公开申请数量 3 件。",
        "行政许可 12\n行政处罚 5\n行政强制 0",
        "1.规章 3 件\n2.行政规范性文件 5 件",
        "自然人 3 法人或其他组织 2 总计 5",
        "全年情况如下：\n一、本年新收政府信息公开申请数量：5\n二、上年结转政府信息公开申请数量：3",
        "本年制发件数\n5",
        "本年新收政府信息公开申请5件，其中自然人3件、商业企业2件，予以公开4件，部分公开1件，结转下年度继续办理0件。",
        "| 工作 | 次数 |\n| 培训 | 3 |",
    ],
)
def test_prose_that_names_labels_and_figures_stays_prose_and_gives_no_figure(prose: str) -> None:
    text = f"{TITLE}\n一、总体情况\n（一）概述。\n{prose}\n五、存在的主要问题及改进情况\n无。"
    found = read(text)
    assert dict(found.report.entries) == {}
    kept = "".join(found.report.sections["overview"].split())
    assert "".join(prose.split()) in kept


def test_a_list_of_contents_is_no_table() -> None:
    form = load_form()
    contents = "\n".join(f"{section.heading} {number}" for number, section in enumerate(form.sections, 1))
    entries = figures(form, random.Random(1), (0, 1))
    text = written(form, entries, SHAPES["a cell a line"]).replace(TITLE, f"{TITLE}\n目录\n{contents}", 1)
    assert dict(read(text).report.entries) == entries


def test_prose_around_and_between_tables_is_kept_whole(form: Form) -> None:
    entries = figures(form, random.Random(1), (0, 1, 20))
    text = written(form, entries, SHAPES["bars"])
    before, behind = "2024年，我局共收到8份申请，均已答复。", "以上数据由办公室统计，仅供参考。"
    heading = form.section("requests").heading
    text = text.replace(heading, f"{behind}\n{heading}\n{before}")
    found = read(text)
    assert dict(found.report.entries) == entries
    assert found.report.sections["proactive"] == behind
    assert found.report.sections["requests"] == before


def test_sentences_in_one_paragraph_with_a_table_run_together_are_kept(form: Form) -> None:
    entries = figures(form, random.Random(1), (0, 1, 20))
    before, behind = "以下为统计表，单位为件。", "以上数据由办公室统计。"
    lines = written(form, entries, SHAPES["one line, blanks"]).split("\n")
    found = read("\n".join(f"{before}{line}{behind}" if len(line) > 80 else line for line in lines))
    assert dict(found.report.entries) == entries
    assert [found.report.sections[key] for key in ("proactive", "requests", "disputes")] == [
        f"{before}\n{behind}"
    ] * 3


def test_strange_words_amid_a_table_are_told_and_not_lost(form: Form) -> None:
    entries = figures(form, random.Random(1), (0, 1, 20))
    row = "行政规范性文件 | "
    text = written(form, entries, SHAPES["bars"]).replace(row, f"其他主动公开文件 |\n| {row}")
    found = read(text)
    assert any("其他主动公开文件" in note.what for note in found.notes)


# -------------------- blocks
def lexicon() -> Lexicon:
    return Lexicon(load_form(), load_aliases(load_form()))


def test_a_table_made_of_paragraphs_has_their_places() -> None:
    rows = ["本年制发件数 本年废止件数 现行有效件数", "规章 1 2 3"]
    blocks = [SourceText(text, Origin(page=2, paragraph=i)) for i, text in enumerate(["好。", *rows, "完。"])]
    made, tables = tables_in_text(blocks, lexicon())
    assert [type(block) for block in made] == [SourceText, RawTable, SourceText]
    assert isinstance(made[1], RawTable)
    assert tables == {id(made[1])}
    assert made[1].origin == blocks[1].origin
    assert [(cell.row, cell.text, cell.origin) for cell in made[1].cells][-1] == (1, "3", blocks[2].origin)


def test_paragraphs_of_any_format_are_read_so_and_not_only_text_files(form: Form) -> None:
    entries = figures(form, random.Random(9), (0, 1, 20))
    parsed = parse_text(written(form, entries, SHAPES["a cell a line"]))
    blocks = tuple(
        SourceText(block.text, Origin(paragraph=number))
        for number, block in enumerate(parsed.blocks, 1)
        if isinstance(block, SourceText)
    )
    found = recognize(Source(blocks, "年报.docx"), form)
    assert dict(found.report.entries) == entries
    assert all(origin.paragraph for origin in found.placed.values())


def test_what_a_file_says_to_be_a_heading_is_never_table_text() -> None:
    blocks = [SourceText("规章 1 2 3", role="heading:overview"), SourceText("本年制发件数")]
    assert tables_in_text(blocks, lexicon())[0] == tuple(blocks)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"词{number}" for number in range(4_900)),
        "规章" + "1234567890" * 30_000,
        "二、主动公开政府信息情况" + "规章000行政规范性文件123行政许可5自然人3" * 5_000,
        "| 规章 | 0 | 0 " * 10_000,
        "规章\n0\n0\n0\n行政许可\n5\n" * 800,
        "二、主动公开政府信息情况\n" + "（" * 100_000,
    ],
)
def test_text_of_any_size_is_looked_through_in_bounded_steps(text: str) -> None:
    assert not read(text).report.entries


def test_blank_cells_of_a_page_made_with_word_stay_blank_as_a_browser_copies_them(form: Form) -> None:
    entries = figures(form, random.Random(3), (1, 20))

    def only_totals(key: str, rows: Rows) -> None:
        for row in rows if key == "requests" else []:
            if row[-1].isdigit():
                row[-6:-1] = [""] * 5

    def over_lines(rows: Rows) -> str:
        return "\n\n\n".join("\n\n\t\n\n".join(row) for row in rows)

    found = read(written(form, entries, over_lines, only_totals))
    ends = (".natural_person", ".total")  # of the ids of the first column and the last
    kept = {i: e for i, e in entries.items() if not i.startswith("requests.") or i.endswith(ends)}
    assert dict(found.report.entries) == kept


REQUEST_HEADS = (
    "申请人情况\n自然人\n法人或其他组织\n总计\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n"
)


def test_names_that_come_behind_their_figures_give_no_figure_of_the_next_row() -> None:
    text = (
        f"三、收到和处理政府信息公开申请情况\n{REQUEST_HEADS}"
        "1\n0\n0\n0\n0\n0\n1\n一、本年新收政府信息公开申请数量\n"
        "2\n0\n0\n0\n0\n0\n2\n二、上年结转政府信息公开申请数量\n"
        "3\n0\n0\n0\n0\n0\n3\n四、结转下年度继续办理\n"
    )
    imported = read(text)
    assert dict(imported.report.entries) == {}
    assert any("在行名前面" in note.what for note in imported.notes)


def test_a_paragraph_about_last_year_in_front_of_a_table_is_kept() -> None:
    prose = "本年度共收到申请三十件，较上年增长百分之十二，均在法定期限内答复。" * 3
    text = (
        f"三、收到和处理政府信息公开申请情况\n{prose}\n{REQUEST_HEADS}"
        "一、本年新收政府信息公开申请数量\n1\n0\n0\n0\n0\n0\n1\n"
    )
    imported = read(text)
    assert imported.report.sections["requests"] == prose
    assert len(imported.report.entries) == 7


def test_one_row_of_text_for_other_handling_is_offered_for_its_last_unless_its_rows_follow() -> None:
    row = "（六）其他处理 1 0 0 0 0 0 1\n"
    heads = f"三、收到和处理政府信息公开申请情况\n{REQUEST_HEADS}（五）不予处理 2.重复申请 2 0 0 0 0 0 2\n"
    alone = read(f"{heads}{row}（七）总计 4 0 0 0 0 0 4\n")
    total = "requests.handled.other.other_reasons.total"
    assert total not in alone.report.entries
    assert any((total, "1") in note.offers for note in alone.notes)
    divided = read(f"{heads}{row}3.其他 3 0 0 0 0 0 3\n（七）总计 4 0 0 0 0 0 4\n")
    assert divided.report.entries.get("requests.handled.other.other_reasons.total") in (None, 3)


def test_blank_cells_between_bars_keep_the_figures_in_their_columns(form: Form) -> None:
    rows = [
        ["申请人情况", "", "", "", "", "", ""],
        ["", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"],
        ["一、本年新收政府信息公开申请数量", "", "5", "0", "0", "0", "", "5"],
        ["二、上年结转政府信息公开申请数量", "1", "0", "0", "0", "0", "0", "1"],
    ]
    rows[0].append("")
    text = "三、收到和处理政府信息公开申请情况\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)
    entries = read(text).report.entries
    assert entries.get("requests.received.company") == 5
    assert "requests.received.natural_person" not in entries
    assert entries.get("requests.received.total") == 5


def test_lines_of_box_drawing_divide_cells_as_bars_do() -> None:
    heads = "二、主动公开政府信息情况\n┌──┬──┐\n│信息内容│本年制发件数│本年废止件数│现行有效件数│"
    assert list(read(f"{heads}\n├──┼──┤\n│规章│1│2│3│\n└──┴──┘").report.entries.values()) == [1, 2, 3]
