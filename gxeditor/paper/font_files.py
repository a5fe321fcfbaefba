"""The font files of this computer, and which of them a PDF may hold.

Knows the folders where Windows and Linux keep fonts, the folder of the user's own, and as much of the sfnt format
(OpenType specification, 1.9) as tells a font's names, which characters it has, whether reportlab can embed it and
whether its maker lets it. Standard library only, and quick: of each file only the head and the character map are read,
once. Does not know what a font is wanted for.
"""

from __future__ import annotations

import os
import stat
import sys
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import unpack, unpack_from
from typing import BinaryIO, NamedTuple

from gxeditor.files.aside import Told, set_aside
from gxeditor.files.reading import open_regular
from gxeditor.settings import user_folders

FONT_SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")
_OTHER_SUFFIXES = (".woff", ".woff2", ".eot", ".fon", ".pfb", ".pfa", ".dfont", ".bdf", ".pcf")
"""Fonts that are no sfnt: in the user's folder they are named, for whoever put them there waits for them."""
_LEAST = 1_000_000  # bytes; no Chinese face is smaller, most of the others are, and need not be opened
_TIMES = "times"  # how the files of Times New Roman begin, some of which are smaller

_MOST = 64_000_000  # bytes of names or of a character map; that of all Chinese characters has 2 MB

DAMAGED = "文件不完整或已损坏。"
_NO_FONT = "不是 TrueType 字体文件。"
_CUBIC = "是 PostScript 轮廓（CFF）的字体，程序只能用 TrueType 轮廓的，请换用它的 TTF 版本。"
_FORBIDDEN = "字体的许可不允许嵌入文件。"
_NO_UNICODE = "没有 Unicode 字符表。"
_BITMAPS = "只有点阵，没有轮廓，印出来是锯齿；请换用它的 TrueType 版本。"
_VARIABLE = "是可变字体，粗细不定；只用来补别的字体都没有的字，请换用它的静态（static）版本。"

_TABLES = {"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"}
_DOTS = {"EBDT", "CBDT", "bdat", "sbix"}
_RESTRICTED, _LEVELS, _NO_SUBSET_OR_OUTLINES = 0x0002, 0x000F, 0x0300  # OS/2.fsType


class FontFile(NamedTuple):
    """Where a font is: a file, which of a collection, and when it was written, so that another is not taken for it."""

    path: Path
    number: int = 0
    stamp: int = 0


@dataclass(frozen=True, slots=True)
class FoundFont:
    """A font and its names, as shown and in other languages. `defect` says why it cannot be used, "" if it can.

    `regular` is False for a bold or slanted cut.
    """

    file: FontFile
    names: tuple[str, ...] = ()
    defect: str = ""
    regular: bool = True

    @property
    def stands_in(self) -> bool:
        """Whether a character that no other font has may be drawn from it."""
        return self.defect in ("", _VARIABLE)


def fonts_folder() -> Path:
    """Where the user may put fonts for this program; it need not exist."""
    return user_folders().data / "fonts"


def own_fonts() -> tuple[FoundFont, ...]:
    """The fonts in the user's folder for this program, those that cannot be used included."""
    return tuple(
        font for path, stamp in _listed(fonts_folder(), _is_any_font) for font in _fonts(path, stamp)
    )


def set_aside_damaged(told: Told) -> None:
    """Moves the damaged files of the user's folder for this program aside, and tells each."""
    for path in dict.fromkeys(font.file.path for font in own_fonts() if font.defect == DAMAGED):
        set_aside(path, "字体", "排版时用别的字体代替；年报没有受到影响。", told)


@cache
def system_fonts() -> tuple[FoundFont, ...]:
    """What is installed on this computer of the size of a Chinese face, and Times New Roman; looked for once.

    Those that cannot be used are included.
    """
    files = (file for folder in _system_folders() for file in _listed(folder, _is_face, deep=True))
    return tuple(font for path, stamp in files for font in _fonts(path, stamp))


@cache
def machine_fonts() -> tuple[FoundFont, ...]:
    """Every font installed on this computer that may draw a character which is nowhere else; looked for once.

    Regular cuts come first, and variable fonts, whose weight is whatever it is, last. What the computer's fonts are is
    not looked at again while the program runs.
    """
    small = (
        font
        for folder in _system_folders()
        for path, stamp in _listed(folder, lambda name, size: not _is_face(name, size), deep=True)
        for font in _fonts(path, stamp)
    )
    found = [font for font in (*system_fonts(), *small) if font.stands_in and not _is_placeholder(font)]
    return tuple(sorted(found, key=lambda font: (bool(font.defect), not font.regular)))


_PLACEHOLDERS = ("lastresort", "adobeblank", "unicodebmpfallback", "notdef")


def _is_placeholder(font: FoundFont) -> bool:
    """Whether a font claims all characters and draws none of them."""
    return any(name.casefold().replace(" ", "").startswith(_PLACEHOLDERS) for name in font.names)


def _is_any_font(name: str, size: int) -> bool:
    return name.endswith((*FONT_SUFFIXES, *_OTHER_SUFFIXES))


def _is_face(name: str, size: int) -> bool:
    return name.endswith(FONT_SUFFIXES) and (size >= _LEAST or name.startswith(_TIMES))


def _system_folders() -> tuple[Path, ...]:
    """Where fonts are installed: for the user, then for everyone."""
    env = os.environ
    if sys.platform == "win32":
        local, windows = env.get("LOCALAPPDATA"), env.get("WINDIR", r"C:\Windows")
        mine = (Path(local, "Microsoft", "Windows", "Fonts"),) if local else ()
        return (*mine, Path(windows, "Fonts"))
    home = Path.home()
    data = Path(env.get("XDG_DATA_HOME") or home / ".local" / "share")
    return (data / "fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts"))


def _listed(
    folder: Path, wanted: Callable[[str, int], bool], *, deep: bool = False
) -> Iterator[tuple[Path, int]]:
    """The files of a folder that are wanted by name, in small letters, and size; each with a number that changes with
    it."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        try:
            if deep and entry.is_dir():
                yield from _listed(Path(entry.path), wanted, deep=not entry.is_symlink())
            elif entry.name.lower().endswith((*FONT_SUFFIXES, *_OTHER_SUFFIXES)):
                status = entry.stat()
                if wanted(entry.name.lower(), status.st_size) and (not deep or stat.S_ISREG(status.st_mode)):
                    yield Path(entry.path), status.st_mtime_ns ^ status.st_size
        except OSError:
            continue


@cache
def _fonts(path: Path, stamp: int) -> tuple[FoundFont, ...]:
    """The fonts in a file; one with a defect and no name if it holds none."""
    if path.name.lower().endswith(_OTHER_SUFFIXES):
        return (FoundFont(FontFile(path, 0, stamp), (), _NO_FONT),)
    try:
        with open_regular(path) as file:
            size = file.seek(0, os.SEEK_END)
            return tuple(
                _read(file, size, start, FontFile(path, number, stamp))
                for number, start in enumerate(_starts(file))
            )
    except Exception:  # whatever a file in these folders may hold, the others can be used
        return (FoundFont(FontFile(path, 0, stamp), (), DAMAGED),)


def _starts(file: BinaryIO) -> tuple[int, ...]:
    """Where the fonts of a file begin."""
    tag, _, count = unpack(">4sLL", _part(file, 0, 12))
    if tag != b"ttcf":
        return (0,)
    if count > 64:
        raise ValueError("no font collection")
    return unpack(f">{count}L", _part(file, 12, 4 * count))


def _part(file: BinaryIO, start: int, length: int) -> bytes:
    if length > _MOST:
        raise ValueError("no table is as large")
    file.seek(start)
    data = file.read(length)
    if len(data) < length:
        raise ValueError("the file ends too early")
    return data


def _read(file: BinaryIO, size: int, start: int, origin: FontFile) -> FoundFont:
    """What the tables of one font say of it."""
    tag, count = unpack(">4sH", _part(file, start, 6))
    if tag not in (b"\0\1\0\0", b"true", b"OTTO"):
        return FoundFont(origin, (), _NO_FONT)
    directory = _part(file, start + 12, 16 * count)
    tables = {
        directory[n : n + 4].decode("latin-1"): unpack_from(">LL", directory, n + 8)
        for n in range(0, 16 * count, 16)
    }
    if (
        any(offset + length > size for offset, length in tables.values())
        or not {"name", "cmap"} <= tables.keys()
    ):
        return FoundFont(origin, (), DAMAGED)
    names = _names(_part(file, *tables["name"]))
    if "CFF " in tables or "CFF2" in tables:
        return FoundFont(origin, names, _CUBIC)
    if "glyf" not in tables and tables.keys() & _DOTS:
        return FoundFont(origin, names, _BITMAPS)
    if not tables.keys() >= _TABLES:
        return FoundFont(origin, names, DAMAGED)
    if "OS/2" in tables:
        (rights,) = unpack_from(">H", _part(file, *tables["OS/2"]), 8)
        if rights & _LEVELS == _RESTRICTED or rights & _NO_SUBSET_OR_OUTLINES:
            return FoundFont(origin, names, _FORBIDDEN)
    (style,) = unpack_from(">H", _part(file, *tables["head"]), 44)
    defect = _defect_of_map(_part(file, *tables["cmap"])) or (_VARIABLE if "fvar" in tables else "")
    return FoundFont(origin, names, defect, not style & _BOLD_OR_SLANTED)


_BOLD_OR_SLANTED = 0x0003  # head.macStyle
_FAMILY, _SUBFAMILY, _FULL = 1, 2, 4
_CHINESE = 0x804
_REGULAR = ("Regular", "Normal", "Book", "Roman", "常规", "标准", "")


def _names(table: bytes) -> tuple[str, ...]:
    """The names of a font: its family where it is the regular one, else its full name; Chinese ones first."""
    count, texts = unpack_from(">HH", table, 2)
    found: list[tuple[bool, int, str]] = []
    for n in range(count):
        platform, encoding, language, kind, length, offset = unpack_from(">6H", table, 6 + 12 * n)
        if kind not in (_FAMILY, _SUBFAMILY, _FULL):
            continue
        raw = table[texts + offset : texts + offset + length]
        if platform == 1:
            text = raw.decode({0: "mac_roman", 25: "gb2312"}.get(encoding, "latin-1"), "replace")
        elif platform == 3 and encoding == 3:
            text = raw.replace(b"\0", b"").decode("gbk", "replace")
        else:
            text = raw.decode("utf-16-be", "replace")
        found.append((language != _CHINESE or platform != 3, kind, text.strip("\0 ")))
    english = [text for foreign, kind, text in found if foreign and kind == _SUBFAMILY]
    kinds = (_FAMILY, _FULL) if not english or english[0] in _REGULAR else (_FULL,)
    return tuple(dict.fromkeys(text for _, kind, text in sorted(found) if kind in kinds and text))


def _chosen_map(table: bytes) -> tuple[int, int, int] | None:
    """Platform, encoding and place of the character map that reportlab reads: the last one of Windows or of Unicode."""
    (count,) = unpack_from(">H", table, 2)
    maps = [unpack_from(">HHL", table, 4 + 8 * n) for n in range(count)]
    known = [(p, e, o) for p, e, o in maps if p == 3 or (p == 0 and e != 5)]
    return known[-1] if known else None


def _ranges(table: bytes, start: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The first and the last code points of the ranges of a character map; None for a form that is not known here."""
    (form,) = unpack_from(">H", table, start)
    if form == 12:
        (groups,) = unpack_from(">L", table, start + 12)
        bounds = unpack_from(f">{3 * groups}L", table, start + 16)
        return bounds[::3], bounds[1::3]
    if form == 4:
        segments = unpack_from(">H", table, start + 6)[0] // 2
        last = unpack_from(f">{segments}H", table, start + 14)
        return unpack_from(f">{segments}H", table, start + 16 + 2 * segments), last
    return None


def _defect_of_map(table: bytes) -> str:
    """What is wrong with the character map that reportlab will read.

    Its reader follows a damaged map for hours, and takes the codes of a map for GBK for those of Unicode.
    """
    chosen = _chosen_map(table)
    if chosen is None or chosen[:2] in ((3, 0), (3, 2), (3, 3), (3, 4), (3, 5), (3, 6)):
        return _NO_UNICODE
    ranges = _ranges(table, chosen[2])
    if ranges is None:
        return _NO_UNICODE
    lengths = [last - first for first, last in zip(*ranges, strict=True)]
    return DAMAGED if min(lengths, default=-1) < 0 or sum(lengths) > 0x110000 else ""


def may_have(font: FontFile, char: str) -> bool:
    """Whether the character map of a usable font has a place for a character: what it draws there is not looked at.

    The map is read once, and kept; one that cannot be read any more has nothing.
    """
    firsts, lasts = _coverage(font)
    number = bisect_right(firsts, ord(char)) - 1
    return number >= 0 and ord(char) <= lasts[number]


@cache
def _coverage(font: FontFile) -> tuple[array[int], array[int]]:
    try:
        with open_regular(font.path) as file:
            start = _starts(file)[font.number]
            (count,) = unpack(">H", _part(file, start + 4, 2))
            directory = _part(file, start + 12, 16 * count)
            entry = next(n for n in range(0, 16 * count, 16) if directory[n : n + 4] == b"cmap")
            table = _part(file, *unpack_from(">LL", directory, entry + 8))
        chosen = _chosen_map(table)
        ranges = _ranges(table, chosen[2]) if chosen is not None else None
        pairs = sorted(zip(*ranges, strict=True)) if ranges is not None else []
    except Exception:  # it has changed since it was found
        pairs = []
    return array("L", (first for first, _ in pairs)), array("L", (last for _, last in pairs))
