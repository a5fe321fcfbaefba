"""The profiles of the printed report, and what a settings file may do to them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.errors import Defects
from gxeditor.paper.layouts import Margins, default_layout, layout_from, layouts, parse_layout, to_data
from gxeditor.resources import resource


def data(key: str = "official") -> dict[str, Any]:
    return tomllib.loads(resource(f"layouts/{key}.toml").read_text(encoding="utf-8"))


def test_there_are_three_profiles_and_the_official_document_is_first() -> None:
    assert [layout.name for layout in layouts()] == ["公文", "简洁", "网页附件"]
    assert default_layout().key == "official"


def test_an_official_document_has_the_page_of_the_standard() -> None:
    """GB/T 9704-2012, 5.2 and 7.5."""
    layout = default_layout()
    assert layout.margins == Margins(top=37, left=28, right=26, bottom=35)
    assert (layout.width, layout.height) == (156, 225)
    assert (layout.lines, layout.characters) == (22, 28)
    assert (layout.body_size, layout.title_size, layout.number_size) == (16, 22, 14)
    assert (layout.page_number, layout.number_drop, layout.table_least) == ("outer", 7, 9)


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
def test_a_profile_says_how_many_lines_and_characters_its_page_holds(layout: Any) -> None:
    written = data(layout.key)
    assert (layout.lines, layout.characters) == (written["lines"], written["characters"])
    assert layout.table_least >= 9


def test_wider_margins_leave_fewer_characters_of_the_same_width() -> None:
    layout = replace(default_layout(), margins=Margins(37, 38, 36, 35))
    assert layout.characters == 24
    assert layout.lines == 22


def test_a_damaged_profile_names_all_its_defects_at_once() -> None:
    broken = {**data(), "colour": "red", "top": "37", "lines": 0, "page_number": "left"}
    del broken["title_size"]
    with pytest.raises(Defects) as caught:
        parse_layout(broken)
    assert caught.value.defects == (
        "不认识的键 colour",
        "缺少 title_size",
        "top 不能是 '37'",
        "lines 不能是 0",
        "page_number 不能是 'left'",
    )


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        ({"left": 60, "right": 60}, "版心放不下表格"),
        ({"lines": 60}, "与版心和字号不合"),
        ({"characters": 40}, "与版心和字号不合"),
        ({"table_least": 13}, "应从小到大"),
    ],
)
def test_a_profile_whose_numbers_do_not_go_together_is_refused(change: dict[str, Any], defect: str) -> None:
    with pytest.raises(Defects, match=defect):
        parse_layout({**data(), **change})


def test_only_what_differs_from_the_profile_is_kept() -> None:
    assert to_data(default_layout()) == {"key": "official"}
    changed = replace(
        layouts()[1], cover=True, margins=layouts()[1].margins._replace(left=20), faces={"hei": "SimHei"}
    )
    assert to_data(changed) == {"key": "compact", "left": 20, "cover": True, "faces": {"hei": "SimHei"}}
    assert layout_from(to_data(changed)) == (changed, ())


def test_what_makes_no_sense_is_left_out_one_by_one() -> None:
    layout, ignored = layout_from(
        {"key": "compact", "top": 30, "left": "wide", "cover": True, "faces": {"script": "x"}, "lines": 3}
    )
    assert layout == replace(layouts()[1], margins=layouts()[1].margins._replace(top=30), cover=True)
    assert ignored == (
        "版式设置 left 不能是 'wide'",
        "版式设置 faces 不能是 {'script': 'x'}",
        "版式设置 lines 不能是 3",
    )


def test_a_profile_that_is_gone_is_the_official_document() -> None:
    assert layout_from({"key": "poster"}) == (default_layout(), ("没有“poster”这种版式，用“公文”",))


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"left": 70, "right": 70}, "页边距"),
        ({"body_size": 26, "leading": 4}, "字号或行距"),
        ({"table_least": 14}, "表格最小字号"),
    ],
)
def test_numbers_that_do_not_go_together_are_those_of_the_profile_again(
    settings: dict[str, Any], word: str
) -> None:
    layout, (ignored,) = layout_from(settings)
    assert layout == default_layout()
    assert word in ignored


@given(
    st.dictionaries(
        st.sampled_from(
            ["key", "top", "left", "body_size", "table_size", "cover", "faces", "page_number", "x"]
        ),
        st.none()
        | st.booleans()
        | st.floats()
        | st.integers()
        | st.text()
        | st.dictionaries(st.text(), st.text()),
    )
)
def test_whatever_a_settings_file_holds_there_is_a_layout(settings: dict[str, Any]) -> None:
    layout, _ = layout_from(settings)
    assert layout.lines >= 8
    assert layout.characters >= 12
    assert layout_from(to_data(layout)) == (layout, ())
