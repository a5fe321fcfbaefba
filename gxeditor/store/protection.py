"""A content that opens by a password only: sealed by AES-256-GCM, under a key that scrypt makes of the password.

Both are those of the `cryptography` library as its documentation recommends them; nothing of it is made here. Knows
what is said beside the sealed content so that it can be opened again, and how a wrong password is told from a damaged
file. Does not know what is in the content. `cryptography` is loaded when something is sealed or opened, not before.

A sealed content is a mapping of JSON:

    {"protection": {"check": "…", "cipher": "AES-256-GCM", "digest": "…", "kdf": "scrypt", "n": 65536, "p": 2, "r": 8,
     "salt": "…"}, "sealed": "…"}

`check` and `sealed` are a nonce of 12 bytes, what was sealed, and its tag of 16, in base64. `check` seals nothing: if
its tag does not fit, the password is wrong; if that of the content does not, the file is damaged. Both tags are over
what names the format and over all parameters as well, so that none of them can be exchanged. `digest` is the SHA-256 of
all the rest: a salt that a disk has spoiled makes the right password a wrong one, and the digest tells that it is the
file, before anybody is asked for a password. It protects nothing, and a file without it opens.
"""

from __future__ import annotations

import binascii
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gxeditor.core.errors import GxError
from gxeditor.files.digest import sha256
from gxeditor.store.own_bytes import damaged

PROTECTION, SEALED = "protection", "sealed"
"""The two keys of a sealed content."""

_N, _R, _P = 2**16, 8, 2
"""What scrypt works with: 64 MB and half a second of an office PC. OWASP (Password Storage Cheat Sheet) holds this
equal to the 128 MB of n = 2**17, p = 1, which a PC with 4 GB had better not be asked for."""
_MOST_N, _MOST_R, _MOST_P = 2**20, 16, 16
_MOST_MEMORY = 2**29
"""Beyond these a file asks for more than any that was sealed by us: it would take the PC's memory or minutes."""
_NONCE, _SALT, _KEY, _TAG = 12, 16, 32, 16  # bytes


class NeedsPassword(GxError):
    """The content is sealed, and no password was given."""

    def __init__(self) -> None:
        super().__init__("这份台账有密码。", "文件没有改动。", "请输入密码再打开。")


class WrongPassword(GxError):
    """The password is not the one that the content was sealed with."""

    def __init__(self) -> None:
        super().__init__("密码不对。忘了密码，这份台账就打不开了。", "文件没有改动。", "")


class NoPassword(GxError):
    """What was given as a new password is none."""

    def __init__(self) -> None:
        super().__init__("密码不能是空的。", "没有改动任何东西。", "请输入一个密码。")


@dataclass(frozen=True, slots=True)
class Key:
    """What a password makes with one salt: contents are sealed with it anew without reckoning it again."""

    salt: bytes = field(repr=False)
    n: int = field(repr=False)
    r: int = field(repr=False)
    p: int = field(repr=False)
    secret: bytes = field(repr=False)


def new_key(password: str) -> Key:
    """A key of a new password, with a salt of its own. Takes half a second. Raises `NoPassword`, `GxError`."""
    if not password:
        raise NoPassword
    return _derived(password, os.urandom(_SALT), _N, _R, _P)


def opens(password: str, key: Key) -> bool:
    """Whether this is the password that a key was made of. Takes half a second."""
    return _derived(password, key.salt, key.n, key.r, key.p) == key


def _derived(password: str, salt: bytes, n: int, r: int, p: int) -> Key:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    try:
        secret = Scrypt(salt=salt, length=_KEY, n=n, r=r, p=p).derive(
            password.encode("utf-8", "surrogatepass")
        )
    except MemoryError as error:
        raise GxError("内存不够，没有能核对密码。", "文件没有改动。", "请关闭一些程序再试。") from error
    return Key(salt, n, r, p, secret)


def seal(content: bytes, key: Key, label: str) -> dict[str, Any]:
    """The content sealed, as a mapping of JSON; `label` names the format, and has to be the same when it is opened."""
    bound = _bound(key, label)
    check, sealed = _sealed(b"", key, bound), _sealed(content, key, bound)
    stated = {
        "check": check,
        "cipher": "AES-256-GCM",
        "digest": _digest(key, check, sealed),
        "kdf": "scrypt",
        "n": key.n,
        "p": key.p,
        "r": key.r,
        "salt": b64encode(key.salt).decode(),
    }
    return {PROTECTION: stated, SEALED: sealed}


def is_sealed(content: Mapping[str, Any]) -> bool:
    """Whether what was read of a file is a sealed content."""
    return PROTECTION in content or SEALED in content


def unseal(content: Mapping[str, Any], password: str | Key | None, label: str) -> tuple[bytes, Key]:
    """What was sealed, and the key to seal it again, by a password or by the key of another version of the same file.

    Raises `NeedsPassword` (also if the key is of another password), `WrongPassword`, `DamagedFile`, and `GxError` if
    the memory does not suffice.
    """
    salt, n, r, p, check = _parameters(content.get(PROTECTION))
    _refuse_spoiled(content, Key(salt, n, r, p, b""))
    if password is None:
        raise NeedsPassword
    if isinstance(password, Key):
        if (password.salt, password.n, password.r, password.p) != (salt, n, r, p):
            raise NeedsPassword
        key = password
    else:
        key = _derived(password, salt, n, r, p)
    bound = _bound(key, label)
    if _opened(check, key, bound) is None:
        raise WrongPassword
    opened = _opened(_bytes(content.get(SEALED), SEALED), key, bound)
    if opened is None:
        damaged("密码是对的，但加密的内容不完整或被改过")
    return opened, key


def _digest(key: Key, check: str, sealed: str) -> str:
    return sha256(b"\n".join((_bound(key, ""), check.encode(), sealed.encode()))).hexdigest()


def _refuse_spoiled(content: Mapping[str, Any], key: Key) -> None:
    """Raises `DamagedFile` if anything is not what it was when it was sealed; says nothing of a file without digest."""
    stated, sealed = content[PROTECTION], content.get(SEALED)
    if not isinstance(sealed, str):
        damaged(f"“{SEALED}”这一项应是加密的内容")
    digest = stated.get("digest")
    if digest is not None and digest != _digest(key, stated["check"], sealed):
        damaged("加密的内容不完整或被改过")


def _bound(key: Key, label: str) -> bytes:
    """What the tags are over beside what is sealed."""
    return f"{label} AES-256-GCM scrypt {key.n} {key.r} {key.p} {key.salt.hex()}".encode()


def _sealed(content: bytes, key: Key, bound: bytes) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return b64encode(nonce + AESGCM(key.secret).encrypt(nonce, content, bound)).decode()


def _opened(sealed: bytes, key: Key, bound: bytes) -> bytes | None:
    """What was sealed; None if it, or what it is bound to, is not what it was, or the key is another."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key.secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except InvalidTag:
        return None


def _parameters(stated: Any) -> tuple[bytes, int, int, int, bytes]:
    if not isinstance(stated, dict):
        damaged(f"“{PROTECTION}”这一项应写明密码的参数")
    if (stated.get("cipher"), stated.get("kdf")) != ("AES-256-GCM", "scrypt"):
        damaged("加密的办法不是本程序用的")
    n, r, p = (stated.get(key) for key in "nrp")
    if not (
        type(n) is int
        and type(r) is int
        and type(p) is int
        and 1 < n <= _MOST_N
        and not n & (n - 1)
        and 0 < r <= _MOST_R
        and 0 < p <= _MOST_P
        and 128 * n * r <= _MOST_MEMORY
    ):
        damaged("密码的参数不是本程序用的")
    salt = _bytes(stated.get("salt"), "salt", least=8)
    return salt, n, r, p, _bytes(stated.get("check"), "check")


def _bytes(stated: Any, key: str, least: int = _NONCE + _TAG) -> bytes:
    try:
        found = b64decode(stated, validate=True) if isinstance(stated, str) else b""
    except (binascii.Error, ValueError):
        found = b""
    if len(found) < least:
        damaged(f"“{key}”这一项应是加密的内容")
    return found
