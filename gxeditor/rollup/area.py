"""The area's own report, begun from the sums of its units: a report like any other, to be gone on with in the editor.

Knows which cells a sum fills, what is doubted of an incomplete one, and the sentences that say the sums, in which every
number follows its cells; of an incomplete list the first of them says so, in doubt until a person has looked at it, and
so is a number of which further units have nothing.
Writes nothing that the sums do not say, and judges nothing. Knows no file and no window.
"""

from __future__ import annotations

from decimal import Decimal

from gxeditor.core.fields import AgencyKind
from gxeditor.core.report import Bound, Entry, Prior, ProseDoubt, Report, blank_report, show_entry
from gxeditor.core.rollup.naming import area_of
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.sums import Sum, completeness, last_year, sums, total_name
from gxeditor.core.rollup.units import Scope, Unit

_NEW, _BROUGHT, _FORWARD = (
    f"requests.{row}.total" for row in ("received", "brought_forward", "carried_forward")
)
_HANDLED = "requests.handled.total.total"
_ISSUED, _REPEALED, _IN_FORCE = (
    f"proactive.normative_documents.{column}" for column in ("issued", "repealed", "in_force")
)
_REVIEWS = "disputes.reconsideration.total"
_SUITS = ("disputes.direct_suit.total", "disputes.suit_after_reconsideration.total")

_SENTENCES: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    (
        "（一）主动公开。{year}年，{area}制发行政规范性文件{}件，废止{}件，现行有效{}件。",
        ((_ISSUED,), (_REPEALED,), (_IN_FORCE,)),
    ),
    (
        "（二）依申请公开。{year}年，{area}新收政府信息公开申请{}件，上年结转{}件，办结{}件，结转下年度继续办理{}件。",
        ((_NEW,), (_BROUGHT,), (_HANDLED,), (_FORWARD,)),
    ),
    ("因政府信息公开引起的行政复议{}件、行政诉讼{}件。", ((_REVIEWS,), _SUITS)),
)
"""What is said of the sums in the first section; a sentence is left out where one of its numbers is not known."""
_SECTION = "overview"
_LEVELS = "省市县区旗州盟"


def area_report(rollup: Rollup) -> Report:
    """The report of the area whose roll-up it is, with the sums of its units, adjustments included.

    An incomplete sum is entered in doubt, with of how many units it is; a cell of which no unit has a figure stays
    blank. A total stands only where it is other than its details add up to. Last year's sums are its prior report, but
    for incomplete ones: that keeps no doubt, and its figures are compared with.
    """
    government = _government(rollup)
    agency = government.name if government is not None else _called(rollup.owner)
    report = _of_sums(rollup, agency)
    last = last_year(rollup)
    if last is not None:
        report = report.with_prior(Prior.of(_of_sums(last, agency, complete=True)))
    return _with_sentences(report, rollup)


def _government(rollup: Rollup) -> Unit | None:
    """The owner's own government, if the list has it at its top: those of its counties may stand there as well.

    It is the one called after the owner, else the only one that stands over the others.
    """
    tops = [unit for unit in rollup.units.children.get("", ()) if unit.kind.is_government]
    own = [unit for unit in tops if area_of(unit.name) == area_of(rollup.owner)]
    over = [unit for unit in tops if unit.id in rollup.parents]
    found = own if own else over
    return found[0] if len(found) == 1 else None


def _called(owner: str) -> str:
    """The government of a place; the name itself if it is one of an office already."""
    return f"{owner}人民政府" if owner and owner[-1] in _LEVELS else owner


def _of_sums(rollup: Rollup, agency: str, *, complete: bool = False) -> Report:
    """The report of the sums, of the `complete` ones alone if that is asked for."""
    added = {cell: one for cell, one in sums(rollup).items() if one.is_complete or not complete}
    report = blank_report(rollup.form, rollup.year).with_fields(agency=agency, kind=AgencyKind.GOVERNMENT)
    entries: dict[str, Entry | None] = {
        cell.id: _entry(added[cell.id], cell.decimals)
        for cell in rollup.form.cells.values()
        if not cell.is_total and cell.id in added
    }
    report = report.with_entries(entries)
    totals: dict[str, Entry | None] = {}
    doubts: dict[str, str] = {}
    for cell in rollup.form.totals:
        if (one := added.get(cell.id)) is None or one.value is None:
            continue
        stated = _entry(one, cell.decimals)
        automatic = report.with_entries(totals).value(cell.id)
        if automatic != stated:
            totals[cell.id] = stated
            if automatic is not None:
                doubts[cell.id] = (
                    f"各单位这一格加起来（含调整）是 {show_entry(stated)}，明细加起来是 {show_entry(automatic)}，"
                    "两个数不同。"
                )
    report = report.with_entries(totals)
    for cell_id, entry in report.entries.items():
        one = added[cell_id]
        if entry is not None and not one.is_complete:
            doubts[cell_id] = f"{doubts.get(cell_id, '')}是 {completeness(one.units, one.of)}的合计，不完整。"
    return report.with_doubts(doubts)


def _entry(one: Sum, decimals: int) -> Entry | None:
    if one.value is None:
        return None
    if decimals:
        return Decimal(one.value)
    return one.value


def _with_sentences(report: Report, rollup: Rollup) -> Report:
    """The report with the sentences that say its sums, each number bound to its cells."""
    text = ""
    bound: list[Bound] = []
    fewer: dict[int, Sum] = {}  # by the number in `bound`
    added, entered, must = sums(rollup), len(rollup.entered), len(rollup.must)
    words = {"year": str(rollup.year), "area": _area(rollup.owner or report.agency, rollup.scope)}
    for sentence, numbers in _SENTENCES:
        values = [_sum(report, cells) for cells in numbers]
        if any(value is None for value in values):
            continue
        if text and sentence.startswith("（"):
            text += "\n"
        pieces = sentence.split("{}")
        for number, piece in enumerate(pieces):
            for name, said in words.items():
                piece = piece.replace(f"{{{name}}}", said)
            text += piece
            if number < len(values):
                shown = show_entry(values[number])
                least = min((added[cell] for cell in numbers[number]), key=lambda one: one.units)
                if least.units < entered:
                    fewer[len(bound)] = least
                bound.append(Bound(len(text), shown, numbers[number]))
                text += shown
    doubts: list[ProseDoubt] = []
    if text and entered < must:
        note = f"以下是{total_name(entered, must)}的数，收齐以后要改。"
        text = f"{note}\n{text}"
        bound = [Bound(one.start + len(note) + 1, one.text, one.cells) for one in bound]
        doubts.append(ProseDoubt(0, note, "收齐以后重新起草一次，或者核对各数后删去这一句。"))
    for number, least in fewer.items():
        at = bound[number]
        doubts.append(ProseDoubt(at.start, at.text, f"是 {least.completeness}的合计，不完整。"))
    report = report.with_section(_SECTION, text).with_bound(_SECTION, bound)
    return report.with_prose_doubts(_SECTION, doubts)


def _area(name: str, scope: Scope) -> str:
    """What the sums are of: 「全县」, or 「县本级」 by the last of the name that is a level; 地区 where none is."""
    place = name.partition("人民政府")[0]
    level = place[-1] if place and place[-1] in _LEVELS else ""
    return f"{level}本级" if scope is Scope.LEVEL else f"全{level or '地区'}"


def _sum(report: Report, cells: tuple[str, ...]) -> int | None:
    total = 0
    for value in map(report.value, cells):
        if not isinstance(value, int):
            return None
        total += value
    return total
