from __future__ import annotations

import ast
import importlib
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.packaging.conftest import PACKAGING

runtime: Any = importlib.import_module("windows_runtime")
no_socket: Any = importlib.import_module("no_socket")
CHOICE = tomllib.loads((PACKAGING / "windows.toml").read_text(encoding="utf-8"))
LIBRARY = CHOICE["standard_library"]


def carrier(path: Path, files: dict[str, bytes]) -> Path:
    with ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def choice(**changes: object) -> dict[str, object]:
    return {**CHOICE["runtime"], "files": ["_uuid.pyd"], **changes}


def test_a_file_that_was_altered_after_it_was_signed_stops_the_build(tmp_path: Path, signed: bytes) -> None:
    altered = signed[:0x1000] + b"\x90" + signed[0x1001:]
    wheel = carrier(tmp_path / "carrier.whl", {"deploy_libs/_uuid.pyd": altered})
    with pytest.raises(runtime.BuildError, match=r"_uuid\.pyd in carrier\.whl .* altered"):
        runtime.runtime(choice(), wheel, False, "no compiler")


def test_another_zip_than_that_of_the_pinned_release_stops_the_build(tmp_path: Path, signed: bytes) -> None:
    archive = carrier(tmp_path / "embed.zip", {"_uuid.pyd": signed})
    with pytest.raises(runtime.BuildError, match=r"embed\.zip is not the zip of CPython 3\.11\.9"):
        runtime.runtime(choice(), archive, True, "no compiler")


def test_a_kept_name_brings_its_submodules_and_a_dotted_one_only_itself_and_its_packages() -> None:
    kept = runtime.standard_library({"modules": ["json", "xml.etree"], "left_out": ["json.tool"]})
    assert {
        "json",
        "json.decoder",
        "json.encoder",
        "xml",
        "xml.etree",
        "xml.etree.ElementTree",
    } <= kept.keys()
    assert not kept.keys() & {"json.tool", "xml.dom", "xml.sax"}
    assert kept["xml"][1]
    assert not kept["json.decoder"][1]


def test_a_module_that_the_standard_library_does_not_have_stops_the_build() -> None:
    with pytest.raises(runtime.BuildError, match="no_such_module"):
        runtime.standard_library({"modules": ["json", "no_such_module"], "left_out": []})


def test_nothing_that_talks_to_a_network_is_kept() -> None:
    kept = runtime.standard_library(LIBRARY)
    roots = {name.split(".")[0] for name in kept}
    assert not roots & {"ssl", "http", "ftplib", "smtplib", "socketserver", "asyncio", "xmlrpc"}
    assert "multiprocessing" not in roots
    stand_in = ast.parse(kept["socket"][0]).body[1:]
    assert [getattr(one, "name", "") for one in stand_in] == ["gethostname"]
    assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(stand_in[0]))
    with pytest.raises(OSError, match="no network"):  # which `platform` takes for a computer without a name
        no_socket.gethostname()
    assert not {"_socket.pyd", "_ssl.pyd", "select.pyd"} & set(CHOICE["runtime"]["files"])
    assert "urllib.request" not in kept


def test_a_library_zip_is_the_same_every_time(tmp_path: Path) -> None:
    modules = {"b.pyc": b"2", "a.pyc": b"1"}
    data = runtime.library_zip(modules)
    assert data == runtime.library_zip(dict(sorted(modules.items())))
    (tmp_path / "library.zip").write_bytes(data)
    with ZipFile(tmp_path / "library.zip") as archive:
        assert archive.namelist() == ["a.pyc", "b.pyc"]
        assert archive.testzip() is None
