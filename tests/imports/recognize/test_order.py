"""Tables copied as text without their columns: the form's own order of labels and the number of figures decide."""

from __future__ import annotations

import pytest

from gxeditor.core.form import Form, Table
from gxeditor.imports.formats.text import tsv_table
from gxeditor.imports.recognize.report import Recognized, recognize_table

RECEIVED = "一、本年新收政府信息公开申请数量"
FORWARD = "二、上年结转政府信息公开申请数量"
WHO = (
    "natural_person",
    "company",
    "research",
    "public_interest",
    "legal_service",
    "other_organization",
    "total",
)


def table(form: Form, key: str) -> Table:
    found = form.section(key).table
    assert found is not None
    return found


def as_browser(form: Form, key: str) -> list[list[str]]:
    """A table as a browser copies it: a line for each row, merged cells once and no blanks for them."""
    grid = table(form, key).grid()
    numbers = {cell.id: str(i + 1) for i, cell in enumerate(table(form, key).cells)}
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for place in grid.places:
        rows[place.row].append(numbers[place.cell.id] if place.cell is not None else place.text)
    return rows


def read(form: Form, text: str) -> Recognized:
    raw = tsv_table(text)
    assert raw is not None
    return recognize_table(raw, form)


def expected(form: Form, key: str) -> dict[str, str]:
    return {cell.id: str(i + 1) for i, cell in enumerate(table(form, key).cells)}


SHAPES = {
    "tabs": ("\t", "\n"),
    "blanks": (" ", "\n"),
    "wide blanks": ("    ", "\r\n"),
    "bars": (" | ", "\n"),
    "a cell a line": ("\n", "\n"),
    "a cell a line, blank lines between": ("\r\n\r\n", "\r\n\r\n"),
}


@pytest.mark.parametrize("key", ["proactive", "requests", "disputes"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_figure_of_a_whole_table_finds_its_cell(form: Form, key: str, shape: str) -> None:
    between, end = SHAPES[shape]
    text = end.join(between.join(row) for row in as_browser(form, key))
    assert dict(read(form, text + end * 3).values) == expected(form, key)


@pytest.mark.parametrize("key", ["requests", "disputes"])
def test_headings_may_come_one_after_another_with_all_innermost_ones_last(form: Form, key: str) -> None:
    rows = as_browser(form, key)
    headings = [row for row in rows if not any(text.isdigit() for text in row)]
    body = rows[len(headings) :]
    grid = table(form, key).grid()
    columns = [place for place in grid.places if place.kind == "column"]
    bottom = grid.head_rows
    leaves = [place for place in columns if place.row + place.row_span == bottom]
    outer = [place for place in columns if place not in leaves]
    lines = [place.text for place in (*outer, *sorted(leaves, key=lambda place: place.column))]
    text = "\n".join([*lines, *("\t".join(row) for row in body)])
    assert dict(read(form, text).values) == expected(form, key)


def test_some_rows_are_enough_from_wherever_they_begin(form: Form) -> None:
    rows = as_browser(form, "requests")
    found = read(form, "\n".join("\t".join(row) for row in rows[7:19]))
    wanted = expected(form, "requests")
    assert len(found.values) == 84
    assert all(wanted[cell] == text for cell, text in found.values.items())


def test_headings_that_a_pdf_breaks_into_pieces_are_put_together(form: Form) -> None:
    rows = as_browser(form, "requests")
    rows[2:3] = [["商业", "科研", "社会公", "法律服", "其他"], ["企业", "机构", "益组织", "务机构"]]
    assert dict(read(form, "\n".join(" ".join(row) for row in rows)).values) == expected(form, "requests")


@pytest.mark.parametrize(
    "headings",
    [
        "总计\t法人或其他组织\t自然人",
        "自然人\t法人或其他组织\t总计\t备注",
        "自然人\t法人或其他组织\t上年\t总计",
    ],
)
def test_other_headings_than_the_form_s_leave_every_figure_out(form: Form, headings: str) -> None:
    rows = ["\t".join(row) for row in as_browser(form, "requests")]
    rows[1] = headings
    found = read(form, "\n".join(rows))
    assert not any(found.values.values())
    assert found.notes[0].what == "表头与规定的不一样，分不清哪个数属于哪一列。"


@pytest.mark.parametrize("change", [lambda row: row[:-1], lambda row: [*row, "5"]])
def test_a_row_with_too_few_or_too_many_figures_is_left_out_alone(form: Form, change: object) -> None:
    assert callable(change)
    rows = as_browser(form, "requests")
    at = next(i for i, row in enumerate(rows) if row[0].startswith("3.危及"))
    rows[at] = change(rows[at])
    found = read(form, "\n".join("\t".join(row) for row in rows))
    wanted = {i: t for i, t in expected(form, "requests").items() if "security_and_stability" not in i}
    assert {i: t for i, t in found.values.items() if t} == wanted
    (note,) = found.notes
    assert note.where == "表三 · （三）3行"
    assert len(note.cells) == 7


def test_a_table_of_which_most_cannot_be_placed_places_nothing(form: Form) -> None:
    rows = [f"{RECEIVED}\t1\t0\t0\t0\t0\t0\t1", *(f"各科室{i}\t5\t6\t7\t8" for i in range(4))]
    found = read(form, "\n".join(rows))
    assert not any(found.values.values())
    assert "只有 7 个数能对上格子，另有 16 个对不上" in found.notes[0].what


def test_a_row_that_is_not_this_year_s_is_left_out(form: Form) -> None:
    found = read(form, f"一、去年新收政府信息公开申请数量 9 0 0 0 0 0 9\n{RECEIVED} 1 0 0 0 0 0 1")
    assert [found.values.get(f"requests.received.{who}") for who in WHO] == ["1", *"00000", "1"]
    assert "“一、去年新收政府信息公开申请数量”不是本年的数。" in [note.what for note in found.notes]


def test_the_same_row_twice_with_other_figures_stays_blank(form: Form) -> None:
    found = read(form, f"{RECEIVED} 1 0 0 0 0 0 1\n{FORWARD} 3 0 0 0 0 0 3\n{RECEIVED} 2 0 0 0 0 0 2")
    assert set(found.values) == {
        *(f"requests.brought_forward.{who}" for who in WHO),
        *(f"requests.received.{who}" for who in WHO[1:-1]),
    }


def test_figures_between_labels_of_columns_alone_have_no_place(form: Form) -> None:
    found = read(form, "自然人\n30\n总计\n31")
    assert found.skipped == 2
    assert not found.values


def test_a_blank_cell_among_the_figures_of_a_line_keeps_the_others_in_their_columns(form: Form) -> None:
    rows = ["三、本年度办理结果\t（一）予以公开\t1\t2\t\t4\t5\t6\t7", "（二）部分公开\t1\t2\t3\t4\t5\t6\t7"]
    found = read(form, "\n".join(rows))
    assert [found.values.get(f"requests.handled.granted.{who}") for who in WHO] == [
        "1", "2", "", "4", "5", "6", "7",
    ]  # fmt: skip


def test_a_number_with_its_unit_is_a_figure_and_no_label(form: Form) -> None:
    found = read(form, f"{RECEIVED}\n46件\n0\n0\n0\n0\n0\n46件")
    assert found.values["requests.received.natural_person"] == "46件"
    assert found.values["requests.received.total"] == "46件"


def test_a_text_in_the_place_of_a_figure_is_refused_in_its_own_cell_where_tabs_say_which(form: Form) -> None:
    ids = [cell.id for cell in table(form, "requests").cells][:7]
    row = ["一、本年新收政府信息公开申请数量", "46件", "2.0", "约3", "0", "0", "0", "51"]
    assert dict(read(form, "\t".join(row)).values) == dict(zip(ids, row[1:], strict=True))
    assert not read(form, " ".join(row)).values
    assert not read(form, "\t".join([*row[:3], "约3"])).values
