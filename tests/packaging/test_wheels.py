from __future__ import annotations

import hashlib
import importlib
from pathlib import Path
from typing import Any

import pytest

wheels: Any = importlib.import_module("wheels")

DATA = b"what a wheel holds"
SHA256 = hashlib.sha256(DATA).hexdigest()
TARGET = wheels.Target(("some_platform", "another"), "3.11")


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock file with one package, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    TARGET.cache.mkdir(parents=True)
    path = tmp_path / "requirements.txt"
    text = f"# by a tool\none==1.0 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{SHA256}\n    # via two\n"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_wheel_in_the_cache_is_taken_by_its_hash_and_not_fetched_again(lock: Path) -> None:
    wheel = TARGET.cache / "whatever-its-name.whl"
    wheel.write_bytes(DATA)
    assert wheels.fetch(lock, TARGET) == {"one": wheel}


def test_a_wheel_with_another_hash_is_not_taken(lock: Path) -> None:
    (TARGET.cache / "one-1.0-py3-none-any.whl").write_bytes(b"something else")
    assert wheels.cached(lock, TARGET) == {}


def test_what_cannot_be_fetched_is_said(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "download", lambda *_: None)
    with pytest.raises(wheels.BuildError, match=r"hash in requirements\.txt: one\."):
        wheels.fetch(lock, TARGET)


def test_pip_is_asked_for_the_system_of_the_target() -> None:
    options = " ".join(TARGET.options())
    assert "--platform some_platform --platform another" in options
    assert "--abi cp311 --abi abi3" in options
    assert options.endswith("--python-version 3.11")


def test_a_file_is_kept_by_pattern_unless_it_is_left_out() -> None:
    choice = {"keep": ["package/*.py"], "leave": ["package/tests/*"]}
    kept = [name for name in ("package/a.py", "package/in/b.py", "package/tests/c.py", "package/d.so")
            if wheels.is_kept(name, choice)]  # fmt: skip
    assert kept == ["package/a.py", "package/in/b.py"]
