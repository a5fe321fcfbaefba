"""The data files that the program ships: forms, filling notes, rules, profiles, aliases, fonts, icons, samples.

Knows where they are, beside this module when installed and one folder up in a checkout, and reads the form, the rules
and the profiles once; and the profiles that an office handed out, where it is told that they lie. Does not know what is
in the others; who wants a font or an icon asks for its path.

Form, rules and notes are read and examined whole once; what came of it is kept, ready-made, in `__pycache__` beside
this module, as Python keeps what it compiles: reading the TOML of form and rules was an eighth of a start. It is taken
only with the very files and modules that it was made of and by.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from gxeditor.core.errors import Defects, GxError
from gxeditor.files.aside import Told, set_aside, unheard
from gxeditor.files.digest import blake2b
from gxeditor.files.limits import PROFILE, PROFILES
from gxeditor.files.reading import NotRegular, TooMuch, read_bytes

if TYPE_CHECKING:
    from gxeditor.core.cards import Cards
    from gxeditor.core.checks.profiles import Profile
    from gxeditor.core.checks.rules import Rule
    from gxeditor.core.form import Form
    from gxeditor.core.ledger.checks import Check as LedgerCheck
    from gxeditor.core.ledger.vocabulary import Vocabulary
    from gxeditor.core.ledger.workdays import Calendar
    from gxeditor.core.rollup.findings import Check
    from gxeditor.core.rollup.naming import Words

_Made = TypeVar("_Made")
_REINSTALL = "请重新安装程序。"


@cache
def _root() -> Path:
    package = Path(__file__).parent
    for folder in (package / "resources", package.parent / "resources"):
        if folder.is_dir():
            return folder
    raise GxError("程序的资源文件夹不见了。", "年报文件没有受到影响。", _REINSTALL)


def resource(name: str) -> Path:
    """The path of a shipped file or folder, by its name relative to resources/ with forward slashes.

    Raises `GxError` for a name that leads out of resources/ (absolute, with "..", a backslash or a drive)
    and for one that is not there.
    """
    parts = PurePosixPath(name)
    if not parts.parts or parts.is_absolute() or ".." in parts.parts or "\\" in name or ":" in name:
        raise GxError(f"“{name}”不是程序自带的文件。", "程序没有读取它。")
    path = _root() / parts
    if not path.exists():
        raise GxError(f"程序自带的文件 {name} 不见了。", "年报文件没有受到影响。", _REINSTALL)
    return path


def load_form(edition: str = "2021") -> Form:
    """The form of one edition. Raises `GxError` if there is none such or its file is damaged."""
    return _form(edition)


@cache
def _form(edition: str) -> Form:
    try:
        path = resource(f"forms/{edition}.toml")
    except GxError as error:
        raise GxError(
            f"程序没有“{edition}”版的年报格式。", "文件没有改动。", "请用较新版本的程序打开，或核对文件。"
        ) from error

    def made() -> Form:
        from gxeditor.core.form import parse_form

        return parse_form(read_shipped(path))

    return _prepared(f"form-{edition}", (path,), made)


def load_rules(form: Form) -> tuple[Rule, ...]:
    """The consistency rules of a form, in the order of the catalogue.

    Raises `GxError` if a file of theirs is missing or damaged, or does not fit the form.
    """
    if form is _form(form.edition):
        return _shipped_rules(form.edition)
    return _rules(form)


@cache
def _shipped_rules(edition: str) -> tuple[Rule, ...]:
    files = (resource(f"forms/{edition}.toml"), *_rule_files(edition))
    return _prepared(f"rules-{edition}", files, lambda: _rules(_form(edition)))


def _rules(form: Form) -> tuple[Rule, ...]:
    from gxeditor.core.checks.rule_file import parse_rules

    return parse_rules(read_rules(form.edition), form)


def _rule_files(edition: str) -> list[Path]:
    return sorted(resource(f"rules/{edition}").glob("*.toml"))


def read_rules(edition: str) -> dict[str, Any]:
    """The data of all rule files of an edition, as that of one. Raises `GxError` if one cannot be read."""
    from gxeditor.core.checks.rule_file import joined

    return joined(read_shipped(path) for path in _rule_files(edition))


# --- what is kept ready-made

_MAKERS = (
    *(
        "core/cards",
        "core/defects",
        "core/expressions",
        "core/form",
        "core/fields",
        "core/report",
    ),
    *("core/checks/anchors", "core/checks/check", "core/checks/profiles", "core/checks/rule_file"),
    *(
        "core/checks/rules",
        "core/checks/passages",
        "core/checks/claims/comparing",
        "core/checks/claims/reading",
    ),
)
"""The modules that read form, rules and notes or say what they are made of. If one changes, all is read again."""
_DIGEST = 32


class _Pickler(pickle.Pickler):
    """Knows read-only mappings as well, of which pickle itself has never heard."""

    def reducer_override(self, value: object) -> Any:
        return (read_only, (dict(value),)) if isinstance(value, MappingProxyType) else NotImplemented


def read_only(values: dict[str, Any]) -> MappingProxyType[str, Any]:
    """A read-only mapping, under a name that pickle finds: its class calls itself one of the builtins."""
    return MappingProxyType(values)


def _prepared(name: str, files: Sequence[Path], make: Callable[[], _Made]) -> _Made:
    """What `make` gives from these files: as it was kept, if nothing of what it came from has changed since.

    What is damaged is made again, without a word; where nothing can be written, it is made at every start. An installed
    program, which has no sources, brings what is kept beside its modules (`keep_prepared`) and never writes there.
    """
    package = Path(__file__)
    installed = package.suffix != ".py"
    folder = package.parent if installed else package.parent / "__pycache__"
    kept = folder / f"{name}.{sys.implementation.cache_tag}.prepared"
    try:
        whole = blake2b(digest_size=_DIGEST)
        for path in (*files, *(package.parent / (maker + package.suffix) for maker in _MAKERS)):
            data = path.read_bytes()
            whole.update(b"%d " % len(data) + data)
        source = whole.digest()
    except OSError:  # the modules lie in an archive, or a file cannot be read, as `make` will say
        return make()
    with suppress(OSError, pickle.UnpicklingError, AttributeError, ImportError):
        data = kept.read_bytes()
        body = data[2 * _DIGEST :]
        if data[:_DIGEST] == source and data[_DIGEST : 2 * _DIGEST] == _digest(body):
            return pickle.loads(body)  # type: ignore[no-any-return]
    made = make()
    if installed and not _building:
        return made
    with BytesIO() as stream:
        _Pickler(stream, 5).dump(made)
        body = stream.getvalue()
    beside = kept.with_name(f"{kept.name}.{os.getpid()}")
    with suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        beside.write_bytes(source + _digest(body) + body)
        beside.replace(kept)
    return made


_building = False


def keep_prepared() -> None:
    """Keeps form, rules and notes ready-made beside the compiled modules of a program that is being put together."""
    global _building
    _building = True
    form = load_form()
    load_rules(form)
    load_cards(form)


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST).digest()


# --- notes and profiles


def load_cards(form: Form) -> Cards:
    """The filling notes of a form. Raises `GxError` if their file is missing or damaged, or does not fit the form."""
    return _shipped_cards(form.edition) if form is _form(form.edition) else _cards(form)


@cache
def _shipped_cards(edition: str) -> Cards:
    files = (resource(f"forms/{edition}.toml"), resource(f"cards/{edition}.toml"))
    return _prepared(f"cards-{edition}", files, lambda: _cards(_form(edition)))


def _cards(form: Form) -> Cards:
    from gxeditor.core.cards import parse_cards

    return parse_cards(read_shipped(resource(f"cards/{form.edition}.toml")), form)


def load_vocabulary(form: Form) -> Vocabulary:
    """The columns and words of a request ledger. Raises `GxError` if a file is missing or damaged."""
    return _vocabulary(form.edition) if form is _form(form.edition) else _read_vocabulary(form)


@cache
def _vocabulary(edition: str) -> Vocabulary:
    return _read_vocabulary(_form(edition))


def _read_vocabulary(form: Form) -> Vocabulary:
    from gxeditor.core.ledger.vocabulary import parse_vocabulary

    columns, words = (read_shipped(resource(f"ledger/{name}.toml")) for name in ("columns", "words"))
    return parse_vocabulary(columns, words, form)


def load_ledger_checks(form: Form) -> tuple[LedgerCheck, ...]:
    """The checks of a request ledger. Raises `GxError` if their file is missing, damaged or does not fit."""
    return _ledger_checks(form.edition) if form is _form(form.edition) else _read_ledger_checks(form)


@cache
def _ledger_checks(edition: str) -> tuple[LedgerCheck, ...]:
    return _read_ledger_checks(_form(edition))


def _read_ledger_checks(form: Form) -> tuple[LedgerCheck, ...]:
    from gxeditor.core.ledger.checks import parse_checks

    return parse_checks(read_shipped(resource("ledger/checks.toml")), load_vocabulary(form))


def load_calendar(folder: Path | None = None, told: Told = unheard) -> Calendar:
    """The days off of all years whose notice is known: the shipped ones and those that the office brought, in `folder`.

    One of those takes the place of a shipped one of its year. A file there that makes no sense is moved aside and told,
    with its defects. Raises `GxError` if a shipped file is damaged.
    """
    shipped = _shipped_calendar()
    if folder is None:
        return shipped
    from gxeditor.core.ledger.workdays import Calendar, parse_year

    years = dict(shipped.years)
    for path, data in _handed_out(folder, told, _CALENDAR_FILE, _WITHOUT_CALENDAR):
        try:
            one = parse_year(data, path.name)
        except Defects as error:
            defects = "；".join(error.defects[:_TOLD])
            set_aside(path, _CALENDAR_FILE, f"其中{defects}。{_WITHOUT_CALENDAR}", told)
            continue
        years[one.year] = one
    return Calendar.of(years.values())


_CALENDAR_FILE, _WITHOUT_CALENDAR = "放假安排文件", "台账没有受到影响，计算答复期限时没有用这个文件。"


@cache
def _shipped_calendar() -> Calendar:
    from gxeditor.core.ledger.workdays import Calendar, parse_year

    files = sorted(resource("calendar").glob("*.toml"))
    return Calendar.of(parse_year(read_shipped(path), f"calendar/{path.name}") for path in files)


def load_rollup_checks(form: Form) -> tuple[Check, ...]:
    """The checks across the units of a roll-up. Raises `GxError` if their file is missing, damaged or does not fit."""
    return _rollup_checks(form.edition) if form is _form(form.edition) else _read_rollup_checks(form)


@cache
def _rollup_checks(edition: str) -> tuple[Check, ...]:
    return _read_rollup_checks(_form(edition))


def _read_rollup_checks(form: Form) -> tuple[Check, ...]:
    from gxeditor.core.rollup.checks import parse_checks

    return parse_checks(read_shipped(resource("rollup/checks.toml")), form)


def load_profiles(folder: Path | None = None, told: Told = unheard) -> tuple[Profile, ...]:
    """Every profile, the national one first: the shipped ones and those that an office handed out, in `folder`.

    One of those with the id of a shipped one takes its place. A file there that is no profile is moved aside and told,
    with its defects; one that cannot be opened now is passed over. Raises `GxError` if a shipped one is damaged.
    """
    from gxeditor.core.checks.profiles import parse_profile

    profiles = {one.id: one for one in _shipped_profiles()}
    for path, data in (
        _handed_out(folder, told, _PROFILE_FILE, _WITHOUT_PROFILE) if folder is not None else ()
    ):
        try:
            one = parse_profile(data, profiles.values())
        except Defects as error:
            defects = "；".join(error.defects[:_TOLD])
            set_aside(path, _PROFILE_FILE, f"其中{defects}。{_WITHOUT_PROFILE}", told)
            continue
        profiles[one.id] = one
    return tuple(profiles.values())


_PROFILE_FILE, _WITHOUT_PROFILE = "地区要求文件", "年报没有受到影响，没有用这个文件里的要求检查。"
_TOLD = 5  # defects of a file that stand in one sentence
_PAUSES = (0.05, 0.1)  # a start does not wait long for a file that somebody holds


def _handed_out(folder: Path, told: Told, kind: str, without: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The files of an office in the order of their names, those that name a parent last."""
    try:
        paths = sorted(islice(folder.glob("*.toml"), PROFILES))
    except OSError:
        return
    if not paths:
        return
    import tomllib

    later = []
    for path in paths:
        try:
            data = tomllib.loads(read_bytes(path, PROFILE, pauses=_PAUSES).decode("utf-8-sig"))
        except (NotRegular, TooMuch, ValueError, RecursionError):
            set_aside(path, kind, without, told)
        except OSError:
            continue
        else:
            if "parent" in data:
                later.append((path, data))
            else:
                yield path, data
    yield from later


@cache
def _shipped_profiles() -> tuple[Profile, ...]:
    from gxeditor.core.checks.profiles import NATIONAL, parse_profile

    profiles = [NATIONAL]
    files = [read_shipped(path) for path in sorted(resource("profiles").glob("*.toml"))]
    for data in sorted(files, key=lambda data: "parent" in data):
        profiles.append(parse_profile(data, profiles))
    return tuple(sorted(profiles, key=lambda one: one.id))


def load_profile(profile_id: str, folder: Path | None = None, told: Told = unheard) -> Profile:
    """The profile of this id, "" for the national one. Raises `GxError` that names those there are."""
    from gxeditor.core.checks.profiles import NATIONAL

    profiles = load_profiles(folder, told) if profile_id else (NATIONAL,)
    for one in profiles:
        if one.id == profile_id:
            return one
    known = "、".join(f"{one.id}（{one.name}）" for one in profiles if one.id)
    raise GxError(f"没有地区要求“{profile_id}”。", "", f"有：{known}。")


@cache
def load_unit_words() -> Words:
    """What names of units say, for the roll-up. Raises `GxError` if the file is missing or damaged."""
    from gxeditor.core.rollup.naming import parse_words

    return parse_words(read_shipped(resource("rollup/units.toml")))


def read_shipped(path: Path) -> dict[str, Any]:
    """The data of a shipped TOML file (`resource`). Raises `GxError` if it cannot be read."""
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GxError(
            f"程序自带的文件 {path.name} 读不出来。", "年报文件没有受到影响。", _REINSTALL
        ) from error
