from __future__ import annotations

import importlib
import tomllib
from typing import Any

import pytest

from tests.packaging.conftest import PACKAGING

authenticode: Any = importlib.import_module("authenticode")
pe: Any = importlib.import_module("pe")

RUNTIME = tomllib.loads((PACKAGING / "windows.toml").read_text(encoding="utf-8"))["runtime"]
MAKERS, AUTHORITIES = RUNTIME["signed_by"], RUNTIME["authorities"]


def test_a_file_of_the_python_software_foundation_is_recognized(signed: bytes) -> None:
    authenticode.check(signed, MAKERS, AUTHORITIES)


@pytest.mark.parametrize("at", [0x200, 0x1000, 0x3000])
def test_a_file_with_one_byte_changed_is_refused(signed: bytes, at: int) -> None:
    altered = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    with pytest.raises(authenticode.BadSignature, match="altered"):
        authenticode.check(altered, MAKERS, AUTHORITIES)


def test_a_certificate_that_was_rewritten_to_the_name_of_somebody_else_is_refused(signed: bytes) -> None:
    forged = signed.replace(b"Python Software Foundation", b"Monty Software Foundations")
    with pytest.raises(authenticode.BadSignature, match="does not fit"):
        authenticode.check(forged, "Monty Software Foundations", AUTHORITIES)


def test_an_unsigned_file_is_refused(signed: bytes) -> None:
    at = pe.parse(signed).security_entry_at
    with pytest.raises(authenticode.BadSignature, match="unsigned"):
        authenticode.check(signed[:at] + bytes(8) + signed[at + 8 :], MAKERS, AUTHORITIES)


def test_a_file_signed_by_somebody_else_is_refused(signed: bytes) -> None:
    with pytest.raises(authenticode.BadSignature, match=f"signed by {MAKERS}"):
        authenticode.check(signed, "Another Foundation", AUTHORITIES)


def test_a_certificate_of_an_unknown_authority_is_refused(signed: bytes) -> None:
    with pytest.raises(authenticode.BadSignature, match="authority"):
        authenticode.check(signed, MAKERS, ["0" * 64])


@pytest.mark.parametrize("kept", [0, 100, 9000, 15000])
def test_a_file_that_ends_too_early_is_refused(signed: bytes, kept: int) -> None:
    with pytest.raises(authenticode.BadSignature):
        authenticode.check(signed[:kept], MAKERS, AUTHORITIES)
