"""How much of foreign files is read: `make accuracy`, after the templates.

Three parts: the files of a corpus with what they state, if there is one ($GXEDITOR_CORPUS, by default the folder
`shared/corpus` beside the checkout); one report in every form in which our own files, and what is copied from them,
come back; and random reports through our own exports, which must read back the same. Prints a row for each file and
exits with 1 if any figure is wrong, or if a report of ours does not come back as it was.

    python tests/reading.py [COUNT [FIRST]]    COUNT random reports, 20 by default
"""

from __future__ import annotations

import html
import json
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from gxeditor import documents
from gxeditor.core.errors import GxError
from gxeditor.core.report import AgencyKind, Entry, Report, blank_report, show_entry
from gxeditor.exports.web import page_html
from gxeditor.imports.doors import import_report
from gxeditor.paper.layouts import layouts
from gxeditor.resources import load_form
from tests.office import SOFFICE, by_office

ROOT = Path(__file__).parents[1]
CORPUS = Path(os.environ.get("GXEDITOR_CORPUS", ROOT.parent / "shared" / "corpus"))
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
EXACT = (".docx", ".xlsx", ".html", ".pdf", ".txt")
"""Our own exports, which read back to the identical report."""
WIDTH = 44
_ONE_ROW = re.compile(r"^(requests\.handled\.other\.)([a-z_]+)$")
"""The cells of （六） where it is one row, as the corpus calls them; they are offered for those of 3.其他."""


@dataclass(frozen=True)
class Result:
    """What became of the stated cells of one file, and of its fields and prose."""

    name: str
    stated: int
    right: int
    wrong: tuple[str, ...]
    noted: int
    fields: str
    prose: str
    seconds: float

    @property
    def left_out(self) -> int:
        return self.stated - self.right - len(self.wrong)


def measure(
    path: Path, name: str, cells: Mapping[str, str], expected: Callable[[Report], tuple[str, str]]
) -> Result:
    """Reads a file; `cells` are the figures stated, as texts; a figure where none is stated is wrong."""
    start = time.perf_counter()
    try:
        imported = import_report(path, load_form())
    except GxError as error:
        return Result(name, len(cells), 0, (), 0, "", f"refused: {error.what}", time.perf_counter() - start)
    spent = time.perf_counter() - start
    read = {cell_id: show_entry(entry) for cell_id, entry in imported.report.entries.items()}
    wrong = tuple(
        f"{cell_id}: {text}, not {cells.get(cell_id, 'stated')}"
        for cell_id, text in read.items()
        if not same_figure(text, cells.get(cell_id))
    )
    right = sum(cell_id in read and same_figure(read[cell_id], text) for cell_id, text in cells.items())
    noted = {cell_id for note in imported.notes for cell_id in note.cells} & (cells.keys() - read.keys())
    return Result(name, len(cells), right, wrong, len(noted), *expected(imported.report), spent)


def same_figure(text: str, other: str | None) -> bool:
    if other is None:
        return False
    try:
        return Decimal(text.replace(",", "")) == Decimal(other.replace(",", ""))
    except ArithmeticError:
        return text == other


# -------------------- the corpus
def corpus_files() -> Iterator[tuple[Path, Path]]:
    """Each file with the one that says what it states."""
    for folder in (CORPUS, CORPUS / "pages"):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            stated = folder / "expected" / f"{path.stem}.json"
            if path.is_file() and not stated.exists() and path.stem.startswith("distinct"):
                stated = folder / "expected" / "distinct.json"
            if path.is_file() and stated.exists():
                yield path, stated


def stated_in(path: Path) -> tuple[dict[str, str], Callable[[Report], tuple[str, str]]]:
    said = json.loads(path.read_text(encoding="utf-8"))
    cells = {
        _ONE_ROW.sub(r"\1other_reasons.\2", cell_id): str(value)
        for cell_id, value in said["cells"].items()
        if value is not None
    }

    def fields(report: Report) -> tuple[str, str]:
        wrong = [
            f"{name} {read!r}, not {said[name]!r}"
            for name, read in (("agency", report.agency), ("year", report.year), ("kind", report.kind.value))
            if name in said and read != said[name]
        ]
        characters = sum(len(text) for text in report.sections.values()) + len(report.preamble)
        return "; ".join(wrong) or "right", f"{characters} chars"

    return cells, fields


# -------------------- our own report in every form
def whole_report() -> Report:
    """The sample with a figure of its own in every cell, so that a swap shows up."""
    report = documents.read(ROOT / "resources" / "samples" / "lushan-2022.txt").report
    figures: dict[str, Entry | None] = {
        cell.id: Decimal(number) + Decimal("0.2500") if cell.decimals else number
        for number, cell in enumerate(report.form.cells.values(), 101)
    }
    return report.with_entries(figures)


def comparing(report: Report) -> tuple[dict[str, str], Callable[[Report], tuple[str, str]]]:
    cells = {cell_id: show_entry(entry) for cell_id, entry in report.values.items()}

    def compare(read: Report) -> tuple[str, str]:
        fields = [
            name
            for name in ("agency", "kind", "year", "title")
            if getattr(read, name) != getattr(report, name)
        ]
        parts = [key for key in report.sections if read.sections.get(key, "") != report.sections[key]]
        parts += [
            name for name in ("preamble", "signature", "date") if getattr(read, name) != getattr(report, name)
        ]
        lost, more = _lost(report, read)
        told = f"differs in {', '.join(parts)} (-{lost} +{more} chars)" if parts else "same"
        return f"wrong: {', '.join(fields)}" if fields else "right", told

    return cells, compare


def _lost(report: Report, read: Report) -> tuple[int, int]:
    """How many characters of the prose are missing, and how many came in, whatever their order."""

    def count(one: Report) -> dict[str, int]:
        texts = (*one.sections.values(), one.preamble, one.signature, one.date)
        counts: dict[str, int] = {}
        for char in "".join("".join(texts).split()):
            counts[char] = counts.get(char, 0) + 1
        return counts

    here, there = count(report), count(read)
    lost = sum(max(0, n - there.get(char, 0)) for char, n in here.items())
    return lost, sum(max(0, n - here.get(char, 0)) for char, n in there.items())


def forms_of(report: Report, folder: Path) -> Iterator[tuple[Path, str]]:
    """Files that hold the report: our exports, and what other programs make of them."""
    for suffix in EXACT:
        documents.export(report, folder / f"我们的{suffix}")
        yield folder / f"我们的{suffix}", f"our {suffix}"
    for layout in layouts()[1:]:
        documents.export(report, folder / f"{layout.key}.pdf", layout=layout)
        yield folder / f"{layout.key}.pdf", f"our .pdf, {layout.key}"
    page = folder / "我们的.html"
    for name, text in (
        ("a browser's text: a row a line", copied_text(page_html(report), "\t", "\n")),
        ("a browser's text: a cell a line", copied_text(page_html(report), "\n", "\n")),
        ("Word's plain text: a cell a paragraph", copied_text(page_html(report), "\n", "\n\n")),
        ("pipes between cells", copied_text(page_html(report), " | ", " |\n")),
    ):
        path = folder / f"{name.replace(':', '')}.txt"
        path.write_text(text, encoding="utf-8")
        yield path, name
    for options, name in (((), "pdftotext"), (("-layout",), "pdftotext -layout")):
        for layout in layouts():
            source = folder / ("我们的.pdf" if layout == layouts()[0] else f"{layout.key}.pdf")
            path = folder / f"{name}-{layout.key}.txt"
            subprocess.run(["pdftotext", *options, source, path], check=True)
            yield path, f"{name}, {layout.key}"
    if CHROMIUM is not None:
        path = folder / "chromium.txt"
        path.write_text(_rendered_text(page), encoding="utf-8")
        yield path, "Chromium's text of our .html"
    if SOFFICE is not None:
        for origin, target, name in (
            ("我们的.docx", "txt:Text (encoded):UTF8", "LibreOffice .txt of our .docx"),
            ("我们的.docx", "doc", "LibreOffice .doc"),
            ("我们的.docx", "odt", "LibreOffice .odt"),
            ("我们的.docx", "html", "LibreOffice .html"),
            ("我们的.docx", "pdf", "LibreOffice .pdf of our .docx"),
            ("我们的.xlsx", "xls", "LibreOffice .xls"),
            ("我们的.xlsx", "ods", "LibreOffice .ods"),
        ):
            yield converted(folder / origin, target), name


def converted(source: Path, target: str) -> Path:
    """What LibreOffice makes of a file, in a folder of its own."""
    return by_office(target, source.parent / f"{source.suffix[1:]}-{target.partition(':')[0]}", source)


def copied_text(page: str, between: str, after: str) -> str:
    """The text of a page as it is copied: `between` the cells of a row, `after` each row; other blocks by lines."""
    body = page[page.index("<body") :]
    body = re.sub(r"<(?:style|script|title)[^>]*>.*?</(?:style|script|title)>", "", body, flags=re.DOTALL)
    body = re.sub(r"\s*\n\s*", "", body)
    body = re.sub(r"</t[dh]>(?=\s*<t[dh])", between, body)
    body = re.sub(r"</tr>", after, body)
    body = re.sub(r"<br[^>]*>|</(?:p|h[1-6]|div|table|caption)>", "\n", body)
    return html.unescape(re.sub(r"<[^>]*>", "", body))


def _rendered_text(page: Path) -> str:
    """`innerText` of a page in a headless Chromium."""
    assert CHROMIUM is not None
    script = "<script>document.title=''; document.body.innerText = document.body.innerText</script>"
    marked = page.with_name("marked.html")
    marked.write_text(
        page.read_text(encoding="utf-8").replace("</body>", f"{script}</body>"), encoding="utf-8"
    )
    dumped = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", marked.as_uri()],
        check=True,
        capture_output=True,
    )
    body = dumped.stdout.decode()
    body = body[body.index("<body") :]
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br[^>]*>", "\n", body)))


# -------------------- random reports
_PLACES = ("鲁山县", "青溪县", "海棠区", "平潭综合实验区", "乌拉特中旗", "太平镇", "驼峰路街道", "三亚市", "")
_OFFICES = (
    "人民政府",
    "教育体育局",
    "卫生健康委员会",
    "人民政府办公室",
    "发展和改革局",
    "公安局",
    "办事处",
    "信访局",
    "公立医院",
    "供水公司",
)
_SENTENCES = (
    "认真贯彻落实《中华人民共和国政府信息公开条例》，不断提升政府信息公开工作水平。",
    "全年主动公开政府信息1,234条，其中通过门户网站公开980条，通过微信公众号公开254条。",
    "本年度共收到政府信息公开申请30件，较上年增长12.5%，均在法定期限内答复。",
    "一是主动公开意识不强；二是政策解读形式单一；三是平台建设滞后。",
    "“双随机、一公开”监管、“互联网+政务服务”等事项均已公开（详见附件）。",
    "下一步，将加强业务培训，完善工作机制，细化职责分工，拓宽公开渠道。",
    "本机关2022年未收取信息处理费。",
    "严格执行“先审后发”制度——谁公开、谁审核、谁负责……确保公开信息准确无误。",
    "无。",
    "2022年，共制发规范性文件5件，废止3件，现行有效26件。",
    "12345政务服务便民热线受理群众诉求3,456件，按时办结率99.8%。",
    "主动公开政府信息情况、收到和处理政府信息公开申请情况详见表格。",
    "咨询电话：0375-5051234，电子邮箱：lsxzwgk@126.com，网址：http://www.hnls.gov.cn。",
    "“一网通办”改革走深走实，依申请公开“零复议、零诉讼”！",
    "结转下年度继续办理2件，予以公开18件，部分公开3件；行政复议1件（结果维持）。",
)
_SHORT = (
    "无",
    "无其他需要报告的事项",
    "2023年1月16日",
    "鲁山县人民政府办公室",
    "具体情况如下：",
    "1. 公开内容不够全面",
    "（1）网站公开980条",
    "“零申请”",
    "附件：统计表",
    "见下表。",
    "一是认识不到位",
)
_HEADS = ("主动公开情况", "依申请公开情况", "政府信息管理情况", "平台建设情况", "监督保障情况")
_TITLES = (
    "关于2022年政府信息公开工作情况的报告",
    "二〇二二年度政务公开年度报告",
    "政府信息公开年报（2022）",
    "青溪县医疗保障局2022年政府信息公开工作年度报告（修订）",
)


def plausible(dice: random.Random) -> Report:
    """A report as an office may write it."""
    form = load_form()
    report = blank_report(form, dice.randint(2020, 2027)).with_fields(
        agency=dice.choice(_PLACES) + dice.choice(_OFFICES), kind=dice.choice(tuple(AgencyKind))
    )
    if dice.random() < 0.15:
        report = report.with_fields(own_title=dice.choice(_TITLES))
    kept = dice.choice((0, 0, 0.03))
    blank = dice.choice((0, 0, 0.1, 1))
    entries: dict[str, Entry | None] = {}
    for cell in form.cells.values():
        if dice.random() < blank:
            continue
        if dice.random() < kept:
            entries[cell.id] = dice.choice(("/", "-", "无"))
        elif cell.decimals:
            entries[cell.id] = Decimal(dice.randrange(100_000_000)) / 10_000
        else:
            entries[cell.id] = dice.choice(
                (0, 0, 0, dice.randrange(10), dice.randrange(100), dice.randrange(5_000))
            )
    report = report.with_entries(entries)
    for section in form.sections:
        if section.table is None or dice.random() < 0.3:
            report = report.with_section(section.key, _prose(dice, section.key == "overview"))
    if dice.random() < 0.5:
        basis = "根据《中华人民共和国政府信息公开条例》第五十条规定，编制本报告。"
        period = f"本报告所列数据的统计期限自{report.year}年1月1日起至{report.year}年12月31日止。"
        report = report.with_fields(preamble=basis + dice.choice(("", "\n")) + period)
    if dice.random() < 0.6:
        year, day = (report.year or 0) + 1, dice.randint(1, 31)
        signature = dice.choice(
            (report.agency, report.agency, f"{report.agency}\n政务公开领导小组办公室", "")
        )
        written = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
        date = dice.choice(
            (
                f"{year}年1月{day}日",
                f"{year}年1月{day}日",
                f"{written}年一月十六日",
                f"{year}年1月",
                f"{year}-01-{day:02}",
                "",
            )
        )
        report = report.with_fields(signature=signature, date=date)
    return report


def _prose(dice: random.Random, divided: bool) -> str:
    if dice.random() < 0.05:
        return ""
    if divided and dice.random() < 0.5:
        heads = _HEADS[: dice.randint(2, 5)]
        behind = dice.choice(("\n", "。"))
        return "\n".join(
            f"（{'一二三四五'[number]}）{head}{behind}{_paragraph(dice)}" for number, head in enumerate(heads)
        )
    return "\n".join(_paragraph(dice) for _ in range(dice.randint(1, 5)))


def _paragraph(dice: random.Random) -> str:
    """One of any length, with and without a full stop, some of them numbered."""
    kind = dice.random()
    if kind < 0.12:
        return dice.choice(_SHORT)
    count = dice.choice((1, 1, 2, 3, 7, 30)) if kind < 0.9 else 1
    text = "".join(dice.choices(_SENTENCES, k=count))
    front = dice.choice(
        ("", "", "", "", f"{dice.randint(1, 9)}.", f"{dice.randint(1, 9)}、", "一是", "（一）")
    )
    return front + (text.rstrip("。！") if kind > 0.85 else text)


COPIED = ("copied page", "copied rows", "pdftotext -layout")
"""What is copied from our exports; of the last the figures only, for its prose has lost its paragraphs."""


def trips_of(report: Report, folder: Path) -> Iterator[tuple[str, Path]]:
    """The report in each of our exports and as the text copied from them."""
    for suffix in EXACT:
        path = folder / f"往返{suffix}"
        documents.export(report, path)
        yield suffix, path
    path = folder / "复制.txt"
    for name, between in zip(COPIED, ("\n", "\t"), strict=False):
        path.write_text(copied_text(page_html(report), between, "\n"), encoding="utf-8")
        yield name, path
    if shutil.which("pdftotext") is not None:
        subprocess.run(["pdftotext", "-layout", folder / "往返.pdf", path], check=True)
        yield COPIED[2], path


def trip(seed: int) -> dict[str, str]:
    """What did not come back of a random report, by the way it went; empty where it is identical."""
    report = plausible(random.Random(seed))
    told: dict[str, str] = {}
    with TemporaryDirectory() as folder:
        for name, path in trips_of(report, Path(folder)):
            told[name] = _came_back(report, path, copied=name in COPIED, figures_only=name == COPIED[2])
    return told


def _came_back(report: Report, path: Path, *, copied: bool, figures_only: bool) -> str:
    """What is not as it was, in words. Of what is copied only what a reader of the text could tell counts.

    A text does not say the kind of an agency; a copied one neither whose report it is where the title does not,
    nor which cell is blank, of which it must then be said, nor a page of a PDF where a table ends; and a
    signature that looks like prose may be taken for it.
    """
    imported = import_report(path, report.form)
    read, known = imported.report, report.form.cells
    noted = {cell for note in imported.notes for cell in note.cells} if copied else set()
    if not figures_only and all(report.value(cell) is not None for cell in known):
        noted = set()  # nothing is in doubt
    wrong = [
        f"{cell} {shown!r} {other!r}"
        for cell in known
        if (shown := show_entry(report.value(cell))) != (other := show_entry(read.value(cell)))
        and (other or cell not in noted)
    ]
    fields, prose = comparing(report)[1](read)
    if path.suffix == ".txt" and fields == "wrong: kind":
        fields = "right"
    if copied and (report.own_title is not None or not report.agency.startswith(_PLACES[:-1])):
        fields = prose = "right"
    if figures_only or (
        copied and (set(_SHORT) & set(report.sections.get("other_matters", "").split("\n")[-1:]))
    ):
        prose = "same"
    if not wrong and fields == "right" and prose in ("same", "right"):
        return ""
    return f"{len(wrong)} cells {wrong[:2]}; {fields}; {prose}"


def round_trips(count: int, first: int) -> dict[str, list[str]]:
    """Random reports through each of our exports; for each of them what did not come back, or nothing, by the way."""
    trips: dict[str, list[str]] = {}
    with multiprocessing.Pool(2) as pool:
        for told in pool.imap(trip, range(first, first + count)):
            for name, text in told.items():
                trips.setdefault(name, []).append(
                    text and f"report {first + len(trips.get(name, ()))}: {text}"
                )
    return trips


# -------------------- telling
def _row(name: str, *figures: str) -> str:
    wide = sum(2 if ord(char) > 0x2E80 else 1 for char in name)
    return (
        name
        + " " * max(1, WIDTH - wide)
        + "".join(f"{figure:>8}" for figure in figures[:6])
        + "  "
        + "  ".join(figures[6:])
    )


def _tell(result: Result) -> bool:
    """Prints a row; whether no figure is wrong."""
    counts = (result.stated, result.right, len(result.wrong), result.left_out, result.noted)
    milliseconds = f"{result.seconds * 1000:.0f}"
    print(_row(result.name, *map(str, counts), milliseconds, result.fields, result.prose), flush=True)
    for wrong in result.wrong[:3]:
        print(f"    wrong: {wrong}")
    return not result.wrong


_HEAD = ("of", "right", "wrong", "left", "noted", "ms", "fields", "prose")


def main(count: int = 20, first: int = 0) -> int:
    holds = True
    print(_row("corpus", *_HEAD))
    for path, stated in corpus_files():
        holds &= _tell(measure(path, path.name, *stated_in(stated)))
    with TemporaryDirectory() as name:
        folder = Path(name)
        print("\n" + _row("one report in every form", *_HEAD))
        report = whole_report()
        for path, called in forms_of(report, folder):
            holds &= _tell(measure(path, called, *comparing(report)))
        print(f"\n{count} random reports through our exports")
        for name, told in round_trips(count, first).items():
            broken = list(filter(None, told))
            print(_row(name, str(len(told)), str(len(told) - len(broken))))
            for line in broken[:5]:
                print(f"    {line}")
            holds &= not broken
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
