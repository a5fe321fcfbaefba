"""The faces that text is set in: where each comes from, its measures, and what stands in for what it lacks.

A `Face` is a role, such as 仿宋; a `FaceSet` says which font file plays each role in one document, and a `Font` is
such a file, loaded. Text is copied from the file as it was typed: every embedded subset gets a ToUnicode map of
our own. Knows nothing of lines and paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from gxeditor.resources import resource


class Face(Enum):
    """What a text is set in; the value is the key of its face in resources/fonts/fonts.toml."""

    SONG = "song"
    TITLE = "title"
    HEI = "hei"
    KAI = "kai"
    FANG = "fang"


_SHIPPED = {
    Face.SONG: "NotoSerifSC-Regular.ttf",
    Face.TITLE: "NotoSerifSC-Bold.ttf",
    Face.HEI: "NotoSansSC-Medium.ttf",
    Face.KAI: "GXKai-Regular.ttf",
    Face.FANG: "FandolFang-Regular.ttf",
}

_LATIN = {Face.KAI: Face.SONG, Face.FANG: Face.SONG}
"""Whose letters and digits go with a face: those of 仿宋 are too faint, those of 楷体 too wide."""

_ORDER = {face: number for number, face in enumerate(Face)}
_FALLBACK = (Face.SONG, Face.KAI, Face.HEI, Face.TITLE, Face.FANG)

OPENING = frozenset("（《〈【〔［｛「『“‘〖")
CLOSING = frozenset("）》〉】〕］｝」』”’〗")
PAUSES = frozenset("，、；：")
STOPS = frozenset("。！？")
MIDDLES = frozenset("·・")
PAIRED = frozenset("—…")
_SQUEEZABLE = OPENING | CLOSING | PAUSES | STOPS | MIDDLES

HALF = 0xF0000
"""Every full-width mark has a half-width twin at this plus its code point (packaging/fonts.py): a squeezed mark
drawn in full would overlap its neighbour, and text is then copied in a wrong order."""

_EM = 0.005  # how far from 1 an advance may be that fills the em


class Font:
    """A font file as loaded. `name` is what reportlab knows it by; lengths are in em."""

    def __init__(self, name: str, file: FontFile) -> None:
        self.name = name
        self._font = _TrueType(name, str(file.path), subfontIndex=file.number)
        pdfmetrics.registerFont(self._font)
        self._face: Any = self._font.face
        _, low, _, high = self._ink(ord("国"))
        self.centre = (low + high) / 2
        """Height of the middle of 国 above the baseline. Faces differ by 0.08 em, so a borrowed glyph is moved."""

    def __repr__(self) -> str:
        return f"Font({self.name})"

    def advance(self, char: str) -> float | None:
        """The width of a character, None if the font lacks it."""
        point = ord(char)
        if point >= HALF or not self._face.charToGlyph.get(point):
            return None
        return float(self._face.charWidths[point]) / 1000

    def width(self, text: str) -> float:
        """The width of a text in characters that the font has, half-width marks included."""
        widths = self._face.charWidths
        return float(sum(widths[ord(char)] for char in text)) / 1000

    def half(self, char: str) -> tuple[str, float] | None:
        """The half-width twin of a full-width mark, and how much further right than the mark it is drawn."""
        point = ord(char)
        if HALF + point not in self._face.charToGlyph:
            return None
        return chr(HALF + point), self._ink(point)[0] - self._ink(HALF + point)[0]

    def _ink(self, point: int) -> tuple[float, float, float, float]:
        """The box of a glyph's outline: left, bottom, right, top."""
        face = self._face
        start = face.get_table_pos("glyf")[0] + face.glyphPos[face.charToGlyph[point]]
        box = [face.get_ushort(start + 2 * n) for n in range(1, 5)]
        left, low, right, high = ((n - 0x10000 if n >= 0x8000 else n) / face.unitsPerEm for n in box)
        return left, low, right, high


class _TrueType(TTFont):
    """A TrueType font whose text is copied right: reportlab takes 𬭩 for Ⲷ, and does not know the half marks."""

    _lock = (
        Lock()
    )  # reportlab's reading position is part of the font, and documents are made on several threads

    def addObjects(self, doc: Any) -> None:
        state = self.state[doc]
        subsets, name = [tuple(subset) for subset in state.subsets], state.internalName
        with self._lock:
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


class FontFile(NamedTuple):
    """Where a font is: a file, and which of a collection."""

    path: Path
    number: int = 0


@dataclass(frozen=True, slots=True)
class FaceSet:
    """Which font plays each role in a document, in the order of `Face`; None is the one the program ships."""

    files: tuple[FontFile | None, ...] = (None,) * len(Face)

    def font(self, face: Face) -> Font:
        """The font that plays a role. `GxError` if the program's own file is missing."""
        return _font(self, face)

    def owner(self, char: str, face: Face) -> Font | None:
        """The font that draws a character of a text set in `face`; None if none has it.

        Chinese marks must fill the em, or they could not be squeezed alike: 楷体 has narrow quotation marks, 宋体
        a short dash, and borrow another's. ASCII is drawn as `latin` draws it.
        """
        return _owner(self, char, face)

    def latin(self, text: str, face: Face) -> Font | None:
        """The font of a Latin word or a number amid text in `face`; None if none has all of its characters."""
        fonts = (font for font in _candidates(self, _LATIN.get(face, face)))
        return next((font for font in fonts if all(font.advance(char) is not None for char in text)), None)


BUNDLED = FaceSet()
"""Only faces that the program ships: the same pages on every machine."""


@cache
def _load(file: FontFile) -> Font:
    return Font(f"GX-{file.path.stem}-{file.number}", file)


@cache
def _font(faces: FaceSet, face: Face) -> Font:
    return _load(faces.files[_ORDER[face]] or FontFile(resource(f"fonts/{_SHIPPED[face]}")))


def _candidates(faces: FaceSet, face: Face) -> Iterator[Font]:
    """The font that plays a role, then those that stand in for it: of this set, then those of the program."""
    for role in (face, *_FALLBACK):
        yield _font(faces, role)
    if faces != BUNDLED:
        for role in (face, *_FALLBACK):
            yield _font(BUNDLED, role)


@cache
def _owner(faces: FaceSet, char: str, face: Face) -> Font | None:
    role = _LATIN.get(face, face) if char.isascii() else face
    fonts = (font for font in _candidates(faces, role) if font.advance(char) is not None)
    if char in _SQUEEZABLE:
        return next((font for font in fonts if font.half(char) is not None), None)
    if char in PAIRED:
        return next((font for font in fonts if abs((font.advance(char) or 0) - 1) < _EM), None)
    return next(fonts, None)
