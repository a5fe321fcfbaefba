"""Which unit of the list a received file is of: by a reason that fits one unit only, or a question to a person.

Knows the order in which reasons count (the code, the name as it is, another name that is known, the name in its normal
form, a known short name), where a name may be said (in the file, in the name of the file, in the title), and what
never counts: likeness, figures, an office for its government, an office of another level. What fits two units, and what
is said differently in two places, is asked. Knows no file on a disk, and no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

from gxeditor.core.rollup.naming import (
    Strength,
    Words,
    agreed,
    area_of,
    area_rank,
    is_organ,
    level_word,
    plain,
    short_area,
    unknown_areas,
    without_brackets,
)
from gxeditor.core.rollup.project import Received, Rollup
from gxeditor.core.rollup.units import Alias, Unit, UnitKind, Units


class FileSays(NamedTuple):
    """What a received file says of whose it is.

    `agency` is the name of the unit as the file has it (in a file of several units that of the row), `title` its title,
    `file_name` its name with or without folders and suffix, `code` a 统一社会信用代码, `year` that of the report: which
    unit it is of does not depend on it.
    """

    agency: str = ""
    title: str = ""
    file_name: str = ""
    code: str = ""
    year: int | None = None


class Match(NamedTuple):
    """The id of the one unit that a file is of and how that is known; or, of none, who comes into question and why."""

    unit: str = ""
    how: str = ""
    candidates: tuple[str, ...] = ()
    why_not: str = ""


Sign = Literal["＝", "≈", "≠"]


class Agreement(NamedTuple):
    """How one of the places in which a name is said agrees with a unit; `where` and `text` in words for the clerk."""

    sign: Sign
    where: str
    text: str


@dataclass(eq=False)
class _Area:
    """A place of the list: the government's, or one that several units stand under."""

    name: str
    above: _Area | None = None

    def within(self, other: _Area) -> bool:
        area: _Area | None = self
        while area is not None:
            if area is other:
                return True
            area = area.above
        return False


class _Reading(NamedTuple):
    """One way to read a name: of which place, and what of it is left; `level` is a bare word for a level (县教育局)."""

    area: _Area | None
    stem: str
    level: str = ""


@dataclass
class _Said:
    """What one text says: the units that it names, how surely, and what it names that is no unit of the list.

    `unknown` ends as the name of a body does, `vague` is of no unit in particular, `left` may be anything.
    """

    where: str
    text: str
    hits: set[str] = field(default_factory=set)
    strength: int = Strength.SHORT_ENDING
    shown: str = ""
    unknown: str = ""
    vague: str = ""
    left: str = ""


_MOST_CANDIDATES = 4  # more are no choice: then the list is searched (LOOK-3, 18)
_LIKE = 0.34
"""Share of pairs of characters that two names have in common (Dice), from which one is shown as a candidate. It is
only ever shown: 城管执法局 and 综合行政执法局 have 0.40, two departments picked at random less than 0.2."""
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}~?$")
_OFFICE = re.compile("(?:办公[室厅]|办)$")
_WHERE_AGENCY, _WHERE_FILE, _WHERE_TITLE = "文内单位", "文件名", "文内标题"
_HOW = {
    Strength.EXACT: "与名单里的名称相同",
    Strength.ALIAS: "是名单里的曾用名或记住的写法",
    Strength.LOOSE: "去掉空格、括号和“和”以后与名单里的名称相同",
    Strength.SHORT: "是通用简称或挂牌的名称，名单里只有这一家",
    Strength.ENDING: "与名单里的只差“局”和“委”，名单里只有这一家",
    Strength.SHORT_ENDING: "与名单里的简称只差“局”和“委”，名单里只有这一家",
}
_WHENCE = {"list": "是名单里的曾用名", "asked": "是您选定过的写法", "prior": "是去年汇总里记住的写法"}
_CORE_KINDS = (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY)
_PLACES = (*_CORE_KINDS, UnitKind.TOWNSHIP, UnitKind.STREET, UnitKind.ZONE)


class Matcher:
    """Tells the unit of each file of one list; made once for a whole folder. Exempt units are known as well.

    `owner` is whose list it is (松塘县); where it is "", the list says it (`owner_of`).
    """

    def __init__(self, units: Units, owner: str, words: Words) -> None:
        self._units, self._words = units, words
        self._named = [unit for unit in units.listed if unit.kind is not UnitKind.GROUP]
        self._owner = area_of(owner) or owner_of(units)
        self._root = _Area(self._owner)
        self._areas: dict[str, list[_Area]] = {}
        self._area_of: dict[str, _Area] = {}
        self._government: dict[str, _Area] = {}
        self._settle_areas()
        self._everywhere: dict[str, dict[str, int]] = {}
        self._inside: dict[tuple[int, str], dict[str, int]] = {}
        self._whence: dict[tuple[str, str], Alias] = {}
        self._forms_of: dict[str, dict[str, int]] = {}
        for unit in self._named:
            self._learn(unit)
        self._protected = self._protect()

    # --- the list

    def _settle_areas(self) -> None:
        if self._owner:
            self._add_area(self._root)
        parents = self._units.children
        for unit in self._from_top():
            above = next(
                (self._government[one.id] for one in self._units.above(unit) if one.id in self._government),
                self._root,
            )
            self._area_of[unit.id] = above
            name = self._place(unit)
            if not name:
                continue
            if name == self._owner:
                self._government[unit.id] = self._area_of[unit.id] = self._root
            elif unit.kind in _CORE_KINDS or unit.id in parents:
                area = _Area(self._own_part(name, above), above)
                self._government[unit.id] = area
                self._add_area(area)

    def _from_top(self) -> Iterator[Unit]:
        return iter(self._units.below(""))

    def _place(self, unit: Unit) -> str:
        """The name of the place that a unit stands for, "" if for none; a heading may name one."""
        if unit.kind in _PLACES or (unit.kind is UnitKind.GROUP and area_rank(plain(unit.name)) <= 3):
            return area_of(unit.name)
        return ""

    def _own_part(self, name: str, above: _Area) -> str:
        area: _Area | None = above
        while area is not None:
            if area.name and name.startswith(area.name) and len(name) > len(area.name):
                return name.removeprefix(area.name)
            area = area.above
        return name

    def _add_area(self, area: _Area) -> None:
        for name in {area.name, short_area(area.name)} - {""}:
            self._areas.setdefault(name, []).append(area)

    def _learn(self, unit: Unit) -> None:
        former, boards, bare = self._words.formers(unit.name)
        names = [(plain(unit.name), Strength.EXACT), (plain(bare), Strength.EXACT)]
        names += [(plain(name), Strength.ALIAS) for name in former]
        names += [(plain(alias.name), Strength.ALIAS) for alias in unit.aliases]
        names += [(plain(name), Strength.SHORT) for name in boards]
        if unit.kind is UnitKind.ZONE:
            whole = without_brackets(plain(bare))
            short = re.sub("(?:管理委员会|管委会)$", "", whole)
            names.append((short if short != whole else f"{whole}管理委员会", Strength.SHORT))
        for alias in unit.aliases:
            self._whence[unit.id, plain(alias.name)] = alias
        for name, least in names:
            if not name:
                continue
            systemless = self._words.without_system(name)
            for text in {name, systemless}:
                for reading in self._readings(text):
                    if reading.level and reading.level != level_word(self._area_of[unit.id].name):
                        continue
                    area = reading.area or self._area_of[unit.id]
                    if reading.area is not None and not self._is_near(unit, reading.area):
                        continue
                    if reading.stem or unit.id in self._government:
                        self._know(unit, area, reading.stem, least)
            if unit.kind is UnitKind.BRANCH or unit.kind is UnitKind.VERTICAL:
                for upper in unknown_areas(systemless):
                    if is_organ(systemless.removeprefix(upper)):
                        self._know(
                            unit, self._area_of[unit.id], systemless.removeprefix(upper), Strength.LOOSE
                        )
        if unit.kind in (UnitKind.TOWNSHIP, UnitKind.STREET):
            place = area_of(without_brackets(plain(bare)))
            stem = self._own_part(place, self._area_of[unit.id])
            self._know(unit, self._area_of[unit.id], stem, Strength.LOOSE)
            if unit.kind is UnitKind.TOWNSHIP:
                self._know(unit, self._area_of[unit.id], f"{stem}人民政府", Strength.LOOSE)
            elif stem.endswith("街道"):
                self._know(unit, self._area_of[unit.id], f"{stem}办事处", Strength.LOOSE)
        own = self._government.get(unit.id)
        if own is not None and unit.kind in _CORE_KINDS:
            self._know(unit, own, "", Strength.LOOSE)
            self._know(unit, own, "人民政府", Strength.LOOSE)

    def _is_near(self, unit: Unit, area: _Area) -> bool:
        """Whether a place may be the one that the name of a unit begins with."""
        own = self._area_of[unit.id]
        return own.within(area) or area is self._government.get(unit.id)

    def _know(self, unit: Unit, area: _Area, stem: str, least: int) -> None:
        for form, strength in self._forms(stem).items() if stem else (("", Strength.EXACT),):
            strength = max(strength, least)
            if form:
                known = self._everywhere.setdefault(form, {})
                known[unit.id] = min(strength, known.get(unit.id, strength))
            inside = self._inside.setdefault((id(area), form), {})
            inside[unit.id] = min(strength, inside.get(unit.id, strength))

    def _forms(self, stem: str) -> dict[str, int]:
        forms = self._forms_of.get(stem)
        if forms is None:
            forms = self._forms_of[stem] = self._words.forms(stem)
        return forms

    def _protect(self) -> re.Pattern[str] | None:
        """The names that hold what else is left out of a text: 12345热线中心."""
        names = {plain(one) for unit in self._named for one in (unit.name, *(a.name for a in unit.aliases))}
        stems = {reading.stem for name in names for reading in self._readings(name)}
        kept = [
            one
            for one in names | stems
            if len(one) > 2
            and self._words.noise.search(one)
            and "".join(p.text for p in self._words.pieces(one) if not p.in_brackets) != one
        ]
        kept = [one for one in kept if without_brackets(one) == one]
        if not kept:
            return None
        return re.compile("|".join(re.escape(one) for one in sorted(kept, key=len, reverse=True)))

    # --- reading a name

    def _readings(self, text: str) -> Iterator[_Reading]:
        """The ways in which a plain name can be read: where its place ends and its own part begins."""
        yield _Reading(None, text)
        if text[:1] in "省市县区旗州盟" and len(text) > 2:
            yield _Reading(None, text[1:], text[0])
        yield from self._after(text, None, "")

    def _after(self, text: str, area: _Area | None, passed: str) -> Iterator[_Reading]:
        for end in range(2, min(len(text), 16) + 1):
            for found in self._areas.get(text[:end], ()):
                if area is not None and not found.within(area):
                    continue
                if passed and not self._is_above(passed, found):
                    continue
                left = text[end:]
                if left or end == len(found.name):  # a place without its level is no name by itself
                    yield _Reading(found, left)
                if left[:1] and left[0] == level_word(found.name):
                    yield _Reading(found, left[1:])
                yield from self._after(left, found, "")
        if area is None:
            for upper in unknown_areas(text):
                if upper not in self._areas:
                    yield from self._after(text[len(upper) :], None, upper)

    def _is_above(self, upper: str, area: _Area) -> bool:
        """Whether a place that the list does not know may be the one over a place of it.

        Right over the owner's stands any that is higher; over those below, the province alone: another city may have a
        district of the same name.
        """
        rank = area_rank(upper)
        if area is self._root:
            return rank < area_rank(self._owner) or (upper.endswith("市") and self._owner.endswith("市"))
        return rank == 1 and area_rank(area.name) in (2, 3)

    def _look_up(self, text: str) -> tuple[int, set[str]]:
        """The units that a plain name fits by the surest reason, and how sure that is."""
        hits: dict[str, int] = {}
        for name in dict.fromkeys((text, self._words.without_system(text))):
            for reading in self._readings(name):
                forms = self._forms(reading.stem) if reading.stem else {"": int(Strength.EXACT)}
                for form, strength in forms.items():
                    if reading.area is not None:
                        known = self._inside.get((id(reading.area), form), {})
                    else:
                        known = self._everywhere.get(form, {}) if form else {}
                    for unit, other in known.items():
                        if reading.level and reading.level != level_word(self._area_of[unit].name):
                            continue
                        both = agreed(strength, other)
                        if both is not None:
                            hits[unit] = min(both, hits.get(unit, both))
        if not hits:
            return Strength.SHORT_ENDING, set()
        best = min(hits.values())
        if best == Strength.EXACT:  # another's remembered spelling is a second reason, and asked about
            best = Strength.ALIAS
        return min(hits.values()), {unit for unit, strength in hits.items() if strength <= best}

    def _pure_area(self, text: str) -> _Area | None:
        areas = self._areas.get(text, ())
        return areas[0] if len(areas) == 1 else None

    # --- reading a text

    def _said(self, where: str, text: str) -> _Said:
        said = _Said(where, text)
        if not text.strip():
            return said
        whole = plain(text)
        strength, hits = self._look_up(whole)
        if hits and strength <= Strength.ALIAS:
            said.hits, said.strength, said.shown = hits, strength, whole
            return said
        best: _Said | None = None
        for variant in dict.fromkeys((self._words.joined(whole), self._words.joined(text))):
            found = self._said_in(where, variant)
            if len(found.hits) == 1 and not found.unknown:
                return found
            if best is None or (bool(found.hits), not found.unknown) > (bool(best.hits), not best.unknown):
                best = found
        return best or said

    def _said_in(self, where: str, text: str) -> _Said:
        said = _Said(where, text)
        kept: list[str] = []

        def keep(match: re.Match[str]) -> str:
            kept.append(match[0])
            return chr(0xE000 + len(kept) - 1)

        if self._protected is not None:
            text = self._protected.sub(keep, text)
        pieces = self._words.pieces(text)

        def back(piece: str) -> str:
            return "".join(kept[ord(c) - 0xE000] if 0 <= ord(c) - 0xE000 < len(kept) else c for c in piece)

        main = [back(piece.text) for piece in pieces if not piece.in_brackets]
        inner = [back(piece.text) for piece in pieces if piece.in_brackets]
        places: list[_Area] = []
        self._take(said, main, places)
        for piece in inner:
            boards = [piece, *self._words.boards(piece)]
            found = _Said(where, piece)
            self._take(found, boards, places)
            if found.hits and not found.hits & said.hits:
                said.hits |= found.hits
                said.strength = max(said.strength, found.strength) if len(said.hits) > 1 else found.strength
                said.shown = said.shown or found.shown
            elif said.hits and _OFFICE.search(piece) and self._are_governments(said.hits):
                said.unknown = said.unknown or piece
            elif not said.hits and not main:
                said.unknown = said.unknown or found.unknown
            said.vague = said.vague or found.vague
        for place in places:
            if said.hits and not (inside := {one for one in said.hits if self._area_of[one] is place}):
                said.unknown = said.unknown or f"{place.name}{said.shown}"
            else:
                said.hits = inside if said.hits else set()
        return said

    def _take(self, said: _Said, pieces: list[str], places: list[_Area]) -> None:
        """Takes the units that pieces name, the longest run of pieces first, and what else they name."""
        left = list(pieces)
        alone: list[tuple[_Area, str, int, set[str]]] = []
        shortest = len(left) if any(len(piece) == 1 for piece in left) else 1  # 松 塘 县 民 政 局 is one name
        for length in range(len(left), shortest - 1, -1):
            start = 0
            while start + length <= len(left):
                run = "".join(left[start : start + length])
                strength, hits = self._look_up(run)
                if hits and not self._words.is_vague(run):
                    del left[start : start + length]
                    left.insert(start, "\0")  # what stood before is no neighbour of what stood behind
                    area = self._pure_area(run)
                    if area is not None:
                        alone.append((area, run, strength, hits))
                    else:
                        said.strength = max(said.strength, strength) if said.hits else strength
                        said.hits |= hits
                        said.shown = said.shown or run
                start += 1
        for area, run, strength, hits in alone:
            if said.hits:
                places.append(area)
            elif any(piece != "\0" and not self._words.is_vague(piece) for piece in left):
                said.left = said.left or run  # a place with something else (松塘县2025年汇总) is no name
            else:
                said.hits, said.strength, said.shown = said.hits | hits, strength, run
        for piece in left:
            if piece == "\0":
                continue
            if self._words.is_vague(piece):
                said.vague = said.vague or piece
            elif self._pure_area(piece) is not None:
                places.append(self._areas[piece][0])
            elif is_organ(piece):
                said.unknown = said.unknown or piece
            elif len(piece) > 1:
                said.left = said.left or piece

    def _are_governments(self, hits: Iterable[str]) -> bool:
        kinds = (*_CORE_KINDS, UnitKind.TOWNSHIP)
        return any(self._units.by_id[unit].kind in kinds for unit in hits)

    # --- the answer

    def match(self, says: FileSays) -> Match:
        """The one unit that the file is of, or a question. It names a unit only if all that the file says agrees."""
        by_code = self._by_code(says.code)
        if by_code is not None and not isinstance(by_code, str):
            return by_code
        folders, name = _parted(says.file_name)
        said = [
            self._said(_WHERE_AGENCY, says.agency),
            self._said(_WHERE_FILE, name),
            self._said(_WHERE_TITLE, says.title),
        ]
        if says.agency and says.title and said[0].hits and says.agency in says.title:
            said.pop()  # the title says the same words once more
        if by_code:
            return self._with_code(by_code, said)
        naming = [one for one in said if one.hits]
        if not naming:
            return self._by_folder(folders, said)
        common = set.intersection(*(one.hits for one in naming))
        if not common:
            return self._conflict(naming)
        if len(common) > 1:
            common = self._in_folder(common, folders)
        if len(common) > 1:
            return self._several(common, naming)
        (unit,) = common
        odd = next((one for one in said if one.unknown), None)
        if odd is not None:
            return Match(candidates=(unit,), why_not=self._odd(odd, naming, unit))
        vague = next((one for one in said if one.vague and _OFFICE.search(one.vague)), None)
        if vague is not None and self._are_governments((unit,)):
            why = f"{vague.where}里是“{vague.vague}”，政府和它的办公室是两家，请选定。"
            return Match(candidates=self._with_office(unit), why_not=why)
        return Match(unit, self._how(naming, unit))

    def _by_code(self, code: str) -> str | Match | None:
        wanted = plain(code).upper()
        if not wanted:
            return None
        having = [unit.id for unit in self._named if unit.code and plain(unit.code).upper() == wanted]
        if len(having) > 1:
            return Match(
                candidates=tuple(having), why_not=f"名单里有 {len(having)} 家的统一社会信用代码是 {wanted}。"
            )
        return having[0] if having else None

    def _with_code(self, unit: str, said: list[_Said]) -> Match:
        against = next((one for one in said if one.hits and unit not in one.hits), None)
        if against is not None:
            names = "、".join(self._name(one) for one in self._ordered(against.hits))
            why = f"统一社会信用代码是{self._name(unit)}的，{against.where}却写着{names}。"
            return Match(candidates=(unit, *self._ordered(against.hits))[:_MOST_CANDIDATES], why_not=why)
        return Match(unit, "统一社会信用代码相同。")

    def _by_folder(self, folders: list[str], said: list[_Said]) -> Match:
        odd = next((one for one in said if one.unknown), None)
        if odd is None:
            for folder in reversed(folders):
                found = self._said("文件夹名", folder)
                if found.unknown:
                    break
                if len(found.hits) == 1 and self._pure_area(found.shown) is None:
                    (unit,) = found.hits
                    office = any(_OFFICE.search(one.vague) for one in said if one.vague)
                    if office and self._are_governments((unit,)):
                        break
                    return Match(unit, self._how([found], unit))
                if found.hits:
                    break
        if odd is not None:
            like = self._alike(odd.unknown)
            beside = "" if like else "，也没有相近的"
            return Match(
                candidates=like, why_not=f"{odd.where}里是“{odd.unknown}”，名单里没有这个写法{beside}。"
            )
        vague = next((one for one in said if one.vague), None)
        texts = [one.text for one in said if one.text]
        like = self._alike(*(piece.text for text in texts for piece in self._words.pieces(text)))
        if vague is not None:
            return Match(candidates=like, why_not=f"{vague.where}里只有“{vague.vague}”，看不出是哪一家。")
        left = next((one for one in said if one.left), None)
        if left is not None:
            return Match(candidates=like, why_not=f"{left.where}里是“{left.left}”，名单里没有这个写法。")
        return Match(candidates=like, why_not="文件名和文件里都没有写单位名称。")

    def _in_folder(self, units: set[str], folders: list[str]) -> set[str]:
        """Those of several that stand in the place after which a folder is named."""
        for folder in reversed(folders):
            for piece in (plain(folder), *(one.text for one in self._words.pieces(folder))):
                area = self._pure_area(area_of(piece)) if piece else None
                inside = {unit for unit in units if area is not None and self._area_of[unit].within(area)}
                if area is not None and area is not self._root and inside:
                    return inside
        return units

    def _conflict(self, naming: list[_Said]) -> Match:
        parts = []
        for one in naming:
            names = "、".join(self._name(unit) for unit in self._ordered(one.hits)[:2])
            parts.append(f"{one.where}里是“{one.shown}”（{names}）")
        found = self._ordered(set().union(*(one.hits for one in naming)))
        return Match(candidates=found[:_MOST_CANDIDATES], why_not=f"{'，'.join(parts)}，不是同一家。")

    def _several(self, common: set[str], naming: list[_Said]) -> Match:
        one = naming[0]
        names = self._ordered(common)
        listed = "、".join(self._path_name(unit) for unit in names[:_MOST_CANDIDATES])
        more = f"等 {len(names)} 家" if len(names) > _MOST_CANDIDATES else f" {len(names)} 家"
        why = f"{one.where}里的“{one.shown}”在名单里有{listed}{more}都合得上。"
        return Match(candidates=names, why_not=why)

    def _odd(self, odd: _Said, naming: list[_Said], unit: str) -> str:
        one = naming[0]
        if one is odd:
            return f"{one.where}里除了“{one.shown}”还有“{odd.unknown}”，名单里没有后一个写法。"
        return f"{one.where}里是“{one.shown}”（{self._name(unit)}），{odd.where}里却是“{odd.unknown}”，名单里没有。"

    def _with_office(self, unit: str) -> tuple[str, ...]:
        area = self._government.get(unit)
        offices = [
            one.id
            for one in self._named
            if one.kind is UnitKind.OFFICE and area is not None and self._area_of[one.id] is area
        ]
        return (unit, *offices)

    def _how(self, naming: list[_Said], unit: str) -> str:
        one = min(naming, key=lambda said: said.strength)
        alias = self._whence.get((unit, one.shown))
        why = _WHENCE.get(alias.whence, _HOW[Strength.ALIAS]) if alias is not None else _HOW[one.strength]
        return f"{one.where}里的“{one.shown}”{why}。"

    def _ordered(self, units: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(units, key=self._place_in_list.__getitem__))

    @cached_property
    def _place_in_list(self) -> dict[str, int]:
        return {unit.id: place for place, unit in enumerate(self._units.listed)}

    def _name(self, unit: str) -> str:
        return self._units.by_id[unit].name

    def _path_name(self, unit: str) -> str:
        """A unit's name, with that of its place where another has the same."""
        name, area = self._name(unit), self._area_of[unit].name
        return name if not area or area in plain(name) else f"{area}{name}"

    # --- what is alike, to be shown and never taken

    @cached_property
    def _pairs(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for unit in self._named:
            for name in (unit.name, *(alias.name for alias in unit.aliases)):
                for pair in _pairs_of(self._bare(name)):
                    found.setdefault(pair, set()).add(unit.id)
        return found

    def _bare(self, name: str) -> str:
        """The shortest rest of a name behind its place."""
        text = without_brackets(plain(name))
        stems = [reading.stem for reading in self._readings(text) if len(reading.stem) > 1]
        return min(stems, key=len) if stems else text

    def _alike(self, *texts: str) -> tuple[str, ...]:
        """The units whose names resemble a text, the most alike first, at most as many as are a choice."""
        scores: dict[str, float] = {}
        for text in texts:
            wanted = self._bare(text)
            mine = _pairs_of(wanted)
            near = {unit for pair in mine for unit in self._pairs.get(pair, ())}
            near |= {unit.id for unit in self._named if len(wanted) < 5} if not near else set()
            for unit in near:
                best = max(
                    _likeness(wanted, self._bare(name))
                    for name in (
                        self._name(unit),
                        *(alias.name for alias in self._units.by_id[unit].aliases),
                    )
                )
                scores[unit] = max(best, scores.get(unit, 0.0))
        able = [unit for unit, score in scores.items() if score >= _LIKE]
        able.sort(key=lambda unit: (-scores[unit], self._place_in_list[unit]))
        return tuple(able[:_MOST_CANDIDATES])

    def spelling(self, says: FileSays) -> str:
        """The words of a file by which a person would know its unit again: without the own place, "" for none.

        None either, if they are the very name of a unit: they would not be its alone.
        """
        _, name = _parted(says.file_name)
        for where, text in ((_WHERE_AGENCY, says.agency), (_WHERE_FILE, name), (_WHERE_TITLE, says.title)):
            said = self._said(where, text)
            shown = said.unknown or said.shown or said.left
            if not shown or said.vague == shown:
                continue
            if said.hits and said.strength <= Strength.LOOSE:
                return ""
            return shown.removeprefix(self._owner) or shown
        return ""

    def agreements(self, unit_id: str, says: FileSays) -> tuple[Agreement, ...]:
        """How what a file says agrees with one unit, place by place: its name, its title, the former names."""
        unit = self._units.by_id[unit_id]
        _, name = _parted(says.file_name)
        rows = []
        for where, text in ((_WHERE_FILE, name), (_WHERE_TITLE, says.agency or says.title)):
            rows.append(self._agreement(where, text, unit))
        return (*rows, self._former_agreement(unit, says, name))

    def _agreement(self, where: str, text: str, unit: Unit) -> Agreement:
        said = self._said(where, text)
        shown = said.shown or said.unknown or said.vague
        if unit.id in said.hits:
            if len(said.hits) == 1:
                return Agreement("＝", where, f"“{shown}”{_HOW[said.strength]}")
            others = [one for one in self._ordered(said.hits) if one != unit.id]
            also = self._bare(self._name(others[0])) if len(others) == 1 else f"另外 {len(others)} 家"
            return Agreement("≈", where, f"“{shown}”合得上它，也合得上{also}")
        if said.hits:
            names = "、".join(self._name(one) for one in self._ordered(said.hits)[:2])
            return Agreement("≠", where, f"“{shown}”是{names}")
        if not shown or said.vague == shown:
            beside = f"只有“{shown}”，" if shown else ""
            return Agreement("≠", where, f"{beside}没有写单位名称")
        if _likeness(self._bare(shown), self._bare(unit.name)) >= _LIKE:
            return Agreement("≈", where, f"“{shown}”与“{self._bare(unit.name)}”近似，不足以认定")
        return Agreement("≠", where, f"“{shown}”与“{self._bare(unit.name)}”不同")

    def _former_agreement(self, unit: Unit, says: FileSays, name: str) -> Agreement:
        pieces = [one.text for text in (name, says.agency, says.title) for one in self._words.pieces(text)]
        texts = {form for piece in pieces for form in (piece, self._bare(piece))}
        for alias in unit.aliases:
            if {plain(alias.name), self._bare(alias.name)} & texts:
                return Agreement("＝", "曾用名", f"名单里有“{alias.name}”{_noted(alias)}")
        likest = max(
            unit.aliases,
            key=lambda alias: max((_likeness(self._bare(alias.name), text) for text in texts), default=0.0),
            default=None,
        )
        if likest is not None and any(_likeness(self._bare(likest.name), text) >= _LIKE for text in texts):
            return Agreement("≈", "曾用名", f"名单里有“{likest.name}”{_noted(likest)}，近似")
        return Agreement("≠", "曾用名", "名单里没有这个写法")


def _noted(alias: Alias) -> str:
    return f"，{alias.note}" if alias.note else ""


def owner_of(units: Units) -> str:
    """Whose list it is, by the list itself: 松塘县, or "" if nothing says so.

    It is the place of the government that the others stand under; else the place with which most names begin, or of
    the one government that stands higher than it and than any other.
    """
    named = [unit for unit in units.listed if unit.kind is not UnitKind.GROUP]
    for unit in units.children.get("", ()):
        if unit.kind in _CORE_KINDS and unit.id in units.children:
            return area_of(unit.name)
    begun: dict[str, int] = {}
    for unit in named:
        for area in unknown_areas(plain(unit.name)):
            begun[area] = begun.get(area, 0) + 1
            break
    most = max(begun, key=lambda area: begun[area], default="")
    if begun.get(most, 0) * 2 <= sum(begun.values()) or begun.get(most, 0) < 2:
        most = ""
    governments = {area_of(unit.name) for unit in named if unit.kind in _CORE_KINDS}
    rank = min((area_rank(area) for area in governments), default=0)
    highest = [area for area in governments if area_rank(area) == rank]
    if len(highest) == 1 and (not most or rank < area_rank(most)):
        return highest[0]
    return most


def says_of(one: Received) -> FileSays:
    """What a received report says of whose it is; of a row in a file of several units only the row's name counts."""
    if one.row:
        return FileSays(agency=one.row, year=one.year)
    return FileSays(one.agency, one.title, one.path, year=one.year)


def claimed_anew(rollup: Rollup, words: Words, only: str = "") -> Rollup:
    """The roll-up with every file that nobody has claimed matched once more, for its list or a spelling is another.

    What a person decided stays; so does what was matched before and still has its unit. `only` is the id of a unit, if
    no other is to get any.
    """
    if not rollup.unclaimed:
        return rollup
    matcher = Matcher(rollup.units, rollup.owner, words)
    changes = []
    for one in rollup.unclaimed:
        found = matcher.match(says_of(one))
        if only and found.unit != only:
            continue
        new = replace(
            one,
            unit=found.unit,
            matched=found.how,
            candidates=found.candidates,
            why_not="" if found.unit else found.why_not,
        )
        if new != one:
            changes.append(new)
    return rollup.with_received(changes) if changes else rollup


def match(units: Units, owner: str, says: FileSays, words: Words) -> Match:
    """The unit of one file; who asks for many makes one `Matcher`."""
    return Matcher(units, owner, words).match(says)


def _parted(path: str) -> tuple[list[str], str]:
    """The folders of a path and the name of its file without its suffix."""
    *folders, name = re.split(r"[/\\]", path)
    return folders, _SUFFIX.sub("", name)


def _pairs_of(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _likeness(one: str, other: str) -> float:
    """Pairs of characters that two names share (Dice), or 1 where the shorter is left of the longer by leaving out."""
    if not one or not other:
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    rest = iter(longer)
    if len(shorter) > 2 and shorter[0] == longer[0] and all(char in rest for char in shorter):
        return 1.0
    mine, others = _pairs_of(one), _pairs_of(other)
    return 2 * len(mine & others) / (len(mine) + len(others)) if mine and others else 0.0
