"""The 未交名单: who is missing at a day, and that it counts as the board does."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from gxeditor.core.rollup.missing import missing_list
from gxeditor.core.rollup.project import State
from gxeditor.core.rollup.units import Units
from tests.rollup_sample import songtang, unit_id

TODAY = date(2026, 1, 21)


def names(rows: object) -> list[str]:
    return [one.unit.name.removeprefix("松塘县") for one in rows.rows]  # type: ignore[attr-defined]


def test_the_county_s_list_says_who_of_how_many_and_names_the_others_apart() -> None:
    made = missing_list(songtang(), TODAY)
    assert (made.title, made.day) == ("松塘县 2025 年政府信息公开年报未交名单", "2026 年 1 月 21 日")
    assert names(made.missing) == ["商务局", "小箬乡人民政府"]
    assert names(made.unclaimed) == ["城市管理局", "综合行政执法局"]
    assert names(made.returned) == ["科学技术和工业信息化局", "沙田乡人民政府"]
    assert [part.name for part in made.parts] == [
        "未交", "已交，文件未认领", "已计入，有的格没有数", "已退回，等重报",
    ]  # fmt: skip
    assert made.head == (
        "49 家中 2 家未交。另有 2 家已交、文件未认领，1 家有的格没有数（其余各格计入），"
        "2 家已退回、等重报（暂计入）。合计现在是 49 家中 45 家。"
    )


def test_every_unit_that_must_report_is_in_the_sum_or_on_the_list_once() -> None:
    rollup = songtang()
    made = missing_list(rollup, TODAY)
    listed = [
        one.unit.id for part in (made.missing, made.unclaimed, made.unread, made.twice) for one in part.rows
    ]
    assert sorted([*listed, *(unit.id for unit in rollup.entered)]) == sorted(u.id for u in rollup.must)
    assert (made.must, made.entered) == (len(rollup.must), len(rollup.entered))


def test_the_lists_count_what_the_states_say() -> None:
    rollup = songtang()
    states = Counter(rollup.state(unit) for unit in rollup.must)
    made = missing_list(rollup, TODAY)
    assert len(made.missing.rows) == states[State.MISSING]
    assert len(made.unclaimed.rows) == states[State.UNCLAIMED]
    assert len(made.returned.rows) == states[State.RETURNED]


def test_each_row_says_until_when_and_how_long_that_is() -> None:
    made = missing_list(songtang(), TODAY)
    assert list(made.rows(made.missing)) == [
        ("1", "松塘县商务局", "部门", "1 月 23 日", "还有 2 天", ""),
        ("2", "松塘县小箬乡人民政府", "乡镇", "1 月 20 日", "已过 1 天", ""),
    ]
    assert [row[3:] for row in made.rows(made.returned)] == [
        ("1 月 22 日", "还有 1 天", "1 月 20 日退回"),
    ] * 2
    assert {row[5] for row in made.rows(made.unclaimed)} == {"可能是它的文件：县直\\城管执法局年报终稿.docx"}


def test_a_file_that_could_not_be_read_is_no_report_and_says_why() -> None:
    rollup = songtang()
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    rollup = rollup.with_received([replace(one, values=(), problem="打不开，不是 Word 文件。")])
    made = missing_list(rollup, TODAY)
    assert names(made.unread) == ["教育局"]
    assert [row[5] for row in made.rows(made.unread)] == [f"{one.called}：打不开，不是 Word 文件"]
    assert "1 家已交、文件没有读出来" in made.head
    assert made.entered == 44


@pytest.mark.parametrize(
    ("how", "note"),
    [
        ({"decided": "hold"}, "已搁置：县直\\教育局2025.gxr"),
        ({"year": 2024}, "交来的不是 2025 年本表：县直\\教育局2025.gxr"),
        ({"decided": "reject"}, ""),
    ],
)
def test_a_file_that_does_not_count_leaves_its_unit_missing_and_is_named(
    how: dict[str, object], note: str
) -> None:
    rollup = songtang()
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    rollup = rollup.with_received([replace(one, **how)])  # type: ignore[arg-type]
    made = missing_list(rollup, TODAY)
    assert [row[5] for row in made.rows(made.missing) if row[1] == "松塘县教育局"] == [note]


def test_two_files_that_differ_wait_for_a_choice_and_are_named() -> None:
    rollup = songtang()
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    other = replace(one, path="县直/教育局2.gxr", values=(7, *one.values[1:]))
    made = missing_list(rollup.with_received([other]), TODAY)
    (note,) = (row[5] for row in made.rows(made.unclaimed) if row[1] == "松塘县教育局")
    assert note == "有几份不同的文件，等选定：县直\\教育局2025.gxr、县直\\教育局2.gxr"


def test_without_a_due_day_and_without_units_nothing_is_invented() -> None:
    bare = replace(songtang(), dues={})
    made = missing_list(bare, TODAY)
    assert {row[3:5] for row in made.rows(made.missing)} == {("未定", "")}
    empty = missing_list(replace(bare, units=Units(), received=()), TODAY)
    assert empty.head == "名单里还没有应报的单位。"
    assert empty.parts == ()


def test_the_plain_text_reads_as_a_message() -> None:
    text = missing_list(songtang(), TODAY).text()
    assert text.startswith("松塘县 2025 年政府信息公开年报未交名单（2026 年 1 月 21 日）\n49 家中 2 家未交。")
    assert "\n未交（2 家）\n1. 松塘县商务局　1 月 23 日前报，还有 2 天\n" in text
    assert "2. 松塘县小箬乡人民政府　1 月 20 日前报，已过 1 天\n" in text


def test_a_name_is_neither_markup_nor_a_formula_where_it_is_pasted() -> None:
    rollup = songtang()
    unit = rollup.units.by_id[unit_id("商务局")]
    rollup = rollup.with_unit(replace(unit, name="=1+1<b>&局"))
    html = missing_list(rollup, TODAY).html()
    assert "\u200b=1+1&lt;b&gt;&amp;局</td>" in html
    assert html.count("<table") == 4


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-01-31", "还有 10 天"),
        ("2026-01-21", "今天到期"),
        ("2025-12-31", "已过 21 天"),
        ("", ""),
        ("月底", ""),
    ],
)
def test_days_are_counted_over_the_end_of_a_year(due: str, words: str) -> None:
    rollup = songtang()
    unit = replace(rollup.units.by_id[unit_id("商务局")], due=due)
    rollup = replace(rollup.with_unit(unit), dues={})
    (owing,) = (one for one in missing_list(rollup, TODAY).missing.rows if one.unit.id == unit.id)
    assert owing.left == words


def test_a_unit_whose_file_is_another_s_is_listed_apart_with_the_reason() -> None:
    rollup = songtang()
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    other = next(r for r in rollup.received if r.unit == unit_id("司法局"))
    rollup = rollup.with_received([replace(other, sha256=one.sha256, values=one.values)])
    made = missing_list(rollup, TODAY)
    assert names(made.twice) == ["司法局"]
    assert [row[5] for row in made.rows(made.twice)] == ["与松塘县教育局是同一份文件"]
    assert made.entered == 44
    assert "合计现在是 49 家中 44 家" in made.head


def test_a_blank_and_a_slash_in_a_report_that_counts_are_told_with_their_number() -> None:
    rollup = songtang()
    one = next(r for r in rollup.received if r.unit == unit_id("教育局"))
    rollup = rollup.with_received([replace(one, values=("/", "/", "无", None, *one.values[4:]))])
    made = missing_list(rollup, TODAY)
    assert [(row[1], row[5]) for row in made.rows(made.partial)] == [
        ("松塘县民政局", "28 格没有读到"),
        ("松塘县教育局", "1 格没有读到，2 格填的是“/”，1 格填的是“无”"),
    ]


def test_of_a_file_that_gave_nothing_its_unit_is_told_what_happened_and_not_what_to_click() -> None:
    rollup = songtang()
    one = next(one for one in rollup.received if one.unit == unit_id("民政局"))
    name = one.path.rpartition("/")[2]
    broken = f"“{name}”读不出来：文件不完整。文件没有改动。请换一份备份打开。"
    made = missing_list(rollup.with_received([replace(one, values=(), problem=broken)]), TODAY)
    (row,) = made.unread.rows
    assert row.note.startswith(f"“{name}”读不出来：文件不完整")
    assert "备份" not in row.note
    assert row.note.count(name) == 1
