"""Titles are divided as an office would divide them."""

from __future__ import annotations

import pytest

from gxeditor.writers.titles import title_lines

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
                "新疆维吾尔自治区伊犁哈萨克自治州",
                "察布查尔锡伯自治县人民政府",
                "2022年政府信息公开工作年度报告",
            ],
        ),
        (
            "国家税务总局新疆维吾尔自治区伊犁哈萨克自治州税务局2022年政府信息公开工作年度报告",
            ["国家税务总局新疆维吾尔自治区", "伊犁哈萨克自治州税务局2022年", "政府信息公开工作年度报告"],
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
