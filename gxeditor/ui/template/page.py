"""Where everything goes in a template: its sheets as in Excel beside a list of what was found and what was not.

Knows how a place is looked at, corrected, taken off and given back. Corrections change a map that only this page holds,
each can be undone; after each the filling is planned anew and both sides show what would be written. Opens and writes
no file: that is the business of `filling`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import GxError
from gxeditor.core.fields import ASKED, name_of
from gxeditor.core.form import Form
from gxeditor.core.report import Report, show_entry
from gxeditor.mapping.corrections import spot_in_map, with_place, without, without_place
from gxeditor.mapping.placement import Target, TemplateMap, UnitLines
from gxeditor.templates.plan import Filling, UnitLine
from gxeditor.templates.shelf import Opened, plan_filling
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import sentence
from gxeditor.ui.template.list import Item, ItemList, Row, ask_row
from gxeditor.ui.template.sheet_view import CellLook, SheetView, Spot
from gxeditor.workbook.cells import Address as Place
from gxeditor.workbook.cells import Written, cell_ref, shown_result
from gxeditor.workbook.formats import is_date_format
from gxeditor.workbook.read import Sheet

Index = QModelIndex | QPersistentModelIndex
_ITEM = int(Qt.ItemDataRole.UserRole)
_WRAP = int(Qt.TextFlag.TextWordWrap)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_SIDE = 400  # logical pixels of the list beside the sheet
_SHOWN = 300  # of the rows that fit a search
_STAYS = "只写入浅蓝底的格。格式、公式和其他内容保持原样，模板文件不会改动。"


def _shown(value: Written) -> str:
    return show_entry(value)


# ------------------------------------------------------------------------------------------------------- the page


class _Notice(QFrame):
    """A sentence across the page on the query tint."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setProperty("ground", "qrytint")
        self.setProperty("edge", "bottom")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(40, 8, 20, 8)
        layout.addWidget(sentence(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme.paint_mark(painter, QRectF(20, 11, 10, 10), Severity.QUERY)
        painter.end()


class _State(NamedTuple):
    """What can be undone: the map, and the line that was chosen for the unit."""

    map: TemplateMap
    line: str


class TemplatePage(QWidget):
    """The page between choosing a template and writing the filled file.

    `save_asked` is 「填好并另存为」, `keep_asked` 「记住对应关系」; `left` is emitted when the page is given up.
    """

    save_asked = Signal()
    keep_asked = Signal()
    export_asked = Signal()
    import_asked = Signal()
    change_asked = Signal()
    left = Signal()

    def __init__(
        self, opened: Opened, report: Report, notice: str = "", parent: QWidget | None = None
    ) -> None:
        """`notice` is what is to be known before anything else, such as that the template has changed."""
        super().__init__(parent)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("填 Excel 模板")
        self._opened = opened
        self._report = report
        self._form = report.form
        self._book = opened.template.workbook
        self._states = [_State(opened.map, "")]
        self._at = 0
        self._kept_map = opened.map
        self._filling: Filling | None = None
        self._trouble: GxError | None = None
        self._looks: dict[str, dict[Spot, CellLook]] = {}
        self._targets: dict[Place, list[Target]] = {}
        self._picked: tuple[str, ...] = ()
        self._warned: tuple[str, Spot] | None = None
        self._views: dict[str, SheetView] = {}
        written = {target.sheet for target in opened.map.places}
        self._sheets = [s for s in self._book.sheets if not s.hidden or s.name in written]

        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._make_head())
        if notice:
            whole.addWidget(_Notice(notice))
        self._splitter = splitter = QSplitter()
        splitter.setAccessibleName("模板和对应关系")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._make_book())
        splitter.addWidget(self._make_side())
        splitter.setStretchFactor(0, 1)
        splitter.setHandleWidth(5)
        whole.addWidget(splitter, 1)
        whole.addWidget(self._make_foot())
        self._make_actions()
        self._renew()
        self._show_first()

    # --- building

    def _make_head(self) -> QWidget:
        head = QFrame()
        head.setProperty("ground", "window")
        head.setProperty("edge", "bottom")
        across = QHBoxLayout(head)
        across.setContentsMargins(20, 10, 20, 10)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(_label("填 Excel 模板", 12, 600))
        self._about = _label("", tone="text2")
        self._about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._about.setToolTip(theme.plain_tip(str(self._opened.path)))
        words.addWidget(self._about)
        across.addLayout(words, 1)
        self._told = _label("", tone="text2")
        self._told.setAccessibleName("刚才做了什么")
        across.addWidget(self._told)
        change = QPushButton(" 换一个模板…")
        theme.set_icon(change, "open")
        change.clicked.connect(self.change_asked)
        across.addWidget(change)
        return head

    def _make_book(self) -> QWidget:
        book = QWidget()
        column = QVBoxLayout(book)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._stack = QStackedWidget()
        self._tabs = QTabBar()
        self._tabs.setAccessibleName("工作表")
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        for sheet in self._sheets:
            self._tabs.addTab(_tab_text(sheet.name))
        self._tabs.currentChanged.connect(self._show_sheet)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)
        return book

    def _make_side(self) -> QWidget:
        side = QFrame()
        side.setProperty("ground", "card")
        side.setMinimumWidth(300)
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 10, 0, 0)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.setContentsMargins(6, 0, 12, 0)
        top.addWidget(_label("对应关系", 10.5, 600))
        top.addStretch(1)
        self._undo_button, self._redo_button = QToolButton(), QToolButton()
        top.addWidget(self._undo_button)
        top.addWidget(self._redo_button)
        column.addLayout(top)
        self._line = QFrame()
        across = QHBoxLayout(self._line)
        across.setContentsMargins(6, 0, 12, 0)
        self._line_text = sentence("")
        self._line_button = QPushButton("换一行…")
        self._line_button.clicked.connect(self._ask_line)
        across.addWidget(self._line_text, 1)
        across.addWidget(self._line_button)
        self._line.setVisible(bool(self._opened.map.units))
        column.addWidget(self._line)
        self._list = ItemList()
        self._list.currentItemChanged.connect(self._item_chosen)
        self._list.itemClicked.connect(self._item_chosen)
        self._list.itemDoubleClicked.connect(self._item_entered)
        self._list.entered.connect(self._item_entered)
        self._list.taken_off.connect(self._take_off_item)
        column.addWidget(self._list, 1)
        column.addWidget(self._make_card())
        return side

    def _make_card(self) -> QWidget:
        """What is looked at, in words, and what can be done with it."""
        card = QFrame()
        card.setProperty("ground", "base")
        card.setProperty("edge", "top")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        self._card_title = sentence("", 9.75, 600)
        self._card_text = sentence("", tone="text2")
        column.addWidget(self._card_title)
        column.addWidget(self._card_text)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self._take = QPushButton("填在这一格")
        self._take.setToolTip("写在找到的格里，替换里面的文字")
        self._take.clicked.connect(self._take_found)
        self._give = QPushButton("指定内容…")
        self._give.setToolTip("选择要填在这一格的内容（Enter）")
        self._give.clicked.connect(self._ask_content)
        self._pick = QPushButton("换一格")
        self._pick.clicked.connect(self._pick_chosen)
        self._off = QPushButton("不填")
        self._off.setToolTip("这一格不填（Delete）")
        self._off.clicked.connect(self._take_off)
        for button in (self._take, self._give, self._pick, self._off):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self._zero = QCheckBox("年报里空着的格填 0")
        self._zero.setToolTip("不勾选时，年报里空着的格在模板里也空着。")
        self._zero.clicked.connect(self._set_zero)
        column.addWidget(self._zero)
        return card

    def _make_foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("ground", "window")
        foot.setProperty("edge", "top")
        across = QHBoxLayout(foot)
        across.setContentsMargins(20, 10, 20, 10)
        across.setSpacing(8)
        self._status = sentence(_STAYS, tone="text2")
        across.addWidget(self._status, 1)
        for text, slot, link in (
            ("导入对应关系…", self.import_asked.emit, True),
            ("导出对应关系…", self.export_asked.emit, True),
            ("返回", self._leave, False),
            ("记住对应关系", self.keep_asked.emit, False),
        ):
            button = QPushButton(text)
            button.setProperty("link", link)
            button.clicked.connect(slot)
            across.addWidget(button)
        self._save = QPushButton("填好并另存为…")
        self._save.setProperty("primary", True)
        self._save.clicked.connect(self.save_asked)
        across.addWidget(self._save)
        return foot

    def _make_actions(self) -> None:
        keys: tuple[tuple[str, Sequence[str], Callable[[], object]], ...] = (
            ("撤销", ("Ctrl+Z",), self.undo),
            ("重做", ("Ctrl+Y", "Ctrl+Shift+Z"), self.redo),
            ("下一张工作表", ("Ctrl+PgDown",), partial(self._step_sheet, 1)),
            ("上一张工作表", ("Ctrl+PgUp",), partial(self._step_sheet, -1)),
            ("在模板和对应关系之间移动", ("F6",), self._next_pane),
        )
        made = []
        for text, shortcuts, slot in keys:
            action = QAction(text, self)
            action.setShortcuts([QKeySequence(key) for key in shortcuts])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(slot)
            self.addAction(action)
            made.append(action)
        self._act_undo, self._act_redo = made[:2]
        for action, button, icon in (
            (self._act_undo, self._undo_button, "undo"),
            (self._act_redo, self._redo_button, "redo"),
        ):
            theme.set_icon(action, icon)
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    # --- state

    @property
    def report(self) -> Report:
        return self._report

    @property
    def opened(self) -> Opened:
        """The template with the map as it is now."""
        now = self._states[self._at].map
        if now is self._opened.map:
            return self._opened
        return self._opened.with_map(now)

    @property
    def filling(self) -> Filling | None:
        """What would be written; None if nothing can be, which the page says."""
        return self._filling

    @property
    def line(self) -> str:
        """The name or code of the line that was chosen for the unit; empty if the agency decides."""
        return self._states[self._at].line

    @property
    def is_corrected(self) -> bool:
        """Whether the map is another one than was opened or kept."""
        return self._states[self._at].map != self._kept_map

    def kept(self) -> None:
        """The map has been stored."""
        self._kept_map = self._states[self._at].map
        self.tell("已记住，下次用这个模板直接填写。")

    def take_map(self, imported: Opened) -> None:
        """Goes on with a map from a file; it can be undone."""
        self._change(imported.map, self.line)
        self.tell("已采用导入的对应关系。")

    def tell(self, text: str) -> None:
        """A sentence about what has just been done."""
        self._told.setText(text)
        self._told.setToolTip(theme.plain_tip(text))

    def _change(self, template: TemplateMap, line: str) -> None:
        del self._states[self._at + 1 :]
        self._states.append(_State(template, line))
        self._at += 1
        self._stop_picking()
        self._renew()

    def undo(self) -> None:
        """Takes the last correction back."""
        self._go(-1, "已撤销。")

    def redo(self) -> None:
        self._go(1, "已重做。")

    def _go(self, step: int, told: str) -> None:
        if 0 <= self._at + step < len(self._states):
            self._at += step
            self._stop_picking()
            self._renew()
            self.tell(told)

    # --- planning and showing

    def _renew(self) -> None:
        """Plans anew and shows what comes of it."""
        state = self._states[self._at]
        self._filling, self._trouble = None, None
        try:
            template = replace(
                self._opened.template, map=state.map
            )  # its fingerprint is only needed when it is kept
            self._filling = plan_filling(replace(self._opened, template=template), [self._report], state.line)
        except GxError as error:
            self._trouble = error
        self._renew_looks()
        self._act_undo.setEnabled(self._at > 0)
        self._act_redo.setEnabled(self._at + 1 < len(self._states))
        self._zero.setChecked(state.map.zero)
        self._save.setEnabled(self._filling is not None and self._filling.count > 0)
        self._renew_list()
        self._renew_line()
        self._renew_status()
        self._renew_card()
        for view in self._views.values():
            view.renew()

    def _lines(self) -> Mapping[str, UnitLine]:
        lines = self._filling.lines if self._filling is not None else ()
        return {line.sheet: line for line in (lines[0] if lines else ())}

    def _place_of(self, target: Target) -> Place:
        """Where a target is written: in lines of units, in the line of this report's."""
        row, column = target.place
        merge = self._book.sheet(target.sheet).merge_at(row, column)
        if merge is not None:
            row, column = merge.top, merge.left
        line = self._lines().get(target.sheet)
        if line is not None:
            first = next(units.first for units in self._opened.map.units if units.sheet == target.sheet)
            if line.axis == "row" and row == first:
                row = line.number
            elif line.axis == "column" and column == first:
                column = line.number
        return Place(target.sheet, row, column)

    def _renew_looks(self) -> None:
        template, filling = self._states[self._at].map, self._filling
        self._targets = {}
        for target in template.places:
            self._targets.setdefault(self._place_of(target), []).append(target)
        doubts: dict[Place, list[str]] = {}
        for doubt in template.doubtful:
            for candidate in doubt.candidates:
                doubts.setdefault(self._place_of(candidate), []).append(
                    f"可能是“{name_of(doubt.id, self._form)}”：{doubt.why}"
                )
        remarks: dict[Place, list[tuple[bool, str]]] = {}
        differences = {}
        written: dict[Place, Written] = {}
        if filling is not None:
            for remark in filling.remarks:
                if remark.place is not None:
                    remarks.setdefault(remark.place, []).append((remark.refused, remark.text))
            differences = {difference.place: difference for difference in filling.differences}
            written = {
                Place(sheet, *spot): value
                for sheet, cells in filling.written.items()
                for spot, value in cells.items()
            }
        self._looks = {}
        for place in {*self._targets, *doubts, *remarks, *written}:
            targets = self._targets.get(place, [])
            said = [name_of(target.id, self._form) for target in targets]
            beside, severity = "", None
            formula = (place.row, place.column) in self._book.sheet(place.sheet).formulas
            if formula:
                text, ground = self._calculated(place), "total"
                said.append("由模板的公式计算，不改动")
                difference = differences.get(place)
                if difference is not None:
                    severity = Severity.QUERY
                    beside = f"年报 {show_entry(difference.ours) or '空'}"
                    said.append(difference.text)
            elif place in written:
                value = written[place]
                text, ground = self._value_text(place, value, targets), "bound"
                said.append(f"将写入 {text}" if text else "年报里空着，不写")
            else:
                text, ground = None, "bound" if targets else ""
            is_number = formula or isinstance(written.get(place), (int, float)) or _is_number(text)
            if place in doubts:
                severity, ground = Severity.QUERY, "qrytint"
                said += doubts[place]
            for refused, sentence_ in remarks.get(place, []):
                severity = Severity.ERROR if refused else severity or Severity.QUERY
                said.append(sentence_)
            if severity is not None:
                ground = {Severity.ERROR: "errtint"}.get(severity, "qrytint")
            said += [target.note for target in targets if target.note]
            self._looks.setdefault(place.sheet, {})[place.row, place.column] = CellLook(
                text, ground, is_number, beside, severity, "\n".join(said)
            )

    def _calculated(self, place: Place) -> str | None:
        """What a formula gives after filling; None if that is not known."""
        if self._filling is None:
            return None
        if place in self._filling.unknown:
            return ""
        result = self._filling.calculated.values.get(place)
        return shown_result(result) if result is not None else None

    def _value_text(self, place: Place, value: Written, targets: Sequence[Target]) -> str:
        """A value as the cell will show it, dates written out."""
        number_format = self._book.sheet(place.sheet).look(place.row, place.column)[0]
        if targets and targets[0].id in ("report.date", "report.year") and is_date_format(number_format):
            return self._report.date if targets[0].id == "report.date" else str(self._report.year or "")
        return _shown(value)

    def _look(self, sheet: Sheet, row: int, column: int) -> CellLook | None:
        look = self._looks.get(sheet.name, {}).get((row, column))
        if look is None and (row, column) in sheet.formulas:
            text = self._calculated(Place(sheet.name, row, column))
            return CellLook(text, "total", _is_number(text), told="由模板的公式计算，不改动")
        return look

    def _renew_status(self) -> None:
        filling, template = self._filling, self._states[self._at].map
        tabs = {sheet.name: 0 for sheet in self._sheets}
        if filling is not None:
            for sheet, cells in filling.written.items():
                if sheet in tabs:
                    tabs[sheet] = sum(value is not None for value in cells.values())
        for i, (name, count) in enumerate(tabs.items()):
            self._tabs.setTabText(i, _tab_text(name, count))
            told = f"{name}，写入 {count} 格" if count else f"{name}，不写入"
            self._tabs.setTabToolTip(i, theme.plain_tip(told))
        self._about.setText(f"{self._opened.path.name}　{self._report.agency} {self._report.year or ''}")
        if self._trouble is not None:
            said, tone = f"{self._trouble.what}{self._trouble.remedy}", "errtext"
        elif template.doubtful or template.missing:
            said = "、".join(
                words
                for words, count in (
                    (f"{len(template.doubtful)} 项有疑问", len(template.doubtful)),
                    (f"{len(template.missing)} 项没有找到", len(template.missing)),
                )
                if count
            )
            said, tone = f"还有 {said}，这些不写入。其他内容保持原样，模板文件不会改动。", "qrytext"
        else:
            said, tone = _STAYS, "text2"
        theme.restyle(self._status, tone=tone)
        self._status.setText(said)

    # --- the list

    def _renew_list(self) -> None:
        template, filling = self._states[self._at].map, self._filling
        groups: list[tuple[Item, list[tuple[Item, list[Item]]]]] = []
        query, error = Severity.QUERY, Severity.ERROR
        if template.doubtful:
            groups.append((_group("有疑问", len(template.doubtful), query), self._doubt_items(template)))
        if template.missing:
            groups.append((_group("未找到", len(template.missing), query), self._missing_items(template)))
        if filling is not None:
            for title, kind, severity, found in (
                (
                    "不能填写",
                    "refused",
                    error,
                    [(r.text, r.place, r.id) for r in filling.refused if r.place is not None],
                ),
                (
                    "与模板公式的差异",
                    "difference",
                    query,
                    [(d.text, d.place, d.id) for d in filling.differences],
                ),
                (
                    "请留意",
                    "remark",
                    query,
                    [(r.text, r.place, r.id) for r in filling.remarks if not r.refused],
                ),
            ):
                items = [
                    Item(kind, text, "", (), (place,) if place is not None else ())
                    for text, place, _ in found
                ]
                if items:
                    groups.append((_group(title, len(items), severity), [(item, []) for item in items]))
            placed = self._placed_items()
            groups.append((Item("group", f"将写入　{filling.count} 格"), placed))
        closed = {"将写入"} if len(groups) > 1 and self._at == 0 and not self._views else self._list.closed
        self._list.fill(groups, closed)

    def _value_of(self, wanted: str) -> str:
        """What the report says, in short."""
        report = self._report
        if wanted in self._form.cells:
            return show_entry(report.value(wanted)) or "空"
        return ""

    def _doubt_items(self, template: TemplateMap) -> list[tuple[Item, list[Item]]]:
        """Those with the same reason together: one click settles them."""
        by_reason: dict[str, list[Item]] = {}
        for doubt in template.doubtful:
            cells = tuple(self._place_of(candidate) for candidate in doubt.candidates)
            name = name_of(doubt.id, self._form)
            side = f"年报 {self._value_of(doubt.id) or '有文字'}"
            if doubt.text:
                name = f"{name}\n{doubt.where} 里已有“{doubt.text}”"
            item = Item("doubt", name, side, (doubt.id,), cells)
            by_reason.setdefault(
                "这些格里已有文字，没有采用就不会覆盖。" if doubt.text else doubt.why, []
            ).append(item)
        listed: list[tuple[Item, list[Item]]] = []
        for why, items in by_reason.items():
            if len(items) == 1:
                told = "" if "\n" in items[0].text else f"\n{why}"
                listed.append((items[0]._replace(text=items[0].text + told), []))
                continue
            ids = tuple(item.ids[0] for item in items)
            cells = tuple(place for item in items for place in item.cells)
            listed.append((Item("doubt", why, f"{len(ids)} 项", ids, cells), items))
        return listed

    def _missing_items(self, template: TemplateMap) -> list[tuple[Item, list[Item]]]:
        by_row: dict[str, list[str]] = {}
        for wanted in template.missing:
            cell = self._form.cells[wanted]
            row = cell.place.partition(" · ")[0] if " · " in cell.place else cell.row.name
            by_row.setdefault(f"{self._form.section(cell.section).number}\t{row}", []).append(wanted)
        listed: list[tuple[Item, list[Item]]] = []
        for row, ids in by_row.items():
            items = [
                Item("missing", name_of(one, self._form), f"年报 {self._value_of(one)}", (one,))
                for one in ids
            ]
            if len(items) == 1:
                listed.append((items[0], []))
            else:
                number, _, name = row.partition("\t")
                listed.append((Item("missing", f"表{number} {name}", f"{len(ids)} 项", tuple(ids)), items))
        return listed

    def _placed_items(self) -> list[tuple[Item, list[Item]]]:
        """What is written, a row of the form together."""
        rows: dict[str, list[Item]] = {}
        for place, targets in self._targets.items():
            for target in targets:
                cell = self._form.cells.get(target.id)
                row = (
                    f"表{self._form.section(cell.section).number} {cell.place.partition(' · ')[0]}"
                    if cell is not None
                    else name_of(target.id, self._form)
                )
                look = self._looks[place.sheet][place.row, place.column]
                shown = "公式" if look.ground == "total" else look.text or "空"
                shown = shown if len(shown) <= 12 else f"{shown[:11]}…"
                item = Item(
                    "placed", name_of(target.id, self._form), f"{place.ref}　{shown}", (target.id,), (place,)
                )
                rows.setdefault(row, []).append(item)
        listed: list[tuple[Item, list[Item]]] = []
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

    def _item_chosen(self) -> None:
        item = self._list.chosen
        if item is None:
            return
        self._stop_picking()
        if item.cells:
            self._show_cells(item.cells)
        if item.kind in ("missing", "doubt"):
            self._start_picking(item.ids)
        self._renew_card(item)

    def _item_entered(self) -> None:
        """Enter or a double click on a row: into the sheet, with the place to be found if it has none."""
        item = self._list.chosen
        if item is None:
            return
        if item.kind == "group":
            current = self._list.currentItem()
            if current is not None:
                current.setExpanded(not current.isExpanded())
            return
        self._item_chosen()
        view = self._view
        if view is not None:
            view.setFocus()

    def _take_off_item(self) -> None:
        item = self._list.chosen
        if item is not None and item.ids:
            self._drop(item.ids)

    def _drop(self, ids: Sequence[str]) -> None:
        state = self._states[self._at]
        self._change(without(state.map, self._form, ids), state.line)
        name = name_of(ids[0], self._form) if len(ids) == 1 else f"{len(ids)} 项"
        self.tell(f"不填“{name}”，可以撤销。")

    # --- the sheets

    @property
    def _view(self) -> SheetView | None:
        view = self._stack.currentWidget()
        return view if isinstance(view, SheetView) else None

    def _show_sheet(self, index: int) -> None:
        if not 0 <= index < len(self._sheets):
            return
        sheet = self._sheets[index]
        if sheet.name not in self._views:
            view = SheetView(
                sheet,
                partial(self._look, sheet),
                frozen=_frozen(sheet, self._opened.map.units),
                reaches=self._looks.get(sheet.name, ()),
            )
            view.moved.connect(self._cell_looked_at)
            view.clicked.connect(self._cell_clicked)
            view.entered.connect(self._cell_entered)
            view.cleared.connect(self._cell_cleared)
            self._views[sheet.name] = view
            self._stack.addWidget(view)
        view = self._views[sheet.name]
        view.set_picking(bool(self._picked))
        self._stack.setCurrentWidget(view)
        self._renew_card()

    def _step_sheet(self, step: int) -> None:
        self._tabs.setCurrentIndex((self._tabs.currentIndex() + step) % self._tabs.count())

    def _show_first(self) -> None:
        """The sheet with the most places, at the first of what needs a look, else of what is written."""
        counts = {sheet.name: 0 for sheet in self._sheets}
        for place in self._targets:
            if place.sheet in counts:
                counts[place.sheet] += 1
        best = max(counts, key=counts.__getitem__) if counts else ""
        index = next((i for i, sheet in enumerate(self._sheets) if sheet.name == best), 0)
        self._tabs.setCurrentIndex(index)
        self._show_sheet(index)
        line = self._lines().get(best)
        view = self._view
        if view is not None and line is not None:
            view.go_to(*((line.number, 0) if line.axis == "row" else (0, line.number)))
        self.setFocusProxy(self._list)

    def _show_cells(self, cells: Sequence[Place]) -> None:
        """Frames cells, after bringing the first into view."""
        first = cells[0]
        index = next((i for i, s in enumerate(self._sheets) if s.name == first.sheet), -1)
        if index < 0:
            return
        self._tabs.setCurrentIndex(index)
        view = self._view
        if view is not None:
            view.blockSignals(True)
            view.go_to(first.row, first.column)
            view.blockSignals(False)
            view.outline([(place.row, place.column) for place in cells if place.sheet == first.sheet])

    def _cell_looked_at(self, row: int, column: int) -> None:
        if not self._picked:
            view = self._view
            if view is not None:
                view.outline(())
            self._list.blockSignals(True)
            self._list.setCurrentIndex(QModelIndex())
            self._list.blockSignals(False)
        self._renew_card()

    def _cell_clicked(self, row: int, column: int) -> None:
        if self._picked:
            self._place_picked(row, column)

    def _cell_entered(self, row: int, column: int) -> None:
        if self._picked:
            self._place_picked(row, column)
        else:
            self._ask_content()

    def _cell_cleared(self, row: int, column: int) -> None:
        view = self._view
        if view is None:
            return
        targets = self._targets.get(Place(view.sheet.name, row, column), [])
        if targets:
            state = self._states[self._at]
            row, column = self._map_spot(view.sheet.name, row, column)
            self._change(without_place(state.map, self._form, view.sheet.name, row, column), state.line)
            self.tell(f"{cell_ref(row, column)} 不填，可以撤销。")

    def _map_spot(self, sheet: str, row: int, column: int) -> Spot:
        return spot_in_map(self._opened.map, sheet, row, column)

    # --- giving a place

    def _start_picking(self, ids: Sequence[str]) -> None:
        self._picked = tuple(ids)
        self._warned = None
        for view in self._views.values():
            view.set_picking(True)

    def _stop_picking(self) -> None:
        self._picked = ()
        self._warned = None
        for view in self._views.values():
            view.set_picking(False)
            view.outline(())

    def _pick_chosen(self) -> None:
        """「换一格」: the next click says where it goes."""
        if self._picked:
            self._stop_picking()
            self._renew_card()
            return
        item, view = self._list.chosen, self._view
        ids: tuple[str, ...] = item.ids if item is not None else ()
        if not ids and view is not None:
            ids = tuple(t.id for t in self._targets.get(Place(view.sheet.name, *view.current), []))[:1]
        if ids:
            self._start_picking(ids)
            self._renew_card(item)
            if view is not None:
                view.setFocus()

    def _place_picked(self, row: int, column: int) -> None:
        """What was picked goes into this cell; a whole row of the form into this and those to the right."""
        view, ids = self._view, self._picked
        if view is None:
            return
        sheet, down = view.sheet, self._goes_down(view.sheet.name)
        told = any(doubt.text for doubt in self._states[self._at].map.doubtful if doubt.id in ids)
        if (len(ids) > 1 or told) and self._settle(ids, Place(sheet.name, row, column)):
            return
        spots: list[Spot] = []
        for spot in view.neighbours(row, column, down=down):
            if len(spots) == len(ids):
                break
            if self._is_wording(sheet, spot) and self._warned != (sheet.name, spot):
                if spots:
                    break
                self._warned = sheet.name, spot
                shown = sheet.text(*spot).strip()[:16]
                self.tell(f"{cell_ref(*spot)} 是模板的文字“{shown}”。要写在这里，请再点一次。")
                return
            spots.append(spot)
        if len(spots) < len(ids):
            way = "往下" if down else "往右"
            self.tell(
                f"{cell_ref(row, column)} {way}只有 {len(spots)} 格，放不下 {len(ids)} 项，请逐项指定。"
            )
            return
        state = self._states[self._at]
        template = state.map
        for wanted, spot in zip(ids, spots, strict=True):
            template = with_place(template, self._form, self._book, wanted, sheet.name, *spot)
        self._change(template, state.line)
        where = cell_ref(*spots[0]) if len(spots) == 1 else f"{cell_ref(*spots[0])}:{cell_ref(*spots[-1])}"
        name = name_of(ids[0], self._form) if len(ids) == 1 else f"{len(ids)} 项"
        self.tell(f"“{name}”填在 {where}，可以撤销。")
        self._renew_card()

    def _settle(self, ids: Sequence[str], chosen: Place) -> bool:
        """Several doubts with as many candidates each: the one clicked says which of them is meant everywhere."""
        state = self._states[self._at]
        doubts = [doubt for doubt in state.map.doubtful if doubt.id in ids]
        number = next(
            (
                i
                for doubt in doubts
                for i, candidate in enumerate(doubt.candidates)
                if self._place_of(candidate) == chosen
            ),
            None,
        )
        if number is None:
            return False
        template = state.map
        for doubt in doubts:
            if number < len(doubt.candidates):
                target = doubt.candidates[number]
                template = with_place(template, self._form, self._book, doubt.id, target.sheet, *target.place)
        self._change(template, state.line)
        if len(doubts) == 1:
            self.tell(f"“{name_of(doubts[0].id, self._form)}”填在 {chosen.ref}，可以撤销。")
        else:
            self.tell(f"{len(doubts)} 项填在“{chosen.sheet}”的这张表里，可以撤销。")
        return True

    def _only_places(self, item: Item | None) -> tuple[Place, ...]:
        """Where a doubtful item goes if it is taken as found: one place for each; none if there is a choice."""
        if item is None or item.kind != "doubt":
            return ()
        doubts = [doubt for doubt in self._states[self._at].map.doubtful if doubt.id in item.ids]
        sound = all(len(doubt.candidates) == 1 and doubt.candidates[0].id for doubt in doubts)
        return tuple(self._place_of(doubt.candidates[0]) for doubt in doubts) if sound else ()

    def _take_found(self) -> None:
        """Takes the only place that each of the chosen doubts has."""
        item = self._list.chosen
        places = self._only_places(item)
        if item is not None and places:
            self._stop_picking()
            self._settle(item.ids, places[0])
            self._renew_card()

    def _goes_down(self, sheet: str) -> bool:
        """Whether the figures of a row of the form stand below each other: in columns of units."""
        return any(units.sheet == sheet and units.axis == "column" for units in self._opened.map.units)

    def _is_wording(self, sheet: Sheet, spot: Spot) -> bool:
        """Whether a cell holds words of the template, which are not to be lost by a slip."""
        value = sheet.value(*spot)
        if not isinstance(value, str) or not value.strip() or "{{" in value or spot in sheet.formulas:
            return False
        return (
            Place(sheet.name, *spot) not in self._targets and not _is_number(value) and len(value.strip()) > 1
        )

    def _ask_content(self) -> None:
        """「指定内容」: what goes into the current cell, from a list of everything that a report has."""
        view = self._view
        if view is None:
            return
        self._stop_picking()
        row, column = view.current
        place = Place(view.sheet.name, row, column)
        now = self._targets.get(place, [])
        where = {target.id: place_ for place_, targets in self._targets.items() for target in targets}
        rows = []
        for wanted in _all_ids(self._form):
            other = where.get(wanted)
            cell = self._form.cells.get(wanted)
            words = " ".join((*cell.row.labels, *cell.column.labels)) if cell is not None else ""
            sheet = f"“{other.sheet}”" if other is not None and other.sheet != view.sheet.name else ""
            rows.append(
                Row(
                    wanted,
                    f"表{self._form.section(cell.section).number}　{cell.place}"
                    if cell is not None
                    else name_of(wanted, self._form),
                    f"现填在 {sheet}{other.ref}" if other is not None else "还没有格子",
                    words,
                )
            )
        ref = cell_ref(row, column)
        key = ask_row(
            self,
            "指定内容",
            f"{ref} 填什么",
            "输入几个字查找，例如：新收 自然人",
            rows,
            "填在这一格",
            now[0].id if now else "",
        )
        if key is not None and (len(now) != 1 or now[0].id != key):
            state = self._states[self._at]
            template = with_place(state.map, self._form, self._book, key, view.sheet.name, row, column)
            self._change(template, state.line)
            self.tell(f"“{name_of(key, self._form)}”填在 {ref}，可以撤销。")
        view.setFocus()

    def _take_off(self) -> None:
        """「不填」: the chosen item, else the current cell."""
        item, view = self._list.chosen, self._view
        if item is not None and item.ids:
            self._drop(item.ids)
        elif view is not None:
            self._cell_cleared(*view.current)

    def _set_zero(self, zero: bool) -> None:
        state = self._states[self._at]
        self._change(replace(state.map, zero=zero), state.line)
        self.tell("空着的格填 0。" if zero else "空着的格不填。")

    # --- the line of the unit

    def _renew_line(self) -> None:
        lines = list(self._lines().values())
        if not lines:
            self._line_text.setText("还不知道填在哪一行。")
            theme.restyle(self._line_text, tone="qrytext")
            return
        line = lines[0]
        where = f"第 {line.number + 1} {'行' if line.axis == 'row' else '列'}"
        if line.is_new:
            said = f"没有“{line.name}”，新添在{where}。"
            if line.similar:
                said += f"有相近的名称：{'、'.join(line.similar)}。"
        else:
            how = "您选的" if self.line else "按名称找到"
            said = f"填在{where} {line.name}（{how}），会替换这一行原有的数。"
        theme.restyle(self._line_text, tone="qrytext" if line.is_new and line.similar else "text")
        self._line_text.setText(said)

    def _ask_line(self) -> None:
        """「换一行」: which unit's line is overwritten."""
        units = self._opened.map.units[0]
        state = self._states[self._at]
        sheet = self._book.sheet(units.sheet)
        rows = [Row("", f"按机关名称：{self._report.agency}", "没有这一行时新添")]
        rows += _unit_rows(sheet, units)
        key = ask_row(
            self,
            "换一行",
            f"填在“{units.sheet}”的哪一{'行' if units.axis == 'row' else '列'}",
            "输入单位名称或编码查找",
            rows,
            "填在这里",
            state.line,
        )
        if key is not None and key != state.line:
            self._change(state.map, key)
            line = self._lines().get(units.sheet)
            view = self._views.get(units.sheet)
            if view is not None and line is not None:
                view.go_to(*((line.number, 0) if line.axis == "row" else (0, line.number)))

    # --- the card

    def _renew_card(self, item: Item | None = None) -> None:
        """Says what is looked at: an item of the list, else the current cell."""
        item = item or self._list.chosen
        view = self._view
        look: CellLook | None = None
        has_place = False
        if self._picked:
            several = len(self._picked) > 1
            if item is not None and item.kind == "doubt":
                title = item.text.partition("\n")[0] if not several else "这些填在哪一张表"
                text = "可能的格带 ◆。请点要填的那一格，或用方向键移到那一格按 Enter。Esc 取消。"
                if self._only_places(item):
                    shown = "" if several else item.text.partition("\n")[2] + "。"
                    title = item.text if several else title
                    text = f"{shown}按下面的按钮采用，会替换格里的文字；也可以点别的格。Esc 取消。"
                elif several:
                    text = f"{item.text}点要填的那张表里任何一个带 ◆ 的格，其余一并选定。Esc 取消。"
            elif several:
                way = "往下" if view is not None and self._goes_down(view.sheet.name) else "往右"
                title = f"“{item.text if item is not None else ''}”填在哪里"
                text = f"请点第一格，其余 {len(self._picked) - 1} 格依次{way}填。Esc 取消。"
            else:
                title = f"“{name_of(self._picked[0], self._form)}”填在哪里"
                text = "请点左边的一格，或用方向键移到那一格按 Enter。Esc 取消。"
            has_place = item is not None and item.kind in ("placed", "doubt")
        elif item is not None and item.kind != "group":
            title, _, text = item.text.partition("\n")
            if item.kind == "placed" and len(item.cells) == 1:
                place = item.cells[0]
                look = self._looks[place.sheet].get((place.row, place.column))
                text = look.told.partition("\n")[2].replace("\n", "；") if look is not None else ""
            has_place = bool(item.ids)
        elif view is not None:
            row, column = view.current
            look = self._look(view.sheet, row, column)
            title = f"{view.sheet.name}　{cell_ref(row, column)}"
            text = look.told.replace("\n", "；") if look is not None else "这一格不填。"
            has_place = bool(self._targets.get(Place(view.sheet.name, row, column)))
        else:
            title, text = "", ""
        self._card_title.setText(title)
        self._card_text.setText(text)
        self._card_text.setVisible(bool(text))
        found = self._only_places(item)
        self._take.setVisible(bool(found))
        self._take.setText("填在这一格" if len(found) == 1 else f"填在这 {len(found)} 格")
        self._pick.setText("取消指定" if self._picked else "换一格")
        self._pick.setEnabled(bool(self._picked) or has_place)
        self._off.setEnabled(has_place)
        self._give.setVisible(not self._picked and (item is None or item.kind in ("group", "placed")))
        self._give.setEnabled(view is not None)

    # --- leaving, keys

    def _leave(self) -> None:
        self.left.emit()

    def _next_pane(self) -> None:
        view = self._view
        if view is not None and not view.hasFocus():
            view.setFocus()
        else:
            self._list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._picked:
                self._stop_picking()
                self._renew_card()
                self._list.setFocus()
            else:
                self._leave()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        side = min(_SIDE, self.width() * 2 // 5)
        self._splitter.setSizes([self.width() - side, side])
        self.setFocus()


# ------------------------------------------------------------------------------------------------------- pieces


def _label(text: str, points: float = 9, weight: int = 400, tone: str = "text") -> QLabel:
    label = theme.Label(text)
    label.setFont(theme.font(points, weight))
    label.setProperty("tone", tone)
    return label


def _tab_text(name: str, count: int = 0) -> str:
    return theme.plain_action(f"{name}　{count}" if count else name)


def _group(title: str, count: int, severity: Severity) -> Item:
    return Item("group", f"{title}　{count}", severity=severity)


def _is_number(text: str | None) -> bool:
    if not text:
        return False
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def _all_ids(form: Form) -> Iterator[str]:
    yield from form.cells
    yield from ASKED
    yield from (f"section.{section.key}" for section in form.sections)


def _frozen(sheet: Sheet, units: Iterable[UnitLines]) -> Spot:
    """The headings of a list of units stay in view."""
    for one in units:
        if one.sheet == sheet.name and one.axis == "row":
            return one.head_last + 1, (one.name if one.name is not None else -1) + 1
        if one.sheet == sheet.name:
            return (one.name if one.name is not None else -1) + 1, one.head_last + 1
    return 0, 0


def _unit_rows(sheet: Sheet, units: UnitLines) -> Iterator[Row]:
    """The lines of units; one whose name others have too is known by its code."""

    def shown(line: int, at: int | None) -> str:
        if at is None:
            return ""
        return (sheet.text(line, at) if units.axis == "row" else sheet.text(at, line)).strip()

    lines = [(n, shown(n, units.name), shown(n, units.code)) for n in range(units.first, units.last + 1)]
    counts = Counter(name for _, name, _ in lines)
    word = "行" if units.axis == "row" else "列"
    for number, name, code in lines:
        key = code if code and (not name or counts[name] > 1) else name
        if key and "{{" not in key:
            yield Row(key, name or code, f"{code if name else ''}　第 {number + 1} {word}".strip("　"))
