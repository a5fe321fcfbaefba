"""检查: what does not fit together between the units, and what each unit's own checks say, as one list with a detail.

Knows how findings are listed, filtered, folded and gone through, and what may be done with one: see it, explain it, ask
the unit, leave its report out. What is found is `core.rollup.checks`'; it changes nothing but through the session.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.checks.standing import State
from gxeditor.core.report import Explanation
from gxeditor.core.rollup.findings import Compared, RollupFinding, RollupFindings, severity_word
from gxeditor.core.rollup.findings import Row as ComparedRow
from gxeditor.core.rollup.project import Rollup, Told
from gxeditor.core.rollup.returning import told_key
from gxeditor.core.rollup.units import Unit
from gxeditor.core.text import inert
from gxeditor.ui.checks.reason import ask_reason
from gxeditor.ui.editor.clipboard import put_on_clipboard
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import sentence
from gxeditor.ui.look.rows import paint_ground, show_as_rows
from gxeditor.ui.look.tasks import LastWish
from gxeditor.ui.rollup.chips import CountChip
from gxeditor.ui.rollup.listing import short_name
from gxeditor.ui.rollup.session import RollupDesk

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_BAR, _HEAD, _ROW, _DETAIL, _LINE = 40, 26, 30, 209, 25  # heights in logical pixels, LOOK-3
_HEADINGS = ("轻重", "检查", "单位", "说的是什么", "处理", "")
_ACTION = 4
_WIDTHS = (92, 150, 180, 0, 92, 62)
_NARROW = (76, 124, 130, 0, 84, 52)
_ROOM = 1180  # logical pixels from which the columns have their full width
_TYPING = 120  # milliseconds after the last key until the list is looked through
_PATIENCE = 1_000  # milliseconds of looking through the list that nobody is told of
_LARGE = 2_000  # units from which their own findings are looked through beside the window
_NAMED = 4  # units of a row that its tip names
_ACROSS, _OWN = "across", "own"
_SEVERITIES = {one.value: one for one in Severity}
_TIPS = (
    "错误要改正，疑问要单位说明，提示供参考。", "查的是什么。", "说的是哪一家或哪几家。",
    "哪里对不上，双方的数各是多少。", "单击这一栏就去处理。", "检查的代码，和使用说明、汇总表里的相同。",
)  # fmt: skip


# --------------------------------------------------------------------------------------------------- lines


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list: a finding across units, or one of a unit's own report (`told`); `inner` if it was unfolded."""

    severity: Severity
    title: str
    who: str
    message: str
    action: str
    code: str
    units: tuple[str, ...] = ()
    finding: RollupFinding | None = None
    told: Told | None = None
    inner: bool = False

    @property
    def key(self) -> str:
        """What it is known by while findings change."""
        if self.finding is not None:
            return self.finding.address
        return f"{self.units[0]}/{self.told.address or self.told.message}" if self.told is not None else ""

    @property
    def is_explained(self) -> bool:
        return self.finding is not None and self.finding.is_explained

    @property
    def word(self) -> str:
        return "已说明" if self.is_explained else severity_word(self.severity)

    def words(self) -> tuple[str, ...]:
        """What its columns say."""
        return self.word, self.title, self.who, self.message, self.action, self.code

    def has(self, wanted: Sequence[str]) -> bool:
        """Whether it has all these words, which are in lower case."""
        text = f"{self.title} {self.who} {self.message} {self.code}".casefold()
        return all(word in text for word in wanted)


def lines_across(rollup: Rollup, findings: RollupFindings, explained: bool = False) -> list[Line]:
    """The findings between units, those that say the same of many as one line; or those that are explained."""
    return [line_of(rollup, one) for one in (findings.explained if explained else findings.rows)]


def line_of(rollup: Rollup, finding: RollupFinding, inner: bool = False) -> Line:
    units = [rollup.units.by_id[key] for key in finding.units if key in rollup.units.by_id]
    names = [short_name(unit.name, rollup.owner) for unit in units]
    if not names:
        said = next(
            (one.agency for one in rollup.received if one.path in finding.paths[:1] and one.agency), ""
        )
        who = rollup.owner if not finding.paths else short_name(said, rollup.owner) or "没有认领"
    else:
        who = "、".join(names) if len(names) <= 2 and not finding.folded else f"{len(names)} 家"
    action = "展开" if finding.folded else finding.check.action
    return Line(
        finding.severity, finding.title, who, finding.message, action, finding.rule,
        tuple(unit.id for unit in units), finding, inner=inner,
    )  # fmt: skip


def lines_own(rollup: Rollup) -> list[Line]:
    """What the checks of each unit's own report found, worst first, in the order of the list."""
    lines = []
    for unit in rollup.units.listed:
        one = rollup.used.get(unit.id)
        if one is None:
            continue
        name = short_name(unit.name, rollup.owner)
        for told in one.found:
            severity = _SEVERITIES.get(told.severity, Severity.HINT)
            where = told.place.replace("　", " ") or "这家自己的年报"
            lines.append(
                Line(severity, where, name, told.message, "看这一处", told.rule, (unit.id,), told=told)
            )
    lines.sort(key=lambda line: line.severity.rank)
    return lines


class Wish(NamedTuple):
    """What is to be listed: between units or of each, of one weight, "explained" or "" for all, with these words."""

    scope: str = _ACROSS
    weight: str = ""
    words: tuple[str, ...] = ()
    unfolded: frozenset[str] = frozenset()


class Chosen(NamedTuple):
    """The lines of a wish, how many there are of each weight, and all of each unit's own if they were looked for."""

    lines: list[Line]
    counts: Mapping[str, int]
    own: list[Line] | None


def chosen(rollup: Rollup, findings: RollupFindings | None, wish: Wish, own: list[Line] | None) -> Chosen:
    """The lines of a wish; on any thread. `own` are those of `lines_own`, None if nobody has made them yet."""
    explained: list[Line] = []
    if wish.scope == _OWN:
        own = lines_own(rollup) if own is None else own
        lines = own
    else:
        lines = lines_across(rollup, findings) if findings is not None else []
        explained = lines_across(rollup, findings, explained=True) if findings is not None else []
    weights = Counter(one.severity.value for one in lines)
    counts = {**weights, "explained": len(explained)}
    if wish.weight == "explained":
        lines = explained
    elif wish.weight:
        lines = [one for one in lines if one.severity.value == wish.weight]
    shown: list[Line] = []
    for line in lines:
        inner = line.finding.folded if line.finding is not None else ()
        if wish.words and not inner:
            shown += [line] if line.has(wish.words) else []
            continue
        is_open = line.key in wish.unfolded if inner else False
        within = [line_of(rollup, one, inner=True) for one in inner if wish.words or is_open]
        shown += [one for one in within if one.has(wish.words)] if wish.words else [line, *within]
    return Chosen(shown, counts, own)


# --------------------------------------------------------------------------------------------------- chips


def _chip(name: str, tip: str, severity: Severity | None = None, explained: bool = False) -> CountChip:
    """A choice of the list with its count; with the mark of a weight, or of what is explained."""
    mark: Callable[[QPainter, QRectF], None] | None = None
    if explained:
        mark = _paint_explained
    elif severity is not None:
        mark = partial(_paint_weight, severity)
    return CountChip(name, tip, mark, counted="处")


def _paint_weight(severity: Severity, painter: QPainter, rect: QRectF) -> None:
    theme.paint_mark(painter, rect, severity)


def _paint_explained(painter: QPainter, rect: QRectF) -> None:
    theme.paint_state(painter, rect, State.EXPLAINED, Severity.QUERY)


# --------------------------------------------------------------------------------------------------- list


class LinesModel(QAbstractTableModel):
    """The lines that are listed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.names: Callable[[Line], str] = lambda _line: ""

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(_TIPS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.words()[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "，".join(filter(None, line.words()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(f"{line.message}\n{self.names(line)}".strip())
        return None

    def show_lines(self, lines: list[Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()


class _LinePainter(QStyledItemDelegate):
    def __init__(self, view: LinesTable) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        lines = self._view.model().lines
        if index.row() >= len(lines):
            return
        line, column = lines[index.row()], index.column()
        painter.save()
        colors = theme.current()
        rect, _, text = paint_ground(painter, option, colors.base, colors.card, bar=column == 0)
        inner = rect.adjusted(16 if column == 0 else 8, 0, -6, -1)
        painter.setFont(theme.font(9))
        if column == 0:
            mark = QRectF(inner.x() + (12 if line.inner else 0), rect.center().y() - 4.5, 9, 9)
            if line.is_explained:
                theme.paint_state(painter, mark, State.EXPLAINED, line.severity)
            else:
                theme.paint_mark(painter, mark, line.severity)
            painter.setPen(colors.text2 if line.is_explained else colors.severity[line.severity].text)
            painter.drawText(inner.adjusted(30 if line.inner else 18, 0, 0, 0), _LEFT, line.word)
        else:
            painter.setPen(colors.link if column == _ACTION else colors.text2 if column == 5 else text)
            words = QFontMetrics(painter.font()).elidedText(
                line.words()[column].replace("\n", " "), Qt.TextElideMode.ElideRight, inner.width() + 1
            )
            painter.drawText(inner, _RIGHT if column == 5 else _LEFT, words)
        painter.restore()


class LinesTable(QTableView):
    """The list. `chosen` is Enter or a double click, `acted` a click on 处理, `explain_asked` F2."""

    told = Signal(str)
    arrived = Signal()
    chosen = Signal()
    acted = Signal()
    explain_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = LinesModel(self)
        self.setModel(self._lines)
        self.setItemDelegate(_LinePainter(self))
        show_as_rows(self, "查出的问题", _ROW, _HEAD)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(20)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self._pressed = _ROOT
        self.doubleClicked.connect(self._double_clicked)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.arrived.emit())

    def model(self) -> LinesModel:
        return self._lines

    @property
    def line(self) -> Line | None:
        """The line of the current row."""
        place = self.currentIndex().row()
        return self._lines.lines[place] if 0 <= place < len(self._lines.lines) else None

    def show_lines(self, lines: list[Line], key: str) -> None:
        """Shows these lines, and the one of this key as the current one, else the one that stands where it stood."""
        before, top = self.currentIndex().row(), self.verticalScrollBar().value()
        self._lines.show_lines(lines)
        place = next(
            (i for i, line in enumerate(lines) if line.key == key), min(max(before, 0), len(lines) - 1)
        )
        if lines:
            self.verticalScrollBar().setValue(top)
            self.setCurrentIndex(self._lines.index(place, 0))

    def step(self, by: int) -> bool:
        """One line further; False at the end."""
        place = self.currentIndex().row() + by
        if not 0 <= place < len(self._lines.lines):
            return False
        self.setCurrentIndex(self._lines.index(place, 0))
        return True

    def copy(self) -> int:
        """Copies all lines that are listed, with their heads; how many."""
        lines = ([inert(" ".join(words.split())) for words in line.words()] for line in self._lines.lines)
        put_on_clipboard([(*_HEADINGS[:-1], "代码"), *lines])
        return len(self._lines.lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for place, width in enumerate(_WIDTHS if self.viewport().width() >= _ROOM else _NARROW):
            if width:
                self.setColumnWidth(place, width)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._pressed = self.indexAt(event.position().toPoint()) if is_left else _ROOT

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on 处理 acts once, also where it is the first of two."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, _ROOT
        index = self.indexAt(event.position().toPoint())
        if pressed.isValid() and index == pressed and index.column() == _ACTION:
            self.acted.emit()

    def _double_clicked(self, index: Index) -> None:
        if index.column() != _ACTION:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.explain_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.told.emit(f"已复制 {self.copy()} 行，可以粘贴到 Excel、WPS。")
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


# ------------------------------------------------------------------------------------------ compared table


class _ComparedModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = Compared()
        self.severity = Severity.QUERY

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.table.heads):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.table.heads[section]
        return (_RIGHT if section else _LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.table.rows):
            return None
        row = self.table.rows[index.row()]
        words = (row.name, *row.values)
        if role == Qt.ItemDataRole.DisplayRole:
            return words[index.column()] if index.column() < len(words) else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            heads = self.table.heads
            return "，".join(
                [row.name, *(f"{h} {v}" for h, v in zip(heads[1:], row.values, strict=False) if v)]
            )
        return None

    def show_table(self, table: Compared, severity: Severity) -> None:
        self.beginResetModel()
        self.table, self.severity = table, severity
        self.endResetModel()


class _ComparedPainter(QStyledItemDelegate):
    def __init__(self, model: _ComparedModel) -> None:
        super().__init__(model)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.table.rows[index.row()]
        painter.save()
        colors = theme.current()
        rect, _, text = paint_ground(painter, option, colors.head if row.total else colors.base, bar=False)
        painter.setFont(theme.font(9, 600 if row.differs or row.total else 400))
        plain = row.differs or row.total
        painter.setPen(text if plain else colors.text2)
        inner = rect.adjusted(10, 0, -10, -1)
        words = str(index.data() or "")
        shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, inner.width() + 1)
        painter.drawText(inner, _RIGHT if index.column() else _LEFT, shown)
        last = index.column() == len(self._model.table.heads) - 1
        if row.differs and last and index.column() and self._model.table.heads[-1] == "相差":
            left = inner.right() - QFontMetrics(painter.font()).horizontalAdvance(shown) - 15
            theme.paint_mark(painter, QRectF(left, rect.center().y() - 4, 8, 8), self._model.severity)
        painter.restore()


class ComparedTable(QTableView):
    """The table that a finding rests on. `opened` carries the unit of a row that was entered."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._compared = _ComparedModel(self)
        self.setModel(self._compared)
        self.setItemDelegate(_ComparedPainter(self._compared))
        show_as_rows(self, "比较的数", _LINE, _HEAD)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setSectionsClickable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda _: self._open())

    @property
    def row(self) -> ComparedRow | None:
        place = self.currentIndex().row()
        rows = self._compared.table.rows
        return rows[place] if 0 <= place < len(rows) else None

    def show_table(self, table: Compared, severity: Severity) -> None:
        self._compared.show_table(table, severity)
        self._arrange()

    def _arrange(self) -> None:
        """The names have what the figures leave; a table with few rows is no higher than they are."""
        heads = self._compared.table.heads
        metrics = QFontMetrics(theme.font(9, 600))
        room, used = self.viewport().width(), 0
        for place, head in enumerate(heads[1:], start=1):
            words = [
                head,
                *(row.values[place - 1] for row in self._compared.table.rows if len(row.values) >= place),
            ]
            widest = max(metrics.horizontalAdvance(word) for word in words) + 34
            width = min(widest, max(80, room // len(heads)))
            self.setColumnWidth(place, width)
            used += width
        if heads:
            self.setColumnWidth(0, max(80, room - used))
        rows = len(self._compared.table.rows)
        self.setMaximumHeight(
            self.horizontalHeader().height() + rows * self.verticalHeader().defaultSectionSize() + 2
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _open(self) -> None:
        if self.row is not None and self.row.unit:
            self.opened.emit(self.row.unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)


class _Mark(QWidget):
    """The mark of a line, before its title."""

    def __init__(self) -> None:
        super().__init__()
        self.line: Line | None = None
        self.setFixedSize(14, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.line is None:
            return
        painter = QPainter(self)
        state = State.EXPLAINED if self.line.is_explained else State.OPEN
        theme.paint_state(painter, QRectF(0, 5, 10, 10), state, self.line.severity)
        painter.end()


# --------------------------------------------------------------------------------------------------- page


class CheckListPage(QWidget):
    """The page."""

    def __init__(self, desk: RollupDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._session = desk, desk.session
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("检查")
        self.scope, self.weight = _ACROSS, ""
        """Which lines are listed: between units or of each; of one weight ("error" …), "explained", or "" for all."""
        self._findings: RollupFindings | None = None
        self._own: list[Line] | None = None
        self._unfolded: set[str] = set()
        self._is_stale = True
        self._build()
        self._looking = LastWish(_PATIENCE, self)
        self._looking.done.connect(self._list)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING)
        self._typing.timeout.connect(self._apply)
        self._session.changed.connect(self._changed)
        self._session.found.connect(self._take)
        self._show_found(None)
        self._changed()

    # --- building

    def _build(self) -> None:
        self.scopes = {
            _ACROSS: _chip("单位之间", "只列单位之间对不上的，如两家同一份文件、合计与上年对不上。"),
            _OWN: _chip("各单位自身", "只列各家年报自己的检查查出的。"),
        }
        self.weights = {
            Severity.ERROR.value: _chip("错误", "只列要改正的；再按一次全部列出。", Severity.ERROR),
            Severity.QUERY.value: _chip("疑问", "只列要单位说明的；再按一次全部列出。", Severity.QUERY),
            Severity.HINT.value: _chip("提示", "只列供参考的；再按一次全部列出。", Severity.HINT),
            "explained": _chip(
                "已说明", "只列写过说明的，可以改写或撤回；再按一次全部列出。", explained=True
            ),
        }
        for choices, does in ((self.scopes, self.choose_scope), (self.weights, self.choose_weight)):
            for key, chip in choices.items():
                chip.clicked.connect(lambda _=False, key=key, does=does: does(key))
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找单位、检查")
        self.search.setAccessibleName("查找单位、检查")
        self.search.setToolTip("输入单位、检查、代码或句子里的几个字，空格隔开几个词（Ctrl+F）。")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(
            max(180, QFontMetrics(theme.font(9)).horizontalAdvance("查找单位、检查") + 64)
        )
        look = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        theme.set_icon(look, "search")
        look.setText("查找")
        look.setToolTip("查找单位、检查。")
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.search.installEventFilter(self)
        bar = QWidget()
        bar.setMinimumHeight(_BAR)
        across = QHBoxLayout(bar)
        across.setContentsMargins(12, 4, 12, 4)
        across.setSpacing(4)
        *weights, explained = self.weights.values()
        for place, chips in enumerate((list(self.scopes.values()), weights, [explained])):
            if place:
                across.addSpacing(5)
                across.addWidget(_upright())
                across.addSpacing(5)
            for chip in chips:
                across.addWidget(chip)
        across.addStretch(1)
        across.addWidget(self.search)

        self.list = LinesTable(self)
        self.list.model().names = self._names
        self.list.arrived.connect(self._arrived)
        self.list.chosen.connect(self.open)
        self.list.acted.connect(self.act)
        self.list.explain_asked.connect(self.explain)
        self.list.left.connect(self._clear)
        self.list.told.connect(self._desk.tell)
        self.empty = theme.label("", 9.75, tone="text2")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.list)
        self._middle.addWidget(self.empty)

        self._mark = _Mark()
        self._title = sentence("", 10.5, 600)
        self._message, self._reason, self._basis = (
            sentence(""),
            sentence("", tone="text2"),
            sentence("", tone="text2"),
        )
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        self.ask = _button(
            "加进退回意见", "到这家的退回意见里，和它自己的问题一起退回。", self.ask_unit, primary=True
        )
        self.write = _button(
            "写说明…", "核实无误时写明原因，以后不再列出；数变了会重新列出（F2）。", self.explain
        )
        self.hold = _button(
            "搁置，不计入合计…", "这家的年报先不加进合计，等改正以后再计入，要写原因。", self.hold_back
        )
        self.withdraw = _button("撤回说明", "说明不再适用时撤回，重新列出。", self.take_back)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.ask, self.write, self.withdraw, self.hold):
            buttons.addWidget(button)
        buttons.addStretch(1)
        said = QWidget()
        said.setProperty("ground", "card")
        said.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        down = QVBoxLayout(said)
        down.setContentsMargins(16, 10, 12, 4)
        down.setSpacing(6)
        down.addLayout(head)
        for widget in (self._message, self._reason):
            down.addWidget(widget)
        down.addLayout(buttons)
        down.addWidget(self._basis)
        down.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(said)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setProperty("bare", True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName("这一处的内容")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.missed = sentence("", tone="text2")
        self.missed.setAccessibleName("没有检查的")
        self.missed.setContentsMargins(16, 2, 12, 8)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(scroll, 1)
        left.addWidget(self.missed)
        self.table = ComparedTable()
        self.table.opened.connect(self._open_unit)
        self._note = sentence("", tone="text2")
        self._links = QHBoxLayout()
        self._links.setSpacing(10)
        right = QVBoxLayout()
        right.setContentsMargins(12, 12, 16, 8)
        right.setSpacing(6)
        right.addWidget(self.table)
        right.addWidget(self._note)
        right.addLayout(self._links)
        right.addStretch(1)
        self.detail = QWidget()
        self.detail.setProperty("ground", "card")
        self.detail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.detail.setFixedHeight(max(_DETAIL, QFontMetrics(theme.font(9)).lineSpacing() * 12))
        halves = QHBoxLayout(self.detail)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(0)
        halves.addLayout(left, 1)
        halves.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(_level())
        whole.addWidget(self._middle, 1)
        whole.addWidget(_level())
        whole.addWidget(self.detail)
        self.setFocusProxy(self.list)

    # --- what is found

    def _changed(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._renew()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._renew()

    def _renew(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self._session.want_findings()

    def _take(self, findings: RollupFindings) -> None:
        """What was found of the present value."""
        self._show_found(findings)

    def _show_found(self, findings: RollupFindings | None) -> None:
        self._findings = findings
        rollup = self._session.rollup
        self._own = None
        self.scopes[_ACROSS].show_count(len(findings.rows) if findings is not None else 0)
        self.scopes[_OWN].show_count(sum(len(one.found) for one in rollup.used.values()))
        self._say_missed()
        self._apply()

    def _say_missed(self) -> None:
        found = self._findings
        words = found.missed_words if found is not None else ""
        if found is not None and found.undetermined:
            # Two of one check are told once: the cells and units stand in the tip.
            told = {one.check.code: one.reason for one in found.undetermined}
            words += (
                "不可判定："
                + "；".join(f"{reason.replace('，不可判定', '')}（{code}）" for code, reason in told.items())
                + "。"
            )
        self.missed.setText(words)
        self.missed.setVisible(bool(words))
        self.missed.setToolTip(theme.plain_tip(self._missed_tip()))

    def _missed_tip(self) -> str:
        if self._findings is None:
            return ""
        lines = [f"{one.check.code} {one.check.title}：{one.reason}。" for one in self._findings.not_checked]
        for one in self._findings.undetermined:
            cells = f"{len(one.cells)} 格" if one.cells else ""
            lines.append(
                f"{one.check.code} {one.check.title}：{one.reason}{f'（{cells}）' if cells else ''}。"
            )
        return "\n".join(dict.fromkeys(lines))

    # --- what is listed

    def _apply(self) -> None:
        """Lists what is wished; of very many units beside the window."""
        self._typing.stop()
        for chips, now in ((self.scopes, self.scope), (self.weights, self.weight)):
            for key, chip in chips.items():
                chip.setChecked(key == now)
        rollup, findings, own = self._session.rollup, self._findings, self._own
        words = tuple(self.search.text().casefold().split())
        wish = Wish(self.scope, self.weight, words, frozenset(self._unfolded))
        if self.scope == _OWN and len(rollup.units.listed) > _LARGE:
            self._looking.want(lambda _given_up: (rollup, chosen(rollup, findings, wish, own)))
        else:
            self._looking.give_up()
            self._list((rollup, chosen(rollup, findings, wish, own)))

    def _list(self, made: tuple[Rollup, Chosen]) -> None:
        rollup, found = made
        if rollup is not self._session.rollup:
            return
        self._own = found.own
        for key, chip in self.weights.items():
            chip.show_count(found.counts.get(key, 0))
        before = self.list.line
        self.list.show_lines(found.lines, before.key if before is not None else "")
        self._middle.setCurrentWidget(self.list if found.lines else self.empty)
        self.empty.setText(self._nothing())
        self._arrived()

    def _nothing(self) -> str:
        found = self._findings
        if found is None:
            return "正在检查……"
        if self.weight or self.search.text().strip():
            return "没有符合的。按 Esc 全部列出。"
        if self.scope == _OWN:
            return "各单位自身的检查未发现问题。" if self._session.rollup.used else "还没有读到年报。"
        if not self._session.rollup.used:
            return "还没有读到年报，没有可以比较的。"
        return f"单位之间未发现问题（检查了 {found.checked} 项，{found.missed} 项没有检查）"

    def choose_scope(self, key: str) -> None:
        """Lists what is between the units ("across"), or what is found of each by itself ("own")."""
        self.scope = key
        if key == _OWN and self.weight == "explained":
            self.weight = ""
        self._apply()

    def choose_weight(self, key: str) -> None:
        """Lists one weight alone ("error", "query", "hint"), or what is "explained"; a second time all."""
        self.weight = "" if key == self.weight else key
        self._apply()

    def _clear(self) -> None:
        self.weight = ""
        self.search.clear()
        self._apply()

    def seek(self) -> None:
        """Into the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def step(self, by: int) -> None:
        """To the next or the previous line."""
        if not self.list.step(by):
            self._desk.tell("已经是最后一处。" if by > 0 else "已经是第一处。")

    def next_pane(self) -> None:
        """From the list to the compared table, and back."""
        (self.table if self.list.hasFocus() and self.table.isVisible() else self.list).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc lists all, wherever the keys go: with nothing listed they cannot go to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self._clear()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """From the search box ↓ and Enter go into the list, Esc clears it."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._apply()
                self.list.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._clear()
                self.list.setFocus()
                return True
        return False

    # --- one of them

    def _names(self, line: Line) -> str:
        by_id = self._session.rollup.units.by_id
        names = [by_id[key].name for key in line.units if key in by_id]
        return "、".join(names[:_NAMED]) + (f"等 {len(names)} 家" if len(names) > _NAMED else "")

    def _arrived(self) -> None:
        line = self.list.line if self._middle.currentWidget() is self.list else None
        finding = line.finding if line is not None else None
        told = line.told if line is not None else None
        self._mark.line = line
        self._mark.update()
        title = line.title if line is not None else ""
        if told is not None and line is not None:
            title = f"{line.who}：{line.title}"
        self._title.setText(title)
        message = line.message if line is not None else ""
        if finding is not None and finding.detail:
            message = finding.detail
        self._message.setText(message)
        reason = ""
        if finding is not None and finding.explanation is not None:
            lead = "说明" if finding.is_explained else "数变了，原来的说明不再适用"
            reason = f"{lead}：{finding.explanation.reason}"
        elif told is not None and told.ask:
            reason = told.ask
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self._basis.setText(finding.check.mark if finding is not None else "")
        self._basis.setVisible(finding is not None)
        held = self._session.is_held
        self.ask.setVisible(line is not None)
        self.ask.setEnabled(bool(line and self._asked(line)))
        self.write.setVisible(finding is not None and finding.can_be_explained)
        self.write.setText(
            "改写说明…" if finding is not None and finding.explanation is not None else "写说明…"
        )
        self.write.setEnabled(not held)
        self.withdraw.setVisible(finding is not None and finding.explanation is not None)
        self.withdraw.setEnabled(not held)
        able = self._counted(line)
        self.hold.setVisible(bool(able))
        self.hold.setEnabled(not held)
        self._show_table(line)

    def _show_table(self, line: Line | None) -> None:
        table = Compared()
        if line is not None and line.finding is not None:
            table = line.finding.compared
        elif line is not None and line.told is not None and (line.told.stands or line.told.should):
            table = Compared(
                ("填的是", "应当相等的是"),
                (ComparedRow(line.told.stands, (line.told.should,), line.units[0]),),
            )
        self.table.setVisible(bool(table.rows))
        self.table.show_table(table, line.severity if line is not None else Severity.QUERY)
        self._note.setText(table.note)
        self._note.setVisible(bool(table.note))
        while (item := self._links.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # it ends only when the window is idle
                widget.deleteLater()
        if line is None:
            return
        rollup = self._session.rollup
        for key in line.units[:2]:
            if key in rollup.used and not (line.finding is not None and line.finding.folded):
                name = short_name(rollup.units.by_id[key].name, rollup.owner)
                link = QPushButton(theme.plain_action(f"打开{name} {rollup.year} 年年报"))
                link.setProperty("link", True)
                link.setToolTip("在自己的窗口里打开，只能看，不能改。")
                link.clicked.connect(lambda _=False, key=key: self._open_unit(key))
                self._links.addWidget(link)
        self._links.addStretch(1)

    def _asked(self, line: Line) -> tuple[str, ...]:
        """The units that can be asked about a line: those that have sent a report."""
        rollup = self._session.rollup
        return tuple(key for key in line.units if rollup.of_unit.get(key))

    def _counted(self, line: Line | None) -> list[Unit]:
        """The units of a line whose report is in the sum."""
        if line is None or (line.finding is not None and (line.finding.folded or line.code == "H-22")):
            return []  # what is of another year is in no sum
        inside = {unit.id: unit for unit in self._session.rollup.entered}
        return [inside[key] for key in line.units if key in inside]

    def _open_unit(self, unit: str) -> None:
        """Opens the report of a unit where the current line points."""
        line = self.list.line
        told = line.told if line is not None else None
        if told is not None:
            self._desk.open_report(unit, told.page, told.cells[0] if told.cells else "", told.address)
            return
        cells = line.finding.cells if line is not None and line.finding is not None else ()
        self._desk.open_report(unit, cell=cells[0] if cells else "")

    def open(self) -> None:
        """Opens the report that the current line is about, with the place in view; a line of many unfolds."""
        line = self.list.line
        if line is None:
            return
        finding, told = line.finding, line.told
        if told is not None:
            self._open_unit(line.units[0])
        elif finding is not None and finding.folded:
            self._unfolded ^= {line.key}
            self._apply()
        elif finding is not None:
            used = next((key for key in line.units if key in self._session.rollup.used), "")
            if finding.paths and (not used or finding.rule == "H-22"):
                path, _, row = finding.place.partition("#")
                is_row = finding.rule == "H-22" and path == finding.paths[0]
                self._desk.open_file(finding.paths[0], row if is_row else "")
            elif used:
                self._open_unit(used)
            else:
                self._desk.tell("这一处没有可以打开的年报。")

    def act(self) -> None:
        """Does what the column 处理 says."""
        line = self.list.line
        if line is None:
            return
        if line.action in ("写说明…", "逐一确认"):
            self.explain()
        elif line.action == "再退回…":
            self.ask_unit()
        elif line.action == "并排看":
            cells = line.finding.cells if line.finding is not None else ()
            self._desk.open_beside(line.units[:2], cells[0] if cells else "")
        elif line.action == "看两年":
            self._desk.came_from(lambda: self._desk.turn_to("checks"), "检查")
            self._desk.turn_to("years")
        elif line.action == "看单位名单":
            self._show_in_list(line.units)
        else:
            self.open()

    def _show_in_list(self, units: Sequence[str]) -> None:
        """The list of units over the tabs, from which Esc leads back here."""
        from gxeditor.ui.rollup.unit_list import UnitListPage

        page = UnitListPage(self._desk)
        self._desk.show_over(page)
        page.show_units(units)

    # --- what may be done

    def _choose_unit(self, units: Sequence[Unit], button: QWidget) -> Unit | None:
        """Which of several units is meant."""
        if len(units) < 2:
            return units[0] if units else None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choices = {menu.addAction(theme.plain_action(unit.name)): unit for unit in units}
        done = menu.exec(button.mapToGlobal(QPoint(0, button.height())))
        return choices.get(done) if done is not None else None

    def ask_unit(self) -> None:
        """To the 退回意见 of a unit of the current line."""
        line = self.list.line
        if line is None:
            return
        by_id = self._session.rollup.units.by_id
        unit = self._choose_unit([by_id[key] for key in self._asked(line)], self.ask)
        if unit is not None:
            self._desk.write_letters_to(unit.id, _finding_key(line, unit.id))

    def explain(self) -> None:
        """Asks why the current finding stands, and keeps that with its values."""
        line = self.list.line
        finding = line.finding if line is not None else None
        if finding is None or not finding.can_be_explained:
            if line is not None:
                self._desk.tell(
                    "错误要改正，不能用说明代替。" if finding is not None else "这一处由单位自己改正或说明。"
                )
            return
        if self._session.is_held:
            self._desk.tell(self._session.held)
            return
        said = [f"原来的说明：{finding.explanation.reason}"] if finding.explanation is not None else []
        said.append("说明和这几个数一起保存，其中一个变了会重新列出。")
        reason = ask_reason(self._desk.frame, "写说明", finding.message, said, "保存说明")
        if reason is not None:
            self._explain(finding.address, finding.explained(reason), "写说明")

    def take_back(self) -> None:
        """Takes the explanation of the current finding back."""
        line = self.list.line
        if line is not None and line.finding is not None and line.finding.explanation is not None:
            self._explain(line.finding.address, None, "撤回说明")

    def _explain(self, address: str, explanation: Explanation | None, label: str) -> None:
        rollup = self._session.rollup
        kept = {key: one for key, one in rollup.explanations.items() if key != address}
        if explanation is not None:
            kept[address] = explanation
        self._session.edit(replace(rollup, explanations=MappingProxyType(kept)), label)

    def hold_back(self) -> None:
        """Leaves the report of a unit of the current line out of the sum, with the reason."""
        unit = self._choose_unit(self._counted(self.list.line), self.hold)
        if unit is None:
            return
        said = ("合计里不再有它的数，家数也少一家；别处都写明“N 家中 M 家”。", "改正重报以后再计入。")
        reason = ask_reason(self._desk.frame, "搁置", f"搁置{unit.name}的年报，不计入合计？", said, "搁置")
        if reason is None:
            return
        rollup = self._session.rollup
        held = [
            replace(one, decided="hold", decided_why=reason)
            for one in rollup.of_unit.get(unit.id, ())
            if rollup.is_of_this(one) and one.decided not in ("hold", "reject")
        ]
        if self._session.edit(rollup.with_received(held), f"搁置{unit.name}"):
            self._desk.tell(f"已搁置{unit.name}的年报，不计入合计。")


def _finding_key(line: Line, unit: str) -> str:
    """What the finding of a line is known by in the 退回意见 of a unit."""
    if line.told is not None:
        return told_key(line.told)
    several = line.finding.folded or (line.finding,) if line.finding is not None else ()
    return next((one.address for one in several if unit in one.units), "")


def _button(words: str, tip: str, does: Callable[[], object], primary: bool = False) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(theme.plain_tip(tip))
    button.setAutoDefault(False)
    if primary:
        button.setProperty("primary", True)
    button.clicked.connect(lambda _=False: does())
    return button


def _upright() -> QWidget:
    line = QFrame()
    line.setFixedSize(1, 18)
    line.setProperty("edge", "left")
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return line


def _level() -> QWidget:
    line = QFrame()
    line.setFixedHeight(1)
    line.setProperty("edge", "top")
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return line
