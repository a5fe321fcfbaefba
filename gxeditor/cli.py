"""The command line: thin words over the calls that the window makes too.

    gxeditor [FILE]                             opens the window
    gxeditor convert IN OUT [--layout KEY] [--draft] [--proof] [--prior FILE]
                           [--year YEAR] [--unit NAME]
                                                a report that can be read to .gxr or an export, by the suffix; a .gxr
                                                keeps FILE
    gxeditor check FILE… [--year YEAR] [--unit NAME] [--prior FILE] [--profile ID] [--today DAY] [--json]
                           [--report OUT]
    gxeditor rules [--json]
    gxeditor fill TEMPLATE REPORT OUT [--map FILE] [--row NAME]
    gxeditor map TEMPLATE [--json]
    gxeditor template new FILE [--rollup]
    gxeditor merge BASE OURS THEIRS OUT [--json]
                                                two copies of one report; BASE is what both began with, - if unknown
    gxeditor rollup FOLDER [--units FILE] [--project FILE.gxh] [--prior FILE.gxh] [--year YEAR] [--profile ID]
                           [--out FILE.xlsx] [--json]
    gxeditor ledger FILE --year YEAR [--map FILE] [--report FILE.gxr] [--write OUT.gxr] [--json]
                                                what 表三 and 表四 count of a ledger of any layout
    gxeditor ledger new FILE.xlsx               a blank workbook for a ledger
    gxeditor workdays FROM N [--json]           the N-th working day after a day, and the days that were passed over
    gxeditor calendar [FILE] [--json]           the years whose days off are known; FILE adds the next one
    gxeditor selftest DIR

Knows the arguments, the wording of results and the exit codes: 0 done (check: no error found; rollup: every unit is in,
without an error; ledger: nothing to settle), 1 errors found, a unit missing, something to settle in a ledger or to
choose in a merging (then nothing is written), cells of a template left out, or the self test failed, 2 a file cannot be
read or written, nothing could be checked of one, or the command is not understood, 3 a bug, 130 Ctrl+C. Scripts rely on
these and on the JSON. What the reading of a file noted is told by every command. Loads Qt only for the window and the
self test, and a file format only when a file of it comes.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from gxeditor.core.errors import GxError

if TYPE_CHECKING:
    import argparse

    from gxeditor.core.checks.anchors import Span
    from gxeditor.core.checks.coverage import Coverage, Equations
    from gxeditor.core.checks.findings import Claimed, Finding, Findings
    from gxeditor.core.checks.profiles import Profile
    from gxeditor.core.checks.rules import Example, Rule
    from gxeditor.core.form import Form
    from gxeditor.core.merge import Merged, Place
    from gxeditor.core.report import Entry, Prior, Report
    from gxeditor.core.rollup.findings import RollupFindings
    from gxeditor.core.rollup.project import Rollup
    from gxeditor.files.aside import OddFile
    from gxeditor.imports.doors import Which
    from gxeditor.imports.source import ImportNote
    from gxeditor.templates.plan import UnitLine
    from gxeditor.templates.shelf import OpenTemplate

OK, ERRORS, UNREADABLE, BUG, STOPPED = 0, 1, 2, 3, 130
_COMMANDS = (
    "convert",
    "check",
    "rules",
    "fill",
    "map",
    "template",
    "merge",
    "rollup",
    "ledger",
    "workdays",
    "calendar",
    "selftest",
)
_SHOWN = 20  # of a list of remarks


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the arguments say; the exit code. Shows messages instead of tracebacks."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Windows program without console has none
            stream.reconfigure(errors="replace")  # and an old console lacks characters
    try:
        code = _dispatch(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except GxError as error:
        _complain(str(error), box=_opens_window(arguments))
        return UNREADABLE
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:
        return _bug(error, box=_opens_window(arguments))


def _opens_window(arguments: Sequence[str]) -> bool:
    return not arguments or not (arguments[0].startswith("-") or arguments[0] in _COMMANDS)


def _dispatch(arguments: list[str]) -> int:
    if _opens_window(arguments):
        if len(arguments) > 1:
            raise GxError("一次只能打开一个文件。", "", "要检查多个文件，请用 gxeditor check。")
        import gc

        gc.disable()  # nothing made while starting is garbage; app.run turns it on again
        from gxeditor.app import run

        return run([Path(argument) for argument in arguments])
    options = _parser().parse_args(arguments)
    if options.command == "convert":
        return _convert(options)
    if options.command == "check":
        from gxeditor.imports.doors import Which

        which = Which(options.year, options.unit)
        return _check(
            options.files, which, options.prior, options.profile, options.today, options.json, options.report
        )
    if options.command == "rules":
        return _rules(options.json)
    if options.command == "fill":
        from gxeditor.worker import collect_rarely

        collect_rarely()
        return _fill(options.template, options.report, options.target, options.map, options.row)
    if options.command == "map":
        return _map(options.template, options.json)
    if options.command == "template":
        return _new_template(options.file, "rollup" if options.rollup else "form")
    if options.command == "merge":
        return _merge(options.base, options.ours, options.theirs, options.target, options.json)
    if options.command == "rollup":
        return _rollup(options)
    if options.command == "ledger":
        return _ledger(options)
    if options.command == "workdays":
        return _workdays(options.first, options.count, options.json)
    if options.command == "calendar":
        return _calendar(options.file, options.json)
    from gxeditor.selftest import run as selftest

    return selftest(options.folder)


# --- commands -------------------------------------------------------------------------------------------------


def _convert(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from gxeditor import documents, worker
    from gxeditor.imports.doors import Which
    from gxeditor.paper.layouts import layouts

    source, target = options.source, options.target
    documents.check_target(target)
    _check_fit(options, target.suffix.lower())
    report, notes, sha256 = documents.read_apart(source, Which(options.year, options.unit))
    if options.prior is not None:
        report = report.with_prior(_read_prior(options.prior, report))
    layout = next((one for one in layouts() if one.key == options.layout), layouts()[0])
    layout = replace(layout, draft=layout.draft or options.draft)
    findings = None
    if options.proof:
        from gxeditor.core.checks.check import check
        from gxeditor.resources import load_rules

        findings = check(report, load_rules(report.form))
    prior = report.prior.report if report.prior is not None else None
    documents.export(report, target, layout=layout, findings=findings, prior=prior)
    if target.suffix.lower() == ".pdf":
        worker.pages().dismiss()
    if sha256 is None:  # it is not our own
        print(f"从“{source.name}”读入 {len(report.entries)} 格。")
    _tell_notes(notes)
    if options.prior is not None and report.prior is not None:
        for doubt in report.prior.doubts(report):
            _complain(f"“{options.prior.name}”：{doubt}")
    _tell_unread(source, report)
    if target.suffix.lower() == ".pdf":
        for missing in documents.missing(report, layout):
            _complain(f"字库里没有“{missing.char}”（{missing.code}，{missing.place}），PDF 中印作“〓”。")
    print(f"已写出“{target.name}”。")
    return OK


def _check_fit(options: argparse.Namespace, suffix: str) -> None:
    """Raises `GxError` for an option that the format has no use for: a clerk who asks for it wants to see it."""
    from gxeditor.documents import LAID_OUT, OWN

    if options.prior is not None and not options.proof and suffix not in OWN:
        raise GxError(
            f"--prior 只用于写出 {'、'.join(OWN)} 文件，或与 --proof 一起用。",
            "没有写出任何文件。",
            "请加上 --proof，或去掉 --prior。",
        )
    for option, given, suffixes in (
        ("--layout", options.layout is not None, LAID_OUT),
        ("--draft", options.draft, LAID_OUT),
        ("--proof", options.proof, (".pdf",)),
    ):
        if given and suffix not in suffixes:
            raise GxError(
                f"{option} 只用于 {'、'.join(suffixes)} 文件。",
                "没有写出任何文件。",
                "请去掉它，或换一种文件。",
            )


def _tell_notes(notes: Sequence[ImportNote], title: str = "", stream: TextIO | None = None) -> None:
    """What the reading of a file noted, the same for every command, under a title if there is one."""
    if notes and title:
        print(title, file=stream)
    for note in notes:
        place = note.origin.words
        at = f"（原文{place}）" if place and place not in note.what else ""
        print(f"  {note.where}：{note.what}{note.done}{at}", file=stream)


def _check(
    files: Sequence[Path],
    which: Which,
    prior_file: Path | None,
    profile_id: str | None,
    today: date | None,
    as_json: bool,
    report_file: Path | None,
) -> int:
    from gxeditor import documents
    from gxeditor.core.checks.check import check
    from gxeditor.core.checks.profiles import Given
    from gxeditor.core.checks.rules import Severity
    from gxeditor.resources import load_rules

    if report_file is not None:
        documents.check_target(report_file, documents.CHECK_REPORTS)
        if len(files) > 1:
            raise GxError("一份校验报告只写一份年报。", "没有写出任何文件。", "请每次检查一个文件。")
    profiles = _Profiles()
    if profile_id is not None:
        profiles.of(profile_id, needed=True)
    priors: dict[tuple[int | None, str], Prior] = {}
    results: list[dict[str, Any]] = []
    code = OK
    for path in files:
        try:
            report, notes, _ = documents.read_apart(path, which)
        except GxError as error:
            code = UNREADABLE
            results.append({"file": str(path), "error": str(error)})
            _complain(str(error))
            continue
        if prior_file is not None:
            whose = report.year, report.agency
            if whose not in priors:
                priors[whose] = _read_prior(prior_file, report)
            report = report.with_prior(priors[whose])
        profile = profiles.of(report.profile if profile_id is None else profile_id)
        given = Given(today=today or date.today(), profile=profile, complete=True)
        findings = check(report, load_rules(report.form), given=given)
        if findings.count(Severity.ERROR):
            code = max(code, ERRORS)
        if not findings.checked:
            code = UNREADABLE
        remarks = _prior_remarks(path, report, stored=prior_file is None)
        _tell_unread(path, report)
        results.append(_result(path, report, findings, notes, remarks))
        if not as_json:
            for line in (*_lines(path, report, findings), *(f"  {remark}" for remark in remarks)):
                print(line)
            _tell_notes(notes)
        if report_file is not None:
            _write_check_report(report, findings, profile, report_file, quiet=as_json)
    if as_json:
        _print_json(results)
    return code


def _write_check_report(
    report: Report, findings: Findings, profile: Profile, path: Path, *, quiet: bool
) -> None:
    from datetime import datetime

    from gxeditor import documents
    from gxeditor.resources import load_rules

    summary = documents.check_summary(report, load_rules(report.form), findings, profile, datetime.now())
    documents.export_check_report(summary, path)
    if not quiet:
        print(f"校验报告已写出“{path.name}”。")


class _Profiles:
    """The profiles, shipped and handed out; read only if a report or the command names one."""

    def of(self, profile_id: str, *, needed: bool = False) -> Profile:
        """The profile of an id; for one that nobody has the national one, and that is told; or `GxError` if needed."""
        from gxeditor.core.checks.profiles import NATIONAL
        from gxeditor.resources import load_profile

        if not profile_id:
            return NATIONAL
        try:
            return load_profile(profile_id, self._folder, self._tell)
        except GxError as error:
            if needed:
                raise
            _complain(f"{error.what}按全国的要求检查。")
            return NATIONAL

    @property
    def _folder(self) -> Path:
        from gxeditor.settings import user_folders

        return user_folders().config / "profiles"

    @staticmethod
    def _tell(odd: OddFile) -> None:
        _complain(str(odd))


def _read_prior(path: Path, report: Report) -> Prior:
    """Last year's report, what its reading noted being told; the one before `report`, if the file holds several."""
    from gxeditor import documents
    from gxeditor.imports.doors import Which
    from gxeditor.imports.source import ManyUnits

    which = Which(report.year - 1 if report.year else None)
    try:
        filed = documents.read_apart(path, which)
    except ManyUnits:
        filed = documents.read_apart(path, which._replace(unit=report.agency))
    _tell_notes(filed.notes, f"上年年报“{path.name}”：", sys.stderr)
    try:
        return documents.as_prior(filed, path)
    except OSError as error:
        raise GxError(f"“{path.name}”打不开。", "没有写出任何文件。", "请核对它还在不在。") from error


def _prior_remarks(path: Path, report: Report, *, stored: bool) -> list[str]:
    """Which report of last year's the rules were checked with, and what speaks against it."""
    prior = report.prior
    if prior is None:
        return []
    if not stored:
        return [f"对照的上年年报：{prior.words}。", *prior.doubts(report)]
    from gxeditor.store.report_file import find_prior

    remarks = [f"对照的上年年报：{prior.words}，数存在本年报里。", *prior.doubts(report)]
    words = find_prior(prior, path.absolute().parent).words
    return [*remarks, f"上年年报：{words}"] if words else remarks


def _tell_unread(path: Path, report: Report) -> None:
    from gxeditor.store.report_file import prior_unread

    if unread := prior_unread(report):
        _complain(f"“{path.name}”：{unread}")


def _rules(as_json: bool) -> int:
    from gxeditor.resources import load_form, load_rules

    form = load_form()
    rules = load_rules(form)
    if as_json:
        _print_json([_rule(rule) for rule in rules])
    else:
        print("\n".join(_catalogue(form, rules)))
    return OK


def _fill(template: Path, source: Path, target: Path, map_file: Path | None, row: str | None) -> int:
    from gxeditor import documents
    from gxeditor.templates import shelf as templates

    report, notes, _ = documents.read_apart(source)
    _tell_notes(notes, f"年报“{source.name}”：")
    from gxeditor.templates.document import is_document

    if is_document(template):
        return _fill_document(template, report, target)
    opened = templates.open_template(template, report, map_file)
    for odd in opened.odd:
        _complain(str(odd))
    if opened.is_changed:
        _complain(f"“{template.name}”的结构和上次不同，原来的对应关系没有采用，已重新识别。")
    filling = templates.plan_filling(opened, [report], row or "")
    for line in (line for of_report in filling.lines for line in of_report):
        print(_told_line(line))
    refused = [remark.text for remark in filling.refused]
    _tell_some("没有填写的：", refused)
    _tell_some("模板算得的数与年报不同的：", [difference.text for difference in filling.differences])
    _tell_some("请留意：", [remark.text for remark in filling.remarks if not remark.refused])
    if filling.unknown:
        print(f"有 {len(filling.unknown)} 个公式要在 Excel 里打开时才能算出。")
    templates.write_filling(filling, opened, target)
    print(f"填入 {filling.count} 格，已写出“{target.name}”。")
    return ERRORS if refused or filling.differences else OK


def _fill_document(template: Path, report: Report, target: Path) -> int:
    from gxeditor.templates.document import fill_file, write_document

    filled = fill_file(template, report)
    write_document(filled, template, target)
    _tell_some("文件里没有的：", [report.form.cells[cell_id].place for cell_id in filled.missing])
    print(f"填入 {len(filled.filled)} 格，已写出“{target.name}”。")
    return ERRORS if filled.missing else OK


def _told_line(line: UnitLine) -> str:
    number = f"第 {line.number + 1} {'行' if line.axis == 'row' else '列'}"
    if not line.is_new:
        return f"“{line.sheet}”{number}是“{line.name}”，覆盖这一{number[-1]}。"
    told = f"“{line.sheet}”里没有“{line.name}”，填在{number}。"
    if line.similar:
        told += f"名称相近的有：{'、'.join(line.similar)}；如果就是它，请用 --row 指定。"
    return told


def _tell_some(title: str, texts: Sequence[str]) -> None:
    """A heading and the first of what there is to say."""
    if texts:
        print(title)
        for text in texts[:_SHOWN]:
            print(f"  {text}")
        if len(texts) > _SHOWN:
            print(f"  另有 {len(texts) - _SHOWN} 处。")


def _map(template: Path, as_json: bool) -> int:
    from gxeditor.mapping.placement import to_json
    from gxeditor.templates import shelf as templates

    opened = templates.open_template(template)
    for odd in opened.odd:
        _complain(str(odd))
    found = opened.map
    if as_json:
        data = json.loads(to_json(found, opened.form))
        data["missing"] = list(found.missing)
        data["doubtful"] = [
            {
                "id": doubt.id,
                "why": doubt.why,
                "text": doubt.text,
                "candidates": [{"sheet": one.sheet, "ref": one.ref} for one in doubt.candidates],
            }
            for doubt in found.doubtful
        ]
        _print_json(data)
    else:
        print("\n".join(_told_map(opened)))
    return ERRORS if found.missing or found.doubtful else OK


def _told_map(opened: OpenTemplate) -> Iterator[str]:
    """Where everything goes in a template, and what has no place."""
    form, found = opened.form, opened.map
    cells = sum(cell_id in found.targets for cell_id in form.cells)
    missing = [cell_id for cell_id in found.missing if cell_id not in {doubt.id for doubt in found.doubtful}]
    counts = f"{cells} 格有对应，缺 {len(missing)} 格，存疑 {len(found.doubtful)} 处"
    yield f"“{opened.path.name}”：{len(form.cells)} 格中 {counts}。"
    for units in found.units:
        line = "行" if units.axis == "row" else "列"
        yield f"  “{units.sheet}”每个单位一{line}，从第 {units.first + 1} {line}起。"
    for target in found.places:
        formula = "，模板计算" if target.formula else ""
        yield f"  {target.id}　“{target.sheet}”{target.ref}　{target.confidence:.0%}{formula}"
    for doubt in found.doubtful:
        at = f"（{doubt.where}）" if doubt.where else ""
        yield f"  存疑 {doubt.id}：{doubt.why}{at}"
    for cell_id in missing:
        yield f"  缺少 {cell_id}"


def _new_template(file: Path, kind: str) -> int:
    from gxeditor.templates import shelf as templates

    templates.write_blank(file, kind)
    print(f"已写出空白的“{file.name}”，填好后可以导入。")
    return OK


def _rollup(options: argparse.Namespace) -> int:
    from gxeditor.files.atomic import write_atomic
    from gxeditor.store.rollup_lock import hold

    project: Path | None = options.project
    _check_rollup_files(options)
    lock = None if project is None else hold(project)
    try:
        rollup, findings, base, save = _rolled_up(options)
        from gxeditor.rollup.account import account, is_well, lines

        if options.json:  # told first: a drive that takes no file has not made the reading void
            _print_lists(account(rollup, findings, options.folder, base))
        else:
            print("\n".join(lines(rollup, findings)))
        save()
    finally:
        if lock is not None:
            lock.release()
    if options.out is not None:
        write_atomic(options.out, _rollup_content(rollup, findings, options.out))
        if not options.json:
            print(f"已写出“{options.out.name}”。")
    return OK if is_well(rollup, findings) else ERRORS


_TABLES = (".xlsx", ".csv")


def _check_rollup_files(options: argparse.Namespace) -> None:
    """Raises `GxError` for files that cannot be what they are given for, before anything is read."""
    from gxeditor.store.rollup_file import SUFFIX

    if options.units is None and options.project is None:
        raise GxError(
            "没有说明有哪些单位。",
            "没有读取任何文件。",
            "请用 --units 给出单位名单，或用 --project 给出汇总文件。",
        )
    if options.project is not None and options.project.suffix.lower() != SUFFIX:
        raise GxError(
            f"“{options.project.name}”不是汇总文件。", "没有读取任何文件。", f"请用 {SUFFIX} 作扩展名。"
        )
    if options.units is None and not options.project.exists():
        raise GxError(
            f"“{options.project.name}”还没有，不知道有哪些单位。",
            "没有读取任何文件。",
            "请用 --units 给出单位名单。",
        )
    if options.out is not None and options.out.suffix.lower() not in _TABLES:
        raise GxError(
            f"汇总表不能写成“{options.out.name}”。",
            "没有读取任何文件。",
            f"请用 {'、'.join(_TABLES)} 作扩展名。",
        )
    _check_rollup_targets(options)


def _demand_no_source(target: Path, sources: Iterable[Path | None]) -> None:
    """Raises `GxError` if what is to be written is one of the files that are read."""
    from gxeditor.files.names import same_file

    if any(one is not None and same_file(target, one) for one in sources):
        raise GxError(
            f"“{target.name}”是读取的文件之一，没有写出。", "文件没有改动。", "请给新文件另取一个名字。"
        )


def _is_table(path: Path) -> bool:
    """Whether a file is a workbook or a long table that a roll-up was written as: any other may be a report."""
    from gxeditor.exports.long_table import COLUMNS
    from gxeditor.files.reading import read_head
    from gxeditor.rollup.reading import is_paper

    head = ",".join(COLUMNS).encode()
    try:
        return is_paper(path) or read_head(path, len(head)) == head
    except OSError:
        return False


def _check_rollup_targets(options: argparse.Namespace) -> None:
    """Raises `GxError` where what is written would lie in no folder, or on what is read."""
    from gxeditor.files.names import same_file

    for path in (options.project, options.out):
        if path is not None and not path.absolute().parent.is_dir():
            raise GxError(
                f"放“{path.name}”的文件夹“{path.absolute().parent.name}”不在。",
                "没有读取任何文件。",
                "请先建这个文件夹，或换一个地方。",
            )
    read = [("--units", options.units), ("--prior", options.prior), ("--project", options.project)]
    named = [(how, path) for how, path in read if path is not None]
    for how, path in named:
        if options.out is not None and same_file(path, options.out):
            raise GxError(
                f"“{path.name}”是 {how} 给的文件，写上去就盖掉它了。",
                "没有读取任何文件。",
                "请把汇总表写成另一个文件。",
            )
    if (
        options.prior is not None
        and options.project is not None
        and same_file(options.prior, options.project)
    ):
        raise GxError(
            f"上年的汇总和本年的是同一个文件“{options.prior.name}”。",
            "没有读取任何文件。",
            "请用 --prior 给出上年的汇总文件。",
        )
    out = options.out
    if out is None or not out.is_file() or _is_table(out):
        return
    if Path(os.path.realpath(options.folder)) in Path(os.path.realpath(out)).parents:
        raise GxError(
            f"“{out.name}”在放年报的文件夹里，不是本程序写出的汇总表，可能是一份年报。",
            "没有读取任何文件，它没有改动。",
            "请把汇总表写成另一个文件。",
        )


def _rolled_up(options: argparse.Namespace) -> tuple[Rollup, RollupFindings, Path, Callable[[], None]]:
    """The roll-up of a folder as its reports say now, what was found across units, the folder it names files from, and
    what keeps it in its file, if it has one.
    """
    import gc
    from dataclasses import replace
    from datetime import datetime

    from gxeditor.core.rollup.checks import check
    from gxeditor.core.rollup.project import Rollup
    from gxeditor.resources import load_form, load_rollup_checks, load_unit_words
    from gxeditor.rollup.lists import as_listed, carried, is_listed, listed_as, read_list
    from gxeditor.rollup.reading import of_year, read_folder, year_said
    from gxeditor.store.rollup_file import moved, read_rollup, save_rollup, seen_from
    from gxeditor.worker import collect_rarely

    collect_rarely()
    folder, project = options.folder, options.project
    base = folder if project is None else project.absolute().parent
    gc.disable()  # nothing of what is read is garbage, and looking for it is a quarter of the reading
    try:
        known = read_rollup(project, load_form) if project is not None and project.exists() else None
    finally:
        gc.enable()
    before = rollup = Rollup(load_form(), year=0) if known is None else known.rollup
    if options.year is not None:
        rollup = replace(rollup, year=options.year)
    complaints: tuple[str, ...] = ()

    def with_list(rollup: Rollup) -> Rollup:
        nonlocal complaints
        if is_listed(rollup, options.units):  # ten thousand units take a second
            return rollup
        listed = read_list(options.units, rollup.owner, rollup.year or None)
        complaints = listed.notes
        units = carried(listed.units, rollup.units) if rollup.units.listed else listed.units
        if units != rollup.units:
            kept = rollup.prior and as_listed(rollup.prior, units, before=rollup.units)
            rollup = replace(rollup, units=units, owner=rollup.owner or listed.owner, prior=kept)
        known_as = listed_as(rollup, options.units)
        # the same list again is no change, and nothing is written for it
        return rollup if known_as == rollup.listed else replace(rollup, listed=known_as)

    if options.units is not None:
        rollup = with_list(rollup)
    if options.prior is not None:
        last = read_rollup(options.prior, load_form)
        prior = moved(last.rollup, options.prior.absolute().parent, base)
        given = prior.as_prior(seen_from(base, options.prior), last.sha256)
        rollup = replace(rollup, prior=as_listed(given, rollup.units))
    profiles = _Profiles()
    profile = profiles.of(options.profile or rollup.profile, needed=options.profile is not None)
    if options.profile is not None:
        rollup = replace(rollup, profile=options.profile)
    apart = [one for one in (options.units, project, options.prior, options.out) if one is not None]

    def read(rollup: Rollup) -> Rollup:
        moment = datetime.now().isoformat(timespec="seconds")
        return read_folder(rollup, folder, base=base, moment=moment, apart=apart, profile=profile)

    rollup = read(rollup)
    if not rollup.year:
        year = year_said(rollup)
        is_guess = year is None and not any(one.is_report for one in rollup.received)
        if is_guess:  # nobody has reported yet; of which year that is, a first report will say
            year, project = date.today().year - 1, None
        if year is None:
            raise GxError(
                "没有一份年报写明年份，不知道汇总哪一年。", "没有写出任何文件。", "请用 --year 给出年份。"
            )
        if is_guess:
            _complain(f"没有读出一份年报，也没有指定年份，按 {year} 年列出未交的单位，没有写汇总文件。")
        else:
            _complain(f"没有指定年份，按多数年报的 {year} 年汇总。")
        rollup = of_year(rollup, year)
        if options.units is not None:
            rollup = with_list(rollup)  # a due day without a year is now one
        rollup = read(rollup)
    for note in complaints:
        _complain(f"单位名单：{note}")
    if rollup.prior is not None and rollup.prior.year != rollup.year - 1:
        _complain(f"上年的汇总是 {rollup.prior.year} 年的，不是 {rollup.year - 1} 年的。")
    findings = check(rollup, load_rollup_checks(rollup.form), words=load_unit_words())

    def save() -> None:
        if project is not None and (known is None or rollup is not before):
            save_rollup(rollup, project, None if known is None else known.sha256)

    return rollup, findings, base, save


def _rollup_content(rollup: Rollup, findings: RollupFindings, path: Path) -> bytes:
    from datetime import datetime

    if path.suffix.lower() == ".csv":
        from gxeditor.exports.long_table import long_table

        return b"".join(long_table(rollup))
    from gxeditor.exports.rollup_workbook import rollup_workbook_bytes

    return rollup_workbook_bytes(rollup, findings, datetime.now())


def _ledger(options: argparse.Namespace) -> int:
    from gxeditor.ledger.account import account, is_settled, lines
    from gxeditor.ledger.maps import read_map
    from gxeditor.ledger.reckoning import reckon
    from gxeditor.resources import load_form, load_vocabulary
    from gxeditor.store.protection import NeedsPassword
    from gxeditor.worker import collect_rarely

    _check_ledger_files(options)
    if str(options.file) == "new":
        return _new_ledger(options.target)
    collect_rarely()
    form = load_form()
    report = None
    if options.report is not None:
        from gxeditor import documents

        report, notes, _ = documents.read_apart(options.report)
        _tell_notes(notes, f"年报“{options.report.name}”：", sys.stderr)
        if report.year and report.year != options.year:
            _complain(f"“{options.report.name}”是 {report.year} 年的年报，不是 {options.year} 年的。")
        form = report.form
    vocabulary = load_vocabulary(form)
    given = None if options.map is None else read_map(options.map, vocabulary)
    try:
        reckoned = reckon(options.file, options.year, given, report)
    except NeedsPassword as error:  # typed in a command it would stay in the shell's history
        raise GxError(
            f"“{options.file.name}”有密码，命令行里不能输密码。",
            error.meaning,
            "请在程序里打开它，点“出表三”。",
        ) from error
    if options.json:
        _print_json(account(reckoned, vocabulary))
    else:
        for line in lines(reckoned, options.file.name, form, vocabulary):
            print(line)
    if options.write is not None:
        from gxeditor import documents
        from gxeditor.core.ledger.comparing import adopt, digest_of
        from gxeditor.core.report import blank_report

        ledger = reckoned.read.ledger
        into = report or blank_report(form, options.year).with_fields(agency=ledger.agency)
        documents.export(adopt(into, reckoned.counts, digest=digest_of(ledger)), options.write)
        if not options.json:
            print(f"已把台账的数写进“{options.write.name}”。")
    return OK if is_settled(reckoned) else ERRORS


def _check_ledger_files(options: argparse.Namespace) -> None:
    """Raises `GxError` for arguments that cannot be what they are given for, before anything is read."""
    from gxeditor.documents import OWN

    if str(options.file) == "new":
        if options.target is None or options.target.suffix.lower() != ".xlsx":
            raise GxError(
                "没有给出新文件的名字。",
                "没有写出任何文件。",
                "请写成 gxeditor ledger new “新文件”，用 .xlsx 作扩展名。",
            )
        return
    if options.target is not None:
        raise GxError("一次只能读一份台账。", "没有读取任何文件。", "要做空表，请用 gxeditor ledger new。")
    if options.year is None:
        raise GxError("没有说明数哪一年。", "没有读取任何文件。", "请用 --year 给出年份。")
    if options.write is not None:
        if options.write.suffix.lower() not in OWN:
            raise GxError(
                f"年报不能写成“{options.write.name}”。",
                "没有读取任何文件。",
                f"请用 {'、'.join(OWN)} 作扩展名。",
            )
        _demand_no_source(options.write, (options.file, options.report, options.map))


def _new_ledger(path: Path) -> int:
    from gxeditor.exports.ledger_blank import blank_ledger
    from gxeditor.files.atomic import write_atomic
    from gxeditor.resources import load_form, load_vocabulary

    if path.exists():
        raise GxError(f"已有“{path.name}”，没有覆盖它。", "没有写出任何文件。", "请换一个名字。")
    write_atomic(path, blank_ledger(load_vocabulary(load_form())))
    print(f"已写出空白的“{path.name}”，填好后可以导入。")
    return OK


def _merge(base: Path, ours: Path, theirs: Path, target: Path, as_json: bool) -> int:
    """Two copies as one. With anything to choose nothing is written: half a merging looks like a whole one."""
    from gxeditor import documents
    from gxeditor.core.merge import NO_BASE, SAME, merge
    from gxeditor.files.names import same_file
    from gxeditor.store.report_file import kept_path

    documents.check_target(target)
    sources = [path for path in (base, ours, theirs) if str(path) != "-"]
    if any(same_file(kept_path(target), path) for path in sources):
        raise GxError(
            f"写“{target.name}”会改写要合并的“{kept_path(target).name}”，没有写出。",
            "文件没有改动。",
            "请给新文件另取一个名字。",
        )
    # Our own side may become the merged one, as its previous version is kept; the others stay what they are.
    kept = sources if target.suffix.lower() not in documents.OWN else [one for one in sources if one != ours]
    if any(same_file(target, path) for path in kept):
        raise GxError(
            f"“{target.name}”是要合并的文件之一，没有写出。", "文件没有改动。", "请给新文件另取一个名字。"
        )
    stream = sys.stderr if as_json else None
    reports: dict[Path, Report] = {}
    for path in dict.fromkeys(sources):
        reports[path], notes, _ = documents.read_apart(path)
        _tell_notes(notes, f"“{path.name}”：", stream)
    merged = merge(reports.get(base), reports[ours], reports[theirs])
    written = not merged.conflicts
    if written:
        documents.export(merged.resolve({}, date.today().isoformat()), target)
    if as_json:
        _print_json(_merged(merged, written))
        return OK if written else ERRORS
    if merged.is_same:
        print(SAME)
    elif str(base) == "-":
        print(NO_BASE)
    mine, its = merged.changed
    if merged.base is not None:
        print(f"我方改了 {mine} 处，对方改了 {its} 处，已合并 {len(merged.taken)} 处。")
    for conflict in merged.conflicts:
        print(f"  两边不同　{conflict.place.name}（{conflict.key}）")
        for name, value in (("原稿", conflict.base), ("我方", conflict.ours), ("对方", conflict.theirs)):
            if name != "原稿" or merged.base is not None:
                print(f"    {name}：{'没有' if value is None else value}")
    if written:
        print(f"已写出“{target.name}”。")
        return OK
    print(f"两边不同 {len(merged.conflicts)} 处，要选用哪一边，没有写出“{target.name}”。请在窗口里合并。")
    return ERRORS


def _merged(merged: Merged, written: bool) -> dict[str, Any]:
    """What came of two copies; figures as a .gxr has them, null for blank, gone, or no common state."""
    from gxeditor.core.checks.anchors import Cell

    def values(place: Place, shown: Sequence[str | None]) -> list[Any]:
        reports = (merged.base, merged.ours, merged.theirs)
        if not isinstance(place.where, Cell) or place.key != place.where.id:
            return list(shown)
        return [_plain(None if one is None else one.value(place.key)) for one in reports]

    conflicts = []
    for one in merged.conflicts:
        base, ours, theirs = values(one.place, (one.base, one.ours, one.theirs))
        name = one.place.name
        conflicts.append({"place": one.key, "name": name, "base": base, "ours": ours, "theirs": theirs})
    taken = []
    for change in merged.taken:
        base, ours, theirs = values(change.place, (change.before, change.after, change.after))
        after = theirs if change.side == "theirs" else ours
        if isinstance(change.place.where, Cell) and change.place.key == change.place.where.id:
            after = _plain(merged.report.value(change.place.key))
        name, side = change.place.name, change.side
        taken.append({"place": change.place.key, "name": name, "side": side, "before": base, "after": after})
    return {"same": merged.is_same, "written": written, "conflicts": conflicts, "taken": taken}


# --- wording --------------------------------------------------------------------------------------------------


def _lines(path: Path, report: Report, findings: Findings) -> Iterator[str]:
    """What `check` says about one report: a summary and a line per finding."""
    from gxeditor.core.checks.coverage import coverage
    from gxeditor.core.checks.rules import EXPLAINED_SIGN, Severity

    counts = "，".join(f"{severity.word} {findings.count(severity)}" for severity in Severity)
    if explained := len(findings.findings) - len(findings.open):
        counts += f"，已说明 {explained}"
    yield f"{report.title}（{path.name}）：{coverage(report, findings).wordings[1]}。{counts}。"
    for finding in findings.open:
        again = "（原来的说明要重看）" if finding.is_reopened else ""
        yield f"  {finding.severity.sign} {_told(report, finding)}{again}（{finding.rule.id}）"
    for finding in findings.findings:
        if finding.explanation is not None and finding.is_explained:
            reason = finding.explanation.reason
            yield f"  {EXPLAINED_SIGN} 已说明：{_told(report, finding)}说明：{reason}（{finding.rule.id}）"
    for reason, codes in _closed(findings).items():
        yield f"  已关闭 {'、'.join(codes)}：{reason}"


def _closed(findings: Findings) -> dict[str, list[str]]:
    """The codes of the rules that are not to be checked, by reason."""
    closed: dict[str, list[str]] = {}
    for code, reason in dict.fromkeys((item.rule.code, item.reason) for item in findings.closed):
        closed.setdefault(reason, []).append(code)
    return closed


def _told(report: Report, finding: Finding) -> str:
    from gxeditor.core.checks.anchors import part_named

    place = part_named(finding.where, report.form)
    return finding.message if finding.message.startswith(place) else f"{place}　{finding.message}"


def _catalogue(form: Form, rules: Sequence[Rule]) -> Iterator[str]:
    """Every rule in order, to be read aloud."""
    from gxeditor.core.checks.rules import Group
    from gxeditor.core.checks.standing import is_equation

    for rule in rules:
        yield f"{rule.id}　{rule.group.word}　{rule.severity.word}　{rule.title}"
        if is_equation(rule):
            left, right = rule.names[: len(rule.left)], rule.names[len(rule.left) :]
            last_year = "上年年报的" if rule.kind == "carry_over" else ""
            yield f"    {last_year}{' ＋ '.join(left)} ＝ {' ＋ '.join(right)}"
        yield f"    例：{_example(form, rule)}"
        yield f"    依据：{rule.basis}"
    counts = [(group.word, sum(rule.group is group for rule in rules)) for group in Group]
    told = "，".join(f"{word} {count} 条" for word, count in counts if count)
    yield f"{form.edition} 版共 {len(rules)} 条：{told}。"


def _example(form: Form, rule: Rule) -> str:
    """What the rule says of its bad example."""
    from gxeditor.core.checks.check import check
    from gxeditor.core.checks.profiles import given_of

    found = check(rule.bad.on(form), [rule], rule.bad.prior_on(form), given_of(rule.bad)).findings
    return found[0].message


def _counts(equations: Equations) -> dict[str, int]:
    return {
        "equal": equations.equal,
        "different": equations.different,
        "explained": equations.explained,
        "not_checked": equations.not_checked,
    }


def _prose(looked_at: Coverage) -> str:
    if not looked_at.written:
        return "blank"
    return "not_checked" if looked_at.stated is None else "checked"


def _result(
    path: Path, report: Report, findings: Findings, notes: Sequence[ImportNote], remarks: Sequence[str]
) -> dict[str, Any]:
    from gxeditor.core.checks.coverage import coverage

    prior, looked_at = report.prior, coverage(report, findings)
    return {
        "file": str(path),
        "notes": [_note(note) for note in notes],
        "checked": findings.checked,
        "not_checked": len(findings.not_checked),
        "coverage": {
            "sentence": looked_at.sentence,
            "tables": _counts(looked_at.tables),
            "last_year": _counts(looked_at.yearly),
            "prose": _prose(looked_at),
            "claims": None if looked_at.stated is None else looked_at.stated._asdict(),
            "others": [one._asdict() for one in looked_at.others],
            "explained": looked_at.explained,
            "closed": looked_at.closed,
            "unwritten": list(looked_at.unwritten),
        },
        "findings": [
            {
                "rule": finding.rule.id,
                "severity": finding.severity.value,
                **_address(finding),
                "left": _plain(finding.left),
                "right": _plain(finding.right),
                "difference": _plain(finding.difference),
                "message": finding.message,
                "basis": finding.basis,
                "explanation": _explanation(finding),
            }
            for finding in findings.findings
        ],
        "claims": [_claim(claim) for claim in findings.claims],
        "not_checked_rules": [
            {"rule": item.rule.id, "reason": item.reason, "cells": list(item.cells)}
            for item in findings.not_checked
        ],
        "closed_rules": [{"rule": item.rule.id, "reason": item.reason} for item in findings.closed],
        "prior": None
        if prior is None
        else {
            "agency": prior.report.agency,
            "year": prior.report.year,
            "path": prior.path,
            "sha256": prior.sha256,
            "remarks": list(remarks),
        },
    }


def _explanation(finding: Finding) -> dict[str, Any] | None:
    """Why it stands; `holds` is False once one of the values has changed for which that was said."""
    if finding.explanation is None:
        return None
    return {**asdict(finding.explanation), "holds": finding.is_explained}


def _address(finding: Finding) -> dict[str, Any]:
    """Where a finding points to: cells, and the first part of prose, in characters of its section's text."""
    text = next((_place(span) for span in finding.spans), None)
    return {"cells": list(finding.cells), **({"text": text} if text is not None else {})}


def _place(span: Span) -> dict[str, Any]:
    return {"section": span.section, "start": span.start, "end": span.end}


def _claim(claim: Claimed) -> dict[str, Any]:
    return {
        "text": _place(claim.where),
        "said": claim.text,
        "value": _plain(claim.value),
        "state": claim.state,
        "rule": claim.code,
        "readings": [
            {
                "name": reading.name,
                "cells": list(reading.cells),
                "value": _plain(reading.value),
                "last_year": reading.prior,
            }
            for reading in claim.readings
        ],
        "how": claim.how,
    }


def _note(note: ImportNote) -> dict[str, Any]:
    return {
        "severity": note.severity,
        "where": note.where,
        "text": f"{note.what}{note.done}",
        "place": note.origin.words,
        "cells": list(note.cells),
        "unread": [{"place": raw.origin.words, "text": raw.text} for raw in note.raw]
        if not note.cells
        else [],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "kind": rule.kind,
        "group": rule.group.value,
        "severity": rule.severity.value,
        "section": rule.section,
        "title": rule.title,
        "left": list(rule.left),
        "right": list(rule.right),
        "message": rule.message,
        "basis": rule.basis,
        "good": _figures(rule.good),
        "bad": _figures(rule.bad),
    }


def _figures(example: Example) -> dict[str, Any]:
    """The cells of an example, this year's and last year's, why figures among them are in doubt, and prose."""
    figures = {
        name: {cell: _plain(entry) for cell, entry in entries.items()}
        for name, entries in (("cells", example.entries), ("prior", example.prior))
        if entries
    }
    doubts = {"doubts": dict(example.doubts)} if example.doubts else {}
    return {**figures, **doubts, **({"brought": example.brought} if example.brought else {})}


def _plain(number: Entry | None) -> int | str | None:
    """Counts as JSON integers, amounts as texts, which keep their decimals."""
    return format(number, "f") if isinstance(number, Decimal) else number


def _print_json(value: object) -> None:
    """JSON is UTF-8 whatever the console is; what is no text of a file's name is escaped just as JSON does it."""
    _speak_utf_8()
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _print_lists(value: Mapping[str, Sequence[Any] | Mapping[str, Any]]) -> None:
    """JSON with an item a line: what Python indents takes seconds where there are ten thousand units."""
    _speak_utf_8()
    keys = []
    for key, several in value.items():
        if isinstance(several, Mapping):
            items = [f"{_json(name)}: {_json(one)}" for name, one in several.items()]
            inside = f"{{{_LINE}{f',{_LINE}'.join(items)}\n }}" if items else "{}"
        else:
            inside = f"[{_LINE}{f',{_LINE}'.join(map(_json, several))}\n ]" if several else "[]"
        keys.append(f" {_json(key)}: {inside}")
    print("{\n" + ",\n".join(keys) + "\n}")


_LINE = "\n  "
_json = json.JSONEncoder(ensure_ascii=False).encode


def _speak_utf_8() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def _complain(message: str, *, box: bool = False) -> None:
    """Says it on the console; with `box`, where there is none, in a box of Windows, whose text Ctrl+C copies."""
    if sys.platform == "win32" and box and sys.stderr is None:
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, message, "政府信息公开年报编辑器", 0x10)  # MB_ICONERROR
    else:
        print(message, file=sys.stderr)


def _bug(error: Exception, *, box: bool = False) -> int:
    from gxeditor import crash
    from gxeditor.settings import user_folders

    log = crash.install(user_folders().log)
    log.record(error)
    log.close()
    _complain(f"程序出错了。已保存的年报不受影响。详情记在 {log.path}。", box=box)
    return BUG


# --- arguments ------------------------------------------------------------------------------------------------


def _day(text: str) -> date:
    import argparse

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应写成 2023-01-20 这样") from None


def _whole(text: str) -> int:
    """A whole number, said in Chinese if it is none."""
    import argparse

    if not text.strip().removeprefix("-").isdecimal() or len(text) > 12:
        raise argparse.ArgumentTypeError(f"“{text}”不是整数")
    return int(text)


def _year(text: str) -> int:
    """A year of four digits: neither reports nor ledgers are of other ones."""
    import argparse

    year = _whole(text)
    if not 1900 <= year < 3000:
        raise argparse.ArgumentTypeError(f"“{text}”不是年份，应是四位数，如 2025")
    return year


def _any_day(text: str) -> date:
    """A day as clerks write it: 2025.12.4, 20251204, 2025年12月4日."""
    import argparse

    from gxeditor.core.ledger.entries import Refused, parse_date

    found = parse_date(text)
    if isinstance(found, Refused):
        raise argparse.ArgumentTypeError(found.why.removesuffix("。"))
    return found


def _parser() -> argparse.ArgumentParser:
    import argparse

    import gxeditor
    from gxeditor.documents import CHECK_REPORTS, EXPORTS, OWN
    from gxeditor.imports.doors import CAN_BE_READ
    from gxeditor.paper.layouts import layouts

    class ChineseParser(argparse.ArgumentParser):
        """argparse with its own few words in Chinese."""

        def __init__(self, **options: Any) -> None:
            super().__init__(add_help=False, allow_abbrev=False, **options)
            self._positionals.title = "参数"
            self._optionals.title = "选项"
            self.add_argument("-h", "--help", action="help", help="显示这段说明")

        def format_usage(self) -> str:
            return super().format_usage().replace("usage: ", "用法：", 1)

        def format_help(self) -> str:
            return super().format_help().replace("usage: ", "用法：", 1)

        def error(self, message: str) -> NoReturn:
            for english, chinese in _PHRASES:
                message = message.replace(english, chinese)
            self.exit(UNREADABLE, f"命令没有看懂：{message}。\n{self.format_usage()}")

    parser = ChineseParser(
        prog="gxeditor", description="政府信息公开年报编辑器。不带命令时打开窗口：gxeditor [年报文件]"
    )

    class Version(argparse.Action):
        """argparse has a version ready, which is looked up in a file."""

        def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
            print(f"gxeditor {gxeditor.__version__}")
            parser.exit()

    parser.add_argument("--version", action=Version, nargs=0, default=argparse.SUPPRESS, help="显示版本")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="命令", title="命令", parser_class=ChineseParser
    )

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    def add_which(one: argparse.ArgumentParser) -> None:
        one.add_argument(
            "--year", metavar="年份", type=_year, help="原文件里有几年的年报时，读哪一年；默认最近一年"
        )
        one.add_argument(
            "--unit", metavar="单位", default="", help="原文件是几个单位的汇总表时，读哪一个单位"
        )

    readable, writable = f"{'、'.join(OWN)}、{CAN_BE_READ}", "、".join((*OWN, *EXPORTS))
    one = command("convert", f"把年报转成另一种文件：读 {readable}，按内容辨认；写 {writable}，按扩展名")
    one.add_argument("source", metavar="原文件", type=Path)
    one.add_argument("target", metavar="新文件", type=Path)
    keys = [layout.key for layout in layouts()]
    names = "、".join(f"{layout.key} {layout.name}" for layout in layouts())
    one.add_argument(
        "--layout", metavar="版式", choices=keys, help=f"PDF 和 Word 的版式：{names}；默认 {keys[0]}"
    )
    one.add_argument("--draft", action="store_true", help="PDF 和 Word 各页印上“草稿”")
    one.add_argument("--proof", action="store_true", help="PDF 印成校对稿：标出检查发现的问题，末尾列出清单")
    one.add_argument(
        "--prior",
        metavar="上年年报",
        type=Path,
        help=f"上年年报：存进写出的 {'、'.join(OWN)}；与 --proof 一起用时核对两年的衔接",
    )
    add_which(one)
    one = command(
        "check", "检查年报的勾稽关系；没有错误返回 0，有错误返回 1，有文件读不出来或一条也不能检查返回 2"
    )
    one.add_argument("files", metavar="文件", nargs="+", type=Path)
    add_which(one)
    one.add_argument(
        "--prior", metavar="上年年报", type=Path, help="核对与上年年报的衔接；不给时用年报里存的上年年报"
    )
    one.add_argument(
        "--profile",
        metavar="地区要求",
        help="按哪个地区的要求检查，如 henan；不给时用年报里选的，没有选的按全国",
    )
    one.add_argument(
        "--today", metavar="日期", type=_day, help="按哪一天核对公布期限，如 2023-01-20；默认今天"
    )
    one.add_argument("--json", action="store_true", help="结果写成 JSON")
    kinds = "、".join(CHECK_REPORTS)
    one.add_argument(
        "--report",
        metavar="校验报告",
        type=Path,
        help=f"另写一份校验报告，按扩展名：{kinds}；只检查一个文件时可用",
    )
    one = command("rules", "列出全部检查规则")
    one.add_argument("--json", action="store_true", help="写成 JSON")
    one = command(
        "fill", "把年报填进 Excel 模板或去年的 Word 文件，其余内容一字不动；有格子没填或合计不同返回 1"
    )
    one.add_argument("template", metavar="模板", type=Path)
    one.add_argument("report", metavar="年报", type=Path)
    one.add_argument("target", metavar="新文件", type=Path)
    one.add_argument("--map", metavar="对应关系", type=Path, help="用从程序导出的对应关系，不自动识别")
    one.add_argument("--row", metavar="单位", help="每个单位一行的模板：填进这个名称或编码的行")
    one = command("map", "列出模板里每一格填什么；有缺少或存疑的返回 1")
    one.add_argument("template", metavar="模板", type=Path)
    one.add_argument("--json", action="store_true", help="写成 JSON，可以改过后用 --map 交给 fill")
    one = command("template", "写出空白的 Excel 表格，供填写后导入")
    one.add_argument("action", metavar="new", choices=["new"])
    one.add_argument("file", metavar="新文件", type=Path)
    one.add_argument("--rollup", action="store_true", help="汇总表：每个单位一行")
    one = command(
        "merge",
        "合并一份年报的两份修改：只有一边改过的都采用，有两边改得不同的返回 1，不写出文件；"
        "新文件可以就是原来的 .gxr，上一版保留在旁边",
    )
    one.add_argument(
        "base", metavar="原稿", type=Path, help="两份都由它改来；不知道时写 -，凡不同都算两边不同"
    )
    one.add_argument("ours", metavar="我方", type=Path)
    one.add_argument("theirs", metavar="对方", type=Path)
    one.add_argument("target", metavar="新文件", type=Path)
    one.add_argument(
        "--json",
        action="store_true",
        help="结果写成 JSON：conflicts 是两边不同的地方（place、name、base、ours、theirs），taken 是已合并的",
    )
    one = command(
        "rollup",
        "汇总一个文件夹里各单位的年报；各单位都可用、没有错误返回 0，有缺的或错的返回 1，读不出来返回 2",
    )
    one.add_argument("folder", metavar="文件夹", type=Path)
    one.add_argument(
        "--units",
        metavar="单位名单",
        type=Path,
        help="单位名单：文本、Excel、Word 或 .gxh；不给时用汇总文件里的",
    )
    one.add_argument(
        "--project",
        metavar="汇总文件",
        type=Path,
        help="汇总文件（.gxh）：没有时新建；再次汇总只读有变化的文件",
    )
    one.add_argument("--prior", metavar="上年汇总", type=Path, help="上年的汇总文件（.gxh），核对两年的衔接")
    one.add_argument(
        "--year", metavar="年份", type=_year, help="汇总哪一年；不给时用汇总文件里的，再没有按多数年报"
    )
    one.add_argument(
        "--profile", metavar="地区要求", help="按哪个地区的要求检查，如 henan；不给时用汇总文件里的"
    )
    one.add_argument(
        "--out", metavar="汇总表", type=Path, help="另写一份汇总表（.xlsx），或每格一行的长表（.csv）"
    )
    one.add_argument("--json", action="store_true", help="结果写成 JSON")
    one = command(
        "ledger",
        "从台账数出表三、表四；没有要定的返回 0，有存疑、错误或与年报不同的返回 1，读不出来返回 2。"
        "gxeditor ledger new 新文件.xlsx 写出空白的台账",
    )
    one.add_argument("file", metavar="台账", type=Path, help="Excel、WPS 表格、CSV、Word 或 .gxl；或 new")
    one.add_argument("target", metavar="新文件", type=Path, nargs="?", help="只用于 new")
    one.add_argument("--year", metavar="年份", type=_year, help="数哪一年的")
    one.add_argument("--map", metavar="对应关系", type=Path, help="JSON：columns 列名到字段，words 词到代码")
    one.add_argument("--report", metavar="年报", type=Path, help="与这份年报逐格比较，只读")
    one.add_argument(
        "--write", metavar="新年报", type=Path, help="把数写进年报的一份副本；没有 --report 时写进空白年报"
    )
    one.add_argument(
        "--json",
        action="store_true",
        help="结果写成 JSON：counts 各格的数，rows 行数，doubts 存疑的行（行号按文件从 1 数，列是字母和列名），"
        "findings 检查发现的问题，not_checked 没有检查的和原因",
    )
    one = command(
        "workdays", "某一天以后（当天不计）第几个工作日是哪一天，跳过了哪些天；超出放假安排的返回 2"
    )
    one.add_argument("first", metavar="日期", type=_any_day, help="从哪一天起算，如 2025-12-04")
    one.add_argument("count", metavar="个数", type=_whole, help="第几个工作日，如 20")
    one.add_argument("--json", action="store_true", help="结果写成 JSON")
    one = command("calendar", "列出收录了哪些年的放假安排；给文件时导入那一年的")
    one.add_argument(
        "file",
        metavar="放假安排",
        type=Path,
        nargs="?",
        help="放假安排文件（.toml），或国务院办公厅放假通知的原文（.txt）",
    )
    one.add_argument("--json", action="store_true", help="结果写成 JSON")
    one = command("selftest", "检查程序自身是否完好，结果写进文件夹")
    one.add_argument("folder", metavar="文件夹", type=Path)
    return parser


def _workdays(first: date, count: int, as_json: bool) -> int:
    from gxeditor.core.ledger.deadlines import passed_words
    from gxeditor.store.calendar_file import known_calendar

    if not 1 <= count <= _MOST_WORKDAYS:
        raise GxError(f"第几个工作日应是 1 到 {_MOST_WORKDAYS} 的整数。", "", "答复期限是 20，补正告知是 7。")
    calendar = known_calendar(lambda odd: _complain(str(odd)))
    found = calendar.after(first, count)
    words = passed_words(found.weekends, found.holidays, found.worked)
    if as_json:
        days = {
            "from": first.isoformat(),
            "count": count,
            "date": found.day.isoformat(),
            "weekends": [day.isoformat() for day in found.weekends],
            "holidays": [{"date": day.isoformat(), "name": name} for day, name in found.holidays],
            "worked": [{"date": day.isoformat(), "name": name} for day, name in found.worked],
            "words": words,
        }
        print(json.dumps(days, ensure_ascii=False, indent=1))
        return OK
    weekday = "一二三四五六日"[found.day.weekday()]
    print(
        f"{_date_words(first)}起（当天不计），第 {count} 个工作日是 {_date_words(found.day)}（周{weekday}）。"
    )
    if words:
        print(f"{words}。")
    return OK


_MOST_WORKDAYS = 1_000  # four years; nothing in the rules counts further than 40


def _date_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _calendar(file: Path | None, as_json: bool) -> int:
    from gxeditor.resources import load_calendar
    from gxeditor.store.calendar_file import folder_of_years, keep_year, known_calendar

    kept = keep_year(file, folder_of_years()) if file is not None else None
    shipped = load_calendar().years
    years = known_calendar(lambda odd: _complain(str(odd))).years
    if as_json:
        listed = [
            {"year": year, "source": one.source, "own": shipped.get(year) != one}
            for year, one in sorted(years.items())
        ]
        print(json.dumps({"imported": kept.year.year if kept else None, "years": listed}, ensure_ascii=False))
        return OK
    if kept is not None:
        how = "，代替了原来的" if kept.replaced else ""
        told = f"放假 {len(kept.year.off)} 天、调休上班 {len(kept.year.worked)} 天"
        print(f"已导入 {kept.year.year} 年放假安排{how}：{told}。")
    for year, one in sorted(years.items()):
        print(f"{year} 年　{'自己导入的' if shipped.get(year) != one else '随程序的'}　{one.source}")
    return OK


_PHRASES = (
    ("the following arguments are required: ", "缺少 "),
    ("unrecognized arguments: ", "不认识 "),
    ("expected one argument", "后面要有一个值"),
    ("expected at least one argument", "后面要有值"),
    ("invalid choice: ", "没有 "),
    (" (choose from ", "（可以是 "),
    ("argument ", ""),
)
