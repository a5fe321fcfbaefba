from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.conftest import PACKAGING

bundle: Any = importlib.import_module("bundle")

SOURCE = b"""
'''A module with what makes compiled code differ between runs: sets, shared names, large numbers.'''
NAMES = {"alpha", "beta", "gamma"}
def first(name): return name in {"alpha", "beta", "gamma"} and 123456789012345678901234567890
def second(name): return first(name), "NAMES", b"bytes", ("alpha", ("NAMES", 1.5))
"""


def part(data: bytes, origin: str = "here") -> Any:
    return bundle.Part(data, origin)


def test_the_same_source_gives_the_same_compiled_bytes_in_every_process() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import hashlib, bundle\n"
        "print(hashlib.sha256(bundle.compiled(sys.stdin.buffer.read(), 'a/b.py')).hexdigest())"
    )
    results = {
        subprocess.run(
            [sys.executable, "-c", f"NAMES = 'alpha' * {seed}\n{script}", str(PACKAGING)],
            input=SOURCE,
            env={"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in (1, 2, 3)
    }
    assert len(results) == 1


def test_a_compiled_module_is_imported_without_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sourceless_sample.pyc").write_bytes(bundle.compiled(SOURCE, "deep/sourceless_sample.py"))
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("sourceless_sample")
    assert module.first("beta") == 123456789012345678901234567890
    assert module.first.__code__.co_filename == "deep\\sourceless_sample.py"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"import os, a.b", {"os", "a.b"}),
        (b"from a.b import c", {"a.b"}),
        (b"from . import c", {"package.inner"}),
        (b"from ..other import c", {"package.other"}),
        (b"try:\n import a\nexcept ImportError: a = None", set()),
        (b"with suppress(ImportError):\n import a", set()),
        (b"with contextlib.suppress(ImportError), b:\n import a", set()),
        (b"with warnings.catch_warnings():\n import a", {"a"}),
        (b"def f():\n import a", set()),
        (b"if TYPE_CHECKING:\n import a", set()),
        (b"class C:\n import a", {"a"}),
    ],
)
def test_only_imports_that_must_succeed_are_asked_for(source: bytes, found: set[str]) -> None:
    assert bundle.unguarded_imports(source, "package.inner.module", False) == found


def test_a_module_that_nobody_provides_is_named_with_who_asks_for_it() -> None:
    sources = {"a": (b"import b.c, sys", False), "b": (b"", True), "d": (b"import b.c", False)}
    assert bundle.missing_modules(sources, {"sys"}) == {"b.c": ["a", "d"]}
    assert bundle.missing_modules(sources | {"b.c": (b"", False)}, {"sys"}) == {}


def test_a_dll_that_is_neither_in_the_bundle_nor_in_windows_is_named(signed: bytes) -> None:
    files = {"program/_uuid.pyd": part(signed)}
    system = {"kernel32.dll", "rpcrt4.dll"}
    assert bundle.missing_dlls(files, system) == {
        "python311.dll": ["program/_uuid.pyd"],
        "vcruntime140.dll": ["program/_uuid.pyd"],
    }
    files |= {"program/python311.dll": part(signed), "program/VCRUNTIME140.dll": part(signed)}
    assert bundle.missing_dlls(files, system) == {}
    assert bundle.missing_dlls(files, {"kernel32.dll"}) == {
        "rpcrt4.dll": ["program/VCRUNTIME140.dll", "program/_uuid.pyd", "program/python311.dll"]
    }


def test_the_digest_depends_on_names_and_contents_and_not_on_their_order_or_origin() -> None:
    one = {"a": part(b"1"), "b": part(b"2")}
    assert bundle.digest(one) == bundle.digest({"b": part(b"2", "there"), "a": part(b"1")})
    others = [{"a": part(b"1")}, {"a": part(b"2"), "b": part(b"1")}, {"a": part(b"1"), "c": part(b"2")}]
    assert bundle.digest(one) not in [bundle.digest(other) for other in others]


def test_the_folder_holds_the_bundle_and_nothing_that_lay_there_before(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    bundle.write({"old/file": part(b"old")}, folder)
    bundle.write({"new/文件": part(b"new"), "top": part(b"")}, folder)
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert found == {"new/文件": b"new", "top": b""}
    assert (folder / "new" / "文件").stat().st_mtime == bundle.TIME


def test_the_listing_names_hash_size_path_and_origin_and_the_summary_adds_up() -> None:
    files = {"b": part(b"22", "wheel"), "a": part(b"", "tool")}
    first, second = bundle.listing(files).splitlines()
    assert first.startswith("e3b0c44298fc1c14")
    assert first.endswith("0  a  (tool)")
    assert second.endswith("2  b  (wheel)")
    assert "2 files  in all" in bundle.summary(files)


def test_a_letter_that_somebody_interned_changes_no_byte() -> None:
    """A process has one string of a letter, and `marshal` says of it whether anybody has interned it."""
    source = b"def joined(text):\n    return text.replace(';', '~')\n"
    before = bundle.compiled(source, "a.py")
    sys.intern(";")
    sys.intern("~")
    assert bundle.compiled(source, "a.py") == before
