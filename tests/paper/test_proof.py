"""The 校对稿: the pages of the report, with what was found written beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pypdf import PageObject, PdfReader

from gxeditor.core import edits
from gxeditor.core.checks.anchors import Field, Span
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Findings
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import Explanation, Report, blank_report
from gxeditor.paper.layouts import Layout, default_layout, layouts
from gxeditor.paper.pdf import Pdf, make_pdf

MM = 72 / 25.4


@pytest.fixture
def report(form: Form) -> Report:
    """Sums that do not add up, a kept text, and blanks: errors and queries."""
    report = blank_report(form, 2022).with_fields(agency="鲁山县人民政府", signature="鲁山县人民政府")
    cells = [cell for cell in form.cells if cell.startswith(("requests", "disputes"))]
    report = report.with_entries({cell: n % 7 for n, cell in enumerate(cells)})
    report = report.with_entries(
        {"proactive.government_rules.issued": 1, "proactive.government_rules.repealed": "/"}
    )
    report = report.with_entry("requests.carried_forward.company", None)
    return report.with_section("overview", "政府信息公开。" * 120)


@pytest.fixture
def findings(report: Report, rules: tuple[Rule, ...]) -> Findings:
    return check(report, of_cells(rules))


def of_cells(rules: tuple[Rule, ...]) -> list[Rule]:
    return [rule for rule in rules if rule.kind not in ("text", "claim")]


def pages(pdf: Pdf) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf.data)).pages]


def strings(pdf: Pdf, page: int) -> list[tuple[str, float, float]]:
    """Text, x and y from the top of every string on a page."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, matrix: list[float], position: list[float], font: Any, size: float) -> None:
        if text.strip():
            x = matrix[0] * position[4] + matrix[4]
            found.append((text.strip(), x, 297 * MM - matrix[3] * position[5] - matrix[5]))

    PdfReader(BytesIO(pdf.data)).pages[page].extract_text(visitor_text=visit)
    return found


def rows(found: Iterable[tuple[str, float, float]]) -> list[str]:
    """What stands on one line, whatever faces it is drawn from."""
    told: list[str] = []
    last = float("inf")
    for text, _, y in found:
        told[-1:] = [f"{told[-1]}{text}"] if abs(y - last) < 1 else [*told[-1:], text]
        last = y
    return told


def test_its_pages_are_those_of_the_report(report: Report, findings: Findings) -> None:
    plain, proof = make_pdf(report), make_pdf(report, findings=findings)
    assert proof.spots == plain.spots
    assert proof.pages > plain.pages
    for page in range(plain.pages):
        drawn = strings(proof, page)
        assert all(one in drawn for one in strings(plain, page))


def test_every_finding_is_listed_once_with_its_page_and_basis(report: Report, findings: Findings) -> None:
    proof = make_pdf(report, findings=findings)
    listed = "".join(pages(proof)[make_pdf(report).pages :])
    assert len(findings.findings) >= 30
    for finding in findings.findings:
        assert "".join(finding.message.split()) in listed
        assert "".join(finding.basis.split()) in listed
    assert "▲错误" in listed
    assert "◆核实" in listed
    tables = [item for item in findings.not_checked if item.rule.kind in ("sum", "balance")]
    assert tables
    assert f"{len(tables)}条未检查：有格未填" in listed
    assert "7条未检查：没有选上年年报" in listed


def test_numbers_stand_in_the_margin_beside_the_row_and_in_the_cells(
    report: Report, findings: Findings
) -> None:
    proof = make_pdf(report, findings=findings)
    spots = {spot.target: spot for spot in proof.spots}
    received = spots["requests.received.total"]
    beside = rows(
        (text, x, y)
        for text, x, y in strings(proof, received.page)
        if x > 184 * MM and received.y <= y <= received.y + received.height
    )
    assert len(beside) == 1
    assert beside[0].startswith("▲")
    number = beside[0][1:]
    inside = [
        text.split()[0]
        for text, x, y in strings(proof, received.page)
        if received.x <= x <= received.x + 5 and received.y <= y <= received.y + 7
    ]
    assert inside == [number]


def test_blanks_are_noted_beside_the_heading_of_their_table(report: Report, findings: Findings) -> None:
    proof = make_pdf(report, findings=findings)
    heading = next(spot for spot in proof.spots if spot.target == "proactive")
    beside = rows(
        (text, x, y)
        for text, x, y in strings(proof, heading.page)
        if x > 184 * MM and heading.y <= y <= heading.y + heading.height
    )
    assert len(beside) == 1
    assert re.fullmatch(r"◆\d+", beside[0])


def page_of(pdf: Pdf, number: int = 0) -> PageObject:
    return PdfReader(BytesIO(pdf.data)).pages[number]


def noted(pdf: Pdf, target: str, paragraph: int | None = None) -> list[str]:
    """What stands in the margin beside the first place of a text."""
    spot = next(spot for spot in pdf.spots if (spot.target, spot.paragraph) == (target, paragraph))
    return rows(
        (text, x, y)
        for text, x, y in strings(pdf, spot.page)
        if x > 184 * MM and spot.y <= y <= spot.y + spot.height
    )


def test_what_is_said_of_words_a_field_or_the_whole_is_noted_beside_what_is_printed_of_it(
    report: Report, beside_the_tables: Findings
) -> None:
    words, year, whole = beside_the_tables.findings
    closing = [replace(year, where=Field(key), message=f"{key}。") for key in ("signature", "date")]
    report = report.with_section("overview", "一段。\n\n收到30件。").with_fields(date="2023年1月18日")
    preamble = replace(words, where=Span("preamble", 0, 2))
    report = report.with_fields(preamble="根据《条例》")
    proof = make_pdf(report, findings=Findings((words, year, whole, *closing, preamble)))
    assert noted(proof, "title") == ["◆1▲2"]
    assert noted(proof, "signature") == ["▲3"]
    assert noted(proof, "date") == ["▲4"]
    assert noted(proof, "preamble", 0) == ["▲5"]
    assert noted(proof, "overview", 0) == []
    assert noted(proof, "overview", 2) == ["▲6"]
    assert "第1页" in "".join(pages(proof)[-1:])


def test_a_tint_below_words_moves_none_of_them(report: Report, beside_the_tables: Findings) -> None:
    words = replace(beside_the_tables, findings=beside_the_tables.findings[:1])
    plain, proof = make_pdf(report), make_pdf(report, findings=words)
    assert proof.spots == plain.spots
    assert all(one in strings(proof, 0) for one in strings(plain, 0))
    tinted = [b"1 .84 .82 rg" in page_of(pdf).get_contents().get_data() for pdf in (plain, proof)]  # type: ignore[union-attr]
    assert tinted == [False, True]


def test_a_paragraph_that_goes_on_over_the_page_is_noted_where_it_begins(
    report: Report, beside_the_tables: Findings
) -> None:
    report = report.with_section("overview", "政府信息公开。" * 400)
    proof = make_pdf(report, findings=replace(beside_the_tables, findings=beside_the_tables.findings[:1]))
    parts = [spot for spot in proof.spots if (spot.target, spot.paragraph) == ("overview", 0)]
    assert len(parts) > 1
    notes = [
        text
        for page in range(proof.pages - 1)
        for text in rows(one for one in strings(proof, page) if one[1] > 184 * MM)
    ]
    assert notes == ["▲1"]
    assert noted(proof, "overview", 0) == ["▲1"]


def test_each_page_says_that_it_is_a_proof_and_what_was_found(report: Report, findings: Findings) -> None:
    for page in pages(make_pdf(report, findings=findings)):
        assert "校对稿" in page


def test_where_nothing_was_found_every_page_says_what_was_compared(
    form: Form, rules: tuple[Rule, ...]
) -> None:
    report = edits.fill_blanks(blank_report(form, 2022), form.cells.values())
    report = report.with_section("overview", "全年收到申请 5 件。")
    texts = pages(make_pdf(report, findings=check(report, of_cells(rules))))
    for text in texts:
        assert "校对稿表格42条相等" in text
        assert "第五、六部分未写" in text
    assert "检查的范围：表格42条相等" in texts[-1]
    assert "正文未检查" in texts[-1]
    assert "编号" not in texts[-1]


def test_what_was_explained_keeps_its_number_loses_its_tint_and_tells_its_reason(
    report: Report, findings: Findings
) -> None:
    query = next(one for one in findings.findings if one.rule.id == "E-01")
    explained = replace(query, explanation=Explanation("案卷还没有移交", query.values))
    told = tuple(explained if one is query else one for one in findings.findings)
    text = "".join(pages(make_pdf(report, findings=replace(findings, findings=told))))
    assert "◇已说明1处" in text
    assert "已说明：案卷还没有移交" in text
    again = replace(explained, values=("别的",))
    told = tuple(again if one is query else one for one in findings.findings)
    text = "".join(pages(make_pdf(report, findings=replace(findings, findings=told))))
    assert "◇" not in text
    assert "原来的说明：案卷还没有移交" in text


def test_a_grey_print_tells_errors_from_queries(report: Report, findings: Findings) -> None:
    """By the shape before each number; nothing depends on a colour."""
    text = "".join(pages(make_pdf(report, findings=findings)))
    assert "▲" in text
    assert "◆" in text


def test_numbers_keep_to_the_outer_sheet_where_margins_are_mirrored(
    report: Report, findings: Findings
) -> None:
    layout = replace(default_layout(), mirrored=True, draft=True, cover=True)
    proof = make_pdf(report, layout, findings=findings)
    assert all(x < 208 * MM for page in range(proof.pages) for _, x, _ in strings(proof, page))
    assert "校对意见" in pages(proof)[make_pdf(report, layout).pages]


def test_equal_findings_give_equal_bytes(report: Report, findings: Findings) -> None:
    assert make_pdf(report, findings=findings).data == make_pdf(report, findings=findings).data


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
@pytest.mark.parametrize("longest", [1000, 1_000_000])
def test_no_number_of_a_finding_lies_over_a_figure(
    form: Form, rules: tuple[Rule, ...], layout: Layout, longest: int
) -> None:
    cells = [cell for cell in form.cells if cell.startswith("requests")]
    report = blank_report(form, 2022).with_entries({cell: longest - 1 - n for n, cell in enumerate(cells)})
    proof = make_pdf(report, layout, findings=check(report, of_cells(rules)))
    document = pypdfium2.PdfDocument(proof.data)
    numbers = 0
    for number in {spot.page for spot in proof.spots if spot.target.startswith("requests.")}:
        text = document[number].get_textpage()
        boxes = [
            (text.get_charbox(n), pdfium.FPDFText_GetFontSize(text, n))
            for n in range(text.count_chars())
            if chr(pdfium.FPDFText_GetUnicode(text, n)).isdigit()
        ]
        small = [box for box, size in boxes if size < 5.5]
        large = [box for box, size in boxes if size > 6]
        numbers += len(small)
        for left, low, right, top in small:
            assert not any(a < right and left < c and b < top and low < d for a, b, c, d in large)
    assert numbers > 50
