"""What the mapping page says of a map and its filling, as plain values: the look of each cell, the rows of the list.

Knows the words for what is found, doubtful, missing, refused and different, and where a place of a map lies once the
line of the unit is known. Knows no widget, no undoing, and plans nothing: `state` hands over map and filling.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from gxeditor.core.checks.rules import Severity
from gxeditor.core.fields import name_of
from gxeditor.core.report import Report, show_entry
from gxeditor.mapping.placement import Target, TemplateMap
from gxeditor.templates.plan import Filling, UnitLine
from gxeditor.workbook.cells import Address, Spot, Written, shown_result
from gxeditor.workbook.formats import is_date_format
from gxeditor.workbook.read import Workbook

_SIDE = 12  # characters of a text that stand beside a row of the list


class CellLook(NamedTuple):
    """How a cell is shown beside what the template has in it.

    `text` stands in place of the template's (None: the template's); `ground` and `tone`, of the text, are tokens of the
    theme, "" for none;
    `beside` are small words at the left; `severity` gives the mark and its colours; `told` are lines for the tooltip.
    """

    text: str | None = None
    ground: str = ""
    is_number: bool = False
    beside: str = ""
    severity: Severity | None = None
    told: str = ""
    tone: str = ""


class Item(NamedTuple):
    """A row of the list: `kind` is group, missing, doubt, refused, difference, remark or placed; `cells` are where it
    stands, or may stand."""

    kind: str
    text: str
    side: str = ""
    ids: tuple[str, ...] = ()
    cells: tuple[Address, ...] = ()
    severity: Severity | None = None


Items = list[tuple[Item, list[Item]]]
"""Items, each with those below it."""

Looks = Mapping[str, Mapping[Spot, CellLook]]
"""How cells look, by sheet."""


class Places:
    """Where the targets of a map are written: in a list of units, in the line of the report's unit.

    `lines` are those lines by sheet, as a filling has chosen them; `targets` what goes into each place.
    """

    def __init__(self, book: Workbook, template: TemplateMap, lines: Mapping[str, UnitLine]) -> None:
        self._book = book
        self._first = {units.sheet: units.first for units in template.units}
        self.lines = lines
        self.targets: dict[Address, list[Target]] = {}
        for target in template.places:
            self.targets.setdefault(self.of(target), []).append(target)

    def of(self, target: Target) -> Address:
        """The cell that a target is written into, of merged cells the first."""
        row, column = target.place
        merge = self._book.sheet(target.sheet).merge_at(row, column)
        if merge is not None:
            row, column = merge.top, merge.left
        line, first = self.lines.get(target.sheet), self._first.get(target.sheet)
        if line is not None:
            if line.axis == "row" and row == first:
                row = line.number
            elif line.axis == "column" and column == first:
                column = line.number
        return Address(target.sheet, row, column)


def is_number(text: str | None) -> bool:
    """Whether a text is a figure, which is set to the right."""
    if not text:
        return False
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def calculated(filling: Filling, place: Address) -> str | None:
    """What a formula of the template gives after filling; "" if it cannot be calculated, None if it keeps its own."""
    if place in filling.unknown:
        return ""
    result = filling.calculated.values.get(place)
    return shown_result(result) if result is not None else None


# --- cells


def looks(
    book: Workbook, report: Report, template: TemplateMap, filling: Filling | None, places: Places
) -> dict[str, dict[Spot, CellLook]]:
    """How each cell looks that something is written into, may be written into, or is said of."""
    form = report.form
    doubts: dict[Address, list[str]] = {}
    for doubt in template.doubtful:
        for candidate in doubt.candidates:
            doubts.setdefault(places.of(candidate), []).append(
                f"可能是“{name_of(doubt.id, form)}”：{doubt.why}"
            )
    remarks: dict[Address, list[tuple[bool, str]]] = {}
    differences = {}
    written: dict[Address, Written] = {}
    if filling is not None:
        for remark in filling.remarks:
            if remark.place is not None:
                remarks.setdefault(remark.place, []).append((remark.refused, remark.text))
        differences = {difference.place: difference for difference in filling.differences}
        written = {
            Address(sheet, *spot): value
            for sheet, cells in filling.written.items()
            for spot, value in cells.items()
        }
    found: dict[str, dict[Spot, CellLook]] = {}
    for place in {*places.targets, *doubts, *remarks, *written}:
        targets = places.targets.get(place, [])
        said = [name_of(target.id, form) for target in targets]
        beside, severity = "", None
        text: str | None
        formula = (place.row, place.column) in book.sheet(place.sheet).formulas
        if formula:
            text, ground = calculated(filling, place) if filling is not None else None, "total"
            said.append("由模板的公式计算，不改动")
            difference = differences.get(place)
            if difference is not None:
                severity = Severity.QUERY
                beside = f"年报 {show_entry(difference.ours) or '空'}"
                said.append(difference.text)
        elif place in written:
            text, ground = _value_text(book, report, place, written[place], targets), "bound"
            said.append(f"将写入 {text}" if text else "年报里空着，不写")
        else:
            text, ground = None, "bound" if targets else ""
        as_number = formula or isinstance(written.get(place), (int, float)) or is_number(text)
        if place in doubts:
            severity = Severity.QUERY
            said += doubts[place]
        for refused, words in remarks.get(place, []):
            severity = Severity.ERROR if refused else severity or Severity.QUERY
            said.append(words)
        if severity is not None:
            ground = {Severity.ERROR: "errtint"}.get(severity, "qrytint")
        said += [target.note for target in targets if target.note]
        found.setdefault(place.sheet, {})[place.row, place.column] = CellLook(
            text, ground, as_number, beside, severity, "\n".join(said)
        )
    return found


def _value_text(
    book: Workbook, report: Report, place: Address, value: Written, targets: Sequence[Target]
) -> str:
    """A value as the cell will show it, dates written out."""
    number_format = book.sheet(place.sheet).look(place.row, place.column)[0]
    if targets and targets[0].id in ("report.date", "report.year") and is_date_format(number_format):
        return report.date if targets[0].id == "report.date" else str(report.year or "")
    return show_entry(value)


# --- the list


def groups(
    report: Report, template: TemplateMap, filling: Filling | None, places: Places, shown: Looks
) -> list[tuple[Item, Items]]:
    """The list: what is in doubt, what is not found, what is refused or differs, and what is written."""
    found: list[tuple[Item, Items]] = []
    query, error = Severity.QUERY, Severity.ERROR
    if template.doubtful:
        found.append(
            (
                _group("有疑问", len(template.doubtful), query),
                _doubt_items(report, template, places.of),
            )
        )
    if template.missing:
        found.append((_group("未找到", len(template.missing), query), _missing_items(report, template)))
    if filling is None:
        return found
    for title, kind, severity, told in (
        ("不能填写", "refused", error, [(r.text, r.place) for r in filling.refused if r.place is not None]),
        ("与模板公式的差异", "difference", query, [(d.text, d.place) for d in filling.differences]),
        ("请留意", "remark", query, [(r.text, r.place) for r in filling.remarks if not r.refused]),
    ):
        items = [Item(kind, text, cells=(place,) if place is not None else ()) for text, place in told]
        if items:
            found.append((_group(title, len(items), severity), [(item, []) for item in items]))
    found.append((Item("group", f"将写入　{filling.count} 格"), _placed_items(report, places, shown)))
    return found


def _group(title: str, count: int, severity: Severity) -> Item:
    return Item("group", f"{title}　{count}", severity=severity)


def _value_of(report: Report, wanted: str) -> str:
    """What the report says, in short."""
    if wanted in report.form.cells:
        return show_entry(report.value(wanted)) or "未填"
    return ""


def _doubt_items(report: Report, template: TemplateMap, place_of: Callable[[Target], Address]) -> Items:
    """Those with the same reason together: one click settles them."""
    by_reason: dict[str, list[Item]] = {}
    for doubt in template.doubtful:
        cells = tuple(place_of(candidate) for candidate in doubt.candidates)
        name = name_of(doubt.id, report.form)
        side = f"年报 {_value_of(report, doubt.id) or '有文字'}"
        if doubt.text:
            name = f"{name}\n{doubt.where} 里已有“{doubt.text}”"
        item = Item("doubt", name, side, (doubt.id,), cells)
        by_reason.setdefault(
            "这些格里已有文字，没有采用就不会覆盖。" if doubt.text else doubt.why, []
        ).append(item)
    listed: Items = []
    for why, items in by_reason.items():
        if len(items) == 1:
            told = "" if "\n" in items[0].text else f"\n{why}"
            listed.append((items[0]._replace(text=items[0].text + told), []))
            continue
        ids = tuple(item.ids[0] for item in items)
        cells = tuple(place for item in items for place in item.cells)
        listed.append((Item("doubt", why, f"{len(ids)} 项", ids, cells), items))
    return listed


def _missing_items(report: Report, template: TemplateMap) -> Items:
    form = report.form
    by_row: dict[str, list[str]] = {}
    for wanted in template.missing:
        cell = form.cells[wanted]
        row = cell.place.partition(" · ")[0] if " · " in cell.place else cell.row.name
        by_row.setdefault(f"{form.section(cell.section).number}\t{row}", []).append(wanted)
    listed: Items = []
    for row, ids in by_row.items():
        items = [Item("missing", name_of(one, form), f"年报 {_value_of(report, one)}", (one,)) for one in ids]
        if len(items) == 1:
            listed.append((items[0], []))
        else:
            number, _, name = row.partition("\t")
            listed.append((Item("missing", f"表{number} {name}", f"{len(ids)} 项", tuple(ids)), items))
    return listed


def _placed_items(report: Report, places: Places, shown: Looks) -> Items:
    """What is written, a row of the form together."""
    form = report.form
    rows: dict[str, list[Item]] = {}
    for place, targets in places.targets.items():
        for target in targets:
            cell = form.cells.get(target.id)
            row = (
                f"表{form.section(cell.section).number} {cell.place.partition(' · ')[0]}"
                if cell is not None
                else name_of(target.id, form)
            )
            look = shown[place.sheet][place.row, place.column]
            text = "公式" if look.ground == "total" else look.text or "空"
            text = text if len(text) <= _SIDE else f"{text[: _SIDE - 1]}…"
            item = Item("placed", name_of(target.id, form), f"{place.ref}　{text}", (target.id,), (place,))
            rows.setdefault(row, []).append(item)
    listed: Items = []
    for row, items in rows.items():
        if len(items) == 1:
            listed.append((items[0], []))
            continue
        cells = tuple(item.cells[0] for item in items)
        first, last = cells[0], cells[-1]
        same = first.sheet == last.sheet and first != last
        side = f"{first.ref}:{last.ref}" if same else f"{len(items)} 格"
        ids = tuple(dict.fromkeys(item.ids[0] for item in items))
        listed.append((Item("placed", row, side, ids, cells), items))
    return listed
