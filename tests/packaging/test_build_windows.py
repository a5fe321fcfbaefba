from __future__ import annotations

import ast
import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZipFile

import pytest

import gxeditor
from tests.packaging.conftest import PACKAGING

build: Any = importlib.import_module("build_windows")
bundle: Any = importlib.import_module("bundle")
pe: Any = importlib.import_module("pe")
wheels: Any = importlib.import_module("wheels")
runtime: Any = importlib.import_module("windows_runtime")

CHOICE = tomllib.loads((PACKAGING / "windows.toml").read_text(encoding="utf-8"))
PROJECT = PACKAGING.parent
# Asked for only where the program does not run on Windows, or not out of its bundle.
ELSEWHERE = {"fcntl", "importlib.metadata", "resource"}


def imported_anywhere() -> set[str]:
    """Every module that gxeditor imports, in functions and branches too."""
    found: set[str] = set()
    for path in (PROJECT / "gxeditor").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return found


def test_every_module_of_the_standard_library_that_the_program_asks_for_is_kept() -> None:
    library = CHOICE["standard_library"]
    extensions = {name.split(".")[0] for name in CHOICE["runtime"]["files"] if name.endswith(".pyd")}
    provided = {*runtime.standard_library(library), *library["built_in"], *extensions}
    wanted = {name for name in imported_anywhere() if name.split(".")[0] in sys.stdlib_module_names}
    assert wanted - provided <= ELSEWHERE


def test_every_module_of_qt_that_the_program_asks_for_is_kept() -> None:
    kept = CHOICE["wheels"]["PySide6_Essentials"]["keep"]
    wanted = {name for name in imported_anywhere() if name.startswith("PySide6.Qt")}
    assert wanted
    assert {f"{name.replace('.', '/')}.pyd" for name in wanted} <= set(kept)


def test_the_lock_names_one_wheel_for_each_package_that_the_program_runs_with() -> None:
    locked = {name: wheels.hashes(entry) for name, entry in wheels.entries(build.LOCK).items()}
    wanted = wheels.entries(PROJECT / "requirements.txt")
    assert locked.keys() == {*wanted, CHOICE["runtime"]["wheel"]}
    assert all(len(hashes) == 1 for hashes in locked.values())
    lock = build.LOCK.read_text(encoding="utf-8")
    for name, entry in wanted.items():
        assert f"{wheels.pinned(entry)} " in lock
        assert locked[name] <= wheels.hashes(entry), f"{name} has another hash than in requirements.txt"


def test_the_wheels_that_are_taken_apart_are_locked() -> None:
    names = {name.lower().replace("_", "-") for name in CHOICE["wheels"]}
    assert names <= wheels.entries(build.LOCK).keys()


def test_every_wheel_is_in_the_list_of_other_peoples_software() -> None:
    told = (PACKAGING / "licenses" / "第三方软件.txt").read_text(encoding="utf-8")
    qt = {"PySide6_Essentials", "shiboken6"}  # under licences whose texts are ours to add
    assert [name for name in CHOICE["wheels"] if name not in qt and f"{name}.txt" not in told] == []


def test_the_rights_in_what_was_built_into_a_wheel_are_told_with_its_own(tmp_path: Path) -> None:
    wheel = tmp_path / "a-1-py3-none-any.whl"
    with ZipFile(wheel, "w") as files:
        for name, text in {
            "a.py": "",
            "a-1.dist-info/LICENSE.txt": "own",
            "a-1.dist-info/METADATA": "no licence",
            "a-1.dist-info/licenses/": "",
            "a-1.dist-info/licenses/COPYING": "copied",
            "a-1.dist-info/licenses/third/zlib.txt": "zlib's",
        }.items():
            files.writestr(name, text)
    told = build.licence(wheel).decode()
    assert re.findall(r"own|copied|zlib's|no licence", told) == ["own", "copied", "zlib's"]
    assert "======== third/zlib.txt" in told


def test_the_version_is_that_of_the_program() -> None:
    assert build.version() == gxeditor.__version__


def test_the_portable_zip_lies_in_one_folder_and_knows_that_it_is_portable(tmp_path: Path) -> None:
    files = {"gxeditor.exe": bundle.Part(b"MZ", ""), "program/a": bundle.Part(b"a", "")}
    build.make_zip(files, tmp_path / "one.zip")
    build.make_zip(dict(reversed(files.items())), tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with ZipFile(tmp_path / "one.zip") as archive:
        names = [PurePosixPath(name) for name in archive.namelist()]
    assert {name.parts[0] for name in names} == {build.NAME}
    assert f"{build.NAME}/portable.txt" in map(str, names)


def test_missing_tools_are_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(build.BuildError, match=r"makensis.*apt-get install"):
        build.find_tools()


@pytest.fixture
def tools() -> Any:
    """What `make windows` installs; here it may be missing."""
    try:
        return build.find_tools()
    except build.BuildError as error:
        pytest.skip(str(error))


@pytest.mark.slow
def test_the_launchers_say_what_they_are_and_adapt_to_screens_and_long_paths(tools: Any) -> None:
    made = build.launchers(tools)
    assert made.keys() == {"gxeditor.exe", "gxeditor-cli.exe"}
    for part in made.values():
        assert build.NAME.encode("utf-16-le") in part.data
        assert build.version().encode("utf-16-le") in part.data
        assert b"PerMonitorV2" in part.data
        assert re.search(rb"longPathAware[^>]*>true<", part.data)
        assert pe.parse(part.data).security == (0, 0)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One of our own making, and the command that signs with it, as a maker would with a real one."""
    if not (shutil.which("osslsigncode") and shutil.which("openssl")):
        pytest.skip("needs osslsigncode and openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=A test", "-days", "2", "-addext", "extendedKeyUsage=codeSigning"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", *subject, *files], check=True)
    script = tmp_path / "sign.sh"
    sign = f'osslsigncode sign -certs "{certificate}" -key "{key}" -in "$1" -out "$1.signed"'
    script.write_text(f'#!/bin/sh\nset -e\n{sign} >/dev/null\nmv "$1.signed" "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("GXEDITOR_SIGN", str(script))
    return certificate


@pytest.mark.slow
@pytest.mark.usefixtures("certificate")
def test_what_is_ours_is_signed_and_what_others_made_stays_as_it_is(tools: Any, signed: bytes) -> None:
    python311 = {f"program/{name}": bundle.Part(signed, "CPython") for name in ("python311.dll", "_uuid.pyd")}
    files = {
        **build.launchers(tools),
        **python311,
        "program/python3.dll": bundle.Part(runtime._forwarder(signed, tools.compiler), build.SOURCE),
        "program/gxeditor/cli.pyc": bundle.Part(b"compiled", build.SOURCE),
    }
    before = dict(files)
    build.sign_own(tools, files)
    changed = {name for name in files if files[name] != before[name]}
    assert changed == {"gxeditor.exe", "gxeditor-cli.exe", "program/python3.dll"}
    for name in changed:
        offset, size = pe.parse(files[name].data).security
        assert size > 0
        assert offset + size == len(files[name].data)


@pytest.mark.slow
def test_the_installer_is_signed_too_and_is_whole(
    certificate: Path, tools: Any, tmp_path: Path, signed: bytes
) -> None:
    files = {"gxeditor.exe": bundle.Part(signed, ""), "program/表.txt": bundle.Part(b"a", "")}
    bundle.write(files, tmp_path / "bundle")
    installer = tmp_path / "installer.exe"
    build.make_installer(tools, files, tmp_path / "bundle", installer, "1.2.3", fast=True)
    verify = ["osslsigncode", "verify", "-CAfile", str(certificate), "-in", str(installer)]
    assert b"Succeeded" in subprocess.run(verify, check=True, capture_output=True).stdout
