"""Where the figures, texts and fields of a report belong in a foreign workbook.

Workbook + form → `TemplateMap`. Placeholders and defined names say it outright; else headings do: those left of a
cell say which line it is, those above it which column, and no heading may contradict. A cell about which anything is in
doubt is reported, never guessed. Knows no report: what is written there, and how, is the business of the writers.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from gxeditor.core.defects import Reading
from gxeditor.core.errors import Defects
from gxeditor.core.fields import ASKED
from gxeditor.core.form import Form
from gxeditor.core.report import KEPT_TEXTS
from gxeditor.files.digest import sha256
from gxeditor.wording.headings import Headings, ReadHeading, headings_of
from gxeditor.wording.labels import AGENCY_ENDINGS, plain
from gxeditor.wording.paths import Found, GridItem, Scan, rows_about
from gxeditor.workbook.cells import cell_ref, parse_ref
from gxeditor.workbook.read import Sheet, Workbook

How = Literal["placeholder", "name", "label", "stored"]
_HOWS = ("placeholder", "name", "label", "stored")


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of the template and what belongs there.

    `id` is a cell of the form, a key of `fields.ASKED` or `section.` with a section's key. `confidence` is 1 where a
    placeholder, a name or the printed wording says so, less for a variant or a slip of the pen. `formula`: the template
    calculates this cell; it is compared, never overwritten. `pattern` is the text of a cell that holds more than the
    value, with `{{id}}` in its places; empty if the value stands alone. `note` says for a person how it was found;
    `slip` is the heading, merely like a printed one, that it was found by, and is not kept with a map.
    """

    id: str
    sheet: str
    ref: str
    how: How
    confidence: float = 1.0
    formula: bool = False
    pattern: str = ""
    note: str = ""
    slip: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """Row and column, from 0."""
        return parse_ref(self.ref)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An id that may belong to several cells, or to none for sure; `why` is a Chinese sentence.

    `text` is what stands in the only candidate and would be overwritten: a placeholder that nobody knows, 「待填」.
    """

    id: str
    candidates: tuple[Target, ...]
    why: str
    text: str = ""

    @property
    def where(self) -> str:
        """The candidates by sheet and cell, the first of them; empty if there is none."""
        shown = "、".join(f"“{one.sheet}”{one.ref}" for one in self.candidates[:4])
        return f"{shown}等" if len(self.candidates) > 4 else shown


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
_WRONG_MAP = "对应关系文件有误"


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
            {
                key: value
                for key, value in asdict(target).items()
                if value not in ("", False) and key != "slip"
            }
            for target in template.places
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str, form: Form) -> TemplateMap:
    """The map in such a file; its places count as stored. Raises `Defects` with everything that is wrong with it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Defects(_WRONG_MAP, ("不是对应关系文件",))
    reading = Reading(data)
    if data.get("format") != _FORMAT:
        reading.wrong("format 不是本程序认识的版本")
    reading.equal("edition", form.edition)
    kind = reading.one_of("kind", ("sheets", "row_per_unit"))
    zero = reading.flag("zero", False)
    fingerprint = reading.text("fingerprint")
    places = [_read_target(item, form) for item in reading.tables("places", "列表", needed=True)]
    units = [_read_units(item) for item in reading.tables("units", "列表")]
    if (kind == "row_per_unit") != bool(data.get("units")):
        reading.wrong("units 与 kind 不相符")
    reading.check(_WRONG_MAP)
    found = tuple(target for target in places if target is not None)
    ids = {target.id for target in found}
    missing = tuple(cell_id for cell_id in form.cells if cell_id not in ids)
    return TemplateMap(
        "row_per_unit" if kind == "row_per_unit" else "sheets",
        found,
        missing,
        (),
        fingerprint,
        tuple(one for one in units if one is not None),
        zero,
    )


def is_of_another_version(text: str, form: Form) -> bool:
    """Whether what cannot be read as a map is one all the same, of another version of the program or another form."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict) or not isinstance(data.get("fingerprint"), str):
        return False
    version, edition = data.get("format"), data.get("edition")
    later = isinstance(version, int) and not isinstance(version, bool) and version > _FORMAT
    return later or (version == _FORMAT and isinstance(edition, str) and edition != form.edition)


def known_ids(form: Form) -> frozenset[str]:
    """Everything that can have a place in a template."""
    return frozenset((*form.cells, *ASKED, *(f"section.{section.key}" for section in form.sections)))


def _read_target(data: Reading, form: Form) -> Target | None:
    before = len(data.defects)
    data.known(Target.__dataclass_fields__)
    texts = {key: data.text(key, needed=False) for key in ("id", "sheet", "ref", "pattern", "note")}
    data.one_of("how", _HOWS, "stored")
    formula = data.flag("formula", False)
    confidence = data.data.get("confidence", 1.0)
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        data.should("confidence", "在 0 和 1 之间")
    if len(data.defects) == before:
        if texts["id"] not in known_ids(form):
            data.wrong(f"没有“{texts['id']}”这一格")
        if not texts["sheet"]:
            data.wrong("缺少 sheet")
        try:
            parse_ref(texts["ref"])
        except ValueError:
            data.wrong(f"“{texts['ref']}”不是单元格的位置")
    if len(data.defects) > before:
        return None
    return Target(**texts, how="stored", confidence=float(confidence), formula=formula)


def _read_units(data: Reading) -> UnitLines | None:
    numbers = ("head_first", "head_last", "first", "last", "name", "code")
    item = data.data
    if set(item) != {"sheet", "axis", *numbers}:
        data.wrong("各项不全或不认识")
        return None
    sound = isinstance(item["sheet"], str) and item["sheet"] and item["axis"] in ("row", "column")
    for key in numbers:
        value = item[key]
        blank = value is None and key in ("name", "code")
        sound = sound and (blank or (isinstance(value, int) and not isinstance(value, bool) and value >= 0))
    if not sound:
        data.wrong("值不对")
        return None
    return UnitLines(**item)


# -------------------- mapping
_FIGURE = re.compile(r"[+\-−]?[¥￥]?[0-9][0-9,]*(?:\.[0-9]+)?%?(?:件|宗|个|万元|元)?")
_BRACES = re.compile(r"(?:\{\{|｛｛)\s{0,20}([^{}｛｝]{1,120}?)\s{0,20}(?:\}\}|｝｝)")
_NAME_REF = re.compile(
    r"=?(?:'((?:[^']|'')+)'|([^'!()\[\],]+))!(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?::(\$?[A-Za-z]{1,3}\$?[0-9]{1,7}))?"
)
_STAND_IN = re.compile(
    r"(?:\{[^{}]*\}|\$\{[^{}]*\}|｛[^｛｝]*｝|<[^<>]*>|＜[^＜＞]*＞|【[^【】]*】|\[[^\[\]]*\]|［[^［］]*］|[(（]\s*[)）]"
    r"|#[^#]+#|%[^%]+%|@[^@]+@|[_＿…。.·*＊?？#○〇□■△▲\s]+|[xX×✕nN]{1,6}|TBD|tbd)\s*(?:件|宗|个|条|份|人|次|万元|元)?"
)
"""What people put where a figure is to come. Words that say so (「待填」) need no list: they stand under headings."""
_YEAR_FIGURE = re.compile(r"(?:19|20)[0-9]{2}")
_YEAR_TEXT = re.compile(r"(?:19|20)[0-9]{2}(?=年|$|[^0-9])")
_AGENCY = re.compile(rf"[^0-9:：]{{1,40}}(?:{AGENCY_ENDINGS}|所|站)")  # lists name units below an agency too
_SAMPLE = ("示例", "样例", "范例", "填写说明", "填报说明", "填表说明")
_LAST_YEAR = ("上年", "去年", "上一年", "往年", "历年", "同期")
_LISTED = 300  # unknown texts below each other after which a column counts as a list of units
_MOST = (
    150_000  # known headings of a sheet that are read; a list of 100 units with all their figures has 120,000
)
_SHORT = 8  # characters; 合计 and its variants have fewer
_UNSAID = ("noise", "unknown", "neutral")

# “Same” below: in every layout of `make accuracy` as many cells right, in doubt and missing, and none wrong
# (114 templates, 21,953 cells, one number varied at a time).
_FEW, _MANY, _ODD = 3, 50, 0.1
"""So few cells of a table of so many are an accident; so small a part of a table that was read otherwise is, too.

`_FEW` 0–3 same, 8 doubts a sound layout; `_MANY` 10–200 same, 4 doubts one; `_ODD` 0–0.4 same: chosen, not measured.
"""
_DOUBLED = 0.3
"""As many cells more, found twice by headings on one side only: it is unclear which lines hold figures.

0–2 same: chosen, not measured.
"""
_DOMINANT, _MINOR = 0.9, 0.3
"""A table with this part of the cells that it and its rivals have is the table, beside those with no more than that.

`_DOMINANT` 0.5–1 same; `_MINOR` 0.05–0.8 same, 0 doubts a table beside its summary.
"""
_CALCULATED = 0.8
"""A table with more than this part of formulas repeats another. 0–0.95 same; 1 doubts tables beside their summary."""
_BESIDE, _WITHIN, _PROSE = 0.95, 0.9, 0.9
"""How sure a place beside a field's heading is, one within the heading's own text, and that of a section's prose.

Chosen, not measured: shown to people, never compared.
"""
_TITLES = 4  # beside each other in a row, at most; chosen, not measured
_CODED = 20  # more figures in a row make it a unit's that has a code and no name; chosen, not measured


def map_template(workbook: Workbook, form: Form, *, year: int | None = None, agency: str = "") -> TemplateMap:
    """What belongs where in a template.

    `year` and `agency` are the report's: they decide between tables of several years or units, and nothing else does.
    A workbook without a single heading of the form gives a map without places.
    """
    return _Mapping(workbook, form, year, agency).result()


def fingerprint(
    workbook: Workbook, form: Form, places: Iterable[Target], units: Iterable[UnitLines] = ()
) -> str:
    """A number for the structure of a template as a map with these places sees it: sheets, merges, headings.

    Figures and texts in the places do not count, nor do the lines of units.
    """
    return _Mapping(workbook, form, None, "").fingerprint(tuple(places), tuple(units))


def fits(template: TemplateMap, workbook: Workbook, form: Form) -> bool:
    """Whether a map was made for a template of this structure; else it must not be used unseen."""
    return template.fingerprint == fingerprint(workbook, form, template.places, template.units)


@dataclass(slots=True, eq=False)
class _Candidate:
    """A place found by its headings, on its sheet."""

    found: Found
    view: _View
    target: Target

    @property
    def occupied(self) -> str:
        """What stands in the place and is neither a figure nor a dash."""
        text = self.view.sheet.text(self.found.row, self.found.column).strip()
        stands_in = text not in KEPT_TEXTS and (_BRACES.search(text) or _STAND_IN.fullmatch(text))
        return text if stands_in or self.found.text else ""

    @property
    def title(self) -> tuple[int, int]:
        return self.view.title(self.found.row, self.found.column)

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, bool]:
        """Of two places for the same cell that cannot be told apart otherwise, the lower is meant."""
        sheet = self.view.sheet
        row, column = self.found.row, self.found.column
        hidden = row in sheet.hidden_rows or column in sheet.hidden_columns
        locked, real = sheet.cell(row, column).locked, sheet.has(row, column)
        return not self.found.whole, bool(self.found.text), hidden, locked, not real


@dataclass(eq=False)
class _Group:
    """Candidates of one table of the form that stand together: the same sheet, the same unknown headings and years."""

    candidates: list[_Candidate]
    strange: tuple[str, ...]
    unit: tuple[str, ...]
    years: frozenset[int]

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(one.found.cell for one in self.candidates)

    @cached_property
    def title(self) -> str:
        """The titles that it stands under, as far as they are its own."""
        first = self.candidates[0]
        return " ".join((first.view.title_text(first.title), *first.found.captions))


class _View:
    """A sheet as the mapping sees it."""

    def __init__(self, sheet: Sheet, headings: Headings, claimed: frozenset[tuple[int, int]]) -> None:
        self.sheet = sheet
        self.headings = headings
        self.claimed = claimed
        self.words: dict[int, dict[int, ReadHeading]] = {}
        """What stands in words, by row and column."""
        near = self._read()
        self.scan = Scan(self._items(near), headings, sheet.has, near)

    def title(self, row: int, column: int) -> tuple[int, int]:
        """The place of the last title above a place that is no section's: a unit's name, a year; (-1, -1) if none.

        Titles beside each other are those of the columns from their own on.
        """
        at = bisect_left(self._title_rows, row)
        if not at:
            return -1, -1
        above = self._title_rows[at - 1]
        columns = sorted(self.words[above])
        return above, columns[max(0, bisect_right(columns, column) - 1)]

    @cached_property
    def _title_rows(self) -> list[int]:
        return [
            row
            for row, words in self.words.items()
            if len(words) <= _TITLES and all(map(_is_title, words.values()))
        ]

    def beside(self, row: int, column: int, given: Container[tuple[int, int]]) -> tuple[str, str]:
        """The nearest words left of a place and above it that are not themselves given by a report."""
        left = [c for c in self.words.get(row, {}) if c < column and (row, c) not in given]
        rows = self._rows_of.get(column, ())
        above = [r for r in rows[: bisect_left(rows, row)] if (r, column) not in given]
        return (
            self.words[row][max(left)].text if left else "",
            self.words[above[-1]][column].text if above else "",
        )

    @cached_property
    def _rows_of(self) -> dict[int, list[int]]:
        """The rows with words, by column."""
        rows: dict[int, list[int]] = {}
        for row in sorted(self.words):
            for column in self.words[row]:
                rows.setdefault(column, []).append(row)
        return rows

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        """What stands behind 填报单位 on the sheet."""
        found = []
        for row, words in self.words.items():
            for column, heading in words.items():
                if heading.field == "agency":
                    cell = self.sheet.cell(row, column)
                    found.append(self.sheet.cell(row, column + cell.column_span).text)
                elif "单位" in heading.text[:5] and ":" in heading.text:
                    found.append(heading.text.partition(":")[2])
        return tuple(found)

    def title_text(self, place: tuple[int, int]) -> str:
        """The text of a title."""
        heading = self.words.get(place[0], {}).get(place[1])
        return heading.text if heading is not None else ""

    def _read(self) -> set[int]:
        """Reads the words of the sheet; the rows that are worth a look."""
        sheet, read = self.sheet, self.headings.read
        unknown: dict[int, int] = {}
        known: list[tuple[int, int]] = []
        filled: list[int] = []
        for row in sheet.rows:
            if next(sheet.texts(row), None) is None:
                continue
            filled.append(row)
            words = [one for one in sheet.texts(row, words=True) if not self._is_figure(row, *one)]
            # a list of units is not read to its end, except where known headings stand beside it
            listed = {
                column
                for column, text in words
                if unknown.get(column, 0) > _LISTED and not self.headings.has_read(text)
            }
            new = {column: read(text) for column, text in words if column not in listed}
            heads = [column for column, heading in new.items() if heading.kind == "known"]
            if heads:
                new |= {column: read(text) for column, text in words if column in listed}
            for column, heading in new.items():
                unknown[column] = unknown.get(column, 0) + 1 if heading.kind == "unknown" else 0
            if new:
                self.words[row] = dict(sorted(new.items()))
            for column in heads:
                span = sheet.merge_at(row, column)
                known.append((row, span.bottom if span is not None else row))
            if len(known) > _MOST:
                break
        return rows_about(known, filled)

    def _items(self, near: set[int]) -> list[GridItem]:
        """The headings of the sheet, and the figures and merged cells in the rows about them."""
        sheet = self.sheet
        items: dict[tuple[int, int], GridItem] = {}
        for row in sheet.rows:
            heads = self.words.get(row, {})
            if row in near:
                figures = {column: text for column, text in sheet.texts(row) if column not in heads}
                years = self._years(heads, figures)
                for column, text in figures.items():
                    items[row, column] = self._item(row, column, text, years.get(column))
            for column, heading in heads.items():
                items[row, column] = self._item(row, column, heading.text, heading)
        for place in (*sheet.formulas, *((merge.top, merge.left) for merge in sheet.merges)):
            if place not in items and place[0] in near:
                span = sheet.merge_at(*place)
                if span is None or (span.top, span.left) == place:
                    items[place] = self._item(*place, "", None)
        return [items[place] for place in sorted(items)]

    def _item(self, row: int, column: int, text: str, heading: ReadHeading | None) -> GridItem:
        span = self.sheet.merge_at(row, column)
        if span is None:
            return GridItem(row, column, 1, 1, text, heading)
        return GridItem(row, column, span.bottom - row + 1, span.right - column + 1, text, heading)

    def _is_figure(self, row: int, column: int, text: str) -> bool:
        """Whether a text stands where a figure belongs: a figure, a dash, a placeholder, the words of a formula."""
        if (row, column) in self.claimed or text.strip() in KEPT_TEXTS or _BRACES.search(text):
            return True
        if len(text) < 40 and _STAND_IN.fullmatch(text) and self.headings.read(text).kind in _UNSAID:
            return True
        if (row, column) in self.sheet.formulas and self.headings.read(text).kind == "unknown":
            return True
        return len(text) < 24 and _FIGURE.fullmatch(plain(text)) is not None

    def _years(self, words: Mapping[int, ReadHeading], figures: Mapping[int, str]) -> dict[int, ReadHeading]:
        """Numbers of a row of headings that are years: 「指标 | 2021 | 2022」."""
        if any(heading.kind == "known" for heading in words.values()):
            return {}
        years = set(figures.values())
        if not 0 < len(years) <= 3 or not all(map(_YEAR_FIGURE.fullmatch, years)):
            return {}
        if len(figures) < 2 * len(years) and not (words and len(figures) == len(years)):
            return {}
        return {column: self.headings.read(f"{text}年") for column, text in figures.items()}


class _Mapping:
    """One template on its way to a map."""

    def __init__(self, workbook: Workbook, form: Form, year: int | None, agency: str) -> None:
        self._workbook = workbook
        self._form = form
        self._year = year
        self._agency = plain(agency)
        self._headings = headings_of(form)
        self._doubts: list[Doubt] = []
        self._units: dict[str, UnitLines] = {}
        self._others: set[str] = set()
        """The sheets that belong, in part at least, to other units or years."""
        self._claimed: set[tuple[str, tuple[int, int]]] = set()
        """Places that placeholders and names speak for: headings there do not count."""
        self._strangers: dict[tuple[str, tuple[int, int]], str] = {}
        """Places of placeholders that nobody knows, with their text; headings say what they may be for."""
        self._explicit = [*self._placeholders(), *self._names()]
        self._claimed.update((target.sheet, target.place) for target in self._explicit)
        self._views = [
            _View(
                sheet, self._headings, frozenset(place for name, place in self._claimed if name == sheet.name)
            )
            for sheet in workbook.sheets
            if not sheet.hidden
        ]

    def result(self) -> TemplateMap:
        places = list(self._explicit)
        taken = {target.id for target in places}
        candidates = [one for one in self._candidates() if one.found.cell not in taken]
        for table in self._form.tables:
            places.extend(
                self._place([one for one in candidates if one.found.cell.startswith(f"{table.key}.")])
            )
        for view in self._views:
            if view.sheet.name not in self._others:
                places.extend(target for target in self._beside(view) if target.id not in taken)
        order = {known: i for i, known in enumerate((*self._form.cells, *ASKED))}
        places.sort(key=lambda target: order.get(target.id, len(order)))
        asked = {(one.sheet, one.place) for doubt in self._doubts for one in doubt.candidates}
        for (name, place), text in self._strangers.items():
            if (name, place) not in asked:
                target = Target("", name, cell_ref(*place), "placeholder")
                shown = "、".join(f"“{found}”" for found in _BRACES.findall(text))
                self._doubts.append(
                    Doubt(text.strip(), (target,), f"没有{shown}这个编号，这一处占位符不会填写。")
                )
        doubted = {doubt.id for doubt in self._doubts}
        found = {target.id for target in places} | doubted
        return TemplateMap(
            "row_per_unit" if self._units else "sheets",
            tuple(places),
            tuple(cell_id for cell_id in self._form.cells if cell_id not in found),
            tuple(sorted(self._doubts, key=lambda doubt: order.get(doubt.id, len(order)))),
            self.fingerprint(places, tuple(self._units.values())),
            tuple(self._units.values()),
        )

    # -------------------- placeholders and names
    @cached_property
    def _spellings(self) -> dict[str, str]:
        """Every way to write an id: with dots, or with underscores as names often have."""
        known = known_ids(self._form)
        return {spelling: one for one in known for spelling in (one, one.replace(".", "_"))}

    def _placeholders(self) -> Iterator[Target]:
        for sheet in self._workbook.sheets:
            for row in sheet.rows:
                for column, text in sheet.texts(row, words=True):
                    if "{{" not in text and "｛｛" not in text:
                        continue
                    ids = [self._spellings.get(plain(name).lower(), "") for name in _BRACES.findall(text)]
                    if not all(ids):
                        self._strangers[sheet.name, (row, column)] = text
                        continue
                    listed = iter(ids)
                    pattern = _BRACES.sub(lambda _: f"{{{{{next(listed)}}}}}", text)  # noqa: B023 - used at once
                    alone = len(ids) == 1 and pattern.strip() == f"{{{{{ids[0]}}}}}"
                    for one in dict.fromkeys(ids):
                        yield Target(
                            one,
                            sheet.name,
                            cell_ref(row, column),
                            "placeholder",
                            formula=(row, column) in sheet.formulas,
                            pattern="" if alone else pattern,
                            note="占位符",
                        )

    def _names(self) -> Iterator[Target]:
        for name in self._workbook.names:
            one = self._spellings.get(name.name.lower())
            found = _NAME_REF.fullmatch(name.refers_to)
            if one is None or found is None:
                continue
            try:
                sheet = self._workbook.sheet((found[1] or found[2]).replace("''", "'"))
                row, column = parse_ref(found[3])
                last = parse_ref(found[4] or found[3])
            except (KeyError, ValueError):
                continue
            cell = sheet.cell(row, column)
            if last == (row, column) or last == (
                cell.row + cell.row_span - 1,
                cell.column + cell.column_span - 1,
            ):
                formula = cell.formula is not None
                yield Target(one, sheet.name, cell.ref, "name", formula=formula, note=f"名称 {name.name}")

    # -------------------- tables
    def _candidates(self) -> Iterator[_Candidate]:
        for view in self._views:
            name = plain(view.sheet.name)
            if any(word in name for word in _LAST_YEAR):
                self._others.add(view.sheet.name)
                continue
            for found in view.scan.found:
                place = (found.row, found.column)
                if (view.sheet.name, place) in self._claimed:
                    continue
                target = Target(
                    found.cell,
                    view.sheet.name,
                    cell_ref(*place),
                    "label",
                    round(found.certainty, 2),
                    place in view.sheet.formulas,
                    note=_how(found),
                    slip=found.slip,
                )
                yield _Candidate(found, view, target)

    def _place(self, candidates: Sequence[_Candidate]) -> Iterator[Target]:
        """The places of one table of the form."""
        groups = _grouped(candidates)
        for rivals in _rivals(groups):
            chosen, why = self._choose(rivals)
            if chosen is None:
                self._others.update(group.candidates[0].view.sheet.name for group in rivals)
                for one in sorted(frozenset().union(*(group.ids for group in rivals))):
                    all_of_it = [
                        c.target for group in rivals for c in group.candidates if c.found.cell == one
                    ]
                    self._doubts.append(Doubt(one, tuple(all_of_it), why))
                continue
            self._others.update(
                group.candidates[0].view.sheet.name
                for group in rivals
                if group is not chosen
                and group.unit == chosen.unit
                and len(group.ids) > _MINOR * len(chosen.ids)
            )
            yield from self._settle(chosen)

    def _settle(self, group: _Group) -> Iterator[Target]:
        """The places of a group; a cell of the form that it has twice, or one unlike all others, is in doubt."""
        odd = self._odd(group)
        by_id: dict[str, list[_Candidate]] = {}
        for candidate in group.candidates:
            by_id.setdefault(candidate.found.cell, []).append(candidate)
        sided = [one for one in group.candidates if one.found.way != "both"]
        if len(sided) > (1 + _DOUBLED) * len({one.found.cell for one in sided}):
            odd |= {id(one) for one in sided}
        ups = [one for one in sided if one.found.way == "up"]
        if ups:
            self._note_rows(ups[0].view, ups)
            if ups[0].view.sheet.name not in self._units:
                odd |= {id(one) for one in ups if one.found.unit and self._has_rival_row(one)}
        for one, several in by_id.items():
            if len(several) > 1:
                several.sort(key=lambda candidate: candidate.rank)
            if len(several) > 1 and several[0].rank == several[1].rank:
                targets = tuple(candidate.target for candidate in several)
                refs = "、".join(target.ref for target in targets[:4])
                self._doubts.append(Doubt(one, targets, f"{refs} 都对得上，分不清是哪一格。"))
            elif id(several[0]) in odd:
                why = "与这张表的其他格不是同样找到的，请核对。"
                self._doubts.append(Doubt(one, (several[0].target,), why))
            elif (text := several[0].occupied) and not several[0].target.formula:
                self._doubts.append(_occupied(several[0].target, text))
            else:
                yield several[0].target

    def _odd(self, group: _Group) -> set[int]:
        """The candidates, by identity, that are few beside a whole table, or were found otherwise than the rest."""
        listed = group.candidates
        table = listed[0].found.cell.partition(".")[0]
        whole = sum(cell.section == table for cell in self._form.cells.values())
        ways = Counter(one.found.way for one in listed)
        if len(listed) <= _FEW and whole > _MANY:
            return {id(one) for one in listed}
        if len(listed) < _MANY:
            return set()
        return {id(one) for one in listed if ways[one.found.way] < _ODD * len(listed)}

    def _choose(self, rivals: list[_Group]) -> tuple[_Group | None, str]:
        """Which of several groups with the same cells is meant; None and the reason (Chinese) if nothing tells.

        One alone is meant, unless its headings name years and the report's is not among them. Of several, the first of
        these that leaves one decides; one that would leave none is passed over:
        1. the table itself before extracts of it (`_largest`), no sheet of examples, no unknown headings;
        2. columns that unknown names of agencies tell apart are a list of units: its first stands for all;
        3. no title that speaks of last year;
        4. the report's year in the headings, then in the title;
        5. the report's agency in what stands about the table, the exact name before a part of it;
        6. figures before formulas that repeat them.
        """
        if len(rivals) == 1:
            only = rivals[0]
            if self._year is not None and only.years and self._year not in only.years:
                shown = "、".join(f"{year}年" for year in sorted(only.years))
                return None, f"模板里只有{shown}的表，年报是{self._year}年的。"
            return only, ""
        left = _plainest(_largest(rivals))
        if len(left) == 1:
            return self._choose(left)
        if self._are_units(left):
            return self._first_unit(left), ""
        left = [group for group in left if not any(word in group.title for word in _LAST_YEAR)] or left
        years = frozenset().union(*(group.years for group in left))
        for of_group in (lambda group: group.years, lambda group: _years_of(group.title)):
            if len(left) > 1 and self._year is not None:
                left = [group for group in left if self._year in of_group(group)] or left
        if len(left) > 1:
            left = self._of_agency(left)
        if len(left) > 1:
            left = [group for group in left if not _calculates(group)] or left
        if len(left) == 1:
            return self._choose(left)
        sheets = list(dict.fromkeys(group.candidates[0].view.sheet.name for group in left))
        if len(years) > 1:
            shown = "、".join(f"{year}年" for year in sorted(years))
            return None, f"有{shown}的表，分不清是哪一张。"
        if len(sheets) > 1:
            return None, f"工作表“{'”“'.join(sheets[:4])}”里都有这一格，分不清是哪一张。"
        return None, f"工作表“{sheets[0]}”里有几张同样的表，分不清是哪一张。"

    def _of_agency(self, groups: list[_Group]) -> list[_Group]:
        """The groups whose sheet, title or unknown headings name the report's agency, the exact name before a part."""

        def likeness(group: _Group) -> int:
            one = group.candidates[0]
            texts = {
                one.view.sheet.name,
                *one.found.captions,
                one.view.title_text(one.title),
                *group.strange,
                *group.unit,
                *one.view.agencies,
            }
            return max((_same_name(self._agency, plain(text)) for text in texts), default=0)

        best = max(map(likeness, groups))
        return [group for group in groups if likeness(group) == best] if best else groups

    # -------------------- a line per unit
    @staticmethod
    def _are_units(groups: Sequence[_Group]) -> bool:
        """Whether the columns of one sheet differ by an unknown heading each: the names of units."""
        sheets = {id(group.candidates[0].view) for group in groups}
        units = {group.unit for group in groups}
        named = all(group.unit and _AGENCY.fullmatch(group.unit[-1]) for group in groups)
        return named and len(sheets) == 1 and len(units) == len(groups)

    def _first_unit(self, groups: list[_Group]) -> _Group:
        """Notes that each group is a unit's column, and gives the first."""
        groups = sorted(groups, key=lambda group: min(one.found.column for one in group.candidates))
        first = groups[0]
        view = first.candidates[0].view
        columns = sorted({one.found.column for group in groups for one in group.candidates})
        top = min(one.found.row for one in first.candidates)
        name = next((r for r in range(top - 1, -1, -1) if columns[0] in view.words.get(r, {})), None)
        heads = [place[1] for one in first.candidates for place in one.found.heads]
        self._units[view.sheet.name] = UnitLines(
            view.sheet.name, "column", min(heads), max(heads), columns[0], columns[-1], name, None
        )
        return first

    def _note_rows(self, view: _View, ups: Sequence[_Candidate]) -> None:
        """Notes that a sheet has a row for each unit, if it has: a heading of names, or a name beside the first row."""
        rows = [one.found.row for one in ups]
        first = max(set(rows), key=rows.count)
        heads = sorted({place[0] for one in ups for place in one.found.heads})
        if not heads or view.sheet.name in self._units:
            return
        columns = {column for one in ups for column in (one.found.column,)}
        asked: dict[str, list[int]] = {}
        for row in range(heads[0], first):
            for column, heading in view.words.get(row, {}).items():
                if heading.kind == "field" and column not in columns:
                    asked.setdefault(heading.field, []).append(column)
        names = asked.get("agency") or asked.get("name")
        if not names:
            beside = view.words.get(first, {}).items()
            names = [c for c, heading in beside if c < min(columns) and _AGENCY.fullmatch(heading.text)][:1]
        code = asked.get("code")
        if not names and not (code and len(ups) > _CODED):
            return
        name = names[0] if names else None
        last = self._last_unit(view, first, name if name is not None else (code or [0])[0])
        self._units[view.sheet.name] = UnitLines(
            view.sheet.name, "row", heads[0], first - 1, first, last, name, code[0] if code else None
        )

    @staticmethod
    def _has_rival_row(one: _Candidate) -> bool:
        """Whether the row below begins with words that say as little as those of a candidate's own row."""
        below = one.view.words.get(one.found.row + 1, {})
        return any(
            heading.kind in ("unknown", "neutral", "year", "foreign")
            for column, heading in below.items()
            if column < one.found.column
        )

    def _last_unit(self, view: _View, first: int, column: int) -> int:
        """The last row with a unit's name; a total below the units is none."""
        row = first
        while text := view.sheet.text(row, column).strip():
            if len(text) < _SHORT and view.headings.read(text).kind == "known":
                break
            row += 1
        return row - 1

    # -------------------- fields and prose
    def _beside(self, view: _View) -> Iterator[Target]:
        """The places of what is asked for beside the tables."""
        units = self._units.get(view.sheet.name)
        for row, words in view.words.items():
            if units is not None and units.axis == "row" and row >= units.head_first:
                continue
            for column, heading in words.items():
                if (view.sheet.name, (row, column)) in self._claimed:
                    continue
                if heading.section and not heading.parts:
                    yield from self._prose_place(view, row, column, heading)
                elif heading.kind != "known" and (
                    heading.field or ":" in heading.text or "年" in heading.text
                ):
                    yield from self._field_place(view, row, column, heading)

    def _field_place(self, view: _View, row: int, column: int, heading: ReadHeading) -> Iterator[Target]:
        sheet = view.sheet
        text = sheet.text(row, column)
        patterned = _in_cell(text, self._headings)
        cell = sheet.cell(row, column)
        beside = sheet.cell(row, column + cell.column_span)
        one = _REPORT_FIELDS.get(heading.field, "")
        if one and not _asks_beside(view, beside.row, beside.column):
            one = ""
        inside = patterned is not None and (cell.column_span > 2 or "{{report.year}}" in patterned)
        if one and not inside:
            formula = beside.formula is not None
            target = Target(
                one, sheet.name, beside.ref, "label", _BESIDE, formula, note=f"“{heading.text}”右边"
            )
            if (sheet.name, target.place) in self._strangers:
                self._doubts.append(_occupied(target, beside.text))
            else:
                yield target
        elif patterned is not None:
            for known in _BRACES.findall(patterned):
                yield Target(
                    known, sheet.name, cell.ref, "label", _WITHIN, pattern=patterned, note="同一格内"
                )

    def _prose_place(self, view: _View, row: int, column: int, heading: ReadHeading) -> Iterator[Target]:
        """The place of a section's prose: beside its title, or below it if that is where there is room."""
        sheet = view.sheet
        cell = sheet.cell(row, column)
        beside = sheet.cell(row, column + cell.column_span)
        below = sheet.cell(row + cell.row_span, column)
        free = [
            one
            for one in (beside, below)
            if one.row not in view.words
            or one.column not in view.words[one.row]
            or _is_prose(view, one.row, one.column)
        ]
        room = [one for one in free if one.row_span * one.column_span > 1 or one.text]
        chosen = room if len(room) == 1 else free
        targets = [
            Target(
                f"section.{heading.section}",
                sheet.name,
                one.ref,
                "label",
                _PROSE,
                one.formula is not None,
                note=heading.text,
            )
            for one in chosen
        ]
        strange = [one for one in targets if (sheet.name, one.place) in self._strangers]
        if len(strange) == 1:
            self._doubts.append(_occupied(strange[0], sheet.text(*strange[0].place)))
        elif len(targets) == 1:
            yield targets[0]
        elif targets:
            why = f"“{heading.text}”的文字填在右边还是下边，分不清。"
            self._doubts.append(Doubt(f"section.{heading.section}", tuple(targets), why))

    # -------------------- structure
    def fingerprint(self, places: Sequence[Target], units: Sequence[UnitLines]) -> str:
        """See the function of this name."""
        below = {one.sheet: one for one in units}
        filled = {(target.sheet, target.place) for target in places if not target.pattern}
        structure: list[object] = [[sheet.name, sheet.hidden] for sheet in self._workbook.sheets]
        for view in self._views:
            name = view.sheet.name
            lines = below.get(name)
            beyond = (1 << 30, 1 << 30)
            if lines is not None:
                beyond = (lines.first, beyond[1]) if lines.axis == "row" else (beyond[0], lines.first)
            structure.extend(
                [name, merge.ref]
                for merge in sorted(view.sheet.merges)
                if merge.top < beyond[0] and merge.left < beyond[1]
            )
            for row, words in view.words.items():
                structure.extend(
                    [name, row, column, heading.text]
                    for column, heading in words.items()
                    if heading.kind not in ("unknown", "noise")
                    and (row < beyond[0] and column < beyond[1])
                    and (name, (row, column)) not in filled
                )
            if lines is None:
                here = sorted(place for sheet_name, place in filled if sheet_name == name)
                structure.extend([*place, *view.beside(*place, set(here))] for place in here)
        text = json.dumps(structure, ensure_ascii=False)
        return sha256(text.encode("utf-8")).hexdigest()


def _occupied(target: Target, text: str) -> Doubt:
    """The doubt about a place where something stands that would be overwritten."""
    shown = text.strip()[:20]
    what = "程序不认识的占位符" if _BRACES.search(text) else "文字"
    return Doubt(target.id, (target,), f"这一格里已有{what}“{shown}”。", shown)


# -------------------- groups of candidates
def _grouped(candidates: Iterable[_Candidate]) -> list[_Group]:
    """The candidates of one table by what else their headings say; further divided where a group has a cell twice."""
    groups: dict[tuple[int, tuple[str, ...], tuple[str, ...], frozenset[int]], list[_Candidate]] = {}
    for one in candidates:
        found = one.found
        years = found.years | _years_of(one.view.sheet.name)
        unit = found.unit if found.way == "left" else ()
        groups.setdefault((id(one.view), found.strange, unit, years), []).append(one)
    listed = []
    for (_, strange, unit, years), members in groups.items():
        parts = [members]
        if _has_doubles(members):
            by_title: dict[tuple[int, int], list[_Candidate]] = {}
            for one in members:
                by_title.setdefault(one.title, []).append(one)
            parts = list(by_title.values())
        for part in parts:
            for connected in _connected(part) if _has_doubles(part) else [part]:
                listed.append(_Group(connected, strange, unit, years))
    return listed


def _has_doubles(candidates: Sequence[_Candidate]) -> bool:
    return len({one.found.cell for one in candidates}) < len(candidates)


def _connected(candidates: Sequence[_Candidate]) -> list[list[_Candidate]]:
    """The candidates by tables: those that share a heading, directly or through others."""
    parts: dict[int, list[_Candidate]] = {}
    part_of: dict[tuple[int, int], int] = {}
    for number, one in enumerate(candidates):
        members = [one]
        for joined in {part_of[head] for head in one.found.heads if head in part_of}:
            members = [*parts.pop(joined), *members]
        parts[number] = members
        part_of.update((head, number) for member in members for head in member.found.heads)
    return _packed(list(parts.values()))


def _packed(parts: list[list[_Candidate]]) -> list[list[_Candidate]]:
    """Parts without a common cell put together again, in the order in which they stand: blocks of one table."""
    packed: list[list[_Candidate]] = []
    for part in sorted(parts, key=lambda part: min((one.found.row, one.found.column) for one in part)):
        ids = {one.found.cell for one in part}
        if packed and not ids & {one.found.cell for one in packed[-1]}:
            packed[-1].extend(part)
        else:
            packed.append(list(part))
    return packed


def _rivals(groups: Sequence[_Group]) -> list[list[_Group]]:
    """Groups that share cells of the form, together."""
    together: list[list[_Group]] = []
    for group in groups:
        joined = [rivals for rivals in together if any(group.ids & other.ids for other in rivals)]
        together = [rivals for rivals in together if rivals not in joined]
        together.append([*(other for rivals in joined for other in rivals), group])
    return together


def _plainest(groups: list[_Group]) -> list[_Group]:
    """Those that no unknown heading covers, if there are any; no examples."""
    kept = [
        group for group in groups if not any(word in group.candidates[0].view.sheet.name for word in _SAMPLE)
    ]
    kept = kept or groups
    return [group for group in kept if not group.strange and not group.unit] or kept


def _calculates(group: _Group) -> bool:
    """Whether a table only repeats what stands elsewhere."""
    return sum(one.target.formula for one in group.candidates) > _CALCULATED * len(group.candidates)


def _largest(groups: list[_Group]) -> list[_Group]:
    """The table itself beside extracts of it, if sizes say so."""
    whole = len(frozenset().union(*(group.ids for group in groups)))
    large = [group for group in groups if len(group.ids) >= _DOMINANT * whole]
    small = [group for group in groups if len(group.ids) <= _MINOR * whole]
    return large if len(large) == 1 and len(large) + len(small) == len(groups) else groups


def _is_title(heading: ReadHeading) -> bool:
    return heading.kind in ("unknown", "year", "foreign")


def _years_of(text: str) -> frozenset[int]:
    return frozenset(int(year) for year in _YEAR_TEXT.findall(plain(text)))


def _same_name(agency: str, text: str) -> int:
    """2 for the same name, 1 if one is part of the other, else 0."""
    if not agency or len(text) < 2:
        return 0
    return 2 if text == agency else int(text in agency or agency in text)


def _how(found: Found) -> str:
    way = {"both": "行名和栏名", "up": "上方的栏名", "left": "左边的行名"}[found.way]
    strange = (*found.strange, *found.unit)
    return way + (f"；另有“{'”“'.join(strange[:3])}”" if strange else "")


# -------------------- texts beside the tables
_REPORT_FIELDS = {known.removeprefix("report."): known for known in ASKED}
_WRITTEN_INSIDE = ("report.agency", "report.year", "report.date")
_ASKING = r"[\u3400-\u9fff]{2,8}(?:[（(][^（）()]{1,8}[)）])?\s*[:：]"
_GIVEN = r"[_＿\s]*年[_＿\s]*月[_＿\s]*日|[_＿]+|(?:(?!\s{2}|[（(]|" + _ASKING + r")[^:：_＿])*"
_ASKED = re.compile(rf"({_ASKING})\s?({_GIVEN})")
"""What is asked for and what is given: a date to be filled in, a line, or words up to a wide gap or a bracket."""
_BLANK_YEAR = re.compile(r"(?:[_＿]{2,}|[×✕xX]{2,4}|20[_＿\s×xX]{2,}|[（(][_＿\s]*[)）]|\s{2,})(?=年)")


def _in_cell(text: str, headings: Headings) -> str | None:
    """The pattern of a text that asks for something in itself: 「填报单位：____」, 「20__年度…」; None else."""
    pieces: list[str] = []
    at = 0
    for found in _ASKED.finditer(text):
        one = _REPORT_FIELDS.get(headings.read(found[1].rstrip(" \u3000:：")).field, "")
        if one in _WRITTEN_INSIDE:
            pieces.extend((text[at : found.start(2)], f"{{{{{one}}}}}"))
            at = found.end(2)
    if pieces:
        return "".join((*pieces, text[at:]))
    year = _BLANK_YEAR.search(text)
    if year is not None and len(text) < 60:
        return f"{text[: year.start()]}{{{{report.year}}}}{text[year.end() :]}"
    return None


def _asks_beside(view: _View, row: int, column: int) -> bool:
    """Whether a place beside a field's heading holds its value, or is free for it."""
    heading = view.words.get(row, {}).get(column)
    text = view.sheet.text(row, column)
    return (
        heading is None
        or heading.kind in ("year", "noise")
        or (heading.kind == "unknown" and not text.rstrip().endswith((":", "：")))
    )


def _is_prose(view: _View, row: int, column: int) -> bool:
    """Whether a text may be a section's prose, not a heading."""
    heading = view.words[row][column]
    return heading.kind in ("noise", "unknown") and (len(heading.text) > 12 or heading.kind == "noise")
