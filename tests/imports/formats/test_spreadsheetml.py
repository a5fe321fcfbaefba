"""The XML workbooks of Excel 2003, as web systems hand them out, come in with merges and indices."""

from __future__ import annotations

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.imports.formats.spreadsheetml import read_spreadsheetml
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import RawTable, Source


def workbook(rows: str, *, codec: str = "utf-8", options: str = "", name: str = "表") -> bytes:
    text = (
        f'<?xml version="1.0" encoding="{codec}"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:'
        f'spreadsheet"><Worksheet ss:Name="{name}"><Table>{rows}</Table>{options}</Worksheet></Workbook>'
    )
    return text.encode(codec)


def cell(text: str, kind: str = "String", of: str = "") -> str:
    return f'<Cell {of}><Data ss:Type="{kind}">{text}</Data></Cell>'


def merged(across: int, down: int) -> str:
    return f'ss:MergeAcross="{across}" ss:MergeDown="{down}"'


FOURTH = 'ss:Index="4"'


def shown(source: Source) -> dict[str, str]:
    tables = [block for block in source.blocks if isinstance(block, RawTable)]
    return {one.origin.cell: one.text for block in tables for one in block.cells if one.text}


@pytest.mark.parametrize("codec", ["utf-8", "gb2312", "utf-16"])
def test_rows_and_cells_count_on_from_indices_and_merges(codec: str, form: Form) -> None:
    rows = (
        f"<Row>{cell('甲', of=merged(2, 1))}{cell('乙')}</Row>"
        f"<Row>{cell('丙', of=FOURTH)}</Row>"
        f"<Row ss:Index='6'>{cell('1362', 'Number')}{cell('12.50', 'Number')}"
        f"{cell('2023-01-09T00:00:00.000', 'DateTime')}{cell('#REF!', 'Error')}</Row>"
    )
    source = read_spreadsheetml(workbook(rows, codec=codec), "年报.xls", form)
    assert shown(source) == {
        "A1": "甲",
        "D1": "乙",
        "D2": "丙",
        "A6": "1362",
        "B6": "12.5",
        "C6": "2023年1月9日",
        "D6": "#REF!",
    }
    assert source.kind == "Excel 2003 的 XML 工作簿，1 张工作表"


def test_a_row_that_stands_for_several_moves_those_below_it_and_truth_is_told_as_excel_shows_it(
    form: Form,
) -> None:
    rows = (
        f"<Row>{cell('甲')}</Row><Row ss:Span='3'></Row>"
        f"<Row>{cell('乙')}{cell('1', 'Boolean')}{cell('0', 'Boolean')}</Row>"
    )
    assert shown(read_spreadsheetml(workbook(rows), "年报.xls", form)) == {
        "A1": "甲", "A6": "乙", "B6": "TRUE", "C6": "FALSE",
    }  # fmt: skip


def test_figures_are_read_by_their_labels(form: Form) -> None:
    rows = (
        f"<Row>{cell('第二十条第（一）项', of=merged(3, 0))}</Row>"
        f"<Row>{''.join(map(cell, ('信息内容', '本年制发件数', '本年废止件数', '现行有效件数')))}</Row>"
        f"<Row>{cell('规章')}{''.join(cell(str(n), 'Number') for n in (3, 1, 9))}</Row>"
        f"<Row>{cell('行政规范性文件')}{''.join(cell(str(n), 'Number') for n in (4, 2, 8))}</Row>"
    )
    found = recognize(read_spreadsheetml(workbook(rows), "年报.xls", form), form)
    assert [str(value) for value in found.report.entries.values()] == ["3", "1", "9", "4", "2", "8"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (workbook("")[:120], "已损坏"),
        (b'<?xml version="1.0"?><a/>', "不是工作簿"),
        (b'<?xml version="1.0" encoding="none-such"?><a/>', "已损坏"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "已损坏"),
        (workbook(f"<Row>{cell('1') * 100}</Row>" * 2_100), "展开后太大"),
    ],
)
def test_what_is_none_or_too_large_is_refused(data: bytes, why: str, form: Form) -> None:
    with pytest.raises(UnreadableSource, match=why):
        read_spreadsheetml(data, "年报.xls", form)


@pytest.mark.parametrize(
    "of",
    [
        'ss:Index="0"',
        'ss:Index="-3"',
        'ss:Index="99999999999"',
        'ss:MergeAcross="9999999" ss:MergeDown="9999999"',
    ],
)
def test_absurd_counts_cost_nothing(of: str, form: Form) -> None:
    source = read_spreadsheetml(workbook(f"<Row {of}>{cell('x', of=of)}</Row>"), "年报.xls", form)
    assert len(shown(source)) <= 1
