"""Names of files: what every file system takes as one, that of a previous version, whether two paths name one file.

Knows the rules of Windows, which are the strictest, and the room that a name has. Opens nothing.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from gxeditor.core.expressions import expression
from gxeditor.files.digest import sha256

# What a file name cannot hold on Windows, as the full-width sign that looks like it; controls and marks go.
_ILLEGAL = str.maketrans('\\/:*?"<>|', "＼／：＊？”＜＞｜")
_RESERVED = expression(
    r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE
)
# Of a name; file systems hold 255 bytes, and a suffix and a 「（校对稿）」 come behind it.
_LENGTH, _BYTES = 120, 220


def file_name(text: str, other: str = "") -> str:
    """The text as every file system takes it for a name, without suffix; `other` where nothing of it is left."""
    seen = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    name = " ".join(seen.translate(_ILLEGAL).split()).strip(" .") or other
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name[:_LENGTH].encode()[:_BYTES].decode(errors="ignore").rstrip(" .")


_LONGEST = 255
"""Units of a name: of UTF-16 on Windows (NTFS, FAT, exFAT), bytes elsewhere; some file systems have fewer."""


def kept_name(path: Path, longest: int | None = None, *, windows: bool = os.name == "nt") -> str:
    """What the previous version of a file is called: its name and “~”.

    Where that is too long for the folder (`longest`: units it allows, asked of it if not given), what does not fit goes
    from the middle, and a sum of the whole name stands there, so that no two files share one.
    """
    most = _longest_in(path.parent) if longest is None else longest
    name = f"{path.name}~"
    if _units(name, windows) <= most:
        return name
    suffix = path.suffix if _units(path.suffix, windows) <= most // 4 else ""
    end = f"…{sha256(path.name.encode(errors='surrogatepass')).hexdigest()[:8]}{suffix}~"
    return shortened(path.name, most - _units(end, windows), windows=windows) + end


def shortened(name: str, most: int, *, windows: bool = os.name == "nt") -> str:
    """The beginning of a name in so many units, in whole characters."""
    name = name[:most]
    while name and _units(name, windows) > most:
        name = name[:-1]
    return name


def _units(name: str, windows: bool) -> int:
    return len(name.encode("utf-16-le", "surrogatepass")) // 2 if windows else len(os.fsencode(name))


def _longest_in(folder: Path) -> int:
    try:
        return min(_LONGEST, os.pathconf(folder, "PC_NAME_MAX"))
    except (AttributeError, OSError, ValueError):  # Windows has no such call, and not every path a folder
        return _LONGEST


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths name one file, by whatever way; of files that are not there, whether they are written alike."""
    try:
        return one.samefile(other)
    except OSError:
        return one.absolute() == other.absolute()
