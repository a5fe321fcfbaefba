"""Checks the Authenticode signature of a Windows executable, offline and with the standard library alone.

Knows as much of DER, X.509 and PKCS #7 as that takes (RFC 5652, RFC 5280, Microsoft's "Windows Authenticode Portable
Executable Signature Format"). A certificate authority is trusted by the SHA-256 of its certificate, so the answer is
the same on every host whatever roots it trusts. Looks up no revocation and no date: a signature that was good once
says who built the file, and which file is wanted is pinned by hash elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pe import NotExecutable, parse

_SEQUENCE, _OCTETS = 0x30, 0x04
_ORGANIZATION = bytes.fromhex("060355040a")  # 2.5.4.10
_INDIRECT_DATA = bytes.fromhex("060a2b060104018237020104")  # 1.3.6.1.4.1.311.2.1.4
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")  # 1.2.840.113549.1.9.4
_DIGESTS = {
    bytes.fromhex("0609608648016503040201"): "sha256",
    bytes.fromhex("0609608648016503040202"): "sha384",
    bytes.fromhex("0609608648016503040203"): "sha512",
}
_RSA_WITH = {
    bytes.fromhex("06092a864886f70d01010b"): "sha256",
    bytes.fromhex("06092a864886f70d01010c"): "sha384",
    bytes.fromhex("06092a864886f70d01010d"): "sha512",
}


class BadSignature(ValueError):
    """The file is unsigned, altered, or signed by somebody else; the text says which."""


def check(data: bytes, organization: str, authorities: Collection[str]) -> None:
    """The file was signed by `organization`, with a certificate that one of `authorities` issued.

    `authorities` are SHA-256 fingerprints, hexadecimal, of certificates that the signature carries. Raises
    `BadSignature`.
    """
    try:
        _check(data, organization, authorities)
    except NotExecutable as error:
        raise BadSignature(f"no executable: {error}") from error
    except (IndexError, KeyError, StopIteration) as error:
        raise BadSignature("the signature cannot be understood") from error


def _check(data: bytes, organization: str, authorities: Collection[str]) -> None:
    file = parse(data)
    offset, size = file.security
    if not size:
        raise BadSignature("unsigned")
    signed_data = _read(data[offset + 8 : offset + size]).children()[1].children()[0]
    _, _, content, *rest = signed_data.children()
    certificates = [_Certificate.read(item) for item in next(i for i in rest if i.tag == 0xA0).children()]
    signer = rest[-1].children()[0].children()
    _, identity, digest_algorithm, attributes, _, signature, *_ = signer
    digest = _DIGESTS[digest_algorithm.children()[0].whole]

    kind, wrapped = content.children()
    if kind.whole != _INDIRECT_DATA:
        raise BadSignature("what is signed is no digest of a file")
    indirect = wrapped.children()[0]
    file_algorithm, file_digest = indirect.children()[1].children()
    algorithm = _DIGESTS[file_algorithm.children()[0].whole]
    pieces = (
        data[: file.checksum_at],
        data[file.checksum_at + 4 : file.security_entry_at],
        data[file.security_entry_at + 8 : offset],
        data[offset + size :],
    )
    if hashlib.new(algorithm, b"".join(pieces)).digest() != file_digest.body:
        raise BadSignature("the file was altered after it was signed")
    stated = next(a.children()[1] for a in attributes.children() if a.children()[0].whole == _MESSAGE_DIGEST)
    if hashlib.new(digest, indirect.body).digest() != stated.children()[0].body:
        raise BadSignature("the digest of the file was altered")

    issuer, serial = identity.children()
    leaf = next(c for c in certificates if c.serial == serial.body and c.issuer == issuer.whole)
    # The attributes are signed as the SET that they are, not under the tag that they are sent with.
    leaf.verify(b"\x31" + attributes.whole[1:], signature.body, digest)
    if organization not in leaf.organizations():
        raise BadSignature(f"signed by {', '.join(leaf.organizations()) or 'somebody unnamed'}")
    for authority in certificates:
        if authority.subject == leaf.issuer and hashlib.sha256(authority.whole).hexdigest() in authorities:
            authority.verify(leaf.to_be_signed, leaf.signature, _RSA_WITH[leaf.algorithm])
            return
    raise BadSignature("the certificate comes from an authority that is not trusted here")


@dataclass(frozen=True)
class _Der:
    """One DER value: its tag, its body, and itself as written."""

    tag: int
    body: bytes
    whole: bytes

    def children(self) -> list[_Der]:
        return list(_values(self.body))


def _values(data: bytes) -> Iterator[_Der]:
    while data:
        item = _read(data)
        yield item
        data = data[len(item.whole) :]


def _read(data: bytes) -> _Der:
    tag, length, start = data[0], data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    if len(data) < start + length:
        raise BadSignature("the signature ends too early")
    return _Der(tag, data[start : start + length], data[: start + length])


@dataclass(frozen=True)
class _Certificate:
    whole: bytes
    to_be_signed: bytes
    serial: bytes
    issuer: bytes
    subject: bytes
    modulus: int
    exponent: int
    signature: bytes
    algorithm: bytes

    @classmethod
    def read(cls, item: _Der) -> _Certificate:
        body, algorithm, signature = item.children()
        parts = body.children()
        if parts[0].tag == 0xA0:  # the version, which only a certificate of 1988 leaves out
            del parts[0]
        serial, _, issuer, _, subject, key, *_ = parts
        modulus, exponent = _read(key.children()[1].body[1:]).children()
        return cls(
            item.whole,
            body.whole,
            serial.body,
            issuer.whole,
            subject.whole,
            int.from_bytes(modulus.body, "big"),
            int.from_bytes(exponent.body, "big"),
            signature.body[1:],
            algorithm.children()[0].whole,
        )

    def organizations(self) -> list[str]:
        pairs = [pair.children() for part in _read(self.subject).children() for pair in part.children()]
        return [value.body.decode("utf-8", "replace") for kind, value in pairs if kind.whole == _ORGANIZATION]

    def verify(self, message: bytes, signature: bytes, digest: str) -> None:
        """RSA with PKCS #1 v1.5 padding (RFC 8017, 8.2.2): the expected padding is built and compared whole."""
        size = (self.modulus.bit_length() + 7) // 8
        algorithm = next(oid for oid, name in _DIGESTS.items() if name == digest)
        value = hashlib.new(digest, message).digest()
        info = _wrap(_SEQUENCE, _wrap(_SEQUENCE, algorithm + b"\x05\x00") + _wrap(_OCTETS, value))
        expected = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
        found = pow(int.from_bytes(signature, "big"), self.exponent, self.modulus).to_bytes(size, "big")
        if found != expected:
            raise BadSignature("the signature does not fit its certificate")


def _wrap(tag: int, body: bytes) -> bytes:
    """Bodies here are far below the 128 bytes from which a length takes more than one."""
    return bytes((tag, len(body))) + body
