"""The 退回意见 on paper: read back from the pages, with nothing left out and the head on every page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from gxeditor.core.errors import Cancelled
from gxeditor.core.rollup.project import Received, Rollup, Told
from gxeditor.core.rollup.returning import COLUMNS, ReturnSheet, sheet
from gxeditor.core.rollup.units import Unit, Units
from gxeditor.paper.pages import Pdf
from gxeditor.paper.return_sheet import make_return_sheets
from gxeditor.resources import load_form

FORM = load_form()
UNIT = Unit("u", "松塘县自然资源局")
FILE = Received(
    "报送/自然资源局2025.docx", "3f9a1c07b2e458d0" + "0" * 48, received="2026-01-21T09:08:00", unit="u"
)
ERROR = Told(
    "T4-01",
    "error",
    "",
    place="表四　行政复议　总计",
    stands="总计填 6",
    should="结果维持 5，合计 5",
    ask="相差 1。请改正。",
)
QUERY = Told("Y-03", "query", "", place="表二　规章　现行有效", ask="请核实是不是规章。")


def made(*asked: Told, unit: Unit = UNIT) -> ReturnSheet:
    rollup = Rollup(FORM, year=2025, units=Units((unit,)), received=(replace(FILE, unit=unit.id),))
    found = sheet(
        rollup, unit, asked, day=date(2026, 1, 21), due=date(2026, 1, 26), office="松塘县政务公开办公室"
    )
    assert found is not None
    return found


def texts(pdf: Pdf) -> list[str]:
    """Of each page without blanks, which the setting puts between Han and figures."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(BytesIO(pdf.data)).pages]


def test_all_that_is_asked_stands_on_the_page() -> None:
    (page,) = texts(make_return_sheets([made(ERROR, QUERY)]))
    for text in (
        "年度报告退回意见", "自然资源局2025.docx", "2026年1月21日09:08", "3f9a1c07b2e458d0", "有1处错误、1处疑问",
        "2026年1月26日前", "▲错误", "◆疑问", "表四行政复议总计", "总计填6", "结果维持5，合计5", "相差1。请改正。",
        "请核实是不是规章。", "第1页，共1页", "松塘县政务公开办公室", "单位经办人：", *COLUMNS,
    ):  # fmt: skip
        assert text in page


def test_what_a_finding_has_nothing_to_say_of_is_a_dash() -> None:
    assert made(QUERY).rows[0].should == "—"


def test_the_head_of_the_table_stands_on_every_page_that_has_rows() -> None:
    several = texts(make_return_sheets([made(*[ERROR] * 40)]))
    assert len(several) > 1
    for number, page in enumerate(several, 1):
        assert f"第{number}页，共{len(several)}页" in page
        assert ("应当相等的是" in page) == ("▲错误" in page)
    assert sum(page.count("▲错误") for page in several) == 40
    assert "答复和说明" in several[-1]


def test_sheets_in_one_file_are_counted_each_by_itself() -> None:
    long, short = made(*[ERROR] * 40), made(QUERY, unit=Unit("v", "松塘县柏桥镇人民政府"))
    pages = texts(make_return_sheets([long, short]))
    assert "第1页，共1页" in pages[-1]
    assert "松塘县柏桥镇人民政府" in pages[-1]
    outline: Any = PdfReader(BytesIO(make_return_sheets([long, short]).data)).outline
    assert [entry["/Title"] for entry in outline] == [long.name, short.name]


def test_equal_sheets_give_equal_bytes() -> None:
    assert make_return_sheets([made(ERROR)]).data == make_return_sheets([made(ERROR)]).data


def test_a_text_longer_than_a_page_goes_on() -> None:
    long = QUERY._replace(ask="请逐项核实并说明原因。" * 300)
    pages = texts(make_return_sheets([made(long)]))
    assert sum(page.count("逐项") for page in pages) > 250


def test_it_can_be_cancelled_and_nothing_is_no_page() -> None:
    with pytest.raises(Cancelled):
        make_return_sheets([made(ERROR)], cancelled=lambda: True)
    with pytest.raises(ValueError, match="no sheet"):
        make_return_sheets([])


def test_the_parts_of_a_sheet_are_named_for_whoever_has_it_read_aloud() -> None:
    root: Any = PdfReader(BytesIO(make_return_sheets([made(ERROR)]).data)).trailer["/Root"]
    document = root["/StructTreeRoot"]["/K"]
    roles = [kid.get_object()["/S"] for kid in document["/K"]]
    assert roles[0] == "/H1"
    assert roles.count("/Table") == 2
