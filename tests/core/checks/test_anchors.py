"""Where in a report something is: on which page, how it is called, and in which order it is met."""

from __future__ import annotations

import random

import pytest

from gxeditor.core.checks.anchors import Anchor, Cell, Field, Span, Whole, named, part_named, reading_order
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report

PERSON = "requests.received.natural_person"


@pytest.mark.parametrize(
    ("anchor", "page", "name", "part"),
    [
        (Cell(PERSON), "requests", "表三 · 一、本年新收 · 自然人", "表三"),
        (Span("overview", 3, 5), "overview", "第一部分正文", "第一部分正文"),
        (Span("requests", 0, 1), "requests", "第三部分正文", "第三部分正文"),
        (Span("preamble", 0, 1), "", "序文", "序文"),
        (Field("year"), "", "年份", "年份"),
        (Field("signature"), "", "落款单位", "落款单位"),
        (Whole("disputes"), "disputes", "表四", "表四"),
        (Whole("problems"), "problems", "第五部分", "第五部分"),
        (Whole(), "", "整份年报", "整份年报"),
    ],
)
def test_an_anchor_lies_on_a_page_and_is_called_as_it_is_printed(
    form: Form, anchor: Anchor, page: str, name: str, part: str
) -> None:
    assert (anchor.page, named(anchor, form), part_named(anchor, form)) == (page, name, part)


def test_every_cell_of_the_form_lies_on_the_page_of_its_section(form: Form) -> None:
    assert all(Cell(cell.id).page == cell.section for cell in form.cells.values())


def test_a_reader_meets_the_whole_before_the_table_and_the_table_before_the_prose(form: Form) -> None:
    met: list[Anchor] = [
        Whole(),
        Field("agency"),
        Field("date"),
        Span("preamble", 0, 4),
        Span("overview", 2, 9),
        Span("overview", 4, 5),
        Whole("requests"),
        *(Cell(place.cell.id) for place in form.section("requests").table.grid().places if place.cell),  # type: ignore[union-attr]
        Span("requests", 0, 2),
        Whole("disputes"),
    ]
    mixed = random.Random(7).sample(met, len(met))
    assert sorted(mixed, key=reading_order(form)) == met


def test_a_part_of_a_text_knows_the_paragraph_in_which_it_begins(form: Form) -> None:
    report = blank_report(form).with_section("overview", "一段。\n\n第二段。").with_fields(preamble="序\n文")
    assert [Span("overview", start, start + 1).paragraph(report) for start in (0, 3, 4, 5, 8)] == [
        0,
        0,
        1,
        2,
        2,
    ]
    assert Span("preamble", 2, 3).paragraph(report) == 1
    assert Span("problems", 0, 0).paragraph(report) == 0
