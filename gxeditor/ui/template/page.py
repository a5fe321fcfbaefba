"""Where everything goes in a template: its sheets as in Excel beside a list of what was found and what was not.

Knows how a place is looked at, corrected, taken off and given back. The map and its corrections are those of `state`;
after each the filling is planned anew beside the window, and both sides go on showing what they did until it is known
what would be written now. Opens and writes no file: that is the business of `filling`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QAction,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
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
from gxeditor.core.fields import ASKED, name_of
from gxeditor.core.form import Form
from gxeditor.core.report import Report
from gxeditor.mapping.placement import TemplateMap, UnitLines
from gxeditor.templates.plan import Filling
from gxeditor.templates.shelf import OpenTemplate
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import sentence
from gxeditor.ui.look.tasks import LastWish
from gxeditor.ui.template.items import CellLook, Item, is_number
from gxeditor.ui.template.list import ItemList, ListRow, ask_row
from gxeditor.ui.template.sheet_view import SheetView
from gxeditor.ui.template.state import Planned, Planner, State, Wish
from gxeditor.workbook.cells import Address, Spot, cell_ref
from gxeditor.workbook.read import Sheet

_SIDE = 400  # logical pixels of the list beside the sheet
_SLOW = 400  # milliseconds after which it is said that the filling is being planned
_STAYS = "只写入浅蓝底的格。格式、公式和其他内容保持原样，模板文件不会改动。"


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
        self,
        opened: OpenTemplate,
        report: Report,
        notice: str = "",
        parent: QWidget | None = None,
        planned: Planned | None = None,
        planner: Planner | None = None,
    ) -> None:
        """`notice` is what is to be known before anything else, such as that the template has changed.

        `planned` is a plan of the map as it was opened, if there is one; else the page has it made. `planner` plans,
        in another thread than the window's.
        """
        super().__init__(parent)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("填 Excel 模板")
        self._state = State(opened, report, planned, planner)
        self._opened = opened
        self._report = report
        self._form = report.form
        self._book = opened.template.workbook
        self._planning = LastWish(_SLOW, self)
        self._planning.done.connect(self._take_plan)
        self._planning.slow.connect(self._tell_planning)
        self._planning.ended.connect(self._planning_ended)
        self._saves_then = False  # once it is planned
        self._shows_line = ""  # the sheet whose line of the unit is to be shown once it is planned
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
        words.addWidget(theme.label("填 Excel 模板", 12, 600))
        self._about = theme.label("", tone="text2")
        self._about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._about.setToolTip(theme.plain_tip(str(self._opened.path)))
        words.addWidget(self._about)
        across.addLayout(words, 1)
        self.told = theme.label("", tone="text2")
        self.told.setAccessibleName("刚才做了什么")
        across.addWidget(self.told)
        change = QPushButton(" 换一个模板…")
        change.setAccessibleName("换一个模板")
        change.setToolTip("改填另一个 Excel 文件，这一份的对应关系可以先记住。")
        theme.set_icon(change, "open")
        change.clicked.connect(partial(self._ask, self.change_asked))
        across.addWidget(change)
        return head

    def _make_book(self) -> QWidget:
        book = QWidget()
        column = QVBoxLayout(book)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._stack = QStackedWidget()
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("工作表")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for sheet in self._sheets:
            self.tabs.addTab(_tab_text(sheet.name))
        self.tabs.currentChanged.connect(self._show_sheet)
        column.addWidget(self.tabs)
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
        top.addWidget(theme.label("对应关系", 10.5, 600))
        top.addStretch(1)
        self._undo_button, self._redo_button = QToolButton(), QToolButton()
        top.addWidget(self._undo_button)
        top.addWidget(self._redo_button)
        column.addLayout(top)
        self._line = QFrame()
        across = QHBoxLayout(self._line)
        across.setContentsMargins(6, 0, 12, 0)
        self.line_text = sentence("")
        self._line_button = QPushButton("换一行…")
        self._line_button.setToolTip("汇总表里每个单位一行，选要填的是哪一行。")
        self._line_button.clicked.connect(self._ask_line)
        across.addWidget(self.line_text, 1)
        across.addWidget(self._line_button)
        self._line.setVisible(bool(self._opened.map.units))
        column.addWidget(self._line)
        self.list = ItemList()
        self.list.currentItemChanged.connect(self._item_chosen)
        self.list.itemClicked.connect(self._item_chosen)
        self.list.itemDoubleClicked.connect(self._item_entered)
        self.list.entered.connect(self._item_entered)
        self.list.taken_off.connect(self._take_off_item)
        column.addWidget(self.list, 1)
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
        self._take.setToolTip("写在找到的格里，替换里面的文字。")
        self._take.clicked.connect(self._take_found)
        self._give = QPushButton("指定内容…")
        self._give.setToolTip("程序没有认出这一格时，选年报里的哪个数填在这里（Enter）。")
        self._give.clicked.connect(self._ask_content)
        self._pick = QPushButton("换一格")
        self._pick.setToolTip("填错了地方时，再到左边的表里点一格。")
        self._pick.clicked.connect(self._pick_chosen)
        self._off = QPushButton("不填")
        self._off.setToolTip("模板的这一格保持原样（Delete）。")
        self._off.clicked.connect(self._take_off)
        for button in (self._take, self._give, self._pick, self._off):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.zero = QCheckBox("年报里空着的格填 0")
        self.zero.setToolTip("不勾选时，年报里空着的格在模板里也空着。")
        self.zero.clicked.connect(self._set_zero)
        column.addWidget(self.zero)
        return card

    def _make_foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("ground", "window")
        foot.setProperty("edge", "top")
        across = QHBoxLayout(foot)
        across.setContentsMargins(20, 10, 20, 10)
        across.setSpacing(8)
        self.status = sentence(_STAYS, tone="text2")
        across.addWidget(self.status, 1)
        for text, slot, link, tip in (
            (
                "导入对应关系…", partial(self._ask, self.import_asked), True,
                "用别人导出的对应关系，不用自己再认一遍各格。",
            ),
            (
                "导出对应关系…", partial(self._ask, self.export_asked), True,
                "存成文件发给填同一份模板的单位。",
            ),
            ("返回", self._leave, False, "不填了，回到年报（Esc）。"),
            (
                "记住对应关系", partial(self._ask, self.keep_asked), False,
                "下次填同样的模板时不用再改。",
            ),
        ):  # fmt: skip
            button = QPushButton(text)
            button.setToolTip(theme.plain_tip(tip))
            button.setProperty("link", link)
            button.clicked.connect(slot)
            across.addWidget(button)
        self._save = QPushButton("填好并另存为…")
        self._save.setToolTip("把年报的数写进模板的一份副本，原来的模板不动。")
        self._save.setProperty("primary", True)
        self._save.clicked.connect(self._ask_save)
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
        self._act_undo.setToolTip("退回上一次改动的对应关系（Ctrl+Z）。")
        self._act_redo.setToolTip("把撤销的改动再做一遍（Ctrl+Y）。")
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
    def map(self) -> TemplateMap:
        """The map as it is now; its fingerprint is that of the template as it was opened."""
        return self._state.map

    @property
    def is_planned(self) -> bool:
        """Whether it is known what would be written by the map as it is now."""
        return self._state.is_planned

    @property
    def filling(self) -> Filling | None:
        """What would be written by the map as it is now.

        None while that is being planned, or if nothing can be, which the page says.
        """
        return self._state.filling

    @property
    def is_corrected(self) -> bool:
        """Whether the map is another one than was opened or kept."""
        return self._state.is_corrected

    def kept(self) -> None:
        """The map has been stored."""
        self._state.keep()
        self.tell("已记住，下次用这个模板直接填写。")

    @property
    def wish(self) -> Wish:
        """The map as it is now, and the line that was chosen for the unit."""
        return self._state.wish

    def take_map(self, imported: TemplateMap) -> None:
        """Goes on with a map from a file; it can be undone."""
        self._state.change(imported)
        self._changed("已采用导入的对应关系。")

    def tell(self, text: str) -> None:
        """A sentence about what has just been done."""
        self.told.setText(text)
        self.told.setToolTip(theme.plain_tip(text))

    def undo(self) -> None:
        """Takes the last correction back."""
        if self._state.step(-1):
            self._changed("已撤销。")

    def redo(self) -> None:
        if self._state.step(1):
            self._changed("已重做。")

    def _changed(self, told: str) -> None:
        """The map is another one."""
        self._stop_picking()
        self._renew()
        self.tell(told)

    def _ask(self, signal: SignalInstance) -> None:
        """Hands on that something else is wanted than to save."""
        self._saves_then = False
        signal.emit()

    def _ask_save(self) -> None:
        """「填好并另存为」: at once, or as soon as it is known what is to be written."""
        if self.is_planned:
            self.save_asked.emit()
        else:
            self._saves_then = True
            self._tell_planning()

    # --- planning and showing

    def _renew(self) -> None:
        """Shows what follows from the map alone, and the rest as soon as it is planned."""
        self._saves_then = False
        self._act_undo.setEnabled(self._state.can_undo)
        self._act_redo.setEnabled(self._state.can_redo)
        self.zero.setChecked(self._state.map.zero)
        self._renew_about()
        if self.is_planned:
            self._planning.give_up()
            self._show_plan()
        else:
            self._planning.want(self._state.plan())
            self._renew_card()

    def _take_plan(self, planned: Planned) -> None:
        if self._state.take(planned):
            self._show_plan()

    def _tell_planning(self) -> None:
        if not self.is_planned:
            theme.restyle(self.status, tone="text2")
            self.status.setText("正在算出要写入的内容…")

    def _planning_ended(self) -> None:
        wanted, self._saves_then = self._saves_then, False
        if not self.is_planned:
            self._save.setEnabled(False)
            theme.restyle(self.status, tone="errtext")
            self.status.setText("程序出错，没有算出要写入的内容。撤销或改一处会重新算。")
        elif wanted and self._save.isEnabled() and QApplication.activeModalWidget() is None:
            self.save_asked.emit()

    def _show_plan(self) -> None:
        """Shows what the present map comes to."""
        planned = self._state.planned
        assert planned is not None
        filling = planned.filling
        self._save.setEnabled(filling is not None and filling.count > 0)
        first = not self.list.topLevelItemCount()
        closed = {"将写入"} if first and len(planned.groups) > 1 else self.list.closed
        self.list.fill(planned.groups, closed)
        self._renew_line()
        self._renew_status()
        self._renew_card()
        for name, view in self._views.items():
            view.renew(planned.looks.get(name, ()))
        if self._shows_line:
            self._show_line(self._shows_line)

    def _show_line(self, sheet: str) -> None:
        """Goes to the line of the unit on a sheet, now or as soon as it is known."""
        self._shows_line = "" if self.is_planned else sheet
        line, view = self._state.places.lines.get(sheet), self._views.get(sheet)
        if self.is_planned and line is not None and view is not None:
            view.go_to(*((line.number, 0) if line.axis == "row" else (0, line.number)))

    def look(self, sheet: str, row: int, column: int) -> CellLook | None:
        """How a cell is shown; None if it is shown as the template has it."""
        planned = self._state.planned
        return planned.look(sheet, row, column) if planned is not None else None

    def _renew_about(self) -> None:
        self._about.setText(f"{self._opened.path.name}　{self._report.agency} {self._report.year or ''}")

    def _renew_status(self) -> None:
        filling, template = self.filling, self._state.map
        planned = self._state.planned
        tabs = {sheet.name: 0 for sheet in self._sheets}
        if filling is not None:
            for sheet, cells in filling.written.items():
                if sheet in tabs:
                    tabs[sheet] = sum(value is not None for value in cells.values())
        stays = planned is None and self.list.topLevelItemCount()  # so does what the list says
        for i, (name, count) in enumerate(() if stays else tabs.items()):
            self.tabs.setTabText(i, _tab_text(name, count))
            told = f"{name}，写入 {count} 格" if count else f"{name}，不写入"
            self.tabs.setTabToolTip(i, theme.plain_tip(told))
        if planned is not None and planned.trouble is not None:
            said, tone = f"{planned.trouble.what}{planned.trouble.remedy}", "errtext"
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
        theme.restyle(self.status, tone=tone)
        self.status.setText(said)

    # --- the list

    def _item_chosen(self) -> None:
        item = self.list.chosen
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
        item = self.list.chosen
        if item is None:
            return
        if item.kind == "group":
            current = self.list.currentItem()
            if current is not None:
                current.setExpanded(not current.isExpanded())
            return
        self._item_chosen()
        view = self.view
        if view is not None:
            view.setFocus()

    def _take_off_item(self) -> None:
        item = self.list.chosen
        if item is not None and item.ids:
            self._drop(item.ids)

    def _drop(self, ids: Sequence[str]) -> None:
        self._state.drop(ids)
        name = name_of(ids[0], self._form) if len(ids) == 1 else f"{len(ids)} 项"
        self._changed(f"不填“{name}”，可以撤销。")

    # --- the sheets

    @property
    def view(self) -> SheetView | None:
        """The sheet that is shown."""
        view = self._stack.currentWidget()
        return view if isinstance(view, SheetView) else None

    def show_sheet(self, name: str) -> bool:
        """Brings a sheet to the front; False if it has no tab."""
        index = next((i for i, sheet in enumerate(self._sheets) if sheet.name == name), -1)
        if index >= 0:
            self.tabs.setCurrentIndex(index)
        return index >= 0

    def _show_sheet(self, index: int) -> None:
        if not 0 <= index < len(self._sheets):
            return
        sheet = self._sheets[index]
        if sheet.name not in self._views:
            planned = self._state.planned
            view = SheetView(
                sheet,
                partial(self.look, sheet.name),
                frozen=_frozen(sheet, self._opened.map.units),
                reaches=planned.looks.get(sheet.name, ()) if planned is not None else (),
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
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % self.tabs.count())

    def _show_first(self) -> None:
        """The sheet with the most places, at the first of what needs a look, else of what is written."""
        counts = {sheet.name: 0 for sheet in self._sheets}
        for place in self._state.places.targets:
            if place.sheet in counts:
                counts[place.sheet] += 1
        best = max(counts, key=counts.__getitem__) if counts else ""
        index = next((i for i, sheet in enumerate(self._sheets) if sheet.name == best), 0)
        self.tabs.setCurrentIndex(index)
        self._show_sheet(index)
        self._show_line(best)
        self.setFocusProxy(self.list)

    def _show_cells(self, cells: Sequence[Address]) -> None:
        """Frames cells, after bringing the first into view."""
        first = cells[0]
        if not self.show_sheet(first.sheet):
            return
        view = self.view
        if view is not None:
            view.blockSignals(True)
            view.go_to(first.row, first.column)
            view.blockSignals(False)
            view.outline([(place.row, place.column) for place in cells if place.sheet == first.sheet])

    def _cell_looked_at(self, row: int, column: int) -> None:
        if not self._picked:
            view = self.view
            if view is not None:
                view.outline(())
            self.list.blockSignals(True)
            self.list.setCurrentIndex(QModelIndex())
            self.list.blockSignals(False)
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
        view = self.view
        if view is None:
            return
        place = Address(view.sheet.name, row, column)
        if place in self._state.places.targets:
            spot = self._state.clear(place)
            self._changed(f"{cell_ref(*spot)} 不填，可以撤销。")

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
        item, view = self.list.chosen, self.view
        ids: tuple[str, ...] = item.ids if item is not None else ()
        if not ids and view is not None:
            ids = tuple(
                t.id for t in self._state.places.targets.get(Address(view.sheet.name, *view.current), [])
            )[:1]
        if ids:
            self._start_picking(ids)
            self._renew_card(item)
            if view is not None:
                view.setFocus()

    def _place_picked(self, row: int, column: int) -> None:
        """What was picked goes into this cell; a whole row of the form into this and those to the right."""
        view, ids = self.view, self._picked
        if view is None:
            return
        sheet, down = view.sheet, self._goes_down(view.sheet.name)
        told = any(doubt.text for doubt in self._state.doubts(ids))
        if (len(ids) > 1 or told) and self._settle(ids, Address(sheet.name, row, column)):
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
        self._state.put(ids, sheet.name, spots)
        where = cell_ref(*spots[0]) if len(spots) == 1 else f"{cell_ref(*spots[0])}:{cell_ref(*spots[-1])}"
        name = name_of(ids[0], self._form) if len(ids) == 1 else f"{len(ids)} 项"
        self._changed(f"“{name}”填在 {where}，可以撤销。")

    def _settle(self, ids: Sequence[str], chosen: Address) -> bool:
        """Takes the places that this one, of the candidates of several doubts, stands for; False if it is none."""
        settled = self._state.settle(ids, chosen)
        if len(settled) == 1:
            self._changed(f"“{name_of(settled[0], self._form)}”填在 {chosen.ref}，可以撤销。")
        elif settled:
            self._changed(f"{len(settled)} 项填在“{chosen.sheet}”的这张表里，可以撤销。")
        return bool(settled)

    def _only_places(self, item: Item | None) -> tuple[Address, ...]:
        """Where a doubtful item goes if it is taken as found; none if there is a choice."""
        return self._state.only_places(item.ids) if item is not None and item.kind == "doubt" else ()

    def _take_found(self) -> None:
        """Takes the only place that each of the chosen doubts has."""
        item = self.list.chosen
        places = self._only_places(item)
        if item is not None and places:
            self._settle(item.ids, places[0])

    def _goes_down(self, sheet: str) -> bool:
        """Whether the figures of a row of the form stand below each other: in columns of units."""
        return any(units.sheet == sheet and units.axis == "column" for units in self._opened.map.units)

    def _is_wording(self, sheet: Sheet, spot: Spot) -> bool:
        """Whether a cell holds words of the template, which are not to be lost by a slip."""
        value = sheet.value(*spot)
        if not isinstance(value, str) or not value.strip() or "{{" in value or spot in sheet.formulas:
            return False
        return (
            Address(sheet.name, *spot) not in self._state.places.targets
            and not is_number(value)
            and len(value.strip()) > 1
        )

    def _ask_content(self) -> None:
        """「指定内容」: what goes into the current cell, from a list of everything that a report has."""
        view = self.view
        if view is None:
            return
        self._stop_picking()
        self._saves_then = False
        row, column = view.current
        place = Address(view.sheet.name, row, column)
        now = self._state.places.targets.get(place, [])
        where = {
            target.id: place_ for place_, targets in self._state.places.targets.items() for target in targets
        }
        rows = []
        for wanted in _all_ids(self._form):
            other = where.get(wanted)
            cell = self._form.cells.get(wanted)
            words = " ".join((*cell.row.labels, *cell.column.labels)) if cell is not None else ""
            sheet = f"“{other.sheet}”" if other is not None and other.sheet != view.sheet.name else ""
            rows.append(
                ListRow(
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
            self._state.put((key,), view.sheet.name, ((row, column),))
            self._changed(f"“{name_of(key, self._form)}”填在 {ref}，可以撤销。")
        view.setFocus()

    def _take_off(self) -> None:
        """「不填」: the chosen item, else the current cell."""
        item, view = self.list.chosen, self.view
        if item is not None and item.ids:
            self._drop(item.ids)
        elif view is not None:
            self._cell_cleared(*view.current)

    def _set_zero(self, zero: bool) -> None:
        self._state.set_zero(zero)
        self._changed("空着的格填 0。" if zero else "空着的格不填。")

    # --- the line of the unit

    def _renew_line(self) -> None:
        lines = list(self._state.places.lines.values())
        if not lines:
            self.line_text.setText("还不知道填在哪一行。")
            theme.restyle(self.line_text, tone="qrytext")
            return
        line = lines[0]
        where = f"第 {line.number + 1} {'行' if line.axis == 'row' else '列'}"
        if line.is_new:
            said = f"没有“{line.name}”，新添在{where}。"
            if line.similar:
                said += f"有相近的名称：{'、'.join(line.similar)}。"
        else:
            how = "您选的" if self._state.wish.line else "按名称找到"
            said = f"填在{where} {line.name}（{how}），会替换这一行原有的数。"
        theme.restyle(self.line_text, tone="qrytext" if line.is_new and line.similar else "text")
        self.line_text.setText(said)

    def _ask_line(self) -> None:
        """「换一行」: which unit's line is overwritten."""
        units = self._opened.map.units[0]
        chosen = self._state.wish.line
        self._saves_then = False
        sheet = self._book.sheet(units.sheet)
        rows = [ListRow("", f"按机关名称：{self._report.agency}", "没有这一行时新添")]
        rows += _unit_rows(sheet, units)
        key = ask_row(
            self,
            "换一行",
            f"填在“{units.sheet}”的哪一{'行' if units.axis == 'row' else '列'}",
            "输入单位名称或编码查找",
            rows,
            "填在这里",
            chosen,
        )
        if key is not None and key != chosen:
            self._state.change(self._state.map, key)
            self._changed("")
            self._show_line(units.sheet)

    # --- the card

    def _renew_card(self, item: Item | None = None) -> None:
        """Says what is looked at: an item of the list, else the current cell."""
        item = item or self.list.chosen
        view = self.view
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
                look = self.look(place.sheet, place.row, place.column)
                text = look.told.partition("\n")[2].replace("\n", "；") if look is not None else ""
            has_place = bool(item.ids)
        elif view is not None:
            row, column = view.current
            look = self.look(view.sheet.name, row, column)
            title = f"{view.sheet.name}　{cell_ref(row, column)}"
            text = look.told.replace("\n", "；") if look is not None else "这一格不填。"
            has_place = bool(self._state.places.targets.get(Address(view.sheet.name, row, column)))
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
        self._ask(self.left)

    def _next_pane(self) -> None:
        view = self.view
        if view is not None and not view.hasFocus():
            view.setFocus()
        else:
            self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._picked:
                self._stop_picking()
                self._renew_card()
                self.list.setFocus()
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


def _tab_text(name: str, count: int = 0) -> str:
    return theme.plain_action(f"{name}　{count}" if count else name)


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


def _unit_rows(sheet: Sheet, units: UnitLines) -> Iterator[ListRow]:
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
            yield ListRow(key, name or code, f"{code if name else ''}　第 {number + 1} {word}".strip("　"))
