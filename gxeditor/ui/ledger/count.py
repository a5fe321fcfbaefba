"""出表三: what the ledger counts beside what a report says, cell by cell, and taking figures over.

Knows which table and which report are shown, what stands different, and that adopting is one step of the report that is
undone in its window. What is counted, why it differs and what adopting makes of a report is `core.ledger`'s; how a pair
looks `count_grid`'s, what the figure in hand is `count_card`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import overload

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.form import Form
from gxeditor.core.ledger.comparing import Cause, adopt, causes, compare, digest_of
from gxeditor.core.ledger.counting import DISPUTES, REQUESTS, Counts, count
from gxeditor.core.ledger.request import Request
from gxeditor.core.report import Explanation, show_entry
from gxeditor.ui.checks.reason import ask_reason
from gxeditor.ui.ledger.count_card import NARROW, WIDTH, CountCard, Shown
from gxeditor.ui.ledger.count_grid import CountGrid, cell_of
from gxeditor.ui.ledger.report_beside import HELD
from gxeditor.ui.ledger.session import LedgerDesk, year_counted, years_of
from gxeditor.ui.look import theme
from gxeditor.ui.rollup.plain_table import Line

_BAR = 40  # height of the switches
_ROOM = 1320  # logical pixels of the page from which the card has its full width
_REST = 150  # milliseconds without typing after which is counted (LOOK-3, 21)
_TABLES = (REQUESTS, DISPUTES)
KEPT = "L-14"
"""The check (`core.ledger.checks`) that finds a figure of a report that is not the ledger's."""


def kept_address(year: int, cell: str) -> str:
    """Where the ledger keeps why the figure of a cell stands in the report of a year: the address of its finding."""
    return f"{KEPT}@{year}:{cell}"


def short_day(day: date | None, year: int) -> str:
    """A day as the card says it: 12月25日, of another year 2024.12.25."""
    if day is None:
        return ""
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}.{day.month}.{day.day}"


class _Behind(Sequence[Line]):
    """The requests behind a figure as lines, each made when it is seen: there may be thousands."""

    def __init__(self, requests: Sequence[str], make: Callable[[str], Line]) -> None:
        self._requests, self._make = requests, make

    def __len__(self) -> int:
        return len(self._requests)

    @overload
    def __getitem__(self, at: int) -> Line: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...

    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if isinstance(at, slice):
            return [self._make(one) for one in self._requests[at]]
        return self._make(self._requests[at])


class CountPage(QWidget):
    """The page. `said` carries the cell in hand and whether the equation holds, for the status bar; `counted` says that
    `badge` and `summary` may be others now."""

    said = Signal(str)
    counted = Signal()

    def __init__(self, desk: LedgerDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.beside = desk.beside
        self._of = desk.session.ledger  # what was counted
        self._counts: Counts | None = None
        self._differing: tuple[str, ...] = ()
        self._blank: frozenset[str] = frozenset()  # the cells of the report that nobody has filled in
        self._kept: dict[str, str] = {}
        self._causes: tuple[Cause, ...] = ()
        self._year: int | None = None  # chosen by the clerk, as long as no report says it
        self._is_stale = True
        form = desk.session.form
        self.grids = {
            key: CountGrid(table, f"表{form.section(key).number}")
            for key in _TABLES
            if (table := form.section(key).table) is not None
        }
        self._stack = QStackedWidget()
        for grid in self.grids.values():
            self._stack.addWidget(grid)
            grid.cell_entered.connect(self._entered)
            grid.opened.connect(self._open_card)
            grid.adopted.connect(self.adopt_here)
            grid.left.connect(self._close_card)
            grid.told.connect(desk.tell)
        self.card = CountCard()
        self.card.setFixedWidth(WIDTH)
        self.card.adopt_asked.connect(self.adopt_here)
        self.card.keep_asked.connect(self.keep_here)
        self.card.unkeep_asked.connect(self.unkeep_here)
        self.card.request_asked.connect(self._show_request)
        self.card.all_asked.connect(self._show_all)
        self.card.closed.connect(self._close_card)
        self.card.left.connect(self._back_to_grid)
        self.card.told.connect(desk.tell)
        self._tables, self._views = QButtonGroup(self), QButtonGroup(self)
        left = QVBoxLayout()
        left.setContentsMargins(10, 0, 10, 8)
        left.setSpacing(0)
        left.addWidget(self._bar(form))
        left.addWidget(self._notices())
        left.addWidget(self._stack, 1)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(left, 1)
        whole.addWidget(self.card)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._count_again)
        desk.session.changed.connect(self._changed)
        desk.session.masking_changed.connect(self._fill_card)  # what a request asks for may name somebody
        self.beside.changed.connect(self._count_again)
        self.set_zoom(desk.settings.zoom / 100)
        self.show_table(REQUESTS)
        self.beside.look()

    # --- the switches

    def _bar(self, form: Form) -> QWidget:
        bar = self._switches = QWidget()
        bar.setFixedHeight(_BAR)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(4)
        for key in self.grids:
            words = f"表{form.section(key).number}"
            row.addWidget(
                self._segment(
                    self._tables, words, f"看{words}的年报数和台账数。", partial(self.show_table, key)
                )
            )
        line = QFrame()
        line.setFixedSize(9, 20)
        line.setProperty("edge", "left")
        row.addSpacing(8)
        row.addWidget(line)
        self._all = self._segment(self._views, "全部格", "每一格都看。", self._paint)
        self._only = self._segment(self._views, "只看不同的", "只看年报和台账不一样的格。", self._paint)
        self._all.setChecked(True)
        row.addWidget(self._all)
        row.addWidget(self._only)
        row.addStretch(1)
        self._years = QComboBox()
        self._years.setAccessibleName("哪一年")
        self._years.setToolTip("按哪一年计数；选了年报以后，就是年报的那一年。")
        self._years.setFixedHeight(28)
        self._years.activated.connect(self._take_year)
        row.addWidget(self._years)
        self.choose = QPushButton()
        self.choose.setProperty("link", True)
        self.choose.clicked.connect(self._ask_report)
        row.addWidget(self.choose)
        self.adopt_all = QPushButton()
        theme.set_icon(self.adopt_all, "recompute", "text", 14)
        self.adopt_all.setMinimumHeight(26)
        self.adopt_all.clicked.connect(self.adopt_everything)
        row.addWidget(self.adopt_all)
        return bar

    def _segment(self, group: QButtonGroup, words: str, tip: str, does: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setToolTip(theme.plain_tip(tip))
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance(words) + 20)
        button.clicked.connect(lambda: does())
        group.addButton(button)
        return button

    def _notices(self) -> QWidget:
        """One line above the table: what is not counted, or why nothing is compared."""
        self._notice = QFrame()
        self._notice.setProperty("ground", "qrytint")
        self._notice.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._noticed = theme.label("", tone="qrytext")
        self._noticed.setWordWrap(True)
        self._do = QPushButton()
        self._do.setProperty("link", True)
        self._does: Callable[[], object] = lambda: None
        self._do.clicked.connect(lambda: self._does())
        row = QHBoxLayout(self._notice)
        row.setContentsMargins(10, 2, 4, 2)
        row.addWidget(self._noticed, 1)
        row.addWidget(self._do)
        return self._notice

    @property
    def grid(self) -> CountGrid:
        """The table in view."""
        grid = self._stack.currentWidget()
        assert isinstance(grid, CountGrid)
        return grid

    def show_table(self, key: str) -> None:
        """Turns to the table of a section."""
        self._stack.setCurrentWidget(self.grids[key])
        self.setFocusProxy(self.grids[key])
        self._tables.buttons()[list(self.grids).index(key)].setChecked(True)
        self._say_adopt_all()
        self._entered(self.grid.current())

    def go_to(self, cell: str) -> None:
        """Turns to a cell and opens its card."""
        self.show_table(self.desk.session.form.cells[cell].section)
        self.grid.go_to_cell(cell)
        self.card.setVisible(True)
        self._fill_card()
        self.grid.setFocus()

    # --- which report and year

    @property
    def year(self) -> int:
        """The year that is counted (`year_counted`)."""
        return year_counted(self.desk.session, self.beside.report, self._year)

    def _take_year(self, at: int) -> None:
        self._year = self._years.itemData(at)
        self._count_again()

    def _fill_years(self) -> None:
        blocked = QSignalBlocker(self._years)
        self._years.clear()
        for year in sorted({*years_of(self.desk.session), self.year}, reverse=True):
            self._years.addItem(f"{year} 年", year)
        self._years.setCurrentIndex(self._years.findData(self.year))
        del blocked
        self._years.setVisible(self.beside.report is None)

    def _ask_report(self) -> None:
        """One of those that are open, or a file; without an open one the file at once."""
        offered = self.beside.offered()
        if not offered:
            self.beside.ask(self.desk.frame)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for path in offered:
            one = QAction(theme.plain_action(path.name), menu)
            one.triggered.connect(partial(self.beside.choose, path))
            menu.addAction(one)
        menu.addSeparator()
        other = QAction("另一份年报…", menu)
        other.triggered.connect(lambda: self.beside.ask(self.desk.frame))
        menu.addAction(other)
        menu.popup(self.choose.mapToGlobal(self.choose.rect().bottomLeft()))

    # --- counted

    def _changed(self) -> None:
        self._is_stale = True
        if self.isVisible():  # else when it is shown: what is typed in the grid is not to wait for it
            self._rest.start()

    def _count_again(self) -> None:
        """Counts, as long as the page is seen or somebody asks for its badge; else when it is shown."""
        session, report, year = self.desk.session, self.beside.report, self.year
        self._is_stale, self._of = False, session.ledger
        if report is None or report.form.edition == session.form.edition:
            counts = session.counts(year)
        else:
            counts = count(session.ledger, year, report.form, session.vocabulary)
        self._counts = counts
        self._kept = {}
        self._differing, self._blank, self._causes = (), frozenset(), ()
        if report is not None and not self._waits_for_zero:
            compared = compare(report, counts)
            found = [one.cell for one in compared.differing]
            self._blank = frozenset(compared.blank)
            for one in compared.differing:
                said = session.ledger.explanations.get(kept_address(year, one.cell))
                if said is not None and said.values == (show_entry(one.report), str(one.ledger)):
                    self._kept[one.cell] = said.reason
            self._differing = tuple(cell for cell in found if cell not in self._kept)
            self._causes = causes(report, session.ledger, counts, session.vocabulary)
        self._fill_years()
        self._say_report()
        self._say_notice()
        self._say_adopt_all()
        self._paint()
        self.counted.emit()

    @property
    def _waits_for_zero(self) -> bool:
        """Whether the year has no request and nobody has confirmed that there was none: 0 is said by a person."""
        counts = self._counts
        if counts is None or counts.counted or counts.undecided or any(counts.cells.values()):
            return False
        return counts.year not in self.desk.session.ledger.none_in

    @property
    def badge(self) -> int:
        """How many cells differ and are not kept for a reason."""
        return len(self._differing)

    @property
    def summary(self) -> str:
        """What is counted and what is not, in one line, for the line of the tabs."""
        counts = self._counts
        if counts is None:
            return ""
        if self._waits_for_zero:
            return f"{counts.year} 年：台账里没有申请"
        undecided = len({one.request for one in counts.undecided if one.table == REQUESTS})
        brought = counts.cells[f"{REQUESTS}.brought_forward.total"]
        new = counts.cells[f"{REQUESTS}.received.total"]
        done = len(counts.counted)
        said = f"计 {done} 件" if not undecided else f"{done + undecided} 件中计 {done} 件"
        words = [f"{counts.year} 年：{said}（上年结转 {brought}、本年新收 {new}）"]
        if undecided:
            words.append(f"◆ {undecided} 件没有定，没有计入")
        later = [self._request(one) for one in counts.other_years]
        by_year: dict[int, int] = {}
        for request in later:
            day = request.day("received_on")
            if day is not None and day.year > counts.year:
                by_year[day.year] = by_year.get(day.year, 0) + 1
        words += [f"{number} 件属 {year} 年，不计" for year, number in sorted(by_year.items())]
        return "，".join(words)

    def _request(self, request: str) -> Request:
        """A request as it was counted: by now it may have been taken out of the ledger."""
        return self._of.by_id[request]

    def _say_report(self) -> None:
        name = self.beside.name
        self.choose.setText(f"与 {name} 比较" if name else "选一份年报比较…")
        tip = f"现在与 {self.beside.path} 比较；点这里换一份。" if name else "选一份年报，逐格与台账比较。"
        self.choose.setToolTip(theme.plain_tip(tip))

    def _say_notice(self) -> None:
        counts = self._counts
        assert counts is not None
        undecided = list(dict.fromkeys(one.request for one in counts.undecided))
        words, do, self._does = "", "", lambda: None
        if self.beside.problem:
            words, do = self.beside.problem, "换一份年报…"
            self._does = lambda: self.beside.ask(self.desk.frame)
        elif self._waits_for_zero:
            words, do = f"台账里没有 {counts.year} 年的申请。确实没有，确认以后才计 0。", "确认本年没有申请"
            self._does = self.confirm_none
        elif undecided:
            first = counts.undecided[0]
            name = self._request(first.request).text("reg_no") or "第一件"
            words = f"◆ {len(undecided)} 件没有定，没有计入。{name}：{first.reason.removesuffix('。')}。"
            do = f"看这 {len(undecided)} 件" if len(undecided) > 1 else "看这 1 件"
            self._does = lambda: self.desk.show_requests(undecided, "没有定的", first.field)
        self._noticed.setText(words)
        self._do.setText(do)
        self._do.setToolTip("到“申请”里看。" if undecided and not self.beside.problem else "")
        self._notice.setVisible(bool(words))

    def confirm_none(self) -> None:
        """「确认本年没有申请」: a person says so; one step of the ledger."""
        session, year = self.desk.session, self.year
        ledger = session.ledger
        if session.edit(
            replace(ledger, none_in=tuple(sorted({*ledger.none_in, year}))), f"确认 {year} 年没有申请"
        ):
            self._count_again()

    def _paint(self) -> None:
        counts, report = self._counts, self.beside.report
        if counts is None:
            return
        number = len(self._differing)
        words = f"只看不同的 {number} 格" if number else "只看不同的"
        self._only.setText(words)
        self._only.setMinimumWidth(self._only.fontMetrics().horizontalAdvance(words) + 20)
        self._only.setEnabled(bool(number) or self._only.isChecked())
        for grid in self.grids.values():
            grid.model_.show_pairs(
                {} if report is None else {k: v for k, v in report.values.items() if v is not None},
                None if self._waits_for_zero else counts.cells,
                self._differing,
                self._kept,
                only_differing=self._only.isChecked(),
            )
        self._entered(self.grid.current())

    # --- the figure in hand

    def _entered(self, half: str) -> None:
        if not half or self._counts is None or self.grid.current() != half:
            return
        if self.card.isVisibleTo(self):
            self._fill_card()
        place = self.desk.session.form.cells[cell_of(half)].place
        self.said.emit("　　".join(filter(None, (place, self._equation()))))

    def _equation(self) -> str:
        """一＋二＝三＋四 of the ledger, which holds by the way of counting; said as it is found."""
        counts = self._counts
        table = self.desk.session.form.section(REQUESTS).table
        if counts is None or table is None or self._waits_for_zero:
            return ""
        names = ("received", "brought_forward", "handled.total", "carried_forward")
        columns = [column.key for column in table.blocks[0].columns]
        fits = all(
            sum(counts.cells[f"{REQUESTS}.{name}.{column}"] for name in names[:2])
            == sum(counts.cells[f"{REQUESTS}.{name}.{column}"] for name in names[2:])
            for column in columns
        )
        return "一＋二＝三＋四，各列都成立（台账）" if fits else "一＋二＝三＋四，台账里不成立"

    def cause_of(self, cell: str) -> Cause | None:
        """What explains the difference of a cell, if one request does."""
        return next((one for one in self._causes if cell in one.cells), None)

    def _group(self, cell: str) -> tuple[str, ...]:
        """The cells that are adopted with this one: those of one cause, else this alone."""
        cause = self.cause_of(cell)
        found = tuple(one for one in cause.cells if one in self._differing) if cause is not None else ()
        return found or (cell,)

    def _fill_card(self) -> None:
        counts, report, cell = self._counts, self.beside.report, self.grid.current_cell
        if counts is None or not cell:
            return
        place = self.desk.session.form.cells[cell].place
        theirs = show_entry(report.value(cell)) if report is not None else ""
        ours = "" if self._waits_for_zero else str(counts.cells[cell])
        shown = Shown(place, theirs, ours)
        if cell in self._differing or cell in self._kept:
            value = report.value(cell) if report is not None else None
            shown = shown._replace(difference=_apart(value, counts.cells[cell]), off=self._why_off())
            if cell in self._kept:
                shown = shown._replace(kept=self._kept[cell])
            else:
                group = self._group(cell)
                shown = shown._replace(
                    adopt=f"这 {len(group)} 格采用台账" if len(group) > 1 else "这一格采用台账",
                    keep=f"保留年报的 {theirs}…" if theirs else "",
                    why=self._say_cause(cell),
                )
        elif cell in self._blank and ours:
            shown = shown._replace(adopt=f"这一格填入 {ours}", off=self._why_off())
        self.card.show_figure(
            shown, _Behind(counts.rows.get(cell, ()), partial(self._line, year=counts.year))
        )

    def _say_cause(self, cell: str) -> tuple[str, str, str] | tuple[()]:
        cause = self.cause_of(cell)
        if cause is None:
            return ()
        form = self.desk.session.form
        rows = dict.fromkeys(form.cells[one].row.name for one in cause.cells)
        rows.pop(form.cells[cell].row.name, None)
        also = f"同因的还有{'、'.join(rows)}，共 {len(cause.cells)} 格。" if rows else ""
        sentence = cause.sentence
        for request in map(self._request, cause.requests):
            sentence = self.desk.session.told_of(sentence, request)
        first, _, rest = sentence.partition("。")
        if not rest:
            return cause.title, "", f"{sentence}{also}"
        return cause.title, f"{first.replace('：', '　', 1)}。", f"{rest}{also}"

    def _line(self, request_id: str, year: int) -> Line:
        session, request = self.desk.session, self._request(request_id)
        texts = (
            request.text("reg_no") or "—",
            short_day(request.day("received_on"), year),
            short_day(request.day(session.ledger.closed_by), year),
            session.told_of(session.shown(request, "subject"), request),
        )
        return Line(request_id, texts, ("", "", "", "text2"))

    def _why_off(self) -> str:
        """Why nothing can be adopted, "" if it can."""
        return self.beside.held

    # --- adopting

    def _say_adopt_all(self) -> None:
        """The button above the table: all that differ, or all of the tables that are blank in the report."""
        report, counts = self.beside.report, self._counts
        cells = self._everything()
        off = self._why_off()
        fills = bool(cells) and cells[0] in self._blank
        self.adopt_all.setText("全部填入" if fills else f"采用全部 {len(cells)} 格")
        self.adopt_all.setVisible(report is not None and counts is not None and bool(cells))
        self.adopt_all.setEnabled(not off)
        self.adopt_all.setToolTip(
            theme.plain_tip(off or "把台账的数填进年报，是一步，可以撤销；年报里只记件数，不记姓名。")
        )

    def _everything(self) -> tuple[str, ...]:
        """What is taken over at once: where nothing differs in the table in view, what is blank, in both tables."""
        counts, here = self._counts, self.grid.table.key
        if counts is None or self._waits_for_zero:
            return ()
        differs = any(cell.startswith(f"{here}.") for cell in self._differing)
        if not differs and any(cell.startswith(f"{here}.") for cell in self._blank):
            return tuple(cell for cell in counts.cells if cell in self._blank)
        return self._differing

    def adopt_everything(self) -> None:
        """「采用全部 10 格」, 「全部填入」."""
        self._adopt(self._everything())

    def adopt_here(self) -> None:
        """The figure in hand, and those that differ for the same reason (Ctrl+Enter)."""
        cell, report = self.grid.current_cell, self.beside.report
        if report is None:
            self.desk.tell("先选一份年报，才能采用。")
        elif cell in self._differing:
            self._adopt(self._group(cell))
        elif cell in self._blank:
            self._adopt((cell,))
        else:
            self.desk.tell(
                "这一格年报和台账一样。" if cell not in self._kept else "这一格已写明原因保留年报的数。"
            )

    def _adopt(self, cells: Collection[str]) -> None:
        if self._is_stale:  # typed just now
            self._count_again()
        counts, report = self._counts, self.beside.report
        if not cells or counts is None or report is None:
            return
        if off := self._why_off():
            self.desk.tell(off)
            return
        here, table = self.grid.current_cell, self.grid.table.key
        changed = adopt(report, counts, cells, digest_of(self.desk.session.ledger))
        if not self.beside.edit(changed, f"采用台账的 {len(cells)} 格"):
            self.desk.tell("没有采用：年报没有打开，或者刚刚变了。请再看一遍。")
            self._count_again()
            return
        self.desk.tell(f"{self.beside.name} 的 {len(cells)} 格采用了台账的数，在年报的窗口里可以撤销。")
        self.show_table(table)
        self.grid.go_to_cell(here)

    def keep_here(self) -> None:
        """「保留年报的 13…」: why the report's figure stands, kept in the ledger; one step."""
        cell, report = self.grid.current_cell, self.beside.report
        if cell not in self._differing or report is None:
            return
        if self.desk.session.is_held:
            self.desk.tell(HELD)
            return
        theirs, place = show_entry(report.value(cell)), self.desk.session.form.cells[cell].place
        said = ("年报和台账都不变，这一格以后不再标出；原因记在台账里，不写申请人姓名。",)
        reason = ask_reason(self.desk.frame, "保留年报的数", f"{place}保留年报的 {theirs}", said, "保留")
        if reason:
            self._explain(cell, reason, f"{place}保留年报的 {theirs}")

    def unkeep_here(self) -> None:
        """「不再保留」: the figure is marked again."""
        if (cell := self.grid.current_cell) in self._kept:
            self._explain(cell, None, "不再保留年报的数")

    def _explain(self, cell: str, reason: str | None, label: str) -> None:
        """Keeps why the report's figure stands beside just this one of the ledger; another of either is asked anew."""
        session, report, counts = self.desk.session, self.beside.report, self._counts
        if report is None or counts is None:
            return
        said = dict(session.ledger.explanations)
        address = kept_address(counts.year, cell)
        said.pop(address, None)
        if reason is not None:
            said[address] = Explanation(reason, (show_entry(report.value(cell)), str(counts.cells[cell])))
        if session.edit(replace(session.ledger, explanations=MappingProxyType(said)), label):
            self._count_again()

    # --- the requests behind it

    def _came_from_here(self) -> None:
        cell, place = self.grid.current_cell, self.desk.session.form.cells[self.grid.current_cell].place

        def back() -> None:
            self.desk.turn_to("count")
            self.go_to(cell)

        self.desk.came_from(back, f"出表三“{place}”")

    def _show_request(self, request: str) -> None:
        self._show_requests([request], self._request(request).text("reg_no") or "这一件")

    def _show_all(self) -> None:
        counts, cell = self._counts, self.grid.current_cell
        if counts is not None and (behind := counts.rows.get(cell)):
            self._show_requests(behind, self.desk.session.form.cells[cell].place)

    def _show_requests(self, requests: Sequence[str], why: str) -> None:
        self._came_from_here()
        self.desk.show_requests(requests, why)

    # --- keys and room

    def step(self, by: int = 1) -> None:
        """F8: on to the next pair that differs, in the other table if this one has no more."""
        if not self._differing:
            self.desk.tell(
                "年报和台账没有不同的格。" if self.beside.report is not None else "先选一份年报，才能比较。"
            )
            return
        if not self.grid.go_to_differing(by):
            other = next(key for key, grid in self.grids.items() if grid.model_.differing)
            self.show_table(other)
            self.grid.go_to_cell(self.grid.model_.differing[0])
        self.grid.setFocus()

    def next_pane(self) -> None:
        """F6: the keys go from the table to the card, which opens, to the switches above, and back."""
        focus = self.window().focusWidget()
        if focus is not None and self.card.isAncestorOf(focus):
            (self._tables.checkedButton() or self.grid).setFocus(Qt.FocusReason.TabFocusReason)
        elif focus is not None and self.grid is not focus and not self.grid.isAncestorOf(focus):
            self.grid.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.grid.current_cell:
            self.card.setVisible(True)
            self._fill_card()
            self.card.focus_requests()

    def _open_card(self, _half: str) -> None:
        if self.card.isVisibleTo(self):
            self.card.focus_requests()
            return
        self.card.setVisible(True)
        self._fill_card()

    def _close_card(self) -> None:
        if self.card.isVisibleTo(self):
            self.card.setVisible(False)
            self.grid.setFocus()

    def _back_to_grid(self) -> None:
        self.grid.setFocus()

    def set_zoom(self, zoom: float) -> None:
        """Draws the tables this much larger."""
        for grid in self.grids.values():
            grid.set_zoom(zoom)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._count_again()
        self.beside.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.card.setFixedWidth(WIDTH if self.width() >= _ROOM else NARROW)


def _apart(value: object, number: int) -> str:
    """How far a figure of the report is from the ledger's; "" where the report has none or a text."""
    if isinstance(value, str) or value is None:
        return ""
    return show_entry(abs(value - number))  # type: ignore[operator]
