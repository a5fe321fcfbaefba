"""Reports as odd as clerks can make them, printed in every layout, and what is promised of every PDF.

The validator approves (else there is no file), every paragraph and every heading of a table is found by a search and in
order, nothing copies as a Kangxi radical, every face is embedded and subset, and the file is sound. A sample is printed
in every run of the tests; `python tests/test_print_sweep.py 200` prints as many as are asked for.

`python tests/test_print_sweep.py white` tells how white the pages are over prose of 0 to 69 lines in every layout.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from gxeditor.core.checks.check import check
from gxeditor.core.report import AgencyKind, Entry, Report, blank_report, paragraphs
from gxeditor.paper.layouts import Layout, layouts
from gxeditor.paper.pdf import Pdf, make_pdf, set_pages
from gxeditor.resources import load_form, load_rules

SAMPLE = 20
_KANGXI = re.compile("[\u2e80-\u2fdf]")
_EVERY_PAGE = re.compile(r"草稿|—\d+—")

_AGENCIES = (
    "鲁山县人民政府办公室",
    "新疆维吾尔自治区博尔塔拉蒙古自治州阿拉山口市艾比湖镇人民政府",
    "㙍𬭩镇人民政府",
    "中国（上海）自由贸易试验区临港新片区管理委员会（上海市浦东新区临港地区综合管理局）政务服务和信息公开处",
    "A市B区",
    "市\t场\u3000监管局",
    "",
)
_SENTENCES = (
    "2022年，本机关坚持以习近平新时代中国特色社会主义思想为指导，严格落实《中华人民共和国政府信息公开条例》（国务院令第711号）各项要求。",
    "全年主动公开政府信息1,234条，其中：规章0件、行政规范性文件12件，较上年增长12.5％；办理依申请公开30件，按时办结率100%。",
    "“放管服”改革、“双随机、一公开”监管——以及“互联网+政务服务”……均已公开（详见附件）。",
    "一是主动公开意识不强；二是政策解读形式单一；三是平台建设滞后。",
    "联系电话：0375-5052315，电子邮箱：zwgk@lushan.gov.cn，网址：https://www.example.gov.cn/zwgk/fdzdgknr/2022/index_1.html?id=20221231&type=pdf。",
    "The Regulations of the People’s Republic of China on Open Government Information took effect on 15 May 2019.",
    "办理行政许可1.5万件，行政处罚3,000余件，行政事业性收费0.0000万元。",
)
_ODD = (
    "，。；：！？、）》”’",
    "（《“‘〔【" * 4,
    "啰𬭩𠮷㙍镕喆",
    "🙂👍🏽👨‍👩‍👧 已阅",
    "a" * 90,
    "9" * 70,
    "甲\t乙\t丙",
    "零\u200b宽\ufeff字\u00ad符",
    "控制\x07符\x1b号",
    "⼭⼈⽂ 部首",
    "e\u0301 ñ ü ǎ ṅ",
    "ℓ ㎡ ㎏ № ㈠ ① ⅷ ½ ‰ ℃",
    "半\ud800个字",
    "\ue000造字\uf8ff",
    "～！＠＃￥％……＆×（）——＋",
    "ＡＢＣ１２３",
    "한국어 かな ไทย",
)
_OF_THE_PROOF = re.compile(r"(?m)^\f?校对稿 .*$|[▲◆○◇]\d+(?:–\d+)?(?=\s|[▲◆○◇]|$)")
"""Its line above every page, and the numbers of findings in the margin."""
_KEPT = ("/", "-", "无", "不适用", "N/A")


def odd_text(dice: random.Random) -> str:
    """A paragraph: what offices write, now and then with what they do not."""
    parts = dice.choices(_SENTENCES, k=dice.randint(1, 6))
    for _ in range(dice.choice((0, 0, 1, 3))):
        parts.insert(dice.randint(0, len(parts)), dice.choice(_ODD))
    heading = dice.choice(("", "", "（一）主动公开情况。", "（十二）其他\n", "1."))
    return heading + "".join(parts)


def odd_prose(dice: random.Random) -> str:
    return "\n".join(odd_text(dice) for _ in range(dice.choice((0, 1, 3, 8))))


def odd_entry(dice: random.Random, decimals: int) -> Entry | None:
    kind = dice.random()
    if kind < 0.1:
        return None
    if kind < 0.15:
        return dice.choice(_KEPT)
    if decimals:
        return Decimal(dice.choice((0, 1, 35000, 123456789))) / 10000
    return dice.choice((0, 0, 0, 1, 12, 345, 6789, 999_999_999_999))


def odd_report(dice: random.Random) -> Report:
    form = load_form()
    report = blank_report(form, dice.choice((2022, 2023, None)))
    if dice.random() < 0.9:
        report = report.with_entries(
            {cell.id: odd_entry(dice, cell.decimals) for cell in form.cells.values()}
        )
    for section in form.sections:
        report = report.with_section(section.key, odd_prose(dice))
    agency = dice.choice(_AGENCIES)
    return report.with_fields(
        agency=agency,
        kind=dice.choice(tuple(AgencyKind)),
        own_title=dice.choice((None, None, None, "", "一份" * 60, dice.choice(_ODD))),
        preamble=dice.choice(("", odd_text(dice))),
        signature=dice.choice((agency, "", f"{agency}\n{agency}", dice.choice(_ODD))),
        date=dice.choice(("2023年1月20日", "", "二〇二三年一月二十日", dice.choice(_ODD))),
        sealed=dice.random() < 0.5,
        note_requests=odd_text(dice) if dice.random() < 0.2 else "",
    )


def odd_layout(dice: random.Random) -> Layout:
    layout = dice.choice(layouts())
    choices = ("cover", "signature", "date", "mirrored", "draft", "charts", "outline")
    chosen: dict[str, Any] = {name: True for name in choices if dice.random() < 0.3}
    return replace(layout, **chosen)


def printed(number: int) -> tuple[Report, Layout, Pdf]:
    """The report with this number, in its layout; every fourth is a 校对稿."""
    dice = random.Random(number)
    report, layout = odd_report(dice), odd_layout(dice)
    findings = check(report, load_rules(report.form)) if number % 4 == 3 else None
    prior = odd_report(dice) if dice.random() < 0.5 else None
    return report, layout, make_pdf(report, layout, findings=findings, prior=prior)


def expected(report: Report, layout: Layout, pdf: Pdf) -> Iterator[str]:
    """The texts in the order of the paper: title, and by section its heading, the labels of its table, its prose."""
    closing = [report.signature] * layout.signature + [report.date] * layout.date
    # Without a title, or with one that is too long for it, there is no cover.
    cover = layout.cover and {s.target for s in pdf.spots if s.page == 0} <= {"title", "signature", "date"}
    yield report.title
    yield from closing if cover else ()
    yield from (paragraph.text for paragraph in paragraphs(report.preamble))
    for section in report.form.sections:
        yield section.heading
        if section.table is not None:
            yield from (place.text for place in section.table.grid().places if place.cell is None)
        yield from (paragraph.text for paragraph in paragraphs(report.sections.get(section.key, "")))
    yield from () if cover else closing


def as_drawn(text: str, missing: frozenset[str]) -> str:
    """What of a text is seen: no blanks, nothing without a form, letters with accents, 〓 for what no face has."""
    text = unicodedata.normalize("NFC", text)
    seen = (char for char in text if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf"))
    return "".join("〓" if char in missing else char for char in seen)


def searched(file: Path) -> str:
    """The text of all pages without blanks, what stands on every page or is not the report's."""
    result = subprocess.run(["pdftotext", "-raw", file, "-"], check=True, capture_output=True)
    text = "".join(_OF_THE_PROOF.sub("", result.stdout.decode("utf-8")).split())
    return _EVERY_PAGE.sub("", unicodedata.normalize("NFC", text))


def faults(report: Report, layout: Layout, pdf: Pdf, file: Path) -> Iterator[str]:
    """What is not as promised, each in a line."""
    file.write_bytes(pdf.data)
    text = searched(file)
    missing = frozenset(one.char for one in pdf.missing)
    place = 0
    for sought in expected(report, layout, pdf):
        drawn = as_drawn(sought, missing)
        found = text.find(drawn, place)
        if found < 0:
            yield f"{'not in order' if drawn in text else 'not found'}: {drawn[:40]}"
        else:
            place = found + len(drawn)
    yield from (f"a Kangxi radical: {char!a}" for char in _KANGXI.findall(text))
    fonts = subprocess.run(["pdffonts", file], check=True, capture_output=True, encoding="utf-8").stdout
    for line in fonts.splitlines()[2:]:
        embedded, subset, unicode = line[66:].split()[:3] if len(line) > 66 else ("", "", "")
        if (embedded, subset, unicode) != ("yes", "yes", "yes"):
            yield f"a face that is not embedded as a subset: {line}"
    with pikepdf.open(BytesIO(pdf.data)) as opened:
        yield from opened.check_pdf_syntax()
        if len(opened.pages) != pdf.pages:
            yield f"{len(opened.pages)} pages, {pdf.pages} told"


@pytest.mark.parametrize("number", range(SAMPLE))
def test_any_report_in_any_layout_keeps_what_is_promised_of_a_pdf(number: int, tmp_path: Path) -> None:
    report, layout, pdf = printed(number)
    assert list(faults(report, layout, pdf, tmp_path / "report.pdf")) == []


# ---- white at the foot of pages --------------------------------------------------------------------------------

LINES = range(70)
MM = 72 / 25.4
_WHERE: dict[str, tuple[str, ...]] = {
    "before the tables": ("overview",),
    "behind them": ("problems",),
    "in all parts": ("overview", "problems", "other_matters"),
}
"""Where the prose grows line by line; the other parts hold a few lines."""


def grown(layout: Layout, where: str, lines: int) -> Report:
    """A report of an office with figures in all cells and as many lines of prose in some of its parts."""
    form = load_form()
    report = blank_report(form, 2022).with_entries({cell: n * 37 % 1000 for n, cell in enumerate(form.cells)})
    report = report.with_fields(
        agency="鲁山县人民政府办公室", signature="鲁山县人民政府办公室", date="2023年1月20日"
    )
    usual = {"overview": 18, "problems": 6, "other_matters": 2}
    shares = {key: lines * usual[key] // 26 if len(_WHERE[where]) > 1 else lines for key in _WHERE[where]}
    for key, count in (usual | shares).items():
        report = report.with_section(key, "政" * (layout.characters * count - 2) if count else "")
    return report


def whites(pdf: Pdf, layout: Layout) -> list[float]:
    """How much of each page of the report is white at its foot, in heights of the block."""
    feet: dict[int, float] = {}
    for spot in pdf.spots:
        feet[spot.page] = max(feet.get(spot.page, 0.0), spot.y + spot.height)
    return [1 - (feet[page] - layout.margins.top * MM) / (layout.height * MM) for page in sorted(feet)]


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
@pytest.mark.parametrize("where", _WHERE)
def test_no_page_but_the_last_is_white_by_a_third_and_the_last_holds_more_than_a_few_lines(
    layout: Layout, where: str
) -> None:
    few = 4 / layout.lines  # two lines of text, a blank one, signature and date are five
    for lines in range(1, 70, 17):
        found = whites(set_pages(grown(layout, where, lines), layout), layout)
        assert max(found[:-1], default=0) <= 1 / 3, (lines, found)
        assert len(found) == 1 or 1 - found[-1] > few, (lines, found)


def tell_whites() -> None:
    for layout in layouts():
        for where in _WHERE:
            found = [whites(set_pages(grown(layout, where, lines), layout), layout) for lines in LINES]
            white = sum(max(one[:-1], default=0) > 1 / 3 for one in found)
            few = sum(len(one) > 1 and 1 - one[-1] < 1 / 5 for one in found)
            print(
                f"{layout.name}, prose {where}: {len(found)} reports of {sum(map(len, found))} pages, {white} with a "
                f"page more than a third white, {few} with less than a fifth of the last page filled"
            )


def main(count: int) -> int:
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            for fault in faults(*printed(number), Path(folder) / "report.pdf"):
                print(f"report {number}: {fault}")
                found += 1
    print(f"{count} reports printed: {found} faults")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["white"]:
        tell_whites()
        sys.exit()
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE))
