"""Builds the Debian package, for offices with a Chinese Linux and for testers: `make deb`.

Knows where a package lays its files and that everything of the program lies in one folder, from which it also runs
unpacked anywhere. packaging/linux.toml says what is taken of which wheel, requirements.txt pins them. Needs dpkg-deb.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from build_windows import PROJECT, PUBLISHER, licence, version
from bundle import TIME
from wheels import BuildError, Target, fetch, is_kept

HERE = Path(__file__).resolve().parent
FOLDER = "opt/gxeditor"
SUMMARY = "offline editor of the annual report on open government information"
AFTER = """#!/bin/sh
set -e
if [ "$1" = configure ]; then
    python3 -m compileall -q {folder}/program {folder}/packages >/dev/null || true
fi
"""
BEFORE = """#!/bin/sh
set -e
find {folder} -name __pycache__ -type d -prune -exec rm -rf {{}} +
"""


def lay_out(root: Path, choice: dict[str, Any]) -> None:
    """The tree of the package below `root`. Raises `BuildError`."""
    home = root / FOLDER
    targets = [Target(tuple(choice["platforms"]), python) for python in choice["pythons"]]
    for target in targets:
        found = fetch(PROJECT / "requirements.txt", target)
        for name, wanted in choice["wheels"].items():
            with ZipFile(found[name.lower().replace("_", "-")]) as files:
                kept = [
                    entry for entry in files.namelist() if is_kept(entry, wanted) and not entry.endswith("/")
                ]
                for entry in kept:
                    _put(home / "packages" / entry, files.read(entry))
            if text := licence(found[name.lower().replace("_", "-")]):
                _put(home / "licenses" / f"{name}.txt", text)
    for folder in ("gxeditor", "resources"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                _put(home / "program" / path.relative_to(PROJECT), path.read_bytes())
    about = f'[project]\nname = "gxeditor"\nversion = "{version()}"\n'
    _put(home / "program" / "pyproject.toml", about.encode())
    _put(home / "gxeditor", (HERE / "linux" / "gxeditor").read_bytes(), 0o755)
    for path in (HERE / "licenses").iterdir():
        _put(home / "licenses" / path.name, path.read_bytes())
    share = root / "usr" / "share"
    _put(share / "applications" / "gxeditor.desktop", (HERE / "linux" / "gxeditor.desktop").read_bytes())
    _put(share / "mime" / "packages" / "gxeditor.xml", (HERE / "linux" / "gxeditor.xml").read_bytes())
    icons = share / "icons" / "hicolor" / "scalable"
    _put(icons / "apps" / "gxeditor.svg", (PROJECT / "resources" / "icons" / "app.svg").read_bytes())
    report = icons / "mimetypes" / "application-x-gxeditor-report.svg"
    _put(report, (HERE / "launcher" / "gxr.svg").read_bytes())
    documents = share / "doc" / "gxeditor"
    _put(documents / "copyright", (PROJECT / "LICENSE").read_bytes())
    _put(documents / "changelog.gz", gzip.compress((PROJECT / "CHANGELOG.md").read_bytes(), mtime=0))
    command = root / "usr" / "bin" / "gxeditor"
    command.parent.mkdir(parents=True)
    command.symlink_to(f"/{FOLDER}/gxeditor")


def newest_glibc(root: Path) -> str:
    """The newest version of glibc that any library below `root` asks for, as in "2.28"."""
    asked = {
        tuple(int(part) for part in match[1].split(b"."))
        for path in root.rglob("*.so*")
        if path.is_file()
        for match in re.finditer(rb"\0GLIBC_(2\.\d+)", path.read_bytes())
    }
    return ".".join(str(part) for part in max(asked))


def build(work: Path, output: Path) -> Path:
    """The package; raises `BuildError`, also where a library needs a newer glibc than is stated."""
    choice = tomllib.loads((HERE / "linux.toml").read_text(encoding="utf-8"))
    shutil.rmtree(work, ignore_errors=True)
    lay_out(work, choice)
    newest = newest_glibc(work)
    if _numbers(newest) > _numbers(choice["glibc"]):
        raise BuildError(f"A library asks for glibc {newest}; linux.toml states {choice['glibc']}.")
    kilobytes = sum(path.stat().st_size for path in work.rglob("*") if path.is_file()) // 1024
    fields = {
        "Package": "gxeditor",
        "Version": version(),
        "Architecture": "amd64",
        "Maintainer": f"{PUBLISHER} <gxeditor@localhost>",
        "Installed-Size": str(kilobytes),
        "Depends": ", ".join(choice["depends"]),
        "Recommends": "fonts-noto-cjk",
        "Section": "editors",
        "Priority": "optional",
        "Description": f"{SUMMARY}\n 政府信息公开年报编辑器：填写、核对和导出政府信息公开工作年度报告。不需要联网。",
    }
    control = "".join(f"{key}: {value}\n" for key, value in fields.items())
    _put(work / "DEBIAN" / "control", control.encode())
    _put(work / "DEBIAN" / "postinst", AFTER.format(folder=f"/{FOLDER}").encode(), 0o755)
    _put(work / "DEBIAN" / "prerm", BEFORE.format(folder=f"/{FOLDER}").encode(), 0o755)
    output.mkdir(parents=True, exist_ok=True)
    package = output / f"gxeditor_{version()}_amd64.deb"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(TIME)}
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(work), str(package)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    print(f"{package.name}: {package.stat().st_size / 1e6:.1f} MB, {kilobytes / 1000:.0f} MB installed")
    print(f"glibc {newest} or newer; Python {', '.join(choice['pythons'])}")
    return package


def self_test(package: Path, folder: Path) -> None:
    """The package, unpacked into `folder`, passes its self-test with the system's Python. Raises `BuildError`."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    command = [str(folder / FOLDER / "gxeditor"), "selftest", str(folder / "selftest")]
    done = subprocess.run(command, env=environment, capture_output=True)
    if done.returncode != 0:
        told = (done.stdout + done.stderr).decode("utf-8", "replace")
        raise BuildError(f"The unpacked program failed its self-test:\n{told}")
    print("its self-test passes")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _put(path: Path, data: bytes, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)
    os.utime(path, (TIME, TIME))


def main() -> int:
    try:
        package = build(PROJECT / "build" / "deb", PROJECT / "dist")
        self_test(package, PROJECT / "build" / "deb-test")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
