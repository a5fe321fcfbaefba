"""What a screen reader meets in the PDF: every text in its part, tables with their headings, nothing but content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor import documents
from gxeditor.core.checks.check import check
from gxeditor.core.form import Form
from gxeditor.core.report import Report
from gxeditor.paper.layouts import Layout, default_layout
from gxeditor.paper.pdf import make_pdf, set_pages
from gxeditor.paper.tags import Part, Structure, table_rows
from gxeditor.resources import load_form, load_rules, resource
from tests.reports import reports


@pytest.fixture
def sample() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report


_SHOWS = ("Tj", "TJ", "'", '"')


def roles(part: Any) -> list[str]:
    """The structure types in a file from a part down, in reading order, without what is inside of tables."""
    found = [str(part.S)[1:]]
    kids = part.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid and found[0] != "Table":
            found += roles(kid)
    return found


def elements(part: Any, role: str) -> Iterator[Any]:
    if str(part.S) == f"/{role}":
        yield part
    kids = part.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid, role)


def outline(part: Part) -> str:
    """The roles in a part: “H1 P Table(TR(TH TD))”."""
    return " ".join(one.role + (f"({outline(one)})" if one.parts else "") for one in part.parts)


def document(pdf: pikepdf.Pdf) -> Any:
    return pdf.Root.StructTreeRoot.K


def check_pages(data: bytes) -> None:
    """Every text that a page shows is content of one part that points back to it, or furniture."""
    with pikepdf.open(BytesIO(data)) as pdf:
        parents: Any = pdf.Root.StructTreeRoot.ParentTree.Nums
        tree = {int(parents[at]): parents[at + 1] for at in range(0, len(parents), 2)}
        for page in pdf.pages:
            opened: list[int | None] = []
            numbers: list[int] = []
            for step in pikepdf.parse_content_stream(page):
                operands: Any = step.operands
                match str(step.operator):
                    case "BDC":
                        number = int(operands[1].MCID)
                        numbers.append(number)
                        opened.append(number)
                    case "BMC":
                        assert str(operands[0]) == "/Artifact"
                        opened.append(None)
                    case "EMC":
                        opened.pop()
                    case name if name in _SHOWS:
                        assert len(opened) == 1
            assert not opened
            assert numbers == list(range(len(numbers)))
            if numbers:
                owners = tree[int(page.obj.StructParents)]
                assert len(owners) == len(numbers)
                for number, owner in zip(numbers, owners, strict=True):
                    kids = owner.K if isinstance(owner.K, pikepdf.Array) else [owner.K]
                    assert any(
                        kid == number if isinstance(kid, int) else kid.get("/MCID") == number for kid in kids
                    )


def test_a_report_is_read_aloud_as_title_headings_paragraphs_and_tables(sample: Report) -> None:
    with pikepdf.open(BytesIO(set_pages(sample).data)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "zh-CN"
        read = roles(document(pdf))
        assert read[:4] == ["Document", "H1", "H2", "P"]
        counts = Counter(read)
        assert (counts["H1"], counts["H2"], counts["Table"]) == (1, 6, 3)
        assert all(str(page.obj.Tabs) == "/S" for page in pdf.pages)


def test_a_table_is_read_row_by_row_with_headings_that_say_for_what_they_are(sample: Report) -> None:
    table = load_form().section("requests").table
    assert table is not None
    grid = table.grid()
    with pikepdf.open(BytesIO(set_pages(sample).data)) as pdf:
        read = list(elements(document(pdf), "Table"))[1]
        rows = list(elements(read, "TR"))
        assert len(rows) == grid.rows
        corner = next(elements(rows[0], "TH"))
        assert (int(corner.A.RowSpan), int(corner.A.ColSpan)) == (3, 3)
        labels = [str(one.A.Scope) for one in elements(rows[3], "TH")]
        assert labels == ["/Row"]
        assert len(list(elements(rows[3], "TD"))) == grid.columns - grid.label_columns
        taken = Counter[int]()
        for number, row in enumerate(rows):
            for cell in (*elements(row, "TH"), *elements(row, "TD")):
                about = cell.get("/A", {})
                for down in range(int(about.get("/RowSpan", 1))):
                    taken[number + down] += int(about.get("/ColSpan", 1))
        assert set(taken.values()) == {grid.columns}


def test_a_head_that_is_repeated_on_the_next_page_is_read_once(sample: Report) -> None:
    small = replace(default_layout(), table_least=26, table_size=26, table_begun=26)
    data = set_pages(sample, small).data
    check_pages(data)
    with pikepdf.open(BytesIO(data)) as pdf:
        table = list(elements(document(pdf), "Table"))[1]
        cells = [*elements(table, "TH"), *elements(table, "TD")]
        pages = {str(cell.Pg.objgen) for cell in cells if "/Pg" in cell}
        assert len(pages) > 1
        for cell in elements(table, "TH"):
            assert not isinstance(cell.K, pikepdf.Array)


def test_a_paragraph_that_goes_on_overleaf_is_one_paragraph(sample: Report) -> None:
    long = sample.with_section("overview", "依法公开政府信息，" * 300)
    data = set_pages(long).data
    check_pages(data)
    with pikepdf.open(BytesIO(data)) as pdf:
        read = roles(document(pdf))
        assert read[2:5] == ["H2", "P", "H2"]
        (first,) = [one for one in elements(document(pdf), "P")][:1]
        numbers = [kid if isinstance(kid, int) else int(kid.MCID) for kid in first.K]
        assert numbers[0] == 2  # behind title and heading
        assert set(numbers[1:]) == {0}  # then first on its pages


def test_sub_headings_are_headings_and_stand_among_the_bookmarks(sample: Report) -> None:
    report = sample.with_fields(preamble="（一）说明").with_section(
        "overview", "（一）主动公开情况\n公开12条。\n（二）监督保障。开展培训2次。"
    )
    with pikepdf.open(BytesIO(set_pages(report).data)) as pdf:
        assert roles(document(pdf))[1:7] == ["H1", "H2", "H2", "H3", "P", "P"]  # none is left out
        with pdf.open_outline() as outline:
            assert [one.title for one in outline.root[:2]] == ["（一）说明", "一、总体情况"]
            assert [one.title for one in outline.root[1].children] == ["（一）主动公开情况", "（二）监督保障"]


def test_a_web_address_leads_there_and_is_read_as_a_link(sample: Report, tmp_path: Path) -> None:
    report = sample.with_section(
        sample.form.sections[-1].key,
        "年报见https://www.lushan.gov.cn/zwgk/zfxxgknb/2022/nianbao/index.html?a=1，也可以查阅www.gov.cn。",
    )
    data = make_pdf(report).data
    check_pages(data)
    with pikepdf.open(BytesIO(data)) as pdf:
        links: list[Any] = [note for page in pdf.pages for note in page.obj.get("/Annots", [])]
        assert {str(note.A.URI) for note in links} == {
            "https://www.lushan.gov.cn/zwgk/zfxxgknb/2022/nianbao/index.html?a=1",
            "http://www.gov.cn",
        }
        assert len(list(elements(document(pdf), "Link"))) == 2  # though one goes on in the next line
        tree = pdf.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(tree[at]): tree[at + 1] for at in range(0, len(tree), 2)}
        assert all(str(owners[int(note.StructParent)].S) == "/Link" for note in links)


def test_charts_are_a_picture_with_words_and_the_marks_of_a_proof_are_furniture(
    sample: Report, tmp_path: Path
) -> None:
    layout: Layout = replace(default_layout(), charts=True, cover=True)
    wrong = sample.with_entry("requests.received.natural_person", 99)
    data = set_pages(wrong, layout, findings=check(wrong, load_rules(wrong.form))).data
    check_pages(data)
    with pikepdf.open(BytesIO(data)) as pdf:
        (picture,) = elements(document(pdf), "Figure")
        assert "自然人2022年99件" in str(picture.Alt)
        assert len(picture.A.BBox) == 4


@settings(max_examples=15)
@given(data=st.data())
def test_no_report_has_a_text_that_is_left_out_or_read_twice(
    data: st.DataObject, form: Form, tmp_path: Path
) -> None:
    made = set_pages(data.draw(reports(form)))
    check_pages(made.data)


def test_a_heading_takes_at_most_the_level_below_the_last() -> None:
    structure = Structure()
    for role in ("H3", "P", "H3", "H3", "H2", "H3"):
        structure.place(Part(role))
    assert outline(structure.root) == "H1 P H2 H3 H2 H3"
    table, rows = table_rows(2)
    rows[1].kids.append(Part("TD"))
    structure.place(table)
    structure.place(table)
    assert outline(structure.root).endswith("H3 Table(TR TR(TD))")
