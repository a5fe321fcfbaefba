"""The locked requirements install with whatever pip a supported Python brings, also when newer releases are out."""

from __future__ import annotations

import hashlib
import importlib
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.conftest import PACKAGING

wheels: Any = importlib.import_module("wheels")

PROJECT = PACKAGING.parent
LOCKS = [
    PROJECT / "requirements.txt",
    PROJECT / "requirements-dev.txt",
    PACKAGING / "requirements-windows.txt",
]
# Stands in for any release that is published after the lock was made.
LATER = "9999.0"


def pins(lock: Path) -> dict[str, Requirement]:
    return {
        canonicalize_name(name): Requirement(wheels.pinned(entry))
        for name, entry in wheels.entries(lock).items()
    }


def installed(lock: Path) -> list[metadata.Distribution]:
    """The distributions of a lock file; all of them are installed, but for what only Windows takes."""
    return [one for one in metadata.distributions() if canonicalize_name(one.metadata["Name"]) in pins(lock)]


def wishes(one: metadata.Distribution, extras: set[str]) -> list[Requirement]:
    """What a distribution asks for on this system, with these of its extras."""
    stated = [Requirement(text) for text in one.requires or ()]
    return [
        wish
        for wish in stated
        if wish.marker is None or any(wish.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_what_is_asked_for_with_an_extra_is_pinned_with_it(lock: Path) -> None:
    """pip before 25 takes a pin without the extra for another package, and then the newest release."""
    pinned = pins(lock)
    asked = 0
    for one in installed(lock):
        for wish in wishes(one, pinned[canonicalize_name(one.metadata["Name"])].extras):
            if wish.extras:
                asked += 1
                assert wish.extras <= pinned[canonicalize_name(wish.name)].extras, (
                    f"{one.name} asks for {wish}"
                )
    project = [Requirement(text) for text in metadata_of_project()]
    for wish in project:
        assert wish.extras <= pinned[canonicalize_name(wish.name)].extras, f"pyproject.toml asks for {wish}"
    assert asked or lock.name != "requirements-dev.txt"


def metadata_of_project() -> list[str]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


def empty_wheel(folder: Path, name: str, version: str, requires: list[str], extras: list[str]) -> str:
    """A wheel with these requirements and nothing in it; its SHA-256."""
    stem = f"{re.sub(r'[-_.]+', '_', name)}-{version}"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {text}" for text in requires] + [f"Provides-Extra: {text}" for text in extras]
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", "\n".join(lines) + "\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", tags)
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that pip takes for an index: every locked package, empty, and a later release of each."""
    folder = tmp_path_factory.mktemp("index")
    locked = []
    for one in installed(PROJECT / "requirements-dev.txt"):
        name, extras = one.metadata["Name"], one.metadata.get_all("Provides-Extra") or []
        sha256 = empty_wheel(folder, name, one.version, list(one.requires or ()), extras)
        empty_wheel(folder, name, LATER, [], extras)
        pin = pins(PROJECT / "requirements-dev.txt")[canonicalize_name(name)]
        assert pin.specifier.contains(one.version), f"{name} {one.version} is installed, {pin} is locked"
        locked.append(f"{pin} --hash=sha256:{sha256}")
    (folder / "requirements.txt").write_text("\n".join(locked) + "\n", encoding="utf-8")
    return folder


def install(index: Path, requirements: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """With the oldest pip, which runs out of its wheel."""
    old = wheels.fetch(PACKAGING / "requirements-oldest-pip.txt", wheels.Target(("any",), "3.11"))["pip"]
    options = ["--isolated", "--disable-pip-version-check", "--no-index", "--find-links", str(index)]
    return subprocess.run(
        [sys.executable, "-W", "ignore", f"{old}/pip", "install", *options, "--target", str(target), "--require-hashes",
         "--requirement", str(requirements)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="set-up is for Debian")
def test_the_oldest_pip_installs_the_lock_when_newer_releases_are_out(index: Path, tmp_path: Path) -> None:
    done = install(index, index / "requirements.txt", tmp_path / "there")
    assert done.returncode == 0, done.stderr
    got = {path.name for path in (tmp_path / "there").glob("*.dist-info")}
    assert len(got) == len(pins(PROJECT / "requirements-dev.txt"))
    assert not [name for name in got if LATER in name]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="set-up is for Debian")
def test_a_lock_without_extras_is_what_that_pip_refuses(index: Path, tmp_path: Path) -> None:
    """So the test above can fail."""
    bare = tmp_path / "bare.txt"
    text = (index / "requirements.txt").read_text(encoding="utf-8")
    bare.write_text(text.replace("coverage[toml]", "coverage"), encoding="utf-8")
    done = install(index, bare, tmp_path / "there")
    assert done.returncode != 0
    assert "hash" in done.stderr.lower()
