"""Declarative data (TOML, JSON) read with all its defects at once.

Knows how a table of data is asked for texts, lists, flags and further tables, and how what stands there instead is told
with its place. Does not know what any of it means, and opens no file: it is handed what `tomllib` or `json` gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from string import Formatter
from types import MappingProxyType
from typing import Any

from gxeditor.core.errors import Defects


@dataclass(frozen=True, slots=True)
class Reading:
    """A table of data that is being read; all tables of one file share `defects`, sentences without a full stop.

    `lead` stands before what is said of the table (「places[0]：」), `of` before the name of one of its keys
    (「places[0].」); both are empty for a whole file. Each question gives the value, or what may stand for it and one
    defect more, so that reading goes on.
    """

    data: Mapping[str, Any]
    lead: str = ""
    of: str = ""
    defects: list[str] = field(default_factory=list)

    def wrong(self, what: str) -> None:
        """Notes a defect of this table."""
        self.defects.append(f"{self.lead}{what}")

    def should(self, key: str, wanted: str) -> None:
        """Notes what should stand under a key: 「…… 应为文字」."""
        self.defects.append(f"{self.of}{key} 应{wanted}")

    def check(self, what: str) -> None:
        """Raises `Defects` with all defects of the file, each once, if there are any; `what` says which file."""
        if self.defects:
            raise Defects(what, tuple(dict.fromkeys(self.defects)))

    def known(self, keys: Collection[str]) -> None:
        """Notes the keys that are not among these."""
        for key in self.data:
            if key not in keys:
                self.wrong(f"不认识的键 {key}")

    def equal(self, key: str, value: str) -> None:
        if self.data.get(key) != value:
            self.should(key, f"为 {value}")

    def text(self, key: str, *, needed: bool = True) -> str:
        """A text; if it is `needed`, one that is not blank."""
        value = self.data.get(key, "")
        if not isinstance(value, str):
            self.should(key, "为文字")
            return ""
        if needed and not value.strip():
            self.wrong(f"缺少 {key}")
        return value

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of texts; if they are `needed`, of one at least and of none that is blank."""
        value = self.data.get(key, [])
        sound = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not sound or (needed and not (value and all(item.strip() for item in value))):
            self.should(key, "为文字列表")
            return ()
        return tuple(value)

    def sentences(self, key: str, wanted: Mapping[str, str]) -> Mapping[str, str]:
        """The texts of a table, each under its key in `wanted`, which has the fields (`{name}`) that it may use."""
        inner = self.table(key)
        if inner is None:
            if key not in self.data:
                self.wrong(f"缺少 {key}")
            return MappingProxyType(dict.fromkeys(wanted, ""))
        inner.known(wanted)
        sentences = {name: inner.text(name) for name in wanted}
        for name, text in sentences.items():
            try:
                fields = {found for _, found, _, _ in Formatter().parse(text) if found is not None}
            except ValueError:
                inner.should(name, "为完整的句子，大括号成对")
                continue
            if unknown := sorted(fields - set(wanted[name].split())):
                inner.wrong(f"{name} 里不认识 {'、'.join(f'{{{one}}}' for one in unknown)}")
        return MappingProxyType(sentences)

    def limits(self, key: str, wanted: Sequence[str]) -> Mapping[str, Decimal]:
        """The numbers of a table, each above 0; nothing is needed if none is wanted."""
        inner = self.table(key)
        if inner is None:
            if wanted and key not in self.data:
                self.wrong(f"缺少 {key}")
            return MappingProxyType({})
        inner.known(wanted)
        limits: dict[str, Decimal] = {}
        for name in wanted:
            value = inner.data.get(name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                inner.should(name, "为大于 0 的数")
            else:
                limits[name] = Decimal(str(value))
        return MappingProxyType(limits)

    def flag(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if isinstance(value, bool):
            return value
        self.should(key, "为 true 或 false")
        return default

    def one_of(self, key: str, choices: Sequence[str], default: str | None = None) -> str | None:
        """One of a few words; `default` if the key is absent, and None for a defect."""
        value = self.data.get(key, default)
        if isinstance(value, str) and value in choices:
            return value
        few = len(choices) <= 3
        listed = f"{'、'.join(choices[:-1])} 或 {choices[-1]}" if few else f"{'、'.join(choices)} 之一"
        self.should(key, f"为 {listed}")
        return None

    def tables(self, key: str, wanted: str = "表", *, needed: bool = False) -> Iterator[Reading]:
        """The tables of an array; whatever stands there instead is a defect. `wanted` is what the array is called."""
        items = self.data.get(key, None if needed else [])
        if not isinstance(items, list):
            self.should(key, f"为{wanted}")
            return
        for i, item in enumerate(items):
            inner = self._table(f"{key}[{i}]", item)
            if inner is not None:
                yield inner

    def table(self, key: str) -> Reading | None:
        """The table under a key; None if there is none."""
        item = self.data.get(key)
        return None if item is None else self._table(key, item)

    def _table(self, key: str, item: object) -> Reading | None:
        if isinstance(item, dict):
            place = f"{self.of}{key}"
            return Reading(item, f"{place}：", f"{place}.", self.defects)
        self.should(key, "为表")
        return None
