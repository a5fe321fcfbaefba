"""What a place of a grid stands for: the rules one by one, each on a small picture of a table."""

from __future__ import annotations

import pytest

from gxeditor.core.form import Form
from gxeditor.wording.headings import headings_of
from gxeditor.wording.labels import plain
from gxeditor.wording.paths import Found, GridItem, Scan, rows_about
from gxeditor.workbook.cells import cell_ref

LABELS = (
    "本年新收",
    "上年结转",
    "予以公开",
    "部分公开",
    "属于国家秘密",
    "重复申请",
    "结转下年度继续办理",
)


def scan(form: Form, picture: str, *merges: tuple[int, int, int, int]) -> Scan:
    """A grid drawn in lines: cells divided by |, `.` for nothing; merges as top, left, rows, columns."""
    headings = headings_of(form)
    spans = {(top, left): (rows, columns) for top, left, rows, columns in merges}
    items = []
    lines = [line.strip() for line in picture.strip().splitlines()]
    for row, line in enumerate(lines):
        for column, text in enumerate(part.strip() for part in line.split("|")):
            if text not in (".", "") or (row, column) in spans:
                heading = None if plain(text).isdigit() or text in (".", "") else headings.read(text)
                items.append(
                    GridItem(row, column, *spans.get((row, column), (1, 1)), text.strip("."), heading)
                )
    wide = max(line.count("|") for line in lines) + 1
    rows = range(len(lines) + 3)
    return Scan(items, headings, lambda row, column: row < len(lines) and column < wide, rows)


def places(form: Form, picture: str, *merges: tuple[int, int, int, int]) -> dict[str, str]:
    found = scan(form, picture, *merges).found
    assert len({one.cell for one in found}) == len(found)
    return {one.cell: cell_ref(one.row, one.column) for one in found}


def one(form: Form, picture: str, cell: str) -> Found:
    return next(found for found in scan(form, picture).found if found.cell == cell)


def test_a_heading_beside_and_one_above_name_a_place(form: Form) -> None:
    assert places(form, "信息内容 | 本年制发件数 | 现行有效件数\n规章 | . | .\n行政规范性文件 | . | .") == {
        "proactive.government_rules.issued": "B2",
        "proactive.government_rules.in_force": "C2",
        "proactive.normative_documents.issued": "B3",
        "proactive.normative_documents.in_force": "C3",
    }


@pytest.mark.parametrize("head", ["上年数", "同比增减", "备注", "项目数", "外籍人员", "联系电话"])
def test_a_column_of_another_year_or_of_unknown_meaning_has_no_places(form: Form, head: str) -> None:
    found = places(form, f"指标 | 自然人 | {head}\n本年新收 | . | .\n予以公开 | . | .")
    assert sorted(found.values()) == ["B2", "B3"]


def test_sub_columns_are_told_by_the_year_they_are_for(form: Form) -> None:
    picture = """
    . | 自然人 | . | 商业企业 | .
    . | 上年 | 本年 | 上年 | 本年
    本年新收 | . | . | . | .
    予以公开 | . | . | . | ."""
    assert set(places(form, picture, (0, 1, 1, 2), (0, 3, 1, 2)).values()) == {"C3", "E3", "C4", "E4"}


def test_an_unknown_row_has_no_places(form: Form) -> None:
    found = places(form, ". | 自然人 | 总计\n本年新收 | . | .\n其中：网上申请 | . | .\n予以公开 | . | .")
    assert "B3" not in found.values()
    assert len(found) == 4


def test_an_unknown_heading_further_out_is_told_with_the_place(form: Form) -> None:
    picture = "渠道 | 指标 | 自然人 | 总计\n网上 | 本年新收 | . | .\n网上 | 予以公开 | . | ."
    assert one(form, picture, "requests.received.natural_person").strange == ("网上",)


def test_a_long_list_needs_no_heading_above(form: Form) -> None:
    assert places(form, "本年新收-自然人 | .\n本年新收-商业企业 | .\n行政许可 | .") == {
        "requests.received.natural_person": "B1",
        "requests.received.company": "B2",
        "proactive.licensing.decisions": "B3",
    }


def test_numbers_that_only_count_the_rows_are_no_figures(form: Form) -> None:
    lines = [f"{label}-自然人 | {i + 1} | ." for i, label in enumerate(LABELS)]
    assert set(places(form, "\n".join(lines)).values()) == {f"C{i + 1}" for i in range(len(LABELS))}


def test_numbers_that_only_count_the_columns_are_no_figures(form: Form) -> None:
    picture = "行政复议 | . | . | .\n结果维持 | 结果纠正 | 其他结果 | 尚未审结\n1 | 2 | 3 | 4\n. | . | . | ."
    found = scan(form, picture, (0, 0, 1, 4))
    assert {cell_ref(one.row, one.column) for one in found.found} == {"A4", "B4", "C4", "D4"}


def test_figures_that_happen_to_count_are_figures(form: Form) -> None:
    found = places(
        form,
        "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数\n规章 | 1 | 2 | 3\n行政规范性文件 | 4 | 5 | 6",
    )
    assert len(found) == 6


def test_headings_above_a_row_of_units_name_its_places(form: Form) -> None:
    picture = "单位名称 | 本年新收-自然人 | 本年新收-总计\n甲县政府 | . | .\n乙县政府 | . | ."
    found = scan(form, picture).found
    assert {(one.way, one.row) for one in found} == {("up", 1)}
    assert found[0].unit == ("甲县政府",)


def test_blanks_among_headings_are_no_places(form: Form) -> None:
    picture = "行政复议 | . | 行政诉讼 | .\n结果维持 | 总计 | 复议后起诉 | .\n. | . | 结果维持 | 总计\n. | . | . | ."
    found = places(form, picture, (0, 0, 1, 2), (0, 2, 1, 2), (1, 2, 1, 2))
    assert set(found.values()) == {"A4", "B4", "C4", "D4"}


def test_a_total_beside_a_total_is_the_total_of_both(form: Form) -> None:
    found = places(form, ". | 自然人 | 总计\n本年新收 | . | .\n（七）总计 | . | .")
    assert found["requests.handled.total.total"] == "C3"
    assert found["requests.received.total"] == "C2"


def test_other_beside_total_is_read_as_the_rest_of_the_table_is(form: Form) -> None:
    upright = places(form, ". | 自然人 | 总计\n重复申请 | . | .\n其他 | . | .\n总计 | . | .")
    assert upright["requests.handled.other.other_reasons.total"] == "C3"
    turned = places(
        form, ". | 重复申请 | 其他 | 总计\n自然人 | . | . | .\n其他 | . | . | .\n总计 | . | . | ."
    )
    assert turned["requests.handled.other.other_reasons.total"] == "C4"


def test_a_table_beyond_an_empty_column_has_its_own_headings(form: Form) -> None:
    picture = """
    . | 自然人 | 总计 | . | 行政复议 | .
    . | . | . | . | 结果维持 | 总计
    本年新收 | . | . | . | . | .
    予以公开 | . | . | . | . | ."""
    found = places(form, picture, (0, 4, 1, 2))
    assert found["disputes.reconsideration.upheld"] == "E3"
    assert found["requests.handled.granted.total"] == "C4"


def test_a_merged_place_below_two_headings_is_no_place(form: Form) -> None:
    picture = "信息内容 | 本年制发件数 | 本年废止件数\n规章 | . | .\n行政规范性文件 | . | ."
    assert "B2" not in places(form, picture, (1, 1, 1, 2)).values()


def test_a_text_where_a_figure_belongs_is_told(form: Form) -> None:
    picture = "信息内容 | 本年制发件数 | 现行有效件数\n规章 | 此格不填 | .\n行政规范性文件 | . | ."
    assert one(form, picture, "proactive.government_rules.issued").text == "此格不填"


def test_notes_and_codes_between_label_and_figure_do_not_matter(form: Form) -> None:
    picture = """
    指标 | 代码 | 指标解释 | 自然人 | 总计
    本年新收 | XZ01 | 指收到的申请 | . | .
    予以公开 | XZ02 | 略 | . | ."""
    assert set(places(form, picture).values()) == {"D2", "E2", "D3", "E3"}


def test_the_rows_about_known_headings_are_looked_at_and_what_heads_them_from_afar() -> None:
    filled = [0, *range(10, 500), *range(600, 700)]
    rows = rows_about([(300, 301), (302, 302)], filled)
    assert rows == {0, *range(10, 18), *range(294, 306)}
    assert rows_about([], filled) == set()


def test_a_grid_without_a_known_heading_gives_nothing(form: Form) -> None:
    assert scan(form, "姓名 | 年龄\n张三 | 3").found == []
