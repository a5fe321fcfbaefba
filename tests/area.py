"""An invented area of any size, as files: its list of units, and a report of each with figures and prose that agree.

What the scale of a roll-up is measured with (`tests.bench.area`) and its reading tested. Names are made of counties,
bureaus and townships that do not exist; figures are random but like those of published reports (many zeros, a few large
ones), the sentences are those of `tests.agreeing`. With faults, every twentieth report has one of `tests.seeded`.

    python -m tests.area FOLDER COUNT [FAULTY]     writes COUNT .gxr below FOLDER/reports and the list FOLDER/units.txt
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gxeditor.core.report import AgencyKind, Report
from gxeditor.resources import load_form
from gxeditor.store.report_file import dump
from tests import seeded
from tests.agreeing import Office, Year, report_of

YEAR = 2025
FORM = load_form()
_FIRST, _SECOND = (
    "松清云青石南北东西大小新白黑金银玉龙凤安永长福平",
    "塘河山溪岭湖江泉州阳阴川原关桥岗坪湾屏峰",
)
_BUREAUS = (
    "教育局", "公安局", "民政局", "司法局", "财政局", "水利局", "商务局", "审计局", "统计局", "卫生健康局",
    "农业农村局", "交通运输局", "自然资源局", "生态环境局", "应急管理局", "市场监督管理局", "医疗保障局",
    "住房和城乡建设局", "发展和改革局", "文化广电和旅游局", "退役军人事务局", "人力资源和社会保障局", "科学技术局",
)  # fmt: skip
_PER_COUNTY = 40
"""Units of a county of the list: its bureaus, then its townships."""


class Filed(NamedTuple):
    """A unit of the area: its name, the county it stands under, and where its report lies below the folder."""

    name: str
    county: str
    path: str
    report: Report


def area(count: int, seed: int = 1, faulty: bool = False) -> Iterator[Filed]:
    """So many units with their reports; the same seed gives the same ones."""
    places = _places()
    for number in range(count):
        at, of_county = divmod(number, _PER_COUNTY)
        county = f"{places[at]}县"
        if of_county < len(_BUREAUS):
            name, kind = f"{county}{_BUREAUS[of_county]}", AgencyKind.DEPARTMENT
        else:
            town = places[-1 - number % 419]
            name = (
                f"{county}{town}{'镇' if number % 3 else '乡'}{_NUMERALS[of_county % len(_NUMERALS)]}人民政府"
            )
            kind = AgencyKind.TOWNSHIP
        office = Office(name, "我单位", county, "县委、县政府", kind, YEAR)
        chance = random.Random(f"{seed}.{number}")
        before, now = _years(chance)
        report = report_of(FORM, office, YEAR, now, before, number)
        if faulty and number % 20 == 7:
            report = report.with_entries(chance.choice(seeded.KINDS)(chance, report))
        yield Filed(name, county, f"reports/{county}/{name}{YEAR}年年报.gxr", report)


_NUMERALS = (
    "",
    "东",
    "西",
    "南",
    "北",
    "上",
    "下",
    "前",
    "后",
    "中",
    "左",
    "右",
    "内",
    "外",
    "里",
    "头",
    "尾",
)


def _places() -> list[str]:
    places = [first + second for first in _FIRST for second in _SECOND]
    random.Random(0).shuffle(places)
    return places


def _years(chance: random.Random) -> tuple[Year, Year]:
    """Figures of two years of one unit; the stock of the first goes on into the second."""

    def some(most: int, often: float = 0.5) -> int:
        return 0 if chance.random() > often else int(most * chance.random() ** 2)

    size = chance.choice((0, 3, 8, 30, 120, 600))
    brought = (some(size // 8), some(size // 8), some(size // 8))
    found = []
    for year in (0, 1):
        spent = [some(max(1, size // 10)) for _ in range(5)]  # partly, denied, unable, refused, other
        granted = some(size)
        handled = granted + sum(spent)
        natural = handled + brought[year + 1] - brought[year]
        if natural < 0:
            natural, granted = 0, granted - natural
        partly, denied, unable, refused, other = spent
        issued = some(6)
        found.append(
            Year(
                (natural, some(size // 10), some(size // 20)),
                brought[year],
                brought[year + 1],
                denied,
                unable,
                refused,
                other,
                partly,
                (some(4, 0.2), some(2, 0.1), some(3, 0.1), some(2, 0.1)),
                (issued, some(3, 0.2), issued + some(40)),
                (0, 0, 0),
                (some(3000), some(800), some(30, 0.2)),
                str(some(90_000, 0.2) / 10_000),
            )
        )
    return found[0], found[1]


def write(folder: Path, count: int, *, seed: int = 1, faulty: bool = False) -> Path:
    """Writes the reports, and the list of units with its counties as headings; the list."""
    lines: list[str] = []
    last = ""
    for one in area(count, seed, faulty):
        path = folder / one.path
        if one.county != last:
            path.parent.mkdir(parents=True, exist_ok=True)
            lines.append(one.county)
            last = one.county
        path.write_bytes(dump(one.report))
        lines.append(f"\u3000\u3000{one.name}")
    units = folder / "units.txt"
    units.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return units


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), faulty=len(sys.argv) > 3)
