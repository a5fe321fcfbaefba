"""The dialogs of a roll-up as a whole: what a new one is of, and its settings later on.

Knows what is asked (whose area, which year, which units enter the sum, until when they report, last year's roll-up) and
what is proposed: the days of the 条例 or of a province's profile. Returns values and writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from gxeditor.core.checks.profiles import Profile
from gxeditor.core.errors import GxError
from gxeditor.core.fields import AgencyKind
from gxeditor.core.rollup.project import PriorYear, Rollup
from gxeditor.core.rollup.units import Scope, UnitKind, Units
from gxeditor.resources import load_form, load_profiles
from gxeditor.rollup.lists import as_listed
from gxeditor.store.rollup_file import SUFFIX, read_rollup, seen_from
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.dialog import Choice, Dialog

_BY_LAW = "01-31"
"""条例第四十九条: departments report to their 主管部门 by January 31st of the next year."""
_OF_GOVERNMENTS = "03-31"
"""条例第四十九条: the 主管部门 publishes its government's by March 31st; a county's is due to the city before that."""
_TOWNS = (UnitKind.TOWNSHIP, UnitKind.STREET)
_GOVERNMENTS = (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY)
_YEARS = (2000, 2999)
_DAY = re.compile(r"\s*(?:(\d{4})\s*[-年./])?\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?\s*")
_WHENCE = (
    ("", "以后再定"),
    ("import", "从 Excel、Word 或粘贴导入"),
    ("prior", "用去年汇总的名单"),
    ("folder", "从这个文件夹提出一份"),
)


class Begun(NamedTuple):
    """A roll-up that is to be begun, and whence its list of units is to come ("import", "prior", "folder", "" for
    later)."""

    rollup: Rollup
    whence: str


def parse_day(text: str, year: int) -> str | None:
    """A typed day as ISO 8601: 1月23日, 1-23, 2026.1.23; without a year it is that of `year`. None for no day."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[1] or year), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def proposed_dues(profile: Profile, year: int) -> Mapping[str, str]:
    """Until when each kind reports on a year: what the profile says, else the 条例; by `UnitKind.name`.

    The 条例 names no day for townships and streets: without one of the profile they have none until it is typed.
    """
    dues: dict[str, str] = {}
    for kind in UnitKind:
        if kind is UnitKind.GROUP:
            continue
        agency = (
            AgencyKind.GOVERNMENT
            if kind in _GOVERNMENTS
            else AgencyKind.TOWNSHIP
            if kind in _TOWNS
            else AgencyKind.DEPARTMENT
        )
        by_law = _OF_GOVERNMENTS if kind in _GOVERNMENTS else "" if kind in _TOWNS else _BY_LAW
        if day := profile.get("deadlines.submit", by_law, agency):
            dues[kind.name] = f"{year + 1}-{day}"
    return MappingProxyType(dues)


def read_prior(path: Path, folder: Path) -> PriorYear:
    """Last year's roll-up as this one, in `folder`, keeps it. Raises what `read_rollup` raises."""
    opened = read_rollup(path, load_form)
    return opened.rollup.as_prior(seen_from(folder, path), opened.sha256)


class _Refused(Exception):
    """A field that makes no sense, and why."""

    def __init__(self, field: QLineEdit, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


class _Settings(Dialog):
    """Whose area, which year, which scope, until when, and last year's roll-up."""

    def __init__(
        self, parent: QWidget | None, heading: str, do: str, rollup: Rollup, folder: Path, *, is_new: bool
    ) -> None:
        choices = (dialog.CANCEL, Choice("do", do, primary=True))
        super().__init__(parent, "开始汇总" if is_new else "汇总设置", heading, choices=choices, width=34)
        self._rollup, self._folder, self._prior = rollup, folder, rollup.prior
        self._known = rollup.units if rollup.prior is not None else Units()
        self._profiles: Sequence[Profile] = load_profiles()
        grid = self._grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self.owner = QLineEdit(rollup.owner)
        self.owner.setPlaceholderText("如：松塘县")
        self._row("地区", self.owner, "哪个地区（或系统）的汇总，印在合计和退回意见上。")
        self.year = QLineEdit(str(rollup.year))
        self._row("年份", self.year, "年报所说的那一年，四位数字。")
        self.scope = QComboBox()
        for scope in (Scope.TERRITORY, Scope.LEVEL):
            self.scope.addItem(scope.value, scope)
        self.scope.setCurrentIndex(self.scope.findData(rollup.scope))
        self._row(
            "口径", self.scope, "全辖区：名单里各级单位都加；本级：只加本级的，下级政府和乡镇街道的不加。"
        )
        self.profile = QComboBox()
        for profile in self._profiles:
            self.profile.addItem(profile.name, profile.id)
        self.profile.setCurrentIndex(max(0, self.profile.findData(rollup.profile)))
        self._row("地区要求", self.profile, "按哪个地方的要求定期限和检查。")
        self.due = QLineEdit()
        self._row("部门期限", self.due, "部门和其他单位在哪一天以前报，如 1月23日。")
        self.towns = QLineEdit()
        self.towns.setPlaceholderText("按本地的要求填，如 1月20日")
        self._row("乡镇期限", self.towns, "乡镇、街道在哪一天以前报；条例没有规定，按本地的要求。")
        self.governments = QLineEdit()
        self._row("下级政府期限", self.governments, "下级政府在哪一天以前报；没有下级政府的不用管。")
        across = QHBoxLayout()
        self.prior_name = theme.label(self._named(), tone="text2")
        choose = QPushButton("选择…")
        choose.setAccessibleName("选择去年的汇总")
        choose.setToolTip("选去年的汇总（.gxh），用来与上年比，带来名单和曾用名。")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_prior)
        across.addWidget(self.prior_name, 1)
        across.addWidget(choose)
        holder = QWidget()
        across.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(across)
        self._row("去年的汇总", holder, "")
        self.whence = QComboBox()
        for key, word in _WHENCE:
            self.whence.addItem(word, key)
        if is_new:
            self.whence.setCurrentIndex(self.whence.findData("folder"))
            self._row("单位名单", self.whence, "名单先给您核对，点“用这份名单”以后才算数。")
        self.body.addLayout(grid)
        self.wrong = theme.label("", tone="errtext")
        self.wrong.setWordWrap(True)
        self.body.addWidget(self.wrong)
        self._fill_dues(rollup.dues or self._proposed())
        self.profile.currentIndexChanged.connect(self._propose)
        self.year.textChanged.connect(self._propose)
        self.owner.setFocus()

    def _row(self, name: str, widget: QWidget, tip: str) -> None:
        row = self._grid.rowCount()
        label = theme.label(name)
        label.setBuddy(widget)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(widget, row, 1)
        if tip:
            widget.setToolTip(theme.plain_tip(tip))
            widget.setAccessibleName(name)

    def _named(self) -> str:
        prior = self._prior
        return f"{prior.owner} {prior.year} 年" if prior is not None else "没有选"

    def _choose_prior(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "选择去年的汇总", str(self._folder.parent), f"汇总 (*{SUFFIX})"
        )
        if not name:
            return
        try:
            prior = read_prior(Path(name), self._folder)
        except GxError as error:
            dialog.show_error(self, error)
            return
        self._prior, self._known = prior, Units()
        self.prior_name.setText(self._named())
        if not self.owner.text().strip():
            self.owner.setText(prior.owner)
        self.whence.setCurrentIndex(self.whence.findData("prior"))

    # --- days

    def _chosen_year(self) -> int | None:
        text = self.year.text().strip()
        low, high = _YEARS
        return int(text) if re.fullmatch("[0-9]{4}", text) and low <= int(text) <= high else None

    def _proposed(self) -> Mapping[str, str]:
        key = self.profile.currentData()
        profile = next((one for one in self._profiles if one.id == key), self._profiles[0])
        return proposed_dues(profile, self._chosen_year() or self._rollup.year)

    def _propose(self) -> None:
        """Another province, another year: its days, as far as nobody has typed others."""
        fields = (self.due, self.towns, self.governments)
        if not any(field.isModified() for field in fields):
            self._fill_dues(self._proposed())

    def _fill_dues(self, dues: Mapping[str, str]) -> None:
        for field, kind in (
            (self.due, UnitKind.DEPARTMENT),
            (self.towns, UnitKind.TOWNSHIP),
            (self.governments, UnitKind.COUNTY),
        ):
            field.setText(dues.get(kind.name, ""))

    def value(self) -> Rollup:
        """The roll-up as it was asked for. Raises `_Refused` for what makes no sense."""
        year, owner = self._chosen_year(), self.owner.text().strip()
        if not owner:
            raise _Refused(self.owner, "请填写地区。")
        if re.search(r'[\\/:*?"<>|]', owner):
            raise _Refused(self.owner, '地区里不能有 \\ / : * ? " < > |，它要用作文件名。')
        if year is None:
            raise _Refused(self.year, "请填写四位数字的年份。")
        days: list[str] = []
        for field in (self.due, self.towns, self.governments):
            text = field.text().strip()
            day = parse_day(text, year + 1) if text else ""
            if day is None:
                raise _Refused(field, f"“{text}”不是一天，请写成 1月23日 或 {year + 1}-01-23。")
            days.append(day)
        if self._prior is not None and self._prior.year >= year:
            raise _Refused(self.year, f"选的去年汇总是 {self._prior.year} 年的，不早于 {year} 年。")
        dues = {
            kind.name: days[1] if kind in _TOWNS else days[2] if kind in _GOVERNMENTS else days[0]
            for kind in UnitKind
            if kind is not UnitKind.GROUP
        }
        return replace(
            self._rollup,
            owner=owner,
            year=year,
            scope=self.scope.currentData(),
            profile=self.profile.currentData() or "",
            dues=MappingProxyType({kind: day for kind, day in dues.items() if day}),
            prior=self._prior and as_listed(self._prior, self._rollup.units, before=self._known),
        )

    def accept(self) -> None:
        if self.answer == "do":
            try:
                self.value()
            except _Refused as refused:
                self.answer = "cancel"
                self.wrong.setText(refused.words)
                refused.field.setFocus()
                refused.field.selectAll()
                return
        super().accept()


def ask_new(parent: QWidget | None, folder: Path, files: int) -> Begun | None:
    """What a new roll-up of a folder is of, in which so many files may be reports; None if it is not wanted."""
    found = f"找到 {files} 份可能是年报的文件。" if files else "里面还没有年报，可以先开始，文件到了再读。"
    rollup = Rollup(load_form(), year=datetime.now().year - 1, owner=_owner_of(folder.name))
    asked = _Settings(parent, f"从“{folder.name}”开始汇总？{found}", "开始汇总", rollup, folder, is_new=True)
    if asked.run() != "do":
        return None
    whence = asked.whence.currentData()
    return Begun(asked.value(), "" if whence == "folder" and not files else whence)


def ask_settings(parent: QWidget | None, rollup: Rollup, folder: Path) -> Rollup | None:
    """「汇总设置」: the roll-up as it is wanted; None if nothing is to change."""
    asked = _Settings(parent, "汇总设置", "采用", rollup, folder, is_new=False)
    return asked.value() if asked.run() == "do" else None


def _owner_of(name: str) -> str:
    """Whose area a folder's name tells of, as far as it ends a word: 松塘县2025年汇总 is 松塘县's."""
    found = re.match(r"([\u4e00-\u9fff]{1,10}?(?:省|市|县|区|旗|州|盟))(?:[^\u4e00-\u9fff]|年|汇总|$)", name)
    return found[1] if found is not None else ""
