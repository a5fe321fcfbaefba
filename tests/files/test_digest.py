from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from gxeditor.files.digest import blake2b, sha256


@pytest.mark.parametrize("data", [b"", b"x", "鲁山县 2022 年".encode(), bytes(range(256)) * 1000])
def test_digests_are_those_of_the_standard(data: bytes) -> None:
    assert sha256(data).hexdigest() == hashlib.sha256(data).hexdigest()
    assert blake2b(data, digest_size=16).digest() == hashlib.blake2b(data, digest_size=16).digest()


def test_what_a_start_with_a_report_needs_loads_no_openssl() -> None:
    loads = "import sys, gxeditor.ui.session, gxeditor.resources; sys.exit('_hashlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loads], check=False).returncode == 0
