"""The 未交名单: who has not reported, whose file nobody claimed or could read, and whose was sent back.

One function makes the rows, for the dialog, the clipboard, Word and the workbook alike, so that none counts otherwise
than the board. Knows the day only as it is told; draws nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import NamedTuple

from gxeditor.core.rollup.project import Received, Returned, Rollup, State, shown_path
from gxeditor.core.rollup.sums import Remaining, completeness, remaining, why_out
from gxeditor.core.rollup.units import Unit
from gxeditor.core.text import inert, printable

HEAD = ("序号", "单位", "类别", "期限", "剩余", "备注")
"""Of the columns of every list."""
_MOST_FILES = 3  # of one unit that are named in its note


class Owing(NamedTuple):
    """A unit from whom something is wanted: `due` is a day (ISO 8601) or "", `owed` how long there is until then, None
    without a due day or once its report counts; `note` says in words what is known of it."""

    unit: Unit
    state: State
    due: str
    owed: Remaining | None
    note: str

    @property
    def due_words(self) -> str:
        return day_words(self.due) or "未定"

    @property
    def left(self) -> str:
        """「还有 2 天」, 「已过 1 天」; what was sent back is wanted again by its own day."""
        return "" if self.owed is None else self.owed.until


class Part(NamedTuple):
    """One of the lists: its heading without the number, such as 未交, and its rows in the order of the units."""

    name: str
    rows: tuple[Owing, ...]

    @property
    def heading(self) -> str:
        return f"{self.name}（{len(self.rows)} 家）"


@dataclass(frozen=True)
class MissingList:
    """Who is missing at a day. `must` is how many have to report, `entered` how many of them are in the sums.

    The parts are apart, and every unit of `must` that is not in the sums stands in one of the first four: 未交, whose
    files nobody claimed, whose file gave no figures, whose file is another's. Those whose report has cells without
    a number, and those that were sent back, count for now.
    """

    title: str
    day: str
    must: int
    entered: int
    missing: Part
    unclaimed: Part
    unread: Part
    twice: Part
    partial: Part
    returned: Part

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those that have a row."""
        every = (self.missing, self.unclaimed, self.unread, self.twice, self.partial, self.returned)
        return tuple(part for part in every if part.rows)

    @property
    def head(self) -> str:
        """Who of how many, in a sentence: 「49 家中 2 家未交。」 and what stands apart from them."""
        if not self.must:
            return "名单里还没有应报的单位。"
        several = len(self.missing.rows)
        first = f"{self.must} 家中 {several} 家未交" if several else f"{self.must} 家中没有未交的"
        apart = [
            f"{len(part.rows)} 家{words}"
            for part, words in (
                (self.unclaimed, "已交、文件未认领"),
                (self.unread, "已交、文件没有读出来"),
                (self.twice, "已交、与别家重复"),
                (self.partial, "有的格没有数（其余各格计入）"),
                (self.returned, "已退回、等重报（暂计入）"),
            )
            if part.rows
        ]
        rest = f"另有 {'，'.join(apart)}。" if apart else ""
        return f"{first}。{rest}合计现在是 {completeness(self.entered, self.must)}。"

    def rows(self, part: Part) -> Iterator[tuple[str, ...]]:
        """The rows of a part as texts, in the columns of `HEAD`."""
        for number, one in enumerate(part.rows, 1):
            yield (str(number), one.unit.name, one.unit.kind.value, one.due_words, one.left, one.note)

    def text(self) -> str:
        """For a message or a mail: a line for each unit."""
        lines = [f"{self.title}（{self.day}）", self.head]
        for part in self.parts:
            lines += ["", part.heading]
            for number, name, _, due, left, note in self.rows(part):
                said = "，".join(one for one in (f"{due}前报" if due != "未定" else "", left, note) if one)
                lines.append(f"{number}. {name}{f'　{said}' if said else ''}")
        return printable("\n".join(lines)) + "\n"

    def html(self) -> str:
        """For Word, WPS and Excel: a table for each part. Nothing in it is a formula to Excel."""
        pieces = [f"<p><b>{escape(self.title)}</b>（{self.day}）</p><p>{escape(self.head)}</p>"]
        for part in self.parts:
            head = "".join(f"<th>{name}</th>" for name in HEAD)
            body = "".join(
                "<tr>"
                + "".join(f"<td style=\"mso-number-format:'\\@'\">{escape(inert(one))}</td>" for one in row)
                + "</tr>"
                for row in self.rows(part)
            )
            table = '<table border="1" cellspacing="0" cellpadding="4" style="border-collapse:collapse">'
            pieces.append(f"<p><b>{escape(part.heading)}</b></p>{table}<tr>{head}</tr>{body}</table>")
        return printable(f"<html><body>{''.join(pieces)}</body></html>")


def missing_list(rollup: Rollup, today: date) -> MissingList:
    """Who has to report and has not, as of `today`, in the order of the list of units."""
    parts: dict[str, list[Owing]] = {
        name: [] for name in ("missing", "unclaimed", "unread", "twice", "partial", "returned")
    }
    inside = {unit.id for unit in rollup.entered}
    for unit in rollup.must:
        state, due, owed = rollup.state(unit), rollup.due_of(unit), remaining(rollup, unit, today)
        if unit.id in rollup.used and unit.id not in inside:
            parts["twice"].append(Owing(unit, state, due, owed, why_out(rollup, unit)))
        elif unit.id not in inside:
            kind = {State.MISSING: "missing", State.UNCLAIMED: "unclaimed"}.get(state, "unread")
            parts[kind].append(Owing(unit, state, due, owed, _note(rollup, unit, kind)))
        elif (sent := rollup.is_returned(unit.id)) is not None:
            due = sent.due or due
            parts["returned"].append(Owing(unit, state, due, owed, _sent(unit, sent)))
        elif rollup.used[unit.id].unread:
            note = _gaps(rollup.used[unit.id], unit)
            parts["partial"].append(Owing(unit, state, due, owed, note))
    return MissingList(
        f"{rollup.owner} {rollup.year} 年政府信息公开年报未交名单".lstrip(),
        day_words(today.isoformat(), with_year=True),
        len(rollup.must),
        len(rollup.entered),
        Part("未交", tuple(parts["missing"])),
        Part("已交，文件未认领", tuple(parts["unclaimed"])),
        Part("已交，文件没有读出来", tuple(parts["unread"])),
        Part("已交，没有计入，免得重复", tuple(parts["twice"])),
        Part("已计入，有的格没有数", tuple(parts["partial"])),
        Part("已退回，等重报", tuple(parts["returned"])),
    )


def _note(rollup: Rollup, unit: Unit, kind: str) -> str:
    """What is known of a unit without a report in the sums, and the clerk's own note of it."""
    own = [one for one in rollup.of_unit.get(unit.id, ()) if one.decided != "reject"]
    said = []
    if kind == "missing" and own:
        held = [one.path for one in own if one.decided == "hold"]
        other = [one.path for one in own if one.decided != "hold"]
        if held:
            said.append(f"已搁置：{_named(held)}")
        if other:
            said.append(f"交来的不是 {rollup.year} 年本表：{_named(other)}")
    elif kind == "unclaimed":
        possible = [one.path for one in rollup.waiting if unit.id in one.candidates]
        if possible:
            said.append(f"可能是它的文件：{_named(possible)}")
        else:
            said.append(f"有几份不同的文件，等选定：{_named([one.path for one in own])}")
    elif kind == "unread":
        said += [_unread(one) for one in own if one.problem][:_MOST_FILES]
    if unit.note:
        said.append(unit.note)
    return "；".join(said)


def _unread(one: Received) -> str:
    """Why a file gave no figures: what happened; what to do about it is for whoever opens it, not for its unit."""
    what = one.problem.partition("。")[0]
    return what if one.path.rpartition("/")[2] in what else f"{shown_path(one.path)}：{what}"


def _named(paths: list[str]) -> str:
    """Files in words, of many the first."""
    named = "、".join(map(shown_path, paths[:_MOST_FILES]))
    return named if len(paths) <= _MOST_FILES else f"{named}等 {len(paths)} 份"


def _gaps(used: Received, unit: Unit) -> str:
    """How many cells of a report have no number, and which texts stand there."""
    texts = Counter(value for value in used.values if isinstance(value, str))
    blank = len(used.unread) - sum(texts.values())
    said = [f"{blank} 格没有读到"] if blank else []
    said += [f"{many} 格填的是“{text}”" for text, many in texts.most_common(_MOST_FILES)]
    if rest := len(used.unread) - blank - sum(many for _, many in texts.most_common(_MOST_FILES)):
        said.append(f"{rest} 格是别的文字")
    return "，".join(said) + (f"；{unit.note}" if unit.note else "")


def _sent(unit: Unit, sent: Returned) -> str:
    day = day_words(sent.at[:10])
    return "；".join(one for one in (f"{day}退回" if day else "已退回", unit.note) if one)


def day_words(day: str, *, with_year: bool = False) -> str:
    """「1 月 23 日」 for a day in ISO 8601; "" for what is none."""
    found = _day(day)
    if found is None:
        return ""
    return f"{f'{found.year} 年 ' if with_year else ''}{found.month} 月 {found.day} 日"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
