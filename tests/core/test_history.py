"""Past, present and future of a report: nothing done is lost, and a step is what a person would call one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gxeditor.core import history as history_module
from gxeditor.core.history import LIMIT, WHOLE, History, Step, change
from gxeditor.core.report import Bound, ProseDoubt, Report, blank_report
from gxeditor.resources import load_form

FORM = load_form()
CELL = "requests.received.natural_person"
FEES = "proactive.fees.amount"


@pytest.fixture
def report() -> Report:
    return blank_report(FORM, 2022)


def typed(history: History, *figures: int, merge_key: str = "") -> History:
    for figure in figures:
        history = history.push(history.report.with_entry(CELL, figure), f"填写 {figure}", merge_key)
    return history


def test_a_new_history_has_nothing_to_undo_and_nothing_to_redo(report: Report) -> None:
    history = History(report)
    assert (history.can_undo, history.can_redo, history.undo_label, history.redo_label) == (
        False,
        False,
        "",
        "",
    )
    assert history.undo() is history
    assert history.redo() is history


def test_undoing_and_redoing_walks_through_the_reports_and_names_the_steps(report: Report) -> None:
    history = typed(History(report), 1, 2)
    assert (history.undo_label, history.redo_label) == ("填写 2", "")
    back = history.undo()
    assert (back.report.value(CELL), back.undo_label, back.redo_label) == (1, "填写 1", "填写 2")
    assert back.undo().report == report
    assert back.undo().redo().redo().report == history.report


def test_an_edit_that_changes_nothing_leaves_no_trace(report: Report) -> None:
    history = typed(History(report), 1)
    assert history.push(history.report, "再填 1") is history
    assert history.push(report.with_entry(CELL, 1), "再填 1") is history


def test_decimals_typed_after_a_plain_zero_are_an_edit(report: Report) -> None:
    history = History(report.with_entry(FEES, Decimal("0"))).mark_saved()
    history = history.push(report.with_entry(FEES, Decimal("0.0000")), "填写 0.0000")
    assert str(history.report.value(FEES)) == "0.0000"
    assert history.modified
    assert history.can_undo


def test_a_new_edit_after_undoing_keeps_what_redo_held_as_a_branch(report: Report) -> None:
    history = typed(History(report), 1, 2, 3)
    history = typed(history.undo().undo(), 7)
    assert not history.can_redo
    assert history.undo().report.value(CELL) == 1
    (branch,) = history.branches
    assert branch.base is history.steps[0]
    assert [step.report.value(CELL) for step in branch.steps] == [2, 3]
    history = typed(history.undo().undo(), 8)
    assert [len(branch.steps) for branch in history.branches] == [2, 2]
    assert history.branches[0].base is history.branches[1].steps[0]


def test_typing_on_replaces_nothing(report: Report) -> None:
    assert typed(History(report), 1, 12, 123, merge_key="prose").branches == ()


def test_the_oldest_branches_give_way_and_the_latest_stays(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "REPLACED", 6)
    history = History(report)
    for number in range(0, 50, 10):
        history = typed(history, number + 1, number + 2, number + 3).undo().undo()
    history = typed(history, 99)
    assert [len(branch.steps) for branch in history.branches] == [2, 2, 2]
    assert history.branches[-1].steps[-1].report.value(CELL) == 43


def test_of_a_branch_too_long_its_end_is_kept_as_one_step(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "REPLACED", 4)
    history = typed(History(report), *range(1, 20))
    while history.can_undo:
        history = history.undo()
    (branch,) = typed(history, 99).branches
    assert [step.report.value(CELL) for step in branch.steps] == [1, 2, 3, 19]


def test_a_branch_that_put_in_too_much_is_kept_as_where_it_led(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "REPLACED_ROOM", 1_000)
    history = History(report)
    for number in range(8):
        history = history.push(report.with_section("overview", f"{number}" * 400), "粘贴")
    for _ in range(8):
        history = history.undo()
    (branch,) = typed(history, 1).branches
    assert [step.report.sections["overview"][0] for step in branch.steps] == ["0", "1", "7"]


def test_branches_that_begin_at_steps_that_give_way_go_with_them(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "LIMIT", 4)
    history = typed(typed(typed(History(report), 1).undo(), 2, 3).undo(), 4)
    assert [branch.steps[0].report.value(CELL) for branch in history.branches] == [1, 3]
    history = typed(history, 5, 6, 7)
    assert [branch.steps[0].report.value(CELL) for branch in history.branches] == [3]
    assert history.branches[0].base is history.first
    assert typed(history, 8).branches == ()


def test_a_thousand_branches_at_one_place_hold_few_reports(report: Report) -> None:
    history = typed(History(report), *range(1, WHOLE))
    for number in range(1_000):
        history = typed(history, 1_000 + number).undo()
    history = typed(history, 9)
    assert len(history.branches) == 1_000
    assert sum(1 for branch in history.branches if branch.steps[0].live is not None) <= 2 * WHOLE
    assert [branch.steps[0].report.value(CELL) for branch in history.branches] == list(range(1_000, 2_000))


def test_the_steps_of_before_the_last_start_are_known_after_they_were_agreed_to(report: Report) -> None:
    history = typed(typed(History(report), 1, 2, 3).as_earlier().agreed(), 4)
    assert (history.earlier, history.older) == (0, 3)
    assert typed(history.undo().undo(), 5).older == 2


def test_typing_on_in_one_place_is_one_step(report: Report) -> None:
    history = typed(History(report), 1, 12, 123, merge_key="prose")
    assert len(history.steps) == 1
    assert history.undo().report == report
    assert history.undo().redo().report.value(CELL) == 123


def test_typing_elsewhere_or_after_leaving_the_field_is_a_step_of_its_own(report: Report) -> None:
    history = typed(History(report), 1, merge_key="prose")
    assert len(typed(history, 2, merge_key="elsewhere").steps) == 2
    assert len(typed(history.seal(), 2, merge_key="prose").steps) == 2
    assert len(typed(history.mark_saved(), 2, merge_key="prose").steps) == 2
    assert history.seal().seal() == history.seal()


def test_typing_after_undoing_and_redoing_does_not_reach_into_the_old_step(report: Report) -> None:
    history = typed(History(report), 1, merge_key="prose")
    assert len(typed(history.undo().redo(), 2, merge_key="prose").steps) == 2


def test_a_step_between_two_typings_parts_them(report: Report) -> None:
    history = typed(History(report), 1, merge_key="prose")
    assert len(typed(typed(history, 2), 3, merge_key="prose").steps) == 3


def test_a_report_is_modified_until_it_is_what_was_saved(report: Report) -> None:
    history = History(report)
    assert history.modified
    history = typed(history.mark_saved(), 1)
    assert history.modified
    assert not history.undo().modified
    assert not history.undo().redo().mark_saved().modified
    again = typed(history.undo(), 1)
    assert not again.push(again.report.with_entry(CELL, None), "清除").modified


def test_a_state_that_was_saved_while_the_report_went_on_counts_as_the_saved_one(report: Report) -> None:
    history = typed(History(report), 1)
    being_saved = history.report
    history = typed(history, 2).mark_saved(being_saved)
    assert (history.report.value(CELL), history.modified, history.undo().modified) == (2, True, False)
    assert history.mark_saved(history.report) == history.mark_saved()
    typing = typed(History(report), 1, merge_key="prose")
    assert len(typed(typing.mark_saved(report), 2, merge_key="prose").steps) == 1


def test_the_oldest_steps_give_way_and_the_present_stays(report: Report) -> None:
    history = typed(History(report), *range(1, LIMIT + 11))
    assert len(history.steps) == LIMIT
    assert history.report.value(CELL) == LIMIT + 10
    while history.can_undo:
        history = history.undo()
    assert history.report.value(CELL) == 10


def live(history: History) -> int:
    """How many reports the steps of a history hold."""
    return sum(1 for step in history.steps if step.live is not None)


def test_a_days_steps_all_stay_and_few_of_them_hold_a_report(report: Report) -> None:
    history = typed(History(report), *range(1, 5_001))
    prose = "主动公开政府信息。" * 100
    for number in range(1_500):
        text = f"{prose[: number % 800]}{number}{prose[number % 800 :]}"
        history = history.push(history.report.with_section("overview", text), "修改文字")
    assert len(history.steps) == 6_500
    assert live(history) <= 6_500 // WHOLE + 200
    back = history
    for _ in range(1_500):
        back = back.undo()
    assert back.report.value(CELL) == 5_000
    while back.can_undo:
        back = back.undo()
        assert back.position == 0 or back.report.value(CELL) == back.position
    assert live(history) <= 6_500 // WHOLE + 200


def test_steps_that_put_in_very_much_give_way_before_there_are_many(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "ROOM", 1_000)
    history = History(report)
    for number in range(10):
        history = history.push(report.with_section("overview", f"{number}" * 300), "粘贴")
    assert len(history.steps) == 4
    assert history.first.sections["overview"][0] == "5"
    history = history.push(report.with_section("overview", "长" * 9_000), "粘贴")
    assert [len(step.report.sections["overview"]) for step in history.steps] == [9_000]


def test_a_report_made_again_is_the_one_that_somebody_still_holds(report: Report) -> None:
    history = typed(History(report), *range(1, 200))
    held = history.report_at(100)
    assert history.steps[99].report is held
    assert held.value(CELL) == 100


TEXTS = st.text("甲乙2\n\ud83d", max_size=6)
REPORTS = st.builds(
    lambda figures, texts, agency, doubted, bound: (
        blank_report(FORM, 2022)
        .with_entries(figures)
        .with_fields(agency=agency)
        .with_section("overview", texts[0])
        .with_section("problems", texts[1])
        .with_doubts({cell: "看不清。" for cell in figures if doubted and figures[cell] is not None})
        .with_prose_doubts(
            "overview", [ProseDoubt(at, char, "改") for at, char in enumerate(texts[0])][:bound]
        )
        .with_bound("overview", [Bound(texts[0].find("2"), "2", (CELL,))])
    ),
    st.dictionaries(st.sampled_from([CELL, "requests.received.company"]), st.none() | st.integers(0, 2)),
    st.tuples(TEXTS, TEXTS),
    st.text("丙", max_size=2),
    st.booleans(),
    st.integers(0, 3),
)


@given(REPORTS, REPORTS)
def test_what_a_step_changed_makes_the_very_same_report(before: Report, after: Report) -> None:
    assert change(before, after).done_to(before) == after


@given(REPORTS, TEXTS, st.integers(0, 6))
def test_marks_that_moved_with_a_text_are_not_kept_by_each_step(before: Report, put: str, at: int) -> None:
    text = before.sections.get("overview", "")
    after = before.with_section("overview", text[:at] + put + text[at:])
    made = change(before, after)
    assert made.others == ()
    assert made.done_to(before) == after


def test_a_move_says_which_step_it_is_and_what_the_report_is_then(report: Report) -> None:
    history = History(report)
    assert history.move(-1) is None
    history = typed(history, 1, 2)
    back = history.move(-1)
    assert back is not None
    assert (back.step.label, back.before.value(CELL), back.after.value(CELL)) == ("填写 2", 2, 1)
    assert history.move(1) is None
    again = history.undo().move(1)
    assert again is not None
    assert (again.step, again.before, again.after) == (back.step, back.after, back.before)


def test_a_step_keeps_the_time_it_was_last_continued(report: Report) -> None:
    history = History(report).push(report.with_entry(CELL, 1), "填写", "prose", 10.0)
    history = history.push(report.with_entry(CELL, 12), "填写", "prose", 20.0)
    assert [step.when for step in history.steps] == [20.0]
    assert typed(history, 3).steps[-1].when is None


def earlier(history: History, way: int) -> bool:
    move = history.move(way)
    assert move is not None
    return move.earlier


def test_the_steps_of_before_the_last_start_are_told_from_those_of_now(report: Report) -> None:
    history = typed(typed(History(report), 1, 2).undo().as_earlier(), 7)
    assert not earlier(history, -1)
    history = history.undo()
    assert not earlier(history, 1)
    assert earlier(history, -1)
    assert not earlier(history.agreed(), -1)
    undone = typed(History(report), 1).undo().as_earlier()
    assert earlier(undone, 1)


def test_earlier_steps_that_give_way_leave_those_of_now_alone(report: Report) -> None:
    history = typed(typed(History(report), 1, 2).as_earlier(), *range(3, LIMIT + 2))
    assert [history.earlier, len(history.steps)] == [1, LIMIT]
    assert typed(history, 999, 998).earlier == 0


class UndoAndRedo(RuleBasedStateMachine):
    """The history against two plain lists, over any order of typing, sealing, saving, undoing and redoing."""

    def __init__(self) -> None:
        super().__init__()
        start = blank_report(FORM, 2022)
        self.history = History(start).mark_saved()
        self.past: list[Report] = []
        self.present = self.saved = start
        self.future: list[Report] = []
        self.open_key = ""
        self.had = [start]

    def _go(self, report: Report, key: str = "") -> None:
        self.history = self.history.push(report, "编辑", key)
        if report == self.present:
            return
        if not (key and key == self.open_key and self.past):
            self.past.append(self.present)
        else:
            self.had.remove(self.present)  # continued: no state that anybody left
        self.present, self.future, self.open_key = report, [], key
        self.had.append(report)

    @rule(cell=st.sampled_from(list(FORM.cells)), figure=st.one_of(st.none(), st.integers(0, 3)))
    def fill_a_cell(self, cell: str, figure: int | None) -> None:
        self._go(self.present.with_entry(cell, figure))

    @rule(section=st.sampled_from(["overview", "problems"]), text=st.text("甲乙", max_size=3))
    def type_prose(self, section: str, text: str) -> None:
        self._go(self.present.with_section(section, text), section)

    @precondition(lambda self: len(self.had) > 1)
    @rule(place=st.integers(0, 10**6))
    def take_a_state_back(self, place: int) -> None:
        self.history = self.history.seal()
        self.open_key = ""
        self._go(self.had[place % len(self.had)])

    @rule()
    def leave_the_field(self) -> None:
        self.history, self.open_key = self.history.seal(), ""

    @rule()
    def save(self) -> None:
        self.history, self.saved, self.open_key = self.history.mark_saved(), self.present, ""

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.history, self.open_key = self.history.undo(), ""
        self.future.append(self.present)
        self.present = self.past.pop()

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.history, self.open_key = self.history.redo(), ""
        self.past.append(self.present)
        self.present = self.future.pop()

    @invariant()
    def the_history_agrees(self) -> None:
        assert self.history.report == self.present
        assert (self.history.can_undo, self.history.can_redo) == (bool(self.past), bool(self.future))
        assert self.history.modified == (self.present != self.saved)

    @invariant()
    def every_state_that_there_ever_was_is_reachable(self) -> None:
        steps = [*self.history.steps, *(step for branch in self.history.branches for step in branch.steps)]
        reached = [self.history.first, *(step.report for step in steps)]
        assert all(report in reached for report in self.had)

    @invariant()
    def each_branch_begins_in_the_present_line_or_in_a_later_branch(self) -> None:
        found: list[Step | Report] = [self.history.first, *self.history.steps]
        for branch in reversed(self.history.branches):
            assert any(branch.base is one for one in found)
            found += branch.steps


UndoAndRedo.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestUndoAndRedo = UndoAndRedo.TestCase
