"""「这份文件是哪个单位的」: one unclaimed file after the other, what it says, and the units it may be of.

Shows how each place of the file agrees with each candidate (`core.rollup.matching`), and leaves the choice to a person:
nothing is chosen at first, and figures are shown but never decide. A choice, with the spelling that is remembered and
the other files that are known by it now, is one undoable step. A file that was given to the wrong unit is asked about
here once more. What is being chosen and typed stays while other files are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import islice

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, show_entry
from gxeditor.core.rollup.matching import Agreement, Matcher, claimed_anew, says_of
from gxeditor.core.rollup.naming import initials, plain
from gxeditor.core.rollup.project import Received, Rollup
from gxeditor.core.rollup.units import Alias, Unit, UnitKind, Units
from gxeditor.resources import load_unit_words
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog
from gxeditor.ui.look.theme import Pixels
from gxeditor.ui.rollup.session import RollupDesk

_CHOICES = 4  # candidates that are cards; of more the list is searched (LOOK-3, 18)
_FOUND = 7  # units that the search lists at a time
_WRAPPED = int(Qt.TextFlag.TextWordWrap)
_NARROWEST = 320  # logical pixels of what a file says, before it has its place
_OFFERED, _LISTED = 8, 200  # units in view in the question whose spelling it is, and listed there at most
_ROWS = (
    *("received", "brought_forward", "handled.granted", "handled.partially_granted"),
    *("handled.unable_to_provide.not_held", "handled.total", "carried_forward"),
)
_TABLE = "requests"
_HEAD, _LABEL, _LINE = 24, 168, 20  # logical pixels of the drawn table
_BROUGHT, _CARRIED = "requests.brought_forward.total", "requests.carried_forward.total"


class MatchPage(QWidget):
    """The page, beginning with the file of this key (`Received.key`); one that has a unit is given to another."""

    def __init__(self, desk: RollupDesk, key: tuple[str, str] | None = None) -> None:
        super().__init__()
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("认领文件")
        self.desk, self._session = desk, desk.session
        self._passed: set[tuple[str, str]] = set()
        self._one: Received | None = None
        self._again = ""  # the unit that the file in hand has, where it is to get another
        self._listed: Units | None = None  # the list by which its candidates were shown
        self._remembered: list[tuple[Unit, Alias]] | None = None
        self._matcher: tuple[Units, Matcher] | None = None
        self._cards: list[_Card] = []
        self._spelling = ""
        self._build()
        self._session.changed.connect(self.refresh)
        self._begin(key)

    # --- building

    def _build(self) -> None:
        self.which = theme.label(tone="text2")
        self.which.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.counts = theme.label(tone="text2")
        self.waiting = theme.label(weight=600, tone="qrytext")
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(theme.label("这份文件是哪个单位的", 12, 600))
        titles.addWidget(self.which)
        head = QHBoxLayout()
        head.setContentsMargins(20, 8, 20, 8)
        head.setSpacing(20)
        head.addLayout(titles, 1)
        head.addWidget(self.counts)
        head.addWidget(self.waiting)

        body = QWidget()
        body.setProperty("ground", "base")
        across = QHBoxLayout()
        across.setSpacing(24)
        across.addLayout(self._build_file(), 62)
        across.addLayout(self._build_candidates(), 68)
        down = QVBoxLayout(body)
        down.setContentsMargins(20, 12, 20, 12)
        down.setSpacing(10)
        down.addLayout(across)
        down.addWidget(self._build_remembering())
        down.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(body)

        self.later, self.not_here = QPushButton("先放着 Esc"), QPushButton("不属于本汇总")
        self.claim = QPushButton("选一家，再认领")
        self.claim.setProperty("primary", True)
        self.later.setToolTip("这份先不定，留在“未认领”里，看下一份（Esc）。")
        self.not_here.setToolTip("这份不是本汇总要的文件，以后不再问；可以撤销。")
        self.later.clicked.connect(self.pass_by)
        self.not_here.clicked.connect(self.reject)
        self.claim.clicked.connect(self.take)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 8)
        foot.setSpacing(8)
        self.sentence = theme.label("不选也可以，文件留在“未认领”里，不计入任何合计。", tone="text2")
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        foot.addWidget(self.sentence, 1)
        for button in (self.later, self.not_here, self.claim):
            button.setMinimumWidth(72)
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(_bar(head, "bottom"))
        whole.addWidget(self.area, 1)
        whole.addWidget(_bar(foot, "top"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers choose, Enter claims, Esc passes by; what is typed into the search stays there."""
        number = event.text()
        if event.key() == Qt.Key.Key_Escape:
            self.pass_by()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.claim.isEnabled():
            self.take()
        elif number.isdigit() and 1 <= int(number) <= len(self._cards) + 1:
            self._choose_by_key(int(number))
        else:
            super().keyPressEvent(event)

    def _build_file(self) -> QLayout:
        self.read = theme.label(tone="text2")
        self.read.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.open = QPushButton("打开原文件")
        self.open.setProperty("link", True)
        self.open.setToolTip("在自己的窗口里看这份文件，只看不改。")
        self.open.clicked.connect(self._open_file)
        top = QHBoxLayout()
        top.addWidget(theme.label("文件里写着什么", 9, 600))
        top.addSpacing(8)
        top.addWidget(self.read, 1)
        top.addWidget(self.open)
        self.paper = _Paper()
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.paper)
        column.addStretch(1)
        return column

    def _build_candidates(self) -> QLayout:
        self.found = theme.label(weight=600)
        only = theme.label("数字只供您参考，程序不凭数字认领", tone="text2")
        top = QHBoxLayout()
        top.addWidget(self.found)
        top.addSpacing(8)
        top.addWidget(only, 1)
        self.why = theme.label(tone="text2")
        self.why.setWordWrap(True)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(8)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.other = QRadioButton("名单里的另一家")
        self.other.setToolTip("在名单里找一家：写名称、拼音首字母或代码。")
        self.other.toggled.connect(self._chosen)
        self.seek = QLineEdit()
        self.seek.setPlaceholderText("单位名称、拼音首字母或代码")
        self.seek.setAccessibleName("找单位")
        self.seek.setClearButtonEnabled(True)
        self.seek.textEdited.connect(self._sought)
        self.number = theme.label(tone="text2")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.other)
        row.addWidget(self.seek, 1)
        row.addWidget(self.number)
        self.results = QListWidget()
        self.results.setAccessibleName("找到的单位")
        self.results.setToolTip("点一家，就是选它。")
        self.results.currentItemChanged.connect(self._chosen)
        self.results.hide()
        self.has = QFrame()
        self.has.setProperty("ground", "qrytint")
        self.has.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.already = theme.label(tone="qrytext")
        self.instead = QRadioButton("换成这一份")
        self.beside = QRadioButton("两份都留着，先不换")
        self.instead.setToolTip("以后合计用这一份，原来那份留着不计。")
        self.beside.setToolTip("合计仍用原来那份，这一份记在它名下，先不计。")
        which = self._which_counts = QButtonGroup(self)
        which.addButton(self.instead)
        which.addButton(self.beside)
        which.buttonToggled.connect(self._chosen)
        across = QHBoxLayout(self.has)
        across.setContentsMargins(10, 5, 10, 5)
        across.addWidget(self.already, 1)
        across.addWidget(self.instead)
        across.addWidget(self.beside)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.why)
        column.addLayout(self._choices)
        column.addLayout(row)
        column.addWidget(self.results)
        column.addWidget(self.has)
        column.addStretch(1)
        return column

    def _build_remembering(self) -> QWidget:
        box = QFrame()
        box.setProperty("edge", "top")
        self.remember = QCheckBox()
        self.remember.setToolTip("记住以后，文件名或标题里这样写的，程序自己认领，不再问。")
        self.only = theme.label("只记写法，不记这一个文件；随时可以改", tone="text2")
        top = QHBoxLayout()
        top.addWidget(self.remember, 1)
        top.addWidget(self.only)
        self.remembered = theme.label("记住的写法", 9, 600)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(16)
        self._lines.setVerticalSpacing(2)
        for column, stretch in enumerate((5, 6, 7, 4, 0)):
            self._lines.setColumnStretch(column, stretch)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(0, 10, 0, 0)
        inside.setSpacing(6)
        inside.addLayout(top)
        inside.addWidget(self.remembered)
        inside.addLayout(self._lines)
        return box

    # --- which file

    def _begin(self, key: tuple[str, str] | None) -> None:
        rollup = self._session.rollup
        one = next((one for one in rollup.received if one.key == key), None)
        if one is not None and one.unit in rollup.units.by_id:
            self._again = one.unit
        elif one not in rollup.waiting:
            one = next(iter(rollup.waiting), None)
        self._show(one)

    @property
    def _present(self) -> Received | None:
        """The file in hand as the roll-up has it now; None if nothing is to be asked about it any more."""
        if self._one is None:
            return None
        rollup = self._session.rollup
        if self._again:
            own = rollup.of_unit.get(self._again, ())
            return next((r for r in own if r.key == self._one.key and r.decided != "reject"), None)
        return next((r for r in rollup.waiting if r.key == self._one.key), None)

    def refresh(self) -> None:
        """Shows the file in hand as the roll-up has it now; the next one if it waits no longer.

        What was chosen and typed stays: other files are read meanwhile.
        """
        one, rollup = self._present, self._session.rollup
        if one is None:
            self._next()
            return
        if one == self._one and rollup.units is self._listed:
            self._one = one
            self._name(one, rollup)
            self._chosen()
            return
        chosen, sought, spelling = self.chosen, self.seek.text(), self._spelling
        remember, counts = self.remember.isChecked(), self._which_counts.checkedButton()
        self._show(one)
        if spelling == self._spelling:
            self.remember.setChecked(remember)
        if sought:
            self.seek.setText(sought)
            self._sought(sought)
        self._choose(chosen)
        if counts is not None and self.chosen == chosen:
            counts.setChecked(True)

    def _next(self) -> None:
        waiting = [one for one in self._session.rollup.waiting if one.key not in self._passed]
        if waiting and not self._again:
            self._show(waiting[0])
        elif self._one is not None:
            self._one = None
            self.desk.leave_over()

    def pass_by(self) -> None:
        """「先放着」: the next one; the file stays unclaimed."""
        if self._one is not None:
            self._passed.add(self._one.key)
        self._next()

    @property
    def matcher(self) -> Matcher:
        """Who matches with the present list; of a file of the wrong unit without the spellings that led it there."""
        rollup = self._session.rollup
        if self._matcher is None or self._matcher[0] is not rollup.units:
            units = rollup.units
            if (wrong := units.by_id.get(self._again)) is not None:
                listed = tuple(alias for alias in wrong.aliases if alias.whence == "list")
                units = rollup.with_unit(replace(wrong, aliases=listed)).units
            self._matcher = rollup.units, Matcher(units, rollup.owner, load_unit_words())
        return self._matcher[1]

    def _show(self, one: Received | None) -> None:
        self._one = one
        rollup = self._session.rollup
        self._listed = rollup.units
        for button in (self.later, self.not_here, self.claim, self.open, self.other, self.seek):
            button.setEnabled(one is not None)
        self._count(rollup)
        self._choose_no_count()
        if one is None:
            self.which.setText("没有要认领的文件")
            return
        self._name(one, rollup)
        says = says_of(one)
        found = self.matcher.match(says)
        self._spelling = self.matcher.spelling(says)
        self.paper.show_report(one, rollup.form, self._spelling)
        self.read.setText("" if one.problem else _how_read(one, rollup.form))
        candidates = tuple(dict.fromkeys(key for key in (found.unit, *found.candidates, self._again) if key))
        candidates = candidates or tuple(one for one in one.candidates if one in rollup.units.by_id)
        self._list_candidates(one, candidates, found.why_not)
        self.seek.clear()
        self._sought("")
        self.remember.setChecked(bool(self._spelling) and one.is_report)
        self._list_remembered(rollup)
        self._chosen()

    def _name(self, one: Received, rollup: Rollup) -> None:
        """Says which file it is, and how many wait."""
        self._count(rollup)
        if self._again:
            now = rollup.units.by_id.get(self._again)
            first = f"现在认给{now.name if now is not None else '别家'}"
        else:
            place = [other.key for other in rollup.waiting].index(one.key) + 1
            first = f"第 {place} 份，共 {len(rollup.waiting)} 份"
        self.which.setText(f"{first}　{one.called}　{_moment(one.received)}收到")
        self.which.setToolTip(theme.plain_tip(one.called))

    def _choose_no_count(self) -> None:
        """Which of two files counts is asked of every file anew."""
        self._which_counts.setExclusive(False)
        for button in (self.instead, self.beside):
            button.setChecked(False)
        self._which_counts.setExclusive(True)

    def _count(self, rollup: Rollup) -> None:
        files = [one for one in rollup.received if one.unit in rollup.units.by_id]
        asked = sum(1 for one in files if one.matched.startswith(_BY_HAND))
        self.counts.setText(
            f"名单 {len(rollup.must)} 家　　已认领 {len(files)} 份，其中 {len(files) - asked} 份没有问过"
        )
        self.waiting.setText(f"? {len(rollup.waiting)} 份待选定" if rollup.waiting else "")

    # --- candidates

    def _list_candidates(self, one: Received, candidates: tuple[str, ...], why: str) -> None:
        for card in self._cards:
            self._group.removeButton(card.radio)
            card.setParent(None)
            card.deleteLater()
        self._cards = []
        rollup, says = self._session.rollup, says_of(one)
        shown = candidates if len(candidates) <= _CHOICES else ()
        self.found.setText(
            {0: "名单里没有像的" if not candidates else f"有 {len(candidates)} 家都合得上，请在名单里找"}.get(
                len(shown),
                f"有{_COUNTS[len(shown)]}家像" if len(shown) == 1 else f"有{_COUNTS[len(shown)]}家都像",
            )
        )
        self.why.setText(why)
        self.why.setVisible(bool(why))
        for number, unit_id in enumerate(shown, 1):
            unit = rollup.units.by_id[unit_id]
            rows = [*self.matcher.agreements(unit_id, says)]
            rows[2:2] = _carried(rollup, one, unit_id)
            card = _Card(unit, _about(rollup, unit), rows, number)
            card.radio.toggled.connect(self._chosen)
            self._group.addButton(card.radio)
            self._choices.addWidget(card)
            self._cards.append(card)
        self._group.addButton(self.other)
        self._group.setExclusive(False)
        self.other.setChecked(False)
        self._group.setExclusive(True)
        self.number.setText(str(len(shown) + 1))

    def _choose_by_key(self, number: int) -> None:
        if number <= len(self._cards):
            self._cards[number - 1].radio.setChecked(True)
            self._cards[number - 1].radio.setFocus()
        elif number == len(self._cards) + 1:
            self.other.setChecked(True)
            self.seek.setFocus()

    def _choose(self, unit: str) -> None:
        for card in self._cards:
            if card.unit.id == unit:
                card.radio.setChecked(True)
                return
        for row in range(self.results.count()):
            if unit and self.results.item(row).data(Qt.ItemDataRole.UserRole) == unit:
                self.other.setChecked(True)
                self.results.setCurrentRow(row)

    @property
    def chosen(self) -> str:
        """The id of the unit that is chosen, "" for none."""
        card = next((card for card in self._cards if card.radio.isChecked()), None)
        if card is not None:
            return card.unit.id
        item = self.results.currentItem()
        if self.other.isChecked() and item is not None:
            return str(item.data(Qt.ItemDataRole.UserRole))
        return ""

    def _sought(self, text: str) -> None:
        rollup = self._session.rollup
        found = list(found_units(rollup.units, text))[:_FOUND] if text.strip() else []
        self.results.clear()
        for unit in found:
            item = QListWidgetItem(f"{unit.name}　{_about(rollup, unit)}")
            item.setData(Qt.ItemDataRole.UserRole, unit.id)
            self.results.addItem(item)
        self.results.setVisible(bool(text.strip()))
        if text.strip() and not found:
            item = QListWidgetItem("名单里没有找到")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(item)
        height = sum(self.results.sizeHintForRow(row) for row in range(self.results.count())) + 6
        self.results.setFixedHeight(max(height, 28))
        if text.strip():
            self.other.setChecked(True)
        if len(found) == 1:
            self.results.setCurrentRow(0)
        self._chosen()

    def _chosen(self, *_: object) -> None:
        """The rest of the page follows what is chosen."""
        rollup = self._session.rollup
        unit = rollup.units.by_id.get(self.chosen)
        for card in self._cards:
            card.show_chosen(card.radio.isChecked())
        left = {one.key for one in rollup.waiting} - self._passed
        last = bool(self._again) or len(left - {self._one.key if self._one else ("", "")}) == 0
        used = self._used(unit.id) if unit else None
        same = unit is not None and unit.id == self._again
        self.has.setVisible(used is not None)
        if used is not None:
            self.already.setText(f"它已有一份（{_moment(used.received).strip()}）。")
        ready = unit is not None and not same
        ready = ready and (used is None or self.instead.isChecked() or self.beside.isChecked())
        self.claim.setEnabled(ready and not self._session.is_held)
        if unit is None:
            self.claim.setText("选一家，再认领")
        elif same:
            self.claim.setText("现在就认给这一家")
        else:
            name = plain(unit.name).removeprefix(rollup.owner) or unit.name
            self.claim.setText(f"认给{_short(name)}" + ("" if last else "，看下一份"))
        self.claim.setToolTip(
            theme.plain_tip(
                f"把这份文件认给{unit.name}（Enter）。" if unit else "先在上面选一家；程序不替您选。"
            )
        )
        name = unit.name if unit else "选定的那一家"
        self.remember.setVisible(bool(self._spelling))
        self.only.setVisible(bool(self._spelling))
        words = f"记住这个写法：以后“{_short(self._spelling)}”就是{name}，明年的汇总也用"
        self.remember.setText(words.replace("&", "&&"))

    def _used(self, unit_id: str) -> Received | None:
        """The other file that stands for a unit now."""
        used = self._session.rollup.used.get(unit_id)
        return used if used is not None and self._one is not None and used.key != self._one.key else None

    # --- deciding

    def take(self) -> None:
        """Gives the file to the unit that is chosen, as one step; then the next file."""
        rollup, one = self._session.rollup, self._one
        unit = rollup.units.by_id.get(self.chosen)
        if one is None or unit is None or not self.claim.isEnabled():
            return
        used = self._used(unit.id)
        decided, why = one.decided, one.decided_why
        if self._again:
            decided, why = "", ""  # what was decided of it was of the other unit's report
        changes = []
        if used is not None:
            decided, why = ("use", "") if self.instead.isChecked() else ("hold", "您选定先用原来的那一份")
            if decided == "use":
                changes = [replace(r, decided="") for r in rollup.of_unit[unit.id] if r.decided == "use"]
        changes.append(
            replace(
                one, unit=unit.id, matched=f"{_BY_HAND}。", candidates=(), why_not="", decided=decided,
                decided_why=why,
            )
        )  # fmt: skip
        new = claimed = rollup.with_received(changes)
        if self.remember.isChecked() and self._spelling:
            new = _spelt(claimed, self._spelling, unit.id, f"您选定，{one.called}")
            if also := len(claimed.unclaimed) - len(new.unclaimed):
                unit = new.units.by_id[unit.id]
                *others, alias = unit.aliases
                new = new.with_unit(replace(unit, aliases=(*others, replace(alias, used=also))))
                self.desk.tell(f"记住的写法又认出 {also} 份。")
        self._session.edit(new, f"把“{_short(one.path.rpartition('/')[2])}”认给{unit.name}")

    def reject(self) -> None:
        """「不属于本汇总」"""
        if self._one is None:
            return
        one = replace(self._one, decided="reject", decided_why="您选定不属于本汇总")
        new = self._session.rollup.with_received([one])
        self._session.edit(new, f"不属于本汇总：{_short(one.path.rpartition('/')[2])}")

    def _open_file(self) -> None:
        if self._one is not None:
            self.desk.open_file(self._one.path, self._one.row)

    # --- what is remembered

    def _list_remembered(self, rollup: Rollup) -> None:
        kept = [(unit, a) for unit in rollup.units.listed for a in unit.aliases if a.whence != "list"]
        if kept == self._remembered:
            return
        self._remembered = kept
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # it ends only when the window is idle
                widget.deleteLater()
        self.remembered.setText(f"记住的写法　{len(kept)} 条" if kept else "还没有记住的写法")
        for row, (unit, alias) in enumerate(kept):
            change = QPushButton("更改")
            change.setProperty("link", True)
            change.setToolTip("改成另一家的写法，或者不再用。")
            change.setAccessibleName(f"更改“{alias.name}”")
            change.clicked.connect(partial(self._change, unit.id, alias))
            times = f"沿用 {alias.used} 次" if alias.used else ""
            for column, text in enumerate(
                (alias.name, unit.name, alias.note or _WHENCE[alias.whence], times)
            ):
                label = theme.label(text, tone="text" if column < 2 else "text2")
                label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                label.setToolTip(theme.plain_tip(text))
                self._lines.addWidget(label, row, column)
            self._lines.addWidget(change, row, 4)

    def _change(self, unit_id: str, alias: Alias) -> None:
        """Asks whose spelling it is, or whether it is to be forgotten; files that have a unit keep it."""
        if self._session.is_held:
            self.desk.tell(self._session.held)
            return
        rollup = self._session.rollup
        asked = SpellingDialog(self.desk.frame, rollup, rollup.units.by_id[unit_id], alias)
        answer, other = asked.run(), asked.chosen
        rollup = self._session.rollup
        if answer == "take" and other in rollup.units.by_id:
            name = rollup.units.by_id[other].name
            new = _spelt(rollup, alias.name, other, "您改定")
            self._session.edit(new, f"写法“{_short(alias.name)}”改成{name}")
            if also := len(rollup.unclaimed) - len(new.unclaimed):
                self.desk.tell(f"这个写法又认出 {also} 份。")
        elif answer == "forget":
            self._session.edit(_forgotten(rollup, alias.name), f"不再用写法“{alias.name}”")


class SpellingDialog(Dialog):
    """Asks whose spelling a remembered one is; `chosen` is the id of the unit, "" while none is."""

    def __init__(self, parent: QWidget | None, rollup: Rollup, unit: Unit, alias: Alias) -> None:
        super().__init__(
            parent,
            "记住的写法",
            f"“{alias.name}”现在是{unit.name}的写法，改成哪一家的？",
            choices=(
                CANCEL,
                Choice("forget", "不再用", tip="忘掉这个写法，下次遇到再问；可以撤销。"),
                Choice("take", "改成这一家", primary=True, tip="以后这样写的，就是选定的这一家；可以撤销。"),
            ),
        )
        self._units, self._unit = rollup.units, unit
        self.seek = QLineEdit()
        self.seek.setPlaceholderText("单位名称、拼音首字母或代码")
        self.seek.setAccessibleName("找单位")
        self.seek.setToolTip("输入几个字，从下面选一家（↓）。")
        self.seek.setClearButtonEnabled(True)
        self.seek.textChanged.connect(self._list)
        self.seek.installEventFilter(self)
        self.results = QListWidget()
        self.results.setAccessibleName("找到的单位")
        self.results.setToolTip("点一家，就是选它。")
        self.results.setFixedHeight(_OFFERED * max(22, self.fontMetrics().height() + 6))
        self.results.currentItemChanged.connect(lambda *_: self._look())
        self.results.itemDoubleClicked.connect(lambda _: self.accept())
        self.body.addWidget(self.seek)
        self.body.addWidget(self.results)
        self.say("已经认领的文件不变；认错了的，在“单位”里右击那一家，选“这份不是它的”。")
        self._list("")
        self.seek.setFocus()

    @property
    def chosen(self) -> str:
        """The id of the unit that is chosen."""
        item = self.results.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole) or "") if item is not None else ""

    def _list(self, text: str) -> None:
        able = [unit for unit in self._units.listed if unit.kind is not UnitKind.GROUP]
        found = found_units(self._units, text) if text.strip() else able
        self.results.clear()
        for unit in islice((one for one in found if one.id != self._unit.id), _LISTED):
            item = QListWidgetItem(unit.name)
            item.setData(Qt.ItemDataRole.UserRole, unit.id)
            self.results.addItem(item)
        if not self.results.count():
            nothing = QListWidgetItem("名单里没有找到")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(nothing)
        elif text.strip() and self.results.count() == 1:
            self.results.setCurrentRow(0)
        self._look()

    def _look(self) -> None:
        self.buttons["take"].setEnabled(bool(self.chosen))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↓ leads from the field into the list."""
        if (
            watched is self.seek
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
        ):
            self.results.setFocus()
            if not self.chosen:
                self.results.setCurrentRow(0)
            return True
        return super().eventFilter(watched, event)

    def accept(self) -> None:
        """Takes the chosen unit; without one the question stays."""
        if self.answer == "forget":
            super().accept()
        elif self.chosen:
            self.answer = "take"
            super().accept()


_BY_HAND = "您选定"
_WHENCE = {"asked": "您选定", "prior": "从去年的汇总带来"}
_COUNTS = ("没", "一", "两", "三", "四")


def _forgotten(rollup: Rollup, spelling: str, but: str = "") -> Rollup:
    """The roll-up in which no unit has a remembered spelling, `but` one; what the list itself says stays."""
    said = plain(spelling)
    changed = {
        unit.id: replace(unit, aliases=left)
        for unit in rollup.units.listed
        if unit.id != but
        and len(left := tuple(a for a in unit.aliases if a.whence == "list" or plain(a.name) != said))
        < len(unit.aliases)
    }
    if not changed:
        return rollup
    return replace(rollup, units=Units(tuple(changed.get(u.id, u) for u in rollup.units.listed)))


def _spelt(rollup: Rollup, spelling: str, unit_id: str, note: str) -> Rollup:
    """The roll-up in which a spelling is this unit's and no other's, with the files that are known by it now."""
    new = _forgotten(rollup, spelling, but=unit_id)
    unit = new.units.by_id[unit_id]
    if plain(spelling) not in {plain(alias.name) for alias in unit.aliases}:
        new = new.with_unit(replace(unit, aliases=(*unit.aliases, Alias(spelling, "asked", note))))
    return claimed_anew(new, load_unit_words(), unit_id) if new is not rollup else new


def found_units(units: Units, text: str) -> Iterable[Unit]:
    """The units whose name or former name or whose initials hold a text, or whose code begins with it."""
    sought = plain(text).lower()
    able = [unit for unit in units.listed if unit.kind is not UnitKind.GROUP]
    by_name = [
        u for u in able if any(sought in plain(n).lower() for n in (u.name, *(a.name for a in u.aliases)))
    ]
    by_code = [u for u in able if u.code and plain(u.code).lower().startswith(sought)]
    by_letter = [u for u in able if sought.isascii() and sought.isalpha() and sought in initials(u.name)]
    by_letter.sort(key=lambda unit: not initials(unit.name).startswith(sought))
    return dict.fromkeys((*by_name, *by_code, *by_letter))


def _bar(inside: QLayout, edge: str) -> QFrame:
    bar = QFrame()
    bar.setProperty("ground", "window")
    bar.setProperty("edge", edge)
    bar.setLayout(inside)
    return bar


def _moment(moment: str) -> str:
    """1月20日 17:48, of an ISO moment; "" of none."""
    day, _, clock = moment.partition("T")
    parts = day.split("-")
    if len(parts) != 3:
        return ""
    return f"{int(parts[1])} 月 {int(parts[2])} 日 {clock[:5]}".strip() + " "


def _short(text: str) -> str:
    return text if len(text) <= 16 else f"{text[:15]}…"


def _how_read(one: Received, form: Form) -> str:
    read = sum(1 for value in one.values if value is not None)
    doubts = f"{len(one.doubts)} 处存疑" if one.doubts else "没有存疑"
    return f"读到 {read} 格，{doubts}" if read < len(form.cells) else f"读到全部 {read} 格，{doubts}"


def _about(rollup: Rollup, unit: Unit) -> str:
    over = rollup.units.by_id.get(unit.parent)
    where = over.name if over is not None else unit.kind.value
    if not unit.reports_in(rollup.year):
        return f"{where}，免报"
    return f"{where}，{'已有一份' if unit.id in rollup.used else '尚无文件'}"


def _number(values: tuple[Entry | None, ...], place: int | None) -> int | None:
    value = values[place] if place is not None and place < len(values) else None
    return value if isinstance(value, int) else None


def _carried(rollup: Rollup, one: Received, unit: str) -> list[Agreement]:
    """How the requests brought forward agree with what the unit carried forward last year, where both are known."""
    prior = rollup.prior.values.get(unit) if rollup.prior is not None else None
    brought = _number(one.values, rollup.places.get(_BROUGHT))
    carried = _number(prior, rollup.places.get(_CARRIED)) if prior is not None else None
    if brought is None or carried is None:
        return []
    also = "也是" if brought == carried else "是"
    text = f"文件里二行总计 {brought} 件，它上年四行总计{also} {carried} 件"
    return [Agreement("＝" if brought == carried else "≠", "上年结转", text)]


class _Card(QFrame):
    """A unit that may be the one, with how the places of the file agree with it."""

    def __init__(self, unit: Unit, about: str, rows: list[Agreement], number: int) -> None:
        super().__init__()
        self.unit = unit
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("choiceCard")
        self.radio = QRadioButton(unit.name.replace("&", "&&"))
        self.radio.setFont(theme.font(10.5, 600))
        self.radio.setAccessibleDescription("；".join(f"{row.where}{row.sign}{row.text}" for row in rows))
        self.radio.setToolTip(theme.plain_tip(f"就是{unit.name}（按 {number}）。"))
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.radio)
        top.addWidget(theme.label(about, tone="text2"), 1)
        top.addWidget(theme.label(str(number), tone="text2"))
        grid = QGridLayout()
        grid.setContentsMargins(24, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        for place, row in enumerate(rows):
            tone = "qrytext" if row.sign == "≠" and row.where == "上年结转" else "text"
            text = theme.label(row.text, tone=tone)
            text.setWordWrap(True)
            grid.addWidget(theme.label(row.sign, tone=tone), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(theme.label(row.where, tone="text2"), place, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, place, 2)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(6)
        inside.addLayout(top)
        inside.addLayout(grid)
        self._is_chosen = False

    def show_chosen(self, chosen: bool) -> None:
        if chosen != self._is_chosen:
            self._is_chosen = chosen
            theme.restyle(self, ground="sel" if chosen else "base")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        tokens = theme.current()
        color = tokens.accent if self._is_chosen else tokens.line2
        Pixels(painter).frame(QRectF(self.rect()), color, 2 if self._is_chosen else 1)
        painter.end()

    def mousePressEvent(self, event: object) -> None:
        self.radio.setChecked(True)
        self.radio.setFocus()


class _Paper(QWidget):
    """What a file says: its title with the words that decide marked, and rows of its table 三."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title: tuple[str, ...] = ()
        self._marked = ""
        self._heads: tuple[str, ...] = ()
        self._rows: list[tuple[str, tuple[str, ...], bool]] = []
        self._said = ""

    def show_report(self, one: Received, form: Form, marked: str) -> None:
        """Shows what was read of a file; `marked` are the words that decide."""
        title = one.row or (
            "" if one.problem else one.title or one.agency
        )  # what could not be read has no title
        split = title.find("政府信息公开")
        self._title = (title[:split], title[split:]) if 0 < split < len(title) else (title,) if title else ()
        self._marked = marked
        self._said = one.problem or ("" if title else "文件里没有标题，也没有单位名称")
        self._rows = []
        block = next((b for t in form.tables if t.key == _TABLE for b in t.blocks), None)
        if block is not None and one.values:
            places = {cell: place for place, cell in enumerate(form.cells)}
            self._heads = tuple(column.name for column in block.columns)
            for row in block.rows:
                key = row.key
                if key in _ROWS:
                    values = [one.values[places[f"{_TABLE}.{key}.{column.key}"]] for column in block.columns]
                    shown = tuple("" if value is None else show_entry(value) for value in values)
                    self._rows.append((row.name, shown, key == "brought_forward"))
        spoken = [*self._title, self._said, *(f"{name}：{'、'.join(v)}" for name, v, _ in self._rows)]
        self.setAccessibleName("文件里写着什么")
        self.setAccessibleDescription("；".join(one for one in spoken if one))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        lines = len(self._title) * 26 + self._said_height()
        table = _HEAD + _LINE * len(self._rows) if self._rows else 0
        return QSize(480, 36 + max(lines, 26) + table + (14 if table else 0))

    def _said_height(self) -> int:
        """The height of why the file could not be read, which may be several sentences."""
        if not self._said:
            return 0
        room = QRectF(0, 0, max(self.width(), _NARROWEST) - 40, 1000)
        return max(
            24, int(QFontMetricsF(theme.font(9)).boundingRect(room, _WRAPPED, self._said).height()) + 6
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setFixedHeight(self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, pixels = theme.current(), Pixels(painter)
        pixels.fill(0, 0, self.width(), self.height(), tokens.base)
        pixels.frame(QRectF(self.rect()), tokens.line2)
        at = 18.0
        painter.setFont(theme.font(11, 600))
        for line in self._title:
            self._line(painter, line, at)
            at += 26
        painter.setFont(theme.font(9))
        if self._said:
            painter.setPen(QPen(tokens.text2))
            area = QRectF(20, at, self.width() - 40, self._said_height())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter) | _WRAPPED, self._said)
            at += self._said_height()
        if self._rows:
            self._table(painter, at + 10)
        painter.end()

    def _line(self, painter: QPainter, text: str, at: float) -> None:
        """A centred line, the words that decide on a tint with a line below."""
        tokens, metrics = theme.current(), QFontMetricsF(painter.font())
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - 40)
        left = (self.width() - metrics.horizontalAdvance(text)) / 2
        place = text.find(self._marked) if self._marked else -1
        if place >= 0:
            start = left + metrics.horizontalAdvance(text[:place])
            wide = metrics.horizontalAdvance(self._marked)
            Pixels(painter).fill(start, at, wide, 23, tokens.qrytint)
            Pixels(painter).fill(start, at + 22, wide, 2, tokens.qry)
        painter.setPen(QPen(tokens.text))
        area = QRectF(left, at, metrics.horizontalAdvance(text) + 2, 23)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _table(self, painter: QPainter, top: float) -> None:
        tokens, pixels = theme.current(), Pixels(painter)
        left, right = 24.0, self.width() - 24.0
        wide = (right - left - _LABEL) / max(1, len(self._heads))
        pixels.fill(left, top, right - left, _HEAD, tokens.head)
        center = int(Qt.AlignmentFlag.AlignCenter)
        number = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        start = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(theme.font(8.25))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QPen(tokens.text2))
        for place, head in enumerate(self._heads):
            area = QRectF(left + _LABEL + place * wide, top, wide, _HEAD)
            painter.drawText(area, center, metrics.elidedText(head, Qt.TextElideMode.ElideRight, wide - 6))
        for row, (name, values, is_shown) in enumerate(self._rows):
            at = top + _HEAD + row * _LINE
            pixels.fill(left, at, _LABEL, _LINE, tokens.head)
            if is_shown:
                pixels.fill(left + _LABEL, at, right - left - _LABEL, _LINE, tokens.accenttint)
            painter.setPen(QPen(tokens.text))
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _LABEL - 14)
            painter.drawText(QRectF(left + 8, at, _LABEL - 10, _LINE), start, short)
            for place, value in enumerate(values):
                painter.setPen(
                    QPen(tokens.text if value != "0" else tokens.text2 if is_shown else tokens.zero)
                )
                area = QRectF(left + _LABEL + place * wide, at, wide - 8, _LINE)
                painter.drawText(area, number, value)
            pixels.hline(left, at, right - left, tokens.line2)
        pixels.frame(QRectF(left, top, right - left, _HEAD + _LINE * len(self._rows)), tokens.line2)
