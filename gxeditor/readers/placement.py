"""Where the figures, texts and fields of a report belong in a foreign workbook.

Workbook + form → `TemplateMap`. Placeholders and defined names say it outright; else headings do: those left of a
cell say which line it is, those above it which column, and no heading may contradict. A cell about which anything is in
doubt is reported, never guessed. Knows no report: what is written there, and how, is the business of the writers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from gxeditor.core.errors import Defects
from gxeditor.core.form import Form
from gxeditor.readers.workbook import parse_ref

How = Literal["placeholder", "name", "label", "stored"]
_HOWS = ("placeholder", "name", "label", "stored")

FIELDS = {
    "report.title": "标题",
    "report.agency": "机关名称",
    "report.year": "年度",
    "report.date": "日期",
    "report.signature": "落款",
    "report.preamble": "前言",
    "report.filler": "填报人",
}
"""What a template may ask for besides the cells of the tables and the prose (`section.overview`), and its names."""


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of the template and what belongs there.

    `id` is a cell of the form, a key of `FIELDS` or `section.` with a section's key. `confidence` is 1 where a
    placeholder, a name or the printed wording says so, less for a variant or a slip of the pen. `formula`: the template
    calculates this cell; it is compared, never overwritten. `pattern` is the text of a cell that holds more than the
    value, with `{{id}}` in its places; empty if the value stands alone. `note` says for a person how it was found.
    """

    id: str
    sheet: str
    ref: str
    how: How
    confidence: float = 1.0
    formula: bool = False
    pattern: str = ""
    note: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """Row and column, from 0."""
        return parse_ref(self.ref)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An id that may belong to several cells, or to none for sure; `why` is a Chinese sentence."""

    id: str
    candidates: tuple[Target, ...]
    why: str


@dataclass(frozen=True, slots=True)
class UnitLines:
    """A sheet with one line per unit: a row each, or a column each if `axis` is column.

    All numbers are rows or columns from 0: headings stand in lines `head_first` to `head_last`, units from `first` to
    `last` (`first` - 1 if there is none yet); `name` and `code` say where each unit's name and code stand.
    """

    sheet: str
    axis: Literal["row", "column"]
    head_first: int
    head_last: int
    first: int
    last: int
    name: int | None
    code: int | None


@dataclass(frozen=True)
class TemplateMap:
    """What belongs where in a template.

    `places` may hold an id more than once (the agency on every sheet). With `units` (kind row_per_unit, one for each
    sheet that has lines for units) the places on those sheets are those of the line `first`; another unit's are as far
    below, or to the right. `missing` are the cells of the form without a place, in printed order. `zero` says whether
    a blank figure is written as 0.
    """

    kind: Literal["sheets", "row_per_unit"]
    places: tuple[Target, ...]
    missing: tuple[str, ...]
    doubtful: tuple[Doubt, ...]
    fingerprint: str
    units: tuple[UnitLines, ...] = ()
    zero: bool = False

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """The first place of each id."""
        return MappingProxyType({target.id: target for target in reversed(self.places)})


# -------------------- handing a map on
_FORMAT = 1


def to_json(template: TemplateMap, form: Form) -> str:
    """The map as a small file, for the next time and for others with the same template."""
    data = {
        "format": _FORMAT,
        "edition": form.edition,
        "fingerprint": template.fingerprint,
        "kind": template.kind,
        "zero": template.zero,
        "units": [asdict(units) for units in template.units],
        "places": [
            {key: value for key, value in asdict(target).items() if value not in ("", False)}
            for target in template.places
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str, form: Form) -> TemplateMap:
    """The map in such a file; its places count as stored. Raises `Defects` with everything that is wrong with it."""
    defects: list[str] = []
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Defects("对应关系文件有误", ("不是对应关系文件",))
    if data.get("format") != _FORMAT:
        defects.append("format 不是本程序认识的版本")
    if data.get("edition") != form.edition:
        defects.append(f"edition 应为 {form.edition}")
    kind = data.get("kind")
    if kind not in ("sheets", "row_per_unit"):
        defects.append("kind 应为 sheets 或 row_per_unit")
    if not isinstance(data.get("zero", False), bool):
        defects.append("zero 应为 true 或 false")
    fingerprint = data.get("fingerprint")
    if not isinstance(fingerprint, str) or not fingerprint:
        defects.append("缺少 fingerprint")
    listed = data.get("places")
    if not isinstance(listed, list):
        defects.append("places 应为列表")
        listed = []
    places = [_read_target(item, f"places[{i}]", form, defects) for i, item in enumerate(listed)]
    lines = data.get("units", [])
    if not isinstance(lines, list):
        defects.append("units 应为列表")
        lines = []
    if (kind == "row_per_unit") != bool(lines):
        defects.append("units 与 kind 不相符")
    units = [_read_units(item, f"units[{i}]", defects) for i, item in enumerate(lines)]
    if defects:
        raise Defects("对应关系文件有误", tuple(defects))
    found = tuple(target for target in places if target is not None)
    ids = {target.id for target in found}
    missing = tuple(cell_id for cell_id in form.cells if cell_id not in ids)
    return TemplateMap(
        "row_per_unit" if kind == "row_per_unit" else "sheets",
        found,
        missing,
        (),
        str(fingerprint),
        tuple(one for one in units if one is not None),
        data.get("zero", False),
    )


def known_ids(form: Form) -> frozenset[str]:
    """Everything that can have a place in a template."""
    return frozenset((*form.cells, *FIELDS, *(f"section.{section.key}" for section in form.sections)))


def _read_target(item: Any, where: str, form: Form, defects: list[str]) -> Target | None:
    if not isinstance(item, dict):
        defects.append(f"{where} 应为表")
        return None
    wrong = [f"{where}：不认识的键 {key}" for key in item if key not in Target.__dataclass_fields__]
    texts = {key: item.get(key, "") for key in ("id", "sheet", "ref", "pattern", "note")}
    wrong.extend(f"{where}.{key} 应为文字" for key, value in texts.items() if not isinstance(value, str))
    if item.get("how", "stored") not in _HOWS:
        wrong.append(f"{where}.how 应为 {'、'.join(_HOWS)} 之一")
    confidence = item.get("confidence", 1.0)
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        wrong.append(f"{where}.confidence 应在 0 和 1 之间")
    if not isinstance(item.get("formula", False), bool):
        wrong.append(f"{where}.formula 应为 true 或 false")
    if not wrong:
        if texts["id"] not in known_ids(form):
            wrong.append(f"{where}：没有“{texts['id']}”这一格")
        if not texts["sheet"]:
            wrong.append(f"{where}：缺少 sheet")
        try:
            parse_ref(texts["ref"])
        except ValueError:
            wrong.append(f"{where}：“{texts['ref']}”不是单元格的位置")
    defects.extend(wrong)
    if wrong:
        return None
    return Target(**texts, how="stored", confidence=float(confidence), formula=item.get("formula", False))


def _read_units(item: Any, where: str, defects: list[str]) -> UnitLines | None:
    numbers = ("head_first", "head_last", "first", "last", "name", "code")
    if not isinstance(item, dict) or set(item) != {"sheet", "axis", *numbers}:
        defects.append(f"{where}：各项不全或不认识")
        return None
    sound = isinstance(item["sheet"], str) and item["sheet"] and item["axis"] in ("row", "column")
    for key in numbers:
        value = item[key]
        blank = value is None and key in ("name", "code")
        sound = sound and (blank or (isinstance(value, int) and not isinstance(value, bool) and value >= 0))
    if not sound:
        defects.append(f"{where}：值不对")
        return None
    return UnitLines(**item)
