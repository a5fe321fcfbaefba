"""Titles and the pages around them: whose report it is, and of which year; blank where that is not certain."""

from __future__ import annotations

import pytest

from gxeditor.imports.formats.text import parse_text
from gxeditor.imports.recognize.front import page_number
from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.resources import load_form

NAME = "政府信息公开工作年度报告"
PREAMBLE = "根据条例编制本报告。"
BODY = (
    f"{PREAMBLE}\n一、总体情况\n公开信息12条。\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n"
    "四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n一是更新不及时。\n"
    "六、其他需要报告的事项\n未收取信息处理费。\n"
)


def imported(front: str, end: str = "") -> Imported:
    return recognize(parse_text(f"{front}\n{BODY}{end}"), load_form())


def about(result: Imported) -> list[str]:
    return [note.what for note in result.notes if note.where == "基本信息"]


@pytest.mark.parametrize(
    ("front", "agency"),
    [
        # the year and the name in every order
        (f"丙县丁局2024年{NAME}", "丙县丁局"),
        (f"2024年丙县丁局{NAME}", "丙县丁局"),
        (f"2024丙县丁乡2024年度{NAME}", "丙县丁乡"),
        (f"丙县丁局{NAME}（2024年度）", "丙县丁局"),
        (f"二〇二四年丙县丁局{NAME}", "丙县丁局"),
        (f"丙县丁局二○二四年度{NAME}", "丙县丁局"),
        (f"丙县丁局２０２４ 年 {NAME}", "丙县丁局"),
        ("丙县丁局政府信息公开2024年年报", "丙县丁局"),
        # other words
        ("2024年丙县卫生健康委员会信息公开年报", "丙县卫生健康委员会"),
        ("丙县丁局2024年政府信息公开工作报告", "丙县丁局"),
        ("丙县丁局关于2024年政府信息公开工作情况的报告", "丙县丁局"),
        ("关于丙县丁局2024年度政府信息公开工作的报告", "丙县丁局"),
        (f"《丙县丁局2024年{NAME}》", "丙县丁局"),
        (f"丙县丁局关于公布《2024年{NAME}》的公告", "丙县丁局"),
        (f"丙县丁局2024年{NAME}（公开稿）", "丙县丁局"),
        # several lines, words broken too
        ("丙区丁街道办事处2024年政府信息公开工作\n年度报告", "丙区丁街道办事处"),
        (f"丙县卫生\n健康委员会2024年{NAME}", "丙县卫生健康委员会"),
        (f"丙县丁镇人民\n政府2024年{NAME}", "丙县丁镇人民政府"),
        (f"丙县丁局20\n24年{NAME}", "丙县丁局"),
        ("丙县丁局2024年政府信\n息公开工作年\n度报告", "丙县丁局"),
        ("丙县丁局\n政府信息公开\n2024年\n年度报告", "丙县丁局"),
        (f"丙县丁局\n{NAME}\n（2024年度）", "丙县丁局"),
        (f"丙县\n丁局2024年{NAME}", "丙县丁局"),
        # the name in a line of its own
        (f"丙县丁局\n2024年{NAME}", "丙县丁局"),
        (f"2024年{NAME}\n丙县丁局\n2025年1月20日", "丙县丁局"),
        (f"2024年{NAME}\n（丙县丁局）", "丙县丁局"),
        (f"2024年{NAME}\n丙县丁局\n2024年{NAME}", "丙县丁局"),
        (f"编制单位：丙县丁局\n2024年{NAME}", "丙县丁局"),
        (f"2024年{NAME}（丙县丁局）", "丙县丁局"),
        (f"丙县丁局\n2024年{NAME}\n（二〇二五年一月）", "丙县丁局"),
        # a page around it
        (
            f"您当前的位置：首页\n > 政府信息公开 > 政府信息公开年报 > 2024 > 乡镇\n\n丙县丁局2024年{NAME}",
            "丙县丁局",
        ),
        (f"首页»信息公开»年度报告»正文\n丙县丁局2024年{NAME}", "丙县丁局"),
        (f"首页 / 政务公开 / 年报 / 丙县\n丙县丁局2024年{NAME}", "丙县丁局"),
        (f"首页 > 年报 > 丙县丁局2024年{NAME}", "丙县丁局"),
        (f"组配分类 政府信息公开年报\n丙县丁局2024年{NAME}", "丙县丁局"),
        (f"信息名称 丙县丁局2024年{NAME}\n公开方式 主动公开\n丙县丁局2024年{NAME}", "丙县丁局"),
        (f"索引号\t0143\n名称\t丙县丁局2024年{NAME}\n发布机构\t丙县人民政府", "丙县丁局"),
        (f"丙县人民政府\n丙县丁局2024年{NAME}", "丙县丁局"),
        (f"政务动态\n丙县丁局2024年{NAME}", "丙县丁局"),
        (f"丙县人民政府政府信息公开年报\n丙县丁局2024年{NAME}", "丙县丁局"),
        (f"丙县丁局2024年{NAME}-丙县人民政府\n首页\n政务公开\n丙县丁局2024年{NAME}", "丙县丁局"),
        (f"丙县丁局2024年{NAME}\n发布时间：2025-01-20 15:29 来源：丁局 【字体： 打印", "丙县丁局"),
        (f"丙县丁局2024年{NAME}\n【字体：大 中 小】 打印 关闭 浏览次数：12次\n点击查看解读", "丙县丁局"),
        (f"丙县丁局2024年{NAME} 发布时间：2025-01-20 来源：丙县政府", "丙县丁局"),
        (f"浏览次数：\n123\n丙县丁局2024年{NAME}\n来源：\n丙县人民政府", "丙县丁局"),
        (f"第1页 共5页\n丙县丁局2024年{NAME}\n— 1 —", "丙县丁局"),
        # kinds of agencies
        (f"丙县政务服务和数据管理局2024年{NAME}", "丙县政务服务和数据管理局"),
        (f"丙市教育局（丙市体育局）2024年{NAME}", "丙市教育局（丙市体育局）"),
        (f"本溪市人民政府2024年{NAME}", "本溪市人民政府"),
        (f"丙市丁区人民政府戊街道办事处2024年{NAME}", "丙市丁区人民政府戊街道办事处"),
        (f"国家税务总局丙县税务局2024年{NAME}", "国家税务总局丙县税务局"),
    ],
)
def test_the_title_says_whose_report_it_is_and_of_which_year(front: str, agency: str) -> None:
    report = imported(front).report
    assert (report.agency, report.year, report.preamble) == (agency, 2024, PREAMBLE)


@pytest.mark.parametrize(
    "front",
    [
        f"您的位置：丙县人民政府 > 部门 > 丁局 > 年报\n2024年{NAME}",
        f"首页\n>\n政府信息公开\n>\n丙县财政局\n>\n2024年{NAME}",
        f"索引号：0143\n发布机构：\n丙县人民政府办公室\n2024年{NAME}",
        f"公开类型：年报 发布机构：丙县丁局 生成日期：2025-01-10\n2024年{NAME}",
        f"丙县人民政府门户网站\n2024年{NAME}",
        f"丙县人民政府\n政府信息公开年报\n2024年{NAME}",
        f"走进丙县\n2024年{NAME}",
        f"新闻中心\n2024年{NAME}",
        f"年报\n丙市\n2024年{NAME}",
        f"省政府  市政府  县政府\n2024年{NAME}",
        f"丙县人民政府办公室主办\n2024年{NAME}",
        f"政府信息公开年报\n2024年{NAME}",
        f"2024年全县{NAME}",
        f"2024年部门{NAME}",
        f"丙县2024年丁局{NAME}",
        f"丙县乙局2024年{NAME}\n丙县丁局2024年{NAME}",
    ],
)
def test_where_the_agency_is_not_certain_it_stays_blank_and_that_is_said(front: str) -> None:
    result = imported(front)
    assert (result.report.agency, result.report.year) == ("", 2024)
    assert result.report.preamble == PREAMBLE
    assert len(about(result)) == 1


def test_two_years_in_a_title_leave_the_year_blank() -> None:
    result = imported(f"2023丙县丁局2024年{NAME}")
    assert (result.report.agency, result.report.year) == ("丙县丁局", None)
    assert about(result) == ["标题里没有年份。"]


def test_an_agency_that_only_the_signature_names_is_taken_from_it_and_said() -> None:
    result = imported(f"2024年{NAME}", "丙县丁局\n2025年1月20日")
    assert (result.report.agency, result.report.signature) == ("丙县丁局", "丙县丁局")
    assert [note.done for note in result.notes if note.where == "基本信息"] == [
        "按落款填为“丙县丁局”，请核对。"
    ]


def test_an_office_may_sign_for_its_government() -> None:
    assert imported(f"2024年{NAME}", "丙县人民政府办公室\n2025年1月20日").report.agency == ""


def test_a_table_of_contents_is_left_out() -> None:
    contents = "\n".join(f"{section.heading}……{i}" for i, section in enumerate(load_form().sections, 1))
    report = imported(f"丙县丁局2024年{NAME}\n目 录\n{contents}").report
    assert (report.agency, report.preamble) == ("丙县丁局", PREAMBLE)
    assert report.sections["overview"] == "公开信息12条。"


def test_a_line_of_the_preamble_that_ends_with_a_date_is_no_furniture() -> None:
    front = f"丙县丁局2024年{NAME}\n统计期限自2024年1月1日至\n2024年12月31日。"
    assert imported(front).report.preamble == f"统计期限自2024年1月1日至\n2024年12月31日。\n{PREAMBLE}"


@pytest.mark.parametrize(
    "text", ["— 1 —", "-3-", "- 12 -", "第1页 共5页", "第 2 页", "共5页，第1页", "Page 8", "P. 8"]
)
def test_numbers_of_pages_as_they_are_written(text: str) -> None:
    assert page_number(text)


@pytest.mark.parametrize("text", ["1", "-3", "12条", "3 - 5", "第1页记载了情况", "—"])
def test_what_is_no_number_of_a_page(text: str) -> None:
    assert not page_number(text)
