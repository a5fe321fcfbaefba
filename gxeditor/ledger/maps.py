"""What a person said of a layout: which column is which field and what a word means; written, read and kept.

A map is a small JSON file (`columns`: heading → field, "" for none; `words`: field → word → code). One for each layout,
by the fingerprint of its headings, is kept in the user's folder. Holds headings and words of code columns only: nothing
that an applicant is called.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gxeditor.core.errors import GxError, NotWritten, UnreadableSource
from gxeditor.core.ledger.vocabulary import Vocabulary
from gxeditor.files.aside import Told, set_aside
from gxeditor.files.digest import sha256
from gxeditor.files.reading import read_file
from gxeditor.ledger.columns import BESIDE
from gxeditor.settings import user_folders

_MAP = 1_000_000  # bytes; a map of 40 columns and 100 words has 6 kB
_KIND = "ledger-map"
_NOTHING = "没有采用任何对应关系。"


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class LedgerMap:
    """`columns` are fields by heading as it stands in the file, `words` codes by field and word."""

    columns: Mapping[str, str] = field(default_factory=_none)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=_none)

    def with_column(self, heading: str, field: str) -> LedgerMap:
        """The map in which a heading means a field, and no other heading does."""
        kept = {key: value for key, value in self.columns.items() if value != field or not field}
        return LedgerMap(MappingProxyType({**kept, heading: field}), self.words)

    def with_word(self, field: str, word: str, code: str) -> LedgerMap:
        """The map in which a word under a field means a code."""
        of_field = MappingProxyType({**self.words.get(field, {}), word: code})
        return LedgerMap(self.columns, MappingProxyType({**self.words, field: of_field}))

    def over(self, before: LedgerMap) -> LedgerMap:
        """Both maps; where they differ, this one counts."""
        fields = {*before.words, *self.words}
        return LedgerMap(
            MappingProxyType({**before.columns, **self.columns}),
            MappingProxyType(
                {one: {**before.words.get(one, {}), **self.words.get(one, {})} for one in fields}
            ),
        )


NO_MAP = LedgerMap()


def to_json(ledger_map: LedgerMap) -> str:
    said = {
        "kind": _KIND,
        "columns": dict(ledger_map.columns),
        "words": {one: dict(words) for one, words in ledger_map.words.items()},
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str, vocabulary: Vocabulary, name: str = "对应关系") -> LedgerMap:
    """The map in a text. Raises `GxError` with all that is wrong: a field, code column or code that there is not."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GxError(f"“{name}”不是对应关系文件，读不懂。", _NOTHING, "请核对是不是选错了文件。") from error
    if not isinstance(said, dict) or not {"columns", "words"} & said.keys():
        raise GxError(f"“{name}”不是台账的对应关系文件。", _NOTHING, "请核对是不是选错了文件。")
    columns, words = said.get("columns", {}), said.get("words", {})
    wrong: list[str] = []
    if not isinstance(columns, dict) or not all(isinstance(one, str) for one in columns.values()):
        wrong.append("columns 应写成“列名”: “字段”")
        columns = {}
    if not isinstance(words, dict) or not all(isinstance(one, dict) for one in words.values()):
        wrong.append("words 应写成“字段”: {“词”: “代码”}")
        words = {}
    for heading, one in columns.items():
        if one and one not in BESIDE and one not in vocabulary.by_field:
            wrong.append(f"列“{heading}”：没有 {one} 这个字段")
    for of_field, meant in words.items():
        if of_field not in vocabulary.lists:
            wrong.append(f"{of_field} 不是有代码的字段")
            continue
        for word, code in meant.items():
            if code not in vocabulary.lists[of_field]:
                wrong.append(f"“{word}”：{of_field} 没有代码 {code}")
    if wrong:
        raise GxError(f"“{name}”有 {len(wrong)} 处不对：{'；'.join(wrong)}。", _NOTHING, "请改正后再用。")
    frozen = {one: MappingProxyType(dict(meant)) for one, meant in words.items()}
    return LedgerMap(MappingProxyType(dict(columns)), MappingProxyType(frozen))


def read_map(path: Path, vocabulary: Vocabulary) -> LedgerMap:
    """The map in a file. Raises `GxError`."""
    data = read_file(path, _MAP, meaning=_NOTHING)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeError as error:
        raise UnreadableSource(f"“{path.name}”读不出来。", _NOTHING, "请核对是不是选错了文件。") from error
    return from_json(text, vocabulary, path.name)


def write_map(ledger_map: LedgerMap, path: Path) -> None:
    """Writes a map to hand on. Raises `NotWritten`."""
    from gxeditor.files.atomic import write_atomic

    write_atomic(path, to_json(ledger_map).encode())


def kept_maps() -> Path:
    """The folder in which this user's maps of ledgers are kept."""
    return user_folders().data / "ledgers"


def store_map(ledger_map: LedgerMap, fingerprint: str, folder: Path | None = None) -> None:
    """Keeps a map for the next time that a file of this layout is read. Raises `NotWritten`."""
    folder = folder or kept_maps()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritten(
            f"对应关系没有保存到 {folder}。", "台账没有受到影响。", "下次导入时要重新核对。"
        ) from error
    write_map(ledger_map, folder / _name(fingerprint))


def stored_map(
    fingerprints: Iterable[str], vocabulary: Vocabulary, folder: Path | None = None, told: Told | None = None
) -> LedgerMap:
    """The map kept for one of these layouts; an empty one if none is. A damaged one is moved aside, and told."""
    for fingerprint in fingerprints:
        path = (folder or kept_maps()) / _name(fingerprint)
        try:
            if path.is_file():
                return read_map(path, vocabulary)
        except OSError:
            continue
        except GxError as error:
            if isinstance(error.__cause__, OSError):
                continue
            set_aside(
                path,
                "台账的对应关系",
                "导入这种台账时要重新核对对应关系；台账没有受到影响。",
                told or _unheard,
            )
    return NO_MAP


def _unheard(_: object) -> None:
    """For who is not told of a map that was moved aside."""


def _name(fingerprint: str) -> str:
    return f"{sha256(fingerprint.encode()).hexdigest()[:16]}.json"
