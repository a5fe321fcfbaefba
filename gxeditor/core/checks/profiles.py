"""What an agency's kind and its province ask beyond the form (a profile), as data, and with what a report is checked.

Knows limits, phrases that are required, days and unit words, each with whether it is a rule or a practice and where it
is stated. Opens no file: `resources` reads resources/profiles and what an office was handed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from gxeditor.core.checks.rules import Example
from gxeditor.core.defects import Reading
from gxeditor.core.expressions import expression
from gxeditor.core.fields import AgencyKind
from gxeditor.core.report import Report


class Stated(NamedTuple):
    """A value of a profile: what it is, whether it was read as a rule or seen as a practice, and where."""

    value: Any
    status: Literal["rule", "practice", "old"]
    source: str


STATUSES: Mapping[str, str] = MappingProxyType({"rule": "规定", "practice": "通行做法", "old": "旧规定"})
"""What each status is called to a clerk."""


@dataclass(frozen=True)
class Profile:
    """What is asked in one province; `values` by the keys of resources/profiles. The national one asks nothing more.

    A key may be said of one kind of agency alone: `KEY.department`.
    """

    id: str = ""
    name: str = "全国"
    values: Mapping[str, Stated] = field(default_factory=lambda: MappingProxyType({}))

    def stated(self, key: str, kind: AgencyKind | None = None) -> Stated | None:
        """What it says under a key, first of what it says of this kind of agency; None if it says nothing."""
        of_kind = self.values.get(f"{key}.{kind.value}") if kind is not None else None
        return self.values.get(key) if of_kind is None else of_kind

    def get(self, key: str, default: Any = None, kind: AgencyKind | None = None) -> Any:
        stated = self.stated(key, kind)
        return default if stated is None else stated.value

    def rule(self, key: str, kind: AgencyKind | None = None) -> Stated | None:
        """The same if it is a rule in force: what is only practice, or old, is no ground for an alarm."""
        stated = self.stated(key, kind)
        return stated if stated is not None and stated.status == "rule" else None


NATIONAL = Profile()


class Key(NamedTuple):
    """A key of a profile: what a value must be, the same in words (「为……」), and what it means to a clerk."""

    fits: Callable[[object], bool]
    wanted: str
    word: str


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**12


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9


def _is_decimals(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 6


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(item) for item in value)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and day_of(value, 2023) is not None


def _is_unit_word(value: object) -> bool:
    return value in ("件", "宗")


def day_of(value: str, year: int) -> date | None:
    """The day of a year that “01-31” names, “02-29” the last of February; None if it names none."""
    if value == "02-29":
        return date(year, 3, 1) - timedelta(1)
    found = re.fullmatch("([0-9]{2})-([0-9]{2})", value)
    try:
        return date(year, int(found[1]), int(found[2])) if found is not None else None
    except ValueError:
        return None


def _text(word: str) -> Key:
    return Key(_is_text, "为文字", word)


KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "fee.decimals": Key(_is_decimals, "为 0 至 6 的整数", "收费金额的小数位数"),
        "fee.includes_processing_fee": Key(_is_flag, "为 true 或 false", "信息处理费计入行政事业性收费"),
        "fee.most": Key(_is_number, "为大于 0 的数", "收费金额（万元）超过多少时提醒核对单位"),
        "overview.max_chars": Key(_is_count, "为大于 0 的整数", "总体情况的字数"),
        "overview.must_state": Key(
            lambda value: _is_text(value) or _are_texts(value), "为文字或文字列表", "总体情况要写明的数"
        ),
        "overview.state_zero_counts": Key(_is_flag, "为 true 或 false", "数为 0 也写出"),
        "overview.first_heading": _text("总体情况的第一个小标题"),
        "required.phrases": Key(_are_texts, "为文字列表", "年报里要有的话"),
        "table2.check_with": _text("表二与谁核对"),
        "table2.decisions_scope": _text("处理决定数量包括哪些"),
        "term.three_safeties": _text("“三安全一稳定”的全称"),
        "unit_word": Key(_is_unit_word, "为 件 或 宗", "件数的量词"),
        "change.more": Key(_is_number, "为大于 0 的数", "本年是上年的几倍以上要说明"),
        "change.less": Key(_is_number, "为大于 0 的数", "本年是上年的几倍以下要说明"),
        "change.least": Key(_is_number, "为大于 0 的数", "不足多少的数不比"),
        "deadlines.publish": Key(_is_day, "为“月-日”，如 01-31", "公布期限"),
        "deadlines.submit": Key(_is_day, "为“月-日”，如 01-26", "报送期限"),
        "deadlines.note": _text("期限"),
        "order": _text("先后次序"),
        "submit.form": _text("报送方式"),
        "rollup": _text("汇总"),
        "roster.vertical": _text("垂直管理部门"),
        "roster.dual": _text("双重管理部门"),
        "roster.subordinates": _text("下属单位"),
        "scope": _text("范围"),
        "office": _text("办公厅（室）"),
        "preamble": _text("序文"),
        "title.order": _text("标题"),
        "headings": _text("各部分标题"),
        "six.by_unit": _text("第六部分"),
        "citation": _text("依据"),
        "platform": _text("平台"),
        "prose.details": _text("正文里的数"),
        "notice": _text("通知"),
        "standard": _text("标准"),
        "forms": _text("文书"),
        "extras": _text("其他"),
    }
)
"""What a profile may say; keys that hold a text alone are told to a clerk and checked by nothing."""
_ID = expression("[a-z][a-z0-9-]{0,39}")
_VALUES = 200
_KINDS = [kind.value for kind in AgencyKind]


def parse_profile(data: Mapping[str, Any], parents: Iterable[Profile] = ()) -> Profile:
    """A profile from its TOML data; one with a `parent` among `parents` says what that says, and more.

    Raises `Defects` with every defect found: unknown keys, values of the wrong kind or without source, keys twice.
    """
    reading = Reading(data, "文件：")
    reading.known({"id", "name", "parent", "values"})
    own_id, name = reading.text("id"), reading.text("name")
    if own_id and not _ID.fullmatch(own_id):
        reading.should("id", "为小写字母、数字和短横，如 henan")
    values: dict[str, Stated] = {}
    parent = reading.text("parent", needed=False)
    if parent:
        above = next((one for one in parents if one.id == parent), None)
        if above is None or not above.id:
            reading.defects.append(f"没有 parent “{parent}”")
        else:
            values.update(above.values)
    own: set[str] = set()
    for number, item in enumerate(reading.tables("values")):
        if number == _VALUES:
            reading.defects.append(f"超过 {_VALUES} 项")
            break
        for key, stated in _stated(item):
            if key in own:
                item.wrong(f"{key} 重复")
            own.add(key)
            values[key] = stated
    reading.check("地区要求文件有误")
    return Profile(own_id, name, MappingProxyType(values))


def _stated(item: Reading) -> Iterable[tuple[str, Stated]]:
    item.known({"key", "value", "kinds", "status", "source"})
    key, value = item.text("key"), item.data.get("value")
    known = KEYS.get(key)
    if known is None:
        item.wrong(f"不认识的 key “{key}”")
    elif not known.fits(value):
        item.should("value", known.wanted)
    status = item.one_of("status", list(STATUSES)) or "old"
    source = item.text("source")
    kinds = item.texts("kinds")
    for kind in kinds:
        if kind not in _KINDS:
            item.should("kinds", f"为 {'、'.join(_KINDS)} 中的几种")
    kept = Stated(tuple(value) if isinstance(value, list) else value, status, source)  # type: ignore[arg-type]
    return [(f"{key}.{kind}", kept) for kind in kinds] if kinds else [(key, kept)]


def chosen(profiles: Iterable[Profile], profile_id: str) -> Profile:
    """The profile of this id; the national one if there is none such, which asks for nothing that may not be asked."""
    return next((one for one in profiles if one.id == profile_id), NATIONAL)


@dataclass(frozen=True)
class Given:
    """With what a report is checked, besides itself and last year's that it keeps.

    `today` is None where no day matters; `off` says of rules, by code, why the user has none of them checked. `prior`
    is last year's report, set by `check`. `complete` says that the report is handed over, so that a blank part has been
    left out and is not just still to be written.
    """

    today: date | None = None
    profile: Profile = NATIONAL
    off: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    prior: Report | None = None
    complete: bool = False


def given_of(example: Example) -> Given:
    """With what an example of a rule is to be checked: its day, and what its profile asks."""
    stated = {key: Stated(value, "rule", "") for key, value in example.profile.items()}
    profile = Profile("example", "地方要求", MappingProxyType(stated)) if stated else Profile()
    return Given(date.fromisoformat(example.today) if example.today else None, profile)
