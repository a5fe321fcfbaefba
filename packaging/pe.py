"""The parts of a Windows executable file (PE, 64 bit) that packaging asks about: imports, exports, signature.

Knows the file format as Microsoft's "PE Format" lays it down; reads bytes and nothing else, so it works on every host.
Does not know which DLLs may be imported, nor whether a signature is good.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_MACHINE_AMD64 = 0x8664
_PE32_PLUS = 0x20B
_EXPORTS, _IMPORTS, _SECURITY, _DELAYED = 0, 1, 4, 13


class NotExecutable(ValueError):
    """The bytes are no 64-bit Windows executable, or a damaged one."""


@dataclass(frozen=True)
class Executable:
    """One .exe, .dll or .pyd, parsed from its bytes by `parse`.

    Positions are offsets in the file: of the checksum (4 bytes), of the directory entry that tells where the
    signature is (8 bytes), and the signature itself as (offset, size), which is (0, 0) in an unsigned file.
    """

    data: bytes
    checksum_at: int
    security_entry_at: int
    security: tuple[int, int]
    _directories: tuple[tuple[int, int], ...]
    _sections: tuple[tuple[int, int, int], ...]  # address, size in the file, offset in the file

    def imports(self) -> frozenset[str]:
        """The names of the DLLs it needs, delayed ones included, in small letters."""
        return frozenset(self._names(_IMPORTS, 20, 12)) | frozenset(self._names(_DELAYED, 32, 4))

    def exports(self) -> tuple[str, ...]:
        """The names it offers, in the order of its table, which is alphabetical."""
        address, _ = self._directories[_EXPORTS]
        if not address:
            return ()
        at = self._offset(address)
        count, _, names = struct.unpack_from("<3I", self.data, at + 24)
        table = struct.unpack_from(f"<{count}I", self.data, self._offset(names))
        return tuple(self._text(entry) for entry in table)

    def _names(self, directory: int, step: int, name_at: int) -> list[str]:
        address, _ = self._directories[directory]
        found: list[str] = []
        at = self._offset(address) if address else 0
        while address and any(self.data[at : at + step]):
            (name,) = struct.unpack_from("<I", self.data, at + name_at)
            found.append(self._text(name).lower())
            at += step
        return found

    def _offset(self, address: int) -> int:
        for start, size, offset in self._sections:
            if start <= address < start + size:
                return offset + address - start
        raise NotExecutable(f"address {address:#x} lies in no section")

    def _text(self, address: int) -> str:
        at = self._offset(address)
        return self.data[at : self.data.index(b"\0", at)].decode("ascii")


def parse(data: bytes) -> Executable:
    """Raises `NotExecutable`."""
    try:
        (start,) = struct.unpack_from("<I", data, 0x3C)
        machine, sections, optional_size = struct.unpack_from("<2H12xH", data, start + 4)
        optional = start + 24
        (magic,) = struct.unpack_from("<H", data, optional)
        if data[:2] != b"MZ" or data[start : start + 4] != b"PE\0\0":
            raise NotExecutable("the signature of the format is missing")
        if machine != _MACHINE_AMD64 or magic != _PE32_PLUS:
            raise NotExecutable("not a 64-bit file")
        (count,) = struct.unpack_from("<I", data, optional + 108)
        directories = [struct.unpack_from("<2I", data, optional + 112 + 8 * n) for n in range(min(count, 16))]
        directories += [(0, 0)] * (16 - len(directories))
        headers = [
            struct.unpack_from("<4I", data, optional + optional_size + 40 * n + 8) for n in range(sections)
        ]
    except struct.error as error:
        raise NotExecutable("the file ends too early") from error
    return Executable(
        data,
        checksum_at=optional + 64,
        security_entry_at=optional + 112 + 8 * _SECURITY,
        security=directories[_SECURITY],
        _directories=tuple(directories),
        _sections=tuple((address, size, offset) for _, address, size, offset in headers),
    )
