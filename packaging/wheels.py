"""Wheels of other systems than this one: fetched once, checked against a lock file's hashes, kept in a cache.

Knows pip's lock files and how a wheel for another system is asked for, with pip's own configuration of indexes. Does
not know which packages a program needs.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path


class BuildError(Exception):
    """The build cannot go on; the text says why and what to do."""


@dataclass(frozen=True)
class Target:
    """A system that wheels are for: pip's platform tags, and the version of CPython as in "3.11"."""

    platforms: tuple[str, ...]
    python: str

    @property
    def cache(self) -> Path:
        """The folder where its wheels are kept between builds."""
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return home / "gxeditor" / f"wheels-{self.platforms[0]}-{self.python}"

    def options(self) -> list[str]:
        """What pip has to be told."""
        tags = [option for platform in self.platforms for option in ("--platform", platform)]
        abis = (f"cp{self.python.replace('.', '')}", "abi3", "none")
        tags += [option for abi in abis for option in ("--abi", abi)]
        return [*tags, "--implementation", "cp", "--python-version", self.python]


WINDOWS = Target(("win_amd64",), "3.11")


def entries(lock: Path) -> dict[str, str]:
    """The lines of each package in a lock file, by its name without extras."""
    text = lock.read_text(encoding="utf-8")
    found = re.finditer(r"(?m)^([\w.-]+)(?:\[[\w,.-]+\])?==\S+(?:\s*\\\n\s*--hash=\S+)+", text)
    return {match[1]: match[0] for match in found}


def pinned(entry: str) -> str:
    """What an entry pins: name, extras and version, as in `pikepdf[pdfa]==10.18.0`."""
    return entry.split(maxsplit=1)[0]


def hashes(entry: str) -> set[str]:
    """The SHA-256 of every file that an entry allows."""
    return set(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))


def cached(lock: Path, target: Target) -> dict[str, Path]:
    """The wheels of a lock file that the cache has, by package."""
    files = {_sha256(path, path.stat().st_mtime_ns): path for path in sorted(target.cache.glob("*.whl"))}
    return {
        name: files[item] for name, entry in entries(lock).items() for item in hashes(entry) if item in files
    }


@cache
def _sha256(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(lock: Path, target: Target, names: Collection[str] | None = None) -> dict[str, Path]:
    """The wheels for `target` of the named packages, or of all in the lock file, by name. Raises `BuildError`."""
    wanted = set(entries(lock)) if names is None else set(names)
    missing = wanted - cached(lock, target).keys()
    if missing:
        with tempfile.TemporaryDirectory() as folder:
            requirements = Path(folder) / "requirements.txt"
            lines = [entry for name, entry in entries(lock).items() if name in missing]
            requirements.write_text("\n".join(lines) + "\n", encoding="utf-8")
            download(requirements, target, target.cache)
    found = {name: path for name, path in cached(lock, target).items() if name in wanted}
    if missing := wanted - found.keys():
        raise BuildError(
            f"These wheels could not be had with a hash in {lock.name}: {', '.join(sorted(missing))}."
        )
    return found


def download(requirements: Path, target: Target, folder: Path) -> None:
    """Everything in a lock file, as wheels for `target`. Raises `BuildError`."""
    folder.mkdir(parents=True, exist_ok=True)
    hashed = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", str(requirements)]
    quiet = ["--quiet", "--quiet", "--disable-pip-version-check", "--dest", str(folder)]
    try:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", *quiet, *target.options(), *hashed], check=True
        )
    except subprocess.CalledProcessError as error:
        raise BuildError("pip could not fetch the wheels; what it said stands above.") from error


def is_kept(path: str, choice: Mapping[str, list[str]]) -> bool:
    """Whether a file of a wheel is taken: `keep` and `leave` hold patterns of whole paths, "*" matches "/" too."""
    left_out = any(fnmatchcase(path, pattern) for pattern in choice.get("leave", ()))
    return not left_out and any(fnmatchcase(path, pattern) for pattern in choice["keep"])
