"""PDF → PDF/A-2b (ISO 19005-2), checked before it leaves the program.

Knows what an archive asks of a file around its pages: the colours' meaning, XMP that says what it is and who made it,
an identity drawn from the content; and has the parts to be read aloud written into it (`tags`). `described` makes such
a file, for the screen; `approve` has the validator look at it, and whoever lets a file out of the program asks it
first. Does not know how pages are made, and mends none: what the validator refuses is a bug of the program. Takes
nothing from the machine or the clock: equal input gives equal bytes.

pikepdf and its validator are loaded when first used: who draws pages for another process needs neither.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from types import MappingProxyType
from typing import Any

from gxeditor.core.errors import GxError
from gxeditor.core.text import printable
from gxeditor.files.room import PDF_TEXT, check_texts
from gxeditor.paper.tags import Structure, written
from gxeditor.workbook.own import CREATOR

_FLAVOUR = "2b"
_TABLES = ("cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post")
"""Of a face, what the validator reads."""

log = logging.getLogger("gxeditor")

Mark = tuple[int, float, float]
"""A place in a PDF: the page from 0, and points from its left and lower edge."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of itself; an empty text is left out.

    `date` is the date as printed under the report: “2023年1月20日” becomes that day's beginning in China, what is no
    such date is left out. `marks` are places to be known by their names, `structure` the parts to be read aloud.
    """

    title: str
    agency: str
    subject: str
    date: str
    key_words: str = ""
    marks: Mapping[str, Mark] = field(default_factory=lambda: MappingProxyType({}))
    structure: Structure | None = None


class NotArchival(GxError):
    """The validator refused a file that the program made; `findings` are its objections, each “rule: object”."""

    def __init__(self, findings: tuple[str, ...]) -> None:
        super().__init__(
            "程序出错了：做出的 PDF 没有通过存档格式（PDF/A）的检查。",
            "PDF 没有写出，年报没有受到影响。",
            "可以先导出 Word 文件使用，并请向维护人员反映。",
        )
        self.findings = findings


def load() -> None:
    """Loads what `described` and `approve` take, ahead of the first call: a third of that is loading on use."""
    import pikepdf
    from fontTools import ttLib

    for tag in _TABLES:
        ttLib.getTableModule(tag)
    blank, data = pikepdf.new(), BytesIO()
    blank.add_blank_page()
    blank.save(data)
    archival(data.getvalue(), Said("", "", "", ""))


def archival(data: bytes, said: Said) -> bytes:
    """The PDF in `data` as PDF/A-2b, approved; raises as `approve`."""
    made = described(data, said)
    approve(made)
    return made


def described(data: bytes, said: Said) -> bytes:
    """The PDF in `data` as PDF/A-2b, with its pages, outline, page labels, language and view settings as they are.

    Nobody has looked yet whether it is one. Raises `NotWritten` for an agency or a title that no PDF/A can hold.
    """
    import pikepdf
    from pikepdf import pdfa

    check_texts("PDF 的文档属性", PDF_TEXT, (("机关名称", said.agency), ("标题", said.title)))
    title, agency, subject, key_words = map(_plain, (said.title, said.agency, said.subject, said.key_words))
    day, marks = _day(said.date), said.marks
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            if "/Trans" in page:
                del page["/Trans"]  # reportlab's empty slide transition
        if "/PageLabels" in pdf.Root:
            numbers: Any = pdf.Root.PageLabels.Nums  # page, label, page, label …
            for place in range(1, len(numbers), 2):
                numbers[place] = pikepdf.Dictionary(
                    dict(numbers[place].items())
                )  # the validator wants it here
        if marks:
            places: list[Any] = []
            for name in sorted(marks):
                number, left, top = marks[name]
                at = [pdf.pages[number].obj, pikepdf.Name.XYZ, round(left, 2), round(top, 2), None]
                places += [pikepdf.String(name), pikepdf.Array(at)]
            pdf.Root.Names = pikepdf.Dictionary(Dests=pikepdf.Dictionary(Names=pikepdf.Array(places)))
        if said.structure is not None:
            written(pdf, said.structure)
        pdfa.prepare(pdf, _FLAVOUR)
        # prepare() has put its own name and the present time there.
        pdf.Root.Metadata = pikepdf.Stream(pdf, _xmp(title, agency, subject, key_words, day))
        pdf.Root.Metadata.Type, pdf.Root.Metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        info = {
            "/Title": title,
            "/Author": agency,
            "/Subject": subject,
            "/Keywords": key_words,
            "/Creator": CREATOR,
        }
        if day:
            info["/CreationDate"] = f"D:{''.join(day)}000000+08'00'"
        pdf.trailer.Info = pdf.make_indirect(pikepdf.Dictionary({k: v for k, v in info.items() if v}))
        made = BytesIO()
        pdf.save(made, **pdfa.resolve_save_kwargs(_FLAVOUR, deterministic_id=True))
    return made.getvalue()


def approve(data: bytes) -> None:
    """Returns if the validator approves of a file, else raises `NotArchival`."""
    from pikepdf import pdfa

    # Reading embedded faces, it remarks on what every subset face lacks.
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    verdict = pdfa.validate_written(BytesIO(data), _FLAVOUR)
    if not verdict.passed:
        # Without their messages, which may quote the report.
        findings = tuple(f"{finding.rule}: {finding.where}" for finding in verdict.findings)
        log.error("PDF/A-%s refused: %s", _FLAVOUR, "; ".join(findings))
        raise NotArchival(findings)


_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")


def _plain(text: str) -> str:
    """On one line, without what XML cannot hold."""
    return " ".join(printable(text).split())


def _day(date: str) -> tuple[str, str, str] | None:
    """Year, month and day in digits."""
    match = _DATE.fullmatch(date.strip())
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    return (f"{year:04}", f"{month:02}", f"{day:02}") if 1 <= month <= 12 and 1 <= day <= 31 else None


def _xmp(title: str, agency: str, subject: str, key_words: str, day: tuple[str, str, str] | None) -> bytes:
    """The packet in the plain form that validators read, with the identification of PDF/A first.

    That the file can be read aloud is not claimed (`pdfuaid:part`): PDF/A would take it with a description of that
    property (ISO 19005-2, 6.6.2.3.3), but the validator knows no descriptions, and it has to approve of every file.
    """

    def listed(name: str, kind: str, text: str, attribute: str = "") -> str:
        item = f"<rdf:li{attribute}>{html.escape(text, quote=False)}</rdf:li>"
        return f"<{name}><rdf:{kind}>{item}</rdf:{kind}></{name}>" if text else ""

    default = ' xml:lang="x-default"'
    properties = [
        f"<pdfaid:part>{_FLAVOUR[0]}</pdfaid:part>",
        f"<pdfaid:conformance>{_FLAVOUR[1].upper()}</pdfaid:conformance>",
        listed("dc:title", "Alt", title, default),
        listed("dc:creator", "Seq", agency),
        listed("dc:description", "Alt", subject, default),
        listed("dc:language", "Bag", "zh-CN"),
        f"<pdf:Keywords>{html.escape(key_words, quote=False)}</pdf:Keywords>" if key_words else "",
        f"<xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>",
        f"<xmp:CreateDate>{'-'.join(day)}T00:00:00+08:00</xmp:CreateDate>" if day else "",
    ]
    lines = [
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
        '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/">',
        *filter(None, properties),
        "</rdf:Description>",
        "</rdf:RDF>",
        "</x:xmpmeta>",
        '<?xpacket end="w"?>',
    ]
    return "\n".join(lines).encode("utf-8")
