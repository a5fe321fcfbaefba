from __future__ import annotations

import importlib
from typing import Any

import pytest

pe: Any = importlib.import_module("pe")


def test_an_extension_module_imports_python_and_exports_its_start(signed: bytes) -> None:
    file = pe.parse(signed)
    assert {"python311.dll", "kernel32.dll", "rpcrt4.dll", "vcruntime140.dll"} <= file.imports()
    assert file.exports() == ("PyInit__uuid",)


def test_the_signature_is_the_end_of_the_file(signed: bytes) -> None:
    offset, size = pe.parse(signed).security
    assert offset + size == len(signed)


@pytest.mark.parametrize(
    "data", [b"", b"MZ", b"PK\3\4" + bytes(200), bytes(1000)], ids=["empty", "stub", "zip", "zeros"]
)
def test_what_is_no_executable_is_refused(data: bytes) -> None:
    with pytest.raises(pe.NotExecutable):
        pe.parse(data)


def test_a_32_bit_file_is_refused(signed: bytes) -> None:
    at = int.from_bytes(signed[0x3C:0x40], "little") + 4
    with pytest.raises(pe.NotExecutable, match="64-bit"):
        pe.parse(signed[:at] + b"\x4c\x01" + signed[at + 2 :])
