"""Each step stands in 「撤销历史」 once, where a clerk looks for it, and says what was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.difference import difference
from gxeditor.core.form import Form
from gxeditor.core.history import History
from gxeditor.core.report import AgencyKind, Report, blank_report
from gxeditor.resources import load_form
from gxeditor.ui.shell.undo_rows import FIRST, Row, Words, in_present, named, rows_of, said, tell

PERSON = "requests.received.natural_person"
IN_FORCE = "proactive.normative_documents.in_force"
TOTAL = "requests.received.total"
NOW = datetime(2026, 1, 12, 15, 0)


def at(hour: int, minute: int, day: int = 12) -> float:
    return datetime(2026, 1, day, hour, minute).timestamp()


@pytest.fixture
def report(form: Form) -> Report:
    return blank_report(form, 2025).with_entry(IN_FORCE, 16)


def push(history: History, report: Report, label: str = "填写", when: float | None = None) -> History:
    return history.push(report, label, when=when)


def counted(history: History, *figures: int, when: float | None = None) -> History:
    for figure in figures:
        history = push(history, history.report.with_entry(PERSON, figure), when=when)
    return history


def told(before: Report, after: Report, label: str = "填写") -> Words:
    history = push(History(before), after, label, at(14, 22))
    (row,) = [row for row in rows_of(history, NOW) if row.step is not None]
    return tell(row)


def heads(history: History) -> list[str]:
    return [row.head for row in rows_of(history, NOW) if row.head]


def figures(history: History) -> list[object]:
    """The rows, a heading as its words and a step as the figure it led to."""
    return [row.head or (row.report and row.report.value(PERSON)) for row in rows_of(history, NOW)]


def test_a_history_without_steps_has_no_rows(report: Report) -> None:
    assert rows_of(History(report), NOW) == ()


def test_the_present_stands_between_what_can_be_redone_and_what_was_done(report: Report) -> None:
    history = counted(History(report), 1, 2, 3, 4).undo().undo()
    assert figures(history) == ["可以重做 2 步", 4, 3, "现在", 2, 1, None]
    states = [row.state for row in rows_of(history, NOW) if not row.head]
    assert states == ["undone", "undone", "present", "done", "done"]
    at_first = history.undo().undo()
    assert figures(at_first) == ["可以重做 4 步", 4, 3, 2, 1, "现在", None]
    assert rows_of(at_first, NOW)[-1].state == "present"


def test_steps_of_earlier_sessions_stand_under_their_days(report: Report) -> None:
    history = counted(counted(History(report), 1, when=at(9, 0, 6)), 2, 3, when=at(17, 48, 8)).as_earlier()
    history = counted(history, 4, when=at(14, 0))
    assert figures(history) == [
        "现在",
        4,
        "1 月 8 日的 2 步：撤销前先问",
        3,
        2,
        "1 月 6 日的 1 步：撤销前先问",
        1,
        None,
    ]
    assert heads(history.agreed()) == ["现在", "1 月 8 日的 2 步", "1 月 6 日的 1 步"]
    today = counted(counted(History(report), 1, when=at(9, 0)).as_earlier(), 2)
    assert heads(today) == ["现在", "今天上次打开时的 1 步：撤销前先问"]
    unknown = counted(counted(History(report), 1).as_earlier(), 2)
    assert heads(unknown) == ["现在", "上次打开以前的 1 步：撤销前先问"]


def test_what_new_edits_replaced_stands_below_the_latest_first(report: Report) -> None:
    history = counted(History(report), 1, when=at(14, 5))
    history = counted(counted(history, 2, 3, when=at(14, 8)).undo().undo(), 4, when=at(14, 12))
    history = counted(history.undo().undo(), 5, when=at(14, 20))
    assert figures(history) == [
        "现在", 5, None, "另一条：一开始就被新修改取代的 2 步", 4, 1,
        "另一条：14:05 以后被新修改取代的 2 步", 3, 2,
    ]  # fmt: skip
    assert {row.state for row in rows_of(history, NOW)[4:] if not row.head} == {"replaced"}


def test_a_cell_is_told_with_its_line_its_column_and_old_and_new(report: Report) -> None:
    assert told(report, report.with_entry(IN_FORCE, 17)) == (
        "14:22",
        "表二 行政规范性文件",
        "现行有效",
        "16 → 17",
    )
    assert told(report, report.with_entry(IN_FORCE, None)).change == "16 → 未填"
    assert told(report, report.with_entry(PERSON, 3)) == ("14:22", "表三 一、本年新收", "自然人", "未填 → 3")
    assert told(report, report.with_entry(TOTAL, 3)).change == "自动合计 → 3"
    fees = told(report, report.with_entry("proactive.fees.amount", 2), "填写 行政事业性收费")
    assert fees[1:] == ("表二 行政事业性收费", "填写 行政事业性收费", "未填 → 2")


def test_several_cells_are_counted_under_the_name_of_the_step(form: Form, report: Report) -> None:
    block = {cell.id: 1 for cell in form.section("requests").table.cells[:5]}  # type: ignore[union-attr]
    assert told(report, report.with_entries(block), "粘贴")[1:] == ("表三", "粘贴", "5 格")
    everywhere = dict.fromkeys(form.cells, 0)
    assert told(report, report.with_entries(everywhere), "空格填 0")[1:3] == ("全部表", "空格填 0")
    mixed = report.with_entries(block).with_section("overview", "已改。")
    assert told(report, mixed, "导入")[1:] == ("2 个部分", "导入", "6 处")


def test_a_number_changed_in_a_text_is_told_whole_with_its_unit(report: Report) -> None:
    text = "第一段。\n全年共68件，比例12.5%。"
    before = report.with_section("overview", text)
    words = told(before, before.with_section("overview", text.replace("68", "62")), "修改文字")
    assert words == ("14:22", "一 总体情况，第 2 段", "修改文字", "68件 → 62件")
    assert (
        told(before, before.with_section("overview", text.replace("12.5", "12.8"))).change == "12.5% → 12.8%"
    )
    assert told(before, before.with_section("overview", text.replace("全年", "本年"))).change == "“全” → “本”"
    longer = told(before, before.with_section("overview", text + "\n" + "补充说明。" * 8))
    assert longer[1:] == ("一 总体情况，第 3 段", "填写", "加 40 字")


def test_fields_and_what_a_person_said_are_told_too(report: Report) -> None:
    agency = told(report, report.with_fields(agency="青溪县教育局"), "修改单位")
    assert (agency.place, agency.change) == ("基本信息", "未填 → 青溪县教育局")
    kind = told(report, report.with_fields(kind=AgencyKind.DEPARTMENT), "修改单位类别")
    assert kind.place == "基本信息"
    closed = told(report, report.with_closed("Y-01", "机构合并"), "关闭检查 Y-01")
    assert closed[1:] == ("整份年报", "关闭检查 Y-01", "")


def test_the_very_first_state_is_a_row_of_its_own(report: Report) -> None:
    first = rows_of(counted(History(report), 1), NOW)[-1]
    assert tell(first) == FIRST
    assert first.report is report
    assert named(first, NOW) == "全部修改以前"


def test_a_step_is_called_by_its_time_or_where_that_is_not_known_by_its_name(report: Report) -> None:
    def name(when: float | None) -> str:
        return named(rows_of(counted(History(report), 1, when=when), NOW)[1], NOW)

    assert [name(at(14, 5)), name(at(17, 48, 8)), name(None)] == [
        "14:05 那一步",
        "1 月 8 日 17:48 那一步",
        "“填写”那一步",
    ]


def test_a_screen_reader_hears_time_place_and_how_the_step_stands(report: Report) -> None:
    history = push(History(report), report.with_entry(IN_FORCE, 17), when=at(14, 22))
    row = rows_of(history, NOW)[1]
    assert said(row, tell(row), NOW) == "14:22，表二 行政规范性文件，现行有效，16 → 17，现在"
    later = datetime(2026, 1, 14, 9, 0)
    assert said(row, tell(row), later).startswith("1 月 12 日 14:22，表二")


TEXTS = st.text("甲乙丙\n", max_size=12)


@given(TEXTS, TEXTS, TEXTS)
def test_what_a_step_changed_is_found_in_the_present_text_whatever_was_done_since(
    old: str, new: str, present: str
) -> None:
    blank = blank_report(load_form(), 2025)
    before, after, now = (blank.with_section("overview", text) for text in (old, new, present))
    shown = in_present(difference(before, after), now)
    for change in shown.texts:
        assert 0 <= change.start <= len(present)
        assert present[change.start : change.start + len(change.new)] == change.new
    if present == new:
        assert shown.texts == difference(before, after).texts


def test_a_place_moves_with_the_text_before_it(report: Report) -> None:
    before, after = report.with_section("overview", "收到8件。"), report.with_section("overview", "收到9件。")
    now = report.with_section("overview", "新的一句。收到9件。")
    (change,) = in_present(difference(before, after), now).texts
    assert (change.start, change.new) == (7, "9")


@given(st.lists(st.sampled_from(["push", "push", "undo", "redo"]), max_size=30))
def test_every_state_of_a_history_is_a_row_and_one_is_the_present(edits: list[str]) -> None:
    history = History(blank_report(load_form(), 2025))
    had: list[Report] = [history.report]
    for number, kind in enumerate(edits):
        if kind == "push":
            history = counted(history, number)
            had.append(history.report)
        else:
            history = history.undo() if kind == "undo" else history.redo()
    rows = [row for row in rows_of(history, NOW) if not row.head]
    if not rows:
        assert len(had) == 1
        return
    assert sorted(str(row.report and row.report.value(PERSON)) for row in rows) == sorted(
        str(report.value(PERSON)) for report in had
    )
    (present,) = [row for row in rows if row.state == "present"]
    assert present.report is history.report
    assert all(row.is_same(replace_row(row)) for row in rows)


def replace_row(row: Row) -> Row:
    return row._replace(state="done")


def test_a_history_made_again_has_the_same_rows(report: Report) -> None:
    history = counted(History(report), 1, 2).undo()
    rows = rows_of(replace(history, sealed=True), NOW)
    assert all(
        one.is_same(other) for one, other in zip(rows, rows_of(history, NOW), strict=True) if not one.head
    )
