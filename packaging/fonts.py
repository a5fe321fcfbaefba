"""Make the bundled faces in resources/fonts/ from their published sources.

    python packaging/fonts.py [--downloads DIR]

Fetches the sources with the registries' ordinary clients (npm and apt-get), checks every archive against its
SHA-256, cuts each face down to the characters a report can need, and writes the faces, their licences and
fonts.toml. The results are committed, so this runs only when a source or the character set changes; the same
sources give the same bytes.

Needs fontTools, npm, apt-get and dpkg-deb. It does not know what the faces are used for: which face sets
which text is decided by gxeditor/paper/typeset.py.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

TARGET = Path(__file__).resolve().parent.parent / "resources" / "fonts"
MODIFIED = "2026-11"  # the date GPL 3 §5(a) and OFL want beside a changed face
RADICALS = range(0x2E80, 0x2FE0)
"""Kangxi and supplementary radicals. A face that maps both 山 and the radical ⼭ to one glyph lets PDF makers
write the radical into the copied text, so searching for 山 fails; no report needs the radicals."""

HALF = 0xF0000
"""A mark also stands at this plus its code point, half an em wide, for where marks meet or a line is full. The
full-width mark would overlap its neighbour there, and text is then copied in a wrong order."""

OPENING = "（《〈【〔［｛「『“‘〖"
CLOSING = "）》〉】〕］｝」』”’〗，、；：。！？"
MIDDLE = "·・"

LIMIT = 1.0  # greatest distance, in 1/1000 em, of a quadratic outline from the cubic one: invisible at 72 pt


class FontsError(Exception):
    """A source could not be fetched or is not the one these faces were made from."""


@dataclass(frozen=True)
class Archive:
    """A published package: registry client, name, version, and SHA-256 of the file the client downloads."""

    client: str
    package: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Face:
    """A face to make: where its outlines come from, what it covers, its licence, the name it ships under."""

    key: str
    use: str
    file: str
    archive: Archive
    member: str
    licence: str
    licence_file: str
    licence_member: str
    family: str = ""  # a new family name where the licence reserves the old one
    latin: bool = False  # letters, figures and signs alone


SERIF = Archive(
    "npm", "@expo-google-fonts/noto-serif-sc", "0.4.3", "expo-google-fonts-noto-serif-sc-0.4.3.tgz",
    "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e",
)  # fmt: skip
SANS = Archive(
    "npm", "@expo-google-fonts/noto-sans-sc", "0.4.3", "expo-google-fonts-noto-sans-sc-0.4.3.tgz",
    "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
)  # fmt: skip
TINOS = Archive(
    "npm", "@expo-google-fonts/tinos", "0.4.2", "expo-google-fonts-tinos-0.4.2.tgz",
    "5ebc8f9f3ee14e9425b1a14391c713f8228be49a9127a21f60b06c482f4a844a",
)  # fmt: skip
WENKAI = Archive(
    "apt-get", "fonts-lxgw-wenkai", "1.250+repack-1", "fonts-lxgw-wenkai_1.250+repack-1_all.deb",
    "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
)  # fmt: skip
FANDOL = Archive(
    "apt-get", "texlive-lang-chinese", "2022.20230122-1", "texlive-lang-chinese_2022.20230122-1_all.deb",
    "9cfa07bd44e7b9098e26f0ecac1b5ad210d2249d474c8074d53de92d650b0ec0",
)  # fmt: skip
UNIHAN = Archive(
    "apt-get", "unicode-data", "15.0.0-1", "unicode-data_15.0.0-1_all.deb",
    "5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc",
)  # fmt: skip

FACES = (
    Face(
        "song", "宋体", "NotoSerifSC-Regular.ttf", SERIF, "package/400Regular/NotoSerifSC_400Regular.ttf",
        "OFL-1.1", "OFL-NotoSerifSC.txt", "package/LICENSE_FONT",
    ),
    Face(
        "title", "小标宋", "NotoSerifSC-Bold.ttf", SERIF, "package/700Bold/NotoSerifSC_700Bold.ttf",
        "OFL-1.1", "OFL-NotoSerifSC.txt", "package/LICENSE_FONT",
    ),
    Face(
        "hei", "黑体", "NotoSansSC-Medium.ttf", SANS, "package/500Medium/NotoSansSC_500Medium.ttf",
        "OFL-1.1", "OFL-NotoSansSC.txt", "package/LICENSE_FONT",
    ),
    Face(
        "kai", "楷体", "GXKai-Regular.ttf", WENKAI,
        "./usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        "OFL-1.1", "OFL-GXKai.txt", "./usr/share/doc/fonts-lxgw-wenkai/copyright", "GX Kai",
    ),
    Face(
        "fang", "仿宋", "FandolFang-Regular.ttf", FANDOL,
        "./usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
        "GPL-3.0 with font exception", "GPL-FandolFang.txt",
        "./usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz",
    ),
    Face(
        "latin", "西文和数字", "Tinos-Regular.ttf", TINOS, "package/400Regular/Tinos_400Regular.ttf",
        "OFL-1.1", "OFL-Tinos.txt", "package/LICENSE_FONT", latin=True,
    ),
    Face(
        "latin_bold", "标题中的西文和数字", "Tinos-Bold.ttf", TINOS, "package/700Bold/Tinos_700Bold.ttf",
        "OFL-1.1", "OFL-Tinos.txt", "package/LICENSE_FONT", latin=True,
    ),
)  # fmt: skip


def fetch(archive: Archive, folder: Path) -> Path:
    """The archive's file in `folder`, downloaded if absent. FontsError if it cannot be had or differs."""
    path = folder / archive.file
    if not path.exists():
        if archive.client == "npm":
            command = ["npm", "pack", "--silent", f"{archive.package}@{archive.version}"]
        else:
            command = ["apt-get", "-qq", "download", f"{archive.package}={archive.version}"]
        print(" ".join(command), flush=True)
        result = subprocess.run(command, cwd=folder, check=False)
        if result.returncode or not path.exists():
            raise FontsError(f"{archive.client} did not deliver {archive.package} {archive.version}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != archive.sha256:
        raise FontsError(f"{archive.file}: SHA-256 is {found}, expected {archive.sha256}")
    return path


def member(path: Path, name: str) -> bytes:
    """One file out of an npm package or a Debian package, unpacked if it is itself a .gz or .bz2."""
    packed = path.read_bytes()
    if path.suffix == ".deb":
        unpack = ["dpkg-deb", "--fsys-tarfile", str(path)]
        packed = subprocess.run(unpack, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as tar:
        file = tar.extractfile(name)
        if file is None:
            raise FontsError(f"{path.name} has no file {name}")
        data = file.read()
    if name.endswith(".gz"):
        return gzip.decompress(data)
    return bz2.decompress(data) if name.endswith(".bz2") else data


def standard_han(unihan: bytes) -> set[int]:
    """The 8105 characters of the 通用规范汉字表 (2013): Unihan's kTGH, 196 of them outside the BMP."""
    lines = unihan.decode("utf-8").splitlines()
    han = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}
    if len(han) != 8105:
        raise FontsError(f"Unihan names {len(han)} characters of the 通用规范汉字表, expected 8105")
    return han


def code_table(encoding: str) -> set[int]:
    """Every code point that the two-byte Chinese character set `encoding` ("gb2312", "gbk") can write."""
    found: set[int] = set()
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                text = bytes((high, low)).decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                found.add(ord(text))
    return found


def symbols() -> set[int]:
    """What an office types besides Han: ASCII, European letters, pinyin, punctuation, tick boxes, units."""
    latin = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1CD, 0x1DD)}
    marks = set(map(ord, "‐‑‒–—―‖‘’‚“”„†‡•‥…‧‰′″‹›※€₩№℃℉™Ω℮←↑→↓↔↕√∞≈≠≤≥■□▢▪▫▲△▶▷▼▽◀◁◆◇○◎●◯"))
    boxes = set(map(ord, "☆★☒☎✓✗㎎㎏㎜㎝㎞㎡㏄㏎㏑㏒㏕℡㈱㊣"))
    brackets = {*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F), *range(0xFFE0, 0xFFE7)}
    circled = {*range(0x2460, 0x249C), *range(0x24B6, 0x24EA), *range(0x2776, 0x2780), *range(0x3220, 0x322A)}
    roman = set(range(0x2160, 0x2180))
    return latin | marks | boxes | brackets | circled | roman


def western() -> set[int]:
    """What is set in Times New Roman amid Chinese: ASCII, European letters, pinyin, Greek, Russian, signs."""
    letters = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1CD, 0x1DD)}
    others = {*range(0x386, 0x3CF), *range(0x401, 0x452)}
    return letters | others | set(map(ord, "\u2010\u2011\u2012\u2013\u2212‰′″€™Ω√∞≈≠≤≥"))


def to_truetype(font: TTFont) -> None:
    """Replace cubic CFF outlines by quadratic ones in place: reportlab embeds TrueType outlines only."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, LIMIT, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"] = newTable("loca")
    table = font["glyf"] = newTable("glyf")
    table.glyphOrder, table.glyphs = order, drawn
    table.compile(font)
    metrics = font["hmtx"]
    for name in order:
        metrics[name] = (metrics[name][0], drawn[name].xMin if drawn[name].numberOfContours else 0)
    maxp = font["maxp"]
    maxp.tableVersion, maxp.maxZones = 0x00010000, 1
    for field in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(maxp, f"max{field}", 0)
    maxp.maxSizeOfInstructions = maxp.maxComponentElements = 0
    post = font["post"]
    post.formatType, post.extraNames, post.mapping, post.glyphOrder = 3.0, [], {}, order
    for tag in ("CFF ", "VORG"):
        if tag in font:
            del font[tag]
    font.sfntVersion = "\0\1\0\0"


def add_half_marks(font: TTFont) -> None:
    """Give every full-width mark a half-width twin at HALF: the half of its em that holds the ink."""
    glyphs, outlines, metrics = font.getGlyphSet(), font["glyf"], font["hmtx"]
    mapping = dict(font.getBestCmap())
    twins = {}
    for char in OPENING + CLOSING + MIDDLE:
        name = mapping.get(ord(char))
        if name is None or metrics[name][0] != 1000:
            continue
        outline = outlines[name]
        shift = -500 if char in OPENING else 0
        if outline.xMin + shift < -10 or outline.xMax + shift > 510:  # ink in the middle of the em
            shift = 250 - (outline.xMin + outline.xMax) // 2
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        twins[HALF + ord(char)] = pen.glyph()
    order = font.getGlyphOrder()
    for point, glyph in twins.items():
        name = mapping[point] = f"u{point:X}"
        order.append(name)
        outlines[name] = glyph
        glyph.recalcBounds(outlines)
        metrics[name] = (500, glyph.xMin)
    font.setGlyphOrder(order)
    FontBuilder(font=font).setupCharacterMap(mapping)


def make(face: Face, source: bytes, wanted: AbstractSet[int]) -> tuple[bytes, int]:
    """The face cut down to `wanted`, and its glyph count. Layout tables go too: reportlab does no shaping."""
    options = subset.Options()
    options.layout_features = []
    options.name_IDs, options.name_languages = ["*"], ["*"]
    options.notdef_outline, options.hinting, options.glyph_names = True, False, False
    options.drop_tables += [
        "BASE",
        "DSIG",
        "GDEF",
        "GPOS",
        "GSUB",
        "STAT",
        "VORG",
        "GlyphOrder",
        "gasp",
        "prep",
        "vhea",
        "vmtx",
    ]
    options.recalc_timestamp, options.recalc_bounds = False, True
    font = subset.load_font(BytesIO(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    if "CFF " in font:
        to_truetype(font)
    if not face.latin:
        add_half_marks(font)
    names = font["name"]
    if face.family:
        style = names.getDebugName(2) or "Regular"
        plain = face.family.replace(" ", "")
        renamed = {1: face.family, 4: f"{face.family} {style}", 6: f"{plain}-{style}", 16: face.family}
        names.names = [
            record for record in names.names if record.nameID in (0, 5, 13, 14) or record.langID in (0, 0x409)
        ]
        for record in list(names.names):
            if record.nameID in renamed:
                record.string = renamed[record.nameID]
            elif record.nameID not in (0, 2, 5, 13, 14, 17):
                names.names.remove(record)
    origin = names.getDebugName(5) or "Version 1.000"
    note = f"{origin}; subset for gxeditor from {face.archive.package} {face.archive.version}, {MODIFIED}"
    names.setName(note, 5, 3, 1, 0x409)
    names.setName(f"{names.getDebugName(6)} gxeditor {MODIFIED}", 3, 3, 1, 0x409)
    out = BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue(), font["maxp"].numGlyphs


def licence_text(face: Face, data: bytes) -> str:
    """The licence as it came; out of a Debian copyright file, only the notice and the OFL itself."""
    text = data.decode("utf-8").replace("\r\n", "\n")
    if not face.family:
        return text
    notice = (
        'Copyright 2021-2023 LXGW, with Reserved Font Names "霞鹜" and "LXGW"\n'
        "Copyright 2020 The Klee Project Authors\n"
        f'Modified ({MODIFIED}): a subset, called "{face.family}" because those names are reserved.\n\n'
    )
    body = text.split("License: OFL-1.1\n -", 1)[1].split("\nLicense: ", 1)[0]
    lines = [line.removeprefix(" ") for line in f" -{body}".splitlines()]
    return notice + "\n".join("" if line == "." else line for line in lines).rstrip() + "\n"


def catalogue(rows: list[tuple[Face, str, int, int]]) -> str:
    """fonts.toml: for every face its coverage, source, licence and fingerprints."""
    parts = ["# Written by packaging/fonts.py: the faces beside this file and where each came from.\n"]
    for face, digest, size, glyphs in rows:
        archive = face.archive
        fields: dict[str, str | int] = {
            "key": face.key,
            "use": face.use,
            "file": face.file,
            "sha256": digest,
            "bytes": size,
            "glyphs": glyphs,
            "characters": "letters, figures and signs"
            if face.latin
            else "GB 2312 + 通用规范汉字表 + symbols",
            "source": f"{archive.client}: {archive.package}",
            "version": archive.version,
            "source_file": face.member.removeprefix("./"),
            "source_sha256": archive.sha256,
            "licence": face.licence,
            "licence_file": face.licence_file,
        }
        parts.append("\n[[face]]\n")
        parts += [
            f'{name} = "{value}"\n' if isinstance(value, str) else f"{name} = {value}\n"
            for name, value in fields.items()
        ]
    return "".join(parts)


def main(arguments: list[str]) -> int:
    """Make everything; 0 when done, 1 with one sentence on stderr when a source is not as expected."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--downloads", type=Path, help="keep fetched packages here and reuse them")
    chosen: Path | None = parser.parse_args(arguments).downloads
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            build(folder)
        except FontsError as error:
            print(f"packaging/fonts.py: {error}", file=sys.stderr)
            return 1
    return 0


def build(downloads: Path) -> None:
    """Write every face, licence and list into TARGET from the archives in `downloads`."""
    unihan = member(fetch(UNIHAN, downloads), "./usr/share/unicode/Unihan_OtherMappings.txt.bz2")
    standard = standard_han(unihan) | code_table("gb2312") | symbols()
    narrow = standard.difference(RADICALS)
    TARGET.mkdir(parents=True, exist_ok=True)
    rows = []
    for face in FACES:
        archive = fetch(face.archive, downloads)
        data, glyphs = make(face, member(archive, face.member), western() if face.latin else narrow)
        (TARGET / face.file).write_bytes(data)
        licence = licence_text(face, member(archive, face.licence_member))
        (TARGET / face.licence_file).write_text(licence, encoding="utf-8", newline="\n")
        rows.append((face, hashlib.sha256(data).hexdigest(), len(data), glyphs))
        print(f"{face.file}: {glyphs} glyphs, {len(data) / 1e6:.1f} MB", flush=True)
    (TARGET / "fonts.toml").write_text(catalogue(rows), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
