"""The printed tables: fitted to the page as a typesetter would, never cut, never too small to read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from gxeditor.core.form import Form, parse_form
from gxeditor.core.report import Report, blank_report
from gxeditor.paper.layouts import layouts
from gxeditor.paper.pdf import PageSpot, Pdf, make_pdf
from gxeditor.resources import resource

LINE = 225 / 22 / 25.4 * 72
TOP = 37 / 25.4 * 72


def form_data() -> dict[str, Any]:
    return tomllib.loads(resource("forms/2021.toml").read_text(encoding="utf-8"))


def with_longer_labels(addition: str) -> Form:
    """The form as a later edition might print it: every row of 表三 explained at length."""

    def lengthen(headings: list[dict[str, Any]]) -> None:
        for heading in headings:
            lengthen(heading.get("rows", []))
            if not heading.get("rows"):
                heading["label"] += addition

    data = form_data()
    for section in data["sections"]:
        if section["key"] == "requests":
            lengthen(section["table"]["blocks"][0]["rows"])
    return parse_form(data)


def filled(form: Form) -> Report:
    return blank_report(form, 2022).with_entries({cell: 1000 + n for n, cell in enumerate(form.cells)})


def spots_of(pdf: Pdf, table: str) -> list[PageSpot]:
    return [spot for spot in pdf.spots if spot.target.startswith(f"{table}.")]


def strings(pdf: Pdf, page: int) -> list[tuple[str, float, float, float]]:
    """Text, x, y from the top and size of every string on a page."""
    found: list[tuple[str, float, float, float]] = []

    def visit(text: str, matrix: list[float], position: list[float], font: Any, size: float) -> None:
        if text.strip():
            x = matrix[0] * position[4] + matrix[4]
            y = matrix[3] * position[5] + matrix[5]
            found.append((text.strip(), x, 842 - y, size * matrix[0]))

    PdfReader(BytesIO(pdf.data)).pages[page].extract_text(visitor_text=visit)
    return found


def text_of(pdf: Pdf, page: int) -> str:
    return "".join(PdfReader(BytesIO(pdf.data)).pages[page].extract_text().split())


@pytest.mark.parametrize("lines", [0, 7, 16, 30, 45])
def test_table_three_is_one_page_in_every_layout_that_does_not_divide_tables(form: Form, lines: int) -> None:
    for layout in layouts():
        if not layout.table_parted:
            report = filled(form).with_section("overview", "政" * (layout.characters * lines))
            assert len({spot.page for spot in spots_of(make_pdf(report, layout), "requests")}) == 1


def test_table_three_is_divided_between_its_headings_rather_than_leave_a_third_of_a_page_white(
    form: Form,
) -> None:
    layout = next(layout for layout in layouts() if layout.table_parted)
    report = filled(form).with_section("overview", "政" * (layout.characters * 38))
    parted, whole = make_pdf(report, layout), make_pdf(report, replace(layout, table_parted=False))
    pages = {spot.target: spot.page for spot in spots_of(parted, "requests")}
    first, second = sorted(set(pages.values()))
    assert len({spot.page for spot in spots_of(whole, "requests")}) == 1
    for page in (first, second):
        text = text_of(parted, page)
        assert text.count("申请人情况") == text.count("自然人") == text.count("三、本年度办理结果") == 1
    for heading in ("unable_to_provide", "not_handled", "other"):  # no heading of rows is torn
        assert len({page for cell, page in pages.items() if f".{heading}." in cell}) <= 1
    assert pages["requests.received.total"] == first
    assert pages["requests.carried_forward.total"] == second
    foot = max(spot.y + spot.height for spot in parted.spots if spot.page == first)
    assert foot > (layout.margins.top + layout.height * 2 / 3) / 25.4 * 72


@pytest.mark.parametrize("entry", [1234567, 12345678, "本年度不适用"])
def test_all_that_stands_in_the_cells_of_a_table_has_one_size(form: Form, entry: int | str) -> None:
    report = filled(form).with_entries(
        {"requests.received.company": entry, "requests.brought_forward.company": 3}
    )
    pdf = make_pdf(report)
    for table in ("requests", "disputes"):
        spots = spots_of(pdf, table)
        figures = [
            size
            for text, x, y, size in strings(pdf, spots[0].page)
            for spot in spots
            if spot.x <= x <= spot.x + spot.width and spot.y <= y <= spot.y + spot.height and text.strip()
        ]
        assert len(figures) >= len(spots)
        assert max(figures) - min(figures) < 0.01


def test_labels_keep_off_the_rules_of_table_three(form: Form) -> None:
    """三 with its 、, and 不予公开, in the narrow columns of the labels."""
    pdf = make_pdf(filled(form))
    left = 28 / 25.4 * 72
    edges = [left, left + 8.5 / 25.4 * 72, left + 24.5 / 25.4 * 72]
    found = {text: (x, size) for text, x, _, size in strings(pdf, spots_of(pdf, "requests")[0].page)}
    x, size = next((x, size) for text, (x, size) in found.items() if text.startswith("三、"))
    if x < edges[1]:
        assert x > edges[0] + 1.5
        assert x + 1.45 * size < edges[1] - 1
    x, size = found["不予公开"]
    assert x > edges[1] + 1.5
    assert x + 4 * size < edges[2] - 1.5


def test_cells_lie_beside_and_below_each_other_as_the_form_has_them(form: Form) -> None:
    pdf = make_pdf(filled(form))
    spots = {spot.target: spot for spot in pdf.spots}
    for table in form.tables:
        cells = {place.cell.id: place for place in table.grid().places if place.cell is not None}
        for one, place in cells.items():
            for other, there in cells.items():
                assert (place.row < there.row) == (spots[one].y < spots[other].y - 1)
                assert (place.column < there.column) == (spots[one].x < spots[other].x - 1)


def test_longer_labels_shrink_the_type_but_not_below_nine_points() -> None:
    pdf = make_pdf(filled(with_longer_labels("（含依法审查的）")))
    spots = spots_of(pdf, "requests")
    assert len({spot.page for spot in spots}) == 1
    (size,) = {round(size, 1) for text, _, _, size in strings(pdf, spots[0].page) if text == "自然人"}
    assert 9 <= size < 10.5


def test_a_table_too_long_for_a_page_goes_on_under_its_head_and_no_row_is_cut() -> None:
    pdf = make_pdf(filled(with_longer_labels("（含依法审查并已书面答复申请人的全部情形）" * 5)))
    spots = spots_of(pdf, "requests")
    pages = sorted({spot.page for spot in spots})
    assert len(pages) > 1
    for page in pages:
        text = text_of(pdf, page)
        assert text.count("申请人情况") == text.count("自然人") == text.count("法律服务机构") == 1
        (size,) = {round(size, 1) for string, _, _, size in strings(pdf, page) if string == "自然人"}
        assert size == 9.0
    rows: dict[str, set[int]] = {}
    for spot in spots:
        rows.setdefault(spot.target.rpartition(".")[0], set()).add(spot.page)
        assert spot.y >= TOP - 1
        assert spot.y + spot.height <= TOP + 22 * LINE + 1
    assert all(len(one) == 1 for one in rows.values())
    assert len(spots) == 175


def test_a_text_longer_than_a_page_is_printed_small_and_stays_on_the_sheet(form: Form) -> None:
    report = filled(form).with_entry("requests.received.company", "本单位无此项业务" * 400)
    pdf = make_pdf(report)
    assert len(spots_of(pdf, "requests")) == 175
    assert all(spot.y >= 0 and spot.y + spot.height <= 842 for spot in pdf.spots)


@pytest.mark.parametrize("lines", range(1, 45))
def test_table_two_leaves_no_third_of_a_page_white(form: Form, lines: int) -> None:
    """The text before it grows line by line; 10.5 pt is the smallest type it may take for that."""
    report = filled(form).with_section("overview", "政" * (28 * lines - 2))
    pdf = make_pdf(report)
    text = max((spot for spot in pdf.spots if spot.target == "overview"), key=lambda s: (s.page, s.y))
    heading = next(spot for spot in pdf.spots if spot.target == "proactive")
    if heading.page != text.page:
        white = TOP + 22 * LINE - (text.y + text.height)
        assert white < 22 * LINE / 3
    assert len({spot.page for spot in spots_of(pdf, "proactive")}) == 1
    sizes = {size for string, *_, size in strings(pdf, heading.page) if string == "行政规范性文件"}
    assert min(sizes) > 10.49


def test_with_a_note_that_makes_it_long_table_two_is_divided_between_its_blocks(form: Form) -> None:
    note = "注：数据截至年底，由各部门报送、本办公室核对。" * 9
    report = filled(form).with_section("overview", "政" * (28 * 10 - 2)).with_fields(note_proactive=note)
    pdf = make_pdf(report)
    spots = spots_of(pdf, "proactive")
    pages = sorted({spot.page for spot in spots})
    assert len(pages) == 2
    assert text_of(pdf, pages[1]).startswith("—2—第二十条第（")
    blocks: dict[str, set[int]] = {}
    table = form.section("proactive").table
    assert table is not None
    for number, block in enumerate(table.blocks):
        ids = {cell.id for cell in block.cells}
        blocks[str(number)] = {spot.page for spot in spots if spot.target in ids}
    assert all(len(one) == 1 for one in blocks.values())
    assert "由各部门报送" in text_of(pdf, pages[1])
    assert "由各部门报送" not in text_of(pdf, pages[0])


def test_amounts_in_a_column_have_their_decimal_points_under_each_other() -> None:
    """A form with three kinds of fees; the statutory one has one."""
    data = form_data()
    block = data["sections"][1]["table"]["blocks"][-1]
    block["rows"] += [{"key": "fines", "label": "罚款"}, {"key": "rent", "label": "租金"}]
    form = parse_form(data)
    block_cells = [cell for cell in form.cells.values() if cell.decimals]
    amounts = [Decimal("12345.6789"), Decimal("0.0001"), Decimal("7")]
    entries: Mapping[str, Decimal] = dict(zip((cell.id for cell in block_cells), amounts, strict=True))
    pdf = make_pdf(blank_report(form).with_entries(entries))
    left = {text: x for text, x, _, _ in strings(pdf, 0) if text in ("12345.6789", "0.0001", "7")}
    size = next(size for text, *_, size in strings(pdf, 0) if text == "7")
    digit = (left["7"] - left["12345.6789"]) / 4
    assert left["0.0001"] == pytest.approx(left["7"], abs=0.2)  # 0 is a little wider than 7
    assert 0.45 * size < digit < 0.65 * size
    spot = next(spot for spot in pdf.spots if spot.target == block_cells[0].id)
    assert spot.x < left["12345.6789"] < spot.x + spot.width / 2


def test_figures_of_five_digits_keep_off_the_rules_of_table_four(form: Form) -> None:
    report = blank_report(form).with_entries(
        {cell: 88888 for cell in form.cells if cell.startswith("disputes")}
    )
    pdf = make_pdf(report)
    spots = sorted(spots_of(pdf, "disputes"), key=lambda spot: spot.x)
    figures = [(x, size) for text, x, _, size in strings(pdf, spots[0].page) if text == "88888"]
    assert len(figures) == 15
    for spot, (x, size) in zip(spots, sorted(figures), strict=True):
        assert size > 9
        assert x - spot.x >= 1.9


def test_a_note_stands_under_its_table_in_small_type(form: Form) -> None:
    pdf = make_pdf(filled(form).with_fields(note_disputes="注：按结案年度统计。"))
    below = max(spot.y + spot.height for spot in spots_of(pdf, "disputes"))
    page = spots_of(pdf, "disputes")[0].page
    (note,) = [(y, size) for text, _, y, size in strings(pdf, page) if text.startswith("注")]
    assert below < note[0] < below + 15
    assert note[1] == pytest.approx(9)
