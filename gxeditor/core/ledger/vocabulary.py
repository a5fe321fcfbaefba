"""The columns of a request ledger and the words of those that hold codes, as resources/ledger declares them.

Knows what a column is called and by what it is recognised, which code a word means, and which row or column of the form
a code counts in. Knows no request and guesses nothing: a word that is not declared means no code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from gxeditor.core.cards import Status
from gxeditor.core.defects import Reading
from gxeditor.core.form import Form

FieldType = Literal["text", "date", "code", "money", "number"]
OPEN, VOID = "OPEN", "VOID"
"""The outcomes that count in no row of results: still being handled, and entered by mistake."""


class Column(NamedTuple):
    """One column. `need` is 1 for what counting cannot do without, 2 for deadlines and checks, 3 for the record only.

    `private` is what tells who somebody is: masked on the screen, and in no export, log or journal of a report.
    """

    field: str
    heading: str
    need: int
    type: FieldType
    headings: tuple[str, ...]
    source: str
    private: bool = False


class Code(NamedTuple):
    """One value of a code column: `list` is the field, `target` the key of the row or column of the form that it counts
    in, "" for none. One that is to `ask` never counts before a person has confirmed it."""

    list: str
    code: str
    label: str
    target: str
    aliases: tuple[str, ...]
    status: Status
    source: str
    article: str = ""
    ask: bool = False


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All columns, in the order of our own workbook, and all codes, in the order of the form.

    Compared as an object: what is kept by vocabulary (`functools.cache`) would else hash all its words each time.
    """

    columns: tuple[Column, ...]
    codes: tuple[Code, ...]

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        return MappingProxyType({column.field: column for column in self.columns})

    @cached_property
    def lists(self) -> Mapping[str, Mapping[str, Code]]:
        """The codes of each code column, by field and code."""
        found: dict[str, dict[str, Code]] = {}
        for code in self.codes:
            found.setdefault(code.list, {})[code.code] = code
        return MappingProxyType({name: MappingProxyType(codes) for name, codes in found.items()})

    @cached_property
    def _words(self) -> Mapping[tuple[str, str], Code]:
        return MappingProxyType(
            {
                (code.list, plain(word)): code
                for code in self.codes
                for word in (code.code, code.label, *code.aliases)
            }
        )

    def meant(self, field: str, word: str) -> Code | None:
        """The code that a word means in a column, whatever its width, case, spaces and punctuation; None if none.

        The name of a row of the form may stand with its number: 「1.信访举报投诉类申请」.
        """
        return self._words.get((field, plain(word))) or self._words.get((field, plain(_NUMBER.sub("", word))))


_NUMBER = re.compile(r"^\s*[（(]?[一二三四五六七八\d]{1,2}[)）.．、]+")
_MARKS = re.compile(r"[\s·・、，,。.；;：:“”\"'（）()《》〈〉—\-]+")


@lru_cache(4096)  # of thousands of requests the same words are compared
def plain(word: str) -> str:
    """A word as words are compared: half-width, in small letters, without spaces and punctuation."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", word)).lower()


_COLUMN = ("field", "heading", "need", "type", "private", "headings", "source")
_CODE = ("list", "code", "label", "target", "aliases", "status", "source", "article", "ask")


def parse_vocabulary(columns: Mapping[str, Any], words: Mapping[str, Any], form: Form) -> Vocabulary:
    """The vocabulary from the data of columns.toml and words.toml.

    Raises `Defects` with every defect found: missing and unknown keys, a field or code twice, a code of no column, a
    target that the form does not have, a word that means two codes of a column, a code column without codes.
    """
    first = Reading(columns)
    first.known(("columns",))
    listed = tuple(_column(one) for one in first.tables("columns", "列", needed=True))
    second = Reading(words, defects=first.defects)
    second.known(("codes",))
    codes = tuple(_code(one) for one in second.tables("codes", "代码", needed=True))
    _check(first, listed, codes, form)
    first.check("resources/ledger")
    return Vocabulary(listed, codes)


def _column(one: Reading) -> Column:
    one.known(_COLUMN)
    need = one.data.get("need")
    if need not in (1, 2, 3):
        one.should("need", "为 1、2 或 3")
        need = 3
    return Column(
        one.text("field"),
        one.text("heading"),
        need,
        one.one_of("type", get_args(FieldType)) or "text",  # type: ignore[arg-type]
        one.texts("headings", needed=True),
        one.text("source"),
        one.flag("private", False),
    )


def _code(one: Reading) -> Code:
    one.known(_CODE)
    status = one.one_of("status", [status.value for status in Status])
    return Code(
        one.text("list"),
        one.text("code"),
        one.text("label"),
        one.text("target", needed=False),
        one.texts("aliases"),
        Status(status or "unverified"),
        one.text("source"),
        one.text("article", needed=False),
        one.flag("ask", False),
    )


def _check(said: Reading, columns: tuple[Column, ...], codes: tuple[Code, ...], form: Form) -> None:
    fields = [column.field for column in columns]
    of_codes = {column.field for column in columns if column.type == "code"}
    for field in {field for field in fields if fields.count(field) > 1}:
        said.wrong(f"有两列都叫 {field}")
    for field in sorted(of_codes - {code.list for code in codes}):
        said.wrong(f"{field} 没有代码")
    meant: dict[tuple[str, str], str] = {}
    seen: set[tuple[str, str]] = set()
    for code in codes:
        if code.list not in of_codes:
            said.wrong(f"代码 {code.code} 的 list {code.list} 不是代码列")
        if (code.list, code.code) in seen:
            said.wrong(f"{code.list} 的代码 {code.code} 写了两次")
        seen.add((code.list, code.code))
        if code.target and code.target not in _targets(form).get(code.list, frozenset()):
            said.wrong(f"{code.list} 的代码 {code.code}：表里没有 {code.target}")
        for word in (code.code, code.label, *code.aliases):
            other = meant.setdefault((code.list, plain(word)), code.code)
            if other != code.code:
                said.wrong(f"{code.list} 的“{word}”同时是 {other} 和 {code.code}")


def _targets(form: Form) -> Mapping[str, frozenset[str]]:
    """The keys of rows or columns that the codes of a list may count in."""
    rows = frozenset(cell.row.key for cell in form.cells.values() if cell.section == "requests")
    kinds = frozenset(
        cell.column.key
        for cell in form.cells.values()
        if cell.section == "requests" and not cell.column.is_sum
    )
    disputes = [cell.column.key for cell in form.cells.values() if cell.section == "disputes"]
    results = frozenset(key.rpartition(".")[2] for key in disputes)
    procedures = frozenset(key.partition(".")[0] for key in disputes)
    return {
        "outcome": rows,
        "applicant_type": kinds,
        "review_result": results,
        "suit_result": results,
        "suit_kind": procedures,
    }
