"""The requests of a ledger as rows of a grid: what each cell says, which rows are listed and in which order.

Knows the columns of the grid, how a request stands on a day (超期, 还有 2 天, 等补正), filters, order and search, and
what a typed text means in a cell. Reckons of a row only what is asked for, and again only when its request is another.
Changes no ledger and paints nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.deadlines import Deadline, deadline
from gxeditor.core.ledger.duty import SOON, Board, Duty, State, duty
from gxeditor.core.ledger.entries import Refused, parse_date, parse_entry
from gxeditor.core.ledger.privacy import STARS, without_names
from gxeditor.core.ledger.privacy import shown as masked
from gxeditor.core.ledger.request import Ledger, Request, Value
from gxeditor.core.ledger.vocabulary import Vocabulary
from gxeditor.core.ledger.workdays import Calendar

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
Standing = State | Literal["void"]
"""How a request stands (`core.ledger.duty`), or that it was entered by mistake."""
STEPS, DUE, LEFT = "steps", "due", "left"
"""The columns that are reckoned: what was asked and extended, the day, and what is left."""


class Column(NamedTuple):
    """One column of the grid: `field` is that of the ledger or one of the reckoned, `width` at 100 %.

    `type` is "text", "date", "code", "money", "number", or "told" where nothing can be typed.
    """

    field: str
    heading: str
    width: int
    type: str
    right: bool = False


FROZEN = 3
"""So many columns stay where they are when the others are scrolled."""
_FIRST = (
    ("reg_no", "编号", 66),
    ("received_on", "收到日期", 76),
    ("applicant", "申请人", 118),
    ("applicant_type", "类别", 94),
    ("channel", "方式", 44),
    ("subject", "申请内容", 252),
    (STEPS, "补正、征求、延期", 176),
    (DUE, "答复期限", 76),
    (LEFT, "剩余", 110),
    ("answered_on", "答复日期", 76),
    ("outcome", "答复类型", 240),
)
"""What a clerk looks at, in 1366 pixels; everything else stands behind it."""
_RIGHT = frozenset({DUE, "answered_on"})
_SEARCHED = ("subject", "reg_no", "unit", "answer_no", "applicant")
"""What the search looks through: the applicant by name, also where that is masked."""
_AHEAD = frozenset({"correction_due", "delay_until"})
"""The days that are set for what is still to come."""
_PASSED = frozenset({"serial", "due_on"})
"""The number of the row and the day due: the grid reckons both."""
_WIDTHS = {"text": 150, "date": 112, "code": 118, "money": 112, "number": 76}


def grid_columns(vocabulary: Vocabulary) -> tuple[Column, ...]:
    """All columns: first those of the picture, then what else a ledger holds, in its order."""
    told = frozenset({STEPS, DUE, LEFT})
    first = [
        Column(
            name, heading, width, "told" if name in told else vocabulary.by_field[name].type, name in _RIGHT
        )
        for name, heading, width in _FIRST
    ]
    seen = {one.field for one in first} | _PASSED
    rest = [
        Column(
            one.field,
            one.heading,
            max(_WIDTHS[one.type], 13 * len(one.heading) + 24),
            one.type,
            one.type == "money",
        )
        for one in vocabulary.columns
        if one.field not in seen
    ]
    return (*first, *rest)


def said_day(day: date, today: date) -> str:
    """A day as it stands in a cell: without its year if that is this year or the last."""
    if today.year - 1 <= day.year <= today.year:
        return f"{day.month}月{day.day}日"
    return f"{day:%Y-%m-%d}"


def said_fully(day: date) -> str:
    """2026年1月14日（周三）"""
    return f"{day.year}年{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"


def short_label(label: str) -> str:
    """The last step of a code's label without what explains it: 信息不存在."""
    last = label.replace("：", "·").rpartition("·")[2]
    return last.partition("（")[0] or last


# ------------------------------------------------------------------------------------------------- what is listed

CHIPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("all", "全部", frozenset()),
    ("open", "未答复", frozenset({"late", "today", "soon", "due", "waiting", "consulting", "unknown"})),
    ("late", "超期", frozenset({"late"})),
    ("soon", f"{SOON} 个工作日内到期", frozenset({"today", "soon"})),
    ("waiting", "等补正", frozenset({"waiting"})),
    ("consulting", "征求意见中", frozenset({"consulting"})),
    ("answered", "已答复", frozenset({"answered"})),
)
"""The filters with their words and the standings that they list."""


IDS = "ids"
"""The condition, in place of a column, that lists certain requests by their ids: those of a finding or a figure."""


class ColumnFilter(NamedTuple):
    """What is listed of a column: days from and to, codes ("" for none), or texts that contain a word.

    `said` is its chip: 11月24日起.
    """

    said: str
    first: date | None = None
    last: date | None = None
    codes: frozenset[str] | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are listed and how: `years` none for all, `order` a field and whether from the end."""

    years: tuple[int, ...] = ()
    chip: str = "all"
    search: str = ""
    columns: Mapping[str, ColumnFilter] = field(default_factory=lambda: MappingProxyType({}))
    order: tuple[str, bool] | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether something but the years leaves rows out."""
        return self.chip != "all" or bool(self.search.strip()) or bool(self.columns)

    def with_column(self, name: str, kept: ColumnFilter | None) -> Wanted:
        columns = {key: one for key, one in self.columns.items() if key != name}
        if kept is not None:
            columns[name] = kept
        return replace(self, columns=MappingProxyType(columns))


# ------------------------------------------------------------------------------------------------------ one row


def severity_of(standing: Standing) -> Severity | None:
    """The shape of how a request stands: ▲ its day has passed, ◆ it is today or near."""
    return {"late": Severity.ERROR, "today": Severity.QUERY, "soon": Severity.QUERY}.get(standing)


class _Row:
    """What was reckoned of one request so far."""

    __slots__ = ("_closed", "_due", "_duty", "_open", "_span", "request", "text")

    def __init__(self, request: Request) -> None:
        self.request = request
        self._open: dict[str, str] | None = None
        self._span: tuple[str, int, int] | None = None
        self.text = ""
        """What the search looks through, once it is prepared (`prepare`)."""
        self._closed: tuple[str, Standing | None] | None = None
        self._due: Deadline | None = None
        self._duty: Duty | None = None

    def due(self, model: RowsModel) -> Deadline:
        if self._due is None:
            found = self._duty
            self._due = (
                found.deadline
                if found is not None
                else deadline(self.request, model.calendar, model.ledger.closed_by)
            )
        return self._due

    def duty(self, model: RowsModel) -> Duty:
        if self._duty is None:
            self._duty = duty(self.request, model.calendar, model.today, model.ledger.closed_by)
        return self._duty

    def prepare(self) -> str:
        """Prepares what the search looks through."""
        if not self.text:
            texts = (found_under(self.request, name) for name in _SEARCHED)
            self.text = " ".join(texts).casefold()  # never "", for there are blanks between
        return self.text

    def is_of(self, years: Iterable[int], closed_by: str) -> bool:
        """Whether it was received in one of these years, or before and not answered before it; what has no day of
        receipt yet belongs to whatever year is looked at."""
        if self._span is None or self._span[0] != closed_by:
            received, closed = self.request.day("received_on"), self.request.day(closed_by)
            first = received.year if received is not None else 0
            last = max(first, closed.year) if received is not None and closed is not None else 9999
            self._span = closed_by, first, last
        _, first, last = self._span
        return any(first <= year <= last for year in years)

    def open(self, name: str, model: RowsModel) -> str:
        """What is seen under a column while names are masked: of one that is not private the text without what is
        private of the request, for a clerk writes who asks for what into 申请内容 as well."""
        known = self._open = {} if self._open is None else self._open
        if name not in known:
            known[name] = (
                masked(self.request, name, model.vocabulary)
                if name in model.private
                else without_names(model.written(self.request, name), self.request, model.vocabulary)
            )
        return known[name]

    def standing(self, model: RowsModel) -> Standing:
        """How it stands; no day is reckoned of one that is answered."""
        closed_by = model.ledger.closed_by
        if self._closed is None or self._closed[0] != closed_by:
            answered: Standing | None = "answered" if self.request.day(closed_by) is not None else None
            self._closed = closed_by, "void" if self.request.is_void else answered
        return self._closed[1] or self.duty(model).state


class RowsModel(QAbstractTableModel):
    """The listed requests, and below them one blank row; `listed` are their places in the ledger.

    `today` is the day that 剩余 is reckoned on.
    """

    def __init__(
        self,
        ledger: Ledger,
        vocabulary: Vocabulary,
        calendar: Calendar,
        today: date,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.ledger = ledger
        self.vocabulary = vocabulary
        self.calendar = calendar
        self.today = today
        self.columns = grid_columns(vocabulary)
        self.place_of = {one.field: place for place, one in enumerate(self.columns)}
        self.private = frozenset(one.field for one in vocabulary.columns if one.private)
        self._texts = frozenset(one.field for one in vocabulary.columns if one.type == "text")
        self.names_shown = False
        self.wanted = Wanted()
        self.listed: list[int] = []
        self._rows: dict[str, _Row] = {}
        self._in_order: tuple[tuple[Request, ...], list[_Row]] | None = None
        self._places: tuple[tuple[Request, ...], str, tuple[int, ...], list[int]] | None = None
        self._list()

    # --- the ledger

    def show_ledger(self, ledger: Ledger) -> None:
        """Shows another value of it. Rows that are listed stay so while they are edited, as in a spreadsheet."""
        before, now = self.ledger.requests, ledger.requests
        if before is now:
            self.ledger = ledger
            return
        grown = len(now) - len(before)
        same = min(len(before), len(now))
        changed = [place for place in range(same) if before[place] is not now[place]]
        if grown < 0 or any(before[place].id != now[place].id for place in changed):
            self.beginResetModel()
            self.ledger = ledger
            self._list()
            self.endResetModel()
            return
        self.ledger = ledger
        if grown:
            # The blank row becomes the first of them, so whoever stands in it stays there; rows come behind it.
            first = len(self.listed)
            self.beginInsertRows(_ROOT, first + 1, first + grown)
            self.listed.extend(range(len(before), len(now)))
            self.endInsertRows()
            self.dataChanged.emit(self.index(first, 0), self.index(first, len(self.columns) - 1))
        if changed:
            at = set(changed)
            rows = [row for row, place in enumerate(self.listed) if place in at]
            if rows:
                self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], len(self.columns) - 1))

    def show_names(self, shown: bool) -> None:
        """Shows the names as they are, or masked."""
        if shown != self.names_shown:
            self.names_shown = shown
            self._repaint()

    def show_day(self, today: date, calendar: Calendar) -> None:
        """Another day, or days off that were not known before: everything is reckoned anew."""
        self.today, self.calendar = today, calendar
        self._rows.clear()
        self._in_order = None
        self._repaint()

    def _repaint(self) -> None:
        last = self.index(self.rowCount() - 1, len(self.columns) - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    # --- what is listed

    def want(self, wanted: Wanted) -> None:
        """Lists these rows."""
        self.wanted = wanted
        self.relist()

    def relist(self) -> None:
        """Lists anew what is wanted of the ledger as it is now."""
        self.beginResetModel()
        self._list()
        self.endResetModel()

    def _list(self) -> None:
        wanted = self.wanted
        self.listed = self._passing(wanted)
        if wanted.order is not None:
            name, from_end = wanted.order
            key = self._order(name)
            known = [place for place in self.listed if key(place) is not None]
            blank = [place for place in self.listed if key(place) is None]
            known.sort(key=lambda place: key(place), reverse=from_end)  # type: ignore[arg-type,return-value]
            self.listed = known + blank  # what is blank stands last either way, as in a spreadsheet

    def _all_rows(self) -> list[_Row]:
        """What was reckoned of each request, in the order of the ledger."""
        requests = self.ledger.requests
        if self._in_order is None or self._in_order[0] is not requests:
            self._in_order = requests, [self.row_of(one) for one in requests]
        return self._in_order[1]

    def _order(self, name: str) -> Callable[[int], object]:
        requests = self.ledger.requests
        if name == DUE:
            return lambda place: self.row_of(requests[place]).due(self).day
        if name == LEFT:

            def left(place: int) -> object:
                return self.left(requests[place])

            return left
        if name == STEPS:
            return lambda place: self._steps(requests[place]) or None
        type_ = self.vocabulary.by_field[name].type
        if type_ == "code":
            order = {code: i for i, code in enumerate(self.vocabulary.lists[name])}
            return lambda place: order.get(requests[place].text(name))
        if type_ == "text":
            return lambda place: self.written(requests[place], name) or None
        return lambda place: requests[place].values.get(name)

    def prepare(self, most: int) -> bool:
        """Prepares some more of what the search looks through; False once all is."""
        rows = [row for row in self._all_rows() if not row.text][:most]
        for row in rows:
            row.prepare()
        return bool(rows)

    def _of_years(self, years: tuple[int, ...]) -> Sequence[int]:
        """The places of what belongs to these years, kept until the ledger or the years are others."""
        rows, ledger = self._all_rows(), self.ledger
        if not years:
            return range(len(rows))
        if (
            self._places is None
            or self._places[0] is not ledger.requests
            or self._places[1:3] != (ledger.closed_by, years)
        ):
            found = [place for place, row in enumerate(rows) if row.is_of(years, ledger.closed_by)]
            self._places = ledger.requests, ledger.closed_by, years, found
        return self._places[3]

    def _passing(self, wanted: Wanted) -> list[int]:
        """The places in the ledger of what is wanted. The words come first: a key in the search leaves most rows out,
        and all is prepared for it."""
        rows = self._all_rows()
        places = self._of_years(wanted.years)
        for word in wanted.search.casefold().split():
            places = [place for place in places if word in (rows[place].text or rows[place].prepare())]
        if standings := next(kinds for key, _, kinds in CHIPS if key == wanted.chip):
            places = [place for place in places if rows[place].standing(self) in standings]
        for name, one in wanted.columns.items():
            places = [place for place in places if self._fits(rows[place].request, name, one)]
        return list(places)

    def _fits(self, request: Request, name: str, kept: ColumnFilter) -> bool:
        if name == IDS:
            return kept.codes is not None and request.id in kept.codes
        if kept.codes is not None:
            return request.text(name) in kept.codes
        if kept.first is not None or kept.last is not None:
            day = self.row_of(request).due(self).day if name == DUE else request.day(name)
            return (
                day is not None
                and (kept.first is None or day >= kept.first)
                and (kept.last is None or day <= kept.last)
            )
        return kept.word.casefold() in self.written(request, name).casefold()

    def row_of(self, request: Request) -> _Row:
        row = self._rows.get(request.id)
        if row is None or row.request is not request:
            row = self._rows[request.id] = _Row(request)
        return row

    def standing(self, request: Request) -> Standing:
        return self.row_of(request).standing(self)

    def left(self, request: Request) -> int | None:
        """Working days left of one that is not answered; None if no day is known."""
        if self.standing(request) in ("answered", "void"):
            return None
        return self.row_of(request).duty(self).left

    def due(self, request: Request) -> Deadline:
        return self.row_of(request).due(self)

    def board(self) -> Board:
        """How all that is not answered stands on the day."""
        owed = [one for one in self.ledger.requests if self.standing(one) not in ("answered", "void")]
        return Board(self.today, tuple(self.row_of(one).duty(self) for one in owed))

    def numbers(self, years: tuple[int, ...]) -> dict[str, int]:
        """How many requests of these years each chip would list."""
        rows, places = self._all_rows(), self._passing(Wanted(years))
        counted = dict.fromkeys((key for key, _, _ in CHIPS), 0)
        counted["all"] = len(places)
        kinds = Counter(rows[place].standing(self) for place in places)
        for key, _, standings in CHIPS[1:]:
            counted[key] = sum(number for kind, number in kinds.items() if kind in standings)
        return counted

    def pressing(self) -> list[Request]:
        """What is overdue or due soon, the day that came first in front."""
        found = [row for row in self._all_rows() if row.standing(self) in ("late", "today", "soon")]
        return [row.request for row in sorted(found, key=lambda row: row.due(self).day or date.max)]

    def years(self) -> tuple[int, ...]:
        """The years in which requests were received or are due to be answered, the newest first."""
        found = {day.year for one in self.ledger.requests if (day := one.day("received_on")) is not None}
        return tuple(sorted(found, reverse=True))

    # --- rows and cells

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.listed) + 1

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def request(self, row: int) -> Request | None:
        """The request of a row; None of the blank one."""
        return self.ledger.requests[self.listed[row]] if 0 <= row < len(self.listed) else None

    def row(self, request_id: str) -> int | None:
        """The row of a request; None if it is not listed."""
        requests = self.ledger.requests
        return next((i for i, place in enumerate(self.listed) if requests[place].id == request_id), None)

    def number(self, row: int) -> int:
        """The number of a row in the ledger, from 1, whatever is listed."""
        return self.listed[row] + 1 if row < len(self.listed) else len(self.ledger.requests) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(index.row(), index.column())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            self.columns[section].heading
            if orientation == Qt.Orientation.Horizontal
            else self.number(section)
        )

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        request = self.request(row)
        return "" if request is None else self._text(request, self.columns[column].field)

    def shown(self, request: Request, name: str) -> str:
        """What is seen of a request under a column, reckoned ones among them; names masked unless they are shown."""
        return self._text(request, name)

    def _text(self, request: Request, name: str) -> str:
        if name == DUE:
            found = self.due(request)
            return said_day(found.day, self.today) if found.day is not None else ""
        if name == LEFT:
            return self._left(request)
        if name == STEPS:
            return self._steps(request)
        return self._shown(request, name)

    def _shown(self, request: Request, name: str) -> str:
        if self.names_shown:
            return self.written(request, name)
        text = name in self.private or name in request.unsettled or name in self._texts
        return self.row_of(request).open(name, self) if text else self.written(request, name)

    def written(self, request: Request, name: str) -> str:
        """What stands under a column as it is, no name masked; what was not understood as it was found."""
        value = request.values.get(name)
        if value is None:
            return request.unsettled.get(name, "")
        if isinstance(value, date):
            return said_day(value, self.today)
        if isinstance(value, Decimal):
            return f"{value:f}"
        if self.vocabulary.by_field[name].type == "code":
            code = self.vocabulary.lists[name].get(str(value))
            return short_label(code.label) if code is not None else str(value)
        return str(value)

    def to_edit(self, row: int, column: int) -> str:
        """What an editor begins with: a day with its year, a code by its word, a name as it is."""
        request = self.request(row)
        name = self.columns[column].field
        if request is None or self.columns[column].type == "told":
            return ""
        value = request.values.get(name)
        if isinstance(value, date):
            return f"{value.year}.{value.month}.{value.day}"
        return self.written(request, name)

    def to_copy(self, row: int, column: int) -> str:
        """What goes to the clipboard: what is seen, a day with its year."""
        request = self.request(row)
        if request is None:
            return ""
        name = self.columns[column].field
        day = self.due(request).day if name == DUE else request.values.get(name)
        if isinstance(day, date):
            return f"{day:%Y-%m-%d}"
        return self._text(request, name)

    def is_filled(self, row: int, column: int) -> bool:
        """Whether something stands in a cell; no day due is reckoned for it."""
        request = self.request(row)
        if request is None:
            return False
        name = self.columns[column].field
        if name in (DUE, LEFT):
            return request.day("received_on") is not None
        return (
            bool(self._steps(request))
            if name == STEPS
            else name in request.values or name in request.unsettled
        )

    def is_unsettled(self, row: int, column: int) -> bool:
        """Whether what stands there was not understood and does not count."""
        request = self.request(row)
        return (
            request is not None
            and bool(request.unsettled)
            and self.columns[column].field in request.unsettled
        )

    def severity(self, row: int) -> Severity | None:
        """The shape before 剩余."""
        request = self.request(row)
        if request is None:
            return None
        return severity_of(self.standing(request))

    def _left(self, request: Request) -> str:
        standing = self.standing(request)
        if standing == "void":
            return "误登，不计"
        return "已答复" if standing == "answered" else self.row_of(request).duty(self).words

    def _steps(self, request: Request) -> str:
        parts = []
        for name, sent, back in (
            ("补正", "correction_sent_on", "correction_back_on"),
            ("征求第三方", "third_party_sent_on", "third_party_back_on"),
            ("征求机关", "co_agency_sent_on", "co_agency_back_on"),
        ):
            first, last = request.day(sent), request.day(back)
            if first is not None and last is not None:
                parts.append(f"{name} {first:%m-%d} 至 {last:%m-%d}")
            elif first is not None:
                parts.append(f"{'告知补正' if name == '补正' else name} {first:%m-%d} 起")
            elif last is not None:
                parts.append(f"{'收到补正' if name == '补正' else name + '收到'} {last:%m-%d}")
        for name, key in (("延期", "extended_on"), ("延至", "delay_until")):
            day = request.day(key)
            if day is not None:
                parts.append(f"{name} {day:%m-%d}")
        return "，".join(parts)

    def spoken(self, row: int, column: int) -> str:
        """What a screen reader says of a cell."""
        one = self.columns[column]
        if row >= len(self.listed):
            return f"第 {self.number(row)} 行，空行，{one.heading}"
        open_ = "，没有定" if self.is_unsettled(row, column) else ""
        return f"第 {self.number(row)} 行，{one.heading}，{self.text(row, column) or '空'}{open_}"

    def tip(self, row: int, column: int) -> str:
        """What is said of a cell when the mouse rests on it; nothing that is masked."""
        request = self.request(row)
        if request is None:
            return ""
        name = self.columns[column].field
        if name in request.unsettled:
            if name in self.private and not self.names_shown:
                return "没有看懂这一格，没有计入。"
            said = request.why.get(name) or f"“{request.unsettled[name]}”没有定，没有计入。"
            return said if self.names_shown else without_names(said, request, self.vocabulary)
        if name == LEFT:
            said = self._left(request)
            return (
                f"{said}。按工作日计，不算周末和放假，算调休上班。"
                if self.left(request) is not None
                else said
            )
        if name == DUE:
            found = self.due(request)
            if found.day is None:
                return found.why
            return f"{said_fully(found.day)}。单击看怎样算出来的。"
        value = request.values.get(name)
        if isinstance(value, date):
            return said_fully(value)
        if self.columns[column].type == "code":
            code = self.vocabulary.lists[name].get(str(value))
            return f"{code.label}（{code.code}）" if code is not None and value else ""
        return self.text(row, column)

    # --- what is typed

    def meant(
        self, text: str, name: str, request: Request | None, before: date | None = None
    ) -> Value | Refused | None:
        """What a text means under a column of a request; a day without a year gets the year that it must have.

        `before` is the day of receipt of the request before it, if that is not in the ledger yet. Refused where two
        years are as likely, and of a day that would be far ahead.
        """
        column = self.vocabulary.by_field[name]
        found = parse_entry(text, column, self.vocabulary)
        if not (isinstance(found, Refused) and found.kind == "year"):
            return found
        received = None if name == "received_on" or request is None else request.day("received_on")
        if received is not None:  # everything else comes after the day of receipt
            for year in (received.year, received.year + 1):
                day = parse_date(text, year)
                if isinstance(day, date) and day >= received:
                    return day if name in _AHEAD else self._not_ahead(day)
            return found
        return self._of_past(text, found, request, before)

    def _not_ahead(self, day: date) -> date | Refused:
        """A day of what has been done: one far ahead was meant otherwise, as 3月1日 of a request of 4 March."""
        if (day - self.today).days <= _SOON_DONE:
            return day
        return Refused(
            f"{day.year}年{day.month}月{day.day}日还没有到，上一年的这一天又在收到以前；请写上年份，如 "
            f"{day.year}.{day.month}.{day.day}。",
            "year",
        )

    def _of_past(
        self, text: str, refused: Refused, request: Request | None, before: date | None
    ) -> date | Refused:
        """A day of receipt: not in the future, and near to that of the request before."""
        days = [parse_date(text, year) for year in (self.today.year, self.today.year - 1)]
        past = [day for day in days if isinstance(day, date) and day <= self.today]
        if not past:
            return next((day for day in days if isinstance(day, Refused)), refused)
        if len(past) == 1:
            return past[0]
        before = before or self.before(request)
        near = [day for day in past if before is not None and abs((day - before).days) <= _NEAR]
        if len(near) == 1:
            return near[0]
        early, late = min(past), max(past)
        return Refused(
            f"是 {early.year} 年还是 {late.year} 年？请写成 {late.year}.{late.month}.{late.day}。", "year"
        )

    def before(self, request: Request | None) -> date | None:
        """The day of receipt of the request before this one in the ledger, of the last one without any."""
        found = None
        for one in self.ledger.requests:
            if request is not None and one.id == request.id:
                break
            found = one.day("received_on") or found
        return found


_NEAR = 150  # days within which a request follows the one before it: two years are never both so near
_SOON_DONE = 31  # days ahead up to which what is done is registered before its day


def found_under(request: Request, name: str) -> str:
    """The text under a column as it stands or was found, "" for none."""
    value = request.values.get(name, request.unsettled.get(name))
    return value if isinstance(value, str) else ""


def unsettled(request: Request, name: str, text: str, why: str) -> Request:
    """The request with this under a column as it was found, not understood: it counts nowhere until it is settled."""
    bare = request.with_value(name, None)
    return replace(
        bare,
        unsettled=MappingProxyType({**bare.unsettled, name: text}),
        why=MappingProxyType({**bare.why, name: why}),
    )


def is_masked(text: str) -> bool:
    """Whether a text is one in which a name is masked: it must not take the place of the name."""
    return STARS in text


def changed(request: Request, entries: Iterable[tuple[str, Value | None]]) -> Request:
    """The request with these under its columns."""
    new = {
        name: value
        for name, value in entries
        if request.values.get(name) != value or name in request.unsettled
    }
    if not new:
        return request
    values = {name: value for name, value in request.values.items() if name not in new}
    values.update((name, value) for name, value in new.items() if value is not None)
    return replace(
        request,
        values=MappingProxyType(values),
        unsettled=MappingProxyType({k: v for k, v in request.unsettled.items() if k not in new}),
        why=MappingProxyType({k: v for k, v in request.why.items() if k not in new}),
    )


def new_id(ledger: Ledger) -> Callable[[], str]:
    """Gives ids that no request of the ledger has."""
    taken = ledger.by_id
    number = len(ledger.requests)

    def give() -> str:
        nonlocal number
        number += 1
        while f"n{number}" in taken:
            number += 1
        return f"n{number}"

    return give


def next_number(requests: Sequence[Request], received: date | None) -> str:
    """The number after the last one of a ledger that numbers 25-082: 26-001 in a new year; "" for other ways."""
    last = next((one.text("reg_no") for one in reversed(requests) if one.text("reg_no")), "")
    head, mark, tail = last.rpartition("-")
    if not (mark and tail.isdigit() and head.isdigit() and len(head) in (2, 4)):
        return ""
    year = f"{received.year}"[-len(head) :] if received is not None else head
    return f"{year}-{int(tail) + 1 if year == head else 1:0{len(tail)}d}"
