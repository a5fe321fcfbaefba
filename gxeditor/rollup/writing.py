"""What leaves a roll-up for other hands, one call for each file, for window and command line alike.

Each writes whole or not at all, and the same roll-up at the same moment gives the same file. What takes long is made in
the child process. Names of files that go together are given here; what stands in them is `exports`' and `paper`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gxeditor.core.errors import Cancelled
from gxeditor.core.rollup.missing import MissingList, missing_list
from gxeditor.core.rollup.project import Rollup
from gxeditor.documents import check_target
from gxeditor.files.atomic import write_atomic
from gxeditor.files.names import file_name

if TYPE_CHECKING:
    from gxeditor.core.form import Form
    from gxeditor.core.rollup.findings import RollupFindings

Wanted = Callable[[], bool]
"""Asked whether a file is no longer wanted."""


def _never() -> bool:
    return False


def suggested_name(rollup: Rollup, what: str) -> str:
    """「松塘县2025年年报汇总」 and the like, without a suffix: what a file of this roll-up is called at first."""
    return file_name(f"{rollup.owner}{rollup.year}年{what}")


def write_workbook(
    rollup: Rollup,
    path: Path,
    findings: RollupFindings | None,
    *,
    when: datetime,
    cancelled: Wanted = _never,
) -> None:
    """Writes the 汇总 workbook (.xlsx) as of `when`; `findings` are those across units, None if nobody looked for them.

    Raises `NotWritten`, as `worker.run_ours`, and `Cancelled` once `cancelled` says so; the disk is then as it was.
    """
    check_target(path, (".xlsx",))
    from gxeditor import worker

    data = worker.run_ours(_workbook, rollup, findings, when, doing=f"写“{path.name}”", cancelled=cancelled)
    _write(path, data, cancelled)


def _workbook(rollup: Rollup, findings: RollupFindings | None, when: datetime) -> bytes:
    from gxeditor.exports.rollup_workbook import rollup_workbook_bytes

    return rollup_workbook_bytes(rollup, findings, when)


def write_missing_list(rollup: Rollup, path: Path, *, today: date, cancelled: Wanted = _never) -> MissingList:
    """Writes the 未交名单 (.docx) as of a day, and gives the list. Raises as `write_workbook`."""
    check_target(path, (".docx",))
    from gxeditor import worker

    owing = missing_list(rollup, today)
    data = worker.run_ours(
        _missing, rollup.form, owing, rollup.owner, doing=f"写“{path.name}”", cancelled=cancelled
    )
    _write(path, data, cancelled)
    return owing


def _missing(form: Form, owing: MissingList, owner: str) -> bytes:
    from gxeditor.exports.missing_word import missing_word

    return missing_word(form, owing, owner)


def write_long_table(rollup: Rollup, path: Path, *, cancelled: Wanted = _never) -> None:
    """Writes the long table (.csv), piece by piece. Raises `NotWritten`, and `Cancelled` once `cancelled` says so."""
    check_target(path, (".csv",))
    from gxeditor.exports.long_table import long_table

    def pieces() -> Iterator[bytes]:
        for piece in long_table(rollup):
            if cancelled():
                raise Cancelled
            yield piece

    write_atomic(path, pieces())


def _write(path: Path, data: bytes, cancelled: Wanted) -> None:
    if cancelled():
        raise Cancelled
    write_atomic(path, data)
