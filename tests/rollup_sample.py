"""The roll-up of 松塘县 for 2025: its 49 units in the states that picture 17 shows, and the folder it is read from.

Invented, and the same from picture to picture. `songtang` is the value, as if it had been read; `write_folder` writes
the reports that are one file each as .gxr, so that reading the folder gives the same figures. Other counts of units,
for what must hold at 300 and at 10,000, come from `many`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.core.rollup.project import PriorYear, Received, Returned, Rollup, Told
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.resources import load_form
from gxeditor.store.report_file import save_report

OWNER = "松塘县"
YEAR = 2025
NEW, HANDLED = "requests.received", "requests.handled.granted"
BROUGHT, CARRIED = "requests.brought_forward", "requests.carried_forward"
PERSON = "natural_person"
DENIED = "requests.handled.denied"


@dataclass(frozen=True)
class Line:
    """A unit of the county: name behind 松塘县, kind, group, (received, handled, carried, received last year), errors,
    queries, what is odd about it, and when it came."""

    name: str
    kind: UnitKind
    group: str
    figures: tuple[int, int, int, int] | None = (0, 0, 0, 0)
    errors: int = 0
    queries: int = 0
    odd: str = ""
    came: str = "2026-01-19T16:02"


_D, _T, _S = UnitKind.DEPARTMENT, UnitKind.TOWNSHIP, UnitKind.STREET
_GROUPS = {"d": "县直部门", "z": "派出机构、开发区", "t": "乡镇", "s": "街道", "p": "公共企事业", "x": "免报"}

LINES = (
    Line("人民政府办公室", UnitKind.OFFICE, "", (96, 88, 12, 81)),
    Line("商务局", _D, "d", None, odd="missing"),
    Line("城市管理局", _D, "d", None, odd="unclaimed"),
    Line("综合行政执法局", _D, "d", None, odd="unclaimed"),
    Line("民政局", _D, "d", (6, 6, 0, 6), odd="incomplete", came="2026-01-20T11:17"),
    Line("机关事务服务中心", _D, "d", (2, 2, 0, 2), odd="changed", came="2026-01-14T09:55"),
    Line("科学技术和工业信息化局", _D, "d", (0, 0, 0, 0), 1, odd="returned", came="2026-01-19T08:31"),
    Line("自然资源局", _D, "d", (82, 76, 10, 63), 2, 1, came="2026-01-21T09:08"),
    Line("公安局", _D, "d", (38, 37, 3, 28), 0, 1, came="2026-01-20T11:17"),
    Line("住房和城乡建设局", _D, "d", (61, 59, 4, 47), 0, 3, came="2026-01-14T09:55"),
    Line("农业农村局", _D, "d", (17, 15, 3, 19), 0, 1, came="2026-01-19T08:31"),
    Line("信访局", _D, "d", (3, 3, 0, 2), 0, 2),
    Line("财政局", _D, "d", (9, 9, 0, 8), 0, 1, came="2026-01-15T14:40"),
    Line("发展和改革委员会", _D, "d", (11, 10, 1, 12)),
    Line("教育局", _D, "d", (24, 23, 2, 20)),
    Line("司法局", _D, "d", (8, 8, 0, 9)),
    Line("人力资源和社会保障局", _D, "d", (19, 18, 2, 16)),
    Line("交通运输局", _D, "d", (12, 12, 1, 12)),
    Line("水利局", _D, "d", (14, 13, 1, 11)),
    Line("文化和旅游局", _D, "d", (5, 5, 0, 6)),
    Line("卫生健康委员会", _D, "d", (16, 15, 2, 14)),
    Line("退役军人事务局", _D, "d", (4, 4, 0, 3)),
    Line("应急管理局", _D, "d", (7, 7, 0, 6)),
    Line("审计局", _D, "d", (2, 2, 0, 2)),
    Line("市场监督管理局", _D, "d", (21, 20, 2, 17)),
    Line("统计局", _D, "d", (3, 3, 0, 3)),
    Line("医疗保障局", _D, "d", (6, 6, 0, 5)),
    Line("林业局", _D, "d", (10, 9, 1, 9)),
    Line("行政审批服务局", _D, "d", (13, 12, 1, 6)),
    Line("生态环境分局", UnitKind.VERTICAL, "d", (18, 17, 1, 15)),
    Line("供销合作社联合社", _D, "d", (0, 0, 0, 0)),
    Line("乡村振兴服务中心", _D, "d", (1, 1, 0, 1)),
    Line("经济开发区管理委员会", UnitKind.ZONE, "z", (15, 14, 1, 12)),
    Line("松湖新城管理处", UnitKind.BRANCH, "z", (2, 2, 0, 1)),
    Line("小箬乡人民政府", _T, "t", None, odd="missing"),
    Line("沙田乡人民政府", _T, "t", (1, 1, 0, 1), 1, 1, odd="returned"),
    Line("柏桥镇人民政府", _T, "t", (7, 6, 2, 7), 1, 2, came="2026-01-16T10:25"),
    Line("白鹭镇人民政府", _T, "t", (1, 0, 1, 1), 1, 0, came="2026-01-15T14:40"),
    Line("青渡镇人民政府", _T, "t", (9, 9, 0, 8)),
    Line("石门镇人民政府", _T, "t", (5, 5, 0, 6)),
    Line("云岭镇人民政府", _T, "t", (3, 3, 0, 2)),
    Line("河口镇人民政府", _T, "t", (4, 4, 0, 4)),
    Line("梅溪乡人民政府", _T, "t", (0, 0, 0, 0)),
    Line("长坪乡人民政府", _T, "t", (2, 2, 0, 2)),
    Line("南屏镇人民政府", _T, "t", (0, 0, 0, 1)),
    Line("城关街道办事处", _S, "s", (11, 11, 0, 10)),
    Line("东门街道办事处", _S, "s", (6, 6, 0, 5)),
    Line("北苑街道办事处", _S, "s", (0, 0, 0, 0)),
    Line("自来水公司", UnitKind.PUBLIC, "p", (0, 0, 0, 1)),
    Line("档案馆", _D, "x", None),
    Line("气象局", UnitKind.VERTICAL, "x", None),
)


@cache
def _form() -> Form:
    return load_form()


def report_of(form: Form, agency: str, figures: tuple[int, int, int], year: int = YEAR) -> Report:
    """A report that agrees with itself: so many requests received, answered and carried forward; all else is 0."""
    received, handled, carried = figures
    entries: dict[str, Entry] = dict.fromkeys((cell.id for cell in form.cells.values() if not cell.parts), 0)
    entries |= {
        f"{NEW}.{PERSON}": received, f"{HANDLED}.{PERSON}": handled,
        f"{CARRIED}.{PERSON}": carried, f"{BROUGHT}.{PERSON}": handled + carried - received,
    }  # fmt: skip
    return (
        blank_report(form, year).with_fields(agency=agency, date=f"{year + 1}年1月15日").with_entries(entries)
    )


def values_of(report: Report) -> tuple[Entry | None, ...]:
    """The figures of a report as `Received.values` has them."""
    return tuple(report.values.get(cell) for cell in report.form.cells)


def received_of(report: Report, path: str, unit: str = "", **more: object) -> Received:
    """A report as reading its file gives it."""
    one = Received(
        path,
        sha256=sha256(repr((path, values_of(report))).encode()).hexdigest(),
        reader="gxr",
        received="2026-01-19T16:02",
        read="2026-01-21T09:10",
        agency=report.agency,
        title=report.title,
        year=report.year,
        edition=report.edition,
        date=report.date,
        values=values_of(report),
        unit=unit,
        matched="单位名称相同" if unit else "",
    )
    return replace(one, **more)  # type: ignore[arg-type]


def units() -> Units:
    """The list of units: the county, its groups, and 51 units of whom 49 have to report."""
    listed = [Unit("county", f"{OWNER}人民政府", UnitKind.COUNTY, role=Role.SUM, duty=Duty.NONE)]
    groups: set[str] = set()
    for number, line in enumerate(LINES, start=1):
        if line.group and line.group not in groups:
            groups.add(line.group)
            listed.append(Unit(line.group, _GROUPS[line.group], UnitKind.GROUP, "county"))
        exempt = line.group == "x"
        former = {"城市管理局": (Alias("松塘县城管局", note="曾用名"),)}.get(line.name, ())
        listed.append(
            Unit(
                f"u{number:02}",
                OWNER + line.name,
                line.kind,
                line.group or "county",
                former,
                role=Role.EXEMPT if exempt else Role.LEAF,
                duty=Duty.NONE if exempt else Duty.MUST,
            )
        )
    return Units(tuple(listed))


def unit_id(name: str) -> str:
    """The id of a unit by its name behind 松塘县, such as 自然资源局."""
    return next(f"u{number:02}" for number, line in enumerate(LINES, start=1) if line.name == name)


def path_of(line: Line) -> str:
    """Where its file lies, seen from the project's folder."""
    folder = {"t": "乡镇/", "s": "街道/"}.get(line.group, "县直/")
    return f"{folder}{line.name.removesuffix('人民政府')}{YEAR}.gxr"


def songtang(form: Form | None = None) -> Rollup:
    """The roll-up as picture 17 shows it on 2026-01-21: 45 of 49 in the sum."""
    form = form or _form()
    received: list[Received] = []
    returned: list[Returned] = []
    changed: set[str] = set()
    for line in LINES:
        if line.figures is None:
            continue
        one = received_of(
            report_of(form, OWNER + line.name, line.figures[:3]),
            path_of(line),
            unit_id(line.name),
            received=line.came,
            found=tuple(_told(line)),
        )
        if line.odd == "incomplete":
            unread = [cell for cell in form.cells if cell.startswith(f"{DENIED}.")][:28]
            one = replace(
                one,
                values=tuple(
                    None if cell in unread else value
                    for cell, value in zip(form.cells, one.values, strict=True)
                ),
            )
        received.append(one)
        if line.odd == "changed":
            changed.add(one.path)
        if line.odd == "returned":
            rules = tuple(told.rule for told in one.found)
            returned.append(
                Returned(one.unit, one.path, one.sha256, "2026-01-20T15:00", "2026-01-22", rules=rules)
            )
    received += unclaimed(form)
    return Rollup(
        form,
        year=YEAR,
        owner=OWNER,
        scope=Scope.TERRITORY,
        units=units(),
        received=tuple(received),
        returned=tuple(returned),
        dues={kind.name: "2026-01-20" if kind in (_T, _S) else "2026-01-23" for kind in UnitKind},
        prior=prior(form),
        changed=frozenset(changed),
    )


def unclaimed(form: Form) -> tuple[Received, ...]:
    """Two files for which a person has to name the unit, and one of another year."""
    which = (unit_id("城市管理局"), unit_id("综合行政执法局"))
    enforcement = report_of(form, "城管执法局", (12, 11, 1))
    last = report_of(form, f"{OWNER}青渡镇人民政府", (8, 8, 0), YEAR - 1)
    return (
        received_of(
            enforcement,
            "县直/城管执法局年报终稿.docx",
            reader="docx",
            candidates=which,
            why_not="名称同时像两家",
        ),
        Received(
            f"县直/{YEAR}年报(盖章扫描).pdf",
            sha256="5" * 64,
            reader="pdf",
            received="2026-01-20T09:30",
            problem="扫描件，没有读到单位名称和数字",
        ),
        received_of(last, f"乡镇/青渡镇{YEAR - 1}.docx", reader="docx", why_not=f"文件里是 {YEAR - 1} 年"),
    )


def prior(form: Form) -> PriorYear:
    """Last year's roll-up, of the same units, all of whom had reported."""
    values: dict[str, tuple[Entry | None, ...]] = {}
    for line in LINES:
        if line.group != "x":
            received = line.figures[3] if line.figures is not None else 4
            report = report_of(form, OWNER + line.name, (received, received, _carried(line)), YEAR - 1)
            values[unit_id(line.name)] = values_of(report)
    return PriorYear(
        YEAR - 1, OWNER, form.edition, units(), values, path=f"../汇总{YEAR - 1}/{OWNER}{YEAR - 1}.gxh"
    )


def _carried(line: Line) -> int:
    """What this year's report says was brought forward."""
    received, handled, carried, _ = line.figures or (0, 0, 0, 0)
    return handled + carried - received


def _told(line: Line) -> Iterator[Told]:
    cell = f"{NEW}.total"
    for number in range(line.errors):
        message = "三（一）本年新收的总计与明细之和不等。"
        yield Told(f"T3-0{number + 1}", "error", message, (cell,), "requests", f"T3-0{number + 1}@{cell}")
    for number in range(line.queries):
        message = "比上年变化很大，请核实。"
        yield Told(f"Y-0{number + 1}", "query", message, (cell,), "requests", f"Y-0{number + 1}@{cell}")


def write_folder(folder: Path, form: Form | None = None) -> None:
    """Writes into `folder` the 45 reports of `songtang` as .gxr, and the one of 城管执法局 that fits two units."""
    form = form or _form()
    reports = [
        (path_of(line), report_of(form, OWNER + line.name, line.figures[:3]))
        for line in LINES
        if line.figures is not None
    ]
    reports.append(("县直/城管执法局年报终稿.gxr", report_of(form, "城管执法局", (12, 11, 1))))
    write_reports(folder, reports)


def write_reports(folder: Path, reports: Iterable[tuple[str, Report]]) -> None:
    """Writes reports as .gxr to paths seen from a folder."""
    for path, report in reports:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        save_report(report, place, None)


def many(count: int, form: Form | None = None, *, reported: float = 0.9, seed: int = 1) -> Rollup:
    """A roll-up of so many units in branches of 50, of whom this share have reported."""
    form = form or _form()
    chance = random.Random(seed)
    listed: list[Unit] = []
    received: list[Received] = []
    for number in range(count):
        branch = f"b{number // 50}"
        if number % 50 == 0:
            listed.append(Unit(branch, f"第{number // 50 + 1}区", UnitKind.GROUP))
        unit = Unit(
            f"u{number:05}", f"第{number // 50 + 1}区第{number % 50 + 1}局", UnitKind.DEPARTMENT, branch
        )
        listed.append(unit)
        if chance.random() < reported:
            figures = (chance.randrange(40), chance.randrange(40), chance.randrange(4))
            received.append(
                received_of(report_of(form, unit.name, figures), f"{branch}/{unit.name}.gxr", unit.id)
            )
    return Rollup(form, year=YEAR, owner="省", units=Units(tuple(listed)), received=tuple(received))
