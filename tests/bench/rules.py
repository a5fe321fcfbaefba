"""What a check of the whole report costs, in time of the processor: with much prose, and of equations alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, ratios, timed

if TYPE_CHECKING:
    from gxeditor.core.checks.rules import Rule
    from gxeditor.core.report import Report

CHARACTERS = 6_000
"""Of prose with which a check is measured."""
ROUNDS = 60


def prose(characters: int, numbers: int = 0) -> str:
    """So many characters of made-up prose, no two sentences alike, with so many numbers that no table tells."""
    words = ("健全机制", "优化平台", "规范流程", "推进共享", "落实责任", "强化监督", "加强培训", "完善目录")
    lines: list[str] = []
    sentences = 0
    while sum(map(len, lines)) < characters:
        line = ""
        while len(line) < 300:
            first, second = words[sentences % 8], words[sentences // 8 % 8]
            counted = f"，召开座谈会{sentences + 2}次" if sentences < numbers else ""
            line += f"围绕第{'甲乙丙丁戊己庚辛'[sentences // 64 % 8]}项{first}并{second}{counted}，各科室都已办结。"
            sentences += 1
        lines.append(line)
    return "\n".join(lines)


def checks(report: Path) -> list[Figure]:
    """The whole check with much prose after one changed character and one changed cell, and that of equations only.

    Ratios of the two, measured in turn, so that a busy machine tells neither better nor worse.
    """
    from gxeditor import documents
    from gxeditor.core.checks.check import check
    from gxeditor.resources import load_rules

    sample = documents.read(report).report
    rules = load_rules(sample.form)
    equations = tuple(rule for rule in rules if not rule.test)
    written = sample.with_section("overview", prose(CHARACTERS, 60))
    place = CHARACTERS // 2

    def typed(number: int) -> Report:
        text = written.sections["overview"]
        return written.with_section("overview", f"{text[:place]}{chr(0x4E00 + number)}{text[place:]}")

    def changed(number: int) -> Report:
        return written.with_entry("requests.received.natural_person", 100 + number)

    def took(one: Report, its: tuple[Rule, ...]) -> float:
        begun = time.process_time()
        check(one, its)
        return (time.process_time() - begun) * 1000

    check(written, rules)
    check(written, equations)
    characters, cells, alone = [], [], []
    for number in range(ROUNDS):
        characters.append(took(typed(number), rules))
        cells.append(took(changed(number), rules))
        alone.append(took(changed(number + ROUNDS), equations))
    return [
        Figure("check, 6,000 characters, one typed", characters, "ms", None, 8),
        Figure("check, 6,000 characters, one cell changed", cells, "ms", None, 8),
        Figure("check of equations only", alone, "ms"),
        Figure("ratio: one typed to equations", ratios(characters, alone), "×", 14),
        Figure("ratio: one cell changed to equations", ratios(cells, alone), "×", 10),
    ]


def broken(report: Path) -> list[Figure]:
    """A check of a report in which nothing adds up, of which nothing is known from a check before."""
    from gxeditor import documents
    from gxeditor.core.checks.check import check
    from gxeditor.resources import load_rules

    sample = documents.read(report).report
    rules = load_rules(sample.form)
    wrong = sample.with_entries({cell.id: i for i, cell in enumerate(sample.form.cells.values())})

    def fresh() -> None:
        check(wrong.with_entry("requests.received.total", 0), rules, sample)

    return [Figure("all rules, a new report with 49 broken", timed(fresh, ROUNDS), "ms", 2)]
