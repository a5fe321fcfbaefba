"""Where things go in foreign templates: whole workbooks, what decides between tables, fields, maps as files."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.errors import Defects
from gxeditor.core.form import Form
from gxeditor.files.package import Package
from gxeditor.mapping.placement import (
    Target,
    TemplateMap,
    fingerprint,
    fits,
    from_json,
    is_of_another_version,
    known_ids,
    map_template,
    to_json,
)
from gxeditor.workbook.read import Workbook, read_workbook
from tests import accuracy, layouts

NATURAL = "requests.received.natural_person"


def read(data: bytes) -> Workbook:
    return read_workbook(Package.from_bytes(data))


def saved(book: Book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def official(change: Callable[[Book], None] = lambda book: None) -> Workbook:
    """The three printed tables, a sheet each, after a change."""
    book = load_workbook(io.BytesIO(layouts.workbook_bytes(layouts.all_drawn())))
    change(book)
    return read(saved(book))


def sheet(rows: list[list[object]], *merges: str, name: str = "表") -> Book:
    book = Book()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = name
    for row in rows:
        page.append(row)
    for merge in merges:
        page.merge_cells(merge)
    return book


# -------------------- whole workbooks
@pytest.mark.parametrize("name", [*layouts.TRIED, *layouts.HELD_OUT])
def test_no_cell_of_a_layout_is_mapped_wrong(name: str) -> None:
    result = accuracy.measure({**layouts.TRIED, **layouts.HELD_OUT}[name]())
    assert result.wrong == ()
    assert result.right >= result.layout.least


@pytest.mark.parametrize("layout", list(accuracy.trial_templates()), ids=lambda layout: layout.name)
def test_a_trial_template_is_mapped_whole(layout: layouts.Layout) -> None:
    result = accuracy.measure(layout)
    assert (result.right, result.wrong) == (200, ())


@pytest.mark.parametrize("seed", range(100, 112))
def test_no_cell_of_a_layout_composed_at_random_is_mapped_wrong(seed: int) -> None:
    assert accuracy.measure(layouts.composed(seed)).wrong == ()


def test_a_workbook_about_something_else_gives_a_map_without_places(form: Form) -> None:
    template = map_template(read(saved(sheet([["姓名", "年龄"], ["张三", 30]]))), form)
    assert template.places == ()
    assert template.doubtful == ()
    assert template.missing == tuple(form.cells)


def test_totals_that_the_template_calculates_are_marked(form: Form) -> None:
    def calculate(book: Book) -> None:
        book["表三"]["J5"] = "=SUM(D5:I5)"

    targets = map_template(official(calculate), form).targets
    assert targets["requests.received.total"].formula
    assert not targets[NATURAL].formula


def test_the_unlocked_one_of_two_places_is_meant(form: Form) -> None:
    rows: list[list[object]] = [["信息内容", "本年处理决定数量", None], ["行政处罚"], ["行政强制"]]
    both = sheet(rows, "B1:C1")
    template = map_template(read(saved(both)), form)
    assert [doubt.id for doubt in template.doubtful] == [
        "proactive.penalties.decisions",
        "proactive.compulsion.decisions",
    ]
    assert "B2、C2" in template.doubtful[0].why
    page = both.active
    assert page is not None
    page.protection.sheet = True
    for ref in ("B2", "B3"):
        page[ref].protection = Protection(locked=False)
    targets = map_template(read(saved(both)), form).targets
    assert targets["proactive.penalties.decisions"].ref == "B2"


@pytest.mark.parametrize(("hidden", "meant"), [("B", "C"), ("C", "B")])
def test_the_one_of_two_places_that_is_seen_is_meant(form: Form, hidden: str, meant: str) -> None:
    rows: list[list[object]] = [["信息内容", "本年处理决定数量", None], ["行政处罚"], ["行政强制"]]
    both = sheet(rows, "B1:C1")
    both.worksheets[0].column_dimensions[hidden].hidden = True
    template = map_template(read(saved(both)), form)
    assert [one.ref for one in template.places] == [f"{meant}2", f"{meant}3"]


def test_a_few_cells_of_a_large_table_are_asked_about(form: Form) -> None:
    template = map_template(read(saved(sheet([["", "自然人", "总计"], ["本年新收"]]))), form)
    assert template.places == ()
    assert {doubt.id for doubt in template.doubtful} == {NATURAL, "requests.received.total"}


def test_a_heading_far_above_a_long_list_still_counts(form: Form) -> None:
    others: list[list[object]] = [[f"另一项指标{i}"] for i in range(60)]
    listed: list[list[object]] = [["-".join(layouts.short_path(cell))] for cell in layouts.CELLS]
    book = sheet([["指标", "上年", "本年"], *others, *listed])
    template = map_template(read(saved(book)), form)
    assert {target.ref[0] for target in template.places} == {"C"}
    assert len(template.places) == 200


def test_a_text_in_a_place_is_asked_about(form: Form) -> None:
    def remark(book: Book) -> None:
        book["表三"]["D5"] = "此格不填"

    template = map_template(official(remark), form)
    assert NATURAL not in template.targets
    assert [(doubt.id, doubt.candidates[0].ref) for doubt in template.doubtful] == [(NATURAL, "D5")]


# -------------------- what a person says outright
@pytest.mark.parametrize(
    "text",
    [
        "{{requests.received.natural_person}}",
        "｛｛ requests_received_natural_person ｝｝",
        "{{REQUESTS.received.natural_person}}",
    ],
)
def test_a_placeholder_wins_over_headings(form: Form, text: str) -> None:
    def place(book: Book) -> None:
        book["表二"]["H20"] = text

    template = map_template(official(place), form)
    target = template.targets[NATURAL]
    assert (target.sheet, target.ref, target.how, target.pattern) == ("表二", "H20", "placeholder", "")
    assert len(template.targets) == 200


def test_placeholders_within_a_sentence_make_a_pattern(form: Form) -> None:
    def place(book: Book) -> None:
        book["表二"]["H20"] = "{{report.agency}}共收到{{requests.received.total}}件"

    targets = map_template(official(place), form).targets
    pattern = "{{report.agency}}共收到{{requests.received.total}}件"
    assert targets["report.agency"].pattern == targets["requests.received.total"].pattern == pattern


def test_a_placeholder_may_stand_in_several_places(form: Form) -> None:
    def place(book: Book) -> None:
        for name in ("表二", "表三"):
            book[name]["Z1"] = "{{report.agency}}"

    template = map_template(official(place), form)
    assert [(one.sheet, one.ref) for one in template.places if one.id == "report.agency"] == [
        ("表二", "Z1"),
        ("表三", "Z1"),
    ]


def test_a_placeholder_that_names_nothing_is_told(form: Form) -> None:
    def place(book: Book) -> None:
        book["表三"]["D5"] = "{{requests.received.nobody}}"

        book["表三"]["M40"] = "{{nobody}}"

    template = map_template(official(place), form)
    (under_headings, elsewhere) = template.doubtful
    assert (under_headings.id, under_headings.where) == (NATURAL, "“表三”D5")
    assert under_headings.text == "{{requests.received.nobody"[:20]
    assert NATURAL not in template.targets
    assert elsewhere.where == "“表三”M40"
    assert "没有“nobody”这个编号" in elsewhere.why


@pytest.mark.parametrize(
    "text",
    [
        "{{x}}",
        "待填",
        "XX",
        "____",
        "（填写）",
        "${n}",
        "【】",
        "<数量>",
        "？",
        "***",
        "TBD",
        "…",
        "××件",
        "□",
    ],
)
def test_a_text_that_stands_in_for_a_figure_is_asked_about_and_never_overwritten(
    form: Form, text: str
) -> None:
    def place(book: Book) -> None:
        book["表三"]["D5"] = text

    template = map_template(official(place), form)
    (doubt,) = template.doubtful
    assert (doubt.id, doubt.where, doubt.text) == (NATURAL, "“表三”D5", text)
    assert NATURAL not in template.targets
    assert template.missing == ()


@pytest.mark.parametrize("text", ["/", "—", "无"])
def test_a_dash_in_a_place_is_no_text_to_ask_about(form: Form, text: str) -> None:
    def place(book: Book) -> None:
        book["表三"]["D5"] = text

    template = map_template(official(place), form)
    assert template.doubtful == ()
    assert template.targets[NATURAL].ref == "D5"


@pytest.mark.parametrize("name", ["requests.received.natural_person", "requests_received_natural_person"])
def test_a_defined_name_wins_over_headings(form: Form, name: str) -> None:
    def define(book: Book) -> None:
        book["表二"].merge_cells("H20:I20")
        book.defined_names[name] = DefinedName(name, attr_text="'表二'!$H$20:$I$20")

    target = map_template(official(define), form).targets[NATURAL]
    assert (target.sheet, target.ref, target.how) == ("表二", "H20", "name")


@pytest.mark.parametrize("refers", ["'表二'!$A$1:$C$9", "#REF!", "没有!$A$1", "SUM(A1:A2)", "42"])
def test_a_name_that_points_at_no_single_cell_does_not_count(form: Form, refers: str) -> None:
    def define(book: Book) -> None:
        book.defined_names["requests.received.natural_person"] = DefinedName(NATURAL, attr_text=refers)

    assert map_template(official(define), form).targets[NATURAL].ref == "D5"


def test_a_placeholder_on_a_hidden_sheet_counts_but_headings_there_do_not(form: Form) -> None:
    def hide(book: Book) -> None:
        book.create_sheet("数据")["A1"] = "{{requests.received.total}}"
        book["数据"].sheet_state = "hidden"
        book["表四"].sheet_state = "hidden"

    template = map_template(official(hide), form)
    assert template.targets["requests.received.total"].sheet == "数据"
    assert "disputes.direct_suit.total" in template.missing


# -------------------- what decides between tables
def test_tables_of_two_years_are_told_apart_by_the_year_of_the_report_or_not_at_all(form: Form) -> None:
    book = read(layouts.TRIED["上年一页，本年一页"]().data)
    assert {target.sheet for target in map_template(book, form, year=2022).places} == {"2022年"}
    assert {target.sheet for target in map_template(book, form, year=2021).places} == {"2021年"}
    for year in (None, 2024):
        template = map_template(book, form, year=year)
        assert template.places == ()
        assert len(template.doubtful) == 200
        assert {target.sheet for target in template.doubtful[0].candidates} == {"2021年", "2022年"}
        assert template.doubtful[0].why == "有2021年、2022年的表，分不清是哪一张。"


def test_a_table_of_another_year_alone_is_asked_about(form: Form) -> None:
    def rename(book: Book) -> None:
        book["表三"].title = "2021年表三"

    template = map_template(official(rename), form, year=2022)
    assert len(template.places) == 25
    assert template.doubtful[0].why == "模板里只有2021年的表，年报是2022年的。"


def test_a_sheet_of_last_year_is_left_alone(form: Form) -> None:
    def rename(book: Book) -> None:
        book["表三"].title = "上年表三"

    template = map_template(official(rename), form)
    assert NATURAL in template.missing


@pytest.mark.parametrize("layout", ["每单位一页", "同一页几个单位", "几个单位的长表", "单位名在列组上方"])
def test_tables_of_several_units_are_told_apart_by_the_agency_or_not_at_all(form: Form, layout: str) -> None:
    made = {**layouts.TRIED, **layouts.HELD_OUT}[layout]()
    book = read(made.data)
    found = map_template(book, form, agency=layouts.UNITS[1]).targets[NATURAL]
    assert (found.sheet, found.ref) != made.truth[NATURAL]
    template = map_template(book, form)
    assert NATURAL not in template.targets
    assert NATURAL in {doubt.id for doubt in template.doubtful}


# -------------------- a line per unit
def units_of(layout: str, form: Form) -> tuple[Workbook, TemplateMap]:
    book = read({**layouts.TRIED, **layouts.HELD_OUT}[layout]().data)
    return book, map_template(book, form, agency=layouts.UNITS[0])


def test_a_row_per_unit_is_told_with_where_names_and_codes_stand(form: Form) -> None:
    book, template = units_of("每单位一行，两级", form)
    assert template.kind == "row_per_unit"
    (units,) = template.units
    assert (units.axis, units.head_first, units.head_last, units.first, units.last) == ("row", 1, 2, 3, 5)
    assert (units.name, units.code) == (1, 2)
    assert template.targets["proactive.government_rules.issued"].ref == "D4"
    assert [accuracy.find_units(book, units, name) for name in (*layouts.UNITS, "别的单位")] == [
        (3,),
        (4,),
        (5,),
        (),
    ]


def test_a_total_below_the_units_is_none_of_them(form: Form) -> None:
    _, template = units_of("每单位一行，合计行在后", form)
    assert template.units[0].last == 5


def test_a_list_of_units_that_is_empty_begins_below_its_headings(form: Form) -> None:
    _, template = units_of("每单位一行，还没有单位", form)
    assert (template.units[0].first, template.units[0].last) == (3, 2)


def test_a_column_per_unit_is_told_as_such(form: Form) -> None:
    book, template = units_of("每单位一列", form)
    (units,) = template.units
    assert (units.axis, units.name, units.first, units.last) == ("column", 0, 1, 3)
    assert accuracy.find_units(book, units, layouts.UNITS[2]) == (3,)


def test_rows_that_are_no_units_are_asked_about(form: Form) -> None:
    heads: list[object] = [None, *("-".join(layouts.short_path(cell)) for cell in layouts.CELLS)]
    unclear = sheet([heads, ["上级审核"], ["本级填报"]])
    template = map_template(read(saved(unclear)), form)
    assert (template.units, template.places, len(template.doubtful)) == ((), (), 200)
    assert len(map_template(read(saved(sheet([heads, ["本级填报"]]))), form).places) == 200


def test_columns_that_are_no_units_are_asked_about(form: Form) -> None:
    _, template = units_of("长表：先审核数后填报数", form)
    assert (template.kind, template.units, template.places) == ("sheets", (), ())


# -------------------- fields and prose
def test_what_is_asked_for_beside_the_tables_is_found(form: Form) -> None:
    book = sheet(
        [
            ["填报单位", None, "填报日期：", None],
            ["年度", 2021, "联系电话", None],
            ["填报人：", None, "单位：件", None],
        ]
    )
    targets = map_template(read(saved(book)), form).targets
    assert {one: target.ref for one, target in targets.items()} == {
        "report.agency": "B1",
        "report.date": "D1",
        "report.year": "B2",
        "report.filler": "B3",
    }


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("填报单位：", "填报单位：{{report.agency}}"),
        ("填报单位：____________", "填报单位：{{report.agency}}"),
        (
            "填报单位：鲁山县政府办（盖章）    填报日期：   年  月  日",
            "填报单位：{{report.agency}}（盖章）    填报日期： {{report.date}}",
        ),
        ("____年度政府信息公开统计表", "{{report.year}}年度政府信息公开统计表"),
        ("（    ）年度", "{{report.year}}年度"),
    ],
)
def test_what_is_asked_for_within_a_cell_makes_a_pattern(form: Form, text: str, pattern: str) -> None:
    places = map_template(read(saved(sheet([[text]], "A1:E1"))), form).places
    assert {target.pattern for target in places} == {pattern}


@pytest.mark.parametrize(
    "text", ["××市2022年度政府信息公开统计表", "单位：件", "填报人：张三", "联系电话：123"]
)
def test_what_is_already_said_is_left_alone(form: Form, text: str) -> None:
    assert map_template(read(saved(sheet([[text]], "A1:E1"))), form).places == ()


def test_prose_goes_beside_its_title_or_below_where_there_is_room(form: Form) -> None:
    beside = sheet([["一、总体情况", None, None], ["五、存在的主要问题及改进情况"]], "B1:C1", "B2:C2")
    below = sheet(
        [["一、总体情况"], [None], ["六、其他需要报告的事项"], [None]], *(f"A{i}:F{i}" for i in range(1, 5))
    )
    unclear = sheet([["一、总体情况"]])
    assert map_template(read(saved(beside)), form).targets["section.overview"].ref == "B1"
    assert map_template(read(saved(below)), form).targets["section.other_matters"].ref == "A4"
    template = map_template(read(saved(unclear)), form)
    assert template.targets == {}
    assert [target.ref for target in template.doubtful[0].candidates] == ["B1", "A2"]


@pytest.mark.parametrize(
    ("merge", "ref", "pattern"),
    [
        ("A1:B1", "C1", ""),
        ("A1:C1", "A1", "填报单位：{{report.agency}}"),
        ("A1:E1", "A1", "填报单位：{{report.agency}}"),
    ],
)
def test_in_a_wide_cell_a_field_is_filled_in_behind_its_words_and_else_beside_them(
    form: Form, merge: str, ref: str, pattern: str
) -> None:
    places = map_template(read(saved(sheet([["填报单位：", None, None]], merge))), form).places
    assert [(one.id, one.ref, one.pattern) for one in places] == [("report.agency", ref, pattern)]


@pytest.mark.parametrize(
    ("beside", "ref"),
    [
        ("2021年我局严格按照条例要求公开政府信息。", "B1"),
        ("____", "B1"),
        ("请填写本部分", "A2"),
        ("二、主动公开政府信息情况", "A2"),
    ],
)
def test_a_section_takes_the_place_of_last_years_prose_but_of_no_other_words(
    form: Form, beside: str, ref: str
) -> None:
    template = map_template(read(saved(sheet([["一、总体情况", beside], [None]]))), form)
    assert [(one.id, one.ref) for one in template.places] == [("section.overview", ref)]


def test_on_sheets_of_which_nobody_knows_whose_they_are_no_field_is_filled_in(form: Form) -> None:
    made = load_workbook(io.BytesIO(layouts.TRIED["每单位一页"]().data))
    for name in layouts.UNITS:
        made[name]["Q1"] = "填报人："
    template = map_template(read(saved(made)), form)
    assert template.places == ()
    assert len(template.doubtful) == 200


def test_fields_of_other_units_are_left_alone(form: Form) -> None:
    made = load_workbook(io.BytesIO(layouts.TRIED["每单位一页"]().data))
    for name in layouts.UNITS:
        made[name]["Q1"], made[name]["R1"] = "填报单位", name
    template = map_template(read(saved(made)), form, agency=layouts.UNITS[0])
    assert [(one.sheet, one.ref) for one in template.places if one.id == "report.agency"] == [
        (layouts.UNITS[0], "R1")
    ]


# -------------------- structure
def test_filling_a_template_does_not_change_its_structure(form: Form) -> None:
    template = map_template(official(), form)

    def fill(book: Book) -> None:
        for place in template.places:
            book[place.sheet][place.ref] = 7

    assert fits(template, official(fill), form)


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book["表三"].insert_rows(5),
        lambda book: book["表三"].__setitem__("D3", "商业企业"),
        lambda book: book["表三"].unmerge_cells("A1:J1"),
        lambda book: setattr(book["表三"], "title", "表3"),
        lambda book: book.create_sheet("附表"),
        lambda book: book["表四"].__setitem__("P3", "备注"),
        lambda book: book["表二"].__setitem__("A4", "地方性法规"),
    ],
)
def test_a_change_of_its_structure_is_noticed(form: Form, change: Callable[[Book], None]) -> None:
    assert not fits(map_template(official(), form), official(change), form)


def test_units_may_come_and_go_without_changing_the_structure(form: Form) -> None:
    book, template = units_of("每单位一行，两级", form)
    made = load_workbook(io.BytesIO(layouts.TRIED["每单位一行，两级"]().data))
    made["汇总"].append([4, "第四个单位"])
    assert fits(template, read(saved(made)), form)
    assert fits(template, book, form)
    made["汇总"]["D3"] = "本年废止件数"
    assert not fits(template, read(saved(made)), form)


# -------------------- maps as files
def test_a_map_survives_being_handed_on(form: Form) -> None:
    for layout in ("三张表各一页", "每单位一行，两级", "每单位一列"):
        book = read(layouts.TRIED[layout]().data)
        template = replace(map_template(book, form, agency=layouts.UNITS[0]), zero=True)
        again = from_json(to_json(template, form), form)
        assert again.units == template.units
        assert (again.kind, again.zero, again.fingerprint) == (template.kind, True, template.fingerprint)
        assert {replace(one, how="label") for one in again.places} == set(template.places)
        assert {one.how for one in again.places} == {"stored"}
        assert fits(again, book, form)


def test_a_map_that_a_person_corrected_has_a_mark_of_its_own(form: Form) -> None:
    book = official()
    template = map_template(book, form)
    places = (*template.places, Target("report.agency", "表二", "H1", "stored"))
    corrected = replace(template, places=places, fingerprint=fingerprint(book, form, places))
    assert fits(corrected, book, form)
    assert corrected.fingerprint != template.fingerprint


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        ({"format": 2}, "format 不是本程序认识的版本"),
        ({"edition": "2019"}, "edition 应为 2021"),
        ({"kind": "cells"}, "kind 应为 sheets 或 row_per_unit"),
        ({"kind": "row_per_unit"}, "units 与 kind 不相符"),
        ({"zero": 0}, "zero 应为 true 或 false"),
        ({"fingerprint": ""}, "缺少 fingerprint"),
        ({"places": {}}, "places 应为列表"),
        ({"units": {}}, "units 应为列表"),
        ({"units": [{"sheet": "汇总"}], "kind": "row_per_unit"}, "units[0]：各项不全或不认识"),
        ({"places": ["D5"]}, "places[0] 应为表"),
        ({"places": [{"id": "nothing", "sheet": "表三", "ref": "D5"}]}, "places[0]：没有“nothing”这一格"),
        ({"places": [{"id": NATURAL, "sheet": "", "ref": "D5"}]}, "places[0]：缺少 sheet"),
        ({"places": [{"id": NATURAL, "sheet": "表三", "ref": "5D"}]}, "places[0]：“5D”不是单元格的位置"),
        ({"places": [{"id": 1, "sheet": "表三", "ref": "D5"}]}, "places[0].id 应为文字"),
        ({"places": [{"id": NATURAL, "sheet": "表三", "ref": "D5", "how": "magic"}]}, "places[0].how"),
        ({"places": [{"id": NATURAL, "sheet": "表三", "ref": "D5", "confidence": 2}]}, "confidence"),
        ({"places": [{"id": NATURAL, "sheet": "表三", "ref": "D5", "formula": 1}]}, "formula"),
        ({"places": [{"id": NATURAL, "sheet": "表三", "ref": "D5", "colour": 1}]}, "不认识的键 colour"),
    ],
)
def test_a_map_that_is_wrong_is_refused_with_what_is_wrong(
    form: Form, change: dict[str, object], defect: str
) -> None:
    data = json.loads(to_json(map_template(official(), form), form)) | change
    with pytest.raises(Defects) as caught:
        from_json(json.dumps(data), form)
    assert any(defect in one for one in caught.value.defects), caught.value.defects


@pytest.mark.parametrize("text", ["", "no json", "[]", "null"])
def test_a_file_that_is_no_map_is_said_so(form: Form, text: str) -> None:
    with pytest.raises(Defects, match="不是对应关系文件"):
        from_json(text, form)


def test_a_map_of_a_later_version_or_another_form_is_told_from_one_that_is_damaged(form: Form) -> None:
    good = json.loads(to_json(map_template(official(), form), form))
    for changed, other in (
        ({}, False),
        ({"format": 2}, True),
        ({"format": 0}, False),
        ({"format": True}, False),
        ({"format": "2"}, False),
        ({"edition": "2031"}, True),
        ({"edition": 2031}, False),
        ({"format": 0, "edition": "2031"}, False),
        ({"format": 2, "fingerprint": None}, False),
    ):
        assert is_of_another_version(json.dumps({**good, **changed}), form) is other, changed
    for text in ("", "[]", "{", "[" * 100_000, '"map"'):
        assert not is_of_another_version(text, form)


def test_all_defects_of_a_map_are_told_at_once(form: Form) -> None:
    with pytest.raises(Defects) as caught:
        from_json('{"places": [1, {}], "units": [2]}', form)
    assert len(caught.value.defects) >= 7


def test_every_id_that_can_have_a_place_is_known(form: Form) -> None:
    assert len(known_ids(form)) == 200 + 10 + 6
