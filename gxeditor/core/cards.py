"""What belongs in each row, column and section of the form, and what that rests on: the filling notes (填报说明).

Knows statements, how sure each is (`Status`), the laws they cite, and which line, section or point of the form they
are about. Says nothing itself: every word is in resources/cards. Knows of a report only its year, and nothing of how a
card is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from gxeditor.core.defects import Reading
from gxeditor.core.form import Cell, Form, Section, join_id


class Status(Enum):
    """How sure a statement is. Its `words` stand beside it wherever a clerk reads it."""

    READ = "read"
    INFERRED = "inferred"
    PRACTICE = "practice"
    PROPOSED = "proposed"
    UNVERIFIED = "unverified"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Status.READ: "原文已读",
    Status.INFERRED: "按字面对应，未见国办说明",
    Status.PRACTICE: "各地做法",
    Status.PROPOSED: "本软件的建议，未见规定",
    Status.UNVERIFIED: "未核实",
}


class Law(NamedTuple):
    """An article or a document: how it is called, and its words where they are given, verbatim."""

    article: str
    text: str = ""


class Statement(NamedTuple):
    """One thing to know: `text` for the clerk, how sure it is, the laws it cites, and what else it rests on.

    `since` is the first year of a report that it concerns; 0 is every year.
    """

    text: str
    status: Status
    laws: tuple[Law, ...] = ()
    source: str = ""
    since: int = 0

    @property
    def basis(self) -> str:
        """The articles and the other source, one after the other; empty where it rests on nothing."""
        return "；".join(part for part in (*(law.article for law in self.laws), self.source) if part)

    @property
    def mark(self) -> str:
        """The status, and the basis after it: what must stand wherever the text does."""
        return f"〔{self.status.words}〕{self.basis}"

    def concerns(self, year: int | None) -> bool:
        """Whether it is to be told in the report of a year; None is one that is not known yet."""
        return year is None or year >= self.since


_Statements = Mapping[str, tuple[Statement, ...]]


@dataclass(frozen=True, repr=False)
class Cards:
    """The statements of one edition, in the order of its file: `rows` and `columns` by section and key of a line,
    `sections` by key, `points` by section and title."""

    rows: _Statements
    columns: _Statements
    sections: _Statements
    points: _Statements

    def of_row(self, cell: Cell, year: int | None = None) -> tuple[Statement, ...]:
        """What is known of the row of a cell, in a report of a year."""
        return _told(self.rows.get(join_id(cell.section, cell.row.key), ()), year)

    def of_column(self, cell: Cell, year: int | None = None) -> tuple[Statement, ...]:
        return _told(self.columns.get(join_id(cell.section, cell.column.key), ()), year)

    def of_section(self, section: Section, year: int | None = None) -> tuple[Statement, ...]:
        return _told(self.sections.get(section.key, ()), year)

    def of_point(self, section: Section, title: str, year: int | None = None) -> tuple[Statement, ...]:
        return _told(self.points.get(_point(section, title), ()), year)


def _told(statements: Iterable[Statement], year: int | None) -> tuple[Statement, ...]:
    return tuple(statement for statement in statements if statement.concerns(year))


def _point(section: Section, title: str) -> str:
    return f"{section.key}/{title}"


_ABOUT = ("rows", "columns", "sections", "points")


def parse_cards(data: Mapping[str, Any], form: Form) -> Cards:
    """The cards of a form from their TOML data.

    Raises `Defects` with every defect found: missing or unknown keys, lines and laws that are not there, an unknown
    status, laws that nothing cites, and each line, section or point of the form of which nothing is said.
    """
    reading = Reading(data, "文件：")
    reading.known({"edition", "laws", "cards"})
    reading.equal("edition", form.edition)
    laws = _laws(reading)
    there = _subjects(form)
    said: dict[str, dict[str, list[Statement]]] = {
        about: {key: [] for key in there[about]} for about in _ABOUT
    }
    for card in reading.tables("cards", needed=True):
        card.known({*_ABOUT, "say"})
        if not card.data.get("say"):
            card.wrong("没有 say")
        statements = tuple(_statement(item, laws) for item in card.tables("say"))
        keys = [(about, key) for about in _ABOUT for key in card.texts(about)]
        if not keys:
            card.wrong(f"没有 {'、'.join(_ABOUT)} 中的任何一个")
        for about, key in keys:
            if key not in said[about]:
                card.wrong(f"{about} 中的 {key} 不在报表里")
            else:
                said[about][key] += statements
    for about, of in said.items():
        reading.defects.extend(f"{about} 中的 {key} 没有说明" for key, found in of.items() if not found)
    cited = {law for of in said.values() for found in of.values() for one in found for law in one.laws}
    reading.defects.extend(f"laws.{key} 没有用到" for key, law in laws.items() if law not in cited)
    reading.check("填报说明文件有误")
    return Cards(*(MappingProxyType({k: tuple(v) for k, v in said[about].items()}) for about in _ABOUT))


def _laws(reading: Reading) -> dict[str, Law]:
    found = {}
    table = reading.table("laws")
    for key in table.data if table is not None else ():
        law = table.table(key) if table is not None else None
        if law is not None:
            law.known({"article", "text"})
            found[key] = Law(law.text("article"), law.text("text", needed=False))
    return found


def _statement(data: Reading, laws: Mapping[str, Law]) -> Statement:
    data.known({"text", "status", "laws", "source", "since"})
    cited = data.texts("laws")
    for key in cited:
        if key not in laws:
            data.wrong(f"没有 laws.{key}")
    since = data.data.get("since", 0)
    if isinstance(since, bool) or not isinstance(since, int) or since < 0:
        data.should("since", "为年份")
        since = 0
    status = Status(data.one_of("status", [one.value for one in Status]) or Status.UNVERIFIED.value)
    source = data.text("source", needed=False)
    if status in (Status.READ, Status.INFERRED, Status.PRACTICE) and not cited and not source:
        data.wrong("没有 laws，也没有 source")
    return Statement(
        data.text("text"), status, tuple(laws[key] for key in cited if key in laws), source, since
    )


def _subjects(form: Form) -> dict[str, tuple[str, ...]]:
    """All that a card may, and must, be about."""
    return {
        "rows": tuple(dict.fromkeys(_lines(form, "rows"))),
        "columns": tuple(dict.fromkeys(_lines(form, "columns"))),
        "sections": tuple(section.key for section in form.sections),
        "points": tuple(
            _point(section, point.title) for section in form.sections for point in section.points
        ),
    }


def _lines(form: Form, axis: str) -> Iterator[str]:
    for table in form.tables:
        for block in table.blocks:
            for line in block.rows if axis == "rows" else block.columns:
                yield join_id(table.key, line.key)
