"""A roll-up as a file: .gxh, UTF-8 JSON beside a folder of reports, one unit and one received report a line.

Knows the format, its versions, how a damaged file is told to a clerk, and how paths are seen from the file's folder.
Who has it open is said in `store.rollup_lock`. Reads no report: where forms come from is a loader that is handed in.

    {
     "format": "gxeditor-rollup/1",
     "adjustments": [{"cell": "…", "delta": "-3", "id": "a1", "reason": "…"}],
     "changed": [], "dues": {"DEPARTMENT": "2026-01-31"}, "edition": "2021",
     "explanations": {"…": {"reason": "…", "values": ["16"]}}, "given": {"H-14": "7"}, "owner": "松塘县",
     "prior": {"adjustments": [], "edition": "2021", "owner": "…", "path": "../2024/松塘县.gxh", "sha256": "…",
               "units": […], "values": {"u1": "0,3,,'/,1.50"}, "year": 2024},
     "profile": "", "received": [{"path": "乡镇/沙田乡.docx", "sha256": "…", "unit": "u1", "values": "0,3,,'/,1.50"}],
     "returned": [], "scope": "TERRITORY", "units": [{"id": "u1", "kind": "TOWNSHIP", "name": "…"}], "year": 2025
    }

The keys are sorted behind `format`, by whose place the file is known. An item says only what is not as usual (the
defaults of `core.rollup.project` and `core.rollup.units`). Keys that this version does not know are kept in
`Rollup.extra` and written back, those of an item under the name of its list, by what tells the item from the others.

The figures of a report are one text, in the order of the form: a comma between two, nothing for a blank one, a count
as digits, an amount with its point (`12.` for one without decimals, so that it stays one), and a text behind an
apostrophe, `%` and `,` in it as `%25` and `%2C`. 200 keys for each of 10,000 reports would be 100 MB.

Paths have slashes and are seen from the folder of the file, so that both may be moved together; what lies on another
drive is named from its root. The format's history: 1, the first. A reader refuses newer ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import MISSING, fields, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn, TypeVar
from weakref import ref

from gxeditor.core.errors import DamagedFile
from gxeditor.core.expressions import expression
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Explanation
from gxeditor.core.rollup.project import Adjustment, Fee, PriorYear, Received, Returned, Rollup, Told
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.files.digest import sha256
from gxeditor.files.limits import ROLLUP_FILE
from gxeditor.files.reading import read_head
from gxeditor.store.own_bytes import damaged, named, own_content, read_own, write_own
from gxeditor.store.report_file import joined, to_json

SUFFIX = ".gxh"
VERSION = 1

_NAME = "gxeditor-rollup"
_FORMAT = f"{_NAME}/{VERSION}"
_BEGINNING = 200  # bytes; `format` is the first key
_EDITION = expression("[0-9A-Za-z-]{1,20}")  # it names a file of the program's


class OpenedRollup(NamedTuple):
    """A roll-up as it stood on the disk, and the sha256 by which a later save knows that file again."""

    rollup: Rollup
    sha256: str


def read_rollup(path: Path, load_form: Callable[[str], Form]) -> OpenedRollup:
    """The roll-up in a file, which is waited for a little while another program holds it.

    Raises `DamagedFile`, `NewerFormat`, `UnreadableSource` if it cannot be opened, and `GxError` for an edition
    that this program does not have.
    """
    try:
        data = read_own(path, ROLLUP_FILE, "一份汇总")
        return OpenedRollup(parse(data, load_form), sha256(data).hexdigest())
    except DamagedFile as error:
        raise named(path, error) from error


def save_rollup(rollup: Rollup, path: Path, expected_sha256: str | None) -> str:
    """Writes the roll-up, keeps the previous version beside it (`kept_path`), and returns the new sha256.

    `expected_sha256` is that of the file as it was opened or last saved; None overwrites whatever is there. The paths
    of `rollup` are already seen from the folder of `path` (`moved`). Raises as `write_own`.
    """
    data = dump(rollup)
    return write_own(path, data, expected_sha256, most=ROLLUP_FILE, what="汇总", remedy="请分成几个汇总。")


def begins_as_own(path: Path) -> bool:
    """Whether a file begins as this program writes a roll-up, whatever it is called; False if it cannot be read."""
    try:
        return _begins_as_own(read_head(path, _BEGINNING))
    except OSError:
        return False


def _begins_as_own(head: bytes) -> bool:
    return f'"{_NAME}/'.encode() in head[:_BEGINNING]


def is_own(path: Path) -> bool:
    """Whether a file is a roll-up: by how it begins, or by its name where nothing can be told of it."""
    return begins_as_own(path) or path.name.lower().endswith((SUFFIX, f"{SUFFIX}~"))


# --- paths --------------------------------------------------------------------------------------------------------


def seen_from(folder: Path, path: Path) -> str:
    """The path as a roll-up in `folder` names it: with slashes, relative unless it lies on another drive."""
    absolute = os.path.abspath(path)
    try:
        return Path(os.path.relpath(absolute, os.path.abspath(folder))).as_posix()
    except ValueError:  # another drive
        return Path(absolute).as_posix()


def reached(folder: Path, path: str) -> Path:
    """Where a file lies that a roll-up in `folder` names."""
    return Path(os.path.normpath(folder.absolute() / path))


def moved(rollup: Rollup, old: Path, new: Path) -> Rollup:
    """The roll-up with its paths as seen from the folder `new` instead of `old`; the files stay where they are."""
    if os.path.abspath(old) == os.path.abspath(new):
        return rollup

    def anew(path: str) -> str:
        return seen_from(new, reached(old, path)) if path else path

    prior = rollup.prior
    return replace(
        rollup,
        received=tuple(replace(one, path=anew(one.path)) for one in rollup.received),
        returned=tuple(replace(one, path=anew(one.path)) for one in rollup.returned),
        changed=frozenset(anew(path) for path in rollup.changed),
        prior=None if prior is None else replace(prior, path=anew(prior.path)),
    )


# --- figures ------------------------------------------------------------------------------------------------------

_COUNT = expression("-?[0-9]{1,4000}")  # more, Python makes no number of
_AMOUNT = expression(r"-?[0-9]{1,4000}(?:\.[0-9]{0,4000})?(?:E[+-]?[0-9]{1,9})?")


def _token(entry: Entry | None) -> str:
    if entry is None:
        return ""
    if isinstance(entry, str):
        return "'" + joined(entry).replace("%", "%25").replace(",", "%2C")
    text = str(entry)
    return text if isinstance(entry, int) or "." in text or "E" in text else f"{text}."


def _entry(token: str) -> Entry | None:
    """Raises `ValueError` for what is no figure."""
    if not token:
        return None
    if token[0] == "'":
        return token[1:].replace("%2C", ",").replace("%25", "%")
    if _COUNT.fullmatch(token):
        return int(token)
    if not _AMOUNT.fullmatch(token):
        raise ValueError(token)
    return Decimal(token)


class _Figures(dict[str, Entry | None]):
    """What each text of a figure means. Most of a province's two million are a few hundred different ones."""

    def __missing__(self, token: str) -> Entry | None:
        found = self[token] = _entry(token)
        return found


# --- values of the file -------------------------------------------------------------------------------------------


class _Value(NamedTuple):
    """How a value stands in the file: `keep` makes JSON of it, `read` the value again, or raises `ValueError`."""

    keep: Callable[[Any], Any]
    read: Callable[[Any], Any]
    wanted: str


def _a_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _a_whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(value)
    return value


def _a_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(value)
    return value


def _an_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(value)
    return value


def _named(kind: Any) -> _Value:
    """A member of an enumeration by its name, which does not change with the words for the clerk."""
    members = kind.__members__

    def read(value: Any) -> Any:
        if not isinstance(value, str) or value not in members:
            raise ValueError(value)
        return members[value]

    return _Value(lambda member: member.name, read, f"是 {'、'.join(members)} 之一")


def _one_of(*words: str) -> _Value:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(value)
        return str(value)

    return _Value(lambda word: word, read, f"是 {'、'.join(filter(None, words))} 之一")


def _figures_kept(values: Iterable[Entry | None]) -> str:
    return ",".join(map(_token, values))


_TEXT = _Value(joined, _a_text, "是文字")
_WHOLE = _Value(int, _a_whole, "是整数")
_YEAR = _Value(lambda year: year, lambda value: None if value is None else _a_whole(value), "是整数")
_TEXTS = _Value(
    lambda texts: [joined(one) for one in texts],
    lambda value: tuple(_a_text(one) for one in _a_list(value)),
    "是一组文字",
)
_WHYS = _Value(
    lambda whys: {joined(key): joined(why) for key, why in sorted(whys.items())},
    lambda value: MappingProxyType({key: _a_text(why) for key, why in _an_object(value).items()}),
    "是一组带名字的文字",
)
_FIGURE = _Value(_token, lambda value: _a_figure(_a_text(value)), "是一个数")
_FEE = _Value(
    lambda fee: [fee.notices, joined(fee.yuan)],
    lambda value: _a_fee(_a_list(value)),
    "是件数和金额",
)


def _a_figure(token: str) -> Entry:
    if (found := _entry(token)) is None:
        raise ValueError(token)
    return found


def _a_fee(value: list[Any]) -> Fee:
    notices, yuan = value
    return Fee(None if notices is None else _a_whole(notices), _a_text(yuan))


def _told_kept(found: Iterable[Told]) -> list[Any]:
    return [[list(part) if isinstance(part, tuple) else joined(part) for part in one] for one in found]


def _told(value: Any) -> tuple[Told, ...]:
    found = []
    for one in _a_list(value):
        rule, severity, message, cells, *rest = _a_list(one)
        found.append(
            Told(
                _a_text(rule),
                _a_text(severity),
                _a_text(message),
                tuple(map(_a_text, _a_list(cells))),
                *map(_a_text, rest),
            )
        )
    return tuple(found)


_TOLD = _Value(_told_kept, _told, "是一组检查结果")
_ALIASES = _Value(
    lambda several: [_item(one, _ALIAS) for one in several],
    lambda value: tuple(Alias(**_plain(_an_object(one), _ALIAS)) for one in _a_list(value)),
    "是一组名称",
)

_ALIAS: dict[str, _Value] = {"name": _TEXT, "whence": _TEXT, "note": _TEXT, "used": _WHOLE}
_UNIT = {
    "id": _TEXT,
    "name": _TEXT,
    "kind": _named(UnitKind),
    "parent": _TEXT,
    "aliases": _ALIASES,
    "code": _TEXT,
    "role": _named(Role),
    "duty": _named(Duty),
    "covers": _named(Scope),
    "due": _TEXT,
    "from_year": _YEAR,
    "to_year": _YEAR,
    "note": _TEXT,
    "why_kind": _TEXT,
}
_ADJUSTMENT = {
    "id": _TEXT,
    "cell": _TEXT,
    "delta": _FIGURE,
    "reason": _TEXT,
    "basis": _TEXT,
    "unit": _TEXT,
    "day": _TEXT,
}
_EXPLANATION = {"reason": _TEXT, "values": _TEXTS}
_DEFAULTS = {
    kind: {one.name: one.default for one in fields(kind) if one.default is not MISSING}
    | {one.name: one.default_factory() for one in fields(kind) if one.default_factory is not MISSING}
    for kind in (Alias, Unit, Received, Adjustment, Returned)
}


def _received(figures: _Value) -> dict[str, _Value]:
    return {
        "path": _TEXT,
        "sha256": _TEXT,
        "size": _WHOLE,
        "modified": _WHOLE,
        "row": _TEXT,
        "reader": _TEXT,
        "received": _TEXT,
        "read": _TEXT,
        "agency": _TEXT,
        "title": _TEXT,
        "year": _YEAR,
        "edition": _TEXT,
        "date": _TEXT,
        "kind": _TEXT,
        "values": figures,
        "doubts": _WHYS,
        "notes": _TEXTS,
        "found": _TOLD,
        "checked": _WHOLE,
        "not_checked": _WHOLE,
        "fee": _FEE,
        "problem": _TEXT,
        "basis": _TEXT,
        "unit": _TEXT,
        "matched": _TEXT,
        "candidates": _TEXTS,
        "why_not": _TEXT,
        "decided": _one_of("", "use", "hold", "reject"),
        "decided_why": _TEXT,
    }


def _returned(figures: _Value) -> dict[str, _Value]:
    return {
        "unit": _TEXT,
        "path": _TEXT,
        "sha256": _TEXT,
        "at": _TEXT,
        "due": _TEXT,
        "row": _TEXT,
        "values": figures,
        "rules": _TEXTS,
    }


def _figures() -> _Value:
    known = _Figures()

    def read(value: Any) -> tuple[Entry | None, ...]:
        text = _a_text(value)
        return tuple(map(known.__getitem__, text.split(","))) if text else ()

    return _Value(_figures_kept, read, "是按表格顺序、用逗号隔开的数")


def _item(value: Any, table: Mapping[str, _Value], left: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An item of the file: what is not as usual, and the keys of it that nobody here knows."""
    defaults = _DEFAULTS.get(type(value), {})
    known: dict[str, Any] = {}
    for key, one in table.items():
        said = getattr(value, key)
        if key not in defaults or said != defaults[key]:
            known[key] = one.keep(said)
    return dict(sorted({**(left or {}), **known}.items()))


_Read = TypeVar("_Read")


class _Wrong(ValueError):
    """A key of an item makes no sense."""

    def __init__(self, key: str, wanted: str) -> None:
        super().__init__(key)
        self.key, self.wanted = key, wanted


def _plain(
    item: Mapping[str, Any], table: Mapping[str, _Value], left: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The known values of an item; what is unknown goes into `left`. Raises `_Wrong`."""
    found: dict[str, Any] = {}
    for key, value in item.items():
        one = table.get(key)
        if one is None:
            if left is not None:
                left[key] = value
            continue
        try:
            found[key] = one.read(value)
        except _Wrong:
            raise
        except (ValueError, TypeError):
            raise _Wrong(key, one.wanted) from None
    return found


# --- the whole ----------------------------------------------------------------------------------------------------

_LISTS: Mapping[str, Callable[[Any], Hashable]] = {
    "units": lambda unit: unit.id,
    "received": lambda one: f"{one.path}\0{one.row}",
    "adjustments": lambda one: one.id,
    "returned": lambda one: f"{one.unit}\0{one.at}",
}
"""The lists of the file, and what tells an item of each from the others."""
_KEYS = {
    "format", "edition", "year", "owner", "scope", *_LISTS, "explanations", "given", "dues", "prior", "profile",
    "changed",
}  # fmt: skip
_PRIOR_KEYS = {"year", "owner", "edition", "units", "values", "adjustments", "path", "sha256"}


def dump(rollup: Rollup) -> bytes:
    """The file of a roll-up; the same roll-up gives the same bytes."""
    extra = rollup.extra
    figures = _figures()
    tables = {
        "units": _UNIT,
        "received": _received(figures),
        "adjustments": _ADJUSTMENT,
        "returned": _returned(figures),
    }
    listed = {
        "units": rollup.units.listed,
        "received": rollup.received,
        "adjustments": rollup.adjustments,
        "returned": rollup.returned,
    }
    content: dict[str, str] = {
        "edition": to_json(rollup.form.edition),
        "year": to_json(rollup.year),
        "owner": to_json(joined(rollup.owner)),
        "scope": to_json(rollup.scope.name),
        "explanations": _lines(
            {
                joined(address): _item(one, _EXPLANATION)
                for address, one in sorted(rollup.explanations.items())
            }
        ),
        "given": to_json({joined(name): _token(one) for name, one in sorted(rollup.given.items())}),
        "dues": to_json({joined(kind): joined(day) for kind, day in sorted(rollup.dues.items())}),
        "profile": to_json(joined(rollup.profile)),
        "changed": to_json([joined(path) for path in sorted(rollup.changed)]),
    }
    for name, key in _LISTS.items():
        left = extra.get(name, {})
        content[name] = _listed_lines(_line(one, tables[name], left.get(key(one))) for one in listed[name])
    if rollup.prior is not None:
        content["prior"] = _lines(_prior_kept(rollup.prior, extra.get("prior", {})))
    content |= {key: to_json(value) for key, value in extra.items() if key not in _KEYS}
    rest = "".join(f",\n {to_json(key)}: {content[key]}" for key in sorted(content))
    return f'{{\n "format": {to_json(_FORMAT)}{rest}\n}}\n'.encode()


_WRITTEN: dict[int, tuple[ref[Received], str]] = {}
"""The lines of received reports, by the id of the value, while it lives: a step changes one of ten thousand, and each
step is written at once."""


def _line(one: Any, table: Mapping[str, _Value], left: Mapping[str, Any] | None) -> str:
    """An item of a list as JSON."""
    if not isinstance(one, Received) or left:
        return to_json(_item(one, table, left))
    place = id(one)
    if (written := _WRITTEN.get(place)) is not None and written[0]() is one:
        return written[1]
    line = to_json(_item(one, table))
    _WRITTEN[place] = ref(one, lambda _: _WRITTEN.pop(place, None)), line
    return line


def _listed_lines(lines: Iterable[str]) -> str:
    inside = ",\n  ".join(lines)
    return f"[\n  {inside}\n ]" if inside else "[]"


def _lines(value: Mapping[str, Any] | list[Any]) -> str:
    """JSON with each item of a list or a mapping on its own line; so stand those of a mapping in a mapping."""
    if not value:
        return to_json(value)
    if isinstance(value, list):
        return "[\n  " + ",\n  ".join(map(to_json, value)) + "\n ]"
    parts = []
    for key, one in value.items():
        many = isinstance(one, list | dict) and key in ("units", "values", "adjustments")
        parts.append(f"{to_json(key)}: {_lines(one) if many else to_json(one)}")
    return "{\n  " + ",\n  ".join(parts) + "\n }"


def _prior_kept(prior: PriorYear, left: Mapping[str, Any]) -> dict[str, Any]:
    of_units = left.get("units", {})
    known = {
        "year": prior.year,
        "owner": joined(prior.owner),
        "edition": prior.edition,
        "units": [_item(unit, _UNIT, of_units.get(unit.id)) for unit in prior.units.listed],
        "values": {joined(unit): _figures_kept(values) for unit, values in sorted(prior.values.items())},
        "adjustments": [_item(one, _ADJUSTMENT) for one in prior.adjustments],
        "path": joined(prior.path),
        "sha256": prior.sha256,
    }
    others = {key: value for key, value in left.items() if key not in _PRIOR_KEYS}
    return dict(sorted({**others, **known}.items()))


def parse(data: bytes, load_form: Callable[[str], Form]) -> Rollup:
    """The roll-up in the bytes of a file, on the form that `load_form` gives for its edition.

    Raises `DamagedFile` with the place, `NewerFormat`, and whatever `load_form` raises for an edition it does not have.
    """
    content = own_content(data, _NAME, VERSION, "汇总")
    edition = content.get("edition")
    if not isinstance(edition, str) or not _EDITION.fullmatch(edition):
        _wrong("edition", "写明年报格式的版本")
    return _rollup(content, load_form(edition))


def _rollup(content: dict[str, Any], form: Form) -> Rollup:
    extra = {key: value for key, value in content.items() if key not in _KEYS}
    figures = _figures()
    units = _units(content, "units", extra)
    received = _listed(content, "received", Received, _received(figures), ("path",), extra)
    for at, one in enumerate(received, 1):
        if one.edition == form.edition and len(one.values) not in (0, len(form.cells)):
            _wrong(f"received 第 {at} 项的 values", f"有 {len(form.cells)} 个数，现在有 {len(one.values)} 个")
    prior = content.get("prior")
    return Rollup(
        form,
        year=_read(content, "year", _WHOLE),
        owner=_read(content, "owner", _TEXT, ""),
        scope=_read(content, "scope", _named(Scope), Scope.TERRITORY),
        units=units,
        received=received,
        adjustments=_listed(
            content, "adjustments", Adjustment, _ADJUSTMENT, ("id", "cell", "delta", "reason"), extra
        ),
        returned=_listed(
            content, "returned", Returned, _returned(figures), ("unit", "path", "sha256", "at"), extra
        ),
        explanations=_mapped(
            content,
            "explanations",
            lambda value: Explanation(**_plain(_whole(value, ("reason", "values")), _EXPLANATION)),
            "说明原因",
        ),
        given=_mapped(content, "given", _FIGURE.read, _FIGURE.wanted),
        dues=_mapped(content, "dues", _a_text, "是日期"),
        prior=None if prior is None else _prior(prior, figures, extra),
        profile=_read(content, "profile", _TEXT, ""),
        changed=frozenset(_read(content, "changed", _TEXTS, ())),
        extra=MappingProxyType(extra),
    )


def _units(content: Mapping[str, Any], name: str, extra: dict[str, Any], where: str = "") -> Units:
    units = Units(_listed(content, name, Unit, _UNIT, ("id", "name"), extra, where))
    for unit in units.listed:
        above = list(units.above(unit))
        if above and above[-1].parent and above[-1].parent in units.by_id:
            _wrong(f"{where}{name} 里“{unit.name}”的 parent", "指向它的上级，现在它在自己下面")
    return units


def _prior(content: object, figures: _Value, extra: dict[str, Any]) -> PriorYear:
    if not isinstance(content, dict):
        _wrong("prior", "是上年的汇总")
    left = {key: value for key, value in content.items() if key not in _PRIOR_KEYS}
    units = _units(content, "units", left, "prior.")
    prior = PriorYear(
        year=_read(content, "year", _WHOLE, where="prior."),
        owner=_read(content, "owner", _TEXT, "", "prior."),
        edition=_read(content, "edition", _TEXT, "", "prior."),
        units=units,
        values=_mapped(content, "values", figures.read, figures.wanted, "prior."),
        adjustments=_listed(
            content, "adjustments", Adjustment, _ADJUSTMENT, ("id", "cell", "delta", "reason"), {}, "prior."
        ),
        path=_read(content, "path", _TEXT, "", "prior."),
        sha256=_read(content, "sha256", _TEXT, "", "prior."),
    )
    if left:
        extra["prior"] = left
    return prior


def _read(
    content: Mapping[str, Any], key: str, value: _Value, default: Any = MISSING, where: str = ""
) -> Any:
    if key not in content:
        if default is MISSING:
            _wrong(where + key, value.wanted)
        return default
    try:
        return value.read(content[key])
    except (ValueError, TypeError):
        _wrong(where + key, value.wanted)


def _listed(
    content: Mapping[str, Any],
    name: str,
    make: Callable[..., _Read],
    table: Mapping[str, _Value],
    needed: tuple[str, ...],
    extra: dict[str, Any],
    where: str = "",
) -> tuple[_Read, ...]:
    """The items of a list; unknown keys go to `extra`, under the list's name. Raises `DamagedFile`."""
    stated = content.get(name, [])
    if not isinstance(stated, list):
        _wrong(where + name, "是一组")
    found: list[_Read] = []
    known: set[Hashable] = set()
    unknown: dict[Hashable, Any] = {}
    for at, item in enumerate(stated, 1):
        place = f"{where}{name} 第 {at} 项"
        left: dict[str, Any] = {}
        try:
            value = make(**_plain(_whole(item, needed), table, left))
        except _Wrong as wrong:
            _wrong(f"{place}的 {wrong.key}" if wrong.key else place, wrong.wanted)
        key = _LISTS[name](value)
        if key in known and name in ("units", "received"):
            _wrong(place, "和前面的不同，现在重复了")
        known.add(key)
        if left:
            unknown[key] = left
        found.append(value)
    if unknown:
        extra[name] = unknown
    return tuple(found)


def _whole(item: Any, needed: tuple[str, ...]) -> dict[str, Any]:
    """The item itself, if it has what it cannot do without. Raises `_Wrong`."""
    if not isinstance(item, dict):
        raise _Wrong("", "是一组带名字的值")
    for key in needed:
        if key not in item:
            raise _Wrong(key, "写明")
    return item


def _mapped(
    content: Mapping[str, Any], key: str, read: Callable[[Any], Any], wanted: str, where: str = ""
) -> Mapping[str, Any]:
    stated = content.get(key, {})
    if not isinstance(stated, dict):
        _wrong(where + key, "是一组带名字的值")
    found: dict[str, Any] = {}
    for name, value in stated.items():
        try:
            found[name] = read(value)
        except (ValueError, TypeError):
            _wrong(f"{where}{key} 里“{name}”", wanted)
    return MappingProxyType(found)


def _wrong(key: str, wanted: str) -> NoReturn:
    damaged(f"“{key}”这一项应{wanted}")
