"""Tables as they come, read by their labels: exact where certain, blank and remarked upon where not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.form import Table
from gxeditor.imports.formats.html import html_table
from gxeditor.imports.formats.text import tsv_table
from gxeditor.imports.recognize.tables import Reading, group_tables, read_group
from gxeditor.imports.source import LooseCell, RawCell, RawTable, lay_out
from gxeditor.resources import load_form
from gxeditor.wording.labels import Lexicon, load_aliases

FORM = load_form()
LEXICON = Lexicon(FORM, load_aliases(FORM))
TABLES = {table.key: table for table in FORM.tables}

Rows = list[list[LooseCell]]


def read(*tables: RawTable | None) -> Reading:
    return read_group([table for table in tables if table is not None], LEXICON)


def filled(reading: Reading) -> dict[str, str]:
    return {cell_id: raw.text.strip() for cell_id, raw in reading.values.items() if not raw.is_blank}


def numbered(table: Table) -> dict[str, str]:
    """A different figure for every cell, so that an exchange shows."""
    return {cell.id: str(1000 + 7 * i) for i, cell in enumerate(table.cells)}


def pieces(table: Table, texts: dict[str, str]) -> Rows:
    """The printed table as HTML means it: a piece per place, with its spans."""
    grid = table.grid()
    rows: Rows = [[] for _ in range(grid.rows)]
    for place in grid.places:
        text = place.text if place.cell is None else texts.get(place.cell.id, "")
        rows[place.row].append(LooseCell(text, place.row_span, place.column_span))
    return rows


def flat(table: Table, texts: dict[str, str]) -> list[list[str]]:
    """The printed table as Excel copies it into text: covered places are blank."""
    grid = table.grid()
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for place in grid.places:
        rows[place.row][place.column] = place.text if place.cell is None else texts.get(place.cell.id, "")
    return rows


def table_of(rows: Sequence[Sequence[str]]) -> RawTable:
    return lay_out([[LooseCell(text) for text in row] for row in rows])


def as_html(rows: Rows) -> str:
    body = "".join(
        "<tr>"
        + "".join(f"<td rowspan={p.row_span} colspan={p.column_span}>{escape(p.text)}</td>" for p in row)
        + "</tr>"
        for row in rows
    )
    return f"<table>{body}</table>"


def as_tsv(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


any_texts = st.fixed_dictionaries(
    {},
    optional={
        cell_id: st.one_of(st.integers(0, 10**7).map(str), st.sampled_from(["/", "-", "无", "0.0000"]))
        for cell_id in FORM.cells
    },
)


@settings(max_examples=40)
@given(any_texts)
def test_every_form_with_any_figures_comes_back_from_html_and_from_tab_separated_text(
    texts: dict[str, str],
) -> None:
    for table in FORM.tables:
        mine = {cell_id: text for cell_id, text in texts.items() if cell_id.startswith(table.key + ".")}
        assert filled(read(html_table(as_html(pieces(table, mine))))) == mine
        assert filled(read(tsv_table(as_tsv(flat(table, mine))))) == mine


@settings(max_examples=40)
@given(any_texts)
def test_the_three_tables_below_each_other_in_one_come_back(texts: dict[str, str]) -> None:
    html = "".join(as_html(pieces(table, texts)) for table in FORM.tables)
    assert filled(read(html_table(html))) == texts


@pytest.mark.parametrize("key", list(TABLES))
@pytest.mark.parametrize("seed", range(5))
def test_columns_in_another_order_are_placed_by_their_headings(key: str, seed: int) -> None:
    table = TABLES[key]
    texts = numbered(table)
    rows = flat(table, texts)
    labels = table.grid().label_columns
    if key == "disputes":  # each group keeps its heading over its first column
        groups = [list(range(0, 5)), list(range(5, 10)), list(range(10, 15))]
        order = [column for group in groups for column in group]
    else:
        order = list(range(labels, table.grid().columns))
        random.Random(seed).shuffle(order)
    heads = [column for column in range(labels)]
    if key == "proactive":  # the single values of the later blocks stand in whichever column comes first
        for row in rows[5:]:
            row[2] = row[3] = row[1]
    if key == "requests":
        rows[0][3] = ""
        rows[1][4] = ""
    shuffled = table_of([[row[column] for column in heads + order] for row in rows])
    assert filled(read(shuffled)) == texts


def on_its_side(rows: list[list[str]]) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]


def test_a_table_on_its_side_is_read() -> None:
    texts = numbered(TABLES["requests"])
    sideways = lay_out(
        [[LooseCell(text) for text in row] for row in on_its_side(flat(TABLES["requests"], texts))]
    )
    assert filled(read(sideways)) == texts


@pytest.mark.parametrize("key", list(TABLES))
def test_a_table_on_its_side_with_merged_cells_is_read(key: str) -> None:
    texts = numbered(TABLES[key])
    upright = lay_out(pieces(TABLES[key], texts))
    cells = sorted(
        (RawCell(c.column, c.row, c.column_span, c.row_span, c.text) for c in upright.cells),
        key=lambda c: (c.row, c.column),
    )
    assert filled(read(RawTable(tuple(cells)))) == texts


def test_unmerged_groups_that_repeat_their_label_are_read() -> None:
    table = TABLES["requests"]
    texts = numbered(table)
    grid = table.grid()
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for (row, column), place in grid.at.items():
        rows[row][column] = place.text if place.cell is None else texts[place.cell.id]
    assert filled(read(table_of(rows))) == texts


def one_character_a_line(text: str) -> str:
    return "\n".join(text)


def wide(text: str) -> str:
    return " ".join(text.replace("（", "(").replace("）", ")"))


def without_numbers(text: str) -> str:
    for mark in ("1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "一、", "二、", "三、", "四、"):
        text = text.removeprefix(mark)
    return text


def other_punctuation(text: str) -> str:
    return text.replace("1.", "①").replace("2.", "2、").replace("（一）", "㈠ ").replace("其他", "其它")


def with_a_note(text: str) -> str:
    return f"{text}（单位：件，填写时请核对" if text else text


@pytest.mark.parametrize(
    "dress", [one_character_a_line, wide, without_numbers, other_punctuation, with_a_note]
)
@pytest.mark.parametrize("key", list(TABLES))
def test_labels_in_other_dress_are_recognized(key: str, dress: Callable[[str], str]) -> None:
    texts = numbered(TABLES[key])
    rows = pieces(TABLES[key], texts)
    for row in rows:
        for piece in row:
            if not piece.text.isdigit():
                piece.text = dress(piece.text)
    assert filled(read(html_table(as_html(rows)))) == texts


def test_what_stands_beside_a_label_with_a_slip_of_the_pen_is_offered_and_not_read() -> None:
    texts = numbered(TABLES["requests"])
    slips = {
        "一、本年新收政府信息公开申请数量": "一、本年新收政府信息公开申情数量",
        "1.信访举报投诉类申请": "信访举报投拆类申请",
        "法律服务机构": "法律服务机枃",
    }
    rows = [[slips.get(text, text) for text in row] for row in flat(TABLES["requests"], texts)]
    reading = read(table_of(rows))
    doubtful = {
        cell.id
        for cell in TABLES["requests"].cells
        if not {*cell.row.labels, *cell.column.labels}.isdisjoint(slips)
    }
    assert filled(reading) == {cell_id: text for cell_id, text in texts.items() if cell_id not in doubtful}
    assert all(note.severity == "doubt" for note in reading.notes)
    assert {one: text for note in reading.notes for one, text in note.offers} == {
        cell_id: texts[cell_id] for cell_id in doubtful
    }
    assert {(note.where, note.what[: note.what.index("只")]) for note in reading.notes} == {
        ("表三", "“法律服务机枃”与表中的“法律服务机构”"),
        ("表三 · 一行", "“一、本年新收政府信息公开申情数量”与表中的“本年新收政府信息公开申请数量”"),
        ("表三（五）1", "“信访举报投拆类申请”与表中的“信访举报投诉类申请”"),
    }


def test_a_slip_in_the_label_of_a_group_is_said_where_the_rows_say_enough_themselves() -> None:
    texts = numbered(TABLES["requests"])
    rows = [
        ["法人或其他组只" if text == "法人或其他组织" else text for text in row]
        for row in flat(TABLES["requests"], texts)
    ]
    reading = read(table_of(rows))
    assert filled(reading) == texts
    assert [(note.severity, note.done) for note in reading.notes] == [("info", "按后者读入。")]


def test_rows_that_are_not_there_leave_the_others_alone() -> None:
    table = TABLES["requests"]
    texts = numbered(table)
    rows = flat(table, texts)
    gone = {5, 9, 20, 26}
    kept = [row for i, row in enumerate(rows) if i not in gone]
    left = {text for i, row in enumerate(rows) if i not in gone for text in row}
    reading = read(table_of(kept))
    assert filled(reading) == {cell_id: text for cell_id, text in texts.items() if text in left}


# -------------------- what is not certain
HEAD = [
    ["（本列数据的勾稽关系为：…）", "", "", "申请人情况", "", "", "", "", "", ""],
    ["", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计"],
    ["", "", "", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", ""],
]


def requests(*rows: str, head: list[list[str]] = HEAD) -> Reading:
    return read(table_of([*head, *(row.split("|") for row in rows)]))


def kinds(reading: Reading) -> list[tuple[str, str, str]]:
    return [(note.severity, note.where, note.what) for note in reading.notes]


def test_eight_figures_for_seven_columns_lose_one_zero_if_only_that_makes_the_total_right() -> None:
    reading = requests("一、本年新收政府信息公开申请数量|3|2|0|0|0|0|0|5")
    assert list(filled(reading).values()) == ["3", "2", "0", "0", "0", "0", "5"]
    assert kinds(reading) == [("doubt", "表三 · 一行", "这一行有 8 个数，表格只有 7 列。")]


@pytest.mark.parametrize(
    "figures",
    [
        "3|0|0|2|0|0|0|5",  # the zero may be before or behind the 2
        "3|2|0|0|0|0|0|6",  # no reading adds up
        "3|1|1|0|0|0|0|5|0",  # two too many
        "3|2|0|0|0|5",  # too few
    ],
)
def test_other_counts_of_figures_are_left_blank(figures: str) -> None:
    reading = requests(f"一、本年新收政府信息公开申请数量|{figures}")
    assert not filled(reading)


def test_a_surplus_figure_that_is_no_zero_is_not_dropped() -> None:
    assert not filled(requests("一、本年新收政府信息公开申请数量|3|1|0|2|0|0|0|5"))


def test_figures_of_a_row_that_was_not_read_are_asked_for() -> None:
    reading = requests(
        "一、本年新收政府信息公开申请数量|3|2|0|0|0|5",
        "二、上年结转政府信息公开申请数量|1|0|0|0|0|0|1",
    )
    assert len(filled(reading)) == 7
    [note] = reading.notes
    assert note.what == "这一行有 6 个数，表格有 7 列，分不清哪个数属于哪一列。"
    assert len(note.cells) == 7
    assert [raw.text for raw in note.raw] == ["3", "2", "0", "0", "0", "5"]


def test_one_figure_at_the_end_is_the_total_only_if_no_other_column_is_left_for_it() -> None:
    assert filled(requests("三、本年度办理结果|（一）予以公开|||||||4")) == {
        "requests.handled.granted.total": "4"
    }
    assert filled(requests("三、本年度办理结果|（一）予以公开|4")) == {}


def test_a_row_that_ends_early_may_have_lost_a_cell_anywhere() -> None:
    row = "三、本年度办理结果|（三）不予公开|1.属于国家秘密|1|2|3|4|5"
    assert filled(requests(row)) == {}
    assert list(filled(requests(row + "||")).values()) == ["1", "2", "3", "4", "5"]


def test_figures_with_gaps_in_a_row_that_slipped_are_left_blank() -> None:
    reading = requests("一、本年新收政府信息公开申请数量|3||0|0|0|0|0|0|3")
    assert not filled(reading)
    assert "这张表的数没有一个能对上格子" in reading.notes[0].what
    assert len(reading.notes[0].cells) == 7
    reading = requests(
        "一、本年新收政府信息公开申请数量|3||0|0|0|0|0|3", "二、上年结转政府信息公开申请数量|1|0|0|0|0|0|1"
    )
    assert [note.what for note in reading.notes] == [
        "这一行有 7 个数，中间夹着空格，分不清哪个数属于哪一列。"
    ]


def test_a_total_with_blank_cells_behind_it_may_be_anything() -> None:
    slipped = "二、上年结转政府信息公开申请数量|1|0|0|0|0|0|1"
    assert len(filled(requests("一、本年新收政府信息公开申请数量|||||||3|", slipped))) == 7
    assert len(filled(requests("一、本年新收政府信息公开申请数量|||||||3", slipped))) == 8


def test_a_heading_that_stands_twice_makes_columns_uncertain() -> None:
    head = [row[:] for row in HEAD]
    head[2][5] = "商业企业"
    assert not filled(requests("一、本年新收政府信息公开申请数量|||1|2|3|4|5|6|21", head=head))


def test_a_strange_word_before_the_labels_is_said() -> None:
    reading = requests("合并|（四）无法提供|1.本机关不掌握相关政府信息|1|2|3|4|5|6|21")
    assert len(filled(reading)) == 7
    assert kinds(reading) == [("info", "表三", "行首的“合并”不在表中。")]


def test_many_totals_without_details_are_one_note() -> None:
    rows = flat(TABLES["requests"], {i: "1" for i in numbered(TABLES["requests"]) if i.endswith(".total")})
    reading = read(table_of(rows))
    assert [(n.where, n.done) for n in reading.notes] == [
        ("表三 · 25 行", "总计照原样读入 1、1、1、1、1、1等，分项留空。")
    ]
    assert len(reading.notes[0].cells) == 25


def test_a_table_full_of_strange_rows_is_not_told_row_by_row() -> None:
    rows = [f"不认识的第{'甲乙丙丁戊己庚'[i // 7]}{'子丑寅卯辰巳午'[i % 7]}行|1|2" for i in range(49)]
    reading = requests("四、结转下年度继续办理|||1|0|0|0|0|0|1", *rows)
    assert len(reading.notes) == 31
    assert reading.notes[-1].what == "这张表另有 20 处没有看懂。"
    assert "整张没有读入" in reading.notes[0].done
    assert not reading.values


breakages = st.lists(
    st.tuples(
        st.sampled_from(["labels", "rows", "trim", "pad", "row", "orphan", "cut", "spans"]),
        st.integers(0, 99),
    ),
    min_size=1,
    max_size=5,
)


@given(st.sampled_from(list(TABLES)), st.booleans(), breakages)
def test_no_full_table_however_broken_gives_a_wrong_figure(
    key: str, merged: bool, steps: list[tuple[str, int]]
) -> None:
    texts = numbered(TABLES[key])
    rows = (
        pieces(TABLES[key], texts)
        if merged
        else [[LooseCell(t) for t in row] for row in flat(TABLES[key], texts)]
    )
    cut = 0
    for step, n in steps:
        at = n % len(rows)
        if step in (
            "labels",
            "rows",
        ):  # the blank places that merged labels leave are lost, with or without the head
            for row in rows[3 if step == "rows" else 0 :]:
                while len(row) > 1 and not row[0].text:
                    del row[0]
        elif step == "trim":
            for row in rows:
                while row and not row[-1].text:
                    del row[-1]
        elif step == "pad":
            wide = max(len(row) for row in rows)
            for row in rows:
                row.extend(LooseCell("") for _ in range(wide - len(row)))
        elif step == "row" and len(rows) > 1:
            del rows[at]
        elif step == "orphan":
            rows[at].insert(0, LooseCell("公开"))
        elif step == "cut":
            cut = at
        elif step == "spans":
            for row in rows:
                for piece in row:
                    piece.row_span = piece.column_span = 1
    parts = [lay_out(part) for part in (rows[:cut], rows[cut:]) if part]
    for group in group_tables(parts, LEXICON):
        for cell_id, text in filled(read_group(group, LEXICON)).items():
            assert texts[cell_id] == text


def test_without_any_heading_a_full_row_is_read_in_the_printed_order_and_that_is_said() -> None:
    reading = requests(
        "\t（四）无法提供\t2.没有现成信息需要另行制作\t1\t2\t3\t4\t5\t6\t21".replace("\t", "|"), head=[]
    )
    assert list(filled(reading).values()) == ["1", "2", "3", "4", "5", "6", "21"]
    assert kinds(reading) == [("info", "表三（四）2", "原文没有表头。")]
    assert not filled(requests("2.没有现成信息需要另行制作|1|2", head=[]))


def test_figures_without_any_label_are_not_placed() -> None:
    assert not filled(read(table_of([["0"] * 15])))
    assert not filled(requests("||||1|2|3|4|5|6|21"))


def test_a_column_of_another_year_is_not_read() -> None:
    head = [["", "自然人", "自然人", "总计", "总计"], ["", "本年", "上年", "本年", "上年"]]
    reading = requests("一、本年新收政府信息公开申请数量|1|2|3|4", head=head)
    assert list(filled(reading).values()) == ["1", "3"]
    assert kinds(reading) == [("info", "表格", "“上年”一栏不是本年的数。")]


def test_an_unknown_row_is_said_with_its_figures() -> None:
    denied = "三、本年度办理结果|（三）不予公开|"
    reading = requests(denied + "8.属于行政查询事项|2|0|0|0|0|0|2", denied + "9.属于工作秘密|1|0|0|0|0|0|1")
    assert len(filled(reading)) == 7
    assert [(n.what, n.done) for n in reading.notes] == [
        ("行名“9.属于工作秘密”不在表中。", "没有读入：1、0、0、0、0、0、1。")
    ]


def test_a_row_under_the_wrong_group_is_not_placed() -> None:
    reading = requests(
        "三、本年度办理结果|（四）无法提供|1.属于国家秘密|2|0|0|0|0|0|2",
        "四、结转下年度继续办理|||1|0|0|0|0|0|1",
    )
    assert list(filled(reading)) == [c for c in FORM.cells if c.startswith("requests.carried_forward.")]
    assert "在表中不是一行" in reading.notes[0].what


def test_one_row_for_a_group_is_offered_for_its_last_row() -> None:
    reading = requests(
        "三、本年度办理结果|（六）其他处理||3|0|0|0|0|0|3", "三、本年度办理结果|（七）总计||3|0|0|0|0|0|3"
    )
    assert {i.rpartition(".")[0] for i in filled(reading)} == {"requests.handled.total"}
    assert kinds(reading) == [("doubt", "表三", "原文“（六）其他处理”只有一行。")]
    (note,) = reading.notes
    assert {i.rpartition(".")[0] for i, _ in note.offers} == {"requests.handled.other.other_reasons"}
    assert [text for _, text in note.offers] == ["3", "0", "0", "0", "0", "0", "3"]


def test_a_row_with_the_sums_of_a_group_is_not_read_as_one_of_its_rows() -> None:
    reading = requests(
        "三、本年度办理结果|（六）其他处理||3|0|0|0|0|0|3",
        "||1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|3|0|0|0|0|0|3",
        "||3.其他|||||||",
    )
    assert not any(i.startswith("requests.handled.other.other_reasons") for i in filled(reading))
    assert "“（六）其他处理”在原文中是一行，在表中是 3 行。" in [what for _, _, what in kinds(reading)]


def test_a_group_whose_rows_have_strange_names_is_not_read_as_one_of_them() -> None:
    reading = requests("|（六）其他处理||3|0|0|0|0|0|3", "||1.一种没见过的情形|3|0|0|0|0|0|3")
    assert not filled(reading)


def test_serial_numbers_before_the_rows_are_no_figures() -> None:
    texts = numbered(TABLES["requests"])
    rows = flat(TABLES["requests"], texts)
    reading = read(
        table_of([["序号" if i == 0 else str(i) if i > 2 else "", *row] for i, row in enumerate(rows)])
    )
    assert filled(reading) == texts
    assert kinds(reading) == [("info", "表格", "行名左边还有数。")]


def test_a_row_that_numbers_the_columns_holds_no_figures() -> None:
    texts = numbered(TABLES["disputes"])
    rows = flat(TABLES["disputes"], texts)
    numbers = ["栏次", *(str(i) for i in range(1, 16))]
    reading = read(table_of([*(["", *row] for row in rows[:3]), numbers, ["", *rows[3]]]))
    assert filled(reading) == texts


def test_text_in_place_of_a_figure_keeps_its_place() -> None:
    reading = requests("一、本年新收政府信息公开申请数量|||12abc|/|未统计|0|0|0|30")
    assert list(filled(reading).values()) == ["12abc", "/", "未统计", "0", "0", "0", "30"]


def test_two_different_figures_for_one_cell_leave_it_blank() -> None:
    row = "一、本年新收政府信息公开申请数量|||{}|0|0|0|0|0|3"
    reading = requests(row.format(1), row.format(2))
    assert "requests.received.natural_person" not in filled(reading)
    assert ("doubt", "表三 · 一行", "同一格有不同的数：“1”“2”。") in kinds(reading)


def test_a_figure_that_covers_two_rows_belongs_to_neither() -> None:
    rows = pieces(TABLES["proactive"], numbered(TABLES["proactive"]))
    for row in rows:
        if row[0].text == "行政处罚":
            row[1].row_span = 2
        if row[0].text == "行政强制":
            del row[1]
    reading = read(lay_out(rows))
    assert not {"proactive.penalties.decisions", "proactive.compulsion.decisions"} & set(filled(reading))
    assert any("占了几格" in note.what for note in reading.notes)


def test_a_merged_table_whose_continuation_lost_its_first_column_is_read_by_count() -> None:
    table = TABLES["requests"]
    texts = numbered(table)
    rows = pieces(table, texts)
    first, second = rows[:10], rows[10:]
    second[0].insert(0, LooseCell("公开"))
    continued = [[piece for piece in row if piece.text] for row in second]
    for row in continued:
        for piece in row:
            piece.row_span = piece.column_span = 1
    groups = group_tables([lay_out(first), lay_out(continued)], LEXICON)
    assert len(groups) == 1
    assert filled(read_group(groups[0], LEXICON)) == texts


def test_the_row_of_figures_of_table_four_may_stand_on_the_next_page() -> None:
    texts = numbered(TABLES["disputes"])
    rows = flat(TABLES["disputes"], texts)
    groups = group_tables([table_of(rows[:3]), table_of(rows[3:])], LEXICON)
    assert [len(group) for group in groups] == [2]
    assert filled(read_group(groups[0], LEXICON)) == texts


def test_a_continuation_that_repeats_the_headings_is_read_by_them() -> None:
    texts = numbered(TABLES["requests"])
    rows = flat(TABLES["requests"], texts)
    again = [row[:] for row in rows[:3]] + rows[12:]
    values: dict[str, str] = {}
    for group in group_tables([table_of(rows[:12]), table_of(again)], LEXICON):
        values |= filled(read_group(group, LEXICON))
    assert values == texts


def test_a_blank_form_gives_no_figures_and_no_remarks() -> None:
    for table in FORM.tables:
        reading = read(lay_out(pieces(table, {})))
        assert not filled(reading)
        assert reading.notes == []
        assert reading.labels > 0
        assert {key for _, key in reading.lines} == {
            line.key for block in table.blocks for line in block.rows
        }


def test_a_table_of_something_else_is_one_note() -> None:
    reading = read(table_of([["索引号", "014314799"], ["发布机构", "某局"]]))
    assert [(n.severity, n.what) for n in reading.notes] == [
        ("info", "这不是年报的统计表：“索引号 014314799 发布机构 某局”。")
    ]


printed = [place.text for table in FORM.tables for place in table.grid().places if place.text]
odd_cells = st.one_of(
    st.sampled_from(printed),
    st.integers(0, 99).map(str),
    st.text(max_size=6),
    st.sampled_from(["", "", " ", "/", "12abc", "公开", "总计", "其他", "上年", "一、"]),
)
odd_rows = st.lists(
    st.lists(
        st.tuples(odd_cells, st.integers(0, 4), st.integers(-1, 4)),
        max_size=10,
    ),
    max_size=12,
)


@given(odd_rows)
def test_no_table_however_odd_makes_reading_fail(rows: list[list[tuple[str, int, int]]]) -> None:
    table = lay_out([[LooseCell(text, down, across) for text, down, across in row] for row in rows])
    reading = read(*[t for group in group_tables([table, table], LEXICON) for t in group])
    assert set(reading.values) <= set(FORM.cells)
    texts = {cell.text for cell in table.cells}
    assert all(raw.text in texts for raw in reading.values.values())


def test_a_table_of_which_only_a_small_part_fits_is_not_read_at_all() -> None:
    """表四 with the line breaks of its headings taken for rows: 总计 beside a figure names no row of 表三."""
    table = lay_out(
        [
            [LooseCell(text) for text in line.split("|")]
            for line in (
                "审结|总计|未知|其他",
                "总计|3|1|0|2|6|1|0",
                "结果|9|8|7|6|5|4|3",
                "别的|1|2|3|4|5|6|7",
            )
        ]
    )
    reading = read(table)
    assert not filled(reading)


def test_a_list_of_units_is_told_to_be_one() -> None:
    table = flat(TABLES["disputes"], {})[:-1]
    units = ["某镇人民政府", "县水利局", "县教育局"]
    rows = [["单位", *row] for row in table] + [[unit, *map(str, range(15))] for unit in units]
    reading = read(table_of(rows))
    assert not filled(reading)
    (note,) = reading.notes
    assert note.what == "这是 3 个单位的汇总表，不是一个单位的年报：某镇人民政府、县水利局、县教育局。"


@pytest.mark.parametrize("at", [1, 2, 5])
def test_figures_of_another_year_are_told_with_their_column(at: int) -> None:
    rows = flat(TABLES["requests"], numbered(TABLES["requests"]))
    head = sum(not any(text.isdigit() for text in row) for row in rows)
    labels = TABLES["requests"].grid().label_columns
    for i, row in enumerate(rows):
        row.insert(labels + at - 1, ("上年数" if i == head - 1 else "") if i < head else str(9000 + i))
    reading = read(table_of(rows))
    assert filled(reading) == numbered(TABLES["requests"])
    told = [raw.text for note in reading.notes if "不是本年的数" in note.what for raw in note.raw]
    assert told == ["上年数", *(str(9000 + i) for i in range(head, len(rows)))]


def test_a_strange_row_does_not_cost_a_table_of_the_form_of_2019_what_is_left_of_it() -> None:
    rows = [
        ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", "1", "1", "1"],
        ["其他主动公开文件", "7", "8", "9"],
        ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政许可", "5", "+4", "46"],
    ]
    assert filled(read(table_of(rows))) == {"proactive.licensing.decisions": "46"}
