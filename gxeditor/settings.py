"""What the program remembers between two starts, and in which folders.

Knows the settings as one frozen value, their JSON file, and the user's folders. Settings are a convenience: a
value that cannot be understood is its default again, and reading never fails. Knows no widget and no report.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import appdirs

from gxeditor.core.errors import NotWritten
from gxeditor.files.aside import Told, set_aside, unheard
from gxeditor.files.limits import SETTINGS
from gxeditor.files.reading import NotRegular, TooMuch, is_possible, read_bytes

FILE_NAME = "settings.json"
RECENT_LIMIT = 12
DENSITIES = ("auto", "fit", "compact", "standard", "wide")
COLOUR_SCHEMES = ("system", "light", "dark")
ZOOM_RANGE = (50, 300)
KINDS = ("", "rollup", "ledger")
"""What a recent file may be: a report, a roll-up, a ledger."""
PASSED_OVER = 100
"""Odd files that were named to the person and could not be moved: so many are remembered."""
_DIGITS = 18
_PAUSES = (0.05, 0.1)  # a start does not wait long for its settings
_GEOMETRY = 4000  # characters; Qt writes 132
_TEXT = 300  # characters of a name; an agency's has forty
_ITEMS = 100  # of a list or an object


class RecentFile(NamedTuple):
    """A file on the start page, with what it held when it was last open. `opened` is local time, ISO 8601.

    `checked` says what was checked of it and what not, the longest wording first. `kind` is "rollup" for a roll-up,
    "ledger" for a ledger, "" for a report; of a roll-up `agency` is whose area it is, `said` how complete it is,
    `queries` the files that no unit has; of a ledger `said` is how many requests it has and whether it has a password,
    `errors` those that are overdue. Never a name of an applicant.
    """

    path: str
    agency: str = ""
    year: int | None = None
    errors: int = 0
    queries: int = 0
    opened: str = ""
    checked: tuple[str, ...] = ()
    kind: str = ""
    said: str = ""


@dataclass(frozen=True)
class Settings:
    """All that is remembered. The defaults are what a first start shows.

    `zoom` is in per cent (50 to 300). `side_card` and `findings_panel` say per page kind whether it is open;
    a kind that the user has not decided is absent. `geometry` is what Qt saved of the window, in hexadecimal.
    `layout` is the key of the printed report's profile, `layouts` what was changed in each, as plain data that
    `writers.layouts` understands or leaves. `export_formats` are suffixes, and "proof" for the 校对稿.
    `rollup_outputs` are the keys of what was exported of a roll-up last (`ui.rollup.exporting`). `ledger_reports` says
    with which report a ledger is compared, by the paths of both.
    `template` is the workbook that was filled last, `filled_folder` where the filled one was put. `passed_over` are
    the marks of odd files that have been named and could not be moved aside (`files.aside.OddFile`). `rules_off` says
    of rules, by code, why no report is checked by them. `checker` signed the last 定稿, `final_formats` are
    the suffixes of the 校验报告 that was saved with it. `toured` says that the tour has been begun once.
    """

    recent: tuple[RecentFile, ...] = ()
    density: str = "auto"
    zoom: int = 100
    side_card: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    findings_panel: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    colour_scheme: str = "system"
    geometry: str = ""
    last_folder: str = ""
    layout: str = ""
    layouts: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    export_folder: str = ""
    export_formats: tuple[str, ...] = (".pdf", ".xlsx")
    export_shows_folder: bool = False
    return_office: str = ""
    rollup_outputs: tuple[str, ...] = ("workbook",)
    ledger_reports: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    template: str = ""
    filled_folder: str = ""
    passed_over: tuple[str, ...] = ()
    rules_off: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    checker: str = ""
    final_formats: tuple[str, ...] = (".pdf",)
    toured: bool = False

    def with_recent(self, file: RecentFile) -> Settings:
        """With `file` first among the recent ones, once, and no more of them than RECENT_LIMIT."""
        return replace(self, recent=(file, *self.without_recent(file.path).recent)[:RECENT_LIMIT])

    def without_recent(self, path: str) -> Settings:
        return replace(self, recent=tuple(file for file in self.recent if file.path != path))


class Folders(NamedTuple):
    """Where settings, journals and logs of this user live. They need not exist yet."""

    config: Path
    data: Path
    log: Path


def user_folders() -> Folders:
    """The folders the system keeps for programs, or those below GXEDITOR_HOME where that is set."""
    home = os.environ.get("GXEDITOR_HOME")
    if home:
        root = Path(home)
        return Folders(root / "config", root / "data", root / "log")
    return Folders(
        Path(appdirs.user_config_dir("gxeditor", appauthor=False)),
        Path(appdirs.user_data_dir("gxeditor", appauthor=False)),
        Path(appdirs.user_log_dir("gxeditor", appauthor=False)),
    )


def load_settings(folder: Path, told: Told = unheard) -> Settings:
    """The settings kept in `folder`; the default for each one that is missing or makes no sense.

    A file that is no JSON object, or no regular file, is moved aside and told. Raises nothing.
    """
    path = folder / FILE_NAME
    try:
        text = read_bytes(path, SETTINGS, pauses=_PAUSES).decode("utf-8")
        data = json.loads(text, parse_int=_literal, parse_constant=lambda _: None)
        if not isinstance(data, dict):
            raise ValueError("no object")
        read = {key: _READERS[key](data[key]) for key in _READERS if key in data}
        return Settings(**{key: value for key, value in read.items() if value is not None})
    except OSError as error:
        if not isinstance(error, NotRegular | TooMuch):
            return Settings()
    except Exception:  # whatever the file holds, it does not keep the program from starting
        pass
    set_aside(path, "程序设置", "程序按最初的设置启动，年报没有受到影响。", told)
    return Settings()


def _literal(digits: str) -> int | None:
    """A whole number; none of the settings has many digits, and Python refuses to read very many."""
    return int(digits) if len(digits) <= _DIGITS else None


def save_settings(folder: Path, settings: Settings) -> None:
    """Write the settings into `folder`, which is made if need be; a reader sees the old file or the new one.

    Raises `NotWritten`. Unlike a report they are not flushed to the disk: their loss costs a window position.
    """
    data = {f.name: getattr(settings, f.name) for f in fields(settings)}
    data["recent"] = [file._asdict() for file in settings.recent]
    data |= {
        key: dict(data[key])
        for key in ("side_card", "findings_panel", "layouts", "rules_off", "ledger_reports")
    }
    path = folder / FILE_NAME
    beside = folder / f"{FILE_NAME}.{os.getpid()}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A name that is no text on this system has halves of characters, which JSON escapes in just Python's way.
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        beside.write_bytes(text.encode("utf-8", "backslashreplace"))
        os.replace(beside, path)
    except (OSError, ValueError) as error:  # a folder's path may be none at all
        with suppress(OSError, ValueError):
            beside.unlink()
        raise NotWritten(
            f"程序设置没有保存到 {folder}。",
            "年报文件没有受到影响。",
            "下次打开时会用原来的设置。",
        ) from error


# Each reader gives the value, or None for what makes no sense.


def _recent(value: object) -> tuple[RecentFile, ...] | None:
    if not isinstance(value, list):
        return None
    files = [file for item in value if (file := _recent_file(item)) is not None]
    return tuple(files[:RECENT_LIMIT])


def _recent_file(value: object) -> RecentFile | None:
    if not isinstance(value, dict) or not _path(value.get("path")):
        return None
    read: dict[str, Any] = {
        "agency": _text(value.get("agency")),
        "year": _integer(value.get("year"), 1900, 2999),
        "errors": _integer(value.get("errors"), 0, 100_000),
        "queries": _integer(value.get("queries"), 0, 100_000),
        "opened": _text(value.get("opened")),
        "checked": _words(value.get("checked")),
        "kind": _one_of(KINDS)(value.get("kind")),
        "said": _text(value.get("said")),
    }
    return RecentFile(value["path"], **{key: item for key, item in read.items() if item is not None})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= _TEXT else None


def _path(value: object) -> str | None:
    return value if isinstance(value, str) and (not value or is_possible(value)) else None


def _integer(value: object, low: int, high: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None


def _open_by_kind(value: object) -> Mapping[str, bool] | None:
    if not isinstance(value, dict):
        return None
    flags = {key: item for key, item in value.items() if _text(key) is not None and isinstance(item, bool)}
    return MappingProxyType(dict(list(flags.items())[:_ITEMS]))


def _layouts(value: object) -> Mapping[str, Mapping[str, Any]] | None:
    if not isinstance(value, dict):
        return None
    layouts = {key: _choices(item) for key, item in value.items() if isinstance(item, dict)}
    return MappingProxyType({key: layouts[key] for key in list(layouts)[:_ITEMS] if len(key) <= _TEXT})


def _choices(layout: dict[str, Any]) -> dict[str, Any]:
    """The choices of a layout that are of a kind a choice can be; their limits are known to `writers.layouts`."""
    return {key: value for key, value in list(layout.items())[:_ITEMS] if _is_choice(value)}


def _is_choice(value: object) -> bool:
    if isinstance(value, dict):
        return len(value) <= _ITEMS and all(isinstance(text, str) for text in value.values())
    return isinstance(value, str | bool | int) or (isinstance(value, float) and isfinite(value))


def _texts(value: object) -> Mapping[str, str] | None:
    if not isinstance(value, dict):
        return None
    texts = {key: item for key, item in value.items() if _text(key) and _text(item)}
    return MappingProxyType(dict(list(texts.items())[:_ITEMS]))


def _words(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(item for item in value if _text(item))[:_ITEMS]


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _one_of(allowed: tuple[str, ...]) -> Callable[[object], str | None]:
    return lambda value: value if isinstance(value, str) and value in allowed else None


def _geometry(value: object) -> str | None:
    try:
        return bytes.fromhex(value).hex() if isinstance(value, str) and len(value) <= _GEOMETRY else None
    except ValueError:
        return None


_READERS: dict[str, Callable[[object], Any]] = {
    "recent": _recent,
    "density": _one_of(DENSITIES),
    "zoom": lambda value: _integer(value, *ZOOM_RANGE),
    "side_card": _open_by_kind,
    "findings_panel": _open_by_kind,
    "colour_scheme": _one_of(COLOUR_SCHEMES),
    "geometry": _geometry,
    "last_folder": _path,
    "layout": _text,
    "layouts": _layouts,
    "export_folder": _path,
    "export_formats": _words,
    "export_shows_folder": _flag,
    "return_office": _text,
    "rollup_outputs": _words,
    "ledger_reports": _texts,
    "template": _path,
    "filled_folder": _path,
    "passed_over": _words,
    "rules_off": _texts,
    "checker": _text,
    "final_formats": _words,
    "toured": _flag,
}
