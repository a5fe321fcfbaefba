"""The words of a report: titles, sections and their headings, signature and date, lines of a page."""

from __future__ import annotations

import pytest

from gxeditor.core.report import AgencyKind
from gxeditor.imports.formats.text import parse_text
from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.imports.recognize.text import agency_kind, heading_pattern
from gxeditor.resources import load_form


def told(imported: Imported) -> list[tuple[str, str, str, str, str]]:
    return [(note.severity, note.where, note.what, note.done, note.origin.words) for note in imported.notes]


def imported(text: str) -> Imported:
    return recognize(parse_text(text), load_form())


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
    left_out = [(note.what, note.origin.line) for note in result.notes if note.where == "文字"]
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


@pytest.mark.parametrize(
    ("section", "printed", "found"),
    [
        ("二", "二、主动公开政府信息情况", "（二）主动公开正府信息情况"),
        ("二", "二、主动公开政府信息情况", "三、主动公开政府信息情祝"),
        ("六", "六、其他需要报告的事项", "七、其他需要报告的事情"),
    ],
)
def test_a_heading_with_a_slip_of_the_pen_is_found_and_said(section: str, printed: str, found: str) -> None:
    assert prose(PLAIN.replace(printed, found)) == SIX
    (note,) = [one for one in imported(TITLE + PLAIN.replace(printed, found)).notes if "标题" in one.what]
    assert (note.where, found in note.what) == (f"第{section}部分", True)


def test_a_label_of_a_row_with_the_number_of_a_section_is_no_slip_of_its_heading() -> None:
    assert prose(PLAIN.replace("六、其他需要报告的事项", "（六）其他处理"))[4:] == [
        "戊\n（六）其他处理\n己",
        "",
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
    (untitled,) = (note for note in result.notes if "没有找到六个部分的标题" in note.what)
    assert untitled.done == "文字都放在“一、总体情况”里，请自行分开。"


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


def test_what_the_form_prints_where_prose_belongs_is_no_prose() -> None:
    text = (
        "政府信息公开工作年度报告格式模板\n一、总体情况\n（文字描述）\n五、存在的主要问题及改进情况\n（文字描述）\n"
        "六、其他需要报告的事项\n（文字描述，收取信息处理费情况在此处报告。）"
    )
    report = imported(text).report
    assert (dict(report.sections), report.preamble, report.agency, report.own_title) == ({}, "", "", None)


def test_brackets_that_say_something_are_prose() -> None:
    text = f"{TITLE}一、总体情况\n（文字描述见附件一，全年公开信息12条。）公开有序。\n（一）主动公开"
    assert imported(text).report.sections["overview"].count("\n") == 1


# -------------------- notes below tables
_TABLE = (
    "四、政府信息公开行政复议、行政诉讼情况\n"
    "\t行政复议\t\t\t\t\n结果维持\t结果纠正\t其他结果\t尚未审结\t总计\n1\t0\t0\t0\t1\n"
)


@pytest.mark.parametrize(
    ("lines", "note", "prose"),
    [
        ("注：按结案时间统计。", "注：按结案时间统计。", ""),
        (
            "注：1.按结案时间统计。\n2.不含调解。\n另有说明。",
            "注：1.按结案时间统计。\n2.不含调解。",
            "另有说明。",
        ),
        ("注1：甲。\n注2：乙。\n正文。", "注1：甲。\n注2：乙。", "正文。"),
        ("（注：按结案时间统计）\n正文。", "（注：按结案时间统计）", "正文。"),
        ("【注】按结案时间统计", "【注】按结案时间统计", ""),
        ("正文。\n注：按结案时间统计。", "", "正文。\n注：按结案时间统计。"),  # no longer directly below
        ("注：本表由各单位填报，不得为空。", "", "注：本表由各单位填报，不得为空。"),
        ("注重公开。", "", "注重公开。"),
        ("注：甲。\n2.正文的第二点。", "注：甲。", "2.正文的第二点。"),
    ],
)
def test_what_certainly_is_a_note_below_a_table_is_read_as_one(lines: str, note: str, prose: str) -> None:
    report = imported(f"{TITLE}一、总体情况\n注：平稳。\n{_TABLE}{lines}\n六、其他需要报告的事项\n无").report
    assert report.note_disputes == note
    assert report.sections.get("disputes", "") == prose
    assert report.sections["overview"] == "注：平稳。"
