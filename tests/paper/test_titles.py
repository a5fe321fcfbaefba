"""Titles are divided as an office would divide them."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from gxeditor.paper.titles import (
    em_width,
    sealed_room,
    sealed_space,
    signature_lines,
    signed_room,
    title_lines,
)

MEASURE = 156 / 25.4 * 72 / 22  # the block of GB/T 9704 in ems of 22 pt


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("政府信息公开工作年度报告", ["政府信息公开工作年度报告"]),
        (
            "鲁山县张良镇人民政府2022年政府信息公开工作年度报告",
            ["鲁山县张良镇人民政府", "2022年政府信息公开工作年度报告"],
        ),
        (
            "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县人民政府2022年政府信息公开工作年度报告",
            [
                "新疆维吾尔自治区",
                "伊犁哈萨克自治州",
                "察布查尔锡伯自治县人民政府",
                "2022年政府信息公开工作年度报告",
            ],
        ),
        (
            "国家税务总局新疆维吾尔自治区伊犁哈萨克自治州税务局2022年政府信息公开工作年度报告",
            ["国家税务总局", "新疆维吾尔自治区伊犁哈萨克自治州税务局", "2022年政府信息公开工作年度报告"],
        ),
        (" ", []),
        ("甲" * 50, ["甲" * 50]),
        ("工作" * 48, ["工作" * 48]),
    ],
)
def test_a_title_is_divided_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title, MEASURE) == lines


def test_a_face_with_narrow_figures_may_keep_more_on_a_line() -> None:
    title = "甲" * 8 + "2022年" * 3
    assert title_lines(title, 17) == ["甲" * 8, "2022年" * 3]
    assert title_lines(title, 17, lambda char: 0.2 if char.isdigit() else 1.0) == [title]


REPORT = "2022年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    "agency",
    [
        "鲁山县人民政府办公室",
        "北京市海淀区人民政府中关村街道办事处",
        "海淀区教育委员会",
        "天津滨海高新技术产业开发区管理委员会",
        "苏州工业园区管理委员会",
        "郑州航空港经济综合实验区管理委员会",
        "广西壮族自治区住房和城乡建设厅",
        "积石山保安族东乡族撒拉族自治县人民政府",
        "双江拉祜族佤族布朗族傣族自治县人民政府|办公室2022年政府信息公开工作年度报告",
        "新疆生产建设兵团第八师石河子市人民政府",
        "新疆生产建设兵团第一师|阿拉尔市自然资源和规划局",
        "中国（上海）自由贸易试验区|临港新片区管理委员会2022年|政府信息公开工作年度报告",
        "国家税务总局呼和浩特市新城区税务局",
        "国家统计局黑龙江调查总队",
        "中国证券监督管理委员会上海监管局",
        "中国科学技术大学",
        "郑州市人民政府国有资产监督管理委员会",
        "阿坝藏族羌族自治州若尔盖县人民政府",
        "伊犁哈萨克自治州|霍尔果斯市人力资源和社会保障局",
        "内蒙古自治区锡林郭勒盟|西乌珠穆沁旗巴拉嘎尔高勒镇人民政府",
        "呼伦贝尔市|莫力达瓦达斡尔族自治旗人民政府办公室",
        "延边朝鲜族自治州文化广播电视和旅游局",
        "重庆市酉阳土家族苗族自治县市场监督管理局",
        "乌鲁木齐市天山区东门街道办事处",
        "上海市城市管理行政执法局执法总队",
        "黄石市城市管理执法委员会",
        "长沙市市辖区区公安分局",
        "武汉东湖新技术开发区管委会",
        "海南藏族自治州共和县恰卜恰镇人民政府",
        "宁夏回族自治区市场监督管理厅",
        "四川省凉山彝族自治州|木里藏族自治县发展改革和经济信息化局",
        "湖南省|湘西土家族苗族自治州凤凰县沱江镇人民政府",
        "马鞍山市含山县县委办公室",
        "锡林郭勒盟行政公署",
        "广西壮族自治区防城港市|东兴国家重点开发开放试验区管理委员会",
        "新疆维吾尔自治区|巴音郭楞蒙古自治州|和静县巴音布鲁克镇人民政府",
        "内蒙古自治区|呼和浩特经济技术开发区管理委员会",
        "广州市黄埔区人民政府广州开发区管理委员会",
        "兰州新区管理委员会|（兰州市永登县人民政府）办公室",
        "国家发展和改革委员会|价格监测中心国际合作处",
        "海北藏族自治州|门源回族自治县住房和城乡建设局",
        "四川省|阿坝藏族羌族自治州九寨沟风景名胜区管理局",
        "鲁山县|发展和改革委员会（粮食和物资储备局）",
        "平顶山市城市管理局（综合行政执法局）",
        "鲁山县退役军人事务局（局）",
        "广东省深圳市|前海深港现代服务业合作区管理局",
        "国家林业和草原局|驻西安森林资源监督专员办事处",
        "上海市浦东新区民政局、|上海市浦东新区退役军人事务局",
        "河南省平顶山市鲁山县|人力资源和社会保障局社会保险中心",
        "青岛市市北区人民政府合肥路街道办事处",
        "国家税务总局广州市黄埔区|国家税务总局广州开发区税务局",
        "河北雄安新区管理委员会综合执法局",
    ],
)
def test_the_name_of_an_agency_is_divided_where_a_reader_would_pause(agency: str) -> None:
    lines = agency.split("|")
    if "年度报告" not in agency:
        lines.append(REPORT)
    assert title_lines("".join(lines), MEASURE) == lines


_PLACES = (
    "湖南省",
    "内蒙古自治区",
    "伊犁哈萨克自治州",
    "鲁山县",
    "济南市",
    "青岛市市北区",
    "大兴安岭地区",
    "",
)
_OFFICES = (
    "人民政府办公室",
    "发展和改革委员会（粮食局）",
    "大学城管理委员会",
    "市场监督管理局",
    "公共资源交易中心",
    "委托业务服务中心",
)


@pytest.mark.parametrize("first", _PLACES)
def test_lines_of_a_title_get_longer_or_shorter_or_are_longest_amid_and_tear_no_word(
    first: str,
) -> None:
    for second, third, office in product(_PLACES, _PLACES, _OFFICES):
        lines = title_lines(f"{first}{second}{third}{office}{REPORT}", MEASURE)
        if len(lines) == 1:  # more than the lines that a title is divided into
            continue
        lengths = [sum(map(em_width, line)) for line in lines]
        longest = lengths.index(max(lengths))
        parts = [*pairwise(lengths[: longest + 1]), *((b, a) for a, b in pairwise(lengths[longest:]))]
        assert all(shorter <= longer + 0.5 for shorter, longer in parts), lines
        for word in ("市场", "大学城", "委托", "市北区", "（粮食局）", "自治", "2022年", "政府信息公开"):
            assert sum(line.count(word) for line in lines) == "".join(lines).count(word), lines
        assert not any(line.startswith(("（粮", "）", "和")) or line.endswith("（") for line in lines), lines


def test_the_year_begins_a_line_where_the_shape_allows() -> None:
    """Else an agency of two lines, the second of them short, would make an hourglass."""
    for agency in ("鲁山县自然资源和规划局（局）", "平顶山市鲁山县农业农村和水利局", "鲁山县民政局" * 3):
        assert any(line.startswith("2022年") for line in title_lines(agency + REPORT, MEASURE))


@pytest.mark.parametrize(
    ("signature", "date", "room"),
    [
        ([10], [8], [2, 2]),  # the date begins two characters further right: 12 from the edge less 2, less 8
        ([20], [9], [2, 11]),
        ([6], [9], [7, 2]),  # a longer date stands at the edge, the signature begins two characters before it
        ([10, 6], [], [2, 4]),
        ([], [9], [2]),
        ([], [9, 7], [2, 2]),
        ([20], [9, 7], [2, 11, 13]),
    ],
)
def test_signature_and_date_stand_as_the_standard_for_official_documents_says(
    signature: list[float], date: list[float], room: list[float]
) -> None:
    assert signed_room(signature, date) == room


@pytest.mark.parametrize(
    ("signature", "date", "room"),
    [
        ([10], [8], [3, 4]),  # both have their middle 8 from the edge
        ([4], [8], [6, 4]),
        ([16], [8], [0, 4]),
        ([20], [8], [0, 6]),  # a name that would pass the edge takes the date along
        ([10, 6], [8], [3, 5, 4]),
        ([10], [], [4]),
        ([], [8], [4]),
        ([6], [8, 5], [5, 4, 7]),  # lines of a date begin together
    ],
)
def test_under_a_seal_the_date_is_four_from_the_edge_and_the_name_centred_on_it(
    signature: list[float], date: list[float], room: list[float]
) -> None:
    assert sealed_room(signature, date) == room


@pytest.mark.parametrize(("lines", "space"), [(2, 2), (3, 1), (4, 1), (1, 2)])
def test_a_seal_of_45_millimetres_needs_as_many_empty_lines_of_an_official_document(
    lines: int, space: int
) -> None:
    assert sealed_space(lines, 28.99) == space


def test_a_name_has_more_room_without_a_seal_and_is_divided_only_where_it_must() -> None:
    name = "平顶山市鲁山县人民政府政务服务管理局"
    assert signature_lines(name, 6.5, 28, sealed=False) == [name]
    divided = signature_lines(name, 6.5, 28, sealed=True)
    assert len(divided) == 2
    assert "".join(divided) == name
    assert signature_lines("某" * 40, 6.5, 28, sealed=True) == ["某" * 40]
    assert signature_lines(" ", 6.5, 28, sealed=True) == []
