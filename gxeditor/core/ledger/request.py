"""A ledger as a frozen value: its requests, and what a person settled of the words in it.

Knows what stands under each column of a request and what was found there and is not settled yet. Knows no file, no day
that is today, and counts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from gxeditor.core.ledger.vocabulary import OPEN, VOID
from gxeditor.core.report import Explanation

Value = str | date | Decimal | int
"""What may stand under a column: a text, a code by its code, a day, yuan, a number; nothing is no value at all."""


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


class Origin(NamedTuple):
    """Where a request was read: the sheet, and the row as counted in the file from 1."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Request:
    """One request: a row of the ledger.

    `id` is its own and never changes. `values` are by the field of a column. `unsettled` is what was found under a
    column and is not understood, as it stood there: an impossible date, a word that nobody explained, #REF!; such a
    field has no value, and a request that needs it to be counted is not counted. `why` says for a field in words what
    is in doubt of it, or how it was decided. Nothing of them is in its `repr`, which is what logs and reports of a bug
    have.
    """

    id: str
    values: Mapping[str, Value] = field(default_factory=_none, repr=False)
    unsettled: Mapping[str, str] = field(default_factory=_none, repr=False)
    why: Mapping[str, str] = field(default_factory=_none, repr=False)
    origin: Origin | None = field(default=None, repr=False)

    def text(self, field: str) -> str:
        value = self.values.get(field)
        return value if isinstance(value, str) else ""

    def day(self, field: str) -> date | None:
        value = self.values.get(field)
        return value if isinstance(value, date) else None

    @property
    def outcome(self) -> str:
        """The code of its outcome; that of one still being handled if nothing else is said and nothing is unsettled."""
        return self.text("outcome") or (
            "" if "outcome" in self.unsettled or self.day("answered_on") else OPEN
        )

    @property
    def is_void(self) -> bool:
        return self.text("outcome") == VOID

    @property
    def called(self) -> str:
        """How a sentence calls it, never by a name: by its number, else by its place in the file it was read from."""
        number = self.text("reg_no") or (f"序号 {self.values['serial']}" if "serial" in self.values else "")
        if number:
            return number
        return f"第 {self.origin.row} 行" if self.origin is not None else "没有编号的一件"

    def with_value(self, field: str, value: Value | None) -> Request:
        """The request with this under a column, None for nothing; what was unsettled of it is settled."""
        values = {key: kept for key, kept in self.values.items() if key != field}
        if value is not None:
            values[field] = value
        unsettled = {key: kept for key, kept in self.unsettled.items() if key != field}
        why = {key: kept for key, kept in self.why.items() if key != field}
        return replace(
            self,
            values=MappingProxyType(values),
            unsettled=MappingProxyType(unsettled),
            why=MappingProxyType(why),
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person said a word of a code column means: `word` as it was found, `code` the code, `rows` how often."""

    field: str
    word: str
    code: str
    rows: int = 0


@dataclass(frozen=True)
class Ledger:
    """The requests of an office, in their order.

    `closed_by` is the column whose day closes a request: "answered_on", the day of the answer document, or "served_on"
    (no rule was found; the first is our proposal). `none_in` are the years of which a person confirmed that there was
    no request. `explanations` are reasons by the address of a finding, each for just the values that it was given for.
    `extra` are keys of the file that this version does not know and writes back.
    """

    _: KW_ONLY
    agency: str = ""
    requests: tuple[Request, ...] = ()
    settled: tuple[Settled, ...] = field(default=(), repr=False)
    closed_by: str = "answered_on"
    none_in: tuple[int, ...] = ()
    explanations: Mapping[str, Explanation] = field(default_factory=_none, repr=False)
    extra: Mapping[str, Any] = field(default_factory=_none, repr=False)

    @cached_property
    def by_id(self) -> Mapping[str, Request]:
        return MappingProxyType({request.id: request for request in self.requests})

    def with_request(self, request: Request) -> Ledger:
        """The ledger with this request in place of the one of its id, or behind all others."""
        if request.id not in self.by_id:
            return replace(self, requests=(*self.requests, request))
        return replace(
            self, requests=tuple(request if one.id == request.id else one for one in self.requests)
        )
