"""Line breaking judged on paper: `make typography`.

Sets prose and hard cases at many widths and judges the lines as they stand in the PDF, by the places of its glyphs:
those of the program, of reportlab alone and of LibreOffice, all in this run. Then measures a page of body text against
the grid of GB/T 9704-2012, 5.2. Exits with 1 if a limit is exceeded. Knows nothing of how lines are broken.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from ctypes import byref, c_double
from dataclasses import dataclass, fields, replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from gxeditor import documents
from gxeditor.core.report import blank_report, paragraphs
from gxeditor.paper.faces import BUNDLED, Face
from gxeditor.paper.typeset import Run, Style, draw_lines, set_lines
from gxeditor.resources import load_form

PROJECT = Path(__file__).parents[1]
SAMPLES = (
    PROJECT / "resources" / "samples" / "lushan-2022.txt",
    PROJECT / "tests" / "samples" / "pingtan-2021.txt",
)

SIZE, LEADING = 16.0, 24.0
X, TOP, HEIGHT = 20.0, 1180.0, 1200.0  # where a paragraph begins on its page, and how high the page is
WIDTHS = [18 + n / 4 for n in range(41)]  # em
CELL_WIDTHS = [3 + n / 2 for n in range(15)]
NEAR = 1.5  # points
LONGEST = 700  # characters: what stands on one page at every width

NASTY = (
    "各级行政机关（含“县级以上人民政府”）、《条例》第五十条第（四）项、〔2021〕30号文件——即“年报格式”……的要求，"
    "2022年共办理30件，同比增长12.5%，网址http://www.example.gov.cn/zwgk/index.html?id=123，阿卜杜拉·买买提同志。",
    "按照《条例》、《办法》（国办函〔2020〕109号）的要求，落实“放管服”“双随机、一公开”（含抽查），“应公开、尽公开”。",
    "他说：“公开是原则。”（摘自《讲话》）。”又说：“‘以公开为常态’、‘不公开为例外’。”",
    "（一）主动公开情况。2022年累积发布各类政务信息4572条，访问量8392940次；费用1,234.5600万元。",
    "深化“互联网＋”、“放管服”改革，印发《关于做好〈工作要点〉的通知》（鲁政办〔2022〕3号）、《方案》等——共7件……",
    "收到申请30 件，其中自然人28 件、法人2 件；收费1.2万元，占50%，比2021年的0.8万元增加0.4万元，平均每件400 元。",
    "The Regulations of the People's Republic of China on Open Government Information（中华人民共和国政府信息公开条例）"
    "自2019年5月15日起施行，见OpenType与Unicode 15.0的说明，联系邮箱xxgk@example.gov.cn（工作日8:30—17:30）。",
    "见附件：https://www.example.gov.cn/zwgk/zfxxgk/fdzdgknr/2022/t20221231_4567890.shtml?from=timeline&isappinstalled=0"
    "（点击量12345次）；编号ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz，请核实。",
    "姓名：𬭩、𠅤、啰、镕；“①”至“⑩”各1份，合计㎡、％、℃各三十二处；第二十条第二款、第三章、百分之三十，二〇二二年度。",
    "一、总体情况：（1）主动公开；（2）依申请公开；（3）管理；（4）平台；（5）监督保障……（详见“附表”）——请予审核！？",
)
CELLS = (
    "（三）不予公开",
    "1.属于国家秘密",
    "5.属于三类内部事务信息、四类过程性信息、行政执法案卷和行政查询事项（含2项）",
    "申请人以政府信息公开申请的形式进行信访、投诉、举报活动",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "收费总金额（单位：万元）：1,234.5600万元",
    "本年新收政府信息公开申请数量——第一项加第二项之和，等于第三项加第四项之和……",
)

NEVER_FIRST = "）》〉】〕］”’，。、；：！？·—…％%"
NEVER_LAST = "（《〈【〔［“‘"
CLOSING = "）》〉】〕］”’，。、；：！？"
MARKS = CLOSING + NEVER_LAST
NUMBERS = re.compile(
    r"\d[\d,.]*(?:[%％℃]| ?(?:件|条|个|次|人|项|号|年|月|日|元|万元|亿元|处|份|章))?"
    r"|第?[一二三四五六七八九十百〇]+(?:[条款章项处]|年度)|百分之[一二三四五六七八九十]+|第（[一二三四五六]）项"
)
WORDS = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
DOUBLES = re.compile("——|……")
TOKENS = re.compile("[!-~]+")  # what has no blank in it; only where it is too wide for a line may it be torn


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character on paper: where its box begins and ends, and its baseline, in points."""

    char: str
    x: float
    right: float
    y: float


@dataclass(frozen=True, slots=True)
class Setting:
    """A text, how wide it was set and at which indent, in points."""

    text: str
    width: float
    indent: float = 2 * SIZE


@dataclass
class Tally:
    """What was found wrong, beside how much was looked at."""

    lines: int = 0
    inner: int = 0
    first: int = 0
    last: int = 0
    numbers: int = 0
    words: int = 0
    doubles: int = 0
    ragged: int = 0
    over: int = 0
    pairs: int = 0
    loose_pairs: int = 0
    garbled: int = 0
    gap: float = 0.0

    def add(self, other: Tally) -> None:
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            setattr(self, field.name, max(mine, theirs) if field.name == "gap" else mine + theirs)

    @property
    def flush(self) -> float:
        """The share of inner lines that end at the margin."""
        return 1 - self.ragged / max(self.inner, 1)


# ---- reading the paper -----------------------------------------------------------------------------------------


def read_pages(data: bytes) -> Iterator[list[Glyph]]:
    """The glyphs of every page, without blanks and without what the reader itself makes up."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        yield list(_glyphs(text))
        text.close()
        page.close()
    document.close()


def _glyphs(text: Any) -> Iterator[Glyph]:
    x, y, box = c_double(), c_double(), pdfium.FS_RECTF()
    high = ""
    for number in range(text.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text, number))
        if "\ud800" <= char < "\udc00":  # beyond the BMP the reader counts in halves
            high = char
            continue
        char, high = (high + char).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ""
        if pdfium.FPDFText_IsGenerated(text, number) or char.isspace() or char == "\0":
            continue
        pdfium.FPDFText_GetCharOrigin(text, number, byref(x), byref(y))
        pdfium.FPDFText_GetLooseCharBox(text, number, byref(box))
        yield Glyph(char, x.value, box.right, y.value)


def lines_of(glyphs: Iterable[Glyph], size: float = SIZE) -> list[list[Glyph]]:
    """Glyphs in lines from top to bottom, each from left to right. Borrowed glyphs stand a little higher or lower."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.y):
        if lines and lines[-1][0].y - glyph.y < size / 2:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [sorted(line, key=lambda glyph: glyph.x) for line in lines]


# ---- judging ---------------------------------------------------------------------------------------------------


def judge(setting: Setting, lines: Sequence[Sequence[Glyph]], left: float = X) -> Tally:
    """What is wrong with the lines of a paragraph."""
    tally = Tally(lines=len(lines), inner=max(0, len(lines) - 1))
    text = setting.text
    places = [place for place, char in enumerate(text) if not char.isspace()]
    shown = "".join(glyph.char for line in lines for glyph in line)
    if shown != "".join(text.split()):
        tally.garbled = 1
        return tally
    breaks, count = [], 0
    for line in lines[:-1]:
        count += len(line)
        breaks.append(places[count])
    advances = dict(zip(places, (glyph.right - glyph.x for line in lines for glyph in line), strict=True))
    room = setting.width - setting.indent
    for name, pattern in (("numbers", NUMBERS), ("words", WORDS), ("doubles", DOUBLES)):
        for match in pattern.finditer(text):
            if not any(match.start() < place < match.end() for place in breaks):
                continue
            spans = [match.span(), *(t.span() for t in TOKENS.finditer(text))]
            met = [(a, b) for a, b in spans if a < match.end() and b > match.start()]
            start, stop = min(a for a, _ in met), max(b for _, b in met)
            if sum(advances.get(place, 0.25 * SIZE) for place in range(start, stop)) < room - SIZE / 4:
                setattr(tally, name, getattr(tally, name) + 1)
    edge = left + setting.width
    for number, line in enumerate(lines):
        end = _end(line[-1])
        tally.over += min(end) > edge + NEAR
        pitch = _pitch(line)
        for before, after in pairwise(line):
            tally.gap = max(tally.gap, after.x - before.right)
            if (
                before.char in MARKS
                and after.char in MARKS
                and not (before.char in NEVER_LAST and after.char in CLOSING)
            ):
                tally.pairs += 1
                tally.loose_pairs += _full(after) - _full(before) > 0.85 * pitch
        if number:
            tally.first += line[0].char in NEVER_FIRST
        if number < len(lines) - 1:
            tally.last += line[-1].char in NEVER_LAST
            tally.ragged += all(abs(place - edge) > NEAR for place in end) and _can_fill(line, edge)
    return tally


def _can_fill(line: Sequence[Glyph], edge: float) -> bool:
    """Whether a line reaches the edge without holes: not if it holds little but an address, which is not spaced out."""
    places = sum(not TOKENS.fullmatch(before.char + after.char) for before, after in pairwise(line))
    return edge - line[-1].right <= places * SIZE * 3 / 4


def _end(glyph: Glyph) -> tuple[float, ...]:
    """Where a glyph ends: a mark drawn in full also where its ink does."""
    if glyph.char in CLOSING and glyph.right - glyph.x > 0.7 * SIZE:
        return glyph.right, glyph.right - SIZE / 2
    return (glyph.right,)


def _full(glyph: Glyph) -> float:
    """Where the full em of a mark begins, though its half may have been drawn alone."""
    return glyph.x - SIZE / 2 if glyph.char in NEVER_LAST and glyph.right - glyph.x < 0.7 * SIZE else glyph.x


def _pitch(line: Sequence[Glyph]) -> float:
    """How far Han stand apart in a line."""
    steps = [
        b.x - a.x
        for a, b in pairwise(line)
        if a.char >= "\u4e00" and b.char >= "\u4e00" and a.char not in MARKS
    ]
    return median(steps) if steps else SIZE


def judge_pdf(data: bytes, settings: Sequence[Setting]) -> Tally:
    """All paragraphs of a PDF, each on a page of its own."""
    tally = Tally()
    pages = list(read_pages(data))
    assert len(pages) == len(settings), f"{len(pages)} pages of {len(settings)}"
    for setting, glyphs in zip(settings, pages, strict=True):
        tally.add(judge(setting, lines_of(glyphs)))
    return tally


# ---- setting ---------------------------------------------------------------------------------------------------


def stress() -> list[Setting]:
    """Prose of published reports and hard cases, at every width."""
    prose = [
        paragraph.text
        for sample in SAMPLES
        for text in documents.read(sample).report.sections.values()
        for paragraph in paragraphs(text)
    ]
    longest = sorted((text for text in prose if len(text) < LONGEST), key=len)[-12:]
    return [Setting(text, em * SIZE) for text in (*longest, *NASTY) for em in WIDTHS]


def cells() -> list[Setting]:
    """Labels as they stand in the narrow columns of tables."""
    return [Setting(text, em * SIZE, 0) for text in CELLS for em in CELL_WIDTHS]


def ours(settings: Sequence[Setting], face: Face = Face.FANG) -> bytes:
    """Set by the program."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(600, HEIGHT))
    for setting in settings:
        style = Style(SIZE, LEADING, indent=setting.indent / SIZE)
        draw_lines(canvas, set_lines([Run(setting.text, face)], style, setting.width), style, face, X, TOP)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def stock(settings: Sequence[Setting]) -> bytes:
    """Set by reportlab's own paragraph."""
    style = ParagraphStyle(
        "stock",
        fontName=BUNDLED.font(Face.SONG).name,
        fontSize=SIZE,
        leading=LEADING,
        firstLineIndent=2 * SIZE,
        wordWrap="CJK",
        alignment=TA_JUSTIFY,
    )
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(600, HEIGHT))
    for setting in settings:
        markup = setting.text.replace("&", "&amp;").replace("<", "&lt;")
        paragraph = Paragraph(markup, replace_indent(style, setting.indent))
        _, height = paragraph.wrap(setting.width, HEIGHT)
        paragraph.drawOn(canvas, X, TOP - height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def replace_indent(style: ParagraphStyle, indent: float) -> ParagraphStyle:
    return ParagraphStyle("indented", parent=style, firstLineIndent=indent)


def office(settings: Sequence[Setting], folder: Path, program: str) -> bytes:
    """Set by LibreOffice from a Word file, in the face it is likely to have."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Pt(600), Pt(HEIGHT)
    section.left_margin, section.right_margin = Pt(X), Pt(X)
    section.top_margin = section.bottom_margin = Pt(HEIGHT - TOP)
    for setting in settings:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(setting.text)
        run.font.size, run.font.name = Pt(SIZE), "Noto Serif CJK SC"
        run._element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
        form = paragraph.paragraph_format
        form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        form.first_line_indent, form.right_indent = Pt(setting.indent), Pt(600 - 2 * X - setting.width)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LEADING)
        form.space_before = form.space_after = Pt(0)
        form.page_break_before = setting is not settings[0]
    document.save(str(folder / "stress.docx"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "stress.docx")], check=True, capture_output=True, timeout=300)
    return (folder / "stress.pdf").read_bytes()


# ---- the grid --------------------------------------------------------------------------------------------------

MM = 72 / 25.4
BLOCK = (
    28.0,
    184.0,
    260.0,
    35.0,
)  # left, right, top, bottom edge of the block in mm from the lower left corner


@dataclass(frozen=True, slots=True)
class GridPage:
    """A page of body text as measured: lines, characters in each, edges of the ink in mm from the lower left corner.

    `dash` is how far below the block the middle of the dashes beside the page number stands.
    """

    lines: int
    characters: int
    left: float
    right: float
    top: float
    bottom: float
    dash: float


def grid_page() -> GridPage:
    """The second page of a report with nothing but 政 in its first section."""
    from gxeditor.paper.pdf import make_pdf

    report = replace(blank_report(load_form(), 2022), sections={"overview": "政" * 28 * 60})
    document = pypdfium2.PdfDocument(make_pdf(report).data)
    text = document[1].get_textpage()
    glyphs = list(_glyphs(text))
    box: tuple[float, ...] = next(
        text.get_charbox(n)
        for n in range(text.count_chars())
        if chr(pdfium.FPDFText_GetUnicode(text, n)) == "—"
    )
    han = lines_of(glyph for glyph in glyphs if glyph.char == "政")
    pitch = median(b.x - a.x for a, b in pairwise(han[0]))
    ink = 0.98 * SIZE  # the Han of a full line reach so far
    middle = BUNDLED.font(Face.FANG).centre * SIZE
    return GridPage(
        len(han),
        max(map(len, han)),
        min(line[0].x for line in han) / MM,
        max(line[-1].x + pitch for line in han) / MM,
        (han[0][0].y + middle + ink / 2) / MM,
        (han[-1][0].y + middle - ink / 2) / MM,
        BLOCK[3] - (box[1] + box[3]) / 2 / MM,
    )


# ---- the run ---------------------------------------------------------------------------------------------------

ROWS: tuple[tuple[str, Callable[[Tally], str]], ...] = (
    ("lines", lambda t: f"{t.lines}"),
    ("forbidden start", lambda t: f"{t.first}"),
    ("forbidden end", lambda t: f"{t.last}"),
    ("numbers split", lambda t: f"{t.numbers}"),
    ("words split", lambda t: f"{t.words}"),
    ("—— …… split", lambda t: f"{t.doubles}"),
    ("inner lines flush", lambda t: f"{t.flush:.2%}"),
    ("into the margin", lambda t: f"{t.over}"),
    ("marks not squeezed", lambda t: f"{t.loose_pairs} of {t.pairs}"),
    ("widest gap, pt", lambda t: f"{t.gap:.1f}"),
    ("text out of order", lambda t: f"{t.garbled}"),
)


def faults(tally: Tally, least_lines: int, flush: float) -> list[str]:
    """The limits that are exceeded."""
    counts = ("first", "last", "numbers", "words", "doubles", "over", "loose_pairs", "garbled")
    found = [f"{name}: {getattr(tally, name)}" for name in counts if getattr(tally, name)]
    if tally.lines < least_lines:
        found.append(f"only {tally.lines} lines")
    if tally.flush < flush:
        found.append(f"flush: {tally.flush:.2%}")
    return found


def off_grid(page: GridPage) -> list[str]:
    """Where a page leaves the grid of GB/T 9704-2012 by more than 0.3 mm."""
    found = [] if (page.lines, page.characters) == (22, 28) else [f"{page.lines} × {page.characters}"]
    edges = zip(
        ("left", "right", "top", "bottom"), (page.left, page.right, page.top, page.bottom), BLOCK, strict=True
    )
    found += [f"{name} edge {is_:.2f} mm" for name, is_, wanted in edges if abs(is_ - wanted) > 0.3]
    return found + ([f"page number {page.dash:.2f} mm"] if abs(page.dash - 7) > 0.3 else [])


def main() -> int:
    """Print the tables; 1 if the program exceeds a limit."""
    settings, narrow = stress(), cells()
    columns: dict[str, Tally] = {}
    characters = sum(len(setting.text) for setting in settings)
    BUNDLED.font(Face.FANG), ours(settings[:5])
    start = time.process_time()
    for setting in settings:
        set_lines([Run(setting.text, Face.FANG)], Style(SIZE, LEADING, indent=2), setting.width)
    speed = (time.process_time() - start) / characters * 1e3
    columns["gxeditor"] = judge_pdf(ours(settings), settings)
    columns["in cells"] = judge_pdf(ours(narrow, Face.SONG), narrow)
    columns["reportlab"] = judge_pdf(stock(settings), settings)
    program = shutil.which("soffice")
    if program is None:
        print("LibreOffice (soffice) is not installed: its column is left out.")
    else:
        with tempfile.TemporaryDirectory() as folder:
            columns["LibreOffice"] = judge_pdf(office(settings, Path(folder), program), settings)
    print(f"{'':20}" + "".join(f"{name:>14}" for name in columns))
    for name, show in ROWS:
        print(f"{name:20}" + "".join(f"{show(tally):>14}" for tally in columns.values()))
    page = grid_page()
    print(
        f"\ngrid: {page.lines} lines × {page.characters} characters, left {page.left:.2f}, right {page.right:.2f}, "
        f"top {297 - page.top:.2f}, bottom {page.bottom:.2f} mm; page number {page.dash:.2f} mm below"
    )
    print(f"line breaking: {speed:.3f} ms a character (limit 0.05)")
    found = [f"prose: {fault}" for fault in faults(columns["gxeditor"], 3000, 0.995)]
    found += [f"cells: {fault}" for fault in faults(columns["in cells"], 100, 0.9)]
    found += [f"grid: {fault}" for fault in off_grid(page)]
    found += [f"speed: {speed:.3f} ms"] if speed > 0.05 else []
    for fault in found:
        print(f"BEYOND THE LIMIT  {fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
