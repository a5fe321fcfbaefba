"""The 校验报告 as a PDF: five parts that can be read back, tables over pages, name and code at every foot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Rule
from gxeditor.core.checks.summary import COUNTED_NOTE, TITLE, Explained, Summary, summary
from gxeditor.core.errors import Cancelled
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.paper.check_report import make_check_report

CODE = "8KQ2-H7MD-ZRWT-4VXC"


@pytest.fixture
def said(form: Form, rules: tuple[Rule, ...]) -> Summary:
    report = blank_report(form, 2025).with_fields(agency="青溪县教育局")
    report = report.with_entries({cell: 0 for cell in form.cells})
    report = report.with_entry("requests.received.natural_person", 3).with_closed("Y-01", "机构改革后不可比")
    when = datetime(2026, 1, 12, 14, 36)
    return summary(report, rules, check(report, rules), code=CODE, when=when)


def pages(said: Summary) -> list[str]:
    """The text of each page, without blanks, in the order it was drawn."""
    reader = PdfReader(BytesIO(make_check_report(said).data))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_five_parts_stand_in_order_with_everything_that_the_summary_says(said: Summary) -> None:
    text = "".join(pages(said))
    titles = (
        "一、检查了什么",
        f"二、{said.title_open}",
        f"三、{said.title_explained}",
        f"四、{said.title_reasons}",
        f"五、{said.title_lines}",
    )
    places = [text.index(squeezed(title)) for title in (TITLE, *titles)]
    assert places == sorted(places)
    wanted = [text for pair in (*said.head, *said.wide) for text in pair]
    wanted += (
        [one.what for one in said.open] + [one.reason for one in said.reasons] + [COUNTED_NOTE, said.scope]
    )
    wanted += [line.what for lines in said.lines.values() for line in lines]
    assert [one for one in wanted if squeezed(one) not in text] == []


def test_the_first_page_answers_whose_when_and_how_many_of_every_kind(said: Summary) -> None:
    first = pages(said)[0]
    for text in ("青溪县教育局", "2025年", "2026年1月12日14:36", CODE, "（定稿时填写）"):
        assert text in first
    assert "合计" + "".join(map(str, said.total)) in first


def test_every_page_has_name_code_and_number_at_its_foot_and_the_long_table_its_head(said: Summary) -> None:
    found = pages(said)
    assert len(found) > 2
    for number, text in enumerate(found, 1):
        assert f"青溪县教育局2025年校验码{CODE}" in text
        assert f"第{number}页，共{len(found)}页" in text
    assert all("代码检查什么数或原因结果" in text for text in found[1:])


def test_it_says_of_itself_what_it_is(said: Summary) -> None:
    info = PdfReader(BytesIO(make_check_report(said).data)).metadata
    assert info is not None
    assert (info.title, info.author, info.subject) == (f"青溪县教育局2025 年{TITLE}", "青溪县教育局", TITLE)


def test_equal_summaries_give_equal_bytes(said: Summary) -> None:
    assert make_check_report(said).data == make_check_report(replace(said)).data


def test_explanations_and_reasons_longer_than_a_page_go_on(said: Summary) -> None:
    one = said.open[0]
    words = "".join(f"第{number}条原因。" for number in range(600))
    long = Explained(one.severity, one.what, words, one.code, one.finding)
    found = pages(replace(said, explained=(long,), wide=(("强制定稿的原因", words),)))
    # Without the head of the table, what stands at the foot and the code in the column beside: a page, or the lines
    # that a row has on it, may end amid the words of a number.
    head, foot = squeezed("程度 内容和数 核实说明 代码"), squeezed("青溪县教育局 2025 年")
    text = "".join(page.rpartition(foot)[0].removeprefix(head) for page in found).replace(long.code, "")
    assert all(text.count(f"第{number}条原因。") == 2 for number in range(600))


def test_many_open_findings_are_all_printed(said: Summary) -> None:
    many = tuple(said.open[0]._replace(what=f"第 {number} 处不等。") for number in range(300))
    text = "".join(pages(replace(said, open=many)))
    assert [number for number in range(300) if f"第{number}处不等。" not in text] == []
    assert "没有解决的300处" in text


def test_characters_that_no_face_has_are_named(said: Summary) -> None:
    pdf = make_check_report(replace(said, wide=(("强制定稿的原因", "\U0003134f同志已核对"),)))
    assert [one.char for one in pdf.missing] == ["\U0003134f"]


def test_it_can_be_given_up(said: Summary) -> None:
    with pytest.raises(Cancelled):
        make_check_report(said, cancelled=lambda: True)
