from __future__ import annotations

import importlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.conftest import PACKAGING

deb: Any = importlib.import_module("deb")
wheels: Any = importlib.import_module("wheels")

CHOICE = tomllib.loads((PACKAGING / "linux.toml").read_text(encoding="utf-8"))
LINUX = PACKAGING / "linux"


def test_the_newest_glibc_is_compared_by_number_and_not_by_letter(tmp_path: Path) -> None:
    (tmp_path / "one.so").write_bytes(b"\0GLIBC_2.4\0\0GLIBC_2.27\0")
    (tmp_path / "two.so.6").write_bytes(b"\0GLIBC_2.9\0")
    (tmp_path / "three.py").write_bytes(b"\0GLIBC_2.40\0")
    assert deb.newest_glibc(tmp_path) == "2.27"


def test_a_library_that_asks_for_a_newer_glibc_than_is_stated_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lay_out(root: Path, choice: object) -> None:
        root.mkdir()
        (root / "new.so").write_bytes(b"\0GLIBC_2.99\0")

    monkeypatch.setattr(deb, "lay_out", lay_out)
    with pytest.raises(wheels.BuildError, match=r"glibc 2\.99; linux\.toml states 2\.28"):
        deb.build(tmp_path / "work", tmp_path / "dist")


def test_the_package_depends_on_the_pythons_whose_wheels_it_holds_and_on_the_glibc_stated() -> None:
    first, last = CHOICE["pythons"][0], CHOICE["pythons"][-1]
    after = f"3.{int(last.split('.')[1]) + 1}"
    assert {f"python3 (>= {first})", f"python3 (<< {after})", f"libc6 (>= {CHOICE['glibc']})"} <= set(
        CHOICE["depends"]
    )


def test_the_same_wheels_are_taken_apart_as_for_windows_where_a_stand_in_takes_pillows_place() -> None:
    windows = tomllib.loads((PACKAGING / "windows.toml").read_text(encoding="utf-8"))
    assert CHOICE["wheels"].keys() == {*windows["wheels"], "pillow"}


def test_the_menu_entry_opens_files_of_the_type_that_is_declared() -> None:
    entry = (LINUX / "gxeditor.desktop").read_text(encoding="utf-8")
    declared = (LINUX / "gxeditor.xml").read_text(encoding="utf-8")
    kinds = [f"application/x-gxeditor-{kind}" for kind in ("report", "rollup", "ledger")]
    assert f"MimeType={';'.join(kinds)};" in entry
    assert all(f'type="{kind}"' in declared for kind in kinds)
    assert "Exec=gxeditor %f" in entry
