"""单位: the first page of a roll-up, with its units by branch, their states, and the files that nobody has claimed.

Knows how branches, filters, rows and files are shown and gone through by keys. What a row says is `listing`'s; reading
files, claiming them and lists of units are asked for by signals. Rows keep their order while files are being read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QListView,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.rollup.project import Received, State
from gxeditor.core.rollup.units import Unit, UnitKind, Units
from gxeditor.core.text import inert
from gxeditor.ui.editor.clipboard import put_on_clipboard
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground, show_as_rows
from gxeditor.ui.look.tasks import LastWish
from gxeditor.ui.look.told import Sentence
from gxeditor.ui.rollup.chips import CountChip
from gxeditor.ui.rollup.listing import (
    ALL,
    COLUMNS,
    FILTERS,
    HEADINGS,
    ZERO,
    Listing,
    Row,
    short_name,
    signed,
)
from gxeditor.ui.rollup.session import RollupDesk
from gxeditor.ui.rollup.which_file import ask_which, different, files_of

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_KEY = Qt.ItemDataRole.UserRole
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTER = int(Qt.AlignmentFlag.AlignCenter)
_TREE, _TREE_NARROW, _ROOM = (
    240,
    188,
    1100,
)  # logical pixels of the tree, and of the page from which it has them
_BRANCH, _ROW, _HEAD, _FILTERS, _FILE, _LINE = 28, 25, 26, 40, 26, 30  # heights, LOOK-3
_FILES = 3  # files in view before the part scrolls
_WIDTHS = (
    (226, 100, 104, 62, 62, 62, 66, 142, 86),
    (164, 96, 100, 52, 52, 52, 60, 0, 0),
    (150, 96, 100, 52, 0, 0, 0, 0, 0),
)
"""The widths of all columns but the last, for a wide window and for narrower ones; 0 leaves a column out."""
_EVERY = (164, 96, 100, 52, 52, 52, 60, 142, 86)
"""The same where all are wanted in a narrow window."""
_LAST = 112  # the least of the last column: 「1 月 22 日前重报」
_FIGURES = ("new", "total", "carried", "change")
_LEAVES = 600  # units up to which the tree has them all; above it has branches alone
_LARGE = 2_000  # units from which no row is shown before something was chosen
_BESIDE = (
    150  # units from which counting is done beside the window: 300 take longer than a frame on a slow PC
)
_TYPING = 120  # milliseconds after the last key until the units are looked through
_PATIENCE = 300  # milliseconds after which counting beside the window counts as slow

_TIPS = {
    "unit": "单击按名称排序。", "state": "单击回到最要处理的排在前面。",
    "found": "这家年报自己的检查有几个错误、几处疑问。",
    "new": "表三“本年新收”的总计。", "total": "表三“总计”（办理结果合计）。", "carried": "表三“结转下年度”的总计。",
    "change": "本年新收比上年多几件、少几件。", "came": "文件什么时候收到。", "due": "应在哪一天以前报。",
    "left": "还欠着的，离期限还有几天。",
}  # fmt: skip
_CHIP_TIPS = {
    "all": "列出全部应报和可报的单位。", "MISSING": "只列没有收到年报的。",
    "UNCLAIMED": "只列有文件可能是它的、等您选定的。",
    "INCOMPLETE": "只列有格没读到或读得不确定的。", "CHANGED": "只列文件在读过以后又变了的。",
    "RETURNED": "只列发过退回意见、还没重报的。", "ERRORS": "只列自己的检查有错误的。",
    "QUERIES": "只列自己的检查有疑问的。", "USABLE": "只列没有发现问题的。",
    "zero": "只列全部填 0 的，请确认真的没有。",
    "moved": "只列本年新收比上年增减 10 件以上、并达到上年四分之一的。",
}  # fmt: skip


# ------------------------------------------------------------------------------------------------- states


def paint_unit_state(painter: QPainter, rect: QRectF, state: State) -> None:
    """The shape of a state, always beside its word, in the middle of `rect`; none for 可用 and 免报."""
    colors = theme.current()
    if state is State.ERRORS:
        theme.paint_mark(painter, rect, Severity.ERROR)
    elif state in (State.QUERIES, State.INCOMPLETE):
        theme.paint_mark(painter, rect, Severity.QUERY)
    elif state is State.UNCLAIMED:
        paint_question(painter, rect)
    elif icon := {State.MISSING: ("document", "text"), State.CHANGED: ("refresh", "text2"),
                  State.RETURNED: ("return", "qry")}.get(state):  # fmt: skip
        theme.icon(icon[0], icon[1], 13).paint(painter, rect.adjusted(-2, -2, 2, 2).toRect())
    painter.setPen(colors.text)


def paint_question(painter: QPainter, rect: QRectF) -> None:
    """「?」 on a filled square: a file for which a person has to name the unit."""
    colors = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.qry)
    box = rect.adjusted(-2, -2, 2, 2)
    painter.drawRoundedRect(box, 2, 2)
    painter.setPen(colors.base)
    painter.setFont(theme.font(8.25, 600))
    painter.drawText(box, _CENTER, "?")
    painter.restore()


def tone_of(state: State) -> QColor:
    """The colour of a state's word."""
    colors = theme.current()
    if state is State.ERRORS:
        return colors.errtext
    if state in (State.UNCLAIMED, State.INCOMPLETE, State.RETURNED, State.QUERIES):
        return colors.qrytext
    return colors.text if state is State.MISSING else colors.text2


# --------------------------------------------------------------------------------------------------- tree


class Branches(QTreeWidget):
    """The list of units by branch, with 已收 / 应报 and the number of units with errors."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setAccessibleName("单位名单")
        self.setHeaderHidden(True)
        self.setIndentation(16)
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_BranchPainter(self))
        self.listing: Listing | None = None
        self._shape: tuple[Units, str] | None = None
        self.currentItemChanged.connect(self._current)

    @property
    def branch(self) -> str:
        """The id of the chosen unit, "" for all."""
        item = self.currentItem()
        return str(item.data(0, _KEY)) if item is not None else ""

    def show_listing(self, listing: Listing) -> None:
        """Shows these units; what is open and chosen stays so."""
        self.listing = listing
        units, owner = listing.rollup.units, listing.rollup.owner
        if self._shape is None or units is not self._shape[0] or owner != self._shape[1]:
            self._shape = units, owner
            self._fill(listing)
        self.viewport().update()

    def _fill(self, listing: Listing) -> None:
        rollup = listing.rollup
        chosen, opened = self.branch, self._opened()
        leaves = len(rollup.units.listed) <= _LEAVES
        blocked = self.blockSignals(True)
        self.clear()
        tops = rollup.units.children.get("", ())
        root = QTreeWidgetItem([rollup.owner or "全部单位"])
        root.setData(0, _KEY, "")
        self.addTopLevelItem(root)
        if len(tops) == 1 and tops[0].id in rollup.parents:
            tops = rollup.units.children[tops[0].id]  # the area itself: the root stands for it
        items: dict[str, QTreeWidgetItem] = {"": root}

        def add(units: Sequence[Unit], over: QTreeWidgetItem) -> None:
            for unit in units:
                if unit.id in items or (unit.id not in rollup.parents and not leaves):
                    continue
                item = items[unit.id] = QTreeWidgetItem(over, [short_name(unit.name, rollup.owner)])
                item.setData(0, _KEY, unit.id)
                item.setToolTip(0, theme.plain_tip(unit.name))
                add(rollup.units.children.get(unit.id, ()), item)

        add(tops, root)
        for key in opened:
            if key in items:
                items[key].setExpanded(True)
        root.setExpanded(True)
        self.setCurrentItem(items.get(chosen, root))
        self.blockSignals(blocked)
        if chosen and chosen not in items:
            self.chosen.emit("")

    def _opened(self) -> set[str]:
        found: set[str] = set()
        stack = [self.topLevelItem(place) for place in range(self.topLevelItemCount())]
        while stack:
            item = stack.pop()
            if item is not None:
                if item.isExpanded():
                    found.add(str(item.data(0, _KEY)))
                stack.extend(item.child(place) for place in range(item.childCount()))
        return found

    def _current(self, item: QTreeWidgetItem | None, _before: object) -> None:
        if item is not None:
            self.chosen.emit(str(item.data(0, _KEY)))

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Nothing: the delegate draws row and arrow in one."""


class _BranchPainter(QStyledItemDelegate):
    def __init__(self, view: Branches) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, max(_BRANCH, QFontMetrics(theme.font(9)).height() + 10))

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        listing = self._view.listing
        if listing is not None and (said := self._spoken(listing, str(index.data(_KEY)))):
            option.text = f"{index.data()} {said}"  # type: ignore[attr-defined]

    @staticmethod
    def _spoken(listing: Listing, key: str) -> str:
        counted = listing.branches.get(key)
        return f"{counted.entered} / {counted.of}" if counted is not None and counted.of else ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        listing = self._view.listing
        if listing is None:
            return
        painter.save()
        colors = theme.current()
        width = self._view.viewport().width()
        depth = 0
        over = index.parent()
        while over.isValid():
            depth, over = depth + 1, over.parent()
        option.rect = QRect(0, option.rect.y(), width, option.rect.height())  # type: ignore[attr-defined]
        rect, _, text = paint_ground(painter, option, colors.card, colors.head)
        key = str(index.data(_KEY))
        unit = listing.rollup.units.by_id.get(key)
        counted = listing.branches.get(key)
        left = 12 + 16 * depth
        if index.model().hasChildren(index):
            self._arrow(painter, QRect(left - 4, rect.y(), 14, rect.height()), self._view.isExpanded(index))
        right = rect.right() - 11
        quiet = False
        if counted is not None:
            painter.setFont(theme.font(9))
            quiet = not counted.of
            words = str(counted.exempt) if quiet else f"{counted.entered} / {counted.of}"
            painter.setPen(colors.text2 if quiet or counted.entered == counted.of else text)
            if unit is None or unit.id in listing.rollup.parents or not quiet:
                painter.drawText(rect.adjusted(0, 0, -12, 0), _RIGHT, words)
            right -= max(44, QFontMetrics(painter.font()).horizontalAdvance(words) + 10)
            if errors := counted.count(State.ERRORS):
                size = theme.badge_size(errors)
                place = QRectF(right - size.width(), rect.center().y() - 7.5, size.width(), size.height())
                theme.paint_badge(painter, place, Severity.ERROR, errors)
                right -= size.width() + 6
        painter.setFont(theme.font(9, 600 if not depth else 400))
        painter.setPen(colors.text2 if quiet and depth else text)
        room = QRect(left + 16, rect.y(), max(0, right - left - 16), rect.height())
        name = QFontMetrics(painter.font()).elidedText(
            index.data(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, _LEFT, name)
        painter.restore()

    @staticmethod
    def _arrow(painter: QPainter, rect: QRect, is_open: bool) -> None:
        painter.save()
        painter.translate(rect.center())
        if is_open:
            painter.rotate(90)
        theme.icon("chevron", "text2", 12).paint(painter, QRect(-6, -6, 12, 12))
        painter.restore()


# ------------------------------------------------------------------------------------------------ filters


def _chip(key: str, name: str, parent: QWidget) -> CountChip:
    """A filter with its shape and count."""
    state = State.__members__.get(key)
    marked = state is not None and state is not State.USABLE
    mark = partial(_paint_state, state) if marked and state is not None else None
    return CountChip(name, _CHIP_TIPS[key], mark, counted="家", parent=parent)


def _paint_state(state: State, painter: QPainter, rect: QRectF) -> None:
    paint_unit_state(painter, rect, state)


class Chips(QWidget):
    """The filters with their counts; what has no room is in a menu. One with 0 is hidden, except 全部 and 未交."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = ALL
        self.chips = {key: _chip(key, name, self) for key, name in FILTERS}
        self._more = QToolButton(self)
        self._more.setText("其余")
        self._more.setProperty("bare", True)
        self._more.setAccessibleName("其余的筛选")
        self._more.setToolTip("窗口窄，放不下的筛选在这里。")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu = QMenu(self._more)
        self._menu.setToolTipsVisible(True)
        self._more.setMenu(self._menu)
        for key, chip in self.chips.items():
            chip.clicked.connect(partial(self._clicked, key))
        self.chips[ALL].setChecked(True)
        self.setMinimumWidth(120)

    def sizeHint(self) -> QSize:
        return QSize(sum(self.chips[key].sizeHint().width() for key in self._wanted), _FILTERS)

    @property
    def _wanted(self) -> list[str]:
        always = (ALL, State.MISSING.name, self.key)
        return [key for key, chip in self.chips.items() if chip.count or key in always]

    def show_numbers(self, numbers: dict[str, int]) -> None:
        for key, chip in self.chips.items():
            chip.show_count(numbers.get(key, 0))
        self._arrange()

    def choose(self, key: str) -> None:
        """Chooses a filter, as a click does."""
        if key != self.key:
            self.key = key
            for other, chip in self.chips.items():
                chip.setChecked(other == key)
            self._arrange()
            self.chosen.emit(key)

    def _clicked(self, key: str) -> None:
        self.chips[key].setChecked(True)
        self.choose(ALL if key == self.key else key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """As many as fit, the chosen one always among them; the rest in the menu."""
        wanted, room = self._wanted, self.width()
        wide = {key: self.chips[key].sizeHint().width() + 2 for key in wanted}
        if sum(wide.values()) + 12 > room:
            room -= self._more.sizeHint().width() + 4
        shown: list[str] = []
        used = 0
        for key in wanted:
            reserve = 0 if self.key in shown or key == self.key else wide[self.key]
            if used + wide[key] + reserve <= room or key == self.key:
                shown.append(key)
                used += wide[key]
        x = 0
        for key, chip in self.chips.items():
            if key in shown:
                size = chip.sizeHint()
                if key == ZERO and x:
                    x += 10  # a group of its own
                chip.setGeometry(x, (self.height() - size.height()) // 2, size.width(), size.height())
                x += size.width() + 2
            chip.setVisible(key in shown)
        rest = [key for key in wanted if key not in shown]
        self._menu.clear()
        for key in rest:
            chip = self.chips[key]
            action = self._menu.addAction(theme.plain_action(f"{chip.name} {chip.count}"))
            action.setToolTip(theme.plain_tip(_CHIP_TIPS[key]))
            action.triggered.connect(lambda _=False, key=key: self.choose(key))
        size = self._more.sizeHint()
        self._more.setGeometry(x + 2, (self.height() - size.height()) // 2, size.width(), size.height())
        self._more.setVisible(bool(rest))


# -------------------------------------------------------------------------------------------------- table


class UnitModel(QAbstractTableModel):
    """The units that are listed; a row is derived when it is looked at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.units: list[Unit] = []
        self.listing: Listing | None = None
        self.column, self.descending = "state", False

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.units)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def row(self, place: int) -> Row:
        assert self.listing is not None
        return self.listing.row(self.units[place])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = ("▴" if self.descending else "▾") if column == self.column else ""
            return f"{HEADINGS[section]}{arrow}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in _FIGURES else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(_TIPS[column])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        ) or index.row() >= len(self.units):
            return None
        row = self.row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words()[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "，".join(filter(None, row.words()))
        file = row.one.path if row.one is not None else ""
        said = [row.unit.name, *filter(None, (row.said, row.instead, file and f"文件：{file}"))]
        return theme.plain_tip("\n".join(said))

    def show_units(self, listing: Listing, units: Sequence[Unit]) -> None:
        self.beginResetModel()
        self.listing, self.units = listing, list(units)
        self.endResetModel()

    def renew(self, listing: Listing) -> None:
        """The same units in the same order, with what is said of them now."""
        self.listing = listing
        self.units = [listing.rollup.units.by_id.get(unit.id, unit) for unit in self.units]
        if self.units:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.units) - 1, len(COLUMNS) - 1))


class _RowPainter(QStyledItemDelegate):
    def __init__(self, view: UnitTable) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._view.model()
        if index.row() >= len(model.units):
            return
        row, column = model.row(index.row()), COLUMNS[index.column()]
        painter.save()
        colors, pixels = theme.current(), theme.Pixels(painter)
        rect, selected, text = paint_ground(
            painter, option, colors.base, colors.card, bar=index.column() == 0
        )
        pixels.vline(rect.right() + 1 - pixels.line, rect.y(), rect.height(), colors.line)
        painter.setFont(theme.font(9))
        inner = rect.adjusted(9, 0, -8, -1)
        quiet = colors.text2
        if column == "unit":
            self._words(painter, inner, row.unit.name, text)
        elif column == "state":
            paint_unit_state(painter, QRectF(rect.x() + 9, rect.center().y() - 4.5, 10, 10), row.state)
            painter.setFont(theme.font(9, 600 if row.state is State.MISSING else 400))
            self._words(painter, rect.adjusted(26, 0, -2, -1), row.state.value, tone_of(row.state))
        elif column == "found":
            self._found(painter, inner, row)
        elif column in _FIGURES:
            value = signed(row.change) if column == "change" else getattr(row, column)
            words = "" if value is None else str(value)
            zero = words == "0" and column == "change"
            self._words(painter, inner, words, quiet if zero or column == "change" else text, _RIGHT)
        elif column == "came":
            if row.instead:
                self._words(painter, inner, row.instead, colors.qrytext)
            else:
                self._words(painter, inner, row.came, quiet)
        elif column == "due":
            self._words(painter, inner, row.due, text if selected else quiet)
        elif row.late:
            theme.paint_mark(painter, QRectF(rect.x() + 9, rect.center().y() - 4, 8, 8), Severity.ERROR)
            painter.setFont(theme.font(9, 600))
            self._words(painter, rect.adjusted(20, 0, -4, -1), row.left, colors.errtext)
        else:
            self._words(painter, inner, row.left, colors.qrytext if row.state is State.RETURNED else quiet)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, rect: QRect, words: str, color: QColor, flags: int = _LEFT) -> None:
        painter.setPen(color)
        shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, rect.width() + 1)
        painter.drawText(rect, flags, shown)

    def _found(self, painter: QPainter, rect: QRect, row: Row) -> None:
        colors = theme.current()
        said = row.said or (row.instead if self._view.isColumnHidden(COLUMNS.index("came")) else "")
        if said:
            self._words(painter, rect, said, colors.text2 if row.state is State.CHANGED else colors.qrytext)
            return
        x = rect.x()
        for count, severity in ((row.errors, Severity.ERROR), (row.queries, Severity.QUERY)):
            if count:
                theme.paint_mark(painter, QRectF(x, rect.center().y() - 3.5, 8, 8), severity)
                painter.setPen(colors.severity[severity].text)
                words = str(count)
                painter.drawText(QRect(x + 12, rect.y(), 40, rect.height()), _LEFT, words)
                x += 12 + QFontMetrics(painter.font()).horizontalAdvance(words) + 11


class UnitTable(QTableView):
    """The table. `opened` asks for the report of a unit, `sorted_by` for another order, `other_asked` carries a file
    that is to be given to another unit, `choice_asked` a unit of whose files one is to be chosen.

    In a narrow window some columns are left out, which a word in the heads says and undoes.
    """

    opened = Signal(object)
    sorted_by = Signal(str)
    arrived = Signal()
    left = Signal()
    told = Signal(str)
    other_asked = Signal(object)
    choice_asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._units = UnitModel(self)
        self.setModel(self._units)
        self.setItemDelegate(_RowPainter(self))
        show_as_rows(self, "单位表", _ROW, _HEAD, several=True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.setMinimumSectionSize(20)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setStretchLastSection(True)
        head.sectionClicked.connect(lambda place: self.sorted_by.emit(COLUMNS[place]))
        self._shown: tuple[tuple[int, ...], bool] | None = None
        self._every = False
        self.more = QToolButton(head)
        self.more.setProperty("link", True)
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keys it is in the menu of a row
        self.more.clicked.connect(lambda: self.show_every(not self._every))
        self.more.hide()
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(self.arrived)

    def model(self) -> UnitModel:
        return self._units

    @property
    def unit(self) -> Unit | None:
        """The unit of the current row."""
        place = self.currentIndex().row()
        return self._units.units[place] if 0 <= place < len(self._units.units) else None

    @property
    def selected(self) -> list[Unit]:
        """The units of the selected rows, in the order of the table."""
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self._units.units[place] for place in places if place < len(self._units.units)]

    def show_units(self, listing: Listing, units: Sequence[Unit]) -> None:
        """Shows these units; those selected stay so."""
        chosen = {unit.id for unit in self.selected}
        current = self.unit
        top = self.verticalScrollBar().value()
        self._units.show_units(listing, units)
        selection = QItemSelection()
        last = len(COLUMNS) - 1
        for place, unit in enumerate(units):
            if unit.id in chosen:
                selection.select(self._units.index(place, 0), self._units.index(place, last))
        place = next((i for i, unit in enumerate(units) if current is not None and unit.id == current.id), 0)
        if units:
            self.selectionModel().setCurrentIndex(
                self._units.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            if not selection.isEmpty():
                self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.verticalScrollBar().setValue(top)

    def go_to(self, unit: Unit) -> None:
        """Brings the row of a unit into view and chooses it."""
        for place, one in enumerate(self._units.units):
            if one.id == unit.id:
                self.choose(place)
                return

    def choose(self, place: int) -> None:
        """Makes a row the one that is chosen, whatever keys are held down meanwhile."""
        index = self._units.index(place, 0)
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, how)
        self.scrollTo(index)

    def copy(self) -> int:
        """Copies the rows, all that are listed unless several are selected, with their heads; how many."""
        selected = self.selected
        units = selected if len(selected) > 1 else self._units.units
        listing = self._units.listing
        if listing is None or not units:
            return 0
        rows = (
            tuple(
                words if column in _FIGURES else inert(words)
                for column, words in zip(COLUMNS, listing.row(unit).words(), strict=True)
            )
            for unit in units
        )
        put_on_clipboard([HEADINGS, *rows])
        return len(units)

    def copy_told(self) -> None:
        """The same, and says it."""
        count = self.copy()
        self.told.emit(f"已复制 {count} 行，可以粘贴到 Excel。" if count else "没有可以复制的行。")

    def _open(self, _index: object = None) -> None:
        if self.unit is not None:
            self.opened.emit(self.unit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def show_every(self, every: bool) -> None:
        """Shows every column, scrolled to the side where there is no room for all; or only those that have room."""
        self._every = every
        self._share_out()

    @property
    def left_out(self) -> list[str]:
        """The heads of the columns for which there is no room."""
        return [head for place, head in enumerate(HEADINGS) if self.isColumnHidden(place)]

    def _share_out(self) -> None:
        room = self.viewport().width() - _LAST
        fitting = next((one for one in _WIDTHS if sum(one) <= room), _WIDTHS[-1])
        every = self._every and 0 in fitting
        widths = _EVERY if every else fitting
        if (widths, every) != self._shown:
            self._shown = widths, every
            for place, width in enumerate(widths):
                self.setColumnHidden(place, not width)
                if width:
                    self.setColumnWidth(place, width)
            self.horizontalHeader().setMinimumSectionSize(20)
            self.setColumnWidth(len(widths), _LAST)
            policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if every else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            self.setHorizontalScrollBarPolicy(policy)
            out = self.left_out
            self.more.setText("收起" if every else f"另有 {len(out)} 栏")
            said = (
                "只列放得下的几栏。"
                if every
                else f"窗口窄，{'、'.join(out)}没有列出；点这里就左右滚动着看全。"
            )
            self.more.setToolTip(theme.plain_tip(said))
            self.more.setAccessibleName(self.more.text())
        self.more.setVisible(0 in fitting)
        head, size = self.horizontalHeader(), self.more.sizeHint()
        self.more.setGeometry(self.viewport().width() - size.width() - 4, 0, size.width(), head.height() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_told()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        unit, listing = self.unit, self._units.listing
        if unit is None or listing is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        does: dict[QAction, Callable[[], None]] = {menu.addAction("看它的年报（只读）\tEnter"): self._open}
        one, files = listing.row(unit).one, files_of(listing.rollup, unit.id)
        if one is not None and one.unit == unit.id:
            menu.addSeparator()
            other = menu.addAction("这份不是它的，认给别家…")
            does[other] = partial(self.other_asked.emit, one)
        if len(files) > 1 or any(r.decided == "hold" for r in files):
            does[menu.addAction("选用哪一份…" if len(files) > 1 else "重新计入合计…")] = partial(
                self.choice_asked.emit, unit
            )
        menu.addSeparator()
        does[menu.addAction("复制列出的各行\tCtrl+C")] = self.copy_told
        if not self.more.isHidden():
            words = "只列放得下的几栏" if self._every else "列出全部各栏"
            does[menu.addAction(words)] = partial(self.show_every, not self._every)
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        at = (
            event.globalPos() if by_mouse else self.mapToGlobal(self.visualRect(self.currentIndex()).center())
        )
        if (done := menu.exec(at)) is not None:
            does[done]()


# -------------------------------------------------------------------------------------------------- files


class Unclaimed(QWidget):
    """未认领的文件: what could not be given to a unit, and what is of another year; folds, and goes at 0."""

    claim_asked = Signal(object)
    open_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fold = QToolButton()
        self._fold.setProperty("bare", True)
        self._fold.setFont(theme.font(9, 600))
        self._fold.setAccessibleName("未认领的文件")
        self._fold.setToolTip("展开或收起没有认领的文件。")
        self._fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fold.clicked.connect(self._turn)
        self._is_open = True
        self._waiting = theme.label("", tone="qrytext")
        self._other = theme.label("", tone="text2")
        self.one_by_one = QPushButton("逐份选定")
        self.one_by_one.setProperty("link", True)
        self.one_by_one.setAccessibleName("逐份选定单位")
        self.one_by_one.setToolTip("一份一份看没有认领的文件，选定是哪一家的。")
        self.one_by_one.clicked.connect(lambda: self.claim_asked.emit(None))
        head = QWidget()
        head.setFixedHeight(_LINE)
        head.setProperty("ground", "window")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        across = QHBoxLayout(head)
        across.setContentsMargins(6, 0, 12, 0)
        across.setSpacing(10)
        for widget in (self._fold, self._waiting, self._other):
            across.addWidget(widget)
        across.addStretch(1)
        across.addWidget(self.one_by_one)
        self.list = _Files(self)
        self.list.asked.connect(self._asked)
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addWidget(head)
        down.addWidget(self.list)
        self.hide()

    def show_listing(self, listing: Listing) -> None:
        waiting, others = listing.waiting, listing.others
        self._waiting.setText(f"{len(waiting)} 份等您选定" if waiting else "")
        self._waiting.setVisible(bool(waiting))
        prefix = "另有 " if waiting else ""
        self._other.setText(f"{prefix}{len(others)} 份不是本年或不是这种格式" if others else "")
        if others and all(one.year != listing.rollup.year for one in others):
            self._other.setText(f"{prefix}{len(others)} 份不是本年")
        self._other.setVisible(bool(others))
        self.one_by_one.setVisible(bool(waiting))
        self.list.show_files(listing, [*((r, False) for r in waiting), *((r, True) for r in others)])
        self.setVisible(bool(waiting or others))
        self._arrange()

    def _turn(self) -> None:
        self._is_open = not self._is_open
        self._arrange()

    def _arrange(self) -> None:
        self._fold.setText(f"{'▾' if self._is_open else '▸'} 未认领的文件")
        self.list.setVisible(self._is_open)
        rows = min(self.list.model().rowCount(), _FILES)
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) if rows else 0)

    def _asked(self, one: Received, is_other: bool) -> None:
        (self.open_asked if is_other else self.claim_asked).emit(one)


class _FileModel(QAbstractListModel):
    """The files, each said when it is looked at: a list of units that fits nobody leaves ten thousand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.files: list[tuple[Received, bool]] = []
        self.listing: Listing | None = None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.files) or self.listing is None:
            return None
        one, is_other = self.files[index.row()]
        if role == _KEY:
            return one, is_other
        if role == Qt.ItemDataRole.DisplayRole:
            return one.called
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{one.called}，{self.listing.about(one)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(f"{one.called}\n{self.listing.about(one)}")
        return None

    def show_files(self, listing: Listing, files: list[tuple[Received, bool]]) -> None:
        self.beginResetModel()
        self.listing, self.files = listing, files
        self.endResetModel()


class _Files(QListView):
    asked = Signal(object, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setAccessibleName("未认领的文件的列表")
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._files = _FileModel(self)
        self.setModel(self._files)
        self.setItemDelegate(_FilePainter(self))
        self._pressed = _ROOT

    def model(self) -> _FileModel:
        return self._files

    def show_files(self, listing: Listing, files: list[tuple[Received, bool]]) -> None:
        """Shows these; the one that is chosen stays so, wherever it stands now."""
        if files == self._files.files and self._files.listing is not None:
            self._files.listing = listing
            self.viewport().update()
            return
        before = self._files.data(self.currentIndex(), _KEY)
        top = self.verticalScrollBar().value()
        self._files.show_files(listing, files)
        if before is not None:  # at first nothing is chosen by itself
            key, old = before[0].key, self.currentIndex().row()
            row = next((at for at, (one, _) in enumerate(files) if one.key == key), old)
            self.setCurrentIndex(self._files.index(min(max(row, 0), len(files) - 1)))
            self.verticalScrollBar().setValue(top)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._files.index(0))

    @property
    def listing(self) -> Listing | None:
        return self._files.listing

    def _ask(self, index: Index) -> None:
        if (asked := self._files.data(index, _KEY)) is not None:
            self.asked.emit(*asked)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._pressed = self.indexAt(event.position().toPoint()) if is_left else _ROOT

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at, pressed, self._pressed = event.position().toPoint(), self._pressed, _ROOT
        if pressed.isValid() and self.indexAt(at) == pressed and at.x() > self.viewport().width() - 90:
            self._ask(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._ask(self.indexAt(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _FilePainter(QStyledItemDelegate):
    def __init__(self, view: _Files) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, max(_FILE, QFontMetrics(theme.font(9)).height() + 8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        listing = self._view.listing
        if listing is None:
            return
        one, is_other = index.data(_KEY)
        painter.save()
        colors = theme.current()
        rect, _, text = paint_ground(painter, option, colors.base, colors.card)
        mark = QRectF(rect.x() + 14, rect.center().y() - 4.5, 9, 9)
        if is_other:
            theme.paint_mark(painter, mark, Severity.ERROR)
        else:
            paint_question(painter, mark)
        painter.setFont(theme.font(9))
        metrics = QFontMetrics(painter.font())
        name = QRect(rect.x() + 31, rect.y(), min(226, rect.width() // 3), rect.height())
        painter.setPen(text)
        path = one.called
        painter.drawText(name, _LEFT, metrics.elidedText(path, Qt.TextElideMode.ElideMiddle, name.width()))
        words = "看文件" if is_other else "选定单位…"
        painter.setPen(colors.link)
        painter.drawText(rect.adjusted(0, 0, -12, 0), _RIGHT, words)
        about = QRect(name.right() + 14, rect.y(), rect.width() - name.right() - 110, rect.height())
        painter.setPen(text)
        said = metrics.elidedText(listing.about(one), Qt.TextElideMode.ElideRight, about.width())
        painter.drawText(about, _LEFT, said)
        painter.restore()


# ------------------------------------------------------------------------------------- lines around the table


class ReadingLine(QWidget):
    """「正在读取 9 份新到或有变化的文件：第 4 份，…」 with its progress, and the way to stop it."""

    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(max(29, QFontMetrics(theme.font(9)).height() + 10))
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._told = Sentence()
        self._told.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(180, 6)
        self._bar.setAccessibleName("读取的进度")
        self.stop = QPushButton("停止读取")
        self.stop.setProperty("link", True)
        self.stop.setAccessibleName("停止读取")
        self.stop.setToolTip("不再读下去；已经读到的都留着，以后可以重新读取。")
        self.stop.clicked.connect(self.stop_asked)
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 0, 12, 0)
        across.setSpacing(12)
        across.addWidget(self._told)
        across.addWidget(self._bar)
        across.addStretch(1)
        across.addWidget(self.stop)
        self.hide()

    def show_progress(self, done: int, of: int, what: str) -> None:
        words = "正在看文件夹里有什么……"
        if of:
            name = what.replace("/", "\\").rpartition("\\")[2]
            place = f"第 {min(done + 1, of)} 份{f'，{name}' if name else ''}"
            words = f"正在读取 {of} 份新到或有变化的文件：{place}"
        self._told.setText(words)
        self._told.setToolTip(theme.plain_tip(words))
        self._bar.setRange(0, max(of, 1))
        self._bar.setValue(done)
        self.show()


class _NoUnits(QWidget):
    """What stands in the place of the table while there is no list of units."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.addStretch(2)
        self.told = theme.label("先有单位名单，才知道谁没交。", 10.5, 600)
        column.addWidget(self.told, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(14)
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addStretch(1)
        for key, words, tip in (
            ("import", "从 Excel、Word 或粘贴导入", "把现有的单位名单读进来，核对后再用。"),
            ("prior", "用去年的名单", "从去年的汇总（.gxh）带来名单和曾用名。"),
            ("folder", "从这个文件夹提出一份", "按文件夹里的年报提出一份名单，您核对以后才用。"),
        ):
            button = QPushButton(words)
            button.setToolTip(theme.plain_tip(tip))
            button.setAccessibleName(words)
            button.clicked.connect(lambda _=False, key=key: self.asked.emit(key))
            across.addWidget(button)
        across.addStretch(1)
        column.addLayout(across)
        column.addStretch(3)


class _Choice(NamedTuple):
    """Which units are listed, and in which order: of a branch, a filter, with these words, if any at all."""

    branch: str
    key: str
    wanted: str
    column: str
    descending: bool
    is_listed: bool


class _Prepared(NamedTuple):
    """What is shown of a choice; `units` is None where the rows stay, with what is said of them now."""

    listing: Listing
    choice: _Choice
    numbers: dict[str, int]
    units: list[Unit] | None


def _prepare(listing: Listing, choice: _Choice, stays: bool) -> _Prepared:
    """All that is shown of a choice; on any thread."""
    _ = listing.branches, listing.waiting, listing.others
    numbers = dict(listing.numbers(choice.branch))
    units: list[Unit] | None = [] if not stays else None
    if choice.is_listed and not stays:
        found = listing.listed(choice.branch, choice.key, choice.wanted)
        units = listing.ordered(found, choice.column, choice.descending)
    return _Prepared(listing, choice, numbers, units)


# --------------------------------------------------------------------------------------------------- page


class Board(QWidget):
    """The page. `claim_asked` carries the file to begin with, None for the first; `list_asked` whence a list of units
    is to come ("import", "prior", "folder")."""

    claim_asked = Signal(object)
    list_asked = Signal(str)
    stop_asked = Signal()
    said = Signal(str)
    """What the status bar says of what is chosen."""
    listed = Signal()
    """What is shown is that of the roll-up as it is."""

    def __init__(self, desk: RollupDesk, today: Callable[[], date] | None = None) -> None:
        super().__init__()
        self._desk, self._session, self._today = desk, desk.session, today or (lambda: date.today())
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._reading: frozenset[str] | None = None
        self._listing = Listing(self._session.rollup, self._today())
        self._made: _Choice | None = None  # by which the rows in view were listed
        self._then: Callable[[], None] | None = None  # what waits for the rows of the present choice
        self.tree = Branches()
        self.chips = Chips()
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找单位")
        self.search.setAccessibleName("查找单位")
        self.search.setToolTip("输入单位名称、曾用名或代码的一部分，空格隔开几个词（Ctrl+F）。")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(max(132, QFontMetrics(theme.font(9)).horizontalAdvance("查找单位") + 60))
        look = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        theme.set_icon(look, "search")
        look.setText("查找")
        look.setToolTip("查找单位。")
        self.table = UnitTable(self)
        self.files = Unclaimed()
        self.line = ReadingLine()
        self.no_units = _NoUnits()
        self._empty = theme.label("", 9.75, tone="text2")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._middle = QStackedWidget()
        for page in (self.table, self._empty, self.no_units):
            self._middle.addWidget(page)
        self._summary = _Summary()
        self._build()
        self._wish = LastWish(_PATIENCE, self)
        self._wish.done.connect(self._show)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING)
        self._typing.timeout.connect(self.refresh)
        self.tree.chosen.connect(self.refresh)
        self.chips.chosen.connect(self.refresh)
        self.search.textChanged.connect(self._typed)
        self.search.installEventFilter(self)
        self.table.opened.connect(self._open)
        self.table.sorted_by.connect(self.sort_by)
        self.table.arrived.connect(self._say)
        self.table.left.connect(self.show_all)
        self.table.told.connect(desk.tell)
        self.table.other_asked.connect(self.claim_asked)
        self.table.choice_asked.connect(self._choose_file)
        self.files.claim_asked.connect(self.claim_asked)
        self.files.open_asked.connect(self._open_file)
        self.line.stop_asked.connect(self.stop_asked)
        self.no_units.asked.connect(self.list_asked)
        self._session.changed.connect(self._changed)
        self._column, self._descending = "state", False
        self.refresh()

    def _build(self) -> None:
        left = self._left = QFrame()
        left.setProperty("ground", "card")
        left.setProperty("edge", "right")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        left.setFixedWidth(_TREE)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        head.addWidget(theme.label("单位名单", 9, 600))
        head.addStretch(1)
        head.addWidget(theme.label("已收 / 应报", tone="text2"))
        holder = QWidget()
        holder.setLayout(head)
        holder.setFixedHeight(_FILTERS)
        down = QVBoxLayout(left)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addWidget(holder)
        down.addWidget(self.tree, 1)
        down.addWidget(self._summary)
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.chips, 1)
        row.addWidget(self.search)
        filters = QWidget()
        filters.setLayout(row)
        filters.setFixedHeight(_FILTERS)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(filters)
        right.addWidget(self._middle, 1)
        right.addWidget(self.files)
        right.addWidget(self.line)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(left)
        across.addLayout(right, 1)

    # --- what is shown

    @property
    def listing(self) -> Listing:
        """What is shown now."""
        return self._listing

    def show_reading(self, paths: frozenset[str] | None) -> None:
        """That these files are being read, None that nothing is any more: then the rows are put in order again."""
        was = self._reading
        self._reading = paths
        if paths is None:
            self.line.hide()
            if was is not None:
                self.refresh()

    def _changed(self) -> None:
        listing = self.table.model().listing
        same = listing is not None and listing.rollup.units is self._session.rollup.units
        self._derive(stays=self._reading is not None and same)

    @property
    def _is_large(self) -> bool:
        return len(self._session.rollup.units.listed) > _LARGE

    @property
    def _is_beside(self) -> bool:
        return len(self._session.rollup.units.listed) > _BESIDE

    @property
    def _choice(self) -> _Choice:
        branch, key, wanted = self.tree.branch, self.chips.key, self.search.text().strip()
        if branch not in self._session.rollup.units.by_id:
            branch = ""
        listed = not self._is_large or bool(branch or wanted) or key != ALL
        return _Choice(branch, key, wanted, self._column, self._descending, listed)

    def refresh(self, *_: object) -> None:
        """Derives anew what is shown, beside the window where there is much of it."""
        self._derive(stays=False)

    def _derive(self, *, stays: bool) -> None:
        """With `stays` the rows keep their order, as while files are read, if they are those of the present choice."""
        self._typing.stop()
        choice, rollup = self._choice, self._session.rollup
        stays = stays and choice == self._made and bool(self.table.model().units)
        listing = Listing(rollup, self._today(), self._reading or frozenset())
        if self._is_beside:
            self._wish.want(lambda _: _prepare(listing, choice, stays))
        else:
            self._wish.give_up()
            self._show(_prepare(listing, choice, stays))

    def _show(self, prepared: _Prepared) -> None:
        listing = self._listing = prepared.listing
        model = self.table.model()
        if prepared.units is None:
            model.renew(listing)
        else:
            self._made = prepared.choice
            model.column, model.descending = prepared.choice.column, prepared.choice.descending
            self.table.show_units(listing, prepared.units)
            self.table.horizontalHeader().viewport().update()
        self.tree.show_listing(listing)
        self.chips.show_numbers(prepared.numbers)
        self.files.show_listing(listing)
        self._summary.show_words(listing.branches[""].words)
        self._show_which(prepared)
        self._say()
        if prepared.choice == self._choice:
            then, self._then = self._then, None
            if then is not None:
                then()
            self.listed.emit()

    def _show_which(self, prepared: _Prepared) -> None:
        """The table, the sentence that stands in its place, or the ways to a list of units."""
        if not prepared.listing.rollup.units.listed:
            self._middle.setCurrentWidget(self.no_units)
            return
        if not prepared.choice.is_listed:
            words = "选一个地区，或查找单位。"
        elif not self.table.model().units:
            words = "没有符合的单位。按 Esc 列出全部。"
        else:
            words = ""
        self._empty.setText(words)
        self._middle.setCurrentWidget(self._empty if words else self.table)

    def _say(self) -> None:
        selected = self.table.selected
        rollup = self._session.rollup
        if self._middle.currentWidget() is self.table and len(selected) == 1:
            self.said.emit(f"选中 1 家：{selected[0].name}　双击或回车看它的年报")
        elif len(selected) > 1:
            self.said.emit(f"选中 {len(selected)} 家")
        elif rollup.units.listed and not rollup.received and self._reading is None:
            self.said.emit("文件夹里还没有年报。放进来以后点“重新读取”。")
        else:
            self.said.emit("")

    # --- what is chosen

    def sort_by(self, column: str) -> None:
        """Another order; the same column again turns it round."""
        self._descending = column == self._column and not self._descending
        self._column = column
        self.refresh()

    def show_all(self) -> None:
        """Every unit of every branch again."""
        self.search.clear()
        self._typing.stop()
        self.chips.choose(ALL)
        if self.tree.branch and (root := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(root)
        self.refresh()

    def seek(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()
        self.search.selectAll()

    def _typed(self) -> None:
        self._typing.start()

    def next_unit(self, step: int = 1) -> bool:
        """F8: the next unit, or the one before, that needs a hand; False if there is none."""
        units, listing = self.table.model().units, self._listing
        if not units:
            return False
        here = self.table.currentIndex().row() if self.table.selected else -1 if step > 0 else 0
        quiet = (State.USABLE, State.EXEMPT)
        for distance in range(1, len(units) + 1):
            unit = units[(here + step * distance) % len(units)]
            if listing.rollup.state(unit) not in quiet:
                self.table.go_to(unit)
                self.table.setFocus()
                return True
        return False

    def next_pane(self) -> None:
        """F6: tree, table, files in turn."""
        panes: list[QWidget] = [self.tree, self.table]
        if self.files.isVisible() and self.files.list.isVisible():
            panes.append(self.files.list)
        focus = QApplication.focusWidget()
        here = next((i for i, pane in enumerate(panes) if pane is focus), -1)
        panes[(here + 1) % len(panes)].setFocus()

    def copy(self) -> None:
        """Ctrl+C of the table, from the menu."""
        self.table.copy_told()

    def go_to(self, unit_id: str) -> None:
        """Brings a unit into view, whatever is filtered."""
        unit = self._session.rollup.units.by_id.get(unit_id)
        if unit is None or unit.kind is UnitKind.GROUP:
            return
        if all(one.id != unit_id for one in self.table.model().units):
            self.show_all()
            if self._is_large:
                self.search.setText(unit.name)
            self._then = partial(self.table.go_to, unit)
            self.refresh()
        else:
            self.table.go_to(unit)

    def _open(self, unit: Unit) -> None:
        row = self._listing.row(unit)
        if (
            row.state is State.UNCLAIMED
            and not self._session.is_held
            and different(self._session.rollup, unit.id)
        ):
            ask_which(self._desk, unit)
        elif row.state is State.UNCLAIMED:
            self.claim_asked.emit(next((r for r in self._listing.waiting if unit.id in r.candidates), None))
        elif unit.id in self._session.rollup.used:
            self._desk.open_report(unit.id)
        elif row.one is not None:
            self._desk.open_file(row.one.path, row.one.row)
        else:
            self._desk.tell(f"还没有收到{unit.name}的年报。")

    def _open_file(self, one: Received) -> None:
        self._desk.open_file(one.path, one.row)

    def _choose_file(self, unit: Unit) -> None:
        if self._session.is_held:
            self._desk.tell(self._session.held)
        else:
            ask_which(self._desk, unit, files_of(self._session.rollup, unit.id))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """From the search box ↓ and Enter go into the table, Esc clears it."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._then = self._into_table
                self.refresh()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.show_all()
                self.table.setFocus()
                return True
        return False

    def _into_table(self) -> None:
        """From the search box into what it found."""
        if self._middle.currentWidget() is self.table:
            self.table.setFocus()
            if not self.table.selected:
                self.table.choose(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc lists all, wherever the keys go: with nothing listed they cannot go to the table."""
        if event.key() == Qt.Key.Key_Escape:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setFixedWidth(_TREE if self.width() >= _ROOM else _TREE_NARROW)

    def stop(self) -> None:
        """Nothing is derived any more: the window closes."""
        self._typing.stop()
        self._wish.give_up()


class _Summary(QWidget):
    """How complete the sum is now, under the tree; how many of how many stands out."""

    def __init__(self) -> None:
        super().__init__()
        self._first = theme.label("", 9, 600)
        self._rest = theme.label("", tone="text2")
        for part in (self._first, self._rest):
            part.setWordWrap(True)
        down = QVBoxLayout(self)
        down.setContentsMargins(12, 10, 12, 12)
        down.setSpacing(3)
        down.addWidget(self._first)
        down.addWidget(self._rest)

    def show_words(self, words: str) -> None:
        first, _, rest = words.partition("。")
        self._first.setText(f"{first}。" if first else "")
        self._rest.setText(rest)
        self._rest.setVisible(bool(rest))
