"""Formulas give what Excel shows; what is not known for sure is said, never guessed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import FrameType

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

from gxeditor.files.package import Package
from gxeditor.workbook.cells import Address, ErrorValue, Range, Result, number_text, parse_ref
from gxeditor.workbook.formulas import calculate as module
from gxeditor.workbook.formulas.calculate import Calculated, calculate
from gxeditor.workbook.formulas.functions import FUNCTIONS, _is_like, _wildcards
from gxeditor.workbook.read import DefinedName as Named
from gxeditor.workbook.read import Formula, Workbook, read_workbook
from tests.office import by_office, needs_office

# What each gives on the sheet below. LibreOffice agrees (last test but one), but for those after these.
FORMULAS: list[tuple[str, object]] = [
    ("SUM(A1:A5)", 15.5),
    ("A1+A2*A3-A4/A5", 6.1),
    ("-2^2", 4),
    ("2^-1", 0.5),
    ("2^3^2", 64),
    ("10%", 0.1),
    ('A1&"件"&B1', "1件甲"),
    ("1/3", 0.333333333333333),
    ("0.1+0.2", 0.3),
    ("0.3-0.1-0.2", 0),
    ("1.1+2.2-3.3=0", True),
    ('IF(A1>A2,"大","小")', "小"),
    ("IF(A1=1,,5)", 0),
    ("IF(A1<>1,5)", False),
    ('SUMIF(A1:A5,">2")', 12.5),
    ('SUMIF(B1:B5,"甲",A1:A5)', 4),
    ('SUMIF(B1:B5,"甲*",A1:A5)', 8.5),
    ('SUMIF(B:B,"乙",A:A)', 2),
    ('SUMIFS(A1:A5,B1:B5,"甲",A1:A5,">1")', 3),
    ('COUNTIF(B1:B5,"甲")', 2),
    ('COUNTIF(A1:A8,"")', 3),
    ('COUNTIF(A1:A8,"<>")', 5),
    ('COUNTIF(A1:A8,">=3")', 3),
    ('COUNTIFS(A1:A5,">1",B1:B5,"甲")', 1),
    ("AND(A1>0,A2>0)", True),
    ("OR(A1>5,A2>5)", False),
    ("NOT(A1)", False),
    ("ROUND(2.675,2)", 2.68),
    ("ROUND(-2.5,0)", -3),
    ("ROUND(1234.5,-2)", 1200),
    ("ROUNDUP(2.111,1)", 2.2),
    ("ROUNDUP(-2.111,1)", -2.2),
    ("ROUNDDOWN(2.199,1)", 2.1),
    ("ABS(-3)", 3),
    ("MAX(A1:A5)", 5),
    ("MIN(A1:A5,0)", 0),
    ("MAX(C1:C2)", 0),
    ("COUNT(A1:C8)", 5),
    ("COUNTA(A1:C8)", 9),
    ("COUNTBLANK(A1:A8)", 3),
    ("AVERAGE(A1:A5)", 3.1),
    ('IFERROR(1/0,"无")', "无"),
    ('IFERROR(A1,"无")', 1),
    ("1/0", "#DIV/0!"),
    ('LEN("政府信息公开")', 6),
    ("LEN(A1)", 1),
    ("SUMPRODUCT(A1:A5,A1:A5)", 59.25),
    ("SUMPRODUCT((A1:A5>2)*1)", 3),
    ('SUMPRODUCT((B1:B5="甲")*(A1:A5>1)*A1:A5)', 3),
    ("SUMPRODUCT((MOD(A1:A5,2)=1)*A1:A5)", 9),
    ('VALUE("12.5")', 12.5),
    ('VALUE("1,234")', 1234),
    ('VALUE("50%")', 0.5),
    ('TEXT(1234.567,"0.00")', "1234.57"),
    ('TEXT(1234.567,"#,##0.0")', "1,234.6"),
    ('TEXT(0.256,"0.0%")', "25.6%"),
    ('TEXT(5,"000")', "005"),
    ("INT(-2.5)", -3),
    ("INT(2.9999)", 2),
    ("INT(0.1+0.7*10)", 7),
    ("MOD(-3,2)", 1),
    ("MOD(10,3)", 1),
    ("TRUNC(2.97)", 2),
    ("TRUNC(-2.97,1)", -2.9),
    ("另表!A1+另表!$B$2", 15),
    ("'另 表'!A1", 70),
    ("SUM(另表!A1:B2)", 16.5),
    ("总数", 14),
    ("SUM(区域)", 15.5),
    ('IF(A1+A2=A3,"正确","错误")', "正确"),
    ("A9+1", 1),
    ('A9=""', True),
    ("A9=0", True),
    ('A9&"x"', "x"),
    ('B1="甲"', True),
    ('B1<>"乙"', True),
    ('"a"="A"', True),
    ("TRUE+1", 2),
    ('IF(B1="",0,1)', 1),
    ("SUM($A$1:A$5)", 15.5),
    ("SUM(A1:A2,A4:A5)", 12.5),
    ("ISNUMBER(A1)", True),
    ("ISNUMBER(B1)", False),
    ("ISBLANK(A9)", True),
    ("ISERROR(1/0)", True),
    ("ISTEXT(B1)", True),
    ('LEFT("甲乙丙",2)', "甲乙"),
    ('RIGHT("甲乙丙")', "丙"),
    ('MID("甲乙丙丁",2,2)', "乙丙"),
    ('TRIM("  a   b ")', "a b"),
    ('CONCATENATE("a",1,"b")', "a1b"),
    ('EXACT("a","A")', False),
    ("ROW(A5)", 5),
    ("COLUMN(C1)", 3),
    ("SUM(A:A)", 15.5),
    ("SUM(另表!1:1)", 7),
    ("PRODUCT(A1:A3)", 6),
    ("A2:A5*1", "#VALUE!"),
    ('AVERAGEIF(A1:A5,">2")', 4.16666666666667),
    ("ROUND(A1/3,4)", 0.3333),
    ("ROUND(1/3*3*0.5,0)", 1),
    ("(1/3)*3=1", True),
    ("SUM(E1:E3)", 0.6),
    ("E1+E2", 0.3),
    ("E1-E2", -0.1),
    ('COUNT(B1,"5",5)', 2),
    ('5>"甲"', False),
    ('IF("",1,2)', "#VALUE!"),
    ('IF(AND(A1<=A2,A2<=A3),"√","×")', "√"),
    ("1e3+1E-3", 1000.001),
    ("SUM({1,2;3,4})", 10),
    ("NA()", "#N/A"),
    ("A1 + A2", 3),
    ("3=3.0000000000000001", True),
    ("ROUND(25.55*10,0)/10", 25.6),
    ("SUM(A1:A5)/COUNT(A1:A5)", 3.1),
    ('SUMPRODUCT(A1:A5*(B1:B5<>""))', 10.5),
    ("MAX(A1:A5)-MIN(A1:A5)", 4),
    ('--"5"', 5),
    ('"5"+1', 6),
    ('IF(A1>0,IF(A2>1,IF(A3>2,"三","二"),"一"),"零")', "三"),
    ('COUNTIF(B1:B5,"*")', 4),
    ("COUNTIF(A1:A5,2)", 1),
    ('COUNTIF(A1:A5,"=2")', 1),
    ('COUNTIF(A1:A5,"<>2")', 4),
    ('SUMIF(A1:B2,"甲",D1:E2)', 0.1),
    ('SUMIFS(A:A,A:A,">1",B:B,"甲")', 3),
    ('COUNTIF(A1:A5,"100%")', 1),
    ("COUNTIF(D1:D3,3)", 1),
    ("SUMPRODUCT(A1:A2*{10,20})", 90),
    ("SUMPRODUCT(({1;2;3}+{1;2;4})*1)", 13),
    ("SUMPRODUCT(A1:A2,A1:A3)", "#VALUE!"),
    ('SUMPRODUCT((B1:B5={"甲","乙"})*1)', 3),
    ('SUMPRODUCT((B1:B5="甲")*{1;-2;3;4;5})', 4),
    ("SUMPRODUCT(IF(A1:A5>2,1,0))", 3),
    ("SUMPRODUCT(IFERROR(1/(A1:A3-1),0))", 1.5),
    ("AVERAGE(C1:C2)", "#DIV/0!"),
    ("PRODUCT(C1:C2)", 0),
    ("COUNT(1/0,5)", 1),
    ('COUNT("甲",5)', 1),
    ('COUNTA(1/0,"")', 2),
    ("_xlfn.IFNA(1/0,3)", "#DIV/0!"),
    ("IFERROR(A9,5)", 0),
    ("(-2)^3", -8),
    ("(-2)^0.5", "#NUM!"),
    ("10^400", "#NUM!"),
    ("A9=FALSE", True),
    ('"甲">99', True),
    ('RIGHT("甲乙丙",5)', "甲乙丙"),
    ('RIGHT("甲乙丙",2)', "乙丙"),
    ('LEFT("甲乙丙",-1)', "#VALUE!"),
    ('MID("甲乙丙",0,1)', "#VALUE!"),
    ('MID("甲乙丙",3,5)', "丙"),
    ('TEXT(-5,"000")', "-005"),
    ('TEXT(-1234.5,"#,##0.00")', "-1,234.50"),
    ('TEXT(1234.5,"0")', "1235"),
    ("MOD(5,0)", "#DIV/0!"),
    ("MOD(3,-2)", -1),
    ("COLUMN()", 8),
    ("1=1.000001", False),
    ("A1:A5*1", 1),
]
# Excel's ways, not LibreOffice's: a text among the arguments of SUM is a number, a truth value in a range is none,
# arrays of different lengths leave #N/A.
ONLY_EXCEL: list[tuple[str, object]] = [
    ('SUM(A1:B5,3,"4")', 22.5),
    ("SUM(D1:D3)", 3),
    ("_xlfn.IFNA(NA(),3)", 3),
    ("ROW()", 1),
    ("0^0", "#NUM!"),
    ("SUMPRODUCT({1;2;3}+{1;2})", "#N/A"),
    ("SUMPRODUCT(ISNUMBER(D1:D3)*1)", 1),
    ("0^-1", "#DIV/0!"),
    ('TRUE>"甲"', True),
    ('LEFT("甲乙丙",0)', ""),
]


def the_sheet(formulas: Mapping[str, str | ArrayFormula]) -> bytes:
    """A workbook with figures and words on three sheets, two names, and these formulas on the first."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    for row, (number, word) in enumerate(
        zip((1, 2, 3, 4.5, 5), ("甲", "乙", "甲", "甲乙", None), strict=True), 1
    ):
        sheet.cell(row, 1, number)
        sheet.cell(row, 2, word)
    sheet["D1"], sheet["D2"], sheet["D3"] = "文字", 3, True
    sheet["E1"], sheet["E2"], sheet["E3"] = 0.1, 0.2, 0.3
    other = book.create_sheet("另表")
    other["A1"], other["A2"], other["B2"] = 7, 1.5, 8
    book.create_sheet("另 表")["A1"] = 70
    book.defined_names["总数"] = DefinedName("总数", attr_text="另表!$A$1*2")
    book.defined_names["区域"] = DefinedName("区域", attr_text="表!$A$1:$A$5")
    for ref, formula in formulas.items():
        sheet[ref] = formula
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def read(data: bytes) -> Workbook:
    return read_workbook(Package.from_bytes(data))


def plain(result: Result) -> object:
    if isinstance(result, ErrorValue):
        return result.code
    return float(number_text(result)) if isinstance(result, float) else result


@pytest.fixture
def result() -> Callable[..., object]:
    """What a formula in H1 gives; a sentence in brackets if it is not known."""

    def given(formula: str, **others: str) -> object:
        book = read(the_sheet({"H1": f"={formula}", **{ref: f"={text}" for ref, text in others.items()}}))
        calculated = calculate(book, {})
        place = Address("表", 0, 7)
        if place in calculated.unknown:
            return f"（{calculated.unknown[place]}）"
        return plain(calculated.values[place])

    return given


@pytest.mark.parametrize(("formula", "expected"), [*FORMULAS, *ONLY_EXCEL])
def test_a_formula_gives_what_excel_shows(
    formula: str, expected: object, result: Callable[..., object]
) -> None:
    assert result(formula) == expected


def test_what_was_written_counts_in_place_of_what_the_cells_held() -> None:
    book = read(the_sheet({"H1": "=SUM(A1:A5)", "H2": "=A1&B1"}))
    calculated = calculate(book, {"表": {(0, 0): 10, (4, 0): None, (0, 1): "丙", (6, 0): 99}})
    assert calculated.values == {Address("表", 0, 7): 19.5, Address("表", 1, 7): "10丙"}


def test_added_formulas_are_calculated_with_the_others() -> None:
    book = read(the_sheet({"H1": "=H2*2"}))
    assert calculate(book, {}, {Address("表", 1, 7): "SUM(A1:A3)"}).values[Address("表", 0, 7)] == 12


def test_an_array_formula_fills_its_cells_and_one_too_many_with_na() -> None:
    book = read(the_sheet({"H1": ArrayFormula("H1:H4", "=A1:A3*2"), "J1": "=SUM(H1:H3)"}))
    found = calculate(book, {}).values
    assert [plain(found[Address("表", row, 7)]) for row in range(4)] == [2, 4, 6, "#N/A"]
    assert found[Address("表", 0, 9)] == 12


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("VLOOKUP(1,A1:B5,2,FALSE)", "函数 VLOOKUP 不在本程序能算的公式之内"),
        ("TODAY()", "函数 TODAY 不在本程序能算的公式之内"),
        ("[1]外表!A1+1", "公式引用了其他文件"),
        ("SUM(表:另表!A1)", "公式一次引用了几张工作表"),
        ('"2022-1-5"+1', "文字“2022-1-5”要作为数来算"),
        ('VALUE("￥5")', "文字“￥5”要作为数来算"),
        ('"甲"<"乙"', "公式比较两段文字的先后"),
        ('TEXT(1,"yyyy年")', "TEXT 的格式“yyyy年”不在本程序能算的公式之内"),
        ("表1[合计]", "公式中的“[合计]”不在本程序能算的公式之内"),
        ("A1:B2 B1:C3", "公式的写法不在本程序能算的公式之内"),
        ("IF(A1)", "函数 IF 的参数不对"),
        ('COUNTIF(A:A,"")', "要数出整列中的空格"),
        ('COUNTIF(A1:A5,"2022-1-5")', "文字“2022-1-5”作条件"),
        ('COUNTIF(B1:B5,">甲")', "按文字的先后作条件"),
        ("1e20&A1", "很大或很小的数要变成文字"),
    ],
)
def test_what_is_not_known_for_sure_is_said(formula: str, why: str, result: Callable[..., object]) -> None:
    assert result(formula) == f"（{why}）"


def test_what_rests_on_an_unknown_formula_is_unknown_even_behind_iferror(
    result: Callable[..., object],
) -> None:
    why = "要用到 表!I1，而它算不出（函数 TODAY 不在本程序能算的公式之内）"
    assert result("IFERROR(I1,0)", I1="TODAY()") == f"（{why}）"
    assert result("SUM(J1:J2)", J1="I1+1", I1="TODAY()") == f"（{why}）"


def test_formulas_that_go_round_are_found_and_the_others_calculated() -> None:
    book = read(
        the_sheet({"H1": "=H2+1", "H2": "=H3", "H3": "=SUM(H1:H1)", "H4": "=H1", "H5": "=A1", "H6": "=H6"})
    )
    calculated = calculate(book, {})
    round_ = "公式互相引用，成了循环"
    assert [calculated.unknown[Address("表", row, 7)] for row in (0, 1, 2, 5)] == [round_] * 4
    assert calculated.unknown[Address("表", 3, 7)] == f"要用到 表!H1，而它{round_}"
    assert calculated.values == {Address("表", 4, 7): 1}


def test_a_chain_of_twenty_thousand_running_totals_is_no_cycle() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    for row in range(1, 20_001):
        sheet.append([1, "=A1" if row == 1 else f"=B{row - 1}+A{row}"])
    data = BytesIO()
    book.save(data)
    assert calculate(read(data.getvalue()), {}).values[Address("表", 19_999, 1)] == 20_000


def test_a_missing_sheet_or_name_is_an_error_value(result: Callable[..., object]) -> None:
    assert result("没有!A1") == "#REF!"
    assert result("没有的名称") == "#NAME?"
    assert result("#REF!+1") == "#REF!"


def test_a_name_of_the_sheet_goes_before_that_of_the_workbook() -> None:
    book = openpyxl.load_workbook(BytesIO(the_sheet({"H1": "=总数", "H2": "=另表!总数"})))
    book["表"].defined_names["总数"] = DefinedName("总数", attr_text="表!$A$5")
    data = BytesIO()
    book.save(data)
    found = calculate(read(data.getvalue()), {}).values
    assert found == {Address("表", 0, 7): 5, Address("表", 1, 7): ErrorValue("#NAME?")}


def test_conditions_are_looked_up_as_seen_from_a_cell() -> None:
    calculated: Calculated = calculate(read(the_sheet({"H1": "=VLOOKUP(1,A:A,1)"})), {"表": {(1, 0): 20}})
    base, at = Address("表", 0, 0), Address("表", 1, 0)
    assert calculated.look_up("A1>10", base, at) == (True,)
    assert calculated.look_up("$B$1:$B$2", base, at) == ("甲", "乙")
    assert calculated.look_up("1/0", base, at) == (ErrorValue("#DIV/0!"),)
    assert calculated.look_up("H1", Address("表", 0, 7), Address("表", 0, 7)) is None


def test_several_threads_calculate_at_once_as_one_after_the_other() -> None:
    """Planning runs on threads of its own while the window looks things up; they share what formulas were read as."""
    books = [
        read(the_sheet({f"H{row}": f"=SUM(A1:A{row})*{row + number}" for row in range(1, 40)}))
        for number in range(4)
    ]
    alone = [calculate(book, {}).values for book in books]
    with ThreadPoolExecutor(4) as threads:
        assert (
            list(threads.map(lambda number: calculate(books[number % 4], {}).values, range(16))) == alone * 4
        )


@pytest.mark.slow
@needs_office
def test_libreoffice_gets_the_same(tmp_path: Path) -> None:
    refs = [f"H{row}" for row in range(1, len(FORMULAS) + 1)]
    data = the_sheet({ref: f"={formula}" for ref, (formula, _) in zip(refs, FORMULAS, strict=True)})
    (tmp_path / "表.xlsx").write_bytes(data)
    theirs = read(by_office("xlsx", tmp_path / "out", tmp_path / "表.xlsx").read_bytes()).sheet("表")
    ours = calculate(read(data), {}).values
    for ref, (formula, _) in zip(refs, FORMULAS, strict=True):
        mine, found = plain(ours[Address("表", *parse_ref(ref))]), theirs.value(*parse_ref(ref))
        assert mine == (pytest.approx(found, rel=1e-12) if isinstance(found, float) else found), formula


# -------------------- what only a crafted file holds
_TEXTS = {"J1": '"甲"', "J2": '"乙"', "K1": '"50%"', "K2": '"1,234"', "K3": '""'}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("OR({1,0},NA())", "#N/A"),
        ("AND(1/0,TRUE)", "#DIV/0!"),
        ("AND(I1:I2)", "#DIV/0!"),
        ("OR(I1:I2,TRUE)", "#DIV/0!"),
        ("AND(J1:J2)", "#VALUE!"),
        ("AND(D1:D2)", True),
        ("SUM(I1:I2)", "#DIV/0!"),
        ("MAX(I2,I1)", "#DIV/0!"),
        ("COUNT(I1:I2)", 1),
        ("COUNTA(I1:I3)", 2),
        ("SUMIF(I1:I2,1)", 1),
        ('SUMIF(A1:A2,">0",I1:I2)', "#DIV/0!"),
        ('SUMIF(A1:A2,">1",I1:I2)', 1),
        ("SUMIF(A1:A2,I1)", "#DIV/0!"),
        ("SUMPRODUCT(A1:A2,I1:I2)", "#DIV/0!"),
        ("COUNTIF(K1:K3,0.5)", 1),
        ("COUNTIF(K1:K3,1234)", 1),
        ("COUNTIF(K1:K4,TRUE)", 0),
        ("COUNTIF(D1:D3,TRUE)", 1),
        ("COUNTBLANK(K1:K4)", 2),
        ('COUNTIF(K1:K4,"=")', 1),
        ('COUNTIF(K1:K4,"")', 2),
        ('TEXT("甲","0")', "甲"),
        ('TEXT(TRUE,"@")', "TRUE"),
        ('TEXT(12.5,"@")', "12.5"),
        ('TEXT(12.5,"General")', "12.5"),
        ('TEXT(A9,"@")', ""),
        ('TEXT(-0.256,"0.0%")', "-25.6%"),
        ("ROUND(1e300,20)", 1e300),
        ("ROUND(1e300,-299)", 1e300),
        ("ROUND(1e300,-309)", 0),
        ("1e308*10-1e308*10", "#NUM!"),
        ("INT(1e308*10)", "#NUM!"),
        ("ROUND(SUM(1e308,1e308),1)", "#NUM!"),
        ("SUM({1,-2;3,4})", 6),
        ("-" * 8_000 + "1", 1),
        ("-" * 8_001 + "1", -1),
        ("1" + "%" * 8, 1e-16),
        ("+".join(["1"] * 4_000), 4_000),
        ('COUNTIF(B1:B5,"甲~*")', 0),
        ('COUNTIF(B1:B5,"?")', 3),
        ('COUNTIF(B1:B5,"<>甲*")', 2),
        ('COUNTIF(B1:B5,"*乙*")', 2),
        ('COUNTIF(B1:B5,"甲*甲")', 0),
        ('COUNTIF(B1:B5,"*甲?*")', 1),
        ("COUNTIF(B1:B5," + '"' + "甲" * 256 + '*")', "#VALUE!"),
    ],
)
def test_what_nobody_writes_gives_what_excel_gives(
    formula: str, expected: object, result: Callable[..., object]
) -> None:
    assert result(formula, I1="1/0", I2="1", **_TEXTS) == expected


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("+".join(["1"] * 5_000), "公式有 9999 个字符，太长"),
        ("1e999-1e999", "公式的写法不在本程序能算的公式之内"),
        ("(" * 5_000 + "1" + ")" * 5_000, "公式有 10001 个字符，太长"),
        ("(" * 65 + "1" + ")" * 65, "公式的括号套得太深"),
        ("IF(1," * 1_000 + "1" + ")" * 1_000, "公式的括号套得太深"),
        ("SUM(" * 100, "公式的括号套得太深"),
        ('TEXT(1,"' + "0" * 300 + '")', "TEXT 的格式“00000000000000000000”不在本程序能算的公式之内"),
    ],
)
def test_what_is_too_long_or_too_deep_is_not_calculated(
    formula: str, why: str, result: Callable[..., object]
) -> None:
    assert result(formula) == f"（{why}）"


def test_brackets_as_deep_as_in_excel_are_calculated(result: Callable[..., object]) -> None:
    assert result("IF(1," * 60 + "A1" + ",0)" * 60) == 1


def _names(book: bytes, names: Mapping[str, str]) -> Workbook:
    found = read(book)
    return replace(found, names=tuple(Named(name, "", text) for name, text in names.items()))


def test_names_that_go_round_or_too_deep_or_too_often_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FORMULA_STEPS", 20_000)
    book = the_sheet({"H1": "=好", "H2": "=甲一", "H3": "=深零", "H4": "=倍零"})
    names = {"甲一": "乙一", "乙一": "甲一", "好": "表!$A$1", "深零": "深1号", "倍零": "倍1号"}
    names |= {f"深{one}号": f"深{one + 1}号+1" for one in range(1, 400)}
    names |= {f"倍{one}号": f"倍{one + 1}号+倍{one + 1}号" for one in range(1, 14)} | {"倍14号": "表!$A$2+1"}
    found = calculate(_names(book, names), {})
    assert found.values == {Address("表", 0, 7): 1}
    assert found.unknown == {
        Address("表", 1, 7): "名称互相引用，成了循环",
        Address("表", 2, 7): "名称引用名称，套得太深",
        Address("表", 3, 7): "公式要算的太多",
    }


def test_a_text_that_doubles_from_cell_to_cell_ends_where_a_cell_is_full() -> None:
    doubled = {"H1": '="甲乙丙丁"'} | {f"H{row}": f"=H{row - 1}&H{row - 1}" for row in range(2, 60)}
    found = calculate(read(the_sheet(doubled)), {}).values
    assert max(len(value) for value in found.values() if isinstance(value, str)) == 16_384
    assert found[Address("表", 58, 7)] == ErrorValue("#VALUE!")


@pytest.mark.parametrize(
    "formulas",
    [
        {f"H{row}": "=" + "+".join(["SUM(A1:E900)"] * 500) for row in range(1, 60)},
        {f"H{row}": "=SUM(H1:H900)" for row in range(1, 900)},
        {f"H{row}": f"=SUM(H{row + 1}:H901)" for row in range(1, 900)},
        {f"H{row}": "=SUMPRODUCT((A1:A900=B1:B900)*(A1:Z1=1))" for row in range(1, 60)},
        {f"H{row}": '=COUNTIF(B1:E900,"' + "*甲" * 25 + '*乙")' for row in range(1, 60)},
        {f"H{row}": "=COUNTIFS(" + ",".join(["A1:A900,1"] * 100) + ")" for row in range(1, 60)},
    ],
)
def test_what_is_too_much_to_calculate_is_given_up_in_bounded_work(
    formulas: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FORMULA_STEPS", 30_000)
    book = openpyxl.load_workbook(BytesIO(the_sheet(formulas)))
    book["表"]["B900"] = "甲" * 1_000
    data = BytesIO()
    book.save(data)
    workbook = read(data.getvalue())
    looked_at = 0

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal looked_at
        looked_at += event == "call"

    sys.setprofile(profile)
    try:
        found = calculate(workbook, {})
    finally:
        sys.setprofile(None)
    assert len(found.unknown) + len(found.values) == len(formulas)
    assert set(found.unknown.values()) & {"公式要算的太多", "公式互相引用，成了循环"}
    assert looked_at < 30 * 30_000


@given(st.from_regex(r"[*?~ab]{0,8}", fullmatch=True), st.from_regex(r"[ab]{0,8}", fullmatch=True))
def test_wildcards_find_what_going_back_finds(pattern: str, text: str) -> None:
    """As a regular expression does it that tries every way, on texts so short that it can."""
    pieces = re.findall(r"~[*?~]|[*?]|[^*?~]|~", pattern)
    known = re.compile("".join({"*": ".*", "?": "."}.get(one, re.escape(one[-1])) for one in pieces))
    assert _is_like(text, _wildcards(pattern)) == (known.fullmatch(text) is not None)


def test_wildcards_are_looked_for_once_each() -> None:
    assert not _is_like("a" * 30_000, _wildcards("*a" * 120 + "*b"))
    assert not _is_like("a" * 30_000 + "b", _wildcards("*a" * 120 + "*bb*"))
    assert _is_like("a" * 30_000 + "b", _wildcards("*a" * 120 + "*b"))


_LEAVES = st.sampled_from(
    [
        "1",
        "0",
        "1e308",
        "1e999",
        '"甲"',
        '""',
        "A1",
        "A1:B5",
        "另表!A1",
        "C:C",
        "1:1",
        "总数",
        "没有",
        "#REF!",
        "TRUE",
        "{1,2;3,4}",
    ]
)
_FORMULAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^&=<>"), inner).map("".join),
        st.tuples(st.sampled_from("-+"), inner).map("".join),
        inner.map(lambda one: f"({one})%"),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.lists(inner, max_size=4)).map(
            lambda called: f"{called[0]}({','.join(called[1])})"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=400)
@given(
    st.one_of(_FORMULAS, st.text(max_size=40), st.text("()\"'!:$#{},;+-%A1甲.[]", max_size=60)), st.booleans()
)
def test_no_formula_makes_calculating_fail(formula: str, in_an_array: bool) -> None:
    place = Address("表", 0, 7)
    book = _THE_BOOK
    if in_an_array:
        sheet = copy(book.sheet("表"))
        sheet.formulas = {(0, 7): Formula(formula, Range(0, 7, 1, 8))}
        calculated = calculate(replace(book, sheets=(sheet, *book.sheets[1:])), {})
    else:
        calculated = calculate(book, {}, {place: formula})
    assert (place in calculated.values) != (place in calculated.unknown)
    calculated.look_up(formula, place, place)


_THE_BOOK = read(the_sheet({}))
