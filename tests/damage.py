# ruff: noqa: E501 - markup reads better in one piece
"""Damaged files: whole small ones of each format, and what chance makes of them."""

from __future__ import annotations

import os
import random
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from gxeditor.core.report import Report
from tests import crafted

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


@cache
def _whole(kind: str, number: int) -> bytes:
    return SEEDS[kind][number]()


def damaged(kind: str, number: int) -> bytes:
    """The damaged file of a format with this number, always the same; still of its kind by its first bytes, mostly."""
    dice = random.Random(f"{kind} {number}")
    whole = _whole(kind, number % len(SEEDS[kind]))
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
    kept = dice.choice((0, 8, 64)) if kind != "gxr" else 0
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
