# ruff: noqa: E501 - markup reads better in one piece
"""Damaged files: whole small ones of each format, and what chance makes of them."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

from gxeditor.core.errors import GxError
from gxeditor.core.report import Report
from tests import crafted

if TYPE_CHECKING:
    from gxeditor.imports.pasted import Block

SAMPLES = Path(__file__).parent / "samples"


@cache
def report() -> Report:
    """The sample report, with little prose."""
    from gxeditor import documents
    from gxeditor.resources import resource

    whole = documents.read(Path(str(resource("samples/lushan-2022.txt")))).report
    for key in whole.sections:
        whole = whole.with_section(key, whole.sections[key][:80])
    return whole


def _docx() -> bytes:
    from gxeditor.exports.word import word_bytes

    return word_bytes(report())


def _xlsx() -> bytes:
    from gxeditor.exports.excel import workbook_bytes

    return workbook_bytes(report())


def _html() -> bytes:
    from gxeditor.exports.web import page_html

    return page_html(report()).encode()


def _txt() -> bytes:
    from gxeditor.exports.plain import plain_text

    return plain_text(report()).encode()


def _gxr() -> bytes:
    from gxeditor.store.report_file import dump

    return dump(report())


def _mht() -> bytes:
    return crafted.mhtml(
        "Content-Type: text/html; charset=utf-8\nContent-Location: http://a/\n\n" + _html().decode(),
        "Content-Type: image/gif\nContent-Transfer-Encoding: base64\nContent-ID: <a>\n\nR0lGODlhAQABAA==",
    )


def _pdf() -> bytes:
    """A page with a table and prose, its streams in clear so that damage reaches what is in them."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    made = BytesIO()
    canvas = Canvas(made, pageCompression=0, invariant=1)
    for _ in range(2):
        canvas.setFont("STSong-Light", 12)
        for line, shown in enumerate(
            ("鲁山县人民政府2022年政府信息公开工作年度报告", "一、总体情况", "全年公开 12 条。")
        ):
            canvas.drawString(80, 780 - 20 * line, shown)
        for row, texts in enumerate(
            (("信息内容", "本年制发件数", "现行有效件数"), ("规章", "3", "9"), ("行政许可", "4", "5"))
        ):
            for column, shown in enumerate(texts):
                canvas.rect(80 + 120 * column, 600 - 20 * row, 120, 20)
                canvas.drawString(84 + 120 * column, 605 - 20 * row, shown)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _real_pdf() -> bytes:
    """Our own page, packed."""
    from gxeditor.paper.pdf import make_pdf

    return make_pdf(report(), None).data


def _rows() -> list[list[str]]:
    return [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "3", "1", "9"],
        ["行政规范性文件", "4", "2", "8"],
    ]


def _odt() -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in _rows()
    )
    return crafted.opendocument(
        "text",
        "<text:h>鲁山县人民政府2022年政府信息公开工作年度报告</text:h><text:p>一、总体情况</text:p>"
        "<text:p>全年<text:s text:c='2'/>公开 12 条。</text:p><text:list><text:list-item><text:p>甲</text:p></text:list-item></text:list>"
        f"<table:table>{rows}</table:table>",
    )


def _ods() -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="{"float" if cell.isdigit() else "string"}" office:value="{cell}" '
            f'table:number-columns-spanned="1"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="3"/></table:table-row>'
        for row in _rows()
    )
    return crafted.opendocument("spreadsheet", f'<table:table table:name="表">{rows}</table:table>')


def _ofd() -> bytes:
    line = '<ofd:PathObject ID="3" Boundary="{} {} {} {}" LineWidth="0.2"><ofd:AbbreviatedData>M 0 0 L {} {}</ofd:AbbreviatedData></ofd:PathObject>'
    objects = [crafted.ofd_text("一、总体情况", ' DeltaX="g 5 5"')]
    for row, texts in enumerate(_rows()):
        objects.append(line.format(20, 40 + 10 * row, 120, 0.1, 120, 0))
        for column, shown in enumerate(texts):
            objects.append(
                f'<ofd:TextObject ID="2" Boundary="{21 + 30 * column} {41 + 10 * row} 28 8" Size="4"><ofd:TextCode X="0" Y="4" '
                f'DeltaX="4 4 4">{shown}</ofd:TextCode></ofd:TextObject>'
            )
    objects += [line.format(20 + 30 * n, 40, 0.1, 30, 0, 30) for n in range(5)]
    return crafted.ofd("".join(objects), pages=2)


def _spreadsheetml() -> bytes:
    rows = "".join(
        f'<Row ss:Index="{number}">'
        + "".join(
            f'<Cell ss:MergeAcross="0"><Data ss:Type="{"Number" if cell.isdigit() else "String"}">{cell}</Data></Cell>'
            for cell in row
        )
        + "</Row>"
        for number, row in enumerate(_rows(), 1)
    )
    return crafted.spreadsheetml(rows)


SEEDS: dict[str, tuple[Callable[[], bytes], ...]] = {
    "docx": (_docx,),
    "doc": (lambda: (SAMPLES / "small.doc").read_bytes(),),
    "odt": (_odt,),
    "xlsx": (_xlsx,),
    "xls": (lambda: (SAMPLES / "distinct.xls").read_bytes(),),
    "ods": (_ods,),
    "xml": (_spreadsheetml,),
    "html": (_html, lambda: (SAMPLES / "distinct_gbk.html").read_bytes()),
    "mht": (_mht,),
    "pdf": (_pdf, _pdf, _real_pdf),
    "ofd": (_ofd,),
    "txt": (_txt, lambda: (SAMPLES / "pingtan-2021.txt").read_bytes()),
    "gxr": (_gxr,),
}
"""Whole files by the end of their names."""


def _journal() -> bytes:
    from gxeditor.core.history import History
    from gxeditor.store.journal import JournalWriter

    with TemporaryDirectory() as folder:
        history = History(report())
        writer = JournalWriter(Path(folder), history)
        for number in range(3):
            history = history.push(
                report().with_section("overview", "甲" * number + "。"),
                "修改文字",
                "",
                1_700_000_000 + number,
            )
            writer.record(history)
        writer.close()
        return next(Path(folder).glob("*.journal")).read_bytes()


def _settings() -> bytes:
    from gxeditor.settings import FILE_NAME, RecentFile, Settings, save_settings

    kept = Settings(
        recent=(
            RecentFile("/年报/甲.gxr", "鲁山县人民政府", 2022, 1, 2, "2023-01-09T10:00:00", ("已核对",)),
        ),
        side_card={"table": True},
        findings_panel={"prose": False},
        layouts={"official": {"body_size": 16, "faces": {"body": "仿宋"}}},
        passed_over=("a",),
        rules_off={"C-01": "本省不要求"},
    )
    with TemporaryDirectory() as folder:
        save_settings(Path(folder), kept)
        return (Path(folder) / FILE_NAME).read_bytes()


def _template() -> bytes:
    from gxeditor.resources import resource

    return resource("templates/form-2021.xlsx").read_bytes()


def _map() -> bytes:
    from gxeditor.files.package import Package
    from gxeditor.mapping.placement import map_template, to_json
    from gxeditor.workbook.read import read_workbook

    form = report().form
    workbook = read_workbook(Package.from_bytes(_template(), "“模板.xlsx”"))
    return to_json(map_template(workbook, form), form).encode()


def _layout() -> bytes:
    from gxeditor.paper.layouts import default_layout, to_data

    return json.dumps(to_data(default_layout()), ensure_ascii=False, indent=1).encode()


def _profile() -> bytes:
    from gxeditor.resources import resource

    return resource("profiles/henan.toml").read_bytes()


def _copied_html() -> bytes:
    from gxeditor.exports.web import table_html

    return table_html(report(), "requests").encode()


def _copied_text() -> bytes:
    from gxeditor.exports.web import table_tsv

    return table_tsv(report(), "requests").encode()


# What is done with each of them; all in a folder of its own, with nothing else in it. Returns what came of it.
def _read_report(path: Path) -> str:
    from gxeditor import documents

    filed = documents.read(path)
    return f"{len(filed.report.entries)} cells, {len(filed.notes)} notes"


def _read_journal(path: Path) -> str:
    from gxeditor.resources import load_form
    from gxeditor.store.journal import unfinished

    folder = path.parent / "journals"
    folder.mkdir(exist_ok=True)
    (folder / "untitled-1.journal").write_bytes(path.read_bytes())
    odd: list[object] = []
    found = unfinished(folder, load_form, told=odd.append)
    left = _aside(folder, odd)
    return "a recovery" if found else left


def _aside(folder: Path, odd: list[object]) -> str:
    """Told or not, the folder is as it was for the next one."""
    shutil.rmtree(folder, ignore_errors=True)
    return "aside" if odd else "nothing"


def _read_settings(path: Path) -> str:
    from gxeditor.paper.layouts import layout_from
    from gxeditor.settings import FILE_NAME, load_settings, save_settings

    folder = path.parent / "config"
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_bytes(path.read_bytes())
    odd: list[object] = []
    settings = load_settings(folder, odd.append)
    for key, data in settings.layouts.items():
        layout_from({**data, "key": key})
    save_settings(folder, settings)
    assert load_settings(folder, odd.append) == settings
    return _aside(folder, odd)


def _read_map(path: Path) -> str:
    from gxeditor.templates.shelf import import_map, open_template, plan_filling

    import_map(path, report().form)
    template = path.parent / "模板.xlsx"
    template.write_bytes(_template())
    filling = plan_filling(open_template(template, report(), path), [report()])
    return f"{filling.count} cells"


def _read_layout(path: Path) -> str:
    from gxeditor.paper.layouts import layout_from

    data = json.loads(path.read_bytes())
    if not isinstance(data, dict):
        return "no object"
    _, refused = layout_from(data)
    return f"{len(refused)} refused"


def _read_profile(path: Path) -> str:
    from gxeditor.resources import load_profiles

    folder = path.parent / "profiles"
    folder.mkdir(exist_ok=True)
    (folder / "省.toml").write_bytes(path.read_bytes())
    odd: list[object] = []
    load_profiles(folder, odd.append)
    return _aside(folder, odd)


def _paste_html(path: Path) -> str:
    from gxeditor.imports.pasted import block

    return _placed(block(path.read_text(encoding="utf-8", errors="replace"), "", report().form))


def _paste_text(path: Path) -> str:
    from gxeditor.imports.pasted import block

    return _placed(block("", path.read_text(encoding="utf-8", errors="replace"), report().form))


def _placed(found: Block | None) -> str:
    from gxeditor.core import edits

    if found is None or found.refusal:
        return "refused"
    pasted = edits.paste(report(), found.values.items())
    return f"{len(pasted.cells)} cells, {len(found.rows)} rows"


def _fill_template(path: Path) -> str:
    from gxeditor.templates.shelf import filled, open_template, plan_filling

    filling = plan_filling(open_template(path, report()), [report()])
    if not filling.count:
        return "nothing to fill"
    return f"{filling.count} cells, {len(filled(filling))} bytes"


def _fill_document(path: Path) -> str:
    from gxeditor.templates.document import fill_file

    fill_file(path, report())
    return "filled"


class Subject(NamedTuple):
    """Something that takes files: how their names end, whole ones, and what is done with one."""

    suffix: str
    seeds: tuple[Callable[[], bytes], ...]
    use: Callable[[Path], str]


SUBJECTS: dict[str, Subject] = {
    **{kind: Subject(kind, seeds, _read_report) for kind, seeds in SEEDS.items()},
    "journal": Subject("journal", (_journal,), _read_journal),
    "settings": Subject("json", (_settings,), _read_settings),
    "map": Subject("map", (_map,), _read_map),
    "layout": Subject("json", (_layout,), _read_layout),
    "profile": Subject("toml", (_profile,), _read_profile),
    "paste-html": Subject("html", (_copied_html,), _paste_html),
    "paste-text": Subject("txt", (_copied_text,), _paste_text),
    "fill-xlsx": Subject("xlsx", (_template, _xlsx), _fill_template),
    "fill-docx": Subject("docx", (_docx,), _fill_document),
}
"""Every reader of files that come from elsewhere, or that may have been damaged since they were written."""


class Attempt(NamedTuple):
    """What became of a file: `how` is read, refused, clock, memory or bug; `told` what came of it, its sentence or error.

    `work` in seconds of the processor, `peak` in bytes.
    """

    how: str
    told: str
    work: float
    peak: int


def attempt(name: str, path: Path) -> Attempt:
    """Has a file used in this process. What it prints or leaves in a folder is of no interest.

    A kind that nothing reads is opened as a clerk opens it who takes it for a report.
    """
    use = SUBJECTS[name].use if name in SUBJECTS else _read_report
    peak()
    before = time.process_time()
    try:
        how, told = "read", use(path)
    except GxError as error:
        how, told = "refused", error.what
        if not told or "\n" in told or len(told) > _SENTENCE or "\0" in told or _HALF.search(told):
            how, told = "bug", f"no sentence: {told!r}"
    except MemoryError:
        raise  # the child process makes a sentence of it
    except Exception as error:
        how, told = "bug", _last_line(error)
    return Attempt(how, told, time.process_time() - before, peak()[0])


_HALF = re.compile("[\ud800-\udfff]")
_SENTENCE = 1_400  # characters; `Defects` tells ten


def _last_line(error: Exception) -> str:
    """The error, and the last place of ours before it."""
    from gxeditor.crash import report_text

    lines = [line.strip() for line in report_text(error).splitlines() if line.strip()]
    places = [line for line in lines if line.startswith("gxeditor/")]
    return f"{lines[-1]} at {(places or ['?'])[-1]}"


def attempt_damaged(name: str, number: int, seed: int, path: Path) -> Attempt:
    """The same for the damaged file of a number, which is written to `path` first."""
    path.write_bytes(damaged(name, number, seed))
    return attempt(name, path)


@cache
def _whole(kind: str, number: int) -> bytes:
    return SUBJECTS[kind].seeds[number]()


def damaged(kind: str, number: int, seed: int = 0) -> bytes:
    """The damaged file of a subject with this number, always the same; still of its kind by its first bytes, mostly."""
    dice = random.Random(f"{kind} {number} {seed}" if seed else f"{kind} {number}")
    whole = _whole(kind, number % len(SUBJECTS[kind].seeds))
    if whole.startswith(b"PK\x03\x04") and dice.random() < 0.8:
        with zipfile.ZipFile(BytesIO(whole)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        for name in dice.choices(
            list(parts), [len(part) + 50 for part in parts.values()], k=dice.choice((1, 1, 2))
        ):
            parts[name] = (hurt_tree if dice.random() < 0.7 else hurt)(parts[name], dice)
        return crafted.packed(parts)
    if kind == "xml" and dice.random() < 0.7:
        return hurt_tree(whole, dice)
    if kind == "layout" or (
        kind in _JSON and dice.random() < 0.7
    ):  # a layout stands in the settings, which are read
        return hurt_values(whole, dice)
    kept = dice.choice((0, 8, 64)) if kind in SEEDS and kind != "gxr" else 0
    return whole[:kept] + hurt(whole[kept:], dice)


_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65536",
    b"1048577",
    b"2147483648",
    b"99999999999999999999",
    b"1e999",
    b"nan",
)


_JSON = ("gxr", "settings", "map", "layout")
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 0.5, 1e300, float("nan"), "", "\ud800", "\0", "甲" * 5_000, "9" * 40, "1e9", [], {}, [[]],
    {"": None},
)  # fmt: skip


def hurt_values(data: bytes, dice: random.Random) -> bytes:
    """The same JSON with other values, keys and objects: whole as JSON."""
    root = json.loads(data)
    for _ in range(dice.choice((1, 2, 5))):
        holders: list[Any] = [root]
        for one in holders:
            inner = one.values() if isinstance(one, dict) else one
            holders.extend(value for value in inner if isinstance(value, dict | list) and value)
        holder, other = dice.choice(holders), dice.choice(holders)
        key = dice.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        match dice.randrange(5):
            case 0 | 1:
                holder[key] = dice.choice(_ODD)
            case 2:
                del holder[key]
                if not root:
                    break
            case 3 if isinstance(holder, dict):
                holder[dice.choice((key + "\ud800", key * 200, "", "甲"))] = holder.pop(key)
            case 4:
                holder[key] = json.loads(json.dumps(other))
            case _:
                holder[key] = [holder[key]] * dice.choice((1, 2, 500))
        if len(holders) > 3_000:  # doubled and doubled again
            break
    return json.dumps(root, ensure_ascii=dice.random() < 0.5).encode("utf-8", "backslashreplace")


def hurt_tree(data: bytes, dice: random.Random) -> bytes:
    """The same XML with other values, texts and elements: whole as XML. As `hurt` what is none."""
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError:
        return hurt(data, dice)
    for _ in range(dice.choice((1, 2, 5))):
        elements = list(root.iter())
        one, other = dice.choice(elements), dice.choice(elements)
        match dice.randrange(6):
            case 0 | 1 if one.attrib:
                key = dice.choice(list(one.attrib))
                one.set(key, dice.choice((*_NUMBERS, b"", one.get(key, "").encode() * 2)).decode())
            case 2:
                one.text = dice.choice(
                    ("", "1" * 300, "一、" * 50, "-1", "\u202e\t\n", (other.text or "") * 3)
                )
            case 3 if len(one):
                one.remove(dice.choice(list(one)))
            case 4 if len(one):
                inner = dice.choice(list(one))
                for _ in range(dice.choice((1, 3, 200))):
                    one.insert(dice.randrange(len(one) + 1), inner)
            case 5:
                one.tag, other.tag = other.tag, one.tag
            case _:
                one.attrib.clear()
    if len(elements) > 20_000:  # doubled and doubled again
        return data
    with suppress(RecursionError):
        return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))
    return data


def hurt(data: bytes, dice: random.Random) -> bytes:
    """Some damage of one or two kinds."""
    hurt = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 3))):
        if not hurt:
            break
        at = dice.randrange(len(hurt))
        size = dice.choice((1, 4, 30, 400))
        match dice.randrange(8):
            case 0:  # bits
                for _ in range(dice.choice((1, 5, 40))):
                    hurt[dice.randrange(len(hurt))] ^= 1 << dice.randrange(8)
            case 1:
                hurt[at : at + size] = dice.randbytes(min(size, len(hurt) - at))
            case 2:
                del hurt[at:]
            case 3:
                del hurt[at : at + size]
            case 4:  # doubled
                block = hurt[at : at + size]
                hurt[at:at] = block * dice.choice((1, 2, 50))
            case 5:  # moved
                block = hurt[at : at + size]
                del hurt[at : at + size]
                at = dice.randrange(len(hurt) + 1)
                hurt[at:at] = block
            case 6:  # a length or count that lies
                hurt[at : at + 4] = dice.choice(
                    (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\1\0\0\0")
                )
            case 7:  # another number in place of one that is written out
                digits = [place for place in range(at, min(len(hurt), at + 2_000)) if 48 <= hurt[place] <= 57]
                if digits:
                    hurt[digits[0] : digits[0] + 1] = dice.choice(_NUMBERS)
    return bytes(hurt)


def peak() -> tuple[int, float]:
    """The most memory that this process had since last asked, in bytes, and the seconds of the processor it ever took.

    No memory where the system does not tell.
    """
    most = 0
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        most = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return most, time.process_time()


def ended(kind: str, numbers: range, folder: str) -> list[str]:
    """Reads damaged files in this process; what ended in anything but a report or a sentence."""
    from gxeditor import documents
    from gxeditor.core.errors import GxError

    path = Path(folder) / f"年报.{kind}"
    bad = []
    for number in numbers:
        path.write_bytes(damaged(kind, number))
        try:
            documents.read(path)
        except GxError as error:
            if not error.what or "\n" in error.what:
                bad.append(f"{number}: {error.what!r}")
        except Exception as error:
            bad.append(f"{number}: {error!r}")
    return bad


# What a reader has no business with. Of opening, only what is opened beside the program's own files counts.
_EFFECTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "urllib.", "ftplib.",
            "webbrowser.", "smtplib.", "winreg.", "os.startfile", "pty.spawn", "shutil.", "tempfile.mk")  # fmt: skip


def effects(paths: list[str], warm: str) -> list[str]:
    """Reads files of one format and tells what was done beside: sockets, programs, other files opened or written.

    `warm` is a harmless file of that format, read before, so that its reader's modules are loaded. The hook stays
    for good: call it in a process that ends afterwards.
    """
    from gxeditor import documents
    from gxeditor.core.errors import GxError

    with suppress(GxError):
        documents.read(Path(warm))
    own = [str(Path(one).resolve()) for one in (*sys.path, sys.prefix, sys.base_prefix) if one]
    met: list[str] = []
    reading = ""

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(_EFFECTS):
            met.append(f"{reading}: {event} {arguments!r}")
        elif event == "open" and isinstance(arguments[0], str | bytes):
            opened = os.path.realpath(os.fsdecode(arguments[0]))
            if opened != os.path.realpath(reading) and not opened.startswith(tuple(own)):
                met.append(f"{reading}: open {opened}")

    sys.addaudithook(hear)
    for reading in paths:
        with suppress(GxError):
            documents.read(Path(reading))
    return met
