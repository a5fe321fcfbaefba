"""The list of units: seen, changed unit by unit, and taken from a file, a text, last year or the folder.

Shows the list as a table and beside it all that is kept of the units in hand. Every change is one undoable step, and
files that nobody has claimed are matched once more with it. A list that was read is a proposal, with the kind of each
unit and why, until a person takes it. How lists are read is `gxeditor.rollup.lists`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.errors import GxError
from gxeditor.core.rollup.matching import claimed_anew
from gxeditor.core.rollup.naming import plain
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.resources import load_unit_words
from gxeditor.rollup.lists import SUFFIXES, ListRead, as_listed, carried, read_list, write_list
from gxeditor.ui.editor.clipboard import put_on_clipboard
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.rows import PlainCells
from gxeditor.ui.rollup.beginning import parse_day
from gxeditor.ui.rollup.session import BESIDE, RollupDesk

_COLUMNS = ("单位", "类别", "上级", "汇总方式", "职责", "期限", "曾用名和写法", "依据和备注")
_WIDTHS = (232, 92, 116, 74, 54, 86, 128, 150)
_ROW, _SIDE = 25, 372  # logical pixels of a row of the table and of what stands beside it (LOOK-3, 17 and 19)
_OPEN = "请核定"  # how the reason of a kind ends where the clerk has to decide (resources/rollup/units.toml)
_BY_HAND = "您选定。"
_TOLD = 6  # notes of a reading that are told at once
_KINDS = "Excel 工作簿 (*.xlsx)"
_SOURCES = (
    ("import", "从 Excel、Word 或粘贴导入", "从名单文件读，或读剪贴板里的名单；先看再用。"),
    ("prior", "用去年的名单", "用去年汇总里的单位名单，记住的写法一起带来。"),
    ("folder", "从这个文件夹提出一份", "按文件夹里的文件名和标题列出一份，供您改。"),
)


class UnitListPage(QWidget):
    """The page; `whence` is where a new list is to come from at once: "import", "prior" or "folder"."""

    def __init__(self, desk: RollupDesk, whence: str = "") -> None:
        super().__init__()
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("单位名单")
        self.desk, self._session = desk, desk.session
        self._proposal: ListRead | None = None
        self._filling = False
        self._offered: Units | None = (
            None  # whose units the box of parents lists, where, and which of them are off
        )
        self._places: dict[str, int] = {}
        self._off: list[int] = []
        self._shown: tuple[Units, ListRead | None, bool, int] | None = None
        self._build()
        self._session.changed.connect(self.refresh)
        self.refresh()
        if whence:
            QTimer.singleShot(0, self, lambda: self.bring(whence))

    def show_units(self, ids: Sequence[str]) -> None:
        """Chooses these units, the first in view."""
        self._choose(ids)
        self.table.scrollTo(self.table.currentIndex())

    # --- building

    def _build(self) -> None:
        self.said = theme.label(tone="text2")
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.open_questions = theme.label(weight=600, tone="qrytext")
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(theme.label("单位名单", 12, 600))
        titles.addWidget(self.said)
        head = QHBoxLayout()
        head.setContentsMargins(20, 8, 20, 8)
        head.setSpacing(12)
        head.addLayout(titles, 1)
        head.addWidget(self.open_questions)

        self.model = _Model()
        self.table = _Table(self)
        self.table.setModel(self.model)
        self.table.selectionModel().selectionChanged.connect(self._show_unit)
        for column, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(column, width)
        self.empty = self._build_empty()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.side = self._build_side()
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.side)

        self.bar = QFrame()
        self.bar.setProperty("ground", "qrytint")
        self.bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.told = theme.label(tone="qrytext")
        self.told.setWordWrap(True)
        inside = QHBoxLayout(self.bar)
        inside.setContentsMargins(20, 6, 20, 6)
        inside.addWidget(self.told, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(_bar(head, "bottom"))
        whole.addWidget(self._build_tools())
        whole.addWidget(self.bar)
        whole.addLayout(middle, 1)
        whole.addWidget(self._build_foot())
        self.setFocusProxy(self.table)

    def _build_tools(self) -> QWidget:
        self.tools: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.setContentsMargins(20, 5, 20, 5)
        row.setSpacing(6)
        for key, word, tip, does in (
            ("import", "导入名单…", _SOURCES[0][2], lambda: self.bring("import")),
            ("prior", "用去年的名单", _SOURCES[1][2], lambda: self.bring("prior")),
            ("folder", "从文件夹提出", _SOURCES[2][2], lambda: self.bring("folder")),
            ("export", "导出名单…", "把名单写成 Excel，改好可以再导入。", self.ask_export),
            ("", "", "", None),
            ("add", "加一家", "在所选单位的下面加一家（Insert）。", self.add),
            ("remove", "删去", "删去所选的单位，它的文件回到未认领；可以撤销（Delete）。", self.remove),
            ("up", "上移", "所选单位往上移一行（Alt+↑）。", lambda: self.move_by(-1)),
            ("down", "下移", "所选单位往下移一行（Alt+↓）。", lambda: self.move_by(1)),
        ):
            if does is None:
                row.addSpacing(14)
                continue
            button = self.tools[key] = QPushButton(word)
            button.setToolTip(theme.plain_tip(tip))
            button.clicked.connect(_calling(does))
            row.addWidget(button)
        row.addStretch(1)
        self.seek = QLineEdit()
        self.seek.setPlaceholderText("查找单位")
        self.seek.setAccessibleName("查找单位")
        self.seek.setClearButtonEnabled(True)
        self.seek.setFixedWidth(200)
        self.seek.textEdited.connect(self._sought)
        row.addWidget(self.seek)
        bar = QFrame()
        bar.setProperty("edge", "bottom")
        bar.setLayout(row)
        return bar

    def _build_empty(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(
            theme.label("先有单位名单，才知道谁没交。", 10.5, 600), 0, Qt.AlignmentFlag.AlignHCenter
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for key, word, tip in _SOURCES:
            button = QPushButton(word)
            button.setToolTip(theme.plain_tip(tip))
            button.clicked.connect(partial(self._bring, key))
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        return box

    def _build_side(self) -> QWidget:
        self.name, self.code, self.due = QLineEdit(), QLineEdit(), QLineEdit()
        self.note, self.years = QLineEdit(), QLineEdit()
        self.kind, self.role, self.duty, self.covers, self.parent_unit = (QComboBox() for _ in range(5))
        self.aliases = QPlainTextEdit()
        self.aliases.setTabChangesFocus(True)
        self.aliases.setFixedHeight(64)
        self.which = theme.label("", 10.5, 600)
        self.which.setWordWrap(True)
        self.why = theme.label(tone="text2")
        self.why.setWordWrap(True)
        for combo, kinds in (
            (self.kind, UnitKind),
            (self.role, Role),
            (self.duty, Duty),
            (self.covers, Scope),
        ):
            for value in kinds:
                combo.addItem(value.value, value)
        self.parent_unit.setMaxVisibleItems(20)
        self.due.setPlaceholderText("如 1月31日；空着按类别的期限")
        self.years.setPlaceholderText("如 2024—，空着不限")
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        fields: tuple[tuple[str, QWidget, str], ...] = (
            ("名称", self.name, "单位的全称。"),
            ("类别", self.kind, "看名称猜的，可以改；改了以后不再猜。"),
            ("上级", self.parent_unit, "它列在谁的下面；上级自己的年报只比对，不计入合计。"),
            (
                "汇总方式",
                self.role,
                "计入：加进合计。只比对：不加，只和合计比。计差额：下级没有的部分。免报：不等它。",
            ),
            ("职责", self.duty, "应报：没交算缺。可报：交了才算。不报：不等它。"),
            ("口径", self.covers, "它的年报是自己一家的，还是全辖区的。"),
            ("期限", self.due, "它的报送期限；空着用它那一类的期限。"),
            ("代码", self.code, "18 位统一社会信用代码，有的话认文件最准。"),
            ("曾用名", self.aliases, "一行一个，文件上这样写的也是它。"),
            ("报送年度", self.years, "从哪年起、到哪年止，如 2024—2026。"),
            ("备注", self.note, "只给自己看的话。"),
        )
        for word, field, tip in fields:
            field.setAccessibleName(word)
            field.setToolTip(theme.plain_tip(tip))
            form.addRow(theme.label(word, tone="text2"), field)
        for line in (self.name, self.code, self.due, self.note, self.years):
            line.editingFinished.connect(self._take_lines)
        self.aliases.installEventFilter(self)
        for combo, key in (
            (self.kind, "kind"),
            (self.role, "role"),
            (self.duty, "duty"),
            (self.covers, "covers"),
            (self.parent_unit, "parent"),
        ):
            combo.activated.connect(_with(self._take_choice, combo, key))
        inside = QWidget()
        inside.setProperty("ground", "card")
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.which)
        column.addWidget(self.why)
        column.addLayout(form)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        side = QFrame()
        side.setProperty("ground", "card")
        side.setProperty("edge", "left")
        side.setFixedWidth(_SIDE)
        down = QVBoxLayout(side)
        down.setContentsMargins(1, 0, 0, 0)
        down.addWidget(area)
        return side

    def _build_foot(self) -> QWidget:
        self.sentence = theme.label(tone="text2")
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.leave, self.take = QPushButton("返回 Esc"), QPushButton("用这份名单")
        self.take.setProperty("primary", True)
        self.take.setToolTip("从现在起按这份名单等年报；可以撤销。")
        self.leave.clicked.connect(self.go)
        self.take.clicked.connect(self.take_proposal)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 8)
        foot.setSpacing(8)
        foot.addWidget(self.sentence, 1)
        for button in (self.leave, self.take):
            button.setMinimumWidth(72)
            foot.addWidget(button)
        return _bar(foot, "top")

    # --- what is shown

    @property
    def units(self) -> Units:
        """The list in view: the proposal, or the one of the roll-up."""
        return self._proposal.units if self._proposal is not None else self._session.rollup.units

    def refresh(self) -> None:
        """Shows the list as it is now; what was chosen stays so, and what is being typed while files are read."""
        units, rollup = self.units, self._session.rollup
        shown = units, self._proposal, self._session.is_held, rollup.year
        if self._shown is not None and all(
            one is other for one, other in zip(shown, self._shown, strict=True)
        ):
            return
        self._shown = shown
        chosen = [unit.id for unit in self.chosen]
        self.model.show_units(units)
        self.stack.setCurrentWidget(self.table if units.listed else self.empty)
        self.side.setVisible(bool(units.listed))
        self._choose(chosen or [unit.id for unit in units.listed[:1]])
        bodies = [unit for unit in units.listed if unit.kind is not UnitKind.GROUP]
        must = sum(
            1 for u in bodies if u.reports_in(rollup.year) and u.role is not Role.SUM and u.duty is Duty.MUST
        )
        self.said.setText(f"{len(bodies)} 家，其中应报 {must} 家" if bodies else "还没有单位名单")
        asked = [unit for unit in bodies if _OPEN in unit.why_kind]
        self.open_questions.setText(f"◆ {len(asked)} 家请核定" if asked else "")
        self.open_questions.setToolTip(
            theme.plain_tip("、".join(unit.name for unit in asked[:_TOLD])) if asked else ""
        )
        proposed = self._proposal is not None
        self.take.setVisible(proposed)
        self.leave.setText("不用，返回" if proposed else "返回 Esc")
        self.leave.setToolTip("不用这份名单，原来的名单不变。" if proposed else "回到各单位的表（Esc）。")
        self.sentence.setText(
            "这是读出来的名单，还没有用；先核对类别和上级，可以在这里改。"
            if proposed
            else "每改一处就是一步，可以撤销（Ctrl+Z）。改了名单，没有认领的文件会再认一遍。"
        )
        notes = self._proposal.notes if self._proposal is not None else ()
        told = "".join(notes[:_TOLD]) + (f"另有 {len(notes) - _TOLD} 条。" if len(notes) > _TOLD else "")
        self.told.setText(told)
        self.bar.setVisible(bool(told))
        held = self._session.is_held
        for key, button in self.tools.items():
            able = not held or key == "export"
            button.setEnabled(able and (bool(units.listed) or key not in ("export", "remove", "up", "down")))
        self._show_unit()

    @property
    def chosen(self) -> list[Unit]:
        """The units that are chosen, in the order of the list."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.model.unit(row) for row in rows if row < self.model.rowCount()]

    def _choose(self, ids: Sequence[str]) -> None:
        model = self.table.selectionModel()
        model.clearSelection()
        rows = QItemSelectionModel.SelectionFlag.Rows
        for number, unit_id in enumerate(ids):
            row = self.model.row_of(unit_id)
            if row >= 0:
                index = self.model.index(row, 0)
                if not number:
                    model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select | rows)
                else:
                    model.select(index, QItemSelectionModel.SelectionFlag.Select | rows)

    def _show_unit(self, *_: object) -> None:
        """The fields beside the table say what is kept of the units that are chosen."""
        chosen, units = self.chosen, self.units
        self._filling = True
        held = self._session.is_held
        one = chosen[0] if len(chosen) == 1 else None
        self.which.setText(
            one.name if one else f"选了 {len(chosen)} 家，一起改" if chosen else "选一家，在这里看和改"
        )
        self.why.setText((one.why_kind or "") if one else "")
        self.why.setVisible(bool(one and one.why_kind))
        theme.restyle(self.why, tone="qrytext" if one and _OPEN in one.why_kind else "text2")
        for line, text in (
            (self.name, one.name if one else ""),
            (self.code, one.code if one else ""),
            (self.due, _same([u.due for u in chosen])),
            (self.note, one.note if one else ""),
            (self.years, _years(one) if one else ""),
        ):
            line.setText(text)
            line.setEnabled(not held and (one is not None or (line is self.due and bool(chosen))))
        self.aliases.setPlainText("\n".join(a.name for a in one.aliases) if one else "")
        self.aliases.setEnabled(one is not None and not held)
        self._offer_parents(units, [u.id for v in chosen for u in (v, *units.below(v.id))])
        for combo, value in (
            (self.kind, _same([u.kind for u in chosen])),
            (self.role, _same([u.role for u in chosen])),
            (self.duty, _same([u.duty for u in chosen])),
            (self.covers, _same([u.covers for u in chosen])),
            (self.parent_unit, _same([u.parent for u in chosen], None)),
        ):
            combo.setCurrentIndex(_place(combo, value))
            combo.setEnabled(bool(chosen) and not held)
        self._filling = False

    def _offer_parents(self, units: Units, but: Sequence[str]) -> None:
        """The units that the chosen ones may stand under: not those themselves, nor what stands under them."""
        box = self.parent_unit
        if self._offered is not units:
            self._offered, self._off = units, []
            box.clear()
            box.addItem("（最上面）", "")
            parents = {u.parent for u in units.listed}
            able = (UnitKind.GROUP, UnitKind.DEPARTMENT)
            for unit in units.listed:
                if unit.id in parents or unit.kind.is_government or unit.kind in able:
                    box.addItem(unit.name, unit.id)
            self._places = {str(box.itemData(at)): at for at in range(box.count())}
        model = box.model()
        assert isinstance(model, QStandardItemModel)
        for at in self._off:
            model.item(at).setEnabled(True)
        self._off = [self._places[key] for key in but if key in self._places]
        for at in self._off:
            model.item(at).setEnabled(False)

    def _sought(self, text: str) -> None:
        from gxeditor.ui.rollup.match import found_units

        found = next(iter(found_units(self.units, text)), None) if text.strip() else None
        if found is not None:
            self._choose([found.id])
            self.table.scrollTo(self.table.currentIndex())

    # --- changing

    def _put(self, units: Units, label: str) -> None:
        """Takes another list: of the proposal, or as one step of the roll-up."""
        if self._proposal is not None:
            self._proposal = self._proposal._replace(units=units)
            self.refresh()
            return
        self._session.edit(self._with(units), label)

    def _with(self, units: Units) -> Rollup:
        return claimed_anew(replace(self._session.rollup, units=units), load_unit_words())

    def _change(self, changes: dict[str, Unit], label: str) -> None:
        changes = {key: unit for key, unit in changes.items() if unit != self.units.by_id[key]}
        if changes:
            self._put(Units(tuple(changes.get(unit.id, unit) for unit in self.units.listed)), label)

    def _take_choice(self, combo: QComboBox, key: str) -> None:
        if self._filling or combo.currentIndex() < 0:
            return
        value, chosen = combo.currentData(), self.chosen
        if not chosen:
            return
        said: dict[str, Any] = {"why_kind": _BY_HAND} if key in ("kind", "duty") else {}
        word = {"kind": "类别", "role": "汇总方式", "duty": "职责", "covers": "口径", "parent": "上级"}[key]
        changes = {
            unit.id: replace(unit, **{key: value}, **said) for unit in chosen if getattr(unit, key) != value
        }
        self._change(changes, f"改{_called(chosen)}的{word}")

    def _take_lines(self) -> None:
        """Takes what was typed, as one step."""
        chosen = self.chosen
        if self._filling or not chosen:
            return
        year = self._session.rollup.year + 1
        due = parse_day(typed, year) if (typed := self.due.text().strip()) else ""
        if due is None:
            self.desk.tell(f"“{typed}”不是一天，期限请写成 1月23日 或 {year}-01-23，没有改。")
            self._show_unit()
            return
        if len(chosen) > 1:
            self._change({u.id: replace(u, due=due) for u in chosen}, f"改{_called(chosen)}的期限")
            return
        (unit,) = chosen
        name = self.name.text().strip()
        years = re.fullmatch(r"(20\d\d)?\s*(?:[—\-－~至到]+\s*(20\d\d)?)?", self.years.text().strip())
        if not name or years is None:
            self.desk.tell("名称不能空着。" if not name else "报送年度请写成 2024—2026 这样，没有改。")
            self._show_unit()
            return
        code = plain(self.code.text()).upper()
        names = [one.strip() for one in self.aliases.toPlainText().split("\n") if one.strip()]
        known = {alias.name: alias for alias in unit.aliases}
        aliases = tuple(known.get(one, Alias(one)) for one in dict.fromkeys(names))
        start, end = (int(one) if one else None for one in years.groups())
        if not self.years.text().strip():
            start = end = None
        new = replace(
            unit, name=name, code=code, due=due, note=self.note.text().strip(), aliases=aliases,
            from_year=start, to_year=end,
        )  # fmt: skip
        self._change({unit.id: new}, f"改{unit.name}")

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Leaving the former names takes them."""
        if watched is self.aliases and event.type() == event.Type.FocusOut:
            self._take_lines()
        return super().eventFilter(watched, event)

    def add(self) -> None:
        """A new unit below the one that is chosen, beside it."""
        units = self.units
        after = self.chosen[-1] if self.chosen else None
        prior = self._session.rollup.prior
        taken = {*units.by_id, *(prior.units.by_id if prior is not None else ())}
        number = len(taken) + 1
        while f"u{number}" in taken:
            number += 1
        parent = after.id if after and after.kind is UnitKind.GROUP else after.parent if after else ""
        new = Unit(f"u{number}", "新单位", parent=parent, why_kind=_BY_HAND)
        at = units.listed.index(after) + 1 if after else len(units.listed)
        self._put(Units((*units.listed[:at], new, *units.listed[at:])), "加一家单位")
        self._choose([new.id])
        self.name.setFocus()
        self.name.selectAll()

    def remove(self) -> None:
        """Takes the chosen units out; what stands under them goes up to where they stood."""
        chosen, units = self.chosen, self.units
        if not chosen:
            return
        gone = {unit.id for unit in chosen}

        def over(unit: Unit) -> str:
            parent = unit.parent
            while parent in gone:
                parent = units.by_id[parent].parent
            return parent

        left = tuple(
            replace(u, parent=over(u)) if u.parent in gone else u for u in units.listed if u.id not in gone
        )
        self._put(Units(left), f"删去{_called(chosen)}")

    def move_by(self, by: int) -> None:
        """Moves the chosen unit one place up or down among those under the same one."""
        chosen, units = self.chosen, self.units
        if len(chosen) != 1:
            return
        beside = [unit for unit in units.listed if unit.parent == chosen[0].parent]
        at = beside.index(chosen[0]) + by
        if 0 <= at < len(beside):
            one, other = units.listed.index(chosen[0]), units.listed.index(beside[at])
            listed = list(units.listed)
            listed[one], listed[other] = listed[other], listed[one]
            self._put(Units(tuple(listed)), f"移动{chosen[0].name}")

    # --- a new list

    def _bring(self, whence: str, _: bool = False) -> None:
        self.bring(whence)

    def bring(self, whence: str) -> None:
        """Reads a list and shows it as a proposal."""
        rollup = self._session.rollup
        if self._session.is_held:
            self.desk.tell(self._session.held)
            return
        if whence == "prior" and rollup.prior is not None:
            self.propose(ListRead(_brought(rollup)))
            return
        if whence == "folder":
            self._read(self._session.folder)
            return
        if whence == "import":
            answer = dialog.ask(
                self.desk.frame, "导入名单", "名单在哪里？",
                "一行一个单位，用缩进或“层级”一列分上下级；曾用名写成“某局（原某委）”或单列一栏。", "",
                (dialog.CANCEL, dialog.Choice("paste", "读剪贴板", tip="读刚才在 Excel、Word 里复制的名单。"),
                 dialog.Choice("file", "选文件…", primary=True, tip="选 Excel、Word 或文本文件里的名单。")),
            )  # fmt: skip
            if answer == "paste":
                self._read(QGuiApplication.clipboard().text())
                return
            if answer != "file":
                return
        self._ask_file("去年的汇总 (*.gxh)" if whence == "prior" else "")

    def _ask_file(self, kinds: str) -> None:
        kinds = kinds or f"单位名单 ({' '.join(f'*{one}' for one in SUFFIXES)});;所有文件 (*)"
        name, _ = QFileDialog.getOpenFileName(
            self.desk.frame, "选名单", str(self._session.folder.parent), kinds
        )
        if name:
            self._read(Path(name))

    def _read(self, source: Path | str) -> None:
        rollup = self._session.rollup
        owner, year = rollup.owner, rollup.year
        try:
            if isinstance(source, str):
                read: ListRead | None = read_list(source, owner, year)
            else:
                read = dialog.run_task(
                    self.desk.frame, "读取名单", lambda _: _read_apart(source, owner, year)
                )
        except GxError as error:
            dialog.show_error(self.desk.frame, error)
            return
        if read is not None:
            self.propose(read)

    def propose(self, read: ListRead) -> None:
        """Shows a list that was read; it counts once it is taken."""
        self._proposal = read
        self.refresh()

    def take_proposal(self) -> None:
        """「用这份名单」: units that the list had before keep their files and remembered spellings."""
        proposal = self._proposal
        if proposal is None:
            return
        words = load_unit_words()

        def taken(rollup: Rollup) -> Rollup:
            units = carried(proposal.units, rollup.units)
            new = claimed_anew(replace(rollup, units=units), words)
            prior = rollup.prior and as_listed(rollup.prior, units, before=rollup.units)
            return replace(new, owner=rollup.owner or proposal.owner, prior=prior)

        before = self._session.rollup
        made: Rollup | None = None
        if (
            len(proposal.units.listed) >= BESIDE
        ):  # files are looked at beside the window: ten thousand take seconds
            made = dialog.run_task(self.desk.frame, "用这份名单", lambda _: taken(before))
            if made is None:
                return  # given up: it is still a proposal
        if made is None or self._session.rollup is not before:  # or more was read meanwhile
            made = taken(self._session.rollup)
        self._proposal = None
        count = sum(1 for unit in made.units.listed if unit.kind is not UnitKind.GROUP)
        if not self._session.edit(made, f"用 {count} 家的单位名单"):
            self.refresh()

    def ask_export(self) -> None:
        """Writes the list as a workbook."""
        rollup = self._session.rollup
        name, _ = QFileDialog.getSaveFileName(
            self.desk.frame, "导出名单", str(self._session.folder / f"{rollup.owner}单位名单.xlsx"), _KINDS
        )
        if not name:
            return
        path = Path(name).with_suffix(".xlsx")
        try:
            write_list(self.units, path)
        except GxError as error:
            dialog.show_error(self.desk.frame, error)
            return
        self.desk.tell_written(f"已写出：{path.name}", [path])

    def go(self) -> None:
        """Back; a proposal is put away first."""
        if self._proposal is not None:
            self._proposal = None
            self.refresh()
            if self.units.listed:
                return
        self.desk.leave_over()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go()
        else:
            super().keyPressEvent(event)


def _read_apart(source: Path, owner: str, year: int) -> ListRead:
    """The list of a file, read in the child process where its format is foreign."""
    from gxeditor import documents, worker

    if source.is_dir() or source.suffix.lower() in (".gxh", ".txt", ".csv", ".tsv", ".md"):
        return read_list(source, owner, year)
    return worker.run(read_list, source, owner, year, **documents.reading(source), meaning="名单没有改动。")


def _brought(rollup: Rollup) -> Units:
    """Last year's units, with what was remembered then."""
    assert rollup.prior is not None
    year = rollup.prior.year

    def brought(alias: Alias) -> Alias:
        if alias.whence != "asked":
            return alias
        return replace(alias, whence="prior", note=f"从 {year} 年汇总带来")

    return Units(
        tuple(
            replace(unit, due="", aliases=tuple(brought(alias) for alias in unit.aliases))
            for unit in rollup.prior.units.listed
            if unit.to_year is None or unit.to_year > year
        )
    )


def _bar(inside: QLayout, edge: str) -> QFrame:
    bar = QFrame()
    bar.setProperty("ground", "window")
    bar.setProperty("edge", edge)
    bar.setLayout(inside)
    return bar


def _calling(does: Callable[[], object]) -> Callable[[], None]:
    """A slot that takes nothing of what a button sends."""

    def slot() -> None:
        does()

    return slot


def _with(does: Callable[[QComboBox, str], None], combo: QComboBox, key: str) -> Callable[[], None]:
    def slot() -> None:
        does(combo, key)

    return slot


def _called(units: Sequence[Unit]) -> str:
    return units[0].name if len(units) == 1 else f"{len(units)} 家单位"


def _same(values: Sequence[Any], otherwise: Any = "") -> Any:
    """What all have in common, or nothing."""
    return values[0] if values and all(value == values[0] for value in values) else otherwise


def _place(combo: QComboBox, value: Any) -> int:
    return next((i for i in range(combo.count()) if combo.itemData(i) == value), -1)


def _years(unit: Unit) -> str:
    if unit.from_year is None and unit.to_year is None:
        return ""
    return f"{unit.from_year or ''}—{unit.to_year or ''}"


class _Model(QAbstractTableModel):
    """The units in the order of the tree, each indented by how many stand over it."""

    def __init__(self) -> None:
        super().__init__()
        self._units = Units()
        self._rows: tuple[Unit, ...] = ()
        self._depth: dict[str, int] = {}
        self._row: dict[str, int] = {}

    def show_units(self, units: Units) -> None:
        if units == self._units and self._rows:
            return
        self.beginResetModel()
        self._units = units
        self._rows = tuple(units.below(""))
        self._row = {unit.id: row for row, unit in enumerate(self._rows)}
        self._depth = {}
        for unit in self._rows:
            self._depth[unit.id] = self._depth.get(unit.parent, -1) + 1
        self.endResetModel()

    def unit(self, row: int) -> Unit:
        return self._rows[row]

    def row_of(self, unit_id: str) -> int:
        return self._row.get(unit_id, -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        unit = self._rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(unit, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_COLUMNS[column]}：{self._text(unit, column).strip() or '空'}"
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self._text(unit, column).strip()
            return theme.plain_tip(text) if text else None
        if role == Qt.ItemDataRole.FontRole and unit.kind is UnitKind.GROUP and column == 0:
            return theme.font(9, 600)
        if role == Qt.ItemDataRole.ForegroundRole:
            tokens = theme.current()
            if column == 7 and _OPEN in unit.why_kind:
                return tokens.qrytext
            return tokens.text if column == 0 and unit.role is not Role.EXEMPT else tokens.text2
        return None

    def _text(self, unit: Unit, column: int) -> str:
        if column == 0:
            return "　" * self._depth.get(unit.id, 0) + unit.name
        if unit.kind is UnitKind.GROUP:
            return "分组" if column == 1 else unit.note if column == 7 else ""
        over = self._units.by_id.get(unit.parent)
        texts: dict[int, str] = {
            1: unit.kind.value,
            2: over.name if over else "",
            3: unit.role.value,
            4: unit.duty.value,
            5: unit.due,
            6: "、".join(alias.name for alias in unit.aliases),
            7: ("◆ " if _OPEN in unit.why_kind else "")
            + "".join((unit.note and f"{unit.note}　", unit.why_kind)),
        }
        return texts[column]


class _Table(QTableView):
    """The table; Insert, Delete and Alt with an arrow change the list."""

    def __init__(self, page: UnitListPage) -> None:
        super().__init__()
        self._page = page
        self.setAccessibleName("单位名单")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setItemDelegate(PlainCells(self))
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_Insert:
            self._page.add()
        elif event.key() == Qt.Key.Key_Delete:
            self._page.remove()
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._page.move_by(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.matches(QKeySequence.StandardKey.Copy):
            model = self._page.model
            rows = [
                [str(model.index(model.row_of(unit.id), at).data() or "") for at in range(len(_COLUMNS))]
                for unit in self._page.chosen
            ]
            put_on_clipboard([_COLUMNS, *rows])
            self._page.desk.tell(f"已复制 {len(rows)} 家，可以粘贴到 Excel、WPS。")
        else:
            super().keyPressEvent(event)
