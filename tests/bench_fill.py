"""What filling a template costs: `make bench` prints these lines after its own.

Filling is measured as the program does it, from the file to the checked bytes: open, map, plan, fill, read again. In
the same run the same 200 cells go in with openpyxl (load, write, save, which keeps much less) and LibreOffice converts
the template. The memory is that of a process of its own. Exits with 1 if a limit is exceeded.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from gxeditor.core.report import Report, blank_report
from gxeditor.mapping.placement import map_template
from gxeditor.resources import load_form
from gxeditor.templates.plan import Template, plan
from gxeditor.templates.shelf import filled
from gxeditor.workbook.cells import column_letters
from gxeditor.workbook.read import open_workbook

TEMPLATES = Path(__file__).parent / "samples" / "templates"
FULL, LIST = TEMPLATES / "full.xlsx", TEMPLATES / "T3_row_per_unit.xlsx"
ROUNDS, FEW = 15, 3
UNITS, ROWS = 2_000, 20_000

_MEMORY = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from bench_fill import fill, report_of
fill(Path(sys.argv[2]), [report_of("新单位")])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


@dataclass(frozen=True)
class Line:
    """A measured thing: its values in `unit`, and what their median may be at most."""

    name: str
    values: list[float]
    unit: str
    limit: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def kept(self) -> bool:
        return self.limit is None or self.median <= self.limit

    def __str__(self) -> str:
        limit = f"{self.limit:g}" if self.limit is not None else "–"
        verdict = "" if self.kept else "  OVER"
        return f"{self.name:52}{self.median:9.2f}{min(self.values):9.2f} {self.unit:3} {limit:>8}{verdict}"


def report_of(agency: str) -> Report:
    """Every detail has a figure."""
    form = load_form()
    details = {cell.id: number for number, cell in enumerate(form.cells.values()) if not cell.is_total}
    return blank_report(form, 2022).with_fields(agency=agency).with_entries(details)


def fill(file: Path, reports: list[Report]) -> bytes:
    package, workbook = open_workbook(file)
    return filled(plan(Template(package, workbook, map_template(workbook, load_form())), reports))


def fill_with_openpyxl(report: Report) -> bytes:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, workbook = open_workbook(FULL)
        found = map_template(workbook, report.form).targets
        book = openpyxl.load_workbook(FULL)
    for cell_id in report.form.cells:
        if not found[cell_id].formula:
            book[found[cell_id].sheet][found[cell_id].ref] = report.value(cell_id)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def convert_with_libreoffice(folder: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder / "out"),
        str(FULL),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


def long_list(file: Path) -> None:
    """The list of units with 20,000 of them, all with their 200 figures."""
    package, workbook = open_workbook(LIST)
    (sheet,) = workbook.sheets
    head, end, tail = package.read(sheet.part).partition(b"</sheetData>")
    first = sheet.rows[-1] + 2
    columns = [column_letters(column) for column in range(6, 206)]

    def rows() -> Iterator[bytes]:
        yield head
        for row in range(first, first + ROWS):
            figures = "".join(f'<c r="{letters}{row}"><v>{row % 97}</v></c>' for letters in columns)
            name = f'<c r="B{row}" t="inlineStr"><is><t>第{row}单位</t></is></c>'
            yield f'<row r="{row}">{name}{figures}</row>'.encode()
        yield end + tail

    file.write_bytes(package.replaced({sheet.part: rows()}))


def timed(action: Callable[[], object], rounds: int) -> list[float]:
    action()
    values = []
    for _ in range(rounds):
        begun = time.perf_counter()
        action()
        values.append((time.perf_counter() - begun) * 1000)
    return values


def lines() -> list[Line]:
    report = report_of("鲁山县教育体育局")
    ours = timed(lambda: fill(FULL, [report]), ROUNDS)
    theirs = timed(lambda: fill_with_openpyxl(report), ROUNDS)
    measured = [
        Line("fill 200 cells, checked (full.xlsx)", ours, "ms", 500),
        Line("the same with openpyxl, unchecked", theirs, "ms"),
        Line("ratio to openpyxl", [one / other for one, other in zip(ours, theirs, strict=True)], "×"),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if shutil.which("soffice"):
            office = timed(lambda: convert_with_libreoffice(folder), FEW)
            measured.append(Line("LibreOffice, conversion alone", office, "ms"))
            measured.append(
                Line("ratio to LibreOffice", [statistics.median(ours) / one for one in office], "×", 1)
            )
        reports = [report.with_fields(agency=f"第{number}单位") for number in range(UNITS)]
        seconds = [one / 1000 for one in timed(lambda: fill(LIST, reports), FEW - 1)]
        measured.append(Line("2,000 units into one list, checked", seconds, "s", 10))
        long_list(folder / "long.xlsx")
        command = [sys.executable, "-c", _MEMORY, str(Path(__file__).parent), str(folder / "long.xlsx")]
        memory = [
            float(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(FEW - 1)
        ]
        measured.append(Line("memory: a unit into a list of 20,000 with 200 figures", memory, "MB", 300))
    return measured


def main() -> int:
    measured = lines()
    print(f"{'':52}{'median':>9}{'least':>9}     {'limit':>8}")
    for line in measured:
        print(line)
    return 0 if all(line.kept for line in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
