"""What is sealed by a password opens by it alone, and says which of the two is wrong: the password or the file."""

from __future__ import annotations

from typing import Any

import pytest

from gxeditor.core.errors import DamagedFile
from gxeditor.store.protection import (
    Key,
    NeedsPassword,
    NoPassword,
    WrongPassword,
    is_sealed,
    new_key,
    opens,
    seal,
    unseal,
)

LABEL = "gxeditor-ledger"


@pytest.fixture(scope="module")
def key() -> Key:
    return new_key("密码 Ａ1😀")


def test_a_content_opens_by_its_password_and_by_its_key(key: Key) -> None:
    sealed = seal(b"content", key, LABEL)
    assert is_sealed(sealed)
    assert unseal(sealed, "密码 Ａ1😀", LABEL) == (b"content", key)
    assert unseal(sealed, key, LABEL)[0] == b"content"
    with pytest.raises(NeedsPassword):
        unseal(sealed, None, LABEL)
    with pytest.raises(WrongPassword):
        unseal(sealed, "密码 A1😀", LABEL)


def test_a_key_knows_its_password_and_says_nothing_of_itself(key: Key) -> None:
    assert opens("密码 Ａ1😀", key)
    assert not opens("", key)
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_each_key_of_a_password_is_another_one() -> None:
    first, second = new_key("a"), new_key("a")
    assert first.salt != second.salt
    assert first.secret != second.secret


def test_an_empty_password_is_none() -> None:
    with pytest.raises(NoPassword):
        new_key("")


def test_no_two_contents_are_sealed_with_one_nonce(key: Key) -> None:
    beginnings = {seal(b"x", key, LABEL)[name][:16] for name in ("sealed",) for _ in range(50)}
    assert len(beginnings) == 50


def test_what_was_sealed_as_one_format_does_not_open_as_another(key: Key) -> None:
    with pytest.raises(WrongPassword):
        unseal(seal(b"x", key, LABEL), key, "gxeditor-report")


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("n", 2**30),
        ("n", 65535),
        ("n", -4),
        ("n", "65536"),
        ("n", True),
        ("r", 10**6),
        ("p", 0),
        ("salt", ""),
        ("salt", "不是"),
        ("salt", None),
        ("check", "AAAA"),
        ("cipher", "AES-128-CBC"),
        ("kdf", "md5"),
    ],
)
def test_parameters_that_are_not_ours_are_refused_before_anything_is_reckoned(
    key: Key, name: str, stated: Any
) -> None:
    sealed = seal(b"x", key, LABEL)
    sealed["protection"][name] = stated
    with pytest.raises(DamagedFile):
        unseal(sealed, "密码 Ａ1😀", LABEL)


def test_whatever_is_spoiled_is_the_file_and_not_the_password(key: Key) -> None:
    for name, at in (("salt", 3), ("check", 20), ("check", 3), ("digest", 5), ("sealed", 4), ("sealed", -5)):
        sealed = seal(b"content", key, LABEL)
        holder = sealed if name == "sealed" else sealed["protection"]
        text = holder[name]
        holder[name] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 if at + 1 else None :]
        for password in (None, "密码 Ａ1😀", "另一个"):
            with pytest.raises(DamagedFile):
                unseal(sealed, password, LABEL)
    sealed = seal(b"content", key, LABEL)
    sealed["protection"] |= {"n": 2, "r": 1, "p": 1}
    with pytest.raises(DamagedFile):
        unseal(sealed, "密码 Ａ1😀", LABEL)


def test_a_content_sealed_before_there_was_a_digest_opens(key: Key) -> None:
    sealed = seal(b"content", key, LABEL)
    del sealed["protection"]["digest"]
    assert unseal(sealed, "密码 Ａ1😀", LABEL)[0] == b"content"
    sealed["sealed"] = f"AAAA{sealed['sealed'][4:]}"
    with pytest.raises(DamagedFile):
        unseal(sealed, "密码 Ａ1😀", LABEL)


@pytest.mark.parametrize("sealed", [{"protection": {}}, {"sealed": "x"}, {"protection": None, "sealed": 3}])
def test_half_of_a_sealed_content_is_damaged(sealed: dict[str, Any]) -> None:
    assert is_sealed(sealed)
    with pytest.raises(DamagedFile):
        unseal(sealed, "x", LABEL)
