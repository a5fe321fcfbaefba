"""The data files that the program ships: forms, rules, aliases, fonts, icons, samples.

Knows where they are, beside this module when installed and one folder up in a checkout, and reads the form
and the rules once. Does not know what is in the others; who wants a font or an icon asks for its path.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from gxeditor.core.checks.profiles import Profile
from gxeditor.core.checks.rule_file import joined, parse_rules
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import GxError
from gxeditor.core.form import Form, parse_form

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
    return parse_form(read_shipped(path))


def load_rules(form: Form) -> tuple[Rule, ...]:
    """The consistency rules of a form, in the order of the catalogue.

    Raises `GxError` if a file of theirs is missing or damaged, or does not fit the form.
    """
    if form is _form(form.edition):
        return _shipped_rules(form.edition)
    return _rules(form)


@cache
def _shipped_rules(edition: str) -> tuple[Rule, ...]:
    return _rules(_form(edition))


def _rules(form: Form) -> tuple[Rule, ...]:
    return parse_rules(read_rules(form.edition), form)


def read_rules(edition: str) -> dict[str, Any]:
    """The data of all rule files of an edition, as that of one. Raises `GxError` if one cannot be read."""
    return joined(read_shipped(path) for path in sorted(resource(f"rules/{edition}").glob("*.toml")))


def load_profiles() -> tuple[Profile, ...]:
    """What provinces ask, the national profile, which asks nothing more, first."""
    files = [read_shipped(path) for path in sorted((_root() / "profiles").glob("*.toml"))]
    return (Profile(), *(Profile(data["id"], data["name"]) for data in files))


def read_shipped(path: Path) -> dict[str, Any]:
    """The data of a shipped TOML file (`resource`). Raises `GxError` if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GxError(
            f"程序自带的文件 {path.name} 读不出来。", "年报文件没有受到影响。", _REINSTALL
        ) from error
