"""How many cells of foreign templates are found by their headings alone: `make accuracy`.

Prints for every trial template, and for layouts made from the form, how many of its cells were mapped right, wrong,
left in doubt or missed. Exits with 1 if any is wrong, or if fewer are right than are known to be found.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gxeditor.files.package import Package
from gxeditor.mapping.placement import Target, TemplateMap, UnitLines, map_template
from gxeditor.resources import load_form
from gxeditor.workbook.cells import cell_ref
from gxeditor.workbook.read import Workbook, read_workbook
from tests.layouts import HELD_OUT, TRIED, Layout, composed

TEMPLATES = Path(__file__).parent / "samples" / "templates"
LEAST = 199  # cells of a trial template that must be found without help
COMPOSED = 60
COMPOSED_LEAST = 0.9  # the part of the cells of layouts composed at random that is known to be found
WIDTH = 34


@dataclass(frozen=True)
class Result:
    """What became of the cells of one template."""

    layout: Layout
    right: int
    wrong: tuple[Target, ...]
    doubtful: int
    missing: int
    milliseconds: float

    @property
    def holds(self) -> bool:
        return not self.wrong and self.right >= self.layout.least


def measure(layout: Layout) -> Result:
    """Maps a template and compares each place with the truth; a place where the truth has none is wrong."""
    form = load_form()
    workbook = read_workbook(Package.from_bytes(layout.data, layout.name))
    start = time.perf_counter()
    template = map_template(workbook, form, year=layout.year, agency=layout.agency)
    spent = (time.perf_counter() - start) * 1000
    places = [target for target in template.places if target.id in form.cells]
    wrong = tuple(
        target
        for target in places
        if layout.truth.get(target.id) != (target.sheet, _ref(template, workbook, target, layout.agency))
    )
    right = len(places) - len(wrong)
    doubtful = sum(doubt.id in layout.truth for doubt in template.doubtful)
    return Result(layout, right, wrong, doubtful, len(layout.truth) - right - doubtful, spent)


def find_units(workbook: Workbook, units: UnitLines, name: str) -> tuple[int, ...]:
    """The lines (rows or columns, from 0) of a list of units that have exactly this name."""
    sheet = workbook.sheet(units.sheet)
    if units.name is None:
        return ()
    at = units.name
    return tuple(
        line
        for line in range(units.first, units.last + 1)
        if (sheet.text(line, at) if units.axis == "row" else sheet.text(at, line)).strip() == name
    )


def _ref(template: TemplateMap, workbook: Workbook, target: Target, agency: str) -> str:
    """Where a target lies for the agency: in its own line, if the template has a line per unit."""
    row, column = target.place
    for units in template.units:
        if units.sheet == target.sheet and (lines := find_units(workbook, units, agency)):
            return cell_ref(lines[0], column) if units.axis == "row" else cell_ref(row, lines[0])
    return target.ref


def trial_templates() -> Iterator[Layout]:
    for path in sorted(TEMPLATES.glob("*.xls?")):
        truth = json.loads(path.with_name(f"{path.stem}.map.json").read_text(encoding="utf-8"))
        yield Layout(path.name, path.read_bytes(), {one: tuple(place) for one, place in truth.items()}, LEAST)


def _row(name: str, *figures: str) -> str:
    wide = sum(2 if ord(char) > 0x2E80 else 1 for char in name)
    return name + " " * max(1, WIDTH - wide) + "".join(f"{figure:>9}" for figure in figures)


def main() -> int:
    holds = True
    for title, layouts in (
        ("trial templates", trial_templates()),
        ("layouts", (build() for build in TRIED.values())),
        ("layouts written after the mapping", (build() for build in HELD_OUT.values())),
    ):
        print(_row(title, "of", "right", "wrong", "doubtful", "missing", "ms"))
        for layout in layouts:
            result = measure(layout)
            figures = (len(layout.truth), result.right, len(result.wrong), result.doubtful, result.missing)
            print(_row(layout.name, *map(str, figures), f"{result.milliseconds:.0f}"))
            for target in result.wrong[:3]:
                print(f"    wrong: {target.id} in {target.sheet}!{target.ref}, {layout.truth.get(target.id)}")
            if not result.holds:
                print(f"    at least {layout.least} are known to be found, none may be wrong")
                holds = False
        print()
    return 0 if _composed() and holds else 1


def _composed() -> bool:
    """Layouts put together at random, as one line; those with a wrong place by name."""
    results = [measure(composed(seed)) for seed in range(COMPOSED)]
    print(_row("layouts composed at random", "of", "right", "wrong", "doubtful", "missing", "ms"))
    sums = (
        sum(len(result.layout.truth) for result in results),
        sum(result.right for result in results),
        sum(len(result.wrong) for result in results),
        sum(result.doubtful for result in results),
        sum(result.missing for result in results),
    )
    spent = sum(result.milliseconds for result in results) / COMPOSED
    print(_row(f"{COMPOSED} layouts", *map(str, sums), f"{spent:.0f}"))
    for result in results:
        if result.wrong:
            print(f"    wrong: {result.layout.name}, {len(result.wrong)} cells")
    return not sums[2] and sums[1] >= COMPOSED_LEAST * sums[0]


if __name__ == "__main__":
    sys.exit(main())
