"""What names of units say: their kind, how they are written, and what stands beside them."""

from __future__ import annotations

from typing import Any

import pytest

from gxeditor.core.errors import Defects
from gxeditor.core.rollup.naming import Strength, agreed, area_of, parse_words, plain, short_area
from gxeditor.core.rollup.units import UnitKind
from gxeditor.resources import load_unit_words, read_shipped, resource

WORDS = load_unit_words()
K = UnitKind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("江北省人民政府", K.PROVINCE),
        ("云川市", K.CITY),
        ("大凉彝族自治州人民政府", K.CITY),
        ("桐溪县人民政府", K.COUNTY),
        ("白石区", K.COUNTY),
        ("桐溪县人民政府办公室", K.OFFICE),
        ("云川市政府办", K.OFFICE),
        ("桐溪县教育局（体育局）", K.DEPARTMENT),
        ("云川市城市管理局", K.DEPARTMENT),
        ("云川市人民政府驻北京办事处", K.DEPARTMENT),
        ("国营青坪农场", K.DEPARTMENT),
        ("桐溪县原种场", K.DEPARTMENT),
        ("区医疗保障", K.DEPARTMENT),  # cut off
        ("国家税务总局桐溪县税务局", K.VERTICAL),
        ("桐溪县气象局", K.VERTICAL),
        ("云川海关", K.VERTICAL),
        ("桐溪县烟草专卖局", K.VERTICAL),
        ("云川市生态环境局桐溪分局", K.BRANCH),
        ("青坪派出所", K.BRANCH),
        ("桐溪经济开发区管理委员会", K.ZONE),
        ("云川高新区", K.ZONE),
        ("化工园区管委会", K.ZONE),
        ("青坪乡", K.TOWNSHIP),
        ("石门镇人民政府", K.TOWNSHIP),
        ("城关街道办事处", K.STREET),
        ("桐溪县住房公积金管理中心", K.AUTHORIZED),
        ("桐溪县自来水公司", K.PUBLIC),
        ("桐溪县第一中学", K.PUBLIC),
    ],
)
def test_a_name_says_its_kind_with_the_reason(name: str, kind: UnitKind) -> None:
    guess = WORDS.guess(name)
    assert guess.kind is kind
    assert guess.why.endswith("。")


def test_a_city_in_the_list_of_a_city_is_one_of_county_level() -> None:
    assert WORDS.guess("临江市", owner="云川市").kind is K.COUNTY
    assert WORDS.guess("云川市", owner="云川市").kind is K.CITY


@pytest.mark.parametrize("name", ["国家税务总局桐溪县税务局", "桐溪县自来水公司", "桐溪县某某"])
def test_what_the_law_or_the_name_leaves_open_is_left_to_the_clerk(name: str) -> None:
    assert WORDS.guess(name).is_open


def test_two_full_names_with_one_short_name_are_not_the_same() -> None:
    assert WORDS.forms("文化和旅游局")["文旅局"] == Strength.SHORT
    assert WORDS.forms("文化广电和旅游局")["文旅局"] == Strength.SHORT
    assert agreed(Strength.SHORT, Strength.SHORT) is None
    assert agreed(Strength.SHORT, Strength.EXACT) == Strength.SHORT


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("03.桐溪县教育局2025年政府信息公开工作年度报告（终稿）(1)", "桐溪县教育局"),
        ("关于印发桐溪县教育局政府信息公开工作2025年度报告的通知", "桐溪县教育局"),
        ("教育局年报 最终版_v2.1 2026-01-16", "教育局"),
        ("二〇二五年教育局信息公开工作报告", "教育局"),
        ("桐教〔2026〕3号 教育局", "教育局"),
        ("新闻出版局政务公开年报盖章扫描件", "新闻出版局"),
        ("统计局报表", "统计局"),
        ("高新区管委会25年报副本", "高新区管委会"),
        ("二十里铺镇年报", "二十里铺镇"),
        ("桐溪县人民政府信息公开工作年度报告", "桐溪县人民政府"),
        ("青坪乡人民政府政务公开工作2025年度报告", "青坪乡人民政府"),
    ],
)
def test_what_stands_beside_a_name_is_left_out(text: str, name: str) -> None:
    assert "".join(piece.text for piece in WORDS.pieces(text) if not piece.in_brackets) == name


def test_brackets_behind_a_name_hold_a_former_name_or_a_signboard() -> None:
    assert WORDS.formers("桐溪县商务局（原商务委员会）") == (("商务委员会",), (), "桐溪县商务局")
    assert WORDS.formers("桐溪县教育局（加挂体育局、语委牌子）") == (
        (),
        ("体育局", "语委"),
        "桐溪县教育局（加挂体育局、语委牌子）",
    )
    assert WORDS.formers("桐溪县农场（原种场）")[0] == ()


def test_a_place_is_read_of_a_government_and_shortened() -> None:
    assert area_of("桐溪县人民政府办公室") == "桐溪县"
    assert [short_area(name) for name in ("桐溪县", "大凉彝族自治州", "青坪乡", "东县")] == [
        "桐溪",
        "大凉",
        "青坪",
        "",
    ]
    assert plain("　Ａ 教育局\u200b ") == "A教育局"


def test_headings_and_totals_of_a_list_are_no_units() -> None:
    for heading in (
        "县直部门（37个）",
        "一、乡镇：11 个".removeprefix("一、"),
        "各乡镇人民政府",
        "垂管单位",
        "市、县（区）",
    ):
        assert WORDS.is_group(heading) or heading == "市、县（区）"
    for total in ("合计", "共49家", "合计：49 家", "单位名单", "联系人：李四", "第 2 页 共 3 页"):
        assert WORDS.is_total(total)
    for unit in ("青坪乡", "统计局", "机关事务服务中心", "直属机关工委"):
        assert not WORDS.is_group(unit)
        assert not WORDS.is_total(unit)


def test_every_list_of_words_has_its_source_and_damage_is_named() -> None:
    data: dict[str, Any] = read_shipped(resource("rollup/units.toml"))
    assert parse_words(data).kinds
    damaged = {**data, "noise": {**data["noise"], "source": "", "dates": ["("]}}
    with pytest.raises(Defects, match="noise：没有出处"):
        parse_words(damaged)
    with pytest.raises(Defects, match="kinds"):
        parse_words({**data, "kinds": [{"kind": "局"}]})


@pytest.mark.parametrize(
    ("prose", "name"),
    [
        ("2025年，松塘县教育局认真贯彻落实《条例》。", "松塘县教育局"),
        ("根据规定，现公布松塘县教育局（以下简称“我局”）2025年度报告。", "松塘县教育局"),
        ("一年来，松塘县沙田乡人民政府严格按照要求公开信息。", "松塘县沙田乡人民政府"),
        ("2025年，松塘县人民政府坚持公开。", ""),  # its office writes so
        ("2025年，在松塘县人民政府办公室的指导下，我局认真公开。", ""),
        ("2025年，松塘县教育局认真部署，我镇积极落实。", ""),
        ("2025年，全县各部门认真贯彻落实。", ""),
    ],
)
def test_the_beginning_of_the_prose_says_whose_report_it_is(prose: str, name: str) -> None:
    assert WORDS.subject(prose) == name
