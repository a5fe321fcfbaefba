"""Reading reports by the content of a file, writing them by its suffix.

Knows our own files and the exports, how dialogs call them, and which reader or writer each takes; loads that reader or
writer only when a file of its format comes. Foreign files come in by `imports.doors`. The window has what is heavy
done in a child process, by the calls that end in `apart`. Window and command line both go through here, so they
offer and do the same. Knows no window and asks nothing: what goes wrong is raised, what should be known is handed back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gxeditor.core.errors import Cancelled, NotWritten, UnreadableSource
from gxeditor.core.report import Prior, Report
from gxeditor.files.names import file_name
from gxeditor.imports import doors
from gxeditor.imports.doors import ONLY, Which
from gxeditor.resources import load_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gxeditor.core.checks.findings import Findings
    from gxeditor.core.checks.profiles import Profile
    from gxeditor.core.checks.rules import Rule
    from gxeditor.core.checks.summary import Summary
    from gxeditor.files.aside import OddFile
    from gxeditor.imports.recognize.report import Imported
    from gxeditor.imports.source import ImportNote
    from gxeditor.paper.archive import Said
    from gxeditor.paper.blocks import Block, Picture
    from gxeditor.paper.layouts import Layout
    from gxeditor.paper.pages import Missing, Pdf

OWN = (".gxr",)
EXPORTS = (".pdf", ".docx", ".xlsx", ".html", ".txt", ".json")
CHECK_REPORTS = (".pdf", ".xlsx")
"""What a 校验报告 can be written as."""
LAID_OUT = (".pdf", ".docx")
"""The exports that have pages and follow a layout."""
NAMES = {**doors.NAMES, ".gxr": "年报文件", ".json": "JSON 数据"}
_UNREAD = (
    "请在原来的程序里打开它，只留下这份年报，另存一份再试；"
    "也可以在原来的程序里复制整张表，粘贴到本程序的表格里。"
)
_KEPT = ".gxr~"  # the previous version, which a save leaves beside the file


class Filed(NamedTuple):
    """A report as a file gave it, to be unpacked whole: nobody takes the report without what is to be told of it.

    `notes` say what should be known about the reading of a foreign file. `sha256` is that of an own file, by which a
    later save knows it again; None for a foreign one.
    """

    report: Report
    notes: tuple[ImportNote, ...]
    sha256: str | None


def is_own(path: Path) -> bool:
    """Whether a file is one of ours, whatever it is called. Reads its beginning and raises nothing.

    Of one that cannot be read the name decides: reading it says what is wrong.
    """
    try:
        return doors.is_own(path)
    except OSError:
        return path.suffix.lower() in (*OWN, _KEPT)


def read(path: Path, which: Which = ONLY) -> Filed:
    """The report in a file, own or foreign; `which` is the one wanted of a foreign file that holds several.

    Raises `UnreadableSource` for a file that no reader knows, `ManyUnits` for a list of units that has not the one, and
    what the reader of the format raises.
    """
    if is_own(path):
        from gxeditor.store.report_file import read_report

        opened = read_report(path, load_form)
        return Filed(opened.report, (), opened.sha256)
    from gxeditor.store import ledger_file, rollup_file

    if ledger_file.begins_as_own(path):
        raise UnreadableSource(
            f"“{path.name}”是台账文件，不是一份年报。",
            "没有读入任何内容。",
            "请用“打开”打开它；表三的数在台账里用“出表三”填进年报。",
        )
    if rollup_file.begins_as_own(path):
        raise UnreadableSource(
            f"“{path.name}”是汇总文件，不是一份年报。",
            "没有读入任何内容。",
            "请用“打开”打开它；或选一个单位的年报。",
        )
    return filed(doors.import_report(path, load_form(), which))


def read_apart(path: Path, which: Which = ONLY) -> Filed:
    """The same; a foreign file is read in the child process. Raises as `read` and as `worker.run`."""
    if is_own(path):
        return read(path)
    from gxeditor import worker

    return worker.run(read, path, which, **reading(path), meaning="没有读入任何内容。")


def reading(path: Path) -> dict[str, str]:
    """What `worker.run` is told of the reading of a foreign file, in words."""
    return {"doing": f"读“{path.name}”", "remedy": _UNREAD}


def filed(imported: Imported) -> Filed:
    """What was recognized in a foreign file, as `read` hands it out."""
    return Filed(imported.report, imported.notes, None)


def as_prior(filed: Filed, path: Path) -> Prior:
    """A report read from `path`, as the next year's keeps it. Raises `OSError` if a foreign file has gone since."""
    from gxeditor.files.limits import FOREIGN_FILE
    from gxeditor.files.reading import sha256_of

    return Prior.of(filed.report, os.path.abspath(path), filed.sha256 or sha256_of(path, FOREIGN_FILE))


def export(
    report: Report,
    path: Path,
    *,
    layout: Layout | None = None,
    findings: Findings | None = None,
    prior: Report | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Writes the report in the format of the suffix, whole or not at all.

    `layout` is for the formats with pages, by default 公文; `findings` make a PDF the 校对稿, `prior` is last year's
    report for its charts. An own file keeps its previous version beside it, an export replaces the earlier one.
    Equal reports give equal files. Raises `NotWritten`, and `Cancelled` once `cancelled` says so; the disk is then as
    it was.
    """
    check_target(path)
    if cancelled():
        raise Cancelled
    from gxeditor.files.atomic import write_atomic

    suffix = path.suffix.lower()
    if suffix in OWN:
        from gxeditor.store.report_file import save_report

        save_report(report, path, None)
        return
    if suffix == ".pdf":
        from gxeditor import worker
        from gxeditor.paper.pdf import set_pages

        worker.pages().warm(worker.VALIDATOR)

        pdf = set_pages(
            report, layout, findings=findings, prior=prior, cancelled=cancelled, archived=_archived_apart
        )
        data = pdf.data
    else:
        data = content(report, suffix, layout)
    if cancelled():
        raise Cancelled
    write_atomic(path, data)


def _archived_apart(data: bytes, said: Said) -> bytes:
    from gxeditor import worker
    from gxeditor.paper.archive import archival

    return worker.run_ours(archival, data, said, doing="做成存档格式（PDF/A）")


def content(
    report: Report,
    suffix: str,
    layout: Layout | None = None,
    findings: Findings | None = None,
    prior: Report | None = None,
) -> bytes:
    """The bytes of an export; a PDF has been approved by the archive's validator. Raises what its writer raises."""
    if suffix == ".pdf":
        from gxeditor import worker
        from gxeditor.paper.pdf import make_pdf

        made = make_pdf(report, layout, findings=findings, prior=prior, cancelled=worker.is_unwanted)
        return made.data
    if suffix == ".docx":
        from gxeditor.exports.word import word_bytes

        return word_bytes(report, layout)
    if suffix == ".xlsx":
        from gxeditor.exports.excel import workbook_bytes

        return workbook_bytes(report)
    if suffix == ".html":
        from gxeditor.exports.web import page_html

        return page_html(report).encode()
    if suffix == ".txt":
        from gxeditor.exports.plain import plain_text

        return plain_text(report).encode("utf-8-sig")  # the mark tells every Windows editor the encoding
    from gxeditor.store.report_file import exchange

    return exchange(report)


Wanted = Callable[[], bool]
"""Asked whether a result is no longer wanted."""


def content_apart(
    report: Report, suffix: str, layout: Layout | None = None, cancelled: Wanted = lambda: False
) -> bytes:
    """The same, made in the child process. Raises as `content` and as `worker.run_ours`."""
    from gxeditor import worker

    return worker.run_ours(content, report, suffix, layout, doing="导出", cancelled=cancelled)


def pages_apart(
    report: Report,
    layout: Layout | None = None,
    findings: Findings | None = None,
    prior: Report | None = None,
    cancelled: Wanted = lambda: False,
) -> Pdf:
    """The pages for the screen, set in the child process: `approve_apart` before they leave the program.

    Raises as `paper.pdf.set_pages` and as `worker.run_ours`.
    """
    from gxeditor import worker

    return worker.run_ours(_pages, report, layout, findings, prior, doing="排版", cancelled=cancelled)


def _pages(report: Report, layout: Layout | None, findings: Findings | None, prior: Report | None) -> Pdf:
    from gxeditor import worker
    from gxeditor.paper.pdf import set_pages

    return set_pages(report, layout, findings=findings, prior=prior, cancelled=worker.is_unwanted)


def approve_apart(pdf: Pdf, cancelled: Wanted = lambda: False) -> None:
    """Has the archive's validator look at pages, in the child process.

    Raises `NotArchival`, and as `worker.run_ours`.
    """
    from gxeditor import worker
    from gxeditor.paper.archive import approve

    worker.run_ours(approve, pdf.data, doing="检查存档格式（PDF/A）", cancelled=cancelled)


def check_target(path: Path, suffixes: tuple[str, ...] = (*OWN, *EXPORTS)) -> None:
    """Raises `NotWritten` if there is no format for the suffix."""
    if path.suffix.lower() not in suffixes:
        raise NotWritten(
            f"不能写出“{path.name}”这种文件。",
            "没有写出任何文件。",
            f"请用 {'、'.join(suffixes)} 作扩展名。",
        )


def check_summary(
    report: Report, rules: Sequence[Rule], findings: Findings, profile: Profile, when: datetime
) -> Summary:
    """What the 校验报告 of a report says, `findings` being those of `rules` on it, found at `when`."""
    from gxeditor.core.checks.summary import summary
    from gxeditor.store.report_file import check_code, content_sha256

    return summary(
        report,
        rules,
        findings,
        code=check_code(content_sha256(report)),
        when=when,
        profile=profile.name,
        code_then=check_code(report.finals[-1].sha256) if report.is_final else "",
    )


def export_check_report(
    summary: Summary,
    path: Path,
    *,
    faces: Mapping[str, str] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Writes a 校验报告 in the format of the suffix, whole or not at all; `faces` names families as a layout does.

    It is made in the child process. Raises `NotWritten`, as `worker.run_ours`, and `Cancelled` once `cancelled` says
    so; the disk is then as it was.
    """
    check_target(path, CHECK_REPORTS)
    from gxeditor import worker
    from gxeditor.files.atomic import write_atomic

    suffix = path.suffix.lower()
    data = worker.run_ours(
        _check_content, summary, suffix, faces or {}, doing=f"写“{path.name}”", cancelled=cancelled
    )
    if cancelled():
        raise Cancelled
    write_atomic(path, data)


def _check_content(summary: Summary, suffix: str, faces: Mapping[str, str]) -> bytes:
    if suffix == ".pdf":
        from gxeditor import worker
        from gxeditor.paper.check_report import make_check_report

        return make_check_report(summary, faces=faces, cancelled=worker.is_unwanted).data
    from gxeditor.exports.check_workbook import check_workbook_bytes

    return check_workbook_bytes(summary)


def check_pages_apart(summary: Summary, faces: Mapping[str, str], cancelled: Wanted = lambda: False) -> Pdf:
    """The pages of a 校验报告 for the screen; as `pages_apart`."""
    from gxeditor import worker

    return worker.run_ours(_check_pages, summary, faces, doing="排版", cancelled=cancelled)


def _check_pages(summary: Summary, faces: Mapping[str, str]) -> Pdf:
    from gxeditor import worker
    from gxeditor.paper.check_report import set_check_report

    return set_check_report(summary, faces=faces, cancelled=worker.is_unwanted)


def booklet_apart(
    blocks: Sequence[Block], pictures: Mapping[str, Picture], cancelled: Wanted = lambda: False
) -> bytes:
    """A booklet (`paper.booklet`) as a PDF/A, set in the child process. Raises as it and as `worker.run_ours`."""
    from gxeditor import worker

    return worker.run_ours(_booklet, tuple(blocks), dict(pictures), doing="排版使用说明", cancelled=cancelled)


def _booklet(blocks: Sequence[Block], pictures: Mapping[str, Picture]) -> bytes:
    from gxeditor import worker
    from gxeditor.paper.booklet import make_booklet

    return make_booklet(blocks, pictures, cancelled=worker.is_unwanted).data


def missing(report: Report, layout: Layout | None = None) -> tuple[Missing, ...]:
    """The characters that a PDF in this layout would show as 〓, with their places, in the order of the report."""
    from gxeditor.paper.pdf import missing_characters as missing_in

    return missing_in(report, layout)


def missing_characters(report: Report, layout: Layout | None = None) -> tuple[str, ...]:
    """The same characters without their places, each once."""
    return tuple(dict.fromkeys(one.char for one in missing(report, layout)))


def missing_characters_apart(
    report: Report, layout: Layout | None = None, cancelled: Wanted = lambda: False
) -> tuple[str, ...]:
    """The same, looked for in the child process. Raises as `worker.run_ours`."""
    from gxeditor import worker

    return worker.run_ours(missing_characters, report, layout, doing="检查字体", cancelled=cancelled)


class Fonts(NamedTuple):
    """The families by role, what of the user's own fonts is refused and why, and what was damaged."""

    families: dict[str, tuple[str, ...]]
    refused: tuple[tuple[str, str], ...]
    odd: tuple[OddFile, ...]


def fonts_apart(cancelled: Wanted = lambda: False) -> Fonts:
    """The fonts of this computer, looked for in the child process; what is damaged of the user's own is moved aside.

    Raises as `worker.run_ours`.
    """
    from gxeditor import worker

    return worker.run_ours(_fonts, doing="读取这台电脑的字体", cancelled=cancelled)


def _fonts() -> Fonts:
    from gxeditor.paper.faces import available_families, refused_fonts
    from gxeditor.paper.font_files import set_aside_damaged

    odd: list[OddFile] = []
    set_aside_damaged(odd.append)
    families = {face.value: names for face, names in available_families().items()}
    return Fonts(families, refused_fonts(), tuple(odd))


def default_name(report: Report) -> str:
    """A name for the files of a report, without suffix: its title, as every file system takes it."""
    return file_name(report.title, f"新{report.form.title}")


def check_report_name(report: Report) -> str:
    """The same for the files of its 校验报告."""
    return f"{default_name(report)}校验报告"


def open_filter(*others: tuple[str, tuple[str, ...]]) -> str:
    """What a dialog that opens reports lists, as Qt writes it: all at once first, then our own, then each kind.

    `others`: what the dialog opens besides reports, the word for each kind and its suffixes.
    """
    kinds = (("年报文件", (*OWN, _KEPT)), *others, *((one.word, one.suffixes) for one in doors.FORMATS))
    everything = " ".join(f"*{suffix}" for _, suffixes in kinds for suffix in suffixes)
    listed = (f"{word} ({' '.join(f'*{suffix}' for suffix in suffixes)})" for word, suffixes in kinds)
    return f"所有能读的文件 ({everything});;{';;'.join(listed)}"
