"""What a roll-up sends and says on paper: 退回意见 and the analysis, as PDF and Word, written whole or not at all.

Knows how their files are called and that everything is made, in the child process, before the first of them is written.
What they say is `core.rollup.returning`'s and `core.rollup.analysis`'s. Knows no window; the day comes from the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gxeditor.core.errors import Cancelled
from gxeditor.core.form import Form
from gxeditor.core.rollup.analysis import Analysis
from gxeditor.core.rollup.returning import TITLE, ReturnSheet
from gxeditor.documents import check_target
from gxeditor.files.names import file_name

if TYPE_CHECKING:
    from gxeditor.paper.pages import Pdf

SUFFIXES = (".docx", ".pdf")
"""The formats of both, in the order in which they are offered."""

Wanted = Callable[[], bool]


def sheet_names(sheets: Sequence[ReturnSheet]) -> tuple[str, ...]:
    """What the files of the sheets are called, without suffix: each its own, on every disk, capitals aside."""
    taken: set[str] = set()
    names: list[str] = []
    for sheet in sheets:
        first = name = file_name(sheet.file_stem, TITLE)
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{first}（{number}）"
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


def sheet_paths(
    sheets: Sequence[ReturnSheet], target: Path, suffixes: Sequence[str] = SUFFIXES, *, each: bool = True
) -> Mapping[Path, tuple[ReturnSheet, ...]]:
    """What `write_return_sheets` would write: a file for each sheet in the folder `target`, or all in one beside it.

    `target` is then the file, whose suffix gives way to each of `suffixes`.
    """
    if not each:
        stem = target.with_suffix("") if target.suffix.lower() in SUFFIXES else target
        return {stem.with_name(stem.name + suffix): tuple(sheets) for suffix in suffixes}
    return {
        target / f"{name}{suffix}": (sheet,)
        for sheet, name in zip(sheets, sheet_names(sheets), strict=True)
        for suffix in suffixes
    }


def write_return_sheets(
    form: Form,
    sheets: Sequence[ReturnSheet],
    target: Path,
    suffixes: Sequence[str] = SUFFIXES,
    *,
    each: bool = True,
    cancelled: Wanted = lambda: False,
) -> tuple[Path, ...]:
    """Writes the files that `sheet_paths` names, and hands them back; earlier ones of the same names are replaced.

    All are made before the first is written. Raises `NotWritten`, as `worker.run_ours`, and `Cancelled` once
    `cancelled` says so while they are made: the disk is then as it was.
    """
    return _write(
        {
            path: (_sheets_content, (form.edition, several, path.suffix))
            for path, several in sheet_paths(sheets, target, suffixes, each=each).items()
        },
        cancelled,
    )


def write_analysis(
    form: Form,
    analysis: Analysis,
    target: Path,
    suffixes: Sequence[str] = SUFFIXES,
    *,
    cancelled: Wanted = lambda: False,
) -> tuple[Path, ...]:
    """Writes the analysis in these formats, `target`'s suffix giving way to each; as `write_return_sheets`."""
    stem = target.with_suffix("") if target.suffix.lower() in SUFFIXES else target
    return _write(
        {
            stem.with_name(stem.name + suffix): (_analysis_content, (form.edition, analysis, suffix))
            for suffix in suffixes
        },
        cancelled,
    )


def _write(
    wanted: Mapping[Path, tuple[Callable[..., bytes], tuple[object, ...]]], cancelled: Wanted
) -> tuple[Path, ...]:
    from gxeditor import worker
    from gxeditor.files.atomic import write_atomic

    for path in wanted:
        check_target(path, SUFFIXES)
    made: dict[Path, bytes] = {}
    for path, (make, arguments) in wanted.items():
        made[path] = worker.run_ours(make, *arguments, doing=f"写“{path.name}”", cancelled=cancelled)
        if cancelled():
            raise Cancelled
    for path, data in made.items():
        write_atomic(path, data)
    return tuple(made)


def _sheets_content(edition: str, sheets: Sequence[ReturnSheet], suffix: str) -> bytes:
    if suffix.lower() == ".pdf":
        from gxeditor import worker
        from gxeditor.paper.return_sheet import make_return_sheets

        return make_return_sheets(sheets, cancelled=worker.is_unwanted).data
    from gxeditor.exports.letters import return_sheets_word
    from gxeditor.resources import load_form

    return return_sheets_word(load_form(edition), sheets)


def _analysis_content(edition: str, analysis: Analysis, suffix: str) -> bytes:
    if suffix.lower() == ".pdf":
        from gxeditor import worker
        from gxeditor.paper.analysis import make_analysis

        return make_analysis(analysis, cancelled=worker.is_unwanted).data
    from gxeditor.exports.letters import analysis_word
    from gxeditor.resources import load_form

    return analysis_word(load_form(edition), analysis)


def sheet_pages_apart(sheets: Sequence[ReturnSheet], cancelled: Wanted = lambda: False) -> Pdf:
    """The pages of sheets for the screen and the printer, set in the child process, which the validator has not seen.

    `documents.approve_apart` before they leave the program. Raises as `worker.run_ours`.
    """
    from gxeditor import worker

    return worker.run_ours(_sheet_pages, tuple(sheets), doing="排版", cancelled=cancelled)


def _sheet_pages(sheets: Sequence[ReturnSheet]) -> Pdf:
    from gxeditor import worker
    from gxeditor.paper.archive import described
    from gxeditor.paper.return_sheet import make_return_sheets

    return make_return_sheets(sheets, cancelled=worker.is_unwanted, archived=described)
