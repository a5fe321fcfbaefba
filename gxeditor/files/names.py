"""Names of files: what every file system takes as a name, and whether two paths name one file.

Knows the rules of Windows, which are the strictest, and the room that a name has. Opens nothing.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

# What a file name cannot hold on Windows, as the full-width sign that looks like it; controls and marks go.
_ILLEGAL = str.maketrans('\\/:*?"<>|', "＼／：＊？”＜＞｜")
_RESERVED = re.compile(
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


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths name one file, by whatever way; of files that are not there, whether they are written alike."""
    try:
        return one.samefile(other)
    except OSError:
        return one.absolute() == other.absolute()
