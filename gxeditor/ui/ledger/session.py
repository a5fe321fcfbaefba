"""The open ledger as Qt sees it, and what a page of its window may ask of that window.

Knows what is reckoned and found of the present value and kept until it changes, the password of the file, and whether
names are shown; steps and file are known to `ui.own_file`. A page takes a `LedgerDesk`, changes nothing but through
`LedgerSession.edit`, renews itself at `changed` and at `masking_changed`, and shows of a private column nothing but
`shown`. Knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gxeditor import crash
from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.core.ledger import privacy
from gxeditor.core.ledger.checks import LedgerFindings, check
from gxeditor.core.ledger.counting import Counts, count
from gxeditor.core.ledger.deadlines import Deadline, deadline
from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.core.ledger.vocabulary import Vocabulary
from gxeditor.core.ledger.workdays import Calendar
from gxeditor.core.report import Report
from gxeditor.resources import load_form, load_ledger_checks, load_vocabulary
from gxeditor.settings import Settings
from gxeditor.store.calendar_file import known_calendar
from gxeditor.store.ledger_file import dump, save_ledger, save_protected_anew
from gxeditor.store.protection import Key
from gxeditor.store.rollup_rescue import drop, keep_content
from gxeditor.ui.look.tasks import LastWish
from gxeditor.ui.own_file import OwnFile, Rescue
from gxeditor.ui.session import Session

if TYPE_CHECKING:
    from gxeditor.ui.ledger.report_beside import ReportBeside

Save = Callable[[Ledger, Path, str | None], str]
"""Writes a ledger to a file whose present content has this sha256 (None: whatever stands there); returns the new."""

SHOWN = 5
"""Minutes after which names are masked again by themselves."""
_MINUTE = 60_000  # milliseconds
_SOON = 1_000  # milliseconds without a step after which is looked for findings: nobody who types is to wait for it
_PATIENCE = 700  # milliseconds of looking that nobody is told of


class _Of(NamedTuple):
    """What findings are of: another of any of these has others."""

    ledger: Ledger
    report: Report | None
    calendar: Calendar
    day: date

    def is_same(self, other: _Of) -> bool:
        return all(one is two or one == two for one, two in zip(self[1:], other[1:], strict=True)) and (
            self.ledger is other.ledger
        )


def years_of(session: LedgerSession) -> list[int]:
    """The years in which requests of a ledger were received, in order."""
    days = (request.day("received_on") for request in session.ledger.requests)
    return sorted({day.year for day in days if day is not None})


def year_counted(session: LedgerSession, report: Report | None, chosen: int | None = None) -> int:
    """The year that is counted: the report's, else the chosen one, else the last of the ledger that is over."""
    if report is not None and report.year is not None:
        return report.year
    if chosen is not None:
        return chosen
    years, today = years_of(session), session.today
    return max((year for year in years if year < today.year), default=max(years, default=today.year - 1))


class LedgerSession(OwnFile[Ledger]):
    """The open ledger, always a frozen value: `ledger`; its steps and its file are as in `OwnFile`.

    `masking_changed` comes when names are shown or masked; `protection_changed` when the password is another, or there
    is none any more; `day_changed` when `today` is another day. `found` carries the `LedgerFindings` of the present
    value, once they were wanted (`want_findings`); `looking_long` comes where that takes its time.
    """

    found = Signal(object)
    looking_long = Signal()
    masking_changed = Signal()
    protection_changed = Signal()
    day_changed = Signal()

    def __init__(
        self,
        ledger: Ledger,
        path: Path,
        parent: QObject | None = None,
        *,
        key: Key | None = None,
        sha256: str | None = None,
        save: Save | None = None,
        is_kept: bool = True,
        rescues: Path | None = None,
        form: Form | None = None,
        calendar: Calendar | None = None,
        day: Callable[[], date] = date.today,
    ) -> None:
        """`key` is what the file is sealed with, None without a password; `sha256` that of the file as it stands;
        unless `is_kept`, the ledger is not in it yet. `rescues` is the folder for what cannot be written to the file,
        sealed as it is (`store.rollup_rescue`).

        `form` is whose tables are counted, by default the newest; `calendar` the days off, by default those shipped;
        `day` says what day it is.
        """
        rescue = (
            None if rescues is None else Rescue(partial(self._rescue_sealed, rescues), partial(drop, rescues))
        )
        super().__init__(
            ledger,
            path,
            parent,
            save or self._save_sealed,
            what="台账",
            sha256=sha256,
            is_kept=is_kept,
            rescue=rescue,
        )
        self._key = key
        self.form = form or load_form()
        self.vocabulary: Vocabulary = load_vocabulary(self.form)
        self.calendar = calendar or known_calendar()
        self._day = day
        self._today = day()
        crash.keep_out(self._private_texts)
        self._private = privacy.private_fields(self.vocabulary)
        self._counts: tuple[Ledger, dict[int, Counts]] = ledger, {}
        self._deadlines: dict[str, tuple[Request, str, Deadline]] = {}
        self._all_due: tuple[Ledger, Mapping[str, Deadline]] | None = None
        self._report: Report | None = None
        self._findings: tuple[_Of, LedgerFindings] | None = None
        self._looking = LastWish(_PATIENCE, self)
        self._looking.done.connect(self._have_found)
        self._looking.slow.connect(self.looking_long)
        self._look_soon = QTimer(self, singleShot=True)
        self._look_soon.timeout.connect(self._look)
        self._showing = QTimer(self, singleShot=True)
        self._showing.timeout.connect(self.mask_names)

    # --- what it is

    @property
    def ledger(self) -> Ledger:
        return self.value

    @property
    def today(self) -> date:
        """The day from which is reckoned what is left; another one after `take_day`."""
        return self._today

    def take_day(self) -> None:
        """Looks what day it is: a PC may have slept through midnight."""
        if (today := self._day()) != self._today:
            self._today = today
            self.day_changed.emit()

    def take_calendar(self, calendar: Calendar) -> None:
        """Other days off, from a file that a person imported: every deadline is reckoned anew."""
        self.calendar = calendar
        self._deadlines.clear()
        self._all_due = None
        self.changed.emit()

    def counts(self, year: int) -> Counts:
        """What the ledger counts for the report of a year, reckoned once for each value of it."""
        ledger = self.ledger
        if self._counts[0] is not ledger:
            self._counts = ledger, {}
        known = self._counts[1]
        if year not in known:
            known[year] = count(ledger, year, self.form, self.vocabulary)
        return known[year]

    def deadline(self, request: Request) -> Deadline:
        """When a request is due; reckoned once for each value of it."""
        closed_by = self.ledger.closed_by
        known = self._deadlines.get(request.id)
        if known is None or known[0] is not request or known[1] != closed_by:
            known = request, closed_by, deadline(request, self.calendar, closed_by)
            self._deadlines[request.id] = known
        return known[2]

    @property
    def deadlines(self) -> Mapping[str, Deadline]:
        """When each request is due, by its id, those entered by mistake left out."""
        ledger = self.ledger
        if self._all_due is None or self._all_due[0] is not ledger:
            due = {one.id: self.deadline(one) for one in ledger.requests if not one.is_void}
            self._all_due = ledger, MappingProxyType(due)
        return self._all_due[1]

    # --- what does not fit in it

    def compare_with(self, report: Report | None) -> None:
        """The report that the ledger is compared with, as it stands now; None for none."""
        self._report = report

    def _of(self) -> _Of:
        return _Of(self.ledger, self._report, self.calendar, self._today)

    @property
    def findings(self) -> LedgerFindings:
        """The `LedgerFindings` of the present value (core.ledger.checks), found when first asked for."""
        of = self._of()
        if self._findings is None or not self._findings[0].is_same(of):
            self._findings = self._found_of()()
        return self._findings[1]

    def want_findings(self, rest: int = _SOON) -> None:
        """Has `found` say what is found of the present value, looked for beside the window after so many milliseconds
        without another wish."""
        if self._findings is not None and self._findings[0].is_same(self._of()):
            self._look_soon.stop()
            self.found.emit(self._findings[1])
        else:
            self._look_soon.start(rest)

    def _look(self) -> None:
        look = self._found_of()
        self._looking.want(lambda _: look())

    def _found_of(self) -> Callable[[], tuple[_Of, LedgerFindings]]:
        """What looks for findings of the present value; it holds frozen values only, for any thread."""
        of, form, vocabulary = self._of(), self.form, self.vocabulary
        ledger, report, calendar, day = of
        checks, year = load_ledger_checks(form), year_counted(self, report)
        prior = report.prior.report if report is not None and report.prior is not None else None
        same = report is None or report.form.edition == form.edition
        known = self._counts[1].get(year) if self._counts[0] is ledger else None

        def look() -> tuple[_Of, LedgerFindings]:
            counts = (known or count(ledger, year, form, vocabulary)) if same else None
            return of, check(
                ledger, checks, calendar, vocabulary, day,
                counts=counts, report=report if same else None, prior=prior,
            )  # fmt: skip

        return look

    def _have_found(self, found: tuple[_Of, LedgerFindings]) -> None:
        if found[0].is_same(self._of()):
            self._findings = found
            self.found.emit(found[1])
        elif not self._look_soon.isActive():
            self._look_soon.start(_SOON)

    def stop_looking(self) -> None:
        """Findings are not wanted any more: the window closes."""
        self._look_soon.stop()
        self._looking.give_up()

    # --- its password

    @property
    def key(self) -> Key | None:
        """What the file is sealed with; None without a password."""
        return self._key

    @property
    def is_protected(self) -> bool:
        """Whether the file opens by a password only."""
        return self._key is not None

    def protect(self, key: Key | None) -> None:
        """Seals the file and its previous version by another key, or by none; `store.protection.new_key` makes one.

        The previous version is then what the file is: nothing is left that opens by the old password, or without any.
        Raises what keeps the ledger from the disk, and then the old password holds.
        """
        if self.held:
            raise GxError(self.held)
        if not self.flush():
            raise self.refused or GxError(
                "台账还没有存到磁盘，密码没有改。", "您的修改都还在。", "请稍后再试。"
            )
        sha256 = save_protected_anew(self.ledger, self.path, self._sha256, self.vocabulary, key)
        self._key, self._sha256 = key, sha256
        self.protection_changed.emit()

    def _rescue_sealed(self, folder: Path, ledger: Ledger, path: Path, known: str | None) -> None:
        keep_content(folder, dump(ledger, self.vocabulary, self._key), path, known, ledger.agency)

    def _save_sealed(self, ledger: Ledger, path: Path, sha256: str | None) -> str:
        return save_ledger(ledger, path, sha256, self.vocabulary, self._key)

    # --- names

    @property
    def names_shown(self) -> bool:
        """Whether names are shown; a ledger is opened with them masked."""
        return self._showing.isActive()

    def show_names(self, minutes: float = SHOWN) -> None:
        """Shows names for some minutes; that the person may see them has been asked."""
        before = self.names_shown
        self._showing.start(int(minutes * _MINUTE))
        if not before:
            self.masking_changed.emit()

    def mask_names(self) -> None:
        """Masks names at once, as when the window is no longer the one in front."""
        self._showing.stop()
        self.masking_changed.emit()

    def is_private(self, field: str) -> bool:
        """Whether a column tells who somebody is."""
        return field in self._private

    def shown(self, request: Request, field: str) -> str:
        """What is seen of a request under a column: codes as they are called, days as 2025年1月20日, names masked
        unless they are shown; what is not settled as it was found, and "" for nothing."""
        if field in self._private and not self.names_shown:
            return privacy.shown(request, field, self.vocabulary)
        value = request.values.get(field)
        if value is None:
            return request.unsettled.get(field, "")
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        if isinstance(value, Decimal):
            return f"{value:f}"
        code = self.vocabulary.lists.get(field, {}).get(str(value))
        return code.label if code is not None else str(value)

    def _private_texts(self) -> frozenset[str]:
        """What no report of a bug may have, of the steps that were undone as well."""
        requests = {id(one): one for step in self._steps for one in step.value.requests}
        return privacy.private_texts(requests.values(), self.vocabulary)

    def told_of(self, text: str, request: Request) -> str:
        """A sentence about a request as it may be seen: what is private of the request is masked within it."""
        return text if self.names_shown else privacy.without_names(text, request, self.vocabulary)


class LedgerDesk(Protocol):
    """The window of a ledger, as its pages see it. `beside` is the report that all of them compare with."""

    session: LedgerSession
    beside: ReportBeside

    @property
    def frame(self) -> QWidget:
        """The window itself: dialogs stand above it."""

    def tell(self, text: str) -> None:
        """Says what was done, for some seconds. Never a name: what is told may stand in a log."""

    def tell_trouble(self, error: GxError) -> None:
        """Says for some seconds what went wrong beside the window."""

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        """Says which files were written, and offers to open them and their folder."""

    @property
    def settings(self) -> Settings:
        """The settings as they are; changed by `keep_settings` only."""

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings, named as the fields of `Settings`."""

    def open_reports(self) -> Sequence[Session]:
        """The reports that are open in other windows: figures are adopted there as a step that is undone there."""

    def open_report(self, path: Path, cell: str = "") -> None:
        """Opens a report in a window of its own, or brings the one to the front that has it, with a cell in view."""

    def begin_report(self, report: Report) -> None:
        """Opens a report that belongs to no file yet in a window of its own."""

    def show_requests(self, ids: Sequence[str], why: str, field: str = "") -> None:
        """The tab of requests with only these in it, `why` in words as the condition; `field` is where the cursor
        stands in the first of them."""

    def turn_to(self, tab: str) -> None:
        """Brings a tab into view: "requests", "due", "checks" or "count"."""

    def came_from(self, back: Callable[[], None], name: str) -> None:
        """Alt+← leads back by `back` to what is called `name`."""

    def go_back(self) -> None:
        """Back to where the last jump began."""

    def show_over(self, page: QWidget) -> None:
        """Shows a page in place of the tabs (the import of a ledger), until it is left."""

    def leave_over(self) -> None:
        """Back from such a page."""
