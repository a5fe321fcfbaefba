"""The statutory form: its cells, its headings, its printed picture, and what the loader refuses."""

from __future__ import annotations

import copy
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gxeditor.core.errors import Defects
from gxeditor.core.form import Cell, Form, Heading, parse_form
from gxeditor.resources import resource

GOLDEN = Path(__file__).parents[1] / "golden" / "cells-2021.tsv"


def printed(form: Form) -> list[tuple[str, str]]:
    """Each cell with its printed headings, as the list of cells states them."""

    def headings(cell: Cell) -> str:
        across = " / ".join(label for label in cell.column.labels if label != "申请人情况")
        if cell.section == "requests":
            return f"{' / '.join(cell.row.labels)} × {across}"
        return " / ".join((*bands[cell.id], *cell.row.labels, *cell.column.labels))

    bands = {
        cell.id: (block.band,) if block.band else ()
        for table in form.tables
        for block in table.blocks
        for cell in block.cells
    }
    return [(cell.id, headings(cell)) for cell in form.cells.values()]


def test_the_200_cells_stand_in_the_order_and_under_the_headings_of_the_printed_form(form: Form) -> None:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()[1:]
    assert printed(form) == [tuple(line.split("\t")) for line in lines]
    assert len(form.cells) == 200


def test_the_form_has_six_sections_of_which_three_carry_a_table(form: Form) -> None:
    assert [section.heading for section in form.sections] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    assert [table.key for table in form.tables] == ["proactive", "requests", "disputes"]
    assert [len(table.cells) for table in form.tables] == [10, 175, 15]


def test_every_name_in_a_message_fits_its_column(form: Form) -> None:
    """A tab is a few characters; a row is called by at most 14 (its printed label may be long)."""
    assert all(0 < len(section.tab) <= 8 for section in form.sections)
    for cell in form.cells.values():
        assert len(cell.row.name) <= 14
        assert len(cell.column.name) <= 14


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ("proactive.government_rules.issued", "规章 · 本年制发"),
        ("proactive.licensing.decisions", "行政许可"),
        ("requests.handled.granted.natural_person", "三（一）予以公开 · 自然人"),
        ("requests.handled.total.total", "三（七）总计 · 总计"),
        ("disputes.suit_after_reconsideration.other", "复议后起诉 · 其他结果"),
    ],
)
def test_a_cell_is_named_as_it_is_printed(form: Form, cell: str, place: str) -> None:
    assert form.cells[cell].place == place


def test_no_two_cells_of_a_table_are_named_alike(form: Form) -> None:
    for table in form.tables:
        assert [name for name, n in Counter(cell.place for cell in table.cells).items() if n > 1] == []


def test_only_the_fees_are_an_amount_of_money(form: Form) -> None:
    money = [cell for cell in form.cells.values() if (cell.unit, cell.decimals) != ("件", 0)]
    assert [(cell.id, cell.unit, cell.decimals) for cell in money] == [("proactive.fees.amount", "万元", 6)]


def test_the_form_has_34_totals_and_each_follows_those_that_it_sums(form: Form) -> None:
    order = [cell.id for cell in form.totals]
    assert len(order) == 34  # 25 rows and 6 further columns of 表三, 3 groups of 表四
    assert len(set(order)) == len(order)
    for cell in form.totals:
        assert all(order.index(part) < order.index(cell.id) for part in cell.parts if part in order)


def test_the_total_of_a_row_sums_its_six_kinds_of_requesters(form: Form) -> None:
    parts = form.cells["requests.received.total"].parts
    assert [part.rpartition(".")[2] for part in parts] == [
        "natural_person",
        "company",
        "research",
        "public_interest",
        "legal_service",
        "other_organization",
    ]


def test_the_total_of_the_results_sums_21_rows_and_no_heading(form: Form) -> None:
    parts = form.cells["requests.handled.total.company"].parts
    assert len(parts) == 21
    assert "requests.handled.denied.state_secret.company" in parts
    assert "requests.handled.total.company" not in parts


def test_a_place_that_the_form_does_not_have_is_not_found(form: Form) -> None:
    assert form.cell("handled.granted", "company", "requests").place == "三（一）予以公开 · 商业企业"
    with pytest.raises(KeyError):
        form.cell("handled.granted", "amount", "requests")
    with pytest.raises(KeyError):
        form.section("attachments")


# --- the printed picture ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "size", "heads"),
    [("proactive", (14, 4), (0, 1)), ("requests", (28, 10), (3, 3)), ("disputes", (4, 15), (3, 0))],
)
def test_a_table_is_laid_out_as_on_paper(
    form: Form, section: str, size: tuple[int, int], heads: tuple[int, int]
) -> None:
    table = form.section(section).table
    assert table is not None
    grid = table.grid()
    assert (grid.rows, grid.columns) == size
    assert (grid.head_rows, grid.label_columns) == heads


def test_the_picture_of_a_table_has_no_gap_and_no_overlap(form: Form) -> None:
    for table in form.tables:
        grid = table.grid()
        covered = Counter(
            (place.row + i, place.column + j)
            for place in grid.places
            for i in range(place.row_span)
            for j in range(place.column_span)
        )
        assert set(covered) == {(row, column) for row in range(grid.rows) for column in range(grid.columns)}
        assert set(covered.values()) == {1}
        assert set(grid.at) == set(covered)


def test_every_cell_has_its_place_and_headings_in_the_picture(form: Form) -> None:
    for table in form.tables:
        grid = table.grid()
        assert list(grid.of_cell) == [cell.id for cell in table.cells]
        for place in grid.places:
            assert (place.kind == "cell") == (place.cell is not None)
            assert place.is_sum == (place.cell is not None and place.cell.is_total) or place.kind != "cell"


def test_the_picture_of_a_cell_stands_under_the_headings_of_its_column(form: Form) -> None:
    """Going up and left from a cell of 表三 one meets just its printed headings."""
    table = form.section("requests").table
    assert table is not None
    grid = table.grid()
    for cell in table.cells:
        at = grid.of_cell[cell.id]
        above = dict.fromkeys(grid.at[row, at.column].text for row in range(grid.head_rows))
        beside = dict.fromkeys(grid.at[at.row, column].text for column in range(grid.label_columns))
        assert tuple(above) == cell.column.labels
        assert tuple(beside) == cell.row.labels


def test_a_single_figure_of_table_two_spans_the_three_columns(form: Form) -> None:
    table = form.section("proactive").table
    assert table is not None
    grid = table.grid()
    assert grid.of_cell["proactive.fees.amount"].column_span == 3
    assert [place.text for place in grid.places if place.kind == "band"] == [
        "第二十条第（一）项",
        "第二十条第（五）项",
        "第二十条第（六）项",
        "第二十条第（八）项",
    ]


def test_a_heading_knows_its_depth_and_its_leaves() -> None:
    leaf = Heading("a", "甲", "甲")
    tree = Heading(
        "", "组", "组", children=(leaf, Heading("b", "乙", "乙", children=(Heading("c", "丙", "丙"),)))
    )
    assert tree.depth == 3
    assert [heading.label for heading in tree.leaves()] == ["甲", "丙"]


# --- the loader ------------------------------------------------------------------------------------------


@pytest.fixture
def data() -> dict[str, Any]:
    return tomllib.loads(resource("forms/2021.toml").read_text(encoding="utf-8"))


def test_all_defects_of_a_form_are_told_at_once(data: dict[str, Any]) -> None:
    block = data["sections"][2]["table"]["blocks"][0]
    data["titel"] = "写错的键"
    data["title"] = ""
    data["sections"][0]["number"] = 1
    data["sections"][0]["points"][0]["words"] = "主动公开"
    data["sections"][0]["points"][1]["title"] = " "
    data["sections"][1]["key"] = "overview"
    data["sections"][3]["table"]["blocks"] = []
    block["decimals"] = "4"
    block["rows"][0]["key"] = "本年新收"
    with pytest.raises(Defects) as caught:
        parse_form(data)
    assert set(caught.value.defects) == {
        "sections[0].number 应为文字",
        "sections[0].points[0].words 应为文字列表",
        "sections[2].table.blocks[0].decimals 应为 0 至 6 的整数",
        "sections[0].points[1]：缺少 title",
        "sections[2].table.blocks[0].rows[0].key “本年新收”不能用作编号",
        "sections[3].table：没有 blocks",
        "文件：缺少 title",
        "文件：不认识的键 titel",
        "部分 overview 重复",
    }


def test_a_cell_that_stands_there_twice_is_a_defect(data: dict[str, Any]) -> None:
    rows = data["sections"][2]["table"]["blocks"][0]["rows"]
    rows.append(copy.deepcopy(rows[0]))
    with pytest.raises(Defects) as caught:
        parse_form(data)
    assert "单元格 requests.received.natural_person 重复" in caught.value.defects


def test_a_total_of_nothing_is_a_defect(data: dict[str, Any]) -> None:
    block = data["sections"][2]["table"]["blocks"][0]
    block["columns"] = [block["columns"][0]["columns"][-1]]
    with pytest.raises(Defects, match="合计 total 没有可加的项"):
        parse_form(data)


def test_a_table_without_rows_is_a_defect(data: dict[str, Any]) -> None:
    data["sections"][2]["table"]["blocks"][0]["rows"] = []
    with pytest.raises(Defects, match=re.escape("sections[2].table.blocks[0]：没有单元格")):
        parse_form(data)


def test_a_form_without_sections_is_a_defect() -> None:
    with pytest.raises(Defects) as caught:
        parse_form({})
    assert set(caught.value.defects) == {
        "文件：缺少 edition",
        "文件：缺少 title",
        "文件：缺少 basis",
        "没有任何部分（sections）",
    }


@pytest.mark.parametrize(
    ("path", "where"),
    [
        (("sections",), "sections"),
        (("sections", 0), "sections[0]"),
        (("sections", 0, "points"), "sections[0].points"),
        (("sections", 1, "table"), "sections[1].table"),
        (("sections", 1, "table", "blocks"), "sections[1].table.blocks"),
        (("sections", 1, "table", "blocks", 0, "rows"), "sections[1].table.blocks[0].rows"),
        (("sections", 1, "table", "blocks", 0, "columns", 0), "sections[1].table.blocks[0].columns[0]"),
    ],
)
def test_a_text_where_a_table_belongs_is_a_defect_with_its_place(
    data: dict[str, Any], path: tuple[str | int, ...], where: str
) -> None:
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = "文字"
    with pytest.raises(Defects) as caught:
        parse_form(data)
    assert f"{where} 应为表" in caught.value.defects
