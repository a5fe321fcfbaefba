"""The plain fields of a report, each declared once: what is neither a figure of a table nor the prose of a section.

A row of `PlainFields` says everything that differs from field to field: its word for the clerk, its kind of value, its
key in files, where it is printed, what a template may call it, and what becomes of it in a new year and when a file is
read. Report, file, journal, difference, import, template and page read it here: a new field is one row and its widget.
Knows no report, no file format and no widget.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, fields
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints

from gxeditor.core.expressions import expression
from gxeditor.core.form import Form


class AgencyKind(Enum):
    """What kind of agency reports; 条例第五十条第（四）项 asks more of governments."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    OTHER = "other"

    @property
    def word(self) -> str:
        return {"government": "人民政府", "department": "部门", "township": "乡镇街道", "other": "其他"}[
            self.value
        ]


class Values(NamedTuple):
    """A kind of value that a field may have. Values are compared by ==.

    `show` gives the text a clerk reads, "" for nothing; `typed` what a typed text means. `keep` gives the JSON value of
    a file and `read` the value of a JSON value, or raises `ValueError`: what it should have been is told in `wanted`
    (「这一项应……」).
    """

    show: Callable[[Any], str]
    typed: Callable[[str], Any]
    keep: Callable[[Any], Any]
    read: Callable[[object], Any]
    wanted: str


def _same(value: Any) -> Any:
    return value


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(value)


def _year(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch("[0-9]{4}", value):
        return int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000):
        return value
    raise ValueError(value)


def _typed_year(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if len(digits) == 4 and digits.isdecimal() else None


def _agency_kind_of(word: str) -> AgencyKind:
    return next((kind for kind in AgencyKind if kind.word == word.strip()), AgencyKind.OTHER)


def _chosen(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise ValueError(value)


TEXT = Values(_same, _same, _same, _text, "是文字")
OWN_TEXT = Values(
    lambda text: text or "",
    lambda text: text if text.strip() else None,
    _same,
    lambda value: None if value is None else _text(value),
    "是文字或 null",
)
"""A text in place of one that the program makes itself, None while it does."""
YEAR = Values(lambda year: str(year) if year else "", _typed_year, _same, _year, "是四位数的年份或 null")
NOTE = Values(_same, _same, _same, lambda value: "" if value is None else _text(value), "是文字")
"""A text that a file leaves out while it is empty; a journal writes null for it."""
SEALED = Values(
    lambda chosen: "加盖印章" if chosen else "",
    lambda text: text.strip() == "加盖印章",
    _same,
    _chosen,
    "是 true、false 或 null",
)
AGENCY_KIND = Values(
    lambda kind: kind.word,
    _agency_kind_of,
    lambda kind: kind.value,
    AgencyKind,
    "是 " + "、".join(kind.value for kind in AgencyKind) + " 之一",
)


class LedgerCounts(NamedTuple):
    """What a report keeps of the ledger whose counts it adopted: figures by cell id, and nothing of a request.

    `digest` is of what was counted, in hexadecimal; `undecided` how many requests were counted nowhere.
    """

    year: int
    digest: str
    cells: tuple[tuple[str, int], ...]
    undecided: int = 0

    @property
    def words(self) -> str:
        received = sum(
            n
            for cell, n in self.cells
            if cell in ("requests.received.total", "requests.brought_forward.total")
        )
        return f"{self.year} 年台账，{received} 件"


def _kept_counts(counts: LedgerCounts | None) -> object:
    if counts is None:
        return None
    cells = {cell: n for cell, n in counts.cells if n}
    none = [cell for cell, n in counts.cells if not n]
    return {
        "year": counts.year,
        "digest": counts.digest,
        "undecided": counts.undecided,
        "cells": cells,
        "zero": none,
    }


def _read_counts(value: object) -> LedgerCounts | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("cells"), dict):
        raise ValueError(value)
    year, digest, undecided = value.get("year"), value.get("digest", ""), value.get("undecided", 0)
    zeros = value.get("zero", [])
    counts = [*value["cells"].items(), *((cell, 0) for cell in zeros if isinstance(zeros, list))]
    numbers = (year, undecided, *(n for _, n in counts))
    if any(not isinstance(n, int) or isinstance(n, bool) or n < 0 for n in numbers):
        raise ValueError(value)
    if not isinstance(digest, str) or not all(isinstance(cell, str) for cell, _ in counts):
        raise ValueError(value)
    return LedgerCounts(int(value["year"]), digest, tuple(sorted(counts)), undecided)


LEDGER = Values(
    lambda counts: counts.words if counts is not None else "",
    lambda text: None,
    _kept_counts,
    _read_counts,
    "是台账的计数",
)


_DATE = expression(
    r"(?P<year>\d{4})\s*(?P<by>[-–—−./．。年])\s*(?P<month>\d{1,2})\s*(?P<and>[-–—−./．。月])\s*(?P<day>\d{1,2})\s*[日号]?"
    r"|(?P<year8>\d{4})(?P<month8>\d\d)(?P<day8>\d\d)"
)


def written_date(text: str) -> str:
    """The date that a typed text means, as an official document has it (GB/T 9704-2012, 7.3.5.4): 2026年1月20日.

    "" for what is no date of these years, and for what is written so already.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DATE.fullmatch(plain)
    if found is None:
        return ""
    year, month, day = (int(found[name] or found[f"{name}8"]) for name in ("year", "month", "day"))
    try:
        date(year, month, day)
    except ValueError:
        return ""
    written = f"{year}年{month}月{day}日"
    return written if 1900 <= year < 3000 and written != text else ""


def _no_offer(text: str) -> str:
    return ""


# What a new year's report gets of a field, from the value that it has and last year's.


def _own(mine: Any, last: Any) -> Any:
    return mine


def _last(mine: Any, last: Any) -> Any:
    return last


def _own_or_last(mine: Any, last: Any) -> Any:
    return mine or last


def _own_or_next(mine: int | None, last: int | None) -> int | None:
    return mine or (last + 1 if last else None)


class PlainField(NamedTuple):
    """One plain field of a report, as it is declared; `FIELDS` holds them complete.

    `word` is what the program calls it; `key` its name in a .gxr and in journals, that of the attribute if nothing else
    is declared. `prose` is a text of paragraphs, which differs by parts. `printed` says where it is printed, "" for a
    field that is only part of the title, and `printed_word` what the paper calls it; `table` is the key of the section
    below whose table that is, and on whose page it is written instead of 基本信息. `asked` is the id by which a
    template asks for it (`{{report.year}}`), "" if none may, and `asked_word` its name there. `carried` gives a new
    year's value from its own and last year's. `read_with` names the field that it comes with when a file is read into a
    report, "" for one that comes by itself. `internal` is a choice for this program, which only its own files know: no
    paper says it, and nobody misses it in another file. `offer` gives what is offered in place of a typed text, "" for
    nothing. One that is `sparse` is left out of a file while it has its default, as it came later than the format.
    `name` and `default` are those of the attribute of `Report`.
    """

    word: str
    values: Values
    key: str = ""
    prose: bool = False
    printed: Literal["", "front", "end", "table"] = ""
    printed_word: str = ""
    table: str = ""
    asked: str = ""
    asked_word: str = ""
    carried: Callable[[Any, Any], Any] = _own
    read_with: str = ""
    internal: bool = False
    offer: Callable[[str], str] = _no_offer
    sparse: bool = False
    name: str = ""
    default: Any = None

    def show(self, report: PlainFields) -> str:
        """What the field of a report says, "" for nothing."""
        return self.values.show(getattr(report, self.name))


def _note(number: str, table: str) -> PlainField:
    """The note that is printed below a table (表注): its own each year, as it speaks of that year's figures."""
    word = f"表{number}注释"
    return PlainField(
        word, NOTE, prose=True, printed="table", printed_word=word, table=table, asked=f"report.note_{table}",
        asked_word=word, sparse=True,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class PlainFields:
    """What a report holds besides prose and figures, in the order of the page 基本信息."""

    agency: Annotated[
        str, PlainField("单位", TEXT, asked="report.agency", asked_word="机关名称", carried=_own_or_last)
    ] = ""
    kind: Annotated[AgencyKind, PlainField("单位类别", AGENCY_KIND, carried=_last, read_with="agency")] = (
        AgencyKind.OTHER
    )
    profile: Annotated[str, PlainField("地区要求", TEXT, carried=_own_or_last, internal=True)] = ""
    year: Annotated[
        int | None, PlainField("年份", YEAR, asked="report.year", asked_word="年度", carried=_own_or_next)
    ] = None
    own_title: Annotated[
        str | None,
        PlainField(
            "标题", OWN_TEXT, key="title", printed="front", printed_word="标题", asked="report.title", asked_word="标题"
        ),
    ] = None  # fmt: skip
    preamble: Annotated[
        str,
        PlainField(
            "序文", TEXT, prose=True, printed="front", printed_word="前言", asked="report.preamble", asked_word="前言",
            carried=_own_or_last,
        ),
    ] = ""  # fmt: skip
    signature: Annotated[
        str,
        PlainField(
            "落款单位", TEXT, printed="end", printed_word="署名", asked="report.signature", asked_word="落款",
            carried=_own_or_last,
        ),
    ] = ""  # fmt: skip
    date: Annotated[
        str,
        PlainField(
            "落款日期",
            TEXT,
            printed="end",
            printed_word="日期",
            asked="report.date",
            asked_word="日期",
            offer=written_date,
        ),
    ] = ""
    sealed: Annotated[bool, PlainField("印章", SEALED, carried=_own_or_last, internal=True, sparse=True)] = (
        False
    )
    ledger: Annotated[LedgerCounts | None, PlainField("台账", LEDGER, internal=True, sparse=True)] = None
    note_proactive: Annotated[str, _note("二", "proactive")] = ""
    note_requests: Annotated[str, _note("三", "requests")] = ""
    note_disputes: Annotated[str, _note("四", "disputes")] = ""


def declared(cls: type[PlainFields]) -> tuple[PlainField, ...]:
    """The fields that a class declares, in their order."""
    hints = get_type_hints(cls, include_extras=True)
    rows: Iterator[tuple[Field[Any], PlainField]] = (
        (one, hints[one.name].__metadata__[0]) for one in fields(cls)
    )
    return tuple(
        row._replace(key=row.key or one.name, name=one.name, default=one.default) for one, row in rows
    )


FIELDS = declared(PlainFields)
BY_NAME: Mapping[str, PlainField] = MappingProxyType({one.name: one for one in FIELDS})
PRIOR = "prior"
"""Last year's report, by its attribute and its key in files: no plain field, but what goes with them in lists."""
FILLER = "report.filler"
"""Who fills a template in: asked for by templates, and known by no report."""
ASKED: Mapping[str, str] = MappingProxyType(
    {**{one.asked: one.asked_word for one in FIELDS if one.asked}, FILLER: "填报人"}
)
"""What a template may ask for besides the cells of the tables and the prose (`section.overview`), and its names."""
NOTES: Mapping[str, PlainField] = MappingProxyType({one.table: one for one in FIELDS if one.table})
"""The notes below the tables, by the keys of the sections that these stand in."""
BY_ASKED: Mapping[str, PlainField] = MappingProxyType({one.asked: one for one in FIELDS if one.asked})


def name_of(wanted: str, form: Form) -> str:
    """What belongs into a cell of a template, as a clerk calls it; an id that nobody knows is its own name."""
    cell = form.cells.get(wanted)
    if cell is not None:
        return cell.place
    if wanted.startswith("section."):
        return form.section(wanted.removeprefix("section.")).heading
    return ASKED.get(wanted, wanted)
