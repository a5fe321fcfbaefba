"""What filling a template costs, in time of the processor.

It is measured as the program does it, from the file to the checked bytes: open, map, plan, fill, read again. In the
same run the same 200 cells go in with openpyxl doing nothing but load, write and save, which keeps much less of the
file and checks nothing. The memory is that of a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.mapping.placement import map_template
from gxeditor.resources import load_form
from gxeditor.templates.plan import Template, plan
from gxeditor.templates.shelf import filled
from gxeditor.workbook.cells import column_letters
from gxeditor.workbook.read import open_workbook
from tests.bench.figures import PROJECT, Figure, processor, ratios

TEMPLATES = PROJECT / "tests" / "samples" / "templates"
FULL, LIST = TEMPLATES / "full.xlsx", TEMPLATES / "T3_row_per_unit.xlsx"
ROUNDS, FEW = 15, 3
FEWER, UNITS, ROWS = 500, 2_000, 20_000

_MEMORY = """
import sys
from pathlib import Path
from tests.bench.filling import fill, report_of
fill(Path(sys.argv[1]), [report_of("新单位")])
with open("/proc/self/status", encoding="ascii") as status:
    print(int(status.read().partition("VmHWM:")[2].split()[0]) * 1.024 / 1000)
"""


def report_of(agency: str) -> Report:
    """Every detail has a figure."""
    form = load_form()
    details = {cell.id: number for number, cell in enumerate(form.cells.values()) if not cell.is_total}
    return blank_report(form, 2022).with_fields(agency=agency).with_entries(details)


def fill(file: Path, reports: list[Report]) -> bytes:
    package, workbook = open_workbook(file)
    return filled(plan(Template(package, workbook, map_template(workbook, load_form())), reports))


def wanted(report: Report) -> dict[tuple[str, str], Entry | None]:
    """What goes into which cell of the template, by sheet and reference; totals are its own formulas."""
    _, workbook = open_workbook(FULL)
    found = map_template(workbook, report.form).targets
    return {
        (found[cell].sheet, found[cell].ref): report.value(cell)
        for cell in report.form.cells
        if not found[cell].formula
    }


def fill_with_openpyxl(cells: Mapping[tuple[str, str], Entry | None]) -> bytes:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(FULL)
    for (sheet, ref), value in cells.items():
        book[sheet][ref] = value
    data = BytesIO()
    book.save(data)
    return data.getvalue()


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


def fillings() -> list[Figure]:
    report = report_of("鲁山县教育体育局")
    cells = wanted(report)
    ours, theirs = [], []
    for number in range(ROUNDS + 1):
        pair = processor(lambda: fill(FULL, [report])), processor(lambda: fill_with_openpyxl(cells))
        if number:  # the first makes what is made once
            ours.append(pair[0])
            theirs.append(pair[1])
    reports = [report.with_fields(agency=f"第{number}单位") for number in range(UNITS)]
    few = [processor(lambda: fill(LIST, reports[:FEWER])) / 1000 for _ in range(FEW)]
    many = [processor(lambda: fill(LIST, reports)) / 1000 for _ in range(FEW)]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "long.xlsx"
        long_list(path)
        command = [sys.executable, "-c", _MEMORY, str(path)]
        memory = [float(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(2)]
    return [
        Figure("fill 200 cells, checked (full.xlsx)", ours, "ms"),
        Figure("openpyxl: load, write, save", theirs, "ms"),
        Figure("ratio to openpyxl", ratios(ours, theirs), "×", 0.5),
        Figure("2,000 units into one list, checked", many, "s", 5),
        Figure("ratio: four times the units", ratios(many, few), "×", 5),
        Figure("memory: a unit into a list of 20,000 with 200 figures", memory, "MB", 300),
    ]
