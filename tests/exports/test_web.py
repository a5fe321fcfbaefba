"""The web page and the clipboard: real tables, nothing that runs, every text as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report, paragraphs, show_entry
from gxeditor.exports.web import page_html, section_html, section_tsv, table_html, table_tsv
from gxeditor.imports.formats.html import html_table, read_html
from gxeditor.imports.formats.text import read_text_file, tsv_table
from gxeditor.imports.recognize.report import recognize, recognize_table
from gxeditor.paper.layouts import FORM_BLOCK, LABELS
from gxeditor.resources import load_form, resource
from tests.office import by_office, needs_office

ONE = "requests.received.natural_person"
VOID = {"meta", "br", "hr", "img", "input", "link", "col", "wbr"}


@pytest.fixture
def sample() -> Report:
    report = recognize(read_text_file(resource("samples/lushan-2022.txt")), load_form()).report
    return report.with_fields(signature=report.agency, date="2023年1月16日")


@pytest.fixture
def full(form: Form) -> Report:
    """Every one of the 200 cells has a figure of its own, so that a swap would show."""
    return blank_report(form, 2023).with_entries(
        {
            cell.id: Decimal(f"{number}.5000") if cell.decimals else 1000 + number
            for number, cell in enumerate(form.cells.values())
        }
    )


class Page(HTMLParser):
    """The elements of a page as (tag, attributes, text); fails on a tag that is left open or never opened."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {key: text or "" for key, text in attrs}, list[str]())
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for *_, texts in self._open:
            texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def texts(self, *tags: str) -> list[str]:
        return ["".join(texts) for tag, _, texts in self.elements if tag in tags]


def seen(text: str) -> str:
    """The text without the unseen character that keeps it from becoming a formula."""
    return text.replace("\u200b", "")


def spans(html: str) -> Iterator[tuple[int, int, str]]:
    for tag, attributes, texts in Page(html).elements:
        if tag in ("td", "th"):
            yield int(attributes.get("rowspan", 1)), int(attributes.get("colspan", 1)), "".join(texts)


# --- tables ---------------------------------------------------------------------------------------------------


def test_each_table_is_merged_and_filled_as_printed_200_of_200(full: Report) -> None:
    found = 0
    for table in full.form.tables:
        places = table.grid().places
        assert list(spans(table_html(full, table.key))) == [
            (p.row_span, p.column_span, show_entry(full.value(p.cell.id)) if p.cell else p.text)
            for p in places
        ]
        found += sum(place.cell is not None for place in places)
    assert found == 200


@pytest.mark.parametrize("read", ["html", "tsv"])
def test_a_table_on_the_clipboard_is_read_back_200_of_200(full: Report, read: str) -> None:
    values: dict[str, str] = {}
    for table in full.form.tables:
        raw = (
            html_table(table_html(full, table.key))
            if read == "html"
            else tsv_table(table_tsv(full, table.key))
        )
        assert raw is not None
        values |= recognize_table(raw, full.form).values
    assert values == {key: show_entry(entry) for key, entry in full.values.items()}
    assert len(values) == 200


def test_a_section_on_the_clipboard_gives_back_its_table_too(full: Report) -> None:
    report = full.with_section("requests", "均已按时办结。")
    for raw in (html_table(section_html(report, "requests")), tsv_table(section_tsv(report, "requests"))):
        assert raw is not None
        values = recognize_table(raw, report.form).values
        assert len([key for key in values if key.startswith("requests.")]) == 175


def test_the_whole_page_gives_back_200_of_200(full: Report) -> None:
    raw = html_table(page_html(full))
    assert raw is not None
    assert len(recognize_table(raw, full.form).values) == 200


def test_headings_say_what_they_head(full: Report) -> None:
    elements = [e for e in Page(page_html(full)).elements if e[0] in ("th", "td")]
    scopes = {"".join(texts): attributes.get("scope") for _, attributes, texts in elements}
    assert scopes["第二十条第（一）项"] == "rowgroup"
    assert scopes["本年制发件数"] == "col"
    assert scopes["法人或其他组织"] == "colgroup"
    assert scopes["三、本年度办理结果"] == "rowgroup"
    assert scopes["一、本年新收政府信息公开申请数量"] == "row"
    assert scopes["信息内容"] is None
    assert all(scope is None for text, scope in scopes.items() if re.fullmatch("[0-9.]+", text))


def test_the_head_of_a_table_is_apart_and_each_block_of_表二_a_body(full: Report) -> None:
    tags = [[tag for tag, *_ in Page(table_html(full, table.key)).elements] for table in full.form.tables]
    assert [(t.count("thead"), t.count("tbody")) for t in tags] == [(0, 4), (1, 1), (1, 1)]


def test_a_sheet_is_told_which_cells_are_numbers_and_with_how_many_decimals(form: Form) -> None:
    report = blank_report(form).with_entries(
        {ONE: 5, "requests.received.company": "/", "proactive.fees.amount": Decimal("0.0000")}
    )
    html = table_html(report, "requests") + table_html(report, "proactive")
    assert r"mso-number-format:'0'" + '">5<' in html
    assert r"mso-number-format:'\@'" + '">/<' in html
    assert r"mso-number-format:'0\.0000'" + '">0.0000<' in html
    assert "mso" not in page_html(report)


def test_a_section_without_a_table_has_none_and_an_unknown_one_is_an_error(sample: Report) -> None:
    for key in ("overview", "nothing"):
        with pytest.raises(KeyError):
            table_html(sample, key)
        with pytest.raises(KeyError):
            table_tsv(sample, key)
    assert "<table" not in section_html(sample, "overview")


# --- the page -------------------------------------------------------------------------------------------------


def test_the_page_reads_like_the_report(sample: Report) -> None:
    page = Page(page_html(sample))
    assert page.texts("title", "h1") == [sample.title] * 2
    assert page.texts("h2") == [section.heading for section in sample.form.sections]
    prose = [p.text for text in sample.sections.values() for p in paragraphs(text)]
    assert list(map(seen, page.texts("p", "h3"))) == [*prose, "鲁山县人民政府办公室", "2023年1月16日"]
    assert page.elements[0][:2] == ("html", {"lang": "zh-CN"})


def test_the_page_runs_nothing_and_refers_to_nothing(sample: Report) -> None:
    html = page_html(sample)
    for tag, attributes, _ in Page(html).elements:
        assert tag in (
            "html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "span", "table", "thead", "tbody",
            "tr", "td", "th", "style", "h3", "caption", "colgroup", "col", "wbr",
        )  # fmt: skip
        assert set(attributes) <= {
            "lang", "charset", "name", "content", "style", "border", "cellspacing", "aria-label", "rowspan",
            "colspan", "scope", "id", "tabindex", "role",
        }  # fmt: skip
    assert not re.search(r"https?:|url\(|@import|class=", html)
    assert html.count("<style>") == 1


def test_letters_and_figures_of_the_page_are_those_of_times_new_roman_and_nothing_else_is(
    sample: Report,
) -> None:
    """“”, …… and —— stay with the Chinese faces; what is pasted elsewhere names these alone."""
    rules = page_html(sample).partition("<style>\n")[2].partition("</style>")[0].splitlines()
    rule = re.compile(
        r"@font-face\{font-family:([^;{}]+);src:(?:local\(\"[^\"]+\"\),?)+"
        r"(?:;font-weight:(?:normal|bold);unicode-range:U\+20-7E)?\}"
    )
    found = [rule.fullmatch(line) for line in rules]
    assert all(found)
    first = set(re.findall(r"font-family:([^,;\"]+),", page_html(sample)))
    assert first == {one[1] for one in found if one is not None}
    assert sum("Times New Roman" in line for line in rules) == 2 * len(first)
    for key in ("overview", "requests"):
        assert "Times" not in section_html(sample, key)


def test_equal_reports_give_equal_pages(sample: Report) -> None:
    assert page_html(sample) == page_html(sample.with_fields(date="x").with_fields(date=sample.date))


# --- texts ----------------------------------------------------------------------------------------------------


def normal(text: str) -> str:
    """As a browser shows a text: no characters that HTML cannot hold, blanks run together."""
    shown = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)
    return seen(" ".join(re.split("[ \t\n\r\f\v]+", shown))).strip(" ")


@given(st.text(st.characters(codec=None), max_size=80), st.text(max_size=20))
@example("<script>alert(1)</script>\"'&amp;", "<!--")
@example("</title></td></table>", "]]>")
def test_any_text_of_any_field_stands_in_the_page_as_text(text: str, entry: str) -> None:
    report = blank_report(load_form()).with_fields(own_title=text, preamble=text, signature=text, date=text)
    report = report.with_section("overview", text).with_entry(ONE, entry or None)
    page = Page(page_html(report))
    if normal(text).strip():
        assert [normal(shown) for shown in page.texts("h1")] == [normal(text)]
    lines = [line for line in text.split("\n") if normal(line)]
    shown = [normal(p) for p in page.texts("p", "h3") if normal(p)]
    assert "".join("".join(line.split()) for line in shown) == "".join(
        "".join(normal(line).split()) for line in lines * 4
    )
    cells = [seen(texts) for texts in page.texts("td") if seen(texts)]
    assert normal(entry) in ("", *cells)


@given(st.text(st.sampled_from("=+-@\t\r\n\"' ＝＋1A\u3000\u200b<"), min_size=1, max_size=8))
def test_no_text_becomes_a_formula_in_a_sheet(text: str) -> None:
    report = blank_report(load_form()).with_section("requests", text).with_entry(ONE, text)
    html, tsv = section_html(report, "requests"), section_tsv(report, "requests")
    fields = [
        field[1:-1].replace('""', '"') if field.startswith('"') else field
        for line in tsv.split("\r\n")
        for field in line.split("\t")
    ]
    for shown in (*Page(html).texts("td", "p", "h3"), *fields):
        bare = shown.strip()
        assert bare in ("-", "--", "－") or not bare.startswith(tuple("=+-@＝＋－＠")), shown


@given(st.text(max_size=30))
def test_no_text_divides_a_field_or_a_line_of_the_clipboard(text: str) -> None:
    tsv = table_tsv(blank_report(load_form()).with_entry(ONE, text), "requests")
    lines = tsv.split("\r\n")
    assert lines.pop() == ""
    assert [line.count("\t") for line in lines] == [9] * 28


def test_a_kept_text_and_a_negative_number_are_copied_as_they_are(form: Form) -> None:
    report = blank_report(form).with_entries({ONE: "-", "requests.received.company": -5})
    fields = table_tsv(report, "requests").split("\r\n")[3].split("\t")
    assert fields[3:5] == ["-", "-5"]


# --- another office program -----------------------------------------------------------------------------------


@pytest.mark.slow
@needs_office
def test_a_sheet_takes_the_table_with_its_spans_and_calculates_nothing(full: Report, tmp_path: Path) -> None:
    report = full.with_entry(ONE, "=1+1")
    (tmp_path / "table.html").write_text(
        f'<meta charset="utf-8">{table_html(report, "requests")}', encoding="utf-8"
    )
    page = tmp_path / "table.html"
    document = ElementTree.parse(by_office("fods", tmp_path, page, options=["--infilter=HTML (StarCalc)"]))
    cells = [
        {name.partition("}")[2]: text for name, text in cell.attrib.items()}
        | {"text": "".join(cell.itertext()).strip()}
        for cell in document.iter("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell")
    ]
    assert not any("formula" in cell for cell in cells)
    assert sum(cell.get("value-type") == "float" for cell in cells) == 174
    assert any(seen(cell["text"]) == "=1+1" and cell.get("value-type") == "string" for cell in cells)
    table = report.form.section("requests").table
    assert table is not None
    spanned = sum(place.row_span * place.column_span > 1 for place in table.grid().places)
    assert sum("number-rows-spanned" in cell or "number-columns-spanned" in cell for cell in cells) == spanned


def _closing_of(report: Report) -> str:
    page = page_html(report)
    return page[page.rindex('<div style="width:fit-content') :]


def test_the_longer_of_signature_and_date_ends_two_characters_from_the_edge(form: Form) -> None:
    """GB/T 9704, 7.3.5.2: the date begins two after the signature; the browser measures, nothing is filled up."""
    longer = _closing_of(
        blank_report(form).with_fields(signature="鲁山县人民政府办公室", date="2023年1月18日")
    )
    assert "padding-right:2em" in longer
    assert "padding:0 0em 0 2em" in longer
    shorter = _closing_of(blank_report(form).with_fields(signature="县医院", date="2023年1月18日"))
    assert "padding-right:0em" in shorter
    assert "padding:0 2em 0 2em" in shorter


def test_under_a_seal_the_date_alone_makes_the_box_four_characters_from_the_edge(form: Form) -> None:
    sealed = _closing_of(
        blank_report(form).with_fields(signature="鲁山县人民政府", date="2023年1月18日", sealed=True)
    )
    assert "4em 0 auto" in sealed
    name = re.search('<div style="([^"]*)">\n<p id="gx_signature"', sealed)
    assert name is not None
    assert "width:0;min-width:100%" in name[1]
    assert "align-items:center" in name[1]


def test_a_long_name_may_be_broken_between_words_and_reads_as_one(form: Form) -> None:
    name = "河南省平顶山市鲁山县人民政府政务服务和大数据管理局办公室"
    report = blank_report(form, 2022).with_fields(
        agency="甲局", signature=name, date="2023年1月18日", sealed=True
    )
    rows = re.findall('<span style="display:inline-block">([^<]*)</span>', _closing_of(report))
    assert rows == ["河南省平顶山市鲁山县人民政府", "政务服务和大数据管理局办公室"]


def test_a_note_stands_below_its_table_on_the_page_and_on_the_clipboard(form: Form) -> None:
    report = blank_report(form).with_fields(note_requests="注：<3件>\n=1+1")
    for text in (page_html(report), section_html(report, "requests")):
        below = text[text.index("</table>", text.index("三、收到")) :]
        assert below.index("注：&lt;3件&gt;") < below.index("四、") if "四、" in below else "注" in below
    lines = section_tsv(report, "requests").split("\r\n")
    assert "注：<3件>" in lines
    assert "=1+1" not in lines


# --- tables on a page and in an editor ----------------------------------------------------------------------------


def _around_tables(html: str) -> list[tuple[dict[str, str], dict[str, str]]]:
    """The attributes of each table and of what was opened last before it."""
    elements = Page(html).elements
    return [
        (elements[at - 1][1], attributes)
        for at, (tag, attributes, _) in enumerate(elements)
        if tag == "table"
    ]


def test_a_table_of_the_page_keeps_a_least_width_and_scrolls_by_itself_with_keys_too(full: Report) -> None:
    found = _around_tables(page_html(full))
    assert len(found) == 3
    for (around, table), section in zip(
        found, (s for s in full.form.sections if s.table is not None), strict=True
    ):
        assert "overflow-x:auto" in around["style"]
        assert (around["tabindex"], around["role"]) == ("0", "region")
        assert section.heading in around["aria-label"]
        assert re.search(r"min-width:\d{3}px", table["style"])


def test_what_is_pasted_into_an_editor_has_its_styles_inline_and_nothing_that_scrolls(full: Report) -> None:
    html = section_html(full.with_section("requests", "（一）办理\n均已办结。"), "requests")
    assert "overflow" not in html
    assert "min-width" not in html
    assert "<caption" not in html  # a sheet would give it a row
    for tag, attributes, _ in Page(html).elements:
        assert tag in ("colgroup", "thead", "tbody", "tr") or attributes["style"], tag


def test_each_table_of_the_page_has_a_caption_that_is_not_read_back_as_text(full: Report) -> None:
    page = page_html(full)
    headings = [section.heading for section in full.form.sections if section.table is not None]
    assert Page(page).texts("caption") == headings
    again = recognize(read_html(page.encode(), "年报.html"), full.form).report
    assert (again.entries, again.sections) == (full.entries, full.sections)


def test_columns_are_as_wide_as_in_the_pdf(full: Report) -> None:
    for table in full.form.tables:
        grid = table.grid()
        styles = [
            attributes["style"]
            for tag, attributes, _ in Page(table_html(full, table.key)).elements
            if tag == "col"
        ]
        widths = [float(found[1]) for style in styles if (found := re.fullmatch(r"width:([\d.]+)%", style))]
        assert len(widths) == grid.columns
        assert sum(widths) == pytest.approx(100, abs=0.1)
        labels = [width / FORM_BLOCK * 100 for width in LABELS[grid.label_columns]]
        assert widths[: len(labels)] == pytest.approx(labels, abs=0.01)
        assert max(widths[len(labels) :]) == pytest.approx(min(widths[len(labels) :]), abs=0.02)


def test_headings_of_columns_are_divided_between_words(full: Report) -> None:
    page = page_html(full)
    assert ">社会<wbr>公益<wbr>组织<" in page
    assert ">自然人<" in page
    assert "<wbr>" not in section_html(full, "requests")


def test_a_sub_heading_alone_is_a_heading_of_the_third_level(form: Form) -> None:
    report = blank_report(form).with_section("overview", "（一）主动公开\n（二）依申请公开。收到30件。")
    for html in (page_html(report), section_html(report, "overview")):
        assert Page(html).texts("h3") == ["（一）主动公开"]
    again = recognize(read_html(page_html(report).encode(), "年报.html"), form).report
    assert again.sections == report.sections


def test_a_browser_spaces_chinese_and_figures_and_trims_punctuation(sample: Report) -> None:
    assert "text-autospace:normal;text-spacing-trim:normal" in page_html(sample)
