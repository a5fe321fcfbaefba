"""What stands in 「撤销历史」: the rows of a history and their words. No widget.

Knows the order (what can be redone, 现在, what was done, the steps of before the last start by their days, what new
edits replaced) and how a step is told in one row. Which report a step made is asked of it when its row is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Literal, NamedTuple

from gxeditor.core.difference import BASIC, Difference, TextChange, difference
from gxeditor.core.fields import BY_NAME
from gxeditor.core.form import Form
from gxeditor.core.history import History, Step
from gxeditor.core.report import Report, text_difference
from gxeditor.ui.shell.undoing import TODAY, cell_shown, day_of, field_shown, text_said

_DIGITS = frozenset("0123456789.,０１２３４５６７８９")

State = Literal["undone", "present", "done", "replaced"]


class Row(NamedTuple):
    """A heading (`head`), or a step with the one before it, or the report before it; without step the very first.

    `state` says how the step stands to the present; `is_now` is the heading of the present.
    """

    head: str = ""
    step: Step | None = None
    before: Step | Report | None = None
    state: State = "done"
    is_now: bool = False

    @property
    def report(self) -> Report | None:
        """The report after the step; None for a heading."""
        return self.step.report if self.step is not None else self.was

    @property
    def was(self) -> Report | None:
        """The report before it."""
        return self.before.report if isinstance(self.before, Step) else self.before

    def is_same(self, other: Row) -> bool:
        """Whether both are of one step."""
        return self.step is other.step and (self.step is not None or self.before is other.before)


class Words(NamedTuple):
    """How a step is told: when, at which place, what, and old → new."""

    clock: str
    place: str
    what: str
    change: str

    def __str__(self) -> str:
        return "，".join(part for part in self if part)


def rows_of(history: History, now: datetime) -> tuple[Row, ...]:
    """The rows of a history, the latest first; none where nothing was edited."""
    if not history.steps and not history.branches:
        return ()
    return (*_line(history, now), *_branches(history, now))


def _line(history: History, now: datetime) -> Iterator[Row]:
    steps, position = history.steps, history.position

    def row(place: int, state: State) -> Row:
        return Row(step=steps[place], before=steps[place - 1] if place else history.first, state=state)

    if position < len(steps):
        yield Row(head=f"可以重做 {len(steps) - position} 步")
        yield from (row(place, "undone") for place in range(len(steps) - 1, position - 1, -1))
    yield Row(head="现在", is_now=True)
    older = min(history.older, position)
    for place in range(position - 1, older - 1, -1):
        yield row(place, "present" if place == position - 1 else "done")
    asks = "：撤销前先问" if history.earlier else ""
    for day, group in groupby(range(older - 1, -1, -1), lambda place: _day(steps[place], now)):
        places = list(group)
        yield Row(head=f"{day}的 {len(places)} 步{asks}")
        yield from (row(place, "present" if place == position - 1 else "done") for place in places)
    yield Row(before=history.first, state="done" if position else "present")


def _day(step: Step, now: datetime) -> str:
    if step.when is None:
        return "上次打开以前"
    day = day_of(datetime.fromtimestamp(step.when), now)
    return "今天上次打开时" if day == TODAY else day


def _branches(history: History, now: datetime) -> Iterator[Row]:
    for branch in reversed(history.branches):
        base = branch.base
        if not isinstance(base, Step):
            begins = "一开始就"
        else:
            begins = f"{clock_of(base.when, now)} 以后" if base.when is not None else ""
        yield Row(head=f"另一条：{begins}被新修改取代的 {len(branch.steps)} 步")
        for place in range(len(branch.steps) - 1, -1, -1):
            yield Row(
                step=branch.steps[place], before=branch.steps[place - 1] if place else base, state="replaced"
            )


def clock_of(when: float | None, now: datetime) -> str:
    """「14:22」, of another day with that; nothing where the time is not known."""
    if when is None:
        return ""
    moment = datetime.fromtimestamp(when)
    day = "" if moment.date() == now.date() else f"{day_of(moment, now)} "
    return f"{day}{moment:%H:%M}"


FIRST = Words("", "全部修改以前", "这里记得的最早的样子", "")


def tell(row: Row, profile: dict[str, str] | None = None) -> Words:
    """The words of a step; `profile` names requirements of provinces by their ids."""
    step, was, report = row.step, row.was, row.report
    if step is None or was is None or report is None:
        return FIRST
    clock = "" if step.when is None else f"{datetime.fromtimestamp(step.when):%H:%M}"
    made = difference(was, report)
    form, parts = report.form, len(made.cells) + len(made.fields) + len(made.texts)
    if parts != 1 or (len(made.pages) > 1):
        if not parts:
            return Words(clock, _page(form, made.pages[0]) if made.pages else "整份年报", step.label, "")
        place = _page(form, made.pages[0]) if len(made.pages) == 1 else f"{len(made.pages)} 个部分"
        only_cells = len(made.cells) == parts
        if only_cells and len(made.pages) == sum(1 for one in form.sections if one.table):
            place = "全部表"
        counted = f"{parts} 格" if only_cells else f"{parts} 处"
        return Words(clock, place, step.label, counted)
    if made.texts:
        return _tell_text(clock, step, made, made.texts[0])
    if made.cells:
        return _tell_cell(clock, step, made)
    field = BY_NAME.get(made.fields[0])
    if field is None:
        return Words(clock, "基本信息", step.label, "")
    old, new = (
        (profile or {}).get(one.profile, one.profile) if field.name == "profile" else field.show(one)
        for one in (was, report)
    )
    return Words(clock, "基本信息", field.word, f"{field_shown(old)} → {field_shown(new)}")


def _tell_cell(clock: str, step: Step, made: Difference) -> Words:
    cell = made.after.form.cells[made.cells[0]]
    number = made.after.form.section(cell.section).number
    line, _, column = cell.place.rpartition(" · ")
    old, new = (cell_shown(report, cell.id) for report in (made.before, made.after))
    place = line or column
    place = place if place.startswith(number) else f"表{number} {place}"
    if old == new:  # only whether its figure is in doubt
        return Words(clock, place, f"{column}，{step.label}" if line else step.label, new)
    return Words(clock, place, column if line else step.label, f"{old} → {new}")


def _tell_text(clock: str, step: Step, made: Difference, change: TextChange) -> Words:
    field = BY_NAME.get(change.text)
    where = field.word if field else _heading(made.before.form, change.text)
    told = f"“{change.old}”" if change.old == change.new else text_said(change)
    if change.old != change.new and "→" in told:
        texts = (made.before.text(change.text), made.after.text(change.text))
        told = " → ".join(
            _whole_number(text, change.start, change.start + len(part))
            for text, part in zip(texts, (change.old, change.new), strict=True)
        )
    return Words(clock, f"{where}，第 {change.paragraph} 段", step.label, told)


def _whole_number(text: str, start: int, end: int) -> str:
    """A changed part with the rest of the number that it is in and the unit behind it: 「62件」 for the 2."""
    part = text[start:end]
    if not all(char in _DIGITS for char in part.strip()):
        return f"“{' '.join(part.split())}”"
    while start and text[start - 1] in _DIGITS:
        start -= 1
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    unit = text[end : end + 1]
    return " ".join(f"{text[start:end]}{unit if unit.isalpha() or unit == '%' else ''}".split())


def _page(form: Form, key: str) -> str:
    if key == BASIC:
        return "基本信息"
    section = form.section(key)
    return f"表{section.number}" if section.table else _heading(form, key)


def _heading(form: Form, key: str) -> str:
    section = form.section(key)
    return f"{section.number} {section.tab}"


def in_present(made: Difference, present: Report) -> Difference:
    """Where what a step changed stands in the present report, for showing it there; nothing of it is compared."""
    texts = tuple(
        change._replace(start=start, new=present.text(change.text)[start:end])
        for change in made.texts
        for start, end in [_moved(change, made.after.text(change.text), present.text(change.text))]
    )
    return Difference(made.before, present, made.fields, made.cells, texts, made.said, made.said_on)


def _moved(change: TextChange, text: str, present: str) -> tuple[int, int]:
    """Where a changed part of a text stands in a later or an earlier one."""
    start, end = change.start, change.start + len(change.new)
    if text != present:
        place, gone, come = text_difference(text, present)
        start, end = (_along(at, place, len(gone), len(come)) for at in (start, end))
    return min(start, len(present)), min(end, len(present))


def _along(at: int, place: int, gone: int, come: int) -> int:
    """Where a place of a text is after `gone` characters at `place` have been replaced by `come`."""
    if at <= place:
        return at
    return at + come - gone if at >= place + gone else place + min(at - place, come)


def named(row: Row, now: datetime) -> str:
    """What taking this state back is called: 「14:05 那一步」."""
    if row.step is None:
        return "全部修改以前"
    clock = clock_of(row.step.when, now)
    return f"{clock} 那一步" if clock else f"“{row.step.label}”那一步"


def said(row: Row, words: Words, now: datetime) -> str:
    """The row as a screen reader says it, with the day where that is another."""
    words = words._replace(clock=clock_of(row.step.when, now)) if row.step is not None else words
    state = {"undone": "可以重做", "present": "现在", "replaced": "被新修改取代", "done": ""}[row.state]
    return f"{words}，{state}" if state else str(words)
