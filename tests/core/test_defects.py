"""Declarative data is read with all its defects at once, each told with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gxeditor.core.defects import Reading
from gxeditor.core.errors import Defects


def test_sound_data_gives_its_values_and_no_defect() -> None:
    data: dict[str, Any] = {
        "title": "报告",
        "words": ["甲"],
        "ours": False,
        "kind": "row",
        "blocks": [{"unit": "件"}],
    }
    reading = Reading(data)
    assert (reading.text("title"), reading.texts("words"), reading.flag("ours", True)) == (
        "报告",
        ("甲",),
        False,
    )
    assert reading.one_of("kind", ("row", "column")) == "row"
    assert [block.text("unit") for block in reading.tables("blocks")] == ["件"]
    reading.known(data)
    reading.check("文件有误")


def test_what_is_absent_is_its_default_where_it_is_not_needed() -> None:
    reading = Reading({})
    assert (reading.text("note", needed=False), reading.texts("words"), reading.flag("ours", True)) == (
        "",
        (),
        True,
    )
    assert (reading.one_of("kind", ("row", "column"), "row"), reading.table("note")) == ("row", None)
    assert list(reading.tables("blocks")) == []
    assert reading.defects == []


@pytest.mark.parametrize(
    ("data", "ask", "defects"),
    [
        ({}, lambda r: r.text("title"), ["缺少 title"]),
        ({"title": " \n"}, lambda r: r.text("title"), ["缺少 title"]),
        ({"title": 1}, lambda r: r.text("title"), ["title 应为文字"]),
        ({"title": None}, lambda r: r.text("title", needed=False), ["title 应为文字"]),
        ({"words": "甲"}, lambda r: r.texts("words"), ["words 应为文字列表"]),
        ({"words": ["甲", 1]}, lambda r: r.texts("words"), ["words 应为文字列表"]),
        ({"words": []}, lambda r: r.texts("words", needed=True), ["words 应为文字列表"]),
        ({"words": ["甲", " "]}, lambda r: r.texts("words", needed=True), ["words 应为文字列表"]),
        ({}, lambda r: r.texts("words", needed=True), ["words 应为文字列表"]),
        ({"ours": 1}, lambda r: r.flag("ours", True), ["ours 应为 true 或 false"]),
        ({"axis": "up"}, lambda r: r.one_of("axis", ("row", "column")), ["axis 应为 row 或 column"]),
        ({"axis": ["row"]}, lambda r: r.one_of("axis", ("row", "column")), ["axis 应为 row 或 column"]),
        ({}, lambda r: r.one_of("axis", ("a", "b", "c")), ["axis 应为 a、b 或 c"]),
        ({}, lambda r: r.one_of("axis", ("a", "b", "c", "d")), ["axis 应为 a、b、c、d 之一"]),
        ({"edition": 2021}, lambda r: r.equal("edition", "2021"), ["edition 应为 2021"]),
        ({"note": "甲"}, lambda r: r.table("note"), ["note 应为表"]),
        ({"rows": {}}, lambda r: list(r.tables("rows")), ["rows 应为表"]),
        ({}, lambda r: list(r.tables("rows", "列表", needed=True)), ["rows 应为列表"]),
        ({"rows": ["甲", {}]}, lambda r: list(r.tables("rows")), ["rows[0] 应为表"]),
        ({"a": 1, "b": 2}, lambda r: r.known({"b"}), ["不认识的键 a"]),
    ],
)  # fmt: skip
def test_what_stands_in_the_place_of_a_value_is_told(
    data: dict[str, Any], ask: Callable[[Reading], object], defects: list[str]
) -> None:
    reading = Reading(data)
    ask(reading)
    assert reading.defects == defects


def test_a_defect_of_an_inner_table_names_the_whole_way_to_it() -> None:
    reading = Reading({"sections": [{}, {"table": {"rows": [{"x": 1, "sum": 2}]}}]}, "文件：")
    for section in reading.tables("sections"):
        section.text("key")
        table = section.table("table")
        for row in table.tables("rows") if table is not None else ():
            row.known({"sum"})
            row.flag("sum", False)
    reading.wrong("没有版本")
    assert reading.defects == [
        "sections[0]：缺少 key",
        "sections[1]：缺少 key",
        "sections[1].table.rows[0]：不认识的键 x",
        "sections[1].table.rows[0].sum 应为 true 或 false",
        "文件：没有版本",
    ]


def test_all_defects_are_raised_together_and_each_once() -> None:
    reading = Reading({})
    for key in ("title", "basis", "title"):
        reading.text(key)
    with pytest.raises(Defects, match="格式文件有误：缺少 title；缺少 basis") as caught:
        reading.check("格式文件有误")
    assert caught.value.defects == ("缺少 title", "缺少 basis")
