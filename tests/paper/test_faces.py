"""An office's own faces are used where a PDF may hold them; whatever is wrong with a font file costs no document.

Fonts of Windows cannot be had here: those of these tests are real files, cut from the faces that the program ships
and given the names, rights and faults of others.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from pypdf import PdfReader
from reportlab.pdfbase.ttfonts import TTFont as ReportlabFont
from reportlab.pdfbase.ttfonts import TTFontFace
from reportlab.pdfgen.canvas import Canvas

from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.files.reading import open_regular
from gxeditor.paper import faces as faces_module
from gxeditor.paper import font_files
from gxeditor.paper.archive import approve
from gxeditor.paper.faces import (
    BUNDLED,
    CLOSING,
    HALF,
    OPENING,
    PAUSES,
    STOPS,
    Face,
    FaceSet,
    available_families,
    choose_faces,
    refused_fonts,
)
from gxeditor.paper.font_files import FontFile
from gxeditor.paper.layouts import ROLES, SHIPPED, WITH_HAN
from gxeditor.paper.pdf import set_pages
from gxeditor.paper.typeset import Run, Style, draw_lines, missing_characters, set_lines
from gxeditor.resources import resource

HAN = "国政府信息公开工作年度报告行机关条例申请办理件县人民的一是在不了有和𫖯"
MARKS = "（《〈【〔［｛「『“‘〖）》〉】〕］｝」』”’〗，、；：。！？·—…〓"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
LATIN = "0123456789ABCDEFPDFabcdef%. "
STANDARD = "".join(
    (Path(__file__).parent.parent / "samples" / "standard-han.txt")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
)

pytestmark = pytest.mark.usefixtures("computer")


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without fonts of its own."""
    monkeypatch.delenv("GXEDITOR_FACES", raising=False)
    monkeypatch.setattr(font_files, "_system_folders", lambda: (tmp_path / "system",))
    forget()


def forget() -> None:
    """Another computer, or this one after the program was started anew."""
    font_files.system_fonts.cache_clear()
    font_files.machine_fonts.cache_clear()
    faces_module._owner.cache_clear()


@pytest.fixture(scope="module")
def cut() -> bytes:
    """宋体 cut to a few characters: quick to change and to write."""
    options = Options(layout_features=[], notdef_outline=True, hinting=False)
    font = TTFont(resource("fonts/NotoSerifSC-Regular.ttf"))
    cutter = Subsetter(options)
    cutter.populate(text=HAN + MARKS + LATIN)
    cutter.subset(font)
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def named(cut: bytes, english: str, chinese: str = "", style: str = "Regular") -> Any:
    """The cut font under another name."""
    font = TTFont(BytesIO(cut))
    names = font["name"]
    names.names = []
    texts = {1: english, 2: style, 4: f"{english} {style}", 6: re.sub(r"[^\w-]", "", english)}
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)
    if chinese:
        names.setName(chinese, 1, 3, 1, 0x804)
    return font


@pytest.fixture
def own(tmp_path: Path, home: Path) -> Callable[[str, Any], Path]:
    """Puts a font, or bytes, into the folder for the user's fonts."""

    def put(name: str, font: Any) -> Path:
        path = font_files.fonts_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(font, bytes):
            path.write_bytes(font)
        else:
            font.save(path)
        return path

    return put


Put = Callable[[str, Any], Path]


def uses(faces: FaceSet, face: Face) -> str:
    """The file that plays a role."""
    return Path(faces.font(face).name.split("#")[0]).name


def page(texts: Sequence[str], faces: FaceSet, face: Face = Face.FANG, em: float = 24) -> bytes:
    style = Style(16, 24, faces=faces)
    buffer = BytesIO()
    font: Any = BUNDLED.font(Face.SONG).name
    canvas = Canvas(buffer, invariant=1, initialFontName=font)
    for text in texts:
        lines = set_lines([Run(text, face)], style, em * 16)
        draw_lines(canvas, lines, style, face, 60, 800)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


# ---- which face ------------------------------------------------------------------------------------------------


def test_without_fonts_of_the_office_those_of_the_program_are_used() -> None:
    assert [uses(choose_faces(), face) for face in Face] == [uses(BUNDLED, face) for face in Face]
    assert available_families() == {
        **{Face(role): (SHIPPED,) for role in ROLES},
        Face.LATIN: (WITH_HAN, SHIPPED),
    }


def test_the_offices_own_face_plays_its_role_and_no_other(cut: bytes, own: Put) -> None:
    own("simfang.ttf", named(cut, "FangSong", "仿宋"))
    faces = choose_faces()
    assert uses(faces, Face.FANG) == "simfang.ttf"
    assert [uses(faces, face) for face in Face if face is not Face.FANG] == [
        uses(BUNDLED, face) for face in Face if face is not Face.FANG
    ]
    assert available_families()[Face.FANG] == ("仿宋", SHIPPED)


@pytest.mark.parametrize(
    ("english", "chinese", "face"),
    [
        ("FangSong_GB2312", "仿宋_GB2312", Face.FANG),
        ("FZXiaoBiaoSong-B05S", "方正小标宋简体", Face.TITLE),
        ("KaiTi", "楷体", Face.KAI),
        ("SimHei", "黑体", Face.HEI),
        ("SimSun", "宋体", Face.SONG),
        ("Zhuque Fangsong (technical preview)", "朱雀仿宋（预览测试版）", Face.FANG),
    ],
)
def test_the_role_of_a_face_is_known_by_its_family_whatever_its_file_is_called(
    english: str, chinese: str, face: Face, cut: bytes, own: Put
) -> None:
    own("字体1.TTF", named(cut, english, chinese))
    assert [role for role in Face if uses(choose_faces(), role) == "字体1.TTF"] == [face]


def test_gb2312_fangsong_goes_before_fangsong(cut: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "system" / "truetype"
    folder.mkdir(parents=True)
    for file, english, chinese in (
        ("a.ttf", "FangSong", "仿宋"),
        ("b.ttf", "FangSong_GB2312", "仿宋_GB2312"),
    ):
        font = named(cut, english, chinese)
        font["glyf"].padding = 4
        data = BytesIO()
        font.save(data)
        # As large as Chinese faces are: smaller files of a system are not looked into.
        (folder / file).write_bytes(data.getvalue() + bytes(1_000_000))
    assert uses(choose_faces(), Face.FANG) == "b.ttf"
    assert available_families()[Face.FANG] == ("仿宋_GB2312", "仿宋", SHIPPED)
    assert uses(choose_faces({"fang": "FangSong"}), Face.FANG) == "a.ttf"


def test_the_clerk_may_choose_any_face_of_the_folder_for_any_role(cut: bytes, own: Put) -> None:
    own("x.ttf", named(cut, "Blackletter", "老店招牌"))
    assert uses(choose_faces(), Face.HEI) == uses(BUNDLED, Face.HEI)
    assert available_families()[Face.HEI] == ("老店招牌", SHIPPED)
    assert uses(choose_faces({"hei": "老店招牌"}), Face.HEI) == "x.ttf"


def test_the_face_of_the_program_may_be_chosen_though_the_office_has_one(cut: bytes, own: Put) -> None:
    own("simfang.ttf", named(cut, "FangSong"))
    assert uses(choose_faces({"fang": SHIPPED}), Face.FANG) == uses(BUNDLED, Face.FANG)


def test_a_family_that_is_gone_leaves_the_choice_to_the_program(cut: bytes, own: Put) -> None:
    own("simfang.ttf", named(cut, "FangSong"))
    assert uses(choose_faces({"fang": "汉仪仿宋", "nonsense": "x"}), Face.FANG) == "simfang.ttf"


def test_output_can_be_kept_to_the_faces_of_the_program(
    cut: bytes, own: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    own("simfang.ttf", named(cut, "FangSong"))
    monkeypatch.setenv("GXEDITOR_FACES", "bundled")
    assert choose_faces({"fang": "FangSong"}) == BUNDLED


def test_a_bold_cut_is_not_taken_for_its_family(cut: bytes, own: Put) -> None:
    own("bold.ttf", named(cut, "KaiTi", style="Bold"))
    own("kaiti.ttf", named(cut, "KaiTi"))
    assert uses(choose_faces({"kai": "KaiTi"}), Face.KAI) == "kaiti.ttf"


def test_a_member_of_a_collection_is_found_by_its_name(cut: bytes, own: Put) -> None:
    collection = TTCollection()
    collection.fonts = [named(cut, "SimSun", "宋体"), named(cut, "NSimSun", "新宋体")]
    own("simsun.ttc", collection)
    assert choose_faces().font(Face.SONG).name.split("#")[1] == "0"
    assert choose_faces({"song": "新宋体"}).font(Face.SONG).name.split("#")[1] == "1"
    assert "".join(
        PdfReader(BytesIO(page(["国政"], choose_faces(), Face.SONG))).pages[0].extract_text().split()
    ) == ("国政")


def test_a_file_put_in_place_of_another_is_read_anew(cut: bytes, own: Put) -> None:
    own("a.ttf", named(cut, "FangSong"))
    assert uses(choose_faces(), Face.FANG) == "a.ttf"
    own("a.ttf", named(cut, "SimHei"))
    assert uses(choose_faces(), Face.HEI) == "a.ttf"
    assert uses(choose_faces(), Face.FANG) == uses(BUNDLED, Face.FANG)


# ---- what is wrong with a font ---------------------------------------------------------------------------------


def with_rights(font: Any, rights: int) -> Any:
    font["OS/2"].fsType = rights
    return font


def without(font: Any, text: str) -> Any:
    for table in font["cmap"].tables:
        for char in text:
            table.cmap.pop(ord(char), None)
    return font


def with_map_of_gbk(font: Any) -> Any:
    table = CmapSubtable.newSubtable(4)
    table.platformID, table.platEncID, table.language = 3, 3, 0
    table.cmap = {0xB9FA: "A"}
    font["cmap"].tables = [t for t in font["cmap"].tables if t.platEncID != 10] + [table]
    return font


def with_map_without_end(cut: bytes) -> bytes:
    """A group of the character map that runs to U+FFFFFFFF."""
    font = named(cut, "FangSong")
    buffer = BytesIO()
    font.save(buffer)
    data = bytearray(buffer.getvalue())
    entry = data.index(b"cmap")
    start = int.from_bytes(data[entry + 8 : entry + 12], "big")
    groups = data.index(b"\0\x0c\0\0", start)
    data[groups + 20 : groups + 24] = b"\xff\xff\xff\xff"
    return bytes(data)


def with_dots_alone(font: Any) -> Any:
    for tag in ("glyf", "loca"):
        del font[tag]
    for tag in ("EBDT", "EBLC"):
        font[tag] = DefaultTable(tag)
        font[tag].data = bytes(16)
    return font


def variable(font: Any) -> Any:
    font["fvar"] = DefaultTable("fvar")
    font["fvar"].data = bytes(16)
    return font


def with_narrow_han(font: Any) -> Any:
    for name, (_, bearing) in font["hmtx"].metrics.items():
        font["hmtx"].metrics[name] = (700, bearing)
    return font


FAULTS: dict[str, tuple[Callable[[bytes], Any], str]] = {
    "restricted": (lambda cut: with_rights(named(cut, "FangSong"), 0x0002), "许可不允许"),
    "no subset": (lambda cut: with_rights(named(cut, "FangSong"), 0x0108), "许可不允许"),
    "bitmaps only": (lambda cut: with_rights(named(cut, "FangSong"), 0x0200), "许可不允许"),
    "no Han": (lambda cut: without(named(cut, "FangSong"), "国"), "没有常用汉字"),
    "narrow Han": (lambda cut: with_narrow_han(named(cut, "FangSong")), "没有常用汉字"),
    "map of GBK": (lambda cut: with_map_of_gbk(named(cut, "FangSong")), "没有 Unicode"),
    "map without end": (with_map_without_end, "损坏"),
    "half a file": (lambda cut: cut[: len(cut) // 2], "损坏"),
    "three bytes": (lambda cut: b"\0\1\0", "损坏"),
    "empty": (lambda cut: b"", "损坏"),
    "dots alone": (lambda cut: with_dots_alone(named(cut, "FangSong")), "只有点阵"),
    "variable": (lambda cut: variable(named(cut, "FangSong")), "可变字体"),
    "a picture": (lambda cut: b"\x89PNG\r\n\x1a\n" + bytes(4000), "不是 TrueType"),
    "a web font": (lambda cut: b"wOF2" + bytes(4000), "不是 TrueType"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_font_that_cannot_be_used_costs_nothing_and_its_reason_is_told(
    fault: str, cut: bytes, own: Put
) -> None:
    make, reason = FAULTS[fault]
    own("仿宋.ttf", make(cut))
    faces = choose_faces({"fang": "FangSong"})
    assert uses(faces, Face.FANG) == uses(BUNDLED, Face.FANG)
    assert page(["国政府，公开。"], faces) == page(["国政府，公开。"], BUNDLED)
    ((file, told),) = refused_fonts()
    assert file == "仿宋.ttf"
    assert reason in told
    assert available_families()[Face.FANG] == (SHIPPED,)


@pytest.mark.parametrize("rights", [0x0000, 0x0004, 0x0008, 0x000C])
def test_a_font_may_be_embedded_for_printing_and_for_editing(rights: int, cut: bytes, own: Put) -> None:
    own("f.ttf", with_rights(named(cut, "FangSong"), rights))
    assert uses(choose_faces(), Face.FANG) == "f.ttf"
    assert refused_fonts() == ()


def test_postscript_outlines_are_refused_with_the_advice_to_take_the_ttf(cut: bytes, own: Put) -> None:
    """As the Noto CJK collections of Linux are."""
    font = TTFont(BytesIO(cut))
    tables = {
        tag: font.getTableData(tag)
        for tag in ("cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post")
    }
    own("思源宋体.otf", _sfnt(b"OTTO", {**tables, "CFF ": b"\1\0\4\1"}))
    ((file, told),) = refused_fonts()
    assert file == "思源宋体.otf"
    assert "TTF" in told


def _sfnt(version: bytes, tables: dict[str, bytes]) -> bytes:
    head, body = bytearray(version + len(tables).to_bytes(2, "big") + bytes(6)), bytearray()
    start = 12 + 16 * len(tables)
    for tag, data in sorted(tables.items()):
        head += (
            tag.encode() + bytes(4) + (start + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big")
        )
        body += data
    return bytes(head + body)


@pytest.mark.parametrize("part", ["head", "hhea", "maxp", "hmtx", "loca", "cmap", "post", "name", "OS/2"])
@pytest.mark.parametrize("filling", [0x00, 0xFF])
def test_no_damaged_table_costs_a_document(part: str, filling: int, cut: bytes, own: Put) -> None:
    buffer = BytesIO()
    named(cut, "FangSong").save(buffer)
    data = bytearray(buffer.getvalue())
    entry = data.index(part.encode())
    start, length = (int.from_bytes(data[entry + n : entry + n + 4], "big") for n in (8, 12))
    data[start : start + length] = bytes([filling]) * length
    own("f.ttf", bytes(data))
    faces = choose_faces({"fang": "FangSong"})
    assert "国政府" in PdfReader(BytesIO(page(["国政府"], faces))).pages[0].extract_text()


def test_a_font_that_vanishes_after_it_was_chosen_is_replaced(cut: bytes, own: Put) -> None:
    path = own("f.ttf", named(cut, "FangSong"))
    faces = choose_faces()
    path.unlink()
    assert uses(faces, Face.FANG) == uses(BUNDLED, Face.FANG)


def test_blank_and_broken_glyphs_are_drawn_from_another_face(cut: bytes, own: Put) -> None:
    font = named(cut, "FangSong")
    glyphs, names = font["glyf"], font.getBestCmap()
    blank = glyphs[names[ord("政")]]
    blank.numberOfContours = 0
    blank.__dict__ = {"numberOfContours": 0}
    own("f.ttf", font)
    faces = choose_faces()
    (line,) = set_lines([Run("国政府", Face.FANG)], Style(16, 24, faces=faces), 400)
    assert [piece.font is faces.font(Face.FANG) for piece in line.pieces] == [True, False, True]


# ---- how they are drawn ----------------------------------------------------------------------------------------

SQUEEZED = (
    "（国《政》），“府（信）”、《息》：“公开。”（工作）；年度！？报告，",
    "国政府（信息），《公开》。（工作）、《年度》（报告）——行；机“关”…",
)


def office(cut: bytes, em: int) -> Any:
    """A face as Windows has it: another em, no half-width twins."""
    font = without(named(cut, "FangSong", "仿宋"), "".join(chr(HALF + ord(char)) for char in MARKS))
    scale_upem(font, em)
    return font


@pytest.mark.parametrize("em", [256, 1000, 2048])
def test_squeezed_marks_of_an_office_face_are_copied_in_order(em: int, cut: bytes, own: Put) -> None:
    own("simfang.ttf", office(cut, em))
    faces = choose_faces()
    data = page(SQUEEZED, faces, em=9)
    pages = PdfReader(BytesIO(data)).pages
    assert ["".join(shown.extract_text().split()) for shown in pages] == list(SQUEEZED)
    halves = [
        char
        for line in set_lines([Run(SQUEEZED[0], Face.FANG)], Style(16, 24, faces=faces), 144)
        for piece in line.pieces
        if piece.font is faces.font(Face.FANG)
        for char in piece.text
        if ord(char) > HALF
    ]
    assert len(halves) >= 8


def test_squeezed_marks_of_an_office_face_keep_their_order_for_a_reader_that_goes_by_places(
    cut: bytes, own: Put, tmp_path: Path
) -> None:
    own("simfang.ttf", office(cut, 256))
    file = tmp_path / "f.pdf"
    file.write_bytes(page(SQUEEZED, choose_faces(), em=9))
    read = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True).stdout.decode("utf-8")
    assert ["".join(text.split()) for text in read.split("\f")[:-1]] == list(SQUEEZED)


@pytest.mark.parametrize("em", [256, 1000])
def test_embedded_glyphs_are_as_wide_as_the_page_says(em: int, cut: bytes, own: Put) -> None:
    """ISO 19005-2, 6.2.11.5: the widths in the PDF and in the font it holds agree."""
    own("simfang.ttf", office(cut, em))
    reader = PdfReader(BytesIO(page(SQUEEZED, choose_faces(), em=9)))
    fonts = {str(f["/BaseFont"]): f for p in reader.pages for f in p["/Resources"]["/Font"].values()}  # type: ignore[index]
    checked = 0
    for entry in fonts.values():
        font = TTFont(BytesIO(entry["/FontDescriptor"]["/FontFile2"].get_data()))
        map_ = font["cmap"].tables[0].cmap
        for code, width in enumerate(entry["/Widths"]):
            if code in map_ and code:
                inside = font["hmtx"][map_[code]][0] * 1000 / font["head"].unitsPerEm
                assert inside == pytest.approx(float(width), abs=1)
                checked += 1
    assert checked > 30


def test_half_width_twins_hold_the_ink_of_their_marks(cut: bytes, own: Put) -> None:
    """Made while the file is read, they are those that the program's own faces bring along."""
    own("simfang.ttf", office(cut, 1000))
    made, brought = choose_faces().font(Face.FANG), BUNDLED.font(Face.SONG)
    for char in OPENING | CLOSING | PAUSES | STOPS:
        mine, theirs = made.half(char), brought.half(char)
        assert mine is not None
        assert theirs is not None
        assert made.width(mine) == brought.width(theirs) == 0.5
        assert made._ink(ord(mine)) == pytest.approx(brought._ink(ord(theirs)), abs=2)


def test_two_editions_of_one_font_do_not_share_their_glyphs(cut: bytes, own: Put) -> None:
    """The user's file has the PostScript name of the program's 宋体 but few of its characters."""
    own("FangSong.ttf", named(cut, "FangSong"))
    font = named(cut, "FangSong")
    font["name"].setName("NotoSerifSC-Regular", 6, 3, 1, 0x409)
    own("FangSong.ttf", font)
    reader = PdfReader(BytesIO(page(["国啰政𬭩府"], choose_faces())))
    assert "".join(reader.pages[0].extract_text().split()) == "国啰政𬭩府"
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    files = {id(f["/FontDescriptor"]["/FontFile2"].get_object()) for f in fonts}
    assert len(files) == len(list(fonts))


def test_what_an_office_face_lacks_is_drawn_from_the_programs_face_of_its_kind(cut: bytes, own: Put) -> None:
    own("simfang.ttf", named(cut, "FangSong"))
    faces = choose_faces()
    (line,) = set_lines([Run("国镇", Face.FANG)], Style(100, 120, faces=faces), 400)
    assert [piece.font for piece in line.pieces] == [faces.font(Face.FANG), BUNDLED.font(Face.FANG)]
    rise = faces.font(Face.FANG).centre - BUNDLED.font(Face.FANG).centre
    assert [piece.rise for piece in line.pieces] == pytest.approx([0, 100 * rise])
    assert missing_characters("国镇𬭩\U0002a6a5", faces) == ("\U0002a6a5",)


# ---- letters and figures ---------------------------------------------------------------------------------------


def times(cut: bytes, style: str = "Regular", text: str = ASCII) -> Any:
    """A face of letters as Windows has it: no Chinese, an em of 2048."""
    font = TTFont(resource(f"fonts/Tinos-{style}.ttf"))
    cutter = Subsetter(Options(layout_features=[], notdef_outline=True, hinting=False))
    cutter.populate(text=text)
    cutter.subset(font)
    names = font["name"]
    names.names = []
    family = "Times New Roman"
    full = family if style == "Regular" else f"{family} {style}"
    for number, name in {1: family, 2: style, 4: full, 6: full.replace(" ", "")}.items():
        names.setName(name, number, 3, 1, 0x409)
    return font


def drawn_by(text: str, face: Face, faces: FaceSet) -> list[tuple[str, str]]:
    """The pieces of a line and the file each is drawn from."""
    (line,) = set_lines([Run(text, face)], Style(16, 24, faces=faces), 400)
    return [(piece.text, Path(piece.font.name.split("#")[0]).name) for piece in line.pieces]


@pytest.mark.parametrize(
    "face", [face for face in Face if "latin" not in face.value], ids=lambda face: face.value
)
def test_letters_and_figures_amid_chinese_are_those_of_the_latin_face(face: Face) -> None:
    latin = "Tinos-Bold.ttf" if face is Face.TITLE else "Tinos-Regular.ttf"
    han = uses(BUNDLED, face)
    assert drawn_by("国30件A", face, BUNDLED) == [("国", han), ("30", latin), ("件", han), ("A", latin)]


def test_times_new_roman_of_the_computer_goes_before_the_face_of_the_program(
    tmp_path: Path, cut: bytes
) -> None:
    """Its files are smaller than a Chinese face, and the bold ones have a file of their own."""
    folder = tmp_path / "system"
    folder.mkdir()
    times(cut).save(folder / "times.ttf")
    times(cut, "Bold").save(folder / "timesbd.ttf")
    faces = choose_faces()
    assert (uses(faces, Face.LATIN), uses(faces, Face.LATIN_BOLD)) == ("times.ttf", "timesbd.ttf")
    assert ("30", "times.ttf") in drawn_by("国30件", Face.FANG, faces)
    assert ("30", "timesbd.ttf") in drawn_by("国30件", Face.TITLE, faces)
    assert available_families()[Face.LATIN] == ("Times New Roman", WITH_HAN, SHIPPED)
    assert choose_faces({"latin": SHIPPED}).font(Face.LATIN) is BUNDLED.font(Face.LATIN)
    assert refused_fonts() == ()


def test_the_widths_of_the_programs_letters_are_those_of_times_new_roman() -> None:
    """So lines break alike on every computer: Times New Roman, 2048 units an em (its hmtx)."""
    widths = {"0": 1024, "A": 1479, "P": 1139, "D": 1479, "F": 1139, "e": 909, "m": 1593, ".": 512, "%": 1706}
    font = BUNDLED.font(Face.LATIN)
    assert {char: round((font.advance(char) or 0) * 2048) for char in widths} == widths


def test_a_layout_may_keep_the_letters_of_the_chinese_face(cut: bytes, own: Put) -> None:
    own("simsun.ttf", named(cut, "SimSun", "宋体"))
    faces = choose_faces({"latin": WITH_HAN})
    assert ("30", "simsun.ttf") in drawn_by("国30件", Face.FANG, faces)
    assert ("30", uses(BUNDLED, Face.HEI)) in drawn_by("国30件", Face.HEI, faces)


def test_the_clerk_may_choose_the_letters_too(cut: bytes, own: Put) -> None:
    own("g.ttf", named(cut, "Georgia"))
    own("x.ttf", without(named(cut, "NoFigures"), "7"))
    assert uses(choose_faces({"latin": "Georgia"}), Face.LATIN) == "Tinos-Regular.ttf"  # cut to few letters
    font = times(cut)
    font["name"].setName("Georgia", 1, 3, 1, 0x409)
    own("g.ttf", font)
    assert uses(choose_faces({"latin": "Georgia"}), Face.LATIN) == "g.ttf"
    assert uses(choose_faces({"latin": "Georgia"}), Face.LATIN_BOLD) == "g.ttf"


def test_a_face_whose_figures_are_not_equally_wide_sets_no_figures(cut: bytes, own: Put) -> None:
    font = times(cut)
    name = font.getBestCmap()[ord("1")]
    font["hmtx"].metrics[name] = (700, font["hmtx"].metrics[name][1])
    own("times.ttf", font)
    assert uses(choose_faces(), Face.LATIN) == "Tinos-Regular.ttf"
    assert available_families()[Face.LATIN] == (WITH_HAN, SHIPPED)


def test_a_letter_that_times_new_roman_lacks_is_that_of_the_face_around_it(cut: bytes, own: Put) -> None:
    own("times.ttf", times(cut, text=ASCII))
    faces = choose_faces({"hei": SHIPPED})
    assert uses(faces, Face.LATIN) == "times.ttf"
    assert ("naïve", "Tinos-Regular.ttf") in drawn_by("国naïve", Face.HEI, faces)


def test_letters_stand_on_one_line_with_songti_and_are_moved_with_other_faces() -> None:
    (line,) = set_lines([Run("国30", Face.SONG)], Style(100, 120, faces=BUNDLED), 400)
    assert line.pieces[1].rise == pytest.approx(0, abs=0.5)
    (line,) = set_lines([Run("国30", Face.FANG)], Style(100, 120, faces=BUNDLED), 400)
    assert line.pieces[1].rise == pytest.approx(100 * (BUNDLED.font(Face.FANG).centre - 0.37))


# ---- what no role's face has ---------------------------------------------------------------------------------

RARE = "\U0002a6a5"  # 𪚥, in none of the shipped faces


def rare(cut: bytes, english: str, chars: str = RARE, drop: str = HAN + LATIN) -> Any:
    """A face with characters beyond those of every role, and none of the common ones."""
    font = TTFont(BytesIO(cut))
    glyph = font.getBestCmap()[ord("国")]
    font = without(named(cut, english), drop)
    for table in font["cmap"].tables:
        if table.format == 12:
            table.cmap.update(dict.fromkeys(map(ord, chars), glyph))
    return font


@pytest.fixture
def installed(tmp_path: Path) -> Put:
    """Puts a font among those of the computer; `large` ones are of the size of a Chinese face."""

    def put(name: str, font: Any) -> Path:
        path = tmp_path / "system" / name
        path.parent.mkdir(exist_ok=True)
        font.save(path)
        if "large" in name:
            with path.open("ab") as file:
                file.write(bytes(1_000_000))
        return path

    return put


def copied(data: bytes, tmp_path: Path) -> str:
    file = tmp_path / "copied.pdf"
    file.write_bytes(data)
    read = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True).stdout.decode("utf-8")
    return "".join(read.split())


@pytest.mark.parametrize("name", ["small.ttf", "large.ttf"])
def test_a_character_that_only_some_font_of_the_computer_has_is_printed_and_copied(
    name: str, cut: bytes, installed: Put, tmp_path: Path
) -> None:
    assert missing_characters(RARE, choose_faces()) == (RARE,)
    forget()
    installed(name, rare(cut, "Whatever"))
    faces = choose_faces()
    assert missing_characters(f"国{RARE}\U0002a6a4", faces) == ("\U0002a6a4",)
    assert drawn_by(f"国{RARE}", Face.FANG, faces)[1] == (RARE, name)
    assert copied(page([f"国{RARE}府"], faces), tmp_path) == f"国{RARE}府"
    assert missing_characters(RARE, BUNDLED) == (RARE,)


def test_the_folder_is_asked_first_then_extb_then_fangsong_then_the_rest(
    cut: bytes, own: Put, installed: Put
) -> None:
    installed("a.ttf", rare(cut, "Whatever"))
    installed("large-fang.ttf", rare(cut, "FangSong", drop=""))
    installed("large-song.ttf", rare(cut, "NSimSun", drop=""))
    assert drawn_by(RARE, Face.SONG, choose_faces()) == [(RARE, "large-fang.ttf")]
    forget()
    installed("large-extb.ttf", rare(cut, "SimSun-ExtB"))
    assert drawn_by(RARE, Face.SONG, choose_faces({"fang": SHIPPED})) == [(RARE, "large-extb.ttf")]
    own("mine.ttf", rare(cut, "Mine"))
    assert drawn_by(RARE, Face.SONG, choose_faces({"fang": SHIPPED})) == [(RARE, "mine.ttf")]


def test_a_face_without_common_characters_plays_no_role_and_stands_in_all_the_same(
    cut: bytes, own: Put
) -> None:
    own("全宋体.ttf", rare(cut, "FullSong", "\U00030edd" + RARE))
    faces = choose_faces()
    assert uses(faces, Face.SONG) == uses(BUNDLED, Face.SONG)
    assert missing_characters(RARE + "\U00030edd", faces) == ()
    ((name, told),) = refused_fonts()
    assert name == "全宋体.ttf"
    assert "补别的字体没有的字" in told


def test_a_regular_cut_goes_before_a_bold_one_and_a_variable_font_comes_last(
    cut: bytes, installed: Put
) -> None:
    bold = rare(cut, "A Bold One")
    bold["head"].macStyle = 1
    installed("a.ttf", bold)
    installed("0.ttf", variable(rare(cut, "B Variable")))
    assert drawn_by(RARE, Face.SONG, choose_faces()) == [(RARE, "a.ttf")]
    forget()
    installed("c.ttf", rare(cut, "C Regular"))
    assert drawn_by(RARE, Face.SONG, choose_faces()) == [(RARE, "c.ttf")]


def test_a_variable_font_draws_what_no_other_has(cut: bytes, installed: Put, tmp_path: Path) -> None:
    installed("0.ttf", variable(rare(cut, "B Variable")))
    assert copied(page([f"国{RARE}"], choose_faces()), tmp_path) == f"国{RARE}"


def test_a_font_that_may_not_be_embedded_stands_in_for_nothing(cut: bytes, installed: Put) -> None:
    installed("a.ttf", with_rights(rare(cut, "Whatever"), 0x0002))
    assert missing_characters(RARE, choose_faces()) == (RARE,)


def test_a_font_that_says_it_has_a_character_and_draws_nothing_is_passed_over(
    cut: bytes, installed: Put
) -> None:
    font = rare(cut, "A")
    for table in font["cmap"].tables:
        if table.format == 12:
            table.cmap[ord(RARE)] = ".notdef"
    installed("a.ttf", font)
    installed("b.ttf", rare(cut, "B"))
    assert drawn_by(RARE, Face.SONG, choose_faces()) == [(RARE, "b.ttf")]


def test_no_font_is_opened_twice_to_look_for_characters(
    cut: bytes, installed: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        installed(f"{number}.ttf", rare(cut, f"F{number}", chr(0x2A600 + number)))
    opened: list[str] = []

    def counted(path: Path) -> Any:
        opened.append(path.name)
        return open_regular(path)

    monkeypatch.setattr(font_files, "open_regular", counted)
    faces = choose_faces()
    assert missing_characters("\U0002a600\U0002a604" + RARE, faces) == (RARE,)
    before = len(opened)
    assert before == 10  # the head of each, and its map
    assert missing_characters("\U0002a601\U0002a602\U0002a603\U0002a6a0", choose_faces()) == ("\U0002a6a0",)
    assert len(opened) == before


def test_output_kept_to_the_faces_of_the_program_looks_at_no_font_of_the_computer(
    cut: bytes, installed: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed("a.ttf", rare(cut, "Whatever"))
    times(cut).save(installed("b.ttf", rare(cut, "Other")).with_name("times.ttf"))
    monkeypatch.setenv("GXEDITOR_FACES", "bundled")
    assert choose_faces() == BUNDLED
    assert missing_characters(RARE, choose_faces()) == (RARE,)
    assert not choose_faces({"latin": WITH_HAN}).latin


def test_a_report_with_characters_of_the_computer_is_the_same_twice_and_a_pdf_a(
    form: Form, cut: bytes, installed: Put
) -> None:
    installed("a.ttf", rare(cut, "Whatever"))
    report = blank_report(form, 2022).with_section("overview", f"全年收到{RARE}某申请 30 件。")
    first = set_pages(report)
    assert set_pages(report).data == first.data
    approve(first.data)
    assert RARE in PdfReader(BytesIO(first.data)).pages[0].extract_text()


def test_an_offices_face_that_cannot_be_used_is_named_with_its_reason(cut: bytes, installed: Put) -> None:
    installed("large-a.ttf", with_rights(named(cut, "FZXiaoBiaoSong-B05S", "方正小标宋简体"), 0x0002))
    installed("large-b.ttf", with_rights(named(cut, "Some Letters"), 0x0002))
    assert refused_fonts() == (("large-a.ttf", "字体的许可不允许嵌入文件。"),)


@pytest.mark.parametrize("face", Face)
def test_all_8105_standard_characters_are_printed_and_copied_back(face: Face, tmp_path: Path) -> None:
    """The 通用规范汉字表, 196 of them outside the BMP, as a reader of the file copies them."""
    assert len(STANDARD) == 8105
    assert sum(char > "\uffff" for char in STANDARD) == 196
    assert missing_characters(STANDARD) == ()
    file = tmp_path / "han.pdf"
    file.write_bytes(page([STANDARD[n : n + 700] for n in range(0, 8105, 700)], BUNDLED, face, em=28))
    read = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True).stdout.decode("utf-8")
    assert "".join(read.split()) == STANDARD


# --- read quickly


def slow_and_quick(path: Path, number: int = 0) -> tuple[ReportlabFont, Any]:
    return ReportlabFont("slow", str(path), subfontIndex=number), faces_module._TrueType(
        "quick", FontFile(path, number)
    )


def told(sought: Mapping[int, Any], there: Mapping[int, Any]) -> dict[int, Any]:
    """What a mapping says of the points of another, and of those beside them."""
    points = {point + step for point in there for step in (-1, 0, 1)} | {0, 0x10FFFF}
    return {point: sought.get(point) for point in points if point in sought}


@pytest.mark.parametrize("face", Face, ids=lambda face: face.value)
def test_a_face_is_read_as_reportlab_reads_it(face: Face) -> None:
    slow, quick = slow_and_quick(Path(BUNDLED.font(face).name.partition("#")[0]))
    assert vars(quick).keys() == vars(slow).keys()
    assert vars(quick.face).keys() >= vars(slow.face).keys()
    sought = {"charToGlyph", "charWidths"}
    for name in set(vars(slow.face)) - {"_ttf_data", "_pdfScale", "_pos", "glyphToChar", "hmetrics"} - sought:
        assert getattr(quick.face, name) == getattr(slow.face, name), name
    for name in sought:
        assert told(getattr(quick.face, name), getattr(slow.face, name)) == getattr(slow.face, name), name
    full = slow.face.get_ushort(slow.face.get_table_pos("hhea")[0] + 34)
    assert quick.face.hmetrics[:full] == slow.face.hmetrics[:full]  # behind them reportlab's are wrong
    assert len(quick.face.hmetrics) == slow.face.numGlyphs
    points = tuple(sorted(slow.face.charToGlyph))[100:160]
    if full == slow.face.numGlyphs:
        assert quick.face.makeSubset(points) == slow.face.makeSubset(points)


def test_maps_of_both_formats_say_the_same(tmp_path: Path) -> None:
    """Format 4 with a table of glyphs, with differences only, and 12."""
    font = TTFont(resource("fonts/NotoSansSC-Medium.ttf"))
    cmap = {point: name for point, name in font.getBestCmap().items() if point < 0x10000}
    for form in (4, 12):
        table = CmapSubtable.newSubtable(form)
        table.platformID, table.platEncID, table.language = 3, 10 if form == 12 else 1, 0
        table.cmap = cmap
        font["cmap"].tables = [table]
        path = tmp_path / f"{form}.ttf"
        font.save(path)
        slow, quick = slow_and_quick(path)
        for name in ("charToGlyph", "charWidths"):
            there = getattr(slow.face, name)
            assert told(getattr(quick.face, name), there) == there


def test_a_changed_figure_draws_up_no_font_anew(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    report = blank_report(form, 2022).with_section("overview", "全年收到申请。")
    first = set_pages(report.with_entries({"requests.received.natural_person": 30}))
    made: list[int] = []
    draw_up = TTFontFace.makeSubset

    def counted(face: TTFontFace, subset: Sequence[int]) -> bytes:
        made.append(len(subset))
        return draw_up(face, subset)

    monkeypatch.setattr(TTFontFace, "makeSubset", counted)
    figures = set_pages(report.with_entries({"requests.received.natural_person": 9876}))
    assert made == []
    assert set_pages(report.with_entries({"requests.received.natural_person": 30})).data == first.data
    words = set_pages(report.with_section("overview", "全年收到申请，逐件答复。"))
    assert made != []
    for pdf in (first, figures, words):
        approve(pdf.data)
    assert "9876" in "".join(page.extract_text() for page in PdfReader(BytesIO(figures.data)).pages)


def test_digits_stand_in_a_file_only_where_one_is_used(tmp_path: Path) -> None:
    canvas = Canvas(BytesIO())
    font = BUNDLED.font(Face.SONG)
    canvas.setFont(font.name, 12)
    canvas.drawString(0, 0, "国")
    (state,) = font._font.state.values()
    assert ord("0") not in state.assignments
    canvas.drawString(0, 0, "7")
    assert set(map(ord, "0123456789国")) <= set(state.assignments)
    canvas.save()
