"""OpenDocument spreadsheets come in as they are shown, however they repeat and cover their cells."""

from __future__ import annotations

import random
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.exports.excel import workbook_bytes
from gxeditor.imports.doors import import_report
from gxeditor.imports.formats.ods import read_ods
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import RawTable, Source, SourceText
from gxeditor.resources import resource
from tests.office import by_office, needs_office

_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("draw", "drawing"),
        ("style", "style"),
    )
)


def spreadsheet(*tables: str, styles: str = "", manifest: str = "") -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return data.getvalue()


def table(*rows: str, name: str = "表三", style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'


def row(*cells: str, of: str = "") -> str:
    return f"<table:table-row {of}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", of: str = "") -> str:
    return f"<table:table-cell {of}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def read(data: bytes, form: Form) -> Source:
    return read_ods(data, "年报.ods", form)


def shown(source: Source) -> dict[str, str]:
    tables = [block for block in source.blocks if isinstance(block, RawTable)]
    return {one.origin.words: one.text for block in tables for one in block.cells if one.text}


def test_repeated_covered_and_merged_cells_stand_where_they_are_shown(form: Form) -> None:
    source = read(
        spreadsheet(
            table(
                row(cell("甲", 'table:number-columns-spanned="2" table:number-rows-spanned="2"'),
                    '<table:covered-table-cell><text:p>藏</text:p></table:covered-table-cell>', cell("乙")),
                row('<table:covered-table-cell table:number-columns-repeated="2"/>', cell("丙")),
                row(cell(of='table:number-columns-repeated="3"'), cell("丁", 'table:number-columns-repeated="2"')),
                row(cell(), of='table:number-rows-repeated="5"'),
                "<table:table-header-rows>",
                row(cell("戊"), of='table:number-rows-repeated="2"'),
                "</table:table-header-rows>",
            )
        ),
        form,
    )  # fmt: skip
    assert shown(source) == {
        "“表三”A1": "甲",
        "“表三”C1": "乙",
        "“表三”C2": "丙",
        "“表三”D3": "丁",
        "“表三”E3": "丁",
        "“表三”A9": "戊",
        "“表三”A10": "戊",
    }
    (found,) = source.blocks
    assert isinstance(found, RawTable)
    assert (found.cells[0].row_span, found.cells[0].column_span) == (2, 2)


def test_a_number_counts_as_kept_and_everything_else_as_shown(form: Form) -> None:
    of = 'office:value-type="{}" office:value="{}"'.format
    source = read(
        spreadsheet(
            table(
                row(
                    cell("1,362", of("float", "1362")),
                    cell("12.5600", of("float", "12.56")),
                    cell("50%", of("percentage", "0.5")),
                    cell("2023年1月1日", 'office:value-type="date" office:date-value="2023-01-01"'),
                    cell("#REF!", of("float", "0")),
                    cell(of=of("float", "7")),
                    cell("TRUE", 'office:value-type="boolean" office:boolean-value="true"'),
                    cell("FALSE", 'office:value-type="boolean" office:boolean-value="false"'),
                    cell("a<text:s text:c='2'/>b<text:line-break/>c<text:span>d</text:span>"),
                    "<table:table-cell><office:annotation><text:p>批注</text:p></office:annotation><text:p>一</text:p><text:p>二</text:p></table:table-cell>",
                )
            )
        ),
        form,
    )
    assert list(shown(source).values()) == [
        "1362",
        "12.56",
        "50%",
        "2023年1月1日",
        "#REF!",
        "7",
        "TRUE",
        "FALSE",
        "a  b\ncd",
        "一\n二",
    ]


def test_a_sheet_that_is_not_displayed_is_not_read_and_a_text_box_is(form: Form) -> None:
    texts = "<text:p>一、总体情况</text:p><text:p>全年公开12条。</text:p>"
    box = f"<draw:frame><draw:text-box>{texts}</draw:text-box></draw:frame>"
    source = read(
        spreadsheet(
            table(row(cell("旧的")), name="备份", style="ta2"),
            table(
                f"<table:shapes>{box}</table:shapes>",
                row(cell("某县财政局2022年政府信息公开工作年度报告")),
                name="正文",
            ),
            styles='<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>',
        ),
        form,
    )
    assert shown(source) == {"“正文”A1": "某县财政局2022年政府信息公开工作年度报告"}
    assert [block.text for block in source.blocks if isinstance(block, SourceText)] == [
        "一、总体情况",
        "全年公开12条。",
    ]
    assert [note.what for note in source.notes] == ["这个文件里有隐藏的工作表“备份”。"]
    assert recognize(source, form).report.sections["overview"] == "全年公开12条。"


def test_a_few_words_in_a_box_below_a_table_are_told_and_are_no_prose(form: Form) -> None:
    box = "<draw:frame><draw:text-box><text:p>本表由办公室审核</text:p></draw:text-box></draw:frame>"
    heads = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
    source = read(
        spreadsheet(
            table(
                row(*map(cell, heads)),
                row(*map(cell, ("规章", "3", "1", "9"))),
                row(*map(cell, ("行政规范性文件", "4", "2", "8"))),
                row(f"<table:table-cell>{box}</table:table-cell>"),
            )
        ),
        form,
    )
    found = recognize(source, form)
    assert not any(found.report.sections.values())
    assert [str(value) for value in found.report.entries.values()] == ["3", "1", "9", "4", "2", "8"]
    assert any("本表由办公室审核" in note.what for note in found.notes)


@needs_office
def test_our_own_workbook_saved_as_a_spreadsheet_comes_back_whole(form: Form, tmp_path: Path) -> None:
    report = import_report(resource("samples/lushan-2022.txt"), form).report
    (tmp_path / "年报.xlsx").write_bytes(workbook_bytes(report))
    data = by_office("ods", tmp_path, tmp_path / "年报.xlsx").read_bytes()
    found = recognize(read(data, form), form)
    assert (found.report, found.notes) == (report, ())


def test_absurd_counts_spans_and_names_end_in_a_sentence_or_are_read(form: Form) -> None:
    chance = random.Random(5)
    data = spreadsheet(
        table(
            row(cell("甲", 'table:number-columns-spanned="2" table:number-rows-spanned="2"'), cell("乙")),
            row(
                cell("1", 'table:number-columns-repeated="3" table:formula="of:=1"'),
                of='table:visibility="visible"',
            ),
            row(cell("2"), of='table:number-rows-repeated="2"'),
        )
    )
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    content = parts["content.xml"]
    spots = [found.span(1) for found in re.finditer(rb'table:[a-z-]+="([^"]*)"', content)]
    told = []
    for _ in range(100):
        first, last = chance.choice(spots)
        value = chance.choice((b"", b"0", b"-1", b"1048577", b"99999999999", b"x", b"1e999"))
        hurt = BytesIO()
        with zipfile.ZipFile(hurt, "w") as package:
            for name, part in parts.items():
                package.writestr(
                    name, content[:first] + value + content[last:] if name == "content.xml" else part
                )
        try:
            read(hurt.getvalue(), form)
        except UnreadableSource as error:
            told.append(error.what)
    assert all("年报.ods" in what for what in told)


# -------------------- what is refused
HUGE = 'table:number-rows-repeated="1048576"'
WIDE = 'table:number-columns-repeated="16384"'


@pytest.mark.parametrize(
    "rows",
    [
        row(cell("x", WIDE), of=HUGE),
        row(cell("x"), of=HUGE),
        row(cell(of=f'{WIDE} table:number-columns-spanned="2"'), of=HUGE),
    ],
)
def test_what_repeats_without_end_is_refused(rows: str, form: Form) -> None:
    with pytest.raises(UnreadableSource, match="展开后太大"):
        read(spreadsheet(table(rows)), form)


def test_the_cells_of_all_sheets_together_are_not_too_many(
    form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gxeditor.imports.formats.ods.OPEN_CELLS", 10)
    sheets = [table(row(cell("x", 'table:number-columns-repeated="5"')), name=name) for name in "甲乙丙"]
    assert len(shown(read(spreadsheet(*sheets[:2]), form))) == 10
    with pytest.raises(UnreadableSource, match="展开后太大"):
        read(spreadsheet(*sheets), form)


@pytest.mark.parametrize(
    "rows",
    [
        row(cell(of=WIDE), of=HUGE) * 20,
        row(cell("x", 'table:number-columns-spanned="16384" table:number-rows-spanned="1048576"')),
        row(cell(), of='table:number-rows-repeated="1048575"')
        + row(cell(of='table:number-columns-repeated="16383"'), cell("x")),
        row(cell("x<text:s text:c='999999999'/>")),
    ],
)
def test_blanks_spans_and_far_corners_cost_nothing(rows: str, form: Form) -> None:
    assert len(shown(read(spreadsheet(table(rows)), form))) <= 1


def test_a_password_and_another_kind_of_document_are_told(form: Form) -> None:
    locked = spreadsheet(table(row(cell("x"))), manifest="<a><manifest:encryption-data/></a>")
    with pytest.raises(UnreadableSource, match="设有打开密码"):
        read(locked, form)
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("content.xml", f"<office:document-content {_SPACES}/>")
    with pytest.raises(UnreadableSource, match="不是表格"):
        read(other.getvalue(), form)
    with pytest.raises(UnreadableSource, match="没有工作表"):
        read(spreadsheet(), form)
