"""A ledger of requests as a file: .gxl, UTF-8 JSON with one request a line, sealed as a whole if it has a password.

Knows the format, its versions, and how a damaged file is told to a clerk. How a content is sealed is known to
`store.protection`, who has the file open to `store.rollup_lock`. Counts nothing.

    {
     "format": "gxeditor-ledger/1",
     "agency": "松塘县自然资源局", "closed_by": "answered_on", "explanations": {}, "none_in": [2024],
     "requests": [
      {"id": "r1", "applicant": "…", "received_on": "2025-12-04", "fee_amount": "10.00", "outcome": "G1",
       "origin": ["台账.xlsx", "2025年", 5], "unsettled": {"answered_on": "2月30日"}, "why": {"answered_on": "…"}}
     ],
     "settled": [{"code": "U1", "field": "outcome", "rows": 3, "word": "查无此件"}]
    }

The keys are sorted behind `format`, by whose place the file is known. A request has what stands under its columns by
their fields: a text or a code as text, a day as ISO 8601, yuan as text with all digits, a number as a number. What is
of another kind than its column says its own: {"text": "25-068"}. Keys that this version does not know are kept in
`Ledger.extra` and written back, those of a request under "requests" by its id.

With a password there is only `format`, and the two keys of `store.protection`; the whole file is in what is sealed.
The format's history: 1, the first. A reader refuses newer ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn
from weakref import ref

from gxeditor.core.errors import DamagedFile
from gxeditor.core.ledger.request import Ledger, Origin, Request, Settled, Value
from gxeditor.core.ledger.vocabulary import FieldType, Vocabulary
from gxeditor.core.report import Explanation
from gxeditor.files.digest import sha256
from gxeditor.files.limits import LEDGER_FILE
from gxeditor.files.reading import read_head
from gxeditor.store.own_bytes import damaged, kept_path, named, own_content, read_own, write_own
from gxeditor.store.protection import PROTECTION, Key, is_sealed, seal, unseal
from gxeditor.store.report_file import joined, to_json

SUFFIX = ".gxl"
VERSION = 1

_NAME = "gxeditor-ledger"
_FORMAT = f"{_NAME}/{VERSION}"
_BEGINNING = 200  # bytes; `format` is the first key, and `protection` the second
_DIGITS = 15  # of a number that JSON gives back anywhere as it is


class OpenedLedger(NamedTuple):
    """A ledger as it stood on the disk, the sha256 by which a later save knows that file again, and the key to seal it
    again, None without a password."""

    ledger: Ledger
    sha256: str
    key: Key | None = None


def read_ledger(path: Path, vocabulary: Vocabulary, password: str | Key | None = None) -> OpenedLedger:
    """The ledger in a file, which is waited for a little while another program holds it.

    Raises `NeedsPassword`, `WrongPassword`, `DamagedFile`, `NewerFormat`, `UnreadableSource` if it cannot be opened.
    """
    try:
        data = read_own(path, LEDGER_FILE, "一份台账")
        ledger, key = parse(data, vocabulary, password)
        return OpenedLedger(ledger, sha256(data).hexdigest(), key)
    except DamagedFile as error:
        raise named(path, error) from error


def save_ledger(
    ledger: Ledger, path: Path, expected_sha256: str | None, vocabulary: Vocabulary, key: Key | None = None
) -> str:
    """Writes the ledger, sealed by a key, keeps the previous version beside it (`kept_path`), returns the new sha256.

    `expected_sha256` is that of the file as it was opened or last saved; None overwrites whatever is there. Raises as
    `write_own`.
    """
    return _write(ledger, path, expected_sha256, vocabulary, key)


def save_protected_anew(
    ledger: Ledger, path: Path, expected_sha256: str | None, vocabulary: Vocabulary, key: Key | None
) -> str:
    """The same once the password is another, or is there no longer: the previous version is replaced as well.

    It would open by the old password, or without any. It is written first, so that nothing that opens so is left once
    the file itself is sealed.
    """
    kept = kept_path(path)
    if kept.exists():
        _write(ledger, kept, None, vocabulary, key, keep=False)
    return _write(ledger, path, expected_sha256, vocabulary, key, keep=False)


def _write(
    ledger: Ledger,
    path: Path,
    expected_sha256: str | None,
    vocabulary: Vocabulary,
    key: Key | None,
    keep: bool = True,
) -> str:
    return write_own(
        path,
        dump(ledger, vocabulary, key),
        expected_sha256,
        most=LEDGER_FILE,
        what="台账",
        remedy="请把早年的申请另存为一份台账。",
        keep=keep,
    )


def begins_as_own(path: Path) -> bool:
    """Whether a file begins as this program writes a ledger, whatever it is called; False if it cannot be read."""
    try:
        return f'"{_NAME}/'.encode() in read_head(path, _BEGINNING)
    except OSError:
        return False


def has_password(path: Path) -> bool:
    """Whether a ledger opens by a password only; False if it cannot be read."""
    try:
        head = read_head(path, _BEGINNING)
    except OSError:
        return False
    return f'"{_NAME}/'.encode() in head and f'"{PROTECTION}"'.encode() in head


def is_own(path: Path) -> bool:
    """Whether a file is a ledger: by how it begins, or by its name where nothing can be told of it."""
    return begins_as_own(path) or path.name.lower().endswith((SUFFIX, f"{SUFFIX}~"))


# --- writing ------------------------------------------------------------------------------------------------------

_LEDGER = {"format", *(one.name for one in fields(Ledger) if one.name != "extra")}
_REQUEST = ("id", "origin", "unsettled", "why")
_SETTLED = tuple(one.name for one in fields(Settled))


def dump(ledger: Ledger, vocabulary: Vocabulary, key: Key | None = None) -> bytes:
    """The file of a ledger; the same one gives the same bytes, unless it is sealed."""
    types = _types(vocabulary)
    extra = ledger.extra
    of_requests, of_words, of_reasons = (
        extra.get(name, {}) for name in ("requests", "settled", "explanations")
    )
    reasons = {
        joined(address): _sorted(
            {"reason": joined(one.reason), "values": [joined(value) for value in one.values]},
            of_reasons.get(address),
        )
        for address, one in sorted(ledger.explanations.items())
    }
    lines = (_line(one, types, of_requests.get(one.id)) for one in ledger.requests)
    settled = (
        to_json(
            _sorted({name: _plain(getattr(one, name)) for name in _SETTLED}, of_words.get(_word_key(one)))
        )
        for one in ledger.settled
    )
    content = {
        "agency": to_json(joined(ledger.agency)),
        "closed_by": to_json(joined(ledger.closed_by)),
        "explanations": to_json(reasons),
        "none_in": to_json(list(ledger.none_in)),
        "requests": _listed(lines),
        "settled": _listed(settled),
    }
    content |= {name: to_json(value) for name, value in extra.items() if name not in _LEDGER}
    whole = _object(content)
    if key is None:
        return whole.encode()
    sealed = seal(whole.encode(), key, _NAME)
    return _object({name: to_json(value) for name, value in sealed.items()}).encode()


def _object(content: Mapping[str, str]) -> str:
    rest = "".join(f",\n {to_json(name)}: {content[name]}" for name in sorted(content))
    return f'{{\n "format": {to_json(_FORMAT)}{rest}\n}}\n'


def _listed(lines: Any) -> str:
    inside = ",\n  ".join(lines)
    return f"[\n  {inside}\n ]" if inside else "[]"


_WRITTEN: dict[int, tuple[ref[Request], str]] = {}
"""The lines of requests, by the id of the value, while it lives: a step changes one of five thousand, and each step is
written at once."""


def _line(request: Request, types: Mapping[str, FieldType], left: Mapping[str, Any] | None) -> str:
    place = id(request)
    if not left and (written := _WRITTEN.get(place)) is not None and written[0]() is request:
        return written[1]
    item: dict[str, Any] = {
        field: _value_kept(value, types.get(field)) for field, value in request.values.items()
    }
    item["id"] = joined(request.id)
    if request.unsettled:
        item["unsettled"] = _texts_kept(request.unsettled)
    if request.why:
        item["why"] = _texts_kept(request.why)
    if request.origin is not None:
        item["origin"] = [_plain(part) for part in request.origin]
    line = to_json(_sorted(item, left))
    if not left:
        _WRITTEN[place] = ref(request, lambda _: _WRITTEN.pop(place, None)), line
    return line


def _sorted(item: Mapping[str, Any], left: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(sorted({**(left or {}), **item}.items()))


def _value_kept(value: Value, wanted: FieldType | None) -> Any:
    """A value as JSON: as its column has it, or with its kind if it is of another."""
    if isinstance(value, date):
        return value.isoformat() if wanted == "date" else {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return str(value) if wanted == "money" else {"money": str(value)}
    if isinstance(value, int):
        small = -(10**_DIGITS) < value < 10**_DIGITS
        return value if wanted == "number" and small else {"number": str(value)}
    text = joined(value)
    return text if wanted in ("text", "code") else {"text": text}


def _plain(value: str | int) -> str | int:
    return joined(value) if isinstance(value, str) else value


def _texts_kept(texts: Mapping[str, str]) -> dict[str, str]:
    return {joined(name): joined(text) for name, text in sorted(texts.items())}


def _types(vocabulary: Vocabulary) -> Mapping[str, FieldType]:
    return {column.field: column.type for column in vocabulary.columns}


def _word_key(one: Settled) -> str:
    return f"{one.field}\0{one.word}"


# --- reading ------------------------------------------------------------------------------------------------------


def parse(
    data: bytes, vocabulary: Vocabulary, password: str | Key | None = None
) -> tuple[Ledger, Key | None]:
    """The ledger in the bytes of a file, and the key to seal it again.

    Raises `NeedsPassword`, `WrongPassword`, `DamagedFile` with the place, `NewerFormat`.
    """
    content = own_content(data, _NAME, VERSION, "台账")
    if not is_sealed(content):
        return _ledger(content, _types(vocabulary)), None
    opened, key = unseal(content, password, _NAME)
    inner = own_content(opened, _NAME, VERSION, "台账")
    if is_sealed(inner):
        damaged("加密的内容里又是加密的内容")
    return _ledger(inner, _types(vocabulary)), key


def _ledger(content: dict[str, Any], types: Mapping[str, FieldType]) -> Ledger:
    extra = {name: value for name, value in content.items() if name not in _LEDGER}
    requests: list[Request] = []
    known: set[str] = set()
    of_requests: dict[str, Any] = {}
    for at, item in enumerate(_a_list(content, "requests"), 1):
        place = f"第 {at} 件申请"
        request, left = _request(item, types, place)
        if request.id in known:
            _wrong(f"{place}的 id", "和前面的不同，现在重复了")
        known.add(request.id)
        requests.append(request)
        if left:
            of_requests[request.id] = left
    settled: list[Settled] = []
    of_words: dict[str, Any] = {}
    for at, item in enumerate(_a_list(content, "settled"), 1):
        word, left = _settled(item, f"settled 第 {at} 项")
        settled.append(word)
        if left:
            of_words[_word_key(word)] = left
    explanations, of_reasons = _explanations(content.get("explanations", {}))
    left_over = {"requests": of_requests, "settled": of_words, "explanations": of_reasons}
    extra |= {name: left for name, left in left_over.items() if left}
    closed_by = _text(content.get("closed_by", "answered_on"), "closed_by")
    if types.get(closed_by) != "date":
        _wrong("closed_by", "是一个日期列")
    none_in = _a_list(content, "none_in")
    if not all(type(year) is int for year in none_in):
        _wrong("none_in", "是一组年份")
    return Ledger(
        agency=_text(content.get("agency", ""), "agency"),
        requests=tuple(requests),
        settled=tuple(settled),
        closed_by=closed_by,
        none_in=tuple(none_in),
        explanations=explanations,
        extra=MappingProxyType(extra),
    )


def _request(item: Any, types: Mapping[str, FieldType], place: str) -> tuple[Request, dict[str, Any]]:
    """A request, and the keys of it that nobody here knows. Raises `DamagedFile`."""
    if not isinstance(item, dict):
        _wrong(place, "是一组带名字的值")
    values: dict[str, Value] = {}
    left: dict[str, Any] = {}
    for name, stated in item.items():
        if name in _REQUEST:
            continue
        if name not in types:
            left[name] = stated
            continue
        values[name] = _value(stated, types[name], f"{place}的 {name}")
    origin = item.get("origin")
    return Request(
        _text(item.get("id"), f"{place}的 id"),
        MappingProxyType(values),
        _texts(item.get("unsettled", {}), f"{place}的 unsettled"),
        _texts(item.get("why", {}), f"{place}的 why"),
        None if origin is None else _origin(origin, place),
    ), left


def _origin(stated: Any, place: str) -> Origin:
    if isinstance(stated, list) and len(stated) == 3:
        file, sheet, row = stated
        if isinstance(file, str) and isinstance(sheet, str) and type(row) is int:
            return Origin(file, sheet, row)
    _wrong(f"{place}的 origin", "是文件、工作表和行")


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile(r"-?[0-9]{1,4000}(?:\.[0-9]{0,4000})?(?:E[+-]?[0-9]{1,9})?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,4000}", re.ASCII)
_WANTED: Mapping[str, str] = {
    "date": "是日期，如 2025-01-20",
    "money": "是金额",
    "number": "是整数",
    "text": "是文字",
    "code": "是文字",
}


def _value(stated: Any, wanted: FieldType, place: str) -> Value:
    kind: str = wanted
    if isinstance(stated, dict) and len(stated) == 1:
        kind, stated = next(iter(stated.items()))
        if not isinstance(stated, str) or kind not in _WANTED:
            _wrong(place, _WANTED[wanted])
    try:
        if kind == "number":
            if type(stated) is int:
                return stated
            if isinstance(stated, str) and _NUMBER.fullmatch(stated):
                return int(stated)
        elif not isinstance(stated, str):
            pass
        elif kind in ("text", "code"):
            return stated
        elif kind == "date" and _DAY.fullmatch(stated):
            return date.fromisoformat(stated)
        elif kind == "money" and _AMOUNT.fullmatch(stated):
            return Decimal(stated)
    except (ValueError, InvalidOperation):
        pass
    _wrong(place, _WANTED[kind])


def _settled(item: Any, place: str) -> tuple[Settled, dict[str, Any]]:
    if not isinstance(item, dict):
        _wrong(place, "是一组带名字的值")
    rows = item.get("rows", 0)
    if type(rows) is not int:
        _wrong(f"{place}的 rows", "是整数")
    left = {name: value for name, value in item.items() if name not in _SETTLED}
    field, word, code = (_text(item.get(name), f"{place}的 {name}") for name in ("field", "word", "code"))
    return Settled(field, word, code, rows), left


def _explanations(stated: Any) -> tuple[Mapping[str, Explanation], dict[str, Any]]:
    """The reasons by their addresses, and the keys of them that nobody here knows."""
    if not isinstance(stated, dict):
        _wrong("explanations", "是一组带名字的值")
    found: dict[str, Explanation] = {}
    unknown: dict[str, Any] = {}
    for address, one in stated.items():
        values = one.get("values", []) if isinstance(one, dict) else None
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            _wrong(f"explanations 里“{address}”", "说明原因")
        found[address] = Explanation(_text(one.get("reason"), f"explanations 里“{address}”"), tuple(values))
        left = {name: value for name, value in one.items() if name not in ("reason", "values")}
        if left:
            unknown[address] = left
    return MappingProxyType(found), unknown


def _a_list(content: Mapping[str, Any], name: str) -> list[Any]:
    stated = content.get(name, [])
    if not isinstance(stated, list):
        _wrong(name, "是一组")
    return stated


def _text(stated: Any, place: str) -> str:
    if not isinstance(stated, str):
        _wrong(place, "是文字")
    return stated


def _texts(stated: Any, place: str) -> Mapping[str, str]:
    if not isinstance(stated, dict) or not all(isinstance(text, str) for text in stated.values()):
        _wrong(place, "是一组带名字的文字")
    return MappingProxyType(stated)


def _wrong(place: str, wanted: str) -> NoReturn:
    damaged(f"“{place}”这一项应{wanted}")
