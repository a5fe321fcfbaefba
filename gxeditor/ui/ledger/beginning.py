"""The ways in which a ledger begins or grows: read in, taken over from last year's, kept on in an Excel workbook.

Knows what is asked and where files come from and go. What is open at the turn of the year is `core.ledger.counting`'s,
what a file of any layout says `gxeditor.ledger`'s, how one is looked at `import_page`'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.counting import carried
from gxeditor.core.ledger.request import Ledger
from gxeditor.ledger.reading import SUFFIXES
from gxeditor.store import ledger_file
from gxeditor.store.protection import NeedsPassword
from gxeditor.ui.ledger.import_page import ImportPage
from gxeditor.ui.ledger.import_state import into, same_numbers
from gxeditor.ui.ledger.model import new_id
from gxeditor.ui.ledger.password import open_protected
from gxeditor.ui.ledger.report_beside import HELD
from gxeditor.ui.ledger.session import LedgerDesk
from gxeditor.ui.look import dialog

BLANK = "台账空表.xlsx"
_ANY = " ".join(f"*{suffix}" for suffix in SUFFIXES)


_NO_LEDGER = (".txt", ".html")
"""What is read as well, but is more often something else: the notice about days off."""


def is_foreign(path: Path) -> bool:
    """Whether a file that is dropped on a ledger is taken for a ledger of another layout."""
    return path.suffix.lower() in SUFFIXES and path.suffix.lower() not in _NO_LEDGER


def ask_import(desk: LedgerDesk) -> None:
    """「导入现有台账…」: a file of any layout, looked at before it is taken in."""
    if _is_held(desk):
        return
    name, _ = QFileDialog.getOpenFileName(
        desk.frame, "导入台账", str(desk.session.path.parent), f"台账 ({_ANY});;所有文件 (*)"
    )
    if name:
        import_file(desk, Path(name))


def import_file(desk: LedgerDesk, path: Path) -> None:
    """The same for a file that is known, as one that was dropped on the window; a ledger of ours is taken over from."""
    if _is_held(desk):
        return
    if ledger_file.is_own(path):
        take_over(desk, path)
    else:
        desk.show_over(ImportPage(desk, path))


def carry_over(desk: LedgerDesk) -> None:
    """「从去年带入未办结的…」: what a ledger of last year left open comes before what is here, as one step."""
    if _is_held(desk):
        return
    name, _ = QFileDialog.getOpenFileName(
        desk.frame, "去年的台账", str(desk.session.path.parent), f"台账 (*{ledger_file.SUFFIX} {_ANY})"
    )
    if name:
        take_over(desk, Path(name))


def take_over(desk: LedgerDesk, path: Path) -> None:
    """The same from a file that is known; what is open in another office's layout comes as it was understood."""
    last = _read(desk, path)
    if last is None:
        return
    session = desk.session
    year = year_after(last, session.today)
    over = carried(last, year)
    before, same = session.ledger, same_numbers(session.ledger, over)
    number = len(over.requests) - same
    if not number:
        desk.tell("那份台账里没有未办结的申请，或者都已经在这里了。")
        return
    grown = into(before, over, iter(new_id(before), ""), only_new=True)
    new = grown.requests[len(before.requests) :]
    agency = before.agency or last.agency
    ledger = replace(grown, agency=agency, requests=(*new, *before.requests))
    if session.edit(ledger, f"带入未办结的 {number} 件"):
        known = f"；另有 {same} 件这里已经有了" if same else ""
        desk.tell(f"已带入 {year} 年年初未办结的 {number} 件，排在最前面{known}。")


def year_after(last: Ledger, today: date) -> int:
    """The year that a ledger is continued in: the one after its last, but none that has not begun yet."""
    years = [day.year for one in last.requests if (day := one.day("received_on")) is not None]
    return min(today.year, max(years, default=today.year - 1) + 1)


def _read(desk: LedgerDesk, path: Path) -> Ledger | None:
    """The ledger in a file, ours or foreign; None if it could not be read, which has been shown."""
    vocabulary = desk.session.vocabulary
    title = f"正在读取 {path.name}"
    if not ledger_file.is_own(path):
        from gxeditor.ledger.reckoning import read_apart

        read = dialog.run_task(desk.frame, title, lambda _: read_apart(path))
        return read.ledger if read is not None else None
    try:
        return ledger_file.read_ledger(path, vocabulary).ledger
    except NeedsPassword:
        try:
            opened = open_protected(
                desk.frame, path.name, lambda password: ledger_file.read_ledger(path, vocabulary, password)
            )
        except GxError as error:
            dialog.show_error(desk.frame, error)
            return None
        return opened.ledger if opened is not None else None
    except GxError as error:
        dialog.show_error(desk.frame, error)
        return None


def write_blank(desk: LedgerDesk) -> None:
    """「做一份 Excel 空表…」: a workbook with lists for offices that go on in Excel; read back without asking."""
    start = desk.session.path.parent / BLANK
    name, _ = QFileDialog.getSaveFileName(
        desk.frame, "做一份 Excel 空表", str(start), "Excel 工作簿 (*.xlsx)"
    )
    if not name:
        return
    path = Path(name)
    if path.suffix.lower() != ".xlsx":
        path = path.with_name(f"{path.name}.xlsx")
    vocabulary = desk.session.vocabulary

    def write(_: object) -> Path:
        from gxeditor.exports.ledger_blank import blank_ledger
        from gxeditor.files.atomic import write_atomic

        write_atomic(path, blank_ledger(vocabulary))
        return path

    if dialog.run_task(desk.frame, "正在写 Excel 空表", write) is not None:
        desk.tell_written(f"已写：{path.name}。填好以后用“导入”读回来，不用再核对列名。", [path])


def _is_held(desk: LedgerDesk) -> bool:
    if desk.session.is_held:
        desk.tell(desk.session.held or HELD)
    return desk.session.is_held
