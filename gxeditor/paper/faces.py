"""The faces that text is set in: which font plays each role, its measures, and what stands in for what it lacks.

A `Face` is a role, such as 仿宋; a `FaceSet` says which font files may play each role in one document, best first,
and a `Font` is such a file, loaded. An office's own faces come before those that the program ships; a file that
cannot be used never costs a document, the next one plays its role. Letters and figures amid Chinese are a role too, as
in Word. A character that no role's face has is looked for in every font of the computer. Text is copied from a PDF as
it was typed. What files there are is known by `font_files`; nothing is known here of lines and paragraphs.
"""

from __future__ import annotations

import os
import sys
import zlib
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from struct import pack, unpack, unpack_from
from threading import Lock, RLock
from typing import Any, BinaryIO, TypeVar, cast
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTEncoding, TTFont, TTFontFace

from gxeditor.core.errors import GxError
from gxeditor.files.reading import open_regular
from gxeditor.paper.font_files import (
    DAMAGED,
    FontFile,
    FoundFont,
    fonts_folder,
    machine_fonts,
    may_have,
    own_fonts,
    system_fonts,
)
from gxeditor.paper.layouts import ROLES, SHIPPED, WITH_HAN
from gxeditor.resources import resource


class Face(Enum):
    """What a text is set in; the value is the key of its face in resources/fonts/fonts.toml."""

    SONG = "song"
    TITLE = "title"
    HEI = "hei"
    KAI = "kai"
    FANG = "fang"
    LATIN = "latin"
    LATIN_BOLD = "latin_bold"


_ORDER = {face: number for number, face in enumerate(Face)}
_SHIPPED = {
    Face.SONG: "NotoSerifSC-Regular.ttf",
    Face.TITLE: "NotoSerifSC-Bold.ttf",
    Face.HEI: "NotoSansSC-Medium.ttf",
    Face.KAI: "GXKai-Regular.ttf",
    Face.FANG: "FandolFang-Regular.ttf",
    Face.LATIN: "Tinos-Regular.ttf",
    Face.LATIN_BOLD: "Tinos-Bold.ttf",
}

_OFFICE = {
    Face.SONG: (
        ("宋体", "SimSun"),
        ("方正书宋_GBK", "FZShuSong-Z01"),
        ("华文宋体", "STSong"),
    ),
    Face.TITLE: (
        ("方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S"),
        ("方正小标宋_GB18030", "FZXiaoBiaoSong-B05 GB18030"),
        ("华文中宋", "STZhongsong"),
    ),
    Face.HEI: (("黑体", "SimHei"), ("方正黑体_GBK", "FZHei-B01"), ("方正黑体简体", "FZHei-B01S")),
    Face.KAI: (
        ("楷体_GB2312", "KaiTi_GB2312"),
        ("楷体", "KaiTi"),
        ("方正楷体_GBK", "FZKai-Z03"),
        ("方正楷体简体", "FZKai-Z03S"),
        ("华文楷体", "STKaiti"),
    ),
    Face.FANG: (
        ("仿宋_GB2312", "FangSong_GB2312"),
        ("仿宋", "FangSong"),
        ("方正仿宋_GBK", "FZFangSong-Z02"),
        ("方正仿宋简体", "FZFangSong-Z02S"),
        ("华文仿宋", "STFangsong"),
    ),
    Face.LATIN: (("Times New Roman",),),
    Face.LATIN_BOLD: (("Times New Roman Bold",),),
}
"""The faces that offices have for each role, as Windows and Word bring them, best first; both names of each."""

_WORDS = {
    Face.TITLE: ("小标宋", "xiaobiaosong"),
    Face.FANG: ("仿宋", "fangsong"),
    Face.KAI: ("楷", "kai"),
    Face.HEI: ("黑", "hei"),
    Face.SONG: ("宋", "song"),
}
"""By what in its name a face that the user brought is known to be meant for a role; the first that fits."""

_LATIN = (Face.LATIN, Face.LATIN_BOLD)
_LETTERS = {Face.TITLE: Face.LATIN_BOLD}
"""Who draws letters and digits amid a face, where it is not `LATIN`: beside 小标宋 thin ones would look forgotten."""
_OWN_LETTERS = {Face.KAI: Face.SONG, Face.FANG: Face.SONG}
"""The same among Chinese faces: the digits of 仿宋 are too faint, those of 楷体 too wide."""

_FALLBACK = (Face.SONG, Face.KAI, Face.HEI, Face.TITLE, Face.FANG, Face.LATIN)
_RARE = ("SimSun-ExtB", "SimSun-ExtG")
"""What Windows brings for rare characters, in the look of 宋体; no face for any role has them."""
_NEXT = (Face.FANG, Face.SONG, Face.KAI, Face.HEI, Face.TITLE)
"""Whose faces of the office are asked after it."""
_BOLD = ("Bold", "粗体")

OPENING = frozenset("（《〈【〔［｛「『“‘〖")
CLOSING = frozenset("）》〉】〕］｝」』”’〗")
PAUSES = frozenset("，、；：")
STOPS = frozenset("。！？")
MIDDLES = frozenset("·・")
PAIRED = frozenset("—…―─⋯")
_SQUEEZABLE = OPENING | CLOSING | PAUSES | STOPS | MIDDLES

HALF = 0xF0000
"""Every full-width mark has a half-width twin at this plus its code point: a squeezed mark drawn in full would
overlap its neighbour, and text is then copied in a wrong order."""

_NO_HAN = "没有常用汉字，或汉字不占满一格，不能用来排正文；只用来补别的字体没有的字。"
_NO_FIGURES = "没有英文字母或数字，或数字宽窄不一，不能用来排数字。"
_LETTERS_NEEDED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,%-/"

_HAN_CENTRE = 0.37
"""Em; how high the middle of 国 lies in a face whose base line is where that of 宋体 is (0.36 to 0.38): a face without
Chinese stands on one line with it."""


# ---- fonts -------------------------------------------------------------------------------------


class Font:
    """A font file as loaded. `name` is what reportlab knows it by; lengths are in em.

    Raises whatever reportlab does for a damaged file.
    """

    def __init__(self, file: FontFile) -> None:
        self.name = f"{file.path}#{file.number}#{file.stamp}"
        self._font = _TrueType(self.name, file)
        self._face = cast(Any, self._font.face)
        self._advances: dict[str, float | None] = {}
        self._twins = b""
        self._limits = self._face.get_table("maxp")
        self._check_outlines()
        self.has_han = abs((self.advance("国") or 0) - 1) < _EM
        """Whether Chinese can be set in it: its characters fill the em."""
        self.centre = self._middle()
        """Height of the middle of 国 above the baseline. Faces differ by 0.08 em, so a borrowed glyph is moved."""
        if HALF + ord("，") not in self._face.charToGlyph:
            self._add_half_marks()
        self._face._ttf_data.behind = self._twins
        self._font.digits = "".join(char for char in _DIGITS if self.advance(char) is not None)
        self._face.get_table = self._table
        # reportlab takes fonts of one PostScript name, such as a full and a cut edition, for the same.
        name, self._face.name = self._face.name, self.name.encode()
        pdfmetrics.registerFont(self._font)
        while name in _taken:
            name += b"-X"
        _taken.add(name)
        self._face.name = name

    def __repr__(self) -> str:
        return f"Font({self.name})"

    @property
    def has_figures(self) -> bool:
        """Whether letters and figures can be set in it, the figures below one another."""
        widths = {self.advance(char) for char in _DIGITS}
        return len(widths) == 1 and all(self.advance(char) is not None for char in _LETTERS_NEEDED)

    def _middle(self) -> float:
        em = self._face.unitsPerEm
        if self.has_han:
            _, low, _, high = self._ink(ord("国"))
            return float((low + high) / 2 / em)
        above, below = unpack_from(">hh", self._face._whole("hhea"), 4)
        # A face of rare characters, whose lines are as high as the em; that of Latin lines says nothing of Chinese.
        return float((above + below) / 2 / em) if abs(above - below - em) <= _EM * em else _HAN_CENTRE

    def advance(self, char: str) -> float | None:
        """The width of a character, None if the font lacks it or its glyph is blank, damaged or of no width."""
        if char not in self._advances:
            self._advances[char] = self._measure(char)
        return self._advances[char]

    def _measure(self, char: str) -> float | None:
        point = ord(char)
        glyph = self._face.charToGlyph.get(point)
        if not glyph or point >= HALF or not (char.isspace() or self._is_sound(glyph)):
            return None
        # An accent of no width, which stands over nothing, could not be copied; with its letter it is one character.
        return float(self._face.charWidths[point]) / 1000 or None

    def width(self, text: str) -> float:
        """The width of a text in characters that the font has, half-width marks included."""
        widths = self._face.charWidths
        return float(sum(widths[ord(char)] for char in text)) / 1000

    def half(self, char: str) -> str | None:
        """The half-width twin of a full-width mark: the half of its em that holds the ink."""
        point = HALF + ord(char)
        return chr(point) if point in self._face.charToGlyph else None

    def _check_outlines(self) -> None:
        places, count = self._face.glyphPos, self._face.numGlyphs
        if max(self._face.charToGlyph.values(), default=0) >= count:
            for point in [point for point, glyph in self._face.charToGlyph.items() if glyph >= count]:
                del self._face.charToGlyph[point]
        if places != sorted(places) or places[-1] > self._face.get_table_pos("glyf")[1]:
            raise ValueError("glyphs outside of their table")

    def _table(self, tag: str) -> Any:
        """What reportlab cuts a subset from; of the outlines it takes those it wants."""
        if tag == "glyf":
            return _Outlines(self._face)
        start, length = self._face.get_table_pos(tag)
        return self._limits if tag == "maxp" else self._face.get_chunk(start, length)

    def _outline(self, glyph: int) -> bytes:
        places = self._face.glyphPos
        start = self._face.get_table_pos("glyf")[0]
        return bytes(self._face._ttf_data[start + places[glyph] : start + places[glyph + 1]])

    def _ink(self, point: int) -> tuple[int, int, int, int]:
        """The box of a glyph's outline in units of the font: left, bottom, right, top."""
        return unpack_from(">4h", self._outline(self._face.charToGlyph[point]), 2)

    def _is_sound(self, glyph: int, depth: int = 0) -> bool:
        """Whether a glyph has an outline that can be copied into a subset, its parts included."""
        if glyph >= len(self._face.hmetrics) or depth > 4:
            return False
        outline = self._outline(glyph)
        if len(outline) < 12:
            return False
        if unpack_from(">h", outline)[0] >= 0:
            return True
        place, flags = 10, _MORE
        while flags & _MORE:
            if place + 6 > len(outline):
                return False
            flags, part = unpack_from(">HH", outline, place)
            if not self._is_sound(part, depth + 1):
                return False
            place += 8 if flags & _WORDS_FOLLOW else 6
            place += next((size for flag, size in _SCALES if flags & flag), 0)
        return place <= len(outline)

    def _add_half_marks(self) -> None:
        """Half-width twins, which only the program's own files bring along (packaging/fonts.py).

        Each is a composite glyph behind those of the file: the full mark, moved. Its half of the em holds the ink;
        a mark whose ink does not fit gets no twin and is borrowed from another face.
        """
        face = self._face
        em, half = face.unitsPerEm, face.unitsPerEm // 2
        behind = len(face._ttf_data) - face.get_table_pos("glyf")[0]
        face.glyphPos.append(behind)
        face.hmetrics.append((0, 0))  # of what lies between the file's outlines and ours
        glyphs = bytearray()
        for char in sorted(_SQUEEZABLE):
            if abs((self.advance(char) or 0) - 1) > _EM:
                continue
            point, glyph = ord(char), face.charToGlyph[ord(char)]
            left, low, right, high = self._ink(point)
            shift = -half if char in OPENING else 0
            if left + shift < -0.02 * em or right + shift > 0.52 * em:
                shift = em // 4 - (left + right) // 2
            if right - left > 0.54 * em:
                continue
            glyphs += pack(">5h", -1, left + shift, low, right + shift, high)
            glyphs += pack(">HHhhH", _WORDS_FOLLOW | _ARE_OFFSETS, glyph, shift, 0, 0)
            face.charToGlyph[HALF + point] = len(face.hmetrics)
            face.charWidths[HALF + point] = half * 1000 / em
            face.hmetrics.append((half, (face.hmetrics[glyph][1] + shift) & 0xFFFF))
            face.glyphPos.append(behind + len(glyphs))
        self._twins = bytes(glyphs)
        # Composites are announced to whoever draws them, as large as they may be.
        limits = list(unpack(">L14H", self._limits[:32]))
        points, contours, composite_points, composite_contours = 2, 3, 4, 5
        limits[composite_points] = max(limits[points], limits[composite_points])
        limits[composite_contours] = max(limits[contours], limits[composite_contours])
        limits[-2:] = max(limits[-2], 1), max(limits[-1], 2)  # parts, and parts of parts
        self._limits = pack(">L14H", *limits)


class _Bytes:
    """The bytes of a font file with some `behind` them, read where they are asked for: a report needs a few hundred of
    the outlines that make up a Chinese face. Files in the user's folder are kept whole, free to be replaced."""

    behind = b""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._file: BinaryIO = open_regular(path)
        if path.parent == fonts_folder():
            with self._file as file:
                self._file = BytesIO(file.read())
        self._size = self._file.seek(0, os.SEEK_END)

    def __del__(self) -> None:  # a font that was refused, or is not used any more
        if "_file" in vars(self):
            self._file.close()

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        if part.start >= self._size:
            return self.behind[part.start - self._size : part.stop - self._size]
        with self._lock:
            self._file.seek(part.start)
            return self._file.read(part.stop - part.start)


class _Outlines:
    """The table of outlines, those made here included."""

    def __init__(self, face: Any) -> None:
        self._data, self._start = face._ttf_data, face.get_table_pos("glyf")[0]

    def __getitem__(self, part: slice) -> bytes:
        return bytes(self._data[self._start + part.start : self._start + part.stop])


_EM = 0.005  # how far from 1 an advance may be that fills the em
_WORDS_FOLLOW, _ARE_OFFSETS, _MORE = 0x0001, 0x0002, 0x0020  # flags of a composite glyph
_SCALES = ((0x0008, 2), (0x0040, 4), (0x0080, 8))
_taken: set[bytes] = set()
_lock = RLock()
"""Documents are made on several threads, but reportlab's place in a font file is part of the font."""


_V = TypeVar("_V")


def _numbers(data: bytes, kind: str) -> array[int]:
    """The unsigned numbers of two (`H`) or four bytes (`I`) that a table holds, high byte first."""
    numbers = array(kind, data)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


class _Sought(dict[int, _V]):
    """What there is by code point, made out when first asked for: a report needs some hundred of ten thousand."""

    def __init__(self, seek: Callable[[int], _V | None]) -> None:
        super().__init__()
        self._seek = seek

    def __missing__(self, point: int) -> _V:
        value = self._seek(point)
        if value is None:
            raise KeyError(point)
        self[point] = value
        return value

    def __contains__(self, point: object) -> bool:
        return self.get(cast(int, point)) is not None

    def get(self, point: int, default: Any = None) -> Any:
        try:
            return self[point]
        except KeyError:
            return default


class _FontFace(TTFontFace):
    """What reportlab knows of a font, read a table at a time: it takes a value at a time, 40 ms for a Chinese face.

    Raises whatever a damaged file leads it to.
    """

    def __init__(self, file: FontFile) -> None:
        self.filename = str(file.path)
        self._ttf_data = _Bytes(file.path)  # and so it is not read whole
        self._subsets: OrderedDict[tuple[int, ...], bytes] = OrderedDict()
        super().__init__(self.filename, subfontIndex=file.number)

    def extractInfo(self, charInfo: int = 1) -> None:
        super().extractInfo(0)
        head, hhea = self._whole("head"), self._whole("hhea")
        self.charToGlyph = self._map()
        self.glyphToChar: dict[int, list[int]] = {}  # only text shaping asks for it
        full, count = unpack_from(">H", hhea, 34)[0], self.numGlyphs
        metrics = _numbers(self._whole("hmtx")[: 2 * full + 2 * count], "H")
        if not 0 < full <= count or len(metrics) < full + count:
            raise ValueError("advances are missing")
        advances = [*metrics[0 : 2 * full : 2], *[metrics[2 * full - 2]] * (count - full)]
        bearings = [*metrics[1 : 2 * full : 2], *metrics[2 * full :]]
        self.hmetrics = list(zip(advances, bearings, strict=True))
        scale = 1000 / self.unitsPerEm
        self.defaultWidth = advances[0] * scale

        def width(point: int) -> float | None:
            glyph = self.charToGlyph.get(point)
            return advances[glyph] * scale if glyph is not None and glyph < count else None

        self.charWidths = _Sought(width)
        (form,) = unpack_from(">H", head, 50)
        places = _numbers(self._whole("loca")[: (count + 1) * (4 if form else 2)], "I" if form else "H")
        if form not in (0, 1) or len(places) != count + 1:
            raise ValueError("places of glyphs are missing")
        self.glyphPos = places.tolist() if form else [2 * place for place in places]
        for space, other in ((0x20, 0xA0), (0xA0, 0x20)):
            if space in self.charWidths:  # the one stands for the other
                self.charToGlyph[other] = self.charToGlyph[space]
                self.charWidths[other] = self.charWidths[space]
                break

    def _whole(self, tag: str) -> bytes:
        start, length = self.get_table_pos(tag)
        return self.get_chunk(start, length)

    def _map(self) -> Mapping[int, int]:
        """Glyphs by code point: the last map of Windows, else of Unicode, which `font_files` has looked at."""
        table = self._whole("cmap")
        (count,) = unpack_from(">H", table, 2)
        maps = [unpack_from(">HHL", table, 4 + 8 * n) for n in range(count)]
        start = [offset for system, kind, offset in maps if system == 3 or (system == 0 and kind != 5)][-1]
        (form,) = unpack_from(">H", table, start)
        if form == 12:
            (groups,) = unpack_from(">L", table, start + 12)
            bounds = _numbers(table[start + 16 : start + 16 + 12 * groups], "I")
            firsts, lasts, glyphs = bounds[::3], bounds[1::3], bounds[2::3]
            if getattr(self, "_full_font", False) or list(firsts) != sorted(
                firsts
            ):  # all are wanted, or cannot be searched
                groups = zip(firsts, lasts, glyphs, strict=True)
                return {
                    point: glyph + point - first
                    for first, last, glyph in groups
                    for point in range(first, last + 1)
                }

            def glyph_of(point: int) -> int | None:
                number = bisect_right(firsts, point) - 1
                there = number >= 0 and point <= lasts[number]
                return glyphs[number] + point - firsts[number] if there else None

            return _Sought(glyph_of)
        if form != 4:
            raise ValueError("no character map that is known here")
        found: dict[int, int] = {}
        length, _, twice = unpack_from(">3H", table, start + 2)
        numbers = _numbers(table[start : start + length - length % 2], "H")
        size = twice // 2
        lasts, firsts = numbers[7 : 7 + size], numbers[8 + size : 8 + 2 * size]
        shifts, offsets = numbers[8 + 2 * size : 8 + 3 * size], numbers[8 + 3 * size : 8 + 4 * size]
        rows = zip(firsts, lasts, shifts, offsets, strict=True)
        for number, (first, last, shift, offset) in enumerate(rows, 8 + 3 * size):
            if offset:
                at = number + offset // 2
                glyphs = numbers[at : at + last - first + 1]
                glyphs.extend([0] * (last - first + 1 - len(glyphs)))
                found.update(
                    (point, (glyph + shift) & 0xFFFF if glyph else 0)
                    for point, glyph in enumerate(glyphs, first)
                )
            else:
                found.update((point, (point + shift) & 0xFFFF) for point in range(first, last + 1))
        return found

    def makeSubset(self, subset: Sequence[int]) -> bytes:
        """A font of these characters; those of the last documents are kept, for most edits use no other ones."""
        key = tuple(subset)
        made = self._subsets.pop(key, None)
        self._subsets[key] = made = super().makeSubset(subset) if made is None else made
        if len(self._subsets) > _KEPT:
            self._subsets.popitem(last=False)
        return made

    def addSubsetObjects(self, doc: Any, fontname: str, subset: Sequence[int]) -> Any:
        described = super().addSubsetObjects(doc, fontname, subset)  # type: ignore[no-untyped-call]
        if doc.compression:
            doc.idToObject[f"fontFile:{self.filename}({fontname})"].filters = [_Deflated]
        return described


class _Deflated:
    """The filter by which reportlab packs the file of a font, which packs none twice."""

    pdfname = "FlateDecode"

    @staticmethod
    def encode(data: bytes) -> bytes:
        return _deflated(data)


@lru_cache(maxsize=16)  # two documents' worth, some 200 kB each
def _deflated(data: bytes) -> bytes:
    return zlib.compress(data)


_KEPT = 4  # subsets of a font, of 256 characters each
_DIGITS = "0123456789"


class _TrueType(TTFont):
    """A TrueType font whose text is copied right: reportlab takes 𬭩 for Ⲷ, and does not know the half marks.

    Where one digit is used all `digits` go into the file, in their order: so a changed figure changes no font.
    """

    digits = ""

    def __init__(self, name: str, file: FontFile) -> None:
        # Not by super(), which would read the file by its own face.
        self.fontName, self.face, self.encoding = name, _FontFace(file), TTEncoding()
        self.state: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        # Else every face would bring all of ASCII into the file, though only what was looked at is known to be sound.
        self._asciiReadable = False
        self.shapable = False

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> Any:
        state = self.state.get(doc)
        if (state is None or ord("0") not in state.assignments) and any(char in _DIGITS for char in text):
            super().splitString(self.digits, doc)
        return super().splitString(text, doc, encoding)

    def addObjects(self, doc: Any) -> None:
        state = self.state[doc]
        subsets, name = [tuple(subset) for subset in state.subsets], state.internalName
        with _lock:
            super().addObjects(doc)
        for number, subset in enumerate(subsets):
            font = doc.idToObject["BasicFonts"].dict[f"{name}+{number}"]
            points = [point - HALF if point >= HALF else point for point in subset]
            doc.idToObject[font.ToUnicode.name].content = _to_unicode(points)


def _to_unicode(subset: Sequence[int]) -> str:
    """A ToUnicode CMap for the code points of a font subset, UTF-16 as ISO 32000-1, 9.10.3 wants it."""
    rows = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)
    ]
    parts = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(rows), 100):  # the greatest number of entries a block may have
        block = rows[start : start + 100]
        parts += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    parts += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(parts)


_refused: dict[FontFile, str] = {}


@cache
def _load(file: FontFile) -> Font | None:
    """A font, loaded once; None if it cannot be used, and `_refused` says why."""
    try:
        with _lock:
            return Font(file)
    except GxError as error:
        _refused[file] = error.what
    except Exception:  # reportlab's reader raises whatever a damaged file leads it to
        _refused[file] = DAMAGED
    return None


# ---- roles -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FaceSet:
    """Which font files may play each role in a document, in the order of `Face`, best first.

    The files that the program ships come after them all. `latin` says that letters and figures are a role of their own.
    `spare` is asked, in its order, for what none of these has, and then, if `machine`, every font of the computer.
    """

    files: tuple[tuple[FontFile, ...], ...] = ((),) * len(Face)
    latin: bool = True
    spare: tuple[FontFile, ...] = ()
    machine: bool = False

    def font(self, face: Face) -> Font:
        """The font that plays a role. `GxError` if the program's own file is missing."""
        return _font(self, face)

    def owner(self, char: str, face: Face) -> Font | None:
        """The font that draws a character of a text set in `face`; None if none has it.

        Chinese marks must fill the em and have a twin of half its width, or they could not be squeezed alike: 楷体
        has narrow quotation marks, 宋体 a short dash, and borrow another's. ASCII is drawn as `letters` draws it.
        """
        return _owner(self, char, face)

    def letters(self, text: str, face: Face) -> Font | None:
        """The font of a Latin word or a number amid text in `face`; None if none has all of its characters."""
        fonts = _candidates(self, *_letters_of(self, face))
        return next((font for font in fonts if all(font.advance(char) is not None for char in text)), None)

    def with_own_letters(self) -> FaceSet:
        """The same faces, each with its own letters and figures, or those of its kind."""
        return replace(self, latin=False)


BUNDLED = FaceSet()
"""Only faces that the program ships: the same pages on every computer."""


@cache
def _font(faces: FaceSet, face: Face) -> Font:
    fonts = (font for file in faces.files[_ORDER[face]] if (font := _load(file)) is not None)
    return next((font for font in fonts if not _unfit(font, face)), None) or _shipped(face)


def _unfit(font: Font, face: Face) -> str:
    """Why a font cannot be the first of a role, "" if it can. Whatever stands in for it may lack the most of this."""
    if face in _LATIN:
        return "" if font.has_figures else _NO_FIGURES
    return "" if font.has_han else _NO_HAN


@cache
def _shipped(face: Face) -> Font:
    path = resource(f"fonts/{_SHIPPED[face]}")
    font = _load(FontFile(path))
    if font is None:
        raise GxError(f"程序自带的字体 {path.name} 读不出来。", "年报文件没有受到影响。", "请重新安装程序。")
    return font


def _letters_of(faces: FaceSet, face: Face) -> tuple[Face, ...]:
    """Whose letters and figures stand amid text in a face, and what stands in for them."""
    own = (_OWN_LETTERS.get(face, face), face)
    return (_LETTERS.get(face, Face.LATIN), *own) if faces.latin else own


def _candidates(faces: FaceSet, *roles: Face) -> Iterator[Font]:
    """The fonts that play these roles, then those that stand in for them: first one of its kind, then the others.

    At last those that were good enough for a role but not the best: what the program ships ends with the 8105
    characters of the 通用规范汉字表 and GB 2312, and an office's other faces may have the rest.
    """
    for role in dict.fromkeys((*roles, *_FALLBACK)):
        yield _font(faces, role)
        yield _shipped(role)
    yield from (font for file in faces.spare if (font := _load(file)) is not None)


@cache
def _owner(faces: FaceSet, char: str, face: Face) -> Font | None:
    roles = _letters_of(faces, face) if char.isascii() else (face,)
    second = None
    for font in _candidates(faces, *roles):
        if font.advance(char) is not None:
            if _suits(font, char):
                return font
            second = second or font
    if second is None and faces.machine:
        # Here it no longer matters how a character is drawn, only that it is.
        loaded = (_load(found.file) for found in machine_fonts() if may_have(found.file, char))
        return next((one for one in loaded if one is not None and one.advance(char) is not None), None)
    return second


def _suits(font: Font, char: str) -> bool:
    if char in _SQUEEZABLE:
        return font.half(char) is not None
    return char not in PAIRED or abs((font.advance(char) or 0) - 1) < _EM


# ---- choice ------------------------------------------------------------------------------------


def choose_faces(wanted: Mapping[str, str] | None = None) -> FaceSet:
    """The faces for a document: for each role the family wanted, else the best there is.

    `wanted` has family names (as by `available_families`) by role (`layouts.ROLES`); "" and what is not found leave the
    choice to us. What the user put into the program's folder comes first, then what an office has installed, then what
    the program ships. With GXEDITOR_FACES=bundled in the environment it is the last alone.
    """
    wanted = wanted or {}
    latin = wanted.get(Face.LATIN.value) != WITH_HAN
    if os.environ.get("GXEDITOR_FACES") == "bundled":
        return replace(BUNDLED, latin=latin)
    files = tuple(tuple(_files(face, wanted.get(_role_of(face), ""))) for face in Face)
    return FaceSet(files, latin, tuple(dict.fromkeys(_spare())), machine=True)


def _role_of(face: Face) -> str:
    """The role by which the clerk chooses a face: bold letters go with the others."""
    return (Face.LATIN if face in _LATIN else face).value


def _files(face: Face, wanted: str) -> Iterator[FontFile]:
    if wanted == SHIPPED:
        return
    if wanted and wanted != WITH_HAN:
        names = {_plain(wanted)}
        if face is Face.LATIN_BOLD:
            bold = {_plain(f"{wanted} {word}") for word in _BOLD}
            yield from (font.file for font in _named(_usable(), bold))
        yield from (font.file for font in _named(_usable(), names))
    yield from (font.file for font in _suited(face))


def _spare() -> Iterator[FontFile]:
    """What stands in for a character that no role's face has, in the order in which it is asked."""
    yield from (font.file for font in own_fonts() if not font.defect)
    yield from (font.file for font in _named(_usable(), set(map(_plain, _RARE))))
    for face in _NEXT:
        yield from (font.file for font in _suited(face))
    yield from (font.file for font in own_fonts() if font.stands_in)


def _usable() -> Iterator[FoundFont]:
    yield from (font for font in (*own_fonts(), *system_fonts()) if not font.defect)


def _named(fonts: Iterable[FoundFont], plain: set[str]) -> Iterator[FoundFont]:
    return (font for font in fonts if plain.intersection(map(_plain, font.names)))


def _suited(face: Face) -> Iterator[FoundFont]:
    """The fonts that play a role unasked, best first."""
    yield from (font for font in own_fonts() if not font.defect and _role(font) is face)
    for names in _OFFICE[face]:
        installed = (font for font in system_fonts() if not font.defect)
        yield from _named(installed, set(map(_plain, names)))


def _role(font: FoundFont) -> Face | None:
    """The role that a font is meant for by its names."""
    plain = list(map(_plain, font.names))
    for face in _LATIN:
        if any(_plain(name) in plain for names in _OFFICE[face] for name in names):
            return face
    names = " ".join(plain)
    return next((face for face, words in _WORDS.items() if any(word in names for word in words)), None)


def _plain(name: str) -> str:
    return name.casefold().translate({ord(char): None for char in " _-"})


def available_families() -> Mapping[Face, tuple[str, ...]]:
    """The names that a clerk may choose from for each role of `layouts.ROLES`, best first; the last is `SHIPPED`.

    They are the office's faces for that role and whatever works of what the user put into the program's folder.
    """
    own = [font for font in own_fonts() if not font.defect]
    families = {}
    for role in ROLES:
        face = Face(role)
        fonts = (
            font
            for font in (*_suited(face), *own)
            if font.names and (loaded := _load(font.file)) is not None and not _unfit(loaded, face)
        )
        letters = (WITH_HAN,) if face is Face.LATIN else ()
        families[face] = tuple(dict.fromkeys((*(font.names[0] for font in fonts), *letters, SHIPPED)))
    return families


def refused_fonts() -> tuple[tuple[str, str], ...]:
    """What cannot be used, or not in the text: file name and reason, the user's own files first.

    Of what is installed, only fonts that would play a role if they could. Of a collection, what is wrong with its first
    font.
    """
    own = own_fonts()
    office = {_plain(name) for face in Face for names in _OFFICE[face] for name in names}
    installed = (font for font in system_fonts() if office.intersection(map(_plain, font.names)))
    told: dict[str, str] = {}
    for font in (*own, *installed):
        told.setdefault(font.file.path.name, font.defect or _unfit_for_all(font))
    return tuple((name, reason) for name, reason in told.items() if reason)


def _unfit_for_all(font: FoundFont) -> str:
    """Why a font can play no role at all, "" if it can play one."""
    loaded = _load(font.file)
    if loaded is None:
        return _refused.get(font.file, DAMAGED)
    return "" if loaded.has_figures and _role(font) not in _WORDS else _unfit(loaded, Face.FANG)
