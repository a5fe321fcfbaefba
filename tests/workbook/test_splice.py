"""Only the cells that change change: every other byte of a worksheet part stays, however odd it is."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO

import pytest

from gxeditor.files.package import Package
from gxeditor.workbook import splice
from gxeditor.workbook.cells import ErrorValue
from gxeditor.workbook.splice import (
    Edit,
    SheetPart,
    with_calculation_on_load,
    with_chain_links,
    with_longer_ranges,
)

PART = "sheet1.xml"
HEAD = '<worksheet xmlns="m"><dimension ref="A1:C3"/><cols><col min="2" max="3" style="7"/></cols>'
PLAIN = (
    f'{HEAD}<sheetData><row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" s="4"><v>5</v></c></row>'
    '<row r="3" s="9" customFormat="1"><c r="A3"/></row></sheetData><mergeCells count="0"/></worksheet>'
)


def part_of(data: bytes) -> SheetPart:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(PART, data)
    return SheetPart(Package.from_bytes(packed.getvalue()), PART)


def edited(
    data: bytes | str,
    edits: Mapping[tuple[int, int], Edit],
    new_rows: Mapping[int, bytes] | None = None,
    longer: tuple[int, int] | None = None,
) -> str:
    raw = data.encode() if isinstance(data, str) else data
    return b"".join(part_of(raw).edited(edits, new_rows or {}, longer)).decode()


def test_a_cell_gets_its_value_and_keeps_its_style() -> None:
    assert edited(PLAIN, {(0, 1): Edit(12)}) == PLAIN.replace("<v>5</v>", "<v>12</v>")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (12, '<c r="B1" s="4"><v>12</v></c>'),
        (Decimal("1234.5600"), '<c r="B1" s="4"><v>1234.5600</v></c>'),
        (Decimal("1E+3"), '<c r="B1" s="4"><v>1000</v></c>'),
        (None, '<c r="B1" s="4"/>'),
        ("/", '<c r="B1" s="4" t="inlineStr"><is><t xml:space="preserve">/</t></is></c>'),
        ("=1+1", '<c r="B1" s="4" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>'),
        (
            "甲<乙&丙\r\n",
            '<c r="B1" s="4" t="inlineStr"><is><t xml:space="preserve">甲&lt;乙&amp;丙\n</t></is></c>',
        ),
        (
            "_x000D_\x07",
            '<c r="B1" s="4" t="inlineStr"><is><t xml:space="preserve">_x005F_x000D_ </t></is></c>',
        ),
    ],
)
def test_a_value_is_written_as_what_it_is(value: int | Decimal | str | None, cell: str) -> None:
    assert edited(PLAIN, {(0, 1): Edit(value)}) == PLAIN.replace('<c r="B1" s="4"><v>5</v></c>', cell)


def test_a_text_from_the_shared_strings_becomes_a_number_and_they_stay() -> None:
    assert '<c r="A1"><v>3</v></c>' in edited(PLAIN, {(0, 0): Edit(3)})


def test_what_a_cell_says_besides_its_value_stays_where_it_means_the_cell() -> None:
    extension = '<extLst><ext uri="u"/></extLst>'
    data = PLAIN.replace("<v>5</v>", f"<v>5</v>{extension}").replace('s="4"', 's="4" cm="1" vm="2" ph="1"')
    assert f'<c r="B1" s="4" ph="1"><v>6</v>{extension}</c>' in edited(data, {(0, 1): Edit(6)})


@pytest.mark.parametrize(
    ("result", "value"),
    [
        (2.5, "<c{0}>{1}<v>2.5</v></c>"),
        (0.1 + 0.2, "<c{0}>{1}<v>0.3</v></c>"),
        ("正确", '<c{0} t="str">{1}<v>正确</v></c>'),
        (True, '<c{0} t="b">{1}<v>1</v></c>'),
        (ErrorValue("#DIV/0!"), '<c{0} t="e">{1}<v>#DIV/0!</v></c>'),
        (None, "<c{0}>{1}</c>"),
    ],
)
@pytest.mark.parametrize(
    "formula",
    ["<f>SUM(A1:A2)</f>", '<f t="shared" si="0"/>', '<f t="array" ref="B1:B3" ca="1">A1:A3&gt;0</f>'],
)
def test_a_formula_stays_byte_for_byte_and_carries_another_result(
    result: float | str | bool | ErrorValue | None, value: str, formula: str
) -> None:
    attributes = ' r="B1" s="4" cm="1"'
    before = f'<c r="B1" t="str" s="4" cm="1">{formula}<v>旧</v></c>'
    data = PLAIN.replace('<c r="B1" s="4"><v>5</v></c>', before)
    after = value.format(attributes, formula)
    assert edited(data, {(0, 1): Edit(result, is_result=True)}) == data.replace(before, after)


def test_absent_cells_come_in_order_with_the_style_of_their_row_or_column() -> None:
    found = edited(PLAIN, {(0, 2): Edit(1), (2, 1): Edit(2), (2, 3): Edit(3)})
    assert (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="4"><v>5</v></c><c r="C1" s="7"><v>1</v></c></row>'
        in found
    )
    assert '<c r="A3"/><c r="B3" s="9"><v>2</v></c><c r="D3" s="9"><v>3</v></c></row>' in found
    assert '<dimension ref="A1:D3"/>' in found


def test_absent_rows_come_in_order() -> None:
    found = edited(PLAIN, {(1, 0): Edit(1), (4, 1): Edit(2, style=3)}, {4: b' ht="30"'})
    assert '</row><row r="2"><c r="A2"><v>1</v></c></row><row r="3"' in found
    assert '<row r="5" ht="30"><c r="B5" s="3"><v>2</v></c></row></sheetData><merge' in found
    assert '<dimension ref="A1:C5"/>' in found


def test_a_new_cell_may_have_a_formula() -> None:
    assert '<c r="C1" s="7"><f>A1&amp;"x"</f><v>7</v></c>' in edited(
        PLAIN, {(0, 2): Edit(7, formula='A1&"x"')}
    )


@pytest.mark.parametrize(
    "rows", ["<sheetData/>", "<sheetData></sheetData>", '<sheetData><row r="2" spans="1:1"/></sheetData>']
)
def test_a_sheet_without_cells_gets_some(rows: str) -> None:
    found = edited(f"{HEAD}{rows}</worksheet>", {(1, 1): Edit(1)})
    assert found == f'{HEAD}<sheetData><row r="2"><c r="B2" s="7"><v>1</v></c></row></sheetData></worksheet>'


def test_rows_and_cells_that_do_not_say_where_they_stand_are_counted() -> None:
    rows = "<row><c/><c><v>1</v></c></row><row r='4'><c r='C4'/><c/></row><row><c/></row>"
    data = f"{HEAD}<sheetData>{rows}</sheetData></worksheet>"
    found = edited(data, {(0, 1): Edit(2), (3, 3): Edit(4), (4, 0): Edit(5), (2, 0): Edit(3)})
    first = '<row><c/><c><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'
    second = "<row r='4'><c r='C4'/><c><v>4</v></c></row><row><c><v>5</v></c></row>"
    assert f"<sheetData>{first}{second}</sheetData>" in found


def test_elements_may_have_a_prefix() -> None:
    data = PLAIN.replace("<", "<x:").replace("<x:/", "</x:")
    found = edited(data, {(0, 1): Edit("甲"), (1, 0): Edit(1)})
    text = '<x:c r="B1" s="4" t="inlineStr"><x:is><x:t xml:space="preserve">甲</x:t></x:is></x:c>'
    assert text in found
    assert '<x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row>' in found
    assert (
        found.replace(text, '<x:c r="B1" s="4"><x:v>5</x:v></x:c>').replace(
            '<x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row>', ""
        )
        == data
    )


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_every_encoding_comes_back_as_it_was(codec: str) -> None:
    declared = codec if codec == "gb18030" else "utf-16" if "16" in codec else "utf-8"
    data = f'<?xml version="1.0" encoding="{declared}"?>' + PLAIN.replace("<v>5</v>", "<v>5</v><!--年报-->")
    before = data.encode(codec)
    after = b"".join(part_of(before).edited({(0, 1): Edit("甲𬭎")}, {}))
    assert after.decode(codec) == data.replace(
        '<c r="B1" s="4"><v>5</v><!--年报--></c>',
        '<c r="B1" s="4" t="inlineStr"><is><t xml:space="preserve">甲𬭎</t></is></c>',
    )
    if codec == "utf-16":
        assert after[:2] == before[:2]


def test_what_looks_like_a_cell_in_a_comment_is_none() -> None:
    comment = '<!-- <row r="1"><c r="B1"><v>0</v></c></row></sheetData> -->'
    section = '<v><![CDATA[</c><c r="B1">]]></v>'
    data = PLAIN.replace('<row r="1"', f'{comment}<row r="1"').replace("<v>0</v>", section)
    assert edited(data, {(0, 1): Edit(12)}) == data.replace("<v>5</v>", "<v>12</v>")


def test_attributes_may_hold_a_greater_sign_and_either_quotation_mark() -> None:
    data = PLAIN.replace('s="4"', "s='4' x:y=\"a>b\"")
    assert '<c r="B1" s=\'4\' x:y="a>b"><v>6</v></c>' in edited(data, {(0, 1): Edit(6)})


def test_filters_that_end_above_new_rows_reach_to_their_end() -> None:
    data = PLAIN.replace("<mergeCells", '<autoFilter ref="A1:C3"/><mergeCells').replace(
        'A1:C3"/><cols', 'A1:C9"/><cols'
    )
    found = edited(data, {(3, 0): Edit(1), (4, 0): Edit(1)}, {3: b"", 4: b""}, (2, 4))
    assert '<autoFilter ref="A1:C5"/>' in found
    table = b'<table id="1" ref="A1:C3"><autoFilter ref="A1:C3"/><tableColumns count="3"/></table>'
    assert with_longer_ranges(table, (b"table", b"autoFilter"), 2, 4) == table.replace(b"C3", b"C5")
    assert with_longer_ranges(table, (b"table",), 1, 4) == table


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<calcPr calcId="1"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ('<calcPr calcId="1" fullCalcOnLoad="0"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="1" calcId="1"/>', '<calcPr fullCalcOnLoad="1" calcId="1"/>'),
        ("", '<calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_excel_is_told_to_calculate(before: str, after: str) -> None:
    book = (
        "<workbook><sheets><sheet/></sheets><definedNames><definedName/></definedNames>{}<extLst/></workbook>"
    )
    assert with_calculation_on_load(book.format(before).encode()) == book.format(after).encode()


def test_new_formulas_join_the_chain_of_calculation() -> None:
    chain = '<x:calcChain xmlns:x="m"><x:c r="A1" i="1"/></x:calcChain>'
    longer = chain.replace("</x:calc", '<x:c r="B2" i="3"/></x:calc')
    assert with_chain_links(chain.encode(), [("3", "B2")]) == longer.encode()


def long_sheet(rows: int) -> bytes:
    cells = "".join(
        f'<row r="{row}" ht="20"><c r="A{row}" s="{row % 5}"><v>{row}</v></c><c r="C{row}"><v>1</v></c></row>'
        if row % 3
        else f'<row r="{row}"/>'
        for row in range(1, rows + 1)
    )
    return f'{HEAD}<sheetData>{cells}</sheetData><mergeCells count="0"/></worksheet>'.encode()


def test_a_large_part_worked_on_row_by_row_comes_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = long_sheet(12_000)  # three times what is unpacked at once
    edits = {(row, column): Edit(row + column) for row in range(0, 12_003, 997) for column in range(4)}

    def worked_on() -> tuple[bool, bytes, object, object]:
        part = part_of(data)
        made = b"".join(part.edited(edits, {12_001: b' ht="9"'}))
        return part.is_large, made, [number for number, _ in part.divided()], part.looks({0, 996, 2})

    whole = worked_on()
    monkeypatch.setattr(splice, "LARGE", 1000)
    by_rows = worked_on()
    assert (whole[0], by_rows[0]) == (False, True)
    assert by_rows[1:] == whole[1:]
    assert b"".join(piece for _, piece in part_of(data).divided()) == data


def test_a_large_part_with_comments_is_worked_on_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splice, "LARGE", 100)
    assert part_of(PLAIN.encode()).is_large
    assert not part_of(PLAIN.replace("<v>5", "<!-- --><v>5").encode()).is_large
    assert not part_of(PLAIN.encode("utf-16")).is_large


def test_a_part_without_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="sheetData"):
        part_of(b"<chartsheet/>")


@pytest.mark.parametrize("number", ["A0", "\u202e", "1.5", "9" * 5_000])
def test_a_row_is_found_where_reading_found_it_whatever_it_says_of_itself(number: str) -> None:
    odd = (
        f'{HEAD}<sheetData><row r="1"/><row r="{number}"><c r="?"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert edited(odd, {(1, 0): Edit(2)}) == odd.replace("<v>1</v>", "<v>2</v>")


def test_a_style_that_is_no_number_is_none() -> None:
    odd = f'{HEAD}<sheetData><row r="1" s="{"9" * 5_000}" customFormat="1"/></sheetData></worksheet>'
    assert '<c r="A1"><v>2</v></c>' in edited(odd, {(0, 0): Edit(2)})
