"""Whole reports: the sample with its broken tables, other ways of writing, and whatever else comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, show_entry
from gxeditor.imports.formats.text import parse_text
from gxeditor.imports.recognize.report import (
    Imported,
    agency_kind,
    heading_pattern,
    recognize,
    recognize_table,
)
from gxeditor.imports.source import Paragraph, Piece, Source, html_table, lay_out, read_source, tsv_table
from gxeditor.resources import load_form, resource

SAMPLES = Path(__file__).parents[2] / "samples"


def expected(name: str) -> dict[str, Any]:
    data = json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def figures(imported: Imported) -> dict[str, int | str]:
    entries = imported.report.entries
    return {i: entry if isinstance(entry, int) else show_entry(entry) for i, entry in entries.items()}


def told(imported: Imported) -> list[tuple[str, str, str, str, str]]:
    return [(note.severity, note.where, note.what, note.done, note.place) for note in imported.notes]


def imported(text: str) -> Imported:
    return recognize(parse_text(text), load_form())


# -------------------- the sample
@pytest.fixture(scope="module")
def lushan() -> Imported:
    return recognize(read_source(resource("samples/lushan-2022.txt")), load_form())


def test_the_sample_gives_182_cells_and_leaves_18_blank(lushan: Imported) -> None:
    assert figures(lushan) == expected("lushan-2022")["cells"]
    assert len(lushan.placed) == 182
    assert len(lushan.blank) == 18
    blank_rows = {"granted", "partially_granted", "denied.state_secret"}
    assert {i.removeprefix("requests.handled.").rpartition(".")[0] for i in lushan.blank} == blank_rows


def test_the_sample_says_whose_report_it_is(lushan: Imported) -> None:
    report = lushan.report
    assert (report.agency, report.kind, report.year) == ("鲁山县人民政府办公室", AgencyKind.DEPARTMENT, 2022)
    assert report.own_title is None
    assert report.title == "鲁山县人民政府办公室2022年政府信息公开工作年度报告"
    assert (report.preamble, report.signature, report.date) == ("", "", "")


def test_the_prose_of_the_sample_stands_in_its_sections_as_written(lushan: Imported) -> None:
    lines = resource("samples/lushan-2022.txt").read_text(encoding="utf-8").split("\n")
    prose = {
        "overview": [lines[i] for i in (6, 8, 10, 12, 14, 16)],
        "problems": [lines[i] for i in (76, 77, 78, 80, 82)],
        "other_matters": [lines[86]],
    }
    assert lushan.report.sections == {key: "\n".join(texts) for key, texts in prose.items()}


def test_the_notes_on_the_sample(lushan: Imported) -> None:
    assert told(lushan) == [
        (
            "doubt",
            "表三 · 一、二行",
            "这两行各有 8 个数，表格只有 7 列。",
            "多出的“0”在“其他”之后，未读入。",
            "第 41 行",
        ),
        (
            "doubt",
            "表三（一）（二）（三）1",
            "只有总计，没有分项。",
            "总计照原样读入 1、0、0，分项留空。",
            "第 43 行",
        ),
        (
            "info",
            "表三（三）",
            "换页把“不予公开”拆成两段，“公开”落到了后一段。",
            "已按行名接上，共 8 行。",
            "第 47 行",
        ),
        ("info", "五、改进情况", "“改进情况”没有编号。", "作为第五部分的小标题读入。", "第 81 行"),
    ]
    surplus, only_total, *_ = lushan.notes
    assert surplus.line == 41
    assert len(surplus.raw) == 16
    assert len(surplus.cells) == 14
    assert only_total.cells == (
        "requests.handled.granted.total",
        "requests.handled.partially_granted.total",
        "requests.handled.denied.state_secret.total",
    )


def test_every_figure_knows_its_line(lushan: Imported) -> None:
    assert lushan.placed["proactive.government_rules.issued"] == "第 23 行"
    assert lushan.placed["requests.handled.granted.total"] == "第 43 行"
    assert lushan.placed["disputes.suit_after_reconsideration.total"] == "第 73 行"


# -------------------- other real reports
def test_figures_run_together_are_not_read_and_the_prose_is() -> None:
    result = recognize(read_source(SAMPLES / "pingtan-2021.txt"), load_form())
    assert result.report.entries == {}
    assert [note.where for note in result.notes if note.severity == "doubt"] == ["表二", "表三", "表四"]
    assert {note.what for note in result.notes if note.severity == "doubt"} == {
        "表格的各格连成了一段文字，分不清哪个数属于哪一格。"
    }
    assert (result.report.agency, result.report.year) == ("平潭综合实验区", 2021)
    assert result.report.title == "平潭综合实验区2021年度政府信息公开工作年度报告"
    assert result.report.sections["overview"].startswith("2021年，我区以习近平")
    assert result.report.sections["problems"].endswith("充分发挥政府网站和政务新媒体作用。")


def test_a_web_page_with_merged_cells_gives_all_200_cells() -> None:
    html = (SAMPLES / "distinct_gbk.html").read_bytes().decode("gb18030")
    table = html_table(html)
    assert table is not None
    pasted = recognize_table(table, load_form())
    assert dict(pasted.values) == {i: str(value) for i, value in expected("distinct")["cells"].items()}
    assert pasted.notes == ()
    assert pasted.skipped == 79


# -------------------- titles
TITLE = "某局2022年政府信息公开工作年度报告\n"


@pytest.mark.parametrize(
    ("lines", "agency", "year", "title"),
    [
        ("海棠区人民政府办公室\n2023年政府信息公开工作年度报告", "海棠区人民政府办公室", 2023, None),
        ("2022年上海市政府信息公开工作年度报告", "上海市", 2022, "2022年上海市政府信息公开工作年度报告"),
        ("某局2023年度政府信息公开工作年度报告", "某局", 2023, "某局2023年度政府信息公开工作年度报告"),
        ("某局2019年信息公开年度报告", "某局", 2019, "某局2019年信息公开年度报告"),
        ("某局2025年政府信息公开工作的年度报告", "某局", 2025, "某局2025年政府信息公开工作的年度报告"),
        ("某局2022政府信息公开工作年度报告", "某局", 2022, "某局2022政府信息公开工作年度报告"),
        ("某局２０２２ 年政府信息公开\n工作年度报告", "某局", 2022, None),
        ("某局二〇二二年政府信息公开工作年度报告", "某局", 2022, "某局二〇二二年政府信息公开工作年度报告"),
        ("某街道办事处政府信息公开工作年度报告", "某街道办事处", None, None),
        ("某县人民政府信息公开工作年度报告", "某县人民政府", None, "某县人民政府信息公开工作年度报告"),
        ("标题：某苏木2021年政府信息公开工作年度报告.docx", "某苏木", 2021, None),
        ("某局2022年政府信息公开工作年度报告\n某局2022年政府信息公开工作年度报告", "某局", 2022, None),
    ],
)
def test_titles_as_they_are_written(lines: str, agency: str, year: int | None, title: str | None) -> None:
    report = imported(f"{lines}\n一、总体情况\n全年平稳。").report
    assert (report.agency, report.year, report.own_title) == (agency, year, title)
    assert report.preamble == ""
    assert dict(report.sections) == {"overview": "全年平稳。"}


def test_a_text_that_only_mentions_the_report_is_no_title() -> None:
    text = "根据《条例》编制本机关2022年政府信息公开工作年度报告。\n一、总体情况\n无"
    result = imported(text)
    assert (result.report.agency, result.report.year) == ("", None)
    assert result.report.preamble == "根据《条例》编制本机关2022年政府信息公开工作年度报告。"
    assert ("doubt", "基本信息", "没有找到年报的标题。", "单位名称和年份留空。", "") in told(result)


def test_page_furniture_is_left_out_and_said() -> None:
    after = "发布时间: 2023-01-12\n本报告由六部分组成。\n"
    result = imported(f"索引号：0143\n{TITLE}{after}一、总体情况\n无")
    assert result.report.preamble == "本报告由六部分组成。"
    left_out = [(note.what, note.line) for note in result.notes if note.where == "文字"]
    assert left_out == [
        ("标题之前的附加信息：“索引号：0143”。", 1),
        ("引言中的附加信息：“发布时间: 2023-01-12”。", 3),
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("淮安市人民政府", AgencyKind.GOVERNMENT),
        ("驼峰路街道办事处", AgencyKind.TOWNSHIP),
        ("丙县丁镇政府", AgencyKind.TOWNSHIP),
        ("丙市教育局（丙市体育局）", AgencyKind.DEPARTMENT),
        ("田黄镇人民政府", AgencyKind.TOWNSHIP),
        ("巴音乌兰苏木", AgencyKind.TOWNSHIP),
        ("鲁山县人民政府办公室", AgencyKind.DEPARTMENT),
        ("沭阳县发展和改革局", AgencyKind.DEPARTMENT),
        ("某省财政厅", AgencyKind.DEPARTMENT),
        ("某市发展和改革委员会", AgencyKind.DEPARTMENT),
        ("某区管委会", AgencyKind.OTHER),
        ("某开发区管理委员会", AgencyKind.OTHER),
        ("上海市", AgencyKind.OTHER),
        ("", AgencyKind.OTHER),
    ],
)
def test_the_kind_of_agency_is_set_only_where_the_name_is_certain(name: str, kind: AgencyKind) -> None:
    assert agency_kind(name) == kind


# -------------------- sections
PLAIN = (
    "一、总体情况\n甲\n二、主动公开政府信息情况\n乙\n三、收到和处理政府信息公开申请情况\n丙\n"
    "四、政府信息公开行政复议、行政诉讼情况\n丁\n五、存在的主要问题及改进情况\n戊\n六、其他需要报告的事项\n己"
)
SIX = ["甲", "乙", "丙", "丁", "戊", "己"]


def prose(text: str) -> list[str]:
    report = imported(TITLE + text).report
    return [report.sections.get(section.key, "") for section in load_form().sections]


def test_every_section_keeps_its_prose() -> None:
    assert prose(PLAIN) == SIX


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("一、总体情况\n", "一、 总体概述\n"),
        ("一、总体情况\n", "一、总体情况。"),
        ("二、主动公开政府信息情况", "二、行政机关主动公开政府信息的情况"),
        ("二、主动公开政府信息情况", "（二）主动公开政府信息的情况"),
        ("三、收到和处理", "三．收到的处理"),
        ("四、政府信息公开行政复议、行政诉讼情况", "四、政府信息公开行政法复议、行政诉讼情况"),
        ("五、存在的主要问题及改进情况", "五、存在的主要问题及整改措施"),
        ("五、存在的主要问题及改进情况", "五、存在的主要问题及下步改进打算"),
        ("五、存在的主要问题及改进情况", "存在的主要问题及改进情况"),
        ("六、其他需要报告的事项", "六、其他报告的事项"),
        ("六、其他需要报告的事项", "六、其他需要报告的事项（文字描述，收取信息处理费情况在此处报告。）"),
    ],
)
def test_headings_as_they_are_written(printed: str, found: str) -> None:
    assert prose(PLAIN.replace(printed, found)) == SIX


TITLES = [section.title for section in load_form().sections]


@pytest.mark.parametrize(
    "headings",
    [
        [f"{number}、{title}" for number, title in zip("二三四五六七", TITLES, strict=True)],
        [f"{number}、{title}" for number, title in zip("一二三四四五", TITLES, strict=True)],
        [f"{number}、{title}：" for number, title in zip("一二三四六七", TITLES, strict=True)],
        ["一、概述", *(f"{n}、{t}" for n, t in zip("二三四六八", TITLES[1:], strict=True))],
        [
            "一、概述",
            "二、主动公开情况",
            "三、依申请公开情况",
            "四、复议诉讼情况",
            "五、存在的问题",
            "六、其他事项",
        ],
        ["一、工作开展情况", *(f"{n}、{t}" for n, t in zip("二三四五六", TITLES[1:], strict=True))],
        TITLES,
        [f"{title}：" for title in TITLES],
        [f"{i}.{title}" for i, title in enumerate(TITLES, 1)],
        [f"（{n}）{title}" for n, title in zip("一二三四五六", TITLES, strict=True)],
        [f"第{n}部分 {title}" for n, title in zip("一二三四五六", TITLES, strict=True)],
        [f"第{n}部分：{title}" for n, title in zip("一二三四五六", TITLES, strict=True)],
        [f"【{n}、{title}】" for n, title in zip("一二三四五六", TITLES, strict=True)],
        [f"**{n}、{title}**" for n, title in zip("一二三四五六", TITLES, strict=True)],
    ],
)
def test_headings_are_weighed_by_their_words_before_their_number(headings: list[str]) -> None:
    assert prose("\n".join(f"{heading}\n{text}" for heading, text in zip(headings, SIX, strict=True))) == SIX


def test_a_heading_with_text_behind_it_and_the_number_of_another_section_is_found() -> None:
    assert prose(PLAIN.replace("五、存在的主要问题及改进情况\n", "六、存在的主要问题及改进情况：")) == SIX


def test_a_number_that_does_not_fit_the_words_is_said() -> None:
    result = imported(TITLE + PLAIN.replace("六、其他", "七、其他"))
    assert [(note.what, note.done) for note in result.notes if note.where == "第六部分"] == [
        (
            "标题“七、其他需要报告的事项”的编号和文字不一致。",
            "按文字作为“六、其他需要报告的事项”读入。",
        )
    ]


def test_parts_of_a_section_are_not_taken_for_the_sections_whose_words_they_have() -> None:
    parts = "（一）主动公开政府信息情况\n甲\n（二）收到和处理政府信息公开申请情况\n甲\n1.存在的主要问题\n甲"
    text = PLAIN.replace("甲", parts)
    assert prose(text) == [parts, *SIX[1:]]
    lost = text.replace("\n二、主动公开政府信息情况\n乙", "")
    assert prose(lost) == [parts, "", *SIX[2:]]


def test_a_numbered_list_is_not_taken_for_the_sections() -> None:
    items = "\n".join(f"{number}、加强学习和培训" for number in "一二三四五六")
    assert prose(PLAIN.replace("甲", items)) == [items, *SIX[1:]]
    cut = PLAIN.replace("戊\n六、其他需要报告的事项\n己", items)
    assert prose(cut) == [*SIX[:4], items, ""]


def test_words_of_a_heading_within_a_sentence_are_no_heading() -> None:
    text = "主动公开政府信息情况较好，收到和处理政府信息公开申请情况正常。"
    assert prose(PLAIN.replace("甲", text)) == [text, *SIX[1:]]


def test_a_table_of_contents_with_a_section_that_does_not_come_is_left_out() -> None:
    contents = "\n".join(section.heading for section in load_form().sections)
    report = imported(f"{TITLE}{contents}\n" + PLAIN.replace("二、主动公开政府信息情况\n乙\n", "")).report
    assert report.preamble == ""
    assert [report.sections.get(section.key, "") for section in load_form().sections] == ["甲", "", *SIX[2:]]


def test_a_heading_is_looked_for_in_time_proportional_to_the_text() -> None:
    """A repeat without a bound at the start of a pattern is tried anew from every blank of a long line."""
    for section in load_form().sections:
        pattern = heading_pattern(section.number, [section.title])
        assert "\\s*" not in pattern.pattern
        assert pattern.search(" " * 200_000 + section.heading)


def test_a_line_of_blanks_without_end_is_read() -> None:
    result = imported(f"{TITLE}甲{' ' * 200_000}乙\n{'“' * 50_000}\n{PLAIN}")
    assert result.report.sections["overview"] == "甲"


def test_an_unusual_heading_is_said() -> None:
    result = imported(TITLE + PLAIN.replace("主要问题及改进情况", "主要问题及下步改进打算"))
    assert [note.what for note in result.notes if note.where == "第五部分"] == [
        "标题“五、存在的主要问题及下步改进打算”不是规定的写法。"
    ]


def test_headings_in_the_middle_of_a_text_without_line_breaks_are_found() -> None:
    assert prose(PLAIN.replace("\n", "")) == SIX


def test_a_table_of_contents_is_not_taken_for_the_sections() -> None:
    contents = "\n".join(section.heading for section in load_form().sections)
    assert prose(f"{contents}\n{PLAIN}") == SIX


def test_a_preamble_that_enumerates_the_sections_is_no_heading() -> None:
    preamble = "本报告包括一、总体情况，二、主动公开政府信息情况，三、收到和处理政府信息公开申请情况等。"
    report = imported(f"{TITLE}{preamble}\n{PLAIN}").report
    assert report.preamble == preamble
    assert report.sections["overview"] == "甲"


def test_row_labels_with_numbers_are_no_headings() -> None:
    text = PLAIN.replace("丙", "丙\n三、本年度办理结果\n四、结转下年度继续办理")
    assert prose(text)[2:4] == ["丙\n三、本年度办理结果\n四、结转下年度继续办理", "丁"]


def test_sub_headings_with_the_words_of_another_section_stay_where_they_are() -> None:
    text = PLAIN.replace("甲", "(一)主动公开政府信息情况\n甲")
    assert prose(text)[:2] == ["(一)主动公开政府信息情况\n甲", "乙"]


def test_without_any_heading_the_prose_is_kept_in_the_first_section() -> None:
    result = imported(TITLE + "全年平稳。\n主动公开 3 条。")
    assert result.report.sections["overview"] == "全年平稳。\n主动公开 3 条。"
    assert any("没有找到六个部分的标题" in note.what for note in result.notes)


def test_without_the_first_heading_what_stands_before_the_second_is_the_overview() -> None:
    result = imported(TITLE + PLAIN.removeprefix("一、总体情况\n"))
    assert result.report.sections["overview"] == "甲"
    assert [note.what for note in result.notes if note.where == "第一部分"] == [
        "没有找到标题“一、总体情况”。"
    ]


def test_a_missing_section_is_said() -> None:
    result = imported(TITLE + PLAIN.replace("\n六、其他需要报告的事项\n己", ""))
    assert [note.what for note in result.notes if note.where == "第六部分"] == [
        "没有找到标题“六、其他需要报告的事项”。"
    ]


@pytest.mark.parametrize(
    ("end", "signature", "date"),
    [
        ("\n某局\n2023年1月17日", "某局", "2023年1月17日"),
        ("\n某局 2023年1月17日\n附件下载", "某局", "2023年1月17日"),
        ("\n二〇二三年一月十七日", "", "二〇二三年一月十七日"),
        ("\n某局", "某局", ""),
        ("", "", ""),
    ],
)
def test_signature_and_date_are_taken_off_the_end(end: str, signature: str, date: str) -> None:
    report = imported(TITLE + PLAIN + end).report
    assert (report.signature, report.date) == (signature, date)
    assert report.sections["other_matters"] == "己"


def test_a_sentence_that_ends_with_a_date_is_no_signature() -> None:
    report = imported(TITLE + PLAIN.replace("己", "统计期限为2022年1月1日至2022年12月31日")).report
    assert report.date == ""
    assert report.sections["other_matters"].endswith("12月31日")


# -------------------- lines of a page
WRAPPED = """一、总体情况
2024年，丁局认真贯彻落实条例，依法、及时、准确地公
开政府信息，主动公开12条，比上年增加2条，其中政策文
-1-
件3条、工作动态9条。
（二）依申请公开情况。全年收到1件，按时答复，未发生
行政复议和行政诉讼。
五、存在的主要问题及改进情况
一是更新不及时。"""


def test_broken_lines_are_joined_across_pages_and_that_is_said_once() -> None:
    result = imported(TITLE + WRAPPED)
    assert result.report.sections["overview"].split("\n") == [
        "2024年，丁局认真贯彻落实条例，依法、及时、准确地公开政府信息，主动公开12条，比上年增加2条，"
        "其中政策文件3条、工作动态9条。",
        "（二）依申请公开情况。全年收到1件，按时答复，未发生行政复议和行政诉讼。",
    ]
    assert [(note.what, note.done) for note in result.notes if note.where == "文字"] == [
        ("正文中夹有页码，共 1 处，如“-1-”。", "没有读入。"),
        ("原文一行一行断开，有 3 处断在一段话中间。", "已把断开的行连成整段，请看一看分段。"),
    ]


def test_the_title_at_the_head_of_a_page_is_no_prose() -> None:
    result = imported(TITLE + PLAIN.replace("甲", f"甲\n{TITLE}甲"))
    assert result.report.sections["overview"] == "甲\n甲"


# -------------------- figures
def test_what_is_no_number_is_left_blank_with_its_text() -> None:
    text = (
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t/\t1\t１，２３４\n行政规范性文件\t12abc\t-3\t7\n"
        "信息内容\t本年收费金额\n行政事业性收费\t251000元\n"
    )
    result = imported(TITLE + PLAIN.replace("乙", f"乙\n{text}乙"))
    assert dict(result.report.entries) == {
        "proactive.government_rules.issued": "/",
        "proactive.government_rules.repealed": 1,
        "proactive.government_rules.in_force": 1234,
        "proactive.normative_documents.in_force": 7,
    }
    notes = [
        (note.where, note.what, note.cells) for note in result.notes if "留空。" in note.done and note.raw
    ]
    assert notes == [
        ("表二 · 行政规范性文件 · 本年制发", "“12abc”不是数字。", ("proactive.normative_documents.issued",)),
        ("表二 · 行政规范性文件 · 本年废止", "“-3”是负数。", ("proactive.normative_documents.repealed",)),
        ("表二 · 行政事业性收费", "“251000元”不是数字。", ("proactive.fees.amount",)),
    ]


def test_rows_and_tables_that_are_not_there_are_said() -> None:
    result = imported(TITLE + PLAIN.replace("乙", "信息内容\t本年处理决定数量\n行政处罚\t3\n行政强制\t4"))
    missing = [(note.where, note.what, note.done) for note in result.notes if note.cells]
    assert missing == [
        ("表二", "原文没有这几行：规章、行政规范性文件、行政许可、行政事业性收费。", "8 格留空。"),
        ("表三", "没有找到这张表。", "175 格留空。"),
        ("表四", "没有找到这张表。", "15 格留空。"),
    ]


def test_two_tables_with_different_figures_leave_those_cells_blank() -> None:
    table = "信息内容\t本年处理决定数量\n行政处罚\t{}\n行政强制\t4\n"
    result = imported(f"{TITLE}{table.format(3)}\n{table.format(5)}")
    assert dict(result.report.entries) == {"proactive.compulsion.decisions": 4}
    assert any(note.what == "原文有两张表给出不同的数，共 1 格，如“3”和“5”。" for note in result.notes)


def test_labels_that_stand_in_a_line_of_their_own_beside_a_table_are_no_prose() -> None:
    head = "信息内容\t本年处理决定数量"
    text = f"乙\n第二十条第（五）项\n{head}\n行政许可\t5\n公开\n第二十条第（六）项\n{head}\n行政处罚\t6"
    report = imported(TITLE + PLAIN.replace("乙", text)).report
    assert report.sections["proactive"] == "乙\n公开"
    assert report.value("proactive.licensing.decisions") == 5
    assert report.value("proactive.penalties.decisions") == 6


def test_a_stray_word_between_two_halves_of_a_table_is_left_out_and_said() -> None:
    row = "三、本年度办理结果\t（三）不予公开\t{}\t0\t0\t0\t0\t0\t0\t0\n"
    result = imported(
        TITLE
        + PLAIN.replace("丙", row.format("1.属于国家秘密") + "公开\n" + row.format("8.属于行政查询事项"))
    )
    assert "requests" not in result.report.sections
    assert len(result.report.entries) == 14
    assert any(note.what == "两段表格之间的“公开”不是文字内容。" for note in result.notes)


# -------------------- pasting
def test_a_pasted_piece_with_labels_says_where_its_figures_belong() -> None:
    table = tsv_table("\t自然人\t商业企业\n1.信访举报投诉类申请\t3\t\n2.重复申请\t4\t12abc")
    assert table is not None
    pasted = recognize_table(table, load_form())
    assert dict(pasted.values) == {
        "requests.handled.not_handled.petition.natural_person": "3",
        "requests.handled.not_handled.petition.company": "",
        "requests.handled.not_handled.duplicate.natural_person": "4",
        "requests.handled.not_handled.duplicate.company": "12abc",
    }
    assert pasted.skipped == 4


def test_pasted_figures_without_labels_are_left_to_their_position() -> None:
    table = tsv_table("1\t2\t3\n4\t5\t/")
    assert table is not None
    pasted = recognize_table(table, load_form())
    assert (dict(pasted.values), pasted.skipped, pasted.notes) == ({}, 0, ())


# -------------------- whatever comes
form = load_form()
printed = [place.text for table in form.tables for place in table.grid().places if place.text]
words = st.sampled_from(
    [
        *printed,
        *(s.heading for s in form.sections),
        "公开",
        "改进情况",
        "2023年1月1日",
        "某局",
        TITLE,
        "0",
        "30",
        "/",
    ]
) | st.text(max_size=8)
paragraphs_ = st.lists(words, min_size=1, max_size=3).map("".join).map(Paragraph)
tables_ = st.lists(
    st.lists(st.builds(Piece, words, st.integers(0, 3), st.integers(0, 3)), max_size=9), max_size=8
).map(lay_out)


@given(st.lists(st.one_of(paragraphs_, tables_), max_size=12))
def test_no_source_makes_recognition_fail_or_invent_a_number(blocks: list[Any]) -> None:
    result = recognize(Source(tuple(blocks)), form)
    texts = {
        cell.text.strip() for block in blocks if not isinstance(block, Paragraph) for cell in block.cells
    }
    assert {show_entry(entry) for entry in result.report.entries.values()} <= texts
    assert set(result.placed) == set(result.report.entries)


@given(st.text(st.sampled_from("一二三四、（）1.总计其他自然人\t\n\f 0/2022年报告")))
def test_no_text_makes_recognition_fail(text: str) -> None:
    recognize(parse_text(text), form)


def test_an_empty_source_is_an_empty_report(form: Form) -> None:
    result = recognize(Source(()), form)
    assert result.report.entries == {}
    assert result.blank == tuple(form.cells)
