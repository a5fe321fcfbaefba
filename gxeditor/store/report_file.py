"""A report as a file: .gxr, UTF-8 JSON, one cell per line and sorted, so that it diffs well.

Knows the format, its versions and how a damaged file is told to a clerk. Does not know where forms come from (a loader
is handed in), nor what to do about a conflict.

    {
     "format": "gxeditor-report/1",
     "edition": "2021", "year": 2022, "agency": "…", "kind": "government",
     "title": null,                         null: computed from agency and year
     "preamble": "", "sections": {"overview": "…", …}, "signature": "", "date": "",
     "sealed": true, "note_requests": "注：…",   absent where not sealed, and where a table has no note
     "cells": {"proactive.fees.amount": "0.0000", "requests.received.natural_person": 30, …},
     "doubts": {"requests.received.natural_person": {"cell": 30, "what": "…"},
                "overview": [{"at": 12, "text": "2022", "what": "…"}]},
     "explanations": {"T3-04.total@requests.received.total": {"reason": "…", "values": ["16", "17"]}},
     "bound": {"requests": [{"at": 7, "text": "62", "cells": ["requests.received.total"]}]},
     "closed": {"Y-01": "…"},
     "finals": [{"date": "2026-01-12", "checker": "…", "sha256": "…", "forced": "", "reopened": ""}],
     "prior": {"path": "…", "beside": "…", "sha256": "…", "agency": "…", "year": 2021, "cells": {…},
               "preamble": "…", "sections": {…}}
    }

A count is a JSON integer, an amount a decimal string, a text found in place of a number a string; a blank cell is
absent, and so is an automatic total. What this version does not know (keys, sections, cells) is kept in `Report.extra`
and written back. What a foreign program wrote into a cell is read as far as it is a number, so that the checks can mark
it: fractions, negative numbers, digits in a string. A number of more than 30 digits is kept as a text.

`doubts` are figures taken over in doubt that nobody has looked at yet, and by section, or as "preamble", the numbers of
prose (`at` counts characters); absent if there are none. One whose cell or text holds something else by now has ended;
one that this version cannot read is kept in `Report.extra` and written back.

`explanations`, `bound`, `closed` and `finals` are those of `core.report.Report`, absent where there are none. An item
that this version cannot read is kept in `Report.extra` and written back beside the others; a bound number that its text
no longer holds has ended. Programs before them keep all four as they keep any key that they do not know.

`prior` is last year's report as `core.report.Prior` keeps it, absent if none was chosen. `beside` is the path of its
file as seen from the folder of this one, for what lies in that folder, below it or beside it, so that both may be moved
together. A `prior` that makes no sense costs the report nothing: it is set aside in `Report.extra`, see `prior_unread`.

The format's history: 1, the first. A reader upgrades older versions in memory and refuses newer ones.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, NoReturn, TypeVar

from gxeditor.core.difference import PREAMBLE
from gxeditor.core.errors import ChangedElsewhere, DamagedFile, NewerFormat, NotWritten, UnreadableSource
from gxeditor.core.expressions import expression
from gxeditor.core.fields import BY_NAME, FIELDS, PlainField
from gxeditor.core.form import Cell, Form
from gxeditor.core.report import (
    Bound,
    Doubt,
    Entry,
    Explanation,
    Final,
    Prior,
    ProseDoubt,
    Report,
    paragraphs,
    same_entry,
    show_entry,
)
from gxeditor.files.atomic import not_written, write_atomic
from gxeditor.files.digest import sha256
from gxeditor.files.limits import FOREIGN_FILE, JSON_DEPTH, JSON_DIGITS, OWN_FILE
from gxeditor.files.names import kept_name
from gxeditor.files.reading import NotRegular, TooMuch, reachable, read_file, read_head, sha256_of

SUFFIX = ".gxr"
VERSION = 1

_FORMAT = f"gxeditor-report/{VERSION}"
_EXCHANGE = "gxeditor-exchange/1"
_ANY_FORMAT = re.compile(r"gxeditor-report/([0-9]{1,9})")
_BEGINNING = 200  # bytes; `format` is the first key
_EDITION = expression("[0-9A-Za-z-]{1,20}")  # it names a file of the program's
_NUMBER = expression(rf"-?[0-9]{{1,{JSON_DIGITS}}}(?:\.[0-9]{{1,{JSON_DIGITS}}})?")
_KEYS = {*(one.key for one in FIELDS), "format", "edition", "sections", "cells"}
SAID = ("explanations", "bound", "closed", "finals")
"""The keys of what a person said of a report, in the order of the file."""
_PRIOR_KEYS = {"path", "beside", "sha256", "agency", "year", "cells", "preamble", "sections"}
_SHA256 = expression("(?:[0-9a-f]{64})?")
_WINDOWS_PATH = expression(r"\\|[A-Za-z]:")


class OpenedReport(NamedTuple):
    """A report as it stood on the disk, and the sha256 by which a later save knows that file again."""

    report: Report
    sha256: str


def read_report(path: Path, load_form: Callable[[str], Form]) -> OpenedReport:
    """The report in a file, which is waited for a little while another program holds it.

    Raises `DamagedFile`, `NewerFormat`, `UnreadableSource` if it cannot be opened, and `GxError` for an edition
    that this program does not have.
    """
    try:
        try:
            data = read_file(path, OWN_FILE, meaning="文件没有改动。")
        except UnreadableSource as error:
            if isinstance(error.__cause__, TooMuch):
                _damaged("它太大了，不会是一份年报")
            raise
        return OpenedReport(parse(data, load_form), sha256(data).hexdigest())
    except DamagedFile as error:
        kept = kept_path(path)
        there = reachable(kept)
        remedy = f"上一次保存的版本还在，可以打开“{kept.name}”。" if there.exists() else error.remedy
        raise DamagedFile(f"“{path.name}”读不出来：{error.what}", error.meaning, remedy) from error


def save_report(report: Report, path: Path, expected_sha256: str | None) -> str:
    """Writes the report, keeps the previous version beside it (`kept_path`), and returns the new sha256.

    `expected_sha256` is that of the file as it was opened or last saved; None overwrites whatever is there. Raises
    `ChangedElsewhere` if another file is there now, `NotWritten` if it cannot be written; the disk is then as it was.
    A file that has vanished is simply written.
    """
    if expected_sha256 is not None:
        try:
            if not reachable(path).is_dir() and _differs(path, expected_sha256):
                raise ChangedElsewhere(
                    f"“{path.name}”打开以后被别的程序或别的人改过，没有保存。",
                    "您的修改都还在编辑器里，磁盘上的文件没有改动。",
                    "您可以覆盖它、另存为别的名字，或重新打开磁盘上的文件。",
                )
        except FileNotFoundError:
            pass
        except OSError as error:
            raise not_written(path, error, held=True) from error
    data = dump(report, path.absolute().parent)
    if len(data) > OWN_FILE:
        place, text = max(report.sections.items(), key=lambda one: len(one[1]), default=("", ""))
        heading = next((one.heading for one in report.form.sections if one.key == place), "")
        raise NotWritten(
            f"年报有 {len(data) // 1_000_000} MB，存下来也打不开（最多 {OWN_FILE // 1_000_000} MB），没有保存；"
            f"最长的是“{heading}”，有 {len(text)} 个字。",
            "您的修改都还在编辑器里，磁盘上的文件没有改动。",
            "请删去不该在年报里的文字再保存。",
        )
    return write_atomic(path, data, keep=kept_path(path))


class PriorFile(NamedTuple):
    """What has become of the file that last year's report was read from, and where it is now.

    "same": it holds what was read; "changed": something else; "missing": it is nowhere, or a folder stands there;
    "closed": it cannot be read; "remote": it lies on another computer, which is not called without being asked to.
    """

    state: Literal["same", "changed", "missing", "closed", "remote"]
    path: Path | None

    @property
    def words(self) -> str:
        """The state as a clerk is told, empty if there is nothing to say."""
        return {
            "same": "",
            "changed": f"原文件已改动（{self.path}），用的仍是存在本年报里的数。",
            "missing": "找不到原文件，用的是存在本年报里的数。",
            "closed": f"原文件打不开（{self.path}），用的是存在本年报里的数。",
            "remote": "原文件在别的电脑上，没有去核对，用的是存在本年报里的数。",
        }[self.state]


def find_prior(prior: Prior, folder: Path | None) -> PriorFile:
    """The file of last year's report, looked for from `folder`, where this year's file lies, then where it was chosen.

    Reads that file, and may wait for a drive that does not answer, so the window does it beside. A path that names
    another computer is not tried: a report that came by post must not make this one call anywhere. Raises nothing.
    """
    remote = prior.path.startswith(("\\\\", "//"))
    places: list[Path] = []
    if folder is not None and _is_near(prior.beside):
        places.append(folder / prior.beside)
    if os.path.isabs(prior.path) and not remote:
        places.append(Path(prior.path))
    found = PriorFile("missing", None)
    for place in dict.fromkeys(places):
        state = _state_of(place, prior.sha256)
        if state == "same":
            return PriorFile("same", place)
        if state != "missing" and found.path is None:
            found = PriorFile(state, place)
    if found.path is None and remote:
        return PriorFile("remote", Path(prior.path))
    return found


def _state_of(path: Path, sha256: str) -> Literal["same", "changed", "missing", "closed"]:
    try:
        return "same" if sha256_of(path, FOREIGN_FILE) == sha256 else "changed"
    except (FileNotFoundError, NotRegular):  # nor is a device read, or a pipe waited for
        return "missing"
    except TooMuch:
        return "changed"
    except OSError as error:
        return "missing" if error.errno == errno.EINVAL else "closed"  # what no file of Windows can be called


def _differs(path: Path, expected_sha256: str) -> bool:
    try:
        return sha256_of(path) != expected_sha256
    except TooMuch:
        return True


def kept_path(path: Path) -> Path:
    """Where the previous version of a file is kept."""
    return path.with_name(kept_name(path))


def kept_of(path: Path) -> Path | None:
    """The file of which this one is the previous version; None for any other.

    A long name is not whole in that of its previous version: it is looked for among the files beside.
    """
    if not path.name.lower().endswith(f"{SUFFIX}~"):
        return None
    plain = path.with_name(path.name[:-1])
    if "…" in path.name and not os.path.lexists(reachable(plain)):
        with suppress(OSError):
            for beside in reachable(path.parent).iterdir():
                if beside.name != plain.name and kept_name(path.with_name(beside.name)) == path.name:
                    return path.with_name(beside.name)
    return plain


def begins_as_own(path: Path) -> bool:
    """Whether a file begins as this program writes its own, whatever it is called; False if it cannot be read."""
    try:
        return f'"{_FORMAT.partition("/")[0]}/'.encode() in read_head(path, _BEGINNING)
    except OSError:
        return False


def dump(report: Report, folder: Path | None = None) -> bytes:
    """The file of a report, which is to lie in `folder`; the same report and folder give the same bytes."""
    return f"{to_json(document(report, folder), '')}\n".encode()


def parse(data: bytes, load_form: Callable[[str], Form]) -> Report:
    """The report in the bytes of a file, on the form that `load_form` gives for its edition.

    Raises `DamagedFile` with the place, `NewerFormat`, and whatever `load_form` raises for an edition it does not have.
    """
    if not data.strip():
        _damaged("文件是空的")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _damaged(f"第 {line} 行有不是 UTF-8 编码的内容")
    content = from_json(text)
    stated = content.get("format") if isinstance(content, dict) else None
    found = _ANY_FORMAT.fullmatch(stated) if isinstance(stated, str) else None
    if found is None:
        raise DamagedFile("它不是本程序的年报文件。", "文件没有改动。", "请核对选的是不是这个文件。")
    if int(found[1]) > VERSION:
        raise NewerFormat(
            "这个文件是用较新版本的程序保存的，现在的程序读不了。", "文件没有改动。", "请升级程序后再打开。"
        )
    edition = content.get("edition")
    if not isinstance(edition, str) or not _EDITION.fullmatch(edition):
        _wrong("edition", "写明年报格式的版本")
    return report_from(content, load_form(edition))


def document(report: Report, folder: Path | None = None) -> dict[str, Any]:
    """A report as JSON values, in the order of the file: texts, integers, and decimal strings for amounts.

    With `folder`, where the file is to lie, last year's report is named as seen from there.
    """
    extra = report.extra
    prior = {} if report.prior is None else {"prior": _of_prior(report.prior, folder)}
    cells = {cell: entry_kept(entry) for cell, entry in report.entries.items()} | dict(extra.get("cells", {}))
    sections = {s.key: joined(report.sections.get(s.key, "")) for s in report.form.sections}
    end = {one.key: _kept(report, one) for one in FIELDS if one.printed == "end"}
    front = {one.key: _kept(report, one) for one in FIELDS if not (one.key in end or one.sparse)}
    later = {
        one.key: _kept(report, one)
        for one in FIELDS
        if one.sparse and getattr(report, one.name) != one.default
    }
    doubts = dict(left) if isinstance(left := extra.get("doubts", {}), dict) else {}
    doubts |= {c: {"cell": entry_kept(d.entry), "what": joined(d.what)} for c, d in report.doubts.items()}
    for key, found in report.prose_doubts.items():
        doubts[key] = [{"at": d.start, "text": joined(d.text), "what": joined(d.what)} for d in found]
    said = {key: _beside(known, extra.get(key)) for key, known in _said(report).items() if known}
    return {
        "format": _FORMAT,
        "edition": report.edition,
        "year": report.year,
        **front,
        "sections": sections | dict(extra.get("sections", {})),
        **end,
        **later,
        "cells": dict(sorted(cells.items())),
        **{key: value for key, value in extra.items() if key not in _KEYS},
        **({"doubts": dict(sorted(doubts.items()))} if doubts else {}),
        **said,
        **prior,
    }


def _said(report: Report) -> dict[str, Any]:
    """What a person said of the report, by the keys of `SAID`."""
    return {
        "explanations": {
            joined(address): {"reason": joined(one.reason), "values": [joined(v) for v in one.values]}
            for address, one in report.explanations.items()
        },
        "bound": {
            key: [{"at": b.start, "text": joined(b.text), "cells": list(b.cells)} for b in of_text]
            for key, of_text in report.bound.items()
        },
        "closed": {joined(code): joined(reason) for code, reason in report.closed.items()},
        "finals": [{key: joined(getattr(one, key)) for key in _FINAL_KEYS} for one in report.finals],
    }


def _beside(known: Any, left: Any) -> Any:
    """What a key of the file holds: `known`, and beside it what could not be read of it, which nothing overwrites.

    Only what a person has said anew under the same name takes its place.
    """
    if isinstance(known, list):
        return [*known, *([] if left is None else left if isinstance(left, list) else [left])]
    others = left if isinstance(left, dict) else {} if left is None else {"": left}
    both = {
        key: _beside(value, others.get(key)) if isinstance(value, list) else value
        for key, value in known.items()
    }
    return dict(sorted({**others, **both}.items()))


def _kept(report: Report, plain: PlainField) -> Any:
    value = plain.values.keep(getattr(report, plain.name))
    return joined(value) if isinstance(value, str) else value


def _of_prior(prior: Prior, folder: Path | None) -> dict[str, Any]:
    extra = prior.extra
    cells = {cell: entry_kept(entry) for cell, entry in prior.report.entries.items()} | dict(
        extra.get("cells", {})
    )
    known = [section.key for section in prior.report.form.sections]
    sections = {key: joined(text) for key in known if (text := prior.report.sections.get(key, ""))}
    sections |= dict(extra.get("sections", {}))
    return {
        "path": joined(prior.path),
        "beside": joined((folder and _seen_from(folder, prior.path)) or prior.beside),
        "sha256": prior.sha256,
        "agency": joined(prior.report.agency),
        "year": prior.report.year,
        "cells": dict(sorted(cells.items())),
        **({"preamble": joined(prior.report.preamble)} if prior.report.preamble else {}),
        **({"sections": sections} if sections else {}),
        **{key: value for key, value in extra.items() if key not in _PRIOR_KEYS},
    }


def _seen_from(folder: Path, path: str) -> str:
    """The path relative to the folder, with forward slashes; empty for what is further away than beside it."""
    if not os.path.isabs(path):
        return ""
    try:
        relative = Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return ""
    return relative if _is_near(relative) else ""


def _is_near(relative: str) -> bool:
    """Whether a path stays in its folder, below it or beside it, wherever it is read."""
    parts = PurePosixPath(relative).parts
    return bool(parts) and ".." not in parts[1:] and parts[0] != "/" and not _WINDOWS_PATH.search(relative)


def exchange(report: Report) -> bytes:
    """The report for other programs: the JSON of a .gxr with everything said outright.

    `title` is the one that is printed; `cells` holds every cell of the form in printed order, automatic totals
    included, a blank one as null; `automatic` lists the totals that nobody has typed. Its `format` is one of its own:
    as a .gxr it would be a report all of whose totals were typed. The explanations of findings are part of it, for
    whoever collects reports. What only this program needs is not: last year's report, which numbers of the prose follow
    cells, which rules were closed here, and when the report was made final.
    """
    shown = {cell: report.value(cell) for cell in report.form.cells}
    cells = {cell: None if value is None else entry_kept(value) for cell, value in shown.items()}
    automatic = [cell for cell, value in shown.items() if value is not None and report.is_automatic(cell)]
    content = document(report) | {"format": _EXCHANGE, "title": joined(report.title)}
    content |= {"cells": cells | dict(report.extra.get("cells", {})), "automatic": automatic}
    for key in ("bound", "closed", "finals", "prior"):
        content.pop(key, None)
    return f"{to_json(content, '')}\n".encode()


def content_sha256(report: Report) -> str:
    """What tells whether two reports are published alike, in hexadecimal: the sha256 of title, words and figures.

    Prose counts by its paragraphs and figures as they are shown, a total alike whether it was typed or added up. What
    nobody prints does not count: explanations, doubts, rules closed, that it was made final, and last year's report.
    """
    published = {
        "edition": report.edition,
        "agency": report.agency,
        "year": report.year,
        "fields": {
            one.key: [p.text for p in paragraphs(report.shown(one))] if one.prose else report.shown(one)
            for one in FIELDS
            if one.printed and not (one.sparse and getattr(report, one.name) == one.default)
        },
        "sections": {
            section.key: [p.text for p in paragraphs(report.sections.get(section.key, ""))]
            for section in report.form.sections
        },
        "cells": {cell: show_entry(report.value(cell)) for cell in report.form.cells},
    }
    return sha256(to_json(published).encode()).hexdigest()


_CODE_CHARACTERS = (
    "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 and O, 1 and I, which a reader of paper mistakes
)
_CODE_BITS, _CODE_LENGTH = 5, 16


def check_code(sha256: str) -> str:
    """The short form of a sha256 (hexadecimal) for paper, of its first 80 bits: 「8KQ2-H7MD-ZRWT-4VXC」."""
    bits = int(sha256[: _CODE_BITS * _CODE_LENGTH // 4], 16)
    code = "".join(
        _CODE_CHARACTERS[bits >> _CODE_BITS * place & 31] for place in reversed(range(_CODE_LENGTH))
    )
    return "-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def report_from(content: Mapping[str, Any], form: Form) -> Report:
    """The report that `document` made a dictionary of. Raises `DamagedFile` naming the key that makes no sense."""
    plain = {one.name: field_from(content, one) for one in FIELDS}
    extra = {key: value for key, value in content.items() if key not in _KEYS}
    prior: Prior | None = None
    try:
        prior = _prior(extra.get("prior"), form)
    except DamagedFile:
        pass  # the report itself is whole; what this says stays as it is until another one is chosen
    else:
        extra.pop("prior", None)

    known = [section.key for section in form.sections]
    stated = _object(content, "sections")
    sections = {key: text for key in known if (text := _text(stated, key, "sections."))}
    if unknown := {key: value for key, value in stated.items() if key not in known}:
        extra["sections"] = unknown

    stated = _object(content, "cells")
    entries: dict[str, Entry] = {}
    for key, value in stated.items():
        if key in form.cells:
            entry = entry_from(value, form.cells[key])
            if entry is not None:
                entries[key] = entry
    if unknown := {key: value for key, value in stated.items() if key not in form.cells}:
        extra["cells"] = unknown
    doubts, prose_doubts = _doubts(extra, entries, form)
    bound = _bound_of(extra, form)
    report = Report(
        form,
        sections=MappingProxyType(sections),
        entries=MappingProxyType(entries),
        doubts=MappingProxyType(doubts),
        explanations=MappingProxyType(_items(extra, "explanations", _explanation)),
        closed=MappingProxyType(_items(extra, "closed", _reason)),
        finals=tuple(_listed(extra, "finals", _final)),
        prior=prior,
        extra=MappingProxyType(extra),
        **plain,
    )
    for key, found in prose_doubts.items():
        report = report.with_prose_doubts(key, found)
    for key, numbers in bound.items():
        report = report.with_bound(key, numbers)
    return report


_Read = TypeVar("_Read")
_DAY = expression("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FINAL_KEYS = ("date", "checker", "sha256", "forced", "reopened")


def _items(extra: dict[str, Any], key: str, read: Callable[[Any], _Read]) -> dict[str, _Read]:
    """The items of an object of the file, by name; they are taken out of `extra` as far as `read` takes them.

    `read` raises `ValueError`, `TypeError` or `LookupError` for what makes no sense.
    """
    stated = extra.get(key)
    found: dict[str, _Read] = {}
    unread: Any = {}
    if not isinstance(stated, dict):
        unread = stated  # None is what a journal writes for none
    else:
        for name, value in stated.items():
            try:
                if not name:  # of no finding and no rule: where `_beside` puts what has no name
                    raise ValueError(name)
                found[name] = read(value)
            except (ValueError, TypeError, LookupError):
                unread[name] = value
    _leave(extra, key, unread)
    return found


def _listed(extra: dict[str, Any], key: str, read: Callable[[Any], _Read]) -> list[_Read]:
    """The same of a list."""
    stated = extra.get(key)
    found: list[_Read] = []
    unread: Any = []
    if not isinstance(stated, list):
        unread = stated
    else:
        for value in stated:
            try:
                found.append(read(value))
            except (ValueError, TypeError, LookupError):
                unread.append(value)
    _leave(extra, key, unread)
    return found


def _leave(extra: dict[str, Any], key: str, unread: Any) -> None:
    if unread is None or unread in ({}, []):
        extra.pop(key, None)
    else:
        extra[key] = unread


def _bound_of(extra: dict[str, Any], form: Form) -> dict[str, list[Bound]]:
    """The bound numbers by section, each section's as `_listed` has them; of a section that the form has."""
    texts = {PREAMBLE, *(section.key for section in form.sections)}
    stated = extra.get("bound")
    if not isinstance(stated, dict):
        _leave(extra, "bound", stated)
        return {}
    unread = dict(stated)
    cells = form.cells.keys()
    found = {key: _listed(unread, key, lambda value: _bound(value, cells)) for key in stated if key in texts}
    _leave(extra, "bound", unread)
    return found


def _known(value: Any, keys: Collection[str], texts: Collection[str]) -> Any:
    """The object itself if it has these keys and no other, and texts under those; else raises `ValueError`."""
    if set(value) != set(keys) or not all(isinstance(value[key], str) for key in texts):
        raise ValueError(value)
    return value


def _explanation(value: Any) -> Explanation:
    said = _known(value, ("reason", "values"), ("reason",))
    if not isinstance(said["values"], list) or not all(isinstance(one, str) for one in said["values"]):
        raise ValueError(value)
    return Explanation(_reason(said["reason"]), tuple(said["values"]))


def _reason(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def _final(value: Any) -> Final:
    said = _known(value, _FINAL_KEYS, _FINAL_KEYS)
    date.fromisoformat(said["date"])
    if not _DAY.fullmatch(said["date"]) or not said["sha256"] or not _SHA256.fullmatch(said["sha256"]):
        raise ValueError(value)
    return Final(**said)


def _bound(value: Any, cells: Collection[str]) -> Bound:
    said = _known(value, ("at", "text", "cells"), ("text",))
    if type(said["at"]) is not int or said["at"] < 0 or not said["text"]:
        raise ValueError(value)
    named = said["cells"]
    if not isinstance(named, list) or not named or not all(isinstance(c, str) and c in cells for c in named):
        raise ValueError(value)
    return Bound(said["at"], said["text"], tuple(named))


def _doubts(
    extra: dict[str, Any], entries: Mapping[str, Entry], form: Form
) -> tuple[dict[str, Doubt], dict[str, list[ProseDoubt]]]:
    """The doubts that the file states about figures and prose it holds.

    They are taken out of `extra` as far as they make sense.
    """
    stated = extra.get("doubts", {})
    if stated is None:  # what a journal writes for none
        stated = {}
    if not isinstance(stated, dict):
        return {}, {}
    doubts: dict[str, Doubt] = {}
    of_prose: dict[str, list[ProseDoubt]] = {}
    unknown: dict[str, Any] = {}
    texts = {PREAMBLE, *(section.key for section in form.sections)}
    for key, value in stated.items():
        try:
            if key in texts:
                of_prose[key] = [_prose_doubt(one) for one in value]
                continue
            if key not in form.cells or set(value) != {"cell", "what"} or not isinstance(value["what"], str):
                raise ValueError(value)
            figure = entry_from(value["cell"], form.cells[key])
        except (ValueError, TypeError, DamagedFile):
            unknown[key] = value
            continue
        if figure is not None and same_entry(figure, entries.get(key)):
            doubts[key] = Doubt(figure, value["what"])
    if unknown:
        extra["doubts"] = unknown
    else:
        extra.pop("doubts", None)
    return doubts, of_prose


def _prose_doubt(value: Any) -> ProseDoubt:
    """Raises `ValueError` or `TypeError` for what is none."""
    if set(value) != {"at", "text", "what"} or type(value["at"]) is not int or value["at"] < 0:
        raise ValueError(value)
    if not isinstance(value["text"], str) or not isinstance(value["what"], str):
        raise ValueError(value)
    return ProseDoubt(value["at"], value["text"], value["what"])


def prior_unread(report: Report) -> str:
    """What is to be said of a last year's report that the file holds in a form that makes no sense; else empty."""
    return "年报文件里存的上年年报读不懂，没有采用，请重新选择上年年报。" if "prior" in report.extra else ""


def _prior(content: object, form: Form) -> Prior | None:
    """Last year's report as the file keeps it. Raises `DamagedFile` if it makes no sense."""
    if content is None:
        return None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), dict):
        _wrong("prior", "是上年年报的数")
    path, beside, sha256, agency = (
        _text(content, key, "prior.") for key in ("path", "beside", "sha256", "agency")
    )
    if not _SHA256.fullmatch(sha256):
        _wrong("prior.sha256", "是 64 位的校验值")
    stated = content["cells"]
    entries = {
        key: entry
        for key, value in stated.items()
        if key in form.cells and (entry := entry_from(value, form.cells[key])) is not None
    }
    extra = {key: value for key, value in content.items() if key not in _PRIOR_KEYS}
    if unknown := {key: value for key, value in stated.items() if key not in form.cells}:
        extra["cells"] = unknown
    prose = content.get("sections", {})
    if not isinstance(prose, dict):
        _wrong("prior.sections", "是上年年报的文字")
    known = [section.key for section in form.sections]
    sections = {key: text for key in known if (text := _text(prose, key, "prior.sections."))}
    if unknown := {key: value for key, value in prose.items() if key not in known}:
        extra["sections"] = unknown
    report = Report(
        form,
        agency=agency,
        year=field_from(content, BY_NAME["year"]),
        preamble=_text(content, "preamble", "prior."),
        sections=MappingProxyType(sections),
        entries=MappingProxyType(entries),
    )
    return Prior(report, path, sha256, beside, MappingProxyType(extra))


def entry_kept(entry: Entry) -> int | str:
    """The JSON value of an entry."""
    if isinstance(entry, int):
        return entry
    return joined(entry) if isinstance(entry, str) else show_entry(entry)


def entry_from(value: object, cell: Cell) -> Entry | None:
    """What a JSON value means in a cell, None for blank. Raises `DamagedFile` for what is no entry."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        # Written out a number of a million digits would only harm, and no cell can mean it.
        long = abs(Decimal(value).adjusted()) > JSON_DIGITS
        text = str(value) if long else format(Decimal(value), "f")
    else:
        raise DamagedFile(
            f"{cell.place}（{cell.id}）里既不是数字也不是文字。", "文件没有改动。", "请改正这一格后再打开。"
        )
    if not _NUMBER.fullmatch(text):
        return text if text.strip() else None
    return Decimal(text) if cell.decimals or "." in text else int(text)


def field_from(content: Mapping[str, Any], plain: PlainField) -> Any:
    """The value of a plain field in an object of the file. Raises `DamagedFile` for what makes no sense."""
    values = plain.values
    try:
        return values.read(content.get(plain.key, values.keep(plain.default)))
    except ValueError:
        _wrong(plain.key, values.wanted)


def _text(content: Mapping[str, Any], key: str, where: str = "") -> str:
    value = content.get(key, "")
    if not isinstance(value, str):
        _wrong(where + key, "是文字")
    return value


def _object(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key, {})
    if not isinstance(value, dict):
        _wrong(key, "是一组带名字的值")
    return value


def _wrong(key: str, wanted: str) -> NoReturn:
    _damaged(f"“{key}”这一项应{wanted}")


def _damaged(what: str) -> NoReturn:
    raise DamagedFile(f"{what}。", "文件没有改动。", "请换一份备份打开；它可能没有写完，或被别的程序改过。")


# --- JSON ----------------------------------------------------------------------------------------------------------
# The json module reads any fraction back digit for digit, but cannot write such a number, nor half a character.

_HALF = expression("[\ud800-\udfff]")
# Each quotation mark is looked at once: a string that never ends goes to the end, and nothing is tried again.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


def to_json(value: Any, indent: str | None = None) -> str:
    """JSON text of texts, numbers (also Decimal), mappings and lists; on one line, or each item on its own."""
    if isinstance(value, str):
        return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False))
    if isinstance(value, Decimal):
        return str(value)
    deeper = None if indent is None else f"{indent} "
    if isinstance(value, Mapping):
        items = [f"{to_json(key)}: {to_json(item, deeper)}" for key, item in value.items()]
        start, end = "{}"
    elif isinstance(value, list):
        items = [to_json(item, deeper) for item in value]
        start, end = "[]"
    else:
        return json.dumps(value)
    if indent is None or not items:
        return start + ", ".join(items) + end
    return f"{start}\n{deeper}" + f",\n{deeper}".join(items) + f"\n{indent}{end}"


def from_json(text: str) -> Any:
    """The value of JSON text, fractions as Decimal. Raises `DamagedFile` with the place.

    Stricter than the language: no NaN, no key twice in one object, nothing nested deeper than 50.
    """
    depth = 0
    for bracket in re.finditer(r"[\[{\]}]", _without_strings(text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > JSON_DEPTH:
            _damaged(f"{_place(text, bracket.start())}括号套得太深")
    try:
        return json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_refuse, object_pairs_hook=_pairs
        )
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            _damaged(f"文件不完整，在{_place(text, error.pos)}中断")
        _damaged(f"{_place(text, error.pos)}写法不对")
    except _Refused as refused:
        at = _without_strings(text).find(refused.literal)
        _damaged(f"{_place(text, at)}的 {refused.literal[:20]} 不是可用的数")


class _Refused(ValueError):
    def __init__(self, literal: str) -> None:
        super().__init__(literal)
        self.literal = literal


def _refuse(literal: str) -> NoReturn:
    raise _Refused(literal)


def _number(literal: str) -> int | Decimal:
    try:
        # Python refuses to make an int of very many digits.
        return int(literal) if literal.lstrip("-").isdigit() and len(literal) < 100 else Decimal(literal)
    except InvalidOperation:
        _refuse(literal)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        _damaged(f"“{twice}”出现了两次，不知道以哪一个为准")
    return result


def _without_strings(text: str) -> str:
    """The text with blanks for its strings, every other character in its place."""
    return _STRING.sub(lambda string: " " * len(string[0]), text)


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"第 {line} 行第 {at - text.rfind(chr(10), 0, at)} 列"


def joined(text: str) -> str:
    """The text as it is read back: two halves of a character side by side are that character."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
