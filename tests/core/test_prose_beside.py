"""A text beside last year's: which paragraphs belong together, and what differs in them."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from gxeditor.core.prose_beside import Pair, aligned, pair, pieces

NOW = """（二）依申请公开情况
2025年共收到政府信息公开申请62件，上年结转4件；办结63件，其中予以公开28件、部分公开5件；结转下年度继续办理3件。因政府信息公开被申请行政复议1件，未发生行政诉讼。

（三）政府信息管理情况
严格执行信息发布“三审三校”制度。截至2024年底，现行有效行政规范性文件17件。
举办全县政务公开业务骨干集中轮训。
（四）政府信息公开平台建设情况
优化门户网站教育专栏，归并栏目。"""
THEN = """（二）依申请公开情况
2024年共收到政府信息公开申请48件，上年结转2件；办结46件，其中予以公开23件、部分公开4件；结转下年度继续办理4件。未发生行政复议、行政诉讼。
（三）政府信息管理情况
严格执行信息发布“三审三校”制度。截至2024年底，现行有效行政规范性文件16件。
（四）政府信息公开平台建设情况
优化门户网站教育专栏，归并栏目。
新媒体账号由专人值守。"""


def numbers(pairs: tuple[Pair, ...]) -> list[tuple[int | None, int | None]]:
    return [(one.now, one.then) for one in pairs]


def test_paragraphs_are_paired_by_heading_and_likeness() -> None:
    found = pair(NOW, THEN)
    assert numbers(found) == [
        (0, 0), (1, 1), (3, 2), (4, 3), (5, None), (6, 4), (7, 5), (None, 6),
    ]  # fmt: skip
    assert [one.changes for one in found] == [0, 9, 0, 1, 0, 0, 0, 0]
    assert [one.is_same for one in found] == [True, False, True, False, False, True, True, False]


def test_what_differs_is_named_on_both_sides() -> None:
    one = pair("现行有效文件17件。", "现行有效文件16件。")[0]
    assert (one.now_spans, one.then_spans) == (((6, 9),), ((6, 9),))
    added = pair("加强培训，每季度自查。", "加强培训。")[0]
    assert added.changes == 1
    assert added.then_spans == ()


def test_headings_are_paired_whatever_their_number() -> None:
    found = pair("（四）监督保障情况\n每年检查。", "（五）监督保障情况\n每年检查。")
    assert numbers(found) == [(0, 0), (1, 1)]
    assert found[1].is_same


def test_a_heading_is_not_paired_with_another() -> None:
    found = pair("（一）主动公开情况", "（二）依申请公开情况")
    assert numbers(found) in ([(0, None), (None, 0)], [(None, 0), (0, None)])


def test_a_paragraph_with_its_heading_in_line_is_paired_by_the_heading() -> None:
    found = pair("（一）主动公开。今年发布了完全不同的内容，另起炉灶。", "（一）主动公开。去年做的是别的。")
    assert numbers(found) == [(0, 0)]


def test_paragraphs_that_are_not_alike_stay_alone() -> None:
    found = pair("加强业务培训。", "压减行政收费项目若干。")
    assert {one.now is None or one.then is None for one in found} == {True}


def test_paragraphs_that_are_new_or_gone_do_not_part_the_others() -> None:
    kept = [
        "加强业务培训，每季度自查一次。",
        "压减行政收费项目，规范审批流程。",
        "完善信息公开专栏，及时更新政策。",
    ]
    new = ["一号新增的段落。", "另行说明其余事宜。"]
    now = [kept[0], new[0], kept[1], new[1], kept[2]]
    changed = [line.replace("。", "，成效明显。") for line in kept]
    assert [one for one in numbers(pair("\n".join(now), "\n".join(changed))) if None not in one] == [
        (0, 0), (2, 1), (4, 2),
    ]  # fmt: skip
    assert [one for one in numbers(pair("\n".join(changed), "\n".join(now))) if None not in one] == [
        (0, 0), (1, 2), (2, 4),
    ]  # fmt: skip


def test_blanks_are_no_difference() -> None:
    assert pair("　　加强培训 。", "加强培训。")[0].is_same


def test_every_paragraph_is_told_once_and_in_order() -> None:
    now = "\n".join(f"第{n}项工作已经完成，效果{'好' if n % 2 else '一般'}。" for n in range(90))
    then = "\n".join(f"第{n}项工作正在推进，进度{'快' if n % 3 else '慢'}。" for n in range(70))
    found = pair(now, then)
    assert [one.now for one in found if one.now is not None] == list(range(90))
    assert [one.then for one in found if one.then is not None] == list(range(70))


def test_a_paragraph_longer_than_any_report_is_told_as_one_change() -> None:
    long = "公开信息，" * 800
    one = pair(f"今年{long}", f"去年{long}")[0]
    assert (one.changes, one.now_spans, one.then_spans) == (1, ((0, 1),), ((0, 1),))


def test_nothing_beside_nothing_is_nothing() -> None:
    assert pair("", "") == ()
    assert numbers(pair("有。", "")) == [(0, None)]
    assert numbers(pair("", "有。")) == [(None, 0)]


def test_of_thousands_of_paragraphs_those_that_belong_together_are_found_in_few_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = 0
    find = SequenceMatcher.find_longest_match

    def counted(matcher: SequenceMatcher[str], *ends: int) -> object:
        nonlocal looked
        first, last = ends[:2]
        looked += last - first
        return find(matcher, *ends)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    then = [f"第{number}项工作由第{number * 7}组办结。" for number in range(3000)]
    now = [line if number % 7 else line.replace("办结", "完成") for number, line in enumerate(then)]
    now = [*now[:1000], "今年新写的一段，与别的都不同。", *now[1000:2000], *now[2010:]]
    pairs = pair("\n".join(now), "\n".join(then))
    assert [one.now for one in pairs if one.now is not None] == list(range(2991))
    assert [one.then for one in pairs if one.then is not None] == list(range(3000))
    assert sum(one.now is None for one in pairs) == 10
    assert [one.now for one in pairs if one.then is None] == [1000]
    assert all(
        one.changes == 1
        for one in pairs
        if one.now is not None and one.then is not None and one.then % 7 == 0
    )
    assert looked < 40 * len(then)


def test_lines_are_aligned_to_the_last_character_blank_ones_among_them() -> None:
    mine = ["甲甲甲。", "", "乙乙乙乙，今年。", "新写的话。", "丙。"]
    its = ["甲甲甲。", "乙乙乙乙，去年。", "", "丙。"]
    found = aligned(mine, its)
    assert (0, 0) in found
    assert (4, 3) in found
    assert [one for one, _ in found if one is not None] == list(range(5))
    assert [other for _, other in found if other is not None] == list(range(4))


def test_a_paragraph_that_stands_there_thousands_of_times_is_aligned_with_bounded_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []

    class Counting(SequenceMatcher):  # type: ignore[type-arg]
        def __init__(self, junk: None, one: list[str], other: list[str], autojunk: bool) -> None:
            compared.append(len(one) * len(other))
            super().__init__(junk, one, other, autojunk)

    monkeypatch.setattr("gxeditor.core.prose_beside.SequenceMatcher", Counting)
    lines = ["同一段"] * 3000
    found = aligned(["头", *lines, "尾"], ["另一个头", *lines, "另一个尾"])
    assert len(found) == 3002
    assert sum(compared) <= 400_000


def test_what_is_gone_stands_where_it_stood_and_what_has_come_beside_it() -> None:
    assert pieces("收到82件，均按期答复。", "收到82件，均已答复。") == (
        ("same", "收到82件，均"), ("gone", "已"), ("come", "按期"), ("same", "答复。"),
    )  # fmt: skip
    long = "公开" * 2000
    assert pieces(f"{long}一", long) == (("same", long), ("come", "一"))
