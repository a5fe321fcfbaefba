"""What a roll-up comes to, for a script (JSON) and for a person at the console; and whether anything is missing.

Knows the shape of the data that scripts rely on, and the sentences. Every sum says of how many units it is. Reads and
checks nothing: it is handed the roll-up and what was found in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import Entry, show_entry
from gxeditor.core.rollup.findings import RollupFinding, RollupFindings
from gxeditor.core.rollup.project import Received, Rollup, State
from gxeditor.core.rollup.sums import completeness, sums, total_name
from gxeditor.core.rollup.units import Unit, UnitKind
from gxeditor.store.rollup_file import reached, seen_from

_WELL = (State.USABLE, State.QUERIES)
"""States of a unit whose report is counted and in which nothing is missing or wrong; a question is neither."""
_NAMED = 3  # units, or cells, of findings that are one line
_LISTED = 50
"""Units, files and findings of a kind that the console lists; all of them are in the data."""


def is_well(rollup: Rollup, findings: RollupFindings) -> bool:
    """Whether every unit that must report is in with a report without an error, and nothing across units is one."""
    return (
        bool(rollup.must)
        and len(rollup.entered) == len(rollup.must)
        and all(rollup.state(unit) in _WELL for unit in rollup.must)
        and not any(one.severity is Severity.ERROR for one in findings.open)
    )


def account(rollup: Rollup, findings: RollupFindings, folder: Path, base: Path) -> dict[str, Any]:
    """The data: `units`, `unmatched`, `sums` and `findings`; files are named as seen from `folder`.

    `base` is the folder from which the roll-up names them. `findings` are those across units, then those of each used
    report; explained ones are left out. A count is an integer, an amount a decimal string.
    """

    folders: dict[str, str] = {}  # thousands of files lie in few

    def named(path: str) -> str:
        if not path or ".." in path:
            return seen_from(folder, reached(base, path)) if path else ""
        above, slash, name = path.rpartition("/")
        if above not in folders:
            folders[above] = seen_from(folder, reached(base, f"{above}{slash}x"))[:-1]
        return folders[above] + name

    def of_unit(unit: Unit) -> dict[str, Any]:
        one = _shown(rollup, unit)
        return {
            "id": unit.id,
            "name": unit.name,
            "state": rollup.state(unit).value,
            "file": None if one is None else named(one.path),
            "errors": 0 if one is None else one.count("error"),
            "queries": 0 if one is None else one.count("query"),
            "doubts": 0 if one is None else len(one.doubts),
        }

    across = [
        {
            "rule": one.rule,
            "severity": one.severity.value,
            "unit": one.units[0] if one.units else None,
            "cells": list(one.cells),
            "message": one.message,
        }
        for one in findings.open
    ]
    single = [
        {
            "rule": told.rule,
            "severity": told.severity,
            "unit": unit_id,
            "cells": list(told.cells),
            "message": told.message,
        }
        for unit_id, one in rollup.used.items()
        for told in one.found
    ]
    return {
        "units": [of_unit(unit) for unit in _reporting(rollup)],
        "unmatched": [{"file": named(one.path), "reason": _reason(one)} for one in rollup.unclaimed],
        "sums": {
            cell: {"value": _plain(one.value), "units": one.units, "of": one.of}
            for cell, one in sums(rollup).items()
        },
        "findings": across + single,
    }


def lines(rollup: Rollup, findings: RollupFindings) -> Iterator[str]:
    """The same as sentences: who is in, who is not and why, what was found, the sums with their completeness.

    Files are named as the roll-up has them. More than 20 findings of a check that say the same are one line.
    """
    must, entered = len(rollup.must), len(rollup.entered)
    counts = Counter(rollup.state(unit) for unit in rollup.must)
    states = "，".join(f"{state.value} {counts[state]}" for state in State if counts[state])
    title = f"{rollup.owner} {rollup.year} 年汇总".strip()
    yield f"{title}：{completeness(entered, must)}已计入{f'（{states}）' if states else ''}。"
    problems = [unit for unit in rollup.must if rollup.state(unit) not in _WELL]
    yield from _some("还不能用的单位：", [f"{unit.name}：{_why(rollup, unit)}" for unit in problems])
    yield from _some("没有认领的文件：", [f"{one.called}：{_reason(one)}" for one in rollup.unclaimed])
    found = [f"{one.severity.sign} {_said(rollup, one)}（{one.rule}）" for one in findings.rows]
    yield from _some("跨单位检查：", found)
    if findings.not_checked:
        codes = dict.fromkeys(one.check.code for one in findings.not_checked)
        yield f"没有条件检查的：{'、'.join(codes)}。"
    yield f"{total_name(entered, must)}："
    added = sums(rollup)
    of_total = {part for cell in rollup.form.totals if cell.column.is_sum for part in cell.parts}
    for cell in rollup.form.cells.values():
        if (one := added.get(cell.id)) is not None and (cell.column.is_sum or cell.id not in of_total):
            shown = "没有数" if one.value is None else show_entry(one.value)
            odd = "" if (one.units, one.of) == (entered, must) else f"（{one.completeness}）"
            yield f"  {cell.place}　{shown}{odd}"


def _reporting(rollup: Rollup) -> tuple[Unit, ...]:
    return tuple(unit for unit in rollup.units.listed if unit.kind is not UnitKind.GROUP)


def _shown(rollup: Rollup, unit: Unit) -> Received | None:
    """The file that stands for a unit, or one that came and does not."""
    used = rollup.used.get(unit.id)
    if used is not None:
        return used
    several = [one for one in rollup.of_unit.get(unit.id, ()) if one.decided != "reject"]
    return several[-1] if several else None


def _reason(one: Received) -> str:
    return one.problem or one.why_not or "没有写明是哪个单位。"


def _why(rollup: Rollup, unit: Unit) -> str:
    """What is the matter with a unit, in words behind its name."""
    state, one = rollup.state(unit), _shown(rollup, unit)
    if one is None:
        return f"{state.value}。"
    file = one.called
    if one.problem:
        return f"{state.value}。{one.problem}"
    if unit.id not in rollup.used:
        if one.decided == "hold":
            why = f"：{one.decided_why}" if one.decided_why else ""
            return f"{state.value}。“{file}”已搁置，没有计入{why}。"
        if one.year != rollup.year:
            said = "没有写年份" if one.year is None else f"是 {one.year} 年的"
            return f"{state.value}。“{file}”{said}，没有计入。"
        if one.edition != rollup.form.edition:
            return f"{state.value}。“{file}”是另一版表格的年报，没有计入。"
        return f"{state.value}。有几个文件，数不一样，没有选定用哪一个。"
    blank = len(one.unread)
    counted = [
        f"错误 {count}" if (count := one.count("error")) else "",
        f"疑问 {count}" if (count := one.count("query")) else "",
        f"{blank} 格没有数" if blank else "",
        f"{len(one.doubts)} 格读得不确定" if one.doubts else "",
    ]
    told = "，".join(filter(None, counted))
    return f"{state.value}{f'（{told}）' if told else ''}，“{file}”。"


def _said(rollup: Rollup, one: RollupFinding) -> str:
    """A finding in a sentence that names its unit; of many that were folded how many, and the first of them."""
    if not one.folded:
        unit = rollup.units.by_id.get(one.units[0]) if len(one.units) == 1 else None
        named = unit is None or unit.name.removeprefix(rollup.owner) in one.message
        return one.message if named or unit is None else f"{unit.name}：{one.message}"
    if len(one.units) > 1:
        names = [rollup.units.by_id[unit].name for unit in one.units if unit in rollup.units.by_id]
        count = f"{len(one.units)} 家"
    else:
        names = [rollup.form.cells[cell].place for cell in one.cells if cell in rollup.form.cells]
        count = f"{len(one.folded)} 处"
    first = f"（{'、'.join(names[:_NAMED])}{'等' if len(names) > _NAMED else ''}）" if names else ""
    return f"{one.title}：{count}{first}，如：{one.folded[0].message}"


def _some(title: str, texts: list[str]) -> Iterator[str]:
    if texts:
        yield title
        yield from (f"  {text}" for text in texts[:_LISTED])
        if len(texts) > _LISTED:
            yield f"  等 {len(texts)} 项，其余见 --json。"


def _plain(number: Entry | None) -> int | str | None:
    return format(number, "f") if isinstance(number, Decimal) else number
