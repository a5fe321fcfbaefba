"""What the name of a unit says: how it is compared, of which kind the unit is, and how others write it.

Knows how a name is written in one way (widths, blanks, brackets, 和 and 、), which short names stand for which, what
stands beside a name in the name of a file or in a title, and what the end of a name says of the unit's kind. The words
themselves are in resources/rollup/units.toml, each list with its source. Knows no list of units: which unit is meant
is told by `matching`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from gxeditor.core.errors import Defects
from gxeditor.core.rollup.units import UnitKind


class KindWord(NamedTuple):
    """What in a name says its kind: `why` for the clerk, `ask` what is left for the clerk to decide of such a unit."""

    kind: UnitKind
    pattern: re.Pattern[str]
    why: str
    ask: str


class Guess(NamedTuple):
    """The kind that a name says, and why in words; `is_open` if the clerk has to decide something about such units."""

    kind: UnitKind
    why: str
    is_open: bool = False


class Piece(NamedTuple):
    """A part of a text that may be a name; `in_brackets` if it stood there."""

    text: str
    in_brackets: bool = False


class Strength:
    """How sure the agreement of two writings is, the surest first: the order in which reasons are tried.

    The last is both, a short name with another ending (卫健局 for 卫生健康委员会).
    """

    EXACT, ALIAS, LOOSE, SHORT, ENDING, SHORT_ENDING = range(6)


def agreed(one: int, other: int) -> int | None:
    """How sure the agreement of two names is that have a writing in common; None if it is none.

    Two different full names may have one short name (文旅局): that one may stand for either says nothing of the two.
    """
    shortened = (Strength.SHORT, Strength.SHORT_ENDING)
    return None if one in shortened and other in shortened else max(one, other)


_OPEN, _CLOSE = "([{【〔<《〈（［｛", ")]}】〕>》〉）］｝"
_BRACKETED = re.compile(rf"[{re.escape(_OPEN)}]([^{re.escape(_OPEN + _CLOSE)}]*)[{re.escape(_CLOSE)}]")
_MARKS = re.compile(r"[\s\x00_\-—–―~·•.,，、;；+&@#=|/\\'\"“”‘’「」『』:：!！?？*^%$…。①-⑳]+")
_JOINING = re.compile("(?<=.)[和与及暨、·](?=.)")
_ORGAN = re.compile(
    "(?:局|委|委员会|办|办公室|厅|政府|乡|镇|街道|办事处|管委会|中心|院|所|站|队|处|公司|集团|学校|[中小大]学|幼儿园|"
    "省|市|县|区|州|旗|馆|社|会|场|部|署|园|台|校|银行)$"
)
BETWEEN = "[、,，;；/\\n]"
"""What stands between several names in one cell of a list."""
_LONGEST = 40
"""Characters of a name at most; what is longer is a sentence. The longest name of a county's office found has 31."""
_MOST_FORMS = 48
"""Writings of one name that are tried; each short word doubles them, and no name has more than three."""
_AREA = "省|自治区|自治州|地区|自治县|市|州|盟|县|区|旗"
_NO_AREA = re.compile(
    "(?:城市|社区|城区|园区|库区|景区|小区|辖区|新区|开发区|示范区|保税区|度假区|林区|灌区|矿区|牧区|山区|地市|都市|"
    "超市|集市|股市|分区|片区|专区|各县|全县|全市|全区|本县|本市|本区|集聚区|高新区|经开区|风景区|名胜区|管理区|特区|行政区|战区|军区|校区|"
    "楼市|夜市|上市|门市|菜市|城镇市|住宅区|工业区|自治区|自治州|自治县|地州)$"
)
_UNKNOWN_AREA = re.compile(rf"[一-鿿]{{2,7}}?(?:{_AREA})")
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|"
    "塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)  # GB/T 3304—1991, without 族
_RANKS = {"省": 1, "自治区": 1, "市": 2, "州": 2, "自治州": 2, "盟": 2, "地区": 2}
LOWEST_RANK = 3
"""That of 县、区、旗."""


@lru_cache(maxsize=1 << 16)  # each name of a long list is asked for some thirty times
def plain(text: str) -> str:
    """A name as it is compared: half width where there are two, without blanks and unseen characters."""
    return "".join(
        char
        for char in unicodedata.normalize("NFKC", text)
        if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc")
    )


def without_brackets(name: str) -> str:
    """A plain name without what stands in brackets, whatever is in them."""
    while (shorter := _BRACKETED.sub("", name)) != name:
        name = shorter
    return name


def in_brackets(name: str) -> tuple[str, ...]:
    """What stands in the brackets of a name, as written."""
    return tuple(_BRACKETED.findall(name))


def is_organ(text: str) -> bool:
    """Whether a text ends as the name of a body or a place does."""
    return 2 <= len(text) <= _LONGEST and _ORGAN.search(text) is not None


@lru_cache(maxsize=4096)
def area_rank(name: str) -> int:
    """How high a place stands by the end of its name: 1 a province, 2 a city, 3 a county; 4 for any other."""
    found = re.search(rf"(?:{_AREA})$", name)
    return _RANKS.get(found[0], LOWEST_RANK) if found else LOWEST_RANK + 1


@lru_cache(maxsize=4096)
def level_word(name: str) -> str:
    """The last character of the name of a place, by which its offices call it: 县教育局; "" if it is no area."""
    return name[-1:] if area_rank(name) <= LOWEST_RANK else ""


def short_area(name: str) -> str:
    """A place without the word for its level: 松塘 for 松塘县; "" if too little is left to tell it by."""
    left = re.sub(rf"(?:(?:(?:{_PEOPLES})族)*(?:{_AREA})|民族乡|乡|镇|街道|苏木)$", "", name)
    return left if 2 <= len(left) < len(name) else ""


def unknown_areas(text: str) -> Iterator[str]:
    """The places with which a text may begin, by the end of their names alone, the shortest first."""
    for end in range(3, min(len(text), 9) + 1):
        found = _UNKNOWN_AREA.fullmatch(text, 0, end)
        if found and not _NO_AREA.search(found[0]):
            yield found[0]


_AREA_OF_OWNER = re.compile("(?:人民)?政府(?:办公[室厅]|办)?$|(?:行政公署|行署)(?:办公室)?$")


def area_of(name: str) -> str:
    """The place that a government, its office or an owner is of: 松塘县 for 松塘县人民政府办公室."""
    return _AREA_OF_OWNER.sub("", without_brackets(plain(name)))


_INITIALS = (
    ("a", 0xB0A1), ("b", 0xB0C5), ("c", 0xB2C1), ("d", 0xB4EE), ("e", 0xB6EA), ("f", 0xB7A2), ("g", 0xB8C1),
    ("h", 0xB9FE), ("j", 0xBBF7), ("k", 0xBFA6), ("l", 0xC0AC), ("m", 0xC2E8), ("n", 0xC4C3), ("o", 0xC5B6),
    ("p", 0xC5BE), ("q", 0xC6DA), ("r", 0xC8BB), ("s", 0xC8F6), ("t", 0xCBFA), ("w", 0xCDDA), ("x", 0xCEF4),
    ("y", 0xD1B9), ("z", 0xD4D1),
)  # fmt: skip
"""Where each initial begins among the 3,755 common characters, which GB 2312—80 orders by their pinyin."""
_LAST_COMMON = 0xD7F9


def initials(text: str) -> str:
    """The first letters of a name in pinyin (stxjyj for 松塘县教育局), as far as its characters are common ones."""
    letters = []
    for char in plain(text).lower():
        try:
            code = int.from_bytes(char.encode("gb2312"), "big")
        except UnicodeEncodeError:
            continue
        if code < 0x80:
            letters.append(char)
        elif _INITIALS[0][1] <= code <= _LAST_COMMON:
            letters.append(next(letter for letter, first in reversed(_INITIALS) if code >= first))
    return "".join(letters)


@dataclass(frozen=True)
class Words:
    """The words of resources/rollup/units.toml, ready to be used. `parse_words` makes it."""

    kinds: tuple[KindWord, ...]
    shorts: tuple[tuple[str, str], ...]
    endings: tuple[str, ...]
    systems: tuple[str, ...]
    noise: re.Pattern[str]
    alone: frozenset[str]
    vague: frozenset[str]
    columns: Mapping[str, str]
    groups: re.Pattern[str]
    counts: re.Pattern[str]
    totals: re.Pattern[str]
    former: re.Pattern[str]
    signboard: re.Pattern[str]
    renamed: re.Pattern[str]
    also: re.Pattern[str]

    # --- writings of one name

    def forms(self, name: str) -> dict[str, int]:
        """The writings of a plain name, each with the `Strength` of its agreement."""
        forms = {name: Strength.EXACT}
        outer = without_brackets(name)
        loose = _JOINING.sub("", outer)
        for form in (outer, loose, _MARKS.sub("", loose)):
            if form:
                forms.setdefault(form, Strength.LOOSE)
        waiting = [loose]
        while waiting and len(forms) < _MOST_FORMS:
            form = waiting.pop()
            for long, short in self._shorts_in(form):
                shorter = form.replace(long, short)
                if shorter not in forms and len(shorter) > 1:
                    forms[shorter] = Strength.SHORT
                    waiting.append(shorter)
        for form, strength in list(forms.items()):
            ending = next((one for one in self.endings if form.endswith(one)), "")
            core = form.removesuffix(ending) if ending else ""
            if len(core) > 1:
                is_short = strength == Strength.SHORT
                forms.setdefault(f"{core}〔局委〕", Strength.SHORT_ENDING if is_short else Strength.ENDING)
        return forms

    def _shorts_in(self, form: str) -> Iterator[tuple[str, str]]:
        for place in range(len(form) - 1):
            for pair in self._by_beginning.get(form[place : place + 2], ()):
                if form.startswith(pair[0], place):
                    yield pair

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for pair in self.shorts:
            found.setdefault(pair[0][:2], []).append(pair)
        return found

    def without_system(self, name: str) -> str:
        """The name of a branch without that of its national system: 松塘县税务局 for 国家税务总局松塘县税务局."""
        for system in self.systems:
            if name.startswith(system) and len(name) > len(system) + 3:
                return name.removeprefix(system)
        return name

    def formers(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Of a name as written in a list: its former names, its signboards, and the name without the former ones."""
        former: list[str] = []
        boards: list[str] = []
        left = name.strip()
        for inner in in_brackets(name):
            text = plain(inner)
            found = self.former.match(text) or self.also.match(text)
            parts = re.split("[、,，;；/]|和原", text[found.end() :]) if found is not None else []
            parts = [self.renamed.sub("", one).removeprefix("原") for one in parts]
            kept = [one for one in parts if is_organ(one) or re.search(".[科股组司]$", one)]
            if kept:
                former += kept
                left = _BRACKETED.sub(lambda m, i=inner: "" if m[1] == i else m[0], left)  # type: ignore[misc]
            else:
                boards += self.boards(text)
        return tuple(former), tuple(boards), left.strip()

    def boards(self, text: str) -> list[str]:
        """The names in what stands in brackets behind a name (加挂某局牌子), each plain."""
        bare = text
        while (shorter := self.signboard.sub("", bare)) != bare:
            bare = shorter
        names = [_MARKS.sub("", one) for one in re.split("[、,，;；/和]", bare)]
        return [one for one in names if is_organ(one) and one not in self.vague]

    # --- names in other texts

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The parts of a file's name or a title that may be names, without years, marks and the words of a report."""
        narrow = self.noise.sub("\0", unicodedata.normalize("NFKC", text))
        found: list[Piece] = []

        def apart(match: re.Match[str]) -> str:
            found.extend(Piece(one, True) for one in self._bare(match[1]))
            return "\0"

        while (outer := _BRACKETED.sub(apart, narrow)) != narrow:
            narrow = outer
        return (*(Piece(one) for one in self._bare(narrow)), *found)

    def _bare(self, text: str) -> list[str]:
        while (bared := self.noise.sub("\0", text)) != text:
            text = bared
        pieces = [one for one in _MARKS.split(text) if one]
        return [one for one in pieces if one not in self.alone]

    def is_vague(self, name: str) -> bool:
        """Whether a name says of no unit which it is: 办公室, 本单位."""
        return name in self.vague

    # --- kinds

    def guess(self, name: str, owner: str = "", above: UnitKind | None = None) -> Guess:
        """The kind that a name says; `owner` is whose area the list is of, `above` the kind of the unit over it."""
        bare = without_brackets(plain(name)) or plain(name)
        for word in self.kinds:
            if not word.pattern.search(bare):
                continue
            kind, why = word.kind, word.why
            area = area_of(owner)
            below_city = above is UnitKind.CITY or (area_rank(area) == 2 and area_of(bare) != area)
            if kind is UnitKind.CITY and bare[-1:] != "署" and below_city and area_of(bare).endswith("市"):
                kind, why = UnitKind.COUNTY, "名称是市，在市的名单里，按县级市"
            return Guess(kind, f"{why}。{word.ask}。" if word.ask else f"{why}。", bool(word.ask))
        return Guess(UnitKind.DEPARTMENT, "名称看不出类别，先按部门。", True)

    def is_group(self, line: str) -> bool:
        """Whether a line of a list is a heading such as 县直部门（37个）."""
        text = self.without_count(line)
        several = [one for one in re.split("[、和及与]", text) if one]
        if len(several) > 1 and all(self.groups.search(one) for one in several):
            return True
        return any(self.groups.search(one) is not None for one in (text, without_brackets(text)) if one)

    def without_count(self, line: str) -> str:
        """A heading without the number of its units."""
        text = plain(line).rstrip(":：")
        return self.counts.sub("", text) or text

    def is_total(self, line: str) -> bool:
        """Whether a line of a list is a total, a remark or a title, and no unit."""
        return self.totals.search(plain(line)) is not None

    @cached_property
    def kind_words(self) -> Mapping[str, UnitKind]:
        """The kinds by what a column of a list calls them."""
        return {kind.value: kind for kind in UnitKind} | _KINDS


_KINDS = {
    "省政府": UnitKind.PROVINCE,
    "市政府": UnitKind.CITY,
    "地级政府": UnitKind.CITY,
    "县政府": UnitKind.COUNTY,
    "县区政府": UnitKind.COUNTY,
    "区县政府": UnitKind.COUNTY,
    "区政府": UnitKind.COUNTY,
    "县区": UnitKind.COUNTY,
    "办公室": UnitKind.OFFICE,
    "政府办": UnitKind.OFFICE,
    "政府部门": UnitKind.DEPARTMENT,
    "工作部门": UnitKind.DEPARTMENT,
    "组成部门": UnitKind.DEPARTMENT,
    "行政机关": UnitKind.DEPARTMENT,
    "直属机构": UnitKind.DEPARTMENT,
    "垂管": UnitKind.VERTICAL,
    "垂管单位": UnitKind.VERTICAL,
    "垂直管理": UnitKind.VERTICAL,
    "垂直管理部门": UnitKind.VERTICAL,
    "垂直管理单位": UnitKind.VERTICAL,
    "双管部门": UnitKind.VERTICAL,
    "双重管理部门": UnitKind.VERTICAL,
    "派出机关": UnitKind.BRANCH,
    "园区": UnitKind.ZONE,
    "管委会": UnitKind.ZONE,
    "功能区": UnitKind.ZONE,
    "乡": UnitKind.TOWNSHIP,
    "镇": UnitKind.TOWNSHIP,
    "乡镇政府": UnitKind.TOWNSHIP,
    "街道办事处": UnitKind.STREET,
    "办事处": UnitKind.STREET,
    "法律法规授权组织": UnitKind.AUTHORIZED,
    "授权单位": UnitKind.AUTHORIZED,
    "公共企事业": UnitKind.PUBLIC,
    "企事业单位": UnitKind.PUBLIC,
    "企业": UnitKind.PUBLIC,
    "事业单位": UnitKind.PUBLIC,
    "公用企业": UnitKind.PUBLIC,
}


def parse_words(data: Mapping[str, Any]) -> Words:
    """The words in the data of units.toml. Raises `Defects` that names every list that is missing or wrong."""
    defects: list[str] = []

    def pattern(where: str, texts: Sequence[str], flags: int = 0) -> re.Pattern[str]:
        try:
            return re.compile("|".join(f"(?:{text})" for text in texts), flags)
        except re.error as error:
            defects.append(f"{where}：{error}")
            return re.compile("(?!)")

    kinds = []
    for one in data.get("kinds", ()):
        if one.get("kind") not in UnitKind.__members__ or not one.get("why") or not one.get("source"):
            defects.append(f"kinds：{one.get('kind')}")
            continue
        found = pattern(f"kinds {one['kind']}", (one["pattern"],))
        kinds.append(KindWord(UnitKind[one["kind"]], found, one["why"], one.get("ask", "")))
    shorts = [tuple(pair) for several in data.get("shorts", ()) for pair in several["pairs"]]
    if any(len(pair) != 2 or not all(pair) or pair[0] == pair[1] for pair in shorts):
        defects.append("shorts：每对要有两个不同的写法")
    columns: dict[str, str] = {}
    for column in data.get("columns", ()):
        for text in column["texts"]:
            if columns.setdefault(plain(text), column["key"]) != column["key"]:
                defects.append(f"columns：{text} 有两个意思")
    for key in ("endings", "systems", "noise", "vague", "lists"):
        if not data.get(key, {}).get("source"):
            defects.append(f"{key}：没有出处")
    if defects:
        raise Defects("units.toml 不对", tuple(defects))
    noise, lists = data["noise"], data["lists"]
    return Words(
        tuple(kinds),
        tuple(shorts),
        tuple(data["endings"]["same"]),
        tuple(data["systems"]["texts"]),
        pattern("noise", (*noise["phrases"], *noise["dates"])),
        frozenset(noise["alone"]),
        frozenset(data["vague"]["names"]),
        columns,
        pattern("groups", lists["groups"]),
        pattern("group_counts", (lists["group_counts"],)),
        pattern("totals", lists["totals"]),
        pattern("former", (lists["former"],)),
        pattern("signboard", (lists["signboard"],)),
        pattern("renamed", (lists["renamed"],)),
        pattern("also_called", (lists["also_called"],)),
    )
